//! Paths at the edges, where programs part: keys, names, key identifiers and extensions as people's CAs really have them.
//!
//! Every program is asked about each of them, beside the faults.

use gsec_pki::key::{KeyAlgorithm, PrivateKey, Signer, sha1};
use gsec_pki::x509::path::Purpose;

use super::der_writer::{context, null, number, octet_string, oid, sequence, set, tlv};
use super::faults::Scenario;
use super::forge::*;

/// Extensions, RFC 5280, RFC 7633, RFC 3820, and Netscape's.
const ISSUER_ALT_NAME: &str = "2.5.29.18";
const TLS_FEATURE: &str = "1.3.6.1.5.5.7.1.24";
const PROXY_CERT_INFO: &str = "1.3.6.1.5.5.7.1.14";
const NETSCAPE_CERT_TYPE: &str = "2.16.840.1.113730.1.1";
const NETWORK_ADDRESSES: &str = "1.3.6.1.5.5.7.1.7";
const POLICIES: &str = "2.5.29.32";
const NOBODYS: &str = "1.2.3.4.5";
/// Netscape's types: a server; a CA for TLS.
const NETSCAPE_SERVER: u8 = 0x40;
const NETSCAPE_CA: u8 = 0x04;
/// PrintableString and BMPString.
const PRINTABLE: u8 = 0x13;
const BMP: u8 = 0x1e;

/// All of them, each under a name.
pub fn all() -> Vec<(String, Scenario)> {
    let groups = [
        keys(),
        names(),
        identifiers(),
        choices(),
        own_anchors(),
        extensions(),
        constraints(),
        crls(),
        companions(),
        unfit_roots(),
        keys_in_handshakes(),
    ];
    groups
        .into_iter()
        .flatten()
        .map(|(what, scenario)| (what.to_owned(), scenario))
        .chain(several_candidates())
        .chain(critical_extensions())
        .chain(names_for_comparison())
        .chain(strange_constraints())
        .chain(constraints_on_other_kinds())
        .collect()
}

