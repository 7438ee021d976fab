//! A file with the certificate of a host and its key, and rows of what is found where one thing is not so.

use super::*;
use crate::checks::path::Home;
use crate::checks::tests::certificates::{self, Identity, now};
use crate::checks::tests::{Expected, assert_all};
use crate::checks::{Appending, Finding, Rewriting};
use gsec_pki::contents::decode_bundle;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::path::Purpose;

/// A situation, how it comes about, and all that is found.
pub(super) type Row = (&'static str, fn() -> Facts, &'static [Expected]);

/// Asks every check about each situation.
#[track_caller]
pub(super) fn each(rows: &[Row]) {
    assert_all(
        rows.iter()
            .map(|(situation, facts, expected)| (*situation, found(&facts()), *expected)),
    );
}

/// All that is found.
pub(super) fn found(facts: &Facts) -> Vec<Finding> {
    diagnose(facts, &Selection::default()).findings
}

/// A file that only its owner can read.
pub(super) fn content(path: &str, bytes: &[u8]) -> FileContent {
    let bundle = decode_bundle(bytes, None).expect("contents");
    FileContent {
        path: path.into(),
        is_locked: false,
        has_open_key: !bundle.keys.is_empty(),
        bundle,
        appending: Appending::of(bytes),
        rewriting: Rewriting::of(bytes),
        access: Some(FileAccess {
            mode: 0o600,
            blocked: None,
        }),
        is_of_ca: false,
    }
}

/// A file `db1.pem` with this text, where [`certificates::root`] is trusted.
pub(super) fn of_text(text: &str) -> Facts {
    Facts {
        trust: Some(std::sync::Arc::new(Trust {
            anchors: vec![certificates::root().certificate.clone()],
            ..Trust::default()
        })),
        ..alone(text)
    }
}

/// The same where nothing is known of who is trusted.
pub(super) fn alone(text: &str) -> Facts {
    Facts {
        file: std::sync::Arc::new(content("db1.pem", text.as_bytes())),
        beside: Vec::new(),
        recorded: Vec::new(),
        unrecorded: Vec::new(),
        key: None,
        right_key: None,
        trust: None,
        homes: Vec::new(),
        local_ca: None,
        is_trust_file: false,
        user_is_asked: false,
        now: now(),
        expires_within: None,
        purpose: Purpose::Any,
        name: None,
        thumbprint: None,
        written: Vec::new(),
        readers: Vec::new(),
        judgements: Judgements::default(),
        password_option: CommandLine::default(),
        pfx_password_option: CommandLine::default(),
    }
}

impl Facts {
    /// The file, to change it.
    pub(super) fn file_mut(&mut self) -> &mut FileContent {
        std::sync::Arc::get_mut(&mut self.file).expect("nobody else has the file")
    }

    /// The same with something changed.
    pub(super) fn but(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The same with something changed in the file.
    pub(super) fn but_file(mut self, change: impl FnOnce(&mut FileContent)) -> Self {
        change(self.file_mut());
        self
    }

    /// The same with another file beside it.
    pub(super) fn beside(mut self, path: &str, text: &str) -> Self {
        self.beside
            .push(std::sync::Arc::new(content(path, text.as_bytes())));
        self
    }

    /// The same with a file that must have the key.
    pub(super) fn with_key(mut self, text: &str) -> Self {
        self.key = Some(std::sync::Arc::new(content("db1.key", text.as_bytes())));
        self
    }

    /// The same with something changed in that file.
    pub(super) fn but_key(mut self, change: impl FnOnce(&mut FileContent)) -> Self {
        let key = self.key.as_mut().and_then(std::sync::Arc::get_mut);
        change(key.expect("a file of a key"));
        self
    }

    /// The same where more is trusted, or known.
    pub(super) fn but_trust(mut self, change: impl FnOnce(&mut Trust)) -> Self {
        let trust = self.trust.as_mut().and_then(std::sync::Arc::get_mut);
        change(trust.expect("something is trusted"));
        self
    }
}

/// The host that the file is of.
pub(super) fn host() -> Identity {
    certificates::root().host("db1.example.com")
}

/// Its certificate and its key.
pub(super) fn healthy() -> Facts {
    let host = host();
    of_text(&(host.pem() + &host.key_pem()))
}

#[test]
fn certificate_with_its_key_has_no_findings() {
    each(&[
        ("certificate and key", healthy, &[]),
        ("nothing is known of who is trusted", || alone(&host().pem()), &[]),
        ("the CA certificate", || of_text(&certificates::root().pem()), &[]),
        (
            "the CA's own records have it",
            || {
                let host = host();
                of_text(&host.pem()).but(|facts| {
                    facts.recorded = vec![(host.certificate.clone(), RevocationStatus::Good)];
                    facts.homes = vec![(host.certificate, Home::default())];
                })
            },
            &[],
        ),
    ]);
}
