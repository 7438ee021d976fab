//! The Debian package: built, looked into, unpacked beside nothing but the libraries that it depends on, and used there. It is never
//! installed on this machine. `DPKG_DEB_COMPRESSOR_TYPE=none`, because packing a debug binary would take longer than all the rest.

use crate::common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use common::machine::{chmod, is_root};
use common::{Call, Outcome, TestDir, program, snapshot, tool};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const BINARY: &str = env!("CARGO_BIN_EXE_gsec");

fn build(binary: &str, out_dir: &str) -> Call {
    let script = format!("{ROOT}/contrib/debian/build.sh");
    tool("sh")
        .args(&[&script, binary, out_dir])
        .env("DPKG_DEB_COMPRESSOR_TYPE", "none")
}

/// Runs the build, and says where the package is.
#[track_caller]
fn built(call: Call) -> String {
    let package = call.run().ok().stdout.trim_end().to_owned();
    assert!(Path::new(&package).is_file(), "no package at `{package}`");
    package
}

#[track_caller]
fn field(package: &str, name: &str) -> String {
    let said = tool("dpkg-deb").args(&["-f", package, name]).run().ok();
    said.stdout.trim_end().to_owned()
}

/// The names of the packages that it depends on.
fn depends(package: &str) -> BTreeSet<String> {
    let field = field(package, "Depends");
    let names = field
        .split(", ")
        .filter_map(|one| one.split(' ').next().map(Into::into));
    names.collect()
}

/// The package without its control files, in `root` below `dir`.
#[track_caller]
fn unpacked(package: &str, dir: &TestDir) -> String {
    let root = dir.path("root");
    tool("dpkg").args(&["-x", package, &root]).run().ok();
    root
}

/// Each file of the package, as the path of the file in the tree that it comes from, if it is one.
fn expected_files() -> BTreeMap<String, Option<String>> {
    let mut files: BTreeMap<String, Option<String>> = [
        ("usr/bin/gsec", None),
        ("usr/share/doc/gsec/copyright", None),
        ("usr/share/doc/gsec/changelog.gz", None),
        ("usr/share/doc/gsec/CHANGELOG.md.gz", Some("CHANGELOG.md")),
        ("usr/share/doc/gsec/third-party-licenses.gz", None),
        (
            "usr/share/doc/gsec/examples/gsec-ensure@.service",
            Some("contrib/systemd/gsec-ensure@.service"),
        ),
        (
            "usr/share/doc/gsec/examples/gsec-ensure@.timer",
            Some("contrib/systemd/gsec-ensure@.timer"),
        ),
        (
            "usr/share/bash-completion/completions/gsec",
            Some("completions/gsec.bash"),
        ),
        (
            "usr/share/zsh/vendor-completions/_gsec",
            Some("completions/_gsec"),
        ),
        (
            "usr/share/fish/vendor_completions.d/gsec.fish",
            Some("completions/gsec.fish"),
        ),
    ]
    .map(|(file, source)| (file.to_owned(), source.map(str::to_owned)))
    .into();
    for entry in fs::read_dir(format!("{ROOT}/docs/man")).expect("docs/man") {
        let page = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        files.insert(
            format!("usr/share/man/man1/{page}.gz"),
            Some(format!("docs/man/{page}")),
        );
    }
    files
}

