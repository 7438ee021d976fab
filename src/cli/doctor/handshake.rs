//! `gsec doctor handshake`.

use std::ops::Range;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::cli::failure::{self, Failure};
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::input::Source;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{InputPassword, PasswordArgs};
use crate::cli::value;
use gsec_ca::authority::Authority;
use gsec_doctor::checks::handshake::{CHECKS, Trust};
use gsec_doctor::checks::{Diagnosis, Selection};
use gsec_doctor::facts::{Ends, Equipment, handshake, presented_chain, subordinates};
use gsec_doctor::tls::rehearsal::Version;
use gsec_env::Env;
use gsec_pki::contents::{Bundle, BundledKey};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{Certificate, GeneralName};
use gsec_report::HandshakeReport;

/// Rehearse a TLS handshake, and report which side would fail, and why
///
/// Nothing needs to be deployed: runs a server and a client with these files in one process, without a
/// socket, for TLS 1.3 and 1.2, and explains what each side finds in the other's certificate. Files can be
/// PEM, DER or PKCS #12, with certificate and key in one file or two. The server requires a client
/// certificate when `--client-cert` or `--client-trust` is given.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec doctor handshake --server-cert cert.pem --server-key key.pem --name db1.example.com
  $ gsec doctor handshake --server-cert db1.pfx --client-cert db1.pfx --trust ca.pem --json",
no = "the handshake would fail"))]
pub(super) struct Args {
    /// The server's certificate with its intermediates, as the server would read it
    #[arg(long, value_name = "FILE", required = true)]
    server_cert: PathBuf,

    /// The server's private key [default: the one in the certificate's file]
    #[arg(long, value_name = "FILE")]
    server_key: Option<PathBuf>,

    /// The client's certificate with its intermediates
    #[arg(long, value_name = "FILE")]
    client_cert: Option<PathBuf>,

    /// The client's private key [default: the one in the certificate's file]
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    client_key: Option<PathBuf>,

    /// What the client trusts, instead of the CA directory's certificate; can be repeated
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,

    /// What the server trusts for clients; can be repeated [default: what the client trusts]
    #[arg(long, value_name = "FILE")]
    client_trust: Vec<PathBuf>,

    /// The host that the client connects to [default: any]
    #[arg(long, value_name = "FQDN|IP", value_parser = value::compared_host)]
    name: Option<GeneralName>,

    /// Rehearse only this version [default: 1.3 and 1.2]
    #[arg(long = "tls", value_name = "VERSION")]
    version: Option<VersionArg>,

    /// Rehearse for this time: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]
    #[arg(long, value_name = "TIME", value_parser = value::time)]
    at: Option<OffsetDateTime>,

    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum VersionArg {
    #[value(name = "1.2")]
    Tls12,
    #[value(name = "1.3")]
    Tls13,
}

pub(super) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let password = args.password.read(args.files(), env)?;
    let at = args.at.unwrap_or_else(|| env.clock.now());
    // Suggestions to re-issue come from the local CA, but with `--trust` the rehearsal works without one.
    let authority = match (global.open_authority(env), args.trust.as_slice()) {
        (Err(failure), []) => return Err(failure.hint("or pass the trusted certificate with `--trust FILE`")),
        (authority, _) => authority.ok(),
    };
    let client_trust = match (&authority, args.trust.as_slice()) {
        (Some(authority), []) => Trust {
            files: vec![authority.directory().ca_certificate()],
            anchors: authority.anchors().0,
        },
        (_, files) => trust(files, &password, env)?,
    };
    let server_trust = match (args.client_trust.is_empty(), args.client_cert.is_some()) {
        (false, _) => Some(trust(&args.client_trust, &password, env)?),
        (true, true) => Some(Trust {
            files: client_trust.files.clone(),
            anchors: client_trust.anchors.clone(),
        }),
        (true, false) => None,
    };
    let mut known = Vec::new();
    let mut equip = |certificates: &Path, key: Option<&PathBuf>, flag: &str| {
        equipment(certificates, key, flag, &password, &mut known, env)
    };
    let server = equip(&args.server_cert, args.server_key.as_ref(), "--server-key")?;
    let client = args
        .client_cert
        .as_ref()
        .map(|file| equip(file, args.client_key.as_ref(), "--client-key"))
        .transpose()?;
    let ends = || std::iter::once(&server).chain(&client);
    let below: Vec<_> = authority
        .iter()
        .flat_map(|authority| ends().flat_map(|end| subordinates(authority, &end.chain)))
        .collect();
    let known = known_besides(&client_trust, server_trust.as_ref(), authority.as_ref())
        .into_iter()
        .chain(below)
        .chain(known)
        .collect();
    let facts = handshake(Ends {
        server,
        client,
        client_trust,
        server_trust,
        known,
        name: args.name.clone(),
        authority: authority
            .as_ref()
            .map(|authority| (authority, global.directory_words())),
        versions: match args.version {
            Some(VersionArg::Tls12) => vec![Version::Tls12],
            Some(VersionArg::Tls13) => vec![Version::Tls13],
            None => vec![Version::Tls13, Version::Tls12],
        },
        at,
    });
    let report = HandshakeReport::of(&facts, Diagnosis::of(&facts, CHECKS, &Selection::default()), at);
    Ok(Outcome::noticed(&report, Vec::new(), global).answering(report.agrees))
}

