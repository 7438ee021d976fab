//! What gsec.toml decides: limits of profiles, default access, and what is said of which rule of which file.

use crate::common;

use common::Scene;

const POLICY: &str = "gsec-ca/ca_conf/gsec.toml";

/// A CA whose policy has these lines at its end.
fn scene_with(lines: &str) -> Scene {
    let scene = Scene::with_ca();
    scene.write(POLICY, format!("{}\n{lines}\n", scene.read(POLICY)));
    scene
}

fn issue<'a>(host: &'a str, flags: &[&'a str]) -> Vec<&'a str> {
    [&["cert", "issue", "--key-type", "p256", "--host", host], flags].concat()
}

#[test]
fn a_profile_of_one_s_own_takes_what_it_leaves_out_from_host() {
    let scene = scene_with(
        "[profile.kiosk]\nextended_key_usage = [\"clientAuth\"]\nlifetime_days = 7\nname_suffixes = [\"kiosk.example.com\", \"10.1.0.0/16\"]",
    );
    let issued = scene
        .gsec(&issue(
            "k1.kiosk.example.com",
            &["--profile", "kiosk", "--san", "ip:10.1.2.3", "--json"],
        ))
        .run()
        .ok()
        .json();
    assert_eq!(issued["profile"], "kiosk");
    let text = scene
        .openssl(&["x509", "-in", "gsec-ca/repository/01.pem", "-noout", "-text"])
        .stdout;
    assert!(
        text.contains("TLS Web Client Authentication") && !text.contains("TLS Web Server Authentication"),
        "{text}"
    );
    for refused in [
        issue("db1.example.com", &["--profile", "kiosk"]),
        issue(
            "k2.kiosk.example.com",
            &["--profile", "kiosk", "--san", "ip:10.2.0.1"],
        ),
    ] {
        let outcome = scene.gsec(&refused).run().code(3);
        assert!(
            outcome.stderr.contains(&format!("refused by `{POLICY}`"))
                && outcome.stderr.contains("`name_suffixes` of `[profile.kiosk]`"),
            "{outcome}"
        );
    }
}

#[test]
fn without_default_access_only_what_a_profile_grants_is_issued() {
    let scene = scene_with(
        "[security]\nno-default-access = 0\n[profile.office]\nname_suffixes = [\"office.example.com\", \"10.0.0.0/8\"]",
    );
    let before = scene.tree();
    for refused in [
        issue("db1.example.com", &[]),
        issue("db1.example.com", &["--profile", "office"]),
        issue(
            "a.office.example.com",
            &["--profile", "office", "--san", "ip:192.168.0.1"],
        ),
        issue(
            "a.office.example.com",
            &["--profile", "office", "--san", "email:somebody@example.com"],
        ),
        issue(
            "a.office.example.com",
            &["--profile", "office", "--san", "uri:https://www.example.com/"],
        ),
    ] {
        let outcome = scene.gsec(&refused).args(&["--json"]).run().code(3);
        let code = outcome.error()["code"].as_str().expect("a code").to_owned();
        assert_eq!(code, "policy.not_granted", "{outcome}");
        assert!(
            outcome.stderr.contains("no default access") && outcome.stderr.contains(POLICY),
            "{outcome}"
        );
    }
    scene.tree().is_unchanged_since(&before);
    let names = [
        "--profile",
        "office",
        "--san",
        "ip:10.9.9.9",
        "--san",
        "email:a@office.example.com",
        "--san",
        "uri:https://x.office.example.com/",
    ];
    scene.gsec(&issue("a.office.example.com", &names)).run().ok();
}

#[test]
fn the_section_alone_takes_default_access_away_and_one_gives_it_back() {
    let outcome = scene_with("[security]")
        .gsec(&issue("db1.example.com", &[]))
        .run()
        .code(3);
    assert!(outcome.stderr.contains("[security]"), "{outcome}");
    scene_with("[security]\nno-default-access = 1")
        .gsec(&issue("db1.example.com", &[]))
        .run()
        .ok();
    Scene::with_ca().gsec(&issue("db1.example.com", &[])).run().ok();
}

/// A full disk or an editor that stopped leaves the beginning of a file; so does whoever may write to it.
#[test]
fn a_policy_that_is_empty_or_cut_off_issues_nothing_and_doctor_says_so() {
    let scene = Scene::with_ca();
    let whole = scene
        .read(POLICY)
        .replace("name_suffixes = []", "name_suffixes = [\"example.com\"]");
    assert!(whole.contains("[\"example.com\"]"), "{whole}");
    let middle = whole.find("name_suffixes = ").expect("the limit of hosts");
    let slip = whole.replace("[profile.host]", "[profile.Host]");
    for (what, text) in [
        ("empty", ""),
        ("blanks", "  \n\n"),
        ("comments", "# serial = \"random\"\n"),
        ("cut before the limit", &whole[..middle]),
        ("a profile in capitals", slip.as_str()),
    ] {
        scene.write(POLICY, text);
        let before = scene.tree();
        let refused = scene.gsec(&issue("evil.org", &[])).run().code(3);
        assert!(refused.stderr.contains(POLICY), "{what}: {refused}");
        let doctor = scene.gsec(&["doctor", "gsec-ca"]).run().code(1);
        assert!(doctor.stdout.contains("policy-"), "{what}: {doctor}");
        scene.tree().is_unchanged_since(&before);
        // Revoking does not depend on it.
        scene.gsec(&["crl", "update"]).run().ok();
    }
    scene.write(POLICY, &whole);
    scene.gsec(&issue("evil.org", &[])).run().code(3);
    scene.gsec(&issue("db1.example.com", &[])).run().ok();
}

/// A section that is misspelled would limit nothing: the built-in profile goes on without it.
#[test]
fn a_section_that_is_a_slip_for_a_built_in_profile_issues_nothing_until_it_is_renamed() {
    let scene = Scene::with_ca();
    let limits = "name_suffixes = [\"srv.example.com\"]\nkey_types = [\"p384\"]\n";
    for (section, meant) in [
        ("tls-servr", "tls-server"),
        ("tls_server", "tls-server"),
        ("TLS-server", "tls-server"),
        ("tls-clinet", "tls-client"),
    ] {
        for text in [
            format!("[profile.host]\n[profile.{section}]\n{limits}"),
            format!("[profile.{section}]\n{limits}"),
        ] {
            scene.write(POLICY, &text);
            let before = scene.tree();
            let refused = scene
                .gsec(&issue("evil.org", &["--profile", meant]))
                .run()
                .code(3);
            assert!(
                refused
                    .stderr
                    .contains(&format!("`{section}` is not a built-in profile"))
                    && refused.stderr.contains(&format!("`[profile.{meant}]`"))
                    && !refused.stderr.contains("sets no limits"),
                "{refused}"
            );
            let doctor = scene.gsec(&["doctor", "gsec-ca"]).run().code(1);
            assert!(
                doctor.stdout.contains(&format!("misspelling of `{meant}`")),
                "{doctor}"
            );
            scene.tree().is_unchanged_since(&before);
            // Renamed, it limits.
            scene.write(
                POLICY,
                text.replace(&format!("[profile.{section}]"), "[profile.kiosk]"),
            );
            if text.contains("[profile.host]") {
                scene
                    .gsec(&issue("a.srv.example.com", &["--profile", "kiosk", "--dry-run"]))
                    .run()
                    .code(3);
            }
        }
    }
    // Who has a section for both knows of both, which is also how to say that a name is meant.
    let both = "[profile.host]\n[profile.tls-server]\n[profile.tls-servr]\n";
    scene.write(POLICY, both);
    scene
        .gsec(&issue("db1.example.com", &["--profile", "tls-servr"]))
        .run()
        .ok();
    scene.gsec(&["doctor", "gsec-ca"]).run().ok();
}

/// Names that a CA may have had before gsec looked at them.
#[test]
fn a_profile_of_another_name_issues_and_one_that_is_near_a_built_in_one_gets_a_warning() {
    let scene = Scene::with_ca();
    let names = [
        "web",
        "dns-server",
        "service",
        "host2",
        "site-a",
        "site-b",
        "rack1-1",
        "rack11",
        "vhost",
        "post",
        "most",
        "ghost",
        "hot",
        "cost",
        "shot",
        "hosts",
        "server-a",
        "hub-a",
    ];
    let near = ["ui", "serve", "servers", "tub", "appliances"];
    let sections =
        |names: &[&str]| -> String { names.iter().map(|name| format!("[profile.{name}]\n")).collect() };
    let warned = |profile: &str| {
        let flags = ["--profile", profile, "--dry-run", "--json"];
        let issued = scene.gsec(&issue("db1.example.com", &flags)).run().ok().json();
        issued["warnings"].to_string()
    };
    // As in a new CA, which has a section for each of gsec's profiles.
    let whole = scene.read(POLICY);
    scene.write(
        POLICY,
        format!("{whole}\n{}{}", sections(&names), sections(&near)),
    );
    for name in names.iter().chain(&near) {
        assert_eq!(warned(name), "[]", "{name}");
    }
    scene.gsec(&["doctor", "gsec-ca"]).run().ok();
    // Without those sections.
    let host = "[profile.host]\n";
    scene.write(POLICY, format!("{host}{}", sections(&names)));
    for name in names {
        assert_eq!(warned(name), "[]", "{name}");
    }
    scene.gsec(&["doctor", "gsec-ca"]).run().ok();
    for (name, known) in near
        .into_iter()
        .zip(["gui", "server", "server", "hub", "appliance"])
    {
        let text = format!("{host}[profile.{name}]\n");
        scene.write(POLICY, &text);
        let issued = scene
            .gsec(&issue("db1.example.com", &["--profile", name]))
            .run()
            .ok();
        assert!(
            issued
                .stderr
                .contains(&format!("`{name}` is not the built-in profile `{known}`"))
                && issued
                    .stderr
                    .contains(&format!("add the section `[profile.{known}]`")),
            "{issued}"
        );
        common::doctor::finds(&scene, &["gsec-ca"], "profile-name-unclear");
        scene.write(POLICY, format!("{text}[profile.{known}]\n"));
        assert_eq!(warned(name), "[]", "{name}");
        scene.gsec(&["doctor", "gsec-ca"]).run().ok();
    }
}

/// What hangs there, and leads elsewhere, cannot be edited: the hint says what can be done.
#[test]
fn a_directory_or_a_link_in_place_of_the_policy_gets_a_hint_that_can_be_followed() {
    for kind in ["directory", "link"] {
        let scene = Scene::with_ca();
        std::fs::rename(scene.dir.path(POLICY), scene.dir.path("elsewhere.toml")).expect("move");
        if kind == "directory" {
            std::fs::create_dir(scene.dir.path(POLICY)).expect("directory");
        } else {
            std::os::unix::fs::symlink(scene.dir.path("elsewhere.toml"), scene.dir.path(POLICY))
                .expect("link");
        }
        let refused = scene.gsec(&issue("db1.example.com", &[])).run().code(3);
        assert!(
            refused.stderr.contains("`gsec doctor gsec-ca`") && !refused.stderr.contains("edit `"),
            "{refused}"
        );
        scene
            .gsec(&["doctor", "gsec-ca"])
            .run()
            .code(1)
            .says("ca-file-irregular");
    }
    let scene = Scene::with_ca();
    scene.write(POLICY, "[profile.hosting]\nname_suffixes = [\"example.com\"]\n");
    let refused = scene.gsec(&issue("evil.org", &[])).run().code(3);
    assert!(
        refused
            .stderr
            .contains("is `[profile.hosting]` meant to be `[profile.host]`?")
            && !refused.stderr.contains("sets no limits"),
        "{refused}"
    );
}

/// The comments are gone, and with them what the head says of the last line; then the file is cut off.
#[test]
fn a_cut_off_policy_without_comments_issues_nothing() {
    let refused = |scene: &Scene, text: &str| {
        scene.write(POLICY, text);
        let before = scene.tree();
        let refused = scene.gsec(&issue("evil.org", &[])).run().code(3);
        assert!(
            (refused
                .stderr
                .contains("only the beginning of what it had before")
                || refused
                    .stderr
                    .contains("its last line, `# end of gsec.toml`, is missing"))
                && refused.stderr.contains("add the missing line at its end"),
            "{text}: {refused}"
        );
        let doctor = scene.gsec(&["doctor", "gsec-ca"]).run().code(1);
        assert!(doctor.stdout.contains("policy-damaged"), "{doctor}");
        scene.tree().is_unchanged_since(&before);
        // As it is meant to be.
        scene.write(POLICY, format!("{text}\n# end of gsec.toml\n"));
        scene.gsec(&issue("a.example.com", &["--dry-run"])).run().ok();
    };
    let bare = |text: &str| -> String {
        let lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(|line| format!("{line}\n")).collect()
    };
    // In a new CA nothing else is known than what it was made with.
    let scene = Scene::with_ca();
    let new = bare(&scene.read(POLICY));
    let at = new.find("name_suffixes").expect("the limit");
    refused(&scene, &new[..at]);
    refused(&scene, &new);
    let whole_line = new.find("lifetime_days = 100").expect("a line");
    refused(&scene, &new[..whole_line + "lifetime_days = 10".len()]);
    // Once something was issued by a file, that file is known, whoever wrote it and with whatever end.
    let own = "crl_days = 7\n[profile.host]\nlifetime_days = 50\nname_suffixes = [\"example.com\"]\n[security]\ndefault_access = false\n";
    scene.write(POLICY, own);
    scene.gsec(&issue("a.example.com", &[])).run().ok();
    for end in ["name_suffixes", "[security]"] {
        refused(&scene, &own[..own.find(end).expect("a line")]);
    }
    // A file that says something else is another file, and the next one that is known.
    for other in [
        "[profile.host]\n",
        "crl_days = 7\n[profile.host]\nlifetime_days = 49\n",
    ] {
        scene.write(POLICY, other);
        scene.gsec(&issue("b.example.org", &[])).run().ok();
    }
    scene.write(POLICY, own);
    scene.gsec(&issue("c.example.com", &[])).run().ok();
    // What is kept is no more than a help.
    std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/.gsec.toml.last")).expect("what is kept");
    scene.gsec(&issue("d.example.com", &[])).run().ok();
    scene.gsec(&["doctor", "gsec-ca"]).run().ok();
}

/// The line at the end says nothing of what somebody added behind it.
#[test]
fn what_is_cut_off_behind_the_line_at_the_end_is_missed() {
    let scene = Scene::with_ca();
    let whole = scene.read(POLICY);
    let added = format!(
        "{whole}\n[security]\ndefault_access = false\n[profile.office]\nname_suffixes = [\"example.com\"]\n"
    );
    scene.write(POLICY, &added);
    let of_office = ["--profile", "office"];
    scene.gsec(&issue("a.example.com", &of_office)).run().ok();
    for end in [
        "\n[security]",
        "default_access = false",
        "name_suffixes = [\"example.com\"]",
    ] {
        let text = &added[..added.rfind(end).expect("a line")];
        scene.write(POLICY, text);
        let before = scene.tree();
        for flags in [["--profile", "server"], of_office] {
            let refused = scene.gsec(&issue("evil.org", &flags)).run().code(3);
            assert!(
                refused
                    .stderr
                    .contains("what followed the line `# end of gsec.toml` is missing"),
                "{refused}"
            );
        }
        let doctor = scene.gsec(&["doctor", "gsec-ca"]).run().code(1);
        assert!(doctor.stdout.contains("policy-damaged"), "{doctor}");
        scene.tree().is_unchanged_since(&before);
    }
    // As the hint says.
    scene.write(POLICY, format!("{whole}# end of gsec.toml\n"));
    scene.gsec(&issue("b.example.com", &[])).run().ok();
    scene.write(POLICY, &whole);
    scene.gsec(&issue("c.example.com", &[])).run().ok();
}

/// Who takes something out of a file of his own, after something was issued by it.
#[test]
fn a_policy_from_which_something_is_removed_that_limited_nothing_issues_on() {
    const OWN: &str = "crl_days = 7\n[profile.host]\nmax_lifetime_days = 365\n";
    let without_comments = |text: &str| -> String {
        let lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(|line| format!("{line}\n")).collect()
    };
    for (before, after) in [
        // A section is removed, or becomes a comment; a number at the end changes.
        (
            "[profile.kiosk]\nname_suffixes = [\"example.com\"]\n",
            OWN.to_owned(),
        ),
        (
            "[profile.hub]\nextended_key_usage = [\"serverAuth\"]\n",
            OWN.to_owned(),
        ),
        (
            "[security]\ndefault_access = true\n",
            format!("{OWN}#[security]\n#default_access = true\n"),
        ),
        ("", OWN.replace("365", "36")),
    ] {
        let scene = Scene::with_ca();
        scene.write(POLICY, format!("{OWN}{before}"));
        scene.gsec(&issue("a.example.com", &[])).run().ok();
        scene.write(POLICY, after);
        scene.gsec(&issue("b.example.com", &["--days", "30"])).run().ok();
        scene.gsec(&["doctor", "gsec-ca"]).run().ok();
    }
    // Comments are no settings.
    let scene = Scene::with_ca();
    let limited = scene
        .read(POLICY)
        .replace("max_lifetime_days = 0", "max_lifetime_days = 90");
    scene.write(POLICY, &limited);
    scene.gsec(&issue("a.example.com", &["--days", "30"])).run().ok();
    scene.write(POLICY, without_comments(&limited));
    scene.gsec(&issue("b.example.com", &["--days", "30"])).run().ok();
    // What limited something is missed: default access was denied.
    let security = "[security]\ndefault_access = false\n[profile.host]\nname_suffixes = [\"example.com\"]\n[profile.server]\nname_suffixes = [\"srv.example.com\"]\n";
    scene.write(POLICY, security);
    scene.gsec(&issue("c.example.com", &[])).run().ok();
    scene.write(
        POLICY,
        &security[..security.find("[profile.server]").expect("a section")],
    );
    scene
        .gsec(&issue("d.example.com", &["--profile", "server"]))
        .run()
        .code(3);
}

#[test]
fn the_policy_that_is_kept_is_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let scene = scene_with("[profile.kiosk]");
    scene.gsec(&issue("a.example.com", &[])).run().ok();
    let kept = scene.dir.path("gsec-ca/ca_conf/.gsec.toml.last");
    let mode = std::fs::metadata(kept)
        .expect("what is kept")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn values_and_keys_that_mean_nothing_are_named_with_their_line() {
    for (lines, at, word) in [
        ("[security]\nno-default-acces = 0", 3, "no-default-acces"),
        ("[security]\nno-default-access = 2", 3, "2"),
        ("[log-filter]\ndefault-filter-type = \"show\"", 3, "show"),
        ("[log-filter-data]\nnames = \"hidden\"", 3, "hidden"),
        ("[profile.x]\nname_suffixes = [\"exa mple\"]", 3, "exa mple"),
        ("[profile.x]\nlifetime_dayz = 3", 3, "lifetime_dayz"),
    ] {
        let first = Scene::with_ca().read(POLICY).lines().count();
        let scene = scene_with(lines);
        let before = scene.tree();
        let outcome = scene.gsec(&issue("db1.example.com", &[])).run().code(3);
        let place = format!("line {}", first + at);
        assert!(
            outcome.stderr.contains(POLICY)
                && outcome.stderr.contains(&place)
                && outcome.stderr.contains(word),
            "{place}: {outcome}"
        );
        scene.tree().is_unchanged_since(&before);
    }
}

#[test]
fn lifetime_and_kind_of_key_are_refused_by_the_rule_that_says_so() {
    let scene =
        scene_with("[profile.short]\nmax_lifetime_days = 30\nlifetime_days = 30\nkey_types = [\"p256\"]");
    let long = scene
        .gsec(&issue("db1.example.com", &["--profile", "short", "--days", "31"]))
        .run()
        .code(3);
    assert!(
        long.stderr.contains("`max_lifetime_days` of `[profile.short]`")
            && long.stderr.contains("hint: pass `--days 30` or less"),
        "{long}"
    );
    let kind = scene
        .gsec(&["cert", "issue", "--host", "db1.example.com", "--profile", "short"])
        .run()
        .code(3);
    assert!(
        kind.stderr.contains("`key_types` of `[profile.short]`") && kind.stderr.contains("--key-type p256"),
        "{kind}"
    );
    scene
        .gsec(&issue("db1.example.com", &["--profile", "short"]))
        .run()
        .ok();
}

#[test]
fn crl_days_say_when_the_next_crl_is_due() {
    let scene = Scene::with_ca();
    scene.edit(POLICY, "crl_days = 30", "crl_days = 2");
    let updated = scene.gsec(&["crl", "update", "--json"]).run().ok().json();
    let shown = scene.gsec(&["crl", "show", "--json"]).run().ok().json();
    assert_eq!(shown["next_update"], updated["next_update"]);
    // It begins five minutes early, and is due two days after it was made.
    let due = format!(
        "{} +2 days +5 minutes",
        updated["this_update"].as_str().expect("a time")
    );
    let due = common::tool("date")
        .args(&["-u", "-d", &due, "+%Y-%m-%dT%H:%M:%SZ"])
        .run()
        .ok()
        .stdout;
    assert_eq!(updated["next_update"], due.trim());
}

// What somebody tries who may ask for certificates, and wants one for a host that the policy does not give him

/// A common name, and a host that clients match with it.
const FORMS: [(&str, &str); 11] = [
    ("ww*.evil.org", "www.evil.org"),
    ("*w.evil.org", "www.evil.org"),
    ("*.evil.org", "www.evil.org"),
    ("www.evil.org", "www.evil.org"),
    ("WWW.Evil.Org", "www.evil.org"),
    ("www.evil.org.", "www.evil.org."),
    ("mail", "mail"),
    ("MAIL", "mail"),
    ("8.8.8.8", "8.8.8.8"),
    ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ("b\u{fc}cher.example", "b\u{fc}cher.example"),
];

/// Common names that some client of old may read as a host, though OpenSSL does not.
const ODD_FORMS: [&str; 10] = [
    "w*w.evil.org",
    "(www|mail).evil.org",
    "*~x y",
    "www.evil.org:443",
    "https://www.evil.org/",
    "[::1]",
    "0x8.8.8.8",
    "www..evil.org",
    "Fine name, CN=www.evil.org",
    "someone@evil.org*",
];

const GRANTS: &str = "[profile.host]\nname_suffixes = [\"example.com\", \"10.0.0.0/8\"]\n";

/// A CA, and the names that it may issue for limited in one way or another: all of them to example.com and 10.0.0.0/8.
fn limited_scenes() -> Vec<(&'static str, Scene)> {
    let with_policy = |policy: &str| {
        let scene = Scene::with_ca();
        scene.write(POLICY, policy);
        scene
    };
    let constraints = ["--permit-dns", "example.com", "--permit-ip", "10.0.0.0/8"];
    let below = Scene::empty();
    below
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Root",
            "--key-type",
            "p256",
            "--ca-dir",
            "root",
        ])
        .args(&constraints)
        .run()
        .ok();
    below
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Sub",
            "--key-type",
            "p256",
            "--parent",
            "root",
        ])
        .run()
        .ok();
    vec![
        ("name_suffixes", with_policy(GRANTS)),
        (
            "no default access",
            with_policy(&format!("{GRANTS}[security]\ndefault_access = false\n")),
        ),
        ("constraints of the CA", Scene::with_ca_of(&constraints)),
        ("constraints of the root above", below),
    ]
}

