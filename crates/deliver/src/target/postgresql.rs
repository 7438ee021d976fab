//! PostgreSQL: refuses a key that others can read, and one that its group can read unless root owns it. With a pair that does not match, a reload keeps what was.

use super::{CA, CRL, FULL_CHAIN, Hooks, Installer, KEY, Site, Target, no_further, readable_by};

pub(super) const TARGET: Target = Target {
    name: "postgresql",
    about: "PostgreSQL",
    files: &[FULL_CHAIN, KEY, CA, CRL],
    key: readable_by("postgres"),
    unit: Some("postgresql"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new(
        (CHECK, "PostgreSQL says whether pg_hba.conf has errors"),
        (RELOAD, "PostgreSQL reloads its configuration"),
    ),
    settings,
    further: no_further,
    notes: "",
};

const CHECK: &str = r#"have psql || return 2
    [ -n "$(processes postgres)" ] || return 2
    pg_errors=$(as_user postgres psql -X -q -A -t -d postgres -c 'SELECT count(*) FROM pg_hba_file_rules WHERE error IS NOT NULL') || return 1
    [ "$pg_errors" = 0 ] || { say "pg_hba.conf has $pg_errors lines that PostgreSQL refuses; see pg_hba_file_rules" >&2 && return 1; }"#;

const RELOAD: &str = r#"have psql || return 2
    [ -n "$(processes postgres)" ] || return 2
    pg_answer=$(as_user postgres psql -X -q -A -t -d postgres -c 'SELECT pg_reload_conf()') || return 1
    [ "$pg_answer" = t ]"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# In postgresql.conf:\n\
         ssl = on\n\
         ssl_cert_file = '{}'\n\
         ssl_key_file = '{}'\n\
         ssl_ca_file = '{}'\n{}\
         \n\
         # In pg_hba.conf, for clients that have a certificate whose common name is the user's name:\n\
         # hostssl all all all cert clientcert=verify-full\n\
         # For clients with a password:\n\
         # hostssl all all all scram-sha-256\n",
        site.at("fullchain.pem"),
        site.at("privkey.pem"),
        site.at("ca.pem"),
        site.if_crl(format!("ssl_crl_file = '{}'\n", site.at("crl.pem"))),
    )
}
