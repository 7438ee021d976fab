//! The TLS peers of our own in `tests/java` and `tests/python`: one process each, told what to do line by line.
//!
//! Commands and answers are tab-separated: `serve CERT KEY PFX TRUST` → `port N`, `served` and `connect PORT NAME CERT KEY PFX TRUST` →
//! `ok SUBJECT` or `refused REASON`. Java takes the PFX (under the empty password), Python the PEM files.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Stdio};

use super::{Call, ChildGuard, HostFiles, TlsClient, TlsServer, Verdict, java_class, python};

pub struct WordPeer {
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    words: Words,
    _process: ChildGuard,
}

/// The implementation's own words for each refusal.
struct Words {
    wrong_name: &'static [&'static str],
    unknown_ca: &'static [&'static str],
    no_certificate: &'static [&'static str],
}

impl WordPeer {
    /// Java's TLS (JSSE), in `tests/java/TlsPeer.java`.
    pub fn java() -> Self {
        let words = Words {
            wrong_name: &["No subject alternative DNS name matching"],
            unknown_ca: &["unable to find valid certification path"],
            no_certificate: &["Empty client certificate chain"],
        };
        WordPeer::start(java_class("TlsPeer", &[]), words)
    }

    /// Python's `ssl` module with the default context and strict X.509 checks.
    pub fn python() -> Self {
        let words = Words {
            wrong_name: &["Hostname mismatch"],
            unknown_ca: &[
                "unable to get local issuer certificate",
                "self-signed certificate in certificate chain",
            ],
            no_certificate: &["peer did not return a certificate"],
        };
        WordPeer::start(python("tls_peer.py"), words)
    }

    fn start(call: Call, words: Words) -> Self {
        let mut process = ChildGuard::start(call.into_command().stdin(Stdio::piped()).stdout(Stdio::piped()));
        WordPeer {
            commands: process.0.stdin.take().expect("stdin is piped"),
            answers: BufReader::new(process.0.stdout.take().expect("stdout is piped")),
            words,
            _process: process,
        }
    }

    /// Sends a command and returns the two words of its answer.
    fn ask(&mut self, command: &[&str]) -> (String, String) {
        writeln!(self.commands, "{}", command.join("\t")).expect("the peer listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the peer answers");
        let (kind, text) = answer
            .trim_end()
            .split_once('\t')
            .unwrap_or_else(|| panic!("the peer answers {answer:?} to {command:?}; see its stderr"));
        (kind.to_owned(), text.to_owned())
    }

    fn verdict(&mut self, command: &[&str]) -> Verdict {
        match self.ask(command) {
            (kind, subject) if kind == "ok" => Ok(subject),
            (_, reason) => Err(reason),
        }
    }
}

impl TlsServer for WordPeer {
    fn serve(&mut self, host: &HostFiles, trust: &str) -> u16 {
        let (kind, text) = self.ask(&["serve", &host.certificate, &host.key, &host.pfx, trust]);
        assert_eq!(kind, "port", "the server does not start: {text}");
        text.parse().expect("a port number")
    }

    fn served(&mut self) -> Verdict {
        self.verdict(&["served"])
    }

    fn says_no_certificate(&self) -> &'static [&'static str] {
        self.words.no_certificate
    }

    fn says_unknown_ca(&self) -> &'static [&'static str] {
        self.words.unknown_ca
    }
}

impl TlsClient for WordPeer {
    fn connect(&mut self, port: u16, name: &str, host: Option<&HostFiles>, trust: &str) -> Verdict {
        let [certificate, key, pfx] = host.map_or([""; 3], |host| [&host.certificate, &host.key, &host.pfx]);
        self.verdict(&["connect", &port.to_string(), name, certificate, key, pfx, trust])
    }

    fn says_wrong_name(&self) -> &'static [&'static str] {
        self.words.wrong_name
    }

    fn says_unknown_ca(&self) -> &'static [&'static str] {
        self.words.unknown_ca
    }
}
