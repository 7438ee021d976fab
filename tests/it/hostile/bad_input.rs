//! What gsec refuses, what it says about it, and that it leaves everything as it was. Every case is asked in text and with `--json`.

use crate::common;

use common::doctor::type_line;
use common::{Scene, gsec, is_harmless, openssl, reads_as};

const CERTIFICATE: &str = "gsec-ca/ca_conf/ca_cert.pem";
const KEY: &str = "gsec-ca/ca_conf/ca_priv_key.pem";
const SERIAL: &str = "gsec-ca/ca_conf/serial.num";
const INDEX: &str = "gsec-ca/ca_conf/ca.db";
const POLICY: &str = "gsec-ca/ca_conf/gsec.toml";
/// `cert issue` for a sound host with a key that is quickly made.
const ISSUE: [&str; 6] = ["cert", "issue", "--host", "db1.example.com", "--key-type", "p256"];
/// `cert issue` for a sound host, the key still to be chosen.
const ISSUE_WITH: [&str; 4] = ["cert", "issue", "--host", "db1.example.com"];

/// Turns the screen red, and the reading direction.
const HOSTILE: &str = "a\u{1b}[31m\u{202e}b";

fn with<'a>(start: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    [start, rest].concat()
}

// Names and numbers on the command line

#[test]
fn ca_without_a_name_and_without_a_terminal() {
    Scene::empty().refuses(
        &["ca", "init"],
        2,
        &["error: missing CA name", "hint: use `--cn NAME`"],
    );
}

#[test]
fn host_certificate_without_a_host_and_without_a_terminal() {
    Scene::with_ca().refuses(
        &["cert", "issue"],
        2,
        &[
            "error: missing host name",
            "hint: type it: `db1.example.com`, or `--host db1.example.com`",
        ],
    );
}

#[test]
fn country_of_three_letters() {
    let args = ["ca", "init", "--cn", "X", "--country", "DEU"];
    Scene::empty().does_not_understand(
        &args,
        "invalid value 'DEU' for '--country <CC>': a country must be two letters, as in `DE`",
    );
}

#[test]
fn name_parts_beyond_their_bounds() {
    let long = "x".repeat(65);
    let reason = |flag: &str| {
        format!("invalid value '{long}' for '{flag}': it has 65 characters, and the maximum is 64")
    };
    let scene = Scene::empty();
    scene.does_not_understand(&["ca", "init", "--cn", &long], &reason("--cn <NAME>"));
    scene.does_not_understand(
        &["ca", "init", "--cn", "X", "--org", &long],
        &reason("--org <ORG>"),
    );
    scene.does_not_understand(
        &["ca", "init", "--cn", ""],
        "invalid value '' for '--cn <NAME>': it is empty",
    );
    scene.does_not_understand(
        &["ca", "init", "--cn", "X", "--email", "nobody"],
        "invalid value 'nobody' for '--email <ADDRESS>': it is not an e-mail address of the form \
         `name@example.com` in ASCII",
    );
}

#[test]
fn hosts_that_cannot_be() {
    let scene = Scene::with_ca();
    let long = format!("{}com", "a.".repeat(150));
    let cases = [
        ("db 1.example.com", "it contains the invalid character ` `"),
        ("db1..example.com", "a label between dots is empty"),
        (".example.com", "a label between dots is empty"),
        ("../../etc/x", "a label between dots is empty"),
        ("etc/x", "it contains the invalid character `/`"),
        (
            "-db1.example.com",
            "the label `-db1` begins or ends with a hyphen",
        ),
        (
            "db1-.example.com",
            "the label `db1-` begins or ends with a hyphen",
        ),
        (
            "www.*.example.com",
            "`*` must be the whole left-most label, as in `*.example.com`",
        ),
        (
            "w*.example.com",
            "`*` must be the whole left-most label, as in `*.example.com`",
        ),
        (
            "*",
            "`*` must be the whole left-most label, as in `*.example.com`",
        ),
        ("", "it is empty"),
        (long.as_str(), "it has 303 characters, and the maximum is 253"),
        (
            "\u{fffd}.example.com",
            "it is not a valid internationalized domain name",
        ),
    ];
    for (host, reason) in cases {
        let flag = format!("--host={host}"); // one word, or a leading hyphen is read as an option
        scene.does_not_understand(
            &["cert", "issue", &flag],
            &format!("invalid value '{host}' for '--host <FQDN|IP>': {reason}"),
        );
    }
}

#[test]
fn addresses_with_a_slip() {
    let scene = Scene::with_ca();
    // RFC 1123 2.1: the last label of a host name is never digits only, so these are addresses that somebody mistyped.
    for host in [
        "10.0.0.300",
        "010.0.0.1",
        "1.2.3",
        "10.0.0.1]",
        "[::1",
        "fe80::1%eth0",
        "db1.example.42",
    ] {
        let reason = format!("invalid value '{host}' for '--host <FQDN|IP>': …");
        scene.does_not_understand(&["cert", "issue", "--host", host], &reason);
    }
}

#[test]
fn host_with_an_underscore_is_refused_by_policy() {
    Scene::with_ca().refuses(
        &["cert", "issue", "--host", "db_1.example.com"],
        3,
        &[
            "error: refused by `gsec-ca/ca_conf/gsec.toml`",
            "  caused by: `db_1.example.com` has an underscore, and `allow_underscore` is false",
            "hint: set `allow_underscore = true` in `gsec-ca/ca_conf/gsec.toml`, if all your clients accept \
             underscores",
        ],
    );
}

