//! Private keys: whose they are, and who gets at them.

use std::path::PathBuf;

use super::entries::*;
use super::{Facts, FileContent};
use crate::checks::path::{Home, WEAK_KEY};
use crate::checks::{AutoFix, Finding, Help};
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::key::{PublicKey, PublicKeyKind};
use gsec_pki::x509::{Certificate, CertificateRequest};

const READABLE_BY_ALL: u32 = 0o004;
const WRITABLE_BY_OTHERS: u32 = 0o022;
const ALL_OTHERS: u32 = 0o007;

/// Certificates whose key is another than the one that is there.
pub(super) fn mismatch(facts: &Facts) -> Vec<Finding> {
    let Some((certificate, file, key)) = mismatched(facts) else {
        return of_request(facts).into_iter().collect();
    };
    let pin = |key: &PublicKey| encode(&key.pin(), Separator::None);
    let seen = format!(
        "the key in {} is {key} (sha256 {}), but the certificate `{}` has {} (sha256 {})",
        file.name(),
        pin(key),
        certificate.subject(),
        certificate.public_key(),
        pin(certificate.public_key())
    );
    let finding = Finding::new(&KEY_MISMATCH, facts.file.name(), seen);
    let finding = facts.right_key.iter().fold(finding, |finding, right| {
        finding.advise(
            Prose::new("Use ")
                .path(right)
                .words(": it is the key of the certificate."),
        )
    });
    let finding = if file.path == facts.file.path {
        finding
    } else {
        finding.look(
            CommandLine::new("gsec cert match")
                .path(&file.path)
                .path(&facts.file.path),
        )
    };
    // Where the right key is here, nothing needs to be issued.
    if facts.right_key.is_some() {
        return vec![finding];
    }
    let home = facts.home(certificate);
    let again = || {
        home.install_of_key(key)
            .or_else(|| certified_again(certificate, file, &home).map(Help::Fix))
    };
    vec![finding.helps(again().map_or_else(|| home.renew(certificate), |help| vec![help]))]
}

/// A CSR whose key is not the given one, or not the one in its file.
fn of_request(facts: &Facts) -> Option<Finding> {
    let request = facts.file.bundle.requests.first()?;
    let file = facts.key.as_ref().unwrap_or(&facts.file);
    let key = file
        .keys()
        .next()
        .filter(|_| file.keys().all(|key| !key.is_same_key(request.public_key())))?;
    let seen = format!(
        "the key in {} is {key}, but the CSR is for another ({})",
        file.name(),
        request.public_key()
    );
    let finding = Finding::new(&KEY_MISMATCH, facts.file.name(), seen);
    Some(
        finding.look(
            CommandLine::new("gsec cert match")
                .path(&file.path)
                .path(&facts.file.path),
        ),
    )
}

/// The first certificate that does not match its key, that key, and its file.
pub(super) fn mismatched(facts: &Facts) -> Option<(&Certificate, &FileContent, &PublicKey)> {
    let certificate = facts
        .heads()
        .into_iter()
        .find(|certificate| !certificate.is_authority())
        .or_else(|| facts.heads().into_iter().next())?;
    let is_for_hosts = || {
        facts
            .files()
            .flat_map(FileContent::certificates)
            .any(|certificate| !certificate.is_authority())
    };
    if let Some(file) = &facts.key {
        if certificate.is_authority() && is_for_hosts() {
            return None;
        }
        let heads = facts.heads();
        let belongs = file.keys().any(|key| {
            heads.iter().any(|head| {
                head.public_key().is_same_key(key) && head.is_authority() == certificate.is_authority()
            })
        });
        return file
            .keys()
            .next()
            .filter(|_| !belongs)
            .map(|key| (certificate, file.as_ref(), key));
    }
    if facts
        .files()
        .any(|file| file.is_locked || file.keys().any(|key| key.is_same_key(certificate.public_key())))
    {
        return None;
    }
    if let Some(key) = facts.file.keys().next() {
        return Some((certificate, &facts.file, key));
    }
    if certificate.is_authority() {
        return None;
    }
    // A key that belongs to another of these certificates is not a candidate.
    let certified: Vec<&PublicKey> = facts
        .files()
        .flat_map(FileContent::certificates)
        .map(Certificate::public_key)
        .collect();
    let mut lonely = facts
        .files()
        .flat_map(|file| file.keys().map(move |key| (file, key)))
        .filter(|(_, key)| !certified.iter().any(|other| other.is_same_key(key)));
    lonely.next().map(|(file, key)| (certificate, file, key))
}

/// The command that issues a certificate for the existing key and the same host.
fn certified_again(certificate: &Certificate, key: &FileContent, home: &Home) -> Option<CommandLine> {
    let Some(Help::Fix(command)) = home.issue_again(certificate).into_iter().next() else {
        return None;
    };
    let is_key_alone = key.bundle.certificates.is_empty();
    is_key_alone.then(|| command.words("--key").path(&key.path))
}

