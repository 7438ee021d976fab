//! Turns the findings of path validation into findings of doctor with help. Shared by all groups that examine certificates.

mod entries;
mod home;
mod self_signed;

use std::path::Path;

pub use entries::*;
pub(in crate::checks) use home::look_at_the_clock;
pub use home::{Home, Order, Successor};
pub use self_signed::is_self_signed_host;

use crate::checks::{Entry, Finding, Help};
use gsec_pki::encoding::shell::Prose;
use gsec_pki::x509::path::{self, Answer, Purpose, Rule};
use gsec_pki::x509::{Certificate, GeneralName, RevocationList};

/// A certificate that was judged.
pub struct Judged<'a> {
    /// It.
    pub certificate: &'a Certificate,
    /// How a person names it: the file or port that it came from.
    pub subject: &'a str,
    /// What it was to be used for.
    pub purpose: Purpose,
    /// The host it had to match.
    pub name: Option<&'a GeneralName>,
    /// Who can fix it.
    pub home: &'a Home,
}

/// The CRLs that are to be heeded for a certificate, DER, of all that there are. A CA whose key was changed has one CRL for each key, all under
/// its name; webpki takes the first of the name, so it must be that of the key that signed the certificate.
pub fn crls_for<'c>(
    certificate: &Certificate,
    crls: impl IntoIterator<Item = &'c RevocationList>,
) -> Vec<Vec<u8>> {
    let is_of_other_key =
        |crl: &RevocationList| crl.issuer() == certificate.issuer() && !is_of_key(crl, certificate);
    crls.into_iter()
        .filter(|crl| !is_of_other_key(crl))
        .map(|crl| crl.der().to_vec())
        .collect()
}

/// Whether a CRL may be by the key that signed a certificate, as far as the key identifiers tell.
pub(in crate::checks) fn is_of_key(crl: &RevocationList, certificate: &Certificate) -> bool {
    match (
        crl.authority_key_identifier(),
        certificate.authority_key_identifier(),
    ) {
        (Some(of_crl), Some(of_certificate)) => of_crl == of_certificate,
        _ => true,
    }
}

/// Whether a rule is about nothing but the CRLs that a CA keeps in its directory. Where the user named none, doctor on that directory reports these.
pub fn is_about_kept_crls(rule: Rule) -> bool {
    rule.is_about_a_crl() && rule != Rule::CrlNotYetValid
}

/// The entry of a rule.
pub fn entry_of(rule: Rule) -> &'static Entry {
    match rule {
        Rule::Expired => &CERTIFICATE_EXPIRED,
        Rule::NotYetValid => &NOT_YET_VALID,
        Rule::IssuerUnknown => &ISSUER_UNKNOWN,
        Rule::SignatureWrong => &SIGNATURE_WRONG,
        Rule::SignatureUnchecked => &SIGNATURE_UNCHECKED,
        Rule::NameMismatch => &NAME_MISMATCH,
        Rule::NoSubjectAlternativeName => &SAN_MISSING,
        Rule::AddressAsName => &ADDRESS_AS_NAME,
        Rule::ExtendedKeyUsage | Rule::ExtendedKeyUsageEmpty | Rule::EndEntityKeyUsage => &USAGE_MISSING,
        Rule::WeakDigest => &WEAK_SIGNATURE,
        Rule::WeakKey => &WEAK_KEY,
        Rule::Revoked | Rule::RevokedInRecords => &REVOKED,
        Rule::IssuerNotAuthority
        | Rule::IssuerKeyUsage
        | Rule::PathLength
        | Rule::NameConstraints
        | Rule::NameConstraintsUnreadable => &AUTHORITY_UNFIT,
        Rule::AuthorityWithoutKeyUsage => &AUTHORITY_WITHOUT_KEY_USAGE,
        Rule::UnknownCriticalExtension | Rule::WronglyCritical => &UNKNOWN_CRITICAL_EXTENSION,
        Rule::KeyIdentifierMismatch => &KEY_IDENTIFIER_MISMATCH,
        Rule::AuthorityAsEndEntity => &AUTHORITY_AS_HOST,
        Rule::TrustSettings => &TRUST_SETTINGS,
        Rule::AnchorNotSelfSigned => &TRUST_ONLY_INTERMEDIATE,
        _ => &CERTIFICATE_FLAW,
    }
}

