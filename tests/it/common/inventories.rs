//! Inventories that tests begin with, and change.

/// A Configuration Server and a client of it, with nothing wrong.
pub const RIGHT: &str = r#"version = 1
[defaults]
profile = "server"
release = "8.5"
[[host]]
name = "cs1"
fqdn = "cs1.example.com"
address = "10.0.0.1"
[[host]]
name = "pc1"
fqdn = "pc1.example.com"
profile = "gui"
[[app]]
name = "ConfServ"
host = "cs1"
kind = "config-server"
[[app.port]]
id = "default"
number = 2020
[[app.port]]
id = "auto"
number = 2021
mode = "auto-detect"
[[app]]
name = "Manager"
host = "pc1"
kind = "config-manager"
[[app.connection]]
to = "ConfServ"
port = "auto"
"#;

/// A line for each key that an inventory can have.
pub const EVERY_KEY: &str = r#"version = 1
ca_dir = "ca"
out_dir = "out"
[defaults]
renew_before = "30d"
profile = "server"
key_type = "rsa:3072"
platform = "unix"
release = "8.5"
[[host]]
name = "cs1"
fqdn = "cs1.example.com"
names = [ "dns:cs1", "ip:10.0.0.1" ]
address = "10.0.0.1"
platform = "unix"
os = "linux"
release = "8.5"
lca_port = 4999
reserved_ports = [ "41001-41010", "42000" ]
certificate = "host"
profile = "server"
key_type = "p256"
renew_before = "6w"
key = "on-host"
[[host.bundles]]
for = "unix"
name = "tls"
dest = "/opt/app/tls"
owner = "root"
group = "app"
mode = "0640"
service = "app.service"
files = [ "fc", "k" ]
pfx_encryption = "modern"
old_names = true
[host.push]
mode = "direct"
user = "gsec"
address = "cs1.example.com"
port = 22
order = -1
ssh_config = "ssh.conf"
[host.annex]
certificate = "/c.pem"
[[app]]
name = "ConfServ"
host = "cs1"
kind = "config-server"
type = "server"
release = "8.5"
certificate = "host"
command_line = [ "-app", "ConfServ" ]
options = { tls = "1" }
annex = { tls = "1" }
[[app.port]]
id = "default"
number = 2020
mode = "auto-detect"
ha_sync = false
certificate = "host"
transport = "tls=1"
probe = "ldap"
[[app.connection]]
to = "ConfServ"
port = "default"
client_port = 4001
client_address = "10.0.0.1"
backup_port = 4002
transport = "port=4001"
[[pair]]
primary = "ConfServ"
backup = "ConfServ"
redundancy = "warm-standby"
"#;

/// Hosts with bundles and ways to them, and nothing that is refused.
pub const DELIVERED: &str = r#"version = 1
out_dir = "out"
[defaults]
key_type = "p256"
profile = "server"
renew_before = "30d"
[[host]]
name = "web1"
fqdn = "web1.example.com"
names = [ "dns:www.example.com" ]
profile = "host"
key_type = "p384"
renew_before = "20d"
certificate = "host"
[[host.bundles]]
for = "nginx"
name = "front"
dest = "/etc/ssl/front"
owner = "root"
group = "root"
mode = "0600"
service = "nginx.service"
pfx_encryption = "modern"
[host.push]
user = "gsec"
address = "web1.example.com"
[[host]]
name = "web2"
fqdn = "web2.example.com"
address = "10.0.0.2"
[[host.bundles]]
for = "generic"
files = [ "fc", "k" ]
[[host.bundles]]
for = "unix"
group = "app"
dest = "/opt/app/tls"
old_names = true
[host.push]
user = "gsec"
"#;

/// A server whose levels have certificate options, and a client-side port.
pub const LEVELS: &str = r#"version = 1
[[host]]
name = "tsrv1"
release = "8.5"
certificate = "none"
annex = { certificate = "/host.pem", certificate-key = "/host.key", trusted-ca = "/ca.pem" }
[[app]]
name = "TServer_P"
host = "tsrv1"
kind = "tserver"
[[app.port]]
id = "default"
number = 3000
[[app.port]]
id = "secure"
number = 3443
mode = "secured"
transport = "certificate=/port.pem"
[[app.connection]]
to = "ConfServ"
port = "auto"
client_port = 41001
"#;
