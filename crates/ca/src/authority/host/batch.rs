//! Issuing for many hosts: hosts that already have a certificate are found first, then all cores make the
//! others. A host for which another call records a certificate in between comes last, and is looked at again.

use std::collections::HashSet;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use std::time::{Duration, Instant};

use time::OffsetDateTime;

use crate::authority::host::compare::compare;
use crate::authority::host::present::{Found, places};
use crate::authority::session::WorkerSessions;
use crate::authority::status::witnesses::LazyWitnesses;
use crate::authority::{
    Authority, AuthorityError, Comparison, Delivery, Deviation, HostOrder, IssuePlan, IssuedFiles,
    IssuedHost, Once, ReadyHost, RenewalMargin, Session, Unlocked, Warning,
};
use crate::home::FaultKind;
use crate::records::{AuditHead, Lookup, Record, RecordsError, Reservation, Watch};
use gsec_pki::x509::{Certificate, GeneralName, SerialNumber};

/// The most records of one commit.
const MAX_GROUP: usize = 64;
/// A group is committed after this long, however few keys are made by then: those of 8192 bits take a minute each.
const GROUP_TIME: Duration = Duration::from_secs(2);
/// As many hosts are looked up in the time another thread costs.
const WORTH_A_THREAD: usize = 64;
/// The most workers, whatever is requested.
const MAX_JOBS: usize = 1024;

/// Many hosts, and what they have in common.
pub struct Batch<'a> {
    /// What the row at a place requests. Called more than once for the same.
    pub order: &'a (dyn Fn(usize) -> HostOrder + Sync),
    /// Which files are written, and where.
    pub delivery: &'a Delivery,
    /// How many workers.
    pub jobs: NonZero<usize>,
    /// Whether no new work is begun after the first failure.
    pub fail_fast: bool,
    /// Whether all rows are looked at, even where what fails for one, such as a file that cannot be read, may fail for all.
    pub examines_all: bool,
    /// How long before its end the certificate of a row is renewed.
    pub renew_before: &'a (dyn Fn(usize) -> time::Duration + Sync),
}

/// What came of one row. Of a row that was not tried nothing is said.
#[derive(Debug)]
pub enum RowResult {
    /// It has a certificate as requested.
    Present(IssuedRow),
    /// It has none, and can have one as far as profile and policy say.
    Wanted(WantedRow),
    /// It was issued.
    Issued(IssuedRow),
    /// It could not be done.
    Failed(Arc<AuthorityError>),
}

