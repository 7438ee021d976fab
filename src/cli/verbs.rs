//! Commands of other tools, and of none, that people try: what to type instead.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::failure::Failure;
use gsec_pki::encoding::shell::quoted_text;

/// A group of commands, what is typed in it, and the command that is meant. The empty group is gsec itself.
const MEANT: &[(&str, &[&str], &str)] = &[
    (
        "",
        &["issue", "create-cert", "build-server-full", "gen-req"],
        "cert issue",
    ),
    ("", &["sign", "sign-req"], "cert sign"),
    ("", &["request", "req", "csr"], "cert request"),
    ("", &["ensure"], "cert ensure"),
    ("", &["renew"], "cert renew"),
    ("", &["list", "ls"], "cert list"),
    ("", &["fetch", "s_client"], "cert fetch"),
    ("", &["show", "inspect", "x509", "view"], "cert show"),
    ("", &["match"], "cert match"),
    ("", &["verify"], "cert verify"),
    ("", &["revoke"], "cert revoke"),
    ("", &["thumbprint", "fingerprint"], "cert thumbprint"),
    ("", &["init", "create", "build-ca", "init-pki", "new"], "ca init"),
    ("", &["rekey"], "ca rekey"),
    ("", &["log"], "ca log"),
    ("", &["adopt"], "ca adopt"),
    ("", &["gen-crl", "update"], "crl update"),
    ("", &["pkcs12", "pfx", "to-pfx", "export"], "convert to-pfx"),
    ("", &["to-pem"], "convert to-pem"),
    ("", &["check", "diagnose", "test", "lint", "handshake"], "doctor"),
    ("", &["certificate", "certs", "certificates"], "cert"),
    ("ca", &["create", "new", "build", "make"], "ca init"),
    ("ca", &["info", "inspect", "view"], "ca show"),
    ("ca", &["list"], "cert list"),
    ("ca", &["issue"], "cert issue"),
    ("ca", &["revoke"], "cert revoke"),
    ("ca", &["password", "passwd"], "ca passphrase"),
    (
        "cert",
        &["create", "new", "generate", "make", "add"],
        "cert issue",
    ),
    ("cert", &["inspect", "view", "info", "print", "dump"], "cert show"),
    ("cert", &["check", "validate"], "cert verify"),
    ("cert", &["ls"], "cert list"),
    ("cert", &["csr", "req"], "cert request"),
    ("cert", &["remove", "delete", "rm"], "cert revoke"),
    ("cert", &["get", "download"], "cert fetch"),
    ("crl", &["create", "new", "generate", "gen", "make"], "crl update"),
    ("crl", &["view", "info", "inspect", "list"], "crl show"),
    ("convert", &["pem"], "convert to-pem"),
    (
        "convert",
        &["pfx", "p12", "pkcs12", "to-p12", "to-pkcs12"],
        "convert to-pfx",
    ),
    ("convert", &["der"], "convert to-der"),
];

/// The failure for a command that does not exist and whose meaning is known; `None` for any other error of the parser.
pub(super) fn unknown(error: &clap::Error, typed: &[String]) -> Option<Failure> {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let ContextValue::String(word) = error.get(ContextKind::InvalidSubcommand)? else {
        return None;
    };
    let at = typed.iter().skip(1).position(|argument| argument == word)? + 1;
    let (group, begin) = match typed[at - 1].as_str() {
        group if at > 1 && is_group(group) => (group, at - 1),
        _ => ("", at),
    };
    let command = meant(group, word)?;
    let before = typed[1..begin].iter();
    let line: Vec<String> = std::iter::once("gsec".to_owned())
        .chain(before.map(|argument| quoted_text(argument)))
        .chain([command.to_owned()])
        .chain(typed[at + 1..].iter().map(|argument| quoted_text(argument)))
        .collect();
    Some(
        Failure::usage(format!("unknown command `{word}`"))
            .hint(format!("did you mean `{}`?", line.join(" "))),
    )
}

fn is_group(word: &str) -> bool {
    MEANT.iter().any(|(group, ..)| *group == word)
}

fn meant(group: &str, word: &str) -> Option<&'static str> {
    let rows = MEANT.iter().filter(|(found, ..)| *found == group);
    rows.into_iter()
        .find(|(_, words, _)| words.contains(&word))
        .map(|(.., command)| *command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_that_is_meant_exists_and_none_that_is_typed_does() {
        let tree = crate::cli::command();
        for (group, words, command) in MEANT {
            let found = command
                .split(' ')
                .try_fold(&tree, |tree, word| tree.find_subcommand(word));
            assert!(found.is_some(), "{command}");
            let inside = match *group {
                "" => &tree,
                group => tree.find_subcommand(group).expect("a group"),
            };
            for word in *words {
                assert!(inside.find_subcommand(word).is_none(), "{group} {word}");
            }
        }
    }
}