#[test]
fn further_names_that_cannot_be() {
    let scene = Scene::with_ca();
    let cases = [
        (
            "host:db1.example.com",
            "it must begin with `dns:`, `ip:`, `email:` or `uri:`",
        ),
        (
            "ip:10.0.0.0/24",
            "it is a subnet, but certificates contain single addresses",
        ),
        ("ip:fe80::x", "it is not an IP address"),
        ("uri:no scheme", "it is not an absolute URI"),
        ("dns:a..b", "a label between dots is empty"),
    ];
    for (name, reason) in cases {
        let reason = format!("invalid value '{name}' for '--san <KIND:NAME>': {reason}");
        scene.does_not_understand(&with(&ISSUE, &["--san", name]), &reason);
    }
}

#[test]
fn days_of_zero() {
    let reason = "invalid value '0' for '--days <N>': must be a whole number of days, at least 1";
    Scene::empty().does_not_understand(&["ca", "init", "--cn", "X", "--days", "0"], reason);
    Scene::with_ca().does_not_understand(&with(&ISSUE, &["--days", "0"]), reason);
}

#[test]
fn days_beyond_the_year_9999() {
    let said = ["error: cannot issue the certificate: it would expire after the year 9999"];
    Scene::empty().refuses(&["ca", "init", "--cn", "X", "--days", "99999999"], 3, &said);
    Scene::with_ca().refuses(&with(&ISSUE, &["--days", "99999999"]), 3, &said);
    Scene::with_ca().refuses(&with(&ISSUE, &["--lifetime", "4294967295w"]), 3, &said);
}

#[test]
fn end_in_the_past() {
    let said =
        ["error: cannot issue the certificate: it would expire at 2020-01-01T23:59:59Z and begin at 2…Z"];
    Scene::empty().refuses(
        &["ca", "init", "--cn", "X", "--not-after", "2020-01-01"],
        3,
        &said,
    );
    Scene::with_ca().refuses(&with(&ISSUE, &["--not-after", "2020-01-01"]), 3, &said);
}

#[test]
fn times_and_lifetimes_that_cannot_be_read() {
    let scene = Scene::with_ca();
    scene.does_not_understand(
        &with(&ISSUE, &["--not-after", "31.12.2027"]),
        "invalid value '31.12.2027' for '--not-after <TIME>': must be a time, as in `2027-01-31T12:00:00Z`, \
         or a date, as in `2027-01-31`",
    );
    scene.does_not_understand(
        &with(&ISSUE, &["--lifetime", "12"]),
        "invalid value '12' for '--lifetime <TIME>': must be a number with a unit: `90m`, `12h`, `30d`, \
         `52w`, `1y`",
    );
    scene.does_not_understand(
        &with(&ISSUE, &["--days", "1y"]),
        "invalid value '1y' for '--days <N>': must be a whole number of days: type `365`",
    );
    for time in ["2027-02-30", "10000-01-01", "-9999-01-01", "2027-01-01T25:00:00Z"] {
        let flag = format!("--at={time}");
        scene.does_not_understand(
            &["cert", "verify", "01", &flag],
            &format!("invalid value '{time}' for '--at <TIME>': …"),
        );
    }
}

#[test]
fn rsa_keys_of_sizes_that_are_not_made() {
    for (size, scene) in [
        ("1024", Scene::empty()),
        ("2500", Scene::empty()),
        ("16384", Scene::empty()),
    ] {
        let said = [
            format!("error: {size}-bit RSA keys are not supported"),
            "hint: pass `--key-size` 2048, 3072, 4096 or 8192".into(),
        ];
        scene.refuses(
            &["ca", "init", "--cn", "X", "--key-size", size],
            2,
            &[&said[0], &said[1]],
        );
    }
}

#[test]
fn flags_that_exclude_each_other() {
    let scene = Scene::with_ca();
    scene.does_not_understand(
        &with(&ISSUE, &["--days", "1", "--lifetime", "1d"]),
        "the argument '--days <N>' cannot be used with '--lifetime <TIME>'",
    );
    scene.does_not_understand(
        &with(&ISSUE, &["--key", "x.pem"]),
        "the argument '--key-type <TYPE>' cannot be used with '--key <FILE>'",
    );
}

#[test]
fn key_on_stdout_under_json() {
    let error = Scene::with_ca()
        .gsec(&with(&ISSUE, &["--stdout", "--json"]))
        .run()
        .code(2)
        .error();
    assert_eq!(
        error["message"],
        "the argument '--stdout' cannot be used with '--json'"
    );
}

#[test]
fn key_kept_nowhere() {
    let scene = Scene::with_ca();
    let args = with(&ISSUE, &["--no-keep-key"]);
    let text = scene.gsec(&args).run().code(2);
    assert!(
        text.stderr
            .starts_with("error: the following required arguments were not provided:\n  <--out-dir <DIR>|--key-out <FILE>>\n"),
        "{text}"
    );
    let message = scene.gsec(&args).args(&["--json"]).run().code(2).error()["message"].to_string();
    assert!(
        message.contains("--out-dir <DIR>"),
        "the missing option is named under --json too: {message}"
    );
}

#[test]
fn unknown_profile() {
    let known = "appliance, gui, host, hub, server, tls-client, tls-server";
    Scene::with_ca().refuses(
        &with(&ISSUE, &["--profile", "webserver"]),
        3,
        &[&format!("error: unknown profile `webserver`; available: {known}")],
    );
}

#[test]
fn output_folder_that_is_not_there() {
    Scene::with_ca().refuses(
        &with(&ISSUE, &["--out-dir", "nowhere"]),
        3,
        &[
            "error: cannot write into `nowhere`: no such file or directory",
            "hint: create the directory first: `mkdir -p nowhere`",
        ],
    );
}

