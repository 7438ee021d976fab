
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'gsec' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'gsec'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'gsec' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('quickstart', 'quickstart', [CompletionResultType]::ParameterValue, 'Create a CA and a first host certificate, and verify it')
            [CompletionResult]::new('ca', 'ca', [CompletionResultType]::ParameterValue, 'Create, show and adopt a certification authority')
            [CompletionResult]::new('cert', 'cert', [CompletionResultType]::ParameterValue, 'Issue, renew, bundle, revoke, verify and show certificates')
            [CompletionResult]::new('crl', 'crl', [CompletionResultType]::ParameterValue, 'Create and show certificate revocation lists')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Convert certificates and keys between PEM, DER and PKCS #12')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Make the programs of a machine trust a CA, or no longer trust it')
            [CompletionResult]::new('fleet', 'fleet', [CompletionResultType]::ParameterValue, 'Check and certify all hosts of an inventory')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve the CA: hosts fetch and renew certificates by ACME')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Raise alarms before certificates, the CRL or the server fail')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Diagnose TLS problems and show how to fix them')
            [CompletionResult]::new('transport', 'transport', [CompletionResultType]::ParameterValue, 'Check, fix and write the `transport` values of the old platform')
            [CompletionResult]::new('conf', 'conf', [CompletionResultType]::ParameterValue, 'Check and change configuration and start files of the old platform')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'Hide data in existing logs of the contact-center platform')
            [CompletionResult]::new('banner', 'banner', [CompletionResultType]::ParameterValue, 'Write and check registry files for the platform''s log-in banner')
            [CompletionResult]::new('compat', 'compat', [CompletionResultType]::ParameterValue, 'Drop-in replacements for create_ca.sh and create_cert.sh')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Generate shell completions')
            [CompletionResult]::new('complete', 'complete', [CompletionResultType]::ParameterValue, 'Print what the last of these words can become, for the scripts of `gsec completions`')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write the pages of all commands')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;quickstart' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host name (FQDN) or IP address; `*.example.com` for a wildcard')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Also write certificate, key, chain and PFX to this directory, under names that stay the same after each renewal')
            [CompletionResult]::new('--out-names', '--out-names', [CompletionResultType]::ParameterName, 'File names in --out-dir. label: db1_cert.pem. fqdn: db1.example.com_cert.pem, for hosts with the same first label. serial: 01_db1_cert.pem, new files after each renewal, without a chain')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'Make the programs of this machine trust the CA, as `gsec trust install` does; asks, or needs --yes')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Create a certification authority')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Create a CSR for an intermediate CA, to be signed by its parent CA')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Sign the CSR of an intermediate CA')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Install the certificate issued by the parent CA')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the CA: name, key, expiry, next serial, and what it has issued')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Adopt a CA directory created by the old scripts')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'Print or verify the audit log')
            [CompletionResult]::new('passphrase', 'passphrase', [CompletionResultType]::ParameterValue, 'Set, change or remove the passphrase of the CA key')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Renew the CA certificate, with the same key and name')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Roll over the CA key, with cross-certificates for a gradual migration')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;ca;init' {
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Name of the CA (common name)')
            [CompletionResult]::new('--email', '--email', [CompletionResultType]::ParameterName, 'E-mail address of the CA operator')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organizational unit; can be repeated')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organization')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Key type [default: rsa]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]')
            [CompletionResult]::new('--path-len', '--path-len', [CompletionResultType]::ParameterName, 'How many levels of intermediate CAs are allowed below this one [default: no limit for a root, 0 for an intermediate CA]')
            [CompletionResult]::new('--permit-dns', '--permit-dns', [CompletionResultType]::ParameterName, 'Permit only host names in this domain, and no other kinds of name; can be repeated')
            [CompletionResult]::new('--permit-ip', '--permit-ip', [CompletionResultType]::ParameterName, 'Permit only addresses in this block, and no other kinds of name; can be repeated')
            [CompletionResult]::new('--serial-mode', '--serial-mode', [CompletionResultType]::ParameterName, 'Where serial numbers come from')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days of 24 hours from now [default: 3650 for a root, 1825 for an intermediate CA]')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`')
            [CompletionResult]::new('--parent', '--parent', [CompletionResultType]::ParameterName, 'Create an intermediate CA below the CA in this directory')
            [CompletionResult]::new('--parent-passphrase-file', '--parent-passphrase-file', [CompletionResultType]::ParameterName, 'Read the passphrase of the parent''s key from a file')
            [CompletionResult]::new('--parent-passphrase-env', '--parent-passphrase-env', [CompletionResultType]::ParameterName, 'Read the passphrase of the parent''s key from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--encrypt-key', '--encrypt-key', [CompletionResultType]::ParameterName, 'Encrypt the CA key with a passphrase')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--parent-passphrase-stdin', '--parent-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the passphrase of the parent''s key from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be created, and create nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;request' {
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Name of the CA (common name)')
            [CompletionResult]::new('--email', '--email', [CompletionResultType]::ParameterName, 'E-mail address of the CA operator')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organizational unit; can be repeated')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organization')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Key type [default: rsa]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]')
            [CompletionResult]::new('--path-len', '--path-len', [CompletionResultType]::ParameterName, 'How many levels of intermediate CAs are allowed below this one [default: no limit for a root, 0 for an intermediate CA]')
            [CompletionResult]::new('--permit-dns', '--permit-dns', [CompletionResultType]::ParameterName, 'Permit only host names in this domain, and no other kinds of name; can be repeated')
            [CompletionResult]::new('--permit-ip', '--permit-ip', [CompletionResultType]::ParameterName, 'Permit only addresses in this block, and no other kinds of name; can be repeated')
            [CompletionResult]::new('--serial-mode', '--serial-mode', [CompletionResultType]::ParameterName, 'Where serial numbers come from')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the CSR to this file; `-` for standard output [default: the CA directory, or standard output]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--encrypt-key', '--encrypt-key', [CompletionResultType]::ParameterName, 'Encrypt the CA key with a passphrase')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be created, and create nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;sign' {
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Name of the CA (common name)')
            [CompletionResult]::new('--email', '--email', [CompletionResultType]::ParameterName, 'E-mail address of the CA operator')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organizational unit; can be repeated')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organization')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--path-len', '--path-len', [CompletionResultType]::ParameterName, 'How many levels of intermediate CAs are allowed below this one [default: no limit for a root, 0 for an intermediate CA]')
            [CompletionResult]::new('--permit-dns', '--permit-dns', [CompletionResultType]::ParameterName, 'Permit only host names in this domain, and no other kinds of name; can be repeated')
            [CompletionResult]::new('--permit-ip', '--permit-ip', [CompletionResultType]::ParameterName, 'Permit only addresses in this block, and no other kinds of name; can be repeated')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days of 24 hours from now [default: 3650 for a root, 1825 for an intermediate CA]')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the certificate and those above it to this file, for `gsec ca accept`')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--stdout', '--stdout', [CompletionResultType]::ParameterName, 'Print the certificate and those above it as PEM on stdout')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be signed and written, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;accept' {
            [CompletionResult]::new('--chain', '--chain', [CompletionResultType]::ParameterName, 'Certificates above it, up to the root; can be repeated')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be accepted, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;show' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;adopt' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the weaknesses and the planned changes, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;log' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Print only the newest N lines')
            [CompletionResult]::new('--expect-head', '--expect-head', [CompletionResultType]::ParameterName, 'A head noted earlier that the log must contain')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Compare the signer''s journal with log and records too [default FILE: signer.journal in ca_conf, or where the signer has its own directory]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print one JSON document per line')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Verify that the log is complete')
            [CompletionResult]::new('--all-signatures', '--all-signatures', [CompletionResultType]::ParameterName, 'Check every signature, not only the last one')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;passphrase' {
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--new-passphrase-file', '--new-passphrase-file', [CompletionResultType]::ParameterName, 'Read the new passphrase from a file')
            [CompletionResult]::new('--new-passphrase-env', '--new-passphrase-env', [CompletionResultType]::ParameterName, 'Read the new passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--new-passphrase-stdin', '--new-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the new passphrase from standard input')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove the passphrase; anyone who can read the file can then use the key')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be changed, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;renew' {
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`')
            [CompletionResult]::new('--parent', '--parent', [CompletionResultType]::ParameterName, 'Renew an intermediate CA: its certificate is signed by the CA in this directory')
            [CompletionResult]::new('--parent-passphrase-file', '--parent-passphrase-file', [CompletionResultType]::ParameterName, 'Read the passphrase of the parent''s key from a file')
            [CompletionResult]::new('--parent-passphrase-env', '--parent-passphrase-env', [CompletionResultType]::ParameterName, 'Read the passphrase of the parent''s key from an environment variable')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days of 24 hours from now [default: 3650; 1825 with --parent]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--keep-serial', '--keep-serial', [CompletionResultType]::ParameterName, 'Keep the serial number of the old certificate. Two certificates with the same issuer and serial number can confuse caches')
            [CompletionResult]::new('--parent-passphrase-stdin', '--parent-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the passphrase of the parent''s key from standard input')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be created, and create nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;rekey' {
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'Expiry date: `2036-12-31`, or `2036-12-31T12:00:00Z`')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Type of the new key [default: same as the old key]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: same as the old key, or 2048]')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days of 24 hours from now [default: 3650]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be created, and create nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;help' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Create a certification authority')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Create a CSR for an intermediate CA, to be signed by its parent CA')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Sign the CSR of an intermediate CA')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Install the certificate issued by the parent CA')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the CA: name, key, expiry, next serial, and what it has issued')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Adopt a CA directory created by the old scripts')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'Print or verify the audit log')
            [CompletionResult]::new('passphrase', 'passphrase', [CompletionResultType]::ParameterValue, 'Set, change or remove the passphrase of the CA key')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Renew the CA certificate, with the same key and name')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Roll over the CA key, with cross-certificates for a gradual migration')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;ca;help;init' {
            break
        }
        'gsec;ca;help;request' {
            break
        }
        'gsec;ca;help;sign' {
            break
        }
        'gsec;ca;help;accept' {
            break
        }
        'gsec;ca;help;show' {
            break
        }
        'gsec;ca;help;adopt' {
            break
        }
        'gsec;ca;help;log' {
            break
        }
        'gsec;ca;help;passphrase' {
            break
        }
        'gsec;ca;help;renew' {
            break
        }
        'gsec;ca;help;rekey' {
            break
        }
        'gsec;ca;help;help' {
            break
        }
        'gsec;cert' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Issue a certificate for a host, with its key and a PFX')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Create a private key and a CSR on the host; no CA is needed')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Sign a CSR that was created elsewhere')
            [CompletionResult]::new('ensure', 'ensure', [CompletionResultType]::ParameterValue, 'Issue a certificate unless the host already has a matching one')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Issue a new certificate to replace an existing one')
            [CompletionResult]::new('bundle', 'bundle', [CompletionResultType]::ParameterValue, 'Make a bundle for one service: files, install script, settings')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the certificates that the CA has issued')
            [CompletionResult]::new('fetch', 'fetch', [CompletionResultType]::ParameterValue, 'Fetch the certificates that a server presents')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything in a certificate, a CSR, or a PKCS #12 file')
            [CompletionResult]::new('match', 'match', [CompletionResultType]::ParameterValue, 'Check whether keys, certificates and CSRs belong together')
            [CompletionResult]::new('thumbprint', 'thumbprint', [CompletionResultType]::ParameterValue, 'Print the thumbprint of a certificate')
            [CompletionResult]::new('fingerprint', 'fingerprint', [CompletionResultType]::ParameterValue, 'Print the thumbprint of a certificate')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check whether a certificate is valid, and explain why not')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke certificates, and create a new CRL')
            [CompletionResult]::new('unhold', 'unhold', [CompletionResultType]::ParameterValue, 'Release certificates that are on hold (certificateHold)')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;cert;issue' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host name (FQDN) or IP address; `*.example.com` for a wildcard')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile in gsec.toml: what the certificate may be used for [default: host]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Issue for every host in a list: CSV, JSON, TOML, or one host per line; `-` for standard input')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write a row for each host to this new file: NAME.csv for spreadsheets, or NAME.jsonl with a JSON document per line')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Number of keys to make at the same time [default: one per processor]')
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Common name [default: the host]')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organizational unit; can be repeated')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organization')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days of 24 hours from now [default: 100, or as set in the profile]')
            [CompletionResult]::new('--lifetime', '--lifetime', [CompletionResultType]::ParameterName, 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Key type [default: rsa]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Use this private key instead of a new one')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--pfx-password-file', '--pfx-password-file', [CompletionResultType]::ParameterName, 'Read the PFX''s password from a file [default: the empty password]')
            [CompletionResult]::new('--pfx-password-env', '--pfx-password-env', [CompletionResultType]::ParameterName, 'Read the PFX''s password from an environment variable')
            [CompletionResult]::new('--pfx-encryption', '--pfx-encryption', [CompletionResultType]::ParameterName, 'PFX encryption. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016')
            [CompletionResult]::new('--friendly-name', '--friendly-name', [CompletionResultType]::ParameterName, 'Friendly name of the entry, as shown by dialogs and Java [default: the host]')
            [CompletionResult]::new('--key-format', '--key-format', [CompletionResultType]::ParameterName, 'Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Also write certificate, key, chain and PFX to this directory, under names that stay the same after each renewal')
            [CompletionResult]::new('--out-names', '--out-names', [CompletionResultType]::ParameterName, 'File names in --out-dir. label: db1_cert.pem. fqdn: db1.example.com_cert.pem, for hosts with the same first label. serial: 01_db1_cert.pem, new files after each renewal, without a chain')
            [CompletionResult]::new('--cert-out', '--cert-out', [CompletionResultType]::ParameterName, 'Also write the certificate, with its intermediates, to this file')
            [CompletionResult]::new('--chain-out', '--chain-out', [CompletionResultType]::ParameterName, 'Also write the CA certificates to this file')
            [CompletionResult]::new('--key-out', '--key-out', [CompletionResultType]::ParameterName, 'Also write the private key to this file; see --cert-out')
            [CompletionResult]::new('--pfx-out', '--pfx-out', [CompletionResultType]::ParameterName, 'Also write the PFX to this file')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--keep-going', '--keep-going', [CompletionResultType]::ParameterName, 'Continue when a row fails; this is the default')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first row that fails')
            [CompletionResult]::new('--again', '--again', [CompletionResultType]::ParameterName, 'Issue even for hosts that already have a matching certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--pfx-password-stdin', '--pfx-password-stdin', [CompletionResultType]::ParameterName, 'Read the PFX''s password from standard input')
            [CompletionResult]::new('--no-pfx', '--no-pfx', [CompletionResultType]::ParameterName, 'Write no PFX')
            [CompletionResult]::new('--no-keep-key', '--no-keep-key', [CompletionResultType]::ParameterName, 'Keep neither key nor PFX in the CA''s repository')
            [CompletionResult]::new('--stdout', '--stdout', [CompletionResultType]::ParameterName, 'Print certificate and key as PEM on stdout, and keep no key')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be signed and written, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;request' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host name (FQDN) or IP address; `*.example.com` for a wildcard')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names')
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Common name [default: the host]')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organizational unit; can be repeated')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organization')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Key type [default: rsa]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Use this private key instead of a new one')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--key-format', '--key-format', [CompletionResultType]::ParameterName, 'Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to write: pem, or certreq-inf for Windows, which makes the key itself')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Write to this directory [default: the current directory]')
            [CompletionResult]::new('--new-password-file', '--new-password-file', [CompletionResultType]::ParameterName, 'Encrypt the key under a password from a file')
            [CompletionResult]::new('--new-password-env', '--new-password-env', [CompletionResultType]::ParameterName, 'Encrypt the key under a password from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--stdout', '--stdout', [CompletionResultType]::ParameterName, 'Print the CSR on stdout, where no key is made')
            [CompletionResult]::new('--new-password-stdin', '--new-password-stdin', [CompletionResultType]::ParameterName, 'Encrypt the key under a password from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be created, and create nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;sign' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host name (FQDN) or IP address; `*.example.com` for a wildcard')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile in gsec.toml: what the certificate may be used for [default: host]')
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Common name [default: the host]')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organizational unit; can be repeated')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organization')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days of 24 hours from now [default: 100, or as set in the profile]')
            [CompletionResult]::new('--lifetime', '--lifetime', [CompletionResultType]::ParameterName, 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`')
            [CompletionResult]::new('--out-names', '--out-names', [CompletionResultType]::ParameterName, 'File names in --out-dir. label: db1_cert.pem. fqdn: db1.example.com_cert.pem, for hosts with the same first label. serial: 01_db1_cert.pem, new files after each renewal, without a chain')
            [CompletionResult]::new('--chain-out', '--chain-out', [CompletionResultType]::ParameterName, 'Also write the CA certificates to this file')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Also write certificate and chain to this directory, under names that stay the same after each renewal')
            [CompletionResult]::new('--cert-out', '--cert-out', [CompletionResultType]::ParameterName, 'Also write the certificate, with its intermediates, to this file')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--accept-csr-names', '--accept-csr-names', [CompletionResultType]::ParameterName, 'Also certify the names requested in the CSR')
            [CompletionResult]::new('--stdout', '--stdout', [CompletionResultType]::ParameterName, 'Print the certificate as PEM on stdout; the repository keeps it too')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be signed and written, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;ensure' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host name (FQDN) or IP address; `*.example.com` for a wildcard')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Additional name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; can be repeated, or use commas between names')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile in gsec.toml: what the certificate may be used for [default: host]')
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Common name [default: the host]')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organizational unit; can be repeated')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organization')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days of 24 hours from now [default: 100, or as set in the profile]')
            [CompletionResult]::new('--lifetime', '--lifetime', [CompletionResultType]::ParameterName, 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`')
            [CompletionResult]::new('--renew-before', '--renew-before', [CompletionResultType]::ParameterName, 'Renew when less than this remains (`12h`, `30d`, `4w`). Certificates with a shorter lifetime are renewed when a third of it remains')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Key type [default: rsa]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Size of an RSA key in bits: 2048, 3072, 4096 or 8192 [default: 2048]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Use this private key instead of a new one')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--csr', '--csr', [CompletionResultType]::ParameterName, 'Certify the key of this CSR, which must be signed by that key; no private key and no PFX are written')
            [CompletionResult]::new('--pfx-password-file', '--pfx-password-file', [CompletionResultType]::ParameterName, 'Read the PFX''s password from a file [default: the empty password]')
            [CompletionResult]::new('--pfx-password-env', '--pfx-password-env', [CompletionResultType]::ParameterName, 'Read the PFX''s password from an environment variable')
            [CompletionResult]::new('--pfx-encryption', '--pfx-encryption', [CompletionResultType]::ParameterName, 'PFX encryption. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016')
            [CompletionResult]::new('--friendly-name', '--friendly-name', [CompletionResultType]::ParameterName, 'Friendly name of the entry, as shown by dialogs and Java [default: the host]')
            [CompletionResult]::new('--key-format', '--key-format', [CompletionResultType]::ParameterName, 'Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Also write certificate, key, chain and PFX to this directory, under names that stay the same after each renewal')
            [CompletionResult]::new('--out-names', '--out-names', [CompletionResultType]::ParameterName, 'File names in --out-dir. label: db1_cert.pem. fqdn: db1.example.com_cert.pem, for hosts with the same first label. serial: 01_db1_cert.pem, new files after each renewal, without a chain')
            [CompletionResult]::new('--cert-out', '--cert-out', [CompletionResultType]::ParameterName, 'Also write the certificate, with its intermediates, to this file')
            [CompletionResult]::new('--chain-out', '--chain-out', [CompletionResultType]::ParameterName, 'Also write the CA certificates to this file')
            [CompletionResult]::new('--key-out', '--key-out', [CompletionResultType]::ParameterName, 'Also write the private key to this file; see --cert-out')
            [CompletionResult]::new('--pfx-out', '--pfx-out', [CompletionResultType]::ParameterName, 'Also write the PFX to this file')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--accept-csr-names', '--accept-csr-names', [CompletionResultType]::ParameterName, 'Also certify the names requested in the CSR')
            [CompletionResult]::new('--pfx-password-stdin', '--pfx-password-stdin', [CompletionResultType]::ParameterName, 'Read the PFX''s password from standard input')
            [CompletionResult]::new('--no-pfx', '--no-pfx', [CompletionResultType]::ParameterName, 'Write no PFX')
            [CompletionResult]::new('--no-keep-key', '--no-keep-key', [CompletionResultType]::ParameterName, 'Keep neither key nor PFX in the CA''s repository')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Only report whether something would be changed: exit status 1 if so')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be signed and written, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;renew' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile in gsec.toml [default: same as the old certificate]')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days of 24 hours from now [default: 100, or as set in the profile]')
            [CompletionResult]::new('--lifetime', '--lifetime', [CompletionResultType]::ParameterName, 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`, `1y`')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'Expiry date: `2027-12-31`, or `2027-12-31T12:00:00Z`')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Use this private key instead of a new one')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--pfx-password-file', '--pfx-password-file', [CompletionResultType]::ParameterName, 'Read the PFX''s password from a file [default: the empty password]')
            [CompletionResult]::new('--pfx-password-env', '--pfx-password-env', [CompletionResultType]::ParameterName, 'Read the PFX''s password from an environment variable')
            [CompletionResult]::new('--pfx-encryption', '--pfx-encryption', [CompletionResultType]::ParameterName, 'PFX encryption. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016')
            [CompletionResult]::new('--key-format', '--key-format', [CompletionResultType]::ParameterName, 'Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Also write certificate, key, chain and PFX to this directory, under names that stay the same after each renewal')
            [CompletionResult]::new('--out-names', '--out-names', [CompletionResultType]::ParameterName, 'File names in --out-dir. label: db1_cert.pem. fqdn: db1.example.com_cert.pem, for hosts with the same first label. serial: 01_db1_cert.pem, new files after each renewal, without a chain')
            [CompletionResult]::new('--cert-out', '--cert-out', [CompletionResultType]::ParameterName, 'Also write the certificate, with its intermediates, to this file')
            [CompletionResult]::new('--chain-out', '--chain-out', [CompletionResultType]::ParameterName, 'Also write the CA certificates to this file')
            [CompletionResult]::new('--key-out', '--key-out', [CompletionResultType]::ParameterName, 'Also write the private key to this file; see --cert-out')
            [CompletionResult]::new('--pfx-out', '--pfx-out', [CompletionResultType]::ParameterName, 'Also write the PFX to this file')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Type of a new key [default: same as the old key]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Size of a new RSA key in bits: 2048, 3072, 4096 or 8192 [default: same as the old key]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Read the argument as a serial number of this CA, even if a file or host matches')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the argument as a file, even if a serial number or host matches')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Read the argument as a host, even if a file or serial number matches')
            [CompletionResult]::new('--keep-key', '--keep-key', [CompletionResultType]::ParameterName, 'Certify the same key again')
            [CompletionResult]::new('--revoke-old', '--revoke-old', [CompletionResultType]::ParameterName, 'Revoke the old certificate as superseded, and create a new CRL')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--pfx-password-stdin', '--pfx-password-stdin', [CompletionResultType]::ParameterName, 'Read the PFX''s password from standard input')
            [CompletionResult]::new('--no-pfx', '--no-pfx', [CompletionResultType]::ParameterName, 'Write no PFX')
            [CompletionResult]::new('--no-keep-key', '--no-keep-key', [CompletionResultType]::ParameterName, 'Keep neither key nor PFX in the CA''s repository')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be signed and written, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;bundle' {
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'What the bundle is for: a service, a platform or a tool')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Directory, or file that ends in .tar; `-` for a tar file on standard output [default: NAME-TARGET]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Directory, or file that ends in .tar; `-` for a tar file on standard output [default: NAME-TARGET]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Name of the bundle, of its directory on the host and of the entry in key stores [default: the host]')
            [CompletionResult]::new('--dest', '--dest', [CompletionResultType]::ParameterName, 'Where the files are installed [default: /etc/ssl/gsec/NAME; Red Hat: /etc/pki/tls/gsec/NAME]')
            [CompletionResult]::new('--owner', '--owner', [CompletionResultType]::ParameterName, 'Owner of the private key there [default: as the service needs it]')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'Group that may read the private key there; needed for unix and java')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'Mode of the private key there, such as 0640 [default: as the service needs it]')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'Unit that is reloaded, where it has another name than usual')
            [CompletionResult]::new('--reload', '--reload', [CompletionResultType]::ParameterName, 'The same, for generic: the unit that is reloaded or restarted')
            [CompletionResult]::new('--files', '--files', [CompletionResultType]::ParameterName, 'Files of generic. fc: certificate and intermediates; ch: intermediates; k: key; ca: roots; crl: CRLs; comb: fc and k; kc: k and fc; ks, ts: key store and trust store, PKCS #12')
            [CompletionResult]::new('--names', '--names', [CompletionResultType]::ParameterName, 'For unix: old adds links with the names of the old guide, SERIAL_HOST_cert.pem and so on')
            [CompletionResult]::new('--pfx-password-file', '--pfx-password-file', [CompletionResultType]::ParameterName, 'Read the PFX''s password from a file [default: the empty password]')
            [CompletionResult]::new('--pfx-password-env', '--pfx-password-env', [CompletionResultType]::ParameterName, 'Read the PFX''s password from an environment variable')
            [CompletionResult]::new('--pfx-encryption', '--pfx-encryption', [CompletionResultType]::ParameterName, 'PKCS #12 encryption. modern: AES-256, read by Windows Server 2019 and later, Java 8u301. compat: 3DES and SHA-1, read by Windows Server 2008 to 2016 and earlier Java too [default: modern]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Read the argument as a serial number of this CA, even if a file or host matches')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the argument as a file, even if a serial number or host matches')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Read the argument as a host, even if a file or serial number matches')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace another bundle at --out')
            [CompletionResult]::new('--no-key', '--no-key', [CompletionResultType]::ParameterName, 'Certificates only: the private key stays on the host')
            [CompletionResult]::new('--pfx-password-stdin', '--pfx-password-stdin', [CompletionResultType]::ParameterName, 'Read the PFX''s password from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;list' {
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Show only certificates with this status; a certificate past its expiry date is expired')
            [CompletionResult]::new('--expires-within', '--expires-within', [CompletionResultType]::ParameterName, 'Show only valid certificates that expire within this time: `30d`, `12h`')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Show only certificates with a host name that matches this pattern, with `*` and `?`, or that begins with this label')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most N certificates')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'Order: issued, as in ca.db, or expires, which keeps the whole list in memory')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--names', '--names', [CompletionResultType]::ParameterName, 'Read the names of every certificate, however many there are')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print one JSON document per certificate, each on its own line')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;fetch' {
            [CompletionResult]::new('--starttls', '--starttls', [CompletionResultType]::ParameterName, 'Ask the server to start TLS in this protocol, on each connection; the port may then be left out')
            [CompletionResult]::new('--server-name', '--server-name', [CompletionResultType]::ParameterName, 'The server name to send (SNI) [default: the host, unless it is an address]')
            [CompletionResult]::new('--client-cert', '--client-cert', [CompletionResultType]::ParameterName, 'Present this client certificate if the server requests one; its issuers and its key may follow in the same file')
            [CompletionResult]::new('--client-key', '--client-key', [CompletionResultType]::ParameterName, 'The key of the client certificate [default: the one in the file of `--client-cert`]')
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'Connect from this local address, and this port')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Connect through this HTTP proxy (CONNECT)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout for each step; the whole check may take up to three times as long')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the certificates to this file [default: -, standard output]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the certificates to this file [default: -, standard output]')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--no-sni', '--no-sni', [CompletionResultType]::ParameterName, 'Send no server name')
            [CompletionResult]::new('--no-dns', '--no-dns', [CompletionResultType]::ParameterName, 'Do not resolve names: hosts are given by address')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;show' {
            [CompletionResult]::new('--starttls', '--starttls', [CompletionResultType]::ParameterName, 'Read the argument as a server, and ask it to start TLS in this protocol; the port may then be left out')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Read the argument as a serial number of this CA, even if a file or host matches')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the argument as a file, even if a serial number or host matches')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Read the argument as a host, even if a file or serial number matches')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;match' {
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;thumbprint' {
            [CompletionResult]::new('--starttls', '--starttls', [CompletionResultType]::ParameterName, 'Read the argument as a server, and ask it to start TLS in this protocol; the port may then be left out')
            [CompletionResult]::new('--hash', '--hash', [CompletionResultType]::ParameterName, 'Digest algorithm')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'spaced `9a ab db`, colon `9A:AB:DB`, or compact `9aabdb`')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Read the argument as a serial number of this CA, even if a file or host matches')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the argument as a file, even if a serial number or host matches')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Read the argument as a host, even if a file or serial number matches')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;fingerprint' {
            [CompletionResult]::new('--starttls', '--starttls', [CompletionResultType]::ParameterName, 'Read the argument as a server, and ask it to start TLS in this protocol; the port may then be left out')
            [CompletionResult]::new('--hash', '--hash', [CompletionResultType]::ParameterName, 'Digest algorithm')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'spaced `9a ab db`, colon `9A:AB:DB`, or compact `9aabdb`')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Read the argument as a serial number of this CA, even if a file or host matches')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the argument as a file, even if a serial number or host matches')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Read the argument as a host, even if a file or serial number matches')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;verify' {
            [CompletionResult]::new('--starttls', '--starttls', [CompletionResultType]::ParameterName, 'Read the argument as a server, and ask it to start TLS in this protocol; the port may then be left out')
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'Trust the certificates in this file, instead of the CA directory''s; can be repeated')
            [CompletionResult]::new('--untrusted', '--untrusted', [CompletionResultType]::ParameterName, 'Intermediate certificates; can be repeated')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Host name or address that the certificate must match [default: of HOST:PORT the host, else none is checked]')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'Purpose to check for [default: server with --name and of HOST:PORT, else any]')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Check for this time: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'Check revocation against this CRL: complete, partial, indirect or delta; can be repeated')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'An acceptable certificate policy, for `--explicit-policy` and for CAs that require one; can be repeated [default: any]')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Read the argument as a serial number of this CA, even if a file or host matches')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the argument as a file, even if a serial number or host matches')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Read the argument as a host, even if a file or serial number matches')
            [CompletionResult]::new('--require-crl', '--require-crl', [CompletionResultType]::ParameterName, 'Refuse unless CRLs say for every certificate below the trusted one that it is not revoked; a CRL that OpenSSL cannot use does not count, a partial, indirect or delta CRL does, and so does that of the CA directory')
            [CompletionResult]::new('--explicit-policy', '--explicit-policy', [CompletionResultType]::ParameterName, 'Refuse unless an acceptable certificate policy is valid for the whole path (RFC 5280 §6.1.1)')
            [CompletionResult]::new('--inhibit-any-policy', '--inhibit-any-policy', [CompletionResultType]::ParameterName, 'Do not let anyPolicy in a certificate stand for other policies')
            [CompletionResult]::new('--inhibit-policy-mapping', '--inhibit-policy-mapping', [CompletionResultType]::ParameterName, 'Do not let CAs map one policy to another')
            [CompletionResult]::new('--allow-cn', '--allow-cn', [CompletionResultType]::ParameterName, 'Accept a common name equal to the host where there is no dNSName, as old clients do')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;revoke' {
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation or certificateHold')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Read the argument as a serial number of this CA, even if a file or host matches')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the argument as a file, even if a serial number or host matches')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Read the argument as a host, even if a file or serial number matches')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'If a host has several certificates, apply this to all eligible ones')
            [CompletionResult]::new('--no-crl', '--no-crl', [CompletionResultType]::ParameterName, 'Create no new CRL; the CA key is not needed then')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be changed, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;unhold' {
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Read the argument as a serial number of this CA, even if a file or host matches')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the argument as a file, even if a serial number or host matches')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Read the argument as a host, even if a file or serial number matches')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'If a host has several certificates, apply this to all eligible ones')
            [CompletionResult]::new('--no-crl', '--no-crl', [CompletionResultType]::ParameterName, 'Create no new CRL; the CA key is not needed then')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be changed, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;help' {
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Issue a certificate for a host, with its key and a PFX')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Create a private key and a CSR on the host; no CA is needed')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Sign a CSR that was created elsewhere')
            [CompletionResult]::new('ensure', 'ensure', [CompletionResultType]::ParameterValue, 'Issue a certificate unless the host already has a matching one')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Issue a new certificate to replace an existing one')
            [CompletionResult]::new('bundle', 'bundle', [CompletionResultType]::ParameterValue, 'Make a bundle for one service: files, install script, settings')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the certificates that the CA has issued')
            [CompletionResult]::new('fetch', 'fetch', [CompletionResultType]::ParameterValue, 'Fetch the certificates that a server presents')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything in a certificate, a CSR, or a PKCS #12 file')
            [CompletionResult]::new('match', 'match', [CompletionResultType]::ParameterValue, 'Check whether keys, certificates and CSRs belong together')
            [CompletionResult]::new('thumbprint', 'thumbprint', [CompletionResultType]::ParameterValue, 'Print the thumbprint of a certificate')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check whether a certificate is valid, and explain why not')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke certificates, and create a new CRL')
            [CompletionResult]::new('unhold', 'unhold', [CompletionResultType]::ParameterValue, 'Release certificates that are on hold (certificateHold)')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;cert;help;issue' {
            break
        }
        'gsec;cert;help;request' {
            break
        }
        'gsec;cert;help;sign' {
            break
        }
        'gsec;cert;help;ensure' {
            break
        }
        'gsec;cert;help;renew' {
            break
        }
        'gsec;cert;help;bundle' {
            break
        }
        'gsec;cert;help;list' {
            break
        }
        'gsec;cert;help;fetch' {
            break
        }
        'gsec;cert;help;show' {
            break
        }
        'gsec;cert;help;match' {
            break
        }
        'gsec;cert;help;thumbprint' {
            break
        }
        'gsec;cert;help;verify' {
            break
        }
        'gsec;cert;help;revoke' {
            break
        }
        'gsec;cert;help;unhold' {
            break
        }
        'gsec;cert;help;help' {
            break
        }
        'gsec;crl' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Create a new CRL of all revoked certificates')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything in a CRL')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;crl;update' {
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Days until the next CRL is due [default: 30, or as set in gsec.toml]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--allow-earlier', '--allow-earlier', [CompletionResultType]::ParameterName, 'Create a CRL even if the present CRL, the audit log or the newest certificate is later than this machine''s clock')
            [CompletionResult]::new('--allow-incomplete', '--allow-incomplete', [CompletionResultType]::ParameterName, 'Create a CRL even if the audit log has lost lines and no later CRL is there')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be created, and create nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;crl;show' {
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'The certificate of the CA that issued it')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;crl;help' {
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Create a new CRL of all revoked certificates')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything in a CRL')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;crl;help;update' {
            break
        }
        'gsec;crl;help;show' {
            break
        }
        'gsec;crl;help;help' {
            break
        }
        'gsec;convert' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('to-pem', 'to-pem', [CompletionResultType]::ParameterValue, 'Convert a PKCS #12 or DER file to PEM')
            [CompletionResult]::new('to-pfx', 'to-pfx', [CompletionResultType]::ParameterValue, 'Create a PKCS #12 file (PFX) from certificate, key and chain')
            [CompletionResult]::new('to-der', 'to-der', [CompletionResultType]::ParameterValue, 'Convert a PEM file with one certificate, key, CSR or CRL to DER')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Convert a private key between PKCS #8, PKCS #1, SEC 1, PEM and DER')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;convert;to-pem' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file [default: -, standard output]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to this file [default: -, standard output]')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Write certificate, key and chain to separate files in this directory')
            [CompletionResult]::new('--key-format', '--key-format', [CompletionResultType]::ParameterName, 'Format of private keys: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the output if it exists')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;convert;to-pfx' {
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'The certificate; its issuers and its key may follow in the same file. `-` for standard input')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key [default: the one in the file of `--cert`]')
            [CompletionResult]::new('--chain', '--chain', [CompletionResultType]::ParameterName, 'Issuers of the certificate, in any order; can be repeated')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The PKCS #12 file to write; `-` for standard output')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The PKCS #12 file to write; `-` for standard output')
            [CompletionResult]::new('--pfx-password-file', '--pfx-password-file', [CompletionResultType]::ParameterName, 'Read the PFX''s password from a file [default: the empty password]')
            [CompletionResult]::new('--pfx-password-env', '--pfx-password-env', [CompletionResultType]::ParameterName, 'Read the PFX''s password from an environment variable')
            [CompletionResult]::new('--pfx-encryption', '--pfx-encryption', [CompletionResultType]::ParameterName, 'PFX encryption: modern (AES-256 and SHA-256) or compat (3DES and SHA-1)')
            [CompletionResult]::new('--friendly-name', '--friendly-name', [CompletionResultType]::ParameterName, 'Friendly name of the entry, as shown by dialogs and Java [default: from the input, else the host]')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--trust-store', '--trust-store', [CompletionResultType]::ParameterName, 'Write certificates without a key, which Java reads as trusted entries')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the output if it exists')
            [CompletionResult]::new('--pfx-password-stdin', '--pfx-password-stdin', [CompletionResultType]::ParameterName, 'Read the PFX''s password from standard input')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;convert;to-der' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file [default: -, standard output]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to this file [default: -, standard output]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the output if it exists')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;convert;key' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file [default: -, standard output]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to this file [default: -, standard output]')
            [CompletionResult]::new('--key-format', '--key-format', [CompletionResultType]::ParameterName, 'Key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--new-password-file', '--new-password-file', [CompletionResultType]::ParameterName, 'Encrypt the key under a password from a file')
            [CompletionResult]::new('--new-password-env', '--new-password-env', [CompletionResultType]::ParameterName, 'Encrypt the key under a password from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the output if it exists')
            [CompletionResult]::new('--der', '--der', [CompletionResultType]::ParameterName, 'Write DER instead of PEM')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--new-password-stdin', '--new-password-stdin', [CompletionResultType]::ParameterName, 'Encrypt the key under a password from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;convert;help' {
            [CompletionResult]::new('to-pem', 'to-pem', [CompletionResultType]::ParameterValue, 'Convert a PKCS #12 or DER file to PEM')
            [CompletionResult]::new('to-pfx', 'to-pfx', [CompletionResultType]::ParameterValue, 'Create a PKCS #12 file (PFX) from certificate, key and chain')
            [CompletionResult]::new('to-der', 'to-der', [CompletionResultType]::ParameterValue, 'Convert a PEM file with one certificate, key, CSR or CRL to DER')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Convert a private key between PKCS #8, PKCS #1, SEC 1, PEM and DER')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;convert;help;to-pem' {
            break
        }
        'gsec;convert;help;to-pfx' {
            break
        }
        'gsec;convert;help;to-der' {
            break
        }
        'gsec;convert;help;key' {
            break
        }
        'gsec;convert;help;help' {
            break
        }
        'gsec;trust' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Make the programs of this machine trust a CA')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Make the programs of this machine no longer trust a CA')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show where on this machine a CA is trusted')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;trust;install' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'system, nss (the browsers of the user), nss:DIR, java ($JAVA_HOME), java:PATH or p11 (p11-kit) [default: system and nss]')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'The root directory of an image or chroot; none of its programs is run')
            [CompletionResult]::new('--java-password-file', '--java-password-file', [CompletionResultType]::ParameterName, 'Read the password of the Java key store from a file [default: changeit]')
            [CompletionResult]::new('--nss-password-file', '--nss-password-file', [CompletionResultType]::ParameterName, 'The file with the password of the NSS database, which its tool reads')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be changed, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;trust;uninstall' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'system, nss (the browsers of the user), nss:DIR, java ($JAVA_HOME), java:PATH or p11 (p11-kit) [default: system and nss]')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'The root directory of an image or chroot; none of its programs is run')
            [CompletionResult]::new('--java-password-file', '--java-password-file', [CompletionResultType]::ParameterName, 'Read the password of the Java key store from a file [default: changeit]')
            [CompletionResult]::new('--nss-password-file', '--nss-password-file', [CompletionResultType]::ParameterName, 'The file with the password of the NSS database, which its tool reads')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be changed, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;trust;status' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'system, nss (the browsers of the user), nss:DIR, java ($JAVA_HOME), java:PATH or p11 (p11-kit) [default: system and nss]')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'The root directory of an image or chroot; none of its programs is run')
            [CompletionResult]::new('--java-password-file', '--java-password-file', [CompletionResultType]::ParameterName, 'Read the password of the Java key store from a file [default: changeit]')
            [CompletionResult]::new('--nss-password-file', '--nss-password-file', [CompletionResultType]::ParameterName, 'The file with the password of the NSS database, which its tool reads')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;trust;help' {
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Make the programs of this machine trust a CA')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Make the programs of this machine no longer trust a CA')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show where on this machine a CA is trusted')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;trust;help;install' {
            break
        }
        'gsec;trust;help;uninstall' {
            break
        }
        'gsec;trust;help;status' {
            break
        }
        'gsec;trust;help;help' {
            break
        }
        'gsec;fleet' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check an inventory against the rules of the platform')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'Show what `fleet apply` would do, and why')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Issue what the inventory lacks, and write the bundles of its hosts')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show whether hosts have their certificates, and ports serve them')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Show the security settings of an application, and where each is set')
            [CompletionResult]::new('render', 'render', [CompletionResultType]::ParameterValue, 'Print what an inventory means to scripts, firewalls and hosts')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Make an inventory from a CA, a Configuration Server export or a table')
            [CompletionResult]::new('timer', 'timer', [CompletionResultType]::ParameterValue, 'Print a timer that keeps the certificates of an inventory up to date')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of the inventory, for editors')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;fleet;check' {
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'The inventory; `-` for standard input')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Also look up the names of all hosts, and their addresses backwards')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;plan' {
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'The inventory; `-` for standard input')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the plan to this file, which is then that of `fleet apply --plan`; an earlier plan there is replaced')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the plan to this file, which is then that of `fleet apply --plan`; an earlier plan there is replaced')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only hosts whose name or FQDN matches; `*` and `?` stand for anything')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Exit with status 1 if there is something to do')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;apply' {
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'The inventory; `-` for standard input')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'Carry out this plan of `fleet plan`, or nothing if another one is due now: its file, or its hash')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only hosts whose name or FQDN matches; `*` and `?` stand for anything')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Number of keys made at the same time [default: the number of processors]')
            [CompletionResult]::new('--push', '--push', [CompletionResultType]::ParameterName, 'Then bring the bundles to the hosts for which the inventory says how, over ssh')
            [CompletionResult]::new('--canary', '--canary', [CompletionResultType]::ParameterName, 'Number of hosts that come first, one after the other')
            [CompletionResult]::new('--max-parallel', '--max-parallel', [CompletionResultType]::ParameterName, 'Number of hosts at the same time after that')
            [CompletionResult]::new('--probe-timeout', '--probe-timeout', [CompletionResultType]::ParameterName, 'How long a port may take to serve the new certificate, before the one before is put back')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Remove bundles of hosts and targets that are no longer in the inventory')
            [CompletionResult]::new('--keep-going', '--keep-going', [CompletionResultType]::ParameterName, 'Go on with other hosts after one has failed')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;status' {
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'The inventory; `-` for standard input')
            [CompletionResult]::new('--expires-within', '--expires-within', [CompletionResultType]::ParameterName, 'Certificates that end within this time count as not in order (`12h`, `30d`, `4w`)')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Number of connections at the same time [default: 64]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout for one step of a connection')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only hosts whose name or FQDN matches; `*` and `?` stand for anything')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--probe', '--probe', [CompletionResultType]::ParameterName, 'Ask each secured port for its certificate')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;explain' {
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'The inventory; `-` for standard input')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'How options are looked up: set, each, or both for a comparison')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;render' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('args', 'args', [CompletionResultType]::ParameterValue, 'Print start arguments for client-side ports')
            [CompletionResult]::new('connections', 'connections', [CompletionResultType]::ParameterValue, 'Print the transport parameters of connections with client-side ports')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Print the search paths for the security libraries on UNIX hosts')
            [CompletionResult]::new('firewall', 'firewall', [CompletionResultType]::ParameterValue, 'Print firewall rules for the connections of an inventory')
            [CompletionResult]::new('receiver', 'receiver', [CompletionResultType]::ParameterValue, 'Print the script that lets a host receive its bundles over ssh')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;fleet;render;args' {
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'The inventory; `-` for standard input')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'In which form [default: sh]')
            [CompletionResult]::new('--executable', '--executable', [CompletionResultType]::ParameterName, 'The program that the service starts, with its path on the host (reg)')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'Name of the service of Windows (reg) [default: the name of the application]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;render;connections' {
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'The inventory; `-` for standard input')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'In which form [default: csv]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;render;env' {
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'The inventory; `-` for standard input')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'In which form [default: sh]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Where the security libraries are on the hosts')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;render;firewall' {
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'The inventory; `-` for standard input')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'In which form; netsh for one host [default: nft]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--drop-others', '--drop-others', [CompletionResultType]::ParameterName, 'Also drop other connections to the same ports (nft, iptables)')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;render;receiver' {
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'The inventory; `-` for standard input')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Public key with which bundles will be pushed')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--without-sudo', '--without-sudo', [CompletionResultType]::ParameterName, 'The log-in user owns where the files go, so no sudo is needed')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;render;help' {
            [CompletionResult]::new('args', 'args', [CompletionResultType]::ParameterValue, 'Print start arguments for client-side ports')
            [CompletionResult]::new('connections', 'connections', [CompletionResultType]::ParameterValue, 'Print the transport parameters of connections with client-side ports')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Print the search paths for the security libraries on UNIX hosts')
            [CompletionResult]::new('firewall', 'firewall', [CompletionResultType]::ParameterValue, 'Print firewall rules for the connections of an inventory')
            [CompletionResult]::new('receiver', 'receiver', [CompletionResultType]::ParameterValue, 'Print the script that lets a host receive its bundles over ssh')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;fleet;render;help;args' {
            break
        }
        'gsec;fleet;render;help;connections' {
            break
        }
        'gsec;fleet;render;help;env' {
            break
        }
        'gsec;fleet;render;help;firewall' {
            break
        }
        'gsec;fleet;render;help;receiver' {
            break
        }
        'gsec;fleet;render;help;help' {
            break
        }
        'gsec;fleet;import' {
            [CompletionResult]::new('--json-export', '--json-export', [CompletionResultType]::ParameterName, 'An export of Configuration Server in JSON, as the program mutagen writes it; `-` for standard input')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'A table with the columns host, fqdn, address, platform, app, port_id, port, mode; `-` for standard input')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this new file [default: standard output]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to this new file [default: standard output]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;timer' {
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'What runs it: systemd, cron, schtasks (Windows) or launchd (macOS)')
            [CompletionResult]::new('--inventory', '--inventory', [CompletionResultType]::ParameterName, 'The inventory; `-` for standard input')
            [CompletionResult]::new('--calendar', '--calendar', [CompletionResultType]::ParameterName, 'When: hourly, daily, weekly, monthly, HH:MM; with systemd also an expression such as `Mon *-*-* 02:00`')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Run as this account, to which the CA directory belongs [default: root, the system, or the crontab''s owner]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'File with the passphrase of the CA key, on the host that runs the timer; not read now. With systemd, an encrypted credential named ca-pass, as `systemd-creds encrypt` writes it')
            [CompletionResult]::new('--on-failure', '--on-failure', [CompletionResultType]::ParameterName, 'Unit to start when it fails (systemd)')
            [CompletionResult]::new('--gsec', '--gsec', [CompletionResultType]::ParameterName, 'Where gsec is on the host that runs the timer [default: /usr/bin/gsec, or the usual place of the system]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'What the timer is called')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the files to this directory; existing files are kept')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;schema' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;fleet;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check an inventory against the rules of the platform')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'Show what `fleet apply` would do, and why')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Issue what the inventory lacks, and write the bundles of its hosts')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show whether hosts have their certificates, and ports serve them')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Show the security settings of an application, and where each is set')
            [CompletionResult]::new('render', 'render', [CompletionResultType]::ParameterValue, 'Print what an inventory means to scripts, firewalls and hosts')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Make an inventory from a CA, a Configuration Server export or a table')
            [CompletionResult]::new('timer', 'timer', [CompletionResultType]::ParameterValue, 'Print a timer that keeps the certificates of an inventory up to date')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of the inventory, for editors')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;fleet;help;check' {
            break
        }
        'gsec;fleet;help;plan' {
            break
        }
        'gsec;fleet;help;apply' {
            break
        }
        'gsec;fleet;help;status' {
            break
        }
        'gsec;fleet;help;explain' {
            break
        }
        'gsec;fleet;help;render' {
            [CompletionResult]::new('args', 'args', [CompletionResultType]::ParameterValue, 'Print start arguments for client-side ports')
            [CompletionResult]::new('connections', 'connections', [CompletionResultType]::ParameterValue, 'Print the transport parameters of connections with client-side ports')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Print the search paths for the security libraries on UNIX hosts')
            [CompletionResult]::new('firewall', 'firewall', [CompletionResultType]::ParameterValue, 'Print firewall rules for the connections of an inventory')
            [CompletionResult]::new('receiver', 'receiver', [CompletionResultType]::ParameterValue, 'Print the script that lets a host receive its bundles over ssh')
            break
        }
        'gsec;fleet;help;render;args' {
            break
        }
        'gsec;fleet;help;render;connections' {
            break
        }
        'gsec;fleet;help;render;env' {
            break
        }
        'gsec;fleet;help;render;firewall' {
            break
        }
        'gsec;fleet;help;render;receiver' {
            break
        }
        'gsec;fleet;help;import' {
            break
        }
        'gsec;fleet;help;timer' {
            break
        }
        'gsec;fleet;help;schema' {
            break
        }
        'gsec;fleet;help;help' {
            break
        }
        'gsec;serve' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'A name under which hosts reach this server; give it again for each further name [default: `names` in serve.toml]')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Where ACME is served, over TLS [default: `listen` in serve.toml, else :8443]')
            [CompletionResult]::new('--http', '--http', [CompletionResultType]::ParameterName, 'Where CRL and CA certificate are served, without TLS [default: `http` in serve.toml, else :8080]')
            [CompletionResult]::new('--http-port', '--http-port', [CompletionResultType]::ParameterName, 'The port on which hosts answer http-01, for names that no rule of serve.toml is about [default: 80]')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'The socket between the two processes [default: signer.sock in the CA''s ca_conf]')
            [CompletionResult]::new('--signer-dir', '--signer-dir', [CompletionResultType]::ParameterName, 'The signer''s own directory, as `gsec serve move-key` makes it; started by root, each process gets a user of its own')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--no-first-grant', '--no-first-grant', [CompletionResultType]::ParameterName, 'Grant nothing to begin with')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('grant', 'grant', [CompletionResultType]::ParameterValue, 'Say who may have certificates for which names')
            [CompletionResult]::new('eab', 'eab', [CompletionResultType]::ParameterValue, 'Give out keys of external accounts (EAB)')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what serves this CA directory, and how it is')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Back up the CA directory and the server''s state to one encrypted file')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Restore a CA directory from a backup, or check the backup')
            [CompletionResult]::new('move-key', 'move-key', [CompletionResultType]::ParameterValue, 'Give the CA key a directory and a user of its own, or bring it back')
            [CompletionResult]::new('signer', 'signer', [CompletionResultType]::ParameterValue, 'Run only the process that has the CA key')
            [CompletionResult]::new('front', 'front', [CompletionResultType]::ParameterValue, 'Run only the part of the server that talks to the network')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;serve;grant' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Grant names to everyone, an account, or the accounts of an EAB key')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is granted')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take grants back; `grant list` has their ids')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;serve;grant;add' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'A domain: it and everything below it, wildcards too; give it again for each further one')
            [CompletionResult]::new('--exact', '--exact', [CompletionResultType]::ParameterName, 'One name, one wildcard or one address')
            [CompletionResult]::new('--network', '--network', [CompletionResultType]::ParameterName, 'The addresses of a network')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'A profile that may be asked for; the default profile when none is given')
            [CompletionResult]::new('--max-days', '--max-days', [CompletionResultType]::ParameterName, 'The longest lifetime of a certificate, in days')
            [CompletionResult]::new('--eab', '--eab', [CompletionResultType]::ParameterName, 'To the accounts that this EAB key has made, and makes')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'To this account: the last part of its URL')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Until when it counts: `2027-01-31T12:00:00Z` or `2027-01-31`')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--granted', '--granted', [CompletionResultType]::ParameterName, 'Ask for no challenge: anyone who has the account may have these names')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;serve;grant;list' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;serve;grant;remove' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;serve;grant;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Grant names to everyone, an account, or the accounts of an EAB key')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is granted')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take grants back; `grant list` has their ids')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;serve;grant;help;add' {
            break
        }
        'gsec;serve;grant;help;list' {
            break
        }
        'gsec;serve;grant;help;remove' {
            break
        }
        'gsec;serve;grant;help;help' {
            break
        }
        'gsec;serve;eab' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Make a key, and print it: this once and never again')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the keys, and the accounts that they have made')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Revoke keys, and take back what was granted to them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;serve;eab;add' {
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Until when it makes accounts: `2027-01-31T12:00:00Z` or `2027-01-31`')
            [CompletionResult]::new('--grant', '--grant', [CompletionResultType]::ParameterName, 'A domain with everything below it, or a network, that its accounts may have; give it again for each further one')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--single-use', '--single-use', [CompletionResultType]::ParameterName, 'It makes one account only')
            [CompletionResult]::new('--granted', '--granted', [CompletionResultType]::ParameterName, 'Ask for no challenge: the key itself is the proof')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;serve;eab;list' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;serve;eab;remove' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;serve;eab;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Make a key, and print it: this once and never again')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the keys, and the accounts that they have made')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Revoke keys, and take back what was granted to them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;serve;eab;help;add' {
            break
        }
        'gsec;serve;eab;help;list' {
            break
        }
        'gsec;serve;eab;help;remove' {
            break
        }
        'gsec;serve;eab;help;help' {
            break
        }
        'gsec;serve;status' {
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'The signer''s socket [default: what the server says, else signer.sock in the CA''s ca_conf]')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'The signer''s journal [default: signer.journal in the CA''s ca_conf]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;serve;backup' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The file to write; it must not exist')
            [CompletionResult]::new('--recipient', '--recipient', [CompletionResultType]::ParameterName, 'Encrypt for the holder of this key, whose public half `age-keygen` prints; give it again for each further one')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Encrypt under a passphrase from a file')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--with-keys', '--with-keys', [CompletionResultType]::ParameterName, 'Include private keys: the CA''s, those of hosts, the server''s')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;serve;restore' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The CA directory to make; it must not exist, or be empty')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'The file with the secret key, as `age-keygen` writes it')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the passphrase from a file')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Check everything and leave nothing behind')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;serve;move-key' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The signer''s own directory; it must not exist, or be empty')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Bring the key back from there, and the gsec.toml by which the signer has decided')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The user who gets it, by name or number')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;serve;signer' {
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Where it listens [default: signer.sock in the CA''s ca_conf, or in the signer''s own directory]')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Where it keeps its journal [default: signer.journal in ca_conf]')
            [CompletionResult]::new('--signer-dir', '--signer-dir', [CompletionResultType]::ParameterName, 'The signer''s own directory, as `gsec serve move-key` makes it, in the place of the CA directory')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'Let the users of the socket''s group ask too')
            [CompletionResult]::new('--end-with-stdin', '--end-with-stdin', [CompletionResultType]::ParameterName, 'End when standard input ends')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;serve;front' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'A name under which hosts reach this server; give it again for each further name [default: `names` in serve.toml]')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Where ACME is served, over TLS [default: `listen` in serve.toml, else :8443]')
            [CompletionResult]::new('--http', '--http', [CompletionResultType]::ParameterName, 'Where CRL and CA certificate are served, without TLS [default: `http` in serve.toml, else :8080]')
            [CompletionResult]::new('--http-port', '--http-port', [CompletionResultType]::ParameterName, 'The port on which hosts answer http-01, for names that no rule of serve.toml is about [default: 80]')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'The signer''s socket [default: signer.sock in the CA''s ca_conf]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--no-first-grant', '--no-first-grant', [CompletionResultType]::ParameterName, 'Grant nothing to begin with')
            [CompletionResult]::new('--end-with-stdin', '--end-with-stdin', [CompletionResultType]::ParameterName, 'End when standard input ends')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;serve;help' {
            [CompletionResult]::new('grant', 'grant', [CompletionResultType]::ParameterValue, 'Say who may have certificates for which names')
            [CompletionResult]::new('eab', 'eab', [CompletionResultType]::ParameterValue, 'Give out keys of external accounts (EAB)')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what serves this CA directory, and how it is')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Back up the CA directory and the server''s state to one encrypted file')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Restore a CA directory from a backup, or check the backup')
            [CompletionResult]::new('move-key', 'move-key', [CompletionResultType]::ParameterValue, 'Give the CA key a directory and a user of its own, or bring it back')
            [CompletionResult]::new('signer', 'signer', [CompletionResultType]::ParameterValue, 'Run only the process that has the CA key')
            [CompletionResult]::new('front', 'front', [CompletionResultType]::ParameterValue, 'Run only the part of the server that talks to the network')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;serve;help;grant' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Grant names to everyone, an account, or the accounts of an EAB key')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is granted')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take grants back; `grant list` has their ids')
            break
        }
        'gsec;serve;help;grant;add' {
            break
        }
        'gsec;serve;help;grant;list' {
            break
        }
        'gsec;serve;help;grant;remove' {
            break
        }
        'gsec;serve;help;eab' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Make a key, and print it: this once and never again')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the keys, and the accounts that they have made')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Revoke keys, and take back what was granted to them')
            break
        }
        'gsec;serve;help;eab;add' {
            break
        }
        'gsec;serve;help;eab;list' {
            break
        }
        'gsec;serve;help;eab;remove' {
            break
        }
        'gsec;serve;help;status' {
            break
        }
        'gsec;serve;help;backup' {
            break
        }
        'gsec;serve;help;restore' {
            break
        }
        'gsec;serve;help;move-key' {
            break
        }
        'gsec;serve;help;signer' {
            break
        }
        'gsec;serve;help;front' {
            break
        }
        'gsec;serve;help;help' {
            break
        }
        'gsec;watch' {
            [CompletionResult]::new('--acknowledge', '--acknowledge', [CompletionResultType]::ParameterName, 'Say that someone takes care of this alarm; --list shows the keys')
            [CompletionResult]::new('--every', '--every', [CompletionResultType]::ParameterName, 'Time between two checks, from 10s to 1d [default: `every` in watch.toml, else 5m]')
            [CompletionResult]::new('--probe', '--probe', [CompletionResultType]::ParameterName, 'Probe this port, too; can be repeated')
            [CompletionResult]::new('--host-dir', '--host-dir', [CompletionResultType]::ParameterName, 'Check the certificates and keys in this directory, too: as `cert issue --out-dir` fills it; can be repeated')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: watch.toml in the CA''s ca_conf]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--once', '--once', [CompletionResultType]::ParameterName, 'Check once, send what is new, and end')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Show the alarms that are open, and check nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;doctor' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Host name or address that certificates must match')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'Purpose to check for [default: server with --name, else any]')
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'Trust the certificates in this file, instead of the CA directory''s; can be repeated')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key that must match the certificates')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The user, by name or number, who must be able to read the files')
            [CompletionResult]::new('--thumbprint', '--thumbprint', [CompletionResultType]::ParameterName, 'The thumbprint that the certificate must have, as written in a setting')
            [CompletionResult]::new('--read-by', '--read-by', [CompletionResultType]::ParameterName, 'A program that must be able to read PFX files: openssl3, java8, windows2016 and so on; can be repeated')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory that must contain the host''s certificate and the CA certificate')
            [CompletionResult]::new('--library', '--library', [CompletionResultType]::ParameterName, 'A library that must be found, `ssl` or `libssl.so.3`; can be repeated')
            [CompletionResult]::new('--pid', '--pid', [CompletionResultType]::ParameterName, 'Take the search paths for libraries from this process [default: from the environment]')
            [CompletionResult]::new('--script', '--script', [CompletionResultType]::ParameterName, 'Take the search paths for libraries from this start script')
            [CompletionResult]::new('--os-release', '--os-release', [CompletionResultType]::ParameterName, 'Read the operating system from this file, which may be from another machine [default: /etc/os-release]')
            [CompletionResult]::new('--starttls', '--starttls', [CompletionResultType]::ParameterName, 'Ask the server to start TLS in this protocol, on each connection; the port may then be left out')
            [CompletionResult]::new('--server-name', '--server-name', [CompletionResultType]::ParameterName, 'The server name to send (SNI) [default: the host, unless it is an address]')
            [CompletionResult]::new('--client-cert', '--client-cert', [CompletionResultType]::ParameterName, 'Present this client certificate if the server requests one; its issuers and its key may follow in the same file')
            [CompletionResult]::new('--client-key', '--client-key', [CompletionResultType]::ParameterName, 'The key of the client certificate [default: the one in the file of `--client-cert`]')
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'Connect from this local address, and this port')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Connect through this HTTP proxy (CONNECT)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Timeout for each step; the whole check may take up to three times as long')
            [CompletionResult]::new('--expires-within', '--expires-within', [CompletionResultType]::ParameterName, 'Report certificates that expire within this time: `30d` [default: 30d, or a third of the lifetime if that is less]')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Run only this check; SLUG is an entry of the catalog; can be repeated')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Skip this check; can be repeated')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Explain one entry of the catalog')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Lowest severity that causes exit status 1')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format: text, json, nagios (a line for each target, with the exit status of a plugin) or prometheus')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--no-sni', '--no-sni', [CompletionResultType]::ParameterName, 'Send no server name')
            [CompletionResult]::new('--no-dns', '--no-dns', [CompletionResultType]::ParameterName, 'Do not resolve names: hosts are given by address')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Print the catalog: everything that can be found')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Apply the safe fixes, then check again')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'With `--fix`: show what would be fixed, and change nothing')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('handshake', 'handshake', [CompletionResultType]::ParameterValue, 'Rehearse a TLS handshake, and report which side would fail, and why')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;doctor;handshake' {
            [CompletionResult]::new('--server-cert', '--server-cert', [CompletionResultType]::ParameterName, 'The server''s certificate with its intermediates, as the server would read it')
            [CompletionResult]::new('--server-key', '--server-key', [CompletionResultType]::ParameterName, 'The server''s private key [default: the one in the certificate''s file]')
            [CompletionResult]::new('--client-cert', '--client-cert', [CompletionResultType]::ParameterName, 'The client''s certificate with its intermediates')
            [CompletionResult]::new('--client-key', '--client-key', [CompletionResultType]::ParameterName, 'The client''s private key [default: the one in the certificate''s file]')
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'What the client trusts, instead of the CA directory''s certificate; can be repeated')
            [CompletionResult]::new('--client-trust', '--client-trust', [CompletionResultType]::ParameterName, 'What the server trusts for clients; can be repeated [default: what the client trusts]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The host that the client connects to [default: any]')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Rehearse only this version [default: 1.3 and 1.2]')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Rehearse for this time: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;doctor;help' {
            [CompletionResult]::new('handshake', 'handshake', [CompletionResultType]::ParameterValue, 'Rehearse a TLS handshake, and report which side would fail, and why')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;doctor;help;handshake' {
            break
        }
        'gsec;doctor;help;help' {
            break
        }
        'gsec;transport' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('parse', 'parse', [CompletionResultType]::ParameterValue, 'Show how the platform reads a `transport` value')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check `transport` values against the rules of the platform')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Write a `transport` value as it was meant')
            [CompletionResult]::new('build', 'build', [CompletionResultType]::ParameterValue, 'Write a `transport` value that the platform reads as it was meant')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;transport;parse' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the value from this file')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;transport;lint' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read a value from this file; may be repeated')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Where the value is used: a server''s port, a client''s connection, the options of an application or a host, or a file of DB Server or Configuration Server [default: connection if only client options are set, else port]')
            [CompletionResult]::new('--platform', '--platform', [CompletionResultType]::ParameterName, 'What kind of host reads it [default: windows if `certificate` is a thumbprint, else unix]')
            [CompletionResult]::new('--release', '--release', [CompletionResultType]::ParameterName, 'The platform''s release: 7.6, 8.0, 8.1, 8.5 or 9.0')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Check certificates for this time: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--check-files', '--check-files', [CompletionResultType]::ParameterName, 'Also check the files that the value names, on this machine: whether they can be read, belong together and are in date; revocation is not checked')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;transport;fix' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read the value from this file')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--drop-shadowed', '--drop-shadowed', [CompletionResultType]::ParameterName, 'Also drop parts that an earlier part of the same name hides')
            [CompletionResult]::new('--fix-names', '--fix-names', [CompletionResultType]::ParameterName, 'Also correct names that are probably misspelled')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Exit with status 1 if the value is changed by it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;transport;build' {
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'File with the host''s certificate and chain, full path')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'File with its private key, full path [default: it is in the certificate file]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'File with the CA certificate, full path')
            [CompletionResult]::new('--thumbprint', '--thumbprint', [CompletionResultType]::ParameterName, 'SHA-1 thumbprint of a certificate in the Windows store, in any form')
            [CompletionResult]::new('--pfx', '--pfx', [CompletionResultType]::ParameterName, 'PFX that was imported on the Windows host: its thumbprint is used')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A host or serial number of the CA: with `--dest`, for its files on UNIX; else for its thumbprint on Windows')
            [CompletionResult]::new('--dest', '--dest', [CompletionResultType]::ParameterName, 'Directory on the host that its certificate is delivered to, full path')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'File with the CRL, full path')
            [CompletionResult]::new('--sec-protocol', '--sec-protocol', [CompletionResultType]::ParameterName, 'Protocol version: SSLv23, TLSv1, TLSv11, TLSv12 or TLSv13')
            [CompletionResult]::new('--cipher-list', '--cipher-list', [CompletionResultType]::ParameterName, 'Cipher suites')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port of the client')
            [CompletionResult]::new('--address', '--address', [CompletionResultType]::ParameterName, 'Address of the client')
            [CompletionResult]::new('--backup-port', '--backup-port', [CompletionResultType]::ParameterName, 'Port of the client for the backup server')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Add this option as it is; may be repeated')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--tls-off', '--tls-off', [CompletionResultType]::ParameterName, 'Switch TLS off: `tls=0`')
            [CompletionResult]::new('--mutual', '--mutual', [CompletionResultType]::ParameterName, 'Require a certificate of clients')
            [CompletionResult]::new('--name-check', '--name-check', [CompletionResultType]::ParameterName, 'Compare the name in the server''s certificate with its host')
            [CompletionResult]::new('--no-check', '--no-check', [CompletionResultType]::ParameterName, 'Skip the check of the files on this machine')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;transport;help' {
            [CompletionResult]::new('parse', 'parse', [CompletionResultType]::ParameterValue, 'Show how the platform reads a `transport` value')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check `transport` values against the rules of the platform')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Write a `transport` value as it was meant')
            [CompletionResult]::new('build', 'build', [CompletionResultType]::ParameterValue, 'Write a `transport` value that the platform reads as it was meant')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;transport;help;parse' {
            break
        }
        'gsec;transport;help;lint' {
            break
        }
        'gsec;transport;help;fix' {
            break
        }
        'gsec;transport;help;build' {
            break
        }
        'gsec;transport;help;help' {
            break
        }
        'gsec;conf' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check configuration and start files against the platform''s rules')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Change one value in a configuration file')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Fix the `transport` values of configuration files')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;conf;lint' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;conf;set' {
            [CompletionResult]::new('--value-file', '--value-file', [CompletionResultType]::ParameterName, 'Read the value from this file; `-` for standard input')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'File with the host''s certificate and chain, full path')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'File with its private key, full path [default: it is in the certificate file]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'File with the CA certificate, full path')
            [CompletionResult]::new('--thumbprint', '--thumbprint', [CompletionResultType]::ParameterName, 'SHA-1 thumbprint of a certificate in the Windows store, in any form')
            [CompletionResult]::new('--pfx', '--pfx', [CompletionResultType]::ParameterName, 'PFX that was imported on the Windows host: its thumbprint is used')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A host or serial number of the CA: with `--dest`, for its files on UNIX; else for its thumbprint on Windows')
            [CompletionResult]::new('--dest', '--dest', [CompletionResultType]::ParameterName, 'Directory on the host that its certificate is delivered to, full path')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: try the empty password, then prompt]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'File with the CRL, full path')
            [CompletionResult]::new('--sec-protocol', '--sec-protocol', [CompletionResultType]::ParameterName, 'Protocol version: SSLv23, TLSv1, TLSv11, TLSv12 or TLSv13')
            [CompletionResult]::new('--cipher-list', '--cipher-list', [CompletionResultType]::ParameterName, 'Cipher suites')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port of the client')
            [CompletionResult]::new('--address', '--address', [CompletionResultType]::ParameterName, 'Address of the client')
            [CompletionResult]::new('--backup-port', '--backup-port', [CompletionResultType]::ParameterName, 'Port of the client for the backup server')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Add this option as it is; may be repeated')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--from-build', '--from-build', [CompletionResultType]::ParameterName, 'Write the value from the options below, as `gsec transport build` does')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Remove the key')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be changed, and change nothing')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--tls-off', '--tls-off', [CompletionResultType]::ParameterName, 'Switch TLS off: `tls=0`')
            [CompletionResult]::new('--mutual', '--mutual', [CompletionResultType]::ParameterName, 'Require a certificate of clients')
            [CompletionResult]::new('--name-check', '--name-check', [CompletionResultType]::ParameterName, 'Compare the name in the server''s certificate with its host')
            [CompletionResult]::new('--no-check', '--no-check', [CompletionResultType]::ParameterName, 'Skip the check of the files on this machine')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;conf;fix' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--drop-shadowed', '--drop-shadowed', [CompletionResultType]::ParameterName, 'Also drop parts of a value that an earlier part of the same name hides')
            [CompletionResult]::new('--fix-names', '--fix-names', [CompletionResultType]::ParameterName, 'Also correct names of options that are probably misspelled')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be fixed, and change nothing')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'As `--dry-run`, and exit with status 1 if something would be fixed')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;conf;help' {
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check configuration and start files against the platform''s rules')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Change one value in a configuration file')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Fix the `transport` values of configuration files')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;conf;help;lint' {
            break
        }
        'gsec;conf;help;set' {
            break
        }
        'gsec;conf;help;fix' {
            break
        }
        'gsec;conf;help;help' {
            break
        }
        'gsec;log' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('filter', 'filter', [CompletionResultType]::ParameterValue, 'Hide or remove the values of chosen keys in a log of the platform')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;log;filter' {
            [CompletionResult]::new('--default', '--default', [CompletionResultType]::ParameterName, 'Action for keys without one of their own [default: copy, or as --rules says]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Action for one key; goes before --rules; repeatable')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'A file with the sections [log-filter] and [log-filter-data]: as the platform writes it (.cfg), .toml or .json')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How pairs are printed in the log. tlib: ''KEY'' ''value''; psdk: ''KEY'' [str] = "value"; auto: both')
            [CompletionResult]::new('--attributes', '--attributes', [CompletionResultType]::ParameterName, 'Filter only these attributes, separated by commas [default: UserData, Extensions, Reason, Reasons; with psdk, all]')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'What to do with the size and first bytes of a list, next to its attribute: keep, as the platform does, or mask')
            [CompletionResult]::new('--max-line', '--max-line', [CompletionResultType]::ParameterName, 'Longest line to look at; longer ones are hidden in lists, and copied elsewhere')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this new file, readable by the users who can read the log [default: standard output]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to this new file, readable by the users who can read the log [default: standard output]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--ignore-case', '--ignore-case', [CompletionResultType]::ParameterName, 'Compare keys without case')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'After a hidden value, end a list only at a line with a time, not at an attribute, which a value can imitate')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Write nothing; exit status 1 if anything would change')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;log;help' {
            [CompletionResult]::new('filter', 'filter', [CompletionResultType]::ParameterValue, 'Hide or remove the values of chosen keys in a log of the platform')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;log;help;filter' {
            break
        }
        'gsec;log;help;help' {
            break
        }
        'gsec;banner' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('write', 'write', [CompletionResultType]::ParameterValue, 'Write a registry file that sets up the log-in banner')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check registry files with the log-in banner')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the settings in a registry file with the log-in banner')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;banner;write' {
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'A document to show: an address or a local file; repeatable')
            [CompletionResult]::new('--error-url', '--error-url', [CompletionResultType]::ParameterName, 'A document to show if no other one can be loaded; repeatable')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'For which applications: all, 13 (Outbound Contact Manager), 19 (Configuration Manager, Wizard Manager), 44 (Solution Control Interface), 51 (Interaction Routing Designer), or a name; repeatable')
            [CompletionResult]::new('--ack-mode', '--ack-mode', [CompletionResultType]::ParameterName, 'Whose acceptance counts: 0 of any application, 1 of the same type of application, 2 none: always ask')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'Title of the banner''s window')
            [CompletionResult]::new('--height', '--height', [CompletionResultType]::ParameterName, 'Height of the banner''s window in pixels, at least 181')
            [CompletionResult]::new('--width', '--width', [CompletionResultType]::ParameterName, 'Width of the banner''s window in pixels, at least 360')
            [CompletionResult]::new('--show-timeout', '--show-timeout', [CompletionResultType]::ParameterName, 'How long to wait until a document appears, in milliseconds [default: 3000, by the applications]')
            [CompletionResult]::new('--no-complete-timeout', '--no-complete-timeout', [CompletionResultType]::ParameterName, 'How long to wait until a document is complete, in milliseconds; 0: no limit [default: 2000, by the applications]')
            [CompletionResult]::new('--url-layout', '--url-layout', [CompletionResultType]::ParameterName, 'Where the documents of one application are: urls, in its key URLs, or flat, directly in its key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this new file [default: standard output]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to this new file [default: standard output]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--mandatory', '--mandatory', [CompletionResultType]::ParameterName, 'Make acceptance a condition for logging in, also if no document can be loaded')
            [CompletionResult]::new('--expand', '--expand', [CompletionResultType]::ParameterName, 'Have Windows replace variables such as %SystemRoot% in the documents'' addresses')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Write a file that removes the banner; for all applications, together with those of single ones')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;banner;lint' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;banner;show' {
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'Show what this application uses: 13, 19, 44, 51 or its name')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;banner;help' {
            [CompletionResult]::new('write', 'write', [CompletionResultType]::ParameterValue, 'Write a registry file that sets up the log-in banner')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check registry files with the log-in banner')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the settings in a registry file with the log-in banner')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;banner;help;write' {
            break
        }
        'gsec;banner;help;lint' {
            break
        }
        'gsec;banner;help;show' {
            break
        }
        'gsec;banner;help;help' {
            break
        }
        'gsec;compat' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('link', 'link', [CompletionResultType]::ParameterValue, 'Write create_ca.sh and create_cert.sh, which call gsec')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;compat;link' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;compat;help' {
            [CompletionResult]::new('link', 'link', [CompletionResultType]::ParameterValue, 'Write create_ca.sh and create_cert.sh, which call gsec')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;compat;help;link' {
            break
        }
        'gsec;compat;help;help' {
            break
        }
        'gsec;completions' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;complete' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;man' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write one page per command to this directory')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use color; auto: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE forces it. JSON is never colored')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Seconds to wait for the CA directory''s lock')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as JSON on stdout (errors as JSON on stderr)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and answers: nothing about what was done, and no warnings')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; fail if a required value is missing; implied by `--json`, but not by `--quiet`')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;help' {
            [CompletionResult]::new('quickstart', 'quickstart', [CompletionResultType]::ParameterValue, 'Create a CA and a first host certificate, and verify it')
            [CompletionResult]::new('ca', 'ca', [CompletionResultType]::ParameterValue, 'Create, show and adopt a certification authority')
            [CompletionResult]::new('cert', 'cert', [CompletionResultType]::ParameterValue, 'Issue, renew, bundle, revoke, verify and show certificates')
            [CompletionResult]::new('crl', 'crl', [CompletionResultType]::ParameterValue, 'Create and show certificate revocation lists')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Convert certificates and keys between PEM, DER and PKCS #12')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Make the programs of a machine trust a CA, or no longer trust it')
            [CompletionResult]::new('fleet', 'fleet', [CompletionResultType]::ParameterValue, 'Check and certify all hosts of an inventory')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve the CA: hosts fetch and renew certificates by ACME')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Raise alarms before certificates, the CRL or the server fail')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Diagnose TLS problems and show how to fix them')
            [CompletionResult]::new('transport', 'transport', [CompletionResultType]::ParameterValue, 'Check, fix and write the `transport` values of the old platform')
            [CompletionResult]::new('conf', 'conf', [CompletionResultType]::ParameterValue, 'Check and change configuration and start files of the old platform')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'Hide data in existing logs of the contact-center platform')
            [CompletionResult]::new('banner', 'banner', [CompletionResultType]::ParameterValue, 'Write and check registry files for the platform''s log-in banner')
            [CompletionResult]::new('compat', 'compat', [CompletionResultType]::ParameterValue, 'Drop-in replacements for create_ca.sh and create_cert.sh')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Generate shell completions')
            [CompletionResult]::new('complete', 'complete', [CompletionResultType]::ParameterValue, 'Print what the last of these words can become, for the scripts of `gsec completions`')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write the pages of all commands')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;help;quickstart' {
            break
        }
        'gsec;help;ca' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Create a certification authority')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Create a CSR for an intermediate CA, to be signed by its parent CA')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Sign the CSR of an intermediate CA')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Install the certificate issued by the parent CA')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the CA: name, key, expiry, next serial, and what it has issued')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Adopt a CA directory created by the old scripts')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'Print or verify the audit log')
            [CompletionResult]::new('passphrase', 'passphrase', [CompletionResultType]::ParameterValue, 'Set, change or remove the passphrase of the CA key')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Renew the CA certificate, with the same key and name')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Roll over the CA key, with cross-certificates for a gradual migration')
            break
        }
        'gsec;help;ca;init' {
            break
        }
        'gsec;help;ca;request' {
            break
        }
        'gsec;help;ca;sign' {
            break
        }
        'gsec;help;ca;accept' {
            break
        }
        'gsec;help;ca;show' {
            break
        }
        'gsec;help;ca;adopt' {
            break
        }
        'gsec;help;ca;log' {
            break
        }
        'gsec;help;ca;passphrase' {
            break
        }
        'gsec;help;ca;renew' {
            break
        }
        'gsec;help;ca;rekey' {
            break
        }
        'gsec;help;cert' {
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Issue a certificate for a host, with its key and a PFX')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Create a private key and a CSR on the host; no CA is needed')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Sign a CSR that was created elsewhere')
            [CompletionResult]::new('ensure', 'ensure', [CompletionResultType]::ParameterValue, 'Issue a certificate unless the host already has a matching one')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Issue a new certificate to replace an existing one')
            [CompletionResult]::new('bundle', 'bundle', [CompletionResultType]::ParameterValue, 'Make a bundle for one service: files, install script, settings')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the certificates that the CA has issued')
            [CompletionResult]::new('fetch', 'fetch', [CompletionResultType]::ParameterValue, 'Fetch the certificates that a server presents')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything in a certificate, a CSR, or a PKCS #12 file')
            [CompletionResult]::new('match', 'match', [CompletionResultType]::ParameterValue, 'Check whether keys, certificates and CSRs belong together')
            [CompletionResult]::new('thumbprint', 'thumbprint', [CompletionResultType]::ParameterValue, 'Print the thumbprint of a certificate')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check whether a certificate is valid, and explain why not')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke certificates, and create a new CRL')
            [CompletionResult]::new('unhold', 'unhold', [CompletionResultType]::ParameterValue, 'Release certificates that are on hold (certificateHold)')
            break
        }
        'gsec;help;cert;issue' {
            break
        }
        'gsec;help;cert;request' {
            break
        }
        'gsec;help;cert;sign' {
            break
        }
        'gsec;help;cert;ensure' {
            break
        }
        'gsec;help;cert;renew' {
            break
        }
        'gsec;help;cert;bundle' {
            break
        }
        'gsec;help;cert;list' {
            break
        }
        'gsec;help;cert;fetch' {
            break
        }
        'gsec;help;cert;show' {
            break
        }
        'gsec;help;cert;match' {
            break
        }
        'gsec;help;cert;thumbprint' {
            break
        }
        'gsec;help;cert;verify' {
            break
        }
        'gsec;help;cert;revoke' {
            break
        }
        'gsec;help;cert;unhold' {
            break
        }
        'gsec;help;crl' {
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Create a new CRL of all revoked certificates')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything in a CRL')
            break
        }
        'gsec;help;crl;update' {
            break
        }
        'gsec;help;crl;show' {
            break
        }
        'gsec;help;convert' {
            [CompletionResult]::new('to-pem', 'to-pem', [CompletionResultType]::ParameterValue, 'Convert a PKCS #12 or DER file to PEM')
            [CompletionResult]::new('to-pfx', 'to-pfx', [CompletionResultType]::ParameterValue, 'Create a PKCS #12 file (PFX) from certificate, key and chain')
            [CompletionResult]::new('to-der', 'to-der', [CompletionResultType]::ParameterValue, 'Convert a PEM file with one certificate, key, CSR or CRL to DER')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Convert a private key between PKCS #8, PKCS #1, SEC 1, PEM and DER')
            break
        }
        'gsec;help;convert;to-pem' {
            break
        }
        'gsec;help;convert;to-pfx' {
            break
        }
        'gsec;help;convert;to-der' {
            break
        }
        'gsec;help;convert;key' {
            break
        }
        'gsec;help;trust' {
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Make the programs of this machine trust a CA')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Make the programs of this machine no longer trust a CA')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show where on this machine a CA is trusted')
            break
        }
        'gsec;help;trust;install' {
            break
        }
        'gsec;help;trust;uninstall' {
            break
        }
        'gsec;help;trust;status' {
            break
        }
        'gsec;help;fleet' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check an inventory against the rules of the platform')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'Show what `fleet apply` would do, and why')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Issue what the inventory lacks, and write the bundles of its hosts')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show whether hosts have their certificates, and ports serve them')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Show the security settings of an application, and where each is set')
            [CompletionResult]::new('render', 'render', [CompletionResultType]::ParameterValue, 'Print what an inventory means to scripts, firewalls and hosts')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Make an inventory from a CA, a Configuration Server export or a table')
            [CompletionResult]::new('timer', 'timer', [CompletionResultType]::ParameterValue, 'Print a timer that keeps the certificates of an inventory up to date')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of the inventory, for editors')
            break
        }
        'gsec;help;fleet;check' {
            break
        }
        'gsec;help;fleet;plan' {
            break
        }
        'gsec;help;fleet;apply' {
            break
        }
        'gsec;help;fleet;status' {
            break
        }
        'gsec;help;fleet;explain' {
            break
        }
        'gsec;help;fleet;render' {
            [CompletionResult]::new('args', 'args', [CompletionResultType]::ParameterValue, 'Print start arguments for client-side ports')
            [CompletionResult]::new('connections', 'connections', [CompletionResultType]::ParameterValue, 'Print the transport parameters of connections with client-side ports')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Print the search paths for the security libraries on UNIX hosts')
            [CompletionResult]::new('firewall', 'firewall', [CompletionResultType]::ParameterValue, 'Print firewall rules for the connections of an inventory')
            [CompletionResult]::new('receiver', 'receiver', [CompletionResultType]::ParameterValue, 'Print the script that lets a host receive its bundles over ssh')
            break
        }
        'gsec;help;fleet;render;args' {
            break
        }
        'gsec;help;fleet;render;connections' {
            break
        }
        'gsec;help;fleet;render;env' {
            break
        }
        'gsec;help;fleet;render;firewall' {
            break
        }
        'gsec;help;fleet;render;receiver' {
            break
        }
        'gsec;help;fleet;import' {
            break
        }
        'gsec;help;fleet;timer' {
            break
        }
        'gsec;help;fleet;schema' {
            break
        }
        'gsec;help;serve' {
            [CompletionResult]::new('grant', 'grant', [CompletionResultType]::ParameterValue, 'Say who may have certificates for which names')
            [CompletionResult]::new('eab', 'eab', [CompletionResultType]::ParameterValue, 'Give out keys of external accounts (EAB)')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what serves this CA directory, and how it is')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Back up the CA directory and the server''s state to one encrypted file')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Restore a CA directory from a backup, or check the backup')
            [CompletionResult]::new('move-key', 'move-key', [CompletionResultType]::ParameterValue, 'Give the CA key a directory and a user of its own, or bring it back')
            [CompletionResult]::new('signer', 'signer', [CompletionResultType]::ParameterValue, 'Run only the process that has the CA key')
            [CompletionResult]::new('front', 'front', [CompletionResultType]::ParameterValue, 'Run only the part of the server that talks to the network')
            break
        }
        'gsec;help;serve;grant' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Grant names to everyone, an account, or the accounts of an EAB key')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is granted')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take grants back; `grant list` has their ids')
            break
        }
        'gsec;help;serve;grant;add' {
            break
        }
        'gsec;help;serve;grant;list' {
            break
        }
        'gsec;help;serve;grant;remove' {
            break
        }
        'gsec;help;serve;eab' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Make a key, and print it: this once and never again')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the keys, and the accounts that they have made')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Revoke keys, and take back what was granted to them')
            break
        }
        'gsec;help;serve;eab;add' {
            break
        }
        'gsec;help;serve;eab;list' {
            break
        }
        'gsec;help;serve;eab;remove' {
            break
        }
        'gsec;help;serve;status' {
            break
        }
        'gsec;help;serve;backup' {
            break
        }
        'gsec;help;serve;restore' {
            break
        }
        'gsec;help;serve;move-key' {
            break
        }
        'gsec;help;serve;signer' {
            break
        }
        'gsec;help;serve;front' {
            break
        }
        'gsec;help;watch' {
            break
        }
        'gsec;help;doctor' {
            [CompletionResult]::new('handshake', 'handshake', [CompletionResultType]::ParameterValue, 'Rehearse a TLS handshake, and report which side would fail, and why')
            break
        }
        'gsec;help;doctor;handshake' {
            break
        }
        'gsec;help;transport' {
            [CompletionResult]::new('parse', 'parse', [CompletionResultType]::ParameterValue, 'Show how the platform reads a `transport` value')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check `transport` values against the rules of the platform')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Write a `transport` value as it was meant')
            [CompletionResult]::new('build', 'build', [CompletionResultType]::ParameterValue, 'Write a `transport` value that the platform reads as it was meant')
            break
        }
        'gsec;help;transport;parse' {
            break
        }
        'gsec;help;transport;lint' {
            break
        }
        'gsec;help;transport;fix' {
            break
        }
        'gsec;help;transport;build' {
            break
        }
        'gsec;help;conf' {
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check configuration and start files against the platform''s rules')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Change one value in a configuration file')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Fix the `transport` values of configuration files')
            break
        }
        'gsec;help;conf;lint' {
            break
        }
        'gsec;help;conf;set' {
            break
        }
        'gsec;help;conf;fix' {
            break
        }
        'gsec;help;log' {
            [CompletionResult]::new('filter', 'filter', [CompletionResultType]::ParameterValue, 'Hide or remove the values of chosen keys in a log of the platform')
            break
        }
        'gsec;help;log;filter' {
            break
        }
        'gsec;help;banner' {
            [CompletionResult]::new('write', 'write', [CompletionResultType]::ParameterValue, 'Write a registry file that sets up the log-in banner')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check registry files with the log-in banner')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the settings in a registry file with the log-in banner')
            break
        }
        'gsec;help;banner;write' {
            break
        }
        'gsec;help;banner;lint' {
            break
        }
        'gsec;help;banner;show' {
            break
        }
        'gsec;help;compat' {
            [CompletionResult]::new('link', 'link', [CompletionResultType]::ParameterValue, 'Write create_ca.sh and create_cert.sh, which call gsec')
            break
        }
        'gsec;help;compat;link' {
            break
        }
        'gsec;help;completions' {
            break
        }
        'gsec;help;complete' {
            break
        }
        'gsec;help;man' {
            break
        }
        'gsec;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
