//! The hub, from the side of a site: it dials out, and nobody dials in.

use super::http::Poster;
use super::{Outlet, OutletError};
use crate::alarm::{Batch, Numbered, Receipt, SinkKind};

/// Where a hub takes alarms.
pub const HUB_PATH: &str = "/hub/v1/alarms";

/// The way to a hub.
pub struct HubOutlet {
    poster: Poster,
    site_id: String,
}

impl HubOutlet {
    /// Reads certificate and key.
    ///
    /// # Errors
    /// [`OutletError`]: a file, or a sink that is no hub.
    pub fn new(kind: &SinkKind, site_id: &str) -> Result<Self, OutletError> {
        let SinkKind::Hub {
            url,
            certificate_file,
            key_file,
            trust_file,
        } = kind
        else {
            return Err(OutletError::Down("it is no hub".into()));
        };
        Ok(Self {
            poster: Poster::mutual(url, HUB_PATH, trust_file.as_deref(), (certificate_file, key_file))?,
            site_id: site_id.to_owned(),
        })
    }

    /// Says that the site is there.
    ///
    /// # Errors
    /// [`OutletError`].
    pub fn beat(&self) -> Result<(), OutletError> {
        self.exchange(Vec::new()).map(drop)
    }

    fn exchange(&self, events: Vec<Numbered>) -> Result<Receipt, OutletError> {
        let batch = Batch::new(&self.site_id, events);
        let body = serde_json::to_string(&batch).map_err(|error| OutletError::Down(error.to_string()))?;
        // Whatever goes wrong, what comes later must not overtake: the hub counts up.
        let down = |error| match error {
            OutletError::Refused(words) => OutletError::Down(words),
            other => other,
        };
        let answer = self.poster.ask_for(body).map_err(down)?;
        serde_json::from_slice(&answer).map_err(|_| OutletError::Down("it answers what is no receipt".into()))
    }
}

impl Outlet for HubOutlet {
    fn send(&mut self, event: &Numbered) -> Result<(), OutletError> {
        let receipt = self.exchange(vec![event.clone()])?;
        match receipt.acknowledged >= event.number {
            true => Ok(()),
            false => Err(OutletError::Down(format!(
                "it has acknowledged {} and not {}",
                receipt.acknowledged, event.number
            ))),
        }
    }
}