#[test]
fn output_folder_that_is_a_file() {
    let scene = Scene::with_ca();
    scene.write("a_file", "");
    scene.refuses(
        &with(&ISSUE, &["--out-dir", "a_file"]),
        3,
        &[
            "error: cannot write into `a_file`: not a directory",
            "hint: `a_file` is a file: pass a directory in its place",
        ],
    );
}

// Which CA

#[test]
fn no_ca_here() {
    let said = [
        "error: no CA here: looked in the current directory and in `./gsec-ca`",
        "hint: pass the CA directory with `--ca-dir`; `gsec ca init` creates one, with the name given by \
         `--cn`",
    ];
    let scene = Scene::empty();
    for args in [&["cert", "list"][..], &["ca", "show"], &ISSUE] {
        scene.refuses(args, 3, &said);
    }
}

#[test]
fn directory_without_a_ca() {
    let hint = |init| {
        format!(
            "hint: pass the CA directory with `--ca-dir`; `{init}` creates one, with the name given by `--cn`"
        )
    };
    let said = "error: no CA in `.`: `./ca_conf` does not exist";
    let with_option = hint("gsec ca init --ca-dir .");
    Scene::empty().refuses(&["cert", "list", "--ca-dir", "."], 3, &[said, &with_option]);
    // The command that is typed next has the variable as well.
    Scene::empty().refuses_with(
        &["cert", "list"],
        |call| call.env("GSEC_CA_DIR", "."),
        3,
        &[said, &hint("gsec ca init")],
    );
}

