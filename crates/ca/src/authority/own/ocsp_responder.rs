//! Who answers OCSP requests in the CA's name (RFC 6960 §4.2.2.2): a key that the CA certifies for two weeks and for nothing else. Everything but the
//! key is fixed here.

use time::{Duration, OffsetDateTime};

use crate::authority::host::decide::{Taken, known};
use crate::authority::host::issue::warning_of;
use crate::authority::own::previous::has_signed_log;
use crate::authority::session::AuditFacts;
use crate::authority::{Authority, AuthorityError, Session, Unlocked, Warning};
use crate::home::{INTENT, Intent, starts_now};
use crate::policy::{Kinship, OCSP_RESPONDER, Refusal};
use crate::records::{AuditHead, Issued, NewRecord, Reservation, key_digits};
use gsec_pki::encoding::hex::{Separator, decode, encode};
use gsec_pki::key::{KeyFlaw, PublicKey};
use gsec_pki::x509::{
    AttributeKind, CLOCK_SKEW_ALLOWANCE, Certificate, DistinguishedName, GeneralName, IssueError,
    MAX_COMMON_NAME, NameAttribute, NameConstraints, NameParts, SerialNumber, Validity, parse_time, rfc3339,
};

/// From the first moment to the last: nobody can revoke what nobody asks about (RFC 6960 §4.2.2.2.1).
const LIFETIME: Duration = Duration::days(14);
/// What follows the CA's common name.
const TITLE: &str = "OCSP responder";

/// What such a certificate says. It follows from the CA, the key and the start alone.
pub(in crate::authority) struct ResponderPlan<'a> {
    subject: DistinguishedName,
    validity: Validity,
    key: &'a PublicKey,
}

/// The certificate of a responder that was issued.
pub struct IssuedResponder {
    /// It.
    pub certificate: Certificate,
    /// What was odd.
    pub warnings: Vec<Warning>,
    /// The head of the audit log after it; `None` where there is no log.
    pub audit_head: Option<AuditHead>,
}

impl ResponderPlan<'_> {
    pub(in crate::authority) fn subject(&self) -> &DistinguishedName {
        &self.subject
    }

    pub(in crate::authority) fn validity(&self) -> Validity {
        self.validity
    }

    pub(in crate::authority) fn key(&self) -> &PublicKey {
        self.key
    }

    fn intent(&self) -> Intent {
        Intent {
            profile: OCSP_RESPONDER.to_owned(),
            names: Vec::new(),
            subject: encode(self.subject.der(), Separator::None),
            not_before: rfc3339(self.validity.not_before()),
            not_after: rfc3339(self.validity.not_after()),
            public_key: encode(self.key.spki(), Separator::None),
        }
    }
}

