//! Which programs can read a PFX with these algorithms. The sources are the programs' documentation and files that the
//! programs in the tests have read; anything else is reported as unknown.

use super::{PfxContents, PfxKey};
use crate::pbe::{Cipher, Digest, EncryptionScheme, KeyDerivation, MacKind, MacScheme};

/// A program, or a family of them, that reads PFX files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PfxReader {
    /// OpenSSL 1.1.
    OpenSsl11,
    /// OpenSSL 3.
    OpenSsl3,
    /// Java 8 from update 301.
    Java8,
    /// Java 17.
    Java17,
    /// Windows Server 2012 R2 and before.
    Windows2012,
    /// Windows Server 2016.
    Windows2016,
    /// Windows Server 2019 and later.
    Windows2019,
    /// macOS, Keychain.
    MacOs,
    /// NSS: Firefox, Thunderbird, Red Hat's servers.
    Nss,
}

/// Whether a program reads a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readability {
    /// It does.
    Yes,
    /// It does under a condition.
    If(String),
    /// It does not, because of this.
    No(String),
    /// Neither documented nor tested.
    Unknown(String),
}

impl PfxReader {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::OpenSsl11,
        Self::OpenSsl3,
        Self::Java8,
        Self::Java17,
        Self::Windows2012,
        Self::Windows2016,
        Self::Windows2019,
        Self::MacOs,
        Self::Nss,
    ];

    /// The name that `--read-by` takes.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::OpenSsl11 => "openssl11",
            Self::OpenSsl3 => "openssl3",
            Self::Java8 => "java8",
            Self::Java17 => "java17",
            Self::Windows2012 => "windows2012",
            Self::Windows2016 => "windows2016",
            Self::Windows2019 => "windows2019",
            Self::MacOs => "macos",
            Self::Nss => "nss",
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenSsl11 => "OpenSSL 1.1",
            Self::OpenSsl3 => "OpenSSL 3",
            Self::Java8 => "Java 8",
            Self::Java17 => "Java 17",
            Self::Windows2012 => "Windows Server 2012",
            Self::Windows2016 => "Windows Server 2016",
            Self::Windows2019 => "Windows Server 2019 and later",
            Self::MacOs => "macOS",
            Self::Nss => "NSS",
        }
    }
}

use PfxReader::{Java8, Java17, MacOs, Nss, OpenSsl3, OpenSsl11, Windows2012, Windows2016, Windows2019};

/// What a reader must be able to decrypt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// PBES2 with AES-256 and PBKDF2-HMAC-SHA256, what `modern` writes.
    Aes256Sha256,
    /// PBES2 with AES-128 or AES-256 otherwise.
    Aes,
    /// PBES2 with AES-192 or 3DES.
    Pbes2,
    /// PBES2 with DES.
    Pbes2Des,
    /// PBES2 with scrypt.
    Scrypt,
    /// 3DES with three keys as PKCS #12 has it.
    TripleDes,
    /// 3DES with two keys as PKCS #12 has it.
    TripleDesTwoKeys,
    /// RC2-40 as PKCS #12 has it.
    Rc2With40,
    /// RC2-128 or RC4 as PKCS #12 has it.
    Rc2OrRc4,
    /// PBES1 of PKCS #5 with MD5 and DES.
    Md5Des,
    /// PBES1 of PKCS #5 otherwise.
    Pbes1,
}

/// For each reader, whether it reads this file.
pub fn readability(contents: &PfxContents) -> Vec<(PfxReader, Readability)> {
    let keys = contents
        .keys
        .iter()
        .map(|key| ("its key", key.encryption.as_ref()));
    let certificates = contents
        .certificates
        .iter()
        .map(|certificate| ("its certificates", certificate.encryption.as_ref()));
    let mut parts: Vec<_> = keys.chain(certificates).collect();
    parts.dedup();
    let judge = |reader: PfxReader| {
        let of_parts = parts.iter().map(|(part, scheme)| match scheme {
            Some(scheme) => of_encryption(reader, part, scheme),
            None => of_plain(reader, part),
        });
        let verdicts = [
            of_mac(reader, contents.mac.as_ref()),
            of_entries(reader, contents),
        ]
        .into_iter()
        .chain(of_parts);
        (reader, joined(verdicts))
    };
    PfxReader::ALL.into_iter().map(judge).collect()
}

/// What one part cannot have, the whole cannot; conditions add up.
fn joined(verdicts: impl Iterator<Item = Readability>) -> Readability {
    let mut conditions: Vec<String> = Vec::new();
    let mut doubt = None;
    for verdict in verdicts {
        match verdict {
            Readability::No(why) => return Readability::No(why),
            Readability::Unknown(why) => doubt = doubt.or(Some(why)),
            Readability::If(condition) if !conditions.contains(&condition) => conditions.push(condition),
            Readability::If(_) | Readability::Yes => {}
        }
    }
    match (doubt, conditions.is_empty()) {
        (Some(why), _) => Readability::Unknown(why),
        (None, false) => Readability::If(conditions.join(", ")),
        (None, true) => Readability::Yes,
    }
}

