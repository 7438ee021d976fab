//! Secrets: from a file, an environment variable or standard input, never from an argument.

use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use super::ask::{self, Secret, oddity};
use super::failure::Failure;
use super::global::shown;
use super::hint;
use super::signer;
use super::stdin::read_stdin;
use gsec_ca::authority::{Authority, AuthorityError, Unlocked};
use gsec_ca::files::read_file_within;
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::key::{KeyError, KeyFormat};

/// Maximum length of a password, in bytes.
const MAX_SECRET_BYTES: u64 = 64 * 1024;

/// Where a secret comes from.
pub(super) enum SecretSource<'a> {
    File(&'a Path),
    Variable(&'a str),
    Stdin,
}

/// The passphrase of the CA key.
#[derive(Args, Default)]
#[command(next_help_heading = "CA key")]
pub(super) struct CaPassphraseArgs {
    /// Read the CA key's passphrase from a file
    #[arg(long, value_name = "FILE", group = "ca_passphrase")]
    pub ca_passphrase_file: Option<PathBuf>,

    /// Read the CA key's passphrase from an environment variable
    #[arg(long, value_name = "VAR", group = "ca_passphrase")]
    pub ca_passphrase_env: Option<String>,

    /// Read the CA key's passphrase from standard input
    #[arg(long, group = "ca_passphrase")]
    pub ca_passphrase_stdin: bool,
}

/// The passphrase of the key of the CA above, where another CA's is meant by the options of every command.
#[derive(Args, Default)]
#[command(next_help_heading = "Parent CA")]
pub(super) struct ParentPassphraseArgs {
    /// Read the passphrase of the parent's key from a file
    #[arg(long, value_name = "FILE", group = "parent_passphrase", requires = "parent")]
    pub parent_passphrase_file: Option<PathBuf>,

    /// Read the passphrase of the parent's key from an environment variable
    #[arg(long, value_name = "VAR", group = "parent_passphrase", requires = "parent")]
    pub parent_passphrase_env: Option<String>,

    /// Read the passphrase of the parent's key from standard input
    #[arg(long, group = "parent_passphrase", requires = "parent")]
    pub parent_passphrase_stdin: bool,
}

/// The password of a PFX that is written.
#[derive(Args, Default)]
#[command(next_help_heading = "PKCS #12")]
pub(super) struct PfxPasswordArgs {
    /// Read the PFX's password from a file [default: the empty password]
    #[arg(long, value_name = "FILE", group = "pfx_password")]
    pub pfx_password_file: Option<PathBuf>,

    /// Read the PFX's password from an environment variable
    #[arg(long, value_name = "VAR", group = "pfx_password")]
    pub pfx_password_env: Option<String>,

    /// Read the PFX's password from standard input
    #[arg(long, group = "pfx_password")]
    pub pfx_password_stdin: bool,
}

/// The password of a file that is read.
#[derive(Args, Default)]
#[command(next_help_heading = "Input password")]
pub(super) struct PasswordArgs {
    /// Read the password of encrypted input from a file [default: try the empty password, then prompt]
    #[arg(long, value_name = "FILE", group = "password")]
    pub password_file: Option<PathBuf>,

    /// Read the password of encrypted input from an environment variable
    #[arg(long, value_name = "VAR", group = "password")]
    pub password_env: Option<String>,

    /// Read the password of encrypted input from standard input
    #[arg(long, group = "password")]
    pub password_stdin: bool,
}

/// The password under which a private key is written.
#[derive(Args, Default)]
#[command(next_help_heading = "Output key password")]
pub(super) struct NewPasswordArgs {
    /// Encrypt the key under a password from a file
    #[arg(long, value_name = "FILE", group = "new_password")]
    pub new_password_file: Option<PathBuf>,

    /// Encrypt the key under a password from an environment variable
    #[arg(long, value_name = "VAR", group = "new_password")]
    pub new_password_env: Option<String>,

    /// Encrypt the key under a password from standard input
    #[arg(long, group = "new_password")]
    pub new_password_stdin: bool,
}

/// The passphrase that the CA key gets.
#[derive(Args, Default)]
#[command(next_help_heading = "New passphrase")]
pub(super) struct NewPassphraseArgs {
    /// Read the new passphrase from a file
    #[arg(long, value_name = "FILE", group = "new_passphrase")]
    pub new_passphrase_file: Option<PathBuf>,

    /// Read the new passphrase from an environment variable
    #[arg(long, value_name = "VAR", group = "new_passphrase")]
    pub new_passphrase_env: Option<String>,

    /// Read the new passphrase from standard input
    #[arg(long, group = "new_passphrase")]
    pub new_passphrase_stdin: bool,
}

fn source<'a>(
    file: Option<&'a PathBuf>,
    variable: Option<&'a String>,
    stdin: bool,
) -> Option<SecretSource<'a>> {
    let file = file.map(|path| {
        if path.as_os_str() == "-" {
            SecretSource::Stdin
        } else {
            SecretSource::File(path)
        }
    });
    file.or(variable.map(|name| SecretSource::Variable(name)))
        .or(stdin.then_some(SecretSource::Stdin))
}

