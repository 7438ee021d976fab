//! Redis: takes new files when all three settings are set in one command.

use super::{CA, FULL_CHAIN, Hooks, Installer, KEY, Site, Target, no_further, owned_by};

pub(super) const TARGET: Target = Target {
    name: "redis",
    about: "Redis",
    files: &[FULL_CHAIN, KEY, CA],
    key: owned_by("redis"),
    unit: Some("redis-server"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new((CHECK, ""), (RELOAD, "CONFIG SET has Redis read the files")),
    settings,
    further: no_further,
    notes: "install.sh calls redis-cli; a password for it is read from the variable REDISCLI_AUTH.",
};

const CHECK: &str = r#"return 2"#;

const RELOAD: &str = r#"have redis-cli || return 2
    [ -n "$(processes redis-server)" ] || return 2
    redis_at=$dest/current
    if [ "$(redis-cli PING 2> /dev/null)" = PONG ]; then
        redis_answer=$(redis-cli CONFIG SET tls-cert-file "$redis_at/fullchain.pem" tls-key-file "$redis_at/privkey.pem" tls-ca-cert-file "$redis_at/ca.pem" 2>&1)
    else
        redis_answer=$(redis-cli --tls --cacert "$redis_at/ca.pem" --cert "$redis_at/fullchain.pem" --key "$redis_at/privkey.pem" \
            CONFIG SET tls-cert-file "$redis_at/fullchain.pem" tls-key-file "$redis_at/privkey.pem" tls-ca-cert-file "$redis_at/ca.pem" 2>&1)
    fi
    [ "$redis_answer" = OK ] || { say "$redis_answer" >&2 && return 1; }"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# In redis.conf. `tls-auth-clients no` lets clients without a certificate in.\n\
         tls-port 6379\n\
         port 0\n\
         tls-cert-file {}\n\
         tls-key-file {}\n\
         tls-ca-cert-file {}\n\
         tls-auth-clients yes\n",
        site.at("fullchain.pem"),
        site.at("privkey.pem"),
        site.at("ca.pem"),
    )
}
