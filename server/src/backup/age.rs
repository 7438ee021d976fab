//! Files in the age format, version 1 (C2SP, `age-encryption.org/v1`): encrypted for the holders of keys, or under a passphrase. The library of this name
//! would bring a second generation of every cryptographic crate, and its texts in several languages; the format is small, and the primitives are those of
//! [`gsec_pki::key::envelope`].

use std::io::{self, BufRead, Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use thiserror::Error;
use zeroize::Zeroizing;

use super::bech32;
use gsec_pki::key::envelope::{
    ChunkCipher, Secret32, TAG_BYTES, X25519Key, authentication_code, derive_key, has_code,
};
use gsec_pki::pbe::scrypt_key;

const INTRODUCTION: &str = "age-encryption.org/v1";
const OF_X25519: &str = "age-encryption.org/v1/X25519";
const OF_SCRYPT: &str = "age-encryption.org/v1/scrypt";
/// The cost of a passphrase, as `age` has it: about a second, and 256 MiB.
const LOG_N: u8 = 18;
/// What is encrypted as one.
const CHUNK: usize = 64 * 1024;
const FILE_KEY: usize = 16;
const NONCE: usize = 16;
/// Body lines of a header have no more columns, and the last one fewer.
const COLUMNS: usize = 64;
/// The longest header, and the most recipients in it.
const MAX_HEADER: usize = 64 * 1024;
const MAX_STANZAS: usize = 256;

/// Why a file does not open.
#[derive(Debug, Error)]
pub enum AgeError {
    /// It cannot be read.
    #[error("cannot read the file")]
    Io(#[from] io::Error),
    /// It is no age file, or one of another version.
    #[error("it is not a file in the age format: {0}")]
    Header(&'static str),
    /// It is for others.
    #[error("it is encrypted for another key")]
    OtherKey,
    /// The passphrase opens nothing.
    #[error("the passphrase is wrong")]
    Passphrase,
    /// It is under a passphrase, and a key was given; or the other way round.
    #[error("{}", if *has_passphrase { "it is encrypted under a passphrase" } else { "it is encrypted for a key, not under a passphrase" })]
    OtherLock {
        /// Whether it is under a passphrase.
        has_passphrase: bool,
    },
    /// The passphrase would take more memory than is spent on it.
    #[error("its passphrase has a cost of 2^{0}, and at most 2^20 is spent")]
    Cost(u32),
    /// The header was changed.
    #[error("the header was changed")]
    Changed,
}

/// Whoever may open a file, by the public half of a key: `age1…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient([u8; 32]);

impl Recipient {
    /// Reads `age1…`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = bech32::decode("age", text)?;
        // A secret key is none: it has another prefix.
        Some(Self(bytes.as_slice().try_into().ok()?))
    }
}

impl std::fmt::Display for Recipient {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&bech32::encode("age", &self.0))
    }
}

/// A key that opens files: `AGE-SECRET-KEY-1…`.
pub struct Identity(X25519Key);

impl Identity {
    /// Reads the keys of a file as `age-keygen` writes it: one a line, and comments. `None` where a line is something else, or there is none.
    pub fn parse_all(text: &str) -> Option<Vec<Self>> {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let all: Option<Vec<Self>> = lines.map(Self::parse).collect();
        all.filter(|all| !all.is_empty())
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes = bech32::decode("age-secret-key-", text)?;
        let bytes: Secret32 = Zeroizing::new(bytes.as_slice().try_into().ok()?);
        X25519Key::from_bytes(&bytes).map(Self)
    }

    /// Its public half.
    pub fn recipient(&self) -> Recipient {
        Recipient(*self.0.public())
    }
}

/// Who is to open a file.
pub enum Lock {
    /// Each holder of one of these keys.
    Recipients(Vec<Recipient>),
    /// Whoever knows the passphrase.
    Passphrase(Zeroizing<String>),
}

/// What a file is opened with.
pub enum Opener {
    /// Keys, of which one fits.
    Identities(Vec<Identity>),
    /// A passphrase.
    Passphrase(Zeroizing<String>),
}

struct Stanza {
    words: Vec<String>,
    body: Vec<u8>,
}

