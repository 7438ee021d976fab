//! Problem documents (RFC 9457) with the types of ACME (RFC 8555 §6.7): what a client gets that cannot have what it asked for.

use std::fmt;

use gsec_pki::encoding::visible::visible;
use serde::Serialize;
use serde::ser::Serializer;

use super::identifier_object::IdentifierObject;

/// The most characters of a detail: what a client sent may stand in it.
const MAX_DETAIL: usize = 1_000;
/// The most subproblems that a document has.
const MAX_SUBPROBLEMS: usize = 100;
/// In front of the name of every type.
const URN: &str = "urn:ietf:params:acme:error:";

/// The type of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemType {
    /// No account has this key, and none was to be made.
    AccountDoesNotExist,
    /// The certificate to be revoked is revoked.
    AlreadyRevoked,
    /// The certificate to be replaced has a successor (RFC 9773 §7.4).
    AlreadyReplaced,
    /// The CSR is not as it must be.
    BadCsr,
    /// The nonce is missing, used or too old: the client tries again with the one beside this answer.
    BadNonce,
    /// A key that is not accepted.
    BadPublicKey,
    /// A reason of revocation that is not accepted.
    BadRevocationReason,
    /// A signature algorithm that is not accepted; the document lists those that are.
    BadSignatureAlgorithm,
    /// CAA records forbid to issue.
    Caa,
    /// Several things are wrong: see the subproblems.
    Compound,
    /// The server could not connect to what it is to validate.
    Connection,
    /// A name could not be resolved.
    Dns,
    /// An account is made with an external account binding only.
    ExternalAccountRequired,
    /// What a challenge found is not what it must be.
    IncorrectResponse,
    /// A contact that is none.
    InvalidContact,
    /// A profile that there is not, or that the account may not have (draft-ietf-acme-profiles).
    InvalidProfile,
    /// The request is not as it must be.
    Malformed,
    /// The order is not ready to be finalized.
    OrderNotReady,
    /// Too many requests.
    RateLimited,
    /// A name for which this server does not issue to this account.
    RejectedIdentifier,
    /// Nothing is wrong with the request.
    ServerInternal,
    /// TLS failed while a challenge was tried.
    Tls,
    /// The client may not do this.
    Unauthorized,
    /// A contact of a kind that the server does not use.
    UnsupportedContact,
    /// An identifier of a kind that the server does not know.
    UnsupportedIdentifier,
    /// A person must do something first, at the address in `instance`.
    UserActionRequired,
}

impl ProblemType {
    /// Every type.
    pub const ALL: [Self; 26] = [
        Self::AccountDoesNotExist,
        Self::AlreadyRevoked,
        Self::AlreadyReplaced,
        Self::BadCsr,
        Self::BadNonce,
        Self::BadPublicKey,
        Self::BadRevocationReason,
        Self::BadSignatureAlgorithm,
        Self::Caa,
        Self::Compound,
        Self::Connection,
        Self::Dns,
        Self::ExternalAccountRequired,
        Self::IncorrectResponse,
        Self::InvalidContact,
        Self::InvalidProfile,
        Self::Malformed,
        Self::OrderNotReady,
        Self::RateLimited,
        Self::RejectedIdentifier,
        Self::ServerInternal,
        Self::Tls,
        Self::Unauthorized,
        Self::UnsupportedContact,
        Self::UnsupportedIdentifier,
        Self::UserActionRequired,
    ];

