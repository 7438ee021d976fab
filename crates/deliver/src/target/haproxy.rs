//! HAProxy: one file with certificate, chain and key, read as root.

use super::{CA, COMBINED, CRL, Hooks, Installer, ROOT_ONLY, Site, Target, no_further};

pub(super) const TARGET: Target = Target {
    name: "haproxy",
    about: "HAProxy",
    files: &[COMBINED, CA, CRL],
    key: ROOT_ONLY,
    unit: Some("haproxy"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new(
        (CHECK, "haproxy -c checks /etc/haproxy/haproxy.cfg"),
        (RELOAD, "HAProxy reloads"),
    ),
    settings,
    further: no_further,
    notes: "",
};

const CHECK: &str = r#"have haproxy || return 2
    [ -f /etc/haproxy/haproxy.cfg ] || return 2
    shown haproxy -c -f /etc/haproxy/haproxy.cfg"#;

const RELOAD: &str = r#"service_or_signal reload USR2 haproxy"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# In the frontend. Without `verify required` and what follows, clients need no certificate.\n\
         bind :443 ssl crt {} verify required ca-file {}{}\n\
         # To a server behind it:\n\
         # server db1 db1.example.com:5432 ssl verify required ca-file {} verifyhost db1.example.com\n",
        site.at("combined.pem"),
        site.at("ca.pem"),
        site.if_crl(format!(" crl-file {}", site.at("crl.pem"))),
        site.at("ca.pem"),
    )
}
