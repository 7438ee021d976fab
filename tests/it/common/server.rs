//! Servers that peers run, on loopback only, for as long as the test lives.

use std::net::TcpListener;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Long enough for a loaded machine: only a peer that hangs ever waits this long.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A child process that is killed when the test lets go of it.
pub struct ChildGuard(pub Child);

impl ChildGuard {
    pub fn start(command: &mut Command) -> Self {
        let child = command
            .spawn()
            .unwrap_or_else(|problem| panic!("cannot run {command:?}: {problem}"));
        ChildGuard(child)
    }
}

impl Drop for ChildGuard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A loopback port that nobody listened on a moment ago. Another process may take it first: whoever uses it tries again with the next.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free loopback port")
        .port()
}

/// Waits until the server is `ready`; false when it ended instead, most likely because its port was taken.
pub fn wait_until(server: &mut ChildGuard, ready: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while server.0.try_wait().expect("the state of the server").is_none() {
        if ready() {
            return true;
        }
        assert!(start.elapsed() < PATIENCE, "the server does not get ready");
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}
