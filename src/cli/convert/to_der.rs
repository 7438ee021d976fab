//! `gsec convert to-der`.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::{OutArgs, to_stdout, write};
use crate::cli::failure::{self, Failure};
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::{hint, input};
use gsec_ca::files::Access;
use gsec_env::Env;
use gsec_pki::contents::decode_bundle;
use gsec_pki::encoding::pem::{self, Block};
use gsec_pki::encoding::sniff::{FileKind, file_kind};
use gsec_pki::key::{EncryptedKey, KeyFormat, curve_block, is_encrypted_block, is_key_block};
use gsec_pki::x509::{decode_certificate_block, is_certificate_block};
use gsec_report::ToDerReport;

/// Convert a PEM file with one certificate, key, CSR or CRL to DER
///
/// Only the encoding changes: a private key keeps its form, and an `ENCRYPTED PRIVATE KEY` stays encrypted.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec convert to-der gsec-ca/ca_conf/ca_cert.pem --out ca.der
  $ gsec convert to-der key.pem --out key.der"
))]
pub(in crate::cli) struct Args {
    /// A PEM file; `-` for standard input
    #[arg(value_name = "FILE")]
    input: PathBuf,

    #[command(flatten)]
    out: OutArgs,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let file = args.out.file(global)?;
    let bytes = input::read(&args.input, env)?;
    let source = shown(&args.input);
    let object = match file_kind(&bytes) {
        FileKind::Pem => only_object(&bytes, &source)?,
        FileKind::Pkcs12 => return Err(is_pkcs12(&source)),
        FileKind::DerEncryptedKey => Object {
            der: bytes,
            holds: "an encrypted private key".into(),
            access: Access::Secret,
        },
        _ => {
            // DER already: what it is gets checked, and it goes through as it is.
            let bundle =
                decode_bundle(&bytes, None).map_err(|error| failure::of_bundle(&source, &error, false))?;
            let access = if bundle.keys.is_empty() {
                Access::Public
            } else {
                Access::Secret
            };
            Object {
                der: bytes,
                holds: bundle.in_words(),
                access,
            }
        }
    };
    match file {
        None => Ok(to_stdout(&object.der, Vec::new())),
        Some(path) => {
            let file = write(
                path,
                object.access,
                &object.der,
                args.out.existing(),
                &object.holds,
            )?;
            Ok(Outcome::report(&ToDerReport { source, file }, &[], global))
        }
    }
}

/// What DER can hold: one thing.
struct Object {
    der: Zeroizing<Vec<u8>>,
    holds: String,
    access: Access,
}

/// The one object in a PEM text.
fn only_object(text: &[u8], source: &str) -> Result<Object, Failure> {
    let damaged = |error: pem::PemError| failure::of_bundle(source, &error.into(), false);
    let blocks = pem::decode_all(text).map_err(damaged)?;
    let objects: Vec<&Block> = blocks
        .iter()
        .filter(|block| block.label != pem::EC_PARAMETERS)
        .collect();
    let [block] = objects.as_slice() else {
        let mut failure = Failure::cannot("convert.several", format!("cannot use `{source}`"));
        failure.problem.caused_by.push(format!(
            "it contains {} ({}), and a DER file can contain only one",
            objects.len(),
            pem::labels_in_words(&blocks)
        ));
        return Err(failure.hint(hint::on_input(source, |typed| {
            format!("split it first: `gsec convert to-pem {typed} --out-dir parts`")
        })));
    };
    if block.dek_info.is_some() {
        let failure = Failure::cannot("convert.no_der", format!("cannot use `{source}`")).hint(hint::on_input(source, |typed| {
            let out = hint::unused("key", "der");
            format!("decrypt it first: `gsec convert key {typed} --der --out {out}`, which asks for its password; scripts pass `--password-file`")
        }));
        return Err(failure.because("a key encrypted with `Proc-Type: 4,ENCRYPTED` cannot be written as DER"));
    }
    if block.label == pem::PKCS12 {
        return Ok(Object {
            der: block.content.clone(),
            holds: "a PKCS #12 file".into(),
            access: Access::Secret,
        });
    }
    let access = if is_key_block(block) {
        Access::Secret
    } else {
        Access::Public
    };
    if is_certificate_block(block) {
        let certificate =
            decode_certificate_block(block).map_err(|error| failure::of_certificate(source, &error))?;
        return Ok(Object {
            der: Zeroizing::new(certificate.der().to_vec()),
            holds: "one certificate".into(),
            access,
        });
    }
    if is_encrypted_block(block) {
        EncryptedKey::from_der(&block.content).map_err(|error| failure::of_key(source, &error))?;
        return Ok(Object {
            der: block.content.clone(),
            holds: "an encrypted private key".into(),
            access,
        });
    }
    // What gsec does not know is not passed on as if it were sound.
    let bundle = decode_bundle(text, None).map_err(|error| failure::of_bundle(source, &error, false))?;
    if !bundle.others.is_empty() {
        return Err(
            Failure::cannot("convert.unknown", format!("cannot use `{source}`")).because(format!(
                "it is {}, which gsec does not support",
                bundle.in_words()
            )),
        );
    }
    // If a block with the curve precedes a SEC 1 key, the curve becomes part of the key.
    let der = match (bundle.keys.as_slice(), curve_block(&blocks)) {
        ([found], Some(_)) => found
            .key
            .to_der(KeyFormat::Traditional)
            .map_err(|error| failure::of_key(source, &error))?,
        _ => block.content.clone(),
    };
    Ok(Object {
        der,
        holds: bundle.in_words(),
        access,
    })
}

fn is_pkcs12(source: &str) -> Failure {
    let mut failure = Failure::cannot("convert.several", format!("cannot use `{source}`"));
    failure
        .problem
        .caused_by
        .push("it is a PKCS #12 file, which is already DER and contains several things".into());
    failure.hint(hint::on_input(source, |typed| {
        format!("split it: `gsec convert to-pem {typed} --out-dir parts`")
    }))
}
