//! Name constraints, RFC 5280 §4.2.1.10: what a CA may issue for.

use std::fmt;
use std::net::IpAddr;

use super::{DistinguishedName, DnsName, GeneralName, NameError};

/// A block of addresses, `10.0.0.0/8`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IpSubnet {
    address: IpAddr,
    prefix_bits: u8,
}

/// So many leading bits say that an IPv6 address is a mapped one.
const MAPPED_BITS: u8 = 96;

impl IpSubnet {
    /// Whether it is a block of IPv4 addresses.
    pub fn is_ipv4(&self) -> bool {
        self.address.is_ipv4()
    }

    /// Reads CIDR notation; an address alone is a block of one. Bits outside the prefix must be zero. A block of IPv4-mapped IPv6 addresses
    /// (RFC 4291 §2.5.5.2) is the block of the IPv4 addresses, as [`GeneralName::canonical`] has it of an address.
    ///
    /// # Errors
    /// [`NameError::Ip`], [`NameError::Prefix`], [`NameError::HostBits`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let (address, prefix) = text
            .split_once('/')
            .map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| NameError::Ip)?;
        let full = if address.is_ipv4() { 32 } else { 128 };
        let prefix_bits = match prefix {
            None => full,
            Some(text) => text
                .parse()
                .ok()
                .filter(|_| !text.starts_with('+'))
                .filter(|bits| *bits <= full)
                .ok_or(NameError::Prefix { most: full })?,
        };
        let subnet = Self { address, prefix_bits };
        let outside_is_zero = subnet
            .bytes()
            .iter()
            .zip(subnet.mask())
            .all(|(byte, mask)| byte & !mask == 0);
        if outside_is_zero {
            Ok(subnet.canonical())
        } else {
            Err(NameError::HostBits { prefix_bits })
        }
    }

    fn canonical(self) -> Self {
        match (
            self.address.to_canonical(),
            self.prefix_bits.checked_sub(MAPPED_BITS),
        ) {
            (address @ IpAddr::V4(_), Some(prefix_bits)) if self.address.is_ipv6() => {
                Self { address, prefix_bits }
            }
            _ => self,
        }
    }

    /// How many leading bits all of its addresses have in common.
    pub fn prefix_bits(&self) -> u8 {
        self.prefix_bits
    }

    /// Whether the block holds `address`.
    pub fn contains(&self, address: IpAddr) -> bool {
        let candidate = bytes_of(address);
        candidate.len() == self.bytes().len()
            && self
                .bytes()
                .iter()
                .zip(&candidate)
                .zip(self.mask())
                .all(|((byte, other), mask)| byte & mask == other & mask)
    }

    /// The first host address: the one after the network address, or the address itself in a block that is too small.
    pub fn first_host(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(address) if self.prefix_bits < 31 => IpAddr::V4((u32::from(address) | 1).into()),
            IpAddr::V6(address) if self.prefix_bits < 127 => IpAddr::V6((u128::from(address) | 1).into()),
            address => address,
        }
    }

    /// Address and mask, 8 or 32 bytes, as in the iPAddress of a subtree.
    pub fn encode(&self) -> Vec<u8> {
        [self.bytes(), self.mask()].concat()
    }

    /// Reads address and mask; `None` unless the mask is a prefix.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (address, mask) = bytes.split_at_checked(bytes.len() / 2)?;
        let address = match address.len() {
            4 => IpAddr::from(<[u8; 4]>::try_from(address).ok()?),
            16 => IpAddr::from(<[u8; 16]>::try_from(address).ok()?),
            _ => return None,
        };
        let prefix_bits = u8::try_from(mask.iter().map(|byte| byte.count_ones()).sum::<u32>()).ok()?;
        let subnet = Self { address, prefix_bits };
        (subnet.mask() == mask).then_some(subnet)
    }

    fn bytes(&self) -> Vec<u8> {
        bytes_of(self.address)
    }

    fn mask(&self) -> Vec<u8> {
        let bits = usize::from(self.prefix_bits);
        (0..self.bytes().len())
            .map(|index| {
                0xffu8
                    .checked_shl(8 - bits.saturating_sub(index * 8).min(8) as u32)
                    .unwrap_or(0)
            })
            .collect()
    }
}

