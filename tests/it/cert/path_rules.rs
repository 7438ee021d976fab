//! Every rule of `cert verify` is seen to fail: a path with that fault, made for it, and a sound one beside it.

use crate::common;

use common::faults::{self, Scenario, sound};
use common::forge::*;
use gsec_pki::x509::path::{Finding, Rule, Severity};

/// Bases of constraints, or names.
type Names<'a> = &'a [Vec<u8>];

fn found(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.slug()).collect()
}

#[test]
fn sound_path_has_no_finding() {
    let answer = sound().scenario().answer();
    assert!(
        answer.is_valid() && answer.findings.is_empty() && answer.path.len() == 3,
        "{:?}",
        answer.findings
    );
    assert_eq!(
        (answer.strict, answer.disagreement, answer.name_in_san),
        (Some(Ok(())), None, Some(true))
    );
    assert!(
        answer
            .consumers
            .iter()
            .all(|consumer| consumer.verdict.name() == "accepts"),
        "{:?}",
        answer.consumers
    );
}

#[test]
fn every_fault_is_told_with_its_place_and_weight() {
    for fault in faults::all() {
        let answer = fault.scenario.answer();
        let told = answer
            .findings
            .iter()
            .find(|finding| finding.rule == fault.rule && finding.position == fault.position);
        let told = told.unwrap_or_else(|| {
            panic!(
                "{}: {:?}, not {:?} at {:?}",
                fault.what, answer.findings, fault.rule, fault.position
            )
        });
        assert!(
            !told.message.is_empty() && told.severity == fault.severity(),
            "{}: {told:?}",
            fault.what
        );
        let counts = |finding: &Finding| {
            finding.severity == Severity::Error || finding.rule == Rule::SignatureUnchecked
        };
        assert_eq!(
            answer.is_valid(),
            !answer.findings.iter().any(counts),
            "{}",
            fault.what
        );
        if fault.severity() == Severity::Error {
            assert!(!answer.is_valid(), "{}", fault.what);
        }
    }
}