fn need_of(scheme: &EncryptionScheme) -> Need {
    match (scheme.derivation(), scheme.cipher()) {
        (
            KeyDerivation::Pbkdf2 {
                prf: Digest::Sha256, ..
            },
            Cipher::Aes256,
        ) => Need::Aes256Sha256,
        (KeyDerivation::Pbkdf2 { .. }, Cipher::Aes128 | Cipher::Aes256) => Need::Aes,
        (KeyDerivation::Pbkdf2 { .. }, Cipher::Des) => Need::Pbes2Des,
        (KeyDerivation::Pbkdf2 { .. }, _) => Need::Pbes2,
        (KeyDerivation::Scrypt { .. }, _) => Need::Scrypt,
        (KeyDerivation::Pkcs12 { .. }, Cipher::TripleDes) => Need::TripleDes,
        (KeyDerivation::Pkcs12 { .. }, Cipher::TripleDesTwoKeys) => Need::TripleDesTwoKeys,
        (KeyDerivation::Pkcs12 { .. }, Cipher::Rc2With40) => Need::Rc2With40,
        (KeyDerivation::Pkcs12 { .. }, _) => Need::Rc2OrRc4,
        (
            KeyDerivation::Pbkdf1 {
                digest: Digest::Md5, ..
            },
            Cipher::Des,
        ) => Need::Md5Des,
        (KeyDerivation::Pbkdf1 { .. }, _) => Need::Pbes1,
    }
}

fn of_encryption(reader: PfxReader, part: &str, scheme: &EncryptionScheme) -> Readability {
    let named = || format!("{part}: {scheme}");
    match (reader, need_of(scheme)) {
        (_, Need::TripleDes) => Readability::Yes,
        (OpenSsl3, Need::Pbes2Des | Need::Rc2With40 | Need::Rc2OrRc4 | Need::Md5Des | Need::Pbes1) => {
            Readability::If("with `-legacy`".into())
        }
        (OpenSsl11 | OpenSsl3, _) | (_, Need::Rc2With40) => Readability::Yes,
        (_, Need::Scrypt) => Readability::No(named()),
        (Java8, Need::Aes256Sha256 | Need::Aes) => Readability::If("from 8u301".into()),
        (Java17, Need::Aes256Sha256 | Need::Aes) | (Java8 | Java17, Need::Rc2OrRc4 | Need::Md5Des) => {
            Readability::Yes
        }
        (Nss, Need::TripleDesTwoKeys | Need::Md5Des | Need::Pbes1) | (Java8 | Java17, _) => {
            Readability::No(named())
        }
        (Nss, _) | (Windows2019, Need::Aes256Sha256) => Readability::Yes,
        (Windows2012 | Windows2016, Need::Aes256Sha256 | Need::Aes | Need::Pbes2 | Need::Pbes2Des) => {
            Readability::No(named())
        }
        (MacOs, Need::Aes256Sha256) => Readability::If("from macOS 15".into()),
        (Windows2012 | Windows2016 | Windows2019 | MacOs, _) => Readability::Unknown(named()),
    }
}

fn of_plain(reader: PfxReader, part: &str) -> Readability {
    let named = || format!("{part}: not encrypted");
    match reader {
        OpenSsl11 | OpenSsl3 | Nss => Readability::Yes,
        // The file opens, and the key is not there.
        Java8 | Java17 if part == "its key" => Readability::No(named()),
        Java8 | Java17 => Readability::Yes,
        Windows2012 | Windows2016 | Windows2019 | MacOs => Readability::Unknown(named()),
    }
}

fn of_mac(reader: PfxReader, mac: Option<&MacScheme>) -> Readability {
    let Some(scheme) = mac else {
        return match reader {
            OpenSsl3 | Java8 | Java17 => Readability::Yes,
            OpenSsl11 => Readability::If("with `-nomacver`".into()),
            Nss => Readability::No("no MAC".into()),
            Windows2012 | Windows2016 | Windows2019 | MacOs => Readability::Unknown("no MAC".into()),
        };
    };
    let named = || format!("MAC: {scheme}");
    match (scheme.kind(), scheme.digest(), reader) {
        (MacKind::Pbmac1 { .. }, _, OpenSsl3) => Readability::If("from OpenSSL 3.4".into()),
        (MacKind::Pbmac1 { .. }, ..) | (MacKind::Pkcs12, Digest::Md5, Java8 | Java17) => {
            Readability::No(named())
        }
        (MacKind::Pkcs12, Digest::Sha1, _) => Readability::Yes,
        (MacKind::Pkcs12, _, Windows2012 | Windows2016)
        | (MacKind::Pkcs12, Digest::Sha512With224 | Digest::Sha512With256, Nss) => Readability::No(named()),
        (MacKind::Pkcs12, Digest::Sha256, MacOs) => Readability::If("from macOS 15".into()),
        (MacKind::Pkcs12, Digest::Sha256, Windows2019) => Readability::Yes,
        (MacKind::Pkcs12, _, MacOs | Windows2019) => Readability::Unknown(named()),
        (MacKind::Pkcs12, _, Java8) => Readability::If("from 8u301".into()),
        (MacKind::Pkcs12, ..) => Readability::Yes,
    }
}

