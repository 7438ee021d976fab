//! What extensions say about certificate policies: certificatePolicies, policyMappings, policyConstraints and inhibitAnyPolicy
//! (RFC 5280 §4.2.1.4, §4.2.1.5, §4.2.1.11, §4.2.1.14).

use std::fmt;

use der::oid::ObjectIdentifier;
use x509_parser::asn1_rs::Oid;

use super::elements::{Element, Elements, tag};
use super::oid;

/// The content of anyPolicy, 2.5.29.32.0.
const ANY_POLICY: [u8; 4] = [0x55, 0x1d, 0x20, 0x00];

/// The object identifier of a certificate policy, of any length.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyId(Vec<u8>);

impl PolicyId {
    /// anyPolicy, which matches every policy.
    pub fn any() -> Self {
        Self(ANY_POLICY.to_vec())
    }

    /// Whether it is anyPolicy.
    pub fn is_any(&self) -> bool {
        self.0 == ANY_POLICY
    }
}

impl From<&ObjectIdentifier> for PolicyId {
    fn from(oid: &ObjectIdentifier) -> Self {
        Self(oid.as_bytes().to_vec())
    }
}

/// In dotted form.
impl fmt::Display for PolicyId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_any() {
            return out.write_str("anyPolicy");
        }
        out.write_str(&Oid::new(self.0.as_slice().into()).to_id_string())
    }
}

/// What a certificate says about policies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyExtensions {
    /// certificatePolicies: the policies, each once; `None` without the extension.
    pub asserted: Option<Vec<PolicyId>>,
    /// policyMappings: issuerDomainPolicy and subjectDomainPolicy.
    pub mappings: Vec<(PolicyId, PolicyId)>,
    /// requireExplicitPolicy: number of certificates after which a valid policy is required.
    pub require_explicit: Option<u32>,
    /// inhibitPolicyMapping: number of certificates after which mappings are ignored.
    pub inhibit_mapping: Option<u32>,
    /// inhibitAnyPolicy: number of certificates after which anyPolicy is ignored.
    pub inhibit_any: Option<u32>,
}

impl PolicyExtensions {
    /// Takes over the content of an extension, if it is one of the four; whether that content is what it must be.
    pub(super) fn read(&mut self, oid: &str, value: &[u8]) -> bool {
        let read = match oid {
            oid::CERTIFICATE_POLICIES => read_policies(value).map(|asserted| self.asserted = Some(asserted)),
            oid::POLICY_MAPPINGS => read_mappings(value).map(|mappings| self.mappings = mappings),
            oid::POLICY_CONSTRAINTS => read_constraints(value).map(|(explicit, mapping)| {
                (self.require_explicit, self.inhibit_mapping) = (explicit, mapping)
            }),
            oid::INHIBIT_ANY_POLICY => read_number(value).map(|count| self.inhibit_any = Some(count)),
            _ => Some(()),
        };
        read.is_some()
    }
}

/// The elements of the one SEQUENCE that a value is; `None` when it is something else, or empty.
fn sequence(value: &[u8]) -> Option<Elements<'_>> {
    let mut outside = Elements::of(value);
    let list = outside
        .next_if(tag::SEQUENCE)
        .filter(|list| outside.rest.is_empty() && !list.content.is_empty())?;
    Some(Elements::of(list.content))
}

/// `SEQUENCE OF SEQUENCE { policyIdentifier, policyQualifiers OPTIONAL }`; duplicates are removed.
fn read_policies(value: &[u8]) -> Option<Vec<PolicyId>> {
    let mut list = sequence(value)?;
    let mut policies = std::collections::BTreeSet::new();
    while !list.rest.is_empty() {
        let mut information = Elements::of(list.next_if(tag::SEQUENCE)?.content);
        policies.insert(read_policy(&mut information)?);
        information.next_if(tag::SEQUENCE);
        if !information.rest.is_empty() {
            return None;
        }
    }
    Some(policies.into_iter().collect())
}

fn read_mappings(value: &[u8]) -> Option<Vec<(PolicyId, PolicyId)>> {
    let mut list = sequence(value)?;
    let mut mappings = Vec::new();
    while !list.rest.is_empty() {
        let mut pair = Elements::of(list.next_if(tag::SEQUENCE)?.content);
        mappings.push((read_policy(&mut pair)?, read_policy(&mut pair)?));
        if !pair.rest.is_empty() {
            return None;
        }
    }
    Some(mappings)
}

