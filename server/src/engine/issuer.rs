//! The CA at work, on a thread of its own: what many ask for at once becomes one commit.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::oneshot;

use crate::notice::Metrics;
use gsec_ca::authority::{
    AuthorityError, CrlOrder, Delivery, HostOrder, HourlyLimit, IssuedHost, Noted, OpenCa, OutFiles,
    OutNames, ReadyHost, Session, StatusOrder, StatusOutcome, UpdatedCrl,
};
use gsec_ca::home::{CaDir, KeySource, LockWait};
use gsec_ca::records::Principal;
use gsec_env::{Clock, Random};
use gsec_pki::key::{KeyFormat, PublicKey};
use gsec_pki::x509::{Certificate, RevocationReason, SerialNumber};

/// The most certificates of one commit.
const MAX_GROUP: usize = 64;
/// What a client is told of a setting of the CA.
const REFUSED_BY_POLICY: &str = "refused by the policy of this CA";
/// How long the lock of the CA directory is waited for: commands beside the server hold it for milliseconds.
const LOCK_TIMEOUT: Duration = Duration::from_secs(20);

/// A certificate that is wanted.
pub struct Wanted {
    /// What is to be certified.
    pub order: HostOrder,
    /// Facts for the line of the audit log, beside what it says of every certificate.
    pub facts: Vec<(&'static str, Value)>,
    /// It is the server's own certificate.
    pub is_own: bool,
}

/// Why the CA did not do something.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IssuerError {
    /// It will not: policy, or what is asked for.
    #[error("{message}")]
    Refused {
        /// The error's code.
        code: String,
        /// Why, in one sentence.
        message: String,
        /// What clients are not told.
        cause: Option<String>,
    },
    /// The signer has signed as many certificates of a profile as it does in an hour.
    #[error("profile `{profile}` has reached its `max_per_hour`; try again in {again_in} seconds")]
    Limited {
        /// The profile.
        profile: String,
        /// So many in an hour.
        most: u32,
        /// In so many seconds there are more.
        again_in: u32,
    },
    /// It could not, and may later: the disk, the lock, the signer.
    #[error("{0}")]
    Unavailable(String),
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

/// For so long after the signer signs again, the next certificate of a profile is the server's own, where that was refused.
const KEPT_FREE: Duration = Duration::from_secs(90);

/// When there is room again, where there are so many in an hour.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Until {
    at: Instant,
    most: u32,
}

/// Until when the signer signs no more of which profile. As long as that is known, it is not asked again.
#[derive(Default)]
struct Limited {
    until: HashMap<String, Until>,
    /// Of this profile no client gets one before the server has its own, or does not come for it by then.
    kept_free: Option<(String, Until)>,
}

impl Limited {
    fn note(&mut self, limit: HourlyLimit<'_>) {
        let at = Instant::now() + Duration::from_secs(limit.again_in.into());
        let most = limit.most;
        self.until.insert(limit.profile.to_owned(), Until { at, most });
    }

    /// The server's own certificate of a profile is the next one that is signed, once there is room.
    fn keep_free(&mut self, profile: String, most: u32, again_in: u32) {
        let at = Instant::now() + Duration::from_secs(again_in.into()) + KEPT_FREE;
        self.kept_free = Some((profile, Until { at, most }));
    }

