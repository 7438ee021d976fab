//! The Debian package of the server, beside that of gsec.

use std::path::Path;
use std::process::Command;

use crate::site::run;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const GSECD: &str = env!("CARGO_BIN_EXE_gsecd");

#[test]
#[ignore = "sh tests/serve.sh"]
fn gsec_finds_the_server_of_the_other_package() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("root");
    let programs = Path::new(GSECD).parent().expect("a directory");
    for program in ["gsec", "gsecd"] {
        let built = run(Command::new("sh")
            .arg(format!("{ROOT}/contrib/debian/build.sh"))
            .arg(programs.join(program))
            .arg(folder.path()))
        .ok();
        run(Command::new("dpkg").arg("-x").arg(built.stdout.trim()).arg(&root)).ok();
    }
    let server = folder.path().join("gsec-server_0.1.0_amd64.deb");
    if server.exists() {
        let shown = run(Command::new("dpkg-deb").arg("-f").arg(&server).arg("Depends")).ok();
        assert!(shown.stdout.starts_with("gsec (= 0.1.0)"), "{shown}");
    }
    for file in [
        "usr/libexec/gsec/gsecd",
        "usr/share/doc/gsec-server/copyright",
        "usr/share/doc/gsec-server/examples/gsec-serve.service",
        "usr/share/doc/gsec-server/examples/gsec-signer.service",
        "usr/share/doc/gsec-server/examples/gsec-watch.service",
        "usr/share/doc/gsec-server/examples/gsec-watch-once.service",
        "usr/share/doc/gsec-server/examples/gsec-watch-once.timer",
    ] {
        assert!(root.join(file).exists(), "{file}");
    }
    let gsec = root.join("usr/bin/gsec");
    let ca = folder.path().join("ca");
    run(Command::new(&gsec)
        .args(["ca", "init", "--cn", "Example CA", "--no-input", "--ca-dir"])
        .arg(&ca))
    .ok();
    let status = run(Command::new(&gsec).args(["serve", "status", "--ca-dir"]).arg(&ca));
    assert_eq!(status.status, Some(1), "nothing serves it yet: {status}");
    std::fs::remove_file(root.join("usr/libexec/gsec/gsecd")).expect("removed");
    let missing = run(Command::new(&gsec).args(["serve", "status", "--ca-dir"]).arg(&ca));
    assert_eq!(missing.status, Some(3), "{missing}");
    assert!(
        missing.stderr.contains("install the package gsec-server"),
        "{missing}"
    );
}
