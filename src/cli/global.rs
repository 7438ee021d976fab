//! Options of every command.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use clap::{ArgAction, Args, ColorChoice};

use super::color::wants_color;
use super::failure::Failure;
use super::hint;
use gsec_ca::authority::{Authority, Warning};
use gsec_ca::home::CaDir;
use gsec_ca::records::AuditHead;
use gsec_env::{Env, Stream};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::{Certificate, Thumbprints};
use gsec_report::{Notice, Screen};

/// Where `quickstart` and `ca init` make a CA when nothing else is said, and where every command looks last.
const DEFAULT_DIRECTORY: &str = "gsec-ca";
/// The variable that names the CA directory.
const DIRECTORY_VARIABLE: &str = "GSEC_CA_DIR";

#[derive(Args)]
#[command(next_help_heading = "Global options")]
pub(super) struct Global {
    /// The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]
    #[arg(long, global = true, value_name = "DIR")]
    pub ca_dir: Option<PathBuf>,

    /// Print the result as JSON on stdout (errors as JSON on stderr)
    #[arg(long, global = true)]
    pub json: bool,

    /// Print only errors and answers: nothing about what was done, and no warnings
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Print more detail
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub verbose: u8,

    /// When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE
    /// forces it. JSON is never colored
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,

    /// Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`
    #[arg(long, global = true)]
    pub no_input: bool,

    /// Answer yes to every question
    #[arg(long, short, global = true)]
    pub yes: bool,

    /// Seconds to wait for the CA directory's lock
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60)]
    pub lock_timeout: u64,

    /// What is odd about the CA directories that were opened.
    #[arg(skip)]
    doubts: Mutex<Vec<Notice>>,

    /// What the result is shown on.
    #[arg(skip)]
    pub screen: Screen,
}

impl Global {
    pub(super) fn apply(&mut self, env: &mut Env) {
        self.screen = Screen {
            now: Some(env.clock.now()),
            width: env.terminal.width(Stream::Output),
            color: wants_color(self.color, Stream::Output, env),
        };
        if self.no_input || self.json {
            env.terminal.forbid_asking();
        }
    }

    pub(super) fn lock_timeout(&self) -> Duration {
        Duration::from_secs(self.lock_timeout)
    }

    /// Opens the selected CA.
    pub(super) fn open_authority(&self, env: &Env) -> Result<Authority, Failure> {
        let authority = Authority::open(self.existing_directory(env)?)?;
        self.doubts_about(&authority);
        Ok(authority)
    }

    /// Opens the CA that `--ca-dir` names, else the one in this directory, else the selected one.
    pub(super) fn open_authority_or(
        &self,
        directory: Option<PathBuf>,
        env: &Env,
    ) -> Result<Authority, Failure> {
        let Some(directory) = directory.filter(|_| self.ca_dir.is_none()) else {
            return self.open_authority(env);
        };
        let authority = Authority::open(CaDir::at(directory).expect_ca()?)?;
        self.doubts_about(&authority);
        Ok(authority)
    }

