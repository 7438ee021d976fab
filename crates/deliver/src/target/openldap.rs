//! OpenLDAP: slapd reads the files again when its settings are set, also to what they were.

use super::{CA, CRL, FULL_CHAIN, Hooks, Installer, KEY, Site, Target, no_further, readable_by};

pub(super) const TARGET: Target = Target {
    name: "openldap",
    about: "OpenLDAP (slapd)",
    files: &[FULL_CHAIN, KEY, CA, CRL],
    key: readable_by("openldap"),
    unit: Some("slapd"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new(
        (CHECK, "slaptest checks the configuration"),
        (RELOAD, "slapd reads the files again"),
    ),
    settings,
    further: no_further,
    notes: "olcTLSCRLFile is for slapd with GnuTLS, as Debian builds it; with OpenSSL leave it out.",
};

const CHECK: &str = r#"have slaptest || return 2
    [ -d /etc/ldap/slapd.d ] || return 2
    shown slaptest -Q -u -F /etc/ldap/slapd.d"#;

const RELOAD: &str = r#"have ldapmodify || return 2
    [ -n "$(processes slapd)" ] || return 2
    ldap_answer=$(ldapmodify -Q -Y EXTERNAL -H ldapi:/// 2>&1 << LDIF
dn: cn=config
changetype: modify
replace: olcTLSCertificateFile
olcTLSCertificateFile: $dest/current/fullchain.pem
-
replace: olcTLSCertificateKeyFile
olcTLSCertificateKeyFile: $dest/current/privkey.pem
LDIF
    ) || { say "$ldap_answer" >&2 && return 1; }"#;

fn settings(site: &Site<'_>) -> String {
    format!(
        "# For `ldapmodify -Y EXTERNAL -H ldapi:///`. Without the last two lines clients need no certificate.\n\
         dn: cn=config\n\
         changetype: modify\n\
         replace: olcTLSCACertificateFile\n\
         olcTLSCACertificateFile: {}\n\
         -\n\
         replace: olcTLSCertificateFile\n\
         olcTLSCertificateFile: {}\n\
         -\n\
         replace: olcTLSCertificateKeyFile\n\
         olcTLSCertificateKeyFile: {}\n{}\
         -\n\
         replace: olcTLSVerifyClient\n\
         olcTLSVerifyClient: hard\n",
        site.at("ca.pem"),
        site.at("fullchain.pem"),
        site.at("privkey.pem"),
        site.if_crl(format!(
            "-\nreplace: olcTLSCRLFile\nolcTLSCRLFile: {}\n",
            site.at("crl.pem")
        )),
    )
}
