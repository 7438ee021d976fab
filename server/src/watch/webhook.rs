//! Webhooks: the event as JSON, signed where there is a key.

use std::path::Path;

use gsec_pki::encoding::hex::{Separator, encode};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::http::Poster;
use super::{Outlet, OutletError, secret};
use crate::alarm::Numbered;

pub(super) struct Webhook {
    poster: Poster,
    key: Option<Zeroizing<Vec<u8>>>,
}

impl Webhook {
    pub(super) fn new(
        url: &str,
        secret_file: Option<&Path>,
        trust_file: Option<&Path>,
    ) -> Result<Self, OutletError> {
        Ok(Self {
            poster: Poster::new(url, "", trust_file)?,
            key: secret_file.map(secret::read).transpose()?,
        })
    }

    #[cfg(test)]
    pub(super) fn within(self, timeout: std::time::Duration) -> Self {
        Self {
            poster: self.poster.within(timeout),
            ..self
        }
    }
}

/// The signature over time and body: who has taken a copy of the request cannot send it again later under another time.
pub(super) fn signature(key: &[u8], timestamp: i64, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    let mac = mac
        .chain_update(timestamp.to_string())
        .chain_update(".")
        .chain_update(body);
    format!("v1={}", encode(&mac.finalize().into_bytes(), Separator::None))
}

impl Outlet for Webhook {
    fn send(&mut self, Numbered { event, .. }: &Numbered) -> Result<(), OutletError> {
        let body = event.to_json();
        let timestamp = OffsetDateTime::now_utc().unix_timestamp();
        let mut fields = vec![
            ("x-gsec-id", event.id.clone()),
            ("x-gsec-timestamp", timestamp.to_string()),
        ];
        if let Some(key) = &self.key {
            fields.push(("x-gsec-signature", signature(key, timestamp, &body)));
        }
        self.poster.post(body, &fields)
    }
}
