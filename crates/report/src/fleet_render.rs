//! Result of `fleet render` as a document; in every other form it is what another program takes.

use serde::Serialize;

use super::{Page, Report};

/// `fleet render --format json`.
#[derive(Debug, Clone, Serialize)]
pub struct FleetRenderReport {
    /// `args`, `connections`, `env` or `firewall`.
    pub of: &'static str,
    /// The inventory.
    pub inventory: String,
    /// One for each start, connection, search path or rule.
    pub rows: Vec<serde_json::Value>,
    /// What is left out, and why.
    pub left_out: Vec<String>,
}

impl Report for FleetRenderReport {
    const SCHEMA: &'static str = "gsec/fleet.render/1";

    fn text(&self, page: &mut Page) {
        page.line(&format!("{}: {} rows", self.of, self.rows.len()));
        page.facts("left out", self.left_out.iter().map(String::as_str));
    }
}
