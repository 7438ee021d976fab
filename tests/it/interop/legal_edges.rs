//! What is odd and legal: gsec issues it, and OpenSSL reads in it what was meant.

use crate::common;

use common::{Outcome, Scene};

const CA: &str = "gsec-ca/ca_conf/ca_cert.pem";

/// Issues, and returns what was said with OpenSSL's view of the certificate.
#[track_caller]
fn issued(scene: &Scene, host: &str, flags: &[&str]) -> (Outcome, String) {
    let said = scene.issue(host, flags).run().ok();
    let serial = said
        .stdout
        .strip_prefix("Issued serial ")
        .and_then(|rest| rest.split(' ').next())
        .expect("a serial number")
        .to_owned();
    let record = format!("gsec-ca/repository/{serial}.pem");
    scene.openssl(&["verify", "-x509_strict", "-CAfile", CA, &record]);
    let text = scene
        .openssl(&[
            "x509",
            "-noout",
            "-text",
            "-nameopt",
            "utf8,sep_comma_plus_space",
            "-in",
            &record,
        ])
        .stdout;
    (said, text)
}

/// The value of an extension in OpenSSL's text.
#[track_caller]
fn extension(text: &str, name: &str) -> String {
    let mut lines = text
        .lines()
        .skip_while(|line| !line.trim_start().starts_with(&format!("{name}:")));
    let critical = lines
        .next()
        .unwrap_or_else(|| panic!("no {name} in {text}"))
        .trim_end()
        .ends_with("critical");
    let value = lines.next().unwrap_or_default().trim();
    if critical {
        format!("critical, {value}")
    } else {
        value.to_owned()
    }
}

fn names(text: &str) -> String {
    extension(text, "X509v3 Subject Alternative Name")
}

fn subject(text: &str) -> String {
    text.lines()
        .find_map(|line| line.trim().strip_prefix("Subject:"))
        .expect("a subject")
        .trim()
        .to_owned()
}

fn verifies_as(scene: &Scene, name: &[&str], certificate: &str) {
    scene.openssl(
        &[
            &["verify", "-CAfile", CA, "-purpose", "sslserver"],
            name,
            &[certificate],
        ]
        .concat(),
    );
}

// Names

#[test]
fn wildcard() {
    let scene = Scene::with_ca();
    let (said, text) = issued(&scene, "*.example.com", &[]);
    assert_eq!(
        (subject(&text).as_str(), names(&text).as_str()),
        ("CN=*.example.com", "DNS:*.example.com")
    );
    assert!(
        said.stdout.contains("gsec-ca/repository/01_wildcard_cert.pem"),
        "{said}"
    );
    verifies_as(
        &scene,
        &["-verify_hostname", "any.example.com"],
        "gsec-ca/repository/01_wildcard_cert.pem",
    );
}

#[test]
fn addresses_as_host() {
    let scene = Scene::with_ca();
    let (said, text) = issued(&scene, "10.0.0.5", &[]);
    assert_eq!(
        (subject(&text).as_str(), names(&text).as_str()),
        ("CN=10.0.0.5", "IP Address:10.0.0.5")
    );
    assert!(said.stdout.contains("repository/01_10.0.0.5_cert.pem"), "{said}");
    verifies_as(
        &scene,
        &["-verify_ip", "10.0.0.5"],
        "gsec-ca/repository/01_10.0.0.5_cert.pem",
    );
    for host in ["2001:db8::5", "[2001:DB8:0::5]"] {
        let (said, text) = issued(&scene, host, &[]);
        assert_eq!(names(&text), "IP Address:2001:DB8:0:0:0:0:0:5");
        assert!(
            said.stdout.contains("_2001-db8--5_cert.pem"),
            "a colon is no character for file names: {said}"
        );
    }
    verifies_as(
        &scene,
        &["-verify_ip", "2001:db8::5"],
        "gsec-ca/repository/02_2001-db8--5_cert.pem",
    );
}

