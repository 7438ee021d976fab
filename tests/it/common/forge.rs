//! Certificates and CRLs with any content, wrong ones too, made in this process: no program would write most of them.

use gsec_pki::key::{KeyAlgorithm, PrivateKey, Signer, sha1};

use super::der_writer::{context, integer, number, octet_string, oid, sequence, set, tlv};

pub const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
pub const KEY_USAGE: &str = "2.5.29.15";
pub const SUBJECT_ALT_NAME: &str = "2.5.29.17";
pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
pub const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
/// Bits of keyUsage, RFC 5280 §4.2.1.3.
pub const DIGITAL_SIGNATURE: u8 = 0x80;
pub const KEY_CERT_SIGN: u8 = 0x04;
pub const CRL_SIGN: u8 = 0x02;
pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
pub const ANY_USAGE: &str = "2.5.29.37.0";
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";

/// A certificate with its key.
pub struct Forged {
    pub der: Vec<u8>,
    pub key: PrivateKey,
    pub subject: Vec<u8>,
}

impl Forged {
    pub fn certificate(&self) -> gsec_pki::x509::Certificate {
        gsec_pki::x509::Certificate::from_der(&self.der).expect("a certificate that can be read")
    }

    pub fn pem(&self) -> String {
        pem("CERTIFICATE", &self.der)
    }

    pub fn key_identifier(&self) -> [u8; 20] {
        sha1(self.key.public_key().bits())
    }
}

pub fn pem(label: &str, der: &[u8]) -> String {
    gsec_pki::encoding::pem::encode(label, der)
}

