//! The server, its backup, the end of the audit log, and the way out of here.

use time::{Duration, OffsetDateTime};

use super::{Condition, Kind, Severity};
use gsec_pki::x509::rfc3339;

/// What is known of the server of a CA directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Served {
    /// Whether a server was seen here before.
    pub was_seen: bool,
    /// Why the front does not answer; `None` where it does.
    pub front_problem: Option<String>,
    /// Why the signer does not answer, or would not sign; `None` where nothing is wrong with it.
    pub signer_problem: Option<String>,
    /// Why the front cannot issue.
    pub unready: Option<String>,
    /// Whether the certificate that the front presents is revoked.
    pub own_certificate_revoked: bool,
    /// What hosts have asked for and should have been taken up a while ago; `None` where the front does not say.
    pub overdue: Option<u64>,
    /// How many names wait to be proven, and how many may, where there is hardly room for more.
    pub crowd: Option<(u64, u64)>,
    /// What is wrong with the signer's journal.
    pub journal_problem: Option<String>,
    /// When the signer was found to have another journal than before.
    pub journal_changed: Option<String>,
}

/// The processes of the server. Where none was ever seen, none is missed.
pub fn of_server(scope: &str, served: &Served) -> Vec<Condition> {
    let mut found = Vec::new();
    let mut add = |slug, severity, title, detail: &str, remedy| {
        let condition = Condition::new(scope, Kind::Server, slug, severity, title);
        found.push(condition.seen(detail).remedy(remedy));
    };
    if let Some(problem) = served.front_problem.as_ref().filter(|_| served.was_seen) {
        add(
            "front-down",
            Severity::Error,
            "The front of the server does not answer: hosts get no certificates",
            problem,
            "Start it: `gsec serve`, or `systemctl start gsec-serve`.",
        );
    }
    if let Some(problem) = served.signer_problem.as_ref().filter(|_| served.was_seen) {
        add(
            "signer-down",
            Severity::Error,
            "Nothing is signed: the signer does not answer, or refuses",
            problem,
            "`gsec serve status` says what to do about it.",
        );
    }
    if let Some(reason) = &served.unready {
        add(
            "not-ready",
            Severity::Error,
            "The server cannot issue",
            reason,
            "Fix that; the front tries again with every request.",
        );
    }
    if served.own_certificate_revoked {
        add(
            "own-certificate-revoked",
            Severity::Warning,
            "The server presents a certificate that is revoked",
            "clients that look at revocations do not talk to it",
            "The server replaces it by itself within seconds; where this stays, its log says why it could not.",
        );
    }
    if let Some(problem) = &served.journal_problem {
        add(
            "journal-damaged",
            Severity::Error,
            "The signer's journal was changed",
            problem,
            "Find out who changed it, and compare certificates with `gsec ca log --verify --journal`.",
        );
    }
    if let Some(at) = &served.journal_changed {
        add(
            "journal-new",
            Severity::Warning,
            "The signer has another journal than before",
            &format!("since {at}; what it signed before is not in it"),
            "If nobody put the old one aside, whoever can write it removed it: compare the repository with the journal of a backup.",
        );
    }
    if let Some(count) = served.overdue.filter(|count| *count > 0) {
        let condition = Condition::new(
            scope,
            Kind::Orders,
            "orders-stuck",
            Severity::Error,
            "What hosts have asked for does not move",
        );
        let detail =
            format!("{count} challenges and orders should have been taken up more than 10 minutes ago");
        let remedy = "The server's log says why; `gsec serve status` shows both processes. Start it again if it says nothing.";
        found.push(condition.seen(detail).remedy(remedy));
    }
    if let Some((waiting, most)) = served.crowd {
        let condition = Condition::new(
            scope,
            Kind::Orders,
            "names-waiting",
            Severity::Warning,
            "There is hardly room for what hosts order",
        );
        let detail = format!("{waiting} of at most {most} names wait to be proven");
        let remedy = "Somebody may order names and not prove them. Raise `pending_names` in serve.toml, or set `external_account_required = true` there.";
        found.push(condition.seen(detail).remedy(remedy));
    }
    found
}

/// That what is found cannot be remembered: a disk that is full, or may not be written.
pub fn of_memory(scope: &str, problem: &str) -> Condition {
    let condition = Condition::new(
        scope,
        Kind::Disk,
        "alarms-not-remembered",
        Severity::Error,
        "What is found cannot be remembered",
    );
    let remedy = "Make room on the disk of the CA directory, or make it writable again. Until then each check of a timer tells everything anew, and a hub hears nothing.";
    condition.seen(problem.to_owned()).remedy(remedy)
}