#[test]
fn internationalised_name_becomes_a_labels() {
    let scene = Scene::with_ca();
    for host in [
        "b\u{fc}cher.example",
        "B\u{dc}CHER.example",
        "xn--bcher-kva.example",
    ] {
        let (said, text) = issued(&scene, host, &[]);
        assert_eq!(
            (subject(&text).as_str(), names(&text).as_str()),
            ("CN=xn--bcher-kva.example", "DNS:xn--bcher-kva.example")
        );
        assert!(said.stdout.contains("_xn--bcher-kva_cert.pem"), "{said}");
    }
}

#[test]
fn name_too_long_for_a_common_name() {
    let scene = Scene::with_ca();
    let host = format!("{}.example.com", "a".repeat(60));
    let (said, text) = issued(&scene, &host, &[]);
    assert!(
        said.stderr.starts_with(&format!(
            "warning: `{host}` has 72 characters, and a common name can have at most 64"
        )),
        "{said}"
    );
    assert_eq!(
        (subject(&text), names(&text)),
        (String::new(), format!("critical, DNS:{host}")),
        "RFC 5280 4.2.1.6: critical where the subject is empty"
    );
    let (_, text) = issued(&scene, &host, &["--org", "Example"]);
    assert_eq!(
        (subject(&text), names(&text)),
        ("O=Example".into(), format!("DNS:{host}"))
    );
    let (_, text) = issued(&scene, &host, &["--cn", "Short name"]);
    assert_eq!(
        (subject(&text), names(&text)),
        ("CN=Short name".into(), format!("DNS:{host}"))
    );
}

#[test]
fn name_of_64_characters_still_fits() {
    let host = format!("{}.example.com", "a".repeat(52));
    let (said, text) = issued(&Scene::with_ca(), &host, &[]);
    assert_eq!((subject(&text), said.stderr.as_str()), (format!("CN={host}"), ""));
}

#[test]
fn longest_name_that_the_dns_has() {
    let host = [
        &"a".repeat(63)[..],
        &"b".repeat(63),
        &"c".repeat(63),
        &"d".repeat(61),
    ]
    .join(".");
    assert_eq!(host.len(), 253);
    let (_, text) = issued(&Scene::with_ca(), &host, &[]);
    assert_eq!(names(&text), format!("critical, DNS:{host}"));
}

#[test]
fn trailing_dot_is_dropped_and_case_is_kept() {
    let scene = Scene::with_ca();
    let (_, text) = issued(&scene, "db1.example.com.", &[]);
    assert_eq!(
        (subject(&text).as_str(), names(&text).as_str()),
        ("CN=db1.example.com", "DNS:db1.example.com")
    );
    let (said, text) = issued(&scene, "DB1.Example.COM", &[]);
    assert_eq!(names(&text), "DNS:DB1.Example.COM");
    assert!(said.stdout.contains("repository/02_DB1_cert.pem"), "{said}");
    verifies_as(
        &scene,
        &["-verify_hostname", "db1.example.com"],
        "gsec-ca/repository/02_DB1_cert.pem",
    );
}

#[test]
fn single_label_gets_a_warning() {
    let (said, text) = issued(&Scene::with_ca(), "db1", &[]);
    assert_eq!(names(&text), "DNS:db1");
    assert!(
        said.stderr.starts_with(
            "warning: `db1` is not fully qualified: other machines may know the host by another name\nhint: "
        ),
        "{said}"
    );
}

#[test]
fn underscore_where_the_policy_admits_it() {
    let scene = Scene::with_ca();
    scene.edit(
        "gsec-ca/ca_conf/gsec.toml",
        "allow_underscore = false",
        "allow_underscore = true",
    );
    assert_eq!(
        names(&issued(&scene, "db_1.example.com", &[]).1),
        "DNS:db_1.example.com"
    );
}

