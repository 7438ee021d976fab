//! A CA, a host with bundles of three certificates, and a client with a certificate of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::common::doctor::doctor;
use crate::common::{ChildGuard, Outcome, SHELLS, Scene, free_port, openssl, program, tool};

/// How long a service may take to start, or to serve a new certificate.
const PATIENCE: Duration = Duration::from_secs(300);

/// One service under test.
pub struct Site {
    pub scene: Scene,
    /// The directory of the service.
    pub home: String,
    /// The port on which it speaks TLS.
    pub port: u16,
    target: &'static str,
    serials: Vec<String>,
}

impl Site {
    /// Three bundles for a target, the third with a key of another certificate; and a directory that the user owns.
    pub fn new(target: &'static str, user: &str, options: &[&str]) -> Self {
        let scene = Scene::with_ca();
        // Services go there as their own users.
        fs::set_permissions(scene.dir.path(""), fs::Permissions::from_mode(0o755)).expect("mode");
        let home = scene.dir.path("home");
        fs::create_dir(&home).expect("a folder");
        let mut site = Site {
            port: free_port(),
            home,
            scene,
            target,
            serials: Vec::new(),
        };
        site.give_to(user, "home");
        let dest = site.dest();
        for number in 0..3 {
            let issued = site
                .scene
                .gsec(&["cert", "issue", "db1.example.com", "--key-type", "p256", "--json"])
                .args(&["--san", "ip:127.0.0.1", "--san", "dns:localhost"])
                .run()
                .ok()
                .json();
            let serial = issued["serial"].as_str().expect("a serial").to_owned();
            site.scene.gsec(&["crl", "update"]).run().ok();
            site.scene
                .gsec(&["cert", "bundle", &serial, "--for", target, "--dest", &dest])
                .args(&["--out", &format!("bundle{number}")])
                .args(options)
                .run()
                .ok();
            site.serials.push(serial);
        }
        fs::create_dir(site.scene.dir.path("client")).expect("a folder");
        site.scene
            .gsec(&[
                "cert",
                "issue",
                "app",
                "--cn",
                "app",
                "--key-type",
                "p256",
                "--out-dir",
                "client",
            ])
            .run()
            .ok();
        fs::create_dir(site.scene.dir.path("bin")).expect("a folder");
        site
    }

    /// Where bundles are installed.
    pub fn dest(&self) -> String {
        self.scene.dir.path("tls")
    }

