//! What a test needs of the machine: another user, a small disk, all processors.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use super::{program, run};

/// A user that owns nothing: `nobody` on every Linux distribution (the kernel's overflow uid).
pub const NOBODY: u32 = 65534;

pub fn is_root() -> bool {
    fs::metadata("/proc/self").expect("these tests need /proc").uid() == 0
}

/// A fresh directory below the system's temporary directory, with its links resolved (strace prints resolved paths).
pub fn temp_dir() -> tempfile::TempDir {
    let place = fs::canonicalize(std::env::temp_dir()).unwrap();
    tempfile::Builder::new()
        .prefix("gsec-test-")
        .tempdir_in(place)
        .unwrap()
}

/// Does `work` for each item, on all processors; a failing one fails the test.
pub fn for_each_at_once<T: Sync>(items: &[T], work: impl Fn(usize, &T) + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    let Some(item) = items.get(at) else { break };
                    work(at, item);
                }
            });
        }
    });
}

/// Copies a directory tree with its modes and links, as `cp -a` does.
#[track_caller]
pub fn copy_tree(from: &Path, to: &Path) {
    let status = Command::new("cp")
        .arg("-a")
        .arg("--")
        .arg(from)
        .arg(to)
        .status()
        .unwrap();
    assert!(status.success(), "cp -a {} {}", from.display(), to.display());
}

#[track_caller]
pub fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .unwrap_or_else(|problem| panic!("chmod {}: {problem}", path.display()));
}

/// Hands a tree to the user that [`super::at::gsec_as_nobody`] runs as.
#[track_caller]
pub fn give_to_nobody(tree: &Path) {
    if is_root() {
        let status = Command::new("chown")
            .arg("-R")
            .arg(format!("{NOBODY}:{NOBODY}"))
            .arg("--")
            .arg(tree)
            .status()
            .unwrap();
        assert!(status.success(), "chown {}", tree.display());
    }
}

/// Runs the body of the test whose path is `name` in a mount namespace of its own, by starting this test program again for that one test. What is mounted there
/// goes when its last process ends, however it ends: no test can leave a mount behind, and a user who is not root may mount as well.
#[track_caller]
pub fn in_private_mounts(name: &str, body: impl FnOnce()) {
    // `module_path!` begins with the name of the test program; the names of tests do not.
    let name = name.split_once("::").map_or(name, |(_, rest)| rest);
    const INSIDE: &str = "GSEC_TEST_IN_PRIVATE_MOUNTS";
    if std::env::var_os(INSIDE).is_some() {
        return body();
    }
    let mut command = Command::new(program("unshare"));
    command.args(["--mount", "--propagation", "private"]);
    if !is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            name,
            "--include-ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(INSIDE, "1");
    let outcome = run(&mut command);
    print!("{}", outcome.stdout);
    eprint!("{}", outcome.stderr);
    assert!(
        outcome.stdout.contains("running 1 test"),
        "this test mounts a small tmpfs of its own; that needs root with CAP_SYS_ADMIN, or user namespaces for everybody \
         (sysctl kernel.unprivileged_userns_clone=1); `unshare --mount` said: {}",
        outcome.stderr
    );
    assert!(
        outcome.status == Some(0) && outcome.stdout.contains("1 passed"),
        "`{name}` failed in its mount namespace; what it said stands above"
    );
}

/// A small disk of its own. Only inside [`in_private_mounts`].
pub struct Disk {
    place: tempfile::TempDir,
}

impl Disk {
    /// A tmpfs with mount options such as `size=1m`.
    #[track_caller]
    pub fn new(options: &str) -> Self {
        let disk = Self { place: temp_dir() };
        run(mount()
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(disk.path()))
        .succeeded(&format!("mount -t tmpfs -o {options}"));
        disk
    }

    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// Mounts it anew, `ro` or `rw`.
    #[track_caller]
    pub fn remount(&self, how: &str) {
        run(mount()
            .args(["-o", &format!("remount,bind,{how}")])
            .arg(self.path()))
        .succeeded(&format!("mount -o remount,bind,{how}"));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // The mount ends with its namespace in any case; without this, the folder below could not be removed now.
        let _ = Command::new(program("umount"))
            .arg("--lazy")
            .arg(self.path())
            .status();
    }
}

pub fn mount() -> Command {
    Command::new(program("mount"))
}
