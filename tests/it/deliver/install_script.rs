//! `install.sh` of a bundle, in each shell: installed, unchanged, refused by the service, gone back, removed, killed.

use crate::common;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use super::bundle::HOSTILE;
use common::{Host, SHELLS, Scene, Tree, release_of, tool};

/// A scene with `first` and `second`: bundles of a certificate and of its successor, for nginx.
pub(super) fn with_bundles() -> Scene {
    let scene = Scene::with_host();
    bundle(&scene, "01", "first");
    scene.issue("db1.example.com", &[]).run().ok();
    bundle(&scene, "02", "second");
    scene
}

fn bundle(scene: &Scene, serial: &str, out: &str) {
    scene
        .gsec(&["cert", "bundle", serial, "--for", "nginx", "--out", out])
        .run()
        .ok();
}

/// Every file below a folder, with the time of its last change.
fn times(folder: &str) -> String {
    tool("find")
        .args(&[folder, "-printf", "%p %T@ %C@\n"])
        .run()
        .ok()
        .stdout
}

/// Writes SHA256SUMS anew, as whoever makes a bundle with a fault does.
pub(super) fn seal(scene: &Scene, bundle: &str) {
    tool("sh")
        .args(&[
            "-c",
            "set -e; for f in *; do [ \"$f\" = SHA256SUMS ] || sha256sum \"$f\"; done > .s; mv .s SHA256SUMS",
        ])
        .in_dir(scene.dir.path(bundle))
        .run()
        .ok();
}

pub(super) fn names_below(scene: &Scene, folder: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(scene.dir.path(folder))
        .into_iter()
        .flatten()
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn installed_then_unchanged_then_removed() {
    let scene = with_bundles();
    let (first, second) = (release_of(&scene, "first"), release_of(&scene, "second"));
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        let planned = host.installs("first", &["--dry-run"]).ok();
        assert!(planned.stdout.contains("nothing was changed"), "{planned}");
        assert!(!scene.exists("tls"), "{planned}");
        host.installs("first", &[])
            .ok()
            .says(&format!("state=installed previous=none current={first}"));
        assert_eq!(host.current(), Some(first.clone()));
        assert_eq!(host.called(), ["nginx -t", "systemctl reload nginx"]);
        let at = |name: &str| fs::metadata(format!("{}/{name}", host.dest())).expect("a file");
        let mode = |name: &str| at(name).permissions().mode() & 0o7777;
        let expected = [
            ("", 0o755),
            ("releases", 0o755),
            ("current", 0o755),
            ("current/fullchain.pem", 0o644),
            ("current/privkey.pem", 0o600),
        ];
        for (name, bits) in expected {
            assert_eq!(mode(name), bits, "{name} {shell:?}");
        }
        assert_eq!(
            (at("current/privkey.pem").uid(), at("current/privkey.pem").gid()),
            (0, 0)
        );
        let before = times(&host.dest());
        host.installs("first", &[])
            .ok()
            .says("unchanged")
            .says(&format!("state=unchanged current={first}"));
        assert_eq!(times(&host.dest()), before, "{shell:?}");
        assert_eq!(host.called(), Vec::<String>::new());
        host.installs("second", &[])
            .ok()
            .says(&format!("state=installed previous={first} current={second}"));
        assert_eq!(host.current(), Some(second.clone()));
        let moved = host.installs("first", &["--uninstall"]).code(7);
        assert!(
            moved.stdout.contains(&format!("state=moved current={second}")),
            "{moved}"
        );
        assert_eq!(host.current(), Some(second.clone()));
        host.installs("second", &["--uninstall"])
            .ok()
            .says("state=removed");
        assert!(!scene.exists("tls/web"), "{shell:?}");
        host.installs("second", &["--uninstall"])
            .ok()
            .says("state=absent");
        host.called();
        fs::remove_dir_all(scene.dir.path("tls")).expect("the folder above");
    }
}

