//! The receiver: a program on the host that root installs once, and that takes certificates and nothing else.

use super::remote::RemoteLine;
use super::text::{script, settings};
use crate::bundle::Installation;

const RECEIVE: &str = include_str!("receive.sh");
const ABOUT: &str = "\
# Takes certificates that gsec sends over ssh, makes a key and a CSR for it where its settings say so, and does nothing else. In authorized_keys it
# is the only command of the key that sends them. What is installed, where, for whom, and what is reloaded, is in /etc/gsec/receive.d, where only
# root can write. Made by gsec; the same on every host.
";
/// The directories of the system: whoever sends has no say in which programs run.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// Where it is installed.
const PROGRAM: &str = "/usr/local/lib/gsec/receive";
/// What it takes is half of a megabyte with a large CRL.
pub(super) const MAX_ARCHIVE: usize = 4 * 1024 * 1024;

/// The program.
pub fn receive_sh() -> String {
    script(ABOUT, PATH, RECEIVE)
}

/// What the host is asked; the receiver admits these and no other words.
pub(super) fn install(name: &str) -> RemoteLine {
    RemoteLine(format!("install {name}"))
}

/// As [`install`], to go back from a release.
pub(super) fn rollback(name: &str, release: &str) -> RemoteLine {
    RemoteLine(format!("rollback {name} {release}"))
}

/// As [`install`], for a key that is made on the host and a CSR for it.
pub(super) fn request(name: &str) -> RemoteLine {
    RemoteLine(format!("request {name}"))
}

/// A public key as `authorized_keys` has it: its type and its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizedKey(String);

impl AuthorizedKey {
    /// Reads the first line of a `.pub` file; a comment is left out, options are none of a public key.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.lines().next()?.split_whitespace();
        let (kind, body) = (words.next()?, words.next()?);
        let is_kind = ["ssh-", "ecdsa-sha2-", "sk-"]
            .iter()
            .any(|start| kind.starts_with(start))
            && kind
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"@.-".contains(&byte));
        let is_body = body.len() >= 40
            && body
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
        (is_kind && is_body).then(|| Self(format!("{kind} {body}")))
    }
}

/// A script that root runs once on the host: it writes the program and the settings of each bundle, lets `user` call it through sudo where one is
/// named, and prints the line for `authorized_keys`.
pub fn receiver_setup(
    bundles: &[(&str, &Installation)],
    sudo_user: Option<&str>,
    key: Option<&AuthorizedKey>,
) -> String {
    let mut text = String::from(SETUP_HEAD);
    text.push_str(&here_document(PROGRAM, "0755", &receive_sh()));
    for (name, installation) in bundles {
        let aliases = "aliases=yes\n";
        let conf = format!(
            "{CONF_HEAD}{}{}",
            settings(installation),
            if installation.takes_aliases { aliases } else { "" }
        );
        text.push_str(&here_document(
            &format!("/etc/gsec/receive.d/{name}.conf"),
            "0644",
            &conf,
        ));
    }
    let command = match sudo_user {
        None => PROGRAM.to_owned(),
        Some(user) => {
            let rule = format!(
                "Defaults!{PROGRAM} env_keep += \"SSH_ORIGINAL_COMMAND\"\n{user} ALL=(root) NOPASSWD: {PROGRAM} \"\"\n"
            );
            text.push_str(&here_document("/etc/sudoers.d/gsec-receive", "0440", &rule));
            format!("sudo -n {PROGRAM}")
        }
    };
    let key = key.map_or("ssh-ed25519 PUBLIC-KEY-OF-THE-CA", |key| key.0.as_str());
    text.push_str(&format!(
        "cat << 'GSEC-END'\nThe line for authorized_keys of the log-in user:\nrestrict,command=\"{command}\" {key}\nGSEC-END\n"
    ));
    text
}

const SETUP_HEAD: &str = "\
#!/bin/sh
# Run once by root on the host: lets it receive certificates from gsec. Run it again after a change of the inventory, or with a newer gsec.
set -eu
umask 022

# put FILE MODE: from standard input, whole or not at all.
put() {
    mkdir -p \"${1%/*}\"
    rm -f \"$1.new\"
    (umask 077 && cat > \"$1.new\")
    chown 0:0 \"$1.new\"
    chmod \"$2\" \"$1.new\"
    mv \"$1.new\" \"$1\"
}

[ \"$(id -u)\" = 0 ] || { echo 'root must run this' >&2 && exit 3; }
";

const CONF_HEAD: &str = "\
# What /usr/local/lib/gsec/receive installs under this name: a value a line. Only root may be able to write here.
# check=/path and reload=/path name programs of your own that are run, without arguments, instead of those for this target.
";

fn here_document(path: &str, mode: &str, content: &str) -> String {
    format!("\nput {path} {mode} << 'GSEC-END'\n{content}GSEC-END\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_public_key_is_one() {
        let body = "AAAAC3NzaC1lZDI1NTE5AAAAIGtLyPvXWxXkH4ZbRb3uoXn1gS2xJk8x3mW4o2uXo5aE";
        let key = AuthorizedKey::parse(&format!("ssh-ed25519 {body} ca@office\n")).expect("a key");
        assert_eq!(key.0, format!("ssh-ed25519 {body}"));
        for text in [
            "".to_owned(),
            format!("command=\"id\" ssh-ed25519 {body}"),
            format!("ssh-ed25519 {body}\"'$(id)"),
            "-----BEGIN OPENSSH PRIVATE KEY-----".to_owned(),
            format!("ssh-'ed {body}"),
        ] {
            assert_eq!(AuthorizedKey::parse(&text), None, "{text}");
        }
    }
}
