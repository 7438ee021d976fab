//! Why a command did not do it: one kind of value, with the exit status and the hints.

use std::error::Error;

use super::hint;
use gsec_ca::authority::{AcceptError, AuthorityError};
use gsec_ca::files::FilesError;
use gsec_ca::home::StoreError;
use gsec_ca::hostlist::{ListError, RowError};
use gsec_ca::policy::PolicyError;
use gsec_ca::records::RecordsError;
use gsec_deliver::bundle::BundleError as NoBundle;
use gsec_deliver::truststore::TrustError;
use gsec_env::{PromptError, StopSignal};
use gsec_pki::contents::BundleError;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::key::KeyError;
use gsec_pki::pkcs12::Pkcs12Error;
use gsec_pki::x509::CertificateError;
use gsec_pki::x509::path::Finding;
use gsec_report::Problem;

/// What the exit status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Exit status 1: the answer is no, and there is no other result.
    No,
    /// 2: the command line is not understood, or ambiguous.
    Usage,
    /// 3: it could not be done.
    Cannot,
    /// 130: Ctrl-C, at a question or in the middle of long work.
    Interrupted,
    /// 143: SIGTERM in the middle of long work.
    Terminated,
}

impl Kind {
    /// Of a command that a signal ended.
    pub(super) fn stopped_by(signal: StopSignal) -> Self {
        match signal {
            StopSignal::Interrupt => Self::Interrupted,
            StopSignal::Terminate => Self::Terminated,
        }
    }

    pub(super) fn exit_status(self) -> u8 {
        match self {
            Self::No => 1,
            Self::Usage => 2,
            Self::Cannot => 3,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

/// A failure as it is printed, in text or JSON, with its exit status.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    pub(super) problem: Problem,
}

impl Failure {
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Usage,
            problem: Problem::new("usage", message),
        }
    }

    pub(super) fn cannot(code: &str, message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Cannot,
            problem: Problem::new(code, message),
        }
    }

    /// With hints whose commands name the CA directory of the call.
    #[must_use]
    pub(super) fn in_directory(mut self, directory: &CommandLine) -> Self {
        self.problem
            .hints
            .iter_mut()
            .for_each(|hint| *hint = hint::in_directory(hint, directory));
        self
    }

    /// With these hints alone.
    #[must_use]
    pub(super) fn with_hints(mut self, hints: Vec<String>) -> Self {
        self.problem.hints = hints;
        self
    }

    /// With one more thing that brought it about.
    #[must_use]
    pub(super) fn because(mut self, cause: impl Into<String>) -> Self {
        self.problem.caused_by.push(cause.into());
        self
    }

    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.problem.hints.push(hint.into());
        self
    }

    fn with_causes(mut self, error: &dyn Error) -> Self {
        let mut source = error.source();
        while let Some(cause) = source {
            let text = cause.to_string();
            // A transparent error and its source say the same; what the message ends with need not be said again.
            if !self.problem.message.ends_with(&text)
                && self.problem.caused_by.last() != Some(&text)
                && !is_operating_system(cause)
            {
                self.problem.caused_by.push(text);
            }
            source = cause.source();
        }
        self
    }

    pub(super) fn from_error(code: &str, error: &dyn Error) -> Self {
        Self::cannot(code, error.to_string()).with_causes(error)
    }
}

/// The message already contains the operating system's text, without the number that std adds.
fn is_operating_system(error: &(dyn Error + 'static)) -> bool {
    error.is::<std::io::Error>()
}

impl From<&AuthorityError> for Failure {
    fn from(error: &AuthorityError) -> Self {
        let mut failure = Self::from_error(error.refused_as().unwrap_or(error.code()), error);
        if let AuthorityError::KeyMismatch {
            key_pin,
            certificate_pin,
            ..
        } = error
        {
            failure.problem.caused_by.push(format!(
                "public keys differ (key sha256 {key_pin}, certificate sha256 {certificate_pin})"
            ));
        }
        if let AuthorityError::Accept(AcceptError::Path { findings, .. }) = error {
            let cause = |finding: &Finding| {
                format!(
                    "`{}`: {} ({})",
                    finding.certificate,
                    finding.message,
                    finding.rule.source()
                )
            };
            failure.problem.caused_by.extend(findings.iter().map(cause));
        }
        failure.with_hints(hint::for_authority(error))
    }
}

impl From<AuthorityError> for Failure {
    fn from(error: AuthorityError) -> Self {
        Self::from(&error)
    }
}

impl From<RecordsError> for Failure {
    fn from(error: RecordsError) -> Self {
        AuthorityError::from(error).into()
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::from_error(error.code(), &error).with_hints(hint::for_store(&error))
    }
}

impl From<FilesError> for Failure {
    fn from(error: FilesError) -> Self {
        Self::from_error(error.code(), &error).with_hints(hint::for_files(&error))
    }
}

impl From<&TrustError> for Failure {
    fn from(error: &TrustError) -> Self {
        Self::from_error(error.code(), error).with_hints(hint::for_trust(error))
    }
}

impl From<TrustError> for Failure {
    fn from(error: TrustError) -> Self {
        Self::from(&error)
    }
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        Self::from_error(error.code(), &error)
    }
}

