//! The memory of a process that has a key.

use gsec_pki::encoding::visible::system_words;
use gsec_signer::Hold;
use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{DumpableBehavior, Resource, Rlimit, dumpable_behavior, getrlimit, setrlimit};

/// No core file has it, and no process of the same user may look into it.
pub(super) fn forbid_dumps() -> Hold {
    gsec_env::forbid_core_dumps();
    if getrlimit(Resource::Core).maximum != Some(0) {
        return Hold::No("RLIMIT_CORE cannot be lowered".into());
    }
    match dumpable_behavior() {
        Ok(DumpableBehavior::NotDumpable) => Hold::Whole,
        _ => Hold::Part("the process stays dumpable".into()),
    }
}

/// None of it gets into swap space. A page counts once it is used: the stacks that threads never use take no memory.
///
/// Where RLIMIT_MEMLOCK has a number that holds for this process, memory that comes later is not locked: with `MCL_FUTURE`, a process that reaches
/// the number gets no more memory at all, and ends (mlockall(2)).
pub(super) fn lock() -> Hold {
    lift_limit();
    let limit = getrlimit(Resource::Memlock);
    let Some(most) = limit.current else {
        return match lock_all() {
            Ok(()) => Hold::Whole,
            Err(error) => Hold::No(system_words(&error.into())),
        };
    };
    // What locks memory where none may be locked is held by no number.
    let none = Rlimit {
        current: Some(0),
        ..limit
    };
    let is_free = setrlimit(Resource::Memlock, none).is_ok() && lock_all().is_ok();
    let _ = setrlimit(Resource::Memlock, limit);
    if is_free {
        return Hold::Whole;
    }
    match mlockall(MlockAllFlags::CURRENT | MlockAllFlags::ONFAULT) {
        Ok(()) => Hold::Part(format!(
            "what it had at its start is locked, and what came later may get into swap space, because RLIMIT_MEMLOCK is {} KiB; `LimitMEMLOCK=infinity` in a unit, or `ulimit -l unlimited`, lets it be locked",
            most / 1024
        )),
        Err(_) => Hold::No(format!(
            "it may get into swap space, because RLIMIT_MEMLOCK is {} KiB; `LimitMEMLOCK=infinity` in a unit, or `ulimit -l unlimited`, lets it be locked",
            most / 1024
        )),
    }
}

fn lock_all() -> rustix::io::Result<()> {
    mlockall(MlockAllFlags::CURRENT | MlockAllFlags::ONFAULT | MlockAllFlags::FUTURE)
}

/// Where this process may.
fn lift_limit() {
    let unlimited = Rlimit {
        current: None,
        maximum: None,
    };
    if setrlimit(Resource::Memlock, unlimited).is_err() {
        let maximum = getrlimit(Resource::Memlock).maximum;
        let highest = Rlimit {
            current: maximum,
            maximum,
        };
        let _ = setrlimit(Resource::Memlock, highest);
    }
}

/// What is started meanwhile may lock all its memory, where this process can grant that: as root, for a user who could not.
pub fn with_memory_limit_lifted<T>(start: impl FnOnce() -> T) -> T {
    let before = getrlimit(Resource::Memlock);
    lift_limit();
    let started = start();
    let _ = setrlimit(Resource::Memlock, before);
    started
}
