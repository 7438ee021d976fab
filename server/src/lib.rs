#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! THE SERVER. The CA directory, served: ACME, CRL and OCSP.
//!
//! | module | what it is |
//! |---|---|
//! | [`command`] | what `gsec serve` means: the processes, and what each is made of |
//! | [`confine`] | what a process gives up for good before it takes the first request |
//! | [`web`] | HTTP in, calls of the engine, HTTP out |
//! | [`engine`] | the server at work: joins the CA, the state and validation |
//! | [`backup`] | a CA directory as one encrypted file: what may be in it, and the age format; pure |
//! | [`publish`] | what everybody may fetch: the answers of the OCSP responder; pure |
//! | [`watch`] | remembers alarms, and gets them to those who are to be told |
//! | [`alarm`] | what is wrong, what becomes of it, and what is said of it; pure |
//! | [`notice`] | what the server counts, for those who watch it |
//! | [`settings`] | what the administrator has written into serve.toml; pure |
//! | [`state`] | what the server remembers beside the CA's records: one trait, a SQLite database, a form in memory |
//! | [`validate`] | whether a client controls the names that it asks for: http-01, dns-01, tls-alpn-01, and what may be connected to |
//! | [`acme`] | RFC 8555 on the wire: signed requests, keys, problems, answers; pure |
//! | [`domain`] | accounts, orders, authorizations, challenges, grants and limits: what may follow what; pure |

pub mod acme;
pub mod alarm;
pub mod backup;
pub mod command;
pub mod confine;
pub mod domain;
pub mod engine;
pub mod notice;
pub mod publish;
pub mod settings;
pub mod state;
pub mod validate;
pub mod watch;
pub mod web;
