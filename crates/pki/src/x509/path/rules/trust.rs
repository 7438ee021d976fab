//! OpenSSL's settings of trust beside an anchor.

use crate::x509::path::finding::{Finding, Form, Rule, Severity};
use crate::x509::path::{Purpose, Question};
use crate::x509::{Certificate, TrustVerdict};

/// A host's certificate that is among what is trusted, and is no root: not every program looks for it there.
pub(super) fn of_trusted_host(question: &Question<'_>) -> Option<Finding> {
    let host = question.target;
    let is_issuer_trusted = || question.anchors.iter().any(|anchor| host.is_issued_by(anchor));
    let is_it = !host.is_authority()
        && !host.is_self_issued()
        && question.anchors.contains(host)
        && !is_issuer_trusted();
    let message = format!(
        "it is trusted, but its issuer `{}` is not: a certificate that is not a root is not a trust anchor",
        host.issuer()
    );
    let finding = || Finding::about(Rule::AnchorNotSelfSigned, host, message).of_form(Form::TrustedItself);
    is_it.then(|| {
        finding()
            .compared(
                format!("a certificate of {}", host.issuer()),
                "the certificate itself",
            )
            .lighter(Severity::Error)
    })
}

pub(super) fn of_anchor(question: &Question<'_>, certificate: &Certificate) -> Option<Finding> {
    let copies = || question.anchors.iter().filter(|anchor| *anchor == certificate);
    // Where it is trusted without settings as well, every program reads it.
    let settings = copies()
        .map(Certificate::trust_settings)
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .next()?;
    let purpose = question.purpose.name();
    let (what, form, severity) = match (settings.verdict(question.purpose), question.purpose) {
        (TrustVerdict::Trusted, _) if settings.is_empty() => {
            ("which has none".to_owned(), Form::NoSettings, Severity::Notice)
        }
        (TrustVerdict::Trusted, _) => (
            format!("{settings}: OpenSSL accepts that"),
            Form::Plain,
            Severity::Notice,
        ),
        (TrustVerdict::NotTrusted, Purpose::Any) => (
            format!("{settings}: `openssl verify` without a purpose rejects that"),
            Form::SettingsUnsure,
            Severity::Warning,
        ),
        (_, Purpose::Any) => (
            format!("{settings}: OpenSSL does not accept it for any purpose"),
            Form::SettingsReject,
            Severity::Error,
        ),
        _ => (
            format!("{settings}: OpenSSL does not accept it for a TLS {purpose}"),
            Form::SettingsReject,
            Severity::Error,
        ),
    };
    let message = format!(
        "it is trusted by a `TRUSTED CERTIFICATE` block, OpenSSL's own format with settings, {what}; other \
         programs cannot read the block"
    );
    Some(
        Finding::about(Rule::TrustSettings, certificate, message)
            .of_form(form)
            .lighter(severity),
    )
}