    fn expect_room(&mut self, profile: &str, is_own: bool) -> Result<(), IssuerError> {
        let now = Instant::now();
        self.until.retain(|_, until| until.at > now);
        let kept_free = self.kept_free.iter().filter(|(of, _)| of == profile && !is_own);
        let kept_free = kept_free.map(|(_, until)| *until).find(|until| until.at > now);
        match self.until.get(profile).copied().max(kept_free) {
            Some(until) => Err(IssuerError::Limited {
                profile: profile.to_owned(),
                most: until.most,
                again_in: u32::try_from((until.at - now).as_secs())
                    .unwrap_or(u32::MAX)
                    .saturating_add(1),
            }),
            None => {
                if is_own {
                    self.kept_free = None;
                }
                Ok(())
            }
        }
    }
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

type Group = Vec<(Box<Wanted>, Reply<IssuedHost>)>;

/// Takes jobs until nobody is left who could send one.
fn work(workshop: &Workshop, mut ca: OpenCa, jobs: &Receiver<Job>) {
    let mut random = (workshop.new_random)();
    let (mut next, mut limited) = (None, Limited::default());
    while let Some(job) = next.take().or_else(|| jobs.recv().ok()) {
        let (mut group, mut others) = (Group::new(), Vec::new());
        match job {
            Job::Issue(wanted, reply) => {
                group.push((wanted, reply));
                next = gather(jobs, &mut group, &mut others);
            }
            Job::End(reply) => {
                drop(reply.send(Ok(())));
                return;
            }
            job => others.push(job),
        }
        if !ca.is_current() {
            match ca.reopened() {
                Ok(now) => {
                    ca = now;
                    // It may allow more.
                    limited = Limited::default();
                }
                Err(error) => {
                    let error = IssuerError::from(&error);
                    group
                        .into_iter()
                        .for_each(|(_, reply)| drop(reply.send(Err(error.clone()))));
                    others.into_iter().for_each(|job| job.fail(&error));
                    continue;
                }
            }
        }
        let mut bench = Bench {
            ca: &ca,
            workshop,
            random: random.as_mut(),
            limited: &mut limited,
        };
        bench.issue(group);
        others.into_iter().for_each(|job| bench.work(job));
    }
}

/// Takes what waits to be issued, and returns the first job that is something else. A question whether there is room divides no group: each certificate
/// has one before it. It is answered after the group.
fn gather(jobs: &Receiver<Job>, group: &mut Group, questions: &mut Vec<Job>) -> Option<Job> {
    while group.len() + questions.len() < MAX_GROUP {
        match jobs.try_recv() {
            Ok(Job::Issue(wanted, reply)) => group.push((wanted, reply)),
            Ok(question @ Job::Room(..)) => questions.push(question),
            Ok(other) => return Some(other),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
        }
    }
    None
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

/// What one group has.
struct Bench<'a> {
    ca: &'a OpenCa,
    workshop: &'a Workshop,
    random: &'a mut dyn Random,
    limited: &'a mut Limited,
}

/// Hosts that are to be certified together, and who waits for each, with its profile.
#[derive(Default)]
struct Planned<'a> {
    hosts: Vec<ReadyHost<'a>>,
    waiting: Vec<(String, Reply<IssuedHost>)>,
}

impl Planned<'_> {
    fn refused(self, error: &IssuerError) -> Self {
        for (_, reply) in self.waiting {
            drop(reply.send(Err(error.clone())));
        }
        Self::default()
    }

    /// The first of a profile, as many as there is room for, and all of other profiles. They are fewer than before, whatever the signer says.
    fn without_excess(self, profile: &str, left: u32, error: &IssuerError) -> Self {
        let all = self.waiting.iter().filter(|(of, _)| of == profile).count();
        if all == 0 {
            return self.refused(error);
        }
        let mut room = usize::try_from(left).unwrap_or(usize::MAX).min(all - 1);
        let mut kept = Self::default();
        for (host, (of, reply)) in self.hosts.into_iter().zip(self.waiting) {
            let is_of = of == profile;
            if is_of && room == 0 {
                drop(reply.send(Err(error.clone())));
                continue;
            }
            room -= usize::from(is_of);
            kept.hosts.push(host);
            kept.waiting.push((of, reply));
        }
        kept
    }
}

impl<'a> Bench<'a> {
    fn session(&mut self, action: &'static str, by: Principal) -> Session<'_> {
        Session {
            action,
            now: self.workshop.clock.now(),
            random: self.random,
            by,
            wait: LockWait::silent(LOCK_TIMEOUT),
        }
    }

    /// Does everything but issuing in groups.
    fn work(&mut self, job: Job) {
        match job {
            Job::Status(serials, order, by, reply) => {
                drop(reply.send(self.change_status(&serials, order, by)))
            }
            Job::Crl(reply) => drop(reply.send(self.update_crl())),
            Job::Responder(key, reply) => drop(reply.send(self.issue_responder(&key))),
            Job::Void(serials, reply) => drop(reply.send(self.void(&serials))),
            Job::Note(noted, by, reply) => drop(reply.send(self.note(&noted, by))),
            Job::Room(profile, reply) => drop(reply.send(self.expect_room(&profile))),
            Job::KeepFree(profile, most, again_in, reply) => {
                self.limited.keep_free(profile, most, again_in);
                drop(reply.send(Ok(())));
            }
            Job::Issue(..) | Job::End(_) => {}
        }
    }

    /// Issues a group in one commit. Each is planned for itself first: one that is refused keeps no other from its certificate.
    fn issue(&mut self, group: Group) {
        let mut planned = self.planned(group);
        while !planned.hosts.is_empty() {
            planned = self.issue_planned(planned);
        }
    }

    fn planned(&mut self, group: Group) -> Planned<'a> {
        let authority = self.ca.authority();
        let (now, delivery) = (self.workshop.clock.now(), delivery());
        let mut all = Planned::default();
        for (wanted, reply) in group {
            let Wanted { order, facts, is_own } = *wanted;
            let profile = order.profile.clone();
            let planned = authority.plan_host(order, now).and_then(|plan| {
                let plan = facts
                    .into_iter()
                    .fold(plan, |plan, (key, value)| plan.noting(key, value));
                authority.ready_host(plan, &delivery)
            });
            let planned = planned.map_err(|error| IssuerError::from(&error));
            match self.limited.expect_room(&profile, is_own).and(planned) {
                Ok(host) => {
                    all.hosts.push(host);
                    all.waiting.push((profile, reply));
                }
                Err(error) => drop(reply.send(Err(error))),
            }
        }
        all
    }

