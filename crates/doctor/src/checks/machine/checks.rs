//! The checks of a machine.

use super::entries::*;
use super::systems::{FAMILIES, is_before};
use super::{Deployment, Facts, Libraries, Names, Standing, TrustStores};
use crate::checks::{Check, Finding};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::path::Severity;
use gsec_pki::x509::{Certificate, GeneralName};

/// Everything that is looked for.
pub static CHECKS: &[Check<Facts>] = &[
    Check {
        entries: &[&NAME_NOT_QUALIFIED, &NAME_UNKNOWN, &NAME_DIFFERS],
        run: |facts| facts.names.as_ref().map(names).unwrap_or_default(),
    },
    Check {
        entries: &[&AUTHORITY_ABSENT, &CERTIFICATE_ABSENT, &CERTIFICATE_OF_ANOTHER],
        run: |facts| facts.deployment.as_ref().map(deployment).unwrap_or_default(),
    },
    Check {
        entries: &[&LIBRARY_FOLDER_ABSENT, &LIBRARY_ABSENT],
        run: |facts| facts.libraries.as_ref().map(libraries).unwrap_or_default(),
    },
    Check {
        entries: &[&AUTHORITY_NOT_TRUSTED, &AUTHORITY_TRUST_BROKEN],
        run: |facts| facts.trust.as_ref().map(trust).unwrap_or_default(),
    },
    Check {
        entries: &[&SYSTEM_WITHOUT_TLS],
        run: |facts| system(facts).into_iter().collect(),
    },
];

/// The stores without the CA together, and each one that has it in vain.
fn trust(trust: &TrustStores) -> Vec<Finding> {
    let absent = trust.stores.iter().filter(|(_, says)| *says == Standing::Absent);
    let absent: Vec<&str> = absent.map(|(store, _)| store.as_str()).collect();
    let missing = (!absent.is_empty()).then(|| {
        let seen = format!("it is not in {}", absent.join(", "));
        Finding::new(&AUTHORITY_NOT_TRUSTED, &trust.subject, seen).fix(trust.install.clone())
    });
    let broken = trust.stores.iter().filter_map(|(store, says)| match says {
        Standing::Broken(why) => {
            let finding = Finding::new(&AUTHORITY_TRUST_BROKEN, &trust.subject, format!("{store}: {why}"));
            Some(finding.look(CommandLine::new("gsec trust status")))
        }
        _ => None,
    });
    missing.into_iter().chain(broken).collect()
}

/// Forward and backward, the same name.
fn names(names: &Names) -> Vec<Finding> {
    let whole = if names.own.contains('.') {
        &names.own
    } else {
        names.canonical.as_ref().unwrap_or(&names.own)
    };
    let mut findings = Vec::new();
    if !whole.contains('.') {
        let seen = format!(
            "it calls itself `{}`, and the resolver has no longer name",
            names.own
        );
        findings.push(Finding::new(&NAME_NOT_QUALIFIED, "this machine", seen));
    }
    match &names.addresses {
        Err(problem) => {
            let seen = format!("the resolver has no address for `{whole}`: {problem}");
            findings.push(Finding::new(&NAME_UNKNOWN, "this machine", seen));
        }
        Ok(addresses) => findings.extend(differing(whole, addresses)),
    }
    findings
}

/// A loopback address, as Debian enters in /etc/hosts, tells nothing about others; nor does an address without a name.
fn differing(whole: &str, addresses: &[(std::net::IpAddr, Option<String>)]) -> Option<Finding> {
    let named = addresses.iter().filter(|(address, _)| !address.is_loopback());
    let mut named = named
        .filter_map(|(address, name)| Some((address, name.as_deref()?)))
        .peekable();
    let (first, other) = *named.peek()?;
    if named.any(|(_, name)| is_same_host(name, whole)) {
        return None;
    }
    let seen = format!("it calls itself `{whole}`, but the name of its address {first} is `{other}`");
    let other = other.trim_end_matches('.');
    let rename = CommandLine::new("hostname")
        .value(other)
        .words("&& echo")
        .value(other)
        .words("> /etc/hostname");
    Some(Finding::new(&NAME_DIFFERS, "this machine", seen).fix(rename))
}

