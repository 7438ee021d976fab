#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! gsec: a private certification authority and TLS provisioning toolkit.
//!
//! The map, from the words that people type down to bytes; arrows point downwards only:
//!
//! | module | what it is |
//! |---|---|
//! | [`cli`] | words: flags, help, hints, exit codes, prompts |
//! | [`report`] | a command's result as text and as JSON |
//! | [`examine`] | gathers doctor's facts, and mends |
//! | [`doctor`] | why is the connection not established? A catalogue, and checks from facts to findings |
//! | [`authority`] | the CA at work: open, issue, adopt; joins everything below |
//! | [`store`] | disk: the CA directory |
//! | [`policy`] | what may be issued |
//! | [`hostlist`] | lists of hosts to issue for |
//! | [`bundle`] | everything in a file of any kind, and what of it belongs together |
//! | [`pkcs12`] | PFX files |
//! | [`x509`] | certificates |
//! | [`key`] | keys and signatures |
//! | [`pbe`] | what is encrypted or authenticated under a password |
//! | [`net`] | name resolution, connections, the TLS probe |
//! | [`tls`] | TLS messages as octets, and what a probe of a port saw |
//! | [`encoding`] | PEM, hexadecimal, safe text |
//! | [`mod@env`] | the world: clock, randomness, terminal |
//!
//! `encoding`, `pbe`, `key`, `x509`, `pkcs12`, `bundle`, `hostlist`, `policy`, `tls`, `doctor` and `report` are pure: no files, no clock, no terminal.

pub mod authority;
pub mod bundle;
pub mod cli;
pub mod doctor;
pub mod encoding;
pub mod env;
pub mod examine;
pub mod hostlist;
pub mod key;
pub mod net;
pub mod pbe;
pub mod pkcs12;
pub mod policy;
pub mod report;
pub mod store;
pub mod tls;
pub mod x509;
