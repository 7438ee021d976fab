//! The receiver, asked by whoever has a key that it lets in: certificates can be changed, and nothing else.

use std::fs;
use std::os::unix::fs::symlink;

use super::site::{Site, Spec, documents};
use crate::common::{Outcome, SHELLS, Tree, openssl, tool};

/// One file of an archive.
#[derive(Clone)]
struct Member {
    name: String,
    kind: u8,
    link: String,
    prefix: String,
    size: Option<String>,
    content: Vec<u8>,
}

impl Member {
    fn new(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.into(),
            kind: b'0',
            link: String::new(),
            prefix: String::new(),
            size: None,
            content: content.to_vec(),
        }
    }

    fn of_kind(self, kind: u8, link: &str) -> Self {
        Self {
            kind,
            link: link.into(),
            ..self
        }
    }
}

const BLOCK: usize = 512;

fn archive(members: &[Member]) -> Vec<u8> {
    let mut all = Vec::new();
    for member in members {
        let mut block = [0_u8; BLOCK];
        let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
        put(0, member.name.as_bytes());
        put(100, b"0000644\0");
        put(108, b"0000000\0");
        put(116, b"0000000\0");
        let size = format!("{:011o}", member.content.len());
        put(124, member.size.as_ref().unwrap_or(&size).as_bytes());
        put(136, b"00000000000\0");
        put(148, b"        ");
        put(156, &[member.kind]);
        put(157, member.link.as_bytes());
        put(257, b"ustar\x0000");
        put(345, member.prefix.as_bytes());
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        all.extend_from_slice(&block);
        all.extend_from_slice(&member.content);
        all.resize(all.len().next_multiple_of(BLOCK), 0);
    }
    all.resize(all.len() + 2 * BLOCK, 0);
    all
}

fn members(archive: &[u8]) -> Vec<Member> {
    let text = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned()
    };
    let (mut found, mut at) = (Vec::new(), 0);
    while at + BLOCK <= archive.len() && archive[at] != 0 {
        let size = usize::from_str_radix(&text(&archive[at + 124..at + 135]), 8).expect("a size");
        let content = &archive[at + BLOCK..at + BLOCK + size];
        found.push(Member::new(&text(&archive[at..at + 100]), content));
        at += BLOCK + size.next_multiple_of(BLOCK);
    }
    found
}

/// With digests of what is there.
fn sealed(mut members: Vec<Member>) -> Vec<u8> {
    members.retain(|member| member.name != "SHA256SUMS");
    let sums: String = members
        .iter()
        .map(|member| {
            let digest = openssl(&["dgst", "-sha256", "-r"])
                .stdin(&member.content)
                .run()
                .ok()
                .stdout;
            format!("{}  {}\n", &digest[..64], member.name)
        })
        .collect();
    members.push(Member::new("SHA256SUMS", sums.as_bytes()));
    archive(&members)
}

fn with(members: &[Member], other: Member) -> Vec<u8> {
    let mut all: Vec<Member> = members
        .iter()
        .filter(|member| member.name != other.name)
        .cloned()
        .collect();
    all.push(other);
    sealed(all)
}

/// What gsec sends to a host: caught there instead of received.
fn sent(site: &Site, host: &str) -> Vec<u8> {
    let forced = site.scene.read(&format!("{host}/forced"));
    let caught = site.scene.dir.path("caught");
    site.scene.write(
        &format!("{host}/forced"),
        format!("#!/bin/sh\ncat > {caught}\nexit 3\n"),
    );
    site.scene.chmod(&format!("{host}/forced"), 0o755);
    site.push(&[]).code(3);
    site.scene.write(&format!("{host}/forced"), forced);
    site.scene.chmod(&format!("{host}/forced"), 0o755);
    fs::read(caught).expect("what was sent")
}

