//! What the suite cannot ask of every form: files, processes, disks.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::sync::mpsc;

use tempfile::TempDir;
use zeroize::Zeroizing;

use super::super::conformance::{self, Form, samples::*};
use super::super::{Conflict, Version};
use super::crash::Armed;
use super::*;
use crate::domain::EabKey;

fn wait<T>(later: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
        .block_on(later)
}

fn written(database: &Database, write: Write) {
    let outcome = wait((database as &dyn State).write_one(write)).expect("an answer");
    assert_eq!(outcome, Outcome::Written);
}

fn account_of(database: &Database, number: u64) -> Option<Versioned<Account>> {
    wait((database as &dyn State).get(&id(number))).expect("an answer")
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("server.db");
    (folder, path)
}

fn opened(path: &Path) -> Database {
    Database::open(path).expect("it opens")
}

fn mode(path: &Path) -> u32 {
    path.metadata().expect("metadata").permissions().mode() & 0o7777
}

#[derive(Default)]
struct InSqlite {
    folders: Mutex<Vec<TempDir>>,
}

impl InSqlite {
    fn folder(&self) -> PathBuf {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_owned();
        self.folders.lock().expect("no thread panicked").push(folder);
        path
    }
}

impl Form for InSqlite {
    type Open = Database;

    fn empty(&self) -> Database {
        opened(&self.folder().join("server.db"))
    }

    fn fail_after(&self, open: &Database, steps: u32) {
        open.crash.arm(Some(Armed {
            left: steps,
            from: open.path().to_owned(),
            to: self.folder(),
        }));
    }

    fn reopened(&self, open: Database) -> Database {
        let path = open.crash.left_at().unwrap_or_else(|| open.path().to_owned());
        drop(open);
        opened(&path)
    }
}

#[test]
fn sqlite_keeps_every_promise() {
    conformance::holds(&InSqlite::default());
}

#[test]
fn files_are_the_owners_alone() {
    let (folder, path) = folder();
    let database = opened(&path);
    written(&database, Write::new().insert(eab(1)));
    for name in ["server.db", "server.db-wal", "server.db-shm", "server.db.lock"] {
        assert_eq!(mode(&folder.path().join(name)), 0o600, "{name}");
    }
    drop(database);
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).expect("mode");
    let again = opened(&path);
    assert_eq!(mode(&path), 0o600);
    let kept: Option<Versioned<EabKey>> = wait((&again as &dyn State).get(&id(1))).expect("an answer");
    assert!(kept.expect("it was written").value == eab(1));
}

#[test]
fn what_another_user_could_exchange_is_not_opened() {
    let (folder, path) = folder();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).expect("mode");
    assert!(matches!(Database::open(&path), Err(StateError::Files(_))));
    assert_eq!(std::fs::read_dir(folder.path()).expect("list").count(), 0);
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o700)).expect("mode");
    let elsewhere = folder.path().join("elsewhere");
    std::fs::write(&elsewhere, "").expect("write");
    symlink(&elsewhere, &path).expect("link");
    let refused = Database::open(&path).err().expect("a link is not followed");
    assert!(matches!(refused, StateError::Files(_)), "{refused}");
    std::fs::remove_file(&path).expect("remove");
    let lock = folder.path().join("server.db.lock");
    std::fs::remove_file(&lock).expect("remove");
    symlink(&elsewhere, &lock).expect("link");
    let refused = Database::open(&path).err().expect("a link is not followed");
    assert!(matches!(refused, StateError::Files(_)), "{refused}");
    assert_eq!(std::fs::read(&elsewhere).expect("read"), b"");
}

#[test]
fn one_process_has_it_open() {
    let (_folder, path) = folder();
    let database = opened(&path);
    let refused = Database::open(&path).err().expect("it is open");
    assert!(matches!(&refused, StateError::InUse { path: named } if *named == database.path()));
    drop(database);
    opened(&path);
}

