//! The files that a value names: whether what is in them goes together.

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::reader::{find, find_at};
use super::thumbprint::Thumbprint;
use crate::finding::{Finding, Place, Rule};
use gsec_pki::contents::{Bundle, decode_bundle};
use gsec_pki::x509::{Certificate, rfc3339};

const MISSING: Rule = Rule::error("transport-file-missing");
const UNREADABLE: Rule = Rule::error("transport-file-unreadable");
const KEY_MISMATCH: Rule = Rule::error("transport-file-key-mismatch");
const KEY_ABSENT: Rule = Rule::error("transport-file-key-absent");
const NOT_ISSUED: Rule = Rule::error("transport-file-not-issued");
const NOT_IN_DATE: Rule = Rule::error("transport-file-not-in-date");
const CHAIN_ORDER: Rule = Rule::error("transport-file-chain-order");

/// The options that name files.
const OF_FILES: [&str; 4] = ["certificate", "certificate-key", "trusted-ca", "tls-crl"];

/// Why there is nothing of a file to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileProblem {
    /// There is no such file.
    Missing,
    /// It cannot be read, and why.
    Unreadable(String),
}

/// What a file holds, or why that is not known.
pub type FileContent = Result<Zeroizing<Vec<u8>>, FileProblem>;

/// The paths that the platform finds in a value, in order.
pub fn named_files(value: &str) -> Vec<&str> {
    OF_FILES.iter().flat_map(|option| paths(value, option)).collect()
}

/// Whether the platform finds a certificate in a value, or a file with one: by its path, or by its thumbprint in a store.
pub fn names_certificates(value: &str) -> bool {
    let is_named = |option: &&str| find(value, option).is_some_and(|named| !named.is_empty());
    OF_FILES.iter().any(is_named)
}

fn paths<'a>(value: &'a str, option: &str) -> Vec<&'a str> {
    let found = find(value, option).filter(|value| Thumbprint::of(value).is_none());
    found
        .into_iter()
        .flat_map(|paths| paths.split(','))
        .filter(|path| !path.is_empty())
        .collect()
}

/// Checks the files that the platform finds in a value. `read` says what is in each of them; `at` is when the certificates must be in date.
/// The value is what follows character `offset` of `text`, line number `line`.
pub fn check_files(
    line: usize,
    text: &str,
    offset: usize,
    read: &dyn Fn(&str) -> FileContent,
    at: OffsetDateTime,
) -> Vec<Finding> {
    let start = text.char_indices().nth(offset).map_or(text.len(), |(at, _)| at);
    let look = Look {
        line,
        text,
        start,
        value: &text[start..],
        read,
    };
    let mut found = Vec::new();
    let own = look.certificates("certificate", &mut found);
    let anchors = look.certificates("trusted-ca", &mut found);
    let key = look.key(&own, &mut found);
    look.list(&mut found);
    if let Some((path, leaf)) = own.first() {
        found.extend(look.pair(path, leaf, key.as_ref()));
        found.extend(look.order(&own));
        found.extend(look.issued(&own, &anchors));
    }
    let certificates = [("certificate", &own), ("trusted-ca", &anchors)];
    for (option, certificates) in certificates {
        found.extend(
            certificates
                .iter()
                .filter_map(|one| look.in_date(option, one, at)),
        );
    }
    found
}

/// A certificate and the file that it is from.
type Found = (String, Certificate);

struct Look<'a> {
    line: usize,
    text: &'a str,
    start: usize,
    value: &'a str,
    read: &'a dyn Fn(&str) -> FileContent,
}

