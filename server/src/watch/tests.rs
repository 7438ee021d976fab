use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration as Wait, Instant};

use gsec_ca::policy::{LogFilter, Policy};
use gsec_env::{SystemClock, SystemPrograms};
use gsec_pki::encoding::visible::visible;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::webhook::{Webhook, signature};
use super::*;
use crate::alarm::{
    Acknowledgment, Batch, Condition, Event, Hold, Kind, Look, Numbered, Severity, Sink, SinkKind,
    SyslogPlace, What,
};

static PROGRAMS: SystemPrograms = SystemPrograms;
const AT: OffsetDateTime = datetime!(2026-12-01 12:00 UTC);
const HOLD: Hold = Hold {
    raise_after: 1,
    clear_after: 1,
};
const PATIENT: Patience = Patience {
    time: Wait::from_secs(60),
    tries_all: true,
};

struct Place {
    folder: tempfile::TempDir,
    sinks: Vec<Sink>,
    filter: LogFilter,
}

impl Place {
    fn new(kinds: Vec<SinkKind>) -> Self {
        let sink = |(at, kind)| Sink {
            name: format!("s{at}"),
            send: Vec::new(),
            severity: Severity::Notice,
            kind,
        };
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            sinks: kinds.into_iter().enumerate().map(sink).collect(),
            filter: Policy::parse("").expect("policy").log_filter,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("watch.db")
    }

    fn store(&self) -> Store {
        Store::open(&self.path(), &mut |out| out.fill(7)).expect("a store")
    }

    fn teller(&self) -> Teller<'_> {
        Teller {
            site: "here",
            sinks: &self.sinks,
            filter: &self.filter,
        }
    }

    /// A look that finds these.
    fn finds(&self, slugs: &[&str], at: OffsetDateTime) -> Vec<Event> {
        let mut look = Look::new(at);
        look.take("place", Ok(slugs.iter().map(|slug| condition(slug)).collect()));
        self.store()
            .record(&look, HOLD, &[], &self.teller())
            .expect("recorded")
    }

    fn deliver(&self) -> Vec<Delivered> {
        deliver(&self.store(), &self.sinks, &SystemClock, &PROGRAMS, PATIENT).expect("delivered")
    }

    fn waiting(&self) -> u64 {
        self.store().waiting(&self.sinks).expect("queues")[0].count
    }
}

fn condition(slug: &str) -> Condition {
    Condition::new("place", Kind::Crl, slug, Severity::Error, "A title").seen("line\nbreak \u{1b}[31mred")
}

/// A web server that does with each connection what it is told, and hands over what it was asked.
fn web(answers: Vec<fn(&mut TcpStream)>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else {
                return;
            };
            let _ = tell.send(request(&mut stream));
            answer(&mut stream);
        }
    });
    (format!("http://{address}/hook?x=1"), told)
}

fn request(stream: &mut TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut text, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        text.push_str(&line);
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    text + &String::from_utf8(body).expect("UTF-8")
}

fn good(stream: &mut TcpStream) {
    let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
}

fn lost(_: &mut TcpStream) {}

fn webhook(url: String) -> SinkKind {
    SinkKind::Webhook {
        url,
        secret_file: None,
        trust_file: None,
    }
}

fn event(slug: &str) -> Event {
    let place = Place::new(Vec::new());
    place.finds(&[slug], AT).remove(0)
}

fn numbered(slug: &str) -> Numbered {
    Numbered {
        number: 1,
        event: event(slug),
    }
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let of = |line: &'a str| {
        line.split_once(": ")
            .filter(|(field, _)| field.eq_ignore_ascii_case(name))
    };
    request.lines().find_map(of).expect(name).1
}

#[test]
fn an_event_whose_answer_is_lost_comes_again_with_the_same_id_and_then_never_again() {
    let (url, asked) = web(vec![lost, good, good]);
    let place = Place::new(vec![webhook(url)]);
    let told = place.finds(&["one"], AT);
    assert!(place.deliver()[0].problem.is_some());
    assert_eq!(place.waiting(), 1);
    // Another process, as after a kill: everything is read from the disk again.
    assert_eq!(place.deliver()[0].sent, 1);
    assert_eq!(place.deliver()[0].sent, 0);
    let requests: Vec<String> = asked.try_iter().collect();
    assert_eq!(requests.len(), 2, "{requests:?}");
    for request in &requests {
        assert!(request.starts_with("POST /hook?x=1 HTTP/1.1\r\n"), "{request}");
        assert_eq!(header(request, "x-gsec-id"), told[0].id);
    }
    assert_eq!(place.waiting(), 0);
}

