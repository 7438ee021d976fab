//! What is read from each source, that it reads back, and that no secret comes along.

use super::*;
use crate::inventory::{Inventory, PortMode, Reading, read};
use gsec_pki::x509::GeneralName;
use proptest::prelude::*;
use serde_json::json;

fn read_back(draft: &Draft) -> Inventory {
    let text = write(draft);
    let is_shown =
        |character: char| character == '\n' || !gsec_pki::encoding::visible::is_dangerous(character);
    assert!(text.chars().all(is_shown), "{text:?}");
    let Reading {
        inventory, findings, ..
    } = read(&text, "fleet.toml");
    assert_eq!(findings, [], "{text}");
    inventory
}

fn export() -> serde_json::Value {
    json!({
        "__metadata__": { "formatName": "JSON" },
        "appPrototypes": [{ "name": "TServer_811", "type": "tserver" }, { "name": "Odd", "type": "advisors" }],
        "hosts": [
            { "name": "ts1.example.com", "ipAddress": "10.0.0.5", "lcaPort": "4999",
              "osInfo": { "type": "redhatlinux", "version": "6" },
              "userProperties": { "security": { "certificate": "/c.pem", "tls": 1, "password": "S3CRET" },
                                  "other": { "password": "S3CRET" } } },
            { "name": "host/two", "ipAddress": "nowhere", "lcaPort": 0, "osInfo": { "type": "windows" } },
        ],
        "applications": [
            { "name": "TServer_P", "appPrototype": "TServer_811", "password": "S3CRET",
              "commandLineArguments": "-host cs1 -port 2021 -app \"TServer_P\" -password S3CRET -l \"7260@x\" -transport-port 41001",
              "isPrimary": true, "redundancyType": "hthotstanby",
              "serverInfo": { "host": "ts1.example.com", "backupServer": "TServer_B" },
              "portInfos": [
                  { "id": "default", "port": "3000", "transportParams": "", "connProtocol": "" },
                  { "id": "secure", "port": "3443", "transportParams": "tls=1; certificate=/x;my-password=S3CRET;odd=1" },
                  { "id": "auto", "port": 3444, "transportParams": "upgrade=1" },
                  { "id": "bad", "port": "99999" } ],
              "appServers": [ { "appServer": "ConfServ", "id": "default", "mode": "tmnone",
                                "transportParams": "port=41001;address=10.0.0.5;backup-port=0;tls=1" } ],
              "options": { "security": { "trusted-ca": "/ca.pem", "dbpassword": "S3CRET" }, "TServer": { "password": "S3CRET" } } },
            { "name": "TServer_B", "appPrototype": "Odd", "isPrimary": false,
              "serverInfo": { "host": "host/two", "backupServer": "TServer_P" }, "redundancyType": "hthotstanby" },
            { "name": "GUI\u{1b}[2J" },
        ],
    })
}

