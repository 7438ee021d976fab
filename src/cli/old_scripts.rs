//! The command lines of the old scripts, create_ca.sh and create_cert.sh, with their defaults.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use super::failure::Failure;
use super::outcome::{CommandResult, Outcome};
use super::print::{Printer, write_stderr};
use super::session::session;
use super::value;
use gsec_ca::authority::{
    Authority, AuthorityError, AuthorityOrder, Delivery, HostKey, HostOrder, HostSubject, NewAuthority,
    OutFiles, OutNames, PfxOrder, Warning,
};
use gsec_ca::home::CaDir;
use gsec_env::Env;
use gsec_pki::key::{KeyAlgorithm, KeyFormat, RsaBits};
use gsec_pki::pkcs12::PfxEncryption;
use gsec_pki::x509::{Lifetime, NameAttribute, NameError};
use gsec_report::Notice;

/// The profile of what the old script issued.
const PROFILE: &str = "server";
/// How long a call waits for another one.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    CreateCa,
    CreateCert,
}

impl Script {
    pub(super) const ALL: [Self; 2] = [Self::CreateCa, Self::CreateCert];

    pub(super) fn file_name(self) -> &'static str {
        match self {
            Self::CreateCa => "create_ca.sh",
            Self::CreateCert => "create_cert.sh",
        }
    }

    fn usage(self) -> &'static str {
        match self {
            Self::CreateCa => {
                "Usage: create_ca.sh [-keySz BITS] [-time DAYS] -CN NAME [-E EMAIL] [-OU UNIT] [-O ORG] [-L \
                 CITY] [-S STATE] [-C COUNTRY]\n\x20 -keySz  size of the RSA key in bits, at least 2048 \
                 (default 2048)\n\x20 -time   lifetime in days (default 356)\n\x20 -CN     name of the \
                 certification authority (required)\nWorks in the current directory.\n"
            }
            Self::CreateCert => {
                "Usage: create_cert.sh [-keySz BITS] [-time DAYS] -host FQDN -CN NAME [-OU UNIT] [-O ORG] \
                 [-L CITY] [-S STATE] [-C COUNTRY]\n\x20 -keySz  size of the RSA key in bits, at least 2048 \
                 (default 2048)\n\x20 -time   lifetime in days (default 100)\n\x20 -host   fully qualified \
                 name of the host (required)\n\x20 -CN     common name in the Subject (required)\nWorks in \
                 the current directory, in which create_ca.sh was run before.\n"
            }
        }
    }

    fn default_days(self) -> u32 {
        match self {
            Self::CreateCa => 356,
            Self::CreateCert => 100,
        }
    }

    fn takes(self, option: &str) -> bool {
        match option {
            "-keySz" | "-time" | "-CN" | "-OU" | "-O" | "-L" | "-S" | "-C" => true,
            "-E" => self == Self::CreateCa,
            "-host" => self == Self::CreateCert,
            _ => false,
        }
    }
}

/// The script name under which gsec was called, by a link or by a wrapper of `compat link`, and the script's arguments.
pub(super) fn called_as(arguments: &[OsString]) -> Option<(Script, &[OsString])> {
    let (program, rest) = arguments.split_first()?;
    let script_named = |name: &OsStr| Script::ALL.into_iter().find(|script| name == script.file_name());
    match rest {
        [compat, name, rest @ ..] if compat == "compat" && script_named(name).is_some() => {
            Some((script_named(name)?, rest))
        }
        _ => Some((script_named(Path::new(program).file_name()?)?, rest)),
    }
}

/// How a part of a name is read.
type ParsePart = fn(&str) -> Result<NameAttribute, NameError>;

/// Arguments that make no sense, in the script's own terms.
#[derive(Debug, PartialEq, Eq)]
struct UsageError(String);

/// The options that were given; of one given twice the last counts, as in the old scripts.
struct Options(Vec<(String, String)>);

impl Options {
    fn parse(script: Script, arguments: &[OsString]) -> Result<Self, UsageError> {
        let mut given = Vec::new();
        let mut rest = arguments
            .iter()
            .map(|argument| argument.to_string_lossy().into_owned());
        while let Some(option) = rest.next() {
            if !script.takes(&option) {
                return Err(UsageError(format!("unknown option `{option}`")));
            }
            let value = rest
                .next()
                .ok_or_else(|| UsageError(format!("`{option}` needs a value")))?;
            given.push((option, value));
        }
        Ok(Self(given))
    }

