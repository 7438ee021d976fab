//! Parses nameConstraints (RFC 5280 §4.2.1.10) exactly as encoded, without ignoring anything: parts that cannot be parsed
//! are reported, since validation must then fail.

use x509_parser::extensions::GeneralName as ParsedName;
use x509_parser::prelude::FromDer;

use super::certificate::read_name;
use super::elements::{Element, Elements, tag};
use super::{DnsName, GeneralName, IpSubnet, NameConstraints, Subtree};

type Unreadable = String;

/// Why constraints that are sound DER and list nothing cannot be followed.
const NOTHING: &str = "they neither permit nor exclude anything";
const EMPTY_LIST: &str = "one of their lists is empty";

impl NameConstraints {
    /// Reads the content of the extension.
    pub(super) fn decode(der: &[u8]) -> Self {
        let mut constraints = Self::default();
        constraints.unreadable = read(der, &mut constraints).err();
        constraints
    }

    /// Whether they list nothing, and are sound DER otherwise.
    pub fn is_without_subtrees(&self) -> bool {
        let is_empty = |problem: &str| problem == NOTHING || problem == EMPTY_LIST;
        self.permitted.is_empty()
            && self.excluded.is_empty()
            && self.unreadable.as_deref().is_some_and(is_empty)
    }
}

fn read(der: &[u8], constraints: &mut NameConstraints) -> Result<(), Unreadable> {
    let mut file = Elements::of(der);
    let list = file
        .next_if(tag::SEQUENCE)
        .filter(|_| file.rest.is_empty())
        .ok_or("they are not NameConstraints in DER")?;
    let mut lists = Elements::of(list.content);
    let permitted = lists.next_where(|list| list.is_context(0));
    let excluded = lists.next_where(|list| list.is_context(1));
    if !lists.rest.is_empty() {
        return Err("they are not NameConstraints in DER".into());
    }
    if permitted.is_none() && excluded.is_none() {
        return Err(NOTHING.into());
    }
    for (list, kept) in [
        (permitted, &mut constraints.permitted),
        (excluded, &mut constraints.excluded),
    ] {
        let Some(list) = list else { continue };
        if list.content.is_empty() {
            return Err(EMPTY_LIST.into());
        }
        let mut subtrees = Elements::of(list.content);
        while !subtrees.rest.is_empty() {
            let subtree = subtrees
                .next_if(tag::SEQUENCE)
                .ok_or("a subtree is not a GeneralSubtree in DER")?;
            kept.push(read_subtree(&subtree)?);
        }
    }
    Ok(())
}

/// `SEQUENCE { base, minimum [0] DEFAULT 0, maximum [1] OPTIONAL }`; this profile uses neither minimum nor maximum.
fn read_subtree(subtree: &Element<'_>) -> Result<Subtree, Unreadable> {
    let (rest, base) =
        ParsedName::from_der(subtree.content).map_err(|_| "a subtree is not a GeneralSubtree in DER")?;
    let mut bounds = Elements::of(rest);
    bounds.next_where(|bound| bound.is_context(0) && bound.content == [0]);
    if !bounds.rest.is_empty() {
        return Err("a subtree has a minimum or maximum".into());
    }
    match base {
        ParsedName::DNSName(base) if base.is_empty() || is_domain(base.strip_prefix('.').unwrap_or(base)) => {
            Ok(Subtree::Dns(base.to_owned()))
        }
        ParsedName::DNSName(base) => Err(format!("`dns:{base}` is not a domain")),
        ParsedName::RFC822Name(base) if is_mailbox_or_domain(base) => Ok(Subtree::Email(base.to_owned())),
        ParsedName::RFC822Name(base) => Err(format!("`email:{base}` is neither a mailbox nor a domain")),
        ParsedName::URI(base) if base.is_empty() || is_domain(base.strip_prefix('.').unwrap_or(base)) => {
            Ok(Subtree::Uri(base.to_owned()))
        }
        ParsedName::URI(base) => Err(format!("`uri:{base}` is not a domain")),
        ParsedName::IPAddress(bytes) => IpSubnet::decode(bytes).map(Subtree::Ip).ok_or_else(|| {
            let hex = crate::encoding::hex::encode(bytes, crate::encoding::hex::Separator::None);
            format!("`ip:{hex}` is not an address with a mask")
        }),
        other => Ok(match read_name(&other) {
            GeneralName::Directory(name) => Subtree::Directory(name),
            GeneralName::Other { kind, .. } => Subtree::Other(kind),
            _ => Subtree::Other("invalid"),
        }),
    }
}

