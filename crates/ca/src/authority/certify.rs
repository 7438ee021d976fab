//! The signer. Nothing else in the program signs certificates: what comes here was permitted by policy, or is a CA's own.

use crate::authority::below::certify::SubordinatePlan;
use crate::authority::own::ocsp_responder::ResponderPlan;
use crate::authority::{Authority, AuthorityError, Unlocked};
use crate::policy::Permitted;
use gsec_pki::key::{PublicKey, Signer};
use gsec_pki::x509::{
    AuthorityExtensions, Certificate, DistinguishedName, EndEntityExtensions, GeneralName, IssueError,
    IssueTemplate, Issuer, NameConstraints, Reissue, Role, SerialNumber, Validity, issue, reissue,
};

impl Authority {
    /// Signs the certificate of a host.
    ///
    /// # Errors
    /// [`AuthorityError::OtherKey`] when the key is not the one that was decided about; [`AuthorityError::Issue`].
    pub(super) fn certify_host(
        &self,
        permitted: &Permitted<'_>,
        key: &PublicKey,
        serial: &SerialNumber,
        unlocked: &Unlocked,
    ) -> Result<Certificate, AuthorityError> {
        if !permitted.key.is(key) {
            return Err(AuthorityError::OtherKey);
        }
        let policy = self.policy()?;
        self.keep_policy();
        let addresses = policy.addresses_for_host(permitted.validity, serial);
        let template = IssueTemplate {
            serial,
            validity: permitted.validity,
            subject: &permitted.subject,
            public_key: key,
            names: &permitted.names,
            role: Role::EndEntity(EndEntityExtensions {
                key_usage: permitted.profile.key_usage,
                extended_key_usage: &permitted.profile.extended_key_usage,
                crl_addresses: &addresses.crl,
                issuer_addresses: addresses.issuer,
                ocsp_addresses: addresses.ocsp,
            }),
        };
        self.sign(&template, unlocked)
    }

    /// Signs the certificate of a CA below this one.
    ///
    /// # Errors
    /// [`AuthorityError::Issue`].
    pub(super) fn certify_authority(
        &self,
        plan: &SubordinatePlan,
        key: &PublicKey,
        serial: &SerialNumber,
        unlocked: &Unlocked,
    ) -> Result<Certificate, AuthorityError> {
        let addresses = self.policy()?.addresses(plan.validity);
        let template = IssueTemplate {
            serial,
            validity: plan.validity,
            subject: &plan.subject,
            public_key: key,
            names: &plan.names,
            role: Role::Authority(AuthorityExtensions {
                path_len: Some(plan.path_len),
                constraints: plan.constraints.as_ref(),
                crl_addresses: &addresses.crl,
                issuer_addresses: addresses.issuer,
                ocsp_addresses: addresses.ocsp,
            }),
        };
        self.sign(&template, unlocked)
    }

    /// Signs the certificate of who answers OCSP requests in the CA's name.
    ///
    /// # Errors
    /// [`AuthorityError::Issue`].
    pub(super) fn certify_responder(
        &self,
        plan: &ResponderPlan<'_>,
        serial: &SerialNumber,
        unlocked: &Unlocked,
    ) -> Result<Certificate, AuthorityError> {
        let template = IssueTemplate {
            serial,
            validity: plan.validity(),
            subject: plan.subject(),
            public_key: plan.key(),
            names: &[],
            role: Role::OcspResponder,
        };
        self.sign(&template, unlocked)
    }

    fn sign(&self, template: &IssueTemplate<'_>, unlocked: &Unlocked) -> Result<Certificate, AuthorityError> {
        let key_identifier = self.certificate().key_identifier_for_issued();
        let issuer = Issuer {
            name: self.certificate().subject(),
            key_identifier: Some(&key_identifier),
            key: unlocked.key(),
        };
        Ok(issue(template, &issuer)?)
    }
}

/// A root CA as it certifies itself.
pub(super) struct Root<'a> {
    pub(super) subject: &'a DistinguishedName,
    pub(super) names: &'a [GeneralName],
    pub(super) validity: Validity,
    pub(super) path_len: Option<u8>,
    pub(super) constraints: Option<&'a NameConstraints>,
}

/// Signs the certificate of a new root with its own key.
pub(super) fn certify_root(
    root: &Root<'_>,
    serial: &SerialNumber,
    key: &dyn Signer,
) -> Result<Certificate, IssueError> {
    let template = IssueTemplate {
        serial,
        validity: root.validity,
        subject: root.subject,
        public_key: key.public_key(),
        names: root.names,
        role: Role::Authority(AuthorityExtensions::of_root(root.path_len, root.constraints)),
    };
    issue(
        &template,
        &Issuer {
            name: root.subject,
            key_identifier: None,
            key,
        },
    )
}

/// Signs a CA's own certificate again: for another period, or in a change of its key.
pub(super) fn certify_again(order: &Reissue<'_>, key: &dyn Signer) -> Result<Certificate, IssueError> {
    reissue(order, key)
}
