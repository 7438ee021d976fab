//! A CSR that a host of the inventory sent: which certificate it gets, or why none. The host controls every byte of it, so it decides about
//! nothing but the key: names, subject and profile are those of the inventory.

use thiserror::Error;
use time::OffsetDateTime;

use super::Fleet;
use super::host::delivery;
use gsec_ca::authority::{
    Authority, AuthorityError, HostKey, HostOrder, IssuePlan, IssuedRow, Names, Once, Remedy, RenewalMargin,
    Session, Unlocked,
};
use gsec_ca::records::AuditHead;
use gsec_pki::key::KeyAlgorithm;
use gsec_pki::x509::{Certificate, CertificateRequest, GeneralName};

/// Why a CSR is not signed.
#[derive(Debug, Error)]
pub enum CsrRefusal {
    /// The inventory wants another kind of key.
    #[error("its key is {found}, and not {wanted}")]
    KeyKind {
        /// What it is.
        found: String,
        /// What the host is to have.
        wanted: KeyAlgorithm,
    },
    /// Another host was certified with the key: whoever holds that host could pass for this one.
    #[error("its key is that of serial {serial}, which was issued for {host}")]
    KeyOfAnother {
        /// The certificate of the key.
        serial: String,
        /// Whose it is.
        host: String,
    },
    /// The CA made the key, or was given it.
    #[error("its key is one that the CA has, and was not made on the host")]
    KeyAtCa,
    /// The CA does not certify it.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
}

impl CsrRefusal {
    /// A stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyKind { .. } => "push-key-kind",
            Self::KeyOfAnother { .. } => "push-key-of-another",
            Self::KeyAtCa => "push-key-at-ca",
            Self::Authority(error) => error.code(),
        }
    }
}

/// A certificate for a key that was made on its host.
pub struct SignedCsr {
    /// The certificate.
    pub row: IssuedRow,
    /// What the CSR contains that the certificate does not have, one text for each.
    pub ignored: Vec<String>,
    /// The head of the audit log after it; `None` where nothing was recorded, or there is no log.
    pub audit_head: Option<AuditHead>,
}

impl Fleet<'_> {
    /// Issues the certificate for the host at a place with the key of its CSR, unless another call has done it meanwhile.
    ///
    /// # Errors
    /// [`CsrRefusal`].
    pub fn sign_csr(
        &self,
        at: usize,
        csr: &CertificateRequest,
        authority: &Authority,
        unlocked: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<SignedCsr, CsrRefusal> {
        let plan = self.plan_csr(at, csr, authority, session.now)?;
        let (delivery, ignored) = (delivery(), plan.ignored.clone());
        let margin = RenewalMargin {
            now: session.now,
            renew_before: self.hosts[at].renew_before,
        };
        let mut look = |plan: &IssuePlan<'_>| {
            let comparison = authority.compare_host(plan, &delivery, margin)?;
            let is_there = comparison.remedy == Remedy::Nothing;
            Ok(comparison
                .found
                .filter(|_| is_there)
                .map(|found| found.certificate))
        };
        let ready = authority.ready_host(plan, &delivery)?;
        let once = authority.issue_once(&ready, unlocked, &delivery, session, &mut look)?;
        let (certificate, audit_head) = match once {
            Once::Issued(issued) => (issued.certificate, issued.audit_head),
            Once::Present(certificate) => (certificate, None),
        };
        Ok(SignedCsr {
            row: IssuedRow {
                host: self.hosts[at].name.clone(),
                serial: certificate.serial().clone(),
                not_after: certificate.not_after(),
                sha256: certificate.thumbprints().sha256,
                warnings: Vec::new(),
            },
            ignored,
            audit_head,
        })
    }

    /// The certificate for the host at a place, with the key of its CSR. Nothing is reserved or written.
    ///
    /// # Errors
    /// [`CsrRefusal`].
    fn plan_csr<'a>(
        &self,
        at: usize,
        csr: &CertificateRequest,
        authority: &'a Authority,
        now: OffsetDateTime,
    ) -> Result<IssuePlan<'a>, CsrRefusal> {
        let host = &self.hosts[at];
        let key = csr.public_key();
        if !host.has_kind(key) {
            return Err(CsrRefusal::KeyKind {
                found: key.to_string(),
                wanted: host.key,
            });
        }
        for found in authority.certificates_with_key(key)? {
            let own = found.certificate.as_ref().and_then(first_name);
            if own.as_ref() != Some(&host.name.clone().canonical()) {
                return Err(CsrRefusal::KeyOfAnother {
                    serial: found.record.serial.to_string(),
                    host: own.map_or_else(|| "nobody by name".to_owned(), |name| name.value()),
                });
            }
        }
        if authority.keeps_key(key)? {
            return Err(CsrRefusal::KeyAtCa);
        }
        let order = HostOrder {
            names: Names::FromRequest {
                request: Box::new(csr.clone()),
                takes_names: false,
            },
            key: HostKey::of_request(csr),
            ..self.order(at)
        };
        Ok(authority.plan_host(order, now)?)
    }
}

/// The name of the host that a certificate was issued for.
fn first_name(certificate: &Certificate) -> Option<GeneralName> {
    certificate.subject_alternative_names()?.first().cloned()
}
