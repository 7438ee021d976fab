//! Result of `gsec fleet status`.

use serde::Serialize;

use super::{NextSteps, NotCheckedPart, Page, Report, Tone};

/// A host and its certificate.
#[derive(Debug, Clone, Serialize)]
pub struct HostStatus {
    /// The host, as the inventory calls it.
    pub host: String,
    /// Its name in certificates.
    pub name: String,
    /// `ok`, `due`, `expiring`, `missing` or `problem`.
    pub state: &'static str,
    /// Serial number of its newest valid certificate; null where there is none.
    pub serial: Option<String>,
    /// Its end; null where there is none.
    pub not_after: Option<String>,
    /// What is wrong; null where nothing is.
    pub message: Option<String>,
}

/// A port and what it serves.
#[derive(Debug, Clone, Serialize)]
pub struct PortStatus {
    /// The host, as the inventory calls it.
    pub host: String,
    /// The application, or the target of the bundle.
    pub of: String,
    /// The port.
    pub port: u16,
    /// `serves`, `drift-old`, `drift-foreign`, `drift-plain`, `unreachable`, `no-certificate` or `not-probed`.
    pub state: &'static str,
    /// What was seen, or why it was not probed; null where it serves the certificate.
    pub message: Option<String>,
}

/// `fleet status`.
#[derive(Debug, Clone, Serialize)]
pub struct FleetStatusReport {
    /// Whether nothing that was looked at is wrong.
    pub ok: bool,
    /// The hosts.
    pub hosts: Vec<HostStatus>,
    /// The ports with TLS; null without `--probe`.
    pub ports: Option<Vec<PortStatus>>,
    /// What was not looked at.
    pub not_checked: Vec<NotCheckedPart>,
    /// What helps.
    #[serde(flatten)]
    pub next: NextSteps,
}

fn line(page: &mut Page, is_good: bool, words: &[String]) {
    let (tone, sign) = if is_good {
        (Tone::Good, "ok")
    } else {
        (Tone::Bad, "NO")
    };
    let mut parts = vec![(tone, sign), (Tone::Plain, "  ")];
    parts.extend(words.iter().map(|word| (Tone::Plain, word.as_str())));
    page.words(4, &parts);
}

impl Report for FleetStatusReport {
    const SCHEMA: &'static str = "gsec/fleet.status/1";

    fn text(&self, page: &mut Page) {
        let is_told = |is_good: bool, page: &Page| !is_good || page.is_verbose();
        for host in &self.hosts {
            let is_good = host.state == "ok";
            if is_told(is_good, page) {
                let end = host
                    .not_after
                    .as_deref()
                    .map(|end| page.with_distance(end))
                    .unwrap_or_default();
                let words = host
                    .message
                    .clone()
                    .unwrap_or_else(|| format!("valid until {end}"));
                line(page, is_good, &[format!("{:<20}  {words}", host.host)]);
            }
        }
        for port in self.ports.iter().flatten() {
            let is_good = matches!(port.state, "serves" | "not-probed");
            if is_told(is_good, page) {
                let words = port
                    .message
                    .as_deref()
                    .unwrap_or("serves the certificate of the inventory");
                line(
                    page,
                    is_good,
                    &[format!(
                        "{:<20}  port {} ({}): {words}",
                        port.host, port.port, port.of
                    )],
                );
            }
        }
        let good = self.hosts.iter().filter(|host| host.state == "ok").count();
        page.line(&format!(
            "{good} of {} hosts have the certificates of the inventory.",
            self.hosts.len()
        ));
        if let Some(ports) = &self.ports {
            let count = |state: &str| ports.iter().filter(|port| port.state == state).count();
            let probed = ports.len() - count("not-probed");
            if probed > 0 {
                page.line(&format!("{} of {probed} ports serve them.", count("serves")));
            }
        }
        NotCheckedPart::text(&self.not_checked, page, "");
        self.next.text(page);
    }
}
