//! The server as it is started, and the clients that people use. The clients are the real ones; a missing one fails the test.

mod accounts;
mod admin;
mod backup;
mod caa;
mod client;
mod clients;
mod confined;
mod disk;
mod downloads;
mod examples;
mod hostile;
mod kills;
mod package;
mod protocol;
mod publication;
mod rate;
mod ready;
mod shards;
mod site;
mod targets;
mod two_users;
mod units;
mod unreadable;
mod walk;
mod watch;
mod wrong;
