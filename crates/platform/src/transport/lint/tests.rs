//! Each rule with its caret, and values of which nothing is known.

use super::*;

const THUMBPRINT: &str = "9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c";

/// Values made of what readers stumble over, the same ones each time.
pub(in super::super) fn random_values(count: usize) -> impl Iterator<Item = String> {
    const PIECES: [&str; 34] = [
        "tls",
        "=",
        ";",
        " ",
        "1",
        "certificate",
        "trusted-ca",
        "\t",
        "\u{a0}",
        "\u{200e}",
        "\u{200b}",
        "\u{feff}",
        "\r",
        "9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c",
        "9A:AB",
        "abc",
        "/etc/a.pem",
        "\"",
        "\u{201c}",
        "TLS",
        "tls-mutual",
        "port",
        "4001",
        ",",
        "transport",
        "transport=",
        "trustedca",
        "x",
        "ä",
        "东",
        "\u{202e}",
        "\n",
        "cert",
        "no",
    ];
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).expect("below a small number")
    };
    (0..count).map(move |_| {
        let length = next(24);
        (0..length).map(|_| PIECES[next(PIECES.len())]).collect()
    })
}

fn found_with(value: &str, known: &Lint) -> Vec<(&'static str, &'static str, usize, usize)> {
    lint(1, value, 0, known)
        .iter()
        .map(|finding| {
            let place = finding.places.first().expect("every finding has a place");
            (
                finding.slug,
                &finding.severity.name()[..1],
                place.column,
                place.length,
            )
        })
        .collect()
}

fn found(value: &str) -> Vec<(&'static str, &'static str, usize, usize)> {
    found_with(value, &Lint::default())
}

#[test]
fn right_values_have_no_finding() {
    for value in [
        format!("tls=1;certificate={THUMBPRINT}"),
        "tls=1;tls-mutual=1;certificate=/opt/a/c.pem;certificate-key=/opt/a/k.pem;trusted-ca=/opt/a/ca.pem"
            .into(),
        "port=4001;address=10.0.0.1".into(),
        "tls=0".into(),
        String::new(),
        "tls=1;certificate=/a b/c.pem,/d.pem;trusted-ca=/e.pem;string-attributes-encoding=utf-8;upgrade=1"
            .into(),
        "tls=yes;certificate=/a;trusted-ca=/b;cipher-list=HIGH:!aNULL:!RC4:-MD5;sec-protocol=TLSv12".into(),
        "tls=1;certificate=C:\\certs\\c.pem".into(),
    ] {
        assert_eq!(found(&value), [], "{value}");
    }
}

#[test]
fn blanks_of_every_kind_and_their_columns() {
    let rest = ";certificate=/c;trusted-ca=/d";
    for (value, expected) in [
        (
            format!("tls=1; certificate={THUMBPRINT}"),
            vec![("transport-blank-before-name", "e", 7, 1)],
        ),
        (
            format!("  tls=1{rest}"),
            vec![("transport-blank-before-name", "e", 1, 2)],
        ),
        (
            format!("tls =1{rest}"),
            vec![("transport-blank-before-equals", "e", 4, 1)],
        ),
        (
            format!("tls=  1{rest}"),
            vec![("transport-blank-after-equals", "e", 5, 2)],
        ),
        (
            format!("tls=1 {rest}"),
            vec![("transport-blank-before-semicolon", "e", 6, 1)],
        ),
        (
            format!("tls=1{rest} "),
            vec![("transport-blank-before-semicolon", "e", 35, 1)],
        ),
        (
            format!("tls=1; {rest}"),
            vec![("transport-blank-before-semicolon", "e", 7, 1)],
        ),
        (
            format!("tls=1{rest}; "),
            vec![("transport-blank-before-semicolon", "e", 36, 1)],
        ),
        (
            format!("tls=1;\tport=2{rest}"),
            vec![
                ("transport-odd-blank", "e", 7, 1),
                ("transport-client-option", "w", 8, 4),
            ],
        ),
        (format!("tls=1\r{rest}"), vec![("transport-odd-blank", "e", 6, 1)]),
        (
            format!("tls\u{a0}=1{rest}"),
            vec![("transport-odd-blank", "e", 4, 1)],
        ),
        (
            format!("tls=\u{feff}1{rest}"),
            vec![("transport-odd-blank", "e", 5, 1)],
        ),
        (
            format!("t\u{200b}ls=1{rest}"),
            vec![("transport-odd-blank", "e", 2, 1)],
        ),
        (
            format!("tls=1;certificate=\u{200e}{THUMBPRINT}"),
            vec![("transport-odd-blank", "e", 19, 1)],
        ),
        (
            format!("tls=1;certificate={}", THUMBPRINT.replacen(' ', "\u{a0}", 1)),
            vec![("transport-odd-blank", "e", 21, 1)],
        ),
        (
            format!("tls=1; \tcertificate = {THUMBPRINT}"),
            vec![
                ("transport-blank-before-name", "e", 7, 1),
                ("transport-odd-blank", "e", 8, 1),
                ("transport-blank-before-equals", "e", 20, 1),
                ("transport-blank-after-equals", "e", 22, 1),
            ],
        ),
    ] {
        assert_eq!(found(&value), expected, "{value}");
    }
}