    fn get(&self, option: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find(|(given, _)| given == option)
            .map(|(_, value)| value.as_str())
    }

    fn mandatory(&self, option: &str) -> Result<&str, UsageError> {
        self.get(option)
            .ok_or_else(|| UsageError(format!("`{option}` is missing")))
    }

    fn parsed<T>(
        &self,
        option: &str,
        parse: impl Fn(&str) -> Result<T, NameError>,
    ) -> Result<Option<T>, UsageError> {
        self.get(option)
            .map(|text| parse(text).map_err(|error| UsageError(format!("`{option} {text}`: {error}"))))
            .transpose()
    }

    /// Every part of the name but the common name.
    fn subject(&self) -> Result<Vec<NameAttribute>, UsageError> {
        let parts: [(&str, ParsePart); 6] = [
            ("-E", value::email),
            ("-OU", value::organizational_unit),
            ("-O", value::organization),
            ("-L", value::locality),
            ("-S", value::state),
            ("-C", value::country),
        ];
        parts
            .into_iter()
            .filter_map(|(option, parse)| self.parsed(option, parse).transpose())
            .collect()
    }

    fn common_name(&self) -> Result<NameAttribute, UsageError> {
        let text = self.mandatory("-CN")?;
        value::common_name(text).map_err(|error| UsageError(format!("`-CN {text}`: {error}")))
    }

    fn days(&self, script: Script) -> Result<u32, UsageError> {
        let wrong = |text: &str| UsageError(format!("`-time {text}`: must be a whole number of days"));
        self.get("-time").map_or(Ok(script.default_days()), |text| {
            value::days(text).map_err(|_| wrong(text))
        })
    }

    /// The size of the key, and a warning when it was rounded up to one that exists.
    fn key(&self) -> Result<(KeyAlgorithm, Option<Warning>), UsageError> {
        let Some(text) = self.get("-keySz") else {
            return Ok((KeyAlgorithm::Rsa(RsaBits::default()), None));
        };
        let asked: u32 = text
            .parse()
            .map_err(|_| UsageError(format!("`-keySz {text}`: must be a number of bits")))?;
        let size = RsaBits::at_least(asked)
            .ok_or_else(|| UsageError(format!("`-keySz {text}`: must be from 2048 to 8192 bits")))?;
        let warning = (size.bits() != asked).then_some(Warning::KeySizeRoundedUp {
            asked,
            made: size.bits(),
        });
        Ok((KeyAlgorithm::Rsa(size), warning))
    }
}

/// Runs one of the scripts, and returns its exit status.
pub(super) fn run(script: Script, arguments: &[OsString], env: &mut Env) -> u8 {
    let result = Options::parse(script, arguments).and_then(|options| match script {
        Script::CreateCa => create_ca(&options, env),
        Script::CreateCert => create_cert(&options, env),
    });
    match result {
        Ok(result) => Printer::plain(false, env).finish(result),
        Err(UsageError(problem)) => {
            write_stderr(&format!(
                "{}: {}\n{}",
                script.file_name(),
                gsec_pki::encoding::visible::visible(&problem),
                script.usage()
            ));
            super::failure::Kind::Usage.exit_status()
        }
    }
}

fn create_ca(options: &Options, env: &mut Env) -> Result<CommandResult, UsageError> {
    let (algorithm, warning) = options.key()?;
    let name = std::iter::once(options.common_name()?).chain(options.subject()?);
    let lifetime = Some(Lifetime::days(options.days(Script::CreateCa)?));
    let order = AuthorityOrder {
        lifetime,
        ..super::ca::init_order(name, algorithm)
    };
    let made = NewAuthority::plan(CaDir::at("."), order, env.clock.now())
        .and_then(|plan| plan.create(None, &mut session("create_ca", LOCK_TIMEOUT, env)));
    Ok(made.map_err(in_script_terms).map(|created| {
        let text = format!(
            "Created ./ca_conf/ca_cert.pem and ./ca_conf/ca_priv_key.pem for `{}`\n",
            created.certificate.subject()
        );
        text_outcome(&text, warning.as_slice())
    }))
}

