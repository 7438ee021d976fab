//! THE SERVER AT WORK. Joins the CA, the state and validation into what a client can ask for.

mod issuer;

pub use issuer::{Issuer, IssuerError, StartError, Wanted, Workshop};
