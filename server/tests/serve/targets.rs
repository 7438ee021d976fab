//! Targets of challenges that lead elsewhere: to what only the server reaches, round and round, or nowhere. What it connects to is counted by the kernel.

use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Client, Responder, base64url, request_for, request_head};
use crate::disk::in_namespace;
use crate::site::{Dns, Site, free_port, run};
use crate::walk::{given_up, http01_of, text};
use crate::wrong::{UNLIMITED, resident_kb};

/// Where the address of a cloud's metadata and others like it are, and what is no address of a host.
const FORBIDDEN: [&str; 2] = [
    "ip daddr { 169.254.0.0/16, 0.0.0.0/8, 224.0.0.0/4, 240.0.0.0/4 }",
    "ip6 daddr { fe80::/10, fd00:ec2::254, ff00::/8, ::/127, 64:ff9b::/96, 2002:a9fe::/32, ::ffff:0:0/96 }",
];

/// How a name answers.
#[derive(Clone)]
enum Behavior {
    /// Leads to a URL.
    Leads(String),
    /// Sends zeros without end.
    Endless,
    /// Sends a head without end.
    EndlessHead,
    /// Says nothing.
    Silent,
    /// Says that so many bytes come, compressed.
    Zipped,
}

/// A web server that answers each name in its own way. Returns how many bytes it got rid of.
fn serve(port: u16, behavior: impl Fn(&str) -> Option<Behavior> + Send + Sync + 'static) -> Arc<AtomicUsize> {
    let (listener, sent) = (
        TcpListener::bind(("127.0.0.1", port)).expect("a port"),
        Arc::<AtomicUsize>::default(),
    );
    let (counted, behavior) = (sent.clone(), Arc::new(behavior));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (counted, behavior) = (counted.clone(), behavior.clone());
            std::thread::spawn(move || answer(stream, &counted, &*behavior));
        }
    });
    sent
}

fn answer(
    mut stream: TcpStream,
    sent: &AtomicUsize,
    behavior: &dyn Fn(&str) -> Option<Behavior>,
) -> io::Result<()> {
    let text = request_head(&mut stream)?.to_ascii_lowercase();
    let host = text
        .split("\r\nhost: ")
        .nth(1)
        .and_then(|rest| rest.split("\r\n").next());
    let host = host
        .unwrap_or_default()
        .split(':')
        .next()
        .unwrap_or_default()
        .to_owned();
    let gigabyte = |stream: &mut TcpStream, part: &[u8]| -> io::Result<()> {
        while sent.load(Ordering::Relaxed) < 1 << 30 {
            sent.fetch_add(stream.write(part)?, Ordering::Relaxed);
        }
        Ok(())
    };
    match behavior(&host) {
        Some(Behavior::Leads(url)) => {
            write!(
                stream,
                "HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
        }
        Some(Behavior::Endless) => {
            write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            gigabyte(&mut stream, &[b'0'; 65536])
        }
        Some(Behavior::EndlessHead) => {
            write!(stream, "HTTP/1.1 200 OK\r\n")?;
            gigabyte(
                &mut stream,
                "X-Filling: more of the same\r\n".repeat(1000).as_bytes(),
            )
        }
        Some(Behavior::Silent) => {
            std::thread::sleep(Duration::from_secs(60));
            Ok(())
        }
        Some(Behavior::Zipped) => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1073741824\r\nConnection: close\r\n\r\n"
            )?;
            gigabyte(&mut stream, &[0x1f; 65536])
        }
        None => write!(
            stream,
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ),
    }
}

/// Packets that went where none may go, by the rules of this namespace.
fn counted() -> Vec<u64> {
    let listed = run(Command::new("nft").args(["-j", "list", "chain", "inet", "gsec", "out"])).ok();
    let listed: Value = serde_json::from_str(&listed.stdout).expect("JSON");
    let rules = listed["nftables"].as_array().expect("rules").iter();
    let expressions = rules.filter_map(|one| one["rule"]["expr"].as_array()).flatten();
    expressions
        .filter_map(|one| one["counter"]["packets"].as_u64())
        .collect()
}

fn shell(script: &str) {
    run(Command::new("sh").args(["-ec", script])).ok();
}

