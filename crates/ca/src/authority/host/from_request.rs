//! Certifying a request (PKCS #10). What it says is a wish: names are those that the administrator gives or lets it have, and
//! everything else is the profile's.

use std::collections::HashSet;

use thiserror::Error;

use crate::authority::host::decide::{Taken, known};
use crate::authority::host::order::{HostOrder, Names, folded, without_repeats};
use crate::authority::{Authority, AuthorityError, Warning};
use crate::policy::{Kinship, may_take_names};
use gsec_pki::key::{KeyFlaw, PublicKey, SignatureAlgorithm, SignatureCheck, SignatureDigest};
use gsec_pki::x509::{CertificateRequest, DistinguishedName, GeneralName};

/// Why a request is not certified.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum RequestError {
    /// The signature is not by the key in the request.
    #[error("the CSR is not signed by its own key ({algorithm}), or was changed since")]
    Possession {
        /// The signature algorithm.
        algorithm: String,
    },
    /// It is unknown whether the key was there when it was signed.
    #[error("the CSR is signed with {algorithm} by a key of {key}, which cannot be checked here")]
    SignatureUnsupported {
        /// The signature algorithm.
        algorithm: String,
        /// The key.
        key: String,
    },
    /// The subject is a CA's.
    #[error("the CSR requests the name of {kinship}, `{subject}`")]
    AuthorityName {
        /// The name.
        subject: String,
        /// Whose it is.
        kinship: Kinship,
    },
    /// The key is a CA's.
    #[error("the CSR contains the key of {kinship}, `{subject}`")]
    AuthorityKey {
        /// The CA's name.
        subject: String,
        /// Whose it is.
        kinship: Kinship,
    },
    /// The key is weak, or of a kind that is not certified.
    #[error("the key of the CSR is not certified: {0}")]
    Key(#[from] KeyFlaw),
    /// The names to be certified were not given.
    #[error(
        "no name was given to certify, and the CSR requests {}",
        GeneralName::in_words(asked)
    )]
    NamesNotGiven {
        /// Those in the request.
        asked: Vec<GeneralName>,
    },
    /// The request contains names that were not given.
    #[error("the CSR requests additional names: {}", GeneralName::in_words(names))]
    NamesBeyond {
        /// These names.
        names: Vec<GeneralName>,
    },
    /// No host name and no address among the names.
    #[error(
        "there is no host name or address to certify, only {}",
        GeneralName::in_words(names)
    )]
    NoHost {
        /// The names that there are.
        names: Vec<GeneralName>,
    },
}

impl RequestError {
    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Possession { .. } => "request.possession",
            Self::SignatureUnsupported { .. } => "request.signature_unsupported",
            Self::AuthorityName { .. } => "request.ca_name",
            Self::AuthorityKey { .. } => "request.ca_key",
            Self::Key(KeyFlaw::Unsupported { .. }) => "request.key_unsupported",
            Self::Key(_) => "request.weak_key",
            Self::NamesNotGiven { .. } => "request.names_not_given",
            Self::NamesBeyond { .. } => "request.names_beyond",
            Self::NoHost { .. } => "request.no_host",
        }
    }
}

/// The names that a certificate gets, and those of a request that no certificate gets.
pub(in crate::authority) struct NamesToCertify {
    pub host: GeneralName,
    /// All names; the host may be among them.
    pub further: Vec<GeneralName>,
    /// Those that only the request contains.
    pub taken: Vec<GeneralName>,
    pub unfit: Vec<GeneralName>,
    /// What is odd about where they come from.
    pub warnings: Vec<Warning>,
}

