//! What clients ask of accounts (RFC 8555 §7.3).

use gsec_pki::encoding::visible::shortened;
use gsec_pki::x509::GeneralName;
use thiserror::Error;

use super::eab::Binding;
use super::json::Object;
use super::jws::Verified;
use super::problem::{Problem, ProblemType};

/// The most contacts of an account.
pub const MAX_CONTACTS: usize = 10;

/// What is wrong with a contact.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum ContactFault {
    /// Too many of them.
    #[error("there are {0} contacts, and the maximum is 10")]
    TooMany(usize),
    /// A URL of another scheme than `mailto`; shortened.
    #[error(
        "the contact `{0}` is not supported: this server takes e-mail addresses, as in `mailto:admin@example.com`"
    )]
    Scheme(String),
    /// Not a URL at all; shortened.
    #[error("the contact `{0}` is not a URL: an e-mail address is written as `mailto:admin@example.com`")]
    NotUrl(String),
    /// Headers of a message after the address (RFC 8555 §7.3).
    #[error("the contact `{0}` has header fields after the address, which are not allowed")]
    HeaderFields(String),
    /// Not exactly one e-mail address.
    #[error("the contact `{0}` is not one e-mail address of the form `mailto:name@example.com` in ASCII")]
    Address(String),
}

impl From<ContactFault> for Problem {
    fn from(fault: ContactFault) -> Self {
        let kind = match fault {
            ContactFault::Scheme(_) => ProblemType::UnsupportedContact,
            _ => ProblemType::InvalidContact,
        };
        Self::new(kind, fault.to_string())
    }
}

/// What newAccount asks for (RFC 8555 §7.3).
#[derive(Debug)]
pub struct NewAccount {
    /// URLs, each `mailto:` with one address.
    pub contacts: Vec<String>,
    /// Whether the client says that it agrees to the terms of service.
    pub agrees_to_terms: bool,
    /// Whether an account of this key is only to be found, and none to be made (§7.3.1).
    pub only_existing: bool,
    /// The external account binding, not verified.
    pub binding: Option<Binding>,
}

impl NewAccount {
    /// Reads the content of a newAccount request. What else it has is ignored.
    ///
    /// # Errors
    /// `malformed`, `invalidContact`, `unsupportedContact`.
    pub fn read(content: &[u8]) -> Result<Self, Problem> {
        let object = Object::read(content)?;
        let binding = object.object("externalAccountBinding")?;
        Ok(Self {
            contacts: contacts(&object)?.unwrap_or_default(),
            agrees_to_terms: object.flag("termsOfServiceAgreed")?.unwrap_or_default(),
            only_existing: object.flag("onlyReturnExisting")?.unwrap_or_default(),
            binding: binding.as_ref().map(Binding::read).transpose()?,
        })
    }
}

/// What a client asks of its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountRequest {
    /// To see it.
    Look,
    /// To change what is given; nothing is no change, and other fields and states are ignored (RFC 8555 §7.3.2).
    Update {
        /// These contacts, and no others.
        contacts: Option<Vec<String>>,
        /// It agrees to the terms of service (§7.3.3).
        agrees_to_terms: bool,
    },
    /// To deactivate it (§7.3.6).
    Deactivate,
}

impl AccountRequest {
    /// Reads a request to the URL of an account.
    ///
    /// # Errors
    /// `malformed`, `invalidContact`, `unsupportedContact`.
    pub fn read(request: &Verified) -> Result<Self, Problem> {
        if request.is_post_as_get() {
            return Ok(Self::Look);
        }
        let object = Object::read(request.content()?)?;
        if object.text("status") == Ok(Some("deactivated")) {
            return Ok(Self::Deactivate);
        }
        Ok(Self::Update {
            contacts: contacts(&object)?,
            agrees_to_terms: object.flag("termsOfServiceAgreed")?.unwrap_or_default(),
        })
    }
}

fn contacts(object: &Object) -> Result<Option<Vec<String>>, Problem> {
    let Some(urls) = object.texts("contact")? else {
        return Ok(None);
    };
    if urls.len() > MAX_CONTACTS {
        return Err(ContactFault::TooMany(urls.len()).into());
    }
    let read: Result<Vec<String>, ContactFault> = urls.into_iter().map(contact).collect();
    Ok(Some(read?))
}

