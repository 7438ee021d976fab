//! Rehearsal of a handshake: rustls as client and as server, over memory. No socket, no clock: the time is an argument.

mod ends;
mod meeting;
mod words;

use time::OffsetDateTime;

use super::ProtocolVersion;
use gsec_pki::x509::GeneralName;

/// What one end shows of itself.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// The certificates as they are presented, DER; its own first.
    pub chain: &'a [&'a [u8]],
    /// Its private key, PKCS #8.
    pub pkcs8: &'a [u8],
}

/// A client and a server to connect.
#[derive(Clone, Copy)]
pub struct Rehearsal<'a> {
    /// What the server shows.
    pub server: Credentials<'a>,
    /// Whom the server trusts, DER; `None` when it asks for no certificate, else it demands one.
    pub server_trusts: Option<&'a [&'a [u8]]>,
    /// What the client shows, when it has something.
    pub client: Option<Credentials<'a>>,
    /// Whom the client trusts, DER.
    pub client_trusts: &'a [&'a [u8]],
    /// The host the client expects; `None` accepts any.
    pub name: Option<&'a GeneralName>,
    /// The time at both ends.
    pub at: OffsetDateTime,
}

/// A version of the protocol that can be rehearsed: those that rustls speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// TLS 1.2, RFC 5246.
    Tls12,
    /// TLS 1.3, RFC 8446.
    Tls13,
}

impl Version {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tls12 => ProtocolVersion::Tls12.name(),
            Self::Tls13 => ProtocolVersion::Tls13.name(),
        }
    }
}

/// One of the two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// The server.
    Server,
    /// The client.
    Client,
}

impl Party {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
        }
    }

    /// The peer of this side.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Server => Self::Client,
            Self::Client => Self::Server,
        }
    }
}

/// What two ends agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Name of the cipher suite, as IANA has it.
    pub cipher_suite: String,
    /// Name of the group of the key exchange, as IANA has it.
    pub group: String,
}

/// Why a side cannot start the handshake, or ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Its own key cannot be used.
    OwnCredentials,
    /// It cannot read its own certificate, which says nothing of the key.
    OwnCertificate,
    /// Its own key does not belong to its own certificate.
    OwnKey,
    /// It trusts no certificate that can be an anchor.
    OwnTrust,
    /// It requires a certificate, and the peer does not have one.
    NoCertificate,
    /// It does not accept the other end's certificate.
    Certificate,
    /// They have no cipher suite, group or signature scheme in common.
    NothingInCommon,
    /// Something else.
    Other,
}

/// Who refuses, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Who.
    pub by: Party,
    /// Why.
    pub cause: Cause,
    /// Why, in words.
    pub words: String,
}

/// Has the two ends meet: they shake hands and send each other a word, because in TLS 1.3 the client learns only afterwards
/// that the server refused its certificate.
///
/// # Errors
/// [`Refusal`]: who refuses first.
pub fn rehearse(setup: &Rehearsal<'_>, version: Version) -> Result<Agreement, Refusal> {
    let mut server = ends::server(setup, version)?;
    let mut client = ends::client(setup, version)?;
    meeting::hold(&mut client, &mut server)
}

#[cfg(test)]
mod tests {
    use rcgen::{
        BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    };

    use super::*;
    use gsec_pki::x509::GeneralName;

    struct Identity {
        chain: Vec<Vec<u8>>,
        key: Vec<u8>,
    }

    /// A CA with a server and a client.
    struct Scene {
        root: Vec<u8>,
        server: Identity,
        client: Identity,
    }

    fn issue(name: &str, usage: ExtendedKeyUsagePurpose, issuer: &CertifiedIssuer<'_, KeyPair>) -> Identity {
        let key = KeyPair::generate().expect("key");
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.extended_key_usages = vec![usage];
        let certificate = params.signed_by(&key, issuer).expect("certificate");
        Identity {
            chain: vec![certificate.der().to_vec()],
            key: key.serialize_der(),
        }
    }

    fn scene() -> Scene {
        let mut params = CertificateParams::new(Vec::<String>::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("key")).expect("root");
        Scene {
            root: root.der().to_vec(),
            server: issue("db1.example.com", ExtendedKeyUsagePurpose::ServerAuth, &root),
            client: issue("app7.example.com", ExtendedKeyUsagePurpose::ClientAuth, &root),
        }
    }