#[test]
fn export_becomes_an_inventory_with_its_doubts() {
    let draft = from_export(export().to_string().as_bytes()).expect("an export");
    let inventory = read_back(&draft);
    let names: Vec<&str> = inventory.hosts.iter().map(|host| host.name.as_str()).collect();
    assert_eq!(names, ["ts1.example.com", "host-two"]);
    let host = &inventory.hosts[0];
    let annex: Vec<_> = host
        .annex
        .0
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(annex, [("certificate", "/c.pem"), ("tls", "1")]);
    assert_eq!(host.lca_port.as_ref().map(|port| port.value), Some(4999));
    let app = &inventory.apps[0];
    let words: Vec<&str> = app.command_line.iter().map(|word| word.as_str()).collect();
    assert_eq!(
        words,
        [
            "-host",
            "cs1",
            "-port",
            "2021",
            "-app",
            "TServer_P",
            "-transport-port",
            "41001"
        ]
    );
    assert_eq!(app.kind.value.name(), "tserver");
    let ports: Vec<_> = app
        .ports
        .iter()
        .map(|port| {
            (
                port.id.as_str(),
                port.mode.value,
                port.transport.as_ref().map(|text| text.as_str()),
            )
        })
        .collect();
    assert_eq!(
        ports,
        [
            ("default", PortMode::Unsecured, None),
            ("secure", PortMode::Secured, Some("tls=1; certificate=/x")),
            ("auto", PortMode::AutoDetect, Some("upgrade=1")),
        ]
    );
    let connection = &app.connections[0];
    assert_eq!(
        (
            connection.client_port.as_ref().map(|port| port.value),
            connection.client_address.as_ref().map(|address| address.as_str()),
            connection.backup_port.is_none(),
            connection.transport.as_ref().map(|text| text.as_str())
        ),
        (Some(41001), Some("10.0.0.5"), true, Some("tls=1"))
    );
    assert_eq!(
        (inventory.pairs.len(), inventory.pairs[0].backup.as_str()),
        (1, "TServer_B")
    );
    let text = write(&draft);
    for doubt in [
        "# gsec: it is called `host/two` there",
        "# gsec: its fully qualified name is not known: add fqdn",
        "# gsec: its address `nowhere` is not an IP address",
        "# gsec: `0` is not a port",
        "# gsec: 1 options of the section security are not about TLS, and not copied",
        "# gsec: `99999` is not a port",
        "# gsec: port `secure`: 2 transport parameters are not known, and not copied",
        "# gsec: port `auto`: upgrade=1 is taken for auto-detect",
        "# gsec: connection to `ConfServ`: `0` is not a port",
        "# gsec: kind is a guess, its type is `advisors`",
        "# gsec: 4 words of its start arguments are not copied; only -host, -port, -app, -transport-port, -transport-address are",
        "# gsec: the export does not say on which host it is",
        "# gsec: the export does not say which port is for synchronization: add ha_sync to one of each server",
        "# gsec: it is called `GUI\\x1B[2J` there",
        "# gsec: of ports these keys are not copied: `connProtocol`",
        "# gsec: of connections these keys are not copied: `mode`",
        "# gsec: of applications these keys are not copied: 1 more",
    ] {
        assert!(text.lines().any(|line| line == doubt), "{doubt}\n{text}");
    }
}

#[test]
fn what_has_no_name_or_is_no_list_is_named() {
    let export = json!({
        "persons": [], "S3CRET-password": 1,
        "hosts": { "name": "h" },
        "applications": [7, { "name": ["x"] }, { "name": "A", "appServers": [{ "id": "x" }], "appPrototype": "P",
            "portInfos": [{ "port": 1 }, { "id": "no number" }, { "id": "flag", "port": true }] },
            { "name": "B", "portInfos": "none" }],
        "appPrototypes": [{ "type": "scs" }],
    });
    let draft = from_export(export.to_string().as_bytes()).expect("an export");
    let text = write(&draft);
    for doubt in [
        "of the export these keys are not copied: `persons`, 1 more",
        "hosts is not a list, and left out",
        "2 of applications have no name, and are left out",
        "1 of appPrototypes have no name, and are left out",
        "a connection does not say to which server, and is left out",
        "a port has no identifier, and is left out",
        "port `no number` has no number, and is left out",
        "port `flag` has no number, and is left out",
        "portInfos is not a list, and left out",
    ] {
        assert!(text.contains(&format!("# gsec: {doubt}\n")), "{doubt}\n{text}");
    }
    assert!(!text.contains("S3CRET"), "{text}");
}

#[test]
fn no_secret_of_an_export_is_in_what_is_written() {
    let text = write(&from_export(export().to_string().as_bytes()).expect("an export"));
    assert!(!text.contains("S3CRET"), "{text}");
    assert!(
        !text.to_lowercase().contains("password"),
        "not even the names of their options: {text}"
    );
}

#[test]
fn what_is_no_export_is_refused() {
    assert!(matches!(from_export(b"{"), Err(ExportError::Json(_))));
    for other in ["{}", "[]", "1", "{\"persons\":[]}"] {
        assert!(
            matches!(from_export(other.as_bytes()), Err(ExportError::Other)),
            "{other}"
        );
    }
    let odd = json!({ "applications": [1, {}, { "name": [] }], "hosts": "x" });
    assert!(from_export(odd.to_string().as_bytes()).is_ok_and(|draft| draft.apps.is_empty()));
}

