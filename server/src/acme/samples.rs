//! Requests for tests: what Python's cryptography 50.0.2 signed, and what a key of the test signs.

use gsec_pki::key::{KeyAlgorithm, PrivateKey, Signer};
use gsec_pki::x509::{
    Certificate, DistinguishedName, EndEntityExtensions, ExtendedKeyUsage, GeneralName, IssueTemplate,
    Issuer, KeyUsage, NameParts, Role, SerialNumber, Validity, issue,
};
use serde_json::{Value, json};
use time::Duration;
use time::macros::datetime;

use super::algorithm::Algorithm;
use super::base64url;
use super::jwk::Jwk;

/// Where the requests below were sent.
pub(super) const URL: &str = "https://ca.example/acme/new-account";
/// The payload of each of [`SIGNED_BY_PYTHON`].
pub(super) const NEW_ACCOUNT: &str =
    r#"{"termsOfServiceAgreed": true, "contact": ["mailto:admin@example.com"]}"#;

/// A newAccount request in each algorithm, with the thumbprint of its key, which Python made as RFC 7638 says. The keys are gone.
pub(super) const SIGNED_BY_PYTHON: [(Algorithm, &str, &str); 5] = [
    (
        Algorithm::Es256,
        "RMeAdPc0-wS9vrHkP01zZk3QQaaqEMZ2KraJT2fEEkM",
        r#"{"protected":"eyJhbGciOiAiRVMyNTYiLCAiandrIjogeyJrdHkiOiAiRUMiLCAiY3J2IjogIlAtMjU2IiwgIngiOiAidXEtMk82YXY2bWh1aFBjc1J3V2c5aC1Xd3BLbkxBaU4ybHB6V2lhNnFLbyIsICJ5IjogImlSWGJnX0dvSVBXMHpoTUczbVNIQ1RRbkpPZ3Ezd0trUm41ZDRnR2VGejQifSwgIm5vbmNlIjogImJtOXVZMlUiLCAidXJsIjogImh0dHBzOi8vY2EuZXhhbXBsZS9hY21lL25ldy1hY2NvdW50In0","payload":"eyJ0ZXJtc09mU2VydmljZUFncmVlZCI6IHRydWUsICJjb250YWN0IjogWyJtYWlsdG86YWRtaW5AZXhhbXBsZS5jb20iXX0","signature":"zt_ODGB6-f6N-GNRYhMe3mrK3XbyOQ1MiRtFI8KRwNXQr-2bCBC9bphOlJ8jGedcCHLbx2QmzD2QMjz3WP2ggQ"}"#,
    ),
    (
        Algorithm::Es384,
        "p1NAGGZmRK5CeFXF1Dyf0FyDdEpI-IQYXY8GtKNztYc",
        r#"{"protected":"eyJhbGciOiAiRVMzODQiLCAiandrIjogeyJrdHkiOiAiRUMiLCAiY3J2IjogIlAtMzg0IiwgIngiOiAidWlFX01LWWNxSy1USU5MWWh3TlZzTW1oOWxqUGpKZXpic0k2azNjQ1JkZlFqcEVkQ1dCS1l1R1cxMnVDb3dUdiIsICJ5IjogImVwRXJKNmJDZlNnYlBocUV6NWRyVHJKREFGQmJxOVQ5Z20xdHg2Q0IxSGRDRWF3SDdmV2FJanI4UFFkN0tfUHQifSwgIm5vbmNlIjogImJtOXVZMlUiLCAidXJsIjogImh0dHBzOi8vY2EuZXhhbXBsZS9hY21lL25ldy1hY2NvdW50In0","payload":"eyJ0ZXJtc09mU2VydmljZUFncmVlZCI6IHRydWUsICJjb250YWN0IjogWyJtYWlsdG86YWRtaW5AZXhhbXBsZS5jb20iXX0","signature":"55qcqcd12ivFKlGobTJWcSHr6TQV5ZgVeJSeLpDMXtRsLxIqs0U-g4e54dSi6GLfA9yDEGJAEbr_heq4Lcc-6i2QayhAWIXJzRUFB6VVhTSnnPUAvANEf2KTKyAMbHEW"}"#,
    ),
    (
        Algorithm::Es512,
        "YEusKRbQbJ-jUrZ4wiSnN7R50BlIjhcXPZ3oejR9mfY",
        r#"{"protected":"eyJhbGciOiAiRVM1MTIiLCAiandrIjogeyJrdHkiOiAiRUMiLCAiY3J2IjogIlAtNTIxIiwgIngiOiAiQVR4d0QwVHB5VmMwbnZpYXk4bWtWRVRORFF4b2JSNUJEaWdiUmRqczkwU3Zia2d6LWMtTVZteHgtVWhyNXBYWTRqWEpSMUQ1dW1ZSUhoN2dON0lJQ3NzeCIsICJ5IjogIkFTOGtsVVF6X1MxUEJiXzVDV3VVRVBBX1A2TklyVkxHTUxOQlU3OTF5TnhvNnRuVjhNZXFlTnhsMl9raU9rZlMzU3dwS2JYQzFpVEs0b0o4UGQ5dEo3NWUifSwgIm5vbmNlIjogImJtOXVZMlUiLCAidXJsIjogImh0dHBzOi8vY2EuZXhhbXBsZS9hY21lL25ldy1hY2NvdW50In0","payload":"eyJ0ZXJtc09mU2VydmljZUFncmVlZCI6IHRydWUsICJjb250YWN0IjogWyJtYWlsdG86YWRtaW5AZXhhbXBsZS5jb20iXX0","signature":"AE4vh4R0gKgGhpgLZtU7SWEnBiBJpEtNURYQgmHm0hv8NaPV2_ErcubylFrn0tSkRoXbDt15lfq_cbdxDKczArreADYmb0sIx02y6s4nFzSoLOyu6kAio0wHPmw-8v3VuP8Lx9t8bEpumIAJPpul-yTv0g8NhNo6Ob1AG7G5z_I6simv"}"#,
    ),
    (
        Algorithm::Rs256,
        "sWdQTtVXwW4sVDhSn35Sa19B-F4azXYLuTAJ8rgtkE4",
        r#"{"protected":"eyJhbGciOiAiUlMyNTYiLCAiandrIjogeyJrdHkiOiAiUlNBIiwgIm4iOiAieklHTXQzVzYtaGFCcWpiclpOU1l1YnJqaURxVVk4bmYwQ0ZJS2xrV1dnOTFrYUd2R1ZBZ2hZNTlKZkNWbHc3ZGhxZkl6RFdqWmR0YkhzdXJ1dTMwWHVEaGtPSEtEWGU3RlhqeE1kVzNSN2pVM3I1TFUyc3ZqczNFTm5QbjlNbUFkQXVNVUFBYzNoalZBZUxqLXVRWHBBZXFCV1VvNjFRNV9BcE5IRkxubVR5ZUNGbWliRkVxVTQ5MHE3UWh5RjRlSDdIZTRLYzhubmRjQ01PYlpGV2drUDN3a1dkM0JEd3ZjMjlpWW1VZUU4eUZOeXUtR3kteWNQNUxTZUdPSmRCX1NWRkMwdm42anpfLTBraVVGUXlYdjhHem5semRRQVJzYXdyMXlHVHpQaXE5NzVoMzdsaUVkRVlZc1lncUlEOUFwQ0R1QXRyaWZUNVpQbHR2LWNKN25RIiwgImUiOiAiQVFBQiJ9LCAibm9uY2UiOiAiYm05dVkyVSIsICJ1cmwiOiAiaHR0cHM6Ly9jYS5leGFtcGxlL2FjbWUvbmV3LWFjY291bnQifQ","payload":"eyJ0ZXJtc09mU2VydmljZUFncmVlZCI6IHRydWUsICJjb250YWN0IjogWyJtYWlsdG86YWRtaW5AZXhhbXBsZS5jb20iXX0","signature":"ByUYz03JhqRrylE9RG8yUfJL75fY0cTReuiQzT0eqw2ew8-pejRRtKtSo5z8ihBi0yL5AAGo6b-WAjgLOaPlGom1Pn7CCJ61U1iH1d0yl0qNMIjGbSLAmsQLT9Ec7cM6KtWwjvNTUA1EthW6ibUrk4ckKKGSwhjK2uO9XTl3xNx6jDhSQEJAzlDIm_2kAh-63YvfQ6oyX7YTUABAy4CnX5CkP3ePk4rEh4KsoOdpD-p9LDPljNaWCGZCS8chn1_wiDM1YeIZ-pm5XPElJ0Kio16bGUaUG4BDqUjXlaLQBbqxucaEkDcfjtsIvGGlDfsKFuCHn-eKaZXw_U0adU60CA"}"#,
    ),
    (
        Algorithm::EdDsa,
        "OjxVnNtPPB3tf7fisO6YMKuRaeZgSaPQqG_dajdiJzM",
        r#"{"protected":"eyJhbGciOiAiRWREU0EiLCAiandrIjogeyJrdHkiOiAiT0tQIiwgImNydiI6ICJFZDI1NTE5IiwgIngiOiAiM2REQnRFNE9VRHVMck1iTDdyNGdiQzhwV0ZFRE1TSHZvdWdRY204dG02RSJ9LCAibm9uY2UiOiAiYm05dVkyVSIsICJ1cmwiOiAiaHR0cHM6Ly9jYS5leGFtcGxlL2FjbWUvbmV3LWFjY291bnQifQ","payload":"eyJ0ZXJtc09mU2VydmljZUFncmVlZCI6IHRydWUsICJjb250YWN0IjogWyJtYWlsdG86YWRtaW5AZXhhbXBsZS5jb20iXX0","signature":"OFabZWJAV631WSOt70KVKUaBkAAcwWLEx-T3Jo3d_dmZSaezoFOO7QlVV1LZm9H-5HF2lHqVt5K-wG2NNhJtDQ"}"#,
    ),
];

