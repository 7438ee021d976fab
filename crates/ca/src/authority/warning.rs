//! What the CA did, and the user should know.

use std::path::PathBuf;

use thiserror::Error;
use time::OffsetDateTime;

use crate::authority::{FlawedRevocation, LaterThanNow, Unproven};
use crate::files::Exposure;
use crate::home::Looseness;
use crate::policy::{PolicyError, PolicyNotice};
use crate::records::DamagedLine;
use gsec_pki::encoding::sample::{MAX_LISTED, in_words, list_in_words};
use gsec_pki::x509::path::purposes_excluded;
use gsec_pki::x509::{Certificate, ExtendedKeyUsage, SerialNumber, rfc3339};

/// Something odd that did not stop the work. The facts only: what to type about it, the commands say.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Warning {
    /// The CA key can be read by others.
    #[error("the CA's private key `{}` is readable by others (mode {:04o})", .0.path.display(), .0.mode)]
    KeyReadable(Looseness),
    /// The key is another user's: the process that has it signs.
    #[error("the signer at `{}` has the CA key, and signs by its own policy", .0.display())]
    SignerSigns(PathBuf),
    /// The process that has the key has another `gsec.toml` than the CA directory.
    #[error("the signer decides by another gsec.toml than `{}`, by which this command has planned", .0.display())]
    SignerPolicy(PathBuf),
    /// Another user could exchange the CA: what signs or writes is refused.
    #[error("{0}; nothing can be issued or changed here until that is fixed")]
    Exposed(Exposure),
    /// Root works in a CA directory that belongs to another user.
    #[error(
        "the CA directory belongs to user {0}, for whom root acts here: anyone who is that user can replace \
         everything in it"
    )]
    ActsFor(u32),
    /// Root writes into the directory of another user.
    #[error("`{}` belongs to user {owner}, for whom root acts here: the private key that is written there is that user's", path.display())]
    WrittenFor {
        /// The directory.
        path: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// A folder that would change the CA's key was put there by another user.
    #[error("{0}; it is left unchanged")]
    ForeignChangeover(String),
    /// A folder with encrypted keys that would take the places of the CA's, and were not opened.
    #[error("{0}; the present key stays")]
    SealedChangeover(String),
    /// The file of the CA key cannot be read.
    #[error("{0}: it is unknown whether the CA key is encrypted")]
    KeyNotRead(String),
    /// There is no record, and there must be some.
    #[error("`{}` has no record, but the audit log announces certificates: the host may have one", .0.display())]
    RecordsLost(PathBuf),
    /// There is no entry in the audit log, and must be.
    #[error("`{}` is missing or empty, although this CA keeps an audit log", .0.display())]
    AuditLogLost(PathBuf),
    /// A folder that may be of a key that the CA had is not proven to be.
    #[error("`{}` may be of a former key of this CA, and is left out: {problem}", folder.display())]
    FormerKeyLeftOut {
        /// The folder in `previous/`.
        folder: PathBuf,
        /// What it lacks.
        problem: Unproven,
    },
    /// Certificates end after the CA certificate that was accepted.
    #[error("{count} valid certificates expire after this CA certificate, at {}: clients reject them from \
         then on", rfc3339(*not_after))]
    IssuedOutlive {
        /// How many.
        count: u64,
        /// The end of the CA certificate.
        not_after: OffsetDateTime,
    },
    /// The CA certificate that was accepted ends soon.
    #[error("this CA certificate expires at {}", rfc3339(*not_after))]
    AuthorityEndsSoon {
        /// Its end.
        not_after: OffsetDateTime,
    },
    /// The lifetime was cut.
    #[error("the lifetime was cut to the CA's own expiry, {}", rfc3339(*not_after))]
    LifetimeCut {
        /// The end.
        not_after: OffsetDateTime,
    },
    /// The profile's lifetime is more than it inherits as the most that may be requested.
    #[error(
        "the certificate is valid for {days} days, the `max_lifetime_days` that its profile inherits, not \
         {profile_days}"
    )]
    DefaultLifetimeCut {
        /// Days.
        days: u32,
        /// The profile's `lifetime_days`.
        profile_days: u32,
    },
    /// A PFX was not looked into.
    #[error("`{}` does not open with the given password, or with none: its contents were not compared", path.display())]
    PfxNotOpened {
        /// The file.
        path: PathBuf,
    },
    /// A private key that was handed out can be read by every user.
    #[error("`{}` has a private key, and every user can read it", path.display())]
    HandedKeyReadable {
        /// The file.
        path: PathBuf,
    },
    /// The name does not fit into a common name.
    #[error(
        "`{name}` has {length} characters, and a common name can have at most 64: the subject has none, and \
         clients that check only the common name will not match"
    )]
    CommonNameLeftOut {
        /// The name.
        name: String,
        /// Its length.
        length: usize,
    },
    /// An address is no host name, but validators take it for one in a common name.
    #[error(
        "`{address}` is left out of the Subject: validators would take it as a host name there, which the \
         CA's name constraints do not permit"
    )]
    AddressLeftOut {
        /// The address.
        address: String,
    },
    /// The common name is not the host's name.
    #[error(
        "the common name `{common_name}` is not `{host}`: clients that check only the Subject will not match \
         it"
    )]
    CommonNameDiffers {
        /// The common name.
        common_name: String,
        /// The host.
        host: String,
    },
    /// A host name without a dot.
    #[error("`{name}` is not fully qualified: other machines may know the host by another name")]
    NotQualified {
        /// The name.
        name: String,
    },
    /// A wildcard below a single label.
    #[error(
        "`{name}` is a wildcard below a single label: OpenSSL, NSS and rustls do not accept it for any host"
    )]
    WideWildcard {
        /// The name.
        name: String,
    },
    /// A key for RSASSA-PSS alone (id-RSASSA-PSS, RFC 4055 §1.2).
    #[error(
        "the key is for RSASSA-PSS only (id-RSASSA-PSS): programs with rustls, Go, Windows and Java before \
         11 cannot use it"
    )]
    PssOnly,
    /// Ed25519.
    #[error("Ed25519 keys are not supported by Windows, nor by Java before 15")]
    Ed25519,
    /// More than 825 days for a server.
    #[error(
        "the certificate is for a server and is valid for more than 825 days, which Apple systems reject"
    )]
    LongServerLifetime,
    /// A request under SHA-1: the digest protects nothing that is issued, but the program that made it is old.
    #[error("the CSR is signed with {algorithm}: SHA-1 is broken, and the program that made it is outdated")]
    RequestDigest {
        /// The signature algorithm.
        algorithm: String,
    },
    /// A request for a CA certificate.
    #[error("the CSR requests a CA certificate, but this is a host certificate")]
    AuthorityNotGranted,
    /// A torn last line of the index.
    #[error("the last line of ca.db was incomplete, as after a crash, and is now in `{}`", .0.display())]
    TornLine(PathBuf),
    /// `serial.num` was behind.
    #[error("serial.num said {said}, which is already used: continued with {serial}")]
    SerialBehind {
        /// What it said.
        said: SerialNumber,
        /// What was taken.
        serial: SerialNumber,
    },
    /// An RSA size between those that exist.
    #[error("{asked}-bit RSA keys are not supported: the key has {made}")]
    KeySizeRoundedUp {
        /// Requested bits.
        asked: u32,
        /// Bits made.
        made: u32,
    },
    /// A PFX under a password that Java takes for a wrong one.
    #[error("the PFX's password contains non-ASCII characters: no Java can open the file")]
    PasswordNotForJava,
    /// A CA certificate that is issued anew gets a keyUsage.
    #[error(
        "the old CA certificate has no keyUsage; the new one has keyCertSign and cRLSign, as RFC 5280 \
         requires"
    )]
    KeyUsageAdded,
    /// A CA certificate that is issued anew is signed otherwise.
    #[error("the old CA certificate is signed with {before}, the new one with {after}")]
    SignatureChanged {
        /// The old algorithm.
        before: String,
        /// The new one.
        after: String,
    },
    /// A CA certificate that is issued anew lacks an extension.
    #[error(
        "the old CA certificate has an extension {0}, which gsec does not support: the new one does not have \
         it"
    )]
    ExtensionLeftOut(String),
    /// A CA certificate that is issued anew has the number of the old one.
    #[error(
        "both CA certificates have serial number {0}: caches that identify certificates by issuer and serial \
         number confuse them, and NSS rejects the second one"
    )]
    SerialKept(SerialNumber),
    /// Valid certificates that could not be looked at.
    #[error(
        "{0} valid records have no certificate in the repository, or an unreadable one: it is unknown \
         whether they work with the new CA certificate"
    )]
    NotRead(u64),
    /// Names no host in subjectAltName: the common name is taken for it.
    #[error("serial {serial} has no subjectAltName: its common name `{host}` is used as the host")]
    NameFromSubject {
        /// The host.
        host: String,
        /// The certificate.
        serial: SerialNumber,
    },
    /// The private key of a certificate that is renewed is not here, and a new one was made.
    #[error(
        "the private key of serial {serial} is not kept here: the new certificate has a new key, which the host must get as well"
    )]
    KeyElsewhere {
        /// The certificate.
        serial: SerialNumber,
    },
    /// Certificates were revoked for their keys, and are lost.
    #[error(
        "the key could not be compared with {} revoked as compromised: those keys are no longer known",
        serials_in_words(serials)
    )]
    CompromisedKeyUnknown {
        /// These certificates.
        serials: Vec<SerialNumber>,
    },
    /// A CA on the path may issue for other purposes only.
    #[error(
        "the extKeyUsage of the CA certificate `{authority}` does not have {usage}: clients reject certificates for it from this CA"
    )]
    PurposeExcluded {
        /// The CA.
        authority: String,
        /// The purpose.
        usage: ExtendedKeyUsage,
    },
    /// A CA certificate that does not let its key sign CRLs.
    #[error("the certificate's keyUsage does not have cRLSign: clients will reject the CRLs of this CA")]
    NoCrlSign,
    /// The CA above gave another name than was requested.
    #[error("the certificate is for `{given}`, but `{asked}` was requested")]
    OtherName {
        /// The name in the request, or in the certificate until now.
        asked: String,
        /// The name in the certificate.
        given: String,
    },
    /// Something odd about a certificate on the path.
    #[error("`{certificate}`: {message}")]
    OnPath {
        /// Whom the certificate is about.
        certificate: String,
        /// What is odd.
        message: String,
    },
    /// A CA gets under another root.
    #[error(
        "the CA moves from `{from}` to `{to}`: clients that trust only the former reject everything that \
         this CA has issued"
    )]
    MovesUnder {
        /// The root until now, or the last that is known on the way to it.
        from: String,
        /// The root with the new certificate.
        to: String,
    },
    /// `gsec.toml` may not mean what its author thinks.
    #[error("gsec.toml, {0}")]
    Policy(PolicyNotice),
    /// A request that is certified as a CA's does not say that it is for a CA.
    #[error("the CSR does not request a CA certificate")]
    AuthorityNotAsked,
    /// Certificates that do not show which of two CA keys signed them.
    #[error(
        "{0} valid certificates do not say which key signed them: a client that has both roots, which have \
         the same name, may try only the wrong one (OpenSSL does)"
    )]
    Unidentified(u64),
    /// Something in the CA directory was made later than this machine says it is now.
    #[error("this machine's clock says {}, but {later}", rfc3339(*now))]
    ClockBehind {
        /// What the clock says.
        now: OffsetDateTime,
        /// What is later.
        later: LaterThanNow,
    },
    /// Lines of `ca.db` that revoke certificates and are not as OpenSSL writes them.
    #[error("lines of ca.db are damaged, but what they revoke is in the CRL anyway: {}", flawed_lines(*count, first))]
    FlawedRevocations {
        /// The CA directory.
        ca_dir: PathBuf,
        /// How many.
        count: u64,
        /// The first of them.
        first: Vec<FlawedRevocation>,
    },
    /// Lines of `ca.db` that are no records. None of them looks like a revocation.
    #[error(
        "lines of ca.db cannot be read, and their contents are not in the CRL: {}",
        unreadable_lines(lines)
    )]
    UnreadableLines {
        /// The CA directory.
        ca_dir: PathBuf,
        /// The lines.
        lines: Vec<DamagedLine>,
    },
    /// Nothing was made for so long that this machine's clock is more likely ahead.
    #[error("this machine's clock says {}, but the last item made here, {}, is from {}", rfc3339(*now), last.what, rfc3339(last.at))]
    LongAgo {
        /// What the clock says.
        now: OffsetDateTime,
        /// What was made last.
        last: LaterThanNow,
    },
    /// Other certificates of a key that was revoked as compromised.
    #[error(
        "the key is compromised, and is also in other valid certificates: serial {}",
        listed(serials)
    )]
    SameKey {
        /// Their serial numbers.
        serials: Vec<SerialNumber>,
    },
    /// Which certificates have a compromised key cannot be told.
    #[error("it is unknown whether the compromised key is also in other valid certificates: {why}")]
    SameKeyUnknown {
        /// What cannot be read.
        why: String,
    },
    /// Certificates that the CRL or the audit log has as revoked, or as revoked for a stronger reason, and ca.db has not.
    #[error(
        "the previous CRL or the audit log lists revocations that ca.db has lost, and so does the new CRL: \
         serial {}",
        listed(serials)
    )]
    KeptInCrl {
        /// The CA directory.
        ca_dir: PathBuf,
        /// Their serial numbers.
        serials: Vec<SerialNumber>,
    },
    /// What was revoked may be unknown.
    #[error("{problem}, and no later CRL was here: the new CRL may leave out what was revoked")]
    RevocationsUnknown {
        /// What shows that.
        problem: String,
    },
    /// Whether the certificate that is there was revoked may be unknown.
    #[error("{problem}, and no later CRL is here: whether this certificate was revoked is not known")]
    RevocationUndetermined {
        /// What shows that.
        problem: String,
    },
    /// What the present certificate has, and an order leaves out, cannot be issued.
    #[error("what serial {serial} has can no longer be issued, and the defaults are used instead: {problem}")]
    PresentNotPermitted {
        /// The serial number of the present certificate.
        serial: SerialNumber,
        /// What policy says of it.
        problem: String,
    },
    /// A CRL that a former key should have signed.
    #[error("the CRL of a former key, `{}`, was not made: {problem}", path.display())]
    FormerCrlMissing {
        /// Where it would be.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// A server has the key open, by the former passphrase.
    #[error(
        "the server that runs opened the CA key with the former passphrase: it issues nothing more once it opens the key again, as after `gsec ca renew`"
    )]
    ServedByFormerPassphrase,
    /// The certificates of a key that is about to be a former one name an address at which another CRL will be.
    #[error(
        "certificates that the present key signed name `{0}`, where the CRL of the new key will be: programs that require a CRL reject them from then on, until they are issued again"
    )]
    FormerCrlAddress(String),
    /// `gsec.toml` is missing, and this file of the CA shows that there was one.
    #[error(
        "gsec.toml is missing, but this CA had one ({0} shows it): nothing is issued until it is restored"
    )]
    PolicyMissing(&'static str),
    /// `gsec.toml` does not read.
    #[error("gsec.toml{}; nothing is issued until that is fixed", .0.after_name())]
    PolicyDamaged(PolicyError),
    /// `gsec.toml` is lost or does not read, and the CRL's lifetime with it.
    #[error(
        "`crl_days` of gsec.toml is not known ({problem}): the next CRL is due in {days} days, the default"
    )]
    DefaultCrlLifetime {
        /// The default.
        days: u32,
        /// What is wrong with the file.
        problem: String,
    },
    /// The directory was made by the old scripts.
    #[error("this CA directory was made by the old scripts, and contains no gsec policy file")]
    NotAdopted,
}

