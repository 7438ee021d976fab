//! RabbitMQ: Erlang keeps certificates in a cache, which is emptied.

use super::{CA, FULL_CHAIN, Hooks, Installer, KEY, Site, Target, no_further, owned_by};

pub(super) const TARGET: Target = Target {
    name: "rabbitmq",
    about: "RabbitMQ",
    files: &[FULL_CHAIN, KEY, CA],
    key: owned_by("rabbitmq"),
    unit: Some("rabbitmq-server"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new(
        (CHECK, ""),
        (
            RELOAD,
            "RabbitMQ drops what it has in memory, and reads the files at the next connection",
        ),
    ),
    settings,
    further: no_further,
    notes: "",
};

const CHECK: &str = r#"return 2"#;

const RELOAD: &str = r#"have rabbitmqctl || return 2
    [ -n "$(processes beam.smp)" ] || return 2
    rabbit_answer=$(rabbitmqctl eval 'ssl:clear_pem_cache().' 2>&1) || { say "$rabbit_answer" >&2 && return 1; }
    case $rabbit_answer in
        *ok) ;;
        *) say "$rabbit_answer" >&2 && return 1 ;;
    esac"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# In rabbitmq.conf. `verify_none` and `false` let clients without a certificate in.\n\
         listeners.ssl.default = 5671\n\
         ssl_options.certfile = {}\n\
         ssl_options.keyfile = {}\n\
         ssl_options.cacertfile = {}\n\
         ssl_options.verify = verify_peer\n\
         ssl_options.fail_if_no_peer_cert = true\n",
        site.at("fullchain.pem"),
        site.at("privkey.pem"),
        site.at("ca.pem"),
    )
}
