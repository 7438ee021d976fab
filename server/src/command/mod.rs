//! COMMANDS. What `gsec serve` means: the processes, and what each is made of.

mod front;
mod own_certificate;
mod signer;
mod supervisor;

use std::io::Read;
use std::path::PathBuf;

use gsec::cli::serve::{FrontOrder, ServeOrder, Server, ServerError, Serving, SignerOrder};
use gsec_ca::home::CaDir;
use gsec_env::Env;
use gsec_signer::SOCKET_NAME;

/// The server behind the words of the command line.
pub struct Gsecd;

impl Server for Gsecd {
    fn serve(&self, order: ServeOrder, env: &mut Env) -> Result<u8, ServerError> {
        supervisor::run(order, env)
    }

    fn front(&self, order: FrontOrder, ready: &mut dyn FnMut(&Serving)) -> Result<(), ServerError> {
        front::run(order, ready)
    }

    fn signer(&self, order: SignerOrder) -> Result<(), ServerError> {
        signer::run(order)
    }
}

/// The files of the server in `ca_conf/`.
fn beside_ca(directory: &CaDir, name: &str) -> PathBuf {
    directory.conf().join(name)
}

fn socket_of(directory: &CaDir, chosen: Option<PathBuf>) -> PathBuf {
    chosen.unwrap_or_else(|| beside_ca(directory, SOCKET_NAME))
}

/// The process that started this one holds the other end of standard input, and ends this one by ending.
fn wait_for_end_of_stdin() {
    let mut stdin = (Env::real().stdin)();
    let mut rest = [0; 64];
    while stdin.read(&mut rest).is_ok_and(|read| read > 0) {}
}

/// An error with its causes.
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