#[test]
fn hostile_servers_cost_neither_time_nor_memory_and_the_event_stays() {
    fn garbage(stream: &mut TcpStream) {
        let _ = stream.write_all(&[0xff; 100_000]);
    }
    fn redirect(stream: &mut TcpStream) {
        let _ = stream.write_all(b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:1/\r\n\r\n");
    }
    fn endless_head(stream: &mut TcpStream) {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream
            .write_all(b"A: ")
            .and_then(|()| stream.write_all(&[b'a'; 4096]))
            .is_ok()
        {}
    }
    fn silent(stream: &mut TcpStream) {
        let _ = stream.read(&mut [0; 16]);
    }
    fn slow(stream: &mut TcpStream) {
        for byte in b"HTTP/1.1 200 OK\r\n".iter().cycle() {
            if stream.write_all(&[*byte]).is_err() {
                return;
            }
            std::thread::sleep(Wait::from_millis(50));
        }
    }
    for answer in [garbage, redirect, endless_head, silent, slow] {
        let (url, _asked) = web(vec![answer]);
        let mut webhook = Webhook::new(&url, None, None)
            .expect("a webhook")
            .within(Wait::from_secs(1));
        let begin = Instant::now();
        let error = webhook.send(&numbered("one")).expect_err("it has not arrived");
        assert!(matches!(error, OutletError::Down(_)), "{error}");
        assert!(begin.elapsed() < Wait::from_secs(60), "{error}");
    }
}

/// Of an answer of a gigabyte the status counts, and nothing else is read.
#[test]
fn the_body_of_an_answer_is_not_read() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
        let mut written = 0_u64;
        while written < 1 << 30 && stream.write_all(&[0; 65536]).is_ok() {
            written += 65536;
        }
        written
    });
    let mut webhook = Webhook::new(&url, None, None).expect("a webhook");
    webhook.send(&numbered("one")).expect("it has arrived");
    let written = server.join().expect("the server");
    assert!(written < 1 << 28, "{written} bytes were read");
}

/// The value is what `printf 1700000000.{} | openssl dgst -sha256 -hmac key` says.
#[test]
fn a_signature_is_over_time_and_body() {
    let expected = "v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae";
    let made = signature(b"key", 1_700_000_000, "{}");
    assert_eq!(made, expected);
    assert_ne!(made, signature(b"key", 1_700_000_001, "{}"));
    assert_ne!(made, signature(b"key", 1_700_000_000, "{ }"));
    assert_ne!(made, signature(b"kez", 1_700_000_000, "{}"));
}

#[test]
fn a_refused_event_does_not_keep_those_behind_it() {
    fn bad(stream: &mut TcpStream) {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    }
    let (url, _asked) = web(vec![bad, good]);
    let place = Place::new(vec![webhook(url)]);
    place.finds(&["one", "two"], AT);
    let delivered = &place.deliver()[0];
    assert_eq!((delivered.sent, place.waiting()), (1, 1));
}

#[test]
fn a_sink_that_is_down_keeps_no_other_waiting_and_is_left_in_peace_for_a_while() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out.json");
    let command = vec!["/usr/bin/tee".into(), out.display().to_string()];
    let place = Place::new(vec![
        webhook("http://127.0.0.1:1/".into()),
        SinkKind::Command { command, seconds: 30 },
    ]);
    let told = place.finds(&["one", "two"], AT);
    let delivered = place.deliver();
    assert_eq!((delivered[0].sent, delivered[1].sent), (0, 2));
    let written: Event =
        serde_json::from_str(&std::fs::read_to_string(&out).expect("a file")).expect("an event");
    assert_eq!(written.id, told[1].id);
    let store = place.store();
    let now = OffsetDateTime::now_utc().unix_timestamp();
    assert!(!store.is_due(now).expect("asked"), "not again at once");
    assert_eq!(store.next("s0", now, 0).expect("asked"), None);
    assert!(store.is_due(now + 3600).expect("asked"));
}

