//! `install.sh` where somebody set a trap, where a key is not right, and where it ends before its time: what was there is there, and what is so is
//! said in a sentence.

use crate::common;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};

use super::install_script::{names_below, seal, with_bundles};
use common::{Host, Outcome, SHELLS, Scene, Tree, release_of, tool};

/// What one sentence on the error stream begins with.
const SENTENCE: &str = "install.sh: ";

#[track_caller]
fn says_one_sentence(outcome: &Outcome, words: &str) {
    let said: Vec<&str> = outcome
        .stderr
        .lines()
        .filter(|line| line.starts_with(SENTENCE))
        .collect();
    assert!(said.len() == 1 && said[0].contains(words), "{words}: {outcome}");
}

/// A root directory of an image, and a directory that no link of the image may lead to.
fn image(scene: &Scene) -> Tree {
    for folder in ["image/etc/ssl", "outside/releases"] {
        fs::create_dir_all(scene.dir.path(folder)).expect("folders");
    }
    scene.write("image/etc/passwd", "root:x:0:0::/root:/bin/sh\n");
    scene.write("image/etc/group", "root:x:0:\n");
    scene.write("outside/precious", "kept");
    scene.write("outside/passwd", "keeper:x:4711:4711::/:/bin/sh\n");
    outside(scene)
}

fn outside(scene: &Scene) -> Tree {
    Tree::of(scene.dir.path("outside"))
}

#[test]
fn link_in_an_image_is_not_followed_out_of_it() {
    let scene = with_bundles();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        let place = "image/etc/ssl/gsec/db1.example.com";
        let root = scene.dir.path("image");
        let install = |args: &[&str]| host.install("first", &[&["--root", &root], args].concat());
        for link in [
            "image/etc",
            "image/etc/ssl",
            "image/etc/ssl/gsec",
            place,
            "image/etc/ssl/gsec/db1.example.com/releases",
            "image/etc/ssl/gsec/db1.example.com/backup",
        ] {
            let before = image(&scene);
            let link = scene.dir.path(link);
            let _ = fs::remove_dir_all(&link);
            let above = std::path::Path::new(&link).parent().expect("a folder").to_owned();
            fs::create_dir_all(&above).expect("folders");
            symlink(scene.dir.path("outside"), &link).expect("a link");
            // Without `etc` there is no user either, so the directory is named.
            for args in [
                &["--dest", "/etc/ssl/gsec/db1.example.com"][..],
                &["--dest", "/etc/ssl/gsec/db1.example.com", "--uninstall"],
            ] {
                let refused = install(args).code(3);
                says_one_sentence(&refused, "nothing was changed");
            }
            outside(&scene).is_unchanged_since(&before);
            fs::remove_dir_all(&root).expect("folders");
        }
        // What the image says of its users is not read elsewhere.
        let before = image(&scene);
        fs::remove_file(scene.dir.path("image/etc/passwd")).expect("it goes");
        symlink(
            scene.dir.path("outside/passwd"),
            scene.dir.path("image/etc/passwd"),
        )
        .expect("a link");
        says_one_sentence(&install(&["--owner", "keeper"]).code(3), "no user keeper");
        fs::remove_dir_all(&root).expect("folders");
        outside(&scene).is_unchanged_since(&before);
    }
}

#[test]
fn files_that_an_image_has_prepared_for_the_script_lead_it_nowhere() {
    let scene = with_bundles();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        let before = image(&scene);
        let root = scene.dir.path("image");
        let place = |name: &str| {
            scene
                .dir
                .path(&format!("image/etc/ssl/gsec/db1.example.com/{name}"))
        };
        fs::create_dir_all(place("releases/0123456789abcdef")).expect("folders");
        for name in ["releases/.pending", "releases/.history", "privkey.pem"] {
            symlink(scene.dir.path("outside/precious"), place(name)).expect("a link");
        }
        symlink(scene.dir.path("outside"), place("current")).expect("a link");
        symlink(scene.dir.path("outside"), place("releases/fedcba9876543210")).expect("a link");
        let up = "../".repeat(12);
        let precious = scene.dir.path("outside/precious");
        fs::write(
            place("releases/0123456789abcdef/SHA256SUMS"),
            format!("{:064}  {up}{}\n", 0, precious.trim_start_matches('/')),
        )
        .expect("a list");
        host.install("first", &["--root", &root])
            .ok()
            .says("state=installed");
        host.install("second", &["--root", &root])
            .ok()
            .says("state=installed");
        host.install("second", &["--root", &root, "--rollback"]).ok();
        host.install("first", &["--root", &root, "--uninstall"]).ok();
        outside(&scene).is_unchanged_since(&before);
        // A directory in the place of the lock.
        fs::create_dir_all(place("releases/.lock")).expect("a folder");
        says_one_sentence(
            &host.install("first", &["--root", &root]).code(3),
            ".lock is a directory",
        );
        fs::remove_dir_all(&root).expect("folders");
    }
}

