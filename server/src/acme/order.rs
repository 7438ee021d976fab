//! What clients ask of orders and authorizations (RFC 8555 §7.4, §7.5; identifiers by RFC 8738).

use std::net::IpAddr;

use time::OffsetDateTime;

use super::certificate_id::CertificateId;
use super::identifier_object::IdentifierObject;
use super::json::{JsonFault, Object};
use super::jws::Verified;
use super::moment::Moment;
use super::problem::{Problem, ProblemType, Subproblem};
use crate::domain::Identifier;
use gsec_pki::encoding::visible::shortened;

/// The most identifiers of an order.
pub const MAX_IDENTIFIERS: usize = 100;
/// The most characters of a profile's name.
const MAX_PROFILE: usize = 64;

/// What newOrder asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// At least one and at most [`MAX_IDENTIFIERS`], none of them twice, in the order of the client.
    pub identifiers: Vec<Identifier>,
    /// When the certificate is to begin.
    pub not_before: Option<OffsetDateTime>,
    /// When it is to end; later than it begins.
    pub not_after: Option<OffsetDateTime>,
    /// The profile (draft-ietf-acme-profiles).
    pub profile: Option<String>,
    /// The certificate that it replaces (RFC 9773 §5).
    pub replaces: Option<CertificateId>,
}

impl NewOrder {
    /// Reads the content of a newOrder request. What else it has is ignored.
    ///
    /// # Errors
    /// `malformed`, `unsupportedIdentifier`, `invalidProfile`; of several identifiers that are refused, each has its subproblem.
    pub fn read(content: &[u8]) -> Result<Self, Problem> {
        let object = Object::read(content)?;
        let order = Self {
            identifiers: identifiers(&object)?,
            not_before: moment(&object, "notBefore")?,
            not_after: moment(&object, "notAfter")?,
            profile: profile(&object)?,
            replaces: replaces(&object)?,
        };
        match (order.not_before, order.not_after) {
            (Some(begin), Some(end)) if end <= begin => Err(Problem::new(
                ProblemType::Malformed,
                "`notAfter` is not later than `notBefore`",
            )),
            _ => Ok(order),
        }
    }
}

/// Reads the content of a newAuthz request: one identifier, and no wildcard (RFC 8555 §7.4.1).
///
/// # Errors
/// `malformed`, `unsupportedIdentifier`.
pub fn read_new_authorization(content: &[u8]) -> Result<Identifier, Problem> {
    let object = Object::read(content)?
        .object("identifier")?
        .ok_or(JsonFault::Missing("identifier"))?;
    let identifier = identifier(&object)?.map_err(|refused| together(vec![refused]))?;
    if identifier.is_wildcard() {
        return Err(Problem::new(
            ProblemType::Malformed,
            format!(
                "`{identifier}` is a wildcard, which cannot be authorized in advance: order a certificate for it"
            ),
        ));
    }
    Ok(identifier)
}

/// What a client asks of an authorization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizationRequest {
    /// To see it.
    Look,
    /// To deactivate it (RFC 8555 §7.5.2).
    Deactivate,
}

impl AuthorizationRequest {
    /// Reads a request to the URL of an authorization.
    ///
    /// # Errors
    /// `malformed`.
    pub fn read(request: &Verified) -> Result<Self, Problem> {
        if request.is_post_as_get() {
            return Ok(Self::Look);
        }
        match Object::read(request.content()?)?.expect_text("status")? {
            "deactivated" => Ok(Self::Deactivate),
            other => Err(Problem::new(
                ProblemType::Malformed,
                format!(
                    "a client can set the status of an authorization to `deactivated` only, not to `{}`",
                    shortened(other)
                ),
            )),
        }
    }
}

fn identifiers(object: &Object) -> Result<Vec<Identifier>, Problem> {
    let list = object
        .objects("identifiers")?
        .ok_or(JsonFault::Missing("identifiers"))?;
    if !(1..=MAX_IDENTIFIERS).contains(&list.len()) {
        return Err(Problem::new(
            ProblemType::Malformed,
            format!(
                "the order has {} identifiers: it must have 1 to {MAX_IDENTIFIERS}",
                list.len()
            ),
        ));
    }
    let (mut accepted, mut refused) = (Vec::new(), Vec::new());
    for object in &list {
        match identifier(object)? {
            Ok(identifier) if accepted.contains(&identifier) => {}
            Ok(identifier) => accepted.push(identifier),
            Err(subproblem) => refused.push(subproblem),
        }
    }
    if refused.is_empty() {
        Ok(accepted)
    } else {
        Err(together(refused))
    }
}

