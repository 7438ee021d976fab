//! `gsec cert show`.

use std::path::Path;

use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::revocation::LocalCa;
use crate::cli::secret::PasswordArgs;
use crate::cli::selector::{SourceKind, select_source};
use gsec_env::Env;
use gsec_pki::contents::{Bundle, PfxProtection};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::pem;
use gsec_pki::pkcs12::{BagFacts, PfxReader, Readability};
use gsec_pki::x509::Certificate;
use gsec_report::{EntryFacts, Pkcs12Facts, ReaderFacts, RequestFacts, ShowReport, ShownCertificate};

/// Show everything in a certificate, a CSR, or a PKCS #12 file
///
/// Reads PEM with any number of certificates and CSRs, DER, or PKCS #12; `-` for standard input. For a PKCS
/// #12 file, also shows the algorithms that protect it, and which programs can read it.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert show 01
  $ gsec cert show gsec-ca/repository/01_db1_cert.pfx
  $ gsec cert show gsec-ca/repository/01_db1_cert.pem --json",
or_no = "the server cannot be reached, or presents no certificate"))]
pub(in crate::cli) struct Args {
    /// A file, `-`, a serial number or a host of the CA, or a server
    #[arg(value_name = "FILE|SERIAL|HOST|HOST:PORT")]
    selector: String,

    #[command(flatten)]
    kind: SourceKind,

    #[command(flatten)]
    password: PasswordArgs,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let password = args.password.read([Path::new(&args.selector)], env)?;
    let (file, selected) = select_source(&args.selector, &args.kind, global, env)?;
    let source = shown(&file.path);
    let (pkcs12, certificates) = if file.is_pkcs12() {
        let bundle = file.bundle(&password, env)?;
        let certificates = bundle
            .certificates
            .iter()
            .map(|found| found.certificate.clone())
            .collect();
        (
            bundle.pfx.as_ref().map(|pfx| pkcs12_facts(&bundle, pfx)),
            certificates,
        )
    } else {
        match file.certificates(&password, env) {
            Ok(certificates) => (None, certificates),
            Err(_) if !file.requests().is_empty() => (None, Vec::new()),
            Err(failure) => return Err(file.with_other_command(failure, &password, env)),
        }
    };
    let requests: Vec<RequestFacts> = file.requests().iter().map(RequestFacts::from).collect();
    let asked = LocalCa::open(global, env)?;
    let shown = |certificate: &Certificate| ShownCertificate {
        facts: certificate.into(),
        trust_settings: certificate.trust_settings().map(Into::into),
        revocation: asked.about(certificate),
    };
    let report = ShowReport {
        source,
        pkcs12,
        certificates: certificates.iter().map(shown).collect(),
        requests,
        selected,
    };
    let unread = file.unread(&[pem::CERTIFICATE_REQUEST, "NEW CERTIFICATE REQUEST"]);
    Ok(Outcome::noticed(&report, unread, global))
}

fn pkcs12_facts(bundle: &Bundle, pfx: &PfxProtection) -> Pkcs12Facts {
    let hex = |bytes: &[u8]| encode(bytes, Separator::None);
    let entry = |what: String,
                 facts: &BagFacts,
                 public: Option<&gsec_pki::key::PublicKey>,
                 encryption: &Option<String>| EntryFacts {
        what,
        friendly_name: facts.friendly_name.clone(),
        local_key_id: facts.local_key_id.as_deref().map(hex),
        public_key_sha256: public.map(|public| hex(&public.pin())),
        encryption: encryption.clone(),
        trusted: facts.is_trusted,
    };
    let keys = bundle.keys.iter().map(|found| {
        entry(
            found.key.algorithm().to_owned(),
            &found.facts,
            found.key.public_key(),
            &found.encryption,
        )
    });
    let certificates = bundle.certificates.iter().map(|found| {
        let certificate = &found.certificate;
        entry(
            certificate.subject().to_string(),
            &found.facts,
            Some(certificate.public_key()),
            &found.encryption,
        )
    });
    let crls = bundle.crls.iter().map(|crl| format!("a CRL of {}", crl.issuer()));
    Pkcs12Facts {
        mac: pfx.mac.clone(),
        keys: keys.collect(),
        certificates: certificates.collect(),
        others: crls.chain(bundle.others.in_words()).collect(),
        readers: pfx.readers.iter().map(reader_facts).collect(),
    }
}

fn reader_facts((reader, readability): &(PfxReader, Readability)) -> ReaderFacts {
    let (reads, why) = match readability {
        Readability::Yes => ("yes", None),
        Readability::If(condition) => ("conditional", Some(condition.clone())),
        Readability::No(why) => ("no", Some(why.clone())),
        Readability::Unknown(why) => ("unknown", Some(why.clone())),
    };
    ReaderFacts {
        reader: reader.name(),
        reads,
        why,
    }
}