#[test]
fn key_of_an_image_is_not_taken_from_elsewhere() {
    let scene = Scene::with_host();
    let key = scene.read("gsec-ca/repository/01_db1_priv_key.pem");
    scene
        .gsec(&[
            "cert", "bundle", "01", "--for", "nginx", "--no-key", "--out", "first",
        ])
        .run()
        .ok();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        image(&scene);
        scene.write("outside/privkey.pem", &key);
        let place = scene.dir.path("image/etc/ssl/gsec/db1.example.com");
        fs::create_dir_all(&place).expect("folders");
        symlink(scene.dir.path("outside"), format!("{place}/current")).expect("a link");
        let refused = host
            .install("first", &["--root", &scene.dir.path("image")])
            .code(3);
        says_one_sentence(&refused, "stays on this host");
        fs::remove_dir_all(scene.dir.path("image")).expect("folders");
    }
}

#[test]
fn backup_that_leads_elsewhere_is_refused() {
    let scene = with_bundles();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        fs::create_dir_all(scene.dir.path("tls/web")).expect("folders");
        fs::create_dir_all(scene.dir.path("other")).expect("a folder");
        scene.write("tls/web/privkey.pem", "made by hand");
        symlink("../../other", scene.dir.path("tls/web/backup")).expect("a link");
        let before = scene.tree();
        says_one_sentence(&host.installs("first", &[]).code(3), "backup is a symbolic link");
        scene.tree().is_unchanged_since(&before);
        assert_eq!(host.called(), Vec::<String>::new());
        fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
    }
}

/// Mode, owner and group of a file.
fn attributes(scene: &Scene, name: &str) -> (u32, u32, u32) {
    let found = fs::metadata(scene.dir.path(name)).expect("a file");
    (found.permissions().mode() & 0o7777, found.uid(), found.gid())
}

#[test]
fn key_that_becomes_current_again_is_as_closed_as_before() {
    let scene = with_bundles();
    let (first, second) = (release_of(&scene, "first"), release_of(&scene, "second"));
    let key = |release: &str| format!("tls/web/releases/{release}/privkey.pem");
    let open = |release: &str| {
        scene.chmod(&key(release), 0o644);
        chown(scene.dir.path(&key(release)), Some(65534), Some(65534)).expect("root");
    };
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        host.installs("first", &[]).ok();
        open(&first);
        // What stays can become current again.
        host.installs("second", &[]).ok();
        assert_eq!(attributes(&scene, &key(&first)), (0o600, 0, 0), "{shell:?}");
        open(&first);
        host.installs("second", &["--rollback"])
            .ok()
            .says("state=rolled-back");
        assert_eq!(attributes(&scene, &key(&first)), (0o600, 0, 0), "{shell:?}");
        assert_eq!(attributes(&scene, "tls/web/current/privkey.pem"), (0o600, 0, 0));
        // As the bundle is installed that says so.
        open(&second);
        host.installs("second", &["--group", "65534"]).ok();
        host.answers("nginx", 1);
        open(&first);
        host.installs("second", &["--rollback"]).code(4);
        assert_eq!(attributes(&scene, &key(&first)), (0o600, 0, 0), "{shell:?}");
        host.answers("nginx", 0);
        host.called();
        fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
    }
}

/// A trust store is for all, and looks from outside like a key store.
#[test]
fn trust_store_stays_readable_and_what_is_unchanged_stays_so() {
    let scene = Scene::with_host();
    for (serial, out) in [("01", "first"), ("02", "second")] {
        if out == "second" {
            scene.issue("db1.example.com", &[]).run().ok();
        }
        scene
            .gsec(&[
                "cert", "bundle", serial, "--for", "java", "--group", "root", "--out", out,
            ])
            .run()
            .ok();
    }
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        host.program("keytool");
        for bundle in ["first", "second"] {
            host.installs(bundle, &[]).ok().says("state=installed");
            host.installs(bundle, &[]).ok().says("state=unchanged");
        }
        host.installs("second", &["--rollback"]).ok();
        for release in host.releases() {
            for (name, mode) in [("truststore.p12", 0o644), ("keystore.p12", 0o640)] {
                assert_eq!(
                    attributes(&scene, &format!("tls/web/releases/{release}/{name}")),
                    (mode, 0, 0)
                );
            }
        }
        host.called();
        fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
    }
}

