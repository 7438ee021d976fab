//! Each form, whole once, and with paths that would be something else in it.

use super::*;

const PATHS: [&str; 6] = [
    "/srv/a b/fleet.toml",
    "/srv/100%n/$HOME/$(touch PWNED)/fleet.toml",
    "/srv/\"quoted\"/it's/fleet.toml",
    "/srv/back\\slash\\/&amp;<x>]]>",
    "/srv/;touch PWNED;/`touch PWNED`",
    "/srv/“typographic”/ü",
];

fn order(inventory: &str) -> Order {
    Order {
        name: TimerName::parse("gsec-fleet").expect("a name"),
        program: Program::parse("/usr/bin/gsec").expect("a path"),
        inventory: inventory.into(),
        ca_dir: None,
        written: vec!["/srv/ca".into()],
        calendar: Calendar::Daily(None),
        user: None,
        passphrase: None,
        on_failure: None,
    }
}

fn text(scheduler: Scheduler, order: &Order) -> String {
    let files = timer(scheduler, order).expect("it can be written");
    files.iter().map(|file| file.text.as_str()).collect()
}

#[test]
fn units_are_as_hard_as_the_service_permits() {
    let whole = Order {
        ca_dir: Some("/srv/ca".into()),
        user: Account::parse("gsec"),
        passphrase: Some("/etc/gsec/ca pass%.cred".into()),
        on_failure: UnitName::parse("mail@%i.service").or(UnitName::parse("mail@root.service")),
        ..order("/srv/fleet.toml")
    };
    let files = timer(Scheduler::Systemd, &whole).expect("plain paths");
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["gsec-fleet.service", "gsec-fleet.timer"]);
    let lines: Vec<&str> = files[0].text.lines().skip(4).collect();
    assert_eq!(
        lines,
        [
            "OnFailure=mail@root.service",
            "",
            "[Service]",
            "Type=oneshot",
            "ExecStart=/usr/bin/gsec fleet apply --inventory \"/srv/fleet.toml\" --ca-dir \"/srv/ca\" --no-input --yes --quiet --ca-passphrase-file %d/ca-pass",
            "LoadCredentialEncrypted=ca-pass:/etc/gsec/ca pass%%.cred",
            "User=gsec",
            "UMask=0077",
            "LimitCORE=0",
            "NoNewPrivileges=yes",
            "PrivateTmp=yes",
            "ProtectSystem=strict",
            "ProtectHome=read-only",
            "ReadWritePaths=\"/srv/ca\"",
        ]
    );
    for line in ["OnCalendar=daily", "RandomizedDelaySec=1h", "Persistent=true"] {
        assert!(files[1].text.lines().any(|found| found == line), "{line}");
    }
    assert!(!files[1].text.contains("OnActiveSec"));
}

#[test]
fn values_of_units_are_quoted_and_escaped() {
    let said = text(Scheduler::Systemd, &order(PATHS[1]));
    assert!(
        said.contains("--inventory \"/srv/100%%n/$$HOME/$$(touch PWNED)/fleet.toml\" --no-input"),
        "{said}"
    );
    let said = text(Scheduler::Systemd, &order(PATHS[2]));
    assert!(said.contains("\"/srv/\\\"quoted\\\"/it's/fleet.toml\""), "{said}");
    let paths = Order {
        written: vec!["/srv/$x/100%\\".into()],
        ..order("/f")
    };
    let said = text(Scheduler::Systemd, &paths);
    assert!(said.contains("ReadWritePaths=\"/srv/$x/100%%\\\\\"\n"), "{said}");
    for file in [" /x", "/x\\", "/x ", "/a\nb"] {
        let order = Order {
            passphrase: Some(file.into()),
            ..order("/f")
        };
        assert!(timer(Scheduler::Systemd, &order).is_err(), "{file:?}");
    }
}

#[test]
fn cron_gets_one_line() {
    let user = Order {
        user: Account::parse("gsec"),
        passphrase: Some("/etc/ca pass".into()),
        ..order("/srv/100%/fleet.toml")
    };
    assert_eq!(
        text(Scheduler::Cron, &user),
        "17 3 * * * gsec flock -n /srv/100\\%/fleet.toml /usr/bin/gsec fleet apply --inventory /srv/100\\%/fleet.toml \
         --no-input --yes --quiet --ca-passphrase-file '/etc/ca pass'\n"
    );
    for path in PATHS {
        let line = text(Scheduler::Cron, &order(path));
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        assert_eq!(line.matches('%').count(), line.matches("\\%").count(), "{line}");
    }
}

