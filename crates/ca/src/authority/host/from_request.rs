//! Certifying a request (PKCS #10). What it says is a wish: names are those that the administrator gives or lets it have, and
//! everything else is the profile's.

use std::collections::HashSet;

use thiserror::Error;
use time::OffsetDateTime;

use crate::authority::host::decide::{Taken, known};
use crate::authority::host::plan::{folded, without_repeats};
use crate::authority::{Authority, AuthorityError, HostKey, HostOrder, IssuePlan, Warning};
use crate::policy::{Kinship, may_take_names};
use gsec_pki::key::{KeyFlaw, PublicKey, SignatureAlgorithm, SignatureCheck, SignatureDigest};
use gsec_pki::x509::{CertificateRequest, DistinguishedName, GeneralName, Lifetime, NameAttribute};

/// How to certify a request.
#[derive(Debug, Clone, Default)]
pub struct RequestOrder {
    /// The host itself, when it is given apart from the other names.
    pub host: Option<GeneralName>,
    /// Further names.
    pub further_names: Vec<GeneralName>,
    /// Whether the names of the request are certified as well, as far as the profile lets it have them.
    pub takes_names: bool,
    /// The parts of the subject but for the common name.
    pub subject: Vec<NameAttribute>,
    /// The common name; the host when `None`.
    pub common_name: Option<NameAttribute>,
    /// The profile.
    pub profile: String,
    /// Its lifetime; as the profile says when `None`.
    pub lifetime: Option<Lifetime>,
}

/// What will be issued on a request.
pub struct RequestPlan<'a> {
    /// The certificate.
    pub issue: IssuePlan<'a>,
    /// The names that are in it only because the request contains them.
    pub names_taken: Vec<GeneralName>,
    /// What the request contains that is not granted, one text per item.
    pub ignored: Vec<String>,
}

/// Why a request is not certified.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum RequestError {
    /// The signature is not by the key in the request.
    #[error("the request is not signed by its own key ({algorithm}), or was changed since")]
    Possession {
        /// The signature algorithm.
        algorithm: String,
    },
    /// It is unknown whether the key was there when it was signed.
    #[error("the request is signed with {algorithm} by a key of {key}, which cannot be checked here")]
    SignatureUnsupported {
        /// The signature algorithm.
        algorithm: String,
        /// The key.
        key: String,
    },
    /// The subject is a CA's.
    #[error("the request asks for the name of {kinship}, `{subject}`")]
    AuthorityName {
        /// The name.
        subject: String,
        /// Whose it is.
        kinship: Kinship,
    },
    /// The key is a CA's.
    #[error("the request contains the key of {kinship}, `{subject}`")]
    AuthorityKey {
        /// The CA's name.
        subject: String,
        /// Whose it is.
        kinship: Kinship,
    },
    /// The key is weak, or of a kind that is not certified.
    #[error("the key of the request is not certified: {0}")]
    Key(#[from] KeyFlaw),
    /// The names to be certified were not given.
    #[error(
        "no name is given to certify, and the request asks for {}",
        GeneralName::in_words(asked)
    )]
    NamesNotGiven {
        /// Those in the request.
        asked: Vec<GeneralName>,
    },
    /// The request contains names that were not given.
    #[error("the request asks for further names: {}", GeneralName::in_words(names))]
    NamesBeyond {
        /// These names.
        names: Vec<GeneralName>,
    },
    /// No host name and no address among the names.
    #[error(
        "there is neither a host name nor an address to certify, only {}",
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

impl Authority {
    /// Checks a request and how it is to be certified against profile and policy. Nothing is reserved or
    /// written.
    ///
    /// # Errors
    /// [`AuthorityError::Request`] for what is wrong with the request, else as [`Authority::plan_host`].
    pub fn plan_request(
        &self,
        request: &CertificateRequest,
        order: RequestOrder,
        now: OffsetDateTime,
    ) -> Result<RequestPlan<'_>, AuthorityError> {
        self.expect_host(request.subject(), request.public_key())?;
        request.public_key().expect_sound().map_err(RequestError::from)?;
        expect_possession(request)?;
        let profile = self
            .policy()?
            .profile(&order.profile)
            .map_err(AuthorityError::Profile)?;
        let NamesToCertify {
            host,
            further,
            taken,
            unfit,
        } = names_to_certify(request, &order)?;
        may_take_names(profile, &taken).map_err(|source| self.refused(source))?;
        let host_order = HostOrder {
            host,
            further_names: further,
            subject: order.subject,
            common_name: order.common_name,
            profile: order.profile,
            lifetime: order.lifetime,
            key: HostKey::Certified(Box::new(request.public_key().clone())),
            friendly_name: None,
        };
        let mut issue = self.plan_host(host_order, now)?;
        issue.warnings.splice(0..0, warnings_about(request));
        let ignored = ignored(request, &issue.subject, &unfit);
        Ok(RequestPlan {
            issue,
            names_taken: taken,
            ignored,
        })
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

/// The names that a certificate gets, and those of the request that no certificate gets.
struct NamesToCertify {
    host: GeneralName,
    further: Vec<GeneralName>,
    taken: Vec<GeneralName>,
    unfit: Vec<GeneralName>,
}

fn names_to_certify(
    request: &CertificateRequest,
    order: &RequestOrder,
) -> Result<NamesToCertify, RequestError> {
    let given: Vec<GeneralName> = order.host.iter().chain(&order.further_names).cloned().collect();
    let asked = asked_names(request);
    if given.is_empty() && !order.takes_names {
        return Err(RequestError::NamesNotGiven { asked });
    }
    let known: HashSet<String> = given.iter().map(folded).collect();
    let beyond: Vec<GeneralName> = asked
        .into_iter()
        .filter(|name| !known.contains(&folded(name)))
        .collect();
    if !order.takes_names && !beyond.is_empty() {
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
fn ignored(request: &CertificateRequest, subject: &DistinguishedName, unfit: &[GeneralName]) -> Vec<String> {
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
