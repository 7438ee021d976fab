//! What can be wrong with a certificate and its path to a trusted one, wherever it was met.

use crate::checks::{Group, entries};

entries! { Group::File;
    CERTIFICATE_EXPIRED {
        slug: "certificate-expired",
        severity: Error,
        title: "A certificate has expired",
        why: "Every peer refuses it, and with it every certificate below it.",
        remedy: "Renew it, and hand the new files to the host.",
        source: "RFC 5280 §4.1.2.5",
    }
    NOT_YET_VALID {
        slug: "certificate-not-yet-valid",
        severity: Error,
        title: "A certificate begins in the future",
        why: "Every peer refuses it until then. Mostly a clock is wrong: of this machine, or of the one that issued it.",
        remedy: "Set the clock that is wrong, or wait.",
        source: "RFC 5280 §4.1.2.5",
    }
    ISSUER_UNKNOWN {
        slug: "issuer-unknown",
        severity: Error,
        title: "The certificate is of no CA that is trusted",
        why: "The peer refuses it: it cannot tell it from one that anybody made.",
        remedy: "Trust the CA that issued it, or have one issue it that is trusted.",
        source: "RFC 5280 §6.1",
    }
    SELF_SIGNED {
        slug: "self-signed",
        severity: Error,
        title: "The certificate is self-signed, and not trusted itself",
        why: "The peer refuses it: nobody whom it trusts vouches for it.",
        remedy: "Have the CA issue one.",
        source: "RFC 5280 §6.1",
    }
    SIGNATURE_WRONG {
        slug: "issuer-signature-wrong",
        severity: Error,
        title: "The certificate was not signed by the CA of that name that is trusted",
        why: "Two CAs have the same name, or the CA has a new key, or the certificate was changed: the peer refuses it.",
        remedy: "Compare the key identifiers; trust the CA certificate that belongs to the key that signed.",
        source: "RFC 5280 §6.1.3 (a)(1)",
    }
    INTERMEDIATE_MISSING {
        slug: "intermediate-missing",
        severity: Error,
        title: "An intermediate CA certificate is not presented",
        why: "A peer that has only the root cannot find the way to it. Peers that happen to have the intermediate connect, others do not.",
        remedy: "Put the intermediate behind the certificate in the file that the program presents.",
        source: "RFC 8446 §4.4.2",
    }
    CHAIN_ORDER {
        slug: "chain-order",
        severity: Warning,
        title: "The certificates are not presented in the order in which each certifies the one before",
        why: "TLS 1.2 demands the order, and old peers refuse any other; a certificate that is not the first at its place makes programs refuse the key.",
        remedy: "Put the host's certificate first, then its issuer, and so on.",
        source: "RFC 5246 §7.4.2",
    }
    NAME_MISMATCH {
        slug: "name-mismatch",
        severity: Error,
        title: "The certificate is for other names than the host's",
        why: "A client that connects to this name refuses the certificate.",
        remedy: "Issue one that has the name, or connect to a name that it has.",
        source: "RFC 9525 §6",
    }
    SAN_MISSING {
        slug: "san-missing",
        severity: Error,
        title: "The certificate has no subjectAltName",
        why: "Modern clients look there only, and refuse it; old ones take the common name.",
        remedy: "Issue a new one: gsec writes subjectAltName always.",
        source: "RFC 9525 §6.3",
    }
    ADDRESS_AS_NAME {
        slug: "address-as-name",
        severity: Error,
        title: "An IP address stands where a DNS name belongs",
        why: "A client that connects to the address looks for an iPAddress, and does not find it.",
        remedy: "Issue one that has the address as what it is.",
        source: "RFC 9525 §6.2",
    }
    USAGE_MISSING {
        slug: "extended-key-usage",
        severity: Error,
        title: "The certificate is not for this purpose",
        why: "extKeyUsage lists what a certificate may be used for: a server's needs serverAuth, a client's clientAuth; and keyUsage must let it sign.",
        remedy: "Issue one with a profile that has the purpose.",
        source: "RFC 5280 §4.2.1.12",
    }
    WEAK_SIGNATURE {
        slug: "weak-signature",
        severity: Error,
        title: "The certificate is signed with a digest that can be forged",
        why: "Modern TLS libraries refuse SHA-1 and MD5 in certificates; a root's own signature does not matter.",
        remedy: "Issue a new one: gsec signs with SHA-256 or better.",
        source: "RFC 9155 §2",
    }
    WEAK_KEY {
        slug: "weak-key",
        severity: Error,
        title: "A key is too short",
        why: "RSA below 2048 bits is refused by many peers, and can be broken.",
        remedy: "Issue a new certificate with a longer key.",
        source: "NIST SP 800-131A §2",
    }
    REVOKED {
        slug: "certificate-revoked",
        severity: Error,
        title: "A certificate is revoked",
        why: "Whoever reads the CRL refuses it.",
        remedy: "Issue a new one, and hand it to the host.",
        source: "RFC 5280 §6.3",
    }
    AUTHORITY_UNFIT {
        slug: "ca-certificate-unfit",
        severity: Error,
        title: "A certificate issued another, and may not",
        why: "basicConstraints, keyUsage, a path length or name constraints forbid it, and peers refuse what it issued.",
        remedy: "Issue from a CA that may.",
        source: "RFC 5280 §6.1.4",
    }
    AUTHORITY_WITHOUT_KEY_USAGE {
        slug: "ca-without-key-usage",
        severity: Warning,
        title: "A CA certificate has no keyUsage",
        why: "curl and most peers accept that; Python 3.13 and `openssl verify -x509_strict` refuse it.",
        remedy: "Make a new CA, or renew its certificate.",
        source: "RFC 5280 §4.2.1.3",
    }
    AUTHORITY_AS_HOST {
        slug: "ca-certificate-as-host",
        severity: Error,
        title: "A server or client uses the certificate of a CA",
        why: "rustls and Firefox refuse it, others do not mind; and the CA's key lies on a machine that everybody reaches.",
        remedy: "Issue a certificate for the host, and take the CA's key away from it.",
        source: "RFC 5280 §4.2.1.9",
    }
    TRUST_SETTINGS {
        slug: "openssl-trust-settings",
        severity: Warning,
        title: "The certificate is in a block with OpenSSL's own settings of trust",
        why: "OpenSSL accepts it only for what the settings permit; GnuTLS, Java, NSS, Go and rustls do not read a `TRUSTED CERTIFICATE` block.",
        remedy: "Where the settings are not meant, write it as a plain certificate: `gsec convert to-pem`.",
        source: "OpenSSL openssl-x509 §Trust Options",
    }
    UNKNOWN_CRITICAL_EXTENSION {
        slug: "unknown-critical-extension",
        severity: Error,
        title: "A critical extension is not known",
        why: "A peer that does not know it must refuse the certificate.",
        remedy: "Issue a new one without the extension.",
        source: "RFC 5280 §4.2",
    }
    KEY_IDENTIFIER_MISMATCH {
        slug: "key-identifier-mismatch",
        severity: Warning,
        title: "The certificate names another key of its issuer than the issuer's certificate does",
        why: "OpenSSL, Python, Node.js, NSS and GnuTLS follow the key identifiers and do not find the issuer.",
        remedy: "Issue a new certificate after the CA's certificate was renewed.",
        source: "RFC 5280 §4.2.1.1",
    }
    CERTIFICATE_FLAW {
        slug: "certificate-flaw",
        severity: Warning,
        title: "A certificate breaks a rule of RFC 5280",
        why: "Some programs refuse it, or will. gsec cert verify says which.",
        remedy: "Issue a new one; `gsec cert verify` says more.",
        source: "RFC 5280",
    }
    TRUST_ONLY_INTERMEDIATE {
        slug: "trust-only-intermediate",
        severity: Warning,
        title: "An intermediate CA is trusted, and not its root",
        why: "rustls, Java, NSS, Go, GnuTLS and Python 3.13 accept that; OpenSSL (curl, nginx), Node.js and Windows refuse unless they are told to take partial chains.",
        remedy: "Trust the root as well.",
        source: "RFC 5280 §6.1.1 (d)",
    }
}