fn is_domain(text: &str) -> bool {
    text.is_ascii() && !text.contains('*') && !text.ends_with('.') && DnsName::parse(text).is_ok()
}

fn is_mailbox_or_domain(base: &str) -> bool {
    match base.split_once('@') {
        Some((local, host)) => !local.is_empty() && is_domain(host),
        None => base.is_empty() || is_domain(base.strip_prefix('.').unwrap_or(base)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).expect("short")], content].concat()
    }

    /// Constraints that permit one subtree: this base, followed by these bytes.
    fn permit(base: &[u8], after: &[u8]) -> NameConstraints {
        NameConstraints::decode(&tlv(0x30, &tlv(0xa0, &tlv(0x30, &[base, after].concat()))))
    }

    #[test]
    fn every_kind_is_read() {
        let dns = |base: &str| permit(&tlv(0x82, base.as_bytes()), &[]);
        assert_eq!(
            dns("example.com"),
            NameConstraints {
                permitted: vec![Subtree::Dns("example.com".into())],
                ..NameConstraints::default()
            }
        );
        assert_eq!((dns("").unreadable, dns(".example.com").unreadable), (None, None));
        assert_eq!(
            permit(&tlv(0x81, b"*@example.com"), &[]).permitted,
            [Subtree::Email("*@example.com".into())]
        );
        assert_eq!(
            permit(&tlv(0x86, b".example.com"), &[]).permitted,
            [Subtree::Uri(".example.com".into())]
        );
        assert_eq!(
            permit(&tlv(0x87, &[10, 0, 0, 0, 255, 0, 0, 0]), &[]).permitted[0].to_string(),
            "ip:10.0.0.0/8"
        );
        assert_eq!(permit(&tlv(0xa4, &[0x30, 0]), &[]).permitted.len(), 1);
        assert_eq!(
            permit(&tlv(0x88, &[0x2a]), &[]).permitted,
            [Subtree::Other("registeredID")]
        );
        assert_eq!(
            permit(&tlv(0x82, b"example.com"), &tlv(0x80, &[0])).unreadable,
            None,
            "the minimum that is the default"
        );
    }

    #[test]
    fn what_cannot_be_understood_is_told() {
        for base in [
            &b"*.example.com"[..],
            b"a..b",
            b"example.com.",
            "ä.example".as_bytes(),
        ] {
            assert!(permit(&tlv(0x82, base), &[]).unreadable.is_some(), "{base:?}");
        }
        for base in ["a@b@example.com", "@example.com", "a@"] {
            assert!(
                permit(&tlv(0x81, base.as_bytes()), &[]).unreadable.is_some(),
                "{base}"
            );
        }
        for bytes in [&[10, 0, 0, 0, 255, 0, 255, 0][..], &[10, 0, 0, 0], &[0; 9]] {
            assert!(permit(&tlv(0x87, bytes), &[]).unreadable.is_some(), "{bytes:?}");
        }
        for bound in [tlv(0x80, &[1]), tlv(0x81, &[0])] {
            assert_eq!(
                permit(&tlv(0x82, b"a.example"), &bound).unreadable.as_deref(),
                Some("a subtree has a minimum or maximum")
            );
        }
        for der in [
            &tlv(0x30, &[])[..],
            &tlv(0x30, &tlv(0xa0, &[])),
            &[],
            &[5, 0],
            &tlv(0x30, &tlv(0xa2, &[])),
        ] {
            assert!(NameConstraints::decode(der).unreadable.is_some(), "{der:?}");
        }
    }
}