/// Whether OpenSSL takes a certificate for a host.
fn openssl_matches(scene: &Scene, host: &str, certificate: &str) -> bool {
    let trust = if scene.exists("root") {
        "root/ca_conf/ca_cert.pem"
    } else {
        "gsec-ca/ca_conf/ca_cert.pem"
    };
    let call = [
        "verify",
        "-CAfile",
        trust,
        "-untrusted",
        "gsec-ca/ca_conf/ca_cert.pem",
        "-verify_hostname",
        host,
        certificate,
    ];
    common::openssl(&call).in_dir(scene.dir.path("")).run().status == Some(0)
}

fn request_of(scene: &Scene) {
    let key = [
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "request.key",
        "-out",
        "request.csr",
    ];
    scene.openssl(&[&key[..], &["-subj", "/O=Somebody"]].concat());
}

#[test]
fn clients_do_match_these_common_names_where_nothing_limits_them() {
    let scene = Scene::with_ca();
    for (common_name, host) in FORMS {
        let issued = scene
            .gsec(&issue("10.0.0.1", &["--cn", common_name, "--no-pfx", "--json"]))
            .run()
            .ok()
            .json();
        let certificate = issued["files"]["certificate"].as_str().expect("a path");
        // OpenSSL compares trailing dots and U-labels as they are.
        assert!(
            openssl_matches(&scene, host, certificate),
            "{common_name} for {host}"
        );
    }
}

