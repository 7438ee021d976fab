//! A CA to be certified by another one, across an air gap or under a foreign root: it makes a key and a
//! request, and waits.

use crate::authority::own::create::NewKey;
use crate::authority::session::audit_of_ca;
use crate::authority::{Authority, AuthorityError, AuthorityOrder, Session, Unlocked};
use crate::home::CaDir;
use crate::records::AuditHead;
use crate::records::file::Identity;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::{KeyAlgorithm, PrivateKey, SignatureCheck, is_encrypted_key_file};
use gsec_pki::x509::{
    AuthorityWish, CertificateRequest, DistinguishedName, GeneralName, NameConstraints, RequestTemplate,
    Subtree, build_request, decode_request,
};

/// A waiting CA that will be made: everything but the key.
pub struct NewWaiting {
    /// The directory.
    pub directory: CaDir,
    /// The requested name.
    pub subject: DistinguishedName,
    order: AuthorityOrder,
    names: Vec<GeneralName>,
}

/// A waiting CA that was made.
pub struct CreatedWaiting {
    /// What it requests.
    pub request: CertificateRequest,
    /// The head of its audit log.
    pub audit_head: AuditHead,
}

impl NewWaiting {
    /// Checks an order; its lifetime is for the CA above to decide. Nothing is written.
    ///
    /// # Errors
    /// [`AuthorityError::Store`] when there is a CA already, or the directory cannot be made; [`AuthorityError::Issue`].
    pub fn plan(directory: CaDir, order: AuthorityOrder) -> Result<Self, AuthorityError> {
        directory.expect_creatable()?;
        Ok(Self {
            directory,
            subject: order.subject()?,
            names: order.alternative_names(),
            order,
        })
    }

    /// The request of a CA that waits in a directory, if this order requests the same: the previous call was
    /// cut off when it was made.
    ///
    /// # Errors
    /// [`AuthorityError`], when what is there cannot be read.
    pub fn made_before(
        directory: &CaDir,
        order: &AuthorityOrder,
        is_encrypted: bool,
    ) -> Result<Option<CertificateRequest>, AuthorityError> {
        let path = directory.ca_request();
        let request = decode_request(&directory.read(&path)?)
            .map_err(|source| AuthorityError::Certificate { path, source })?;
        // A key of the cheapest kind signs what the order comes to.
        let key = PrivateKey::generate(KeyAlgorithm::P256)?;
        let wish = AuthorityWish {
            path_len: order.path_len,
            constraints: order.constraints.clone(),
        };
        let template = RequestTemplate {
            subject: &order.subject()?,
            names: &order.alternative_names(),
            authority: Some(wish),
        };
        let ordered = build_request(&template, &key)?;
        let is_same = request.subject().has_same_encoding(ordered.subject())
            && request.extensions() == ordered.extensions()
            && request.public_key().algorithm() == Some(order.algorithm)
            && is_encrypted_key_file(&directory.read(&directory.ca_key())?) == is_encrypted
            && request.verify_possession() == SignatureCheck::Good;
        Ok(is_same.then_some(request))
    }

    /// What was requested.
    pub fn order(&self) -> &AuthorityOrder {
        &self.order
    }

    /// Makes the key, the request and the directory. With a passphrase the key is encrypted.
    ///
    /// # Errors
    /// [`AuthorityError`]; then there is no CA, and no key is left.
    pub fn create(
        self,
        passphrase: Option<&str>,
        session: &mut Session<'_>,
    ) -> Result<CreatedWaiting, AuthorityError> {
        let key = NewKey::generate(self.order.algorithm, &self.directory, passphrase, session)?;
        let wish = AuthorityWish {
            path_len: self.order.path_len,
            constraints: self.order.constraints.clone(),
        };
        let template = RequestTemplate {
            subject: &self.subject,
            names: &self.names,
            authority: Some(wish),
        };
        let request = build_request(&template, key.signer.as_ref())?;
        let audit = audit_of_ca(
            request.subject(),
            "key_sha256",
            encode(&request.public_key().pin(), Separator::None),
            session,
        );
        let audit_head = key.make_directory(
            &self.directory,
            self.order.serial,
            Identity::Request(&request.to_pem()),
            &audit,
            session,
        )?;
        Ok(CreatedWaiting { request, audit_head })
    }
}

impl Authority {
    /// A request for another certificate of the CA's present name and key, as the CA above requires it for a
    /// renewal. Nothing is written.
    ///
    /// # Errors
    /// [`AuthorityError::Issue`].
    pub fn own_request(&self, unlocked: &Unlocked) -> Result<CertificateRequest, AuthorityError> {
        let certificate = self.certificate();
        let path_len = certificate
            .basic_constraints()
            .and_then(|constraints| u8::try_from(constraints.path_len?).ok());
        let names: Vec<GeneralName> = certificate
            .subject_alternative_names()
            .unwrap_or_default()
            .iter()
            .filter(|name| can_be_asked(name))
            .cloned()
            .collect();
        let wish = AuthorityWish {
            path_len,
            constraints: certificate
                .name_constraints()
                .filter(|constraints| are_known(constraints))
                .cloned(),
        };
        let template = RequestTemplate {
            subject: certificate.subject(),
            names: &names,
            authority: Some(wish),
        };
        Ok(build_request(&template, unlocked.key())?)
    }
}

fn can_be_asked(name: &GeneralName) -> bool {
    !matches!(name, GeneralName::Directory(_) | GeneralName::Other { .. })
}

/// Whether every subtree is of a kind that gsec can encode.
fn are_known(constraints: &NameConstraints) -> bool {
    !constraints
        .permitted
        .iter()
        .chain(&constraints.excluded)
        .any(|subtree| matches!(subtree, Subtree::Directory(_) | Subtree::Other(_)))
}
