//! What RFC 8555 asks of each answer, as a client sees it over the network.

use std::collections::HashSet;
use std::process::Command;
use std::time::{Duration, Instant};

use gsec_pki::key::{KeyAlgorithm, PrivateKey};
use serde_json::json;

use crate::client::{Answer, Client, Responder, base64url, request_for, request_of_account};
use crate::site::{Dns, PATIENCE, Site, free_port, http, run};
use crate::walk::{Walk, is, is_base64url, refuses, text};

#[test]
fn each_answer_has_a_nonce_of_its_own_and_leads_to_the_directory() {
    let mut walk = Walk::new();
    let client = &mut walk.client;
    let (new_nonce, new_order) = (client.url("new-nonce"), client.url("new-order"));
    let mut seen = HashSet::new();
    let mut is_fresh = |answer: &Answer| {
        let nonce = answer.header("replay-nonce").expect("a nonce").to_owned();
        assert!(is_base64url(&nonce), "{nonce}");
        assert!(seen.insert(nonce), "it was handed out before");
        assert!(answer.links().iter().any(|(_, relation)| relation == "index"));
    };
    let head = client.send("HEAD", &new_nonce, None, b"").expect("an answer");
    let got = client.send("GET", &new_nonce, None, b"").expect("an answer");
    for (answer, status) in [(&head, 200), (&got, 204)] {
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.body.is_empty());
        is_fresh(answer);
    }
    let names = json!({"identifiers": [{"type": "dns", "value": "a.ca.test"}]});
    let made = client.post(&new_order, Some(&names)).expect("an answer");
    is(&made, 201);
    is_fresh(&made);
    let refused = client.post(&new_order, Some(&json!({}))).expect("an answer");
    refuses(&refused, 400, "malformed");
    is_fresh(&refused);
    // One that nobody handed out, and then the one that came with the refusal.
    let mut header = client.header(&new_order).expect("a nonce");
    header["nonce"] = base64url(&[7; 30]).into();
    let jws = client.sign(&header.to_string(), &names.to_string());
    let refused = client.post_jws(&new_order, &jws).expect("an answer");
    refuses(&refused, 400, "badNonce");
    is_fresh(&refused);
    header["nonce"] = refused.header("replay-nonce").expect("a nonce").into();
    let jws = client.sign(&header.to_string(), &names.to_string());
    is(&client.post_jws(&new_order, &jws).expect("an answer"), 201);
    let order = made.header("location").expect("a URL").to_owned();
    let account = client.kid.clone().expect("an account");
    for url in [&order, &account, &new_order] {
        let answer = client.send("GET", url, None, b"").expect("an answer");
        refuses(&answer, 405, "malformed");
    }
    let directory = walk.site.directory().to_owned();
    let got = walk.client.send("GET", &directory, None, b"").expect("an answer");
    let posted = walk.client.post(&directory, None).expect("an answer");
    assert_eq!(is(&got, 200), is(&posted, 200));
    assert!(got.links().is_empty(), "it leads to itself");
    let posted = walk.client.post(&new_nonce, None).expect("an answer");
    assert!(matches!(posted.status, 200 | 204), "{}", posted.text());
}

