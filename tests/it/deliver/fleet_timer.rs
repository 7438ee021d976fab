//! `gsec fleet timer`: each scheduler takes what it gets, and paths stay paths.

use crate::common;

use std::path::Path;

use common::{Outcome, SHELLS, Scene, peer_python, tool};

/// Names of directories that would be code, or a specifier, if they were not quoted.
const HOSTILE: [&str; 7] = [
    "a b",
    "100%n %i %h",
    "$HOME $$ ${x}",
    "$(touch PWNED) `touch PWNED`",
    "it's \"quoted\" \\",
    "; touch PWNED ; & <x>",
    "“typographic” ‘quotes’",
];

const GSEC: &str = env!("CARGO_BIN_EXE_gsec");

/// An inventory in a directory of this name, with its CA beside it.
fn scene(directory: &str) -> Scene {
    let scene = Scene::empty();
    std::fs::create_dir_all(scene.dir.path(&format!("{directory}/ca"))).expect("a folder");
    scene.write(
        &format!("{directory}/fleet.toml"),
        "version = 1\nca_dir = \"./x/../ca\"\n",
    );
    scene
}

fn timer(scene: &Scene, scheduler: &str, directory: &str, args: &[&str]) -> Outcome {
    let inventory = format!("{directory}/fleet.toml");
    let call = scene.gsec(&["fleet", "timer", "--for", scheduler, "--inventory", &inventory]);
    call.args(args).run()
}

/// A program in the place of gsec.
fn stub(scene: &Scene, line: &str) -> String {
    scene.write("stub", format!("#!/bin/sh\n{line}\n"));
    scene.chmod("stub", 0o755);
    scene.dir.path("stub")
}

fn verified(scene: &Scene) -> Outcome {
    let units = ["service", "timer"].map(|kind| scene.dir.path(&format!("units/gsec-fleet.{kind}")));
    let mut call = tool("systemd-analyze").args(&["verify", "--man=no"]);
    call = call.args(&[&units[0], &units[1]]);
    call.run()
}

#[test]
fn systemd_takes_units_with_any_path() {
    for directory in HOSTILE {
        let scene = scene(directory);
        std::fs::create_dir(scene.dir.path("units")).expect("a folder");
        let passphrase = format!("/etc/{}x", directory.trim_end_matches('\\'));
        let args = [
            "--gsec",
            GSEC,
            "--out",
            "units",
            "--ca-passphrase-file",
            &passphrase,
            "--user",
            "root",
        ];
        let made = timer(&scene, "systemd", directory, &args).ok();
        assert!(
            made.stderr.contains("warning: the timer signs unattended"),
            "{made}"
        );
        assert!(
            made.stdout
                .contains("sudo systemctl enable --now gsec-fleet.timer"),
            "{made}"
        );
        let verdict = verified(&scene);
        assert_eq!(
            (verdict.status, verdict.stderr.as_str()),
            (Some(0), ""),
            "{verdict}"
        );
        let service = scene.read("units/gsec-fleet.service");
        assert_eq!(service.matches("\nReadWritePaths=").count(), 2, "{service}");
        // The verdict is one: without their quotes, paths are no paths.
        let broken = service
            .replace("ReadWritePaths=\"", "ReadWritePaths=")
            .replace("\"\n", "\n");
        scene.write("units/gsec-fleet.service", broken);
        let refused = verified(&scene);
        assert!(
            !refused.stderr.is_empty() || !directory.contains(' '),
            "{refused}"
        );
    }
}

#[test]
fn systemd_takes_every_calendar() {
    let scene = scene("a");
    for (calendar, expression) in [
        ("hourly", "hourly"),
        ("daily", "daily"),
        ("weekly", "weekly"),
        ("monthly", "monthly"),
        ("04:30", "*-*-* 04:30:00"),
        ("Mon..Fri *-*-* 02:00", "Mon..Fri *-*-* 02:00"),
    ] {
        let units = timer(&scene, "systemd", "a", &["--calendar", calendar])
            .ok()
            .stdout;
        let line = format!("\nOnCalendar={expression}\n");
        assert!(units.contains(&line) && !units.contains("OnActiveSec"), "{units}");
        tool("systemd-analyze").args(&["calendar", expression]).run().ok();
    }
}

