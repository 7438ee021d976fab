//! May this be issued here? Gathers what policy has to know about this CA, and asks it. Every command that issues for hosts comes by here
//! before anything is reserved.

use time::OffsetDateTime;

use super::{Authority, AuthorityError};
use crate::key::PublicKey;
use crate::policy::{CertifiedKey, Content, Kinship, KnownAuthority, Permitted, Refusal, Surroundings, decide};
use crate::x509::{Certificate, DistinguishedName, NameConstraints};

impl Authority {
    /// Decides whether a certificate may be issued by this CA.
    ///
    /// # Errors
    /// [`AuthorityError::Refused`]; [`AuthorityError::KeyCompromised`]; [`AuthorityError::Store`].
    pub(super) fn decide<'a>(&self, content: Content<'a>, now: OffsetDateTime) -> Result<Permitted<'a>, AuthorityError> {
        if let CertifiedKey::Known(key) = &content.key {
            self.expect_not_compromised(&[key])?;
        }
        let constraints: Vec<&NameConstraints> = self.constraints().collect();
        let authorities: Vec<KnownAuthority<'_>> = self.authorities().collect();
        let surroundings = Surroundings { constraints: &constraints, authorities: &authorities };
        decide(self.policy(), content, &surroundings, now).map_err(|source| self.refused(source))
    }

    /// The CA itself, those above it, and what it was before its key was changed.
    pub(super) fn authorities(&self) -> impl Iterator<Item = KnownAuthority<'_>> {
        let own = std::iter::once((self.certificate(), Kinship::This));
        let above = self.chain().iter().map(|certificate| (certificate, Kinship::Above));
        let former = self.previous().iter().map(|previous| (previous.certificate(), Kinship::Former));
        own.chain(above).chain(former).map(|(certificate, kinship)| known(certificate, kinship))
    }

    /// The first CA that has this name or this key.
    pub(super) fn authority_with(&self, subject: &DistinguishedName, key: &PublicKey) -> Option<Taken> {
        self.authorities().find_map(|authority| {
            let (of_ca, kinship) = (|| authority.subject.to_string(), authority.kinship);
            if !subject.is_empty() && subject.is_same_name(authority.subject) {
                return Some(Taken::Name { subject: of_ca(), kinship });
            }
            key.is_same_key(authority.key).then(|| Taken::Key { subject: of_ca(), kinship })
        })
    }

    pub(super) fn refused(&self, source: Refusal) -> AuthorityError {
        AuthorityError::Refused { path: self.directory().policy(), source }
    }
}

/// What a CA has already.
pub(super) enum Taken {
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

fn known(certificate: &Certificate, kinship: Kinship) -> KnownAuthority<'_> {
    KnownAuthority { subject: certificate.subject(), key: certificate.public_key(), kinship }
}
