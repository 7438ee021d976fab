//! `openssl ca` works in a directory that gsec made, and gsec goes on there: nobody is locked in.

use crate::common;

use common::{HostFiles, Record, TestCa, gsec_and_ca_db_agree, key_type, next_serial, openssl, records};

const MODES: [&str; 2] = ["sequential", "random"];

/// A certificate that `openssl ca` issues in `ca` for a request with this subject and these names.
fn issue_with_openssl(ca: &TestCa, subject: &str, names: &str, more: &[&str]) -> String {
    let (key, request, certificate) = (
        ca.dir.path("openssl.key"),
        ca.dir.path("openssl.req"),
        ca.dir.path("openssl.pem"),
    );
    openssl(&[
        "req", "-new", "-newkey", "rsa:2048", "-nodes", "-utf8", "-subj", subject, "-keyout", &key, "-out",
        &request,
    ])
    .args(&["-addext", &format!("subjectAltName={names}")])
    .args(more)
    .run()
    .ok();
    ca.openssl_ca(&["-in", &request, "-out", &certificate]).run().ok();
    certificate
}

fn verify(ca: &TestCa, certificate: &str, more: &[&str]) -> common::Outcome {
    openssl(&["verify", "-x509_strict", "-CAfile", &ca.certificate])
        .args(more)
        .args(&[certificate])
        .run()
}

#[test]
fn both_issue_by_turns_and_agree_on_every_record_and_on_the_next_serial() {
    for kind in ["rsa-2048", "p256", "ed25519"].map(key_type) {
        for mode in MODES {
            println!("{} {mode}", kind.name);
            let ca = TestCa::init(&[kind.flags, &["--serial-mode", mode]].concat());
            for round in 0..3 {
                let ours = ca.issue(&format!("gsec{round}.example.com"), &["--key-type", "p256"]);
                gsec_and_ca_db_agree(&ca.path);
                let name = format!("openssl{round}.example.com");
                let theirs = issue_with_openssl(&ca, &format!("/CN={name}"), &format!("DNS:{name}"), &[]);
                verify(&ca, &ours.certificate, &["-purpose", "sslserver"]).ok();
                verify(
                    &ca,
                    &theirs,
                    &["-purpose", "sslserver", "-verify_hostname", &name],
                )
                .ok();
                gsec_and_ca_db_agree(&ca.path);
            }
            every_serial_is_there_once_with_its_file(&ca, 6);
        }
    }
}

#[track_caller]
fn every_serial_is_there_once_with_its_file(ca: &TestCa, count: usize) {
    let mut serials: Vec<String> = records(&ca.conf("ca.db"))
        .into_iter()
        .map(|record| record.serial)
        .collect();
    serials.sort();
    serials.dedup();
    assert_eq!(serials.len(), count, "{serials:?}");
    for serial in serials {
        let file = format!("{}/repository/{serial}.pem", ca.path);
        openssl(&["x509", "-noout", "-serial", "-in", &file])
            .run()
            .ok()
            .says(&format!("serial={serial}"));
    }
}

#[test]
fn sequential_serials_are_taken_by_turns() {
    let ca = TestCa::init(&["--key-type", "p256"]);
    assert_eq!(ca.issue("db1.example.com", &["--key-type", "p256"]).serial, "01");
    issue_with_openssl(&ca, "/CN=db2.example.com", "DNS:db2.example.com", &[]);
    assert_eq!(next_serial(&ca.path), "03");
    assert_eq!(ca.issue("db3.example.com", &["--key-type", "p256"]).serial, "03");
    assert_eq!(next_serial(&ca.path), "04");
}