#[test]
fn odd_blanks_of_the_whole_list() {
    let odd = ('\u{200b}'..='\u{200f}')
        .chain('\u{202a}'..='\u{202e}')
        .chain('\u{2066}'..='\u{2069}')
        .chain(['\t', '\r', '\u{a0}', '\u{feff}']);
    for character in odd {
        let value = format!("tls=1;{character}certificate={THUMBPRINT}");
        assert_eq!(
            found(&value),
            [("transport-odd-blank", "e", 7, 1)],
            "{character:?}"
        );
    }
}

#[test]
fn what_the_platform_reads_instead_is_said() {
    let said = |value: &str| lint(1, value, 0, &Lint::default())[0].seen.clone();
    assert!(
        said(&format!("tls=1; certificate={THUMBPRINT}"))
            .ends_with("the platform reads tls=1 without a certificate")
    );
    assert!(said(" tls=1;tls=0").contains("the platform uses `tls=0` from a later part"));
    assert!(said(" tls=1;certificate=/c").ends_with("reads only certificate: TLS is off"));
    assert!(said(" port=4001").ends_with("finds no option at all: any free port is used"));
}

#[test]
fn options_of_applications_and_hosts_are_trimmed() {
    for role in [Role::Application, Role::Host] {
        let known = Lint {
            role: Some(role),
            ..Lint::default()
        };
        let value = " tls = 1 ;\tcertificate = /c \r\n; trusted-ca=/d";
        assert_eq!(found_with(value, &known), [], "{}", role.name());
        // What Java's trim leaves.
        let value = "certificate=\u{a0}/c;tls\u{200e}=1";
        assert_eq!(
            found_with(value, &known),
            [
                ("transport-no-trusted-ca", "e", 1, 15),
                ("transport-odd-blank", "e", 13, 1),
                ("transport-odd-blank", "e", 20, 1)
            ]
        );
        assert_eq!(found_with("certificate=/c;trusted-ca=/d", &known), []);
        assert_eq!(found_with("tls=maybe", &known), [("transport-bool", "e", 5, 5)]);
    }
}

#[test]
fn names_and_quotes() {
    let rest = ";certificate=/c;trusted-ca=/d";
    for (value, expected) in [
        (format!("TLS=1{rest}"), vec![("transport-name-case", "e", 1, 3)]),
        (
            "tls=1;certificate=/c;trustedca=/d".into(),
            vec![
                ("transport-no-trusted-ca", "e", 7, 14),
                ("transport-name-near", "w", 22, 9),
            ],
        ),
        (
            "tls=1;cert=/c".into(),
            vec![
                ("transport-no-certificate", "e", 1, 5),
                ("transport-name-near", "w", 7, 4),
            ],
        ),
        (
            format!("tls=1{rest};my-own=1"),
            vec![("transport-unknown", "n", 36, 6)],
        ),
        (
            format!("tls{rest}"),
            vec![
                ("transport-no-equals", "e", 1, 3),
                ("transport-tls-off", "w", 5, 14),
            ],
        ),
        (
            format!("=1;tls=1{rest}"),
            vec![("transport-no-equals", "e", 1, 1)],
        ),
        (
            format!("tls=1{rest};tls-crl="),
            vec![("transport-empty-value", "w", 44, 0)],
        ),
        (
            format!("tls=1{rest};tls=1"),
            vec![("transport-duplicate", "w", 36, 3)],
        ),
        (
            format!("tls=1{rest};tls=0"),
            vec![("transport-duplicate", "e", 36, 3)],
        ),
        (format!("tls='1'{rest}"), vec![("transport-quote", "e", 5, 1)]),
        (
            "tls=1;certificate=\u{201c}/c\u{201d};trusted-ca=/d".into(),
            vec![("transport-quote", "e", 19, 1)],
        ),
        (
            "\"tls=1;certificate=/c;trusted-ca=/d\"".into(),
            vec![
                ("transport-quote", "e", 1, 1),
                ("transport-tls-off", "w", 8, 14),
                ("transport-quote", "e", 36, 1),
            ],
        ),
        (
            format!("transport=tls=1{rest}"),
            vec![("transport-prefix", "e", 1, 10)],
        ),
        (
            format!("transport = tls=1; port=2{rest}"),
            vec![
                ("transport-prefix", "e", 1, 12),
                ("transport-blank-before-name", "e", 19, 1),
                ("transport-client-option", "w", 20, 4),
            ],
        ),
    ] {
        assert_eq!(found(&value), expected, "{value}");
    }
}

