//! `gsec convert to-pem`.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{OutArgs, passed_over, to_stdout, would_replace, write};
use crate::cli::failure::{self, Failure};
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::PasswordArgs;
use crate::cli::value;
use gsec_ca::files::{Access, FileName, OutputFile, in_output_folder, write_files};
use gsec_env::Env;
use gsec_pki::contents::{Bundle, Owner, PartKind, PemPart};
use gsec_pki::encoding::unique::UniqueNames;
use gsec_pki::key::KeyFormat;
use gsec_report::{ToPemReport, WrittenFile};

/// Convert a PKCS #12 or DER file to PEM
///
/// Writes everything to one stream or file, like `openssl pkcs12 -nodes`, or with `--out-dir` to separate
/// files for certificate, private key and chain. The file type is detected from the content. Private keys are
/// written unencrypted, to files that only their owner can read.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec convert to-pem db1.pfx --out-dir db1
  $ gsec convert to-pem db1.pfx --password-file secret.txt --out db1.pem
  $ gsec convert to-pem ca.der --out ca.pem"
))]
pub(in crate::cli) struct Args {
    /// PKCS #12, DER or PEM; `-` for standard input
    #[arg(value_name = "FILE")]
    input: PathBuf,

    #[command(flatten)]
    out: OutArgs,

    /// Write certificate, key and chain to separate files in this directory
    #[arg(long, value_name = "DIR", conflicts_with = "out", help_heading = "Output")]
    out_dir: Option<PathBuf>,

    /// Format of private keys: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)
    #[arg(long, value_name = "FORM", default_value = "pkcs8", value_parser = value::one_of(&KeyFormat::ALL, KeyFormat::name), help_heading = "Output")]
    key_format: KeyFormat,

    #[command(flatten)]
    password: PasswordArgs,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let file = if args.out_dir.is_some() {
        None
    } else {
        args.out.file(global)?
    };
    let password = args.password.read([args.input.as_path()], env)?;
    let bundle = input::bundle(&args.input, &password, env)?;
    let files = match (&args.out_dir, file) {
        (Some(folder), _) => split(args, &bundle, folder)?,
        (None, file) => {
            let text = bundle
                .to_pem(args.key_format)
                .map_err(|error| failure::of_key(&shown(&args.input), &error))?;
            if text.is_empty() {
                return Err(nothing(args, &bundle));
            }
            let Some(path) = file else {
                return Ok(to_stdout(text.as_bytes(), passed_over(&args.input, &bundle)));
            };
            vec![write(
                path,
                access(!bundle.keys.is_empty()),
                text.as_bytes(),
                args.out.existing(),
                &bundle.in_words(),
            )?]
        }
    };
    Ok(Outcome::noticed(
        &report(args, &bundle, files),
        passed_over(&args.input, &bundle),
        global,
    ))
}

fn report(args: &Args, bundle: &Bundle, files: Vec<WrittenFile>) -> ToPemReport {
    let Bundle {
        keys,
        certificates,
        requests,
        crls,
        ..
    } = bundle;
    let source = shown(&args.input);
    ToPemReport {
        source,
        keys: keys.len(),
        certificates: certificates.len(),
        requests: requests.len(),
        crls: crls.len(),
        files,
    }
}

/// Each part into a file of its own.
fn split(args: &Args, bundle: &Bundle, folder: &Path) -> Result<Vec<WrittenFile>, Failure> {
    let parts = bundle
        .to_pem_parts(args.key_format)
        .map_err(|error| failure::of_bundle(&shown(&args.input), &error, true))?;
    if parts.is_empty() {
        return Err(nothing(args, bundle));
    }
    let mut names = Names::default();
    let outputs: Vec<OutputFile> = parts
        .iter()
        .map(|part| OutputFile {
            name: names.of(part),
            access: access(part.kind == PartKind::PrivateKey),
            content: Zeroizing::new(part.text.as_bytes().to_vec()),
        })
        .collect();
    let paths = in_output_folder(folder, |folder| {
        write_files(folder, &outputs, args.out.existing())
    })
    .map_err(would_replace)?;
    let written = |(path, part): (PathBuf, &PemPart)| WrittenFile {
        path: shown(&path),
        holds: part.kind.name().into(),
        secret: part.kind == PartKind::PrivateKey,
    };
    Ok(paths.into_iter().zip(&parts).map(written).collect())
}

fn access(has_key: bool) -> Access {
    if has_key { Access::Secret } else { Access::Public }
}

fn nothing(args: &Args, bundle: &Bundle) -> Failure {
    Failure::cannot("convert.nothing", format!("cannot use `{}`", shown(&args.input)))
        .because(format!("nothing in it can be converted: {}", bundle.in_words()))
}

/// The names of files that were given, so that two entries of one host do not meet.
#[derive(Default)]
struct Names {
    taken: UniqueNames,
    /// The last named entry, and the common prefix of its files' names.
    last: Option<(usize, String)>,
}

impl Names {
    /// Maximum length of the prefix; leaves room for the rest of the name.
    const MAX_BASE: usize = 200;

    fn of(&mut self, part: &PemPart) -> FileName {
        let name = match part.kind {
            PartKind::Certificate => format!("{}_cert.pem", self.base(part)),
            PartKind::PrivateKey => format!("{}_priv_key.pem", self.base(part)),
            PartKind::Chain => format!("{}_chain.pem", self.base(part)),
            PartKind::OtherCertificates => "other_certs.pem".into(),
            PartKind::Collection => "certs.pem".into(),
            PartKind::Request => format!("{}_csr.pem", self.base(part)),
            PartKind::PublicKeys => "public_keys.pem".into(),
            PartKind::Crls => "crl.pem".into(),
        };
        FileName::new(&name).expect("a base is sound, and so is what follows it")
    }

    fn base(&mut self, part: &PemPart) -> String {
        if let Some((entry, base)) = &self.last
            && *entry == part.entry
        {
            return base.clone();
        }
        let base = self.unique(&match &part.owner {
            Owner::Host(host) => FileName::host_part(host),
            Owner::Named(name) => FileName::text_part(name),
            Owner::Nobody => String::new(),
        });
        self.last = Some((part.entry, base.clone()));
        base
    }

    fn unique(&mut self, wanted: &str) -> String {
        let base: String = wanted
            .trim_start_matches(['.', '-'])
            .chars()
            .take(Self::MAX_BASE)
            .collect();
        // File systems may not tell upper from lower case.
        self.taken.give(if base.is_empty() { "unnamed" } else { &base })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_meet_and_cannot_leave_the_folder() {
        let mut names = Names::default();
        assert_eq!(names.unique("db1"), "db1");
        assert_eq!(names.unique("DB1"), "DB1-2");
        assert_eq!(names.unique("db1-2"), "db1-2-2");
        assert_eq!(names.unique("..x"), "x");
        assert_eq!(names.unique("--"), "unnamed");
        assert_eq!(names.unique(&"x".repeat(300)).len(), 200);
    }
}
