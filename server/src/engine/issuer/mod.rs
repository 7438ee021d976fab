//! The CA at work, on a thread of its own: what many ask for at once becomes one commit.

mod bench;
mod error;
mod hourly;

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use serde_json::Value;
use tokio::sync::oneshot;

use crate::notice::Metrics;
use bench::work;
pub use error::IssuerError;
use gsec_ca::authority::{
    AuthorityError, HostOrder, IssuedHost, Noted, OpenCa, StatusOrder, StatusOutcome, UpdatedCrl,
};
use gsec_ca::home::{CaDir, KeySource};
use gsec_ca::records::Principal;
use gsec_env::{Clock, Random};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{Certificate, RevocationReason, SerialNumber};

/// A certificate that is wanted.
pub struct Wanted {
    /// What is to be certified.
    pub order: HostOrder,
    /// Facts for the line of the audit log, beside what it says of every certificate.
    pub facts: Vec<(&'static str, Value)>,
    /// It is the server's own certificate.
    pub is_own: bool,
}

type Reply<T> = oneshot::Sender<Result<T, IssuerError>>;

enum Job {
    Issue(Box<Wanted>, Reply<IssuedHost>),
    Status(Vec<SerialNumber>, StatusOrder, Principal, Reply<StatusOutcome>),
    Crl(Reply<UpdatedCrl>),
    Responder(Box<PublicKey>, Reply<Certificate>),
    Void(Vec<SerialNumber>, Reply<StatusOutcome>),
    Note(Vec<Noted>, Principal, Reply<()>),
    End(Reply<()>),
    Room(String, Reply<()>),
    KeepFree(String, u32, u32, Reply<()>),
}

/// The way to the thread.
#[derive(Clone)]
pub struct Issuer {
    jobs: Sender<Job>,
}

/// What the thread needs.
pub struct Workshop {
    /// The CA directory.
    pub directory: CaDir,
    /// Where its signatures come from.
    pub keys: Arc<dyn KeySource>,
    /// The clock.
    pub clock: Arc<dyn Clock + Send + Sync>,
    /// Randomness.
    pub new_random: fn() -> Box<dyn Random>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

impl Issuer {
    /// Opens the CA, and starts the thread.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start(workshop: Workshop) -> Result<Self, StartError> {
        let ca = OpenCa::open(workshop.directory.clone(), workshop.keys.clone())?;
        let (jobs, waiting) = channel();
        thread::Builder::new()
            .name("issuer".into())
            .spawn(move || work(&workshop, ca, &waiting))
            .map_err(StartError::Thread)?;
        Ok(Self { jobs })
    }

    /// Issues a certificate.
    ///
    /// # Errors
    /// [`IssuerError`].
    pub async fn issue(&self, wanted: Wanted) -> Result<IssuedHost, IssuerError> {
        self.ask(|reply| Job::Issue(Box::new(wanted), reply)).await
    }

    /// Whether the signer would sign one more certificate of a profile, whose number is limited.
    ///
    /// # Errors
    /// [`IssuerError::Limited`]; as [`Issuer::issue`].
    pub async fn expect_room(&self, profile: &str) -> Result<(), IssuerError> {
        self.ask(|reply| Job::Room(profile.to_owned(), reply)).await
    }

    /// Once there is room for one more certificate of a profile, it is the server's own.
    ///
    /// # Errors
    /// [`IssuerError`].
    pub async fn keep_free(&self, profile: String, most: u32, again_in: u32) -> Result<(), IssuerError> {
        self.ask(|reply| Job::KeepFree(profile, most, again_in, reply))
            .await
    }

    /// Revokes a certificate.
    ///
    /// # Errors
    /// [`IssuerError`].
    pub async fn revoke(
        &self,
        serial: SerialNumber,
        reason: RevocationReason,
        by: Principal,
    ) -> Result<StatusOutcome, IssuerError> {
        self.ask(|reply| Job::Status(vec![serial], StatusOrder::Revoke(reason), by, reply))
            .await
    }

    /// Revokes records whose certificate never came.
    ///
    /// # Errors
    /// [`IssuerError`].
    pub async fn void(&self, serials: Vec<SerialNumber>) -> Result<StatusOutcome, IssuerError> {
        self.ask(|reply| Job::Void(serials, reply)).await
    }

    /// Makes a new CRL of all that is revoked, and publishes it in the CA directory.
    ///
    /// # Errors
    /// [`IssuerError`].
    pub async fn update_crl(&self) -> Result<UpdatedCrl, IssuerError> {
        self.ask(Job::Crl).await
    }

    /// Certifies a key that answers OCSP requests.
    ///
    /// # Errors
    /// [`IssuerError`].
    pub async fn issue_responder(&self, key: PublicKey) -> Result<Certificate, IssuerError> {
        self.ask(|reply| Job::Responder(Box::new(key), reply)).await
    }

    /// Writes lines into the audit log about what is changed next.
    ///
    /// # Errors
    /// [`IssuerError`].
    pub async fn note(&self, noted: Vec<Noted>, by: Principal) -> Result<(), IssuerError> {
        self.ask(|reply| Job::Note(noted, by, reply)).await
    }

    /// Ends the thread, once what it has begun is done: a line that the signer has sealed is then in the log, where the next one follows it.
    pub async fn end(&self) {
        let _ = self.ask(Job::End).await;
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, IssuerError> {
        let gone = || IssuerError::Unavailable("the thread that issues has ended".into());
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

/// Why the thread cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The CA or its key.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The system gives no thread.
    #[error("cannot start a thread")]
    Thread(#[source] std::io::Error),
}

impl Job {
    fn fail(self, error: &IssuerError) {
        let error = error.clone();
        match self {
            Self::Issue(_, reply) => drop(reply.send(Err(error))),
            Self::Status(.., reply) => drop(reply.send(Err(error))),
            Self::Crl(reply) => drop(reply.send(Err(error))),
            Self::Responder(_, reply) => drop(reply.send(Err(error))),
            Self::Void(_, reply) => drop(reply.send(Err(error))),
            Self::Note(.., reply) | Self::End(reply) => drop(reply.send(Err(error))),
            Self::Room(_, reply) | Self::KeepFree(.., reply) => drop(reply.send(Err(error))),
        }
    }
}
