//! The programs that a private CA serves, and what each makes of a rule, whatever the path is.
//!
//! Every verdict is what the program really answers: tests/it/interop/consumers.rs runs each of them on every fault, every
//! name and purpose, and on the cases of x509-limbo and PKITS. Windows is not run; its verdicts come from its documentation.

mod critical;
mod table;

pub(super) use critical::{
    form_of as form_of_critical, is_refused_by_some, verdict_of as verdict_of_critical,
};
pub(super) use table::verdict_of;

use super::finding::{Form, Rule};

/// Position of the certificate with the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::x509::path) enum Place {
    Anywhere,
    /// It is the anchor, or what the anchor imposes is broken.
    Anchor,
    /// Between the target and the anchor.
    Between,
}

/// A program, or a library that many programs have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consumer {
    /// OpenSSL as it is by default: curl, nginx, most of Linux.
    OpenSsl,
    /// OpenSSL with `-x509_strict` (`X509_V_FLAG_X509_STRICT`).
    OpenSslStrict,
    /// rustls with rustls-webpki.
    Rustls,
    /// GnuTLS: wget, apt, and much of Debian.
    GnuTls,
    /// Node.js: the path by OpenSSL, the name by itself.
    Node,
    /// Java's PKIX validator.
    Java,
    /// Windows: CryptoAPI and Schannel.
    Windows,
    /// NSS by its own validator.
    Nss,
    /// Go's crypto/x509.
    Go,
    /// Python from 3.13 on, whose `ssl` sets `VERIFY_X509_STRICT` and `VERIFY_X509_PARTIAL_CHAIN`.
    Python,
}

impl Consumer {
    /// In the order of the table's columns.
    pub const ALL: [Self; 10] = [
        Self::OpenSsl,
        Self::OpenSslStrict,
        Self::Rustls,
        Self::Java,
        Self::Windows,
        Self::Nss,
        Self::Go,
        Self::Python,
        Self::GnuTls,
        Self::Node,
    ];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenSsl => "openssl",
            Self::OpenSslStrict => "openssl-strict",
            Self::Rustls => "rustls",
            Self::Java => "java",
            Self::Windows => "windows",
            Self::Nss => "nss",
            Self::Go => "go",
            Self::Python => "python-3.13",
            Self::GnuTls => "gnutls",
            Self::Node => "node",
        }
    }

    /// Whether what is said of it is from its documentation: it was never run for the table.
    pub fn is_from_documentation(self) -> bool {
        self == Self::Windows
    }

    /// The name in text.
    pub fn title(self) -> &'static str {
        match self {
            Self::OpenSsl => "OpenSSL (curl, nginx)",
            Self::OpenSslStrict => "OpenSSL -x509_strict",
            Self::Rustls => "rustls",
            Self::Java => "Java",
            Self::Windows => "Windows",
            Self::Nss => "NSS",
            Self::Go => "Go",
            Self::Python => "Python 3.13",
            Self::GnuTls => "GnuTLS",
            Self::Node => "Node.js",
        }
    }
}

/// Whether a program accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Accepts,
    /// It does not.
    Refuses,
    /// Nothing speaks against it that it is known to look at, and something that it may look at.
    Unknown,
}

impl Verdict {
    /// Its name in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepts => "accepts",
            Self::Refuses => "refuses",
            Self::Unknown => "unknown",
        }
    }
}

/// What one program makes of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerVerdict {
    /// The program.
    pub consumer: Consumer,
    /// Whether it accepts.
    pub verdict: Verdict,
    /// The rules that decide: those that it refuses for, or that it may refuse for.
    pub rules: Vec<Rule>,
}

/// Who refuses a certificate for a fault of this form, in words.
pub(super) fn who_refuses(rule: Rule, form: Form) -> String {
    // What rustls does in a single case, the strict validator says; Windows is not asked.
    let asked = || {
        Consumer::ALL
            .into_iter()
            .filter(|consumer| *consumer != Consumer::Windows)
    };
    let of = |wanted: Verdict| {
        let is_it = |consumer: &Consumer| verdict_of(*consumer, rule, form, Place::Anywhere) == wanted;
        asked().filter(is_it).map(Consumer::title).collect::<Vec<_>>()
    };
    let (refusing, unknown) = (of(Verdict::Refuses), of(Verdict::Unknown));
    match (refusing.as_slice(), unknown.as_slice()) {
        ([], [] | ["rustls"]) => "accepted by all programs that were tested".into(),
        ([], _) => "not every program accepts that".into(),
        (refusing, _) => format!("rejected by {}", refusing.join(", ")),
    }
}

/// Whether the programs that parse every certificate they are given accept one with such a fault.
pub(super) fn go_and_java_accept(rule: Rule, form: Form) -> bool {
    [Consumer::Go, Consumer::Java]
        .iter()
        .all(|consumer| verdict_of(*consumer, rule, form, Place::Anywhere) == Verdict::Accepts)
}
