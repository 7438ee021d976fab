//! What a command hands back to be printed.

use std::io::{self, Write};

use zeroize::Zeroizing;

use super::failure::Failure;
use super::global::Global;
use super::hint;
use gsec_ca::authority::{AuthorityError, Warning};
use gsec_ca::files::FilesError;
use gsec_ca::home::StoreError;
use gsec_ca::records::RecordsError;
use gsec_report::{Notice, Report, to_json, to_text};

/// Exit status if the answer is no.
const EXIT_NO: u8 = 1;

/// What goes to stdout: bytes, or a writer that streams the result, so that listing a million certificates takes no extra
/// memory.
pub(super) enum Body {
    Bytes(Zeroizing<Vec<u8>>),
    Stream(WriteStream),
}

/// What writes a stream.
pub(super) type WriteStream = Box<dyn FnOnce(&mut dyn Write) -> Result<(), StreamError>>;

/// Why a stream ended early.
pub(super) enum StreamError {
    /// Writing to stdout fails.
    Output(io::Error),
    /// What was to be shown cannot be read.
    Input(Failure),
}

impl From<io::Error> for StreamError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<AuthorityError> for StreamError {
    fn from(error: AuthorityError) -> Self {
        Self::Input(error.into())
    }
}

impl From<FilesError> for StreamError {
    fn from(error: FilesError) -> Self {
        Self::Input(error.into())
    }
}

impl From<RecordsError> for StreamError {
    fn from(error: RecordsError) -> Self {
        AuthorityError::from(error).into()
    }
}

impl From<StoreError> for StreamError {
    fn from(error: StoreError) -> Self {
        Self::Input(error.into())
    }
}

/// How a command ended that has a result.
pub(super) enum Ending {
    /// Done, or the answer is yes.
    Yes,
    /// The answer is no: exit status 1.
    No,
    /// A part could not be done; the exit status is the failure's.
    Partly(Failure),
    /// As another program's convention has it.
    Status(u8),
}

impl Ending {
    /// What the process ends with.
    pub(super) fn exit_status(&self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => EXIT_NO,
            Self::Status(status) => *status,
            Self::Partly(failure) => failure.kind.exit_status(),
        }
    }
}

/// What is known only when a stream has been written.
pub(super) struct Afterwards {
    /// What was done, for stderr.
    pub(super) summary: String,
    /// Warnings for stderr.
    pub(super) warnings: Vec<Notice>,
    /// How it ended.
    pub(super) ending: Ending,
}

/// The result of a successful command.
pub(super) struct Outcome {
    /// What goes to stdout.
    pub(super) stdout: Body,
    /// Warnings for stderr, unless the JSON document contains them.
    pub(super) warnings: Vec<Notice>,
    /// How it ended.
    pub(super) ending: Ending,
    /// Whether stdout is the only place where the result is, so that a reader who goes away loses it.
    pub(super) must_arrive: bool,
    /// What is said when stdout has been written.
    pub(super) afterwards: Option<Box<dyn FnOnce() -> Afterwards>>,
}

impl Outcome {
    /// A report, in the requested format.
    pub(super) fn report<R: Report>(report: &R, warnings: &[Warning], global: &Global) -> Self {
        Self::noticed(report, warnings.iter().map(hint::notice).collect(), global)
    }

    /// A report with notices that are the command's own.
    pub(super) fn noticed<R: Report>(report: &R, mut notices: Vec<Notice>, global: &Global) -> Self {
        put_first(global.doubts(), &mut notices);
        let directory = global.directory_words();
        notices
            .iter_mut()
            .filter_map(|notice| notice.hint.as_mut())
            .for_each(|hint| *hint = hint::in_directory(hint, &directory));
        let (text, warnings) = match () {
            () if global.json => (to_json(report, &notices), Vec::new()),
            () if global.quiet && !report.is_answer() => (String::new(), notices),
            () => (to_text(report, global.verbose > 0, global.screen), notices),
        };
        Self {
            stdout: Body::Bytes(Zeroizing::new(text.into_bytes())),
            warnings,
            ending: Ending::Yes,
            must_arrive: false,
            afterwards: None,
        }
    }

    /// Bytes for another program.
    pub(super) fn payload(bytes: Vec<u8>) -> Self {
        Self {
            stdout: Body::Bytes(Zeroizing::new(bytes)),
            warnings: Vec::new(),
            ending: Ending::Yes,
            must_arrive: false,
            afterwards: None,
        }
    }

    /// A result that is written as it is found.
    pub(super) fn stream(write: impl FnOnce(&mut dyn Write) -> Result<(), StreamError> + 'static) -> Self {
        Self {
            stdout: Body::Stream(Box::new(write)),
            warnings: Vec::new(),
            ending: Ending::Yes,
            must_arrive: false,
            afterwards: None,
        }
    }

    /// With what is known only when stdout has been written.
    #[must_use]
    pub(super) fn then(self, say: impl FnOnce() -> Afterwards + 'static) -> Self {
        Self {
            afterwards: Some(Box::new(say)),
            ..self
        }
    }

    /// Bytes that exist nowhere else.
    pub(super) fn only_copy(bytes: Vec<u8>) -> Self {
        Self {
            must_arrive: true,
            ..Self::payload(bytes)
        }
    }

    /// Warnings beside a payload.
    #[must_use]
    pub(super) fn with_warnings(self, warnings: &[Warning]) -> Self {
        Self {
            warnings: warnings.iter().map(hint::notice).collect(),
            ..self
        }
    }

    /// An answer of yes or no.
    #[must_use]
    pub(super) fn answering(self, is_yes: bool) -> Self {
        Self {
            ending: if is_yes { Ending::Yes } else { Ending::No },
            ..self
        }
    }

    /// A result of which a part could not be done: the result tells of it, and stderr says so, unless that is a document's reader.
    #[must_use]
    pub(super) fn lacking(self, failure: Option<Failure>) -> Self {
        Self {
            ending: failure.map_or(Ending::Yes, Ending::Partly),
            ..self
        }
    }
}

/// Puts what is odd about a CA directory before what a command found; who signs there has said it already.
pub(super) fn put_first(doubts: Vec<Notice>, notices: &mut Vec<Notice>) {
    let new: Vec<Notice> = doubts
        .into_iter()
        .filter(|doubt| !notices.contains(doubt))
        .collect();
    notices.splice(0..0, new);
}

/// What every command returns.
pub(super) type CommandResult = Result<Outcome, Failure>;
