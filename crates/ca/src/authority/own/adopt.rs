//! Adopting a CA directory that the old scripts left: saying what it is and what is weak in it, then adding what is missing.

use std::path::PathBuf;

use thiserror::Error;

use crate::authority::session::audit_of;
use crate::authority::{Authority, AuthorityError, Session, Statistics};
use crate::home::{Held, LooseMode};
use crate::policy::{SerialSource, policy_file};
use crate::records::AuditHead;
use crate::records::file::{Adoption, Commit, FileRecords};
use gsec_pki::key::{PublicKeyKind, SignatureAlgorithm, SignatureDigest};
use gsec_pki::x509::{Certificate, rfc3339};

/// Something weak in an old CA.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Weakness {
    /// The CA certificate's own signature; a root's is not checked by anyone.
    #[error(
        "the CA certificate is signed with {0}; for a root this is harmless, since its signature is not \
         checked"
    )]
    RootSignature(String),
    /// The signature of an intermediate CA's certificate, which peers check.
    #[error(
        "the CA certificate is signed with {0}, which can be forged: modern clients reject every certificate \
         under it"
    )]
    Signature(String),
    /// The CA certificate has no keyUsage.
    #[error(
        "the CA certificate has no keyUsage: Python 3.13 and `openssl verify -x509_strict` reject every \
         certificate under it"
    )]
    NoKeyUsage,
    /// basicConstraints is not critical.
    #[error("the basicConstraints of the CA certificate are not critical, which strict validators reject")]
    BasicConstraintsNotCritical,
    /// A short RSA key.
    #[error("the CA key is RSA with {0} bits: modern clients reject it, and gsec does not sign with it")]
    ShortKey(u32),
    /// The CA certificate ends soon, or has ended.
    #[error("the CA certificate expires at {}, and all certificates it issued expire with it", rfc3339(*.0))]
    EndsSoon(time::OffsetDateTime),
    /// Something that is not the CA's own is in the place of a file of the CA, and whose mode is therefore
    /// not changed.
    #[error("{0}: it is left unchanged")]
    LeftAlone(String),
    /// `gsec.toml` was there before.
    #[error(
        "gsec.toml was lost, but this CA had one ({0} shows it): a new one has the default rules, and \
         anything that the old one forbade is permitted again"
    )]
    PolicyLost(&'static str),
    /// Lines of the index that are no record.
    #[error("ca.db has {0} damaged lines, which are left unchanged")]
    DamagedLines(u64),
}

/// What adopting would change.
pub struct AdoptionPlan {
    /// What is weak.
    pub weaknesses: Vec<Weakness>,
    /// Files that would be added.
    pub added: Vec<PathBuf>,
    /// Whether `unique_subject` would be set to no.
    pub allows_renewal: bool,
    /// Files and folders whose mode would be tightened.
    pub modes: Vec<LooseMode>,
    /// Counts of the index.
    pub statistics: Statistics,
}

/// What adopting changed.
pub struct Adopted {
    /// Copies of what was changed.
    pub kept: Vec<PathBuf>,
    /// The head of the audit log, which starts now.
    pub audit_head: Option<AuditHead>,
}

impl AdoptionPlan {
    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && !self.allows_renewal && self.modes.is_empty()
    }
}

