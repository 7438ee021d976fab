//! The server's own log, for people or for machines: one line for each thing that happened, after the log filter of gsec.toml. No key, no token and no
//! HMAC key ever gets here.

use std::collections::HashMap;
use std::io::Write;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gsec_ca::policy::{FilterType, HIDDEN, LogField, LogFilter};
use gsec_env::Clock;
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::rfc3339;
use serde_json::{Map, Value};

/// How long a filter counts that was read.
const FILTER_COUNTS: Duration = Duration::from_secs(2);

/// What is written, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogForm {
    /// What the server could not do, for people.
    #[default]
    Faults,
    /// Everything, for people.
    Text,
    /// Everything, one JSON object in each line.
    Json,
}

impl LogForm {
    /// By its name in serve.toml.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "faults" => Some(Self::Faults),
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Reads the filter as it is now.
pub type ReadFilter = Box<dyn Fn() -> LogFilter + Send + Sync>;

/// A request that takes so long is told of: finalizing answers after two seconds, whether or not there is a certificate.
const SLOW: Duration = Duration::from_secs(5);

/// The log. Clones write to the same place.
#[derive(Clone)]
pub struct ServerLog(Arc<Sink>);

struct Sink {
    form: LogForm,
    clock: Arc<dyn Clock + Send + Sync>,
    read_filter: ReadFilter,
    filter: Mutex<Option<(Instant, LogFilter)>>,
    /// What was told last of what is asked again and again.
    lasting: Mutex<HashMap<&'static str, String>>,
    out: Mutex<Box<dyn Write + Send>>,
}

/// A request of an ACME client, answered.
pub struct Asked<'a> {
    /// By which it is known in what comes of it: the order, the audit log, the signer's journal.
    pub id: &'a str,
    /// What it was for.
    pub resource: &'static str,
    /// The status of HTTP.
    pub status: u16,
    /// The problem, where it was refused: its type and its sentence.
    pub problem: Option<(&'static str, &'a str)>,
    /// The account that has signed it, once that was believed.
    pub account: Option<&'a str>,
    /// Where it came from.
    pub from: IpAddr,
    /// How long the answer took.
    pub took: Duration,
}

/// An attempt at a challenge, or an order, that has ended.
pub struct Ended<'a> {
    /// `challenge` or `order`.
    pub event: &'static str,
    /// The type of the challenge, or the profile of the order.
    pub kind: &'a str,
    /// What came of it.
    pub outcome: &'static str,
    /// Whose it is.
    pub account: &'a str,
    /// What it is for.
    pub names: Vec<String>,
    /// The serial number of the certificate.
    pub serial: Option<&'a str>,
    /// The request by which an order was finalized.
    pub request: Option<&'a str>,
    /// Why it failed.
    pub problem: Option<&'a str>,
}

/// One value of a line, by what it may tell.
enum Datum {
    /// Nothing of anyone.
    Plain(Value),
    /// Who asks.
    Requester(Value),
    /// Names of hosts. The first is the host; all are shown, or none.
    Names(Vec<String>),
    /// A sentence that may have any of it in it.
    Sentence(String),
}

impl Datum {
    fn filtered(self, filter: &LogFilter) -> Option<Value> {
        let all = [
            LogField::Host,
            LogField::Names,
            LogField::Email,
            LogField::Subject,
            LogField::RemoteUser,
        ];
        let (value, fields) = match self {
            Self::Plain(value) => return Some(value),
            Self::Requester(value) => (value, &all[4..]),
            Self::Names(names) => (names.into(), &all[..2]),
            Self::Sentence(text) => {
                let is_open = filter.of_any(&all) == FilterType::Copy;
                return Some(if is_open { text.into() } else { HIDDEN.into() });
            }
        };
        match filter.of_any(fields) {
            FilterType::Skip => None,
            FilterType::Hide => Some(HIDDEN.into()),
            FilterType::Copy => Some(value),
        }
    }
}

