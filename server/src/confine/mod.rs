//! CONFINEMENT. What the process that has the CA key gives up for good, once all it needs is open and before it takes the first request: the kernel
//! holds it to that, whoever has taken it over. Nothing of it can be taken back, and threads that are started later have given up the same.
//!
//! | module | what is given up |
//! |---|---|
//! | [`memory`] | core files, and swap space for its memory |
//! | [`files`] | all files but those that it reads, and the network: landlock(7) |
//! | [`system_calls`] | all system calls but those that it needs: seccomp(2) |
//!
//! What a kernel refuses is told, and the process goes on: it is confined less, and says so.

#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(target_os = "linux")]
mod system_calls;

use std::path::PathBuf;

use gsec_signer::Confinement;

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
    let system_calls = system_calls::restrict();
    Confinement {
        core_dumps,
        memory,
        privileges,
        files,
        network,
        system_calls,
    }
}

#[cfg(target_os = "linux")]
fn forbid_new_privileges() -> gsec_signer::Hold {
    use gsec_pki::encoding::visible::system_words;
    use gsec_signer::Hold;
    match rustix::thread::set_no_new_privs(true) {
        Ok(()) => Hold::Whole,
        Err(error) => Hold::No(system_words(&error.into())),
    }
}

/// Confines nothing: only Linux can be asked.
#[cfg(not(target_os = "linux"))]
pub fn confine(_reach: &Reach) -> Confinement {
    let no = || gsec_signer::Hold::No("this system is not Linux".into());
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
