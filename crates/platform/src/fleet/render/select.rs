//! Of which application or host.

use crate::inventory::{App, Host, Inventory};

/// What is rendered: everything, or what belongs to one application or host.
#[derive(Debug, Clone, Copy, Default)]
pub struct Selected<'a> {
    /// The application of that name.
    pub app: Option<&'a App>,
    /// The host of that name.
    pub host: Option<&'a Host>,
}

/// The application and the host of a name, everything without one; `None` where nothing has it.
pub fn select<'a>(inventory: &'a Inventory, name: Option<&str>) -> Option<Selected<'a>> {
    let Some(name) = name else {
        return Some(Selected::default());
    };
    let selected = Selected {
        app: inventory.app(name),
        host: inventory.host(name),
    };
    (!selected.is_everything()).then_some(selected)
}

impl Selected<'_> {
    /// Whether no name was given.
    pub fn is_everything(&self) -> bool {
        self.app.is_none() && self.host.is_none()
    }

    /// Whether an application is meant, by its name or by that of its host.
    pub(super) fn has_app(&self, app: &App) -> bool {
        self.is_everything()
            || self.app.is_some_and(|selected| selected.name == app.name)
            || self.has_host_named(&app.host)
    }

    /// Whether a host is meant by its name, or everything.
    pub(super) fn has_host(&self, host: &Host) -> bool {
        self.is_everything() || self.has_host_named(host.name.as_str())
    }

    /// Whether a host of this name is meant.
    pub(super) fn has_host_named(&self, name: &str) -> bool {
        self.host.is_some_and(|host| host.name.as_str() == name)
    }
}
