//! Options for a host certificate: the same for every command that issues one.

use clap::{ArgMatches, Args, FromArgMatches};
use time::OffsetDateTime;

use super::ask;
use super::failure::Failure;
use super::name_args::SubjectArgs;
use super::selector::ends_like_a_file;
use super::value;
use gsec_ca::authority::{HostKey, HostOrder, HostSubject};
use gsec_env::Env;
use gsec_pki::encoding::shell::quoted_text;
use gsec_pki::x509::{GeneralName, Lifetime, NameAttribute};

/// The profile of `gsec.toml` that is used when none is named.
pub(super) const DEFAULT_PROFILE: &str = "host";

/// The names.
#[derive(Args, Default)]
pub(super) struct HostArgs {
    /// Host name (FQDN) or IP address; `*.example.com` for a wildcard
    #[arg(long, value_name = "FQDN|IP", value_parser = value::host)]
    pub host: Option<GeneralName>,

    /// Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas
    /// between names
    #[arg(long, value_name = "KIND:NAME", value_parser = value::sans)]
    san: Vec<value::Names>,
}

/// The names as people type them, without their options.
#[derive(Default)]
pub(super) struct TypedNames {
    /// As they were typed, with what each is.
    names: Vec<(String, value::Names)>,
    /// The first that an option and its value separate from those before.
    apart: Option<String>,
}

/// What people type who expect another question, or another command.
const NO_NAMES: [&str; 8] = ["y", "yes", "n", "no", "q", "quit", "exit", "help"];

fn is_no_name(typed: &str) -> bool {
    NO_NAMES.contains(&typed.to_ascii_lowercase().as_str())
}

impl TypedNames {
    const ID: &str = "typed_names";

    /// Refuses what is probably no name: the rest of a value without quotes, an answer, a file.
    fn expect_names(&self, host: Option<&GeneralName>) -> Result<(), Failure> {
        let refused = |name: &str, why: &str| {
            let quoted = quoted_text(name);
            Err(Failure::usage(format!("`{name}`: {why}")).hint(format!(
                "if it is a name, `--san {quoted}`; a value with blanks is typed in quotes"
            )))
        };
        for (typed, _) in &self.names {
            if is_no_name(typed) {
                return refused(typed, "this is probably not the name of a host");
            }
            if ends_like_a_file(typed) || std::path::Path::new(typed).exists() {
                return refused(
                    typed,
                    "this is probably a file, and the name of a host is required",
                );
            }
        }
        match (host, self.names.first(), &self.apart) {
            (Some(_), Some((typed, _)), _) => {
                refused(typed, "with `--host`, further names are given with `--san`")
            }
            (_, _, Some(apart)) => refused(apart, "names are typed one after the other"),
            _ => Ok(()),
        }
    }
}

