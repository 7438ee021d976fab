//! The audit log and the CRLs.

use time::Duration;

use super::*;
use crate::checks::Finding;
use gsec_pki::encoding::sample::Sample;
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::encoding::visible::visible;
use gsec_pki::key::SignatureCheck;
use gsec_pki::x509::{CrlShard, KeyUsage, SerialNumber, rfc3339};

/// The next CRL is due soon when this much of the time between two is left.
const DUE_SOON: i32 = 6;

pub(super) fn audit_log(facts: &Facts) -> Vec<Finding> {
    let path = &facts.paths.audit_log;
    let log = match &facts.log {
        // The old scripts kept none.
        Part::Missing if !facts.is_adopted => return Vec::new(),
        Part::Missing => {
            let finding = facts.about(&AUDIT_LOG_MISSING, path, "it does not exist");
            return vec![finding.advise("Restore it from a backup.").advise(
                "If there is none, the next change of the CA starts a new one, which permanently \
                         records that the old one was lost.",
            )];
        }
        Part::Unreadable(problem) => {
            return vec![
                facts
                    .about(&AUDIT_CHAIN_BROKEN, path, problem)
                    .look(facts.gsec("ca log --verify")),
            ];
        }
        Part::Irregular | Part::Forbidden => return Vec::new(),
        Part::Read(log) => log,
    };
    let mut found = Vec::new();
    if let Some(problem) = &log.broken {
        let finding = facts.about(&AUDIT_CHAIN_BROKEN, path, problem);
        found.push(finding.look(facts.gsec("ca log --verify --all-signatures")));
    }
    if log.is_torn {
        found.push(facts.fixed(
            facts.about(&AUDIT_LOG_TORN, path, "it does not end with a line feed"),
            CaFix::SetTornLinesAside,
        ));
    }
    if !log.unannounced.is_empty() || !log.unannounced_revocations.is_empty() {
        found.push(not_announced(facts, log));
    }
    found
}

/// Which of two clocks is wrong: where more than the CRL is later than now, this machine's.
pub(super) fn clock(facts: &Facts) -> Vec<Finding> {
    if facts.later.is_empty() {
        return Vec::new();
    }
    let later: Vec<String> = facts
        .later
        .iter()
        .map(|later| format!("{} is from {}", later.what, rfc3339(later.at)))
        .collect();
    let verdict = match facts.later.iter().all(|later| later.is_crl) {
        true => "only the CRL is later: it was made while the clock was ahead",
        false => "this machine's clock is behind, unless all of this was made while the clock was ahead",
    };
    let seen = format!(
        "this machine's clock says {}; {}: {verdict}",
        rfc3339(facts.now),
        later.join(", ")
    );
    let finding = facts
        .about(&CLOCK_BEHIND, &facts.paths.root, seen)
        .look(CommandLine::new("date -u"));
    // Where more than the CRL is later, this clock is the likelier one to be wrong, and what is made under it would be wrong as well.
    vec![match facts.later.iter().all(|later| later.is_crl) {
        true => finding.fix(facts.gsec("crl update --allow-earlier")),
        false => finding
            .advise(Prose::new("If this clock is right: ").typed(&facts.gsec("crl update --allow-earlier"))),
    }]
}

/// `openssl ca` is not forbidden, and writes no log. `--fix` has the log tell how the records were found, where nothing speaks against the log
/// itself; their author is unknown.
fn not_announced(facts: &Facts, log: &Log) -> Finding {
    let mut seen = Vec::new();
    for (serials, what) in [
        (&log.unannounced, "recorded"),
        (&log.unannounced_revocations, "revoked"),
    ] {
        if !serials.is_empty() {
            seen.push(format!(
                "{what} without a line: serial {}",
                serials.listed(Clone::clone)
            ));
        }
    }
    seen.push(match (&log.broken, log.end_is_vouched_for) {
        (Some(_), _) => "lines of the log are missing or changed, and theirs may be among them".into(),
        (None, true) => "the log is as long as the CA key signed in audit.head: another program did it, such \
             as `openssl ca`, or log and audit.head were reset to an earlier state, which they \
             do not show".into(),
        (None, false) => {
            "another program did it, such as `openssl ca`, or lines were cut off at the end of the log, which this log does not show".into()
        }
    });
    let finding = facts.about(&RECORDS_NOT_ANNOUNCED, &facts.paths.audit_log, seen.join("; "));
    match log.broken {
        Some(_) => finding.look(facts.gsec("ca log --verify")),
        None => facts.fixed(finding, CaFix::TakeIntoLog),
    }
}

