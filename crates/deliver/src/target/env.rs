//! Programs with certificates of their own: variables that tell them where the CA is.

use super::{CA, FurtherFile, Hooks, Installer, ROOT_ONLY, Site, Target};

pub(super) const TARGET: Target = Target {
    name: "env",
    about: "Variables for programs with certificates of their own: Python, Node.js, curl, git",
    files: &[CA],
    key: ROOT_ONLY,
    unit: None,
    dest: None,
    installer: Installer::Shell,
    hooks: Hooks {
        not_reloaded: "programs read the variables at their start",
        needs: NEEDS,
        prepare: PREPARE,
        made_here: "env.sh env.fish env.ps1",
        is_prepared: IS_PREPARED,
        ..Hooks::NONE
    },
    settings,
    further,
    notes: "install.sh puts the certificates of the system and this CA together into bundle.pem. After an update of the system's certificates, call it again. Containers do not see the host's files: copy them into the image.",
};

/// A bundle of this CA alone would take every other one from the programs.
const NEEDS: &str = r#"case $dest in
        *[!A-Za-z0-9/._@+-]*) fail 3 "$dest is written into scripts of three shells: choose a path of letters, digits and /._@+-; nothing was changed" ;;
    esac
    system_file > /dev/null || fail 3 'the certificates of the system were not found, and with this CA alone programs would trust no other: install the package ca-certificates; nothing was changed'"#;

/// Both functions take only `$dest` of letters that need no quotes, since scripts of three shells name it.
const PREPARE: &str = r#"system_and_own > "$staging/bundle.pem"
    for env_file in env.sh env.fish env.ps1; do
        sed "s|$snippet_dest/current|$dest/current|g" "./$env_file" > "$staging/$env_file"
    done
    for env_file in bundle.pem env.sh env.fish env.ps1; do finish "$staging/$env_file" 0644; done"#;

const IS_PREPARED: &str = r#"[ "$(system_and_own | cksum)" = "$(cksum < "$1/bundle.pem")" ]
}

system_file() {
    for system_name in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem \
        /var/lib/ca-certificates/ca-bundle.pem /usr/local/share/certs/ca-root-nss.crt /etc/ssl/cert.pem; do
        system_at=$(inside "$system_name") || continue
        if grep -q '^-----BEGIN .*CERTIFICATE-----' "$system_at" 2> /dev/null; then
            say "$system_at"
            return 0
        fi
    done
    return 1
}

system_and_own() {
    system_from=$(system_file) && cat "$system_from" ./ca.pem"#;

/// Variables, and whether their file has the system's certificates too.
const VARIABLES: [(&str, &str); 7] = [
    ("SSL_CERT_FILE", "bundle.pem"),
    ("CURL_CA_BUNDLE", "bundle.pem"),
    ("REQUESTS_CA_BUNDLE", "bundle.pem"),
    // Node.js adds these to its own.
    ("NODE_EXTRA_CA_CERTS", "ca.pem"),
    ("GIT_SSL_CAINFO", "bundle.pem"),
    ("PIP_CERT", "bundle.pem"),
    ("AWS_CA_BUNDLE", "bundle.pem"),
];

fn lines(site: &Site<'_>, line: fn(&str, &str) -> String) -> String {
    VARIABLES
        .iter()
        .map(|(variable, file)| line(variable, &site.at(file)))
        .collect()
}

fn settings(site: &Site<'_>) -> String {
    format!(
        "# sh, bash, zsh: . {}\n# fish: source {}\n# PowerShell: . {}\n# A unit of systemd takes the lines below as EnvironmentFile=.\n{}",
        site.at("env.sh"),
        site.at("env.fish"),
        site.at("env.ps1"),
        lines(site, |variable, path| format!("{variable}={path}\n")),
    )
}

fn further(site: &Site<'_>) -> Vec<FurtherFile> {
    vec![
        FurtherFile::public(
            "env.sh",
            lines(site, |variable, path| format!("export {variable}={path}\n")),
        ),
        FurtherFile::public(
            "env.fish",
            lines(site, |variable, path| format!("set -gx {variable} {path}\n")),
        ),
        FurtherFile::public(
            "env.ps1",
            lines(site, |variable, path| format!("$env:{variable} = '{path}'\n")),
        ),
    ]
}
