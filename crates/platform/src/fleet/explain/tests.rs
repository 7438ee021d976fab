//! Every combination of options at two of the three levels, beside a second opinion; and what is said about it.

use super::*;
use crate::inventory::{Inventory, read};

const FIVE: [&str; 5] = [
    "certificate",
    "certificate-key",
    "trusted-ca",
    "provider",
    "fips140-enabled",
];
const LEVELS: [&str; 3] = ["port", "application options", "host annex"];

/// Which of the five options each level has.
type Sets = [[bool; 5]; 3];

fn subset(bits: usize) -> [bool; 5] {
    std::array::from_fn(|at| bits >> at & 1 == 1)
}

fn value(option: usize, level: usize) -> String {
    match option {
        4 => "yes".to_owned(),
        option => format!("/l{level}/o{option}"),
    }
}

/// The platform, in the plainest words: for each option the level that it comes from.
fn oracle(sets: &Sets, model: Model) -> [Option<usize>; 5] {
    let mut answer = [None; 5];
    for (level, set) in sets.iter().enumerate() {
        if model == Model::Set && answer != [None; 5] {
            break;
        }
        for (option, is_there) in set.iter().enumerate() {
            if *is_there && answer[option].is_none() {
                answer[option] = Some(level);
            }
        }
    }
    answer
}

fn inventory_of(sets: &Sets) -> Inventory {
    let pairs = |level: usize, equals: &str, quote: &str, between: &str| {
        let has = (0..5).filter(|option| sets[level][*option]);
        let pairs =
            has.map(|option| format!("{}{equals}{quote}{}{quote}", FIVE[option], value(option, level)));
        pairs.collect::<Vec<_>>().join(between)
    };
    let text = format!(
        "version = 1\n[[host]]\nname = \"h\"\ncertificate = \"none\"\nannex = {{ {} }}\n[[app]]\nname = \"A\"\nhost = \"h\"\n\
         kind = \"tserver\"\noptions = {{ {} }}\n[[app.port]]\nid = \"default\"\nnumber = 1\ntransport = \"{}\"\n",
        pairs(2, " = ", "\"", ", "),
        pairs(1, " = ", "\"", ", "),
        pairs(0, "=", "", ";"),
    );
    read_whole(&text)
}

fn read_whole(text: &str) -> Inventory {
    let reading = read(text, "fleet.toml");
    assert_eq!(reading.findings, [], "{text}");
    reading.inventory
}

#[test]
fn every_combination_at_two_levels_in_both_models() {
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        for (first, second) in (0..32).flat_map(|first| (0..32).map(move |second| (first, second))) {
            let mut sets: Sets = Default::default();
            sets[one] = subset(first);
            sets[other] = subset(second);
            let inventory = inventory_of(&sets);
            let target = find_target(&inventory, "A:default").expect("it is there");
            let chains = explain(&inventory, &target);
            let rows = &chains[0].rows;
            for model in Model::ALL {
                let expected = oracle(&sets, model);
                for (option, level) in expected.iter().enumerate() {
                    let row = rows.iter().find(|row| row.option == FIVE[option]);
                    let source = row.expect("a row for each").of(model);
                    let got = source.map(|source| (source.level.name(), source.said.clone()));
                    let wanted = level.map(|level| (LEVELS[level], Said::Value(value(option, level))));
                    assert_eq!(got, wanted, "{sets:?} {} {}", FIVE[option], model.name());
                }
            }
            let is_split = oracle(&sets, Model::Set) != oracle(&sets, Model::Each);
            let found = findings(&inventory, &chains);
            let splits = found.iter().filter(|found| found.slug == "split-certificate");
            assert_eq!(splits.count(), usize::from(is_split), "{sets:?}");
            assert!(found.iter().all(|found| found.is_error() == is_split), "{sets:?}");
        }
    }
}

const BOTH_ENDS: &str = r#"version = 1
defaults = { release = "9.0" }
[[host]]
name = "a"
annex = { tls = "1", tls-crl = " /crl.pem ", certificate = "/a.pem" }
[[host]]
name = "w"
platform = "windows"
[[app]]
name = "T:→1"
host = "a"
kind = "tserver"
certificate = "application"
release = "8.5"
[[app.port]]
id = "secure"
number = 3443
mode = "secured"
transport = "certificate=/p.pem; trusted-ca=/x;tls-mutual=maybe"
[[app.connection]]
to = "CS"
port = "auto"
client_port = 41001
[[app.connection]]
to = "Gone"
[[app]]
name = "CS"
host = "w"
kind = "config-server"
[[app.port]]
id = "auto"
number = 2021
mode = "auto-detect"
transport = "tls=1"
[[app]]
name = "GUI"
host = "nowhere"
kind = "sci"
"#;

fn answer<'a>(chain: &'a Chain<'_>, option: &str, model: Model) -> Option<(&'static str, &'a str)> {
    let row = chain.rows.iter().find(|row| row.option == option)?;
    row.of(model).map(|source| {
        let said = match &source.said {
            Said::Value(value) => value.as_str(),
            Said::Assigned => "assigned",
        };
        (source.level.name(), said)
    })
}

