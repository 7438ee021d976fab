//! Times as ACME writes them (RFC 8555 §7.1: RFC 3339).

use gsec_pki::x509::rfc3339;
use serde::ser::{Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// A point in time, UTC, whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub OffsetDateTime);

impl Moment {
    /// Reads RFC 3339; a fraction of a second is dropped, as certificates have none. `None` also for years that certificates do not have.
    pub fn parse(text: &str) -> Option<Self> {
        let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        let time = time.checked_to_offset(UtcOffset::UTC)?.truncate_to_second();
        (1950..=9999).contains(&time.year()).then_some(Self(time))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc3339(self.0))
    }
}
