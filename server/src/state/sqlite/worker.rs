//! The threads that hold the connections: one that writes, in groups, and some that read.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::super::StateError;
use super::crash::Crash;
use super::fault::Fault;
use super::place::Identity;

/// The most calls that are committed together.
const MAX_GROUP: usize = 256;
/// The most calls that wait; who comes after them waits before he hands his call over.
const MAX_WAITING: usize = 1024;

/// After so many groups it is looked how long the write-ahead log is.
const GROUPS_BETWEEN_LOOKS: u32 = 64;
/// SQLite begins the log anew where it finds a moment without a reader. Where it has become so long, that moment is waited for.
const MAX_LOG_OCTETS: u64 = 16 * 1024 * 1024;

/// A call on its way to a connection, whatever it answers.
trait Call: Send {
    /// Does it, in a transaction that is not committed yet. It may be done again after a rollback.
    fn run(&mut self, connection: &Connection) -> Result<(), Fault>;

    /// Tells the caller what came of it, when the transaction has ended.
    fn answer(self: Box<Self>, ended: Result<(), Fault>);
}

struct Asked<T, F, S> {
    work: F,
    settled: S,
    done: Option<T>,
    reply: oneshot::Sender<Result<T, Fault>>,
}

impl<T, F, S> Call for Asked<T, F, S>
where
    T: Send,
    F: FnMut(&Connection) -> Result<T, Fault> + Send,
    S: FnOnce(Result<&T, &Fault>) + Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), Fault> {
        self.done = Some((self.work)(connection)?);
        Ok(())
    }

    fn answer(self: Box<Self>, ended: Result<(), Fault>) {
        let Self {
            settled, done, reply, ..
        } = *self;
        let ended = ended.and_then(|()| done.ok_or(Fault::Closed));
        settled(ended.as_ref());
        // Whoever does not wait any more needs no answer.
        let _ = reply.send(ended);
    }
}

/// A thread with its connection.
pub(super) struct Worker {
    calls: Option<mpsc::Sender<Box<dyn Call>>>,
    thread: Option<JoinHandle<()>>,
    path: Arc<PathBuf>,
}

impl Worker {
    /// One that commits what waits in one transaction.
    pub(super) fn writer(
        connection: Connection,
        identity: Identity,
        path: Arc<PathBuf>,
        crash: Arc<Crash>,
    ) -> Result<Self, StateError> {
        let (log, at) = (Log::of(&path), path.clone());
        Self::start("state writer", path, move |calls| {
            write_all(&connection, calls, log, &|| {
                crash.point()?;
                identity.is_at(&at).then_some(()).ok_or(Fault::Replaced)
            });
        })
    }

    /// One that reads.
    pub(super) fn reader(connection: Connection, path: Arc<PathBuf>) -> Result<Self, StateError> {
        Self::start("state reader", path, move |calls| {
            while let Some(mut call) = calls.blocking_recv() {
                let ended = call.run(&connection);
                call.answer(ended);
            }
        })
    }

    fn start(
        name: &str,
        path: Arc<PathBuf>,
        work: impl FnOnce(&mut mpsc::Receiver<Box<dyn Call>>) + Send + 'static,
    ) -> Result<Self, StateError> {
        let (calls, mut waiting) = mpsc::channel(MAX_WAITING);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || work(&mut waiting))
            .map_err(|error| Fault::Unavailable(error.to_string()).of(&path))?;
        Ok(Self {
            calls: Some(calls),
            thread: Some(thread),
            path,
        })
    }

    /// Hands a call over and waits for its answer. `settled` is told what came of it before anybody else, and even when nobody waits any more.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
        settled: impl FnOnce(Result<&T, &Fault>) + Send + 'static,
    ) -> Result<T, StateError> {
        let (reply, answer) = oneshot::channel();
        let call = Box::new(Asked {
            work,
            settled,
            done: None,
            reply,
        });
        let calls = self.calls.as_ref().ok_or(StateError::Closed)?;
        calls.send(call).await.map_err(|_| StateError::Closed)?;
        let answer = answer.await.map_err(|_| StateError::Closed)?;
        answer.map_err(|fault| fault.of(&self.path))
    }
}

/// What was handed over is done before.
impl Drop for Worker {
    fn drop(&mut self) {
        self.calls = None;
        if let Some(thread) = self.thread.take() {
            // It has told whoever waited that it ended.
            let _ = thread.join();
        }
    }
}

/// The write-ahead log.
struct Log {
    path: PathBuf,
    groups: u32,
}

impl Log {
    fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-wal");
        Self {
            path: path.into(),
            groups: 0,
        }
    }

    /// Keeps it from growing as long as somebody reads at every moment.
    fn bound(&mut self, connection: &Connection) {
        self.groups += 1;
        if self.groups < GROUPS_BETWEEN_LOOKS {
            return;
        }
        self.groups = 0;
        if self
            .path
            .metadata()
            .is_ok_and(|found| found.len() > MAX_LOG_OCTETS)
        {
            // Where this fails nothing is lost, and it is tried again.
            let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
    }
}

fn write_all(
    connection: &Connection,
    calls: &mut mpsc::Receiver<Box<dyn Call>>,
    mut log: Log,
    step: &dyn Fn() -> Result<(), Fault>,
) {
    while let Some(first) = calls.blocking_recv() {
        let mut group = vec![first];
        while group.len() < MAX_GROUP
            && let Ok(next) = calls.try_recv()
        {
            group.push(next);
        }
        match commit(connection, &mut group, step) {
            Err(fault) if group.len() > 1 && fault.may_be_one_calls() => {
                for call in group {
                    let mut alone = [call];
                    let ended = commit(connection, &mut alone, step);
                    let [call] = alone;
                    call.answer(ended);
                }
            }
            ended => {
                for call in group {
                    call.answer(ended.clone());
                }
            }
        }
        log.bound(connection);
    }
}

/// Does calls in one transaction. When this fails none of them is done. `step` comes before each step and after the last, and says whether to go on.
fn commit(
    connection: &Connection,
    group: &mut [Box<dyn Call>],
    step: &dyn Fn() -> Result<(), Fault>,
) -> Result<(), Fault> {
    let ended = try_commit(connection, group, step);
    if ended.is_err() && !connection.is_autocommit() {
        // Where this fails too, it is tried again before the next group.
        let _ = connection.execute_batch("ROLLBACK");
    }
    ended
}

fn try_commit(
    connection: &Connection,
    group: &mut [Box<dyn Call>],
    step: &dyn Fn() -> Result<(), Fault>,
) -> Result<(), Fault> {
    step()?;
    if !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    connection.execute_batch("BEGIN IMMEDIATE")?;
    for call in group {
        call.run(connection)?;
        step()?;
    }
    connection.execute_batch("COMMIT")?;
    // What was committed to a file that is gone must not be answered as if it were kept.
    step()
}
