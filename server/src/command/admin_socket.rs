//! The socket at which the front answers administrators of its own machine: its own user, and root.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use gsec::cli::serve::Serving;
use gsec_ca::records::Principal;
use gsec_pki::encoding::visible::system_words;
use gsec_pki::x509::rfc3339;
use gsec_signer::frame::{read_message, write_message};
use gsec_signer::socket::{Readers, bind};
use gsec_signer::{ListenError, is_slow};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tokio::net::UnixListener;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::confine::FrontConfinement;
use crate::engine::{Change, Changed, FullProfile};
use crate::state::sqlite::Database;
use crate::web::App;

/// The longest request.
const MAX_REQUEST_BYTES: u32 = 1024 * 1024;
/// The longest answer: some ten thousands of grants.
const MAX_ANSWER_BYTES: u32 = 64 * 1024 * 1024;
/// How long a request may take once it has begun, and an answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long the server may take to say how it is, or what is granted: one that takes longer hangs.
pub(super) const LOOK_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest name of a copy.
const MAX_COPY_NAME: usize = 64;
/// So many administrators at once.
const MAX_CALLERS: usize = 16;

/// What is asked. It has no `Debug`: a change may have a secret in it.
#[derive(Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Asked {
    /// To change something, or to look.
    Change {
        /// What.
        what: Change,
        /// Who asks, as the caller says, for the audit log.
        #[serde(default)]
        by: Option<String>,
    },
    /// How it is.
    Status,
    /// To copy what it remembers into a file beside the CA, of this name.
    Copy {
        /// The name: letters and digits.
        name: String,
    },
}

/// What is answered.
#[derive(Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Answered {
    /// Done.
    Changed {
        /// What came of it.
        what: Changed,
    },
    /// How it is.
    Status {
        /// What the front knows of itself.
        of: Box<FrontStatus>,
    },
    /// Copied.
    Copied {
        /// The file. Whoever asked removes it.
        path: PathBuf,
    },
    /// Not done.
    Refused {
        /// Why not.
        reason: String,
    },
}

/// What the front knows of itself.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrontStatus {
    /// Fronts of earlier versions do not say.
    #[serde(default)]
    pub(super) confinement: Option<FrontConfinement>,
    pub(super) pid: u32,
    pub(super) version: String,
    pub(super) since: String,
    pub(super) names: Vec<String>,
    pub(super) acme: String,
    pub(super) crl: String,
    pub(super) ocsp: String,
    pub(super) ca_certificate: String,
    pub(super) signer: PathBuf,
    pub(super) unready: Option<String>,
    pub(super) grants: u64,
    pub(super) journal_changed: Option<String>,
    pub(super) pending_orders: u64,
    #[serde(default)]
    pub(super) full_profiles: Vec<FullProfile>,
    #[serde(default)]
    pub(super) waiting_names: u64,
    #[serde(default)]
    pub(super) most_waiting_names: u64,
    pub(super) overdue: u64,
    pub(super) own_certificate_end: Option<String>,
    #[serde(default)]
    pub(super) own_certificate_revoked: bool,
}

/// What does not change while it serves.
pub(super) struct Facts {
    pub(super) since: OffsetDateTime,
    pub(super) names: Vec<String>,
    pub(super) serving: Serving,
    pub(super) signer: PathBuf,
    pub(super) confinement: FrontConfinement,
}

/// The socket, before somebody answers there.
pub(super) struct AdminSocket {
    listener: UnixListener,
    path: PathBuf,
}

/// The socket with who answers there; dropped, it is away.
pub(super) struct Answering {
    task: JoinHandle<()>,
    path: PathBuf,
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.task.abort();
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Who listens at the other end: user and process, as the kernel tells them.
pub(super) fn listener_of(stream: &UnixStream) -> Option<(u32, u32)> {
    let peer = rustix::net::sockopt::socket_peercred(stream).ok()?;
    let process = peer.pid.as_raw_nonzero().get();
    Some((peer.uid.as_raw(), u32::try_from(process).ok()?))
}

/// Why nobody answers. One that hangs is there.
pub(super) fn no_answer(error: &io::Error, process: Option<u32>) -> String {
    match process.filter(|_| is_slow(error)) {
        Some(process) => format!("process {process} runs, but does not answer"),
        None => system_words(error),
    }
}

/// Asks the server at a socket.
///
/// # Errors
/// Nobody answers, or not in time, or what is no answer.
pub(super) fn ask(stream: UnixStream, asked: &Asked) -> io::Result<Answered> {
    ask_within(TIMEOUT, stream, asked)
}

/// The same of what may take long, or must not.
///
/// # Errors
/// As [`ask`].
pub(super) fn ask_within(timeout: Duration, mut stream: UnixStream, asked: &Asked) -> io::Result<Answered> {
    stream.set_read_timeout(Some(timeout))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write_message(&mut stream, asked, MAX_REQUEST_BYTES)?;
    read_message(&mut stream, MAX_ANSWER_BYTES)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

impl AdminSocket {
    /// Makes the socket, for this user and root.
    ///
    /// # Errors
    /// [`ListenError`].
    pub(super) fn bind(path: &Path) -> Result<Self, ListenError> {
        let fails = |source| ListenError::Io {
            path: path.to_owned(),
            source,
        };
        let listener = bind(path, Readers::Owner)?;
        listener.set_nonblocking(true).map_err(fails)?;
        Ok(Self {
            listener: UnixListener::from_std(listener).map_err(fails)?,
            path: path.to_owned(),
        })
    }

    /// Answers until it is dropped.
    pub(super) fn start(self, facts: Facts, app: Arc<App>, database: Arc<Database>) -> Answering {
        let desk = Arc::new(Desk { facts, app, database });
        let callers = Arc::new(Semaphore::new(MAX_CALLERS));
        let Self { listener, path } = self;
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                };
                let own = rustix::process::geteuid().as_raw();
                let peer = stream.peer_cred().map(|peer| peer.uid());
                let Some(user) = peer.ok().filter(|user| [0, own].contains(user)) else {
                    continue;
                };
                let Ok(place) = callers.clone().try_acquire_owned() else {
                    continue;
                };
                let Ok(stream) = stream.into_std() else {
                    continue;
                };
                let (desk, runtime) = (desk.clone(), Handle::current());
                // A thread of its own: whoever says nothing keeps nobody, and the server does not wait for it at its end.
                std::thread::spawn(move || {
                    let _ = desk.converse(stream, user, &runtime);
                    drop(place);
                });
            }
        });
        Answering { task, path }
    }
}