#[test]
fn prefix_belongs_to_the_line_of_a_file() {
    let known = Lint {
        role: Some(Role::File),
        ..Lint::default()
    };
    let value = format!("transport = tls=1;certificate={THUMBPRINT}");
    assert_eq!(found_with(&value, &known), []);
}

#[test]
fn values_of_every_kind() {
    let rest = ";certificate=/c;trusted-ca=/d";
    let short = &THUMBPRINT[..56];
    let long = "ab".repeat(32);
    for (value, expected) in [
        (format!("tls=enabled{rest}"), vec![("transport-bool", "e", 5, 7)]),
        (
            format!("tls=1;tls-mutual=2{rest}"),
            vec![("transport-bool", "e", 18, 1)],
        ),
        (
            format!("tls=1;fips140-enabled=ja{rest}"),
            vec![("transport-bool", "e", 23, 2)],
        ),
        ("tls=1".into(), vec![("transport-no-certificate", "e", 1, 5)]),
        (
            "tls=1;certificate=/c".into(),
            vec![("transport-no-trusted-ca", "e", 7, 14)],
        ),
        (
            format!("tls=1;certificate={short}"),
            vec![("transport-thumbprint", "e", 19, 56)],
        ),
        (
            format!("tls=1;certificate={long}"),
            vec![("transport-thumbprint", "e", 19, 64)],
        ),
        (
            "tls=1;certificate=c.pem;trusted-ca=/a,../d".into(),
            vec![
                ("transport-path-relative", "e", 19, 5),
                ("transport-path-relative", "e", 39, 4),
            ],
        ),
        (
            format!("tls=1;certificate={THUMBPRINT};certificate-key=/k;trusted-ca=/d"),
            vec![
                ("transport-mixed-forms", "w", 79, 18),
                ("transport-mixed-forms", "w", 98, 13),
            ],
        ),
        (
            format!("tls=1;certificate={THUMBPRINT};trusted-ca={THUMBPRINT}"),
            vec![],
        ),
        (format!("tls=0{rest}"), vec![("transport-tls-off", "w", 1, 5)]),
        (
            "certificate=/c;trusted-ca=/d".into(),
            vec![("transport-tls-off", "w", 1, 14)],
        ),
        (
            "port=0;address=h".into(),
            vec![("transport-client-option", "e", 6, 1)],
        ),
        ("port=65536".into(), vec![("transport-client-option", "e", 6, 5)]),
        ("port=+1".into(), vec![("transport-client-option", "e", 6, 2)]),
        (
            format!("tls=1;backup-port=5{rest}"),
            vec![("transport-client-option", "w", 7, 11)],
        ),
        (
            "tls-crl=/x".into(),
            vec![("transport-crl-without-tls", "w", 1, 10)],
        ),
        (
            format!("tls=1;sec-protocol=SSLv3{rest}"),
            vec![("transport-sec-protocol", "w", 20, 5)],
        ),
        (
            format!("tls=1;sec-protocol=SSLv23{rest}"),
            vec![("transport-sec-protocol", "w", 20, 6)],
        ),
        (
            format!("tls=1;sec-protocol=TLSv1{rest}"),
            vec![("transport-sec-protocol", "w", 20, 5)],
        ),
        (
            format!("tls=1;sec-protocol=TLSv2{rest}"),
            vec![("transport-sec-protocol", "w", 20, 5)],
        ),
        (
            format!("tls=1;sec-protocol=TLSv11;protocol-list=TLSv1.2{rest}"),
            vec![],
        ),
        (
            format!("tls=1;cipher-list=AES128-SHA:RC4-MD5:DES-CBC3-SHA{rest}"),
            vec![
                ("transport-weak-cipher", "w", 30, 7),
                ("transport-weak-cipher", "w", 38, 12),
            ],
        ),
        (
            format!("tls=1;cipher-list=EXP-A:NULL-SHA256{rest}"),
            vec![
                ("transport-weak-cipher", "w", 19, 5),
                ("transport-weak-cipher", "w", 25, 11),
            ],
        ),
    ] {
        assert_eq!(found(&value), expected, "{value}");
    }
}