#[test]
fn further_names_of_every_kind_and_none_twice() {
    let san = [
        "dns:DB1.example.com",
        "dns:www.example.com",
        "ip:10.0.0.5",
        "ip:::1",
        "email:admin@example.com",
        "uri:https://example.com/a?b",
        "ip:10.0.0.5",
    ];
    let flags: Vec<&str> = san.iter().flat_map(|name| ["--san", name]).collect();
    let (_, text) = issued(&Scene::with_ca(), "db1.example.com", &flags);
    assert_eq!(
        names(&text),
        "DNS:db1.example.com, DNS:www.example.com, IP Address:10.0.0.5, IP Address:0:0:0:0:0:0:0:1, email:admin@example.com, URI:https://example.com/a?b"
    );
}

#[test]
fn several_units_keep_their_order() {
    let flags = [
        "--ou",
        "Z",
        "--ou",
        "A",
        "--org",
        "Example",
        "--country",
        "de",
        "--state",
        "Bavaria",
        "--locality",
        "Erlangen",
    ];
    let (_, text) = issued(&Scene::with_ca(), "db1.example.com", &flags);
    assert_eq!(
        subject(&text),
        "C=DE, ST=Bavaria, L=Erlangen, O=Example, OU=Z, OU=A, CN=db1.example.com"
    );
}

#[test]
fn names_in_any_script_and_with_characters_that_index_and_shell_know() {
    let scene = Scene::with_ca();
    let org = "\u{6771}\u{4eac} / + , = \\ \" ' $HOME <>; #";
    let shown = scene
        .issue("db1.example.com", &["--org", org, "--json"])
        .run()
        .ok()
        .json();
    assert!(
        shown["subject"]
            .as_str()
            .is_some_and(|subject| subject.contains("\u{6771}\u{4eac}")),
        "{shown}"
    );
    let attributes = scene.gsec(&["cert", "show", "01", "--json"]).run().ok().json()["certificates"][0]["subject_attributes"][0].clone();
    assert_eq!(
        (&attributes["attribute"], &attributes["value"]),
        (&"O".into(), &org.into())
    );
    scene.issue("db2.example.com", &[]).run().ok();
    let listed = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
    assert_eq!(
        (
            listed["certificates"].as_array().map(Vec::len),
            listed["damaged_lines"].as_array().map(Vec::len)
        ),
        (Some(2), Some(0))
    );
}

#[test]
fn one_host_has_several_certificates() {
    let scene = Scene::with_ca();
    for serial in ["01", "02"] {
        let (said, _) = issued(&scene, "db1.example.com", &[]);
        assert!(
            said.stdout.starts_with(&format!("Issued serial {serial} ")),
            "{said}"
        );
    }
    assert!(
        scene.exists("gsec-ca/repository/01_db1_cert.pfx")
            && scene.exists("gsec-ca/repository/02_db1_cert.pfx")
    );
}

// Lifetimes

#[test]
fn lifetime_past_the_end_of_the_ca_is_cut_with_a_warning() {
    let scene = Scene::with_ca_of(&["--not-after", "2027-06-30"]);
    let (said, text) = issued(&scene, "db1.example.com", &["--days", "800"]);
    assert!(text.contains("Not After : Jun 30 23:59:59 2027 GMT"), "{text}");
    assert_eq!(
        said.stderr,
        "warning: the lifetime was cut to the CA's own expiry, 2027-06-30T23:59:59Z\n"
    );
}