/// External account bindings for the key of RFC 8037 A.2, `kid` is `kid-1`; HMAC key 00 01 … 3f.
pub(super) const BOUND_BY_PYTHON: [&str; 3] = [
    r#"{"protected":"eyJhbGciOiAiSFMyNTYiLCAia2lkIjogImtpZC0xIiwgInVybCI6ICJodHRwczovL2NhLmV4YW1wbGUvYWNtZS9uZXctYWNjb3VudCJ9","payload":"eyJjcnYiOiAiRWQyNTUxOSIsICJrdHkiOiAiT0tQIiwgIngiOiAiMTFxWUFZS3hDcmZWU183VHlXUUhPZzdoY3ZQYXBpTWxyd0lhYVBjSFVSbyJ9","signature":"acgSxP8d1-LsgkcDYvjanUhwbayIy354GE3VOBn87rs"}"#,
    r#"{"protected":"eyJhbGciOiAiSFMzODQiLCAia2lkIjogImtpZC0xIiwgInVybCI6ICJodHRwczovL2NhLmV4YW1wbGUvYWNtZS9uZXctYWNjb3VudCJ9","payload":"eyJjcnYiOiAiRWQyNTUxOSIsICJrdHkiOiAiT0tQIiwgIngiOiAiMTFxWUFZS3hDcmZWU183VHlXUUhPZzdoY3ZQYXBpTWxyd0lhYVBjSFVSbyJ9","signature":"stf8ysjQo1vZD7IWmZDnHDrvsF2_fCv9nW5_ABYE0zmwsvRrwsasGPexxfFevTl3"}"#,
    r#"{"protected":"eyJhbGciOiAiSFM1MTIiLCAia2lkIjogImtpZC0xIiwgInVybCI6ICJodHRwczovL2NhLmV4YW1wbGUvYWNtZS9uZXctYWNjb3VudCJ9","payload":"eyJjcnYiOiAiRWQyNTUxOSIsICJrdHkiOiAiT0tQIiwgIngiOiAiMTFxWUFZS3hDcmZWU183VHlXUUhPZzdoY3ZQYXBpTWxyd0lhYVBjSFVSbyJ9","signature":"WXv0Tn4GLzZBBJPERuIqAsObou6ZcDCTOOB7irqDoo7EoUqClH3MpkOE80rWhkkdPNp01gBq3DqEPozyDiUhXw"}"#,
];

