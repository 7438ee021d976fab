//! A disk that is full, or nearly: a small tmpfs, with a few pages or a few names left.

use crate::ca_check::{assert_clean, assert_consistent};
use crate::common::at::{gsec, issue, issue_args, issue_serial, make_ca};

use crate::common::machine::{Disk, in_private_mounts, mount, temp_dir};
use crate::common::{program, run};

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What tmpfs gives out at once.
const PAGE: usize = 4096;
/// An issue makes four files and replaces serial.num through a fifth; each takes a page, the folders grow for nothing on tmpfs.
const PAGES_THAT_ARE_ENOUGH: usize = 16;

/// Fills the disk to the last page, then gives `pages` of it back.
fn leave_pages(disk: &Path, pages: usize) {
    let path = disk.join("ballast");
    let mut ballast = File::create(&path).unwrap();
    while ballast.write_all(&[0x5a; PAGE]).is_ok() {}
    let all = fs::metadata(&path).unwrap().len() as usize / PAGE * PAGE;
    assert!(all >= pages * PAGE, "the disk is too small for this test");
    ballast.set_len((all - pages * PAGE) as u64).unwrap();
}

/// Takes names until there are no more, then gives `names` of them back.
fn leave_names(disk: &Path, names: usize) {
    let folder = disk.join("ballast");
    fs::create_dir(&folder).unwrap();
    let mut taken = 0;
    while File::create(folder.join(taken.to_string())).is_ok() {
        taken += 1;
    }
    assert!(taken >= names, "the disk has too few names for this test");
    (0..names).for_each(|name| fs::remove_file(folder.join(name.to_string())).unwrap());
}

fn clear(disk: &Path) {
    let ballast = disk.join("ballast");
    if ballast.is_dir() {
        fs::remove_dir_all(ballast).unwrap()
    } else {
        fs::remove_file(ballast).unwrap()
    }
}

/// One issue on a disk prepared by `fill`: it succeeds with everything in place, or it is refused and says why. Then the disk is cleared and the next one works.
fn one_issue(disk: &Path, ca: &Path, situation: &str, fill: impl FnOnce()) -> bool {
    let before = assert_consistent(ca, "before");
    fill();
    let outcome = issue(ca, "host.example.com");
    clear(disk);
    let state = assert_consistent(ca, situation);
    let (new_without, new_unfinished) = (
        state.without_file.len() - before.without_file.len(),
        state.unfinished.len() - before.unfinished.len(),
    );
    assert!(
        state.serials().is_superset(&before.serials()),
        "{situation}: a record has gone"
    );
    assert_eq!(
        state.leftovers, before.leftovers,
        "{situation}: temporary files are left over, and the disk is full of them"
    );
    let done = outcome.status == Some(0);
    if done {
        assert_eq!(
            state.records.len(),
            before.records.len() + 1,
            "{situation}: it reports success"
        );
        assert_eq!(
            (new_without, new_unfinished),
            (0, 0),
            "{situation}: it reports success: {state:#?}"
        );
    } else {
        let outcome = outcome.refused(situation, &[ca.to_str().unwrap()]);
        let reason = ["No space left on device", "disk is full", "no space left"];
        assert!(
            reason.iter().any(|words| outcome.stderr.contains(words)),
            "{situation}: the message does not say that the disk is full: {outcome:#?}"
        );
    }
    let serial = issue_serial(
        ca,
        "next.example.com",
        &format!("the next issue after {situation}"),
    );
    assert!(
        !state.serials().contains(&serial),
        "{situation}: serial {serial} was given out again"
    );
    let state = assert_consistent(ca, &format!("after the next issue, {situation}"));
    assert!(
        !state.without_file.contains(&serial) && !state.unfinished.contains(&serial),
        "{situation}: the next issue is incomplete"
    );
    done
}

/// `done` for growing room: refused at first, done in the end, and never refused again once it was done.
fn assert_one_threshold(done: &[bool], what: &str) {
    assert!(!done[0], "an issue succeeded with no {what} left");
    assert!(
        done[done.len() - 1],
        "an issue failed with {} {what} left",
        done.len() - 1
    );
    println!(
        "an issue needs {} {what}",
        done.iter().position(|done| *done).unwrap()
    );
}

#[test]
fn with_few_pages_left_an_issue_is_done_or_refused_and_the_next_one_works() {
    in_private_mounts(
        concat!(
            module_path!(),
            "::with_few_pages_left_an_issue_is_done_or_refused_and_the_next_one_works"
        ),
        || {
            let place = Disk::new("size=1m");
            let ca = place.path().join("ca");
            make_ca(&ca);
            let done: Vec<bool> = (0..=PAGES_THAT_ARE_ENOUGH)
                .map(|pages| {
                    one_issue(place.path(), &ca, &format!("{pages} pages left"), || {
                        leave_pages(place.path(), pages)
                    })
                })
                .collect();
            assert_one_threshold(&done, "pages");
        },
    );
}

