//! `gsec convert key`.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::{OutArgs, to_stdout, write};
use crate::cli::failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{NewPasswordArgs, PasswordArgs, expect_one_stdin, stdin_of};
use crate::cli::value;
use gsec_ca::files::Access;
use gsec_env::Env;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{KeyDocument, KeyError, KeyFormat};
use gsec_report::{ConvertKeyReport, Notice};

/// Convert a private key between PKCS #8, PKCS #1, SEC 1, PEM and DER
///
/// Can also encrypt or decrypt it. Reads every form, including legacy encryption, and PKCS #12 with one key. The
/// key is written unencrypted unless a new password is given; then as PKCS #8 with AES-256 and PBKDF2 with
/// 600,000 iterations.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec convert key key.pem --key-format pkcs1 --out rsa.pem
  $ gsec convert key key.pem --new-password-file secret.txt --out locked.pem
  $ gsec convert key db1.pfx --password-file secret.txt --out key.pem"
))]
pub(in crate::cli) struct Args {
    /// A file with one private key; `-` for standard input
    #[arg(value_name = "FILE")]
    input: PathBuf,

    #[command(flatten)]
    out: OutArgs,

    /// Key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)
    #[arg(long, value_name = "FORM", default_value = "pkcs8", value_parser = value::one_of(&KeyFormat::ALL, KeyFormat::name), help_heading = "Output")]
    key_format: KeyFormat,

    /// Write DER instead of PEM
    #[arg(long, help_heading = "Output")]
    der: bool,

    #[command(flatten)]
    password: PasswordArgs,

    #[command(flatten)]
    new_password: NewPasswordArgs,
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    expect_one_stdin(&[
        args.password.source(),
        args.new_password.source(),
        stdin_of(&args.input),
    ])?;
    let file = args.out.file(global)?;
    let new_password = args.new_password.read(args.key_format, env)?;
    let source = shown(&args.input);
    let of_key = |error: KeyError| failure::of_key(&source, &error);
    let bundle = input::bundle(&args.input, &args.password.read([], env)?, env)?;
    let notices: Vec<Notice> = input::rewritten_keys(&args.input, &bundle).into_iter().collect();
    let key = bundle.only_key().map_err(of_key)?;
    let content = encode_as(args, &key.key, new_password.as_ref(), env).map_err(of_key)?;
    let Some(path) = file else {
        return Ok(to_stdout(&content, notices));
    };
    let holds = if new_password.is_some() {
        "private key, encrypted"
    } else {
        "private key, not encrypted"
    };
    let report = ConvertKeyReport {
        file: write(path, Access::Secret, &content, args.out.existing(), holds)?,
        algorithm: key.key.algorithm().into(),
        public_key_sha256: key
            .key
            .public_key()
            .map(|public| encode(&public.pin(), Separator::None)),
        was_encrypted: key.encryption.clone(),
        is_encrypted: new_password.is_some(),
        source: source.clone(),
    };
    Ok(Outcome::noticed(&report, notices, global))
}

fn encode_as(
    args: &Args,
    key: &KeyDocument,
    new_password: Option<&Zeroizing<String>>,
    env: &mut Env,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let in_bytes = |text: Zeroizing<String>| Zeroizing::new(text.as_bytes().to_vec());
    let mut random = |out: &mut [u8]| env.random.fill(out);
    match (new_password, args.der) {
        (Some(password), true) => key.to_encrypted_der(password, &mut random).map(Zeroizing::new),
        (Some(password), false) => key.to_encrypted_pem(password, &mut random).map(in_bytes),
        (None, true) => key.to_der(args.key_format),
        (None, false) => key.to_pem(args.key_format).map(in_bytes),
    }
}
