//! A service that is seen from here: what it does not serve is taken back.

use std::process::Command;

use super::site::{Site, Spec, problem, states};
use crate::common::starttls::PlainServer;
use crate::common::{ChildGuard, PATIENCE, free_port, openssl, program, tool, wait_until};

/// A site with nginx on web1, which serves its first release.
struct Served {
    site: Site,
    port: u16,
    _nginx: Nginx,
}

/// It is asked to end, so that it ends its workers.
struct Nginx(ChildGuard);

impl Drop for Nginx {
    fn drop(&mut self) {
        let child = &mut self.0.0;
        drop(tool("kill").args(&["-s", "TERM", &child.id().to_string()]).run());
        for _ in 0..200 {
            if child.try_wait().is_ok_and(|status| status.is_some()) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
}

impl Served {
    fn new(spec: Spec) -> Self {
        let site = Site::new(&[spec], "");
        site.push(&[]).ok();
        let home = site.home("web1");
        let stuck = site.scene.dir.path("stuck");
        site.own_program(
            "web1",
            "nginx",
            &format!(
                "case \"$*\" in *reload) [ ! -f '{stuck}' ] || exit 0 ;; esac\nexec {} -p '{home}/' -c nginx.conf -e error.log \"$@\"",
                program("nginx").display()
            ),
        );
        site.own_program(
            "web1",
            "systemctl",
            "[ \"$1\" != is-system-running ] || echo offline\nexit 1",
        );
        let (nginx, port) = start(&site);
        let inventory = site.scene.read("fleet.toml");
        let inventory = inventory.replace("/tls\" }", &format!("/tls\", port = {port} }}"));
        site.scene.write("fleet.toml", inventory);
        Self {
            site,
            port,
            _nginx: nginx,
        }
    }

    /// The serial number of the certificate that is served.
    fn serial(&self) -> String {
        let address = format!("127.0.0.1:{}", self.port);
        let seen = tool("timeout")
            .args(&[
                "60",
                "openssl",
                "s_client",
                "-connect",
                &address,
                "-servername",
                "web1.example.com",
            ])
            .stdin("Q\n")
            .run();
        openssl(&["x509", "-noout", "-serial"])
            .stdin(&seen.stdout)
            .run()
            .ok()
            .stdout
    }

    /// The serial number once it is another.
    fn other_than(&self, before: &str) -> String {
        self.once(|serial| serial != before)
    }

    /// Waits until a certificate is served again.
    fn serves_again(&self, expected: &str) {
        self.once(|serial| serial == expected);
    }

    /// The serial number once it is as expected. nginx's workers of before take connections for a moment beside those of now.
    fn once(&self, is_expected: impl Fn(&str) -> bool) -> String {
        let start = std::time::Instant::now();
        loop {
            let serial = self.serial();
            if is_expected(&serial) {
                return serial;
            }
            assert!(start.elapsed() < PATIENCE, "{serial} is still served");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    fn is_stuck(&self) {
        self.site.scene.write("stuck", "");
    }

    fn is_free(&self) {
        std::fs::remove_file(self.site.scene.dir.path("stuck")).expect("a file");
    }
}

fn start(site: &Site) -> (Nginx, u16) {
    let home = site.home("web1");
    loop {
        let port = free_port();
        site.scene.write(
            "web1/nginx.conf",
            format!(
                "daemon off;\npid nginx.pid;\nerror_log error.log;\nevents {{}}\nhttp {{\naccess_log off;\nserver {{\nlisten 127.0.0.1:{port} ssl;\nssl_certificate {home}/tls/current/fullchain.pem;\nssl_certificate_key {home}/tls/current/privkey.pem;\n}}\n}}\n"
            ),
        );
        let mut command = Command::new(program("nginx"));
        command.args(["-p", &format!("{home}/"), "-c", "nginx.conf", "-e", "error.log"]);
        let mut nginx = ChildGuard::start(&mut command);
        if wait_until(&mut nginx, || {
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        }) {
            return (Nginx(nginx), port);
        }
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn what_is_served_is_installed_and_what_is_not_is_taken_back() {
    for spec in [Spec::receiver("web1"), Spec::direct("web1", "sh")] {
        let served = Served::new(spec);
        let site = &served.site;
        let patient: &[&str] = &["--probe-timeout", "300s"];
        assert_eq!(states(&site.push(patient).ok()), ["web1 nginx unchanged"]);
        let first = served.serial();
        site.renew("web1");
        assert_eq!(states(&site.push(patient).ok()), ["web1 nginx installed"]);
        let second = served.other_than(&first);
        let before = site.current("web1");
        site.renew("web1");
        served.is_stuck();
        let refused = site.push(&["--probe-timeout", "1s"]).code(3);
        assert_eq!(states(&refused), ["web1 nginx rolled-back"]);
        let (code, message) = problem(&refused);
        assert!(
            code == "push-not-served" && message.contains("serves the older certificate"),
            "{message}"
        );
        assert_eq!(site.current("web1"), before);
        served.serves_again(&second);
        served.is_free();
        let outcome = site.push(patient).ok();
        assert_eq!(states(&outcome), ["web1 nginx installed"]);
        assert_ne!(site.current("web1"), before);
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_release_of_somebody_else_is_not_taken_back() {
    let served = Served::new(Spec::receiver("web1"));
    let site = &served.site;
    let first = site.current("web1").expect("a release");
    site.renew("web1");
    served.is_stuck();
    // Between the installation and the way back, somebody lets `current` lead elsewhere.
    let forced = site.scene.read("web1/forced");
    let other = format!(
        "case $SSH_ORIGINAL_COMMAND in rollback*) ln -sfn releases/{first} {}/tls/current ;; esac\nexec dash",
        site.home("web1")
    );
    site.scene
        .write("web1/forced", forced.replace("exec dash", &other));
    site.scene.chmod("web1/forced", 0o755);
    let moved = site.push(&["--probe-timeout", "1s"]).code(3);
    assert_eq!(states(&moved), ["web1 nginx moved"]);
    assert_eq!(moved.json()["pushed"][0]["current"], first.as_str());
    assert_eq!(site.current("web1"), Some(first));
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn what_was_there_before_is_not_taken_back_where_it_is_not_served() {
    let served = Served::new(Spec::receiver("web1"));
    let site = &served.site;
    let current = site.current("web1");
    let inventory = site.scene.read("fleet.toml");
    let port = format!("port = {} }}", served.port);
    let closed = crate::common::ClosedPort::hold();
    site.scene.write(
        "fleet.toml",
        inventory.replace(&port, &format!("port = {} }}", closed.port)),
    );
    site.asked();
    let refused = site.push(&["--probe-timeout", "1s"]).code(3);
    assert_eq!(states(&refused), ["web1 nginx failed"]);
    assert_eq!(
        (problem(&refused).0.as_str(), site.current("web1")),
        ("push-not-served", current)
    );
    assert_eq!(site.asked(), ["web1 install nginx"]);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn a_service_that_begins_in_plain_text_is_asked_in_its_protocol() {
    let served = Served::new(Spec::receiver("web1"));
    let site = &served.site;
    let agreeing = PlainServer::of("smtp").before(served.port);
    let refusing = PlainServer::of("smtp").without_tls().before(served.port);
    let inventory = site.scene.read("fleet.toml");
    let behind = |port: u16| {
        let own = format!("port = {} }}", served.port);
        let smtp = format!("port = {port}, probe = \"smtp\" }}");
        site.scene.write("fleet.toml", inventory.replace(&own, &smtp));
    };
    behind(agreeing.port());
    let initial = served.serial();
    site.renew("web1");
    let outcome = site.push(&["--probe-timeout", "300s"]).ok();
    assert_eq!(states(&outcome), ["web1 nginx installed"]);
    let (before, first) = (site.current("web1"), served.other_than(&initial));
    behind(refusing.port());
    site.renew("web1");
    let refused = site.push(&["--probe-timeout", "1s"]).code(3);
    assert_eq!(states(&refused), ["web1 nginx rolled-back"]);
    assert_eq!(problem(&refused).0, "push-not-served");
    assert_eq!(site.current("web1"), before);
    served.serves_again(&first);
}
