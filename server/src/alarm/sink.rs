//! Who is told of alarms: the `[[sink]]` sections of `watch.toml`.

use std::path::PathBuf;

use serde::Deserialize;

use gsec_pki::x509::GeneralName;

use super::values::{WatchError, absolute, kinds, wrong};
use super::{Alarm, Kind, Severity};

/// The seconds that a program may take, where nothing else is set.
const COMMAND_SECONDS: u64 = 30;

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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SinkTable {
    name: Option<String>,
    kind: Option<String>,
    send: Option<Vec<String>>,
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

/// Which keys besides `name`, `kind`, `send` and `severity` a kind of sink has.
pub(super) const KEYS: [(&str, &[&str]); 6] = [
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

/// Reads a section.
pub(super) fn sink(table: SinkTable) -> Result<Sink, WatchError> {
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
        send: kinds("sink.send", table.send.as_deref())?,
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
        let only = |key, is_set: bool, with| match is_set {
            false => Ok(()),
            true => Err(WatchError::NoEffect {
                sink: sink.to_owned(),
                key,
                with,
            }),
        };
        let file = |key, path: Option<PathBuf>| path.map(|path| absolute(key, path)).transpose();
        let trust_file = file("sink.trust_file", self.trust_file)?;
        Ok(match kind {
            "webhook" | "alertmanager" => {
                let url = url(self.url.ok_or_else(|| needs("url"))?)?;
                let is_without_use = trust_file.is_some() && !is_https(&url);
                only("trust_file", is_without_use, "a `url` of `https`")?;
                match kind {
                    "webhook" => SinkKind::Webhook {
                        url,
                        secret_file: file("sink.secret_file", self.secret_file)?,
                        trust_file,
                    },
                    _ => SinkKind::Alertmanager { url, trust_file },
                }
            }
            "hub" => {
                let url = url(self.url.ok_or_else(|| needs("url"))?)?;
                if !is_https(&url) {
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
                if self.port == Some(0) {
                    return Err(wrong("sink.port", "0", "a port"));
                }
                let port = match tls {
                    MailTls::StartTls => 587,
                    MailTls::Whole => 465,
                    MailTls::None => 25,
                };
                let is_without_use = trust_file.is_some() && tls == MailTls::None;
                only("trust_file", is_without_use, "`tls` as `starttls` or `tls`")?;
                SinkKind::Mail {
                    server: host(self.server.ok_or_else(|| needs("server"))?)?,
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
                for (key, is_set, of, with) in [
                    (
                        "server",
                        self.server.is_some(),
                        ["tls", "udp"].as_slice(),
                        "`transport` as `udp` or `tls`",
                    ),
                    (
                        "trust_file",
                        trust_file.is_some(),
                        &["tls"],
                        "`transport` as `tls`",
                    ),
                    ("path", self.path.is_some(), &["unix"], "`transport` as `unix`"),
                ] {
                    let is_known = ["unix", "udp", "tls"].contains(&transport);
                    only(key, is_set && is_known && !of.contains(&transport), with)?;
                }
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

fn is_https(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| url.scheme() == "https")
}

/// A host without a port.
fn host(text: String) -> Result<String, WatchError> {
    match GeneralName::parse_host(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(wrong("sink.server", &text, "a host; its port is `port`")),
    }
}

fn mailbox(key: &'static str, text: String) -> Result<String, WatchError> {
    match text.parse::<lettre::message::Mailbox>() {
        Ok(_) => Ok(text),
        Err(_) => Err(wrong(key, &text, "a mail address")),
    }
}
