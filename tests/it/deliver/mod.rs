//! From the CA to the programs that trust it, and to the services that serve its certificates.

mod bundle;
mod fleet;
mod fleet_check;
mod fleet_explain;
mod fleet_import;
mod fleet_output;
mod fleet_render;
mod fleet_status;
mod fleet_timer;
mod install_faults;
mod install_script;
mod push;
mod trust;
mod trust_faults;