/// What a certificate shall be; sound as it begins.
pub struct Recipe {
    pub version: u32,
    pub serial: Vec<u8>,
    pub subject: Vec<u8>,
    /// Otherwise that of whoever signs.
    pub issuer: Option<Vec<u8>>,
    pub validity: [&'static str; 2],
    /// Object identifier, criticality, content.
    pub extensions: Vec<(&'static str, bool, Vec<u8>)>,
    pub algorithm: KeyAlgorithm,
    /// A key that there is already.
    pub key: Option<PrivateKey>,
    /// The SubjectPublicKeyInfo, where it is not the key's.
    pub spki: Option<Vec<u8>>,
    /// The AlgorithmIdentifier inside, and beside the signature; otherwise what the signing key makes.
    pub inner_algorithm: Option<Vec<u8>>,
    pub outer_algorithm: Option<Vec<u8>>,
}

/// A name of one attribute, a common name; the empty text is the empty name.
pub fn name(common_name: &str) -> Vec<u8> {
    if common_name.is_empty() {
        attributes(&[])
    } else {
        attributes(&[("2.5.4.3", 0x0c, common_name)])
    }
}

/// A name of attributes: object identifier, tag, text.
pub fn attributes(list: &[(&str, u8, &str)]) -> Vec<u8> {
    let relative_name =
        |(kind, tag, text): &(&str, u8, &str)| set(&[sequence(&[oid(kind), tlv(*tag, text.as_bytes())])]);
    sequence(&list.iter().map(relative_name).collect::<Vec<_>>())
}

pub fn basic_constraints(is_ca: bool, path_len: Option<u32>) -> Vec<u8> {
    let is_ca = if is_ca { tlv(1, &[0xff]) } else { Vec::new() };
    sequence(&[is_ca, path_len.map(number).unwrap_or_default()])
}

pub fn key_usage(bits: u8) -> Vec<u8> {
    tlv(
        3,
        &[u8::try_from(bits.trailing_zeros().min(7)).expect("small"), bits],
    )
}

pub fn purposes(list: &[&str]) -> Vec<u8> {
    sequence(&list.iter().map(|purpose| oid(purpose)).collect::<Vec<_>>())
}

pub fn dns(name: &str) -> Vec<u8> {
    tlv(0x82, name.as_bytes())
}

pub fn email(address: &str) -> Vec<u8> {
    tlv(0x81, address.as_bytes())
}

pub fn uri(address: &str) -> Vec<u8> {
    tlv(0x86, address.as_bytes())
}

pub fn ip(octets: &[u8]) -> Vec<u8> {
    tlv(0x87, octets)
}

pub fn directory(name: &[u8]) -> Vec<u8> {
    tlv(0xa4, name)
}

/// reasonCode of a CRL entry.
pub const REASON: &str = "2.5.29.21";

pub fn reason(code: u8) -> Vec<u8> {
    tlv(0x0a, &[code])
}

/// nameConstraints from the bases of both lists.
pub fn name_constraints(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Vec<u8> {
    let list = |number: u8, bases: &[Vec<u8>]| match bases {
        [] => Vec::new(),
        bases => context(
            number,
            &bases
                .iter()
                .map(|base| sequence(std::slice::from_ref(base)))
                .collect::<Vec<_>>()
                .concat(),
        ),
    };
    sequence(&[list(0, permitted), list(1, excluded)])
}

impl Recipe {
    /// A certificate of this common name, valid from 2020 to 2049, without extensions.
    pub fn of(common_name: &str) -> Self {
        Recipe {
            version: 3,
            serial: vec![0x11],
            subject: name(common_name),
            issuer: None,
            validity: ["20200101000000Z", "20491231235959Z"],
            extensions: Vec::new(),
            algorithm: KeyAlgorithm::P256,
            key: None,
            spki: None,
            inner_algorithm: None,
            outer_algorithm: None,
        }
    }

    /// A sound CA.
    pub fn ca(common_name: &str) -> Self {
        // NSS refuses two certificates of one issuer with one serial number.
        let [first, second, ..] = sha1(common_name.as_bytes());
        Recipe::of(common_name)
            .change(|recipe| recipe.serial = vec![0x20, first, second])
            .with(BASIC_CONSTRAINTS, true, basic_constraints(true, None))
            .with(KEY_USAGE, true, key_usage(KEY_CERT_SIGN | CRL_SIGN))
    }

    /// A sound server `db1.example.com`.
    pub fn host() -> Self {
        Recipe::of("db1.example.com")
            .with(BASIC_CONSTRAINTS, true, basic_constraints(false, None))
            .with(KEY_USAGE, true, key_usage(DIGITAL_SIGNATURE))
            .with(EXTENDED_KEY_USAGE, false, purposes(&[SERVER_AUTH]))
            .with(SUBJECT_ALT_NAME, false, sequence(&[dns("db1.example.com")]))
    }

    /// With this extension, in the place of one of the same kind.
    pub fn with(mut self, kind: &'static str, critical: bool, content: Vec<u8>) -> Self {
        match self.extensions.iter_mut().find(|(known, ..)| *known == kind) {
            Some(place) => *place = (kind, critical, content),
            None => self.extensions.push((kind, critical, content)),
        }
        self
    }

    pub fn without(mut self, kind: &str) -> Self {
        self.extensions.retain(|(known, ..)| *known != kind);
        self
    }

    pub fn change(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The certificate, signed by its own key.
    pub fn self_signed(self) -> Forged {
        self.signed(None)
    }

    /// The certificate, signed by `issuer`.
    pub fn signed_by(self, issuer: &Forged) -> Forged {
        self.signed(Some(issuer))
    }

    fn signed(mut self, issuer: Option<&Forged>) -> Forged {
        let key = self
            .key
            .take()
            .unwrap_or_else(|| PrivateKey::generate(self.algorithm).expect("a key"));
        let signer = issuer.map_or(&key, |issuer| &issuer.key);
        let made = signer.signature_algorithm().identifier_der();
        let spki = self
            .spki
            .take()
            .unwrap_or_else(|| key.public_key().spki().to_vec());
        let issuer_name = self
            .issuer
            .take()
            .unwrap_or_else(|| issuer.map_or(self.subject.clone(), |issuer| issuer.subject.clone()));
        let fields = [
            if self.version == 1 {
                Vec::new()
            } else {
                context(0, &number(self.version - 1))
            },
            integer(&self.serial),
            self.inner_algorithm.take().unwrap_or_else(|| made.clone()),
            issuer_name,
            sequence(&self.validity.map(|time| tlv(0x18, time.as_bytes()))),
            self.subject.clone(),
            spki,
            self.extensions_der(&key, issuer),
        ];
        let outer = self.outer_algorithm.take().unwrap_or(made);
        Forged {
            der: sign(signer, &sequence(&fields), outer),
            key,
            subject: self.subject,
        }
    }

    /// The extensions that were asked for. A key identifier that is not among them is added, and can be kept out by an empty one.
    fn extensions_der(&self, key: &PrivateKey, issuer: Option<&Forged>) -> Vec<u8> {
        let mut list = self.extensions.clone();
        let has = |kind: &str| self.extensions.iter().any(|(known, ..)| *known == kind);
        if self.version == 3 && !has(SUBJECT_KEY_IDENTIFIER) {
            list.push((
                SUBJECT_KEY_IDENTIFIER,
                false,
                octet_string(&sha1(key.public_key().bits())),
            ));
        }
        if let Some(issuer) = issuer.filter(|_| self.version == 3 && !has(AUTHORITY_KEY_IDENTIFIER)) {
            list.push((
                AUTHORITY_KEY_IDENTIFIER,
                false,
                sequence(&[tlv(0x80, &issuer.key_identifier())]),
            ));
        }
        list.retain(|(.., content)| !content.is_empty());
        let extension = |(kind, critical, content): &(&str, bool, Vec<u8>)| {
            let critical = if *critical { tlv(1, &[0xff]) } else { Vec::new() };
            sequence(&[oid(kind), critical, octet_string(content)])
        };
        if list.is_empty() {
            Vec::new()
        } else {
            context(3, &sequence(&list.iter().map(extension).collect::<Vec<_>>()))
        }
    }
}

fn sign(key: &PrivateKey, tbs: &[u8], algorithm: Vec<u8>) -> Vec<u8> {
    let signature = key.sign(tbs).expect("a signature");
    sequence(&[
        tbs.to_vec(),
        algorithm,
        tlv(3, &[&[0], signature.as_slice()].concat()),
    ])
}

/// Object identifier, criticality, content.
pub type RecipeExtension = (&'static str, bool, Vec<u8>);

/// What a CRL shall be; sound as it begins.
pub struct CrlRecipe {
    pub version: u32,
    pub updates: [Option<&'static str>; 2],
    pub revoked: Vec<Vec<u8>>,
    /// revocationDate of every entry.
    pub revoked_at: &'static str,
    /// Entries with extensions: serial number; object identifier, criticality and content of each.
    pub entries: Vec<(Vec<u8>, Vec<RecipeExtension>)>,
    /// The AlgorithmIdentifier inside, where it is not the one beside the signature.
    pub inner_algorithm: Option<Vec<u8>>,
    pub extensions: Vec<RecipeExtension>,
    pub issuer: Option<Vec<u8>>,
    /// Bytes of the signed part, and what is there instead.
    pub damage: Option<[Vec<u8>; 2]>,
}

impl CrlRecipe {
    /// A CRL from 2020 to 2049 that revokes these serial numbers.
    pub fn revoking(serials: &[&[u8]]) -> Self {
        CrlRecipe {
            version: 2,
            entries: Vec::new(),
            inner_algorithm: None,
            updates: [Some("20200101000000Z"), Some("20491231235959Z")],
            revoked_at: "20250101000000Z",
            revoked: serials.iter().map(|serial| serial.to_vec()).collect(),
            extensions: vec![("2.5.29.20", false, number(1))],
            issuer: None,
            damage: None,
        }
    }

    pub fn change(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// With this extension, in the place of one of the same kind.
    pub fn with(mut self, kind: &'static str, critical: bool, content: Vec<u8>) -> Self {
        self.extensions.retain(|(known, ..)| *known != kind);
        self.extensions.push((kind, critical, content));
        self
    }

    /// With an entry that has extensions.
    pub fn listing(self, serial: &[u8], extensions: &[(&'static str, bool, Vec<u8>)]) -> Self {
        self.change(|crl| crl.entries.push((serial.to_vec(), extensions.to_vec())))
    }

    pub fn signed_by(self, issuer: &Forged) -> Vec<u8> {
        let algorithm = issuer.key.signature_algorithm().identifier_der();
        let time = |text: &str| tlv(0x18, text.as_bytes());
        let mut extensions = self.extensions;
        if self.version > 1
            && !extensions
                .iter()
                .any(|(kind, ..)| *kind == AUTHORITY_KEY_IDENTIFIER)
        {
            extensions.push((
                AUTHORITY_KEY_IDENTIFIER,
                false,
                sequence(&[tlv(0x80, &issuer.key_identifier())]),
            ));
        }
        let extension = |(kind, critical, content): &(&str, bool, Vec<u8>)| {
            let critical = if *critical { tlv(1, &[0xff]) } else { Vec::new() };
            sequence(&[oid(kind), critical, octet_string(content)])
        };
        let list = |list: &[(&str, bool, Vec<u8>)]| {
            if list.is_empty() {
                Vec::new()
            } else {
                sequence(&list.iter().map(extension).collect::<Vec<_>>())
            }
        };
        let plain = self.revoked.iter().map(|serial| (serial.clone(), Vec::new()));
        let entry = |(serial, extensions): (Vec<u8>, Vec<_>)| {
            sequence(&[integer(&serial), time(self.revoked_at), list(&extensions)])
        };
        let entries: Vec<Vec<u8>> = plain.chain(self.entries).map(entry).collect();
        let fields = [
            if self.version == 1 {
                Vec::new()
            } else {
                number(self.version - 1)
            },
            self.inner_algorithm.unwrap_or_else(|| algorithm.clone()),
            self.issuer.unwrap_or_else(|| issuer.subject.clone()),
            self.updates[0].map(time).unwrap_or_default(),
            self.updates[1].map(time).unwrap_or_default(),
            if entries.is_empty() {
                Vec::new()
            } else {
                sequence(&entries)
            },
            if extensions.is_empty() {
                Vec::new()
            } else {
                context(0, &list(&extensions))
            },
        ];
        let mut tbs = sequence(&fields);
        if let Some([sound, damaged]) = self.damage {
            let at = tbs.windows(sound.len()).position(|bytes| bytes == sound);
            let at = at.expect("what is damaged is there");
            tbs.splice(at..at + sound.len(), damaged);
        }
        sign(&issuer.key, &tbs, algorithm)
    }
}

/// The certificate once more, signed with SHA-1 by the RSA key of its issuer. OpenSSL does it, since gsec has no such signature.
pub fn sha1_signed(certificate: &Forged, issuer: &Forged) -> Vec<u8> {
    let certificate = certificate.certificate();
    sha1_resigned(certificate.tbs(), certificate.signed_algorithm(), issuer)
}

/// A CRL once more, signed with SHA-1 by the RSA key of its issuer.
pub fn sha1_signed_crl(der: &[u8], issuer: &Forged) -> Vec<u8> {
    let crl = gsec_pki::x509::RevocationList::from_der(der).expect("a CRL that can be read");
    // The signed part is the first of three elements; its algorithm stands beside it.
    let beside = crl.signature_algorithm_der();
    let end = der
        .windows(beside.len())
        .rposition(|octets| octets == beside)
        .expect("the algorithm beside");
    let start = if der[1] & 0x80 == 0 {
        2
    } else {
        2 + usize::from(der[1] & 0x7f)
    };
    sha1_resigned(&der[start..end], beside, issuer)
}

fn sha1_resigned(tbs: &[u8], beside: &[u8], issuer: &Forged) -> Vec<u8> {
    let algorithm = super::der_writer::algorithm("1.2.840.113549.1.1.5", super::der_writer::null());
    let at = tbs
        .windows(beside.len())
        .position(|octets| octets == beside)
        .expect("the algorithm inside");
    // Both names of RSA with SHA-2 and SHA-1 have the same length, so that no length changes.
    assert_eq!(beside.len(), algorithm.len());
    let tbs = [&tbs[..at], &algorithm, &tbs[at + beside.len()..]].concat();
    let dir = super::TestDir::new();
    let (key, message) = (
        dir.write("key", pem("PRIVATE KEY", issuer.key.pkcs8())),
        dir.write("tbs", &tbs),
    );
    let signed = super::openssl(&["dgst", "-sha1", "-sign", &key, &message])
        .run()
        .ok();
    sequence(&[
        tbs,
        algorithm,
        tlv(3, &[&[0], signed.stdout_bytes.as_slice()].concat()),
    ])
}

/// These octets as the signed part, signed by `issuer`.
pub fn resigned(tbs: &[u8], issuer: &Forged) -> Vec<u8> {
    sign(
        &issuer.key,
        tbs,
        issuer.key.signature_algorithm().identifier_der(),
    )
}
