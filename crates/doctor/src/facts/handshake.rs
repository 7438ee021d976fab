//! The facts of a rehearsed handshake: what each end presents, how the other judges it, and what rustls does with both.

use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use super::file::key_of;
use crate::checks::handshake::{Attempt, Facts, Lacking, Presented, Trust};
use crate::checks::path::Home;
use crate::checks::{Appending, Rewriting};
use crate::tls::rehearsal::{Credentials, Rehearsal, Version, rehearse};
use gsec_ca::authority::{Authority, ReadRecords};
use gsec_pki::contents::Bundle;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::key::{KeyDocument, PublicKey};
use gsec_pki::x509::path::{Answer, Purpose, Question, RevocationStatus, Rule, validate};
use gsec_pki::x509::{Certificate, GeneralName};

/// What an end would be started with.
pub struct Equipment {
    /// The file with the certificates.
    pub file: PathBuf,
    /// The file with the key.
    pub key_file: PathBuf,
    /// Whether the certificates are in a PEM file.
    pub is_pem: bool,
    /// Whether something can be appended to that file.
    pub appending: Appending,
    /// What would be lost if the file were written again.
    pub rewriting: Rewriting,
    /// The certificates, as they would be presented; at least one.
    pub chain: Vec<Certificate>,
    /// The key: the first private key in the file that programs can load.
    pub key: KeyDocument,
    /// The public halves of the other private keys in the file.
    pub other_keys: Vec<PublicKey>,
}

/// Two ends, and what is known beside them.
pub struct Ends<'a> {
    /// The server.
    pub server: Equipment,
    /// The client, when it has a certificate.
    pub client: Option<Equipment>,
    /// Whom the client trusts.
    pub client_trust: Trust,
    /// Whom the server trusts for clients; `None` when it asks for no certificate.
    pub server_trust: Option<Trust>,
    /// Certificates that were met elsewhere, with their files: one that is missing may be among them.
    pub known: Vec<(Certificate, PathBuf)>,
    /// The host the client connects to.
    pub name: Option<GeneralName>,
    /// The local CA, and the option that names its directory.
    pub authority: Option<(&'a Authority, CommandLine)>,
    /// The versions to rehearse.
    pub versions: Vec<Version>,
    /// The time at both ends.
    pub at: OffsetDateTime,
}

/// The certificates in the order in which a program presents them: for a PEM file in file order, for PKCS #12 upwards from
/// the certificate that matches the key.
pub fn presented_chain(bundle: &Bundle) -> Vec<Certificate> {
    let stands = || {
        bundle
            .certificates
            .iter()
            .map(|found| found.certificate.clone())
            .collect()
    };
    match (bundle.pfx.is_some(), bundle.arrange().entries.first()) {
        (true, Some(entry)) => entry.path().into_iter().cloned().collect(),
        _ => stands(),
    }
}

/// Has the two ends meet, and gathers everything about them.
pub fn handshake(ends: Ends<'_>) -> Facts {
    let attempts = ends
        .versions
        .iter()
        .map(|version| attempt(&ends, *version))
        .collect();
    let client_trust = &ends.client_trust;
    let server = presented(&ends.server, client_trust, &ends, Purpose::Server);
    // A server that does not request client certificates does not check any. The client's trust is used to validate its
    // certificate, but the result is not reported.
    let client = ends.client.as_ref().map(|client| {
        presented(
            client,
            ends.server_trust.as_ref().unwrap_or(client_trust),
            &ends,
            Purpose::Client,
        )
    });
    Facts {
        server,
        client,
        attempts,
        server_trust: ends.server_trust,
        client_trust: ends.client_trust,
        name: ends.name,
    }
}

fn attempt(ends: &Ends<'_>, version: Version) -> Attempt {
    let server_chain = ders(&ends.server.chain);
    let client_chain = ends
        .client
        .as_ref()
        .map(|client| ders(&client.chain))
        .unwrap_or_default();
    let server_trusts = ends.server_trust.as_ref().map(|trust| ders(&trust.anchors));
    let setup = Rehearsal {
        server: Credentials {
            chain: &server_chain,
            pkcs8: ends.server.key.pkcs8(),
        },
        server_trusts: server_trusts.as_deref(),
        client: ends.client.as_ref().map(|client| Credentials {
            chain: &client_chain,
            pkcs8: client.key.pkcs8(),
        }),
        client_trusts: &ders(&ends.client_trust.anchors),
        name: ends.name.as_ref(),
        at: ends.at,
    };
    Attempt {
        version,
        outcome: rehearse(&setup, version),
    }
}

/// A name for a copy of a file that no other file has.
fn free_name(file: &Path) -> PathBuf {
    let names = (0u32..).map(|number| {
        file.with_extension(if number == 0 {
            "ordered.pem".into()
        } else {
            format!("ordered{number}.pem")
        })
    });
    names
        .into_iter()
        .find(|name| name.symlink_metadata().is_err())
        .unwrap_or_else(|| file.with_extension("ordered.pem"))
}

