//! CRLs of every kind, made for it, as `gsec cert verify` reads them; OpenSSL with extended and delta CRLs is the judge.

use crate::common;

use common::der_writer::{context, number, sequence, set, tlv};
use common::forge::*;
use common::{Outcome, Scene, openssl};
use serde_json::Value;

const DELTA: &str = "2.5.29.27";
const IDP: &str = "2.5.29.28";
const CERTIFICATE_ISSUER: &str = "2.5.29.29";
const DISTRIBUTION_POINTS: &str = "2.5.29.31";
const FRESHEST_CRL: &str = "2.5.29.46";
const CRL_NUMBER: &str = "2.5.29.20";
/// A critical extension that nobody knows.
const STRANGE: &str = "1.3.6.1.4.1.55555.3";
/// The serial number of the host; its issuer's is 0x22.
const HOST: &[u8] = &[0x11];
const ADDRESS: &str = "http://crl.example.com/1.crl";

/// What gsec must answer.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Answer {
    Good,
    Revoked,
    /// Valid, since nothing was required: no CRL that is about the certificate.
    Unknown,
    /// Not valid: a CRL is about the certificate, and cannot be relied upon.
    Refused,
}

use Answer::{Good, Refused, Revoked, Unknown};

/// What OpenSSL answers.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Openssl {
    Same,
    /// It accepts; why gsec does not say good.
    Accepts(&'static str),
}

struct Chain {
    root: Forged,
    issuer: Forged,
    host: Forged,
    /// Another CA below the root, that may sign indirect CRLs.
    other: Forged,
}

impl Chain {
    fn with(change: impl FnOnce(Recipe) -> Recipe) -> Self {
        let root = Recipe::ca("Root CA").self_signed();
        let issuer = Recipe::ca("Issuing CA")
            .change(|recipe| recipe.serial = vec![0x22])
            .signed_by(&root);
        let other = Recipe::ca("Other CA")
            .change(|recipe| recipe.serial = vec![0x33])
            .signed_by(&root);
        let host = change(Recipe::host()).signed_by(&issuer);
        Chain {
            root,
            issuer,
            host,
            other,
        }
    }

    fn new() -> Self {
        Chain::with(|recipe| recipe)
    }

    /// Whose cRLDistributionPoints name this one point.
    fn pointing(fields: &[Vec<u8>]) -> Self {
        Chain::with(|recipe| recipe.with(DISTRIBUTION_POINTS, false, sequence(&[sequence(fields)])))
    }
}

/// distributionPoint [0] with a fullName.
fn full_name(name: Vec<u8>) -> Vec<u8> {
    context(0, &context(0, &name))
}

/// distributionPoint [0] with a name below that of the CRL's issuer.
fn relative_name(common_name: &str) -> Vec<u8> {
    let last = sequence(&[
        common::der_writer::oid("2.5.4.3"),
        tlv(0x0c, common_name.as_bytes()),
    ]);
    context(0, &context(1, &last))
}

fn crl_issuer(name: &[u8]) -> Vec<u8> {
    context(2, &directory(name))
}

fn only_users() -> Vec<u8> {
    tlv(0x81, &[0xff])
}

fn only_authorities() -> Vec<u8> {
    tlv(0x82, &[0xff])
}

fn some_reasons(bits: &[u8]) -> Vec<u8> {
    tlv(0x83, bits)
}

fn indirect() -> Vec<u8> {
    tlv(0x84, &[0xff])
}

fn only_attributes() -> Vec<u8> {
    tlv(0x85, &[0xff])
}

fn empty() -> CrlRecipe {
    CrlRecipe::revoking(&[])
}

fn limited(fields: &[Vec<u8>]) -> CrlRecipe {
    empty().with(IDP, true, sequence(fields))
}

/// OpenSSL looks for delta CRLs only where freshestCRL says that there are some.
fn numbered(count: u32) -> CrlRecipe {
    let points = sequence(&[sequence(&[full_name(uri("http://crl.example.com/delta.crl"))])]);
    empty()
        .with(CRL_NUMBER, false, number(count))
        .with(FRESHEST_CRL, false, points)
}

