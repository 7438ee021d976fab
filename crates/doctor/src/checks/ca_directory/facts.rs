//! What is looked at in a CA directory: plain values, each part by itself, so that what is missing stops nothing else.

use std::path::PathBuf;

use time::OffsetDateTime;

use super::places::{ExposedPlace, Place, RepositoryPlaces};
use gsec_ca::policy::{PolicyError, PolicyNotice};
use gsec_pki::encoding::pem::Oddity;
use gsec_pki::encoding::sample::Sample;
use gsec_pki::key::{KeyForm, SignatureCheck};
use gsec_pki::x509::{Certificate, SerialNumber};

/// Whether a folder waits that would give the CA another key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeoverState {
    /// The file is missing.
    None,
    /// The CA began it, and the next command finishes it.
    Unfinished,
    /// It has encrypted keys, which only a command with their passphrase can show to be the CA's.
    Sealed,
    /// A directory with this name exists, and this CA did not create it.
    Foreign {
        /// The folder.
        path: PathBuf,
        /// What shows it.
        problem: String,
    },
}

/// A part of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<T> {
    /// It is there and was read.
    Read(T),
    /// There is nothing of its name.
    Missing,
    /// A symbolic link, a directory or a device in place of the file; [`Place`] has details.
    Irregular,
    /// It is there, and who asks may not read it; [`Facts::forbidden`] has all of them.
    Forbidden,
    /// It is there, and does not read.
    Unreadable(String),
}

impl<T> Part<T> {
    /// What was read.
    pub fn read(&self) -> Option<&T> {
        match self {
            Self::Read(content) => Some(content),
            _ => None,
        }
    }
}

/// What is wrong with `ca_bundle.pem`, which peers trust while certificates of former keys are in use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bundle {
    /// The file.
    pub path: PathBuf,
    /// What is wrong; `None` when nothing is.
    pub problem: Option<String>,
    /// Whether all former keys are proven, so that the file can be written anew without losing a root.
    pub can_be_written: bool,
}

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The CA directory.
    pub root: PathBuf,
    /// `ca_conf/`.
    pub conf: PathBuf,
    /// `repository/`.
    pub repository: PathBuf,
    /// `ca_cert.pem`.
    pub certificate: PathBuf,
    /// `ca_req.pem`.
    pub request: PathBuf,
    /// `ca_priv_key.pem`.
    pub key: PathBuf,
    /// `ca.db`.
    pub index: PathBuf,
    /// `ca.db.attr`.
    pub index_attributes: PathBuf,
    /// `serial.num`.
    pub serial: PathBuf,
    /// `crl.num`.
    pub crl_number: PathBuf,
    /// `ca_crl.pem`.
    pub crl: PathBuf,
    /// `ca.conf`.
    pub openssl_configuration: PathBuf,
    /// `gsec.toml`.
    pub policy: PathBuf,
    /// `audit.log`.
    pub audit_log: PathBuf,
    /// `.hosts.idx`.
    pub host_index: PathBuf,
}