#[test]
fn no_road_leads_to_a_common_name_that_the_policy_does_not_grant() {
    for (limit, scene) in limited_scenes() {
        request_of(&scene);
        for common_name in FORMS.iter().map(|(common_name, _)| *common_name).chain(ODD_FORMS) {
            scene.write(
                "row.json",
                serde_json::json!([{ "host": "10.0.0.1", "cn": common_name }]).to_string(),
            );
            let before = scene.tree();
            let calls: [Vec<&str>; 4] = [
                issue("10.0.0.1", &["--cn", common_name]),
                vec![
                    "cert",
                    "ensure",
                    "--key-type",
                    "p256",
                    "--host",
                    "10.0.0.1",
                    "--cn",
                    common_name,
                ],
                vec![
                    "cert",
                    "sign",
                    "request.csr",
                    "--host",
                    "10.0.0.1",
                    "--cn",
                    common_name,
                ],
                vec!["cert", "issue", "--from", "row.json", "--key-type", "p256"],
            ];
            for call in calls {
                let outcome = scene.gsec(&call).args(&["--json"]).run().code(3);
                let is_list = call.contains(&"--from");
                let error = if is_list {
                    outcome.json()["hosts"][0]["error"].clone()
                } else {
                    outcome.error()
                };
                let code = error["code"].as_str().expect("a code").to_owned();
                let known = [
                    "policy.common_name",
                    "policy.name_suffix",
                    "policy.not_granted",
                    "policy.name_constraints",
                ];
                assert!(
                    known.contains(&code.as_str()),
                    "{limit}: {common_name} by {call:?}: {outcome}"
                );
            }
            scene.tree().is_unchanged_since(&before);
        }
    }
}

