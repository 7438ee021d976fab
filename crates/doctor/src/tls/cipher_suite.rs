//! Cipher suites: their names, and what is weak in them.

use std::sync::LazyLock;

use rustls::CipherSuite as Registered;

/// Every suite with a known name, without signaling values (SCSV). rustls can be asked for a name, and has no list; asking it for each of the
/// 65,536 numbers takes a while without optimization, so that it is done once.
static NAMED: LazyLock<Vec<CipherSuite>> = LazyLock::new(|| {
    let is_signal = |suite: &CipherSuite| matches!(suite.0, 0x0000 | 0x00FF | 0x5600);
    (0..=u16::MAX)
        .map(CipherSuite)
        .filter(|suite| suite.known_name().is_some() && !is_signal(suite))
        .collect()
});

/// A cipher suite by its number in IANA's registry "TLS Cipher Suites".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CipherSuite(pub u16);

/// A weakness of a cipher suite. Ordered by severity, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SuiteWeakness {
    /// The traffic is not encrypted.
    NoEncryption,
    /// No certificate: anybody in between can be the other end.
    Anonymous,
    /// Keys of 40 or 56 bits, required by the export rules of the 1990s: broken in seconds.
    Export,
    /// DES or RC2 with short keys: broken in a day.
    SingleDes,
    /// RC4: its key stream is biased; forbidden by RFC 7465.
    Rc4,
    /// 3DES or IDEA: blocks of 64 bits repeat after some gigabytes (Sweet32, RFC 8996 and SP 800-131A disallow it).
    SmallBlocks,
    /// The key exchange is encrypted with the certificate's RSA key: an attacker who gets that key later can decrypt all
    /// recorded traffic. Modern libraries do not support these suites.
    StaticRsa,
    /// The key exchange uses a fixed Diffie-Hellman key of the certificate: no forward secrecy either.
    StaticDiffieHellman,
    /// CBC with MAC-then-encrypt: padding oracles (Lucky Thirteen).
    Cbc,
}

impl SuiteWeakness {
    /// All of them, the heaviest first.
    pub const ALL: [Self; 9] = [
        Self::NoEncryption,
        Self::Anonymous,
        Self::Export,
        Self::SingleDes,
        Self::Rc4,
        Self::SmallBlocks,
        Self::StaticRsa,
        Self::StaticDiffieHellman,
        Self::Cbc,
    ];

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoEncryption => "no_encryption",
            Self::Anonymous => "anonymous",
            Self::Export => "export",
            Self::SingleDes => "single_des",
            Self::Rc4 => "rc4",
            Self::SmallBlocks => "small_blocks",
            Self::StaticRsa => "static_rsa",
            Self::StaticDiffieHellman => "static_diffie_hellman",
            Self::Cbc => "cbc",
        }
    }
}

impl CipherSuite {
    /// Suites that are signals rather than suites: RFC 5746 and RFC 7507.
    pub const RENEGOTIATION_SIGNAL: Self = Self(0x00FF);

    /// Every suite with a known name, without signaling values (SCSV).
    pub fn all() -> impl Iterator<Item = Self> {
        NAMED.iter().copied()
    }

