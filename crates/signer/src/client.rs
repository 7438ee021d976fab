//! What the CA at work gets its signatures from, where another process has the key.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::confinement::Confinement;
use crate::frame::{read_message, write_message};
use crate::message::{
    Announced, Answer, CertifyResult, MAX_MESSAGE_BYTES, PROTOCOL, Rate, Refusal, Request, digits,
};
use gsec_ca::home::{
    CaKey, CrlIntent, Held, Intent, KeyFiles, KeySource, KeySourceError, NewCaKey, OpenedKey, SigningService,
    StoreError,
};
use gsec_pki::encoding::hex::decode;
use gsec_pki::key::{KeyAlgorithm, KeyError, PublicKey, SignatureAlgorithm, Signer, sha256};
use gsec_pki::x509::{Certificate, RevocationList, SerialNumber, rfc3339};

/// How long an answer may take: a CRL of a million entries is signed in a second.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(120);

/// A signer that does not say in this time whether it would sign does not sign either, as far as anyone can tell.
const LOOK_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a signer that has ended is waited for: who watches it starts it again.
const RETURN_TIMEOUT: Duration = Duration::from_secs(3);
/// How often is looked whether it is back.
const RETURN_LOOK: Duration = Duration::from_millis(20);

/// Why the signer cannot be asked.
#[derive(Debug, Error)]
pub enum ClientError {
    /// There is none, or it went away.
    #[error("cannot reach the signer at `{}`", path.display())]
    Unreachable {
        /// The socket.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It says no.
    #[error("the signer refused: {reason}")]
    Refused {
        /// The name of the reason for scripts.
        code: String,
        /// A sentence without a full stop.
        reason: String,
    },
    /// It says something else than what was asked.
    #[error("the signer at `{}` does not answer as one", .0.display())]
    Confused(PathBuf),
}

impl From<Refusal> for ClientError {
    fn from(Refusal { code, reason, .. }: Refusal) -> Self {
        Self::Refused { code, reason }
    }
}

impl ClientError {
    /// The signer has ended. One that does not answer in time has not: it may yet do what it was asked.
    fn is_of_one_that_ended(&self) -> bool {
        matches!(self, Self::Unreachable { source, .. } if !is_slow(source))
    }
}

/// Whether somebody is there who did not answer in time.
pub fn is_slow(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// What a signer says of itself that would seal the next line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The hash of the first line of its journal, which tells one journal from another; empty before there is a line.
    pub journal: String,
    /// What it has given up, as JSON.
    confinement: Option<String>,
    /// SHA-256 of its `gsec.toml`.
    policy: Option<String>,
}

impl Looked {
    /// What it has given up, as it says; `None` where it does not say.
    pub fn confinement(&self) -> Option<Confinement> {
        serde_json::from_str(self.confinement.as_deref()?).ok()
    }

    /// Whether it decides by this text of `gsec.toml`.
    pub fn decides_by(&self, policy: Option<&str>) -> bool {
        self.policy == digest_of(policy)
    }
}

fn digest_of(policy: Option<&str>) -> Option<String> {
    policy.map(|text| digits(&sha256(text.as_bytes())))
}

/// The key that a signer says it has.
struct Said {
    key: PublicKey,
    /// It was not needed yet since it was said.
    is_fresh: bool,
}

/// The way to a signer.
pub struct Client {
    path: PathBuf,
    stream: Mutex<Option<UnixStream>>,
    public_key: Mutex<Said>,
    /// SHA-256 of its `gsec.toml`.
    policy: Option<String>,
    /// What was sealed last: what `audit.head` is to say, and the signature over it.
    head: Mutex<Option<(Vec<u8>, Vec<u8>)>>,
}

impl Client {
    /// Connects to a signer, and asks which key it has.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn connect(path: &Path) -> Result<Arc<Self>, ClientError> {
        let mut stream = connected(path)?;
        let (key, policy) = greeted(path, &mut stream)?;
        Ok(Arc::new(Self {
            path: path.to_owned(),
            stream: Mutex::new(Some(stream)),
            public_key: Mutex::new(Said { key, is_fresh: true }),
            policy,
            head: Mutex::new(None),
        }))
    }

