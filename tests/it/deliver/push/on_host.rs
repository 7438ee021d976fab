//! Keys that are made on the host: where they are, and whose they are.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::site::{Site, Spec, problem, states};
use crate::common::{Outcome, SHELLS, openssl, program, tool};

pub const ON_HOST: &str = "key = \"on-host\"";

pub fn on_host(spec: Spec) -> Spec {
    Spec {
        host: ON_HOST,
        ..spec
    }
}

pub fn receiver(name: &'static str) -> Spec {
    on_host(Spec::receiver(name))
}

impl Site {
    /// The serial numbers of the certificates of a host.
    pub fn serials(&self, host: &str) -> Vec<String> {
        let list = self.scene.gsec(&["cert", "list", "--json"]).run().ok().json();
        let rows = list["certificates"].as_array().expect("a list").clone();
        let name = format!("{host}.example.com");
        let is_of = |row: &&serde_json::Value| row.to_string().contains(&name);
        rows.iter()
            .filter(is_of)
            .map(|row| row["serial"].as_str().expect("a serial number").to_owned())
            .collect()
    }

    /// Asks for one more name, so that the certificate is replaced.
    pub fn ask_for_more(&self, name: &str) {
        self.scene.edit(
            "fleet.toml",
            &format!("{ON_HOST}\n"),
            &format!("{ON_HOST}\nnames = [ \"{name}.example.com\" ]\n"),
        );
    }

    /// The public keys of the private keys below a directory of a host.
    pub fn keys_on(&self, host: &str) -> BTreeSet<String> {
        let files = tool("sh")
            .args(&["-c", "grep -rl 'PRIVATE KEY-----' . || :"])
            .in_dir(format!("{}/tls", self.home(host)))
            .run()
            .ok();
        let public = |file: &str| {
            openssl(&["pkey", "-in", file, "-pubout"])
                .in_dir(format!("{}/tls", self.home(host)))
                .run()
                .ok()
                .stdout
        };
        files.stdout.lines().map(public).collect()
    }

    /// The public key of the certificate that a host has.
    pub fn certified(&self, host: &str) -> String {
        let file = format!("{}/tls/current/fullchain.pem", self.home(host));
        openssl(&["x509", "-in", &file, "-noout", "-pubkey"])
            .run()
            .ok()
            .stdout
    }

    /// The key in use is the certificate's, no other waits, and none has come near the CA.
    #[track_caller]
    pub fn has_its_key(&self, host: &str, way: &str) {
        let key = format!("{}/tls/current/privkey.pem", self.home(host));
        let own = openssl(&["pkey", "-in", &key, "-pubout"]).run().ok().stdout;
        assert_eq!(own, self.certified(host), "{way}");
        assert!(!self.scene.exists(&format!("{host}/tls/.request")), "{way}");
        let mode = fs::metadata(&key).expect("a key").permissions().mode() & 0o7777;
        assert_eq!(mode, 0o600, "{way}");
        self.knows_no_key_of(host);
    }

    /// No key of the host is in the directory of bundles or in that of the CA.
    #[track_caller]
    fn knows_no_key_of(&self, host: &str) {
        let key = self.scene.read(&format!("{host}/tls/current/privkey.pem"));
        let line = key.lines().nth(1).expect("a line of the key");
        tool("grep")
            .args(&["-rqF", "--", line, "out", "gsec-ca"])
            .in_dir(self.scene.dir.path(""))
            .run()
            .code(1);
        tool("grep")
            .args(&["-rq", "^-----BEGIN.*PRIVATE KEY-----$", &format!("out/{host}")])
            .in_dir(self.scene.dir.path(""))
            .run()
            .code(1);
    }
}