#[test]
fn account_is_made_found_changed_and_ended_by_its_key_alone() {
    let mut walk = Walk::new();
    let (mut client, mut other) = (walk.another(), walk.another());
    let new_account = client.url("new-account");
    let existing = json!({"onlyReturnExisting": true});
    let answer = client.post(&new_account, Some(&existing)).expect("an answer");
    refuses(&answer, 400, "accountDoesNotExist");
    let contact = |mail: &str| json!({"contact": [format!("mailto:{mail}")], "termsOfServiceAgreed": true});
    let made = client
        .post(&new_account, Some(&contact("a@ca.test")))
        .expect("an answer");
    let account = is(&made, 201);
    assert_eq!(
        (text(&account, "status"), &account["contact"][0]),
        ("valid", &json!("mailto:a@ca.test"))
    );
    let url = made.header("location").expect("a URL").to_owned();
    // What a request for an account that is there says beside its key is ignored.
    for payload in [&contact("b@ca.test"), &existing] {
        let found = client.post(&new_account, Some(payload)).expect("an answer");
        let object = is(&found, 200);
        assert_eq!(found.header("location"), Some(url.as_str()));
        assert_eq!(object["contact"], account["contact"]);
        assert!(object["onlyReturnExisting"].is_null());
    }
    client.kid = Some(url.clone());
    let changed = client
        .post(
            &url,
            Some(&json!({"contact": ["mailto:c@ca.test"], "unknown": 1})),
        )
        .expect("an answer");
    let changed = is(&changed, 200);
    assert_eq!(changed["contact"][0], "mailto:c@ca.test");
    assert!(changed["unknown"].is_null());
    let pending = client.order(&["pending.ca.test"]);
    // Another key: not one that another account has, and then one that none has.
    other.register();
    let key_change = client.url("key-change");
    let change_to = |client: &mut Client, new: &Client| {
        let inner = json!({"alg": "ES256", "jwk": new.jwk(), "url": key_change});
        let payload = json!({"account": client.kid, "oldKey": client.jwk()});
        let inner = new.sign(&inner.to_string(), &payload.to_string());
        client.post(&key_change, Some(&inner)).expect("an answer")
    };
    let taken = change_to(&mut client, &other);
    assert_eq!(taken.status, 409, "{}", taken.text());
    assert_eq!(taken.header("location"), other.kid.as_deref());
    let new = walk.another();
    let changed = is(&change_to(&mut client, &new), 200);
    assert_eq!(
        changed["contact"][0], "mailto:c@ca.test",
        "nothing else of it changes"
    );
    let mut holder = new;
    holder.kid = client.kid.clone();
    let by_old = client.post(&url, None).expect("an answer");
    assert!(matches!(by_old.status, 400 | 401 | 403), "{}", by_old.text());
    // What was pending goes on under the new key.
    let obtained = holder.follow(&pending, &request_for(&["pending.ca.test"]));
    let open = holder.order(&["open.ca.test"]);
    let ended = holder
        .post(&url, Some(&json!({"status": "deactivated"})))
        .expect("an answer");
    assert_eq!(is(&ended, 200)["status"], "deactivated");
    let new_order = holder.url("new-order");
    let names = json!({"identifiers": [{"type": "dns", "value": "a.ca.test"}]});
    let revoke = json!({"certificate": base64url(&obtained.certificate)});
    let revoke_url = holder.url("revoke-cert");
    for (url, payload) in [
        (&url, None),
        (&open, None),
        (&new_order, Some(&names)),
        (&revoke_url, Some(&revoke)),
    ] {
        refuses(
            &holder.post(url, payload).expect("an answer"),
            401,
            "unauthorized",
        );
    }
    holder.kid = None;
    let again = holder.post(&new_account, Some(&existing)).expect("an answer");
    assert!(matches!(again.status, 400..=403), "{}", again.text());
    // Its certificate is not revoked by that.
    walk.site.wait_for_revocations(0);
    walk.client.obtain(&["after.ca.test"]);
}

