//! Crash points for tests: at one of them the files are copied as they are, as a process that is killed there leaves them, and nothing is done
//! any more.

use super::fault::Fault;

/// Where the next crash is.
#[derive(Default)]
pub(super) struct Crash {
    #[cfg(test)]
    armed: std::sync::Mutex<Option<Armed>>,
}

/// How many points are passed before the crash, and where the files are then copied to.
#[cfg(test)]
pub(super) struct Armed {
    pub(super) left: u32,
    pub(super) from: std::path::PathBuf,
    pub(super) to: std::path::PathBuf,
}

#[cfg(test)]
impl Crash {
    /// Sets the crash, or none.
    pub(super) fn arm(&self, armed: Option<Armed>) {
        *self.armed.lock().expect("no test panics here") = armed;
    }

    /// Where the files are, when it has crashed.
    pub(super) fn left_at(&self) -> Option<std::path::PathBuf> {
        let armed = self.armed.lock().expect("no test panics here");
        let name = armed.as_ref()?.from.file_name()?.to_owned();
        armed
            .as_ref()
            .map(|armed| armed.to.join(name))
            .filter(|left| left.exists())
    }

    /// Passes a point, or crashes at it.
    pub(super) fn point(&self) -> Result<(), Fault> {
        let mut armed = self.armed.lock().expect("no test panics here");
        match armed.as_mut() {
            None => Ok(()),
            Some(armed) if armed.left > 0 => {
                armed.left -= 1;
                Ok(())
            }
            Some(armed) => {
                let name = armed.from.file_name().expect("a name").to_owned();
                for end in ["", "-wal"] {
                    let mut file = name.clone();
                    file.push(end);
                    let from = armed.from.with_file_name(&file);
                    let to = armed.to.join(&file);
                    if from.exists() && !to.exists() {
                        std::fs::copy(from, to).expect("a copy");
                    }
                }
                Err(Fault::Closed)
            }
        }
    }
}

#[cfg(not(test))]
impl Crash {
    /// Outside tests nothing crashes.
    #[inline]
    #[expect(clippy::unused_self, reason = "the tests' form needs it")]
    pub(super) fn point(&self) -> Result<(), Fault> {
        Ok(())
    }
}
