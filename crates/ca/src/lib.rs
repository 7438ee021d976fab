#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! The certification authority.
//!
//! | module | what it is |
//! |---|---|
//! | [`authority`] | the CA at work: open, issue, adopt; joins everything below |
//! | [`records`] | what the CA remembers: one trait, its form in files and the one in memory |
//! | [`home`] | the CA directory: certificate, key, former keys, lock |
//! | [`files`] | files that appear whole, bounded reading, whose hands a path is in |
//! | [`policy`] | gsec.toml, and one pure answer to "may this be issued?" |
//! | [`hostlist`] | lists of hosts to issue for |

pub mod authority;
pub mod files;
pub mod home;
pub mod hostlist;
pub mod policy;
pub mod records;

#[cfg(test)]
mod tests;