#[test]
fn order_and_its_authorization_go_their_way_and_say_so() {
    let mut walk = Walk::new();
    let client = &mut walk.client;
    let url = client.order(&["a.ca.test"]);
    let order = client.asked(&url, None).json();
    assert_eq!(order["status"], "pending");
    assert!(text(&order, "expires").ends_with('Z'));
    let finalize = text(&order, "finalize").to_owned();
    let csr = json!({"csr": base64url(&request_for(&["a.ca.test"]))});
    refuses(&client.asked(&finalize, Some(&csr)), 403, "orderNotReady");
    let at = text(&json!({"url": order["authorizations"][0]}), "url").to_owned();
    let authorization = client.asked(&at, None).json();
    assert_eq!(authorization["status"], "pending");
    let challenges = authorization["challenges"].as_array().expect("challenges");
    let tokens: HashSet<&str> = challenges.iter().map(|one| text(one, "token")).collect();
    assert_eq!(tokens.len(), challenges.len(), "each has its own");
    assert!(
        tokens
            .iter()
            .all(|token| is_base64url(token) && token.len() >= 22)
    );
    // A second order for the name shares the authorization.
    let second = client.order(&["a.ca.test"]);
    let second = client.asked(&second, None).json();
    assert_eq!(second["authorizations"], order["authorizations"]);
    client.prove(&order);
    let authorization = client.asked(&at, None).json();
    assert_eq!(authorization["status"], "valid");
    assert!(text(&authorization, "expires").ends_with('Z'));
    let proven = authorization["challenges"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["status"] == "valid"))
        .expect("the challenge")
        .clone();
    assert!(text(&proven, "validated").ends_with('Z'));
    let answer = client.asked(text(&proven, "url"), None);
    is(&answer, 200);
    assert!(answer.links().contains(&(at.clone(), "up".into())));
    let ready = client.asked(&url, None).json();
    assert_eq!(
        (text(&ready, "status"), &ready["authorizations"]),
        ("ready", &order["authorizations"])
    );
    // What does not fit leaves it ready.
    let other = json!({"csr": base64url(&request_for(&["b.ca.test"]))});
    refuses(&client.asked(&finalize, Some(&other)), 400, "badCSR");
    assert_eq!(client.asked(&url, None).json()["status"], "ready");
    let finalized = client.asked(&finalize, Some(&csr));
    let valid = is(&finalized, 200);
    assert_eq!(
        (text(&valid, "status"), &valid["identifiers"]),
        ("valid", &order["identifiers"])
    );
    let certificate = text(&valid, "certificate").to_owned();
    let (once, again) = (client.asked(&certificate, None), client.asked(&certificate, None));
    is(&once, 200);
    assert_eq!(
        once.header("content-type"),
        Some("application/pem-certificate-chain")
    );
    assert_eq!(once.body, again.body);
    let pem = String::from_utf8(once.body).expect("PEM");
    let is_of_pem =
        |line: &str| line.starts_with("-----") || line.bytes().all(|byte| byte != b' ' && byte != b':');
    assert!(
        pem.starts_with("-----BEGIN CERTIFICATE-----\n") && pem.lines().all(is_of_pem),
        "{pem}"
    );
    let file = walk.site.folder().join("a.pem");
    std::fs::write(&file, &pem).expect("written");
    walk.site.verifies(&file, "a.ca.test");
    let listed = walk.client.asked(
        &format!("{}/orders", walk.client.kid.clone().expect("an account")),
        None,
    );
    assert!(
        is(&listed, 200)["orders"]
            .as_array()
            .expect("orders")
            .contains(&json!(url))
    );
    refuses(&walk.client.asked(&finalize, Some(&csr)), 403, "orderNotReady");
}

