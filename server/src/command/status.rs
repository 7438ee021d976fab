//! `gsec serve status`: both processes are asked, and the CA directory is read.

use std::io::{self, ErrorKind};
use std::os::unix::net::UnixStream;
use std::path::Path;

use gsec::cli::serve::{ServerError, StatusOrder};
use gsec_ca::authority::{Authority, Signatures};
use gsec_ca::files::FilesError;
use gsec_ca::home::{StoreError, exists};
use gsec_ca::policy::Policy;
use gsec_env::Env;
use gsec_pki::x509::{CrlShard, parse_time, rfc3339};
use gsec_report::{
    ConfinementFacts, FrontFacts, FullProfileFacts, HoldFacts, JournalFacts, ProcessFacts, PublishedCrl,
    ServeStatusReport, ServedFinding, ServedLog, ServedMode,
};
use gsec_signer::{Client, ClientError, Hold, Looked, check_journal, journal_of};
use rustix::fs::{Access, access};
use time::{Duration, OffsetDateTime};

use super::admin_socket::{Answered, Asked, FrontStatus, LOOK_TIMEOUT, ask_within, listener_of, no_answer};
use super::{admin_socket_of, error, failed, socket_of};

/// A certificate of the server itself that ends so soon was not renewed.
const OWN_CERTIFICATE_SOON: Duration = Duration::days(3);

/// What is left to do when what was sealed is not in the log.
const LOG_WENT_BACK: &str = "if it says that the log went back, an older audit log was put in place: put back the newest audit.log, audit.head, ca.db and repository/ that there are; where they are lost, restore a backup into a new directory (`gsec serve restore`), which continues above all serial numbers that may be in use";

/// Where one of these is found, hosts get no certificates, or clients no CRL that counts, or what is signed cannot be accounted for.
const STOPS: [&str; 9] = [
    "front-down",
    "signer-down",
    "signer-refuses",
    "not-ready",
    "orders-stuck",
    "crl-missing",
    "crl-overdue",
    "journal-damaged",
    "log-damaged",
];
/// Refusals of the signer are told of for so long.
const REFUSALS_COUNT: Duration = Duration::days(1);
/// The slug of a journal that is another than before.
pub(super) const JOURNAL_NEW: &str = "journal-new";
/// Another journal is told of for so long.
const CHANGE_COUNTS: Duration = Duration::days(30);

