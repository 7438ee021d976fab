//! ROLLOUT. All hosts of an inventory: what each has, what it is to get, and how that comes about. State is read from certificates and from
//! the bundles that were written, never from a file of its own.

mod bundles;
mod csr;
mod host;
mod look;
mod own_key;
mod plan;
mod settings;
mod status;

pub use bundles::{BundleChange, BundleWork, Output, WrittenBundle, make_again};
pub use csr::{CsrRefusal, SignedCsr};
pub use host::{Fleet, FleetHost, HostFault, HostProblem, WantedBundle, faults};
pub use look::{Has, LEFT_OVER, Look, certificates};
pub use plan::{BundleStep, CertificateStep, GoneStep, Plan, Reason, RestartStep, SettingStep, Unchanged};
pub use settings::settings_with;
pub use status::{
    NotServed, PortState, ServingPort, Unprobed, UnprobedPort, expected, is_served, probe_ports,
    serving_ports, unprobed_ports,
};