#[test]
fn a_program_that_hangs_or_fails_has_not_got_the_event() {
    for command in [
        vec!["/bin/sleep", "600"],
        vec!["/bin/false"],
        vec!["/nonexistent"],
    ] {
        let place = Place::new(vec![SinkKind::Command {
            command: command.into_iter().map(str::to_owned).collect(),
            seconds: 1,
        }]);
        place.finds(&["one"], AT);
        assert!(place.deliver()[0].problem.is_some());
        assert_eq!(place.waiting(), 1);
    }
}

#[test]
fn no_line_and_no_sequence_of_somebody_else_gets_into_what_is_sent() {
    let event = event("one");
    let syslog = super::syslog::message(&event, 10, 1);
    let from = "gsec@example.com".parse().expect("an address");
    let to = ["ops@example.com".parse().expect("an address")];
    let mail = super::mail::message(&event, &from, &to)
        .expect("a message")
        .formatted();
    let mail = String::from_utf8(mail).expect("UTF-8");
    for text in [
        &syslog,
        &event.to_json(),
        &event.line(),
        &super::alertmanager::body(&event),
    ] {
        assert!(!text.contains(['\n', '\u{1b}']), "{text}");
    }
    assert!(!mail.contains('\u{1b}'), "{mail}");
    let (head, _) = mail.split_once("\r\n\r\n").expect("a head");
    let fields = head.lines().filter(|line| !line.starts_with(' ')).count();
    assert_eq!(fields, 7, "{head}");
    assert!(mail.contains(&event.id));
    let start = format!("<83>1 2026-12-01T12:00:00Z here gsec 1 raised - id={}", event.id);
    assert!(syslog.starts_with(&start), "{syslog}");
}

#[test]
fn syslog_arrives_by_udp_and_at_a_socket() {
    let udp = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).expect("a socket");
    let server = udp.local_addr().expect("an address").to_string();
    let of = |place| SinkKind::Syslog { place, facility: 10 };
    let place = Place::new(vec![
        of(SyslogPlace::Udp { server }),
        of(SyslogPlace::Unix { path }),
    ]);
    place.finds(&["one"], AT);
    assert!(place.deliver().iter().all(|one| one.sent == 1));
    let mut buffer = [0; 4096];
    let read = udp.recv(&mut buffer).expect("a message");
    assert!(buffer[..read].starts_with(b"<83>1 "));
    let read = socket.recv(&mut buffer).expect("a message");
    assert!(buffer[..read].starts_with(b"<83>1 "));
}

#[test]
fn what_waits_is_bounded_and_what_is_dropped_is_counted() {
    let place = Place::new(vec![webhook("http://127.0.0.1:1/".into())]);
    let first = place.finds(&["one"], AT);
    let connection = rusqlite::Connection::open(place.path()).expect("SQLite");
    connection
        .execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100001)
             INSERT INTO events SELECT i, (SELECT body FROM events WHERE number = 1) FROM n;
             INSERT INTO waiting (sink, number, since) SELECT 's0', number, 0 FROM events WHERE number > 1;",
        )
        .expect("filled");
    place.finds(&["one", "two"], AT + Duration::minutes(5));
    let queue = place.store().waiting(&place.sinks).expect("queues").remove(0);
    assert_eq!(queue.count, MAX_WAITING);
    assert_eq!(queue.dropped.map(|(count, _)| count), Some(2));
    let oldest = place
        .store()
        .next("s0", i64::MAX, 0)
        .expect("asked")
        .expect("an event");
    assert_eq!(oldest.number, 3, "the two oldest are dropped");
    assert_eq!(
        oldest.event.number, first[0].number,
        "the body is that of the first"
    );
    let gone: bool = connection
        .query_row(
            "SELECT NOT EXISTS (SELECT 1 FROM waiting WHERE number IN (1, 2))",
            [],
            |row| row.get(0),
        )
        .expect("asked");
    assert!(gone, "the oldest are dropped");
}

