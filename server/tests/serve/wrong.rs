//! Requests that are wrong on purpose: each is refused with its reason, and none is a fault of the server.

use serde_json::{Value, json};

use crate::client::{Answer, Client, Responder, base64url, request_for, request_of_account};
use crate::site::Site;

/// Limits that no test reaches.
pub const UNLIMITED: &str = "[limits]\nnew_accounts = \"1000000/1s\"\nnew_orders = \"1000000/1s\"\nnew_names = \"1000000/1s\"\n\
                             failed_validations = \"1000000/1s\"\nsame_names = \"1000000/1s\"\n";

/// Two accounts of one server.
struct Two {
    site: Site,
    client: Client,
    other: Client,
}

impl Two {
    fn new(site: Site) -> Self {
        let responder = Responder::start(site.http_port);
        let (mut client, mut other) = (Client::new(&site, &responder), Client::new(&site, &responder));
        client.register();
        other.register();
        Self { site, client, other }
    }

    /// newOrder with a header and a payload that are changed before they are signed.
    fn order_with(&mut self, change: impl FnOnce(&mut Value, &mut String)) -> Answer {
        let url = self.client.url("new-order");
        let mut header = self.client.header(&url).expect("a nonce");
        let mut payload = json!({"identifiers": [{"type": "dns", "value": "a.ca.test"}]}).to_string();
        change(&mut header, &mut payload);
        let jws = self.client.sign(&header.to_string(), &payload);
        self.client.post_jws(&url, &jws).expect("an answer")
    }

    /// newOrder that is changed after it was signed.
    fn altered(&mut self, change: impl FnOnce(&mut Value)) -> Answer {
        let url = self.client.url("new-order");
        let header = self.client.header(&url).expect("a nonce");
        let payload = json!({"identifiers": [{"type": "dns", "value": "a.ca.test"}]}).to_string();
        let mut jws = self.client.sign(&header.to_string(), &payload);
        change(&mut jws);
        self.client.post_jws(&url, &jws).expect("an answer")
    }

    fn post(&mut self, url: &str, payload: Option<&Value>) -> Answer {
        self.client.post(url, payload).expect("an answer")
    }
}

#[track_caller]
fn refuses(answer: &Answer, status: u16, kind: &str) {
    assert_eq!(
        (answer.status, answer.problem().as_deref()),
        (status, Some(kind)),
        "{}",
        answer.text()
    );
}

#[test]
fn what_is_signed_must_be_what_is_sent() {
    let mut two = Two::new(Site::without_dns());
    let other = two.other.kid.clone().expect("an account");
    let jwk = two.client.jwk();
    type Change = Box<dyn FnOnce(&mut Value, &mut String)>;
    let set =
        |name: &'static str, value: Value| -> Change { Box::new(move |header, _| header[name] = value) };
    let without = |name: &'static str| -> Change {
        Box::new(move |header, _| drop(header.as_object_mut().and_then(|header| header.remove(name))))
    };
    let url_of_account = two.client.url("new-account");
    let unknown = two.client.url("account/AAAAAAAAAAAAAAAAAAAAAA");
    let rows: Vec<(&str, Change, u16, &str)> = vec![
        (
            "a nonce of nobody",
            set("nonce", json!("AAAAAAAA")),
            400,
            "badNonce",
        ),
        ("no nonce", without("nonce"), 400, "badNonce"),
        (
            "another URL",
            set("url", json!(url_of_account)),
            403,
            "unauthorized",
        ),
        ("no URL", without("url"), 400, "malformed"),
        (
            "alg none",
            set("alg", json!("none")),
            400,
            "badSignatureAlgorithm",
        ),
        (
            "alg HS256",
            set("alg", json!("HS256")),
            400,
            "badSignatureAlgorithm",
        ),
        ("alg of RSA", set("alg", json!("RS256")), 400, "badPublicKey"),
        ("no alg", without("alg"), 400, "malformed"),
        (
            "kid of another account",
            set("kid", json!(other)),
            400,
            "malformed",
        ),
        (
            "kid of nobody",
            set("kid", json!(unknown)),
            400,
            "accountDoesNotExist",
        ),
        (
            "kid elsewhere",
            set("kid", json!("https://example.com/1")),
            400,
            "accountDoesNotExist",
        ),
        ("kid and jwk", set("jwk", jwk.clone()), 400, "malformed"),
        ("no kid", without("kid"), 400, "malformed"),
        ("crit", set("crit", json!(["exp"])), 400, "malformed"),
        ("b64 false", set("b64", json!(false)), 400, "malformed"),
        (
            "no payload",
            Box::new(|_, payload| payload.clear()),
            400,
            "malformed",
        ),
        (
            "no JSON",
            Box::new(|_, payload| *payload = "{".into()),
            400,
            "malformed",
        ),
    ];
    for (what, change, status, kind) in rows {
        let answer = two.order_with(change);
        assert_eq!(
            (answer.status, answer.problem().as_deref()),
            (status, Some(kind)),
            "{what}: {}",
            answer.text()
        );
    }
    let payload = base64url(br#"{"identifiers":[{"type":"dns","value":"b.ca.test"}]}"#);
    refuses(
        &two.altered(|jws| jws["payload"] = payload.into()),
        400,
        "malformed",
    );
    refuses(&two.altered(|jws| jws["signature"] = "".into()), 400, "malformed");
    refuses(
        &two.altered(|jws| jws["header"] = json!({"alg": "ES256"})),
        400,
        "malformed",
    );
    // With the public key as the secret of an HMAC, and with a signature of nothing.
    let url = two.client.url("new-order");
    for alg in ["HS256", "none"] {
        let mut header = two.client.header(&url).expect("a nonce");
        header["alg"] = alg.into();
        let mut jws = two.client.sign(&header.to_string(), "{}");
        jws["signature"] = base64url(&[0; 32]).into();
        let answer = two.client.post_jws(&url, &jws).expect("an answer");
        refuses(&answer, 400, "badSignatureAlgorithm");
    }
    // The same once more.
    let header = two.client.header(&url).expect("a nonce");
    let jws = two.client.sign(
        &header.to_string(),
        r#"{"identifiers":[{"type":"dns","value":"a.ca.test"}]}"#,
    );
    assert_eq!(two.client.post_jws(&url, &jws).expect("an answer").status, 201);
    refuses(
        &two.client.post_jws(&url, &jws).expect("an answer"),
        400,
        "badNonce",
    );
    assert!(
        !two.site.server_log().contains("bug"),
        "{}",
        two.site.server_log()
    );
}