impl Stanza {
    fn text(&self) -> String {
        let mut text = format!("-> {}\n", self.words.join(" "));
        let body = STANDARD_NO_PAD.encode(&self.body);
        let mut rest = body.as_str();
        while rest.len() >= COLUMNS {
            let (line, after) = rest.split_at(COLUMNS);
            text.push_str(line);
            text.push('\n');
            rest = after;
        }
        text.push_str(rest);
        text.push('\n');
        text
    }
}

/// No key encrypts two things: one number is enough.
fn wrapped(key: &Secret32, file_key: &[u8]) -> Vec<u8> {
    let mut body = file_key.to_vec();
    ChunkCipher::new(key).seal([0; 12], &mut body);
    body
}

fn unwrapped(key: &Secret32, body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut body = Zeroizing::new(body.to_vec());
    // A body that is longer could be made to open with several keys.
    if body.len() != FILE_KEY + TAG_BYTES {
        return None;
    }
    ChunkCipher::new(key).open([0; 12], &mut body)?;
    Some(body)
}

fn for_recipient(recipient: &Recipient, file_key: &[u8], secret: &Secret32) -> Option<Stanza> {
    let ephemeral = X25519Key::from_bytes(secret)?;
    let shared = ephemeral.agree(&recipient.0)?;
    let salt = [ephemeral.public().as_slice(), &recipient.0].concat();
    let key = derive_key(shared.as_slice(), &salt, OF_X25519.as_bytes());
    Some(Stanza {
        words: vec!["X25519".into(), STANDARD_NO_PAD.encode(ephemeral.public())],
        body: wrapped(&key, file_key),
    })
}

fn for_passphrase(passphrase: &str, file_key: &[u8], salt: &[u8]) -> Option<Stanza> {
    let salted = [OF_SCRYPT.as_bytes(), salt].concat();
    let key = scrypt_key(passphrase.as_bytes(), &salted, LOG_N)?;
    Some(Stanza {
        words: vec!["scrypt".into(), STANDARD_NO_PAD.encode(salt), LOG_N.to_string()],
        body: wrapped(&key, file_key),
    })
}

fn payload_cipher(file_key: &[u8], nonce: &[u8]) -> ChunkCipher {
    ChunkCipher::new(&derive_key(file_key, nonce, b"payload"))
}

/// The number of a chunk: its place, and whether it is the last.
fn number(count: u64, is_last: bool) -> [u8; 12] {
    let mut number = [0; 12];
    number[3..11].copy_from_slice(&count.to_be_bytes());
    number[11] = u8::from(is_last);
    number
}

/// Encrypts what is written. Without [`Encryptor::finish`] the file is incomplete, and says so to whoever opens it.
pub struct Encryptor<W> {
    out: W,
    cipher: ChunkCipher,
    chunk: Vec<u8>,
    count: u64,
}

