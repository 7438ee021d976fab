//! Which CRL is about which certificates: cRLDistributionPoints and issuingDistributionPoint (RFC 5280 §4.2.1.13, §5.2.5).

use std::fmt;

use x509_parser::extensions::GeneralName as ParsedName;
use x509_parser::prelude::FromDer;

use super::DistinguishedName;
use super::certificate::read_name as read_name_of;
use super::elements::{Element, Elements, tag};
use super::encode::into_sequence;

/// A set of ReasonFlags, RFC 5280 §4.2.1.13.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReasonSet(u16);

impl ReasonSet {
    /// No reason.
    pub const NONE: Self = Self(0);
    /// Every reason that RFC 5280 names: bits 1 to 8; bit 0 is not used.
    pub const ALL: Self = Self(0x1fe);

    /// Whether every reason is in it.
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }

    /// What is in both.
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in either.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The names in RFC 5280 of the reasons that are in it.
    pub fn names(self) -> Vec<&'static str> {
        const NAMES: [&str; 9] = [
            "unused",
            "keyCompromise",
            "cACompromise",
            "affiliationChanged",
            "superseded",
            "cessationOfOperation",
            "certificateHold",
            "privilegeWithdrawn",
            "aACompromise",
        ];
        NAMES
            .into_iter()
            .enumerate()
            .filter(|(bit, _)| self.0 >> bit & 1 == 1)
            .map(|(_, name)| name)
            .collect()
    }

    fn read(bits: &Element<'_>) -> Option<Self> {
        let (_unused, bytes) = bits.content.split_first()?;
        let has = |bit: usize| {
            bytes
                .get(bit / 8)
                .is_some_and(|byte| byte >> (7 - bit % 8) & 1 == 1)
        };
        Some(Self((0..9).filter(|bit| has(*bit)).fold(0, |set, bit| set | 1 << bit)).intersection(Self::ALL))
    }
}

/// One GeneralName, for comparison.
#[derive(Debug, Clone)]
pub struct PointName {
    der: Vec<u8>,
    directory: Option<DistinguishedName>,
}

impl PointName {
    /// The name, when it is a directoryName.
    pub fn directory(&self) -> Option<&DistinguishedName> {
        self.directory.as_ref()
    }

    /// The name, when it is a uniformResourceIdentifier.
    pub fn uri(&self) -> Option<&str> {
        match ParsedName::from_der(&self.der) {
            Ok((_, ParsedName::URI(uri))) => Some(uri),
            _ => None,
        }
    }

    /// A directoryName.
    pub fn of_directory(name: &DistinguishedName) -> Self {
        Self {
            der: Vec::new(),
            directory: Some(name.clone()),
        }
    }

    /// Whether both are the same name. Compares directory names as RFC 5280 §7.1 does, and all others byte for byte.
    pub fn is_same(&self, other: &Self) -> bool {
        match (&self.directory, &other.directory) {
            (Some(own), Some(other)) => own == other,
            (None, None) => self.der == other.der,
            _ => false,
        }
    }
}

/// As certificates show names: `uri:http://crl.example.com/ca.crl`.
impl fmt::Display for PointName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.directory, ParsedName::from_der(&self.der)) {
            (Some(name), _) => write!(out, "directoryName:{name}"),
            (None, Ok((_, parsed))) => read_name_of(&parsed).fmt(out),
            (None, Err(_)) => out.write_str("a name that cannot be read"),
        }
    }
}

/// DistributionPointName: where a CRL can be found, which also tells the CRLs of one issuer apart.
#[derive(Debug, Clone)]
pub enum DistributionPointName {
    /// fullName.
    Full(Vec<PointName>),
    /// nameRelativeToCRLIssuer: the content of a RelativeDistinguishedName.
    Relative(Vec<u8>),
}

impl DistributionPointName {
    /// The names, those relative to the issuer of the CRL written out.
    pub fn names(&self, crl_issuer: &DistinguishedName) -> Vec<PointName> {
        match self {
            Self::Full(names) => names.clone(),
            Self::Relative(attributes) => below(crl_issuer, attributes)
                .iter()
                .map(PointName::of_directory)
                .collect(),
        }
    }
}

/// The name that has one RDN more.
fn below(name: &DistinguishedName, attributes: &[u8]) -> Option<DistinguishedName> {
    let own = Elements::of(name.der()).next_if(tag::SEQUENCE)?.content;
    let mut last = into_sequence(Vec::new(), attributes.to_vec()).ok()?;
    *last.first_mut()? = 0x31;
    DistinguishedName::from_der(&into_sequence(Vec::new(), [own, &last].concat()).ok()?).ok()
}

