//! Certificates: fetched, revoked, and when to renew them (RFC 8555 §7.4.2, §7.6, RFC 9773).

use crate::acme::{CertificateId, ProblemType, RenewalInfo, Revocation, SuggestedWindow};
use crate::domain::{Account, AuthorizationStatus, Identifier};
use crate::engine::{Answer, Engine, Fault};
use gsec_ca::authority::{Authority, AuthorityError, PreviousKey, Recorded};
use gsec_ca::records::{Principal, RecordStatus};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{Certificate, GeneralName, RevocationReason, SerialNumber};
use time::OffsetDateTime;

/// A certificate as it is fetched.
pub struct Download {
    /// The certificate, and those that a peer needs between it and the root.
    pub chain: Vec<Certificate>,
    /// Those that a peer needs that trusts the present root; `None` where that is the same.
    pub present: Option<Vec<Certificate>>,
    /// The certificate of the CA, of the key that signed it.
    pub issuer: Certificate,
}

impl Download {
    fn of(ca: &Authority, certificate: Certificate, now: OffsetDateTime) -> Self {
        let mut former = ca.previous().iter().map(PreviousKey::certificate);
        let signed = |by: &&Certificate| certificate.is_issued_by(by);
        if let Some(issuer) = former.find(signed).filter(|_| !signed(&ca.certificate())) {
            return Self::of_former_key(ca, certificate, issuer);
        }
        let issuer = ca.certificate().clone();
        // A root that issues for hosts itself may be left out (RFC 8555 §7.4.2), but certbot takes no chain of one certificate.
        let whole = |mut chain: Vec<Certificate>| {
            if chain.len() == 1 {
                chain.push(issuer.clone());
            }
            chain
        };
        let chain = whole(ca.presented(&certificate, now).cloned().collect());
        let present = std::iter::once(&certificate).chain(ca.intermediates());
        let present = whole(present.cloned().collect());
        Self {
            present: (present != chain).then_some(present),
            chain,
            issuer,
        }
    }

    /// What leads to the key that the CA has now leads nowhere from a certificate that a former one signed.
    fn of_former_key(ca: &Authority, certificate: Certificate, issuer: &Certificate) -> Self {
        let mut chain = vec![certificate, issuer.clone()];
        if !issuer.is_self_issued() {
            chain.extend(ca.intermediates().into_iter().skip(1).cloned());
        }
        Self {
            chain,
            present: None,
            issuer: issuer.clone(),
        }
    }
}

/// When to renew a certificate.
pub struct Renewal {
    /// The window.
    pub info: RenewalInfo,
    /// After how many seconds it is asked again.
    pub ask_again: u64,
}