/// Looks at all of it.
pub(super) fn run(order: &StatusOrder, env: &Env) -> Result<ServeStatusReport, ServerError> {
    let now = env.clock.now();
    let authority = Authority::open(order.directory.clone()).map_err(|error| failed(error.code(), &error))?;
    let (front, said) = front(&admin_socket_of(&order.directory))?;
    let asked_at = order.socket.clone();
    let asked_at = asked_at.or_else(|| said.as_ref().map(|said| said.signer.clone()));
    let (signer, looked) = signer(&socket_of(&order.directory, asked_at))?;
    let decides_otherwise = looked
        .as_ref()
        .is_some_and(|looked| !looked.decides_by(authority.policy_text()));
    let crl = authority
        .present_crl()
        .map_err(|error| failed(error.code(), &error))?
        .map(|crl| PublishedCrl {
            this_update: rfc3339(crl.this_update()),
            next_update: crl.next_update().map(rfc3339),
            overdue: crl.next_update().is_some_and(|next| next <= now),
        });
    let mut not_checked = Vec::new();
    let path = order.journal.clone();
    let path = path.unwrap_or_else(|| journal_of(&order.directory));
    let is_readable = exists(&path).and_then(|is_there| match is_there {
        true => access(&path, Access::READ_OK)
            .map(|()| true)
            .map_err(|errno| StoreError::io("read", &path)(errno.into())),
        false => Ok(false),
    });
    let journal = match is_readable {
        Ok(true) => Some(journal(&path)),
        Ok(false) => {
            not_checked.push(format!(
                "the signer's journal, which is not at {}: `--journal FILE` says where it is",
                path.display()
            ));
            None
        }
        Err(error) => {
            let ServerError { message, causes, .. } = failed(error.code(), &error);
            let mut why: Vec<String> = std::iter::once(message).chain(causes).collect();
            if is_forbidden(&error) {
                why = vec![format!(
                    "{}: this user may not look at it; type the same as root, or as the signer's user",
                    path.display()
                )];
            }
            not_checked.push(format!("the signer's journal: {}", why.join(": ")));
            None
        }
    };
    if said.is_none() {
        not_checked.push("names, orders and the server's own certificate: the front does not answer".into());
    }
    let mut report = ServeStatusReport {
        ca_dir: order.directory.root().display().to_string(),
        serving: false,
        mode: mode(&front, &signer),
        front,
        signer,
        front_confinement: said
            .as_ref()
            .and_then(|said| said.confinement.as_ref())
            .map(|of| confinement(of.each())),
        signer_confinement: looked
            .and_then(|looked| looked.confinement())
            .as_ref()
            .map(|of| confinement(of.each())),
        served: said.map(served),
        crl,
        journal,
        log: settled_log(&authority, now)?,
        findings: Vec::new(),
        not_checked,
    };
    let wanted_shards = match authority.policy().is_ok_and(Policy::could_name_shards) {
        true => authority.wanted_shards(now),
        false => Ok(None),
    };
    let wanted_shards = wanted_shards.map_err(|error| failed(error.code(), &error))?;
    // A signer with a directory of its own has it there, and its socket is a link here.
    let socket = socket_of(&order.directory, None);
    let is_here = socket.symlink_metadata().is_ok_and(|found| !found.is_symlink());
    let has_key_here = report.signer.answers && order.socket.is_none() && is_here;
    let is_key_gone = has_key_here && exists(&order.directory.ca_key()).is_ok_and(|is_there| !is_there);
    report.findings = findings(&report, wanted_shards, is_key_gone, now);
    if decides_otherwise {
        report.findings.push(ServedFinding {
            severity: severity("policy-differs"),
            slug: "policy-differs",
            message: format!(
                "the signer's gsec.toml differs from {}",
                order.directory.policy().display()
            ),
            remedy: "copy the signer's over it; until then a request that the signer refuses uses up a serial number, and its client gets no certificate"
                .into(),
        });
    }
    report.serving = !report
        .findings
        .iter()
        .any(|finding| STOPS.contains(&finding.slug));
    Ok(report)
}

/// Of a server that this user may not ask nothing can be said.
fn connected(socket: &Path) -> Result<io::Result<UnixStream>, ServerError> {
    match UnixStream::connect(socket) {
        Err(refused) if refused.kind() == ErrorKind::PermissionDenied => Err(ServerError {
            hints: vec!["type the same as root, or as the user of the server".into()],
            ..error(
                "serve.status",
                format!(
                    "this user may not ask the server: cannot connect to {}: {refused}",
                    socket.display()
                ),
            )
        }),
        connected => Ok(connected),
    }
}

/// Whether it is there or not, this user may not know.
fn is_forbidden(error: &StoreError) -> bool {
    matches!(error, StoreError::Files(FilesError::Io { source, .. }) if source.kind() == ErrorKind::PermissionDenied)
}

/// Root's front has a way to everything.
fn mode(front: &ProcessFacts, signer: &ProcessFacts) -> Option<ServedMode> {
    let (front, signer) = (front.user?, signer.user?);
    Some(match front == signer || front == 0 {
        true => ServedMode::OneUser,
        false => ServedMode::TwoUsers,
    })
}