type Named = (&'static str, Scenario);

fn root() -> Recipe {
    numbered(Recipe::ca("Root CA"), 1)
}

fn middle() -> Recipe {
    numbered(Recipe::ca("Issuing CA"), 2)
}

fn numbered(recipe: Recipe, number: u8) -> Recipe {
    recipe.change(|recipe| recipe.serial = vec![number])
}

fn expired(recipe: Recipe) -> Recipe {
    recipe.change(|recipe| recipe.validity = ["20100101000000Z", "20200101000000Z"])
}

fn question(target: &Forged, untrusted: &[&Forged], anchors: &[&Forged]) -> Scenario {
    let ders = |list: &[&Forged]| list.iter().map(|forged| forged.der.clone()).collect();
    Scenario {
        target: target.der.clone(),
        untrusted: ders(untrusted),
        anchors: ders(anchors),
        crls: Vec::new(),
        require_crl: false,
        name: "db1.example.com",
        purpose: Purpose::Server,
    }
}

/// A host directly below a root.
fn below(root: Recipe, host: Recipe) -> Scenario {
    let root = root.self_signed();
    question(&host.signed_by(&root), &[], &[&root])
}

/// A host below an intermediate CA.
fn through(middle: Recipe, host: Recipe) -> Scenario {
    let root = root().self_signed();
    let middle = middle.signed_by(&root);
    question(&host.signed_by(&middle), &[&middle], &[&root])
}

/// A second extension of the same kind.
fn and(recipe: Recipe, kind: &'static str, critical: bool, content: Vec<u8>) -> Recipe {
    recipe.change(|recipe| recipe.extensions.push((kind, critical, content)))
}

fn keys() -> Vec<Named> {
    let ed448 = sequence(&[
        sequence(&[oid("1.3.101.113")]),
        tlv(3, &[&[0][..], &[0x5a; 57]].concat()),
    ]);
    let of_ed448 = Recipe::host().change(|host| host.spki = Some(ed448));
    let ed25519 = root().change(|root| root.algorithm = KeyAlgorithm::Ed25519);
    vec![
        ("host with an Ed448 key", below(root(), of_ed448)),
        ("CA with an Ed25519 key", below(ed25519, Recipe::host())),
    ]
}

fn one_name(tag: u8, text: &[u8]) -> Vec<u8> {
    sequence(&[set(&[sequence(&[oid("2.5.4.3"), tlv(tag, text)])])])
}

/// The algorithm of another signature than the one made.
fn ed25519() -> Vec<u8> {
    sequence(&[oid("1.3.101.112")])
}

/// The issuer of a certificate in another string type than the Subject of the CA: directly below an anchor, and below an intermediate.
fn names() -> Vec<Named> {
    let wide: Vec<u8> = "Root CA".bytes().flat_map(|byte| [0, byte]).collect();
    let subject = |name: Vec<u8>| root().change(|root| root.subject = name);
    let of_root = || Recipe::host().change(|host| host.issuer = Some(name("Root CA")));
    let printable = middle().change(|middle| middle.subject = one_name(PRINTABLE, b"Issuing CA"));
    let of_middle = Recipe::host().change(|host| host.issuer = Some(name("Issuing CA")));
    vec![
        (
            "root's name as PrintableString",
            below(subject(one_name(PRINTABLE, b"Root CA")), of_root()),
        ),
        (
            "root's name as BMPString",
            below(subject(one_name(BMP, &wide)), of_root()),
        ),
        (
            "intermediate's name as PrintableString",
            through(printable, of_middle),
        ),
    ]
}

fn identifiers() -> Vec<Named> {
    let of_another = sequence(&[tlv(0x80, &[1; 20])]);
    let wrong = Recipe::host().with(AUTHORITY_KEY_IDENTIFIER, false, of_another.clone());
    let wrong_below = Recipe::host().with(AUTHORITY_KEY_IDENTIFIER, false, of_another);
    let other_root = root().self_signed();
    let issuer_of_another = sequence(&[
        tlv(0x80, &other_root.key_identifier()),
        context(1, &directory(&name("Another CA"))),
        tlv(0x82, &[1]),
    ]);
    let named = Recipe::host().with(AUTHORITY_KEY_IDENTIFIER, false, issuer_of_another);
    let first = Recipe {
        version: 1,
        extensions: Vec::new(),
        ..middle()
    };
    let root_of_first = root().self_signed();
    let first = first.signed_by(&root_of_first);
    vec![
        (
            "key identifier of another key, below an anchor",
            below(root(), wrong),
        ),
        (
            "key identifier of another key, below an intermediate",
            through(middle(), wrong_below),
        ),
        (
            "issuer of another CA in the key identifier",
            question(&named.signed_by(&other_root), &[], &[&other_root]),
        ),
        (
            "CA of version 1 that another issued, trusted",
            question(&Recipe::host().signed_by(&first), &[], &[&first]),
        ),
        (
            "root and host with one serial number",
            below(root(), numbered(Recipe::host(), 1)),
        ),
    ]
}

/// Where there is more than one path.
fn choices() -> Vec<Named> {
    let root = root().self_signed();
    let middle = middle().signed_by(&root);
    let again = |recipe: Recipe, forged: &Forged| {
        recipe.change(|recipe| recipe.key = PrivateKey::from_pkcs8(forged.key.pkcs8()).ok())
    };
    let old_middle = again(expired(numbered(Recipe::ca("Issuing CA"), 3)), &middle).signed_by(&root);
    let host = Recipe::host().signed_by(&middle);
    let old_root = expired(numbered(Recipe::ca("Old Root"), 4)).self_signed();
    let cross = again(numbered(Recipe::ca("Root CA"), 5), &root).signed_by(&old_root);
    let direct = Recipe::host().signed_by(&root);
    let late_root = again(expired(numbered(Recipe::ca("Root CA"), 6)), &root).self_signed();
    vec![
        (
            "expired intermediate before the renewed one",
            question(&host, &[&old_middle, &middle], &[&root]),
        ),
        (
            "expired intermediate after the renewed one",
            question(&host, &[&middle, &old_middle], &[&root]),
        ),
        (
            "cross-certificate, its expired root and the new root trusted",
            question(&direct, &[&cross], &[&old_root, &root]),
        ),
        (
            "cross-certificate, only the new root trusted",
            question(&direct, &[&cross], &[&root]),
        ),
        (
            "cross-certificate, only the expired root trusted",
            question(&direct, &[&cross], &[&old_root]),
        ),
        (
            "intermediate and an expired root trusted",
            question(&host, &[], &[&middle, &late_root]),
        ),
    ]
}

/// Certificates that are trusted by themselves.
fn own_anchors() -> Vec<Named> {
    let alone = |recipe: Recipe| {
        let forged = recipe.self_signed();
        question(&forged, &[], &[&forged])
    };
    let ca = || Recipe::host().with(BASIC_CONSTRAINTS, true, basic_constraints(true, None));
    let first = Recipe {
        version: 1,
        extensions: Vec::new(),
        ..Recipe::host()
    };
    vec![
        ("self-signed host, trusted", alone(Recipe::host())),
        (
            "self-signed host without basicConstraints, trusted",
            alone(Recipe::host().without(BASIC_CONSTRAINTS)),
        ),
        ("self-signed host of version 1, trusted", alone(first)),
        ("self-signed host with CA:TRUE, trusted", alone(ca())),
        (
            "self-signed host with CA:TRUE without keyUsage, trusted",
            alone(ca().without(KEY_USAGE)),
        ),
        (
            "self-signed host with keyCertSign alone, trusted",
            alone(ca().with(KEY_USAGE, true, key_usage(KEY_CERT_SIGN))),
        ),
        (
            "self-signed host with CA:TRUE that may not sign, trusted",
            alone(ca().with(KEY_USAGE, true, key_usage(DIGITAL_SIGNATURE))),
        ),
        (
            "self-signed host with CA:TRUE and constraints, trusted",
            alone(ca().with(
                NAME_CONSTRAINTS,
                true,
                name_constraints(&[dns("example.org")], &[]),
            )),
        ),
        (
            "self-signed host with keyCertSign and CA:FALSE, trusted",
            alone(Recipe::host().with(KEY_USAGE, true, key_usage(DIGITAL_SIGNATURE | KEY_CERT_SIGN))),
        ),
        (
            "self-signed host with an unknown critical extension, trusted",
            alone(Recipe::host().with(NOBODYS, true, null())),
        ),
        (
            "host with CA:TRUE and no keyUsage",
            below(root(), ca().without(KEY_USAGE)),
        ),
        (
            "host with CA:TRUE and no key identifier",
            below(root(), ca().with(SUBJECT_KEY_IDENTIFIER, false, Vec::new())),
        ),
    ]
}

fn extensions() -> Vec<Named> {
    let typed = |bits: u8| tlv(3, &[u8::try_from(bits.trailing_zeros()).expect("small"), bits]);
    let of_client = || Recipe::host().with(EXTENDED_KEY_USAGE, false, purposes(&[CLIENT_AUTH]));
    let stapled = sequence(&[number(5)]);
    let bare_root = Recipe {
        extensions: Vec::new(),
        ..root()
    }
    .with(NETSCAPE_CERT_TYPE, false, typed(NETSCAPE_CA));
    let second = Recipe::host().change(|host| host.version = 2);
    let nameless = |scenario: Scenario| Scenario { name: "", ..scenario };
    let huge = sequence(&[tlv(1, &[0xff]), tlv(2, &[1; 9])]);
    vec![
        (
            "critical Netscape type of a server",
            below(
                root(),
                Recipe::host().with(NETSCAPE_CERT_TYPE, true, typed(NETSCAPE_SERVER)),
            ),
        ),
        (
            "Netscape type of a server, purpose of a client",
            below(
                root(),
                of_client().with(NETSCAPE_CERT_TYPE, false, typed(NETSCAPE_SERVER)),
            ),
        ),
        (
            "root with Netscape's type alone",
            below(bare_root, Recipe::host()),
        ),
        (
            "TLS feature",
            below(root(), Recipe::host().with(TLS_FEATURE, false, stapled.clone())),
        ),
        (
            "critical TLS feature",
            below(root(), Recipe::host().with(TLS_FEATURE, true, stapled)),
        ),
        (
            "critical issuerAltName",
            below(
                root(),
                Recipe::host().with(ISSUER_ALT_NAME, true, sequence(&[uri("http://ca.example.com/")])),
            ),
        ),
        (
            "critical proxyCertInfo",
            below(
                root(),
                Recipe::host().with(
                    PROXY_CERT_INFO,
                    true,
                    sequence(&[sequence(&[oid("1.3.6.1.5.5.7.21.1")])]),
                ),
            ),
        ),
        (
            "extension that no program knows, twice",
            below(
                root(),
                and(
                    Recipe::host().with(NOBODYS, false, null()),
                    NOBODYS,
                    false,
                    null(),
                ),
            ),
        ),
        (
            "addresses of networks that cannot be read",
            below(
                root(),
                Recipe::host().with(NETWORK_ADDRESSES, false, octet_string(b"abc")),
            ),
        ),
        (
            "a good host name beside an otherName that cannot be read",
            below(
                root(),
                Recipe::host().with(
                    SUBJECT_ALT_NAME,
                    false,
                    sequence(&[dns("db1.example.com"), tlv(0xa0, &number(1))]),
                ),
            ),
        ),
        (
            "name constraints of a host that list nothing",
            below(root(), Recipe::host().with(NAME_CONSTRAINTS, true, sequence(&[]))),
        ),
        (
            "CA with a TLS feature that the host does not have",
            through(
                middle().with(TLS_FEATURE, false, sequence(&[number(5)])),
                Recipe::host(),
            ),
        ),
        (
            "pathLenConstraint of 72 bits",
            through(middle().with(BASIC_CONSTRAINTS, true, huge), Recipe::host()),
        ),
        (
            "version 2 with extensions, no name asked",
            nameless(below(root(), second)),
        ),
    ]
}

fn constraints() -> Vec<Named> {
    let limited =
        |permitted: &[Vec<u8>]| middle().with(NAME_CONSTRAINTS, true, name_constraints(permitted, &[]));
    let v6 = Recipe::host().with(
        SUBJECT_ALT_NAME,
        false,
        sequence(&[
            dns("db1.example.com"),
            ip(&[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        ]),
    );
    let double = and(
        limited(&[dns("example.com")]),
        NAME_CONSTRAINTS,
        true,
        name_constraints(&[dns("example.org")], &[]),
    );
    vec![
        (
            "domain with a final dot permitted",
            through(limited(&[dns("example.com.")]), Recipe::host()),
        ),
        (
            "IPv6 address where IPv4 is permitted",
            through(limited(&[ip(&[10, 0, 0, 0, 255, 0, 0, 0])]), v6),
        ),
        ("name constraints twice", through(double, Recipe::host())),
    ]
}

fn crls() -> Vec<Named> {
    let root = root().self_signed();
    let host = Recipe::host().signed_by(&root);
    let with = |crls: Vec<Vec<u8>>| Scenario {
        crls,
        ..question(&host, &[], &[&root])
    };
    let revoking = || CrlRecipe::revoking(&[&[0x11]]);
    let stranger = Recipe::ca("Root CA").self_signed();
    let later = revoking().change(|crl| crl.revoked_at = "20270101000000Z");
    let damaged = |sound: &[u8], damage: &[u8]| {
        let damage = [sound.to_vec(), damage.to_vec()];
        with(vec![
            revoking()
                .change(|crl| crl.damage = Some(damage))
                .signed_by(&root),
        ])
    };
    // The entry with its length, its serial number, its time.
    let entry = [0x30, 20, 2, 1, 0x11];
    vec![
        (
            "CRL with an entry that is no SEQUENCE",
            damaged(&entry, &[0x10, 20, 2, 1, 0x11]),
        ),
        (
            "CRL with an entry whose time is an INTEGER",
            damaged(&[0x11, 0x18, 15], &[0x11, 2, 15]),
        ),
        (
            "CRL with a version that is not the first field",
            damaged(&[2, 1, 1, 0x30], &[4, 1, 1, 0x30]),
        ),
        (
            "CRL whose extension is a SET",
            damaged(
                &[0x30, 10, 6, 3, 0x55, 0x1d, 20],
                &[0x31, 10, 6, 3, 0x55, 0x1d, 20],
            ),
        ),
        (
            "CRL with another algorithm inside",
            with(vec![
                revoking()
                    .change(|crl| crl.inner_algorithm = Some(ed25519()))
                    .signed_by(&root),
            ]),
        ),
        ("revoked from a later time on", with(vec![later.signed_by(&root)])),
        (
            "CRL of the issuer in capitals",
            with(vec![
                revoking()
                    .change(|crl| crl.issuer = Some(name("ROOT CA")))
                    .signed_by(&root),
            ]),
        ),
        (
            "CRL of version 3",
            with(vec![
                CrlRecipe::revoking(&[])
                    .change(|crl| crl.version = 3)
                    .signed_by(&root),
            ]),
        ),
        (
            "CRL of the same name by another key, and the CA's",
            with(vec![
                revoking().signed_by(&stranger),
                CrlRecipe::revoking(&[]).signed_by(&root),
            ]),
        ),
    ]
}

/// Certificates that come along and are not needed.
fn companions() -> Vec<Named> {
    let root = root().self_signed();
    let host = Recipe::host().signed_by(&root);
    let other = |recipe: Recipe| recipe.signed_by(&root);
    let negative = other(Recipe::of("other").change(|other| other.serial = vec![0x85]));
    let double = other(and(
        numbered(Recipe::host(), 8),
        BASIC_CONSTRAINTS,
        false,
        basic_constraints(false, None),
    ));
    let unread = other(numbered(Recipe::of("unread"), 10).with(POLICIES, false, octet_string(b"abc")));
    let two = other(numbered(Recipe::of("two"), 12).change(|two| two.outer_algorithm = Some(ed25519())));
    let first = other(numbered(Recipe::host(), 13).change(|first| first.version = 1));
    let sound = other(numbered(Recipe::of("sound"), 9).with("2.5.29.14", false, octet_string(&[7; 20])));
    vec![
        (
            "a companion with a negative serial number",
            question(&host, &[&negative], &[&root]),
        ),
        (
            "a companion with an extension twice",
            question(&host, &[&double], &[&root]),
        ),
        ("a sound companion", question(&host, &[&sound], &[&root])),
        (
            "a companion whose policies cannot be read",
            question(&host, &[&unread], &[&root]),
        ),
        (
            "a companion with two algorithms",
            question(&host, &[&two], &[&root]),
        ),
        (
            "a companion of version 1 with extensions",
            question(&host, &[&first], &[&root]),
        ),
        (
            "two algorithms in a trusted certificate that is not needed",
            question(&host, &[], &[&two, &root]),
        ),
        (
            "a trusted certificate of version 1 with extensions that is not needed",
            question(&host, &[], &[&first, &root]),
        ),
    ]
}

/// Roots of one name and one key, the first of which no path can end at, or not for every program.
fn unfit_roots() -> Vec<Named> {
    let good = root().self_signed();
    let again = |recipe: Recipe| {
        numbered(recipe, 7)
            .change(|recipe| recipe.key = PrivateKey::from_pkcs8(good.key.pkcs8()).ok())
            .self_signed()
    };
    let only_crls = again(root().with(KEY_USAGE, true, key_usage(CRL_SIGN)));
    let double = again(and(
        root(),
        BASIC_CONSTRAINTS,
        true,
        basic_constraints(true, None),
    ));
    let unread = again(root().with(NAME_CONSTRAINTS, true, octet_string(b"abc")));
    let renumbered = again(root().with(SUBJECT_KEY_IDENTIFIER, false, octet_string(&[7; 20])));
    let host = Recipe::host().signed_by(&good);
    let both = |first: &Forged, second: &Forged| question(&host, &[], &[first, second]);
    vec![
        (
            "root that may sign CRLs only, and a good one",
            both(&only_crls, &good),
        ),
        (
            "good root, and one that may sign CRLs only",
            both(&good, &only_crls),
        ),
        (
            "root with an extension twice, and a good one",
            both(&double, &good),
        ),
        (
            "root with unreadable constraints, and a good one",
            both(&unread, &good),
        ),
        (
            "root with another key identifier, and a good one",
            both(&renumbered, &good),
        ),
        (
            "root with another key identifier, and one with an extension twice",
            both(&renumbered, &double),
        ),
    ]
}

/// A host, and CA certificates drawn from a pool in which several have the same name or the same key: renewed, expired, made anew,
/// cross-certified. Some are sent along, some are trusted.
fn several_candidates() -> Vec<(String, Scenario)> {
    const CASES: usize = 120;
    let root = numbered(Recipe::ca("Root CA"), 1).self_signed();
    let old = numbered(Recipe::ca("Old Root"), 2).self_signed();
    let again = |forged: &Forged, name: &str, number: u8| {
        numbered(Recipe::ca(name), number)
            .change(|recipe| recipe.key = PrivateKey::from_pkcs8(forged.key.pkcs8()).ok())
    };
    let middle = numbered(Recipe::ca("Issuing CA"), 3).signed_by(&root);
    let pool = [
        again(&root, "Root CA", 4).self_signed(),
        expired(again(&root, "Root CA", 5)).self_signed(),
        numbered(Recipe::ca("Root CA"), 6).self_signed(),
        expired(again(&old, "Old Root", 7)).self_signed(),
        again(&root, "Root CA", 8).signed_by(&old),
        expired(again(&root, "Root CA", 9)).signed_by(&old),
        expired(again(&middle, "Issuing CA", 10)).signed_by(&root),
        numbered(Recipe::ca("Issuing CA"), 11).signed_by(&root),
        again(&middle, "Issuing CA", 12).signed_by(&old),
        again(&middle, "Issuing CA", 13).self_signed(),
    ];
    let without = |recipe: Recipe| recipe.with(AUTHORITY_KEY_IDENTIFIER, false, Vec::new());
    let hosts = [
        Recipe::host().signed_by(&middle),
        without(Recipe::host()).signed_by(&middle),
        Recipe::host().signed_by(&root),
        without(Recipe::host()).signed_by(&root),
    ];
    let all: Vec<&Forged> = pool.iter().chain([&root, &old, &middle]).collect();
    // A linear congruential generator (Knuth): the same cases each time.
    let mut state = 42_u64;
    let mut below = |bound: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % bound
    };
    let mut cases = Vec::new();
    for number in 0..CASES {
        let host = below(hosts.len());
        let mut drawn =
            |least: usize| -> Vec<usize> { (0..least + below(3)).map(|_| below(all.len() + 1)).collect() };
        let (sent, trusted) = (drawn(0), drawn(1));
        // One more than the pool has: the host itself.
        let of = |list: &[usize]| -> Vec<&Forged> {
            list.iter()
                .map(|at| all.get(*at).copied().unwrap_or(&hosts[host]))
                .collect()
        };
        let scenario = question(&hosts[host], &of(&sent), &of(&trusted));
        cases.push((
            format!("candidates {number}: host {host}, sent {sent:?}, trusted {trusted:?}"),
            scenario,
        ));
    }
    cases
}

/// Extensions with content that is sound, RFC 5280, RFC 3739, RFC 3779, RFC 6960, RFC 6962, RFC 7633, RFC 8551, RFC 9345, and Microsoft's,
/// Netscape's and others: one that is critical is refused by whoever does not know it.
fn sound_extensions() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let policy = |policy: &str| sequence(&[sequence(&[oid(policy)])]);
    let point = || {
        sequence(&[sequence(&[tlv(
            0xa0,
            &tlv(0xa0, &uri("http://crl.example.com/")),
        )])])
    };
    let access = |method: &str| sequence(&[sequence(&[oid(method), uri("http://ca.example.com/")])]);
    let gender = sequence(&[oid("1.3.6.1.5.5.7.9.3"), set(&[tlv(0x13, b"F")])]);
    let addresses = sequence(&[sequence(&[octet_string(&[0, 1]), null()])]);
    let numbers = sequence(&[tlv(0xa0, &null())]);
    vec![
        ("subjectDirectoryAttributes", "2.5.29.9", sequence(&[gender])),
        (
            "privateKeyUsagePeriod",
            "2.5.29.16",
            sequence(&[tlv(0x80, b"20200101000000Z")]),
        ),
        (
            "issuerAltName",
            ISSUER_ALT_NAME,
            sequence(&[dns("ca.example.com")]),
        ),
        ("cRLDistributionPoints", "2.5.29.31", point()),
        ("certificatePolicies of any", POLICIES, policy("2.5.29.32.0")),
        ("certificatePolicies of one", POLICIES, policy("1.2.3.4")),
        (
            "policyMappings",
            "2.5.29.33",
            sequence(&[sequence(&[oid("1.2.3.4"), oid("1.2.3.5")])]),
        ),
        ("policyConstraints", "2.5.29.36", sequence(&[tlv(0x80, &[9])])),
        ("extKeyUsage", EXTENDED_KEY_USAGE, purposes(&[SERVER_AUTH])),
        ("freshestCRL", "2.5.29.46", point()),
        ("inhibitAnyPolicy", "2.5.29.54", number(9)),
        (
            "authorityInfoAccess",
            "1.3.6.1.5.5.7.1.1",
            access("1.3.6.1.5.5.7.48.2"),
        ),
        (
            "subjectInfoAccess",
            "1.3.6.1.5.5.7.1.11",
            access("1.3.6.1.5.5.7.48.5"),
        ),
        (
            "qcStatements",
            "1.3.6.1.5.5.7.1.3",
            sequence(&[sequence(&[oid("0.4.0.1862.1.1")])]),
        ),
        ("addresses of networks", NETWORK_ADDRESSES, addresses.clone()),
        ("numbers of networks", "1.3.6.1.5.5.7.1.8", numbers.clone()),
        (
            "addresses of networks, second form",
            "1.3.6.1.5.5.7.1.28",
            addresses,
        ),
        ("numbers of networks, second form", "1.3.6.1.5.5.7.1.29", numbers),
        (
            "proxyCertInfo",
            PROXY_CERT_INFO,
            sequence(&[sequence(&[oid("1.3.6.1.5.5.7.21.1")])]),
        ),
        ("TLS feature", TLS_FEATURE, sequence(&[number(5)])),
        ("OCSP nocheck", "1.3.6.1.5.5.7.48.1.5", null()),
        (
            "signed certificate timestamps",
            "1.3.6.1.4.1.11129.2.4.2",
            octet_string(&[0, 0]),
        ),
        ("poison of precertificates", "1.3.6.1.4.1.11129.2.4.3", null()),
        ("delegated credentials", "1.3.6.1.4.1.44363.44", null()),
        ("Netscape type", NETSCAPE_CERT_TYPE, tlv(3, &[0, 0xc7])),
        (
            "Netscape base URL",
            "2.16.840.1.113730.1.2",
            tlv(0x16, b"http://x/"),
        ),
        (
            "Netscape revocation URL",
            "2.16.840.1.113730.1.3",
            tlv(0x16, b"http://x/"),
        ),
        (
            "Netscape CA revocation URL",
            "2.16.840.1.113730.1.4",
            tlv(0x16, b"http://x/"),
        ),
        (
            "Netscape renewal URL",
            "2.16.840.1.113730.1.7",
            tlv(0x16, b"http://x/"),
        ),
        (
            "Netscape CA policy URL",
            "2.16.840.1.113730.1.8",
            tlv(0x16, b"http://x/"),
        ),
        (
            "Netscape server name",
            "2.16.840.1.113730.1.12",
            tlv(0x16, b"db1.example.com"),
        ),
        ("Netscape comment", "2.16.840.1.113730.1.13", tlv(0x16, b"x")),
        (
            "S/MIME capabilities",
            "1.2.840.113549.1.9.15",
            policy("1.2.840.113549.3.7"),
        ),
        ("Microsoft CA version", "1.3.6.1.4.1.311.21.1", number(0)),
        (
            "Microsoft template name",
            "1.3.6.1.4.1.311.20.2",
            tlv(0x1e, &[0, b'S']),
        ),
        (
            "Microsoft template",
            "1.3.6.1.4.1.311.21.7",
            sequence(&[oid("1.3.6.1.4.1.311.21.8.1"), number(100)]),
        ),
        (
            "Microsoft application policies",
            "1.3.6.1.4.1.311.21.10",
            policy(SERVER_AUTH),
        ),
        (
            "Microsoft security identifier",
            "1.3.6.1.4.1.311.25.2",
            sequence(&[]),
        ),
        ("nobody's", NOBODYS, null()),
    ]
}

/// Each of them critical, in the host, in the intermediate CA and in the root.
fn critical_extensions() -> Vec<(String, Scenario)> {
    let ask = |(what, kind, content): (&'static str, &'static str, Vec<u8>)| {
        ["host", "intermediate", "root"].map(|place| {
            let recipe = |of: &str, recipe: Recipe| match of == place {
                true => recipe.with(kind, true, content.clone()),
                false => recipe,
            };
            let root = recipe("root", root()).self_signed();
            let middle = recipe("intermediate", middle()).signed_by(&root);
            let host = recipe("host", Recipe::host()).signed_by(&middle);
            (
                format!("critical {what} in the {place}"),
                question(&host, &[&middle], &[&root]),
            )
        })
    };
    let of_keys = || {
        let keys = [0; 3].map(|_| PrivateKey::generate(KeyAlgorithm::P256).expect("a key"));
        let identifiers = [0, 1, 2].map(|number| sha1(keys[number].public_key().bits()));
        (keys, identifiers)
    };
    let identified = |place: usize, kind: &'static str| {
        let ([of_root, of_middle, of_host], identifiers) = of_keys();
        let content = match kind {
            SUBJECT_KEY_IDENTIFIER => octet_string(&identifiers[place]),
            _ => sequence(&[tlv(0x80, &identifiers[place.saturating_sub(1)])]),
        };
        let recipe = |own: usize, recipe: Recipe, key: PrivateKey| {
            let recipe = recipe.change(|recipe| recipe.key = Some(key));
            match own == place {
                true => recipe.with(kind, true, content.clone()),
                false => recipe,
            }
        };
        let root = recipe(0, root(), of_root).self_signed();
        let middle = recipe(1, middle(), of_middle).signed_by(&root);
        let host = recipe(2, Recipe::host(), of_host).signed_by(&middle);
        let name = ["root", "intermediate", "host"][place];
        (
            format!("critical {kind} in the {name}"),
            question(&host, &[&middle], &[&root]),
        )
    };
    let identifiers = [SUBJECT_KEY_IDENTIFIER, AUTHORITY_KEY_IDENTIFIER];
    let identified = identifiers
        .into_iter()
        .flat_map(|kind| [0, 1, 2].map(|place| identified(place, kind)))
        .collect::<Vec<_>>();
    sound_extensions()
        .into_iter()
        .flat_map(ask)
        .chain(identified)
        .collect()
}

