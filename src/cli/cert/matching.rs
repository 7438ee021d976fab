//! `gsec cert match`.

use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::PasswordArgs;
use gsec_env::Env;
use gsec_pki::contents::{Bundle, BundledCertificate, BundledKey, Entry};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::CertificateRequest;
use gsec_report::{MatchReport, MatchedFile, Notice};

/// Check whether keys, certificates and CSRs belong together
///
/// Compares the public key in each file with the one in the first. If a file contains a chain, its end-entity
/// certificate is used. A CSR or a public key beside keys or certificates must belong to one of them.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert match key.pem cert.pem
  $ gsec cert match key.pem *.pem --json",
no = "at least one file belongs to a different key"))]
pub(in crate::cli) struct Args {
    /// Private key, certificate, CSR or public key, in PEM, DER or PKCS #12; `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    password: PasswordArgs,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    if args.files.len() < 2 {
        return Err(Failure::usage("at least two files are required")
            .hint("add the file to compare with: a key and a certificate, for example"));
    }
    let password = args.password.read(args.files.iter().map(PathBuf::as_path), env)?;
    let mut all: Vec<(String, Vec<Subject>)> = Vec::new();
    let mut certified: Vec<Vec<PublicKey>> = Vec::new();
    let mut strays: Vec<Vec<Subject>> = Vec::new();
    let mut notices = Vec::new();
    for path in &args.files {
        let bundle = input::bundle(path, &password, env)?;
        notices.extend(input::odd_keys(path, &bundle));
        certified.push(
            bundle
                .certificates
                .iter()
                .map(|found| found.certificate.public_key().clone())
                .collect(),
        );
        strays.push(strays_of(&bundle));
        all.push((
            shown(path),
            subjects_of(&bundle).map_err(|why| why.failure(&shown(path)))?,
        ));
    }
    let (first, others) = all.split_at(1);
    let is_in = |subject: &Subject, files: &[(String, Vec<Subject>)]| {
        files
            .iter()
            .flat_map(|(_, subjects)| subjects)
            .any(|other| other.is_read && subject.is_read && other.key.is_pair_of(&subject.key))
    };
    let mut files = Vec::new();
    notices.extend(lonely_certificates(&all, &certified));
    for (place, (source, subjects)) in all.iter().enumerate() {
        let against = if place == 0 { others } else { first };
        // Of several the one counts that the other side has; a file with an RSA and an EC key belongs to the certificates of both.
        let common: Vec<&Subject> = subjects
            .iter()
            .filter(|subject| is_in(subject, against))
            .collect();
        let shown = if common.is_empty() {
            subjects.iter().take(1).collect()
        } else {
            common
        };
        notices.extend(unread_key(source, subjects, against));
        notices.extend(others_in(source, subjects, shown.len()));
        files.extend(
            shown
                .into_iter()
                .map(|subject| subject.matched(source, place == 0 || is_in(subject, first))),
        );
        let strays = strays.get(place).into_iter().flatten();
        files.extend(strays.map(|stray| stray.matched(source, false)));
    }
    let matches = files.iter().all(|file| file.matches);
    Ok(Outcome::noticed(&MatchReport { matches, files }, notices, global).answering(matches))
}

/// A file with private keys may also hold the certificate of a key that it does not have.
fn lonely_certificates(all: &[(String, Vec<Subject>)], certified: &[Vec<PublicKey>]) -> Vec<Notice> {
    let of_one = |(place, (source, subjects)): (usize, &(String, Vec<Subject>))| {
        let others = || {
            all.iter()
                .enumerate()
                .filter(move |(other, _)| *other != place)
                .flat_map(|(_, (_, subjects))| subjects)
        };
        let is_lonely = |key: &&PublicKey| {
            subjects.iter().all(|own| !own.key.is_pair_of(key))
                && others().any(|other| other.key.is_pair_of(key))
        };
        let key = certified
            .get(place)?
            .iter()
            .find(is_lonely)
            .filter(|_| subjects.iter().all(|own| own.kind == "private key"))?;
        let message = format!(
            "`{source}` also contains the certificate of the other key ({key}), without its private key"
        );
        Some(Notice {
            code: "certificate_without_key".into(),
            message,
            hint: None,
        })
    };
    all.iter().enumerate().filter_map(of_one).collect()
}

/// A private key that belongs to another file, and stands behind one that does not.
fn unread_key(source: &str, subjects: &[Subject], against: &[(String, Vec<Subject>)]) -> Option<Notice> {
    let others = || against.iter().flat_map(|(_, subjects)| subjects);
    let belongs = |subject: &Subject| others().any(|other| other.key.is_pair_of(&subject.key));
    if subjects.iter().any(|subject| subject.is_read && belongs(subject)) {
        return None;
    }
    let place = subjects
        .iter()
        .position(belongs)
        .filter(|place| !subjects[*place].is_read)?;
    let message = format!(
        "private key {} in `{source}` belongs to another of these files, but programs read only the first",
        place + 1
    );
    Some(Notice {
        code: "key_not_first".into(),
        message,
        hint: Some("take the other private key out of the file, or put it last".into()),
    })
}

