//! What comes with a request, read to its end before anything is answered.
//!
//! An answer that comes while the body is still being sent is lost by clients: a stream that is reset (HTTP/2), a
//! connection that is closed with bytes unread (HTTP/1.1, RFC 9112 §9.6). So what is too long is read too, and thrown away.

use std::time::Duration;

use axum::body::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

/// Read of a body. Whoever sends more does not get to know why it is refused.
const READ_BYTES: usize = 4 * 1024 * 1024;
/// For the whole of it.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why there is no body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BodyFault {
    /// The client sends too slowly.
    TooSlow,
    /// It breaks off, or is framed as none.
    Broken,
}

/// The body; of one that is longer than `max_bytes` one byte more, which shows that it is.
pub(super) async fn received(body: Incoming, max_bytes: usize) -> Result<Bytes, BodyFault> {
    timeout(TIMEOUT, kept_of(body, max_bytes + 1))
        .await
        .unwrap_or(Err(BodyFault::TooSlow))
}

async fn kept_of(mut body: impl Body<Data = Bytes> + Unpin, most: usize) -> Result<Bytes, BodyFault> {
    let (mut kept, mut read) = (Vec::new(), 0);
    while read < READ_BYTES
        && let Some(frame) = body.frame().await
    {
        let frame = frame.map_err(|_| BodyFault::Broken)?;
        let Some(data) = frame.data_ref() else { continue };
        read += data.len();
        kept.extend_from_slice(&data[..data.len().min(most - kept.len())]);
    }
    Ok(kept.into())
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;

    use super::*;

    #[tokio::test]
    async fn what_is_too_long_is_read_to_its_end_and_kept_as_far_as_it_may_go() {
        for (sent, kept) in [(0, 0), (7, 7), (100, 100), (101, 100), (3 << 20, 100)] {
            let body = Full::new(Bytes::from(vec![b'a'; sent]));
            let found = kept_of(body, 100).await.map(|found| found.len());
            assert_eq!(found, Ok(kept), "{sent} bytes");
        }
    }
}
