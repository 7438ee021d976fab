//! DOMAIN. Accounts, orders, authorizations, challenges, grants and limits: what may follow what. Pure: times are arguments, ids are drawn by the
//! caller.

mod identifier;

pub use identifier::Identifier;
