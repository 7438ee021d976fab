//! What is known of two ends before they meet.

use std::path::PathBuf;

use crate::checks::path::Home;
use crate::checks::{Appending, Rewriting};
use crate::tls::rehearsal::{Agreement, Cause, Party, Refusal, Version};
use gsec_pki::key::{KeyForm, PublicKey};
use gsec_pki::x509::path::{Answer, Consumer, Verdict};
use gsec_pki::x509::{Certificate, GeneralName};

/// What an end presents, and how the other judges it.
pub struct Presented {
    /// The file with the certificates.
    pub file: PathBuf,
    /// Whether programs read the file themselves, so that its order matters: PEM, and not PKCS #12.
    pub is_pem: bool,
    /// Whether something can be appended to the file.
    pub appending: Appending,
    /// What would be lost if the file were written again.
    pub rewriting: Rewriting,
    /// A name beside it that no file has, for a copy in the right order.
    pub ordered: PathBuf,
    /// Where the key was found that belongs to the certificate, when the one that was given does not.
    pub right_key: Option<PathBuf>,
    /// The file with the key; the same file if it contains both key and certificates.
    pub key_file: PathBuf,
    /// The certificates as they would be presented.
    pub chain: Vec<Certificate>,
    /// Which of them is its own: the first; or, when the file is in the wrong order, the one that belongs to the key.
    pub own: usize,
    /// The key's public half, if it can be derived.
    pub public_key: Option<PublicKey>,
    /// The key's algorithm and size, for people.
    pub key_algorithm: String,
    /// What is particular about the form in which the key is written.
    pub key_forms: Vec<KeyForm>,
    /// Whether the key of the certificate is another one in the key file.
    pub has_other_key: bool,
    /// What the other end finds.
    pub answer: Answer,
    /// The certificate the path lacks, and the file in which it was found; `None` if the path is complete or the
    /// certificate is not available.
    pub lacking: Option<Lacking>,
    /// Who can issue another.
    pub home: Home,
}

/// An intermediate that is here, and is not presented.
pub struct Lacking {
    /// It.
    pub certificate: Certificate,
    /// Where it is.
    pub file: PathBuf,
    /// Whether the file contains only CA certificates, so that it can be presented as a whole.
    pub is_ca_file: bool,
}

/// What an end trusts.
pub struct Trust {
    /// The files, for messages.
    pub files: Vec<PathBuf>,
    /// The certificates.
    pub anchors: Vec<Certificate>,
}

/// One rehearsal.
pub struct Attempt {
    /// The version of the protocol.
    pub version: Version,
    /// What came of it.
    pub outcome: Result<Agreement, Refusal>,
}

/// Everything about two ends.
pub struct Facts {
    /// What the server presents.
    pub server: Presented,
    /// Whom the server trusts for clients; `None` when it asks for no certificate.
    pub server_trust: Option<Trust>,
    /// What the client presents, if it does.
    pub client: Option<Presented>,
    /// Whom the client trusts.
    pub client_trust: Trust,
    /// The host the client connects to.
    pub name: Option<GeneralName>,
    /// The rehearsals, the newest version first.
    pub attempts: Vec<Attempt>,
}

impl Facts {
    /// Both ends that present something.
    pub fn presented(&self) -> impl Iterator<Item = (Party, &Presented)> {
        std::iter::once((Party::Server, &self.server))
            .chain(self.client.as_ref().map(|client| (Party::Client, client)))
    }

    /// Whether rustls refuses for what it lacks itself, and OpenSSL does not: a kind of key, or a certificate that OpenSSL accepts.
    pub fn is_limit_of_rustls(&self, refusal: &Refusal) -> bool {
        let of = |party| {
            self.presented()
                .find(|(found, _)| *found == party)
                .map(|(_, presented)| presented)
        };
        let accepts = |presented: &Presented| {
            let answer = &presented.answer;
            answer.is_valid() && verdict(answer, Consumer::OpenSsl) == Some(Verdict::Accepts)
        };
        match refusal.cause {
            Cause::OwnCredentials => of(refusal.by).is_some_and(|presented| {
                let key = presented.own().public_key();
                // Of a key that gsec cannot use it does not know the public half.
                let is_its_own = match &presented.public_key {
                    Some(own) => own.is_pair_of(key),
                    None => key.to_string() == presented.key_algorithm,
                };
                key.is_pss_only() || is_its_own && accepts(presented)
            }),
            Cause::OwnCertificate => of(refusal.by).is_some_and(accepts),
            Cause::Certificate => of(refusal.by.other()).is_some_and(accepts),
            _ => false,
        }
    }

    /// Why rustls could not rehearse the handshake, where nothing but its own limits is in the way.
    pub fn not_rehearsed(&self) -> Option<&Refusal> {
        let mut refusals = self
            .attempts
            .iter()
            .filter_map(|attempt| attempt.outcome.as_ref().err())
            .peekable();
        let first = refusals.peek().copied()?;
        refusals
            .all(|refusal| self.is_limit_of_rustls(refusal))
            .then_some(first)
    }
}

fn verdict(answer: &Answer, consumer: Consumer) -> Option<Verdict> {
    let mut all = answer.consumers.iter();
    all.find(|found| found.consumer == consumer)
        .map(|found| found.verdict)
}

impl Presented {
    /// The programs of a verdict about the path, but for those that only judge otherwise when they are asked to be strict.
    pub fn programs(&self, verdict: Verdict) -> Vec<&'static str> {
        let all = self.answer.consumers.iter();
        all.filter(|found| found.verdict == verdict && found.consumer != Consumer::OpenSslStrict)
            .map(|found| found.consumer.name())
            .collect()
    }

    /// Whether no rule of the path speaks against it, and OpenSSL and most other programs reject it all the same: each looks at it in its own
    /// way.
    pub fn is_refused_by_most(&self) -> bool {
        self.answer.is_valid()
            && verdict(&self.answer, Consumer::OpenSsl) == Some(Verdict::Refuses)
            && self.programs(Verdict::Refuses).len() > self.programs(Verdict::Accepts).len()
    }

    /// The end's own certificate.
    pub fn own(&self) -> &Certificate {
        &self.chain[self.own]
    }
}