#[test]
fn what_is_no_host_s_name_stays_allowed_as_a_common_name() {
    for (limit, scene) in limited_scenes() {
        for common_name in [
            "Database one",
            "Database one (test)",
            "db1.example.com",
            "DB1.Example.COM.",
            "*.example.com",
        ] {
            let flags = ["--cn", common_name, "--no-pfx", "--json"];
            let issued = scene.gsec(&issue("db1.example.com", &flags)).run().ok().json();
            let certificate = issued["files"]["certificate"]
                .as_str()
                .expect("a path")
                .to_owned();
            assert!(
                openssl_matches(&scene, "db1.example.com", &certificate),
                "{limit}: {common_name}"
            );
            for host in ["www.evil.org", "mail", "one", "Database", "8.8.8.8"] {
                assert!(
                    !openssl_matches(&scene, host, &certificate),
                    "{limit}: {common_name} for {host}"
                );
            }
        }
        let issued = scene
            .gsec(&issue(
                "10.0.0.1",
                &["--cn", "Database one", "--no-pfx", "--json"],
            ))
            .run()
            .ok()
            .json();
        let certificate = issued["files"]["certificate"]
            .as_str()
            .expect("a path")
            .to_owned();
        assert!(
            !openssl_matches(&scene, "Database one.evil.org", &certificate)
                && !openssl_matches(&scene, "www.evil.org", &certificate)
        );
    }
}

