//! MariaDB and MySQL: the key must be the server's own user's. A reload with a pair that does not match fails, and keeps what was.

use super::{CA, CRL, FULL_CHAIN, Hooks, Installer, KEY, Site, Target, no_further, owned_by};

pub(super) const TARGET: Target = Target {
    name: "mysql",
    about: "MariaDB and MySQL",
    files: &[FULL_CHAIN, KEY, CA, CRL],
    key: owned_by("mysql"),
    unit: Some("mariadb"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new(
        (
            CHECK,
            "mysqld --validate-config checks the configuration, which MariaDB does not have",
        ),
        (RELOAD, "the server reads the files again"),
    ),
    settings,
    further: no_further,
    notes: "",
};

const CHECK: &str = r#"[ -n "$(processes mysqld)" ] && have mysqld || return 2
    mysqld --version 2> /dev/null | grep -q MariaDB && return 2
    shown mysqld --validate-config"#;

const RELOAD: &str = r#"[ -n "$(processes mariadbd)$(processes mysqld)" ] || return 2
    if have mariadb; then shown mariadb -e 'FLUSH SSL'; else shown mysql -e 'ALTER INSTANCE RELOAD TLS'; fi"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# In the server's configuration, such as /etc/mysql/mariadb.conf.d/60-tls.cnf:\n\
         [mysqld]\n\
         ssl-cert = {}\n\
         ssl-key  = {}\n\
         ssl-ca   = {}\n{}\
         # A user that must have a certificate: CREATE USER app REQUIRE X509;\n",
        site.at("fullchain.pem"),
        site.at("privkey.pem"),
        site.at("ca.pem"),
        site.if_crl(format!("ssl-crl  = {}\n", site.at("crl.pem"))),
    )
}