    /// Its name in the registry of RFC 8555 §9.7.4.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountDoesNotExist => "accountDoesNotExist",
            Self::AlreadyRevoked => "alreadyRevoked",
            Self::AlreadyReplaced => "alreadyReplaced",
            Self::BadCsr => "badCSR",
            Self::BadNonce => "badNonce",
            Self::BadPublicKey => "badPublicKey",
            Self::BadRevocationReason => "badRevocationReason",
            Self::BadSignatureAlgorithm => "badSignatureAlgorithm",
            Self::Caa => "caa",
            Self::Compound => "compound",
            Self::Connection => "connection",
            Self::Dns => "dns",
            Self::ExternalAccountRequired => "externalAccountRequired",
            Self::IncorrectResponse => "incorrectResponse",
            Self::InvalidContact => "invalidContact",
            Self::InvalidProfile => "invalidProfile",
            Self::Malformed => "malformed",
            Self::OrderNotReady => "orderNotReady",
            Self::RateLimited => "rateLimited",
            Self::RejectedIdentifier => "rejectedIdentifier",
            Self::ServerInternal => "serverInternal",
            Self::Tls => "tls",
            Self::Unauthorized => "unauthorized",
            Self::UnsupportedContact => "unsupportedContact",
            Self::UnsupportedIdentifier => "unsupportedIdentifier",
            Self::UserActionRequired => "userActionRequired",
        }
    }

    /// The status of HTTP that goes with it, where the situation asks for no other one.
    pub fn status(self) -> u16 {
        match self {
            Self::Caa
            | Self::ExternalAccountRequired
            | Self::IncorrectResponse
            | Self::OrderNotReady
            | Self::RejectedIdentifier
            | Self::Unauthorized
            | Self::UserActionRequired => 403,
            Self::AlreadyReplaced => 409,
            Self::RateLimited => 429,
            Self::ServerInternal => 500,
            _ => 400,
        }
    }
}

/// The name in the registry.
impl fmt::Display for ProblemType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl Serialize for ProblemType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{URN}{}", self.name()))
    }
}

/// A problem document. Its texts are safe to show on a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: ProblemType,
    detail: String,
    status: u16,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subproblems: Vec<Subproblem>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    algorithms: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
}

/// What is wrong with one of several things (RFC 8555 §6.7.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subproblem {
    #[serde(rename = "type")]
    kind: ProblemType,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<IdentifierObject>,
}

impl Problem {
    /// A problem with the status of its type. The detail is a sentence for the administrator of the client, without a full stop at its end; it
    /// may quote what the client sent.
    pub fn new(kind: ProblemType, detail: impl AsRef<str>) -> Self {
        Self {
            kind,
            detail: shown(detail.as_ref()),
            status: kind.status(),
            subproblems: Vec::new(),
            algorithms: &[],
            instance: None,
        }
    }

    /// With another status: 401 for an account that was deactivated (RFC 8555 §7.3.6), 405 for a method, 409 for a key in use (§7.3.5).
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// With the algorithms that the server accepts (RFC 8555 §6.2).
    #[must_use]
    pub fn with_algorithms(self, algorithms: &'static [&'static str]) -> Self {
        Self { algorithms, ..self }
    }

    /// With the address where a person finds what is to be done (RFC 8555 §7.3.3).
    #[must_use]
    pub fn with_instance(self, url: &str) -> Self {
        Self {
            instance: Some(shown(url)),
            ..self
        }
    }

    /// With what is wrong with each of several things; the first hundred of them.
    #[must_use]
    pub fn with_subproblems(self, subproblems: impl IntoIterator<Item = Subproblem>) -> Self {
        Self {
            subproblems: subproblems.into_iter().take(MAX_SUBPROBLEMS).collect(),
            ..self
        }
    }

    /// Its type.
    pub fn kind(&self) -> ProblemType {
        self.kind
    }

    /// The sentence.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The status of HTTP.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// What is wrong with each of several things.
    pub fn subproblems(&self) -> &[Subproblem] {
        &self.subproblems
    }

    /// The address where a person finds what is to be done.
    pub fn instance(&self) -> Option<&str> {
        self.instance.as_deref()
    }

    /// The document, `application/problem+json`.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a problem has texts and numbers only")
    }
}

impl Subproblem {
    /// What is wrong with one identifier, or with something that is none.
    pub fn new(kind: ProblemType, detail: impl AsRef<str>, identifier: Option<IdentifierObject>) -> Self {
        Self {
            kind,
            detail: shown(detail.as_ref()),
            identifier,
        }
    }

