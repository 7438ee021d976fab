//! Numbers for those who watch the server.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::App;
use crate::notice;

/// All numbers, in the format of OpenMetrics.
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Response {
    let moment = app.engine.moment().await;
    match app.engine.metrics().text(&moment) {
        Ok(text) => (
            [(CONTENT_TYPE, notice::CONTENT_TYPE), (CACHE_CONTROL, "no-store")],
            text,
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
