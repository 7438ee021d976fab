//! May this be issued here? Gathers what policy has to know about this CA, and queries it. Every command that
//! issues for hosts goes through here before anything is reserved.

use time::OffsetDateTime;

use crate::authority::own::previous::has_signed_log;
use crate::authority::{Authority, AuthorityError};
use crate::policy::{
    CertifiedKey, Content, Kinship, KnownAuthority, Permitted, Refusal, Surroundings, decide,
};
use crate::records::key_digits;
use gsec_pki::key::PublicKey;
use gsec_pki::x509::{Certificate, DistinguishedName, GeneralName, NameConstraints, SerialNumber};

impl Authority {
    /// Decides whether a certificate may be issued by this CA. With it come the certificates that were
    /// revoked for keys that are no longer known, so a submitted key could not be compared with them.
    ///
    /// # Errors
    /// [`AuthorityError::PolicyMissing`]; [`AuthorityError::Refused`]; [`AuthorityError::KeyCompromised`]; [`AuthorityError::Store`].
    pub(in crate::authority) fn decide<'a>(
        &self,
        content: Content<'a>,
        now: OffsetDateTime,
    ) -> Result<(Permitted<'a>, Vec<SerialNumber>), AuthorityError> {
        self.expect_policy()?;
        let unknown = match &content.key {
            CertifiedKey::Known(key) => self.expect_not_compromised(&[key])?,
            CertifiedKey::New(_) => Vec::new(),
        };
        let constraints: Vec<&NameConstraints> = self.constraints().collect();
        let below = self.below(&content)?;
        self.expect_not_told_below(&content)?;
        let former = self.former_key(&content)?;
        let former = former.iter().map(|key| KnownAuthority {
            subject: self.certificate().subject(),
            key,
            kinship: Kinship::Former,
        });
        let authorities: Vec<KnownAuthority<'_>> = self
            .authorities()
            .chain(former)
            .chain(below.iter().map(|below| known(below, Kinship::Below)))
            .collect();
        let surroundings = Surroundings {
            constraints: &constraints,
            authorities: &authorities,
        };
        let permitted =
            decide(self.policy()?, content, &surroundings, now).map_err(|source| self.refused(source))?;
        Ok((permitted, unknown))
    }

    /// Checks that the policy is the CA's, and not the default because the file was lost or does not read.
    ///
    /// # Errors
    /// [`AuthorityError::PolicyMissing`], [`AuthorityError::PolicyFile`].
    pub(in crate::authority) fn expect_policy(&self) -> Result<(), AuthorityError> {
        match self.directory().lost_policy()? {
            Some(sign) => Err(AuthorityError::PolicyMissing {
                path: self.directory().policy(),
                sign,
            }),
            None => self.policy().map(|_| ()),
        }
    }

    /// The CA itself, those above it, and what it was before its key was changed.
    pub(in crate::authority) fn authorities(&self) -> impl Iterator<Item = KnownAuthority<'_>> {
        let own = std::iter::once((self.certificate(), Kinship::This));
        let above = self
            .chain()
            .iter()
            .map(|certificate| (certificate, Kinship::Above));
        let former = self
            .previous()
            .iter()
            .map(|previous| (previous.certificate(), Kinship::Former));
        // What can no longer be proved may still be trusted by peers.
        let unproven = self
            .unproven
            .iter()
            .filter_map(|unproven| unproven.certificate.as_ref())
            .map(|certificate| (certificate, Kinship::Former));
        own.chain(above)
            .chain(former)
            .chain(unproven)
            .map(|(certificate, kinship)| known(certificate, kinship))
    }

    /// The key of a certificate that is to be issued, where `previous/` has a folder of that key, even without a certificate, or where the
    /// audit log has a signature by it.
    fn former_key(&self, content: &Content<'_>) -> Result<Option<PublicKey>, AuthorityError> {
        let CertifiedKey::Known(key) = &content.key else {
            return Ok(None);
        };
        let is_former = self.directory().was_a_key_before(key)? || has_signed_log(self.records(), key);
        Ok(is_former.then(|| PublicKey::clone(key)))
    }

    /// The first of these CAs that has this name or this key.
    pub(in crate::authority) fn taken<'a>(
        mut authorities: impl Iterator<Item = KnownAuthority<'a>>,
        subject: &DistinguishedName,
        key: &PublicKey,
    ) -> Option<Taken> {
        authorities.find_map(|authority| {
            let (of_ca, kinship) = (|| authority.subject.to_string(), authority.kinship);
            if !subject.is_empty() && subject == authority.subject {
                return Some(Taken::Name {
                    subject: of_ca(),
                    kinship,
                });
            }
            key.is_same_key(authority.key).then(|| Taken::Key {
                subject: of_ca(),
                kinship,
            })
        })
    }

    /// CAs that this one has certified, valid or not, with the key or the name of a certificate that is to be
    /// issued. A new key belongs to no CA, and a subject whose common names are hosts that the certificate
    /// names anyway is taken for a host's: neither costs a look. A name of one label may be a CA's; one with
    /// a dot, and an address, becomes no CA's name here.
    fn below(&self, content: &Content<'_>) -> Result<Vec<Certificate>, AuthorityError> {
        let (subject, key) = Self::compared(content);
        self.certified_with(subject, key)
    }

    /// What of a certificate is compared with CAs that this one has certified; see [`Self::below`].
    fn compared<'a>(content: &'a Content<'_>) -> (Option<&'a DistinguishedName>, Option<&'a PublicKey>) {
        let key = match &content.key {
            CertifiedKey::New(_) => None,
            CertifiedKey::Known(key) => Some(&**key),
        };
        let common_names = content.subject.common_names();
        let is_named = |common_name: &String| {
            GeneralName::parse_host(common_name)
                .is_ok_and(|host| is_hosts_alone(&host) && content.names.contains(&host))
        };
        let is_hosts = !common_names.is_empty() && common_names.iter().all(is_named);
        (
            Some(&content.subject).filter(|subject| !subject.is_empty() && (key.is_some() || !is_hosts)),
            key,
        )
    }

    /// The same of CAs whose certificate is not in the repository any more: the audit log records them.
    fn expect_not_told_below(&self, content: &Content<'_>) -> Result<(), AuthorityError> {
        let (subject, key) = Self::compared(content);
        match self.told_below(subject, key)? {
            None => Ok(()),
            Some(Taken::Name { subject, kinship }) => {
                Err(self.refused(Refusal::AuthorityName { subject, kinship }))
            }
            Some(Taken::Key { subject, kinship }) => {
                Err(self.refused(Refusal::AuthorityKey { subject, kinship }))
            }
        }
    }

    /// The first CA with a name or a key that this one has certified, as the audit log records. Where the log
    /// filter hides the name, the record has it.
    pub(in crate::authority) fn told_below(
        &self,
        subject: Option<&DistinguishedName>,
        key: Option<&PublicKey>,
    ) -> Result<Option<Taken>, AuthorityError> {
        if self.has_none_below() || (subject.is_none() && key.is_none()) {
            return Ok(None);
        }
        let mut told = Vec::new();
        self.records()
            .audit_of_authorities(&mut |fields| told.push(fields))?;
        let digits = key.map(key_digits);
        let name = subject.map(|subject| (subject.to_string(), subject.openssl_oneline()));
        for fields in told {
            let Some(serial) = fields.serial.as_deref().and_then(SerialNumber::parse_any_hex) else {
                continue;
            };
            let kinship = Kinship::Below;
            if let Some((text, oneline)) = &name {
                let is_told = fields
                    .subject
                    .as_ref()
                    .is_some_and(|told| told.eq_ignore_ascii_case(text));
                let record = if is_told {
                    None
                } else {
                    self.records().find(&serial)?
                };
                if is_told || record.is_some_and(|record| record.subject.eq_ignore_ascii_case(oneline)) {
                    return Ok(Some(Taken::Name {
                        subject: text.clone(),
                        kinship,
                    }));
                }
            }
            if digits.is_some() && fields.key_material == digits {
                let subject = fields.subject.unwrap_or_else(|| format!("serial {serial}"));
                return Ok(Some(Taken::Key { subject, kinship }));
            }
        }
        Ok(None)
    }

    /// RFC 5280 §4.2.1.9: below such a CA there is none.
    fn has_none_below(&self) -> bool {
        self.certificate()
            .basic_constraints()
            .is_some_and(|constraints| constraints.path_len == Some(0))
    }

    /// CAs that this one has certified with a name, or for a key.
    pub(in crate::authority) fn certified_with(
        &self,
        subject: Option<&DistinguishedName>,
        key: Option<&PublicKey>,
    ) -> Result<Vec<Certificate>, AuthorityError> {
        if self.has_none_below() || (subject.is_none() && key.is_none()) {
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
            let has_name = subject.is_some_and(|subject| certificate.subject() == subject);
            certificate.is_authority()
                && (has_name || key.is_some_and(|key| certificate.public_key().is_same_key(key)))
        };
        let mut certified = Vec::new();
        for record in &found {
            certified.extend(self.issued_certificate(&record.serial)?.filter(is_meant));
        }
        Ok(certified)
    }

    pub(in crate::authority) fn refused(&self, source: Refusal) -> AuthorityError {
        AuthorityError::Refused {
            path: self.directory().policy(),
            source: Box::new(source),
        }
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
    KnownAuthority {
        subject: certificate.subject(),
        key: certificate.public_key(),
        kinship,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Identity, host, named};

    #[test]
    fn name_or_key_that_a_ca_has() {
        let (ca, other) = (
            Identity::root("Example CA").certificate,
            Identity::root("Other CA").certificate,
        );
        let taken = |subject: &DistinguishedName, key: &PublicKey| match Authority::taken(
            [known(&ca, Kinship::This)].into_iter(),
            subject,
            key,
        ) {
            Some(Taken::Name { .. }) => "name",
            Some(Taken::Key { .. }) => "key",
            None => "free",
        };
        let nobody = DistinguishedName::build(&gsec_pki::x509::NameParts::new([])).expect("no name");
        let own_name = DistinguishedName::build(&named("example ca")).expect("a name");
        assert_eq!(taken(other.subject(), other.public_key()), "free");
        assert_eq!(
            taken(&own_name, other.public_key()),
            "name",
            "case does not count"
        );
        assert_eq!(taken(other.subject(), ca.public_key()), "key");
        assert_eq!(taken(&nobody, other.public_key()), "free");
        assert_eq!(taken(&nobody, ca.public_key()), "key");
    }

    #[test]
    fn names_that_only_hosts_have() {
        for (name, is_hosts) in [("db1.example.com", true), ("10.0.0.9", true), ("db1", false)] {
            assert_eq!(is_hosts_alone(&host(name)), is_hosts, "{name}");
        }
    }
}
