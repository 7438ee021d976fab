//! What anybody may fetch: the CRL, the CA's certificate. All of it is signed.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LAST_MODIFIED};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use time::OffsetDateTime;
use time::macros::format_description;

use super::App;
use crate::engine::{Answer, Fault, Published};

/// The names of what is published, under `/`.
const CRL: &str = "/crl/ca.crl";
const CERTIFICATE: &str = "/ca/ca.cer";
const CHAIN: &str = "/ca/ca.pem";

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(CRL, get(crl))
        .route(CERTIFICATE, get(certificate))
        .route(CHAIN, get(chain))
}

async fn crl(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    answer(
        &app,
        app.engine.published_crl().await,
        "application/pkix-crl",
        &headers,
    )
}

async fn certificate(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    answer(
        &app,
        app.engine.published_certificate().await,
        "application/pkix-cert",
        &headers,
    )
}

async fn chain(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    answer(
        &app,
        app.engine.published_chain().await,
        "application/x-pem-file",
        &headers,
    )
}

fn answer(
    app: &App,
    published: Answer<Option<Published>>,
    kind: &'static str,
    asked: &HeaderMap,
) -> Response {
    let published = match published {
        Ok(Some(published)) => published,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(fault) => {
            (app.on_fault)("publication", &fault);
            return unavailable(&fault);
        }
    };
    let tag = format!("\"{}\"", published.digest);
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (ETAG, tag.clone()),
        (LAST_MODIFIED, http_date(published.since)),
        (CACHE_CONTROL, format!("public, max-age={}", published.max_age)),
    ];
    let is_known = asked
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| {
            matches!(value.trim().trim_start_matches("W/"), "*")
                || value.trim().trim_start_matches("W/") == tag
        });
    match is_known {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => (headers, published.content).into_response(),
    }
}

fn unavailable(fault: &Fault) -> Response {
    let retry = fault.retry_after.unwrap_or(10).to_string();
    (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", retry)]).into_response()
}

/// RFC 9110 §5.6.7.
fn http_date(time: OffsetDateTime) -> String {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    time.to_offset(time::UtcOffset::UTC)
        .format(format)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn dates_of_http() {
        assert_eq!(
            http_date(datetime!(1994-11-06 10:49:37 +2)),
            "Sun, 06 Nov 1994 08:49:37 GMT"
        );
    }
}