impl fmt::Display for IpSubnet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.address, self.prefix_bits)
    }
}

fn bytes_of(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

/// One subtree: the part of the names of one kind that it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subtree {
    /// Host names that are this domain or lie below it; below it only with a leading dot; the empty domain covers all.
    Dns(String),
    /// Addresses in this block.
    Ip(IpSubnet),
    /// Addresses at this host, below this domain (leading dot), or this one mailbox.
    Email(String),
    /// URIs at this host, or below this domain (leading dot).
    Uri(String),
    /// Names in this part of the directory.
    Directory(DistinguishedName),
    /// A kind of name that gsec does not issue, as [`GeneralName::Other`] calls it.
    Other(&'static str),
}

/// The name constraints of a CA certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// A name of a kind that is listed here must lie in one of the subtrees of its kind.
    pub permitted: Vec<Subtree>,
    /// No name may lie in one of these.
    pub excluded: Vec<Subtree>,
    /// The part that cannot be parsed. If it is set, it is unknown what the constraints permit.
    pub unreadable: Option<String>,
}

/// The list that contains a subtree. Where RFC 5280 does not say what a subtree covers, a permitted subtree covers less.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Permitted,
    Excluded,
}

/// Whether a name lies in a subtree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Within,
    Outside,
    /// The name is not what its kind should be, or gsec does not know the kind.
    Unknown,
}

impl From<bool> for Place {
    fn from(is_within: bool) -> Self {
        if is_within { Self::Within } else { Self::Outside }
    }
}

/// A domain below the top level that RFC 2606 §2 keeps from ever existing: the syntax of mailboxes and URIs wants two labels.
const NO_DOMAIN: &str = "invalid.invalid";
/// What gsec 0.1.0 wrote in its place.
const NO_DOMAIN_BEFORE: &str = "invalid";

impl NameConstraints {
    /// Constraints that permit only these domains and blocks, and no names of other kinds. Constraints on one kind alone
    /// would leave all other kinds unrestricted. `None` when both lists are empty.
    ///
    /// A kind is excluded by permitting only a name that cannot exist. Validators disagree about an empty excluded subtree
    /// of e-mail addresses or URIs (OpenSSL matches nothing with it); they agree about a permitted one.
    pub fn permit(domains: Vec<String>, subnets: Vec<IpSubnet>) -> Option<Self> {
        if domains.is_empty() && subnets.is_empty() {
            return None;
        }
        let mut constraints = Self::default();
        match domains.as_slice() {
            [] => constraints.permitted.push(Subtree::Dns(NO_DOMAIN.into())),
            _ => constraints
                .permitted
                .extend(domains.into_iter().map(Subtree::Dns)),
        }
        match subnets.as_slice() {
            [] => constraints
                .excluded
                .extend(["0.0.0.0/0", "::/0"].map(|all| Subtree::Ip(IpSubnet::parse(all).expect("a block")))),
            _ => constraints.permitted.extend(subnets.into_iter().map(Subtree::Ip)),
        }
        constraints
            .permitted
            .extend([Subtree::Email(NO_DOMAIN.into()), Subtree::Uri(NO_DOMAIN.into())]);
        Some(constraints)
    }

