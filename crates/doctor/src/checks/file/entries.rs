//! What can be wrong with files.

use crate::checks::{Group, entries};

entries! { Group::File;
    KEY_MISMATCH {
        slug: "key-mismatch",
        severity: Error,
        title: "The private key does not match the certificate",
        why: "A server refuses to start, or every handshake fails, because it cannot prove that it owns the certificate.",
        remedy: "Use the key that was made with the certificate, or issue a certificate for this key.",
        source: "RFC 8446 §4.4.3",
    }
    KEY_NOT_COMPARED {
        slug: "key-not-compared",
        severity: Warning,
        title: "The given private key was not compared",
        why: "Whether it is the key of the certificate is not known. With another key a server refuses to start, or every handshake fails.",
        remedy: "Give the file of the private key, and its password if it is encrypted.",
    }
    KEY_FORM {
        slug: "key-form",
        severity: Warning,
        title: "Some programs cannot load the private key in this form",
        why: "They say that the key is unsupported or damaged, and do not start.",
        remedy: "Write it again: `gsec convert key`.",
        source: "RFC 5958 §2",
    }
    FILE_WRITABLE {
        slug: "file-writable-by-others",
        severity: Warning,
        title: "Every user of the machine can write the file",
        why: "Anyone can replace what is in it: peers then trust another CA, or a server presents another certificate.",
        remedy: "Remove write permission for other users; `--fix` does it.",
    }
    CONTENTS_UNREAD {
        slug: "contents-unread",
        severity: Warning,
        title: "The file contains something that was not checked",
        why: "Every program ignores a block with a misspelled label, as if it did not exist.",
        remedy: "Correct the label, or remove the block from the file.",
        source: "RFC 7468 §2",
    }
    DH_SHORT {
        slug: "dh-parameters-short",
        severity: Warning,
        title: "The Diffie-Hellman parameters in the file are too short",
        why: "OpenSSL 3 refuses them (`dh key too small`), so that the server does not start, and clients abort the handshake. Below 1024 bits this is an error.",
        remedy: "Make new ones with `openssl dhparam`, or leave them out: servers of today use elliptic curves.",
        source: "RFC 9325 §4.4",
    }
    PEM_FORM {
        slug: "pem-form",
        severity: Warning,
        title: "Some programs cannot load the PEM file as it is written",
        why: "They report that there is no start line, or no certificate, although the file is complete.",
        remedy: "Write it again: `gsec convert to-pem`.",
        source: "RFC 7468 §3",
    }
    KEY_READABLE {
        slug: "key-readable-by-others",
        severity: Warning,
        title: "Every user of the machine can read the private key",
        why: "Anyone who reads it can impersonate the host; many servers refuse to start with such a key.",
        remedy: "Remove read permission for other users; `--fix` does it.",
    }
    KEY_WRITABLE {
        slug: "key-writable-by-others",
        severity: Warning,
        title: "Users other than its owner can write to the private key's file",
        why: "They can replace the key with their own, or stop the service.",
        remedy: "Remove write permission for the group and other users; `--fix` does it.",
    }
    UNREADABLE_FOR_USER {
        slug: "unreadable-for-user",
        severity: Error,
        title: "The service's user cannot read the file",
        why: "The service does not start, or starts without TLS.",
        remedy: "Give the file, or its group, to the user, and make every parent directory searchable for \
             that user.",
    }
    KEY_ENCRYPTED {
        slug: "key-encrypted",
        severity: Warning,
        title: "The private key is encrypted",
        why: "A service that starts automatically cannot type it, and does not start.",
        remedy: "Write it unencrypted to a file that only the service can read, or configure its password in the service.",
    }
    KEY_IN_PUBLIC_FILE {
        slug: "key-in-public-file",
        severity: Error,
        title: "A file that is distributed to everyone contains a private key",
        why: "The CA certificate goes to every host; with its key, every host can issue certificates for all others.",
        remedy: "Distribute the certificate alone. If the file was already distributed, the CA needs a new \
             key: `gsec ca rekey`.",
    }
    EXPIRES_SOON {
        slug: "certificate-expires-soon",
        severity: Warning,
        title: "A certificate expires soon",
        why: "From then on every client rejects it.",
        remedy: "Renew it now, and install the new files on the host.",
        source: "RFC 5280 §4.1.2.5",
    }
    LIFETIME_LONG {
        slug: "lifetime-over-825-days",
        severity: Notice,
        title: "The server certificate is valid for more than 825 days",
        why: "Apple's systems reject such a server certificate, even from a private CA: Safari says that it is not standards compliant.",
        remedy: "If Apple devices connect to the server, issue a certificate for 825 days or less.",
        source: "Apple support article 103769",
    }
    AUTHORITY_ENDS_FIRST {
        slug: "ca-ends-first",
        severity: Warning,
        title: "A CA certificate expires before a certificate that it issued",
        why: "When the CA expires, everything below it is rejected, even if its own dates are valid.",
        remedy: "Renew the CA certificate, and distribute it to everyone who trusts it.",
        source: "RFC 5280 §6.1.3 (a)(2)",
    }
    MUST_STAPLE {
        slug: "must-staple",
        severity: Warning,
        title: "The certificate requires a stapled OCSP response",
        why: "It has the TLS feature status_request; GnuTLS and Firefox reject a server that sends no OCSP response. gsec has no OCSP responder.",
        remedy: "Issue a certificate without this feature, unless the CA has an OCSP responder and the server staples.",
        source: "RFC 7633 §4.2.3",
    }
    SUBJECT_WITHOUT_HOST {
        slug: "subject-without-host",
        severity: Notice,
        title: "The Subject's common name is not the host name",
        why: "Modern clients check only subjectAltName; old ones check the common name, and do not find the \
             host.",
        remedy: "Issue a new certificate without `--cn`: the common name is then the host.",
        source: "RFC 9525 §6.3",
    }
    CRL_STALE {
        slug: "crl-stale",
        severity: Error,
        title: "The next CRL is overdue",
        why: "Clients that check CRLs reject every certificate of the CA until they get a new one.",
        remedy: "Make a new CRL, and distribute it to all clients that use it; a timer should do this.",
        source: "RFC 5280 §5.1.2.5",
    }
    CRL_MISSING {
        slug: "crl-missing",
        severity: Warning,
        title: "There are CRLs, but none of the issuing CA",
        why: "Clients that are configured to check CRLs reject a certificate whose CA has no CRL there.",
        remedy: "Add the CRL of that CA to the file.",
        source: "RFC 5280 §6.3.3",
    }
    CRL_FOREIGN {
        slug: "crl-signature-wrong",
        severity: Error,
        title: "The CRL was not signed by the CA with that name",
        why: "Clients ignore it, or reject everything, because they cannot trust it: another CA with the \
             same name made it, or the key has changed.",
        remedy: "Make a new CRL with the CA that is trusted.",
        source: "RFC 5280 §6.3.3 (g)",
    }
    CRL_LOST_REVOCATIONS {
        slug: "crl-lost-revocations",
        severity: Warning,
        title: "A later CRL does not list what an earlier one revokes",
        why: "Only a hold may end, and only expired certificates may be left out: clients that have only the \
             later CRL accept what was revoked.",
        remedy: "Ask the CA why: a CA that was restored from a backup loses revocations. Keep the earlier \
             CRL until a CRL lists them again.",
        source: "RFC 5280 §3.3, §5.3.1",
    }
    CRL_FLAW {
        slug: "crl-flaw",
        severity: Warning,
        title: "Some clients cannot rely on the CRL",
        why: "It begins in the future, its CA may not sign CRLs, or it has an extension that clients do not support: \
             an error. It is signed with a digest that can be forged, or names its key or is encoded in a way \
             that OpenSSL rejects: a warning. It lacks what some programs require, a version that they can \
             read, nextUpdate or a number: a notice. A client that cannot rely on a CRL rejects the \
             certificates of the CA, or accepts revoked ones.",
        remedy: "Make a new CRL.",
        source: "RFC 5280 §5",
    }
    PFX_LEGACY {
        slug: "pfx-legacy",
        severity: Warning,
        title: "The PFX is encrypted with algorithms that OpenSSL 3 does not load by default",
        why: "Programs with OpenSSL 3 say `unsupported` and read nothing; RC2 with 40 bits gives no \
             protection.",
        remedy: "Re-encrypt it: `gsec convert to-pfx`.",
    }
    PFX_UNREADABLE {
        slug: "pfx-unreadable",
        severity: Error,
        title: "The program that must read the PFX cannot read it",
        why: "It reports a wrong password or MAC mismatch when it does not support the algorithms; or it \
             finds no usable entry: Java accepts certificates without a key only as trusted entries.",
        remedy: "Write it again for that program: gsec convert to-pfx with --pfx-encryption compat, and with \
             --trust-store if there is no key.",
    }
    PFX_WITHOUT_CHAIN {
        slug: "pfx-without-chain",
        severity: Warning,
        title: "The PFX does not contain the certificate of the issuer",
        why: "Windows imports the CA certificate together with the host's, and Java presents what is in the \
             file: without it they find no path.",
        remedy: "Write it again with the chain: `gsec convert to-pfx --chain`.",
        source: "RFC 8446 §4.4.2",
    }
    THUMBPRINT_MISMATCH {
        slug: "thumbprint-mismatch",
        severity: Error,
        title: "The thumbprint belongs to another certificate",
        why: "Settings that select a certificate by its thumbprint find none, or another one.",
        remedy: "Copy the thumbprint that `gsec cert thumbprint` prints.",
    }
    THUMBPRINT_INVISIBLE {
        slug: "thumbprint-invisible-character",
        severity: Error,
        title: "The thumbprint contains an invisible character",
        why: "The Windows dialog puts U+200E before a thumbprint copied from it. The setting looks right, \
             but no certificate is found.",
        remedy: "Copy the thumbprint that `gsec cert thumbprint` prints.",
    }
    SEVERAL_AUTHORITIES {
        slug: "several-cas",
        severity: Warning,
        title: "The certificates are from different CAs",
        why: "Each side trusts one CA and rejects certificates issued by another. Often a CA was created \
             twice, and not all hosts got the new certificates.",
        remedy: "Issue all certificates from one CA.",
    }
    MIXED_HOSTS {
        slug: "mixed-hosts",
        severity: Warning,
        title: "One file contains certificates of different hosts",
        why: "A program presents the first one, and clients of the others reject it; often a file was \
             appended to instead of replaced.",
        remedy: "Give each host a separate file.",
    }
}