#[test]
fn a_later_schema_and_a_foreign_database_are_refused_and_stay_as_they_are() {
    let (folder, path) = folder();
    drop(opened(&path));
    let change = |sql: &str| {
        let connection = Connection::open(&path).expect("open");
        connection.execute_batch(sql).expect("a change");
    };
    change("PRAGMA user_version = 99");
    let refused = Database::open(&path).err().expect("it is newer");
    assert!(matches!(
        refused,
        StateError::Newer {
            found: 99,
            known: KNOWN,
            ..
        }
    ));
    change("PRAGMA user_version = 1; PRAGMA application_id = 7");
    assert!(matches!(Database::open(&path), Err(StateError::Damaged { .. })));
    let other = folder.path().join("other.db");
    let connection = Connection::open(&other).expect("open");
    connection
        .execute_batch("CREATE TABLE theirs (a)")
        .expect("a table");
    drop(connection);
    assert!(matches!(Database::open(&other), Err(StateError::Damaged { .. })));
    std::fs::write(&path, vec![b'x'; 8192]).expect("write");
    assert!(matches!(Database::open(&path), Err(StateError::Damaged { .. })));
    assert_eq!(std::fs::read(&path).expect("read"), vec![b'x'; 8192]);
}

#[test]
fn an_empty_file_becomes_a_database() {
    let (_folder, path) = folder();
    std::fs::write(&path, "").expect("write");
    let database = opened(&path);
    written(&database, Write::new().insert(account(1)));
}

/// Runs a statement where everything is written.
fn writer_runs(database: &Database, sql: &'static str) {
    let ran = wait(database.change(move |connection| {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
        Ok(())
    }));
    ran.expect("a statement");
}

#[test]
fn a_full_disk_is_named_nothing_is_half_written_and_it_goes_on_by_itself() {
    let (_folder, path) = folder();
    let database = opened(&path);
    written(&database, Write::new().insert(account(0)));
    writer_runs(&database, "PRAGMA max_page_count = 1"); // becomes the size that it has
    let large = |number: u64| {
        let mut account = account(number);
        account.contacts = vec!["x".repeat(100_000)];
        account
    };
    let writes = vec![
        Write::new().insert(large(1)).insert(large(2)),
        Write::new().insert(large(3)),
    ];
    let refused = wait(database.write(writes.clone())).expect_err("it is full");
    assert!(
        matches!(&refused, StateError::Full { path } if *path == database.path()),
        "{refused}"
    );
    assert!(refused.may_pass());
    assert!(account_of(&database, 0).is_some(), "reading goes on");
    for number in 1..4 {
        assert!(account_of(&database, number).is_none());
    }
    writer_runs(&database, "PRAGMA max_page_count = 1000000");
    let outcomes = wait(database.write(writes)).expect("there is room again");
    assert!(outcomes.iter().all(Outcome::is_written));
    assert_eq!(account_of(&database, 3).map(|found| found.value), Some(large(3)));
}

#[test]
fn a_database_that_cannot_be_written_is_named_and_read_and_it_goes_on_by_itself() {
    let (_folder, path) = folder();
    let database = opened(&path);
    written(&database, Write::new().insert(account(0)));
    writer_runs(&database, "PRAGMA busy_timeout = 20");
    let other = Connection::open(&path).expect("open");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let write = || vec![Write::new().insert(account(1))];
    let refused = wait(database.write(write())).expect_err("it is locked");
    assert!(
        matches!(&refused, StateError::Unavailable { path, .. } if *path == database.path()),
        "{refused}"
    );
    assert!(refused.may_pass());
    assert!(account_of(&database, 0).is_some() && account_of(&database, 1).is_none());
    other.execute_batch("ROLLBACK").expect("the end of the lock");
    assert!(wait(database.write(write())).is_ok());
    writer_runs(&database, "PRAGMA query_only = 1");
    let refused = wait(database.write(write())).expect_err("it is read-only");
    assert!(
        matches!(&refused, StateError::Unavailable { reason, .. } if reason.contains("readonly")),
        "{refused}"
    );
}