#[test]
fn every_rule_is_broken_by_some_fault() {
    let broken: Vec<Rule> = faults::all().iter().map(|fault| fault.rule).collect();
    // These are seen in tests/it/cert/path_building.rs, tests/it/cert/verify.rs, tests/it/ca/known_revocations.rs and below.
    let elsewhere = [
        Rule::PathTooComplex,
        Rule::TrustSettings,
        Rule::RevokedInRecords,
        Rule::StrictValidator,
        Rule::StrictValidatorLimit,
        Rule::CrlStrictValidatorLimit,
    ];
    let missing: Vec<_> = Rule::ALL
        .iter()
        .filter(|rule| !broken.contains(rule) && !elsewhere.contains(rule))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The strict validator is a second judge, and not the reason for what gsec finds.
#[test]
fn gsec_finds_every_error_by_itself() {
    for fault in faults::all() {
        let answer = fault.scenario.answer();
        let own: Vec<_> = answer
            .findings
            .iter()
            .filter(|finding| finding.rule != Rule::StrictValidator)
            .collect();
        let refused = matches!(answer.strict, Some(Err(_)));
        let has_error = own.iter().any(|finding| finding.severity == Severity::Error);
        let is_limit = |rule| matches!(rule, Rule::StrictValidatorLimit | Rule::CrlStrictValidatorLimit);
        let is_known = answer.findings.iter().any(|finding| is_limit(finding.rule));
        assert!(
            !refused || has_error || is_known || answer.is_undetermined(),
            "{}: {:?} {:?}",
            fault.what,
            answer.strict,
            answer.findings
        );
        assert_eq!(
            answer.disagreement.is_some(),
            answer
                .strict
                .as_ref()
                .is_some_and(|strict| strict.is_ok() != answer.is_valid() || is_known),
            "{}",
            fault.what
        );
    }
}

#[test]
fn everything_that_is_wrong_is_told() {
    let mut scenario = faults::Chain {
        root: sound().root.without(KEY_USAGE),
        middle: sound()
            .middle
            .with(BASIC_CONSTRAINTS, true, basic_constraints(false, None)),
        host: sound()
            .host
            .with(EXTENDED_KEY_USAGE, false, purposes(&[CLIENT_AUTH]))
            .change(|host| {
                host.validity = ["20200101000000Z", "20210101000000Z"];
                host.serial = vec![0];
            }),
    }
    .scenario();
    scenario.name = "db9.example.com";
    let answer = scenario.answer();
    let told = found(&answer.findings);
    for slug in [
        "name-mismatch",
        "expired",
        "extended-key-usage",
        "issuer-not-a-ca",
        "serial-zero",
        "ca-without-key-usage",
    ] {
        assert!(told.contains(&slug), "{slug}: {told:?}");
    }
    assert!(
        answer.findings.is_sorted_by_key(|finding| finding.severity),
        "errors first: {told:?}"
    );
}

#[test]
fn both_sides_of_a_comparison_stand_on_their_own() {
    for fault in faults::all() {
        let answer = fault.scenario.answer();
        let told = answer
            .findings
            .iter()
            .find(|finding| finding.rule == fault.rule)
            .expect("told elsewhere");
        assert_eq!(
            told.expected.is_some(),
            told.found.is_some(),
            "{}: {told:?}",
            fault.what
        );
        assert!(
            told.expected.is_none() || told.expected != told.found,
            "{}: {told:?}",
            fault.what
        );
    }
}

#[test]
fn what_constraints_permit_is_accepted() {
    let constrained = |permitted: &[Vec<u8>], excluded: &[Vec<u8>], names: &[Vec<u8>]| {
        let chain = sound();
        faults::Chain {
            middle: chain
                .middle
                .with(NAME_CONSTRAINTS, true, name_constraints(permitted, excluded)),
            host: chain
                .host
                .with(SUBJECT_ALT_NAME, false, common::der_writer::sequence(names)),
            ..chain
        }
        .scenario()
        .answer()
    };
    let host = || dns("db1.example.com");
    let sound: [(Names, Names, Names); 6] = [
        (&[dns("example.com")], &[dns("secret.example.com")], &[host()]),
        (&[dns("")], &[], &[host()]),
        (&[dns(".example.com")], &[], &[host()]),
        (
            &[ip(&[10, 0, 0, 0, 255, 0, 0, 0])],
            &[ip(&[10, 9, 0, 0, 255, 255, 0, 0])],
            &[host(), ip(&[10, 1, 2, 3])],
        ),
        (&[], &[dns("other.example.com")], &[host()]),
        (&[email("example.com")], &[], &[host()]),
    ];
    for (permitted, excluded, names) in sound {
        let answer = constrained(permitted, excluded, names);
        assert!(
            answer.is_valid() && answer.strict == Some(Ok(())),
            "{permitted:?} {excluded:?}: {:?}",
            answer.findings
        );
    }
    // What rustls refuses all the same: gsec says so, and who behaves like which.
    let beyond: [(Names, Names, Names); 3] = [
        (&[email("example.com")], &[], &[host(), email("a@example.com")]),
        (
            &[uri(".example.com")],
            &[],
            &[host(), uri("https://db1.example.com:8443/")],
        ),
        (&[directory(&attributes(&[]))], &[], &[host()]),
    ];
    for (permitted, excluded, names) in beyond {
        let answer = constrained(permitted, excluded, names);
        assert!(
            answer.is_valid() && matches!(answer.strict, Some(Err(_))),
            "{permitted:?}: {:?}",
            answer.findings
        );
        let told: Vec<_> = found(&answer.findings)
            .into_iter()
            .filter(|slug| *slug != "name-constraints-kind")
            .collect();
        assert_eq!(told, ["strict-validator-limit"]);
        assert!(answer.disagreement.is_some_and(|words| words.contains("rustls")));
        let verdicts: Vec<_> = answer
            .consumers
            .iter()
            .map(|found| (found.consumer.name(), found.verdict.name()))
            .collect();
        assert!(
            verdicts.contains(&("rustls", "refuses")) && verdicts.contains(&("openssl", "accepts")),
            "{verdicts:?}"
        );
    }
}

#[test]
fn names_of_rfc_9525() {
    let answer = |san: &[Vec<u8>], name: &'static str| {
        let chain = sound();
        let host = chain
            .host
            .with(SUBJECT_ALT_NAME, false, common::der_writer::sequence(san));
        Scenario {
            name,
            ..faults::Chain { host, ..chain }.scenario()
        }
        .answer()
    };
    for (san, name) in [
        (dns("db1.example.com"), "DB1.Example.COM."),
        (dns("*.example.com"), "db1.example.com"),
        (dns("xn--mnchen-3ya.example"), "münchen.example"),
        (ip(&[10, 0, 0, 1]), "10.0.0.1"),
        (ip(&std::net::Ipv6Addr::LOCALHOST.octets()), "0:0:0:0:0:0:0:1"),
    ] {
        let answer = answer(&[san], name);
        assert!(
            answer.is_valid() && answer.name_in_san == Some(true),
            "{name}: {:?}",
            answer.findings
        );
    }
    for (san, name, why) in [
        (dns("*.example.com"), "a.db1.example.com", "covers one label"),
        (dns("*.example.com"), "example.com", "` itself"),
        (dns("db*.example.com"), "db1.example.com", "whole left-most label"),
        (dns("db*.example.com"), "ab1.example.com", "whole left-most label"),
        (dns("*.com"), "example.com", "single label"),
        (dns("münchen.example"), "münchen.example", "A-labels"),
        (dns("db1.example.com."), "db1.example.com", "no dot at the end"),
        (dns("10.0.0.1"), "10.0.0.1", "only counts as iPAddress"),
        (uri("https://db1.example.com/"), "db1.example.com", "is for uri:"),
    ] {
        let answer = answer(&[san], name);
        let told = answer
            .findings
            .iter()
            .find(|finding| finding.message.contains(why));
        assert!(
            !answer.is_valid() && told.is_some(),
            "{name}: {:?}",
            answer.findings
        );
    }
}

