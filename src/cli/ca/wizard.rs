//! What `gsec ca init` asks on a terminal when no name is given.

use zeroize::Zeroizing;

use super::new_ca_args::NewCaArgs;
use crate::cli::ask::{self, Secret};
use crate::cli::failure::Failure;
use crate::cli::value;
use gsec_env::Env;
use gsec_pki::key::{KeyType, RsaBits};
use gsec_pki::x509::Lifetime;

/// What the wizard needs to know of the call.
pub(super) struct Call<'a> {
    /// The directory, as it is shown.
    pub(super) directory: &'a str,
    /// Whether an option says when the CA ends.
    pub(super) has_lifetime: bool,
    /// Whether it is below another CA, which makes its lifetime shorter.
    pub(super) has_parent: bool,
    /// Whether nothing is to be made.
    pub(super) is_dry_run: bool,
}

/// Asks for everything that no option gives.
pub(super) fn ask(new: &mut NewCaArgs, call: &Call<'_>, env: &mut Env) -> Result<(), Failure> {
    let introduction = format!(
        "This creates a certification authority in {}. Return alone takes the value in brackets; Ctrl-C stops.",
        call.directory
    );
    if env.terminal.is_interactive() {
        ask::tell(&introduction, env);
    }
    new.ask_for_name(env)?;
    if !new.key.is_given() {
        ask_for_key(new, env)?;
    }
    new.answers.asked = true;
    if !call.has_lifetime {
        new.answers.lifetime = ask_for_lifetime(call.has_parent, env)?;
    }
    if !new.encrypts() {
        let question = "Encrypt the CA key with a passphrase?";
        new.answers.encrypts = ask::yes(question, true, env)?;
        if new.answers.encrypts && !call.is_dry_run {
            new.answers.passphrase = ask_for_passphrase(env)?;
            new.answers.encrypts = new.answers.passphrase.is_some();
        }
    }
    Ok(())
}

fn ask_for_key(new: &mut NewCaArgs, env: &mut Env) -> Result<(), Failure> {
    let names: Vec<&str> = KeyType::ALL.iter().map(|kind| kind.name()).collect();
    let question = format!("Key type ({})", names.join(", "));
    let parse = |answer: &str| {
        let named = KeyType::ALL
            .iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(answer));
        named
            .copied()
            .ok_or_else(|| format!("must be one of {}", names.join(", ")))
    };
    let kind = ask::line(&question, Some(KeyType::default().name()), parse, env)?;
    new.key.key_type = Some(kind);
    if kind == KeyType::Rsa {
        let default = RsaBits::default().bits().to_string();
        let parse = |answer: &str| {
            let bits = answer.parse().map_err(|_| "must be a number".to_owned())?;
            value::key_algorithm(Some(kind), Some(bits)).map_err(|failure| failure.problem.message)?;
            Ok::<_, String>(bits)
        };
        let question = "Key size in bits (2048, 3072, 4096, 8192)";
        new.key.key_size = Some(ask::line(question, Some(&default), parse, env)?);
    }
    Ok(())
}

fn ask_for_lifetime(has_parent: bool, env: &mut Env) -> Result<Option<Lifetime>, Failure> {
    let default = if has_parent { "5y" } else { "10y" };
    let parse = |answer: &str| match value::days(answer) {
        _ if answer == default => Ok(None),
        Ok(days) => Ok(Some(Lifetime::days(days))),
        Err(_) => value::lifetime(answer).map(Some),
    };
    ask::line("Lifetime, such as 52w or 10y", Some(default), parse, env)
}

/// `None` where the answer is that the key stays unencrypted.
fn ask_for_passphrase(env: &mut Env) -> Result<Option<Zeroizing<String>>, Failure> {
    let without =
        "Without a passphrase, anyone who can read the key file can use the CA. Leave it unencrypted?";
    ask::new_secret(
        "New passphrase of the CA key",
        Secret::Passphrase,
        |env| ask::yes(without, false, env),
        env,
    )
}