/// A short name matches a long one whose first label it is.
fn is_same_host(one: &str, other: &str) -> bool {
    let (one, other) = (
        one.trim_end_matches('.').to_ascii_lowercase(),
        other.trim_end_matches('.').to_ascii_lowercase(),
    );
    let begins = |long: &str, short: &str| !short.contains('.') && long.split('.').next() == Some(short);
    one == other || begins(&one, &other) || begins(&other, &one)
}

/// The CA certificate, and one that it issued for this host.
fn deployment(deployment: &Deployment) -> Vec<Finding> {
    let subject = deployment.folder.display().to_string();
    let (authorities, hosts): (Vec<&Certificate>, Vec<&Certificate>) = deployment
        .certificates
        .iter()
        .partition(|certificate| certificate.is_authority());
    let issued: Vec<&Certificate> = hosts
        .iter()
        .copied()
        .filter(|host| authorities.iter().any(|authority| host.is_issued_by(authority)))
        .collect();
    let host = deployment.hosts.first().cloned();
    let issue = || match (&deployment.ca_option, &host) {
        (Some(option), Some(host)) => Some(
            CommandLine::new("gsec cert issue --host")
                .value(host)
                .words("--out-dir")
                .path(&deployment.folder)
                .then(option),
        ),
        _ => None,
    };
    let mut findings = Vec::new();
    if authorities.is_empty() || (issued.is_empty() && !hosts.is_empty()) {
        let seen = match hosts.first() {
            Some(host) => format!(
                "the certificate of `{}`, which issued `{}`, is missing",
                host.issuer(),
                host.subject()
            ),
            None => "there is no CA certificate".into(),
        };
        let finding = Finding::new(&AUTHORITY_ABSENT, subject.clone(), seen);
        let suits = |authority: &Certificate| {
            hosts.is_empty() || hosts.iter().any(|host| host.is_issued_by(authority))
        };
        findings.push(
            match deployment
                .authority
                .as_ref()
                .filter(|(_, authority)| suits(authority))
            {
                Some((file, _)) => finding.fix(
                    CommandLine::new("cp")
                        .path(file)
                        .path(&deployment.folder)
                        .glued("/"),
                ),
                None => finding,
            },
        );
    }
    if hosts.is_empty() {
        let finding = Finding::new(
            &CERTIFICATE_ABSENT,
            subject,
            format!(
                "{} certificates are there, but none for a host",
                authorities.len()
            ),
        );
        findings.push(issue().into_iter().fold(finding, Finding::fix));
    } else if !deployment.hosts.is_empty()
        && !hosts
            .iter()
            .any(|certificate| is_for(certificate, &deployment.hosts))
    {
        let names: Vec<String> = hosts
            .iter()
            .map(|certificate| format!("`{}`", certificate.subject()))
            .collect();
        let seen = format!(
            "the host is `{}`, but the certificates are for {}",
            deployment.hosts.join("`, `"),
            names.join(", ")
        );
        findings.push(
            issue()
                .into_iter()
                .fold(Finding::new(&CERTIFICATE_OF_ANOTHER, subject, seen), Finding::fix),
        );
    }
    findings
}

fn is_for(certificate: &Certificate, hosts: &[String]) -> bool {
    let hosts: Vec<GeneralName> = hosts
        .iter()
        .filter_map(|host| GeneralName::parse_host(host).ok())
        .collect();
    let names = certificate.subject_alternative_names().unwrap_or_default();
    let common_names = certificate.subject().common_names();
    hosts.iter().any(|host| {
        names.iter().any(|name| name.covers(host))
            || (names.is_empty() && common_names.contains(&host.value()))
    })
}

