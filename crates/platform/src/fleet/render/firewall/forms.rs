//! The rules as firewalls take them. Addresses and ports are of types that nothing else fits in; names are labels.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::super::Selected;
use super::super::quote::{csv_row, label};
use super::Opening;

/// The chains of a firewall, and what goes through each.
fn chains<'a>(openings: &'a [Opening], selected: &Selected<'_>) -> Vec<(&'static str, Vec<&'a Opening>)> {
    if selected.is_everything() {
        return vec![("forward", openings.iter().collect())];
    }
    let accepted = openings.iter().filter(|row| selected.accepts(row)).collect();
    let opened = openings.iter().filter(|row| selected.opens(row)).collect();
    vec![("input", accepted), ("output", opened)]
}

/// The ports to which these connections go, at each address.
fn ports_of(openings: &[&Opening]) -> BTreeMap<IpAddr, BTreeSet<u16>> {
    let mut ports: BTreeMap<IpAddr, BTreeSet<u16>> = BTreeMap::new();
    for row in openings {
        ports.entry(row.to_address).or_default().insert(row.to_port);
    }
    ports
}

fn family(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "ip" } else { "ip6" }
}

/// A whole table of nftables, which replaces the one of the last time. With `drops_others`, other connections to the same ports are dropped.
pub fn firewall_as_nft(openings: &[Opening], selected: &Selected<'_>, drops_others: bool) -> String {
    let mut text = "# Load with: nft -f FILE. What another table drops stays dropped.\n\
        table inet gsec\ndelete table inet gsec\n\ntable inet gsec {\n"
        .to_owned();
    for (chain, rows) in chains(openings, selected) {
        text.push_str(&format!(
            "\tchain {chain} {{\n\t\ttype filter hook {chain} priority filter; policy accept;\n\t\tct state established,related accept\n"
        ));
        for row in &rows {
            let family = family(row.to_address);
            let port = row
                .from_port
                .map_or(String::new(), |port| format!(" tcp sport {port}"));
            text.push_str(&format!(
                "\t\t{family} saddr {}{port} {family} daddr {} tcp dport {} accept comment \"{}\"\n",
                row.from_address,
                row.to_address,
                row.to_port,
                label(&row.purpose)
            ));
        }
        if drops_others && chain != "output" {
            for (address, ports) in ports_of(&rows) {
                let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
                let (family, ports) = (family(address), ports.join(", "));
                text.push_str(&format!(
                    "\t\t{family} daddr {address} tcp dport {{ {ports} }} drop\n"
                ));
            }
        }
        text.push_str("\t}\n");
    }
    text + "}\n"
}

/// For `iptables-restore --noflush` and `ip6tables-restore --noflush`: each takes the rules of its own family.
pub fn firewall_as_iptables(openings: &[Opening], selected: &Selected<'_>, drops_others: bool) -> String {
    let mut text = "# Load with: iptables-restore --noflush < FILE, and ip6tables-restore --noflush < FILE.\n\
        # Once, so that the chains are used: iptables -I CHAIN -j GSEC-CHAIN, with CHAIN as below, and ip6tables likewise.\n*filter\n"
        .to_owned();
    let chains = chains(openings, selected);
    for (chain, _) in &chains {
        text.push_str(&format!(":GSEC-{} - [0:0]\n", chain.to_uppercase()));
    }
    let only = |address: IpAddr| if address.is_ipv4() { "-4" } else { "-6" };
    for (chain, rows) in &chains {
        let chain = chain.to_uppercase();
        for row in rows {
            let port = row
                .from_port
                .map_or(String::new(), |port| format!(" --sport {port}"));
            text.push_str(&format!(
                "{} -A GSEC-{chain} -s {} -d {} -p tcp{port} --dport {} -m comment --comment \"{}\" -j ACCEPT\n",
                only(row.from_address),
                row.from_address,
                row.to_address,
                row.to_port,
                label(&row.purpose)
            ));
        }
        if drops_others && chain != "OUTPUT" {
            for (address, port) in ports_of(rows)
                .iter()
                .flat_map(|(address, ports)| ports.iter().map(move |port| (*address, port)))
            {
                let family = only(address);
                text.push_str(&format!(
                    "{family} -A GSEC-{chain} -d {address} -p tcp --dport {port} -j DROP\n"
                ));
            }
        }
    }
    text + "COMMIT\n"
}

/// A batch file for one host of Windows. All rules have one name, so that the next time they are replaced.
pub fn firewall_as_netsh(openings: &[Opening], selected: &Selected<'_>) -> String {
    const RULE: &str = "netsh advfirewall firewall";
    let mut lines = vec![
        "@rem Run as an administrator, on this host alone. Rules that an earlier file made are replaced."
            .to_owned(),
        format!("{RULE} delete rule name=\"gsec fleet\" > nul"),
    ];
    let any = |port: Option<u16>| port.map_or("any".to_owned(), |port| port.to_string());
    for (chain, rows) in chains(openings, selected) {
        for row in rows {
            let (from, to) = (
                (row.from_address, any(row.from_port)),
                (row.to_address, any(Some(row.to_port))),
            );
            let (direction, local, remote) = match chain {
                "input" => ("in", to, from),
                _ => ("out", from, to),
            };
            lines.push(format!(
                "{RULE} add rule name=\"gsec fleet\" description=\"{}\" dir={direction} action=allow protocol=TCP localip={} \
                 localport={} remoteip={} remoteport={}",
                label(&row.purpose),
                local.0,
                local.1,
                remote.0,
                remote.1
            ));
        }
    }
    lines.join("\r\n") + "\r\n"
}

/// As a table.
pub fn firewall_as_csv(openings: &[Opening]) -> String {
    let head = csv_row([
        "from_host",
        "from_application",
        "from_address",
        "from_port",
        "to_host",
        "to_application",
        "to_address",
        "to_port",
        "purpose",
    ]);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let rows = openings.iter().map(|row| {
        csv_row([
            row.from_host.clone(),
            text(&row.from_application),
            row.from_address.to_string(),
            row.from_port.map(|port| port.to_string()).unwrap_or_default(),
            row.to_host.clone(),
            text(&row.to_application),
            row.to_address.to_string(),
            row.to_port.to_string(),
            row.purpose.clone(),
        ])
    });
    std::iter::once(head).chain(rows).collect()
}
