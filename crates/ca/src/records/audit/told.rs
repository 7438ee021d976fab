//! What the audit log says became of certificates, all lines together. Pure.
//!
//! The log is a source like `ca.db` and the CRLs: a copy of `ca.db` that was restored, or a line of it that was changed, takes back no
//! revocation that the log tells of.

use std::collections::HashMap;

use super::chain::hash_of;
use super::{AuditFields, HeadFile, LOG_CUT};
use crate::records::{Revocation, UNKNOWN_REVOCATION_DATE, parse_serial};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{PublicKey, sha256};
use gsec_pki::x509::{RevocationList, RevocationReason, RevokedEntry, SerialNumber, parse_time};
use time::OffsetDateTime;

/// A record that another program made or revoked was taken into the log. Lines of gsec 0.1.0; their writer
/// assumed that it knew the other program.
const FOREIGN: &str = "record.foreign";
/// A record, or its revocation, was found that no line mentioned.
pub const FOUND: &str = "record.found";
/// The actions of lines about revocations and CRLs.
const ACTIONS: [&str; 7] = [
    LOG_CUT,
    "crl.update",
    "cert.revoke",
    "cert.unhold",
    "cert.record",
    FOREIGN,
    FOUND,
];

/// Whether lines of this action take over what the records had without a line.
pub fn takes_over(action: &str) -> bool {
    action == FOREIGN || action == FOUND
}

/// Whether lines of this action announce a new record.
pub fn announces(action: &str) -> bool {
    !matches!(
        action,
        "cert.revoke" | "cert.unhold" | "cert.restore" | "doctor.fix"
    )
}

/// Whether lines of this action announce a record before gsec makes it. A line that takes over what was recorded without a line does not.
pub fn announces_own_record(action: &str) -> bool {
    announces(action) && !takes_over(action)
}

/// A revocation that the log tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldRevocation {
    /// The certificate.
    pub serial: SerialNumber,
    /// When and why.
    pub revocation: Revocation,
    /// The key of the certificate, as the log names keys.
    pub key_material: Option<String>,
}

/// How far a log goes, as far as that is known without following its chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogExtent {
    /// Whole lines.
    pub lines: u64,
    /// The number that the last of them gives itself; `None` where it is no line of a log.
    pub last: Option<u64>,
    /// The hash of the line that was asked for; `None` where there is no such line.
    pub hash: Option<String>,
}

impl LogExtent {
    /// Takes the next whole line, without its line feed; `asked` is the number of the line whose hash is needed.
    pub(in crate::records) fn take(&mut self, line: &[u8], asked: Option<u64>) {
        self.lines += 1;
        if asked == Some(self.lines) {
            self.hash = Some(hash_of(line));
        }
    }

    /// Takes the last line again.
    pub(in crate::records) fn finish(&mut self, last: &[u8]) {
        self.last = serde_json::from_slice::<AuditFields>(last)
            .ok()
            .map(|fields| fields.seq);
    }
}

/// A hold that was taken back.
#[derive(Debug, Clone)]
struct Release {
    /// When.
    at: Option<OffsetDateTime>,
    /// The largest number that a CRL had by then.
    crl_number: Option<SerialNumber>,
    /// SHA-256 of the CRL that was there.
    crl_sha256: Option<String>,
}

impl Release {
    /// Whether it came after a CRL with this entry was made. Where nothing shows that, the hold stays.
    fn is_after(&self, entry: &RevokedEntry, crl: &RevocationList) -> bool {
        // `openssl ca` writes a hold to no log, and a crl.num that was restored gives a number again: a later date is another hold.
        let is_another = entry.date_problem.is_none() && self.at.is_some_and(|at| entry.revoked_at > at);
        let has_known_number = crl
            .number()
            .is_some_and(|number| self.crl_number.as_ref() >= Some(number));
        // Lines of gsec 0.1.0 do not say which CRL was there. In one second both orders are possible.
        let is_older = has_known_number || self.at.is_some_and(|at| crl.this_update() < at);
        let is_the_one = |digits: &String| *digits == digits_of(crl);
        // Last, as it takes time.
        (is_older && !is_another) || self.crl_sha256.as_ref().is_some_and(is_the_one)
    }
}

/// How the log names a CRL without its number.
pub(crate) fn digits_of(crl: &RevocationList) -> String {
    encode(&sha256(crl.der()), Separator::None)
}

/// How the log names a key, so that it is known when its certificate is lost.
pub(crate) fn key_digits(key: &PublicKey) -> String {
    encode(&key.material(), Separator::None)
}

