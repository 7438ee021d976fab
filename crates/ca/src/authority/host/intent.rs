//! What a certificate is to say, as it is told to a process that has the CA's key; and how that process reads it.

use time::OffsetDateTime;

use crate::authority::{Authority, AuthorityError, Unlocked};
use crate::home::{Intent, starts_now};
use crate::policy::{CertifiedKey, Content, OCSP_RESPONDER, Permitted};
use gsec_pki::encoding::hex::{Separator, decode, encode};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{
    CLOCK_SKEW_ALLOWANCE, Certificate, DistinguishedName, GeneralName, SerialNumber, Validity, parse_time,
    rfc3339,
};

/// What was permitted, for a key.
pub(in crate::authority) fn intent_of(permitted: &Permitted<'_>, key: &PublicKey) -> Intent {
    Intent {
        profile: permitted.profile.name.clone(),
        names: permitted.names.iter().map(ToString::to_string).collect(),
        subject: encode(permitted.subject.der(), Separator::None),
        not_before: rfc3339(permitted.validity.not_before()),
        not_after: rfc3339(permitted.validity.not_after()),
        public_key: encode(key.spki(), Separator::None),
    }
}

/// What is wrong with an intent.
fn wrong(part: &str) -> AuthorityError {
    AuthorityError::Intent(part.to_owned())
}

impl Authority {
    /// Certifies what another process announced, where the key is here: policy decides as for any other certificate, and the times must be of
    /// now. Of who answers OCSP requests nothing is open but the key.
    ///
    /// # Errors
    /// [`AuthorityError::Intent`] for what does not read, and for a certificate that would start at another time than now; as
    /// [`Authority::plan_host`] for what policy refuses; [`AuthorityError::Issue`].
    pub fn certify_intent(
        &self,
        serial: &SerialNumber,
        intent: &Intent,
        unlocked: &Unlocked,
        now: OffsetDateTime,
    ) -> Result<Certificate, AuthorityError> {
        if intent.profile == OCSP_RESPONDER {
            return self.certify_responder_intent(serial, intent, unlocked, now);
        }
        let bytes = |text: &str, part| decode(text).ok_or_else(|| wrong(part));
        let time = |text: &str, part| parse_time(text).ok_or_else(|| wrong(part));
        let key = PublicKey::from_spki(&bytes(&intent.public_key, "the public key")?)?;
        let subject = DistinguishedName::from_der(&bytes(&intent.subject, "the subject")?)
            .map_err(|_| wrong("the subject"))?;
        let names = intent
            .names
            .iter()
            .map(|text| {
                GeneralName::parse_san(text)
                    .ok()
                    .filter(|name| name.to_string() == *text)
            })
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| wrong("a name"))?;
        if names.is_empty() {
            return Err(wrong("the names"));
        }
        let (_, last) = self.expect_in_date(now)?;
        let validity = Validity::new(
            time(&intent.not_before, "the start")?,
            time(&intent.not_after, "the end")?,
        )?;
        if !starts_now(validity.not_before(), now, CLOCK_SKEW_ALLOWANCE) {
            return Err(wrong("the start, which is not now"));
        }
        if validity.not_after() > last {
            return Err(wrong("the end, which is after the CA's own"));
        }
        let content = Content {
            profile: self
                .policy()?
                .profile(&intent.profile)
                .map_err(AuthorityError::Profile)?,
            names,
            subject,
            validity,
            key: CertifiedKey::Known(Box::new(key.clone())),
        };
        let (permitted, _) = self.decide(content, now)?;
        self.certify_host(&permitted, &key, serial, unlocked)
    }
}
