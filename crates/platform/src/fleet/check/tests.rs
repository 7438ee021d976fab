//! An environment in which nothing is wrong; each row changes one thing, and says all that is found.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use super::*;
use crate::inventory::read;
use gsec_pki::x509::path::Severity;
use time::{Duration, OffsetDateTime};

const RIGHT: &str = r#"version = 1
ca_dir = "ca"
[defaults]
profile = "server"
release = "8.5"

[[host]]
name = "cs1"
fqdn = "cs1.example.com"
address = "10.0.0.1"
os = "linux"
lca_port = 4999
bundles = [ { for = "unix", group = "app" } ]

[[host]]
name = "ts1"
fqdn = "ts1.example.com"
address = "10.0.0.2"
reserved_ports = [ "41001-41010" ]

[[host]]
name = "ts2"
fqdn = "ts2.example.com"
address = "10.0.0.3"
platform = "windows"
annex = { certificate = "9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c" }

[[host]]
name = "pc1"
fqdn = "pc1.example.com"
profile = "gui"

[[app]]
name = "ConfServ"
host = "cs1"
kind = "config-server"
[[app.port]]
id = "default"
number = 2020
[[app.port]]
id = "auto"
number = 2021
mode = "auto-detect"

[[app]]
name = "TServer_P"
host = "ts1"
kind = "tserver"
command_line = ["-host", "cs1", "-port", "2021", "-transport-port", "41001", "-transport-address", "10.0.0.2"]
[[app.port]]
id = "default"
number = 3000
[[app.port]]
id = "secure"
number = 3443
mode = "secured"
ha_sync = true
transport = "tls=1"
[[app.connection]]
to = "ConfServ"
port = "auto"
client_port = 41001
client_address = "10.0.0.2"

[[app]]
name = "TServer_B"
host = "ts2"
kind = "tserver"
[[app.port]]
id = "default"
number = 3100
[[app.port]]
id = "secure"
number = 3543
mode = "secured"
ha_sync = true
[[app.connection]]
to = "ConfServ"
port = "auto"
client_port = 4002
client_address = "10.0.0.3"

[[app]]
name = "Manager"
host = "pc1"
kind = "config-manager"
[[app.connection]]
to = "ConfServ"
port = "auto"

[[app]]
name = "Desktop"
host = "pc1"
kind = "tlib-client"
[[app.connection]]
to = "TServer_P"
port = "secure"

[[pair]]
primary = "TServer_P"
backup = "TServer_B"
redundancy = "hot-standby"
"#;

fn certificate(serial: &str, names: &str) -> HostCertificate {
    HostCertificate {
        serial: serial.into(),
        is_in_subject: true,
        is_in_alternative_names: true,
        names: names.into(),
        issuer: "CN=CA".into(),
    }
}

fn facts() -> Facts {
    let profile = |server: bool| Purposes { server, client: true };
    let hosts = ["cs1", "ts1", "ts2", "pc1"];
    let address = |last: u8| IpAddr::from([10, 0, 0, last]);
    let looked_up = hosts.iter().zip(1..).map(|(host, last)| {
        let name = format!("{host}.example.com");
        let back = Reverse::Name(format!("{name}."));
        (name, LookedUp::Found(vec![(address(last), back)]))
    });
    Facts {
        targets: vec!["unix", "nginx"],
        profiles: Known::Seen(Profiles {
            default: "server".into(),
            all: HashMap::from([("server".into(), profile(true)), ("gui".into(), profile(false))]),
            lifetimes: HashMap::from(["server", "gui"].map(|name| (name.to_owned(), Duration::days(90)))),
        }),
        certificates: Known::Seen(
            hosts
                .iter()
                .map(|host| ((*host).to_owned(), certificate("0A", host)))
                .collect(),
        ),
        lapsed: HashMap::new(),
        refused: Vec::new(),
        names: Known::Seen(looked_up.collect()),
    }
}

/// Slug, severity, and where the first place is.
fn found(text: &str, facts: &Facts) -> Vec<String> {
    let reading = read(text, "fleet.toml");
    assert_eq!(reading.findings, [], "{text}");
    let checked = check(&reading.inventory, facts);
    let in_short = |finding: &Finding| {
        assert!(
            !finding.seen.is_empty() && !finding.places.is_empty(),
            "{finding:?}"
        );
        let place = &finding.places[0];
        let severity = &finding.severity.name()[..1].to_uppercase();
        format!("{} {severity} {}:{}", finding.slug, place.line, place.column)
    };
    checked.findings.iter().map(in_short).collect()
}

