//! A reading of OpenSSL's CA index that owes nothing to gsec's.

use super::gsec;

/// One line of `ca.db`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub status: String,
    pub expiry: String,
    pub revocation: String,
    pub serial: String,
    pub file: String,
    pub subject: String,
}

/// Reads `ca.db`, asserting that each line has OpenSSL's six columns.
#[track_caller]
pub fn records(ca_db: &str) -> Vec<Record> {
    let text =
        std::fs::read_to_string(ca_db).unwrap_or_else(|problem| panic!("cannot read {ca_db}: {problem}"));
    assert!(
        text.is_empty() || text.ends_with('\n'),
        "the last line of {ca_db} is torn"
    );
    text.lines().map(record).collect()
}

fn record(line: &str) -> Record {
    let columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
    let Ok([status, expiry, revocation, serial, file, subject]) = <[String; 6]>::try_from(columns) else {
        panic!("not six columns: {line:?}");
    };
    Record {
        status,
        expiry,
        revocation,
        serial,
        file,
        subject,
    }
}

impl Record {
    /// The record as `gsec cert list --json` should show it, as far as the index itself tells: serial, status, end, and revocation.
    fn as_listed(&self) -> [Option<String>; 5] {
        let end = rfc3339(&self.expiry);
        let (revoked_at, reason) = match self.revocation.split_once(',') {
            Some((date, reason)) => (Some(rfc3339(date)), Some(reason.to_owned())),
            None => (
                Some(&self.revocation)
                    .filter(|date| !date.is_empty())
                    .map(|date| rfc3339(date)),
                None,
            ),
        };
        let status = match self.status.as_str() {
            "R" => "revoked",
            "V" if end > now() => "valid",
            _ => "expired", // a V line past its end is expired too, with or without `openssl ca -updatedb`
        };
        [
            Some(self.serial.clone()),
            Some(status.to_owned()),
            Some(end),
            revoked_at,
            reason,
        ]
    }
}

/// Asserts that gsec sees in a CA directory exactly the records that its `ca.db` holds, and will go on where `serial.num` says.
#[track_caller]
pub fn gsec_and_ca_db_agree(ca_dir: &str) {
    let list = gsec(&["cert", "list", "--json", "--ca-dir", ca_dir])
        .run()
        .ok()
        .json();
    let text = |entry: &serde_json::Value, key: &str| entry[key].as_str().map(str::to_owned);
    let listed = list["certificates"].as_array().expect("a list").iter();
    let mut listed: Vec<_> = listed
        .map(|entry| ["serial", "status", "not_after", "revoked_at", "reason"].map(|key| text(entry, key)))
        .collect();
    let mut expected: Vec<_> = records(&format!("{ca_dir}/ca_conf/ca.db"))
        .iter()
        .map(Record::as_listed)
        .collect();
    listed.sort();
    expected.sort();
    assert_eq!(listed, expected, "gsec on the left, ca.db on the right");
    assert_eq!(list["damaged_lines"], serde_json::json!([]));
    let shown = gsec(&["ca", "show", "--json", "--ca-dir", ca_dir])
        .run()
        .ok()
        .json();
    if shown["serial_mode"] != "random" {
        assert_eq!(
            shown["next_serial"],
            next_serial(ca_dir),
            "gsec on the left, serial.num on the right"
        );
    }
}

/// What `serial.num` holds.
pub fn next_serial(ca_dir: &str) -> String {
    std::fs::read_to_string(format!("{ca_dir}/ca_conf/serial.num"))
        .expect("serial.num")
        .trim_end()
        .to_owned()
}

/// Turns a time of the index, with two or four digits of year, into what JSON documents carry: `491231235959Z` → `2049-12-31T23:59:59Z`.
fn rfc3339(asn1: &str) -> String {
    let full = if asn1.len() == 13 {
        format!("20{asn1}")
    } else {
        asn1.to_owned()
    };
    let [year, month, day, hour, minute, second] =
        [0..4, 4..6, 6..8, 8..10, 10..12, 12..14].map(|part| &full[part]);
    format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z")
}

fn now() -> String {
    super::Call::new("date")
        .args(&["-u", "+%Y-%m-%dT%H:%M:%SZ"])
        .run()
        .ok()
        .stdout
        .trim_end()
        .to_owned()
}
