//! Looks up in the local CA whether a certificate is revoked.

use std::cell::RefCell;

use super::failure::Failure;
use super::global::{Global, shown};
use gsec_ca::authority::{Authority, ReadRecords, Standing};
use gsec_doctor::checks::path::crls_for;
use gsec_env::Env;
use gsec_pki::x509::path::RevocationStatus;
use gsec_pki::x509::{Certificate, rfc3339};
use gsec_report::RevocationFacts;
use time::OffsetDateTime;

/// Why a certificate that the local CA did not issue was not looked up.
const NOT_ISSUED_HERE: &str = "the CA in the CA directory did not issue this certificate";

/// The local CA, or why it cannot be used.
pub(super) struct LocalCa {
    authority: Result<Authority, String>,
    records: ReadRecords,
    /// What it has said already: each certificate is looked up once.
    said: RefCell<Vec<(Certificate, Standing)>>,
    now: OffsetDateTime,
}

impl LocalCa {
    /// That of `--ca-dir`, of the environment, or found here.
    ///
    /// # Errors
    /// Where the one that `--ca-dir` names cannot be used.
    pub(super) fn open(global: &Global, env: &Env) -> Result<Self, Failure> {
        let authority = match global.open_authority(env) {
            Err(failure) if global.ca_dir.is_some() => return Err(failure),
            opened => opened.map_err(|failure| failure.problem.message),
        };
        Ok(Self {
            authority,
            records: ReadRecords::default(),
            said: RefCell::default(),
            now: env.clock.now(),
        })
    }

    pub(super) fn authority(&self) -> Option<&Authority> {
        self.authority.as_ref().ok()
    }

    /// What its records and its CRL come to, for path validation.
    pub(super) fn status(&self, certificate: &Certificate) -> RevocationStatus {
        self.authority
            .as_ref()
            .map_or(RevocationStatus::NotChecked, |authority| {
                self.standing(authority, certificate).status
            })
    }

    fn standing(&self, authority: &Authority, certificate: &Certificate) -> Standing {
        let known = self
            .said
            .borrow()
            .iter()
            .find(|(known, _)| known == certificate)
            .map(|(_, standing)| standing.clone());
        known.unwrap_or_else(|| {
            let standing = authority.standing_in(&self.records, certificate);
            self.said
                .borrow_mut()
                .push((certificate.clone(), standing.clone()));
            standing
        })
    }

    /// What the CA says about a certificate.
    pub(super) fn about(&self, certificate: &Certificate) -> RevocationFacts {
        match &self.authority {
            Ok(authority) => self.facts(authority, certificate),
            Err(why) => RevocationFacts::of(&RevocationStatus::NotChecked, Vec::new(), vec![why.clone()]),
        }
    }

    fn facts(&self, authority: &Authority, certificate: &Certificate) -> RevocationFacts {
        let Standing {
            status,
            asked,
            mut problems,
            crl_due,
            ..
        } = self.standing(authority, certificate);
        if status == RevocationStatus::NotChecked {
            problems.push(why_not_asked(authority, certificate));
        }
        problems.extend(crl_due.filter(|(_, due)| *due < self.now).map(|(path, due)| {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            format!("{name} is out of date since {}", rfc3339(due))
        }));
        RevocationFacts::of(&status, asked.iter().map(|path| shown(path)).collect(), problems)
    }

    /// Whether the CA has a CRL for a certificate whose signature cannot be checked.
    pub(super) fn has_unchecked_crl(&self, certificate: &Certificate) -> bool {
        self.authority()
            .is_some_and(|authority| self.standing(authority, certificate).is_crl_unchecked)
    }

    /// The CRLs of the CA for a certificate, DER.
    pub(super) fn crls_for(&self, certificate: &Certificate) -> Vec<Vec<u8>> {
        self.authority()
            .map(|authority| crls_for(certificate, &authority.kept_crls()))
            .unwrap_or_default()
    }
}

fn why_not_asked(authority: &Authority, certificate: &Certificate) -> String {
    match authority.is_own_certificate(certificate) {
        true if certificate.is_self_issued() => {
            "it is the CA's own certificate, and no CRL covers a root".to_owned()
        }
        true => format!(
            "it is the CA's own certificate; its parent CA, `{}`, knows whether it is revoked",
            certificate.issuer()
        ),
        false => NOT_ISSUED_HERE.to_owned(),
    }
}