/// Parts of expressions, some of them faulty.
const PARTS: [[&str; 15]; 3] = [
    [
        "",
        "Mon",
        "mon..fri",
        "Fri..Mon",
        "Mon-Fri",
        "Sat,Sun",
        "Monday",
        "Mo",
        "Mon,",
        "Mon..",
        "daily",
        "DAILY",
        "Mon..Wed,Sat",
        "1",
        "T",
    ],
    [
        "",
        "*-*-*",
        "*-*-1",
        "*-*-0",
        "*-*-1/2",
        "*-*-*/2",
        "*-*~1",
        "*-*~29",
        "*-*~1..3",
        "2026-1..6-1,15",
        "99-1-1",
        "100-1-1",
        "*",
        "02-30",
        "2190/100-1-1",
    ],
    [
        "",
        "04:30",
        "24:00",
        "04:60",
        "4:5",
        "*:0/15",
        "*:0/60",
        "0/2:00",
        "20/4:00",
        "1..5/9:00",
        "5..1:00",
        "04:30:59.5",
        "04:30:60",
        "4",
        "04:30 UTC",
    ],
];

/// What gsec takes, systemd takes. Of what it does not take, systemd takes little, and none of it is common.
#[test]
fn no_calendar_is_taken_that_systemd_refuses() {
    let scene = scene("a");
    let [days, dates, times] = PARTS;
    let alone = PARTS.iter().flatten().map(|part| (*part).to_owned());
    let together = (0..times.len()).flat_map(|at| {
        (0..6).map(move |shift| {
            let at = |step: usize| (at * step + shift) % times.len();
            format!("{} {} {}", days[at(1)], dates[at(2)], times[at(4)])
        })
    });
    let (mut taken, mut refused) = (0, Vec::new());
    for expression in alone.chain(together) {
        let expression = expression.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_taken = timer(&scene, "systemd", "a", &["--calendar", &expression]).status == Some(0);
        let asked = tool("systemd-analyze")
            .args(&["calendar", "--", &expression])
            .run();
        let is_right = asked.status == Some(0);
        assert!(is_right || !is_taken, "`{expression}` is taken: {asked}");
        taken += usize::from(is_taken);
        refused.extend((is_right && !is_taken).then_some(expression));
    }
    assert!(taken > 20, "{taken}");
    let is_rare = |expression: &String| expression.contains("Mon-Fri") || expression.contains("Mon,");
    assert!(refused.iter().all(is_rare), "{refused:#?}");
}

#[test]
fn cron_runs_gsec_with_the_path_as_it_is() {
    for directory in HOSTILE {
        let scene = scene(directory);
        let stub = stub(&scene, "printf '%s\\n' \"$@\"");
        let line = timer(&scene, "cron", directory, &["--gsec", &stub]).ok().stdout;
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        let command = line.trim_end().strip_prefix("17 3 * * * ").expect("every day");
        // What cron does with a command.
        let bare = command.replace("\\%", "");
        assert!(!bare.contains('%'), "{line}");
        let command = command.replace("\\%", "%");
        let inventory = scene.dir.path(&format!("{directory}/fleet.toml"));
        let inventory = std::fs::canonicalize(inventory).expect("it is there");
        let expected = format!(
            "fleet\napply\n--inventory\n{}\n--no-input\n--yes\n--quiet\n",
            inventory.display()
        );
        for shell in SHELLS {
            let call = tool(shell[0]).args(&shell[1..]).args(&["-c", &command]);
            let outcome = call.in_dir(scene.dir.path("")).run().ok();
            assert_eq!(outcome.stdout, expected, "{shell:?} {command}");
        }
        assert!(!Path::new(&scene.dir.path("PWNED")).exists());
    }
}

#[test]
fn cron_does_nothing_while_the_last_call_runs() {
    let scene = scene("a");
    let stub = stub(&scene, "echo called");
    let line = timer(&scene, "cron", "a", &["--gsec", &stub]).ok().stdout;
    let command = line.trim_end().strip_prefix("17 3 * * * ").expect("every day");
    let busy = tool("flock").args(&["-n", &scene.dir.path("a/fleet.toml"), "sh", "-c", command]);
    let outcome = busy.run();
    assert_eq!(
        (outcome.status, outcome.stdout.as_str()),
        (Some(1), ""),
        "{outcome}"
    );
}

const READ_PLIST: &str = "import plistlib, sys
plist = plistlib.loads(sys.stdin.buffer.read())
print(plist['Label'], plist['StartCalendarInterval'], plist['Umask'], plist.get('UserName'))
print('\\n'.join(plist['ProgramArguments'][1:]))";