#[test]
fn years_from_2050_on_are_written_with_four_digits() {
    let scene = Scene::with_ca_of(&["--not-after", "9999-12-31T23:59:59Z"]);
    for (end, kind, shown) in [
        ("2049-12-31T23:59:59Z", "UTCTIME", "Dec 31 23:59:59 2049 GMT"),
        (
            "2050-01-01T00:00:00Z",
            "GENERALIZEDTIME",
            "Jan  1 00:00:00 2050 GMT",
        ),
        (
            "9999-12-31T23:59:59Z",
            "GENERALIZEDTIME",
            "Dec 31 23:59:59 9999 GMT",
        ),
    ] {
        let (_, text) = issued(&scene, "db1.example.com", &["--not-after", end]);
        assert!(text.contains(&format!("Not After : {shown}")), "{text}");
        let serial = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("Serial Number: "))
            .expect("a serial")
            .chars()
            .next()
            .expect("a digit");
        let parsed = scene
            .openssl(&["asn1parse", "-in", &format!("gsec-ca/repository/0{serial}.pem")])
            .stdout;
        let times: Vec<&str> = parsed.lines().filter(|line| line.contains("TIME")).collect();
        assert!(times[1].contains(kind), "RFC 5280 4.1.2.5 for {end}: {times:?}");
    }
    let listed = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
    assert_eq!(listed["certificates"][2]["not_after"], "9999-12-31T23:59:59Z");
}

#[test]
fn lifetimes_in_every_unit() {
    use time::OffsetDateTime;
    use time::format_description::well_known::Rfc3339;
    let scene = Scene::with_ca();
    for (flags, minutes) in [
        (["--lifetime", "90m"], 90),
        (["--lifetime", "12h"], 12 * 60),
        (["--lifetime", "2d"], 2 * 24 * 60),
        (["--lifetime", "3w"], 21 * 24 * 60),
        (["--days", "1"], 24 * 60),
    ] {
        let (before, answer) = (
            OffsetDateTime::now_utc(),
            scene
                .issue("db1.example.com", &[])
                .args(&flags)
                .args(&["--json"])
                .run()
                .ok()
                .json(),
        );
        let time = |name: &str| {
            OffsetDateTime::parse(answer[name].as_str().expect("a time"), &Rfc3339).expect("RFC 3339")
        };
        let allowed = before - time::Duration::SECOND..=OffsetDateTime::now_utc();
        assert!(
            allowed.contains(&(time("not_after") - time::Duration::minutes(minutes))),
            "{flags:?}: {answer}"
        );
        assert!(
            time("not_before") <= before && time("not_before") >= before - time::Duration::minutes(6),
            "back-dated a little: {answer}"
        );
    }
}

#[test]
fn begin_is_never_before_that_of_the_ca() {
    let scene = Scene::with_ca();
    let time = |answer: serde_json::Value| answer["not_before"].as_str().expect("a time").to_owned();
    let (host, ca) = (
        time(scene.issue("db1.example.com", &["--json"]).run().ok().json()),
        time(scene.gsec(&["ca", "show", "--json"]).run().ok().json()),
    );
    assert!(host >= ca, "{host} {ca}");
}

// Profiles and CAs

#[test]
fn profiles_say_what_a_certificate_is_for() {
    let scene = Scene::with_ca();
    let (server, client, email) = (
        "TLS Web Server Authentication",
        "TLS Web Client Authentication",
        "E-mail Protection",
    );
    for (profile, usages) in [
        ("host", vec![server, client]),
        ("server", vec![server, client, email]),
        ("gui", vec![client, email]),
        ("tls-server", vec![server]),
        ("tls-client", vec![client]),
        ("appliance", vec![client]),
        ("hub", vec![server]),
    ] {
        let (_, text) = issued(&scene, "db1.example.com", &["--profile", profile]);
        assert_eq!(
            extension(&text, "X509v3 Extended Key Usage"),
            usages.join(", "),
            "{profile}"
        );
        assert_eq!(
            extension(&text, "X509v3 Basic Constraints"),
            "CA:FALSE",
            "{profile}"
        );
        assert_eq!(
            extension(&text, "X509v3 Key Usage"),
            "critical, Digital Signature",
            "keyEncipherment is for RSA only"
        );
    }
}

#[test]
fn rsa_keys_may_also_encipher() {
    let scene = Scene::with_ca();
    scene
        .gsec(&["cert", "issue", "--host", "db1.example.com"])
        .run()
        .ok();
    let text = scene
        .openssl(&["x509", "-noout", "-text", "-in", "gsec-ca/repository/01.pem"])
        .stdout;
    assert_eq!(
        extension(&text, "X509v3 Key Usage"),
        "critical, Digital Signature, Key Encipherment"
    );
}

