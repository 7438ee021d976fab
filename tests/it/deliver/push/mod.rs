//! `fleet apply --push ssh`, over sshd on loopback; and what the receiver makes of whatever a stolen key could send.

mod on_host;
mod on_host_csr;
mod on_host_faults;
mod probe;
mod receiver;
mod site;

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::time::Duration;

use crate::common::{Tree, tool};
use serde_json::Value;
use site::{Site, Spec, problem, states};

/// Two hosts; the second has the primary server of a pair.
const PAIR: &str = "[[app]]\nname = \"P\"\nhost = \"web2\"\nkind = \"tserver\"\n[[app]]\nname = \"B\"\nhost = \"web1\"\nkind = \"tserver\"\n[[pair]]\nprimary = \"P\"\nbackup = \"B\"\nredundancy = \"hot-standby\"\n";

/// Every way to a host: the receiver, and log-in shells that run what was sent.
fn ways() -> Vec<Spec> {
    let receivers = ["dash", "bash --posix", "busybox sh"].map(|shell| Spec {
        shell,
        ..Spec::receiver("web1")
    });
    let direct = ["sh", "bash", "csh", "fish"].map(|shell| Spec::direct("web1", shell));
    receivers.into_iter().chain(direct).collect()
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn installed_then_unchanged_then_updated_in_both_modes() {
    for spec in ways() {
        let way = format!("{} {}", spec.push, spec.shell);
        let site = Site::new(&[spec], "");
        let first = site.push(&[]).succeeded(&way);
        assert_eq!(states(&first), ["web1 nginx installed"], "{way}");
        assert_eq!(site.current("web1"), Some(site.written("web1")), "{way}");
        assert_eq!(
            site.called(),
            ["web1 nginx -t", "web1 systemctl reload nginx"],
            "{way}"
        );
        let before = site.written("web1");
        let again = site.push(&[]).succeeded(&way);
        assert_eq!(states(&again), ["web1 nginx unchanged"], "{way}");
        assert_eq!(again.json()["changed"], false, "{way}");
        assert_eq!(site.called(), Vec::<String>::new(), "{way}");
        site.renew("web1");
        let updated = site.push(&[]).succeeded(&way);
        assert_eq!(states(&updated), ["web1 nginx installed"], "{way}");
        assert_eq!(updated.json()["pushed"][0]["previous"], before.as_str(), "{way}");
        assert_eq!(site.current("web1"), Some(site.written("web1")), "{way}");
        assert_ne!(site.written("web1"), before, "{way}");
        let mode = |name: &str| {
            use std::os::unix::fs::PermissionsExt;
            let file = format!("{}/tls/current/{name}", site.home("web1"));
            fs::metadata(file).expect("a file").permissions().mode() & 0o7777
        };
        assert_eq!(
            (mode("privkey.pem"), mode("fullchain.pem")),
            (0o600, 0o644),
            "{way}"
        );
        site.is_tidy("web1");
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn what_the_service_refuses_or_does_not_load_is_not_left_there() {
    for spec in [Spec::receiver("web1"), Spec::direct("web1", "sh")] {
        let site = Site::new(&[spec], "");
        site.push(&[]).ok();
        let first = site.current("web1");
        site.renew("web1");
        site.answers("web1", "nginx", 1);
        site.called();
        let refused = site.push(&[]).code(3);
        assert_eq!(states(&refused), ["web1 nginx check-failed"]);
        assert_eq!(problem(&refused).0, "push-check-failed");
        assert_eq!(
            (site.current("web1"), site.called()),
            (first.clone(), vec!["web1 nginx -t".to_owned()])
        );
        site.answers("web1", "nginx", 0);
        site.answers("web1", "systemctl", 1);
        let refused = site.push(&[]).code(3);
        assert_eq!(states(&refused), ["web1 nginx reload-failed"]);
        assert_eq!(site.current("web1"), first);
        site.answers("web1", "systemctl", 0);
        assert_eq!(states(&site.push(&[]).ok()), ["web1 nginx installed"]);
        assert_eq!(site.current("web1"), Some(site.written("web1")));
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn without_push_nothing_leaves_this_machine() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    site.scene.gsec(&["fleet", "apply", "--yes"]).run().ok();
    assert_eq!((site.asked(), site.current("web1")), (vec![], None));
    // Options of a push are for a push.
    site.scene
        .gsec(&["fleet", "apply", "--yes", "--canary", "2"])
        .run()
        .code(2);
    // A push is asked about even where nothing else is to be done.
    let unasked = site
        .scene
        .gsec(&["fleet", "apply", "--push", "ssh"])
        .run()
        .code(2);
    assert!(unasked.stderr.contains("hosts would be changed"), "{unasked}");
    assert_eq!((site.asked(), site.current("web1")), (vec![], None));
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_host_key_that_is_not_known_is_never_accepted() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    let known = site.scene.read("known_hosts");
    site.scene.write("known_hosts", "");
    let refused = site.push(&[]).code(3);
    assert_eq!(states(&refused), ["web1 nginx failed"]);
    assert_eq!(problem(&refused).0, "push-host-key-unknown");
    let hints = refused.json()["pushed"][0]["problem"]["hints"].to_string();
    assert!(
        hints.contains("ssh-keyscan web1") && hints.contains("ssh-keygen -lf"),
        "{hints}"
    );
    assert_eq!(site.scene.read("known_hosts"), "");
    // Nor where the user's own configuration would accept it.
    let own = site.scene.read("ssh_config");
    site.scene.write(
        "ssh_config",
        format!("StrictHostKeyChecking no\nBatchMode no\nForwardAgent yes\n{own}"),
    );
    assert_eq!(problem(&site.push(&[]).code(3)).0, "push-host-key-unknown");
    let other = site.scene.read("web1/id.pub");
    site.scene.write("known_hosts", format!("loopback {other}"));
    assert_eq!(problem(&site.push(&[]).code(3)).0, "push-host-key-changed");
    assert_eq!((site.asked(), site.current("web1")), (vec![], None));
    site.scene.write("known_hosts", known);
    site.push(&[]).ok();
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn who_is_not_let_in_and_what_is_not_there_is_told() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    let keys = site.scene.read("authorized_keys");
    site.scene.write("authorized_keys", "");
    assert_eq!(problem(&site.push(&[]).code(3)).0, "push-authentication");
    site.scene.write("authorized_keys", keys);
    let own = site.scene.read("ssh_config");
    site.scene.write(
        "ssh_config",
        own.replace("HostName 127.0.0.1", "HostName no-such-host.invalid"),
    );
    assert_eq!(problem(&site.push(&[]).code(3)).0, "push-unreachable");
    site.scene.write("ssh_config", own);
    let receiver = site.scene.read("web1/receive.d/nginx.conf");
    fs::remove_file(site.scene.dir.path("web1/receive.d/nginx.conf")).expect("a file");
    let refused = site.push(&[]).code(3);
    assert_eq!(problem(&refused).0, "push-refused");
    assert!(
        problem(&refused).1.contains("nothing of the name nginx"),
        "{refused}"
    );
    site.scene.write("web1/receive.d/nginx.conf", receiver);
    fs::remove_file(site.scene.dir.path("web1/receive")).expect("a file");
    let lacking = site.push(&[]).code(3);
    assert!(
        ["push-nothing-there", "push-refused"].contains(&problem(&lacking).0.as_str()),
        "{lacking}"
    );
    assert_eq!(site.current("web1"), None);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_backup_comes_before_its_primary_and_its_failure_leaves_the_primary_untouched() {
    let specs = || {
        [
            Spec {
                push: "order = -5",
                ..Spec::receiver("web2")
            },
            Spec {
                push: "order = 5",
                ..Spec::receiver("web1")
            },
        ]
    };
    let site = Site::new(&specs(), PAIR);
    let done = site.push(&["--canary", "0"]).ok();
    assert_eq!(states(&done), ["web1 nginx installed", "web2 nginx installed"]);
    assert_eq!(site.asked(), ["web1 install nginx", "web2 install nginx"]);
    site.renew("web1");
    site.renew("web2");
    site.answers("web1", "nginx", 1);
    let before = site.current("web2");
    let stopped = site.push(&["--keep-going"]).code(3);
    assert_eq!(
        states(&stopped),
        ["web1 nginx check-failed", "web2 nginx skipped"]
    );
    let why = stopped.json()["pushed"][1]["problem"]["code"].to_string();
    assert!(why.contains("push-backup-failed"), "{why}");
    assert_eq!(
        (site.current("web2"), site.asked()),
        (before, vec!["web1 install nginx".to_owned()])
    );
    site.answers("web1", "nginx", 0);
    site.push(&[]).ok();
    assert_eq!(site.current("web2"), Some(site.written("web2")));
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn the_first_failure_stops_and_the_next_call_goes_on() {
    let site = Site::new(
        &[
            Spec::receiver("web1"),
            Spec::receiver("web2"),
            Spec::receiver("web3"),
        ],
        "",
    );
    site.answers("web2", "nginx", 1);
    let stopped = site.push(&["--max-parallel", "1"]).code(3);
    assert_eq!(
        states(&stopped),
        [
            "web1 nginx installed",
            "web2 nginx check-failed",
            "web3 nginx skipped"
        ]
    );
    assert_eq!(site.current("web3"), None);
    let on = site.push(&["--max-parallel", "1", "--keep-going"]).code(3);
    assert_eq!(
        states(&on),
        [
            "web1 nginx unchanged",
            "web2 nginx check-failed",
            "web3 nginx installed"
        ]
    );
    site.answers("web2", "nginx", 0);
    let mut all = states(&site.push(&[]).ok());
    all.sort();
    assert_eq!(
        all,
        [
            "web1 nginx unchanged",
            "web2 nginx installed",
            "web3 nginx unchanged"
        ]
    );
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn addresses_and_users_that_ssh_or_a_shell_would_take_for_something_else_reach_neither() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    let inventory = site.scene.read("fleet.toml");
    site.push(&[]).ok();
    site.asked();
    let proof = site.scene.dir.path("proof");
    for text in [
        format!("-oProxyCommand=touch {proof}"),
        format!("web1;touch {proof}"),
        format!("$(touch {proof})"),
        format!("`touch {proof}`"),
        "web1 -oStrictHostKeyChecking=no".to_owned(),
        "root@web1".to_owned(),
        "ssh://web1".to_owned(),
    ] {
        for key in ["address = \"web1\"", "user = \"root\""] {
            let (name, _) = key.split_once(' ').expect("a key");
            site.scene.write(
                "fleet.toml",
                inventory.replace(key, &format!("{name} = '{text}'")),
            );
            let refused = site.push(&[]).code(3);
            assert_eq!(problem(&refused).0, "push-address", "{text}");
        }
    }
    assert!(!site.scene.exists("proof"));
    assert_eq!(site.asked(), Vec::<String>::new());
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn windows_hosts_and_bundles_for_other_tools_are_told_what_to_do() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    let inventory = site.scene.read("fleet.toml");
    let host = "[[host]]\nname = \"win1\"\nfqdn = \"win1.example.com\"\nplatform = \"windows\"\nbundles = [ { for = \"windows\" } ]\npush = { address = \"web1\", ssh_config = \"ssh_config\" }\n";
    site.scene.write("fleet.toml", format!("{inventory}{host}"));
    let outcome = site.push(&["--keep-going"]).code(3);
    assert_eq!(states(&outcome), ["web1 nginx installed", "win1 windows failed"]);
    assert_eq!(problem(&outcome).0, "push-windows");
    assert_eq!(site.asked(), ["web1 install nginx"]);
    let host = "[[host]]\nname = \"kube\"\nfqdn = \"kube.example.com\"\nbundles = [ { for = \"kubernetes\" } ]\npush = { address = \"web1\", ssh_config = \"ssh_config\" }\n[[host]]\nname = \"left\"\nfqdn = \"left.example.com\"\nbundles = [ { for = \"nginx\" } ]\n";
    site.scene.write("fleet.toml", format!("{inventory}{host}"));
    let outcome = site.push(&[]).ok();
    assert_eq!(
        states(&outcome),
        ["web1 nginx unchanged", "kube kubernetes skipped"]
    );
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn what_a_host_says_cannot_reach_the_terminal_as_more_than_words() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    site.own_program(
        "web1",
        "nginx",
        "printf 'bad \\033]0;title\\007\\033[2J words\\n' >&2; exit 1",
    );
    let outcome = site
        .scene
        .gsec(&["fleet", "apply", "--push", "ssh", "--yes"])
        .run()
        .code(3);
    assert!(
        !outcome.stdout.contains('\u{1b}') && !outcome.stderr.contains('\u{1b}'),
        "{outcome}"
    );
    assert!(outcome.stdout.contains("check-failed"), "{outcome}");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_key_is_in_no_argument_and_in_no_output() {
    let site = Site::new(&[Spec::receiver("web1"), Spec::direct("web2", "sh")], "");
    let trace = site.scene.dir.path("trace");
    let outcome = site
        .push_call(&[])
        .through(tool("strace").args(&["-f", "-qq", "-e", "trace=execve", "-s", "100000", "-o", &trace]))
        .run()
        .ok();
    let key = site.scene.read("out/web1/nginx/privkey.pem");
    let line = key.lines().nth(1).expect("a line of the key");
    let trace = site.scene.read("trace");
    assert!(trace.contains("BatchMode=yes"), "ssh was called");
    for text in [&trace, &outcome.stdout, &outcome.stderr] {
        assert!(!text.contains(line) && !text.contains("PRIVATE KEY"));
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn killed_at_any_step_on_the_host_the_next_push_finishes() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    site.push(&[]).ok();
    let first = site.written("web1");
    let step = site.scene.dir.path("step");
    let saved = site.scene.dir.path("saved");
    tool("cp")
        .args(&["-a", &format!("{}/tls", site.home("web1")), &saved])
        .run()
        .ok();
    let count = format!(
        "n=$(($(/bin/cat {step} 2> /dev/null || echo 0) - 1))\necho $n > {step}\n[ $n != 0 ] || kill -9 0\n"
    );
    for name in ["mv", "ln", "mkdir", "chmod", "head", "dd", "sync"] {
        let real = crate::common::program(name);
        site.own_program("web1", name, &format!("{count}exec {} \"$@\"", real.display()));
    }
    for name in ["nginx", "systemctl"] {
        let own = site.scene.read(&format!("web1/bin/{name}"));
        site.own_program("web1", name, &own.replacen("#!/bin/sh\n", &count, 1));
    }
    // Each call is a process group of its own, so that only it is killed.
    let forced = site.scene.read("web1/forced");
    site.scene
        .write("web1/forced", forced.replace("exec dash", "exec setsid -w dash"));
    site.scene.chmod("web1/forced", 0o755);
    site.renew("web1");
    site.scene.gsec(&["fleet", "apply", "--yes"]).run().ok();
    let second = site.written("web1");
    // Sizes of files make hundreds of steps that are all alike: the first, and then every fifth.
    let mut killed = 0;
    for number in (1..).map(|number| if number < 4 { number } else { number * 5 - 12 }) {
        fs::remove_dir_all(format!("{}/tls", site.home("web1"))).expect("folders");
        tool("cp")
            .args(&["-a", &saved, &format!("{}/tls", site.home("web1"))])
            .run()
            .ok();
        site.called();
        site.scene.write("step", number.to_string());
        let cut = site.push(&[]);
        let left: i64 = site.scene.read("step").trim().parse().expect("a number");
        site.scene.write("step", "-1");
        let current = site.current("web1").expect("a release");
        assert!(
            current == first || current == second,
            "step {number}: {current} {cut}"
        );
        let was_reloaded = site.called().iter().any(|call| call.contains("reload"));
        site.push(&[]).succeeded(&format!("after step {number}"));
        let is_reloaded = was_reloaded || site.called().iter().any(|call| call.contains("reload"));
        assert_eq!(
            (site.current("web1"), is_reloaded),
            (Some(second.clone()), true),
            "step {number} {cut}"
        );
        if left > 0 {
            break;
        }
        killed += 1;
    }
    assert!(killed > 10, "{killed} steps");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn gsec_killed_at_any_time_the_next_push_finishes() {
    let site = Site::new(&[Spec::receiver("web1"), Spec::receiver("web2")], "");
    // Each host stops the push while it is asked, and is done all the same or not.
    for host in ["web1", "web2"] {
        let own = site.scene.read(&format!("{host}/bin/nginx"));
        let pid = site.scene.dir.path("pid");
        site.own_program(
            host,
            "nginx",
            &own.replacen(
                "#!/bin/sh\n",
                &format!("[ ! -f {pid} ] || kill -9 \"$(cat {pid})\" || :\nrm -f {pid}\n"),
                1,
            ),
        );
        let mut command = site.push_call(&[]).into_command();
        let mut child = command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("gsec");
        site.scene.write("pid", child.id().to_string());
        child.wait().expect("an end");
        let _ = fs::remove_file(site.scene.dir.path("pid"));
    }
    let mut after = states(&site.push(&[]).ok());
    after.sort();
    assert_eq!(after.len(), 2);
    for host in ["web1", "web2"] {
        assert_eq!(site.current(host), Some(site.written(host)));
    }
    let mut again = states(&site.push(&[]).ok());
    again.sort();
    assert_eq!(again, ["web1 nginx unchanged", "web2 nginx unchanged"]);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn nothing_is_written_beside_the_place_and_nothing_of_others_is_removed() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    fs::create_dir_all(site.scene.dir.path("web1/tls")).expect("a folder");
    site.scene.write("web1/tls/fullchain.pem", "somebody else's");
    site.scene.write("web1/tls/notes", "somebody else's");
    site.push(&[]).ok();
    site.renew("web1");
    site.push(&[]).ok();
    assert_eq!(site.scene.read("web1/tls/notes"), "somebody else's");
    // What has a name that the settings of the service may still have is kept beside, as install.sh does it.
    let kept = tool("sh")
        .args(&["-c", "cat backup/*/fullchain.pem"])
        .in_dir(site.scene.dir.path("web1/tls"))
        .run()
        .ok();
    assert_eq!(kept.stdout, "somebody else's");
    let before = Tree::of(site.scene.dir.path("web1/tls"));
    site.push(&[]).ok();
    Tree::of(site.scene.dir.path("web1/tls")).is_unchanged_since(&before);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn interrupted_the_host_that_was_begun_is_finished_and_no_other_is_begun() {
    for (signal, name, status) in [("INT", "SIGINT", 130), ("TERM", "SIGTERM", 143)] {
        let site = Site::new(
            &[
                Spec::receiver("web1"),
                Spec {
                    push: "order = 2",
                    ..Spec::receiver("web2")
                },
            ],
            "",
        );
        // The service on the first host is slow to check its configuration.
        let (begun, go) = (site.scene.dir.path("begun"), site.scene.dir.path("go"));
        site.own_program(
            "web1",
            "nginx",
            &format!("> '{begun}'\nwhile [ ! -f '{go}' ]; do sleep 0.05; done"),
        );
        let mut command = site.push_call(&[]).into_command();
        let mut call = command
            // As Ctrl-C on a terminal: ssh gets the signal too.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("gsec");
        while !site.scene.exists("begun") && call.try_wait().is_ok_and(|ended| ended.is_none()) {
            std::thread::sleep(Duration::from_millis(20));
        }
        tool("kill")
            .args(&["-s", signal, "--", &format!("-{}", call.id())])
            .run()
            .ok();
        site.scene.write("go", "");
        let output = call.wait_with_output().expect("an end");
        let document: Value = serde_json::from_slice(&output.stdout).expect("a document");
        assert_eq!(
            (output.status.code(), document["interrupted_by"].as_str()),
            (Some(status), Some(name)),
            "{document}"
        );
        let state = |at: usize| document["pushed"][at]["state"].as_str().expect("a state");
        assert_eq!((state(0), state(1)), ("installed", "skipped"), "{document}");
        assert_eq!(site.current("web1"), Some(site.written("web1")));
        assert_eq!(site.current("web2"), None);
        let again = site.push(&[]).ok();
        assert_eq!(
            states(&again),
            ["web1 nginx unchanged", "web2 nginx installed"],
            "the same command goes on where this one ended"
        );
    }
}