/// The revocations that the log reports.
#[derive(Debug, Clone, Default)]
pub struct Told {
    revoked: HashMap<SerialNumber, ToldRevocation>,
    /// The holds that were taken back since.
    released: HashMap<SerialNumber, Release>,
    /// The largest number of a CRL in the log. `openssl ca` may have made a later one.
    pub crl_number: Option<SerialNumber>,
    /// Whether there is a log.
    pub has_log: bool,
    /// Whether it says that lines were cut off.
    pub is_cut: bool,
    /// The largest number of a CRL before the lines that were cut off last, as far as the log has it.
    pub before_cut: Option<SerialNumber>,
    /// How far it goes.
    pub extent: LogExtent,
    /// What `audit.head` says of it; `None` where nothing was read.
    pub head: Option<HeadFile>,
}

impl Told {
    /// The actions of the lines it takes; it ignores all others.
    pub fn actions() -> &'static [&'static str] {
        &ACTIONS
    }

    /// Takes the next line. Returns whether it takes back a revocation that was not a hold, which gsec never
    /// does.
    pub fn take(&mut self, fields: &AuditFields) -> bool {
        if !ACTIONS.contains(&fields.action.as_str()) {
            return false;
        }
        if fields.action == LOG_CUT {
            self.is_cut = true;
            self.before_cut.clone_from(&self.crl_number);
        }
        let number = fields
            .crl_number
            .as_deref()
            .and_then(|digits| parse_serial(digits.as_bytes()));
        let is_release = fields.action == "cert.unhold";
        // The number in a release may be of a CRL that openssl made, and that the log does not tell of.
        if !is_release {
            self.crl_number = self.crl_number.take().max(number.clone());
        }
        let Some(serial) = fields
            .serial
            .as_deref()
            .and_then(|digits| parse_serial(digits.as_bytes()))
        else {
            return false;
        };
        if is_release {
            let is_hold = self.revoked.get(&serial).map(|known| known.revocation.is_hold());
            if is_hold == Some(true) {
                self.revoked.remove(&serial);
            }
            if is_hold != Some(false) {
                let release = Release {
                    at: parse_time(&fields.time),
                    crl_number: self.crl_number.clone().max(number),
                    crl_sha256: fields.crl_sha256.clone(),
                };
                self.released.insert(serial, release);
            }
            return is_hold == Some(false);
        }
        if let Some(revocation) = revocation_in(fields) {
            self.released.remove(&serial);
            let told = ToldRevocation {
                serial: serial.clone(),
                revocation: revocation.clone(),
                key_material: None,
            };
            let known = self.revoked.entry(serial).or_insert(told);
            known.revocation = known.revocation.joined(&revocation);
            known.key_material = fields.key_material.clone().or(known.key_material.take());
        }
        false
    }

    /// What it says of a certificate; `None` where no line says that it is revoked, or a hold was taken back.
    pub fn of(&self, serial: &SerialNumber) -> Option<&ToldRevocation> {
        self.revoked.get(serial)
    }

    /// Whether a hold was taken back after a CRL that lists it was made, so that the entry is out of date.
    pub fn is_released_after(&self, entry: &RevokedEntry, crl: &RevocationList) -> bool {
        self.released
            .get(&entry.serial)
            .is_some_and(|release| release.is_after(entry, crl))
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &ToldRevocation> {
        self.revoked.values()
    }

    /// Whether no certificate is revoked.
    pub fn is_empty(&self) -> bool {
        self.revoked.is_empty()
    }
}

/// The revocation that a line reports.
fn revocation_in(fields: &AuditFields) -> Option<Revocation> {
    let is_revoked = match fields.action.as_str() {
        "cert.revoke" => true,
        action if takes_over(action) || action == "cert.record" => fields.status.as_deref() == Some("R"),
        _ => false,
    };
    let at = || {
        fields
            .revoked_at
            .as_deref()
            .and_then(parse_time)
            .or_else(|| parse_time(&fields.time))
            .unwrap_or(UNKNOWN_REVOCATION_DATE)
    };
    let reason = fields
        .reason
        .clone()
        .filter(|reason| RevocationReason::parse(reason) != Some(RevocationReason::Unspecified));
    is_revoked
        .then(|| Revocation {
            at: at(),
            reason,
            extra: None,
        })
        .map(spelled)
}

/// With the reason as `openssl ca` spells it.
fn spelled(revocation: Revocation) -> Revocation {
    let name = revocation
        .reason
        .as_deref()
        .and_then(RevocationReason::parse)
        .and_then(|reason| reason.openssl_name());
    Revocation {
        reason: name.map(str::to_owned).or_else(|| revocation.spelled_reason()),
        ..revocation
    }
}

#[cfg(test)]
mod tests {
    use rcgen::RevocationReason as Reason;

    use super::*;
    use crate::tests::Identity;

    fn told(lines: &[&str]) -> (Told, Vec<bool>) {
        told_at("2026-11-29T10:00:00Z", lines)
    }

    fn told_at(at: &str, lines: &[&str]) -> (Told, Vec<bool>) {
        let mut told = Told::default();
        let odd = lines.iter().map(|line| {
            let line = format!("{{\"seq\":1,\"time\":\"{at}\",\"prev\":\"\",{line}}}");
            told.take(&serde_json::from_str(&line).expect("a line"))
        });
        let odd = odd.collect();
        (told, odd)
    }

