//! Postfix, Dovecot.

use super::site::Site;
use crate::common::{free_port, program, tool};

#[test]
#[ignore = "sh tests/delivery.sh"]
fn postfix() {
    let site = Site::new("postfix", "root", &[]);
    let (home, port) = (site.home.clone(), site.port);
    let settings = site.folder("etc", "root");
    site.folder("queue", "root");
    site.folder("lib", "postfix");
    let required = site
        .snippet("# smtpd_tls_ask_ccert", "smtpd_tls_ask_ccert")
        .replace("# smtpd_tls_req_ccert", "smtpd_tls_req_ccert");
    let required = required.replace(
        "smtpd_tls_security_level = may",
        "smtpd_tls_security_level = encrypt",
    );
    site.write("etc/main.cf", &format!(
        "compatibility_level = 3.6\nqueue_directory = {home}/queue\ndata_directory = {home}/lib\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\n\
         myhostname = db1.example.com\nmaillog_file_prefixes = /var/log, {home}\nmaillog_file = {home}/log\n{required}"
    ));
    let unix = |name: &str, private: &str| format!("{name} unix {private} - n - 0 {name}\n");
    let services: String = ["rewrite", "trivial", "proxymap", "anvil"]
        .iter()
        .map(|name| match *name {
            "rewrite" => "rewrite unix - - n - - trivial-rewrite\n".to_owned(),
            "trivial" => String::new(),
            other => unix(other, "-"),
        })
        .collect();
    site.write("etc/master.cf", &format!(
        "127.0.0.1:{port} inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\ntlsmgr unix - - n 1000? 1 tlsmgr\npostlog unix-dgram n - n - 1 postlogd\nqmgr unix n - n 300 1 qmgr\n{services}"
    ));
    site.program(
        "postfix",
        &format!("exec {} -c {settings} \"$@\"", program("postfix").display()),
    );
    site.place();
    let postfix = |word: &str| tool("postfix").args(&["-c", &settings, word]).run();
    postfix("start").ok();
    let _ended = Ended(settings.clone());
    let starttls = ["-starttls", "smtp"];
    site.serves(0, &starttls);
    // Postfix says so after the handshake.
    let talk = |further: &str| {
        let ca = site.scene.dir.path("gsec-ca/ca_conf/ca_cert.pem");
        let connect = format!(
            "openssl s_client -connect 127.0.0.1:{port} -starttls smtp -CAfile {ca} -crlf -quiet {further} 2>&1"
        );
        let lines = "sleep 1; printf 'EHLO app\\n'; sleep 1; printf 'QUIT\\n'; sleep 1";
        tool("sh")
            .args(&["-c", &format!("({lines}) | timeout 20 {connect}")])
            .run()
            .stdout
    };
    let refused = talk("");
    assert!(refused.contains("No client certificate presented"), "{refused}");
    let welcome = talk(&format!(
        "-cert {} -key {}",
        site.client("cert"),
        site.client("priv_key")
    ));
    assert!(welcome.contains("221 "), "{welcome}");
    site.is_seen_by_gsec(port, "smtp");
    site.lives(&starttls, false, &[], &[]);
}

/// Stops the mail server of a configuration.
struct Ended(String);

impl Drop for Ended {
    fn drop(&mut self) {
        drop(tool("postfix").args(&["-c", &self.0, "abort"]).run());
    }
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn dovecot() {
    let site = Site::new("dovecot", "root", &[]);
    let (home, port) = (site.home.clone(), site.port);
    let (imap, pop3) = (free_port(), free_port());
    let snippet = site
        .snippet("# ssl_ca", "ssl_ca")
        .replace("# ssl_verify", "ssl_verify");
    let conf = site.write("dovecot.conf", &format!(
        "protocols = imap pop3\nbase_dir = {home}/run\nstate_dir = {home}/state\nlog_path = {home}/log\nlisten = 127.0.0.1\nauth_ssl_require_client_cert = yes\nssl_require_crl = no\n\
         service imap-login {{\n inet_listener imap {{\n port = {imap}\n }}\n inet_listener imaps {{\n port = {port}\n ssl = yes\n }}\n}}\n\
         service pop3-login {{\n inet_listener pop3 {{\n port = {pop3}\n }}\n inet_listener pop3s {{\n port = 0\n }}\n}}\n\
         passdb {{\n driver = static\n args = nopassword=y\n}}\nuserdb {{\n driver = static\n args = uid=nobody gid=nogroup home={home}/mail\n}}\n{snippet}"
    ));
    site.program(
        "doveconf",
        &format!("exec {} -c {conf} \"$@\"", program("doveconf").display()),
    );
    site.program(
        "doveadm",
        &format!("exec {} -c {conf} \"$@\"", program("doveadm").display()),
    );
    site.place();
    let _service = site.start("root", &["dovecot", "-F", "-c", &conf]);
    site.serves(0, &[]);
    site.is_seen_by_gsec(imap, "imap");
    site.is_seen_by_gsec(pop3, "pop3");
    site.lives(&[], false, &[], &[]);
}