    /// Its name at IANA.
    pub fn known_name(self) -> Option<&'static str> {
        match Registered::from(self.0) {
            // rustls has a prefix of its own for these.
            Registered::TLS13_AES_128_GCM_SHA256 => Some("TLS_AES_128_GCM_SHA256"),
            Registered::TLS13_AES_256_GCM_SHA384 => Some("TLS_AES_256_GCM_SHA384"),
            Registered::TLS13_CHACHA20_POLY1305_SHA256 => Some("TLS_CHACHA20_POLY1305_SHA256"),
            Registered::TLS13_AES_128_CCM_SHA256 => Some("TLS_AES_128_CCM_SHA256"),
            Registered::TLS13_AES_128_CCM_8_SHA256 => Some("TLS_AES_128_CCM_8_SHA256"),
            // Names in `SSL_` are Netscape's, and not in the registry.
            other => other.as_str().filter(|name| name.starts_with("TLS_")),
        }
    }

    /// Its name at IANA, or its number where it has none here.
    pub fn name(self) -> String {
        self.known_name()
            .map_or_else(|| format!("0x{:04X}", self.0), str::to_owned)
    }

    /// Whether it is one of TLS 1.3, which no older version has.
    pub fn is_tls13(self) -> bool {
        self.0 >> 8 == 0x13
    }

    /// Its weaknesses, the worst first. Unknown suites have none.
    pub fn weaknesses(self) -> Vec<SuiteWeakness> {
        SuiteWeakness::ALL
            .into_iter()
            .filter(|weakness| self.has(*weakness))
            .collect()
    }

    /// Whether this is weak in it. The names of suites say all of it.
    pub fn has(self, weakness: SuiteWeakness) -> bool {
        let Some(name) = self.known_name() else {
            return false;
        };
        let any = |words: &[&str]| words.iter().any(|word| name.contains(word));
        match weakness {
            SuiteWeakness::NoEncryption => any(&["_NULL_"]) || any(&["_SHA256_SHA256", "_SHA384_SHA384"]),
            SuiteWeakness::Anonymous => any(&["_anon_"]),
            SuiteWeakness::Export => any(&["_EXPORT"]),
            SuiteWeakness::SingleDes => any(&["_DES_CBC", "_DES40_", "_RC2_"]),
            SuiteWeakness::Rc4 => any(&["_RC4_"]),
            SuiteWeakness::SmallBlocks => any(&["_3DES_", "_IDEA_"]),
            SuiteWeakness::StaticRsa => name.starts_with("TLS_RSA_") && !name.starts_with("TLS_RSA_PSK_"),
            SuiteWeakness::StaticDiffieHellman => {
                any(&["TLS_DH_RSA_", "TLS_DH_DSS_", "TLS_ECDH_RSA_", "TLS_ECDH_ECDSA_"])
            }
            SuiteWeakness::Cbc => any(&["_CBC_"]),
        }
    }

    /// Whether both ends need a secret that they agreed on before (PSK, SRP, Kerberos), so that a certificate does not do alone.
    pub fn needs_shared_secret(self) -> bool {
        self.known_name().is_some_and(|name| {
            ["_PSK_", "_SRP_", "_KRB5_", "_ECCPWD_"]
                .iter()
                .any(|word| name.contains(word))
        })
    }
}

impl std::fmt::Display for CipherSuite {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weaknesses(number: u16) -> Vec<SuiteWeakness> {
        CipherSuite(number).weaknesses()
    }

    #[test]
    fn names_are_those_of_the_registry() {
        assert_eq!(CipherSuite::all().count(), 370);
        assert!(
            CipherSuite::all()
                .all(|suite| suite.name().starts_with("TLS_") && !suite.name().starts_with("TLS13_"))
        );
        assert_eq!(CipherSuite(0x002F).name(), "TLS_RSA_WITH_AES_128_CBC_SHA");
        assert_eq!(CipherSuite(0x1301).name(), "TLS_AES_128_GCM_SHA256");
        assert_eq!(CipherSuite(0x1305).name(), "TLS_AES_128_CCM_8_SHA256");
        assert_eq!(CipherSuite(0xFEED).name(), "0xFEED");
        assert_eq!(CipherSuite(0xFEFE).name(), "0xFEFE");
    }

    #[test]
    fn weaknesses_are_told_from_each_other() {
        assert_eq!(weaknesses(0x002F), [SuiteWeakness::StaticRsa, SuiteWeakness::Cbc]);
        assert_eq!(
            weaknesses(0x0003),
            [
                SuiteWeakness::Export,
                SuiteWeakness::Rc4,
                SuiteWeakness::StaticRsa
            ]
        );
        assert_eq!(
            weaknesses(0x000A),
            [
                SuiteWeakness::SmallBlocks,
                SuiteWeakness::StaticRsa,
                SuiteWeakness::Cbc
            ]
        );
        assert_eq!(weaknesses(0x0034), [SuiteWeakness::Anonymous, SuiteWeakness::Cbc]);
        assert_eq!(
            weaknesses(0x003B),
            [SuiteWeakness::NoEncryption, SuiteWeakness::StaticRsa]
        );
        assert_eq!(weaknesses(0xC013), [SuiteWeakness::Cbc]);
        assert_eq!(weaknesses(0xC02F), []);
        assert_eq!(weaknesses(0x1301), []);
    }
}
