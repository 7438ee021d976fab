//! `gsec cert fetch`.

use std::path::PathBuf;

use crate::cli::connection_args::{ConnectionArgs, chain_pem, no_chain};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown, thumbprints};
use crate::cli::help::help;
use crate::cli::hint::starttls_words;
use crate::cli::outcome::{CommandResult, Ending, Outcome};
use crate::cli::secret::PasswordArgs;
use crate::cli::value::{self, TypedServer};
use gsec_ca::files::{Access, Existing, is_standard_output, write_output};
use gsec_doctor::net::{Depth, probe};
use gsec_doctor::tls::Probe;
use gsec_env::Env;
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::{Certificate, rfc3339};
use gsec_report::{FetchReport, Notice, WrittenFile};

/// Fetch the certificates that a server presents
///
/// Prints them as PEM, each below a line with its thumbprint and subject. The certificates are not verified:
/// they may come from anyone who answers at that address. Compare the thumbprint with one from the server's
/// administrator, or use `gsec cert verify`. Servers that modern libraries cannot connect to (TLS 1.0 and
/// 1.1, old cipher suites) are supported too.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert fetch localhost:8443
  $ gsec cert fetch 127.0.0.1:8443 --server-name db1.example.com --out chain.pem
  $ gsec cert fetch localhost:8587 --starttls smtp
  $ gsec cert fetch localhost:8443 --client-cert cert.pem --client-key key.pem --json",
or_no = "the server cannot be reached, or presents no certificate"))]
pub(in crate::cli) struct Args {
    /// The server; put an IPv6 address in brackets
    #[arg(value_name = "HOST:PORT", value_parser = value::server)]
    target: TypedServer,

    #[command(flatten)]
    connection: ConnectionArgs,

    /// Write the certificates to this file [default: -, standard output]
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,

    #[command(flatten)]
    password: PasswordArgs,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let target = args.target.endpoint(args.connection.starttls)?;
    let password = args.password.read(args.connection.files(), env)?;
    let identity = args.connection.identity(&password, env)?;
    let seen = probe(&args.connection.request(target, identity, Depth::Certificates));
    let mut report = FetchReport::of(&seen);
    if let Some(failure) = no_chain(&seen, true) {
        return Ok(answer_no(report, failure, global));
    }
    let pem = chain_pem(&seen.chain, comment);
    let notices = notices(&seen);
    let file = args
        .out
        .as_deref()
        .filter(|path| path.as_os_str() != "-" && !is_standard_output(path));
    if let Some(path) = file {
        write_output(path, Access::Public, pem.as_bytes(), Existing::Keep)?;
        let holds = match seen.chain.len() {
            1 => "one certificate, not verified".into(),
            count => format!("{count} certificates, not verified"),
        };
        report.file = Some(WrittenFile {
            path: shown(path),
            holds,
            secret: false,
        });
    } else if !global.json {
        let text = format!("{}{pem}", head(&seen));
        return Ok(Outcome {
            warnings: notices,
            ..Outcome::payload(text.into_bytes())
        });
    }
    Ok(Outcome::noticed(&report, notices, global))
}

/// A document for programs; for people an error, with nothing on stdout, which may be on its way into a file.
fn answer_no(mut report: FetchReport, failure: Failure, global: &Global) -> Outcome {
    report.problem = Some(failure.problem.clone());
    let answer = Outcome::noticed(&report, Vec::new(), global);
    let stdout = if global.json {
        answer.stdout
    } else {
        Outcome::payload(Vec::new()).stdout
    };
    Outcome {
        stdout,
        ending: Ending::Partly(failure),
        ..answer
    }
}

/// What was seen, as a comment before the first block: readers of PEM pass it over.
fn head(seen: &Probe) -> String {
    let address = seen
        .address
        .map(|address| format!(" at {address}"))
        .unwrap_or_default();
    let starttls = seen
        .starttls
        .map(|protocol| format!(", STARTTLS in {}", protocol.title()))
        .unwrap_or_default();
    let version = seen
        .negotiated
        .as_ref()
        .map(|negotiated| format!(", {}, {}", negotiated.version, negotiated.suite))
        .unwrap_or_default();
    format!(
        "# {}{address}{starttls}{version}; presented, NOT verified\n",
        seen.target
    )
}

/// One line before a block.
fn comment(der: &[u8]) -> String {
    match Certificate::from_der(der) {
        Ok(certificate) => {
            let [_, sha256] = thumbprints(&certificate);
            format!(
                "# sha256 {sha256}  {}\n",
                visible(&certificate.subject().to_string())
            )
        }
        Err(error) => format!("# cannot be parsed: {}\n", visible(&error.to_string())),
    }
}

fn notices(seen: &Probe) -> Vec<Notice> {
    let unreadable = seen.chain.iter().enumerate().filter_map(|(index, der)| {
        let error = Certificate::from_der(der).err()?;
        Some(Notice {
            code: "unreadable_certificate".into(),
            message: format!("certificate {} cannot be read: {error}", index + 1),
            hint: None,
        })
    });
    let bad_signature =
        matches!(seen.signature, gsec_doctor::tls::SignatureVerdict::Bad { .. }).then(|| Notice {
            code: "bad_signature".into(),
            message: format!("the signature of the handshake is {}", seen.signature),
            hint: Some(
                "does the server use the right key file? gsec cert match compares a key and a certificate"
                    .into(),
            ),
        });
    let is_old = seen.modern_refusal.as_ref().map(|refusal| Notice {
        code: "no_modern_tls".into(),
        message: format!("programs that only use a modern TLS library cannot connect there: {refusal}"),
        hint: Some(format!(
            "`gsec doctor {}{}` says what the server accepts",
            seen.target,
            starttls_words(seen.starttls)
        )),
    });
    let others = seen.other_chains.iter().map(|other| {
        let own = other
            .chain
            .first()
            .and_then(|der| Certificate::from_der(der).ok());
        let name = own.map_or_else(String::new, |own| {
            format!(
                ": `{}`, serial {}, until {}",
                own.title(),
                own.serial(),
                rfc3339(own.not_after())
            )
        });
        Notice {
            code: "other_certificate".into(),
            message: format!(
                "the server presents another certificate to {other}, which is not in the output{name}"
            ),
            hint: None,
        }
    });
    let refused = seen.client_authentication.refusal.as_ref().map(|refusal| Notice {
        code: "client_certificate_refused".into(),
        message: format!("the server refuses the client certificate: {refusal}"),
        hint: None,
    });
    unreadable
        .chain(bad_signature)
        .chain(is_old)
        .chain(others)
        .chain(refused)
        .collect()
}
