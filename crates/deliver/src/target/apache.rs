//! Apache httpd: reads the files as root at each graceful restart.

use super::{CA, CRL, FULL_CHAIN, Hooks, Installer, KEY, ROOT_ONLY, Site, Target, no_further};

pub(super) const TARGET: Target = Target {
    name: "apache",
    about: "Apache httpd (apache2)",
    files: &[FULL_CHAIN, KEY, CA, CRL],
    key: ROOT_ONLY,
    unit: Some("apache2"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new(
        (CHECK, "apachectl -t checks the configuration"),
        (RELOAD, "Apache reloads"),
    ),
    settings,
    further: no_further,
    notes: "apachectl -t does not look at the key: install.sh compares key and certificate with OpenSSL, where it is on the host.",
};

const CHECK: &str =
    r#"if have apachectl; then shown apachectl -t; elif have httpd; then shown httpd -t; else return 2; fi"#;

const RELOAD: &str = r#"if systemd_runs; then systemd_does reload; return; fi
    other_does reload && return
    [ -n "$(processes apache2)$(processes httpd)" ] || return 2
    shown apachectl graceful"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# In the virtual host, with mod_ssl. The last lines ask clients for a certificate; leave them out if clients have none.\n\
         SSLEngine on\n\
         SSLCertificateFile    {}\n\
         SSLCertificateKeyFile {}\n\
         \n\
         SSLVerifyClient require\n\
         SSLVerifyDepth  3\n\
         SSLCACertificateFile  {}\n{}",
        site.at("fullchain.pem"),
        site.at("privkey.pem"),
        site.at("ca.pem"),
        site.if_crl(format!(
            "SSLCARevocationFile   {}\nSSLCARevocationCheck  chain\n",
            site.at("crl.pem")
        )),
    )
}
