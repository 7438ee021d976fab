//! The way to one sink.

use std::path::PathBuf;
use std::time::Duration;

use gsec_env::Programs;

use super::{alertmanager, command, hub, mail, syslog, webhook};
use crate::alarm::{Numbered, Sink, SinkKind};

/// How long one event may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(15);

/// Why an event did not arrive, or is not known to have.
#[derive(Debug, thiserror::Error)]
pub enum OutletError {
    /// Nothing gets there now: what waits behind this event would not either.
    #[error("{0}")]
    Down(String),
    /// It got there and was refused: another event may not be.
    #[error("{0}")]
    Refused(String),
    /// A file that watch.toml names.
    #[error("cannot use `{}`: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
}

/// Somebody who can be told.
pub trait Outlet: Send {
    /// Sends an event, and returns when it is there.
    ///
    /// # Errors
    /// [`OutletError`].
    fn send(&mut self, event: &Numbered) -> Result<(), OutletError>;
}

/// The way to a sink. Secrets are read now. `site_id` says whose the numbers of events are.
///
/// # Errors
/// [`OutletError::File`].
pub fn open(
    sink: &Sink,
    site_id: &str,
    programs: &'static dyn Programs,
) -> Result<Box<dyn Outlet>, OutletError> {
    Ok(match &sink.kind {
        SinkKind::Webhook {
            url,
            secret_file,
            trust_file,
        } => Box::new(webhook::Webhook::new(
            url,
            secret_file.as_deref(),
            trust_file.as_deref(),
        )?),
        SinkKind::Alertmanager { url, trust_file } => {
            Box::new(alertmanager::Alertmanager::new(url, trust_file.as_deref())?)
        }
        SinkKind::Mail { .. } => Box::new(mail::Mail::new(&sink.kind)?),
        SinkKind::Syslog { place, facility } => Box::new(syslog::Syslog::new(place, *facility)?),
        SinkKind::Hub { .. } => Box::new(hub::HubOutlet::new(&sink.kind, site_id)?),
        SinkKind::Command { command, seconds } => {
            Box::new(command::CommandSink::new(command, *seconds, programs))
        }
    })
}