#[test]
fn what_the_service_refuses_is_taken_back_before_any_reload() {
    let scene = with_bundles();
    let (first, second) = (release_of(&scene, "first"), release_of(&scene, "second"));
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        host.answers("nginx", 1);
        host.installs("first", &[]).code(4);
        assert_eq!(
            (host.current(), host.called()),
            (None, vec!["nginx -t".to_owned()])
        );
        host.answers("nginx", 0);
        host.installs("first", &[]).ok();
        host.called();
        host.answers("nginx", 1);
        let refused = host.installs("second", &[]).code(4);
        assert!(refused.stderr.contains("nothing was reloaded"), "{refused}");
        assert_eq!(
            (host.current(), host.called()),
            (Some(first.clone()), vec!["nginx -t".to_owned()])
        );
        host.answers("nginx", 0);
        host.answers("systemctl", 1);
        host.installs("second", &[]).code(5);
        let called = ["nginx -t", "systemctl reload nginx", "systemctl reload nginx"];
        assert_eq!(
            (host.current(), host.called()),
            (Some(first.clone()), called.map(str::to_owned).to_vec())
        );
        host.answers("systemctl", 0);
        host.installs("second", &["--no-reload"])
            .ok()
            .says("not reloaded");
        assert_eq!(
            (host.current(), host.called()),
            (Some(second.clone()), vec!["nginx -t".to_owned()])
        );
        fs::remove_dir_all(scene.dir.path("tls")).expect("the folder");
    }
}

#[test]
fn key_of_another_certificate_is_found_without_the_service() {
    let scene = with_bundles();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        host.installs("first", &[]).ok();
        host.called();
        let key = scene.read("second/privkey.pem");
        scene.write("second/privkey.pem", scene.read("first/privkey.pem"));
        seal(&scene, "second");
        let before = scene.tree();
        let refused = host.installs("second", &[]).code(3);
        assert!(
            refused.stderr.contains("does not belong to the certificate"),
            "{refused}"
        );
        scene.tree().is_unchanged_since(&before);
        assert_eq!(host.current(), Some(release_of(&scene, "first")));
        assert_eq!(host.called(), Vec::<String>::new());
        scene.write("second/privkey.pem", key);
        seal(&scene, "second");
        host.installs("second", &[]).ok();
        fs::remove_dir_all(scene.dir.path("tls")).expect("the folder");
    }
}

#[test]
fn rolled_back_only_while_nobody_installed_since() {
    let scene = with_bundles();
    let (first, second) = (release_of(&scene, "first"), release_of(&scene, "second"));
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        host.installs("first", &["--rollback"]).code(3);
        host.installs("first", &[]).ok();
        host.installs("first", &["--rollback"]).code(3);
        assert_eq!(host.current(), Some(first.clone()));
        host.installs("second", &[]).ok();
        host.called();
        host.installs("first", &["--rollback"]).code(7);
        assert_eq!((host.current(), host.called()), (Some(second.clone()), vec![]));
        host.installs("second", &["--rollback"])
            .ok()
            .says(&format!("state=rolled-back previous={second} current={first}"));
        assert_eq!(
            (host.current(), host.called()),
            (
                Some(first.clone()),
                vec!["nginx -t".to_owned(), "systemctl reload nginx".to_owned()]
            )
        );
        // What was taken back is not what the next one goes back to.
        host.installs("first", &["--rollback"]).ok();
        host.installs("first", &["--rollback", "--yes"]).ok();
        assert_eq!(host.current(), Some(first.clone()));
        fs::remove_dir_all(scene.dir.path("tls")).expect("the folder");
    }
}

#[test]
fn three_releases_stay() {
    let scene = Scene::with_host();
    for serial in 2..6 {
        scene.issue("db1.example.com", &[]).run().ok();
        bundle(&scene, &format!("{serial:02}"), &format!("b{serial}"));
    }
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        for serial in 2..6 {
            host.installs(&format!("b{serial}"), &[]).ok();
        }
        let mut last: Vec<String> = (3..6)
            .map(|serial| release_of(&scene, &format!("b{serial}")))
            .collect();
        assert_eq!(host.current().as_ref(), last.last());
        last.sort();
        assert_eq!(host.releases(), last, "{shell:?}");
        fs::remove_dir_all(scene.dir.path("tls")).expect("the folder");
    }
}