#[test]
fn the_log_that_a_reader_has_kept_is_begun_anew() {
    let (folder, path) = folder();
    let database = opened(&path);
    writer_runs(&database, "PRAGMA busy_timeout = 20");
    let log = || {
        let found = folder.path().join("server.db-wal").metadata();
        found.expect("metadata").len()
    };
    let reader = Connection::open(&path).expect("open");
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM accounts")
        .expect("a snapshot");
    let mut number = 0;
    let mut grow = |writes: u64| {
        for _ in 0..writes {
            number += 1;
            let mut account = account(number);
            account.contacts = vec!["x".repeat(300_000)];
            written(&database, Write::new().insert(account));
        }
    };
    grow(70);
    assert!(log() > 20_000_000, "who reads keeps the log");
    reader.execute_batch("ROLLBACK").expect("its end");
    grow(64);
    assert!(log() < 20_000_000, "it is begun anew: {}", log());
}

#[test]
fn an_item_that_is_not_what_was_written_is_told_without_what_it_holds() {
    let (_folder, path) = folder();
    let database = opened(&path);
    written(&database, Write::new().insert(account(1)).insert(eab(2)));
    writer_runs(
        &database,
        "UPDATE eab_keys SET body = '{\"hmac\":\"tOpSecret\",\"id\":7}'",
    );
    let refused = wait(database.list(Kind::EabKey, None, 10))
        .err()
        .expect("damaged");
    assert!(matches!(refused, StateError::Damaged { .. }));
    assert!(!refused.to_string().contains("tOpSecret"), "{refused}");
    assert!(account_of(&database, 1).is_some());
}

#[test]
fn calls_that_wait_are_committed_together_and_one_that_fails_fails_alone() {
    let (_folder, path) = folder();
    let database = opened(&path);
    let (go, held) = mpsc::channel::<()>();
    let (holding, is_held) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut times = 0;
            let held = wait(database.change(move |_| {
                times += 1;
                if times == 1 {
                    holding.send(()).expect("it is awaited");
                    held.recv().expect("it is let go");
                }
                Ok(())
            }));
            held.expect("an answer");
        });
        is_held.recv().expect("it is held");
        let broken = scope.spawn(|| {
            wait(database.change(|connection| {
                change::write(connection, &Write::new().insert(account(50)))?;
                Err::<(), _>(Fault::Damaged("this call alone".into()))
            }))
        });
        let others: Vec<_> = (1..=10)
            .map(|number| {
                let database = &database;
                scope.spawn(move || wait(database.write(vec![Write::new().insert(account(number))])))
            })
            .collect();
        // All of them wait when the writer goes on; where one comes later the test only shows less.
        std::thread::sleep(std::time::Duration::from_millis(100));
        go.send(()).expect("it is awaited");
        let refused = broken.join().expect("a thread").expect_err("it fails");
        assert!(refused.to_string().contains("this call alone"));
        for other in others {
            assert_eq!(
                other.join().expect("a thread").expect("an answer"),
                [Outcome::Written]
            );
        }
    });
    assert!(account_of(&database, 50).is_none());
    assert!((1..=10).all(|number| account_of(&database, number).is_some()));
}

#[test]
fn a_call_that_nobody_waits_for_any_more_does_not_disturb_the_others() {
    let (_folder, path) = folder();
    let database = opened(&path);
    wait(async {
        let mut dropped = database.write(vec![Write::new().insert(account(1))]);
        let polled =
            std::future::poll_fn(|context| std::task::Poll::Ready(dropped.as_mut().poll(context).is_ready()));
        let _ = polled.await;
        drop(dropped);
    });
    written(&database, Write::new().insert(account(2)));
    let again = wait((&database as &dyn State).write_one(Write::new().insert(account(1))));
    let taken = Conflict::Changed(Key::of::<Account>(id(1)));
    assert_eq!(again.expect("an answer"), Outcome::Refused(taken));
}

