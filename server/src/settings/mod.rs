//! SETTINGS. What the administrator has written into `serve.toml`, typed, with a default for each key. Pure.

mod list;
mod listen;
mod rate;
mod validate;

use serde::Deserialize;
use thiserror::Error;
use time::Duration;

use crate::domain::limits::{Limit, Overrides, Rate};
use crate::notice::LogForm;
use crate::validate::Rule;

use list::List;
pub use listen::Listen;
use validate::{Validate, rules};

/// The name of the file in `ca_conf/`.
pub const FILE_NAME: &str = "serve.toml";
/// How long an order can be finalized and its challenges be proven, when nothing else is set: a day, in hours.
const ORDER_HOURS: u32 = 24;
/// How long a proof counts, when nothing else is set, in days.
const PROOF_DAYS: u32 = 30;
/// How many names may wait to be proven, when nothing else is set: about 100 MB in `server.db`.
const PENDING_NAMES: u32 = 100_000;
/// The most that may be set: a year.
const MAX_ORDER_HOURS: u32 = 365 * 24;
/// The most that may be set: as long as public CAs may use a proof at all.
const MAX_PROOF_DAYS: u32 = 398;

/// Settings of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The names under which hosts reach the server.
    pub names: Vec<String>,
    /// Where ACME is served, over TLS.
    pub listen: Listen,
    /// Where the CRL, OCSP and the CA's certificate are served, without TLS.
    pub http: Listen,
    /// Where numbers are given to those who watch the server; nowhere when `None`.
    pub metrics: Option<Listen>,
    /// What the server's own log has.
    pub log: LogForm,
    /// Where the terms of service are.
    pub terms: Option<String>,
    /// Whether accounts must agree again when the terms are at another place.
    pub agree_again: bool,
    /// Whether an account needs a key of the administrator's.
    pub external_account_required: bool,
    /// The profile of orders that name none.
    pub default_profile: String,
    /// The profiles that orders may name; all of gsec.toml when `None`.
    pub profiles: Option<Vec<String>>,
    /// How long an order can be finalized.
    pub order_lifetime: Duration,
    /// How long a proof counts.
    pub proof_lifetime: Duration,
    /// How names are proven.
    pub validate: Vec<Rule>,
    /// The most names that all accounts together have to prove.
    pub most_pending: u32,
    /// Rates that are not the default ones.
    pub limits: Overrides,
}

/// What is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// It is not TOML, or has a key that there is not.
    #[error("{0}")]
    Toml(String),
    /// The value of a key.
    #[error("`{key}` is `{value}`: it must be {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// What it is.
        value: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A key that has no effect beside what the others say.
    #[error("`{key}` has no effect: it counts only with {with}")]
    NoEffect {
        /// The key.
        key: &'static str,
        /// What must be there for it.
        with: &'static str,
    },
    /// Two sections of which one would be without effect.
    #[error("[[validate]] {0}: put it all into one section")]
    Twice(String),
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    names: Option<List>,
    listen: Option<String>,
    http: Option<String>,
    metrics: Option<String>,
    log: Option<String>,
    terms: Option<String>,
    agree_again: Option<bool>,
    external_account_required: Option<bool>,
    default_profile: Option<String>,
    profiles: Option<List>,
    order_hours: Option<u32>,
    proof_days: Option<u32>,
    pending_names: Option<u32>,
    #[serde(default)]
    limits: Limits,
    #[serde(default)]
    validate: Vec<Validate>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    new_accounts: Option<String>,
    new_orders: Option<String>,
    new_names: Option<String>,
    failed_validations: Option<String>,
    same_names: Option<String>,
}