/// One problem of what is wrong with each; their type where they have one.
fn together(refused: Vec<Subproblem>) -> Problem {
    let kind = match refused.as_slice() {
        [first, rest @ ..] if rest.iter().all(|other| other.kind() == first.kind()) => first.kind(),
        _ => ProblemType::Compound,
    };
    let detail = match refused.as_slice() {
        [only] => only.detail().to_owned(),
        several => format!(
            "{} identifiers are not accepted: see the subproblems",
            several.len()
        ),
    };
    Problem::new(kind, detail).with_subproblems(refused)
}

/// One identifier, or why it is none.
fn identifier(object: &Object) -> Result<Result<Identifier, Subproblem>, JsonFault> {
    let (kind, value) = (object.expect_text("type")?, object.expect_text("value")?);
    let refused = |problem, reason: String| {
        let identifier = IdentifierObject::new(kind, value);
        let detail = format!("the identifier `{}` is not accepted: {reason}", shortened(value));
        Err(Subproblem::new(problem, detail, Some(identifier)))
    };
    Ok(match kind {
        "dns" => dns_identifier(value).or_else(|reason| refused(ProblemType::Malformed, reason)),
        "ip" => ip_identifier(value).or_else(|reason| refused(ProblemType::Malformed, reason)),
        other => {
            let reason = format!(
                "its type is `{}`, and this server knows `dns` and `ip`",
                shortened(other)
            );
            refused(ProblemType::UnsupportedIdentifier, reason)
        }
    })
}

/// RFC 8555 §7.1.4: as it would stand in a certificate, and A-labels that are some.
fn dns_identifier(value: &str) -> Result<Identifier, String> {
    if !value.is_ascii() {
        return Err("it must be written in ASCII: an internationalized name as its A-label, `xn--…`".into());
    }
    if value.ends_with('.') {
        return Err("it ends with a dot".into());
    }
    let identifier = Identifier::dns(value).map_err(|fault| fault.to_string())?;
    match &identifier {
        Identifier::Dns(name) if !name.has_proper_a_labels() => {
            Err("a label begins with `xn--` and encodes no internationalized name".into())
        }
        _ => Ok(identifier),
    }
}

/// RFC 8738 §3: the one form of RFC 1123 §2.1 or RFC 5952 §4. An IPv4 address in an IPv6 address is written as the IPv4 address.
fn ip_identifier(value: &str) -> Result<Identifier, String> {
    let address: IpAddr = value.parse().map_err(|_| "it is not an IP address".to_owned())?;
    let canonical = address.to_canonical();
    if canonical.to_string() == value {
        Ok(Identifier::Ip(canonical))
    } else {
        Err(format!("it must be written as `{canonical}`"))
    }
}

fn moment(object: &Object, name: &'static str) -> Result<Option<OffsetDateTime>, Problem> {
    let expected = "a time as in `2030-01-31T00:00:00Z` (RFC 3339)";
    let fault = JsonFault::Kind { name, expected };
    let moment = object
        .text(name)?
        .map(|text| Moment::parse(text).ok_or(fault))
        .transpose()?;
    Ok(moment.map(|moment| moment.0))
}

fn profile(object: &Object) -> Result<Option<String>, Problem> {
    match object.text("profile")? {
        Some(name) if name.is_empty() || name.len() > MAX_PROFILE => Err(Problem::new(
            ProblemType::InvalidProfile,
            format!("there is no profile `{}`", shortened(name)),
        )),
        name => Ok(name.map(str::to_owned)),
    }
}