impl Look<'_> {
    /// Where the platform finds a path, or the value of an option.
    fn place(&self, option: &str, path: &str) -> Place {
        let from = self.start + find_at(self.value, option).unwrap_or(0);
        let inside = self.text[from..].find(path).unwrap_or(0);
        let before = self.text[..from + inside].chars().count();
        Place::new(self.line, self.text, before..before + path.chars().count())
    }

    fn found(&self, rule: Rule, option: &str, path: &str, seen: String) -> Finding {
        Finding::new(rule, seen).at(self.place(option, path))
    }

    /// What a file holds; what is wrong with it is added to what was found.
    fn bundle(&self, option: &str, path: &str, found: &mut Vec<Finding>) -> Option<Bundle> {
        let problem = match (self.read)(path) {
            Ok(bytes) => match decode_bundle(&bytes, None) {
                Ok(bundle) => return Some(bundle),
                Err(error) => (UNREADABLE, format!("`{path}` cannot be read: {error}")),
            },
            Err(FileProblem::Missing) => (MISSING, format!("there is no file `{path}`")),
            Err(FileProblem::Unreadable(why)) => (UNREADABLE, format!("`{path}` cannot be read: {why}")),
        };
        found.push(self.found(problem.0, option, path, problem.1));
        None
    }

    fn certificates(&self, option: &'static str, found: &mut Vec<Finding>) -> Vec<Found> {
        let mut certificates = Vec::new();
        for path in paths(self.value, option) {
            let Some(bundle) = self.bundle(option, path, found) else {
                continue;
            };
            if bundle.certificates.is_empty() {
                let seen = format!("`{path}` contains no certificate");
                found.push(self.found(UNREADABLE, option, path, seen));
            }
            let of_file = bundle
                .certificates
                .into_iter()
                .map(|one| (path.to_owned(), one.certificate));
            certificates.extend(of_file);
        }
        certificates
    }

    /// The file that the platform takes the private key from, and what is in it; `None` where it cannot be read.
    fn key(&self, own: &[Found], found: &mut Vec<Finding>) -> Option<(&'static str, String, Bundle)> {
        if let Some(path) = paths(self.value, "certificate-key").first() {
            let bundle = self.bundle("certificate-key", path, found)?;
            return Some(("certificate-key", (*path).to_owned(), bundle));
        }
        let (path, _) = own.first()?;
        let bundle = self.bundle("certificate", path, &mut Vec::new())?;
        Some(("certificate", path.clone(), bundle))
    }

    fn list(&self, found: &mut Vec<Finding>) {
        for path in paths(self.value, "tls-crl") {
            if let Some(bundle) = self.bundle("tls-crl", path, found)
                && bundle.crls.is_empty()
            {
                let seen = format!("`{path}` contains no CRL");
                found.push(self.found(UNREADABLE, "tls-crl", path, seen));
            }
        }
    }

    fn pair(
        &self,
        path: &str,
        leaf: &Certificate,
        key: Option<&(&'static str, String, Bundle)>,
    ) -> Option<Finding> {
        let (option, file, bundle) = key?;
        let Some(first) = bundle.keys.first() else {
            let seen = match *option {
                "certificate" => {
                    format!("there is no `certificate-key`, and `{file}` contains no private key")
                }
                _ => format!("`{file}` contains no private key"),
            };
            return Some(self.found(KEY_ABSENT, option, file, seen));
        };
        let is_pair = first
            .key
            .public_key()
            .map(|key| key.is_pair_of(leaf.public_key()));
        let seen = match is_pair {
            Some(true) => return None,
            Some(false) => {
                format!("the private key in `{file}` does not belong to the certificate in `{path}`")
            }
            None => {
                format!("the private key in `{file}` cannot be compared with the certificate in `{path}`")
            }
        };
        Some(self.found(KEY_MISMATCH, option, file, seen))
    }

    /// The host's certificate first, then each one's issuer.
    fn order(&self, own: &[Found]) -> Option<Finding> {
        let (path, leaf) = own.first()?;
        if own.len() > 1 && leaf.is_authority() {
            let seen = format!(
                "`{path}` begins with the certificate of a CA, `{}`",
                leaf.subject()
            );
            let help = "put the host's certificate first, then its issuer";
            return Some(self.found(CHAIN_ORDER, "certificate", path, seen).help(help));
        }
        let break_at = own
            .windows(2)
            .find(|pair| !pair[0].1.may_be_issued_by(&pair[1].1))?;
        let (path, certificate) = &break_at[1];
        let seen = format!(
            "`{}` in `{path}` is not the issuer of the certificate before it, `{}`",
            certificate.subject(),
            break_at[0].1.subject()
        );
        Some(self.found(CHAIN_ORDER, "certificate", path, seen))
    }

    /// From the host's certificate up to one of those that are trusted, through what is at hand.
    fn issued(&self, own: &[Found], anchors: &[Found]) -> Option<Finding> {
        let (path, leaf) = own.first()?;
        if anchors.is_empty() {
            return None;
        }
        let at_hand = || {
            own.iter()
                .skip(1)
                .chain(anchors)
                .map(|(_, certificate)| certificate)
        };
        let is_issued = |is_issuer: fn(&Certificate, &Certificate) -> bool| {
            let mut current = leaf;
            for _ in 0..=own.len() + anchors.len() {
                let is_trusted =
                    |(_, anchor): &Found| anchor.der() == current.der() || is_issuer(current, anchor);
                if anchors.iter().any(is_trusted) {
                    return true;
                }
                match at_hand().find(|issuer| is_issuer(current, issuer) && issuer.der() != current.der()) {
                    Some(issuer) => current = issuer,
                    None => return false,
                }
            }
            false
        };
        if is_issued(Certificate::is_issued_by) {
            return None;
        }
        let seen = match is_issued(Certificate::may_be_issued_by) {
            true => format!(
                "whether `{}` in `{path}` was issued by a CA in `trusted-ca` could not be checked: gsec does not support the \
                 algorithm of a signature; its issuer is `{}`",
                leaf.subject(),
                leaf.issuer()
            ),
            false => format!(
                "`{}` in `{path}` was not issued by a CA in `trusted-ca`; its issuer is `{}`",
                leaf.subject(),
                leaf.issuer()
            ),
        };
        Some(self.found(NOT_ISSUED, "certificate", path, seen))
    }

    fn in_date(&self, option: &str, (path, certificate): &Found, at: OffsetDateTime) -> Option<Finding> {
        let subject = certificate.subject();
        let seen = match () {
            () if at < certificate.not_before() => {
                format!(
                    "`{subject}` in `{path}` is not valid before {}",
                    rfc3339(certificate.not_before())
                )
            }
            () if at > certificate.not_after() => {
                format!(
                    "`{subject}` in `{path}` expired at {}",
                    rfc3339(certificate.not_after())
                )
            }
            () => return None,
        };
        Some(self.found(NOT_IN_DATE, option, path, seen))
    }
}