pub(super) fn crls(facts: &Facts) -> Vec<Finding> {
    facts
        .crls
        .iter()
        .flat_map(|crl| {
            let old = old(facts, crl);
            // What was released since, an old CRL does not say.
            let is_said = |finding: &Finding| old.is_some() && finding.entry.slug == CRL_OUTDATED.slug;
            let other = finding_of(facts, crl).filter(|finding| !is_said(finding));
            old.into_iter().chain(other).collect::<Vec<_>>()
        })
        .collect()
}

pub(super) fn crl_parts(facts: &Facts) -> Vec<Finding> {
    let parts = &facts.faulty_crl_parts;
    if parts.is_empty() {
        return Vec::new();
    }
    let seen = parts.listed(|(path, problem)| format!("{} {problem}", visible(path)));
    vec![remade(facts, facts.about(&CRL_PARTS, &facts.paths.crl, seen))]
}

pub(super) fn crl_in_one_piece(facts: &Facts) -> Vec<Finding> {
    let live = facts.index.read().map_or(0, |index| index.live);
    let Some(count) = CrlShard::count_for(live).filter(|_| facts.names_whole_crl) else {
        return Vec::new();
    };
    let seen = format!("{live} certificates have not expired; `crl_shards = {count}` is enough for them");
    vec![facts.about(&CRL_IN_ONE_PIECE, &facts.paths.policy, seen)]
}

/// That the audit log records a later CRL. Former keys sign none any more when their root has ended.
fn old(facts: &Facts, crl: &Crl) -> Option<Finding> {
    let content = crl.part.read().filter(|_| crl.is_current)?;
    let (number, log) = (content.number.as_ref()?, facts.log.read()?);
    let last = log.crl_number.as_ref().filter(|last| number < *last)?;
    let is_own = content.signature != Some(SignatureCheck::Bad);
    let seen = format!("it has number {number}, and the last one in the audit log has number {last}");
    is_own.then(|| remade(facts, facts.about(&CRL_OLD, &crl.path, seen)))
}

/// The most serious fault of a CRL; a new CRL fixes all of them.
fn finding_of(facts: &Facts, crl: &Crl) -> Option<Finding> {
    let revoked = facts.index.read().map_or(0, |index| index.revoked);
    let about = |entry, seen: String| facts.about(entry, &crl.path, seen);
    let content = match &crl.part {
        Part::Missing if revoked == 0 => return not_made(facts, crl),
        Part::Missing => {
            return Some(remade(
                facts,
                about(&CRL_MISSING, format!("revoked certificates: {revoked}")),
            ));
        }
        Part::Unreadable(problem) => return Some(remade(facts, about(&CRL_DAMAGED, problem.clone()))),
        Part::Irregular | Part::Forbidden => return None,
        Part::Read(content) => content,
    };
    let (from, to) = (content.this_update, content.next_update);
    let finding = if content.signature == Some(SignatureCheck::Bad) {
        about(&CRL_OF_ANOTHER_KEY, "it is not signed by the CA key".into())
    } else if !content.missing.is_empty() {
        let serials = content.missing.listed(ToString::to_string);
        about(
            &CRL_INCOMPLETE,
            format!("it was made at {} and lacks serial {serials}", rfc3339(from)),
        )
    } else if let Some(serials) = no_longer_on_hold(facts, content) {
        about(
            &CRL_OUTDATED,
            format!(
                "it was made at {} and lists as on hold serial {serials}",
                rfc3339(from)
            ),
        )
    } else if let Some(next) = to.filter(|next| *next < facts.now) {
        about(&CRL_OVERDUE, format!("the next was due at {}", rfc3339(next)))
    } else if content.signature == Some(SignatureCheck::Unsupported) {
        let seen = format!(
            "its signature ({}) could not be checked: gsec does not support it",
            visible(&content.signature_algorithm)
        );
        about(&CRL_UNCHECKED, seen)
    } else if let Some(next) = to.filter(|next| is_due_soon(*next - from, *next - facts.now)) {
        about(&CRL_DUE_SOON, format!("the next is due at {}", rfc3339(next)))
    } else {
        about(&CRL_FORM, what_it_lacks(content)?)
    };
    Some(remade(facts, finding))
}

