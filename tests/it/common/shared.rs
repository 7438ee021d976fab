//! What is issued once in a run of the tests, for all those that only read it: RSA keys take long to make.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use super::{HostFiles, KEY_TYPES, KeyType, Stage, TestCa};

/// Whom [`host`] is issued for.
const NAME: &str = "db1.example.com";

/// What it is encrypted in, and under what.
const PFX_ENCRYPTIONS: [&str; 2] = ["modern", "compat"];
const PFX_PASSWORDS: [&str; 3] = ["", "correct horse", "pässwörd €"];

type Made<Key, Value> = LazyLock<BTreeMap<Key, OnceLock<Value>>>;

/// A place for each kind of key.
fn of_each_kind<Value>() -> BTreeMap<&'static str, OnceLock<Value>> {
    let places = KEY_TYPES.iter().map(|kind| (kind.name, OnceLock::new()));
    places.collect()
}

/// The certificates of [`Stage::of_key`], all of this kind.
pub fn stage(kind: &KeyType) -> &'static Stage {
    static STAGES: Made<&str, Stage> = LazyLock::new(of_each_kind);
    println!("key type {}", kind.name); // as `TestCa::of_key` says it
    STAGES[kind.name].get_or_init(|| Stage::of_key(kind))
}

/// A CA of this kind of key, in which nothing is done but by [`host`].
pub fn ca(kind: &KeyType) -> &'static TestCa {
    static CAS: Made<&str, TestCa> = LazyLock::new(of_each_kind);
    println!("key type {}", kind.name);
    CAS[kind.name].get_or_init(|| TestCa::of_key(kind))
}

/// What that CA issued for db1.example.com, with a PFX in this encryption under this password.
pub fn host(kind: &KeyType, encryption: &'static str, password: &'static str) -> &'static HostFiles {
    static HOSTS: Made<(&str, &str, &str), HostFiles> = LazyLock::new(|| {
        let pfx = PFX_ENCRYPTIONS
            .into_iter()
            .flat_map(|encryption| PFX_PASSWORDS.map(|password| (encryption, password)));
        pfx.flat_map(|(encryption, password)| {
            KEY_TYPES
                .iter()
                .map(move |kind| ((kind.name, encryption, password), OnceLock::new()))
        })
        .collect()
    });
    println!("PFX: {encryption} under {password:?}");
    HOSTS[&(kind.name, encryption, password)].get_or_init(|| {
        let ca = ca(kind);
        let file = ca
            .dir
            .write(&format!("pfx-password-{}", password.len()), password);
        let secret: &[&str] = if password.is_empty() {
            &[]
        } else {
            &["--pfx-password-file", &file]
        };
        let flags = ["--pfx-encryption", encryption];
        ca.issue(NAME, &[kind.flags, &flags, secret].concat())
    })
}
