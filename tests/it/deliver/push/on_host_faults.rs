//! Keys that are made on the host: no step that fails loses one or makes another.

use std::fs;

use super::on_host::{code_of, on_host, receiver};
use super::site::{Site, Spec, problem, states};
use crate::common::{openssl, program, tool};

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_host_without_openssl_is_told_and_others_go_on() {
    let site = Site::new(&[receiver("web1"), receiver("web2")], "");
    site.scene.write(
        "few.sh",
        "mkdir web1/few\nfor f in /usr/bin/* /bin/* /usr/sbin/* /sbin/*; do case $f in */openssl) ;; *) ln -sf \"$f\" web1/few/ ;; esac; done",
    );
    tool("sh")
        .args(&["few.sh"])
        .in_dir(site.scene.dir.path(""))
        .run()
        .ok();
    let own = site.scene.read("web1/receive");
    let home = site.home("web1");
    let path = own
        .lines()
        .find(|line| line.starts_with("PATH="))
        .expect("a path")
        .to_owned();
    site.scene.write(
        "web1/receive",
        own.replace(&path, &format!("PATH={home}/bin:{home}/few")),
    );
    let stopped = site.push(&[]).code(3);
    assert_eq!(states(&stopped), ["web1 nginx failed", "web2 nginx skipped"]);
    assert_eq!(code_of(&stopped), "push-no-openssl");
    let hints = stopped.json()["pushed"][0]["problem"]["hints"].to_string();
    assert!(hints.contains("install openssl on web1"), "{hints}");
    let went_on = site.push(&["--keep-going"]).code(3);
    assert_eq!(states(&went_on), ["web1 nginx failed", "web2 nginx installed"]);
    assert_eq!(site.serials("web1"), Vec::<String>::new());
    assert!(!site.scene.exists("web1/tls/.request"));
    site.scene.write("web1/receive", own);
    site.push(&[]).ok();
    site.has_its_key("web1", "with openssl");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn an_openssl_that_does_not_work_makes_no_certificate_and_leaves_nothing() {
    let site = Site::new(&[receiver("web1")], "");
    let real = program("openssl").display().to_string();
    for (what, text, code) in [
        (
            "it fails",
            "echo 'no entropy' >&2; exit 1".to_owned(),
            "push-key-failed",
        ),
        ("it makes nothing", "exit 0".to_owned(), "push-key-failed"),
        (
            "it makes noise",
            "for last; do :; done; echo noise > \"$last\"; exit 0".to_owned(),
            "push-key-failed",
        ),
        (
            "its CSR is none",
            format!(
                "case $1 in req) for last; do :; done; echo noise > \"$last\" ;; *) exec {real} \"$@\" ;; esac"
            ),
            "push-not-a-csr",
        ),
    ] {
        site.own_program("web1", "openssl", &text);
        let refused = site.push(&[]).code(3);
        assert_eq!(states(&refused), ["web1 nginx failed"], "{what}");
        assert_eq!(code_of(&refused), code, "{what}");
        assert_eq!(
            (site.serials("web1"), site.current("web1")),
            (vec![], None),
            "{what}"
        );
        assert_eq!(
            site.scene.exists("web1/tls/.request"),
            code == "push-not-a-csr",
            "{what}"
        );
        site.is_tidy("web1");
    }
    fs::remove_file(format!("{}/bin/openssl", site.home("web1"))).expect("a file");
    site.push(&[]).ok();
    site.has_its_key("web1", "with openssl");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_key_that_is_lost_is_not_taken_for_another_and_a_revoked_certificate_gets_a_new_one() {
    let site = Site::new(&[receiver("web1")], "");
    site.push(&[]).ok();
    let first = site.certified("web1");
    fs::remove_dir_all(format!("{}/tls", site.home("web1"))).expect("folders");
    let other = openssl(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
    ])
    .run()
    .ok();
    fs::create_dir(format!("{}/tls", site.home("web1"))).expect("a folder");
    site.scene.write("web1/tls/privkey.pem", &other.stdout);
    let lost = site.push(&[]).code(3);
    assert_eq!(code_of(&lost), "push-no-key");
    assert!(
        problem(&lost).1.contains("no private key on this host belongs"),
        "{lost}"
    );
    assert_eq!((site.current("web1"), site.serials("web1").len()), (None, 1));
    let serial = site.serials("web1").remove(0);
    site.scene
        .gsec(&["cert", "revoke", &serial, "--reason", "superseded", "--yes"])
        .run()
        .ok();
    site.push(&[]).ok();
    assert_ne!(site.certified("web1"), first);
    site.has_its_key("web1", "the new one");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_release_that_is_taken_back_keeps_its_key() {
    let bundle = format!(", port = {}", crate::common::free_port());
    let site = Site::new(&[receiver("web1")], "");
    site.push(&[]).ok();
    let first = site.current("web1").expect("a release");
    // Nothing serves at the port from now on.
    let inventory = site.scene.read("fleet.toml");
    site.scene.write(
        "fleet.toml",
        inventory.replace("/tls\"", &format!("/tls\"{bundle}")),
    );
    site.ask_for_more("more");
    for attempt in ["once", "twice"] {
        let back = site.push(&["--probe-timeout", "1s"]).code(3);
        assert_eq!(states(&back), ["web1 nginx rolled-back"], "{attempt}");
        assert_eq!(site.current("web1").as_ref(), Some(&first), "{attempt}");
        assert_eq!(site.serials("web1").len(), 2, "{attempt}");
    }
    assert_eq!(site.keys_on("web1").len(), 2);
    site.scene
        .write("fleet.toml", site.scene.read("fleet.toml").replace(&bundle, ""));
    site.push(&[]).ok();
    assert_ne!(site.current("web1"), Some(first));
    site.has_its_key("web1", "in the end");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn what_the_service_refuses_leaves_the_key_and_its_certificate_for_the_next_call() {
    for spec in [receiver("web1"), on_host(Spec::direct("web1", "sh"))] {
        let site = Site::new(&[spec], "");
        for name in ["nginx", "systemctl"] {
            site.answers("web1", name, 1);
            site.push(&[]).code(3);
            assert_eq!((site.current("web1"), site.serials("web1").len()), (None, 1));
            assert_eq!(site.keys_on("web1").len(), 1);
            site.answers("web1", name, 0);
        }
        site.push(&[]).ok();
        assert_eq!(site.serials("web1").len(), 1);
        site.has_its_key("web1", "at last");
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_receiver_of_an_earlier_gsec_is_told_from_one_that_refuses() {
    let site = Site::new(&[receiver("web1")], "");
    let own = site.scene.read("web1/receive");
    let earlier = own
        .replace(
            "2install | 3rollback | 2request | 2status)",
            "2install | 3rollback | 2status)",
        )
        .replace(
            "rollback NAME ID, request NAME or status NAME",
            "rollback NAME ID or status NAME",
        );
    assert_ne!(own, earlier);
    site.scene.write("web1/receive", earlier);
    let refused = site.push(&[]).code(3);
    assert_eq!(code_of(&refused), "push-receiver-earlier");
    let hints = refused.json()["pushed"][0]["problem"]["hints"].to_string();
    assert!(hints.contains("gsec fleet render receiver web1"), "{hints}");
    site.scene.write("web1/receive", own);
    site.push(&[]).ok();
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn killed_at_any_step_the_next_push_has_one_key_and_one_certificate() {
    let site = Site::new(&[receiver("web1")], "");
    let step = site.scene.dir.path("step");
    let count = format!(
        "n=$(($(/bin/cat {step} 2> /dev/null || echo 0) - 1))\necho $n > {step}\n[ $n != 0 ] || kill -9 0\n"
    );
    // Before and after what makes the key.
    for name in ["mv", "ln", "mkdir", "sync", "openssl", "rm"] {
        let real = program(name).display().to_string();
        let text = match name {
            "openssl" => format!("{count}{real} \"$@\"\nstatus=$?\n{count}exit $status"),
            _ => format!("{count}exec {real} \"$@\""),
        };
        site.own_program("web1", name, &text);
    }
    let forced = site.scene.read("web1/forced");
    site.scene
        .write("web1/forced", forced.replace("exec dash", "exec setsid -w dash"));
    site.scene.chmod("web1/forced", 0o755);
    site.scene.write("step", "-1");
    tool("cp")
        .args(&["-a", "gsec-ca", "saved"])
        .in_dir(site.scene.dir.path(""))
        .run()
        .ok();
    let fresh = "rm -rf gsec-ca out web1/tls; cp -a saved gsec-ca";
    let (mut killed, mut both) = (0, 0);
    for number in (1..).map(|number| if number < 20 { number } else { number * 5 - 80 }) {
        tool("sh")
            .args(&["-c", fresh])
            .in_dir(site.scene.dir.path(""))
            .run()
            .ok();
        site.scene.write("step", number.to_string());
        let cut = site.push(&[]);
        let left: i64 = site.scene.read("step").trim().parse().expect("a number");
        site.scene.write("step", "-1");
        let way = format!("step {number} {cut}");
        both += usize::from(!site.serials("web1").is_empty());
        site.push(&[]).succeeded(&way);
        assert_eq!(site.serials("web1").len(), 1, "{way}");
        assert_eq!(site.keys_on("web1").len(), 1, "{way}");
        site.has_its_key("web1", &way);
        if left > 0 {
            break;
        }
        killed += 1;
    }
    assert!(
        killed > 20 && both > 3,
        "{killed} steps, {both} with a certificate"
    );
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn gsec_killed_between_csr_and_installation_goes_on_with_the_same_key() {
    let site = Site::new(&[receiver("web1")], "");
    let pid = site.scene.dir.path("pid");
    let forced = site.scene.read("web1/forced");
    // What was asked is done, and its answer reaches nobody.
    let cut = |words: &str| {
        let kill = format!("until [ -s {pid} ]; do sleep 0.1; done; kill -9 \"$(cat {pid})\"; rm -f {pid}");
        let text = format!("#!/bin/sh\ncase $SSH_ORIGINAL_COMMAND in {words}*) {kill} ;; esac\n");
        site.scene
            .write("web1/forced", forced.replacen("#!/bin/sh\n", &text, 1));
        site.scene.chmod("web1/forced", 0o755);
        let mut command = site.push_call(&[]).into_command();
        let silent = std::process::Stdio::null;
        let mut child = command.stdout(silent()).stderr(silent()).spawn().expect("gsec");
        site.scene.write("pid", child.id().to_string());
        assert_eq!(child.wait().expect("an end").code(), None, "it was killed");
        site.scene.write("web1/forced", &forced);
        site.scene.chmod("web1/forced", 0o755);
    };
    cut("request");
    assert_eq!(site.serials("web1").len(), 0);
    cut("install");
    assert_eq!(site.serials("web1").len(), 1);
    // Whatever the host still does after its caller is gone, it has done when it answers again.
    site.push(&[]).ok();
    assert_eq!(site.serials("web1").len(), 1);
    assert_eq!(site.keys_on("web1").len(), 1);
    site.has_its_key("web1", "in the end");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_place_for_the_key_that_somebody_else_could_exchange_takes_none() {
    let site = Site::new(&[receiver("web1")], "");
    let waiting = site.scene.dir.path("web1/tls/.request");
    fs::create_dir_all(site.scene.dir.path("web1/tls")).expect("a folder");
    fs::create_dir(site.scene.dir.path("elsewhere")).expect("a folder");
    std::os::unix::fs::symlink(site.scene.dir.path("elsewhere"), &waiting).expect("a link");
    let refused = |what: &str| {
        let refused = site.push(&[]).code(3);
        assert_eq!(code_of(&refused), "push-key-failed", "{what}");
        assert_eq!(site.serials("web1"), Vec::<String>::new(), "{what}");
        problem(&refused).1
    };
    assert!(refused("a link").contains("symbolic link"));
    assert_eq!(
        fs::read_dir(site.scene.dir.path("elsewhere"))
            .expect("a folder")
            .count(),
        0
    );
    fs::remove_file(&waiting).expect("a link");
    fs::create_dir(&waiting).expect("a folder");
    std::os::unix::fs::chown(&waiting, Some(65534), None).expect("root");
    assert!(refused("another user's").contains("belongs to user 65534"));
    std::os::unix::fs::chown(&waiting, Some(0), None).expect("root");
    site.scene.chmod("web1/tls/.request", 0o777);
    assert!(refused("everybody's").contains("others can write"));
    site.scene.chmod("web1/tls/.request", 0o755);
    site.push(&[]).ok();
    site.has_its_key("web1", "in the end");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_key_that_was_compromised_under_another_serial_number_is_replaced() {
    let site = Site::new(&[receiver("web1")], "");
    site.answers("web1", "nginx", 1);
    site.push(&[]).code(3);
    site.ask_for_more("more");
    site.answers("web1", "nginx", 0);
    site.push(&[]).ok();
    // The key that waited has two certificates now.
    let (key, serials) = (site.certified("web1"), site.serials("web1"));
    assert_eq!(serials.len(), 2);
    site.scene
        .gsec(&[
            "cert",
            "revoke",
            &serials[0],
            "--reason",
            "keyCompromise",
            "--yes",
        ])
        .run()
        .ok();
    let plan = site.scene.gsec(&["fleet", "plan", "--json"]).run().ok().json();
    let step = &plan["plan"]["certificates"][0];
    assert_eq!(
        (&step["host"], &step["replaces"]),
        (&"web1".into(), &serials[1].as_str().into()),
        "{plan}"
    );
    site.push(&[]).ok();
    assert_ne!(site.certified("web1"), key);
    site.has_its_key("web1", "another key");
}