#[test]
fn findings_that_depend_on_what_reads_the_value() {
    let with = |role, platform, release| Lint {
        role,
        platform,
        release,
    };
    let connection = with(Some(Role::Connection), None, None);
    assert_eq!(
        found_with("tls=1", &connection),
        [("transport-no-certificate", "w", 1, 5)]
    );
    assert_eq!(
        found_with("tls=1;certificate=/c;trusted-ca=/d;port=7", &connection),
        []
    );
    let windows = with(None, Some(Platform::Windows), None);
    assert_eq!(found_with("tls=1;certificate=c.pem", &windows), []);
    assert_eq!(
        found_with("tls=1;certificate=zz 11", &windows),
        [("transport-thumbprint", "e", 19, 5)]
    );
    let value = format!("tls=1;certificate={THUMBPRINT};sec-protocol=TLSv12");
    assert_eq!(
        found_with(&value, &windows),
        [("sec-protocol-windows", "n", 92, 6)]
    );
    let java = with(None, Some(Platform::Java), None);
    assert_eq!(found_with("tls=1;certificate=c.pem", &java), []);
    let unix = with(None, Some(Platform::Unix), None);
    assert_eq!(
        found_with("tls=1;certificate=cafe;trusted-ca=/d", &unix),
        [("transport-path-relative", "e", 19, 4)]
    );
    let chain = "tls=1;certificate=/a,/b;trusted-ca=/c,/d";
    for (release, expected) in [
        (
            Release::V76,
            vec![
                ("transport-chain-release", "w", 19, 5),
                ("transport-chain-release", "w", 36, 5),
            ],
        ),
        (Release::V80, vec![("transport-chain-release", "w", 19, 5)]),
        (Release::V81, vec![]),
        (Release::V90, vec![]),
    ] {
        assert_eq!(
            found_with(chain, &with(None, None, Some(release))),
            expected,
            "{}",
            release.name()
        );
    }
}

#[test]
fn sha256_thumbprint_is_named() {
    let value = format!("tls=1;certificate={}", "ab ".repeat(32).trim_end());
    assert!(lint(1, &value, 0, &Lint::default())[0].seen.contains("SHA-256"));
}

#[test]
fn value_in_the_middle_of_a_line_has_the_columns_of_the_line() {
    let line = "\ttransport = tls=1; port=2;certificate=/c;trusted-ca=/d";
    let first = &lint(7, line, 13, &Lint::default())[0];
    let place = &first.places[0];
    assert_eq!(
        (place.line, place.column, place.excerpt.before.as_str()),
        (7, 20, "\ttransport = tls=1;")
    );
}

#[test]
fn secret_in_a_value_is_never_shown() {
    for value in [
        " key-password=s3cret;key-password=t0psecret;tls=s3;keystore-passwd=s3cret ",
        "key-password=a;s3cret;s3cret=1; s3cret =;s3cret= x;trusted-s3cret=1;'s3cret'=1",
        "tls=1;password s3cret;s3cret=",
    ] {
        for finding in lint(1, value, 0, &Lint::default()) {
            let shown = format!("{finding:?}");
            assert!(!shown.contains("s3cret") && !shown.contains("t0p"), "{shown}");
        }
    }
}

#[test]
fn no_text_is_too_odd() {
    for value in random_values(3_000) {
        for finding in lint(1, &value, 0, &Lint::default()) {
            let place = &finding.places[0];
            assert!(
                place.column + place.length <= value.chars().count() + 1,
                "{value:?} {finding:?}"
            );
        }
    }
}

#[test]
fn value_that_is_no_line_of_settings_is_refused_as_a_whole() {
    let long = "a=1;".repeat(4096);
    assert!(found(&long).len() > 100);
    assert_eq!(found(&format!("{long}b")), [("transport-too-long", "e", 1, 0)]);
}

#[test]
fn error_behind_many_other_findings_is_kept_and_the_rest_is_counted() {
    let value = format!("{}tls=maybe", "x=1;y=2;".repeat(900));
    let found = lint(1, &value, 0, &Lint::default());
    assert_eq!(found.len(), 200);
    assert!(found.iter().any(|finding| finding.slug == "transport-bool"));
    assert!(found.left_out().total() > 1000, "{:?}", found.left_out());
}

/// Each finding has an excerpt of the line, which is read once for all of them.
#[test]
fn long_value_with_a_fault_in_each_character() {
    let blanks = format!("tls={}1;certificate=", "\u{a0}".repeat(7_000));
    let values = [
        blanks,
        "a=1;".repeat(4_000),
        "=".repeat(16_000),
        "TLS=1;".repeat(2_600),
        format!("cipher-list={}", "RC4:".repeat(3_900)),
        format!("certificate={}", "x,".repeat(7_900)),
        " ;".repeat(8_000),
        format!("certificate=9a{}", "\u{200e}".repeat(15_000)),
    ];
    for value in values {
        let found = lint(1, &value, 0, &Lint::default());
        assert!(!found.is_empty() && found.len() <= 200);
        crate::transport::fix(&value, crate::transport::Fixes::default());
    }
}
