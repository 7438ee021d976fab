//! Comparisons of one thing with another, one at a time, so that a million need no memory.

use std::path::{Component, Path, PathBuf};

use time::OffsetDateTime;

use super::{DifferenceKind, Setting};
use gsec_pki::key::SignatureCheck;
use gsec_pki::x509::{Certificate, SerialNumber, decode_certificates};

/// What a record of `ca.db` says of a certificate.
pub struct RecordedCertificate<'a> {
    /// Serial number.
    pub serial: &'a SerialNumber,
    /// End of validity.
    pub expiry: OffsetDateTime,
    /// Subject in OpenSSL's one-line form.
    pub subject: &'a str,
    /// Whether the CA had keys of which nothing is left, so that certificates they signed cannot be told from foreign ones.
    pub has_lost_keys: bool,
}

impl RecordedCertificate<'_> {
    /// The most serious difference between the CA's file and the record. `own` are the present and former certificates of the
    /// CA.
    pub fn difference(&self, content: &[u8], own: &[&Certificate]) -> Option<DifferenceKind> {
        let certificate = match decode_certificates(content) {
            Err(error) => return Some(DifferenceKind::Damaged(error.to_string())),
            Ok(certificates) => certificates.into_iter().next()?,
        };
        if !own.is_empty() && !own.iter().any(|own| own.subject() == certificate.issuer()) {
            return Some(DifferenceKind::Issuer(certificate.issuer().to_string()));
        }
        let is_foreign = || {
            own.iter()
                .all(|own| certificate.verify_signature(own.public_key()) == SignatureCheck::Bad)
        };
        if !own.is_empty() && is_foreign() && !(self.has_lost_keys && is_of_unknown_key(&certificate, own)) {
            return Some(DifferenceKind::Signature);
        }
        if certificate.serial() != self.serial {
            return Some(DifferenceKind::Serial(certificate.serial().clone()));
        }
        if certificate.not_after() != self.expiry {
            return Some(DifferenceKind::Expiry {
                record: self.expiry,
                certificate: certificate.not_after(),
            });
        }
        let subject = subject_column(&certificate);
        (subject != self.subject).then(|| DifferenceKind::Subject {
            record: self.subject.to_owned(),
            certificate: subject,
        })
    }
}

/// Whether a certificate in the CA's name says that another key signed it than one of those that are known.
pub fn is_of_unknown_key(certificate: &Certificate, own: &[&Certificate]) -> bool {
    let is_named = |identifier: &[u8]| {
        own.iter().any(|own| {
            own.key_identifier_for_issued() == identifier || own.public_key().key_identifier() == *identifier
        })
    };
    let is_of_name = own.iter().any(|own| own.subject() == certificate.issuer());
    is_of_name
        && certificate
            .authority_key_identifier()
            .is_some_and(|identifier| !is_named(identifier))
}

/// The subject as `openssl ca` writes it into `ca.db`.
fn subject_column(certificate: &Certificate) -> String {
    let subject = certificate.subject();
    if subject.is_empty() {
        certificate.serial().to_string()
    } else {
        subject.openssl_oneline()
    }
}

/// Where a CA directory is, and what its settings in `ca.conf` should lead to.
pub struct ConfigurationPaths<'a> {
    /// The CA directory, absolute.
    pub root: &'a Path,
}

/// Settings of an `openssl ca` section, and what each leads to in the CA directory.
const SETTINGS: [(&str, &str); 6] = [
    ("database", "ca_conf/ca.db"),
    ("serial", "ca_conf/serial.num"),
    ("new_certs_dir", "repository"),
    ("certificate", "ca_conf/ca_cert.pem"),
    ("private_key", "ca_conf/ca_priv_key.pem"),
    ("crlnumber", "ca_conf/crl.num"),
];

/// The lines of an OpenSSL configuration, without comments.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
}