/// The right inventory with some texts replaced, each of which is in it once, or with `after` behind it.
fn changed(changes: &[(&str, &str)]) -> String {
    let mut text = RIGHT.to_owned();
    for (old, new) in changes {
        if old.is_empty() {
            text.push_str(new);
            continue;
        }
        assert_eq!(text.matches(old).count(), 1, "{old}");
        text = text.replace(old, new);
    }
    text
}

type Changes = &'static [(&'static str, &'static str)];

struct Row {
    changes: Changes,
    facts: fn(&mut Facts),
    found: &'static [&'static str],
}

const fn row(changes: Changes, found: &'static [&'static str]) -> Row {
    Row {
        changes,
        facts: |_| (),
        found,
    }
}

const fn with_facts(facts: fn(&mut Facts), found: &'static [&'static str]) -> Row {
    Row {
        changes: &[],
        facts,
        found,
    }
}

fn certificate_of<'a>(facts: &'a mut Facts, host: &str) -> &'a mut HostCertificate {
    match &mut facts.certificates {
        Known::Seen(certificates) => certificates.get_mut(host).expect("a host"),
        _ => panic!("they are seen"),
    }
}

fn lapse(facts: &mut Facts, host: &str, expired_at: Option<OffsetDateTime>) {
    if let Known::Seen(certificates) = &mut facts.certificates {
        certificates.remove(host);
    }
    let serial = "0A".into();
    facts.lapsed.insert(host.into(), Lapsed { serial, expired_at });
}

fn answer(facts: &mut Facts, host: &str, answer: LookedUp) {
    match &mut facts.names {
        Known::Seen(names) => drop(names.insert(format!("{host}.example.com"), answer)),
        _ => panic!("they are seen"),
    }
}

/// Places in the text that the rows change.
const LINK_P: &str = "port = \"auto\"\nclient_port = 41001\nclient_address = \"10.0.0.2\"\n";
const LINK_B: &str = "port = \"auto\"\nclient_port = 4002\nclient_address = \"10.0.0.3\"\n";
const LINK_DESKTOP: &str = "to = \"TServer_P\"\nport = \"secure\"\n";
const LINK_MANAGER: &str =
    "kind = \"config-manager\"\n[[app.connection]]\nto = \"ConfServ\"\nport = \"auto\"\n";
const SECURE_P: &str = "number = 3443\nmode = \"secured\"\nha_sync = true\ntransport = \"tls=1\"\n";
const SECURE_B: &str = "number = 3543\nmode = \"secured\"\nha_sync = true\n";
const WORDS: &str = "\"-host\", \"cs1\", \"-port\", \"2021\", \"-transport-port\", \"41001\", \"-transport-address\", \"10.0.0.2\"";
const HOT: &str = "redundancy = \"hot-standby\"";
const ANNEX: &str =
    "annex = { certificate = \"9a ab db c4 02 29 3a 73 35 90 b0 65 2f 3d 32 b5 1e aa f1 7c\" }";

