//! Reading within a bound: what a person named, and files of our own, where nothing else may be in their place.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::FilesError;
use gsec_pki::encoding::bounded::read_to_end;

/// How long a reader or writer of a named pipe waits for the other end.
const PIPE_PATIENCE: Duration = Duration::from_secs(10);
/// And looks again so often.
const PIPE_PAUSE: Duration = Duration::from_millis(5);
/// The most bytes that are read of a certificate, key or settings file.
pub const MAX_FILE_OCTETS: u64 = 16 * 1024 * 1024;
/// The most bytes that are read of a list of hosts.
pub const MAX_LIST_OCTETS: u64 = 256 * 1024 * 1024;
/// Reads a whole file of bounded size.
///
/// # Errors
/// [`FilesError::Io`], [`FilesError::TooLarge`].
pub fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, FilesError> {
    read_file_within(path, MAX_FILE_OCTETS)
}

/// Reads a whole file of at most so many bytes.
///
/// # Errors
/// [`FilesError::Io`], [`FilesError::TooLarge`].
pub fn read_file_within(path: &Path, bound: u64) -> Result<Zeroizing<Vec<u8>>, FilesError> {
    let file = open_input(path).map_err(FilesError::io("read", path))?;
    let is_regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
    if is_regular || is_inherited(path) || !is_pipe(&file) {
        return read_bounded(&file, path, bound);
    }
    read_whole(&mut PatientPipe::new(&file), None, path, bound)
}

/// The same of a file that stays as it is: a regular one, or what this process was started with. Settings come from nowhere else, and who
/// reads a named pipe would wait for another program.
///
/// # Errors
/// [`FilesError::NotAFile`], [`FilesError::Io`], [`FilesError::TooLarge`].
pub fn read_regular_within(path: &Path, bound: u64) -> Result<Zeroizing<Vec<u8>>, FilesError> {
    let file = open_input(path).map_err(FilesError::io("read", path))?;
    let metadata = file.metadata().map_err(FilesError::io("read", path))?;
    // Of a directory the system itself says what it is.
    match metadata.is_file() || metadata.is_dir() || is_inherited(path) {
        true => read_bounded(&file, path, bound),
        false => Err(FilesError::NotAFile(path.to_owned())),
    }
}

/// Whether a path names something that this process was started with, as `<(…)` in a shell does: the process
/// that started it sees to it that it ends.
pub(crate) fn is_inherited(path: &Path) -> bool {
    ["/dev/stdin", "/dev/stdout", "/dev/stderr"]
        .map(Path::new)
        .contains(&path)
        || ["/dev/fd", "/proc/self/fd"]
            .iter()
            .any(|folder| path.parent() == Some(Path::new(folder)))
}

/// Opens what a person named. Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
#[cfg(unix)]
fn open_input(path: &Path) -> io::Result<File> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    use std::os::unix::fs::OpenOptionsExt;
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or(0);
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if is_inherited(path) || !is_pipe(&file) {
        fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    }
    Ok(file)
}

#[cfg(not(unix))]
fn open_input(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
fn is_pipe(file: &File) -> bool {
    use std::os::unix::fs::FileTypeExt;
    file.metadata()
        .is_ok_and(|metadata| metadata.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_file: &File) -> bool {
    false
}

/// A named pipe that does not block, read or written until nothing has moved for [`PIPE_PATIENCE`].
pub(crate) struct PatientPipe<'a> {
    file: &'a File,
    /// Whether there was anybody at the other end.
    is_joined: bool,
    moved: Instant,
}

impl<'a> PatientPipe<'a> {
    pub(crate) fn new(file: &'a File) -> Self {
        Self {
            file,
            is_joined: false,
            moved: Instant::now(),
        }
    }

    fn wait(&self) -> io::Result<()> {
        if self.moved.elapsed() >= PIPE_PATIENCE {
            let problem = format!("no data arrived in the pipe for {} s", PIPE_PATIENCE.as_secs());
            return Err(io::Error::new(io::ErrorKind::TimedOut, problem));
        }
        std::thread::sleep(PIPE_PAUSE);
        Ok(())
    }
}

impl Read for PatientPipe<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.file.read(buffer) {
                // It has not been opened for writing yet.
                Ok(0) if !self.is_joined => self.wait()?,
                Ok(read) => {
                    (self.is_joined, self.moved) = (true, Instant::now());
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.is_joined = true;
                    self.wait()?;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl Write for PatientPipe<'_> {
    fn write(&mut self, content: &[u8]) -> io::Result<usize> {
        loop {
            match self.file.write(content) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.wait()?,
                written => {
                    self.moved = Instant::now();
                    return written;
                }
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads a whole file of a CA directory; a symbolic link in its place is not followed.
pub(crate) fn read_own_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, FilesError> {
    read_own_within(path, MAX_FILE_OCTETS)
}

/// The same of at most so many bytes.
pub(crate) fn read_own_within(path: &Path, bound: u64) -> Result<Zeroizing<Vec<u8>>, FilesError> {
    read_bounded(
        &open_own(OpenOptions::new().read(true), path, "read")?,
        path,
        bound,
    )
}

/// Opens a file of a CA directory: a regular file, and no symbolic link to one.
///
/// Without O_NONBLOCK, opening a named pipe at that path would wait forever.
pub(crate) fn open_own(
    options: &mut OpenOptions,
    path: &Path,
    action: &'static str,
) -> Result<File, FilesError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    let file = options.open(path).map_err(FilesError::io(action, path))?;
    let is_regular = file.metadata().map_err(FilesError::io(action, path))?.is_file();
    if is_regular {
        Ok(file)
    } else {
        Err(FilesError::NotAFile(path.to_owned()))
    }
}

/// Reads a whole file that is open.
pub(crate) fn read_open(file: &File, path: &Path) -> Result<Zeroizing<Vec<u8>>, FilesError> {
    read_bounded(file, path, MAX_FILE_OCTETS)
}

/// The bytes of an open file between two places, as far as it has them, in one read where the system gives them in one.
pub(crate) fn read_range(file: &mut File, range: Range<u64>) -> io::Result<Vec<u8>> {
    let length = range.end.saturating_sub(range.start);
    file.seek(SeekFrom::Start(range.start))?;
    read_to_end(&mut file.take(length), Some(length), length).map(|mut bytes| std::mem::take(&mut *bytes))
}

fn read_bounded(mut file: &File, path: &Path, bound: u64) -> Result<Zeroizing<Vec<u8>>, FilesError> {
    let expected = file
        .metadata()
        .ok()
        .map(|metadata| metadata.len())
        .filter(|length| *length > 0);
    read_whole(&mut file, expected, path, bound)
}

fn read_whole(
    source: &mut dyn Read,
    expected: Option<u64>,
    path: &Path,
    bound: u64,
) -> Result<Zeroizing<Vec<u8>>, FilesError> {
    let content = read_to_end(source, expected, bound).map_err(FilesError::io("read", path))?;
    if content.len() as u64 > bound {
        return Err(FilesError::TooLarge {
            path: path.to_owned(),
            bound,
        });
    }
    Ok(content)
}
