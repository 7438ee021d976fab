//! Tomcat: a key store that it reads at its start only.

use super::{Hooks, Installer, KEY_STORE, Site, TRUST_STORE, Target, no_further, readable_by, script};

pub(super) const TARGET: Target = Target {
    name: "tomcat",
    about: "Apache Tomcat",
    files: &[KEY_STORE, TRUST_STORE],
    key: readable_by("tomcat"),
    unit: Some("tomcat10"),
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks::new(
        (script::KEY_STORE_CHECK, "keytool reads the stores"),
        (RELOAD, "Tomcat is restarted"),
    ),
    settings,
    further: no_further,
    notes: "Tomcat must be restarted to read the files: install.sh does it where systemd runs.",
};

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