/// One of a certificate's cRLDistributionPoints.
#[derive(Debug, Clone)]
pub struct DistributionPoint {
    /// Where.
    pub name: Option<DistributionPointName>,
    /// For which reasons; `None` for all.
    pub reasons: Option<ReasonSet>,
    /// Who signs the CRL, where that is not the certificate's issuer.
    pub crl_issuer: Vec<PointName>,
}

impl DistributionPoint {
    /// Parses cRLDistributionPoints; `None` if the value is malformed.
    pub(super) fn read_all(value: &[u8]) -> Option<Vec<Self>> {
        let mut outside = Elements::of(value);
        let mut list = Elements::of(
            outside
                .next_if(tag::SEQUENCE)
                .filter(|_| outside.rest.is_empty())?
                .content,
        );
        let mut points = Vec::new();
        while !list.rest.is_empty() {
            points.push(Self::read(&list.next_if(tag::SEQUENCE)?)?);
        }
        Some(points)
    }

    fn read(point: &Element<'_>) -> Option<Self> {
        let mut fields = Elements::of(point.content);
        let name = optional(&mut fields, 0, read_name)?;
        let reasons = optional(&mut fields, 1, ReasonSet::read)?;
        let crl_issuer = optional(&mut fields, 2, read_names)?.unwrap_or_default();
        fields.rest.is_empty().then_some(Self {
            name,
            reasons,
            crl_issuer,
        })
    }
}

/// issuingDistributionPoint: which certificates a CRL is about.
#[derive(Debug, Clone, Default)]
pub struct IssuingDistributionPoint {
    /// Where it can be found.
    pub name: Option<DistributionPointName>,
    /// Certificates of hosts and people only.
    pub only_users: bool,
    /// Certificates of CAs only.
    pub only_authorities: bool,
    /// Attribute certificates only.
    pub only_attributes: bool,
    /// For these reasons only; `None` for all.
    pub reasons: Option<ReasonSet>,
    /// Whether it may list certificates of other issuers.
    pub is_indirect: bool,
}

impl IssuingDistributionPoint {
    /// Which certificates the CRL is about, in words; empty for all of its issuer.
    pub fn limits(&self, crl_issuer: Option<&DistinguishedName>) -> Vec<String> {
        let flags = [
            (self.only_users, "certificates of hosts and people only"),
            (self.only_authorities, "certificates of CAs only"),
            (self.only_attributes, "attribute certificates only"),
            (self.is_indirect, "also certificates of other issuers"),
        ];
        let reasons = self
            .reasons
            .map(|reasons| format!("only for the reasons {}", reasons.names().join(", ")));
        let name = self.name.as_ref().map(|name| {
            let names = match (name, crl_issuer) {
                (DistributionPointName::Relative(_), None) => "a name relative to the issuer's".to_owned(),
                (DistributionPointName::Full(names), _) => names
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", "),
                (_, Some(issuer)) => name
                    .names(issuer)
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", "),
            };
            format!("only for the distribution point {names}")
        });
        flags
            .into_iter()
            .filter(|(is_set, _)| *is_set)
            .map(|(_, words)| words.to_owned())
            .chain(reasons)
            .chain(name)
            .collect()
    }

    /// The addresses at which it can be found.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let names = match &self.name {
            Some(DistributionPointName::Full(names)) => names.as_slice(),
            Some(DistributionPointName::Relative(_)) | None => &[],
        };
        names.iter().filter_map(PointName::uri)
    }

    /// The same in one line.
    pub(super) fn in_words(&self) -> String {
        let limits = self.limits(None);
        if limits.is_empty() {
            "no limit".into()
        } else {
            limits.join("; ")
        }
    }

    /// Parses the extension; `None` if the value is malformed.
    pub(super) fn read(value: &[u8]) -> Option<Self> {
        let mut outside = Elements::of(value);
        let mut fields = Elements::of(
            outside
                .next_if(tag::SEQUENCE)
                .filter(|_| outside.rest.is_empty())?
                .content,
        );
        let point = Self {
            name: optional(&mut fields, 0, read_name)?,
            only_users: optional(&mut fields, 1, read_flag)?.unwrap_or(false),
            only_authorities: optional(&mut fields, 2, read_flag)?.unwrap_or(false),
            reasons: optional(&mut fields, 3, ReasonSet::read)?,
            is_indirect: optional(&mut fields, 4, read_flag)?.unwrap_or(false),
            only_attributes: optional(&mut fields, 5, read_flag)?.unwrap_or(false),
        };
        fields.rest.is_empty().then_some(point)
    }
}

/// An optional field under a context-specific tag: `None` when it is there and cannot be read.
fn optional<'a, T>(
    fields: &mut Elements<'a>,
    number: u32,
    read: impl Fn(&Element<'a>) -> Option<T>,
) -> Option<Option<T>> {
    match fields.next_where(|field| field.is_context(number)) {
        Some(field) => read(&field).map(Some),
        None => Some(None),
    }
}