const ROWS: &[Row] = &[
    row(&[], &[]),
    // Names.
    row(
        &[("host = \"ts1\"", "host = \"ts9\"")],
        &["fleet-unknown-host E 47:8"],
    ),
    row(
        &[("to = \"TServer_P\"", "to = \"TServer_X\"")],
        &["fleet-unknown-app E 96:6"],
    ),
    row(
        &[("backup = \"TServer_B\"", "backup = \"TServer_Q\"")],
        &["fleet-unknown-app E 101:10"],
    ),
    row(
        &[(LINK_DESKTOP, "to = \"TServer_P\"\nport = \"secur\"\n")],
        &["fleet-unknown-port E 97:8"],
    ),
    row(
        &[("\"-port\", \"2021\"", "\"-port\", \"2022\"")],
        &["fleet-unknown-port E 49:42"],
    ),
    row(
        &[("for = \"unix\"", "for = \"ngnix\"")],
        &["fleet-unknown-target E 13:21"],
    ),
    row(
        &[("profile = \"gui\"", "profile = \"giu\"")],
        &["fleet-unknown-profile E 31:11"],
    ),
    row(
        &[("name = \"pc1\"", "name = \"CS1\"")],
        &[
            "fleet-duplicate-host E 29:8",
            "fleet-certificate-missing N 30:8",
            "fleet-unknown-host E 85:8",
            "fleet-unknown-host E 93:8",
        ],
    ),
    row(
        &[("fqdn = \"pc1.example.com\"", "fqdn = \"CS1.example.com\"")],
        &["fleet-duplicate-fqdn E 30:8"],
    ),
    row(
        &[(
            "address = \"10.0.0.3\"\nplatform",
            "address = \"10.0.0.2\"\nplatform",
        )],
        &["fleet-duplicate-address W 24:11", "fleet-resolve-address W 24:11"],
    ),
    row(
        &[("name = \"Desktop\"", "name = \"Manager\"")],
        &["fleet-duplicate-app E 92:8"],
    ),
    row(
        &[(
            "id = \"auto\"\n",
            "id = \"auto\"\nnumber = 2022\nmode = \"auto-detect\"\n[[app.port]]\nid = \"auto\"\n",
        )],
        &["fleet-duplicate-port E 45:6"],
    ),
    row(
        &[(
            LINK_DESKTOP,
            "to = \"TServer_P\"\nport = \"secure\"\n[[app.connection]]\nto = \"TServer_P\"\nport = \"secure\"\n",
        )],
        &["fleet-duplicate-connection W 99:6"],
    ),
    row(
        &[(
            "",
            "[[pair]]\nprimary = \"TServer_B\"\nbackup = \"TServer_B\"\nredundancy = \"warm-standby\"\n",
        )],
        &["fleet-duplicate-pair E 104:11", "fleet-duplicate-pair E 105:10"],
    ),
    // Ports.
    row(
        &[("number = 2021", "number = 2020")],
        &["fleet-port-clash E 42:10", "fleet-unknown-port E 49:42"],
    ),
    row(
        &[("number = 2020", "number = 4999")],
        &["fleet-port-clash E 39:10"],
    ),
    row(
        &[("number = 3100", "number = 4002")],
        &["fleet-port-clash E 80:15"],
    ),
    row(
        &[("id = \"default\"\nnumber = 2020", "id = \"plain\"\nnumber = 2020")],
        &["fleet-no-default-port E 34:8"],
    ),
    row(
        &[
            (
                "number = 3000\n",
                "number = 3000\n[[app.port]]\nid = \"a\"\nnumber = 3001\nmode = \"auto-detect\"\n",
            ),
            (
                "number = 3100\n",
                "number = 3100\n[[app.port]]\nid = \"a\"\nnumber = 3001\nmode = \"unsecured\"\n",
            ),
        ],
        &["fleet-auto-detect-kind E 56:8", "pair-port-modes E 79:8"],
    ),
    row(
        &[("mode = \"auto-detect\"", "mode = \"secured\"")],
        &["fleet-cs-secured-port W 43:8"],
    ),
    row(
        &[
            ("number = 2020", "number = 2020\nmode = \"secured\""),
            ("mode = \"auto-detect\"", "mode = \"secured\""),
        ],
        &[
            "fleet-cs-secured-port W 40:8",
            "fleet-secured-only N 40:8",
            "fleet-cs-secured-port W 44:8",
        ],
    ),
    row(
        &[("number = 3000\n", "number = 3000\ntransport = \"tls=1\"\n")],
        &["fleet-port-mode E 53:13"],
    ),
    row(
        &[("transport = \"tls=1\"", "transport = \"tls=0\"")],
        &["fleet-port-mode E 58:13"],
    ),
    // Certificates.
    row(
        &[("reserved_ports", "certificate = \"none\"\nreserved_ports")],
        &["fleet-no-certificate E 57:8"],
    ),
    row(
        &[(
            SECURE_P,
            "number = 3443\nmode = \"secured\"\nha_sync = true\ncertificate = \"none\"\n",
        )],
        &["fleet-no-certificate E 56:8"],
    ),
    row(
        &[("profile = \"gui\"", "profile = \"gui\"\ncertificate = \"none\"")],
        &["fleet-no-certificate E 98:8"],
    ),
    row(
        &[
            ("profile = \"server\"\n", "profile = \"gui\"\n"),
            ("profile = \"gui\"\n\n", "profile = \"server\"\n\n"),
        ],
        &["fleet-profile W 4:11"],
    ),
    row(
        &[("release = \"8.5\"", "release = \"7.5\"")],
        &[
            "fleet-release E 34:8",
            "fleet-release E 46:8",
            "fleet-release E 66:8",
            "fleet-release E 84:8",
            "fleet-release E 92:8",
        ],
    ),
    row(
        &[
            ("name = \"pc1\"\nfqdn = \"pc1.example.com\"", "name = \"PC 1\"\n"),
            (
                "host = \"pc1\"\nkind = \"config-manager\"",
                "host = \"PC 1\"\nkind = \"config-manager\"",
            ),
            (
                "host = \"pc1\"\nkind = \"tlib-client\"",
                "host = \"PC 1\"\nkind = \"tlib-client\"",
            ),
        ],
        &["fleet-fqdn E 29:8"],
    ),
    row(
        &[(
            "annex = { certificate = \"9a",
            "certificate = \"none\"\npush = { user = \"gsec\" }\nannex = { certificate = \"9a",
        )],
        &["fleet-nothing-to-install W 27:8"],
    ),
    row(
        &[(
            "annex = { certificate = \"9a",
            "certificate = \"none\"\nnames = [\"db9.example.com\"]\nannex = { certificate = \"9a",
        )],
        &["fleet-nothing-to-install W 27:10"],
    ),
    row(
        &[(
            "annex = { certificate = \"9a",
            "certificate = \"none\"\nkey_type = \"p256\"\nannex = { certificate = \"9a",
        )],
        &["fleet-nothing-to-install W 27:12"],
    ),
    row(
        &[(
            "annex = { certificate = \"9a",
            "certificate = \"none\"\nrenew_before = \"20d\"\nannex = { certificate = \"9a",
        )],
        &["fleet-nothing-to-install W 27:16"],
    ),
    row(
        &[(
            "annex = { certificate = \"9a",
            "certificate = \"none\"\nkey = \"on-host\"\nannex = { certificate = \"9a",
        )],
        &["fleet-nothing-to-install W 27:7"],
    ),
    row(
        &[("lca_port = 4999\n", "lca_port = 4999\nrenew_before = \"90d\"\n")],
        &["fleet-renew-before W 13:16"],
    ),
    row(
        &[("lca_port = 4999\n", "lca_port = 4999\nrenew_before = \"89d\"\n")],
        &[],
    ),
    // In the defaults it is said once.
    row(
        &[(
            "profile = \"server\"\n",
            "profile = \"server\"\nrenew_before = \"1000d\"\n",
        )],
        &["fleet-renew-before W 5:16"],
    ),
    with_facts(
        |facts| lapse(facts, "ts1", None),
        &["fleet-certificate-revoked W 17:8"],
    ),
    with_facts(
        |facts| lapse(facts, "ts1", Some(OffsetDateTime::UNIX_EPOCH)),
        &["fleet-certificate-expired W 17:8"],
    ),
    // The first one stands for all.
    with_facts(
        |facts| facts.certificates = Known::Seen(HashMap::new()),
        &["fleet-certificate-missing N 9:8"],
    ),
    with_facts(
        |facts| certificate_of(facts, "ts1").is_in_subject = false,
        &["fleet-fqdn W 17:8"],
    ),
    with_facts(
        |facts| certificate_of(facts, "ts1").is_in_alternative_names = false,
        &["fleet-fqdn W 17:8"],
    ),
    with_facts(
        |facts| {
            let certificate = certificate_of(facts, "ts1");
            (certificate.is_in_subject, certificate.is_in_alternative_names) = (false, false);
        },
        &["fleet-fqdn E 17:8"],
    ),
    with_facts(
        |facts| certificate_of(facts, "ts2").issuer = "CN=Other".into(),
        &["fleet-two-cas W 22:8"],
    ),
    // Connections.
    row(
        &[(LINK_DESKTOP, "to = \"TServer_P\"\n")],
        &["fleet-plain-connection W 96:6"],
    ),
    row(
        &[(LINK_DESKTOP, "to = \"TServer_P\"\ntransport = \"tls=1\"\n")],
        &["fleet-tls-mismatch E 97:13"],
    ),
    row(
        &[(
            LINK_DESKTOP,
            "to = \"TServer_P\"\nport = \"secure\"\ntransport = \"tls=0\"\n",
        )],
        &["fleet-tls-mismatch E 98:13"],
    ),
    row(
        &[(
            LINK_MANAGER,
            "kind = \"config-manager\"\noptions = { tls = \"1\" }\n[[app.connection]]\nto = \"ConfServ\"\nport = \"auto\"\n",
        )],
        &["fleet-upgrade-port-tls E 87:19"],
    ),
    row(
        &[(
            LINK_MANAGER,
            "kind = \"config-manager\"\noptions = { certificate = \"/c.pem\" }\n[[app.connection]]\nto = \"ConfServ\"\nport = \"auto\"\n",
        )],
        &["fleet-half-secured E 87:27"],
    ),
    row(
        &[(
            LINK_MANAGER,
            "kind = \"config-manager\"\nannex = { trusted-ca = \"/ca.pem\" }\n[[app.connection]]\nto = \"ConfServ\"\nport = \"auto\"\n",
        )],
        &["fleet-half-secured E 87:24"],
    ),
    row(
        &[(
            LINK_MANAGER,
            "kind = \"config-manager\"\n[[app.connection]]\nto = \"ConfServ\"\nport = \"auto\"\ntransport = \"certificate-key=/k.pem\"\n",
        )],
        &["fleet-half-secured E 90:13"],
    ),
    row(
        &[(
            LINK_P,
            "port = \"default\"\nclient_port = 41001\nclient_address = \"10.0.0.2\"\n",
        )],
        &[
            "fleet-cs-connection-missing W 49:42",
            "fleet-plain-connection W 61:8",
        ],
    ),
    row(
        &[("\"-port\", \"2021\"", "\"-port\", \"2020\"")],
        &["start-not-auto-detect W 49:42"],
    ),
    row(
        &[
            (
                "kind = \"config-server\"",
                "kind = \"message-server\"\nrelease = \"7.6\"",
            ),
            ("mode = \"auto-detect\"", "mode = \"secured\""),
        ],
        &[
            "fleet-unsupported-tls E 62:8",
            "client-port-peer W 63:15",
            "fleet-unsupported-tls E 80:8",
            "client-port-peer W 81:15",
            "fleet-unsupported-tls E 90:8",
        ],
    ),
    row(
        &[
            ("kind = \"config-server\"", "kind = \"message-server\""),
            ("mode = \"auto-detect\"", "mode = \"secured\""),
        ],
        &[
            "fleet-unsupported-tls W 61:8",
            "client-port-peer W 62:15",
            "fleet-unsupported-tls W 79:8",
            "client-port-peer W 80:15",
            "fleet-unsupported-tls W 89:8",
        ],
    ),
    row(
        &[(
            "kind = \"tlib-client\"",
            "kind = \"cpd-proxy\"\ntype = \"client\"",
        )],
        &["fleet-unsupported-tls N 98:8"],
    ),
    row(
        &[(
            "kind = \"tlib-client\"",
            "kind = \"cpd-proxy\"\ntype = \"client\"\nrelease = \"7.6\"",
        )],
        &["fleet-unsupported-tls W 99:8"],
    ),
    row(
        &[("kind = \"tlib-client\"", "kind = \"generic-client\"")],
        &["fleet-unsupported-tls N 97:8"],
    ),
    row(
        &[(HOT, "redundancy = \"warm-standby\"")],
        &["fleet-unsupported-tls E 102:14"],
    ),
    // Pairs.
    row(
        &[
            (
                "number = 3000\n",
                "number = 3000\n[[app.port]]\nid = \"a\"\nnumber = 3001\n",
            ),
            (
                "number = 3100\n",
                "number = 3100\n[[app.port]]\nid = \"b\"\nnumber = 3101\n",
            ),
        ],
        &["pair-port-ids E 54:6", "pair-port-ids E 76:6"],
    ),
    row(
        &[
            (
                "number = 3000\n",
                "number = 3000\n[[app.port]]\nid = \"a\"\nnumber = 3001\n",
            ),
            (SECURE_B, "number = 3543\nmode = \"secured\"\n"),
            (HOT, "redundancy = \"warm-standby\""),
        ],
        &[
            "pair-port-ids W 54:6",
            "pair-ha-sync-count E 60:11",
            "fleet-unsupported-tls E 104:14",
        ],
    ),
    row(
        &[("number = 3100\n", "number = 3100\nmode = \"secured\"\n")],
        &["pair-port-modes E 72:8", "fleet-secured-only N 72:8"],
    ),
    row(
        &[("number = 3000\n", "number = 3000\nha_sync = true\n")],
        &["pair-ha-sync-count E 58:11", "pair-ha-sync-count E 74:6"],
    ),
    row(
        &[(SECURE_P, "number = 3443\nmode = \"secured\"\n")],
        &["pair-ha-sync-count E 74:11"],
    ),
    row(
        &[(
            SECURE_B,
            "number = 3543\nmode = \"secured\"\n[[app.port]]\nid = \"sync\"\nnumber = 3544\nmode = \"secured\"\nha_sync = true\n",
        )],
        &["pair-ha-sync-count E 77:6"],
    ),
    row(
        &[(SECURE_B, "number = 3543\nha_sync = true\n")],
        &["pair-ha-sync-mode E 73:6"],
    ),
    row(
        &[(
            SECURE_B,
            "number = 3543\nmode = \"secured\"\nha_sync = true\ncertificate = \"port\"\n",
        )],
        &["ha-sync-port-cert W 77:15"],
    ),
    row(
        &[(
            "transport = \"tls=1\"",
            "transport = \"tls=1;certificate=/c.pem;trusted-ca=/ca.pem\"",
        )],
        &["ha-sync-port-cert W 58:13"],
    ),
    row(
        &[
            (SECURE_P, "number = 3443\nmode = \"secured\"\n"),
            (SECURE_B, "number = 3543\nmode = \"secured\"\n"),
        ],
        &["pair-default-unsecured E 51:6"],
    ),
    row(
        &[("host = \"ts2\"", "host = \"ts1\"")],
        &["pair-same-host N 101:10"],
    ),
    // Client ports.
    row(
        &[
            ("host = \"ts2\"", "host = \"ts1\""),
            (LINK_B, "port = \"auto\"\nclient_port = 41001\n"),
        ],
        &["client-port-propagated E 80:15", "pair-same-host N 100:10"],
    ),
    row(
        &[(
            LINK_B,
            "port = \"auto\"\nclient_port = 4002\n[[app.connection]]\nto = \"TServer_P\"\nport = \"secure\"\nclient_port = 4002\n",
        )],
        &["client-port-shared E 84:15", "client-port-peer W 84:15"],
    ),
    row(
        &[(
            LINK_B,
            "port = \"auto\"\nclient_port = 41001\nclient_address = \"10.0.0.2\"\n",
        )],
        &["client-port-propagated W 80:15", "client-port-propagated W 81:18"],
    ),
    row(
        &[(
            LINK_DESKTOP,
            "to = \"TServer_P\"\nport = \"secure\"\nclient_port = 4010\n",
        )],
        &["client-port-gui E 98:15"],
    ),
    row(
        &[(
            LINK_P,
            "port = \"auto\"\nclient_port = 41002\nclient_address = \"10.0.0.2\"\n",
        )],
        &["client-port-differs E 62:15"],
    ),
    row(
        &[(LINK_P, "port = \"auto\"\nclient_port = 41001\n")],
        &["client-port-differs W 49:100"],
    ),
    row(
        &[(WORDS, "\"-host\", \"cs1\", \"-port\", \"2021\"")],
        &["client-port-differs W 62:15", "client-port-differs W 63:18"],
    ),
    row(
        &[(
            LINK_P,
            "port = \"auto\"\nclient_port = 41001\ntransport = \"port=41002;address=10.0.0.2\"\n",
        )],
        &["client-port-differs E 63:13"],
    ),
    row(
        &[("41001-41010", "41002-41010")],
        &["client-port-ephemeral W 62:15"],
    ),
    row(
        &[(
            LINK_B,
            "port = \"auto\"\nclient_port = 4002\nbackup_port = 4002\nclient_address = \"10.0.0.3\"\n",
        )],
        &["client-port-backup E 81:15"],
    ),
    // Values that other rooms judge, with the place in the text of the file.
    row(
        &[("transport = \"tls=1\"", "transport = \"tls=1; port=1\"")],
        &[
            "transport-blank-before-name E 58:20",
            "transport-client-option W 58:21",
        ],
    ),
    row(
        &[("transport = \"tls=1\"", "transport = \"tls=1;\\u0020x=1\"")],
        &["transport-blank-before-name E 58:13", "transport-unknown N 58:13"],
    ),
    row(
        &[(
            LINK_DESKTOP,
            "to = \"TServer_P\"\nport = \"secure\"\ntransport = 'address=10.0.0.1; tls=1'\n",
        )],
        &["client-port-gui E 98:13", "transport-blank-before-name E 98:31"],
    ),
    row(
        &[(
            ANNEX,
            "annex = { certificate = \"9a;ab\", trusted-ca = \"x\", tls = \"ja\" }",
        )],
        &["transport-thumbprint E 26:26", "transport-bool E 26:59"],
    ),
    row(
        &[(
            WORDS,
            "\"-host\", \"cs1\", \"-\", \"port\", \"2021\", \"-transport-port\", \"x\"",
        )],
        &[
            "start-arg-blank E 49:33",
            "start-arg-value E 49:73",
            "client-port-differs E 62:15",
            "client-port-differs W 63:18",
        ],
    ),
    // The name service.
    with_facts(
        |facts| answer(facts, "ts1", LookedUp::Nothing("no such name".into())),
        &["fleet-resolve-forward E 17:8"],
    ),
    with_facts(
        |facts| {
            let back = Reverse::Name("ts1.example.com".into());
            answer(
                facts,
                "ts1",
                LookedUp::Found(vec![(IpAddr::from([10, 0, 0, 9]), back)]),
            );
        },
        &["fleet-resolve-address W 18:11"],
    ),
    with_facts(
        |facts| {
            let back = Reverse::Name("other.example.com".into());
            answer(
                facts,
                "ts1",
                LookedUp::Found(vec![(IpAddr::from([10, 0, 0, 2]), back)]),
            );
        },
        &["fleet-resolve-reverse W 17:8"],
    ),
    with_facts(
        |facts| {
            answer(
                facts,
                "ts1",
                LookedUp::Found(vec![(IpAddr::from([10, 0, 0, 2]), Reverse::Nothing)]),
            )
        },
        &["fleet-resolve-reverse N 17:8"],
    ),
    with_facts(
        |facts| {
            answer(
                facts,
                "ts1",
                LookedUp::Found(vec![(IpAddr::from([10, 0, 0, 2]), Reverse::Unanswered)]),
            )
        },
        &[],
    ),
];

