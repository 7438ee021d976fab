//! What can be wrong with a CA directory.

use crate::checks::{Group, entries};

entries! { Group::CaDirectory;
    // The CA certificate and those above it.
    CA_WAITING { slug: "ca-waiting", severity: Notice, title: "The CA is waiting for its certificate",
        why: "It has created its CSR but has no certificate yet: nothing can be issued, and nothing else is \
             wrong.",
        remedy: "Have the parent CA sign the CSR, and install the certificate." }
    CA_CERTIFICATE_MISSING { slug: "ca-certificate-missing", severity: Error, title: "The CA certificate is missing",
        why: "Every command needs it, and hosts cannot be given the certificate to trust.",
        remedy: "Restore it from a backup, or from a host that trusts it." }
    CA_CERTIFICATE_DAMAGED { slug: "ca-certificate-damaged", severity: Error, title: "The CA certificate is unreadable",
        why: "Every command needs it, and hosts cannot be given the certificate to trust.",
        remedy: "Restore it from a backup, or from a host that trusts it." }
    CA_NOT_AUTHORITY { slug: "ca-not-authority", severity: Error, title: "The CA certificate is not a CA certificate",
        why: "Without basicConstraints CA:TRUE, or with a keyUsage without keyCertSign, no client accepts \
             what its key signed.",
        remedy: "Have the certificate re-issued.", source: "RFC 5280 §4.2.1.9" }
    CA_KEY_USAGE_MISSING { slug: "ca-key-usage-missing", severity: Warning, title: "The CA certificate has no keyUsage",
        why: "OpenSSL and curl accept it; Python 3.13 and `openssl verify -x509_strict` reject every \
             certificate under it.",
        remedy: "Renew the CA certificate: the new one, with the same key, has a keyUsage.", source: "RFC 5280 §4.2.1.3" }
    CA_WITHOUT_CRL_SIGN { slug: "ca-without-crl-sign", severity: Warning, title: "The CA certificate does not permit CRLs",
        why: "Its keyUsage has no cRLSign: clients that check revocation reject every CRL of this CA, and gsec makes none.",
        remedy: "Renew the CA certificate with a keyUsage that has cRLSign, for the same key.", source: "RFC 5280 §4.2.1.3" }
    CA_PURPOSE_EXCLUDED { slug: "ca-purpose-excluded", severity: Warning, title: "A CA certificate excludes what this CA issues for",
        why: "Its extKeyUsage lists purposes, and clients reject certificates below it for all others.",
        remedy: "Have the CA certificate issued again without extKeyUsage, or with the missing purpose.", source: "RFC 5280 §4.2.1.12" }
    CA_CONSTRAINTS_NOT_CRITICAL { slug: "ca-constraints-not-critical", severity: Notice, title: "The CA certificate's basicConstraints are not critical",
        why: "RFC 5280 requires them to be critical in a CA certificate, and strict validators report it.",
        remedy: "Renew the CA certificate: in the new one, with the same key, they are critical.", source: "RFC 5280 §4.2.1.9" }
    CA_SIGNATURE_WEAK { slug: "ca-signature-weak", severity: Error, title: "The CA certificate is signed with a broken digest",
        why: "SHA-1 and MD5 signatures can be forged, and modern clients reject an intermediate CA that has \
             one. A root's own signature is not checked: there it is only worth knowing.",
        remedy: "Renew the CA certificate." }
    CA_KEY_WEAK { slug: "ca-key-weak", severity: Error, title: "The CA key is too short",
        why: "Modern clients reject RSA keys under 2048 bits, and gsec does not sign with one.",
        remedy: "Make a new CA next to it, and migrate the hosts." }
    CA_NOT_YET_VALID { slug: "ca-not-yet-valid", severity: Error, title: "The CA certificate is not valid yet",
        why: "Every client rejects what it issued until then. Usually a clock is wrong: this machine's now, \
             or the clock of the machine that made it.",
        remedy: "Check this machine's clock, for example against NTP.", source: "RFC 5280 §4.1.2.5" }
    CA_EXPIRED { slug: "ca-expired", severity: Error, title: "The CA certificate has expired",
        why: "Every client rejects every certificate under it.",
        remedy: "Renew the CA certificate, and distribute the new one to everyone who trusts the old one.", source: "RFC 5280 §4.1.2.5" }
    CA_EXPIRES_SOON { slug: "ca-expires-soon", severity: Warning, title: "The CA certificate expires soon",
        why: "From that day on, every certificate under it is rejected, and everyone who trusts it must get \
             the new one before then.",
        remedy: "Renew the CA certificate now, and distribute the new one to everyone who trusts the old one." }
    CA_EXPIRES_BEFORE_CERTIFICATES { slug: "ca-expires-before-certificates", severity: Warning, title: "Certificates expire after the CA",
        why: "They expire with the CA certificate, whatever their own dates say.",
        remedy: "Renew the CA certificate before it expires." }
    CA_CHAIN_BROKEN { slug: "ca-chain-broken", severity: Error, title: "The certificates above this CA do not lead to a root",
        why: "ca_cert.pem contains the CA certificate and those above it. Hosts are given this chain, and \
             clients find no path to the root.",
        remedy: "Install the chain from the parent CA again.", source: "RFC 5280 §6.1" }
    CA_CHAIN_EXPIRED { slug: "ca-chain-expired", severity: Error, title: "A certificate above this CA has expired, or will soon",
        why: "Every client then rejects every certificate below it.",
        remedy: "Have the CA above renewed, and have it renew this CA's certificate.", source: "RFC 5280 §4.1.2.5" }
    CA_CERTIFICATE_FOREIGN { slug: "ca-certificate-foreign", severity: Error, title: "ca_cert.pem contains a certificate that is not on the path of this CA",
        why: "The CA certificate may only be followed by the certificates of its issuing CAs, up to the \
             root, and by those in which a former root certifies the root after it. gsec ignores anything \
             else in the file; other programs that trust the file as a whole trust everything in it.",
        remedy: "Find out who put it there, and remove it from the file.", source: "RFC 5280 §6.1" }
    PREVIOUS_KEY_ENDED { slug: "previous-key-ended", severity: Notice, title: "A former CA key is no longer needed",
        why: "Its root has expired, so it no longer signs anything, and is just one more secret to protect.",
        remedy: "Remove the key file; its certificate stays, for the audit log." }
    PREVIOUS_KEY_UNUSABLE { slug: "previous-key-unusable", severity: Error, title: "A former CA key cannot sign its CRL",
        why: "Clients check certificates of that key with a CRL that it signs itself. Without the key they \
             use the last one until it is overdue, and do not learn what is revoked.",
        remedy: "Restore the key file from a backup, and make a new CRL. If it is gone for good, make sure \
             that no client trusts the former root any more, then move its directory away." }
    PREVIOUS_CROSS_CERTIFICATE_WRONG { slug: "previous-cross-certificate-wrong", severity: Error, title: "Clients that trust a former root find no path to the present key",
        why: "new_with_old.pem is the certificate of the next key, signed by the former key; hosts send it \
             with their certificates. gsec does not distribute one that is not proven, and clients that \
             trust only the former root then reject new certificates.",
        remedy: "Restore new_with_old.pem from a backup, and install the hosts' certificates again.", source: "RFC 4210 §4.4" }
    CA_BUNDLE_WRONG { slug: "ca-bundle-wrong", severity: Error, title: "ca_bundle.pem does not contain the roots that clients must trust",
        why: "While certificates of a former key are in use, clients trust this file. If a root is missing, \
             they reject certificates of this CA; if a foreign root is in it, they trust what someone else \
             issues.",
        remedy: "Have gsec re-create it, and give it to the clients again." }
    PREVIOUS_KEY_LOST { slug: "previous-key-lost", severity: Error, title: "A former key of this CA is lost with its root and its CRL",
        why: "Clients that trust the former root no longer get a CRL, so they do not learn what is revoked, and certificates of that key cannot be verified here.",
        remedy: "Restore previous/ and ca_bundle.pem from a backup. Otherwise re-issue the certificates of that key.", source: "RFC 4210 §4.4" }
    PREVIOUS_CERTIFICATE_FOREIGN { slug: "previous-certificate-foreign", severity: Error, title: "A certificate under previous/ is not proven to belong to a former key of this CA",
        why: "gsec does not trust it. A former root has the CA's name, is in the directory named after its \
             key identifier, and its key is certified by the key that followed; anything else was put there \
             by hand, or has lost old_with_new.pem.",
        remedy: "Find out where it comes from, and move the directory away; if it is a former root, restore \
             old_with_new.pem from a backup.", source: "RFC 4210 §4.4" }

    // The CA key.
    CA_KEY_MISSING { slug: "ca-key-missing", severity: Error, title: "The CA key is missing",
        why: "Nothing can be issued or revoked without it, and it cannot be re-created.",
        remedy: "Restore it from a backup." }
    CA_KEY_APART { slug: "ca-key-apart", severity: Notice, title: "The signer has the CA key, in a directory of its own",
        why: "The CA directory and the key belong to two users, as `gsec serve move-key` arranges it. Here, every signature comes from the \
             signer: certificates of hosts and of OCSP responders, CRLs and the audit log, by its own gsec.toml, and nothing else.",
        remedy: "None is needed. For what needs the key itself, such as `gsec ca rekey`, bring it back with `gsec serve move-key --from`." }
    CA_KEY_UNREADABLE { slug: "ca-key-unreadable", severity: Error, title: "The CA key is unreadable",
        why: "Nothing can be issued or revoked without it, and it cannot be re-created.",
        remedy: "Restore it from a backup, or give the user who runs gsec permission to read it." }
    CA_KEY_MISMATCH { slug: "ca-key-mismatch", severity: Error, title: "CA key and CA certificate do not match",
        why: "Signatures of this key cannot be verified with this certificate; gsec refuses to sign.",
        remedy: "Restore the right one of the two from a backup." }
    REKEY_UNFINISHED { slug: "rekey-unfinished", severity: Notice, title: "A change of the CA key was interrupted and is not finished",
        why: "The change to the new key is decided, but the new key is not in place yet. The next gsec \
             command finishes it; OpenSSL still finds the old one.",
        remedy: "Run any gsec command on this CA." }
    REKEY_SEALED { slug: "rekey-sealed", severity: Warning, title: "A pending CA key is not proven to be the CA's",
        why: "An interrupted change of the CA key's passphrase leaves a directory `.rekey` with encrypted keys, but so could \
             anyone who can write to ca_conf. Only the passphrase shows whose key it is; until then the present key \
             stays in use.",
        remedy: "Run a command that opens the CA key, with the new passphrase. If no change was interrupted, move the directory \
             away." }
    REKEY_FOREIGN { slug: "rekey-foreign", severity: Error, title: "A pending key change was not started by this CA",
        why: "Someone put a directory `.rekey` into ca_conf, or changed its contents: the key in it is not \
             certified by the present CA key, or other users can change it. gsec does not install it, and \
             signs nothing while it is there.",
        remedy: "Move it away, and find out who put it there. If it is your own key change and was damaged, \
             run `gsec ca rekey` again." }

    // Who else can read and write.
    CA_KEY_READABLE { slug: "ca-key-readable-by-others", severity: Warning, title: "Others can read the CA key",
        why: "Anyone who can read it can issue certificates that are accepted by everyone who trusts this \
             CA.",
        remedy: "Remove the permission. If someone may have read the key, change the key." }
    CA_WRITABLE { slug: "ca-writable-by-others", severity: Error, title: "Others can write to files that the CA's security depends on",
        why: "They could replace the CA's key, certificate or records. gsec refuses to sign where everyone \
             can write.",
        remedy: "Remove the permission, and check whether anything was changed." }
    CA_OF_ANOTHER_USER { slug: "ca-of-another-user", severity: Warning, title: "The CA directory belongs to another user",
        why: "Its owner is neither root nor the user who runs gsec. The owner decides what it issues and \
             reports as revoked; in a directory where everyone can write, anyone may have put it there.",
        remedy: "Use it only if that user runs the CA. Otherwise select your own with --ca-dir." }
    CA_PARENT_WRITABLE { slug: "ca-parent-writable", severity: Error, title: "Other users control a directory above the CA directory",
        why: "The owner of such a directory, or anyone who can write to it, can replace this CA with another \
             one. gsec does not sign or write there. A directory that everyone can write to is safe only if \
             it belongs to root and has the sticky bit, like /tmp.",
        remedy: "Remove the permission, or move the CA directory to a place where only its owner and root \
             can write." }
    CA_FOLDER_OPEN { slug: "ca-folder-open", severity: Notice, title: "Others can look into the CA's directories",
        why: "They can see which hosts there are, and a key file written with too open a mode is exposed to \
             them.",
        remedy: "Remove the permission." }
    CA_FILE_READABLE { slug: "ca-file-readable-by-others", severity: Notice, title: "Others can read the CA's records",
        why: "They are not secret like keys, but show which hosts there are.",
        remedy: "Remove the permission." }
    HOST_KEYS_READABLE { slug: "host-keys-readable-by-others", severity: Warning, title: "Others can read private keys of hosts",
        why: "Anyone who can read one can impersonate that host.",
        remedy: "Remove the permission. If someone may have read a key, issue a new certificate with a new \
             key for the host and revoke the old one." }
    CA_NOT_PERMITTED { slug: "ca-not-permitted", severity: Error, title: "You have no permission to read the CA's files",
        why: "Files that cannot be read are not checked; without permission to read them you cannot issue or \
             revoke certificates.",
        remedy: "Run gsec as the owner of the CA directory." }
    CA_OWNER_DIFFERS { slug: "ca-owner-differs", severity: Warning, title: "Something in the CA directory belongs to another user",
        why: "Its owner could replace it; or, if that is root, the owner of the CA directory can no longer \
             write it.",
        remedy: "Give it to the owner of the CA directory." }
    CA_FILE_IRREGULAR { slug: "ca-file-irregular", severity: Error, title: "Something else is in the place of a file or directory of the CA",
        why: "Symbolic links are not followed in a CA directory: anyone who can change their target could \
             replace the CA.",
        remedy: "If you made the link, and nobody else can write to its target, put a copy of the file in \
             its place; otherwise restore the file from a backup. Do not just move it away: without \
             gsec.toml or audit.log a CA permits more and remembers less." }
    CA_FOLDER_MISSING { slug: "ca-folder-missing", severity: Error, title: "A directory of the CA is missing",
        why: "Nothing can be issued without it, and its contents are gone.",
        remedy: "Restore it from a backup. An empty one is right only for a CA that has issued nothing." }

    // The disk.
    CA_DISK_FULL { slug: "ca-disk-full", severity: Warning, title: "The CA's disk is nearly full",
        why: "Nothing is lost on a full disk, but nothing can be issued or revoked.",
        remedy: "Free some space." }
    CA_DISK_READ_ONLY { slug: "ca-disk-read-only", severity: Warning, title: "The CA's disk is read-only",
        why: "Nothing can be issued or revoked. A writable disk becomes read-only when it is failing.",
        remedy: "Find out why, and mount it writable." }
    CA_FIXED { slug: "ca-cannot-be-changed", severity: Warning, title: "A file or directory of the CA is marked immutable or append-only",
        why: "The marks of chattr bind root and gsec too: what is issued or revoked is recorded in these files, so that \
             nothing can be issued, or nothing revoked.",
        remedy: "Take the mark away once you know who set it, and why. A copy elsewhere protects the records better." }

    // ca.db and the numbers.
    INDEX_MISSING { slug: "index-missing", severity: Error, title: "ca.db is missing or unreadable",
        why: "It is the list of everything that the CA has issued and revoked.",
        remedy: "Restore it from a backup. If there is none: start with an empty one, and let --fix record \
             every certificate in the repository." }
    INDEX_BAD_LINES { slug: "index-bad-lines", severity: Warning, title: "Lines of ca.db are damaged",
        why: "`openssl ca` rejects the whole file. gsec reads every line that has a serial number: what it \
             revokes stays revoked and is in the CRL. A line that revokes a certificate, or may revoke one, \
             but has no serial number blocks every CRL, because it is unknown what it revokes.",
        remedy: "Records are rewritten by --fix. A revocation without a serial number must be corrected by \
             hand. Any other line can be corrected or commented out." }
    CLOCK_BEHIND { slug: "clock-behind", severity: Error, title: "Something in the CA directory is dated in the future",
        why: "Either this machine's clock is behind, or something was made while the clock was ahead. A CRL \
             made now would be older than the one that clients have, and they would reject it, so none is \
             made.",
        remedy: "Correct this machine's clock. If the other time is wrong, make a CRL with `gsec crl update \
             --allow-earlier`.", source: "RFC 5280 §5.1.2.4" }
    INDEX_TORN_LINE { slug: "index-torn-line", severity: Notice, title: "The last line of ca.db does not end with a line feed",
        why: "An editor left it that way, or a command was killed while writing it. OpenSSL ignores such a \
             line. gsec reads it if it is a complete record; for an incomplete one, no certificate was \
             made.",
        remedy: "The next change completes a record, and moves anything else to a separate file." }
    INDEX_DUPLICATE_SERIALS { slug: "index-duplicate-serials", severity: Error, title: "Serial numbers occur twice in ca.db",
        why: "`openssl ca` rejects the whole file, and it is unknown which of the two lines is valid.",
        remedy: "Let --fix keep one line and comment out the others: a revoked one is kept before any other, \
             with the strongest reason and the earliest date; otherwise the last one.", source: "RFC 5280 §4.1.2.2" }
    INDEX_DUPLICATE_SUBJECTS { slug: "index-duplicate-subjects", severity: Warning, title: "Several valid certificates have one subject, but only one is allowed",
        why: "With `unique_subject = yes` in ca.db.attr, `openssl ca` always fails with such a ca.db.",
        remedy: "Allow several: otherwise certificates cannot be renewed before they expire." }
    INDEX_EXPIRED_NOT_MARKED { slug: "index-expired-not-marked", severity: Notice, title: "Expired certificates are marked valid in ca.db, where a subject may have one valid certificate",
        why: "gsec uses the date; with `unique_subject = yes`, `openssl ca` refuses to issue for that \
             subject again until the line is marked as expired.",
        remedy: "Let OpenSSL mark them, or allow several certificates per subject." }
    INDEX_ATTRIBUTES_MISSING { slug: "index-attributes-missing", severity: Warning, title: "ca.db.attr is missing, or does not say whether subjects are unique",
        why: "OpenSSL and gsec then assume that a subject may have only one valid certificate, and refuse to \
             renew before expiry.",
        remedy: "Write it again: `unique_subject = no`." }
    SERIAL_NUMBER_DAMAGED { slug: "serial-number-damaged", severity: Error, title: "serial.num does not contain a serial number",
        why: "Nothing can be issued: the next number is unknown. OpenSSL requires an even number of digits.",
        remedy: "Write the number after the highest one in use." }
    SERIAL_NUMBER_BEHIND { slug: "serial-number-behind", severity: Warning, title: "serial.num is behind the certificates",
        why: "It is from an older backup. gsec skips numbers that are in use or announced in the audit log; \
             `openssl ca` uses them a second time.",
        remedy: "Raise it above the highest number in use.", source: "RFC 5280 §4.1.2.2" }
    CRL_NUMBER_DAMAGED { slug: "crl-number-damaged", severity: Warning, title: "crl.num is missing or does not contain a number",
        why: "No CRL can be made: not by gsec if it contains something else, not by OpenSSL if it is \
             missing.",
        remedy: "Write the number after that of the last CRL.", source: "RFC 5280 §5.2.3" }
    CRL_NUMBER_BEHIND { slug: "crl-number-behind", severity: Warning, title: "crl.num is behind the CRL",
        why: "It is from an older backup. Clients that have the newer CRL ignore one with a lower number.",
        remedy: "Raise it above the number of the last CRL.", source: "RFC 5280 §5.2.3" }

    // Records and certificates.
    RECORD_WITHOUT_FILE { slug: "record-without-file", severity: Warning, title: "Records without a certificate",
        why: "A command was killed between recording and signing, and there is no such certificate; or its \
             files were deleted, and someone may have it. It counts as issued, but cannot be inspected.",
        remedy: "Revoke it by its serial number. If the files were deleted, restore them from a backup." }
    CERTIFICATE_COPY_MISSING { slug: "certificate-copy-missing", severity: Warning, title: "The CA's copy of a certificate is missing, but the host's copy exists",
        why: "`cert ensure`, `cert list` and `cert renew` use the CA's own copy: without it the certificate \
             counts as missing.",
        remedy: "Copy it from the host's file." }
    CERTIFICATE_WITHOUT_RECORD { slug: "certificate-without-record", severity: Error, title: "Certificates are not recorded in ca.db",
        why: "ca.db is from an older backup, or its line was lost. A certificate that ca.db does not list \
             cannot be revoked, and is not found when its host is looked up; what the present CRL revokes \
             stays revoked.",
        remedy: "Record them: --fix does this for every certificate that this CA signed, with its revocation \
             status from the audit log and the CRL." }
    CERTIFICATE_OF_ANOTHER_CA { slug: "certificate-of-another-ca", severity: Warning, title: "Certificates in the repository that this CA did not issue",
        why: "Because it is named like a serial number, it is taken as this CA's own. Two CAs were mixed, or \
             a file was put there by hand.",
        remedy: "Move it away." }
    CERTIFICATE_DIFFERS { slug: "certificate-differs-from-record", severity: Warning, title: "Certificates differ from their records",
        why: "ca.db has another expiry date, subject or serial number than the certificate itself: one of \
             the two was changed or replaced. In CAs with more than 20,000 certificates, the newest 10,000 \
             and a sample of the rest are compared.",
        remedy: "If the certificate is this CA's, --fix corrects the record. If it is another certificate, \
             restore the right one." }
    CERTIFICATE_FILE_DAMAGED { slug: "certificate-file-damaged", severity: Warning, title: "Certificates in the repository are unreadable",
        why: "The certificate counts as missing, and cannot be inspected or delivered again.",
        remedy: "Restore it from the host's copy or from a backup." }
    HOST_FILE_DIFFERS { slug: "host-file-differs", severity: Warning, title: "Files for a host do not belong to its certificate",
        why: "They contain a key that does not match, or the certificate of another host, and the service \
             does not start with them. A PFX is checked only if it has no password, in a directory with at \
             most 200 records; in a larger one it is only known to be a PFX.",
        remedy: "Restore the right file from the host or from a backup." }
    REVOCATION_LOST { slug: "revocation-lost", severity: Error, title: "Certificates were revoked, but ca.db does not say so",
        why: "The audit log, a CRL or a comment in ca.db says that it was revoked, but ca.db has it as \
             valid, for a weaker reason, or not at all: ca.db is from an older backup, someone changed it, \
             or the command was killed. A revocation in the log or in a CRL is in the next CRL; one that is \
             only in a comment is not, and clients will accept the certificate. `openssl ca` sees none of \
             them.",
        remedy: "Revoke it again." }
    RECORD_LOST { slug: "record-lost", severity: Error, title: "The audit log announces certificates that have no record",
        why: "A command that is killed between announcing and recording makes no certificate. But if \
             serial.num never got that far, or the last of several changes are missing, ca.db was reset to \
             an earlier state: someone has the certificates, and they cannot be revoked here.",
        remedy: "Restore ca.db and the repository from the newest backup." }
    NAMES_OUTSIDE_CONSTRAINTS { slug: "names-outside-constraints", severity: Error, title: "Valid certificates have names that the CAs on their path do not permit",
        why: "The name constraints of this CA's certificate, or of a CA higher up, do not permit them: most clients reject the whole certificate. Another program issued it, or the CA certificate was exchanged. In CAs with more than 20,000 certificates, the newest 10,000 and a sample of the rest are compared.",
        remedy: "Have these hosts certified by a CA that may issue for their names.", source: "RFC 5280 §4.2.1.10" }
    CA_KEY_CERTIFIED { slug: "ca-key-certified", severity: Error, title: "A host certificate contains the key of a CA",
        why: "gsec 0.1.0 certified the CA's own key for a host if it was given with --key, and wrote it \
             unencrypted to the repository and a PFX; or the CA's certificate and key were replaced by \
             those of a host. Anyone who has one of these files can issue certificates in the name of the \
             CA.",
        remedy: "Remove the host's key file and PFX, find out who has copies, revoke the certificate, and change the CA key if anyone else may have it." }
    COMPROMISED_KEY_IN_USE { slug: "compromised-key-in-use", severity: Error, title: "Valid certificates have a key that was revoked as compromised",
        why: "Anyone who has the key can impersonate the host with these certificates too.",
        remedy: "Revoke them as well, and issue a certificate with a new key." }
    COMPROMISED_KEY_UNKNOWN { slug: "compromised-key-unknown", severity: Warning, title: "The compromised keys are no longer known",
        why: "A certificate was revoked because its key was compromised, but the repository does not contain it, and the audit log does not have the digest of its key. gsec cannot detect a request for a certificate \
             with this key.",
        remedy: "Restore the certificate in the repository from a backup." }
    CERTIFICATES_EXPIRE_SOON { slug: "certificates-expire-soon", severity: Warning, title: "Certificates expire soon and have no successor",
        why: "From that day on, connections to the host fail.",
        remedy: "Renew them." }

    // The audit log.
    AUDIT_LOG_MISSING { slug: "audit-log-missing", severity: Error, title: "The audit log is missing",
        why: "It is unknown what was done with this CA until now. The next change starts a new one.",
        remedy: "Restore it from a backup." }
    AUDIT_CHAIN_BROKEN { slug: "audit-chain-broken", severity: Error, title: "The audit log was changed",
        why: "Each line is linked to the line before, and the last of each change is signed by the CA key: \
             someone changed, removed or added a line. Unless a CRL is there that was made later, it is not \
             known what these lines revoked, and `gsec crl update` makes no CRL that could leave it out.",
        remedy: "Inspect the line, and restore the log from a backup. It cannot be repaired without hiding \
             what happened." }
    AUDIT_LOG_TORN { slug: "audit-log-torn", severity: Notice, title: "The last line of the audit log is incomplete",
        why: "A command was killed while writing it: what it announced did not happen.",
        remedy: "The next change moves it to a separate file." }
    RECORDS_NOT_ANNOUNCED { slug: "records-not-announced", severity: Notice, title: "The audit log does not announce some records",
        why: "`openssl ca` issues and revokes, but writes no log. A log that was reset to an earlier state \
             together with audit.head has no lines about later changes: it looks the same.",
        remedy: "If `openssl ca` did it, --fix adds a line to the log about how the records were found. If \
             not, restore log and audit.head from the newest backup." }

    // CRLs.
    CRL_MISSING { slug: "ca-crl-missing", severity: Warning, title: "Certificates are revoked, but there is no CRL",
        why: "No client learns of it: they still accept the certificates.",
        remedy: "Make a CRL, and publish it where clients look." }
    CRL_DAMAGED { slug: "ca-crl-damaged", severity: Error, title: "The CRL is unreadable",
        why: "Clients that check revocation reject every certificate.",
        remedy: "Make a new CRL." }
    CRL_OF_ANOTHER_KEY { slug: "ca-crl-of-another-key", severity: Error, title: "The CRL is not signed by the CA key",
        why: "Clients that check revocation reject it, and with it every certificate.",
        remedy: "Make a new CRL.", source: "RFC 5280 §6.3.3" }
    CRL_NOT_MADE { slug: "ca-crl-not-made", severity: Warning, title: "There is no CRL, and certificates name its address",
        why: "`crl_addresses` in gsec.toml goes into every certificate. Clients that must have the CRL reject a certificate whose CRL is missing.",
        remedy: "Make a CRL, and publish it where clients look.", source: "RFC 5280 §4.2.1.13" }
    CRL_UNCHECKED { slug: "ca-crl-unchecked", severity: Warning, title: "The signature of the CRL cannot be checked",
        why: "gsec does not support its algorithm, so it does not know whether the CA made this CRL: it believes none of it, does not publish it, and leaves undetermined whether a certificate is revoked.",
        remedy: "Make a new CRL with `gsec crl update`.", source: "RFC 5280 §6.3.3" }
    CRL_OLD { slug: "ca-crl-old", severity: Error, title: "The CRL is an old one",
        why: "The audit log records a later CRL: this one was restored from a backup. Clients that get it do not learn what was revoked or released since, and those that have the later one reject it.",
        remedy: "Make a new CRL, and publish it where clients look.", source: "RFC 5280 §5.2.3" }
    CRL_OVERDUE { slug: "ca-crl-overdue", severity: Warning, title: "The next CRL is overdue",
        why: "Clients that check revocation reject every certificate once the CRL is out of date.",
        remedy: "Make a new one, and have it made regularly.", source: "RFC 5280 §6.3.3" }
    CRL_DUE_SOON { slug: "ca-crl-due-soon", severity: Notice, title: "The next CRL is due soon",
        why: "Clients that check revocation reject every certificate once the CRL is out of date.",
        remedy: "Make a new one, and have it made regularly." }
    CRL_FORM { slug: "ca-crl-form", severity: Notice, title: "The CRL lacks what some programs require",
        why: "Another program made it, such as `openssl ca` without crl_extensions. Programs with rustls \
             cannot read it, or it is unknown which CRL is newer.",
        remedy: "Make a new CRL with `gsec crl update`.", source: "RFC 5280 §5.1.2" }
    CRL_OUTDATED { slug: "ca-crl-outdated", severity: Warning, title: "The CRL lists certificates as on hold that are not",
        why: "They were released, or revoked for good, and no CRL was made since. Clients still reject what was released.",
        remedy: "Make a new CRL, and publish it where clients look.", source: "RFC 5280 §5.3.1" }
    CRL_INCOMPLETE { slug: "ca-crl-incomplete", severity: Warning, title: "The CRL lacks revoked certificates",
        why: "Clients still accept them.",
        remedy: "Make a new CRL, and publish it where clients look." }
    CRL_PARTS { slug: "ca-crl-parts", severity: Warning, title: "Parts of the CRL do not say what the CRL says",
        why: "Certificates name a part of the CRL. Clients that check revocation reject every certificate whose part is missing or out of date, and accept what a part lacks.",
        remedy: "Make a new CRL with its parts, and publish them where clients look.", source: "RFC 5280 §5.2.5" }
    CRL_IN_ONE_PIECE { slug: "ca-crl-in-one-piece", severity: Notice, title: "The CRL of many certificates is in one piece",
        why: "Each host that checks revocation fetches all of it, and it grows with what is revoked.",
        remedy: "Set `crl_shards` in gsec.toml, and publish the parts beside the CRL: certificates issued from then on name the part that they are in." }

    // Leftovers and settings.
    CA_LEFTOVERS { slug: "ca-leftovers", severity: Notice, title: "Files left by killed commands",
        why: "They are useless, and may contain copies of keys.",
        remedy: "Remove them: --fix removes those that belong to gsec and are older than an hour." }
    CA_LOCK_HELD { slug: "ca-lock-held", severity: Warning, title: "The CA directory has been locked for seconds",
        why: "A lock is held for milliseconds. While it is held nobody else can issue or revoke: the process that holds it hangs, or was stopped.",
        remedy: "Find out what the process is doing and stop it; this releases the lock." }
    HOST_INDEX_DAMAGED { slug: "host-index-damaged", severity: Notice, title: "The index of hosts is damaged",
        why: "It is a cache, and is rebuilt when needed: that takes some time once.",
        remedy: "Remove it." }
    POLICY_MISSING { slug: "policy-missing", severity: Error, title: "gsec.toml is missing",
        why: "gsec made this CA or adopted it, so it had one. Its rules may forbid names, keys and lifetimes \
             that the default rules permit; gsec issues nothing until it is restored. Revocation and CRLs \
             still work.",
        remedy: "Restore it from a backup, or have gsec ca adopt write one with the default rules." }
    POLICY_DAMAGED { slug: "policy-damaged", severity: Error, title: "gsec.toml is unreadable",
        why: "It is unknown what this CA may issue, so gsec issues nothing.",
        remedy: "Correct the line named in the finding." }
    POLICY_LIMIT_INHERITED { slug: "profile-limit-inherited", severity: Notice, title: "Profiles inherit limits from [profile.host]",
        why: "A limit of [profile.host] applies to every profile that does not set the same key itself; \
             gsec 0.1.0 applied its limits to [profile.host] only.",
        remedy: "Nothing, if the limit should apply to these profiles too; otherwise set the key in their \
             tables." }
    POLICY_NAME_UNCLEAR { slug: "profile-name-unclear", severity: Warning, title: "A profile's name is near that of a built-in one",
        why: "If it is a slip, the built-in profile is issued without the settings of the section.",
        remedy: "Correct the name if the built-in profile is meant; if not, add a section for the built-in profile too, which may be empty." }
    POLICY_ACCESS_UNCLEAR { slug: "default-access-unclear", severity: Notice, title: "`[security]` does not say default_access",
        why: "The old key no-default-access does the opposite of its name, as on the old platform: 1 grants access. A [security] section without any key denies it.",
        remedy: "Write default_access = true or default_access = false in [security], and remove the old key." }
    OPENSSL_CONFIGURATION_MISSING { slug: "openssl-configuration-missing", severity: Notice, title: "ca.conf is missing",
        why: "gsec does not need it; `openssl ca` does not work in this directory without it.",
        remedy: "Re-create it." }
    OPENSSL_COPIES_EXTENSIONS { slug: "openssl-copies-extensions", severity: Warning, title: "`openssl ca` copies every extension of a CSR",
        why: "The author of the CSR then decides what the certificate may be used for: with copyall this \
             even overrides settings of ca.conf, such as CA:TRUE.",
        remedy: "Write copy_extensions = none, and sign CSRs with gsec cert sign." }
    OPENSSL_CONFIGURATION_ELSEWHERE { slug: "openssl-configuration-elsewhere", severity: Warning, title: "ca.conf points to another CA's files",
        why: "`openssl ca` in this directory would count, record or sign elsewhere: two CAs were mixed, or the directory was copied or moved.",
        remedy: "Correct the setting: paths relative to the CA directory still work after a move." }
}
