//! nginx: reads the files as root, before it gives up its rights; a reload with a bad pair keeps the old workers.

use super::{CA, CRL, FULL_CHAIN, Hooks, Installer, KEY, ROOT_ONLY, Site, Target, no_further};

pub(super) const TARGET: Target = Target {
    name: "nginx",
    about: "nginx",
    files: &[FULL_CHAIN, KEY, CA, CRL],
    key: ROOT_ONLY,
    unit: Some("nginx"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new(
        (CHECK, "nginx -t checks the configuration"),
        (RELOAD, "nginx reloads"),
    ),
    settings,
    further: no_further,
    notes: "",
};

const CHECK: &str = r#"have nginx || return 2
    shown nginx -t"#;

const RELOAD: &str = r#"if systemd_runs; then systemd_does reload; return; fi
    other_does reload && return
    [ -n "$(processes nginx)" ] || return 2
    shown nginx -s reload"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# In the server block. The last lines ask clients for a certificate; leave them out if clients have none.\n\
         listen 443 ssl;\n\
         ssl_certificate     {};\n\
         ssl_certificate_key {};\n\
         \n\
         ssl_verify_client      on;\n\
         ssl_verify_depth       3;\n\
         ssl_client_certificate {};\n{}",
        site.at("fullchain.pem"),
        site.at("privkey.pem"),
        site.at("ca.pem"),
        site.if_crl(format!("ssl_crl                {};\n", site.at("crl.pem"))),
    )
}