fn delta(count: u32, base: u32) -> CrlRecipe {
    empty()
        .with(CRL_NUMBER, false, number(count))
        .with(DELTA, true, number(base))
}

fn held(crl: CrlRecipe) -> CrlRecipe {
    crl.listing(HOST, &[(REASON, false, reason(6))])
}

fn taken_back(crl: CrlRecipe) -> CrlRecipe {
    crl.listing(HOST, &[(REASON, false, reason(8))])
}

fn entry_of(issuer: &[u8]) -> (&'static str, bool, Vec<u8>) {
    (CERTIFICATE_ISSUER, true, sequence(&[directory(issuer)]))
}

/// A scene in which everything lies in files.
struct Asked {
    scene: Scene,
}

impl Asked {
    fn of(chain: &Chain, crls: &[Vec<u8>], more: &[&Forged]) -> Self {
        let scene = Scene::empty();
        let crls = [crls, &[empty().signed_by(&chain.root)]].concat();
        scene.write("root.pem", chain.root.pem());
        scene.write(
            "between.pem",
            [&chain.issuer, &chain.other]
                .into_iter()
                .chain(more.iter().copied())
                .map(Forged::pem)
                .collect::<String>(),
        );
        scene.write("host.pem", chain.host.pem());
        scene.write(
            "crls.pem",
            crls.iter().map(|der| pem("X509 CRL", der)).collect::<String>(),
        );
        Asked { scene }
    }

    fn gsec(&self, flags: &[&str]) -> Outcome {
        let args = [
            "cert",
            "verify",
            "host.pem",
            "--trust",
            "root.pem",
            "--untrusted",
            "between.pem",
            "--crl",
            "crls.pem",
            "--json",
        ];
        self.scene.gsec(&args).args(flags).run()
    }

    fn openssl_accepts(&self) -> bool {
        let args = [
            "verify",
            "-crl_check",
            "-extended_crl",
            "-use_deltas",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "between.pem",
        ];
        let outcome = openssl(&args)
            .args(&["-CRLfile", "crls.pem", "host.pem"])
            .in_dir(self.scene.dir.path(""))
            .run();
        outcome.stdout.contains("host.pem: OK")
    }
}

fn rules(document: &Value) -> Vec<String> {
    let findings = document["findings"].as_array().expect("findings").iter();
    findings
        .map(|finding| finding["rule"].as_str().expect("a rule").to_owned())
        .collect()
}

fn check(what: &str, chain: &Chain, crls: &[Vec<u8>], (answer, openssl): (Answer, Openssl)) {
    check_with(what, chain, crls, &[], (answer, openssl));
}

fn check_with(
    what: &str,
    chain: &Chain,
    crls: &[Vec<u8>],
    more: &[&Forged],
    (answer, openssl): (Answer, Openssl),
) {
    let asked = Asked::of(chain, crls, more);
    let outcome = asked.gsec(&[]);
    let status = if matches!(answer, Good | Unknown) { 0 } else { 1 };
    assert_eq!(outcome.status, Some(status), "{what}: {outcome}");
    let document = outcome.json();
    let revocation = &document["path"][0]["revocation"];
    let expected = match answer {
        Good => "good",
        Revoked => "revoked",
        Unknown | Refused => "undetermined",
    };
    assert_eq!(revocation["status"], expected, "{what}: {document:#}");
    assert_eq!(
        revocation["why"].is_string(),
        expected == "undetermined",
        "{what}: {revocation}"
    );
    assert_eq!(
        rules(&document).contains(&"revoked".to_owned()),
        answer == Revoked,
        "{what}: {document:#}"
    );
    assert!(
        !document.to_string().contains("gsec finds no reason"),
        "{what}: {document:#}"
    );
    // Where a CRL is required, only good is good enough.
    let required = asked.gsec(&["--require-crl"]);
    assert_eq!(
        required.status,
        Some(i32::from(answer != Good)),
        "{what}, required: {required}"
    );
    let accepts = match openssl {
        Openssl::Same => answer == Good,
        Openssl::Accepts(_) => true,
    };
    assert_eq!(asked.openssl_accepts(), accepts, "{what}: OpenSSL");
}

