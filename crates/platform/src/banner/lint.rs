//! What is wrong with a banner's registry file.

mod keys;
mod urls;
mod values;

use gsec_pki::x509::path::Severity;

use super::settings::{Part, Scope, Settings};
use crate::finding::{Finding, Findings, MAX_FINDINGS, Place, Rule};
use crate::registry::{Entry, RegistryFile};

/// No application looks in a hive without `H`.
const HIVE_NAME: Rule = Rule::error("banner-hive-name");
/// No application looks in this hive.
const OTHER_HIVE: Rule = Rule::error("banner-hive");
/// Only 32-bit programs look there.
const WOW6432: Rule = Rule::warning("banner-wow6432");
/// `regedit` does not import it.
const FORM: Rule = Rule::error("banner-form");
/// Nothing in the file is about the banner.
const MISSING: Rule = Rule::error("banner-missing");
/// A key that nobody reads.
const UNKNOWN_KEY: Rule = Rule::error("banner-key-unknown");
/// A number that is not known to be that of an application with a banner.
const APPLICATION: Rule = Rule::warning("banner-application");
/// A value that nobody reads.
const UNKNOWN_VALUE: Rule = Rule::error("banner-value-unknown");
/// A value of another type.
const TYPE: Rule = Rule::error("banner-type");
/// A number that is none, or out of range.
const NUMBER: Rule = Rule::error("banner-number");
/// The window is too small.
const SIZE: Rule = Rule::error("banner-size");
/// Only height or only width.
const SIZE_HALF: Rule = Rule::warning("banner-size-half");
/// The banner appears late.
const TIMEOUT: Rule = Rule::warning("banner-timeout");
/// Control characters in the title.
const TITLE: Rule = Rule::error("banner-title");
/// Without a document everything else is ignored.
const URL_MISSING: Rule = Rule::error("banner-url-missing");
/// A blank in the place of a document.
const URL_BLANK: Rule = Rule::error("banner-url-blank");
/// No variable has a name like this.
const VARIABLE: Rule = Rule::error("banner-variable");
/// Variables are replaced in REG_EXPAND_SZ only.
const NOT_EXPANDED: Rule = Rule::warning("banner-not-expanded");
/// Documents are numbered 1, 2, 3 and so on.
const NUMBERING: Rule = Rule::error("banner-numbering");
/// Where the documents of one application are, is said in two ways.
const URL_LAYOUT: Rule = Rule::notice("banner-url-layout");
/// Nobody can log in when the only document cannot be loaded.
const LOCK_OUT: Rule = Rule::warning("banner-lock-out");
/// An error page has no effect where the banner is not mandatory.
const ERROR_PAGE: Rule = Rule::warning("banner-error-page");
/// The key of an application is read instead of the other, whole.
const PARTIAL_OVERRIDE: Rule = Rule::warning("banner-partial-override");
/// One application loads documents by http only.
const HTTPS: Rule = Rule::notice("banner-https");
/// What to do before.
const BACKUP: Rule = Rule::notice("banner-backup");
/// When it takes effect.
const RESTART: Rule = Rule::notice("banner-restart");
/// What does not remove it.
const UNINSTALL: Rule = Rule::notice("banner-uninstall");
/// What users keep.
const PERSISTS: Rule = Rule::notice("banner-persists");

/// Everything that can be found.
pub const RULES: [Rule; 29] = [
    HIVE_NAME,
    OTHER_HIVE,
    WOW6432,
    FORM,
    MISSING,
    UNKNOWN_KEY,
    APPLICATION,
    UNKNOWN_VALUE,
    TYPE,
    NUMBER,
    SIZE,
    SIZE_HALF,
    TIMEOUT,
    TITLE,
    URL_MISSING,
    URL_BLANK,
    VARIABLE,
    NOT_EXPANDED,
    NUMBERING,
    URL_LAYOUT,
    LOCK_OUT,
    ERROR_PAGE,
    PARTIAL_OVERRIDE,
    HTTPS,
    BACKUP,
    RESTART,
    UNINSTALL,
    PERSISTS,
    DUPLICATE,
];

/// The same value again, with other data.
const DUPLICATE: Rule = Rule::warning("banner-duplicate");

/// A file that is looked at, and what was found in it.
struct Linting<'a> {
    file: &'a RegistryFile,
    name: Option<&'a str>,
    found: Findings,
}

/// Finds what is wrong with a file. `name`: how its places name it.
pub fn lint(file: &RegistryFile, name: Option<&str>) -> Findings {
    let settings = Settings::of(file);
    let mut linting = Linting {
        file,
        name,
        found: Findings::up_to(MAX_FINDINGS),
    };
    linting.form(&settings);
    linting.keys(&settings);
    linting.values(&settings);
    linting.urls(&settings);
    if settings.keys.is_empty() {
        let found = Finding::new(MISSING, "no key of the banner is in the file")
            .help(format!("the settings belong to {}", super::BANNER_KEY));
        linting.found.push(found);
    } else {
        linting.remember();
    }
    linting.found.sort_by_place();
    linting.found
}

impl Linting<'_> {
    fn add(&mut self, found: Finding) {
        self.found.push(found);
    }

    fn place(&self, line: usize, range: std::ops::Range<usize>) -> Place {
        self.named(Place::new(line, self.file.line(line), range))
    }

    fn whole(&self, line: usize) -> Place {
        self.named(Place::whole(line, self.file.line(line)))
    }

    fn named(&self, place: Place) -> Place {
        match self.name {
            Some(name) => place.in_file(name),
            None => place,
        }
    }

    /// Where the data of a value are.
    fn data(&self, entry: &Entry) -> Place {
        self.place(entry.line, entry.data_at.clone())
    }

    /// What to remember with every banner.
    fn remember(&mut self) {
        for (rule, words) in [
            (
                BACKUP,
                "back up the registry before the import: a mistake in it can keep programs from working",
            ),
            (
                RESTART,
                "changes take effect when the applications are started again",
            ),
            (
                UNINSTALL,
                "uninstalling the applications does not remove the banner from the registry",
            ),
            (
                PERSISTS,
                "users who have chosen not to see the banner again do not see a changed one either",
            ),
        ] {
            self.add(Finding::new(rule, words).weighing(Severity::Notice));
        }
    }
}

/// The values of one key, those that are left when the whole file was imported.
fn entries_of<'a>(left: &[(&'a Part, &'a Entry)], part: &Part) -> Vec<&'a Entry> {
    let of_key = left.iter().filter(|(found, _)| *found == part);
    of_key.map(|(_, entry)| *entry).collect()
}

fn is_named(entry: &Entry, name: &str) -> bool {
    entry
        .name
        .as_deref()
        .is_some_and(|own| own.eq_ignore_ascii_case(name))
}

fn find<'a>(left: &[(&'a Part, &'a Entry)], part: &Part, name: &str) -> Option<&'a Entry> {
    entries_of(left, part)
        .into_iter()
        .find(|entry| is_named(entry, name))
}

/// For whom a file has settings.
fn scopes(left: &[(&Part, &Entry)]) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = left.iter().filter_map(|(part, _)| part.scope()).collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

/// For whom, in words.
fn in_words(scope: Scope) -> String {
    match scope {
        None => "all applications".into(),
        Some(kind) => match kind.names() {
            Some(names) => format!("application type {} ({names})", kind.number()),
            None => format!("application type {}", kind.number()),
        },
    }
}
