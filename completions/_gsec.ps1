
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('quickstart', 'quickstart', [CompletionResultType]::ParameterValue, 'First contact: a CA, a certificate for one host, verified')
            [CompletionResult]::new('ca', 'ca', [CompletionResultType]::ParameterValue, 'Create, show and adopt a certification authority')
            [CompletionResult]::new('cert', 'cert', [CompletionResultType]::ParameterValue, 'Issue, ensure, renew, request, sign, list, fetch, show, compare, verify and revoke certificates')
            [CompletionResult]::new('crl', 'crl', [CompletionResultType]::ParameterValue, 'Make and show certificate revocation lists')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Convert certificates and keys between PEM, DER and PKCS #12')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Say why a secure connection is not established, and what mends it')
            [CompletionResult]::new('compat', 'compat', [CompletionResultType]::ParameterValue, 'Stand in for the old scripts create_ca.sh and create_cert.sh')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write the pages of all commands')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;quickstart' {
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Create a certification authority')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Make a request for a CA certificate, which another CA certifies')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Certify an intermediate CA on its request')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Take in the certificate that the CA above has made')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the CA: name, key, expiry, thumbprints, next serial number, and what it has issued')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Take over a CA directory that the old scripts made')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'Print the audit log, or check it')
            [CompletionResult]::new('passphrase', 'passphrase', [CompletionResultType]::ParameterValue, 'Set, change or remove the passphrase of the CA key')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Give the CA a new certificate for the same key and name')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Give the CA another key under the same name, and let peers go over one by one')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;ca;init' {
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Name of the CA (common name)')
            [CompletionResult]::new('--email', '--email', [CompletionResultType]::ParameterName, 'E-mail address of who runs the CA')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organisational unit; may be given several times')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organisation')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Kind of key [default: rsa]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: 2048]')
            [CompletionResult]::new('--path-len', '--path-len', [CompletionResultType]::ParameterName, 'How many intermediate CAs may stand below this one [default: no limit for a root, 0 for an intermediate CA]')
            [CompletionResult]::new('--permit-dns', '--permit-dns', [CompletionResultType]::ParameterName, 'Permit host names in this domain only, and no other kinds of name; may be given several times')
            [CompletionResult]::new('--permit-ip', '--permit-ip', [CompletionResultType]::ParameterName, 'Permit addresses in this block only, and no other kinds of name; may be given several times')
            [CompletionResult]::new('--serial-mode', '--serial-mode', [CompletionResultType]::ParameterName, 'Where serial numbers come from')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days, counted from now in units of 24 hours [default: 3650 for a root, 1825 for an intermediate CA]')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'End of lifetime: `2036-12-31`, or `2036-12-31T12:00:00Z`')
            [CompletionResult]::new('--parent', '--parent', [CompletionResultType]::ParameterName, 'Make an intermediate CA below the CA in this directory')
            [CompletionResult]::new('--parent-passphrase-file', '--parent-passphrase-file', [CompletionResultType]::ParameterName, 'Read the passphrase of the parent''s key from a file')
            [CompletionResult]::new('--parent-passphrase-env', '--parent-passphrase-env', [CompletionResultType]::ParameterName, 'Read the passphrase of the parent''s key from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--encrypt-key', '--encrypt-key', [CompletionResultType]::ParameterName, 'Encrypt the CA key with a passphrase')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--parent-passphrase-stdin', '--parent-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the passphrase of the parent''s key from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be made, and make nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;request' {
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Name of the CA (common name)')
            [CompletionResult]::new('--email', '--email', [CompletionResultType]::ParameterName, 'E-mail address of who runs the CA')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organisational unit; may be given several times')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organisation')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Kind of key [default: rsa]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: 2048]')
            [CompletionResult]::new('--path-len', '--path-len', [CompletionResultType]::ParameterName, 'How many intermediate CAs may stand below this one [default: no limit for a root, 0 for an intermediate CA]')
            [CompletionResult]::new('--permit-dns', '--permit-dns', [CompletionResultType]::ParameterName, 'Permit host names in this domain only, and no other kinds of name; may be given several times')
            [CompletionResult]::new('--permit-ip', '--permit-ip', [CompletionResultType]::ParameterName, 'Permit addresses in this block only, and no other kinds of name; may be given several times')
            [CompletionResult]::new('--serial-mode', '--serial-mode', [CompletionResultType]::ParameterName, 'Where serial numbers come from')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the request into this file; `-` is standard output [default: the CA directory, or standard output]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--encrypt-key', '--encrypt-key', [CompletionResultType]::ParameterName, 'Encrypt the CA key with a passphrase')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be made, and make nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;sign' {
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Name of the CA (common name)')
            [CompletionResult]::new('--email', '--email', [CompletionResultType]::ParameterName, 'E-mail address of who runs the CA')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organisational unit; may be given several times')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organisation')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--path-len', '--path-len', [CompletionResultType]::ParameterName, 'How many intermediate CAs may stand below this one [default: no limit for a root, 0 for an intermediate CA]')
            [CompletionResult]::new('--permit-dns', '--permit-dns', [CompletionResultType]::ParameterName, 'Permit host names in this domain only, and no other kinds of name; may be given several times')
            [CompletionResult]::new('--permit-ip', '--permit-ip', [CompletionResultType]::ParameterName, 'Permit addresses in this block only, and no other kinds of name; may be given several times')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days, counted from now in units of 24 hours [default: 3650 for a root, 1825 for an intermediate CA]')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'End of lifetime: `2036-12-31`, or `2036-12-31T12:00:00Z`')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the certificate and those above it into this file, for `gsec ca accept`')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--stdout', '--stdout', [CompletionResultType]::ParameterName, 'Print the certificate and those above it as PEM on stdout')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be signed and written, and do nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;accept' {
            [CompletionResult]::new('--chain', '--chain', [CompletionResultType]::ParameterName, 'Certificates above it, up to the root; may be given several times')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be accepted, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;show' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;adopt' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what is weak and what would be changed, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;log' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Only the newest lines, so many')
            [CompletionResult]::new('--expect-head', '--expect-head', [CompletionResultType]::ParameterName, 'A head that was noted before, which the log must have')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print one JSON document for each line')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Check that the log is whole')
            [CompletionResult]::new('--all-signatures', '--all-signatures', [CompletionResultType]::ParameterName, 'Check every signature, not only the last')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--new-passphrase-stdin', '--new-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the new passphrase from standard input')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove the passphrase: whoever can read the key file has the key then')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be changed, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;renew' {
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'End of lifetime: `2036-12-31`, or `2036-12-31T12:00:00Z`')
            [CompletionResult]::new('--parent', '--parent', [CompletionResultType]::ParameterName, 'Have an intermediate CA certified anew by the CA in this directory')
            [CompletionResult]::new('--parent-passphrase-file', '--parent-passphrase-file', [CompletionResultType]::ParameterName, 'Read the passphrase of the parent''s key from a file')
            [CompletionResult]::new('--parent-passphrase-env', '--parent-passphrase-env', [CompletionResultType]::ParameterName, 'Read the passphrase of the parent''s key from an environment variable')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days, counted from now in units of 24 hours [default: 3650; 1825 with --parent]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--keep-serial', '--keep-serial', [CompletionResultType]::ParameterName, 'Give the new certificate the serial number of the old one. Two certificates of one issuer and number confuse caches')
            [CompletionResult]::new('--parent-passphrase-stdin', '--parent-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the passphrase of the parent''s key from standard input')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be made, and make nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;rekey' {
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'End of lifetime: `2036-12-31`, or `2036-12-31T12:00:00Z`')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Kind of the new key [default: that of the old one]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: those of the old key, or 2048]')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days, counted from now in units of 24 hours [default: 3650]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be made, and make nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;ca;help' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Create a certification authority')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Make a request for a CA certificate, which another CA certifies')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Certify an intermediate CA on its request')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Take in the certificate that the CA above has made')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the CA: name, key, expiry, thumbprints, next serial number, and what it has issued')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Take over a CA directory that the old scripts made')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'Print the audit log, or check it')
            [CompletionResult]::new('passphrase', 'passphrase', [CompletionResultType]::ParameterValue, 'Set, change or remove the passphrase of the CA key')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Give the CA a new certificate for the same key and name')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Give the CA another key under the same name, and let peers go over one by one')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Issue a certificate for a host, with its key and a PFX')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Make a private key and a request (CSR) where the key will live; no CA is needed')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Certify a request (CSR) that was made elsewhere, with the key that it is about')
            [CompletionResult]::new('ensure', 'ensure', [CompletionResultType]::ParameterValue, 'Issue a certificate for a host unless it has one as wanted')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Issue a new certificate in place of an old one')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what the CA has issued')
            [CompletionResult]::new('fetch', 'fetch', [CompletionResultType]::ParameterValue, 'Fetch the certificates that a server presents')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything in a certificate, a CSR, or a PKCS #12 file')
            [CompletionResult]::new('match', 'match', [CompletionResultType]::ParameterValue, 'Say whether keys, certificates and requests belong together')
            [CompletionResult]::new('thumbprint', 'thumbprint', [CompletionResultType]::ParameterValue, 'Print the thumbprint of a certificate')
            [CompletionResult]::new('fingerprint', 'fingerprint', [CompletionResultType]::ParameterValue, 'Print the thumbprint of a certificate')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Say whether a certificate is valid, and if not, why')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke certificates, and make a new CRL')
            [CompletionResult]::new('unhold', 'unhold', [CompletionResultType]::ParameterValue, 'Take a hold back: certificates that were revoked as certificateHold are valid again')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;cert;issue' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Fully qualified name or IP address of the host; `*.example.com` for a wildcard')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Further name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; may be given several times, or with commas between the names')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of gsec.toml: what the certificate may be used for [default: host]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Issue for every host of a list: CSV with a header, JSON or TOML; `-` reads standard input')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many keys are made at once [default: one for each processor]')
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Common name [default: the host]')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organisational unit; may be given several times')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organisation')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days, counted from now in units of 24 hours [default: 100, or as the profile says]')
            [CompletionResult]::new('--lifetime', '--lifetime', [CompletionResultType]::ParameterName, 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'End of lifetime: `2027-12-31`, or `2027-12-31T12:00:00Z`')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Kind of key [default: rsa]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: 2048]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Use this private key instead of a new one')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--pfx-password-file', '--pfx-password-file', [CompletionResultType]::ParameterName, 'Read the PFX''s password from a file [default: the empty password]')
            [CompletionResult]::new('--pfx-password-env', '--pfx-password-env', [CompletionResultType]::ParameterName, 'Read the PFX''s password from an environment variable')
            [CompletionResult]::new('--pfx-encryption', '--pfx-encryption', [CompletionResultType]::ParameterName, 'How the PFX is encrypted. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016')
            [CompletionResult]::new('--friendly-name', '--friendly-name', [CompletionResultType]::ParameterName, 'Name that dialogues and Java show for the entry [default: the host]')
            [CompletionResult]::new('--key-format', '--key-format', [CompletionResultType]::ParameterName, 'Form of the private key file: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Write certificate, key and PFX into this folder as well')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--keep-going', '--keep-going', [CompletionResultType]::ParameterName, 'Go on when a row fails; this is the default')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Begin nothing more after the first row that fails')
            [CompletionResult]::new('--again', '--again', [CompletionResultType]::ParameterName, 'Issue for hosts as well that have such a certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--pfx-password-stdin', '--pfx-password-stdin', [CompletionResultType]::ParameterName, 'Read the PFX''s password from standard input')
            [CompletionResult]::new('--no-pfx', '--no-pfx', [CompletionResultType]::ParameterName, 'Write no PFX')
            [CompletionResult]::new('--no-keep-key', '--no-keep-key', [CompletionResultType]::ParameterName, 'Keep neither key nor PFX in the CA''s repository')
            [CompletionResult]::new('--stdout', '--stdout', [CompletionResultType]::ParameterName, 'Print certificate and key as PEM on stdout, and keep no key')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be signed and written, and do nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;request' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Fully qualified name or IP address of the host; `*.example.com` for a wildcard')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Further name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; may be given several times, or with commas between the names')
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Common name [default: the host]')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organisational unit; may be given several times')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organisation')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Kind of key [default: rsa]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: 2048]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Use this private key instead of a new one')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--key-format', '--key-format', [CompletionResultType]::ParameterName, 'Form of the private key file: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to write: pem, or certreq-inf for Windows, which makes the key itself')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Write into this folder [default: the current directory]')
            [CompletionResult]::new('--new-password-file', '--new-password-file', [CompletionResultType]::ParameterName, 'Encrypt the key under a password from a file')
            [CompletionResult]::new('--new-password-env', '--new-password-env', [CompletionResultType]::ParameterName, 'Encrypt the key under a password from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--stdout', '--stdout', [CompletionResultType]::ParameterName, 'Print the request on stdout, where no key is made')
            [CompletionResult]::new('--new-password-stdin', '--new-password-stdin', [CompletionResultType]::ParameterName, 'Encrypt the key under a password from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be made, and make nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;sign' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Fully qualified name or IP address of the host; `*.example.com` for a wildcard')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Further name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; may be given several times, or with commas between the names')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of gsec.toml: what the certificate may be used for [default: host]')
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Common name [default: the host]')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organisational unit; may be given several times')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organisation')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days, counted from now in units of 24 hours [default: 100, or as the profile says]')
            [CompletionResult]::new('--lifetime', '--lifetime', [CompletionResultType]::ParameterName, 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'End of lifetime: `2027-12-31`, or `2027-12-31T12:00:00Z`')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Write the certificate into this folder as well')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--accept-csr-names', '--accept-csr-names', [CompletionResultType]::ParameterName, 'Certify the names too that the request asks for')
            [CompletionResult]::new('--stdout', '--stdout', [CompletionResultType]::ParameterName, 'Print the certificate as PEM on stdout; the repository keeps it too')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be signed and written, and do nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;ensure' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Fully qualified name or IP address of the host; `*.example.com` for a wildcard')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Further name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI; may be given several times, or with commas between the names')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of gsec.toml: what the certificate may be used for [default: host]')
            [CompletionResult]::new('--cn', '--cn', [CompletionResultType]::ParameterName, 'Common name [default: the host]')
            [CompletionResult]::new('--ou', '--ou', [CompletionResultType]::ParameterName, 'Organisational unit; may be given several times')
            [CompletionResult]::new('--org', '--org', [CompletionResultType]::ParameterName, 'Organisation')
            [CompletionResult]::new('--locality', '--locality', [CompletionResultType]::ParameterName, 'City')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State or province')
            [CompletionResult]::new('--country', '--country', [CompletionResultType]::ParameterName, 'Country, two letters')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days, counted from now in units of 24 hours [default: 100, or as the profile says]')
            [CompletionResult]::new('--lifetime', '--lifetime', [CompletionResultType]::ParameterName, 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'End of lifetime: `2027-12-31`, or `2027-12-31T12:00:00Z`')
            [CompletionResult]::new('--renew-before', '--renew-before', [CompletionResultType]::ParameterName, 'Renew when no more than this is left: `12h`, `30d`, `4w`. Of a certificate that does not last longer: when a third is left')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Kind of key [default: rsa]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Bits of an RSA key: 2048, 3072, 4096 or 8192 [default: 2048]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Use this private key instead of a new one')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--csr', '--csr', [CompletionResultType]::ParameterName, 'Certify the key of this request, which must be signed by it; no private key and no PFX are written')
            [CompletionResult]::new('--pfx-password-file', '--pfx-password-file', [CompletionResultType]::ParameterName, 'Read the PFX''s password from a file [default: the empty password]')
            [CompletionResult]::new('--pfx-password-env', '--pfx-password-env', [CompletionResultType]::ParameterName, 'Read the PFX''s password from an environment variable')
            [CompletionResult]::new('--pfx-encryption', '--pfx-encryption', [CompletionResultType]::ParameterName, 'How the PFX is encrypted. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016')
            [CompletionResult]::new('--friendly-name', '--friendly-name', [CompletionResultType]::ParameterName, 'Name that dialogues and Java show for the entry [default: the host]')
            [CompletionResult]::new('--key-format', '--key-format', [CompletionResultType]::ParameterName, 'Form of the private key file: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Write certificate, key and PFX into this folder as well')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--accept-csr-names', '--accept-csr-names', [CompletionResultType]::ParameterName, 'Certify the names too that the request asks for')
            [CompletionResult]::new('--pfx-password-stdin', '--pfx-password-stdin', [CompletionResultType]::ParameterName, 'Read the PFX''s password from standard input')
            [CompletionResult]::new('--no-pfx', '--no-pfx', [CompletionResultType]::ParameterName, 'Write no PFX')
            [CompletionResult]::new('--no-keep-key', '--no-keep-key', [CompletionResultType]::ParameterName, 'Keep neither key nor PFX in the CA''s repository')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Only say whether something would be changed: exit status 1 if so')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be signed and written, and do nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;renew' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of gsec.toml [default: that of the old one]')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime in days, counted from now in units of 24 hours [default: 100, or as the profile says]')
            [CompletionResult]::new('--lifetime', '--lifetime', [CompletionResultType]::ParameterName, 'Lifetime with its unit: `90m`, `12h`, `30d`, `52w`')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'End of lifetime: `2027-12-31`, or `2027-12-31T12:00:00Z`')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Use this private key instead of a new one')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--pfx-password-file', '--pfx-password-file', [CompletionResultType]::ParameterName, 'Read the PFX''s password from a file [default: the empty password]')
            [CompletionResult]::new('--pfx-password-env', '--pfx-password-env', [CompletionResultType]::ParameterName, 'Read the PFX''s password from an environment variable')
            [CompletionResult]::new('--pfx-encryption', '--pfx-encryption', [CompletionResultType]::ParameterName, 'How the PFX is encrypted. modern: AES-256, read by Windows Server 2019 and later, macOS 15, Java 8u301, NSS, OpenSSL. compat: 3DES and SHA-1, read by all of them and by Windows Server 2008 to 2016')
            [CompletionResult]::new('--key-format', '--key-format', [CompletionResultType]::ParameterName, 'Form of the private key file: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Write certificate, key and PFX into this folder as well')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--key-type', '--key-type', [CompletionResultType]::ParameterName, 'Kind of a new key [default: that of the old one]')
            [CompletionResult]::new('--key-size', '--key-size', [CompletionResultType]::ParameterName, 'Bits of a new RSA key: 2048, 3072, 4096 or 8192 [default: as the old one]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Take the argument as a serial number of this CA, whatever files and hosts there are')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Take the argument as a file, whatever serial numbers and hosts there are')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Take the argument as a host, whatever files and serial numbers there are')
            [CompletionResult]::new('--keep-key', '--keep-key', [CompletionResultType]::ParameterName, 'Certify the same key again')
            [CompletionResult]::new('--revoke-old', '--revoke-old', [CompletionResultType]::ParameterName, 'Revoke the old certificate as superseded, and make a new CRL')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--pfx-password-stdin', '--pfx-password-stdin', [CompletionResultType]::ParameterName, 'Read the PFX''s password from standard input')
            [CompletionResult]::new('--no-pfx', '--no-pfx', [CompletionResultType]::ParameterName, 'Write no PFX')
            [CompletionResult]::new('--no-keep-key', '--no-keep-key', [CompletionResultType]::ParameterName, 'Keep neither key nor PFX in the CA''s repository')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be signed and written, and do nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;list' {
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Only certificates of this status; one past its end is expired')
            [CompletionResult]::new('--expires-within', '--expires-within', [CompletionResultType]::ParameterName, 'Only valid certificates that expire within this time: `30d`, `12h`')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Only certificates that name a host which matches this pattern, with `*` and `?`')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'At most so many')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print one JSON document for each certificate, each on a line of its own')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;fetch' {
            [CompletionResult]::new('--server-name', '--server-name', [CompletionResultType]::ParameterName, 'The server name to send (SNI) [default: the host, unless it is an address]')
            [CompletionResult]::new('--client-cert', '--client-cert', [CompletionResultType]::ParameterName, 'Show this client certificate if the server asks for one; its issuers may follow it, and its key too')
            [CompletionResult]::new('--client-key', '--client-key', [CompletionResultType]::ParameterName, 'The key of the client certificate [default: the one in the file of `--client-cert`]')
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'Connect from this address of this machine, and this port')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Connect through this HTTP proxy (CONNECT)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long each step may take; all of them together may take three times as long')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the certificates into this file [default: -, standard output]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the certificates into this file [default: -, standard output]')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--no-sni', '--no-sni', [CompletionResultType]::ParameterName, 'Send no server name')
            [CompletionResult]::new('--no-dns', '--no-dns', [CompletionResultType]::ParameterName, 'Resolve no names: hosts are given by their addresses')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;show' {
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Take the argument as a serial number of this CA, whatever files and hosts there are')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Take the argument as a file, whatever serial numbers and hosts there are')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Take the argument as a host, whatever files and serial numbers there are')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;match' {
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;thumbprint' {
            [CompletionResult]::new('--hash', '--hash', [CompletionResultType]::ParameterName, 'The digest')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'spaced `9a ab db`, colon `9A:AB:DB`, or compact `9aabdb`')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Take the argument as a serial number of this CA, whatever files and hosts there are')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Take the argument as a file, whatever serial numbers and hosts there are')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Take the argument as a host, whatever files and serial numbers there are')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;fingerprint' {
            [CompletionResult]::new('--hash', '--hash', [CompletionResultType]::ParameterName, 'The digest')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'spaced `9a ab db`, colon `9A:AB:DB`, or compact `9aabdb`')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Take the argument as a serial number of this CA, whatever files and hosts there are')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Take the argument as a file, whatever serial numbers and hosts there are')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Take the argument as a host, whatever files and serial numbers there are')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;verify' {
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'Trust the certificates in this file, instead of the CA directory''s; may be given several times')
            [CompletionResult]::new('--untrusted', '--untrusted', [CompletionResultType]::ParameterName, 'Intermediate certificates; may be given several times')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The host that the certificate shall be for')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'What it shall be used for [default: server with --name, else any]')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to decide for: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'A CRL to heed, complete, partial, indirect or delta; may be given several times')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'A certificate policy that is acceptable, for `--explicit-policy` and for CAs that demand one; may be given several times [default: any]')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Take the argument as a serial number of this CA, whatever files and hosts there are')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Take the argument as a file, whatever serial numbers and hosts there are')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Take the argument as a host, whatever files and serial numbers there are')
            [CompletionResult]::new('--require-crl', '--require-crl', [CompletionResultType]::ParameterName, 'Refuse unless CRLs say of every certificate below the trusted one that it is not revoked, as `openssl verify -crl_check_all` does; the CRL of the CA directory counts, too')
            [CompletionResult]::new('--explicit-policy', '--explicit-policy', [CompletionResultType]::ParameterName, 'Refuse unless an acceptable certificate policy is valid for the whole path (RFC 5280 §6.1.1)')
            [CompletionResult]::new('--inhibit-any-policy', '--inhibit-any-policy', [CompletionResultType]::ParameterName, 'Do not let anyPolicy in a certificate stand for other policies')
            [CompletionResult]::new('--inhibit-policy-mapping', '--inhibit-policy-mapping', [CompletionResultType]::ParameterName, 'Do not let CAs map one policy to another')
            [CompletionResult]::new('--allow-cn', '--allow-cn', [CompletionResultType]::ParameterName, 'Accept a common name equal to the host where there is no dNSName, as old peers do')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Take the argument as a serial number of this CA, whatever files and hosts there are')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Take the argument as a file, whatever serial numbers and hosts there are')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Take the argument as a host, whatever files and serial numbers there are')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Of a host with several certificates, all that this can be done to')
            [CompletionResult]::new('--no-crl', '--no-crl', [CompletionResultType]::ParameterName, 'Make no new CRL; the CA key is not needed then')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be changed, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--serial', '--serial', [CompletionResultType]::ParameterName, 'Take the argument as a serial number of this CA, whatever files and hosts there are')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Take the argument as a file, whatever serial numbers and hosts there are')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Take the argument as a host, whatever files and serial numbers there are')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Of a host with several certificates, all that this can be done to')
            [CompletionResult]::new('--no-crl', '--no-crl', [CompletionResultType]::ParameterName, 'Make no new CRL; the CA key is not needed then')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be changed, and change nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;cert;help' {
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Issue a certificate for a host, with its key and a PFX')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Make a private key and a request (CSR) where the key will live; no CA is needed')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Certify a request (CSR) that was made elsewhere, with the key that it is about')
            [CompletionResult]::new('ensure', 'ensure', [CompletionResultType]::ParameterValue, 'Issue a certificate for a host unless it has one as wanted')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Issue a new certificate in place of an old one')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what the CA has issued')
            [CompletionResult]::new('fetch', 'fetch', [CompletionResultType]::ParameterValue, 'Fetch the certificates that a server presents')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything in a certificate, a CSR, or a PKCS #12 file')
            [CompletionResult]::new('match', 'match', [CompletionResultType]::ParameterValue, 'Say whether keys, certificates and requests belong together')
            [CompletionResult]::new('thumbprint', 'thumbprint', [CompletionResultType]::ParameterValue, 'Print the thumbprint of a certificate')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Say whether a certificate is valid, and if not, why')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke certificates, and make a new CRL')
            [CompletionResult]::new('unhold', 'unhold', [CompletionResultType]::ParameterValue, 'Take a hold back: certificates that were revoked as certificateHold are valid again')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Make a new CRL of everything that is revoked')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything in a CRL')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;crl;update' {
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'After how many days the next CRL is due [default: 30, or as gsec.toml says]')
            [CompletionResult]::new('--ca-passphrase-file', '--ca-passphrase-file', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from a file')
            [CompletionResult]::new('--ca-passphrase-env', '--ca-passphrase-env', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--allow-earlier', '--allow-earlier', [CompletionResultType]::ParameterName, 'Make a CRL even if the present CRL, the audit log or the newest certificate is later than this machine''s clock')
            [CompletionResult]::new('--ca-passphrase-stdin', '--ca-passphrase-stdin', [CompletionResultType]::ParameterName, 'Read the CA key''s passphrase from standard input')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be made, and make nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;crl;show' {
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'The certificate of the CA that made it')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;crl;help' {
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Make a new CRL of everything that is revoked')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('to-pem', 'to-pem', [CompletionResultType]::ParameterValue, 'Turn a PKCS #12 or DER file into PEM')
            [CompletionResult]::new('to-pfx', 'to-pfx', [CompletionResultType]::ParameterValue, 'Make a PKCS #12 file (PFX) from certificate, key and chain')
            [CompletionResult]::new('to-der', 'to-der', [CompletionResultType]::ParameterValue, 'Turn a PEM file with one certificate, key, request or CRL into DER')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Change the form of a private key: PKCS #8, PKCS #1 or SEC 1, encrypted or not, PEM or DER')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;convert;to-pem' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write into this file [default: -, standard output]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write into this file [default: -, standard output]')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Write certificate, key and chain each into a file of its own in this folder')
            [CompletionResult]::new('--key-format', '--key-format', [CompletionResultType]::ParameterName, 'Form of private keys: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the output if it exists')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;convert;to-pfx' {
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'The certificate; its issuers may follow it, and its key too. `-` for standard input')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key [default: the one in the file of `--cert`]')
            [CompletionResult]::new('--chain', '--chain', [CompletionResultType]::ParameterName, 'Issuers of the certificate, in any order; may be given several times')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'The PKCS #12 file to write; `-` for standard output')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The PKCS #12 file to write; `-` for standard output')
            [CompletionResult]::new('--pfx-password-file', '--pfx-password-file', [CompletionResultType]::ParameterName, 'Read the PFX''s password from a file [default: the empty password]')
            [CompletionResult]::new('--pfx-password-env', '--pfx-password-env', [CompletionResultType]::ParameterName, 'Read the PFX''s password from an environment variable')
            [CompletionResult]::new('--pfx-encryption', '--pfx-encryption', [CompletionResultType]::ParameterName, 'How the PFX is encrypted: modern (AES-256 and SHA-256) or compat (3DES and SHA-1)')
            [CompletionResult]::new('--friendly-name', '--friendly-name', [CompletionResultType]::ParameterName, 'Name that dialogues and Java show for the entry [default: as the input says, else the host]')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--trust-store', '--trust-store', [CompletionResultType]::ParameterName, 'Write certificates without a key, which Java takes as trusted entries')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the output if it exists')
            [CompletionResult]::new('--pfx-password-stdin', '--pfx-password-stdin', [CompletionResultType]::ParameterName, 'Read the PFX''s password from standard input')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;convert;to-der' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write into this file [default: -, standard output]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write into this file [default: -, standard output]')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the output if it exists')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;convert;key' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write into this file [default: -, standard output]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write into this file [default: -, standard output]')
            [CompletionResult]::new('--key-format', '--key-format', [CompletionResultType]::ParameterName, 'Form of the key: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--new-password-file', '--new-password-file', [CompletionResultType]::ParameterName, 'Encrypt the key under a password from a file')
            [CompletionResult]::new('--new-password-env', '--new-password-env', [CompletionResultType]::ParameterName, 'Encrypt the key under a password from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the output if it exists')
            [CompletionResult]::new('--der', '--der', [CompletionResultType]::ParameterName, 'Write DER instead of PEM')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--new-password-stdin', '--new-password-stdin', [CompletionResultType]::ParameterName, 'Encrypt the key under a password from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;convert;help' {
            [CompletionResult]::new('to-pem', 'to-pem', [CompletionResultType]::ParameterValue, 'Turn a PKCS #12 or DER file into PEM')
            [CompletionResult]::new('to-pfx', 'to-pfx', [CompletionResultType]::ParameterValue, 'Make a PKCS #12 file (PFX) from certificate, key and chain')
            [CompletionResult]::new('to-der', 'to-der', [CompletionResultType]::ParameterValue, 'Turn a PEM file with one certificate, key, request or CRL into DER')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Change the form of a private key: PKCS #8, PKCS #1 or SEC 1, encrypted or not, PEM or DER')
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
        'gsec;doctor' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The host that certificates shall be for')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'What certificates shall be used for [default: server with --name, else any]')
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'Trust the certificates in this file, instead of the CA directory''s; may be given several times')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key that shall belong to the certificates')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'The user, by name or number, who must be able to read the files')
            [CompletionResult]::new('--thumbprint', '--thumbprint', [CompletionResultType]::ParameterName, 'The thumbprint that the certificate shall have, as it stands in a setting')
            [CompletionResult]::new('--read-by', '--read-by', [CompletionResultType]::ParameterName, 'A program that shall read PFX files: openssl3, java8, windows2016 and so on; may be given several times')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The folder in which the host''s certificate and the CA certificate shall be')
            [CompletionResult]::new('--library', '--library', [CompletionResultType]::ParameterName, 'A library that shall be found, `ssl` or `libssl.so.3`; may be given several times')
            [CompletionResult]::new('--pid', '--pid', [CompletionResultType]::ParameterName, 'Take the search paths for libraries from this process [default: from the environment]')
            [CompletionResult]::new('--script', '--script', [CompletionResultType]::ParameterName, 'Take the search paths for libraries from this start script')
            [CompletionResult]::new('--os-release', '--os-release', [CompletionResultType]::ParameterName, 'Take the operating system from this file, which may be another machine''s [default: /etc/os-release]')
            [CompletionResult]::new('--server-name', '--server-name', [CompletionResultType]::ParameterName, 'The server name to send (SNI) [default: the host, unless it is an address]')
            [CompletionResult]::new('--client-cert', '--client-cert', [CompletionResultType]::ParameterName, 'Show this client certificate if the server asks for one; its issuers may follow it, and its key too')
            [CompletionResult]::new('--client-key', '--client-key', [CompletionResultType]::ParameterName, 'The key of the client certificate [default: the one in the file of `--client-cert`]')
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'Connect from this address of this machine, and this port')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Connect through this HTTP proxy (CONNECT)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long each step may take; all of them together may take three times as long')
            [CompletionResult]::new('--expires-within', '--expires-within', [CompletionResultType]::ParameterName, 'A certificate that ends within this time ends soon: `30d` [default: 30d, or a third of its lifetime if that is less]')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Look for this only, a slug of the catalogue; may be given several times')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Do not look for this; may be given several times')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Explain one entry of the catalogue')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'How heavy a finding must be for exit status 1')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'text, json, nagios (a line for each target, with the exit status of a plugin) or prometheus')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--no-sni', '--no-sni', [CompletionResultType]::ParameterName, 'Send no server name')
            [CompletionResult]::new('--no-dns', '--no-dns', [CompletionResultType]::ParameterName, 'Resolve no names: hosts are given by their addresses')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Print the catalogue: everything that can be found')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Mend what can be mended safely, then look again')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'With `--fix`: say what would be mended, and do nothing')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('handshake', 'handshake', [CompletionResultType]::ParameterValue, 'Rehearse a handshake: say who would refuse whom, and why, before anything is deployed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;doctor;handshake' {
            [CompletionResult]::new('--server-cert', '--server-cert', [CompletionResultType]::ParameterName, 'The server''s certificate with its intermediates, as the server would read it')
            [CompletionResult]::new('--server-key', '--server-key', [CompletionResultType]::ParameterName, 'The server''s private key [default: the one in the certificate''s file]')
            [CompletionResult]::new('--client-cert', '--client-cert', [CompletionResultType]::ParameterName, 'The client''s certificate with its intermediates')
            [CompletionResult]::new('--client-key', '--client-key', [CompletionResultType]::ParameterName, 'The client''s private key [default: the one in the certificate''s file]')
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'What the client trusts, instead of the CA directory''s certificate; may be given several times')
            [CompletionResult]::new('--client-trust', '--client-trust', [CompletionResultType]::ParameterName, 'What the server trusts for clients; may be given several times [default: what the client trusts]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The host that the client wants [default: any]')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Rehearse this version only [default: 1.3 and 1.2]')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to rehearse for: `2027-12-31`, or `2027-12-31T12:00:00Z` [default: now]')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from a file [default: the empty password, else it is asked for]')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from an environment variable')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of encrypted input from standard input')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;doctor;help' {
            [CompletionResult]::new('handshake', 'handshake', [CompletionResultType]::ParameterValue, 'Rehearse a handshake: say who would refuse whom, and why, before anything is deployed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;doctor;help;handshake' {
            break
        }
        'gsec;doctor;help;help' {
            break
        }
        'gsec;compat' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('link', 'link', [CompletionResultType]::ParameterValue, 'Write create_ca.sh and create_cert.sh, which take the old arguments and call gsec')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;compat;link' {
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;compat;help' {
            [CompletionResult]::new('link', 'link', [CompletionResultType]::ParameterValue, 'Write create_ca.sh and create_cert.sh, which take the old arguments and call gsec')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;man' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write one page for each command into this folder')
            [CompletionResult]::new('--ca-dir', '--ca-dir', [CompletionResultType]::ParameterName, 'The CA directory [default: $GSEC_CA_DIR, else the current directory, else ./gsec-ca]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour `error`, `warning` and `hint`; NO_COLOR is honoured')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How many seconds to wait for another call that writes in the same CA directory')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document on stdout; on failure one on stderr')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results and errors only')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print more detail')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; what is missing is an error')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to every question')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gsec;help' {
            [CompletionResult]::new('quickstart', 'quickstart', [CompletionResultType]::ParameterValue, 'First contact: a CA, a certificate for one host, verified')
            [CompletionResult]::new('ca', 'ca', [CompletionResultType]::ParameterValue, 'Create, show and adopt a certification authority')
            [CompletionResult]::new('cert', 'cert', [CompletionResultType]::ParameterValue, 'Issue, ensure, renew, request, sign, list, fetch, show, compare, verify and revoke certificates')
            [CompletionResult]::new('crl', 'crl', [CompletionResultType]::ParameterValue, 'Make and show certificate revocation lists')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Convert certificates and keys between PEM, DER and PKCS #12')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Say why a secure connection is not established, and what mends it')
            [CompletionResult]::new('compat', 'compat', [CompletionResultType]::ParameterValue, 'Stand in for the old scripts create_ca.sh and create_cert.sh')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write the pages of all commands')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gsec;help;quickstart' {
            break
        }
        'gsec;help;ca' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Create a certification authority')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Make a request for a CA certificate, which another CA certifies')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Certify an intermediate CA on its request')
            [CompletionResult]::new('accept', 'accept', [CompletionResultType]::ParameterValue, 'Take in the certificate that the CA above has made')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the CA: name, key, expiry, thumbprints, next serial number, and what it has issued')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Take over a CA directory that the old scripts made')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'Print the audit log, or check it')
            [CompletionResult]::new('passphrase', 'passphrase', [CompletionResultType]::ParameterValue, 'Set, change or remove the passphrase of the CA key')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Give the CA a new certificate for the same key and name')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Give the CA another key under the same name, and let peers go over one by one')
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
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Make a private key and a request (CSR) where the key will live; no CA is needed')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Certify a request (CSR) that was made elsewhere, with the key that it is about')
            [CompletionResult]::new('ensure', 'ensure', [CompletionResultType]::ParameterValue, 'Issue a certificate for a host unless it has one as wanted')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Issue a new certificate in place of an old one')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what the CA has issued')
            [CompletionResult]::new('fetch', 'fetch', [CompletionResultType]::ParameterValue, 'Fetch the certificates that a server presents')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything in a certificate, a CSR, or a PKCS #12 file')
            [CompletionResult]::new('match', 'match', [CompletionResultType]::ParameterValue, 'Say whether keys, certificates and requests belong together')
            [CompletionResult]::new('thumbprint', 'thumbprint', [CompletionResultType]::ParameterValue, 'Print the thumbprint of a certificate')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Say whether a certificate is valid, and if not, why')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke certificates, and make a new CRL')
            [CompletionResult]::new('unhold', 'unhold', [CompletionResultType]::ParameterValue, 'Take a hold back: certificates that were revoked as certificateHold are valid again')
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
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Make a new CRL of everything that is revoked')
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
            [CompletionResult]::new('to-pem', 'to-pem', [CompletionResultType]::ParameterValue, 'Turn a PKCS #12 or DER file into PEM')
            [CompletionResult]::new('to-pfx', 'to-pfx', [CompletionResultType]::ParameterValue, 'Make a PKCS #12 file (PFX) from certificate, key and chain')
            [CompletionResult]::new('to-der', 'to-der', [CompletionResultType]::ParameterValue, 'Turn a PEM file with one certificate, key, request or CRL into DER')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Change the form of a private key: PKCS #8, PKCS #1 or SEC 1, encrypted or not, PEM or DER')
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
        'gsec;help;doctor' {
            [CompletionResult]::new('handshake', 'handshake', [CompletionResultType]::ParameterValue, 'Rehearse a handshake: say who would refuse whom, and why, before anything is deployed')
            break
        }
        'gsec;help;doctor;handshake' {
            break
        }
        'gsec;help;compat' {
            [CompletionResult]::new('link', 'link', [CompletionResultType]::ParameterValue, 'Write create_ca.sh and create_cert.sh, which take the old arguments and call gsec')
            break
        }
        'gsec;help;compat;link' {
            break
        }
        'gsec;help;completions' {
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