#[test]
fn complete_crls() {
    let chain = Chain::new();
    let by_issuer = |crl: CrlRecipe| vec![crl.signed_by(&chain.issuer)];
    let same = |answer| (answer, Openssl::Same);
    check(
        "not listed",
        &chain,
        &by_issuer(CrlRecipe::revoking(&[&[0x77]])),
        same(Good),
    );
    check(
        "listed",
        &chain,
        &by_issuer(CrlRecipe::revoking(&[HOST])),
        same(Revoked),
    );
    check("on hold", &chain, &by_issuer(held(empty())), same(Revoked));
    for code in [7, 99] {
        check(
            "an unknown reason",
            &chain,
            &by_issuer(empty().listing(HOST, &[(REASON, false, reason(code))])),
            same(Revoked),
        );
    }
    check(
        "removeFromCRL in a complete CRL",
        &chain,
        &by_issuer(taken_back(empty())),
        same(Good),
    );
    check(
        "version 1",
        &chain,
        &by_issuer(
            CrlRecipe::revoking(&[&[0x77]]).change(|crl| (crl.version, crl.extensions) = (1, Vec::new())),
        ),
        same(Good),
    );
    check(
        "version 1, listed",
        &chain,
        &by_issuer(
            CrlRecipe::revoking(&[HOST]).change(|crl| (crl.version, crl.extensions) = (1, Vec::new())),
        ),
        same(Revoked),
    );
    check(
        "without nextUpdate",
        &chain,
        &by_issuer(empty().change(|crl| crl.updates[1] = None)),
        same(Good),
    );
    check(
        "without nextUpdate, listed",
        &chain,
        &by_issuer(CrlRecipe::revoking(&[HOST]).change(|crl| crl.updates[1] = None)),
        same(Revoked),
    );
    check(
        "out of date",
        &chain,
        &by_issuer(empty().change(|crl| crl.updates[1] = Some("20250101000000Z"))),
        same(Refused),
    );
    check(
        "of a time to come",
        &chain,
        &by_issuer(empty().change(|crl| crl.updates = [Some("20480101000000Z"), None])),
        same(Refused),
    );
    check("none of the issuer", &chain, &[], same(Unknown));
    check(
        "critical extension unknown",
        &chain,
        &by_issuer(empty().with(STRANGE, true, sequence(&[]))),
        same(Refused),
    );
    check(
        "critical extension unknown, listed",
        &chain,
        &by_issuer(CrlRecipe::revoking(&[HOST]).with(STRANGE, true, sequence(&[]))),
        same(Revoked),
    );
    check(
        "extension unknown",
        &chain,
        &by_issuer(empty().with(STRANGE, false, sequence(&[]))),
        same(Good),
    );
    let strange_entry = |serial| empty().listing(serial, &[(STRANGE, true, sequence(&[]))]);
    check(
        "entry with a critical extension unknown",
        &chain,
        &by_issuer(strange_entry(&[0x77])),
        same(Refused),
    );
    check(
        "own entry with a critical extension unknown",
        &chain,
        &by_issuer(strange_entry(HOST)),
        same(Revoked),
    );
    let two_algorithms = empty().change(|crl| {
        crl.inner_algorithm = Some(common::der_writer::algorithm("1.2.840.10045.4.3.3", Vec::new()))
    });
    let why = "it does not compare the two; RFC 5280 §5.1.1.2 does";
    check(
        "two algorithms",
        &chain,
        &by_issuer(two_algorithms),
        (Refused, Openssl::Accepts(why)),
    );
    let stranger = Chain::new();
    check(
        "by a stranger of the same name",
        &chain,
        &[CrlRecipe::revoking(&[HOST]).signed_by(&stranger.issuer)],
        same(Refused),
    );
}