    /// A file below the home of the service.
    pub fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.home)
    }

    pub fn write(&self, name: &str, content: &str) -> String {
        self.scene.write(&format!("home/{name}"), content);
        self.path(name)
    }

    pub fn folder(&self, name: &str, user: &str) -> String {
        fs::create_dir_all(self.path(name)).expect("a folder");
        self.give_to(user, &format!("home/{name}"));
        self.path(name)
    }

    pub fn give_to(&self, user: &str, path: &str) {
        tool("chown")
            .args(&["-R", &format!("{user}:"), &self.scene.dir.path(path)])
            .run()
            .ok();
    }

    /// `snippet.conf` of the bundle, with the port that the service usually has in its place.
    pub fn snippet(&self, usual: &str, own: &str) -> String {
        self.scene.read("bundle0/snippet.conf").replace(usual, own)
    }

    /// A program that `install.sh` finds before the real one: `sh` text, in which `"$@"` are its arguments.
    pub fn program(&self, name: &str, text: &str) {
        self.scene
            .write(&format!("bin/{name}"), format!("#!/bin/sh\n{text}\n"));
        self.scene.chmod(&format!("bin/{name}"), 0o755);
    }

    /// Installs the first bundle, before the service runs. Other services of its kind may run on this machine.
    #[track_caller]
    pub fn place(&self) {
        self.install_with(0, &["--no-reload"], &[]).ok();
    }

    /// Calls `install.sh` of a bundle.
    pub fn install(&self, number: usize, environment: &[(&str, &str)]) -> Outcome {
        self.install_with(number, &[], environment)
    }

    fn install_with(&self, number: usize, args: &[&str], environment: &[(&str, &str)]) -> Outcome {
        let path = std::env::var("PATH").unwrap_or_default();
        let shell = SHELLS[number % SHELLS.len()];
        let mut call = tool(shell[0])
            .args(&shell[1..])
            .args(&[&self.scene.dir.path(&format!("bundle{number}/install.sh"))])
            .args(args)
            .env("PATH", &format!("{}:{path}", self.scene.dir.path("bin")));
        for (name, value) in environment {
            call = call.env(name, value);
        }
        call.run()
    }

    /// Starts a service as a user.
    pub fn start(&self, user: &str, words: &[&str]) -> Service {
        self.start_with(user, words, &[])
    }

    pub fn start_with(&self, user: &str, words: &[&str], environment: &[(&str, &str)]) -> Service {
        let mut command = Command::new(program("setpriv"));
        command
            .args([
                &format!("--reuid={user}"),
                &format!("--regid={user}"),
                "--init-groups",
                "--",
            ])
            .arg(program(words[0]))
            .args(&words[1..])
            .current_dir(&self.home)
            .env("HOME", &self.home);
        for (name, value) in environment {
            command.env(name, value);
        }
        let log = fs::File::create(self.scene.dir.path("service.log")).expect("a log");
        command.stdout(log.try_clone().expect("a log")).stderr(log);
        Service(ChildGuard::start(&mut command))
    }

    /// What the service has printed.
    pub fn log(&self) -> String {
        fs::read_to_string(self.scene.dir.path("service.log")).unwrap_or_default()
    }

    /// A handshake: with or without the client's certificate, after these words of STARTTLS.
    pub fn handshake(&self, starttls: &[&str], has_certificate: bool) -> Outcome {
        self.handshake_at(self.port, starttls, has_certificate)
    }

    fn handshake_at(&self, port: u16, starttls: &[&str], has_certificate: bool) -> Outcome {
        let ca = self.scene.dir.path("gsec-ca/ca_conf/ca_cert.pem");
        let port = format!("127.0.0.1:{port}");
        let (certificate, key) = (self.client("cert"), self.client("priv_key"));
        let mut args = vec!["s_client", "-connect", &port, "-CAfile", &ca];
        args.extend([
            "-verify_return_error",
            "-verify_hostname",
            "db1.example.com",
            "-servername",
            "db1.example.com",
        ]);
        args.extend(starttls);
        if has_certificate {
            args.extend(["-cert", &certificate, "-key", &key]);
        }
        let words: Vec<&str> = ["20", "openssl"].into_iter().chain(args).collect();
        tool("timeout").args(&words).stdin("Q\n").run()
    }

    /// A file of the client: `cert` or `priv_key`.
    pub fn client(&self, what: &str) -> String {
        self.scene.dir.path(&format!("client/app_{what}.pem"))
    }

    /// The serial number that the service presents, after its chain and its name were verified; `None` where there is no such answer.
    pub fn served(&self, starttls: &[&str]) -> Option<String> {
        self.served_at(self.port, starttls)
    }

    fn served_at(&self, port: u16, starttls: &[&str]) -> Option<String> {
        let seen = self.handshake_at(port, starttls, true);
        if !seen.stdout.contains("Verify return code: 0 (ok)") {
            return None;
        }
        let shown = openssl(&["x509", "-noout", "-serial"]).stdin(&seen.stdout).run();
        shown.stdout.trim().strip_prefix("serial=").map(str::to_owned)
    }

    /// Waits until the certificate of a bundle is served.
    #[track_caller]
    pub fn serves(&self, number: usize, starttls: &[&str]) {
        let wanted = Some(self.serials[number].clone());
        let start = Instant::now();
        let mut seen = self.served(starttls);
        while seen != wanted {
            assert!(
                start.elapsed() < PATIENCE,
                "{}: serves {seen:?} and not {wanted:?}\n{}\n{}",
                self.target,
                self.handshake(starttls, true),
                self.log()
            );
            std::thread::sleep(Duration::from_millis(100));
            seen = self.served(starttls);
        }
    }

    /// gsec starts TLS in a protocol at a port as OpenSSL does, is presented the same certificate, and has nothing to say against it.
    #[track_caller]
    pub fn is_seen_by_gsec(&self, port: u16, protocol: &str) {
        let expected = self.served_at(port, &["-starttls", protocol]);
        assert!(
            expected.is_some(),
            "{}: OpenSSL cannot\n{}",
            self.target,
            self.log()
        );
        let target = format!("127.0.0.1:{port}");
        let starttls = [&target[..], "--starttls", protocol];
        let fetched = self
            .scene
            .gsec(&["cert", "fetch", "--json"])
            .args(&starttls)
            .run();
        let fetched = fetched.succeeded(self.target).json();
        assert_eq!(fetched["starttls"], protocol);
        assert_eq!(fetched["certificates"][0]["serial"].as_str(), expected.as_deref());
        let verify = ["cert", "verify", "--name", "db1.example.com"];
        self.scene
            .gsec(&verify)
            .args(&starttls)
            .run()
            .succeeded(self.target)
            .says("valid for `db1.example.com`");
        let (certificate, key) = (self.client("cert"), self.client("priv_key"));
        let client = ["--client-cert", &certificate, "--client-key", &key];
        let found = doctor(
            &self.scene,
            &[&starttls[..], &client, &["--name", "db1.example.com"]].concat(),
        );
        let wrong: Vec<_> = found.iter().filter(|found| found.severity == "error").collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", self.target);
        println!("{}: {found:#?}", self.target);
    }

    /// A client without a certificate gets no answer.
    #[track_caller]
    pub fn insists_on_a_certificate(&self, starttls: &[&str]) {
        // In TLS 1.3 the refusal comes after the handshake.
        let refused = self.handshake(&[starttls, &["-tls1_2"]].concat(), false);
        assert!(
            refused.status != Some(0),
            "{}: a client without a certificate got in: {refused}",
            self.target
        );
    }

    /// The third bundle gets the key of the first.
    pub fn spoil(&self) {
        let key = fs::read_dir(self.scene.dir.path("bundle0"))
            .expect("a bundle")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .find(|name| ["privkey.pem", "combined.pem", "keychain.pem"].contains(&name.as_str()))
            .expect("a file with a key");
        let blocks = |bundle: &str| -> (String, String) {
            let text = self.scene.read(&format!("{bundle}/{key}"));
            let at = text.find("-----BEGIN PRIVATE KEY").expect("a key");
            let end = text.find("-----END PRIVATE KEY-----").expect("its end") + 26;
            (text[at..end].to_owned(), text)
        };
        let ((other, _), (own, text)) = (blocks("bundle0"), blocks("bundle2"));
        self.scene
            .write(&format!("bundle2/{key}"), text.replace(&own, &other));
        tool("sh")
            .args(&["-c", "set -e; for f in *; do [ \"$f\" = SHA256SUMS ] || sha256sum \"$f\"; done > .s; mv .s SHA256SUMS"])
            .in_dir(self.scene.dir.path("bundle2"))
            .run()
            .ok();
    }

    /// The life of a service that was started with the first bundle: its certificate is verified, a client needs one too where it `insists`; the
    /// second bundle is installed and served; a third with a wrong key is refused, also where OpenSSL cannot say so before the service does, and
    /// the second is served on. `refused` are the exit statuses then.
    #[track_caller]
    pub fn lives(&self, starttls: &[&str], insists: bool, refused: &[i32], environment: &[(&str, &str)]) {
        self.serves(0, starttls);
        if insists {
            self.insists_on_a_certificate(starttls);
        }
        self.install(1, environment)
            .succeeded(self.target)
            .says("state=installed");
        self.serves(1, starttls);
        self.spoil();
        let outcome = self.install(2, environment);
        assert_eq!(outcome.status, Some(3), "{} {outcome}", self.target);
        self.serves(1, starttls);
        if !refused.is_empty() {
            self.program("openssl", "exit 1");
            let outcome = self.install(2, environment);
            assert!(
                outcome.status.is_some_and(|status| refused.contains(&status)),
                "{} {outcome}\n{}",
                self.target,
                self.log()
            );
            fs::remove_file(self.scene.dir.path("bin/openssl")).expect("the program");
            self.serves(1, starttls);
        }
        self.install(1, environment)
            .succeeded(self.target)
            .says("state=unchanged");
    }
}

/// A running service. It is asked to end, so that it ends its own processes, and killed where it does not.
pub struct Service(ChildGuard);

impl Drop for Service {
    fn drop(&mut self) {
        let child = &mut self.0.0;
        drop(tool("kill").args(&["-s", "TERM", &child.id().to_string()]).run());
        for _ in 0..200 {
            if child.try_wait().is_ok_and(|status| status.is_some()) {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Whether a path comes into being in time.
pub fn appears(path: &str) -> bool {
    let start = Instant::now();
    while !Path::new(path).exists() {
        if start.elapsed() > PATIENCE {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    true
}