fn create_cert(options: &Options, env: &mut Env) -> Result<CommandResult, UsageError> {
    options.mandatory("-host")?;
    let common_name = options.common_name()?;
    let host = options
        .parsed("-host", value::host)?
        .ok_or_else(|| UsageError("`-host` is missing".into()))?;
    let (algorithm, warning) = options.key()?;
    let order = HostOrder {
        subject: HostSubject::Parts {
            parts: options.subject()?,
            common_name: Some(common_name),
        },
        lifetime: Some(Lifetime::days(options.days(Script::CreateCert)?)),
        ..HostOrder::new(Some(host), HostKey::Generate(algorithm), PROFILE)
    };
    Ok(issue(order, warning, env))
}

fn issue(order: HostOrder, warning: Option<Warning>, env: &mut Env) -> CommandResult {
    let hint = "run create_ca.sh in this directory first, or change to the directory in which it was run";
    let authority = Authority::open(CaDir::at(".")).map_err(|error| in_script_terms(error).hint(hint))?;
    let plan = authority
        .plan_host(order, env.clock.now())
        .map_err(in_script_terms)?;
    let unlocked = authority.unlock(None).map_err(in_script_terms)?;
    let pfx = PfxOrder {
        password: Zeroizing::new(String::new()),
        encryption: PfxEncryption::Compat,
    };
    let delivery = Delivery {
        pfx: Some(pfx),
        key_format: KeyFormat::Traditional,
        out_dir: None,
        out_names: OutNames::default(),
        out_files: OutFiles::default(),
        keep_key: true,
    };
    let mut session = session("create_cert", LOCK_TIMEOUT, env);
    let issued = authority
        .issue_host(plan, &unlocked, &delivery, &mut session)
        .map_err(in_script_terms)?;
    let files = super::cert::issue_files(&issued.files);
    let files = [
        files.certificate,
        files.host_certificate,
        files.private_key,
        files.pfx,
    ];
    let text: String = files
        .into_iter()
        .flatten()
        .map(|file| format!("Created {file}\n"))
        .collect();
    let warnings: Vec<Warning> = warning.into_iter().chain(issued.warnings).collect();
    Ok(text_outcome(&text, &warnings))
}

/// Hints mention gsec's own options, which the old scripts do not have.
fn in_script_terms(error: AuthorityError) -> Failure {
    Failure::from(error).with_hints(Vec::new())
}

fn text_outcome(text: &str, warnings: &[Warning]) -> Outcome {
    let lines: String = text
        .lines()
        .map(|line| format!("{}\n", gsec_pki::encoding::visible::visible(line)))
        .collect();
    let outcome = Outcome::payload(lines.into_bytes()).with_warnings(warnings);
    let warnings = outcome
        .warnings
        .into_iter()
        .map(|warning| Notice {
            hint: None,
            ..warning
        })
        .collect();
    Outcome { warnings, ..outcome }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(script: Script, arguments: &[&str]) -> Result<Options, UsageError> {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        Options::parse(script, &arguments)
    }

    #[test]
    fn each_script_takes_its_own_options() {
        assert!(parse(Script::CreateCa, &["-CN", "x", "-E", "a@b.example"]).is_ok());
        assert!(parse(Script::CreateCa, &["-host", "x"]).is_err());
        assert!(parse(Script::CreateCert, &["-E", "a@b.example"]).is_err());
        assert!(parse(Script::CreateCert, &["--cn", "x"]).is_err());
        assert!(parse(Script::CreateCert, &["-CN"]).is_err());
    }

    #[test]
    fn the_last_of_a_repeated_option_counts() {
        let options = parse(Script::CreateCa, &["-CN", "x", "-CN", "y"]).expect("options");
        assert_eq!(options.get("-CN"), Some("y"));
    }

    #[test]
    fn sizes_between_are_rounded_up_and_small_ones_refused() {
        let key = |bits: &str| parse(Script::CreateCa, &["-keySz", bits]).and_then(|options| options.key());
        assert_eq!(key("2048"), Ok((KeyAlgorithm::Rsa(RsaBits::B2048), None)));
        let rounded = Warning::KeySizeRoundedUp {
            asked: 2500,
            made: 3072,
        };
        assert_eq!(
            key("2500"),
            Ok((KeyAlgorithm::Rsa(RsaBits::B3072), Some(rounded)))
        );
        assert!(key("1024").is_err());
        assert!(key("many").is_err());
    }

    #[test]
    fn the_old_lifetimes_are_kept() {
        let options = parse(Script::CreateCa, &[]).expect("options");
        assert_eq!(options.days(Script::CreateCa), Ok(356));
        assert_eq!(options.days(Script::CreateCert), Ok(100));
    }
}