#[test]
fn openssl_ca_revokes_what_either_issued_and_its_crl_says_so() {
    for mode in MODES {
        let ca = TestCa::init(&["--key-type", "p256", "--serial-mode", mode]);
        let kept = ca.issue("db1.example.com", &["--key-type", "p256"]);
        let ours = ca.issue("db2.example.com", &["--key-type", "p256"]);
        let theirs = issue_with_openssl(&ca, "/CN=db3.example.com", "DNS:db3.example.com", &[]);
        ca.openssl_ca(&["-revoke", &ours.record, "-crl_reason", "keyCompromise"])
            .run()
            .ok();
        ca.openssl_ca(&["-revoke", &theirs]).run().ok();
        ca.openssl_ca(&["-gencrl", "-out", "ca_conf/ca_crl.pem"])
            .run()
            .ok();

        let check = ["-crl_check", "-CRLfile", &ca.conf("ca_crl.pem")];
        verify(&ca, &kept.certificate, &check).ok();
        verify(&ca, &ours.certificate, &check)
            .code(2)
            .says("certificate revoked");
        verify(&ca, &theirs, &check).code(2).says("certificate revoked");
        openssl(&["crl", "-noout", "-crlnumber", "-in", &ca.conf("ca_crl.pem")])
            .run()
            .ok()
            .says("crlNumber=0x01");

        gsec_and_ca_db_agree(&ca.path);
        ca.issue("db4.example.com", &["--key-type", "p256"]);
        gsec_and_ca_db_agree(&ca.path);
        let statuses: Vec<String> = records(&ca.conf("ca.db"))
            .into_iter()
            .map(|record| record.status)
            .collect();
        assert_eq!(statuses, ["V", "R", "R", "V"]);
    }
}

#[test]
fn openssl_ca_knows_the_status_of_what_gsec_issued() {
    let ca = TestCa::init(&["--key-type", "p256"]);
    let host = ca.issue("db1.example.com", &["--key-type", "p256"]);
    ca.openssl_ca(&["-status", &host.serial])
        .run()
        .says("01=Valid (V)");
    ca.openssl_ca(&["-revoke", &host.record]).run().ok();
    ca.openssl_ca(&["-status", &host.serial])
        .run()
        .says("01=Revoked (R)");
}

/// The configuration copies the names from a request, and nothing else: whoever writes a request must not become a CA by it.
#[test]
fn only_the_names_are_taken_from_a_request() {
    let ca = TestCa::init(&["--key-type", "p256"]);
    let wishes = [
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign",
        "-addext",
        "extendedKeyUsage=codeSigning",
    ];
    let certificate = issue_with_openssl(
        &ca,
        "/CN=db1.example.com",
        "DNS:db1.example.com,IP:192.0.2.7",
        &wishes,
    );
    let shown = openssl(&["x509", "-noout", "-text", "-in", &certificate])
        .run()
        .ok()
        .says("CA:FALSE")
        .says("IP Address:192.0.2.7");
    for wish in ["CA:TRUE", "Certificate Sign", "Code Signing"] {
        assert!(!shown.stdout.contains(wish), "{wish} was granted: {shown}");
    }
    verify(
        &ca,
        &certificate,
        &["-purpose", "sslclient", "-verify_hostname", "db1.example.com"],
    )
    .ok();
}

/// gsec itself refuses to issue outside the name constraints; what `openssl ca` issues there is refused by whoever validates.
#[test]
fn name_constraints_bind_what_openssl_ca_issues() {
    let ca = TestCa::init(&[
        "--key-type",
        "p256",
        "--permit-dns",
        "example.com",
        "--permit-ip",
        "192.0.2.0/24",
    ]);
    let issued = |names: &str| issue_with_openssl(&ca, "/CN=some host", names, &[]);
    for inside in ["DNS:db1.example.com", "DNS:example.com,IP:192.0.2.7"] {
        verify(&ca, &issued(inside), &[]).ok();
    }
    for outside in [
        "DNS:db1.example.org",
        "DNS:example.com,IP:198.51.100.7",
        "IP:2001:db8::7",
        "email:pki@example.com",
        "URI:https://example.com/",
    ] {
        verify(&ca, &issued(outside), &[])
            .code(2)
            .says("subtree violation");
    }
}

/// The index line of one certificate's subject and end, written by gsec and then by `openssl ca`, is the same but for the serial.
#[track_caller]
fn both_write_the_same_line(name_parts: &[&str], not_after: &str) {
    let ca = TestCa::init(&["--key-type", "p256", "--not-after", "2090-01-01T00:00:00Z"]);
    let flags = [
        &["--key-type", "p256", "--no-pfx", "--not-after", not_after],
        name_parts,
    ]
    .concat();
    let host = ca.issue("db1.example.com", &flags);
    issue_again_with_openssl(&ca, &host, not_after);
    let [ours, theirs] = <[Record; 2]>::try_from(records(&ca.conf("ca.db"))).expect("two records");
    assert_eq!(
        ours,
        Record {
            serial: ours.serial.clone(),
            ..theirs
        },
        "gsec on the left, openssl ca on the right"
    );
}

