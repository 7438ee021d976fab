//! gsec and OpenSSL on paths changed at random. gsec must know beforehand what OpenSSL will say (its table of programs), and where
//! the two differ the table has the reason: an unexplained difference is a rule that one of them does not have.

use crate::common;

use common::der_writer::sequence;
use common::faults::{Chain, NOW, Scenario, scenario, sound};
use common::forge::*;
use common::{TestDir, openssl};
use gsec_pki::x509::Certificate;
use gsec_pki::x509::path::{Answer, Consumer, Verdict};

/// xorshift64: the same changes in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).expect("small")).expect("small")
    }
}

/// One small change to a recipe.
fn change(recipe: Recipe, random: &mut Random) -> Recipe {
    let bits = [
        0x80,
        0x20,
        KEY_CERT_SIGN,
        CRL_SIGN,
        DIGITAL_SIGNATURE | KEY_CERT_SIGN,
        KEY_CERT_SIGN | CRL_SIGN,
    ];
    let kinds = [
        SUBJECT_KEY_IDENTIFIER,
        AUTHORITY_KEY_IDENTIFIER,
        KEY_USAGE,
        BASIC_CONSTRAINTS,
        EXTENDED_KEY_USAGE,
        SUBJECT_ALT_NAME,
    ];
    let bases = [
        dns("example.com"),
        dns("example.org"),
        dns(""),
        ip(&[10, 0, 0, 0, 255, 0, 0, 0]),
        email("example.com"),
        directory(&name("db1.example.com")),
    ];
    match random.below(11) {
        0 => recipe.with(
            KEY_USAGE,
            random.below(2) == 0,
            key_usage(bits[random.below(bits.len())]),
        ),
        1 => {
            let path_len = [None, Some(0), Some(1)][random.below(3)];
            recipe.with(
                BASIC_CONSTRAINTS,
                random.below(2) == 0,
                basic_constraints(random.below(2) == 0, path_len),
            )
        }
        2 => {
            let kind = kinds[random.below(kinds.len())];
            let recipe = recipe.without(kind);
            // An empty one keeps the forge from adding it.
            if kind.starts_with("2.5.29.14") || kind.starts_with("2.5.29.35") {
                recipe.with(kind, false, Vec::new())
            } else {
                recipe
            }
        }
        3 => {
            let lists = [
                bases[random.below(bases.len())].clone(),
                bases[random.below(bases.len())].clone(),
            ];
            let (permitted, excluded) = lists.split_at(random.below(3));
            recipe.with(NAME_CONSTRAINTS, true, name_constraints(permitted, excluded))
        }
        4 => recipe.with(
            EXTENDED_KEY_USAGE,
            false,
            purposes(&[["1.3.6.1.5.5.7.3.1", CLIENT_AUTH, "1.3.6.1.5.5.7.3.4"][random.below(3)]]),
        ),
        5 => recipe.with(
            SUBJECT_ALT_NAME,
            random.below(2) == 0,
            sequence(&[
                [dns("db1.example.com"), dns("*.example.com"), ip(&[10, 0, 0, 1])][random.below(3)].clone(),
            ]),
        ),
        6 => recipe.change(|recipe| {
            recipe.validity[random.below(2)] =
                ["20250101000000Z", "20260601000001Z", "20270101000000Z"][random.below(3)]
        }),
        7 => recipe.change(|recipe| {
            recipe.serial = [vec![0], vec![0x80], vec![0x7f; 21], vec![5]][random.below(4)].clone()
        }),
        8 => recipe.with("1.3.6.1.4.1.55555.2", random.below(2) == 0, vec![5, 0]),
        9 => recipe
            .change(|recipe| recipe.subject = name(["", "Issuing CA", "db1.example.com"][random.below(3)])),
        _ => recipe.with(
            AUTHORITY_KEY_IDENTIFIER,
            false,
            sequence(&[common::der_writer::tlv(
                0x80,
                &[u8::try_from(random.below(2)).expect("small"); 20],
            )]),
        ),
    }
}

