//! PUSH. Bundles to hosts over ssh: the system's `ssh` brings keys, agents and known hosts; what arrives is checked, exchanged in one step and
//! reloaded by the same text that `install.sh` is made of, and goes back where the service refuses it or does not serve it.

mod address;
mod answer;
mod csr;
mod direct;
mod host;
mod order;
mod parcel;
mod receiver;
mod remote;
mod run;
mod text;

pub use address::{SshHost, SshUser};
pub use answer::Answer;
pub use csr::{CsrCall, CsrError};
pub use host::{Course, PushBundle, PushHost, PushState, Pushed, Served};
pub use order::{Item, Next, Schedule, SkipReason};
pub use receiver::{AuthorizedKey, receive_sh, receiver_setup};
pub use remote::{Remote, RemoteError, VARIABLES};
pub use run::run;
