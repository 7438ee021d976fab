//! ClientHello, as clients of each age write it (RFC 6101 §5.6.1.2, RFC 5246 §7.4.1.2, RFC 8446 §4.1.2).

use super::wire::{put_u16, put_vector};
use super::{CipherSuite, NamedGroup, ProtocolVersion, SignatureKind, SuiteWeakness};

const RECORD_HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;

/// Groups offered: first those that servers prefer, then the largest, then those that few have.
const GROUPS: [u16; 23] = [
    0x001D, 0x0017, 0x0018, 0x0019, 0x001E, 0x0016, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104, 0x001A, 0x001B,
    0x001C, 0x001F, 0x0020, 0x0021, 0x0015, 0x11EC, 0x11EB, 0x11ED, 0x0201, 0x0202,
];

/// Signature schemes offered, down to SHA-1: what old servers have.
const SIGNATURE_SCHEMES: [u16; 17] = [
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501,
    0x0601, 0x0203, 0x0201, 0x0202,
];

/// A question to a server: will it speak this version, with one of these suites?
#[derive(Debug, Clone)]
pub struct ClientHello<'a> {
    /// The requested version. For TLS 1.3 it is the only one offered; for older ones the server may choose a still older
    /// version.
    pub version: ProtocolVersion,
    /// The suites offered, the preferred first.
    pub suites: Vec<CipherSuite>,
    /// The server name to send, if any. SSL 3.0 does not support server names.
    pub server_name: Option<&'a str>,
    /// The only kind of signature offered; `None`: every kind. Certificates may be signed in any way.
    pub signatures: Option<SignatureKind>,
    /// The client's random.
    pub random: [u8; 32],
    /// Used as a session identifier and, since any 32 bytes are valid, as an X25519 key (RFC 7748 §5). Its private key is
    /// unknown.
    pub key_share: [u8; 32],
}

impl ClientHello<'_> {
    /// The message in a record of its own.
    pub fn encode(&self) -> Vec<u8> {
        let record_version = ProtocolVersion::Tls10.min(self.version);
        let mut out = vec![RECORD_HANDSHAKE];
        put_u16(&mut out, record_version.code());
        put_vector(&mut out, 2, |out| {
            out.push(CLIENT_HELLO);
            put_vector(out, 3, |out| self.put_body(out));
        });
        out
    }

    fn put_body(&self, out: &mut Vec<u8>) {
        let is_tls13 = self.version == ProtocolVersion::Tls13;
        put_u16(out, self.version.min(ProtocolVersion::Tls12).code());
        out.extend(self.random);
        // RFC 8446 appendix D.4: something in between may want to see a session identifier.
        put_vector(out, 1, |out| {
            out.extend(if is_tls13 { &self.key_share[..] } else { &[] })
        });
        put_vector(out, 2, |out| {
            self.suites.iter().for_each(|suite| put_u16(out, suite.0));
            if self.version == ProtocolVersion::Ssl3 {
                put_u16(out, CipherSuite::RENEGOTIATION_SIGNAL.0);
            }
        });
        out.extend([1, 0]); // no compression
        if self.version > ProtocolVersion::Ssl3 {
            put_vector(out, 2, |out| self.put_extensions(out));
        }
    }

    fn put_extensions(&self, out: &mut Vec<u8>) {
        if let Some(name) = self.server_name {
            extension(out, 0x0000, |out| {
                put_vector(out, 2, |out| put_server_name(out, name))
            });
        }
        extension(out, 0x000A, |out| {
            put_vector(out, 2, |out| GROUPS.iter().for_each(|group| put_u16(out, *group)))
        });
        if self.version == ProtocolVersion::Tls13 {
            extension(out, 0x002B, |out| {
                put_vector(out, 1, |out| put_u16(out, ProtocolVersion::Tls13.code()))
            });
            extension(out, 0x0033, |out| {
                put_vector(out, 2, |out| self.put_key_share(out))
            });
        } else {
            extension(out, 0x000B, |out| put_vector(out, 1, |out| out.push(0))); // uncompressed points
            extension(out, 0xFF01, |out| out.push(0)); // RFC 5746
        }
        if self.version >= ProtocolVersion::Tls12 {
            let is_offered = |scheme: &&u16| {
                self.signatures
                    .is_none_or(|kind| SignatureKind::of_scheme(**scheme) == Some(kind))
            };
            extension(out, 0x000D, |out| {
                put_schemes(out, SIGNATURE_SCHEMES.iter().filter(is_offered))
            });
            extension(out, 0x0005, |out| out.extend([1, 0, 0, 0, 0])); // OCSP, from any responder
        }
        if self.version >= ProtocolVersion::Tls12 && self.signatures.is_some() {
            extension(out, 0x0032, |out| put_schemes(out, SIGNATURE_SCHEMES.iter()));
        }
    }

    fn put_key_share(&self, out: &mut Vec<u8>) {
        put_u16(out, NamedGroup::X25519.0);
        put_vector(out, 2, |out| out.extend(self.key_share));
    }
}