#[test]
fn key_that_is_not_right_is_refused_before_anything_is_written() {
    let scene = with_bundles();
    let key = scene.read("first/privkey.pem");
    scene.openssl(&[
        "pkey",
        "-in",
        "first/privkey.pem",
        "-aes256",
        "-passout",
        "pass:x",
        "-out",
        "encrypted.pem",
    ]);
    let damaged = key.replacen("\nM", "\nA", 1);
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        for (content, words) in [
            ("no key at all\n".to_owned(), "has no private key"),
            (damaged.clone(), "cannot be read"),
            (scene.read("encrypted.pem"), "cannot be read"),
            (
                scene.read("second/privkey.pem"),
                "does not belong to the certificate",
            ),
        ] {
            scene.write("first/privkey.pem", content);
            seal(&scene, "first");
            let before = scene.tree();
            for args in [&[][..], &["--dry-run"]] {
                says_one_sentence(&host.installs("first", args).code(3), words);
            }
            scene.tree().is_unchanged_since(&before);
            assert_eq!(host.called(), Vec::<String>::new(), "{words}");
        }
        scene.write("first/privkey.pem", &key);
        seal(&scene, "first");
        host.installs("first", &[]).ok();
        fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
        host.called();
    }
}

#[test]
fn key_on_the_host_that_belongs_to_another_certificate_is_refused() {
    let scene = with_bundles();
    scene
        .gsec(&[
            "cert", "bundle", "01", "--for", "haproxy", "--no-key", "--out", "without",
        ])
        .run()
        .ok();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        host.program("haproxy");
        fs::create_dir_all(scene.dir.path("tls/web")).expect("folders");
        scene.write("tls/web/privkey.pem", scene.read("second/privkey.pem"));
        let before = scene.tree();
        says_one_sentence(
            &host.installs("without", &[]).code(3),
            "does not belong to the certificate",
        );
        scene.tree().is_unchanged_since(&before);
        scene.write("tls/web/privkey.pem", scene.read("first/privkey.pem"));
        host.installs("without", &[]).ok();
        fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
        host.called();
    }
}

/// A directory with programs of this machine, and nothing else.
fn only(scene: &Scene, without: &[&str]) -> String {
    let needed = [
        "awk",
        "cat",
        "chmod",
        "chown",
        "cut",
        "date",
        "getent",
        "grep",
        "id",
        "ln",
        "ls",
        "mkdir",
        "mktemp",
        "mv",
        "readlink",
        "rm",
        "rmdir",
        "sed",
        "sha256sum",
        "sort",
        "sync",
        "tr",
        "uname",
        "wc",
        "openssl",
        "dash",
    ];
    let folder = scene.dir.path("tools");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).expect("a folder");
    for name in needed.iter().filter(|name| !without.contains(name)) {
        symlink(common::program(name), format!("{folder}/{name}")).expect("a link");
    }
    folder
}

#[test]
fn pair_is_said_not_to_be_checked_where_openssl_is_missing() {
    let scene = with_bundles();
    let host = Host::new(&scene, SHELLS[0]);
    for (without, is_checked) in [(&["openssl"][..], false), (&[], true)] {
        let path = format!("{}:{}", scene.dir.path("host/bin"), only(&scene, without));
        let said = host
            .call("first", &["--dest", &host.dest(), "--dry-run"])
            .env("PATH", &path)
            .run()
            .ok();
        assert_eq!(
            said.stdout.contains("not checked: whether key and certificate"),
            !is_checked,
            "{said}"
        );
    }
}

