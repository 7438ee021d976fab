
use builtin;
use str;

set edit:completion:arg-completer[gsec] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'gsec'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'gsec'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand quickstart 'First contact: a CA, a certificate for one host, verified'
            cand ca 'Create, show and adopt a certification authority'
            cand cert 'Issue, ensure, renew, request, sign, list, fetch, show, compare, verify and revoke certificates'
            cand crl 'Make and show certificate revocation lists'
            cand convert 'Convert certificates and keys between PEM, DER and PKCS #12'
            cand doctor 'Say why a secure connection is not established, and what mends it'
            cand compat 'Stand in for the old scripts create_ca.sh and create_cert.sh'
            cand completions 'Print the completions of a shell'
            cand man 'Print the manual page, or write the pages of all commands'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;quickstart'= {
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand init 'Create a certification authority'
            cand request 'Make a request for a CA certificate, which another CA certifies'
            cand sign 'Certify an intermediate CA on its request'
            cand accept 'Take in the certificate that the CA above has made'
            cand show 'Show the CA: name, key, expiry, thumbprints, next serial number, and what it has issued'
            cand adopt 'Take over a CA directory that the old scripts made'
            cand log 'Print the audit log, or check it'
            cand passphrase 'Set, change or remove the passphrase of the CA key'
            cand renew 'Give the CA a new certificate for the same key and name'
            cand rekey 'Give the CA another key under the same name, and let peers go over one by one'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;ca;init'= {
            cand --cn 'Name of the CA (common name)'
            cand --email 'E-mail address of who runs the CA'
            cand --ou 'Organisational unit; may be given several times'
            cand --org 'Organisation'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --key-type 'Kind of key [default: rsa]'
            cand --key-size 'Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: 2048]'
            cand --path-len 'How many intermediate CAs may stand below this one [default: no limit for a root, 0 for an intermediate CA]'
            cand --permit-dns 'Permit host names in this domain only, and no other kinds of name; may be given several times'
            cand --permit-ip 'Permit addresses in this block only, and no other kinds of name; may be given several times'
            cand --serial-mode 'Where serial numbers come from'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --days 'Lifetime in days, counted from now in units of 24 hours [default: 3650 for a root, 1825 for an intermediate CA]'
            cand --not-after 'End of lifetime: `2036-12-31`, or `2036-12-31T12:00:00Z`'
            cand --parent 'Make an intermediate CA below the CA in this directory'
            cand --parent-passphrase-file 'Read the passphrase of the parent''s key from a file'
            cand --parent-passphrase-env 'Read the passphrase of the parent''s key from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --encrypt-key 'Encrypt the CA key with a passphrase'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --parent-passphrase-stdin 'Read the passphrase of the parent''s key from standard input'
            cand --dry-run 'Say what would be made, and make nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;request'= {
            cand --cn 'Name of the CA (common name)'
            cand --email 'E-mail address of who runs the CA'
            cand --ou 'Organisational unit; may be given several times'
            cand --org 'Organisation'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --key-type 'Kind of key [default: rsa]'
            cand --key-size 'Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: 2048]'
            cand --path-len 'How many intermediate CAs may stand below this one [default: no limit for a root, 0 for an intermediate CA]'
            cand --permit-dns 'Permit host names in this domain only, and no other kinds of name; may be given several times'
            cand --permit-ip 'Permit addresses in this block only, and no other kinds of name; may be given several times'
            cand --serial-mode 'Where serial numbers come from'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --out 'Write the request into this file; `-` is standard output [default: the CA directory, or standard output]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --encrypt-key 'Encrypt the CA key with a passphrase'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Say what would be made, and make nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;sign'= {
            cand --cn 'Name of the CA (common name)'
            cand --email 'E-mail address of who runs the CA'
            cand --ou 'Organisational unit; may be given several times'
            cand --org 'Organisation'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --path-len 'How many intermediate CAs may stand below this one [default: no limit for a root, 0 for an intermediate CA]'
            cand --permit-dns 'Permit host names in this domain only, and no other kinds of name; may be given several times'
            cand --permit-ip 'Permit addresses in this block only, and no other kinds of name; may be given several times'
            cand --days 'Lifetime in days, counted from now in units of 24 hours [default: 3650 for a root, 1825 for an intermediate CA]'
            cand --not-after 'End of lifetime: `2036-12-31`, or `2036-12-31T12:00:00Z`'
            cand --out 'Write the certificate and those above it into this file, for `gsec ca accept`'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --stdout 'Print the certificate and those above it as PEM on stdout'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Say what would be signed and written, and do nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;accept'= {
            cand --chain 'Certificates above it, up to the root; may be given several times'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --dry-run 'Say what would be accepted, and change nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;show'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;adopt'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --dry-run 'Say what is weak and what would be changed, and change nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;log'= {
            cand --limit 'Only the newest lines, so many'
            cand --expect-head 'A head that was noted before, which the log must have'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --jsonl 'Print one JSON document for each line'
            cand --verify 'Check that the log is whole'
            cand --all-signatures 'Check every signature, not only the last'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;passphrase'= {
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --new-passphrase-file 'Read the new passphrase from a file'
            cand --new-passphrase-env 'Read the new passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --new-passphrase-stdin 'Read the new passphrase from standard input'
            cand --remove 'Remove the passphrase: whoever can read the key file has the key then'
            cand --dry-run 'Say what would be changed, and change nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;renew'= {
            cand --not-after 'End of lifetime: `2036-12-31`, or `2036-12-31T12:00:00Z`'
            cand --parent 'Have an intermediate CA certified anew by the CA in this directory'
            cand --parent-passphrase-file 'Read the passphrase of the parent''s key from a file'
            cand --parent-passphrase-env 'Read the passphrase of the parent''s key from an environment variable'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --days 'Lifetime in days, counted from now in units of 24 hours [default: 3650; 1825 with --parent]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --keep-serial 'Give the new certificate the serial number of the old one. Two certificates of one issuer and number confuse caches'
            cand --parent-passphrase-stdin 'Read the passphrase of the parent''s key from standard input'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Say what would be made, and make nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;rekey'= {
            cand --not-after 'End of lifetime: `2036-12-31`, or `2036-12-31T12:00:00Z`'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --key-type 'Kind of the new key [default: that of the old one]'
            cand --key-size 'Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: those of the old key, or 2048]'
            cand --days 'Lifetime in days, counted from now in units of 24 hours [default: 3650]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Say what would be made, and make nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;help'= {
            cand init 'Create a certification authority'
            cand request 'Make a request for a CA certificate, which another CA certifies'
            cand sign 'Certify an intermediate CA on its request'
            cand accept 'Take in the certificate that the CA above has made'
            cand show 'Show the CA: name, key, expiry, thumbprints, next serial number, and what it has issued'
            cand adopt 'Take over a CA directory that the old scripts made'
            cand log 'Print the audit log, or check it'
            cand passphrase 'Set, change or remove the passphrase of the CA key'
            cand renew 'Give the CA a new certificate for the same key and name'
            cand rekey 'Give the CA another key under the same name, and let peers go over one by one'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;ca;help;init'= {
        }
        &'gsec;ca;help;request'= {
        }
        &'gsec;ca;help;sign'= {
        }
        &'gsec;ca;help;accept'= {
        }
        &'gsec;ca;help;show'= {
        }
        &'gsec;ca;help;adopt'= {
        }
        &'gsec;ca;help;log'= {
        }
        &'gsec;ca;help;passphrase'= {
        }
        &'gsec;ca;help;renew'= {
        }
        &'gsec;ca;help;rekey'= {
        }
        &'gsec;ca;help;help'= {
        }
        &'gsec;cert'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand issue 'Issue a certificate for a host, with its key and a PFX'
            cand request 'Make a private key and a request (CSR) where the key will live; no CA is needed'
            cand sign 'Certify a request (CSR) that was made elsewhere, with the key that it is about'
            cand ensure 'Issue a certificate for a host unless it has one as wanted'
            cand renew 'Issue a new certificate in place of an old one'
            cand list 'List what the CA has issued'
            cand fetch 'Fetch the certificates that a server presents'
            cand show 'Show everything in a certificate, a CSR, or a PKCS #12 file'
            cand match 'Say whether keys, certificates and requests belong together'
            cand thumbprint 'Print the thumbprint of a certificate'
            cand fingerprint 'Print the thumbprint of a certificate'
            cand verify 'Say whether a certificate is valid, and if not, why'
            cand revoke 'Revoke certificates, and make a new CRL'
            cand unhold 'Take a hold back: certificates that were revoked as certificateHold are valid again'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;cert;issue'= {
            cand --host 'Fully qualified name or IP address of the host; `*.example.com` for a wildcard'
            cand --san 'Further name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; may be given several times, or with commas between the names'
            cand --profile 'Profile of gsec.toml: what the certificate may be used for [default: host]'
            cand --from 'Issue for every host of a list: CSV with a header, JSON or TOML; `-` reads standard input'
            cand --jobs 'How many keys are made at once [default: one for each processor]'
            cand --cn 'Common name [default: the host]'
            cand --ou 'Organisational unit; may be given several times'
            cand --org 'Organisation'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --days 'Lifetime in days, counted from now in units of 24 hours [default: 100, or as the profile says]'
            cand --lifetime 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`'
            cand --not-after 'End of lifetime: `2027-12-31`, or `2027-12-31T12:00:00Z`'
            cand --key-type 'Kind of key [default: rsa]'
            cand --key-size 'Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: 2048]'
            cand --key 'Use this private key instead of a new one'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --pfx-password-file 'Read the PFX''s password from a file [default: the empty password]'
            cand --pfx-password-env 'Read the PFX''s password from an environment variable'
            cand --pfx-encryption 'How the PFX is encrypted. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016'
            cand --friendly-name 'Name that dialogues and Java show for the entry [default: the host]'
            cand --key-format 'Form of the private key file: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)'
            cand --out-dir 'Write certificate, key and PFX into this folder as well'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --keep-going 'Go on when a row fails; this is the default'
            cand --fail-fast 'Begin nothing more after the first row that fails'
            cand --again 'Issue for hosts as well that have such a certificate'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --pfx-password-stdin 'Read the PFX''s password from standard input'
            cand --no-pfx 'Write no PFX'
            cand --no-keep-key 'Keep neither key nor PFX in the CA''s repository'
            cand --stdout 'Print certificate and key as PEM on stdout, and keep no key'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Say what would be signed and written, and do nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;request'= {
            cand --host 'Fully qualified name or IP address of the host; `*.example.com` for a wildcard'
            cand --san 'Further name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; may be given several times, or with commas between the names'
            cand --cn 'Common name [default: the host]'
            cand --ou 'Organisational unit; may be given several times'
            cand --org 'Organisation'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --key-type 'Kind of key [default: rsa]'
            cand --key-size 'Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: 2048]'
            cand --key 'Use this private key instead of a new one'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --key-format 'Form of the private key file: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)'
            cand --format 'What to write: pem, or certreq-inf for Windows, which makes the key itself'
            cand --out-dir 'Write into this folder [default: the current directory]'
            cand --new-password-file 'Encrypt the key under a password from a file'
            cand --new-password-env 'Encrypt the key under a password from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --stdout 'Print the request on stdout, where no key is made'
            cand --new-password-stdin 'Encrypt the key under a password from standard input'
            cand --dry-run 'Say what would be made, and make nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;sign'= {
            cand --host 'Fully qualified name or IP address of the host; `*.example.com` for a wildcard'
            cand --san 'Further name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; may be given several times, or with commas between the names'
            cand --profile 'Profile of gsec.toml: what the certificate may be used for [default: host]'
            cand --cn 'Common name [default: the host]'
            cand --ou 'Organisational unit; may be given several times'
            cand --org 'Organisation'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --days 'Lifetime in days, counted from now in units of 24 hours [default: 100, or as the profile says]'
            cand --lifetime 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`'
            cand --not-after 'End of lifetime: `2027-12-31`, or `2027-12-31T12:00:00Z`'
            cand --out-dir 'Write the certificate into this folder as well'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --accept-csr-names 'Certify the names too that the request asks for'
            cand --stdout 'Print the certificate as PEM on stdout; the repository keeps it too'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Say what would be signed and written, and do nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;ensure'= {
            cand --host 'Fully qualified name or IP address of the host; `*.example.com` for a wildcard'
            cand --san 'Further name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; may be given several times, or with commas between the names'
            cand --profile 'Profile of gsec.toml: what the certificate may be used for [default: host]'
            cand --cn 'Common name [default: the host]'
            cand --ou 'Organisational unit; may be given several times'
            cand --org 'Organisation'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --days 'Lifetime in days, counted from now in units of 24 hours [default: 100, or as the profile says]'
            cand --lifetime 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`'
            cand --not-after 'End of lifetime: `2027-12-31`, or `2027-12-31T12:00:00Z`'
            cand --renew-before 'Renew when no more than this is left: `12h`, `30d`, `4w`. Of a certificate that does not last longer: when a third is left'
            cand --key-type 'Kind of key [default: rsa]'
            cand --key-size 'Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: 2048]'
            cand --key 'Use this private key instead of a new one'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --csr 'Certify the key of this request, which must be signed by it; no private key and no PFX are written'
            cand --pfx-password-file 'Read the PFX''s password from a file [default: the empty password]'
            cand --pfx-password-env 'Read the PFX''s password from an environment variable'
            cand --pfx-encryption 'How the PFX is encrypted. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016'
            cand --friendly-name 'Name that dialogues and Java show for the entry [default: the host]'
            cand --key-format 'Form of the private key file: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)'
            cand --out-dir 'Write certificate, key and PFX into this folder as well'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --accept-csr-names 'Certify the names too that the request asks for'
            cand --pfx-password-stdin 'Read the PFX''s password from standard input'
            cand --no-pfx 'Write no PFX'
            cand --no-keep-key 'Keep neither key nor PFX in the CA''s repository'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --check 'Only say whether something would be changed: exit status 1 if so'
            cand --dry-run 'Say what would be signed and written, and do nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;renew'= {
            cand --profile 'Profile of gsec.toml [default: that of the old one]'
            cand --days 'Lifetime in days, counted from now in units of 24 hours [default: 100, or as the profile says]'
            cand --lifetime 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`'
            cand --not-after 'End of lifetime: `2027-12-31`, or `2027-12-31T12:00:00Z`'
            cand --key 'Use this private key instead of a new one'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --pfx-password-file 'Read the PFX''s password from a file [default: the empty password]'
            cand --pfx-password-env 'Read the PFX''s password from an environment variable'
            cand --pfx-encryption 'How the PFX is encrypted. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016'
            cand --key-format 'Form of the private key file: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)'
            cand --out-dir 'Write certificate, key and PFX into this folder as well'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --key-type 'Kind of a new key [default: that of the old one]'
            cand --key-size 'Bits of a new RSA key: 2048, 3072, 4096 or 8192 [default: as the old one]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --serial 'Take the argument as a serial number of this CA, whatever files and hosts there are'
            cand --file 'Take the argument as a file, whatever serial numbers and hosts there are'
            cand --host 'Take the argument as a host, whatever files and serial numbers there are'
            cand --keep-key 'Certify the same key again'
            cand --revoke-old 'Revoke the old certificate as superseded, and make a new CRL'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --pfx-password-stdin 'Read the PFX''s password from standard input'
            cand --no-pfx 'Write no PFX'
            cand --no-keep-key 'Keep neither key nor PFX in the CA''s repository'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Say what would be signed and written, and do nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;list'= {
            cand --status 'Only certificates of this status; one past its end is expired'
            cand --expires-within 'Only valid certificates that expire within this time: `30d`, `12h`'
            cand --host 'Only certificates that name a host which matches this pattern, with `*` and `?`'
            cand --limit 'At most so many'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --jsonl 'Print one JSON document for each certificate, each on a line of its own'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;fetch'= {
            cand --server-name 'The server name to send (SNI) [default: the host, unless it is an address]'
            cand --client-cert 'Show this client certificate if the server asks for one; its issuers may follow it, and its key too'
            cand --client-key 'The key of the client certificate [default: the one in the file of `--client-cert`]'
            cand --bind 'Connect from this address of this machine, and this port'
            cand --proxy 'Connect through this HTTP proxy (CONNECT)'
            cand --timeout 'How long each step may take; all of them together may take three times as long'
            cand -o 'Write the certificates into this file [default: -, standard output]'
            cand --out 'Write the certificates into this file [default: -, standard output]'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --no-sni 'Send no server name'
            cand --no-dns 'Resolve no names: hosts are given by their addresses'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;show'= {
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --serial 'Take the argument as a serial number of this CA, whatever files and hosts there are'
            cand --file 'Take the argument as a file, whatever serial numbers and hosts there are'
            cand --host 'Take the argument as a host, whatever files and serial numbers there are'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;match'= {
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;thumbprint'= {
            cand --hash 'The digest'
            cand --format 'spaced `9a ab db`, colon `9A:AB:DB`, or compact `9aabdb`'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --serial 'Take the argument as a serial number of this CA, whatever files and hosts there are'
            cand --file 'Take the argument as a file, whatever serial numbers and hosts there are'
            cand --host 'Take the argument as a host, whatever files and serial numbers there are'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;fingerprint'= {
            cand --hash 'The digest'
            cand --format 'spaced `9a ab db`, colon `9A:AB:DB`, or compact `9aabdb`'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --serial 'Take the argument as a serial number of this CA, whatever files and hosts there are'
            cand --file 'Take the argument as a file, whatever serial numbers and hosts there are'
            cand --host 'Take the argument as a host, whatever files and serial numbers there are'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;verify'= {
            cand --trust 'Trust the certificates in this file, instead of the CA directory''s; may be given several times'
            cand --untrusted 'Intermediate certificates; may be given several times'
            cand --name 'The host that the certificate shall be for'
            cand --purpose 'What it shall be used for [default: server with --name, else any]'
            cand --at 'The time to decide for: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]'
            cand --crl 'A CRL to heed, complete, partial, indirect or delta; may be given several times'
            cand --policy 'A certificate policy that is acceptable, for `--explicit-policy` and for CAs that demand one; may be given several times [default: any]'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --serial 'Take the argument as a serial number of this CA, whatever files and hosts there are'
            cand --file 'Take the argument as a file, whatever serial numbers and hosts there are'
            cand --host 'Take the argument as a host, whatever files and serial numbers there are'
            cand --require-crl 'Refuse unless CRLs say of every certificate below the trusted one that it is not revoked, as `openssl verify -crl_check_all` does; the CRL of the CA directory counts, too'
            cand --explicit-policy 'Refuse unless an acceptable certificate policy is valid for the whole path (RFC 5280 §6.1.1)'
            cand --inhibit-any-policy 'Do not let anyPolicy in a certificate stand for other policies'
            cand --inhibit-policy-mapping 'Do not let CAs map one policy to another'
            cand --allow-cn 'Accept a common name equal to the host where there is no dNSName, as old peers do'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;revoke'= {
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --reason 'unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation or certificateHold'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --serial 'Take the argument as a serial number of this CA, whatever files and hosts there are'
            cand --file 'Take the argument as a file, whatever serial numbers and hosts there are'
            cand --host 'Take the argument as a host, whatever files and serial numbers there are'
            cand --all 'Of a host with several certificates, all that this can be done to'
            cand --no-crl 'Make no new CRL; the CA key is not needed then'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Say what would be changed, and change nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;unhold'= {
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --serial 'Take the argument as a serial number of this CA, whatever files and hosts there are'
            cand --file 'Take the argument as a file, whatever serial numbers and hosts there are'
            cand --host 'Take the argument as a host, whatever files and serial numbers there are'
            cand --all 'Of a host with several certificates, all that this can be done to'
            cand --no-crl 'Make no new CRL; the CA key is not needed then'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Say what would be changed, and change nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;help'= {
            cand issue 'Issue a certificate for a host, with its key and a PFX'
            cand request 'Make a private key and a request (CSR) where the key will live; no CA is needed'
            cand sign 'Certify a request (CSR) that was made elsewhere, with the key that it is about'
            cand ensure 'Issue a certificate for a host unless it has one as wanted'
            cand renew 'Issue a new certificate in place of an old one'
            cand list 'List what the CA has issued'
            cand fetch 'Fetch the certificates that a server presents'
            cand show 'Show everything in a certificate, a CSR, or a PKCS #12 file'
            cand match 'Say whether keys, certificates and requests belong together'
            cand thumbprint 'Print the thumbprint of a certificate'
            cand verify 'Say whether a certificate is valid, and if not, why'
            cand revoke 'Revoke certificates, and make a new CRL'
            cand unhold 'Take a hold back: certificates that were revoked as certificateHold are valid again'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;cert;help;issue'= {
        }
        &'gsec;cert;help;request'= {
        }
        &'gsec;cert;help;sign'= {
        }
        &'gsec;cert;help;ensure'= {
        }
        &'gsec;cert;help;renew'= {
        }
        &'gsec;cert;help;list'= {
        }
        &'gsec;cert;help;fetch'= {
        }
        &'gsec;cert;help;show'= {
        }
        &'gsec;cert;help;match'= {
        }
        &'gsec;cert;help;thumbprint'= {
        }
        &'gsec;cert;help;verify'= {
        }
        &'gsec;cert;help;revoke'= {
        }
        &'gsec;cert;help;unhold'= {
        }
        &'gsec;cert;help;help'= {
        }
        &'gsec;crl'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand update 'Make a new CRL of everything that is revoked'
            cand show 'Show everything in a CRL'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;crl;update'= {
            cand --days 'After how many days the next CRL is due [default: 30, or as gsec.toml says]'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --allow-earlier 'Make a CRL even if the present CRL, the audit log or the newest certificate is later than this machine''s clock'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Say what would be made, and make nothing'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;crl;show'= {
            cand --issuer 'The certificate of the CA that made it'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;crl;help'= {
            cand update 'Make a new CRL of everything that is revoked'
            cand show 'Show everything in a CRL'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;crl;help;update'= {
        }
        &'gsec;crl;help;show'= {
        }
        &'gsec;crl;help;help'= {
        }
        &'gsec;convert'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand to-pem 'Turn a PKCS #12 or DER file into PEM'
            cand to-pfx 'Make a PKCS #12 file (PFX) from certificate, key and chain'
            cand to-der 'Turn a PEM file with one certificate, key, request or CRL into DER'
            cand key 'Change the form of a private key: PKCS #8, PKCS #1 or SEC 1, encrypted or not, PEM or DER'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;convert;to-pem'= {
            cand -o 'Write into this file [default: -, standard output]'
            cand --out 'Write into this file [default: -, standard output]'
            cand --out-dir 'Write certificate, key and chain each into a file of its own in this folder'
            cand --key-format 'Form of private keys: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --force 'Replace the output if it exists'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;convert;to-pfx'= {
            cand --cert 'The certificate; its issuers may follow it, and its key too. `-` for standard input'
            cand --key 'The private key [default: the one in the file of `--cert`]'
            cand --chain 'Issuers of the certificate, in any order; may be given several times'
            cand -o 'The PKCS #12 file to write; `-` for standard output'
            cand --out 'The PKCS #12 file to write; `-` for standard output'
            cand --pfx-password-file 'Read the PFX''s password from a file [default: the empty password]'
            cand --pfx-password-env 'Read the PFX''s password from an environment variable'
            cand --pfx-encryption 'How the PFX is encrypted: modern (AES-256 and SHA-256) or compat (3DES and SHA-1)'
            cand --friendly-name 'Name that dialogues and Java show for the entry [default: as the input says, else the host]'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --trust-store 'Write certificates without a key, which Java takes as trusted entries'
            cand --force 'Replace the output if it exists'
            cand --pfx-password-stdin 'Read the PFX''s password from standard input'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;convert;to-der'= {
            cand -o 'Write into this file [default: -, standard output]'
            cand --out 'Write into this file [default: -, standard output]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --force 'Replace the output if it exists'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;convert;key'= {
            cand -o 'Write into this file [default: -, standard output]'
            cand --out 'Write into this file [default: -, standard output]'
            cand --key-format 'Form of the key: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --new-password-file 'Encrypt the key under a password from a file'
            cand --new-password-env 'Encrypt the key under a password from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --force 'Replace the output if it exists'
            cand --der 'Write DER instead of PEM'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --new-password-stdin 'Encrypt the key under a password from standard input'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;convert;help'= {
            cand to-pem 'Turn a PKCS #12 or DER file into PEM'
            cand to-pfx 'Make a PKCS #12 file (PFX) from certificate, key and chain'
            cand to-der 'Turn a PEM file with one certificate, key, request or CRL into DER'
            cand key 'Change the form of a private key: PKCS #8, PKCS #1 or SEC 1, encrypted or not, PEM or DER'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;convert;help;to-pem'= {
        }
        &'gsec;convert;help;to-pfx'= {
        }
        &'gsec;convert;help;to-der'= {
        }
        &'gsec;convert;help;key'= {
        }
        &'gsec;convert;help;help'= {
        }
        &'gsec;doctor'= {
            cand --name 'The host that certificates shall be for'
            cand --purpose 'What certificates shall be used for [default: server with --name, else any]'
            cand --trust 'Trust the certificates in this file, instead of the CA directory''s; may be given several times'
            cand --key 'The private key that shall belong to the certificates'
            cand --user 'The user, by name or number, who must be able to read the files'
            cand --thumbprint 'The thumbprint that the certificate shall have, as it stands in a setting'
            cand --read-by 'A program that shall read PFX files: openssl3, java8, windows2016 and so on; may be given several times'
            cand --dir 'The folder in which the host''s certificate and the CA certificate shall be'
            cand --library 'A library that shall be found, `ssl` or `libssl.so.3`; may be given several times'
            cand --pid 'Take the search paths for libraries from this process [default: from the environment]'
            cand --script 'Take the search paths for libraries from this start script'
            cand --os-release 'Take the operating system from this file, which may be another machine''s [default: /etc/os-release]'
            cand --server-name 'The server name to send (SNI) [default: the host, unless it is an address]'
            cand --client-cert 'Show this client certificate if the server asks for one; its issuers may follow it, and its key too'
            cand --client-key 'The key of the client certificate [default: the one in the file of `--client-cert`]'
            cand --bind 'Connect from this address of this machine, and this port'
            cand --proxy 'Connect through this HTTP proxy (CONNECT)'
            cand --timeout 'How long each step may take; all of them together may take three times as long'
            cand --expires-within 'A certificate that ends within this time ends soon: `30d` [default: 30d, or a third of its lifetime if that is less]'
            cand --only 'Look for this only, a slug of the catalogue; may be given several times'
            cand --skip 'Do not look for this; may be given several times'
            cand --explain 'Explain one entry of the catalogue'
            cand --fail-on 'How heavy a finding must be for exit status 1'
            cand --format 'text, json, nagios (a line for each target, with the exit status of a plugin) or prometheus'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --no-sni 'Send no server name'
            cand --no-dns 'Resolve no names: hosts are given by their addresses'
            cand --list 'Print the catalogue: everything that can be found'
            cand --fix 'Mend what can be mended safely, then look again'
            cand --dry-run 'With `--fix`: say what would be mended, and do nothing'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand handshake 'Rehearse a handshake: say who would refuse whom, and why, before anything is deployed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;doctor;handshake'= {
            cand --server-cert 'The server''s certificate with its intermediates, as the server would read it'
            cand --server-key 'The server''s private key [default: the one in the certificate''s file]'
            cand --client-cert 'The client''s certificate with its intermediates'
            cand --client-key 'The client''s private key [default: the one in the certificate''s file]'
            cand --trust 'What the client trusts, instead of the CA directory''s certificate; may be given several times'
            cand --client-trust 'What the server trusts for clients; may be given several times [default: what the client trusts]'
            cand --name 'The host that the client wants [default: any]'
            cand --tls 'Rehearse this version only [default: 1.3 and 1.2]'
            cand --at 'The time to rehearse for: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]'
            cand --password-file 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;doctor;help'= {
            cand handshake 'Rehearse a handshake: say who would refuse whom, and why, before anything is deployed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;doctor;help;handshake'= {
        }
        &'gsec;doctor;help;help'= {
        }
        &'gsec;compat'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand link 'Write create_ca.sh and create_cert.sh, which take the old arguments and call gsec'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;compat;link'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;compat;help'= {
            cand link 'Write create_ca.sh and create_cert.sh, which take the old arguments and call gsec'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;compat;help;link'= {
        }
        &'gsec;compat;help;help'= {
        }
        &'gsec;completions'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;man'= {
            cand --out 'Write one page for each command into this folder'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured'
            cand --lock-timeout 'How many seconds to wait for another call that writes in the same CA directory'
            cand --json 'Print one JSON document on stdout; on failure one on stderr'
            cand -q 'Print results and errors only'
            cand --quiet 'Print results and errors only'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never ask; what is missing is an error'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;help'= {
            cand quickstart 'First contact: a CA, a certificate for one host, verified'
            cand ca 'Create, show and adopt a certification authority'
            cand cert 'Issue, ensure, renew, request, sign, list, fetch, show, compare, verify and revoke certificates'
            cand crl 'Make and show certificate revocation lists'
            cand convert 'Convert certificates and keys between PEM, DER and PKCS #12'
            cand doctor 'Say why a secure connection is not established, and what mends it'
            cand compat 'Stand in for the old scripts create_ca.sh and create_cert.sh'
            cand completions 'Print the completions of a shell'
            cand man 'Print the manual page, or write the pages of all commands'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;help;quickstart'= {
        }
        &'gsec;help;ca'= {
            cand init 'Create a certification authority'
            cand request 'Make a request for a CA certificate, which another CA certifies'
            cand sign 'Certify an intermediate CA on its request'
            cand accept 'Take in the certificate that the CA above has made'
            cand show 'Show the CA: name, key, expiry, thumbprints, next serial number, and what it has issued'
            cand adopt 'Take over a CA directory that the old scripts made'
            cand log 'Print the audit log, or check it'
            cand passphrase 'Set, change or remove the passphrase of the CA key'
            cand renew 'Give the CA a new certificate for the same key and name'
            cand rekey 'Give the CA another key under the same name, and let peers go over one by one'
        }
        &'gsec;help;ca;init'= {
        }
        &'gsec;help;ca;request'= {
        }
        &'gsec;help;ca;sign'= {
        }
        &'gsec;help;ca;accept'= {
        }
        &'gsec;help;ca;show'= {
        }
        &'gsec;help;ca;adopt'= {
        }
        &'gsec;help;ca;log'= {
        }
        &'gsec;help;ca;passphrase'= {
        }
        &'gsec;help;ca;renew'= {
        }
        &'gsec;help;ca;rekey'= {
        }
        &'gsec;help;cert'= {
            cand issue 'Issue a certificate for a host, with its key and a PFX'
            cand request 'Make a private key and a request (CSR) where the key will live; no CA is needed'
            cand sign 'Certify a request (CSR) that was made elsewhere, with the key that it is about'
            cand ensure 'Issue a certificate for a host unless it has one as wanted'
            cand renew 'Issue a new certificate in place of an old one'
            cand list 'List what the CA has issued'
            cand fetch 'Fetch the certificates that a server presents'
            cand show 'Show everything in a certificate, a CSR, or a PKCS #12 file'
            cand match 'Say whether keys, certificates and requests belong together'
            cand thumbprint 'Print the thumbprint of a certificate'
            cand verify 'Say whether a certificate is valid, and if not, why'
            cand revoke 'Revoke certificates, and make a new CRL'
            cand unhold 'Take a hold back: certificates that were revoked as certificateHold are valid again'
        }
        &'gsec;help;cert;issue'= {
        }
        &'gsec;help;cert;request'= {
        }
        &'gsec;help;cert;sign'= {
        }
        &'gsec;help;cert;ensure'= {
        }
        &'gsec;help;cert;renew'= {
        }
        &'gsec;help;cert;list'= {
        }
        &'gsec;help;cert;fetch'= {
        }
        &'gsec;help;cert;show'= {
        }
        &'gsec;help;cert;match'= {
        }
        &'gsec;help;cert;thumbprint'= {
        }
        &'gsec;help;cert;verify'= {
        }
        &'gsec;help;cert;revoke'= {
        }
        &'gsec;help;cert;unhold'= {
        }
        &'gsec;help;crl'= {
            cand update 'Make a new CRL of everything that is revoked'
            cand show 'Show everything in a CRL'
        }
        &'gsec;help;crl;update'= {
        }
        &'gsec;help;crl;show'= {
        }
        &'gsec;help;convert'= {
            cand to-pem 'Turn a PKCS #12 or DER file into PEM'
            cand to-pfx 'Make a PKCS #12 file (PFX) from certificate, key and chain'
            cand to-der 'Turn a PEM file with one certificate, key, request or CRL into DER'
            cand key 'Change the form of a private key: PKCS #8, PKCS #1 or SEC 1, encrypted or not, PEM or DER'
        }
        &'gsec;help;convert;to-pem'= {
        }
        &'gsec;help;convert;to-pfx'= {
        }
        &'gsec;help;convert;to-der'= {
        }
        &'gsec;help;convert;key'= {
        }
        &'gsec;help;doctor'= {
            cand handshake 'Rehearse a handshake: say who would refuse whom, and why, before anything is deployed'
        }
        &'gsec;help;doctor;handshake'= {
        }
        &'gsec;help;compat'= {
            cand link 'Write create_ca.sh and create_cert.sh, which take the old arguments and call gsec'
        }
        &'gsec;help;compat;link'= {
        }
        &'gsec;help;completions'= {
        }
        &'gsec;help;man'= {
        }
        &'gsec;help;help'= {
        }
    ]
    $completions[$command]
}
