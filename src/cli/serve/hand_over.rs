//! From `gsec` to `gsecd`: the process is replaced, so that who started it has the one that he asked for.

use std::ffi::OsString;
use std::path::PathBuf;

use super::SERVED_BY;
use crate::cli::failure::Failure;
use gsec_env::Env;

/// Where it is besides the directory of gsec itself.
const LIBEXEC: &str = "../libexec/gsec";

/// Replaces this process; returns only where that fails.
pub(in crate::cli) fn hand_over(command: &str, arguments: &[OsString], env: &Env) -> Failure {
    let Some(program) = find(env) else {
        return Failure::cannot(
            "serve.no_gsecd",
            format!("`{command}` needs the program `{SERVED_BY}`, which is not installed beside gsec"),
        )
        .hint("install the package gsec-server")
        .hint("in a source tree: `cargo build --release` builds both");
    };
    let error = replaced(&program, arguments.get(1..).unwrap_or_default());
    Failure::cannot("serve.no_gsecd", format!("cannot run `{}`", program.display()))
        .because(error.to_string())
}

fn find(env: &Env) -> Option<PathBuf> {
    let own = (env.program)()?;
    let folder = own.parent()?;
    [folder.to_owned(), folder.join(LIBEXEC)]
        .into_iter()
        .map(|folder| folder.join(SERVED_BY))
        .find(|program| program.is_file())
}

#[cfg(unix)]
fn replaced(program: &std::path::Path, arguments: &[OsString]) -> std::io::Error {
    use std::os::unix::process::CommandExt;
    std::process::Command::new(program).args(arguments).exec()
}

#[cfg(not(unix))]
fn replaced(_program: &std::path::Path, _arguments: &[OsString]) -> std::io::Error {
    std::io::ErrorKind::Unsupported.into()
}