#[test]
fn the_package_has_each_file_where_debian_looks_for_it() {
    let dir = TestDir::new();
    let package = built(
        build(BINARY, &dir.path("out"))
            .env("SOURCE_DATE_EPOCH", "1700000000")
            .env("MAINTAINER", "Ada Example <ada@example.com>"),
    );
    let version = env!("CARGO_PKG_VERSION");
    let architecture = tool("dpkg").args(&["--print-architecture"]).run().ok().stdout;
    let architecture = architecture.trim_end();
    assert_eq!(
        Path::new(&package).file_name().and_then(|name| name.to_str()),
        Some(format!("gsec_{version}_{architecture}.deb").as_str())
    );
    for (name, value) in [
        ("Package", "gsec"),
        ("Version", version),
        ("Architecture", architecture),
        ("Maintainer", "Ada Example <ada@example.com>"),
        ("Section", "utils"),
        ("Priority", "optional"),
    ] {
        assert_eq!(field(&package, name), value, "{name}");
    }
    assert!(field(&package, "Description").starts_with("private certification authority"));

    let listed = tool("dpkg-deb")
        .args(&["-c", &package])
        .env("TZ", "UTC")
        .run()
        .ok();
    let mut files = BTreeSet::new();
    for line in listed.stdout.lines() {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [mode, owner, _, date, time, path] = columns[..] else {
            panic!("{line}")
        };
        let path = path.trim_start_matches("./");
        let expected = match path {
            "usr/bin/gsec" => "-rwxr-xr-x",
            "" => "drwxr-xr-x",
            _ if path.ends_with('/') => "drwxr-xr-x",
            _ => "-rw-r--r--",
        };
        assert_eq!(
            (mode, owner, date, time),
            (expected, "root/root", "2023-11-14", "22:13"),
            "{path}"
        );
        if !path.is_empty() && !path.ends_with('/') {
            files.insert(path.to_owned());
        }
    }
    let expected = expected_files();
    assert_eq!(
        files,
        expected.keys().cloned().collect(),
        "the files of the package"
    );

    let control = dir.path("control");
    tool("dpkg").args(&["-e", &package, &control]).run().ok();
    let mut names: Vec<String> = snapshot::walk(Path::new(&control))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    names.sort();
    // No maintainer scripts: nothing is run, enabled or started by installing.
    assert_eq!(names, ["control", "md5sums"]);
    let root = unpacked(&package, &dir);
    tool("md5sum")
        .args(&["--check", "--strict", "--quiet", &format!("{control}/md5sums")])
        .in_dir(&root)
        .run()
        .ok();
    let summed = fs::read_to_string(format!("{control}/md5sums")).expect("md5sums");
    assert_eq!(summed.lines().count(), files.len(), "each file has its checksum");

    let kib: u64 = files
        .iter()
        .map(|file| {
            fs::metadata(format!("{root}/{file}"))
                .expect("a file")
                .len()
                .div_ceil(1024)
        })
        .sum();
    let installed: u64 = field(&package, "Installed-Size").parse().expect("a number");
    assert!(
        installed >= kib && installed < kib + 100,
        "Installed-Size {installed}, files {kib}"
    );

    for (file, source) in expected {
        let Some(source) = source else { continue };
        let there = format!("{root}/{file}");
        let content = match file.ends_with(".gz") {
            true => tool("gzip").args(&["-dc", &there]).run().ok().stdout_bytes,
            false => fs::read(&there).expect("a file"),
        };
        assert!(
            content == fs::read(format!("{ROOT}/{source}")).expect("a source"),
            "{file} is not {source}"
        );
    }
    let copyright = fs::read_to_string(format!("{root}/usr/share/doc/gsec/copyright")).expect("copyright");
    let license = fs::read_to_string(format!("{ROOT}/LICENSE-MIT")).expect("LICENSE-MIT");
    assert!(copyright.contains("License: MIT or Apache-2.0"));
    for line in license.lines().skip(3).filter(|line| !line.is_empty()) {
        assert!(copyright.contains(line), "copyright lacks `{line}`");
    }
    assert!(copyright.contains("/usr/share/doc/gsec/third-party-licenses.gz"));
    let licenses = tool("gzip")
        .args(&[
            "-dc",
            &format!("{root}/usr/share/doc/gsec/third-party-licenses.gz"),
        ])
        .run()
        .ok();
    assert!(licenses.stdout.contains("\nrustls 0."), "{licenses}");
    let changelog = tool("gzip")
        .args(&["-dc", &format!("{root}/usr/share/doc/gsec/changelog.gz")])
        .run()
        .ok();
    assert_eq!(
        changelog.stdout,
        format!(
            "gsec ({version}) unstable; urgency=medium\n\n  * CHANGELOG.md.gz lists the changes.\n\n \
             -- Ada Example <ada@example.com>  Tue, 14 Nov 2023 22:13:20 +0000\n"
        )
    );
    lintian_is_content(&package);
    man_shows(&format!("{root}/usr/share/man/man1/gsec-cert-ensure.1.gz"));
}