#[test]
fn table_is_read_whatever_separates_its_cells() {
    let table = "Host,FQDN,address,platform,app,port_id,port,mode\r\n\
        ts1,ts1.example.com,10.0.0.5,unix,\"T, \"\"P\"\"\",default,3000,\r\n\
        ts1,other.example.com,,UNIX,\"T, \"\"P\"\"\",secure,3443,Secured\r\n\
        ts1,,,,\"T, \"\"P\"\"\",x,0,\r\n\
        a b/c,bad name,x,vms,,,,\r\n,,,,Lost,,,\r\n";
    let draft = from_table(table).expect("a table");
    let inventory = read_back(&draft);
    assert_eq!((inventory.hosts.len(), inventory.apps.len()), (2, 1));
    assert_eq!(inventory.apps[0].name.as_str(), "T, \"P\"");
    let ports: Vec<_> = inventory.apps[0]
        .ports
        .iter()
        .map(|port| (port.number.value, port.mode.value))
        .collect();
    assert_eq!(ports, [(3000, PortMode::Unsecured), (3443, PortMode::Secured)]);
    let text = write(&draft);
    for doubt in [
        "line 3 has fqdn `other.example.com`: left out, for an earlier line differs",
        "line 4: `0` is not a port, and left out",
        "it is called `a b/c` there",
        "line 5: fqdn `bad name` is not valid, and left out",
        "line 5: address `x` is not valid, and left out",
        "line 5: platform `vms` is not valid, and left out",
        "line 6 has no host, and is left out",
        "kind is a guess: the table does not say it",
    ] {
        assert!(text.contains(&format!("# gsec: {doubt}\n")), "{doubt}\n{text}");
    }
    let semicolons = from_table("host;port;app\nh;1;A\n").expect("a table");
    assert_eq!(semicolons.apps[0].ports[0].number, 1);
    assert_eq!(from_table("").err(), Some(TableError::Empty));
    assert_eq!(from_table("fqdn\nx\n").err(), Some(TableError::NoHost));
    let unknown = from_table("host,platfrom\n").err();
    assert!(
        matches!(
            unknown,
            Some(TableError::Column {
                meant: Some("platform"),
                ..
            })
        ),
        "{unknown:?}"
    );
}

/// What is not taken of a table is named with its line, or the table is refused.
#[test]
fn nothing_of_a_table_is_lost_in_silence() {
    let head = "host,app,port_id,port\n";
    for (rows, doubt) in [
        (
            "a,S,default,1\n\nb,S,x,2\n",
            "line 4 has it on host `b`, and an earlier one on `a`: its port `2` is left out",
        ),
        (
            "a,S\nb,S\n",
            "line 3 has it on host `b`, and an earlier one on `a`: that is left out",
        ),
        ("a,,default,1\n", "line 2 has port_id, port and no app: left out"),
        (
            "\"a\",\"S\r\nT\",,1\na,R,x,\n",
            "line 4 has port_id and no port: left out",
        ),
        ("a,S,x,65536\n", "line 2: `65536` is not a port, and left out"),
    ] {
        let draft = from_table(&format!("{head}{rows}")).expect("a table");
        let text = write(&draft);
        assert!(text.contains(&format!("# gsec: {doubt}\n")), "{doubt}\n{text}");
        let ports: usize = draft.apps.iter().map(|app| app.ports.len()).sum();
        assert_eq!(
            ports,
            rows.matches(",1\n").count() - rows.matches("a,,").count(),
            "{text}"
        );
    }
    let surplus = |found| TableError::Surplus {
        line: 3,
        found,
        expected: 4,
    };
    for (rows, error) in [
        ("", TableError::NoRow),
        ("\n,,,\n", TableError::NoRow),
        ("a\nb,S,x,1,2\n", surplus(5)),
        ("a\nb,S,x,1,,2\n", surplus(6)),
        (
            "a,S,x,1\r\nb,\"S,x,2\r\nc,S,x,3\r\n",
            TableError::Quote { line: 3 },
        ),
    ] {
        assert_eq!(from_table(&format!("{head}{rows}")).err(), Some(error), "{rows}");
    }
    // What a spreadsheet writes behind the last column is empty.
    assert!(from_table(&format!("{head}a,S,x,1,,\n")).is_ok());
    let twice = from_table("host,app,Host\na,S,b\n").err();
    assert_eq!(twice, Some(TableError::TwoColumns("host")));
}

#[test]
fn any_text_is_written_so_that_it_reads_back() {
    for text in [
        "\u{202E}",
        "\\u0001",
        "'\\u0001",
        "\u{1}",
        "\\u0001\u{200E}",
        "\"\u{9b}'\\",
        "a\nb",
        "\u{1}0000005C",
    ] {
        let port = DraftPort {
            id: text.into(),
            number: 1,
            ..DraftPort::default()
        };
        let app = DraftApp {
            name: "A".into(),
            host: "h".into(),
            kind: "scs",
            ports: vec![port],
            ..DraftApp::default()
        };
        let draft = Draft {
            apps: vec![app],
            ..Draft::default()
        };
        assert_eq!(read_back(&draft).apps[0].ports[0].id.as_str(), text);
    }
}