impl CaPassphraseArgs {
    pub(super) fn source(&self) -> Option<SecretSource<'_>> {
        source(
            self.ca_passphrase_file.as_ref(),
            self.ca_passphrase_env.as_ref(),
            self.ca_passphrase_stdin,
        )
    }

    /// The option as it was given, for a further command; nothing where the passphrase was typed or came from standard input.
    pub(super) fn words(&self) -> CommandLine {
        match self.source() {
            Some(SecretSource::File(path)) => CommandLine::new("--ca-passphrase-file").path(path),
            Some(SecretSource::Variable(name)) => CommandLine::new("--ca-passphrase-env").value(name),
            Some(SecretSource::Stdin) | None => CommandLine::default(),
        }
    }

    /// Opens the CA key, with its passphrase where it has one. Where this user cannot read it, the signer signs, and asks for no passphrase.
    pub(super) fn unlock(&self, authority: &Authority, env: &mut Env) -> Result<Unlocked, Failure> {
        match signer::socket_instead(authority.directory()) {
            Some(socket) => signer::unlock(authority, &socket),
            None => self
                .unlock_here(authority, env)
                .map_err(|failure| signer::or_asked(failure, authority.directory())),
        }
    }

    /// As [`Self::unlock`], for what the signer does not do.
    pub(super) fn unlock_here(&self, authority: &Authority, env: &mut Env) -> Result<Unlocked, Failure> {
        signer::expect_key_here(authority.directory())?;
        unlock(self.source(), authority, env)?
            .map_err(|(error, oddity)| not_opened(&error, hint::for_authority(&error), oddity))
    }
}

impl ParentPassphraseArgs {
    pub(super) fn source(&self) -> Option<SecretSource<'_>> {
        source(
            self.parent_passphrase_file.as_ref(),
            self.parent_passphrase_env.as_ref(),
            self.parent_passphrase_stdin,
        )
    }

    /// Opens the key of the CA above, with its passphrase where it has one.
    pub(super) fn unlock(&self, parent: &Authority, env: &mut Env) -> Result<Unlocked, Failure> {
        signer::expect_key_here(parent.directory())?;
        unlock(self.source(), parent, env)?.map_err(|(error, oddity)| {
            let hints = hint::about_ca(hint::for_parent(&error), parent.directory().root());
            not_opened(&error, hints, oddity)
        })
    }
}