/// Modes of files with keys, and whether the service can read what it needs.
pub(super) fn access(facts: &Facts) -> Vec<Finding> {
    let Some(access) = &facts.file.access else {
        return Vec::new();
    };
    let (path, mode) = (&facts.file.path, access.mode);
    let file = || facts.file.name();
    let mut findings = Vec::new();
    // Whichever is found, the file ends at the same mode.
    let too_much = WRITABLE_BY_OTHERS
        | if facts.file.has_open_key && mode & READABLE_BY_ALL != 0 {
            ALL_OTHERS
        } else {
            0
        };
    let auto_fix = AutoFix::SetMode {
        path: path.clone(),
        mode: mode & !too_much,
    };
    if facts.file.has_open_key && mode & READABLE_BY_ALL != 0 {
        let finding = Finding::new(
            &KEY_READABLE,
            file(),
            format!("its mode is {mode:03o}, which lets everyone read it"),
        );
        findings.push(
            finding
                .fix(CommandLine::new("chmod o=").path(path))
                .fixed_by(auto_fix.clone()),
        );
    }
    if (facts.file.has_open_key || facts.file.is_locked) && mode & WRITABLE_BY_OTHERS != 0 {
        let finding = Finding::new(
            &KEY_WRITABLE,
            file(),
            format!("its mode is {mode:03o}, which lets users other than its owner write it"),
        );
        findings.push(
            finding
                .fix(CommandLine::new("chmod go-w").path(path))
                .fixed_by(auto_fix),
        );
    }
    if let Some(blocked) = &access.blocked {
        let seen = format!(
            "`{}` has no permission to {} ({})",
            blocked.user,
            blocked.at.display(),
            blocked.rights
        );
        let fix = match blocked.is_folder {
            true => CommandLine::new("chmod o+x").path(&blocked.at),
            false => CommandLine::new("chown --")
                .value(&blocked.user)
                .path(&blocked.at),
        };
        findings.push(Finding::new(&UNREADABLE_FOR_USER, file(), seen).fix(fix));
    }
    findings
}

/// Keys that require an interactive passphrase.
pub(super) fn encrypted(facts: &Facts) -> Vec<Finding> {
    let file = &facts.file;
    if file.bundle.pfx.is_some() {
        return Vec::new();
    }
    let how = file.bundle.keys.iter().find_map(|key| key.encryption.clone());
    let seen = match (how, file.is_locked) {
        (Some(how), _) => format!("the key is encrypted ({how})"),
        (None, true) => "the key is encrypted, and no password was given".to_owned(),
        (None, false) => return Vec::new(),
    };
    let plain = beside(file, "plain");
    let command = CommandLine::new("gsec convert key")
        .path(&file.path)
        .words("--out")
        .path(&plain)
        .then(&facts.password_option);
    let finding = Finding::new(&KEY_ENCRYPTED, file.name(), seen);
    // Without its password the command would prompt.
    if facts.password_option.as_str().is_empty() && file.is_locked {
        return vec![
            finding.advise(
                Prose::new("Give the server its password, or write it without one: ")
                    .typed(&command)
                    .words(" asks for the password."),
            ),
        ];
    }
    vec![finding.help(facts.write_beside(&plain, command))]
}

/// A name for a file that is made from this one: `db1.key` becomes `db1_plain.key`.
pub(super) fn beside(file: &FileContent, word: &str) -> PathBuf {
    let stem = file.path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = file
        .path
        .extension()
        .map(|ending| format!(".{}", ending.to_string_lossy()))
        .unwrap_or_default();
    file.path.with_file_name(format!("{stem}_{word}{ending}"))
}

/// Keys where only certificates should be.
pub(super) fn in_public_file(facts: &Facts) -> Vec<Finding> {
    let file = &facts.file;
    if file.bundle.pfx.is_some() || (file.bundle.keys.is_empty() && !file.is_locked) {
        return Vec::new();
    }
    let of_authority = file.certificates().find(|certificate| {
        !facts.is_for_host(certificate) && file.keys().any(|key| key == certificate.public_key())
    });
    let seen = match of_authority {
        Some(certificate) => format!(
            "next to the certificate of the CA `{}` is its private key",
            certificate.subject()
        ),
        None if facts.is_trust_file => {
            "it is trusted, so it is distributed to everyone, and it contains a private key".into()
        }
        None => return Vec::new(),
    };
    let public = beside(file, "public");
    let command = CommandLine::new("sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p'")
        .path(&file.path)
        .words(">")
        .path(&public);
    vec![Finding::new(&KEY_IN_PUBLIC_FILE, file.name(), seen).help(facts.write_beside(&public, command))]
}

/// The least bits of an RSA key, NIST SP 800-131A r2 §2.
const MIN_RSA_BITS: u32 = 2048;

/// Keys and requests, before a certificate is made of them; of a certificate its path tells.
pub(super) fn weak(facts: &Facts) -> Vec<Finding> {
    let file = &facts.file;
    let certified: Vec<&PublicKey> = file.certificates().map(Certificate::public_key).collect();
    let all = file
        .keys()
        .chain(file.bundle.requests.iter().map(CertificateRequest::public_key))
        .chain(&file.bundle.public_keys);
    let weak = all
        .filter(|key| !certified.contains(key))
        .find_map(|key| match key.kind() {
            PublicKeyKind::Rsa { bits } if *bits < MIN_RSA_BITS => Some(*bits),
            _ => None,
        });
    let finding = |bits| {
        Finding::new(
            &WEAK_KEY,
            file.name(),
            format!("its RSA key has {bits} bits, and the minimum is {MIN_RSA_BITS}"),
        )
    };
    weak.map(finding).into_iter().collect()
}
