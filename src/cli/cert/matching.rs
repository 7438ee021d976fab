//! `gsec cert match`.

use std::path::PathBuf;

use crate::bundle::{Bundle, Entry};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::PasswordArgs;
use crate::encoding::hex::{Separator, encode};
use crate::env::Env;
use crate::key::PublicKey;
use crate::report::{MatchReport, MatchedFile};

/// Say whether keys, certificates and requests belong together
///
/// Compares the public key in each file with that in the first. Of a file with a chain, the end-entity certificate counts.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert match key.pem cert.pem
  $ gsec cert match key.pem *.pem --json",
no = "at least one file is about another key"))]
pub(in crate::cli) struct Args {
    /// Private key, certificate, request or public key, in PEM, DER or PKCS #12; `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    password: PasswordArgs,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    if args.files.len() < 2 {
        return Err(Failure::usage("two files or more are compared").hint("name the other one: `gsec cert match KEY CERT`"));
    }
    let password = args.password.read(args.files.iter().map(PathBuf::as_path), env)?;
    let mut files: Vec<MatchedFile> = Vec::new();
    for path in &args.files {
        let bundle = input::bundle(path, &password, env)?;
        let subject = subject_of(&bundle).map_err(|why| why.failure(&shown(path)))?;
        let pin = encode(&subject.key.pin(), Separator::None);
        let matches = files.first().is_none_or(|first| first.public_key_sha256 == pin);
        let (kind, key) = (subject.kind, subject.key.to_string());
        files.push(MatchedFile { source: shown(path), kind, subject: subject.name, key, public_key_sha256: pin, matches });
    }
    let matches = files.iter().all(|file| file.matches);
    Ok(Outcome::report(&MatchReport { matches, files }, &[], global).answering(matches))
}

/// What a file is about.
struct Subject {
    kind: &'static str,
    name: Option<String>,
    key: PublicKey,
}

/// Why it cannot be told what a file is about.
struct Unclear(String);

impl Unclear {
    fn failure(&self, path: &str) -> Failure {
        let mut failure = Failure::cannot("match.unclear", format!("cannot use `{path}`"));
        failure.caused_by.push(self.0.clone());
        failure
    }
}

/// A private key counts before certificates, those before requests.
fn subject_of(bundle: &Bundle) -> Result<Subject, Unclear> {
    match (bundle.keys.as_slice(), bundle.requests.as_slice(), bundle.public_keys.as_slice()) {
        ([found], ..) => {
            let key =
                found.key.public_key().ok_or_else(|| Unclear(format!("the public half of a key of {} cannot be told", found.key.algorithm())))?;
            Ok(Subject { kind: "private key", name: None, key: key.clone() })
        }
        ([_, _, ..], ..) => Err(Unclear(format!("it holds {} private keys, and one is wanted", bundle.keys.len()))),
        ([], ..) if !bundle.certificates.is_empty() => {
            let arranged = bundle.arrange();
            // Of several ends the first in the file counts, as servers have it.
            let first = || &bundle.certificates[0];
            let found = arranged.entries.first().map_or_else(first, |entry: &Entry<'_>| entry.certificate);
            let certificate = &found.certificate;
            Ok(Subject { kind: "certificate", name: Some(certificate.subject().to_string()), key: certificate.public_key().clone() })
        }
        ([], [request, ..], _) => {
            Ok(Subject { kind: "certification request", name: Some(request.subject().to_string()), key: request.public_key().clone() })
        }
        ([], [], [key, ..]) => Ok(Subject { kind: "public key", name: None, key: key.clone() }),
        ([], [], []) => Err(Unclear(format!("no key, certificate or request in it: {}", bundle.in_words()))),
    }
}
