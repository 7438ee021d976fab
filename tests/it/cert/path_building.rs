//! Finding a path among many certificates: intermediates in any order, cross-certificates, loops, and sets that an adversary made.
//!
//! No test looks at a clock; what bounds the work is counted, and a search without bounds would not end.

use crate::common;

use common::faults::{self, Scenario, sound};
use common::forge::*;
use gsec_pki::key::{KeyAlgorithm, PrivateKey};
use gsec_pki::x509::path::{Answer, MAX_DEPTH, Purpose, Rule};

fn key() -> PrivateKey {
    PrivateKey::generate(KeyAlgorithm::P256).expect("a key")
}

fn copy(key: &PrivateKey) -> PrivateKey {
    PrivateKey::from_pkcs8(key.pkcs8()).expect("the same key")
}

/// A CA with this key.
fn ca_with(name: &str, key: &PrivateKey) -> Recipe {
    Recipe::ca(name).change(|recipe| recipe.key = Some(copy(key)))
}

fn ask(target: &Forged, untrusted: Vec<Vec<u8>>, anchors: &[&Forged]) -> Answer {
    let anchors = anchors.iter().map(|anchor| anchor.der.clone()).collect();
    let target = target.der.clone();
    Scenario {
        target,
        untrusted,
        anchors,
        crls: Vec::new(),
        name: "db1.example.com",
        purpose: Purpose::Server,
        require_crl: false,
    }
    .answer()
}

fn subjects(answer: &Answer) -> Vec<String> {
    answer
        .path
        .iter()
        .map(|certificate| certificate.subject().to_string())
        .collect()
}

#[track_caller]
fn is_valid(answer: &Answer) {
    assert!(
        answer.is_valid() && answer.findings.is_empty(),
        "{:?}",
        answer.findings
    );
}

#[track_caller]
fn refuses(answer: &Answer, rule: Rule) -> String {
    let finding = answer.findings.iter().find(|finding| finding.rule == rule);
    assert!(!answer.is_valid(), "{:?}", answer.findings);
    finding
        .unwrap_or_else(|| panic!("{rule:?} is not among {:?}", answer.findings))
        .message
        .clone()
}

#[test]
fn intermediates_in_any_order_and_among_others() {
    let root = Recipe::ca("Root").self_signed();
    let [first, second, third] = {
        let first = Recipe::ca("First").signed_by(&root);
        let second = Recipe::ca("Second").signed_by(&first);
        let third = Recipe::ca("Third").signed_by(&second);
        [first, second, third]
    };
    let host = Recipe::host().signed_by(&third);
    let stranger = Recipe::ca("Stranger").self_signed();
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        let all = [&first, &second, &third, &stranger];
        let answer = ask(
            &host,
            order.iter().map(|index| all[*index].der.clone()).collect(),
            &[&stranger, &root],
        );
        is_valid(&answer);
        assert_eq!(
            subjects(&answer),
            [
                "CN=db1.example.com",
                "CN=Third",
                "CN=Second",
                "CN=First",
                "CN=Root"
            ]
        );
    }
    // The target and the root among the intermediates, and everything twice, change nothing.
    let again = [&host, &root, &first, &first, &second, &third, &third].map(|forged| forged.der.clone());
    is_valid(&ask(&host, again.to_vec(), &[&root]));
}

#[test]
fn of_several_certificates_of_one_ca_the_one_that_is_good_is_taken() {
    let (root, shared) = (Recipe::ca("Root").self_signed(), key());
    let good = ca_with("Issuing", &shared).signed_by(&root);
    let bad: Vec<Forged> = vec![
        ca_with("Issuing", &shared)
            .change(|recipe| recipe.validity = ["20200101000000Z", "20210101000000Z"])
            .signed_by(&root),
        ca_with("Issuing", &shared)
            .with(BASIC_CONSTRAINTS, true, basic_constraints(false, None))
            .signed_by(&root),
        ca_with("Issuing", &shared)
            .with(
                NAME_CONSTRAINTS,
                true,
                name_constraints(&[dns("example.org")], &[]),
            )
            .signed_by(&root),
        ca_with("Issuing", &shared)
            .with(EXTENDED_KEY_USAGE, false, purposes(&[CLIENT_AUTH]))
            .signed_by(&root),
    ];
    let host = Recipe::host().signed_by(&good);
    for at in 0..=bad.len() {
        let mut all: Vec<Vec<u8>> = bad.iter().map(|forged| forged.der.clone()).collect();
        all.insert(at, good.der.clone());
        let answer = ask(&host, all, &[&root]);
        is_valid(&answer);
        assert_eq!(answer.path[1].der(), good.der);
    }
    // Where none is good, the answer is about one of them, and says what is wrong with it.
    let answer = ask(
        &host,
        bad.iter().map(|forged| forged.der.clone()).collect(),
        &[&root],
    );
    assert!(
        !answer.is_valid() && answer.path.len() == 3,
        "{:?}",
        answer.findings
    );
    let errors = answer
        .findings
        .iter()
        .filter(|finding| finding.severity == gsec_pki::x509::path::Severity::Error)
        .count();
    assert_eq!(
        errors, 1,
        "the best explained path is told: {:?}",
        answer.findings
    );
}

