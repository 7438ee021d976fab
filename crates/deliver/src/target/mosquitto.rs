//! Mosquitto: reads the files as its own user, again at a hang-up signal.

use super::{CA, CRL, FULL_CHAIN, Hooks, Installer, KEY, Site, Target, no_further, readable_by};

pub(super) const TARGET: Target = Target {
    name: "mosquitto",
    about: "Mosquitto",
    files: &[FULL_CHAIN, KEY, CA, CRL],
    key: readable_by("mosquitto"),
    unit: Some("mosquitto"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new((CHECK, ""), (RELOAD, "Mosquitto reloads")),
    settings,
    further: no_further,
    notes: "Mosquitto refuses every client when its CRL has expired: install a new bundle before that.",
};

const CHECK: &str = r#"return 2"#;

const RELOAD: &str = r#"service_or_signal reload HUP mosquitto"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# In mosquitto.conf, below the listener. Without `require_certificate` clients need none.\n\
         listener 8883\n\
         certfile {}\n\
         keyfile {}\n\
         cafile {}\n{}\
         require_certificate true\n\
         use_identity_as_username true\n",
        site.at("fullchain.pem"),
        site.at("privkey.pem"),
        site.at("ca.pem"),
        site.if_crl(format!("crlfile {}\n", site.at("crl.pem"))),
    )
}