/// Every entry that [`findings`] can give.
pub static PATH_ENTRIES: &[&Entry] = &[
    &CERTIFICATE_EXPIRED,
    &NOT_YET_VALID,
    &ISSUER_UNKNOWN,
    &SELF_SIGNED,
    &SIGNATURE_WRONG,
    &SIGNATURE_UNCHECKED,
    &NAME_MISMATCH,
    &SAN_MISSING,
    &ADDRESS_AS_NAME,
    &USAGE_MISSING,
    &WEAK_SIGNATURE,
    &WEAK_KEY,
    &REVOKED,
    &AUTHORITY_UNFIT,
    &AUTHORITY_WITHOUT_KEY_USAGE,
    &UNKNOWN_CRITICAL_EXTENSION,
    &KEY_IDENTIFIER_MISMATCH,
    &AUTHORITY_AS_HOST,
    &TRUST_ONLY_INTERMEDIATE,
    &TRUST_SETTINGS,
    &CERTIFICATE_FLAW,
];

/// What validation found, in doctor's terms.
pub fn findings(judged: &Judged<'_>, answer: &Answer) -> Vec<Finding> {
    answer
        .findings
        .iter()
        .map(|found| {
            let own = judged.certificate.title();
            let is_own = is_own(judged, found);
            let subject = if is_own {
                format!("{}: {own}", judged.subject)
            } else {
                format!("{}: CA certificate {}", judged.subject, found.certificate)
            };
            let is_self_signed =
                found.rule == Rule::IssuerUnknown && is_own && judged.certificate.is_self_issued();
            let entry = if is_self_signed {
                &SELF_SIGNED
            } else {
                entry_of(found.rule)
            };
            let finding = Finding::new(
                entry,
                subject,
                format!("{} ({})", found.message, found.rule.source()),
            )
            .weighing(found.severity);
            help(judged, answer, found)
                .into_iter()
                .fold(finding, Finding::help)
        })
        .collect()
}

/// Whether something was found about the certificate in question itself, not about one above it.
fn is_own(judged: &Judged<'_>, found: &path::Finding) -> bool {
    found.position.map_or_else(
        || found.certificate == judged.certificate.title(),
        |position| position == 0,
    )
}

/// What helps with something that validation found.
pub fn help(judged: &Judged<'_>, answer: &Answer, found: &path::Finding) -> Vec<Help> {
    if found.rule == Rule::TrustSettings {
        return vec![Help::advice(PLAIN_CERTIFICATE)];
    }
    if found.rule == Rule::SignatureUnchecked {
        return vec![Help::advice(UNCHECKED)];
    }
    if found.rule == Rule::CrlNotYetValid {
        return not_yet_valid_crl();
    }
    if found.rule.is_about_a_crl() {
        return new_crl(judged.home);
    }
    if is_own(judged, found) {
        of_target(judged, found.rule)
    } else {
        of_issuer(judged, answer, found)
    }
}

/// A new certificate does not help where a CRL is the fault.
fn new_crl(home: &Home) -> Vec<Help> {
    let update = || home.update_crl().filter(|_| home.is_issuer);
    update().unwrap_or_else(|| {
        vec![Help::advice(
            "Get a new CRL from the CA that issued the certificate.",
        )]
    })
}

/// No CRL can be made that would be earlier.
pub fn not_yet_valid_crl() -> Vec<Help> {
    vec![
        look_at_the_clock(),
        Help::advice(
            "If this clock is right, the CRL was made while the clock was ahead: its CA must make another.",
        ),
    ]
}