/// `SEQUENCE { requireExplicitPolicy [0] OPTIONAL, inhibitPolicyMapping [1] OPTIONAL }`, not empty (RFC 5280 §4.2.1.11).
fn read_constraints(value: &[u8]) -> Option<(Option<u32>, Option<u32>)> {
    let mut fields = sequence(value)?;
    let mut count = |number| match fields.next_where(|field| field.is_context(number)) {
        Some(field) => count_of(&field).map(Some),
        None => Some(None),
    };
    let counts = (count(0)?, count(1)?);
    fields.rest.is_empty().then_some(counts)
}

fn read_number(value: &[u8]) -> Option<u32> {
    let mut outside = Elements::of(value);
    let number = outside
        .next_if(tag::INTEGER)
        .filter(|_| outside.rest.is_empty())?;
    count_of(&number)
}

/// SkipCerts, `INTEGER (0..MAX)`. What is beyond 32 bits is as good as without end.
fn count_of(number: &Element<'_>) -> Option<u32> {
    match number.content {
        [] => None,
        [first, ..] if first & 0x80 != 0 => None,
        bytes => Some(bytes.iter().fold(0u32, |count, byte| {
            count
                .checked_mul(256)
                .map_or(u32::MAX, |count| count | u32::from(*byte))
        })),
    }
}

fn read_policy(elements: &mut Elements<'_>) -> Option<PolicyId> {
    let content = elements.next_if(tag::OBJECT_IDENTIFIER)?.content;
    content.last().filter(|last| *last & 0x80 == 0)?;
    Some(PolicyId(content.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_extensions_are_read() {
        let mut read = PolicyExtensions::default();
        // Twice 1.2.3, and anyPolicy with a qualifier.
        let policies = [
            &[0x30, 22][..],
            &[0x30, 4, 6, 2, 0x2a, 3, 0x30, 4, 6, 2, 0x2a, 3],
            &[0x30, 8, 6, 4, 0x55, 0x1d, 0x20, 0, 0x30, 0],
        ]
        .concat();
        assert!(read.read(oid::CERTIFICATE_POLICIES, &policies));
        assert_eq!(
            read.asserted
                .as_ref()
                .expect("policies")
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            ["1.2.3", "anyPolicy"]
        );
        assert!(read.read(
            oid::POLICY_MAPPINGS,
            &[0x30, 10, 0x30, 8, 6, 2, 0x2a, 3, 6, 2, 0x2a, 4]
        ));
        assert_eq!(
            read.mappings
                .iter()
                .map(|(from, to)| format!("{from} {to}"))
                .collect::<Vec<_>>(),
            ["1.2.3 1.2.4"]
        );
        assert!(
            read.read(oid::POLICY_CONSTRAINTS, &[0x30, 6, 0x80, 1, 0, 0x81, 1, 5])
                && read.read(oid::INHIBIT_ANY_POLICY, &[2, 2, 1, 0])
        );
        assert_eq!(
            (read.require_explicit, read.inhibit_mapping, read.inhibit_any),
            (Some(0), Some(5), Some(256))
        );
        assert!(read.read(oid::INHIBIT_ANY_POLICY, &[2, 6, 1, 0, 0, 0, 0, 0]));
        assert_eq!(read.inhibit_any, Some(u32::MAX), "more than any path has");
    }

    #[test]
    fn what_they_must_not_be_is_told() {
        for (oid, value) in [
            (oid::CERTIFICATE_POLICIES, &[0x30, 0][..]),
            (oid::CERTIFICATE_POLICIES, &[5, 0]),
            (oid::CERTIFICATE_POLICIES, &[0x30, 4, 0x30, 2, 6, 0]),
            (oid::POLICY_MAPPINGS, &[0x30, 0]),
            (oid::POLICY_MAPPINGS, &[0x30, 6, 0x30, 4, 6, 2, 0x2a, 3]),
            (oid::POLICY_CONSTRAINTS, &[0x30, 0]),
            (oid::POLICY_CONSTRAINTS, &[0x30, 3, 0x80, 1, 0xff]),
            (oid::POLICY_CONSTRAINTS, &[0x30, 3, 0x82, 1, 0]),
            (oid::INHIBIT_ANY_POLICY, &[2, 1, 0x80]),
            (oid::INHIBIT_ANY_POLICY, &[2, 1, 0, 0]),
        ] {
            assert!(!PolicyExtensions::default().read(oid, value), "{oid} {value:?}");
        }
        assert!(
            PolicyExtensions::default().read("2.5.29.15", &[5, 0]),
            "another extension is not its business"
        );
    }
}