#[test]
fn path_without_a_warning_is_preferred() {
    let (root, shared) = (Recipe::ca("Root").self_signed(), key());
    let odd = ca_with("Issuing", &shared).without(KEY_USAGE).signed_by(&root);
    let good = ca_with("Issuing", &shared).signed_by(&root);
    let host = Recipe::host().signed_by(&good);
    is_valid(&ask(&host, vec![odd.der.clone(), good.der], &[&root]));
    let answer = ask(&host, vec![odd.der], &[&root]);
    assert!(answer.is_valid());
    assert_eq!(answer.findings[0].rule, Rule::AuthorityWithoutKeyUsage);
}

#[test]
fn same_name_another_key() {
    let root = Recipe::ca("Root").self_signed();
    let [old, new] = [0, 1].map(|_| Recipe::ca("Issuing").signed_by(&root));
    // Without a key identifier both have to be tried.
    let host = Recipe::host()
        .with(AUTHORITY_KEY_IDENTIFIER, false, Vec::new())
        .signed_by(&new);
    let answer = ask(&host, vec![old.der.clone(), new.der.clone()], &[&root]);
    assert!(answer.is_valid(), "{:?}", answer.findings);
    assert_eq!(answer.path[1].der(), new.der);
    let message = refuses(&ask(&host, vec![old.der.clone()], &[&root]), Rule::SignatureWrong);
    assert!(
        message.contains("`CN=Issuing`") && message.contains("P-256"),
        "what was tried: {message}"
    );
    let others: Vec<Vec<u8>> = (0..5)
        .map(|_| Recipe::ca("Issuing").signed_by(&root).der)
        .collect();
    let message = refuses(&ask(&host, others, &[&root]), Rule::SignatureWrong);
    assert!(
        message.contains("none of the 5 certificates") && message.contains("and 2 more"),
        "{message}"
    );
}

#[test]
fn cross_certificates_lead_to_whichever_root_is_trusted() {
    let [old_root, new_root, other] =
        ["Old Root", "New Root", "Other"].map(|name| Recipe::ca(name).self_signed());
    let cross = ca_with("New Root", &new_root.key).signed_by(&old_root);
    let back = ca_with("Old Root", &old_root.key).signed_by(&new_root);
    let issuing = Recipe::ca("Issuing").signed_by(&new_root);
    let host = Recipe::host().signed_by(&issuing);
    let between = || vec![cross.der.clone(), back.der.clone(), issuing.der.clone()];
    let answer = ask(&host, between(), &[&new_root]);
    is_valid(&answer);
    assert_eq!(
        subjects(&answer),
        ["CN=db1.example.com", "CN=Issuing", "CN=New Root"]
    );
    let answer = ask(&host, between(), &[&old_root]);
    is_valid(&answer);
    assert_eq!(
        subjects(&answer),
        ["CN=db1.example.com", "CN=Issuing", "CN=New Root", "CN=Old Root"]
    );
    // With neither: the two roots certify each other in a circle.
    let message = refuses(&ask(&host, between(), &[&other]), Rule::IssuerUnknown);
    assert!(message.contains("loop"), "{message}");
}

#[test]
fn change_of_a_ca_key_with_self_issued_certificates() {
    let old = Recipe::ca("Root").self_signed();
    let new = Recipe::ca("Root").self_signed();
    let new_with_old = ca_with("Root", &new.key)
        .change(|recipe| recipe.serial = vec![7])
        .signed_by(&old);
    let host = Recipe::host().signed_by(&new);
    let answer = ask(&host, vec![new_with_old.der.clone()], &[&old]);
    is_valid(&answer);
    // pathLenConstraint 0 leaves no room for an intermediate CA, and a self-issued certificate is none.
    let narrow = ca_with("Root", &old.key)
        .with(BASIC_CONSTRAINTS, true, basic_constraints(true, Some(0)))
        .self_signed();
    let answer = ask(&host, vec![new_with_old.der], &[&narrow]);
    assert!(answer.is_valid(), "{:?}", answer.findings);
}