/// Folders that are not there, and libraries that are in none.
fn libraries(libraries: &Libraries) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in &libraries.paths {
        let absent: Vec<String> = path
            .folders
            .iter()
            .filter(|(_, is_there)| !is_there)
            .map(|(folder, _)| folder.display().to_string())
            .collect();
        if !absent.is_empty() {
            let seen = format!(
                "{} contains {}, which does not exist",
                path.variable,
                absent.join(", ")
            );
            let left: Vec<String> = path
                .folders
                .iter()
                .filter(|(_, is_there)| *is_there)
                .map(|(folder, _)| folder.display().to_string())
                .collect();
            let correct = CommandLine::new("export")
                .value(&path.variable)
                .glued("=")
                .glued_value(&left.join(":"));
            findings.push(Finding::new(&LIBRARY_FOLDER_ABSENT, libraries.origin.clone(), seen).fix(correct));
        }
    }
    let variables: Vec<&str> = libraries
        .paths
        .iter()
        .map(|path| path.variable.as_str())
        .collect();
    let unread = libraries.unread.join("; ");
    let searched = if !libraries.unread.is_empty() {
        format!("not found in what could be read: {unread}")
    } else if variables.is_empty() {
        "no variable is set, and the system's own directories do not contain it".into()
    } else {
        format!(
            "{} and the system's own directories do not contain it",
            variables.join(", ")
        )
    };
    for (library, _) in libraries.wanted.iter().filter(|(_, found)| found.is_none()) {
        let finding = Finding::new(
            &LIBRARY_ABSENT,
            libraries.origin.clone(),
            format!("`{library}`: {searched}"),
        );
        findings.push(match libraries.unread.is_empty() {
            true => finding,
            false => finding.weighing(Severity::Warning),
        });
    }
    findings
}

