//! Prometheus: reads the files at every handshake, so nothing is reloaded.

use super::{CA, FULL_CHAIN, Hooks, Installer, KEY, Site, Target, no_further, readable_by};

pub(super) const TARGET: Target = Target {
    name: "prometheus",
    about: "Prometheus and its exporters",
    files: &[FULL_CHAIN, KEY, CA],
    key: readable_by("prometheus"),
    unit: Some("prometheus"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks {
        not_reloaded: "nothing to reload: Prometheus reads the files at each handshake",
        ..Hooks::new((CHECK, "promtool checks /etc/prometheus/web.yml"), (RELOAD, ""))
    },
    settings,
    further: no_further,
    notes: "",
};

const CHECK: &str = r#"have promtool || return 2
    [ -f /etc/prometheus/web.yml ] || return 2
    shown promtool check web-config /etc/prometheus/web.yml"#;

const RELOAD: &str = r#"return 2"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# web.yml, for `--web.config.file=/etc/prometheus/web.yml`. The last two lines ask clients for a certificate.\n\
         tls_server_config:\n\
         \x20 cert_file: {}\n\
         \x20 key_file: {}\n\
         \x20 client_auth_type: RequireAndVerifyClientCert\n\
         \x20 client_ca_file: {}\n\
         \n\
         # In prometheus.yml, for a target that has a certificate of this CA:\n\
         # tls_config:\n\
         #   ca_file: {}\n",
        site.at("fullchain.pem"),
        site.at("privkey.pem"),
        site.at("ca.pem"),
        site.at("ca.pem"),
    )
}