impl Settings {
    /// Reads the text of the file; an empty one has all defaults.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn read(text: &str) -> Result<Self, SettingsError> {
        let file: File =
            toml::from_str(text).map_err(|error| SettingsError::Toml(toml_in_words(text, &error)))?;
        if file.agree_again == Some(true) && file.terms.is_none() {
            return Err(no_effect("agree_again", "`terms`"));
        }
        let within = |key, value: Option<u32>, default, most: u32, expected| match value.unwrap_or(default) {
            value if value == 0 || value > most => Err(wrong(key, &value, expected)),
            value => Ok(i64::from(value)),
        };
        let settings = Self {
            names: file.names.map(|List(names)| names).unwrap_or_default(),
            listen: listen("listen", file.listen.as_deref(), 8443)?,
            http: listen("http", file.http.as_deref(), 8080)?,
            metrics: file
                .metrics
                .map(|text| listen("metrics", Some(&text), 9273))
                .transpose()?,
            log: file.log.map_or(Ok(LogForm::default()), log)?,
            terms: file.terms.map(terms).transpose()?,
            agree_again: file.agree_again.unwrap_or_default(),
            external_account_required: file.external_account_required.unwrap_or_default(),
            default_profile: match file.default_profile {
                Some(name) if name.is_empty() => {
                    return Err(wrong(
                        "default_profile",
                        &name,
                        "the name of a profile of gsec.toml",
                    ));
                }
                name => name.unwrap_or_else(|| "host".into()),
            },
            profiles: match file.profiles {
                Some(List(names)) if names.is_empty() || names.iter().any(String::is_empty) => {
                    return Err(wrong(
                        "profiles",
                        &format!("{names:?}"),
                        "at least one profile of gsec.toml",
                    ));
                }
                names => names.map(|List(names)| names),
            },
            order_lifetime: Duration::hours(within(
                "order_hours",
                file.order_hours,
                ORDER_HOURS,
                MAX_ORDER_HOURS,
                "from 1 to 8760: a year",
            )?),
            proof_lifetime: Duration::days(within(
                "proof_days",
                file.proof_days,
                PROOF_DAYS,
                MAX_PROOF_DAYS,
                "from 1 to 398",
            )?),
            most_pending: match file.pending_names {
                Some(0) => return Err(wrong("pending_names", &0, "at least 1")),
                value => value.unwrap_or(PENDING_NAMES),
            },
            validate: rules(&file.validate)?,
            limits: file.limits.overrides()?,
        };
        // Who names no profile gets the default.
        match &settings.profiles {
            Some(offered) if !offered.contains(&settings.default_profile) => Err(wrong(
                "default_profile",
                &settings.default_profile,
                "one of `profiles`",
            )),
            _ => Ok(settings),
        }
    }
}

/// What is wrong with a file of TOML, in one line: where, and why.
pub(crate) fn toml_in_words(text: &str, error: &toml::de::Error) -> String {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.get(..at).unwrap_or(text);
    let number = 1 + before.matches('\n').count();
    let line = text.lines().nth(number - 1).unwrap_or_default();
    let key = match line.split_once('=') {
        Some((key, _)) if !key.trim().is_empty() => format!(", `{}`", key.trim()),
        _ => String::new(),
    };
    let said: Vec<&str> = error.message().lines().map(str::trim).collect();
    format!("line {number}{key}: {}", said.join(", "))
}

impl Default for Settings {
    fn default() -> Self {
        Self::read("").expect("every key has a default")
    }
}

fn wrong(key: &'static str, value: &impl ToString, expected: &'static str) -> SettingsError {
    SettingsError::Value {
        key,
        value: value.to_string(),
        expected,
    }
}

fn no_effect(key: &'static str, with: &'static str) -> SettingsError {
    SettingsError::NoEffect { key, with }
}

fn listen(key: &'static str, value: Option<&str>, port: u16) -> Result<Listen, SettingsError> {
    match value {
        None => Ok(Listen::everywhere(port)),
        Some(text) => Listen::parse(text).ok_or_else(|| {
            wrong(
                key,
                &text,
                "an address and a port, as `192.0.2.1:8443`, `[::1]:8443` or `:8443`",
            )
        }),
    }
}

