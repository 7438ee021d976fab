//! stunnel: reads the files at a hang-up signal.

use super::{CA, CRL, FULL_CHAIN, Hooks, Installer, KEY, ROOT_ONLY, Site, Target, no_further};

pub(super) const TARGET: Target = Target {
    name: "stunnel",
    about: "stunnel",
    files: &[FULL_CHAIN, KEY, CA, CRL],
    key: ROOT_ONLY,
    unit: Some("stunnel4"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new((CHECK, ""), (RELOAD, "stunnel reloads")),
    settings,
    further: no_further,
    notes: "With setuid in its configuration, stunnel reads the files as that user again when it reloads: pass --owner stunnel4 --group stunnel4 to cert bundle or install.sh.",
};

const CHECK: &str = r#"return 2"#;

const RELOAD: &str = r#"if systemd_runs; then systemd_does reload; return; fi
    other_does reload && return
    stunnel_are=$(processes stunnel4; processes stunnel)
    [ -n "$stunnel_are" ] || return 2
    # shellcheck disable=SC2086 # one word for each process
    shown kill -s HUP $stunnel_are"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# In the service's section. The lines from CAfile on ask the peer for a certificate; checkHost is for `client = yes`.\n\
         cert = {}\n\
         key = {}\n\
         CAfile = {}\n{}\
         verifyChain = yes\n\
         ; checkHost = {}\n",
        site.at("fullchain.pem"),
        site.at("privkey.pem"),
        site.at("ca.pem"),
        site.if_crl(format!("CRLfile = {}\n", site.at("crl.pem"))),
        site.plain_host.unwrap_or("db1.example.com"),
    )
}