#[test]
fn each_change_is_found_and_nothing_else() {
    for row in ROWS {
        let mut facts = facts();
        (row.facts)(&mut facts);
        let text = changed(row.changes);
        assert_eq!(found(&text, &facts), row.found, "{:?}\n{text}", row.changes);
    }
}

#[test]
fn every_rule_has_a_row() {
    let slugs: BTreeSet<&str> = include_str!("rules.rs")
        .split("Rule::")
        .skip(1)
        .filter_map(|rest| rest.split('"').nth(1))
        .collect();
    assert!(slugs.len() > 40, "{slugs:?}");
    let expected: BTreeSet<&str> = ROWS
        .iter()
        .flat_map(|row| row.found)
        .filter_map(|words| words.split(' ').next())
        .collect();
    let without: Vec<&&str> = slugs.difference(&expected).collect();
    assert!(without.is_empty(), "no row expects {without:?}");
}

fn checked(text: &str) -> Checked {
    check(&read(text, "fleet.toml").inventory, &facts())
}

#[test]
fn finding_shows_what_it_is_compared_with() {
    let found = checked(&changed(&[("number = 2020", "number = 4999")])).findings;
    let [finding] = found.as_slice() else {
        panic!("{found:?}");
    };
    let marked: Vec<(usize, &str, &str)> = finding
        .places
        .iter()
        .map(|place| {
            let file = place.file.as_deref().expect("a file");
            (place.line, place.excerpt.marked.as_str(), file)
        })
        .collect();
    assert_eq!(marked, [(39, "4999", "fleet.toml"), (12, "4999", "fleet.toml")]);
}

