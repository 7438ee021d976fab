//! What is in the archive: the cover first, then files of the CA directory, then counts. Whoever knows a public key can write such a file, so nothing in
//! it is believed that is not checked.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use gsec_ca::home::HostFile;
use gsec_pki::encoding::sniff::{FileKind, ForeignFile, file_kind, holds_pkcs12};

/// The name of this form.
pub const FORM: &str = "gsec/backup/1";
/// The first entry.
const COVER: &str = "backup.json";
/// The last one.
const COUNTS: &str = "counts.json";
/// Below this are the files of the CA directory.
const FILES: &str = "ca";
/// So many folders may be between the CA directory and a file: `ca_conf/previous/<key>/`.
const MAX_FOLDERS: usize = 3;
/// The longest name of a file.
const MAX_NAME_BYTES: usize = 255;
/// The only hidden file that is kept: others are caches, locks and what a call left.
const LAST_POLICY: &str = ".gsec.toml.last";

/// What is said before anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// [`FORM`].
    pub form: String,
    /// When, RFC 3339.
    pub made: String,
    /// The name of the CA.
    pub subject: String,
    /// SHA-256 of its certificate, in hexadecimal digits.
    pub sha256: String,
    /// Whether private keys are in it.
    pub has_keys: bool,
}

/// How much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those with private keys.
    pub keys: u64,
    /// Lines of `ca.db` that are records.
    pub records: u64,
    /// Certificates in the repository: the CA's copies.
    pub certificates: u64,
    /// Lines of the audit log.
    pub log_lines: u64,
}

/// The place of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryPath {
    /// What is said first.
    Cover,
    /// What is said last.
    Counts,
    /// A file, by its path in the CA directory.
    File(PathBuf),
}

impl EntryPath {
    /// A file of the CA directory by its path there; `None` for one that is not kept.
    pub fn of_file(relative: &Path) -> Option<Self> {
        let text = format!("{FILES}/{}", relative.to_str()?);
        Self::parse(text.as_bytes()).filter(|path| matches!(path, Self::File(_)))
    }

    /// Reads the name of an entry. `None` for whatever is no place in the directory for a file that is kept: nothing leads out of it.
    pub fn parse(name: &[u8]) -> Option<Self> {
        let name = std::str::from_utf8(name).ok()?;
        match name {
            COVER => return Some(Self::Cover),
            COUNTS => return Some(Self::Counts),
            _ => {}
        }
        let relative = name.strip_prefix(FILES)?.strip_prefix('/')?;
        let parts: Vec<&str> = relative.split('/').collect();
        let is_name = |part: &&str| {
            let is_hidden = part.starts_with('.') && *part != LAST_POLICY;
            let is_odd = |character: char| character.is_control() || character == '\\';
            !part.is_empty() && part.len() <= MAX_NAME_BYTES && !is_hidden && !part.contains(is_odd)
        };
        let is_kept = match parts.as_slice() {
            ["ca_conf", rest @ ..] => !rest.is_empty() && rest.len() <= MAX_FOLDERS,
            ["repository", _] => true,
            _ => false,
        };
        (is_kept && parts.iter().all(is_name)).then(|| Self::File(PathBuf::from(relative)))
    }

    /// The name of the entry.
    pub fn name(&self) -> PathBuf {
        match self {
            Self::Cover => COVER.into(),
            Self::Counts => COUNTS.into(),
            Self::File(path) => Path::new(FILES).join(path),
        }
    }
}

/// Whether a file has a private key in it, by its name or its content; or may have one, as a key store of another format or an archive.
pub fn is_key_material(path: &Path, content: &[u8]) -> bool {
    let has_name = path
        .file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| HostFile::is_secret_name(name) || name.ends_with("ca_priv_key.pem"));
    let is_key = match file_kind(content) {
        FileKind::DerPrivateKey | FileKind::DerEncryptedKey | FileKind::Pkcs12 => true,
        FileKind::Foreign(kind) => may_have_key(kind),
        _ => false,
    };
    has_name
        || is_key
        || memchr::memmem::find(content, b"PRIVATE KEY-----").is_some()
        || holds_pkcs12(content)
}

fn may_have_key(kind: ForeignFile) -> bool {
    use ForeignFile::{
        Base64OfPem, Bzip2, EncodedPem, Gzip, JavaKeyStore, Jceks, Putty, Pvk, Tar, Xz, Zip, Zstandard,
    };
    let is_store = matches!(
        kind,
        JavaKeyStore | Jceks | Putty | Pvk | EncodedPem | Base64OfPem
    );
    is_store || matches!(kind, Gzip | Bzip2 | Xz | Zstandard | Zip | Tar)
}

/// The mode that a file gets: what others may read stays so, nobody else writes, and nobody else reads what has a key, or is the server's.
pub fn mode_of(path: &Path, mode: u32, has_key: bool) -> u32 {
    let is_database = path.file_name().is_some_and(|name| name == "server.db");
    let may = if has_key || is_database { 0o600 } else { 0o644 };
    (mode & may) | 0o400
}

impl Counts {
    /// Counts a file of this length.
    pub fn take(&mut self, path: &Path, length: u64, has_key: bool) {
        self.files += 1;
        self.bytes += length;
        self.keys += u64::from(has_key);
        let is_own_copy = || {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let serial = name.strip_suffix(".pem").unwrap_or_default();
            !serial.is_empty() && serial.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        self.certificates += u64::from(path.starts_with("repository") && is_own_copy());
    }

    /// Counts a line, without its line feed, of the file of records or the audit log; others have none that count.
    pub fn take_line(&mut self, path: &Path, line: &[u8]) {
        if path == Path::new("ca_conf/ca.db") {
            self.records += u64::from(!line.trim_ascii().is_empty() && !line.starts_with(b"#"));
        } else if path == Path::new("ca_conf/audit.log") {
            self.log_lines += 1;
        }
    }
}
