//! Every row of what can be wrong: a file with one fault, and all that is found in it.

use gsec_pki::x509::path::Severity;
use proptest::prelude::*;

use super::*;
use crate::finding::Finding;
use crate::registry::RegistryFile;

/// What is said of every banner.
const ALWAYS: [&str; 4] = [
    "banner-backup",
    "banner-restart",
    "banner-uninstall",
    "banner-persists",
];

fn found(text: &str) -> Vec<Finding> {
    lint(&RegistryFile::parse(text.as_bytes()), None)
        .into_iter()
        .collect()
}

/// The slugs that are not said of every banner.
fn slugs(text: &str) -> Vec<&'static str> {
    let all = found(text).into_iter().map(|found| found.slug);
    all.filter(|slug| !ALWAYS.contains(slug)).collect()
}

/// A file with these lines in the key for all applications, and one document.
fn with(values: &str) -> String {
    format!("REGEDIT4\n[{BANNER_KEY}]\n{values}\n[{BANNER_KEY}\\URLs\\1]\n\"URL\"=\"http://h/b.htm\"\n")
}

/// A file with one document, and these lines in its key.
fn with_url(values: &str) -> String {
    format!("REGEDIT4\n[{BANNER_KEY}\\URLs\\1]\n{values}\n")
}

/// The sample of the old guide, with values of ours.
const GUIDE: &str = "KEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner\\URLs\\1\\URL=http://server1.example.com/Banner.htm\n\
    HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner\\URLs\\2\\URL=http:// server2.example.com/Banner.htm\n\
    HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner\\URLs\\3\\URL=%System Root%\\Contacts.htm\n\
    HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner\\URLs\\3\\ErrorPage=1\n";

#[test]
fn sample_of_the_guide_has_four_faults() {
    let all = found(GUIDE);
    let faults: Vec<(&str, usize, usize, &str)> = all
        .iter()
        .filter(|found| !ALWAYS.contains(&found.slug))
        .map(|found| {
            let place = &found.places[0];
            (
                found.slug,
                place.line,
                place.column,
                place.excerpt.marked.as_str(),
            )
        })
        .collect();
    let first = GUIDE.lines().next().unwrap_or_default();
    assert_eq!(
        faults,
        [
            ("banner-form", 1, 1, first),
            ("banner-hive-name", 1, 1, "KEY_LOCAL_MACHINE"),
            ("banner-url-blank", 2, 68, " "),
            ("banner-variable", 3, 61, "%System Root%"),
        ]
    );
    assert_eq!(all.len(), faults.len() + ALWAYS.len());
    assert!(
        all.iter()
            .all(|found| found.is_error() != ALWAYS.contains(&found.slug))
    );
}

#[test]
fn sound_settings_have_nothing_but_what_is_always_said() {
    for text in [
        with("\"AckMandatory\"=dword:0\n\"AckMode\"=\"2\"\n\"Title\"=\"\""),
        with(
            "\"Height\"=dword:000000b5\n\"Width\"=\"360\"\n\"NoCompleteTimeout\"=dword:0\n\"showuptimeout\"=\"60000\"\n\"Title\"=-",
        ),
        with_url("\"URL\"=hex(2):25,41,25,5c,78,00"),
        with_url("\"URL\"=\"C:\\\\Program Files\\\\b.htm\"\n\"ErrorPage\"=\"0\""),
    ] {
        assert_eq!(slugs(&text), Vec::<&str>::new(), "{text}");
        assert_eq!(found(&text).len(), ALWAYS.len());
    }
}