impl Authority {
    /// The names of an order. A request that it is based on is checked first: no other key is certified.
    ///
    /// # Errors
    /// [`AuthorityError::Request`], [`AuthorityError::OtherKey`], [`AuthorityError::Profile`], [`AuthorityError::Refused`].
    pub(in crate::authority) fn names_to_certify(
        &self,
        order: &HostOrder,
    ) -> Result<NamesToCertify, AuthorityError> {
        let Names::FromRequest { request, takes_names } = &order.names else {
            return Ok(given_names(order)?);
        };
        if order.key.brought_along() != Some(request.public_key()) {
            return Err(AuthorityError::OtherKey);
        }
        self.expect_host(request.subject(), request.public_key())?;
        request.public_key().expect_sound().map_err(RequestError::from)?;
        expect_possession(request)?;
        let profile = self
            .policy()?
            .profile(&order.profile)
            .map_err(AuthorityError::Profile)?;
        let found = requested_names(request, order, *takes_names)?;
        may_take_names(profile, &found.taken).map_err(|source| self.refused(source))?;
        Ok(found)
    }

    /// Checks that a host's request does not contain the name or key of a CA: this one, those above and
    /// below, and what it was.
    ///
    /// # Errors
    /// [`RequestError::AuthorityName`], [`RequestError::AuthorityKey`]; [`AuthorityError::Store`].
    pub fn expect_host(&self, subject: &DistinguishedName, key: &PublicKey) -> Result<(), AuthorityError> {
        let below = self.certified_with(Some(subject).filter(|subject| !subject.is_empty()), Some(key))?;
        let authorities = self
            .authorities()
            .chain(below.iter().map(|below| known(below, Kinship::Below)));
        expect_free(Self::taken(authorities, subject, key))?;
        Ok(expect_free(self.told_below(
            Some(subject).filter(|subject| !subject.is_empty()),
            Some(key),
        )?)?)
    }

    /// Neither name nor key of this CA, of one above it, or of its own past: a certificate for them could pass for the CA's own.
    pub(in crate::authority) fn expect_other_authority(
        &self,
        request: &CertificateRequest,
    ) -> Result<(), RequestError> {
        expect_free(Self::taken(
            self.authorities(),
            request.subject(),
            request.public_key(),
        ))
    }
}

fn expect_free(taken: Option<Taken>) -> Result<(), RequestError> {
    match taken {
        Some(Taken::Name { subject, kinship }) => Err(RequestError::AuthorityName { subject, kinship }),
        Some(Taken::Key { subject, kinship }) => Err(RequestError::AuthorityKey { subject, kinship }),
        None => Ok(()),
    }
}

pub(in crate::authority) fn expect_possession(request: &CertificateRequest) -> Result<(), RequestError> {
    let algorithm = request.signature_algorithm();
    match request.verify_possession() {
        SignatureCheck::Good => Ok(()),
        SignatureCheck::Bad => Err(RequestError::Possession { algorithm }),
        SignatureCheck::Unsupported => Err(RequestError::SignatureUnsupported {
            algorithm,
            key: request.public_key().to_string(),
        }),
    }
}

/// The names that an order gives; of a certificate that is renewed without subjectAltName its common name is one.
fn given_names(order: &HostOrder) -> Result<NamesToCertify, RequestError> {
    let further = order.further_names.clone();
    let first = || further.iter().find(|name| is_host(name)).cloned();
    let Some(host) = order.host.clone().or_else(first) else {
        return Err(RequestError::NoHost { names: further });
    };
    let named_by_subject = order
        .replaces
        .as_ref()
        .filter(|old| old.subject_alternative_names().is_none_or(<[_]>::is_empty));
    let warning = named_by_subject.map(|old| Warning::NameFromSubject {
        host: host.value(),
        serial: old.serial().clone(),
    });
    Ok(NamesToCertify {
        host,
        further,
        taken: Vec::new(),
        unfit: Vec::new(),
        warnings: warning.into_iter().collect(),
    })
}

