//! The facts about a file, the files given with it, and the requirements from the command line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::Judgements;
use crate::checks::path::is_self_signed_host;
use crate::checks::path::{Home, Order};
use crate::checks::{Appending, Help, Rewriting};
use gsec_pki::contents::Bundle;
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::key::PublicKey;
use gsec_pki::pkcs12::PfxReader;
use gsec_pki::x509::path::{Purpose, RevocationStatus};
use gsec_pki::x509::{Certificate, GeneralName, RevocationList};

/// A file that was read.
pub struct FileContent {
    /// Where it is, as it was named.
    pub path: PathBuf,
    /// Everything in it that could be read.
    pub bundle: Bundle,
    /// Whether it has a private key that no password was given for: the key is not in `bundle`.
    pub is_locked: bool,
    /// Whether a private key lies open in it: not encrypted, or under the empty password.
    pub has_open_key: bool,
    /// Whether something can be appended to it.
    pub appending: Appending,
    /// What would be lost if it were written again.
    pub rewriting: Rewriting,
    /// Who may do what with it; `None` where modes are unknown.
    pub access: Option<FileAccess>,
    /// Whether its directory is a CA's own, which takes no other files.
    pub is_of_ca: bool,
}

/// Mode of a file, and whether a certain user can read it.
#[derive(Debug, Clone)]
pub struct FileAccess {
    /// Permission bits.
    pub mode: u32,
    /// The directory or file that the given user cannot read; `None` if the user can read everything, or if no user was
    /// given.
    pub blocked: Option<Blocked>,
}

/// What keeps a user from reading a file.
#[derive(Debug, Clone)]
pub struct Blocked {
    /// The user, as he was named.
    pub user: String,
    /// The directory or file that lacks the permission.
    pub at: PathBuf,
    /// Whether that is a folder above the file.
    pub is_folder: bool,
    /// Its owner, group and mode, in words.
    pub rights: String,
}

/// Whom the files are checked against.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// What is trusted.
    pub anchors: Vec<Certificate>,
    /// Available intermediate certificates that the file itself need not contain. `None` for a peer that has only the
    /// anchors.
    pub between: Vec<Certificate>,
    /// CRLs of the CA directory that are in date.
    pub crls: Vec<RevocationList>,
    /// The intermediates in `between` that the local CA issued, with their files.
    pub subordinates: Vec<(Certificate, PathBuf)>,
    /// Present and former certificates of the local CA.
    pub own: Vec<Certificate>,
    /// The option that names that directory; empty when it is found by itself.
    pub ca_option: Option<CommandLine>,
    /// The folder in which that CA keeps a copy of each certificate under its serial number.
    pub repository: Option<PathBuf>,
    /// The file of that CA's certificate.
    pub ca_certificate: Option<PathBuf>,
    /// Whether what is in that directory speaks against this machine's clock.
    pub doubts_clock: bool,
}

/// One file, and all that bears on it.
pub struct Facts {
    /// The file.
    pub file: Arc<FileContent>,
    /// The other files that were named.
    pub beside: Vec<Arc<FileContent>>,
    /// What the records of the local CA say about certificates in these files.
    pub recorded: Vec<(Certificate, RevocationStatus)>,
    /// Certificates in this file that the local CA's key signed and of which it has no record, each with what shows it.
    pub unrecorded: Vec<(Certificate, String)>,
    /// The file of the key that must match the certificates.
    pub key: Option<Arc<FileContent>>,
    /// Where the key was found that belongs to the certificate, when the one that was named does not.
    pub right_key: Option<PathBuf>,
    /// What is trusted, where that is known.
    pub trust: Option<Arc<Trust>>,
    /// Who can re-issue the certificates in the file, where the local CA can.
    pub homes: Vec<(Certificate, Home)>,
    /// The local CA, whether or not it is related to the file.
    pub local_ca: Option<Arc<Trust>>,
    /// Whether the file is itself a list of trusted certificates.
    pub is_trust_file: bool,
    /// Whether to check that a user can read the file.
    pub user_is_asked: bool,
    /// Now.
    pub now: OffsetDateTime,
    /// How soon is soon; `None`: 30 days, or a third of the lifetime where that is less.
    pub expires_within: Option<Duration>,
    /// Intended use of the certificates.
    pub purpose: Purpose,
    /// The host they must match.
    pub name: Option<GeneralName>,
    /// The expected thumbprint of the first certificate, as pasted.
    pub thumbprint: Option<String>,
    /// Output files of suggested commands that already exist beside this file; see [`written_beside`].
    pub written: Vec<PathBuf>,
    /// Programs that must be able to read PFX files.
    pub readers: Vec<PfxReader>,
    /// Results of path validation, computed on first use.
    pub judgements: Judgements,
    /// The options that give the password of the files on a command line; empty when there is none.
    pub password_option: CommandLine,
    /// The options that give a written PFX the same password; empty when there is none.
    pub pfx_password_option: CommandLine,
}

impl Facts {
    /// All files, the one in question first.
    pub(super) fn files(&self) -> impl Iterator<Item = &FileContent> {
        std::iter::once(&self.file)
            .chain(&self.beside)
            .chain(&self.key)
            .map(AsRef::as_ref)
    }