#[test]
fn rows_of_the_values() {
    for (values, expected) in [
        ("\"AckMandatory\"=dword:2", &["banner-number"][..]),
        ("\"AckMandatory\"=\"yes\"", &["banner-number"]),
        ("\"AckMandatory\"=dword:1", &["banner-lock-out"]),
        ("\"AckMode\"=dword:3", &["banner-number"]),
        ("\"AckMode\"=\"-1\"", &["banner-number"]),
        ("\"AckMode\"=hex:01", &["banner-type"]),
        ("\"Height\"=dword:000000b4\n\"Width\"=dword:168", &["banner-size"]),
        ("\"Height\"=\"181\"\n\"Width\"=\"359\"", &["banner-size"]),
        ("\"Height\"=\"181\"", &["banner-size-half"]),
        ("\"Width\"=\"360\"", &["banner-size-half"]),
        ("\"NoCompleteTimeout\"=\"1s\"", &["banner-number"]),
        ("\"ShowUpTimeout\"=\"60001\"", &["banner-timeout"]),
        ("\"ShowUpTimeout\"=\"\"", &["banner-number"]),
        ("\"Title\"=hex(1):41,09,00", &["banner-title"]),
        ("\"Title\"=dword:1", &["banner-type"]),
        ("\"AckMandatori\"=dword:0", &["banner-value-unknown"]),
        ("\"URL\"=\"x\"", &["banner-value-unknown"]),
        ("@=\"x\"", &["banner-value-unknown"]),
        ("\"AckMode\"=dword:0\n\"ackmode\"=dword:1", &["banner-duplicate"]),
        ("odd line", &["banner-form"]),
    ] {
        assert_eq!(slugs(&with(values)), expected, "{values}");
    }
    let near = found(&with("\"AckMandatori\"=dword:0"));
    assert_eq!(near[0].help.as_deref(), Some("did you mean `AckMandatory`?"));
}

#[test]
fn value_that_occurs_twice_is_told_wherever_and_the_last_one_counts() {
    let again = |between: &str| format!("{}{between}", with("\"Title\"=\"a\""));
    for (text, expected, title) in [
        (
            again(&format!("[{BANNER_KEY}]\n\"TITLE\"=\"b\"\n")),
            &["banner-duplicate"][..],
            Some("b"),
        ),
        (
            again(&format!("[{}]\n\"Title\"=\"b\"\n", BANNER_KEY.to_lowercase())),
            &["banner-duplicate"],
            Some("b"),
        ),
        (
            again(&format!("[{BANNER_KEY}]\n\"Title\"=\"a\"\n")),
            &[],
            Some("a"),
        ),
        (
            again(&format!("[{BANNER_KEY}]\n\"Title\"=-\n\"Title\"=\"b\"\n")),
            &[],
            Some("b"),
        ),
        (again(&format!("[{BANNER_KEY}]\n\"Title\"=-\n")), &[], None),
        (
            format!(
                "{}{}",
                again(&format!("[-{BANNER_KEY}]\n")),
                &with("\"Title\"=\"b\"")[9..]
            ),
            &[],
            Some("b"),
        ),
    ] {
        assert_eq!(slugs(&text), expected, "{text}");
        let found = effective(&RegistryFile::parse(text.as_bytes()), None);
        assert_eq!(found.values[6].1.as_deref(), title, "{text}");
    }
}

#[test]
fn other_keys_beside_those_of_the_banner_are_no_matter() {
    let others = "[HKEY_LOCAL_MACHINE\\SYSTEM\\X]\n\"Title\"=dword:5\n\"x\"=hex(2):41\n[-HKEY_CURRENT_USER\\Y]\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin]\n@=\"x\"\n";
    let text = with("\"AckMode\"=dword:1").replace("REGEDIT4\n", &format!("REGEDIT4\n{others}"));
    assert!(slugs(&text).is_empty(), "{:?}", slugs(&text));
}

#[test]
fn all_of_many_odd_lines_are_counted() {
    let found = lint(&RegistryFile::parse(with(&"odd\n".repeat(1500)).as_bytes()), None);
    assert_eq!((found.len(), found.errors()), (1000, 1500));
}

