//! Answers, and the headers that each has.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LINK, LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use serde::Serialize;

use super::target;
use crate::acme::{Problem, ProblemType};
use crate::engine::Fault;
use crate::web::site::Origin;

const REPLAY_NONCE: HeaderName = HeaderName::from_static("replay-nonce");

/// An answer.
pub(super) struct Reply {
    status: u16,
    headers: Vec<(HeaderName, String)>,
    body: Vec<u8>,
    /// What was refused, for the log.
    problem: Option<Problem>,
}

impl Reply {
    pub(super) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            problem: None,
        }
    }

    pub(super) fn json(object: &impl Serialize) -> Self {
        let body = serde_json::to_vec(object).expect("texts and numbers are written as JSON");
        Self::empty(200).with_body("application/json", body)
    }

    pub(super) fn of_fault(fault: &Fault) -> Self {
        let problem = &fault.problem;
        let reply =
            Self::empty(problem.status()).with_body("application/problem+json", problem.to_json().into());
        let reply = Self {
            problem: Some((**problem).clone()),
            ..reply
        };
        let reply = match (problem.kind(), problem.instance()) {
            (ProblemType::UserActionRequired, Some(terms)) => reply.linked(terms, "terms-of-service"),
            _ => reply,
        };
        match fault.retry_after {
            Some(seconds) => reply.retry_after(u64::try_from(seconds).unwrap_or_default()),
            None => reply,
        }
    }

    pub(super) fn with_body(self, kind: &str, body: Vec<u8>) -> Self {
        Self { body, ..self }.with(CONTENT_TYPE, kind)
    }

    pub(super) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    pub(super) fn status(&self) -> u16 {
        self.status
    }

    pub(super) fn created(self) -> Self {
        Self { status: 201, ..self }
    }

    pub(super) fn at(self, url: &str) -> Self {
        self.with(LOCATION, url)
    }

    pub(super) fn linked(self, url: &str, relation: &str) -> Self {
        self.with(LINK, format!("<{url}>;rel=\"{relation}\""))
    }

    /// RFC 8555 §7.1: where the directory is.
    pub(super) fn with_index(self, origin: &Origin) -> Self {
        self.linked(&origin.url(&target::resource("directory")), "index")
    }

    pub(super) fn with_nonce(self, nonce: &str) -> Self {
        self.with(REPLAY_NONCE, nonce)
    }

    /// RFC 8555 §7.2.
    pub(super) fn uncached(self) -> Self {
        self.with(CACHE_CONTROL, "no-store")
    }

    pub(super) fn retry_after(self, seconds: u64) -> Self {
        self.with(RETRY_AFTER, seconds.to_string())
    }

    pub(super) fn into_response(self, is_head: bool) -> Response<Body> {
        let mut response = Response::new(if is_head {
            Body::empty()
        } else {
            Body::from(self.body)
        });
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            // What is in a header was written by the server: digits, base64url and its own URLs.
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}