/// What helps with something about the certificate itself.
pub(in crate::checks) fn of_target(judged: &Judged<'_>, rule: Rule) -> Vec<Help> {
    let Judged {
        certificate, home, ..
    } = judged;
    if let Some(GeneralName::Ip(address)) = judged.name
        && rule == Rule::NameMismatch
        && address.to_canonical() != *address
    {
        // Certificates are issued for the IPv4 address alone.
        let words = Prose::new("Have clients connect to ").name(&address.to_canonical().to_string());
        return vec![Help::Advice(
            words.words(": no certificate has an IPv4 address as an IPv6 one."),
        )];
    }
    if certificate.is_authority() && matches!(rule, Rule::Revoked | Rule::RevokedInRecords) {
        return vec![needs_another_key(certificate)];
    }
    if certificate.is_authority()
        && judged.purpose == Purpose::Any
        && !matches!(
            rule,
            Rule::NotYetValid | Rule::IssuerUnknown | Rule::SignatureWrong
        )
    {
        return home.renew_authority(certificate);
    }
    if matches!(rule, Rule::IssuerUnknown | Rule::SignatureWrong) {
        return of_issuing(judged, rule);
    }
    match rule {
        // Re-issuing for the same key would not help.
        Rule::WeakKey | Rule::KeyUnknown | Rule::KeyUnreadable if home.ca_option.is_none() => {
            vec![Help::advice(
                "Make a new key, RSA of 2048 bits or more or P-256 as a named curve, and have the CA issue a \
                 certificate for it.",
            )]
        }
        // A revoked one is not renewed; it falls to the last line.
        Rule::Expired => home.renew(certificate),
        Rule::NotYetValid => vec![look_at_the_clock()],
        Rule::AnchorNotSelfSigned => vec![trust_root_instead(certificate)],
        Rule::ExtendedKeyUsage if judged.purpose == Purpose::Client => home.issue(certificate, Order::Client),
        Rule::Revoked | Rule::RevokedInRecords => home.issue_like(certificate),
        Rule::StrictValidator | Rule::StrictValidatorLimit if certificate.der().len() >= UNREAD_BY_RUSTLS => {
            vec![Help::advice(
                "Programs that use rustls cannot read certificates of 64 KiB or more: for such programs, \
                 issue several with fewer names each.",
            )]
        }
        _ => home.issue(certificate, Order::Host),
    }
}

/// rustls does not read certificates of this size in bytes, or larger.
pub(in crate::checks) const UNREAD_BY_RUSTLS: usize = 64 * 1024;

fn of_issuer(judged: &Judged<'_>, answer: &Answer, found: &path::Finding) -> Vec<Help> {
    let by_name = || {
        answer
            .path
            .iter()
            .find(|certificate| certificate.title() == found.certificate)
    };
    let Some(issuer) = found
        .position
        .and_then(|position| answer.path.get(position))
        .or_else(by_name)
    else {
        return Vec::new();
    };
    match found.rule {
        Rule::NotYetValid => vec![look_at_the_clock()],
        Rule::AnchorNotSelfSigned => vec![trust_as_well(issuer)],
        // What its own root would have to be is known; of what is missing between, only the server's admin knows.
        Rule::IssuerUnknown if issuer.is_self_issued() => vec![trust_if_right(issuer)],
        Rule::IssuerUnknown | Rule::SignatureWrong => {
            vec![why_not_trusted(found.rule, &issuer.issuer().to_string())]
        }
        Rule::Revoked | Rule::RevokedInRecords => vec![needs_another_key(issuer)],
        // Re-issuing for the same key would not help, and the CA's limits do not change.
        Rule::WeakKey | Rule::KeyUnknown | Rule::KeyUnreadable => {
            vec![Help::Advice(
                Prose::new("The CA ")
                    .name(&issuer.subject().to_string())
                    .words(" needs another key, and must then re-issue its certificates."),
            )]
        }
        Rule::PathLength | Rule::NameConstraints | Rule::NameConstraintsUnreadable => vec![Help::Advice(
            Prose::new("The CA ")
                .name(&issuer.subject().to_string())
                .words(" needs a certificate that permits this, or the certificate needs another CA."),
        )],
        _ => judged.home.renew_authority(issuer),
    }
}

/// What helps with a CA whose certificate is revoked.
fn needs_another_key(authority: &Certificate) -> Help {
    let issuer = authority.issuer().to_string();
    Help::Advice(
        Prose::new("This CA needs a new key, and a certificate for it from ")
            .name(&issuer)
            .words("; it must then re-issue its certificates."),
    )
}