#[test]
fn ca_directory_variable_that_is_no_text() {
    use std::os::unix::ffi::OsStrExt;
    let scene = Scene::with_ca();
    let mut command = scene.gsec(&["ca", "show"]).into_command();
    let output = command
        .env("GSEC_CA_DIR", std::ffi::OsStr::from_bytes(b"\xff"))
        .output()
        .expect("gsec runs");
    assert_eq!(
        output.status.code(),
        Some(3),
        "another CA than the one that is meant is no answer: {}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn ca_that_exists_is_never_touched() {
    let said = [
        "error: `gsec-ca/ca_conf` exists already",
        "hint: inspect it with `gsec ca show --ca-dir gsec-ca`, or choose another directory with `--ca-dir`",
    ];
    let scene = Scene::with_ca();
    scene.refuses(&["ca", "init", "--cn", "Another"], 3, &said);
    scene.refuses(&["ca", "init", "--cn", "Another", "--yes"], 3, &said);
    scene.refuses(&["ca", "init", "--cn", "Another", "--dry-run"], 3, &said);
}

#[test]
fn expired_ca_certificate() {
    let scene = Scene::with_ca();
    put_certificate_with(
        &scene,
        &[
            "-startdate",
            "20200101000000Z",
            "-enddate",
            "20210101000000Z",
            "-extensions",
            "v3_ca",
        ],
    );
    scene.refuses(
        &ISSUE,
        3,
        &[
            "error: the CA certificate is not valid now: it is valid from 2020-01-01T00:00:00Z to 2021-01-01T00:00:00Z",
            "hint: is this machine's clock right? `date -u` shows it",
        ],
    );
    scene
        .gsec(&["ca", "show"])
        .run()
        .ok()
        .says("2021-01-01T00:00:00Z"); // reading goes on
}

#[test]
fn certificate_of_a_host_in_the_place_of_the_ca() {
    let scene = Scene::with_ca();
    put_certificate_with(&scene, &["-days", "10", "-extensions", "host"]);
    scene.refuses(&ISSUE, 3, &["error: `gsec-ca/ca_conf/ca_cert.pem` is not a CA certificate: its basicConstraints do not say CA:TRUE"]);
}

/// Puts another certificate for the CA's own key in the place of the CA certificate; only `openssl ca` can write dates of the past.
fn put_certificate_with(scene: &Scene, flags: &[&str]) {
    let before = [INDEX, SERIAL, CERTIFICATE].map(|name| scene.read(name));
    scene.write(
        "ca.cnf",
        format!(
            "{}\n[v3_ca]\nbasicConstraints=critical,CA:TRUE\n",
            scene.read("gsec-ca/ca_conf/ca.conf")
        ),
    );
    let in_ca = |args: &[&str]| openssl(args).in_dir(scene.dir.path("gsec-ca")).run().ok();
    in_ca(&[
        "req",
        "-new",
        "-key",
        "ca_conf/ca_priv_key.pem",
        "-subj",
        "/CN=Test CA",
        "-out",
        "../ca.csr",
    ]);
    let sign = [
        "ca",
        "-batch",
        "-config",
        "../ca.cnf",
        "-selfsign",
        "-notext",
        "-in",
        "../ca.csr",
        "-out",
        "../new.pem",
    ];
    in_ca(&[&sign[..], flags].concat());
    [INDEX, SERIAL, CERTIFICATE]
        .iter()
        .zip(before)
        .for_each(|(name, content)| scene.write(name, content));
    scene.write(CERTIFICATE, scene.read("new.pem"));
    std::fs::remove_file(scene.dir.path("gsec-ca/repository/01.pem")).expect("openssl ca wrote it");
}

#[test]
fn ca_key_of_another_certificate() {
    let scene = Scene::with_ca();
    scene.openssl_key("other.pem");
    put_key(&scene, "other.pem");
    scene.refuses(
        &ISSUE,
        3,
        &[
            "error: private key `gsec-ca/ca_conf/ca_priv_key.pem` does not belong to certificate `gsec-ca/ca_conf/ca_cert.pem`",
            "  caused by: public keys differ (key sha256 …, certificate sha256 …)",
            "hint: compare `openssl pkey -in gsec-ca/ca_conf/ca_priv_key.pem -pubout` with \
             `openssl x509 -in gsec-ca/ca_conf/ca_cert.pem -noout -pubkey`",
            "hint: is one of them from a backup, or from another CA?",
        ],
    );
}

fn put_key(scene: &Scene, from: &str) {
    scene.write(KEY, scene.read(from));
    scene.chmod(KEY, 0o400);
}

#[test]
fn ca_key_of_rsa_1024_makes_the_directory_read_only() {
    let scene = Scene::with_ca();
    scene.openssl(&[
        "req",
        "-x509",
        "-newkey",
        "rsa:1024",
        "-nodes",
        "-keyout",
        "old_key.pem",
        "-out",
        "old_cert.pem",
        "-subj",
        "/CN=Old",
        "-days",
        "9",
    ]);
    put_key(&scene, "old_key.pem");
    scene.write(CERTIFICATE, scene.read("old_cert.pem"));
    scene.refuses(
        &ISSUE,
        3,
        &[
            "error: `gsec-ca/ca_conf/ca_priv_key.pem` cannot be used to sign here, so this CA directory is \
             read-only for gsec",
            "  caused by: the private key is RSA with 1024 bits (minimum 2048), which gsec does not support",
            "hint: `gsec cert list`, `show` and `verify` still work here; issue from a new CA in a separate directory",
        ],
    );
    for args in [["ca", "show"], ["cert", "list"]] {
        scene.gsec(&args).run().ok();
    }
}

// The index, the serial number and the policy

#[test]
fn damaged_index_is_reported_and_does_not_stop_the_work() {
    let scene = Scene::with_host();
    scene.write(INDEX, format!("{}garbage\n", scene.read(INDEX)));
    let before = scene.tree();
    scene.gsec(&["ca", "show"]).run().ok().says("damaged");
    assert_eq!(
        scene.gsec(&["ca", "show", "--json"]).run().ok().json()["damaged_lines"],
        1
    );
    let list = scene.gsec(&["cert", "list", "--json"]).run().ok().json();
    assert_eq!(
        (
            list["damaged_lines"][0]["line"].as_u64(),
            list["certificates"][0]["serial"].as_str()
        ),
        (Some(2), Some("01")),
        "{list}"
    );
    scene
        .gsec(&["cert", "list"])
        .run()
        .ok()
        .says("Line 2 of ca.db is damaged");
    scene.tree().is_unchanged_since(&before);
    scene.issue("db2.example.com", &[]).run().ok();
    assert!(
        scene.read(INDEX).contains("\ngarbage\n"),
        "a damaged line survives"
    );
}

#[test]
fn serial_number_behind_the_index_is_passed_over_with_a_warning() {
    let scene = Scene::with_host();
    scene.write(SERIAL, "01\n");
    let said = scene.issue("db2.example.com", &[]).run().ok();
    assert!(said.stdout.starts_with("Issued serial 02 "), "{said}");
    assert!(
        said.stderr
            .starts_with("warning: serial.num said 01, which is already used: continued with 02\nhint: "),
        "{said}"
    );
}

#[test]
fn garbage_for_a_serial_number_is_mended_by_typing_the_hint() {
    for (content, found) in [
        ("zz\n", "holds `zz`"),
        ("", "is empty"),
        ("1\u{1b}[31m", "holds `1\\x1B[31m`"),
    ] {
        let scene = Scene::with_host();
        scene.write(SERIAL, content);
        let said = [
            &format!("error: `gsec-ca/ca_conf/serial.num` {found}, expected a hexadecimal number"),
            "hint: according to ca.db and the repository the next number is 02: `echo 02 > \
             gsec-ca/ca_conf/serial.num`",
        ];
        scene.refuses(&ISSUE, 3, &said);
        scene.refuses(&with(&ISSUE, &["--dry-run"]), 3, &said);
        scene.refuses(&["ca", "show"], 3, &said);
        type_the_hint(&scene, said[1]);
        scene
            .issue("db2.example.com", &[])
            .run()
            .ok()
            .says("Issued serial 02 ");
    }
}

#[test]
fn serial_number_file_that_is_gone() {
    let scene = Scene::with_host();
    std::fs::remove_file(scene.dir.path(SERIAL)).expect("it was there");
    let said = [
        "error: `gsec-ca/ca_conf/serial.num` is missing, expected a hexadecimal number",
        "hint: according to ca.db and the repository the next number is 02: `echo 02 > \
         gsec-ca/ca_conf/serial.num`",
    ];
    scene.refuses(&ISSUE, 3, &said);
    type_the_hint(&scene, said[1]);
    scene
        .issue("db2.example.com", &[])
        .run()
        .ok()
        .says("Issued serial 02 ");
}

/// Runs what stands between the last two backticks of a hint, in a shell.
fn type_the_hint(scene: &Scene, hint: &str) {
    let command = hint.split('`').nth_back(1).expect("a command in backticks");
    common::tool("sh")
        .args(&["-c", command])
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
}

#[test]
fn policy_with_an_unknown_key() {
    let scene = Scene::with_ca();
    scene.edit(POLICY, "allow_underscore", "allow_underscor");
    let said = [
        "error: cannot use `gsec-ca/ca_conf/gsec.toml`",
        "  caused by: line 10: unknown field `allow_underscor`, expected one of `serial`, `allow_underscore`, …",
        "hint: edit `gsec-ca/ca_conf/gsec.toml`",
    ];
    scene.refuses(&ISSUE, 3, &said);
    for args in [&["ca", "show"], &["cert", "list"]] {
        scene
            .gsec(args)
            .run()
            .ok()
            .says("gsec.toml, line 10: unknown field");
    }
}

#[test]
fn policy_that_is_no_toml() {
    let scene = Scene::with_ca();
    scene.write(POLICY, "serial = \"random\"\nprofile.host = {\n");
    scene.refuses(
        &ISSUE,
        3,
        &[
            "error: cannot use `gsec-ca/ca_conf/gsec.toml`",
            "  caused by: line …",
            "hint: edit `gsec-ca/ca_conf/gsec.toml`",
        ],
    );
}

#[test]
fn policy_with_a_purpose_that_does_not_exist() {
    let scene = Scene::with_ca();
    let is_of_host = |line: &str| line.starts_with("extended_key_usage");
    let line = include_str!("../../../ca_template/gsec.toml")
        .lines()
        .position(is_of_host)
        .expect("the key of `host`")
        + 1;
    scene.edit(POLICY, "[\"serverAuth\", \"clientAuth\"]", "[\"serverauth\"]");
    scene.refuses(
        &ISSUE,
        3,
        &[
            "error: cannot use `gsec-ca/ca_conf/gsec.toml`",
            &format!(
                "  caused by: line {line}: profile `host`: `serverauth` is not a valid extended key usage"
            ),
            "hint: edit `gsec-ca/ca_conf/gsec.toml`",
        ],
    );
}

#[test]
fn host_outside_the_suffixes_of_its_profile() {
    let scene = Scene::with_ca();
    scene.edit(POLICY, "name_suffixes = []", "name_suffixes = [\"example.org\"]");
    let hint = "hint: if the CA should issue for this host, add its domain or block to `name_suffixes` of `[profile.host]` in `gsec-ca/ca_conf/gsec.toml`";
    let said = |name: &str| {
        format!("  caused by: `{name}` is not covered by `name_suffixes` of `[profile.host]`: example.org")
    };
    scene.refuses(
        &ISSUE,
        3,
        &[
            "error: refused by `gsec-ca/ca_conf/gsec.toml`",
            &said("db1.example.com"),
            hint,
        ],
    );
    let further = [
        "cert",
        "issue",
        "--host",
        "a.example.org",
        "--san",
        "dns:badexample.org",
    ];
    scene.refuses(
        &further,
        3,
        &[
            "error: refused by `gsec-ca/ca_conf/gsec.toml`",
            &said("badexample.org"),
            hint,
        ],
    );
}

#[test]
fn key_type_and_lifetime_that_the_profile_does_not_admit() {
    let scene = Scene::with_ca();
    scene.edit(
        POLICY,
        "key_types = [\"rsa\", \"p256\", \"p384\", \"p521\", \"ed25519\"]",
        "key_types = [\"p384\"]",
    );
    scene.edit(POLICY, "max_lifetime_days = 0", "max_lifetime_days = 10");
    let refused = "error: refused by `gsec-ca/ca_conf/gsec.toml`";
    scene.refuses(
        &ISSUE,
        3,
        &[
            refused,
            "  caused by: `key_types` of `[profile.host]` allows keys of p384, but this one is p256",
            "hint: make a key with `--key-type p384`, or add this type to `key_types` of `[profile.host]` in \
             `gsec-ca/ca_conf/gsec.toml`",
        ],
    );
    let p384 = with(&ISSUE_WITH, &["--key-type", "p384"]);
    scene.refuses(
        &p384,
        3,
        &[
            refused,
            "  caused by: `max_lifetime_days` of `[profile.host]` allows at most 10 days",
            "hint: pass `--days 10` or less",
        ],
    );
    scene.gsec(&p384).args(&["--days", "10"]).run().ok();
}

#[test]
fn name_outside_the_constraints_of_the_ca() {
    let scene = Scene::with_ca_of(&["--permit-dns", "example.com"]);
    for (san, name) in [
        ("dns:db1.example.org", "dns:db1.example.org"),
        ("ip:10.0.0.1", "ip:10.0.0.1"),
        ("email:a@example.com", "email:a@example.com"),
    ] {
        let cause = format!(
            "  caused by: `{name}` is outside the name constraints of the CA certificate, and every client \
             would reject it"
        );
        scene.refuses(
            &with(&ISSUE, &["--san", san]),
            3,
            &["error: this certificate must not be issued", &cause],
        );
    }
}

// Secrets

#[test]
fn encrypted_ca_key_without_its_passphrase() {
    encrypted_scene().refuses(
        &ISSUE,
        3,
        &[
            "error: cannot use `gsec-ca/ca_conf/ca_priv_key.pem`",
            "  caused by: the private key is encrypted",
            "hint: give the passphrase of `gsec-ca/ca_conf/ca_priv_key.pem` with `--ca-passphrase-file`, `--ca-passphrase-env` or `--ca-passphrase-stdin`",
        ],
    );
}

#[test]
fn encrypted_ca_key_with_a_wrong_or_empty_passphrase() {
    let scene = encrypted_scene();
    scene.write("empty", "");
    let wrong = [
        "error: cannot use `gsec-ca/ca_conf/ca_priv_key.pem`",
        "  caused by: wrong passphrase, or the file is damaged",
        "hint: …",
    ];
    scene.refuses(&with(&ISSUE, &["--ca-passphrase-file", "empty"]), 3, &wrong);
    scene.refuses_with(
        &with(&ISSUE, &["--ca-passphrase-stdin"]),
        |call| call.stdin("wrong\n"),
        3,
        &wrong,
    );
    scene.refuses_with(
        &with(&ISSUE, &["--ca-passphrase-env", "P"]),
        |call| call.env("P", "wrong"),
        3,
        &wrong,
    );
}

fn encrypted_scene() -> Scene {
    let scene = Scene::empty();
    let init = [
        "ca",
        "init",
        "--cn",
        "Test CA",
        "--key-type",
        "p256",
        "--encrypt-key",
        "--ca-passphrase-stdin",
    ];
    scene.gsec(&init).stdin("right").run().ok();
    scene
}

#[test]
fn encrypted_ca_key_asked_for_without_a_passphrase() {
    let scene = Scene::empty();
    scene.write("empty", "");
    let init = ["ca", "init", "--cn", "X", "--key-type", "p256", "--encrypt-key"];
    let hint = "hint: pass `--ca-passphrase-file`, `--ca-passphrase-env` or `--ca-passphrase-stdin`";
    scene.refuses(&init, 2, &["error: `--encrypt-key` needs a passphrase", hint]);
    let empty = [
        "error: the passphrase must not be empty",
        "hint: leave out `--encrypt-key` for a key without a passphrase",
    ];
    scene.refuses(&with(&init, &["--ca-passphrase-file", "empty"]), 3, &empty);
}

#[test]
fn two_secrets_from_one_standard_input() {
    let said = [
        "error: standard input can provide only one value",
        "hint: put the other one in a file",
    ];
    let scene = Scene::with_ca();
    scene.refuses(
        &with(&ISSUE, &["--ca-passphrase-stdin", "--pfx-password-stdin"]),
        2,
        &said,
    );
    scene.refuses(
        &with(&ISSUE, &["--ca-passphrase-file", "-", "--pfx-password-file", "-"]),
        2,
        &said,
    );
    scene.refuses(&with(&ISSUE_WITH, &["--key", "-", "--password-stdin"]), 2, &said);
}

#[test]
fn secrets_that_are_not_where_they_should_be() {
    let scene = Scene::with_ca();
    scene.refuses(
        &with(&ISSUE, &["--pfx-password-file", "nofile"]),
        3,
        &[
            "error: cannot read `nofile`: no such file or directory",
            "hint: is the name right? `ls -l` shows what is here",
        ],
    );
    let said = [
        "error: environment variable `NO_SUCH_VARIABLE` is not set",
        "hint: a variable of a shell must be exported…",
    ];
    scene.refuses(
        &with(&ISSUE, &["--pfx-password-env", "NO_SUCH_VARIABLE"]),
        3,
        &said,
    );
    scene.write("latin1", b"p\xe4ss");
    scene.refuses(
        &with(&ISSUE, &["--pfx-password-file", "latin1"]),
        3,
        &["error: the password is neither UTF-8 nor UTF-16"],
    );
}

#[test]
fn pfx_password_with_a_character_beyond_u_ffff() {
    let args = with(&ISSUE, &["--pfx-password-stdin"]);
    let said = ["error: the password contains a character beyond U+FFFF, which PKCS #12 cannot represent"];
    Scene::with_ca().refuses_with(&args, |call| call.stdin("a\u{1f600}"), 3, &said);
}

#[test]
fn friendly_name_with_an_emoji() {
    let said = ["error: the friendly name contains a character that PKCS #12 cannot represent: `\u{1f600}`"];
    Scene::with_ca().refuses(&with(&ISSUE, &["--friendly-name", "a\u{1f600}"]), 3, &said);
}

// Files

#[test]
fn key_files_that_cannot_be_used() {
    let scene = Scene::with_ca();
    scene.openssl_key("one.pem");
    scene.openssl(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:secp256k1",
        "-out",
        "koblitz.pem",
    ]);
    scene.openssl(&["genrsa", "-out", "small.pem", "1024"]);
    scene.openssl(&[
        "pkcs8",
        "-topk8",
        "-in",
        "one.pem",
        "-out",
        "encrypted.pem",
        "-passout",
        "pass:right",
    ]);
    scene.write("two.pem", [scene.read("one.pem"), scene.read("one.pem")].concat());
    scene.write("empty.pem", "");
    let cases = [
        (CERTIFICATE, "it contains no private key: one certificate", None),
        (
            "two.pem",
            "it contains 2 private keys, expected one",
            Some("hint: split it: `gsec convert to-pem two.pem --out-dir parts`"),
        ),
        (
            "small.pem",
            "the private key is RSA with 1024 bits (minimum 2048), which gsec does not support",
            None,
        ),
        (
            "koblitz.pem",
            "the private key is …, which gsec does not support",
            None,
        ),
        ("empty.pem", "it is empty", None),
        (
            "encrypted.pem",
            "PEM block at line 1: the private key is encrypted",
            Some("hint: pass its password with `--password-file`, `--password-env` or `--password-stdin`"),
        ),
    ];
    for (file, cause, hint) in cases {
        let said = [
            format!("error: cannot use `{file}`"),
            format!("  caused by: {cause}"),
        ];
        let said: Vec<&str> = said.iter().map(String::as_str).chain(hint).collect();
        scene.refuses(&with(&ISSUE_WITH, &["--key", file]), 3, &said);
    }
    let wrong = [
        "error: cannot use `encrypted.pem`",
        "  caused by: PEM block at line 1: wrong password, or the file is damaged",
        "hint: check for a trailing space…",
    ];
    scene.refuses_with(
        &with(&ISSUE_WITH, &["--key", "encrypted.pem", "--password-stdin"]),
        |call| call.stdin("wrong"),
        3,
        &wrong,
    );
}

