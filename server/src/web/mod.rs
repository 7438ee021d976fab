//! EDGES. HTTP in, calls of the engine, HTTP out.

mod acme;
mod body;
mod connection;
mod health;
mod hub;
mod listener;
mod numbers;
mod presented;
mod publication;
mod site;

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, get};

use crate::engine::Engine;

pub use acme::account_urls;
pub use connection::{ClientCertificate, Peer};
pub use hub::{Believed, Hub, MAX_BATCH_BYTES, hub_routes};
pub use listener::{Limits, ServerTls, TlsError, serve_plain, serve_tls};
pub use presented::Presented;
pub use site::{Site, SiteError};

/// What every answer needs.
pub struct App {
    /// The server at work.
    pub engine: Arc<Engine>,
    /// What it is called.
    pub site: Site,
    /// Its own certificate.
    pub presented: Arc<Presented>,
}

/// What is served over TLS: ACME, and what is published.
pub fn tls_routes(app: &Arc<App>) -> Router {
    Router::new()
        .route("/acme/", any(acme::answer))
        .route("/acme/{*rest}", any(acme::answer))
        .merge(publication::routes())
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .fallback(health::nothing_here)
        .with_state(app.clone())
}

/// Numbers for those who watch the server.
pub fn metrics_routes(app: &Arc<App>) -> Router {
    Router::new()
        .route("/metrics", get(numbers::metrics))
        .fallback(health::nothing_here)
        .with_state(app.clone())
}

/// What is served without: only what is signed, and may be had by anybody.
pub fn plain_routes(app: &Arc<App>) -> Router {
    Router::new()
        .merge(publication::routes())
        .route("/health/live", get(health::live))
        .fallback(health::nothing_here)
        .with_state(app.clone())
}