#[test]
fn nobody_has_what_is_of_another_account() {
    let mut two = Two::new(Site::new());
    let order = two.other.order(&["a.ca.test"]);
    let object = two.other.asked(&order, None).json();
    let authorization = object["authorizations"][0].as_str().expect("a URL").to_owned();
    let challenge = two.other.asked(&authorization, None).json()["challenges"][0]["url"]
        .as_str()
        .expect("a URL")
        .to_owned();
    let finalize = object["finalize"].as_str().expect("a URL").to_owned();
    let csr = json!({"csr": base64url(&request_for(&["a.ca.test"]))});
    let obtained = two.other.follow(&order, &request_for(&["a.ca.test"]));
    let certificate = two.other.asked(&order, None).json()["certificate"]
        .as_str()
        .expect("a URL")
        .to_owned();
    let account = two.other.kid.clone().expect("an account");
    let empty = json!({});
    for (url, payload) in [
        (&order, None),
        (&authorization, None),
        (&challenge, None),
        (&challenge, Some(&empty)),
        (&finalize, Some(&csr)),
        (&certificate, None),
    ] {
        refuses(&two.post(url, payload), 404, "malformed");
    }
    refuses(&two.post(&account, None), 403, "unauthorized");
    let deactivated = json!({"status": "deactivated"});
    refuses(&two.post(&account, Some(&deactivated)), 403, "unauthorized");
    refuses(&two.post(&authorization, Some(&deactivated)), 404, "malformed");
    let revoke = two.client.url("revoke-cert");
    let theirs = json!({"certificate": base64url(&obtained.certificate)});
    refuses(&two.post(&revoke, Some(&theirs)), 403, "unauthorized");
    let own = two.other.asked(&revoke, Some(&theirs));
    assert_eq!(own.status, 200, "{}", own.text());
    two.site.is_in_order();
    // A copy of ca.db from before takes nothing back: the log tells of it as of every revocation.
    let index = two.site.ca().join("ca_conf/ca.db");
    let text = std::fs::read_to_string(&index).expect("ca.db");
    let is_revoked = |line: &&str| line.starts_with("R\t");
    let revoked = text.lines().find(is_revoked).expect("a revoked record");
    let mut columns: Vec<&str> = revoked.split('\t').collect();
    (columns[0], columns[2]) = ("V", "");
    std::fs::write(&index, text.replace(revoked, &columns.join("\t"))).expect("written");
    let listed = two
        .site
        .gsec(&["cert", "list", "--status", "revoked", "--json"])
        .ok();
    assert!(listed.stdout.contains(&format!("\"{}\"", columns[3])), "{listed}");
}