fn front(socket: &Path) -> Result<(ProcessFacts, Option<FrontStatus>), ServerError> {
    let mut listener = None;
    let answered = connected(socket)?
        .and_then(|stream| {
            listener = listener_of(&stream);
            ask_within(LOOK_TIMEOUT, stream, &Asked::Status)
        })
        .map_err(|error| no_answer(&error, listener.map(|(_, process)| process)))
        .and_then(|answer| match answer {
            Answered::Status { of } => Ok(*of),
            Answered::Refused { reason } => Err(reason),
            Answered::Changed { .. } | Answered::Copied { .. } => {
                Err("it does not answer what was asked".into())
            }
        });
    let facts = ProcessFacts {
        answers: answered.is_ok(),
        socket: socket.display().to_string(),
        pid: listener.map(|(_, process)| process),
        user: listener.map(|(user, _)| user).filter(|_| answered.is_ok()),
        problem: answered.as_ref().err().cloned(),
    };
    Ok((facts, answered.ok()))
}

/// The signer, and what it says of itself where it would sign.
fn signer(socket: &Path) -> Result<(ProcessFacts, Option<Looked>), ServerError> {
    let listener = connected(socket)?.ok().and_then(|stream| listener_of(&stream));
    let process = listener.map(|(_, process)| process);
    let looked = Client::look(socket);
    let answers = matches!(looked, Ok(_) | Err(ClientError::Refused { .. }));
    let problem = looked.as_ref().err().map(|error| match error {
        ClientError::Unreachable { source, .. } => no_answer(source, process),
        ClientError::Refused { reason, .. } => reason.clone(),
        error => error.to_string(),
    });
    let facts = ProcessFacts {
        answers,
        socket: socket.display().to_string(),
        pid: process,
        user: listener.map(|(user, _)| user).filter(|_| answers),
        problem,
    };
    Ok((facts, looked.ok()))
}

fn facts(hold: &Hold) -> HoldFacts {
    let (in_force, missing) = match hold {
        Hold::Whole => ("whole", None),
        Hold::Part(missing) => ("part", Some(missing.clone())),
        Hold::No(why) => ("no", Some(why.clone())),
    };
    HoldFacts { in_force, missing }
}

fn confinement<'a>(holds: impl IntoIterator<Item = (&'static str, &'a Hold)>) -> ConfinementFacts {
    let holds = holds.into_iter().map(|(name, hold)| (name, facts(hold)));
    ConfinementFacts(holds.collect())
}

fn served(said: FrontStatus) -> FrontFacts {
    FrontFacts {
        version: said.version,
        names: said.names,
        acme: said.acme,
        crl: said.crl,
        ocsp: said.ocsp,
        ca_certificate: said.ca_certificate,
        since: said.since,
        unready: said.unready,
        journal_changed: said.journal_changed,
        grants: said.grants,
        waiting_names: said.waiting_names,
        most_waiting_names: said.most_waiting_names,
        full_profiles: said
            .full_profiles
            .into_iter()
            .map(|full| FullProfileFacts {
                profile: full.profile,
                max_per_hour: full.max_per_hour,
                room_at: full.room_at,
            })
            .collect(),
        pending_orders: said.pending_orders,
        overdue: said.overdue,
        own_certificate_end: said.own_certificate_end,
        own_certificate_revoked: said.own_certificate_revoked,
    }
}

/// A signer that writes meanwhile may have half a line there: then once more.
fn journal(path: &Path) -> JournalFacts {
    let check = check_journal(path).or_else(|_| check_journal(path));
    let (problem, check) = match check {
        Ok(check) => (None, check),
        Err(error) => (Some(error.to_string()), Default::default()),
    };
    JournalFacts {
        path: path.display().to_string(),
        lines: check.lines,
        certificates: check.certificates.len() as u64,
        refused: check.refused,
        last_refused: check.last_refused.map(rfc3339),
        problem,
    }
}

/// How long a commit that is under way may take to have its record too.
const SETTLED: std::time::Duration = std::time::Duration::from_millis(300);

/// What is wrong while a server writes may be half of a commit: then once more.
fn settled_log(authority: &Authority, now: OffsetDateTime) -> Result<ServedLog, ServerError> {
    let found = log(authority, now)?;
    if found.problem.is_none() {
        return Ok(found);
    }
    std::thread::sleep(SETTLED);
    log(authority, now)
}