/// Opens the CA key; asks for its passphrase on a terminal if no option gives one. Beside the error, what may be wrong with it.
fn unlock(
    source: Option<SecretSource<'_>>,
    authority: &Authority,
    env: &mut Env,
) -> Result<Result<Unlocked, (AuthorityError, Option<String>)>, Failure> {
    if let Some(source) = source {
        let given = read_secret(&source, env)?;
        let unlocked = authority.unlock(Some(&given));
        return Ok(unlocked.map_err(|error| (error, oddity(&given, Secret::Passphrase))));
    }
    if !authority.key_is_encrypted()? || !env.terminal.is_interactive() {
        return Ok(authority.unlock(None).map_err(|error| (error, None)));
    }
    let question = format!("Passphrase of {}", shown(&authority.directory().ca_key()));
    let open = |typed: &str| authority.unlock(Some(typed));
    ask::opening(&question, Secret::Passphrase, is_wrong_passphrase, open, env)
}

fn is_wrong_passphrase(error: &AuthorityError) -> bool {
    matches!(
        error,
        AuthorityError::Key {
            source: KeyError::WrongPassword,
            ..
        }
    )
}

/// A failure to open a CA key: it has a passphrase, and where that is odd, this is what to look at.
fn not_opened(error: &AuthorityError, hints: Vec<String>, oddity: Option<String>) -> Failure {
    let mut failure = Failure::from(error).with_hints(hints);
    if is_wrong_passphrase(error) {
        failure.problem.caused_by = vec!["wrong passphrase, or the file is damaged".into()];
        let usual = "check for a trailing space, and that it is the passphrase of this CA";
        failure = failure.with_hints(vec![oddity.unwrap_or_else(|| usual.into())]);
    }
    failure
}

impl PfxPasswordArgs {
    pub(super) fn source(&self) -> Option<SecretSource<'_>> {
        source(
            self.pfx_password_file.as_ref(),
            self.pfx_password_env.as_ref(),
            self.pfx_password_stdin,
        )
    }
}

impl PasswordArgs {
    pub(super) fn source(&self) -> Option<SecretSource<'_>> {
        source(
            self.password_file.as_ref(),
            self.password_env.as_ref(),
            self.password_stdin,
        )
    }

    /// Reads the password, when a flag gives one: once for a call, however many files it is for.
    ///
    /// `files` are those that the call reads; only one of all these can be standard input.
    pub(super) fn read<'a>(
        &'a self,
        files: impl IntoIterator<Item = &'a Path>,
        env: &Env,
    ) -> Result<InputPassword, Failure> {
        let stdin = files.into_iter().map(stdin_of);
        expect_one_stdin(&stdin.chain([self.source()]).collect::<Vec<_>>())?;
        Ok(InputPassword(
            self.source()
                .map(|source| read_secret(&source, env))
                .transpose()?,
        ))
    }
}

/// The password of encrypted input, when a flag gave one.
pub(super) struct InputPassword(Option<Zeroizing<String>>);

impl InputPassword {
    /// No flag gives one.
    pub(super) fn none() -> Self {
        Self(None)
    }

    pub(super) fn given(&self) -> Option<&str> {
        self.0.as_ref().map(|password| password.as_str())
    }
}

impl NewPasswordArgs {
    pub(super) fn source(&self) -> Option<SecretSource<'_>> {
        source(
            self.new_password_file.as_ref(),
            self.new_password_env.as_ref(),
            self.new_password_stdin,
        )
    }

    /// Reads the password for a key in some form, when a flag gives one.
    pub(super) fn read(
        &self,
        key_format: KeyFormat,
        env: &Env,
    ) -> Result<Option<Zeroizing<String>>, Failure> {
        let Some(source) = self.source() else {
            return Ok(None);
        };
        if key_format == KeyFormat::Traditional {
            return Err(Failure::usage("`--key-format pkcs1` has no secure encryption")
                .hint("leave it out: PKCS #8 has one"));
        }
        let password = read_secret(&source, env)?;
        if password.is_empty() {
            return Err(
                Failure::usage("the new password is empty and would protect nothing")
                    .hint("leave it out to write the key unencrypted"),
            );
        }
        Ok(Some(password))
    }
}