/// What a row is to get.
#[derive(Debug, Default)]
pub struct WantedRow {
    /// Its newest valid certificate that is not as requested; where it has none, the newest of those that are not valid.
    pub replaces: Option<SerialNumber>,
    /// What is not as requested about that one. Empty where there is none, or only files are missing.
    pub reasons: Vec<Deviation>,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// A certificate of a row, in little room.
#[derive(Debug)]
pub struct IssuedRow {
    /// The name that its files are named after.
    pub host: GeneralName,
    /// Its serial number.
    pub serial: SerialNumber,
    /// Its end.
    pub not_after: OffsetDateTime,
    /// Its SHA-256 thumbprint.
    pub sha256: [u8; 32],
    /// What was odd.
    pub warnings: Vec<Warning>,
}

impl IssuedRow {
    fn of(host: GeneralName, certificate: &Certificate, warnings: Vec<Warning>) -> Self {
        let (serial, not_after) = (certificate.serial().clone(), certificate.not_after());
        Self {
            host,
            serial,
            not_after,
            sha256: certificate.thumbprints().sha256,
            warnings,
        }
    }
}

fn failed(error: AuthorityError) -> RowResult {
    RowResult::Failed(Arc::new(error))
}

/// What was seen of the index when rows were examined. Nothing is checked where all rows are to be issued
/// again.
#[derive(Default)]
pub struct Examined {
    /// Up to where it was looked at; what comes after it is checked when rows are recorded.
    place: Option<Box<dyn Watch>>,
    /// Rows for whose subjects there are records without a certificate: a living call is writing it, or one that was cut off has left it.
    unfinished: HashSet<usize>,
}

/// Receives each row that is done, by its place.
pub type OnRow<'a> = &'a mut dyn FnMut(usize, RowResult);

impl Authority {
    /// Finds out for each row whether it has a certificate as requested, and whether it may have one. Touches
    /// nothing.
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when the index cannot be read at all.
    pub fn examine_batch(
        &self,
        batch: &Batch<'_>,
        rows: &[usize],
        again: bool,
        now: OffsetDateTime,
        on: OnRow<'_>,
    ) -> Result<Examined, AuthorityError> {
        let place = if again {
            None
        } else {
            Some(self.records().watch()?)
        };
        let unfiled = if again {
            Vec::new()
        } else {
            self.unfiled_records(&|_| true)?
        };
        let unfiled: HashSet<String> = unfiled.into_iter().map(|record| record.subject).collect();
        let unfinished = Mutex::new(HashSet::new());
        let witnesses = LazyWitnesses::default();
        let queue = Queue::new(batch, rows, &|| false, !batch.examines_all);
        let workers = batch.workers(rows).min(rows.len().div_ceil(WORTH_A_THREAD));
        let first = if again {
            None
        } else {
            Some(self.records().lookup()?)
        };
        let work = |results: &Results| {
            let mut index = match first.as_ref().map(|first| first.another()).transpose() {
                Ok(index) => index,
                Err(error) => {
                    let Some(row) = queue.take() else { return };
                    return queue.report(row, failed(error.into()), results);
                }
            };
            while let Some(row) = queue.take() {
                let (result, is_unfinished) = self
                    .examine(batch, row, index.as_mut(), (&unfiled, &witnesses), now)
                    .unwrap_or_else(|error| (failed(error), false));
                if is_unfinished {
                    unfinished
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .insert(row);
                }
                queue.report(row, result, results);
            }
        };
        with_workers(workers, &work, on);
        Ok(Examined {
            place,
            unfinished: unfinished.into_inner().unwrap_or_else(PoisonError::into_inner),
        })
    }

    /// Issues for rows, with all workers. The results come in the order in which they are done. Returns the last head of the audit log;
    /// `None` where nothing was recorded, or there is no log.
    ///
    /// Each worker makes keys, and records the hosts that it has them for in one commit of at most 64. What
    /// fails for one row stops no other; what would fail for all, such as a full disk, ends the batch.
    /// `is_interrupted` is checked before each key: once it says so, hosts that have theirs are finished, and
    /// nothing more is started.
    ///
    /// `examined` is what [`Authority::examine_batch`] returned: for a row that another call has issued for since, nothing is issued. Rows that
    /// a call has not finished come first, one by one: what it handed out is completed.
    pub fn issue_batch(
        &self,
        batch: &Batch<'_>,
        (Examined { place, unfinished }, rows): (Examined, &[usize]),
        unlocked: &Unlocked,
        sessions: &WorkerSessions<'_>,
        is_interrupted: &(dyn Fn() -> bool + Sync),
        on: OnRow<'_>,
    ) -> Option<AuditHead> {
        let committing = Mutex::new(Committing {
            place,
            ..Committing::default()
        });
        let (first, rows): (Vec<usize>, Vec<usize>) = rows.iter().partition(|row| unfinished.contains(row));
        let queue = Queue::new(batch, &rows, is_interrupted, true);
        let issuing = Issuing {
            authority: self,
            batch,
            unlocked,
            queue,
            committing,
            witnesses: LazyWitnesses::default(),
            deferred: Mutex::default(),
        };
        issuing.one_by_one(first.into_iter().map(|row| (row, None)), sessions, on);
        with_workers(
            batch.workers(&rows),
            &|results| issuing.work(sessions, results),
            on,
        );
        issuing.finish(sessions, on)
    }

    /// Where the files of a row's certificate are.
    pub fn files_of_row(&self, row: &IssuedRow, delivery: &Delivery) -> IssuedFiles {
        self.wanted_files(&row.serial, &row.host, true, delivery)
    }

