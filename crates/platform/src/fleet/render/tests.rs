//! What each thing comes to, and that no name or value gets out of its place.

use std::process::Command;

use super::quote::{batch_word, csv_row, label};
use super::*;
use crate::fleet::arguments::windows_argument;
use crate::inventory::{Inventory, read};

/// Names and values that would be code, if they were not written as what they are.
const HOSTILE: [&str; 14] = [
    "$(touch PWNED)",
    "`touch PWNED`",
    "; touch PWNED #",
    "' ; touch PWNED '",
    "\" ; touch PWNED \"",
    "a\ntouch PWNED\n",
    "a\r\ntouch PWNED",
    "%COMSPEC% & calc",
    "-rf",
    "“ & touch PWNED & ”",
    "‘; touch PWNED’",
    "=cmd|' /C calc'!A1",
    "\\",
    "a\u{202E}b\u{1B}[2J",
];

fn read_whole(text: &str) -> Inventory {
    let reading = read(text, "fleet.toml");
    assert_eq!(reading.findings, [], "{text}");
    reading.inventory
}

fn everything<'a>() -> Selected<'a> {
    Selected::default()
}

const WHOLE: &str = r#"version = 1
[[host]]
name = "cs"
address = "10.0.0.1"
os = "solaris"
lca_port = 4999
[[host]]
name = "p"
address = "10.0.0.2"
os = "hp-ux"
[[host]]
name = "b"
address = "10.0.0.3"
os = "aix"
[[host]]
name = "six"
address = "fd00::6"
[[host]]
name = "box"
address = "10.0.0.9"
profile = "appliance"
platform = "windows"
[[host]]
name = "hub"
address = "10.0.0.10"
profile = "hub"
platform = "java"
[[app]]
name = "ConfServ"
host = "cs"
kind = "config-server"
port = [ { id = "default", number = 2020 }, { id = "auto", number = 2021, mode = "auto-detect" } ]
[[app]]
name = "SCS"
host = "b"
kind = "scs"
[[app]]
name = "P"
host = "p"
kind = "tserver"
command_line = ["-app", "P", "-transport-port", "1"]
port = [ { id = "default", number = 3000 }, { id = "ha", number = 3001, ha_sync = true } ]
[[app.connection]]
to = "ConfServ"
port = "auto"
client_port = 41001
client_address = "10.0.0.22"
transport = "tls=1;port=7; port=8;backup-port=9"
[[app]]
name = "B"
host = "b"
kind = "tserver"
port = [ { id = "default", number = 3000 } ]
[[app]]
name = "Router"
host = "cs"
kind = "router"
[[app.connection]]
to = "P"
client_port = 41002
backup_port = 41003
client_address = "router.example"
[[app.connection]]
to = "Missing"
client_port = 1
[[app.connection]]
to = "P"
port = "nowhere"
[[app]]
name = "Six"
host = "six"
kind = "custom-server"
port = [ { id = "default", number = 6 } ]
[[app.connection]]
to = "P"
[[pair]]
primary = "P"
backup = "B"
redundancy = "hot-standby"
"#;

#[test]
fn arguments_are_those_of_the_connection_to_configuration_server() {
    let inventory = read_whole(WHOLE);
    let rendered = start_arguments(&inventory, &everything());
    assert_eq!(rendered.rows.len(), 1);
    assert_eq!(
        rendered.left_out,
        ["the client-side port of `Router` for `Missing`, which is not in the inventory"]
    );
    let row = &rendered.rows[0];
    assert_eq!(
        row.arguments,
        ["-transport-port", "41001", "-transport-address", "10.0.0.22"]
    );
    assert!(
        args_as_sh(&rendered.rows)
            .ends_with("# P on p\nset -- \"$@\" -transport-port 41001 -transport-address 10.0.0.22\n")
    );
    let batch = args_as_bat(&rendered.rows).expect("plain words");
    assert!(batch.ends_with(
        "@rem P on p\r\n@set \"TRANSPORT_ARGS=-transport-port 41001 -transport-address 10.0.0.22\"\r\n"
    ));
    let service = Service {
        name: "P".into(),
        executable: "C:\\GCTI\\ts.exe".into(),
    };
    let file = args_as_reg(&inventory, row, &service).expect("plain words");
    let read = crate::registry::RegistryFile::parse(&file);
    let text = format!("{read:?}");
    assert!(
        text.contains("-app P -transport-port 41001 -transport-address 10.0.0.22"),
        "{text}"
    );
    assert!(!text.contains("-transport-port 1 "), "{text}");
    for name in ["a\\b", "", "a]b", "a\nb"] {
        let service = Service {
            name: name.into(),
            ..service.clone()
        };
        assert!(args_as_reg(&inventory, row, &service).is_err(), "{name:?}");
    }
}