type Fields = Vec<(&'static str, Option<Datum>)>;

fn plain(value: impl Into<Value>) -> Option<Datum> {
    Some(Datum::Plain(value.into()))
}

impl ServerLog {
    /// A log that goes somewhere.
    pub fn to(
        out: Box<dyn Write + Send>,
        form: LogForm,
        clock: Arc<dyn Clock + Send + Sync>,
        read_filter: ReadFilter,
    ) -> Self {
        Self(Arc::new(Sink {
            form,
            clock,
            read_filter,
            filter: Mutex::default(),
            lasting: Mutex::default(),
            out: Mutex::new(out),
        }))
    }

    /// What the server could not do.
    pub fn fault(&self, what: &str, cause: &str) {
        let cause = Datum::Sentence(cause.to_owned());
        match self.0.form {
            LogForm::Faults => {
                let said = cause.filtered(&self.filter());
                let said = said.as_ref().and_then(Value::as_str).unwrap_or_default();
                self.write(&format!("{what}: {}", visible(said)));
            }
            LogForm::Text | LogForm::Json => {
                self.line(
                    "error",
                    "fault",
                    vec![("what", plain(what)), ("cause", Some(cause))],
                );
            }
        }
    }

    /// What is asked again and again: why it is not well is told when that is new, and when it is over. `None` where all is well.
    pub fn state(&self, what: &'static str, cause: Option<&str>) {
        let mut lasting = self.0.lasting.lock().unwrap_or_else(PoisonError::into_inner);
        if lasting.get(what).map(String::as_str) == cause {
            return;
        }
        match cause {
            Some(cause) => {
                lasting.insert(what, cause.to_owned());
                self.fault(what, cause);
            }
            None => {
                lasting.remove(what);
                match self.0.form {
                    LogForm::Faults => self.write(&format!("{what}: well again")),
                    LogForm::Text | LogForm::Json => self.line("info", "well", vec![("what", plain(what))]),
                }
            }
        }
    }

    /// A request that was answered. One that took long is a warning in every form.
    pub fn asked(&self, asked: &Asked<'_>) {
        let (kind, detail) = asked.problem.unzip();
        let is_slow = asked.took >= SLOW;
        let level = match asked.status {
            500.. => "error",
            _ if is_slow => "warning",
            _ => "info",
        };
        if is_slow && self.0.form == LogForm::Faults {
            let (id, resource, seconds) = (asked.id, asked.resource, asked.took.as_secs());
            self.write(&format!(
                "slow request: {resource} took {seconds} seconds (request {id})"
            ));
        }
        let fields = vec![
            ("request_id", plain(asked.id)),
            ("resource", plain(asked.resource)),
            ("status", plain(asked.status)),
            ("problem", kind.and_then(plain)),
            ("account", asked.account.map(|id| Datum::Requester(id.into()))),
            ("from", Some(Datum::Requester(asked.from.to_string().into()))),
            (
                "ms",
                plain(u64::try_from(asked.took.as_millis()).unwrap_or(u64::MAX)),
            ),
            ("detail", detail.map(|detail| Datum::Sentence(detail.to_owned()))),
        ];
        self.event(level, "request", fields);
    }

    /// A challenge or an order that has ended.
    pub fn ended(&self, ended: Ended<'_>) {
        let kind = if ended.event == "challenge" {
            "type"
        } else {
            "profile"
        };
        let fields = vec![
            (kind, plain(ended.kind)),
            ("outcome", plain(ended.outcome)),
            ("serial", ended.serial.and_then(plain)),
            ("request_id", ended.request.and_then(plain)),
            ("account", Some(Datum::Requester(ended.account.into()))),
            ("names", Some(Datum::Names(ended.names))),
            (
                "detail",
                ended.problem.map(|problem| Datum::Sentence(problem.to_owned())),
            ),
        ];
        self.event("info", ended.event, fields);
    }

    /// A CRL that was made.
    pub fn crl(&self, number: &str) {
        self.event("info", "crl", vec![("number", plain(number))]);
    }

    fn event(&self, level: &str, event: &str, fields: Fields) {
        if self.0.form != LogForm::Faults {
            self.line(level, event, fields);
        }
    }

    fn line(&self, level: &str, event: &str, fields: Fields) {
        let (filter, time) = (self.filter(), rfc3339(self.0.clock.now()));
        let fields = fields
            .into_iter()
            .filter_map(|(name, datum)| Some((name, datum?.filtered(&filter)?)));
        let text = match self.0.form {
            LogForm::Json => {
                let mut object = Map::new();
                object.insert("time".into(), time.into());
                object.insert("level".into(), level.into());
                object.insert("event".into(), event.into());
                object.extend(fields.map(|(name, value)| (name.to_owned(), value)));
                Value::Object(object).to_string()
            }
            LogForm::Faults | LogForm::Text => {
                fields.fold(format!("{time} {event}"), |line, (name, value)| {
                    let value = match value {
                        Value::String(text) if text.contains([' ', '"']) => format!("{text:?}"),
                        Value::String(text) => text,
                        Value::Array(values) => values
                            .iter()
                            .filter_map(Value::as_str)
                            .collect::<Vec<_>>()
                            .join(","),
                        other => other.to_string(),
                    };
                    format!("{line} {name}={}", visible(&value))
                })
            }
        };
        self.write(&text);
    }

    fn filter(&self) -> LogFilter {
        let mut known = self.0.filter.lock().unwrap_or_else(PoisonError::into_inner);
        match &*known {
            Some((at, filter)) if at.elapsed() < FILTER_COUNTS => filter.clone(),
            _ => {
                let filter = (self.0.read_filter)();
                *known = Some((Instant::now(), filter.clone()));
                filter
            }
        }
    }

    /// A log that cannot be written ends nothing: whoever serves goes on.
    fn write(&self, line: &str) {
        let mut out = self.0.out.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = out
            .write_all(format!("{line}\n").as_bytes())
            .and_then(|()| out.flush());
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use gsec_ca::policy::Policy;
    use time::OffsetDateTime;
    use time::macros::datetime;

    use super::*;

    struct Still;

    impl Clock for Still {
        fn now(&self) -> OffsetDateTime {
            datetime!(2030-03-27 12:00 UTC)
        }
    }

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("one thread").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn written(form: LogForm, policy: &'static str) -> String {
        let (out, read_filter): (_, ReadFilter) = (
            Written::default(),
            Box::new(move || Policy::parse(policy).expect("a policy").log_filter),
        );
        let log = ServerLog::to(Box::new(out.clone()), form, Arc::new(Still), read_filter);
        log.asked(&Asked {
            id: "REQUEST",
            resource: "newOrder",
            status: 403,
            problem: Some(("rejectedIdentifier", "no grant covers secret.ca.test")),
            account: Some("ACCOUNT"),
            from: Ipv4Addr::new(192, 0, 2, 7).into(),
            took: Duration::from_millis(12),
        });
        log.ended(Ended {
            event: "order",
            kind: "host",
            outcome: "valid",
            account: "ACCOUNT",
            names: vec!["secret.ca.test".into(), "b.ca.test".into()],
            serial: Some("0a"),
            request: Some("REQUEST"),
            problem: None,
        });
        log.fault("a request", "secret.ca.test\nforged line");
        log.crl("05");
        let bytes = out.0.lock().expect("one thread").clone();
        String::from_utf8(bytes).expect("UTF-8")
    }

    #[test]
    fn each_thing_is_one_line_that_machines_read() {
        let text = written(LogForm::Json, "");
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(lines.len(), 4, "{text}");
        assert!(lines.iter().all(|line| line["time"] == "2030-03-27T12:00:00Z"));
        assert_eq!(lines[0]["problem"], "rejectedIdentifier");
        assert_eq!(lines[0]["from"], "192.0.2.7");
        assert_eq!(lines[0]["ms"], 12);
        assert_eq!(
            (&lines[0]["request_id"], &lines[1]["request_id"]),
            (&"REQUEST".into(), &"REQUEST".into())
        );
        assert_eq!(lines[1]["names"][0], "secret.ca.test");
        assert_eq!(lines[2]["level"], "error");
        assert_eq!(lines[3]["number"], "05");
    }

    #[test]
    fn text_is_one_line_each_and_nothing_in_it_makes_another() {
        let text = written(LogForm::Text, "");
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.starts_with(
            "2030-03-27T12:00:00Z request request_id=REQUEST resource=newOrder status=403 problem=rejectedIdentifier account=ACCOUNT from=192.0.2.7 ms=12 detail="
        ));
        let faults = written(LogForm::Faults, "");
        assert_eq!(faults.lines().count(), 1, "{faults}");
        assert!(faults.starts_with("a request: secret.ca.test"), "{faults}");
    }

    #[test]
    fn what_lasts_is_told_once_and_when_it_is_over_and_what_was_slow_is_told() {
        let (out, read_filter): (_, ReadFilter) = (Written::default(), Box::new(LogFilter::default));
        let log = ServerLog::to(
            Box::new(out.clone()),
            LogForm::Faults,
            Arc::new(Still),
            read_filter,
        );
        for cause in [
            None,
            Some("no room"),
            Some("no room"),
            Some("no key"),
            None,
            None,
            Some("no room"),
        ] {
            log.state("readiness", cause);
        }
        for took in [SLOW - Duration::from_millis(1), SLOW] {
            log.asked(&Asked {
                id: "REQUEST",
                resource: "newOrder",
                status: 201,
                problem: None,
                account: None,
                from: Ipv4Addr::LOCALHOST.into(),
                took,
            });
        }
        let text = String::from_utf8(out.0.lock().expect("one thread").clone()).expect("UTF-8");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "readiness: no room",
                "readiness: no key",
                "readiness: well again",
                "readiness: no room",
                "slow request: newOrder took 5 seconds (request REQUEST)",
            ]
        );
    }

    #[test]
    fn filter_holds_for_every_form() {
        let rows = [
            ("[log-filter]\ndefault-filter-type = \"hide\"\n", true),
            ("[log-filter]\ndefault-filter-type = \"skip\"\n", false),
            (
                "[log-filter-data]\nhost = \"hide\"\nremote-user = \"skip\"\n",
                true,
            ),
        ];
        for (policy, is_hidden) in rows {
            for form in [LogForm::Faults, LogForm::Text, LogForm::Json] {
                let text = written(form, policy);
                for secret in ["secret", "b.ca.test", "ACCOUNT", "192.0.2.7"] {
                    let is_told = text.contains(secret);
                    assert!(!is_told, "{policy} {form:?}: {text}");
                }
                assert!(text.contains(HIDDEN), "{policy} {form:?}: {text}");
                if form == LogForm::Json {
                    assert_eq!(text.contains("\"names\":\"*****\""), is_hidden, "{text}");
                }
            }
        }
    }
}