#[test]
fn nothing_is_changed_where_it_cannot_be_done() {
    let scene = with_bundles();
    scene.write("taken", "a file");
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        let situations: [(&str, &[&str], i32); 8] = [
            ("no such user", &["--owner", "nobody-of-this-name"], 3),
            ("no such group", &["--group", "nobody-of-this-name"], 3),
            ("relative", &["--dest", "tls/web"], 2),
            ("dots", &["--dest", "/tmp/../etc/x"], 2),
            ("the root itself", &["--dest", "/"], 2),
            ("no value", &["--dest"], 2),
            ("no such option", &["--frce"], 2),
            ("a file above", &["--dest", &scene.dir.path("taken/x")], 3),
        ];
        let before = scene.tree();
        for (situation, args, status) in situations {
            let outcome = host.install("first", &[&["--dest", &host.dest()], args].concat());
            assert_eq!(outcome.status, Some(status), "{situation} {outcome}");
        }
        scene.tree().is_unchanged_since(&before);
        let content = scene.read("second/fullchain.pem");
        scene.write("second/fullchain.pem", format!("{content}\n"));
        let before = scene.tree();
        host.installs("second", &[]).code(3).says("SHA256SUMS");
        scene.tree().is_unchanged_since(&before);
        scene.write("second/fullchain.pem", content);
    }
}

#[test]
fn file_without_a_digest_is_not_installed() {
    let scene = with_bundles();
    let sums = scene.read("first/SHA256SUMS");
    let without: String = sums
        .lines()
        .filter(|line| !line.ends_with("  privkey.pem"))
        .map(|line| format!("{line}\n"))
        .collect();
    scene.write("first/SHA256SUMS", without);
    for shell in SHELLS {
        Host::new(&scene, shell).installs("first", &[]).code(3);
        assert!(!scene.exists("tls"));
    }
}

#[test]
fn folder_that_others_could_exchange_is_refused() {
    let scene = with_bundles();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        let refused = |situation: &str| {
            let before = scene.tree();
            let outcome = host.installs("first", &[]);
            assert_eq!(outcome.status, Some(3), "{situation} {outcome}");
            scene.tree().is_unchanged_since(&before);
            assert_eq!(host.called(), Vec::<String>::new());
        };
        fs::create_dir_all(scene.dir.path("tls/web")).expect("folders");
        scene.chmod("tls/web", 0o777);
        refused("everybody writes in it");
        scene.chmod("tls/web", 0o755);
        scene.chmod("tls", 0o777);
        refused("everybody writes above");
        scene.chmod("tls", 0o755);
        std::os::unix::fs::chown(scene.dir.path("tls/web"), Some(65534), None).expect("root");
        refused("somebody else's");
        std::os::unix::fs::chown(scene.dir.path("tls/web"), Some(0), Some(65534)).expect("root");
        scene.chmod("tls/web", 0o775);
        refused("a group writes in it");
        fs::remove_dir(scene.dir.path("tls/web")).expect("a folder");
        fs::create_dir(scene.dir.path("other")).expect("a folder");
        symlink("../other", scene.dir.path("tls/web")).expect("a link");
        refused("a link");
        fs::remove_file(scene.dir.path("tls/web")).expect("a link");
        fs::create_dir(scene.dir.path("tls/web")).expect("a folder");
        symlink("../../other", scene.dir.path("tls/web/releases")).expect("a link");
        refused("a link inside");
        fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
        fs::remove_dir_all(scene.dir.path("other")).expect("folders");
    }
}

