//! A CA directory as the old scripts left it at a site of 2008.
//!
//! What is old about it: SHA-1 signatures, `unique_subject = yes`, no subjectAltName, a text dump before each PEM block, PKCS #1 keys,
//! loose file modes, two OUs in the CA's name, no keyUsage in the CA certificate, serials that cross 0F → 10, `*.old` side files,
//! one certificate expired and one revoked. What is missing: `gsec.toml`, `crl.num`, `audit.log`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use super::machine::copy_tree;
use super::{Call, Outcome, TestDir, Tree, gsec, openssl};

/// One host of the old CA: serial, first label, and the CN, which is a short name for one of them.
pub const HOSTS: [(&str, &str, &str); 4] = [
    ("0E", "confserv1", "confserv1.example.com"), // valid
    ("0F", "dbserver1", "dbserver1"),             // valid
    ("10", "tserver1", "tserver1.example.com"),   // expired
    ("11", "urs1", "urs1.example.com"),           // revoked
];

const CA_SUBJECT: &str = "/C=US/ST=CA/L=Springfield/O=Old Contact Centre/OU=Voice/OU=Platform/CN=Basic Certification Authority/emailAddress=pki@example.com";
const TEN_YEARS: [&str; 2] = ["-days", "3650"];
const LONG_PAST: [&str; 4] = ["-startdate", "20240101000000Z", "-enddate", "20240410000000Z"];

const CA_CONF: &str = "\
[ca]
default_ca = old_scripts
[old_scripts]
database = ca_conf/ca.db
serial = ca_conf/serial.num
certificate = ca_conf/ca_cert.pem
private_key = ca_conf/ca_priv_key.pem
new_certs_dir = repository
default_md = sha1
default_days = 100
policy = any_name
x509_extensions = host
[any_name]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = supplied
emailAddress = optional
[host]
basicConstraints = CA:FALSE
extendedKeyUsage = serverAuth, clientAuth, emailProtection
[root]
basicConstraints = CA:TRUE
subjectKeyIdentifier = hash
[req]
prompt = no
distinguished_name = given_on_the_command_line
[given_on_the_command_line]
CN = unused
";

/// An old CA directory; it ends with the test.
pub struct OldCa {
    pub dir: TestDir,
    pub path: String,
    pub certificate: String,
}

impl OldCa {
    /// A copy of the one that is made once in a run of the tests.
    pub fn new() -> Self {
        static MADE: OnceLock<OldCa> = OnceLock::new();
        let old = OldCa::at("old");
        copy_tree(
            Path::new(&MADE.get_or_init(OldCa::made).path),
            Path::new(&old.path),
        );
        old
    }

    /// Makes one with OpenSSL, as the scripts did.
    fn made() -> Self {
        let old = OldCa::at("old");
        for name in ["", "ca_conf", "repository"] {
            fs::create_dir(Path::new(&old.path).join(name)).expect("a new directory");
        }
        old.make_root();
        HOSTS
            .iter()
            .for_each(|(serial, label, cn)| old.make_host(serial, label, cn));
        old.openssl_ca(&["-revoke", "repository/11.pem", "-crl_reason", "keyCompromise"])
            .ok();
        old.openssl_ca(&["-updatedb"]).ok();
        old.loosen_modes();
        old
    }

    fn at(name: &str) -> Self {
        let dir = TestDir::new();
        let path = dir.path(name);
        OldCa {
            certificate: format!("{path}/ca_conf/ca_cert.pem"),
            path,
            dir,
        }
    }

