//! A CA that is served on loopback, names that resolve there, and programs that are run to their end.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gsec_server::domain::{EabKey, Grant, Id, NameRule, Subject, Validation};
use gsec_server::state::sqlite::Database;
use gsec_server::state::{self, State};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

const GSECD: &str = env!("CARGO_BIN_EXE_gsecd");
/// A machine may be slow.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// What a program did.
pub struct Done {
    pub what: String,
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl fmt::Display for Done {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} ended with {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.what, self.status, self.stdout, self.stderr
        )
    }
}

impl Done {
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, Some(0), "{self}");
        self
    }

    #[track_caller]
    pub fn fails(self) -> Self {
        assert!(self.status.is_some_and(|status| status != 0), "{self}");
        self
    }
}

/// Runs a program to its end.
#[track_caller]
pub fn run(command: &mut Command) -> Done {
    let what = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| {
        panic!("{what}: {error}; `sh tests/run.sh` or `sh tests/serve.sh` installs what is missing")
    });
    Done {
        what,
        status: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A program that runs until it is dropped.
pub struct Running(Child);

impl Running {
    /// One that was started.
    #[allow(dead_code)] // the bench starts what may not be there
    pub fn of(child: Child) -> Self {
        Self(child)
    }

    pub fn start(command: &mut Command) -> Self {
        let what = format!("{command:?}");
        Self(command.spawn().unwrap_or_else(|error| panic!("{what}: {error}")))
    }

    /// The same, with what it writes to standard output.
    pub fn with_output(command: &mut Command) -> (Self, std::process::ChildStdout) {
        let mut running = Self::start(command);
        let stdout = running.0.stdout.take().expect("a pipe");
        (running, stdout)
    }

    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.0)
    }

    /// SIGTERM, and the exit status.
    pub fn end(mut self) -> Option<i32> {
        let _ = kill_process(self.pid(), Signal::TERM);
        self.0.wait().expect("waited").code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            let _ = kill_process(self.pid(), Signal::TERM);
            let end = Instant::now() + Duration::from_secs(20);
            while matches!(self.0.try_wait(), Ok(None)) {
                if Instant::now() > end {
                    let _ = self.0.kill();
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

/// A port that is free now, below those that the kernel gives to connections by itself, and given to no other test of this run.
pub fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(97);
    loop {
        let at = first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % 20_000;
        let port = 10_000 + u16::try_from(at).expect("below 20,000");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

#[track_caller]
pub fn wait_for_port(port: u16) {
    let end = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "nobody listens at port {port}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The DNS of the tests: every name is on loopback, and TXT records can be set.
pub struct Dns {
    pub port: u16,
    management: u16,
    _server: Running,
}

impl Dns {
    pub fn start() -> Self {
        Self::at(free_port())
    }

    /// At a port.
    pub fn at(port: u16) -> Self {
        let management = free_port();
        let server = Running::start(
            Command::new("pebble-challtestsrv")
                .args([
                    "-defaultIPv4",
                    "127.0.0.1",
                    "-defaultIPv6",
                    "",
                    "-http01",
                    "",
                    "-https01",
                    "",
                    "-tlsalpn01",
                    "",
                ])
                .args([
                    "-dns01",
                    &format!("127.0.0.1:{port}"),
                    "-management",
                    &format!("127.0.0.1:{management}"),
                ])
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        wait_for_port(management);
        Self {
            port,
            management,
            _server: server,
        }
    }

    /// One that knows what is said in the options of dnsmasq.
    #[allow(dead_code)] // the bench needs no records
    pub fn knowing(port: u16, options: &[String]) -> Self {
        let server = Running::start(
            Command::new("dnsmasq")
                .args([
                    "--keep-in-foreground",
                    "--conf-file=/dev/null",
                    "--pid-file=",
                    "--user=",
                ])
                .args([
                    "--listen-address=127.0.0.1",
                    "--bind-interfaces",
                    "--no-resolv",
                    "--no-hosts",
                ])
                .arg(format!("--port={port}"))
                .args(options)
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        wait_for_port(port);
        Self {
            port,
            management: 0,
            _server: server,
        }
    }

    /// Where records are set.
    pub fn management(&self) -> String {
        format!("http://127.0.0.1:{}", self.management)
    }

    /// A shell command that sets the TXT record of a name: two words, name with a dot at its end and value.
    pub fn set_txt(&self) -> String {
        format!(
            "set_txt() {{ curl -sf -d \"{{\\\"host\\\":\\\"$1\\\",\\\"value\\\":\\\"$2\\\"}}\" http://127.0.0.1:{}/set-txt; }}",
            self.management
        )
    }
}

/// A CA, and its server.
pub struct Site {
    folder: tempfile::TempDir,
    /// Where names are looked up; on this machine when `None`.
    dns: Option<Dns>,
    /// Where hosts answer http-01.
    pub http_port: u16,
    /// Where hosts answer tls-alpn-01.
    pub tls_port: u16,
    pub ready: Value,
    server: Option<Running>,
}

impl Site {
    /// With names that all are on loopback.
    pub fn new() -> Self {
        Self::with("", Some(Dns::start()))
    }

    /// Where nobody proves anything.
    pub fn without_dns() -> Self {
        Self::with("", None)
    }

    /// With more in `serve.toml`.
    pub fn with(settings: &str, dns: Option<Dns>) -> Self {
        Self::built(settings, "", dns)
    }

    /// Where addresses of loopback can be proven, too.
    pub fn with_addresses() -> Self {
        Self::built("", "allow = [\"127.0.0.0/8\"]\n", Some(Dns::start()))
    }

    /// With more in the section that is about every name.
    #[allow(dead_code)] // the bench has one rule
    pub fn with_rule(settings: &str, of_rule: &str, dns: Dns) -> Self {
        Self::built(settings, of_rule, Some(dns))
    }

    /// Replaces the DNS by one at the same port.
    #[allow(dead_code)] // the bench changes no records
    pub fn replace_dns(&mut self, options: &[String]) {
        let port = self.dns().port;
        self.dns = None;
        self.dns = Some(Dns::knowing(port, options));
    }

    fn built(settings: &str, of_rule: &str, dns: Option<Dns>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut site = Self {
            folder,
            dns,
            http_port: free_port(),
            tls_port: free_port(),
            ready: Value::Null,
            server: None,
        };
        site.gsec(&["ca", "init", "--cn", "Example CA", "--key-type", "p256"])
            .ok();
        let resolvers = site.dns.as_ref().map_or_else(String::new, |dns| {
            format!(
                "resolvers = [\"127.0.0.1:{}\"]
",
                dns.port
            )
        });
        let text = format!(
            "names = [\"127.0.0.1\", \"ca.test\"]
listen = \"127.0.0.1:{}\"
http = \"127.0.0.1:{}\"
{settings}
\
             [[validate]]
{resolvers}{of_rule}http_port = {}
tls_port = {}
",
            free_port(),
            free_port(),
            site.http_port,
            site.tls_port,
        );
        std::fs::write(site.ca().join("ca_conf/serve.toml"), text).expect("serve.toml");
        site.start();
        site
    }

    #[track_caller]
    pub fn dns(&self) -> &Dns {
        self.dns.as_ref().expect("a site with names")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn ca(&self) -> PathBuf {
        self.folder().join("ca")
    }

    pub fn ca_certificate(&self) -> PathBuf {
        self.ca().join("ca_conf/ca_cert.pem")
    }

    /// Any command of gsec in this CA directory.
    pub fn gsec(&self, args: &[&str]) -> Done {
        run(Command::new(GSECD)
            .args(args)
            .arg("--ca-dir")
            .arg(self.ca())
            .arg("--no-input"))
    }

    pub fn start(&mut self) {
        self.start_with(&[]);
    }

    pub fn start_with(&mut self, args: &[&str]) {
        self.run_server(Command::new(GSECD), args);
    }

    /// Starts it with a clock that is ahead by so much, as `20m`.
    pub fn start_ahead(&mut self, by: &str) {
        // `faketime` itself would wait for the server as its parent, and end without it.
        let told = run(Command::new("faketime").args(["-f", "+0", "printenv", "LD_PRELOAD"])).ok();
        let mut command = Command::new(GSECD);
        command
            .env("LD_PRELOAD", told.stdout.trim())
            .env("FAKETIME", format!("+{by}"))
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        self.run_server(command, &[]);
    }

    fn run_server(&mut self, mut command: Command, args: &[&str]) {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder().join("server.log"))
            .expect("a log");
        let mut server = Running::start(
            command
                .args(["serve", "--json", "--ca-dir"])
                .arg(self.ca())
                .args(args)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(log),
        );
        let stdout = server.0.stdout.take().expect("a pipe");
        let mut text = String::new();
        for line in BufReader::new(stdout).lines() {
            let line = line.expect("a line");
            text.push_str(&line);
            if line == "}" {
                break;
            }
        }
        self.ready = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{error}: {text}\n{}", self.server_log()));
        self.server = Some(server);
    }

    pub fn server_log(&self) -> String {
        std::fs::read_to_string(self.folder().join("server.log")).unwrap_or_default()
    }

    /// Ends the server; the exit status.
    pub fn stop(&mut self) -> Option<i32> {
        self.server.take().and_then(Running::end)
    }

    /// The process that watches over the others.
    pub fn supervisor(&self) -> u32 {
        self.server.as_ref().expect("a server that was started").0.id()
    }

    /// The processes of the server that run: `front` and `signer`, each with its id.
    pub fn parts(&self) -> Vec<(&'static str, u32)> {
        let pid = self.supervisor();
        let children =
            std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        let mut parts: Vec<(&'static str, u32)> = children
            .split_whitespace()
            .filter_map(|child| {
                let words = std::fs::read(format!("/proc/{child}/cmdline")).ok()?;
                let has = |part: &str| words.split(|byte| *byte == 0).any(|word| word == part.as_bytes());
                let part = ["front", "signer"].into_iter().find(|part| has(part))?;
                Some((part, child.parse().ok()?))
            })
            .collect();
        parts.sort_unstable();
        parts
    }

    /// The status of an authorization as the database has it, which is read while the server runs.
    pub fn state_of_authorization(&self, id: &str) -> String {
        let database = rusqlite::Connection::open_with_flags(
            self.ca().join("ca_conf/server.db"),
            rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
        )
        .expect("the database");
        let body: String = database
            .query_row("SELECT body FROM authorizations WHERE id = ?1", [id], |row| {
                row.get(0)
            })
            .expect("the authorization");
        let body: Value = serde_json::from_str(&body).expect("JSON");
        body["status"].as_str().expect("a status").to_owned()
    }

    pub fn directory(&self) -> &str {
        self.ready["acme"].as_str().expect("a URL")
    }

    /// The CRL as it is published.
    pub fn fetched_crl(&self) -> PathBuf {
        let path = self.folder().join("fetched.crl");
        let url = self.ready["crl"].as_str().expect("a URL");
        // The first one is made after the server has said that it is ready.
        let patience = ["--retry", "20", "--retry-delay", "1", "--retry-all-errors"];
        let done = run(Command::new("curl")
            .args(["-sf", "-o"])
            .arg(&path)
            .args(patience)
            .arg(url));
        assert_eq!(done.status, Some(0), "{done}\n{}", self.server_log());
        path
    }

    /// Waits until the published CRL has a number of entries.
    #[track_caller]
    pub fn wait_for_revocations(&self, count: usize) {
        let end = Instant::now() + PATIENCE;
        loop {
            let crl = self.fetched_crl();
            let shown = self
                .gsec(&["crl", "show", crl.to_str().expect("a path"), "--json"])
                .ok();
            let shown: Value = serde_json::from_str(&shown.stdout).expect("JSON");
            if shown["revoked"].as_array().map(Vec::len) == Some(count) {
                return;
            }
            assert!(Instant::now() < end, "{shown}\n{}", self.server_log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Every certificate of the CA is recorded, the log is whole, and the signer's journal knows no other one.
    #[track_caller]
    pub fn is_in_order(&self) {
        self.gsec(&["ca", "log", "--verify"]).ok();
        let journal =
            gsec_signer::check_journal(&self.ca().join("ca_conf/signer.journal")).expect("a journal");
        let log = std::fs::read_to_string(self.ca().join("ca_conf/audit.log")).expect("the log");
        for (serial, _) in &journal.certificates {
            assert!(
                log.contains(&format!("\"serial\":\"{serial}\"")),
                "{serial} is not in the log"
            );
        }
    }

    /// A certificate verifies for a name or an address with OpenSSL, GnuTLS and gsec.
    #[track_caller]
    pub fn verifies(&self, certificate: &Path, name: &str) {
        let is_address = name.parse::<std::net::IpAddr>().is_ok();
        let of_openssl = if is_address {
            "-verify_ip"
        } else {
            "-verify_hostname"
        };
        run(Command::new("openssl")
            .args([
                "verify",
                "-x509_strict",
                "-purpose",
                "sslserver",
                of_openssl,
                name,
            ])
            .arg("-CAfile")
            .arg(self.ca_certificate())
            .arg(certificate))
        .ok();
        run(Command::new("certtool")
            .args(["--verify", "--verify-hostname", name])
            .arg("--load-ca-certificate")
            .arg(self.ca_certificate())
            .arg("--infile")
            .arg(certificate))
        .ok();
        let path = certificate.to_str().expect("a path");
        let args = ["cert", "verify", "--file", path, "--name", name, "--json"];
        let verdict: Value = serde_json::from_str(&self.gsec(&args).ok().stdout).expect("JSON");
        assert_eq!(verdict["valid"], true, "{verdict}");
        assert_eq!(verdict["name_in_san"], true, "{verdict}");
    }

    /// A folder that a web server shows where http-01 is asked for, and the folder of the answers in it.
    pub fn web(&self) -> (Running, PathBuf) {
        let root = self.folder().join("web");
        let answers = root.join(".well-known/acme-challenge");
        std::fs::create_dir_all(&answers).expect("a folder");
        let server = Running::start(
            Command::new("python3")
                .args(["-m", "http.server", "--bind", "127.0.0.1", "--directory"])
                .arg(&root)
                .arg(self.http_port.to_string())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        wait_for_port(self.http_port);
        (server, answers)
    }

    /// Changes the state of the server as its administrator does, while it does not run.
    #[track_caller]
    fn change_state(&mut self, write: state::Write) {
        assert_eq!(self.stop(), Some(0), "{}", self.server_log());
        let database = Database::open(&self.ca().join("ca_conf/server.db")).expect("a database");
        let state: Arc<dyn State> = Arc::new(database);
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let outcome = runtime.block_on(state.write_one(write));
        assert!(outcome.expect("written").is_written());
        drop(state);
        self.start();
    }

    /// Sets a setting of the server, which does not run.
    pub fn set_setting(&self, name: &str, value: &str) {
        let database = Database::open(&self.ca().join("ca_conf/server.db")).expect("a database");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let set = database.set_setting(name.into(), Some(value.into()));
        runtime.block_on(set).expect("written");
    }

    /// A client's key for accounts (RFC 8555 §7.3.4): `kid` and MAC key.
    pub fn external_account(&mut self) -> (String, String) {
        let octets: [u8; 32] = std::array::from_fn(|at| at as u8 ^ 0xa5);
        let id = Id::from_random(&mut |out| out.fill(7));
        let key = EabKey {
            id: id.clone(),
            hmac: octets.to_vec().into(),
            name: "tests".into(),
            is_single_use: false,
            uses: 0,
            expires: None,
            is_revoked: false,
        };
        self.change_state(state::Write::new().insert(key));
        (id.to_string(), URL_SAFE_NO_PAD.encode(octets))
    }

    /// Grants a profile to everybody, for all names of the tests.
    pub fn grant_profile(&mut self, profile: &str) {
        let names = [NameRule::suffix("ca.test"), NameRule::exact("127.0.0.1")];
        let grant = Grant {
            id: Id::from_random(&mut |out| out.fill(8)),
            subject: Subject::Everyone,
            names: names.map(|rule| rule.expect("a rule")).to_vec(),
            profiles: vec![profile.into()],
            max_lifetime_days: None,
            validation: Validation::Challenge,
            valid_until: None,
        };
        self.change_state(state::Write::new().insert(grant));
    }
}

/// What a plain request comes to: status line, headers and body.
pub fn http(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("connected");
    stream.write_all(request.as_bytes()).expect("written");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}
