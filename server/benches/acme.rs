//! Whole ways from an order to its certificate, in gsecd and beside it in pebble, which keeps everything in memory, in step-ca and in Caddy:
//! `docs/performance.md`.
//!
//! `cargo bench -p gsec-server --bench acme -- 2000` obtains so many certificates in each round; with names of servers, from those alone; with
//! `records=1000000` besides from a gsecd whose CA has issued so many. As root, for
//! it has a network of its own: step-ca and Caddy try challenges at port 80 only. step-ca is built of Debian's golang-go and
//! golang-github-smallstep-certificates-dev.

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
const NAMES: [&str; 4] = ["gsecd", "pebble", "step-ca", "caddy"];
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

/// Runs this program again in a network and with a table of mounts of its own.
fn in_own_network() {
    let inside = "ip link set lo up && mount --bind \"$1\" /etc/resolv.conf && shift && exec \"$@\"";
    let folder = tempfile::tempdir().expect("a folder");
    let resolvers = folder.path().join("resolv.conf");
    std::fs::write(&resolvers, "nameserver 127.0.0.1\n").expect("written");
    let done = Command::new("unshare")
        .args([
            "--net",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            inside,
            "sh",
        ])
        .arg(&resolvers)
        .arg(std::env::current_exe().expect("this program"))
        .args(std::env::args().skip(1))
        .env(INSIDE, "1")
        .status();
    assert!(
        done.is_ok_and(|done| done.success()),
        "the measurement did not end"
    );
}

/// Set in the network of its own.
const INSIDE: &str = "GSEC_BENCH_INSIDE";
/// Where http-01 is answered for those that ask at no other port.
const HTTP_PORT: u16 = 80;

fn main() {
    if std::env::var_os(INSIDE).is_none() {
        return in_own_network();
    }
    let flows = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let flows = flows.unwrap_or(FLOWS);
    let named: Vec<String> = std::env::args()
        .filter(|word| NAMES.contains(&word.as_str()))
        .collect();
    let is_named = |name: &str| named.is_empty() || named.iter().any(|named| named == name);
    let site = Site::with(UNLIMITED, Some(Dns::start()));
    let folder = tempfile::tempdir().expect("a folder");
    let port = free_port();
    let (_pebble, pebble) = pebble(folder.path(), port, site.dns().port);
    let (_dns, at_port) = (Dns::at(53), Responder::start(HTTP_PORT));
    let gsecd = Measured {
        name: "gsecd",
        directory: site.directory().to_owned(),
        root: site.ca_certificate(),
        responder: Responder::start(site.http_port),
        processes: site.parts(),
    };
    let (mut running, mut servers) = (Vec::new(), vec![gsecd, pebble]);
    for (name, start) in [
        (
            "step-ca",
            step_ca as fn(&Path, &Responder) -> Result<(Running, Measured), String>,
        ),
        ("caddy", caddy),
    ] {
        match start(folder.path(), &at_port) {
            Ok((server, measured)) if is_named(name) => {
                running.push(server);
                servers.push(measured);
            }
            Ok(_) => {}
            Err(missing) => println!("{name}: not measured: {missing}"),
        }
    }
    let records = std::env::args().find_map(|word| word.strip_prefix("records=")?.parse().ok());
    let full = records.map(filled);
    if let Some((site, begun)) = &full {
        println!(
            "ready after {} ms, with {} records",
            begun.as_millis(),
            records.unwrap_or(0)
        );
        servers.push(Measured {
            name: "gsecd, with records",
            directory: site.directory().to_owned(),
            root: site.ca_certificate(),
            responder: Responder::start(site.http_port),
            processes: site.parts(),
        });
    }
    println!("server\tconnections\tflows/s\tmedian ms\tp99 ms\tresident kB\tprocessor ms/flow");
    // The servers take turns, so that what else the machine does is spread over both.
    let names = AtomicUsize::new(0);
    for connections in CONNECTIONS {
        for server in servers
            .iter()
            .filter(|server| is_named(server.name) || server.name.contains(' '))
        {
            measure(server, connections, flows, &names);
        }
    }
    site.is_in_order();
}

/// A server whose CA issued so many certificates before, and how long it took to be ready.
fn filled(records: usize) -> (Site, Duration) {
    let mut site = Site::with(UNLIMITED, Some(Dns::start()));
    assert_eq!(site.stop(), Some(0));
    let hosts = site.folder().join("hosts");
    let lines: String = (0..records)
        .map(|number| format!("host{number:07}.site{:02}.example.com\n", number % 40))
        .collect();
    std::fs::write(&hosts, format!("host\n{lines}")).expect("written");
    let hosts = hosts.to_str().expect("a path");
    site.gsec(&["cert", "issue", "--from", hosts, "--no-pfx", "--quiet"])
        .ok();
    let begin = Instant::now();
    site.start();
    (site, begin.elapsed())
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
    let pid = pid_of(&server);
    let measured = Measured {
        name: "pebble",
        directory: format!("https://127.0.0.1:{listen}/dir"),
        root,
        responder: Responder::start(http_port),
        processes: vec![("pebble", pid)],
    };
    (server, measured)
}