/// Debian's own checker finds nothing but what is particular to these tests: the binary has its symbols, which the release profile
/// strips, and the package is not compressed.
fn lintian_is_content(package: &str) {
    const OF_THE_TESTS: &str = "unstripped-binary-or-object,uses-no-compression-for-control-tarball,uses-no-compression-for-data-tarball";
    let output = tool("lintian")
        .args(&["--allow-root", "--suppress-tags", OF_THE_TESTS, package])
        .run();
    let said = format!("{}{}", output.stdout, output.stderr);
    let found: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("E:") || line.starts_with("W:"))
        .collect();
    assert_eq!(found, Vec::<&str>::new());
}

#[test]
fn licenses_of_all_crates_in_the_program_are_in_the_package() {
    let output = tool(env!("CARGO"))
        .args(&["tree", "--locked", "--package=gsec", "--prefix=none"])
        .args(&[
            "--edges=normal,no-proc-macro",
            "--target=x86_64-unknown-linux-gnu",
        ])
        .in_dir(ROOT)
        .run()
        .ok();
    let linked: BTreeSet<String> = output
        .stdout
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("gsec"))
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some(format!("{} {}", words.next()?, words.next()?.strip_prefix('v')?))
        })
        .collect();
    let printed = tool("python3")
        .args(&["contrib/debian/licenses.py", "gsec"])
        .in_dir(ROOT)
        .run()
        .ok()
        .stdout;
    let (list, texts) = printed
        .split_once("\nIt also contains")
        .expect("a list, then texts");
    let entries = list
        .lines()
        .filter(|line| line.contains(": ") && line.ends_with(']'));
    let mut listed = BTreeSet::new();
    for entry in entries {
        let (name, license) = entry.split_once(": ").expect("a crate and its license");
        listed.insert(name.to_owned());
        let (_, numbers) = license.rsplit_once('[').expect("texts");
        for number in numbers.trim_end_matches(']').split(", ") {
            assert!(
                texts.contains(&format!("\n[{number}]\n")),
                "{entry}: text {number}"
            );
        }
    }
    assert!(linked.len() > 50);
    assert_eq!(listed, linked);
}

/// man is no peer that gsec must agree with, so a machine without it is not asked; that the page is what docs/man has is asked anyway.
fn man_shows(page: &str) {
    let Ok(output) = Command::new("man").args(["-l", page]).env("LC_ALL", "C").output() else {
        return;
    };
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && shown.contains("SYNOPSIS"),
        "{page}: {shown}"
    );
}

#[test]
fn two_builds_give_the_same_bytes() {
    let dir = TestDir::new();
    // A time after now, as of a commit from a machine whose clock is ahead: dpkg-deb alone only takes back what is later.
    let here = |name: &str| build(BINARY, &dir.path(name)).env("SOURCE_DATE_EPOCH", "4000000000");
    let first = built(here("first"));
    // Another mask, zone, language, and place for temporary files, with the setgid bit that directories below it take over.
    let elsewhere = dir.path("elsewhere");
    fs::create_dir(&elsewhere).expect("a directory");
    chmod(Path::new(&elsewhere), 0o2700);
    let masked = tool("sh").args(&["-c", "umask 077; exec \"$@\"", "sh"]);
    let second = built(
        here("second")
            .env("TMPDIR", &elsewhere)
            .env("TZ", "Asia/Kolkata")
            .env("LC_ALL", "C.UTF-8")
            .through(masked),
    );
    tool("cmp").args(&[&first, &second]).run().ok();
    assert_eq!(
        fs::read_dir(&elsewhere).expect("a directory").count(),
        0,
        "temporary files are left"
    );
}

