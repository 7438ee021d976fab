//! System calls, by seccomp(2).
//!
//! What the process needs is listed, and everything else is refused. A list of what is forbidden would be shorter, and would let through whatever a later
//! kernel brings. What is not listed is answered with `ENOSYS`, as an old kernel would: a C library that is newer than this list then does
//! what it does on that kernel, and a call that was forgotten is an error with a message and not the end of the process.
//!
//! What nobody does by mistake who has not taken over the process ends it at once: another program, another process's memory, a socket of the network, what
//! changes the kernel or the mounts. Who started it sees a signal, SIGSYS.
//!
//! A call is looked at in all threads (`SECCOMP_FILTER_FLAG_TSYNC`), and in those that are started later.

use std::collections::BTreeMap;

use gsec_signer::Hold;
use libc::c_long;
use seccompiler::SeccompCmpArgLen::{Dword, Qword};
use seccompiler::SeccompCmpOp::{Eq, MaskedEq, Ne};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter_all_threads,
};

type Rules = BTreeMap<c_long, Vec<SeccompRule>>;

/// From now on, only these.
pub(super) fn restrict() -> Hold {
    let install = || {
        let (ends, refuses) = (ending()?, refusing()?);
        // The other one refuses to install a further one.
        apply_filter_all_threads(&ends)?;
        apply_filter_all_threads(&refuses)
    };
    match install() {
        Ok(()) => Hold::Whole,
        Err(error) => Hold::No(error.to_string()),
    }
}

fn program(rules: Rules, otherwise: SeccompAction, then: SeccompAction) -> Result<BpfProgram, BackendError> {
    SeccompFilter::new(
        rules,
        otherwise,
        then,
        TargetArch::try_from(std::env::consts::ARCH)?,
    )?
    .try_into()
}

/// Ends the process that makes one of these.
fn ending() -> Result<BpfProgram, BackendError> {
    let mut rules: Rules = ENDING.iter().map(|call| (*call, Vec::new())).collect();
    let other_family = only_if(0, Dword, Ne, libc::AF_UNIX as u64)?;
    rules.insert(libc::SYS_socket, vec![other_family]);
    program(rules, SeccompAction::Allow, SeccompAction::KillProcess)
}

/// Answers everything else than these as a kernel that does not know it.
fn refusing() -> Result<BpfProgram, BackendError> {
    let mut rules: Rules = NEEDED.iter().map(|call| (*call, Vec::new())).collect();
    let thread = libc::CLONE_THREAD as u64;
    let no_code = || only_if(2, Dword, MaskedEq(libc::PROT_EXEC as u64), 0);
    rules.extend([
        // A thread, and no process. Of clone3(2) nobody can see which: a C library that knows it takes this one in its place.
        (
            libc::SYS_clone,
            vec![only_if(0, Qword, MaskedEq(thread), thread)?],
        ),
        // Memory that can be run is what a program starts with.
        (libc::SYS_mmap, vec![no_code()?]),
        (libc::SYS_mprotect, vec![no_code()?]),
        (
            libc::SYS_prctl,
            vec![only_if(0, Dword, Eq, libc::PR_SET_NAME as u64)?],
        ),
        // The times of what is open. Landlock does not say whose mode, owner and times may be changed by name, so nobody's may.
        (libc::SYS_utimensat, vec![only_if(1, Qword, Eq, 0)?]),
        // A limit is read, and none is set.
        (libc::SYS_prlimit64, vec![only_if(2, Qword, Eq, 0)?]),
    ]);
    let unknown = SeccompAction::Errno(libc::ENOSYS as u32);
    program(rules, unknown, SeccompAction::Allow)
}

fn only_if(
    argument: u8,
    length: SeccompCmpArgLen,
    operator: SeccompCmpOp,
    value: u64,
) -> Result<SeccompRule, BackendError> {
    SeccompRule::new(vec![SeccompCondition::new(argument, length, operator, value)?])
}

/// What the process that has the key does: answers at a socket that it has, with threads, and reads and replaces files.
const NEEDED: &[c_long] = &[
    // Memory
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    // Threads, and how they wait for each other
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_membarrier,
    libc::SYS_rseq,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    // Signals, also those that it sends itself when it ends
    libc::SYS_restart_syscall,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_tgkill,
    // Time and randomness
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_getrandom,
    libc::SYS_gettimeofday,
    libc::SYS_nanosleep,
    // Who it is
    libc::SYS_getegid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getuid,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    // Files: which ones, landlock says
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_faccessat,
    libc::SYS_fcntl,
    libc::SYS_fdatasync,
    libc::SYS_flock,
    libc::SYS_fstat,
    libc::SYS_fstatfs,
    libc::SYS_fsync,
    libc::SYS_ftruncate,
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    libc::SYS_lseek,
    libc::SYS_newfstatat,
    libc::SYS_openat,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_read,
    libc::SYS_readlinkat,
    libc::SYS_readv,
    libc::SYS_statx,
    libc::SYS_write,
    libc::SYS_writev,
    // Files that it makes and replaces
    libc::SYS_fchmod,
    libc::SYS_fchown,
    libc::SYS_linkat,
    libc::SYS_mkdirat,
    #[cfg(not(target_arch = "riscv64"))]
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_symlinkat,
    libc::SYS_unlinkat,
    // Those who ask
    libc::SYS_accept4,
    libc::SYS_getpeername,
    libc::SYS_getsockname,
    libc::SYS_getsockopt,
    libc::SYS_ppoll,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_sendmsg,
    libc::SYS_sendto,
    libc::SYS_setsockopt,
    libc::SYS_shutdown,
    // What the C library calls by an older name
    #[cfg(target_arch = "x86_64")]
    libc::SYS_access,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_link,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lstat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_mkdir,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_open,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_readlink,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_rename,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_rmdir,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_stat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_symlink,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_unlink,
];

/// What ends it.
const ENDING: &[c_long] = &[
    // Another program
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_memfd_create,
    // Another process
    libc::SYS_pidfd_getfd,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    // Mounts and namespaces
    libc::SYS_chroot,
    libc::SYS_fsmount,
    libc::SYS_mount,
    libc::SYS_move_mount,
    libc::SYS_open_by_handle_at,
    libc::SYS_pivot_root,
    libc::SYS_setns,
    libc::SYS_umount2,
    libc::SYS_unshare,
    // Another user
    libc::SYS_capset,
    libc::SYS_setgid,
    libc::SYS_setgroups,
    libc::SYS_setregid,
    libc::SYS_setresgid,
    libc::SYS_setresuid,
    libc::SYS_setreuid,
    libc::SYS_setuid,
    // The kernel, and ways around what looks at system calls
    libc::SYS_add_key,
    libc::SYS_bpf,
    libc::SYS_delete_module,
    libc::SYS_finit_module,
    libc::SYS_init_module,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    #[cfg(not(target_arch = "riscv64"))]
    libc::SYS_kexec_file_load,
    libc::SYS_keyctl,
    libc::SYS_perf_event_open,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_userfaultfd,
    // The clock
    libc::SYS_clock_settime,
    libc::SYS_settimeofday,
];