    /// What is to be done for a row, and whether its subject is among those that some call has not finished.
    fn examine(
        &self,
        batch: &Batch<'_>,
        row: usize,
        index: Option<&mut Box<dyn Lookup>>,
        seen: (&HashSet<String>, &LazyWitnesses),
        now: OffsetDateTime,
    ) -> Result<(RowResult, bool), AuthorityError> {
        let plan = self.plan_host((batch.order)(row), now)?;
        let present = index
            .map(|index| {
                self.present(
                    &plan,
                    batch.delivery,
                    index.as_mut(),
                    (seen.1, batch.margin(row, now)),
                )
            })
            .transpose()?
            .unwrap_or(Presence::Nothing(WantedRow::default()));
        let (wanted, is_unfinished) = match present {
            Presence::Whole(row) => return Ok((RowResult::Present(row), false)),
            Presence::Undelivered(_) => (WantedRow::default(), true),
            Presence::Nothing(wanted) => {
                let is_unfinished = !seen.0.is_empty() && seen.0.contains(&plan.subject.openssl_oneline());
                (wanted, is_unfinished)
            }
        };
        self.expect_deliverable(&plan, batch.delivery)?;
        let warnings = plan.warnings;
        Ok((RowResult::Wanted(WantedRow { warnings, ..wanted }), is_unfinished))
    }

    /// The newest valid certificate that is as planned, and has its files; or that lacks none but those that are delivered elsewhere.
    fn present(
        &self,
        plan: &IssuePlan<'_>,
        delivery: &Delivery,
        index: &mut dyn Lookup,
        (witnesses, margin): (&LazyWitnesses, RenewalMargin),
    ) -> Result<Presence, AuthorityError> {
        let records = index.by_host(plan.host())?;
        let (valid, others): (Vec<Record>, Vec<Record>) = records
            .into_iter()
            .rev()
            .partition(|record| record.is_valid_at(margin.now));
        let newest_other = others.into_iter().next().filter(|_| valid.is_empty());
        let mut wanted = None;
        for record in valid.into_iter().chain(newest_other) {
            let Some(certificate) = self.issued_certificate(&record.serial)? else {
                continue;
            };
            let witnesses = witnesses.get(self)?;
            let mut reasons = compare(plan, &record, &certificate, self.certificate(), margin, witnesses);
            reasons.extend(self.compromised_elsewhere(index, &record, &certificate, witnesses)?);
            if !reasons.is_empty() {
                wanted.get_or_insert(WantedRow {
                    replaces: Some(record.serial),
                    reasons,
                    warnings: Vec::new(),
                });
                continue;
            }
            if let Some((host, warnings)) = self.host_with_files(&certificate, delivery)? {
                return Ok(Presence::Whole(IssuedRow::of(host, &certificate, warnings)));
            }
            let comparison = self.compare_files(plan, delivery, certificate)?;
            if comparison.lacks_delivered_files_only() {
                return Ok(Presence::Undelivered(Box::new(comparison)));
            }
        }
        Ok(Presence::Nothing(wanted.unwrap_or_default()))
    }

    /// The name used for the files of a certificate, if they are all there and hold what they must: the first
    /// one, in the case in which it was typed when it was issued. And which PFX was not looked into.
    fn host_with_files(
        &self,
        certificate: &Certificate,
        delivery: &Delivery,
    ) -> Result<Option<(GeneralName, Vec<Warning>)>, AuthorityError> {
        let Some(host) = certificate.subject_alternative_names().and_then(<[_]>::first) else {
            return Ok(None);
        };
        let mut warnings = Vec::new();
        for place in places(&self.wanted_files(certificate.serial(), host, true, delivery)) {
            match self.look_at(&place, certificate, host, delivery)? {
                Found::Right => {}
                Found::Unopened => warnings.push(Warning::PfxNotOpened { path: place.path }),
                Found::Nothing | Found::Wrong => return Ok(None),
            }
        }
        Ok(Some((host.clone(), warnings)))
    }
}

/// What a host has.
enum Presence {
    /// A certificate as planned, with all its files.
    Whole(IssuedRow),
    /// A certificate as planned, of which files are only to be delivered again.
    Undelivered(Box<Comparison>),
    /// Neither.
    Nothing(WantedRow),
}

impl Batch<'_> {
    fn margin(&self, row: usize, now: OffsetDateTime) -> RenewalMargin {
        RenewalMargin {
            now,
            renew_before: (self.renew_before)(row),
        }
    }

    fn workers(&self, rows: &[usize]) -> usize {
        self.jobs.get().min(rows.len()).min(MAX_JOBS)
    }
}

/// Where results go.
type Results = Sender<(usize, RowResult)>;