/// Why nothing that is trusted vouches for a certificate, the likeliest first.
fn of_issuing(judged: &Judged<'_>, rule: Rule) -> Vec<Help> {
    let Judged {
        certificate, home, ..
    } = judged;
    if certificate.is_self_issued() && rule == Rule::IssuerUnknown {
        let is_host = is_self_signed_host(certificate) || !certificate.is_authority();
        return if is_host {
            home.issue(certificate, Order::Host)
        } else {
            vec![Help::advice(TRUST_ROOT)]
        };
    }
    if let Some(file) = home
        .former_issuer
        .as_ref()
        .filter(|_| rule == Rule::SignatureWrong)
    {
        let again = (home.ca_option.is_some()).then(|| home.issue(certificate, Order::Host));
        return std::iter::once(trust_former_key(file))
            .chain(again.into_iter().flatten())
            .collect();
    }
    // What is there need only be installed; to issue it is for the CA that is named as the issuer.
    let is_this_authority = home.is_in_charge || !home.successors.is_empty();
    let again = (home.ca_option.is_some() && is_this_authority).then(|| home.issue(certificate, Order::Host));
    let here = home.issue_instead(certificate).filter(|_| !is_this_authority);
    again
        .into_iter()
        .flatten()
        .chain([why_not_trusted(rule, &certificate.issuer().to_string())])
        .chain(here)
        .collect()
}

/// Its rejection may have a reason, so nothing is written that drops it.
pub(in crate::checks) const PLAIN_CERTIFICATE: &str = "Someone chose these settings. If they are not intended, \
     write the file without them with gsec convert to-pem.";

const UNCHECKED: &str = "Check it with a program that supports the algorithm, openssl verify for example.";

const TRUST_ROOT: &str = "It is the root of another CA: trust it only if it is the right one.";

/// What is trusted is the CA's present key, and its former key signed the certificate.
pub fn trust_former_key(file: &Path) -> Help {
    Help::Advice(
        Prose::new("The former key of this CA signed it: trust ")
            .path(file)
            .words(" as well, while certificates signed by it are in use."),
    )
}

fn why_not_trusted(rule: Rule, issuer: &str) -> Help {
    Help::Advice(match rule {
        Rule::SignatureWrong => Prose::new("Two CAs have the name ").name(issuer).words(
            ", or one has two keys. Use the key identifiers to find out which one issued this \
                 certificate, and trust that one only if it is the right one.",
        ),
        _ => Prose::new(
            "Either the server does not send its intermediate: have its administrator append the \
             certificate of ",
        )
        .name(issuer)
        .words(
            " to the certificate file. Or it comes from another CA: trust the root of that CA only if \
                 it is the right one.",
        ),
    })
}

fn trust_if_right(issued: &Certificate) -> Help {
    let words = Prose::new("Get the certificate of the CA ").name(&issued.issuer().to_string());
    Help::Advice(words.words(", and trust it if it is the right one."))
}

/// OpenSSL accepts a path only when it ends in a root that is trusted.
pub(in crate::checks) fn trust_as_well(issued: &Certificate) -> Help {
    Help::Advice(
        Prose::new("Trust the certificate of ")
            .name(&issued.issuer().to_string())
            .words(" as well."),
    )
}

/// A certificate that is trusted itself convinces only programs that look for no root.
fn trust_root_instead(trusted: &Certificate) -> Help {
    Help::Advice(
        Prose::new("Give peers the root above ")
            .name(&trusted.issuer().to_string())
            .words(" to trust, instead of this certificate: another certificate does not help."),
    )
}

/// Whether each certificate's issuer is the next certificate. A repeated certificate does no harm.
pub fn is_in_order(chain: &[Certificate]) -> bool {
    break_in_order(chain).is_none()
}

/// The first position at which the next certificate is not the issuer.
pub fn break_in_order(chain: &[Certificate]) -> Option<usize> {
    chain
        .windows(2)
        .position(|pair| pair[0] != pair[1] && !pair[0].issuers_among(chain).contains(&&pair[1]))
}

/// The chain upwards from the certificate at position `own`, in file order; and the certificates that did not issue any of these.
pub fn chain_and_strays(certificates: &[Certificate], own: usize) -> (Vec<Certificate>, Vec<Certificate>) {
    let mut reached: Vec<&Certificate> = certificates.get(own).into_iter().collect();
    let mut looked_at = 0;
    while let Some(below) = reached.get(looked_at) {
        let above = below.issuers_among(certificates);
        let new: Vec<&Certificate> = above
            .into_iter()
            .filter(|other| !reached.contains(other))
            .collect();
        reached.extend(new);
        looked_at += 1;
    }
    certificates
        .iter()
        .cloned()
        .partition(|certificate| reached.contains(&certificate))
}

