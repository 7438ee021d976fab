//! Results of `gsec conf`.

use serde::Serialize;

use super::{FindingCounts, NextSteps, Page, PlacedFindings, Report};

/// A file that was checked.
#[derive(Debug, Clone, Serialize)]
pub struct LintedFile {
    /// As it was named.
    pub file: String,
    /// `db_server`, `configuration_server`, `other`, `start_script`, `start_batch` or `registry_export`.
    pub kind: &'static str,
    /// `UTF-8`, `Latin-1`, `UTF-16LE` or `UTF-16BE`.
    pub encoding: &'static str,
    /// What was found.
    #[serde(flatten)]
    pub found: PlacedFindings,
    /// Whether it names certificates, or files with them, which nobody looks at here.
    #[serde(skip)]
    pub names_certificates: bool,
    /// Whether the files that it must fit were there too.
    #[serde(skip)]
    pub is_compared: bool,
}

/// `conf lint`.
#[derive(Debug, Clone, Serialize)]
pub struct ConfLintReport {
    /// Whether there is no error.
    pub ok: bool,
    /// How many findings there are.
    pub counts: FindingCounts,
    /// The files, in the order of the command line.
    pub files: Vec<LintedFile>,
    /// What fixes them.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl ConfLintReport {
    /// A report of these files.
    pub fn new(files: Vec<LintedFile>, next: NextSteps) -> Self {
        let counts = FindingCounts::sum(files.iter().map(|file| &file.found));
        Self {
            ok: counts.error == 0,
            counts,
            files,
            next,
        }
    }
}

impl Report for ConfLintReport {
    const SCHEMA: &'static str = "gsec/conf.lint/1";

    fn text(&self, page: &mut Page) {
        for file in &self.files {
            let what = match file.kind {
                "db_server" => "DB Server",
                "configuration_server" => "Configuration Server",
                "other" => "other",
                "start_script" => "start script for UNIX",
                "start_batch" => "start script for Windows",
                _ => "export of the registry",
            };
            page.detail("kind", what);
            file.found.text(
                page,
                &file.file,
                &format!("no findings ({what})"),
                Some(&file.file),
            );
        }
        self.next.text(page);
    }
}

/// A value before and after.
#[derive(Debug, Clone, Serialize)]
pub struct ChangedKey {
    /// The section.
    pub section: String,
    /// The key.
    pub key: String,
    /// The value before, `****` for a secret; null where there was none.
    pub before: Option<String>,
    /// The value now, `****` for a secret; null where the key was removed.
    pub after: Option<String>,
}

/// `conf set`.
#[derive(Debug, Clone, Serialize)]
pub struct ConfSetReport {
    /// The file.
    pub file: String,
    /// What was changed.
    #[serde(flatten)]
    pub key: ChangedKey,
    /// Whether anything was, or would be, changed.
    pub changed: bool,
    /// What the file was before; null where nothing was changed.
    pub backup: Option<String>,
    /// Whether nothing was written.
    pub dry_run: bool,
}

/// Where changes take effect.
const RESTART: &str = "DB Server and Configuration Server read their files when they start: restart them.";

impl Report for ConfSetReport {
    const SCHEMA: &'static str = "gsec/conf.set/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        let ChangedKey {
            section,
            key,
            before,
            after,
        } = &self.key;
        let did = match (self.changed, self.dry_run, after) {
            (false, ..) => {
                page.line(&format!(
                    "`{key}` in section `{section}` of {} is so already; nothing changed",
                    self.file
                ));
                return;
            }
            (true, false, Some(_)) => "Set",
            (true, true, Some(_)) => "Would set",
            (true, false, None) => "Removed",
            (true, true, None) => "Would remove",
        };
        page.line(&format!("{did} `{key}` in section `{section}` of {}", self.file));
        page.fact_if("before", before.as_deref());
        page.fact_if("after", after.as_deref());
        page.fact_if("backup", self.backup.as_deref());
        if !self.dry_run {
            page.line(RESTART);
        }
    }
}

/// A value that was fixed.
#[derive(Debug, Clone, Serialize)]
pub struct FixedValue {
    /// Its line.
    pub line: usize,
    /// Its section.
    pub section: String,
    /// The value before, secrets masked.
    pub before: String,
    /// The value after, secrets masked.
    pub after: String,
    /// How many lines behind it were joined with it.
    pub joined_lines: usize,
}

/// A file with what was fixed in it.
#[derive(Debug, Clone, Serialize)]
pub struct FixedFile {
    /// As it was named.
    pub file: String,
    /// The values; empty where there was nothing to fix.
    pub values: Vec<FixedValue>,
    /// What the file was before; null where nothing was written.
    pub backup: Option<String>,
    /// How many errors are left that only a person can fix.
    pub errors_left: usize,
}

/// `conf fix`.
#[derive(Debug, Clone, Serialize)]
pub struct ConfFixReport {
    /// Whether anything was, or would be, changed.
    pub changed: bool,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// The files, in the order of the command line.
    pub files: Vec<FixedFile>,
}

impl Report for ConfFixReport {
    const SCHEMA: &'static str = "gsec/conf.fix/1";

    fn is_answer(&self) -> bool {
        self.dry_run
    }

    fn text(&self, page: &mut Page) {
        let did = if self.dry_run { "would be fixed" } else { "fixed" };
        for file in &self.files {
            match file.values.len() {
                0 => page.line(&format!("{}: nothing to fix", file.file)),
                1 => page.line(&format!("{}: 1 value {did}", file.file)),
                count => page.line(&format!("{}: {count} values {did}", file.file)),
            }
            for value in &file.values {
                let joined = match value.joined_lines {
                    0 => String::new(),
                    1 => ", joined with the next line".into(),
                    lines => format!(", joined with the next {lines} lines"),
                };
                page.line(&format!(
                    "  line {}, section `{}`{joined}",
                    value.line, value.section
                ));
                page.fact("before", &format!("`{}`", value.before));
                page.fact("after", &format!("`{}`", value.after));
            }
            page.fact_if("backup", file.backup.as_deref());
        }
        if self.changed && !self.dry_run {
            page.line(RESTART);
        }
    }
}