#[test]
fn dependencies_are_found_with_and_without_dpkg_dev() {
    program("dpkg-shlibdeps");
    let dir = TestDir::new();
    let with = built(build(BINARY, &dir.path("with")));
    let without =
        built(build(BINARY, &dir.path("without")).env("PATH", &path_without("dpkg-shlibdeps", &dir)));
    let names = depends(&with);
    assert!(names.contains("libc6"), "{names:?}");
    assert_eq!(names, depends(&without));
    for package in [with, without] {
        for one in field(&package, "Depends").split(", ") {
            assert!(one.contains(" (>= ") && one.ends_with(')'), "{one}");
        }
        // Without MAINTAINER somebody is named, with an address.
        let maintainer = field(&package, "Maintainer");
        assert!(
            maintainer.contains(" <") && maintainer.ends_with('>'),
            "{maintainer}"
        );
    }
}

/// A directory of links to all programs on PATH but one.
fn path_without(left_out: &str, dir: &TestDir) -> String {
    let links = dir.path("programs");
    fs::create_dir(&links).expect("a directory");
    for folder in std::env::split_paths(&std::env::var_os("PATH").expect("PATH")) {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.flatten().filter(|entry| entry.file_name() != left_out) {
            // The first of a name counts, as on PATH.
            let _ = std::os::unix::fs::symlink(entry.path(), Path::new(&links).join(entry.file_name()));
        }
    }
    links
}

#[test]
fn a_binary_that_is_not_this_gsec_makes_no_package() {
    let dir = TestDir::new();
    let stranger = |name: &str, text: &str| {
        let path = dir.write(name, text);
        chmod(Path::new(&path), 0o755);
        path
    };
    let other = stranger("other", "#!/bin/sh\necho gsec 999.0.0\n");
    let broken = stranger("broken", "\x7fELF of another processor");
    let plain = dir.write("plain", "#!/bin/sh\necho gsec\n");
    let out = dir.path("out");
    for (binary, words) in [
        (other.as_str(), "says 'gsec 999.0.0', Cargo.toml says 'gsec "),
        (&broken, "does not run here"),
        (&plain, "is not a program"),
        (&dir.path("missing"), "is not a program"),
    ] {
        let said = build(binary, &out).run().code(3);
        assert!(said.stderr.contains(words), "{binary}: {said}");
        let made = fs::read_dir(&out).map_or(0, Iterator::count);
        assert_eq!(made, 0, "{binary}: something was made");
    }
    let usage = tool("sh")
        .args(&[&format!("{ROOT}/contrib/debian/build.sh")])
        .run();
    usage.code(2).says("BINARY OUT_DIR");
}

/// Runs the packaged gsec in `root` as its only file system, with these variables and no others.
fn in_root(root: &str, variables: &[&str], args: &[&str]) -> Outcome {
    let user: &[&str] = if is_root() {
        &[]
    } else {
        &["--user", "--map-root-user"]
    };
    let chroot = program("chroot").display().to_string();
    tool("unshare")
        .args(&["--mount"])
        .args(user)
        .args(&["env", "-i"])
        .args(variables)
        .args(&[&chroot, root])
        .args(args)
        .run()
}

/// Copies what `ldd` names into `root`, where it lies here.
fn add_libraries(root: &str) {
    let said = tool("ldd").args(&[&format!("{root}/usr/bin/gsec")]).run().ok();
    for library in said
        .stdout
        .split_whitespace()
        .filter(|word| word.starts_with('/'))
    {
        let target = format!("{root}{library}");
        fs::create_dir_all(Path::new(&target).parent().expect("a directory")).expect("a directory");
        fs::copy(library, &target).expect("a library");
    }
}

/// The value of a setting that a unit makes once.
fn setting<'a>(unit: &'a str, name: &str) -> &'a str {
    let start = format!("{name}=");
    let mut values = unit.lines().filter_map(|line| line.strip_prefix(&start));
    let value = values.next().unwrap_or_else(|| panic!("no {name} in {unit}"));
    assert_eq!(values.next(), None, "{name} twice");
    value
}

