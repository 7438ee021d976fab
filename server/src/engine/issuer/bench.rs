//! The thread at work: what waits to be issued becomes one commit.

use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use super::hourly::Limited;
use super::{IssuerError, Job, Reply, Wanted, Workshop};
use gsec_ca::authority::{
    AuthorityError, CrlOrder, Delivery, IssuedHost, Noted, OpenCa, OutFiles, OutNames, ReadyHost, Session,
    StatusOrder, StatusOutcome, UpdatedCrl,
};
use gsec_ca::home::LockWait;
use gsec_ca::records::Principal;
use gsec_env::Random;
use gsec_pki::key::{KeyFormat, PublicKey};
use gsec_pki::x509::{Certificate, SerialNumber};

/// The most certificates of one commit.
const MAX_GROUP: usize = 64;
/// How long the lock of the CA directory is waited for: commands beside the server hold it for milliseconds.
const LOCK_TIMEOUT: Duration = Duration::from_secs(20);

type Group = Vec<(Box<Wanted>, Reply<IssuedHost>)>;

/// Takes jobs until nobody is left who could send one.
pub(super) fn work(workshop: &Workshop, mut ca: OpenCa, jobs: &Receiver<Job>) {
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use tokio::sync::oneshot;

    use super::*;
    use gsec_ca::authority::{HostKey, HostOrder};
    use gsec_pki::key::KeyAlgorithm;

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
}