/// The place where backups are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The file or folder.
    pub path: String,
    /// When the newest file there was written; `None` where there is none.
    pub newest: Option<OffsetDateTime>,
}

/// A day, and an hour for one that takes longer than the day before.
const BACKUP_AGE: Duration = Duration::hours(25);

/// The backup of a place that was named.
pub fn of_backup(scope: &str, backup: &Backup, now: OffsetDateTime) -> Vec<Condition> {
    let detail = match backup.newest {
        Some(newest) if newest + BACKUP_AGE >= now => return Vec::new(),
        Some(newest) => format!("the newest of {} was made {}", backup.path, rfc3339(newest)),
        None => format!("there is none of {}", backup.path),
    };
    let condition = Condition::new(
        scope,
        Kind::Backup,
        "backup-old",
        Severity::Warning,
        "The last backup is older than 25 hours",
    );
    let remedy = "Look why the backup did not run, and run it.";
    vec![condition.seen(detail).remedy(remedy)]
}

/// The end of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastLine {
    /// When it was written; `None` where it does not say.
    pub at: Option<OffsetDateTime>,
    /// Whether the CA key has signed it.
    pub is_sealed: bool,
    /// Whether a server was seen here, which signs what it writes at once.
    pub by_server: bool,
}

/// A commit is signed within this time.
const UNSEALED: Duration = Duration::seconds(60);

/// The end of the audit log, where there is one.
pub fn of_last_line(scope: &str, line: &LastLine, now: OffsetDateTime) -> Vec<Condition> {
    let is_old = line.at.is_none_or(|at| at + UNSEALED <= now);
    // A command that had no use for the key writes without a signature; a server does not.
    if line.is_sealed || !is_old || !line.by_server {
        return Vec::new();
    }
    let condition = Condition::new(
        scope,
        Kind::AuditLog,
        "log-unsealed",
        Severity::Warning,
        "The last line of the audit log has no signature",
    );
    let when = line.at.map_or_else(|| "at an unknown time".into(), rfc3339);
    let detail = format!("it was written {when}");
    let remedy = "The next change signs it too; `gsec ca log --verify` says what that leaves open.";
    vec![condition.seen(detail).remedy(remedy)]
}

/// An hour of attempts is no short failure any more.
const WAITING: Duration = Duration::hours(1);
/// Somebody should know for a day that alarms were lost.
const TOLD: Duration = Duration::days(1);

/// What waits for one sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The sink.
    pub sink: String,
    /// When the first event was queued that it has not got.
    pub since: Option<OffsetDateTime>,
    /// How many wait.
    pub count: u64,
    /// Why the last attempt failed.
    pub problem: Option<String>,
    /// How many were dropped because too many waited, and when the last one was.
    pub dropped: Option<(u64, OffsetDateTime)>,
}

/// The queues.
pub fn of_queues(scope: &str, queues: &[Waiting], now: OffsetDateTime) -> Vec<Condition> {
    let mut found = Vec::new();
    for queue in queues {
        if let Some(since) = queue.since.filter(|since| *since + WAITING <= now) {
            let condition = Condition::new(
                scope,
                Kind::Queue,
                "sink-down",
                Severity::Warning,
                "A sink takes no alarms",
            );
            let reason = queue.problem.as_deref().unwrap_or("nothing is known of why");
            let detail = format!(
                "sink `{}`: {} wait, the first since {}: {reason}",
                queue.sink,
                queue.count,
                rfc3339(since)
            );
            let remedy = "Mend the sink, or its section in watch.toml; what waits is sent then.";
            found.push(condition.about(&queue.sink).seen(detail).remedy(remedy));
        }
        if let Some((count, last)) = queue.dropped.filter(|(_, last)| *last + TOLD > now) {
            let condition = Condition::new(
                scope,
                Kind::Queue,
                "alarms-dropped",
                Severity::Error,
                "Alarms were dropped, because too many waited for a sink",
            );
            let detail = format!("sink `{}`: {count}, the last at {}", queue.sink, rfc3339(last));
            let remedy = "`gsec watch --list` shows what is open; mend the sink.";
            found.push(condition.about(&queue.sink).seen(detail).remedy(remedy));
        }
    }
    found
}

/// A site, and when it was heard last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteHeard {
    /// Its name, as its certificate has it.
    pub name: String,
    /// When; `None` where it never was.
    pub at: Option<OffsetDateTime>,
}