/// Nothing is revoked, and clients ask for the CRL all the same.
fn not_made(facts: &Facts, crl: &Crl) -> Option<Finding> {
    let live = facts.index.read().map_or(0, |index| index.live);
    if live == 0 || !crl.is_current || facts.crl_addresses.is_empty() {
        return None;
    }
    let seen = format!(
        "it does not exist; certificates that have not expired: {live}; `crl_addresses` in gsec.toml: {}",
        facts.crl_addresses.listed(|address| visible(address))
    );
    Some(remade(facts, facts.about(&CRL_NOT_MADE, &crl.path, seen)))
}

/// Serial numbers that a CRL lists as on hold and `ca.db` does not; what `ca.db` may have lost is another finding.
fn no_longer_on_hold(facts: &Facts, crl: &CrlContent) -> Option<String> {
    let index = facts.index.read()?;
    let lost = |serial: &&SerialNumber| {
        let mut all = index.lost_revocations.first.iter();
        all.any(|one| one.serial == **serial)
    };
    let known = crl.not_on_hold.first.iter().filter(|serial| !lost(serial));
    let mut sample: Sample<SerialNumber> = known.cloned().collect();
    if !sample.is_empty() {
        sample.count += crl.not_on_hold.count - crl.not_on_hold.first.len() as u64;
    }
    (!sample.is_empty()).then(|| sample.listed(ToString::to_string))
}

/// What a CRL of another program lacks, and some peers ask for.
fn what_it_lacks(content: &CrlContent) -> Option<String> {
    let lacks = [
        (content.version == 1).then_some("it is version 1, which rustls cannot read"),
        content.next_update.is_none().then_some(
            "it has no nextUpdate, so it is unknown whether it is out of date: rustls and Java \
                 cannot use it",
        ),
        content
            .number
            .is_none()
            .then_some("it has no number, so an older CRL cannot be told from a newer one"),
    ];
    let lacks: Vec<&str> = lacks.into_iter().flatten().collect();
    (!lacks.is_empty()).then(|| lacks.join("; "))
}

fn is_due_soon(interval: Duration, left: Duration) -> bool {
    left < interval / DUE_SOON
}

