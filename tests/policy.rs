//! What gsec.toml decides: limits of profiles, default access, and what is said of which rule of which file.

mod common;

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
    let issued = scene.gsec(&issue("k1.kiosk.example.com", &["--profile", "kiosk", "--san", "ip:10.1.2.3", "--json"])).run().ok().json();
    assert_eq!(issued["profile"], "kiosk");
    let text = scene.openssl(&["x509", "-in", "gsec-ca/repository/01.pem", "-noout", "-text"]).stdout;
    assert!(text.contains("TLS Web Client Authentication") && !text.contains("TLS Web Server Authentication"), "{text}");
    for refused in [issue("db1.example.com", &["--profile", "kiosk"]), issue("k2.kiosk.example.com", &["--profile", "kiosk", "--san", "ip:10.2.0.1"])]
    {
        let outcome = scene.gsec(&refused).run().code(3);
        assert!(
            outcome.stderr.contains(&format!("refused by `{POLICY}`")) && outcome.stderr.contains("`name_suffixes` of `[profile.kiosk]`"),
            "{outcome}"
        );
    }
}

#[test]
fn without_default_access_only_what_a_profile_grants_is_issued() {
    let scene = scene_with("[security]\nno-default-access = 0\n[profile.office]\nname_suffixes = [\"office.example.com\", \"10.0.0.0/8\"]");
    let before = scene.tree();
    for refused in [
        issue("db1.example.com", &[]),
        issue("db1.example.com", &["--profile", "office"]),
        issue("a.office.example.com", &["--profile", "office", "--san", "ip:192.168.0.1"]),
        issue("a.office.example.com", &["--profile", "office", "--san", "email:somebody@example.com"]),
        issue("a.office.example.com", &["--profile", "office", "--san", "uri:https://www.example.com/"]),
    ] {
        let outcome = scene.gsec(&refused).args(&["--json"]).run().code(3);
        let code = outcome.error()["code"].as_str().expect("a code").to_owned();
        assert_eq!(code, "policy.not_granted", "{outcome}");
        assert!(outcome.stderr.contains("no default access") && outcome.stderr.contains(POLICY), "{outcome}");
    }
    scene.tree().is_unchanged_since(&before);
    let names = ["--profile", "office", "--san", "ip:10.9.9.9", "--san", "email:a@office.example.com", "--san", "uri:https://x.office.example.com/"];
    scene.gsec(&issue("a.office.example.com", &names)).run().ok();
}

#[test]
fn the_section_alone_takes_default_access_away_and_one_gives_it_back() {
    let outcome = scene_with("[security]").gsec(&issue("db1.example.com", &[])).run().code(3);
    assert!(outcome.stderr.contains("[security]"), "{outcome}");
    scene_with("[security]\nno-default-access = 1").gsec(&issue("db1.example.com", &[])).run().ok();
    Scene::with_ca().gsec(&issue("db1.example.com", &[])).run().ok();
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
        assert!(outcome.stderr.contains(POLICY) && outcome.stderr.contains(&place) && outcome.stderr.contains(word), "{place}: {outcome}");
        scene.tree().is_unchanged_since(&before);
    }
}

#[test]
fn lifetime_and_kind_of_key_are_refused_by_the_rule_that_says_so() {
    let scene = scene_with("[profile.short]\nmax_lifetime_days = 30\nlifetime_days = 30\nkey_types = [\"p256\"]");
    let long = scene.gsec(&issue("db1.example.com", &["--profile", "short", "--days", "31"])).run().code(3);
    assert!(long.stderr.contains("`max_lifetime_days` of `[profile.short]`") && long.stderr.contains("hint: pass `--days 30` or less"), "{long}");
    let kind = scene.gsec(&["cert", "issue", "--host", "db1.example.com", "--profile", "short"]).run().code(3);
    assert!(kind.stderr.contains("`key_types` of `[profile.short]`") && kind.stderr.contains("--key-type p256"), "{kind}");
    scene.gsec(&issue("db1.example.com", &["--profile", "short"])).run().ok();
}

#[test]
fn crl_days_say_when_the_next_crl_is_due() {
    let scene = Scene::with_ca();
    scene.edit(POLICY, "crl_days = 30", "crl_days = 2");
    let updated = scene.gsec(&["crl", "update", "--json"]).run().ok().json();
    let shown = scene.gsec(&["crl", "show", "--json"]).run().ok().json();
    assert_eq!(shown["next_update"], updated["next_update"]);
    // It begins five minutes early, and is due two days after it was made.
    let due = format!("{} +2 days +5 minutes", updated["this_update"].as_str().expect("a time"));
    let due = common::tool("date").args(&["-u", "-d", &due, "+%Y-%m-%dT%H:%M:%SZ"]).run().ok().stdout;
    assert_eq!(updated["next_update"], due.trim());
}
