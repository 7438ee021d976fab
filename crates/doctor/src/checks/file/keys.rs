//! Private keys: whose they are, and who gets at them.

use std::path::Path;

use super::again::{keys_apart, written_again};
use super::entries::*;
use super::facts::beside;
use super::{Facts, FileContent};
use crate::checks::path::{Home, WEAK_KEY};
use crate::checks::{AutoFix, Finding, Help};
use gsec_pki::contents::BundledKey;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::key::{KeyForm, PublicKey, PublicKeyKind};
use gsec_pki::x509::path::Severity;
use gsec_pki::x509::{Certificate, CertificateRequest};

const READABLE_BY_ALL: u32 = 0o004;
const WRITABLE_BY_OTHERS: u32 = 0o022;
const ALL_OTHERS: u32 = 0o007;
const WRITABLE_BY_ALL: u32 = 0o002;

/// Certificates whose key is another than the one that is there, and what else in the file is of another key.
pub(super) fn mismatch(facts: &Facts) -> Vec<Finding> {
    of_certificate(facts).into_iter().chain(stray(facts)).collect()
}

/// A request or a public key that belongs to nothing else in its file. No server reads them, so they keep none from starting.
fn stray(facts: &Facts) -> Option<Finding> {
    let bundle = &facts.file.bundle;
    let private: Option<Vec<&PublicKey>> = bundle.keys.iter().map(|found| found.key.public_key()).collect();
    // A key that is not read, or whose public half cannot be derived, may be the one.
    let private = private.filter(|_| !facts.file.is_locked)?;
    let mut own: Vec<&PublicKey> = private;
    own.extend(facts.file.certificates().map(Certificate::public_key));
    let is_stray =
        |own: &[&PublicKey], key: &PublicKey| !own.is_empty() && !own.iter().any(|own| own.is_pair_of(key));
    let requests = bundle.requests.iter().map(CertificateRequest::public_key);
    // What a request beside a key is for, is compared with that key.
    let request = requests
        .clone()
        .filter(|_| bundle.keys.is_empty())
        .find(|key| is_stray(&own, key));
    own.extend(requests);
    let public = || bundle.public_keys.iter().find(|key| is_stray(&own, key));
    let (what, key) = match request {
        Some(key) => ("a CSR", key),
        None => ("a public key", public()?),
    };
    let seen = format!(
        "it contains {what} for another key ({key}, sha256 {}) than the rest of the file",
        encode(&key.pin(), Separator::None)
    );
    let finding = Finding::new(&KEY_MISMATCH, facts.file.name(), seen).weighing(Severity::Warning);
    Some(finding.advise("Find out which key is meant: programs use that of the certificate."))
}

