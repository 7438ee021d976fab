//! Results of `banner write`, `banner lint` and `banner show`.

use serde::Serialize;

use super::{Page, PlacedFindings, Report, Tone};

/// `banner write --out`.
#[derive(Debug, Clone, Serialize)]
pub struct BannerWriteReport {
    /// The file that was written.
    pub file: String,
    /// Whether it removes the banner.
    pub removes: bool,
    /// The keys that it sets or removes.
    pub keys: Vec<String>,
    /// The documents, in the order in which they are tried.
    pub urls: Vec<String>,
}

impl Report for BannerWriteReport {
    const SCHEMA: &'static str = "gsec/banner.write/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        page.line(&format!("Created {}", self.file));
        page.facts(
            if self.removes { "removes" } else { "sets" },
            self.keys.iter().map(String::as_str),
        );
        page.facts("documents", self.urls.iter().map(String::as_str));
        page.gap();
        page.words(0, &[(Tone::Strong, "On each computer, as an administrator:")]);
        page.line("  back up the registry: reg export HKLM\\SOFTWARE\\GCTI backup.reg");
        // cmd.exe takes a name with blanks in quotes only, and no name there has quotes.
        let quote = if self.file.contains(' ') { "\"" } else { "" };
        page.line(&format!(
            "  import the file: regedit /S {quote}{}{quote}",
            self.file
        ));
        page.line("  start the applications again");
    }
}

/// `banner lint`.
#[derive(Debug, Clone, Serialize)]
pub struct BannerLintReport {
    /// Whether there is no error in any file.
    pub sound: bool,
    /// What was found in each file.
    pub files: Vec<LintedBanner>,
}

/// What was found in one file.
#[derive(Debug, Clone, Serialize)]
pub struct LintedBanner {
    /// The file.
    pub file: String,
    /// Whether there is no error in it.
    pub sound: bool,
    /// What was found.
    #[serde(flatten)]
    pub found: PlacedFindings,
}

impl Report for BannerLintReport {
    const SCHEMA: &'static str = "gsec/banner.lint/1";

    fn text(&self, page: &mut Page) {
        for (number, file) in self.files.iter().enumerate() {
            if number > 0 {
                page.gap();
            }
            file.found.text(page, &file.file, "no findings", Some(&file.file));
        }
    }
}

/// `banner show`.
#[derive(Debug, Clone, Serialize)]
pub struct BannerShowReport {
    /// The file.
    pub file: String,
    /// For all applications, and for each with a key of its own.
    pub banners: Vec<EffectiveBanner>,
}

/// What an application does.
#[derive(Debug, Clone, Serialize)]
pub struct EffectiveBanner {
    /// The number of the application type; `null`: all without a key of their own.
    pub application: Option<u32>,
    /// Its names; `null` where they are not known.
    pub names: Option<String>,
    /// The key that is read: `all`, or the number of the application type.
    pub level: String,
    /// Whether a banner is shown at all.
    pub shown: bool,
    /// The documents, in the order in which they are tried.
    pub urls: Vec<BannerDocument>,
    /// The settings.
    pub values: Vec<BannerValue>,
}

/// A document.
#[derive(Debug, Clone, Serialize)]
pub struct BannerDocument {
    /// The name of its key.
    pub number: String,
    /// Where it is.
    pub url: String,
    /// Whether it is an error page.
    pub error_page: bool,
}

/// A setting.
#[derive(Debug, Clone, Serialize)]
pub struct BannerValue {
    /// Its name.
    pub name: &'static str,
    /// What it has; `null`: nothing.
    pub value: Option<String>,
    /// Where it comes from: `all`, the number of an application type, or `built-in`.
    pub level: String,
}

impl Report for BannerShowReport {
    const SCHEMA: &'static str = "gsec/banner.show/1";

    fn text(&self, page: &mut Page) {
        for (number, banner) in self.banners.iter().enumerate() {
            if number > 0 {
                page.gap();
            }
            banner.text(page);
        }
    }
}

impl EffectiveBanner {
    fn text(&self, page: &mut Page) {
        let whom = match (self.application, &self.names) {
            (None, _) => "All applications".to_owned(),
            (Some(number), Some(names)) => format!("Application {number} ({names})"),
            (Some(number), None) => format!("Application {number}"),
        };
        let used = if self.application.is_some() && self.level == "all" {
            ", which uses the key for all applications"
        } else {
            ""
        };
        page.words(2, &[(Tone::Strong, &whom), (Tone::Plain, used)]);
        if !self.shown {
            page.line("  no banner: without a document, everything else is ignored");
        }
        let documents: Vec<String> = self
            .urls
            .iter()
            .map(|url| {
                format!(
                    "{} {}{}",
                    url.number,
                    url.url,
                    if url.error_page { " (error page)" } else { "" }
                )
            })
            .collect();
        page.facts("documents", documents.iter().map(String::as_str));
        let rows: Vec<Vec<String>> = self
            .values
            .iter()
            .map(|value| {
                let shown = value.value.clone().unwrap_or_else(|| "-".into());
                vec![format!("  {}", value.name), shown, value.level.clone()]
            })
            .collect();
        page.table(&["  setting", "value", "from"], &rows);
    }
}
