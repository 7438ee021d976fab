//! Docker: a directory for each registry, in which the daemon looks at every pull; nothing is reloaded.

use super::{Content, Hooks, Installer, ROOT_ONLY, Site, Target, file, no_further};

pub(super) const TARGET: Target = Target {
    name: "docker",
    about: "Docker: the CA and a client certificate for a registry; --name REGISTRY:PORT",
    files: &[
        file("ca.crt", Content::Ca),
        file("client.cert", Content::FullChain),
        file("client.key", Content::Key),
    ],
    key: ROOT_ONLY,
    unit: None,
    dest: Some(|name| format!("/etc/docker/certs.d/{name}")),
    installer: Installer::ShellWithNames,
    hooks: Hooks {
        not_reloaded: "nothing to reload: the daemon reads certs.d at every pull",
        ..Hooks::NONE
    },
    settings,
    further: no_further,
    notes: "The name of the directory is the registry as it is written in the names of images, with its port if that is not 443. Containers do not see these files.",
};

fn settings(site: &Site<'_>) -> String {
    format!(
        "# For a daemon that takes connections over the network, in /etc/docker/daemon.json; restart it then:\n\
         {{\n\
         \x20 \"hosts\": [\"unix:///var/run/docker.sock\", \"tcp://0.0.0.0:2376\"],\n\
         \x20 \"tlsverify\": true,\n\
         \x20 \"tlscacert\": \"{}\",\n\
         \x20 \"tlscert\": \"{}\",\n\
         \x20 \"tlskey\": \"{}\"\n\
         }}\n",
        site.at("ca.crt"),
        site.at("client.cert"),
        site.at("client.key"),
    )
}
