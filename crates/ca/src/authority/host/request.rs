//! A request for a host, made where its key lives; no CA is needed.

use crate::authority::host::order::without_repeats;
use crate::authority::host::plan::{common_name_that_fits, warn_about_names};
use crate::authority::{AuthorityError, Warning};
use gsec_pki::key::{KeyAlgorithm, KeyType, PrivateKey, PublicKey, SignatureCheck, Signer};
use gsec_pki::x509::{
    DistinguishedName, GeneralName, IssueError, NameAttribute, NameParts, RequestTemplate, build_request,
    certreq_inf, decode_request, encode_for_certreq,
};

/// The key of a request.
pub enum RequestKey {
    /// It is there.
    Given(Box<PrivateKey>),
    /// It is made.
    New(KeyAlgorithm),
    /// Windows makes it, with `certreq`.
    OfWindows(KeyAlgorithm),
}

/// A request before its key is made.
pub struct RequestDraft {
    /// The subject.
    pub subject: DistinguishedName,
    /// Every name, the host first, none twice.
    pub names: Vec<GeneralName>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    host: GeneralName,
}

/// A request that was made.
pub struct MadeRequest {
    /// The request as PEM, or the `.inf` file that Windows makes one from.
    pub content: Vec<u8>,
    /// The public key that it is about; `None` where Windows makes it.
    pub public_key: Option<PublicKey>,
    /// The private key, where it is new.
    pub new_key: Option<PrivateKey>,
}

impl RequestKey {
    /// What people and JSON see as its kind.
    pub fn type_name(&self) -> String {
        match self {
            Self::Given(key) => key.public_key().type_name(),
            Self::New(algorithm) | Self::OfWindows(algorithm) => algorithm.key_type().to_string(),
        }
    }

    /// Its size in bits; 0 where that is not known.
    pub fn bits(&self) -> u32 {
        match self {
            Self::Given(key) => key.public_key().size_bits().unwrap_or_default(),
            Self::New(algorithm) | Self::OfWindows(algorithm) => algorithm.bits(),
        }
    }

    /// Its kind and size; `None` for a key that gsec does not make.
    pub fn algorithm(&self) -> Option<KeyAlgorithm> {
        match self {
            Self::Given(key) => key.public_key().algorithm(),
            Self::New(algorithm) | Self::OfWindows(algorithm) => Some(*algorithm),
        }
    }

    fn key_type(&self) -> Option<KeyType> {
        match self {
            Self::Given(key) => key.public_key().key_type(),
            Self::New(algorithm) | Self::OfWindows(algorithm) => Some(algorithm.key_type()),
        }
    }
}

impl RequestDraft {
    /// What will be requested: the host, further names, the parts of a subject, and a common name that is not
    /// the host.
    ///
    /// # Errors
    /// [`AuthorityError::Issue`].
    pub fn of(
        key: &RequestKey,
        host: &GeneralName,
        further_names: Vec<GeneralName>,
        subject: impl Iterator<Item = NameAttribute>,
        common_name: Option<NameAttribute>,
    ) -> Result<Self, AuthorityError> {
        let mut warnings = Vec::new();
        let common_name = common_name.or_else(|| common_name_that_fits(host, &mut warnings));
        let names = without_repeats(std::iter::once(host.clone()).chain(further_names));
        warn_about_names(
            host,
            common_name.as_ref().map(NameAttribute::value),
            &names,
            &mut warnings,
        );
        if key.key_type() == Some(KeyType::Ed25519) {
            warnings.push(Warning::Ed25519);
        }
        let subject = DistinguishedName::build(&NameParts::new(subject.chain(common_name)))
            .map_err(IssueError::from)?;
        Ok(Self {
            subject,
            names,
            warnings,
            host: host.clone(),
        })
    }

    /// Makes the key, where it is not there, and the request.
    ///
    /// # Errors
    /// [`AuthorityError::KeyOperation`], [`AuthorityError::Issue`], [`AuthorityError::CertreqInf`].
    pub fn make(&self, key: &RequestKey) -> Result<MadeRequest, AuthorityError> {
        match key {
            RequestKey::Given(key) => self.signed_by(key),
            RequestKey::New(algorithm) => {
                let key = PrivateKey::generate(*algorithm)?;
                let made = self.signed_by(&key)?;
                Ok(MadeRequest {
                    new_key: Some(key),
                    ..made
                })
            }
            RequestKey::OfWindows(algorithm) => {
                let text = certreq_inf(&self.subject, &self.names, *algorithm, &[], &self.host.value())?;
                Ok(MadeRequest {
                    content: encode_for_certreq(&text),
                    public_key: None,
                    new_key: None,
                })
            }
        }
    }

    /// Whether a file holds just this request, made with a key: what a call was about to give its name when it was cut off.
    pub fn is_made_with(&self, key: &PublicKey, content: &[u8]) -> bool {
        decode_request(content).is_ok_and(|request| {
            request.subject().has_same_encoding(&self.subject)
                && request.names() == self.names
                && request.public_key() == key
                && request.verify_possession() == SignatureCheck::Good
        })
    }

    fn signed_by(&self, key: &PrivateKey) -> Result<MadeRequest, AuthorityError> {
        let request = build_request(
            &RequestTemplate {
                subject: &self.subject,
                names: &self.names,
                authority: None,
            },
            key,
        )?;
        Ok(MadeRequest {
            content: request.to_pem().into_bytes(),
            public_key: Some(key.public_key().clone()),
            new_key: None,
        })
    }
}
