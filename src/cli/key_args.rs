//! Which key: a new one of some kind, or one from a file.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::failure::{self, Failure};
use super::global::shown;
use super::input;
use super::secret::{PasswordArgs, SecretSource, stdin_of};
use super::value;
use gsec_ca::authority::HostKey;
use gsec_env::Env;
use gsec_pki::key::{KeyAlgorithm, KeyType, PrivateKey};

/// The kind of a key that is made.
#[derive(Args, Default)]
#[command(next_help_heading = "Key and lifetime")]
pub(super) struct KeyTypeArgs {
    /// Key type [default: rsa]
    #[arg(long, value_name = "TYPE", value_parser = value::one_of(&KeyType::ALL, KeyType::name))]
    pub key_type: Option<KeyType>,

    /// Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]
    #[arg(long, value_name = "BITS")]
    pub key_size: Option<u32>,
}

/// A key that is made, or one that is there.
#[derive(Args, Default)]
#[command(next_help_heading = "Key and lifetime")]
pub(super) struct KeyArgs {
    #[command(flatten)]
    pub kind: KeyTypeArgs,

    /// Use this private key instead of a new one
    #[arg(long, value_name = "FILE", conflicts_with_all = ["key_type", "key_size"])]
    pub key: Option<PathBuf>,

    #[command(flatten)]
    pub password: PasswordArgs,
}

impl KeyTypeArgs {
    /// The algorithm, with defaults for what was not said.
    pub(super) fn algorithm(&self) -> Result<KeyAlgorithm, Failure> {
        value::key_algorithm(self.key_type, self.key_size)
    }

    /// Whether anything was said.
    pub(super) fn is_given(&self) -> bool {
        self.key_type.is_some() || self.key_size.is_some()
    }

    /// The algorithm; `None` when nothing was said.
    pub(super) fn asked(&self) -> Result<Option<KeyAlgorithm>, Failure> {
        self.is_given().then(|| self.algorithm()).transpose()
    }
}

impl KeyArgs {
    /// What of it comes from standard input.
    pub(super) fn stdin_sources(&self) -> [Option<SecretSource<'_>>; 2] {
        [self.password.source(), self.key.as_deref().and_then(stdin_of)]
    }

    /// The private key of the file that was named; `None` where none was.
    pub(super) fn given(&self, env: &mut Env) -> Result<Option<PrivateKey>, Failure> {
        let Some(path) = &self.key else { return Ok(None) };
        let password = self.password.read([path.as_path()], env)?;
        let bundle = input::bundle(path, &password, env)?;
        let key = bundle.only_key().and_then(|found| found.key.into_signing_key());
        key.map(Some)
            .map_err(|error| failure::of_key(&shown(path), &error))
    }

    /// The key of a host.
    pub(super) fn host_key(&self, env: &mut Env) -> Result<HostKey, Failure> {
        match self.given(env)? {
            Some(key) => Ok(HostKey::Given(Arc::new(key))),
            None => Ok(HostKey::Generate(self.kind.algorithm()?)),
        }
    }
}