impl Args for TypedNames {
    fn augment_args(command: clap::Command) -> clap::Command {
        command.arg(
            clap::Arg::new(Self::ID)
                .value_name("NAME")
                .num_args(0..)
                .value_parser(value::typed_sans)
                .help("The host, and additional names: `db1.example.com db1 10.0.0.5 admin@example.com`"),
        )
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for TypedNames {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let names: Vec<(String, value::Names)> = matches
            .get_many(Self::ID)
            .map(|names| names.cloned().collect())
            .unwrap_or_default();
        let places: Vec<usize> = matches
            .indices_of(Self::ID)
            .map(Iterator::collect)
            .unwrap_or_default();
        let apart = places.windows(2).position(|pair| pair[1] != pair[0] + 1);
        let apart = apart
            .and_then(|at| names.get(at + 1))
            .map(|(typed, _)| typed.clone());
        Ok(Self { names, apart })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The profile.
#[derive(Args, Default)]
pub(super) struct ProfileArgs {
    /// Profile in gsec.toml: what the certificate may be used for [default: host]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
}

/// The subject.
#[derive(Args, Default)]
pub(super) struct HostSubjectArgs {
    /// Common name [default: the host]
    #[arg(long, value_name = "NAME", value_parser = value::common_name, help_heading = "Subject")]
    pub cn: Option<NameAttribute>,

    #[command(flatten)]
    pub parts: SubjectArgs,
}

/// When it ends.
#[derive(Args, Default)]
#[command(next_help_heading = "Key and lifetime")]
pub(super) struct LifetimeArgs {
    /// Lifetime in days of 24 hours from now [default: 100, or as set in the profile]
    #[arg(long, value_name = "N", value_parser = value::days, group = "end")]
    pub days: Option<u32>,

    /// Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`
    #[arg(long, value_name = "TIME", value_parser = value::lifetime, group = "end")]
    pub lifetime: Option<Lifetime>,

    /// Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = value::time, group = "end")]
    pub not_after: Option<OffsetDateTime>,
}

impl HostArgs {
    /// The further names.
    pub(super) fn further_names(&self) -> Vec<GeneralName> {
        self.san
            .iter()
            .flat_map(|names| names.0.iter().cloned())
            .collect()
    }

    /// Takes in the names that were typed without an option: the first that is a host's is the host.
    fn add(&mut self, typed: &TypedNames) -> Result<(), Failure> {
        typed.expect_names(self.host.as_ref())?;
        let mut names: Vec<GeneralName> = typed
            .names
            .iter()
            .flat_map(|(_, names)| names.0.iter().cloned())
            .collect();
        let is_host = |name: &GeneralName| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_));
        if let Some(at) = names.iter().position(is_host) {
            self.host = Some(names.remove(at));
        }
        self.san.insert(0, value::Names(names));
        Ok(())
    }

    /// The host, which may be among the names that were typed without an option; prompts on a terminal if there is none.
    pub(super) fn take_host(&mut self, typed: &TypedNames, env: &mut Env) -> Result<GeneralName, Failure> {
        self.add(typed)?;
        match self.host.take() {
            Some(host) => Ok(host),
            None => ask_for_host(env),
        }
    }
}

impl ProfileArgs {
    /// The profile that was named, or the default one.
    pub(super) fn name(&self) -> &str {
        self.profile.as_deref().unwrap_or(DEFAULT_PROFILE)
    }
}

impl LifetimeArgs {
    /// The requested lifetime, in any of its forms.
    pub(super) fn asked(&self) -> Option<Lifetime> {
        self.days
            .map(Lifetime::days)
            .or(self.lifetime)
            .or(self.not_after.map(Lifetime::Until))
    }
}

/// The order that all the arguments together give.
pub(super) fn host_order(
    host: Option<GeneralName>,
    key: HostKey,
    names: &HostArgs,
    profile: &ProfileArgs,
    subject: &HostSubjectArgs,
    lifetime: &LifetimeArgs,
) -> HostOrder {
    HostOrder {
        further_names: names.further_names(),
        subject: HostSubject::Parts {
            parts: subject.parts.attributes().collect(),
            common_name: subject.cn.clone(),
        },
        lifetime: lifetime.asked(),
        ..HostOrder::new(host, key, profile.name())
    }
}

/// Asks for the host that is missing; without a terminal, says what to type.
pub(super) fn ask_for_host(env: &mut Env) -> Result<GeneralName, Failure> {
    if !env.terminal.is_interactive() {
        return Err(Failure::usage("missing host name")
            .hint("type it: `db1.example.com`, or `--host db1.example.com`"));
    }
    // It is typed by who expects another question.
    let parse = |answer: &str| match value::host(answer) {
        Ok(_) if is_no_name(answer) => Err(format!(
            "type the name of the host, or Ctrl-C to stop; a host of this name: `--host {answer}`"
        )),
        Ok(host) => Ok(host),
        Err(error) => Err(error.to_string()),
    };
    ask::line("Fully qualified name of the host", None, parse, env)
}
