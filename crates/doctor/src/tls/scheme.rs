//! Signature schemes of handshakes (RFC 8446 §4.2.3, RFC 5246 §7.4.1.4.1).

/// A scheme's name in IANA's registry "TLS SignatureScheme", or its number where it has none here.
pub fn scheme_name(number: u16) -> String {
    let name = match number {
        0x0201 => "rsa_pkcs1_sha1",
        0x0202 => "dsa_sha1",
        0x0203 => "ecdsa_sha1",
        0x0301 => "rsa_pkcs1_sha224",
        0x0302 => "dsa_sha224",
        0x0303 => "ecdsa_sha224",
        0x0401 => "rsa_pkcs1_sha256",
        0x0402 => "dsa_sha256",
        0x0403 => "ecdsa_secp256r1_sha256",
        0x0501 => "rsa_pkcs1_sha384",
        0x0503 => "ecdsa_secp384r1_sha384",
        0x0601 => "rsa_pkcs1_sha512",
        0x0603 => "ecdsa_secp521r1_sha512",
        0x0804 => "rsa_pss_rsae_sha256",
        0x0805 => "rsa_pss_rsae_sha384",
        0x0806 => "rsa_pss_rsae_sha512",
        0x0807 => "ed25519",
        0x0808 => "ed448",
        0x0809 => "rsa_pss_pss_sha256",
        0x080A => "rsa_pss_pss_sha384",
        0x080B => "rsa_pss_pss_sha512",
        0x081A => "ecdsa_brainpoolP256r1tls13_sha256",
        0x081B => "ecdsa_brainpoolP384r1tls13_sha384",
        0x081C => "ecdsa_brainpoolP512r1tls13_sha512",
        0x0904 => "mldsa44",
        0x0905 => "mldsa65",
        0x0906 => "mldsa87",
        other => return format!("0x{other:04X}"),
    };
    name.to_owned()
}

/// Whether the signature is made with SHA-1, which RFC 9155 §2 forbids.
pub fn is_sha1_scheme(number: u16) -> bool {
    matches!(number, 0x0201..=0x0203)
}

/// A kind of signature by which a server proves that it has its key. A server may have a certificate for each, and chooses by what the client
/// offers (RFC 8446 §4.4.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignatureKind {
    /// RSASSA-PKCS1-v1_5 and RSASSA-PSS.
    Rsa,
    /// ECDSA.
    Ecdsa,
    /// Ed25519 and Ed448.
    EdDsa,
}

impl SignatureKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Rsa, Self::Ecdsa, Self::EdDsa];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Ecdsa => "ECDSA",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The kind of a scheme, by its number; `None` for DSA and for what is not known.
    pub fn of_scheme(number: u16) -> Option<Self> {
        match number {
            0x0201 | 0x0301 | 0x0401 | 0x0501 | 0x0601 | 0x0804..=0x0806 | 0x0809..=0x080B => Some(Self::Rsa),
            0x0203 | 0x0303 | 0x0403 | 0x0503 | 0x0603 | 0x081A..=0x081C => Some(Self::Ecdsa),
            0x0807 | 0x0808 => Some(Self::EdDsa),
            _ => None,
        }
    }

    /// Whether the server signs so with a suite before TLS 1.3: its name says it (RFC 8422 §5.10: EdDSA counts as ECDSA).
    pub fn fits(self, suite: super::CipherSuite) -> bool {
        let kind = if self == Self::Rsa {
            "RSA_WITH_"
        } else {
            "ECDSA_WITH_"
        };
        let is_fixed = |name: &str| name.starts_with("TLS_ECDH_") || name.starts_with("TLS_DH_");
        suite
            .known_name()
            .is_some_and(|name| name.contains(kind) && !is_fixed(name))
    }
}
