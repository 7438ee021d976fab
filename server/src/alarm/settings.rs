//! `watch.toml`: what is watched, when nobody is to be disturbed, and who is told.

use std::path::PathBuf;

use serde::Deserialize;
use thiserror::Error;
use time::{Duration, OffsetDateTime};

use super::{Alarm, Hold, Kind, Severity, Window};
use crate::settings::toml_in_words;
use gsec_pki::x509::parse_time;

/// The name of the file in `ca_conf/`.
pub const FILE_NAME: &str = "watch.toml";
/// The seconds that a program may take, where nothing else is set.
const COMMAND_SECONDS: u64 = 30;
/// The most sinks.
const MAX_SINKS: usize = 32;

/// What is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchSettings {
    /// What this place is called in what is sent; the name of the machine when `None`.
    pub site: Option<String>,
    /// The time between two looks.
    pub every: Duration,
    /// How many looks must agree.
    pub hold: Hold,
    /// Ports that are probed, as `HOST:PORT`.
    pub probe: Vec<String>,
    /// Folders with the files of hosts.
    pub host_dirs: Vec<PathBuf>,
    /// Where backups are: a file, or a folder with files.
    pub backup: Option<PathBuf>,
    /// Whether a server is to be there; where one was ever seen when `None`.
    pub server: Option<bool>,
    /// When nobody is to be disturbed.
    pub maintenance: Vec<Window>,
    /// Who is told.
    pub sinks: Vec<Sink>,
    /// Whether other sites tell this one.
    pub hub: Option<HubSettings>,
}

/// How other sites tell this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubSettings {
    /// Where they are listened to.
    pub listen: String,
    /// Certificate and key of the listener, in one file or two; the server's own when `None`.
    pub certificate: Option<(PathBuf, PathBuf)>,
    /// The profiles of gsec.toml that their certificates may be of.
    pub profiles: Vec<String>,
    /// The sites that are expected, and no others; all with such a certificate when empty.
    pub sites: Vec<String>,
    /// After so long without a word a site is silent.
    pub silent_after: Duration,
}

/// Somebody who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sink {
    /// What it is called here.
    pub name: String,
    /// The kinds that go there; all when empty.
    pub send: Vec<Kind>,
    /// The least severity that goes there.
    pub severity: Severity,
    /// How.
    pub kind: SinkKind,
}

impl Sink {
    /// Whether what happens to an alarm goes there. Who was told that it is bad is told that it gets better.
    pub fn takes(&self, alarm: &Alarm) -> bool {
        self.takes_of(alarm.condition.kind, alarm.peak)
    }

    /// The same, of an alarm of this kind that has weighed so much at most.
    pub fn takes_of(&self, kind: Kind, peak: Severity) -> bool {
        peak >= self.severity && (self.send.is_empty() || self.send.contains(&kind))
    }
}

/// How somebody is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SinkKind {
    /// JSON by HTTP POST.
    Webhook {
        /// Where.
        url: String,
        /// The file with the key that signs.
        secret_file: Option<PathBuf>,
        /// The certificates that its server must lead to; those of the system when `None`.
        trust_file: Option<PathBuf>,
    },
    /// The API of Prometheus Alertmanager, version 2.
    Alertmanager {
        /// Where: without the path of the API.
        url: String,
        /// As for a webhook.
        trust_file: Option<PathBuf>,
    },
    /// SMTP.
    Mail {
        /// The host of the mail server.
        server: String,
        /// Its port.
        port: u16,
        /// How it is secured.
        tls: MailTls,
        /// As for a webhook.
        trust_file: Option<PathBuf>,
        /// Who logs in.
        user: Option<String>,
        /// The file with the password.
        password_file: Option<PathBuf>,
        /// The sender.
        from: String,
        /// The receivers.
        to: Vec<String>,
    },
    /// RFC 5424.
    Syslog {
        /// Where.
        place: SyslogPlace,
        /// The number of the facility.
        facility: u8,
    },
    /// A hub, over mutual TLS.
    Hub {
        /// Where: without the path.
        url: String,
        /// The certificate of this site, and those above it.
        certificate_file: PathBuf,
        /// Its key.
        key_file: PathBuf,
        /// As for a webhook.
        trust_file: Option<PathBuf>,
    },
    /// A program that gets the event on standard input.
    Command {
        /// Its path and its arguments.
        command: Vec<String>,
        /// How long it may take, in seconds.
        seconds: u64,
    },
}

