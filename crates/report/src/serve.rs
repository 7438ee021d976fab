//! What `serve` serves.

use serde::Serialize;

use super::{Page, Report};

/// `serve`, once it answers.
#[derive(Debug, Clone, Serialize)]
pub struct ServeReport {
    /// The CA directory.
    pub ca_dir: String,
    /// The name of the CA.
    pub subject: String,
    /// SHA-256 of its certificate.
    pub sha256: String,
    /// The URL of the ACME directory.
    pub acme: String,
    /// The URL of the CRL.
    pub crl: String,
    /// The URL of the OCSP responder.
    pub ocsp: String,
    /// The URL of the CA certificate.
    pub ca_certificate: String,
    /// The names that the first grant is for, where this start made it.
    pub first_grant: Vec<String>,
}

impl Report for ServeReport {
    const SCHEMA: &'static str = "gsec/serve/1";

    fn is_answer(&self) -> bool {
        false
    }

    fn text(&self, page: &mut Page) {
        page.line(&format!("Serving {}, the CA in {}", self.subject, self.ca_dir));
        page.fact("ACME", &self.acme);
        page.fact("CRL", &self.crl);
        page.fact("OCSP", &self.ocsp);
        page.fact("CA certificate", &self.ca_certificate);
        page.fact("SHA-256", &self.sha256);
        if !self.first_grant.is_empty() {
            let names = self.first_grant.join(", ");
            page.fact(
                "granted",
                &format!("{names} and names below, to everyone who proves them by a challenge"),
            );
        }
    }
}
