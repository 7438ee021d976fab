//! What a process that has the key cannot do any more, seen by who has taken it over: each attempt is made by a process of its own, which has confined
//! itself as the signer does.

use std::fs;
use std::io::ErrorKind;
use std::net::{TcpStream, UdpSocket};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gsec_server::confine::{Reach, confine, confine_front};
use gsec_signer::Hold;
use serde_json::Value;

use crate::site::{Site, run};

/// Where the process is told what to attempt, and where.
const ATTEMPT: &str = "GSEC_TEST_ATTEMPT";
const FOLDER: &str = "GSEC_TEST_FOLDER";
/// The signal that seccomp(2) ends a process with.
const SIGSYS: i32 = 31;
const REFUSED: i32 = 13;
const DONE: i32 = 14;

/// What may come of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comes {
    /// It is done.
    Done,
    /// It is an error.
    Refused,
    /// The process is ended.
    Ended,
}

type Attempt = fn(&Path) -> std::io::Result<()>;

/// Everything that is attempted in a folder: `own` can be changed, `read` can be read, and `outside` is neither.
const ATTEMPTS: &[(&str, Comes, Attempt)] = &[
    ("reads its own", Comes::Done, |at| reads(&at.join("own/file"))),
    ("reads what it may read", Comes::Done, |at| {
        reads(&at.join("read/file"))
    }),
    ("replaces its own and reads that", Comes::Done, |at| {
        fs::write(at.join("own/new"), "new")?;
        fs::rename(at.join("own/new"), at.join("own/file"))?;
        reads(&at.join("own/file"))
    }),
    ("moves its own into a folder of its own", Comes::Done, |at| {
        fs::create_dir(at.join("own/below"))?;
        fs::rename(at.join("own/file"), at.join("own/below/file"))
    }),
    ("starts a thread", Comes::Done, |_| {
        let started = std::thread::Builder::new().spawn(|| ())?;
        started.join().map_err(|_| ErrorKind::Other.into())
    }),
    ("writes into what is open", Comes::Done, |at| {
        // It was opened before: see `main_of_attempt`.
        fs::metadata(at.join("outside/journal")).map(|_| ())
    }),
    ("reads outside", Comes::Refused, |at| {
        reads(&at.join("outside/file"))
    }),
    ("lists outside", Comes::Refused, |at| {
        fs::read_dir(at.join("outside")).map(|_| ())
    }),
    ("reads the passwords of this machine", Comes::Refused, |_| {
        reads(Path::new("/etc/shadow"))
    }),
    ("reads its own environment", Comes::Refused, |_| {
        reads(Path::new("/proc/self/environ"))
    }),
    ("reads outside in a thread", Comes::Refused, |at| {
        let path = at.join("outside/file");
        let read = std::thread::spawn(move || reads(&path)).join();
        read.unwrap_or(Ok(()))
    }),
    ("reads outside through a link", Comes::Refused, |at| {
        let link = at.join("own/link");
        // Where it can make none, that is no answer.
        std::os::unix::fs::symlink(at.join("outside/file"), &link).expect("a link");
        reads(&link)
    }),
    ("takes a name of what is outside", Comes::Refused, |at| {
        fs::hard_link(at.join("outside/file"), at.join("own/name"))
    }),
    ("moves what it may read only", Comes::Refused, |at| {
        fs::rename(at.join("read/file"), at.join("own/moved"))
    }),
    ("writes outside", Comes::Refused, |at| {
        fs::write(at.join("outside/new"), "new")
    }),
    ("writes what it may read only", Comes::Refused, |at| {
        fs::write(at.join("read/file"), "new")
    }),
    ("shortens what it may read only", Comes::Refused, |at| {
        fs::File::create(at.join("read/file")).map(|_| ())
    }),
    ("opens to everybody what is outside", Comes::Refused, |at| {
        let everybody = rustix::fs::Mode::from_raw_mode(0o666);
        let none = rustix::fs::AtFlags::empty();
        Ok(rustix::fs::chmodat(
            rustix::fs::CWD,
            at.join("outside/file"),
            everybody,
            none,
        )?)
    }),
    ("changes the time of what is outside", Comes::Refused, |at| {
        let now = rustix::fs::Timespec {
            tv_sec: 0,
            tv_nsec: rustix::fs::UTIME_NOW,
        };
        let times = rustix::fs::Timestamps {
            last_access: now,
            last_modification: now,
        };
        let none = rustix::fs::AtFlags::empty();
        Ok(rustix::fs::utimensat(
            rustix::fs::CWD,
            at.join("outside/file"),
            &times,
            none,
        )?)
    }),
    ("changes mode and time of what it has open", Comes::Done, |at| {
        let own = fs::File::options().write(true).open(at.join("own/file"))?;
        own.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        own.set_modified(std::time::SystemTime::now())
    }),
    ("removes outside", Comes::Refused, |at| {
        fs::remove_file(at.join("outside/file"))
    }),
    ("makes a socket of its own", Comes::Refused, |at| {
        UnixListener::bind(at.join("own/socket")).map(|_| ())
    }),
    ("connects to another process", Comes::Refused, |at| {
        UnixStream::connect(at.join("own/listener")).map(|_| ())
    }),
    ("starts a program beside it", Comes::Refused, |_| {
        Command::new("/bin/true")
            .stdin(Stdio::null())
            .status()
            .map(|_| ())
    }),
    ("looks whether another process is there", Comes::Refused, |_| {
        Ok(rustix::process::test_kill_process(rustix::process::Pid::INIT)?)
    }),
    ("lifts a limit", Comes::Refused, |_| {
        use rustix::process::{Resource, getrlimit, setrlimit};
        Ok(setrlimit(Resource::Nofile, getrlimit(Resource::Nofile))?)
    }),
    ("becomes dumpable", Comes::Refused, |_| {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        Ok(set_dumpable_behavior(DumpableBehavior::Dumpable)?)
    }),
    ("connects to a port", Comes::Ended, |_| {
        TcpStream::connect(("127.0.0.1", 9)).map(|_| ())
    }),
    ("sends a datagram", Comes::Ended, |_| {
        UdpSocket::bind("127.0.0.1:0").map(|_| ())
    }),
    ("becomes another program", Comes::Ended, |_| {
        Err(Command::new("/bin/true").exec())
    }),
    ("makes a file in memory", Comes::Ended, |_| {
        rustix::fs::memfd_create("x", rustix::fs::MemfdFlags::empty()).map(|_| ())?;
        Ok(())
    }),
    ("takes another root", Comes::Ended, |at| {
        Ok(rustix::process::chroot(at)?)
    }),
    ("becomes another user", Comes::Ended, |_| {
        Ok(rustix::thread::set_thread_uid(rustix::process::getuid())?)
    }),
    ("mounts", Comes::Ended, |at| {
        Ok(rustix::mount::mount_bind(at.join("own"), at.join("read"))?)
    }),
];