impl Authority {
    /// Looks at a directory and says what is weak and what adopting would change. Changes nothing.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn plan_adoption(&self, now: time::OffsetDateTime) -> Result<AdoptionPlan, AuthorityError> {
        let statistics = self.statistics(now)?;
        let modes = self.directory().loose_modes()?;
        let mut weaknesses = weaknesses_of(self.certificate(), now);
        weaknesses.extend(
            modes
                .left_alone
                .iter()
                .map(|error| Weakness::LeftAlone(error.to_string())),
        );
        weaknesses.extend(self.directory().lost_policy()?.map(Weakness::PolicyLost));
        if statistics.damaged_lines > 0 {
            weaknesses.push(Weakness::DamagedLines(statistics.damaged_lines));
        }
        Ok(AdoptionPlan {
            weaknesses,
            added: FileRecords::in_home(self.directory()).missing_for_adoption(),
            allows_renewal: FileRecords::in_home(self.directory()).subjects_are_unique()?,
            modes: modes.loose,
            statistics,
        })
    }

    /// How serial numbers were made, where `ca.conf` says so.
    fn serials_of_old(&self) -> SerialSource {
        let configuration = self.directory().read(&self.directory().openssl_configuration());
        let is_random = |content: &[u8]| {
            String::from_utf8_lossy(content)
                .lines()
                .any(|line| line.trim_start().starts_with("rand_serial"))
        };
        match configuration {
            Ok(content) if self.directory().has_own_configuration() && is_random(&content) => {
                SerialSource::Random
            }
            _ => SerialSource::Sequential,
        }
    }

    /// Does what was planned, under the lock.
    ///
    /// # Errors
    /// [`AuthorityError::Store`].
    pub fn adopt(&self, plan: &AdoptionPlan, session: &mut Session<'_>) -> Result<Adopted, AuthorityError> {
        // The folders come first: while others can write in them, nothing that is looked at there stays what it was.
        let directory = self.directory();
        let folders: Vec<LooseMode> = plan
            .modes
            .iter()
            .filter(|loose| loose.path.is_dir())
            .cloned()
            .collect();
        directory.tighten(&folders)?;
        let held = Held::begin(self.directory(), &mut session.wait)?;
        let commit = Commit::under(&held);
        // Before `gsec.toml`, which says that there is a log.
        let audit_head =
            commit.announce_adoption(&[audit_of(self.certificate(), session)], &session.stamp(None))?;
        let kept = FileRecords::in_home(self.directory()).adopt(&Adoption {
            policy: &policy_file(self.serials_of_old()),
        })?;
        // Looked at again: until now another user may have put something there.
        self.directory().tighten(&directory.loose_modes()?.loose)?;
        Ok(Adopted {
            kept,
            audit_head: Some(audit_head),
        })
    }
}

/// What is weak in the certificate of a CA.
fn weaknesses_of(certificate: &Certificate, now: time::OffsetDateTime) -> Vec<Weakness> {
    let mut found = Vec::new();
    if SignatureAlgorithm::digest(certificate.signature_algorithm()) != SignatureDigest::Strong {
        let name = SignatureAlgorithm::name(certificate.signature_algorithm());
        found.push(if certificate.is_self_issued() {
            Weakness::RootSignature(name)
        } else {
            Weakness::Signature(name)
        });
    }
    if certificate.key_usage().is_none() {
        found.push(Weakness::NoKeyUsage);
    }
    if certificate.has_uncritical_basic_constraints() {
        found.push(Weakness::BasicConstraintsNotCritical);
    }
    if let PublicKeyKind::Rsa { bits } = certificate.public_key().kind()
        && *bits < 2048
    {
        found.push(Weakness::ShortKey(*bits));
    }
    if certificate.not_after() - now < time::Duration::days(365) {
        found.push(Weakness::EndsSoon(certificate.not_after()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Change, Identity, Site, in_days, now};

    #[test]
    fn what_is_weak_in_the_certificate_of_an_old_ca() {
        let weak = |change: Change| weaknesses_of(&Identity::root_with("Old CA", change).certificate, now());
        assert_eq!(weak(|_| {}), []);
        assert_eq!(weak(|params| params.key_usages.clear()), [Weakness::NoKeyUsage]);
        assert_eq!(weak(|params| params.not_after = in_days(365)), []);
        assert_eq!(
            weak(|params| params.not_after = in_days(364)),
            [Weakness::EndsSoon(in_days(364))]
        );
        let uncritical: Change = |params| {
            params.is_ca = rcgen::IsCa::NoCa;
            let content = vec![0x30, 3, 1, 1, 0xff];
            params.custom_extensions =
                vec![rcgen::CustomExtension::from_oid_content(&[2, 5, 29, 19], content)];
        };
        assert_eq!(weak(uncritical), [Weakness::BasicConstraintsNotCritical]);
    }

    #[test]
    fn directory_that_gsec_made_has_nothing_to_adopt() {
        let plan = |site: &Site| site.authority.plan_adoption(now()).expect("a plan");
        let site = Site::new();
        assert!(plan(&site).is_empty() && plan(&site).weaknesses.is_empty());
        let site = site.without(crate::home::CaDir::policy);
        let lost = plan(&site);
        assert_eq!(lost.added, [site.authority.directory().policy()]);
        assert_eq!(lost.weaknesses, [Weakness::PolicyLost("audit.head")]);
    }

    #[test]
    fn subjects_that_had_to_be_unique_may_be_renewed_afterwards() {
        let site = Site::new();
        std::fs::write(
            site.authority.directory().index_attributes(),
            "unique_subject = yes\n",
        )
        .expect("ca.db.attr");
        let plan = site.authority.plan_adoption(now()).expect("a plan");
        assert!(plan.allows_renewal && !plan.is_empty());
    }
}