#[test]
fn what_was_not_looked_at_is_said() {
    let mut facts = facts();
    assert_eq!(check(&read(RIGHT, "f").inventory, &facts).not_checked, []);
    facts.profiles = Known::Unseen("no CA here".into());
    facts.certificates = Known::NotAsked;
    answer(
        &mut facts,
        "ts1",
        LookedUp::Unanswered("no answer within 5s".into()),
    );
    answer(
        &mut facts,
        "ts2",
        LookedUp::Unanswered("no answer within 5s".into()),
    );
    let not_checked = check(&read(RIGHT, "f").inventory, &facts).not_checked;
    let said: Vec<(&str, &str)> = not_checked
        .iter()
        .map(|part| (part.what, part.why.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("the profiles of hosts", "no CA here"),
            ("the certificates that hosts have", "no CA was opened"),
            (
                "the names of some hosts",
                "`ts1.example.com` and 1 more: no answer within 5s"
            ),
        ]
    );
    facts.names = Known::NotAsked;
    assert_eq!(
        check(&read(RIGHT, "f").inventory, &facts).not_checked.last(),
        Some(&NotChecked {
            part: "names",
            is_prevented: false,
            what: "the names and addresses of hosts",
            why: "only with --resolve".into()
        })
    );
}

#[test]
fn of_too_many_findings_errors_stay_and_all_are_counted() {
    let mut text = RIGHT.to_owned();
    for number in 0..1_500 {
        let host = if number % 2 == 0 { "ts1" } else { "nowhere" };
        text.push_str(&format!(
            "[[app]]\nname = \"a{number}\"\nhost = \"{host}\"\nkind = \"tlib-client\"\n\
             [[app.connection]]\nto = \"TServer_P\"\n"
        ));
    }
    let Checked { findings, counts, .. } = checked(&text);
    assert_eq!((counts.errors, counts.warnings), (750, 1_500));
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    assert_eq!(
        (errors.count(), findings.len()),
        (750, crate::finding::MAX_FINDINGS)
    );
}