#[test]
fn one_process_watches_and_others_may_look_and_acknowledge() {
    let place = Place::new(vec![webhook("http://127.0.0.1:1/".into())]);
    place.finds(&["one"], AT);
    let store = place.store();
    let held = store.watch().expect("the first");
    assert!(matches!(place.store().watch(), Err(StoreError::InUse(_))));
    let by = Acknowledgment {
        at: String::new(),
        by: Some("me".into()),
    };
    let mut other = place.store();
    let taken = other
        .acknowledge("crl:one", by.clone(), AT, &place.teller())
        .expect("asked");
    assert!(taken.is_some());
    assert_eq!(
        other
            .acknowledge("crl:one", by.clone(), AT, &place.teller())
            .expect("asked"),
        None
    );
    assert_eq!(
        other
            .acknowledge("crl:two", by, AT, &place.teller())
            .expect("asked"),
        None
    );
    assert_eq!(place.waiting(), 2, "raised, and acknowledged");
    drop(held);
    place.store().watch().expect("it is free again");
}

#[test]
fn a_key_that_cannot_be_typed_is_taken_as_it_is_shown() {
    let place = Place::new(vec![webhook("http://127.0.0.1:1/".into())]);
    place.finds(&["h\nn", "two\n"], AT);
    let acknowledged = |key: &str| {
        let by = Acknowledgment {
            at: String::new(),
            by: None,
        };
        let taken = place.store().acknowledge(key, by, AT, &place.teller());
        taken.expect("asked").map(|alarm| alarm.condition.key)
    };
    let shown = visible("crl:h\nn");
    assert_ne!(shown, "crl:h\nn");
    assert_eq!(acknowledged(&shown).as_deref(), Some("crl:h\nn"));
    assert_eq!(acknowledged("crl:two\n").as_deref(), Some("crl:two\n"));
    assert_eq!(acknowledged("crl:three"), None);
}

#[test]
fn the_file_is_its_users_alone_and_no_link_is_followed() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new(Vec::new());
    place.finds(&["one"], AT);
    let mode = |path: PathBuf| std::fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(place.path()), 0o600);
    let other = Place::new(Vec::new());
    std::os::unix::fs::symlink(place.path(), other.path()).expect("a link");
    assert!(Store::open(&other.path(), &mut |_| {}).is_err());
}

#[test]
fn the_log_filter_is_applied_before_anything_is_queued() {
    let (url, asked) = web(vec![good]);
    let mut place = Place::new(vec![webhook(url)]);
    place.filter = Policy::parse("[log-filter]\ndefault-filter-type = \"hide\"\n")
        .expect("policy")
        .log_filter;
    let mut look = Look::new(AT);
    let secret = Condition {
        subject: Some("CN=hidden.test".into()),
        names: vec!["hidden.test".into()],
        tells_names: true,
        ..condition("one")
            .about("hidden.test")
            .seen("hidden.test")
            .remedy("see hidden.test")
    };
    look.take("hidden.test", Ok(vec![secret]));
    place
        .store()
        .record(&look, HOLD, &[], &place.teller())
        .expect("recorded");
    assert_eq!(place.deliver()[0].sent, 1);
    let request = asked.recv().expect("a request");
    assert!(
        !request.contains("hidden.test") && request.contains("*****"),
        "{request}"
    );
}

#[test]
fn each_sink_gets_what_is_on_its_list() {
    let mut place = Place::new(vec![
        webhook("http://127.0.0.1:1/".into()),
        webhook("http://127.0.0.1:1/".into()),
    ]);
    place.sinks[0].send = vec![Kind::Disk];
    place.finds(&["one"], AT);
    let waiting: Vec<u64> = place
        .store()
        .waiting(&place.sinks)
        .expect("queues")
        .iter()
        .map(|queue| queue.count)
        .collect();
    assert_eq!(waiting, [0, 1]);
}

#[test]
fn what_is_over_is_swept_and_what_waits_is_not() {
    let place = Place::new(vec![webhook("http://127.0.0.1:1/".into())]);
    place.finds(&["one"], AT);
    let told = place.finds(&[], AT + Duration::minutes(5));
    assert_eq!(told[0].event, What::Cleared);
    let mut store = place.store();
    store.sweep(&place.sinks, AT + Duration::days(29)).expect("swept");
    assert_eq!((store.alarms().expect("alarms").len(), place.waiting()), (1, 2));
    store.sweep(&place.sinks, AT + Duration::days(31)).expect("swept");
    assert_eq!((store.alarms().expect("alarms").len(), place.waiting()), (0, 2));
    store.sweep(&[], AT).expect("swept");
    assert_eq!(place.waiting(), 0, "the sink is not there any more");
    // Numbers go on.
    assert_eq!(place.finds(&["one"], AT)[0].number, 3);
}

