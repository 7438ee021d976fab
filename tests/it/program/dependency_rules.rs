//! Every crate in the build comes from crates.io, under a licence that deny.toml allows, and none of those that it bans.
//!
//! `cargo deny check` says the same and more (advisories), where it is installed and may fetch its database.

use std::collections::BTreeSet;
use std::process::Command;

/// One crate of the build: `name vVERSION (SOURCE unless crates.io)|LICENCE`, as `cargo tree` prints it.
struct Crate {
    name: String,
    place: String,
    licence: String,
}

fn crates() -> Vec<Crate> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--workspace",
            "--prefix=none",
            "--edges=normal,build,dev",
            "--format={p}|{l}",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo tree");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines: BTreeSet<String> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| line.trim_end_matches(" (*)").to_owned())
        .collect();
    let crates: Vec<Crate> = lines.iter().filter_map(|line| read_crate(line)).collect();
    assert!(crates.len() > 50, "the whole build is looked at");
    crates
}

fn read_crate(line: &str) -> Option<Crate> {
    let (package, licence) = line.split_once('|')?;
    let mut words = package.split(' ');
    let name = words.next()?.to_owned();
    let place = words
        .skip(1)
        .filter(|word| *word != "(proc-macro)")
        .collect::<Vec<_>>()
        .join(" ");
    Some(Crate {
        name,
        place,
        licence: licence.to_owned(),
    })
}

fn rules() -> toml::Table {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deny.toml")).expect("deny.toml");
    text.parse().expect("TOML")
}

/// `A OR B` needs one that is allowed, `A AND B` both; `/` is an old way to write OR. Enough for what crates have.
fn is_allowed(licence: &str, allowed: &BTreeSet<&str>) -> bool {
    let plain = licence.replace('/', " OR ").replace(['(', ')'], "");
    plain
        .split(" AND ")
        .all(|part| part.split(" OR ").any(|name| allowed.contains(name.trim())))
}

fn names(list: &toml::Value) -> BTreeSet<&str> {
    let list = list.as_array().expect("a list").iter();
    list.filter_map(toml::Value::as_str).collect()
}

#[test]
fn every_licence_is_one_that_is_allowed() {
    let rules = rules();
    let allowed = names(&rules["licenses"]["allow"]);
    let exceptions = rules["licenses"]["exceptions"].as_array().expect("exceptions");
    let excepted = |found: &Crate| {
        let of_it = exceptions
            .iter()
            .find(|exception| exception["crate"].as_str() == Some(&found.name));
        of_it.is_some_and(|exception| is_allowed(&found.licence, &names(&exception["allow"])))
    };
    let refused: Vec<String> = crates()
        .into_iter()
        .filter(|found| !is_allowed(&found.licence, &allowed) && !excepted(found))
        .map(|found| format!("{}: {}", found.name, found.licence))
        .collect();
    assert_eq!(refused, Vec::<String>::new());
    assert!(!is_allowed("GPL-3.0", &allowed));
    assert!(!is_allowed("MIT AND GPL-3.0", &allowed));
}

#[test]
fn nothing_banned_is_built_and_everything_comes_from_crates_io() {
    let rules = rules();
    let banned: BTreeSet<&str> = rules["bans"]["deny"]
        .as_array()
        .expect("deny")
        .iter()
        .filter_map(|ban| ban["crate"].as_str())
        .collect();
    assert!(banned.contains("rsa"));
    for found in crates() {
        assert!(
            !banned.contains(found.name.as_str()),
            "{} is banned in deny.toml",
            found.name
        );
        assert!(
            found.name.starts_with("gsec") || found.place.is_empty(),
            "{} comes from {}",
            found.name,
            found.place
        );
    }
}

#[test]
fn lock_file_of_the_fuzz_targets_is_up_to_date() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--manifest-path", manifest])
        .output()
        .expect("cargo tree");
    assert!(
        output.status.success(),
        "type `cargo update --manifest-path fuzz/Cargo.toml gsec`: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