/// Runs workers, and passes on what they report as it comes.
fn with_workers(count: usize, work: &(dyn Fn(&Results) + Sync), on: OnRow<'_>) {
    let (results, received) = channel();
    std::thread::scope(|scope| {
        for number in 0..count {
            let own = results.clone();
            // Where the system gives no more threads, those that there are do it all.
            if Builder::new().spawn_scoped(scope, move || work(&own)).is_err() {
                if number == 0 {
                    work(&results);
                }
                break;
            }
        }
        drop(results);
        received.iter().for_each(|(row, result)| on(row, result));
    });
}

/// The rows that are still to be done.
struct Queue<'a> {
    batch: &'a Batch<'a>,
    rows: &'a [usize],
    next: AtomicUsize,
    is_halted: AtomicBool,
    /// Whether to leave off.
    is_interrupted: &'a (dyn Fn() -> bool + Sync),
    /// Whether what would fail for all rows ends it.
    ends_with_faults: bool,
}

impl<'a> Queue<'a> {
    fn new(
        batch: &'a Batch<'a>,
        rows: &'a [usize],
        is_interrupted: &'a (dyn Fn() -> bool + Sync),
        ends_with_faults: bool,
    ) -> Self {
        Self {
            batch,
            rows,
            next: AtomicUsize::new(0),
            is_halted: AtomicBool::new(false),
            is_interrupted,
            ends_with_faults,
        }
    }

    /// The next row; `None` when there is none, or no more is to be begun.
    fn take(&self) -> Option<usize> {
        if self.is_halted() {
            return None;
        }
        self.rows.get(self.next.fetch_add(1, Ordering::Relaxed)).copied()
    }

    /// As many rows as one group may have: near the end so few that every worker gets some.
    fn group_limit(&self) -> usize {
        let left = self.rows.len().saturating_sub(self.next.load(Ordering::Relaxed));
        left.div_ceil(self.batch.workers(self.rows).max(1))
            .clamp(1, MAX_GROUP)
    }

    /// Whether no more is to be begun.
    fn is_halted(&self) -> bool {
        self.is_halted.load(Ordering::Relaxed) || (self.is_interrupted)()
    }

    /// Whether nothing is begun after this result.
    fn is_last(&self, result: &RowResult) -> bool {
        match result {
            RowResult::Failed(error) => {
                self.batch.fail_fast || (self.ends_with_faults && fails_for_all(error))
            }
            _ => false,
        }
    }

    /// No more is begun.
    fn halt(&self) {
        self.is_halted.store(true, Ordering::Relaxed);
    }

    fn report(&self, row: usize, result: RowResult, results: &Results) {
        if self.is_last(&result) {
            self.halt();
        }
        // The receiver stays until the last worker has ended.
        let _ = results.send((row, result));
    }
}

/// Whether what failed for one host fails for the next as well: the lock, the disk, or what is on it.
fn fails_for_all(error: &AuthorityError) -> bool {
    match error {
        AuthorityError::AfterRecord { source, .. } => fails_for_all(source),
        AuthorityError::NotInDate { .. } => true,
        error => error.fault().is_some_and(|fault| fault != FaultKind::Taken),
    }
}

/// The workers' common ground.
struct Issuing<'a> {
    authority: &'a Authority,
    batch: &'a Batch<'a>,
    unlocked: &'a Unlocked,
    queue: Queue<'a>,
    /// The worker that commits holds it: waiting here costs less than repeatedly trying the lock of the
    /// directory.
    committing: Mutex<Committing>,
    witnesses: LazyWitnesses,
    /// Rows for whose subjects a record came after they were examined.
    deferred: Mutex<Group<'a>>,
}

/// What one commit leaves to the next.
#[derive(Default)]
struct Committing {
    /// The last head of the audit log.
    head: Option<AuditHead>,
    /// Up to where the index was looked at; `None` where it is not checked.
    place: Option<Box<dyn Watch>>,
    /// Subjects that other calls have recorded since the rows were examined.
    came: HashSet<String>,
    /// Whether the place was lost, so that any subject may have come.
    is_lost: bool,
    /// What this batch recorded after the place.
    own: HashSet<SerialNumber>,
}

