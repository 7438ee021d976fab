//! What the holder of a domain says in CAA records about who may issue for it (RFC 8659), to which account, and how it is validated (RFC 8657).

use thiserror::Error;

/// What stands for a challenge in `validationmethods` where a grant has replaced the proof: a method of this CA's own (RFC 8657 §4).
pub const GRANTED_METHOD: &str = "ca-granted";

/// A CAA record as the DNS has it (RFC 8659 §4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaaRecord {
    /// Whether nothing may be issued by who does not know the property.
    pub is_critical: bool,
    /// The property; its case does not matter.
    pub tag: String,
    /// Its value.
    pub value: Vec<u8>,
}

/// Who asks to issue what.
#[derive(Debug, Clone, Copy)]
pub struct CaaAsking<'a> {
    /// The issuer domain names of this CA, in lower case.
    pub issuers: &'a [String],
    /// Whether it is for a wildcard.
    pub is_wildcard: bool,
    /// The URLs of the account, each of which means it in `accounturi`.
    pub account_urls: &'a [String],
    /// How control was validated, as it stands in `validationmethods`.
    pub method: &'a str,
}

/// Why CAA records do not let this CA issue. Nothing of what they say is in it but how many they are.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CaaRefused {
    /// A property that this CA does not know is critical (RFC 8659 §4.5).
    #[error("one of them is critical, and has a property that this CA does not know")]
    Critical,
    /// None of the records names this CA.
    #[error(
        "none of them ({found} of property `{property}`) names {}",
        issuers.join(" or ")
    )]
    Issuer {
        /// `issue` or `issuewild`.
        property: &'static str,
        /// How many records of this property there are.
        found: usize,
        /// The names of this CA.
        issuers: Vec<String>,
    },
    /// Those that name this CA have another `accounturi`, or several.
    #[error("those that name this CA have another account in `accounturi`")]
    Account,
    /// Those that name this CA and the account leave out how control was validated.
    #[error("those that name this CA do not have `{0}` in `validationmethods`")]
    Method(String),
}

/// Whether the CAA records of a name, of which there are some, let this CA issue (RFC 8659 §3, §4). One that does suffices.
///
/// # Errors
/// [`CaaRefused`]: of several records, what is wrong with the one that comes closest.
pub fn may_issue(records: &[CaaRecord], asking: &CaaAsking<'_>) -> Result<(), CaaRefused> {
    let known = ["issue", "issuewild", "iodef"];
    let is_known = |record: &CaaRecord| known.iter().any(|tag| record.has(tag));
    if records
        .iter()
        .any(|record| record.is_critical && !is_known(record))
    {
        return Err(CaaRefused::Critical);
    }
    let is_for_wildcards = asking.is_wildcard && records.iter().any(|record| record.has("issuewild"));
    let property = if is_for_wildcards { "issuewild" } else { "issue" };
    let restricting: Vec<&CaaRecord> = records.iter().filter(|record| record.has(property)).collect();
    if restricting.is_empty() {
        return Ok(());
    }
    let own: Vec<Issue<'_>> = restricting
        .iter()
        .filter_map(|record| Issue::parse(&record.value))
        .filter(|issue| issue.is_by(asking.issuers))
        .collect();
    if own.is_empty() {
        return Err(CaaRefused::Issuer {
            property,
            found: restricting.len(),
            issuers: asking.issuers.to_vec(),
        });
    }
    let of_account: Vec<Issue<'_>> = own
        .into_iter()
        .filter(|issue| issue.is_for_account(asking.account_urls))
        .collect();
    if of_account.is_empty() {
        return Err(CaaRefused::Account);
    }
    match of_account.iter().any(|issue| issue.has_method(asking.method)) {
        true => Ok(()),
        false => Err(CaaRefused::Method(asking.method.to_owned())),
    }
}

impl CaaRecord {
    fn has(&self, tag: &str) -> bool {
        self.tag.eq_ignore_ascii_case(tag)
    }
}

/// The value of `issue` and `issuewild` (RFC 8659 §4.2).
struct Issue<'a> {
    /// Empty: nobody.
    issuer: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
}

/// White space of RFC 5234.
const WSP: [char; 2] = [' ', '\t'];