/// What the front can still do, and what it cannot.
const ATTEMPTS_OF_FRONT: &[(&str, Comes, Attempt)] = &[
    ("front: writes its own", Comes::Done, |at| {
        fs::write(at.join("own/new"), "new")?;
        fs::create_dir(at.join("own/below"))?;
        fs::rename(at.join("own/new"), at.join("own/below/new"))
    }),
    ("front: makes a socket of its own", Comes::Done, |at| {
        UnixListener::bind(at.join("own/socket")).map(|_| ())
    }),
    ("front: reads outside", Comes::Done, |at| {
        reads(&at.join("outside/file"))
    }),
    ("front: listens at a port", Comes::Done, |_| {
        std::net::TcpListener::bind("127.0.0.1:0").map(|_| ())
    }),
    ("front: writes outside", Comes::Refused, |at| {
        fs::write(at.join("outside/new"), "new")
    }),
    ("front: writes outside in a thread", Comes::Refused, |at| {
        let path = at.join("outside/file");
        let written = std::thread::spawn(move || fs::write(path, "new")).join();
        written.unwrap_or(Ok(()))
    }),
    ("front: removes outside", Comes::Refused, |at| {
        fs::remove_file(at.join("outside/file"))
    }),
    ("front: starts a program", Comes::Refused, |_| {
        Command::new("/bin/true")
            .stdin(Stdio::null())
            .status()
            .map(|_| ())
    }),
    ("front: starts a program of its own", Comes::Refused, |at| {
        let program = at.join("own/true");
        fs::copy("/bin/true", &program)?;
        // Where it is none, that is no answer.
        let mode = fs::metadata(&program).expect("a program").permissions();
        assert!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o111 != 0);
        Command::new(program).stdin(Stdio::null()).status().map(|_| ())
    }),
];