#[test]
fn newest_certificate_of_a_host_counts() {
    let certified = |names: &[&str]| CertifiedHost {
        serial: "0A".into(),
        names: names
            .iter()
            .map(|name| GeneralName::parse_san(name).expect("a name"))
            .collect(),
        key: "p256"
            .parse::<gsec_pki::key::KeyType>()
            .ok()
            .and_then(|key| gsec_pki::key::KeyAlgorithm::new(key, None).ok()),
        doubts: Vec::new(),
    };
    let draft = Draft {
        ca_dir: Some("../ca \"1\"".into()),
        ..from_certificates([
            certified(&["dns:a.example.com", "dns:old"]),
            certified(&["dns:b.example.com"]),
            certified(&["dns:a.example.com", "ip:10.0.0.5", "dns:new"]),
            certified(&["dns:*.example.com"]),
            certified(&["ip:fd00::1"]),
            certified(&[]),
        ])
    };
    assert_eq!(
        draft.doubts,
        ["serial 0A: its certificate names no host, and is left out"]
    );
    let inventory = read_back(&draft);
    let hosts: Vec<_> = inventory
        .hosts
        .iter()
        .map(|host| {
            let names: Vec<String> = host.names.iter().map(|name| name.value.to_string()).collect();
            (
                host.name.as_str(),
                host.fqdn.as_ref().map(|name| name.value.to_string()),
                names.join(" "),
            )
        })
        .collect();
    let dns = |name: &str| Some(format!("dns:{name}"));
    assert_eq!(
        hosts,
        [
            ("example.com", dns("*.example.com"), String::new()),
            (
                "a.example.com",
                dns("a.example.com"),
                "ip:10.0.0.5 dns:new".into()
            ),
            ("b.example.com", dns("b.example.com"), String::new()),
            ("fd00--1", Some("ip:fd00::1".into()), String::new()),
        ]
    );
    assert_eq!(
        inventory.ca_dir.as_ref().map(|directory| directory.as_str()),
        Some("../ca \"1\"")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_export_reads_back_without_an_error(texts in proptest::collection::vec(any::<String>(), 12), port in any::<u32>()) {
        let of = |at: usize| texts[at].as_str();
        let export = json!({
            "hosts": [{ "name": of(0), "ipAddress": of(1), "lcaPort": of(2), "osInfo": { "type": of(3) },
                        "userProperties": { "security": { "certificate": of(4), of(5): of(6) } } },
                      { "name": of(5) }],
            "applications": [{ "name": of(7), "commandLineArguments": format!("-app {} {}", of(8), of(9)),
                "serverInfo": { "host": of(0), "backupServer": of(8) }, "redundancyType": of(9),
                "portInfos": [{ "id": of(10), "port": port, "transportParams": format!("tls=1;certificate={};{}", of(11), of(1)) }],
                "appServers": [{ "appServer": of(2), "id": of(3), "transportParams": format!("address={};{}", of(4), of(5)) }],
                "options": { "security": { "trusted-ca": of(6) } } }],
        });
        let mut draft = from_export(export.to_string().as_bytes()).expect("an export");
        draft.origin = of(11).to_owned();
        draft.ca_dir = Some(of(10).to_owned());
        let inventory = read_back(&draft);
        prop_assert_eq!(inventory.hosts.len(), 2);
        prop_assert_eq!(inventory.apps.len(), 1);
        let host = &inventory.apps[0].host;
        prop_assert!(inventory.host(host).is_some(), "an application is on its host, whatever that is called");
        if let Some(port) = inventory.apps[0].ports.first() {
            prop_assert_eq!(port.id.as_str(), of(10));
        }
    }

    #[test]
    fn any_table_reads_back_without_an_error(cells in proptest::collection::vec(any::<String>(), 1..40)) {
        let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        let rows: Vec<String> = quoted.chunks(8).map(|row| row.join(",")).collect();
        let table = format!("{}\n{}\n", COLUMNS.join(","), rows.join("\n"));
        match from_table(&table) {
            Ok(draft) => drop(read_back(&draft)),
            Err(error) => prop_assert_eq!(error, TableError::NoRow),
        }
    }
}