    /// The first subtree that these constraints permit and the others do not. What they permit only to shut out a kind of name
    /// lies within everything.
    pub fn first_outside<'a>(&'a self, others: &Self) -> Option<&'a Subtree> {
        self.permitted
            .iter()
            .find(|subtree| !subtree.is_nothing() && !others.permits_all_of(subtree))
    }

    fn permits_all_of(&self, subtree: &Subtree) -> bool {
        let mut of_kind = self
            .permitted
            .iter()
            .filter_map(|wider| subtree.lies_within(wider))
            .peekable();
        let is_permitted = of_kind.peek().is_none() || of_kind.any(|within| within);
        is_permitted
            && !self
                .excluded
                .iter()
                .any(|excluded| subtree.lies_within(excluded) == Some(true))
    }

    /// The permitted and the excluded subtrees as text. A kind of name that is shut out by permitting what cannot exist is among the excluded.
    pub fn in_words(&self) -> (Vec<String>, Vec<String>) {
        let (nothing, permitted): (Vec<&Subtree>, Vec<&Subtree>) =
            self.permitted.iter().partition(|subtree| subtree.is_nothing());
        let shut_out = nothing.into_iter().filter_map(|subtree| match subtree {
            Subtree::Dns(_) => Some("dns:*".to_owned()),
            Subtree::Email(_) => Some("email:*".to_owned()),
            Subtree::Uri(_) => Some("uri:*".to_owned()),
            _ => None,
        });
        (
            permitted.into_iter().map(ToString::to_string).collect(),
            self.excluded
                .iter()
                .map(ToString::to_string)
                .chain(shut_out)
                .collect(),
        )
    }

    /// Whether the part that cannot be parsed is an address whose mask is not a prefix.
    pub fn has_mask_with_holes(&self) -> bool {
        let hex = self
            .unreadable
            .as_deref()
            .and_then(|problem| problem.strip_prefix("`ip:")?.split('`').next());
        hex.is_some_and(|bytes| matches!(bytes.len(), 16 | 64))
    }

    /// Whether host names are limited to some domains.
    pub fn limits_host_names(&self) -> bool {
        self.permitted
            .iter()
            .any(|subtree| matches!(subtree, Subtree::Dns(_)))
    }

    /// Whether they say anything about host names, addresses or mailboxes.
    pub fn limits_names(&self) -> bool {
        let is_about_names =
            |subtree: &Subtree| matches!(subtree, Subtree::Dns(_) | Subtree::Ip(_) | Subtree::Email(_));
        self.unreadable.is_some() || self.permitted.iter().chain(&self.excluded).any(is_about_names)
    }

    /// Whether a certificate with this name would be valid under the constraints.
    pub fn allows(&self, name: &GeneralName) -> bool {
        self.permits(name) && self.excluded_by(name).is_none()
    }

    /// Whether no kind of name is permitted that this one is of, or one of the permitted subtrees of its kind has it.
    pub fn permits(&self, name: &GeneralName) -> bool {
        let mut of_kind = self
            .permitted
            .iter()
            .filter_map(|subtree| subtree.place_of(name, List::Permitted))
            .peekable();
        of_kind.peek().is_none() || of_kind.any(|place| place == Place::Within)
    }

    /// The excluded subtree that the name lies in, or may lie in.
    pub fn excluded_by(&self, name: &GeneralName) -> Option<&Subtree> {
        self.excluded.iter().find(|subtree| {
            matches!(
                subtree.place_of(name, List::Excluded),
                Some(Place::Within | Place::Unknown)
            )
        })
    }

    /// Whether what excludes the name is only that its wildcard may become an excluded one.
    pub fn excludes_only_by_wildcard(&self, name: &GeneralName) -> bool {
        let GeneralName::Dns(host) = name else {
            return false;
        };
        let lies_within = |subtree: &Subtree| matches!(subtree, Subtree::Dns(domain) if domain.is_empty() || host.is_within(domain));
        self.permits(name) && host.wildcard_parent().is_some() && !self.excluded.iter().any(lies_within)
    }

    /// The permitted subtrees that are about names of this one's kind.
    pub fn permitted_for<'a>(&'a self, name: &'a GeneralName) -> impl Iterator<Item = &'a Subtree> {
        self.permitted
            .iter()
            .filter(|subtree| subtree.place_of(name, List::Permitted).is_some())
    }
}

impl Subtree {
    /// Where the name lies; `None` when the subtree speaks of another kind of name.
    fn place_of(&self, name: &GeneralName, list: List) -> Option<Place> {
        match (self, name) {
            (Self::Dns(domain), GeneralName::Dns(name)) => Some(host_name_place(domain, name, list)),
            (Self::Ip(subnet), GeneralName::Ip(address)) => Some(subnet.contains(*address).into()),
            (Self::Email(base), GeneralName::Email(address)) => Some(email_place(base, address, list)),
            (Self::Uri(base), GeneralName::Uri(_)) => match name.host() {
                Some(GeneralName::Dns(host)) => Some(host_is_within(host.as_str(), base, list).into()),
                _ => Some(Place::Unknown),
            },
            (Self::Directory(base), GeneralName::Directory(name)) => Some(name.is_within(base).into()),
            (Self::Dns(_), GeneralName::Other { kind: "dns", .. })
            | (Self::Ip(_), GeneralName::Other { kind: "ip", .. }) => Some(Place::Unknown),
            (Self::Other(kind), GeneralName::Other { kind: found, .. }) => {
                (kind == found).then_some(Place::Unknown)
            }
            _ => None,
        }
    }
}

