//! What would mend a finding of `cert verify`: a command, a flag, or where to look.

use crate::x509::path::Rule;

/// What to type about a finding; `name` is the host that was asked about.
pub(super) fn for_finding(rule: Rule, name: Option<&str>) -> String {
    let host = name.unwrap_or("NAME");
    match rule {
        Rule::IssuerUnknown => "give the CA's certificate with `--trust FILE`, and intermediates with `--untrusted FILE`".into(),
        Rule::SignatureWrong | Rule::KeyIdentifierMismatch => {
            "which CA is meant? `gsec cert show FILE` of both: `issuer key id` of the one must be `subject key id` of the other".into()
        }
        Rule::Expired => format!("issue a new one: `gsec cert issue --host {host}`; for a CA: `gsec ca renew`"),
        Rule::NotYetValid => "is this machine's clock right? `date -u` shows it; `--at TIME` decides for another time".into(),
        Rule::ExtendedKeyUsage | Rule::ExtendedKeyUsageEmpty | Rule::EndEntityKeyUsage => {
            format!("issue with a profile that has the purpose: `gsec cert issue --host {host} --profile host`")
        }
        Rule::NameMismatch | Rule::PartialWildcard => {
            format!("issue one that has the name: `gsec cert issue --host {host}`, or add it with `--san dns:NAME`")
        }
        Rule::NoSubjectAlternativeName => {
            format!("issue a new one: `gsec cert issue --host {host}` writes subjectAltName; or accept it here with `--allow-cn`")
        }
        Rule::AddressAsName => format!("issue with the address as what it is: `gsec cert issue --host {host}`"),
        Rule::NameConstraints | Rule::NameConstraintsWildcard => {
            "leave the name out, or have the CA's certificate made anew: `gsec ca init --permit-dns DOMAIN --permit-ip BLOCK`".into()
        }
        Rule::AuthorityAsEndEntity => format!("issue a certificate of its own for the host: `gsec cert issue --host {host}`"),
        Rule::WeakDigest
        | Rule::WeakKey
        | Rule::KeyUnreadable
        | Rule::KeyUnknown
        | Rule::NameUnreadable
        | Rule::SignatureUnsupported
        | Rule::SerialNegative
        | Rule::SerialZero
        | Rule::SerialTooLong
        | Rule::NoAuthorityKeyIdentifier
        | Rule::CertSignWithoutAuthority
        | Rule::PathLengthWithoutAuthority
        | Rule::NameConstraintsWithoutAuthority
        | Rule::EmptySubject
        | Rule::Version
        | Rule::ExtensionsBeforeVersion3
        | Rule::PolicyExtension
        | Rule::WronglyCritical
        | Rule::ExtensionUnreadable
        | Rule::DuplicateExtension
        | Rule::UnknownCriticalExtension
        | Rule::SignatureAlgorithmMismatch
        | Rule::ValidityEmpty => format!("issue a new one: `gsec cert issue --host {host}`; for a CA: `gsec ca init --ca-dir NEW`"),
        Rule::IssuerNotAuthority
        | Rule::AuthorityWithoutBasicConstraints
        | Rule::IssuerKeyUsage
        | Rule::AuthorityWithoutKeyUsage
        | Rule::NoSubjectKeyIdentifier
        | Rule::BasicConstraintsNotCritical
        | Rule::EmptyIssuer
        | Rule::EmptyAuthoritySubject
        | Rule::NameConstraintsUnreadable
        | Rule::NameConstraintsNotCritical
        | Rule::NameConstraintsLeadingDot => "a new CA has what is missing: `gsec ca init --ca-dir NEW`".into(),
        Rule::PathLength => "have the upper CA's certificate made anew with more room: `gsec ca init --path-len N`".into(),
        Rule::NameEncoding => format!("issue with the CA's name copied as it stands, as `gsec cert issue --host {host}` does"),
        Rule::AnchorNotSelfSigned => "trust the root as well: `--trust ROOT_FILE`; OpenSSL takes it alone with `-partial_chain`".into(),
        Rule::PathTooComplex => "give only the certificates that belong to the path: `gsec cert show FILE` lists what is in a file".into(),
        Rule::Revoked => format!("issue a new one: `gsec cert issue --host {host}`; for the reason: `gsec crl show FILE`"),
        Rule::CrlMissing => "fetch the issuer's CRL and give it with `--crl FILE`; in a CA directory `gsec crl update` writes it".into(),
        Rule::CrlStale | Rule::CrlNotYetValid | Rule::CrlNumber | Rule::CrlUnreadable => {
            "write a new one at the CA: `gsec crl update`; what is in this one: `gsec crl show FILE`".into()
        }
        Rule::CrlSignature | Rule::CrlKeyIdentifier => {
            "whose is it? `gsec crl show FILE`; a new one is written by `gsec crl update` at the CA".into()
        }
        Rule::CrlIssuerKeyUsage => "a new CA may sign CRLs: `gsec ca init --ca-dir NEW`".into(),
        Rule::CrlUnsupported => "give a complete CRL: `gsec crl update` at the CA writes one".into(),
        Rule::StrictValidator | Rule::StrictValidatorLimit => {
            format!("issue a new one: `gsec cert issue --host {host}`, or leave `--trust` to programs that are not so strict")
        }
    }
}