/// One contact, its scheme in lower case.
fn contact(url: &str) -> Result<String, ContactFault> {
    let quoted = || shortened(url);
    let (scheme, address) = url
        .split_once(':')
        .ok_or_else(|| ContactFault::NotUrl(quoted()))?;
    if !scheme.eq_ignore_ascii_case("mailto") {
        return Err(ContactFault::Scheme(quoted()));
    }
    if address.contains(['?', '#']) {
        return Err(ContactFault::HeaderFields(quoted()));
    }
    match GeneralName::parse_san(&format!("email:{address}")) {
        Ok(GeneralName::Email(read)) if read.len() == address.len() => Ok(format!("mailto:{address}")),
        _ => Err(ContactFault::Address(quoted())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::jws::Jws;
    use crate::acme::samples::{BOUND_BY_PYTHON, Client, NEW_ACCOUNT};
    use serde_json::json;

    fn read(content: &str) -> Result<NewAccount, Problem> {
        NewAccount::read(content.as_bytes())
    }

    fn look(payload: &str) -> Result<AccountRequest, Problem> {
        let client = Client::new();
        let jws = client.sign(&client.header_with_key(), payload).to_string();
        let unverified = Jws::parse(jws.as_bytes()).expect("a JWS");
        AccountRequest::read(&unverified.verify(client.jwk().public_key()).expect("verified"))
    }

    #[test]
    fn a_new_account_says_what_it_wants() {
        let account = read(NEW_ACCOUNT).expect("a request");
        assert_eq!(account.contacts, ["mailto:admin@example.com"]);
        assert!(account.agrees_to_terms && !account.only_existing && account.binding.is_none());
        let account = read("{}").expect("a request");
        assert!(account.contacts.is_empty() && !account.agrees_to_terms);
        assert!(
            read(r#"{"onlyReturnExisting":true,"status":"valid","orders":1}"#)
                .expect("a request")
                .only_existing
        );
        let with_binding = format!(r#"{{"externalAccountBinding":{}}}"#, BOUND_BY_PYTHON[0]);
        let binding = read(&with_binding)
            .expect("a request")
            .binding
            .expect("a binding");
        assert_eq!(binding.key_id(), "kid-1");
    }

    #[test]
    fn what_is_not_as_it_must_be_is_malformed() {
        for content in [
            "",
            "[]",
            r#"{"contact":"mailto:a@b.example"}"#,
            r#"{"contact":[1]}"#,
            r#"{"termsOfServiceAgreed":"true"}"#,
            r#"{"onlyReturnExisting":1}"#,
            r#"{"externalAccountBinding":"e30.e30.e30"}"#,
            r#"{"externalAccountBinding":{}}"#,
            r#"{"onlyReturnExisting":true,"onlyReturnExisting":false}"#,
        ] {
            assert_eq!(
                read(content).expect_err(content).kind(),
                ProblemType::Malformed,
                "{content}"
            );
        }
    }

    #[test]
    fn contacts_are_single_addresses() {
        for (contact, kind) in [
            ("mailto:admin@example.com", None),
            ("MailTo:a.b+c@sub.example.com", None),
            ("mailto:a%2Bb@example.com", None),
            ("tel:+49123", Some(ProblemType::UnsupportedContact)),
            ("https://example.com/", Some(ProblemType::UnsupportedContact)),
            ("admin@example.com", Some(ProblemType::InvalidContact)),
            ("", Some(ProblemType::InvalidContact)),
            ("mailto:", Some(ProblemType::InvalidContact)),
            ("mailto:admin", Some(ProblemType::InvalidContact)),
            ("mailto:@example.com", Some(ProblemType::InvalidContact)),
            (
                "mailto:a@example.com,b@example.com",
                Some(ProblemType::InvalidContact),
            ),
            (
                "mailto:a@example.com?subject=x",
                Some(ProblemType::InvalidContact),
            ),
            ("mailto:a?bcc=b@example.com", Some(ProblemType::InvalidContact)),
            ("mailto:a@example.com#x", Some(ProblemType::InvalidContact)),
            ("mailto:a@b@example.com", Some(ProblemType::InvalidContact)),
            ("mailto:a@example.com ", Some(ProblemType::InvalidContact)),
            ("mailto: a@example.com", Some(ProblemType::InvalidContact)),
            ("mailto:a b@example.com", Some(ProblemType::InvalidContact)),
            (
                "mailto:a@example.com\r\nBcc: b@example.com",
                Some(ProblemType::InvalidContact),
            ),
            ("mailto:ä@example.com", Some(ProblemType::InvalidContact)),
        ] {
            let found = read(&json!({"contact": [contact]}).to_string());
            assert_eq!(found.as_ref().err().map(Problem::kind), kind, "{contact}");
        }
        let many = json!({"contact": vec!["mailto:a@b.example"; MAX_CONTACTS + 1]}).to_string();
        assert_eq!(read(&many).expect_err("many").kind(), ProblemType::InvalidContact);
    }

    #[test]
    fn an_account_is_looked_at_changed_or_deactivated() {
        let update = |contacts, agrees_to_terms| AccountRequest::Update {
            contacts,
            agrees_to_terms,
        };
        assert_eq!(look(""), Ok(AccountRequest::Look));
        assert_eq!(look("{}"), Ok(update(None, false)));
        assert_eq!(
            look(r#"{"contact":[],"termsOfServiceAgreed":true}"#),
            Ok(update(Some(Vec::new()), true))
        );
        assert_eq!(
            look(r#"{"status":"deactivated"}"#),
            Ok(AccountRequest::Deactivate)
        );
        for status in [json!("revoked"), json!("valid"), json!("Deactivated"), json!(1)] {
            assert_eq!(
                look(&json!({"status": status, "orders": "x"}).to_string()),
                Ok(update(None, false))
            );
        }
    }
}
