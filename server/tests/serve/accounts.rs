//! Accounts as RFC 8555 §7.3 has them: the terms of service, keys of external accounts, the list of orders, and the end.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::client::{Client, base64url, request_for};
use crate::site::PATIENCE;
use crate::walk::{Walk, given_up, http01_of, is, is_base64url, refuses, text};
use crate::wrong::UNLIMITED;

const TERMS: &str = "https://ca.test/terms/1";

fn names(names: &[&str]) -> Value {
    let named = |name: &&str| json!({"type": "dns", "value": name});
    json!({"identifiers": names.iter().map(named).collect::<Vec<_>>()})
}

#[test]
fn terms_are_agreed_to_before_there_is_an_account_and_again_when_they_have_changed() {
    let mut walk = Walk::with(&format!("terms = \"{TERMS}\"\nagree_again = true\n"));
    let directory = walk.site.directory().to_owned();
    let found = walk.client.send("GET", &directory, None, b"").expect("an answer");
    assert_eq!(is(&found, 200)["meta"]["termsOfService"], TERMS);
    let mut other = walk.another();
    let new_account = other.url("new-account");
    for payload in [json!({}), json!({"termsOfServiceAgreed": false})] {
        let refused = other.asked(&new_account, Some(&payload));
        refuses(&refused, 403, "userActionRequired");
        assert!(
            refused
                .links()
                .contains(&(TERMS.into(), "terms-of-service".into()))
        );
    }
    let existing = json!({"onlyReturnExisting": true});
    refuses(
        &other.asked(&new_account, Some(&existing)),
        400,
        "accountDoesNotExist",
    );
    let url = walk.client.kid.clone().expect("an account");
    assert_eq!(
        is(&walk.client.asked(&url, None), 200)["termsOfServiceAgreed"],
        true
    );
    let order = walk.client.order(&["a.ca.test"]);

    walk.site.stop();
    let path = walk.site.ca().join("ca_conf/serve.toml");
    let settings = std::fs::read_to_string(&path).expect("serve.toml");
    let changed = "https://ca.test/terms/2";
    std::fs::write(&path, settings.replace(TERMS, changed)).expect("written");
    walk.site.start();
    let (new_order, new_authz) = (walk.client.url("new-order"), walk.client.url("newAuthz"));
    let identifier = json!({"identifier": {"type": "dns", "value": "b.ca.test"}});
    for (url, payload) in [(&new_order, names(&["b.ca.test"])), (&new_authz, identifier)] {
        let refused = walk.client.asked(url, Some(&payload));
        refuses(&refused, 403, "userActionRequired");
        assert!(
            refused
                .links()
                .contains(&(changed.into(), "terms-of-service".into()))
        );
        assert_eq!(refused.json()["instance"], changed);
    }
    // What was ordered before goes on, and so does looking.
    walk.client.follow(&order, &request_for(&["a.ca.test"]));
    is(&walk.client.asked(&url, None), 200);
    let agreed = json!({"termsOfServiceAgreed": true});
    is(&walk.client.asked(&url, Some(&agreed)), 200);
    is(&walk.client.asked(&new_order, Some(&names(&["b.ca.test"]))), 201);
}