#[cfg(test)]
mod tests {
    use rcgen::{
        BasicConstraints, CertificateParams, CustomExtension, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
        KeyIdMethod, NameConstraints, SanType, SerialNumber,
    };
    use time::OffsetDateTime;

    use super::*;
    use crate::checks::tests::certificates::{
        Change, Identity, in_days, now, root, uncritical_basic_constraints,
    };
    use crate::checks::tests::{Expected, assert_all, assert_found, help_of};
    use gsec_pki::encoding::shell::CommandLine;
    use gsec_pki::x509::decode_certificates;
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};
    use gsec_pki::x509::path::{Question, RevocationStatus, validate};

    /// A server's certificate, and what a client knows that connects to db1.example.com.
    struct Asked {
        target: Certificate,
        untrusted: Vec<Certificate>,
        anchors: Vec<Certificate>,
        purpose: Purpose,
        name: &'static str,
        at: OffsetDateTime,
        is_revoked: bool,
    }

    fn asked() -> Asked {
        Asked {
            target: root().host("db1.example.com").certificate,
            untrusted: Vec::new(),
            anchors: vec![root().certificate.clone()],
            purpose: Purpose::Server,
            name: "db1.example.com",
            at: now(),
            is_revoked: false,
        }
    }

    impl Asked {
        fn answer(&self, name: &GeneralName) -> Answer {
            let records = |certificate: &Certificate| match self.is_revoked && *certificate == self.target {
                true => RevocationStatus::Revoked {
                    reason: None,
                    since: None,
                },
                false => RevocationStatus::NotChecked,
            };
            validate(&Question {
                untrusted: &self.untrusted,
                anchors: &self.anchors,
                purpose: self.purpose,
                name: Some(name),
                records: Some(&records),
                ..Question::about(&self.target, self.at)
            })
        }

        fn found(&self, home: &Home) -> Vec<Finding> {
            let name = GeneralName::parse_host(self.name).expect("a host");
            let judged = Judged {
                certificate: &self.target,
                subject: "db1.pem",
                purpose: self.purpose,
                name: Some(&name),
                home,
            };
            findings(&judged, &self.answer(&name))
        }

        fn host_with(&mut self, change: Change) {
            self.target = root().host_with("db1.example.com", change).certificate;
        }

        /// A host's certificate from a CA below the root with something changed.
        fn below_with(&mut self, change: Change) {
            let below = root().below("Middle CA", change);
            self.target = below.host("db1.example.com").certificate;
            self.untrusted = vec![below.certificate];
        }
    }

    /// The certificate with an algorithm of X9.62 that nobody uses instead of ecdsa-with-SHA256.
    fn of_unknown_algorithm(certificate: &Certificate) -> Certificate {
        const ECDSA_SHA256: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
        let mut der = certificate.der().to_vec();
        for at in 0..der.len() - ECDSA_SHA256.len() {
            if der[at..].starts_with(ECDSA_SHA256) {
                der[at + ECDSA_SHA256.len() - 1] = 9;
            }
        }
        Certificate::from_der(&der).expect("a certificate")
    }

    type Row = (&'static str, fn(&mut Asked), &'static [Expected]);

    #[track_caller]
    fn each(rows: &[Row]) {
        let found = |change: fn(&mut Asked)| {
            let mut asked = asked();
            change(&mut asked);
            asked.found(&Home::default())
        };
        assert_all(
            rows.iter()
                .map(|(situation, change, expected)| (*situation, found(*change), *expected)),
        );
    }

    #[test]
    fn certificate_before_and_after_its_time() {
        each(&[
            ("it is valid", |_| {}, &[]),
            (
                "it has expired",
                |asked| asked.at = in_days(336),
                &[("certificate-expired", Error, "db1.pem: CN=db1.example.com: ")],
            ),
            (
                "it begins tomorrow",
                |asked| asked.at = in_days(-31),
                &[(
                    "certificate-not-yet-valid",
                    Error,
                    "db1.pem: CN=db1.example.com: ",
                )],
            ),
            (
                "its CA has expired",
                |asked| asked.below_with(|params| params.not_after = in_days(-1)),
                &[(
                    "certificate-expired",
                    Error,
                    "db1.pem: CA certificate CN=Middle CA: ",
                )],
            ),
        ]);
    }

    #[test]
    fn certificate_of_nobody_who_is_trusted() {
        each(&[
            (
                "another CA is trusted",
                |asked| asked.anchors = vec![Identity::root("Other CA").certificate],
                &[("issuer-unknown", Error, "CN=Example CA")],
            ),
            (
                "it signed itself",
                |asked| asked.target = Identity::self_signed_host("db1.example.com", |_| {}).certificate,
                &[("self-signed", Error, "db1.pem: CN=db1.example.com")],
            ),
            (
                "a CA of the same name is trusted",
                |asked| asked.anchors = vec![Identity::root("Example CA").certificate],
                &[("issuer-signature-wrong", Error, "CN=Example CA")],
            ),
            (
                "the trusted certificate of its CA has another key identifier",
                |asked| {
                    let other = root().again(|params| {
                        params.key_identifier_method = KeyIdMethod::PreSpecified(vec![7; 20]);
                    });
                    asked.anchors = vec![other.certificate];
                },
                &[("key-identifier-mismatch", Warning, "")],
            ),
            (
                "the CA above it is trusted, and no root",
                |asked| {
                    asked.below_with(|_| {});
                    asked.anchors = std::mem::take(&mut asked.untrusted);
                },
                &[("trust-only-intermediate", Notice, "CN=Middle CA")],
            ),
            (
                "it has a signature that cannot be checked",
                |asked| asked.target = of_unknown_algorithm(&asked.target),
                &[("signature-unchecked", Warning, "db1.pem: CN=db1.example.com")],
            ),
            (
                "its CA revoked it",
                |asked| asked.is_revoked = true,
                &[("certificate-revoked", Error, "db1.pem: CN=db1.example.com")],
            ),
        ]);
    }

    #[test]
    fn certificate_for_another_host_or_another_use() {
        each(&[
            (
                "another host",
                |asked| asked.name = "db2.example.com",
                &[("name-mismatch", Error, "db2.example.com")],
            ),
            (
                "the host's address as one of IPv6",
                |asked| {
                    asked.name = "::ffff:192.0.2.7";
                    asked.host_with(|params| {
                        params.subject_alt_names = vec![SanType::IpAddress([192, 0, 2, 7].into())];
                    });
                },
                &[("name-mismatch", Error, "::ffff:192.0.2.7")],
            ),
            (
                "no subjectAltName",
                |asked| asked.host_with(|params| params.subject_alt_names.clear()),
                &[("san-missing", Error, "")],
            ),
            (
                "an address in a dNSName",
                |asked| {
                    asked.name = "192.0.2.7";
                    asked.host_with(|params| {
                        let name = "192.0.2.7".try_into().expect("a name");
                        params.subject_alt_names = vec![SanType::DnsName(name)];
                    });
                },
                &[("address-as-name", Error, "192.0.2.7")],
            ),
            (
                "for clients alone",
                |asked| {
                    asked.host_with(|params| {
                        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
                    });
                },
                &[("extended-key-usage", Error, "")],
            ),
            (
                "a CA's",
                |asked| asked.host_with(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
                &[("ca-certificate-as-host", Error, "")],
            ),
        ]);
    }

    #[test]
    fn certificate_that_can_be_forged_or_is_not_understood() {
        each(&[
            (
                "an RSA key of 1024 bits",
                |asked| asked.target = root().host_of_rsa_key("db1.example.com", 1024),
                &[
                    ("weak-key", Error, "its key is RSA with 1024 bits"),
                    // Its keyUsage is for an EC key.
                    ("certificate-flaw", Warning, "NSS requires keyEncipherment"),
                ],
            ),
            (
                "a critical extension of our own",
                |asked| {
                    asked.host_with(|params| {
                        let mut own =
                            CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99999, 1], vec![5, 0]);
                        own.set_criticality(true);
                        params.custom_extensions = vec![own];
                    });
                },
                &[("unknown-critical-extension", Error, "1.3.6.1.4.1.99999.1")],
            ),
            (
                "the serial number zero",
                |asked| asked.host_with(|params| params.serial_number = Some(SerialNumber::from_slice(&[0]))),
                &[("certificate-flaw", Warning, "serial")],
            ),
        ]);
    }

    #[test]
    fn ca_that_may_not_issue_it() {
        each(&[
            ("it may", |asked| asked.below_with(|_| {}), &[]),
            (
                "it is no CA",
                |asked| asked.below_with(|params| params.is_ca = IsCa::ExplicitNoCa),
                &[("ca-certificate-unfit", Error, "CA certificate CN=Middle CA")],
            ),
            (
                "another name is permitted",
                |asked| {
                    asked.below_with(|params| {
                        params.name_constraints = Some(NameConstraints {
                            permitted_subtrees: vec![GeneralSubtree::DnsName("example.org".into())],
                            excluded_subtrees: Vec::new(),
                        });
                    });
                },
                &[("ca-certificate-unfit", Error, "db1.example.com")],
            ),
            (
                "it has no keyUsage",
                |asked| asked.below_with(|params| params.key_usages.clear()),
                &[("ca-without-key-usage", Warning, "CA certificate CN=Middle CA")],
            ),
            (
                "its basicConstraints is not critical",
                |asked| {
                    asked.below_with(|params| {
                        params.is_ca = IsCa::NoCa;
                        params.custom_extensions = vec![uncritical_basic_constraints()];
                    });
                },
                &[
                    (
                        "certificate-flaw",
                        Warning,
                        "CA certificate CN=Middle CA: its basicConstraints are not critical",
                    ),
                    ("certificate-flaw", Warning, "without subjectKeyIdentifier"),
                ],
            ),
        ]);
    }

    #[test]
    fn settings_of_openssl_stand_beside_an_anchor() {
        let mut asked = asked();
        // Rejected for servers: X509_CERT_AUX with reject [0] { serverAuth }.
        let reject = [0x30, 0x0c, 0xa0, 0x0a, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1];
        let der = [root().certificate.der(), &reject].concat();
        let text = gsec_pki::encoding::pem::encode("TRUSTED CERTIFICATE", &der);
        asked.anchors = decode_certificates(text.as_bytes()).expect("a certificate");
        let found = asked.found(&Home::default());
        let found: Vec<Finding> = found
            .into_iter()
            .filter(|finding| finding.entry == &TRUST_SETTINGS)
            .collect();
        assert_found(
            "OpenSSL rejects servers",
            &found,
            &[("openssl-trust-settings", Error, "CN=Example CA")],
        );
        assert_eq!(help_of(&found[0]), format!("advice: {PLAIN_CERTIFICATE}"));
    }

    #[test]
    fn every_rule_is_told_under_one_slug() {
        let slugs: Vec<&str> = Rule::ALL.iter().map(|rule| entry_of(*rule).slug).collect();
        for (rule, slug) in [
            (Rule::WeakDigest, "weak-signature"),
            (Rule::ExtendedKeyUsageEmpty, "extended-key-usage"),
            (Rule::EndEntityKeyUsage, "extended-key-usage"),
            (Rule::Revoked, "certificate-revoked"),
            (Rule::RevokedInRecords, "certificate-revoked"),
            (Rule::IssuerKeyUsage, "ca-certificate-unfit"),
            (Rule::PathLength, "ca-certificate-unfit"),
            (Rule::NameConstraintsUnreadable, "ca-certificate-unfit"),
            (Rule::WronglyCritical, "unknown-critical-extension"),
            (Rule::CrlStale, "certificate-flaw"),
            (Rule::SerialZero, "certificate-flaw"),
        ] {
            assert_eq!(entry_of(rule).slug, slug, "{rule:?}");
        }
        let own: Vec<&str> = PATH_ENTRIES.iter().map(|entry| entry.slug).collect();
        assert!(
            slugs.iter().all(|slug| own.contains(slug)),
            "each is listed as looked for"
        );
    }

    #[test]
    fn only_what_is_said_of_kept_crls_is_left_to_the_directory() {
        assert!(is_about_kept_crls(Rule::CrlStale) && is_about_kept_crls(Rule::CrlSignature));
        assert!(!is_about_kept_crls(Rule::CrlNotYetValid) && !is_about_kept_crls(Rule::Revoked));
    }

    /// The local CA, which issued the certificate and can renew it.
    fn home() -> Home {
        Home {
            is_issuer: true,
            is_in_charge: true,
            can_renew: true,
            permitted: Order::ALL.to_vec(),
            ..Home::of(Some(CommandLine::new("--ca-dir /srv/ca")), &asked().target, None)
        }
    }

    #[test]
    fn what_helps_comes_from_the_local_ca_where_it_is_in_charge() {
        let help = |change: fn(&mut Asked), home: &Home| {
            let mut asked = asked();
            change(&mut asked);
            help_of(&asked.found(home)[0])
        };
        let expired: fn(&mut Asked) = |asked| asked.at = in_days(336);
        assert_eq!(help(expired, &home()), "fix: gsec cert renew 2A --ca-dir /srv/ca");
        assert_eq!(
            help(expired, &Home::default()),
            "advice: Have the CA 'CN=Example CA' issue a new certificate."
        );
        let doubtful = Home {
            doubts_clock: true,
            ..home()
        };
        assert_eq!(
            help(expired, &doubtful),
            "look: date -u\nadvice: If this clock is right: gsec cert renew 2A --ca-dir /srv/ca"
        );
        assert_eq!(help(|asked| asked.at = in_days(-31), &home()), "look: date -u");
        let revoked = help(|asked| asked.is_revoked = true, &home());
        assert_eq!(
            revoked,
            "fix: gsec cert issue --host db1.example.com --ca-dir /srv/ca"
        );
        let weak = help(
            |asked| asked.target = root().host_of_rsa_key("db1.example.com", 1024),
            &Home::default(),
        );
        assert!(weak.starts_with("advice: Make a new key"), "{weak}");
    }

    #[test]
    fn no_certificate_is_issued_for_an_address_that_is_written_otherwise() {
        let mut asked = asked();
        asked.name = "::ffff:192.0.2.7";
        let home = Home {
            ca_option: Some(CommandLine::new("--ca-dir").value("ca")),
            is_in_charge: true,
            ..Home::default()
        };
        assert_eq!(
            help_of(&asked.found(&home)[0]),
            "advice: Have clients connect to '192.0.2.7': no certificate has an IPv4 address as an IPv6 one."
        );
    }

    #[test]
    fn certificates_are_in_order_or_strays() {
        let middle = root().below("Middle CA", |_: &mut CertificateParams| {});
        let host = middle.host("db1.example.com").certificate;
        let (root, middle) = (root().certificate.clone(), middle.certificate);
        let other = Identity::root("Other CA").certificate;
        assert!(is_in_order(&[host.clone(), middle.clone(), root.clone()]));
        assert!(
            is_in_order(&[host.clone(), host.clone(), middle.clone()]),
            "one stands there twice"
        );
        assert!(!is_in_order(&[host.clone(), root.clone(), middle.clone()]));
        let (chain, strays) =
            chain_and_strays(&[host.clone(), other.clone(), root.clone(), middle.clone()], 0);
        assert_eq!(chain, [host, root, middle]);
        assert_eq!(strays, [other]);
    }

    #[test]
    fn of_two_issuers_of_one_name_the_one_that_did_not_sign_is_a_stray() {
        let below = |_: &mut CertificateParams| {};
        let (right, wrong) = (root().below("Middle CA", below), root().below("Middle CA", below));
        let host = right.host("db1.example.com").certificate;
        let (right, wrong) = (right.certificate, wrong.certificate);
        assert!(is_in_order(&[
            host.clone(),
            right.clone(),
            root().certificate.clone()
        ]));
        assert_eq!(
            break_in_order(&[host.clone(), wrong.clone(), right.clone()]),
            Some(0)
        );
        let (chain, strays) = chain_and_strays(&[host.clone(), wrong.clone(), right.clone()], 0);
        assert_eq!((chain, strays), (vec![host.clone(), right], vec![wrong.clone()]));
        // Where none signed, the name decides, and what is wrong with the signature is said elsewhere.
        assert!(is_in_order(&[host, wrong]));
    }

    #[test]
    fn crls_of_another_key_of_the_same_name_are_left_out() {
        let own = RevocationList::from_der(&root().crl(|_| {})).expect("a CRL");
        let former = Identity::root("Example CA");
        let of_former = RevocationList::from_der(&former.crl(|_| {})).expect("a CRL");
        let of_other = RevocationList::from_der(&Identity::root("Other CA").crl(|_| {})).expect("a CRL");
        let kept = crls_for(&asked().target, [&of_former, &own, &of_other]);
        assert_eq!(kept, [own.der().to_vec(), of_other.der().to_vec()]);
        assert!(now() > own.this_update());
    }
}
