//! How a request for an OCSP answer comes (RFC 6960 Appendix A.1).

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use gsec_pki::x509::ocsp::MAX_REQUEST_BYTES;

/// What follows the responder's address may be so long: every byte of the base64 percent-encoded.
const MAX_PATH_BYTES: usize = MAX_REQUEST_BYTES * 4;

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

/// A request as HTTP brings it.
#[derive(Debug, Clone, Copy)]
pub enum Sent<'a> {
    /// GET: what follows the responder's address and a slash in the path, as it was sent: base64 of the request, percent-encoded or not.
    Get(&'a str),
    /// POST: the body.
    Post(&'a [u8]),
}

impl<'a> Sent<'a> {
    /// The request in DER; `None` where a path is no base64.
    pub(super) fn der(self) -> Option<Cow<'a, [u8]>> {
        match self {
            Self::Post(body) => Some(Cow::Borrowed(body)),
            Self::Get(path) => {
                let text = percent_decoded(path)?;
                // `+`, `/` and `=` are base64 here and nothing else; what `-` and `_` mean is no question either.
                let decoded = BASE64.decode(&text).or_else(|_| BASE64_URL.decode(&text));
                decoded.ok().map(Cow::Owned)
            }
        }
    }
}

/// RFC 3986 §2.1.
fn percent_decoded(path: &str) -> Option<Vec<u8>> {
    if path.len() > MAX_PATH_BYTES {
        return None;
    }
    let mut bytes = path.bytes();
    let mut text = Vec::with_capacity(path.len());
    while let Some(byte) = bytes.next() {
        text.push(match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high << 4 | low).ok()?
            }
            byte => byte,
        });
    }
    Some(text)
}
