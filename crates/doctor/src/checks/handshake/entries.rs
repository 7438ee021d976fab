//! What can keep two ends from each other.

use crate::checks::{Group, entries};

entries! { Group::Handshake;
    KEY_UNUSABLE {
        slug: "handshake-key-unusable",
        severity: Error,
        title: "The private key cannot be used for TLS",
        why: "The program refuses to start with it, or no peer has a signature scheme for it.",
        remedy: "Issue a certificate with a key of another type: RSA of 2048 bits or more, P-256 or P-384.",
        source: "RFC 8446 §4.2.3",
    }
    KEY_KIND_RARE {
        slug: "handshake-key-kind",
        severity: Notice,
        title: "Not every peer supports this key type",
        why: "Windows (SChannel) and browsers do not support Ed25519 and Ed448, rustls and Go not Ed448, Chrome not P-521: with \
             such peers the handshake fails.",
        remedy: "Issue with `--key-type p256` if such peers connect.",
        source: "RFC 8422 §5.1.1",
    }
    CLIENT_CERTIFICATE_MISSING {
        slug: "client-certificate-missing",
        severity: Error,
        title: "The server requires a client certificate, but the client has none",
        why: "The server closes the connection; with TLS 1.3 the client learns it only when it reads.",
        remedy: "Issue a certificate for the client, and configure it there.",
        source: "RFC 8446 §4.4.2.4",
    }
    REFUSED_BY_MOST {
        slug: "handshake-refused-by-most",
        severity: Error,
        title: "Most programs reject the certificate",
        why: "The handshake is rehearsed with rustls; OpenSSL and others look at more, or cannot use the key, and end it.",
        remedy: "Fix what the other findings say of the certificate; `gsec cert verify` says which program rejects it for what.",
        source: "RFC 5280 §6",
    }
    HANDSHAKE_FAILS {
        slug: "handshake-fails",
        severity: Error,
        title: "The handshake fails",
        why: "One side aborts the handshake and gives this reason.",
        remedy: "Check the reason, and the other findings.",
        source: "RFC 8446 §4",
    }
}