impl Committing {
    /// Under the lock: notes what other calls recorded, and returns whether one of these subjects is among
    /// it.
    fn look(&mut self, subjects: &[String]) -> Result<bool, RecordsError> {
        let Self {
            place: Some(place),
            came,
            own,
            ..
        } = self
        else {
            return Ok(false);
        };
        let is_known = place.advance(&mut |record| {
            if !own.remove(&record.serial) {
                came.insert(record.subject.clone());
            }
        })?;
        self.is_lost |= !is_known;
        Ok(subjects.iter().any(|subject| self.has_come(subject)))
    }

    fn has_come(&self, subject: &str) -> bool {
        self.is_lost || self.came.contains(subject)
    }
}

/// Rows with their keys.
#[derive(Default)]
struct Group<'a> {
    rows: Vec<usize>,
    hosts: Vec<ReadyHost<'a>>,
}

impl<'a> Issuing<'a> {
    fn work(&self, sessions: &WorkerSessions<'_>, results: &Results) {
        let mut worker = sessions.worker();
        loop {
            let mut session = worker.session();
            let (group, is_over) = match self.next_group(session.now, results) {
                ControlFlow::Continue(group) => (group, false),
                ControlFlow::Break(group) => (group, true),
            };
            self.commit(group, &mut session, results);
            if is_over {
                break;
            }
        }
    }

    /// Makes the keys of the next rows; breaks with the last ones.
    fn next_group(&self, now: OffsetDateTime, results: &Results) -> ControlFlow<Group<'a>, Group<'a>> {
        let (mut group, limit, begin) = (Group::default(), self.queue.group_limit(), Instant::now());
        while group.hosts.len() < limit && begin.elapsed() < GROUP_TIME {
            let Some(row) = self.queue.take() else {
                return ControlFlow::Break(group);
            };
            match self.ready(row, now) {
                Ok(host) => {
                    group.rows.push(row);
                    group.hosts.push(host);
                }
                Err(error) => self.queue.report(row, failed(error), results),
            }
        }
        ControlFlow::Continue(group)
    }