    /// Those that are left where the signer signs so many of a profile no more: nothing was recorded then.
    fn issue_planned<'p>(&mut self, planned: Planned<'p>) -> Planned<'p> {
        let (authority, unlocked, metrics) = (
            self.ca.authority(),
            self.ca.unlocked(),
            self.workshop.metrics.clone(),
        );
        let begin = Instant::now();
        let mut session = self.session("acme.issue", Principal::default());
        match authority.issue_ready(&planned.hosts, unlocked, &delivery(), &mut session) {
            Ok(issued) => {
                metrics.committed(issued.len(), begin.elapsed());
                for ((_, reply), issued) in planned.waiting.into_iter().zip(issued) {
                    drop(reply.send(issued.map_err(|error| self.refused(&error))));
                }
                Planned::default()
            }
            Err(error) => {
                let answer = self.refused(&error);
                match error.too_many() {
                    Some(limit) => planned.without_excess(limit.profile, limit.left, &answer),
                    None => planned.refused(&answer),
                }
            }
        }
    }

    /// What the CA says no to; that there are too many of a profile is remembered.
    fn refused(&mut self, error: &AuthorityError) -> IssuerError {
        if let Some(limit) = error.too_many().filter(|limit| limit.left == 0) {
            self.limited.note(limit);
        }
        error.into()
    }

    fn expect_room(&mut self, profile: &str) -> Result<(), IssuerError> {
        self.limited.expect_room(profile, false)?;
        let (authority, unlocked) = (self.ca.authority(), self.ca.unlocked());
        let asked = authority.expect_room(profile, 1, unlocked);
        asked.map_err(|error| self.refused(&error))
    }

    fn change_status(
        &mut self,
        serials: &[SerialNumber],
        order: StatusOrder,
        by: Principal,
    ) -> Result<StatusOutcome, IssuerError> {
        let (authority, unlocked) = (self.ca.authority(), self.ca.unlocked());
        authority
            .change_status(
                serials,
                order,
                Some(unlocked),
                &mut self.session("cert.revoke", by),
            )
            .map_err(|error| IssuerError::from(&error))
    }

    fn void(&mut self, serials: &[SerialNumber]) -> Result<StatusOutcome, IssuerError> {
        let (authority, unlocked) = (self.ca.authority(), self.ca.unlocked());
        let mut session = self.session("cert.revoke", Principal::default());
        authority
            .void_unfinished(serials, unlocked, &mut session)
            .map_err(|error| IssuerError::from(&error))
    }

    fn note(&mut self, noted: &[Noted], by: Principal) -> Result<(), IssuerError> {
        let (authority, unlocked) = (self.ca.authority(), self.ca.unlocked());
        // Each line has an action of its own.
        authority
            .note(noted, Some(unlocked), &mut self.session("serve", by))
            .map_err(|error| IssuerError::from(&error))
    }

    fn issue_responder(&mut self, key: &PublicKey) -> Result<Certificate, IssuerError> {
        let (authority, unlocked) = (self.ca.authority(), self.ca.unlocked());
        let mut session = self.session("ocsp.responder", Principal::default());
        let issued = authority.issue_ocsp_responder(key, unlocked, &mut session);
        issued
            .map(|issued| issued.certificate)
            .map_err(|error| IssuerError::from(&error))
    }

    fn update_crl(&mut self) -> Result<UpdatedCrl, IssuerError> {
        let (authority, unlocked) = (self.ca.authority(), self.ca.unlocked());
        authority
            .update_crl(
                CrlOrder::default(),
                unlocked,
                &mut self.session("crl.update", Principal::default()),
            )
            .map_err(|error| IssuerError::from(&error))
    }
}

/// Certificates stay in the CA directory; whoever asked fetches them from there.
fn delivery() -> Delivery {
    Delivery {
        pfx: None,
        key_format: KeyFormat::Pkcs8,
        out_dir: None,
        out_names: OutNames::Serial,
        out_files: OutFiles::default(),
        keep_key: false,
    }
}

/// Whether a signer that refused with a code has decided by its policy, and would refuse the same again: not where its policy is missing or damaged.
fn is_decision(code: &str) -> bool {
    let is_of_policy =
        code.starts_with("policy.") && !["policy.missing", "policy.unreadable"].contains(&code);
    is_of_policy || ["authority.key_compromised", "authority.other_key"].contains(&code)
}

