//! Calls on a CA directory by its path, as commands that strace, another user or a small disk can run.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::machine::{NOBODY, is_root, temp_dir};
use super::{Outcome, program, run};

/// `gsec --ca-dir DIR ARGS…`, with nothing of the caller's environment that gsec listens to.
pub fn gsec<S: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = S>) -> Command {
    let mut command = super::gsec(&[]).into_command();
    command.env("NO_COLOR", "1").stdin(Stdio::null());
    command.arg("--ca-dir").arg(dir).args(args);
    command
}

/// The same command, started by somebody who is not root: root may read and write whatever the modes say.
pub fn gsec_as_nobody<S: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = S>) -> Command {
    as_nobody(gsec(dir, args))
}

/// The same without `--ca-dir`.
pub fn plain_as_nobody<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = super::gsec(&[]).into_command();
    command.env("NO_COLOR", "1").stdin(Stdio::null()).args(args);
    as_nobody(command)
}

fn as_nobody(plain: Command) -> Command {
    if !is_root() {
        return plain;
    }
    let mut command = Command::new(program("setpriv"));
    command
        .arg(format!("--reuid={NOBODY}"))
        .arg(format!("--regid={NOBODY}"))
        .arg("--clear-groups");
    command.arg(binary_for_everybody()).args(plain.get_args());
    command
        .env_remove("GSEC_CA_DIR")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    command
}

/// The build directory may lie below a home directory that other users cannot enter: then a copy of the binary stands in.
fn binary_for_everybody() -> PathBuf {
    static COPY: std::sync::OnceLock<(Option<tempfile::TempDir>, PathBuf)> = std::sync::OnceLock::new();
    let (_, path) = COPY.get_or_init(|| {
        let built = PathBuf::from(env!("CARGO_BIN_EXE_gsec"));
        let everybody = |path: &Path| fs::metadata(path).is_ok_and(|meta| meta.mode() & 0o001 != 0);
        if built.ancestors().all(everybody) {
            return (None, built);
        }
        let place = temp_dir();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let copy = place.path().join("gsec");
        // By another process: a program that another test starts meanwhile would inherit the open copy, which then cannot be run.
        let copied = std::process::Command::new("cp")
            .arg(&built)
            .arg(&copy)
            .status()
            .unwrap();
        assert!(copied.success(), "a copy of gsec");
        (Some(place), copy)
    });
    path.clone()
}

pub fn openssl<S: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(program("openssl"));
    command
        .args(args)
        .current_dir(dir)
        .env_remove("OPENSSL_CONF")
        .stdin(Stdio::null());
    command
}

/// A P-256 key and a request for it in `dir`, `host.key` and `host.csr`, for `openssl ca` to sign.
#[track_caller]
pub fn openssl_request(dir: &Path, common_name: &str) {
    let subject = format!("/CN={common_name}");
    let key = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "host.key",
    ];
    let arguments = ["req", "-new"]
        .into_iter()
        .chain(key)
        .chain(["-subj", &subject, "-out", "host.csr"]);
    run(&mut openssl(dir, arguments)).succeeded("openssl req");
}

/// Makes a P-256 CA in `dir`.
#[track_caller]
pub fn make_ca(dir: &Path) {
    run(&mut gsec(
        dir,
        ["ca", "init", "--cn", "Robust Test CA", "--key-type", "p256"],
    ))
    .succeeded("ca init");
}

/// The arguments of the issue that all these tests do: P-256, because key generation must not hide the time between two system calls.
pub fn issue_args(host: &str) -> Vec<String> {
    ["cert", "issue", "--key-type", "p256", "--host", host]
        .map(String::from)
        .to_vec()
}

#[track_caller]
pub fn issue(dir: &Path, host: &str) -> Outcome {
    run(&mut gsec(dir, issue_args(host)))
}

/// Issues with `--json` and returns the serial.
#[track_caller]
pub fn issue_serial(dir: &Path, host: &str, situation: &str) -> String {
    let outcome = run(&mut gsec(
        dir,
        [vec!["--json".to_owned()], issue_args(host)].concat(),
    ))
    .succeeded(situation);
    outcome.json()["serial"].as_str().expect("serial").to_owned()
}