fn pid_of(server: &Running) -> u32 {
    u32::try_from(server.pid().as_raw_nonzero().get()).expect("a process")
}

/// step-ca 0.19 with its database on disk, and keys as gsecd has them.
fn step_ca(folder: &Path, responder: &Responder) -> Result<(Running, Measured), String> {
    let program = folder.join("step-ca");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/step_ca.go");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(&source)
        .env("GO111MODULE", "off")
        .env("GOPATH", "/usr/share/gocode")
        .env("GOCACHE", std::env::temp_dir().join("gsec-bench-go"))
        .stderr(Stdio::null())
        .status();
    if !built.is_ok_and(|built| built.success()) {
        return Err("it needs golang-go and golang-github-smallstep-certificates-dev".into());
    }
    let certified = |name: &str, issuer: Option<&rcgen::Issuer<'_, rcgen::KeyPair>>| {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut params = rcgen::CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let certificate = match issuer {
            Some(issuer) => params.signed_by(&key, issuer),
            None => params.self_signed(&key),
        };
        let certificate = certificate.expect("a certificate");
        let path = folder.join(format!("{name}.crt"));
        std::fs::write(&path, certificate.pem()).expect("written");
        std::fs::write(folder.join(format!("{name}.key")), key.serialize_pem()).expect("written");
        (path, rcgen::Issuer::new(params, key))
    };
    let (root, issuer) = certified("root", None);
    let (intermediate, _) = certified("intermediate", Some(&issuer));
    let port = free_port();
    let settings = folder.join("step-ca.json");
    let text = serde_json::json!({
        "root": root, "crt": intermediate, "key": folder.join("intermediate.key"),
        "address": format!("127.0.0.1:{port}"), "dnsNames": ["127.0.0.1"], "logger": {"format": "text"},
        "db": {"type": "badgerv2", "dataSource": folder.join("step-ca.db")},
        "authority": {"provisioners": [{"type": "ACME", "name": "acme"}]},
    });
    std::fs::write(&settings, text.to_string()).expect("written");
    let server = Running::start(
        Command::new(&program)
            .arg(&settings)
            .arg("127.0.0.1:53")
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    );
    wait_for_port(port);
    let measured = Measured {
        name: "step-ca",
        directory: format!("https://127.0.0.1:{port}/acme/acme/directory"),
        root,
        responder: responder.clone(),
        processes: vec![("step-ca", pid_of(&server))],
    };
    Ok((server, measured))
}

/// Caddy with its own CA.
fn caddy(folder: &Path, responder: &Responder) -> Result<(Running, Measured), String> {
    let (port, storage, file) = (free_port(), folder.join("caddy"), folder.join("Caddyfile"));
    let text = format!(
        "{{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n\tstorage file_system {}\n}}\n\
         https://127.0.0.1:{port} {{\n\ttls internal\n\tacme_server\n}}\n",
        storage.display()
    );
    std::fs::write(&file, text).expect("written");
    let server = Command::new("caddy")
        .args(["run", "--adapter", "caddyfile", "--config"])
        .arg(&file)
        .env("HOME", folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let server = Running::of(server.map_err(|error| error.to_string())?);
    wait_for_port(port);
    let measured = Measured {
        name: "caddy",
        directory: format!("https://127.0.0.1:{port}/acme/local/directory"),
        root: storage.join("pki/authorities/local/root.crt"),
        responder: responder.clone(),
        processes: vec![("caddy", pid_of(&server))],
    };
    Ok((server, measured))
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
    let (begin, used) = (Instant::now(), processor_times(server));
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
    let count = f64::from(u32::try_from(flows).expect("a count"));
    let rate = count / begin.elapsed().as_secs_f64();
    let processor: Vec<String> = processor_times(server)
        .into_iter()
        .zip(used)
        .map(|((name, after), (_, before))| format!("{name} {:.2}", (after - before) * 1000.0 / count))
        .collect();
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
        "{}\t{connections}\t{rate:.1}\t{:.1}\t{:.1}\t{}\t{}",
        server.name,
        at(50),
        at(99),
        resident.join(", "),
        processor.join(", ")
    );
}

/// Seconds of a processor that each process of the server used, and the client, which is this one.
fn processor_times(server: &Measured) -> Vec<(&'static str, f64)> {
    let client = ("client", std::process::id());
    let all = server.processes.iter().copied().chain([client]);
    all.map(|(name, pid)| (name, processor_time(pid))).collect()
}

/// User and system time of a process, which Linux counts in hundredths of a second (proc(5)).
fn processor_time(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a process");
    let (_, fields) = stat.rsplit_once(") ").expect("a name");
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks = |at: usize| fields[at].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / 100.0
}

fn resident_kb(pid: u32) -> String {
    let done = run(Command::new("ps").args(["-o", "rss=", "-p", &pid.to_string()])).ok();
    done.stdout.trim().to_owned()
}
