//! Records whose certificate is in the repository and cannot be read: which names and key it may have.

use std::collections::HashMap;

use memchr::memmem;
use serde::Deserialize;
use serde_json::Value;

use super::host_pages::digest_of_name;
use super::{AuditReader, LocatedRecord};
use crate::home::CaDir;
use crate::records::key_digits;
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{SerialNumber, TypedSubject};

/// A line with so many names may have left out others.
const MAX_LOGGED_NAMES: usize = 100;

/// Such a record, and what the audit log says of its certificate.
#[derive(Debug, Clone)]
pub(super) struct Unread {
    pub(super) found: LocatedRecord,
    said: Said,
}

/// What the lines about a serial number say; nothing where none says it, or the log filter hides it.
#[derive(Debug, Clone, Default)]
struct Said {
    names: Option<Vec<u64>>,
    keys: Vec<String>,
}

/// What is read of a line.
#[derive(Deserialize)]
struct Line {
    serial: Option<String>,
    names: Option<Value>,
    key_material: Option<String>,
    path_len: Option<u32>,
}

impl Line {
    /// The names of the certificate, where the line has all of them. That of a CA has none.
    fn names(&self) -> Option<Vec<u64>> {
        let names = match &self.names {
            Some(names) => names.as_array().filter(|names| names.len() < MAX_LOGGED_NAMES)?,
            None => return self.path_len.map(|_| Vec::new()),
        };
        names
            .iter()
            .map(|name| Some(digest_of_name(name.as_str()?)))
            .collect()
    }
}

impl Unread {
    /// Whether nothing shows that its certificate does not have a name.
    pub(super) fn may_have_name(&self, name: u64) -> bool {
        self.said.names.as_ref().is_none_or(|names| names.contains(&name))
    }

    /// Whether the audit log says which key its certificate has.
    pub(super) fn has_known_key(&self) -> bool {
        !self.said.keys.is_empty()
    }

    /// Whether nothing shows that its certificate is of another key.
    pub(super) fn may_have_key(&self, key: &PublicKey) -> bool {
        !self.has_known_key() || self.said.keys.contains(&key_digits(key))
    }

    /// Whether nothing shows that its certificate has another subject.
    pub(super) fn may_have_subject(&self, subject: Option<&TypedSubject>) -> bool {
        let recorded = self.found.record.typed_subject();
        subject
            .zip(recorded)
            .is_none_or(|(subject, recorded)| subject.is(&recorded))
    }
}

/// Asks the audit log about records, if there are any. A log that cannot be read says nothing: then all is possible.
pub(super) fn unread(ca_dir: &CaDir, records: Vec<LocatedRecord>) -> Vec<Unread> {
    if records.is_empty() {
        return Vec::new();
    }
    let serials = records.iter().map(|found| found.record.serial.clone());
    let mut said: HashMap<SerialNumber, Said> = serials.map(|serial| (serial, Said::default())).collect();
    let is_read = AuditReader::open(ca_dir).is_ok_and(|lines| {
        lines
            .map(|line| line.map(|line| take(&mut said, &line.text)))
            .all(|taken| taken.is_ok())
    });
    if !is_read {
        said.clear();
    }
    let with_said = |found: LocatedRecord| Unread {
        said: said.get(&found.record.serial).cloned().unwrap_or_default(),
        found,
    };
    records.into_iter().map(with_said).collect()
}

fn take(said: &mut HashMap<SerialNumber, Said>, text: &[u8]) {
    if memmem::find(text, b"\"key_material\":").is_none() {
        return;
    }
    let Ok(line) = serde_json::from_slice::<Line>(text) else {
        return;
    };
    let serial = line.serial.as_deref().and_then(SerialNumber::parse_any_hex);
    let Some(said) = serial.and_then(|serial| said.get_mut(&serial)) else {
        return;
    };
    if let Some(names) = line.names() {
        said.names.get_or_insert_default().extend(names);
    }
    said.keys.extend(line.key_material);
}