impl Args {
    /// Every file that is read.
    fn files(&self) -> impl Iterator<Item = &Path> {
        let keys = [
            Some(&self.server_cert),
            self.server_key.as_ref(),
            self.client_cert.as_ref(),
            self.client_key.as_ref(),
        ];
        keys.into_iter()
            .flatten()
            .chain(&self.trust)
            .chain(&self.client_trust)
            .map(PathBuf::as_path)
    }
}

fn trust(files: &[PathBuf], password: &InputPassword, env: &mut Env) -> Result<Trust, Failure> {
    let mut anchors = Vec::new();
    for file in files {
        anchors.extend(crate::cli::input::certificates(file, password, env)?);
    }
    Ok(Trust {
        files: files.to_vec(),
        anchors,
    })
}

/// Certificates and key of one end, from one file or two.
fn equipment(
    file: &Path,
    key_file: Option<&PathBuf>,
    flag: &str,
    password: &InputPassword,
    known: &mut Vec<(Certificate, PathBuf)>,
    env: &mut Env,
) -> Result<Equipment, Failure> {
    let source = Source::read(file, env)?;
    let (is_pem, appending, rewriting) = (!source.is_pkcs12(), source.appending(), source.rewriting());
    let bundle = source.bundle(password, env)?;
    let chain = presented_chain(&bundle);
    if chain.is_empty() {
        let message = format!(
            "`{}` contains no certificate: it contains {}",
            shown(file),
            bundle.in_words()
        );
        return Err(Failure::cannot("certificate.none", message)
            .hint("pass the file with the certificate here, and the key's with the other option"));
    }
    known.extend(
        chain
            .iter()
            .map(|certificate| (certificate.clone(), file.to_owned())),
    );
    let key_file = key_file.map_or(file, PathBuf::as_path);
    let (mut holder, in_use): (Bundle, Range<usize>) = if key_file == file {
        let in_use = bundle.places_in_use_with(&bundle);
        (bundle, in_use)
    } else {
        let holder = Source::read(key_file, env)?.bundle(password, env)?;
        let in_use = holder.places_in_use_with(&bundle);
        (holder, in_use)
    };
    let is_there = !holder.keys.is_empty();
    // Of several keys in PEM programs read the first, unless each has its certificate. PKCS #12 says which key is whose.
    let in_use: Vec<BundledKey> = holder.keys.drain(in_use).collect();
    let other_keys: Vec<PublicKey> = std::mem::replace(&mut holder.keys, in_use)
        .iter()
        .filter_map(|key| key.key.public_key().cloned())
        .collect();
    if holder.keys.len() > 1 {
        let place = |certificate: &Certificate| {
            holder.keys.iter().position(|key| {
                key.key
                    .public_key()
                    .is_some_and(|key| key.is_pair_of(certificate.public_key()))
            })
        };
        if let Some(place) = chain.iter().find_map(place) {
            holder.keys = vec![holder.keys.swap_remove(place)];
        }
    }
    let key = holder.only_key().map_err(|error| {
        let failure = failure::of_key(&shown(key_file), &error);
        if is_there {
            failure
        } else {
            failure.hint(format!("pass the private key with `{flag} FILE`"))
        }
    })?;
    Ok(Equipment {
        file: file.to_owned(),
        key_file: key_file.to_owned(),
        is_pem,
        appending,
        rewriting,
        chain,
        key: key.key,
        other_keys,
    })
}

/// Where an intermediate may be that is not presented.
fn known_besides(
    client: &Trust,
    server: Option<&Trust>,
    authority: Option<&Authority>,
) -> Vec<(Certificate, PathBuf)> {
    let of_trust = |trust: &Trust| {
        let file = trust.files.first().cloned().unwrap_or_default();
        trust
            .anchors
            .iter()
            .map(|anchor| (anchor.clone(), file.clone()))
            .collect::<Vec<_>>()
    };
    let directory = authority.map(|authority| {
        let file = authority.directory().ca_certificate();
        authority
            .intermediates()
            .into_iter()
            .map(move |certificate| (certificate.clone(), file.clone()))
            .collect::<Vec<_>>()
    });
    [directory, Some(of_trust(client)), server.map(of_trust)]
        .into_iter()
        .flatten()
        .flatten()
        .collect()
}