#[test]
fn serial_numbers_are_numbers() {
    let numbered = |serial: &'static [u8]| {
        Chain::with(move |recipe| recipe.change(|recipe| recipe.serial = serial.to_vec()))
    };
    for (serial, listed, answer) in [
        (&[0x00, 0xff][..], &[0x00, 0xff][..], Revoked),
        (&[0x00, 0xff], &[0xff], Good),
        (&[0xff], &[0x00, 0xff], Good),
        (&[0xff], &[0xff], Revoked),
        (&[0x80, 0x01], &[0x00, 0x80, 0x01], Good),
        (&[0x00, 0xe8, 0xd4, 0xa5], &[0x00, 0xe8, 0xd4, 0xa5], Revoked),
        (&[0x00], &[0x00], Revoked),
        (&[0x01], &[0x00], Good),
    ] {
        let chain = numbered(serial);
        let crl = CrlRecipe::revoking(&[listed]).signed_by(&chain.issuer);
        check(
            &format!("serial {serial:x?}, CRL {listed:x?}"),
            &chain,
            &[crl],
            (answer, Openssl::Same),
        );
    }
}

#[test]
fn crls_for_a_part_of_the_certificates() {
    let chain = Chain::new();
    let by_issuer = |crl: CrlRecipe| vec![crl.signed_by(&chain.issuer)];
    let listed = |fields: &[Vec<u8>]| CrlRecipe::revoking(&[HOST]).with(IDP, true, sequence(fields));
    let same = |answer| (answer, Openssl::Same);
    check(
        "users only",
        &chain,
        &by_issuer(limited(&[only_users()])),
        same(Good),
    );
    check(
        "users only, listed",
        &chain,
        &by_issuer(listed(&[only_users()])),
        same(Revoked),
    );
    check(
        "users only, not critical",
        &chain,
        &by_issuer(empty().with(IDP, false, sequence(&[only_users()]))),
        same(Good),
    );
    check(
        "CAs only",
        &chain,
        &by_issuer(limited(&[only_authorities()])),
        same(Unknown),
    );
    check(
        "CAs only, not critical",
        &chain,
        &by_issuer(empty().with(IDP, false, sequence(&[only_authorities()]))),
        same(Unknown),
    );
    check(
        "CAs only, listed",
        &chain,
        &by_issuer(listed(&[only_authorities()])),
        same(Unknown),
    );
    check(
        "attribute certificates only",
        &chain,
        &by_issuer(limited(&[only_attributes()])),
        same(Unknown),
    );
    let (some, rest) = (&[6, 0x40][..], &[7, 0x3f, 0x80][..]);
    check(
        "some reasons",
        &chain,
        &by_issuer(limited(&[some_reasons(some)])),
        same(Unknown),
    );
    check(
        "some reasons, listed",
        &chain,
        &by_issuer(listed(&[some_reasons(some)])),
        same(Revoked),
    );
    let both = [limited(&[some_reasons(some)]), limited(&[some_reasons(rest)])]
        .map(|crl| crl.signed_by(&chain.issuer));
    check("two CRLs for all reasons", &chain, &both, same(Good));
    let second = [limited(&[some_reasons(some)]), listed(&[some_reasons(rest)])]
        .map(|crl| crl.signed_by(&chain.issuer));
    check("listed in the second", &chain, &second, same(Revoked));
    let why = "it passes over an issuingDistributionPoint that it cannot read";
    check(
        "an issuingDistributionPoint that is none",
        &chain,
        &by_issuer(empty().with(IDP, true, vec![5, 0])),
        (Refused, Openssl::Accepts(why)),
    );
}

