//! What the audit log says became of certificates, all lines together. Pure.
//!
//! The log is a source like `ca.db` and the CRLs: a copy of `ca.db` that was restored, or a line of it that was changed, takes back no
//! revocation that the log tells of.

use std::collections::HashMap;

use super::AuditFields;
use crate::records::{Revocation, UNKNOWN_REVOCATION_DATE, parse_serial};
use gsec_pki::x509::{RevocationReason, SerialNumber, parse_time};

/// A record that another program made or revoked was taken into the log. Lines of gsec 0.1.0; their writer
/// assumed that it knew the other program.
const FOREIGN: &str = "record.foreign";
/// A record, or its revocation, was found that no line mentioned.
pub const FOUND: &str = "record.found";
/// The actions of lines about revocations and CRLs.
const ACTIONS: [&str; 6] = [
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

/// The revocations that the log reports.
#[derive(Debug, Clone, Default)]
pub struct Told {
    revoked: HashMap<SerialNumber, ToldRevocation>,
    /// The largest number of a CRL.
    pub crl_number: Option<SerialNumber>,
}

impl Told {
    /// The actions of the lines it takes; it ignores all others.
    pub fn actions() -> &'static [&'static str] {
        &ACTIONS
    }

    /// Takes the next line. Returns whether it takes back a revocation that was not a hold, which gsec never
    /// does.
    pub fn take(&mut self, fields: &AuditFields) -> bool {
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
            return is_hold == Some(false);
        }
        if let Some(revocation) = revocation_in(fields) {
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
    fn the_largest_number_of_a_crl_is_kept() {
        let update = |number: &str| format!("\"action\":\"crl.update\",\"crl_number\":\"{number}\"");
        assert_eq!(
            told(&[&update("0F"), &update("02")]).0.crl_number,
            SerialNumber::parse_hex("0F")
        );
    }
}
