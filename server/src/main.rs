//! The binary: the real world, one call, its exit status.

use std::process::ExitCode;

use gsec_server::command::Gsecd;

/// A broken invariant; see `gsec --help`.
const EXIT_BUG: u8 = 70;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        eprintln!(
            "error: this is a bug in gsecd {}: {panic}",
            env!("CARGO_PKG_VERSION")
        );
        eprintln!("hint: please report it with the command that you typed");
    }));
    gsec_env::forbid_core_dumps();
    let call = || gsec::cli::run_server(std::env::args_os().collect(), &mut gsec_env::Env::real(), &Gsecd);
    ExitCode::from(std::panic::catch_unwind(call).unwrap_or(EXIT_BUG))
}