#[test]
fn distribution_points() {
    let same = |answer| (answer, Openssl::Same);
    let chain = Chain::pointing(&[full_name(uri(ADDRESS))]);
    let by = |chain: &Chain, crl: CrlRecipe| vec![crl.signed_by(&chain.issuer)];
    check(
        "the same address",
        &chain,
        &by(&chain, limited(&[full_name(uri(ADDRESS))])),
        same(Good),
    );
    check(
        "another address",
        &chain,
        &by(&chain, limited(&[full_name(uri("http://crl.example.com/2.crl"))])),
        same(Unknown),
    );
    check(
        "a CRL without an address",
        &chain,
        &by(&chain, empty()),
        same(Good),
    );
    let plain = Chain::new();
    check(
        "a certificate without an address",
        &plain,
        &by(&plain, limited(&[full_name(uri(ADDRESS))])),
        same(Unknown),
    );
    let relative = Chain::pointing(&[relative_name("CRL1")]);
    check(
        "a name below the issuer's",
        &relative,
        &by(&relative, limited(&[relative_name("CRL1")])),
        same(Good),
    );
    check(
        "another name below the issuer's",
        &relative,
        &by(&relative, limited(&[relative_name("CRL2")])),
        same(Unknown),
    );
    let mut whole = vec![set(&[sequence(&[
        common::der_writer::oid("2.5.4.3"),
        tlv(0x0c, b"Issuing CA"),
    ])])];
    whole.push(set(&[sequence(&[
        common::der_writer::oid("2.5.4.3"),
        tlv(0x0c, b"CRL1"),
    ])]));
    check(
        "the same name written out",
        &relative,
        &by(&relative, limited(&[full_name(directory(&sequence(&whole)))])),
        same(Good),
    );
    let some = Chain::pointing(&[full_name(uri(ADDRESS)), tlv(0x81, &[6, 0x40])]);
    check(
        "a point for some reasons",
        &some,
        &by(&some, limited(&[full_name(uri(ADDRESS))])),
        same(Unknown),
    );
}

#[test]
fn indirect_crls() {
    let same = |answer| (answer, Openssl::Same);
    let chain = Chain::new();
    let by_issuer = |crl: CrlRecipe| vec![crl.signed_by(&chain.issuer)];
    let listed = || CrlRecipe::revoking(&[HOST]).with(IDP, true, sequence(&[indirect()]));
    check(
        "of the issuer itself, listed",
        &chain,
        &by_issuer(listed()),
        same(Revoked),
    );
    let of_other = || limited(&[indirect()]).listing(HOST, &[entry_of(&chain.other.subject)]);
    check(
        "the same number by another issuer",
        &chain,
        &by_issuer(of_other()),
        same(Good),
    );
    check(
        "an entry after it inherits",
        &chain,
        &by_issuer(
            limited(&[indirect()])
                .listing(&[0x77], &[entry_of(&chain.other.subject)])
                .listing(HOST, &[]),
        ),
        same(Good),
    );
    let back = of_other().listing(HOST, &[entry_of(&chain.issuer.subject)]);
    check("its own entry after it", &chain, &by_issuer(back), same(Revoked));
    let not_said = empty().listing(HOST, &[entry_of(&chain.other.subject)]);
    check(
        "such an entry in a CRL that is not indirect",
        &chain,
        &by_issuer(not_said),
        same(Good),
    );
    let unreadable = limited(&[indirect()]).listing(&[0x77], &[(CERTIFICATE_ISSUER, true, vec![5, 0])]);
    assert_eq!(
        Asked::of(&chain, &by_issuer(unreadable), &[]).gsec(&[]).status,
        Some(1),
        "an entry for nobody knows whom"
    );

    let other_name = chain.other.subject.clone();
    let chain = Chain::pointing(&[full_name(directory(&other_name)), crl_issuer(&other_name)]);
    let by_other = |crl: CrlRecipe| vec![crl.signed_by(&chain.other)];
    check(
        "by another CA that the certificate names",
        &chain,
        &by_other(limited(&[indirect()])),
        same(Good),
    );
    let entry = limited(&[indirect()]).listing(HOST, &[entry_of(&chain.issuer.subject)]);
    check("by another CA, listed", &chain, &by_other(entry), same(Revoked));
    let own = limited(&[indirect()]).listing(HOST, &[]);
    check(
        "by another CA, the same number of its own",
        &chain,
        &by_other(own),
        same(Good),
    );
    check(
        "by another CA, and not indirect",
        &chain,
        &by_other(empty()),
        same(Unknown),
    );
    check(
        "by another CA that the certificate does not name",
        &Chain::new(),
        &by_other(limited(&[indirect()])),
        same(Unknown),
    );
}

