//! Where the CA key went.

use serde::Serialize;

use super::{Page, Report};

/// Result of `gsec serve move-key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServeMoveKeyReport {
    /// The CA directory.
    pub ca_dir: String,
    /// The signer's own directory.
    pub signer_dir: String,
    /// Whether the key is there now; else it is in the CA directory.
    pub apart: bool,
    /// The user who has the key now, by number.
    pub user: u32,
    /// The group whose users may ask the signer, by number.
    pub asked_by_group: u32,
    /// Where a signer with that directory listens.
    pub socket: String,
    /// What was copied, by its place in `ca_conf`. On the way back it has replaced what was in the CA directory.
    pub files: Vec<String>,
    /// Those of them that are in one place only: keys and the journal.
    pub moved: Vec<String>,
}

impl ServeMoveKeyReport {
    fn copied(&self) -> String {
        let copied = self.files.iter().filter(|file| !self.moved.contains(file));
        copied.map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

impl Report for ServeMoveKeyReport {
    const SCHEMA: &'static str = "gsec/serve.move_key/1";

    fn text(&self, page: &mut Page) {
        let user = format!("user {}", self.user);
        if !self.apart {
            page.line(&format!("The CA key is in {} again", self.ca_dir));
            page.fact("belongs to", &user);
            page.fact("moved", &self.moved.join(", "));
            page.fact("replaced", &format!("{}, by the signer's", self.copied()));
            return;
        }
        page.line(&format!("The CA key is in {} now", self.signer_dir));
        page.fact("belongs to", &user);
        page.fact(
            "socket",
            &format!("{}, for group {}", self.socket, self.asked_by_group),
        );
        page.fact("moved", &self.moved.join(", "));
        page.fact("copied", &self.copied());
        page.line("");
        page.line(&format!(
            "The signer decides by gsec.toml in {}/ca_conf from now on: change it there, and copy it to {}/ca_conf.",
            self.signer_dir, self.ca_dir
        ));
    }
}
