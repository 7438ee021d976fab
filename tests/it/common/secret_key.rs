//! A private key that must not show, and what to look for where it must not.

use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::pem;
use gsec_pki::key::{KeyAlgorithm, PrivateKey};

use super::Outcome;

/// Octets in a row that nothing else has by chance, and a multiple of three, so that base64 has them as whole characters.
const WINDOW: usize = 9;

/// A key on P-256, and its password.
pub struct SecretKey {
    pub pkcs8: Vec<u8>,
    pub password: &'static str,
}

impl SecretKey {
    pub fn generate(password: &'static str) -> Self {
        SecretKey {
            pkcs8: PrivateKey::generate(KeyAlgorithm::P256)
                .expect("a key")
                .pkcs8()
                .to_vec(),
            password,
        }
    }

    pub fn pem(&self) -> String {
        pem::encode(pem::PRIVATE_KEY, &self.pkcs8)
    }

    /// The secret number: what stands in the OCTET STRING after the version of ECPrivateKey (RFC 5915 section 3).
    fn secret(&self) -> &[u8] {
        const BEFORE: [u8; 5] = [2, 1, 1, 4, 32];
        let start = self
            .pkcs8
            .windows(BEFORE.len())
            .position(|octets| octets == BEFORE)
            .expect("ECPrivateKey")
            + BEFORE.len();
        &self.pkcs8[start..start + 32]
    }

    /// Asserts that neither password nor key was printed, be it in hexadecimal, base64, as numbers or as it is.
    #[track_caller]
    pub fn is_kept(&self, outcome: Outcome) -> Outcome {
        for stream in [&outcome.stdout_bytes, &outcome.stderr_bytes] {
            let holds = |wanted: &[u8]| stream.windows(wanted.len()).any(|octets| octets == wanted);
            assert!(
                !holds(self.password.as_bytes()),
                "the password is printed by {outcome}"
            );
            for octets in self.secret().windows(WINDOW) {
                assert!(
                    !self.ways_to_show(octets).iter().any(|shown| holds(shown)),
                    "octets of the key are printed by {outcome}"
                );
            }
        }
        outcome
    }

    fn ways_to_show(&self, octets: &[u8]) -> [Vec<u8>; 7] {
        let numbers: Vec<String> = octets.iter().map(u8::to_string).collect();
        let in_pem = pem::encode("X", octets);
        let base64 = in_pem.lines().nth(1).expect("one line");
        let texts = [
            encode(octets, Separator::None),
            encode(octets, Separator::None).to_uppercase(),
            encode(octets, Separator::Colon),
        ];
        let [lower, upper, colons] = texts.map(String::into_bytes);
        let lower_colons = colons.to_ascii_lowercase();
        [
            octets.to_vec(),
            lower,
            upper,
            colons,
            lower_colons,
            numbers.join(", ").into_bytes(),
            base64.as_bytes().to_vec(),
        ]
    }
}