/// Turns the certificate into a request of the very same subject and names.
fn issue_again_with_openssl(ca: &TestCa, host: &HostFiles, not_after: &str) {
    let (request, certificate) = (ca.dir.path("again.req"), ca.dir.path("again.pem"));
    openssl(&[
        "x509",
        "-x509toreq",
        "-copy_extensions",
        "copy",
        "-in",
        &host.certificate,
        "-signkey",
        &host.key,
        "-out",
        &request,
    ])
    .run()
    .ok();
    let end: String = not_after
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .filter(|c| *c != 'T')
        .collect();
    ca.openssl_ca(&["-in", &request, "-out", &certificate, "-enddate", &end])
        .run()
        .ok();
}

#[test]
fn index_lines_are_the_same_whatever_the_subject() {
    let subjects: [&[&str]; 8] = [
        &[],
        &[
            "--country",
            "US",
            "--state",
            "CA",
            "--locality",
            "Springfield",
            "--org",
            "Old Contact Centre",
            "--ou",
            "Voice",
        ],
        &["--ou", "Voice", "--ou", "Platform", "--ou", "Voice"],
        &[
            "--org",
            "Smith/Jones",
            "--ou",
            "a+b",
            "--ou",
            r#"the "best""#,
            "--ou",
            r"back\slash",
            "--ou",
            r"\x41",
        ],
        &["--org", "Müller & Söhne €", "--locality", "東京", "--ou", "🔒"],
        &["--org", "#hash", "--ou", "a=b", "--ou", "a,b;c<d>e"],
        &["--org", "it's 100% [ca] $dir ${ENV}"],
        &["--cn", "Database server 1"],
    ];
    for subject in subjects {
        println!("{subject:?}");
        both_write_the_same_line(subject, "2030-06-15T12:34:56Z");
    }
}

#[test]
fn index_lines_are_the_same_on_both_sides_of_2050() {
    for not_after in [
        "2049-12-31T23:59:59Z",
        "2050-01-01T00:00:00Z",
        "2060-02-29T01:02:03Z",
    ] {
        println!("{not_after}");
        both_write_the_same_line(&[], not_after);
    }
}

/// A name over 64 characters leaves the subject empty, and the index must have no empty column there: OpenSSL puts the serial in its place.
#[test]
fn index_line_of_an_empty_subject_has_the_serial_in_its_place() {
    let ca = TestCa::init(&["--key-type", "p256"]);
    let over_64 = format!("{}.{}.example.com", "a".repeat(40), "b".repeat(40));
    let host = ca.issue(
        &over_64,
        &["--key-type", "p256", "--not-after", "2027-01-01T00:00:00Z"],
    );
    issue_again_with_openssl(&ca, &host, "2027-01-01T00:00:00Z");
    for record in records(&ca.conf("ca.db")) {
        assert_eq!(record.subject, record.serial);
    }
    gsec_and_ca_db_agree(&ca.path);
}

/// The same subject may be issued as often as needed, or renewing would be impossible.
#[test]
fn one_subject_is_issued_again_by_both() {
    let ca = TestCa::init(&["--key-type", "p256"]);
    for _ in 0..2 {
        ca.issue("db1.example.com", &["--key-type", "p256"]);
        issue_with_openssl(&ca, "/CN=db1.example.com", "DNS:db1.example.com", &[]);
    }
    gsec_and_ca_db_agree(&ca.path);
    assert_eq!(records(&ca.conf("ca.db")).len(), 4);
}

/// `openssl ca` leaves these behind; they are nothing to stumble over.
#[test]
fn side_files_of_openssl_ca_do_not_disturb() {
    let ca = TestCa::init(&["--key-type", "p256"]);
    issue_with_openssl(&ca, "/CN=db1.example.com", "DNS:db1.example.com", &[]);
    let side_files = ["ca.db.old", "ca.db.attr.old", "serial.num.old"];
    assert!(
        side_files
            .iter()
            .any(|name| std::path::Path::new(&ca.conf(name)).exists()),
        "openssl ca no longer makes side files"
    );
    ca.issue("db2.example.com", &["--key-type", "p256"]);
    ca.gsec(&["cert", "show", "01"])
        .run()
        .ok()
        .says("db1.example.com"); // issued with a text dump before the PEM block
    gsec_and_ca_db_agree(&ca.path);
}