/// The log as a whole, and whether the records have what it tells.
fn log(authority: &Authority, now: OffsetDateTime) -> Result<ServedLog, ServerError> {
    let check = authority
        .check_log(None, Signatures::Last, now)
        .map_err(|error| failed(error.code(), &error))?;
    let today = now.date().to_string();
    let mut issued_today = 0;
    let looked = authority
        .records()
        .audit_lines_with(&["\"acme_order\":"], &mut |fields| {
            issued_today += u64::from(fields.time.starts_with(&today));
        });
    looked.map_err(|error| failed("records", &error))?;
    let lost = check.lost.named().iter().map(ToString::to_string);
    let missing = check.without_record.named().iter().map(|told| {
        format!(
            "serial {} was announced, but ca.db has no record of it",
            told.serial
        )
    });
    Ok(ServedLog {
        lines: check.lines,
        last_sealed: check.unsigned_at_end == 0,
        issued_today,
        problem: check
            .problems
            .iter()
            .map(ToString::to_string)
            .chain(lost)
            .chain(missing)
            .next(),
    })
}

fn severity(slug: &str) -> &'static str {
    match STOPS.contains(&slug) {
        true => "error",
        false => "notice",
    }
}

/// How many names wait to be proven, and how many may, where there is hardly room for more.
pub(super) fn crowd(served: &FrontFacts) -> Option<(u64, u64)> {
    let (waiting, most) = (served.waiting_names, served.most_waiting_names);
    (most > 0 && waiting >= most - most / 10).then_some((waiting, most))
}