fn system(facts: &Facts) -> Option<Finding> {
    let system = facts.system.as_ref()?;
    let family = FAMILIES
        .iter()
        .find(|family| family.ids.contains(&system.id.as_str()))?;
    is_before(&system.version, family.first).then(|| {
        let first: Vec<String> = family.first.iter().map(u32::to_string).collect();
        let seen = format!(
            "it is {}; before {} it has {}",
            system.name,
            first.join("."),
            family.before
        );
        Finding::new(&SYSTEM_WITHOUT_TLS, "this machine", seen)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{SearchPath, System};
    use super::*;
    use crate::checks::tests::certificates::{self, Identity};
    use crate::checks::tests::{Expected, assert_found, help_of};
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};

    fn found(own: &str, canonical: Option<&str>, addresses: &[(&str, Option<&str>)]) -> Vec<&'static str> {
        let addresses = addresses
            .iter()
            .map(|(address, name)| (address.parse().expect("an address"), name.map(str::to_owned)))
            .collect();
        let facts = Names {
            own: own.into(),
            canonical: canonical.map(str::to_owned),
            addresses: Ok(addresses),
        };
        names(&facts).iter().map(|finding| finding.entry.slug).collect()
    }

    #[test]
    fn a_machine_that_others_call_as_it_calls_itself_is_healthy() {
        assert!(found("db1.example.com", None, &[("10.0.0.1", Some("db1.example.com"))]).is_empty());
        assert!(
            found(
                "db1",
                Some("db1.example.com"),
                &[("10.0.0.1", Some("DB1.example.com."))]
            )
            .is_empty()
        );
        assert!(
            found("db1.example.com", None, &[("127.0.1.1", Some("localhost"))]).is_empty(),
            "loopback is nobody else's"
        );
        assert!(
            found("db1.example.com", None, &[("10.0.0.1", None)]).is_empty(),
            "an address without a name differs from nothing"
        );
        assert!(
            found(
                "db1.example.com",
                None,
                &[
                    ("10.0.0.9", Some("vip.example.com")),
                    ("10.0.0.1", Some("db1.example.com"))
                ]
            )
            .is_empty()
        );
    }

    #[test]
    fn a_machine_with_another_name_in_the_dns_is_not() {
        assert_eq!(
            found("db1.example.com", None, &[("10.0.0.1", Some("db2.example.com"))]),
            ["host-name-differs"]
        );
        assert_eq!(
            found("db1", None, &[("10.0.0.1", None)]),
            ["host-name-not-qualified"]
        );
    }

    #[test]
    fn name_without_an_address_is_told_and_is_not_called_different() {
        let facts = Names {
            own: "db1.example.com".into(),
            canonical: None,
            addresses: Err("no such host".into()),
        };
        assert_found(
            "the resolver does not know it",
            &names(&facts),
            &[(
                "host-name-unresolved",
                Warning,
                "this machine: the resolver has no address for `db1.example.com`: no such host",
            )],
        );
    }

    /// A folder with a CA certificate and one of this host from it.
    fn deployed() -> Deployment {
        Deployment {
            folder: "/etc/tls".into(),
            certificates: vec![
                certificates::root().certificate.clone(),
                certificates::root().host("db1.example.com").certificate,
            ],
            hosts: vec!["db1.example.com".into()],
            authority: None,
            ca_option: None,
        }
    }

    #[test]
    fn folder_of_a_host() {
        type Row = (&'static str, fn(&mut Deployment), &'static [Expected]);
        let rows: [Row; 8] = [
            ("CA and host are there", |_| {}, &[]),
            (
                "the CA is missing",
                |folder| drop(folder.certificates.remove(0)),
                &[(
                    "ca-certificate-absent",
                    Error,
                    "/etc/tls: the certificate of `CN=Example CA`, which issued `CN=db1.example.com`, is missing",
                )],
            ),
            (
                "another CA is there",
                |folder| folder.certificates[0] = Identity::root("Other CA").certificate,
                &[("ca-certificate-absent", Error, "`CN=Example CA`")],
            ),
            (
                "the host is missing",
                |folder| drop(folder.certificates.pop()),
                &[(
                    "host-certificate-absent",
                    Error,
                    "1 certificates are there, but none for a host",
                )],
            ),
            (
                "nothing is there",
                |folder| folder.certificates.clear(),
                &[
                    ("ca-certificate-absent", Error, "there is no CA certificate"),
                    ("host-certificate-absent", Error, "0 certificates"),
                ],
            ),
            (
                "the certificate is another host's",
                |folder| folder.hosts = vec!["db2.example.com".into()],
                &[(
                    "host-certificate-of-another",
                    Warning,
                    "the host is `db2.example.com`, but the certificates are for `CN=db1.example.com`",
                )],
            ),
            (
                "one of its names is this host's",
                |folder| folder.hosts = vec!["db2.example.com".into(), "DB1.example.com".into()],
                &[],
            ),
            ("nobody asked whose it is", |folder| folder.hosts.clear(), &[]),
        ];
        for (situation, change, expected) in rows {
            let mut folder = deployed();
            change(&mut folder);
            assert_found(situation, &deployment(&folder), expected);
        }
    }

    #[test]
    fn missing_certificates_are_copied_or_issued_where_the_ca_is_at_hand() {
        let mut folder = deployed();
        folder.authority = Some((
            "/srv/ca/ca_conf/ca_cert.pem".into(),
            certificates::root().certificate.clone(),
        ));
        folder.ca_option = Some(CommandLine::new("--ca-dir /srv/ca"));
        let host = folder.certificates.pop();
        assert_eq!(
            help_of(&deployment(&folder)[0]),
            "fix: gsec cert issue --host db1.example.com --out-dir /etc/tls --ca-dir /srv/ca"
        );
        folder.certificates = host.into_iter().collect();
        assert_eq!(
            help_of(&deployment(&folder)[0]),
            "fix: cp /srv/ca/ca_conf/ca_cert.pem /etc/tls/"
        );
        folder.certificates = vec![Identity::root("Other CA").host("db1.example.com").certificate];
        assert_eq!(help_of(&deployment(&folder)[0]), "", "this CA did not issue it");
    }

    #[test]
    fn libraries_that_are_not_found() {
        let path = |is_there: bool| SearchPath {
            variable: "LD_LIBRARY_PATH".into(),
            folders: vec![("/opt/a".into(), true), ("/opt/b".into(), is_there)],
        };
        let facts = |is_there, found: Option<&str>| Libraries {
            origin: "the environment".into(),
            paths: vec![path(is_there)],
            wanted: vec![("libtls.so".into(), found.map(Into::into))],
            unread: Vec::new(),
        };
        assert_found(
            "all is there",
            &libraries(&facts(true, Some("/opt/a/libtls.so"))),
            &[],
        );
        let unread = Libraries {
            unread: vec!["cannot read `/opt/a`: permission denied".into()],
            ..facts(true, None)
        };
        let expected = "the environment: `libtls.so`: not found in what could be read: cannot read `/opt/a`: permission denied";
        assert_found(
            "a folder cannot be read",
            &libraries(&unread),
            &[("library-absent", Warning, expected)],
        );
        let found = libraries(&facts(false, Some("/opt/a/libtls.so")));
        let expected = "the environment: LD_LIBRARY_PATH contains /opt/b, which does not exist";
        assert_found(
            "a folder is missing",
            &found,
            &[("library-folder-absent", Warning, expected)],
        );
        assert_eq!(help_of(&found[0]), "fix: export LD_LIBRARY_PATH=/opt/a");
        assert_found(
            "the library is missing",
            &libraries(&facts(true, None)),
            &[(
                "library-absent",
                Error,
                "`libtls.so`: LD_LIBRARY_PATH and the system's own directories",
            )],
        );
    }

    #[test]
    fn stores_that_do_not_trust_the_ca() {
        let stores = |stores: &[(&str, Standing)]| TrustStores {
            subject: "CN=A".into(),
            stores: stores
                .iter()
                .map(|(name, says)| ((*name).into(), *says))
                .collect(),
            install: CommandLine::new("gsec trust install"),
        };
        assert_found("trusted", &trust(&stores(&[("system", Standing::Trusted)])), &[]);
        assert_found("none was looked into", &trust(&stores(&[])), &[]);
        let both = [("system", Standing::Absent), ("nss", Standing::Absent)];
        let found = trust(&stores(&both));
        let expected = "CN=A: it is not in system, nss";
        assert_found("absent", &found, &[("ca-not-trusted-here", Notice, expected)]);
        assert_eq!(help_of(&found[0]), "fix: gsec trust install");
        let broken = [
            ("system", Standing::Broken("it has expired")),
            ("nss", Standing::Trusted),
        ];
        let expected = "CN=A: system: it has expired";
        assert_found(
            "broken",
            &trust(&stores(&broken)),
            &[("ca-trust-broken", Error, expected)],
        );
    }

    #[test]
    fn system_that_is_too_old() {
        for (id, version, is_old) in [
            ("rhel", "6.4", true),
            ("rhel", "6.5", false),
            ("debian", "6", true),
            ("debian", "7", false),
            ("plan9", "1", false),
        ] {
            let facts = Facts {
                system: Some(System {
                    id: id.into(),
                    version: version.into(),
                    name: "a system".into(),
                }),
                ..Facts::default()
            };
            let found: Vec<Finding> = system(&facts).into_iter().collect();
            let expected: &[Expected] = if is_old {
                &[("system-without-tls12", Error, "it is a system; before ")]
            } else {
                &[]
            };
            assert_found(&format!("{id} {version}"), &found, expected);
        }
    }
}