#[test]
fn calendars_are_those_of_each_scheduler() {
    for (given, systemd, cron, launchd, task) in [
        (
            "hourly",
            "hourly",
            "17 * * * * ",
            "<key>Minute</key>",
            "<Interval>PT1H<",
        ),
        ("daily", "daily", "17 3 * * * ", "<key>Hour</key>", "T03:17:00<"),
        (
            "weekly",
            "weekly",
            "17 3 * * 1 ",
            "<key>Weekday</key>",
            "<Monday />",
        ),
        (
            "monthly",
            "monthly",
            "17 3 1 * * ",
            "<key>Day</key>",
            "<Day>1</Day>",
        ),
        (
            "04:05",
            "*-*-* 04:05:00",
            "5 4 * * * ",
            "<integer>4</integer>",
            "T04:05:00<",
        ),
    ] {
        let order = Order {
            calendar: Calendar::parse(given).expect("a calendar"),
            ..order("/f")
        };
        for (scheduler, words) in [
            (Scheduler::Systemd, format!("OnCalendar={systemd}\n")),
            (Scheduler::Launchd, launchd.into()),
            (Scheduler::Schtasks, task.into()),
        ] {
            let said = text(scheduler, &order);
            assert!(said.contains(&words), "{said}");
        }
        assert!(text(Scheduler::Cron, &order).starts_with(cron));
    }
    let own = Order {
        calendar: Calendar::parse("Mon..Fri *-*-* 02:00").expect("an expression"),
        ..order("/f")
    };
    assert!(text(Scheduler::Systemd, &own).contains("OnCalendar=Mon..Fri *-*-* 02:00\n"));
    for scheduler in [Scheduler::Cron, Scheduler::Launchd, Scheduler::Schtasks] {
        assert_eq!(
            timer(scheduler, &own),
            Err(Unwritable::Calendar("Mon..Fri *-*-* 02:00".into()))
        );
    }
}

#[test]
fn fault_of_an_expression_is_named_with_its_place() {
    for (wrong, column, why) in [
        ("", 1, "there is no time"),
        (" ", 1, "there is no time"),
        (
            "daily\nOnActiveSec=1",
            1,
            "`daily\\x0AOnActiveSec=1` is not a day of the week, such as Mon or Monday",
        ),
        (
            "$(x)",
            1,
            "`$(x)` is not a date, such as *-*-1 or Mon *-*-1, nor a time, such as 04:30",
        ),
        ("24:61", 1, "`24` is not an hour from 0 to 23"),
        ("Mon 4:61", 7, "`61` is not a minute from 0 to 59"),
        ("Mon *-*-32 02:00", 9, "`32` is not a day from 1 to 31"),
        (
            "*-*~29",
            5,
            "`29` is not a day from the end of the month from 1 to 28",
        ),
        (
            "Fri..Mon",
            1,
            "`Fri..Mon` is not a range: the week begins on Monday",
        ),
        ("5..1:00", 1, "`5..1` is not a range: its end is before its begin"),
        ("20/4:00", 1, "`20/4` is not repeated: the next is beyond 23"),
        ("02:00 Nowhere", 7, "`Nowhere` is not expected there"),
        ("02:00:00\u{a0}", 7, "`00\u{a0}` is not a second from 0 to 59"),
    ] {
        let why = why.to_owned();
        assert_eq!(
            Calendar::parse(wrong),
            Err(CalendarError { column, why }),
            "{wrong:?}"
        );
    }
}

#[test]
fn task_is_a_file_of_windows_and_refuses_what_would_be_replaced() {
    let files = timer(Scheduler::Schtasks, &order("C:\\a b\\f.toml")).expect("a plain path");
    assert_eq!(files[0].bytes()[..4], [0xFF, 0xFE, b'<', 0]);
    assert!(
        files[0]
            .text
            .contains("--inventory &quot;C:\\a b\\f.toml&quot; --no-input")
    );
    for path in ["C:\\%TEMP%\\f", "C:\\$(Arg0)\\f"] {
        assert_eq!(
            timer(Scheduler::Schtasks, &order(path)),
            Err(Unwritable::Replaced(path.into()))
        );
    }
}

#[test]
fn no_form_takes_a_line_end() {
    for scheduler in Scheduler::ALL {
        for path in ["/a\nb", "/a\rb", "/a\0b", "/a\u{85}b", "/a\u{2028}b"] {
            assert_eq!(
                timer(scheduler, &order(path)),
                Err(Unwritable::Control(path.into())),
                "{scheduler:?}"
            );
        }
    }
}

#[test]
fn names_need_no_quotes() {
    for wrong in ["", "-x", ".x", "a.b", "a b", "a/b", "a;b", "%i"] {
        assert_eq!(TimerName::parse(wrong), None, "{wrong}");
    }
    for wrong in [
        "gsec",
        "/usr/bin/gs ec",
        "/a$b",
        "-/x",
        "C:",
        "C:\\a\"b",
        "C:\\%x%",
    ] {
        assert_eq!(Program::parse(wrong), None, "{wrong}");
    }
    assert!(Program::parse("C:\\Program Files (x86)\\gsec\\gsec.exe").is_some());
    for wrong in ["", "-u", "a b", "a\\b\\c", "a\\", "a;b", "a<b"] {
        assert_eq!(Account::parse(wrong), None, "{wrong}");
    }
    assert!(Account::parse("DOMAIN\\gsec").is_some_and(|account| !account.is_unix()));
    for wrong in ["x", "x.mount ", "a b.service", "%i.service", "-x.service"] {
        assert_eq!(UnitName::parse(wrong), None, "{wrong}");
    }
}
