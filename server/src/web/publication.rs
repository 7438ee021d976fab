//! What anybody may fetch: the CRL, OCSP answers, the CA's certificate. All of it is signed.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use time::OffsetDateTime;

use super::App;
use crate::engine::{Answer, Asked, Fault, Published};
use crate::publish::{Caching, OcspAnswer};
use gsec_pki::x509::CrlShard;

/// The names of what is published, under `/`.
const CRL: &str = "/crl/ca.crl";
/// The addresses of parts of the CRL: `/crl/ca-16-3.crl`.
const SHARDS: &str = "/crl/{name}";
const CERTIFICATE: &str = "/ca/ca.cer";
const CHAIN: &str = "/ca/ca.pem";
const COLLECTION: &str = "/ca/ca.p7c";
const OCSP: &str = "/ocsp/ca";

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(CRL, get(crl))
        .route(SHARDS, get(shard))
        .route(CERTIFICATE, get(certificate))
        .route(CHAIN, get(chain))
        .route(COLLECTION, get(collection))
        .route(OCSP, post(ocsp_by_post))
        .route(
            &format!("{OCSP}/{{*request}}"),
            get(ocsp_by_get).post(ocsp_by_post),
        )
}

async fn crl(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    answer(
        &app,
        app.engine.published_crl().await,
        "application/pkix-crl",
        &headers,
    )
}

async fn shard(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Response {
    match CrlShard::read_address(uri.path()).filter(|(whole, _)| whole == CRL) {
        Some((_, shard)) => answer(
            &app,
            app.engine.published_shard(shard).await,
            "application/pkix-crl",
            &headers,
        ),
        None => StatusCode::NOT_FOUND.into_response(),
    }
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

async fn collection(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    answer(
        &app,
        app.engine.published_collection().await,
        "application/pkcs7-mime",
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
            app.engine.tell("publication", &fault);
            return unavailable(&fault);
        }
    };
    let tags = asked
        .get_all(IF_NONE_MATCH)
        .iter()
        .map(|value| value.to_str().unwrap_or_default());
    let mut dates = asked.get_all(IF_MODIFIED_SINCE).iter();
    let date = match (dates.next(), dates.next()) {
        (Some(date), None) => date.to_str().ok(),
        _ => None,
    };
    let is_known = published.freshness.is_known(tags, date);
    let headers = headers(kind, &Caching::Until(published.freshness), app.engine.now());
    match is_known {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => (headers, published.content).into_response(),
    }
}

fn headers(kind: &'static str, caching: &Caching, now: OffsetDateTime) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    for (name, value) in caching.headers(now) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    headers
}

async fn ocsp_by_get(State(app): State<Arc<App>>, uri: Uri) -> Response {
    let path = uri
        .path()
        .strip_prefix(OCSP)
        .and_then(|rest| rest.strip_prefix('/'));
    ocsp(&app, Asked::Get(path.unwrap_or_default().to_owned())).await
}

async fn ocsp_by_post(State(app): State<Arc<App>>, body: Bytes) -> Response {
    ocsp(&app, Asked::Post(body.to_vec())).await
}

async fn ocsp(app: &App, asked: Asked) -> Response {
    match app.engine.ocsp(asked).await {
        Ok(answer) => {
            let headers = headers(OcspAnswer::CONTENT_TYPE, &answer.caching, app.engine.now());
            (headers, answer.body.to_vec()).into_response()
        }
        Err(fault) => {
            app.engine.tell("OCSP", &fault);
            unavailable(&fault)
        }
    }
}

fn unavailable(fault: &Fault) -> Response {
    let retry = fault.retry_after.unwrap_or(10).to_string();
    (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", retry)]).into_response()
}