#[test]
fn an_unpacked_package_works_beside_its_libraries_alone() {
    let dir = TestDir::new();
    let package = built(build(BINARY, &dir.path("out")));
    let root = unpacked(&package, &dir);
    add_libraries(&root);
    in_root(&root, &[], &["/usr/bin/gsec", "quickstart", "db1.example.com"])
        .ok()
        .says("Issued serial 01 for db1.example.com")
        .says("verified       chain and name are valid");
    assert!(Path::new(&format!("{root}/gsec-ca/repository/01_db1_cert.pem")).is_file());

    // The example for systemd, as its comment says: the CA that it names, and its command twice.
    let examples = format!("{root}/usr/share/doc/gsec/examples");
    let service = fs::read_to_string(format!("{examples}/gsec-ensure@.service")).expect("a unit");
    let create = service
        .lines()
        .find_map(|line| line.strip_prefix("#   sudo gsec ca init "))
        .expect("how to make the CA");
    assert_eq!(create, "--cn 'Example CA' --ca-dir /var/lib/gsec-ca");
    fs::create_dir_all(format!("{root}/var/lib")).expect("a directory");
    let ca_dir = "/var/lib/gsec-ca";
    in_root(
        &root,
        &[],
        &[
            "/usr/bin/gsec",
            "ca",
            "init",
            "--cn",
            "Example CA",
            "--ca-dir",
            ca_dir,
        ],
    )
    .ok();
    assert_eq!(setting(&service, "ReadWritePaths"), ca_dir);
    let required = setting(&service, "AssertPathIsDirectory");
    assert!(Path::new(&format!("{root}{required}")).is_dir(), "{required}");
    let line = setting(&service, "ExecStart").replace("%i", "web-1.example.com");
    let command: Vec<&str> = line.split(' ').collect();
    let variables = [setting(&service, "Environment")];
    let outside = |root: &str| {
        let mut names = snapshot::walk(Path::new(root));
        names.retain(|(name, _)| !name.starts_with("var/lib/gsec-ca/"));
        names
    };
    let before = outside(&root);
    in_root(&root, &variables, &command)
        .ok()
        .says("Issued serial 01 for web-1.example.com");
    in_root(&root, &variables, &command)
        .ok()
        .says("web-1.example.com: serial 01 is up to date; nothing was changed");
    assert_eq!(outside(&root), before, "it writes where the unit does not let it");

    let timer = fs::read_to_string(format!("{examples}/gsec-ensure@.timer")).expect("a unit");
    for (name, value) in [
        ("OnCalendar", "daily"),
        ("Persistent", "true"),
        ("RandomizedDelaySec", "6h"),
        ("WantedBy", "timers.target"),
    ] {
        assert_eq!(setting(&timer, name), value, "{name}");
    }
    for unit in [&service, &timer] {
        let page = setting(unit, "Documentation")
            .strip_prefix("man:")
            .and_then(|page| page.strip_suffix("(1)"))
            .expect("a page of section 1");
        assert!(
            Path::new(&format!("{root}/usr/share/man/man1/{page}.1.gz")).is_file(),
            "{page}"
        );
    }
    systemd_takes(&dir, &service, &timer);
}

/// A machine without systemd is not asked; the test above has run the command of the unit, and looked at its settings.
fn systemd_takes(dir: &TestDir, service: &str, timer: &str) {
    // It asks whether the program of ExecStart is there, which it is below another root.
    let service = service.replace("=/usr/bin/gsec ", &format!("={BINARY} "));
    dir.write("gsec-ensure@.service", service);
    dir.write("gsec-ensure@.timer", timer);
    let units = ["service", "timer"].map(|kind| dir.path(&format!("gsec-ensure@db1.example.com.{kind}")));
    let Ok(output) = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .args(units)
        .output()
    else {
        return;
    };
    // Also what it does not know is only said, with status 0.
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "systemd-analyze verify: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