fn reads(path: &Path) -> std::io::Result<()> {
    fs::read(path).map(|_| ())
}

/// What the processes do that the other tests start; by itself nothing.
#[test]
fn main_of_attempt() {
    let (Ok(name), Some(folder)) = (std::env::var(ATTEMPT), std::env::var_os(FOLDER)) else {
        return;
    };
    let folder = PathBuf::from(folder);
    let (_, _, attempt) = ATTEMPTS
        .iter()
        .chain(ATTEMPTS_OF_FRONT)
        .find(|(known, _, _)| *known == name)
        .expect("an attempt");
    let mut journal = fs::File::create(folder.join("outside/journal")).expect("a journal");
    if name.starts_with("front") {
        let confinement = confine_front(&[folder.join("own")]);
        let all = [
            confinement.core_dumps,
            confinement.privileges,
            confinement.writing,
        ];
        assert_eq!(all, [Hold::Whole, Hold::Whole, Hold::Whole]);
    } else {
        let confinement = confine(&Reach {
            read: vec![folder.join("read")],
            change: vec![folder.join("own")],
        });
        // Locking depends on this machine's limits; all others are the kernel's.
        for (what, hold) in confinement.each() {
            assert!(what == "memory" || *hold == Hold::Whole, "{what}: {hold:?}");
        }
    }
    std::io::Write::write_all(&mut journal, b"a line\n")
        .and_then(|()| journal.sync_data())
        .and_then(|()| journal.set_len(0))
        .expect("the journal goes on");
    let status = match attempt(&folder) {
        Ok(()) => DONE,
        Err(error) => {
            println!("{error}");
            REFUSED
        }
    };
    std::process::exit(status)
}

#[test]
fn whoever_takes_it_over_gets_nowhere() {
    let program = std::env::current_exe().expect("this program");
    for (name, comes, _) in ATTEMPTS.iter().chain(ATTEMPTS_OF_FRONT) {
        let folder = tempfile::tempdir().expect("a folder");
        for part in ["own", "read", "outside"] {
            fs::create_dir(folder.path().join(part)).expect("a folder");
            fs::write(folder.path().join(part).join("file"), part).expect("a file");
        }
        let _listener = UnixListener::bind(folder.path().join("own/listener")).expect("a socket");
        let output = Command::new(&program)
            .args(["--exact", "confined::main_of_attempt", "--test-threads=1"])
            .arg("--nocapture")
            .env(ATTEMPT, name)
            .env(FOLDER, folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("started");
        let came = match (output.status.code(), output.status.signal()) {
            (Some(DONE), _) => Comes::Done,
            (Some(REFUSED), _) => Comes::Refused,
            (_, Some(SIGSYS)) => Comes::Ended,
            _ => panic!("{name}: {output:?}"),
        };
        assert_eq!(came, *comes, "{name}: {output:?}");
        assert_eq!(
            fs::read(folder.path().join("outside/file")).ok().as_deref(),
            Some(&b"outside"[..]),
            "{name}"
        );
    }
}

fn status_of(thread: &Path) -> impl Fn(&str) -> String {
    let text = fs::read_to_string(thread.join("status")).expect("a thread");
    move |name| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.expect("a line").trim().to_owned()
    }
}

fn signer_of(site: &Site) -> u32 {
    let parts = site.parts();
    let signer = parts.iter().find(|(part, _)| *part == "signer");
    signer.expect("a signer").1
}

