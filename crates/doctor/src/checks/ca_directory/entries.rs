//! What can be wrong with a CA directory.

use crate::checks::{Group, entries};

entries! { Group::CaDirectory;
    // The CA certificate and those above it.
    CA_WAITING { slug: "ca-waiting", severity: Notice, title: "The CA waits for its certificate",
        why: "It has made its request and has no certificate yet: nothing can be issued, and nothing else is wrong.",
        remedy: "Hand the request to the CA above, and take over what it answers." }
    CA_CERTIFICATE_MISSING { slug: "ca-certificate-missing", severity: Error, title: "The CA certificate is missing",
        why: "Every command needs it, and hosts cannot be given what they trust.",
        remedy: "Put it back from a backup, or from a host that trusts it." }
    CA_CERTIFICATE_DAMAGED { slug: "ca-certificate-damaged", severity: Error, title: "The CA certificate does not read",
        why: "Every command needs it, and hosts cannot be given what they trust.",
        remedy: "Put it back from a backup, or from a host that trusts it." }
    CA_NOT_AUTHORITY { slug: "ca-not-authority", severity: Error, title: "The CA certificate is not one of a CA",
        why: "Without basicConstraints CA:TRUE, or with a keyUsage without keyCertSign, nobody accepts what its key signed.",
        remedy: "Have the certificate made anew.", source: "RFC 5280 §4.2.1.9" }
    CA_KEY_USAGE_MISSING { slug: "ca-key-usage-missing", severity: Warning, title: "The CA certificate has no keyUsage",
        why: "OpenSSL and curl accept it; Python 3.13 and `openssl verify -x509_strict` refuse every certificate under it.",
        remedy: "Renew the CA certificate: the new one, of the same key, has it.", source: "RFC 5280 §4.2.1.3" }
    CA_CONSTRAINTS_NOT_CRITICAL { slug: "ca-constraints-not-critical", severity: Notice, title: "The CA certificate's basicConstraints is not critical",
        why: "RFC 5280 wants it critical in a CA certificate, and strict validators say so.",
        remedy: "Renew the CA certificate: in the new one, of the same key, it is.", source: "RFC 5280 §4.2.1.9" }
    CA_SIGNATURE_WEAK { slug: "ca-signature-weak", severity: Error, title: "The CA certificate is signed with a broken digest",
        why: "SHA-1 and MD5 signatures can be forged, and modern peers refuse an intermediate CA that has one. A root's own signature nobody checks: there it is only worth knowing.",
        remedy: "Renew the CA certificate." }
    CA_KEY_WEAK { slug: "ca-key-weak", severity: Error, title: "The CA key is too short",
        why: "Modern peers refuse RSA keys under 2048 bits, and gsec does not sign with one.",
        remedy: "Make a new CA beside it, and move the hosts over." }
    CA_NOT_YET_VALID { slug: "ca-not-yet-valid", severity: Error, title: "The CA certificate is not valid yet",
        why: "Every peer refuses what it issued until then. Mostly a clock is wrong: this machine's now, or that on which it was made.",
        remedy: "Compare this machine's clock with the world's.", source: "RFC 5280 §4.1.2.5" }
    CA_EXPIRED { slug: "ca-expired", severity: Error, title: "The CA certificate has expired",
        why: "Every peer refuses every certificate under it.",
        remedy: "Renew the CA certificate, and give the new one to everybody who trusts the old.", source: "RFC 5280 §4.1.2.5" }
    CA_EXPIRES_SOON { slug: "ca-expires-soon", severity: Warning, title: "The CA certificate expires soon",
        why: "On that day every certificate under it is refused, and everybody who trusts it has to get the new one before.",
        remedy: "Renew the CA certificate now, and give the new one to everybody who trusts the old." }
    CA_EXPIRES_BEFORE_CERTIFICATES { slug: "ca-expires-before-certificates", severity: Warning, title: "Certificates last longer than the CA",
        why: "They end with the CA certificate, whatever they say themselves.",
        remedy: "Renew the CA certificate before it ends." }
    CA_CHAIN_BROKEN { slug: "ca-chain-broken", severity: Error, title: "The certificates above this CA do not lead to a root",
        why: "ca_cert.pem holds the CA certificate and those above it. Hosts are handed what stands there, and peers find no way to the root.",
        remedy: "Take the chain over once more from the CA above.", source: "RFC 5280 §6.1" }
    CA_CHAIN_EXPIRED { slug: "ca-chain-expired", severity: Error, title: "A certificate above this CA has expired, or will soon",
        why: "Every peer then refuses every certificate below it.",
        remedy: "Have the CA above renewed, and this one certified by it anew.", source: "RFC 5280 §4.1.2.5" }
    CA_CERTIFICATE_FOREIGN { slug: "ca-certificate-foreign", severity: Error, title: "ca_cert.pem holds a certificate that is not on the path of this CA",
        why: "After the CA certificate only those may follow that really certify it, up to the root, and those by which a former root certifies the root after it. gsec believes nothing else in the file; other programs that trust the file as a whole trust everything in it.",
        remedy: "Find out who put it there, and remove it from the file.", source: "RFC 5280 §6.1" }
    PREVIOUS_KEY_ENDED { slug: "previous-key-ended", severity: Notice, title: "A key that the CA had before is of no more use",
        why: "Its root has expired, so it signs nothing any more, and is only one more secret to keep.",
        remedy: "Remove the key file; its certificate stays, for the audit log." }
    PREVIOUS_KEY_UNUSABLE { slug: "previous-key-unusable", severity: Error, title: "A key that the CA had before cannot sign its CRL",
        why: "Peers check certificates of that key with a CRL that it signs itself. Without the key they read the last one until it is overdue, and do not learn what is revoked.",
        remedy: "Put the key file back from a backup, and make a new CRL. If it is gone for good, have no peer trust the former root any more, then move its folder away." }
    PREVIOUS_CROSS_CERTIFICATE_WRONG { slug: "previous-cross-certificate-wrong", severity: Error, title: "Peers that trust a former root do not find the way to the present key",
        why: "new_with_old.pem is the certificate of the next key that the former one has signed; hosts hand it over. gsec hands over none that is not proven, and peers that trust only the former root then refuse new certificates.",
        remedy: "Put new_with_old.pem back from a backup, and install the hosts' certificates again.", source: "RFC 4210 §4.4" }
    CA_BUNDLE_WRONG { slug: "ca-bundle-wrong", severity: Error, title: "ca_bundle.pem does not hold the roots that peers must trust",
        why: "While certificates of a former key are in use, peers trust this file. With a root that is missing in it they refuse certificates of this CA, and with a foreign one they trust what somebody else issues.",
        remedy: "Have gsec write it anew, and give it to the peers again." }
    PREVIOUS_CERTIFICATE_FOREIGN { slug: "previous-certificate-foreign", severity: Error, title: "A certificate under previous/ is not proven to be of a former key of this CA",
        why: "gsec does not trust it. A former root has the CA's name, is in the folder of its key identifier, and the key that followed has certified its key; anything else was put there by hand, or lost old_with_new.pem.",
        remedy: "Find out where it comes from, and move the folder away; if it is a former root, put old_with_new.pem back from a backup.", source: "RFC 4210 §4.4" }

    // The CA key.
    CA_KEY_MISSING { slug: "ca-key-missing", severity: Error, title: "The CA key is missing",
        why: "Nothing can be issued or revoked without it, and it cannot be made anew.",
        remedy: "Put it back from a backup." }
    CA_KEY_UNREADABLE { slug: "ca-key-unreadable", severity: Error, title: "The CA key does not read",
        why: "Nothing can be issued or revoked without it, and it cannot be made anew.",
        remedy: "Put it back from a backup, or let the one who runs gsec read it." }
    CA_KEY_MISMATCH { slug: "ca-key-mismatch", severity: Error, title: "CA key and CA certificate do not belong together",
        why: "What this key signs nobody can verify with this certificate; gsec refuses to sign.",
        remedy: "Put the right one of the two back from a backup." }
    REKEY_UNFINISHED { slug: "rekey-unfinished", severity: Notice, title: "A change of the CA key was cut off and is not finished",
        why: "The new key is decided and not in its place yet. The next command of gsec's finishes it; OpenSSL still finds the old one.",
        remedy: "Call any command of gsec's that opens the CA." }
    REKEY_SEALED { slug: "rekey-sealed", severity: Warning, title: "A key waits to take the place of the CA key, and is not shown to be the CA's",
        why: "A change of the CA key or of its passphrase that was cut off leaves a folder `.rekey` with encrypted keys, and so could anyone who can write in ca_conf. Only the passphrase shows whose key it is; until then the present key stays and works.",
        remedy: "Call a command that opens the CA key, with the passphrase that the key was to have. If no change was cut off, move the folder away." }
    REKEY_FOREIGN { slug: "rekey-foreign", severity: Error, title: "A key change is waiting that this CA did not start",
        why: "Someone put a folder `.rekey` into ca_conf, or changed what was in it: the key in it is not certified by the present CA key, or other users can change it. gsec does not install it, and signs nothing while it is there.",
        remedy: "Move it away, and find out who put it there. If it is a key change of your own that was damaged, run `gsec ca rekey` again." }

    // Who else can read and write.
    CA_KEY_READABLE { slug: "ca-key-readable-by-others", severity: Warning, title: "Others can read the CA key",
        why: "Whoever reads it can issue certificates that everybody accepts who trusts this CA.",
        remedy: "Take the right away. If somebody may have read it, change the key." }
    CA_WRITABLE { slug: "ca-writable-by-others", severity: Error, title: "Others can write what the CA's safety rests on",
        why: "They could exchange the CA's key, certificate or records. gsec refuses to sign where everybody can.",
        remedy: "Take the right away, and look whether anything was changed." }
    CA_OF_ANOTHER_USER { slug: "ca-of-another-user", severity: Warning, title: "The CA directory belongs to another user",
        why: "Neither root nor the one who calls gsec owns it. Its owner decides what it issues and what it says is revoked; in a folder where everybody can write, anybody may have put it there.",
        remedy: "Use it only if that user runs the CA. Otherwise name your own with --ca-dir." }
    CA_PARENT_WRITABLE { slug: "ca-parent-writable", severity: Error, title: "Other users control a directory above the CA directory",
        why: "Whoever owns such a directory, or can write in it, can put another CA in this one's place. gsec does not sign or write there. A directory that everyone can write is safe only if it belongs to root and has the sticky bit, like /tmp.",
        remedy: "Take the right away, or move the CA directory to where only its owner and root can write." }
    CA_FOLDER_OPEN { slug: "ca-folder-open", severity: Notice, title: "Others can look into the CA's folders",
        why: "They see which hosts there are, and a key file that is once written too open is theirs.",
        remedy: "Take the right away." }
    CA_FILE_READABLE { slug: "ca-file-readable-by-others", severity: Notice, title: "Others can read the CA's records",
        why: "They are no secret as keys are, but say which hosts there are.",
        remedy: "Take the right away." }
    HOST_KEYS_READABLE { slug: "host-keys-readable-by-others", severity: Warning, title: "Others can read private keys of hosts",
        why: "Whoever reads one can pass for that host.",
        remedy: "Take the right away. If somebody may have read one, issue anew for the host and revoke the old certificate." }
    CA_NOT_PERMITTED { slug: "ca-not-permitted", severity: Error, title: "Who asks may not read the CA's files",
        why: "What cannot be read is not looked at; for who may not read it nothing can be issued or revoked.",
        remedy: "Ask as the user to whom the CA directory belongs." }
    CA_OWNER_DIFFERS { slug: "ca-owner-differs", severity: Warning, title: "Something in the CA directory belongs to somebody else",
        why: "Its owner could exchange it; or, when it is root's, the one to whom the CA directory belongs can no longer write it.",
        remedy: "Give it to the owner of the CA directory." }
    CA_FILE_IRREGULAR { slug: "ca-file-irregular", severity: Error, title: "Something else stands in the place of a file or folder of the CA",
        why: "Symbolic links are not followed in a CA directory: whoever can change where they lead could exchange the CA.",
        remedy: "If you made the link, and nobody else can write where it leads, put a copy of the file in its place; otherwise restore the file from a backup. Do not only move it away: without gsec.toml or audit.log a CA permits more and remembers less." }
    CA_FOLDER_MISSING { slug: "ca-folder-missing", severity: Error, title: "A folder of the CA is missing",
        why: "Nothing can be issued without it, and what was in it is gone.",
        remedy: "Put it back from a backup. An empty one is right only for a CA that has issued nothing." }

    // The disk.
    CA_DISK_FULL { slug: "ca-disk-full", severity: Warning, title: "The disk that the CA is on is nearly full",
        why: "Nothing is lost on a full disk, but nothing can be issued or revoked.",
        remedy: "Make room." }
    CA_DISK_READ_ONLY { slug: "ca-disk-read-only", severity: Warning, title: "The disk that the CA is on is read-only",
        why: "Nothing can be issued or revoked. A disk that was writable becomes so when it is failing.",
        remedy: "Look why, and mount it writable." }

    // ca.db and the numbers.
    INDEX_MISSING { slug: "index-missing", severity: Error, title: "ca.db is missing or does not read",
        why: "It is the list of everything that the CA has issued and revoked.",
        remedy: "Put it back from a backup. Where there is none: begin an empty one, and let --fix record every certificate in the repository." }
    INDEX_BAD_LINES { slug: "index-bad-lines", severity: Warning, title: "Lines of ca.db are damaged",
        why: "`openssl ca` refuses the whole file. gsec reads every line that has a serial number: what it revokes stays revoked and is in the CRL. A line that revokes a certificate, or may revoke one, and has no serial number stops every CRL, because nobody can tell what it revokes.",
        remedy: "A record is rewritten by --fix. A revocation without a serial number must be corrected by hand. Any other line can be corrected or made a comment." }
    CLOCK_BEHIND { slug: "clock-behind", severity: Error, title: "Something in the CA directory was made later than now",
        why: "Either this machine's clock is behind, or something was made under a clock that was ahead. A CRL made now would be older than the one that clients have, and they would refuse it, so none is made.",
        remedy: "Set this machine's clock right. If the other time is the wrong one, make a CRL with `gsec crl update --allow-earlier`.", source: "RFC 5280 §5.1.2.4" }
    INDEX_TORN_LINE { slug: "index-torn-line", severity: Notice, title: "The last line of ca.db does not end in a line feed",
        why: "An editor left it so, or a call was killed while it wrote it. OpenSSL passes over such a line. gsec reads it if it is a whole record; no certificate was made for what is left of one.",
        remedy: "The next change completes a record, and sets anything else aside." }
    INDEX_DUPLICATE_SERIALS { slug: "index-duplicate-serials", severity: Error, title: "Serial numbers stand in ca.db twice",
        why: "`openssl ca` refuses the whole file, and nobody can say which of the two lines holds.",
        remedy: "Let --fix leave one line and make comments of the others: a revoked one stays before any other, with the strongest reason and the earliest date; else the last.", source: "RFC 5280 §4.1.2.2" }
    INDEX_DUPLICATE_SUBJECTS { slug: "index-duplicate-subjects", severity: Warning, title: "Valid certificates of one subject, where only one is allowed",
        why: "With `unique_subject = yes` in ca.db.attr every call of `openssl ca` fails on such a ca.db.",
        remedy: "Allow several: there could be no renewal before expiry otherwise." }
    INDEX_EXPIRED_NOT_MARKED { slug: "index-expired-not-marked", severity: Notice, title: "Expired certificates stand as valid in ca.db, where a subject may have one valid certificate",
        why: "gsec goes by the date; with `unique_subject = yes` `openssl ca` refuses to issue for that subject again until the line is marked.",
        remedy: "Let OpenSSL mark them, or allow several certificates for a subject." }
    INDEX_ATTRIBUTES_MISSING { slug: "index-attributes-missing", severity: Warning, title: "ca.db.attr is missing, or does not say whether subjects are unique",
        why: "Then OpenSSL and gsec take it that a subject may have one valid certificate, and refuse to renew before expiry.",
        remedy: "Write it anew: `unique_subject = no`." }
    SERIAL_NUMBER_DAMAGED { slug: "serial-number-damaged", severity: Error, title: "serial.num does not hold a serial number",
        why: "Nothing can be issued: the next number is not known. OpenSSL wants an even number of digits.",
        remedy: "Write the number after the highest that is in use." }
    SERIAL_NUMBER_BEHIND { slug: "serial-number-behind", severity: Warning, title: "serial.num is behind the certificates",
        why: "It is from an older backup. gsec passes over numbers that are in use or that the audit log announces; `openssl ca` uses them a second time.",
        remedy: "Raise it above the highest number that is in use.", source: "RFC 5280 §4.1.2.2" }
    CRL_NUMBER_DAMAGED { slug: "crl-number-damaged", severity: Warning, title: "crl.num is missing or holds no number",
        why: "No CRL can be made: not by gsec where it holds something else, not by OpenSSL without it.",
        remedy: "Write the number after that of the last CRL.", source: "RFC 5280 §5.2.3" }
    CRL_NUMBER_BEHIND { slug: "crl-number-behind", severity: Warning, title: "crl.num is behind the CRL",
        why: "It is from an older backup. Peers that have the newer CRL ignore one with a lower number.",
        remedy: "Raise it above the number of the last CRL.", source: "RFC 5280 §5.2.3" }

    // Records and certificates.
    RECORD_WITHOUT_FILE { slug: "record-without-file", severity: Warning, title: "Records without a certificate",
        why: "A call was killed between recording and signing, and there is no such certificate; or its files were deleted, and somebody may have it. It counts as issued, and nobody can look at it.",
        remedy: "Revoke it by its serial number. Where the files were deleted, put them back from a backup." }
    CERTIFICATE_COPY_MISSING { slug: "certificate-copy-missing", severity: Warning, title: "The CA's copy of a certificate is missing, and the host's is there",
        why: "`cert ensure`, `cert list` and `cert renew` look at the CA's own copy: without it the certificate counts as not there.",
        remedy: "Copy it from the host's file." }
    CERTIFICATE_WITHOUT_RECORD { slug: "certificate-without-record", severity: Error, title: "Certificates that ca.db does not know",
        why: "ca.db is from an older backup, or its line was lost. What ca.db does not know cannot be revoked, and is not counted when its host is looked for; what the present CRL revokes stays revoked.",
        remedy: "Record them: --fix does so for every certificate that this CA signed, with what the audit log and the CRL say of revocation." }
    CERTIFICATE_OF_ANOTHER_CA { slug: "certificate-of-another-ca", severity: Warning, title: "Certificates in the repository that this CA did not issue",
        why: "Under the name of a serial number it is taken for this CA's own. Two CAs were mixed, or a file was put there by hand.",
        remedy: "Move it away." }
    CERTIFICATE_DIFFERS { slug: "certificate-differs-from-record", severity: Warning, title: "Certificates differ from their records",
        why: "ca.db says another end, subject or serial number than the certificate itself: one of the two was changed or exchanged. Of more than 20000 certificates the newest 10000 are compared, and every so many of the others.",
        remedy: "Where the certificate is this CA's, --fix writes into the record what it says. Where it is another certificate, put the right one back." }
    CERTIFICATE_FILE_DAMAGED { slug: "certificate-file-damaged", severity: Warning, title: "Certificates in the repository do not read",
        why: "The certificate counts as not there, and cannot be looked at or handed out again.",
        remedy: "Put it back from the host's copy or from a backup." }
    HOST_FILE_DIFFERS { slug: "host-file-differs", severity: Warning, title: "Files for a host do not belong to its certificate",
        why: "Whoever installs them gets a key that does not fit, or the certificate of another host, and the service does not start. A PFX is looked into where it has no password, in a directory with no more than 200 records; in a larger one it is only known to be a PFX.",
        remedy: "Put the right file back from the host or from a backup." }
    REVOCATION_LOST { slug: "revocation-lost", severity: Error, title: "Certificates were revoked, and ca.db does not say so",
        why: "The audit log, a CRL or a comment in ca.db says that it was revoked, and ca.db has it as valid, for a weaker reason, or not at all: ca.db is from an older backup, somebody changed it, or the call was killed. What the log or a CRL says is in the next CRL; what only a comment says is not, and peers will accept the certificate. `openssl ca` knows none of it.",
        remedy: "Revoke it once more." }
    RECORD_LOST { slug: "record-lost", severity: Error, title: "The audit log announces certificates that have no record",
        why: "A call that is killed between announcing and recording makes no certificate. But where serial.num never came so far, or the last of several changes are missing, ca.db was put back as it was earlier: somebody has the certificates, and nobody can revoke them here.",
        remedy: "Put ca.db and the repository back from the newest backup." }
    CA_KEY_CERTIFIED { slug: "ca-key-certified", severity: Error, title: "A host certificate is about the key of a CA",
        why: "gsec 0.1.0 certified the CA's own key for a host when it was given with --key, and wrote it in clear into the repository and a PFX; or the CA's certificate and key were exchanged for those of a host. Whoever has one of these files can issue certificates in the name of the CA.",
        remedy: "Remove the host's key file and PFX, find out who has copies, revoke the certificate, and change the CA key if anyone else may have it." }
    COMPROMISED_KEY_IN_USE { slug: "compromised-key-in-use", severity: Error, title: "Valid certificates have a key that was revoked as compromised",
        why: "Whoever has the key can impersonate the host with these certificates too.",
        remedy: "Revoke them as well, and issue a certificate with a new key." }
    COMPROMISED_KEY_UNKNOWN { slug: "compromised-key-unknown", severity: Warning, title: "Nothing says any more which keys were compromised",
        why: "A certificate was revoked because its key is in other hands, and the repository does not have it, nor the audit log the digest of its key. gsec cannot tell when somebody asks for a certificate with this key.",
        remedy: "Put the certificate back into the repository from a backup." }
    CERTIFICATES_EXPIRE_SOON { slug: "certificates-expire-soon", severity: Warning, title: "Certificates expire soon, and have no successor",
        why: "On that day connections to the host fail.",
        remedy: "Renew them." }

    // The audit log.
    AUDIT_LOG_MISSING { slug: "audit-log-missing", severity: Error, title: "The audit log is missing",
        why: "Nobody can tell what was done with this CA until now. The next change begins a new one.",
        remedy: "Put it back from a backup." }
    AUDIT_CHAIN_BROKEN { slug: "audit-chain-broken", severity: Error, title: "The audit log was changed",
        why: "Each line is bound to the line before, and the last of each change signed by the CA key: somebody changed, removed or added a line.",
        remedy: "Look at the line, and put the log back from a backup. It cannot be mended without hiding what happened." }
    AUDIT_LOG_TORN { slug: "audit-log-torn", severity: Notice, title: "The last line of the audit log is not whole",
        why: "A call was killed while it wrote it: what it announced did not happen.",
        remedy: "The next change sets it aside." }
    RECORDS_NOT_ANNOUNCED { slug: "records-not-announced", severity: Notice, title: "Records that the audit log does not announce",
        why: "`openssl ca` issues and revokes, and writes no log. A log that was put back as it was earlier, together with audit.head, tells of nothing that came later: it looks the same.",
        remedy: "If `openssl ca` did it, --fix has the log tell how the records were found. If nobody did, put log and audit.head back from the newest backup." }

    // CRLs.
    CRL_MISSING { slug: "ca-crl-missing", severity: Warning, title: "Certificates are revoked, and there is no CRL",
        why: "Nobody learns of it: peers go on accepting them.",
        remedy: "Make a CRL, and bring it to where peers look." }
    CRL_DAMAGED { slug: "ca-crl-damaged", severity: Error, title: "The CRL does not read",
        why: "Peers that check revocation refuse every certificate.",
        remedy: "Make it anew." }
    CRL_OF_ANOTHER_KEY { slug: "ca-crl-of-another-key", severity: Error, title: "The CRL is not signed by the CA key",
        why: "Peers that check revocation refuse it, and with it every certificate.",
        remedy: "Make it anew.", source: "RFC 5280 §6.3.3" }
    CRL_OVERDUE { slug: "ca-crl-overdue", severity: Warning, title: "The next CRL is overdue",
        why: "Peers that check revocation refuse every certificate once the CRL is out of date.",
        remedy: "Make a new one, and have it made regularly.", source: "RFC 5280 §6.3.3" }
    CRL_DUE_SOON { slug: "ca-crl-due-soon", severity: Notice, title: "The next CRL is due soon",
        why: "Peers that check revocation refuse every certificate once the CRL is out of date.",
        remedy: "Make a new one, and have it made regularly." }
    CRL_FORM { slug: "ca-crl-form", severity: Notice, title: "The CRL lacks what some programs require",
        why: "Another program made it, such as `openssl ca` without crl_extensions. Programs with rustls cannot read it, or nobody can tell which CRL is newer.",
        remedy: "Make a new CRL with `gsec crl update`.", source: "RFC 5280 §5.1.2" }
    CRL_INCOMPLETE { slug: "ca-crl-incomplete", severity: Warning, title: "The CRL lacks certificates that are revoked",
        why: "Peers go on accepting them.",
        remedy: "Make it anew, and bring it to where peers look." }

    // Leftovers and settings.
    CA_LEFTOVERS { slug: "ca-leftovers", severity: Notice, title: "Files of calls that were killed",
        why: "They are of no use, and may hold copies of keys.",
        remedy: "Remove them: --fix does so with those that are gsec's own and older than an hour." }
    CA_LOCK_HELD { slug: "ca-lock-held", severity: Warning, title: "The CA directory has been locked for seconds",
        why: "A lock is held for milliseconds. While it is held nobody else can issue or revoke: the process that holds it hangs, or was stopped.",
        remedy: "Look what it does, and end it; the lock goes with it." }
    HOST_INDEX_DAMAGED { slug: "host-index-damaged", severity: Notice, title: "The index of hosts is damaged",
        why: "It is a cache, and is made anew when it is needed: that costs time once.",
        remedy: "Remove it." }
    POLICY_MISSING { slug: "policy-missing", severity: Error, title: "gsec.toml is missing",
        why: "gsec made this CA or adopted it, so it had one. Its rules may forbid names, keys and lifetimes that the default rules permit; until it is there again, gsec issues nothing. Revoking and CRLs go on.",
        remedy: "Put it back from a backup, or have gsec ca adopt write one with the default rules." }
    POLICY_DAMAGED { slug: "policy-damaged", severity: Error, title: "gsec.toml does not read",
        why: "Nobody knows what this CA may issue, so gsec issues nothing.",
        remedy: "Correct the line that is named." }
    POLICY_LIMIT_INHERITED { slug: "profile-limit-inherited", severity: Notice, title: "Profiles inherit limits from [profile.host]",
        why: "A limit of [profile.host] holds for every profile that does not set the same key itself; in gsec 0.1.0 it held for [profile.host] alone.",
        remedy: "Nothing, if the limit is meant for these profiles too; otherwise set the key in their tables." }
    POLICY_ACCESS_UNCLEAR { slug: "default-access-unclear", severity: Notice, title: "`[security]` does not say default_access",
        why: "The old key no-default-access does the opposite of its name, as on the old platform: 1 grants access. A [security] section without any key denies it.",
        remedy: "Write default_access = true or default_access = false in [security], and remove the old key." }
    OPENSSL_CONFIGURATION_MISSING { slug: "openssl-configuration-missing", severity: Notice, title: "ca.conf is missing",
        why: "gsec does not need it; `openssl ca` does not work in this directory without it.",
        remedy: "Write it anew." }
    OPENSSL_COPIES_EXTENSIONS { slug: "openssl-copies-extensions", severity: Warning, title: "`openssl ca` copies every extension of a CSR",
        why: "Who makes the CSR decides then what the certificate may be used for: with copyall also what ca.conf sets otherwise, such as CA:TRUE.",
        remedy: "Write copy_extensions = none, and sign CSRs with gsec cert sign." }
    OPENSSL_CONFIGURATION_ELSEWHERE { slug: "openssl-configuration-elsewhere", severity: Warning, title: "ca.conf points to another CA's files",
        why: "`openssl ca` in this directory would count, record or sign elsewhere: two CAs were mixed, or the directory was copied or moved.",
        remedy: "Correct the setting: paths relative to the CA directory survive a move." }
}