    /// The path of a file in the CA directory.
    pub fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.path)
    }

    /// The certificate that the host with this number in [`HOSTS`] was given.
    pub fn host_certificate(&self, number: usize) -> String {
        let (serial, label, _) = HOSTS[number];
        self.file(&format!("repository/{serial}_{label}_cert.pem"))
    }

    /// Runs gsec on this CA.
    pub fn gsec(&self, args: &[&str]) -> Outcome {
        gsec(args).args(&["--ca-dir", &self.path]).run()
    }

    /// Runs `openssl ca` as the old scripts did, with the directory's own configuration.
    pub fn openssl_ca(&self, args: &[&str]) -> Outcome {
        openssl(&["ca", "-batch", "-config", "ca_conf/ca.conf"])
            .args(args)
            .in_dir(&self.path)
            .run()
    }

    pub fn tree(&self) -> Tree {
        Tree::of(&self.path)
    }

    fn make_root(&self) {
        fs::write(self.file("ca_conf/ca.conf"), CA_CONF).expect("ca.conf");
        fs::write(self.file("ca_conf/ca.db"), "").expect("ca.db");
        fs::write(self.file("ca_conf/serial.num"), "0E\n").expect("serial.num");
        self.openssl(&[
            "genrsa",
            "-traditional",
            "-out",
            "ca_conf/ca_priv_key.pem",
            "2048",
        ])
        .run()
        .ok();
        self.openssl(&[
            "req",
            "-x509",
            "-new",
            "-sha1",
            "-days",
            "7300",
            "-key",
            "ca_conf/ca_priv_key.pem",
        ])
        .args(&[
            "-config",
            "ca_conf/ca.conf",
            "-extensions",
            "root",
            "-subj",
            CA_SUBJECT,
            "-out",
            "ca_conf/ca_cert.pem",
        ])
        .run()
        .ok();
    }

    fn make_host(&self, serial: &str, label: &str, cn: &str) {
        let file = |kind: &str| format!("repository/{serial}_{label}_{kind}");
        let (key, certificate, request) = (
            file("priv_key.pem"),
            file("cert.pem"),
            self.dir.path("request.pem"),
        );
        let subject = format!("/C=US/O=Old Contact Centre/CN={cn}");
        let dates: &[&str] = if label == "tserver1" {
            &LONG_PAST
        } else {
            &TEN_YEARS
        };
        self.make_host_key(&key);
        self.openssl(&[
            "req",
            "-new",
            "-config",
            "ca_conf/ca.conf",
            "-key",
            &key,
            "-subj",
            &subject,
            "-out",
            &request,
        ])
        .run()
        .ok();
        self.openssl_ca(&[&["-in", &request, "-out", &certificate], dates].concat())
            .ok();
        self.openssl(&[
            "pkcs12",
            "-export",
            "-legacy",
            "-passout",
            "pass:",
            "-inkey",
            &key,
            "-in",
            &certificate,
        ])
        .args(&["-certfile", "ca_conf/ca_cert.pem", "-out", &file("cert.pfx")])
        .run()
        .ok();
    }

    /// All hosts share the key of the first: making keys is what takes the time, and no test looks at that.
    fn make_host_key(&self, key: &str) {
        let first = self.file(&format!("repository/{}_{}_priv_key.pem", HOSTS[0].0, HOSTS[0].1));
        if Path::new(&first).exists() {
            fs::copy(first, self.file(key)).expect("a copy of the key");
        } else {
            self.openssl(&["genrsa", "-traditional", "-out", key, "2048"])
                .run()
                .ok();
        }
    }

    fn openssl(&self, args: &[&str]) -> Call {
        openssl(args).in_dir(&self.path)
    }

    /// The OpenSSL of that age wrote keys with what the umask left.
    fn loosen_modes(&self) {
        for dir in ["ca_conf", "repository"] {
            set_mode(Path::new(&self.file(dir)), 0o755);
            fs::read_dir(self.file(dir))
                .expect("a directory")
                .for_each(|entry| set_mode(&entry.expect("an entry").path(), 0o644));
        }
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

/// A second old CA, made by a script beside the project where there is one: other hands, the same traits.
pub fn shared_old_ca() -> Option<OldCa> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/make_old_ca.sh");
    script.exists().then(|| {
        let old = OldCa::at("old");
        let made = Command::new("bash")
            .arg(&script)
            .arg(&old.path)
            .output()
            .expect("bash runs");
        assert!(
            made.status.success(),
            "{} fails: {}",
            script.display(),
            String::from_utf8_lossy(&made.stderr)
        );
        old
    })
}