fn put_schemes<'a>(out: &mut Vec<u8>, schemes: impl Iterator<Item = &'a u16>) {
    put_vector(out, 2, |out| schemes.for_each(|scheme| put_u16(out, *scheme)));
}

fn extension(out: &mut Vec<u8>, number: u16, write: impl FnOnce(&mut Vec<u8>)) {
    put_u16(out, number);
    put_vector(out, 2, write);
}

fn put_server_name(out: &mut Vec<u8>, name: &str) {
    out.push(0); // host_name
    put_vector(out, 2, |out| out.extend(name.as_bytes()));
}

/// The suites to offer in this version, the best first, so that a server that follows the client's order chooses well.
/// Without anonymous suites and those that need a pre-shared secret.
pub fn suites_for(version: ProtocolVersion) -> Vec<CipherSuite> {
    let fits = |suite: &CipherSuite| {
        suite.is_tls13() == (version == ProtocolVersion::Tls13) && !suite.has(SuiteWeakness::Anonymous)
    };
    in_order(CipherSuite::all().filter(fits))
}

/// The suites before TLS 1.3 that have a weakness, those first that have none heavier.
pub fn suites_with(weakness: SuiteWeakness) -> Vec<CipherSuite> {
    in_order(CipherSuite::all().filter(|suite| suite.has(weakness)))
}

/// The suites before TLS 1.3 with a signed ephemeral key exchange in a finite field: the server's answer shows its prime.
pub fn suites_with_finite_field() -> Vec<CipherSuite> {
    in_order(CipherSuite::all().filter(|suite| {
        suite
            .known_name()
            .is_some_and(|name| name.starts_with("TLS_DHE_"))
    }))
}

/// The suites before TLS 1.3 that need a secret which both ends agreed on before: whether a server takes one of them is seen without the secret.
pub fn suites_with_shared_secret() -> Vec<CipherSuite> {
    CipherSuite::all()
        .filter(|suite| suite.needs_shared_secret())
        .collect()
}

fn in_order(suites: impl Iterator<Item = CipherSuite>) -> Vec<CipherSuite> {
    let mut suites: Vec<CipherSuite> = suites.filter(|suite| !suite.needs_shared_secret()).collect();
    let is_usual = |suite: &CipherSuite| {
        suite
            .known_name()
            .is_some_and(|name| name.contains("_AES_") || name.contains("_CHACHA20_"))
    };
    suites.sort_by_cached_key(|suite| {
        let heaviest = suite.weaknesses().first().copied();
        (
            heaviest.is_some(),
            std::cmp::Reverse(heaviest),
            !is_usual(suite),
            std::cmp::Reverse(suite.0),
        )
    });
    suites
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(version: ProtocolVersion) -> Vec<u8> {
        ClientHello {
            version,
            suites: vec![CipherSuite(0x002F)],
            server_name: Some("db1"),
            signatures: Some(SignatureKind::Rsa),
            random: [1; 32],
            key_share: [2; 32],
        }
        .encode()
    }

    #[test]
    fn ssl_3_has_no_extensions_and_says_by_a_suite_that_it_renegotiates_securely() {
        let expected = [
            &[22, 3, 0, 0, 47, 1, 0, 0, 43, 3, 0][..],
            &[1; 32],
            &[0, 0, 4, 0, 0x2F, 0, 0xFF, 1, 0],
        ]
        .concat();
        assert_eq!(hello(ProtocolVersion::Ssl3), expected);
    }

    #[test]
    fn lengths_fit_what_they_stand_before() {
        for version in ProtocolVersion::ALL {
            let bytes = hello(version);
            assert_eq!(
                usize::from(u16::from_be_bytes([bytes[3], bytes[4]])),
                bytes.len() - 5,
                "{version}"
            );
            assert_eq!(
                usize::from(u16::from_be_bytes([bytes[7], bytes[8]])),
                bytes.len() - 9,
                "{version}"
            );
        }
    }

    #[test]
    fn best_suites_stand_first_and_broken_ones_last() {
        let suites = suites_for(ProtocolVersion::Tls12);
        assert!(suites.len() > 100, "{}", suites.len());
        assert!(suites[0].weaknesses().is_empty(), "{}", suites[0]);
        assert!(
            suites
                .last()
                .is_some_and(|suite| suite.has(SuiteWeakness::NoEncryption))
        );
        assert!(
            suites
                .iter()
                .all(|suite| !suite.is_tls13() && !suite.needs_shared_secret())
        );
        assert_eq!(
            suites_with(SuiteWeakness::StaticRsa)[0].weaknesses(),
            [SuiteWeakness::StaticRsa]
        );
        assert!(suites_for(ProtocolVersion::Tls13).contains(&CipherSuite(0x1301)));
    }
}
