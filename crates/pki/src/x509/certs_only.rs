//! Certificates in one file without a signature: "certs-only" PKCS #7 (RFC 5652 §5, RFC 5751 §3.8).

use der::asn1::{Any, ContextSpecific, ObjectIdentifier};
use der::{Encode, Sequence, Tag, TagMode, TagNumber};

use super::Certificate;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const CERTIFICATES: TagNumber = TagNumber(0);

/// ContentInfo, RFC 5652 §3.
#[derive(Sequence)]
struct ContentInfo {
    content_type: ObjectIdentifier,
    content: ContextSpecific<SignedData>,
}

/// SignedData, RFC 5652 §5.1, in which nothing is signed.
#[derive(Sequence)]
struct SignedData {
    version: u8,
    digest_algorithms: Any,
    content: Nothing,
    certificates: Any,
    signers: Any,
}

/// EncapsulatedContentInfo, RFC 5652 §5.2, without content.
#[derive(Sequence)]
struct Nothing {
    content_type: ObjectIdentifier,
}

/// The certificates as `application/pkcs7-mime`, in the order given: readers that take the first for the host's are told the truth.
pub fn certificates_only<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Vec<u8> {
    let ders: Vec<u8> = certificates
        .into_iter()
        .flat_map(|certificate| certificate.der())
        .copied()
        .collect();
    let set =
        |tag, content: Vec<u8>| Any::new(tag, content).expect("certificates are far shorter than DER allows");
    let implicit = Tag::ContextSpecific {
        constructed: true,
        number: CERTIFICATES,
    };
    let signed = SignedData {
        version: 1,
        digest_algorithms: set(Tag::Set, Vec::new()),
        content: Nothing { content_type: DATA },
        certificates: set(implicit, ders),
        signers: set(Tag::Set, Vec::new()),
    };
    let info = ContentInfo {
        content_type: SIGNED_DATA,
        content: ContextSpecific {
            tag_number: TagNumber(0),
            tag_mode: TagMode::Explicit,
            value: signed,
        },
    };
    info.to_der().expect("what was put together here has a DER form")
}
