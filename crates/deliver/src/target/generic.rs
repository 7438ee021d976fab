//! Any service: which files it reads, whose they are and which unit is reloaded, the command line says.

use super::{CA, FULL_CHAIN, Hooks, Installer, KEY, ROOT_ONLY, Site, Target, no_further};

pub(super) const TARGET: Target = Target {
    name: "generic",
    about: "Any other service: --files, --owner, --group, --mode, --reload",
    files: &[FULL_CHAIN, KEY, CA],
    key: ROOT_ONLY,
    unit: None,
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks {
        not_reloaded: "not reloaded: no unit was named with --reload, or it does not run here",
        ..Hooks::new((CHECK, ""), (RELOAD, "the unit is reloaded, or restarted"))
    },
    settings,
    further: no_further,
    notes: "",
};

const CHECK: &str = r#"return 2"#;

const RELOAD: &str = r#"[ -n "$unit" ] || return 2
    if systemd_runs; then systemd_does reload-or-restart; else other_does restart; fi"#;

/// A service, and its settings for certificate, key and CA.
const SERVICES: [(&str, &str); 12] = [
    ("Caddy", "tls fullchain.pem privkey.pem"),
    ("lighttpd", "ssl.pemfile, ssl.privkey, ssl.ca-file"),
    ("Hitch", "pem-file = combined.pem (--files comb)"),
    ("vsftpd", "rsa_cert_file, rsa_private_key_file, ca_certs_file"),
    ("Exim", "tls_certificate, tls_privatekey, tls_verify_certificates"),
    (
        "Squid",
        "https_port tls-cert=, tls-key=; tls_outgoing_options cafile=",
    ),
    ("etcd", "--cert-file, --key-file, --trusted-ca-file"),
    ("OpenVPN", "cert, key, ca, crl-verify (--files fc,k,ca,crl)"),
    (
        "strongSwan",
        "/etc/swanctl/x509, private, x509ca; connections.NAME.local.certs",
    ),
    (
        "FreeRADIUS",
        "certificate_file, private_key_file, ca_file of tls-config",
    ),
    (
        "CUPS",
        "CreateSelfSignedCerts no; HOST.crt and HOST.key in /etc/cups/ssl",
    ),
    ("rsyslog", "DefaultNetstreamDriverCertFile, …KeyFile, …CAFile"),
];

fn settings(site: &Site<'_>) -> String {
    let files: Vec<String> = site
        .files
        .iter()
        .map(|file| format!("{}\n", site.at(&file.name)))
        .collect();
    let services: Vec<String> = SERVICES
        .iter()
        .map(|(service, settings)| format!("# {service}: {settings}\n"))
        .collect();
    format!(
        "# The service's settings for certificate, key and CA take these paths, which stay the same after each renewal:\n{}\n# Where some services have these settings:\n{}",
        files.concat(),
        services.concat()
    )
}