impl NewPassphraseArgs {
    pub(super) fn source(&self) -> Option<SecretSource<'_>> {
        source(
            self.new_passphrase_file.as_ref(),
            self.new_passphrase_env.as_ref(),
            self.new_passphrase_stdin,
        )
    }
}

/// The new passphrase of the CA key; prompts twice on a terminal. `absent` is the failure if there is neither option nor
/// terminal, and `without_one` says which option leaves the key unencrypted.
pub(super) fn new_ca_passphrase(
    source: Option<SecretSource<'_>>,
    env: &mut Env,
    absent: Failure,
    without_one: &str,
) -> Result<Zeroizing<String>, Failure> {
    let passphrase = match source {
        Some(source) => read_secret(&source, env)?,
        None if env.terminal.is_interactive() => {
            let question = "New passphrase of the CA key";
            ask::new_secret(question, Secret::Passphrase, |_| Ok(false), env)
                .map_err(|failure| failure.hint(without_one))?
                .unwrap_or_default()
        }
        None => return Err(absent),
    };
    if passphrase.is_empty() {
        return Err(Failure::cannot("input", "the passphrase must not be empty").hint(without_one));
    }
    Ok(passphrase)
}

/// Standard input, when a file that is read is `-`.
pub(super) fn stdin_of(path: &Path) -> Option<SecretSource<'_>> {
    (path.as_os_str() == "-").then_some(SecretSource::Stdin)
}

/// Refuses two secrets from one standard input.
pub(super) fn expect_one_stdin(sources: &[Option<SecretSource<'_>>]) -> Result<(), Failure> {
    let count = sources
        .iter()
        .filter(|source| matches!(source, Some(SecretSource::Stdin)))
        .count();
    if count > 1 {
        Err(Failure::usage("standard input can provide only one value").hint("put the other one in a file"))
    } else {
        Ok(())
    }
}

/// Reads a secret; one line feed at its end is cut off, and an empty file is the empty password.
pub(super) fn read_secret(source: &SecretSource<'_>, env: &Env) -> Result<Zeroizing<String>, Failure> {
    let content = match source {
        SecretSource::File(path) => read_file_within(path, MAX_SECRET_BYTES)?,
        SecretSource::Stdin => read_stdin(MAX_SECRET_BYTES, env)?,
        SecretSource::Variable(name) => {
            let value = (env.variable)(name).ok_or_else(|| {
                Failure::cannot("input", format!("environment variable `{name}` is not set")).hint(
                    "a variable of a shell must be exported for a command to see it: `export`; sudo removes most variables",
                )
            })?;
            let value = value.into_string().map_err(|_| {
                Failure::cannot("input", format!("environment variable `{name}` is not UTF-8"))
            })?;
            Zeroizing::new(value.into_bytes())
        }
    };
    let text = text_of(&content)?;
    let text = text
        .strip_suffix('\n')
        .map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
    Ok(Zeroizing::new(text.to_owned()))
}

/// A secret as text: UTF-8, or UTF-16 with its byte order mark, as PowerShell's `>` writes it.
fn text_of(content: &[u8]) -> Result<Zeroizing<String>, Failure> {
    let units = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Zeroizing<Vec<u16>> = Zeroizing::new(
            rest.chunks_exact(2)
                .map(|pair| unit([pair[0], pair[1]]))
                .collect(),
        );
        rest.len()
            .is_multiple_of(2)
            .then(|| String::from_utf16(&units).ok())
            .flatten()
    };
    let text = match content {
        [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes),
        _ => std::str::from_utf8(content).ok().map(str::to_owned),
    };
    let text = text
        .map(Zeroizing::new)
        .ok_or_else(|| Failure::cannot("input", "the password is neither UTF-8 nor UTF-16"))?;
    if text.contains('\0') {
        let failure = Failure::cannot("input", "the password contains NUL characters");
        return Err(
            failure.hint("is it UTF-16 without a byte order mark? `iconv -f UTF-16LE -t UTF-8` converts it")
        );
    }
    Ok(text)
}
