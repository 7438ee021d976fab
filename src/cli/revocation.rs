//! Asking the CA at hand whether a certificate is revoked.

use super::global::{Global, shown};
use crate::authority::{Authority, CertificateStatus, Standing};
use crate::env::Env;
use crate::report::RevocationFacts;
use crate::x509::{Certificate, rfc3339};

/// Why nothing was asked of a certificate that the CA at hand did not issue.
const NOT_ISSUED_HERE: &str = "the CA in the CA directory did not issue this certificate";

/// The CA to ask, or why there is none.
pub(super) struct Asked(Result<Authority, String>);

impl Asked {
    /// The CA at hand: that of `--ca-dir`, of the environment, or found here.
    pub(super) fn at_hand(global: &Global, env: &Env) -> Self {
        Self(global.open_authority(env).map_err(|failure| failure.message))
    }

    /// What the CA says about a certificate.
    pub(super) fn about(&self, certificate: &Certificate) -> RevocationFacts {
        match &self.0 {
            Ok(authority) => facts(authority.standing(certificate)),
            Err(why) => RevocationFacts { status: "not_checked", asked: Vec::new(), revoked_at: None, reason: None, notes: vec![why.clone()] },
        }
    }
}

fn facts(standing: Standing) -> RevocationFacts {
    let Standing { status, asked, problems } = standing;
    let asked = asked.iter().map(|path| shown(path)).collect();
    let (name, since, reason, notes) = match status {
        CertificateStatus::Good => ("good", None, None, problems),
        CertificateStatus::Revoked { since, reason } => ("revoked", since, reason, problems),
        CertificateStatus::Undetermined { .. } => ("undetermined", None, None, problems),
        CertificateStatus::NotIssuedHere => ("not_checked", None, None, vec![NOT_ISSUED_HERE.to_owned()]),
    };
    RevocationFacts { status: name, asked, revoked_at: since.map(rfc3339), reason, notes }
}
