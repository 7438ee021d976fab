//! A place where somebody sits and types gsec's commands, and is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{Call, Outcome, TestDir, Tree, gsec};

/// A working directory, with or without a CA in `./gsec-ca`. Paths in arguments and messages are relative to it.
pub struct Scene {
    pub dir: TestDir,
}

impl Scene {
    /// An empty directory.
    pub fn empty() -> Self {
        Scene { dir: TestDir::new() }
    }

    /// With the CA `Test CA` in `./gsec-ca`.
    pub fn with_ca() -> Self {
        Scene::with_ca_of(&[])
    }

    /// With a CA in `./gsec-ca` made with these further flags.
    pub fn with_ca_of(flags: &[&str]) -> Self {
        let scene = Scene::empty();
        scene
            .gsec(&["ca", "init", "--cn", "Test CA", "--key-type", "p256"])
            .args(flags)
            .run()
            .ok();
        scene
    }

    /// With a CA, and `db1.example.com` issued under serial 01.
    pub fn with_host() -> Self {
        let scene = Scene::with_ca();
        scene.issue("db1.example.com", &[]).run().ok();
        scene
    }

    /// A gsec call typed here.
    pub fn gsec(&self, args: &[&str]) -> Call {
        gsec(args).in_dir(self.dir.path(""))
    }

    /// `cert issue` with a key that is quickly made.
    pub fn issue(&self, host: &str, flags: &[&str]) -> Call {
        self.gsec(&["cert", "issue", "--host", host, "--key-type", "p256"])
            .args(flags)
    }

    /// A call of OpenSSL typed here.
    pub fn openssl(&self, args: &[&str]) -> Outcome {
        super::openssl(args).in_dir(self.dir.path("")).run().ok()
    }

    /// A P-256 key of OpenSSL's, in this file.
    pub fn openssl_key(&self, file: &str) {
        let curve = "ec_paramgen_curve:P-256";
        self.openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", curve, "-out", file]);
    }

    /// A root of OpenSSL's in `root.pem`, and `db1.example.com` below it in `host.pem` and `host.key`: arguments for the key of the root, and for
    /// signing with it.
    pub fn signed_by_openssl(key: &[&str], sign: &[&str]) -> Self {
        let scene = Scene::empty();
        scene.openssl(&[&["genpkey", "-out", "root.key"], key].concat());
        scene.openssl_key("host.key");
        let root = [
            "req",
            "-x509",
            "-key",
            "root.key",
            "-subj",
            "/CN=Corp Root",
            "-days",
            "90",
            "-out",
            "root.pem",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
        ];
        scene.openssl(&[&root[..], sign].concat());
        scene.openssl(&[
            "req",
            "-new",
            "-key",
            "host.key",
            "-subj",
            "/CN=db1.example.com",
            "-out",
            "host.csr",
        ]);
        scene.write(
            "extensions",
            "subjectAltName=DNS:db1.example.com\nextendedKeyUsage=serverAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
        );
        let host = [
            "x509",
            "-req",
            "-in",
            "host.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-extfile",
            "extensions",
            "-days",
            "60",
            "-out",
            "host.pem",
        ];
        scene.openssl(&[&host[..], sign].concat());
        scene
    }

    /// Has OpenSSL sign the CSR in `own.csr` with the key of the CA in `./gsec-ca`, past its records, into `out`: with serial number 77, with
    /// these extensions, and with more options of `openssl x509`.
    pub fn sign_past_the_records(&self, out: &str, extensions: Option<&str>, options: &[&str]) {
        let mut sign = vec![
            "x509",
            "-req",
            "-in",
            "own.csr",
            "-CA",
            "gsec-ca/ca_conf/ca_cert.pem",
            "-CAkey",
            "gsec-ca/ca_conf/ca_priv_key.pem",
            "-set_serial",
            "0x77",
            "-days",
            "9",
            "-out",
            out,
        ];
        if let Some(extensions) = extensions {
            self.write("extensions.txt", extensions);
            sign.extend(["-extfile", "extensions.txt"]);
        }
        self.openssl(&[&sign[..], options].concat());
    }

    /// Has `openssl ca` issue for a host in the CA of `./gsec-ca`, with these flags, such as dates in the past. The key is in `key.pem`.
    pub fn sign_with_openssl(&self, host: &str, flags: &[&str]) {
        let subject = format!("/CN={host}");
        let san = format!("subjectAltName=DNS:{host}");
        let key = [
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "key.pem",
            "-out",
            "csr.pem",
        ];
        self.openssl(&[&key[..], &["-subj", &subject, "-addext", &san]].concat());
        let sign = [
            "ca",
            "-batch",
            "-config",
            "ca_conf/ca.conf",
            "-in",
            "../csr.pem",
            "-notext",
        ];
        super::openssl(&[&sign[..], flags].concat())
            .in_dir(self.dir.path("gsec-ca"))
            .run()
            .ok();
    }

    pub fn tree(&self) -> Tree {
        Tree::of(self.dir.path(""))
    }

    pub fn read(&self, name: &str) -> String {
        String::from_utf8(self.read_bytes(name)).unwrap_or_else(|_| panic!("`{name}` is not text"))
    }

