//! Challenges (RFC 8555 §7.1.5, §8): tried until they are proven, or six times within a minute.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::id::{Id, Token};
use super::kept::seconds;
use super::refused::Refused;
use super::status::ChallengeStatus;

/// Between two attempts, in seconds: six of them within a minute.
const PAUSES: [i64; 5] = [2, 4, 8, 16, 30];

/// The kind of a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ChallengeKind {
    /// A file on the web server, RFC 8555 §8.3.
    #[serde(rename = "http-01")]
    Http01,
    /// A TXT record, RFC 8555 §8.4; the only one that proves a wildcard.
    #[serde(rename = "dns-01")]
    Dns01,
    /// A certificate for the protocol `acme-tls/1`, RFC 8737.
    #[serde(rename = "tls-alpn-01")]
    TlsAlpn01,
}

impl ChallengeKind {
    /// The `type` of a challenge object.
    pub fn word(self) -> &'static str {
        match self {
            Self::Http01 => "http-01",
            Self::Dns01 => "dns-01",
            Self::TlsAlpn01 => "tls-alpn-01",
        }
    }
}

/// As [`ChallengeKind::word`].
impl std::fmt::Display for ChallengeKind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.word())
    }
}

/// One way to prove control of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Names it.
    pub id: Id,
    /// The kind.
    pub kind: ChallengeKind,
    /// What is to be shown.
    pub token: Token,
    state: ChallengeState,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum ChallengeState {
    Pending,
    Processing {
        /// Those that have failed.
        attempts: u32,
        /// When the next one is due; while one is running, when it is taken for lost.
        #[serde(with = "seconds")]
        next: OffsetDateTime,
        is_running: bool,
        problem: Option<String>,
    },
    Valid {
        attempts: u32,
        #[serde(with = "seconds")]
        validated: OffsetDateTime,
    },
    Invalid {
        attempts: u32,
        problem: String,
    },
}

impl Challenge {
    /// A new one, pending.
    pub fn new(id: Id, kind: ChallengeKind, token: Token) -> Self {
        Self {
            id,
            kind,
            token,
            state: ChallengeState::Pending,
        }
    }

    /// Its status.
    pub fn status(&self) -> ChallengeStatus {
        match self.state {
            ChallengeState::Pending => ChallengeStatus::Pending,
            ChallengeState::Processing { .. } => ChallengeStatus::Processing,
            ChallengeState::Valid { .. } => ChallengeStatus::Valid,
            ChallengeState::Invalid { .. } => ChallengeStatus::Invalid,
        }
    }

    /// How many attempts have ended.
    pub fn attempts(&self) -> u32 {
        match self.state {
            ChallengeState::Pending => 0,
            ChallengeState::Processing { attempts, .. }
            | ChallengeState::Valid { attempts, .. }
            | ChallengeState::Invalid { attempts, .. } => attempts,
        }
    }

    /// When it is to be tried again; while an attempt is running, when that one is taken for lost. `None` when it is not tried any more.
    pub fn next_attempt(&self) -> Option<OffsetDateTime> {
        match self.state {
            ChallengeState::Processing { next, .. } => Some(next),
            _ => None,
        }
    }

    /// Until when the next attempt waits; `None` while one is running, and when it is not tried any more.
    pub fn waits_until(&self) -> Option<OffsetDateTime> {
        match self.state {
            ChallengeState::Processing {
                next,
                is_running: false,
                ..
            } => Some(next),
            _ => None,
        }
    }

    /// When it was proven.
    pub fn validated(&self) -> Option<OffsetDateTime> {
        match self.state {
            ChallengeState::Valid { validated, .. } => Some(validated),
            _ => None,
        }
    }

    /// Why the last attempt failed: a problem document as JSON.
    pub fn problem(&self) -> Option<&str> {
        match &self.state {
            ChallengeState::Processing { problem, .. } => problem.as_deref(),
            ChallengeState::Invalid { problem, .. } => Some(problem),
            _ => None,
        }
    }

    /// After the client has said that it is ready (RFC 8555 §7.5.1). While it waits for the next attempt, that one comes now (RFC 8555 §8.2).
    pub(super) fn started(self, now: OffsetDateTime) -> Result<Self, Refused> {
        let state = match self.state {
            ChallengeState::Pending => ChallengeState::Processing {
                attempts: 0,
                next: now,
                is_running: false,
                problem: None,
            },
            ChallengeState::Processing {
                attempts,
                next,
                is_running: false,
                problem,
            } => ChallengeState::Processing {
                attempts,
                next: next.min(now),
                is_running: false,
                problem,
            },
            running @ ChallengeState::Processing { .. } => running,
            _ => return Err(Refused::Challenge(self.status())),
        };
        Ok(Self { state, ..self })
    }

    /// Taken up by whoever tries it now. Nobody else does so before `lost_at`.
    pub(super) fn taken(self, now: OffsetDateTime, lost_at: OffsetDateTime) -> Result<Self, Refused> {
        match self.state {
            ChallengeState::Processing {
                attempts,
                next,
                problem,
                ..
            } if next <= now => Ok(Self {
                state: ChallengeState::Processing {
                    attempts,
                    next: lost_at,
                    is_running: true,
                    problem,
                },
                ..self
            }),
            ChallengeState::Processing { next, .. } => Err(Refused::NotBefore(next)),
            _ => Err(Refused::Challenge(self.status())),
        }
    }

    /// Given back by whoever took it up and could not try it: its turn comes again at `next`, and no attempt is used up.
    pub(super) fn put_off(self, next: OffsetDateTime) -> Result<Self, Refused> {
        match self.state {
            ChallengeState::Processing {
                attempts, problem, ..
            } => Ok(Self {
                state: ChallengeState::Processing {
                    attempts,
                    next,
                    is_running: false,
                    problem,
                },
                ..self
            }),
            _ => Err(Refused::Challenge(self.status())),
        }
    }

    /// After an attempt that failed: tried again after a pause, or, after the last one, invalid.
    pub(super) fn failed(self, now: OffsetDateTime, problem: String) -> Result<Self, Refused> {
        let ChallengeState::Processing { attempts, .. } = self.state else {
            return Err(Refused::Challenge(self.status()));
        };
        let pause = usize::try_from(attempts).ok().and_then(|ended| PAUSES.get(ended));
        let attempts = attempts.saturating_add(1);
        let state = match pause {
            Some(pause) => ChallengeState::Processing {
                attempts,
                next: now.saturating_add(Duration::seconds(*pause)),
                is_running: false,
                problem: Some(problem),
            },
            None => ChallengeState::Invalid { attempts, problem },
        };
        Ok(Self { state, ..self })
    }

    /// After an attempt that succeeded.
    pub(super) fn proved(self, now: OffsetDateTime) -> Result<Self, Refused> {
        let ChallengeState::Processing { attempts, .. } = self.state else {
            return Err(Refused::Challenge(self.status()));
        };
        Ok(Self {
            state: ChallengeState::Valid {
                attempts: attempts.saturating_add(1),
                validated: now,
            },
            ..self
        })
    }
}