fn findings(
    report: &ServeStatusReport,
    wanted_shards: Option<u16>,
    is_key_gone: bool,
    now: OffsetDateTime,
) -> Vec<ServedFinding> {
    let mut findings = Vec::new();
    let mut add = |slug, message: String, remedy: &str| {
        findings.push(ServedFinding {
            severity: severity(slug),
            slug,
            message,
            remedy: remedy.into(),
        });
    };
    if !report.front.answers {
        add(
            "front-down",
            match report.front.pid {
                Some(pid) => format!(
                    "the front, process {pid}, runs, but does not answer: hosts get no certificates from here"
                ),
                None => {
                    "no front answers: hosts get no certificates from here, and the CRL is not served".into()
                }
            },
            match report.front.pid {
                Some(_) => {
                    "restart it: `systemctl restart gsec-serve`, or end `gsec serve` and start it again"
                }
                None => "start it: `gsec serve`, or `systemctl start gsec-serve`",
            },
        );
    }
    if !report.signer.answers {
        add(
            "signer-down",
            match report.signer.pid {
                Some(pid) => {
                    format!("the signer, process {pid}, runs, but does not answer")
                }
                // A front that was connected before its socket was removed may still be answered.
                None => "no signer answers at its socket".into(),
            },
            match report.signer.pid {
                Some(_) => {
                    "restart it: `systemctl restart gsec-signer`, or end `gsec serve` and start it again"
                }
                None => "start it: `gsec serve`, or `systemctl start gsec-signer`",
            },
        );
    } else if let Some(reason) = &report.signer.problem {
        add(
            "signer-refuses",
            format!("the signer would sign nothing: {reason}"),
            LOG_WENT_BACK,
        );
    }
    if let Some(reason) = report.served.as_ref().and_then(|served| served.unready.as_ref()) {
        add(
            "not-ready",
            format!("the front cannot issue: {reason}"),
            "fix that; the front tries again with every request",
        );
    }
    if let Some(served) = report.served.as_ref().filter(|served| served.overdue > 0) {
        add(
            "orders-stuck",
            format!(
                "{} challenges and orders should have been taken up more than 10 minutes ago",
                served.overdue
            ),
            "the front's log says why; start it again if it says nothing",
        );
    }
    let changed = report
        .served
        .as_ref()
        .and_then(|served| served.journal_changed.as_deref());
    if let Some(at) = changed
        .and_then(parse_time)
        .filter(|at| now - *at < CHANGE_COUNTS)
    {
        add(
            JOURNAL_NEW,
            format!(
                "the signer has another journal since {}: what it signed before is not in it",
                rfc3339(at)
            ),
            "if nobody put the old one aside, whoever can write it removed it: compare the repository with a journal of a backup",
        );
    }
    if let Some((waiting, most)) = report.served.as_ref().and_then(crowd) {
        let soon = if waiting < most { "soon " } else { "" };
        add(
            "names-waiting",
            format!(
                "{waiting} of at most {most} names wait to be proven: {soon}no account can order other names"
            ),
            "raise `pending_names` in serve.toml and start the server again, or wait: a name that is not proven is given up after `order_hours`",
        );
    }
    if report.served.as_ref().is_some_and(|served| served.grants == 0) {
        add(
            "nothing-granted",
            "nothing is granted: no host gets a certificate".into(),
            "grant names: `gsec serve grant add --name example.com`",
        );
    }
    if let Some(count) = wanted_shards {
        add(
            "crl-in-one-piece",
            format!(
                "the CA has {} certificates or more that have not expired, and its CRL is in one piece",
                CrlShard::MANY
            ),
            &format!(
                "add `crl_shards = {count}` to gsec.toml: certificates issued from then on name a part of it"
            ),
        );
    }
    match &report.crl {
        None => add(
            "crl-missing",
            "there is no CRL".into(),
            "make one: `gsec crl update`",
        ),
        Some(crl) if crl.overdue => add(
            "crl-overdue",
            format!(
                "the CRL was to be replaced at {}",
                crl.next_update.as_deref().unwrap_or_default()
            ),
            "make one: `gsec crl update`; a server that runs does so by itself",
        ),
        Some(_) => {}
    }
    if let Some(journal) = &report.journal {
        if let Some(problem) = &journal.problem {
            add(
                "journal-damaged",
                format!("the signer's journal: {problem}"),
                "find out who changed it; compare certificates with `gsec ca log --verify --journal`",
            );
        }
        let last = journal.last_refused.as_deref().and_then(parse_time);
        if let Some(last) = last.filter(|last| now - *last < REFUSALS_COUNT) {
            add(
                "signer-refused",
                format!(
                    "the signer has refused {} requests in all, the last one at {}",
                    journal.refused,
                    rfc3339(last)
                ),
                "its journal says which, and why: an error in gsec.toml, a CA key that it cannot open any more, or a front that was taken over",
            );
        }
    }
    if let Some(problem) = &report.log.problem {
        add(
            "log-damaged",
            format!("the audit log and the records are not as they were written: {problem}"),
            "`gsec ca log --verify` says all of it, and `gsec doctor` what to do",
        );
    }
    if report.log.lines > 0 && !report.log.last_sealed {
        add(
            "log-unsealed",
            "the last line of the audit log has no signature".into(),
            "the next change signs it too; `gsec ca log --verify` says what that leaves open",
        );
    }
    if report
        .served
        .as_ref()
        .is_some_and(|served| served.own_certificate_revoked)
    {
        add(
            "own-certificate-revoked",
            "the certificate that the server presents is revoked".into(),
            "it replaces it by itself; where this stays, its log says why it could not",
        );
    }
    if is_key_gone {
        add(
            "key-missing",
            "the file with the CA key is not there: the signer still has the key, and will not once it is started again".into(),
            "put the file back, from a backup where it is lost",
        );
    }
    let own = report.served.as_ref().map(|served| &served.own_certificate_end);
    let end = own.and_then(|end| parse_time(end.as_deref()?));
    if let Some(end) = end.filter(|end| *end - now < OWN_CERTIFICATE_SOON) {
        add(
            "own-certificate-ends",
            match end > now {
                true => format!("the server's own certificate ends at {}", rfc3339(end)),
                false => format!(
                    "the server's own certificate ended at {}: no client accepts it",
                    rfc3339(end)
                ),
            },
            "it renews it by itself; its log says why it could not",
        );
    }
    findings
}
