//! Options for which no target is checked. Whoever gives one would take `healthy` for an answer to it.

use super::Args;
use super::target::Target;
use crate::cli::failure::Failure;
use gsec_doctor::checks::TargetKind;
use gsec_pki::x509::path::Purpose;

/// What an option is for.
#[derive(Clone, Copy)]
struct For {
    kinds: &'static [TargetKind],
    words: &'static str,
    hint: &'static str,
}

const FILES: For = For {
    kinds: &[TargetKind::File],
    words: "files",
    hint: "pass the file as a target, too",
};
const SERVERS: For = For {
    kinds: &[TargetKind::Server],
    words: "servers",
    hint: "write the server as HOST:PORT, or as HOST for the usual port of the protocol",
};
const FILES_AND_SERVERS: For = For {
    kinds: &[TargetKind::File, TargetKind::Server],
    words: "files and servers",
    hint: "pass the certificate as a target, too",
};
/// With `--dir`.
const FILES_OF_THIS_MACHINE_TOO: For = For {
    kinds: &[TargetKind::File, TargetKind::Server, TargetKind::Machine],
    ..FILES_AND_SERVERS
};

/// Checks that every option that says what must be so is checked of some target. Those that only shorten the work, as `--timeout`, are for scripts with
/// any targets.
pub(super) fn expect_used(args: &Args, targets: &[Target]) -> Result<(), Failure> {
    let connection = &args.server.connection;
    let purpose = match args.purpose {
        Some(Purpose::Server) => FILES_AND_SERVERS,
        _ => FILES,
    };
    let certificates = match args.machine.dir {
        Some(_) => FILES_OF_THIS_MACHINE_TOO,
        None => FILES_AND_SERVERS,
    };
    let options = [
        ("--name", args.name.is_some(), certificates),
        ("--purpose", args.purpose.is_some(), purpose),
        ("--trust", !args.trust.is_empty(), certificates),
        ("--key", args.files.key.is_some(), FILES_AND_SERVERS),
        ("--thumbprint", args.files.thumbprint.is_some(), FILES_AND_SERVERS),
        ("--user", args.files.user.is_some(), FILES),
        ("--read-by", !args.files.read_by.is_empty(), FILES),
        ("--starttls", connection.starttls.is_some(), SERVERS),
        ("--server-name", connection.server_name.is_some(), SERVERS),
        ("--no-sni", connection.no_sni, SERVERS),
        ("--client-cert", connection.client_cert.is_some(), SERVERS),
        ("--bind", connection.bind.is_some(), SERVERS),
        ("--proxy", connection.proxy.is_some(), SERVERS),
    ];
    let is_unused = |(_, is_given, of): &(&str, bool, For)| {
        *is_given && !targets.iter().any(|target| of.kinds.contains(&target.kind()))
    };
    match options.into_iter().find(is_unused) {
        None => Ok(()),
        Some((option, _, of)) => {
            Err(Failure::usage(format!("`{option}` is for {}, but no target is one", of.words)).hint(of.hint))
        }
    }
}
