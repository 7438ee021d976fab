//! CONFINEMENT. What a process gives up for good: the one that has the CA key once all it needs is open and before it takes the first request, the one
//! that talks to the network before it starts its threads. The kernel holds it to that, whoever has taken it over. Nothing of it can be taken back, and
//! threads that are started later have given up the same.
//!
//! | module | what is given up |
//! |---|---|
//! | `memory` | core files, and swap space for its memory |
//! | `files` | all files but those that it needs, and the network: landlock(7) |
//! | `system_calls` | all system calls but those that it needs: seccomp(2) |
//!
//! What a kernel refuses is told, and the process goes on: it is confined less, and says so.

#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")
))]
mod system_calls;

use std::path::PathBuf;

use gsec_signer::{Confinement, Hold};
use serde::{Deserialize, Serialize};

#[cfg(target_os = "linux")]
pub use memory::with_memory_limit_lifted;

/// The folders whose files a process still needs, with what is below them. What it has open stays open.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// To read them.
    pub read: Vec<PathBuf>,
    /// To read and change them, to make some and to take some away.
    pub change: Vec<PathBuf>,
}

/// Confines this process. It must have no other thread yet: an older kernel would leave that one what this one gives up.
#[cfg(target_os = "linux")]
pub fn confine(reach: &Reach) -> Confinement {
    // The last one first refuses what the others ask for.
    let core_dumps = memory::forbid_dumps();
    let memory = memory::lock();
    let privileges = forbid_new_privileges();
    let (files, network) = files::restrict(reach);
    let system_calls = restrict_system_calls();
    Confinement {
        core_dumps,
        memory,
        privileges,
        files,
        network,
        system_calls,
    }
}

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")
))]
fn restrict_system_calls() -> Hold {
    system_calls::restrict()
}

#[cfg(all(
    target_os = "linux",
    not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"))
))]
fn restrict_system_calls() -> Hold {
    Hold::No("system calls are not filtered on this kind of processor".into())
}

/// What the process that talks to the network has given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrontConfinement {
    /// Its memory gets into no core file, and no process of the same user can read it.
    pub core_dumps: Hold,
    /// It gets no more privileges, whatever it runs.
    pub privileges: Hold,
    /// It writes only below some folders, and runs no file.
    pub writing: Hold,
}

impl FrontConfinement {
    /// Each with its name, as JSON has it.
    pub fn each(&self) -> [(&'static str, &Hold); 3] {
        [
            ("core_dumps", &self.core_dumps),
            ("privileges", &self.privileges),
            ("writing", &self.writing),
        ]
    }
}

/// Confines this process to writing below some folders, and to running nothing. It reads and connects as before. It must have no other thread yet, as
/// with [`confine`].
#[cfg(target_os = "linux")]
pub fn confine_front(write: &[PathBuf]) -> FrontConfinement {
    FrontConfinement {
        core_dumps: memory::forbid_dumps(),
        privileges: forbid_new_privileges(),
        writing: files::restrict_writing(write),
    }
}

#[cfg(target_os = "linux")]
fn forbid_new_privileges() -> Hold {
    use gsec_pki::encoding::visible::system_words;
    match rustix::thread::set_no_new_privs(true) {
        Ok(()) => Hold::Whole,
        Err(error) => Hold::No(system_words(&error.into())),
    }
}

#[cfg(not(target_os = "linux"))]
fn no() -> Hold {
    Hold::No("this system is not Linux".into())
}

/// Confines nothing: only Linux can be asked.
#[cfg(not(target_os = "linux"))]
pub fn confine_front(_write: &[PathBuf]) -> FrontConfinement {
    FrontConfinement {
        core_dumps: no(),
        privileges: no(),
        writing: no(),
    }
}

/// Confines nothing: only Linux can be asked.
#[cfg(not(target_os = "linux"))]
pub fn confine(_reach: &Reach) -> Confinement {
    Confinement {
        core_dumps: no(),
        memory: no(),
        privileges: no(),
        files: no(),
        network: no(),
        system_calls: no(),
    }
}

/// As it is.
#[cfg(not(target_os = "linux"))]
pub fn with_memory_limit_lifted<T>(start: impl FnOnce() -> T) -> T {
    start()
}