/// A CA directory, looked at.
#[derive(Debug, Clone)]
pub struct Facts {
    /// When.
    pub now: OffsetDateTime,
    /// What was made later than that.
    pub later: Vec<Later>,
    /// Where everything is.
    pub paths: Paths,
    /// Whether it waits for its certificate.
    pub is_waiting: bool,
    /// Whether a change of key was decided and is not finished.
    pub changeover: ChangeoverState,
    /// Whether gsec made this CA or has adopted it; the old scripts left neither policy nor log.
    pub is_adopted: bool,
    /// What shows that there was a `gsec.toml`, where there is none.
    pub lost_policy: Option<&'static str>,
    /// Whether serial numbers are drawn at random.
    pub serials_are_random: bool,
    /// The CA certificate and its issuers, in file order; at least one.
    pub certificates: Part<Vec<Certificate>>,
    /// The CA key.
    pub key: Part<KeyState>,
    /// Where the signer listens, when that is a directory of its own, as the link in `ca_conf/` says.
    pub signer_apart: Option<PathBuf>,
    /// Keys that the CA had before.
    pub previous: Vec<PreviousKey>,
    /// What is under `previous/` and is not proven to be such a key.
    pub foreign_roots: Vec<ForeignRoot>,
    /// Former keys that only the audit log tells of.
    pub lost_keys: Vec<LostKey>,
    /// The user whose directory it is, where that is neither root nor who looks.
    pub other_owner: Option<u32>,
    /// `ca_bundle.pem`.
    pub bundle: Bundle,
    /// Certificates in `ca_cert.pem` that are not on the path of the CA certificate to its root.
    pub off_path: Vec<Certificate>,
    /// Whether the others lead from the CA certificate to a root, in whatever order they stand.
    pub reaches_root: bool,
    /// The CRLs: the CA's own first, then those of keys before.
    pub crls: Vec<Crl>,
    /// Parts of the CRL that clients cannot use, each with what is wrong with it.
    pub faulty_crl_parts: Sample<(String, String)>,
    /// Whether certificates that are issued now name the whole CRL, and could name a part of it.
    pub names_whole_crl: bool,
    /// Where certificates that are issued now say that the CRL is.
    pub crl_addresses: Sample<String>,
    /// Files and folders with their modes.
    pub places: Vec<Place>,
    /// Files and folders that who asks may not read, each with the number of its owner.
    pub forbidden: Vec<(PathBuf, u32)>,
    /// Through which places another user could exchange the CA.
    pub exposures: Vec<ExposedPlace>,
    /// What of the repository is more open than it should be.
    pub repository: Part<RepositoryPlaces>,
    /// The disk; `None` where the system does not tell.
    pub disk: Option<Disk>,
    /// What is to change, and is marked immutable.
    pub immutable: Vec<PathBuf>,
    /// What is to change and not only to grow, and is marked append-only.
    pub append_only: Vec<PathBuf>,
    /// `serial.num`.
    pub serial: Part<Number>,
    /// `crl.num`.
    pub crl_number: Part<Number>,
    /// `ca.db`, compared with the repository, the audit log and the CRL.
    pub index: Part<Index>,
    /// What `ca.db.attr` says of `unique_subject`.
    pub unique_subject: Part<Option<bool>>,
    /// `audit.log`.
    pub log: Part<Log>,
    /// What calls left that were killed.
    pub leftovers: Leftovers,
    /// Files that programs other than gsec cannot load as they are written.
    pub odd_forms: Vec<OddForm>,
    /// What is particular about the CA's key as it is written.
    pub key_forms: Vec<KeyForm>,
    /// Who holds the lock, when it was held for a second.
    pub lock_holder: Option<String>,
    /// Whether the cache of hosts is sound; `None` without one.
    pub host_index_is_sound: Option<bool>,
    /// What is wrong with `gsec.toml`.
    pub policy_problem: Option<PolicyError>,
    /// What is legal in `gsec.toml`, but may not mean what its author thinks.
    pub policy_notices: Vec<PolicyNotice>,
    /// `ca.conf`: settings that lead elsewhere than they should.
    pub openssl_configuration: Part<Vec<Setting>>,
}

impl Facts {
    /// The CA certificate.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificates
            .read()
            .and_then(|certificates| certificates.first())
    }
}

/// Something in the directory that says a later time than this machine's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// What it is, in words.
    pub what: String,
    /// Whether it is the CRL.
    pub is_crl: bool,
    /// Time in the entry.
    pub at: OffsetDateTime,
}

/// The CA key, looked at without a passphrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// It is encrypted, and stays closed.
    Encrypted,
    /// It is not encrypted, and has this public key, as SHA-256 of SubjectPublicKeyInfo.
    Open {
        /// The digest.
        pin: [u8; 32],
    },
}

/// A key that the CA had before.
#[derive(Debug, Clone)]
pub struct PreviousKey {
    /// Its root certificate.
    pub certificate: Certificate,
    /// Its file, when it is there.
    pub key: Option<PathBuf>,
    /// What is wrong with the key file, as far as can be seen without a passphrase.
    pub key_problem: Option<String>,
    /// Its `new_with_old.pem`.
    pub cross: PathBuf,
    /// What is wrong with that.
    pub cross_problem: Option<&'static str>,
}

/// A folder under `previous/` whose certificate is not trusted.
#[derive(Debug, Clone)]
pub struct ForeignRoot {
    /// Whether the folder is missing, and the audit log shows that there was one.
    pub is_lost: bool,
    /// The folder.
    pub folder: PathBuf,
    /// Why.
    pub problem: String,
}

/// A key of the CA's before a change of key, of which nothing is left.
#[derive(Debug, Clone)]
pub struct LostKey {
    /// Its folder, where the audit log says which it was.
    pub folder: PathBuf,
    /// When it was changed, as the log says.
    pub changed: String,
}

/// A CRL of the CA's.
#[derive(Debug, Clone)]
pub struct Crl {
    /// The file.
    pub path: PathBuf,
    /// Whether it is that of the present key.
    pub is_current: bool,
    /// What it says.
    pub part: Part<CrlContent>,
}

/// What a CRL says.
#[derive(Debug, Clone)]
pub struct CrlContent {
    /// When it was made.
    pub this_update: OffsetDateTime,
    /// When the next is due.
    pub next_update: Option<OffsetDateTime>,
    /// Its number.
    pub number: Option<SerialNumber>,
    /// Its version as people count.
    pub version: u32,
    /// Whether the key signed it that should; `None` without a certificate to check it with.
    pub signature: Option<SignatureCheck>,
    /// The algorithm of its signature.
    pub signature_algorithm: String,
    /// Revoked certificates in date that it lacks.
    pub missing: Sample<SerialNumber>,
    /// Certificates in date that it lists as on hold, and `ca.db` as released, or revoked for good.
    pub not_on_hold: Sample<SerialNumber>,
}