#[test]
fn delta_crls() {
    let same = |answer| (answer, Openssl::Same);
    let chain = Chain::new();
    let by_issuer = |crls: Vec<CrlRecipe>| {
        crls.into_iter()
            .map(|crl| crl.signed_by(&chain.issuer))
            .collect::<Vec<_>>()
    };
    check(
        "base and delta",
        &chain,
        &by_issuer(vec![numbered(1), delta(2, 1)]),
        same(Good),
    );
    check(
        "revoked since",
        &chain,
        &by_issuer(vec![numbered(1), delta(2, 1).listing(HOST, &[])]),
        same(Revoked),
    );
    check(
        "taken off hold since",
        &chain,
        &by_issuer(vec![held(numbered(1)), taken_back(delta(2, 1))]),
        same(Good),
    );
    check(
        "revoked in the base",
        &chain,
        &by_issuer(vec![numbered(1).listing(HOST, &[]), delta(2, 1)]),
        same(Revoked),
    );
    check(
        "a delta alone",
        &chain,
        &by_issuer(vec![delta(2, 1)]),
        same(Unknown),
    );
    check(
        "a delta with a later base than is there",
        &chain,
        &by_issuer(vec![numbered(1), delta(3, 2)]),
        same(Good),
    );
    check(
        "a delta of another scope takes nothing back",
        &chain,
        &by_issuer(vec![
            held(numbered(1)),
            taken_back(delta(2, 1)).with(IDP, true, sequence(&[only_users()])),
        ]),
        same(Revoked),
    );
    check(
        "a delta before the base takes nothing back",
        &chain,
        &by_issuer(vec![held(numbered(5)), taken_back(delta(4, 1))]),
        same(Revoked),
    );
    let unsigned = [
        held(numbered(1)).signed_by(&chain.issuer),
        taken_back(delta(2, 1)).signed_by(&Chain::new().issuer),
    ];
    check(
        "a stranger's delta takes nothing back",
        &chain,
        &unsigned,
        same(Revoked),
    );
    let not_critical = empty()
        .with(CRL_NUMBER, false, number(2))
        .with(DELTA, false, number(1));
    check(
        "a delta alone that is not critical",
        &chain,
        &by_issuer(vec![not_critical]),
        same(Unknown),
    );
}

#[test]
fn crls_by_another_key_of_the_issuer() {
    let chain = Chain::new();
    let signer = |usage: u8| {
        Recipe::ca("Issuing CA")
            .change(|recipe| recipe.serial = vec![0x44])
            .with(KEY_USAGE, true, key_usage(usage))
    };
    let vouched = signer(CRL_SIGN)
        .with(BASIC_CONSTRAINTS, true, basic_constraints(false, None))
        .signed_by(&chain.root);
    check_with(
        "vouched for by the root",
        &chain,
        &[empty().signed_by(&vouched)],
        &[&vouched],
        (Good, Openssl::Same),
    );
    check_with(
        "vouched for, listed",
        &chain,
        &[CrlRecipe::revoking(&[HOST]).signed_by(&vouched)],
        &[&vouched],
        (Revoked, Openssl::Same),
    );
    check(
        "whose certificate is not there",
        &chain,
        &[empty().signed_by(&vouched)],
        (Refused, Openssl::Same),
    );
    let no_crls = signer(KEY_CERT_SIGN).signed_by(&chain.root);
    let why = "`openssl verify` prints that the signer's purpose is unsuitable, and goes on";
    check_with(
        "that may not sign CRLs",
        &chain,
        &[empty().signed_by(&no_crls)],
        &[&no_crls],
        (Refused, Openssl::Accepts(why)),
    );
    let strange = signer(CRL_SIGN).self_signed();
    check_with(
        "that nobody vouches for",
        &chain,
        &[CrlRecipe::revoking(&[HOST]).signed_by(&strange)],
        &[&strange],
        (Refused, Openssl::Same),
    );
    let ended = signer(CRL_SIGN)
        .change(|recipe| recipe.validity = ["20200101000000Z", "20210101000000Z"])
        .signed_by(&chain.root);
    let why = "`openssl verify` prints that the signer has expired, and goes on";
    check_with(
        "that has expired",
        &chain,
        &[empty().signed_by(&ended)],
        &[&ended],
        (Refused, Openssl::Accepts(why)),
    );
    let revoked = [
        empty().signed_by(&vouched),
        CrlRecipe::revoking(&[&[0x44]]).signed_by(&chain.root),
    ];
    let why = "it does not ask whether the signer of a CRL is revoked";
    check_with(
        "that is revoked",
        &chain,
        &revoked,
        &[&vouched],
        (Refused, Openssl::Accepts(why)),
    );
}