/// The sites of a hub.
pub fn of_sites(
    scope: &str,
    sites: &[SiteHeard],
    silent_after: Duration,
    now: OffsetDateTime,
) -> Vec<Condition> {
    let is_silent = |site: &&SiteHeard| site.at.is_none_or(|at| at + silent_after <= now);
    let silent = sites.iter().filter(is_silent);
    let told = silent.map(|site| {
        let condition = Condition::new(
            scope,
            Kind::SiteSilent,
            "site-silent",
            Severity::Error,
            "A site says nothing to the hub any more",
        );
        let since = site.at.map_or_else(
            || "it was never heard".into(),
            |at| format!("heard last at {}", rfc3339(at)),
        );
        let detail = format!("site {}: {since}", site.name);
        let remedy =
            "Look at the line and at `gsec watch` on that site; what it has found since waits there.";
        condition.about(&site.name).seen(detail).remedy(remedy)
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-12-01 12:00 UTC);

    fn slugs(conditions: &[Condition]) -> Vec<&str> {
        conditions
            .iter()
            .map(|condition| condition.slug.as_str())
            .collect()
    }

    #[test]
    fn a_server_is_missed_only_where_one_was() {
        let gone = Served {
            front_problem: Some("refused".into()),
            signer_problem: Some("refused".into()),
            ..Served::default()
        };
        assert!(of_server("server", &gone).is_empty());
        let gone = Served {
            was_seen: true,
            ..gone
        };
        assert_eq!(slugs(&of_server("server", &gone)), ["front-down", "signer-down"]);
    }

    #[test]
    fn a_server_that_answers_may_be_unwell() {
        let served = Served {
            was_seen: true,
            unready: Some("the disk".into()),
            own_certificate_revoked: true,
            overdue: Some(2),
            crowd: Some((95, 100)),
            journal_problem: Some("line 3".into()),
            ..Served::default()
        };
        let expected = [
            "not-ready",
            "own-certificate-revoked",
            "journal-damaged",
            "orders-stuck",
            "names-waiting",
        ];
        assert_eq!(slugs(&of_server("server", &served)), expected);
        let well = Served {
            was_seen: true,
            overdue: Some(0),
            ..Served::default()
        };
        assert!(of_server("server", &well).is_empty());
    }

    #[test]
    fn a_backup_is_old_after_25_hours() {
        let backup = |newest| Backup {
            path: "/backup".into(),
            newest,
        };
        let rows = [
            (Some(NOW - Duration::hours(25)), 0),
            (Some(NOW - Duration::hours(25) - Duration::SECOND), 1),
            (None, 1),
        ];
        for (newest, count) in rows {
            assert_eq!(
                of_backup("backup", &backup(newest), NOW).len(),
                count,
                "{newest:?}"
            );
        }
    }

    #[test]
    fn a_server_signs_the_last_line_within_a_minute() {
        let line = |seconds, is_sealed, by_server| LastLine {
            at: Some(NOW - Duration::seconds(seconds)),
            is_sealed,
            by_server,
        };
        let rows = [
            (line(60, false, true), 1),
            (line(59, false, true), 0),
            (line(600, true, true), 0),
            (line(600, false, false), 0),
        ];
        for (line, count) in rows {
            assert_eq!(of_last_line("log", &line, NOW).len(), count, "{line:?}");
        }
    }

    #[test]
    fn a_site_is_silent_after_its_time_and_when_it_never_spoke() {
        let site = |at| SiteHeard {
            name: "branch-7".into(),
            at,
        };
        let rows = [(Some(89), 0), (Some(90), 1), (None, 1)];
        for (seconds, count) in rows {
            let at = seconds.map(|seconds| NOW - Duration::seconds(seconds));
            let found = of_sites("sites", &[site(at)], Duration::seconds(90), NOW);
            assert_eq!(found.len(), count, "{seconds:?}");
        }
    }

    #[test]
    fn a_sink_that_takes_nothing_and_one_that_lost_something() {
        let queue = Waiting {
            sink: "ops".into(),
            since: Some(NOW - Duration::hours(1)),
            count: 3,
            problem: Some("refused".into()),
            dropped: Some((2, NOW - Duration::hours(23))),
        };
        let found = of_queues("queues", std::slice::from_ref(&queue), NOW);
        assert_eq!(slugs(&found), ["sink-down", "alarms-dropped"]);
        let later = Waiting {
            since: Some(NOW),
            ..queue
        };
        assert!(
            of_queues("queues", &[later], NOW + Duration::hours(2))
                .iter()
                .all(|one| one.slug == "sink-down")
        );
    }
}