fn log(text: String) -> Result<LogForm, SettingsError> {
    LogForm::parse(&text).ok_or_else(|| wrong("log", &text, "`faults`, `text` or `json`"))
}

fn terms(text: String) -> Result<String, SettingsError> {
    match url::Url::parse(&text) {
        Ok(url)
            if matches!(url.scheme(), "http" | "https")
                && text.contains("://")
                && !text.contains(char::is_whitespace) =>
        {
            Ok(text)
        }
        _ => Err(wrong(
            "terms",
            &text,
            "a URL, as `https://ca.example.com/terms.html`",
        )),
    }
}

impl Limits {
    fn overrides(&self) -> Result<Overrides, SettingsError> {
        let rows: [(&'static str, &Option<String>, Limit); 5] = [
            ("limits.new_accounts", &self.new_accounts, Limit::NewAccounts),
            ("limits.new_orders", &self.new_orders, Limit::NewOrders),
            ("limits.new_names", &self.new_names, Limit::NewNames),
            (
                "limits.failed_validations",
                &self.failed_validations,
                Limit::FailedValidations,
            ),
            ("limits.same_names", &self.same_names, Limit::SameNames),
        ];
        let mut rates: Vec<(Limit, Rate)> = Vec::new();
        for (key, text, limit) in rows {
            if let Some(text) = text {
                let rate = rate::parse(text).ok_or_else(|| {
                    wrong(key, text, "a number for a time, as `20/1h`, `300/3h` or `10/1d`")
                })?;
                rates.push((limit, rate));
            }
        }
        Ok(Overrides {
            rates,
            ..Overrides::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::Scope;
    use gsec_pki::x509::{DnsName, IpSubnet};
    use serde_json::{Value, json};

    #[test]
    fn everything_that_can_be_set() {
        let text = r#"
names = ["ca.example.com"]
listen = "127.0.0.1:9443"
http = ":9080"
log = "json"
terms = "https://ca.example.com/terms.html"
agree_again = true
external_account_required = true
default_profile = "tls-server"
profiles = ["tls-server"]
order_hours = 2
proof_days = 7

[limits]
new_accounts = "5/1h"

[[validate]]
names = "lab.example.com"
resolvers = ["10.0.0.53", "[2001:db8::53]:5353"]
http_port = 8080
tls_port = 8443
allow = ["10.0.0.0/8"]
source = "10.0.0.7"
authoritative = true
caa = ["CA.example.com", "pki.example.net"]

[[validate]]
names = "10.0.0.0/8"
"#;
        let settings = Settings::read(text).expect("settings");
        assert_eq!(settings.names, ["ca.example.com"]);
        assert_eq!(settings.log, LogForm::Json);
        assert!(settings.agree_again && settings.external_account_required);
        assert_eq!(
            settings.listen,
            Listen::At("127.0.0.1:9443".parse().expect("an address"))
        );
        assert_eq!(settings.http, Listen::Everywhere(9080));
        assert_eq!(settings.order_lifetime, Duration::hours(2));
        assert_eq!(settings.proof_lifetime, Duration::days(7));
        assert_eq!(
            settings.limits.rates,
            [(
                Limit::NewAccounts,
                Rate {
                    burst: 5,
                    per: Duration::hours(1)
                }
            )]
        );
        assert_eq!(settings.validate.len(), 2);
        assert_eq!(settings.validate[0].resolvers[0].port(), 53);
        assert_eq!(settings.validate[0].http_port, 8080);
        assert!(settings.validate[0].is_authoritative);
        assert_eq!(settings.validate[0].caa, ["ca.example.com", "pki.example.net"]);
        assert!(matches!(settings.validate[1].scope, Scope::Network(_)));
    }

    /// The keys in the table of docs/serve.md, each with its default as it stands there.
    fn documented() -> Vec<(String, String)> {
        let page = include_str!("../../../docs/serve.md");
        let table = page.split("\n## serve.toml\n").nth(1).expect("the section");
        let table = table.split("\n## ").next().unwrap_or_default();
        let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
        rows.map(|row| {
            let (key, rest) = row.split_once("` | ").expect("a key");
            let default = rest.split(" | ").next().expect("a default");
            (key.to_owned(), default.trim_matches('`').to_owned())
        })
        .collect()
    }

    /// A file with one key, and a value of a type that no key has.
    fn with_only(key: &str) -> String {
        match key.split_once('.') {
            None => format!("{key} = 1.5\n"),
            Some(("validate", key)) => format!("[[validate]]\n{key} = 1.5\n"),
            Some((section, key)) => format!("[{section}]\n{key} = 1.5\n"),
        }
    }

    /// The keys that are read, as the reader itself lists them for one that there is not.
    fn read_keys(section: &str) -> Vec<String> {
        let text = match section {
            "" => "nosuch = 1\n".to_owned(),
            "validate" => "[[validate]]\nnosuch = 1\n".to_owned(),
            section => format!("[{section}]\nnosuch = 1\n"),
        };
        let said = Settings::read(&text).expect_err("an unknown key").to_string();
        let list = said.split("expected one of").nth(1).expect("a list");
        let line = list.lines().next().unwrap_or_default();
        let prefix = if section.is_empty() {
            String::new()
        } else {
            format!("{section}.")
        };
        line.split('`')
            .skip(1)
            .step_by(2)
            .map(|key| format!("{prefix}{key}"))
            .collect()
    }

    #[test]
    fn the_table_of_the_documentation_has_every_key_that_is_read_and_no_other() {
        let documented: Vec<String> = documented().into_iter().map(|(key, _)| key).collect();
        let mut read = Vec::new();
        for section in ["", "limits", "validate"] {
            read.extend(read_keys(section));
        }
        read.retain(|key| !["limits", "validate"].contains(&key.as_str()));
        assert_eq!(documented, read);
        for key in &documented {
            let said = Settings::read(&with_only(key)).expect_err(key).to_string();
            assert!(!said.contains("unknown field"), "{key}: {said}");
        }
    }

    #[test]
    fn defaults_of_the_documentation_are_those_that_hold() {
        let mut text = [String::new(), "[limits]\n".into(), "[[validate]]\n".into()];
        for (key, default) in documented() {
            let is_toml = default.parse::<f64>().is_ok() || default == "false" || default.starts_with('"');
            if is_toml {
                let (place, key) = match key.split_once('.') {
                    Some(("limits", key)) => (1, key.to_owned()),
                    Some((_, key)) => (2, key.to_owned()),
                    None => (0, key),
                };
                text[place] += &format!("{key} = {default}\n");
            }
        }
        let mut written = Settings::read(&text.concat()).expect("settings");
        assert_eq!(written.validate, [Rule::default()]);
        written.validate.clear();
        let rates = std::mem::take(&mut written.limits.rates);
        assert_eq!(rates, crate::domain::limits::DEFAULT_RATES);
        assert_eq!(written, Settings::default());
    }

    /// The keys of the schema, each with what it says of it.
    fn in_schema() -> Vec<(String, Value)> {
        let text = include_str!("../../../docs/schema/serve.toml.json");
        let schema: Value = serde_json::from_str(text).expect("JSON");
        let of = |section: &Value, prefix: &str| {
            assert_eq!(section["additionalProperties"], false, "{prefix}");
            let keys = section["properties"].as_object().expect("properties").iter();
            keys.map(|(key, says)| {
                let mut says = says.clone();
                if let Some(name) = says["$ref"].as_str().and_then(|at| at.strip_prefix("#/$defs/")) {
                    says["type"] = schema["$defs"][name]["type"].clone();
                }
                (format!("{prefix}{key}"), says)
            })
            .collect::<Vec<_>>()
        };
        let top = of(&schema, "");
        let mut keys: Vec<_> = top
            .into_iter()
            .filter(|(key, _)| !["limits", "validate"].contains(&key.as_str()))
            .collect();
        keys.extend(of(&schema["properties"]["limits"], "limits."));
        keys.extend(of(&schema["properties"]["validate"]["items"], "validate."));
        keys
    }

    /// The type of a key, as the reader says it of a value that fits to none.
    fn read_type(key: &str) -> Value {
        let said = Settings::read(&with_only(key)).expect_err(key).to_string();
        let expected = said.split(", expected ").nth(1).unwrap_or_default();
        let types = [
            ("a string", json!("string")),
            ("a boolean", json!("boolean")),
            ("u16", json!("integer")),
            ("u32", json!("integer")),
            ("a list", json!("array")),
            ("a name, or a list", json!(["string", "array"])),
        ];
        let found = types.into_iter().find(|(words, _)| expected.starts_with(words));
        found.unwrap_or_else(|| panic!("{key}: {said}")).1
    }

    #[test]
    fn the_schema_has_every_key_with_its_type_its_default_and_its_bounds() {
        let mut documented = documented();
        let mut schema = in_schema();
        documented.sort();
        schema.sort_by(|one, other| one.0.cmp(&other.0));
        let names = |keys: &[(String, Value)]| keys.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
        let known: Vec<String> = documented.iter().map(|(key, _)| key.clone()).collect();
        assert_eq!(names(&schema), known);
        for ((key, says), (_, default)) in schema.iter().zip(&documented) {
            assert_eq!(says["type"], read_type(key), "{key}");
            let is_value = default.parse::<f64>().is_ok() || default == "false" || default.starts_with('"');
            let default = match is_value {
                true => serde_json::from_str(default).expect("a value"),
                false => Value::Null,
            };
            assert_eq!(says["default"], default, "{key}");
            for (bound, beyond) in [("minimum", -1), ("maximum", 1)] {
                if let Some(bound) = says[bound].as_i64() {
                    let with =
                        |value: i64| Settings::read(&with_only(key).replace("1.5", &value.to_string()));
                    assert!(with(bound).is_ok() && with(bound + beyond).is_err(), "{key}");
                }
            }
            for value in says["enum"].as_array().into_iter().flatten() {
                let text = with_only(key).replace("1.5", &value.to_string());
                assert!(Settings::read(&text).is_ok(), "{key}: {value}");
            }
        }
    }

    #[test]
    fn section_about_several_names_is_a_rule_for_each() {
        let text = "[[validate]]\nnames = ['a.test', '10.0.0.0/8']\nhttp_port = 8080\n";
        let rules = Settings::read(text).expect("settings").validate;
        let network = IpSubnet::parse("10.0.0.0/8").expect("a network");
        let scopes: Vec<Scope> = rules.iter().map(|rule| rule.scope.clone()).collect();
        let domain = DnsName::parse("a.test").expect("a name");
        assert_eq!(scopes, [Scope::Suffix(domain), Scope::Network(network)]);
        assert!(rules.iter().all(|rule| rule.http_port == 8080));
    }

    /// What is copied from there works.
    #[test]
    fn example_of_the_documentation_is_read() {
        let page = include_str!("../../../docs/serve.md");
        let example = page.split("```toml\n").nth(1).expect("an example");
        let example = example.split("```").next().unwrap_or_default();
        let settings = Settings::read(example).expect("settings");
        assert_eq!((settings.names.len(), settings.validate.len()), (1, 4));
    }

    #[test]
    fn nothing_set_is_all_defaults() {
        let settings = Settings::default();
        assert_eq!(
            (settings.listen, settings.http),
            (Listen::Everywhere(8443), Listen::Everywhere(8080))
        );
        assert!(!settings.external_account_required && settings.names.is_empty());
    }

    #[test]
    fn what_is_no_toml_is_told_in_one_line() {
        for (text, said) in [
            (
                "http = ':80'\nlistn = ':8443'\n",
                "line 2, `listn`: unknown field `listn`, expected",
            ),
            ("\n\nnames = [\n", "line "),
            ("names = 'a'\r\nnames = 'b'", "line "),
            ("\u{1}", "line 1: "),
        ] {
            let error = Settings::read(text).expect_err(text).to_string();
            assert!(error.starts_with(said), "{error}");
            assert!(!error.contains(['\n', '\r']), "{error:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let rows = [
            ("listn = ':8443'", "listn"),
            ("listen = '8443'", "listen"),
            ("terms = 'terms.html'", "terms"),
            ("log = 'all'", "log"),
            ("order_hours = 8761", "order_hours"),
            ("order_hours = 4294967295", "order_hours"),
            ("proof_days = 399", "proof_days"),
            ("proof_days = 0", "proof_days"),
            ("pending_names = 0", "pending_names"),
            ("order_hours = 0", "order_hours"),
            ("[limits]\nnew_orders = 'many'", "limits.new_orders"),
            ("[[validate]]\nnames = '*.example.com'", "validate.names"),
            ("[[validate]]\nhttp_port = 0", "validate.http_port"),
            ("[[validate]]\nallow = ['10.0.0.1/8']", "validate.allow"),
            ("[[validate]]\nresolvers = ['dns']", "validate.resolvers"),
            ("[[validate]]\nsource = 'eth0'", "validate.source"),
            ("[[validate]]\nport = 80", "port"),
            (
                "[[validate]]\n[[validate]]\ncaa = ['ca.example.com']",
                "without `names` is there twice",
            ),
            (
                "[[validate]]\nnames = 'a.test'\n[[validate]]\nnames = 'A.test'",
                "is about `A.test` twice",
            ),
            (
                "[[validate]]\nnames = 'a.test'\n[[validate]]\nnames = ['b.test', 'A.test']",
                "is about `A.test` twice",
            ),
            ("[[validate]]\nnames = []", "validate.names"),
            ("[[validate]]\nnames = ['a.test', '*.b.test']", "`*.b.test`"),
            ("[[validate]]\nnames = 1", "expected a name, or a list of names"),
            ("names = 'ca.test'", "expected a list, as `[\"ca.example.com\"]`"),
            ("profiles = []", "profiles"),
            (
                "profiles = ['server']",
                "`default_profile` is `host`: it must be one of `profiles`",
            ),
            ("agree_again = true", "it counts only with `terms`"),
            (
                "[[validate]]\nnames = '10.0.0.0/8'\nauthoritative = true",
                "`validate.authoritative` has no effect",
            ),
            (
                "[[validate]]\nnames = ['10.0.0.0/8', 'fd00::/8']\nresolvers = ['10.0.0.1']",
                "`validate.resolvers` has no effect",
            ),
            ("default_profile = ''", "default_profile"),
            ("terms = 'https:foo'", "terms"),
            ("[[validate]]\nresolvers = ['1.1.1.1:0']", "validate.resolvers"),
            ("[[validate]]\ncaa = ['a_b.test']", "validate.caa"),
            ("[[validate]]\ncaa = []", "validate.caa"),
            ("[[validate]]\ncaa = ['*.example.com']", "validate.caa"),
            ("[[validate]]\ncaa = ['a b']", "validate.caa"),
            ("[[validate]]\ncaa = 'ca.example.com'", "caa"),
            (
                "[[validate]]\nnames = '10.0.0.0/8'\ncaa = ['ca.example.com']",
                "for 10.0.0.0/8",
            ),
        ];
        for (text, key) in rows {
            let error = Settings::read(text).expect_err(text).to_string();
            assert!(error.contains(key), "{text}: {error}");
        }
    }
}
