//! Something that is wrong with a CRL.

use crate::x509::path::finding::{Finding, Rule, Severity};
use crate::x509::{Certificate, RevocationList};

/// What a fault keeps a CRL from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrlEffect {
    /// It cannot say that a certificate is good, RFC 5280 §6.3.3 (a), (f), §5.2, §5.3, §5.1.1.2.
    SaysNothing,
    /// It can, but OpenSSL, and what is built on it, cannot use the CRL for any certificate.
    UnusableForOpenSsl,
    /// Nothing: what it says stays as it is.
    Odd,
}

/// Something that is wrong with a CRL, whatever certificate it is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrlFault {
    /// The rule that it breaks.
    pub rule: Rule,
    /// How much it weighs.
    pub severity: Severity,
    /// What it keeps the CRL from.
    pub effect: CrlEffect,
    /// What the CRL is or has; the CRL as the subject of the sentence is left out.
    pub message: String,
    /// What the rule wants, and what there is.
    pub sides: Option<[String; 2]>,
}

impl CrlFault {
    pub(super) fn new(rule: Rule, effect: CrlEffect, message: String) -> Self {
        Self {
            rule,
            severity: rule.severity(),
            effect,
            message,
            sides: None,
        }
    }

    pub(super) fn compared(self, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            sides: Some([expected.into(), found.into()]),
            ..self
        }
    }

    pub(super) fn weighing(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// As a finding about a certificate.
    pub(super) fn about(self, certificate: &Certificate, crl: &RevocationList) -> Finding {
        let message = format!("the CRL of `{}` {}", crl.issuer(), self.message);
        let finding = Finding::about(self.rule, certificate, message).lighter(self.severity);
        match self.sides {
            Some([expected, found]) => finding.compared(expected, found),
            None => finding,
        }
    }
}