#[test]
fn files_of_somebody_else_are_moved_aside_and_come_back_where_it_fails() {
    let scene = with_bundles();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        fs::create_dir_all(scene.dir.path("tls/web/current")).expect("folders");
        scene.write("tls/web/current/mine", "mine");
        scene.write("tls/web/privkey.pem", "made by hand");
        host.answers("nginx", 1);
        host.installs("first", &[]).code(4);
        assert_eq!(scene.read("tls/web/current/mine"), "mine");
        assert_eq!(scene.read("tls/web/privkey.pem"), "made by hand");
        host.answers("nginx", 0);
        std::thread::sleep(std::time::Duration::from_millis(1100)); // a backup has a folder for each second
        host.installs("first", &[]).ok().says("backup");
        let kept = names_below(&scene, "tls/web/backup").pop().expect("a backup");
        assert_eq!(
            scene.read(&format!("tls/web/backup/{kept}/privkey.pem")),
            "made by hand"
        );
        assert_eq!(scene.read(&format!("tls/web/backup/{kept}/current/mine")), "mine");
        // A service that was set up with the old path gets the new file.
        assert_eq!(scene.read("tls/web/privkey.pem"), scene.read("first/privkey.pem"));
        assert!(!scene.exists("tls/web/fullchain.pem"));
        host.installs("first", &["--uninstall"]).ok();
        assert_eq!(names_below(&scene, "tls/web"), ["backup"], "{shell:?}");
        fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
    }
}

#[test]
fn digests_are_checked_with_whatever_is_there() {
    let scene = with_bundles();
    let host = Host::new(&scene, SHELLS[0]);
    fs::create_dir(scene.dir.path("tools")).expect("a folder");
    let needed = [
        "cat", "chmod", "chown", "cut", "date", "dirname", "getent", "grep", "id", "ls", "ln", "mkdir",
        "mktemp", "mv", "readlink", "rm", "rmdir", "sed", "sort", "sync", "tr", "uname", "wc", "awk", "dash",
    ];
    for name in needed {
        symlink(common::program(name), scene.dir.path(&format!("tools/{name}"))).expect("a link");
    }
    let install = |status: i32| {
        host.call("first", &["--dest", &host.dest()])
            .env(
                "PATH",
                &format!("{}:{}", scene.dir.path("host/bin"), scene.dir.path("tools")),
            )
            .run()
            .code(status)
    };
    // The script adds /usr/sbin and /sbin, which have none of them.
    install(3).says("none of sha256sum");
    for name in ["sha256sum", "shasum", "openssl"] {
        symlink(common::program(name), scene.dir.path(&format!("tools/{name}"))).expect("a link");
        install(0).says("state=installed");
        fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
        fs::remove_file(scene.dir.path(&format!("tools/{name}"))).expect("a link");
    }
    // As FreeBSD has it.
    scene.write(
        "tools/sha256",
        format!(
            "#!/bin/sh\n{} | cut -c 1-64\n",
            common::program("sha256sum").display()
        ),
    );
    scene.chmod("tools/sha256", 0o755);
    install(0).says("state=installed");
}

#[test]
fn image_below_a_root_gets_its_own_users_and_nothing_is_called() {
    let scene = with_bundles();
    scene
        .gsec(&["cert", "bundle", "01", "--for", "postgresql", "--out", "pg"])
        .run()
        .ok();
    fs::create_dir_all(scene.dir.path("image/etc/ssl")).expect("folders");
    scene.write("image/etc/passwd", "root:x:0:0::/root:/bin/sh\n");
    scene.write("image/etc/group", "root:x:0:\npostgres:x:7777:\n");
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        host.install("pg", &["--root", &scene.dir.path("image")]).ok();
        let key = scene
            .dir
            .path("image/etc/ssl/gsec/db1.example.com/current/privkey.pem");
        let found = fs::metadata(&key).expect("a key");
        assert_eq!(
            (found.uid(), found.gid(), found.mode() & 0o7777),
            (0, 7777, 0o640),
            "{shell:?}"
        );
        assert_eq!(host.called(), Vec::<String>::new());
        host.install("pg", &["--root", &scene.dir.path("image")])
            .ok()
            .says("unchanged");
        host.install("pg", &["--root", &scene.dir.path("image"), "--uninstall"])
            .ok();
        assert!(!scene.exists("image/etc/ssl/gsec/db1.example.com"));
    }
    fs::create_dir_all(scene.dir.path("redhat/etc")).expect("folders");
    scene.write("redhat/etc/redhat-release", "");
    let host = Host::new(&scene, SHELLS[0]);
    host.install("first", &["--root", &scene.dir.path("redhat")]).ok();
    assert!(scene.exists("redhat/etc/pki/tls/gsec/db1.example.com/current/privkey.pem"));
}