#[test]
fn files_that_hold_no_certificate() {
    let scene = Scene::with_host();
    scene.write("empty.pem", "");
    scene.write("note.txt", "hello\n");
    for (file, found) in [
        ("empty.pem", "it is empty"),
        ("note.txt", "it is neither PEM nor DER"),
        (KEY, "only PRIVATE KEY"),
    ] {
        let said = [
            format!("error: cannot use `{file}`"),
            format!("  caused by: it contains no certificate: {found}"),
        ];
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        let other = (file == KEY).then_some("hint: it is a private key: …");
        for command in ["thumbprint", "verify", "show"] {
            scene.refuses(
                &["cert", command, file],
                3,
                &said.iter().copied().chain(other).collect::<Vec<_>>(),
            );
        }
    }
    let missing = [
        "error: cannot read `nosuch.pem`: no such file or directory",
        "hint: is the name right? `ls -l` shows what is here",
    ];
    scene.refuses(&["cert", "show", "nosuch.pem"], 3, &missing);
    scene.refuses(&["cert", "verify", "01", "--trust", "nosuch.pem"], 3, &missing);
}

#[test]
fn damaged_pem_is_named_by_its_line() {
    let scene = Scene::with_ca();
    let sound = scene.read(CERTIFICATE);
    let damaged = sound.replacen('M', "!", 1);
    let lines = sound.lines().count();
    scene.write("first.pem", format!("preamble\n{damaged}"));
    scene.write("second.pem", format!("{sound}{damaged}"));
    scene.write("cut.pem", sound.replace("-----END CERTIFICATE-----\n", ""));
    for (file, line) in [("first.pem", 2), ("second.pem", lines + 1)] {
        let said = [
            format!("error: cannot use `{file}`"),
            format!("  caused by: PEM block at line {line} is damaged: …"),
        ];
        scene.refuses(&["cert", "show", file], 3, &[&said[0], &said[1]]);
    }
    let said = [
        "error: cannot use `cut.pem`",
        "  caused by: line 1: a block begins here that has no end",
        "hint: is the copy complete?",
    ];
    scene.refuses(&["cert", "show", "cut.pem"], 3, &said);
}