#[test]
fn certificate_that_leads_to_itself() {
    let alone = Recipe::host().self_signed();
    let root = Recipe::ca("Root").self_signed();
    assert!(
        refuses(
            &ask(&alone, vec![alone.der.clone()], &[&root]),
            Rule::IssuerUnknown
        )
        .contains("self-signed")
    );
    // Trusted itself, as one does with a single server.
    let answer = ask(&alone, Vec::new(), &[&alone]);
    assert!(
        answer.is_valid() && answer.path.len() == 1,
        "{:?}",
        answer.findings
    );
}

/// People give a file with the whole chain as the file of CAs.
#[test]
fn host_among_what_is_trusted_beside_its_issuer() {
    let root = Recipe::ca("Root").self_signed();
    let middle = Recipe::ca("Issuing").signed_by(&root);
    let host = Recipe::host().signed_by(&middle);
    for anchors in [
        [&host, &middle, &root],
        [&root, &middle, &host],
        [&host, &host, &middle],
    ] {
        let answer = ask(&host, vec![middle.der.clone()], &anchors);
        assert!(answer.is_valid(), "{:?}", answer.findings);
        assert!(answer.path.len() > 1, "{:?}", answer.path.len());
    }
}

#[test]
fn paths_end_at_their_greatest_length() {
    let root = Recipe::ca("CA 0").self_signed();
    let mut chain = vec![root];
    for number in 1..=MAX_DEPTH {
        let next = Recipe::ca(&format!("CA {number}")).signed_by(chain.last().expect("a CA"));
        chain.push(next);
    }
    let ask_below = |depth: usize| {
        let host = Recipe::host().signed_by(&chain[depth]);
        ask(
            &host,
            chain[1..=depth].iter().map(|forged| forged.der.clone()).collect(),
            &[&chain[0]],
        )
    };
    // webpki goes no further than six intermediates, and that is told as what it is.
    let answer = ask_below(MAX_DEPTH - 2);
    assert!(
        answer.is_valid() && answer.path.len() == MAX_DEPTH,
        "{:?}",
        answer.findings
    );
    assert!(
        answer
            .disagreement
            .is_some_and(|words| words.contains("six intermediate"))
    );
    refuses(&ask_below(MAX_DEPTH - 1), Rule::PathTooComplex);
}

/// Five thousand CAs of the same name with other keys: few signatures are checked where the key identifier tells which is meant.
#[test]
fn one_among_thousands_of_the_same_name() {
    let root = Recipe::ca("Root").self_signed();
    let decoys: Vec<Vec<u8>> = (0..2_000u32)
        .map(|number| decoy("Issuing", number).signed_by(&root).der)
        .collect();
    let right = Recipe::ca("Issuing").signed_by(&root);
    let host = Recipe::host().signed_by(&right);
    let all: Vec<Vec<u8>> = decoys.iter().cloned().chain([right.der.clone()]).collect();
    is_valid(&ask(&host, all.clone(), &[&root]));
    // Where nothing tells, the search ends at its bound, and says so.
    let host = Recipe::host()
        .with(AUTHORITY_KEY_IDENTIFIER, false, Vec::new())
        .signed_by(&right);
    let message = refuses(&ask(&host, all, &[&root]), Rule::PathTooComplex);
    assert!(message.contains("more than 256 signatures"), "{message}");
}

/// A CA that did not sign anything, quickly made: all have one key, with a number of its own as key identifier and in the serial.
fn decoy(name: &str, number: u32) -> Recipe {
    static KEY: std::sync::OnceLock<PrivateKey> = std::sync::OnceLock::new();
    let identifier = common::der_writer::octet_string(&number.to_be_bytes());
    let serial = [&[0x40][..], &number.to_be_bytes()].concat();
    ca_with(name, KEY.get_or_init(key))
        .with(SUBJECT_KEY_IDENTIFIER, false, identifier)
        .change(|recipe| recipe.serial = serial)
}