/// Who wants a certificate revoked.
pub enum Revoker<'a> {
    /// An account.
    Account(&'a Account),
    /// Whoever has this key.
    Key(&'a PublicKey),
}

/// How often a client asks when to renew, in seconds (RFC 9773 §4.3).
const ASK_AGAIN: u64 = 6 * 3600;

/// A certificate that is kept and cannot be read.
pub(super) fn unreadable(error: &AuthorityError) -> Fault {
    Fault::unavailable(error.to_string())
}

impl Engine {
    /// Whether the records say that a certificate of this CA is revoked.
    ///
    /// # Errors
    /// Status 503.
    pub async fn is_revoked(&self, serial: SerialNumber) -> Answer<bool> {
        let found = self.ca.look(move |ca| ca.records().find(&serial)).await?;
        let found = found.map_err(|error| Fault::unavailable(error.to_string()))?;
        Ok(found.is_some_and(|record| record.status == RecordStatus::Revoked))
    }

    /// A certificate that an account ordered.
    ///
    /// # Errors
    /// Status 404 for one of another account too; 503 where it cannot be read.
    pub async fn certificate(&self, account: &Account, serial: &str) -> Answer<Download> {
        let missing = || Fault::not_found("certificate");
        let serial = SerialNumber::parse_hex(serial).ok_or_else(missing)?;
        let named = serial.to_string().to_ascii_lowercase();
        let order = self.state.order_by_serial(named).await?;
        order
            .filter(|order| order.value.asked.account == account.id)
            .ok_or_else(missing)?;
        let now = self.clock.now();
        let found = self.ca.look(move |ca| {
            let certificate = ca.issued_certificate(&serial)?;
            Ok::<_, AuthorityError>(certificate.map(|certificate| Download::of(ca, certificate, now)))
        });
        found
            .await?
            .map_err(|error| unreadable(&error))?
            .ok_or_else(missing)
    }

    /// Revokes a certificate (RFC 8555 §7.6). The CRL follows within seconds.
    ///
    /// # Errors
    /// `unauthorized` for who may not; `alreadyRevoked`; `malformed` for a certificate that is not this CA's.
    pub async fn revoke(&self, request: Revocation, by: Revoker<'_>) -> Answer<()> {
        let Revocation { certificate, reason } = request;
        let looked = certificate.clone();
        let recorded = self.ca.look(move |ca| ca.recorded(&looked)).await?;
        let recorded = recorded.map_err(|error| Fault::unavailable(error.to_string()))?;
        let Recorded::Itself(record) = recorded else {
            return Err(Fault::of(
                ProblemType::Malformed,
                "this CA has no record of the certificate",
            ));
        };
        let name = match by {
            Revoker::Key(key) if key.is_same_key(certificate.public_key()) => {
                "acme: the certificate's key".to_owned()
            }
            Revoker::Key(_) => {
                return Err(Fault::of(
                    ProblemType::Unauthorized,
                    "the request is signed by a key that is neither an account's nor the certificate's",
                ));
            }
            Revoker::Account(account) => {
                let by_owner = self.expect_may_revoke(account, &certificate).await?;
                // Nobody could use the key any more: that is for those to say who have it, or have ordered the certificate for it.
                if !by_owner && reason.is_some_and(RevocationReason::is_compromise) {
                    return Err(Fault::of(
                        ProblemType::BadRevocationReason,
                        "only the account that ordered the certificate, or who has its key, says that the key is compromised",
                    ));
                }
                format!("acme: account {}", account.id)
            }
        };
        if record.status == RecordStatus::Revoked {
            return Err(Fault::of(
                ProblemType::AlreadyRevoked,
                "the certificate is revoked already",
            ));
        }
        let reason = reason.unwrap_or(RevocationReason::Unspecified);
        let by = Principal::named(Some(name));
        self.issuer
            .revoke(certificate.serial().clone(), reason, by)
            .await?;
        self.responder.forget(certificate.serial());
        self.revoked.notify_one();
        Ok(())
    }

    /// The account that ordered it may revoke it, and one that has proven each of its names (RFC 8555 §7.6). Returns whether it is the former.
    async fn expect_may_revoke(&self, account: &Account, certificate: &Certificate) -> Answer<bool> {
        let serial = certificate.serial().to_string().to_ascii_lowercase();
        let order = self.state.order_by_serial(serial).await?;
        if order.is_some_and(|order| order.value.asked.account == account.id) {
            return Ok(true);
        }
        let now = self.clock.now();
        let names = certificate.subject_alternative_names().unwrap_or_default();
        let mut holds_all = !names.is_empty();
        for name in names {
            let identifier = match name {
                GeneralName::Dns(name) => Identifier::dns(name.as_str()).ok(),
                GeneralName::Ip(address) => Some(Identifier::Ip(*address)),
                _ => None,
            };
            let held = match identifier {
                Some(identifier) => {
                    self.state
                        .authorizations_of(account.id.clone(), identifier, now)
                        .await?
                }
                None => Vec::new(),
            };
            holds_all &= held.iter().any(|found| {
                found.value.status_at(now) == AuthorizationStatus::Valid && !found.value.is_granted()
            });
        }
        match holds_all {
            true => Ok(false),
            false => Err(Fault::of(
                ProblemType::Unauthorized,
                "this account did not order the certificate, and has not proven all of its names",
            )),
        }
    }

    /// The certificate that an ARI id names, and whether it is revoked; of one that is not recorded nobody knows that it is not.
    pub(super) async fn certificate_by_id(&self, id: &CertificateId) -> Answer<Option<(Certificate, bool)>> {
        let id = id.clone();
        let looked = self.ca.look(move |ca| {
            let Some(certificate) = ca
                .issued_certificate(&id.serial())?
                .filter(|found| id.is_of(found))
            else {
                return Ok(None);
            };
            let record = ca.records().find(&id.serial()).ok().flatten();
            let is_revoked = record.is_none_or(|record| record.status == RecordStatus::Revoked);
            Ok::<_, AuthorityError>(Some((certificate, is_revoked)))
        });
        looked.await?.map_err(|error| unreadable(&error))
    }

    /// When to renew a certificate (RFC 9773).
    ///
    /// # Errors
    /// Status 404 for one that this CA did not issue.
    pub async fn renewal_info(&self, id: &str) -> Answer<Renewal> {
        let missing = || Fault::not_found("certificate");
        let id = CertificateId::parse(id).ok_or_else(missing)?;
        let (certificate, is_revoked) = self.certificate_by_id(&id).await?.ok_or_else(missing)?;
        let now = self.clock.now();
        let info = match is_revoked {
            true => SuggestedWindow::now(now),
            false => SuggestedWindow::by_age(&certificate, &id),
        };
        Ok(Renewal {
            info: RenewalInfo {
                suggested_window: info,
                explanation_url: None,
            },
            ask_again: ASK_AGAIN,
        })
    }
}
