//! Java: PKCS #12 stores. Which user runs the program, only the site knows.

use super::{Hooks, Installer, KEY_STORE, KeyAccess, Site, TRUST_STORE, Target, no_further, script};

pub(super) const TARGET: Target = Target {
    name: "java",
    about: "Java programs: key store and trust store",
    files: &[KEY_STORE, TRUST_STORE],
    key: KeyAccess {
        owner: "root",
        group: None,
        mode: 0o640,
    },
    unit: None,
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks {
        not_reloaded: "Java programs that use the files must be restarted to read them",
        ..Hooks::new(
            (script::KEY_STORE_CHECK, "keytool reads the stores"),
            (RELOAD, "the unit is restarted"),
        )
    },
    settings,
    further: no_further,
    notes: "Java before 8u301 reads only stores that were made with --pfx-encryption compat. install.sh checks the stores with keytool; a password other than changeit is taken from the variable GSEC_STORE_PASSWORD.",
};

const RELOAD: &str = r#"[ -n "$unit" ] || return 2
    service_does restart"#;

fn settings(site: &Site<'_>) -> String {
    let (ks, ts) = (site.at("keystore.p12"), site.at("truststore.p12"));
    let password = if site.has_known_password {
        "changeit"
    } else {
        "THE_PASSWORD"
    };
    format!(
        "# Options of java:\n\
         -Djavax.net.ssl.keyStore={ks}\n\
         -Djavax.net.ssl.keyStoreType=PKCS12\n\
         -Djavax.net.ssl.keyStorePassword={password}\n\
         -Djavax.net.ssl.trustStore={ts}\n\
         -Djavax.net.ssl.trustStoreType=PKCS12\n\
         -Djavax.net.ssl.trustStorePassword={password}\n\
         \n\
         # Spring Boot, application.properties:\n\
         server.ssl.key-store=file:{ks}\n\
         server.ssl.key-store-type=PKCS12\n\
         server.ssl.key-store-password={password}\n\
         server.ssl.trust-store=file:{ts}\n\
         server.ssl.trust-store-type=PKCS12\n\
         server.ssl.trust-store-password={password}\n\
         server.ssl.client-auth=need\n\
         \n\
         # Kafka, server.properties:\n\
         ssl.keystore.type=PKCS12\n\
         ssl.keystore.location={ks}\n\
         ssl.keystore.password={password}\n\
         ssl.truststore.type=PKCS12\n\
         ssl.truststore.location={ts}\n\
         ssl.truststore.password={password}\n\
         ssl.client.auth=required\n\
         \n\
         # Elasticsearch, elasticsearch.yml; its passwords are in its own key store:\n\
         xpack.security.http.ssl.enabled: true\n\
         xpack.security.http.ssl.keystore.path: {ks}\n\
         xpack.security.http.ssl.truststore.path: {ts}\n",
    )
}