/// Forty CAs of which each certifies every other: more paths than could ever be looked at, and none leads to the anchor.
#[test]
fn everybody_certifies_everybody() {
    const CAS: usize = 40;
    let root = Recipe::ca("Root").self_signed();
    let names: Vec<String> = (0..CAS).map(|number| format!("CA {number}")).collect();
    let own: Vec<Forged> = names.iter().map(|name| Recipe::ca(name).self_signed()).collect();
    let mut all = Vec::new();
    for (subject, forged) in names.iter().zip(&own) {
        all.extend(
            own.iter()
                .filter(|issuer| issuer.subject != forged.subject)
                .map(|issuer| ca_with(subject, &forged.key).signed_by(issuer).der),
        );
    }
    assert_eq!(all.len(), CAS * (CAS - 1));
    let host = Recipe::host().signed_by(&own[0]);
    let message = refuses(&ask(&host, all.clone(), &[&root]), Rule::PathTooComplex);
    assert!(message.contains("more than"), "{message}");
    // One of them is certified by the anchor. Found or given up, but never accepted with a certificate that is no good.
    all.push(
        ca_with("CA 7", &own[7].key)
            .with(BASIC_CONSTRAINTS, true, basic_constraints(false, None))
            .signed_by(&root)
            .der,
    );
    assert!(!ask(&host, all, &[&root]).is_valid());
}

/// Thousands of whole paths, each with a fault: the bound on judged paths ends it.
#[test]
fn thousands_of_paths_with_a_fault_each() {
    let (root, shared) = (Recipe::ca("Root").self_signed(), key());
    let no_ca = |number: u32| {
        let serial = [&[0x40][..], &number.to_be_bytes()].concat();
        ca_with("Issuing", &shared)
            .with(BASIC_CONSTRAINTS, true, basic_constraints(false, None))
            .change(|recipe| recipe.serial = serial)
    };
    let all: Vec<Vec<u8>> = (0..3_000)
        .map(|number| no_ca(number).signed_by(&root).der)
        .collect();
    let issuing = ca_with("Issuing", &shared).signed_by(&root);
    let host = Recipe::host().signed_by(&issuing);
    let answer = ask(&host, all, &[&root]);
    refuses(&answer, Rule::IssuerNotAuthority);
    let message = refuses(&answer, Rule::PathTooComplex);
    assert!(message.contains("more than 64 paths"), "{message}");
}

#[test]
fn thousands_of_anchors() {
    let root = Recipe::ca("Root").self_signed();
    let anchors: Vec<Forged> = (0..2_000u32)
        .map(|number| decoy(&format!("Anchor {number}"), number).self_signed())
        .collect();
    let host = Recipe::host().signed_by(&root);
    let mut all: Vec<&Forged> = anchors.iter().collect();
    all.push(&root);
    is_valid(&ask(&host, Vec::new(), &all));
}

/// 2,000 names against 2,000 subtrees would be four million comparisons.
#[test]
fn names_and_constraints_without_end() {
    let many = |number: usize| {
        (0..number)
            .map(|index| dns(&format!("h{index}.example.com")))
            .collect::<Vec<_>>()
    };
    let chain = sound();
    let mut names = many(2_000);
    names.push(dns("db1.example.com"));
    let chain = faults::Chain {
        root: chain.root.with(
            NAME_CONSTRAINTS,
            true,
            name_constraints(
                &[],
                &many(2_000).iter().map(|_| dns("example.org")).collect::<Vec<_>>(),
            ),
        ),
        host: chain
            .host
            .with(SUBJECT_ALT_NAME, false, common::der_writer::sequence(&names)),
        ..chain
    };
    let message = refuses(&chain.scenario().answer(), Rule::PathTooComplex);
    assert!(message.contains("250,000 comparisons"), "{message}");
}

#[test]
fn names_outside_constraints_are_not_told_one_by_one_without_end() {
    let chain = sound();
    let names: Vec<Vec<u8>> = (0..10_000)
        .map(|index| dns(&format!("h{index}.example.org")))
        .chain([dns("db1.example.com")])
        .collect();
    let chain = faults::Chain {
        root: chain.root.with(
            NAME_CONSTRAINTS,
            true,
            name_constraints(&[dns("example.com")], &[]),
        ),
        host: chain
            .host
            .with(SUBJECT_ALT_NAME, false, common::der_writer::sequence(&names)),
        ..chain
    };
    let answer = chain.scenario().answer();
    assert!(
        !answer.is_valid() && answer.findings.len() < 20,
        "{}",
        answer.findings.len()
    );
    assert!(
        answer
            .findings
            .iter()
            .any(|finding| finding.message.starts_with("9990 more of its names"))
    );
}