/// The first few, and how many there are.
fn serials_in_words(serials: &[SerialNumber]) -> String {
    const NAMED: usize = 3;
    format!("serial {}", list_in_words(serials, NAMED))
}

impl Warning {
    /// The purposes that a CA of the path cannot issue for.
    pub(in crate::authority) fn of_excluded_purposes<'a>(
        path: impl Iterator<Item = &'a Certificate>,
        usages: &[ExtendedKeyUsage],
    ) -> Vec<Self> {
        let of_one = |(authority, usage): (&Certificate, &ExtendedKeyUsage)| Self::PurposeExcluded {
            authority: authority.subject().to_string(),
            usage: usage.clone(),
        };
        purposes_excluded(path, usages).into_iter().map(of_one).collect()
    }

    /// That there are such certificates, if there are.
    pub(super) fn of_unknown_keys(serials: Vec<SerialNumber>) -> Option<Self> {
        (!serials.is_empty()).then_some(Self::CompromisedKeyUnknown { serials })
    }

    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyReadable(_) => "key_readable_by_others",
            Self::Exposed(_) => "exposed_to_others",
            Self::ActsFor(_) => "acts_for_another_user",
            Self::SignerSigns(_) => "signer_signs",
            Self::SignerPolicy(_) => "signer_has_another_policy",
            Self::WrittenFor { .. } => "written_for_another_user",
            Self::ForeignChangeover(_) => "foreign_changeover",
            Self::SealedChangeover(_) => "sealed_changeover",
            Self::KeyNotRead(_) => "key_not_read",
            Self::RecordsLost(_) => "records_lost",
            Self::AuditLogLost(_) => "audit_log_lost",
            Self::FormerKeyLeftOut { .. } => "former_key_left_out",
            Self::IssuedOutlive { .. } => "issued_outlive_ca",
            Self::AuthorityEndsSoon { .. } => "ca_ends_soon",
            Self::LifetimeCut { .. } => "lifetime_cut",
            Self::DefaultLifetimeCut { .. } => "default_lifetime_cut",
            Self::PfxNotOpened { .. } => "pfx_not_opened",
            Self::HandedKeyReadable { .. } => "handed_key_readable",
            Self::CommonNameLeftOut { .. } => "common_name_left_out",
            Self::AddressLeftOut { .. } => "address_left_out",
            Self::CommonNameDiffers { .. } => "common_name_differs",
            Self::NotQualified { .. } => "not_qualified",
            Self::WideWildcard { .. } => "wide_wildcard",
            Self::PssOnly => "pss_only_key",
            Self::Ed25519 => "ed25519",
            Self::LongServerLifetime => "long_server_lifetime",
            Self::RequestDigest { .. } => "request_digest",
            Self::AuthorityNotGranted => "authority_not_granted",
            Self::TornLine(_) => "torn_line",
            Self::SerialBehind { .. } => "serial_behind",
            Self::KeySizeRoundedUp { .. } => "key_size_rounded_up",
            Self::PasswordNotForJava => "password_not_for_java",
            Self::KeyUsageAdded => "key_usage_added",
            Self::SignatureChanged { .. } => "signature_changed",
            Self::ExtensionLeftOut(_) => "extension_left_out",
            Self::SerialKept(_) => "serial_kept",
            Self::NotRead(_) => "not_read",
            Self::NameFromSubject { .. } => "name_from_subject",
            Self::KeyElsewhere { .. } => "key_elsewhere",
            Self::CompromisedKeyUnknown { .. } => "compromised_key_unknown",
            Self::PurposeExcluded { .. } => "purpose_excluded",
            Self::NoCrlSign => "no_crl_sign",
            Self::OtherName { .. } => "other_name",
            Self::OnPath { .. } => "on_path",
            Self::MovesUnder { .. } => "ca_moves",
            Self::Policy(PolicyNotice::NearBuiltIn { .. }) => "profile_name",
            Self::Policy(_) => "default_access",
            Self::AuthorityNotAsked => "ca_not_asked",
            Self::Unidentified(_) => "no_authority_key_identifier",
            Self::ClockBehind { .. } => "clock_behind",
            Self::LongAgo { .. } => "clock_ahead",
            Self::FlawedRevocations { .. } => "flawed_revocations",
            Self::UnreadableLines { .. } => "unreadable_lines",
            Self::SameKey { .. } => "same_key",
            Self::SameKeyUnknown { .. } => "same_key_unknown",
            Self::KeptInCrl { .. } => "kept_in_crl",
            Self::RevocationsUnknown { .. } => "revocations_unknown",
            Self::RevocationUndetermined { .. } => "revocation_undetermined",
            Self::PresentNotPermitted { .. } => "present_not_permitted",
            Self::FormerCrlMissing { .. } => "former_crl_missing",
            Self::ServedByFormerPassphrase => "served_by_former_passphrase",
            Self::FormerCrlAddress(_) => "former_crl_address",
            Self::PolicyMissing(_) => "policy_missing",
            Self::PolicyDamaged(_) => "policy_damaged",
            Self::DefaultCrlLifetime { .. } => "default_crl_lifetime",
            Self::NotAdopted => "not_adopted",
        }
    }
}

fn flawed_lines(count: u64, first: &[FlawedRevocation]) -> String {
    let text = |flawed: &FlawedRevocation| {
        format!(
            "line {} (serial {}): {}",
            flawed.line, flawed.serial, flawed.problem
        )
    };
    in_words(first.iter().take(MAX_LISTED).map(text).collect(), count)
}

fn unreadable_lines(lines: &[DamagedLine]) -> String {
    let text = |line: &DamagedLine| format!("line {}: {}", line.line, line.problem);
    in_words(
        lines.iter().take(MAX_LISTED).map(text).collect(),
        lines.len() as u64,
    )
}

fn listed(serials: &[SerialNumber]) -> String {
    list_in_words(serials, MAX_LISTED)
}
