//! COMMANDS. What `gsec serve` means: the processes, and what each is made of.

mod admin;
mod admin_socket;
mod backup;
mod first_grant;
mod front;
mod move_key;
mod noted;
mod own_certificate;
mod restore;
mod signer;
mod status;
mod supervisor;
mod watch;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use gsec::cli::serve::{
    ADMIN_SOCKET, Addresses, BackupOrder, EabOrder, FrontOrder, GrantOrder, MoveKeyOrder, RestoreOrder,
    ServeOrder, Server, ServerError, Serving, SignerOrder, StatusOrder,
};
use gsec::cli::watch::{WatchOrder, WatchTask, Watched};
use gsec_ca::home::{CaDir, StoreError, exists};
use gsec_ca::policy::Policy;
use gsec_env::Env;
use gsec_pki::encoding::visible::visible;
use gsec_report::{
    ServeBackupReport, ServeEabReport, ServeGrantReport, ServeMoveKeyReport, ServeRestoreReport,
    ServeStatusReport, WatchReport,
};
use gsec_signer::{Hold, SOCKET_NAME};

/// The server behind the words of the command line.
pub struct Gsecd;

impl Server for Gsecd {
    fn serve(&self, order: ServeOrder, env: &mut Env) -> Result<u8, ServerError> {
        supervisor::run(order, env)
    }

    fn front(&self, order: FrontOrder, ready: &mut dyn FnMut(&Serving)) -> Result<(), ServerError> {
        front::run(order, ready)
    }

    fn addresses(&self, order: &FrontOrder) -> Result<Addresses, ServerError> {
        front::addresses(order)
    }

    fn signer(&self, order: SignerOrder) -> Result<(), ServerError> {
        signer::run(order)
    }

    fn grant(
        &self,
        directory: &CaDir,
        order: GrantOrder,
        env: &mut Env,
    ) -> Result<ServeGrantReport, ServerError> {
        admin::grant(directory, order, env)
    }

    fn eab(&self, directory: &CaDir, order: EabOrder, env: &mut Env) -> Result<ServeEabReport, ServerError> {
        admin::eab(directory, order, env)
    }

    fn status(&self, order: &StatusOrder, env: &Env) -> Result<ServeStatusReport, ServerError> {
        status::run(order, env)
    }

    fn backup(&self, order: BackupOrder, env: &mut Env) -> Result<ServeBackupReport, ServerError> {
        backup::run(order, env)
    }

    fn restore(&self, order: RestoreOrder, env: &mut Env) -> Result<ServeRestoreReport, ServerError> {
        restore::run(order, env)
    }

    fn move_key(&self, order: &MoveKeyOrder) -> Result<ServeMoveKeyReport, ServerError> {
        move_key::run(order)
    }

    fn watch(&self, order: &WatchOrder, task: &WatchTask, env: &mut Env) -> Result<WatchReport, ServerError> {
        watch::run(order, task, env)
    }

    fn watch_on(
        &self,
        order: WatchOrder,
        told: &mut dyn FnMut(Watched<'_>) -> bool,
    ) -> Result<(), ServerError> {
        watch::run_on(&order, told)
    }
}

/// The files of the server in `ca_conf/`.
fn beside_ca(directory: &CaDir, name: &str) -> PathBuf {
    directory.conf().join(name)
}

fn socket_of(directory: &CaDir, chosen: Option<PathBuf>) -> PathBuf {
    chosen.unwrap_or_else(|| beside_ca(directory, SOCKET_NAME))
}

/// Where the signer listens that has a directory of its own: the users of the directory's group reach it there.
fn apart_socket(own: &CaDir) -> PathBuf {
    own.root().join(SOCKET_NAME)
}

/// The process that started this one holds the other end of standard input, and ends this one by ending.
fn wait_for_end_of_stdin() {
    let mut stdin = (Env::real().stdin)();
    let mut rest = [0; 64];
    while stdin.read(&mut rest).is_ok_and(|read| read > 0) {}
}

/// What the kernel refused to hold a process to is told at its start. Where nobody reads that, `gsec serve status` says it too.
fn tell<'a>(process: &str, holds: impl IntoIterator<Item = (&'static str, &'a Hold)>) {
    let mut stderr = std::io::stderr();
    for (what, hold) in holds {
        let (how, why) = match hold {
            Hold::Whole => continue,
            Hold::Part(why) => ("only in part has", why),
            Hold::No(why) => ("goes without", why),
        };
        let _ = writeln!(
            stderr,
            "note: the {process} {how} the protection `{}`: {}",
            what.replace('_', " "),
            visible(why)
        );
    }
}

/// A file of settings of the CA directory; empty where there is none. One that cannot be read is not none: what it forbids would be permitted.
fn settings_text(directory: &CaDir, path: &Path) -> Result<String, StoreError> {
    if !exists(path)? {
        return Ok(String::new());
    }
    let content = directory.read(path)?;
    Ok(String::from_utf8_lossy(&content).into_owned())
}

/// Whether there is something of this name in the CA directory.
fn is_there(path: &Path) -> Result<bool, ServerError> {
    exists(path).map_err(|error| failed(error.code(), &error))
}

/// The profiles of a policy, for whoever has named another one.
fn profiles_of(policy: &Policy) -> String {
    let names: Vec<&str> = policy.profiles().map(|profile| profile.name.as_str()).collect();
    names.join(", ")
}

/// Checks that gsec.toml has the profiles that a file of settings names, each under its key.
fn expect_profiles<'a>(
    policy: &Policy,
    code: &'static str,
    file: &str,
    mut named: impl Iterator<Item = (&'static str, &'a String)>,
) -> Result<(), ServerError> {
    match named.find(|(_, name)| policy.profile(name).is_err()) {
        None => Ok(()),
        Some((key, name)) => Err(hinted(
            error(
                code,
                format!("`{key}` of {file} has `{name}`, and gsec.toml has no such profile"),
            ),
            format!("it has {}", profiles_of(policy)),
        )),
    }
}

/// Where the front listens for administrators.
fn admin_socket_of(directory: &CaDir) -> PathBuf {
    beside_ca(directory, ADMIN_SOCKET)
}

/// Where the server's state is.
fn state_of(directory: &CaDir) -> PathBuf {
    beside_ca(directory, "server.db")
}

/// No other server serves the CA directory.
fn expect_none_serves(directory: &CaDir) -> Result<(), ServerError> {
    match std::os::unix::net::UnixStream::connect(admin_socket_of(directory)) {
        Err(_) => Ok(()),
        Ok(_) => Err(ServerError {
            code: "serve.runs",
            message: "a server for this CA directory is already running".into(),
            causes: Vec::new(),
            hints: vec!["`gsec serve status` shows what it does; what needs the directory for itself works once it has ended".into()],
        }),
    }
}

/// An error with its causes.
/// What has no error behind it.
fn error(code: &'static str, message: String) -> ServerError {
    ServerError {
        code,
        message,
        causes: Vec::new(),
        hints: Vec::new(),
    }
}

fn failed(code: &'static str, error: &(dyn std::error::Error + 'static)) -> ServerError {
    let mut causes = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    ServerError {
        code,
        message: error.to_string(),
        causes,
        hints: Vec::new(),
    }
}

fn hinted(error: ServerError, hint: impl Into<String>) -> ServerError {
    let mut error = error;
    error.hints.push(hint.into());
    error
}
