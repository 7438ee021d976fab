//! The catalogue: everything that doctor can find, each thing once.

use gsec_pki::x509::path::Severity;

/// What an entry is about, and which facts its check needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Certificates, keys and PFX files.
    File,
    /// What a server presents and accepts.
    Server,
    /// A CA directory.
    CaDirectory,
    /// The machine on which gsec runs.
    Machine,
    /// A client and a server that should be able to connect.
    Handshake,
}

impl Group {
    /// All groups, as the catalogue shows them.
    pub const ALL: [Self; 5] = [
        Self::File,
        Self::Server,
        Self::CaDirectory,
        Self::Machine,
        Self::Handshake,
    ];

    /// Its heading in the catalogue.
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "Files",
            Self::Server => "Servers",
            Self::CaDirectory => "CA directories",
            Self::Machine => "This machine",
            Self::Handshake => "Rehearsed handshakes",
        }
    }

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Server => "server",
            Self::CaDirectory => "ca_directory",
            Self::Machine => "machine",
            Self::Handshake => "handshake",
        }
    }
}

/// One thing that doctor can find. `docs/doctor.md`, `--list` and `--explain` are made from it.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its stable name: lower-case words with hyphens. Scripts name it in `--only` and `--skip`; it never changes.
    pub slug: &'static str,
    /// What it is about.
    pub group: Group,
    /// How much it weighs, unless a finding says otherwise.
    pub severity: Severity,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Why it matters: what fails, and for whom.
    pub why: &'static str,
    /// How to fix it, in words. The findings have the commands.
    pub remedy: &'static str,
    /// Where the rule is written, when it is: `RFC 5280 §4.1.2.5`.
    pub source: Option<&'static str>,
}

/// Defines the entries of one group as constants, and `ENTRIES`, the list of them.
macro_rules! entries {
    ($group:expr; $($name:ident { slug: $slug:literal, severity: $severity:ident, title: $title:literal, why: $why:literal, remedy: $remedy:literal $(, source: $source:literal)? $(,)? })+) => {
        $(
            #[doc = $title]
            pub static $name: crate::checks::Entry = crate::checks::Entry {
                slug: $slug,
                group: $group,
                severity: gsec_pki::x509::path::Severity::$severity,
                title: $title,
                why: $why,
                remedy: $remedy,
                source: entries!(@source $($source)?),
            };
        )+

        /// Every entry of this group, in the order of the catalogue.
        pub static ENTRIES: &[&crate::checks::Entry] = &[$(&$name),+];
    };
    (@source $source:literal) => { Some($source) };
    (@source) => { None };
}
pub(in crate::checks) use entries;