#[test]
fn crl_of_the_earlier_key_is_no_fault_beside_that_of_the_present_one() {
    let chain = sound().forge();
    let earlier = sound().forge();
    let crls = vec![
        CrlRecipe::revoking(&[&[0x11]]).signed_by(&earlier[1]),
        CrlRecipe::revoking(&[]).signed_by(&chain[1]),
    ];
    let answer = Scenario {
        crls,
        ..faults::scenario(&chain)
    }
    .answer();
    assert!(answer.is_valid(), "{:?}", answer.findings);
    let expected = ["crl-strict-validator-limit", "crl-entry", "crl-missing"];
    assert_eq!(
        found(&answer.findings),
        expected,
        "webpki takes the wrong one, GnuTLS both; of the root there is none"
    );
    let weights: Vec<_> = answer.findings.iter().map(|finding| finding.severity).collect();
    assert_eq!(weights, [Severity::Warning, Severity::Warning, Severity::Notice]);
}

#[test]
fn stale_crl_beside_a_newer_one_is_no_fault_and_what_it_revokes_stays_revoked() {
    let chain = sound().forge();
    let old = |serials: &[&[u8]]| {
        CrlRecipe::revoking(serials)
            .change(|crl| crl.updates[1] = Some("20260101000000Z"))
            .signed_by(&chain[1])
    };
    let fresh = || {
        vec![
            CrlRecipe::revoking(&[]).signed_by(&chain[1]),
            CrlRecipe::revoking(&[]).signed_by(&chain[0]),
        ]
    };
    let answer = |old: Vec<u8>| {
        Scenario {
            crls: [vec![old], fresh()].concat(),
            ..faults::scenario(&chain)
        }
        .answer()
    };
    assert_eq!(found(&answer(old(&[])).findings), Vec::<&str>::new());
    assert_eq!(found(&answer(old(&[&[0x11]])).findings), ["revoked"]);
}

