# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_gsec_global_optspecs
    string join \n ca-dir= json q/quiet v/verbose color= no-input y/yes lock-timeout= h/help V/version
end

function __fish_gsec_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_gsec_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_gsec_using_subcommand
    set -l cmd (__fish_gsec_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c gsec -n "__fish_gsec_needs_command" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_needs_command" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_needs_command" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_needs_command" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_needs_command" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_needs_command" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_needs_command" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_needs_command" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_needs_command" -s V -l version -d 'Print version'
complete -c gsec -n "__fish_gsec_needs_command" -f -a "quickstart" -d 'Create a CA and a first host certificate, and verify it'
complete -c gsec -n "__fish_gsec_needs_command" -f -a "ca" -d 'Create, show and adopt a certification authority'
complete -c gsec -n "__fish_gsec_needs_command" -f -a "cert" -d 'Issue, renew, revoke, sign, fetch, verify and show certificates'
complete -c gsec -n "__fish_gsec_needs_command" -f -a "crl" -d 'Create and show certificate revocation lists'
complete -c gsec -n "__fish_gsec_needs_command" -f -a "convert" -d 'Convert certificates and keys between PEM, DER and PKCS #12'
complete -c gsec -n "__fish_gsec_needs_command" -f -a "doctor" -d 'Diagnose TLS problems and show how to fix them'
complete -c gsec -n "__fish_gsec_needs_command" -f -a "compat" -d 'Drop-in replacements for create_ca.sh and create_cert.sh'
complete -c gsec -n "__fish_gsec_needs_command" -f -a "completions" -d 'Generate shell completions'
complete -c gsec -n "__fish_gsec_needs_command" -f -a "man" -d 'Print the manual page, or write the pages of all commands'
complete -c gsec -n "__fish_gsec_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand quickstart" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand quickstart" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand quickstart" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand quickstart" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand quickstart" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand quickstart" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand quickstart" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand quickstart" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand quickstart" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand quickstart" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand quickstart" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand quickstart" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -s h -l help -d 'Print help'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -f -a "init" -d 'Create a certification authority'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -f -a "request" -d 'Create a CSR for an intermediate CA, to be signed by its parent CA'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -f -a "sign" -d 'Sign the CSR of an intermediate CA'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -f -a "accept" -d 'Install the certificate issued by the parent CA'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -f -a "show" -d 'Show the CA: name, key, expiry, next serial, and what it has issued'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -f -a "adopt" -d 'Adopt a CA directory created by the old scripts'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -f -a "log" -d 'Print or verify the audit log'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -f -a "passphrase" -d 'Set, change or remove the passphrase of the CA key'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -f -a "renew" -d 'Renew the CA certificate, with the same key and name'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -f -a "rekey" -d 'Roll over the CA key, with cross-certificates for a gradual migration'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and not __fish_seen_subcommand_from init request sign accept show adopt log passphrase renew rekey help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l cn -d 'Name of the CA (common name)' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l email -d 'E-mail address of the CA operator' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l ou -d 'Organizational unit; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l org -d 'Organization' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l locality -d 'City' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l state -d 'State or province' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l country -d 'Country, two letters' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l key-type -d 'Key type [default: rsa]' -r -f -a "rsa\t''
p256\t''
p384\t''
p521\t''
ed25519\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l key-size -d 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l path-len -d 'How many levels of intermediate CAs are allowed below this one [default: no limit for a root, 0 for an intermediate CA]' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l permit-dns -d 'Permit only host names in this domain, and no other kinds of name; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l permit-ip -d 'Permit only addresses in this block, and no other kinds of name; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l serial-mode -d 'Where serial numbers come from' -r -f -a "sequential\t''
random\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l days -d 'Lifetime in days of 24 hours from now [default: 3650 for a root, 1825 for an intermediate CA]' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l not-after -d 'Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l parent -d 'Create an intermediate CA below the CA in this directory' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l parent-passphrase-file -d 'Read the passphrase of the parent\'s key from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l parent-passphrase-env -d 'Read the passphrase of the parent\'s key from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l encrypt-key -d 'Encrypt the CA key with a passphrase'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l parent-passphrase-stdin -d 'Read the passphrase of the parent\'s key from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l dry-run -d 'Show what would be created, and create nothing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l cn -d 'Name of the CA (common name)' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l email -d 'E-mail address of the CA operator' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l ou -d 'Organizational unit; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l org -d 'Organization' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l locality -d 'City' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l state -d 'State or province' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l country -d 'Country, two letters' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l key-type -d 'Key type [default: rsa]' -r -f -a "rsa\t''
p256\t''
p384\t''
p521\t''
ed25519\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l key-size -d 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l path-len -d 'How many levels of intermediate CAs are allowed below this one [default: no limit for a root, 0 for an intermediate CA]' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l permit-dns -d 'Permit only host names in this domain, and no other kinds of name; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l permit-ip -d 'Permit only addresses in this block, and no other kinds of name; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l serial-mode -d 'Where serial numbers come from' -r -f -a "sequential\t''
random\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l out -d 'Write the CSR to this file; `-` for standard output [default: the CA directory, or standard output]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l encrypt-key -d 'Encrypt the CA key with a passphrase'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l dry-run -d 'Show what would be created, and create nothing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from request" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l cn -d 'Name of the CA (common name)' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l email -d 'E-mail address of the CA operator' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l ou -d 'Organizational unit; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l org -d 'Organization' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l locality -d 'City' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l state -d 'State or province' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l country -d 'Country, two letters' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l path-len -d 'How many levels of intermediate CAs are allowed below this one [default: no limit for a root, 0 for an intermediate CA]' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l permit-dns -d 'Permit only host names in this domain, and no other kinds of name; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l permit-ip -d 'Permit only addresses in this block, and no other kinds of name; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l days -d 'Lifetime in days of 24 hours from now [default: 3650 for a root, 1825 for an intermediate CA]' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l not-after -d 'Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l out -d 'Write the certificate and those above it to this file, for `gsec ca accept`' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l stdout -d 'Print the certificate and those above it as PEM on stdout'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l dry-run -d 'Show what would be signed and written, and change nothing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from accept" -l chain -d 'Certificates above it, up to the root; can be repeated' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from accept" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from accept" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from accept" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from accept" -l dry-run -d 'Show what would be accepted, and change nothing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from accept" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from accept" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from accept" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from accept" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from accept" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from accept" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from show" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from show" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from show" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from show" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from adopt" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from adopt" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from adopt" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from adopt" -l dry-run -d 'Show the weaknesses and the planned changes, and change nothing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from adopt" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from adopt" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from adopt" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from adopt" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from adopt" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from adopt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -l limit -d 'Print only the newest N lines' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -l expect-head -d 'A head noted earlier that the log must contain' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -l jsonl -d 'Print one JSON document per line'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -l verify -d 'Verify that the log is complete'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -l all-signatures -d 'Check every signature, not only the last one'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l new-passphrase-file -d 'Read the new passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l new-passphrase-env -d 'Read the new passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l new-passphrase-stdin -d 'Read the new passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l remove -d 'Remove the passphrase; anyone who can read the file can then use the key'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l dry-run -d 'Show what would be changed, and change nothing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from passphrase" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l not-after -d 'Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l parent -d 'Renew an intermediate CA: its certificate is signed by the CA in this directory' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l parent-passphrase-file -d 'Read the passphrase of the parent\'s key from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l parent-passphrase-env -d 'Read the passphrase of the parent\'s key from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l days -d 'Lifetime in days of 24 hours from now [default: 3650; 1825 with --parent]' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l keep-serial -d 'Keep the serial number of the old certificate. Two certificates with the same issuer and serial number can confuse caches'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l parent-passphrase-stdin -d 'Read the passphrase of the parent\'s key from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l dry-run -d 'Show what would be created, and create nothing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l not-after -d 'Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l key-type -d 'Type of the new key [default: same as the old key]' -r -f -a "rsa\t''
p256\t''
p384\t''
p521\t''
ed25519\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l key-size -d 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: same as the old key, or 2048]' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l days -d 'Lifetime in days of 24 hours from now [default: 3650]' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l dry-run -d 'Show what would be created, and create nothing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from rekey" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "init" -d 'Create a certification authority'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "request" -d 'Create a CSR for an intermediate CA, to be signed by its parent CA'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "sign" -d 'Sign the CSR of an intermediate CA'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "accept" -d 'Install the certificate issued by the parent CA'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the CA: name, key, expiry, next serial, and what it has issued'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "adopt" -d 'Adopt a CA directory created by the old scripts'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "log" -d 'Print or verify the audit log'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "passphrase" -d 'Set, change or remove the passphrase of the CA key'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "renew" -d 'Renew the CA certificate, with the same key and name'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "rekey" -d 'Roll over the CA key, with cross-certificates for a gradual migration'
complete -c gsec -n "__fish_gsec_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -s h -l help -d 'Print help'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "issue" -d 'Issue a certificate for a host, with its key and a PFX'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "request" -d 'Create a private key and a CSR on the host; no CA is needed'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "sign" -d 'Sign a CSR that was created elsewhere'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "ensure" -d 'Issue a certificate only if the host does not already have a match'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "renew" -d 'Issue a new certificate to replace an existing one'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "list" -d 'List the certificates that the CA has issued'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "fetch" -d 'Fetch the certificates that a server presents'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "show" -d 'Show everything in a certificate, a CSR, or a PKCS #12 file'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "match" -d 'Check whether keys, certificates and CSRs belong together'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "thumbprint" -d 'Print the thumbprint of a certificate'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "fingerprint" -d 'Print the thumbprint of a certificate'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "verify" -d 'Check whether a certificate is valid, and explain why not'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "revoke" -d 'Revoke certificates, and create a new CRL'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "unhold" -d 'Release certificates that are on hold (certificateHold)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and not __fish_seen_subcommand_from issue request sign ensure renew list fetch show match thumbprint fingerprint verify revoke unhold help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l host -d 'Host name (FQDN) or IP address; `*.example.com` for a wildcard' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l san -d 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l profile -d 'Profile in gsec.toml: what the certificate may be used for [default: host]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l from -d 'Issue for every host in a list: CSV with a header, JSON or TOML; `-` for standard input' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l jobs -d 'Number of keys to make at the same time [default: one per processor]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l cn -d 'Common name [default: the host]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l ou -d 'Organizational unit; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l org -d 'Organization' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l locality -d 'City' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l state -d 'State or province' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l country -d 'Country, two letters' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l days -d 'Lifetime in days of 24 hours from now [default: 100, or as set in the profile]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l lifetime -d 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l not-after -d 'Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l key-type -d 'Key type [default: rsa]' -r -f -a "rsa\t''
p256\t''
p384\t''
p521\t''
ed25519\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l key-size -d 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l key -d 'Use this private key instead of a new one' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l pfx-password-file -d 'Read the PFX\'s password from a file [default: the empty password]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l pfx-password-env -d 'Read the PFX\'s password from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l pfx-encryption -d 'PFX encryption. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016' -r -f -a "modern\t''
compat\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l friendly-name -d 'Friendly name of the entry, as shown by dialogs and Java [default: the host]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l key-format -d 'Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)' -r -f -a "pkcs8\t''
pkcs1\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l out-dir -d 'Also write certificate, key and PFX to this directory' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l keep-going -d 'Continue when a row fails; this is the default'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l fail-fast -d 'Stop at the first row that fails'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l again -d 'Issue even for hosts that already have a matching certificate'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l pfx-password-stdin -d 'Read the PFX\'s password from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l no-pfx -d 'Write no PFX'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l no-keep-key -d 'Keep neither key nor PFX in the CA\'s repository'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l stdout -d 'Print certificate and key as PEM on stdout, and keep no key'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l dry-run -d 'Show what would be signed and written, and change nothing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from issue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l host -d 'Host name (FQDN) or IP address; `*.example.com` for a wildcard' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l san -d 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l cn -d 'Common name [default: the host]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l ou -d 'Organizational unit; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l org -d 'Organization' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l locality -d 'City' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l state -d 'State or province' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l country -d 'Country, two letters' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l key-type -d 'Key type [default: rsa]' -r -f -a "rsa\t''
p256\t''
p384\t''
p521\t''
ed25519\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l key-size -d 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l key -d 'Use this private key instead of a new one' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l key-format -d 'Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)' -r -f -a "pkcs8\t''
pkcs1\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l format -d 'What to write: pem, or certreq-inf for Windows, which makes the key itself' -r -f -a "pem\t''
certreq-inf\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l out-dir -d 'Write to this directory [default: the current directory]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l new-password-file -d 'Encrypt the key under a password from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l new-password-env -d 'Encrypt the key under a password from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l stdout -d 'Print the CSR on stdout, where no key is made'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l new-password-stdin -d 'Encrypt the key under a password from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l dry-run -d 'Show what would be created, and create nothing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from request" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l host -d 'Host name (FQDN) or IP address; `*.example.com` for a wildcard' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l san -d 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l profile -d 'Profile in gsec.toml: what the certificate may be used for [default: host]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l cn -d 'Common name [default: the host]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l ou -d 'Organizational unit; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l org -d 'Organization' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l locality -d 'City' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l state -d 'State or province' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l country -d 'Country, two letters' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l days -d 'Lifetime in days of 24 hours from now [default: 100, or as set in the profile]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l lifetime -d 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l not-after -d 'Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l out-dir -d 'Also write the certificate to this directory' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l accept-csr-names -d 'Also certify the names requested in the CSR'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l stdout -d 'Print the certificate as PEM on stdout; the repository keeps it too'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l dry-run -d 'Show what would be signed and written, and change nothing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l host -d 'Host name (FQDN) or IP address; `*.example.com` for a wildcard' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l san -d 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l profile -d 'Profile in gsec.toml: what the certificate may be used for [default: host]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l cn -d 'Common name [default: the host]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l ou -d 'Organizational unit; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l org -d 'Organization' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l locality -d 'City' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l state -d 'State or province' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l country -d 'Country, two letters' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l days -d 'Lifetime in days of 24 hours from now [default: 100, or as set in the profile]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l lifetime -d 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l not-after -d 'Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l renew-before -d 'Renew when less than this remains (`12h`, `30d`, `4w`). Certificates with a shorter lifetime are renewed when a third of it remains' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l key-type -d 'Key type [default: rsa]' -r -f -a "rsa\t''
p256\t''
p384\t''
p521\t''
ed25519\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l key-size -d 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l key -d 'Use this private key instead of a new one' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l csr -d 'Certify the key of this CSR, which must be signed by that key; no private key and no PFX are written' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l pfx-password-file -d 'Read the PFX\'s password from a file [default: the empty password]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l pfx-password-env -d 'Read the PFX\'s password from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l pfx-encryption -d 'PFX encryption. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016' -r -f -a "modern\t''
compat\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l friendly-name -d 'Friendly name of the entry, as shown by dialogs and Java [default: the host]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l key-format -d 'Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)' -r -f -a "pkcs8\t''
pkcs1\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l out-dir -d 'Also write certificate, key and PFX to this directory' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l accept-csr-names -d 'Also certify the names requested in the CSR'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l pfx-password-stdin -d 'Read the PFX\'s password from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l no-pfx -d 'Write no PFX'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l no-keep-key -d 'Keep neither key nor PFX in the CA\'s repository'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l check -d 'Only report whether something would be changed: exit status 1 if so'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l dry-run -d 'Show what would be signed and written, and change nothing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from ensure" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l profile -d 'Profile in gsec.toml [default: same as the old certificate]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l days -d 'Lifetime in days of 24 hours from now [default: 100, or as set in the profile]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l lifetime -d 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l not-after -d 'Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l key -d 'Use this private key instead of a new one' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l pfx-password-file -d 'Read the PFX\'s password from a file [default: the empty password]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l pfx-password-env -d 'Read the PFX\'s password from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l pfx-encryption -d 'PFX encryption. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016' -r -f -a "modern\t''
compat\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l key-format -d 'Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)' -r -f -a "pkcs8\t''
pkcs1\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l out-dir -d 'Also write certificate, key and PFX to this directory' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l key-type -d 'Type of a new key [default: same as the old key]' -r -f -a "rsa\t''
p256\t''
p384\t''
p521\t''
ed25519\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l key-size -d 'Size of a new RSA key in bits: 2048, 3072, 4096 or 8192 [default: same as the old key]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l serial -d 'Read the argument as a serial number of this CA, even if a file or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l file -d 'Read the argument as a file, even if a serial number or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l host -d 'Read the argument as a host, even if a file or serial number matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l keep-key -d 'Certify the same key again'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l revoke-old -d 'Revoke the old certificate as superseded, and create a new CRL'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l pfx-password-stdin -d 'Read the PFX\'s password from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l no-pfx -d 'Write no PFX'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l no-keep-key -d 'Keep neither key nor PFX in the CA\'s repository'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l dry-run -d 'Show what would be signed and written, and change nothing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -l status -d 'Show only certificates with this status; a certificate past its expiry date is expired' -r -f -a "valid\t''
expired\t''
revoked\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -l expires-within -d 'Show only valid certificates that expire within this time: `30d`, `12h`' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -l host -d 'Show only certificates with a host name that matches this pattern, with `*` and `?`' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -l limit -d 'Show at most N certificates' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -l jsonl -d 'Print one JSON document per certificate, each on its own line'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l server-name -d 'The server name to send (SNI) [default: the host, unless it is an address]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l client-cert -d 'Present this client certificate if the server requests one; its issuers and its key may follow in the same file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l client-key -d 'The key of the client certificate [default: the one in the file of `--client-cert`]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l bind -d 'Connect from this local address, and this port' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l proxy -d 'Connect through this HTTP proxy (CONNECT)' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l timeout -d 'Timeout for each step; the whole check may take up to three times as long' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -s o -l out -d 'Write the certificates to this file [default: -, standard output]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l no-sni -d 'Send no server name'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l no-dns -d 'Do not resolve names: hosts are given by address'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fetch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -l serial -d 'Read the argument as a serial number of this CA, even if a file or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -l file -d 'Read the argument as a file, even if a serial number or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -l host -d 'Read the argument as a host, even if a file or serial number matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from match" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from match" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from match" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from match" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from match" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from match" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from match" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from match" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from match" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from match" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from match" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from match" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l hash -d 'Digest algorithm' -r -f -a "sha1\t''
sha256\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l format -d 'spaced `9a ab db`, colon `9A:AB:DB`, or compact `9aabdb`' -r -f -a "spaced\t''
colon\t''
compact\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l serial -d 'Read the argument as a serial number of this CA, even if a file or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l file -d 'Read the argument as a file, even if a serial number or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l host -d 'Read the argument as a host, even if a file or serial number matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from thumbprint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l hash -d 'Digest algorithm' -r -f -a "sha1\t''
sha256\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l format -d 'spaced `9a ab db`, colon `9A:AB:DB`, or compact `9aabdb`' -r -f -a "spaced\t''
colon\t''
compact\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l serial -d 'Read the argument as a serial number of this CA, even if a file or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l file -d 'Read the argument as a file, even if a serial number or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l host -d 'Read the argument as a host, even if a file or serial number matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from fingerprint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l trust -d 'Trust the certificates in this file, instead of the CA directory\'s; can be repeated' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l untrusted -d 'Intermediate certificates; can be repeated' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l name -d 'Host name or address that the certificate must match' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l purpose -d 'Purpose to check for [default: server with --name, else any]' -r -f -a "server\t''
client\t''
any\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l at -d 'Check for this time: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l crl -d 'Check revocation against this CRL: complete, partial, indirect or delta; can be repeated' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l policy -d 'An acceptable certificate policy, for `--explicit-policy` and for CAs that require one; can be repeated [default: any]' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l serial -d 'Read the argument as a serial number of this CA, even if a file or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l file -d 'Read the argument as a file, even if a serial number or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l host -d 'Read the argument as a host, even if a file or serial number matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l require-crl -d 'Refuse unless CRLs say for every certificate below the trusted one that it is not revoked, as `openssl verify -crl_check_all` does; the CRL of the CA directory also counts'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l explicit-policy -d 'Refuse unless an acceptable certificate policy is valid for the whole path (RFC 5280 §6.1.1)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l inhibit-any-policy -d 'Do not let anyPolicy in a certificate stand for other policies'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l inhibit-policy-mapping -d 'Do not let CAs map one policy to another'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l allow-cn -d 'Accept a common name equal to the host where there is no dNSName, as old clients do'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l reason -d 'unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation or certificateHold' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l serial -d 'Read the argument as a serial number of this CA, even if a file or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l file -d 'Read the argument as a file, even if a serial number or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l host -d 'Read the argument as a host, even if a file or serial number matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l all -d 'If a host has several certificates, apply this to all eligible ones'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l no-crl -d 'Create no new CRL; the CA key is not needed then'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l dry-run -d 'Show what would be changed, and change nothing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l serial -d 'Read the argument as a serial number of this CA, even if a file or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l file -d 'Read the argument as a file, even if a serial number or host matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l host -d 'Read the argument as a host, even if a file or serial number matches'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l all -d 'If a host has several certificates, apply this to all eligible ones'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l no-crl -d 'Create no new CRL; the CA key is not needed then'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l dry-run -d 'Show what would be changed, and change nothing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from unhold" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "issue" -d 'Issue a certificate for a host, with its key and a PFX'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "request" -d 'Create a private key and a CSR on the host; no CA is needed'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "sign" -d 'Sign a CSR that was created elsewhere'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "ensure" -d 'Issue a certificate only if the host does not already have a match'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "renew" -d 'Issue a new certificate to replace an existing one'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the certificates that the CA has issued'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "fetch" -d 'Fetch the certificates that a server presents'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show everything in a certificate, a CSR, or a PKCS #12 file'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "match" -d 'Check whether keys, certificates and CSRs belong together'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "thumbprint" -d 'Print the thumbprint of a certificate'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Check whether a certificate is valid, and explain why not'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'Revoke certificates, and create a new CRL'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "unhold" -d 'Release certificates that are on hold (certificateHold)'
complete -c gsec -n "__fish_gsec_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and not __fish_seen_subcommand_from update show help" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand crl; and not __fish_seen_subcommand_from update show help" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand crl; and not __fish_seen_subcommand_from update show help" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand crl; and not __fish_seen_subcommand_from update show help" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and not __fish_seen_subcommand_from update show help" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and not __fish_seen_subcommand_from update show help" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and not __fish_seen_subcommand_from update show help" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and not __fish_seen_subcommand_from update show help" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and not __fish_seen_subcommand_from update show help" -s h -l help -d 'Print help'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and not __fish_seen_subcommand_from update show help" -f -a "update" -d 'Create a new CRL of all revoked certificates'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and not __fish_seen_subcommand_from update show help" -f -a "show" -d 'Show everything in a CRL'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and not __fish_seen_subcommand_from update show help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -l days -d 'Days until the next CRL is due [default: 30, or as set in gsec.toml]' -r
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -l ca-passphrase-file -d 'Read the CA key\'s passphrase from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -l ca-passphrase-env -d 'Read the CA key\'s passphrase from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -l allow-earlier -d 'Create a CRL even if the present CRL, the audit log or the newest certificate is later than this machine\'s clock'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -l allow-incomplete -d 'Create a CRL even if the audit log has lost lines and no later CRL is there'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -l ca-passphrase-stdin -d 'Read the CA key\'s passphrase from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -l dry-run -d 'Show what would be created, and create nothing'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from show" -l issuer -d 'The certificate of the CA that issued it' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from show" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from show" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from show" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from show" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from help" -f -a "update" -d 'Create a new CRL of all revoked certificates'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show everything in a CRL'
complete -c gsec -n "__fish_gsec_using_subcommand crl; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -s h -l help -d 'Print help'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -f -a "to-pem" -d 'Convert a PKCS #12 or DER file to PEM'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -f -a "to-pfx" -d 'Create a PKCS #12 file (PFX) from certificate, key and chain'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -f -a "to-der" -d 'Convert a PEM file with one certificate, key, CSR or CRL to DER'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -f -a "key" -d 'Convert a private key between PKCS #8, PKCS #1, SEC 1, PEM and DER'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and not __fish_seen_subcommand_from to-pem to-pfx to-der key help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -s o -l out -d 'Write to this file [default: -, standard output]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -l out-dir -d 'Write certificate, key and chain to separate files in this directory' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -l key-format -d 'Format of private keys: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)' -r -f -a "pkcs8\t''
pkcs1\t''"
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -l force -d 'Replace the output if it exists'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pem" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l cert -d 'The certificate; its issuers and its key may follow in the same file. `-` for standard input' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l key -d 'The private key [default: the one in the file of `--cert`]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l chain -d 'Issuers of the certificate, in any order; can be repeated' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -s o -l out -d 'The PKCS #12 file to write; `-` for standard output' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l pfx-password-file -d 'Read the PFX\'s password from a file [default: the empty password]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l pfx-password-env -d 'Read the PFX\'s password from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l pfx-encryption -d 'PFX encryption: modern (AES-256 and SHA-256) or compat (3DES and SHA-1)' -r -f -a "modern\t''
compat\t''"
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l friendly-name -d 'Friendly name of the entry, as shown by dialogs and Java [default: from the input, else the host]' -r
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l trust-store -d 'Write certificates without a key, which Java reads as trusted entries'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l force -d 'Replace the output if it exists'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l pfx-password-stdin -d 'Read the PFX\'s password from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-pfx" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-der" -s o -l out -d 'Write to this file [default: -, standard output]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-der" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-der" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-der" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-der" -l force -d 'Replace the output if it exists'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-der" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-der" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-der" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-der" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-der" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from to-der" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -s o -l out -d 'Write to this file [default: -, standard output]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l key-format -d 'Key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)' -r -f -a "pkcs8\t''
pkcs1\t''"
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l new-password-file -d 'Encrypt the key under a password from a file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l new-password-env -d 'Encrypt the key under a password from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l force -d 'Replace the output if it exists'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l der -d 'Write DER instead of PEM'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l new-password-stdin -d 'Encrypt the key under a password from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from key" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from help" -f -a "to-pem" -d 'Convert a PKCS #12 or DER file to PEM'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from help" -f -a "to-pfx" -d 'Create a PKCS #12 file (PFX) from certificate, key and chain'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from help" -f -a "to-der" -d 'Convert a PEM file with one certificate, key, CSR or CRL to DER'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from help" -f -a "key" -d 'Convert a private key between PKCS #8, PKCS #1, SEC 1, PEM and DER'
complete -c gsec -n "__fish_gsec_using_subcommand convert; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l name -d 'Host name or address that certificates must match' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l purpose -d 'Purpose to check for [default: server with --name, else any]' -r -f -a "server\t''
client\t''
any\t''"
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l trust -d 'Trust the certificates in this file, instead of the CA directory\'s; can be repeated' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l key -d 'The private key that must match the certificates' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l user -d 'The user, by name or number, who must be able to read the files' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l thumbprint -d 'The thumbprint that the certificate must have, as written in a setting' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l read-by -d 'A program that must be able to read PFX files: openssl3, java8, windows2016 and so on; can be repeated' -r -f -a "openssl11\t''
openssl3\t''
java8\t''
java17\t''
windows2012\t''
windows2016\t''
windows2019\t''
macos\t''
nss\t''"
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l dir -d 'The directory that must contain the host\'s certificate and the CA certificate' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l library -d 'A library that must be found, `ssl` or `libssl.so.3`; can be repeated' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l pid -d 'Take the search paths for libraries from this process [default: from the environment]' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l script -d 'Take the search paths for libraries from this start script' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l os-release -d 'Read the operating system from this file, which may be from another machine [default: /etc/os-release]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l server-name -d 'The server name to send (SNI) [default: the host, unless it is an address]' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l client-cert -d 'Present this client certificate if the server requests one; its issuers and its key may follow in the same file' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l client-key -d 'The key of the client certificate [default: the one in the file of `--client-cert`]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l bind -d 'Connect from this local address, and this port' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l proxy -d 'Connect through this HTTP proxy (CONNECT)' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l timeout -d 'Timeout for each step; the whole check may take up to three times as long' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l expires-within -d 'Report certificates that expire within this time: `30d` [default: 30d, or a third of the lifetime if that is less]' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l only -d 'Run only this check; SLUG is an entry of the catalog; can be repeated' -r -f -a "key-mismatch\t''
key-not-compared\t''
key-form\t''
file-writable-by-others\t''
contents-unread\t''
dh-parameters-short\t''
pem-form\t''
key-readable-by-others\t''
key-writable-by-others\t''
unreadable-for-user\t''
key-encrypted\t''
key-in-public-file\t''
certificate-expires-soon\t''
lifetime-over-825-days\t''
ca-ends-first\t''
must-staple\t''
subject-without-host\t''
crl-stale\t''
crl-missing\t''
crl-signature-wrong\t''
crl-lost-revocations\t''
crl-flaw\t''
pfx-legacy\t''
pfx-unreadable\t''
pfx-without-chain\t''
thumbprint-mismatch\t''
thumbprint-invisible-character\t''
several-cas\t''
mixed-hosts\t''
certificate-expired\t''
certificate-not-yet-valid\t''
issuer-unknown\t''
self-signed\t''
issuer-signature-wrong\t''
intermediate-missing\t''
chain-order\t''
name-mismatch\t''
san-missing\t''
address-as-name\t''
extended-key-usage\t''
weak-signature\t''
weak-key\t''
certificate-revoked\t''
ca-certificate-unfit\t''
ca-without-key-usage\t''
ca-certificate-as-host\t''
openssl-trust-settings\t''
unknown-critical-extension\t''
key-identifier-mismatch\t''
certificate-flaw\t''
trust-only-intermediate\t''
host-unresolved\t''
host-unreachable\t''
port-refused\t''
port-timeout\t''
own-address-unusable\t''
proxy-refused\t''
port-plain-text\t''
port-not-tls\t''
port-closes\t''
port-silent\t''
handshake-refused\t''
port-plain-and-tls\t''
protocol-outdated\t''
protocol-old-accepted\t''
cipher-suites-outdated\t''
cipher-suites-broken\t''
handshake-signature-sha1\t''
connections-dropped\t''
key-exchange-uncommon\t''
server-without-certificates\t''
diffie-hellman-short\t''
renegotiation-insecure\t''
presented-unreadable\t''
certificate-intercepted\t''
must-staple-missing\t''
presented-unrecorded\t''
presented-outdated\t''
presented-differs\t''
server-name-needed\t''
client-certificate-refused\t''
client-ca-not-listed\t''
client-intermediate-missing\t''
client-certificate-unasked\t''
addresses-differ\t''
trust-unknown\t''
ca-waiting\t''
ca-certificate-missing\t''
ca-certificate-damaged\t''
ca-not-authority\t''
ca-key-usage-missing\t''
ca-without-crl-sign\t''
ca-purpose-excluded\t''
ca-constraints-not-critical\t''
ca-signature-weak\t''
ca-key-weak\t''
ca-not-yet-valid\t''
ca-expired\t''
ca-expires-soon\t''
ca-expires-before-certificates\t''
ca-chain-broken\t''
ca-chain-expired\t''
ca-certificate-foreign\t''
previous-key-ended\t''
previous-key-unusable\t''
previous-cross-certificate-wrong\t''
ca-bundle-wrong\t''
previous-key-lost\t''
previous-certificate-foreign\t''
ca-key-missing\t''
ca-key-unreadable\t''
ca-key-mismatch\t''
rekey-unfinished\t''
rekey-sealed\t''
rekey-foreign\t''
ca-key-readable-by-others\t''
ca-writable-by-others\t''
ca-of-another-user\t''
ca-parent-writable\t''
ca-folder-open\t''
ca-file-readable-by-others\t''
host-keys-readable-by-others\t''
ca-not-permitted\t''
ca-owner-differs\t''
ca-file-irregular\t''
ca-folder-missing\t''
ca-disk-full\t''
ca-disk-read-only\t''
index-missing\t''
index-bad-lines\t''
clock-behind\t''
index-torn-line\t''
index-duplicate-serials\t''
index-duplicate-subjects\t''
index-expired-not-marked\t''
index-attributes-missing\t''
serial-number-damaged\t''
serial-number-behind\t''
crl-number-damaged\t''
crl-number-behind\t''
record-without-file\t''
certificate-copy-missing\t''
certificate-without-record\t''
certificate-of-another-ca\t''
certificate-differs-from-record\t''
certificate-file-damaged\t''
host-file-differs\t''
revocation-lost\t''
record-lost\t''
names-outside-constraints\t''
ca-key-certified\t''
compromised-key-in-use\t''
compromised-key-unknown\t''
certificates-expire-soon\t''
audit-log-missing\t''
audit-chain-broken\t''
audit-log-torn\t''
records-not-announced\t''
ca-crl-missing\t''
ca-crl-damaged\t''
ca-crl-of-another-key\t''
ca-crl-old\t''
ca-crl-overdue\t''
ca-crl-due-soon\t''
ca-crl-form\t''
ca-crl-incomplete\t''
ca-leftovers\t''
ca-lock-held\t''
host-index-damaged\t''
policy-missing\t''
policy-damaged\t''
profile-limit-inherited\t''
profile-name-unclear\t''
default-access-unclear\t''
openssl-configuration-missing\t''
openssl-copies-extensions\t''
openssl-configuration-elsewhere\t''
host-name-not-qualified\t''
host-name-unresolved\t''
host-name-differs\t''
ca-certificate-absent\t''
host-certificate-absent\t''
host-certificate-of-another\t''
library-folder-absent\t''
library-absent\t''
system-without-tls12\t''
handshake-key-unusable\t''
handshake-key-kind\t''
client-certificate-missing\t''
handshake-refused-by-most\t''
handshake-fails\t''"
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l skip -d 'Skip this check; can be repeated' -r -f -a "key-mismatch\t''
key-not-compared\t''
key-form\t''
file-writable-by-others\t''
contents-unread\t''
dh-parameters-short\t''
pem-form\t''
key-readable-by-others\t''
key-writable-by-others\t''
unreadable-for-user\t''
key-encrypted\t''
key-in-public-file\t''
certificate-expires-soon\t''
lifetime-over-825-days\t''
ca-ends-first\t''
must-staple\t''
subject-without-host\t''
crl-stale\t''
crl-missing\t''
crl-signature-wrong\t''
crl-lost-revocations\t''
crl-flaw\t''
pfx-legacy\t''
pfx-unreadable\t''
pfx-without-chain\t''
thumbprint-mismatch\t''
thumbprint-invisible-character\t''
several-cas\t''
mixed-hosts\t''
certificate-expired\t''
certificate-not-yet-valid\t''
issuer-unknown\t''
self-signed\t''
issuer-signature-wrong\t''
intermediate-missing\t''
chain-order\t''
name-mismatch\t''
san-missing\t''
address-as-name\t''
extended-key-usage\t''
weak-signature\t''
weak-key\t''
certificate-revoked\t''
ca-certificate-unfit\t''
ca-without-key-usage\t''
ca-certificate-as-host\t''
openssl-trust-settings\t''
unknown-critical-extension\t''
key-identifier-mismatch\t''
certificate-flaw\t''
trust-only-intermediate\t''
host-unresolved\t''
host-unreachable\t''
port-refused\t''
port-timeout\t''
own-address-unusable\t''
proxy-refused\t''
port-plain-text\t''
port-not-tls\t''
port-closes\t''
port-silent\t''
handshake-refused\t''
port-plain-and-tls\t''
protocol-outdated\t''
protocol-old-accepted\t''
cipher-suites-outdated\t''
cipher-suites-broken\t''
handshake-signature-sha1\t''
connections-dropped\t''
key-exchange-uncommon\t''
server-without-certificates\t''
diffie-hellman-short\t''
renegotiation-insecure\t''
presented-unreadable\t''
certificate-intercepted\t''
must-staple-missing\t''
presented-unrecorded\t''
presented-outdated\t''
presented-differs\t''
server-name-needed\t''
client-certificate-refused\t''
client-ca-not-listed\t''
client-intermediate-missing\t''
client-certificate-unasked\t''
addresses-differ\t''
trust-unknown\t''
ca-waiting\t''
ca-certificate-missing\t''
ca-certificate-damaged\t''
ca-not-authority\t''
ca-key-usage-missing\t''
ca-without-crl-sign\t''
ca-purpose-excluded\t''
ca-constraints-not-critical\t''
ca-signature-weak\t''
ca-key-weak\t''
ca-not-yet-valid\t''
ca-expired\t''
ca-expires-soon\t''
ca-expires-before-certificates\t''
ca-chain-broken\t''
ca-chain-expired\t''
ca-certificate-foreign\t''
previous-key-ended\t''
previous-key-unusable\t''
previous-cross-certificate-wrong\t''
ca-bundle-wrong\t''
previous-key-lost\t''
previous-certificate-foreign\t''
ca-key-missing\t''
ca-key-unreadable\t''
ca-key-mismatch\t''
rekey-unfinished\t''
rekey-sealed\t''
rekey-foreign\t''
ca-key-readable-by-others\t''
ca-writable-by-others\t''
ca-of-another-user\t''
ca-parent-writable\t''
ca-folder-open\t''
ca-file-readable-by-others\t''
host-keys-readable-by-others\t''
ca-not-permitted\t''
ca-owner-differs\t''
ca-file-irregular\t''
ca-folder-missing\t''
ca-disk-full\t''
ca-disk-read-only\t''
index-missing\t''
index-bad-lines\t''
clock-behind\t''
index-torn-line\t''
index-duplicate-serials\t''
index-duplicate-subjects\t''
index-expired-not-marked\t''
index-attributes-missing\t''
serial-number-damaged\t''
serial-number-behind\t''
crl-number-damaged\t''
crl-number-behind\t''
record-without-file\t''
certificate-copy-missing\t''
certificate-without-record\t''
certificate-of-another-ca\t''
certificate-differs-from-record\t''
certificate-file-damaged\t''
host-file-differs\t''
revocation-lost\t''
record-lost\t''
names-outside-constraints\t''
ca-key-certified\t''
compromised-key-in-use\t''
compromised-key-unknown\t''
certificates-expire-soon\t''
audit-log-missing\t''
audit-chain-broken\t''
audit-log-torn\t''
records-not-announced\t''
ca-crl-missing\t''
ca-crl-damaged\t''
ca-crl-of-another-key\t''
ca-crl-old\t''
ca-crl-overdue\t''
ca-crl-due-soon\t''
ca-crl-form\t''
ca-crl-incomplete\t''
ca-leftovers\t''
ca-lock-held\t''
host-index-damaged\t''
policy-missing\t''
policy-damaged\t''
profile-limit-inherited\t''
profile-name-unclear\t''
default-access-unclear\t''
openssl-configuration-missing\t''
openssl-copies-extensions\t''
openssl-configuration-elsewhere\t''
host-name-not-qualified\t''
host-name-unresolved\t''
host-name-differs\t''
ca-certificate-absent\t''
host-certificate-absent\t''
host-certificate-of-another\t''
library-folder-absent\t''
library-absent\t''
system-without-tls12\t''
handshake-key-unusable\t''
handshake-key-kind\t''
client-certificate-missing\t''
handshake-refused-by-most\t''
handshake-fails\t''"
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l explain -d 'Explain one entry of the catalog' -r -f -a "key-mismatch\t''
key-not-compared\t''
key-form\t''
file-writable-by-others\t''
contents-unread\t''
dh-parameters-short\t''
pem-form\t''
key-readable-by-others\t''
key-writable-by-others\t''
unreadable-for-user\t''
key-encrypted\t''
key-in-public-file\t''
certificate-expires-soon\t''
lifetime-over-825-days\t''
ca-ends-first\t''
must-staple\t''
subject-without-host\t''
crl-stale\t''
crl-missing\t''
crl-signature-wrong\t''
crl-lost-revocations\t''
crl-flaw\t''
pfx-legacy\t''
pfx-unreadable\t''
pfx-without-chain\t''
thumbprint-mismatch\t''
thumbprint-invisible-character\t''
several-cas\t''
mixed-hosts\t''
certificate-expired\t''
certificate-not-yet-valid\t''
issuer-unknown\t''
self-signed\t''
issuer-signature-wrong\t''
intermediate-missing\t''
chain-order\t''
name-mismatch\t''
san-missing\t''
address-as-name\t''
extended-key-usage\t''
weak-signature\t''
weak-key\t''
certificate-revoked\t''
ca-certificate-unfit\t''
ca-without-key-usage\t''
ca-certificate-as-host\t''
openssl-trust-settings\t''
unknown-critical-extension\t''
key-identifier-mismatch\t''
certificate-flaw\t''
trust-only-intermediate\t''
host-unresolved\t''
host-unreachable\t''
port-refused\t''
port-timeout\t''
own-address-unusable\t''
proxy-refused\t''
port-plain-text\t''
port-not-tls\t''
port-closes\t''
port-silent\t''
handshake-refused\t''
port-plain-and-tls\t''
protocol-outdated\t''
protocol-old-accepted\t''
cipher-suites-outdated\t''
cipher-suites-broken\t''
handshake-signature-sha1\t''
connections-dropped\t''
key-exchange-uncommon\t''
server-without-certificates\t''
diffie-hellman-short\t''
renegotiation-insecure\t''
presented-unreadable\t''
certificate-intercepted\t''
must-staple-missing\t''
presented-unrecorded\t''
presented-outdated\t''
presented-differs\t''
server-name-needed\t''
client-certificate-refused\t''
client-ca-not-listed\t''
client-intermediate-missing\t''
client-certificate-unasked\t''
addresses-differ\t''
trust-unknown\t''
ca-waiting\t''
ca-certificate-missing\t''
ca-certificate-damaged\t''
ca-not-authority\t''
ca-key-usage-missing\t''
ca-without-crl-sign\t''
ca-purpose-excluded\t''
ca-constraints-not-critical\t''
ca-signature-weak\t''
ca-key-weak\t''
ca-not-yet-valid\t''
ca-expired\t''
ca-expires-soon\t''
ca-expires-before-certificates\t''
ca-chain-broken\t''
ca-chain-expired\t''
ca-certificate-foreign\t''
previous-key-ended\t''
previous-key-unusable\t''
previous-cross-certificate-wrong\t''
ca-bundle-wrong\t''
previous-key-lost\t''
previous-certificate-foreign\t''
ca-key-missing\t''
ca-key-unreadable\t''
ca-key-mismatch\t''
rekey-unfinished\t''
rekey-sealed\t''
rekey-foreign\t''
ca-key-readable-by-others\t''
ca-writable-by-others\t''
ca-of-another-user\t''
ca-parent-writable\t''
ca-folder-open\t''
ca-file-readable-by-others\t''
host-keys-readable-by-others\t''
ca-not-permitted\t''
ca-owner-differs\t''
ca-file-irregular\t''
ca-folder-missing\t''
ca-disk-full\t''
ca-disk-read-only\t''
index-missing\t''
index-bad-lines\t''
clock-behind\t''
index-torn-line\t''
index-duplicate-serials\t''
index-duplicate-subjects\t''
index-expired-not-marked\t''
index-attributes-missing\t''
serial-number-damaged\t''
serial-number-behind\t''
crl-number-damaged\t''
crl-number-behind\t''
record-without-file\t''
certificate-copy-missing\t''
certificate-without-record\t''
certificate-of-another-ca\t''
certificate-differs-from-record\t''
certificate-file-damaged\t''
host-file-differs\t''
revocation-lost\t''
record-lost\t''
names-outside-constraints\t''
ca-key-certified\t''
compromised-key-in-use\t''
compromised-key-unknown\t''
certificates-expire-soon\t''
audit-log-missing\t''
audit-chain-broken\t''
audit-log-torn\t''
records-not-announced\t''
ca-crl-missing\t''
ca-crl-damaged\t''
ca-crl-of-another-key\t''
ca-crl-old\t''
ca-crl-overdue\t''
ca-crl-due-soon\t''
ca-crl-form\t''
ca-crl-incomplete\t''
ca-leftovers\t''
ca-lock-held\t''
host-index-damaged\t''
policy-missing\t''
policy-damaged\t''
profile-limit-inherited\t''
profile-name-unclear\t''
default-access-unclear\t''
openssl-configuration-missing\t''
openssl-copies-extensions\t''
openssl-configuration-elsewhere\t''
host-name-not-qualified\t''
host-name-unresolved\t''
host-name-differs\t''
ca-certificate-absent\t''
host-certificate-absent\t''
host-certificate-of-another\t''
library-folder-absent\t''
library-absent\t''
system-without-tls12\t''
handshake-key-unusable\t''
handshake-key-kind\t''
client-certificate-missing\t''
handshake-refused-by-most\t''
handshake-fails\t''"
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l fail-on -d 'Lowest severity that causes exit status 1' -r -f -a "error\t''
warning\t''
notice\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l format -d 'Output format: text, json, nagios (a line for each target, with the exit status of a plugin) or prometheus' -r -f -a "text\t''
json\t''
nagios\t''
prometheus\t''"
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l no-sni -d 'Send no server name'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l no-dns -d 'Do not resolve names: hosts are given by address'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l list -d 'Print the catalog: everything that can be found'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l fix -d 'Apply the safe fixes, then check again'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l dry-run -d 'With `--fix`: show what would be fixed, and change nothing'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -a "handshake" -d 'Rehearse a TLS handshake, and report which side would fail, and why'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and not __fish_seen_subcommand_from handshake help" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l server-cert -d 'The server\'s certificate with its intermediates, as the server would read it' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l server-key -d 'The server\'s private key [default: the one in the certificate\'s file]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l client-cert -d 'The client\'s certificate with its intermediates' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l client-key -d 'The client\'s private key [default: the one in the certificate\'s file]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l trust -d 'What the client trusts, instead of the CA directory\'s certificate; can be repeated' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l client-trust -d 'What the server trusts for clients; can be repeated [default: what the client trusts]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l name -d 'The host that the client connects to [default: any]' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l tls -d 'Rehearse only this version [default: 1.3 and 1.2]' -r -f -a "1.2\t''
1.3\t''"
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l at -d 'Rehearse for this time: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l password-file -d 'Read the password of encrypted input from a file [default: try the empty password, then prompt]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l password-env -d 'Read the password of encrypted input from an environment variable' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l password-stdin -d 'Read the password of encrypted input from standard input'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from handshake" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from help" -f -a "handshake" -d 'Rehearse a TLS handshake, and report which side would fail, and why'
complete -c gsec -n "__fish_gsec_using_subcommand doctor; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and not __fish_seen_subcommand_from link help" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand compat; and not __fish_seen_subcommand_from link help" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand compat; and not __fish_seen_subcommand_from link help" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand compat; and not __fish_seen_subcommand_from link help" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and not __fish_seen_subcommand_from link help" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and not __fish_seen_subcommand_from link help" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and not __fish_seen_subcommand_from link help" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and not __fish_seen_subcommand_from link help" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and not __fish_seen_subcommand_from link help" -s h -l help -d 'Print help'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and not __fish_seen_subcommand_from link help" -f -a "link" -d 'Write create_ca.sh and create_cert.sh, which call gsec'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and not __fish_seen_subcommand_from link help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and __fish_seen_subcommand_from link" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand compat; and __fish_seen_subcommand_from link" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand compat; and __fish_seen_subcommand_from link" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand compat; and __fish_seen_subcommand_from link" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and __fish_seen_subcommand_from link" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and __fish_seen_subcommand_from link" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and __fish_seen_subcommand_from link" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and __fish_seen_subcommand_from link" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and __fish_seen_subcommand_from link" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and __fish_seen_subcommand_from help" -f -a "link" -d 'Write create_ca.sh and create_cert.sh, which call gsec'
complete -c gsec -n "__fish_gsec_using_subcommand compat; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand completions" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand completions" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand completions" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand completions" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand completions" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand completions" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand completions" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand completions" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand man" -l out -d 'Write one page per command to this directory' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand man" -l ca-dir -d 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]' -r -F
complete -c gsec -n "__fish_gsec_using_subcommand man" -l color -d 'When to color `error`, `warning` and `hint`; NO_COLOR is honored' -r -f -a "auto\t''
always\t''
never\t''"
complete -c gsec -n "__fish_gsec_using_subcommand man" -l lock-timeout -d 'Seconds to wait for the CA directory\'s lock' -r
complete -c gsec -n "__fish_gsec_using_subcommand man" -l json -d 'Print the result as JSON on stdout (errors as JSON on stderr)'
complete -c gsec -n "__fish_gsec_using_subcommand man" -s q -l quiet -d 'Print only errors and answers: nothing about what was done, and no warnings'
complete -c gsec -n "__fish_gsec_using_subcommand man" -s v -l verbose -d 'Print more detail'
complete -c gsec -n "__fish_gsec_using_subcommand man" -l no-input -d 'Never prompt; fail if a required value is missing'
complete -c gsec -n "__fish_gsec_using_subcommand man" -s y -l yes -d 'Answer yes to every question'
complete -c gsec -n "__fish_gsec_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gsec -n "__fish_gsec_using_subcommand help; and not __fish_seen_subcommand_from quickstart ca cert crl convert doctor compat completions man help" -f -a "quickstart" -d 'Create a CA and a first host certificate, and verify it'
complete -c gsec -n "__fish_gsec_using_subcommand help; and not __fish_seen_subcommand_from quickstart ca cert crl convert doctor compat completions man help" -f -a "ca" -d 'Create, show and adopt a certification authority'
complete -c gsec -n "__fish_gsec_using_subcommand help; and not __fish_seen_subcommand_from quickstart ca cert crl convert doctor compat completions man help" -f -a "cert" -d 'Issue, renew, revoke, sign, fetch, verify and show certificates'
complete -c gsec -n "__fish_gsec_using_subcommand help; and not __fish_seen_subcommand_from quickstart ca cert crl convert doctor compat completions man help" -f -a "crl" -d 'Create and show certificate revocation lists'
complete -c gsec -n "__fish_gsec_using_subcommand help; and not __fish_seen_subcommand_from quickstart ca cert crl convert doctor compat completions man help" -f -a "convert" -d 'Convert certificates and keys between PEM, DER and PKCS #12'
complete -c gsec -n "__fish_gsec_using_subcommand help; and not __fish_seen_subcommand_from quickstart ca cert crl convert doctor compat completions man help" -f -a "doctor" -d 'Diagnose TLS problems and show how to fix them'
complete -c gsec -n "__fish_gsec_using_subcommand help; and not __fish_seen_subcommand_from quickstart ca cert crl convert doctor compat completions man help" -f -a "compat" -d 'Drop-in replacements for create_ca.sh and create_cert.sh'
complete -c gsec -n "__fish_gsec_using_subcommand help; and not __fish_seen_subcommand_from quickstart ca cert crl convert doctor compat completions man help" -f -a "completions" -d 'Generate shell completions'
complete -c gsec -n "__fish_gsec_using_subcommand help; and not __fish_seen_subcommand_from quickstart ca cert crl convert doctor compat completions man help" -f -a "man" -d 'Print the manual page, or write the pages of all commands'
complete -c gsec -n "__fish_gsec_using_subcommand help; and not __fish_seen_subcommand_from quickstart ca cert crl convert doctor compat completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "init" -d 'Create a certification authority'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "request" -d 'Create a CSR for an intermediate CA, to be signed by its parent CA'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "sign" -d 'Sign the CSR of an intermediate CA'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "accept" -d 'Install the certificate issued by the parent CA'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "show" -d 'Show the CA: name, key, expiry, next serial, and what it has issued'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "adopt" -d 'Adopt a CA directory created by the old scripts'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "log" -d 'Print or verify the audit log'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "passphrase" -d 'Set, change or remove the passphrase of the CA key'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "renew" -d 'Renew the CA certificate, with the same key and name'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "rekey" -d 'Roll over the CA key, with cross-certificates for a gradual migration'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "issue" -d 'Issue a certificate for a host, with its key and a PFX'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "request" -d 'Create a private key and a CSR on the host; no CA is needed'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "sign" -d 'Sign a CSR that was created elsewhere'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "ensure" -d 'Issue a certificate only if the host does not already have a match'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "renew" -d 'Issue a new certificate to replace an existing one'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "list" -d 'List the certificates that the CA has issued'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "fetch" -d 'Fetch the certificates that a server presents'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "show" -d 'Show everything in a certificate, a CSR, or a PKCS #12 file'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "match" -d 'Check whether keys, certificates and CSRs belong together'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "thumbprint" -d 'Print the thumbprint of a certificate'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "verify" -d 'Check whether a certificate is valid, and explain why not'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "revoke" -d 'Revoke certificates, and create a new CRL'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "unhold" -d 'Release certificates that are on hold (certificateHold)'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from crl" -f -a "update" -d 'Create a new CRL of all revoked certificates'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from crl" -f -a "show" -d 'Show everything in a CRL'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from convert" -f -a "to-pem" -d 'Convert a PKCS #12 or DER file to PEM'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from convert" -f -a "to-pfx" -d 'Create a PKCS #12 file (PFX) from certificate, key and chain'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from convert" -f -a "to-der" -d 'Convert a PEM file with one certificate, key, CSR or CRL to DER'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from convert" -f -a "key" -d 'Convert a private key between PKCS #8, PKCS #1, SEC 1, PEM and DER'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from doctor" -f -a "handshake" -d 'Rehearse a TLS handshake, and report which side would fail, and why'
complete -c gsec -n "__fish_gsec_using_subcommand help; and __fish_seen_subcommand_from compat" -f -a "link" -d 'Write create_ca.sh and create_cert.sh, which call gsec'
