//! What several records of one serial number come to.

use super::{Record, RecordStatus, Revocation};

/// What the lines of one serial number say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The number of the line that holds: the last of those with the strongest reason for revocation, else the last.
    pub line: u64,
    /// Its record; a revoked one has the earliest date of all.
    pub record: Record,
}

/// Joins the records of one serial number, each with the number of its line; `None` without any. Where one of them revokes it, it is revoked.
pub fn joined(lines: &[(u64, Record)]) -> Option<Joined> {
    let revoked = |record: &Record| {
        record
            .revocation
            .clone()
            .filter(|_| record.status == RecordStatus::Revoked)
    };
    let weight = |record: &Record| {
        (
            record.status == RecordStatus::Revoked,
            revoked(record).map(|revocation| revocation.weight()),
        )
    };
    let (line, record) = lines
        .iter()
        .max_by_key(|(line, record)| (weight(record), *line))?;
    let all = lines
        .iter()
        .filter_map(|(_, record)| revoked(record))
        .reduce(|one, other| one.joined(&other));
    let revocation = match (&record.revocation, all) {
        // What follows the reason goes with the reason.
        (Some(kept), Some(all)) if record.status == RecordStatus::Revoked => Some(Revocation {
            at: all.at,
            ..kept.clone()
        }),
        (kept, _) => kept.clone(),
    };
    Some(Joined {
        line: *line,
        record: Record {
            revocation,
            ..record.clone()
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(line: &str) -> Record {
        Record::decode(line.as_bytes()).expect("a record")
    }

    fn columns(lines: &[&str]) -> (u64, String) {
        let lines: Vec<(u64, Record)> = lines
            .iter()
            .zip(1..)
            .map(|(line, number)| (number, record(line)))
            .collect();
        let joined = joined(&lines).expect("there is one");
        (
            joined.line,
            joined
                .record
                .to_line()
                .split('\t')
                .nth(2)
                .expect("a column")
                .to_owned(),
        )
    }

    #[test]
    fn a_revoked_line_holds_with_the_strongest_reason_and_the_earliest_date() {
        let valid = "V\t361031201500Z\t\t01\tunknown\t/CN=a";
        let early = "R\t361031201500Z\t260101120000Z,superseded\t01\tunknown\t/CN=a";
        let strong = "R\t361031201500Z\t260201120000Z,keyCompromise\t01\tunknown\t/CN=a";
        let held = "R\t361031201500Z\t260301120000Z,certificateHold\t01\tunknown\t/CN=a";
        assert_eq!(columns(&[valid, valid]), (2, String::new()));
        assert_eq!(columns(&[early, valid]), (1, "260101120000Z,superseded".into()));
        assert_eq!(
            columns(&[held, valid]),
            (1, "260301120000Z,certificateHold".into()),
            "a hold is not taken back by a line beside it"
        );
        assert_eq!(
            columns(&[strong, early, valid]),
            (1, "260101120000Z,keyCompromise".into())
        );
        assert_eq!(
            columns(&[early, strong]),
            (2, "260101120000Z,keyCompromise".into())
        );
    }
}
