//! Result of `fleet explain`.

use serde::Serialize;

use super::{FindingCounts, FoundPlace, Page, PlacedFinding, Report, Tone};

/// `fleet explain`.
#[derive(Debug, Clone, Serialize)]
pub struct FleetExplainReport {
    /// Whether certificate, key and CA come from one level, whatever the model.
    pub ok: bool,
    /// The inventory.
    pub inventory: String,
    /// The models that were computed: `set`, `each` or `both`.
    pub model: &'static str,
    /// One for each port and each connection.
    pub explained: Vec<ExplainedEnd>,
    /// How many findings there are.
    pub counts: FindingCounts,
    /// What was found about them.
    pub findings: Vec<PlacedFinding>,
}

/// What holds for a port or a connection.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedEnd {
    /// `server` for a port, `client` for a connection, `application` where the inventory has neither.
    pub role: &'static str,
    /// The application.
    pub application: String,
    /// Its host.
    pub host: String,
    /// The port on which it listens.
    pub port: Option<ExplainedPort>,
    /// The port that it connects to.
    pub connects_to: Option<ExplainedConnection>,
    /// The model that is documented for its release; null where the release is not known, or none is.
    pub documented_model: Option<&'static str>,
    /// The levels, the nearest first.
    pub levels: Vec<ExplainedLevel>,
    /// The options, one for each model where they differ.
    pub options: Vec<ExplainedOption>,
    /// What is not in the inventory.
    pub not_known: Vec<String>,
}

/// A port on which an application listens.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedPort {
    /// Its identifier.
    pub id: String,
    /// Its number.
    pub number: u16,
    /// `unsecured`, `secured` or `auto-detect`.
    pub mode: &'static str,
}

/// The other end of a connection.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedConnection {
    /// The server.
    pub application: String,
    /// The identifier of its port.
    pub port: String,
}

/// A level.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedLevel {
    /// Its name.
    pub level: &'static str,
    /// How many options the inventory has at it; 0: what is set there is not known.
    pub options: usize,
}

/// An option.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedOption {
    /// Its name.
    pub option: &'static str,
    /// `set`, `each`, or `both` where they are the same.
    pub model: &'static str,
    /// Whether the models differ.
    pub differs: bool,
    /// `set`; `assigned`: at this level, with a value that is not in the inventory; `not-set`: at no level of the inventory.
    pub state: &'static str,
    /// Its value.
    pub value: Option<String>,
    /// Where it comes from.
    pub level: Option<&'static str>,
    /// The key of the inventory.
    pub field: Option<String>,
    /// Its place in the inventory.
    pub place: Option<FoundPlace>,
}

impl Report for FleetExplainReport {
    const SCHEMA: &'static str = "gsec/fleet.explain/1";

    fn text(&self, page: &mut Page) {
        for (number, end) in self.explained.iter().enumerate() {
            if number > 0 {
                page.gap();
            }
            end.text(page);
        }
        if !self.findings.is_empty() {
            page.gap();
        }
        self.findings
            .iter()
            .for_each(|found| found.text(page, Some(&self.inventory)));
    }
}

impl ExplainedEnd {
    fn text(&self, page: &mut Page) {
        let whom = match (&self.port, &self.connects_to) {
            (Some(port), _) => format!(", port {} ({}, {})", port.id, port.number, port.mode),
            (_, Some(to)) => format!(" → {}, port {}", to.application, to.port),
            (None, None) => String::new(),
        };
        let heading = format!("{}{whom}", self.application);
        page.words(
            2,
            &[
                (Tone::Strong, &heading),
                (Tone::Plain, &format!(", on {}", self.host)),
            ],
        );
        let (found, nowhere): (Vec<_>, Vec<_>) = self
            .options
            .iter()
            .partition(|option| option.level.is_some() || option.differs);
        let rows: Vec<Vec<String>> = found.iter().map(|option| option.cells()).collect();
        if !rows.is_empty() {
            page.table(
                &["  option", "model", "value", "level", "in the inventory"],
                &rows,
            );
        }
        let nowhere: Vec<&str> = nowhere.iter().map(|option| option.option).collect();
        if !nowhere.is_empty() {
            page.fact("not set", &nowhere.join(", "));
        }
        if found.iter().any(|option| option.differs) {
            page.fact("*", "the models differ");
        }
        let empty: Vec<&str> = self
            .levels
            .iter()
            .filter(|level| level.options == 0)
            .map(|level| level.level)
            .collect();
        if !empty.is_empty() {
            let words = format!("what is set at these levels: {}", empty.join(", "));
            page.fact("not known", &words);
        }
        let label = if empty.is_empty() { "not known" } else { "" };
        page.facts(label, self.not_known.iter().map(String::as_str));
        if let Some(model) = self.documented_model {
            page.fact("release", &format!("the model `{model}` is documented for it"));
        }
    }
}

impl ExplainedOption {
    fn cells(&self) -> Vec<String> {
        let mark = if self.differs { "* " } else { "  " };
        let value = match (self.state, &self.value) {
            ("assigned", _) => "assigned; the value is not in the inventory".to_owned(),
            (_, Some(value)) => format!("`{value}`"),
            (_, None) => "not set".to_owned(),
        };
        let place = self.place.as_ref().zip(self.field.as_ref());
        let place = place.map(|(place, field)| format!("{}:{} {field}", place.line, place.column));
        vec![
            format!("{mark}{}", self.option),
            self.model.to_owned(),
            value,
            self.level.unwrap_or("-").to_owned(),
            place.unwrap_or_default(),
        ]
    }
}
