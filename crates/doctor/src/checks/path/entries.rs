//! What can be wrong with a certificate and its path to a trusted one, wherever it was met.

use crate::checks::{Group, entries};

entries! { Group::File;
    CERTIFICATE_EXPIRED {
        slug: "certificate-expired",
        severity: Error,
        title: "A certificate has expired",
        why: "Every client rejects it, and with it every certificate below it.",
        remedy: "Renew it, and install the new files on the host.",
        source: "RFC 5280 §4.1.2.5",
    }
    NOT_YET_VALID {
        slug: "certificate-not-yet-valid",
        severity: Error,
        title: "A certificate is not valid yet",
        why: "Every client rejects it until then. Usually a clock is wrong: that of this machine, or of the \
             machine that issued it.",
        remedy: "Set the wrong clock, or wait.",
        source: "RFC 5280 §4.1.2.5",
    }
    ISSUER_UNKNOWN {
        slug: "issuer-unknown",
        severity: Error,
        title: "The certificate was not issued by a trusted CA",
        why: "The client rejects it: it cannot distinguish it from a forged one.",
        remedy: "Trust the issuing CA, or have a trusted CA issue a certificate.",
        source: "RFC 5280 §6.1",
    }
    SELF_SIGNED {
        slug: "self-signed",
        severity: Error,
        title: "The certificate is self-signed, and not trusted itself",
        why: "The client rejects it: no CA that it trusts vouches for it.",
        remedy: "Have the CA issue one.",
        source: "RFC 5280 §6.1",
    }
    SIGNATURE_WRONG {
        slug: "issuer-signature-wrong",
        severity: Error,
        title: "The certificate was not signed by the trusted CA with that name",
        why: "Two CAs have the same name, or the CA has a new key, or the certificate was changed: the \
             client rejects it.",
        remedy: "Compare the key identifiers; trust the CA certificate that belongs to the signing key.",
        source: "RFC 5280 §6.1.3 (a)(1)",
    }
    SIGNATURE_UNCHECKED {
        slug: "signature-unchecked",
        severity: Warning,
        title: "A signature could not be checked",
        why: "gsec does not support its algorithm, so it cannot say whether the CA signed the certificate. Programs \
             that support it find out, and all others reject it.",
        remedy: "Check it with a program that supports the algorithm, such as OpenSSL.",
        source: "RFC 5280 §6.1.3 (a)(1)",
    }
    INTERMEDIATE_MISSING {
        slug: "intermediate-missing",
        severity: Error,
        title: "An intermediate CA certificate is not presented",
        why: "A client that has only the root cannot find the path to it. Clients that happen to have the \
             intermediate connect, others do not.",
        remedy: "Append the intermediate to the certificate in the file that the program presents.",
        source: "RFC 8446 §4.4.2",
    }
    CHAIN_ORDER {
        slug: "chain-order",
        severity: Warning,
        title: "The certificates are not presented in chain order",
        why: "TLS 1.2 requires each certificate to be followed by its issuer's, and old clients reject any \
             other order; if the host's certificate does not come first, servers such as nginx reject the \
             private key.",
        remedy: "Put the host's certificate first, then its issuer, and so on.",
        source: "RFC 5246 §7.4.2",
    }
    NAME_MISMATCH {
        slug: "name-mismatch",
        severity: Error,
        title: "The certificate does not contain the host name",
        why: "A client that connects to this name rejects the certificate.",
        remedy: "Issue one with the name, or connect to a name that it contains.",
        source: "RFC 9525 §6",
    }
    SAN_MISSING {
        slug: "san-missing",
        severity: Error,
        title: "The certificate has no subjectAltName",
        why: "Modern clients check only subjectAltName, and reject it; old ones use the common name.",
        remedy: "Issue a new one: gsec always writes subjectAltName.",
        source: "RFC 9525 §6.3",
    }
    ADDRESS_AS_NAME {
        slug: "address-as-name",
        severity: Error,
        title: "An IP address is in the place of a DNS name",
        why: "A client that connects to the address looks for an iPAddress, and does not find it.",
        remedy: "Issue one that contains the address as an IP address.",
        source: "RFC 9525 §6.2",
    }
    USAGE_MISSING {
        slug: "extended-key-usage",
        severity: Error,
        title: "The certificate is not for this purpose",
        why: "extKeyUsage lists what a certificate may be used for: a server's needs serverAuth, a client's \
             clientAuth; and keyUsage must permit signing.",
        remedy: "Issue one with a profile that has the purpose.",
        source: "RFC 5280 §4.2.1.12",
    }
    WEAK_SIGNATURE {
        slug: "weak-signature",
        severity: Error,
        title: "The certificate is signed with a digest that can be forged",
        why: "Modern TLS libraries reject SHA-1 and MD5 in certificates; a root's own signature does not \
             matter.",
        remedy: "Issue a new one: gsec signs with SHA-256 or better.",
        source: "RFC 9155 §2",
    }
    WEAK_KEY {
        slug: "weak-key",
        severity: Error,
        title: "A key is too short",
        why: "RSA below 2048 bits is rejected by many peers, and can be broken.",
        remedy: "Issue a new certificate with a longer key.",
        source: "NIST SP 800-131A §2",
    }
    REVOKED {
        slug: "certificate-revoked",
        severity: Error,
        title: "A certificate is revoked",
        why: "Clients that check the CRL reject it.",
        remedy: "Issue a new one, and install it on the host.",
        source: "RFC 5280 §6.3",
    }
    AUTHORITY_UNFIT {
        slug: "ca-certificate-unfit",
        severity: Error,
        title: "A certificate issued another one without permission",
        why: "basicConstraints, keyUsage, a path length or name constraints forbid it, and clients reject \
             what it issued.",
        remedy: "Issue from a CA that has permission.",
        source: "RFC 5280 §6.1.4",
    }
    AUTHORITY_WITHOUT_KEY_USAGE {
        slug: "ca-without-key-usage",
        severity: Warning,
        title: "A CA certificate has no keyUsage",
        why: "curl and most clients accept that; Python 3.13 and `openssl verify -x509_strict` reject it.",
        remedy: "Make a new CA, or renew its certificate.",
        source: "RFC 5280 §4.2.1.3",
    }
    AUTHORITY_AS_HOST {
        slug: "ca-certificate-as-host",
        severity: Error,
        title: "A server or client uses a CA certificate",
        why: "rustls and Firefox reject it, other programs accept it; and the CA's key is on a machine that \
             everyone can reach.",
        remedy: "Issue a certificate for the host, and remove the CA's key from it.",
        source: "RFC 5280 §4.2.1.9",
    }
    TRUST_SETTINGS {
        slug: "openssl-trust-settings",
        severity: Warning,
        title: "The certificate is in a block with OpenSSL's own trust settings",
        why: "OpenSSL accepts it only for what the settings permit; GnuTLS, Java, NSS, Go and rustls cannot \
             read a `TRUSTED CERTIFICATE` block.",
        remedy: "If the settings are not intended, write it as a plain certificate: `gsec convert to-pem`.",
        source: "OpenSSL openssl-x509 §Trust Options",
    }
    UNKNOWN_CRITICAL_EXTENSION {
        slug: "unknown-critical-extension",
        severity: Error,
        title: "A critical extension is unknown",
        why: "A client that does not support it must reject the certificate.",
        remedy: "Issue a new one without the extension.",
        source: "RFC 5280 §4.2",
    }
    KEY_IDENTIFIER_MISMATCH {
        slug: "key-identifier-mismatch",
        severity: Warning,
        title: "The certificate names another issuer key than the issuer's certificate has",
        why: "OpenSSL, Python, Node.js, NSS and GnuTLS use the key identifiers and do not find the issuer.",
        remedy: "Issue a new certificate after the CA's certificate was renewed.",
        source: "RFC 5280 §4.2.1.1",
    }
    CERTIFICATE_FLAW {
        slug: "certificate-flaw",
        severity: Warning,
        title: "A certificate breaks a rule of RFC 5280",
        why: "Some programs reject it, or will. gsec cert verify says which.",
        remedy: "Issue a new one; `gsec cert verify` says more.",
        source: "RFC 5280",
    }
    TRUST_ONLY_INTERMEDIATE {
        slug: "trust-only-intermediate",
        severity: Warning,
        title: "An intermediate CA is trusted, but not its root",
        why: "rustls, Java, NSS, Go, GnuTLS, Python 3.13 and curl (since 7.68) accept that; OpenSSL by itself \
             (nginx), Node.js and Windows reject it unless they are told to accept partial chains.",
        remedy: "Trust the root as well.",
        source: "RFC 5280 §6.1.1 (d)",
    }
    UNRECORDED {
        slug: "presented-unrecorded",
        severity: Error,
        title: "The CA has no record of the certificate that it signed",
        why: "The CA directory was restored from an older copy, or someone else has the CA key: certificates \
             that are not recorded cannot be revoked.",
        remedy: "Find out where it comes from; if the directory was restored, record it again.",
    }
    TRUST_UNKNOWN {
        slug: "trust-unknown",
        severity: Notice,
        title: "No trusted certificate is known, so it is unknown whether clients accept the certificate",
        why: "Dates, names and keys were checked, but not the issuer: there is no CA directory here that \
             issued it.",
        remedy: "Use `--trust` to say what clients trust, or `--ca-dir` with the CA directory.",
    }
}
