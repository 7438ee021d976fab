//! A log that is read piece by piece.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::global::shown;
use crate::cli::outcome::StreamError;
use gsec_ca::files::{FilesError, mode_of_copy, open_to_read};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::encoding::sniff::{ForeignFile, packed};
use gsec_pki::encoding::visible::system_words;
use gsec_platform::log_filter::{LogFilter, NotText};

/// How much is read at once.
const READ_BYTES: usize = 64 * 1024;
/// So much of the beginning says what a log is, if no line ends before.
const TELLING_BYTES: usize = 4096;

/// A log that is read.
pub(super) struct Source {
    /// Its path; `None` for standard input.
    path: Option<PathBuf>,
    reader: Box<dyn Read>,
    file: Option<File>,
    /// What was read to see that it is a log.
    beginning: Vec<u8>,
}

impl Source {
    /// Opens a log, or standard input for `-`, and refuses what is no text: nothing would be found in it.
    pub(super) fn open(path: &Path, env: &Env) -> Result<Self, Failure> {
        let mut source = if path.as_os_str() == "-" {
            Self {
                path: None,
                reader: (env.stdin)(),
                file: None,
                beginning: Vec::new(),
            }
        } else {
            let file = open_to_read(path)?;
            let reader = file.try_clone().map_err(FilesError::io("read", path))?;
            Self {
                path: Some(path.to_owned()),
                reader: Box::new(reader),
                file: Some(file),
                beginning: Vec::new(),
            }
        };
        source.read_beginning()?;
        source.refuse_other_files()?;
        Ok(source)
    }

    /// The mode of what is made from it.
    pub(super) fn mode(&self) -> u32 {
        self.file.as_ref().map_or(0o600, mode_of_copy)
    }

    /// Reads it to its end, and writes what the filter leaves of it.
    pub(super) fn through(&mut self, filter: &mut LogFilter, out: &mut dyn Write) -> Result<(), StreamError> {
        let mut piece = vec![0; READ_BYTES];
        let mut filtered = Vec::with_capacity(READ_BYTES);
        let beginning = std::mem::take(&mut self.beginning);
        let mut read = beginning.len();
        filter.push(&beginning, &mut filtered);
        loop {
            out.write_all(&filtered)?;
            filtered.clear();
            // What comes slowly is shown as it comes.
            if read < piece.len() {
                out.flush()?;
            }
            read = self.read(&mut piece).map_err(StreamError::Input)?;
            if read == 0 {
                filter.finish(&mut filtered);
                out.write_all(&filtered)?;
                return Ok(out.flush()?);
            }
            filter.push(&piece[..read], &mut filtered);
        }
    }

    fn read(&mut self, piece: &mut [u8]) -> Result<usize, Failure> {
        loop {
            match self.reader.read(piece) {
                Ok(read) => return Ok(read),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    let message = format!("cannot read {} to its end: {}", self.name(), system_words(&error));
                    return Err(Failure::cannot("input", message));
                }
            }
        }
    }

    /// Reads until it can be seen what it is: a line, or some bytes. Whoever writes into a pipe may be slow, and a file is read in large pieces.
    fn read_beginning(&mut self) -> Result<(), Failure> {
        let mut piece = vec![0; READ_BYTES];
        loop {
            let read = self.read(&mut piece)?;
            self.beginning.extend_from_slice(&piece[..read]);
            if read == 0 || self.beginning.contains(&b'\n') || self.beginning.len() >= TELLING_BYTES {
                return Ok(());
            }
        }
    }

    fn refuse_other_files(&self) -> Result<(), Failure> {
        let beginning = &self.beginning;
        let (what, hint) = match (packed(beginning), NotText::of(beginning)) {
            (Some(foreign), _) => (foreign.name(), self.unpacking(foreign)),
            (None, Some(other)) => (other.name(), self.converting(other)),
            (None, None) => return Ok(()),
        };
        let message = format!("{} is not a log in text: it is {what}", self.name());
        Err(Failure::cannot("log.not_text", message).hint(hint))
    }

    /// How what is compressed or packed becomes text.
    fn unpacking(&self, foreign: ForeignFile) -> String {
        let command = CommandLine::new(match foreign {
            ForeignFile::Gzip => "gzip -dc",
            ForeignFile::Bzip2 => "bzip2 -dc",
            ForeignFile::Xz => "xz -dc",
            ForeignFile::Zstandard => "zstd -dc",
            ForeignFile::Tar => "tar -xO",
            _ => return self.unzipping(),
        });
        self.piped(command)
    }

    /// An archive whose list of files is at its end cannot come through a pipe.
    fn unzipping(&self) -> String {
        match &self.path {
            Some(path) => filtering(&CommandLine::new("unzip -p").path(path)),
            None => "save it as a file, and unpack that with `unzip -p`".into(),
        }
    }

    /// How what is no text in an encoding of bytes becomes one.
    fn converting(&self, other: NotText) -> String {
        match (other, other.encoding()) {
            (_, Some(encoding)) => self.piped(CommandLine::new("iconv -f").value(encoding).words("-t UTF-8")),
            (NotText::Nul, None) => self.piped(CommandLine::new("tr -d '\\000'")),
            _ => "a log is text in UTF-8, or in an encoding of one byte for each character".into(),
        }
    }

    /// With a command that reads standard input and writes text.
    fn piped(&self, command: CommandLine) -> String {
        match &self.path {
            Some(path) => filtering(&command.words("<").path(path)),
            None => format!("`{command}` before `gsec log filter` makes text of it"),
        }
    }

    fn name(&self) -> String {
        match &self.path {
            Some(path) => format!("`{}`", shown(path)),
            None => "standard input".into(),
        }
    }
}

fn filtering(command: &CommandLine) -> String {
    format!("`{command} | gsec log filter`, with the same options")
}