/// What a file holds besides what is shown of it.
fn others_in(source: &str, subjects: &[Subject], shown: usize) -> Option<Notice> {
    let count = subjects.len() - shown;
    let kind = subjects.first()?.kind;
    let message = format!(
        "`{source}` also contains {count} other {kind}{}, not compared here",
        if count == 1 { "" } else { "s" }
    );
    (count > 0).then(|| Notice {
        code: "others_in_file".into(),
        message,
        hint: None,
    })
}

/// What a file is about.
struct Subject {
    kind: &'static str,
    /// Whether programs read it: of several private keys in PEM they read the first.
    is_read: bool,
    name: Option<String>,
    key: PublicKey,
}

/// Why the key in a file cannot be determined.
struct Unclear(String);

impl Unclear {
    fn failure(&self, path: &str) -> Failure {
        Failure::cannot("match.unclear", format!("cannot use `{path}`")).because(self.0.clone())
    }
}

impl Subject {
    fn of_request(request: &CertificateRequest) -> Self {
        Self {
            kind: "certification request",
            is_read: true,
            name: Some(request.subject().to_string()),
            key: request.public_key().clone(),
        }
    }

    fn of_public_key(key: &PublicKey) -> Self {
        Self {
            kind: "public key",
            is_read: true,
            name: None,
            key: key.clone(),
        }
    }

    fn matched(&self, source: &str, matches: bool) -> MatchedFile {
        MatchedFile {
            source: source.to_owned(),
            kind: self.kind,
            subject: self.name.clone(),
            key: self.key.to_string(),
            public_key_sha256: encode(&self.key.pin(), Separator::None),
            matches,
        }
    }
}

/// The requests and public keys in a file that belong to nothing of what the file is about.
fn strays_of(bundle: &Bundle) -> Vec<Subject> {
    let private = bundle.keys.iter().filter_map(|found| found.key.public_key());
    let certified = bundle
        .certificates
        .iter()
        .map(|found| found.certificate.public_key());
    let mut own: Vec<&PublicKey> = private.chain(certified).collect();
    let belongs =
        |own: &[&PublicKey], key: &PublicKey| own.is_empty() || own.iter().any(|own| own.is_pair_of(key));
    let requests = bundle.requests.iter();
    let requests: Vec<Subject> = requests
        .filter(|request| !belongs(&own, request.public_key()))
        .map(Subject::of_request)
        .collect();
    own.extend(bundle.requests.iter().map(CertificateRequest::public_key));
    let keys = bundle.public_keys.iter().filter(|key| !belongs(&own, key));
    requests
        .into_iter()
        .chain(keys.map(Subject::of_public_key))
        .collect()
}

/// What a file is about: its private keys; else its end-entity certificates, else its requests, else its public keys.
fn subjects_of(bundle: &Bundle) -> Result<Vec<Subject>, Unclear> {
    if !bundle.keys.is_empty() {
        let in_use = bundle.places_in_use_with(bundle);
        let of_key = |(place, found): (usize, &BundledKey)| {
            let unclear = || {
                Unclear(format!(
                    "cannot derive the public key of a key of {}",
                    found.key.algorithm()
                ))
            };
            Ok(Subject {
                kind: "private key",
                is_read: in_use.contains(&place),
                name: None,
                key: found.key.public_key().ok_or_else(unclear)?.clone(),
            })
        };
        return bundle.keys.iter().enumerate().map(of_key).collect();
    }
    let of_certificate = |found: &BundledCertificate| {
        let certificate = &found.certificate;
        Subject {
            kind: "certificate",
            is_read: true,
            name: Some(certificate.subject().to_string()),
            key: certificate.public_key().clone(),
        }
    };
    if let Some(first) = bundle.certificates.first() {
        let arranged = bundle.arrange();
        let hosts = arranged
            .other_certificates
            .iter()
            .copied()
            .filter(|found| !found.certificate.is_authority());
        let ends: Vec<Subject> = arranged
            .entries
            .iter()
            .map(|entry: &Entry<'_>| entry.certificate)
            .chain(hosts)
            .map(of_certificate)
            .collect();
        return Ok(if ends.is_empty() {
            vec![of_certificate(first)]
        } else {
            ends
        });
    }
    let requests: Vec<Subject> = bundle.requests.iter().map(Subject::of_request).collect();
    let keys = bundle.public_keys.iter().map(Subject::of_public_key);
    let found = if requests.is_empty() {
        keys.collect()
    } else {
        requests
    };
    if found.is_empty() {
        Err(Unclear(format!(
            "it contains no key, certificate or CSR: {}",
            bundle.in_words()
        )))
    } else {
        Ok(found)
    }
}