    /// How the two meet in each version.
    struct Meeting<'a> {
        server: &'a Identity,
        server_trusts: Option<&'a [u8]>,
        client: Option<&'a Identity>,
        client_trusts: &'a [u8],
        name: Option<&'a str>,
        at: OffsetDateTime,
    }

    impl Meeting<'_> {
        fn outcomes(&self) -> Vec<Result<Agreement, Refusal>> {
            let chain = |identity: &Identity| identity.chain.clone();
            let (server_chain, client_chain) =
                (chain(self.server), self.client.map(chain).unwrap_or_default());
            let server_chain: Vec<&[u8]> = server_chain.iter().map(Vec::as_slice).collect();
            let client_chain: Vec<&[u8]> = client_chain.iter().map(Vec::as_slice).collect();
            let name = self
                .name
                .map(|name| GeneralName::parse_host(name).expect("a host"));
            let server_trusts = self.server_trusts.map(|root| [root]);
            let setup = Rehearsal {
                server: Credentials {
                    chain: &server_chain,
                    pkcs8: &self.server.key,
                },
                server_trusts: server_trusts.as_ref().map(|roots| roots.as_slice()),
                client: self.client.map(|client| Credentials {
                    chain: &client_chain,
                    pkcs8: &client.key,
                }),
                client_trusts: &[self.client_trusts],
                name: name.as_ref(),
                at: self.at,
            };
            [Version::Tls12, Version::Tls13]
                .into_iter()
                .map(|version| rehearse(&setup, version))
                .collect()
        }

        #[track_caller]
        fn agrees(&self) {
            assert!(self.outcomes().iter().all(Result::is_ok), "{:?}", self.outcomes());
        }

        #[track_caller]
        fn is_refused(&self, by: Party, cause: Cause) {
            for outcome in self.outcomes() {
                assert!(
                    outcome
                        .as_ref()
                        .is_err_and(|refusal| (refusal.by, refusal.cause) == (by, cause)),
                    "{outcome:?}"
                );
            }
        }
    }

    fn meeting(scene: &Scene) -> Meeting<'_> {
        Meeting {
            server: &scene.server,
            server_trusts: Some(&scene.root),
            client: Some(&scene.client),
            client_trusts: &scene.root,
            name: Some("db1.example.com"),
            at: OffsetDateTime::now_utc(),
        }
    }

    #[test]
    fn a_good_pair_agrees_in_both_versions() {
        let scene = scene();
        meeting(&scene).agrees();
        Meeting {
            client: None,
            server_trusts: None,
            name: None,
            ..meeting(&scene)
        }
        .agrees();
        let agreed = meeting(&scene).outcomes().remove(1).expect("an agreement");
        assert!(
            agreed.cipher_suite.starts_with("TLS_") && !agreed.group.is_empty(),
            "{agreed:?}"
        );
    }

    #[test]
    fn each_end_refuses_what_it_must() {
        let (ours, theirs) = (scene(), scene());
        Meeting {
            name: Some("db2.example.com"),
            ..meeting(&ours)
        }
        .is_refused(Party::Client, Cause::Certificate);
        Meeting {
            client_trusts: &theirs.root,
            ..meeting(&ours)
        }
        .is_refused(Party::Client, Cause::Certificate);
        Meeting {
            client_trusts: &theirs.root,
            name: None,
            ..meeting(&ours)
        }
        .is_refused(Party::Client, Cause::Certificate);
        Meeting {
            server_trusts: Some(&theirs.root),
            ..meeting(&ours)
        }
        .is_refused(Party::Server, Cause::Certificate);
        Meeting {
            client: None,
            ..meeting(&ours)
        }
        .is_refused(Party::Server, Cause::NoCertificate);
        Meeting {
            server: &ours.client,
            name: None,
            ..meeting(&ours)
        }
        .is_refused(Party::Client, Cause::Certificate);
        Meeting {
            client: Some(&ours.server),
            ..meeting(&ours)
        }
        .is_refused(Party::Server, Cause::Certificate);
        Meeting {
            client_trusts: b"no certificate",
            ..meeting(&ours)
        }
        .is_refused(Party::Client, Cause::OwnTrust);
    }

    #[test]
    fn own_key_and_certificate_are_looked_at_before_anybody_connects() {
        let scene = scene();
        let mixed = |key: &[u8]| Identity {
            chain: scene.server.chain.clone(),
            key: key.to_vec(),
        };
        Meeting {
            server: &mixed(&scene.client.key),
            ..meeting(&scene)
        }
        .is_refused(Party::Server, Cause::OwnKey);
        Meeting {
            server: &mixed(b"no key"),
            ..meeting(&scene)
        }
        .is_refused(Party::Server, Cause::OwnCredentials);
    }

    #[test]
    fn time_is_the_one_that_is_given() {
        let scene = scene();
        let long_ago = OffsetDateTime::from_unix_timestamp(0).expect("a time");
        Meeting {
            at: long_ago,
            ..meeting(&scene)
        }
        .is_refused(Party::Client, Cause::Certificate);
    }
}
