//! Programs that are not run: what unit tests ask instead of the machine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::{ProgramCall, ProgramEnd, ProgramError, Programs};

type Act = Box<dyn Fn(&ProgramCall) -> ProgramEnd + Send + Sync>;

/// Programs by name, each with what it does. Calls are kept, so that a test can compare them.
#[derive(Default)]
pub struct FakePrograms {
    programs: BTreeMap<String, Act>,
    calls: Mutex<Vec<Vec<String>>>,
}

impl FakePrograms {
    /// With one more program, which is found at `/fake/NAME`.
    #[must_use]
    pub fn with(
        mut self,
        name: &str,
        act: impl Fn(&ProgramCall) -> ProgramEnd + Send + Sync + 'static,
    ) -> Self {
        self.programs.insert(name.into(), Box::new(act));
        self
    }

    /// With one more program, which only ends with this status.
    #[must_use]
    pub fn ending(self, name: &str, status: i32) -> Self {
        self.with(name, move |_| ProgramEnd {
            status: Some(status),
            ..ProgramEnd::default()
        })
    }

    /// What was called: name and arguments.
    pub fn calls(&self) -> Vec<Vec<String>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Programs for FakePrograms {
    fn find(&self, name: &str) -> Option<PathBuf> {
        self.programs
            .contains_key(name)
            .then(|| PathBuf::from("/fake").join(name))
    }

    fn run(&self, call: &ProgramCall) -> Result<ProgramEnd, ProgramError> {
        let name = call.name();
        let arguments = call
            .arguments
            .iter()
            .map(|argument| argument.to_string_lossy().into_owned());
        let line = std::iter::once(name.clone()).chain(arguments).collect();
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
        match self.programs.get(&name) {
            Some(act) => Ok(act(call)),
            None => Err(ProgramError::Start {
                program: call.program.clone(),
                source: std::io::ErrorKind::NotFound.into(),
            }),
        }
    }
}