/// The file system that a directory is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disk {
    /// Free space, in bytes.
    pub free_bytes: u64,
    /// Free inodes; `None` if the file system does not limit them.
    pub free_files: Option<u64>,
    /// Whether it is read-only.
    pub is_read_only: bool,
}

/// The content of `serial.num` or `crl.num`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The text without its line end.
    pub text: String,
    /// The number; `None` if the text is not a serial number.
    pub value: Option<SerialNumber>,
}

/// What was found in `ca.db`.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// Records.
    pub records: u64,
    /// When the file was last changed.
    pub changed: Option<OffsetDateTime>,
    /// Whether the last line lacks its newline.
    pub is_torn: bool,
    /// Whether that line counts all the same: it is a whole record.
    pub torn_counts: bool,
    /// Lines that are not as OpenSSL writes them.
    pub bad_lines: Sample<BadLine>,
    /// Serial numbers that occur more than once, with their lines.
    pub duplicates: Sample<Duplicate>,
    /// Subjects with several valid certificates; looked for only where subjects are to be unique.
    pub duplicate_subjects: Sample<String>,
    /// Records marked valid that have expired.
    pub expired_valid: u64,
    /// The highest serial number of a record or file that a sequential CA counts on from.
    pub highest: Option<SerialNumber>,
    /// Revoked records that have not expired.
    pub revoked: u64,
    /// Records that have not expired, revoked ones too.
    pub live: u64,
    /// Valid records without the CA's copy of the certificate.
    pub without_file: Sample<LoneRecord>,
    /// Certificates without a record.
    pub without_record: Sample<LoneCertificate>,
    /// How many certificates were compared with their records.
    pub compared: u64,
    /// Files of those that were to be compared that who asks may not read, each with the number of its owner.
    pub forbidden: Vec<(PathBuf, u32)>,
    /// Whether one of those that were compared, and are valid, goes with this serial number of the CA certificate only.
    pub has_bound: bool,
    /// Certificates that are not as their record says.
    pub differing: Sample<Difference>,
    /// Certificates that the log or a CRL says are revoked, and that `ca.db` has otherwise.
    pub lost_revocations: Sample<LostRevocation>,
    /// Certificates that the log announces, that are not revoked, and that have neither record nor file.
    pub lost_records: Sample<LostRecord>,
    /// Valid certificates of keys that were revoked as compromised, with the certificates that were.
    pub compromised_keys: Sample<CompromisedCertificate>,
    /// Certificates that were revoked for their keys, and of whose keys nothing is known any more.
    pub unknown_compromised: Sample<SerialNumber>,
    /// Valid certificates of hosts that are about the key of a CA; of many certificates as many as were compared.
    pub ca_keys: Sample<SerialNumber>,
    /// Valid certificates that are of no key that is known, where the CA had keys of which nothing is left; of as many as were compared.
    pub of_lost_keys: Sample<SerialNumber>,
    /// Valid certificates with names that a CA of their path does not permit, and the first such name in words; of as many as were compared.
    pub outside_constraints: Sample<(SerialNumber, String)>,
    /// Valid records that end after the CA.
    pub outliving: Sample<SerialNumber>,
    /// Valid records that end within [`EXPIRING_WITHIN`] and whose subject has none that lasts longer.
    pub expiring: Sample<Expiring>,
}

/// What counts as expiring soon.
pub const EXPIRING_WITHIN: time::Duration = time::Duration::days(30);

impl Index {
    /// The first line that is no record, and may be one of any certificate.
    pub fn first_unreadable(&self) -> Option<&BadLine> {
        self.bad_lines.first.iter().find(|line| {
            matches!(
                line.kind,
                BadLineKind::Unreadable | BadLineKind::UnreadableRevocation
            )
        })
    }
}

/// A line of `ca.db` that is not a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub problem: String,
    /// What it is all the same.
    pub kind: BadLineKind,
}

/// What a line of `ca.db` is that is not as OpenSSL writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadLineKind {
    /// No record at all, and nothing that looks like a revocation.
    Unreadable,
    /// Nothing but blanks.
    Blank,
    /// It says that a certificate is revoked, or may say so, but the serial number cannot be read.
    UnreadableRevocation,
    /// A record of this serial number, which gsec reads.
    Record(SerialNumber),
}

/// A serial number that occurs in `ca.db` more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The number.
    pub serial: SerialNumber,
    /// Its lines by number, and what each says of it in words.
    pub lines: Vec<(u64, String)>,
    /// Whether one of them is revoked.
    pub is_revoked: bool,
}