#[test]
fn launchd_gets_every_argument_as_it_is() {
    for directory in HOSTILE {
        let scene = scene(directory);
        let args = ["--user", "_gsec", "--name", "com_example", "--calendar", "weekly"];
        let plist = timer(&scene, "launchd", directory, &args).ok().stdout;
        let read = peer_python(&["-c", READ_PLIST]).stdin(plist).run().ok().stdout;
        let inventory = std::fs::canonicalize(scene.dir.path(&format!("{directory}/fleet.toml")));
        let expected = format!(
            "com_example {{'Weekday': 1, 'Hour': 3, 'Minute': 17}} 63 _gsec\nfleet\napply\n--inventory\n{}\n--no-input\n--yes\n--quiet\n",
            inventory.expect("it is there").display()
        );
        assert_eq!(read, expected);
    }
}

const READ_TASK: &str = "import sys, xml.etree.ElementTree as tree
task = tree.fromstring(sys.stdin.buffer.read())
names = {'t': 'http://schemas.microsoft.com/windows/2004/02/mit/task'}
print(task.find('.//t:Command', names).text)
print(task.find('.//t:Arguments', names).text)
print(task.find('.//t:UserId', names).text)";

#[test]
fn task_of_windows_is_whole_and_has_its_paths() {
    let scene = Scene::empty();
    let inventory = "C:\\a b & <c>\\it's “x”\\fleet.toml";
    let args = [
        "fleet",
        "timer",
        "--for",
        "schtasks",
        "--inventory",
        inventory,
        "--ca-dir",
        "C:\\ca",
        "--user",
        "DOMAIN\\gsec",
        "--out",
        ".",
    ];
    let made = scene.gsec(&args).run().ok();
    assert!(
        made.stdout.contains("schtasks /Create /TN NAME /XML FILE"),
        "{made}"
    );
    let read = peer_python(&["-c", READ_TASK])
        .stdin(scene.read_bytes("gsec-fleet.xml"))
        .run()
        .ok();
    assert_eq!(
        read.stdout,
        format!(
            "C:\\Program Files\\gsec\\gsec.exe\nfleet apply --inventory \"{inventory}\" --ca-dir C:\\ca --no-input --yes --quiet\nDOMAIN\\gsec\n"
        )
    );
    for (path, words) in [
        ("C:\\%TEMP%\\f", "which the Task Scheduler would replace"),
        ("/srv/fleet.toml", "is not a full path of Windows"),
    ] {
        let refused = scene
            .gsec(&["fleet", "timer", "--for", "schtasks", "--inventory", path])
            .run();
        assert!(refused.stderr.contains(words), "{refused}");
    }
}

#[test]
fn what_a_scheduler_has_not_is_refused_and_files_are_kept() {
    let scene = scene("a");
    for (scheduler, args, words) in [
        (
            "cron",
            &["--on-failure", "x.service"][..],
            "`--on-failure` is for `--for systemd` alone",
        ),
        (
            "cron",
            &["--user", "D\\x"],
            "`--for cron` has no accounts with a domain",
        ),
        (
            "systemd",
            &["--gsec", "C:\\gsec.exe"],
            "is not a full path where systemd runs",
        ),
        ("systemd", &["--gsec", "/a b"], "must be a full path of letters"),
        ("systemd", &["--name", "a.b"], "must consist of letters"),
        ("systemd", &["--calendar", "%i"], "must be hourly, daily"),
        (
            "systemd",
            &["--inventory", "-"],
            "cannot read the inventory from standard input",
        ),
    ] {
        let inventory: &[&str] = if args[0] == "--inventory" {
            &[]
        } else {
            &["--inventory", "a/fleet.toml"]
        };
        let call = scene
            .gsec(&["fleet", "timer", "--for", scheduler])
            .args(inventory);
        let refused = call.args(args).run().code(2);
        assert!(refused.stderr.contains(words), "{refused}");
    }
    for (calendar, words) in [
        (
            "Mon *-*-* 02:00",
            "`--for cron` has no way to write the calendar `Mon *-*-* 02:00`",
        ),
        ("25:00", "character 1: `25` is not an hour from 0 to 23"),
        ("04:61", "character 4: `61` is not a minute from 0 to 59"),
    ] {
        let refused = timer(&scene, "cron", "a", &["--calendar", calendar]).code(2);
        assert!(refused.stderr.contains(words), "{refused}");
    }
    std::fs::create_dir(scene.dir.path("b")).expect("a folder");
    scene.write("b/fleet.toml", "version = 1\n");
    let refused = timer(&scene, "cron", "b", &[]).code(2);
    assert!(
        refused.stderr.contains("does not name the CA directory"),
        "{refused}"
    );
    timer(&scene, "systemd", "a", &["--out", "."]).ok();
    let before = scene.read("gsec-fleet.service");
    timer(&scene, "systemd", "a", &["--out", ".", "--user", "x"]).code(3);
    assert_eq!(scene.read("gsec-fleet.service"), before);
}