#[test]
fn each_request_that_asks_for_too_much_is_refused_with_its_reason() {
    let mut two = Two::new(Site::new());
    let (new_order, revoke) = (two.client.url("new-order"), two.client.url("revoke-cert"));
    let names = |kind: &str, value: &str| json!({"identifiers": [{"type": kind, "value": value}]});
    let with_profile = json!({"identifiers": [{"type": "dns", "value": "a.ca.test"}], "profile": "none"});
    let nothing = json!({"identifiers": []});
    for (payload, status, kind) in [
        (names("dns", "a.example.com"), 403, "rejectedIdentifier"),
        (names("email", "a@ca.test"), 400, "unsupportedIdentifier"),
        (names("dns", "a..ca.test"), 400, "malformed"),
        (names("dns", ""), 400, "malformed"),
        (names("ip", "a.ca.test"), 400, "malformed"),
        (with_profile, 400, "invalidProfile"),
        (nothing, 400, "malformed"),
        (json!([]), 400, "malformed"),
    ] {
        let answer = two.post(&new_order, Some(&payload));
        assert_eq!(
            (answer.status, answer.problem().as_deref()),
            (status, Some(kind)),
            "{payload}: {}",
            answer.text()
        );
    }
    let order = two.client.order(&["a.ca.test"]);
    let object = two.post(&order, None).json();
    let finalize = object["finalize"].as_str().expect("a URL").to_owned();
    let csr = |names: &[&str]| json!({"csr": base64url(&request_for(names))});
    refuses(&two.post(&order, Some(&json!({}))), 400, "malformed");
    refuses(
        &two.post(&finalize, Some(&csr(&["a.ca.test"]))),
        403,
        "orderNotReady",
    );
    two.client.prove(&object);
    refuses(&two.post(&finalize, Some(&csr(&["b.ca.test"]))), 400, "badCSR");
    refuses(&two.post(&finalize, Some(&json!({"csr": "AAAA"}))), 400, "badCSR");
    refuses(&two.post(&finalize, None), 400, "malformed");
    // The key of an account, one's own or another's, signs for that account (RFC 8555 §11.1).
    let requests = [&two.client, &two.other].map(|account| request_of_account(&["a.ca.test"], account));
    for request in requests {
        let payload = json!({ "csr": base64url(&request) });
        refuses(&two.client.asked(&finalize, Some(&payload)), 400, "badCSR");
    }
    let garbage = json!({"certificate": "AAAA"});
    refuses(&two.post(&revoke, Some(&garbage)), 400, "malformed");
    let foreign = rcgen::generate_simple_self_signed(["a.ca.test".to_owned()]).expect("a certificate");
    let foreign = json!({"certificate": base64url(foreign.cert.der())});
    refuses(&two.post(&revoke, Some(&foreign)), 400, "malformed");
    // It can be finalized all the same.
    two.client.follow(&order, &request_for(&["a.ca.test"]));
    refuses(
        &two.post(&finalize, Some(&csr(&["a.ca.test"]))),
        403,
        "orderNotReady",
    );
    two.site.is_in_order();
}

/// xorshift64*: the same sequence in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap_or_default() % end.max(1)
    }

    /// A value that is seldom where one is expected.
    fn value(&mut self) -> Value {
        match self.below(12) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(-1),
            3 => json!(1e300),
            4 => json!(""),
            5 => json!("\u{0}\u{202e}\u{1f600}"),
            6 => json!("A".repeat(1 + self.below(5000))),
            7 => json!([]),
            8 => json!({}),
            9 => json!([[[[[[{"a": []}]]]]]]),
            10 => json!("2026-13-45T99:99:99Z"),
            _ => json!("..%2f*.\\xn--a"),
        }
    }

    fn bytes(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(4) {
                0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                1 => bytes.insert(at, u8::try_from(self.below(256)).unwrap_or_default()),
                2 if at < bytes.len() => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(1)),
            }
        }
    }

    /// Changes, removes or adds a field somewhere in an object.
    fn field(&mut self, value: &mut Value) {
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                let at = self.below(fields.len());
                let name = fields.keys().nth(at).cloned().unwrap_or_default();
                match self.below(4) {
                    0 => drop(fields.remove(&name)),
                    1 => drop(fields.insert(format!("{name}2"), self.value())),
                    2 => drop(fields.insert(name, self.value())),
                    _ => fields
                        .values_mut()
                        .nth(at)
                        .into_iter()
                        .for_each(|value| self.field(value)),
                }
            }
            Value::Array(values) if !values.is_empty() => {
                let at = self.below(values.len());
                match self.below(3) {
                    0 => drop(values.remove(at)),
                    1 => values.push(self.value()),
                    _ => self.field(&mut values[at]),
                }
            }
            other => *other = self.value(),
        }
    }
}