/// Names of the Subject, in every string type and place, and names of other kinds beside them.
fn names_for_comparison() -> Vec<(String, Scenario)> {
    const HOST: &str = "db1.example.com";
    let wide = |width: usize| -> Vec<u8> {
        HOST.bytes()
            .flat_map(|byte| [vec![0; width - 1], vec![byte]].concat())
            .collect()
    };
    let common = |tag: u8, text: &[u8]| sequence(&[oid("2.5.4.3"), tlv(tag, text)]);
    let one = |attribute: Vec<u8>| sequence(&[set(&[attribute])]);
    let mut subjects: Vec<(String, Vec<u8>)> = [
        ("UTF8String", 0x0c, HOST.as_bytes().to_vec()),
        ("NumericString", 0x12, HOST.as_bytes().to_vec()),
        ("PrintableString", PRINTABLE, HOST.as_bytes().to_vec()),
        ("TeletexString", 0x14, HOST.as_bytes().to_vec()),
        ("IA5String", 0x16, HOST.as_bytes().to_vec()),
        ("VisibleString", 0x1a, HOST.as_bytes().to_vec()),
        ("UniversalString", 0x1c, wide(4)),
        ("BMPString", BMP, wide(2)),
    ]
    .map(|(what, tag, text)| (format!("as {what}"), one(common(tag, &text))))
    .into();
    let [own, before, after] =
        [HOST, "aaa.example.com", "zzz.example.com"].map(|text| common(0x0c, text.as_bytes()));
    let organization = sequence(&[oid("2.5.4.10"), tlv(0x0c, b"Example")]);
    subjects.extend(
        [
            (
                "in one part after another host",
                sequence(&[set(&[before.clone(), own.clone()])]),
            ),
            (
                "in one part before another host",
                sequence(&[set(&[own.clone(), after])]),
            ),
            (
                "in one part with an organization",
                sequence(&[set(&[own.clone(), organization.clone()])]),
            ),
            (
                "in one part after an organization",
                sequence(&[set(&[organization.clone(), own.clone()])]),
            ),
            (
                "above an organization",
                sequence(&[set(std::slice::from_ref(&own)), set(&[organization])]),
            ),
            (
                "twice",
                sequence(&[set(std::slice::from_ref(&own)), set(std::slice::from_ref(&own))]),
            ),
            (
                "after a part of two",
                sequence(&[
                    set(&[before.clone(), own.clone()]),
                    set(std::slice::from_ref(&own)),
                ]),
            ),
            (
                "before a part of two",
                sequence(&[set(std::slice::from_ref(&own)), set(&[before, own.clone()])]),
            ),
        ]
        .map(|(what, subject)| (what.to_owned(), subject)),
    );
    let mut all: Vec<(String, Scenario)> = subjects
        .into_iter()
        .map(|(what, subject)| {
            let host = Recipe::host().without(SUBJECT_ALT_NAME);
            let host = host.change(|host| host.subject = subject);
            (format!("common name {what}"), below(root(), host))
        })
        .collect();
    let other = |kind: &str, value: Vec<u8>| tlv(0xa0, &[oid(kind), tlv(0xa0, &value)].concat());
    let beside = [
        (
            "service",
            other("1.3.6.1.5.5.7.8.7", tlv(0x16, b"_ldap.example.com")),
        ),
        (
            "XMPP address",
            other("1.3.6.1.5.5.7.8.5", tlv(0x0c, b"a@example.com")),
        ),
        (
            "SmtpUTF8Mailbox",
            other("1.3.6.1.5.5.7.8.9", tlv(0x0c, b"a@example.com")),
        ),
        (
            "principal",
            other("1.3.6.1.4.1.311.20.2.3", tlv(0x0c, b"a@example.com")),
        ),
        ("Kerberos principal", other("1.3.6.1.5.2.2", sequence(&[]))),
        ("name of an unknown kind", other(NOBODYS, null())),
        ("X.400 address", tlv(0xa3, &[])),
        ("directoryName", directory(&name("x"))),
        ("EDI party", tlv(0xa5, &tlv(0xa1, &tlv(0x0c, b"x")))),
        ("registered identifier", tlv(0x88, &[0x2a, 3])),
        ("address that is none", ip(&[1, 2, 3])),
        ("empty dNSName", dns("")),
    ];
    for (what, beside) in beside {
        let host = Recipe::host().with(SUBJECT_ALT_NAME, false, sequence(&[beside]));
        all.push((format!("common name beside a {what}"), below(root(), host)));
    }
    all
}

