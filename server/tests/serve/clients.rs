//! Clients that people use: each obtains, renews and revokes.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::site::{Site, run};

fn certbot(site: &Site, args: &[&str]) -> Command {
    let folder = |name: &str| site.folder().join("certbot").join(name);
    let mut command = Command::new("certbot");
    command
        .args(args)
        .args(["--server", site.directory(), "--non-interactive"])
        .arg("--config-dir")
        .arg(folder("config"))
        .arg("--work-dir")
        .arg(folder("work"))
        .arg("--logs-dir")
        .arg(folder("logs"))
        .env("REQUESTS_CA_BUNDLE", site.ca_certificate());
    command
}

fn serial_of(certificate: &Path) -> String {
    run(Command::new("openssl")
        .args(["x509", "-noout", "-serial", "-in"])
        .arg(certificate))
    .ok()
    .stdout
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn certbot_obtains_renews_and_revokes() {
    let mut site = Site::new();
    let port = site.http_port.to_string();
    let standalone = [
        "--standalone",
        "--http-01-port",
        &port,
        "--http-01-address",
        "127.0.0.1",
    ];
    let new = [
        "certonly",
        "--agree-tos",
        "-m",
        "admin@example.com",
        "-d",
        "a.ca.test",
        "-d",
        "b.ca.test",
    ];
    run(&mut certbot(&site, &[&new[..], &standalone].concat())).ok();
    let live = site.folder().join("certbot/config/live/a.ca.test");
    let certificate = live.join("cert.pem");
    site.verifies(&certificate, "b.ca.test");
    let first = serial_of(&certificate);
    run(&mut certbot(
        &site,
        &["renew", "--force-renewal", "--no-random-sleep-on-renew"],
    ))
    .ok();
    assert_ne!(serial_of(&certificate), first);
    let path = certificate.to_str().expect("a path");
    run(&mut certbot(
        &site,
        &[
            "revoke",
            "--cert-path",
            path,
            "--reason",
            "superseded",
            "--no-delete-after-revoke",
        ],
    ))
    .ok();
    site.wait_for_revocations(1);
    // A name outside of the grant, and one without a web server.
    let outside = ["certonly", "-d", "a.example.com"];
    let refused = run(&mut certbot(&site, &[&outside[..], &standalone].concat())).fails();
    assert!(refused.stderr.contains("no grant"), "{refused}");
    site.is_in_order();
    assert_eq!(site.stop(), Some(0), "{}", site.server_log());
}

#[test]
#[ignore = "sh tests/serve.sh"]
fn lego_obtains_with_each_challenge() {
    let site = Site::new();
    let lego = |name: &str, args: &[&str]| {
        let mut command = Command::new("lego");
        command
            .args([
                "--server",
                site.directory(),
                "--accept-tos",
                "--email",
                "admin@example.com",
                "--path",
            ])
            .arg(site.folder().join(name))
            .args(args)
            .env("LEGO_CA_CERTIFICATES", site.ca_certificate());
        command
    };
    let certificate = |name: &str, host: &str| {
        site.folder()
            .join(name)
            .join("certificates")
            .join(format!("{host}.crt"))
    };
    let http = format!("127.0.0.1:{}", site.http_port);
    run(&mut lego(
        "http",
        &["--domains", "a.ca.test", "--http", "--http.port", &http, "run"],
    ))
    .ok();
    site.verifies(&certificate("http", "a.ca.test"), "a.ca.test");
    let tls = format!("127.0.0.1:{}", site.tls_port);
    run(&mut lego(
        "tls",
        &["--domains", "b.ca.test", "--tls", "--tls.port", &tls, "run"],
    ))
    .ok();
    site.verifies(&certificate("tls", "b.ca.test"), "b.ca.test");
    let hook = site.folder().join("hook.sh");
    let script = format!(
        "#!/bin/sh\n{}\n[ \"$1\" = present ] || exit 0\nset_txt \"$2\" \"$3\"\n",
        site.dns().set_txt()
    );
    write_script(&hook, &script);
    let resolver = format!("127.0.0.1:{}", site.dns().port);
    run(lego(
        "dns",
        &[
            "--domains",
            "*.ca.test",
            "--dns",
            "exec",
            "--dns.resolvers",
            &resolver,
            "--dns.disable-cp",
            "run",
        ],
    )
    .env("EXEC_PATH", &hook))
    .ok();
    site.verifies(&certificate("dns", "_.ca.test"), "any.ca.test");
    site.is_in_order();
}

fn write_script(path: &PathBuf, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text).expect("a script");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
}