#[test]
fn rows_of_the_documents() {
    for (values, expected) in [
        ("\"URL\"=\"http:// h/b.htm\"", &["banner-url-blank"][..]),
        ("\"URL\"=\" C:\\\\b.htm\"", &["banner-url-blank"]),
        ("\"URL\"=\"\"", &["banner-url-missing"]),
        ("\"ErrorPage\"=dword:0", &["banner-url-missing"]),
        ("\"URL\"=dword:1", &["banner-type"]),
        ("\"URL\"=hex(2):78,00,\\\n  00,00", &[]),
        ("\"URL\"=\"%System Root%\\\\b.htm\"", &["banner-variable"]),
        ("\"URL\"=\"%SystemRoot%\\\\b.htm\"", &["banner-not-expanded"]),
        ("\"URL\"=\"https://h/b.htm\"", &["banner-https"]),
        ("\"URL\"=\"x\"\n\"ErrorPage\"=dword:2", &["banner-number"]),
        ("\"URL\"=\"x\"\n\"Title\"=\"x\"", &["banner-value-unknown"]),
    ] {
        assert_eq!(slugs(&with_url(values)), expected, "{values}");
    }
    let url = |number: &str| format!("[{BANNER_KEY}\\URLs\\{number}]\n\"URL\"=\"x\"\n");
    for (numbers, expected) in [
        (&["1", "2"][..], 0),
        (&["2"], 1),
        (&["1", "3"], 1),
        (&["0", "1"], 1),
        (&["01"], 1),
        (&["1", "a"], 1),
        (&["1", "1"], 0),
    ] {
        let text = format!(
            "REGEDIT4\n{}",
            numbers.iter().map(|number| url(number)).collect::<String>()
        );
        assert_eq!(slugs(&text), vec!["banner-numbering"; expected], "{numbers:?}");
    }
    let none = format!("REGEDIT4\n[{BANNER_KEY}]\n\"AckMode\"=dword:1\n");
    assert_eq!(slugs(&none), ["banner-url-missing"]);
    let own =
        format!("REGEDIT4\n[{BANNER_KEY}\\URLs]\n\"URL\"=\"x\"\n[{BANNER_KEY}\\URLs\\1]\n\"URL\"=\"x\"\n");
    assert_eq!(slugs(&own), ["banner-value-unknown"]);
}

#[test]
fn lock_out_is_possible_only_without_another_document() {
    let text = |more: &str| format!("{}{more}", with("\"AckMandatory\"=\"1\""));
    let second = |url: &str| text(&format!("[{BANNER_KEY}\\URLs\\2]\n\"URL\"=\"{url}\"\n"));
    assert_eq!(slugs(&text("")), ["banner-lock-out"]);
    assert!(slugs(&second("http://other/b.htm")).is_empty() && slugs(&second("C:\\\\b.htm")).is_empty());
}

#[test]
fn error_page_has_an_effect_only_where_the_banner_is_mandatory() {
    let page = "\"ErrorPage\"=dword:1\n";
    assert_eq!(
        slugs(&format!("{}{page}", with("\"AckMandatory\"=dword:0"))),
        ["banner-error-page"]
    );
    assert_eq!(
        slugs(&format!("{}{page}", with("\"AckMode\"=dword:0"))),
        ["banner-error-page"]
    );
    assert!(
        slugs(&with_url(&format!("\"URL\"=\"x\"\n{page}"))).is_empty(),
        "the settings are in another file"
    );
}

#[test]
fn rows_of_the_keys() {
    let key = |path: &str| format!("REGEDIT4\n[{path}]\n\"URL\"=\"x\"\n");
    let below = "SOFTWARE\\GCTI\\Unilogin\\Banner";
    for (path, expected) in [
        (
            format!("KEY_LOCAL_MACHINE\\{below}\\URLs\\1"),
            &["banner-hive-name"][..],
        ),
        (format!("HKEY_CURRENT_USER\\{below}\\URLs\\1"), &["banner-hive"]),
        (format!("HKCU\\{below}\\URLs\\1"), &["banner-hive"]),
        (
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\GCTI\\Unilogin\\Banner\\URLs\\1".to_owned(),
            &["banner-wow6432"],
        ),
        (format!("{BANNER_KEY}\\URLS\\1"), &[]),
        (format!("{BANNER_KEY}\\Urlz\\1"), &["banner-key-unknown"]),
        (format!("{BANNER_KEY}\\19\\URLs\\1\\2"), &["banner-key-unknown"]),
        (format!("{BANNER_KEY}\\19\\URLs\\1"), &["banner-url-layout"]),
        (format!("{BANNER_KEY}\\19\\1"), &["banner-url-layout"]),
        (
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\Other".to_owned(),
            &["banner-missing"],
        ),
    ] {
        assert_eq!(slugs(&key(&path)), expected, "{path}");
    }
    let other = format!(
        "REGEDIT4\n[{BANNER_KEY}\\20]\n\"AckMode\"=dword:1\n[{BANNER_KEY}\\20\\URLs\\1]\n\"URL\"=\"x\"\n"
    );
    assert_eq!(slugs(&other), ["banner-application", "banner-url-layout"]);
    assert_eq!(slugs(""), ["banner-missing"]);
    let headless = format!("[{BANNER_KEY}\\URLs\\1]\n\"URL\"=\"x\"\n");
    assert_eq!(slugs(&headless), ["banner-form"]);
    assert!(slugs(&format!("REGEDIT4\n[-{BANNER_KEY}]\n")).is_empty());
}

