//! Hosts of an inventory behind one sshd on loopback: each has a log-in of its own, a place to install to, and programs that log how they are called.

use std::fs;
use std::net::TcpStream;
use std::process::Command;

use crate::common::{Call, ChildGuard, Outcome, Scene, free_port, program, tool, wait_until};

/// A host of the inventory.
pub struct Spec {
    pub name: &'static str,
    /// What else it says itself.
    pub host: &'static str,
    /// What else its bundle says.
    pub bundle: String,
    /// What else its way says: `mode`, `order`.
    pub push: &'static str,
    /// The shell that runs the receiver, or the log-in shell in direct mode.
    pub shell: &'static str,
}

impl Spec {
    pub fn receiver(name: &'static str) -> Self {
        Self {
            name,
            host: "",
            bundle: String::new(),
            push: "",
            shell: "dash",
        }
    }

    pub fn direct(name: &'static str, shell: &'static str) -> Self {
        Self {
            push: "mode = \"direct\"",
            shell,
            ..Self::receiver(name)
        }
    }
}

pub struct Site {
    pub scene: Scene,
    _sshd: ChildGuard,
}

impl Site {
    /// With a CA, the inventory of these hosts with what follows them in it, and the log-ins.
    pub fn new(specs: &[Spec], rest: &str) -> Self {
        let scene = Scene::with_ca();
        key(&scene.dir.path("host_key"));
        scene.write("authorized_keys", "");
        let (sshd, port) = sshd(&scene);
        let mut inventory =
            String::from("version = 1\nca_dir = \"gsec-ca\"\n[defaults]\nkey_type = \"p256\"\n");
        let mut ssh = format!(
            "IdentitiesOnly yes\nUserKnownHostsFile {0}\nGlobalKnownHostsFile /dev/null\nHostName 127.0.0.1\nPort {port}\nHostKeyAlias loopback\nUpdateHostKeys no\n",
            scene.dir.path("known_hosts")
        );
        for spec in specs {
            let home = scene.dir.path(spec.name);
            fs::create_dir_all(format!("{home}/bin")).expect("folders");
            fs::create_dir_all(format!("{home}/receive.d")).expect("folders");
            fs::create_dir_all(format!("{home}/tmp")).expect("folders");
            inventory.push_str(&format!(
                "[[host]]\nname = \"{0}\"\nfqdn = \"{0}.example.com\"\naddress = \"127.0.0.1\"\n{4}\nbundles = [ {{ for = \"nginx\", dest = \"{home}/tls\"{1} }} ]\npush = {{ user = \"root\", address = \"{0}\", ssh_config = \"ssh_config\"{2}{3} }}\n",
                spec.name,
                spec.bundle,
                if spec.push.is_empty() { "" } else { ", " },
                spec.push,
                spec.host
            ));
            ssh.push_str(&format!("Host {0}\nIdentityFile {home}/id\n", spec.name));
            key(&format!("{home}/id"));
        }
        inventory.push_str(rest);
        scene.write("fleet.toml", inventory);
        scene.write("ssh_config", ssh);
        let host_key = scene.read("host_key.pub");
        scene.write("known_hosts", format!("loopback {host_key}"));
        let site = Self { scene, _sshd: sshd };
        specs.iter().for_each(|spec| site.let_in(spec));
        site
    }

    /// The log-in of a host: its key, what it runs, and the programs that it finds.
    fn let_in(&self, spec: &Spec) {
        let home = self.home(spec.name);
        self.program(spec.name, "nginx");
        self.program(spec.name, "systemctl");
        let run = if spec.push.contains("direct") {
            format!("{} -c \"$SSH_ORIGINAL_COMMAND\"", spec.shell)
        } else {
            self.set_up_receiver(spec.name);
            format!("{} {home}/receive", spec.shell)
        };
        self.scene.write(
            &format!("{}/forced", spec.name),
            format!(
                "#!/bin/sh\necho \"{} ${{SSH_ORIGINAL_COMMAND%%\\'*}}\" >> '{}'\nTMPDIR={home}/tmp PATH={home}/bin:$PATH\nexport TMPDIR PATH\nexec {run}\n",
                spec.name,
                self.scene.dir.path("requests")
            ),
        );
        self.scene.chmod(&format!("{}/forced", spec.name), 0o755);
        let line = format!(
            "restrict,command=\"{home}/forced\" {}",
            self.scene.read(&format!("{}/id.pub", spec.name))
        );
        let lines = self.scene.read("authorized_keys");
        self.scene.write("authorized_keys", lines + &line);
    }

    /// The receiver as root installs it, at another place.
    pub fn set_up_receiver(&self, name: &str) {
        let home = self.home(name);
        let setup = self
            .scene
            .gsec(&["fleet", "render", "receiver", name])
            .run()
            .ok()
            .stdout;
        for (path, content) in documents(&setup) {
            let content = content
                .replace(
                    "settings_folder=/etc/gsec/receive.d\n",
                    &format!("settings_folder={home}/receive.d\n"),
                )
                .replace(
                    "\nPATH=/usr/local/sbin:",
                    &format!("\nPATH={home}/bin:/usr/local/sbin:"),
                );
            let file = path.rsplit('/').next().expect("a name");
            if file == "receive" {
                assert!(content.contains(&home), "both places are replaced");
                self.scene.write(&format!("{name}/receive"), content);
            } else {
                self.scene.write(&format!("{name}/receive.d/{file}"), content);
            }
        }
    }