/// Who answers.
struct Desk {
    facts: Facts,
    app: Arc<App>,
    database: Arc<Database>,
}

impl Desk {
    fn converse(&self, mut stream: UnixStream, user: u32, runtime: &Handle) -> io::Result<()> {
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        while let Some(asked) = read_message::<Asked>(&mut stream, MAX_REQUEST_BYTES)? {
            let answer = runtime.block_on(self.answer(asked, user));
            write_message(&mut stream, &answer, MAX_ANSWER_BYTES)?;
        }
        Ok(())
    }

    async fn answer(&self, asked: Asked, user: u32) -> Answered {
        let done = match asked {
            Asked::Change { what, by } => self
                .app
                .engine
                .administer(what, Principal::named(by).of_user(user))
                .await
                .map(|what| Answered::Changed { what })
                .map_err(|error| error.to_string()),
            Asked::Status => self
                .status()
                .await
                .map(|of| Answered::Status { of: Box::new(of) }),
            Asked::Copy { name } => self.copy(&name).await.map(|path| Answered::Copied { path }),
        };
        done.unwrap_or_else(|reason| Answered::Refused { reason })
    }

    async fn copy(&self, name: &str) -> Result<PathBuf, String> {
        let is_plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if name.len() > MAX_COPY_NAME || !is_plain {
            return Err("the name of the copy is none".into());
        }
        let mut path = self.database.path().as_os_str().to_owned();
        path.push(format!(".{name}.copy"));
        let path = PathBuf::from(path);
        let copied = self.database.copy_to(path.clone()).await;
        copied.map(|()| path).map_err(|error| error.to_string())
    }

    async fn status(&self) -> Result<FrontStatus, String> {
        let engine = &self.app.engine;
        let pending = engine.state().open_orders(engine.now()).await;
        let overdue = engine.overdue().await;
        let overdue = overdue.map_err(|fault| fault.cause.unwrap_or(fault.problem.detail().to_owned()))?;
        let (unready, full) = match engine.expect_ready().await {
            Ok(full) => (None, full),
            Err(fault) => (Some(fault.told().to_owned()), Vec::new()),
        };
        let waiting = engine.waiting_names().await;
        let waiting = waiting.map_err(|fault| fault.told().to_owned())?;
        let unready = unready.or_else(|| self.app.presented.fault(engine.now()));
        let own = self.app.presented.certificate();
        let is_revoked = match &own {
            Some(own) => engine.is_revoked(own.serial().clone()).await,
            None => Ok(false),
        };
        // Records that cannot be read do not say that it is not.
        let unready = unready.or_else(|| is_revoked.as_ref().err().map(|fault| fault.told().to_owned()));
        let Facts {
            since,
            names,
            serving,
            signer,
            confinement,
            ..
        } = &self.facts;
        Ok(FrontStatus {
            confinement: Some(confinement.clone()),
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").into(),
            since: rfc3339(*since),
            names: names.clone(),
            acme: serving.acme.clone(),
            crl: serving.crl.clone(),
            ocsp: serving.ocsp.clone(),
            ca_certificate: serving.certificate.clone(),
            signer: std::path::absolute(signer).unwrap_or_else(|_| signer.clone()),
            unready,
            full_profiles: full,
            waiting_names: waiting.count,
            most_waiting_names: waiting.most,
            overdue,
            journal_changed: engine.journal_changed().await.ok().flatten(),
            grants: engine
                .grant_count()
                .await
                .map_err(|fault| fault.problem.detail().to_owned())?,
            pending_orders: pending.map_err(|error| error.to_string())?,
            own_certificate_end: own.map(|own| rfc3339(own.not_after())),
            own_certificate_revoked: is_revoked.unwrap_or_default(),
        })
    }
}