fn replaces(object: &Object) -> Result<Option<CertificateId>, Problem> {
    let fault = JsonFault::Kind {
        name: "replaces",
        expected: "the identifier of a certificate (RFC 9773 §4.1)",
    };
    let text = object.text("replaces")?;
    Ok(text
        .map(|text| CertificateId::parse(text).ok_or(fault))
        .transpose()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::jws::Jws;
    use crate::acme::samples::Client;
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use time::macros::datetime;

    fn read(content: &Value) -> Result<NewOrder, Problem> {
        NewOrder::read(content.to_string().as_bytes())
    }

    fn dns(names: &[&str]) -> Value {
        let identifiers: Vec<Value> = names
            .iter()
            .map(|name| json!({"type": "dns", "value": name}))
            .collect();
        json!({"identifiers": identifiers})
    }

    /// What is read of one identifier, as text.
    fn one(kind: &str, value: &str) -> Result<String, ProblemType> {
        let order = read(&json!({"identifiers": [{"type": kind, "value": value}]}));
        order
            .map(|order| order.identifiers[0].to_string())
            .map_err(|problem| problem.kind())
    }

    #[test]
    fn an_order_says_what_it_wants() {
        let mut content = dns(&["a.example"]);
        content["notBefore"] = json!("2026-12-01T00:00:00.5+01:00");
        content["notAfter"] = json!("2026-12-02T00:00:00Z");
        content["profile"] = json!("server");
        content["replaces"] = json!("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
        content["more"] = json!(1);
        assert_eq!(
            read(&content),
            Ok(NewOrder {
                identifiers: vec![Identifier::dns("a.example").expect("a name")],
                not_before: Some(datetime!(2026-11-30 23:00 UTC)),
                not_after: Some(datetime!(2026-12-02 0:00 UTC)),
                profile: Some("server".into()),
                replaces: CertificateId::parse("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE"),
            })
        );
    }

    #[test]
    fn what_is_not_as_it_must_be_is_told() {
        use ProblemType::{InvalidProfile, Malformed};
        for (field, value, kind) in [
            ("notBefore", json!("tomorrow"), Malformed),
            ("notBefore", json!("2026-12-01"), Malformed),
            ("notBefore", json!(1), Malformed),
            ("notAfter", json!("0000-01-01T00:00:00Z"), Malformed),
            ("notAfter", json!("9999-12-31T23:59:59-23:59"), Malformed),
            ("notAfter", json!("2026-11-30T00:00:00Z"), Malformed),
            ("notAfter", json!("2026-11-29T00:00:00Z"), Malformed),
            ("profile", json!(""), InvalidProfile),
            ("profile", json!("x".repeat(65)), InvalidProfile),
            ("profile", json!(1), Malformed),
            ("replaces", json!("x"), Malformed),
            ("identifiers", json!([]), Malformed),
            ("identifiers", json!(null), Malformed),
            ("identifiers", json!(["a.example"]), Malformed),
            ("identifiers", json!([{"type": "dns"}]), Malformed),
        ] {
            let mut content = dns(&["a.example"]);
            content["notBefore"] = json!("2026-11-30T00:00:00Z");
            content[field] = value;
            assert_eq!(read(&content).expect_err(field).kind(), kind, "{content}");
        }
    }

    #[test]
    fn names_are_folded_and_counted() {
        let order = read(&dns(&["B.example", "a.example", "b.EXAMPLE", "*.a.example"])).expect("an order");
        let names: Vec<String> = order.identifiers.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["b.example", "a.example", "*.a.example"]);
        let many: Vec<String> = (0..=MAX_IDENTIFIERS)
            .map(|number| format!("a{number}.example"))
            .collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(
            read(&dns(&many[1..])).expect("an order").identifiers.len(),
            MAX_IDENTIFIERS
        );
        assert_eq!(
            read(&dns(&many)).expect_err("one more").kind(),
            ProblemType::Malformed
        );
    }

    #[test]
    fn identifiers_are_host_names_and_addresses_in_their_one_form() {
        use ProblemType::{Malformed, UnsupportedIdentifier};
        for (kind, value, read) in [
            ("dns", "db1", Ok("db1")),
            ("dns", "a_b.example", Ok("a_b.example")),
            ("dns", "*.Example.com", Ok("*.example.com")),
            ("dns", "xn--bcher-kva.example", Ok("xn--bcher-kva.example")),
            ("dns", "bücher.example", Err(Malformed)),
            ("dns", "xn--a.example", Err(Malformed)),
            ("dns", "example.com.", Err(Malformed)),
            ("dns", "10.0.0.1", Err(Malformed)),
            ("dns", "2001:db8::1", Err(Malformed)),
            ("dns", "*", Err(Malformed)),
            ("dns", "*.*.example.com", Err(Malformed)),
            ("dns", "a.*.example.com", Err(Malformed)),
            ("dns", "w*.example.com", Err(Malformed)),
            ("dns", "", Err(Malformed)),
            ("dns", "https://example.com", Err(Malformed)),
            ("dns", " example.com", Err(Malformed)),
            ("ip", "10.0.0.1", Ok("10.0.0.1")),
            ("ip", "2001:db8::1", Ok("2001:db8::1")),
            ("ip", "2001:DB8::1", Err(Malformed)),
            ("ip", "2001:db8:0:0::1", Err(Malformed)),
            ("ip", "::ffff:10.0.0.1", Err(Malformed)),
            ("ip", "010.0.0.1", Err(Malformed)),
            ("ip", "10.0.0.0/24", Err(Malformed)),
            ("ip", "fe80::1%eth0", Err(Malformed)),
            ("ip", "[2001:db8::1]", Err(Malformed)),
            ("ip", "example.com", Err(Malformed)),
            ("email", "a@example.com", Err(UnsupportedIdentifier)),
            ("DNS", "example.com", Err(UnsupportedIdentifier)),
        ] {
            assert_eq!(one(kind, value), read.map(str::to_owned), "{kind}:{value}");
        }
    }

    #[test]
    fn each_identifier_that_is_refused_has_a_subproblem() {
        let content = json!({"identifiers": [
            {"type": "dns", "value": "a.example"}, {"type": "dns", "value": "a..example"}, {"type": "email", "value": "\u{1b}[31m"}
        ]});
        let problem = read(&content).expect_err("a problem");
        assert_eq!(
            (problem.kind(), problem.subproblems().len()),
            (ProblemType::Compound, 2)
        );
        let kinds: Vec<ProblemType> = problem.subproblems().iter().map(Subproblem::kind).collect();
        assert_eq!(
            kinds,
            [ProblemType::Malformed, ProblemType::UnsupportedIdentifier]
        );
        assert!(!problem.to_json().contains("u001b"), "{}", problem.to_json());
        let problem = read(&dns(&["a..example", "*"])).expect_err("a problem");
        assert_eq!(
            (problem.kind(), problem.subproblems().len()),
            (ProblemType::Malformed, 2)
        );
    }

    #[test]
    fn an_authorization_in_advance_is_for_one_name_and_no_wildcard() {
        let read = |content: Value| read_new_authorization(content.to_string().as_bytes());
        let wanted = read(json!({"identifier": {"type": "ip", "value": "10.0.0.1"}}));
        assert_eq!(wanted.expect("an identifier").to_string(), "10.0.0.1");
        for content in [
            json!({"identifier": {"type": "dns", "value": "*.example.com"}}),
            json!({"identifier": {"type": "dns", "value": ""}}),
            json!({"identifiers": []}),
        ] {
            assert_eq!(
                read(content).expect_err("a problem").kind(),
                ProblemType::Malformed
            );
        }
    }

    #[test]
    fn an_authorization_is_looked_at_or_deactivated() {
        let client = Client::new();
        let read = |payload: &str| {
            let jws = client.sign(&client.header_with_key(), payload).to_string();
            let unverified = Jws::parse(jws.as_bytes()).expect("a JWS");
            AuthorizationRequest::read(&unverified.verify(client.jwk().public_key()).expect("verified"))
        };
        assert_eq!(read(""), Ok(AuthorizationRequest::Look));
        assert_eq!(
            read(r#"{"status":"deactivated"}"#),
            Ok(AuthorizationRequest::Deactivate)
        );
        for payload in ["{}", r#"{"status":"valid"}"#, r#"{"status":null}"#, "[]"] {
            assert_eq!(read(payload).expect_err(payload).kind(), ProblemType::Malformed);
        }
    }

    proptest! {
        #[test]
        fn no_values_panic(kind in "dns|ip|x", value in ".{0,80}", time in ".{0,30}") {
            let content = json!({"identifiers": [{"type": kind, "value": value}], "notAfter": time, "replaces": value, "profile": value});
            if let Err(problem) = read(&content) {
                prop_assert!((400..500).contains(&problem.status()));
            }
            let _ = one(&kind, &value);
        }
    }
}