    pub fn read_bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.dir.path(name)).unwrap_or_else(|problem| panic!("cannot read `{name}`: {problem}"))
    }

    /// Writes a file, also in place of one that is there.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        if self.exists(name) {
            self.chmod(name, 0o600);
        }
        self.dir.write(name, content);
    }

    pub fn chmod(&self, name: &str, mode: u32) {
        fs::set_permissions(self.dir.path(name), fs::Permissions::from_mode(mode))
            .unwrap_or_else(|problem| panic!("chmod {name}: {problem}"));
    }

    pub fn exists(&self, name: &str) -> bool {
        fs::symlink_metadata(self.dir.path(name)).is_ok()
    }

    /// Replaces text in a file.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let before = self.read(name);
        let after = before.replace(from, to);
        assert_ne!(before, after, "`{from}` is not in `{name}`");
        self.write(name, after);
    }

    /// Asserts that a command is refused: with this exit status, saying exactly this on stderr (`…` stands for anything within a line),
    /// the same under `--json` in one object, showing nothing that could act on a terminal, and leaving every file as it was.
    #[track_caller]
    pub fn refuses(&self, args: &[&str], status: i32, said: &[&str]) {
        self.refuses_with(args, |call| call, status, said);
    }

    /// The same for a call with standard input, environment variables or the like.
    #[track_caller]
    pub fn refuses_with(&self, args: &[&str], with: impl Fn(Call) -> Call, status: i32, said: &[&str]) {
        let before = self.tree();
        let text = with(self.gsec(args)).run().code(status);
        assert_eq!(text.stdout, "", "a refusal leaves stdout empty: {text}");
        let lines: Vec<&str> = text.stderr.lines().collect();
        assert!(
            lines.len() == said.len()
                && lines
                    .iter()
                    .zip(said)
                    .all(|(line, pattern)| reads_as(line, pattern)),
            "wanted {said:#?}, got {text}"
        );
        is_harmless(&text);
        let as_json = || with(self.gsec(args).args(&["--json"])).run().code(status);
        let mut json = as_json();
        // A message may say what time it is, and a second may end between the two calls: then both are made again.
        let mut again = text.stderr.clone();
        for _ in 0..3 {
            if told(&json).iter().eq(again.lines()) {
                break;
            }
            again = with(self.gsec(args)).run().code(status).stderr;
            json = as_json();
        }
        let lines: Vec<&str> = again.lines().collect();
        assert_eq!(told(&json), lines, "JSON says the same as text: {json}");
        is_harmless(&json);
        self.tree().is_unchanged_since(&before);
    }

    /// Asserts that the command line is not understood, for this reason: the first line on stderr, and the message under `--json`.
    #[track_caller]
    pub fn does_not_understand(&self, args: &[&str], reason: &str) {
        let before = self.tree();
        let text = self.gsec(args).run().code(2);
        assert_eq!(text.stdout, "", "a refusal leaves stdout empty: {text}");
        let first = text.stderr.lines().next().unwrap_or_default();
        assert!(
            reads_as(first, &format!("error: {reason}")),
            "wanted `{reason}`, got {text}"
        );
        is_harmless(&text);
        let json = self.gsec(args).args(&["--json"]).run().code(2);
        assert!(
            json.error()["message"]
                .as_str()
                .is_some_and(|message| reads_as(message, reason)),
            "wanted `{reason}`, got {json}"
        );
        assert_eq!(json.error()["code"], "usage", "{json}");
        is_harmless(&json);
        self.tree().is_unchanged_since(&before);
    }
}

/// What an error document says, as the lines of its text form. Also asserts the document's form.
#[track_caller]
fn told(outcome: &Outcome) -> Vec<String> {
    let error = outcome.error();
    let keys: Vec<&str> = error
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys, ["code", "message", "caused_by", "hints"], "{outcome}");
    assert!(
        error["code"].as_str().is_some_and(|code| !code.is_empty()),
        "{outcome}"
    );
    let list = |name: &str| {
        error[name]
            .as_array()
            .expect("a list")
            .iter()
            .map(|entry| entry.as_str().expect("text").to_owned())
            .collect::<Vec<_>>()
    };
    let message = gsec_pki::encoding::visible::visible(error["message"].as_str().expect("text"));
    let causes = list("caused_by")
        .into_iter()
        .map(|cause| format!("  caused by: {}", gsec_pki::encoding::visible::visible(&cause)));
    let hints = list("hints")
        .into_iter()
        .map(|hint| format!("hint: {}", gsec_pki::encoding::visible::visible(&hint)));
    std::iter::once(format!("error: {message}"))
        .chain(causes)
        .chain(hints)
        .collect()
}

/// Nothing in what was printed can move a cursor, recolour a screen or turn the reading direction.
#[track_caller]
pub fn is_harmless(outcome: &Outcome) {
    let dangerous = |text: &str| {
        text.chars()
            .find(|character| *character != '\n' && gsec_pki::encoding::visible::is_dangerous(*character))
    };
    assert_eq!(
        dangerous(&outcome.stdout).or(dangerous(&outcome.stderr)),
        None,
        "{:?}",
        (&outcome.stdout, &outcome.stderr)
    );
}

/// Whether a line is like a pattern in which `…` stands for anything.
pub fn reads_as(line: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    true
}