impl Subtree {
    /// Whether it covers no name that can exist, which excludes a whole kind of name.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Dns(base) | Self::Email(base) | Self::Uri(base) if base == NO_DOMAIN || base == NO_DOMAIN_BEFORE)
    }

    /// Whether everything that the subtree covers lies in another one; `None` when that one speaks of another kind of name.
    fn lies_within(&self, wider: &Self) -> Option<bool> {
        match (self, wider) {
            (Self::Dns(domain), Self::Dns(wider)) => Some(is_domain_within(domain, wider)),
            (Self::Ip(subnet), Self::Ip(wider)) => {
                Some(wider.prefix_bits <= subnet.prefix_bits && wider.contains(subnet.address))
            }
            (Self::Email(base), Self::Email(wider)) | (Self::Uri(base), Self::Uri(wider)) => {
                Some(wider.is_empty() || base.eq_ignore_ascii_case(wider))
            }
            _ => None,
        }
    }
}

/// A domain covers itself and what lies below; a leading dot, as some programs write it, changes nothing.
fn is_domain_within(domain: &str, wider: &str) -> bool {
    let [domain, wider] = [domain, wider].map(|text| text.trim_start_matches('.').to_ascii_lowercase());
    wider.is_empty() || domain == wider || domain.ends_with(&format!(".{wider}"))
}

impl fmt::Display for Subtree {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(_) if self.is_nothing() => out.write_str("no dns"),
            Self::Email(_) if self.is_nothing() => out.write_str("no email"),
            Self::Uri(_) if self.is_nothing() => out.write_str("no uri"),
            Self::Dns(base) => write!(out, "dns:{base}"),
            Self::Ip(subnet) => write!(out, "ip:{subnet}"),
            Self::Email(base) => write!(out, "email:{base}"),
            Self::Uri(base) => write!(out, "uri:{base}"),
            Self::Directory(base) => write!(out, "directoryName:{base}"),
            Self::Other(kind) => out.write_str(kind),
        }
    }
}

/// RFC 5280 knows no leading dot here; OpenSSL and webpki read it as "below, and not itself".
fn host_name_place(domain: &str, name: &DnsName, list: List) -> Place {
    let is_within = match (domain.strip_prefix('.'), list) {
        _ if domain.is_empty() => true,
        (Some(domain), List::Permitted) => name.is_below(domain),
        _ => name.is_within(domain),
    };
    // A wildcard may match an excluded name even though its other names are not excluded (CVE-2025-61727).
    let may_become = |parent: &str| {
        domain
            .split_once('.')
            .is_some_and(|(_, above)| above.eq_ignore_ascii_case(parent))
    };
    (is_within || (list == List::Excluded && name.wildcard_parent().is_some_and(may_become))).into()
}

/// The local part is case-sensitive in permitted subtrees (RFC 5280 §7.5), and case-insensitive in excluded ones.
fn email_place(base: &str, address: &str, list: List) -> Place {
    let Some((local, host)) = address
        .split_once('@')
        .filter(|(local, host)| !local.is_empty() && !host.contains('@'))
    else {
        return Place::Unknown;
    };
    let is_within = match base.split_once('@') {
        Some((base_local, base_host)) => {
            let is_local =
                base_local == local || (list == List::Excluded && base_local.eq_ignore_ascii_case(local));
            is_local && base_host.eq_ignore_ascii_case(host)
        }
        None => host_is_within(host, base, list),
    };
    is_within.into()
}

