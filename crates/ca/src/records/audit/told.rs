//! What the audit log says became of certificates, all lines together. Pure.
//!
//! The log is a source like `ca.db` and the CRLs: a copy of `ca.db` that was restored, or a line of it that was changed, takes back no
//! revocation that the log tells of.

use std::collections::HashMap;

use super::chain::hash_of;
use super::{AuditFields, HeadFile, LOG_CUT};
use crate::records::{Revocation, UNKNOWN_REVOCATION_DATE, parse_serial};
use gsec_pki::x509::{RevocationReason, SerialNumber, parse_time};

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

/// The revocations that the log reports.
#[derive(Debug, Clone, Default)]
pub struct Told {
    revoked: HashMap<SerialNumber, ToldRevocation>,
    /// The holds that were taken back since, each with the largest number that a CRL had by then.
    released: HashMap<SerialNumber, Option<SerialNumber>>,
    /// The largest number of a CRL.
    pub crl_number: Option<SerialNumber>,
    /// Whether there is a log.
    pub has_log: bool,
    /// Whether it says that lines were cut off.
    pub is_cut: bool,
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
        self.is_cut |= fields.action == LOG_CUT;
        if let Some(number) = fields
            .crl_number
            .as_deref()
            .and_then(|digits| parse_serial(digits.as_bytes()))
        {
            self.crl_number = self.crl_number.take().max(Some(number));
        }
        let Some(serial) = fields
            .serial
            .as_deref()
            .and_then(|digits| parse_serial(digits.as_bytes()))
        else {
            return false;
        };
        if fields.action == "cert.unhold" {
            let is_hold = self.revoked.get(&serial).map(|known| known.revocation.is_hold());
            if is_hold == Some(true) {
                self.revoked.remove(&serial);
            }
            if is_hold != Some(false) {
                self.released.insert(serial, self.crl_number.clone());
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

    /// Whether a hold was taken back after the CRL of a number was made, so that what that CRL lists is out of date. One without a number
    /// may be of any time.
    pub fn is_released_after(&self, serial: &SerialNumber, crl_number: Option<&SerialNumber>) -> bool {
        self.released
            .get(serial)
            .is_some_and(|last| crl_number.is_none_or(|number| last.as_ref() >= Some(number)))
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
    use super::*;

    fn told(lines: &[&str]) -> (Told, Vec<bool>) {
        let mut told = Told::default();
        let odd = lines.iter().map(|line| {
            let line = format!("{{\"seq\":1,\"time\":\"2026-11-29T10:00:00Z\",\"prev\":\"\",{line}}}");
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
            format!("\"action\":\"{action}\",\"serial\":\"0A\",\"reason\":\"certificateHold\"")
        };
        let (hold, unhold) = (line("cert.revoke"), line("cert.unhold"));
        let serial = SerialNumber::parse_hex("0A").expect("a number");
        let number = |digits: &str| SerialNumber::parse_hex(digits);
        let (all, _) = told(&[&hold, &crl("01"), &unhold, &crl("02")]);
        let is_outdated = |told: &Told, digits| told.is_released_after(&serial, number(digits).as_ref());
        assert_eq!((is_outdated(&all, "01"), is_outdated(&all, "02")), (true, false));
        assert!(all.is_released_after(&serial, None));
        let (again, _) = told(&[&hold, &crl("01"), &unhold, &crl("02"), &hold]);
        assert!(!is_outdated(&again, "01"));
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