fn read_flag(flag: &Element<'_>) -> Option<bool> {
    match flag.content {
        [byte] => Some(*byte != 0),
        _ => None,
    }
}

/// DistributionPointName, a CHOICE under its field's tag.
fn read_name(field: &Element<'_>) -> Option<DistributionPointName> {
    let mut choice = Elements::of(field.content);
    let name = match choice.next()? {
        full if full.is_context(0) => DistributionPointName::Full(read_names(&full)?),
        relative if relative.is_context(1) => DistributionPointName::Relative(relative.content.to_vec()),
        _ => return None,
    };
    choice.rest.is_empty().then_some(name)
}

/// GeneralNames: a list of at least one. The issuer of `certificateIssuer` is read by the same rule.
pub(super) fn read_names(list: &Element<'_>) -> Option<Vec<PointName>> {
    let mut rest = list.content;
    let mut names = Vec::new();
    while !rest.is_empty() {
        let (after, parsed) = ParsedName::from_der(rest).ok()?;
        let directory = match &parsed {
            ParsedName::DirectoryName(name) => Some(DistinguishedName::from_parsed(name)),
            _ => None,
        };
        names.push(PointName {
            der: rest[..rest.len() - after.len()].to_vec(),
            directory,
        });
        rest = after;
    }
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).expect("short")], content].concat()
    }

    fn name(common_name: &str) -> Vec<u8> {
        let attribute = tlv(
            0x30,
            &[&[6, 3, 0x55, 4, 3][..], &tlv(0x0c, common_name.as_bytes())].concat(),
        );
        tlv(0x30, &tlv(0x31, &attribute))
    }

    #[test]
    fn every_field_of_an_issuing_distribution_point_is_read() {
        let uri = tlv(0xa0, &tlv(0xa0, &tlv(0x86, b"http://x/")));
        let value = tlv(
            0x30,
            &[uri, tlv(0x81, &[0xff]), tlv(0x83, &[6, 0x40]), tlv(0x84, &[0xff])].concat(),
        );
        let point = IssuingDistributionPoint::read(&value).expect("an issuing distribution point");
        assert!(
            point.only_users
                && !point.only_authorities
                && !point.only_attributes
                && point.is_indirect
                && point.name.is_some()
        );
        assert_eq!(point.reasons.expect("reasons").names(), ["keyCompromise"]);
        let empty = IssuingDistributionPoint::read(&[0x30, 0]).expect("an empty one limits nothing");
        assert!(empty.reasons.is_none() && empty.name.is_none() && !empty.is_indirect);
        for value in [
            &[5, 0][..],
            &[0x30, 2, 0x86, 0],
            &[0x30, 3, 0x81, 0, 0],
            &[0x30, 2, 0x81, 0],
            &[0x30, 2, 0xa0, 0],
            &[0x30, 0, 0],
        ] {
            assert!(IssuingDistributionPoint::read(value).is_none(), "{value:?}");
        }
    }

    #[test]
    fn all_reasons_are_bits_one_to_eight() {
        let read = |bytes: &[u8]| {
            ReasonSet::read(&Elements::of(&tlv(3, bytes)).next().expect("a BIT STRING")).expect("reasons")
        };
        assert!(read(&[7, 0x7f, 0x80]).is_all() && read(&[7, 0xff, 0x80]).is_all());
        assert_eq!(read(&[0, 0x80]), ReasonSet::NONE, "the first bit is not used");
        assert!(read(&[7, 0x60, 0x80]).union(read(&[0, 0x1f])).is_all());
    }

    #[test]
    fn a_relative_name_lies_below_the_issuer_of_the_crl() {
        let issuer = DistinguishedName::from_der(&name("CA")).expect("a name");
        let attribute = tlv(0x30, &[&[6, 3, 0x55, 4, 3][..], &tlv(0x0c, b"CRL1")].concat());
        let points = DistributionPoint::read_all(&tlv(0x30, &tlv(0x30, &tlv(0xa0, &tlv(0xa1, &attribute)))))
            .expect("a distribution point");
        let names = points[0].name.as_ref().expect("a name").names(&issuer);
        assert_eq!(
            names[0].directory().expect("a directory name").to_string(),
            "CN=CA, CN=CRL1"
        );
        let whole = tlv(
            0x30,
            &[
                tlv(
                    0x31,
                    &tlv(0x30, &[&[6, 3, 0x55, 4, 3][..], &tlv(0x0c, b"ca")].concat()),
                ),
                tlv(0x31, &attribute),
            ]
            .concat(),
        );
        assert!(
            names[0].is_same(&PointName::of_directory(
                &DistinguishedName::from_der(&whole).expect("a name")
            )),
            "compared without case"
        );
    }
}