/// Constraints on addresses, and on hosts, over common names that are addresses or look like them.
fn strange_constraints() -> Vec<(String, Scenario)> {
    let commons = [
        "10.9.9.9",
        "192.168.1.1",
        "10.1",
        "12345",
        "::1",
        "fe80::1",
        "1.2.3.4.5",
        "010.1.1.1",
        "256.1.1.1",
        "x",
    ];
    let addresses = vec![dns("db1.example.com"), ip(&[10, 0, 0, 1])];
    let names: [(&str, Option<Vec<Vec<u8>>>); 4] = [
        ("a host", Some(vec![dns("db1.example.com")])),
        ("an address", Some(vec![ip(&[10, 0, 0, 1])])),
        ("both", Some(addresses)),
        ("nothing", None),
    ];
    let limits = [
        ("addresses", ip(&[10, 0, 0, 0, 255, 255, 0, 0])),
        ("hosts", dns("example.com")),
    ];
    let mut all = Vec::new();
    for common in commons {
        for (beside, list) in &names {
            for (limited, base) in &limits {
                let constrained = middle().with(
                    NAME_CONSTRAINTS,
                    true,
                    name_constraints(std::slice::from_ref(base), &[]),
                );
                let host = Recipe::host().change(|host| host.subject = name(common));
                let host = match list {
                    Some(list) => host.with(SUBJECT_ALT_NAME, false, sequence(list)),
                    None => host.without(SUBJECT_ALT_NAME),
                };
                let asked = Scenario {
                    name: "",
                    ..through(constrained, host)
                };
                all.push((
                    format!("common name {common} beside {beside}, {limited} permitted"),
                    asked,
                ));
            }
        }
    }
    let wide: Vec<u8> = "db1.example.com"
        .bytes()
        .flat_map(|byte| [0, 0, 0, byte])
        .collect();
    let typed: [(&str, u8, &[u8]); 5] = [
        ("IA5String", 0x16, b"db1.example.com"),
        ("TeletexString", 0x14, b"db1.example.com"),
        ("NumericString", 0x12, b"db1.example.com"),
        ("PrintableString", PRINTABLE, b"db1.example.com"),
        ("UniversalString", 0x1c, &wide),
    ];
    for (what, tag, text) in typed {
        for domain in ["example.com", "example.org"] {
            let constrained = middle().with(NAME_CONSTRAINTS, true, name_constraints(&[dns(domain)], &[]));
            let host = Recipe::host().without(SUBJECT_ALT_NAME);
            let host = host.change(|host| host.subject = one_name(tag, text));
            let asked = Scenario {
                name: "",
                ..through(constrained, host)
            };
            all.push((format!("common name as {what}, {domain} permitted"), asked));
        }
    }
    all
}

