//! The table of what RFC 8555 asks of a server: whole, and true of the tests that it names.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Table;

const TABLE: &str = include_str!("../../../tests/data/rfc8555.toml");
const LEVELS: [&str; 7] = [
    "MUST",
    "MUST NOT",
    "SHOULD",
    "SHOULD NOT",
    "MAY",
    "REQUIRED",
    "RECOMMENDED",
];

fn rows() -> Vec<Table> {
    let table: Table = TABLE.parse().expect("TOML");
    let rows = table["requirement"].as_array().expect("rows").iter();
    rows.map(|row| row.as_table().expect("a row").clone()).collect()
}

fn text<'a>(row: &'a Table, name: &str) -> Option<&'a str> {
    row.get(name).map(|value| value.as_str().expect("a text"))
}

/// Whether there is a test: `acme::jws::tests::NAME` of the library, in the file itself or in one beside it, or `clients::certbot::NAME` of the test
/// program `serve`.
fn is_there(test: &str) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some((module, name)) = test.rsplit_once("::") else {
        return false;
    };
    let has = |folder: &str, module: &str| {
        let path = root.join(folder).join(module.replace("::", "/"));
        [path.with_extension("rs"), path.join("mod.rs")]
            .iter()
            .filter_map(|path| std::fs::read_to_string(path).ok())
            .flat_map(|source| {
                source
                    .lines()
                    .map(|line| line.trim_start().to_owned())
                    .collect::<Vec<_>>()
            })
            .any(|line| {
                line.trim_start_matches("async ")
                    .starts_with(&format!("fn {name}("))
            })
    };
    let inside = module.strip_suffix("::tests");
    has("tests/serve", module) || has("src", module) || inside.is_some_and(|module| has("src", module))
}

#[test]
fn each_row_is_whole_and_in_its_place() {
    let mut counted: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows() {
        let section = text(&row, "section").expect("a section");
        let ordinal = counted.entry(section.to_owned()).or_default();
        *ordinal += 1;
        assert_eq!(row["ordinal"].as_integer(), Some(*ordinal), "{section}");
        assert!(
            text(&row, "level").is_some_and(|level| LEVELS.contains(&level)),
            "{row}"
        );
        assert!(
            text(&row, "text").is_some_and(|text| text.ends_with('.')),
            "{row}"
        );
        let is_judged = text(&row, "test").is_some_and(|test| !test.is_empty());
        assert_ne!(
            is_judged,
            text(&row, "not_applicable").is_some_and(|why| !why.is_empty()),
            "{row}"
        );
        assert_eq!(row.len(), 5, "{row}");
    }
    assert!(counted.len() > 30);
}

#[test]
fn each_test_that_is_named_is_there() {
    for row in rows() {
        let Some(test) = text(&row, "test") else {
            continue;
        };
        assert!(is_there(test), "{test}");
    }
}