#[test]
fn profile_of_ones_own() {
    let scene = Scene::with_ca();
    let policy = scene.read("gsec-ca/ca_conf/gsec.toml");
    let profile = "[profile.timestamp]\nextended_key_usage = [\"1.3.6.1.5.5.7.3.8\", \"codeSigning\"]\nkey_usage = [\"nonRepudiation\"]\nlifetime_days = 7\n";
    scene.write("gsec-ca/ca_conf/gsec.toml", format!("{policy}\n{profile}"));
    let (_, text) = issued(&scene, "db1.example.com", &["--profile", "timestamp"]);
    assert_eq!(
        extension(&text, "X509v3 Extended Key Usage"),
        "Time Stamping, Code Signing"
    );
    assert_eq!(extension(&text, "X509v3 Key Usage"), "critical, Non Repudiation");
}

#[test]
fn addresses_of_crl_and_issuer_from_the_policy() {
    let scene = Scene::with_ca();
    scene.edit(
        "gsec-ca/ca_conf/gsec.toml",
        "crl_addresses = []",
        "crl_addresses = [\"http://pki.example.com/ca.crl\"]",
    );
    scene.edit(
        "gsec-ca/ca_conf/gsec.toml",
        "issuer_addresses = []",
        "issuer_addresses = [\"http://pki.example.com/ca.der\"]",
    );
    let (_, text) = issued(&scene, "db1.example.com", &[]);
    assert!(
        text.contains("URI:http://pki.example.com/ca.crl")
            && text.contains("CA Issuers - URI:http://pki.example.com/ca.der"),
        "{text}"
    );
}

#[test]
fn ca_with_constraints_and_path_length() {
    let flags = [
        "--permit-dns",
        "example.com",
        "--permit-ip",
        "10.0.0.0/8",
        "--path-len",
        "0",
        "--email",
        "ca@example.com",
    ];
    let scene = Scene::with_ca_of(&flags);
    let text = scene.openssl(&["x509", "-noout", "-text", "-in", CA]).stdout;
    assert_eq!(
        extension(&text, "X509v3 Basic Constraints"),
        "critical, CA:TRUE, pathlen:0"
    );
    assert_eq!(
        extension(&text, "X509v3 Key Usage"),
        "critical, Certificate Sign, CRL Sign"
    );
    assert_eq!(names(&text), "email:ca@example.com");
    for line in ["DNS:example.com", "IP:10.0.0.0/255.0.0.0"] {
        assert!(text.contains(line), "{line} in {text}");
    }
    issued(&scene, "db1.example.com", &["--san", "ip:10.1.2.3"]);
    issued(&scene, "example.com", &[]);
    issued(&scene, "10.0.0.1", &[]);
}

#[test]
fn random_serial_numbers_have_32_digits() {
    let scene = Scene::with_ca_of(&["--serial-mode", "random"]);
    for _ in 0..3 {
        let answer = scene.issue("db1.example.com", &["--json"]).run().ok().json();
        let serial = answer["serial"].as_str().expect("a serial");
        assert!(
            serial.len() == 32 && !serial.starts_with("00") && serial.as_bytes()[0] < b'8',
            "{serial}"
        );
    }
    scene
        .issue("db1.example.com", &["--dry-run"])
        .run()
        .ok()
        .says("(random serial)");
}

#[test]
fn dry_run_changes_nothing_and_opens_no_key() {
    let scene = Scene::with_ca();
    std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/ca_priv_key.pem")).expect("it was there");
    let before = scene.tree();
    scene
        .issue("db1.example.com", &["--dry-run"])
        .run()
        .ok()
        .says("Would issue a certificate for db1.example.com (serial 01, if no other command issues first)");
    scene.tree().is_unchanged_since(&before);
}