#[test]
fn the_signer_is_confined_in_all_its_threads_and_says_so() {
    let site = Site::without_dns();
    site.gsec(&["crl", "update"]).ok();
    let process = PathBuf::from(format!("/proc/{}", signer_of(&site)));
    let threads: Vec<PathBuf> = fs::read_dir(process.join("task"))
        .expect("threads")
        .map(|entry| entry.expect("a thread").path())
        .collect();
    assert!(threads.len() > 1, "{threads:?}");
    for thread in threads {
        let line = status_of(&thread);
        assert_eq!(
            (line("Seccomp:"), line("NoNewPrivs:")),
            ("2".into(), "1".into()),
            "{thread:?}"
        );
    }
    let limits = fs::read_to_string(process.join("limits")).expect("limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size"));
    let core: Vec<&str> = core.expect("a limit").split_whitespace().collect();
    assert_eq!(core[4..6], ["0", "0"], "{limits}");
    let status = site.gsec(&["serve", "status", "--json"]).ok();
    let status: Value = serde_json::from_str(&status.stdout).expect("JSON");
    let said = &status["signer_confinement"];
    for part in ["core_dumps", "privileges", "files", "network", "system_calls"] {
        assert_eq!(said[part]["in_force"], "whole", "{part}: {said}");
        assert_eq!(said[part]["missing"], Value::Null, "{part}: {said}");
    }
    let front = &status["front_confinement"];
    for part in ["core_dumps", "privileges", "writing"] {
        assert_eq!(front[part]["in_force"], "whole", "{part}: {front}");
    }
    let locked = status_of(&process)("VmLck:");
    assert_eq!(
        said["memory"]["in_force"] == "no",
        locked.starts_with("0 "),
        "{locked}: {said}"
    );
}

/// The signer has no way to a folder by its name, but to the one that it began in.
#[test]
fn the_signer_reads_no_other_folder_in_the_place_of_its_own() {
    let site = Site::without_dns();
    let status = || {
        let said = site.gsec(&["serve", "status", "--json"]);
        let said: Value = serde_json::from_str(&said.stdout).expect("JSON");
        said["signer"]["problem"].clone()
    };
    assert_eq!(status(), Value::Null);
    let aside = site.folder().join("aside");
    fs::rename(site.ca(), &aside).expect("put aside");
    run(Command::new("cp").arg("-a").arg(&aside).arg(site.ca())).ok();
    for socket in ["signer.sock", "server.sock"] {
        let (from, to) = (aside.join("ca_conf"), site.ca().join("ca_conf"));
        let _ = fs::remove_file(to.join(socket));
        fs::rename(from.join(socket), to.join(socket)).expect("the socket");
    }
    let problem = status();
    assert!(
        problem
            .as_str()
            .is_some_and(|problem| problem.contains("ermission denied")),
        "{problem}"
    );
}

/// Where the kernel refuses, it says which and why, and goes on.
#[test]
fn what_the_kernel_refuses_is_told() {
    if !rustix::process::geteuid().is_root() {
        println!("not run: needs root");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let ca = folder.path().join("ca");
    let gsecd = env!("CARGO_BIN_EXE_gsecd");
    run(Command::new(gsecd)
        .args([
            "ca",
            "init",
            "--cn",
            "Example CA",
            "--key-type",
            "p256",
            "--no-input",
        ])
        .arg("--ca-dir")
        .arg(&ca))
    .ok();
    let socket = folder.path().join("signer.sock");
    let script = format!(
        "ulimit -l 64; exec setpriv --inh-caps=-all --bounding-set=-all {gsecd} serve signer --no-input --ca-dir {} --socket {}",
        ca.display(),
        socket.display()
    );
    let log = folder.path().join("log");
    let _signer = crate::site::Running::start(
        Command::new("sh")
            .args(["-c", &script])
            .stdin(Stdio::null())
            .stderr(fs::File::create(&log).expect("a log")),
    );
    let end = std::time::Instant::now() + crate::site::PATIENCE;
    while UnixStream::connect(&socket).is_err() {
        assert!(std::time::Instant::now() < end, "{:?}", fs::read_to_string(&log));
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let status = run(Command::new(gsecd)
        .args(["serve", "status", "--json", "--no-input", "--ca-dir"])
        .arg(&ca)
        .arg("--socket")
        .arg(&socket));
    let status: Value = serde_json::from_str(&status.stdout).expect("JSON");
    let memory = &status["signer_confinement"]["memory"];
    assert_eq!(memory["in_force"], "no", "{status}");
    let missing = memory["missing"].as_str().expect("why");
    assert!(missing.contains("RLIMIT_MEMLOCK is 64 KiB"), "{missing}");
    let log = fs::read_to_string(&log).expect("a log");
    assert!(
        log.contains(&format!(
            "note: the signer goes without the protection `memory`: {missing}"
        )),
        "{log}"
    );
}