/// A base with a leading dot covers what lies below it, one without covers exactly itself. What an empty one covers is not
/// written: it permits nothing and excludes all.
fn host_is_within(host: &str, base: &str, list: List) -> bool {
    match base.strip_prefix('.') {
        _ if base.is_empty() => list == List::Excluded,
        Some(_) => host.len() > base.len() && host.to_ascii_lowercase().ends_with(&base.to_ascii_lowercase()),
        None => host.eq_ignore_ascii_case(base),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(san: &str) -> GeneralName {
        GeneralName::parse_san(san).expect("a name")
    }

    #[test]
    fn blocks_are_read_with_their_prefix() {
        assert_eq!(
            IpSubnet::parse("10.0.0.0/8").expect("block").encode(),
            [10, 0, 0, 0, 255, 0, 0, 0]
        );
        assert_eq!(
            IpSubnet::parse("10.1.2.3").expect("block").to_string(),
            "10.1.2.3/32"
        );
        assert_eq!(
            IpSubnet::parse("192.168.4.0/22").expect("block").encode()[4..],
            [255, 255, 252, 0]
        );
        assert_eq!(IpSubnet::parse("0.0.0.0/0").expect("block").encode(), [0; 8]);
        let rows = [
            ("ten", NameError::Ip),
            ("10.0.0.1/8", NameError::HostBits { prefix_bits: 8 }),
            ("10.0.0.0/33", NameError::Prefix { most: 32 }),
            ("10.0.0.0/+8", NameError::Prefix { most: 32 }),
            ("::/129", NameError::Prefix { most: 128 }),
        ];
        for (text, error) in rows {
            assert_eq!(IpSubnet::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn block_of_mapped_addresses_is_the_block_of_the_ipv4_addresses() {
        for (typed, read) in [
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("::ffff:a00:1", "10.0.0.1/32"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
            ("::/95", "::/95"),
            ("::/0", "::/0"),
            ("::10.0.0.1", "::a00:1/128"),
        ] {
            assert_eq!(
                IpSubnet::parse(typed).expect("a block").to_string(),
                read,
                "{typed}"
            );
        }
    }

    #[test]
    fn encoded_blocks_read_back() {
        for text in ["10.0.0.0/8", "fc00::/7", "0.0.0.0/0"] {
            let subnet = IpSubnet::parse(text).expect("block");
            assert_eq!(IpSubnet::decode(&subnet.encode()), Some(subnet));
        }
        assert_eq!(IpSubnet::decode(&[10, 0, 0, 0, 255, 0, 255, 0]), None);
    }

    #[test]
    fn permitting_one_kind_excludes_the_others() {
        let constraints = NameConstraints::permit(vec!["example.com".into()], vec![]).expect("constraints");
        assert!(constraints.allows(&name("dns:db1.example.com")));
        assert!(constraints.allows(&name("dns:example.com")));
        for refused in [
            "dns:db1.example.org",
            "ip:10.0.0.1",
            "ip:fd00::1",
            "email:a@example.com",
            "uri:https://example.com/",
        ] {
            assert!(!constraints.allows(&name(refused)), "{refused}");
        }
        assert_eq!(NameConstraints::permit(vec![], vec![]), None);
        let (permitted, excluded) = constraints.in_words();
        assert_eq!(permitted, ["dns:example.com"]);
        assert_eq!(excluded, ["ip:0.0.0.0/0", "ip:::/0", "email:*", "uri:*"]);
        let of_old = NameConstraints {
            permitted: vec![Subtree::Dns("invalid".into())],
            ..NameConstraints::default()
        };
        assert_eq!(of_old.in_words(), (vec![], vec!["dns:*".into()]));
    }

    #[test]
    fn what_lies_outside_other_constraints_is_found() {
        let permit = |domains: &[&str], blocks: &[&str]| {
            let blocks = blocks
                .iter()
                .map(|block| IpSubnet::parse(block).expect("block"))
                .collect();
            NameConstraints::permit(
                domains.iter().map(|domain| (*domain).to_owned()).collect(),
                blocks,
            )
            .expect("constraints")
        };
        let wider = permit(&["example.com"], &["10.0.0.0/8"]);
        let outside = |domains: &[&str], blocks: &[&str]| {
            permit(domains, blocks)
                .first_outside(&wider)
                .map(ToString::to_string)
        };
        for (domain, block) in [
            ("example.com", "10.0.0.0/8"),
            ("a.EXAMPLE.com", "10.3.0.0/16"),
            ("a.b.example.com", "10.1.2.3"),
        ] {
            assert_eq!(outside(&[domain], &[block]), None);
        }
        assert_eq!(
            outside(&["notexample.com"], &[]),
            Some("dns:notexample.com".into())
        );
        assert_eq!(outside(&["a.example.com", "com"], &[]), Some("dns:com".into()));
        assert_eq!(outside(&[], &["10.0.0.0/7"]), Some("ip:10.0.0.0/7".into()));
        assert_eq!(outside(&[], &["fd00::/8"]), Some("ip:fd00::/8".into()));
        // A kind of name that the wider constraints shut out is outside, whichever way they do it.
        let hosts_only = permit(&["example.com"], &[]);
        assert_eq!(
            permit(&[], &["10.0.0.0/8"]).first_outside(&hosts_only),
            Some(&Subtree::Ip(IpSubnet::parse("10.0.0.0/8").expect("block")))
        );
        let blocks_only = permit(&[], &["10.0.0.0/8"]);
        assert_eq!(
            permit(&["example.com"], &[]).first_outside(&blocks_only),
            Some(&Subtree::Dns("example.com".into()))
        );
    }

    #[test]
    fn a_foreign_exclusion_is_kept_to() {
        let constraints = NameConstraints {
            excluded: vec![Subtree::Dns("secret.example".into())],
            ..NameConstraints::default()
        };
        assert!(constraints.allows(&name("dns:db1.example.com")));
        assert!(!constraints.allows(&name("dns:a.secret.example")));
    }

    #[test]
    fn what_is_not_clear_permits_less_and_excludes_more() {
        let permit = |subtree: Subtree| NameConstraints {
            permitted: vec![subtree],
            ..NameConstraints::default()
        };
        let exclude = |subtree: Subtree| NameConstraints {
            excluded: vec![subtree],
            ..NameConstraints::default()
        };
        let dot = || Subtree::Dns(".example.com".into());
        assert!(
            !permit(dot()).allows(&name("dns:example.com"))
                && !exclude(dot()).allows(&name("dns:example.com"))
        );
        assert!(permit(dot()).allows(&name("dns:db1.example.com")));
        // A wildcard may become what is excluded, one label below and no deeper.
        let secret = exclude(Subtree::Dns("secret.example.com".into()));
        assert!(
            !secret.allows(&name("dns:*.example.com"))
                && secret.excludes_only_by_wildcard(&name("dns:*.example.com"))
        );
        assert!(secret.allows(&name("dns:*.other.example.com")));
        assert!(exclude(Subtree::Dns("a.secret.example.com".into())).allows(&name("dns:*.example.com")));
        // Case counts in the local part where it permits.
        let mailbox = || Subtree::Email("a@example.com".into());
        assert!(
            !permit(mailbox()).allows(&name("email:A@example.com"))
                && !exclude(mailbox()).allows(&name("email:A@EXAMPLE.com"))
        );
        // An address in a URI, and what is not a host name at all.
        assert!(!permit(Subtree::Uri("example.com".into())).allows(&name("uri:https://10.0.0.1/")));
        let odd = GeneralName::Other {
            kind: "dns",
            text: ".example.com".into(),
        };
        assert!(
            !permit(Subtree::Dns("example.com".into())).allows(&odd)
                && !exclude(Subtree::Dns("example.org".into())).allows(&odd)
        );
        let unknown = GeneralName::Other {
            kind: "otherName",
            text: "1.2.3".into(),
        };
        assert!(
            !permit(Subtree::Other("otherName")).allows(&unknown)
                && permit(Subtree::Other("registeredID")).allows(&unknown)
        );
    }

    #[test]
    fn leading_dot_means_below_only() {
        let constraints = NameConstraints {
            permitted: vec![Subtree::Uri(".example.com".into())],
            ..NameConstraints::default()
        };
        assert!(constraints.allows(&name("uri:https://user@db1.example.com:443/x")));
        assert!(!constraints.allows(&name("uri:https://example.com/")));
    }
}
