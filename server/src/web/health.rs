//! Whether the server lives, and can do its work.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::App;
use crate::engine::{Fault, FullProfile};

/// It answers.
pub(super) async fn live() -> Response {
    json(StatusCode::OK, r#"{"status":"live"}"#.into())
}

/// It can issue: the state can be written, the CA read, the signer answers, and clients accept the server's own certificate. Profiles that wait for the
/// next hour are named.
pub(super) async fn ready(State(app): State<Arc<App>>) -> Response {
    let ready = app.engine.expect_ready().await;
    let ready = ready.and_then(|full| match app.presented.fault(app.engine.now()) {
        Some(fault) => Err(Fault::unavailable(fault)),
        None => Ok(full),
    });
    let cause = ready.as_ref().err().map(Fault::told);
    app.engine.log().state("readiness", cause);
    match ready {
        Ok(full) => json(StatusCode::OK, readiness(&full)),
        Err(_) => json(
            StatusCode::SERVICE_UNAVAILABLE,
            r#"{"status":"unavailable"}"#.into(),
        ),
    }
}

fn readiness(full: &[FullProfile]) -> String {
    let mut said = serde_json::json!({"status": "ready"});
    if !full.is_empty() {
        said["full_profiles"] = serde_json::json!(full);
    }
    said.to_string()
}

/// Any other path.
pub(super) async fn nothing_here() -> Response {
    json(StatusCode::NOT_FOUND, r#"{"status":"not found"}"#.into())
}

fn json(status: StatusCode, text: String) -> Response {
    (
        status,
        [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")],
        text,
    )
        .into_response()
}
