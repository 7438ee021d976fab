//! nginx, Apache httpd, HAProxy, stunnel, Tomcat, Prometheus.

use super::site::Site;
use crate::common::{program, tool};

#[test]
#[ignore = "sh tests/delivery.sh"]
fn nginx() {
    let site = Site::new("nginx", "root", &[]);
    let (home, port) = (&site.home, site.port);
    let snippet = site.snippet("listen 443 ssl", &format!("listen 127.0.0.1:{port} ssl"));
    site.write("nginx.conf", &format!(
        "user www-data;\ndaemon off;\npid nginx.pid;\nerror_log error.log;\nevents {{}}\nhttp {{\naccess_log off;\nserver {{\n{snippet}\nreturn 200 'hello';\n}}\n}}\n"
    ));
    site.program(
        "nginx",
        &format!(
            "exec {} -p {home}/ -c nginx.conf -e error.log \"$@\"",
            program("nginx").display()
        ),
    );
    site.place();
    let _service = site.start(
        "root",
        &[
            "nginx",
            "-p",
            &format!("{home}/"),
            "-c",
            "nginx.conf",
            "-e",
            "error.log",
        ],
    );
    site.serves(0, &[]);
    // In TLS 1.3 a server says after the handshake that it wants a certificate: nginx says it in its answer.
    let resolve = format!("db1.example.com:{port}:127.0.0.1");
    let url = format!("https://db1.example.com:{port}/");
    let curl = || {
        tool("curl").args(&[
            "-sS",
            "--resolve",
            &resolve,
            "--cacert",
            &site.scene.dir.path("gsec-ca/ca_conf/ca_cert.pem"),
            &url,
        ])
    };
    curl().run().ok().says("400 No required SSL certificate");
    curl()
        .args(&["--cert", &site.client("cert"), "--key", &site.client("priv_key")])
        .run()
        .ok()
        .says("hello");
    site.lives(&[], false, &[4], &[]);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn apache() {
    let site = Site::new("apache", "root", &[]);
    let (home, port) = (&site.home, site.port);
    let modules = "/usr/lib/apache2/modules";
    site.write("apache.conf", &format!(
        "ServerRoot {home}\nServerName db1.example.com\nPidFile {home}/pid\nErrorLog {home}/error.log\nListen 127.0.0.1:{port}\nUser www-data\nGroup www-data\n\
         LoadModule mpm_event_module {modules}/mod_mpm_event.so\nLoadModule authz_core_module {modules}/mod_authz_core.so\nLoadModule ssl_module {modules}/mod_ssl.so\n\
         Mutex file:{home} default\nDocumentRoot {home}\n<VirtualHost 127.0.0.1:{port}>\n{}\n</VirtualHost>\n",
        site.snippet("", "")
    ));
    let apache = format!("{} -d {home} -f {home}/apache.conf", program("apache2").display());
    site.program(
        "apachectl",
        &format!("case $1 in -t) exec {apache} -t ;; *) exec {apache} -k \"$1\" ;; esac"),
    );
    site.place();
    let _service = site.start(
        "root",
        &[
            "apache2",
            "-d",
            home,
            "-f",
            &format!("{home}/apache.conf"),
            "-D",
            "FOREGROUND",
        ],
    );
    // Without the check that OpenSSL makes, httpd ends itself at a pair that does not match.
    site.lives(&[], true, &[], &[]);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn haproxy() {
    let site = Site::new("haproxy", "root", &[]);
    let (home, port) = (&site.home, site.port);
    let bind = site.snippet("bind :443", &format!("bind 127.0.0.1:{port}"));
    site.write("haproxy.cfg", &format!(
        "global\n user haproxy\n group haproxy\ndefaults\n mode http\n timeout connect 5s\n timeout client 5s\n timeout server 5s\nfrontend web\n{bind}\n http-request return status 200\n"
    ));
    site.program(
        "haproxy",
        &format!("exec {} -c -f {home}/haproxy.cfg", program("haproxy").display()),
    );
    site.place();
    let _service = site.start(
        "root",
        &[
            "haproxy",
            "-Ws",
            "-f",
            &format!("{home}/haproxy.cfg"),
            "-p",
            &format!("{home}/pid"),
        ],
    );
    site.lives(&[], true, &[4], &[]);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn stunnel() {
    let site = Site::new(
        "stunnel",
        "stunnel4",
        &["--owner", "stunnel4", "--group", "stunnel4"],
    );
    let (home, port) = (&site.home, site.port);
    let snippet = site.snippet("", "");
    site.write("stunnel.conf", &format!(
        "foreground = yes\npid =\nsetuid = stunnel4\nsetgid = stunnel4\n[web]\naccept = 127.0.0.1:{port}\nexec = /bin/cat\nexecArgs = cat\n{snippet}"
    ));
    site.place();
    let _service = site.start("root", &["stunnel4", &format!("{home}/stunnel.conf")]);
    site.lives(&[], true, &[], &[]);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn prometheus() {
    let site = Site::new("prometheus", "prometheus", &[]);
    let (home, port) = (&site.home, site.port);
    site.write("web.yml", &site.snippet("", ""));
    site.write("prometheus.yml", "global: {}\n");
    site.place();
    tool("promtool")
        .args(&["check", "web-config", &format!("{home}/web.yml")])
        .run()
        .ok();
    let _service = site.start(
        "prometheus",
        &[
            "prometheus",
            &format!("--config.file={home}/prometheus.yml"),
            &format!("--storage.tsdb.path={home}/data"),
            &format!("--web.listen-address=127.0.0.1:{port}"),
            &format!("--web.config.file={home}/web.yml"),
        ],
    );
    site.lives(&[], true, &[], &[]);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn tomcat() {
    let site = Site::new("tomcat", "tomcat", &[]);
    let (home, port) = (site.home.clone(), site.port);
    let connector = site.snippet("port=\"8443\"", &format!("port=\"{port}\" address=\"127.0.0.1\""));
    for folder in ["conf", "logs", "temp", "webapps", "work"] {
        site.folder(folder, "tomcat");
    }
    site.write("conf/server.xml", &format!(
        "<Server port=\"-1\"><Service name=\"Catalina\">\n{connector}\n<Engine name=\"Catalina\" defaultHost=\"localhost\"><Host name=\"localhost\" appBase=\"webapps\"/></Engine></Service></Server>\n"
    ));
    site.write(
        "conf/web.xml",
        "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"5.0\"/>\n",
    );
    // What systemd does: it ends the old process, and starts another.
    let log = site.scene.dir.path("service.log");
    site.scene.write("restart.sh", format!(
        "[ ! -f {home}/pid ] || {{ kill -9 $(cat {home}/pid); while kill -0 $(cat {home}/pid) 2> /dev/null; do sleep 0.1; done; }}\n\
         cd {home}\nCATALINA_HOME=/usr/share/tomcat10 CATALINA_BASE={home} setpriv --reuid=tomcat --regid=tomcat --init-groups -- /usr/share/tomcat10/bin/catalina.sh run > {log} 2>&1 &\necho $! > {home}/pid\n"
    ));
    let restart = site.scene.dir.path("restart.sh");
    site.program(
        "systemctl",
        &format!("case $1 in is-*) exit 0 ;; restart) exec sh {restart} ;; esac"),
    );
    let _ended = Ended(site.path("pid"));
    site.install(0, &[]).ok();
    site.serves(0, &[]);
    site.insists_on_a_certificate(&[]);
    site.install(1, &[]).ok();
    site.serves(1, &[]);
    // The check that a store is whole.
    site.scene.write("bundle2/keystore.p12", "no store");
    tool("sh")
        .args(&[
            "-c",
            "set -e; for f in *; do [ \"$f\" = SHA256SUMS ] || sha256sum \"$f\"; done > .s; mv .s SHA256SUMS",
        ])
        .in_dir(site.scene.dir.path("bundle2"))
        .run()
        .ok();
    site.install(2, &[]).code(4);
    site.serves(1, &[]);
}

/// Ends the process whose number is in a file.
struct Ended(String);

impl Drop for Ended {
    fn drop(&mut self) {
        if let Ok(number) = std::fs::read_to_string(&self.0) {
            let _ = std::process::Command::new("kill")
                .args(["-9", number.trim()])
                .status();
        }
    }
}