#[test]
fn secret_is_not_shown_in_whatever_line_it_stands() {
    let words = "\"-password\",\n  \"s3cret\", \"-port\", \"x\"";
    let split = format!("\"-pass\\u0077ord\",\n  \"s3cret\", \"-port\", \"{}\"", "x");
    for words in [words, &split, "\"-password=s3cret\", \"-port\", \"x\""] {
        let found = checked(&changed(&[(WORDS, words)])).findings;
        let slugs: Vec<&str> = found.iter().map(|finding| finding.slug).collect();
        assert!(slugs.contains(&"start-arg-value"), "{slugs:?}");
        assert!(!format!("{found:?}").contains("s3cret"), "{found:?}");
    }
    let annex = "annex = { tls = \"ja\", \"pass\\u0077ord\" = \"s3cret\" }";
    let found = checked(&changed(&[(ANNEX, annex)])).findings;
    assert!(
        !found.is_empty() && !format!("{found:?}").contains("s3cret"),
        "{found:?}"
    );
}

/// Lines exchanged, left out, doubled, and pieces of others put into them, the same ones each time.
#[test]
fn inventories_with_random_faults_are_checked_to_their_end() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).expect("below a small number")
    };
    let mut checked_whole = 0;
    for _ in 0..1_500 {
        let mut lines: Vec<String> = RIGHT.lines().map(str::to_owned).collect();
        for _ in 0..=next(3) {
            let (at, other) = (next(lines.len()), next(lines.len()));
            match next(4) {
                0 => lines.swap(at, other),
                1 => drop(lines.remove(at)),
                2 => lines.insert(at, lines[other].clone()),
                _ => {
                    let values: Vec<&str> = lines[other].split(" = ").collect();
                    let value = values.last().copied().unwrap_or_default().to_owned();
                    if let Some((key, _)) = lines[at].split_once(" = ") {
                        lines[at] = format!("{key} = {value}");
                    }
                }
            }
        }
        let reading = read(&lines.join("\n"), "fleet.toml");
        let found = check(&reading.inventory, &facts());
        checked_whole += usize::from(reading.findings.is_empty());
        assert!(found.findings.iter().all(|finding| !finding.places.is_empty()));
    }
    assert!(checked_whole > 100, "{checked_whole}");
}