impl Dns {
    fn set(&self, kind: &str, body: &Value) {
        let url = format!("{}/{kind}", self.management());
        run(Command::new("curl").args(["-sf", "-d", &body.to_string(), &url])).ok();
    }
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn no_target_leads_where_the_server_must_not_go() {
    in_namespace(
        &["--net"],
        "targets::no_target_leads_where_the_server_must_not_go",
        body,
    );
}

fn body() {
    // Everything has a way here, so that a connection that is tried is one that is counted.
    shell("ip link set lo up; ip route add default dev lo; ip -6 route add default dev lo");
    let metrics = free_port();
    let site = Site::with(
        &format!("metrics = \"127.0.0.1:{metrics}\"\n{UNLIMITED}"),
        Some(Dns::start()),
    );
    let own = format!("tcp dport {metrics} tcp flags syn");
    shell("nft add table inet gsec; nft 'add chain inet gsec out { type filter hook output priority 0; }'");
    for rule in FORBIDDEN.iter().chain([&own.as_str()]) {
        shell(&format!("nft 'add rule inet gsec out {rule} counter'"));
    }
    let addresses = [
        ("a1", "169.254.169.254"),
        ("a2", "169.254.0.1"),
        ("a3", "0.0.0.0"),
        ("a4", "224.0.0.1"),
        ("a5", "255.255.255.255"),
        ("a6", "240.0.0.1"),
        ("b1", "fd00:ec2::254"),
        ("b2", "fe80::1"),
        ("b3", "ff02::1"),
        ("b4", "::"),
        ("b5", "::ffff:169.254.169.254"),
        ("b6", "64:ff9b::a9fe:a9fe"),
        ("b7", "2002:a9fe:a9fe::1"),
    ];
    for (name, address) in addresses {
        let host = format!("{name}.ca.test.");
        let kind = if address.contains(':') {
            "add-aaaa"
        } else {
            "add-a"
        };
        site.dns()
            .set(kind, &json!({"host": host, "addresses": [address]}));
        if kind == "add-aaaa" {
            // Else it has the address of every name here.
            site.dns()
                .set("add-a", &json!({"host": host, "addresses": ["169.254.0.2"]}));
        }
    }
    let leads = [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[fd00:ec2::254]/",
        "http://0251.0376.0251.0376/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://169.254.169.254./",
        "http://a1.ca.test/",
        "http://user@a1.ca.test/",
        "https://a1.ca.test/",
        "//169.254.169.254/",
        "file:///etc/passwd",
        "gopher://169.254.169.254/",
        "http://0.0.0.0/",
        "http://c20.ca.test/",
    ];
    let mut ways: Vec<(String, Behavior)> = leads
        .iter()
        .enumerate()
        .map(|(number, url)| (format!("c{number}.ca.test"), Behavior::Leads((*url).to_owned())))
        .collect();
    let port = site.http_port;
    for (name, url) in [
        ("c15", format!("http://127.0.0.1:{metrics}/metrics")),
        ("c16", format!("http://a.ca.test:{metrics}/metrics")),
        ("c17", format!("http://[::1]:{metrics}/metrics")),
        // To itself, and two to each other.
        ("c18", format!("http://c18.ca.test:{port}/")),
        ("c19", format!("http://c20.ca.test:{port}/")),
        ("c20", format!("http://c19.ca.test:{port}/")),
    ] {
        ways.push((format!("{name}.ca.test"), Behavior::Leads(url)));
    }
    for (name, behavior) in [
        ("d1", Behavior::Endless),
        ("d2", Behavior::EndlessHead),
        ("d3", Behavior::Silent),
        ("d4", Behavior::Zipped),
    ] {
        ways.push((format!("{name}.ca.test"), behavior));
    }
    let names: Vec<String> = addresses
        .iter()
        .map(|(name, _)| format!("{name}.ca.test"))
        .chain(ways.iter().map(|(name, _)| name.clone()))
        .collect();
    assert!(names.len() >= 30, "{}", names.len());
    let sent = serve(port, move |host| {
        let found = ways.iter().find(|(name, _)| name == host);
        found.map(|(_, behavior)| behavior.clone())
    });
    let (_, front) = site
        .parts()
        .into_iter()
        .find(|(part, _)| *part == "front")
        .expect("a front");
    let before = resident_kb(front);
    std::thread::scope(|scope| {
        for part in names.chunks(8) {
            let site = &site;
            scope.spawn(move || {
                let mut client = Client::new(site, &Responder::default());
                client.register();
                for name in part {
                    let (challenge, _) = http01_of(&mut client, name);
                    given_up(&mut client, &challenge, name);
                }
            });
        }
    });
    assert_eq!(counted(), [0; FORBIDDEN.len() + 1], "packets where none may go");
    let grown = resident_kb(front).saturating_sub(before);
    assert!(
        grown < 24 * 1024,
        "{grown} kB more than before, of {} bytes that were sent",
        sent.load(Ordering::SeqCst)
    );
    // The counters count, and the server goes on.
    for address in [
        "169.254.169.254",
        "[fd00:ec2::254]",
        &format!("127.0.0.1:{metrics}"),
    ] {
        run(Command::new("curl").args(["-s", "--max-time", "1", &format!("http://{address}/")]));
    }
    assert!(counted().iter().all(|count| *count > 0), "{:?}", counted());
    let mut client = Client::new(&site, &Responder::default());
    client.register();
    let order = client.order(&["after.ca.test"]);
    let csr = json!({"csr": base64url(&request_for(&["after.ca.test"]))});
    let order = client.asked(&order, None).json();
    assert_eq!(
        client
            .asked(text(&order, "finalize"), Some(&csr))
            .problem()
            .as_deref(),
        Some("orderNotReady")
    );
}
