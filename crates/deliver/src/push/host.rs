//! One host: its bundles one after the other, each installed, seen from here, and taken back where it is not served.

use std::ffi::OsString;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::answer::{Answer, is_release_of};
use super::direct::{Action, line};
use super::parcel::{for_direct, for_direct_rollback, for_receiver};
use super::receiver::{MAX_ARCHIVE, install, rollback};
use super::remote::{Remote, RemoteError};
use crate::bundle::Bundle;
use crate::target::Installer;
use gsec_env::{ProgramEnd, Programs};
use gsec_pki::encoding::visible::visible;
use gsec_platform::inventory::PushMode;

/// How long it is waited between two looks at a port.
const PAUSE: Duration = Duration::from_millis(500);
/// The exit status of the receiver for what it does not admit.
const REFUSED: i32 = 2;
/// That of `install.sh` where a key that was made on the host is not there.
const NO_KEY: i32 = 8;

/// A bundle that is pushed.
pub struct PushBundle {
    /// What its directory is called, and its settings on the host.
    pub folder: String,
    /// How its files come to where they are used.
    pub installer: Installer,
    /// The bundle.
    pub bundle: Bundle,
    /// Whether its port is asked for the certificate afterwards.
    pub is_probed: bool,
}

/// A host that is pushed to.
pub struct PushHost {
    /// The host, as the inventory calls it.
    pub name: String,
    /// How it is reached.
    pub remote: Remote,
    /// Who runs what there.
    pub mode: PushMode,
    /// Its bundles.
    pub bundles: Vec<PushBundle>,
}

/// What became of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushState {
    /// It is installed, checked, reloaded, and served where that was asked.
    Installed,
    /// It was there already.
    Unchanged,
    /// The service refuses the files; the ones before are back.
    CheckFailed,
    /// The service did not reload; the ones before are back.
    ReloadFailed,
    /// It was not served, and the ones before are back.
    RolledBack,
    /// It was not served, and someone else has installed another release since.
    Moved,
    /// Nothing was done.
    Skipped,
    /// It could not be done.
    Failed,
}

impl PushState {
    /// A stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Installed => "installed",
            Self::Unchanged => "unchanged",
            Self::CheckFailed => "check-failed",
            Self::ReloadFailed => "reload-failed",
            Self::RolledBack => "rolled-back",
            Self::Moved => "moved",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }

    /// Whether the host has the bundle.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Installed | Self::Unchanged)
    }
}

/// What became of a bundle, with the facts.
#[derive(Debug)]
pub struct Pushed {
    /// The host, as the inventory calls it.
    pub host: String,
    /// The bundle.
    pub bundle: String,
    /// What became of it.
    pub state: PushState,
    /// The release before.
    pub previous: Option<String>,
    /// The release now, where that is known.
    pub current: Option<String>,
    /// A stable name of what is wrong.
    pub code: Option<&'static str>,
    /// What is wrong, in words.
    pub message: Option<String>,
    /// Why the host could not be asked.
    pub error: Option<RemoteError>,
    /// Whether it is not for the host, and so nothing is wrong where it was skipped.
    pub is_left: bool,
}

impl Pushed {
    /// Nothing but its state.
    pub fn new(host: &str, bundle: &str, state: PushState) -> Self {
        Self {
            host: host.to_owned(),
            bundle: bundle.to_owned(),
            state,
            previous: None,
            current: None,
            code: None,
            message: None,
            error: None,
            is_left: false,
        }
    }

    /// As one that is not for the host.
    fn left(self) -> Self {
        Self {
            is_left: self.state == PushState::Skipped,
            ..self
        }
    }

    /// With what is wrong.
    #[must_use]
    pub fn because(self, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code: Some(code),
            message: Some(message.into()),
            ..self
        }
    }
}

/// What a port shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Served {
    /// The certificate of the bundle, with its chain.
    Ours,
    /// Not that, and why.
    Not(String),
}

