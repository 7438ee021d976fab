//! A host on which `install.sh` of a bundle runs: a place to install to, and programs that log how they are called and answer as they are told.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Call, Outcome, Scene, tool};

/// Shells that run `install.sh`, as the words that call them.
pub const SHELLS: [&[&str]; 3] = [&["dash"], &["bash", "--posix"], &["busybox", "sh"]];

/// The host of a scene: its folder `host/` has the programs and their log.
pub struct Host<'a> {
    pub scene: &'a Scene,
    shell: &'a [&'a str],
}

impl<'a> Host<'a> {
    /// A host with systemd and nginx, where all goes well.
    pub fn new(scene: &'a Scene, shell: &'a [&'a str]) -> Self {
        let host = Host { scene, shell };
        fs::create_dir_all(scene.dir.path("host/bin")).expect("a folder");
        host.program("systemctl");
        host.program("nginx");
        host
    }

    /// A program that logs its arguments, and answers with the status in the file of its name.
    pub fn program(&self, name: &str) {
        let log = self.scene.dir.path("host/log");
        let status = self.scene.dir.path(&format!("host/{name}.status"));
        let text = format!(
            "#!/bin/sh\ncase \"$*\" in is-*) exit 0 ;; esac\necho \"{name} $*\" >> '{log}'\n[ ! -f '{status}' ] || exit \"$(cat '{status}')\"\n"
        );
        self.scene.write(&format!("host/bin/{name}"), text);
        self.scene.chmod(&format!("host/bin/{name}"), 0o755);
    }

    /// From now on this program answers so.
    pub fn answers(&self, name: &str, status: i32) {
        self.scene
            .write(&format!("host/{name}.status"), status.to_string());
    }

    /// What was called since the last question.
    pub fn called(&self) -> Vec<String> {
        let log = self.scene.dir.path("host/log");
        let text = fs::read_to_string(&log).unwrap_or_default();
        let _ = fs::remove_file(log);
        text.lines().map(str::to_owned).collect()
    }

    /// Calls `install.sh` of a bundle.
    pub fn install(&self, bundle: &str, args: &[&str]) -> Outcome {
        self.call(bundle, args).run()
    }

    /// The call, for more.
    pub fn call(&self, bundle: &str, args: &[&str]) -> Call {
        let path = std::env::var("PATH").unwrap_or_default();
        tool(self.shell[0])
            .args(&self.shell[1..])
            .args(&[&self.scene.dir.path(&format!("{bundle}/install.sh"))])
            .args(args)
            .env("PATH", &format!("{}:{path}", self.scene.dir.path("host/bin")))
    }

    /// Where it installs to: a folder below which nobody else can write.
    pub fn dest(&self) -> String {
        self.scene.dir.path("tls/web")
    }

    /// Installs there.
    pub fn installs(&self, bundle: &str, further: &[&str]) -> Outcome {
        let dest = self.dest();
        self.install(bundle, &[&["--dest", &dest], further].concat())
    }

    /// The release that `current` leads to; `None` where there is none.
    pub fn current(&self) -> Option<String> {
        let link = fs::read_link(Path::new(&self.dest()).join("current")).ok()?;
        Some(
            link.strip_prefix("releases")
                .expect("a release")
                .display()
                .to_string(),
        )
    }

    /// The releases, sorted.
    pub fn releases(&self) -> Vec<String> {
        let folder = PathBuf::from(self.dest()).join("releases");
        let mut names: Vec<String> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        names
    }
}

/// The release of a bundle in a scene.
pub fn release_of(scene: &Scene, bundle: &str) -> String {
    let digest = super::openssl(&["dgst", "-sha256", "-r"])
        .args(&[&scene.dir.path(&format!("{bundle}/manifest.json"))])
        .run()
        .ok();
    digest.stdout[..16].to_owned()
}
