//! OpenSSL's settings of trust beside an anchor.

use crate::x509::path::finding::{Finding, Form, Rule, Severity};
use crate::x509::path::{Purpose, Question};
use crate::x509::{Certificate, TrustVerdict};

pub(super) fn of_anchor(question: &Question<'_>, certificate: &Certificate) -> Option<Finding> {
    let copies = || question.anchors.iter().filter(|anchor| *anchor == certificate);
    // Where it is trusted without settings as well, every program reads it.
    let settings = copies().map(Certificate::trust_settings).collect::<Option<Vec<_>>>()?.into_iter().next()?;
    let purpose = question.purpose.name();
    let (what, form, severity) = match (settings.verdict(question.purpose), question.purpose) {
        (TrustVerdict::Trusted, _) if settings.is_empty() => ("which has none".to_owned(), Form::NoSettings, Severity::Notice),
        (TrustVerdict::Trusted, _) => (format!("{settings}: OpenSSL accepts that"), Form::Plain, Severity::Notice),
        (TrustVerdict::NotTrusted, Purpose::Any) => {
            (format!("{settings}: `openssl verify` without a purpose refuses that"), Form::SettingsUnsure, Severity::Warning)
        }
        (_, Purpose::Any) => (format!("{settings}: OpenSSL does not accept it for any purpose"), Form::SettingsReject, Severity::Error),
        _ => (format!("{settings}: OpenSSL does not accept it for a TLS {purpose}"), Form::SettingsReject, Severity::Error),
    };
    let message =
        format!("it is trusted by a `TRUSTED CERTIFICATE` block, OpenSSL's own form with settings, {what}; other programs do not read the block");
    Some(Finding::about(Rule::TrustSettings, certificate, message).of_form(form).lighter(severity))
}
