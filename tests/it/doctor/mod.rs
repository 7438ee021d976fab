//! What doctor finds, says and fixes.

mod ca_directory;
mod causes;
mod command;
mod files;
mod handshake;
mod machine;
mod old_troubleshooting;
mod probe;
mod remedies;
mod same_as_verify;
mod server;
mod settings;
mod starttls;
mod trust;
mod unused;
