//! A database of NSS, the library of Firefox and of Red Hat's directory servers.

use super::pfx::sha256;
use super::{Call, Outcome, TestDir, tool};

/// An NSS database of one's own, without a password.
pub struct NssDatabase {
    pub dir: TestDir,
}

impl NssDatabase {
    pub fn new() -> Self {
        let database = NssDatabase { dir: TestDir::new() };
        database.certutil(&["-N", "--empty-password"]).ok();
        database
    }

    /// Trusts the CA for servers and clients.
    pub fn trusting(ca_certificate: &str) -> Self {
        let database = NssDatabase::new();
        database.add_ca("trusted CA", ca_certificate);
        database
    }

    pub fn add_ca(&self, nickname: &str, certificate: &str) {
        self.certutil(&["-A", "-n", nickname, "-t", "CT,,", "-a", "-i", certificate])
            .ok();
    }

    pub fn location(&self) -> String {
        format!("sql:{}", self.dir.path(""))
    }

    pub fn certutil(&self, args: &[&str]) -> Outcome {
        in_utf8("certutil")
            .args(args)
            .args(&["-d", &self.location()])
            .run()
    }

    pub fn import(&self, pfx: &str, password: &str) -> Outcome {
        in_utf8("pk12util")
            .args(&["-i", pfx, "-d", &self.location(), "-W", password])
            .run()
    }

    /// Writes a PKCS #12 file with what goes by this nickname: every key, its certificate, and the issuers.
    pub fn export(&self, nickname: &str, pfx: &str, password: &str, flags: &[&str]) -> Outcome {
        in_utf8("pk12util")
            .args(&["-o", pfx, "-n", nickname, "-d", &self.location(), "-W", password])
            .args(flags)
            .run()
    }

    /// As in `NSS 3.87`.
    pub fn version(&self) -> String {
        let listed = tool("modutil")
            .args(&["-list", "-dbdir", &self.location()])
            .run()
            .ok();
        let (_, version) = listed
            .stdout
            .split_once("library-version=")
            .unwrap_or_else(|| panic!("no version in {listed}"));
        format!("NSS {}", version.lines().next().unwrap_or_default())
    }

    /// Identifier and nickname of each private key, sorted.
    pub fn keys(&self) -> Vec<(String, String)> {
        let listed = self.certutil(&["-K"]);
        let mut keys: Vec<_> = listed
            .stdout
            .lines()
            .filter(|line| line.starts_with('<'))
            .map(key)
            .collect();
        keys.sort();
        keys
    }

    /// SHA-256 of the certificate with this nickname.
    pub fn thumbprint(&self, nickname: &str) -> String {
        sha256(&self.certutil(&["-L", "-n", nickname, "-r"]).ok().stdout_bytes)
    }

    /// SHA-256 of every certificate; `None` for one without a name, because certutil gives out none such.
    pub fn thumbprints(&self) -> Vec<Option<String>> {
        let listed = self.certutil(&["-L"]).ok();
        // Nickname and trust, with as many blanks between them as there is room for; a head of two lines comes first.
        let entries = listed
            .stdout
            .lines()
            .filter(|line| line.matches(',').count() >= 2 && !line.contains("SSL,S/MIME"));
        let nicknames = entries.filter_map(|line| Some(line.trim_end().rsplit_once(' ')?.0.trim_end()));
        nicknames
            .map(|nickname| (nickname != "(NULL)").then(|| self.thumbprint(nickname)))
            .collect()
    }

    /// What NSS calls the certificate that it has a key for.
    pub fn nickname_of_own(&self) -> String {
        let listed = self.certutil(&["-L"]).ok();
        let own = listed.stdout.lines().find_map(|line| line.strip_suffix("u,u,u"));
        own.unwrap_or_else(|| panic!("no certificate with a key: {listed}"))
            .trim_end()
            .to_owned()
    }

    pub fn verify(&self, nickname: &str, usage: &str) -> Outcome {
        self.certutil(&["-V", "-e", "-n", nickname, "-u", usage]) // -e: check the signatures too
    }
}

/// `< 0> rsa      fd5556bb15a932f60b3de7e6aedc39b160afd52d   db1.example.com`
fn key(line: &str) -> (String, String) {
    let id = line
        .split_whitespace()
        .find(|word| word.len() == 40)
        .unwrap_or_else(|| panic!("no identifier in {line:?}"));
    let (_, nickname) = line.split_once(id).expect("it is there");
    (id.to_owned(), nickname.trim().to_owned())
}

/// NSS takes passwords and nicknames in the encoding of the locale.
fn in_utf8(program: &str) -> Call {
    tool(program).env("LC_ALL", "C.UTF-8")
}