#[test]
fn connection_keeps_its_other_options_and_has_no_blank() {
    let inventory = read_whole(WHOLE);
    let rendered = connection_settings(&inventory, &everything());
    let rows: Vec<_> = rendered
        .rows
        .iter()
        .map(|row| (row.server.as_str(), row.transport.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            ("ConfServ", "tls=1; port=8;port=41001;address=10.0.0.22"),
            ("P", "port=41002;address=router.example;backup-port=41003"),
            ("Missing", "port=1"),
        ]
    );
    let inventory = read_whole(&WHOLE.replace("router.example", "a;port=1"));
    let left_out = connection_settings(&inventory, &everything()).left_out;
    assert_eq!(
        left_out,
        ["the connection of `Router` to `P`: `address` has a `;`, where the platform would end the value"]
    );
}

#[test]
fn search_path_is_that_of_the_system_also_for_the_agent() {
    let inventory = read_whole(WHOLE);
    let directory = LibraryDir::parse("/opt/a b").expect("a path");
    let rendered = search_paths(&inventory, &everything(), &directory);
    assert_eq!(
        rendered.left_out,
        ["host `six`: the inventory does not say its operating system (`os`)"]
    );
    let of = |host: &str| -> Vec<String> {
        let rows = rendered.rows.iter().filter(|row| row.host == host);
        rows.map(|row| {
            format!(
                "{} {}{}",
                row.application.as_deref().unwrap_or("LCA"),
                row.variable,
                row.bits.map_or(String::new(), |bits| format!(" {bits}"))
            )
        })
        .collect()
    };
    assert_eq!(
        of("cs")[..4],
        [
            "LCA LD_LIBRARY_PATH",
            "LCA LD_LIBRARY_PATH_64 64",
            "ConfServ LD_LIBRARY_PATH",
            "ConfServ LD_LIBRARY_PATH_64 64"
        ]
    );
    assert_eq!(
        of("p"),
        [
            "LCA SHLIB_PATH 32",
            "LCA LD_LIBRARY_PATH 64",
            "P SHLIB_PATH 32",
            "P LD_LIBRARY_PATH 64"
        ]
    );
    assert_eq!(of("b"), ["LCA LIBPATH", "SCS LIBPATH", "B LIBPATH"]);
    assert_eq!(of("box"), Vec::<String>::new());
    let text = env_as_sh(&rendered.rows);
    assert!(
        text.contains(
            "# b (aix)\n#   Local Control Agent\n#   SCS\n#   B\nLIBPATH='/opt/a b'${LIBPATH:+\":$LIBPATH\"}; export LIBPATH\n"
        ),
        "{text}"
    );
    let only = select(&inventory, Some("SCS")).expect("it is there");
    let rows = search_paths(&inventory, &only, &directory).rows;
    assert_eq!((rows.len(), rows[0].application.as_deref()), (1, Some("SCS")));
    for wrong in ["opt", "/a:b", "/a\nb", ""] {
        assert_eq!(LibraryDir::parse(wrong), None, "{wrong:?}");
    }
}

fn opened(inventory: &Inventory, name: Option<&str>) -> Vec<String> {
    let selected = select(inventory, name).expect("it is there");
    let rows = openings(inventory, &selected).rows;
    rows.iter()
        .map(|row| {
            let port = row.from_port.map_or("*".into(), |port| port.to_string());
            format!(
                "{}:{port} {}:{} {}",
                row.from_address, row.to_address, row.to_port, row.purpose
            )
        })
        .collect()
}

#[test]
fn every_connection_is_opened_in_its_direction() {
    let inventory = read_whole(WHOLE);
    assert_eq!(
        opened(&inventory, None),
        [
            "10.0.0.22:41001 10.0.0.1:2021 P to ConfServ port auto",
            "10.0.0.1:41002 10.0.0.2:3000 Router to P port default",
            "10.0.0.1:41003 10.0.0.3:3000 Router to B port default",
            "10.0.0.3:* 10.0.0.2:3001 B synchronizes with P port ha",
            "10.0.0.2:* 10.0.0.3:3000 P synchronizes with B port default",
            "10.0.0.3:* 10.0.0.1:4999 SCS to Local Control Agent of cs",
            "10.0.0.9:* 10.0.0.10:443 appliance box to hub hub",
        ]
    );
    let alone = read_whole(&WHOLE.replace("backup_port = 41003\n", ""));
    let to_backup = "10.0.0.1:41002 10.0.0.3:3000 Router to B port default";
    assert!(
        opened(&alone, None).iter().any(|row| row == to_backup),
        "the client-side port is that for the backup, too"
    );
    let left_out = openings(&inventory, &everything()).left_out;
    assert_eq!(
        left_out,
        [
            "`Router` to `Missing`, which is not in the inventory",
            "`Router` to port `nowhere` of `B`, which the inventory does not have",
            "`Router` to port `nowhere` of `P`, which the inventory does not have",
            "`Six to B port default`: one address is of IPv4, the other of IPv6",
            "`Six to P port default`: one address is of IPv4, the other of IPv6",
            "the client-side address `router.example` of `Router`, which is not an IP address; that of the host is in its place",
        ]
    );
    assert_eq!(
        opened(&inventory, Some("box")),
        ["10.0.0.9:* 10.0.0.10:443 appliance box to hub hub"]
    );
    assert_eq!(opened(&inventory, Some("SCS")).len(), 1);
    assert!(select(&inventory, Some("nothing")).is_none());
}