impl From<Pkcs12Error> for Failure {
    fn from(error: Pkcs12Error) -> Self {
        Self::from_error(error.code(), &error)
    }
}

impl From<NoBundle> for Failure {
    fn from(error: NoBundle) -> Self {
        let kind = match &error {
            NoBundle::Authority(_) | NoBundle::Pkcs12(_) | NoBundle::Files(_) => {
                return match error {
                    NoBundle::Authority(error) => error.into(),
                    NoBundle::Pkcs12(error) => error.into(),
                    NoBundle::Files(error) => error.into(),
                    other => Self::from_error(other.code(), &other),
                };
            }
            NoBundle::NameUnsafe { .. }
            | NoBundle::NeedsGroup(_)
            | NoBundle::KeyMode(_)
            | NoBundle::NeedsKey(_)
            | NoBundle::NotForTarget { .. } => Kind::Usage,
            _ => Kind::Cannot,
        };
        let mut failure = Self::from_error(error.code(), &error);
        if let NoBundle::NoKey { why, .. } = &error {
            failure = failure.because(why.clone());
        }
        Self { kind, ..failure }.with_hints(hint::for_no_bundle(&error))
    }
}

impl From<PromptError> for Failure {
    fn from(error: PromptError) -> Self {
        let kind = if matches!(error, PromptError::Interrupted) {
            Kind::Interrupted
        } else {
            Kind::Cannot
        };
        Self {
            kind,
            ..Self::from_error("terminal", &error)
        }
    }
}

/// A list of hosts that was named on the command line.
pub(super) fn of_list(path: &str, error: &ListError) -> Failure {
    Failure::cannot(error.code(), format!("cannot use `{path}`"))
        .because(error.to_string())
        .with_hints(hint::for_list(path, error))
}

/// A row of a list.
pub(super) fn of_row(error: &RowError) -> Failure {
    Failure::cannot(error.code(), error.to_string()).with_hints(hint::for_row(error))
}

/// A certificate file that was named on the command line.
pub(super) fn of_certificate(path: &str, error: &CertificateError) -> Failure {
    Failure::cannot(error.code(), format!("cannot use `{path}`"))
        .because(error.to_string())
        .with_hints(hint::for_certificate(path, error))
}

/// A key file that was named on the command line.
pub(super) fn of_key(path: &str, error: &KeyError) -> Failure {
    Failure::cannot(error.code(), format!("cannot use `{path}`"))
        .because(error.to_string())
        .with_hints(hint::for_key(path, error))
}

/// A file of any kind that was named on the command line. `password_given` says whether a flag gave a password.
pub(super) fn of_bundle(path: &str, error: &BundleError, password_given: bool) -> Failure {
    let cause = match error {
        BundleError::Pfx(_) if error.wants_password() && !password_given => {
            "it needs a password, and none was given".into()
        }
        _ => error.to_string(),
    };
    Failure::cannot(error.code(), format!("cannot use `{path}`"))
        .because(cause)
        .with_hints(hint::for_bundle(path, error, password_given))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusal_by_who_has_the_key_has_the_name_of_its_rule() {
        let refused = KeyError::Refused {
            code: "policy.name_suffix".into(),
            reason: "not one of these domains".into(),
        };
        let failure = Failure::from(AuthorityError::from(refused));
        assert_eq!(failure.problem.code, "policy.name_suffix");
        assert_eq!(failure.kind, Kind::Cannot);
        let other = Failure::from(AuthorityError::from(KeyError::Signing("no PIN".into())));
        assert_eq!(other.problem.code, "key.signing");
    }
}
