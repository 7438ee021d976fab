//! Making a certification request (PKCS #10, RFC 2986 §4).

use der::asn1::{Any, SetOfVec};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode, Sequence};
use x509_cert::attr::Attribute;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, SubjectAltName};

use super::encode::{encode_name, extension, sign};
use super::issue::encode_constraints;
use super::oid;
use super::{CertificateRequest, DistinguishedName, GeneralName, IssueError, KeyUsage, NameConstraints};
use crate::key::Signer;

/// Everything that a request asks for, apart from the key.
pub struct RequestTemplate<'a> {
    /// The subject; may be empty when there are subject alternative names.
    pub subject: &'a DistinguishedName,
    /// The requested subjectAltName; critical when the subject is empty (RFC 5280 §4.2.1.6).
    pub names: &'a [GeneralName],
    /// Set when the request is for a CA certificate: what it should contain.
    pub authority: Option<AuthorityWish>,
}

/// What a request for a CA certificate asks for beyond keyUsage keyCertSign and cRLSign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthorityWish {
    /// pathLenConstraint: how many intermediate CAs may follow.
    pub path_len: Option<u8>,
    /// Name constraints.
    pub constraints: Option<NameConstraints>,
}

/// CertificationRequestInfo, RFC 2986 §4.1. The name and the key are carried as they are.
#[derive(Sequence)]
struct RequestInfo {
    version: u8,
    subject: Any,
    subject_public_key_info: Any,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    attributes: SetOfVec<Attribute>,
}

/// Signs a request with the private key that matches its public key (RFC 2986 §4.2), and returns it parsed.
///
/// # Errors
/// [`IssueError::Encoding`], also for a name of a kind that gsec only shows; [`IssueError::Key`].
pub fn build_request(
    template: &RequestTemplate<'_>,
    key: &dyn Signer,
) -> Result<CertificateRequest, IssueError> {
    let info = RequestInfo {
        version: 0,
        subject: Any::from_der(template.subject.der())?,
        subject_public_key_info: Any::from_der(key.public_key().spki())?,
        attributes: attributes(template)?,
    };
    Ok(CertificateRequest::from_der(&sign(info.to_der()?, key)?)?)
}

/// The attributes field is mandatory, even when it is empty (RFC 2986 §4.1).
fn attributes(template: &RequestTemplate<'_>) -> Result<SetOfVec<Attribute>, der::Error> {
    let extensions = extensions(template)?;
    let mut attributes = SetOfVec::new();
    if !extensions.is_empty() {
        let values = SetOfVec::from_iter([Any::encode_from(&extensions)?])?;
        attributes.insert(Attribute {
            oid: ObjectIdentifier::new_unwrap(oid::EXTENSION_REQUEST),
            values,
        })?;
    }
    Ok(attributes)
}

fn extensions(template: &RequestTemplate<'_>) -> Result<Vec<Extension>, der::Error> {
    let mut list = Vec::new();
    if let Some(authority) = &template.authority {
        list.push(extension(
            true,
            &BasicConstraints {
                ca: true,
                path_len_constraint: authority.path_len,
            },
        )?);
        list.push(extension(true, &KeyUsage::OF_AUTHORITY.encoded())?);
        if let Some(constraints) = &authority.constraints {
            list.push(extension(true, &encode_constraints(constraints)?)?);
        }
    }
    if !template.names.is_empty() {
        let names = template.names.iter().map(encode_name).collect::<Result<_, _>>()?;
        list.push(extension(template.subject.is_empty(), &SubjectAltName(names))?);
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{KeyAlgorithm, PrivateKey, RsaBits, SignatureCheck};
    use crate::x509::{AttributeKind, NameAttribute, NameParts};
    use x509_parser::certification_request::X509CertificationRequest;
    use x509_parser::prelude::FromDer;

    fn subject(text: &str) -> DistinguishedName {
        DistinguishedName::build(&NameParts::new(
            NameAttribute::parse(AttributeKind::CommonName, text).ok(),
        ))
        .expect("name")
    }

    fn request(
        subject: &DistinguishedName,
        names: &[&str],
        authority: Option<AuthorityWish>,
    ) -> CertificateRequest {
        let names: Vec<_> = names
            .iter()
            .map(|name| GeneralName::parse_san(name).expect("name"))
            .collect();
        let key = PrivateKey::generate(KeyAlgorithm::P384).expect("key");
        build_request(
            &RequestTemplate {
                subject,
                names: &names,
                authority,
            },
            &key,
        )
        .expect("request")
    }

    /// subjectAltName, and whether it is critical.
    fn has_names(request: &CertificateRequest, critical: bool) -> bool {
        let start: &[u8] = if critical {
            &[6, 3, 0x55, 0x1d, 17, 1, 1, 0xff, 4]
        } else {
            &[6, 3, 0x55, 0x1d, 17, 4]
        };
        request.der().windows(start.len()).any(|bytes| bytes == start)
    }

    #[test]
    fn a_host_asks_for_names() {
        let request = request(
            &subject("db1.example.com"),
            &[
                "dns:db1.example.com",
                "ip:10.0.0.1",
                "email:a@b.example",
                "uri:spiffe://a/b",
            ],
            None,
        );
        let names: Vec<_> = request.names().iter().map(ToString::to_string).collect();
        assert_eq!(
            names,
            [
                "dns:db1.example.com",
                "ip:10.0.0.1",
                "email:a@b.example",
                "uri:spiffe://a/b"
            ]
        );
        assert_eq!(request.wishes(), ["subject CN=db1.example.com"]);
        assert_eq!(request.verify_possession(), SignatureCheck::Good);
        assert!(has_names(&request, false) && !request.asks_for_authority());
    }

    #[test]
    fn names_are_critical_without_a_subject() {
        let request = request(&subject(""), &["dns:db1.example.com"], None);
        assert!(request.subject().is_empty() && has_names(&request, true));
    }

    #[test]
    fn a_ca_asks_for_authority() {
        let request = request(
            &subject("Issuing CA"),
            &[],
            Some(AuthorityWish {
                path_len: Some(0),
                constraints: None,
            }),
        );
        assert_eq!(
            request.wishes(),
            [
                "subject CN=Issuing CA",
                "basicConstraints CA:TRUE, pathlen:0",
                "keyUsage keyCertSign, cRLSign"
            ]
        );
        assert!(request.asks_for_authority());
    }

    #[test]
    fn nothing_asked_for_is_no_attribute() {
        let request = request(&subject("x"), &[], None);
        let (_, read) = X509CertificationRequest::from_der(request.der()).expect("x509-parser");
        assert!(read.certification_request_info.attributes().is_empty());
    }

    #[test]
    fn every_key_proves_possession() {
        for algorithm in [
            KeyAlgorithm::Rsa(RsaBits::B2048),
            KeyAlgorithm::P256,
            KeyAlgorithm::P521,
            KeyAlgorithm::Ed25519,
        ] {
            let key = PrivateKey::generate(algorithm).expect("key");
            let request = build_request(
                &RequestTemplate {
                    subject: &subject("x"),
                    names: &[],
                    authority: None,
                },
                &key,
            )
            .expect("request");
            assert_eq!(request.verify_possession(), SignatureCheck::Good, "{algorithm}");
        }
    }
}