/// Where the key of a certificate is, when the one that was given is another's: beside the two files.
fn right_key(end: &Equipment, own: usize) -> Option<PathBuf> {
    let certificate = &end.chain[own];
    if end
        .key
        .public_key()
        .is_none_or(|key| certificate.public_key().is_pair_of(key))
    {
        return None;
    }
    let folder = |file: &PathBuf| {
        file.parent().map(|folder| {
            if folder.as_os_str().is_empty() {
                PathBuf::from(".")
            } else {
                folder.to_owned()
            }
        })
    };
    let folders: Vec<PathBuf> = [&end.file, &end.key_file]
        .into_iter()
        .filter_map(folder)
        .collect();
    let found = key_of(
        certificate,
        &folders.iter().map(PathBuf::as_path).collect::<Vec<_>>(),
    )?;
    Some(
        found
            .strip_prefix(".")
            .map_or_else(|_| found.clone(), Path::to_owned),
    )
}

fn ders(certificates: &[Certificate]) -> Vec<&[u8]> {
    certificates.iter().map(Certificate::der).collect()
}

fn presented(end: &Equipment, trust: &Trust, ends: &Ends<'_>, purpose: Purpose) -> Presented {
    let own = end
        .key
        .public_key()
        .and_then(|key| {
            end.chain
                .iter()
                .position(|certificate| certificate.public_key().is_pair_of(key))
        })
        .unwrap_or(0);
    let others: Vec<Certificate> = end
        .chain
        .iter()
        .enumerate()
        .filter(|(place, _)| *place != own)
        .map(|(_, other)| other.clone())
        .collect();
    let read = ReadRecords::default();
    let records = |certificate: &Certificate| match &ends.authority {
        Some((authority, _)) => authority.standing_in(&read, certificate).status,
        None => RevocationStatus::NotChecked,
    };
    let name = ends.name.as_ref().filter(|_| purpose == Purpose::Server);
    let judge = |untrusted: &[Certificate]| {
        validate(&Question {
            records: Some(&records),
            untrusted,
            anchors: &trust.anchors,
            purpose,
            name,
            ..Question::about(&end.chain[own], ends.at)
        })
    };
    let answer = judge(&others);
    Presented {
        file: end.file.clone(),
        is_pem: end.is_pem,
        appending: end.appending,
        rewriting: end.rewriting,
        ordered: free_name(&end.file),
        right_key: right_key(end, own),
        key_file: end.key_file.clone(),
        public_key: end.key.public_key().cloned(),
        key_algorithm: end.key.algorithm().to_owned(),
        key_forms: end.key.forms().to_vec(),
        has_other_key: end
            .other_keys
            .iter()
            .any(|key| key.is_pair_of(end.chain[own].public_key())),
        lacking: lacking(&answer, &others, &ends.known, &judge),
        answer,
        home: home(&end.chain[own], trust, name, ends),
        own,
        chain: end.chain.clone(),
    }
}

/// The issuer that would lead further, when what is known besides makes the path whole.
fn lacking(
    answer: &Answer,
    presented: &[Certificate],
    known: &[(Certificate, PathBuf)],
    judge: &dyn Fn(&[Certificate]) -> Answer,
) -> Option<Lacking> {
    if !has_no_issuer(answer) {
        return None;
    }
    let others = known.iter().map(|(certificate, _)| certificate.clone());
    let everything: Vec<Certificate> = presented.iter().cloned().chain(others).collect();
    if has_no_issuer(&judge(&everything)) {
        return None;
    }
    let top = answer.path.last()?;
    let (certificate, file) = known
        .iter()
        .find(|(certificate, _)| top.may_be_issued_by(certificate) && certificate != top)?;
    let is_ca_file = known
        .iter()
        .filter(|(_, other)| other == file)
        .all(|(certificate, _)| certificate.is_authority());
    Some(Lacking {
        certificate: certificate.clone(),
        file: file.clone(),
        is_ca_file,
    })
}

fn has_no_issuer(answer: &Answer) -> bool {
    answer
        .findings
        .iter()
        .any(|finding| finding.rule == Rule::IssuerUnknown)
}

/// The local CA can help if the side that validates trusts it.
fn home(certificate: &Certificate, trust: &Trust, host: Option<&GeneralName>, ends: &Ends<'_>) -> Home {
    let Some((authority, option)) = &ends.authority else {
        return Home::default();
    };
    let (roots, _) = authority.anchors();
    if !trust
        .anchors
        .iter()
        .any(|anchor| roots.contains(anchor) || anchor == authority.certificate())
    {
        return Home::default();
    }
    super::home(authority, option, certificate, host, ends.at)
}