    /// Records a group and issues its certificates. Where one host's subject is taken, each is tried alone; a host that another call has
    /// recorded meanwhile is put off.
    fn commit(&self, group: Group<'a>, session: &mut Session<'_>, results: &Results) {
        match self.issue(&group.hosts, session) {
            Ok(Some(issued)) => group
                .rows
                .iter()
                .zip(issued)
                .for_each(|(row, result)| self.queue.report(*row, result, results)),
            Ok(None) => {
                let others = self.put_off(group);
                self.commit(others, session, results);
            }
            Err(error) if error.fault() == Some(FaultKind::Taken) && group.hosts.len() > 1 => {
                for (row, host) in group.rows.into_iter().zip(group.hosts) {
                    self.commit(
                        Group {
                            rows: vec![row],
                            hosts: vec![host],
                        },
                        session,
                        results,
                    );
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                group
                    .rows
                    .iter()
                    .for_each(|row| self.queue.report(*row, RowResult::Failed(error.clone()), results));
            }
        }
    }

    /// Puts off the hosts that other calls have recorded meanwhile; returns the others.
    fn put_off(&self, group: Group<'a>) -> Group<'a> {
        let committing = self.committing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut deferred = self.deferred.lock().unwrap_or_else(PoisonError::into_inner);
        let mut others = Group::default();
        for (row, host) in group.rows.into_iter().zip(group.hosts) {
            let has_come = committing.has_come(&host.plan().subject.openssl_oneline());
            let group = if has_come { &mut *deferred } else { &mut others };
            group.rows.push(row);
            group.hosts.push(host);
        }
        others
    }

    /// Records hosts and issues for them; `None`, and nothing is recorded, where another call has recorded one of them.
    fn issue(
        &self,
        hosts: &[ReadyHost<'_>],
        session: &mut Session<'_>,
    ) -> Result<Option<Vec<RowResult>>, AuthorityError> {
        if hosts.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let Some(reservation) = self.reserve(hosts, session)? else {
            return Ok(None);
        };
        let issued = self.authority.issue_reserved(
            hosts,
            &reservation,
            self.unlocked,
            self.batch.delivery,
            session,
        )?;
        let result = |(issued, host): (Result<IssuedHost, AuthorityError>, &ReadyHost<'_>)| match issued {
            Ok(issued) => self.issued(host, issued),
            Err(error) => failed(error),
        };
        Ok(Some(issued.into_iter().zip(hosts).map(result).collect()))
    }

    fn reserve(
        &self,
        hosts: &[ReadyHost<'_>],
        session: &mut Session<'_>,
    ) -> Result<Option<Reservation>, AuthorityError> {
        let subjects: Vec<String> = hosts
            .iter()
            .map(|host| host.plan().subject.openssl_oneline())
            .collect();
        let mut committing = self.committing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut has_come = || committing.look(&subjects);
        let reservation = self
            .authority
            .reserve_unless(hosts, self.unlocked, session, &mut has_come)?;
        if let Some(reservation) = &reservation {
            committing.head.clone_from(&reservation.audit_head);
            if committing.place.is_some() {
                committing.own.extend(reservation.serials.iter().cloned());
            }
        }
        Ok(reservation)
    }

    fn issued(&self, host: &ReadyHost<'_>, mut issued: IssuedHost) -> RowResult {
        // What is odd about the CA key is said once, and not of each row.
        let of_key = self.unlocked.warnings().len();
        RowResult::Issued(IssuedRow::of(
            host.plan().host().clone(),
            &issued.certificate,
            issued.warnings.split_off(of_key),
        ))
    }

    /// Looks again at the hosts that were put off, one by one, and issues for those that still have none. Returns the last head.
    fn finish(self, sessions: &WorkerSessions<'_>, on: OnRow<'_>) -> Option<AuditHead> {
        let Group { rows, hosts } = self
            .deferred
            .lock()
            .map(|mut group| std::mem::take(&mut *group))
            .unwrap_or_default();
        self.one_by_one(rows.into_iter().zip(hosts.into_iter().map(Some)), sessions, on);
        self.committing
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .head
    }

    /// Looks at rows one by one, and issues for those that have none. `None` in the place of a host: its key is still to be made.
    fn one_by_one(
        &self,
        rows: impl Iterator<Item = (usize, Option<ReadyHost<'a>>)>,
        sessions: &WorkerSessions<'_>,
        on: OnRow<'_>,
    ) {
        let mut worker = sessions.worker();
        for (row, host) in rows {
            if self.queue.is_halted() {
                break;
            }
            let mut session = worker.session();
            let result = self.settle(row, host, &mut session).unwrap_or_else(failed);
            if self.queue.is_last(&result) {
                self.queue.halt();
            }
            on(row, result);
        }
    }

    fn look(&self, plan: &IssuePlan<'_>, margin: RenewalMargin) -> Result<Presence, AuthorityError> {
        let mut index = self.authority.records().lookup()?;
        self.authority.present(
            plan,
            self.batch.delivery,
            index.as_mut(),
            (&self.witnesses, margin),
        )
    }

    /// Finds or makes the certificate of one row. What is only to be delivered again needs no key.
    fn settle(
        &self,
        row: usize,
        host: Option<ReadyHost<'a>>,
        session: &mut Session<'_>,
    ) -> Result<RowResult, AuthorityError> {
        let margin = self.batch.margin(row, session.now);
        let host = match host {
            Some(host) => host,
            None => {
                let plan = self.authority.plan_host((self.batch.order)(row), session.now)?;
                if let Presence::Undelivered(comparison) = self.look(&plan, margin)? {
                    let action = std::mem::replace(&mut session.action, "cert.restore");
                    let delivery = self.batch.delivery;
                    let restored = self
                        .authority
                        .restore_files(*comparison, &plan, delivery, session);
                    session.action = action;
                    restored?;
                }
                match self.look(&plan, margin)? {
                    Presence::Whole(row) => return Ok(RowResult::Present(row)),
                    _ => self.authority.ready_host(plan, self.batch.delivery)?,
                }
            }
        };
        self.once(&host, margin, session)
    }

    fn ready(&self, row: usize, now: OffsetDateTime) -> Result<ReadyHost<'a>, AuthorityError> {
        let plan = self.authority.plan_host((self.batch.order)(row), now)?;
        self.authority.ready_host(plan, self.batch.delivery)
    }

    fn once(
        &self,
        host: &ReadyHost<'_>,
        margin: RenewalMargin,
        session: &mut Session<'_>,
    ) -> Result<RowResult, AuthorityError> {
        let mut look = |plan: &IssuePlan<'_>| {
            Ok(match self.look(plan, margin)? {
                Presence::Whole(row) => Some(row),
                Presence::Undelivered(_) | Presence::Nothing(_) => None,
            })
        };
        Ok(
            match self
                .authority
                .issue_once(host, self.unlocked, self.batch.delivery, session, &mut look)?
            {
                Once::Present(row) => RowResult::Present(row),
                Once::Issued(issued) => {
                    self.committing
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .head
                        .clone_from(&issued.audit_head);
                    self.issued(host, *issued)
                }
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, delivery, in_days, order};
    use gsec_pki::key::KeyAlgorithm;
    use gsec_pki::x509::RevocationReason;

    /// What a row comes to: `present SERIAL`, `wanted REPLACED CODES` or `failed CODE`.
    fn in_words(result: &RowResult) -> String {
        match result {
            RowResult::Present(row) => format!("present {}", row.serial),
            RowResult::Wanted(wanted) => {
                let codes: Vec<&str> = wanted.reasons.iter().map(Deviation::code).collect();
                let replaced = wanted
                    .replaces
                    .as_ref()
                    .map_or_else(|| "-".to_owned(), ToString::to_string);
                format!("wanted {replaced} {}", codes.join("+"))
            }
            RowResult::Failed(error) => format!("failed {}", error.code()),
            RowResult::Issued(row) => format!("issued {}", row.serial),
        }
    }

    /// What the rows of a list come to, each renewed so many days before its end.
    fn examined(site: &Site, orders: &[HostOrder], at: OffsetDateTime, renew_before: i64) -> Vec<String> {
        let delivery = delivery();
        let batch = Batch {
            order: &|row| orders[row].clone(),
            delivery: &delivery,
            jobs: NonZero::<usize>::MIN,
            fail_fast: false,
            examines_all: false,
            renew_before: &|_| time::Duration::days(renew_before),
        };
        let rows: Vec<usize> = (0..orders.len()).collect();
        let mut words = vec![String::new(); orders.len()];
        site.authority
            .examine_batch(&batch, &rows, false, at, &mut |row, result| {
                words[row] = in_words(&result)
            })
            .expect("the records");
        words
    }

    #[test]
    fn each_row_has_what_it_is_to_have_or_says_what_is_not_as_asked_for() {
        let site = Site::new();
        for name in [
            "present.example",
            "revoked.example",
            "keyless.example",
            "again.example",
            "again.example",
        ] {
            site.issue(name);
        }
        let revoked = site
            .authority
            .issued_certificate(&crate::tests::serial("02"))
            .expect("read")
            .expect("a certificate");
        site.revoke(&revoked, RevocationReason::Superseded);
        let key = site
            .authority
            .directory()
            .repository()
            .join("03_keyless_priv_key.pem");
        std::fs::remove_file(key).expect("the key");
        let with = |name: &str, change: fn(&mut HostOrder)| {
            let mut order = order(name);
            change(&mut order);
            order
        };
        let orders = [
            order("present.example"),
            order("new.example"),
            order("revoked.example"),
            order("keyless.example"),
            order("again.example"),
            with("present.example", |order| order.profile = "tls-client".into()),
            with("present.example", |order| {
                order.key = crate::authority::HostKey::Generate(KeyAlgorithm::P384)
            }),
            with("present.example", |order| order.profile = "none".into()),
        ];
        let expected = [
            "present 01",
            "wanted - ",
            "wanted 02 revoked",
            "wanted - ",
            "present 05",
            "wanted 01 extended_key_usage",
            "wanted 01 key_type",
            "failed policy.no_profile",
        ];
        assert_eq!(examined(&site, &orders, in_days(0), 0), expected);
    }

    #[test]
    fn a_row_is_due_as_long_before_its_end_as_it_says() {
        let site = Site::new();
        site.issue("a.example");
        let orders = [order("a.example")];
        for (day, renew_before, expected) in [
            (69, 30, "present 01"),
            (71, 30, "wanted 01 near_expiry"),
            (71, 0, "present 01"),
            (101, 0, "wanted 01 expired"),
        ] {
            assert_eq!(
                examined(&site, &orders, in_days(day), renew_before),
                [expected],
                "day {day}"
            );
        }
    }
}