impl<'a> Issue<'a> {
    /// `None` for what is not of this form: it names nobody.
    fn parse(value: &'a [u8]) -> Option<Self> {
        let mut parts = std::str::from_utf8(value).ok()?.split(';');
        let issuer = parts.next()?.trim_matches(WSP);
        if !issuer.is_empty() && !issuer.split('.').all(is_label) {
            return None;
        }
        let parts: Vec<&str> = parts.map(|part| part.trim_matches(WSP)).collect();
        let parameters = match parts.as_slice() {
            [""] => Vec::new(),
            parts => parts.iter().copied().map(parameter).collect::<Option<_>>()?,
        };
        Some(Self { issuer, parameters })
    }

    fn is_by(&self, issuers: &[String]) -> bool {
        issuers
            .iter()
            .any(|issuer| issuer.eq_ignore_ascii_case(self.issuer))
    }

    /// RFC 8657 §3.
    fn is_for_account(&self, urls: &[String]) -> bool {
        match self.values("accounturi").as_slice() {
            [] => true,
            [url] => urls.iter().any(|own| own == url),
            _ => false,
        }
    }

    /// RFC 8657 §4; several of them name none.
    fn has_method(&self, method: &str) -> bool {
        match self.values("validationmethods").as_slice() {
            [] => true,
            [methods] => methods.split(',').any(|one| one == method),
            _ => false,
        }
    }

    fn values(&self, tag: &str) -> Vec<&'a str> {
        let found = self
            .parameters
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(tag));
        found.map(|(_, value)| *value).collect()
    }
}

/// Letters and digits, with hyphens between them.
fn is_label(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && !text.starts_with('-') && !text.ends_with('-') && text.bytes().all(is_inner)
}