#[test]
fn authorization_is_made_in_advance_and_given_up() {
    let mut walk = Walk::new();
    let client = &mut walk.client;
    let new_authz = client.url("newAuthz");
    let named = |name: &str| json!({"identifier": {"type": "dns", "value": name}});
    let refused = client.asked(&new_authz, Some(&named("a.example.com")));
    refuses(&refused, 403, "rejectedIdentifier");
    assert!(!text(&refused.json(), "detail").is_empty());
    let made = client.asked(&new_authz, Some(&named("a.ca.test")));
    assert_eq!(is(&made, 201)["status"], "pending");
    let at = made.header("location").expect("a URL").to_owned();
    let url = client.order(&["a.ca.test"]);
    assert_eq!(client.asked(&url, None).json()["authorizations"], json!([at]));
    let given_up = client.asked(&at, Some(&json!({"status": "deactivated"})));
    assert_eq!(is(&given_up, 200)["status"], "deactivated");
    let order = client.asked(&url, None).json();
    assert_eq!(order["status"], "invalid");
    let csr = json!({"csr": base64url(&request_for(&["a.ca.test"]))});
    refuses(
        &client.asked(text(&order, "finalize"), Some(&csr)),
        403,
        "orderNotReady",
    );
    let orders = format!("{}/orders", client.kid.clone().expect("an account"));
    let listed = client.asked(&orders, None).json();
    assert!(!listed["orders"].as_array().expect("orders").contains(&json!(url)));
    // A wildcard has the authorization of the name below it, and says so.
    let wild = client.order(&["*.ca.test"]);
    let wild = client.asked(&wild, None).json();
    let at = text(&json!({"url": wild["authorizations"][0]}), "url").to_owned();
    let authorization = client.asked(&at, None).json();
    assert_eq!(authorization["identifier"]["value"], "ca.test");
    assert_eq!(authorization["wildcard"], true);
}

#[test]
fn query_that_fails_is_tried_again_and_says_why() {
    let mut walk = Walk::new();
    let client = &mut walk.client;
    let url = client.order(&["a.ca.test"]);
    let order = client.asked(&url, None).json();
    let at = text(&json!({"url": order["authorizations"][0]}), "url").to_owned();
    let authorization = client.asked(&at, None).json();
    let challenge = authorization["challenges"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["type"] == "http-01"))
        .map(|one| text(one, "url").to_owned())
        .expect("http-01");
    // Nothing is there to be found.
    let started = client.asked(&challenge, Some(&json!({})));
    assert_eq!(is(&started, 200)["status"], "processing");
    let end = Instant::now() + PATIENCE;
    let failed = loop {
        let answer = client.asked(&challenge, None);
        let object = is(&answer, 200);
        if object["error"].is_object() {
            break answer;
        }
        assert!(Instant::now() < end, "{object}");
        std::thread::sleep(Duration::from_millis(50));
    };
    let object = failed.json();
    assert_eq!(object["status"], "processing", "{object}");
    assert!(text(&object["error"], "type").starts_with("urn:ietf:params:acme:error:"));
    assert!(failed.header("retry-after").is_some());
    let pending = client.asked(&at, None);
    assert_eq!(is(&pending, 200)["status"], "pending");
    assert!(pending.header("retry-after").is_some());
    // Once it is there, the client says so, and is not made to wait for the next attempt.
    let token = text(&object, "token");
    let answer = format!("{token}.{}", client.thumbprint());
    walk.responder.knows(token, answer);
    is(&client.asked(&challenge, Some(&json!({}))), 200);
    client.follow(&url, &request_for(&["a.ca.test"]));
}

#[test]
fn certificate_is_revoked_by_its_key_by_its_account_and_by_whoever_is_authorized() {
    let mut walk = Walk::new();
    let revoke = walk.client.url("revoke-cert");
    let of = |certificate: &[u8]| json!({"certificate": base64url(certificate)});
    // By the key of the certificate, which is no account's.
    let mut holder = walk.another();
    holder.key = PrivateKey::generate(KeyAlgorithm::P256).expect("a key");
    let order = walk.client.order(&["a.ca.test"]);
    let request = request_of_account(&["a.ca.test"], &holder);
    let first = walk.client.follow(&order, &request).certificate;
    is(&holder.post(&revoke, Some(&of(&first))).expect("an answer"), 200);
    let again = holder.post(&revoke, Some(&of(&first))).expect("an answer");
    refuses(&again, 400, "alreadyRevoked");
    // By another account, once it has proven the same names.
    let second = walk.client.obtain(&["b.ca.test"]).certificate;
    let mut other = walk.another();
    other.register();
    refuses(&other.asked(&revoke, Some(&of(&second))), 403, "unauthorized");
    let order = other.order(&["b.ca.test"]);
    let order = other.asked(&order, None).json();
    other.prove(&order);
    is(&other.asked(&revoke, Some(&of(&second))), 200);
    let third = walk.client.obtain(&["c.ca.test"]).certificate;
    is(&walk.client.asked(&revoke, Some(&of(&third))), 200);
    walk.site.wait_for_revocations(3);
    walk.site.is_in_order();
}

