//! The way to each kind of sink.

use gsec_env::Programs;

use super::{Outlet, OutletError, alertmanager, command, hub, mail, syslog, webhook};
use crate::alarm::{Sink, SinkKind};

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