impl<W: Write> Encryptor<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// As writing; of kind `InvalidInput` for a recipient that is no point to agree with.
    pub fn begin(mut out: W, lock: &Lock, random: &mut dyn FnMut(&mut [u8])) -> io::Result<Self> {
        let mut file_key = Zeroizing::new([0; FILE_KEY]);
        random(file_key.as_mut_slice());
        let stanzas: Option<Vec<Stanza>> = match lock {
            Lock::Recipients(recipients) => {
                let stanzas = recipients.iter().map(|recipient| {
                    let mut secret = Zeroizing::new([0; 32]);
                    random(secret.as_mut_slice());
                    for_recipient(recipient, file_key.as_slice(), &secret)
                });
                stanzas.collect()
            }
            Lock::Passphrase(passphrase) => {
                let mut salt = [0; 16];
                random(&mut salt);
                for_passphrase(passphrase, file_key.as_slice(), &salt).map(|stanza| vec![stanza])
            }
        };
        let stanzas = stanzas
            .filter(|stanzas| !stanzas.is_empty())
            .ok_or(io::ErrorKind::InvalidInput)?;
        let stanzas: String = stanzas.iter().map(Stanza::text).collect();
        let header = format!("{INTRODUCTION}\n{stanzas}---");
        let of_header = derive_key(file_key.as_slice(), &[], b"header");
        let code = STANDARD_NO_PAD.encode(authentication_code(&of_header, header.as_bytes()));
        let mut nonce = [0; NONCE];
        random(&mut nonce);
        out.write_all(format!("{header} {code}\n").as_bytes())?;
        out.write_all(&nonce)?;
        Ok(Self {
            out,
            cipher: payload_cipher(file_key.as_slice(), &nonce),
            chunk: Vec::with_capacity(CHUNK + TAG_BYTES),
            count: 0,
        })
    }

    fn put(&mut self, is_last: bool) -> io::Result<()> {
        self.cipher.seal(number(self.count, is_last), &mut self.chunk);
        self.count += 1;
        self.out.write_all(&self.chunk)?;
        self.chunk.clear();
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// As writing.
    pub fn finish(mut self) -> io::Result<W> {
        self.put(true)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Encryptor<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The last chunk is full too where the length fits: it is put when more comes.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            self.put(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The header of a file.
struct Header {
    stanzas: Vec<Stanza>,
    text: Vec<u8>,
    code: Vec<u8>,
}

fn line(from: &mut dyn BufRead, left: &mut usize) -> Result<String, AgeError> {
    let mut line = Vec::new();
    let limit = u64::try_from(*left).unwrap_or(u64::MAX);
    from.take(limit).read_until(b'\n', &mut line)?;
    *left -= line.len();
    if line.pop() != Some(b'\n') {
        return Err(AgeError::Header("its header does not end"));
    }
    String::from_utf8(line).map_err(|_| AgeError::Header("its header is not text"))
}

fn base64(text: &str) -> Result<Vec<u8>, AgeError> {
    let wrong = |_| AgeError::Header("a value in its header is not base64");
    STANDARD_NO_PAD.decode(text).map_err(wrong)
}

impl Header {
    fn read(from: &mut dyn BufRead) -> Result<Self, AgeError> {
        let mut left = MAX_HEADER;
        let introduction = line(from, &mut left)?;
        if introduction != INTRODUCTION {
            return Err(AgeError::Header("it does not begin as one of version 1"));
        }
        let (mut text, mut stanzas) = (format!("{introduction}\n"), Vec::new());
        loop {
            let read = line(from, &mut left)?;
            if let Some(code) = read.strip_prefix("--- ") {
                text.push_str("---");
                return Ok(Self {
                    stanzas,
                    text: text.into_bytes(),
                    code: base64(code)?,
                });
            }
            let words = read
                .strip_prefix("-> ")
                .ok_or(AgeError::Header("a line of its header is not known"))?;
            let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
            if stanzas.len() == MAX_STANZAS || !words.split(' ').all(|word| is_word(&word)) {
                return Err(AgeError::Header("a recipient in its header is not one"));
            }
            let words = words.split(' ').map(str::to_owned).collect();
            text.push_str(&read);
            text.push('\n');
            let mut body = String::new();
            loop {
                let part = line(from, &mut left)?;
                text.push_str(&part);
                text.push('\n');
                if part.len() > COLUMNS {
                    return Err(AgeError::Header("a line of its header is too long"));
                }
                body.push_str(&part);
                if part.len() < COLUMNS {
                    break;
                }
            }
            stanzas.push(Stanza {
                words,
                body: base64(&body)?,
            });
        }
    }

    fn file_key(&self, opener: &Opener) -> Result<Zeroizing<Vec<u8>>, AgeError> {
        let kind = |stanza: &Stanza| stanza.words.first().cloned().unwrap_or_default();
        let has_passphrase = self.stanzas.iter().any(|stanza| kind(stanza) == "scrypt");
        match opener {
            Opener::Identities(_) if has_passphrase => Err(AgeError::OtherLock { has_passphrase }),
            Opener::Passphrase(_) if !has_passphrase => Err(AgeError::OtherLock { has_passphrase }),
            Opener::Identities(identities) => {
                let of_x25519 = self.stanzas.iter().filter(|stanza| kind(stanza) == "X25519");
                let mut found = of_x25519.flat_map(|stanza| {
                    identities
                        .iter()
                        .filter_map(|identity| opened_with(identity, stanza))
                });
                found.next().ok_or(AgeError::OtherKey)
            }
            // A recipient beside the passphrase would know what is encrypted.
            Opener::Passphrase(passphrase) => match self.stanzas.as_slice() {
                [only] => opened_by(passphrase, only),
                _ => Err(AgeError::Header("beside a passphrase there is no recipient")),
            },
        }
    }
}

fn opened_with(identity: &Identity, stanza: &Stanza) -> Option<Zeroizing<Vec<u8>>> {
    let [_, share] = stanza.words.as_slice() else {
        return None;
    };
    let share: [u8; 32] = STANDARD_NO_PAD.decode(share).ok()?.try_into().ok()?;
    let shared = identity.0.agree(&share)?;
    let salt = [share.as_slice(), identity.0.public()].concat();
    let key = derive_key(shared.as_slice(), &salt, OF_X25519.as_bytes());
    unwrapped(&key, &stanza.body)
}

fn opened_by(passphrase: &str, stanza: &Stanza) -> Result<Zeroizing<Vec<u8>>, AgeError> {
    let [_, salt, cost] = stanza.words.as_slice() else {
        return Err(AgeError::Header("its passphrase has no salt and cost"));
    };
    let salt = base64(salt)?;
    let cost: u32 = match cost.parse() {
        Ok(cost) if salt.len() == 16 => cost,
        _ => return Err(AgeError::Header("its passphrase has no salt and cost")),
    };
    let log_n = u8::try_from(cost).map_err(|_| AgeError::Cost(cost))?;
    let salted = [OF_SCRYPT.as_bytes(), &salt].concat();
    let key = scrypt_key(passphrase.as_bytes(), &salted, log_n).ok_or(AgeError::Cost(cost))?;
    unwrapped(&key, &stanza.body).ok_or(AgeError::Passphrase)
}

/// Decrypts a file as it is read. A file that was changed, or cut, is an error before its end is said.
pub struct Decryptor<R> {
    from: R,
    cipher: ChunkCipher,
    chunk: Vec<u8>,
    read: usize,
    count: u64,
    is_over: bool,
    is_damaged: bool,
}

impl<R: BufRead> Decryptor<R> {
    /// Opens a file.
    ///
    /// # Errors
    /// [`AgeError`].
    pub fn open(mut from: R, opener: &Opener) -> Result<Self, AgeError> {
        let header = Header::read(&mut from)?;
        let file_key = header.file_key(opener)?;
        let of_header = derive_key(file_key.as_slice(), &[], b"header");
        if !has_code(&of_header, &header.text, &header.code) {
            return Err(AgeError::Changed);
        }
        let mut nonce = [0; NONCE];
        from.read_exact(&mut nonce)?;
        Ok(Self {
            from,
            cipher: payload_cipher(file_key.as_slice(), &nonce),
            chunk: Vec::new(),
            read: 0,
            count: 0,
            is_over: false,
            is_damaged: false,
        })
    }

    fn next(&mut self) -> io::Result<()> {
        self.chunk.clear();
        self.read = 0;
        let whole = (CHUNK + TAG_BYTES) as u64;
        self.from.by_ref().take(whole).read_to_end(&mut self.chunk)?;
        self.is_over = self.chunk.len() < CHUNK + TAG_BYTES || self.from.fill_buf()?.is_empty();
        let opened = self
            .cipher
            .open(number(self.count, self.is_over), &mut self.chunk);
        // An empty chunk is the whole of an empty file, and nothing else.
        self.is_damaged = opened.is_none() || (self.chunk.is_empty() && self.count > 0);
        self.count += 1;
        Ok(())
    }
}

impl<R: BufRead> Read for Decryptor<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.read == self.chunk.len() && !self.is_over && !self.is_damaged {
            self.next()?;
        }
        if self.is_damaged {
            let problem = "the file was changed, or cut off";
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        let taken = out.len().min(self.chunk.len() - self.read);
        out[..taken].copy_from_slice(&self.chunk[self.read..self.read + taken]);
        self.read += taken;
        Ok(taken)
    }
}
