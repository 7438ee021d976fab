//! Certificates that signed themselves: a host's, or a CA's.

use gsec_pki::x509::{Certificate, DnsName};

/// Whether a certificate that signed itself is a host's and no CA's, whatever its basicConstraints say: `openssl req -x509` makes such.
pub fn is_self_signed_host(certificate: &Certificate) -> bool {
    let is_host = |name: &String| name.contains('.') && DnsName::parse(name).is_ok();
    let has_host = || {
        certificate
            .subject_alternative_names()
            .unwrap_or_default()
            .iter()
            .any(|name| name.host().is_some())
    };
    let is_for_host = || {
        !certificate.is_authority() || has_host() || certificate.subject().common_names().iter().any(is_host)
    };
    certificate.is_issued_by(certificate) && is_for_host()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::tests::certificates::{Identity, root};

    #[test]
    fn who_signed_itself_and_is_a_host() {
        let is_host = |identity: Identity| is_self_signed_host(&identity.certificate);
        assert!(is_host(Identity::self_signed_host("db1.example.com", |_| {})));
        assert!(
            is_host(Identity::root("db1.example.com")),
            "`openssl req -x509` makes such"
        );
        assert!(!is_host(Identity::root("Example CA")));
        assert!(!is_host(root().host("db1.example.com")));
    }
}