#[test]
fn key_of_an_application_that_lacks_what_the_other_has() {
    let text = |own: &str| {
        format!(
            "{}[{BANNER_KEY}\\44]\n{own}\n[{BANNER_KEY}\\44\\URLs\\1]\n\"URL\"=\"x\"\n",
            with("\"AckMode\"=dword:1\n\"Title\"=\"t\"")
        )
    };
    assert_eq!(
        slugs(&text("\"AckMode\"=dword:0\n\"title\"=\"\"")),
        ["banner-url-layout"]
    );
    let lacking = found(&text("\"AckMode\"=dword:0"));
    let partial = lacking
        .iter()
        .find(|found| found.slug == "banner-partial-override")
        .expect("it is found");
    assert!(
        partial.seen.contains("lacks Title:") && partial.seen.contains("Solution Control Interface"),
        "{}",
        partial.seen
    );
    let without_urls = format!(
        "{}[{BANNER_KEY}\\44]\n\"AckMode\"=dword:1\n",
        with("\"AckMode\"=dword:1")
    );
    assert_eq!(
        slugs(&without_urls),
        ["banner-partial-override", "banner-url-missing"]
    );
}

#[test]
fn marks_are_under_what_is_meant() {
    let marked = |text: &str| {
        let found = found(text);
        (found[0].slug, found[0].places[0].excerpt.marked.clone())
    };
    assert_eq!(
        marked(&with_url("\"URL\"=\"C:\\\\x\\\\%A%\"")),
        ("banner-not-expanded", "%A%".to_owned())
    );
    assert_eq!(marked(&with("\"AckMode\" = dword:9")).1.trim(), "dword:9");
}

#[test]
fn rules_are_those_of_the_list() {
    let mut slugs: Vec<&str> = RULES.iter().map(|rule| rule.slug).collect();
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), RULES.len());
    assert!(RULES.iter().all(|rule| rule.slug.starts_with("banner-")));
    assert!(RULES.iter().any(|rule| rule.severity == Severity::Notice));
}

proptest! {
    #[test]
    fn any_file_is_looked_at(lines in prop::collection::vec(prop::sample::select(vec![
        "Windows Registry Editor Version 5.00", "[HKEY_LOCAL_MACHINE\\SOFTWARE\\GCTI\\Unilogin\\Banner]", "[-HKLM\\SOFTWARE\\GCTI\\Unilogin\\Banner\\URLs]",
        "[HKLM\\SOFTWARE\\GCTI\\Unilogin\\Banner\\URLs\\2]", "[HKLM\\SOFTWARE\\GCTI\\Unilogin\\Banner\\19\\1]", "\"URL\"=\"%a% %b c%\"", "\"URL\"=\"\\\\\\\\s\\\\x\"",
        "\"Title\"=-", "\"Height\"=dword:ffffffff", "\"AckMandatory\"=\"1\"", "HKLM\\SOFTWARE\\GCTI\\Unilogin\\Banner\\x=ä", "\"URL\"=hex(2):41,\\", "  00,00,00", "@=\\",
    ]), 0..12)) {
        let text = lines.join("\r\n");
        let file = RegistryFile::parse(text.as_bytes());
        for found in lint(&file, Some("x.reg")) {
            prop_assert!(RULES.iter().any(|rule| rule.slug == found.slug), "{}", found.slug);
        }
        for scope in levels(&file) {
            effective(&file, scope);
        }
    }
}