    /// The certificates a program would use: hosts' certificates, and those that did not issue another one in the file.
    pub fn heads(&self) -> Vec<&Certificate> {
        let arranged = self.file.bundle.arrange();
        let own = arranged
            .entries
            .iter()
            .map(|entry| &entry.certificate.certificate);
        let others = arranged.other_certificates.iter().map(|found| &found.certificate);
        own.chain(others).collect()
    }

    /// Who can issue another certificate.
    pub(super) fn home(&self, certificate: &Certificate) -> Home {
        if self.trust.is_some() {
            return self.local_home(certificate);
        }
        // The owner of a self-signed certificate may already have one from the local CA.
        let home = || Some(self.local_home(certificate)).filter(|home| !home.successors.is_empty());
        is_self_signed_host(certificate)
            .then(home)
            .flatten()
            .unwrap_or_default()
    }

    /// What the local CA can do about a certificate, whether or not it is related to it.
    pub(super) fn local_home(&self, certificate: &Certificate) -> Home {
        let Some(trust) = self.trust.as_ref().or(self.local_ca.as_ref()) else {
            return Home::default();
        };
        if let Some((_, home)) = self.homes.iter().find(|(known, _)| known == certificate) {
            return home.clone();
        }
        let is_issuer = trust.own.iter().any(|issuer| certificate.is_issued_by(issuer));
        Home {
            is_issuer,
            is_in_charge: is_issuer || certificate.is_self_issued(),
            permitted: Order::ALL.to_vec(),
            doubts_clock: trust.doubts_clock,
            authority: trust.own.first().cloned().zip(trust.ca_certificate.clone()),
            ..Home::of(trust.ca_option.clone(), certificate, self.name_for(certificate))
        }
    }

    /// A command that writes a better file beside this one; once that is there, it is to be used.
    pub(super) fn write_beside(&self, out: &Path, command: CommandLine) -> Help {
        match self.written.iter().any(|written| written == out) {
            true => Help::Advice(
                Prose::new("There is ")
                    .path(out)
                    .words(" already: use it instead of this file, or move it away and check again."),
            ),
            false => Help::Fix(command),
        }
    }

    /// How soon is soon for a certificate.
    pub(super) fn soon(&self, certificate: &Certificate) -> Duration {
        soon(certificate, self.expires_within)
    }
}

/// Suffixes of the files that suggested commands write; the original file stays unchanged.
const BESIDE: [&str; 8] = [
    "plain", "public", "parts", "modern", "compat", SORTED[0], SORTED[1], SORTED[2],
];

/// Suffixes for a copy in the right order; the first that is free is taken.
pub(super) const SORTED: [&str; 3] = ["sorted", "in_order", "ordered"];

/// Where a DER file is written as PEM with its chain.
pub(super) fn chain_beside(file: &FileContent) -> PathBuf {
    beside(file, "chain").with_extension("pem")
}

/// The files that suggested commands may write beside this one.
pub fn written_beside(file: &FileContent) -> Vec<PathBuf> {
    BESIDE
        .iter()
        .map(|word| beside(file, word))
        .chain([chain_beside(file)])
        .collect()
}

/// A name for a file that is made from this one: `db1.key` becomes `db1_plain.key`. Of a file in a directory of a CA, which takes no others, it is in
/// the working directory.
pub(super) fn beside(file: &FileContent, word: &str) -> PathBuf {
    let stem = file.path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = file
        .path
        .extension()
        .map(|ending| format!(".{}", ending.to_string_lossy()))
        .unwrap_or_default();
    let name = format!("{stem}_{word}{ending}");
    match file.is_of_ca {
        true => name.into(),
        false => file.path.with_file_name(name),
    }
}

/// How soon is soon for a certificate: `within`, else 30 days, or a third of its lifetime where that is less.
pub(in crate::checks) fn soon(certificate: &Certificate, within: Option<Duration>) -> Duration {
    let third: Duration = (certificate.not_after() - certificate.not_before()) / 3;
    within.unwrap_or_else(|| third.min(Duration::days(30)))
}

impl FileContent {
    /// The public halves of the private keys in it.
    pub(super) fn keys(&self) -> impl Iterator<Item = &PublicKey> {
        self.bundle.keys.iter().filter_map(|key| key.key.public_key())
    }

    /// The public halves of those private keys in it that programs read.
    pub(super) fn keys_in_use(&self) -> impl Iterator<Item = &PublicKey> {
        self.bundle
            .keys_in_use()
            .iter()
            .filter_map(|key| key.key.public_key())
    }

    /// The same, where the certificates are in another file.
    pub(super) fn keys_in_use_with(&self, certificates: &Self) -> impl Iterator<Item = &PublicKey> {
        self.bundle
            .keys_in_use_with(&certificates.bundle)
            .iter()
            .filter_map(|key| key.key.public_key())
    }

    /// The certificates in it, in order.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.bundle.certificates.iter().map(|found| &found.certificate)
    }

    /// How people name it.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }
}
