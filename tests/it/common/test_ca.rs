//! A CA that gsec makes for one test, and the files of a host issued by it.

use super::{Call, TestDir, gsec};

/// A kind of key as gsec's flags name it.
pub struct KeyType {
    pub name: &'static str,
    pub flags: &'static [&'static str],
}

/// Every kind of key that gsec makes, except RSA 8192, whose generation alone can take a minute.
pub const KEY_TYPES: [KeyType; 7] = [
    KeyType {
        name: "rsa-2048",
        flags: &["--key-type", "rsa", "--key-size", "2048"],
    },
    KeyType {
        name: "rsa-3072",
        flags: &["--key-type", "rsa", "--key-size", "3072"],
    },
    KeyType {
        name: "rsa-4096",
        flags: &["--key-type", "rsa", "--key-size", "4096"],
    },
    KeyType {
        name: "p256",
        flags: &["--key-type", "p256"],
    },
    KeyType {
        name: "p384",
        flags: &["--key-type", "p384"],
    },
    KeyType {
        name: "p521",
        flags: &["--key-type", "p521"],
    },
    KeyType {
        name: "ed25519",
        flags: &["--key-type", "ed25519"],
    },
];

/// The kind of key with this name in [`KEY_TYPES`].
pub fn key_type(name: &str) -> &'static KeyType {
    KEY_TYPES
        .iter()
        .find(|kind| kind.name == name)
        .unwrap_or_else(|| panic!("no key type `{name}`"))
}

/// A CA directory made by `gsec ca init`; it ends with the test.
pub struct TestCa {
    /// Also holds what the test itself writes, beside the CA directory.
    pub dir: TestDir,
    /// The CA directory.
    pub path: String,
    pub certificate: String,
    pub key: String,
}

/// What `gsec cert issue` wrote for one host.
pub struct HostFiles {
    pub serial: String,
    /// The certificate as the CA keeps it.
    pub record: String,
    /// The certificate as the host gets it.
    pub certificate: String,
    pub key: String,
    pub pfx: String,
    pub answer: serde_json::Value,
}

impl TestCa {
    /// Makes a CA with these further flags of `ca init`.
    pub fn init(flags: &[&str]) -> Self {
        TestCa::named("Interoperability Test CA", flags)
    }

    pub fn of_key(kind: &KeyType) -> Self {
        println!("key type {}", kind.name); // shown with a failure: tests that loop over key types say where they were
        TestCa::init(kind.flags)
    }

    pub fn named(cn: &str, flags: &[&str]) -> Self {
        let dir = TestDir::new();
        let path = dir.path("ca");
        gsec(&["ca", "init", "--ca-dir", &path, "--cn", cn])
            .args(flags)
            .run()
            .ok();
        TestCa {
            certificate: format!("{path}/ca_conf/ca_cert.pem"),
            key: format!("{path}/ca_conf/ca_priv_key.pem"),
            path,
            dir,
        }
    }

    /// The path of a file in `ca_conf`.
    pub fn conf(&self, name: &str) -> String {
        format!("{}/ca_conf/{name}", self.path)
    }

    /// A gsec call on this CA.
    pub fn gsec(&self, args: &[&str]) -> Call {
        gsec(args).args(&["--ca-dir", &self.path])
    }

    /// An `openssl ca` call as an administrator types it: in the CA directory, with the configuration that gsec wrote.
    pub fn openssl_ca(&self, args: &[&str]) -> Call {
        super::openssl(&["ca", "-batch", "-config", "ca_conf/ca.conf"])
            .args(args)
            .in_dir(&self.path)
    }

    /// Issues for a host, with these further flags of `cert issue`.
    pub fn issue(&self, host: &str, flags: &[&str]) -> HostFiles {
        issue(&self.path, host, flags)
    }
}

/// Issues for a host from the CA in `ca_dir`.
pub fn issue(ca_dir: &str, host: &str, flags: &[&str]) -> HostFiles {
    let answer = gsec(&["cert", "issue", "--json", "--ca-dir", ca_dir, "--host", host])
        .args(flags)
        .run()
        .ok()
        .json();
    HostFiles::from_answer(answer)
}

impl HostFiles {
    /// Reads the paths from the document that `cert issue --json` prints; a file that was not asked for has the empty path.
    pub fn from_answer(answer: serde_json::Value) -> Self {
        let file = |name: &str| answer["files"][name].as_str().unwrap_or_default().to_owned();
        HostFiles {
            serial: answer["serial"].as_str().expect("a serial").to_owned(),
            record: file("certificate"),
            certificate: file("host_certificate"),
            key: file("private_key"),
            pfx: file("pfx"),
            answer,
        }
    }
}
