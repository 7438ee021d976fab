//! Options for a new CA: the same whether it is self-signed, signed by another CA, or waiting for that signature.

use clap::Args;
use zeroize::Zeroizing;

use crate::cli::ask;
use crate::cli::failure::Failure;
use crate::cli::key_args::KeyTypeArgs;
use crate::cli::name_args::SubjectArgs;
use crate::cli::secret::{CaPassphraseArgs, new_ca_passphrase};
use crate::cli::value;
use gsec_ca::authority::AuthorityOrder;
use gsec_ca::policy::SerialSource;
use gsec_env::Env;
use gsec_pki::key::KeyAlgorithm;
use gsec_pki::x509::{IpSubnet, Lifetime, NameAttribute, NameConstraints, NameParts};

/// A new CA.
#[derive(Args, Default)]
pub(super) struct NewCaArgs {
    #[command(flatten)]
    pub name: CaNameArgs,

    #[command(flatten)]
    pub key: KeyTypeArgs,

    #[command(flatten)]
    pub limits: LimitArgs,

    /// Where serial numbers come from
    #[arg(
        long,
        value_name = "MODE",
        value_parser = value::one_of(&SerialSource::ALL, SerialSource::name),
        default_value = "sequential",
        help_heading = "What it may issue"
    )]
    pub serial_mode: SerialSource,

    /// Encrypt the CA key with a passphrase
    #[arg(long, help_heading = "CA key")]
    pub encrypt_key: bool,

    #[command(flatten)]
    pub passphrase: CaPassphraseArgs,

    /// What a person said.
    #[arg(skip)]
    pub answers: Answers,
}

/// What the options of a new CA do not say.
#[derive(Default)]
pub(super) struct Answers {
    /// The wizard asked.
    pub(super) asked: bool,
    /// The lifetime, where not the default one.
    pub(super) lifetime: Option<Lifetime>,
    /// Whether the key is to be encrypted.
    pub(super) encrypts: bool,
    /// The passphrase.
    pub(super) passphrase: Option<Zeroizing<String>>,
}

/// What a CA certificate allows.
#[derive(Args, Default)]
#[command(next_help_heading = "What it may issue")]
pub(super) struct LimitArgs {
    /// How many levels of intermediate CAs are allowed below this one [default: no limit for a root, 0 for an
    /// intermediate CA]
    #[arg(long, value_name = "N")]
    pub path_len: Option<u8>,

    /// Permit only host names in this domain, and no other kinds of name; can be repeated
    #[arg(long, value_name = "DOMAIN", value_parser = value::domain)]
    pub permit_dns: Vec<String>,

    /// Permit only addresses in this block, and no other kinds of name; can be repeated
    #[arg(long, value_name = "CIDR", value_parser = value::subnet)]
    pub permit_ip: Vec<IpSubnet>,
}

/// The name that a CA gets, where one is given.
#[derive(Args, Default)]
pub(super) struct CaNameArgs {
    /// Name of the CA (common name)
    #[arg(long, value_name = "NAME", value_parser = value::common_name)]
    pub cn: Option<NameAttribute>,

    /// E-mail address of the CA operator
    #[arg(long, value_name = "ADDRESS", value_parser = value::email)]
    pub email: Option<NameAttribute>,

    #[command(flatten)]
    pub subject: SubjectArgs,
}

impl CaNameArgs {
    /// Every part that was given.
    pub(super) fn parts(&self) -> impl Iterator<Item = NameAttribute> {
        self.cn
            .iter()
            .chain(&self.email)
            .cloned()
            .chain(self.subject.attributes())
    }

    /// Whether parts are given that go with a common name, and it is not.
    pub(super) fn lacks_common_name(&self) -> bool {
        self.cn.is_none() && self.parts().next().is_some()
    }
}

impl LimitArgs {
    fn is_empty(&self) -> bool {
        self.path_len.is_none() && self.permit_dns.is_empty() && self.permit_ip.is_empty()
    }

    /// The name constraints; `None` when nothing is permitted in particular.
    pub(super) fn constraints(&self) -> Option<NameConstraints> {
        NameConstraints::permit(self.permit_dns.clone(), self.permit_ip.clone())
    }
}

impl NewCaArgs {
    /// The order for the new CA. On a terminal, prompts for a missing name.
    pub(super) fn order(
        &mut self,
        lifetime: Option<Lifetime>,
        env: &mut Env,
    ) -> Result<AuthorityOrder, Failure> {
        if self.name.cn.is_none() {
            self.ask_for_name(env)?;
        }
        Ok(AuthorityOrder {
            lifetime: lifetime.or(self.answers.lifetime),
            path_len: self.limits.path_len,
            constraints: self.limits.constraints(),
            serial: self.serial_mode,
            ..order(self.name.parts(), self.key.algorithm()?)
        })
    }

    /// Asks for the name, part by part; everything but the common name may be left empty.
    pub(super) fn ask_for_name(&mut self, env: &mut Env) -> Result<(), Failure> {
        if !env.terminal.is_interactive() {
            return Err(Failure::usage("missing CA name").hint("use `--cn NAME`"));
        }
        self.name.cn = Some(ask::line("Name of the CA", None, value::common_name, env)?);
        let subject = &mut self.name.subject;
        if subject.is_empty() && self.name.email.is_none() {
            subject.organization =
                ask::optional_line("Organization (may be empty)", value::organization, env)?;
            let unit = "Organizational unit (may be empty)";
            subject.organizational_units = ask::optional_line(unit, value::organizational_unit, env)?
                .into_iter()
                .collect();
            subject.locality = ask::optional_line("City (may be empty)", value::locality, env)?;
            subject.state = ask::optional_line("State or province (may be empty)", value::state, env)?;
            subject.country = ask::optional_line("Country, two letters (may be empty)", value::country, env)?;
            self.name.email = ask::optional_line("E-mail address (may be empty)", value::email, env)?;
        }
        Ok(())
    }

    /// Whether none of the options for a new CA was given.
    pub(super) fn is_empty(&self) -> bool {
        let has_key = self.key.is_given() || self.encrypt_key;
        self.name.parts().next().is_none()
            && !has_key
            && self.limits.is_empty()
            && self.serial_mode == SerialSource::Sequential
    }

    /// Whether the key is to be encrypted.
    pub(super) fn encrypts(&self) -> bool {
        self.encrypt_key || self.passphrase.source().is_some() || self.answers.encrypts
    }

    /// The passphrase of the new key; `None` where it is not to be encrypted.
    pub(super) fn new_passphrase(&self, env: &mut Env) -> Result<Option<Zeroizing<String>>, Failure> {
        if !self.encrypts() || self.answers.passphrase.is_some() {
            return Ok(self.answers.passphrase.clone());
        }
        let hint = "pass `--ca-passphrase-file`, `--ca-passphrase-env` or `--ca-passphrase-stdin`";
        let absent = Failure::usage("`--encrypt-key` needs a passphrase").hint(hint);
        new_ca_passphrase(
            self.passphrase.source(),
            env,
            absent,
            "leave out `--encrypt-key` for a key without a passphrase",
        )
        .map(Some)
    }
}

/// A CA of a name and key, with defaults for the rest.
pub(in crate::cli) fn order(
    name: impl Iterator<Item = NameAttribute>,
    algorithm: KeyAlgorithm,
) -> AuthorityOrder {
    let name = NameParts::new(name);
    AuthorityOrder {
        name,
        algorithm,
        lifetime: None,
        path_len: None,
        constraints: None,
        serial: SerialSource::Sequential,
    }
}