/// Why Java does not read a file: PKCS #12 has Unicode for the MAC, and Java's encryption has ASCII alone.
pub const PASSWORD_BEYOND_ASCII: &str = "its password contains non-ASCII characters";
/// Why NSS does not import a file that has a key alone.
pub const KEY_WITHOUT_CERTIFICATE: &str = "its key has no certificate";
/// Why Java and NSS do not find the certificate of a key.
pub const NOT_LINKED: &str = "its key and certificate are not linked by a localKeyID";

/// What a reader requires of the entries, however they are encrypted.
fn of_entries(reader: PfxReader, contents: &PfxContents) -> Readability {
    let is_untrusted = || {
        contents
            .certificates
            .iter()
            .all(|certificate| !certificate.facts.is_trusted)
    };
    match reader {
        // Of a file without MAC and encryption Java needs no password.
        Java8 | Java17 if !contents.password_suits_java && contents.mac.is_some() => {
            Readability::No(PASSWORD_BEYOND_ASCII.into())
        }
        Java8 | Java17 if contents.keys.is_empty() && !contents.certificates.is_empty() && is_untrusted() => {
            Readability::No("its certificates have neither a key nor Java's trustedKeyUsage".into())
        }
        _ => joined(contents.keys.iter().flat_map(|key| {
            [
                of_link(reader, key, contents),
                of_key_kind(reader, key.key.algorithm()),
            ]
        })),
    }
}

/// Whether a reader finds the certificate of a key: OpenSSL compares the keys, Java 17.0.15 and NSS 3.87 go by localKeyID (RFC 7292 §4.2).
fn of_link(reader: PfxReader, key: &PfxKey, contents: &PfxContents) -> Readability {
    let own = key.facts.local_key_id.as_ref();
    let is_linked = contents
        .certificates
        .iter()
        .any(|found| own.is_some() && found.facts.local_key_id.as_ref() == own);
    let why = match contents.certificates.is_empty() {
        true => KEY_WITHOUT_CERTIFICATE,
        false => NOT_LINKED,
    };
    // Java takes the same friendly name for a link, but only for a key with an identifier; it gives one to the only key of a file, and to the
    // certificate that follows it.
    let is_linked_by_java = || {
        let name = key.facts.friendly_name.as_ref();
        let has_its_name = contents.certificates.iter().any(|found| {
            let other = found.facts.friendly_name.as_ref();
            name.zip(other)
                .is_some_and(|(name, other)| name.to_lowercase() == other.to_lowercase())
        });
        let first = contents.certificates.first();
        let follows = own.is_none()
            && !contents.begins_with_certificate
            && first.is_some_and(|first| first.facts.local_key_id.is_none());
        (own.is_some() || contents.keys.len() == 1) && (has_its_name || follows)
    };
    match reader {
        _ if is_linked => Readability::Yes,
        OpenSsl11 | OpenSsl3 => Readability::Yes,
        // Its entry is a key with a chain of none, and `getKey` gives it.
        Java8 | Java17 if contents.certificates.is_empty() => Readability::Yes,
        Java8 | Java17 if is_linked_by_java() => Readability::Yes,
        Java8 | Java17 | Nss => Readability::No(why.into()),
        Windows2012 | Windows2016 | Windows2019 | MacOs => Readability::Unknown(why.into()),
    }
}

/// Whether a reader imports a key of this kind. All readers import RSA and the three NIST curves. OpenSSL, NSS and Java 17 were tried with
/// Ed25519, Ed448, RSA-PSS, secp256k1, P-224 and brainpoolP256r1; Java has Edwards curves since 15 (JEP 339).
fn of_key_kind(reader: PfxReader, algorithm: &str) -> Readability {
    let no = || Readability::No(format!("its key: {algorithm}"));
    let unknown = || Readability::Unknown(format!("its key: {algorithm}"));
    let is_usual = (algorithm.starts_with("RSA") && !algorithm.starts_with("RSA-"))
        || ["P-256", "P-384", "P-521"].contains(&algorithm);
    match (reader, algorithm) {
        (OpenSsl11 | OpenSsl3, _) => Readability::Yes,
        _ if is_usual => Readability::Yes,
        (Nss, "Ed25519") => Readability::If("from NSS 3.99".into()),
        (Java8 | Nss | Windows2012 | Windows2016 | Windows2019, "Ed448" | "X448")
        | (Java8 | Windows2012 | Windows2016 | Windows2019, "Ed25519" | "X25519") => no(),
        (Java17, "Ed25519" | "Ed448" | "X25519" | "X448")
        | (Java17 | Nss, "RSA-PSS 2048" | "RSA-PSS 3072" | "RSA-PSS 4096")
        | (Java17 | Nss, "secp256k1" | "P-224" | "brainpoolP256r1") => Readability::Yes,
        (Java8 | Java17 | Nss | Windows2012 | Windows2016 | Windows2019 | MacOs, _) => unknown(),
    }
}