#[test]
fn with_few_names_left_an_issue_is_done_or_refused_and_the_next_one_works() {
    in_private_mounts(
        concat!(
            module_path!(),
            "::with_few_names_left_an_issue_is_done_or_refused_and_the_next_one_works"
        ),
        || {
            let place = Disk::new("size=4m,nr_inodes=400");
            let ca = place.path().join("ca");
            make_ca(&ca);
            let done: Vec<bool> = (0..=8)
                .map(|names| {
                    one_issue(place.path(), &ca, &format!("{names} names left"), || {
                        leave_names(place.path(), names)
                    })
                })
                .collect();
            assert_one_threshold(&done, "names");
        },
    );
}

/// The disk fills up in the middle of a record: the kernel writes what fits the page, and refuses the rest. Half a line without a newline is one
/// that `openssl ca` drops without a word, together with whatever is appended to it. The index lies on a disk of its own here (a bind mount),
/// so that everything before it succeeds whatever room is left.
#[test]
fn a_record_that_fits_only_half_is_not_left_in_the_index() {
    in_private_mounts(
        concat!(
            module_path!(),
            "::a_record_that_fits_only_half_is_not_left_in_the_index"
        ),
        || {
            for room in [0, 1, 2, 17, 40] {
                let place = temp_dir();
                let ca = place.path().join("ca");
                make_ca(&ca);
                issue(&ca, "first.example.com").succeeded("the first issue");
                pad_index(&ca, room);
                let index = ca.join("ca_conf/ca.db");
                let before = fs::read(&index).unwrap();
                assert_eq!((before.len() + room) % PAGE, 0);
                let small = Disk::new("size=64k");
                let own = small.path().join("ca.db");
                fs::copy(&index, &own).unwrap();
                run(mount().arg("--bind").arg(&own).arg(&index)).succeeded("mount --bind");

                let situation = format!("{room} bytes of room in the index");
                leave_pages(small.path(), 0);
                let outcome = issue(&ca, "host.example.com").refused(&situation, &["ca.db"]);
                assert!(
                    outcome.stderr.to_lowercase().contains("no space left"),
                    "{situation}: {outcome:#?}"
                );
                assert_eq!(
                    fs::read(&index).unwrap(),
                    before,
                    "{situation}: half a record is left in the index"
                );
                assert_consistent(&ca, &situation);
                clear(small.path());
                issue(&ca, "next.example.com").succeeded(&format!("the next issue after {situation}"));
                let after = fs::read(&index).unwrap();
                assert!(
                    after.starts_with(&before),
                    "{situation}: what was there has changed"
                );
                assert_clean(&ca, &format!("after the next issue, {situation}"));
                run(Command::new(program("umount")).arg(&index)).succeeded("umount");
            }
        },
    );
}

/// Appends one expired record, with a subject so long that `room` bytes are free in the index's last page.
fn pad_index(ca: &Path, room: usize) {
    let path = ca.join("ca_conf/ca.db");
    let length = fs::metadata(&path).unwrap().len() as usize;
    let line = |subject: &str| format!("E\t200101000000Z\t\t02\tunknown\t/CN={subject}\n");
    let padding = (PAGE - room) - length - line("").len();
    OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap()
        .write_all(line(&"x".repeat(padding)).as_bytes())
        .unwrap();
    fs::write(ca.join("ca_conf/serial.num"), "03\n").unwrap();
}

#[test]
fn an_init_on_a_full_disk_is_refused_and_works_when_there_is_room() {
    in_private_mounts(
        concat!(
            module_path!(),
            "::an_init_on_a_full_disk_is_refused_and_works_when_there_is_room"
        ),
        || {
            let place = Disk::new("size=1m");
            let mut done = Vec::new();
            for pages in 0..=20 {
                let situation = format!("init with {pages} pages left");
                let ca = place.path().join(format!("ca{pages}"));
                leave_pages(place.path(), pages);
                let outcome = run(&mut gsec(
                    &ca,
                    ["ca", "init", "--cn", "Full Disk CA", "--key-type", "p256"],
                ));
                clear(place.path());
                done.push(outcome.status == Some(0));
                if outcome.status != Some(0) {
                    let outcome = outcome.refused(&situation, &[]);
                    assert!(
                        outcome.stderr.to_lowercase().contains("no space left")
                            || outcome.stderr.contains("disk is full"),
                        "{situation}: {outcome:#?}"
                    );
                    make_ca(&ca);
                }
                issue(&ca, "host.example.com").succeeded(&format!("the first issue after {situation}"));
                assert_clean(&ca, &situation);
                fs::remove_dir_all(&ca).unwrap();
            }
            assert_one_threshold(&done, "pages (init)");
        },
    );
}

/// The certificate is made, but nobody can be told: a pipeline that reads the JSON must not believe that all is well.
#[test]
fn a_result_that_cannot_be_written_is_a_failure() {
    let place = temp_dir();
    let ca = place.path().join("ca");
    make_ca(&ca);
    let arguments = [vec!["--json".to_owned()], issue_args("host.example.com")].concat();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = gsec(&ca, arguments)
        .stdout(Stdio::from(full))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.to_lowercase().contains("no space left"), "{stderr}");
    assert_clean(&ca, "after a result that could not be written");
    let help = gsec(&ca, ["--version"])
        .stdout(Stdio::from(
            OpenOptions::new().write(true).open("/dev/full").unwrap(),
        ))
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_ne!(
        help.status.code(),
        Some(70),
        "{}",
        String::from_utf8_lossy(&help.stderr)
    );
}