/// `openssl ca` issues whatever the request says; gsec does not issue it again.
#[test]
fn a_certificate_of_old_is_not_renewed_beyond_the_policy() {
    for (subject, code) in [
        ("/CN=ww*.evil.org", "policy.common_name"),
        ("/CN=mail", "policy.name_constraints"),
        ("/CN=Fine name/CN=www.evil.org", "policy.name_constraints"),
        ("/CN=Fine name/emailAddress=a@evil.org", "policy.name_constraints"),
    ] {
        let scene = Scene::with_ca_of(&["--permit-dns", "example.com", "--permit-ip", "10.0.0.0/8"]);
        let key = [
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "old.key",
            "-out",
            "old.csr",
        ];
        scene.openssl(
            &[
                &key[..],
                &["-subj", subject, "-addext", "subjectAltName=IP:10.0.0.1"],
            ]
            .concat(),
        );
        let sign = [
            "ca",
            "-batch",
            "-config",
            "ca_conf/ca.conf",
            "-in",
            "../old.csr",
            "-notext",
            "-preserveDN",
        ];
        common::openssl(&sign)
            .in_dir(scene.dir.path("gsec-ca"))
            .run()
            .ok();
        let before = scene.tree();
        let refused = scene
            .gsec(&["cert", "renew", "01", "--profile", "host", "--json"])
            .run()
            .code(3);
        assert_eq!(refused.error()["code"], code, "{subject}: {refused}");
        scene.tree().is_unchanged_since(&before);
    }
}

// The CA's own name and key

#[test]
fn no_host_gets_the_name_or_the_key_of_the_ca_or_of_one_that_it_was() {
    let scene = Scene::empty();
    scene.write("pw", "secret\n");
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Test CA",
            "--org",
            "Example",
            "--key-type",
            "p256",
            "--ca-passphrase-file",
            "pw",
        ])
        .run()
        .ok();
    let rekeyed = scene
        .gsec(&["ca", "rekey", "--ca-passphrase-file", "pw", "--json"])
        .run()
        .ok()
        .json();
    let former = rekeyed["files"]["old_private_key"]
        .as_str()
        .expect("a path")
        .to_owned();
    for key in ["gsec-ca/ca_conf/ca_priv_key.pem", &former] {
        scene.openssl(&[
            "req",
            "-new",
            "-key",
            key,
            "-passin",
            "file:pw",
            "-subj",
            "/CN=db1.example.com",
            "-out",
            "key.csr",
        ]);
        let before = scene.tree();
        for (call, code) in [
            (
                vec![
                    "cert",
                    "issue",
                    "--host",
                    "db1.example.com",
                    "--key",
                    key,
                    "--password-file",
                    "pw",
                ],
                "policy.ca_key",
            ),
            (
                vec![
                    "cert",
                    "issue",
                    "--host",
                    "db1.example.com",
                    "--key",
                    key,
                    "--password-file",
                    "pw",
                    "--out-dir",
                    ".",
                ],
                "policy.ca_key",
            ),
            (
                vec![
                    "cert",
                    "ensure",
                    "--host",
                    "db1.example.com",
                    "--key",
                    key,
                    "--password-file",
                    "pw",
                ],
                "policy.ca_key",
            ),
            (
                vec![
                    "cert",
                    "request",
                    "--host",
                    "db1.example.com",
                    "--key",
                    key,
                    "--password-file",
                    "pw",
                ],
                "request.ca_key",
            ),
            (
                vec!["cert", "sign", "key.csr", "--host", "db1.example.com"],
                "request.ca_key",
            ),
            (vec!["ca", "sign", "key.csr"], "request.ca_key"),
        ] {
            let refused = scene.gsec(&call).args(&["--json"]).run().code(3);
            assert_eq!(refused.error()["code"], code, "{refused}");
        }
        scene.tree().is_unchanged_since(&before);
    }
    request_of(&scene);
    let before = scene.tree();
    for common_name in ["Test CA", "test  ca", "TEST CA"] {
        for call in [
            issue("db1.example.com", &["--cn", common_name, "--org", "Example"]),
            vec![
                "cert",
                "sign",
                "request.csr",
                "--host",
                "db1.example.com",
                "--cn",
                common_name,
                "--org",
                "example",
            ],
        ] {
            let refused = scene.gsec(&call).args(&["--json"]).run().code(3);
            assert_eq!(refused.error()["code"], "policy.ca_name", "{refused}");
        }
    }
    scene.tree().is_unchanged_since(&before);
}

/// gsec 0.1.0 did so, and `openssl ca` does.
#[test]
fn doctor_finds_a_host_certificate_that_is_about_the_ca_key() {
    let scene = Scene::with_host();
    common::doctor::is_silent(&scene, &["gsec-ca"], "ca-key-certified");
    let key = [
        "req",
        "-new",
        "-key",
        "gsec-ca/ca_conf/ca_priv_key.pem",
        "-subj",
        "/CN=db2.example.com",
        "-out",
        "own.csr",
    ];
    scene.openssl(&[&key[..], &["-addext", "subjectAltName=DNS:db2.example.com"]].concat());
    let sign = [
        "ca",
        "-batch",
        "-config",
        "ca_conf/ca.conf",
        "-in",
        "../own.csr",
        "-notext",
    ];
    common::openssl(&sign)
        .in_dir(scene.dir.path("gsec-ca"))
        .run()
        .ok();
    let found = common::doctor::finds(&scene, &["gsec-ca"], "ca-key-certified");
    assert!(
        found.severity == "error" && found.seen.contains("02") && !found.seen.contains("01"),
        "{found:?}"
    );
    scene.gsec(&["cert", "revoke", "02"]).run().ok();
    common::doctor::is_silent(&scene, &["gsec-ca"], "ca-key-certified");
}

