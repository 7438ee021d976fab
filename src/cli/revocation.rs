//! Asking the CA at hand whether a certificate is revoked.

use super::global::{Global, shown};
use crate::authority::{Authority, Standing};
use crate::env::Env;
use crate::report::RevocationFacts;
use crate::x509::Certificate;
use crate::x509::path::RevocationStatus;

/// Why nobody was asked about a certificate that the CA at hand did not issue.
const NOT_ISSUED_HERE: &str = "the CA in the CA directory did not issue this certificate";

/// The CA to ask, or why there is none.
pub(super) struct CaAtHand(Result<Authority, String>);

impl CaAtHand {
    /// That of `--ca-dir`, of the environment, or found here.
    pub(super) fn open(global: &Global, env: &Env) -> Self {
        Self(global.open_authority(env).map_err(|failure| failure.message))
    }

    pub(super) fn authority(&self) -> Option<&Authority> {
        self.0.as_ref().ok()
    }

    /// What its records and its CRL come to, for path validation.
    pub(super) fn status(&self, certificate: &Certificate) -> RevocationStatus {
        self.0.as_ref().map_or(RevocationStatus::NotChecked, |authority| authority.standing(certificate).status)
    }

    /// What the CA says about a certificate.
    pub(super) fn about(&self, certificate: &Certificate) -> RevocationFacts {
        match &self.0 {
            Ok(authority) => facts(authority.standing(certificate)),
            Err(why) => RevocationFacts::of(&RevocationStatus::NotChecked, Vec::new(), vec![why.clone()]),
        }
    }
}

fn facts(standing: Standing) -> RevocationFacts {
    let Standing { status, asked, mut problems } = standing;
    if status == RevocationStatus::NotChecked {
        problems.push(NOT_ISSUED_HERE.to_owned());
    }
    RevocationFacts::of(&status, asked.iter().map(|path| shown(path)).collect(), problems)
}