#[test]
fn mode_and_owner_that_somebody_changed_are_put_right() {
    let scene = with_bundles();
    let first = release_of(&scene, "first");
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        host.installs("first", &[]).ok();
        scene.chmod("tls/web/current/privkey.pem", 0o644);
        host.installs("first", &[]).ok().says("state=installed");
        assert_eq!(host.current(), Some(format!("{first}.2")));
        let mode = fs::metadata(scene.dir.path("tls/web/current/privkey.pem"))
            .expect("a key")
            .mode()
            & 0o7777;
        assert_eq!(mode, 0o600);
        host.installs("first", &[]).ok().says("state=unchanged");
        host.installs("first", &["--uninstall"]).ok();
        fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn killed_at_any_step_there_is_one_whole_release_and_the_next_call_finishes() {
    let scene = with_bundles();
    let (first, second) = (release_of(&scene, "first"), release_of(&scene, "second"));
    let host = Host::new(&scene, SHELLS[0]);
    // Programs that kill the script which calls them, and all that it started, at the step that the file says; the service's own among them.
    let step = scene.dir.path("host/step");
    let count = format!(
        "read -r n < {step}\ncase $n in\n'' | 0) ;;\n*) n=$((n - 1)) && echo $n > {step}\n[ $n != 0 ] || kill -9 0 ;;\nesac\n"
    );
    for name in ["mv", "ln", "mkdir", "chmod", "rm", "cat", "sync"] {
        let real = common::program(name);
        scene.write(
            &format!("host/bin/{name}"),
            format!("#!/bin/sh\n{count}exec {} \"$@\"\n", real.display()),
        );
        scene.chmod(&format!("host/bin/{name}"), 0o755);
    }
    for name in ["nginx", "systemctl"] {
        let name = format!("host/bin/{name}");
        let own = scene.read(&name);
        scene.write(
            &name,
            own.replacen("#!/bin/sh\n", &format!("#!/bin/sh\n{count}"), 1),
        );
        scene.chmod(&name, 0o755);
    }
    scene.write("host/step", "0");
    host.installs("first", &[]).ok();
    fs::create_dir(scene.dir.path("tmp")).expect("a folder");
    let copy = |from: &str, to: &str| {
        let paths = [scene.dir.path(from), scene.dir.path(to)];
        tool("cp").args(&["-a", &paths[0], &paths[1]]).run().ok();
    };
    copy("tls", "tls-with-first");
    let mut killed = 0;
    for step in 1.. {
        fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
        copy("tls-with-first", "tls");
        host.called();
        scene.write("host/step", step.to_string());
        // What is killed leaves its files.
        let outcome = host
            .call("second", &["--dest", &host.dest()])
            .env("TMPDIR", &scene.dir.path("tmp"))
            .through(tool("setsid").args(&["-w"]))
            .run();
        let left: i64 = scene.read("host/step").trim().parse().expect("a number");
        scene.write("host/step", "0");
        let current = host.current().expect("a release");
        assert!(current == first || current == second, "step {step}: {current}");
        let same = |file: &str, bundle: &str| {
            scene.read(&format!("tls/web/current/{file}")) == scene.read(&format!("{bundle}/{file}"))
        };
        let whole = if current == first { "first" } else { "second" };
        assert!(
            same("privkey.pem", whole) && same("fullchain.pem", whole),
            "step {step} {outcome}"
        );
        let was_reloaded = host.called().iter().any(|call| call.starts_with("systemctl"));
        host.installs("second", &[]).ok();
        let is_reloaded = was_reloaded || host.called().iter().any(|call| call.starts_with("systemctl"));
        assert_eq!(
            (host.current(), is_reloaded),
            (Some(second.clone()), true),
            "step {step} {outcome}"
        );
        let left_over: Vec<String> = names_below(&scene, "tls/web/releases")
            .into_iter()
            .filter(|name| name.ends_with(".new") || name == ".pending")
            .collect();
        assert_eq!(left_over, Vec::<String>::new(), "step {step}");
        if left > 0 {
            break;
        }
        killed += 1;
    }
    assert!(killed > 15, "{killed} steps");
}

#[test]
fn folders_whose_names_mean_something_to_a_shell_are_only_names() {
    let scene = with_bundles();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        for text in HOSTILE.iter().filter(|text| !text.contains("..")) {
            fs::create_dir(scene.dir.path("odd")).expect("a folder");
            let odd = format!("odd/{text}");
            tool("cp")
                .args(&["-r", "first", &odd])
                .in_dir(scene.dir.path(""))
                .run()
                .ok();
            let dest = scene.dir.path(&format!("odd/dest{text}"));
            let args = ["--dest", &dest];
            let outcome = host.call(&odd, &args).in_dir(scene.dir.path("odd")).run();
            if text.contains('\n') {
                outcome.code(2);
            } else {
                outcome.ok().says("state=installed");
                let key = fs::read_to_string(format!("{dest}/current/privkey.pem")).expect("a key");
                assert_eq!(key, scene.read("first/privkey.pem"), "{text:?}");
                host.call(&odd, &[&args[..], &["--uninstall"]].concat())
                    .in_dir(scene.dir.path("odd"))
                    .run()
                    .ok();
            }
            // The folder is entered by a name that begins as an option does.
            let relative = tool(shell[0]).args(&shell[1..]).args(&[
                "--",
                &format!("./{text}/install.sh"),
                "--dest",
                &host.dest(),
                "--dry-run",
            ]);
            relative.in_dir(scene.dir.path("odd")).run().ok();
            for option in ["--owner", "--group", "--frce"] {
                host.call(&odd, &[&args[..], &[option, text]].concat())
                    .in_dir(scene.dir.path("odd"))
                    .run()
                    .fails();
            }
            assert!(
                !Tree::of(scene.dir.path(""))
                    .files()
                    .iter()
                    .any(|file| file.ends_with("/x") || file == "x"),
                "{text:?} {shell:?}"
            );
            fs::remove_dir_all(scene.dir.path("odd")).expect("folders");
            host.called();
        }
    }
}