    /// Asks a signer whether it would seal the next line of the audit log, and waits no longer than it must: for those who say how things are.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn look(path: &Path) -> Result<Looked, ClientError> {
        let mut stream = connected_within(path, LOOK_TIMEOUT)?;
        let policy = match ask(path, &mut stream, &Request::Hello { protocol: PROTOCOL })? {
            Answer::Hello { policy, .. } => policy,
            Answer::Refused(refusal) => return Err(refusal.into()),
            _ => return Err(ClientError::Confused(path.to_owned())),
        };
        match ask(path, &mut stream, &Request::Look {})? {
            Answer::Ready { journal, confinement } => Ok(Looked {
                journal,
                confinement,
                policy,
            }),
            Answer::Refused(refusal) => Err(refusal.into()),
            _ => Err(ClientError::Confused(path.to_owned())),
        }
    }

    /// The key that it has now: `gsec ca rekey` may have given the CA another one since it was asked last. One that does not answer has the one that it had.
    fn present_key(&self) -> PublicKey {
        let mut said = lock(&self.public_key);
        if !std::mem::take(&mut said.is_fresh) {
            let now = connected_within(&self.path, LOOK_TIMEOUT)
                .and_then(|mut stream| greeted(&self.path, &mut stream));
            if let Ok((key, _)) = now {
                said.key = key;
            }
        }
        said.key.clone()
    }

    /// Whether the signer decided by this text of `gsec.toml` when it was connected to.
    pub fn decides_by(&self, policy: Option<&str>) -> bool {
        self.policy == digest_of(policy)
    }

    /// Asks. Where the connection is broken, the signer has ended, and is asked again once it is back: what it sealed and nobody heard of, it
    /// seals again, and what it signed, it does not sign twice.
    fn ask(&self, request: &Request) -> Result<Answer, KeyError> {
        let mut stream = lock(&self.stream);
        let mut asked = match stream.take() {
            Some(open) => self.ask_over(open, request, &mut stream),
            None => self.ask_anew(request, &mut stream),
        };
        if asked.as_ref().is_err_and(ClientError::is_of_one_that_ended) {
            asked = self.ask_anew(request, &mut stream);
        }
        match asked {
            Ok(Answer::Refused(refusal)) => Err(refusal.into()),
            Ok(answer) => Ok(answer),
            Err(error) => Err(signing(&error)),
        }
    }

    /// Asks over a connection, and keeps it where it is of further use.
    fn ask_over(
        &self,
        mut open: UnixStream,
        request: &Request,
        keep: &mut Option<UnixStream>,
    ) -> Result<Answer, ClientError> {
        let answer = ask(&self.path, &mut open, request)?;
        *keep = Some(open);
        Ok(answer)
    }

    /// Asks over a new connection. A signer that is being started is waited for.
    fn ask_anew(&self, request: &Request, keep: &mut Option<UnixStream>) -> Result<Answer, ClientError> {
        let end = Instant::now() + RETURN_TIMEOUT;
        let open = loop {
            match connected(&self.path) {
                Ok(open) => break open,
                Err(error) if Instant::now() >= end => return Err(error),
                Err(_) => std::thread::sleep(RETURN_LOOK),
            }
        };
        self.ask_over(open, request, keep)
    }

    fn confused(&self) -> KeyError {
        signing(&ClientError::Confused(self.path.clone()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl From<Refusal> for KeyError {
    fn from(Refusal { code, reason, rate }: Refusal) -> Self {
        match rate.as_deref().and_then(Rate::parse) {
            None => Self::Refused { code, reason },
            Some(rate) => Self::TooMany {
                profile: rate.profile,
                most: rate.most,
                left: rate.left,
                again_in: rate.again_in,
            },
        }
    }
}

fn signing(error: &ClientError) -> KeyError {
    KeyError::Signing(match error {
        ClientError::Unreachable { source, .. } => format!("{error}: {source}"),
        error => error.to_string(),
    })
}

fn connected(path: &Path) -> Result<UnixStream, ClientError> {
    connected_within(path, ANSWER_TIMEOUT)
}

/// With how long an answer may take.
fn connected_within(path: &Path, within: Duration) -> Result<UnixStream, ClientError> {
    let connect = || {
        let stream = UnixStream::connect(path)?;
        stream.set_read_timeout(Some(within))?;
        stream.set_write_timeout(Some(within))?;
        Ok(stream)
    };
    connect().map_err(|source| unreachable(path, source))
}

/// The key of the signer, and the digest of its policy.
fn greeted(path: &Path, stream: &mut UnixStream) -> Result<(PublicKey, Option<String>), ClientError> {
    let confused = || ClientError::Confused(path.to_owned());
    match ask(path, stream, &Request::Hello { protocol: PROTOCOL })? {
        Answer::Hello {
            protocol: PROTOCOL,
            public_key,
            policy,
        } => {
            let key = decode(&public_key).and_then(|spki| PublicKey::from_spki(&spki).ok());
            Ok((key.ok_or_else(confused)?, policy))
        }
        Answer::Refused(refusal) => Err(refusal.into()),
        _ => Err(confused()),
    }
}

fn unreachable(path: &Path, source: io::Error) -> ClientError {
    ClientError::Unreachable {
        path: path.to_owned(),
        source,
    }
}

fn ask(path: &Path, stream: &mut UnixStream, request: &Request) -> Result<Answer, ClientError> {
    write_message(stream, request, MAX_MESSAGE_BYTES).map_err(|source| unreachable(path, source))?;
    match read_message(stream, MAX_MESSAGE_BYTES) {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => Err(unreachable(path, io::ErrorKind::UnexpectedEof.into())),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err(ClientError::Confused(path.to_owned()))
        }
        Err(error) => Err(unreachable(path, error)),
    }
}

/// The same once more, for each of several that were asked about together.
fn same(error: &KeyError) -> KeyError {
    match error {
        KeyError::Refused { code, reason } => KeyError::Refused {
            code: code.clone(),
            reason: reason.clone(),
        },
        KeyError::Signing(reason) => KeyError::Signing(reason.clone()),
        error => KeyError::Signing(error.to_string()),
    }
}

impl SigningService for Client {
    fn seal_line(&self, before: &str, line: &[u8]) -> Result<Vec<u8>, KeyError> {
        let request = Request::Seal {
            before: before.to_owned(),
            line: String::from_utf8_lossy(line).into_owned(),
        };
        let Answer::Sealed {
            line,
            head,
            head_signature,
        } = self.ask(&request)?
        else {
            return Err(self.confused());
        };
        let (Some(signature), Some(head_signature)) = (decode(&line), decode(&head_signature)) else {
            return Err(self.confused());
        };
        *lock(&self.head) = Some((head.into_bytes(), head_signature));
        Ok(signature)
    }

    fn seal_head(&self, head: &[u8]) -> Result<Vec<u8>, KeyError> {
        match lock(&self.head).take() {
            Some((sealed, signature)) if sealed == head => Ok(signature),
            _ => Err(KeyError::Signing(
                "the signer signs the head of the log with the line that it sealed, and no other".into(),
            )),
        }
    }

    fn expect_room(&self, profile: &str, count: u32) -> Result<(), KeyError> {
        let profile = profile.to_owned();
        match self.ask(&Request::Room { profile, count })? {
            Answer::Ready { .. } => Ok(()),
            _ => Err(self.confused()),
        }
    }

    fn certify(&self, announced: &[(SerialNumber, Intent)]) -> Vec<Result<Certificate, KeyError>> {
        let request = Request::Certify {
            announced: announced
                .iter()
                .map(|(serial, intent)| Announced {
                    serial: serial.to_string(),
                    intent: intent.clone(),
                })
                .collect(),
        };
        let certificate = |result| match result {
            CertifyResult::Certificate(der) => decode(&der)
                .and_then(|der| Certificate::from_der(&der).ok())
                .ok_or_else(|| self.confused()),
            CertifyResult::Refused(refusal) => Err(refusal.into()),
        };
        match self.ask(&request) {
            Ok(Answer::Certified { results }) if results.len() == announced.len() => {
                results.into_iter().map(certificate).collect()
            }
            Ok(_) => announced.iter().map(|_| Err(self.confused())).collect(),
            Err(error) => announced.iter().map(|_| Err(same(&error))).collect(),
        }
    }

    fn sign_crl(&self, crl: &CrlIntent<'_>) -> Result<Vec<RevocationList>, KeyError> {
        let request = Request::Crl {
            former_key: crl.former_key.map(|key| digits(key.spki())),
            number: crl.template.number.to_string(),
            this_update: rfc3339(crl.template.this_update),
            next_update: rfc3339(crl.template.next_update),
            entries: digits(crl.entries),
            published: crl.published.iter().map(|part| digits(part.der())).collect(),
            expired: crl
                .expired
                .iter()
                .map(|certificate| digits(certificate.der()))
                .collect(),
            shards: crl
                .shards
                .iter()
                .map(|shard| (shard.of(), shard.index()))
                .collect(),
        };
        let Answer::Crl { shards, crl: whole } = self.ask(&request)? else {
            return Err(self.confused());
        };
        if shards.len() != crl.shards.len() {
            return Err(self.confused());
        }
        let read = |digits: &String| RevocationList::from_der(&decode(digits)?).ok();
        let signed = shards.iter().chain([&whole]).map(read);
        signed.collect::<Option<_>>().ok_or_else(|| self.confused())
    }
}

/// A key that another process has.
struct Elsewhere {
    key: PublicKey,
    algorithm: SignatureAlgorithm,
}

impl Signer for Elsewhere {
    fn public_key(&self) -> &PublicKey {
        &self.key
    }

    fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, KeyError> {
        Err(KeyError::Signing(
            "the signer has the key, and signs certificates of hosts and of OCSP responders, and CRLs, only: stop it, and use the key file".into(),
        ))
    }
}

/// A [`Client`] as a source of keys.
pub struct RemoteKeys(Arc<Client>);

impl RemoteKeys {
    /// Those of a signer.
    pub fn of(client: Arc<Client>) -> Arc<Self> {
        Arc::new(Self(client))
    }
}

impl KeySource for RemoteKeys {
    fn open(&self, key: CaKey<'_>) -> Result<Option<OpenedKey>, KeySourceError> {
        let key = match key {
            CaKey::Present => self.0.present_key(),
            CaKey::Former(key) => key.clone(),
        };
        let algorithm = SignatureAlgorithm::made_with(&key).ok_or_else(|| KeySourceError::Key {
            place: self.0.path.clone(),
            source: KeyError::AlgorithmUnsupported {
                found: key.type_name(),
            },
        })?;
        Ok(Some(OpenedKey {
            signer: Box::new(Elsewhere { key, algorithm }),
            place: self.0.path.clone(),
            looseness: None,
        }))
    }

    fn make(
        &self,
        _algorithm: KeyAlgorithm,
        _random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<NewCaKey, KeySourceError> {
        Err(KeySourceError::Key {
            place: self.0.path.clone(),
            source: KeyError::Signing("the signer makes no keys: stop it, and use the key file".into()),
        })
    }

    fn expect_unchanged(&self, _held: &Held<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn files(&self) -> Option<&KeyFiles> {
        None
    }

    fn service(&self) -> Option<Arc<dyn SigningService>> {
        Some(self.0.clone())
    }
}
