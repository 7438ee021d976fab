//! Why the server does not do what a client asks.

use crate::acme::{JwsFault, Problem, ProblemType};
use crate::domain::Refused;
use crate::domain::limits::RetryAfter;
use crate::engine::IssuerError;
use crate::state::StateError;

/// How long a client waits that comes back after a fault of the server's own, in seconds.
const RETRY_SECONDS: i64 = 10;

/// A problem that the client is told, and perhaps when to come back.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The problem.
    pub problem: Box<Problem>,
    /// After how many seconds the same request may succeed.
    pub retry_after: Option<i64>,
    /// What the client is not told: for the server's own log.
    pub cause: Option<String>,
}

/// What an operation of the engine comes to.
pub type Answer<T> = Result<T, Fault>;

impl Fault {
    /// A problem of the client's.
    pub fn of(kind: ProblemType, detail: impl AsRef<str>) -> Self {
        Problem::new(kind, detail).into()
    }

    /// The server cannot do it now.
    pub fn unavailable(cause: impl Into<String>) -> Self {
        let problem = Problem::new(
            ProblemType::ServerInternal,
            "the server cannot do this now; its log says why",
        );
        Self {
            problem: Box::new(problem.with_status(503)),
            retry_after: Some(RETRY_SECONDS),
            cause: Some(cause.into()),
        }
    }

    /// What the world outside does not let the server do now.
    pub fn later(problem: Problem) -> Self {
        Self {
            problem: Box::new(problem.with_status(503)),
            retry_after: Some(RETRY_SECONDS),
            cause: None,
        }
    }

    /// The client has asked too often.
    pub fn too_often(what: &str, retry_after: RetryAfter) -> Self {
        let seconds = retry_after.seconds();
        Self {
            problem: Box::new(Problem::new(
                ProblemType::RateLimited,
                format!("{what}; try again in {seconds} seconds"),
            )),
            retry_after: Some(seconds),
            cause: None,
        }
    }

    /// Whether it is that there were too many.
    pub fn is_rate_limit(&self) -> bool {
        self.problem.kind() == ProblemType::RateLimited
    }

    /// For the server's own log: the cause, or what the client is told.
    pub fn told(&self) -> &str {
        self.cause.as_deref().unwrap_or(self.problem.detail())
    }

    /// Nothing of this name, or not this account's: both are answered alike, so that nobody learns what others have.
    pub fn not_found(what: &str) -> Self {
        Problem::new(ProblemType::Malformed, format!("there is no such {what}"))
            .with_status(404)
            .into()
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self {
            problem: Box::new(problem),
            retry_after: None,
            cause: None,
        }
    }
}

impl From<StateError> for Fault {
    fn from(error: StateError) -> Self {
        Self::unavailable(error.to_string())
    }
}

impl From<Refused> for Fault {
    /// What cannot follow: the client looked at something that has changed since, or asks out of turn.
    fn from(refused: Refused) -> Self {
        let kind = match &refused {
            Refused::Order(_) | Refused::NotProven { .. } => ProblemType::OrderNotReady,
            Refused::Account(_) => ProblemType::Unauthorized,
            _ => ProblemType::Malformed,
        };
        Self::of(kind, refused.to_string())
    }
}

impl From<IssuerError> for Fault {
    fn from(error: IssuerError) -> Self {
        match error {
            IssuerError::Refused { code, message, cause } => Self {
                cause,
                ..Self::of(kind_of_refusal(&code), message)
            },
            IssuerError::Limited { again_in, .. } => Self {
                problem: Box::new(Problem::new(ProblemType::RateLimited, error.to_string())),
                retry_after: Some(again_in.into()),
                cause: None,
            },
            IssuerError::Unavailable(cause) => Self::unavailable(cause),
        }
    }
}

/// What a refusal of the CA is in the protocol, by its code. `badPublicKey` is of the keys of accounts; that of a certificate is part of the
/// CSR (RFC 8555 §6.7).
pub(super) fn kind_of_refusal(code: &str) -> ProblemType {
    match code {
        "policy.key_type"
        | "policy.key_too_small"
        | "policy.weak_key"
        | "policy.ca_key"
        | "authority.other_key"
        | "authority.key_compromised" => ProblemType::BadCsr,
        "policy.lifetime" => ProblemType::Malformed,
        "policy.no_profile" => ProblemType::InvalidProfile,
        _ => ProblemType::RejectedIdentifier,
    }
}

impl From<JwsFault> for Fault {
    fn from(fault: JwsFault) -> Self {
        Problem::from(fault).into()
    }
}
