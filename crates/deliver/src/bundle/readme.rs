//! `README.txt`: what is in a bundle, and what to do with it.

use super::manifest::ManifestFile;
use super::script::effect;
use super::{Material, Order};
use crate::target::Installer;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::visible::visible;
use gsec_pki::x509::rfc3339;

/// What it is about.
pub(super) struct ReadmeFacts<'a> {
    pub(super) order: &'a Order,
    pub(super) name: &'a str,
    pub(super) dest: &'a str,
    pub(super) id: &'a str,
    pub(super) has_key: bool,
    pub(super) lines: &'a [ManifestFile],
}

/// The text. Names from the certificate stand in it as text of one line, and in no command.
pub(super) fn readme(facts: &ReadmeFacts<'_>, material: &Material) -> String {
    let order = facts.order;
    let certificate = &material.certificate;
    let thumbprints = certificate.thumbprints();
    let secret = match (order.target.installer, facts.has_key) {
        (_, false) if order.key_on_host.is_some() => {
            "This bundle has no private key: the host makes it when `gsec fleet apply --push ssh` asks for it, and keeps it.\n"
        }
        (_, false) => "This bundle has no private key: it stays where it was made.\n",
        (Installer::Windows, true) => {
            "host.pfx has the private key in it: deliver this directory as you would deliver a password, and remove it afterwards.\n"
        }
        (_, true) => {
            "This bundle has a private key in it: deliver it as you would deliver a password, and remove it afterwards.\n"
        }
    };
    let files: String = facts
        .lines
        .iter()
        .map(|file| {
            format!(
                "  {}  mode {}, owner {}, group {}\n",
                file.name, file.mode, file.owner, file.group
            )
        })
        .collect();
    let files = if order.target.installer == Installer::Windows {
        facts
            .lines
            .iter()
            .map(|file| format!("  {}\n", file.name))
            .collect()
    } else {
        files
    };
    let text = format!(
        "gsec bundle for {}: {}\n\
         \n\
         subject      {}\n\
         serial       {}\n\
         valid until  {}\n\
         sha1         {}\n\
         sha256       {}\n\
         release      {}\n\
         \n\
         Files:\n\
         {files}\n\
         {secret}\
         \n\
         {}\n\
         {}{}{}",
        order.target.name,
        facts.name,
        visible(&certificate.subject().to_string()),
        certificate.serial(),
        rfc3339(certificate.not_after()),
        encode(&thumbprints.sha1, Separator::Space),
        encode(&thumbprints.sha256, Separator::Colon),
        facts.id,
        how_to_install(facts),
        order.target.notes,
        if order.target.notes.is_empty() { "" } else { "\n\n" },
        "What to write into the settings is in snippet.conf. After a renewal, make the bundle again and install it the same way.\n",
    );
    if order.target.installer == Installer::Windows {
        text.replace('\n', "\r\n")
    } else {
        text
    }
}

fn how_to_install(facts: &ReadmeFacts<'_>) -> String {
    match facts.order.target.installer {
        Installer::Shell | Installer::ShellWithNames => format!(
            "As root: sh install.sh\n\n\
             It puts the files into {0}/releases/{1}, and lets {0}/current lead there in one step{2}.\n\
             {3}\n\
             `sh install.sh --dry-run` says what would be done, `--rollback` goes back one release, `--uninstall` removes what it installed.\n",
            facts.dest,
            facts.id,
            if facts.order.dest.is_none() && facts.order.target.dest.is_none() {
                " (on Debian; Red Hat: /etc/pki/tls/gsec, FreeBSD: /usr/local/etc/ssl/gsec)"
            } else {
                ""
            },
            effect(facts.order),
        ),
        Installer::Kubectl => "Where kubectl reaches the cluster: sh install.sh\n\n\
             It has the cluster check the files, and applies them where it does not refuse them. `sh install.sh --dry-run` only checks them,\n\
             `--uninstall` deletes what they describe.\n"
            .into(),
        Installer::Windows | Installer::None => String::new(),
    }
}