/// Keys that sound CAs certified, and with which no handshake of rustls succeeds.
fn keys_in_handshakes() -> Vec<Named> {
    let on_curve = |curve: &str, point: &str| {
        let bytes = |hex: &str| gsec_pki::encoding::hex::decode(hex).expect("hexadecimal");
        let key = sequence(&[
            sequence(&[oid("1.2.840.10045.2.1"), oid(curve)]),
            tlv(3, &[&[0, 4][..], &bytes(point)].concat()),
        ]);
        Recipe::host().change(|host| host.spki = Some(key))
    };
    // The base points of SEC 2 §2.4.1, RFC 5639 §3.4 and SEC 2 (1.0) §2.5.2.
    vec![
        (
            "host with a key on secp256k1",
            below(
                root(),
                on_curve(
                    "1.3.132.0.10",
                    concat!(
                        "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
                        "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
                    ),
                ),
            ),
        ),
        (
            "host with a key on brainpoolP256r1",
            below(
                root(),
                on_curve(
                    "1.3.36.3.3.2.8.1.1.7",
                    concat!(
                        "8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262",
                        "547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997"
                    ),
                ),
            ),
        ),
        (
            "host with a key on P-192",
            below(
                root(),
                on_curve(
                    "1.2.840.10045.3.1.1",
                    concat!(
                        "188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012",
                        "07192b95ffc8da78631011ed6b24cdd573f977a11e794811"
                    ),
                ),
            ),
        ),
    ]
}

