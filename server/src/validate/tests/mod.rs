//! Proofs, and whatever else a target answers. Every server is on loopback; by default the rules are those of a server in an internal network, and the
//! connector leads every address that they allow to such a server.

mod caa;
mod dns;
mod hostile;
mod http;
mod place;
mod property;
mod servers;
mod targets;
mod tls_alpn;
mod waiting;
mod world;
