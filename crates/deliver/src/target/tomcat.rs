//! Tomcat: a key store that it reads at its start only.

use super::{Hooks, Installer, KEY_STORE, Site, TRUST_STORE, Target, no_further, readable_by};

pub(super) const TARGET: Target = Target {
    name: "tomcat",
    about: "Apache Tomcat",
    files: &[KEY_STORE, TRUST_STORE],
    key: readable_by("tomcat"),
    unit: Some("tomcat10"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new(CHECK, RELOAD),
    settings,
    further: no_further,
    notes: "Tomcat must be restarted to read the files: install.sh does it where systemd runs.",
};

const CHECK: &str = r#"have keytool || return 2
    for java_store in "$dest"/current/*.p12; do
        if [ "$known_password" = yes ]; then
            shown keytool -list -storetype PKCS12 -keystore "$java_store" -storepass changeit || return 1
        elif [ -n "${GSEC_STORE_PASSWORD:-}" ]; then
            shown keytool -list -storetype PKCS12 -keystore "$java_store" -storepass:env GSEC_STORE_PASSWORD || return 1
        else
            return 2
        fi
    done"#;

const RELOAD: &str = r#"service_does restart"#;

fn settings(site: &Site<'_>) -> String {
    let password = if site.has_known_password {
        "changeit"
    } else {
        "THE_PASSWORD"
    };
    format!(
        "<!-- In server.xml. Without the lines from certificateVerification to truststorePassword clients need no certificate. -->\n\
         <Connector port=\"8443\" protocol=\"org.apache.coyote.http11.Http11NioProtocol\" SSLEnabled=\"true\" scheme=\"https\" secure=\"true\">\n\
         \x20 <SSLHostConfig certificateVerification=\"required\"\n\
         \x20     truststoreFile=\"{}\"\n\
         \x20     truststoreType=\"PKCS12\"\n\
         \x20     truststorePassword=\"{password}\">\n\
         \x20   <Certificate certificateKeystoreFile=\"{}\"\n\
         \x20       certificateKeystoreType=\"PKCS12\"\n\
         \x20       certificateKeystorePassword=\"{password}\" />\n\
         \x20 </SSLHostConfig>\n\
         </Connector>\n",
        site.at("truststore.p12"),
        site.at("keystore.p12"),
    )
}