/// Constraints on kinds of names that few programs compare, over names of those kinds: what is permitted is another name, and what is excluded the
/// same one.
fn constraints_on_other_kinds() -> Vec<(String, Scenario)> {
    let other = |kind: &str, value: &str| {
        tlv(
            0xa0,
            &[oid(kind), tlv(0xa0, &tlv(0x0c, value.as_bytes()))].concat(),
        )
    };
    let party = |value: &[u8]| tlv(0xa5, &tlv(0xa1, &tlv(0x0c, value)));
    let kinds = [
        (
            "principal",
            [
                other("1.3.6.1.4.1.311.20.2.3", "a@b"),
                other("1.3.6.1.4.1.311.20.2.3", "@example.com"),
            ],
        ),
        (
            "mailbox in UTF-8",
            [
                other("1.3.6.1.5.5.7.8.9", "a@example.com"),
                other("1.3.6.1.5.5.7.8.9", "b@example.com"),
            ],
        ),
        (
            "registered identifier",
            [tlv(0x88, &[0x2a, 3]), tlv(0x88, &[0x2a, 4])],
        ),
        ("EDI party", [party(b"x"), party(b"y")]),
    ];
    let mut all = Vec::new();
    for (what, [own, another]) in kinds {
        let lists = [
            ("another permitted", vec![another.clone()], Vec::new()),
            ("excluded", Vec::new(), vec![own.clone()]),
            ("another excluded", Vec::new(), vec![another.clone()]),
        ];
        for (how, permitted, excluded) in lists {
            let limited = || middle().with(NAME_CONSTRAINTS, true, name_constraints(&permitted, &excluded));
            let names = sequence(&[dns("db1.example.com"), own.clone()]);
            let host = Recipe::host().with(SUBJECT_ALT_NAME, false, names);
            all.push((format!("{what}, {how}"), through(limited(), host)));
            all.push((format!("no {what}, {how}"), through(limited(), Recipe::host())));
        }
    }
    all
}