    /// What is odd about the CA directories that were opened: said by every command, also by those that only read.
    pub(super) fn doubts(&self) -> Vec<Notice> {
        self.doubts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The selected CA directory, or a failure that says where gsec looked for one.
    pub(super) fn existing_directory(&self, env: &Env) -> Result<CaDir, Failure> {
        if let Some(named) = self.named_directory(env) {
            return named.expect_ca().map_err(Failure::from);
        }
        self.found_directory(env)
    }

    /// The selected CA directory, even if its CA is still waiting for its certificate; an explicit one is not checked.
    pub(super) fn found_directory(&self, env: &Env) -> Result<CaDir, Failure> {
        if let Some(named) = self.named_directory(env) {
            return Ok(named);
        }
        if let Some(found) = candidates().into_iter().find(CaDir::has_ca) {
            return match found.owner_elsewhere(sudo_user(env)) {
                Some(owner) => Err(of_another_user(&found, owner)),
                None => Ok(found),
            };
        }
        // Where this user may not look, there may be one.
        if let Some(forbidden) = candidates()
            .iter()
            .find_map(|candidate| candidate.look_for_ca().err())
        {
            return Err(forbidden.into());
        }
        if let Some(remains) = candidates().into_iter().find(CaDir::has_remains) {
            return remains.expect_ca().map_err(Failure::from);
        }
        let message = format!("no CA here: looked in the current directory and in `./{DEFAULT_DIRECTORY}`");
        let failure = Failure::cannot("store.no_ca", message);
        Err(match directory_above() {
            Some(above) => failure.hint(format!("there is one above: `--ca-dir {above}`")),
            None => failure.hint(hint::NO_CA),
        })
    }

    /// The CA directory that is meant, or the one that this user may not look into.
    pub(super) fn directory_to_examine(&self, env: &Env) -> Option<CaDir> {
        let forbidden = || {
            candidates()
                .into_iter()
                .find(|candidate| candidate.look_for_ca().is_err() || candidate.has_remains())
        };
        match self.found_directory(env) {
            Ok(found) => Some(found),
            Err(failure) => {
                self.doubt(&failure);
                forbidden()
            }
        }
    }

    /// Says of a CA directory of another user's that it is not used; other failures to find one are no doubt about it.
    pub(super) fn doubt(&self, failure: &Failure) {
        if failure.problem.code == FOREIGN_CA {
            let notice = Notice {
                code: FOREIGN_CA_NOTICE.into(),
                message: failure.problem.message.clone(),
                hint: failure.problem.hints.first().cloned(),
            };
            let mut doubts = self.doubts.lock().unwrap_or_else(PoisonError::into_inner);
            doubts.push(notice);
            doubts.dedup();
        }
    }

    /// Keeps what is odd about a CA that was opened without [`Global::open_authority`].
    pub(super) fn doubts_about(&self, authority: &Authority) {
        let mut doubts = self.doubts.lock().unwrap_or_else(PoisonError::into_inner);
        doubts.extend(authority.doubts().iter().map(hint::notice));
        doubts.dedup();
    }

    /// Says nothing of it that root acts for the directory's owner, where only root can do what was asked for.
    pub(super) fn forget_whom_root_acts_for(&self) {
        let mut doubts = self.doubts.lock().unwrap_or_else(PoisonError::into_inner);
        doubts.retain(|doubt| doubt.code != Warning::ActsFor(0).code());
    }

    /// The directory in which a new CA is made.
    pub(super) fn new_directory(&self, env: &Env) -> CaDir {
        self.named_directory(env)
            .unwrap_or_else(|| CaDir::at(DEFAULT_DIRECTORY))
    }

    /// Whether an option or the variable names the CA directory.
    pub(super) fn names_directory(&self, env: &Env) -> bool {
        self.named_directory(env).is_some()
    }

    fn named_directory(&self, env: &Env) -> Option<CaDir> {
        let from_variable = || {
            (env.variable)(DIRECTORY_VARIABLE)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        self.ca_dir.clone().or_else(from_variable).map(CaDir::at)
    }

    /// How to name this CA on a command line that is typed in the same place: empty when it is found by itself.
    pub(super) fn directory_option(&self) -> String {
        self.ca_dir.as_deref().map_or_else(String::new, |directory| {
            format!(" --ca-dir {}", hint::quoted(directory))
        })
    }

    /// The same as words of a command line.
    pub(super) fn directory_words(&self) -> CommandLine {
        self.ca_dir
            .as_deref()
            .map_or_else(CommandLine::default, |directory| {
                CommandLine::new("--ca-dir").path(directory)
            })
    }
}

/// What a failure is called when the only CA directory that was found is another user's.
pub(super) const FOREIGN_CA: &str = "store.foreign_ca";
/// The same as a notice of a command that goes on without it.
const FOREIGN_CA_NOTICE: &str = "ca_of_another_user";

/// For whom root acts under sudo; only what root sees of it counts.
pub(super) fn sudo_user(env: &Env) -> Option<u32> {
    (env.variable)("SUDO_UID")?.into_string().ok()?.parse().ok()
}

/// A directory found here, for example in `/tmp`, may belong to any user: its owner decides which CA this command trusts.
fn of_another_user(directory: &CaDir, owner: u32) -> Failure {
    let path = directory.root();
    let message = format!(
        "the CA in `{}` belongs to user {owner}, and was not selected explicitly: gsec never uses another \
         user's CA by default",
        path.display()
    );
    Failure::cannot(FOREIGN_CA, message).hint(format!(
        "if you trust that user as your CA: `--ca-dir {}`, or set {DIRECTORY_VARIABLE}",
        hint::quoted(path)
    ))
}

/// Where a CA directory is looked for when none is named.
fn candidates() -> [CaDir; 2] {
    [CaDir::at("."), CaDir::at(DEFAULT_DIRECTORY)]
}

/// A CA directory that the current one lies in, such as for `repository` and `ca_conf`.
fn directory_above() -> Option<&'static str> {
    ["..", "../..", "../../.."]
        .into_iter()
        .find(|above| CaDir::at(above).has_ca())
}

/// Whether `--json` is among arguments that could not be parsed.
pub(super) fn asks_for_json(arguments: &[OsString]) -> bool {
    arguments
        .iter()
        .take_while(|argument| *argument != "--")
        .any(|argument| argument == "--json")
}

/// SHA-1 and SHA-256 of a certificate as reports have them.
pub(super) fn thumbprints(certificate: &Certificate) -> [String; 2] {
    let Thumbprints { sha1, sha256 } = certificate.thumbprints();
    [encode(&sha1, Separator::None), encode(&sha256, Separator::None)]
}

/// The head of an audit log as reports show it.
pub(super) fn digits(head: &AuditHead) -> String {
    head.as_str().to_owned()
}

/// A path as reports show it: as it was reached, not made absolute, so that it can be typed again.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}
