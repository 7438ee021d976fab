//! `openssl s_server` and `openssl s_client` as TLS peers.

use std::io::{BufReader, Read};
use std::process::ChildStdout;

use super::tls_server::port_listened_on;
use super::{ChildGuard, HostFiles, TlsClient, TlsServer, Verdict, openssl};

/// X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN and X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY.
const UNKNOWN_CA: &[&str] = &["verify error:num=19:", "verify error:num=20:"];

#[derive(Default)]
pub struct OpensslPeer {
    server: Option<(ChildGuard, BufReader<ChildStdout>)>,
    flags: &'static [&'static str],
}

impl OpensslPeer {
    /// With further flags that both commands take, such as a protocol version.
    pub fn with_flags(flags: &'static [&'static str]) -> Self {
        OpensslPeer {
            flags,
            ..OpensslPeer::default()
        }
    }
}

impl TlsServer for OpensslPeer {
    fn serve(&mut self, host: &HostFiles, trust: &str) -> u16 {
        let call = openssl(&[
            "s_server",
            "-accept",
            "127.0.0.1:0",
            "-naccept",
            "1",
            "-rev",
            "-x509_strict",
        ])
        .args(&[
            "-cert",
            &host.certificate,
            "-key",
            &host.key,
            "-CAfile",
            trust,
            "-Verify",
            "3",
            "-verify_return_error",
        ])
        .args(self.flags);
        let mut process = ChildGuard::start(&mut call.streams_joined());
        let mut lines = BufReader::new(process.0.stdout.take().expect("stdout is piped"));
        let port = port_listened_on(&mut lines);
        self.server = Some((process, lines));
        port
    }

    fn served(&mut self) -> Verdict {
        let (mut process, mut lines) = self.server.take().expect("serve comes first");
        let mut said = String::new();
        lines.read_to_string(&mut said).expect("what s_server says");
        process.0.wait().expect("s_server ends after one connection");
        if said.contains("CONNECTION ESTABLISHED") {
            Ok(said)
        } else {
            Err(said)
        }
    }

    fn says_no_certificate(&self) -> &'static [&'static str] {
        &["peer did not return a certificate"]
    }

    fn says_unknown_ca(&self) -> &'static [&'static str] {
        UNKNOWN_CA
    }
}

impl TlsClient for OpensslPeer {
    fn connect(&mut self, port: u16, name: &str, host: Option<&HostFiles>, trust: &str) -> Verdict {
        let own = host.map(|host| ["-cert", &host.certificate, "-key", &host.key]);
        // `CLOSE` makes `s_server -rev` hang up, on which `-ign_eof` waits; the servers of ours hang up after one line.
        let said = openssl(&[
            "s_client",
            "-connect",
            &format!("127.0.0.1:{port}"),
            "-brief",
            "-ign_eof",
            "-x509_strict",
        ])
        .args(&[
            "-servername",
            name,
            "-verify_hostname",
            name,
            "-CAfile",
            trust,
            "-verify_return_error",
        ])
        .args(own.as_ref().map_or(&[], |own| own))
        .args(self.flags)
        .stdin("hello\nCLOSE\n")
        .run();
        let text = format!("{}{}", said.stdout, said.stderr);
        let answered = ["olleh", "welcome"]
            .iter()
            .any(|answer| said.stdout.contains(answer));
        if answered { Ok(text) } else { Err(text) }
    }

    fn says_wrong_name(&self) -> &'static [&'static str] {
        &["verify error:num=62:"]
    }

    fn says_unknown_ca(&self) -> &'static [&'static str] {
        UNKNOWN_CA
    }
}
