//! INVENTORY. Which hosts, applications, ports, connections and redundant pairs there are, as one TOML file says it: read with the place of
//! every value, so that whatever is found about one can show it.
//!
//! [`ROOT`] is the one description of the form: the reader obeys it, and the JSON Schema for editors is written from it.

mod keys;
mod kind;
mod located;
mod model;
mod names;
mod read;
mod schema;
mod secrets;

#[cfg(test)]
mod tests;

pub use keys::{Form, Key, Keys, ROOT};
pub use kind::Kind;
pub use located::{Located, Source};
pub use model::{
    App, AppType, Bundle, Certificate, Connection, DEFAULT_PORT, Defaults, Host, Inventory, KeyMade, Os,
    Pair, Port, PortMode, Push, PushMode, Redundancy, Settings,
};
pub use names::{HostName, is_app_name};
pub use read::{MAX_BYTES, MAX_HOSTS, MAX_PORTS, Reading, read};
pub use schema::schema;