fn parameter(text: &str) -> Option<(&str, &str)> {
    let (tag, value) = text.split_once('=')?;
    let (tag, value) = (tag.trim_end_matches(WSP), value.trim_start_matches(WSP));
    (is_label(tag) && value.bytes().all(|byte| byte.is_ascii_graphic())).then_some((tag, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "https://ca1.example.net:8443/acme/account/a";
    const OTHER: &str = "https://ca1.example.net:8443/acme/account/b";

    /// `TAG VALUE`, with a `!` before it where it is critical.
    fn record(text: &str) -> CaaRecord {
        let (is_critical, rest) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (tag, value) = rest.split_once(' ').expect("a tag and a value");
        CaaRecord {
            is_critical,
            tag: tag.into(),
            value: value.into(),
        }
    }

    fn decided(records: &[&str], is_wildcard: bool, method: &str) -> Result<(), CaaRefused> {
        let records: Vec<CaaRecord> = records.iter().map(|text| record(text)).collect();
        let asking = CaaAsking {
            issuers: &["ca1.example.net".into(), "pki.example.net".into()],
            is_wildcard,
            account_urls: &[ACCOUNT.into(), "https://10.0.0.1:8443/acme/account/a".into()],
            method,
        };
        may_issue(&records, &asking)
    }

    fn names(records: &[&str]) -> Result<(), CaaRefused> {
        decided(records, false, "http-01")
    }

    fn nobody(property: &'static str, found: usize) -> Result<(), CaaRefused> {
        Err(CaaRefused::Issuer {
            property,
            found,
            issuers: vec!["ca1.example.net".into(), "pki.example.net".into()],
        })
    }

    #[test]
    fn one_record_that_names_this_ca_suffices() {
        for records in [
            &["issue ca1.example.net"][..],
            &["issue ca2.example.org", "issue ca1.example.net"],
            &["issue ;", "issue pki.example.net"],
            &["ISSUE CA1.Example.NET"],
            &["issue  \tca1.example.net \t"],
            &["issue ca1.example.net;"],
            &["issue ca1.example.net ; "],
            &["issue ca1.example.net; account=230123"],
            &["!issue ca1.example.net"],
        ] {
            assert_eq!(names(records), Ok(()), "{records:?}");
        }
    }

    #[test]
    fn what_names_another_ca_or_none_refuses() {
        for value in [
            "ca2.example.org",
            ";",
            "",
            " ; ",
            "%%%%%",
            "ca1.example.net account=230123",
            "ca1.example.net; account",
            "ca1.example.net; account=230123;",
            "ca1.example.net;; account=230123",
            "ca1.example.net; account=2301 23",
            "ca1.example.net; -a=1",
            "ca1.example.net; =1",
            "ca1.example.net; a=\u{e4}",
            "ca1.example.net.",
            "-ca1.example.net",
            "a.ca1.example.net",
            "example.net",
        ] {
            assert_eq!(names(&[&format!("issue {value}")]), nobody("issue", 1), "{value}");
        }
        let not_text = CaaRecord {
            value: vec![0xff, b';'],
            ..record("issue x")
        };
        let asking = CaaAsking {
            issuers: &["ca1.example.net".into()],
            is_wildcard: false,
            account_urls: &[],
            method: "dns-01",
        };
        assert!(may_issue(&[not_text], &asking).is_err());
    }

    #[test]
    fn records_that_restrict_nothing_permit() {
        assert_eq!(names(&["iodef mailto:security@example.com"]), Ok(()));
        assert_eq!(names(&["tbs unknown"]), Ok(()));
        assert_eq!(names(&["issuewild ;"]), Ok(()));
        assert_eq!(names(&["!iodef https://iodef.example.com/"]), Ok(()));
    }

    #[test]
    fn what_is_critical_must_be_known() {
        assert_eq!(
            names(&["issue ca1.example.net", "!tbs unknown"]),
            Err(CaaRefused::Critical)
        );
        assert_eq!(names(&["!issuemail ;"]), Err(CaaRefused::Critical));
    }

    /// The examples of RFC 8659 §4.3, and what follows from them for the name without a wildcard.
    #[test]
    fn issuewild_stands_before_issue_for_wildcards_only() {
        let rows = [
            (
                &["issue ca1.example.net", "issuewild ca2.example.org"][..],
                true,
                false,
            ),
            (
                &["issuewild ca1.example.net", "issue ca2.example.org"],
                false,
                true,
            ),
            (&["issue ca1.example.net"], true, true),
            (&["issue ca2.example.org"], false, false),
            (&["issuewild ;"], true, false),
            (&["issue ;", "IssueWild ca1.example.net"], false, true),
        ];
        for (records, plain, wildcard) in rows {
            assert_eq!(decided(records, false, "dns-01").is_ok(), plain, "{records:?}");
            assert_eq!(decided(records, true, "dns-01").is_ok(), wildcard, "{records:?}");
        }
        assert_eq!(
            decided(
                &["issue ca1.example.net", "issuewild ;", "issuewild x"],
                true,
                "dns-01"
            ),
            nobody("issuewild", 2)
        );
    }

    #[test]
    fn accounturi_is_one_url_of_the_account() {
        let with = |parameters: &str| names(&[&format!("issue ca1.example.net;{parameters}")]);
        assert_eq!(with(&format!("accounturi={ACCOUNT}")), Ok(()));
        assert_eq!(with(&format!(" AccountURI = {ACCOUNT}")), Ok(()));
        assert_eq!(with("accounturi=https://10.0.0.1:8443/acme/account/a"), Ok(()));
        for parameters in [
            format!("accounturi={OTHER}"),
            "accounturi=".into(),
            format!("accounturi={}", ACCOUNT.to_uppercase()),
            format!("accounturi={ACCOUNT}; accounturi={ACCOUNT}"),
        ] {
            assert_eq!(with(&parameters), Err(CaaRefused::Account), "{parameters}");
        }
        let both = [
            format!("issue ca1.example.net; accounturi={OTHER}"),
            format!("issue ca1.example.net; accounturi={ACCOUNT}"),
        ];
        assert_eq!(names(&[&both[0], &both[1]]), Ok(()));
    }

    #[test]
    fn validationmethods_has_the_method() {
        let by = |method: &str, value: &str| {
            let text = format!("issue ca1.example.net; validationmethods={value}");
            decided(&[&text], false, method)
        };
        assert_eq!(by("dns-01", "dns-01"), Ok(()));
        assert_eq!(by("dns-01", "xyz-01,dns-01"), Ok(()));
        assert_eq!(by(GRANTED_METHOD, "dns-01,ca-granted"), Ok(()));
        for value in [
            "dns-01",
            "",
            ",",
            "HTTP-01",
            "http-01x",
            "http-01; validationmethods=http-01",
        ] {
            assert_eq!(
                by("http-01", value),
                Err(CaaRefused::Method("http-01".into())),
                "{value}"
            );
        }
        // Each record is whole: the account of one does not go with the method of another.
        let apart = [
            format!("issue ca1.example.net; accounturi={ACCOUNT}; validationmethods=dns-01"),
            format!("issue ca1.example.net; accounturi={OTHER}; validationmethods=http-01"),
        ];
        assert!(names(&[&apart[0], &apart[1]]).is_err());
        assert_eq!(decided(&[&apart[0], &apart[1]], false, "dns-01"), Ok(()));
    }
}