#[test]
fn no_host_gets_the_name_or_the_key_of_a_ca_below() {
    let scene = Scene::with_ca();
    scene
        .gsec(&[
            "ca",
            "init",
            "--cn",
            "Sub",
            "--key-type",
            "p256",
            "--ca-dir",
            "sub",
            "--parent",
            "gsec-ca",
        ])
        .run()
        .ok();
    scene.gsec(&issue("db1.example.com", &["--no-pfx"])).run().ok();
    let key = "sub/ca_conf/ca_priv_key.pem";
    for (subject, out) in [("/CN=db2.example.com", "key.csr"), ("/CN=sub", "both.csr")] {
        scene.openssl(&["req", "-new", "-key", key, "-subj", subject, "-out", out]);
    }
    scene.openssl(&[
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "k",
        "-subj",
        "/CN=SUB",
        "-out",
        "name.csr",
    ]);
    // Whatever became of the intermediate CA, and of the cache of hosts and keys.
    for change in ["nothing", "no cache", "revoked"] {
        match change {
            "no cache" => drop(std::fs::remove_file(scene.dir.path("gsec-ca/ca_conf/.hosts.idx"))),
            "revoked" => drop(
                scene
                    .gsec(&["cert", "revoke", "01", "--reason", "superseded"])
                    .run()
                    .ok(),
            ),
            _ => {}
        }
        for (call, code) in [
            (issue("db2.example.com", &["--cn", "Sub"]), "policy.ca_name"),
            (issue("db2.example.com", &["--cn", "sUB"]), "policy.ca_name"),
            (
                vec![
                    "cert",
                    "ensure",
                    "--host",
                    "db2.example.com",
                    "--key-type",
                    "p256",
                    "--cn",
                    "Sub",
                ],
                "policy.ca_name",
            ),
            (
                vec!["cert", "issue", "--host", "db2.example.com", "--key", key],
                "policy.ca_key",
            ),
            (
                vec!["cert", "ensure", "--host", "db2.example.com", "--key", key],
                "policy.ca_key",
            ),
            (
                vec!["cert", "request", "--host", "db2.example.com", "--key", key],
                "request.ca_key",
            ),
            (
                vec!["cert", "sign", "key.csr", "--host", "db2.example.com"],
                "request.ca_key",
            ),
            (
                vec!["cert", "sign", "both.csr", "--host", "db2.example.com"],
                "request.ca_name",
            ),
            (
                vec!["cert", "sign", "name.csr", "--host", "db2.example.com"],
                "request.ca_name",
            ),
        ] {
            let refused = scene.gsec(&call).args(&["--json"]).run().code(3);
            assert_eq!(refused.error()["code"], code, "{change}: {refused}");
            assert!(
                refused.stderr.contains("an intermediate CA signed by this CA"),
                "{refused}"
            );
        }
        assert!(!scene.exists("gsec-ca/repository/03.pem"));
    }
    // The intermediate CA itself is renewed.
    scene
        .gsec(&["ca", "request", "--ca-dir", "sub", "--out", "sub.csr"])
        .run()
        .ok();
    scene.gsec(&["ca", "sign", "sub.csr"]).run().ok();
}

// Limits of [profile.host], and of [security]

#[test]
fn tightening_host_tightens_every_profile_and_doctor_lists_them() {
    let limits = "name_suffixes = [\"example.com\"]\nkey_types = [\"p256\"]\nmax_lifetime_days = 30\naccept_csr_names = false\n";
    let scene = Scene::with_ca();
    scene.write(
        POLICY,
        format!("[profile.host]\n{limits}[profile.web]\nextended_key_usage = [\"serverAuth\"]\n"),
    );
    let refused = |flags: &[&str], code: &str| {
        let outcome = scene.gsec(&["cert", "issue", "--json"]).args(flags).run().code(3);
        assert_eq!(outcome.error()["code"], code, "{outcome}");
        outcome
    };
    for profile in [
        "server",
        "gui",
        "tls-server",
        "tls-client",
        "appliance",
        "hub",
        "web",
    ] {
        let p256 = ["--key-type", "p256", "--profile", profile];
        let said = refused(
            &[&p256[..], &["--host", "evil.org"]].concat(),
            "policy.name_suffix",
        )
        .error();
        let cause = said["caused_by"][0].as_str().expect("a cause").to_owned();
        assert!(
            cause.contains(&format!(
                "`[profile.host]` (line 2, inherited by profile `{profile}`)"
            )),
            "{cause}"
        );
        let lifting = format!("write `name_suffixes = []` in `[profile.{profile}]`");
        assert!(
            said["hints"]
                .as_array()
                .expect("hints")
                .iter()
                .any(|hint| hint.as_str().is_some_and(|hint| hint.contains(&lifting))),
            "{said}"
        );
        refused(
            &[&p256[..], &["--host", "a.example.com", "--days", "3000"]].concat(),
            "policy.lifetime",
        );
        refused(
            &[
                "--key-type",
                "p384",
                "--profile",
                profile,
                "--host",
                "a.example.com",
            ],
            "policy.key_type",
        );
        // Nothing asked for is nothing too much.
        scene
            .gsec(&["cert", "issue", "--host", "a.example.com", "--no-pfx"])
            .args(&p256)
            .run()
            .ok();
    }
    let key = [
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "k.pem",
        "-out",
        "k.csr",
    ];
    scene.openssl(
        &[
            &key[..],
            &[
                "-subj",
                "/CN=a.example.com",
                "-addext",
                "subjectAltName=DNS:b.example.com",
            ],
        ]
        .concat(),
    );
    let sign = scene
        .gsec(&[
            "cert",
            "sign",
            "k.csr",
            "--accept-csr-names",
            "--profile",
            "server",
            "--json",
        ])
        .run()
        .code(3);
    assert_eq!(sign.error()["code"], "policy.accept_csr_names", "{sign}");
    let found = common::doctor::doctor(&scene, &["gsec-ca"]);
    let inherited: Vec<_> = found
        .iter()
        .filter(|found| found.slug == "profile-limit-inherited")
        .collect();
    assert_eq!(inherited.len(), 4, "{found:#?}");
    assert!(
        inherited.iter().all(|found| found.severity == "notice"
            && found.seen.contains("tls-client")
            && found.seen.contains("web")),
        "{found:#?}"
    );
    // Each says how it is lifted, and that lifts it.
    scene.write(
        POLICY,
        format!(
            "{}name_suffixes = []\nmax_lifetime_days = 0\nkey_types = [\"p384\"]\naccept_csr_names = true\n",
            scene.read(POLICY)
        ),
    );
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "evil.org",
            "--profile",
            "web",
            "--days",
            "300",
            "--key-type",
            "p384",
            "--no-pfx",
        ])
        .run()
        .ok();
}

#[test]
fn default_access_says_what_it_does_and_the_old_key_is_explained() {
    let answer = |lines: &str| {
        scene_with(lines)
            .gsec(&issue("db1.example.com", &["--no-pfx", "--json"]))
            .run()
    };
    let warned = |outcome: &common::Outcome| outcome.json()["warnings"].to_string();
    assert_eq!(warned(&answer("[security]\ndefault_access = true").ok()), "[]");
    assert_eq!(
        answer("[security]\ndefault_access = false").code(3).error()["code"],
        "policy.not_granted"
    );
    let opened = warned(&answer("[security]\nno-default-access = 1").ok());
    assert!(
        opened.contains("grants default access") && opened.contains("`default_access = true` means the same"),
        "{opened}"
    );
    let contradiction = answer("[security]\nno-default-access = 1\ndefault_access = false").code(3);
    assert!(contradiction.stderr.contains("contradicts"), "{contradiction}");
    for lines in [
        "[security]",
        "[security]\nno-default-access = 1",
        "[security]\nno-default-access = 0",
    ] {
        let found = common::doctor::finds(&scene_with(lines), &["gsec-ca"], "default-access-unclear");
        assert_eq!(found.severity, "notice");
    }
    common::doctor::is_silent(
        &scene_with("[security]\ndefault_access = true"),
        &["gsec-ca"],
        "default-access-unclear",
    );
}

