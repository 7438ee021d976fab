//! A sound path of three certificates, and one for each thing that can be wrong with it.

use gsec_pki::key::{KeyAlgorithm, PrivateKey, RsaBits, Signer};
use gsec_pki::x509::path::{Answer, Purpose, Question, Rule, Severity, validate};
use gsec_pki::x509::{Certificate, GeneralName, RevocationList};
use time::OffsetDateTime;

use super::der_writer::{algorithm, context, integer, null, number, octet_string, oid, sequence, tlv};
use super::forge::*;

/// When every path is judged: 2026-06-01.
pub const NOW: i64 = 1_780_272_000;

/// What a judge is given.
pub struct Scenario {
    pub target: Vec<u8>,
    pub untrusted: Vec<Vec<u8>>,
    pub anchors: Vec<Vec<u8>>,
    pub crls: Vec<Vec<u8>>,
    pub require_crl: bool,
    pub name: &'static str,
    pub purpose: Purpose,
}

impl Scenario {
    pub fn answer(&self) -> Answer {
        let read = |list: &[Vec<u8>]| {
            list.iter()
                .map(|der| Certificate::from_der(der).expect("readable"))
                .collect::<Vec<_>>()
        };
        let name = (!self.name.is_empty()).then(|| GeneralName::parse_host(self.name).expect("a host"));
        validate(&Question {
            untrusted: &read(&self.untrusted),
            anchors: &read(&self.anchors),
            purpose: self.purpose,
            name: name.as_ref(),
            crls: &self.crls,
            require_crl: self.require_crl,
            ..Question::about(
                &Certificate::from_der(&self.target).expect("readable"),
                OffsetDateTime::from_unix_timestamp(NOW).expect("a time"),
            )
        })
    }
}

/// A scenario with one fault.
pub struct Fault {
    /// The rule that it breaks.
    pub rule: Rule,
    pub what: &'static str,
    /// Where the certificate that is to be named stands; `None` where it is a matter of all.
    pub position: Option<usize>,
    pub scenario: Scenario,
}

impl Fault {
    /// How much it weighs. What an anchor's purposes are limits nothing in RFC 5280.
    pub fn severity(&self) -> Severity {
        let is_of_anchor = self.rule == Rule::ExtendedKeyUsage && self.position == Some(2);
        // A CA is taken for an anchor by many programs, a host's certificate by few.
        let is_trusted_host = self.rule == Rule::AnchorNotSelfSigned && self.position == Some(0);
        match () {
            () if is_of_anchor => Severity::Warning,
            () if is_trusted_host => Severity::Error,
            () => self.rule.severity(),
        }
    }
}

/// Three recipes that make a path.
pub struct Chain {
    pub root: Recipe,
    pub middle: Recipe,
    pub host: Recipe,
}

pub fn sound() -> Chain {
    // NSS wants different numbers of one issuer.
    let numbered = |recipe: Recipe, number| recipe.change(|recipe| recipe.serial = vec![number]);
    Chain {
        root: numbered(Recipe::ca("Root CA"), 1),
        middle: numbered(Recipe::ca("Issuing CA"), 2),
        host: Recipe::host(),
    }
}

impl Chain {
    pub fn forge(self) -> [Forged; 3] {
        let root = self.root.self_signed();
        let middle = self.middle.signed_by(&root);
        let host = self.host.signed_by(&middle);
        [root, middle, host]
    }

    pub fn scenario(self) -> Scenario {
        scenario(&self.forge())
    }
}

pub fn scenario([root, middle, host]: &[Forged; 3]) -> Scenario {
    Scenario {
        target: host.der.clone(),
        untrusted: vec![middle.der.clone()],
        anchors: vec![root.der.clone()],
        crls: Vec::new(),
        require_crl: false,
        name: "db1.example.com",
        purpose: Purpose::Server,
    }
}

fn on(rule: Rule, what: &'static str, position: usize, change: impl FnOnce(Recipe) -> Recipe) -> Fault {
    let chain = sound();
    let chain = match position {
        0 => Chain {
            host: change(chain.host),
            ..chain
        },
        1 => Chain {
            middle: change(chain.middle),
            ..chain
        },
        _ => Chain {
            root: change(chain.root),
            ..chain
        },
    };
    Fault {
        rule,
        what,
        position: Some(position),
        scenario: chain.scenario(),
    }
}

/// policyConstraints in the intermediate, which the host does not meet.
fn policy(rule: Rule, what: &'static str, critical: bool, constraints: Vec<u8>) -> Fault {
    let chain = sound();
    let chain = Chain {
        middle: chain.middle.with("2.5.29.36", critical, constraints),
        ..chain
    };
    Fault {
        rule,
        what,
        position: Some(0),
        scenario: chain.scenario(),
    }
}

/// With CRLs of the two CAs, the first as `change` makes it.
fn with_crl(rule: Rule, what: &'static str, change: impl FnOnce(CrlRecipe) -> CrlRecipe) -> Fault {
    let chain = sound().forge();
    let crls = vec![
        change(CrlRecipe::revoking(&[&[0x77]])).signed_by(&chain[1]),
        CrlRecipe::revoking(&[]).signed_by(&chain[0]),
    ];
    Fault {
        rule,
        what,
        position: Some(0),
        scenario: Scenario {
            crls,
            ..scenario(&chain)
        },
    }
}

fn ended(recipe: Recipe) -> Recipe {
    recipe.change(|recipe| recipe.validity = ["20200101000000Z", "20260531000000Z"])
}

fn begins_later(recipe: Recipe) -> Recipe {
    recipe.change(|recipe| recipe.validity = ["20260702000000Z", "20491231235959Z"])
}

fn san(names: &[Vec<u8>]) -> impl FnOnce(Recipe) -> Recipe {
    let content = sequence(names);
    move |recipe| recipe.with(SUBJECT_ALT_NAME, false, content)
}

