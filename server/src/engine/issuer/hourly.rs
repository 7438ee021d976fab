//! Profiles of which the signer signs no more in this hour.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::IssuerError;
use gsec_ca::authority::HourlyLimit;

/// For so long after the signer signs again, the next certificate of a profile is the server's own, where that was refused.
const KEPT_FREE: Duration = Duration::from_secs(90);

/// When there is room again, where there are so many in an hour.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Until {
    at: Instant,
    most: u32,
}

/// Until when the signer signs no more of which profile. As long as that is known, it is not asked again.
#[derive(Default)]
pub(super) struct Limited {
    until: HashMap<String, Until>,
    /// Of this profile no client gets one before the server has its own, or does not come for it by then.
    kept_free: Option<(String, Until)>,
}

impl Limited {
    pub(super) fn note(&mut self, limit: HourlyLimit<'_>) {
        let at = Instant::now() + Duration::from_secs(limit.again_in.into());
        let most = limit.most;
        self.until.insert(limit.profile.to_owned(), Until { at, most });
    }

    /// The server's own certificate of a profile is the next one that is signed, once there is room.
    pub(super) fn keep_free(&mut self, profile: String, most: u32, again_in: u32) {
        let at = Instant::now() + Duration::from_secs(again_in.into()) + KEPT_FREE;
        self.kept_free = Some((profile, Until { at, most }));
    }

    pub(super) fn expect_room(&mut self, profile: &str, is_own: bool) -> Result<(), IssuerError> {
        let now = Instant::now();
        self.until.retain(|_, until| until.at > now);
        let kept_free = self.kept_free.iter().filter(|(of, _)| of == profile && !is_own);
        let kept_free = kept_free.map(|(_, until)| *until).find(|until| until.at > now);
        match self.until.get(profile).copied().max(kept_free) {
            Some(until) => Err(IssuerError::Limited {
                profile: profile.to_owned(),
                most: until.most,
                again_in: u32::try_from((until.at - now).as_secs())
                    .unwrap_or(u32::MAX)
                    .saturating_add(1),
            }),
            None => {
                if is_own {
                    self.kept_free = None;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_certificate_after_a_refusal_is_the_servers_own() {
        let mut limited = Limited::default();
        let is_refused = |limited: &mut Limited, profile: &str, is_own| {
            let found = limited.expect_room(profile, is_own);
            matches!(found, Err(IssuerError::Limited { again_in, .. }) if again_in > 0)
        };
        limited.note(HourlyLimit {
            profile: "host",
            most: 1,
            left: 0,
            again_in: 1000,
        });
        assert!(is_refused(&mut limited, "host", false));
        assert!(is_refused(&mut limited, "host", true));
        assert!(!is_refused(&mut limited, "hub", false));
        limited.keep_free("host".into(), 1, 0);
        limited.until.clear();
        assert!(
            is_refused(&mut limited, "host", false),
            "there is room, but not for clients"
        );
        assert!(!is_refused(&mut limited, "hub", false));
        assert!(!is_refused(&mut limited, "host", true));
        assert!(!is_refused(&mut limited, "host", false), "the server has its own");
        // Nobody waits forever for a server that does not come.
        let at = Instant::now();
        limited.kept_free = Some(("host".into(), Until { at, most: 1 }));
        assert!(!is_refused(&mut limited, "host", false));
    }
}