impl SinkKind {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::Alertmanager { .. } => "alertmanager",
            Self::Mail { .. } => "mail",
            Self::Syslog { .. } => "syslog",
            Self::Hub { .. } => "hub",
            Self::Command { .. } => "command",
        }
    }
}

/// How mail is secured on its way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// By the command STARTTLS, without which nothing is sent.
    StartTls,
    /// From the first byte.
    Whole,
    /// Not at all: for a mail server on this machine.
    None,
}

/// Where a syslog server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyslogPlace {
    /// RFC 5425.
    Tls {
        /// `HOST:PORT`.
        server: String,
        /// As for a webhook.
        trust_file: Option<PathBuf>,
    },
    /// RFC 5426: what gets lost is lost.
    Udp {
        /// `HOST:PORT`.
        server: String,
    },
    /// The socket of this machine.
    Unix {
        /// Its path.
        path: PathBuf,
    },
}

/// What is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WatchError {
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
    /// A key that a sink of this kind needs.
    #[error("sink `{sink}`: a sink of kind `{kind}` needs `{key}`")]
    Missing {
        /// The sink.
        sink: String,
        /// Its kind.
        kind: String,
        /// The key.
        key: &'static str,
    },
    /// A key that a sink of this kind has no use for.
    #[error("sink `{sink}`: a sink of kind `{kind}` has no `{key}`")]
    NotOfKind {
        /// The sink.
        sink: String,
        /// Its kind.
        kind: String,
        /// The key.
        key: &'static str,
    },
    /// Two sinks of one name.
    #[error("there are two sinks `{0}`")]
    TwoSinks(String),
    /// Too many of them.
    #[error("there are more than {MAX_SINKS} sinks")]
    TooManySinks,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    site: Option<String>,
    every: Option<String>,
    raise_after: Option<u32>,
    clear_after: Option<u32>,
    #[serde(default)]
    probe: Vec<String>,
    #[serde(default)]
    host_dirs: Vec<PathBuf>,
    backup: Option<PathBuf>,
    server: Option<bool>,
    #[serde(default)]
    maintenance: Vec<Maintenance>,
    #[serde(default)]
    sink: Vec<SinkTable>,
    hub: Option<HubTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HubTable {
    listen: Option<String>,
    certificate_file: Option<PathBuf>,
    key_file: Option<PathBuf>,
    profiles: Option<Vec<String>>,
    #[serde(default)]
    sites: Vec<String>,
    silent_after: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Maintenance {
    from: Option<String>,
    until: Option<String>,
    #[serde(default)]
    kinds: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SinkTable {
    name: Option<String>,
    kind: Option<String>,
    #[serde(default)]
    send: Vec<String>,
    severity: Option<String>,
    url: Option<String>,
    secret_file: Option<PathBuf>,
    trust_file: Option<PathBuf>,
    server: Option<String>,
    port: Option<u16>,
    tls: Option<String>,
    user: Option<String>,
    password_file: Option<PathBuf>,
    from: Option<String>,
    to: Option<Vec<String>>,
    transport: Option<String>,
    path: Option<PathBuf>,
    facility: Option<u8>,
    command: Option<Vec<String>>,
    seconds: Option<u64>,
    certificate_file: Option<PathBuf>,
    key_file: Option<PathBuf>,
}

impl WatchSettings {
    /// Reads the text of the file; an empty one has all defaults.
    ///
    /// # Errors
    /// [`WatchError`].
    pub fn read(text: &str) -> Result<Self, WatchError> {
        let file: File =
            toml::from_str(text).map_err(|error| WatchError::Toml(toml_in_words(text, &error)))?;
        let looks = |key, value: Option<u32>, default| match value.unwrap_or(default) {
            0 => Err(wrong(key, "0", "at least 1")),
            value => Ok(value),
        };
        let every = file.every.as_deref().unwrap_or("5m");
        let sinks: Vec<Sink> = file.sink.into_iter().map(sink).collect::<Result<_, _>>()?;
        if sinks.len() > MAX_SINKS {
            return Err(WatchError::TooManySinks);
        }
        for (at, sink) in sinks.iter().enumerate() {
            if sinks[..at].iter().any(|other| other.name == sink.name) {
                return Err(WatchError::TwoSinks(sink.name.clone()));
            }
        }
        Ok(Self {
            site: file.site.map(site).transpose()?,
            every: interval(every).ok_or_else(|| wrong("every", every, INTERVAL))?,
            hold: Hold {
                raise_after: looks("raise_after", file.raise_after, 1)?,
                clear_after: looks("clear_after", file.clear_after, 2)?,
            },
            probe: file.probe,
            host_dirs: file
                .host_dirs
                .into_iter()
                .map(|path| absolute("host_dirs", path))
                .collect::<Result<_, _>>()?,
            backup: file.backup.map(|path| absolute("backup", path)).transpose()?,
            server: file.server,
            maintenance: file.maintenance.iter().map(window).collect::<Result<_, _>>()?,
            sinks,
            hub: file.hub.map(hub).transpose()?,
        })
    }

    /// The time between two looks, as a person writes it: `5m`; from 10 s to a day.
    pub fn interval(text: &str) -> Option<Duration> {
        interval(text)
    }
}

const INTERVAL: &str = "a time from `10s` to `1d`, in `s`, `m`, `h` or `d`";

fn interval(text: &str) -> Option<Duration> {
    let (count, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let count: i64 = count.parse::<u32>().ok()?.into();
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    let every = Duration::seconds(count.checked_mul(seconds)?);
    (Duration::seconds(10)..=Duration::DAY)
        .contains(&every)
        .then_some(every)
}

fn wrong(key: &'static str, value: &str, expected: &'static str) -> WatchError {
    WatchError::Value {
        key,
        value: value.to_owned(),
        expected,
    }
}

/// What stands in headers of mail and syslog.
fn site(text: String) -> Result<String, WatchError> {
    let is_good = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    match is_good {
        true => Ok(text),
        false => Err(wrong(
            "site",
            &text,
            "up to 64 letters, digits and signs, without blanks",
        )),
    }
}

fn absolute(key: &'static str, path: PathBuf) -> Result<PathBuf, WatchError> {
    match path.is_absolute() {
        true => Ok(path),
        false => Err(wrong(key, &path.display().to_string(), "an absolute path")),
    }
}

fn kinds(key: &'static str, names: &[String]) -> Result<Vec<Kind>, WatchError> {
    let kind =
        |name: &String| Kind::parse(name).ok_or_else(|| wrong(key, name, "kinds of alarms, as `expires`"));
    names.iter().map(kind).collect()
}

fn window(written: &Maintenance) -> Result<Window, WatchError> {
    let time = |key, text: &Option<String>| -> Result<OffsetDateTime, WatchError> {
        let text = text.as_deref().unwrap_or_default();
        parse_time(text).ok_or_else(|| wrong(key, text, "a time, as `2026-12-05T22:00:00Z`"))
    };
    let window = Window {
        from: time("maintenance.from", &written.from)?,
        until: time("maintenance.until", &written.until)?,
        kinds: kinds("maintenance.kinds", &written.kinds)?,
    };
    match window.from < window.until {
        true => Ok(window),
        false => Err(wrong(
            "maintenance.until",
            written.until.as_deref().unwrap_or_default(),
            "later than `from`",
        )),
    }
}

/// Which keys besides `name`, `kind`, `send` and `severity` a kind of sink has.
const KEYS: [(&str, &[&str]); 6] = [
    ("webhook", &["url", "secret_file", "trust_file"]),
    ("alertmanager", &["url", "trust_file"]),
    (
        "mail",
        &[
            "server",
            "port",
            "tls",
            "trust_file",
            "user",
            "password_file",
            "from",
            "to",
        ],
    ),
    (
        "syslog",
        &["transport", "server", "path", "trust_file", "facility"],
    ),
    ("command", &["command", "seconds"]),
    ("hub", &["url", "certificate_file", "key_file", "trust_file"]),
];

fn sink(table: SinkTable) -> Result<Sink, WatchError> {
    let name = table.name.clone().unwrap_or_default();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !(1..=64).contains(&name.len()) || !name.bytes().all(is_word) {
        return Err(wrong(
            "sink.name",
            &name,
            "up to 64 letters, digits, `-`, `_` and `.`",
        ));
    }
    let kind = table.kind.clone().unwrap_or_default();
    let Some((_, own)) = KEYS.iter().find(|(known, _)| *known == kind) else {
        return Err(wrong(
            "sink.kind",
            &kind,
            "`webhook`, `alertmanager`, `mail`, `syslog`, `command` or `hub`",
        ));
    };
    if let Some(key) = table.given().into_iter().find(|key| !own.contains(key)) {
        return Err(WatchError::NotOfKind {
            sink: name,
            kind,
            key,
        });
    }
    let severity = table.severity.as_deref().unwrap_or("notice");
    let severity = Severity::parse(severity)
        .ok_or_else(|| wrong("sink.severity", severity, "`notice`, `warning` or `error`"))?;
    Ok(Sink {
        send: kinds("sink.send", &table.send)?,
        severity,
        kind: table.into_kind(&name, &kind)?,
        name,
    })
}

impl SinkTable {
    fn given(&self) -> Vec<&'static str> {
        let rows = [
            ("url", self.url.is_some()),
            ("secret_file", self.secret_file.is_some()),
            ("trust_file", self.trust_file.is_some()),
            ("server", self.server.is_some()),
            ("port", self.port.is_some()),
            ("tls", self.tls.is_some()),
            ("user", self.user.is_some()),
            ("password_file", self.password_file.is_some()),
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
            ("transport", self.transport.is_some()),
            ("path", self.path.is_some()),
            ("facility", self.facility.is_some()),
            ("command", self.command.is_some()),
            ("seconds", self.seconds.is_some()),
            ("certificate_file", self.certificate_file.is_some()),
            ("key_file", self.key_file.is_some()),
        ];
        rows.into_iter()
            .filter(|(_, given)| *given)
            .map(|(key, _)| key)
            .collect()
    }

    fn into_kind(self, sink: &str, kind: &str) -> Result<SinkKind, WatchError> {
        let needs = |key| WatchError::Missing {
            sink: sink.to_owned(),
            kind: kind.to_owned(),
            key,
        };
        let file = |key, path: Option<PathBuf>| path.map(|path| absolute(key, path)).transpose();
        let trust_file = file("sink.trust_file", self.trust_file)?;
        Ok(match kind {
            "webhook" => SinkKind::Webhook {
                url: url(self.url.ok_or_else(|| needs("url"))?)?,
                secret_file: file("sink.secret_file", self.secret_file)?,
                trust_file,
            },
            "alertmanager" => SinkKind::Alertmanager {
                url: url(self.url.ok_or_else(|| needs("url"))?)?,
                trust_file,
            },
            "hub" => {
                let url = url(self.url.ok_or_else(|| needs("url"))?)?;
                if !url.starts_with("https:") {
                    return Err(wrong("sink.url", &url, "a URL with `https` for a hub"));
                }
                let certificate = file("sink.certificate_file", self.certificate_file)?;
                let key = file("sink.key_file", self.key_file)?;
                SinkKind::Hub {
                    url,
                    certificate_file: certificate.ok_or_else(|| needs("certificate_file"))?,
                    key_file: key.ok_or_else(|| needs("key_file"))?,
                    trust_file,
                }
            }
            "mail" => {
                let tls = match self.tls.as_deref().unwrap_or("starttls") {
                    "starttls" => MailTls::StartTls,
                    "tls" => MailTls::Whole,
                    "none" => MailTls::None,
                    other => return Err(wrong("sink.tls", other, "`starttls`, `tls` or `none`")),
                };
                let password_file = file("sink.password_file", self.password_file)?;
                match (&self.user, &password_file) {
                    (Some(_), None) => return Err(needs("password_file")),
                    (None, Some(_)) => return Err(needs("user")),
                    // A password in clear is everybody's on the way.
                    (Some(_), Some(_)) if tls == MailTls::None => {
                        return Err(wrong(
                            "sink.tls",
                            "none",
                            "`starttls` or `tls` where someone logs in",
                        ));
                    }
                    _ => {}
                }
                let port = match tls {
                    MailTls::StartTls => 587,
                    MailTls::Whole => 465,
                    MailTls::None => 25,
                };
                SinkKind::Mail {
                    server: self.server.ok_or_else(|| needs("server"))?,
                    port: self.port.unwrap_or(port),
                    tls,
                    trust_file,
                    user: self.user,
                    password_file,
                    from: mailbox("sink.from", self.from.ok_or_else(|| needs("from"))?)?,
                    to: self
                        .to
                        .filter(|to| !to.is_empty())
                        .ok_or_else(|| needs("to"))?
                        .into_iter()
                        .map(|to| mailbox("sink.to", to))
                        .collect::<Result<_, _>>()?,
                }
            }
            "syslog" => {
                let facility = self.facility.unwrap_or(10);
                if facility > 23 {
                    return Err(wrong(
                        "sink.facility",
                        &facility.to_string(),
                        "a number from 0 to 23",
                    ));
                }
                let server = || self.server.clone().ok_or_else(|| needs("server"));
                let transport = self.transport.as_deref().unwrap_or("unix");
                let place = match transport {
                    "tls" => SyslogPlace::Tls {
                        server: server()?,
                        trust_file,
                    },
                    "udp" => SyslogPlace::Udp { server: server()? },
                    "unix" => SyslogPlace::Unix {
                        path: absolute("sink.path", self.path.unwrap_or_else(|| "/dev/log".into()))?,
                    },
                    other => return Err(wrong("sink.transport", other, "`unix`, `udp` or `tls`")),
                };
                SinkKind::Syslog { place, facility }
            }
            _ => {
                let command = self.command.filter(|command| !command.is_empty());
                let command = command.ok_or_else(|| needs("command"))?;
                if !command[0].starts_with('/') {
                    return Err(wrong(
                        "sink.command",
                        &command[0],
                        "the absolute path of a program first",
                    ));
                }
                SinkKind::Command {
                    command,
                    seconds: match self.seconds.unwrap_or(COMMAND_SECONDS) {
                        seconds @ 1..=600 => seconds,
                        other => return Err(wrong("sink.seconds", &other.to_string(), "from 1 to 600")),
                    },
                }
            }
        })
    }
}

fn hub(table: HubTable) -> Result<HubSettings, WatchError> {
    let file = |key, path: Option<PathBuf>| path.map(|path| absolute(key, path)).transpose();
    let certificate = file("hub.certificate_file", table.certificate_file)?;
    let key = file("hub.key_file", table.key_file)?;
    let certificate = match (certificate, key) {
        (Some(certificate), Some(key)) => Some((certificate, key)),
        (None, None) => None,
        _ => {
            return Err(wrong(
                "hub.key_file",
                "",
                "there with `certificate_file`, and not without",
            ));
        }
    };
    let silent_after = table.silent_after.as_deref().unwrap_or("90s");
    let listen = table.listen.unwrap_or_else(|| ":8444".into());
    let profiles = table.profiles.unwrap_or_else(|| vec!["appliance".into()]);
    if crate::settings::Listen::parse(&listen).is_none() {
        return Err(wrong(
            "hub.listen",
            &listen,
            "an address and a port, as `192.0.2.1:8444` or `:8444`",
        ));
    }
    if profiles.is_empty() {
        return Err(wrong("hub.profiles", "", "one profile of gsec.toml at least"));
    }
    Ok(HubSettings {
        listen,
        certificate,
        profiles,
        sites: table.sites,
        silent_after: interval(silent_after)
            .ok_or_else(|| wrong("hub.silent_after", silent_after, INTERVAL))?,
    })
}

fn url(text: String) -> Result<String, WatchError> {
    let is_good = url::Url::parse(&text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    });
    match is_good {
        true => Ok(text),
        false => Err(wrong(
            "sink.url",
            &text,
            "a URL with `https` or `http`, without a password in it",
        )),
    }
}

fn mailbox(key: &'static str, text: String) -> Result<String, WatchError> {
    match text.parse::<lettre::message::Mailbox>() {
        Ok(_) => Ok(text),
        Err(_) => Err(wrong(key, &text, "a mail address")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::{Condition, State};

    const ALL: &str = r#"
site = "branch-7"
every = "10m"
raise_after = 2
clear_after = 3
probe = ["db1.example.com:443"]
host_dirs = ["/etc/ssl/gsec"]
backup = "/var/backups/gsec"
server = false
[[maintenance]]
from = "2026-12-05T22:00:00Z"
until = "2026-12-06T04:00:00Z"
kinds = ["server"]
[[sink]]
name = "ops"
kind = "webhook"
url = "https://ops.example.com/hook"
secret_file = "/etc/gsec/hook.key"
send = ["expires", "crl"]
severity = "warning"
[[sink]]
name = "am"
kind = "alertmanager"
url = "http://127.0.0.1:9093"
[[sink]]
name = "mail"
kind = "mail"
server = "mail.example.com"
user = "gsec"
password_file = "/etc/gsec/mail"
from = "gsec@example.com"
to = ["Ops <ops@example.com>"]
[[sink]]
name = "log"
kind = "syslog"
transport = "tls"
server = "log.example.com:6514"
trust_file = "/etc/gsec/log.pem"
[[sink]]
name = "page"
kind = "command"
command = ["/usr/local/bin/page", "gsec"]
[[sink]]
name = "centre"
kind = "hub"
url = "https://hub.example.com:8444"
certificate_file = "/etc/gsec/site.pem"
key_file = "/etc/gsec/site.key"
trust_file = "/etc/gsec/hub.pem"
[hub]
listen = "127.0.0.1:8444"
certificate_file = "/etc/gsec/hub.pem"
key_file = "/etc/gsec/hub.key"
profiles = ["appliance", "tls-client"]
sites = ["branch-7"]
silent_after = "5m"
"#;

    #[test]
    fn everything_that_can_be_set() {
        let settings = WatchSettings::read(ALL).expect("settings");
        assert_eq!(settings.every, Duration::minutes(10));
        assert_eq!((settings.hold.raise_after, settings.hold.clear_after), (2, 3));
        let names: Vec<&str> = settings.sinks.iter().map(|sink| sink.kind.name()).collect();
        assert_eq!(
            names,
            ["webhook", "alertmanager", "mail", "syslog", "command", "hub"]
        );
        let hub = settings.hub.as_ref().expect("a hub");
        assert_eq!((hub.silent_after, hub.sites.len()), (Duration::minutes(5), 1));
        let alarm = |kind, severity| Alarm {
            condition: Condition::new("", kind, "slug", severity, ""),
            state: State::Raised,
            peak: severity,
            first_seen: 0,
            last_seen: 0,
            raised_at: None,
            cleared_at: None,
            acknowledged: None,
            seen: 1,
            unseen: 0,
        };
        let takes = |kind, severity| settings.sinks[0].takes(&alarm(kind, severity));
        assert!(takes(Kind::Crl, Severity::Warning));
        assert!(!takes(Kind::Crl, Severity::Notice));
        assert!(!takes(Kind::Disk, Severity::Error));
        assert!(settings.sinks[1].takes(&alarm(Kind::Disk, Severity::Notice)));
        assert!(matches!(
            &settings.sinks[2].kind,
            SinkKind::Mail { port: 587, .. }
        ));
    }

    #[test]
    fn nothing_set_is_all_defaults() {
        let settings = WatchSettings::read("").expect("settings");
        assert_eq!(settings.every, Duration::minutes(5));
        assert_eq!((settings.hold.raise_after, settings.hold.clear_after), (1, 2));
        assert!(settings.sinks.is_empty() && settings.probe.is_empty());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let sink = |rest: &str| format!("[[sink]]\nname = 's'\n{rest}");
        let rows = [
            ("evry = '5m'".to_owned(), "evry"),
            ("every = '1s'".into(), "every"),
            ("every = '5'".into(), "every"),
            ("raise_after = 0".into(), "raise_after"),
            ("site = 'a b'".into(), "site"),
            ("backup = 'relative'".into(), "backup"),
            ("[[maintenance]]\nfrom = 'now'".into(), "maintenance.from"),
            (
                "[[maintenance]]\nfrom = '2026-12-05T22:00:00Z'\nuntil = '2026-12-05T22:00:00Z'".into(),
                "maintenance.until",
            ),
            ("[[sink]]\nkind = 'webhook'".into(), "sink.name"),
            (sink("kind = 'pager'"), "sink.kind"),
            (sink("kind = 'webhook'"), "`url`"),
            (sink("kind = 'webhook'\nurl = 'https://u:p@h/'"), "sink.url"),
            (sink("kind = 'webhook'\nurl = 'file:///etc'"), "sink.url"),
            (
                sink("kind = 'webhook'\nurl = 'https://h/'\nto = ['a@b.c']"),
                "no `to`",
            ),
            (
                sink("kind = 'webhook'\nurl = 'https://h/'\nsend = ['all']"),
                "sink.send",
            ),
            (sink("kind = 'syslog'\ntransport = 'udp'"), "`server`"),
            (sink("kind = 'syslog'\nfacility = 24"), "sink.facility"),
            (sink("kind = 'command'\ncommand = ['page']"), "sink.command"),
            (sink("kind = 'command'\ncommand = []"), "`command`"),
            (
                sink("kind = 'mail'\nserver = 'm'\nfrom = 'a@b.c'\nto = ['x\\r\\ny']"),
                "sink.to",
            ),
            (
                sink("kind = 'mail'\nserver = 'm'\nfrom = 'a@b.c'\nto = ['a@b.c']\nuser = 'u'"),
                "password_file",
            ),
            (
                sink(
                    "kind = 'mail'\nserver = 'm'\nfrom = 'a@b.c'\nto = ['a@b.c']\nuser = 'u'\npassword_file = '/p'\ntls = 'none'",
                ),
                "sink.tls",
            ),
            (sink("kind = 'hub'\nurl = 'http://h/'"), "sink.url"),
            (sink("kind = 'hub'\nurl = 'https://h/'"), "certificate_file"),
            ("[hub]\nlisten = '8444'".into(), "hub.listen"),
            ("[hub]\ncertificate_file = '/c'".into(), "hub.key_file"),
            ("[hub]\nprofiles = []".into(), "hub.profiles"),
            ("[hub]\nsilent_after = '1s'".into(), "hub.silent_after"),
            (format!("{0}{0}", sink("kind = 'syslog'\n")), "two sinks"),
        ];
        for (text, key) in rows {
            let error = WatchSettings::read(&text).expect_err(&text).to_string();
            assert!(error.contains(key), "{text}: {error}");
        }
    }

    /// The keys in the table of docs/watch.md, each with its default as it stands there.
    fn documented() -> Vec<(String, String)> {
        let page = include_str!("../../../docs/watch.md");
        let table = page.split("\n## watch.toml\n").nth(1).expect("the section");
        let table = table.split("\n## ").next().unwrap_or_default();
        let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
        rows.map(|row| {
            let (key, rest) = row.split_once("` | ").expect("a key");
            let default = rest.split(" | ").next().expect("a default");
            (key.to_owned(), default.trim_matches('`').to_owned())
        })
        .collect()
    }

    /// The keys that are read, as the reader itself lists them for one that there is not.
    fn read_keys(section: &str) -> Vec<String> {
        let text = match section {
            "" => "nosuch = 1\n".to_owned(),
            "hub" => "[hub]\nnosuch = 1\n".to_owned(),
            section => format!("[[{section}]]\nnosuch = 1\n"),
        };
        let said = WatchSettings::read(&text)
            .expect_err("an unknown key")
            .to_string();
        let list = said.split("expected one of").nth(1).expect("a list");
        let line = list.lines().next().unwrap_or_default();
        let prefix = match section {
            "" => String::new(),
            section => format!("{section}."),
        };
        let keys = line.split('`').skip(1).step_by(2);
        keys.map(|key| format!("{prefix}{key}")).collect()
    }

    #[test]
    fn the_table_of_the_documentation_has_every_key_that_is_read_and_no_other() {
        let documented: Vec<String> = documented().into_iter().map(|(key, _)| key).collect();
        let mut read = Vec::new();
        for section in ["", "maintenance", "sink", "hub"] {
            read.extend(read_keys(section));
        }
        read.retain(|key| !["maintenance", "sink", "hub"].contains(&key.as_str()));
        assert_eq!(documented, read);
    }

    #[test]
    fn defaults_of_the_documentation_are_those_that_hold() {
        let mut text = String::new();
        for (key, default) in documented() {
            let is_toml = default.parse::<f64>().is_ok() || default.starts_with(['"', '[']);
            if is_toml && !key.contains('.') {
                text += &format!("{key} = {default}\n");
            }
        }
        assert!(
            text.contains("every = \"5m\"") && text.contains("clear_after"),
            "{text}"
        );
        assert_eq!(WatchSettings::read(&text), WatchSettings::read(""));
    }

    #[test]
    fn the_documentation_names_every_kind_of_alarm_and_what_each_kind_of_sink_has() {
        let page = include_str!("../../../docs/watch.md");
        for kind in Kind::ALL {
            assert!(
                page.contains(&format!("| `{}` |", kind.name())),
                "{}",
                kind.name()
            );
        }
        for (kind, _) in KEYS {
            assert!(page.contains(&format!("`{kind}`")), "{kind}");
        }
    }
}
