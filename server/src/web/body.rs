//! What comes with a request, read to its end before anything is answered.
//!
//! An answer that comes while the body is still being sent is lost by clients: a stream that is reset (HTTP/2), a
//! connection that is closed with bytes unread (HTTP/1.1, RFC 9112 §9.6). So what is too long is read too, and thrown away.

use std::time::Duration;

use axum::body::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

use crate::acme::MAX_JWS;

/// Kept of a body: one byte more than any request may have shows that there is more.
const KEPT_BYTES: usize = MAX_JWS + 1;
/// Read of a body. Whoever sends more does not get to know why it is refused.
const READ_BYTES: usize = 1024 * 1024;
/// For the whole of it.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The client sends too slowly.
pub(super) struct TooSlow;

/// The body, or the first bytes of one that is too long or breaks off.
pub(super) async fn received(body: Incoming) -> Result<Bytes, TooSlow> {
    timeout(TIMEOUT, kept_of(body)).await.map_err(|_| TooSlow)
}

async fn kept_of(mut body: impl Body<Data = Bytes> + Unpin) -> Bytes {
    let (mut kept, mut read) = (Vec::new(), 0);
    while read < READ_BYTES
        && let Some(Ok(frame)) = body.frame().await
    {
        let Some(data) = frame.data_ref() else { continue };
        read += data.len();
        kept.extend_from_slice(&data[..data.len().min(KEPT_BYTES - kept.len())]);
    }
    kept.into()
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;

    use super::*;

    #[tokio::test]
    async fn what_is_too_long_is_kept_up_to_one_byte_more_than_is_accepted() {
        for (sent, kept) in [
            (0, 0),
            (7, 7),
            (MAX_JWS, MAX_JWS),
            (MAX_JWS + 1, KEPT_BYTES),
            (3 << 20, KEPT_BYTES),
        ] {
            let body = Full::new(Bytes::from(vec![b'a'; sent]));
            assert_eq!(kept_of(body).await.len(), kept, "{sent} bytes");
        }
    }
}
