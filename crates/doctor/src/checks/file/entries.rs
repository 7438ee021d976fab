//! What can be wrong with files.

use crate::checks::{Group, entries};

entries! { Group::File;
    KEY_MISMATCH {
        slug: "key-mismatch",
        severity: Error,
        title: "The private key does not belong to the certificate",
        why: "A server refuses to start, or every handshake fails, because it cannot prove that it owns the certificate.",
        remedy: "Use the key that was made with the certificate, or issue a certificate for this key.",
        source: "RFC 8446 §4.4.3",
    }
    CONTENTS_UNREAD {
        slug: "contents-unread",
        severity: Warning,
        title: "The file holds something that was not looked at",
        why: "A block with a misspelt label is passed over by every program, as if it were not there.",
        remedy: "Correct the label, or take the block out of the file.",
        source: "RFC 7468 §2",
    }
    PEM_FORM {
        slug: "pem-form",
        severity: Warning,
        title: "Some programs do not load the PEM file as it is written",
        why: "They say that there is no start line, or no certificate, though it is all there.",
        remedy: "Write it again: `gsec convert to-pem`.",
        source: "RFC 7468 §3",
    }
    KEY_READABLE {
        slug: "key-readable-by-others",
        severity: Warning,
        title: "Every user of the machine can read the private key",
        why: "Whoever reads it can pose as the host; many servers refuse to start with such a key.",
        remedy: "Take the right to read from all others; `--fix` does it.",
    }
    KEY_WRITABLE {
        slug: "key-writable-by-others",
        severity: Warning,
        title: "Others than its owner can write the private key's file",
        why: "Whoever writes it puts a key of his own in its place, or stops the service.",
        remedy: "Take the right to write from group and all others; `--fix` does it.",
    }
    UNREADABLE_FOR_USER {
        slug: "unreadable-for-user",
        severity: Error,
        title: "The user under whom the service runs cannot read the file",
        why: "The service does not start, or starts without TLS.",
        remedy: "Give the file, or its group, to the user; every folder above must let him through.",
    }
    KEY_ENCRYPTED {
        slug: "key-encrypted",
        severity: Warning,
        title: "The private key has a passphrase",
        why: "A service that starts by itself cannot type it, and does not start.",
        remedy: "Write it without passphrase into a file that only the service can read, or give the service the passphrase in its own way.",
    }
    KEY_IN_PUBLIC_FILE {
        slug: "key-in-public-file",
        severity: Error,
        title: "A file that is handed to everybody holds a private key",
        why: "The CA certificate goes to every host; with its key, every host can issue certificates for all others.",
        remedy: "Hand out the certificate alone. Where the file was handed out already, the CA needs a new key: `gsec ca rekey`.",
    }
    EXPIRES_SOON {
        slug: "certificate-expires-soon",
        severity: Warning,
        title: "A certificate expires soon",
        why: "From then on every peer refuses it.",
        remedy: "Renew it now, and hand the new files to the host.",
        source: "RFC 5280 §4.1.2.5",
    }
    AUTHORITY_ENDS_FIRST {
        slug: "ca-ends-first",
        severity: Warning,
        title: "A CA certificate ends before a certificate that it issued",
        why: "When the CA ends, everything below it is refused, though it looks valid by its own dates.",
        remedy: "Renew the CA certificate, and hand it to everybody who trusts it.",
        source: "RFC 5280 §6.1.3 (a)(2)",
    }
    SUBJECT_WITHOUT_HOST {
        slug: "subject-without-host",
        severity: Notice,
        title: "The Subject's common name is not the name of the host",
        why: "Modern peers look at subjectAltName only; old ones look at the common name, and do not find the host.",
        remedy: "Issue a new certificate without `--cn`: the common name is then the host.",
        source: "RFC 9525 §6.3",
    }
    CRL_STALE {
        slug: "crl-stale",
        severity: Error,
        title: "The next CRL is overdue",
        why: "Peers that check CRLs refuse every certificate of the CA until they get a new one.",
        remedy: "Make a new CRL, and hand it to everybody who reads it; a timer should do so.",
        source: "RFC 5280 §5.1.2.5",
    }
    CRL_MISSING {
        slug: "crl-missing",
        severity: Warning,
        title: "There are CRLs, and none of the CA that issued the certificate",
        why: "Peers that are told to check CRLs refuse a certificate whose CA has none there.",
        remedy: "Add the CRL of that CA to the file.",
        source: "RFC 5280 §6.3.3",
    }
    CRL_FOREIGN {
        slug: "crl-signature-wrong",
        severity: Error,
        title: "The CRL was not signed by the CA of that name",
        why: "Peers ignore it, or refuse everything, because they cannot believe it: another CA of the same name made it, or the key is another now.",
        remedy: "Make a new CRL with the CA that is trusted.",
        source: "RFC 5280 §6.3.3 (g)",
    }
    CRL_LOST_REVOCATIONS {
        slug: "crl-lost-revocations",
        severity: Warning,
        title: "A later CRL does not list what an earlier one revokes",
        why: "Only a hold may end, and only what has expired may be left out: whoever has the later CRL alone accepts what was revoked.",
        remedy: "Find out from the CA why: a CA that was restored from a backup forgets revocations. Keep the earlier CRL until a CRL lists them again.",
        source: "RFC 5280 §3.3, §5.3.1",
    }
    CRL_FLAW {
        slug: "crl-flaw",
        severity: Warning,
        title: "Some peers cannot rely on the CRL",
        why: "It is signed with a digest that can be forged, begins in the future, has an extension that peers do not know, or lacks what some programs require: a version that they read, nextUpdate, a number. The last three are a notice. A peer that cannot rely on a CRL refuses the certificates of the CA, or takes revoked ones.",
        remedy: "Make a new CRL.",
        source: "RFC 5280 §5",
    }
    PFX_LEGACY {
        slug: "pfx-legacy",
        severity: Warning,
        title: "The PFX is encrypted with algorithms that OpenSSL 3 does not load by itself",
        why: "Programs with OpenSSL 3 say `unsupported` and read nothing; RC2 with 40 bits protects nobody.",
        remedy: "Write it anew: `gsec convert to-pfx`.",
    }
    PFX_UNREADABLE {
        slug: "pfx-unreadable",
        severity: Error,
        title: "The program that must read the PFX cannot",
        why: "It says that the password is wrong or that the MAC does not fit, where it does not know the algorithms; or it finds no entry that it takes: Java takes certificates without a key only as trusted entries.",
        remedy: "Write it again for that program: gsec convert to-pfx with --pfx-encryption compat, and with --trust-store where there is no key.",
    }
    PFX_WITHOUT_CHAIN {
        slug: "pfx-without-chain",
        severity: Warning,
        title: "The PFX has no certificate of the issuer",
        why: "Windows imports the CA certificate together with the host's, and Java presents what is in the file: without it they know no path.",
        remedy: "Write it anew with the chain: `gsec convert to-pfx --chain`.",
        source: "RFC 8446 §4.4.2",
    }
    THUMBPRINT_MISMATCH {
        slug: "thumbprint-mismatch",
        severity: Error,
        title: "The thumbprint is of another certificate",
        why: "Settings that name a certificate by its thumbprint find none, or another one.",
        remedy: "Copy the thumbprint that `gsec cert thumbprint` prints.",
    }
    THUMBPRINT_INVISIBLE {
        slug: "thumbprint-invisible-character",
        severity: Error,
        title: "The thumbprint has a character that cannot be seen",
        why: "Windows' dialogue puts U+200E before the thumbprint that is copied out of it. The setting looks right, and no certificate is found.",
        remedy: "Copy the thumbprint that `gsec cert thumbprint` prints.",
    }
    SEVERAL_AUTHORITIES {
        slug: "several-cas",
        severity: Warning,
        title: "The certificates are of different CAs",
        why: "Each end trusts one CA: those whose certificate is of another are refused. Often a CA was made twice, and not all hosts got the new certificates.",
        remedy: "Issue all certificates from one CA.",
    }
    MIXED_HOSTS {
        slug: "mixed-hosts",
        severity: Warning,
        title: "One file holds certificates of different hosts",
        why: "A program presents the first one, and clients of the others refuse it; often a file was appended to instead of replaced.",
        remedy: "Give each host a file of its own.",
    }
}