/// `externalAccountBinding` by OpenSSL's HMAC.
fn binding(client: &Client, kid: &str, hmac_key: &str, url: &str) -> Value {
    let protected = base64url(
        json!({"alg": "HS256", "kid": kid, "url": url})
            .to_string()
            .as_bytes(),
    );
    let payload = base64url(client.jwk().to_string().as_bytes());
    let key = URL_SAFE_NO_PAD.decode(hmac_key).expect("base64url");
    let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut openssl = Command::new("openssl")
        .args(["dgst", "-sha256", "-binary", "-mac", "HMAC", "-macopt"])
        .arg(format!("hexkey:{key}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl");
    let mut input = openssl.stdin.take().expect("a pipe");
    input
        .write_all(format!("{protected}.{payload}").as_bytes())
        .expect("written");
    drop(input);
    let mut mac = Vec::new();
    openssl
        .stdout
        .take()
        .expect("a pipe")
        .read_to_end(&mut mac)
        .expect("a MAC");
    assert!(openssl.wait().expect("waited").success());
    json!({"protected": protected, "payload": payload, "signature": base64url(&mac)})
}

#[test]
fn account_shows_the_binding_that_was_verified_and_no_other() {
    let walk = Walk::new();
    let added = walk
        .site
        .gsec(&["serve", "eab", "add", "web team", "--json"])
        .ok();
    let added: Value = serde_json::from_str(&added.stdout).expect("JSON");
    let (kid, key) = (text(&added["keys"][0], "kid"), text(&added, "hmac_key"));
    assert!(kid.is_ascii() && is_base64url(key), "{kid}");
    let other = walk.site.gsec(&["serve", "eab", "add", "other", "--json"]).ok();
    let other: Value = serde_json::from_str(&other.stdout).expect("JSON");
    let other_kid = text(&other["keys"][0], "kid");

    let mut client = walk.another();
    let url = client.url("new-account");
    // The HMAC key is that of `kid`, and no other; then there is no account.
    for (kid, key) in [
        (other_kid, key),
        ("unknown", key),
        (kid, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ] {
        let wrong = json!({"externalAccountBinding": binding(&client, kid, key, &url)});
        refuses(&client.asked(&url, Some(&wrong)), 403, "unauthorized");
    }
    let existing = json!({"onlyReturnExisting": true});
    refuses(&client.asked(&url, Some(&existing)), 400, "accountDoesNotExist");
    let sent = binding(&client, kid, key, &url);
    let made = client.asked(&url, Some(&json!({"externalAccountBinding": sent})));
    assert_eq!(is(&made, 201)["externalAccountBinding"], sent);
    client.kid = made.header("location").map(str::to_owned);
    let at = client.kid.clone().expect("an account");
    assert_eq!(is(&client.asked(&at, None), 200)["externalAccountBinding"], sent);

    // An account that was made without one does not get one by an update.
    let mut plain = walk.another();
    plain.register();
    let at = plain.kid.clone().expect("an account");
    let forged = json!({"externalAccountBinding": binding(&plain, kid, key, &url)});
    assert!(is(&plain.asked(&at, Some(&forged)), 200)["externalAccountBinding"].is_null());
    // Nor by looking for itself (RFC 8555 §7.3.1).
    plain.kid = None;
    let mut looks = forged.clone();
    looks["onlyReturnExisting"] = json!(true);
    assert!(is(&plain.asked(&url, Some(&looks)), 200)["externalAccountBinding"].is_null());
    // It gets one by asking for itself with one, which must be right, and keeps it.
    let wrong = json!({"externalAccountBinding": binding(&plain, kid, "AAAA", &url)});
    refuses(&plain.asked(&url, Some(&wrong)), 403, "unauthorized");
    assert!(is(&plain.asked(&url, Some(&json!({}))), 200)["externalAccountBinding"].is_null());
    for payload in [&forged, &json!({}), &forged] {
        let bound = is(&plain.asked(&url, Some(payload)), 200);
        assert_eq!(bound["externalAccountBinding"], forged["externalAccountBinding"]);
    }
    let added = walk
        .site
        .gsec(&["serve", "eab", "add", "other", "--single-use", "--json"])
        .ok();
    let added: Value = serde_json::from_str(&added.stdout).expect("JSON");
    let (other, key) = (text(&added["keys"][0], "kid"), text(&added, "hmac_key"));
    let second = json!({"externalAccountBinding": binding(&plain, other, key, &url)});
    refuses(&plain.asked(&url, Some(&second)), 403, "unauthorized");
    // What was refused has not used it up; an account that is there uses it up as a new one does.
    let mut third = walk.another();
    third.register();
    third.kid = None;
    let bound = json!({"externalAccountBinding": binding(&third, other, key, &url)});
    is(&third.asked(&url, Some(&bound)), 200);
    is(&third.asked(&url, Some(&bound)), 200);
    let mut fourth = walk.another();
    fourth.register();
    fourth.kid = None;
    let late = json!({"externalAccountBinding": binding(&fourth, other, key, &url)});
    refuses(&fourth.asked(&url, Some(&late)), 403, "unauthorized");
    let listed = walk.site.gsec(&["serve", "eab", "list", "--json"]).ok();
    let listed: Value = serde_json::from_str(&listed.stdout).expect("JSON");
    let uses = |kid: &str| {
        let keys = listed["keys"].as_array().expect("keys").iter();
        keys.filter(|one| one["kid"] == kid)
            .map(|one| one["accounts"].as_array().map_or(0, Vec::len))
            .sum::<usize>()
    };
    assert_eq!((uses(kid), uses(other)), (2, 1), "{listed}");
}

#[test]
fn names_that_wait_to_be_proven_have_a_bound_for_all_accounts_together() {
    let mut walk = Walk::with(&format!("pending_names = 20\n{UNLIMITED}"));
    let new_order = walk.client.url("new-order");
    walk.client.order(&["a.ca.test", "b.ca.test"]);
    // The same names again wait already.
    walk.client.order(&["a.ca.test", "b.ca.test"]);
    // One account has a tenth of it, and not more.
    let answer = walk.client.asked(&new_order, Some(&names(&["c.ca.test"])));
    refuses(&answer, 429, "rateLimited");
    assert!(answer.header("retry-after").is_some());
    let mut others: Vec<Client> = (0..10).map(|_| walk.another()).collect();
    others.iter_mut().for_each(Client::register);
    for other in &mut others[..8] {
        other.order(&["c.ca.test", "d.ca.test"]);
    }
    let is_told = |walk: &Walk| {
        let status = walk.site.gsec(&["serve", "status"]).ok().stdout;
        status.contains("20 of at most 20 names wait to be proven")
    };
    assert!(!is_told(&walk));
    let mut last = others.pop().expect("a client");
    let mut other = others.pop().expect("a client");
    other.order(&["e.ca.test"]);
    let answer = last.asked(&new_order, Some(&names(&["f.ca.test", "g.ca.test"])));
    refuses(&answer, 429, "rateLimited");
    other.order(&["d.ca.test"]);
    assert!(is_told(&walk));
    let new_authz = last.url("newAuthz");
    let identifier = json!({"identifier": {"type": "dns", "value": "d.ca.test"}});
    refuses(&last.asked(&new_authz, Some(&identifier)), 429, "rateLimited");
    // An account that is given up waits for nothing more.
    let (given_up, order) = (&mut others[0], names(&["f.ca.test", "g.ca.test"]));
    let account = given_up.kid.clone().expect("an account");
    is(
        &given_up.asked(&account, Some(&json!({"status": "deactivated"}))),
        200,
    );
    is(&last.asked(&new_order, Some(&order)), 201);
    // What is proven waits no more.
    let other = &mut others[1];
    refuses(
        &other.asked(&new_order, Some(&names(&["x.ca.test"]))),
        429,
        "rateLimited",
    );
    walk.client.obtain(&["a.ca.test"]);
    let mut late = walk.another();
    late.register();
    let end = Instant::now() + PATIENCE;
    loop {
        let answer = late.asked(&new_order, Some(&names(&["h.ca.test"])));
        if answer.status == 201 {
            return;
        }
        refuses(&answer, 429, "rateLimited");
        assert!(Instant::now() < end, "{}", answer.text());
        std::thread::sleep(Duration::from_millis(500));
    }
}

#[test]
fn list_of_orders_has_pages() {
    let mut walk = Walk::new();
    let client = &mut walk.client;
    let made: Vec<String> = (0..101)
        .map(|number| client.order(&[&format!("h{number}.ca.test")]))
        .collect();
    let account = client.kid.clone().expect("an account");
    let mut next = Some(text(&is(&client.asked(&account, None), 200), "orders").to_owned());
    let (mut listed, mut pages) = (Vec::new(), 0);
    while let Some(url) = next {
        let page = client.asked(&url, None);
        let orders = is(&page, 200)["orders"].clone();
        listed.extend(
            orders
                .as_array()
                .expect("orders")
                .iter()
                .map(|url| url.as_str().expect("a URL").to_owned()),
        );
        pages += 1;
        next = page
            .links()
            .into_iter()
            .find_map(|(url, relation)| (relation == "next").then_some(url));
    }
    let sorted = |mut urls: Vec<String>| {
        urls.sort();
        urls
    };
    assert_eq!(
        (sorted(listed), pages),
        (sorted(made), 2),
        "pending ones are in it, each once"
    );
}

#[test]
fn requests_by_a_key_have_the_key_and_others_the_account() {
    let mut walk = Walk::new();
    let certificate = walk.client.obtain(&["a.ca.test"]).certificate;
    let (new_account, revoke) = (walk.client.url("new-account"), walk.client.url("revoke-cert"));
    // `kid` where the key itself must be.
    let answer = walk
        .client
        .asked(&new_account, Some(&json!({"termsOfServiceAgreed": true})));
    refuses(&answer, 400, "malformed");
    // The key where `kid` must be.
    let new_order = walk.client.url("new-order");
    let kid = walk.client.kid.take();
    let answer = walk.client.asked(&new_order, Some(&names(&["a.ca.test"])));
    refuses(&answer, 400, "malformed");
    // By its key alone, an account's key is no certificate's.
    let payload = json!({"certificate": base64url(&certificate)});
    refuses(&walk.client.asked(&revoke, Some(&payload)), 403, "unauthorized");
    walk.client.kid = kid;
    is(&walk.client.asked(&revoke, Some(&payload)), 200);
}

#[test]
fn what_is_pending_ends_with_its_account() {
    let mut walk = Walk::new();
    let client = &mut walk.client;
    let order = client.order(&["a.ca.test"]);
    let order = client.asked(&order, None).json();
    let authorization = text(&json!({"url": order["authorizations"][0]}), "url").to_owned();
    let object = client.asked(&authorization, None).json();
    let challenge = object["challenges"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["type"] == "http-01"))
        .expect("http-01")
        .clone();
    // It fails, and would be tried again and again for a minute.
    is(&client.asked(text(&challenge, "url"), Some(&json!({}))), 200);
    let end = Instant::now() + PATIENCE;
    loop {
        let answer = client.asked(text(&challenge, "url"), None);
        let object = is(&answer, 200);
        let wait: u64 = answer
            .header("retry-after")
            .and_then(|value| value.parse().ok())
            .expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
        if object["error"].is_object() {
            break;
        }
        assert!(Instant::now() < end, "{object}");
        std::thread::sleep(Duration::from_millis(50));
    }
    let account = client.kid.clone().expect("an account");
    is(
        &client.asked(&account, Some(&json!({"status": "deactivated"}))),
        200,
    );
    // Now the proof is there, and nobody comes for it.
    let token = text(&challenge, "token");
    let thumbprint = client.thumbprint();
    walk.responder.knows(token, format!("{token}.{thumbprint}"));
    let id = authorization.rsplit('/').next().expect("an id").to_owned();
    let end = Instant::now() + PATIENCE;
    loop {
        let status = walk.site.state_of_authorization(&id);
        if status == "deactivated" {
            break;
        }
        assert_eq!(status, "pending");
        assert!(Instant::now() < end, "it is still pending");
        std::thread::sleep(Duration::from_millis(100));
    }
    refuses(&walk.client.asked(&account, None), 401, "unauthorized");
    // Its key makes no second one, and changes to no other.
    let mut again = walk.another();
    again.register();
    let key_change = again.url("key-change");
    let inner = json!({"alg": "ES256", "jwk": walk.client.jwk(), "url": key_change});
    let payload = json!({"account": again.kid, "oldKey": again.jwk()});
    let inner = walk.client.sign(&inner.to_string(), &payload.to_string());
    let taken = again.asked(&key_change, Some(&inner));
    assert_eq!(taken.status, 409, "{}", taken.text());
}

#[test]
fn limit_says_when_the_same_request_passes_again() {
    let mut walk =
        Walk::with("[limits]\nnew_orders = \"2/1h\"\nsame_names = \"1/1d\"\nnew_accounts = \"2/1h\"\n");
    let client = &mut walk.client;
    let new_order = client.url("new-order");
    client.order(&["a.ca.test"]);
    let limited = |answer: &crate::client::Answer, seconds: std::ops::RangeInclusive<u64>| {
        refuses(answer, 429, "rateLimited");
        let wait = answer.header("retry-after").and_then(|value| value.parse().ok());
        assert!(wait.is_some_and(|wait: u64| seconds.contains(&wait)), "{wait:?}");
    };
    // Names that were ordered already, while there is room for other orders: a day.
    let day = 23 * 3600..=24 * 3600;
    limited(
        &client.asked(&new_order, Some(&names(&["a.ca.test"]))),
        day.clone(),
    );
    client.order(&["b.ca.test"]);
    // Both limits: in half an hour there would be room for an order, but not for this one.
    limited(&client.asked(&new_order, Some(&names(&["b.ca.test"]))), day);
    limited(&client.asked(&new_order, Some(&names(&["c.ca.test"]))), 1..=1800);
    let mut fourth = Walk::with("[limits]\nnew_names = \"5/1h\"\n");
    fourth.client.order(&["a.ca.test", "b.ca.test", "c.ca.test"]);
    let new_order = fourth.client.url("new-order");
    let more = names(&["d.ca.test", "e.ca.test", "f.ca.test"]);
    limited(&fourth.client.asked(&new_order, Some(&more)), 1..=3600);
    fourth.client.order(&["d.ca.test", "e.ca.test"]);
    let (mut second, mut third) = (walk.another(), walk.another());
    second.register();
    let new_account = third.url("new-account");
    limited(&third.asked(&new_account, Some(&json!({}))), 1..=1800);
}

#[test]
fn name_that_failed_too_often_is_not_tried_again_before_its_time() {
    let mut walk = Walk::with("[limits]\nfailed_validations = \"1/1h\"\n");
    let client = &mut walk.client;
    let challenge_of = |client: &mut Client| {
        let order = client.order(&["a.ca.test"]);
        let order = client.asked(&order, None).json();
        let at = text(&json!({"url": order["authorizations"][0]}), "url").to_owned();
        let found = client.asked(&at, None).json();
        let challenges = found["challenges"].as_array().expect("challenges").clone();
        let http = challenges.iter().find(|one| one["type"] == "http-01");
        (at, text(http.expect("http-01"), "url").to_owned())
    };
    let (authorization, challenge) = challenge_of(client);
    // The client itself brings each attempt forward, until there is none left.
    let end = Instant::now() + PATIENCE;
    loop {
        let tried = client.asked(&challenge, Some(&json!({})));
        let object = client.asked(&challenge, None).json();
        assert!(
            tried.status == 200 || object["status"] == "invalid",
            "{}",
            tried.text()
        );
        if object["status"] == "invalid" {
            assert!(object["error"].is_object(), "{object}");
            break;
        }
        assert!(Instant::now() < end, "{object}");
        std::thread::sleep(Duration::from_millis(20));
    }
    // It stays where it is, with the others.
    let invalid = client.asked(&authorization, None).json();
    assert_eq!(invalid["status"], "invalid");
    assert!(
        invalid["challenges"]
            .as_array()
            .expect("challenges")
            .iter()
            .any(|one| one["url"] == challenge)
    );
    let (_, second) = challenge_of(client);
    assert_ne!(second, challenge);
    let refused = client.asked(&second, Some(&json!({})));
    refuses(&refused, 429, "rateLimited");
    assert!(refused.header("retry-after").is_some());
}

/// What a grant replaced the proof of counts only as long as the grant: not for orders either that were made before it was taken back.
#[test]
fn order_whose_proof_was_granted_ends_with_the_grant() {
    let walk = Walk::new();
    let add = [
        "serve",
        "eab",
        "add",
        "vip",
        "--grant",
        "vip.ca.test",
        "--granted",
        "--json",
    ];
    let added: Value = serde_json::from_str(&walk.site.gsec(&add).ok().stdout).expect("JSON");
    let (kid, key) = (text(&added["keys"][0], "kid"), text(&added, "hmac_key"));
    let mut client = walk.another();
    let url = client.url("new-account");
    let payload = json!({"externalAccountBinding": binding(&client, kid, key, &url)});
    let made = client.asked(&url, Some(&payload));
    is(&made, 201);
    client.kid = made.header("location").map(str::to_owned);
    let granted = client.order(&["secret.vip.ca.test"]);
    let granted = client.asked(&granted, None).json();
    assert_eq!(granted["status"], "ready", "no challenge");
    // One that is finalized while it is granted is issued; the other one is not.
    let used = client.order(&["other.vip.ca.test"]);
    client.follow(&used, &request_for(&["other.vip.ca.test"]));
    walk.site.gsec(&["serve", "eab", "remove", kid]).ok();
    let csr = json!({"csr": base64url(&request_for(&["secret.vip.ca.test"]))});
    let refused = client.asked(text(&granted, "finalize"), Some(&csr));
    refuses(&refused, 403, "unauthorized");
    // The grant for everybody is there still: by challenge.
    client.obtain(&["secret.vip.ca.test"]);
}

#[test]
fn last_grant_that_was_taken_back_does_not_come_back() {
    let mut walk = Walk::new();
    let list = |site: &crate::site::Site| -> Vec<String> {
        let listed = site.gsec(&["serve", "grant", "list", "--json"]).ok();
        let listed: Value = serde_json::from_str(&listed.stdout).expect("JSON");
        let grants = listed["grants"].as_array().expect("grants").iter();
        grants.map(|grant| text(grant, "id").to_owned()).collect()
    };
    let first = list(&walk.site);
    assert_eq!(first.len(), 1);
    walk.site.gsec(&["serve", "grant", "remove", &first[0]]).ok();
    for _ in 0..2 {
        walk.site.stop();
        walk.site.start();
        assert!(list(&walk.site).is_empty());
    }
    let new_order = walk.client.url("new-order");
    let refused = walk.client.asked(&new_order, Some(&names(&["a.ca.test"])));
    refuses(&refused, 403, "rejectedIdentifier");
    let status = walk.site.gsec(&["serve", "status", "--json"]);
    assert!(status.stdout.contains("nothing-granted"), "{status}");
    let log = walk.site.server_log();
    assert!(!log.contains("server.db is new"), "nothing is lost: {log}");
    // Nor where the database is lost, and with it what was granted.
    walk.site.stop();
    for name in ["server.db", "server.db-wal", "server.db-shm"] {
        let _ = std::fs::remove_file(walk.site.ca().join("ca_conf").join(name));
    }
    walk.site.start();
    assert!(list(&walk.site).is_empty());
    assert!(
        walk.site.server_log().contains("server.db is new"),
        "{}",
        walk.site.server_log()
    );
}

/// RFC 8555 §7.4: what cannot be fulfilled as it was asked is an error.
#[test]
fn order_that_cannot_be_fulfilled_to_the_second_is_refused() {
    let mut walk = Walk::new();
    let client = &mut walk.client;
    let new_order = client.url("new-order");
    let asking = |field: &str, time: &str| {
        let mut payload = names(&["a.ca.test"]);
        payload[field] = time.into();
        payload
    };
    let in_days = |days: i64| {
        let end = time::OffsetDateTime::now_utc() + time::Duration::days(days);
        gsec_pki::x509::rfc3339(end)
    };
    for (field, time) in [
        ("notBefore", in_days(-400)),
        ("notBefore", in_days(0)),
        ("notBefore", in_days(1)),
        ("notAfter", in_days(-1)),
        ("notAfter", in_days(101)),
        ("notAfter", in_days(3700)),
        ("notAfter", "9999-12-31T23:59:59Z".into()),
    ] {
        let refused = client.asked(&new_order, Some(&asking(field, &time)));
        refuses(&refused, 400, "malformed");
        let said = refused.text();
        assert!(!said.contains("gsec.toml") && said.contains(field), "{said}");
    }
    let end = in_days(20);
    let made = client.asked(&new_order, Some(&asking("notAfter", &end)));
    assert_eq!(is(&made, 201)["notAfter"], end.as_str());
    let url = made.header("location").expect("a URL").to_owned();
    let obtained = client.follow(&url, &request_for(&["a.ca.test"]));
    let certificate = gsec_pki::x509::Certificate::from_der(&obtained.certificate).expect("a certificate");
    assert_eq!(gsec_pki::x509::rfc3339(certificate.not_after()), end);
}

#[test]
fn client_gives_the_reasons_that_are_a_clients_to_give() {
    let mut walk = Walk::new();
    let revoke = walk.client.url("revoke-cert");
    let certificate = walk.client.obtain(&["a.ca.test"]).certificate;
    let with = |reason: u8| json!({"certificate": base64url(&certificate), "reason": reason});
    for reason in [2, 6, 7, 8, 9, 10, 11] {
        refuses(
            &walk.client.asked(&revoke, Some(&with(reason))),
            400,
            "badRevocationReason",
        );
    }
    // Whoever has proven the name may revoke, but not say that the key is in other hands: nobody could use it any more.
    let mut other = walk.another();
    other.register();
    let order = other.order(&["a.ca.test"]);
    let order = other.asked(&order, None).json();
    other.prove(&order);
    refuses(&other.asked(&revoke, Some(&with(1))), 400, "badRevocationReason");
    is(&other.asked(&revoke, Some(&with(4))), 200);
    walk.site.wait_for_revocations(1);
    walk.site.is_in_order();
}

#[test]
fn replacement_is_not_counted_when_it_is_time_for_it_and_counted_before() {
    let mut walk = Walk::with("[limits]\nsame_names = \"1/1d\"\n");
    let first = walk.client.obtain(&["a.ca.test"]).certificate;
    let id = |der: &[u8]| {
        let certificate = gsec_pki::x509::Certificate::from_der(der).expect("a certificate");
        gsec_server::acme::CertificateId::of(&certificate)
            .expect("an id")
            .to_string()
    };
    let new_order = walk.client.url("new-order");
    let replacing = |names: &Value, id: String| {
        let mut payload = names.clone();
        payload["replaces"] = id.into();
        payload
    };
    let one = names(&["a.ca.test"]);
    let early = walk.client.asked(&new_order, Some(&replacing(&one, id(&first))));
    refuses(&early, 429, "rateLimited");
    // Once it is revoked, it is time.
    let revoke = walk.client.url("revoke-cert");
    is(
        &walk
            .client
            .asked(&revoke, Some(&json!({"certificate": base64url(&first)}))),
        200,
    );
    let more = names(&["a.ca.test", "b.ca.test"]);
    is(&walk.client.asked(&new_order, Some(&more)), 201);
    let added = walk.client.asked(&new_order, Some(&replacing(&more, id(&first))));
    refuses(&added, 429, "rateLimited");
    is(
        &walk.client.asked(&new_order, Some(&replacing(&one, id(&first)))),
        201,
    );
}

#[test]
fn server_does_not_go_on_with_its_own_certificate_once_that_is_revoked() {
    let mut site = crate::site::Site::new();
    let own = site.ca().join("ca_conf/server.pem");
    let serial = |path: &std::path::Path| {
        let pem = std::fs::read(path).expect("its certificate");
        gsec_pki::x509::decode_certificates(&pem)
            .expect("PEM")
            .remove(0)
            .serial()
            .to_string()
    };
    let before = serial(&own);
    site.gsec(&["cert", "revoke", &before]).ok();
    site.stop();
    site.start();
    assert_ne!(serial(&own), before);
    site.stop();
    site.start();
    let kept = serial(&own);
    site.stop();
    site.start();
    assert_eq!(serial(&own), kept, "a good one is kept");
}

/// The server's own log: each thing is one object, and what the filter of gsec.toml hides is nowhere in it.
/// From the request that finalized an order to the signature, also where the certificate came later than the answer.
#[test]
fn certificate_is_followed_from_its_request_to_its_signature() {
    let mut walk = Walk::with("log = \"json\"\n");
    let obtained = walk.client.obtain(&["open.ca.test"]);
    let order = obtained.order.rsplit('/').next().expect("an id").to_owned();
    let lines = |text: &str| -> Vec<Value> {
        text.lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    };
    let read = |name: &str| {
        lines(&std::fs::read_to_string(walk.site.ca().join("ca_conf").join(name)).expect("a file"))
    };
    let audit = read("audit.log");
    let issued = audit.iter().find(|line| line["acme_order"] == order.as_str());
    let issued = issued.expect("the order");
    let id = issued["request_id"].as_str().expect("an id");
    let log = lines(&walk.site.server_log());
    let asked: Vec<&Value> = log.iter().filter(|line| line["request_id"] == id).collect();
    let events: Vec<_> = asked
        .iter()
        .map(|line| (line["event"].as_str(), line["resource"].as_str()))
        .collect();
    assert_eq!(
        events,
        [(Some("order"), None), (Some("request"), Some("finalize"))],
        "{asked:?}"
    );
    let signed = read("signer.journal");
    let signed = signed
        .iter()
        .find(|line| line["signed"] == "certificate" && line["request"] == id);
    assert_eq!(signed.expect("a signature")["serial"], issued["serial"]);
    // Each request has its own.
    let ids = log
        .iter()
        .filter(|line| line["event"] == "request")
        .map(|line| line["request_id"].to_string());
    let ids: Vec<String> = ids.collect();
    let distinct: std::collections::HashSet<&String> = ids.iter().collect();
    assert!(ids.len() > 3 && distinct.len() == ids.len(), "{ids:?}");
}

#[test]
fn attempt_that_is_made_again_is_no_end_in_the_log() {
    let mut walk = Walk::with("log = \"json\"\n");
    let (challenge, _) = http01_of(&mut walk.client, "a.ca.test");
    given_up(&mut walk.client, &challenge, "a.ca.test");
    let log = walk.site.server_log();
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let tried = lines.filter(|line| line["event"] == "challenge");
    let outcomes: Vec<String> = tried.map(|line| text(&line, "outcome").to_owned()).collect();
    let (last, before) = outcomes.split_last().expect("attempts");
    assert!(last == "invalid" && !before.is_empty(), "{outcomes:?}");
    assert!(before.iter().all(|outcome| outcome == "failed"), "{outcomes:?}");
}

#[test]
fn log_for_machines_has_what_happened_and_not_what_is_hidden() {
    let mut walk = Walk::with("log = \"json\"\n");
    walk.client.obtain(&["open.ca.test"]);
    let refused = walk
        .client
        .asked(&walk.client.url("new-order"), Some(&names(&["no.example.com"])));
    refuses(&refused, 403, "rejectedIdentifier");
    let lines = |walk: &Walk| -> Vec<Value> {
        let log = walk.site.server_log();
        // A word for people at the start is none of it.
        log.lines()
            .filter(|line| !line.starts_with("note: "))
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
            .collect()
    };
    let has = |walk: &Walk, expected: &[(&str, Value)]| {
        let end = Instant::now() + PATIENCE;
        while !lines(walk)
            .iter()
            .any(|line| expected.iter().all(|(name, value)| line[*name] == *value))
        {
            assert!(Instant::now() < end, "{expected:?}\n{}", walk.site.server_log());
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let account = walk
        .client
        .kid
        .clone()
        .and_then(|kid| kid.rsplit('/').next().map(str::to_owned));
    let account = json!(account.expect("an account"));
    has(
        &walk,
        &[
            ("event", json!("challenge")),
            ("outcome", json!("valid")),
            ("names", json!(["open.ca.test"])),
        ],
    );
    has(
        &walk,
        &[
            ("event", json!("order")),
            ("outcome", json!("valid")),
            ("account", account.clone()),
        ],
    );
    has(&walk, &[("event", json!("crl"))]);
    let detail = "no grant for this account covers no.example.com";
    has(
        &walk,
        &[
            ("problem", json!("rejectedIdentifier")),
            ("detail", json!(detail)),
            ("account", account.clone()),
        ],
    );

    let policy = walk.site.ca().join("ca_conf/gsec.toml");
    let text = std::fs::read_to_string(&policy).expect("gsec.toml");
    std::fs::write(
        &policy,
        format!("{text}\n[log-filter]\ndefault-filter-type = \"hide\"\n"),
    )
    .expect("written");
    // The filter that was read counts for two seconds.
    std::thread::sleep(Duration::from_secs(3));
    let before = walk.site.server_log().len();
    walk.client.obtain(&["secret.ca.test"]);
    let refused = walk.client.asked(
        &walk.client.url("new-order"),
        Some(&names(&["hidden.example.com"])),
    );
    refuses(&refused, 403, "rejectedIdentifier");
    has(&walk, &[("event", json!("order")), ("names", json!("*****"))]);
    has(
        &walk,
        &[
            ("problem", json!("rejectedIdentifier")),
            ("detail", json!("*****")),
        ],
    );
    let after = walk.site.server_log()[before..].to_owned();
    for secret in [
        "secret.ca.test",
        "hidden.example.com",
        "127.0.0.1",
        account.as_str().expect("text"),
    ] {
        assert!(!after.contains(secret), "{secret}: {after}");
    }
}

/// A client that asks for must-staple would believe that it has it.
#[test]
fn csr_with_a_tls_feature_is_refused() {
    let mut walk = Walk::new();
    let client = &mut walk.client;
    let url = client.order(&["a.ca.test"]);
    let order = client.asked(&url, None).json();
    client.prove(&order);
    let mut params = rcgen::CertificateParams::new(vec!["a.ca.test".to_owned()]).expect("a name");
    params.distinguished_name = rcgen::DistinguishedName::new();
    let feature =
        rcgen::CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 24], vec![0x30, 3, 2, 1, 5]);
    params.custom_extensions.push(feature);
    let key = rcgen::KeyPair::generate().expect("a key");
    let csr = params.serialize_request(&key).expect("a request");
    let refused = client.asked(
        text(&order, "finalize"),
        Some(&json!({"csr": base64url(csr.der())})),
    );
    refuses(&refused, 400, "badCSR");
    client.follow(&url, &request_for(&["a.ca.test"]));
}
