//! The arrows between rooms are those that ARCHITECTURE.md draws: none that it lacks, and none that no code has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Crates whose folders are rooms.
const HOUSES: [&str; 6] = ["pki", "ca", "doctor", "platform", "deliver", "server"];
/// Crates that are one room each, as the program is.
const SINGLE_ROOMS: [&str; 3] = ["env", "report", "signer"];

/// What each room may use, as the page says.
fn drawn() -> BTreeMap<String, BTreeSet<String>> {
    let page = std::fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let rows = page.lines().filter_map(|line| line.split_once(" ──► "));
    let split = |text: &str| text.split(", ").map(str::to_owned).collect::<Vec<_>>();
    let mut drawn = BTreeMap::new();
    for (from, to) in rows {
        let to: BTreeSet<String> = if to == "crates only" {
            BTreeSet::new()
        } else {
            split(to).into_iter().collect()
        };
        drawn.extend(split(from).into_iter().map(|room| (room, to.clone())));
    }
    assert!(drawn.len() > 15, "the page draws the arrows: {drawn:?}");
    drawn
}

/// Every source of a folder, without its unit tests.
fn sources(folder: &Path) -> Vec<String> {
    let mut folders = vec![folder.to_owned()];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
        {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                texts.push(text.split("#[cfg(test)]").next().unwrap_or_default().to_owned());
            }
        }
    }
    texts
}

/// The rooms that a source names, of all `rooms`: as `crate::ROOM`, `gsec_CRATE::ROOM`, or `gsec_ROOM` where a crate is one room.
fn named(text: &str, rooms: &BTreeSet<String>, is_house: bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for house in HOUSES
            .iter()
            .map(|house| format!("gsec_{house}::"))
            .chain(is_house.then(|| "crate::".to_owned()))
        {
            for (place, _) in line.match_indices(&house) {
                let rest = &line[place + house.len()..];
                let room: String = rest
                    .chars()
                    .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                    .collect();
                assert!(
                    rooms.contains(&room),
                    "write one room to a `use`, so that arrows can be seen: {line}"
                );
                found.insert(room);
            }
        }
        found.extend(
            SINGLE_ROOMS
                .into_iter()
                .filter(|room| line.contains(&format!("gsec_{room}::")))
                .map(str::to_owned),
        );
    }
    found
}

fn rooms_of(house: &str) -> Vec<(String, PathBuf)> {
    let root = Path::new(ROOT);
    let folder = match house {
        // A program, and no crate that others stand on.
        "server" => root.join(house).join("src"),
        _ => root.join("crates").join(house).join("src"),
    };
    let entries = std::fs::read_dir(folder)
        .expect("a crate")
        .map(|entry| entry.expect("an entry").path());
    entries
        .filter(|path| path.is_dir())
        .map(|path| {
            (
                path.file_name().expect("a name").to_string_lossy().into_owned(),
                path,
            )
        })
        .collect()
}

#[test]
fn rooms_use_what_the_page_draws_and_nothing_else() {
    let drawn = drawn();
    let mut places: Vec<(String, PathBuf, bool)> = HOUSES
        .iter()
        .flat_map(|house| rooms_of(house))
        .map(|(room, path)| (room, path, true))
        .collect();
    places.extend(SINGLE_ROOMS.map(|room| {
        (
            room.to_owned(),
            Path::new(ROOT).join("crates").join(room).join("src"),
            false,
        )
    }));
    let rooms: BTreeSet<String> = places.iter().map(|(room, ..)| room.clone()).collect();
    let on_the_page: BTreeSet<String> = drawn.keys().filter(|room| *room != "cli").cloned().collect();
    assert_eq!(rooms, on_the_page, "the rooms of the page are the folders");
    for (room, folder, is_house) in places {
        let mut used: BTreeSet<String> = sources(&folder)
            .iter()
            .flat_map(|text| named(text, &rooms, is_house))
            .collect();
        used.remove(&room);
        assert_eq!(
            used, drawn[&room],
            "what `{room}` uses, beside what ARCHITECTURE.md says"
        );
    }
}

/// Each room stands below those that use it: put one after the other, no arrow points up, so there is no circle.
#[test]
fn arrows_make_no_circle() {
    let mut arrows = drawn();
    arrows.remove("cli");
    expect_no_circle(arrows);
}