/// The receiver of web1, asked for this with this input.
fn receive(site: &Site, shell: &[&str], asked: &str, input: &[u8]) -> Outcome {
    tool(shell[0])
        .args(&shell[1..])
        .args(&[&format!("{}/receive", site.home("web1"))])
        .in_dir(site.home("web1"))
        .env("SSH_ORIGINAL_COMMAND", asked)
        .env("TMPDIR", &format!("{}/tmp", site.home("web1")))
        .stdin(input)
        .run()
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn whatever_is_asked_for_but_the_four_questions_is_refused() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    let input = sent(&site, "web1");
    let before = Tree::of(site.home("web1"));
    let hostile = [
        "",
        " ",
        "id",
        "install",
        "install nginx nginx",
        "install $(touch proof)",
        "install `touch proof`",
        "install nginx;touch proof",
        "install nginx\ntouch proof",
        "install nginx && touch proof",
        "install nginx | touch proof",
        "install nginx > proof",
        "sh -c 'touch proof'",
        "sh -c id",
        "install ../nginx",
        "install /etc/gsec/receive.d/nginx",
        "install -nginx",
        "install .nginx",
        "install *",
        "install ngin?",
        "install [n]ginx",
        "install ~root",
        "install n\u{e9}ginx",
        "install nginx.conf",
        "install other",
        "install \"nginx\"",
        "install $IFS",
        "install\tnginx",
        "request",
        "request nginx nginx",
        "request nginx",
        "request a;id",
        "request $(touch proof)",
        "request `touch proof`",
        "request ../nginx",
        "request other",
        "request -x",
        "rollback nginx",
        "rollback nginx $(touch proof)",
        "rollback nginx ../../etc",
        "rollback nginx -x",
        "rollback nginx nothexadecimalxx",
        "status",
        "status nginx x",
        "uninstall nginx",
        "INSTALL nginx",
        "scp -t /etc",
        "internal-sftp",
    ];
    for shell in SHELLS {
        for asked in hostile {
            let outcome = receive(&site, shell, asked, &input);
            assert_eq!(outcome.status, Some(2), "{shell:?} {asked:?} {outcome}");
        }
        Tree::of(site.home("web1")).is_unchanged_since(&before);
        assert_eq!(site.called(), Vec::<String>::new(), "{shell:?}");
        receive(&site, shell, "status nginx", b"")
            .ok()
            .says("state=absent");
    }
    // An argument would come from somebody else than sshd.
    tool("sh")
        .args(&[&format!("{}/receive", site.home("web1")), "install", "nginx"])
        .run()
        .code(2);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn an_archive_that_holds_anything_else_is_refused_and_nothing_is_written() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    let input = sent(&site, "web1");
    let own = members(&input);
    let names: Vec<&str> = own.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "SHA256SUMS",
            "ca.pem",
            "fullchain.pem",
            "manifest.json",
            "privkey.pem"
        ]
    );
    let outside = site.scene.dir.path("outside");
    let new = |name: &str| Member::new(name, b"x\n");
    let mut hostile: Vec<(String, Vec<u8>)> = Vec::new();
    for (kind, what) in [
        (b'1', "hard link"),
        (b'2', "symbolic link"),
        (b'3', "device"),
        (b'5', "directory"),
        (b'6', "pipe"),
    ] {
        hostile.push((
            what.into(),
            with(&own, new("privkey.pem").of_kind(kind, "/etc/passwd")),
        ));
        hostile.push((
            format!("{what} first"),
            sealed([&[new("privkey.pem").of_kind(kind, &outside)], own.as_slice()].concat()),
        ));
    }
    for kind in *b"1234567xgLKSDNMV" {
        hostile.push((
            format!("kind {}", kind as char),
            with(&own, new("ca.pem").of_kind(kind, "")),
        ));
    }
    hostile.push((
        "a file with a link".into(),
        with(&own, new("ca.pem").of_kind(b'0', "/etc/passwd")),
    ));
    for kind in [b'x', b'g', b'L', b'K', b'S'] {
        let header = Member::new("././@LongLink", b"path=../../outside\n").of_kind(kind, "");
        hostile.push((
            format!("header {}", kind as char),
            sealed([&[header], own.as_slice()].concat()),
        ));
    }
    for name in [
        "../outside",
        "/tmp/outside",
        "x/privkey.pem",
        "./privkey.pem",
        "privkey.pem/",
        "..",
        ".",
        ".bashrc",
        "-rf",
        "install.sh",
        "push.sh",
        "plan",
        "nginx.conf",
        "aliases",
        "authorized_keys",
        "privkey.pem ",
        "a b",
        "$(touch proof)",
        "x\ny",
        "privkey.pem\n",
        "*",
    ] {
        hostile.push((format!("{name:?}"), with(&own, new(name))));
    }
    let prefixed = Member {
        prefix: "../..".into(),
        ..new("ca.pem")
    };
    hostile.push(("prefix".into(), with(&own, prefixed)));
    hostile.push((
        "twice".into(),
        sealed([own.as_slice(), &[new("ca.pem")]].concat()),
    ));
    for size in [
        "99999999999",
        "77777777777",
        "0000000000x",
        "-0000000001",
        "           ",
    ] {
        let member = Member {
            size: Some(size.into()),
            ..new("ca.pem")
        };
        hostile.push((format!("size {size}"), with(&own, member)));
    }
    let without =
        |name: &str| -> Vec<Member> { own.iter().filter(|member| member.name != name).cloned().collect() };
    hostile.push(("no manifest".into(), sealed(without("manifest.json"))));
    hostile.push(("no digests".into(), archive(&without("SHA256SUMS"))));
    let mut changed = own.clone();
    changed
        .iter_mut()
        .filter(|member| member.name == "privkey.pem")
        .for_each(|member| member.content[40] ^= 1);
    hostile.push(("wrong digest".into(), archive(&changed)));
    let sums = own[0].content.clone();
    let more = |line: &str| {
        let mut all = without("SHA256SUMS");
        all.push(Member::new(
            "SHA256SUMS",
            &[sums.as_slice(), line.as_bytes()].concat(),
        ));
        archive(&all)
    };
    let zeros = "0".repeat(64);
    for line in [
        format!("{zeros}  ../../../etc/passwd\n"),
        format!("{zeros} *ca.pem\n"),
        format!("{zeros}  $(touch proof)\n"),
        "x\n".to_owned(),
    ] {
        hostile.push((format!("digests {line:?}"), more(&line)));
    }
    let fewer: String = String::from_utf8_lossy(&sums)
        .lines()
        .filter(|line| !line.ends_with("  ca.pem"))
        .map(|line| format!("{line}\n"))
        .collect();
    let mut all = without("SHA256SUMS");
    all.push(Member::new("SHA256SUMS", fewer.as_bytes()));
    hostile.push(("a file without a digest".into(), archive(&all)));
    hostile.push(("only a manifest".into(), sealed(vec![new("manifest.json")])));
    let large = Member::new("ca.pem", &vec![b'x'; 4 * 1024 * 1024]);
    hostile.push(("large".into(), with(&own, large)));
    hostile.push(("nothing".into(), Vec::new()));
    hostile.push(("noise".into(), vec![b'x'; 5000]));
    hostile.push(("cut off".into(), input[..3 * BLOCK].to_vec()));
    hostile.push((
        "compressed".into(),
        [0x1f, 0x8b, 8, 0].iter().copied().cycle().take(2048).collect(),
    ));
    let before = Tree::of(site.home("web1"));
    for shell in SHELLS {
        for (what, input) in &hostile {
            let outcome = receive(&site, shell, "install nginx", input);
            assert!(
                matches!(outcome.status, Some(2 | 3)),
                "{shell:?} {what} {outcome}"
            );
        }
        Tree::of(site.home("web1")).is_unchanged_since(&before);
        assert!(!site.scene.exists("outside") && !site.scene.exists("proof"));
        assert_eq!(site.called(), Vec::<String>::new(), "{shell:?}");
        site.is_tidy("web1");
    }
    receive(&site, SHELLS[0], "install nginx", &input)
        .ok()
        .says("state=installed previous=none");
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_key_of_another_certificate_is_not_installed_and_the_one_before_stays() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    site.push(&[]).ok();
    let first = site.current("web1");
    let key = site.scene.read("out/web1/nginx/privkey.pem");
    site.renew("web1");
    let own = members(&sent(&site, "web1"));
    let broken = with(&own, Member::new("privkey.pem", key.as_bytes()));
    for shell in SHELLS {
        site.called();
        let outcome = receive(&site, shell, "install nginx", &broken).code(3);
        assert!(
            outcome.stderr.contains("does not belong to the certificate"),
            "{outcome}"
        );
        assert_eq!((site.current("web1"), site.called()), (first.clone(), vec![]));
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_release_is_taken_back_only_while_it_is_the_current_one() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    site.push(&[]).ok();
    let first = site.current("web1").expect("a release");
    site.renew("web1");
    let input = sent(&site, "web1");
    for shell in SHELLS {
        receive(&site, shell, "install nginx", &input).ok();
        let second = site.current("web1").expect("a release");
        receive(&site, shell, "status nginx", b"")
            .ok()
            .says(&format!("state=present current={second}"));
        let moved = receive(&site, shell, &format!("rollback nginx {first}"), b"").code(7);
        assert!(
            moved.stdout.contains(&format!("state=moved current={second}")),
            "{moved}"
        );
        assert_eq!(site.current("web1").as_ref(), Some(&second));
        site.called();
        receive(&site, shell, &format!("rollback nginx {second}"), b"")
            .ok()
            .says(&format!("state=rolled-back previous={second} current={first}"));
        assert_eq!(
            (site.current("web1").as_ref(), site.called()),
            (
                Some(&first),
                vec![
                    "web1 nginx -t".to_owned(),
                    "web1 systemctl reload nginx".to_owned()
                ]
            )
        );
        site.is_tidy("web1");
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn settings_that_others_could_have_written_count_for_nothing() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    let input = sent(&site, "web1");
    let conf = site.scene.dir.path("web1/receive.d/nginx.conf");
    let own = site.scene.read("web1/receive.d/nginx.conf");
    let refused = |situation: &str| {
        for shell in SHELLS {
            let outcome = receive(&site, shell, "install nginx", &input);
            assert!(
                matches!(outcome.status, Some(2 | 3)),
                "{situation} {shell:?} {outcome}"
            );
            assert!(!site.scene.exists("web1/tls"), "{situation} {shell:?}");
        }
    };
    site.scene.chmod("web1/receive.d/nginx.conf", 0o664);
    refused("its group can write it");
    site.scene.chmod("web1/receive.d/nginx.conf", 0o646);
    refused("everybody can write it");
    site.scene.chmod("web1/receive.d/nginx.conf", 0o644);
    std::os::unix::fs::chown(&conf, Some(65534), None).expect("root");
    refused("somebody else's");
    std::os::unix::fs::chown(&conf, Some(0), None).expect("root");
    site.scene.chmod("web1/receive.d", 0o777);
    refused("everybody can write above");
    site.scene.chmod("web1/receive.d", 0o755);
    fs::rename(&conf, site.scene.dir.path("web1/real.conf")).expect("a file");
    symlink(site.scene.dir.path("web1/real.conf"), &conf).expect("a link");
    refused("a link");
    fs::remove_file(&conf).expect("a link");
    for (line, other) in [
        ("target=nginx\n", "target=other\n"),
        ("target=nginx\n", "target=$(touch proof)\n"),
        ("target=nginx\n", "target=nginx\nfile=public 0644 ../../outside\n"),
        ("target=nginx\n", "target=nginx\nunknown=1\n"),
        ("target=nginx\n", "target=nginx\ncheck=touch proof\n"),
        ("fixed_dest=/", "fixed_dest="),
        ("fixed_dest=/", "fixed_dest=/tmp/../"),
        ("key_in=\n", "key_in=relative\n"),
        ("key_in=\n", "key_in=/tmp/../etc\n"),
        ("key_of=\n", "key_of=../nginx\n"),
        ("key_of=\n", "key_of=$(touch proof)\n"),
    ] {
        let text = own.replace(line, other);
        assert_ne!(text, own);
        site.scene.write("web1/receive.d/nginx.conf", text);
        refused(other);
    }
    assert!(!site.scene.exists("proof") && !site.scene.exists("web1/proof"));
    site.scene.write("web1/receive.d/nginx.conf", own);
    receive(&site, SHELLS[0], "install nginx", &input).ok();
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn root_can_name_a_program_of_its_own_that_checks_and_reloads() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    let input = sent(&site, "web1");
    site.program("web1", "check-web");
    site.program("web1", "reload-web");
    let bin = format!("{}/bin", site.home("web1"));
    let own = site.scene.read("web1/receive.d/nginx.conf");
    site.scene.write(
        "web1/receive.d/nginx.conf",
        format!("{own}check={bin}/check-web\nreload={bin}/reload-web\n"),
    );
    receive(&site, SHELLS[0], "install nginx", &input).ok();
    assert_eq!(site.called(), ["web1 check-web", "web1 reload-web"]);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn what_is_sent_to_run_takes_no_command_from_its_plan() {
    let site = Site::new(&[Spec::direct("web1", "sh")], "");
    let own = members(&sent(&site, "web1"));
    let proof = site.scene.dir.path("proof");
    for line in [
        format!("check=/usr/bin/touch {proof}\n"),
        format!("target=$(touch {proof})\n"),
        format!("unit=$(touch {proof})\n"),
        format!("key_group=`touch {proof}`\n"),
        "fixed_dest=relative\n".to_owned(),
        "not_reloaded=x\u{1b}]0;title\u{7}\n".to_owned(),
    ] {
        for (number, shell) in SHELLS.iter().enumerate() {
            let folder = site.scene.dir.path(&format!("sent{number}"));
            fs::create_dir(&folder).expect("a folder");
            for member in &own {
                let mut content = member.content.clone();
                if member.name == "plan" {
                    content.extend_from_slice(line.as_bytes());
                }
                fs::write(format!("{folder}/{}", member.name), content).expect("a file");
            }
            let outcome = tool(shell[0])
                .args(&shell[1..])
                .args(&["./push.sh", "install"])
                .in_dir(&folder)
                .env(
                    "PATH",
                    &format!("{}/bin:/usr/sbin:/usr/bin:/sbin:/bin", site.home("web1")),
                )
                .run();
            // A unit of any name is only handed on.
            assert!(
                outcome.status == Some(3) || line.starts_with("unit="),
                "{shell:?} {line:?} {outcome}"
            );
            assert!(!site.scene.exists("proof"), "{line:?} {outcome}");
            fs::remove_dir_all(folder).expect("a folder");
        }
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn scripts_of_a_push_are_clean() {
    let site = Site::new(&[Spec::receiver("web1"), Spec::direct("web2", "sh")], "");
    let setup = site
        .scene
        .gsec(&["fleet", "render", "receiver", "web1"])
        .run()
        .ok()
        .stdout;
    site.scene.write("setup.sh", &setup);
    for member in members(&sent(&site, "web2")) {
        site.scene
            .write(&format!("sent-{}", member.name), &member.content);
    }
    for script in ["setup.sh", "web1/receive", "sent-push.sh"] {
        tool("shellcheck")
            .args(&["-s", "sh", &site.scene.dir.path(script)])
            .run()
            .succeeded(script);
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_host_that_root_has_set_up_receives_through_sudo_as_a_user_without_other_rights() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    let inventory = site.scene.read("fleet.toml");
    site.scene.write(
        "fleet.toml",
        inventory.replace("user = \"root\"", "user = \"gsecpush\""),
    );
    let public = site.scene.dir.path("web1/id.pub");
    let setup = site
        .scene
        .gsec(&["fleet", "render", "receiver", "web1", "--key", &public])
        .run()
        .ok()
        .stdout;
    let files: Vec<String> = documents(&setup).into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        files,
        [
            "/usr/local/lib/gsec/receive",
            "/etc/gsec/receive.d/nginx.conf",
            "/etc/sudoers.d/gsec-receive"
        ]
    );
    site.scene.write("setup.sh", &setup);
    fs::write(site.scene.dir.path("input"), sent_for(&site)).expect("a file");
    // Users and settings of a machine of its own: /etc and /usr/local/lib are copies.
    let script = r#"
set -eu
cp -a /etc "$1/etc.copy"
mkdir "$1/lib.copy"
mount --bind "$1/etc.copy" /etc
mount --bind "$1/lib.copy" /usr/local/lib
useradd -M -d / -s /bin/sh gsecpush
sh "$1/setup.sh"
printf 'check=/bin/true\nreload=/bin/true\n' >> /etc/gsec/receive.d/nginx.conf
visudo -c -q -f /etc/sudoers.d/gsec-receive
visudo -c -q
ls -l /usr/local/lib/gsec/receive /etc/gsec/receive.d/nginx.conf /etc/sudoers.d/gsec-receive
asked() { setpriv --reuid=gsecpush --regid=gsecpush --clear-groups env SSH_ORIGINAL_COMMAND="$1" sudo -n /usr/local/lib/gsec/receive; }
asked 'install nginx' < "$1/input" || echo "ended $?"
asked 'status nginx' < /dev/null
asked 'sh -c id' < /dev/null || echo "refused $?"
setpriv --reuid=gsecpush --regid=gsecpush --clear-groups sudo -n /usr/local/lib/gsec/receive install nginx < /dev/null || echo "arguments $?"
setpriv --reuid=gsecpush --regid=gsecpush --clear-groups sudo -n id || echo "other $?"
"#;
    let outcome = tool("unshare")
        .args(&[
            "--mount",
            "--",
            "sh",
            "-c",
            script,
            "sh",
            &site.scene.dir.path(""),
        ])
        .run()
        .ok();
    for said in [
        "-rwxr-xr-x 1 root root",
        "-rw-r--r-- 1 root root",
        "-r--r----- 1 root root",
        "restrict,command=\"sudo -n /usr/local/lib/gsec/receive\" ssh-ed25519 ",
        "state=installed previous=none",
        "state=present",
        "refused 2",
        "arguments 1",
        "other 1",
    ] {
        assert!(outcome.stdout.contains(said), "{said} {outcome}");
    }
    assert_eq!(site.current("web1"), Some(site.written("web1")));
}

/// What gsec sends where another user logs in.
fn sent_for(site: &Site) -> Vec<u8> {
    let inventory = site.scene.read("fleet.toml");
    site.scene.write(
        "fleet.toml",
        inventory.replace("user = \"gsecpush\"", "user = \"root\""),
    );
    let input = sent(site, "web1");
    site.scene.write("fleet.toml", inventory);
    input
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_setup_is_printed_only_for_a_host_and_a_key_that_are_some() {
    let site = Site::new(&[Spec::receiver("web1")], "");
    site.scene
        .gsec(&["fleet", "render", "receiver", "other"])
        .run()
        .code(3);
    site.scene.write("not.pub", "command=\"id\" ssh-ed25519 AAAA\n");
    site.scene
        .gsec(&["fleet", "render", "receiver", "web1", "--key", "not.pub"])
        .run()
        .code(3);
    let inventory = site.scene.read("fleet.toml");
    for user in ["ALL", "1000", "a b", "$(id)"] {
        site.scene.write(
            "fleet.toml",
            inventory.replace("user = \"root\"", &format!("user = \"{user}\"")),
        );
        site.scene
            .gsec(&["fleet", "render", "receiver", "web1"])
            .run()
            .code(3);
    }
}
