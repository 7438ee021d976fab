
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
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand quickstart 'Create a CA and a first host certificate, and verify it'
            cand ca 'Create, show and adopt a certification authority'
            cand cert 'Issue, renew, bundle, revoke, verify and show certificates'
            cand crl 'Create and show certificate revocation lists'
            cand convert 'Convert certificates and keys between PEM, DER and PKCS #12'
            cand trust 'Make the programs of a machine trust a CA, or no longer trust it'
            cand fleet 'Check and certify all hosts of an inventory'
            cand serve 'Serve the CA: hosts fetch and renew certificates by ACME'
            cand watch 'Raise alarms before certificates, the CRL or the server fail'
            cand doctor 'Diagnose TLS problems and show how to fix them'
            cand transport 'Check, fix and write the `transport` values of the old platform'
            cand conf 'Check and change configuration and start files of the old platform'
            cand log 'Hide data in existing logs of the contact-center platform'
            cand banner 'Write and check registry files for the platform''s log-in banner'
            cand compat 'Drop-in replacements for create_ca.sh and create_cert.sh'
            cand completions 'Generate shell completions'
            cand complete 'Print what the last of these words can become, for the scripts of `gsec completions`'
            cand man 'Print the manual page, or write the pages of all commands'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;quickstart'= {
            cand --host 'Host name (FQDN) or IP address; `*.example.com` for a wildcard'
            cand --san 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names'
            cand --out-dir 'Also write certificate, key, chain and PFX to this directory, under names that stay the same after each renewal'
            cand --out-names 'File names in --out-dir. label: db1_cert.pem. fqdn: db1.example.com_cert.pem, for hosts with the same first label. serial: 01_db1_cert.pem, new files after each renewal, without a chain'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --trust 'Make the programs of this machine trust the CA, as `gsec trust install` does; asks, or needs --yes'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand init 'Create a certification authority'
            cand request 'Create a CSR for an intermediate CA, to be signed by its parent CA'
            cand sign 'Sign the CSR of an intermediate CA'
            cand accept 'Install the certificate issued by the parent CA'
            cand show 'Show the CA: name, key, expiry, next serial, and what it has issued'
            cand adopt 'Adopt a CA directory created by the old scripts'
            cand log 'Print or verify the audit log'
            cand passphrase 'Set, change or remove the passphrase of the CA key'
            cand renew 'Renew the CA certificate, with the same key and name'
            cand rekey 'Roll over the CA key, with cross-certificates for a gradual migration'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;ca;init'= {
            cand --cn 'Name of the CA (common name)'
            cand --email 'E-mail address of the CA operator'
            cand --ou 'Organizational unit; can be repeated'
            cand --org 'Organization'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --key-type 'Key type [default: rsa]'
            cand --key-size 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]'
            cand --path-len 'How many levels of intermediate CAs are allowed below this one [default: no limit for a root, 0 for an intermediate CA]'
            cand --permit-dns 'Permit only host names in this domain, and no other kinds of name; can be repeated'
            cand --permit-ip 'Permit only addresses in this block, and no other kinds of name; can be repeated'
            cand --serial-mode 'Where serial numbers come from'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --days 'Lifetime in days of 24 hours from now [default: 3650 for a root, 1825 for an intermediate CA]'
            cand --not-after 'Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`'
            cand --parent 'Create an intermediate CA below the CA in this directory'
            cand --parent-passphrase-file 'Read the passphrase of the parent''s key from a file'
            cand --parent-passphrase-env 'Read the passphrase of the parent''s key from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --encrypt-key 'Encrypt the CA key with a passphrase'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --parent-passphrase-stdin 'Read the passphrase of the parent''s key from standard input'
            cand --dry-run 'Show what would be created, and create nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;request'= {
            cand --cn 'Name of the CA (common name)'
            cand --email 'E-mail address of the CA operator'
            cand --ou 'Organizational unit; can be repeated'
            cand --org 'Organization'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --key-type 'Key type [default: rsa]'
            cand --key-size 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]'
            cand --path-len 'How many levels of intermediate CAs are allowed below this one [default: no limit for a root, 0 for an intermediate CA]'
            cand --permit-dns 'Permit only host names in this domain, and no other kinds of name; can be repeated'
            cand --permit-ip 'Permit only addresses in this block, and no other kinds of name; can be repeated'
            cand --serial-mode 'Where serial numbers come from'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --out 'Write the CSR to this file; `-` for standard output [default: the CA directory, or standard output]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --encrypt-key 'Encrypt the CA key with a passphrase'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Show what would be created, and create nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;sign'= {
            cand --cn 'Name of the CA (common name)'
            cand --email 'E-mail address of the CA operator'
            cand --ou 'Organizational unit; can be repeated'
            cand --org 'Organization'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --path-len 'How many levels of intermediate CAs are allowed below this one [default: no limit for a root, 0 for an intermediate CA]'
            cand --permit-dns 'Permit only host names in this domain, and no other kinds of name; can be repeated'
            cand --permit-ip 'Permit only addresses in this block, and no other kinds of name; can be repeated'
            cand --days 'Lifetime in days of 24 hours from now [default: 3650 for a root, 1825 for an intermediate CA]'
            cand --not-after 'Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`'
            cand --out 'Write the certificate and those above it to this file, for `gsec ca accept`'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --stdout 'Print the certificate and those above it as PEM on stdout'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Show what would be signed and written, and change nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;accept'= {
            cand --chain 'Certificates above it, up to the root; can be repeated'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --dry-run 'Show what would be accepted, and change nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;show'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;adopt'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --dry-run 'Show the weaknesses and the planned changes, and change nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;log'= {
            cand --limit 'Print only the newest N lines'
            cand --expect-head 'A head noted earlier that the log must contain'
            cand --journal 'Compare the signer''s journal with log and records too [default FILE: signer.journal in ca_conf, or where the signer has its own directory]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --jsonl 'Print one JSON document per line'
            cand --verify 'Verify that the log is complete'
            cand --all-signatures 'Check every signature, not only the last one'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
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
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --new-passphrase-stdin 'Read the new passphrase from standard input'
            cand --remove 'Remove the passphrase; anyone who can read the file can then use the key'
            cand --dry-run 'Show what would be changed, and change nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;renew'= {
            cand --not-after 'Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`'
            cand --parent 'Renew an intermediate CA: its certificate is signed by the CA in this directory'
            cand --parent-passphrase-file 'Read the passphrase of the parent''s key from a file'
            cand --parent-passphrase-env 'Read the passphrase of the parent''s key from an environment variable'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --days 'Lifetime in days of 24 hours from now [default: 3650; 1825 with --parent]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --keep-serial 'Keep the serial number of the old certificate. Two certificates with the same issuer and serial number can confuse caches'
            cand --parent-passphrase-stdin 'Read the passphrase of the parent''s key from standard input'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Show what would be created, and create nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;rekey'= {
            cand --not-after 'Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --key-type 'Type of the new key [default: same as the old key]'
            cand --key-size 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: same as the old key, or 2048]'
            cand --days 'Lifetime in days of 24 hours from now [default: 3650]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Show what would be created, and create nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;ca;help'= {
            cand init 'Create a certification authority'
            cand request 'Create a CSR for an intermediate CA, to be signed by its parent CA'
            cand sign 'Sign the CSR of an intermediate CA'
            cand accept 'Install the certificate issued by the parent CA'
            cand show 'Show the CA: name, key, expiry, next serial, and what it has issued'
            cand adopt 'Adopt a CA directory created by the old scripts'
            cand log 'Print or verify the audit log'
            cand passphrase 'Set, change or remove the passphrase of the CA key'
            cand renew 'Renew the CA certificate, with the same key and name'
            cand rekey 'Roll over the CA key, with cross-certificates for a gradual migration'
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
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand issue 'Issue a certificate for a host, with its key and a PFX'
            cand request 'Create a private key and a CSR on the host; no CA is needed'
            cand sign 'Sign a CSR that was created elsewhere'
            cand ensure 'Issue a certificate unless the host already has a matching one'
            cand renew 'Issue a new certificate to replace an existing one'
            cand bundle 'Make a bundle for one service: files, install script, settings'
            cand list 'List the certificates that the CA has issued'
            cand fetch 'Fetch the certificates that a server presents'
            cand show 'Show everything in a certificate, a CSR, or a PKCS #12 file'
            cand match 'Check whether keys, certificates and CSRs belong together'
            cand thumbprint 'Print the thumbprint of a certificate'
            cand fingerprint 'Print the thumbprint of a certificate'
            cand verify 'Check whether a certificate is valid, and explain why not'
            cand revoke 'Revoke certificates, and create a new CRL'
            cand unhold 'Release certificates that are on hold (certificateHold)'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;cert;issue'= {
            cand --host 'Host name (FQDN) or IP address; `*.example.com` for a wildcard'
            cand --san 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names'
            cand --profile 'Profile in gsec.toml: what the certificate may be used for [default: host]'
            cand --from 'Issue for every host in a list: CSV, JSON, TOML, or one host per line; `-` for standard input'
            cand --report 'Write a row for each host to this new file: NAME.csv for spreadsheets, or NAME.jsonl with a JSON document per line'
            cand --jobs 'Number of keys to make at the same time [default: one per processor]'
            cand --cn 'Common name [default: the host]'
            cand --ou 'Organizational unit; can be repeated'
            cand --org 'Organization'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --days 'Lifetime in days of 24 hours from now [default: 100, or as set in the profile]'
            cand --lifetime 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`'
            cand --not-after 'Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`'
            cand --key-type 'Key type [default: rsa]'
            cand --key-size 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]'
            cand --key 'Use this private key instead of a new one'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --pfx-password-file 'Read the PFX''s password from a file [default: the empty password]'
            cand --pfx-password-env 'Read the PFX''s password from an environment variable'
            cand --pfx-encryption 'PFX encryption. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016'
            cand --friendly-name 'Friendly name of the entry, as shown by dialogs and Java [default: the host]'
            cand --key-format 'Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)'
            cand --out-dir 'Also write certificate, key, chain and PFX to this directory, under names that stay the same after each renewal'
            cand --out-names 'File names in --out-dir. label: db1_cert.pem. fqdn: db1.example.com_cert.pem, for hosts with the same first label. serial: 01_db1_cert.pem, new files after each renewal, without a chain'
            cand --cert-out 'Also write the certificate, with its intermediates, to this file'
            cand --chain-out 'Also write the CA certificates to this file'
            cand --key-out 'Also write the private key to this file; see --cert-out'
            cand --pfx-out 'Also write the PFX to this file'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --keep-going 'Continue when a row fails; this is the default'
            cand --fail-fast 'Stop at the first row that fails'
            cand --again 'Issue even for hosts that already have a matching certificate'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --pfx-password-stdin 'Read the PFX''s password from standard input'
            cand --no-pfx 'Write no PFX'
            cand --no-keep-key 'Keep neither key nor PFX in the CA''s repository'
            cand --stdout 'Print certificate and key as PEM on stdout, and keep no key'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Show what would be signed and written, and change nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;request'= {
            cand --host 'Host name (FQDN) or IP address; `*.example.com` for a wildcard'
            cand --san 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names'
            cand --cn 'Common name [default: the host]'
            cand --ou 'Organizational unit; can be repeated'
            cand --org 'Organization'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --key-type 'Key type [default: rsa]'
            cand --key-size 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]'
            cand --key 'Use this private key instead of a new one'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --key-format 'Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)'
            cand --format 'What to write: pem, or certreq-inf for Windows, which makes the key itself'
            cand --out-dir 'Write to this directory [default: the current directory]'
            cand --new-password-file 'Encrypt the key under a password from a file'
            cand --new-password-env 'Encrypt the key under a password from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --stdout 'Print the CSR on stdout, where no key is made'
            cand --new-password-stdin 'Encrypt the key under a password from standard input'
            cand --dry-run 'Show what would be created, and create nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;sign'= {
            cand --host 'Host name (FQDN) or IP address; `*.example.com` for a wildcard'
            cand --san 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names'
            cand --profile 'Profile in gsec.toml: what the certificate may be used for [default: host]'
            cand --cn 'Common name [default: the host]'
            cand --ou 'Organizational unit; can be repeated'
            cand --org 'Organization'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --days 'Lifetime in days of 24 hours from now [default: 100, or as set in the profile]'
            cand --lifetime 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`'
            cand --not-after 'Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`'
            cand --out-names 'File names in --out-dir. label: db1_cert.pem. fqdn: db1.example.com_cert.pem, for hosts with the same first label. serial: 01_db1_cert.pem, new files after each renewal, without a chain'
            cand --chain-out 'Also write the CA certificates to this file'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --out-dir 'Also write certificate and chain to this directory, under names that stay the same after each renewal'
            cand --cert-out 'Also write the certificate, with its intermediates, to this file'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --accept-csr-names 'Also certify the names requested in the CSR'
            cand --stdout 'Print the certificate as PEM on stdout; the repository keeps it too'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Show what would be signed and written, and change nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;ensure'= {
            cand --host 'Host name (FQDN) or IP address; `*.example.com` for a wildcard'
            cand --san 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names'
            cand --profile 'Profile in gsec.toml: what the certificate may be used for [default: host]'
            cand --cn 'Common name [default: the host]'
            cand --ou 'Organizational unit; can be repeated'
            cand --org 'Organization'
            cand --locality 'City'
            cand --state 'State or province'
            cand --country 'Country, two letters'
            cand --days 'Lifetime in days of 24 hours from now [default: 100, or as set in the profile]'
            cand --lifetime 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`'
            cand --not-after 'Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`'
            cand --renew-before 'Renew when less than this remains (`12h`, `30d`, `4w`). Certificates with a shorter lifetime are renewed when a third of it remains'
            cand --key-type 'Key type [default: rsa]'
            cand --key-size 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]'
            cand --key 'Use this private key instead of a new one'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --csr 'Certify the key of this CSR, which must be signed by that key; no private key and no PFX are written'
            cand --pfx-password-file 'Read the PFX''s password from a file [default: the empty password]'
            cand --pfx-password-env 'Read the PFX''s password from an environment variable'
            cand --pfx-encryption 'PFX encryption. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016'
            cand --friendly-name 'Friendly name of the entry, as shown by dialogs and Java [default: the host]'
            cand --key-format 'Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)'
            cand --out-dir 'Also write certificate, key, chain and PFX to this directory, under names that stay the same after each renewal'
            cand --out-names 'File names in --out-dir. label: db1_cert.pem. fqdn: db1.example.com_cert.pem, for hosts with the same first label. serial: 01_db1_cert.pem, new files after each renewal, without a chain'
            cand --cert-out 'Also write the certificate, with its intermediates, to this file'
            cand --chain-out 'Also write the CA certificates to this file'
            cand --key-out 'Also write the private key to this file; see --cert-out'
            cand --pfx-out 'Also write the PFX to this file'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --accept-csr-names 'Also certify the names requested in the CSR'
            cand --pfx-password-stdin 'Read the PFX''s password from standard input'
            cand --no-pfx 'Write no PFX'
            cand --no-keep-key 'Keep neither key nor PFX in the CA''s repository'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --check 'Only report whether something would be changed: exit status 1 if so'
            cand --dry-run 'Show what would be signed and written, and change nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;renew'= {
            cand --profile 'Profile in gsec.toml [default: same as the old certificate]'
            cand --days 'Lifetime in days of 24 hours from now [default: 100, or as set in the profile]'
            cand --lifetime 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`'
            cand --not-after 'Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`'
            cand --key 'Use this private key instead of a new one'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --pfx-password-file 'Read the PFX''s password from a file [default: the empty password]'
            cand --pfx-password-env 'Read the PFX''s password from an environment variable'
            cand --pfx-encryption 'PFX encryption. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016'
            cand --key-format 'Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)'
            cand --out-dir 'Also write certificate, key, chain and PFX to this directory, under names that stay the same after each renewal'
            cand --out-names 'File names in --out-dir. label: db1_cert.pem. fqdn: db1.example.com_cert.pem, for hosts with the same first label. serial: 01_db1_cert.pem, new files after each renewal, without a chain'
            cand --cert-out 'Also write the certificate, with its intermediates, to this file'
            cand --chain-out 'Also write the CA certificates to this file'
            cand --key-out 'Also write the private key to this file; see --cert-out'
            cand --pfx-out 'Also write the PFX to this file'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --key-type 'Type of a new key [default: same as the old key]'
            cand --key-size 'Size of a new RSA key in bits: 2048, 3072, 4096 or 8192 [default: same as the old key]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --serial 'Read the argument as a serial number of this CA, even if a file or host matches'
            cand --file 'Read the argument as a file, even if a serial number or host matches'
            cand --host 'Read the argument as a host, even if a file or serial number matches'
            cand --keep-key 'Certify the same key again'
            cand --revoke-old 'Revoke the old certificate as superseded, and create a new CRL'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --pfx-password-stdin 'Read the PFX''s password from standard input'
            cand --no-pfx 'Write no PFX'
            cand --no-keep-key 'Keep neither key nor PFX in the CA''s repository'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Show what would be signed and written, and change nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;bundle'= {
            cand --for 'What the bundle is for: a service, a platform or a tool'
            cand -o 'Directory, or file that ends in .tar; `-` for a tar file on standard output [default: NAME-TARGET]'
            cand --out 'Directory, or file that ends in .tar; `-` for a tar file on standard output [default: NAME-TARGET]'
            cand --name 'Name of the bundle, of its directory on the host and of the entry in key stores [default: the host]'
            cand --dest 'Where the files are installed [default: /etc/ssl/gsec/NAME; Red Hat: /etc/pki/tls/gsec/NAME]'
            cand --owner 'Owner of the private key there [default: as the service needs it]'
            cand --group 'Group that may read the private key there; needed for unix and java'
            cand --mode 'Mode of the private key there, such as 0640 [default: as the service needs it]'
            cand --service 'Unit that is reloaded, where it has another name than usual'
            cand --reload 'The same, for generic: the unit that is reloaded or restarted'
            cand --files 'Files of generic. fc: certificate and intermediates; ch: intermediates; k: key; ca: roots; crl: CRLs; comb: fc and k; kc: k and fc; ks, ts: key store and trust store, PKCS #12'
            cand --names 'For unix: old adds links with the names of the old guide, SERIAL_HOST_cert.pem and so on'
            cand --pfx-password-file 'Read the PFX''s password from a file [default: the empty password]'
            cand --pfx-password-env 'Read the PFX''s password from an environment variable'
            cand --pfx-encryption 'PKCS #12 encryption. modern: AES-256, read by Windows Server 2019 and later, Java 8u301. compat: 3DES and SHA-1, read by Windows Server 2008 to 2016 and earlier Java too [default: modern]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --serial 'Read the argument as a serial number of this CA, even if a file or host matches'
            cand --file 'Read the argument as a file, even if a serial number or host matches'
            cand --host 'Read the argument as a host, even if a file or serial number matches'
            cand --force 'Replace another bundle at --out'
            cand --no-key 'Certificates only: the private key stays on the host'
            cand --pfx-password-stdin 'Read the PFX''s password from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;list'= {
            cand --status 'Show only certificates with this status; a certificate past its expiry date is expired'
            cand --expires-within 'Show only valid certificates that expire within this time: `30d`, `12h`'
            cand --host 'Show only certificates with a host name that matches this pattern, with `*` and `?`, or that begins with this label'
            cand --limit 'Show at most N certificates'
            cand --sort 'Order: issued, as in ca.db, or expires, which keeps the whole list in memory'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --names 'Read the names of every certificate, however many there are'
            cand --jsonl 'Print one JSON document per certificate, each on its own line'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;fetch'= {
            cand --starttls 'Ask the server to start TLS in this protocol, on each connection; the port may then be left out'
            cand --server-name 'The server name to send (SNI) [default: the host, unless it is an address]'
            cand --client-cert 'Present this client certificate if the server requests one; its issuers and its key may follow in the same file'
            cand --client-key 'The key of the client certificate [default: the one in the file of `--client-cert`]'
            cand --bind 'Connect from this local address, and this port'
            cand --proxy 'Connect through this HTTP proxy (CONNECT)'
            cand --timeout 'Timeout for each step; the whole check may take up to three times as long'
            cand -o 'Write the certificates to this file [default: -, standard output]'
            cand --out 'Write the certificates to this file [default: -, standard output]'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --no-sni 'Send no server name'
            cand --no-dns 'Do not resolve names: hosts are given by address'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;show'= {
            cand --starttls 'Read the argument as a server, and ask it to start TLS in this protocol; the port may then be left out'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --serial 'Read the argument as a serial number of this CA, even if a file or host matches'
            cand --file 'Read the argument as a file, even if a serial number or host matches'
            cand --host 'Read the argument as a host, even if a file or serial number matches'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;match'= {
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;thumbprint'= {
            cand --starttls 'Read the argument as a server, and ask it to start TLS in this protocol; the port may then be left out'
            cand --hash 'Digest algorithm'
            cand --format 'spaced `9a ab db`, colon `9A:AB:DB`, or compact `9aabdb`'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --serial 'Read the argument as a serial number of this CA, even if a file or host matches'
            cand --file 'Read the argument as a file, even if a serial number or host matches'
            cand --host 'Read the argument as a host, even if a file or serial number matches'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;fingerprint'= {
            cand --starttls 'Read the argument as a server, and ask it to start TLS in this protocol; the port may then be left out'
            cand --hash 'Digest algorithm'
            cand --format 'spaced `9a ab db`, colon `9A:AB:DB`, or compact `9aabdb`'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --serial 'Read the argument as a serial number of this CA, even if a file or host matches'
            cand --file 'Read the argument as a file, even if a serial number or host matches'
            cand --host 'Read the argument as a host, even if a file or serial number matches'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;verify'= {
            cand --starttls 'Read the argument as a server, and ask it to start TLS in this protocol; the port may then be left out'
            cand --trust 'Trust the certificates in this file, instead of the CA directory''s; can be repeated'
            cand --untrusted 'Intermediate certificates; can be repeated'
            cand --name 'Host name or address that the certificate must match [default: of HOST:PORT the host, else none is checked]'
            cand --purpose 'Purpose to check for [default: server with --name and of HOST:PORT, else any]'
            cand --at 'Check for this time: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]'
            cand --crl 'Check revocation against this CRL: complete, partial, indirect or delta; can be repeated'
            cand --policy 'An acceptable certificate policy, for `--explicit-policy` and for CAs that require one; can be repeated [default: any]'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --serial 'Read the argument as a serial number of this CA, even if a file or host matches'
            cand --file 'Read the argument as a file, even if a serial number or host matches'
            cand --host 'Read the argument as a host, even if a file or serial number matches'
            cand --require-crl 'Refuse unless CRLs say for every certificate below the trusted one that it is not revoked; a CRL that OpenSSL cannot use does not count, a partial, indirect or delta CRL does, and so does that of the CA directory'
            cand --explicit-policy 'Refuse unless an acceptable certificate policy is valid for the whole path (RFC 5280 §6.1.1)'
            cand --inhibit-any-policy 'Do not let anyPolicy in a certificate stand for other policies'
            cand --inhibit-policy-mapping 'Do not let CAs map one policy to another'
            cand --allow-cn 'Accept a common name equal to the host where there is no dNSName, as old clients do'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
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
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --serial 'Read the argument as a serial number of this CA, even if a file or host matches'
            cand --file 'Read the argument as a file, even if a serial number or host matches'
            cand --host 'Read the argument as a host, even if a file or serial number matches'
            cand --all 'If a host has several certificates, apply this to all eligible ones'
            cand --no-crl 'Create no new CRL; the CA key is not needed then'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Show what would be changed, and change nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;unhold'= {
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --serial 'Read the argument as a serial number of this CA, even if a file or host matches'
            cand --file 'Read the argument as a file, even if a serial number or host matches'
            cand --host 'Read the argument as a host, even if a file or serial number matches'
            cand --all 'If a host has several certificates, apply this to all eligible ones'
            cand --no-crl 'Create no new CRL; the CA key is not needed then'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Show what would be changed, and change nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;cert;help'= {
            cand issue 'Issue a certificate for a host, with its key and a PFX'
            cand request 'Create a private key and a CSR on the host; no CA is needed'
            cand sign 'Sign a CSR that was created elsewhere'
            cand ensure 'Issue a certificate unless the host already has a matching one'
            cand renew 'Issue a new certificate to replace an existing one'
            cand bundle 'Make a bundle for one service: files, install script, settings'
            cand list 'List the certificates that the CA has issued'
            cand fetch 'Fetch the certificates that a server presents'
            cand show 'Show everything in a certificate, a CSR, or a PKCS #12 file'
            cand match 'Check whether keys, certificates and CSRs belong together'
            cand thumbprint 'Print the thumbprint of a certificate'
            cand verify 'Check whether a certificate is valid, and explain why not'
            cand revoke 'Revoke certificates, and create a new CRL'
            cand unhold 'Release certificates that are on hold (certificateHold)'
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
        &'gsec;cert;help;bundle'= {
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
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand update 'Create a new CRL of all revoked certificates'
            cand show 'Show everything in a CRL'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;crl;update'= {
            cand --days 'Days until the next CRL is due [default: 30, or as set in gsec.toml]'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --allow-earlier 'Create a CRL even if the present CRL, the audit log or the newest certificate is later than this machine''s clock'
            cand --allow-incomplete 'Create a CRL even if the audit log has lost lines and no later CRL is there'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --dry-run 'Show what would be created, and create nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;crl;show'= {
            cand --issuer 'The certificate of the CA that issued it'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;crl;help'= {
            cand update 'Create a new CRL of all revoked certificates'
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
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand to-pem 'Convert a PKCS #12 or DER file to PEM'
            cand to-pfx 'Create a PKCS #12 file (PFX) from certificate, key and chain'
            cand to-der 'Convert a PEM file with one certificate, key, CSR or CRL to DER'
            cand key 'Convert a private key between PKCS #8, PKCS #1, SEC 1, PEM and DER'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;convert;to-pem'= {
            cand -o 'Write to this file [default: -, standard output]'
            cand --out 'Write to this file [default: -, standard output]'
            cand --out-dir 'Write certificate, key and chain to separate files in this directory'
            cand --key-format 'Format of private keys: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --force 'Replace the output if it exists'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;convert;to-pfx'= {
            cand --cert 'The certificate; its issuers and its key may follow in the same file. `-` for standard input'
            cand --key 'The private key [default: the one in the file of `--cert`]'
            cand --chain 'Issuers of the certificate, in any order; can be repeated'
            cand -o 'The PKCS #12 file to write; `-` for standard output'
            cand --out 'The PKCS #12 file to write; `-` for standard output'
            cand --pfx-password-file 'Read the PFX''s password from a file [default: the empty password]'
            cand --pfx-password-env 'Read the PFX''s password from an environment variable'
            cand --pfx-encryption 'PFX encryption: modern (AES-256 and SHA-256) or compat (3DES and SHA-1)'
            cand --friendly-name 'Friendly name of the entry, as shown by dialogs and Java [default: from the input, else the host]'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --trust-store 'Write certificates without a key, which Java reads as trusted entries'
            cand --force 'Replace the output if it exists'
            cand --pfx-password-stdin 'Read the PFX''s password from standard input'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;convert;to-der'= {
            cand -o 'Write to this file [default: -, standard output]'
            cand --out 'Write to this file [default: -, standard output]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --force 'Replace the output if it exists'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;convert;key'= {
            cand -o 'Write to this file [default: -, standard output]'
            cand --out 'Write to this file [default: -, standard output]'
            cand --key-format 'Key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --new-password-file 'Encrypt the key under a password from a file'
            cand --new-password-env 'Encrypt the key under a password from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --force 'Replace the output if it exists'
            cand --der 'Write DER instead of PEM'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --new-password-stdin 'Encrypt the key under a password from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;convert;help'= {
            cand to-pem 'Convert a PKCS #12 or DER file to PEM'
            cand to-pfx 'Create a PKCS #12 file (PFX) from certificate, key and chain'
            cand to-der 'Convert a PEM file with one certificate, key, CSR or CRL to DER'
            cand key 'Convert a private key between PKCS #8, PKCS #1, SEC 1, PEM and DER'
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
        &'gsec;trust'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand install 'Make the programs of this machine trust a CA'
            cand uninstall 'Make the programs of this machine no longer trust a CA'
            cand status 'Show where on this machine a CA is trusted'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;trust;install'= {
            cand --store 'system, nss (the browsers of the user), nss:DIR, java ($JAVA_HOME), java:PATH or p11 (p11-kit) [default: system and nss]'
            cand --root 'The root directory of an image or chroot; none of its programs is run'
            cand --java-password-file 'Read the password of the Java key store from a file [default: changeit]'
            cand --nss-password-file 'The file with the password of the NSS database, which its tool reads'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --dry-run 'Show what would be changed, and change nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;trust;uninstall'= {
            cand --store 'system, nss (the browsers of the user), nss:DIR, java ($JAVA_HOME), java:PATH or p11 (p11-kit) [default: system and nss]'
            cand --root 'The root directory of an image or chroot; none of its programs is run'
            cand --java-password-file 'Read the password of the Java key store from a file [default: changeit]'
            cand --nss-password-file 'The file with the password of the NSS database, which its tool reads'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --dry-run 'Show what would be changed, and change nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;trust;status'= {
            cand --store 'system, nss (the browsers of the user), nss:DIR, java ($JAVA_HOME), java:PATH or p11 (p11-kit) [default: system and nss]'
            cand --root 'The root directory of an image or chroot; none of its programs is run'
            cand --java-password-file 'Read the password of the Java key store from a file [default: changeit]'
            cand --nss-password-file 'The file with the password of the NSS database, which its tool reads'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;trust;help'= {
            cand install 'Make the programs of this machine trust a CA'
            cand uninstall 'Make the programs of this machine no longer trust a CA'
            cand status 'Show where on this machine a CA is trusted'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;trust;help;install'= {
        }
        &'gsec;trust;help;uninstall'= {
        }
        &'gsec;trust;help;status'= {
        }
        &'gsec;trust;help;help'= {
        }
        &'gsec;fleet'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand check 'Check an inventory against the rules of the platform'
            cand plan 'Show what `fleet apply` would do, and why'
            cand apply 'Issue what the inventory lacks, and write the bundles of its hosts'
            cand status 'Show whether hosts have their certificates, and ports serve them'
            cand explain 'Show the security settings of an application, and where each is set'
            cand render 'Print what an inventory means to scripts, firewalls and hosts'
            cand import 'Make an inventory from a CA, a Configuration Server export or a table'
            cand timer 'Print a timer that keeps the certificates of an inventory up to date'
            cand schema 'Print the JSON Schema of the inventory, for editors'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;fleet;check'= {
            cand --inventory 'The inventory; `-` for standard input'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --resolve 'Also look up the names of all hosts, and their addresses backwards'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;plan'= {
            cand --inventory 'The inventory; `-` for standard input'
            cand -o 'Write the plan to this file, which is then that of `fleet apply --plan`; an earlier plan there is replaced'
            cand --out 'Write the plan to this file, which is then that of `fleet apply --plan`; an earlier plan there is replaced'
            cand --only 'Only hosts whose name or FQDN matches; `*` and `?` stand for anything'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --check 'Exit with status 1 if there is something to do'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;apply'= {
            cand --inventory 'The inventory; `-` for standard input'
            cand --plan 'Carry out this plan of `fleet plan`, or nothing if another one is due now: its file, or its hash'
            cand --only 'Only hosts whose name or FQDN matches; `*` and `?` stand for anything'
            cand --jobs 'Number of keys made at the same time [default: the number of processors]'
            cand --push 'Then bring the bundles to the hosts for which the inventory says how, over ssh'
            cand --canary 'Number of hosts that come first, one after the other'
            cand --max-parallel 'Number of hosts at the same time after that'
            cand --probe-timeout 'How long a port may take to serve the new certificate, before the one before is put back'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --prune 'Remove bundles of hosts and targets that are no longer in the inventory'
            cand --keep-going 'Go on with other hosts after one has failed'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;status'= {
            cand --inventory 'The inventory; `-` for standard input'
            cand --expires-within 'Certificates that end within this time count as not in order (`12h`, `30d`, `4w`)'
            cand --jobs 'Number of connections at the same time [default: 64]'
            cand --timeout 'Timeout for one step of a connection'
            cand --only 'Only hosts whose name or FQDN matches; `*` and `?` stand for anything'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --probe 'Ask each secured port for its certificate'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;explain'= {
            cand --inventory 'The inventory; `-` for standard input'
            cand --model 'How options are looked up: set, each, or both for a comparison'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;render'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand args 'Print start arguments for client-side ports'
            cand connections 'Print the transport parameters of connections with client-side ports'
            cand env 'Print the search paths for the security libraries on UNIX hosts'
            cand firewall 'Print firewall rules for the connections of an inventory'
            cand receiver 'Print the script that lets a host receive its bundles over ssh'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;fleet;render;args'= {
            cand --inventory 'The inventory; `-` for standard input'
            cand --format 'In which form [default: sh]'
            cand --executable 'The program that the service starts, with its path on the host (reg)'
            cand --service 'Name of the service of Windows (reg) [default: the name of the application]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;render;connections'= {
            cand --inventory 'The inventory; `-` for standard input'
            cand --format 'In which form [default: csv]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;render;env'= {
            cand --inventory 'The inventory; `-` for standard input'
            cand --format 'In which form [default: sh]'
            cand --dir 'Where the security libraries are on the hosts'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;render;firewall'= {
            cand --inventory 'The inventory; `-` for standard input'
            cand --format 'In which form; netsh for one host [default: nft]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --drop-others 'Also drop other connections to the same ports (nft, iptables)'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;render;receiver'= {
            cand --inventory 'The inventory; `-` for standard input'
            cand --key 'Public key with which bundles will be pushed'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --without-sudo 'The log-in user owns where the files go, so no sudo is needed'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;render;help'= {
            cand args 'Print start arguments for client-side ports'
            cand connections 'Print the transport parameters of connections with client-side ports'
            cand env 'Print the search paths for the security libraries on UNIX hosts'
            cand firewall 'Print firewall rules for the connections of an inventory'
            cand receiver 'Print the script that lets a host receive its bundles over ssh'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;fleet;render;help;args'= {
        }
        &'gsec;fleet;render;help;connections'= {
        }
        &'gsec;fleet;render;help;env'= {
        }
        &'gsec;fleet;render;help;firewall'= {
        }
        &'gsec;fleet;render;help;receiver'= {
        }
        &'gsec;fleet;render;help;help'= {
        }
        &'gsec;fleet;import'= {
            cand --json-export 'An export of Configuration Server in JSON, as the program mutagen writes it; `-` for standard input'
            cand --csv 'A table with the columns host, fqdn, address, platform, app, port_id, port, mode; `-` for standard input'
            cand -o 'Write to this new file [default: standard output]'
            cand --out 'Write to this new file [default: standard output]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;timer'= {
            cand --for 'What runs it: systemd, cron, schtasks (Windows) or launchd (macOS)'
            cand --inventory 'The inventory; `-` for standard input'
            cand --calendar 'When: hourly, daily, weekly, monthly, HH:MM; with systemd also an expression such as `Mon *-*-* 02:00`'
            cand --user 'Run as this account, to which the CA directory belongs [default: root, the system, or the crontab''s owner]'
            cand --ca-passphrase-file 'File with the passphrase of the CA key, on the host that runs the timer; not read now. With systemd, an encrypted credential named ca-pass, as `systemd-creds encrypt` writes it'
            cand --on-failure 'Unit to start when it fails (systemd)'
            cand --gsec 'Where gsec is on the host that runs the timer [default: /usr/bin/gsec, or the usual place of the system]'
            cand --name 'What the timer is called'
            cand --out 'Write the files to this directory; existing files are kept'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;schema'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;fleet;help'= {
            cand check 'Check an inventory against the rules of the platform'
            cand plan 'Show what `fleet apply` would do, and why'
            cand apply 'Issue what the inventory lacks, and write the bundles of its hosts'
            cand status 'Show whether hosts have their certificates, and ports serve them'
            cand explain 'Show the security settings of an application, and where each is set'
            cand render 'Print what an inventory means to scripts, firewalls and hosts'
            cand import 'Make an inventory from a CA, a Configuration Server export or a table'
            cand timer 'Print a timer that keeps the certificates of an inventory up to date'
            cand schema 'Print the JSON Schema of the inventory, for editors'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;fleet;help;check'= {
        }
        &'gsec;fleet;help;plan'= {
        }
        &'gsec;fleet;help;apply'= {
        }
        &'gsec;fleet;help;status'= {
        }
        &'gsec;fleet;help;explain'= {
        }
        &'gsec;fleet;help;render'= {
            cand args 'Print start arguments for client-side ports'
            cand connections 'Print the transport parameters of connections with client-side ports'
            cand env 'Print the search paths for the security libraries on UNIX hosts'
            cand firewall 'Print firewall rules for the connections of an inventory'
            cand receiver 'Print the script that lets a host receive its bundles over ssh'
        }
        &'gsec;fleet;help;render;args'= {
        }
        &'gsec;fleet;help;render;connections'= {
        }
        &'gsec;fleet;help;render;env'= {
        }
        &'gsec;fleet;help;render;firewall'= {
        }
        &'gsec;fleet;help;render;receiver'= {
        }
        &'gsec;fleet;help;import'= {
        }
        &'gsec;fleet;help;timer'= {
        }
        &'gsec;fleet;help;schema'= {
        }
        &'gsec;fleet;help;help'= {
        }
        &'gsec;serve'= {
            cand --name 'A name under which hosts reach this server; give it again for each further name [default: `names` in serve.toml]'
            cand --listen 'Where ACME is served, over TLS [default: `listen` in serve.toml, else :8443]'
            cand --http 'Where CRL and CA certificate are served, without TLS [default: `http` in serve.toml, else :8080]'
            cand --http-port 'The port on which hosts answer http-01, for names that no rule of serve.toml is about [default: 80]'
            cand --socket 'The socket between the two processes [default: signer.sock in the CA''s ca_conf]'
            cand --signer-dir 'The signer''s own directory, as `gsec serve move-key` makes it; started by root, each process gets a user of its own'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --no-first-grant 'Grant nothing to begin with'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand grant 'Say who may have certificates for which names'
            cand eab 'Give out keys of external accounts (EAB)'
            cand status 'Show what serves this CA directory, and how it is'
            cand backup 'Back up the CA directory and the server''s state to one encrypted file'
            cand restore 'Restore a CA directory from a backup, or check the backup'
            cand move-key 'Give the CA key a directory and a user of its own, or bring it back'
            cand signer 'Run only the process that has the CA key'
            cand front 'Run only the part of the server that talks to the network'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;serve;grant'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand add 'Grant names to everyone, an account, or the accounts of an EAB key'
            cand list 'List what is granted'
            cand remove 'Take grants back; `grant list` has their ids'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;serve;grant;add'= {
            cand --name 'A domain: it and everything below it, wildcards too; give it again for each further one'
            cand --exact 'One name, one wildcard or one address'
            cand --network 'The addresses of a network'
            cand --profile 'A profile that may be asked for; the default profile when none is given'
            cand --max-days 'The longest lifetime of a certificate, in days'
            cand --eab 'To the accounts that this EAB key has made, and makes'
            cand --account 'To this account: the last part of its URL'
            cand --until 'Until when it counts: `2027-01-31T12:00:00Z` or `2027-01-31`'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --granted 'Ask for no challenge: anyone who has the account may have these names'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;serve;grant;list'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;serve;grant;remove'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;serve;grant;help'= {
            cand add 'Grant names to everyone, an account, or the accounts of an EAB key'
            cand list 'List what is granted'
            cand remove 'Take grants back; `grant list` has their ids'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;serve;grant;help;add'= {
        }
        &'gsec;serve;grant;help;list'= {
        }
        &'gsec;serve;grant;help;remove'= {
        }
        &'gsec;serve;grant;help;help'= {
        }
        &'gsec;serve;eab'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand add 'Make a key, and print it: this once and never again'
            cand list 'List the keys, and the accounts that they have made'
            cand remove 'Revoke keys, and take back what was granted to them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;serve;eab;add'= {
            cand --until 'Until when it makes accounts: `2027-01-31T12:00:00Z` or `2027-01-31`'
            cand --grant 'A domain with everything below it, or a network, that its accounts may have; give it again for each further one'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --single-use 'It makes one account only'
            cand --granted 'Ask for no challenge: the key itself is the proof'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;serve;eab;list'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;serve;eab;remove'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;serve;eab;help'= {
            cand add 'Make a key, and print it: this once and never again'
            cand list 'List the keys, and the accounts that they have made'
            cand remove 'Revoke keys, and take back what was granted to them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;serve;eab;help;add'= {
        }
        &'gsec;serve;eab;help;list'= {
        }
        &'gsec;serve;eab;help;remove'= {
        }
        &'gsec;serve;eab;help;help'= {
        }
        &'gsec;serve;status'= {
            cand --socket 'The signer''s socket [default: what the server says, else signer.sock in the CA''s ca_conf]'
            cand --journal 'The signer''s journal [default: signer.journal in the CA''s ca_conf]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;serve;backup'= {
            cand --out 'The file to write; it must not exist'
            cand --recipient 'Encrypt for the holder of this key, whose public half `age-keygen` prints; give it again for each further one'
            cand --passphrase-file 'Encrypt under a passphrase from a file'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --with-keys 'Include private keys: the CA''s, those of hosts, the server''s'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;serve;restore'= {
            cand --dir 'The CA directory to make; it must not exist, or be empty'
            cand --identity 'The file with the secret key, as `age-keygen` writes it'
            cand --passphrase-file 'Read the passphrase from a file'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --verify 'Check everything and leave nothing behind'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;serve;move-key'= {
            cand --to 'The signer''s own directory; it must not exist, or be empty'
            cand --from 'Bring the key back from there, and the gsec.toml by which the signer has decided'
            cand --user 'The user who gets it, by name or number'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;serve;signer'= {
            cand --socket 'Where it listens [default: signer.sock in the CA''s ca_conf, or in the signer''s own directory]'
            cand --journal 'Where it keeps its journal [default: signer.journal in ca_conf]'
            cand --signer-dir 'The signer''s own directory, as `gsec serve move-key` makes it, in the place of the CA directory'
            cand --ca-passphrase-file 'Read the CA key''s passphrase from a file'
            cand --ca-passphrase-env 'Read the CA key''s passphrase from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --group 'Let the users of the socket''s group ask too'
            cand --end-with-stdin 'End when standard input ends'
            cand --ca-passphrase-stdin 'Read the CA key''s passphrase from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;serve;front'= {
            cand --name 'A name under which hosts reach this server; give it again for each further name [default: `names` in serve.toml]'
            cand --listen 'Where ACME is served, over TLS [default: `listen` in serve.toml, else :8443]'
            cand --http 'Where CRL and CA certificate are served, without TLS [default: `http` in serve.toml, else :8080]'
            cand --http-port 'The port on which hosts answer http-01, for names that no rule of serve.toml is about [default: 80]'
            cand --socket 'The signer''s socket [default: signer.sock in the CA''s ca_conf]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --no-first-grant 'Grant nothing to begin with'
            cand --end-with-stdin 'End when standard input ends'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;serve;help'= {
            cand grant 'Say who may have certificates for which names'
            cand eab 'Give out keys of external accounts (EAB)'
            cand status 'Show what serves this CA directory, and how it is'
            cand backup 'Back up the CA directory and the server''s state to one encrypted file'
            cand restore 'Restore a CA directory from a backup, or check the backup'
            cand move-key 'Give the CA key a directory and a user of its own, or bring it back'
            cand signer 'Run only the process that has the CA key'
            cand front 'Run only the part of the server that talks to the network'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;serve;help;grant'= {
            cand add 'Grant names to everyone, an account, or the accounts of an EAB key'
            cand list 'List what is granted'
            cand remove 'Take grants back; `grant list` has their ids'
        }
        &'gsec;serve;help;grant;add'= {
        }
        &'gsec;serve;help;grant;list'= {
        }
        &'gsec;serve;help;grant;remove'= {
        }
        &'gsec;serve;help;eab'= {
            cand add 'Make a key, and print it: this once and never again'
            cand list 'List the keys, and the accounts that they have made'
            cand remove 'Revoke keys, and take back what was granted to them'
        }
        &'gsec;serve;help;eab;add'= {
        }
        &'gsec;serve;help;eab;list'= {
        }
        &'gsec;serve;help;eab;remove'= {
        }
        &'gsec;serve;help;status'= {
        }
        &'gsec;serve;help;backup'= {
        }
        &'gsec;serve;help;restore'= {
        }
        &'gsec;serve;help;move-key'= {
        }
        &'gsec;serve;help;signer'= {
        }
        &'gsec;serve;help;front'= {
        }
        &'gsec;serve;help;help'= {
        }
        &'gsec;watch'= {
            cand --acknowledge 'Say that someone takes care of this alarm; --list shows the keys'
            cand --every 'Time between two checks, from 10s to 1d [default: `every` in watch.toml, else 5m]'
            cand --probe 'Probe this port, too; can be repeated'
            cand --host-dir 'Check the certificates and keys in this directory, too: as `cert issue --out-dir` fills it; can be repeated'
            cand --config 'The settings [default: watch.toml in the CA''s ca_conf]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --once 'Check once, send what is new, and end'
            cand --list 'Show the alarms that are open, and check nothing'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;doctor'= {
            cand --name 'Host name or address that certificates must match'
            cand --purpose 'Purpose to check for [default: server with --name, else any]'
            cand --trust 'Trust the certificates in this file, instead of the CA directory''s; can be repeated'
            cand --key 'The private key that must match the certificates'
            cand --user 'The user, by name or number, who must be able to read the files'
            cand --thumbprint 'The thumbprint that the certificate must have, as written in a setting'
            cand --read-by 'A program that must be able to read PFX files: openssl3, java8, windows2016 and so on; can be repeated'
            cand --dir 'The directory that must contain the host''s certificate and the CA certificate'
            cand --library 'A library that must be found, `ssl` or `libssl.so.3`; can be repeated'
            cand --pid 'Take the search paths for libraries from this process [default: from the environment]'
            cand --script 'Take the search paths for libraries from this start script'
            cand --os-release 'Read the operating system from this file, which may be from another machine [default: /etc/os-release]'
            cand --starttls 'Ask the server to start TLS in this protocol, on each connection; the port may then be left out'
            cand --server-name 'The server name to send (SNI) [default: the host, unless it is an address]'
            cand --client-cert 'Present this client certificate if the server requests one; its issuers and its key may follow in the same file'
            cand --client-key 'The key of the client certificate [default: the one in the file of `--client-cert`]'
            cand --bind 'Connect from this local address, and this port'
            cand --proxy 'Connect through this HTTP proxy (CONNECT)'
            cand --timeout 'Timeout for each step; the whole check may take up to three times as long'
            cand --expires-within 'Report certificates that expire within this time: `30d` [default: 30d, or a third of the lifetime if that is less]'
            cand --only 'Run only this check; SLUG is an entry of the catalog; can be repeated'
            cand --skip 'Skip this check; can be repeated'
            cand --explain 'Explain one entry of the catalog'
            cand --fail-on 'Lowest severity that causes exit status 1'
            cand --format 'Output format: text, json, nagios (a line for each target, with the exit status of a plugin) or prometheus'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --no-sni 'Send no server name'
            cand --no-dns 'Do not resolve names: hosts are given by address'
            cand --list 'Print the catalog: everything that can be found'
            cand --fix 'Apply the safe fixes, then check again'
            cand --dry-run 'With `--fix`: show what would be fixed, and change nothing'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand handshake 'Rehearse a TLS handshake, and report which side would fail, and why'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;doctor;handshake'= {
            cand --server-cert 'The server''s certificate with its intermediates, as the server would read it'
            cand --server-key 'The server''s private key [default: the one in the certificate''s file]'
            cand --client-cert 'The client''s certificate with its intermediates'
            cand --client-key 'The client''s private key [default: the one in the certificate''s file]'
            cand --trust 'What the client trusts, instead of the CA directory''s certificate; can be repeated'
            cand --client-trust 'What the server trusts for clients; can be repeated [default: what the client trusts]'
            cand --name 'The host that the client connects to [default: any]'
            cand --tls 'Rehearse only this version [default: 1.3 and 1.2]'
            cand --at 'Rehearse for this time: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;doctor;help'= {
            cand handshake 'Rehearse a TLS handshake, and report which side would fail, and why'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;doctor;help;handshake'= {
        }
        &'gsec;doctor;help;help'= {
        }
        &'gsec;transport'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand parse 'Show how the platform reads a `transport` value'
            cand lint 'Check `transport` values against the rules of the platform'
            cand fix 'Write a `transport` value as it was meant'
            cand build 'Write a `transport` value that the platform reads as it was meant'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;transport;parse'= {
            cand --file 'Read the value from this file'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;transport;lint'= {
            cand --file 'Read a value from this file; may be repeated'
            cand --role 'Where the value is used: a server''s port, a client''s connection, the options of an application or a host, or a file of DB Server or Configuration Server [default: connection if only client options are set, else port]'
            cand --platform 'What kind of host reads it [default: windows if `certificate` is a thumbprint, else unix]'
            cand --release 'The platform''s release: 7.6, 8.0, 8.1, 8.5 or 9.0'
            cand --at 'Check certificates for this time: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --check-files 'Also check the files that the value names, on this machine: whether they can be read, belong together and are in date; revocation is not checked'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;transport;fix'= {
            cand --file 'Read the value from this file'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --drop-shadowed 'Also drop parts that an earlier part of the same name hides'
            cand --fix-names 'Also correct names that are probably misspelled'
            cand --check 'Exit with status 1 if the value is changed by it'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;transport;build'= {
            cand --cert 'File with the host''s certificate and chain, full path'
            cand --key 'File with its private key, full path [default: it is in the certificate file]'
            cand --ca 'File with the CA certificate, full path'
            cand --thumbprint 'SHA-1 thumbprint of a certificate in the Windows store, in any form'
            cand --pfx 'PFX that was imported on the Windows host: its thumbprint is used'
            cand --host 'A host or serial number of the CA: with `--dest`, for its files on UNIX; else for its thumbprint on Windows'
            cand --dest 'Directory on the host that its certificate is delivered to, full path'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --crl 'File with the CRL, full path'
            cand --sec-protocol 'Protocol version: SSLv23, TLSv1, TLSv11, TLSv12 or TLSv13'
            cand --cipher-list 'Cipher suites'
            cand --port 'Port of the client'
            cand --address 'Address of the client'
            cand --backup-port 'Port of the client for the backup server'
            cand --raw 'Add this option as it is; may be repeated'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --tls-off 'Switch TLS off: `tls=0`'
            cand --mutual 'Require a certificate of clients'
            cand --name-check 'Compare the name in the server''s certificate with its host'
            cand --no-check 'Skip the check of the files on this machine'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;transport;help'= {
            cand parse 'Show how the platform reads a `transport` value'
            cand lint 'Check `transport` values against the rules of the platform'
            cand fix 'Write a `transport` value as it was meant'
            cand build 'Write a `transport` value that the platform reads as it was meant'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;transport;help;parse'= {
        }
        &'gsec;transport;help;lint'= {
        }
        &'gsec;transport;help;fix'= {
        }
        &'gsec;transport;help;build'= {
        }
        &'gsec;transport;help;help'= {
        }
        &'gsec;conf'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand lint 'Check configuration and start files against the platform''s rules'
            cand set 'Change one value in a configuration file'
            cand fix 'Fix the `transport` values of configuration files'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;conf;lint'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;conf;set'= {
            cand --value-file 'Read the value from this file; `-` for standard input'
            cand --cert 'File with the host''s certificate and chain, full path'
            cand --key 'File with its private key, full path [default: it is in the certificate file]'
            cand --ca 'File with the CA certificate, full path'
            cand --thumbprint 'SHA-1 thumbprint of a certificate in the Windows store, in any form'
            cand --pfx 'PFX that was imported on the Windows host: its thumbprint is used'
            cand --host 'A host or serial number of the CA: with `--dest`, for its files on UNIX; else for its thumbprint on Windows'
            cand --dest 'Directory on the host that its certificate is delivered to, full path'
            cand --password-file 'Read the password of encrypted input from a file [default: try the empty password, then prompt]'
            cand --password-env 'Read the password of encrypted input from an environment variable'
            cand --crl 'File with the CRL, full path'
            cand --sec-protocol 'Protocol version: SSLv23, TLSv1, TLSv11, TLSv12 or TLSv13'
            cand --cipher-list 'Cipher suites'
            cand --port 'Port of the client'
            cand --address 'Address of the client'
            cand --backup-port 'Port of the client for the backup server'
            cand --raw 'Add this option as it is; may be repeated'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --from-build 'Write the value from the options below, as `gsec transport build` does'
            cand --unset 'Remove the key'
            cand --dry-run 'Show what would be changed, and change nothing'
            cand --password-stdin 'Read the password of encrypted input from standard input'
            cand --tls-off 'Switch TLS off: `tls=0`'
            cand --mutual 'Require a certificate of clients'
            cand --name-check 'Compare the name in the server''s certificate with its host'
            cand --no-check 'Skip the check of the files on this machine'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;conf;fix'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --drop-shadowed 'Also drop parts of a value that an earlier part of the same name hides'
            cand --fix-names 'Also correct names of options that are probably misspelled'
            cand --dry-run 'Show what would be fixed, and change nothing'
            cand --check 'As `--dry-run`, and exit with status 1 if something would be fixed'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;conf;help'= {
            cand lint 'Check configuration and start files against the platform''s rules'
            cand set 'Change one value in a configuration file'
            cand fix 'Fix the `transport` values of configuration files'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;conf;help;lint'= {
        }
        &'gsec;conf;help;set'= {
        }
        &'gsec;conf;help;fix'= {
        }
        &'gsec;conf;help;help'= {
        }
        &'gsec;log'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand filter 'Hide or remove the values of chosen keys in a log of the platform'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;log;filter'= {
            cand --default 'Action for keys without one of their own [default: copy, or as --rules says]'
            cand --key 'Action for one key; goes before --rules; repeatable'
            cand --rules 'A file with the sections [log-filter] and [log-filter-data]: as the platform writes it (.cfg), .toml or .json'
            cand --format 'How pairs are printed in the log. tlib: ''KEY'' ''value''; psdk: ''KEY'' [str] = "value"; auto: both'
            cand --attributes 'Filter only these attributes, separated by commas [default: UserData, Extensions, Reason, Reasons; with psdk, all]'
            cand --header 'What to do with the size and first bytes of a list, next to its attribute: keep, as the platform does, or mask'
            cand --max-line 'Longest line to look at; longer ones are hidden in lists, and copied elsewhere'
            cand -o 'Write to this new file, readable by the users who can read the log [default: standard output]'
            cand --out 'Write to this new file, readable by the users who can read the log [default: standard output]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --ignore-case 'Compare keys without case'
            cand --strict 'After a hidden value, end a list only at a line with a time, not at an attribute, which a value can imitate'
            cand --check 'Write nothing; exit status 1 if anything would change'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;log;help'= {
            cand filter 'Hide or remove the values of chosen keys in a log of the platform'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;log;help;filter'= {
        }
        &'gsec;log;help;help'= {
        }
        &'gsec;banner'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand write 'Write a registry file that sets up the log-in banner'
            cand lint 'Check registry files with the log-in banner'
            cand show 'Show the settings in a registry file with the log-in banner'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;banner;write'= {
            cand --url 'A document to show: an address or a local file; repeatable'
            cand --error-url 'A document to show if no other one can be loaded; repeatable'
            cand --for 'For which applications: all, 13 (Outbound Contact Manager), 19 (Configuration Manager, Wizard Manager), 44 (Solution Control Interface), 51 (Interaction Routing Designer), or a name; repeatable'
            cand --ack-mode 'Whose acceptance counts: 0 of any application, 1 of the same type of application, 2 none: always ask'
            cand --title 'Title of the banner''s window'
            cand --height 'Height of the banner''s window in pixels, at least 181'
            cand --width 'Width of the banner''s window in pixels, at least 360'
            cand --show-timeout 'How long to wait until a document appears, in milliseconds [default: 3000, by the applications]'
            cand --no-complete-timeout 'How long to wait until a document is complete, in milliseconds; 0: no limit [default: 2000, by the applications]'
            cand --url-layout 'Where the documents of one application are: urls, in its key URLs, or flat, directly in its key'
            cand -o 'Write to this new file [default: standard output]'
            cand --out 'Write to this new file [default: standard output]'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --mandatory 'Make acceptance a condition for logging in, also if no document can be loaded'
            cand --expand 'Have Windows replace variables such as %SystemRoot% in the documents'' addresses'
            cand --remove 'Write a file that removes the banner; for all applications, together with those of single ones'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;banner;lint'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;banner;show'= {
            cand --app 'Show what this application uses: 13, 19, 44, 51 or its name'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;banner;help'= {
            cand write 'Write a registry file that sets up the log-in banner'
            cand lint 'Check registry files with the log-in banner'
            cand show 'Show the settings in a registry file with the log-in banner'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;banner;help;write'= {
        }
        &'gsec;banner;help;lint'= {
        }
        &'gsec;banner;help;show'= {
        }
        &'gsec;banner;help;help'= {
        }
        &'gsec;compat'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand link 'Write create_ca.sh and create_cert.sh, which call gsec'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;compat;link'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;compat;help'= {
            cand link 'Write create_ca.sh and create_cert.sh, which call gsec'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;compat;help;link'= {
        }
        &'gsec;compat;help;help'= {
        }
        &'gsec;completions'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;complete'= {
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;man'= {
            cand --out 'Write one page per command to this directory'
            cand --ca-dir 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]'
            cand --color 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored'
            cand --lock-timeout 'Seconds to wait for the CA directory''s lock'
            cand --json 'Print the result as JSON on stdout (errors as JSON on stderr)'
            cand -q 'Print only errors and answers: nothing about what was done, and no warnings'
            cand --quiet 'Print only errors and answers: nothing about what was done, and no warnings'
            cand -v 'Print more detail'
            cand --verbose 'Print more detail'
            cand --no-input 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gsec;help'= {
            cand quickstart 'Create a CA and a first host certificate, and verify it'
            cand ca 'Create, show and adopt a certification authority'
            cand cert 'Issue, renew, bundle, revoke, verify and show certificates'
            cand crl 'Create and show certificate revocation lists'
            cand convert 'Convert certificates and keys between PEM, DER and PKCS #12'
            cand trust 'Make the programs of a machine trust a CA, or no longer trust it'
            cand fleet 'Check and certify all hosts of an inventory'
            cand serve 'Serve the CA: hosts fetch and renew certificates by ACME'
            cand watch 'Raise alarms before certificates, the CRL or the server fail'
            cand doctor 'Diagnose TLS problems and show how to fix them'
            cand transport 'Check, fix and write the `transport` values of the old platform'
            cand conf 'Check and change configuration and start files of the old platform'
            cand log 'Hide data in existing logs of the contact-center platform'
            cand banner 'Write and check registry files for the platform''s log-in banner'
            cand compat 'Drop-in replacements for create_ca.sh and create_cert.sh'
            cand completions 'Generate shell completions'
            cand complete 'Print what the last of these words can become, for the scripts of `gsec completions`'
            cand man 'Print the manual page, or write the pages of all commands'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gsec;help;quickstart'= {
        }
        &'gsec;help;ca'= {
            cand init 'Create a certification authority'
            cand request 'Create a CSR for an intermediate CA, to be signed by its parent CA'
            cand sign 'Sign the CSR of an intermediate CA'
            cand accept 'Install the certificate issued by the parent CA'
            cand show 'Show the CA: name, key, expiry, next serial, and what it has issued'
            cand adopt 'Adopt a CA directory created by the old scripts'
            cand log 'Print or verify the audit log'
            cand passphrase 'Set, change or remove the passphrase of the CA key'
            cand renew 'Renew the CA certificate, with the same key and name'
            cand rekey 'Roll over the CA key, with cross-certificates for a gradual migration'
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
            cand request 'Create a private key and a CSR on the host; no CA is needed'
            cand sign 'Sign a CSR that was created elsewhere'
            cand ensure 'Issue a certificate unless the host already has a matching one'
            cand renew 'Issue a new certificate to replace an existing one'
            cand bundle 'Make a bundle for one service: files, install script, settings'
            cand list 'List the certificates that the CA has issued'
            cand fetch 'Fetch the certificates that a server presents'
            cand show 'Show everything in a certificate, a CSR, or a PKCS #12 file'
            cand match 'Check whether keys, certificates and CSRs belong together'
            cand thumbprint 'Print the thumbprint of a certificate'
            cand verify 'Check whether a certificate is valid, and explain why not'
            cand revoke 'Revoke certificates, and create a new CRL'
            cand unhold 'Release certificates that are on hold (certificateHold)'
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
        &'gsec;help;cert;bundle'= {
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
            cand update 'Create a new CRL of all revoked certificates'
            cand show 'Show everything in a CRL'
        }
        &'gsec;help;crl;update'= {
        }
        &'gsec;help;crl;show'= {
        }
        &'gsec;help;convert'= {
            cand to-pem 'Convert a PKCS #12 or DER file to PEM'
            cand to-pfx 'Create a PKCS #12 file (PFX) from certificate, key and chain'
            cand to-der 'Convert a PEM file with one certificate, key, CSR or CRL to DER'
            cand key 'Convert a private key between PKCS #8, PKCS #1, SEC 1, PEM and DER'
        }
        &'gsec;help;convert;to-pem'= {
        }
        &'gsec;help;convert;to-pfx'= {
        }
        &'gsec;help;convert;to-der'= {
        }
        &'gsec;help;convert;key'= {
        }
        &'gsec;help;trust'= {
            cand install 'Make the programs of this machine trust a CA'
            cand uninstall 'Make the programs of this machine no longer trust a CA'
            cand status 'Show where on this machine a CA is trusted'
        }
        &'gsec;help;trust;install'= {
        }
        &'gsec;help;trust;uninstall'= {
        }
        &'gsec;help;trust;status'= {
        }
        &'gsec;help;fleet'= {
            cand check 'Check an inventory against the rules of the platform'
            cand plan 'Show what `fleet apply` would do, and why'
            cand apply 'Issue what the inventory lacks, and write the bundles of its hosts'
            cand status 'Show whether hosts have their certificates, and ports serve them'
            cand explain 'Show the security settings of an application, and where each is set'
            cand render 'Print what an inventory means to scripts, firewalls and hosts'
            cand import 'Make an inventory from a CA, a Configuration Server export or a table'
            cand timer 'Print a timer that keeps the certificates of an inventory up to date'
            cand schema 'Print the JSON Schema of the inventory, for editors'
        }
        &'gsec;help;fleet;check'= {
        }
        &'gsec;help;fleet;plan'= {
        }
        &'gsec;help;fleet;apply'= {
        }
        &'gsec;help;fleet;status'= {
        }
        &'gsec;help;fleet;explain'= {
        }
        &'gsec;help;fleet;render'= {
            cand args 'Print start arguments for client-side ports'
            cand connections 'Print the transport parameters of connections with client-side ports'
            cand env 'Print the search paths for the security libraries on UNIX hosts'
            cand firewall 'Print firewall rules for the connections of an inventory'
            cand receiver 'Print the script that lets a host receive its bundles over ssh'
        }
        &'gsec;help;fleet;render;args'= {
        }
        &'gsec;help;fleet;render;connections'= {
        }
        &'gsec;help;fleet;render;env'= {
        }
        &'gsec;help;fleet;render;firewall'= {
        }
        &'gsec;help;fleet;render;receiver'= {
        }
        &'gsec;help;fleet;import'= {
        }
        &'gsec;help;fleet;timer'= {
        }
        &'gsec;help;fleet;schema'= {
        }
        &'gsec;help;serve'= {
            cand grant 'Say who may have certificates for which names'
            cand eab 'Give out keys of external accounts (EAB)'
            cand status 'Show what serves this CA directory, and how it is'
            cand backup 'Back up the CA directory and the server''s state to one encrypted file'
            cand restore 'Restore a CA directory from a backup, or check the backup'
            cand move-key 'Give the CA key a directory and a user of its own, or bring it back'
            cand signer 'Run only the process that has the CA key'
            cand front 'Run only the part of the server that talks to the network'
        }
        &'gsec;help;serve;grant'= {
            cand add 'Grant names to everyone, an account, or the accounts of an EAB key'
            cand list 'List what is granted'
            cand remove 'Take grants back; `grant list` has their ids'
        }
        &'gsec;help;serve;grant;add'= {
        }
        &'gsec;help;serve;grant;list'= {
        }
        &'gsec;help;serve;grant;remove'= {
        }
        &'gsec;help;serve;eab'= {
            cand add 'Make a key, and print it: this once and never again'
            cand list 'List the keys, and the accounts that they have made'
            cand remove 'Revoke keys, and take back what was granted to them'
        }
        &'gsec;help;serve;eab;add'= {
        }
        &'gsec;help;serve;eab;list'= {
        }
        &'gsec;help;serve;eab;remove'= {
        }
        &'gsec;help;serve;status'= {
        }
        &'gsec;help;serve;backup'= {
        }
        &'gsec;help;serve;restore'= {
        }
        &'gsec;help;serve;move-key'= {
        }
        &'gsec;help;serve;signer'= {
        }
        &'gsec;help;serve;front'= {
        }
        &'gsec;help;watch'= {
        }
        &'gsec;help;doctor'= {
            cand handshake 'Rehearse a TLS handshake, and report which side would fail, and why'
        }
        &'gsec;help;doctor;handshake'= {
        }
        &'gsec;help;transport'= {
            cand parse 'Show how the platform reads a `transport` value'
            cand lint 'Check `transport` values against the rules of the platform'
            cand fix 'Write a `transport` value as it was meant'
            cand build 'Write a `transport` value that the platform reads as it was meant'
        }
        &'gsec;help;transport;parse'= {
        }
        &'gsec;help;transport;lint'= {
        }
        &'gsec;help;transport;fix'= {
        }
        &'gsec;help;transport;build'= {
        }
        &'gsec;help;conf'= {
            cand lint 'Check configuration and start files against the platform''s rules'
            cand set 'Change one value in a configuration file'
            cand fix 'Fix the `transport` values of configuration files'
        }
        &'gsec;help;conf;lint'= {
        }
        &'gsec;help;conf;set'= {
        }
        &'gsec;help;conf;fix'= {
        }
        &'gsec;help;log'= {
            cand filter 'Hide or remove the values of chosen keys in a log of the platform'
        }
        &'gsec;help;log;filter'= {
        }
        &'gsec;help;banner'= {
            cand write 'Write a registry file that sets up the log-in banner'
            cand lint 'Check registry files with the log-in banner'
            cand show 'Show the settings in a registry file with the log-in banner'
        }
        &'gsec;help;banner;write'= {
        }
        &'gsec;help;banner;lint'= {
        }
        &'gsec;help;banner;show'= {
        }
        &'gsec;help;compat'= {
            cand link 'Write create_ca.sh and create_cert.sh, which call gsec'
        }
        &'gsec;help;compat;link'= {
        }
        &'gsec;help;completions'= {
        }
        &'gsec;help;complete'= {
        }
        &'gsec;help;man'= {
        }
        &'gsec;help;help'= {
        }
    ]
    $completions[$command]
}