/// The public key of RFC 8037 A.2.
pub(super) const RFC_8037_KEY: &str =
    r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

/// A client with an Ed25519 key.
pub(super) struct Client {
    key: PrivateKey,
}

impl Client {
    pub(super) fn new() -> Self {
        let key = PrivateKey::generate(KeyAlgorithm::Ed25519).expect("a key");
        Self { key }
    }

    pub(super) fn key(&self) -> &PrivateKey {
        &self.key
    }

    pub(super) fn jwk(&self) -> Jwk {
        Jwk::of(self.key.public_key()).expect("a key of accounts")
    }

    /// The JWK as a value.
    pub(super) fn jwk_value(&self) -> Value {
        serde_json::from_str(self.jwk().canonical()).expect("JSON")
    }

    /// A header as newAccount has it.
    pub(super) fn header_with_key(&self) -> Value {
        json!({"alg": "EdDSA", "jwk": self.jwk_value(), "nonce": "bm9uY2U", "url": URL})
    }

    /// A JWS with this header and payload.
    pub(super) fn sign(&self, header: &Value, payload: &str) -> Value {
        self.sign_text(&header.to_string(), payload)
    }

    /// A JWS with a header that need not be JSON.
    pub(super) fn sign_text(&self, header: &str, payload: &str) -> Value {
        let protected = base64url::encode(header.as_bytes());
        let payload = base64url::encode(payload.as_bytes());
        let signature = self
            .key
            .sign(format!("{protected}.{payload}").as_bytes())
            .expect("a signature");
        json!({"protected": protected, "payload": payload, "signature": base64url::encode(&signature)})
    }
}

/// A certificate with this serial number that is valid for these days and an hour.
pub(super) fn certificate(serial: &[u8], days: i64) -> Certificate {
    let key = PrivateKey::generate(KeyAlgorithm::Ed25519).expect("a key");
    let begin = datetime!(2026-11-01 0:00 UTC);
    let end = begin + Duration::days(days) + Duration::hours(1);
    let nobody = DistinguishedName::build(&NameParts::new([])).expect("a name");
    let template = IssueTemplate {
        serial: &SerialNumber::from_magnitude(false, serial),
        validity: Validity::new(begin, end).expect("a validity"),
        subject: &nobody,
        public_key: key.public_key(),
        names: &[GeneralName::parse_san("dns:a.example").expect("a name")],
        role: Role::EndEntity(EndEntityExtensions {
            key_usage: KeyUsage::DIGITAL_SIGNATURE,
            extended_key_usage: &[ExtendedKeyUsage::ServerAuth],
            crl_addresses: &[],
            issuer_addresses: &[],
            ocsp_addresses: &[],
        }),
    };
    let issuer = Issuer {
        name: &nobody,
        key_identifier: Some(&[7; 20]),
        key: &key,
    };
    issue(&template, &issuer).expect("a certificate")
}