#[test]
fn a_killed_process_has_written_all_that_it_was_told_is_written() {
    const ACCOUNTS: u64 = 40;
    let (_folder, path) = folder();
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "state::sqlite::tests::writes_until_it_is_killed"])
        .args(["--nocapture", "--include-ignored"])
        .env("GSEC_TEST_STATE", &path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let told = lines
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("written ")?.parse::<u64>().ok())
        .find(|number| *number >= ACCOUNTS);
    child.kill().expect("a kill");
    child.wait().expect("its end");
    let told = told.expect("it has written");
    let database = opened(&path);
    for number in 1..=told {
        assert!(
            account_of(&database, number).is_some(),
            "account {number} was answered"
        );
        assert_eq!(
            wait((&database as &dyn State).get::<Order>(&id(number + 10_000)))
                .expect("an answer")
                .map(|found| found.version),
            Some(Version::FIRST),
            "each write is whole"
        );
    }
}

/// The process that is killed.
#[test]
#[ignore = "started by the test before it"]
fn writes_until_it_is_killed() {
    let Some(path) = std::env::var_os("GSEC_TEST_STATE") else {
        return;
    };
    let database = opened(Path::new(&path));
    for number in 1..10_000 {
        let both = Write::new()
            .insert(account(number))
            .insert(order(number + 10_000));
        written(&database, both);
        println!("written {number}");
    }
}

#[test]
fn the_secrets_of_others_leave_no_trace_when_they_are_removed() {
    let (folder, path) = folder();
    let database = opened(&path);
    let mut key = eab(1);
    key.hmac = Zeroizing::new(b"a key that is long enough to be found".to_vec());
    written(&database, Write::new().insert(key.clone()));
    let kept = serde_json::to_value(&key).expect("json")["hmac"]
        .as_str()
        .expect("text")
        .to_owned();
    let has_it = |path: &Path| {
        let octets = std::fs::read(path).expect("read");
        octets.windows(kept.len()).any(|window| window == kept.as_bytes())
    };
    assert!(has_it(&folder.path().join("server.db-wal")));
    let read = Versioned {
        value: key,
        version: Version::FIRST,
    };
    written(&database, Write::new().remove(read));
    drop(database);
    assert!(!has_it(&path), "what was removed is overwritten");
    assert!(!folder.path().join("server.db-wal").exists());
}

#[test]
fn a_write_that_nobody_waited_for_is_read_after_it() {
    let (_folder, path) = folder();
    let database = opened(&path);
    written(&database, Write::new().insert(account(1)));
    let first = account_of(&database, 1).expect("it was written");
    let mut changed = first.value.clone();
    changed.contacts = vec!["mailto:noc@example.com".into()];
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let write = Write::new().replace(changed.clone(), first.version);
        let mut later = database.write(vec![write]);
        let asked = std::future::poll_fn(|context| std::task::Poll::Ready(later.as_mut().poll(context)));
        drop(asked.await);
    });
    // Whatever is asked of the same thread afterwards is done after it.
    written(&database, Write::new().insert(account(2)));
    assert_eq!(account_of(&database, 1).expect("there").value, changed);
}

#[test]
fn what_another_program_changed_is_read_after_a_refusal() {
    let (_folder, path) = folder();
    let database = opened(&path);
    written(&database, Write::new().insert(account(1)));
    let first = account_of(&database, 1).expect("it was written");
    writer_runs(&database, "UPDATE accounts SET version = 5");
    let write = || Write::new().replace(first.value.clone(), first.version);
    let outcome = wait((&database as &dyn State).write_one(write())).expect("an answer");
    assert!(!outcome.is_written());
    assert_eq!(
        account_of(&database, 1).map(|found| found.version),
        Some(Version(5))
    );
}