    fn reason_of(told: &Told, serial: &str) -> Option<String> {
        let known = told.of(&SerialNumber::parse_hex(serial).expect("a number"))?;
        Some(known.revocation.reason.clone().unwrap_or_default())
    }

    #[test]
    fn a_final_revocation_stays_whatever_comes_after_it() {
        let revoke =
            |reason: &str| format!("\"action\":\"cert.revoke\",\"serial\":\"0A\",\"reason\":\"{reason}\"");
        let unhold = "\"action\":\"cert.unhold\",\"serial\":\"0A\"";
        let (strong, hold, weak) = (
            revoke("keyCompromise"),
            revoke("certificateHold"),
            revoke("unspecified"),
        );
        assert_eq!(reason_of(&told(&[&hold, unhold]).0, "0A"), None);
        assert_eq!(reason_of(&told(&[&weak, &hold]).0, "0A").as_deref(), Some(""));
        let (all, odd) = told(&[&hold, &strong, &hold, unhold, &weak]);
        assert_eq!(
            (reason_of(&all, "0A").as_deref(), odd),
            (Some("keyCompromise"), vec![false, false, false, true, false])
        );
    }

    #[test]
    fn what_was_taken_over_counts_when_it_was_revoked() {
        let found = |action: &str, status: &str| {
            format!(
                "\"action\":\"{action}\",\"serial\":\"01\",\"status\":\"{status}\",\"revoked_at\":\"2026-01-01T00:00:00Z\",\"reason\":\"keyTime\""
            )
        };
        for action in ["record.foreign", "record.found", "cert.record"] {
            let (all, _) = told(&[&found(action, "R")]);
            let known = all.of(&SerialNumber::one()).expect("revoked");
            assert!(known.revocation.is_compromise(), "{action}");
            assert_eq!(
                known.revocation.at,
                parse_time("2026-01-01T00:00:00Z").expect("a time")
            );
            assert!(told(&[&found(action, "V")]).0.is_empty(), "{action}");
        }
        assert!(
            told(&["\"action\":\"cert.issue\",\"serial\":\"01\",\"status\":\"R\""])
                .0
                .is_empty()
        );
    }

    #[test]
    fn a_released_hold_outdates_the_crls_from_before_and_no_later_one() {
        let crl = |number: &str| format!("\"action\":\"crl.update\",\"crl_number\":\"{number}\"");
        let line = |action: &str| {
            format!("\"action\":\"{action}\",\"serial\":\"2A\",\"reason\":\"certificateHold\"")
        };
        let (hold, unhold) = (line("cert.revoke"), line("cert.unhold"));
        // It has number 07, was made at noon of 2030-03-26, and lists this one since the day before.
        let seventh = Identity::root("Example CA").crl(&[(0x2a, Some(Reason::CertificateHold))]);
        let entry = seventh.entries().next().expect("an entry");
        let released_at = |at: &str, lines: &[&str]| told_at(at, lines).0.is_released_after(&entry, &seventh);
        let numbered = |fields: &str| format!("{unhold},{fields}");
        let here = numbered(&format!("\"crl_sha256\":\"{}\"", digits_of(&seventh)));
        let by_number = numbered("\"crl_number\":\"07\"");
        let day = "2030-03-26T12:00:00Z";
        let rows: [(&str, bool, bool); 8] = [
            (
                "the log has the CRL",
                released_at(day, &[&hold, &crl("07"), &unhold]),
                true,
            ),
            (
                "in the same second, and the log does not have the CRL",
                released_at(day, &[&crl("06"), &unhold]),
                false,
            ),
            (
                "the CRL that was there",
                released_at("2029-01-01T00:00:00Z", &[&here]),
                true,
            ),
            ("its number was there", released_at(day, &[&by_number]), true),
            (
                "long after the CRL",
                released_at("2030-03-28T00:00:00Z", &[&crl("01"), &unhold]),
                true,
            ),
            (
                "before the hold that the CRL lists",
                released_at("2030-01-01T00:00:00Z", &[&by_number]),
                false,
            ),
            (
                "on hold again",
                released_at(day, &[&crl("07"), &unhold, &hold]),
                false,
            ),
            ("never released", released_at(day, &[&hold]), false),
        ];
        for (situation, found, expected) in rows {
            assert_eq!(found, expected, "{situation}");
        }
        assert_eq!(
            told(&[&crl("02"), &by_number]).0.crl_number,
            SerialNumber::parse_hex("02")
        );
    }

    #[test]
    fn the_largest_number_of_a_crl_is_kept() {
        let update = |number: &str| format!("\"action\":\"crl.update\",\"crl_number\":\"{number}\"");
        assert_eq!(
            told(&[&update("0F"), &update("02")]).0.crl_number,
            SerialNumber::parse_hex("0F")
        );
    }
}
