//! Results of writing files other than certificates: `compat link` and `man`.

use serde::Serialize;

use super::{Page, Report};

/// `compat link`.
#[derive(Debug, Clone, Serialize)]
pub struct CompatLinkReport {
    /// The files that were written.
    pub files: Vec<String>,
}

impl Report for CompatLinkReport {
    const SCHEMA: &'static str = "gsec/compat.link/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        self.files
            .iter()
            .for_each(|file| page.line(&format!("Created {file}")));
    }
}

/// `man --out`.
#[derive(Debug, Clone, Serialize)]
pub struct ManReport {
    /// The files that were written.
    pub files: Vec<String>,
}

impl Report for ManReport {
    const SCHEMA: &'static str = "gsec/man/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        self.files
            .iter()
            .for_each(|file| page.line(&format!("Created {file}")));
    }
}
