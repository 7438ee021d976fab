//! Result of `fleet import`.

use serde::Serialize;

use super::{NextSteps, Page, Report};

/// `fleet import --out`.
#[derive(Debug, Clone, Serialize)]
pub struct FleetImportReport {
    /// The inventory that was written.
    pub file: String,
    /// What it was made from.
    pub source: String,
    /// How many hosts it has.
    pub hosts: usize,
    /// How many applications.
    pub applications: usize,
    /// How many redundant pairs.
    pub pairs: usize,
    /// How many lines say what is doubtful.
    pub doubts: usize,
    /// What to do next.
    #[serde(flatten)]
    pub next: NextSteps,
}

impl Report for FleetImportReport {
    const SCHEMA: &'static str = "gsec/fleet.import/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        page.line(&format!("Created {}", self.file));
        page.fact("from", &self.source);
        page.fact("hosts", &self.hosts.to_string());
        page.fact("applications", &self.applications.to_string());
        page.fact("pairs", &self.pairs.to_string());
        if self.doubts > 0 {
            page.fact(
                "doubtful",
                &format!("{}; see the lines with `# gsec:`", self.doubts),
            );
        }
        self.next.text(page);
    }
}