fn requested_names(
    request: &CertificateRequest,
    order: &HostOrder,
    takes_names: bool,
) -> Result<NamesToCertify, RequestError> {
    let given: Vec<GeneralName> = order.host.iter().chain(&order.further_names).cloned().collect();
    let asked = asked_names(request);
    if given.is_empty() && !takes_names {
        return Err(RequestError::NamesNotGiven { asked });
    }
    let known: HashSet<String> = given.iter().map(folded).collect();
    let beyond: Vec<GeneralName> = asked
        .into_iter()
        .filter(|name| !known.contains(&folded(name)))
        .collect();
    if !takes_names && !beyond.is_empty() {
        return Err(RequestError::NamesBeyond { names: beyond });
    }
    let (taken, unfit): (Vec<_>, Vec<_>) = beyond.into_iter().partition(GeneralName::is_issued_as_it_stands);
    let all: Vec<GeneralName> = given.iter().chain(&taken).cloned().collect();
    let of_common_name = host_of_common_name(request).filter(|name| given.is_empty() && taken.contains(name));
    match order
        .host
        .clone()
        .or(of_common_name)
        .or_else(|| all.iter().find(|name| is_host(name)).cloned())
    {
        Some(host) => Ok(NamesToCertify {
            host,
            further: all,
            taken,
            unfit,
            warnings: warnings_about(request),
        }),
        None => Err(RequestError::NoHost { names: all }),
    }
}

fn is_host(name: &GeneralName) -> bool {
    matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_))
}

/// Every name that a request contains: those of subjectAltName, and a common name that reads as a host name,
/// none twice.
fn asked_names(request: &CertificateRequest) -> Vec<GeneralName> {
    let names = request.names().iter().map(|name| match name {
        // An address that was written as a host name, as many do: the address is intended.
        GeneralName::Other { kind: "dns", text } => {
            GeneralName::parse_host(text).unwrap_or_else(|_| name.clone())
        }
        name => name.clone(),
    });
    without_repeats(names.chain(host_of_common_name(request)))
}

/// A common name that old peers take for a host name: one with a dot, or an address.
fn host_of_common_name(request: &CertificateRequest) -> Option<GeneralName> {
    let mut hosts = request
        .subject()
        .common_names()
        .into_iter()
        .filter_map(|name| GeneralName::parse_host(&name).ok());
    hosts.find(|host| match host {
        GeneralName::Dns(name) => name.is_qualified(),
        _ => true,
    })
}

fn warnings_about(request: &CertificateRequest) -> Vec<Warning> {
    let authority = request
        .asks_for_authority()
        .then_some(Warning::AuthorityNotGranted);
    warning_about_digest(request)
        .into_iter()
        .chain(warning_about_key(request))
        .chain(authority)
        .collect()
}

/// A key that many programs cannot use.
pub(in crate::authority) fn warning_about_key(request: &CertificateRequest) -> Option<Warning> {
    request.public_key().is_pss_only().then_some(Warning::PssOnly)
}

/// SHA-1, with which requests should not be signed any more; whether the key was there is proved all the
/// same.
pub(in crate::authority) fn warning_about_digest(request: &CertificateRequest) -> Option<Warning> {
    let is_sha1 = SignatureAlgorithm::digest(request.signature_algorithm_der()) == SignatureDigest::Sha1;
    is_sha1.then(|| Warning::RequestDigest {
        algorithm: request.signature_algorithm(),
    })
}

/// What a request contains that is not granted: parts of the subject that the certificate does not have,
/// names that are never certified, and all else.
pub(in crate::authority) fn ignored(
    request: &CertificateRequest,
    subject: &DistinguishedName,
    unfit: &[GeneralName],
) -> Vec<String> {
    let granted = subject.attributes();
    let parts = request
        .subject()
        .attributes()
        .into_iter()
        .filter(|part| !granted.contains(part));
    let parts = parts.map(|(name, value)| format!("subject {name}={value}"));
    let names = unfit.iter().map(|name| format!("subjectAltName {name}"));
    parts
        .chain(names)
        .chain(request.further_wishes().iter().cloned())
        .collect()
}