#[test]
fn tool_or_directory_that_is_missing_is_an_end_with_a_sentence() {
    let scene = with_bundles();
    let host = Host::new(&scene, SHELLS[0]);
    for missing in ["mktemp", "cut", "id", "mkdir", "ln", "chmod", "sed"] {
        // /usr/sbin and /sbin, which the script adds, have none of them.
        let path = format!("{}:{}", scene.dir.path("host/bin"), only(&scene, &[missing]));
        let refused = host
            .call("first", &["--dest", &host.dest()])
            .env("PATH", &path)
            .run();
        if missing != "sed" {
            says_one_sentence(&refused.code(3), "nothing was changed");
            assert!(!scene.exists("tls/web/current"), "{missing}");
        }
        let _ = fs::remove_dir_all(scene.dir.path("tls"));
    }
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        let call = host
            .call("first", &["--dest", &host.dest()])
            .env("TMPDIR", &scene.dir.path("nowhere"));
        says_one_sentence(&call.run().code(3), "cannot create a file in");
        assert!(!scene.exists("tls"));
        // A file that the user may not read is not said to be another one.
        scene.chmod("", 0o755);
        scene.chmod("first", 0o755);
        let user = tool("setpriv").args(&["--reuid=65534", "--regid=65534", "--clear-groups"]);
        let call = host
            .call("first", &["--dest", &host.dest(), "--dry-run"])
            .through(user);
        says_one_sentence(&call.run().code(3), "cannot read");
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn command_that_fails_at_any_step_leaves_one_whole_release_and_a_sentence() {
    let scene = with_bundles();
    let (first, second) = (release_of(&scene, "first"), release_of(&scene, "second"));
    let host = Host::new(&scene, SHELLS[0]);
    let step = scene.dir.path("host/step");
    for name in [
        "mv", "ln", "mkdir", "chmod", "chown", "cat", "sync", "cut", "readlink",
    ] {
        let real = common::program(name);
        scene.write(
            &format!("host/bin/{name}"),
            format!(
                "#!/bin/sh\nread -r n < {step}\ncase $n in\n'' | 0) ;;\n*) n=$((n - 1)) && echo $n > {step}\n\
                 [ $n != 0 ] || {{ echo '{name}: no space left' >&2; exit 1; }} ;;\nesac\nexec {} \"$@\"\n",
                real.display()
            ),
        );
        scene.chmod(&format!("host/bin/{name}"), 0o755);
    }
    fs::create_dir(scene.dir.path("tmp")).expect("a folder");
    scene.write("host/step", "0");
    host.installs("first", &[]).ok();
    let copy = |from: &str, to: &str| {
        let paths = [scene.dir.path(from), scene.dir.path(to)];
        tool("cp").args(&["-a", &paths[0], &paths[1]]).run().ok();
    };
    copy("tls", "tls-with-first");
    let mut refused = 0;
    for step in 1.. {
        fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
        copy("tls-with-first", "tls");
        host.called();
        scene.write("host/step", step.to_string());
        let outcome = host
            .call("second", &["--dest", &host.dest()])
            .env("TMPDIR", &scene.dir.path("tmp"))
            .run();
        let left: i64 = scene.read("host/step").trim().parse().expect("a number");
        scene.write("host/step", "0");
        let current = host.current().expect("a release");
        let whole = if current == first { "first" } else { "second" };
        let same = |file: &str| {
            scene.read(&format!("tls/web/current/{file}")) == scene.read(&format!("{whole}/{file}"))
        };
        assert!(
            same("privkey.pem") && same("fullchain.pem"),
            "step {step} {outcome}"
        );
        match outcome.status {
            Some(0) => assert_eq!(current, second, "step {step} {outcome}"),
            Some(3) => {
                says_one_sentence(&outcome, "");
                let is_told = outcome.stderr.contains(&format!("current leads to {current}"))
                    || current == first && outcome.stderr.contains("nothing was changed");
                assert!(is_told, "step {step} {outcome}");
                if current == first {
                    assert_eq!(host.releases().join(" "), first, "step {step} {outcome}");
                }
                refused += 1;
            }
            _ => panic!("step {step} {outcome}"),
        }
        assert_eq!(
            names_below(&scene, "tmp"),
            Vec::<String>::new(),
            "step {step} {outcome}"
        );
        let new: Vec<String> = names_below(&scene, "tls/web/releases")
            .into_iter()
            .filter(|name| name.ends_with(".new") || name == ".lock")
            .collect();
        assert_eq!(new, Vec::<String>::new(), "step {step} {outcome}");
        host.installs("second", &[]).ok();
        assert_eq!(host.current(), Some(second.clone()), "step {step} {outcome}");
        if left > 0 {
            break;
        }
    }
    assert!(refused > 10, "{refused}");
}

#[test]
fn signal_ends_it_with_what_was_there_and_a_sentence() {
    let scene = with_bundles();
    let first = release_of(&scene, "first");
    fs::create_dir(scene.dir.path("tmp")).expect("a folder");
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        host.installs("first", &[]).ok();
        // Of a call that runs in the background INT is ignored, and no script can change that; HUP is with nohup.
        for program in ["nginx", "systemctl"] {
            let own = scene.read(&format!("host/bin/{program}"));
            let script = format!(
                "case \"$*\" in is-*) exit 0 ;; esac\nkill -s TERM \"$(readlink '{}/releases/.lock')\"\n",
                host.dest()
            );
            scene.write(&format!("host/bin/{program}"), format!("#!/bin/sh\n{script}"));
            scene.chmod(&format!("host/bin/{program}"), 0o755);
            let outcome = host
                .call("second", &["--dest", &host.dest()])
                .env("TMPDIR", &scene.dir.path("tmp"))
                .run()
                .code(3);
            says_one_sentence(
                &outcome,
                &format!("stopped by signal TERM: current leads to {first} as before"),
            );
            assert_eq!(host.current(), Some(first.clone()), "{outcome}");
            assert_eq!(host.releases().join(" "), first, "{outcome}");
            assert_eq!(names_below(&scene, "tmp"), Vec::<String>::new());
            scene.write(&format!("host/bin/{program}"), own);
            scene.chmod(&format!("host/bin/{program}"), 0o755);
        }
        host.installs("second", &[]).ok();
        host.called();
        fs::remove_dir_all(scene.dir.path("tls")).expect("folders");
    }
}