/// Every fault.
pub fn all() -> Vec<Fault> {
    [
        dates(),
        signatures(),
        authorities(),
        uses(),
        names(),
        constraints(),
        keys(),
        forms(),
        revocation(),
        of_programs(),
        encodings(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Paths that nothing is wrong with.
pub fn sound_ones() -> Vec<Fault> {
    vec![Fault {
        rule: Rule::CrlNumber,
        what: "nothing wrong",
        position: None,
        scenario: sound().scenario(),
    }]
}

/// CRLs of every kind, with the host listed and not.
/// Two CRLs of one CA, of different times, of which one or both list the host.
fn several_crls() -> Vec<(String, Scenario)> {
    type Times = (&'static str, [&'static str; 2]);
    let olds: [Times; 2] = [
        ("older", ["20260101000000Z", "20260901000000Z"]),
        ("overdue", ["20260101000000Z", "20260301000000Z"]),
    ];
    let news: [Times; 2] = [
        ("newer", ["20260501000000Z", "20260901000000Z"]),
        ("future", ["20260702000000Z", "20260901000000Z"]),
    ];
    let mut all = Vec::new();
    for (old, old_times) in olds {
        for (new, new_times) in news {
            for (which, listed) in [
                ("the first", [0x11, 0x77]),
                ("the second", [0x77, 0x11]),
                ("both", [0x11, 0x11]),
                ("neither", [0x77, 0x77]),
            ] {
                for is_reversed in [false, true] {
                    let root = sound().root.self_signed();
                    let host = Recipe::host().signed_by(&root);
                    let crl = |times: [&'static str; 2], listed: u8, count: u32| {
                        let crl = CrlRecipe::revoking(&[&[listed]]).with("2.5.29.20", false, number(count));
                        crl.change(|crl| crl.updates = times.map(Some)).signed_by(&root)
                    };
                    let mut crls = vec![crl(old_times, listed[0], 1), crl(new_times, listed[1], 2)];
                    if is_reversed {
                        crls.reverse();
                    }
                    let asked = Scenario {
                        target: host.der,
                        untrusted: Vec::new(),
                        anchors: vec![root.der],
                        crls,
                        ..sound().scenario()
                    };
                    let order = if is_reversed { ", the newer first" } else { "" };
                    all.push((format!("{old} and {new} CRL, {which} lists it{order}"), asked));
                }
            }
        }
    }
    all
}

fn combined_crls() -> Vec<(String, Scenario)> {
    type Change = (&'static str, fn(CrlRecipe) -> CrlRecipe);
    let limited = |content: Vec<u8>| move |crl: CrlRecipe| crl.with("2.5.29.28", true, content);
    let changes: Vec<Change> = vec![
        ("as it should be", |crl| crl),
        ("without nextUpdate", |crl| {
            crl.change(|crl| crl.updates[1] = None)
        }),
        ("overdue", |crl| {
            crl.change(|crl| crl.updates[1] = Some("20260101000000Z"))
        }),
        ("of tomorrow", |crl| {
            crl.change(|crl| crl.updates[0] = Some("20260702000000Z"))
        }),
        ("of version 1", |crl| {
            crl.change(|crl| (crl.version, crl.extensions) = (1, Vec::new()))
        }),
        ("without number", |crl| crl.change(|crl| crl.extensions.clear())),
        ("with a critical number", |crl| {
            crl.with("2.5.29.20", true, number(1))
        }),
        ("with an unknown critical extension", |crl| {
            crl.with("1.3.6.1.4.1.55555.3", true, null())
        }),
        ("with an unknown extension", |crl| {
            crl.with("1.3.6.1.4.1.55555.3", false, null())
        }),
        ("with an unknown critical extension in another entry", |crl| {
            crl.listing(&[0x55], &[("1.3.6.1.4.1.55555.3", true, null())])
        }),
        ("with a critical reason in another entry", |crl| {
            crl.listing(&[0x55], &[(REASON, true, reason(1))])
        }),
        ("with a reason that nobody knows", |crl| {
            crl.listing(&[0x55], &[(REASON, false, reason(99))])
        }),
        ("with another authorityKeyIdentifier", |crl| {
            crl.with(AUTHORITY_KEY_IDENTIFIER, false, sequence(&[tlv(0x80, &[7; 20])]))
        }),
        ("that takes the host back", |crl| {
            crl.listing(&[0x11], &[(REASON, false, reason(8))])
        }),
        ("that is a delta", |crl| crl.with("2.5.29.27", true, number(1))),
        ("with a thisUpdate without seconds", |crl| {
            crl.change(|crl| crl.updates[0] = Some("202001010000Z"))
        }),
        ("with a nextUpdate without seconds", |crl| {
            crl.change(|crl| crl.updates[1] = Some("204912312359Z"))
        }),
        ("with a superfluous byte in another entry", |crl| {
            crl.listing(&[0, 0x55], &[])
        }),
        ("with a critical issuerAltName", |crl| {
            crl.with("2.5.29.18", true, sequence(&[dns("ca.example.com")]))
        }),
        ("with two algorithms", |crl| {
            crl.change(|crl| crl.inner_algorithm = Some(algorithm("1.2.840.10045.4.3.3", Vec::new())))
        }),
    ];
    let for_whom: [(&str, Vec<u8>); 9] = [
        ("for users only", sequence(&[tlv(0x81, &[0xff])])),
        ("for CAs only", sequence(&[tlv(0x82, &[0xff])])),
        ("for attribute certificates only", sequence(&[tlv(0x85, &[0xff])])),
        (
            "for users and CAs only",
            sequence(&[tlv(0x81, &[0xff]), tlv(0x82, &[0xff])]),
        ),
        ("for some reasons", sequence(&[tlv(0x83, &[6, 0x40])])),
        ("that is indirect", sequence(&[tlv(0x84, &[0xff])])),
        (
            "for users, indirect",
            sequence(&[tlv(0x81, &[0xff]), tlv(0x84, &[0xff])]),
        ),
        (
            "of another place",
            sequence(&[context(0, &context(0, &uri("http://other.example.com/1.crl")))]),
        ),
        ("that is limited to nothing", sequence(&[])),
    ];
    let mut all = Vec::new();
    let mut ask = |what: String, crl: &dyn Fn(CrlRecipe) -> CrlRecipe| {
        for (listed, serial) in [("listed", 0x11), ("not listed", 0x77)] {
            let root = sound().root.self_signed();
            let host = Recipe::host().signed_by(&root);
            let crls = vec![crl(CrlRecipe::revoking(&[&[serial]])).signed_by(&root)];
            let asked = Scenario {
                target: host.der,
                untrusted: Vec::new(),
                anchors: vec![root.der],
                crls,
                ..sound().scenario()
            };
            all.push((format!("CRL {what}, {listed}"), asked));
        }
    };
    for (what, change) in changes {
        ask(what.into(), &change);
    }
    for (what, content) in for_whom {
        ask(what.into(), &|crl| limited(content.clone())(crl));
    }
    let of_another = sequence(&[directory(&name("Other CA"))]);
    ask("with an entry of another CA".into(), &|crl| {
        crl.listing(&[0x55], &[("2.5.29.29", true, of_another.clone())])
    });
    ask("with the number of another CA's certificate".into(), &|crl| {
        crl.listing(&[0x11], &[("2.5.29.29", true, of_another.clone())])
    });
    all.extend(several_crls());
    all.push(("CRL by another key".into(), {
        let chain = sound().forge();
        let crls = vec![CrlRecipe::revoking(&[&[0x11]]).signed_by(&sound().forge()[1])];
        Scenario {
            crls,
            ..scenario(&chain)
        }
    }));
    all.push(("CRL of the host's issuer alone".into(), {
        let chain = sound().forge();
        Scenario {
            crls: vec![CrlRecipe::revoking(&[]).signed_by(&chain[1])],
            ..scenario(&chain)
        }
    }));
    all
}

/// CRLs that are about every certificate of a root, each with something that may keep programs from using it: neither partial nor indirect nor a
/// delta CRL, and none that lists the host.
pub fn complete_crls() -> Vec<(String, Scenario)> {
    let mut all: Vec<(String, Scenario)> = combined_crls()
        .into_iter()
        .filter(|(what, scenario)| {
            let mut crls = scenario
                .crls
                .iter()
                .map(|crl| RevocationList::from_der(crl).expect("a CRL"));
            let is_complete = |crl: RevocationList| {
                crl.base_number().is_none() && crl.issuing_distribution_point().is_none()
            };
            what.ends_with(", not listed") && crls.all(is_complete)
        })
        .collect();
    all.push(("CRL of a root without cRLSign".into(), {
        let root = sound()
            .root
            .with(KEY_USAGE, true, key_usage(KEY_CERT_SIGN))
            .self_signed();
        let host = Recipe::host().signed_by(&root);
        Scenario {
            target: host.der,
            untrusted: Vec::new(),
            crls: vec![CrlRecipe::revoking(&[]).signed_by(&root)],
            anchors: vec![root.der],
            ..sound().scenario()
        }
    }));
    all
}

/// Names in certificates and hosts, purposes and usages, in all combinations that programs are known to take in different ways: the
/// situation in words, and the question.
pub fn combinations() -> Vec<(String, Scenario)> {
    let root = Recipe::ca("Root CA").self_signed();
    [
        combined_names(&root),
        combined_usages(&root),
        combined_purposes(&root),
        combined_types(&root),
        combined_crls(),
        super::edge_paths::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const HOSTS: [&str; 9] = [
    "db1.example.com",
    "*.example.com",
    "my_db.example.com",
    "xn--db-xka.example.com",
    "a.b.example.com",
    "example.com",
    "10.0.0.5",
    "host",
    "www.example.com",
];

fn below(root: &Forged, host: Recipe, name: &'static str, purpose: Purpose) -> Scenario {
    Scenario {
        target: host.signed_by(root).der,
        untrusted: Vec::new(),
        anchors: vec![root.der.clone()],
        crls: Vec::new(),
        name,
        purpose,
        require_crl: false,
    }
}

fn combined_names(root: &Forged) -> Vec<(String, Scenario)> {
    let patterns = [
        "db1.example.com",
        "DB1.Example.COM",
        "db1.example.com.",
        "*.example.com",
        "d*.example.com",
        "*1.example.com",
        "d*1.example.com",
        "*.*.com",
        "db1.*.com",
        "*.com",
        "*",
        "my_db.example.com",
        "my_*.example.com",
        "xn--*.example.com",
        "*b-xka.example.com",
        "10.0.0.5",
        "-db.example.com",
        "*-db.example.com",
        "**.example.com",
        "w*w.example.com",
        "a.*.example.com",
        "host",
    ];
    let mut all = Vec::new();
    let mut serial = 0;
    let mut ask = |what: String, host: Recipe, name| {
        serial += 1;
        let host = host.change(|recipe| recipe.serial = vec![1, (serial >> 8) as u8, (serial & 0xff) as u8]);
        all.push((what, below(root, host, name, Purpose::Server)));
    };
    for pattern in patterns {
        for host in HOSTS {
            // Java compares in Unicode there.
            if !(pattern == "d*.example.com" && host.starts_with("xn--")
                || pattern.starts_with("**") && host.starts_with("xn--"))
            {
                ask(
                    format!("dNSName {pattern}, host {host}"),
                    san(&[dns(pattern)])(Recipe::host().change(|recipe| recipe.subject = name("x"))),
                    host,
                );
            }
        }
    }
    for common in [
        "db1.example.com",
        "db1.example.com.",
        "DB1.Example.COM",
        "*.example.com",
        "*.com",
        "my_db.example.com",
        "10.0.0.5",
        "host",
    ] {
        for host in HOSTS {
            ask(
                format!("common name {common}, host {host}"),
                Recipe::host()
                    .without(SUBJECT_ALT_NAME)
                    .change(|recipe| recipe.subject = name(common)),
                host,
            );
        }
    }
    let beside = [
        ("address", ip(&[10, 0, 0, 9])),
        ("e-mail address", email("a@example.com")),
        ("URI", uri("https://a/")),
        ("host", dns("x.example.com")),
    ];
    for (what, beside) in beside {
        for common in ["db1.example.com", "10.0.0.5"] {
            let host = Recipe::host().with(SUBJECT_ALT_NAME, false, sequence(std::slice::from_ref(&beside)));
            ask(
                format!("common name {common} beside an {what}"),
                host.change(|recipe| recipe.subject = name(common)),
                common,
            );
        }
    }
    for common in [
        ["db1.example.com", "x.example.com"],
        ["x.example.com", "db1.example.com"],
    ] {
        let subject = attributes(&common.map(|name| ("2.5.4.3", 0x0c, name)));
        let host = Recipe::host()
            .without(SUBJECT_ALT_NAME)
            .change(|recipe| recipe.subject = subject);
        ask(format!("common names {common:?}"), host, "db1.example.com");
    }
    let mapped = [&[0; 10][..], &[0xff, 0xff, 10, 0, 0, 5]].concat();
    ask(
        "IPv4-mapped address".into(),
        san(&[ip(&mapped)])(Recipe::host()),
        "10.0.0.5",
    );
    all
}

/// keyUsage by kind of key.
fn combined_usages(root: &Forged) -> Vec<(String, Scenario)> {
    let mut all = Vec::new();
    for (kind, algorithm) in [
        ("EC", KeyAlgorithm::P256),
        ("RSA", KeyAlgorithm::Rsa(RsaBits::B2048)),
    ] {
        let key = PrivateKey::generate(algorithm).expect("a key");
        for bits in [0x80, 0x40, 0x20, 0x10, 0x08, 0xa0, 0x88, 0x28, 0x84] {
            for purpose in [Purpose::Server, Purpose::Client] {
                let host = Recipe::host()
                    .with(EXTENDED_KEY_USAGE, false, purposes(&[SERVER_AUTH, CLIENT_AUTH]))
                    .with(KEY_USAGE, true, key_usage(bits));
                let host = host.change(|recipe| {
                    recipe.serial = vec![
                        2,
                        bits,
                        u8::from(purpose == Purpose::Client),
                        u8::from(kind == "EC"),
                    ];
                    recipe.spki = Some(key.public_key().spki().to_vec());
                });
                all.push((
                    format!("{kind} key, keyUsage {bits:02x}, {}", purpose.name()),
                    below(root, host, "", purpose),
                ));
            }
        }
    }
    all
}

/// extKeyUsage in the host, the intermediate and the root.
fn combined_purposes(root: &Forged) -> Vec<(String, Scenario)> {
    let lists: [&[&str]; 10] = [
        &[SERVER_AUTH],
        &[CLIENT_AUTH],
        &[ANY_USAGE],
        &[ANY_USAGE, CLIENT_AUTH],
        &[ANY_USAGE, "1.3.6.1.5.5.7.3.3"],
        &["1.3.6.1.5.5.7.3.3"],
        &["2.16.840.1.113730.4.1"],
        &["1.3.6.1.4.1.311.10.3.3"],
        &["2.16.840.1.113730.4.1", CLIENT_AUTH],
        &["1.2.3.4.5"],
    ];
    let mut all = Vec::new();
    for (number, list) in lists.iter().enumerate() {
        let serial = |place: u8| vec![3, place, number as u8];
        let with = |recipe: Recipe| recipe.with(EXTENDED_KEY_USAGE, false, purposes(list));
        let both = || Recipe::host().with(EXTENDED_KEY_USAGE, false, purposes(&[SERVER_AUTH, CLIENT_AUTH]));
        for purpose in [Purpose::Server, Purpose::Client] {
            let what = |place: &str| format!("purposes {list:?} in the {place}, {}", purpose.name());
            all.push((
                what("host"),
                below(
                    root,
                    with(Recipe::host()).change(|recipe| recipe.serial = serial(1)),
                    "",
                    purpose,
                ),
            ));
            let middle = with(Recipe::ca("Issuing CA"))
                .change(|recipe| recipe.serial = serial(2))
                .signed_by(root);
            let scenario = Scenario {
                untrusted: vec![middle.der.clone()],
                ..below(&middle, both(), "", purpose)
            };
            all.push((
                what("intermediate"),
                Scenario {
                    anchors: vec![root.der.clone()],
                    ..scenario
                },
            ));
            let own_root = with(Recipe::ca("Root for purposes"))
                .change(|recipe| recipe.serial = serial(3))
                .self_signed();
            all.push((
                what("root"),
                below(
                    &own_root,
                    both().change(|recipe| recipe.serial = serial(4)),
                    "",
                    purpose,
                ),
            ));
        }
    }
    all
}

/// Netscape's certificate type, with extKeyUsage and without, in the host and in the intermediate.
fn combined_types(root: &Forged) -> Vec<(String, Scenario)> {
    let mut all = Vec::new();
    for bits in [0x80u8, 0x40, 0xc0, 0x20, 0x10, 0x04] {
        let with = |recipe: Recipe| recipe.with("2.16.840.1.113730.1.1", false, key_usage(bits));
        let both = || Recipe::host().with(EXTENDED_KEY_USAGE, false, purposes(&[SERVER_AUTH, CLIENT_AUTH]));
        for purpose in [Purpose::Server, Purpose::Client] {
            let what = |place: &str| format!("Netscape's type {bits:02x} in the {place}, {}", purpose.name());
            let numbered = |recipe: Recipe, place: u8| {
                recipe.change(|recipe| recipe.serial = vec![4, place, bits & 0x7f])
            };
            all.push((what("host"), below(root, numbered(with(both()), 1), "", purpose)));
            all.push((
                what("host without purposes"),
                below(
                    root,
                    numbered(with(Recipe::host().without(EXTENDED_KEY_USAGE)), 2),
                    "",
                    purpose,
                ),
            ));
            let middle = numbered(with(Recipe::ca("Issuing CA")), 3).signed_by(root);
            let scenario = Scenario {
                untrusted: vec![middle.der.clone()],
                ..below(&middle, both(), "", purpose)
            };
            all.push((
                what("intermediate"),
                Scenario {
                    anchors: vec![root.der.clone()],
                    ..scenario
                },
            ));
        }
    }
    all
}

fn dates() -> Vec<Fault> {
    let empty =
        |recipe: Recipe| recipe.change(|recipe| recipe.validity = ["20260602000000Z", "20260501000000Z"]);
    vec![
        on(Rule::Expired, "host expired", 0, ended),
        on(Rule::Expired, "intermediate expired", 1, ended),
        on(Rule::Expired, "root expired", 2, ended),
        on(Rule::NotYetValid, "host not yet valid", 0, begins_later),
        on(Rule::NotYetValid, "intermediate not yet valid", 1, begins_later),
        on(Rule::NotYetValid, "root not yet valid", 2, begins_later),
        on(Rule::ValidityEmpty, "ends before it begins", 0, empty),
    ]
}

fn signatures() -> Vec<Fault> {
    let other = sound().forge();
    let unknown = Fault {
        rule: Rule::IssuerUnknown,
        what: "intermediate missing",
        position: Some(0),
        scenario: Scenario {
            untrusted: Vec::new(),
            ..sound().scenario()
        },
    };
    let wrong = Fault {
        rule: Rule::SignatureWrong,
        what: "root of the same name with another key",
        position: Some(1),
        scenario: Scenario {
            anchors: vec![other[0].der.clone()],
            ..sound().scenario()
        },
    };
    let damaged = |mut scenario: Scenario| {
        let last = scenario.target.len() - 1;
        scenario.target[last] ^= 1;
        scenario
    };
    let tampered = Fault {
        rule: Rule::SignatureWrong,
        what: "signature damaged",
        position: Some(0),
        scenario: damaged(sound().scenario()),
    };
    let ecdsa_sha384 = || sequence(&[oid("1.2.840.10045.4.3.3")]);
    let of_rsa = on(
        Rule::SignatureUnsupported,
        "signature algorithm for another kind of key",
        0,
        |recipe| {
            recipe.change(|recipe| {
                let rsa = sequence(&[oid("1.2.840.113549.1.1.11"), tlv(5, &[])]);
                (recipe.inner_algorithm, recipe.outer_algorithm) = (Some(rsa.clone()), Some(rsa));
            })
        },
    );
    let made_up = on(
        Rule::SignatureUnchecked,
        "signature algorithm that nobody has",
        0,
        |recipe| {
            recipe.change(|recipe| {
                let made_up = sequence(&[oid("1.3.6.1.4.1.55555.1")]);
                (recipe.inner_algorithm, recipe.outer_algorithm) = (Some(made_up.clone()), Some(made_up));
            })
        },
    );
    let mismatch = on(
        Rule::SignatureAlgorithmMismatch,
        "another algorithm inside",
        0,
        |recipe| recipe.change(|recipe| recipe.inner_algorithm = Some(ecdsa_sha384())),
    );
    vec![unknown, wrong, tampered, of_rsa, made_up, mismatch]
}

fn authorities() -> Vec<Fault> {
    let no_ca = |recipe: Recipe| recipe.with(BASIC_CONSTRAINTS, true, basic_constraints(false, None));
    let no_sign = |recipe: Recipe| recipe.with(KEY_USAGE, true, key_usage(CRL_SIGN));
    let untyped = |recipe: Recipe| recipe.without(KEY_USAGE);
    let not_critical = |recipe: Recipe| recipe.with(BASIC_CONSTRAINTS, false, basic_constraints(true, None));
    let no_identifier = |recipe: Recipe| recipe.with(SUBJECT_KEY_IDENTIFIER, false, Vec::new());
    let no_issuer_identifier = |recipe: Recipe| recipe.with(AUTHORITY_KEY_IDENTIFIER, false, Vec::new());
    let other_identifier =
        |recipe: Recipe| recipe.with(AUTHORITY_KEY_IDENTIFIER, false, sequence(&[tlv(0x80, &[7; 20])]));
    let not_root = {
        let chain = sound().forge();
        Scenario {
            anchors: vec![chain[1].der.clone()],
            untrusted: Vec::new(),
            ..scenario(&chain)
        }
    };
    vec![
        on(Rule::IssuerNotAuthority, "intermediate without CA bit", 1, no_ca),
        on(
            Rule::AuthorityWithoutBasicConstraints,
            "root without basicConstraints",
            2,
            |recipe| recipe.without(BASIC_CONSTRAINTS),
        ),
        on(
            Rule::AuthorityWithoutBasicConstraints,
            "intermediate without basicConstraints",
            1,
            |recipe| recipe.without(BASIC_CONSTRAINTS),
        ),
        on(Rule::IssuerNotAuthority, "root without CA bit", 2, no_ca),
        on(
            Rule::IssuerKeyUsage,
            "intermediate without keyCertSign",
            1,
            no_sign,
        ),
        on(Rule::IssuerKeyUsage, "root without keyCertSign", 2, no_sign),
        on(
            Rule::AuthorityWithoutKeyUsage,
            "root without keyUsage",
            2,
            untyped,
        ),
        on(
            Rule::AuthorityWithoutKeyUsage,
            "intermediate without keyUsage",
            1,
            untyped,
        ),
        on(
            Rule::BasicConstraintsNotCritical,
            "root's basicConstraints not critical",
            2,
            not_critical,
        ),
        on(
            Rule::NoSubjectKeyIdentifier,
            "root without subjectKeyIdentifier",
            2,
            no_identifier,
        ),
        on(
            Rule::NoSubjectKeyIdentifier,
            "intermediate without subjectKeyIdentifier",
            1,
            no_identifier,
        ),
        on(
            Rule::NoAuthorityKeyIdentifier,
            "host without authorityKeyIdentifier",
            0,
            no_issuer_identifier,
        ),
        on(
            Rule::NoAuthorityKeyIdentifier,
            "intermediate without authorityKeyIdentifier",
            1,
            no_issuer_identifier,
        ),
        on(
            Rule::KeyIdentifierMismatch,
            "host's authorityKeyIdentifier is another",
            0,
            other_identifier,
        ),
        on(
            Rule::KeyIdentifierMismatch,
            "host's authorityKeyIdentifier names another serial number",
            0,
            |recipe| {
                let issuer = context(1, &directory(&name("Root CA")));
                recipe.with(
                    AUTHORITY_KEY_IDENTIFIER,
                    false,
                    sequence(&[issuer, tlv(0x82, &[0x55])]),
                )
            },
        ),
        on(
            Rule::EmptyAuthoritySubject,
            "intermediate without a name",
            1,
            |recipe| recipe.change(|recipe| recipe.subject = name("")),
        ),
        on(Rule::PathLength, "root allows no intermediate", 2, |recipe| {
            recipe.with(BASIC_CONSTRAINTS, true, basic_constraints(true, Some(0)))
        }),
        path_length(),
        Fault {
            rule: Rule::AnchorNotSelfSigned,
            what: "intermediate trusted",
            position: Some(1),
            scenario: not_root,
        },
        Fault {
            rule: Rule::AnchorNotSelfSigned,
            what: "host certificate trusted itself",
            position: Some(0),
            scenario: trusted_host(),
        },
        name_encoding(),
    ]
}

/// Only the host's certificate is trusted, and it is no root.
fn trusted_host() -> Scenario {
    let scenario = sound().scenario();
    Scenario {
        anchors: vec![scenario.target.clone()],
        untrusted: Vec::new(),
        ..scenario
    }
}

/// The intermediate CA allows none below it, and there is one.
fn path_length() -> Fault {
    let root = Recipe::ca("Root CA").self_signed();
    let upper = Recipe::ca("Upper CA")
        .with(BASIC_CONSTRAINTS, true, basic_constraints(true, Some(0)))
        .signed_by(&root);
    let lower = Recipe::ca("Lower CA").signed_by(&upper);
    let host = Recipe::host().signed_by(&lower);
    let scenario = Scenario {
        untrusted: vec![upper.der.clone(), lower.der],
        ..scenario(&[root, upper, host])
    };
    Fault {
        rule: Rule::PathLength,
        what: "intermediate allows no further one",
        position: Some(2),
        scenario,
    }
}

/// The issuer as PrintableString where the CA has UTF8String.
fn name_encoding() -> Fault {
    on(Rule::NameEncoding, "issuer in another string type", 0, |recipe| {
        recipe.change(|recipe| recipe.issuer = Some(attributes(&[("2.5.4.3", 0x13, "Issuing CA")])))
    })
}

fn uses() -> Vec<Fault> {
    let client_only = |recipe: Recipe| recipe.with(EXTENDED_KEY_USAGE, false, purposes(&[CLIENT_AUTH]));
    let ca = |recipe: Recipe| {
        recipe
            .with(BASIC_CONSTRAINTS, true, basic_constraints(true, None))
            .with(KEY_USAGE, true, key_usage(DIGITAL_SIGNATURE | KEY_CERT_SIGN))
    };
    vec![
        on(Rule::ExtendedKeyUsage, "host for clients only", 0, client_only),
        on(
            Rule::ExtendedKeyUsage,
            "intermediate for clients only",
            1,
            client_only,
        ),
        on(Rule::ExtendedKeyUsage, "root for clients only", 2, client_only),
        on(Rule::ExtendedKeyUsageEmpty, "host for no purpose", 0, |recipe| {
            recipe.with(EXTENDED_KEY_USAGE, false, purposes(&[]))
        }),
        on(
            Rule::EndEntityKeyUsage,
            "host may only encipher data",
            0,
            |recipe| recipe.with(KEY_USAGE, true, key_usage(0x10)),
        ),
        on(Rule::AuthorityAsEndEntity, "CA as a server", 0, ca),
        on(
            Rule::CertSignWithoutAuthority,
            "host with keyCertSign",
            0,
            |recipe| recipe.with(KEY_USAGE, true, key_usage(DIGITAL_SIGNATURE | KEY_CERT_SIGN)),
        ),
        on(
            Rule::PathLengthWithoutAuthority,
            "host with pathLenConstraint",
            0,
            |recipe| recipe.with(BASIC_CONSTRAINTS, true, basic_constraints(false, Some(0))),
        ),
    ]
}

fn names() -> Vec<Fault> {
    let mut address = on(
        Rule::AddressAsName,
        "address in a dNSName",
        0,
        san(&[dns("10.0.0.1")]),
    );
    address.scenario.name = "10.0.0.1";
    let mut in_subject = on(Rule::AddressAsName, "address in the common name", 0, |recipe| {
        recipe
            .without(SUBJECT_ALT_NAME)
            .change(|recipe| recipe.subject = name("10.0.0.1"))
    });
    in_subject.scenario.name = "10.0.0.1";
    let empty = |recipe: Recipe| recipe.change(|recipe| recipe.subject = name(""));
    vec![
        on(
            Rule::NameMismatch,
            "another host",
            0,
            san(&[dns("db2.example.com")]),
        ),
        on(
            Rule::PartialWildcard,
            "wildcard within a label",
            0,
            san(&[dns("db*.example.com")]),
        ),
        on(
            Rule::NameMismatch,
            "wildcard for two labels",
            0,
            san(&[dns("*.com")]),
        ),
        on(
            Rule::NameMismatch,
            "wildcard not left-most",
            0,
            san(&[dns("db1.*.com")]),
        ),
        on(
            Rule::NoSubjectAlternativeName,
            "only a common name",
            0,
            |recipe| recipe.without(SUBJECT_ALT_NAME),
        ),
        on(
            Rule::EmptySubject,
            "empty Subject, subjectAltName not critical",
            0,
            empty,
        ),
        address,
        in_subject,
    ]
}

fn constraints() -> Vec<Fault> {
    let ca = |permitted: Vec<Vec<u8>>, excluded: Vec<Vec<u8>>| {
        move |recipe: Recipe| recipe.with(NAME_CONSTRAINTS, true, name_constraints(&permitted, &excluded))
    };
    let constrained = |what, position, recipe: fn(Recipe) -> Recipe, permitted, excluded| {
        let chain = sound();
        let chain = Chain {
            root: ca(permitted, excluded)(chain.root),
            host: recipe(chain.host),
            ..chain
        };
        Fault {
            rule: Rule::NameConstraints,
            what,
            position: Some(position),
            scenario: chain.scenario(),
        }
    };
    let plain = |recipe: Recipe| recipe;
    let with_names = |recipe: Recipe| {
        let names = [
            dns("db1.example.com"),
            ip(&[10, 0, 0, 1]),
            email("a@example.com"),
            uri("https://db1.example.com/"),
            directory(&name("other")),
        ];
        recipe.with(SUBJECT_ALT_NAME, false, sequence(&names))
    };
    let email_in_subject = |recipe: Recipe| {
        recipe.change(|recipe| {
            recipe.subject = attributes(&[
                ("2.5.4.3", 0x0c, "db1"),
                ("1.2.840.113549.1.9.1", 0x16, "a@example.com"),
            ])
        })
    };
    let wildcard = |recipe: Recipe| recipe.with(SUBJECT_ALT_NAME, false, sequence(&[dns("*.example.com")]));
    let malformed = |content: Vec<u8>| move |recipe: Recipe| recipe.with(NAME_CONSTRAINTS, true, content);
    vec![
        constrained(
            "host outside the permitted domain",
            0,
            plain,
            vec![dns("example.org")],
            vec![],
        ),
        constrained(
            "host in an excluded domain",
            0,
            plain,
            vec![],
            vec![dns("example.com")],
        ),
        constrained(
            "address outside the permitted block",
            0,
            with_names,
            vec![ip(&[192, 0, 2, 0, 255, 255, 255, 0])],
            vec![],
        ),
        constrained(
            "address in an excluded block",
            0,
            with_names,
            vec![],
            vec![ip(&[10, 0, 0, 0, 255, 0, 0, 0])],
        ),
        constrained(
            "e-mail address outside",
            0,
            with_names,
            vec![email("example.org")],
            vec![],
        ),
        constrained(
            "e-mail address excluded",
            0,
            with_names,
            vec![],
            vec![email("a@example.com")],
        ),
        constrained(
            "e-mail address in the Subject",
            0,
            email_in_subject,
            vec![email("example.org")],
            vec![],
        ),
        constrained("URI outside", 0, with_names, vec![uri(".example.org")], vec![]),
        constrained(
            "URI excluded",
            0,
            with_names,
            vec![],
            vec![uri("db1.example.com")],
        ),
        constrained(
            "Subject outside the directory",
            0,
            plain,
            vec![directory(&attributes(&[("2.5.4.10", 0x0c, "Example")]))],
            vec![],
        ),
        constrained(
            "directoryName excluded",
            0,
            with_names,
            vec![],
            vec![directory(&name("other"))],
        ),
        Fault {
            rule: Rule::NameConstraintsWildcard,
            ..constrained(
                "wildcard over an excluded host",
                0,
                wildcard,
                vec![],
                vec![dns("secret.example.com")],
            )
        },
        Fault {
            position: Some(0),
            ..on(
                Rule::NameConstraints,
                "host outside what the intermediate may",
                1,
                ca(vec![dns("example.org")], vec![]),
            )
        },
        Fault {
            position: Some(0),
            ..on(
                Rule::NameConstraints,
                "host in what the intermediate may not",
                1,
                ca(vec![], vec![dns("db1.example.com")]),
            )
        },
        on(
            Rule::NameConstraintsUnreadable,
            "constraints that list nothing",
            1,
            malformed(sequence(&[])),
        ),
        on(
            Rule::NameConstraintsUnreadable,
            "mask with holes",
            1,
            malformed(name_constraints(&[ip(&[10, 0, 0, 0, 255, 0, 255, 0])], &[])),
        ),
        on(
            Rule::NameConstraintsNotCritical,
            "constraints not critical",
            2,
            |recipe| {
                recipe.with(
                    NAME_CONSTRAINTS,
                    false,
                    name_constraints(&[dns("example.com")], &[]),
                )
            },
        ),
        on(
            Rule::NameConstraintsLeadingDot,
            "constraint with a leading dot",
            2,
            |recipe| {
                recipe.with(
                    NAME_CONSTRAINTS,
                    true,
                    name_constraints(&[dns(".example.com")], &[]),
                )
            },
        ),
        on(
            Rule::NameConstraintsWithoutAuthority,
            "host with constraints",
            0,
            |recipe| {
                recipe.with(
                    NAME_CONSTRAINTS,
                    true,
                    name_constraints(&[dns("example.com")], &[]),
                )
            },
        ),
    ]
}

fn keys() -> Vec<Fault> {
    let beside_curve = |recipe: Recipe| {
        let point = [&[0, 4][..], &[7; 64]].concat();
        let curve = sequence(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]);
        recipe.change(|recipe| recipe.spki = Some(sequence(&[curve, tlv(3, &point)])))
    };
    let of_unknown_kind = |recipe: Recipe| {
        let key = sequence(&[algorithm("1.3.6.1.4.1.55555.4", null()), tlv(3, &[0, 1, 2, 3])]);
        recipe.change(|recipe| recipe.spki = Some(key))
    };
    let rsa_1024 = |recipe: Recipe| recipe.change(|recipe| recipe.spki = Some(short_rsa()));
    let sha1 = {
        // A key that signs with SHA-1 is nothing that gsec has: the certificate is made by hand from one of RSA.
        let root = Recipe::ca("Root CA")
            .change(|recipe| recipe.algorithm = KeyAlgorithm::Rsa(RsaBits::B2048))
            .self_signed();
        let middle = Recipe::ca("Issuing CA").signed_by(&root);
        let host = Recipe::host().signed_by(&middle);
        let middle_sha1 = super::forge::sha1_signed(&middle, &root);
        Scenario {
            untrusted: vec![middle_sha1],
            ..scenario(&[root, middle, host])
        }
    };
    vec![
        on(
            Rule::KeyUnreadable,
            "host with a point beside the curve",
            0,
            beside_curve,
        ),
        on(
            Rule::KeyUnknown,
            "host with a key of a kind that nobody has",
            0,
            of_unknown_kind,
        ),
        on(
            Rule::SerialReused,
            "intermediate with the serial number of its root",
            1,
            |middle| middle.change(|middle| middle.serial = vec![1]),
        ),
        on(Rule::WeakKey, "host with RSA of 1024 bits", 0, rsa_1024),
        Fault {
            rule: Rule::WeakDigest,
            what: "intermediate signed with SHA-1",
            position: Some(1),
            scenario: sha1,
        },
    ]
}

/// A SubjectPublicKeyInfo of RSA with 1024 bits.
fn short_rsa() -> Vec<u8> {
    let modulus = [&[0][..], &[0xc5; 127], &[0x0f]].concat();
    let key = sequence(&[integer(&modulus), number(65_537)]);
    sequence(&[
        algorithm("1.2.840.113549.1.1.1", null()),
        tlv(3, &[&[0], key.as_slice()].concat()),
    ])
}

fn forms() -> Vec<Fault> {
    let unknown = |recipe: Recipe| recipe.with("1.3.6.1.4.1.55555.2", true, null());
    let critical_identifier =
        |recipe: Recipe| recipe.with(SUBJECT_KEY_IDENTIFIER, true, octet_string(&[1; 20]));
    let serial =
        |octets: &'static [u8]| move |recipe: Recipe| recipe.change(|recipe| recipe.serial = octets.to_vec());
    let twice = |recipe: Recipe| {
        recipe.change(|recipe| {
            recipe
                .extensions
                .push((SUBJECT_ALT_NAME, false, sequence(&[dns("db1.example.com")])))
        })
    };
    vec![
        on(
            Rule::SerialNegative,
            "negative serial number",
            0,
            serial(&[0x80, 1]),
        ),
        on(Rule::SerialZero, "serial number zero", 0, serial(&[0])),
        on(
            Rule::SerialTooLong,
            "serial number of 21 octets",
            0,
            serial(&[0x11; 21]),
        ),
        on(
            Rule::UnknownCriticalExtension,
            "unknown critical extension in the host",
            0,
            unknown,
        ),
        on(
            Rule::UnknownCriticalExtension,
            "unknown critical extension in the intermediate",
            1,
            unknown,
        ),
        on(
            Rule::UnknownCriticalExtension,
            "unknown critical extension in the root",
            2,
            unknown,
        ),
        policy(
            Rule::NoValidPolicy,
            "a demand for a policy that nobody has",
            true,
            sequence(&[tlv(0x80, &[0])]),
        ),
        policy(
            Rule::NoValidPolicy,
            "a demand for a policy that is not critical",
            false,
            sequence(&[tlv(0x80, &[0])]),
        ),
        on(
            Rule::PolicyNotCritical,
            "policyConstraints not critical",
            1,
            |recipe| recipe.with("2.5.29.36", false, sequence(&[tlv(0x80, &[5])])),
        ),
        on(Rule::PolicyMappingOfAny, "anyPolicy mapped", 1, |recipe| {
            recipe.with(
                "2.5.29.33",
                true,
                sequence(&[sequence(&[oid("2.5.29.32.0"), oid("1.2.3")])]),
            )
        }),
        on(
            Rule::WronglyCritical,
            "critical subjectKeyIdentifier",
            0,
            critical_identifier,
        ),
        on(
            Rule::ExtensionUnreadable,
            "subjectAltName that is none",
            0,
            |recipe| recipe.with(SUBJECT_ALT_NAME, false, b"db1".to_vec()),
        ),
        on(Rule::DuplicateExtension, "subjectAltName twice", 0, twice),
        on(Rule::Version, "host of version 1", 0, |recipe| {
            recipe.change(|recipe| (recipe.version, recipe.extensions) = (1, Vec::new()))
        }),
        on(
            Rule::ExtensionsBeforeVersion3,
            "extensions before version 3",
            0,
            |recipe| recipe.change(|recipe| recipe.version = 2),
        ),
        on(Rule::NameUnreadable, "Subject that is not UTF-8", 0, |recipe| {
            let attribute = sequence(&[oid("2.5.4.3"), tlv(0x0c, &[0xff, 0xfe])]);
            recipe.change(|recipe| recipe.subject = sequence(&[super::der_writer::set(&[attribute])]))
        }),
        on(Rule::EmptyIssuer, "issuer without a name", 2, |recipe| {
            recipe.change(|recipe| recipe.subject = name(""))
        }),
    ]
}

/// What RFC 5280 has nothing against, and some programs have.
fn of_programs() -> Vec<Fault> {
    let netscape_client = || tlv(3, &[7, 0x80]);
    let mut underscore = on(
        Rule::NameMatching,
        "underscore under a wildcard",
        0,
        san(&[dns("*.example.com")]),
    );
    underscore.scenario.name = "my_db.example.com";
    let no_host = |permitted: Vec<Vec<u8>>| {
        let chain = sound();
        let middle = chain
            .middle
            .with(NAME_CONSTRAINTS, true, name_constraints(&permitted, &[]));
        Scenario {
            name: "",
            ..Chain {
                middle,
                host: chain.host.without(SUBJECT_ALT_NAME),
                ..chain
            }
            .scenario()
        }
    };
    let same_name = {
        let [right, other] = [1, 2].map(|number| {
            Recipe::ca("Root CA")
                .change(|recipe| recipe.serial = vec![number])
                .self_signed()
        });
        let host = Recipe::host()
            .with(AUTHORITY_KEY_IDENTIFIER, false, Vec::new())
            .signed_by(&right);
        Scenario {
            target: host.der,
            untrusted: Vec::new(),
            anchors: vec![other.der, right.der],
            ..sound().scenario()
        }
    };
    let self_issued = {
        let root = Recipe::ca("Root CA")
            .with(BASIC_CONSTRAINTS, true, basic_constraints(true, Some(1)))
            .self_signed();
        let [old, new] =
            [2, 3].map(|number| Recipe::ca("Issuing CA").change(|recipe| recipe.serial = vec![number]));
        let old = old.signed_by(&root);
        let new = new.signed_by(&old);
        let host = Recipe::host().signed_by(&new);
        Scenario {
            target: host.der,
            untrusted: vec![new.der, old.der],
            anchors: vec![root.der],
            ..sound().scenario()
        }
    };
    let one = |rule, what, position, scenario| Fault {
        rule,
        what,
        position: Some(position),
        scenario,
    };
    vec![
        underscore,
        on(
            Rule::AnyUsageInAuthority,
            "intermediate for any purpose",
            1,
            |recipe| recipe.with(EXTENDED_KEY_USAGE, false, purposes(&[ANY_USAGE])),
        ),
        on(
            Rule::NetscapeCertificateType,
            "Netscape's type is a client's",
            0,
            |recipe| recipe.with("2.16.840.1.113730.1.1", false, netscape_client()),
        ),
        on(
            Rule::KeyUsageForTls,
            "EC key with keyEncipherment only",
            0,
            |recipe| recipe.with(KEY_USAGE, true, key_usage(0x20)),
        ),
        one(
            Rule::NameConstraintsCommonName,
            "common name outside, no dNSName",
            0,
            no_host(vec![dns("example.org")]),
        ),
        on(
            Rule::NameConstraintsKind,
            "constraints on directory names",
            1,
            |recipe| {
                recipe.with(
                    NAME_CONSTRAINTS,
                    true,
                    name_constraints(&[directory(&attributes(&[]))], &[]),
                )
            },
        ),
        one(
            Rule::SelfIssuedCounted,
            "self-issued CA under a path length",
            3,
            self_issued,
        ),
        one(
            Rule::IssuerChoice,
            "two roots of one name, the other one first",
            0,
            same_name,
        ),
        on(Rule::ExpiresThisSecond, "ends in this very second", 0, |recipe| {
            recipe.change(|recipe| recipe.validity = ["20200101000000Z", "20260601000000Z"])
        }),
    ]
}

/// What is written otherwise than certificates must be.
fn encodings() -> Vec<Fault> {
    let key = |algorithm| PrivateKey::generate(algorithm).expect("a key");
    let with_identifier = |recipe: Recipe| {
        let key = key(KeyAlgorithm::P256);
        let spki = [key.public_key().spki(), &tlv(0x81, &[0, 1])].concat();
        recipe.change(|recipe| (recipe.key, recipe.spki) = (Some(key), Some(spki)))
    };
    let pss = |recipe: Recipe| {
        let key = key(KeyAlgorithm::Rsa(RsaBits::B2048));
        let spki = sequence(&[
            sequence(&[oid("1.2.840.113549.1.1.10")]),
            tlv(3, &[&[0], key.public_key().bits()].concat()),
        ]);
        recipe
            .with(KEY_USAGE, true, key_usage(DIGITAL_SIGNATURE | 0x20))
            .change(|recipe| (recipe.key, recipe.spki) = (Some(key), Some(spki)))
    };
    let spelt_out = |recipe: Recipe| {
        let key = key(KeyAlgorithm::P256);
        let algorithm = sequence(&[oid("1.2.840.10045.2.1"), p256_in_numbers()]);
        let spki = sequence(&[algorithm, tlv(3, &[&[0], key.public_key().bits()].concat())]);
        recipe.change(|recipe| (recipe.key, recipe.spki) = (Some(key), Some(spki)))
    };
    vec![
        on(
            Rule::SerialNotMinimal,
            "serial number with a superfluous octet",
            0,
            |recipe| recipe.change(|recipe| recipe.serial = vec![0, 0x11]),
        ),
        on(
            Rule::UnusualEncoding,
            "Subject with a VisibleString",
            0,
            |recipe| recipe.change(|recipe| recipe.subject = attributes(&[("2.5.4.10", 0x1a, "Example")])),
        ),
        on(Rule::TimeForm, "notBefore with a fraction", 0, |recipe| {
            recipe.change(|recipe| recipe.validity = ["20200101000000.5Z", "20491231235959Z"])
        }),
        on(Rule::NotDer, "subjectAltName with octets after it", 0, |recipe| {
            recipe.with(
                SUBJECT_ALT_NAME,
                false,
                [sequence(&[dns("db1.example.com")]), null()].concat(),
            )
        }),
        on(
            Rule::NotDer,
            "keyUsage with a bit set that is not used",
            0,
            |recipe| recipe.with(KEY_USAGE, true, tlv(3, &[7, 0x81])),
        ),
        on(
            Rule::NotDer,
            "basicConstraints with a length longer than need be",
            0,
            |recipe| recipe.with(BASIC_CONSTRAINTS, true, vec![0x30, 0x81, 0]),
        ),
        on(Rule::UniqueIdentifiers, "unique identifier", 0, with_identifier),
        on(Rule::PssKey, "key for RSASSA-PSS alone", 0, pss),
        on(Rule::ExplicitCurve, "curve in numbers", 0, spelt_out),
    ]
}

/// P-256 as specifiedCurve, SEC 1 §C.2, SEC 2 §2.4.2.
fn p256_in_numbers() -> Vec<u8> {
    let octets = |hex: &str| {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal"))
            .collect::<Vec<u8>>()
    };
    let positive = |hex: &str| integer(&[vec![0], octets(hex)].concat());
    let prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
    let a = "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc";
    let b = "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b";
    let base = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let field = sequence(&[oid("1.2.840.10045.1.1"), positive(prime)]);
    let curve = sequence(&[octet_string(&octets(a)), octet_string(&octets(b))]);
    sequence(&[
        number(1),
        field,
        curve,
        octet_string(&octets(base)),
        positive(order),
        number(1),
    ])
}

fn revocation() -> Vec<Fault> {
    let critical = |kind: &'static str| move |crl: CrlRecipe| crl.with(kind, true, sequence(&[]));
    let no_crl_sign = {
        let chain = sound();
        let chain = Chain {
            middle: chain.middle.with(KEY_USAGE, true, key_usage(KEY_CERT_SIGN)),
            ..chain
        }
        .forge();
        let crls = vec![CrlRecipe::revoking(&[]).signed_by(&chain[1])];
        Scenario {
            crls,
            ..scenario(&chain)
        }
    };
    let by_another = {
        let (chain, other) = (sound().forge(), sound().forge());
        Scenario {
            crls: vec![CrlRecipe::revoking(&[]).signed_by(&other[1])],
            ..scenario(&chain)
        }
    };
    let intermediate = {
        let root = Recipe::ca("Root CA").self_signed();
        let middle = Recipe::ca("Issuing CA")
            .change(|recipe| recipe.serial = vec![0x22])
            .signed_by(&root);
        let crls = vec![
            CrlRecipe::revoking(&[&[0x22]]).signed_by(&root),
            CrlRecipe::revoking(&[]).signed_by(&middle),
        ];
        let host = Recipe::host().signed_by(&middle);
        Scenario {
            crls,
            ..scenario(&[root, middle, host])
        }
    };
    let unrelated = {
        let stranger = Recipe::ca("Stranger CA").self_signed();
        Scenario {
            crls: vec![CrlRecipe::revoking(&[&[0x11]]).signed_by(&stranger)],
            ..sound().scenario()
        }
    };
    let weak = {
        let chain = sound();
        let middle = chain
            .middle
            .change(|recipe| recipe.algorithm = KeyAlgorithm::Rsa(RsaBits::at_least(2048).expect("a size")));
        let chain = Chain { middle, ..chain }.forge();
        let crl = sha1_signed_crl(&CrlRecipe::revoking(&[]).signed_by(&chain[1]), &chain[1]);
        Scenario {
            crls: vec![crl, CrlRecipe::revoking(&[]).signed_by(&chain[0])],
            ..scenario(&chain)
        }
    };
    let other_key = {
        let chain = sound().forge();
        let other = Recipe::ca("Issuing CA")
            .with(KEY_USAGE, true, key_usage(KEY_CERT_SIGN))
            .signed_by(&chain[0]);
        let crls = vec![
            CrlRecipe::revoking(&[]).signed_by(&other),
            CrlRecipe::revoking(&[]).signed_by(&chain[0]),
        ];
        let sound = scenario(&chain);
        Scenario {
            crls,
            untrusted: [sound.untrusted.clone(), vec![other.der]].concat(),
            ..sound
        }
    };
    let required = Scenario {
        require_crl: true,
        ..sound().scenario()
    };
    let damaged = Scenario {
        crls: vec![vec![0x30, 0]],
        ..sound().scenario()
    };
    let one = |rule, what, position, scenario| Fault {
        rule,
        what,
        position: Some(position),
        scenario,
    };
    vec![
        with_crl(Rule::Revoked, "host revoked", |crl| {
            crl.change(|crl| crl.revoked.push(vec![0x11]))
        }),
        one(Rule::Revoked, "intermediate revoked", 1, intermediate),
        one(Rule::CrlMissing, "CRL of a stranger", 0, unrelated),
        with_crl(Rule::CrlStale, "CRL stale", |crl| {
            crl.change(|crl| crl.updates[1] = Some("20260101000000Z"))
        }),
        with_crl(Rule::CrlNotYetValid, "CRL of tomorrow", |crl| {
            crl.change(|crl| crl.updates[0] = Some("20260702000000Z"))
        }),
        one(Rule::CrlSignature, "CRL by another key", 0, by_another),
        one(Rule::CrlIssuerKeyUsage, "CA without cRLSign", 0, no_crl_sign),
        with_crl(
            Rule::CrlKeyIdentifier,
            "CRL with another authorityKeyIdentifier",
            |crl| {
                crl.change(|crl| {
                    crl.extensions
                        .push((AUTHORITY_KEY_IDENTIFIER, false, sequence(&[tlv(0x80, &[7; 20])])))
                })
            },
        ),
        with_crl(Rule::CrlIncomplete, "delta CRL without its base", |crl| {
            crl.with("2.5.29.27", true, number(1))
        }),
        with_crl(Rule::CrlUnusable, "indirect CRL", |crl| {
            crl.with("2.5.29.28", true, sequence(&[tlv(0x84, &[0xff])]))
        }),
        with_crl(Rule::CrlIncomplete, "CRL for some reasons", |crl| {
            crl.with("2.5.29.28", true, sequence(&[tlv(0x83, &[6, 0x40])]))
        }),
        with_crl(Rule::CrlScope, "CRL for CAs only", |crl| {
            crl.with("2.5.29.28", true, sequence(&[tlv(0x82, &[0xff])]))
        }),
        with_crl(Rule::CrlAlgorithmMismatch, "CRL with two algorithms", |crl| {
            crl.change(|crl| crl.inner_algorithm = Some(algorithm("1.2.840.10045.4.3.3", Vec::new())))
        }),
        with_crl(Rule::CrlWithoutNextUpdate, "CRL without nextUpdate", |crl| {
            crl.change(|crl| crl.updates[1] = None)
        }),
        with_crl(Rule::CrlEntry, "removeFromCRL in a complete CRL", |crl| {
            crl.listing(&[0x11], &[(REASON, false, reason(8))])
        }),
        with_crl(Rule::CrlVersion, "CRL of version 1", |crl| {
            crl.change(|crl| (crl.version, crl.extensions) = (1, Vec::new()))
        }),
        one(Rule::CrlWeakDigest, "CRL signed with SHA-1", 0, weak),
        one(
            Rule::CrlSigner,
            "CRL by a key of the issuer's name that may sign none",
            0,
            other_key,
        ),
        Fault {
            rule: Rule::RevocationUndetermined,
            what: "no CRL where one is required",
            position: Some(0),
            scenario: required,
        },
        with_crl(
            Rule::CrlUnsupported,
            "CRL with an unknown critical extension",
            critical("1.3.6.1.4.1.55555.3"),
        ),
        one(Rule::CrlUnreadable, "CRL that is none", 0, damaged),
        with_crl(Rule::CrlUnusualEncoding, "date in a CRL without seconds", |crl| {
            crl.change(|crl| crl.revoked_at = "202501010000Z")
        }),
        with_crl(Rule::CrlNumber, "CRL without number", |crl| {
            crl.change(|crl| crl.extensions.clear())
        }),
    ]
}