#[test]
fn firewall_of_one_host_has_what_comes_in_and_what_goes_out() {
    let inventory = read_whole(WHOLE);
    let hub = select(&inventory, Some("hub")).expect("it is there");
    let rows = openings(&inventory, &hub).rows;
    let text = firewall_as_nft(&rows, &hub, true);
    assert!(
        text.contains(
            "\t\tip saddr 10.0.0.9 ip daddr 10.0.0.10 tcp dport 443 accept comment \"appliance box to hub hub\"\n\
             \t\tip daddr 10.0.0.10 tcp dport { 443 } drop\n\t}\n\tchain output {"
        ),
        "{text}"
    );
    assert!(!firewall_as_nft(&rows, &hub, false).contains("drop\n"));
    let appliance = select(&inventory, Some("box")).expect("it is there");
    let rows = openings(&inventory, &appliance).rows;
    let batch = firewall_as_netsh(&rows, &appliance);
    assert_eq!(batch.matches("add rule").count(), 1, "{batch}");
    assert!(
        batch.contains(
            " dir=out action=allow protocol=TCP localip=10.0.0.9 localport=any remoteip=10.0.0.10 remoteport=443\r\n"
        ),
        "{batch}"
    );
    let tables = firewall_as_iptables(&rows, &appliance, true);
    assert!(
        tables.contains("-4 -A GSEC-OUTPUT -s 10.0.0.9 -d 10.0.0.10 -p tcp --dport 443 -m comment --comment \"appliance box to hub hub\" -j ACCEPT\nCOMMIT\n"),
        "nothing is dropped on the way out: {tables}"
    );
}

#[test]
fn label_and_batch_word_mean_nothing_anywhere() {
    for text in HOSTILE {
        let label = label(text);
        let is_harmless = |character: char| character.is_ascii_alphanumeric() || " ._:-".contains(character);
        assert!(label.chars().all(is_harmless), "{label}");
        assert_eq!(batch_word(text).is_ok(), text == "-rf", "{text}");
    }
    assert_eq!(label(&"ä".repeat(500)).len(), 100);
}

#[test]
fn cell_is_no_formula_and_acts_on_no_terminal() {
    for text in HOSTILE {
        let row = csv_row([text, "b"]);
        let cell = row.strip_suffix(",b\r\n").expect("two cells");
        let inside = cell.trim_start_matches('"');
        assert!(!inside.starts_with(['=', '-', '+', '@']), "{row}");
        assert!(
            !cell.chars().any(gsec_pki::encoding::visible::is_dangerous),
            "{row:?}"
        );
        assert_eq!(cell.matches('"').count() % 2, 0, "{row}");
    }
    assert_eq!(csv_row(["a,\"b\"", " =1", "x"]), "\"a,\"\"b\"\"\",' =1,x\r\n");
}

/// What a program takes out of its command line, as Microsoft documents it for `CommandLineToArgvW`, of one argument.
fn taken(written: &str) -> String {
    let mut argument = String::new();
    let (mut backslashes, mut is_quoted) = (0, false);
    for character in written.chars() {
        match character {
            '\\' => backslashes += 1,
            '"' => {
                argument.push_str(&"\\".repeat(backslashes / 2));
                if backslashes % 2 == 1 {
                    argument.push('"');
                } else {
                    is_quoted = !is_quoted;
                }
                backslashes = 0;
            }
            other => {
                argument.push_str(&"\\".repeat(backslashes));
                backslashes = 0;
                assert!(is_quoted || other != ' ', "the argument ends: {written}");
                argument.push(other);
            }
        }
    }
    argument + &"\\".repeat(backslashes)
}

#[test]
fn argument_of_windows_is_taken_as_it_was() {
    for text in HOSTILE
        .into_iter()
        .chain(["", "a b\\", "a\\\"b", "\\\\", "C:\\Program Files\\x\\"])
    {
        assert_eq!(taken(&windows_argument(text)), text);
    }
}

#[test]
fn shell_gets_every_value_as_one_word() {
    let folder = std::env::temp_dir().join(format!("gsec-render-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for text in HOSTILE {
        let row = StartArguments {
            application: text.into(),
            host: text.into(),
            server: String::new(),
            arguments: vec!["-transport-address".into(), text.into()],
        };
        let script = args_as_sh(&[row]) + "printf '%s|' \"$@\"\n";
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(&folder)
            .output()
            .expect("a shell");
        // The shell drops line feeds at the end of what a command prints.
        let expected = format!("-transport-address|{}|", text.trim_end_matches('\n'));
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{script}");
        assert_eq!(output.stderr, b"", "{script}");
    }
    assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 0);
    std::fs::remove_dir(&folder).expect("it is empty");
}
