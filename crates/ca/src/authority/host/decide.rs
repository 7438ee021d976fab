//! May this be issued here? Gathers what policy has to know about this CA, and asks it. Every command that issues for hosts comes by here
//! before anything is reserved.

use time::OffsetDateTime;

use crate::authority::{Authority, AuthorityError};
use crate::policy::{CertifiedKey, Content, Kinship, KnownAuthority, Permitted, Refusal, Surroundings, decide};
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{Certificate, DistinguishedName, GeneralName, NameConstraints, SerialNumber};

impl Authority {
    /// Decides whether a certificate may be issued by this CA. With it come the certificates that were revoked for keys that nothing is known
    /// of any more, so that a key that somebody has could not be compared with them.
    ///
    /// # Errors
    /// [`AuthorityError::Refused`]; [`AuthorityError::KeyCompromised`]; [`AuthorityError::Store`].
    pub(in crate::authority) fn decide<'a>(
        &self,
        content: Content<'a>,
        now: OffsetDateTime,
    ) -> Result<(Permitted<'a>, Vec<SerialNumber>), AuthorityError> {
        let unknown = match &content.key {
            CertifiedKey::Known(key) => self.expect_not_compromised(&[key])?,
            CertifiedKey::New(_) => Vec::new(),
        };
        let constraints: Vec<&NameConstraints> = self.constraints().collect();
        let below = self.below(&content)?;
        let authorities: Vec<KnownAuthority<'_>> = self.authorities().chain(below.iter().map(|below| known(below, Kinship::Below))).collect();
        let surroundings = Surroundings { constraints: &constraints, authorities: &authorities };
        let permitted = decide(self.policy(), content, &surroundings, now).map_err(|source| self.refused(source))?;
        Ok((permitted, unknown))
    }

    /// The CA itself, those above it, and what it was before its key was changed.
    pub(in crate::authority) fn authorities(&self) -> impl Iterator<Item = KnownAuthority<'_>> {
        let own = std::iter::once((self.certificate(), Kinship::This));
        let above = self.chain().iter().map(|certificate| (certificate, Kinship::Above));
        let former = self.previous().iter().map(|previous| (previous.certificate(), Kinship::Former));
        own.chain(above).chain(former).map(|(certificate, kinship)| known(certificate, kinship))
    }

    /// The first of these CAs that has this name or this key.
    pub(in crate::authority) fn taken<'a>(
        mut authorities: impl Iterator<Item = KnownAuthority<'a>>,
        subject: &DistinguishedName,
        key: &PublicKey,
    ) -> Option<Taken> {
        authorities.find_map(|authority| {
            let (of_ca, kinship) = (|| authority.subject.to_string(), authority.kinship);
            if !subject.is_empty() && subject.is_same_name(authority.subject) {
                return Some(Taken::Name { subject: of_ca(), kinship });
            }
            key.is_same_key(authority.key).then(|| Taken::Key { subject: of_ca(), kinship })
        })
    }

    /// CAs that this one has certified, valid or not, with the key or the name of a certificate that is to be issued. A new key is nobody's,
    /// and a subject whose common names are hosts that the certificate names anyway is taken for a host's: neither costs a look. A name of one
    /// label may be a CA's; one with a dot, and an address, becomes no CA's name here.
    fn below(&self, content: &Content<'_>) -> Result<Vec<Certificate>, AuthorityError> {
        let key = match &content.key {
            CertifiedKey::New(_) => None,
            CertifiedKey::Known(key) => Some(&**key),
        };
        let common_names = content.subject.common_names();
        let is_named =
            |common_name: &String| GeneralName::parse_host(common_name).is_ok_and(|host| is_hosts_alone(&host) && content.names.contains(&host));
        let is_hosts = !common_names.is_empty() && common_names.iter().all(is_named);
        let subject = Some(&content.subject).filter(|subject| !subject.is_empty() && (key.is_some() || !is_hosts));
        self.certified_with(subject, key)
    }

    /// CAs that this one has certified with a name, or for a key.
    pub(in crate::authority) fn certified_with(
        &self,
        subject: Option<&DistinguishedName>,
        key: Option<&PublicKey>,
    ) -> Result<Vec<Certificate>, AuthorityError> {
        // RFC 5280 §4.2.1.9: below such a CA there is none.
        let has_none = self.certificate().basic_constraints().is_some_and(|constraints| constraints.path_len == Some(0));
        if has_none || (subject.is_none() && key.is_none()) {
            return Ok(Vec::new());
        }
        let mut lookup = self.records().lookup()?;
        let mut found = Vec::new();
        if let Some(subject) = subject {
            found.extend(lookup.by_ca_name(subject)?);
        }
        if let Some(key) = key {
            found.extend(lookup.by_key(key)?);
        }
        // The index says where to look; the certificate says what it is.
        let is_meant = |certificate: &Certificate| {
            let has_name = subject.is_some_and(|subject| certificate.subject().is_same_name(subject));
            certificate.is_authority() && (has_name || key.is_some_and(|key| certificate.public_key().is_same_key(key)))
        };
        Ok(found.iter().filter_map(|record| self.issued_certificate(&record.serial)).filter(is_meant).collect())
    }

    pub(in crate::authority) fn refused(&self, source: Refusal) -> AuthorityError {
        AuthorityError::Refused { path: self.directory().policy(), source: Box::new(source) }
    }
}

/// What a CA has already.
pub(in crate::authority) enum Taken {
    /// The name.
    Name {
        /// The name of the CA.
        subject: String,
        /// Whose it is.
        kinship: Kinship,
    },
    /// The key.
    Key {
        /// The name of the CA.
        subject: String,
        /// Whose it is.
        kinship: Kinship,
    },
}

/// Whether a name is one that only hosts have: with a dot, or an address.
pub(in crate::authority) fn is_hosts_alone(name: &GeneralName) -> bool {
    match name {
        GeneralName::Dns(name) => name.is_qualified(),
        name => matches!(name, GeneralName::Ip(_)),
    }
}

pub(in crate::authority) fn known(certificate: &Certificate, kinship: Kinship) -> KnownAuthority<'_> {
    KnownAuthority { subject: certificate.subject(), key: certificate.public_key(), kinship }
}
