//! Why there is no certificate.

use gsec_ca::authority::AuthorityError;

/// What a client is told of a setting of the CA.
const REFUSED_BY_POLICY: &str = "refused by the policy of this CA";

/// Why the CA did not do something.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IssuerError {
    /// It will not: policy, or what is asked for.
    #[error("{message}")]
    Refused {
        /// The error's code.
        code: String,
        /// Why, in one sentence.
        message: String,
        /// What clients are not told.
        cause: Option<String>,
    },
    /// The signer has signed as many certificates of a profile as it does in an hour.
    #[error("profile `{profile}` has reached its `max_per_hour`; try again in {again_in} seconds")]
    Limited {
        /// The profile.
        profile: String,
        /// So many in an hour.
        most: u32,
        /// In so many seconds there are more.
        again_in: u32,
    },
    /// It could not, and may later: the disk, the lock, the signer.
    #[error("{0}")]
    Unavailable(String),
}

/// Whether a signer that refused with a code has decided by its policy, and would refuse the same again: not where its policy is missing or damaged.
fn is_decision(code: &str) -> bool {
    let is_of_policy =
        code.starts_with("policy.") && !["policy.missing", "policy.unreadable"].contains(&code);
    is_of_policy || ["authority.key_compromised", "authority.other_key"].contains(&code)
}

/// Whether the CA refuses for good, or could not do it now.
impl From<&AuthorityError> for IssuerError {
    fn from(error: &AuthorityError) -> Self {
        if let Some(limit) = error.too_many() {
            return Self::Limited {
                profile: limit.profile.to_owned(),
                most: limit.most,
                again_in: limit.again_in,
            };
        }
        // Whose client this is has no business with where the file lies.
        let mut message = match error {
            AuthorityError::Refused { source, .. } if source.is_setting() => REFUSED_BY_POLICY.to_owned(),
            other => other.to_string(),
        };
        let by_signer = error.refused_as().filter(|code| is_decision(code));
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            message = format!("{message}: {cause}");
            source = cause.source();
        }
        if let Some(code) = by_signer {
            return Self::Refused {
                code: code.to_owned(),
                message: REFUSED_BY_POLICY.to_owned(),
                cause: Some(message),
            };
        }
        match error {
            AuthorityError::Refused { .. }
            | AuthorityError::Profile(_)
            | AuthorityError::OtherKey
            | AuthorityError::Request(_)
            | AuthorityError::Issue(_)
            | AuthorityError::OwnCertificate { .. }
            | AuthorityError::KeyCompromised { .. } => Self::Refused {
                code: error.code().to_owned(),
                message,
                cause: None,
            },
            _ => Self::Unavailable(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gsec_pki::key::KeyError;
    use gsec_pki::x509::SerialNumber;

    /// Else the order is tried again and again, and each time uses up a serial number.
    #[test]
    fn what_the_signers_policy_refuses_is_refused_for_good_and_what_it_lacks_is_not() {
        let of = |code: &str| {
            let refused = KeyError::Refused {
                code: code.into(),
                reason: "`/signer/ca_conf/gsec.toml` does not allow it".into(),
            };
            IssuerError::from(&AuthorityError::AfterRecord {
                serial: SerialNumber::one(),
                source: Box::new(AuthorityError::KeyOperation(refused)),
            })
        };
        for code in [
            "policy.name_suffix",
            "policy.no_profile",
            "authority.key_compromised",
        ] {
            match of(code) {
                IssuerError::Refused {
                    code: found,
                    message,
                    cause,
                } => {
                    assert_eq!((found.as_str(), message.as_str()), (code, REFUSED_BY_POLICY));
                    let cause = cause.expect("for the server's own log");
                    assert!(cause.contains("/signer/ca_conf/gsec.toml"), "{cause}");
                }
                other => panic!("{code}: {other}"),
            }
        }
        for code in [
            "policy.missing",
            "policy.unreadable",
            "signer.journal",
            "store.io",
        ] {
            assert!(matches!(of(code), IssuerError::Unavailable(_)), "{code}");
        }
    }
}