pub fn code_of(outcome: &Outcome) -> String {
    problem(outcome).0
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_key_is_made_there_then_unchanged_then_another_in_every_way() {
    for spec in super::ways() {
        let way = format!("{} {}", spec.push, spec.shell);
        let asks = |word: &str| match spec.push {
            "" => format!("web1 {word} nginx"),
            _ => "web1 exec /bin/sh -c".to_owned(),
        };
        let (request, install) = (asks("request"), asks("install"));
        let site = Site::new(&[on_host(spec)], "");
        let planned = site.scene.gsec(&["fleet", "plan", "--json"]).run().ok().json();
        assert_eq!(planned["plan"]["certificates"][0]["key_on_host"], true, "{way}");
        let status = site
            .scene
            .gsec(&["fleet", "status", "--json"])
            .run()
            .code(1)
            .json();
        assert_eq!(status["hosts"][0]["state"], "missing", "{way}");
        let first = site.push(&[]).succeeded(&way);
        assert_eq!(states(&first), ["web1 nginx installed"], "{way}");
        assert_eq!(first.json()["certificates"][0]["key_on_host"], true, "{way}");
        assert_eq!(site.asked(), [request.as_str(), &install], "{way}");
        assert_eq!(
            site.called(),
            ["web1 nginx -t", "web1 systemctl reload nginx"],
            "{way}"
        );
        assert_eq!(site.current("web1"), Some(site.written("web1")), "{way}");
        assert_eq!(first.json()["certificates"][0]["host"], "web1", "{way}");
        assert!(
            !first.stdout.contains("PRIVATE") && !first.stderr.contains("PRIVATE"),
            "{way}"
        );
        site.has_its_key("web1", &way);
        let key = site.certified("web1");
        let again = site.push(&[]).succeeded(&way);
        assert_eq!(states(&again), ["web1 nginx unchanged"], "{way}");
        assert_eq!(again.json()["changed"], false, "{way}");
        assert_eq!(
            (site.asked(), site.called()),
            (vec![install.clone()], vec![]),
            "{way}"
        );
        site.ask_for_more("more");
        let renewed = site.push(&[]).succeeded(&way);
        assert_eq!(states(&renewed), ["web1 nginx installed"], "{way}");
        assert_eq!(site.serials("web1").len(), 2, "{way}");
        assert_ne!(
            site.certified("web1"),
            key,
            "another key comes with another certificate"
        );
        site.has_its_key("web1", &way);
        site.is_tidy("web1");
        site.scene.gsec(&["fleet", "status"]).run().succeeded(&way);
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn every_kind_of_key_is_made_and_certified() {
    for (kind, algorithm) in [
        ("rsa", "2048 bit"),
        ("p384", "secp384r1"),
        ("p521", "secp521r1"),
        ("ed25519", "ED25519"),
    ] {
        let host = match kind {
            "rsa" => "key = \"on-host\"\nkey_type = \"rsa\"",
            "p384" => "key = \"on-host\"\nkey_type = \"p384\"",
            "p521" => "key = \"on-host\"\nkey_type = \"p521\"",
            _ => "key = \"on-host\"\nkey_type = \"ed25519\"",
        };
        let site = Site::new(
            &[Spec {
                host,
                ..Spec::receiver("web1")
            }],
            "",
        );
        site.push(&[]).succeeded(kind);
        let file = format!("{}/tls/current/privkey.pem", site.home("web1"));
        let shown = openssl(&["pkey", "-in", &file, "-noout", "-text_pub"])
            .run()
            .ok()
            .stdout;
        assert!(shown.contains(algorithm), "{kind} {shown}");
        site.has_its_key("web1", kind);
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn all_bundles_of_a_host_share_its_one_key() {
    let site = Site::new(&[receiver("web1")], "");
    let home = site.home("web1");
    site.scene.edit(
        "fleet.toml",
        "bundles = [ ",
        &format!(
            "bundles = [ {{ for = \"haproxy\", dest = \"{home}/haproxy\" }}, {{ for = \"env\", dest = \"{home}/env\" }}, {{ for = \"postfix\", dest = \"{home}/postfix\" }}, "
        ),
    );
    site.set_up_receiver("web1");
    let done = site.push(&[]).ok();
    let installed = ["haproxy", "env", "postfix", "nginx"].map(|bundle| format!("web1 {bundle} installed"));
    assert_eq!(states(&done), installed);
    assert_eq!(
        site.asked(),
        [
            "web1 request haproxy",
            "web1 install haproxy",
            "web1 install env",
            "web1 install postfix",
            "web1 install nginx"
        ]
    );
    site.has_its_key("web1", "the last of them");
    // The key is where the service looks for it, next to the certificates in their order.
    let labels = |file: &str| {
        let text = site.scene.read(&format!("web1/{file}"));
        let begins = text.lines().filter(|line| line.starts_with("-----BEGIN "));
        begins
            .map(|line| line.trim_matches('-').replace("BEGIN ", ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        labels("haproxy/current/combined.pem"),
        ["CERTIFICATE", "PRIVATE KEY"]
    );
    assert_eq!(
        labels("postfix/current/keychain.pem"),
        ["PRIVATE KEY", "CERTIFICATE"]
    );
    let public = |file: &str| {
        openssl(&["pkey", "-in", file, "-pubout"])
            .in_dir(&home)
            .run()
            .ok()
            .stdout
    };
    for file in ["haproxy/current/combined.pem", "postfix/current/keychain.pem"] {
        assert_eq!(public(file), site.certified("web1"), "{file}");
    }
    assert!(!site.scene.exists("web1/haproxy/.request") && !site.scene.exists("web1/postfix/.request"));
    let again = site.push(&[]).ok();
    assert!(
        states(&again).iter().all(|state| state.ends_with("unchanged")),
        "{again}"
    );
    // A key is made in one place only.
    for (name, status) in [("haproxy", 0), ("nginx", 2), ("env", 2), ("postfix", 2)] {
        tool("dash")
            .args(&[&format!("{home}/receive")])
            .env("SSH_ORIGINAL_COMMAND", &format!("request {name}"))
            .env("TMPDIR", &format!("{home}/tmp"))
            .run()
            .code(status);
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn stores_and_files_that_cannot_be_made_there_are_found_when_the_inventory_is_read() {
    let site = Site::new(&[receiver("web1")], "");
    let inventory = site.scene.read("fleet.toml");
    for (bundle, code) in [
        ("{ for = \"java\", group = \"root\" }", "bundle-target-needs-key"),
        ("{ for = \"tomcat\" }", "bundle-target-needs-key"),
        (
            "{ for = \"generic\", files = [\"fc\", \"ks\"] }",
            "bundle-target-needs-key",
        ),
        (
            "{ for = \"generic\", files = [\"fc\", \"k\", \"comb\"] }",
            "bundle-key-on-host",
        ),
        (
            "{ for = \"generic\", files = [\"k\", \"ca\"] }",
            "bundle-key-on-host",
        ),
    ] {
        let with = inventory.replace("bundles = [ ", &format!("bundles = [ {bundle}, "));
        site.scene.write("fleet.toml", with);
        let plan = site.scene.gsec(&["fleet", "plan", "--json"]).run().code(3).json();
        assert_eq!(plan["plan"]["problems"][0]["code"], code, "{bundle}");
        site.push(&[]).code(3);
    }
    assert_eq!((site.asked(), site.serials("web1")), (vec![], vec![]));
    // What has no key is made as for others.
    site.scene.write("fleet.toml", &inventory);
    site.scene.edit("fleet.toml", "for = \"nginx\"", "for = \"env\"");
    let none = site.push(&[]).code(3);
    assert_eq!(code_of(&none), "push-key-on-host");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_key_is_nobody_elses_from_its_first_byte() {
    let site = Site::new(&[receiver("web1"), on_host(Spec::direct("web2", "sh"))], "");
    for host in ["web1", "web2"] {
        let log = site.scene.dir.path("modes");
        let real = program("openssl");
        // At the time of its making, not afterwards.
        let text = format!(
            "{} \"$@\"\nstatus=$?\nfor last; do :; done\ncase $1 in genpkey) stat -c '%a %u' \"$last\" \"${{last%/*}}\" >> {log}; umask >> {log} ;; esac\nexit $status",
            real.display()
        );
        site.own_program(host, "openssl", &text);
    }
    let trace = site.scene.dir.path("trace");
    site.push_call(&[])
        .through(tool("strace").args(&[
            "-f",
            "-qq",
            "-e",
            "trace=openat,execve",
            "-s",
            "4096",
            "-o",
            &trace,
        ]))
        .run()
        .ok();
    assert_eq!(site.scene.read("modes"), "600 0\n700 0\n0077\n".repeat(2));
    site.has_its_key("web1", "receiver");
    site.has_its_key("web2", "direct");
    assert!(!site.scene.read("trace").contains("PRIVATE KEY"));
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_host_whose_key_the_ca_has_gets_one_of_its_own() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    site.push(&[]).ok();
    let old = site.scene.read("out/web1/nginx/privkey.pem");
    let plan = || site.scene.gsec(&["fleet", "plan", "--json"]).run().ok().json();
    assert_eq!(plan()["plan"]["certificates"], serde_json::json!([]));
    site.scene
        .edit("fleet.toml", "\n\nbundles", &format!("\n{ON_HOST}\nbundles"));
    let planned = plan()["plan"]["certificates"][0].clone();
    assert_eq!(planned["reasons"][0]["code"], "key_at_ca", "{planned}");
    assert_eq!(
        (&planned["key_on_host"], &planned["replaces"]),
        (&true.into(), &"01".into())
    );
    let status = site
        .scene
        .gsec(&["fleet", "status", "--json"])
        .run()
        .code(1)
        .json();
    assert_eq!(status["hosts"][0]["state"], "due", "{status}");
    // Without a push nothing is done, and that is said.
    let left = site.scene.gsec(&["fleet", "apply", "--yes"]).run().code(3);
    assert!(left.stdout.contains("--push ssh"), "{left}");
    // A receiver whose settings have the key come from the CA makes none.
    let refused = site.push(&[]).code(3);
    assert_eq!(code_of(&refused), "push-refused");
    let hints = refused.json()["pushed"][0]["problem"]["hints"].to_string();
    assert!(hints.contains("gsec fleet render receiver web1"), "{hints}");
    site.set_up_receiver("web1");
    assert_eq!(states(&site.push(&[]).ok()), ["web1 nginx installed"]);
    assert_ne!(site.scene.read("web1/tls/current/privkey.pem"), old);
    site.has_its_key("web1", "its own");
    assert_eq!(plan()["plan"]["certificates"], serde_json::json!([]));
    site.scene.gsec(&["fleet", "status"]).run().ok();
    // And back: what the host takes is for root of the host to say.
    site.scene.edit("fleet.toml", ON_HOST, "");
    let refused = site.push(&[]).code(3);
    assert_eq!(code_of(&refused), "push-refused");
    assert!(problem(&refused).1.contains("does not belong here"), "{refused}");
    assert!(!site.scene.read("web1/tls/current/privkey.pem").contains(&old));
    site.set_up_receiver("web1");
    site.push(&[]).ok();
    assert_eq!(
        site.scene.read("web1/tls/current/privkey.pem"),
        site.scene.read("out/web1/nginx/privkey.pem")
    );
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_key_waits_for_its_certificate_and_is_asked_for_again_until_it_has_one() {
    for shell in SHELLS {
        let site = Site::new(&[receiver("web1")], "");
        let home = site.home("web1");
        let asked = || {
            let answer = tool(shell[0])
                .args(&shell[1..])
                .args(&[&format!("{home}/receive")])
                .env("SSH_ORIGINAL_COMMAND", "request nginx")
                .env("TMPDIR", &format!("{home}/tmp"))
                .run()
                .ok()
                .stdout;
            let csr = answer
                .strip_suffix("state=requested\n")
                .expect("the end")
                .to_owned();
            assert!(!csr.contains("PRIVATE"), "{csr}");
            openssl(&["req", "-noout", "-pubkey"])
                .stdin(csr)
                .run()
                .ok()
                .stdout
        };
        let first = asked();
        assert_eq!(asked(), first, "{shell:?}");
        assert_eq!(site.keys_on("web1").len(), 1, "{shell:?}");
        site.push(&[]).ok();
        assert_eq!(site.certified("web1"), first, "{shell:?}");
        let next = asked();
        assert_ne!(next, first, "{shell:?}");
        assert_eq!(asked(), next, "{shell:?}");
        // One of another kind takes its place.
        site.scene
            .edit("web1/receive.d/nginx.conf", "key_type=p256", "key_type=p384");
        assert_ne!(asked(), next, "{shell:?}");
        assert_eq!(site.keys_on("web1").len(), 2, "{shell:?}");
        site.is_tidy("web1");
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_key_that_others_could_read_is_put_right_by_the_next_push() {
    let site = Site::new(&[receiver("web1")], "");
    site.push(&[]).ok();
    let key = site.certified("web1");
    site.scene.chmod("web1/tls/current/privkey.pem", 0o644);
    assert_eq!(states(&site.push(&[]).ok()), ["web1 nginx installed"]);
    assert_eq!((site.certified("web1"), site.serials("web1").len()), (key, 1));
    site.has_its_key("web1", "put right");
    assert_eq!(states(&site.push(&[]).ok()), ["web1 nginx unchanged"]);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_kind_of_key_that_the_receiver_does_not_know_of_is_refused_until_it_does() {
    let site = Site::new(&[receiver("web1")], "");
    site.push(&[]).ok();
    let first = site.current("web1");
    site.scene
        .edit("fleet.toml", ON_HOST, &format!("{ON_HOST}\nkey_type = \"p384\""));
    let plan = site.scene.gsec(&["fleet", "plan", "--json"]).run().ok().json();
    let step = &plan["plan"]["certificates"][0];
    assert_eq!(step["reasons"][0]["code"], "key_type", "{step}");
    let refused = site.push(&[]).code(3);
    assert_eq!(code_of(&refused), "push-key-kind");
    let hints = refused.json()["pushed"][0]["problem"]["hints"].to_string();
    assert!(hints.contains("gsec fleet render receiver web1"), "{hints}");
    assert_eq!((site.current("web1"), site.serials("web1").len()), (first, 1));
    site.set_up_receiver("web1");
    site.push(&[]).ok();
    assert_eq!(site.serials("web1").len(), 2);
    site.has_its_key("web1", "of the new kind");
}
