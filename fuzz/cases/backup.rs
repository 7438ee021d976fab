//! Backups: what opens is no longer than the file, what is no place in a CA directory has no path, and a key has one text.

use std::io::{Cursor, Read};
use std::path::Component;

use gsec_server::backup::{Decryptor, EntryPath, Identity, Opener, Recipient};

/// A throw-away key, for which the seeds are encrypted.
const KEY: &str = "AGE-SECRET-KEY-16FKVNWWJN2ACMSNTK3RS298UMHY5NS4M70KLK937TCRX0JLFSESQPM4YYA";

/// Whether it is a file that opens, the name of an entry, or a key.
pub fn check(input: &[u8]) -> bool {
    opens(input) | is_place(input) | is_key(input)
}

fn opens(input: &[u8]) -> bool {
    let identities = Identity::parse_all(KEY).expect("a key");
    let Ok(mut decryptor) = Decryptor::open(Cursor::new(input), &Opener::Identities(identities)) else {
        return false;
    };
    let mut content = Vec::new();
    let read = decryptor.read_to_end(&mut content);
    assert!(content.len() < input.len());
    if read.is_err() {
        assert!(decryptor.read(&mut [0]).is_err(), "its end is not said");
    }
    read.is_ok()
}

fn is_place(input: &[u8]) -> bool {
    let Some(place) = EntryPath::parse(input) else {
        return false;
    };
    let name = place.name();
    assert_eq!(name.to_str().map(str::as_bytes), Some(input));
    if let EntryPath::File(path) = place {
        assert!(path.components().all(|part| matches!(part, Component::Normal(_))));
        assert!(path.starts_with("ca_conf") || path.starts_with("repository"));
        assert_eq!(EntryPath::of_file(&path), Some(EntryPath::File(path)));
    }
    true
}

fn is_key(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else {
        return false;
    };
    let recipient = Recipient::parse(text);
    if let Some(recipient) = &recipient {
        assert_eq!(recipient.to_string(), text.to_ascii_lowercase());
    }
    recipient.is_some() || Identity::parse_all(text).is_some()
}