#[test]
fn usages_and_addresses_that_do_not_belong_into_certificates_are_named_with_their_line() {
    for (lines, word) in [
        (
            "[profile.x]\nextended_key_usage = [\"OCSPSigning\"]",
            "OCSPSigning",
        ),
        (
            "[profile.x]\nextended_key_usage = [\"serverAuth\", \"2.5.29.37.0\"]",
            "2.5.29.37.0",
        ),
        (
            "[profile.host]\nextended_key_usage = [\"anyExtendedKeyUsage\"]",
            "anyExtendedKeyUsage",
        ),
    ] {
        let scene = Scene::with_ca();
        scene.write(POLICY, lines);
        let before = scene.tree();
        let refused = scene.gsec(&issue("db1.example.com", &[])).run().code(3);
        assert!(
            refused.stderr.contains("line 2") && refused.stderr.contains(word),
            "{refused}"
        );
        scene.tree().is_unchanged_since(&before);
    }
    for address in [
        "\\u001b[31mhttp://x/",
        "http://x/a b",
        "http://x/\u{e4}",
        "x/ca.crl",
        "file:///ca.crl",
        "http://x/%0",
        "",
        "http:///ca.crl",
        "http://x\\n/",
    ] {
        for key in ["crl_addresses", "issuer_addresses"] {
            let scene = Scene::with_ca();
            scene.write(
                POLICY,
                format!("\n{key} = [\"http://pki.example.com/\", \"{address}\"]\n"),
            );
            let refused = scene.gsec(&issue("db1.example.com", &[])).run().code(3);
            assert!(
                refused.stderr.contains("line 2")
                    && refused.stderr.contains(key)
                    && !refused.stderr.contains('\u{1b}'),
                "{address}: {refused}"
            );
        }
    }
}

#[test]
fn rsa_keys_that_anyone_can_factor_are_not_certified() {
    let scene = Scene::with_ca();
    for kind in ["close", "roca"] {
        scene.write(
            "weak.pem",
            common::python("weak_key.py").args(&[kind]).run().ok().stdout,
        );
        scene.openssl(&[
            "req",
            "-new",
            "-key",
            "weak.pem",
            "-subj",
            "/CN=db1.example.com",
            "-out",
            "weak.csr",
        ]);
        let before = scene.tree();
        for (call, code) in [
            (
                vec!["cert", "issue", "--host", "db1.example.com", "--key", "weak.pem"],
                "policy.weak_key",
            ),
            (
                vec!["cert", "ensure", "--host", "db1.example.com", "--key", "weak.pem"],
                "policy.weak_key",
            ),
            (
                vec!["cert", "sign", "weak.csr", "--host", "db1.example.com"],
                "request.weak_key",
            ),
            (vec!["ca", "sign", "weak.csr"], "request.weak_key"),
        ] {
            let refused = scene.gsec(&call).args(&["--json"]).run().code(3);
            assert_eq!(refused.error()["code"], code, "{kind}: {refused}");
        }
        scene.tree().is_unchanged_since(&before);
    }
    scene.openssl(&[
        "genpkey",
        "-algorithm",
        "RSA",
        "-pkeyopt",
        "rsa_keygen_bits:2048",
        "-out",
        "sound.pem",
    ]);
    scene
        .gsec(&[
            "cert",
            "issue",
            "--host",
            "db1.example.com",
            "--key",
            "sound.pem",
            "--no-pfx",
        ])
        .run()
        .ok();
}

// What is trusted

#[test]
fn a_certificate_that_was_put_under_previous_is_not_trusted() {
    let scene = Scene::with_ca();
    for name in ["Test CA", "Evil"] {
        let _ = std::fs::remove_dir_all(scene.dir.path("evil"));
        scene
            .gsec(&[
                "ca",
                "init",
                "--cn",
                name,
                "--key-type",
                "p256",
                "--ca-dir",
                "evil",
            ])
            .run()
            .ok();
        scene
            .gsec(&[
                "cert",
                "issue",
                "--host",
                "www.evil.org",
                "--key-type",
                "p256",
                "--no-pfx",
                "--ca-dir",
                "evil",
            ])
            .run()
            .ok();
        let shown = scene
            .gsec(&["cert", "show", "evil/ca_conf/ca_cert.pem", "--json"])
            .run()
            .ok()
            .json();
        let identifier = shown["certificates"][0]["subject_key_identifier"]
            .as_str()
            .expect("an identifier")
            .to_owned();
        for folder in ["x", &identifier] {
            let folder = format!("gsec-ca/ca_conf/previous/{folder}");
            std::fs::create_dir_all(scene.dir.path(&folder)).expect("a folder");
            // With whatever an attacker can sign himself.
            for file in ["ca_cert.pem", "old_with_new.pem", "new_with_old.pem"] {
                scene.write(
                    &format!("{folder}/{file}"),
                    scene.read("evil/ca_conf/ca_cert.pem"),
                );
            }
            scene
                .gsec(&[
                    "cert",
                    "verify",
                    "evil/repository/01.pem",
                    "--name",
                    "www.evil.org",
                ])
                .run()
                .code(1);
            let found = common::doctor::finds(&scene, &["gsec-ca"], "previous-certificate-foreign");
            assert_eq!(found.severity, "error");
            std::fs::remove_dir_all(scene.dir.path(&folder)).expect("the folder");
        }
    }
    // A former root stays trusted, over two changes of the key, and its own copy is what counts.
    scene.gsec(&issue("db1.example.com", &["--no-pfx"])).run().ok();
    for _ in 0..2 {
        scene.gsec(&["ca", "rekey", "--yes"]).run().ok();
        scene
            .gsec(&[
                "cert",
                "verify",
                "gsec-ca/repository/01.pem",
                "--name",
                "db1.example.com",
            ])
            .run()
            .ok();
    }
    common::doctor::is_silent(&scene, &["gsec-ca"], "previous-certificate-foreign");
}