#[test]
fn numbers_are_given_where_the_administrator_says_and_name_nobody() {
    let port = free_port();
    let site = Site::with(&format!("metrics = \"127.0.0.1:{port}\"\n"), Some(Dns::start()));
    let responder = Responder::start(site.http_port);
    let mut client = Client::new(&site, &responder);
    client.register();
    client.obtain(&["secret.ca.test"]);
    let new_order = client.url("new-order");
    refuses(&client.asked(&new_order, Some(&json!({}))), 400, "malformed");
    let get = |path: &str| {
        http(
            port,
            &format!("GET {path} HTTP/1.1\r\nHost: ca.test\r\nConnection: close\r\n\r\n"),
        )
    };
    let text = get("/metrics");
    assert!(
        text.starts_with("HTTP/1.1 200") && text.contains("application/openmetrics-text"),
        "{text}"
    );
    for line in [
        "gsec_acme_orders_total{profile=\"host\",outcome=\"valid\"} 1",
        "gsec_acme_validations_total{challenge=\"http-01\",outcome=\"valid\"} 1",
        "gsec_acme_requests_total{resource=\"newOrder\",status=\"201\"} 1",
        "gsec_acme_requests_total{resource=\"newOrder\",status=\"400\"} 1",
        "gsec_acme_orders_open 0",
        "gsec_acme_overdue 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    for name in [
        "gsec_crl_expires_seconds ",
        "gsec_ca_expires_seconds ",
        "gsec_audit_log_lines ",
        "gsec_commit_certificates_count ",
    ] {
        let value = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.parse::<i64>().ok());
        assert!(value.is_some_and(|value| value > 0), "{name}\n{text}");
    }
    let account = client
        .kid
        .as_deref()
        .and_then(|kid| kid.rsplit('/').next())
        .expect("an account");
    assert!(!text.contains("secret") && !text.contains(account), "{text}");
    assert!(get("/acme/directory").starts_with("HTTP/1.1 404"));
    // Nowhere else.
    let crl = site.ready["crl"].as_str().expect("a URL");
    let public = crl
        .split('/')
        .nth(2)
        .and_then(|host| host.rsplit(':').next()?.parse().ok());
    let answer = http(
        public.expect("a port"),
        "GET /metrics HTTP/1.1\r\nHost: ca.test\r\nConnection: close\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

#[test]
fn tls_is_of_today() {
    let site = Site::without_dns();
    let address = site.directory().split('/').nth(2).expect("an address").to_owned();
    let connects = |options: &[&str]| {
        let done = run(Command::new("openssl")
            .args([
                "s_client",
                "-brief",
                "-verify_return_error",
                "-connect",
                &address,
                "-CAfile",
            ])
            .arg(site.ca_certificate())
            .args(options));
        (done.status == Some(0), done.to_string())
    };
    for (options, is_accepted) in [
        (["-tls1_3", "-cipher", "DEFAULT"], true),
        (["-tls1_2", "-cipher", "ECDHE"], true),
        (["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], false),
        (["-tls1", "-cipher", "DEFAULT@SECLEVEL=0"], false),
        // Without forward secrecy, and by CBC (RFC 9325 §4.1, §4.2).
        (["-tls1_2", "-cipher", "AES128-GCM-SHA256"], false),
        (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"], false),
    ] {
        let (found, said) = connects(&options);
        assert_eq!(found, is_accepted, "{options:?}: {said}");
    }
}