/// The same holds between the groups of doctor's checks: what two of them find belongs into one below both.
#[test]
fn groups_of_checks_make_no_circle() {
    let folder = Path::new(ROOT).join("crates/doctor/src/checks");
    let groups: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir() && !path.ends_with("tests"))
        .collect();
    let name_of = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let names: Vec<String> = groups.iter().map(|path| name_of(path)).collect();
    let used_in = |group: &Path| -> BTreeSet<String> {
        let texts = sources(group);
        let is_used = |name: &&String| {
            let path = format!("checks::{name}");
            **name != name_of(group)
                && texts.iter().any(|text| {
                    text.match_indices(&path)
                        .any(|(at, _)| text[at + path.len()..].starts_with([':', ';', ',', ' ', '}']))
                })
        };
        names.iter().filter(is_used).cloned().collect()
    };
    let arrows: BTreeMap<String, BTreeSet<String>> = groups
        .iter()
        .map(|group| (name_of(group), used_in(group)))
        .collect();
    assert!(
        arrows["server"].contains("path") && arrows.len() >= 6,
        "the groups and what they use: {arrows:?}"
    );
    expect_no_circle(arrows);
}

/// The same holds between the files of a folder: what two of them need belongs into one below both, or into the one that they make up together.
#[test]
fn files_of_a_folder_make_no_circle() {
    let root = Path::new(ROOT);
    let mut folders: Vec<PathBuf> = ["crates", "src", "server/src"]
        .map(|folder| root.join(folder))
        .into();
    let (mut arrows_seen, mut folders_seen) = (0, 0);
    while let Some(folder) = folders.pop() {
        let entries: Vec<PathBuf> = std::fs::read_dir(&folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        folders.extend(entries.iter().filter(|path| path.is_dir()).cloned());
        let name_of = |path: &Path| path.file_stem().expect("a name").to_string_lossy().into_owned();
        let is_sibling = |path: &&PathBuf| {
            path.extension().is_some_and(|ending| ending == "rs")
                && !["mod", "lib", "main", "tests"].contains(&name_of(path).as_str())
        };
        let files: Vec<&PathBuf> = entries.iter().filter(is_sibling).collect();
        let names: BTreeSet<String> = files.iter().map(|path| name_of(path)).collect();
        let arrows: BTreeMap<String, BTreeSet<String>> = files
            .iter()
            .map(|path| {
                let text = std::fs::read_to_string(path).expect("a source");
                let mut used = siblings_in(text.split("#[cfg(test)]").next().unwrap_or_default(), &names);
                used.remove(&name_of(path));
                (name_of(path), used)
            })
            .collect();
        arrows_seen += arrows.values().map(BTreeSet::len).sum::<usize>();
        folders_seen += 1;
        expect_no_circle(arrows);
    }
    assert!(
        arrows_seen > 300 && folders_seen > 50,
        "{arrows_seen} {folders_seen}"
    );
}

/// The files of a folder that one of them names: as `super::FILE`, alone or in a list.
fn siblings_in(program: &str, names: &BTreeSet<String>) -> BTreeSet<String> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let code: String = program
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut found = BTreeSet::new();
    // What `super::super::` names is in another folder.
    let own = code
        .match_indices("super::")
        .filter(|(place, _)| !code[..*place].ends_with("super::"));
    for (place, super_) in own {
        let rest = &code[place + super_.len()..];
        let list = match rest.strip_prefix('{') {
            Some(list) => list.split(';').next().unwrap_or_default(),
            None => rest.split(|letter| !is_word(letter)).next().unwrap_or_default(),
        };
        let words = list
            .split(|letter| !is_word(letter))
            .filter(|word| names.contains(*word));
        found.extend(words.map(str::to_owned));
    }
    found
}

fn expect_no_circle(mut left: BTreeMap<String, BTreeSet<String>>) {
    while !left.is_empty() {
        let ground: Vec<String> = left
            .iter()
            .filter(|(_, uses)| uses.iter().all(|room| !left.contains_key(room)))
            .map(|(room, _)| room.clone())
            .collect();
        assert!(!ground.is_empty(), "a circle among {left:?}");
        ground.iter().for_each(|room| drop(left.remove(room)));
    }
}

/// The CA at work asks the trait: what names the form in files opens, makes, adopts or fixes a directory.
#[test]
fn the_ca_at_work_knows_no_form_of_its_records() {
    let folder = Path::new(ROOT).join("crates/ca/src/authority");
    let mut naming: Vec<String> = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(below) = folders.pop() {
        for path in std::fs::read_dir(&below)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
        {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source");
            let program = text.split("#[cfg(test)]").next().unwrap_or_default();
            if program.contains("records::file") {
                naming.push(
                    path.strip_prefix(&folder)
                        .expect("below it")
                        .display()
                        .to_string(),
                );
            }
        }
    }
    naming.sort();
    let allowed = [
        "below/accept.rs",
        "below/intermediate.rs",
        "below/waiting.rs",
        "fix/mod.rs",
        "open.rs",
        "own/adopt.rs",
        "own/create.rs",
    ];
    assert_eq!(naming, allowed);
}