impl Authority {
    /// Certifies a key that answers OCSP requests in the CA's name for two weeks: its record first, then its certificate, which is kept in the repository.
    ///
    /// # Errors
    /// [`AuthorityError::Refused`] for a key that is a CA's or not sound, and where the path has constraints for directory names;
    /// [`AuthorityError::KeyCompromised`], [`AuthorityError::NotInDate`], [`AuthorityError::PolicyMissing`], [`AuthorityError::ClockBehind`].
    /// [`AuthorityError::AfterRecord`] when the record was made and there is no certificate.
    pub fn issue_ocsp_responder(
        &self,
        key: &PublicKey,
        unlocked: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<IssuedResponder, AuthorityError> {
        let (not_before, _) = self.expect_in_date(session.now)?;
        let start = (session.now - CLOCK_SKEW_ALLOWANCE).max(not_before);
        let plan = self.plan_responder(key, start)?;
        self.expect_clock_by_log(session.now)?;
        self.records().expect_writable()?;
        let reservation = self.reserve_responder(&plan, unlocked, session)?;
        let [serial] = reservation.serials.as_slice() else {
            unreachable!("one number for one request")
        };
        let after_record = |source| AuthorityError::AfterRecord {
            serial: serial.clone(),
            source: Box::new(source),
        };
        // What was signed by a key that has since ceased to be the CA's is discarded before anyone sees it.
        let certificate = self
            .signed_responder(&plan, serial, unlocked)
            .and_then(|certificate| Ok(self.expect_same_key().map(|()| certificate)?));
        let issued = certificate.iter().map(|certificate| Issued {
            serial,
            host: None,
            files: vec![Self::own_copy(certificate)],
        });
        let kept = self
            .records()
            .complete(&reservation, &issued.collect::<Vec<_>>(), &mut session.wait)?;
        let certificate = certificate.map_err(after_record)?;
        kept.into_iter()
            .next()
            .expect("one result for one certificate")
            .map_err(|error| after_record(error.into()))?;
        let corrected = reservation.notes.iter().map(warning_of);
        Ok(IssuedResponder {
            certificate,
            warnings: unlocked.warnings().iter().cloned().chain(corrected).collect(),
            audit_head: reservation.audit_head.clone(),
        })
    }

    /// Certifies a responder that another process announced: it must be what would be planned here for its key and its start, and start now.
    ///
    /// # Errors
    /// [`AuthorityError::Intent`]; as [`Authority::issue_ocsp_responder`].
    pub(in crate::authority) fn certify_responder_intent(
        &self,
        serial: &SerialNumber,
        intent: &Intent,
        unlocked: &Unlocked,
        now: OffsetDateTime,
    ) -> Result<Certificate, AuthorityError> {
        let wrong = |part: &str| AuthorityError::Intent(part.to_owned());
        let spki = decode(&intent.public_key).ok_or_else(|| wrong("the public key"))?;
        let key = PublicKey::from_spki(&spki)?;
        let start = parse_time(&intent.not_before).ok_or_else(|| wrong("the start"))?;
        let (not_before, _) = self.expect_in_date(now)?;
        if !starts_now(start, now, CLOCK_SKEW_ALLOWANCE) || start < not_before {
            return Err(wrong("the start, which is not now"));
        }
        let plan = self.plan_responder(&key, start)?;
        if plan.intent() != *intent {
            return Err(wrong(
                "an OCSP responder has no names, and its subject and its end are fixed",
            ));
        }
        self.certify_responder(&plan, serial, unlocked)
    }

    fn plan_responder<'a>(
        &self,
        key: &'a PublicKey,
        start: OffsetDateTime,
    ) -> Result<ResponderPlan<'a>, AuthorityError> {
        self.expect_policy()?;
        if key.algorithm().is_none() || key.is_pss_only() || key.is_usable() != Some(true) {
            let found = key.type_name();
            return Err(self.refused(Refusal::Key(KeyFlaw::Unsupported { found })));
        }
        key.expect_sound()
            .map_err(|error| self.refused(Refusal::Key(error)))?;
        self.expect_not_compromised(&[key])?;
        let subject = responder_name(self.certificate().subject())?;
        self.expect_no_ca(&subject, key)?;
        let directory = GeneralName::Directory(subject.clone());
        let permits = |above: &NameConstraints| above.unreadable.is_none() && above.allows(&directory);
        if !self.constraints().all(permits) {
            let name = directory.to_string();
            return Err(self.refused(Refusal::Constraints { name }));
        }
        let end = (start + LIFETIME).min(self.certificate().not_after());
        Ok(ResponderPlan {
            subject,
            validity: Validity::new(start, end)?,
            key,
        })
    }

    /// Checks that neither the name nor the key is a CA's: this one's, or of one above, below or before.
    fn expect_no_ca(&self, subject: &DistinguishedName, key: &PublicKey) -> Result<(), AuthorityError> {
        let below = self.certified_with(Some(subject), Some(key))?;
        let below = below.iter().map(|certificate| known(certificate, Kinship::Below));
        let taken = match Self::taken(self.authorities().chain(below), subject, key) {
            Some(taken) => Some(taken),
            None => self.told_below(Some(subject), Some(key))?,
        };
        match taken {
            None if self.directory().was_a_key_before(key)? || has_signed_log(self.records(), key) => {
                let subject = self.certificate().subject().to_string();
                Err(self.refused(Refusal::AuthorityKey {
                    subject,
                    kinship: Kinship::Former,
                }))
            }
            None => Ok(()),
            Some(Taken::Name { subject, kinship }) => {
                Err(self.refused(Refusal::AuthorityName { subject, kinship }))
            }
            Some(Taken::Key { subject, kinship }) => {
                Err(self.refused(Refusal::AuthorityKey { subject, kinship }))
            }
        }
    }

    fn reserve_responder(
        &self,
        plan: &ResponderPlan<'_>,
        unlocked: &Unlocked,
        session: &mut Session<'_>,
    ) -> Result<Reservation, AuthorityError> {
        let serial = self.serial_mode(session)?;
        let facts = AuditFacts {
            subject: Some(&plan.subject),
            ..AuditFacts::default()
        };
        let audit = self
            .audit_entry(session, &facts)
            .with("profile", OCSP_RESPONDER)
            .with("not_after", rfc3339(plan.validity.not_after()))
            .with("key_material", key_digits(plan.key));
        let audit = match unlocked.service() {
            Some(_) => audit.with(INTENT, plan.intent().digest()),
            None => audit,
        };
        let requester = session.by.clone();
        let request = NewRecord {
            serial,
            expiry: plan.validity.not_after(),
            subject: &plan.subject,
            names: &[],
            profile: Some(OCSP_RESPONDER),
            requester: &requester,
            audit,
        };
        let seal = unlocked.seal();
        let stamp = session.stamp(Some(&seal));
        let mut forbids = || Ok(self.expect_same_key().map(|()| false)?);
        let reserved = self
            .records()
            .reserve(&[request], &stamp, &mut session.wait, &mut forbids)?;
        Ok(reserved.expect("nothing forbids it"))
    }

    /// Signs, or has it signed where another process has the key.
    fn signed_responder(
        &self,
        plan: &ResponderPlan<'_>,
        serial: &SerialNumber,
        unlocked: &Unlocked,
    ) -> Result<Certificate, AuthorityError> {
        match unlocked.service() {
            None => self.certify_responder(plan, serial, unlocked),
            Some(service) => {
                let certified = service.certify(&[(serial.clone(), plan.intent())]);
                let certified = certified.into_iter().next();
                Ok(certified.expect("one answer for one certificate")?)
            }
        }
    }
}