/// The settings of an OpenSSL configuration, whatever section they are in: name and value.
fn settings(text: &str) -> impl Iterator<Item = (&str, &str)> {
    lines(text)
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim()))
}

/// The settings of `ca.conf` that lead elsewhere, called in the CA directory as its first lines say. Settings that are not there are not
/// looked for, nor is one with a variable that the file does not set.
pub fn elsewhere(text: &str, paths: &ConfigurationPaths<'_>) -> Vec<Setting> {
    let all: Vec<(&str, &str)> = settings(text).collect();
    let dir = all
        .iter()
        .find(|(name, _)| *name == "dir")
        .map_or(".", |(_, value)| value);
    let mut found = Vec::new();
    for (name, own) in SETTINGS {
        let Some((_, value)) = all.iter().find(|(found, _)| *found == name) else {
            continue;
        };
        let expanded = value.replace("${dir}", dir).replace("$dir", dir);
        if !expanded.contains('$') && normal(&paths.root.join(&expanded)) != normal(&paths.root.join(own)) {
            found.push(Setting {
                name: name.into(),
                value: (*value).into(),
                expected: own.into(),
            });
        }
    }
    found
}

/// Whether a `ca.conf` sets nothing by which `openssl ca` finds this CA.
pub fn sets_nothing(text: &str) -> bool {
    !settings(text).any(|(name, _)| SETTINGS.iter().any(|(setting, _)| *setting == name))
}

/// What is missing of a `ca.conf` that was cut off: `openssl ca` ends with an error about a section that it cannot find.
pub fn lacks(text: &str) -> Option<String> {
    const NAMES_OF_SECTIONS: [&str; 4] = ["default_ca", "policy", "x509_extensions", "crl_extensions"];
    let sections: Vec<&str> = lines(text)
        .filter_map(|line| Some(line.strip_prefix('[')?.strip_suffix(']')?.trim()))
        .collect();
    if !settings(text).any(|(name, _)| name == "policy") {
        return Some("the setting `policy` is missing: was the file cut off?".into());
    }
    settings(text)
        .filter(|(name, value)| NAMES_OF_SECTIONS.contains(name) && !value.contains('$'))
        .find(|(_, value)| !sections.contains(value))
        .map(|(name, value)| {
            format!("the section `[ {value} ]`, which `{name}` names, is missing: was the file cut off?")
        })
}

/// Whether `openssl ca` takes every extension that a CSR asks for.
pub fn copies_all_extensions(text: &str) -> bool {
    settings(text).any(|setting| setting == ("copy_extensions", "copyall"))
}