#[test]
fn a_secret_that_everybody_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    std::fs::write(&path, "secret\n").expect("a file");
    let with = |mode| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("a mode");
        super::secret::read(&path)
    };
    assert_eq!(with(0o640).expect("a secret").as_slice(), b"secret");
    let error = with(0o644).expect_err("everybody reads it").to_string();
    assert!(!error.contains("secret\n") && error.contains("chmod"), "{error}");
}

/// A machine whose name resolves to something that is not there must not stop the others for ever.
#[test]
fn an_address_where_nobody_is_fails() {
    let address: SocketAddr = "127.0.0.1:1".parse().expect("an address");
    let mut webhook = Webhook::new(&format!("https://{address}/"), None, None).expect("a webhook");
    assert!(webhook.send(&numbered("one")).is_err());
}

proptest::proptest! {
    /// Whatever is in a certificate: nothing panics, and no line and no sequence of it comes through.
    #[test]
    fn any_text_is_safe_in_every_form(
        key in ".{0,80}", detail in ".{0,200}", subject in proptest::option::of(".{0,80}"), name in ".{0,80}",
        site in "[!-~]{1,64}", remedy in ".{0,80}",
    ) {
        let place = Place::new(Vec::new());
        let mut look = Look::new(AT);
        let condition = Condition {
            subject,
            names: vec![name],
            ..condition("one").about(&key).seen(detail).remedy(remedy)
        };
        look.take("place", Ok(vec![condition]));
        let teller = Teller { site: &site, ..place.teller() };
        let event = place.store().record(&look, HOLD, &[], &teller).expect("recorded").remove(0);
        let from = "gsec@example.com".parse().expect("an address");
        let to = ["ops@example.com".parse().expect("an address")];
        let mail = super::mail::message(&event, &from, &to).expect("a message").formatted();
        let mail = String::from_utf8(mail).expect("UTF-8");
        let (head, _) = mail.split_once("\r\n\r\n").expect("a head");
        let fields = head.lines().filter(|line| !line.starts_with(' ')).count();
        proptest::prop_assert_eq!(fields, 7, "{}", head);
        for text in [
            event.line(),
            event.to_json(),
            super::syslog::message(&event, 10, 1),
            super::alertmanager::body(&event),
        ] {
            proptest::prop_assert!(!text.chars().any(char::is_control), "{:?}", text);
        }
        let again: Event = serde_json::from_str(&event.to_json()).expect("JSON");
        proptest::prop_assert_eq!(again.id, event.id);
    }
}

#[test]
fn a_hub_takes_each_number_once_and_names_the_site_itself() {
    let place = Place::new(vec![webhook("http://127.0.0.1:1/".into())]);
    let one = |number: &u64| Numbered {
        number: *number,
        ..numbered("one")
    };
    let batch = |id: &str, numbers: &[u64]| Batch::new(id, numbers.iter().map(one).collect());
    let mut store = place.store();
    let mut takes = |batch: Batch| {
        assert!(batch.is_sound());
        store
            .receive("branch-7", &batch, AT, &place.teller())
            .expect("taken")
    };
    let first = takes(batch("ab", &[4, 9]));
    assert_eq!((first.acknowledged, first.events.len()), (9, 2));
    let is_named = |event: &Event| event.site == "branch-7" && event.id.starts_with("branch-7/");
    assert!(first.events.iter().all(is_named), "{first:?}");
    let again = takes(batch("ab", &[4, 9, 10]));
    assert_eq!((again.acknowledged, again.events.len()), (10, 1));
    assert_eq!(takes(batch("ab", &[])).acknowledged, 10);
    assert_eq!(
        takes(batch("cd", &[1])).acknowledged,
        1,
        "a site that has lost its memory"
    );
    assert_eq!(place.waiting(), 4);
    assert_eq!(place.store().site_alarms().expect("alarms").len(), 1);
}