/// RFC 5280 §4.2.1.4 lets certificatePolicies be critical; rustls does not know it.
#[test]
fn critical_certificate_policies_are_valid_and_refused_by_rustls_alone() {
    use common::der_writer::{oid, sequence};
    let with =
        |recipe: Recipe, policy: &str| recipe.with("2.5.29.32", true, sequence(&[sequence(&[oid(policy)])]));
    for policy in ["2.5.29.32.0", "1.2.3.4"] {
        let (of_host, of_middle) = (sound(), sound());
        let of_host = faults::Chain {
            host: with(of_host.host, policy),
            ..of_host
        };
        let of_middle = faults::Chain {
            middle: with(of_middle.middle, policy),
            ..of_middle
        };
        for chain in [of_host, of_middle] {
            let answer = chain.scenario().answer();
            assert!(answer.is_valid(), "{:?}", answer.findings);
            assert_eq!(found(&answer.findings), ["strict-validator-limit"]);
            let refusing = answer
                .consumers
                .iter()
                .filter(|told| told.verdict.name() != "accepts")
                .map(|told| told.consumer.name());
            assert_eq!(refusing.collect::<Vec<_>>(), ["rustls"]);
        }
    }
}

/// Eight policies, each mapped to all eight by each of twelve CAs: the tree of RFC 5280 §6.1.2 would have 8¹² leaves.
#[test]
fn policies_that_would_make_a_tree_explode_are_judged_all_the_same() {
    use common::der_writer::{oid, sequence};
    let policies: Vec<String> = (1..=8).map(|number| format!("1.2.3.{number}")).collect();
    let asserted = sequence(
        &policies
            .iter()
            .map(|policy| sequence(&[oid(policy)]))
            .collect::<Vec<_>>(),
    );
    let pairs = policies
        .iter()
        .flat_map(|from| policies.iter().map(move |to| sequence(&[oid(from), oid(to)])));
    let mappings = sequence(&pairs.collect::<Vec<_>>());
    let constraints = sequence(&[common::der_writer::tlv(0x80, &[0])]);
    let mut chain = vec![Recipe::ca("Root CA").self_signed()];
    for number in 0..12 {
        let recipe = Recipe::ca(&format!("CA {number}"))
            .with("2.5.29.32", false, asserted.clone())
            .with("2.5.29.33", true, mappings.clone());
        chain.push(
            recipe
                .with("2.5.29.36", true, constraints.clone())
                .signed_by(&chain[number]),
        );
    }
    let ask = |host: Recipe| {
        let host = host.signed_by(&chain[12]);
        let untrusted = chain[1..].iter().map(|authority| authority.der.clone()).collect();
        Scenario {
            target: host.der,
            untrusted,
            anchors: vec![chain[0].der.clone()],
            ..sound().scenario()
        }
        .answer()
    };
    assert!(ask(Recipe::host().with("2.5.29.32", false, asserted.clone())).is_valid());
    let answer = ask(Recipe::host());
    assert!(
        !answer.is_valid() && found(&answer.findings).contains(&"no-valid-policy"),
        "{:?}",
        answer.findings
    );
}

/// More CRLs of one name than gsec tries: it does not say good of what it did not look at.
#[test]
fn a_flood_of_crls_by_strangers_hides_none_that_revokes() {
    let chain = sound().forge();
    let stranger = sound().forge();
    let flood = |count: u8| {
        let junk = (0..count).flat_map(|high| (0..=255).map(move |low| [1, high, low]));
        junk.map(|serial| CrlRecipe::revoking(&[&serial]).signed_by(&stranger[1]))
            .collect::<Vec<_>>()
    };
    let own = vec![CrlRecipe::revoking(&[&[0x11]]).signed_by(&chain[1])];
    let few = Scenario {
        crls: [flood(1), own.clone()].concat(),
        ..faults::scenario(&chain)
    }
    .answer();
    assert!(found(&few.findings).contains(&"revoked"), "{:?}", few.findings);
    let many = Scenario {
        crls: [flood(5), own].concat(),
        ..faults::scenario(&chain)
    }
    .answer();
    assert!(
        !many.is_valid() && found(&many.findings).contains(&"path-too-complex"),
        "{:?}",
        found(&many.findings)
    );
}