#[test]
fn each_end_has_its_own_chain() {
    let inventory = read_whole(BOTH_ENDS);
    let target = find_target(&inventory, "T:→1").expect("it is there");
    let chains = explain(&inventory, &target);
    assert_eq!(chains.len(), 3);
    let [port, to_server, to_nothing] = [&chains[0], &chains[1], &chains[2]];
    let each = |chain, option| answer(chain, option, Model::Each);
    assert_eq!(
        each(port, "tls"),
        Some(("port", "1")),
        "the port is secured, and the host says it too"
    );
    assert_eq!(
        each(port, "tls-mutual"),
        None,
        "neither yes nor no is as if nothing were set"
    );
    assert_eq!(
        each(port, "tls-crl"),
        Some(("host annex", "/crl.pem")),
        "options are trimmed"
    );
    assert_eq!(
        each(port, "trusted-ca"),
        Some(("application options", "assigned")),
        "a blank hides it in transport"
    );
    assert_eq!(answer(port, "trusted-ca", Model::Set), None);
    assert_eq!(
        each(to_server, "certificate"),
        Some(("application options", "assigned"))
    );
    assert_eq!(
        each(to_server, "tls"),
        Some(("host annex", "1")),
        "before the target port"
    );
    assert_eq!(
        to_nothing.not_known,
        ["server `Gone` is not in the inventory, so it is not known whether its port has TLS"]
    );
    let documented: Vec<_> = chains.iter().map(|chain| chain.documented).collect();
    assert_eq!(documented, [Some(Model::Each); 3]);
}

#[test]
fn tls_alone_comes_from_the_target_port() {
    let text = BOTH_ENDS.replace("annex = { tls = \"1\", ", "annex = { ");
    let inventory = read_whole(&text);
    let target = find_target(&inventory, "T:→1->CS").expect("it is there");
    let chains = explain(&inventory, &target);
    assert_eq!(chains.len(), 1);
    assert_eq!(answer(&chains[0], "tls", Model::Set), Some(("target port", "1")));
    let levels: Vec<_> = chains[0]
        .levels
        .iter()
        .map(|level| (level.level.name(), level.options))
        .collect();
    assert_eq!(
        levels,
        [
            ("connection", 0),
            ("application options", 3),
            ("application annex", 0),
            ("host annex", 2),
            ("target port", 1)
        ]
    );
}

#[test]
fn windows_host_has_a_certificate_assigned_and_nothing_else() {
    let inventory = read_whole(BOTH_ENDS);
    let target = find_target(&inventory, "CS").expect("it is there");
    let chain = &explain(&inventory, &target)[0];
    assert_eq!(
        answer(chain, "certificate", Model::Set),
        Some(("host annex", "assigned"))
    );
    assert_eq!(answer(chain, "certificate-key", Model::Each), None);
    assert_eq!(chain.not_known, ["the port has TLS where the client asks for it"]);
}

#[test]
fn findings_name_their_places() {
    let inventory = read_whole(BOTH_ENDS);
    let found = |text: &str| -> Vec<String> {
        let target = find_target(&inventory, text).expect("it is there");
        let found = findings(&inventory, &explain(&inventory, &target));
        let places = |finding: &crate::finding::Finding| {
            let places = finding
                .places
                .iter()
                .map(|place| format!("{}:{}", place.line, place.column));
            places.collect::<Vec<_>>().join(" ")
        };
        found
            .iter()
            .map(|finding| format!("{} {}", finding.slug, places(finding)))
            .collect()
    };
    assert_eq!(
        found("T:→1:3443"),
        ["split-certificate 19:13 13:15", "one-certificate 10:8"]
    );
    assert_eq!(
        found("T:→1 → CS"),
        [
            "one-certificate 10:8",
            "client-port-log 23:15",
            "client-port-wizard 23:15",
            "client-port-free 23:15"
        ]
    );
    assert_eq!(found("CS"), Vec::<String>::new());
}

#[test]
fn what_is_not_there_is_named_with_what_is() {
    let inventory = read_whole(BOTH_ENDS);
    let error = |text: &str| find_target(&inventory, text).expect_err("it is not there");
    assert_eq!(
        error("T:→1:default"),
        TargetError::Port {
            app: "T:→1".into(),
            port: "default".into(),
            known: vec!["secure".into()]
        }
    );
    assert_eq!(
        error("T:→1→cs"),
        TargetError::Server {
            app: "T:→1".into(),
            server: "cs".into(),
            known: vec!["CS".into(), "Gone".into()]
        }
    );
    assert_eq!(
        error("GUJ:auto").to_string(),
        "no application `GUJ` in the inventory"
    );
    let alone = find_target(&inventory, "GUI").expect("it is there");
    assert_eq!(
        explain(&inventory, &alone)[0].not_known,
        [
            "host `nowhere` is not in the inventory, so its annex is not known",
            "the inventory has no port and no connection of it"
        ]
    );
}