/// How pushes go.
pub struct Course<'a> {
    /// Other programs.
    pub programs: &'a (dyn Programs + 'a),
    /// The variables that ssh gets.
    pub variables: Vec<(OsString, OsString)>,
    /// Asks the port of a bundle, by the places of the host and the bundle.
    pub probe: &'a (dyn Fn(usize, usize) -> Served + Sync),
    /// How long a port may take to show the new certificate.
    pub patience: Duration,
    /// Whether nothing more is to be begun.
    pub is_interrupted: &'a (dyn Fn() -> bool + Sync),
}

impl Course<'_> {
    /// Pushes the bundles of the host at a place, up to the first that fails. `on` is told each as it ends.
    pub fn push(&self, at: usize, host: &PushHost, on: &dyn Fn(Pushed)) -> bool {
        let mut is_success = true;
        for (number, bundle) in host.bundles.iter().enumerate() {
            let pushed = if !is_success {
                Pushed::new(&host.name, &bundle.folder, PushState::Skipped)
                    .because("push-stopped", "another bundle of the host failed")
            } else if (self.is_interrupted)() {
                Pushed::new(&host.name, &bundle.folder, PushState::Skipped)
                    .because("push-interrupted", "the call was interrupted")
            } else {
                self.push_one(at, number, host, bundle)
            };
            is_success &= pushed.state.is_success() || pushed.is_left;
            on(pushed);
        }
        is_success
    }

    fn push_one(&self, at: usize, number: usize, host: &PushHost, bundle: &PushBundle) -> Pushed {
        let end = match self.send(host, bundle) {
            Ok(end) => end,
            Err(pushed) => return *pushed,
        };
        let pushed = self.installed(host, bundle, &end);
        if !pushed.state.is_success() || !bundle.is_probed {
            return pushed;
        }
        match self.wait_until_served(at, number) {
            Served::Ours => pushed,
            // The next call finds it there, and looks again.
            Served::Not(why) if (self.is_interrupted)() => Pushed {
                state: PushState::Failed,
                ..pushed
            }
            .because(
                "push-interrupted",
                format!("the call was interrupted while {why}"),
            ),
            // It was there before this call: what keeps it from being served is not for this call to undo.
            Served::Not(why) if pushed.state == PushState::Unchanged => Pushed {
                state: PushState::Failed,
                ..pushed
            }
            .because(
                "push-not-served",
                format!("the release is there already, but {why}"),
            ),
            Served::Not(why) => self.take_back(at, number, host, bundle, pushed, &why),
        }
    }

    fn send(&self, host: &PushHost, bundle: &PushBundle) -> Result<ProgramEnd, Box<Pushed>> {
        let new = || Pushed::new(&host.name, &bundle.folder, PushState::Failed);
        let Some(installation) = &bundle.bundle.installation else {
            return Err(Box::new(left(host, bundle)));
        };
        let (line, input) = match host.mode {
            PushMode::Receiver => (
                install(&bundle.folder),
                for_receiver(&bundle.bundle, installation),
            ),
            PushMode::Direct => (line(Action::Install), for_direct(&bundle.bundle, installation)),
        };
        if host.mode == PushMode::Receiver && input.len() > MAX_ARCHIVE {
            let message = format!("it has {} bytes, and a receiver takes {MAX_ARCHIVE}", input.len());
            return Err(Box::new(new().because("push-too-large", message)));
        }
        self.call(host, &line, input)
            .map_err(|error| Box::new(failed(new(), error)))
    }

    fn call(
        &self,
        host: &PushHost,
        line: &super::remote::RemoteLine,
        input: Zeroizing<Vec<u8>>,
    ) -> Result<ProgramEnd, RemoteError> {
        host.remote.call(self.programs, &self.variables, line, input)
    }

    /// What the host answered to `install`.
    fn installed(&self, host: &PushHost, bundle: &PushBundle, end: &ProgramEnd) -> Pushed {
        let new = |state| Pushed::new(&host.name, &bundle.folder, state);
        let words = || {
            let words = end.last_words().unwrap_or_else(|| "the host said nothing".into());
            visible(words.trim_start_matches("gsec: "))
        };
        match Answer::of(end) {
            Answer::Installed { previous, current } if is_release_of(&current, &bundle.bundle.id) => Pushed {
                previous,
                current: Some(current),
                ..new(PushState::Installed)
            },
            Answer::Unchanged { current } if is_release_of(&current, &bundle.bundle.id) => Pushed {
                current: Some(current),
                ..new(PushState::Unchanged)
            },
            Answer::CheckFailed => new(PushState::CheckFailed).because("push-check-failed", words()),
            Answer::ReloadFailed => new(PushState::ReloadFailed).because("push-reload-failed", words()),
            Answer::Failed {
                status: Some(REFUSED),
            } => new(PushState::Failed).because("push-refused", words()),
            Answer::Failed { status: Some(NO_KEY) } => new(PushState::Failed).because("push-no-key", words()),
            Answer::Failed { status: Some(3) } => new(PushState::Failed).because("push-failed", words()),
            _ => new(PushState::Failed).because(
                "push-answer",
                format!("cannot parse the answer of the host: {}", words()),
            ),
        }
    }

    fn wait_until_served(&self, at: usize, number: usize) -> Served {
        let start = Instant::now();
        loop {
            let served = (self.probe)(at, number);
            if served == Served::Ours || start.elapsed() >= self.patience || (self.is_interrupted)() {
                return served;
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn take_back(
        &self,
        at: usize,
        number: usize,
        host: &PushHost,
        bundle: &PushBundle,
        pushed: Pushed,
        why: &str,
    ) -> Pushed {
        let release = pushed.current.clone().unwrap_or_default();
        if pushed.previous.is_none() {
            let message = format!("{why}; there is no release before it to go back to");
            return Pushed {
                state: PushState::Failed,
                ..pushed
            }
            .because("push-not-served", message);
        }
        let (line, input) = match (host.mode, &bundle.bundle.installation) {
            (PushMode::Direct, Some(installation)) => (
                line(Action::Rollback),
                for_direct_rollback(installation, &release),
            ),
            _ => (rollback(&bundle.folder, &release), Zeroizing::default()),
        };
        let end = match self.call(host, &line, input) {
            Ok(end) => end,
            Err(error) => {
                let pushed = Pushed {
                    state: PushState::Failed,
                    ..pushed
                };
                return failed(pushed, error);
            }
        };
        match Answer::of(&end) {
            Answer::RolledBack { current, .. } => {
                let now = match (self.probe)(at, number) {
                    Served::Ours => "now the port shows the new certificate".to_owned(),
                    Served::Not(words) => format!("after the rollback: {words}"),
                };
                Pushed {
                    state: PushState::RolledBack,
                    previous: Some(release),
                    current: Some(current),
                    ..pushed
                }
                .because("push-not-served", format!("{why}; {now}"))
            }
            Answer::Moved { current } => Pushed {
                state: PushState::Moved,
                current,
                ..pushed
            }
            .because(
                "push-moved",
                format!("{why}; another release was installed meanwhile, and stays"),
            ),
            _ => {
                let words = end.last_words().unwrap_or_else(|| "the host said nothing".into());
                let words = visible(&words);
                Pushed {
                    state: PushState::Failed,
                    ..pushed
                }
                .because(
                    "push-rollback-failed",
                    format!("{why}; it could not be taken back: {words}"),
                )
            }
        }
    }
}

/// A bundle that no shell installs.
fn left(host: &PushHost, bundle: &PushBundle) -> Pushed {
    let new = |state| Pushed::new(&host.name, &bundle.folder, state);
    let code = "push-not-for-target";
    match bundle.installer {
        Installer::Windows => new(PushState::Failed).because(
            "push-windows",
            "bundles for Windows are not pushed: copy the bundle there, and run Install.ps1",
        ),
        Installer::Kubectl => new(PushState::Skipped).because(
            code,
            "it is not for the host: run install.sh of the bundle where kubectl is",
        ),
        _ => new(PushState::Skipped).because(
            code,
            "it is not for the host: the tool that it is for brings the files there",
        ),
    }
    .left()
}

fn failed(pushed: Pushed, error: RemoteError) -> Pushed {
    Pushed {
        error: Some(error),
        ..pushed
    }
}
