//! PostgreSQL, MariaDB, Redis, OpenLDAP.

use super::site::{Site, appears};
use crate::common::{free_port, program, tool};

/// The folder of PostgreSQL's programs, of whatever version is here.
fn postgresql_bin() -> String {
    let found = tool("sh")
        .args(&["-c", "ls -d /usr/lib/postgresql/*/bin | tail -n 1"])
        .run()
        .ok();
    found.stdout.trim().to_owned()
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn postgresql() {
    let site = Site::new("postgresql", "postgres", &[]);
    let (home, port) = (site.home.clone(), site.port);
    let bin = postgresql_bin();
    let data = format!("{home}/data");
    tool("runuser")
        .args(&[
            "-u",
            "postgres",
            "--",
            &format!("{bin}/initdb"),
            "-D",
            &data,
            "-A",
            "trust",
        ])
        .run()
        .ok();
    let own = format!("listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{home}'\n");
    site.write("data/postgresql.conf", &(own + &site.snippet("", "")));
    site.write(
        "data/pg_hba.conf",
        "local all all trust\nhostssl all all all cert clientcert=verify-full\n",
    );
    let environment = [("PGHOST", home.as_str()), ("PGPORT", &port.to_string())]
        .map(|(name, value)| (name, value.to_owned()));
    let environment: Vec<(&str, &str)> = environment
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    site.place();
    let _service = site.start("postgres", &[&format!("{bin}/postgres"), "-D", &data]);
    assert!(appears(&format!("{home}/.s.PGSQL.{port}")), "{}", site.log());
    let starttls = ["-starttls", "postgres"];
    site.serves(0, &starttls);
    tool("runuser")
        .args(&[
            "-u",
            "postgres",
            "--",
            "psql",
            "-h",
            &home,
            "-p",
            &port.to_string(),
            "-c",
            "CREATE ROLE app LOGIN",
        ])
        .run()
        .ok();
    let ca = site.scene.dir.path("gsec-ca/ca_conf/ca_cert.pem");
    let login = |further: &str| {
        let connection = format!(
            "host=127.0.0.1 port={port} user=app dbname=postgres sslmode=verify-full sslrootcert={ca} {further}"
        );
        tool("psql")
            .args(&["-d", &connection, "-At", "-c", "SELECT current_user"])
            .run()
    };
    login(&format!(
        "sslcert={} sslkey={}",
        site.client("cert"),
        site.client("priv_key")
    ))
    .ok()
    .says("app");
    login("sslcert=/nowhere sslkey=/nowhere").fails();
    site.is_seen_by_gsec(port, "postgres");
    site.lives(&starttls, false, &[], &environment);
    // With a key that does not belong to it a reload keeps what is served.
    site.program("openssl", "exit 1");
    let outcome = site.install(2, &environment);
    println!("a wrong pair that nothing but PostgreSQL could find: {outcome}");
    site.serves(1, &starttls);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn mariadb() {
    let site = Site::new("mysql", "mysql", &[]);
    let (home, port) = (site.home.clone(), site.port);
    let data = site.folder("data", "mysql");
    tool("mariadb-install-db")
        .args(&[
            "--no-defaults",
            &format!("--datadir={data}"),
            "--user=mysql",
            "--auth-root-authentication-method=socket",
        ])
        .run()
        .ok();
    let own = format!(
        "datadir = {data}\nsocket = {home}/socket\nbind-address = 127.0.0.1\nport = {port}\npid-file = {home}/pid\n"
    );
    let conf = site.write("my.cnf", &(site.snippet("", "") + "\n[mysqld]\n" + &own));
    site.program(
        "mariadb",
        &format!(
            "exec {} --no-defaults --socket={home}/socket -u root \"$@\"",
            program("mariadb").display()
        ),
    );
    site.place();
    let _service = site.start("mysql", &["mariadbd", &format!("--defaults-file={conf}")]);
    assert!(appears(&site.path("socket")), "{}", site.log());
    let starttls = ["-starttls", "mysql"];
    site.serves(0, &starttls);
    let sql =
        "DELETE FROM mysql.global_priv WHERE User = ''; FLUSH PRIVILEGES; CREATE USER 'app'@'%' REQUIRE X509";
    tool("mariadb")
        .args(&[
            "--no-defaults",
            &format!("--socket={home}/socket"),
            "-u",
            "root",
            "-e",
            sql,
        ])
        .run()
        .ok();
    let login = |further: &[&str]| {
        tool("mariadb")
            .args(&[
                "--no-defaults",
                "-h",
                "127.0.0.1",
                "-P",
                &port.to_string(),
                "-u",
                "app",
                "--ssl-verify-server-cert",
            ])
            .args(&[
                &format!("--ssl-ca={}", site.scene.dir.path("gsec-ca/ca_conf/ca_cert.pem")),
                "-e",
                "SELECT CURRENT_USER()",
            ])
            .args(further)
            .run()
    };
    login(&[
        &format!("--ssl-cert={}", site.client("cert")),
        &format!("--ssl-key={}", site.client("priv_key")),
    ])
    .ok()
    .says("app@%");
    login(&[]).fails();
    site.is_seen_by_gsec(port, "mysql");
    site.lives(&starttls, false, &[5], &[]);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn redis() {
    let site = Site::new("redis", "redis", &[]);
    let (home, port) = (site.home.clone(), site.port);
    let own = format!("bind 127.0.0.1\nunixsocket {home}/socket\ndir {home}\n");
    let conf = site.write(
        "redis.conf",
        &(site.snippet("tls-port 6379", &format!("tls-port {port}")) + &own),
    );
    site.program(
        "redis-cli",
        &format!("exec {} -s {home}/socket \"$@\"", program("redis-cli").display()),
    );
    site.place();
    let _service = site.start("redis", &["redis-server", &conf]);
    site.serves(0, &[]);
    let ping = |further: &[&str]| {
        tool("redis-cli")
            .args(&[
                "-h",
                "127.0.0.1",
                "-p",
                &port.to_string(),
                "--tls",
                "--cacert",
                &site.scene.dir.path("gsec-ca/ca_conf/ca_cert.pem"),
            ])
            .args(further)
            .args(&["PING"])
            .run()
    };
    ping(&["--cert", &site.client("cert"), "--key", &site.client("priv_key")])
        .ok()
        .says("PONG");
    assert!(!ping(&[]).stdout.contains("PONG"));
    site.lives(&[], false, &[5], &[]);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn openldap() {
    let site = Site::new("openldap", "openldap", &[]);
    let (home, port) = (site.home.clone(), site.port);
    let plain_port = free_port();
    let (settings, data) = (
        site.folder("slapd.d", "openldap"),
        site.folder("data", "openldap"),
    );
    let old = site.write("slapd.conf", &format!(
        "include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\ndatabase config\n\
         access to * by dn.exact=gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth manage\n\
         database mdb\nsuffix dc=example,dc=com\ndirectory {data}\n"
    ));
    // It also says that there is no data yet.
    tool("runuser")
        .args(&[
            "-u",
            "openldap",
            "--",
            "/usr/sbin/slaptest",
            "-f",
            &old,
            "-F",
            &settings,
        ])
        .run();
    let socket = format!("ldapi://{}", home.replace('/', "%2F") + "%2Fsocket");
    site.program("ldapmodify", &format!(
        "for a; do shift; [ \"$a\" != ldapi:/// ] || a='{socket}'; set -- \"$@\" \"$a\"; done\nexec {} \"$@\"",
        program("ldapmodify").display()
    ));
    site.program(
        "slaptest",
        &format!("exec {} -Q -u -F {settings}", program("slaptest").display()),
    );
    site.place();
    let urls = format!("ldaps://127.0.0.1:{port} ldap://127.0.0.1:{plain_port} {socket}");
    let _service = site.start(
        "root",
        &[
            "slapd", "-d", "none", "-h", &urls, "-F", &settings, "-u", "openldap", "-g", "openldap",
        ],
    );
    let set = || {
        tool("ldapmodify")
            .args(&["-Q", "-Y", "EXTERNAL", "-H", &socket])
            .stdin(site.snippet("", ""))
            .run()
    };
    let is_set = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(200));
        set().status == Some(0)
    });
    assert!(is_set, "{}\n{}", set(), site.log());
    site.serves(0, &[]);
    site.is_seen_by_gsec(plain_port, "ldap");
    site.lives(&[], true, &[], &[]);
}