/// The CA's common name, cut where it is too long, and what it is about; without a name where the CA's has none that is issued here.
fn responder_name(ca: &DistinguishedName) -> Result<DistinguishedName, IssueError> {
    let common_name = ca.common_names().into_iter().next().unwrap_or_default();
    let room = MAX_COMMON_NAME - TITLE.len() - 1;
    let common_name: String = common_name.chars().take(room).collect();
    let titled = format!("{} {TITLE}", common_name.trim());
    let name = NameAttribute::parse(AttributeKind::CommonName, titled.trim())
        .or_else(|_| NameAttribute::parse(AttributeKind::CommonName, TITLE))
        .expect("two words are a common name");
    Ok(DistinguishedName::build(&NameParts::new([name]))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Site, named, now, session};
    use gsec_pki::key::{KeyAlgorithm, PrivateKey, Signer};
    use gsec_pki::x509::ocsp::{
        CertId, CertStatus, JudgedBy, OcspResponse, OcspResponseTemplate, Responder, SingleResponse,
        sign_response,
    };
    use gsec_pki::x509::{ExtendedKeyUsage, KeyUsage, oid};

    fn key() -> PrivateKey {
        PrivateKey::generate(KeyAlgorithm::P256).expect("a key")
    }

    fn issued(site: &Site, key: &PublicKey) -> Result<Certificate, AuthorityError> {
        let issued = session("ocsp.responder", now(), |session| {
            site.authority.issue_ocsp_responder(key, &site.unlocked, session)
        });
        issued.map(|issued| issued.certificate)
    }

    #[test]
    fn responder_speaks_for_the_ca_for_two_weeks_and_can_nothing_else() {
        let site = Site::new();
        let key = key();
        let certificate = issued(&site, key.public_key()).expect("a responder");
        assert!(certificate.is_issued_by(site.authority.certificate()));
        assert_eq!(certificate.subject().to_string(), "CN=Example CA OCSP responder");
        assert_eq!(certificate.subject_alternative_names(), None);
        assert_eq!(
            certificate.extended_key_usage(),
            Some(&[ExtendedKeyUsage::OcspSigning][..])
        );
        assert_eq!(certificate.key_usage(), Some(KeyUsage::DIGITAL_SIGNATURE));
        assert!(!certificate.is_authority());
        assert!(
            certificate
                .extensions()
                .contains(&(oid::OCSP_NO_CHECK.into(), false))
        );
        assert_eq!(certificate.not_after() - certificate.not_before(), LIFETIME);
        assert_eq!(certificate.not_before(), now() - CLOCK_SKEW_ALLOWANCE);
        let record = site
            .authority
            .records()
            .find(certificate.serial())
            .expect("records");
        let record = record.expect("a record");
        assert_eq!(record.subject, "/CN=Example CA OCSP responder");
        let kept = site.authority.issued_certificate(certificate.serial());
        assert_eq!(kept.expect("read").as_ref(), Some(&certificate));
        assert!(
            site.authority
                .renewable_certificate(certificate.serial())
                .is_ok_and(|old| {
                    site.authority
                        .renewal_of(
                            &old,
                            None,
                            crate::authority::HostKey::Generate(KeyAlgorithm::P256),
                        )
                        .is_err()
                }),
            "no host's, so never renewed as one"
        );
        let single = SingleResponse {
            id: CertId::of(site.authority.certificate(), certificate.serial()),
            status: CertStatus::Good,
            this_update: now(),
            next_update: None,
        };
        let template = OcspResponseTemplate {
            produced_at: now(),
            responses: &[single],
            nonce: None,
        };
        let responder = Responder {
            certificate: Some(&certificate),
            key: &key,
        };
        let answer = sign_response(&template, &responder).expect("signed");
        let answer = OcspResponse::from_der(&answer)
            .and_then(OcspResponse::answer)
            .expect("an answer");
        assert_eq!(
            answer.judge(site.authority.certificate(), now()),
            Ok(JudgedBy::Delegated(Box::new(certificate)))
        );
    }

    #[test]
    fn responder_ends_with_its_ca() {
        let site = Site::with(|order| order.lifetime = Some(gsec_pki::x509::Lifetime::days(3)));
        let certificate = issued(&site, key().public_key()).expect("a responder");
        assert_eq!(certificate.not_after(), site.authority.certificate().not_after());
    }

    #[test]
    fn keys_that_are_a_cas_or_too_weak_are_refused_and_nothing_is_recorded() {
        let site = Site::new();
        let before = site.authority.next_serial().expect("a number");
        let own = site.authority.certificate().public_key().clone();
        let code =
            |result: Result<Certificate, AuthorityError>| result.map(drop).map_err(|error| error.code());
        assert_eq!(code(issued(&site, &own)), Err("policy.ca_key"));
        // A point that is on no curve: the spki of P-256 with zeros.
        let spki = [&key().public_key().spki()[..27], &[0; 64]].concat();
        let nowhere = PublicKey::from_spki(&spki).expect("it has the form of a key");
        assert!(issued(&site, &nowhere).is_err());
        assert_eq!(site.authority.next_serial().expect("a number"), before);
    }

    #[test]
    fn long_name_of_a_ca_is_cut() {
        let ca = |name: &str| DistinguishedName::build(&named(name)).expect("a name");
        let name = |ca: &DistinguishedName| responder_name(ca).expect("a name").to_string();
        let longest = "x".repeat(MAX_COMMON_NAME);
        let cut = "x".repeat(MAX_COMMON_NAME - " OCSP responder".len());
        assert_eq!(name(&ca(&longest)), format!("CN={cut} OCSP responder"));
        let nobody = DistinguishedName::build(&NameParts::new([])).expect("no name");
        assert_eq!(name(&nobody), "CN=OCSP responder");
    }
}