/// The same rules where the certificate is a CA's, for which rustls is not asked.
#[test]
fn crls_about_a_ca() {
    let chain = Chain::new();
    let status = |crl: CrlRecipe, flags: &[&str]| {
        let scene = Scene::empty();
        scene.write("root.pem", chain.root.pem());
        scene.write("ca.pem", chain.issuer.pem());
        scene.write("crl.pem", pem("X509 CRL", &crl.signed_by(&chain.root)));
        let outcome = scene
            .gsec(&[
                "cert", "verify", "ca.pem", "--trust", "root.pem", "--crl", "crl.pem", "--json",
            ])
            .args(flags)
            .run();
        let document = outcome.json();
        (
            outcome.status.expect("a status"),
            document["path"][0]["revocation"]["status"]
                .as_str()
                .expect("a status")
                .to_owned(),
            rules(&document),
        )
    };
    let told = |status: i32, revocation: &str, rules: &[&str]| {
        (
            status,
            revocation.to_owned(),
            rules.iter().map(ToString::to_string).collect::<Vec<_>>(),
        )
    };
    assert_eq!(status(empty(), &["--require-crl"]), told(0, "good", &[]));
    assert_eq!(
        status(CrlRecipe::revoking(&[&[0x22]]), &[]),
        told(1, "revoked", &["revoked"])
    );
    for critical in [false, true] {
        let users = empty().with(IDP, critical, sequence(&[only_users()]));
        assert_eq!(status(users, &[]), told(0, "undetermined", &["crl-scope"]));
        let delta = empty().with(DELTA, critical, number(1));
        assert_eq!(
            status(delta, &["--require-crl"]),
            told(1, "undetermined", &["revocation-undetermined", "crl-incomplete"])
        );
    }
    let old = empty().change(|crl| crl.updates = [Some("20200101000000Z"), None]);
    assert_eq!(status(old, &[]), told(0, "good", &["crl-without-next-update"]));
}

#[test]
fn a_crl_that_cannot_be_read_is_told_of_the_crl() {
    let chain = Chain::new();
    let asked = Asked::of(&chain, &[vec![0x30, 3, 2, 1, 1]], &[]);
    let outcome = asked.gsec(&[]).code(1);
    let document = outcome.json();
    assert_eq!(
        document["path"][0]["revocation"]["status"], "undetermined",
        "{document:#}"
    );
    assert!(
        rules(&document).contains(&"crl-unreadable".to_owned()),
        "{document:#}"
    );
    assert_eq!(asked.gsec(&["--require-crl"]).status, Some(1));
    let beside = Asked::of(
        &chain,
        &[vec![0x30, 3, 2, 1, 1], empty().signed_by(&chain.issuer)],
        &[],
    );
    assert_eq!(
        beside.gsec(&["--require-crl"]).ok().json()["path"][0]["revocation"]["status"],
        "good"
    );
}