#[test]
fn damaged_der_is_said_in_words() {
    let scene = Scene::with_ca();
    scene.openssl(&["x509", "-in", CERTIFICATE, "-outform", "DER", "-out", "sound.der"]);
    let sound = scene.read_bytes("sound.der");
    scene.write("longer.der", [&sound[..], b"xx"].concat());
    scene.write("cut.der", &sound[..100]);
    scene.refuses(
        &["cert", "show", "longer.der"],
        3,
        &[
            "error: cannot use `longer.der`",
            "  caused by: 2 bytes follow it: a file in DER contains one certificate, CSR or CRL",
            "hint: the first of them: …",
        ],
    );
    scene.refuses(
        &["cert", "show", "cut.der"],
        3,
        &[
            "error: cannot use `cut.der`",
            "  caused by: the certificate is damaged: …",
        ],
    );
    let said = scene.gsec(&["cert", "show", "cut.der"]).run().fails();
    assert!(
        !said.stderr.contains("Nom") && !said.stderr.contains("Error("),
        "the parser's own words mean nothing to anybody: {said}"
    );
}

// What must not reach the terminal

#[test]
fn control_characters_in_names_are_refused() {
    let scene = Scene::with_ca();
    for flags in [
        ["--cn", HOSTILE],
        ["--org", HOSTILE],
        ["--ou", HOSTILE],
        ["--friendly-name", HOSTILE],
    ] {
        let args = with(&ISSUE, &flags);
        let before = scene.tree();
        let refused = scene.gsec(&args).run().fails();
        assert!(
            refused.stderr.contains("\\u{202E}") || refused.stderr.contains("\\x1B"),
            "{refused}"
        );
        is_harmless(&refused);
        is_harmless(&scene.gsec(&args).args(&["--json"]).run().fails());
        scene.tree().is_unchanged_since(&before);
    }
}

