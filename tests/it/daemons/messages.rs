//! Mosquitto, RabbitMQ.

use super::site::Site;
use crate::common::{free_port, tool};

#[test]
#[ignore = "sh tests/delivery.sh"]
fn mosquitto() {
    let site = Site::new("mosquitto", "mosquitto", &[]);
    let port = site.port;
    let conf = site.write(
        "mosquitto.conf",
        &site.snippet("listener 8883", &format!("listener {port} 127.0.0.1")),
    );
    site.place();
    let _service = site.start("mosquitto", &["mosquitto", "-c", &conf]);
    site.serves(0, &[]);
    let publish = |further: &[&str]| {
        tool("mosquitto_pub")
            .args(&[
                "-h",
                "localhost",
                "-p",
                &port.to_string(),
                "-t",
                "test",
                "-m",
                "hello",
            ])
            .args(&["--cafile", &site.scene.dir.path("gsec-ca/ca_conf/ca_cert.pem")])
            .args(further)
            .run()
    };
    publish(&["--cert", &site.client("cert"), "--key", &site.client("priv_key")]).ok();
    publish(&[]).fails();
    site.lives(&[], true, &[], &[]);
}

#[test]
#[ignore = "sh tests/delivery.sh"]
fn rabbitmq() {
    let site = Site::new("rabbitmq", "rabbitmq", &[]);
    let (home, port) = (site.home.clone(), site.port);
    let snippet = site.snippet(
        "listeners.ssl.default = 5671",
        &format!("listeners.ssl.1 = 127.0.0.1:{port}"),
    );
    let conf = site.write("rabbitmq.conf", &format!("listeners.tcp = none\n{snippet}"));
    site.write("plugins", "[].\n");
    let (epmd, nodes) = (free_port().to_string(), free_port().to_string());
    let _ended = Ended {
        pid: format!("{home}/pid"),
        epmd: epmd.clone(),
    };
    let environment = [
        ("RABBITMQ_NODENAME", "gsec@localhost".to_owned()),
        ("RABBITMQ_CONFIG_FILE", conf),
        ("RABBITMQ_MNESIA_BASE", format!("{home}/data")),
        ("RABBITMQ_LOG_BASE", format!("{home}/log")),
        ("RABBITMQ_ENABLED_PLUGINS_FILE", format!("{home}/plugins")),
        ("RABBITMQ_DIST_PORT", nodes),
        ("ERL_EPMD_PORT", epmd),
        ("ERL_EPMD_ADDRESS", "127.0.0.1".to_owned()),
        ("RABBITMQ_PID_FILE", format!("{home}/pid")),
        ("HOME", home.clone()),
    ];
    let environment: Vec<(&str, &str)> = environment
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let words: String = environment
        .iter()
        .map(|(name, value)| format!(" {name}={value}"))
        .collect();
    site.program("rabbitmqctl", &format!("exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups -- env{words} /usr/lib/rabbitmq/bin/rabbitmqctl \"$@\""));
    site.give_to("rabbitmq", "home");
    site.place();
    let _service = site.start_with(
        "rabbitmq",
        &["/usr/lib/rabbitmq/bin/rabbitmq-server"],
        &environment,
    );
    site.lives(&[], true, &[], &[]);
}

/// Ends the broker, which its script starts, and the name server of Erlang, which the broker starts.
struct Ended {
    pid: String,
    epmd: String,
}

impl Drop for Ended {
    fn drop(&mut self) {
        let number = std::fs::read_to_string(&self.pid).unwrap_or_default();
        drop(tool("kill").args(&["-9", number.trim()]).run());
        // It ends once it has seen that the broker is gone.
        let is_gone = || {
            std::thread::sleep(std::time::Duration::from_millis(100));
            tool("epmd")
                .args(&["-port", &self.epmd, "-kill"])
                .run()
                .stdout
                .contains("Killed")
        };
        let _ = (0..100).any(|_| is_gone());
    }
}