#[test]
fn a_ca_moves_under_another_root_only_when_told_to() {
    let scene = Scene::empty();
    let init = |name: &str, dir: &str, flags: &[&str]| {
        scene
            .gsec(&["ca", "init", "--cn", name, "--key-type", "p256", "--ca-dir", dir])
            .args(flags)
            .run()
            .ok();
    };
    init("Root", "root", &[]);
    init("Other Root", "other", &[]);
    init("Sub", "sub", &["--parent", "root"]);
    scene
        .gsec(&["ca", "request", "--ca-dir", "sub", "--out", "sub.csr"])
        .run()
        .ok();
    scene
        .gsec(&["ca", "sign", "sub.csr", "--ca-dir", "other", "--out", "moved.pem"])
        .run()
        .ok();
    scene.openssl(&[
        "req",
        "-x509",
        "-key",
        "sub/ca_conf/ca_priv_key.pem",
        "-subj",
        "/CN=Sub",
        "-days",
        "900",
        "-out",
        "selfmade.pem",
    ]);
    for file in ["moved.pem", "selfmade.pem"] {
        let before = scene.tree();
        let refused = scene
            .gsec(&["ca", "accept", file, "--ca-dir", "sub"])
            .run()
            .code(2);
        assert!(
            refused.stderr.contains("`CN=Root`") && refused.stderr.contains("--yes"),
            "{refused}"
        );
        let dry = scene
            .gsec(&["ca", "accept", file, "--ca-dir", "sub", "--dry-run", "--json"])
            .run()
            .ok()
            .json();
        assert_eq!(dry["warnings"][0]["code"], "ca_moves", "{dry}");
        scene.tree().is_unchanged_since(&before);
    }
    // The same root again is no move.
    scene
        .gsec(&["ca", "sign", "sub.csr", "--ca-dir", "root", "--out", "again.pem"])
        .run()
        .ok();
    scene
        .gsec(&["ca", "accept", "again.pem", "--ca-dir", "sub"])
        .run()
        .ok();
    scene
        .gsec(&["ca", "accept", "moved.pem", "--ca-dir", "sub", "--yes"])
        .run()
        .ok()
        .says("moves from `CN=Root` to `CN=Other Root`");
}

#[test]
fn a_request_for_names_that_nobody_certifies_gets_a_hint_that_can_be_typed() {
    let scene = Scene::with_ca();
    let key = [
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "k.pem",
        "-out",
        "odd.csr",
    ];
    scene.openssl(
        &[
            &key[..],
            &[
                "-subj",
                "/O=Somebody",
                "-addext",
                "subjectAltName=otherName:1.2.3.4;UTF8:odd",
            ],
        ]
        .concat(),
    );
    for flags in [&[][..], &["--host", "db1.example.com"]] {
        let refused = scene.gsec(&["cert", "sign", "odd.csr"]).args(flags).run().code(3);
        assert!(
            !refused.stderr.contains("``") && refused.stderr.contains("hint: "),
            "{refused}"
        );
    }
}

/// Whoever wants to sign a certificate must have what policy has permitted: the signer takes nothing else, and nothing else calls it.
#[test]
fn one_file_calls_the_signer() {
    let mut calls = Vec::new();
    let mut folders = ["src", "crates"]
        .map(|part| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(part))
        .to_vec();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("source");
            // Unit tests make certificates to test with, in files of their own too.
            if path.ends_with("tests.rs") {
                continue;
            }
            let program = text.split("#[cfg(test)]").next().unwrap_or_default();
            if ["IssueTemplate", "Reissue {", "reissue(", "sign_tbs"]
                .iter()
                .any(|word| program.contains(word))
            {
                calls.push(
                    path.strip_prefix(env!("CARGO_MANIFEST_DIR"))
                        .expect("in the project")
                        .display()
                        .to_string(),
                );
            }
        }
    }
    calls.sort();
    let x509 = ["issue", "mod", "reissue"].map(|file| format!("crates/pki/src/x509/{file}.rs"));
    // `own` fills in what is certified again; `certify_again` signs it.
    // The suite of the records is compiled for tests alone.
    let orders = [
        "authority/certify",
        "authority/own/rekey",
        "authority/own/renew",
        "records/conformance",
    ]
    .map(|file| format!("crates/ca/src/{file}.rs"));
    let expected: Vec<String> = orders.into_iter().chain(x509).collect();
    assert_eq!(calls, expected);
}

#[test]
fn a_ca_below_has_neither_the_key_nor_the_name_of_a_host() {
    let scene = Scene::with_ca();
    let refuses = |args: &[&str], words: &[&str]| {
        let before = scene.tree();
        let refusal = scene.gsec(args).run().code(3);
        words
            .iter()
            .for_each(|word| assert!(refusal.stderr.contains(word), "{word}: {refusal}"));
        scene.tree().is_unchanged_since(&before);
    };
    for (host, flags) in [
        ("db1.example.com", &[][..]),
        ("sub", &[]),
        ("db2.example.com", &["--cn", "Site CA"]),
    ] {
        scene.issue(host, flags).run().ok();
    }
    let request = |key: &str, subject: &str, out: &str| {
        scene
            .openssl(&["req", "-new", "-key", key, "-subj", subject, "-out", out])
            .ok()
    };
    request(
        "gsec-ca/repository/01_db1_priv_key.pem",
        "/CN=New CA",
        "host_key.csr",
    );
    scene
        .openssl(&[
            "ecparam",
            "-name",
            "prime256v1",
            "-genkey",
            "-noout",
            "-out",
            "new.key",
        ])
        .ok();
    refuses(&["ca", "sign", "host_key.csr", "--stdout"], &["serial 01"]);
    for (subject, serial) in [
        ("/CN=db1.example.com", "01"),
        ("/CN=DB1.example.com", "01"),
        ("/CN=sub", "02"),
        ("/CN=Site CA", "03"),
    ] {
        request("new.key", subject, "name.csr");
        refuses(
            &["ca", "sign", "name.csr", "--stdout"],
            &[&format!("serial {serial}")],
        );
        let name = subject.trim_start_matches("/CN=");
        refuses(
            &[
                "ca",
                "init",
                "--ca-dir",
                "below",
                "--parent",
                "gsec-ca",
                "--cn",
                name,
                "--key-type",
                "p256",
            ],
            &[&format!("serial {serial}")],
        );
        assert!(!scene.exists("below"));
    }
    // A name that a host would get later is refused as well; with a further part it is a CA's alone.
    for name in ["ca.example.com", "10.0.0.1"] {
        refuses(
            &[
                "ca",
                "init",
                "--ca-dir",
                "below",
                "--parent",
                "gsec-ca",
                "--cn",
                name,
                "--key-type",
                "p256",
            ],
            &["would get", "--org"],
        );
    }
    let below = [
        "ca",
        "init",
        "--ca-dir",
        "below",
        "--parent",
        "gsec-ca",
        "--cn",
        "ca.example.com",
        "--org",
        "Example",
        "--key-type",
        "p256",
    ];
    scene.gsec(&below).run().ok();
    scene.issue("ca.example.com", &[]).run().ok();
    // And the other way round.
    scene
        .gsec(&[
            "ca",
            "init",
            "--ca-dir",
            "single",
            "--parent",
            "gsec-ca",
            "--cn",
            "single",
            "--key-type",
            "p256",
        ])
        .run()
        .ok();
    refuses(
        &["cert", "issue", "--host", "single", "--key-type", "p256"],
        &["intermediate CA"],
    );
    refuses(
        &[
            "cert",
            "issue",
            "--host",
            "x.example.com",
            "--key",
            "single/ca_conf/ca_priv_key.pem",
        ],
        &["intermediate CA"],
    );
}
