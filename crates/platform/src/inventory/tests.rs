//! An inventory as a test writes it, and what is read from it.

use super::*;
use gsec_pki::key::{KeyAlgorithm, RsaBits};
use time::Duration;

const WHOLE: &str = r#"version = 1
ca_dir = "ca"
[defaults]
renew_before = "30d"
key_type = "rsa:3072"
[[host]]
name = "tsrv1"
fqdn = "tsrv1.example.com"
address = "10.0.0.5"
names = ["dns:tsrv1", "ip:10.0.0.5"]
platform = "unix"
os = "linux"
release = "8.5"
lca_port = 4999
bundles = [ { for = "unix", dest = "/opt/app/tls", group = "genesys" }, { for = "nginx" } ]
push = { mode = "direct", user = "gsec", port = 22, order = 10 }
annex = { certificate = "/c.pem", tls = "1" }
[[app]]
name = "TServer “P”"
host = "tsrv1"
kind = "tserver"
command_line = ["-host", "cs1"]
[[app.port]]
id = "secure"
number = 3443
mode = "secured"
ha_sync = true
[[app.connection]]
to = "ConfServ"
port = "auto"
client_port = 41001
[[pair]]
primary = "TServer “P”"
backup = "B"
redundancy = "hot-standby"
"#;

fn found(text: &str) -> Vec<String> {
    let reading = read(text, "fleet.toml");
    let place = |finding: &crate::finding::Finding| {
        finding.places.first().map_or_else(
            || "-".to_owned(),
            |place| format!("{}:{}", place.line, place.column),
        )
    };
    reading
        .findings
        .iter()
        .map(|finding| format!("{} {} {}", place(finding), finding.slug, finding.seen))
        .collect()
}

#[test]
fn every_value_becomes_its_type_and_keeps_its_place() {
    let reading = read(WHOLE, "fleet.toml");
    assert_eq!(reading.findings, []);
    let inventory = reading.inventory;
    let host = &inventory.hosts[0];
    assert_eq!(
        host.fqdn.as_ref().map(|name| name.value.to_string()).as_deref(),
        Some("dns:tsrv1.example.com")
    );
    assert_eq!(
        (host.names.len(), host.lca_port.as_ref().map(|port| port.value)),
        (2, Some(4999))
    );
    assert_eq!(
        inventory.defaults.renew_before.as_ref().map(|time| time.value),
        Some(Duration::days(30))
    );
    let key_type = inventory.defaults.key_type.as_ref().map(|key| key.value);
    assert_eq!(key_type, Some(KeyAlgorithm::Rsa(RsaBits::B3072)));
    assert_eq!(
        (
            host.bundles.len(),
            host.bundles[0].group.as_ref().map(|group| group.as_str())
        ),
        (2, Some("genesys"))
    );
    assert_eq!(
        host.push.as_ref().map(|push| (push.mode, push.order)),
        Some((PushMode::Direct, 10))
    );
    let annex: Vec<&str> = host.annex.0.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(annex, ["certificate", "tls"]);
    let app = &inventory.apps[0];
    assert_eq!(
        (app.app_type, app.ports[0].mode.value),
        (AppType::Server, PortMode::Secured)
    );
    assert_eq!((app.connections[0].port_id(), inventory.pairs.len()), ("auto", 1));
    let place = inventory.source.place(&app.name.span);
    assert_eq!(
        (place.line, place.column, place.excerpt.marked.as_str()),
        (19, 8, "\"TServer “P”\"")
    );
}

#[test]
fn everything_that_is_wrong_is_found_at_once_where_it_stands() {
    let text = "version = 2\n[[host]]\nname = \"a\"\nfqnd = \"a.example\"\nlca_port = 70000\nplatform = \"unx\"\n\
        [[host]]\nfqdn = \"b.example\"\n[[host]]\nname = \"../x\"\naddress = 5\n[[app]]\nname = \"\"\nhost = \"a\"\nkind = \"tserver\"\n";
    assert_eq!(
        found(text),
        [
            "1:11 fleet-value `version` is out of range",
            "4:1 fleet-unknown-key `fqnd` is not a key of a host",
            "5:12 fleet-value `lca_port` is out of range",
            "6:12 fleet-value `platform` cannot be `unx`",
            "7:1 fleet-missing-key `name` of a host is missing",
            "10:8 fleet-value a host cannot be called `../x`",
            "11:11 fleet-value `address` is not text",
            "13:8 fleet-value an application cannot be called ``",
        ]
    );
}

#[test]
fn what_is_no_toml_is_one_finding() {
    assert_eq!(found("version = 1\n[[host]\n").len(), 1);
    assert!(
        found("version = 1\n[[host]\n")[0].starts_with("2:"),
        "{:?}",
        found("version = 1\n[[host]\n")
    );
    assert_eq!(
        found(""),
        ["1:1 fleet-missing-key `version` of the inventory is missing"]
    );
}

#[test]
fn names_of_hosts_are_safe_in_paths_and_commands() {
    for name in ["a", "Host 1", "a.b-c_d", "9"] {
        assert!(HostName::parse(name).is_some(), "{name}");
    }
    for name in [
        "", "-a", ".a", " a", "a ", "a/b", "a;b", "$(x)", "a\nb", "é", "a'b", "%a",
    ] {
        assert!(HostName::parse(name).is_none(), "{name}");
    }
    assert!(is_app_name("T-Server Ü “1”") && !is_app_name("a\u{202E}b") && !is_app_name(" "));
}

#[test]
fn the_schema_knows_each_key_that_the_reader_knows() {
    let schema = schema();
    assert_eq!(
        schema["properties"]["host"]["items"]["required"],
        serde_json::json!(["name"])
    );
    assert_eq!(
        schema["properties"]["app"]["items"]["properties"]["port"]["items"]["properties"]["number"]["maximum"],
        65535
    );
    assert_eq!(schema["additionalProperties"], false);
}