#[test]
fn control_characters_in_arguments_do_not_reach_the_terminal() {
    let scene = Scene::with_ca();
    let option = format!("--{HOSTILE}");
    for args in [
        vec!["cert", "issue", "--host", HOSTILE],
        vec!["cert", "issue", &option],
        vec![HOSTILE],
        vec!["cert", "list", "--limit", HOSTILE],
        vec!["cert", "list", "--status", HOSTILE],
        vec!["cert", "show", HOSTILE],
        vec!["cert", "show", "x.pem", "--ca-dir", HOSTILE],
        vec!["cert", "verify", "x.pem", "--trust", HOSTILE],
        vec!["cert", "issue", "--host", "a.b", "--profile", HOSTILE],
        vec!["cert", "issue", "--host", "a.b", "--pfx-password-env", HOSTILE],
        vec!["ca", "show", "--ca-dir", HOSTILE],
        vec!["completions", HOSTILE],
        vec!["man", "--out", HOSTILE],
        vec!["compat", "link", HOSTILE],
        vec!["quickstart", HOSTILE],
    ] {
        is_harmless(&scene.gsec(&args).run().fails());
        let json = scene.gsec(&args).args(&["--json"]).run().fails();
        is_harmless(&json);
        json.error();
    }
}

#[test]
fn line_feed_in_an_argument_cannot_forge_a_line() {
    let forged = "x\nhint: run me";
    let scene = Scene::with_ca();
    for args in [
        vec![forged],
        vec!["cert", "issue", "--host", forged],
        vec!["cert", "list", "--limit", forged],
        vec!["cert", "show", forged],
    ] {
        let said = scene.gsec(&args).run().fails();
        assert!(!said.stderr.contains("\nhint: run me"), "{said}");
        let message = scene.gsec(&args).args(&["--json"]).run().fails().error()["message"].to_string();
        assert!(
            message.contains("run me"),
            "the message is not cut short at the line feed: {message}"
        );
    }
}