/// A valid record without the CA's copy of its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoneRecord {
    /// The serial number.
    pub serial: SerialNumber,
    /// The subject, as the record says it.
    pub subject: String,
    /// A file of the host's that has the certificate.
    pub copy: Option<PathBuf>,
    /// Whether there is any file of this serial number.
    pub has_files: bool,
    /// When the audit log announces it; `None` when it does not.
    pub announced: Option<OffsetDateTime>,
}

/// A certificate in the repository without a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoneCertificate {
    /// The file.
    pub path: PathBuf,
    /// The subject; `None` when it does not read.
    pub subject: Option<String>,
    /// Whether this CA's key, or one that it had before, signed it.
    pub is_ours: bool,
}

/// A certificate that is not as its record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The serial number in the record, which is the name of the file.
    pub serial: SerialNumber,
    /// The file.
    pub path: PathBuf,
    /// What differs.
    pub kind: DifferenceKind,
    /// Where the certificate of the record is once more: a file of its host in the repository.
    pub copy: Option<PathBuf>,
    /// A name beside it that nothing has.
    pub aside: PathBuf,
}

/// How a certificate differs from its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DifferenceKind {
    /// The file does not read as a certificate.
    Damaged(String),
    /// It is the certificate of another issuer.
    Issuer(String),
    /// None of the CA's keys signed it.
    Signature,
    /// A file of the host's, in the same folder, that does not belong to it: what it holds.
    HostFile(&'static str),
    /// It has another serial number.
    Serial(SerialNumber),
    /// It ends at another time.
    Expiry {
        /// As the record says.
        record: OffsetDateTime,
        /// As the certificate says.
        certificate: OffsetDateTime,
    },
    /// It has another subject.
    Subject {
        /// As the record says.
        record: String,
        /// As the certificate says.
        certificate: String,
    },
}

/// A revocation that `ca.db` does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostRevocation {
    /// The certificate.
    pub serial: SerialNumber,
    /// Who knows it.
    pub source: RevocationSource,
    /// What `ca.db` has.
    pub found: FoundInstead,
}

/// What `ca.db` has in place of a revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundInstead {
    /// A record that is not revoked.
    NotRevoked,
    /// No record.
    NoRecord,
    /// A weaker reason, or a hold.
    WeakerReason,
}

/// A certificate that the audit log announces, without a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostRecord {
    /// Its serial number.
    pub serial: SerialNumber,
    /// When it was announced.
    pub announced: Option<OffsetDateTime>,
}

/// A valid certificate of a key that was revoked as compromised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompromisedCertificate {
    /// The certificate.
    pub serial: SerialNumber,
    /// The certificate of the same key that was revoked.
    pub revoked: SerialNumber,
}

/// Who says that a certificate was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationSource {
    /// The audit log.
    Log,
    /// A CRL.
    Crl,
    /// A comment in `ca.db` that was a record.
    Comment,
}

/// A certificate that expires soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiring {
    /// The serial number.
    pub serial: SerialNumber,
    /// The subject.
    pub subject: String,
    /// When.
    pub expiry: OffsetDateTime,
    /// Whether it is the certificate of a CA below; known of those that are named.
    pub is_authority: bool,
}

/// What was found in `audit.log`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// What is wrong first: the chain does not hold, a signature is missing or not the CA key's, lines were cut off.
    pub broken: Option<String>,
    /// Whether the last line lacks its newline.
    pub is_torn: bool,
    /// Records that the audit log should announce but does not; records older than the log do not count.
    pub unannounced: Sample<String>,
    /// Revocations that the audit log should mention but does not; those older than the log do not count.
    pub unannounced_revocations: Sample<String>,
    /// Whether the CA key signed in `audit.head` how far the log had come, and it has come so far.
    pub end_is_vouched_for: bool,
    /// The largest serial number that it announces and that a sequential CA counts on from.
    pub largest_announced: Option<SerialNumber>,
    /// The largest number of a CRL in it.
    pub crl_number: Option<SerialNumber>,
}

/// A file that gsec reads and not every program loads.
#[derive(Debug, Clone)]
pub struct OddForm {
    /// The file.
    pub path: PathBuf,
    /// The line of the block, and what is odd about it; `None` where the file is DER under a name that says PEM.
    pub oddity: Option<(usize, Oddity)>,
}

/// What calls left that were killed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leftovers {
    /// gsec's own temporary files, older than an hour.
    pub ours: Sample<PathBuf>,
    /// Folders that gsec had not finished, older than an hour: they may hold a key, and are not removed by `--fix`.
    pub folders: Sample<PathBuf>,
    /// Temporary files of `openssl ca`.
    pub openssl: Sample<PathBuf>,
}

/// A setting of `ca.conf` that leads elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// The configured value.
    pub value: String,
    /// The expected value.
    pub expected: String,
}