/// `--fix` makes a new CRL only where the key needs no passphrase.
fn remade(facts: &Facts, finding: Finding) -> Finding {
    // With such a CA certificate no CRL can be made: another finding says so.
    if facts
        .certificate()
        .is_some_and(|certificate| !certificate.lets_key(KeyUsage::CRL_SIGN))
    {
        return finding.advise("First the CA needs a certificate whose keyUsage has cRLSign.");
    }
    let finding = finding.fix(facts.gsec("crl update"));
    if matches!(facts.key, Part::Read(KeyState::Open { .. })) {
        facts.fixed_automatically(finding, CaFix::UpdateCrl)
    } else {
        finding
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{each, findings, fixes, number, sample, serial};
    use super::*;
    use crate::checks::tests::certificates::{self, Identity, in_days, now};
    use crate::checks::tests::help_of;
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};
    use rcgen::KeyUsagePurpose;

    #[test]
    fn audit_log_that_does_not_tell_everything() {
        each(&[
            (
                "it is gone",
                |facts| facts.log = Part::Missing,
                &[("audit-log-missing", Error, "audit.log: it does not exist")],
            ),
            (
                "the old scripts kept none",
                |facts| (facts.log, facts.is_adopted) = (Part::Missing, false),
                &[],
            ),
            (
                "it is no log",
                |facts| facts.log = Part::Unreadable("it is no JSON".into()),
                &[("audit-chain-broken", Error, "it is no JSON")],
            ),
            (
                "a line was changed",
                |facts| facts.log_mut().broken = Some("line 7 was changed".into()),
                &[("audit-chain-broken", Error, "line 7 was changed")],
            ),
            (
                "the last line was cut off",
                |facts| facts.log_mut().is_torn = true,
                &[("audit-log-torn", Notice, "does not end with a line feed")],
            ),
            (
                "a record is not announced in a log that is as long as it was",
                |facts| facts.log_mut().unannounced = sample(["02".into()]),
                &[(
                    "records-not-announced",
                    Notice,
                    "recorded without a line: serial 02; the log is as long as",
                )],
            ),
            (
                "a revocation is not announced, and the log may have been cut",
                |facts| {
                    let log = facts.log_mut();
                    (log.unannounced_revocations, log.end_is_vouched_for) = (sample(["02".into()]), false);
                },
                &[(
                    "records-not-announced",
                    Notice,
                    "revoked without a line: serial 02; another program did it, such as `openssl ca`, or lines were cut off",
                )],
            ),
        ]);
    }

    #[test]
    fn log_is_added_to_only_where_nothing_speaks_against_it() {
        let unannounced = |facts: &mut Facts| facts.log_mut().unannounced = sample(["02".into()]);
        assert_eq!(fixes(unannounced), [Some(CaFix::TakeIntoLog)]);
        assert_eq!(
            fixes(|facts| {
                unannounced(facts);
                facts.log_mut().broken = Some("line 7 was changed".into());
            }),
            [None, None]
        );
        assert_eq!(
            fixes(|facts| facts.log_mut().is_torn = true),
            [Some(CaFix::SetTornLinesAside)]
        );
    }

    fn later(is_crl: bool) -> Later {
        Later {
            what: if is_crl { "the CRL" } else { "ca.db" }.into(),
            is_crl,
            at: in_days(3),
        }
    }

    #[test]
    fn something_is_from_the_future() {
        each(&[
            (
                "the CRL alone",
                |facts| facts.later = vec![later(true)],
                &[(
                    "clock-behind",
                    Error,
                    "the CRL is from 2030-03-30T00:00:00Z: only the CRL is later",
                )],
            ),
            (
                "the CRL and ca.db",
                |facts| facts.later = vec![later(true), later(false)],
                &[("clock-behind", Error, "this machine's clock is behind")],
            ),
        ]);
        let help = |later: Vec<Later>| help_of(&findings(|facts| facts.later = later)[0]);
        assert!(help(vec![later(true)]).contains("fix: gsec crl update --allow-earlier"));
        assert!(
            !help(vec![later(true), later(false)]).contains("fix: "),
            "the clock may be wrong"
        );
    }

    #[test]
    fn parts_of_the_crl_are_looked_at_and_asked_for_where_there_are_many_certificates() {
        let many = |facts: &mut Facts| facts.index_mut().live = 10_000;
        each(&[
            (
                "a part is missing",
                |facts| facts.faulty_crl_parts = sample([("ca-2-1.crl".to_owned(), "is missing".to_owned())]),
                &[("ca-crl-parts", Warning, "ca-2-1.crl is missing")],
            ),
            (
                "10,000 certificates, and they name the whole CRL",
                |facts| facts.index_mut().live = 10_000,
                &[("ca-crl-in-one-piece", Notice, "`crl_shards = 16`")],
            ),
            ("one less", |facts| facts.index_mut().live = 9_999, &[]),
        ]);
        let in_parts = findings(|facts| {
            many(facts);
            facts.names_whole_crl = false;
        });
        assert!(in_parts.is_empty());
    }

    #[test]
    fn crl_that_clients_do_not_accept_or_do_not_have() {
        each(&[
            (
                "it is gone, and nothing is revoked",
                |facts| {
                    facts.crls[0].part = Part::Missing;
                    facts.index_mut().revoked = 0;
                },
                &[],
            ),
            (
                "it is gone, and a certificate is revoked",
                |facts| facts.crls[0].part = Part::Missing,
                &[("ca-crl-missing", Warning, "ca_crl.pem: revoked certificates: 1")],
            ),
            (
                "it is no CRL",
                |facts| facts.crls[0].part = Part::Unreadable("it is empty".into()),
                &[("ca-crl-damaged", Error, "it is empty")],
            ),
            (
                "another key signed it, and it is overdue as well",
                |facts| {
                    let crl = facts.crl_mut();
                    (crl.signature, crl.next_update) = (Some(SignatureCheck::Bad), Some(in_days(-1)));
                },
                &[("ca-crl-of-another-key", Error, "not signed by the CA key")],
            ),
            (
                "the log has a later one",
                |facts| {
                    facts.log_mut().crl_number = Some(serial(2));
                    facts.crl_number = number("03");
                },
                &[(
                    "ca-crl-old",
                    Error,
                    "it has number 01, and the last one in the audit log has number 02",
                )],
            ),
            (
                "its signature is of an algorithm that is not known",
                |facts| facts.crl_mut().signature = Some(SignatureCheck::Unsupported),
                &[(
                    "ca-crl-unchecked",
                    Warning,
                    "its signature (sha224WithRSAEncryption) could not be checked: gsec does not support it",
                )],
            ),
            (
                "it lacks a revoked certificate, and its signature cannot be checked",
                |facts| {
                    facts.crl_mut().signature = Some(SignatureCheck::Unsupported);
                    facts.crl_mut().missing = sample([serial(2)]);
                },
                &[("ca-crl-incomplete", Warning, "lacks serial 02")],
            ),
            (
                "it is gone, nothing is revoked, and certificates name it",
                |facts| {
                    facts.crls[0].part = Part::Missing;
                    (facts.index_mut().revoked, facts.index_mut().live) = (0, 2);
                    facts.crl_addresses = sample(["http://pki.example.com/ca.crl".to_owned()]);
                },
                &[(
                    "ca-crl-not-made",
                    Warning,
                    "ca_crl.pem: it does not exist; certificates that have not expired: 2; `crl_addresses` in gsec.toml: http://pki.example.com/ca.crl",
                )],
            ),
            (
                "it is gone, and no certificate is left that could name it",
                |facts| {
                    facts.crls[0].part = Part::Missing;
                    (facts.index_mut().revoked, facts.index_mut().live) = (0, 0);
                    facts.crl_addresses = sample(["http://pki.example.com/ca.crl".to_owned()]);
                },
                &[],
            ),
            (
                "it lacks a revoked certificate",
                |facts| facts.crl_mut().missing = sample([serial(2)]),
                &[("ca-crl-incomplete", Warning, "lacks serial 02")],
            ),
            (
                "a certificate was released from hold since",
                |facts| facts.crl_mut().not_on_hold = sample([serial(2)]),
                &[("ca-crl-outdated", Warning, "lists as on hold serial 02")],
            ),
            (
                "the next was due a second ago",
                |facts| facts.crl_mut().next_update = Some(now() - Duration::SECOND),
                &[(
                    "ca-crl-overdue",
                    Warning,
                    "the next was due at 2030-03-26T23:59:59Z",
                )],
            ),
            (
                "the next is due now",
                |facts| facts.crl_mut().next_update = Some(now()),
                &[(
                    "ca-crl-due-soon",
                    Notice,
                    "the next is due at 2030-03-27T00:00:00Z",
                )],
            ),
            (
                "less than a sixth of the time is left",
                |facts| {
                    let crl = facts.crl_mut();
                    (crl.this_update, crl.next_update) = (in_days(-25), Some(in_days(5) - Duration::SECOND));
                },
                &[("ca-crl-due-soon", Notice, "")],
            ),
            (
                "a sixth of the time is left",
                |facts| {
                    let crl = facts.crl_mut();
                    (crl.this_update, crl.next_update) = (in_days(-25), Some(in_days(5)));
                },
                &[],
            ),
            (
                "it is version 1 without a number and without an end",
                |facts| {
                    let crl = facts.crl_mut();
                    (crl.version, crl.number, crl.next_update) = (1, None, None);
                    facts.log_mut().crl_number = None;
                },
                &[(
                    "ca-crl-form",
                    Notice,
                    "version 1, which rustls cannot read; it has no nextUpdate",
                )],
            ),
        ]);
    }

    #[test]
    fn new_crl_is_made_by_fix_only_where_the_key_is_open() {
        let overdue = |facts: &mut Facts| facts.crl_mut().next_update = Some(in_days(-1));
        let open = |facts: &mut Facts| {
            let pin = certificates::root().public_key().pin();
            facts.key = Part::Read(KeyState::Open { pin });
        };
        assert_eq!(fixes(overdue), [None]);
        assert_eq!(
            fixes(|facts| {
                overdue(facts);
                open(facts);
            }),
            [Some(CaFix::UpdateCrl)]
        );
        let found = findings(|facts| {
            overdue(facts);
            let usage = |params: &mut rcgen::CertificateParams| {
                params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
            };
            facts.set_path(&[Identity::root_with("Example CA", usage)]);
        });
        let overdue = found
            .iter()
            .find(|found| found.entry == &CRL_OVERDUE)
            .expect("overdue");
        assert!(help_of(overdue).starts_with("advice: First the CA needs a certificate"));
    }
}
