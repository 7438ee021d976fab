//! How many certificates are signed in an hour, whoever asks.

use serde_json::{Value, json};

use crate::client::{base64url, request_for};
use crate::walk::{Walk, is, refuses, text};

fn journal(walk: &Walk) -> Vec<Value> {
    let path = walk.site.ca().join("ca_conf/signer.journal");
    let text = std::fs::read_to_string(path).expect("a journal");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn next_serial(walk: &Walk) -> String {
    std::fs::read_to_string(walk.site.ca().join("ca_conf/serial.num")).expect("a number")
}

#[test]
fn order_stays_ready_where_the_signer_signs_no_more_in_this_hour() {
    let mut walk = Walk::new();
    let policy = walk.site.ca().join("ca_conf/gsec.toml");
    let text_of = std::fs::read_to_string(&policy).expect("gsec.toml");
    std::fs::write(&policy, text_of.replace("max_per_hour = 0", "max_per_hour = 2")).expect("gsec.toml");
    walk.client.obtain(&["a.ca.test"]);
    walk.client.obtain(&["b.ca.test"]);
    let url = walk.client.order(&["c.ca.test"]);
    let order = walk.client.asked(&url, None).json();
    walk.client.prove(&order);
    let finalize = text(&order, "finalize").to_owned();
    let csr = json!({"csr": base64url(&request_for(&["c.ca.test"]))});
    let (before, serial) = (journal(&walk).len(), next_serial(&walk));
    let expect_limited = |walk: &mut Walk| {
        let answer = walk.client.asked(&finalize, Some(&csr));
        refuses(&answer, 429, "rateLimited");
        let wait: u64 = answer
            .header("retry-after")
            .and_then(|wait| wait.parse().ok())
            .expect("a number");
        assert!((3000..=3601).contains(&wait), "{wait}");
        assert_eq!(walk.client.asked(&url, None).json()["status"], "ready");
    };
    expect_limited(&mut walk);
    expect_limited(&mut walk);
    // It was a question and no attempt: neither the journal nor the status has a refusal.
    assert_eq!(journal(&walk).len(), before);
    let status = walk.site.gsec(&["serve", "status", "--json"]).stdout;
    assert!(!status.contains("signer-refused"), "{status}");
    // Neither a serial number nor a record went into it, and starting both again changes nothing.
    assert_eq!(next_serial(&walk), serial);
    walk.site.stop();
    walk.site.start();
    expect_limited(&mut walk);
    assert_eq!(next_serial(&walk), serial);
    // Who may change the policy may allow more.
    std::fs::write(&policy, text_of.replace("max_per_hour = 0", "max_per_hour = 3")).expect("gsec.toml");
    assert_eq!(
        is(&walk.client.asked(&finalize, Some(&csr)), 200)["status"],
        "valid"
    );
}

/// Of those that come at once, so many get their certificate as there is room for.
#[test]
fn those_that_come_together_get_what_there_is() {
    let walk = Walk::new();
    let policy = walk.site.ca().join("ca_conf/gsec.toml");
    let text_of = std::fs::read_to_string(&policy).expect("gsec.toml");
    std::fs::write(&policy, text_of.replace("max_per_hour = 0", "max_per_hour = 3")).expect("gsec.toml");
    let mut all = Vec::new();
    for number in 0..8 {
        let name = format!("n{number}.ca.test");
        let mut client = walk.another();
        client.register();
        let url = client.order(&[&name]);
        let order = client.asked(&url, None).json();
        client.prove(&order);
        let csr = json!({"csr": base64url(&request_for(&[&name]))});
        all.push((client, text(&order, "finalize").to_owned(), csr));
    }
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let asking: Vec<_> = all
            .iter_mut()
            .map(|(client, finalize, csr)| scope.spawn(move || client.asked(finalize, Some(csr)).status))
            .collect();
        asking.into_iter().map(|one| one.join().expect("ended")).collect()
    });
    assert!(
        answers.iter().all(|status| [200, 429].contains(status)),
        "{answers:?}"
    );
    let lines = journal(&walk);
    let signed = lines
        .iter()
        .filter(|line| line["signed"] == "certificate" && line["profile"] == "host")
        .count();
    assert_eq!(signed, 3, "{lines:?}");
    walk.site.gsec(&["ca", "log", "--verify"]).ok();
}