#[test]
fn key_that_stays_on_the_host_goes_with_each_new_certificate() {
    let scene = Scene::with_host();
    let key = scene.read("gsec-ca/repository/01_db1_priv_key.pem");
    for (number, target) in ["nginx", "haproxy", "postfix"].into_iter().enumerate() {
        for (serial, out) in [("01", "first"), ("02", "second")] {
            if out == "second" && number == 0 {
                // Another certificate for the same key.
                scene.write("same.pem", &key);
                scene
                    .gsec(&["cert", "issue", "db1.example.com", "--key", "same.pem", "--json"])
                    .run()
                    .ok();
            }
            scene
                .gsec(&[
                    "cert",
                    "bundle",
                    serial,
                    "--for",
                    target,
                    "--no-key",
                    "--out",
                    &format!("{target}-{out}"),
                ])
                .run()
                .ok();
        }
        let (first, second) = (format!("{target}-first"), format!("{target}-second"));
        for shell in SHELLS {
            let host = Host::new(&scene, shell);
            host.program(target);
            let refused = host.installs(&first, &[]).code(3);
            assert!(refused.stderr.contains("stays on this host"), "{refused}");
            fs::create_dir_all(scene.dir.path("tls/web")).expect("folders");
            scene.write("tls/web/privkey.pem", &key);
            host.installs(&first, &[]).succeeded(target);
            host.installs(&first, &[]).ok().says("unchanged");
            host.installs(&second, &[]).ok().says("state=installed");
            let chain = scene.read(&format!("{second}/fullchain.pem"));
            let (file, content) = match target {
                "haproxy" => ("combined.pem", format!("{chain}{key}")),
                "postfix" => ("keychain.pem", format!("{key}{chain}")),
                _ => ("privkey.pem", key.clone()),
            };
            assert_eq!(
                scene.read(&format!("tls/web/current/{file}")),
                content,
                "{target} {shell:?}"
            );
            let mode = fs::metadata(scene.dir.path(&format!("tls/web/current/{file}")))
                .expect("a key")
                .mode()
                & 0o7777;
            assert_eq!(mode, 0o600);
            fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
        }
    }
}