#[test]
fn without_any_crl_nothing_is_said_about_revocation() {
    let chain = Chain::new();
    let asked = Asked::of(&chain, &[], &[]);
    let args = [
        "cert",
        "verify",
        "host.pem",
        "--trust",
        "root.pem",
        "--untrusted",
        "between.pem",
    ];
    let document = asked.scene.gsec(&args).args(&["--json"]).run().ok().json();
    let statuses: Vec<&Value> = document["path"]
        .as_array()
        .expect("a path")
        .iter()
        .map(|step| &step["revocation"]["status"])
        .collect();
    assert_eq!(statuses, ["not_checked"; 3]);
    let required = asked.scene.gsec(&args).args(&["--json", "--require-crl"]).run();
    assert_eq!(
        (required.status, rules(&required.json())),
        (Some(1), vec!["revocation-undetermined".to_owned(); 2]),
        "host and issuing CA"
    );
}

#[test]
fn revocation_that_vanished_from_a_later_crl_is_said() {
    let chain = Chain::new();
    let dated = |crl: CrlRecipe, times: [&'static str; 2]| {
        crl.change(|crl| crl.updates = times.map(Some))
            .signed_by(&chain.issuer)
    };
    let numbered =
        |serials: &[&[u8]], count| CrlRecipe::revoking(serials).with(CRL_NUMBER, false, number(count));
    let later = ["20260501000000Z", "20491231235959Z"];
    let older = dated(
        numbered(&[HOST, &[0x55]], 1),
        ["20260101000000Z", "20491231235959Z"],
    );
    let newer = dated(numbered(&[&[0x55]], 2), later);
    let held = dated(
        held(empty().with(CRL_NUMBER, false, number(1))),
        ["20260101000000Z", "20491231235959Z"],
    );
    for crls in [[&older, &newer], [&newer, &older]] {
        let text = Asked::of(&chain, &crls.map(Clone::clone), &[]).gsec(&[]).code(1);
        assert!(
            text.stdout.contains(
                "the later CRL of 2026-05-01T00:00:00Z no longer lists it: the revocation disappeared"
            ),
            "{text}"
        );
    }
    // The number decides, and no date is called later that is not.
    let misdated = dated(numbered(&[&[0x55]], 3), ["20250601000000Z", "20491231235959Z"]);
    let text = Asked::of(&chain, &[older.clone(), misdated], &[])
        .gsec(&[])
        .code(1);
    assert!(
        text.stdout.contains(
            "the CRL with the higher number 03, although dated 2025-06-01T00:00:00Z, no longer lists it"
        ) && !text.stdout.contains("the later CRL"),
        "{text}"
    );
    let scene = Scene::empty();
    scene.write("issuer.pem", chain.issuer.pem());
    scene.write("older.pem", pem("X509 CRL", &older));
    scene.write("newer.pem", pem("X509 CRL", &newer));
    scene.write("held.pem", pem("X509 CRL", &held));
    let lost = common::doctor::finds(
        &scene,
        &["older.pem", "newer.pem", "issuer.pem"],
        "crl-lost-revocations",
    );
    assert!(
        lost.subject.starts_with("newer.pem")
            && lost
                .seen
                .ends_with("does not list what the CRL of 2026-01-01T00:00:00Z revokes: serial 11"),
        "{lost:#?}"
    );
    // A hold may end, and a CRL alone has nothing to be compared with.
    common::doctor::is_silent(
        &scene,
        &["held.pem", "newer.pem", "issuer.pem"],
        "crl-lost-revocations",
    );
    common::doctor::is_silent(&scene, &["newer.pem", "issuer.pem"], "crl-lost-revocations");
    let both = dated(numbered(&[HOST, &[0x55]], 2), later);
    scene.write("both.pem", pem("X509 CRL", &older) + &pem("X509 CRL", &both));
    common::doctor::is_silent(&scene, &["both.pem", "issuer.pem"], "crl-lost-revocations");
}