    /// Its type.
    pub fn kind(&self) -> ProblemType {
        self.kind
    }

    /// The sentence.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The identifier that it is about.
    pub fn identifier(&self) -> Option<&IdentifierObject> {
        self.identifier.as_ref()
    }
}

/// Type and sentence.
impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.kind, self.detail)
    }
}

impl std::error::Error for Problem {}

fn shown(text: &str) -> String {
    let cut = text.char_indices().nth(MAX_DETAIL).map(|(end, _)| &text[..end]);
    match cut {
        Some(begin) => format!("{}…", visible(begin)),
        None => visible(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_what_is_there_and_nothing_else() {
        let plain = Problem::new(ProblemType::BadNonce, "the nonce was used");
        assert_eq!(
            plain.to_json(),
            r#"{"type":"urn:ietf:params:acme:error:badNonce","detail":"the nonce was used","status":400}"#
        );
        let name = IdentifierObject::new("dns", "a.example");
        let full = Problem::new(ProblemType::Compound, "two")
            .with_status(409)
            .with_algorithms(&["ES256"])
            .with_instance("https://ca.example/terms")
            .with_subproblems([Subproblem::new(ProblemType::Dns, "one", Some(name))]);
        let document: serde_json::Value = serde_json::from_str(&full.to_json()).expect("JSON");
        assert_eq!(
            document,
            serde_json::json!({
                "type": "urn:ietf:params:acme:error:compound", "detail": "two", "status": 409, "algorithms": ["ES256"],
                "instance": "https://ca.example/terms",
                "subproblems": [{
                    "type": "urn:ietf:params:acme:error:dns", "detail": "one", "identifier": {"type": "dns", "value": "a.example"}
                }],
            })
        );
    }

    /// The registry "ACME Error Types" as of RFC 8555 §9.7.4, RFC 9773 §7.4, and the draft of profiles.
    #[test]
    fn no_type_is_made_up() {
        let registered = [
            "accountDoesNotExist",
            "alreadyReplaced",
            "alreadyRevoked",
            "badCSR",
            "badNonce",
            "badPublicKey",
            "badRevocationReason",
            "badSignatureAlgorithm",
            "caa",
            "compound",
            "connection",
            "dns",
            "externalAccountRequired",
            "incorrectResponse",
            "invalidContact",
            "invalidProfile",
            "malformed",
            "orderNotReady",
            "rateLimited",
            "rejectedIdentifier",
            "serverInternal",
            "tls",
            "unauthorized",
            "unsupportedContact",
            "unsupportedIdentifier",
            "userActionRequired",
        ];
        for kind in ProblemType::ALL {
            assert!(registered.contains(&kind.name()), "{kind}");
        }
    }

    #[test]
    fn each_type_has_a_name_and_a_status_of_an_error() {
        let mut names: Vec<&str> = ProblemType::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ProblemType::ALL.len());
        for kind in ProblemType::ALL {
            assert!((400..=500).contains(&kind.status()), "{kind}");
        }
    }

    #[test]
    fn what_a_client_sent_is_shown_and_not_obeyed() {
        let problem = Problem::new(ProblemType::Malformed, "`\u{1b}[31m\u{202e}\r\n`");
        assert_eq!(problem.detail(), "`\\x1B[31m\\u{202E}\\x0D\\x0A`");
        let long = Problem::new(ProblemType::Malformed, "ä".repeat(5_000));
        assert_eq!(long.detail().chars().count(), MAX_DETAIL + 1);
        let subproblem = || Subproblem::new(ProblemType::Malformed, "\u{7}", None);
        let many = long.with_subproblems(std::iter::repeat_with(subproblem).take(1_000));
        assert_eq!(many.subproblems().len(), MAX_SUBPROBLEMS);
        assert_eq!(many.subproblems()[0].detail(), "\\x07");
    }
}