#[test]
fn control_characters_in_paths_and_certificates_do_not_reach_the_terminal() {
    let scene = Scene::empty();
    let config = "[req]\ndistinguished_name=dn\n[dn]\n";
    scene.write("req.cnf", config);
    let subject = format!("/CN={HOSTILE}");
    let file = format!("{HOSTILE}.pem");
    let request = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-utf8",
        "-config",
        "req.cnf",
    ];
    openssl(&request)
        .args(&["-keyout", "k.pem", "-out", &file, "-subj", &subject])
        .in_dir(scene.dir.path(""))
        .run()
        .ok();
    for args in [
        vec!["cert", "show", &file],
        vec!["cert", "verify", &file, "--trust", &file],
    ] {
        for flags in [&[][..], &["--json"]] {
            let said = scene.gsec(&args).args(flags).run();
            assert!(
                said.stdout.contains("202e") || said.stdout.contains("202E"),
                "the subject is shown, escaped: {said}"
            );
            is_harmless(&said);
        }
    }
}

#[test]
fn arguments_that_are_no_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let mut command = gsec(&["cert", "issue", "--json", "--host"]).into_command();
    let output = command
        .arg(OsStr::from_bytes(b"a\xff\x9b31mb"))
        .output()
        .expect("gsec runs");
    assert_eq!(output.status.code(), Some(2));
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).expect("one object");
    assert_eq!(error["error"]["code"], "usage");
}

#[test]
fn the_pattern_of_these_tests_tells_lines_apart() {
    assert!(reads_as("error: a 1 b", "error: a … b") && reads_as("x", "x") && reads_as("a1b2c", "a…b…c"));
    assert!(!reads_as("error: a 1 c", "error: a … b") && !reads_as("xy", "x") && !reads_as("y", "x…"));
}

/// A path that is something else than the command needs: what to type instead.
#[test]
fn path_of_another_kind_is_answered_with_what_to_do() {
    let scene = Scene::with_ca();
    scene.write("a_file", "x");
    scene.refuses(
        &["cert", "list", "--ca-dir", "a_file"],
        3,
        &[
            "error: cannot open `a_file/ca_conf/ca_cert.pem`: not a directory",
            "hint: `a_file` is a file: pass a CA directory in its place",
        ],
    );
    scene.refuses(
        &["cert", "show", "gsec-ca"],
        3,
        &[
            "error: cannot read `gsec-ca`: is a directory",
            "hint: it is a CA directory: `gsec ca show --ca-dir gsec-ca` and `gsec doctor gsec-ca` examine it",
        ],
    );
    scene.refuses(
        &["cert", "show", "nowhere/x.pem"],
        3,
        &[
            "error: cannot read `nowhere/x.pem`: no such file or directory",
            "hint: the directory `nowhere` does not exist",
        ],
    );
    std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/ca.db")).expect("it was there");
    scene.refuses(
        &["cert", "list"],
        3,
        &[
            "error: cannot open `gsec-ca/ca_conf/ca.db`: no such file or directory",
            "hint: `gsec doctor gsec-ca` says what else is missing, and how to restore it",
        ],
    );
}

/// The suggestion that the text has is in the document too.
#[test]
fn word_that_is_nearly_a_command_is_suggested_in_json_too() {
    for (args, tip) in [
        (
            &["cert", "isue", "--json"][..],
            "some similar subcommands exist: 'ensure', 'issue'",
        ),
        (
            &["cert", "issue", "--hots", "x", "--json"],
            "a similar argument exists: '--host'",
        ),
    ] {
        let hints = common::gsec(args).run().code(2).error()["hints"].clone();
        assert_eq!(hints[0], tip, "{hints}");
    }
}

/// `openssl ca` writes such records: of a negative number, of a long one, of zero. No file of the CA need have that name.
#[test]
fn record_of_any_serial_number_ends_no_command_in_a_panic() {
    let scene = Scene::with_host();
    let index = scene.dir.path("gsec-ca/ca_conf/ca.db");
    let sound = std::fs::read_to_string(&index).expect("ca.db");
    let most = "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";
    for (status, serial) in [
        ("R", "-05"),
        ("V", "-05"),
        ("E", "-00FF"),
        ("R", "00"),
        ("R", most),
    ] {
        let revoked = if status == "R" { "261130210300Z" } else { "" };
        let record = format!("{status}\t470228210300Z\t{revoked}\t{serial}\tunknown\t/CN=old.example.com\n");
        std::fs::write(&index, format!("{sound}{record}")).expect("ca.db");
        for line in [
            "gsec doctor gsec-ca",
            "gsec cert list",
            "gsec cert verify old.example.com",
            "gsec cert renew old.example.com",
            "gsec cert revoke old.example.com",
            "gsec cert bundle old.example.com --for nginx --out old",
            "gsec cert ensure db1.example.com --check",
            "gsec crl update",
            "gsec ca log --verify",
        ] {
            let outcome = type_line(&scene, line);
            assert!(matches!(outcome.status, Some(0..=3)), "{record}{line}: {outcome}");
        }
        let list = type_line(&scene, "gsec cert list").stdout;
        assert!(list.contains("old.example.com"), "{record}{list}");
    }
    // A revocation goes through, its CRL included.
    std::fs::write(
        &index,
        format!("{sound}R\t470228210300Z\t261130210300Z\t-05\tunknown\t/CN=old.example.com\n"),
    )
    .expect("ca.db");
    type_line(&scene, "gsec cert revoke 01 --reason keyCompromise").ok();
    let crl = type_line(&scene, "openssl crl -in gsec-ca/ca_conf/ca_crl.pem -noout -text").ok();
    assert!(
        crl.stdout.contains("Serial Number: 01") && crl.stdout.contains("Serial Number: -05"),
        "{crl}"
    );
}