fn by_openssl(scenario: &Scenario, flags: &[&str]) -> Result<(), String> {
    let dir = TestDir::new();
    let file = |label: &str, list: &[Vec<u8>]| {
        dir.write(
            label,
            list.iter().map(|der| pem("CERTIFICATE", der)).collect::<String>(),
        )
    };
    let (anchors, between) = (
        file("anchors", &scenario.anchors),
        file("between", &scenario.untrusted),
    );
    let target = file("target", std::slice::from_ref(&scenario.target));
    let said = openssl(&[
        "verify",
        "-no-CApath",
        "-no-CAstore",
        "-CAfile",
        &anchors,
        "-untrusted",
        &between,
        "-purpose",
        "sslserver",
    ])
    .args(&[
        "-verify_hostname",
        scenario.name,
        "-attime",
        &NOW.to_string(),
        "-auth_level",
        "1",
    ])
    .args(flags)
    .args(&[&target])
    .run();
    if said.status == Some(0) {
        Ok(())
    } else {
        Err(said.stderr)
    }
}

/// Compares what gsec foretells with what OpenSSL says, both ways.
fn judge(scenario: &Scenario, what: &str, problems: &mut Vec<String>) {
    let answer: Answer = scenario.answer();
    for (consumer, flags) in [
        (Consumer::OpenSsl, &[][..]),
        (Consumer::OpenSslStrict, &["-x509_strict"]),
    ] {
        let foretold = answer
            .consumers
            .iter()
            .find(|found| found.consumer == consumer)
            .expect("every program");
        let said = by_openssl(scenario, flags);
        let is_explained = match foretold.verdict {
            Verdict::Accepts => said.is_ok(),
            Verdict::Refuses => said.is_err(),
            Verdict::Unknown => true,
        };
        if !is_explained {
            let rules: Vec<_> = answer
                .findings
                .iter()
                .map(|finding| (finding.rule.slug(), finding.position))
                .collect();
            problems.push(format!(
                "{what}: {} {} {rules:?}, and says {said:?}",
                consumer.name(),
                foretold.verdict.name()
            ));
        }
    }
}

#[test]
fn recipes_changed_at_random() {
    let mut problems = Vec::new();
    for seed in 1..=80u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let Chain {
            mut root,
            mut middle,
            mut host,
        } = sound();
        for _ in 0..=random.below(2) {
            match random.below(3) {
                0 => host = change(host, &mut random),
                1 => middle = change(middle, &mut random),
                _ => root = change(root, &mut random),
            }
        }
        judge(
            &Chain { root, middle, host }.scenario(),
            &format!("seed {seed}"),
            &mut problems,
        );
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// One bit of what is signed is turned, and it is signed again: encodings that no program writes.
#[test]
fn bits_turned_before_signing() {
    let chain = sound().forge();
    let mut problems = Vec::new();
    let mut judged = 0;
    for seed in 1..=150u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let changed = random.below(2);
        let (certificate, issuer) = if changed == 0 {
            (&chain[2], &chain[1])
        } else {
            (&chain[1], &chain[0])
        };
        let mut tbs = certificate.certificate().tbs().to_vec();
        let at = random.below(tbs.len());
        tbs[at] ^= 1 << random.below(8);
        let der = resigned(&tbs, issuer);
        // What gsec cannot even read is refused before any rule is asked.
        if Certificate::from_der(&der).is_err() {
            continue;
        }
        judged += 1;
        let mut scenario = scenario(&chain);
        if changed == 0 {
            scenario.target = der;
        } else {
            scenario.untrusted = vec![der];
        }
        judge(
            &scenario,
            &format!("seed {seed}, octet {at} of {changed}, now {:02x}", tbs[at]),
            &mut problems,
        );
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(judged > 50, "{judged}");
}
