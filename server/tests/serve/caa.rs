//! CAA: what a domain's holder says in the DNS, asked of dnsmasq, and what comes of an order.

use serde_json::{Value, json};

use crate::client::{Client, Responder, base64url, request_for};
use crate::site::{Dns, Site, free_port};
use crate::walk::{given_up, http01_of, text};
use crate::wrong::UNLIMITED;

/// Options of dnsmasq: all names are here, and one domain is asked of a server that is not there.
fn options(records: &[&str]) -> Vec<String> {
    let fixed = [
        "--address=/ca.test/127.0.0.1",
        "--local=/test/",
        "--cname=alias.ca.test,own.ca.test",
        "--server=/silent.ca.test/127.0.0.1#1",
    ];
    let records = records.iter().map(|record| format!("--caa-record={record}"));
    fixed.iter().map(ToString::to_string).chain(records).collect()
}

const RECORDS: [&str; 15] = [
    "own.ca.test,0,issue,ca.example.com",
    "case.ca.test,0,ISSUE,CA.Example.Com",
    "other.ca.test,0,issue,ca.example.net",
    "nobody.ca.test,0,issue,;",
    "critical.ca.test,0,issue,ca.example.com",
    "critical.ca.test,128,tbs,unknown",
    "wrong.ca.test,0,issue,ca.example.com; policy",
    "above.ca.test,0,issue,ca.example.net",
    "wild.ca.test,0,issue,ca.example.com",
    "wild.ca.test,0,issuewild,;",
    "only.ca.test,0,issue,;",
    "only.ca.test,0,issuewild,ca.example.com",
    "dns.ca.test,0,issue,ca.example.com; validationmethods=dns-01",
    "http.ca.test,0,issue,ca.example.com; validationmethods=http-01",
    "granted.ca.test,0,issue,ca.example.com; validationmethods=ca-granted",
];

fn finalized(client: &mut Client, order: &str, name: &str) -> crate::client::Answer {
    let order = client.asked(order, None).json();
    let csr = json!({"csr": base64url(&request_for(&[name]))});
    let _ = client.nonce();
    client
        .post(text(&order, "finalize"), Some(&csr))
        .expect("an answer")
}

/// Tries http-01 until it is given up, and returns the problem of the challenge.
#[track_caller]
fn refused(client: &mut Client, responder: &Responder, name: &str) -> Value {
    let (challenge, token) = http01_of(client, name);
    responder.knows(&token, format!("{token}.{}", client.thumbprint()));
    given_up(client, &challenge, name)
}

#[test]
fn names_are_issued_when_the_holder_of_the_domain_permits_it() {
    let dns = Dns::knowing(free_port(), &options(&RECORDS));
    let mut site = Site::with_rule(UNLIMITED, "caa = [\"ca.example.com\"]\n", dns);
    let responder = Responder::start(site.http_port);
    let mut client = Client::new(&site, &responder);
    client.register();
    let directory = client
        .send("GET", site.directory(), None, b"")
        .expect("an answer");
    assert_eq!(
        directory.json()["meta"]["caaIdentities"],
        json!(["ca.example.com"])
    );
    for name in [
        "free.ca.test",
        "own.ca.test",
        "case.ca.test",
        "alias.ca.test",
        "http.ca.test",
    ] {
        client.obtain(&[name]);
    }
    for (name, words) in [
        ("other.ca.test", "of other.ca.test do not permit it: none of them"),
        (
            "nobody.ca.test",
            "none of them (1 of property `issue`) names ca.example.com",
        ),
        ("critical.ca.test", "critical"),
        ("wrong.ca.test", "none of them"),
        ("x.above.ca.test", "of above.ca.test do not"),
        ("only.ca.test", "none of them"),
        ("dns.ca.test", "do not have `http-01` in `validationmethods`"),
    ] {
        let problem = refused(&mut client, &responder, name);
        assert_eq!(
            problem["type"], "urn:ietf:params:acme:error:caa",
            "{name}: {problem}"
        );
        assert!(text(&problem, "detail").contains(words), "{name}: {problem}");
        assert!(!problem.to_string().contains("ca.example.net"), "{problem}");
    }
    what_is_granted_is_looked_up_too(&mut client, &site);
    a_change_after_the_proof_counts(&mut client, &mut site);
    site.is_in_order();
}

fn what_is_granted_is_looked_up_too(client: &mut Client, site: &Site) {
    let kid = client.kid.clone().expect("an account");
    let id = kid.rsplit('/').next().expect("an id");
    let names = [
        "wild.ca.test",
        "only.ca.test",
        "dns.ca.test",
        "granted.ca.test",
        "silent.ca.test",
    ];
    let mut args = vec!["serve", "grant", "add", "--account", id, "--granted"];
    args.extend(names.iter().flat_map(|name| ["--name", name]));
    site.gsec(&args).ok();
    for (name, is_permitted) in [
        ("wild.ca.test", true),
        ("*.wild.ca.test", false),
        ("*.only.ca.test", true),
        ("only.ca.test", false),
        // No challenge was made.
        ("dns.ca.test", false),
        ("granted.ca.test", true),
    ] {
        let order = client.order(&[name]);
        let answer = finalized(client, &order, name);
        match is_permitted {
            true => assert_eq!(answer.status, 200, "{name}: {}", answer.text()),
            false => {
                assert_eq!(
                    answer.problem().as_deref(),
                    Some("caa"),
                    "{name}: {}",
                    answer.text()
                );
                let identifier = &answer.json()["subproblems"][0]["identifier"];
                assert_eq!(*identifier, json!({"type": "dns", "value": name}));
            }
        }
    }
    let order = client.order(&["silent.ca.test"]);
    let answer = finalized(client, &order, "silent.ca.test");
    assert_eq!(
        (answer.status, answer.problem().as_deref()),
        (503, Some("dns")),
        "{}",
        answer.text()
    );
    assert!(answer.header("retry-after").is_some());
    assert_eq!(client.asked(&order, None).json()["status"], "ready");
}

fn a_change_after_the_proof_counts(client: &mut Client, site: &mut Site) {
    let name = "free.ca.test";
    let order = client.order(&[name]);
    let object = client.asked(&order, None).json();
    client.prove(&object);
    let of = |url: &str| format!("free.ca.test,0,issue,ca.example.com; accounturi={url}");
    let own = client.kid.clone().expect("an account");
    for record in [
        "free.ca.test,0,issue,;",
        &of("https://ca.test/acme/account/other"),
    ] {
        site.replace_dns(&options(&[record]));
        let answer = finalized(client, &order, name);
        assert_eq!(answer.problem().as_deref(), Some("caa"), "{}", answer.text());
        assert_eq!(answer.status, 403);
    }
    // Under each name of the server it is the same account.
    let by_name = own.replace("127.0.0.1", "ca.test");
    assert_ne!(by_name, own);
    site.replace_dns(&options(&[&of(&by_name)]));
    assert_eq!(finalized(client, &order, name).status, 200);
}
