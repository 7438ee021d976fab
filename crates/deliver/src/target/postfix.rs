//! Postfix: one file, the key first; read as root.

use super::{CA, Hooks, Installer, KEY_CHAIN, ROOT_ONLY, Site, Target, no_further};

pub(super) const TARGET: Target = Target {
    name: "postfix",
    about: "Postfix",
    files: &[KEY_CHAIN, CA],
    key: ROOT_ONLY,
    unit: Some("postfix"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new(
        (CHECK, "postfix check checks the configuration"),
        (RELOAD, "Postfix reloads"),
    ),
    settings,
    further: no_further,
    notes: "",
};

const CHECK: &str = r#"have postfix || return 2
    shown postfix check"#;

const RELOAD: &str = r#"if systemd_runs; then systemd_does reload; return; fi
    have postfix || return 2
    postfix status > /dev/null 2>&1 || return 2
    shown postfix reload"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# In main.cf. `may` lets servers without TLS deliver; `smtpd_tls_req_ccert` asks clients for a certificate.\n\
         smtpd_tls_chain_files = {}\n\
         smtpd_tls_security_level = may\n\
         smtpd_tls_CAfile = {}\n\
         # smtpd_tls_ask_ccert = yes\n\
         # smtpd_tls_req_ccert = yes\n\
         smtp_tls_CAfile = {}\n",
        site.at("keychain.pem"),
        site.at("ca.pem"),
        site.at("ca.pem"),
    )
}
