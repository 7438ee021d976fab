//! TLS between two implementations, with a certificate on both ends: what must hold, and what must be refused.

use std::net::TcpStream;

use super::{HostFiles, KeyType, TestCa, key_type};

/// What one end says of a connection: the other end's subject, or why there is no connection.
pub type Verdict = Result<String, String>;

/// A TLS server of some implementation. It always demands a client certificate.
pub trait TlsServer {
    /// Listens on loopback for one connection, trusting clients of the CA in `trust` only, and tells the port.
    fn serve(&mut self, host: &HostFiles, trust: &str) -> u16;

    /// What became of that connection; waits for it.
    fn served(&mut self) -> Verdict;

    /// How this implementation says that the client sent no certificate.
    fn says_no_certificate(&self) -> &'static [&'static str];

    /// How this implementation says that the certificate is of no CA that it trusts: it depends on whether the other end sent its root along.
    fn says_unknown_ca(&self) -> &'static [&'static str];
}

/// A TLS client of some implementation. It always checks the server's name.
pub trait TlsClient {
    /// Connects to loopback, where it expects the host `name` under the CA in `trust`, and talks to it.
    fn connect(&mut self, port: u16, name: &str, host: Option<&HostFiles>, trust: &str) -> Verdict;

    /// How this implementation says that the certificate is for another name.
    fn says_wrong_name(&self) -> &'static [&'static str];

    /// As for a server.
    fn says_unknown_ca(&self) -> &'static [&'static str];
}

/// The certificates that a TLS test plays with: a server and a client of one CA, and a stranger of another.
pub struct Stage {
    pub ca: TestCa,
    pub other_ca: TestCa,
    pub server: HostFiles,
    pub client: HostFiles,
    pub stranger: HostFiles,
}

const SERVER_NAME: &str = "db1.example.com";
const CLIENT_NAME: &str = "app7.example.com";

impl Stage {
    pub fn of_key(kind: &KeyType) -> Self {
        Stage::under(TestCa::of_key(kind), kind)
    }

    /// With a CA that admits only names like those of the stage; its constraints are critical, so that whoever does not know them must refuse.
    pub fn under_name_constraints() -> Self {
        let ca = TestCa::init(&[
            "--key-type",
            "p256",
            "--permit-dns",
            "example.com",
            "--permit-ip",
            "192.0.2.0/24",
        ]);
        Stage::under(ca, key_type("p256"))
    }

    fn under(ca: TestCa, kind: &KeyType) -> Self {
        let other_ca = TestCa::named("Another Authority", &["--key-type", "p256"]);
        Stage {
            server: ca.issue(SERVER_NAME, kind.flags),
            client: ca.issue(CLIENT_NAME, kind.flags),
            stranger: other_ca.issue(CLIENT_NAME, &["--key-type", "p256"]),
            ca,
            other_ca,
        }
    }
}

/// Both ends accept each other, exchange data, and each saw the certificate of the other.
#[track_caller]
pub fn mutual_tls_holds(server: &mut dyn TlsServer, client: &mut dyn TlsClient, stage: &Stage) {
    let (by_client, by_server) = Meeting {
        server,
        client,
        stage,
    }
    .verdicts(SERVER_NAME, Some(&stage.client), &stage.ca.certificate);
    let both = || format!("client: {by_client:?}\nserver: {by_server:?}");
    assert!(
        by_client
            .as_ref()
            .is_ok_and(|subject| subject.contains(SERVER_NAME)),
        "the client does not accept\n{}",
        both()
    );
    assert!(
        by_server
            .as_ref()
            .is_ok_and(|subject| subject.contains(CLIENT_NAME)),
        "the server does not accept\n{}",
        both()
    );
}

/// Each end refuses what it must, and for that very reason.
#[track_caller]
pub fn every_refusal_holds(server: &mut dyn TlsServer, client: &mut dyn TlsClient, stage: &Stage) {
    let (wrong_name, unknown_server) = (client.says_wrong_name(), client.says_unknown_ca());
    let (no_certificate, unknown_client) = (server.says_no_certificate(), server.says_unknown_ca());
    let mut meeting = Meeting {
        server,
        client,
        stage,
    };
    meeting.client_refuses("db2.example.com", &stage.ca.certificate, wrong_name);
    meeting.client_refuses(SERVER_NAME, &stage.other_ca.certificate, unknown_server);
    meeting.server_refuses(None, no_certificate);
    meeting.server_refuses(Some(&stage.stranger), unknown_client);
}

/// The two ends of a connection, and the certificates between which a test chooses.
struct Meeting<'a> {
    server: &'a mut dyn TlsServer,
    client: &'a mut dyn TlsClient,
    stage: &'a Stage,
}

impl Meeting<'_> {
    /// What the client says and what the server says, when the client expects `name` and comes as `host`.
    fn verdicts(&mut self, name: &str, host: Option<&HostFiles>, trust: &str) -> (Verdict, Verdict) {
        let port = self.server.serve(&self.stage.server, &self.stage.ca.certificate);
        let by_client = self.client.connect(port, name, host, trust);
        // A client that stumbled over its own files never called. Then this call ends the server's waiting.
        drop(TcpStream::connect(("127.0.0.1", port)));
        (by_client, self.server.served())
    }

    #[track_caller]
    fn client_refuses(&mut self, name: &str, trust: &str, reasons: &[&str]) {
        let (by_client, _) = self.verdicts(name, Some(&self.stage.client), trust);
        assert!(
            is_for(&by_client, reasons),
            "the client should refuse with one of {reasons:?}: {by_client:?}"
        );
    }

    #[track_caller]
    fn server_refuses(&mut self, host: Option<&HostFiles>, reasons: &[&str]) {
        let (by_client, by_server) = self.verdicts(SERVER_NAME, host, &self.stage.ca.certificate);
        assert!(
            is_for(&by_server, reasons),
            "the server should refuse with one of {reasons:?}: {by_server:?}"
        );
        assert!(
            by_client.is_err(),
            "the client got an answer all the same: {by_client:?}"
        );
    }
}

/// A test must not pass on a refusal for another reason than the one it is about.
fn is_for(verdict: &Verdict, reasons: &[&str]) -> bool {
    verdict
        .as_ref()
        .is_err_and(|why| reasons.iter().any(|reason| why.contains(reason)))
}
