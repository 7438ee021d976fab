//! Java's key stores: keytool, and `tests/java/KeyStores.java` for what keytool does not do.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::key_store::{Contents, KeyEntry, key_digest};
use super::{Call, ChildGuard, java_class, java_tool};

/// A Java process that does what it is told line by line.
pub struct Java {
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    _process: ChildGuard,
}

static JAVA: Mutex<Option<Java>> = Mutex::new(None);

/// Locks the one Java process of this test program, which starts with the first call and ends with the program.
pub struct JavaGuard(MutexGuard<'static, Option<Java>>);

pub fn java() -> JavaGuard {
    let mut guard = JAVA.lock().unwrap_or_else(PoisonError::into_inner);
    guard.get_or_insert_with(Java::start);
    JavaGuard(guard)
}

/// keytool, with text in UTF-8 whatever the machine's locale is.
pub fn keytool(args: &[&str]) -> Call {
    const SETTINGS: [&str; 3] = [
        "-J-Duser.language=en",
        "-J-Dfile.encoding=UTF-8",
        "-J-Dsun.jnu.encoding=UTF-8",
    ];
    java_tool("keytool")
        .args(&SETTINGS)
        .env("LC_ALL", "C.UTF-8")
        .args(args)
}

impl Java {
    fn start() -> Self {
        let call = java_class("KeyStores", &["-Dsun.jnu.encoding=UTF-8"]).env("LC_ALL", "C.UTF-8");
        let mut process = ChildGuard::start(call.into_command().stdin(Stdio::piped()).stdout(Stdio::piped()));
        Java {
            commands: process.0.stdin.take().expect("stdin is piped"),
            answers: BufReader::new(process.0.stdout.take().expect("stdout is piped")),
            _process: process,
        }
    }
}

impl JavaGuard {
    /// What Java finds in a PKCS #12 file, or why it does not open it.
    pub fn open(&mut self, file: &str, password: Option<&str>) -> Result<Contents, String> {
        let lines = self.ask(&["open", file, &word(password)])?;
        let mut contents = Contents::default();
        for line in lines {
            let words: Vec<&str> = line.split('\t').collect();
            match words[..] {
                ["key", alias, key, chain] => {
                    let chain = chain
                        .split(',')
                        .filter(|thumbprint| !thumbprint.is_empty())
                        .map(str::to_owned)
                        .collect();
                    let key = key_digest(&gsec_pki::encoding::hex::decode(key).expect("hexadecimal digits"));
                    contents.keys.push(KeyEntry {
                        name: alias.into(),
                        key,
                        chain,
                    });
                }
                ["trusted", alias, thumbprint] => contents.trusted.push((alias.into(), thumbprint.into())),
                ["secret", alias, algorithm] => contents.others.push(format!("{alias}: {algorithm}")),
                _ => panic!("Java answers {line:?}"),
            }
        }
        Ok(contents.sorted())
    }

    /// Writes a PKCS #12 file with one key; the key may have a password of its own.
    pub fn write(
        &mut self,
        file: &str,
        passwords: [&str; 2],
        alias: &str,
        key_der: &str,
        chain_pem: &str,
    ) -> Result<(), String> {
        let [of_file, of_key] = passwords.map(|password| word(Some(password)));
        self.ask(&["write", file, &of_file, &of_key, alias, key_der, chain_pem])
            .map(drop)
    }

    /// Whether a TLS client that trusts what is in this file takes a server with this chain: how many CAs it trusts.
    pub fn trust(&mut self, file: &str, password: Option<&str>, chain_pem: &str) -> Result<usize, String> {
        let lines = self.ask(&["trust", file, &word(password), chain_pem])?;
        let count = lines
            .first()
            .and_then(|line| line.strip_prefix("trusts\t"))
            .and_then(|count| count.parse().ok());
        Ok(count.unwrap_or_else(|| panic!("Java answers {lines:?}")))
    }

    fn ask(&mut self, command: &[&str]) -> Result<Vec<String>, String> {
        let java = self.0.as_mut().expect("started with the lock");
        writeln!(java.commands, "{}", command.join("\t")).expect("Java listens");
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            assert_ne!(
                java.answers.read_line(&mut line).expect("Java answers"),
                0,
                "Java has ended; see its stderr"
            );
            match line.trim_end_matches('\n') {
                "done" => return Ok(lines),
                line => match line.strip_prefix("refused\t") {
                    Some(reason) => return Err(reason.into()),
                    None => lines.push(line.into()),
                },
            }
        }
    }
}

fn word(password: Option<&str>) -> String {
    password.map_or_else(|| "-".into(), |password| format!("={password}"))
}
