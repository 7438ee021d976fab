//! Dovecot: reads the files as root; the `<` before a path is Dovecot's, and reads the file.

use super::{CA, FULL_CHAIN, Hooks, Installer, KEY, ROOT_ONLY, Site, Target, no_further};

pub(super) const TARGET: Target = Target {
    name: "dovecot",
    about: "Dovecot",
    files: &[FULL_CHAIN, KEY, CA],
    key: ROOT_ONLY,
    unit: Some("dovecot"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new(
        (CHECK, "doveconf -n checks the configuration"),
        (RELOAD, "Dovecot reloads"),
    ),
    settings,
    further: no_further,
    notes: "",
};

const CHECK: &str = r#"have doveconf || return 2
    shown doveconf -n"#;

const RELOAD: &str = r#"if systemd_runs; then systemd_does reload; return; fi
    have doveadm || return 2
    [ -n "$(processes dovecot)" ] || return 2
    shown doveadm reload"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# In conf.d/10-ssl.conf. The last two lines ask clients for a certificate.\n\
         ssl = required\n\
         ssl_cert = <{}\n\
         ssl_key = <{}\n\
         # ssl_ca = <{}\n\
         # ssl_verify_client_cert = yes\n",
        site.at("fullchain.pem"),
        site.at("privkey.pem"),
        site.at("ca.pem"),
    )
}
