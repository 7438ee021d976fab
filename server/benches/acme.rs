//! Whole ways from an order to its certificate, in gsecd and beside it in pebble, which keeps everything in memory: `docs/performance.md`.
//!
//! `cargo bench -p gsec-server --bench acme -- 2000` obtains so many certificates in each round; with the name of a server, from that one alone.

#[path = "../tests/serve/client.rs"]
#[allow(dead_code)] // the tests use all of it
mod client;
#[path = "../tests/serve/site.rs"]
#[allow(dead_code)]
mod site;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use client::{Client, Responder};
use site::{Dns, Running, Site, free_port, run, wait_for_port};

/// How many connections ask at once.
const CONNECTIONS: [usize; 2] = [8, 64];
/// How many certificates are obtained in a round, unless the argument says otherwise.
const FLOWS: usize = 2000;
/// The servers.
const NAMES: [&str; 2] = ["gsecd", "pebble"];
/// Limits that no round reaches.
const UNLIMITED: &str = "[limits]\nnew_accounts = \"1000000/1s\"\nnew_orders = \"1000000/1s\"\nnew_names = \"1000000/1s\"\n\
                         failed_validations = \"1000000/1s\"\nsame_names = \"1000000/1s\"\n";

/// A server that is measured.
struct Measured {
    name: &'static str,
    directory: String,
    root: PathBuf,
    responder: Responder,
    processes: Vec<(&'static str, u32)>,
}

fn main() {
    let flows = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let flows = flows.unwrap_or(FLOWS);
    let named: Vec<String> = std::env::args()
        .filter(|word| NAMES.contains(&word.as_str()))
        .collect();
    let is_asked = |server: &&Measured| named.is_empty() || named.iter().any(|name| name == server.name);
    let site = Site::with(UNLIMITED, Some(Dns::start()));
    let folder = tempfile::tempdir().expect("a folder");
    let port = free_port();
    let (_pebble, pebble) = pebble(folder.path(), port, site.dns().port);
    let servers = [
        Measured {
            name: "gsecd",
            directory: site.directory().to_owned(),
            root: site.ca_certificate(),
            responder: Responder::start(site.http_port),
            processes: site.parts(),
        },
        pebble,
    ];
    println!("server\tconnections\tflows/s\tmedian ms\tp99 ms\tresident kB");
    // The servers take turns, so that what else the machine does is spread over both.
    let names = AtomicUsize::new(0);
    for connections in CONNECTIONS {
        for server in servers.iter().filter(is_asked) {
            measure(server, connections, flows, &names);
        }
    }
    site.is_in_order();
}

/// pebble without its pauses and without the nonces that it refuses on purpose, with a certificate of its own.
fn pebble(folder: &Path, http_port: u16, dns_port: u16) -> (Running, Measured) {
    let key = rcgen::KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(["127.0.0.1".to_owned()]).expect("a name");
    let certificate = params.self_signed(&key).expect("a certificate");
    let (root, key_file, settings) = (
        folder.join("cert.pem"),
        folder.join("key.pem"),
        folder.join("pebble.json"),
    );
    std::fs::write(&root, certificate.pem()).expect("written");
    std::fs::write(&key_file, key.serialize_pem()).expect("written");
    let (listen, management) = (free_port(), free_port());
    let text = serde_json::json!({"pebble": {
        "listenAddress": format!("127.0.0.1:{listen}"), "managementListenAddress": format!("127.0.0.1:{management}"),
        "certificate": root, "privateKey": key_file, "httpPort": http_port, "tlsPort": free_port(),
        "ocspResponderURL": "", "externalAccountBindingRequired": false,
    }});
    std::fs::write(&settings, text.to_string()).expect("written");
    let server = Running::start(
        Command::new("pebble")
            .args(["-dnsserver", &format!("127.0.0.1:{dns_port}"), "-config"])
            .arg(&settings)
            .env("PEBBLE_VA_NOSLEEP", "1")
            .env("PEBBLE_WFE_NONCEREJECT", "0")
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    );
    wait_for_port(listen);
    let pid = u32::try_from(server.pid().as_raw_nonzero().get()).expect("a process");
    let measured = Measured {
        name: "pebble",
        directory: format!("https://127.0.0.1:{listen}/dir"),
        root,
        responder: Responder::start(http_port),
        processes: vec![("pebble", pid)],
    };
    (server, measured)
}

fn measure(server: &Measured, connections: usize, flows: usize, names: &AtomicUsize) {
    let (left, times) = (AtomicUsize::new(flows), Mutex::new(Vec::with_capacity(flows)));
    let mut clients: Vec<Client> = (0..connections)
        .map(|_| {
            let mut client = Client::of(&server.directory, &server.root, &server.responder);
            client.pause = Duration::from_millis(2);
            client.register();
            client
        })
        .collect();
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for client in &mut clients {
            scope.spawn(|| {
                let take = |left: usize| left.checked_sub(1);
                while left
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, take)
                    .is_ok()
                {
                    let name = format!("h{}.ca.test", names.fetch_add(1, Ordering::SeqCst));
                    let begin = Instant::now();
                    client.obtain(&[&name]);
                    let took = begin.elapsed();
                    times.lock().expect("no panic").push(took);
                }
            });
        }
    });
    let rate = f64::from(u32::try_from(flows).expect("a count")) / begin.elapsed().as_secs_f64();
    let mut times = times.into_inner().expect("no panic");
    times.sort_unstable();
    let at =
        |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1000.0;
    let resident: Vec<String> = server
        .processes
        .iter()
        .map(|(name, pid)| format!("{name} {}", resident_kb(*pid)))
        .collect();
    println!(
        "{}\t{connections}\t{rate:.1}\t{:.1}\t{:.1}\t{}",
        server.name,
        at(50),
        at(99),
        resident.join(", ")
    );
}

fn resident_kb(pid: u32) -> String {
    let done = run(Command::new("ps").args(["-o", "rss=", "-p", &pid.to_string()])).ok();
    done.stdout.trim().to_owned()
}