#[test]
fn at_the_same_time_one_call_after_the_other() {
    let scene = with_bundles();
    let (first, second) = (release_of(&scene, "first"), release_of(&scene, "second"));
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        std::thread::scope(|calls| {
            let calls: Vec<_> = ["first", "second", "first", "second"]
                .into_iter()
                .map(|bundle| calls.spawn(|| host.installs(bundle, &["--no-reload"])))
                .collect();
            calls
                .into_iter()
                .for_each(|call| drop(call.join().expect("a call").ok()));
        });
        let mut both = vec![first.clone(), second.clone()];
        both.sort();
        assert_eq!(host.releases(), both, "{shell:?}");
        let current = host.current().expect("a release");
        let bundle = if current == first { "first" } else { "second" };
        for file in ["privkey.pem", "fullchain.pem"] {
            assert_eq!(
                scene.read(&format!("tls/web/current/{file}")),
                scene.read(&format!("{bundle}/{file}"))
            );
        }
        assert_eq!(names_below(&scene, "tls/web"), ["current", "releases"]);
        host.installs(bundle, &["--uninstall"]).ok();
        assert!(!scene.exists("tls/web"));
        host.called();
        fs::remove_dir_all(scene.dir.path("tls")).expect("the directory above");
    }
}

#[test]
fn user_who_is_not_root_installs_for_himself_only() {
    let scene = with_bundles();
    let user = common::machine::NOBODY.to_string();
    fs::set_permissions(scene.dir.path(""), fs::Permissions::from_mode(0o755)).expect("mode");
    fs::create_dir(scene.dir.path("own")).expect("a directory");
    for name in ["first", "second", "own"] {
        tool("chown")
            .args(&["-R", &format!("{user}:{user}"), &scene.dir.path(name)])
            .run()
            .ok();
    }
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        let dest = scene.dir.path("own/web");
        let install = |bundle: &str, args: &[&str]| {
            let runner = tool("setpriv").args(&[
                &format!("--reuid={user}"),
                &format!("--regid={user}"),
                "--clear-groups",
            ]);
            host.call(bundle, &[&["--dest", &dest, "--no-reload"], args].concat())
                .through(runner)
                .run()
        };
        let own = ["--owner", &user, "--group", &user];
        let refused = install("first", &[]).code(3);
        assert!(refused.stderr.contains("only root"), "{refused}");
        assert!(!scene.exists("own/web"));
        install("first", &own).ok().says("state=installed");
        install("first", &own).ok().says("state=unchanged");
        install("second", &own).ok();
        install("second", &["--rollback"]).ok().says("state=rolled-back");
        let key = fs::metadata(format!("{dest}/current/privkey.pem")).expect("a key");
        assert_eq!(
            (key.uid().to_string(), key.mode() & 0o7777),
            (user.clone(), 0o600)
        );
        install("first", &["--uninstall"]).ok();
        assert!(!scene.exists("own/web"), "{shell:?}");
    }
}

#[test]
fn user_that_is_gone_does_not_keep_the_files_from_being_removed() {
    let scene = with_bundles();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        host.installs("first", &[]).ok();
        host.installs("first", &["--owner", "nobody-of-this-name", "--uninstall"])
            .ok();
        assert!(!scene.exists("tls/web"));
        fs::remove_dir_all(scene.dir.path("tls")).expect("the directory above");
    }
}

#[test]
fn what_is_typed_comes_to_no_terminal_as_it_is() {
    let scene = with_bundles();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        for args in [
            ["--owner", "a\u{1b}[31m"],
            ["--\u{1b}[31m", "x"],
            ["--dest", "/x\u{1b}[31m"],
        ] {
            let refused = host.install("first", &args).fails();
            assert!(
                !refused.stderr.contains('\u{1b}') && !refused.stdout.contains('\u{1b}'),
                "{refused}"
            );
        }
    }
}
