//! What can be wrong with files.

use crate::doctor::{Group, entries};

entries! { Group::File;
    KEY_MISMATCH {
        slug: "key-mismatch",
        severity: Error,
        title: "The private key does not belong to the certificate",
        why: "A server refuses to start, or every handshake fails, because it cannot prove that it owns the certificate.",
        remedy: "Use the key that was made with the certificate, or issue a certificate for this key.",
        source: "RFC 8446 §4.4.3",
    }
    CERTIFICATE_EXPIRED {
        slug: "certificate-expired",
        severity: Error,
        title: "A certificate has expired",
        why: "Every peer refuses it, and with it every certificate below it.",
        remedy: "Renew it, and hand the new files to the host.",
        source: "RFC 5280 §4.1.2.5",
    }
}
