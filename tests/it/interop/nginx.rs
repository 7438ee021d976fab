//! nginx and curl with mutual TLS, as a web service inside a company would have it.

use crate::common;

use std::fs;
use std::path::Path;
use std::process::Stdio;

use common::{
    ChildGuard, HostFiles, KEY_TYPES, Stage, TestDir, TlsClient, TlsServer, Verdict, every_refusal_holds,
    free_port, gsec, key_type, mutual_tls_holds, nginx, nginx_configuration, shared, tool, wait_until,
};

#[test]
fn nginx_with_curl() {
    for kind in &KEY_TYPES {
        let stage = shared::stage(kind);
        mutual_tls_holds(&mut Nginx::default(), &mut Curl, stage);
        every_refusal_holds(&mut Nginx::default(), &mut Curl, stage);
    }
}

/// A server that demands client certificates (`ssl_verify_client on`).
#[derive(Default)]
struct Nginx {
    running: Option<(ChildGuard, TestDir)>,
}

impl Nginx {
    /// Fails when another process took the port in the meantime.
    fn start(port: u16, host: &HostFiles, trust: &str) -> Option<(ChildGuard, TestDir)> {
        let dir = TestDir::new();
        dir.write("nginx.conf", configuration(port, host, trust));
        let mut process = ChildGuard::start(nginx(&dir).into_command().stderr(Stdio::null())); // what is wrong stands in error.log
        let pid_file = dir.path("nginx.pid"); // it comes when the port is open
        if wait_until(&mut process, || Path::new(&pid_file).exists()) {
            return Some((process, dir));
        }
        let log = fs::read_to_string(dir.path("error.log")).unwrap_or_default();
        assert!(
            log.contains("Address already in use"),
            "nginx does not start: {log}"
        );
        None
    }
}

/// The access log says what became of each request.
fn configuration(port: u16, host: &HostFiles, trust: &str) -> String {
    nginx_configuration(&format!(
        "log_format verdict '$status $ssl_client_verify $ssl_client_s_dn';
         access_log access.log verdict;
         server {{
             listen 127.0.0.1:{port} ssl;
             ssl_certificate {};
             ssl_certificate_key {};
             ssl_client_certificate {trust};
             ssl_verify_client on;
             location / {{ return 200 'welcome\n'; }}
         }}",
        host.certificate, host.key
    ))
}

impl TlsServer for Nginx {
    fn serve(&mut self, host: &HostFiles, trust: &str) -> u16 {
        loop {
            let port = free_port();
            self.running = Nginx::start(port, host, trust);
            if self.running.is_some() {
                return port;
            }
        }
    }

    /// nginx answers a client without a good certificate with status 400, inside TLS.
    fn served(&mut self) -> Verdict {
        let (mut process, dir) = self.running.take().expect("serve comes first");
        nginx(&dir).args(&["-s", "quit"]).run().ok(); // not a kill: the log is written after the client has its answer
        process.0.wait().expect("nginx ends");
        let log = fs::read_to_string(dir.path("access.log")).expect("access.log");
        if log.starts_with("200 SUCCESS ") {
            Ok(log)
        } else {
            Err(log)
        }
    }

    fn says_no_certificate(&self) -> &'static [&'static str] {
        &["400 NONE"]
    }

    fn says_unknown_ca(&self) -> &'static [&'static str] {
        &[
            "400 FAILED:unable to verify the first certificate",
            "400 FAILED:self-signed certificate in certificate chain",
        ]
    }
}

struct Curl;

impl TlsClient for Curl {
    fn connect(&mut self, port: u16, name: &str, host: Option<&HostFiles>, trust: &str) -> Verdict {
        let own = host.map(|host| ["--cert", &host.certificate, "--key", &host.key]);
        let said = tool("curl")
            .args(&[
                "--verbose",
                "--silent",
                "--show-error",
                "--fail",
                "--noproxy",
                "*",
                "--cacert",
                trust,
            ])
            .args(&[
                "--resolve",
                &format!("{name}:{port}:127.0.0.1"),
                &format!("https://{name}:{port}/"),
            ])
            .args(own.as_ref().map_or(&[], |own| own))
            .run();
        let text = format!("{}{}", said.stdout, said.stderr);
        if said.status == Some(0) && said.stdout == "welcome\n" {
            Ok(text)
        } else {
            Err(text)
        }
    }

    fn says_wrong_name(&self) -> &'static [&'static str] {
        &["no alternative certificate subject name matches target host name"]
    }

    fn says_unknown_ca(&self) -> &'static [&'static str] {
        &[
            "unable to get local issuer certificate",
            "self-signed certificate in certificate chain",
        ]
    }
}

#[test]
fn gsec_sees_that_nginx_lets_http_refuse_clients_without_certificate() {
    let stage = Stage::of_key(key_type("p256"));
    let mut nginx = Nginx::default();
    let port = nginx.serve(&stage.server, &stage.ca.certificate);
    let fetch = |identity: &[&str]| {
        let target = format!("127.0.0.1:{port}");
        let fetched = gsec(&[
            "cert",
            "fetch",
            &target,
            "--server-name",
            "db1.example.com",
            "--json",
        ])
        .args(identity)
        .run()
        .ok()
        .json();
        fetched["client_certificate"].clone()
    };
    assert_eq!(fetch(&[])["demand"], "required_by_application");
    let own = fetch(&[
        "--client-cert",
        &stage.client.certificate,
        "--client-key",
        &stage.client.key,
    ]);
    assert_eq!((&own["sent"], own["refusal"].as_str()), (&true.into(), None));
    let strangers = fetch(&[
        "--client-cert",
        &stage.stranger.certificate,
        "--client-key",
        &stage.stranger.key,
    ]);
    assert_eq!(strangers["refusal"], "HTTP/1.1 400 Bad Request");
}
