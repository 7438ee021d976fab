//! What a published answer says to caches on the way (RFC 9110, RFC 9111; for OCSP RFC 5019 §6.2).

use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::key::sha256;

/// How long an answer is good for others than who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caching {
    /// Not at all: it is for this client, or of this moment.
    No,
    /// For some time.
    Until(Freshness),
}

/// Times of an answer that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// When it was made.
    pub made: OffsetDateTime,
    /// From when on a newer one is given out.
    pub renewed: OffsetDateTime,
    /// When it ends.
    pub ends: OffsetDateTime,
    /// A digest of it, in hexadecimal digits without quotation marks.
    pub etag: String,
}

impl Freshness {
    /// Those of a body.
    pub fn of(body: &[u8], made: OffsetDateTime, renewed: OffsetDateTime, ends: OffsetDateTime) -> Self {
        let etag = encode(&sha256(body), Separator::None);
        Self {
            made,
            renewed,
            ends,
            etag,
        }
    }
}

impl Freshness {
    /// Whether who asks has it already: by `If-None-Match`, with all its values, and only where there is none by `If-Modified-Since`
    /// (RFC 9110 §13.2.2). A date that is none is not looked at, and a later one than `Last-Modified` is not enough: a CRL is as old as the
    /// revocation for which it was made, and comes to be here a little later.
    pub fn is_known<'a>(
        &self,
        tags: impl IntoIterator<Item = &'a str>,
        modified_since: Option<&str>,
    ) -> bool {
        let own = format!("\"{}\"", self.etag);
        let mut tags = tags
            .into_iter()
            .flat_map(|value| value.split(','))
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .peekable();
        match (tags.peek(), modified_since) {
            (Some(_), _) => tags.any(|tag| tag == "*" || tag == own),
            (None, Some(date)) => httpdate::parse_http_date(date)
                .is_ok_and(|date| self.made.unix_timestamp() == OffsetDateTime::from(date).unix_timestamp()),
            (None, None) => false,
        }
    }
}

impl Caching {
    /// The headers that say so to who asks at this time, names in lower case.
    pub fn headers(&self, now: OffsetDateTime) -> Vec<(&'static str, String)> {
        match self {
            Self::No => vec![("cache-control", "no-store".into())],
            Self::Until(freshness) => {
                let seconds = (freshness.renewed - now).whole_seconds().max(0);
                vec![
                    (
                        "cache-control",
                        format!("max-age={seconds}, public, no-transform, must-revalidate"),
                    ),
                    ("etag", format!("\"{}\"", freshness.etag)),
                    ("last-modified", http_date(freshness.made)),
                    ("expires", http_date(freshness.ends)),
                ]
            }
        }
    }
}

/// IMF-fixdate, RFC 9110 §5.6.7.
fn http_date(time: OffsetDateTime) -> String {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let text = time.to_offset(UtcOffset::UTC).format(format);
    text.expect("every part is in a date and time")
}