fn of_certificate(facts: &Facts) -> Vec<Finding> {
    let Some((certificate, file, key)) = mismatched(facts) else {
        return of_request(facts)
            .or_else(|| of_other_key(facts))
            .or_else(|| skipped_first(facts))
            .into_iter()
            .collect();
    };
    if let Some(finding) = behind_another(facts, certificate, file, key) {
        return vec![finding];
    }
    let pin = |key: &PublicKey| format!(" (sha256 {})", encode(&key.pin(), Separator::None));
    let public = key.key.public_key();
    let seen = format!(
        "the key in {} is {}{}, but the certificate `{}` has {}{}",
        file.name(),
        key.key.algorithm(),
        public.map(pin).unwrap_or_default(),
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
    let finding = compared_by_hand(facts, file, finding);
    // Where the right key is here, nothing needs to be issued.
    if facts.right_key.is_some() {
        return vec![finding];
    }
    let home = facts.home(certificate);
    let again = || {
        let key = public?;
        home.install_of_key(key)
            .or_else(|| certified_again(certificate, file, &home).map(Help::Fix))
    };
    vec![finding.helps(again().map_or_else(|| home.renew(certificate), |help| vec![help]))]
}

/// The command that shows the two files beside each other.
fn compared_by_hand(facts: &Facts, file: &FileContent, finding: Finding) -> Finding {
    if file.path == facts.file.path {
        return finding;
    }
    finding.look(
        CommandLine::new("gsec cert match")
            .path(&file.path)
            .path(&facts.file.path),
    )
}

/// The key of the certificate is in the file, and another one comes before it.
fn behind_another(
    facts: &Facts,
    certificate: &Certificate,
    file: &FileContent,
    in_use: &BundledKey,
) -> Option<Finding> {
    let keys = &file.bundle.keys;
    let place = keys.iter().position(|key| is_own(key, certificate))?;
    let first = keys.iter().position(|key| std::ptr::eq(key, in_use))?;
    let (which, only) = match first {
        0 => ("the first private key".to_owned(), "the first"),
        _ => (
            format!("private key {}", first + 1),
            "the first that they can load",
        ),
    };
    let seen = format!(
        "{which} in {} is {}, which is not the key of the certificate `{}`: that is private key {} in it, \
         and programs read only {only}",
        file.name(),
        in_use.key.algorithm(),
        certificate.subject(),
        place + 1
    );
    Some(Finding::new(&KEY_MISMATCH, facts.file.name(), seen).advise(one_key_alone(file)))
}

/// A private key before the certificate's own, which OpenSSL skips, since it cannot load it.
fn skipped_first(facts: &Facts) -> Option<Finding> {
    let certificate = to_be_matched(facts)?;
    let file = facts.key.as_ref().unwrap_or(&facts.file);
    let place = file.bundle.places_in_use_with(&facts.file.bundle).start;
    let (first, own) = (file.bundle.keys.first()?, file.bundle.keys.get(place)?);
    if place == 0 || !is_own(own, certificate) || is_own(first, certificate) {
        return None;
    }
    let seen = format!(
        "the first private key in {} is {}, which is not the key of the certificate `{}`: that is private key {} in it; \
         OpenSSL 3.0 cannot load the first and takes that one, but other programs and versions read only the first",
        file.name(),
        first.key.algorithm(),
        certificate.subject(),
        place + 1
    );
    let finding = Finding::new(&KEY_MISMATCH, facts.file.name(), seen).weighing(Severity::Warning);
    Some(finding.advise(one_key_alone(file)))
}

fn is_own(key: &BundledKey, certificate: &Certificate) -> bool {
    key.key.is_pair_of(certificate.public_key()) == Some(true)
}

/// What helps where a file has a private key before the certificate's own.
fn one_key_alone(file: &FileContent) -> Prose {
    let out = Prose::new("Take the other private key out of ").path(&file.path);
    keys_apart(out.words(", or put it behind the certificate's own. "), file)
}

/// What helps against a private key that no program takes from the file.
fn unused_key_out(file: &FileContent) -> Prose {
    let out = Prose::new("Take this key out of ").path(&file.path);
    keys_apart(out.words(": programs take another from it. "), file)
}

/// A CSR whose key is not the given one, or not the one in its file.
fn of_request(facts: &Facts) -> Option<Finding> {
    let request = facts.file.bundle.requests.first()?;
    let file = facts.key.as_ref().unwrap_or(&facts.file);
    let in_use = file.bundle.keys_in_use();
    let is_other = |key: &BundledKey| key.key.is_pair_of(request.public_key()) == Some(false);
    let key = in_use.first().filter(|_| in_use.iter().all(is_other))?;
    let seen = format!(
        "the key in {} is {}, but the CSR is for another ({})",
        file.name(),
        key.key.algorithm(),
        request.public_key()
    );
    let finding = Finding::new(&KEY_MISMATCH, facts.file.name(), seen);
    Some(compared_by_hand(facts, file, finding))
}

/// A file with nothing but keys, none of which is the given one.
fn of_other_key(facts: &Facts) -> Option<Finding> {
    let file = facts.key.as_ref()?;
    let is_compared_elsewhere = || facts.files().any(|file| !file.bundle.certificates.is_empty());
    if !facts.file.bundle.requests.is_empty() || is_compared_elsewhere() {
        return None;
    }
    let mut own = facts.file.keys().chain(&facts.file.bundle.public_keys).peekable();
    let (key, first) = (file.keys_in_use().next()?, *own.peek()?);
    let seen = format!(
        "the key in {} is {key}, but the one in it is another ({first})",
        file.name()
    );
    own.all(|own| !own.is_pair_of(key)).then(|| {
        let finding = Finding::new(&KEY_MISMATCH, facts.file.name(), seen);
        compared_by_hand(facts, file, finding)
    })
}

/// The first certificate that does not match its key, that key, and its file.
pub(super) fn mismatched(facts: &Facts) -> Option<(&Certificate, &FileContent, &BundledKey)> {
    let certificate = to_be_matched(facts)?;
    // A key whose public half cannot be derived may be its own.
    let can_be_own = |key: &BundledKey| key.key.is_pair_of(certificate.public_key()) != Some(false);
    if let Some(file) = &facts.key {
        if certificate.is_authority() && has_host_certificate(facts) {
            return None;
        }
        let heads = facts.heads();
        let in_use = file.bundle.keys_in_use_with(&facts.file.bundle);
        let belongs = in_use.iter().any(|key| {
            heads.iter().any(|head| {
                key.key.is_pair_of(head.public_key()) != Some(false)
                    && head.is_authority() == certificate.is_authority()
            })
        });
        return in_use
            .first()
            .filter(|_| !belongs)
            .map(|key| (certificate, file.as_ref(), key));
    }
    // Programs read the first key of a file.
    let bundle = &facts.file.bundle;
    let is_behind_another = !facts.file.is_locked
        && bundle.keys.iter().any(can_be_own)
        && !bundle.keys_in_use().iter().any(can_be_own);
    let has_own = |file: &FileContent| file.bundle.keys_in_use_with(bundle).iter().any(can_be_own);
    if !is_behind_another && facts.files().any(|file| file.is_locked || has_own(file)) {
        return None;
    }
    if let Some(key) = bundle.keys_in_use().first() {
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
    let is_certified = |key: &BundledKey| {
        certified
            .iter()
            .any(|public| key.key.is_pair_of(public) != Some(false))
    };
    let mut lonely = facts
        .files()
        .flat_map(|file| file.bundle.keys_in_use().iter().map(move |key| (file, key)))
        .filter(|(_, key)| !is_certified(key));
    lonely.next().map(|(file, key)| (certificate, file, key))
}

/// The certificate that a key is compared with: the first of a host, else the first.
fn to_be_matched(facts: &Facts) -> Option<&Certificate> {
    let heads = facts.heads();
    let host = heads.iter().find(|certificate| !certificate.is_authority());
    host.or(heads.first()).copied()
}

fn has_host_certificate(facts: &Facts) -> bool {
    facts
        .files()
        .flat_map(FileContent::certificates)
        .any(|certificate| !certificate.is_authority())
}

impl FileContent {
    /// Its private key as it is compared with a certificate, or why it cannot be.
    ///
    /// # Errors
    /// In words, why there is nothing to compare.
    pub fn comparable_key(&self) -> Result<&PublicKey, String> {
        match (incomparable(self), self.keys_in_use().next()) {
            (None, Some(key)) => Ok(key),
            (why, _) => Err(why.map(|(seen, ..)| seen).unwrap_or_default()),
        }
    }
}

/// Why the key in a file that was given to be compared cannot be: in words, with what helps.
pub(super) fn incomparable(file: &FileContent) -> Option<(String, Help, Severity)> {
    let Some(key) = file.bundle.keys_in_use().first() else {
        let (seen, help) = match file.is_locked {
            true => (
                format!(
                    "the private key in {} is encrypted, and no password was given",
                    file.name()
                ),
                Help::advice("Give its password, with --password-file for example."),
            ),
            false => (
                format!(
                    "{} contains no private key: it contains {}",
                    file.name(),
                    file.bundle.in_words()
                ),
                Help::advice("Give the file of the private key with --key."),
            ),
        };
        let severity = if file.is_locked {
            KEY_NOT_COMPARED.severity
        } else {
            Severity::Error
        };
        return Some((seen, help, severity));
    };
    if key.key.public_key().is_some() {
        return None;
    }
    let seen = format!(
        "the public half of the {} key in {} cannot be derived by gsec",
        key.key.algorithm(),
        file.name()
    );
    let help = Help::Advice(
        Prose::new("Compare the public keys that OpenSSL prints: ")
            .typed(&CommandLine::new("openssl pkey -pubout -in").path(&file.path))
            .words(", and openssl x509 -noout -pubkey for the certificate."),
    );
    Some((seen, help, KEY_NOT_COMPARED.severity))
}

/// As [`incomparable`], of a key in the file of the certificate or beside it, where no other is the certificate's.
fn incomparable_beside(facts: &Facts) -> Option<(String, Help, Severity)> {
    let certificate = to_be_matched(facts)?;
    let keys = || {
        facts
            .files()
            .flat_map(|file| file.bundle.keys_in_use().iter().map(move |key| (file, key)))
    };
    let mut unknown = keys().filter(|(_, key)| key.key.is_pair_of(certificate.public_key()).is_none());
    let (file, _) = unknown.next()?;
    if keys().any(|(_, key)| is_own(key, certificate)) {
        return None;
    }
    incomparable(file)
}

/// Whether there is a key whose public half cannot be derived, so that the certificate's own may be among them.
pub(super) fn has_underivable(facts: &Facts) -> bool {
    incomparable_beside(facts).is_some()
}

/// Whether the key that was given was compared with what is in the file.
pub(super) fn not_compared(facts: &Facts) -> Vec<Finding> {
    // Of two algorithms it is known without their numbers.
    if mismatched(facts).is_some() {
        return Vec::new();
    }
    let finding = |entry, seen| Finding::new(entry, facts.file.name(), seen);
    let Some(file) = &facts.key else {
        let incomparable = incomparable_beside(facts);
        return incomparable
            .map(|(seen, help, severity)| finding(&KEY_NOT_COMPARED, seen).help(help).weighing(severity))
            .into_iter()
            .collect();
    };
    if let Some((seen, help, severity)) = incomparable(file) {
        return vec![finding(&KEY_NOT_COMPARED, seen).help(help).weighing(severity)];
    }
    let has_a_key = |file: &FileContent| {
        let bundle = &file.bundle;
        !(bundle.certificates.is_empty()
            && bundle.requests.is_empty()
            && bundle.keys.is_empty()
            && bundle.public_keys.is_empty())
    };
    let named = std::iter::once(&facts.file).chain(&facts.beside);
    if named.into_iter().any(|file| has_a_key(file)) {
        return Vec::new();
    }
    let what = match facts.file.is_locked {
        true => "an encrypted private key, and no password was given".to_owned(),
        false => facts.file.bundle.in_words(),
    };
    let seen = format!(
        "there is no public key that the key in {} could be compared with: it contains {what}",
        file.name()
    );
    let help = Help::advice("Name the certificate, or leave out --key.");
    vec![finding(&KEY_NOT_COMPARED, seen).help(help)]
}

/// What is particular about a key as it is written, and how much that weighs; `None` where every program loads it.
pub(in crate::checks) fn forms_in_words(forms: &[KeyForm]) -> Option<(String, Severity)> {
    let words: Vec<String> = forms.iter().map(|form| form.in_words()).collect();
    let of_form = |form: &KeyForm| match form.is_read_by_openssl() {
        true => Severity::Notice,
        false if form.is_standard() => KEY_FORM.severity,
        false => Severity::Error,
    };
    Some((words.join("; "), forms.iter().map(of_form).min()?))
}

/// Keys in a form that some programs do not load.
pub(super) fn form(facts: &Facts) -> Vec<Finding> {
    let file = &facts.file;
    let in_use = file.bundle.keys_in_use();
    let is_used = |key: &BundledKey| in_use.iter().any(|used| std::ptr::eq(used, key));
    let of_key = |key: &BundledKey| {
        let (words, severity) = forms_in_words(key.key.forms())?;
        let seen = format!("the {} key: {words}", key.key.algorithm());
        let finding = Finding::new(&KEY_FORM, file.name(), seen);
        // A key that no program takes does not keep one from starting; written again, it could be taken.
        Some(match is_used(key) {
            true => finding.weighing(severity).help(help_of_form(facts)),
            false => finding
                .weighing(severity.max(KEY_FORM.severity))
                .advise(unused_key_out(file)),
        })
    };
    let mut found = in_use.iter().chain(&file.bundle.keys).filter_map(of_key);
    found.next().into_iter().collect()
}

/// What helps where a key that programs take is in a form that some do not load.
fn help_of_form(facts: &Facts) -> Help {
    let file = &facts.file;
    let is_key_alone = file.bundle.certificates.is_empty()
        && file.bundle.keys.len() == 1
        && file.bundle.keys.iter().all(|key| key.encryption.is_none());
    let stays = |key: &BundledKey| !key.key.forms_as_written().is_empty();
    let by_hand = match file.bundle.keys.len() {
        1 => "Write the key again with gsec convert key.",
        _ => "Write each key into a file of its own: gsec convert to-pem with --out-dir does this.",
    };
    match (is_key_alone, file.bundle.pfx.is_some()) {
        _ if file.bundle.keys_in_use().iter().any(stays) => Help::advice(
            "Make a new key, and issue a certificate for it: written again, this one stays as it is.",
        ),
        (true, false) => {
            let plain = beside(file, "plain");
            let command = CommandLine::new("gsec convert key")
                .path(&file.path)
                .words("--out")
                .path(&plain);
            facts.write_beside(&plain, command)
        }
        (_, true) => Help::advice("Write it again with gsec convert to-pfx."),
        (false, false) => written_again(facts, by_hand),
    }
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
    if !facts.file.has_open_key && !facts.file.is_locked {
        findings.extend(writable(path, mode));
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

/// A file without keys that all users can write: they can choose which CA peers trust, or what a server presents.
pub fn writable(path: &Path, mode: u32) -> Option<Finding> {
    let seen = format!("its mode is {mode:03o}, which lets everyone write it");
    let auto_fix = AutoFix::SetMode {
        path: path.to_owned(),
        mode: mode & !WRITABLE_BY_ALL,
    };
    (mode & WRITABLE_BY_ALL != 0).then(|| {
        Finding::new(&FILE_WRITABLE, path.display().to_string(), seen)
            .fix(CommandLine::new("chmod o-w").path(path))
            .fixed_by(auto_fix)
    })
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
    // Of several keys it is not clear which one the file is to have.
    if file.bundle.keys.len() + usize::from(file.is_locked) > 1 {
        let words =
            "Give the server the password, or keep the key that it needs in a file of its own, without one. ";
        return vec![finding.advise(keys_apart(Prose::new(words), file))];
    }
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

/// Keys where only certificates should be.
pub(super) fn in_public_file(facts: &Facts) -> Vec<Finding> {
    let file = &facts.file;
    if file.bundle.pfx.is_some() || (file.bundle.keys.is_empty() && !file.is_locked) {
        return Vec::new();
    }
    let of_authority = file.certificates().find(|certificate| {
        !facts.is_for_host(certificate) && file.keys().any(|key| key.is_same_key(certificate.public_key()))
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

#[cfg(test)]
mod tests {
    use super::super::tests::{content, each, found, healthy, host, of_text};
    use super::super::{Blocked, FileAccess};
    use super::*;
    use crate::checks::tests::certificates::{Identity, root};
    use crate::checks::tests::help_of;
    use gsec_pki::encoding::pem;
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};

    /// A key that belongs to nothing here.
    fn other_key() -> String {
        Identity::root("Other CA").key_pem()
    }

    #[test]
    fn key_beside_the_certificate() {
        each(&[
            (
                "it is another",
                || of_text(&(host().pem() + &other_key())),
                &[("key-mismatch", Error, "db1.pem: the key in db1.pem is P-256")],
            ),
            (
                "it comes after another",
                || {
                    let host = host();
                    of_text(&(host.pem() + &other_key() + &host.key_pem()))
                },
                &[(
                    "key-mismatch",
                    Error,
                    "that is private key 2 in it, and programs read only the first",
                )],
            ),
            (
                "it is in another file that was named",
                || {
                    let host = host();
                    of_text(&host.pem()).beside("db1.key", &host.key_pem())
                },
                &[],
            ),
            (
                "a key was given, and is another",
                || of_text(&host().pem()).with_key(&other_key()),
                &[("key-mismatch", Error, "the key in db1.key is P-256")],
            ),
            (
                "a key was given, and is the right one",
                || {
                    let host = host();
                    of_text(&host.pem()).with_key(&host.key_pem())
                },
                &[],
            ),
            (
                "a key was given, and there is a request for another",
                || of_text(&host().request_pem()).with_key(&other_key()),
                &[("key-mismatch", Error, "but the CSR is for another")],
            ),
            (
                "two keys are not the same",
                || of_text(&host().key_pem()).with_key(&other_key()),
                &[("key-mismatch", Error, "but the one in it is another")],
            ),
        ]);
    }

    #[test]
    fn whatever_else_in_a_file_is_of_another_key_is_told() {
        let public = |key: &PublicKey| pem::encode(pem::PUBLIC_KEY, key.spki());
        let host = host();
        let own = || public(host.certificate.public_key());
        let other = || public(root().certificate.public_key());
        let told = Some("it contains a public key for another key (P-256, sha256 ");
        let rows = [
            ("the certificate's own public key", host.pem() + &own(), None),
            (
                "that of its issuer, which is there",
                host.pem() + &root().pem() + &other(),
                None,
            ),
            ("another one beside a certificate", host.pem() + &other(), told),
            (
                "another one beside a private key",
                host.key_pem() + &other(),
                told,
            ),
            (
                "another one beside a request",
                host.request_pem() + &other(),
                told,
            ),
            (
                "a request for another key beside a certificate",
                host.pem() + &root().request_pem(),
                Some("it contains a CSR for another key"),
            ),
            ("public keys alone", own() + &other(), None),
        ];
        for (situation, text, expected) in rows {
            let all = found(&of_text(&text));
            let mut of_keys = all.iter().filter(|found| found.entry.slug == "key-mismatch");
            let found = of_keys.next();
            assert!(
                found.is_some() == expected.is_some() && of_keys.next().is_none(),
                "{situation}: {all:?}"
            );
            if let (Some(found), Some(seen)) = (found, expected) {
                assert!(
                    found.severity == Warning && found.seen.contains(seen),
                    "{situation}: {all:?}"
                );
            }
        }
    }

    #[test]
    fn key_that_was_given_and_could_not_be_compared() {
        each(&[
            (
                "the file has no key",
                || of_text(&host().pem()).with_key(&root().pem()),
                &[("key-not-compared", Error, "db1.key contains no private key")],
            ),
            (
                "it is encrypted, and no password was given",
                || {
                    let host = host();
                    of_text(&host.pem()).with_key(&host.key_pem()).but_key(|file| {
                        file.bundle.keys.clear();
                        file.is_locked = true;
                    })
                },
                &[(
                    "key-not-compared",
                    Warning,
                    "the private key in db1.key is encrypted",
                )],
            ),
            (
                "there is nothing to compare it with",
                || {
                    let crl = root().crl(|_| {});
                    of_text(&pem::encode(pem::X509_CRL, &crl)).with_key(&host().key_pem())
                },
                &[(
                    "key-not-compared",
                    Warning,
                    "there is no public key that the key in db1.key could be compared with",
                )],
            ),
        ]);
    }

    #[test]
    fn right_key_is_named_where_it_was_found() {
        let facts =
            of_text(&(host().pem() + &other_key())).but(|facts| facts.right_key = Some("tls/db1.key".into()));
        assert_eq!(
            help_of(&found(&facts)[0]),
            "advice: Use 'tls/db1.key': it is the key of the certificate."
        );
    }

    fn with_mode(mode: u32) -> Facts {
        healthy().but_file(|file| file.access.iter_mut().for_each(|access| access.mode = mode))
    }

    /// The certificate alone, under this mode.
    fn public_with_mode(mode: u32) -> Facts {
        of_text(&host().pem()).but_file(|file| file.access.iter_mut().for_each(|access| access.mode = mode))
    }

    #[test]
    fn modes_of_files() {
        each(&[
            (
                "everyone can read the key",
                || with_mode(0o644),
                &[(
                    "key-readable-by-others",
                    Warning,
                    "its mode is 644, which lets everyone read it",
                )],
            ),
            ("its group can read the key", || with_mode(0o640), &[]),
            (
                "its group can write the key",
                || with_mode(0o620),
                &[("key-writable-by-others", Warning, "its mode is 620")],
            ),
            (
                "everyone can read and write the key",
                || with_mode(0o666),
                &[
                    ("key-readable-by-others", Warning, "666"),
                    ("key-writable-by-others", Warning, "666"),
                ],
            ),
            (
                "everyone can read a key that is encrypted",
                || with_mode(0o644).but_file(|file| (file.has_open_key, file.is_locked) = (false, true)),
                &[("key-encrypted", Warning, "")],
            ),
            (
                "everyone can write a certificate",
                || public_with_mode(0o646),
                &[(
                    "file-writable-by-others",
                    Warning,
                    "its mode is 646, which lets everyone write it",
                )],
            ),
            (
                "its group can write a certificate",
                || public_with_mode(0o664),
                &[],
            ),
            (
                "the service cannot read it",
                || {
                    healthy().but_file(|file| {
                        file.access = Some(FileAccess {
                            mode: 0o600,
                            blocked: Some(Blocked {
                                user: "www-data".into(),
                                at: "/etc/tls".into(),
                                is_folder: true,
                                rights: "root:root 0700".into(),
                            }),
                        });
                    })
                },
                &[(
                    "unreadable-for-user",
                    Error,
                    "`www-data` has no permission to /etc/tls (root:root 0700)",
                )],
            ),
        ]);
    }

    #[test]
    fn fix_ends_at_one_mode_whatever_is_found_first() {
        let modes = |facts: &Facts| -> Vec<u32> {
            let fix = |finding: &Finding| match &finding.auto_fix {
                Some(AutoFix::SetMode { mode, .. }) => *mode,
                other => panic!("no mode: {other:?}"),
            };
            found(facts).iter().map(fix).collect()
        };
        assert_eq!(modes(&with_mode(0o666)), [0o640, 0o640]);
        assert_eq!(modes(&with_mode(0o620)), [0o600]);
        assert_eq!(modes(&public_with_mode(0o666)), [0o664]);
    }

    #[test]
    fn form_of_a_key() {
        let ed25519 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).expect("a key");
        let version_2 = content("db1.key", ed25519.serialize_pem().as_bytes());
        assert_eq!(version_2.bundle.keys.len(), 1);
        each(&[
            (
                "PKCS #8 version 2",
                || {
                    let ed25519 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).expect("a key");
                    of_text(&ed25519.serialize_pem())
                },
                &[("key-form", Warning, "it is PKCS #8 version 2")],
            ),
            (
                "an EC key without its public half",
                || {
                    let scalar = [&[0x30, 0x31, 2, 1, 1, 4, 32][..], &[1; 32]].concat();
                    let curve = [0xa0, 0x0a, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
                    of_text(&pem::encode(pem::EC_PRIVATE_KEY, &[&scalar[..], &curve].concat()))
                },
                &[("key-form", Notice, "it lacks its public half")],
            ),
            ("PKCS #8 version 1", || of_text(&host().key_pem()), &[]),
        ]);
    }

    #[test]
    fn encrypted_key_is_told_and_is_no_fault() {
        each(&[
            (
                "its password was given",
                || {
                    healthy().but_file(|file| {
                        file.has_open_key = false;
                        file.bundle.keys[0].encryption = Some("PBES2".into());
                    })
                },
                &[("key-encrypted", Warning, "the key is encrypted (PBES2)")],
            ),
            (
                "no password was given",
                || of_text(&host().pem()).but_file(|file| file.is_locked = true),
                &[("key-encrypted", Warning, "and no password was given")],
            ),
        ]);
    }

    #[test]
    fn key_where_only_certificates_should_be() {
        each(&[
            (
                "the CA's key is beside its certificate",
                || of_text(&(root().pem() + &root().key_pem())),
                &[(
                    "key-in-public-file",
                    Error,
                    "next to the certificate of the CA `CN=Example CA` is its private key",
                )],
            ),
            (
                "a key is in a file that is trusted",
                || healthy().but(|facts| facts.is_trust_file = true),
                &[(
                    "key-in-public-file",
                    Error,
                    "it is trusted, so it is distributed to everyone",
                )],
            ),
            (
                "a trusted file has no key",
                || of_text(&root().pem()).but(|facts| facts.is_trust_file = true),
                &[],
            ),
        ]);
    }

    #[test]
    fn key_that_is_too_short() {
        let of_bits = |bits: usize| {
            let key = root()
                .host_of_rsa_key("db1.example.com", bits)
                .public_key()
                .clone();
            of_text(&host().key_pem()).but_file(|file| {
                file.bundle.keys.clear();
                file.bundle.public_keys = vec![key];
            })
        };
        let slugs = |bits| {
            let found = found(&of_bits(bits));
            found
                .iter()
                .map(|finding| (finding.entry.slug, finding.severity))
                .collect::<Vec<_>>()
        };
        assert_eq!(slugs(2040), [("weak-key", Error)]);
        assert_eq!(slugs(2048), []);
    }
}
