//! The kinds of file, and their names.

/// The kinds of file that gsec tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// At least one PEM block, or something that was probably intended as one.
    Pem,
    /// A DER SEQUENCE whose first element is a SEQUENCE: a certificate, a CSR or a CRL (RFC 5280 §4.1, §5.1, RFC 2986 §4).
    DerSigned,
    /// A SEQUENCE that starts with INTEGER 3: a PFX (RFC 7292 §4).
    Pkcs12,
    /// A SEQUENCE that starts with INTEGER 0 or 1: a private key (RFC 5958 §2, RFC 8017 A.1.2, RFC 5915 §3).
    DerPrivateKey,
    /// An EncryptedPrivateKeyInfo (RFC 5958 §3).
    DerEncryptedKey,
    /// A SubjectPublicKeyInfo (RFC 5280 §4.1).
    DerPublicKey,
    /// What gsec knows and does not read.
    Foreign(ForeignFile),
    /// Nothing at all.
    Empty,
    /// Nothing of these.
    Unknown,
}

/// Files of other formats, which another program converts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignFile {
    /// PKCS #7 or CMS in PEM (RFC 7468 §8, §9).
    Pkcs7,
    /// PKCS #7 or CMS in DER, as `.p7b` files are (RFC 5652 §3).
    Pkcs7Der,
    /// PKCS #7 or CMS in PEM under a label that `openssl pkcs7` does not read.
    Cms,
    /// Java's first key store, JKS.
    JavaKeyStore,
    /// The key store of Java's cryptography extension, JCEKS.
    Jceks,
    /// A private key of PuTTY's.
    Putty,
    /// A Microsoft PVK file.
    Pvk,
    /// Text in UTF-16, as PowerShell's `>` writes it.
    Utf16,
    /// Text in UTF-16 without a byte order mark, low byte first.
    Utf16Le,
    /// Text in UTF-16 without a byte order mark, high byte first.
    Utf16Be,
    /// Base64 without PEM boundaries.
    BareBase64,
    /// Hexadecimal digits, with or without colons.
    HexDigits,
    /// What `xxd` prints.
    XxdDump,
    /// What `hexdump -C` prints.
    HexDump,
    /// What `openssl x509 -noout -text` prints.
    OpenSslText,
    /// A text with base64 of PEM in it: a Secret of Kubernetes, a kubeconfig file.
    EncodedPem,
    /// Base64 of PEM, and nothing else.
    Base64OfPem,
    /// Compressed by gzip (RFC 1952 §2.3.1).
    Gzip,
    /// Compressed by bzip2.
    Bzip2,
    /// Compressed by xz.
    Xz,
    /// Compressed by Zstandard (RFC 8878 §3.1.1).
    Zstandard,
    /// A ZIP archive.
    Zip,
    /// A tar archive (POSIX ustar).
    Tar,
    /// A public key of SSH, in one line (sshd(8)).
    SshPublicKey,
    /// A public key of SSH, as a block (RFC 4716 §3).
    Ssh2PublicKey,
    /// A key or a signature of OpenPGP (RFC 9580 §6.2).
    Pgp,
    /// A message of OpenPGP: signed, encrypted or both.
    PgpMessage,
    /// A database of SQLite, as NSS keeps certificates in.
    Sqlite,
    /// A page of the web.
    Html,
}

impl ForeignFile {
    /// What it is, for a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pkcs7 | Self::Pkcs7Der | Self::Cms => "a PKCS #7 file",
            Self::JavaKeyStore => "a Java key store (JKS)",
            Self::Jceks => "a Java key store (JCEKS)",
            Self::Putty => "a private key in PuTTY format",
            Self::Pvk => "a private key in Microsoft's PVK format",
            Self::Utf16 | Self::Utf16Le | Self::Utf16Be => "UTF-16 text",
            Self::BareBase64 => "base64 without PEM boundaries",
            Self::HexDigits => "hexadecimal digits",
            Self::EncodedPem => "text with base64-encoded PEM in it (a Secret of Kubernetes, a kubeconfig)",
            Self::Base64OfPem => "base64-encoded PEM",
            Self::Gzip => "compressed by gzip",
            Self::Bzip2 => "compressed by bzip2",
            Self::Xz => "compressed by xz",
            Self::Zstandard => "compressed by zstd",
            Self::Zip => "a ZIP archive",
            Self::Tar => "a tar archive",
            Self::SshPublicKey | Self::Ssh2PublicKey => "a public key of SSH",
            Self::Pgp => "a PGP block",
            Self::PgpMessage => "a PGP message",
            Self::Sqlite => "an SQLite database",
            Self::Html => "an HTML page",
            Self::XxdDump | Self::HexDump => "a hexadecimal dump",
            Self::OpenSslText => "a text description, as printed by `openssl … -text`, without the PEM block",
        }
    }
}

impl FileKind {
    /// What it is, for a message about a file in which something else was looked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pem => "PEM",
            Self::DerSigned => "a certificate, CSR or CRL in DER",
            Self::Pkcs12 => "a PKCS #12 file",
            Self::DerPrivateKey => "a private key in DER",
            Self::DerEncryptedKey => "an encrypted private key in DER",
            Self::DerPublicKey => "a public key in DER",
            Self::Foreign(foreign) => foreign.name(),
            Self::Empty => "empty",
            Self::Unknown => "neither PEM nor DER",
        }
    }
}
