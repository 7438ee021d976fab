//! Certificates of hosts: issued, renewed, verified.

mod batch;
mod crl_kinds;
mod ensure;
mod fetch;
mod field_cases;
mod path_building;
mod path_mutations;
mod path_rules;
mod quickstart;
mod renew;
mod requests;
mod selectors;
mod stable_names;
mod verify;