    pub fn home(&self, name: &str) -> String {
        self.scene.dir.path(name)
    }

    /// A program on a host that logs its arguments, and ends with the status in the file of its name.
    pub fn program(&self, host: &str, name: &str) {
        let log = self.scene.dir.path("log");
        let status = self.scene.dir.path(&format!("{host}/{name}.status"));
        self.own_program(
            host,
            name,
            &format!(
                "case \"$*\" in is-*) exit 0 ;; esac\necho \"{host} {name} $*\" >> '{log}'\n[ ! -f '{status}' ] || exit \"$(cat '{status}')\""
            ),
        );
    }

    pub fn own_program(&self, host: &str, name: &str, text: &str) {
        let file = format!("{host}/bin/{name}");
        self.scene.write(&file, format!("#!/bin/sh\n{text}\n"));
        self.scene.chmod(&file, 0o755);
    }

    pub fn answers(&self, host: &str, name: &str, status: i32) {
        self.scene
            .write(&format!("{host}/{name}.status"), status.to_string());
    }

    /// What programs were called on the hosts since the last question.
    pub fn called(&self) -> Vec<String> {
        self.lines_of("log")
    }

    /// What hosts were asked since the last question.
    pub fn asked(&self) -> Vec<String> {
        self.lines_of("requests")
    }

    fn lines_of(&self, file: &str) -> Vec<String> {
        let path = self.scene.dir.path(file);
        let text = fs::read_to_string(&path).unwrap_or_default();
        let _ = fs::remove_file(path);
        text.lines().map(|line| line.trim_end().to_owned()).collect()
    }

    /// `fleet apply --push ssh` with these further options.
    pub fn push(&self, options: &[&str]) -> Outcome {
        self.push_call(options).run()
    }

    pub fn push_call(&self, options: &[&str]) -> Call {
        self.scene
            .gsec(&["fleet", "apply", "--push", "ssh", "--yes", "--json"])
            .args(options)
    }

    /// A newer certificate for a host.
    pub fn renew(&self, host: &str) {
        self.scene.issue(&format!("{host}.example.com"), &[]).run().ok();
    }

    /// The release that `current` leads to.
    pub fn current(&self, host: &str) -> Option<String> {
        let link = fs::read_link(format!("{}/tls/current", self.home(host))).ok()?;
        Some(
            link.strip_prefix("releases")
                .expect("a release")
                .display()
                .to_string(),
        )
    }

    /// The release of the bundle that was written for a host.
    pub fn written(&self, host: &str) -> String {
        crate::common::release_of(&self.scene, &format!("out/{host}/nginx"))
    }

    /// Nothing that was sent lies about.
    #[track_caller]
    pub fn is_tidy(&self, host: &str) {
        let left: Vec<_> = fs::read_dir(format!("{}/tmp", self.home(host)))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// `host bundle state` of everything that was pushed.
#[track_caller]
pub fn states(outcome: &Outcome) -> Vec<String> {
    let document = outcome.json();
    let pushed = document["pushed"]
        .as_array()
        .unwrap_or_else(|| panic!("{outcome}"));
    let word = |row: &serde_json::Value, key: &str| row[key].as_str().expect("text").to_owned();
    pushed
        .iter()
        .map(|row| {
            format!(
                "{} {} {}",
                word(row, "host"),
                word(row, "bundle"),
                word(row, "state")
            )
        })
        .collect()
}

/// Code and message of the first thing that is wrong.
#[track_caller]
pub fn problem(outcome: &Outcome) -> (String, String) {
    let document = outcome.json();
    let problem = document["pushed"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| &row["problem"])
        .find(|problem| !problem.is_null())
        .unwrap_or_else(|| panic!("{outcome}"))
        .clone();
    let word = |key: &str| problem[key].as_str().expect("text").to_owned();
    (word("code"), word("message"))
}

/// The files that a setup script writes: path and content.
pub fn documents(setup: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in setup.split("\nput ").skip(1) {
        let (head, rest) = part.split_once(" << 'GSEC-END'\n").expect("a document");
        let path = head.split(' ').next().expect("a path").to_owned();
        let content = rest.split("GSEC-END\n").next().expect("its end").to_owned();
        found.push((path, content));
    }
    found
}

fn key(path: &str) {
    tool("ssh-keygen")
        .args(&["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path])
        .run()
        .ok();
}

/// sshd with a configuration of its own. It wants its directory below /run, which is a private one here.
fn sshd(scene: &Scene) -> (ChildGuard, u16) {
    loop {
        let port = free_port();
        let folder = scene.dir.path("");
        let folder = folder.trim_end_matches('/');
        scene.write(
            "sshd_config",
            format!(
                "Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host_key\nPidFile none\nAuthorizedKeysFile {folder}/authorized_keys\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nMaxStartups 100\n"
            ),
        );
        let mut command = Command::new(program("unshare"));
        let script =
            "mount -t tmpfs tmpfs /run && mkdir -m 0755 /run/sshd && exec \"$0\" -D -f \"$1\" -E \"$2\"";
        command
            .args(["--mount", "--", "sh", "-c", script])
            .arg(program("sshd"))
            .args([format!("{folder}/sshd_config"), format!("{folder}/sshd.log")]);
        let mut server = ChildGuard::start(&mut command);
        if wait_until(&mut server, || TcpStream::connect(("127.0.0.1", port)).is_ok()) {
            return (server, port);
        }
    }
}
