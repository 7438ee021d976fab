//! `watch.toml`: what is watched, when nobody is to be disturbed, and who is told.

use std::path::PathBuf;

use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use super::sink::{Sink, SinkTable, sink};
use super::values::{INTERVAL, MAX_SINKS, WatchError, absolute, interval, kinds, wrong};
use super::{Hold, Window};
use crate::settings::toml_in_words;
use gsec_pki::x509::parse_time;

/// The name of the file in `ca_conf/`.
pub const FILE_NAME: &str = "watch.toml";

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
    kinds: Option<Vec<String>>,
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

fn window(written: &Maintenance) -> Result<Window, WatchError> {
    let time = |key, text: &Option<String>| -> Result<OffsetDateTime, WatchError> {
        let text = text.as_deref().unwrap_or_default();
        parse_time(text).ok_or_else(|| wrong(key, text, "a time, as `2026-12-05T22:00:00Z`"))
    };
    let window = Window {
        from: time("maintenance.from", &written.from)?,
        until: time("maintenance.until", &written.until)?,
        kinds: kinds("maintenance.kinds", written.kinds.as_deref())?,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::sink::KEYS;
    use crate::alarm::{Alarm, Kind, Severity, SinkKind};
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
            (sink("kind = 'syslog'\nsend = []"), "sink.send"),
            (
                "[[maintenance]]\nfrom = '2026-12-05T22:00:00Z'\nuntil = '2026-12-05T23:00:00Z'\nkinds = []"
                    .into(),
                "maintenance.kinds",
            ),
            (
                sink("kind = 'mail'\nserver = 'm'\nfrom = 'a@b.c'\nto = ['a@b.c']\nport = 0"),
                "sink.port",
            ),
            (
                sink("kind = 'syslog'\nserver = 'log:514'"),
                "`server` counts only with",
            ),
            (
                sink("kind = 'syslog'\ntransport = 'unix'\ntrust_file = '/c'"),
                "`trust_file` counts only with",
            ),
            (
                sink("kind = 'syslog'\ntransport = 'udp'\nserver = 'log:514'\ntrust_file = '/c'"),
                "`trust_file` counts only with",
            ),
            (
                sink("kind = 'syslog'\ntransport = 'udp'\nserver = 'log:514'\npath = '/dev/log'"),
                "`path` counts only with",
            ),
            (
                sink("kind = 'webhook'\nurl = 'http://h/'\ntrust_file = '/c'"),
                "`trust_file` counts only with",
            ),
            (
                sink("kind = 'alertmanager'\nurl = 'HTTP://h/'\ntrust_file = '/c'"),
                "`trust_file` counts only with",
            ),
            (
                sink(
                    "kind = 'mail'\nserver = 'm'\nfrom = 'a@b.c'\nto = ['a@b.c']\ntls = 'none'\ntrust_file = '/c'",
                ),
                "`trust_file` counts only with",
            ),
            (
                sink("kind = 'mail'\nserver = 'm:99'\nfrom = 'a@b.c'\nto = ['a@b.c']\nport = 25"),
                "sink.server",
            ),
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
