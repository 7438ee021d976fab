//! What OpenSSL keeps beside a certificate in a `TRUSTED CERTIFICATE` block: crypto/x509/x_x509a.c, `X509_CERT_AUX`; in no RFC.

use std::fmt;

use der::Decode;
use der::oid::ObjectIdentifier;

use super::ExtendedKeyUsage;
use super::elements::{Element, Elements, tag};
use super::path::Purpose;
use crate::encoding::visible::shortened;

/// For what OpenSSL trusts a certificate, and for what it does not. What is empty says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustSettings {
    /// Purposes that it is trusted for, and no other where there is one.
    pub trusted: Vec<ExtendedKeyUsage>,
    /// Purposes that it is not trusted for.
    pub rejected: Vec<ExtendedKeyUsage>,
    /// The name that its owner gave it.
    pub alias: Option<String>,
}

/// What OpenSSL makes of a certificate that is trusted, for a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustVerdict {
    /// It is trusted.
    Trusted,
    /// It is rejected for the purpose.
    Rejected,
    /// It is trusted for other purposes only.
    NotTrusted,
}

impl TrustSettings {
    const UTF8_STRING: u32 = 12;

    /// Reads what follows the certificate, which may be nothing; `None` where it is something else.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        if der.is_empty() {
            return Some(Self::default());
        }
        let mut outside = Elements::of(der);
        let mut fields = Elements::of(outside.next_if(tag::SEQUENCE)?.content);
        let trusted = fields
            .next_if(tag::SEQUENCE)
            .map_or(Some(Vec::new()), |list| usages(&list))?;
        let rejected = fields
            .next_where(|field| field.is_context(0))
            .map_or(Some(Vec::new()), |list| usages(&list))?;
        let alias = fields
            .next_if(Self::UTF8_STRING)
            .map(|alias| String::from_utf8_lossy(alias.content).into_owned());
        fields.next_if(tag::OCTET_STRING);
        fields.next_where(|field| field.is_context(1));
        (fields.rest.is_empty() && outside.rest.is_empty()).then_some(Self {
            trusted,
            rejected,
            alias,
        })
    }

    /// Whether they limit or name anything.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// crypto/x509/x509_trust.c, `obj_trust`: what is rejected counts first, and a list of purposes excludes every other.
    pub fn verdict(&self, purpose: Purpose) -> TrustVerdict {
        let wanted = match purpose {
            Purpose::Server => ExtendedKeyUsage::ServerAuth,
            Purpose::Client => ExtendedKeyUsage::ClientAuth,
            Purpose::Any => ExtendedKeyUsage::Any,
        };
        let has = |list: &[ExtendedKeyUsage]| list.contains(&wanted) || list.contains(&ExtendedKeyUsage::Any);
        match () {
            () if has(&self.rejected) => TrustVerdict::Rejected,
            () if self.trusted.is_empty() || has(&self.trusted) => TrustVerdict::Trusted,
            () => TrustVerdict::NotTrusted,
        }
    }
}

fn usages(list: &Element<'_>) -> Option<Vec<ExtendedKeyUsage>> {
    let mut elements = Elements::of(list.content);
    let mut usages = Vec::new();
    while let Some(element) = elements.next_if(tag::OBJECT_IDENTIFIER) {
        usages.push(ExtendedKeyUsage::from_oid(
            ObjectIdentifier::from_der(element.whole).ok()?,
        ));
    }
    elements.rest.is_empty().then_some(usages)
}

/// `trusted for serverAuth; rejected for emailProtection; alias "Old root"`.
impl fmt::Display for TrustSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |usages: &[ExtendedKeyUsage]| {
            usages
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let trusted = (!self.trusted.is_empty()).then(|| format!("trusted for {} only", list(&self.trusted)));
        let rejected = (!self.rejected.is_empty()).then(|| format!("rejected for {}", list(&self.rejected)));
        let alias = self
            .alias
            .as_ref()
            .map(|alias| format!("alias `{}`", shortened(alias)));
        let parts: Vec<String> = trusted.into_iter().chain(rejected).chain(alias).collect();
        out.write_str(if parts.is_empty() { "none" } else { "" })?;
        out.write_str(&parts.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(trusted: &[ExtendedKeyUsage], rejected: &[ExtendedKeyUsage]) -> TrustSettings {
        TrustSettings {
            trusted: trusted.to_vec(),
            rejected: rejected.to_vec(),
            alias: None,
        }
    }

    #[test]
    fn openssl_obeys_what_is_rejected_before_what_is_trusted() {
        use ExtendedKeyUsage::{Any, ClientAuth, ServerAuth};
        let verdicts = |settings: TrustSettings| {
            [Purpose::Server, Purpose::Client, Purpose::Any].map(|purpose| settings.verdict(purpose))
        };
        use TrustVerdict::{NotTrusted as N, Rejected as R, Trusted as T};
        assert_eq!(verdicts(settings(&[], &[])), [T, T, T]);
        assert_eq!(verdicts(settings(&[ServerAuth], &[])), [T, N, N]);
        assert_eq!(verdicts(settings(&[Any], &[])), [T, T, T]);
        assert_eq!(verdicts(settings(&[], &[ClientAuth])), [T, R, T]);
        assert_eq!(verdicts(settings(&[], &[Any])), [R, R, R]);
        assert_eq!(verdicts(settings(&[ServerAuth], &[ServerAuth])), [R, N, N]);
    }

    #[test]
    fn what_is_no_list_of_settings_is_not_read() {
        assert_eq!(TrustSettings::read(&[]), Some(TrustSettings::default()));
        assert_eq!(TrustSettings::read(&[0x30, 0]), Some(TrustSettings::default()));
        for der in [
            &[0x04, 0][..],
            &[0x30, 2, 0x05, 0],
            &[0x30, 4, 0x30, 2, 0x04, 0],
            &[0x30, 0, 0],
            &[0x30, 5],
        ] {
            assert_eq!(TrustSettings::read(der), None, "{der:?}");
        }
        let both = [
            &[0x30, 0x18, 0x30, 0x0a, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1][..],
            &[0xa0, 6, 6, 4, 0x55, 0x1d, 0x25, 0, 0x0c, 2, b'a', b'b'],
        ]
        .concat();
        let read = TrustSettings::read(&both).expect("settings");
        assert_eq!(
            read.to_string(),
            "trusted for serverAuth only; rejected for anyExtendedKeyUsage; alias `ab`"
        );
    }
}
