//! Paths at the edges, where programs part: keys, names, key identifiers and extensions as people's CAs really have them.
//!
//! Every program is asked about each of them, beside the faults.

use gsec_pki::key::{KeyAlgorithm, PrivateKey};
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
    ];
    groups
        .into_iter()
        .flatten()
        .map(|(what, scenario)| (what.to_owned(), scenario))
        .chain(several_candidates())
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