#[test]
fn what_is_typed_wrong_is_named() {
    let scene = with_bundles();
    scene
        .gsec(&["cert", "bundle", "01", "--for", "kubernetes", "--out", "cluster"])
        .run()
        .ok();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        for (bundle, args, words) in [
            ("first", &["--owner", "--help"][..], "--owner lacks its value"),
            ("first", &["--group", "--dry-run"], "--group lacks its value"),
            ("first", &["--dest"], "--dest lacks its value"),
            ("first", &["--root", ""], "--root lacks its value"),
            ("first", &["--owner="], "--owner lacks its value"),
            ("first", &["--frce"], "unknown argument --frce"),
            ("first", &["web"], "unknown argument web"),
            ("first", &["--uninstall", "--rollback"], "two things"),
            ("cluster", &["--frce"], "unknown argument --frce"),
        ] {
            let refused = host.install(bundle, args).code(2);
            says_one_sentence(&refused, words);
            assert!(refused.stdout.is_empty(), "{refused}");
        }
        host.install("first", &["--help"])
            .ok()
            .says("nginx -t checks the configuration");
    }
}

/// Without the certificates of the system, the variables would take every other CA from the programs.
#[test]
fn variables_are_not_made_without_the_certificates_of_the_system() {
    let scene = Scene::with_host();
    scene
        .gsec(&["cert", "bundle", "01", "--for", "env", "--out", "vars"])
        .run()
        .ok();
    for shell in SHELLS {
        let host = Host::new(&scene, shell);
        image(&scene);
        let root = scene.dir.path("image");
        scene.write("outside/roots", scene.read("gsec-ca/ca_conf/ca_cert.pem"));
        let bundle = "image/etc/ssl/certs/ca-certificates.crt";
        fs::create_dir_all(scene.dir.path("image/etc/ssl/certs")).expect("folders");
        for kind in ["none", "empty", "a link out of the image"] {
            match kind {
                "empty" => scene.write(bundle, ""),
                "none" => {}
                _ => {
                    fs::remove_file(scene.dir.path(bundle)).expect("it goes");
                    symlink(scene.dir.path("outside/roots"), scene.dir.path(bundle)).expect("a link");
                }
            }
            let before = scene.tree();
            let refused = host.install("vars", &["--root", &root]).code(3);
            says_one_sentence(&refused, "certificates of the system were not found");
            scene.tree().is_unchanged_since(&before);
        }
        // A link of the image means a path of the image.
        fs::remove_file(scene.dir.path(bundle)).expect("it goes");
        symlink("/etc/ssl/all.pem", scene.dir.path(bundle)).expect("a link");
        scene.write("image/etc/ssl/all.pem", scene.read("gsec-ca/ca_conf/ca_cert.pem"));
        host.install("vars", &["--root", &root]).ok();
        let made = scene.read("image/etc/ssl/gsec/db1.example.com/current/bundle.pem");
        assert_eq!(made.matches("BEGIN CERT").count(), 2);
        fs::remove_dir_all(&root).expect("folders");
    }
}
