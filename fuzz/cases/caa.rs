//! CAA records: what is permitted is permitted by a record that names the CA, and parameters only take away.

use gsec_server::domain::{CaaAsking, CaaRecord, may_issue};

const CA: &str = "ca1.example.net";
const ACCOUNT: &str = "https://ca1.example.net/acme/account/a";

/// Each line is a record: `!` where it is critical, the tag, a blank, the value. Whether there is one.
pub fn check(input: &[u8]) -> bool {
    let records: Vec<CaaRecord> = input.split(|byte| *byte == b'\n').filter_map(record).collect();
    if records.is_empty() {
        return false;
    }
    let permits = |records: &[CaaRecord], is_wildcard, urls: &[String], method| {
        let asking = CaaAsking {
            issuers: &[CA.to_owned()],
            is_wildcard,
            account_urls: urls,
            method,
        };
        may_issue(records, &asking).is_ok()
    };
    let (own, nobody) = ([ACCOUNT.to_owned()], []);
    let has = |tag: &str| records.iter().any(|record| record.tag.eq_ignore_ascii_case(tag));
    for (is_wildcard, property) in [
        (false, "issue"),
        (true, if has("issuewild") { "issuewild" } else { "issue" }),
    ] {
        let permitted = permits(&records, is_wildcard, &own, "http-01");
        if permitted && has(property) {
            let names_it = |record: &CaaRecord| {
                let value = String::from_utf8_lossy(&record.value).to_ascii_lowercase();
                record.tag.eq_ignore_ascii_case(property) && value.trim_start().starts_with(CA)
            };
            assert!(records.iter().any(names_it));
        }
        // What an account without a URL may have, every account may.
        assert!(!permits(&records, is_wildcard, &nobody, "http-01") || permitted);
        // Permissions add up, but a critical property that nobody knows takes all of them.
        let with = |tag: &str, is_critical, value: &str| {
            let more = CaaRecord {
                is_critical,
                tag: tag.into(),
                value: value.into(),
            };
            [records.clone(), vec![more]].concat()
        };
        if permitted && has(property) {
            assert!(permits(&with(property, false, ";"), is_wildcard, &own, "http-01"));
        }
        assert!(!permits(&with("unknown", true, ""), is_wildcard, &own, "http-01"));
        let is_known = |record: &CaaRecord| {
            !record.is_critical
                || ["issue", "issuewild", "iodef"]
                    .iter()
                    .any(|tag| record.tag.eq_ignore_ascii_case(tag))
        };
        if records.iter().all(is_known) {
            assert!(permits(&with(property, false, CA), is_wildcard, &own, "http-01"));
        }
    }
    true
}

fn record(line: &[u8]) -> Option<CaaRecord> {
    let (is_critical, rest) = match line.strip_prefix(b"!") {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let at = rest.iter().position(|byte| *byte == b' ')?;
    let tag = std::str::from_utf8(&rest[..at]).ok()?;
    let is_tag = !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_tag.then(|| CaaRecord {
        is_critical,
        tag: tag.to_owned(),
        value: rest[at + 1..].to_vec(),
    })
}