/// Kilobytes of memory that a process has.
pub fn resident_kb(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .expect("a process that runs")
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn ten_thousand_mutated_requests_are_answered_with_problems() {
    const COUNT: u32 = 10_000;
    /// What caches and the allocator take at first is there after so many.
    const WARM: u32 = 3_000;
    /// A leak of a kilobyte with each request would be seven times this.
    const MAX_GROWTH_KB: u64 = 20_000;
    let site = Site::with(UNLIMITED, Some(crate::site::Dns::start()));
    let mut two = Two::new(site);
    let obtained = two.client.obtain(&["a.ca.test"]);
    let order = two.client.order(&["a.ca.test"]);
    let object = two.client.asked(&order, None).json();
    let authorization = object["authorizations"][0].as_str().expect("a URL").to_owned();
    let account = two.client.kid.clone().expect("an account");
    let requests: Vec<(String, String)> = vec![
        (
            two.client.url("new-order"),
            json!({"identifiers": [{"type": "dns", "value": "a.ca.test"}, {"type": "ip", "value": "127.0.0.1"}],
                   "notAfter": "2026-12-24T00:00:00Z", "profile": "host", "replaces": "AAAA.AAAA"})
            .to_string(),
        ),
        (
            object["finalize"].as_str().expect("a URL").to_owned(),
            json!({"csr": base64url(&request_for(&["a.ca.test"]))}).to_string(),
        ),
        (
            two.client.url("revoke-cert"),
            json!({"certificate": base64url(&obtained.certificate), "reason": 8}).to_string(),
        ),
        (two.client.url("key-change"), json!({"protected": "e30", "payload": "e30", "signature": "AA"}).to_string()),
        (two.client.url("new-authz"), json!({"identifier": {"type": "dns", "value": "a.ca.test"}}).to_string()),
        (account.clone(), json!({"contact": ["mailto:a@ca.test"]}).to_string()),
        (format!("{account}/orders?cursor=AAAA"), String::new()),
        (order.clone(), String::new()),
        (authorization, String::new()),
        (two.client.url("new-account"), json!({"onlyReturnExisting": true}).to_string()),
    ];
    let parts = two.site.parts();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut before, mut refused) = (Vec::new(), 0);
    for number in 0..COUNT {
        if number == WARM {
            before = parts.iter().map(|(_, pid)| resident_kb(*pid)).collect();
        }
        let (url, payload) = &requests[dice.below(requests.len())];
        let mut header = two.client.header(url).expect("a nonce");
        let (mut payload, mut url) = (payload.clone(), url.clone());
        let how = dice.below(5);
        match how {
            0 => dice.field(&mut header),
            1 => {
                let mut fields: Value = serde_json::from_str(&payload).unwrap_or(json!({}));
                dice.field(&mut fields);
                // The account itself stays.
                if fields["status"] != "deactivated" {
                    payload = fields.to_string();
                }
            }
            2 => {
                let mut bytes = payload.into_bytes();
                dice.bytes(&mut bytes);
                payload = String::from_utf8_lossy(&bytes).into_owned();
            }
            _ => {}
        }
        let mut body = two
            .client
            .sign(&header.to_string(), &payload)
            .to_string()
            .into_bytes();
        match how {
            3 => dice.bytes(&mut body),
            4 => {
                let path: String = url.split_off(url.find("/acme/").unwrap_or_default() + 6);
                let mut path = path.into_bytes();
                dice.bytes(&mut path);
                // A request line has no blanks and no control characters: what follows would be another request.
                let path = String::from_utf8_lossy(&path);
                url.extend(path.chars().filter(char::is_ascii_graphic));
            }
            _ => {}
        }
        let sent = two
            .client
            .send("POST", &url, Some("application/jose+json"), &body);
        let answer = sent.unwrap_or_else(|error| panic!("{number}: {error}\n{}", two.site.server_log()));
        assert!(answer.status < 500, "{number} {url}: {}", answer.text());
        if answer.status >= 400 {
            refused += 1;
            // What is no path at all is refused before anybody reads a JWS.
            let is_problem = answer.problem().is_some() || answer.body.is_empty();
            assert!(is_problem, "{number} {url}: {}", answer.text());
        }
    }
    assert!(refused > COUNT / 2, "{refused} of {COUNT} were refused");
    for ((name, pid), before) in parts.iter().zip(before) {
        let after = resident_kb(*pid);
        println!("{name}: {before} kB after {WARM} requests, {after} kB after {COUNT}");
        assert!(
            after < before + MAX_GROWTH_KB,
            "{name}: {before} kB, then {after} kB"
        );
    }
    assert_eq!(two.site.parts(), parts, "no process was started again");
    let log = two.site.server_log();
    assert!(!log.contains("panic") && !log.contains("bug"), "{log}");
    two.other.obtain(&["b.ca.test"]);
    two.site.is_in_order();
}