/// Whether the CA refuses for good, or could not do it now.
impl From<&AuthorityError> for IssuerError {
    fn from(error: &AuthorityError) -> Self {
        if let Some(limit) = error.too_many() {
            return Self::Limited {
                profile: limit.profile.to_owned(),
                most: limit.most,
                again_in: limit.again_in,
            };
        }
        // Whose client this is has no business with where the file lies.
        let mut message = match error {
            AuthorityError::Refused { source, .. } if source.is_setting() => REFUSED_BY_POLICY.to_owned(),
            other => other.to_string(),
        };
        let by_signer = error.refused_as().filter(|code| is_decision(code));
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            message = format!("{message}: {cause}");
            source = cause.source();
        }
        if let Some(code) = by_signer {
            return Self::Refused {
                code: code.to_owned(),
                message: REFUSED_BY_POLICY.to_owned(),
                cause: Some(message),
            };
        }
        match error {
            AuthorityError::Refused { .. }
            | AuthorityError::Profile(_)
            | AuthorityError::OtherKey
            | AuthorityError::Request(_)
            | AuthorityError::Issue(_)
            | AuthorityError::OwnCertificate { .. }
            | AuthorityError::KeyCompromised { .. } => Self::Refused {
                code: error.code().to_owned(),
                message,
                cause: None,
            },
            _ => Self::Unavailable(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gsec_ca::authority::HostKey;
    use gsec_pki::key::{KeyAlgorithm, KeyError};

    #[test]
    fn a_question_for_room_divides_no_group() {
        let (send, jobs) = channel();
        let put = |job: fn() -> Job| send.send(job()).expect("somebody listens");
        let issue = || {
            let key = HostKey::Generate(KeyAlgorithm::P256);
            let wanted = Wanted {
                order: HostOrder::new(None, key, "host"),
                facts: Vec::new(),
                is_own: false,
            };
            Job::Issue(Box::new(wanted), oneshot::channel().0)
        };
        let room = || Job::Room("host".into(), oneshot::channel().0);
        for job in [room, issue, room, issue, || Job::End(oneshot::channel().0), issue] {
            put(job);
        }
        let (mut group, mut questions) = (Group::new(), Vec::new());
        let next = gather(&jobs, &mut group, &mut questions);
        assert!(matches!(next, Some(Job::End(_))));
        assert_eq!((group.len(), questions.len()), (2, 2));
        assert!(matches!(jobs.try_recv(), Ok(Job::Issue(..))));
    }

    /// Else the order is tried again and again, and each time uses up a serial number.
    #[test]
    fn what_the_signers_policy_refuses_is_refused_for_good_and_what_it_lacks_is_not() {
        let of = |code: &str| {
            let refused = KeyError::Refused {
                code: code.into(),
                reason: "`/signer/ca_conf/gsec.toml` does not allow it".into(),
            };
            IssuerError::from(&AuthorityError::AfterRecord {
                serial: SerialNumber::one(),
                source: Box::new(AuthorityError::KeyOperation(refused)),
            })
        };
        for code in [
            "policy.name_suffix",
            "policy.no_profile",
            "authority.key_compromised",
        ] {
            match of(code) {
                IssuerError::Refused {
                    code: found,
                    message,
                    cause,
                } => {
                    assert_eq!((found.as_str(), message.as_str()), (code, REFUSED_BY_POLICY));
                    let cause = cause.expect("for the server's own log");
                    assert!(cause.contains("/signer/ca_conf/gsec.toml"), "{cause}");
                }
                other => panic!("{code}: {other}"),
            }
        }
        for code in [
            "policy.missing",
            "policy.unreadable",
            "signer.journal",
            "store.io",
        ] {
            assert!(matches!(of(code), IssuerError::Unavailable(_)), "{code}");
        }
    }

    #[test]
    fn next_certificate_after_a_refusal_is_the_servers_own() {
        let mut limited = Limited::default();
        let is_refused = |limited: &mut Limited, profile: &str, is_own| {
            let found = limited.expect_room(profile, is_own);
            matches!(found, Err(IssuerError::Limited { again_in, .. }) if again_in > 0)
        };
        limited.note(HourlyLimit {
            profile: "host",
            most: 1,
            left: 0,
            again_in: 1000,
        });
        assert!(is_refused(&mut limited, "host", false));
        assert!(is_refused(&mut limited, "host", true));
        assert!(!is_refused(&mut limited, "hub", false));
        limited.keep_free("host".into(), 1, 0);
        limited.until.clear();
        assert!(
            is_refused(&mut limited, "host", false),
            "there is room, but not for clients"
        );
        assert!(!is_refused(&mut limited, "hub", false));
        assert!(!is_refused(&mut limited, "host", true));
        assert!(!is_refused(&mut limited, "host", false), "the server has its own");
        // Nobody waits forever for a server that does not come.
        let at = Instant::now();
        limited.kept_free = Some(("host".into(), Until { at, most: 1 }));
        assert!(!is_refused(&mut limited, "host", false));
    }
}