/// The path without `.` and, where that is possible without following links, without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::tests::certificates::{self, in_days};

    fn found(text: &str) -> Vec<String> {
        elsewhere(
            text,
            &ConfigurationPaths {
                root: Path::new("/srv/ca"),
            },
        )
        .into_iter()
        .map(|setting| setting.name)
        .collect()
    }

    #[test]
    fn a_configuration_that_was_cut_off_is_told() {
        let whole = include_str!("../../../../../ca_template/ca.conf").replace("{rand_serial}", "");
        assert!(!sets_nothing(&whole) && lacks(&whole).is_none());
        let last_section = whole.find("[ crl ]").expect("the last section");
        let ends = whole.match_indices('\n').map(|(at, _)| at);
        for end in ends.filter(|end| *end < last_section) {
            let beginning = &whole[..end];
            assert!(
                sets_nothing(beginning) || lacks(beginning).is_some(),
                "{beginning}"
            );
        }
        // A hand-written one, with variables and without extensions.
        assert_eq!(lacks("[ca]\ndefault_ca=$ENV::CA\n[x]\npolicy = p\n[p]\n"), None);
    }

    #[test]
    fn settings_that_lead_here_are_silent_however_they_are_written() {
        assert_eq!(
            found(&gsec_ca::policy::openssl_configuration(
                gsec_ca::policy::SerialSource::Sequential
            )),
            Vec::<String>::new()
        );
        assert_eq!(
            found("database = ca_conf/ca.db\nserial = ./ca_conf/serial.num # here\n"),
            Vec::<String>::new()
        );
        assert_eq!(
            found("dir = /srv/ca\ndatabase = ${dir}/ca_conf/ca.db"),
            Vec::<String>::new()
        );
        assert_eq!(found("database = $ENV::CA/ca.db\n"), Vec::<String>::new());
    }

    #[test]
    fn settings_that_lead_elsewhere_are_found() {
        assert_eq!(
            found("dir = /srv/old\ndatabase = $dir/ca_conf/ca.db\nserial = ca_conf/serial.num"),
            ["database"]
        );
        assert_eq!(found("private_key = /root/key.pem"), ["private_key"]);
    }

    /// How the CA's file of serial number 2A differs from its record, after something was changed in either.
    fn difference(
        content: &[u8],
        change: impl FnOnce(&mut RecordedCertificate<'_>),
    ) -> Option<DifferenceKind> {
        let number = SerialNumber::parse_hex("2A").expect("a serial number");
        let mut record = RecordedCertificate {
            serial: &number,
            expiry: in_days(335),
            subject: "/CN=db1.example.com",
            has_lost_keys: false,
        };
        change(&mut record);
        record.difference(content, &[&certificates::root().certificate])
    }

    #[test]
    fn certificate_is_compared_with_its_record() {
        let root = certificates::root();
        let own = root.host("db1.example.com").pem();
        assert_eq!(difference(own.as_bytes(), |_| {}), None);
        assert!(matches!(
            difference(b"no certificate", |_| {}),
            Some(DifferenceKind::Damaged(_))
        ));
        let other = certificates::Identity::root("Other CA")
            .host("db1.example.com")
            .pem();
        assert_eq!(
            difference(other.as_bytes(), |_| {}),
            Some(DifferenceKind::Issuer("CN=Other CA".into()))
        );
        let third = root.host_with("db1.example.com", |params| {
            params.serial_number = Some(rcgen::SerialNumber::from_slice(&[3]));
        });
        assert_eq!(
            difference(third.pem().as_bytes(), |_| {}),
            SerialNumber::parse_hex("03").map(DifferenceKind::Serial)
        );
        assert!(matches!(
            difference(own.as_bytes(), |record| record.expiry = in_days(334)),
            Some(DifferenceKind::Expiry { .. })
        ));
        assert!(matches!(
            difference(own.as_bytes(), |record| record.subject = "/CN=db2.example.com"),
            Some(DifferenceKind::Subject { .. })
        ));
    }

    #[test]
    fn certificate_of_a_key_that_is_lost_is_not_called_foreign() {
        let of_former_key = certificates::Identity::root("Example CA")
            .host("db1.example.com")
            .pem();
        assert_eq!(
            difference(of_former_key.as_bytes(), |_| {}),
            Some(DifferenceKind::Signature),
            "no key was lost"
        );
        assert_eq!(
            difference(of_former_key.as_bytes(), |record| record.has_lost_keys = true),
            None
        );
        // It says that the present key signed it, which is not so.
        let changed = certificates::root()
            .host("db1.example.com")
            .certificate
            .der()
            .to_vec();
        let changed = [&changed[..changed.len() - 1], &[changed[changed.len() - 1] ^ 1]].concat();
        assert_eq!(
            difference(&changed, |record| record.has_lost_keys = true),
            Some(DifferenceKind::Signature)
        );
    }

    #[test]
    fn only_copyall_lets_a_request_choose() {
        for (text, copies) in [
            ("copy_extensions = copyall\n", true),
            ("copy_extensions = copy\n", false),
            ("# copy_extensions = copyall\n", false),
        ] {
            assert_eq!(copies_all_extensions(text), copies, "{text}");
        }
    }
}
