//! What the integration tests share: calling gsec and the programs it must agree with, a CA of one's own, an old CA, and TLS peers.
//!
//! Peers are never optional: one that is missing fails the test and names its Debian package. `sh tests/run.sh` installs them all.

pub mod at;
mod ca_db;
mod call;
pub mod conformance;
pub mod der_writer;
pub mod doctor;
pub mod edge_paths;
pub mod faults;
pub mod forge;
mod host;
pub mod inventories;
mod java;
pub mod java_key_store;
pub mod judges;
pub mod key_store;
pub mod machine;
mod nginx;
mod nss_database;
mod old_ca;
mod openssl_peer;
pub mod own_stores;
pub mod pem_forms;
pub mod pfx;
pub mod pfx_writer;
mod secret_key;
mod server;
pub mod shared;
pub mod snapshot;
pub mod starttls;
pub mod strace;
mod test_ca;
mod test_dir;
mod tls;
mod tls_server;
mod word_peer;

pub use ca_db::{Record, gsec_and_ca_db_agree, next_serial, records};
pub use call::{Call, Outcome, gsec, openssl, peer_python, program, python, run, tool};
pub use host::{Host, SHELLS, release_of};
pub use java::{java_class, java_tool};
pub use nginx::{nginx, nginx_configuration};
pub use nss_database::NssDatabase;
pub use old_ca::{HOSTS, OldCa, shared_old_ca};
pub use openssl_peer::OpensslPeer;
pub use secret_key::SecretKey;
pub use server::{ChildGuard, PATIENCE, free_port, wait_until};
pub use test_ca::{HostFiles, KEY_TYPES, KeyType, TestCa, issue, key_type};
pub use test_dir::{TestDir, Tree, names_in};
pub use tls::{Stage, TlsClient, TlsServer, Verdict, every_refusal_holds, mutual_tls_holds};
pub use tls_server::{
    ClosedPort, OwnServer, TlsPort, also_in_plain_text, first_octets, listen_only, port_listened_on, relay,
    rustls_server,
};
pub use word_peer::WordPeer;

mod scene;
pub use scene::{Scene, is_harmless, reads_as};
