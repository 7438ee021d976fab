//! The tables of an inventory, and the keys of each.

use std::ops::RangeInclusive;

use super::kind;

/// What a key may have as its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A text.
    Text,
    /// A path: a text that is not empty.
    Path,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number.
    Number(RangeInclusive<i64>),
    /// `true` or `false`.
    Flag,
    /// Texts.
    Texts,
    /// Options with their values, both texts.
    Options,
    /// One table.
    Table(&'static Keys),
    /// Tables.
    Tables(&'static Keys),
}

/// A key of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it may have as its value.
    pub form: Form,
    /// Whether it must be there.
    pub is_required: bool,
    /// What it means, for editors.
    pub meaning: &'static str,
}

/// The keys of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Keys {
    /// What the table is about, in words.
    pub about: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

impl Keys {
    /// The key of that name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

const fn may(name: &'static str, form: Form, meaning: &'static str) -> Key {
    Key {
        name,
        form,
        is_required: false,
        meaning,
    }
}

const fn must(name: &'static str, form: Form, meaning: &'static str) -> Key {
    Key {
        name,
        form,
        is_required: true,
        meaning,
    }
}

const PORT_NUMBER: Form = Form::Number(1..=65535);
const PLATFORMS: Form = Form::OneOf(&["unix", "windows", "java"]);
const RELEASES: Form = Form::OneOf(&["7.5", "7.6", "8.0", "8.1", "8.5", "9.0"]);
const KEY_TYPES: Form = Form::OneOf(&[
    "rsa", "rsa:2048", "rsa:3072", "rsa:4096", "rsa:8192", "p256", "p384", "p521", "ed25519",
]);
const SYSTEMS: Form = Form::OneOf(&[
    "linux",
    "solaris",
    "aix",
    "hp-ux",
    "freebsd",
    "windows",
    "windows-2016",
]);
const PROBES: Form = Form::OneOf(&["smtp", "imap", "pop3", "ftp", "ldap", "postgres", "mysql"]);

/// The whole inventory.
pub static ROOT: Keys = Keys {
    about: "the inventory",
    keys: &[
        must("version", Form::Number(1..=1), "The version of this form: 1."),
        may("ca_dir", Form::Path, "The CA directory, relative to this file."),
        may(
            "out_dir",
            Form::Path,
            "Where bundles are written, relative to this file; out if it is missing.",
        ),
        may("defaults", Form::Table(&DEFAULTS), "Defaults of all hosts."),
        may("host", Form::Tables(&HOST), "A host."),
        may("app", Form::Tables(&APP), "An application of the platform."),
        may("pair", Form::Tables(&PAIR), "A redundant pair of servers."),
    ],
};

static DEFAULTS: Keys = Keys {
    about: "the defaults",
    keys: &[
        may(
            "renew_before",
            Form::Text,
            "How long before its end a certificate is renewed, as in 30d.",
        ),
        may(
            "profile",
            Form::Text,
            "The profile of certificates, one of gsec.toml's.",
        ),
        may("key_type", KEY_TYPES, "How keys are made."),
        may("platform", PLATFORMS, "The kind of host."),
        may("release", RELEASES, "The release of the platform."),
    ],
};

static HOST: Keys = Keys {
    about: "a host",
    keys: &[
        must(
            "name",
            Form::Text,
            "What the inventory calls it: letters, digits, dots, hyphens, underscores and blanks.",
        ),
        may(
            "fqdn",
            Form::Text,
            "Its fully qualified name, which its certificate has; the name if it is missing.",
        ),
        may(
            "names",
            Form::Texts,
            "Further names of its certificate: dns:N, ip:A.",
        ),
        may("address", Form::Text, "Its IP address."),
        may("platform", PLATFORMS, "The kind of host."),
        may(
            "os",
            SYSTEMS,
            "Its operating system; windows-2016 for Server 2016 and before.",
        ),
        may(
            "release",
            RELEASES,
            "The release of the platform on it; 7.5 for everything before 7.6.",
        ),
        may("lca_port", PORT_NUMBER, "The port of its Local Control Agent."),
        may(
            "reserved_ports",
            Form::Texts,
            "Ports that its system gives to no program by itself, as in 41001 or 41001-41100.",
        ),
        may(
            "certificate",
            Form::OneOf(&["host", "none"]),
            "Whether it has a certificate: host (the default) or none.",
        ),
        may("profile", Form::Text, "The profile of its certificate."),
        may("key_type", KEY_TYPES, "How its key is made."),
        may(
            "renew_before",
            Form::Text,
            "How long before its end its certificate is renewed, as in 30d.",
        ),
        may(
            "key",
            Form::OneOf(&["ca", "on-host"]),
            "Where its key is made: on the CA's side (ca, the default), or on the host, which sends a CSR when bundles are pushed, and never its key (on-host).",
        ),
        may("bundles", Form::Tables(&BUNDLE), "The bundles that it gets."),
        may("push", Form::Table(&PUSH), "How bundles get there."),
        may(
            "annex",
            Form::Options,
            "Section [security] of its annex in Configuration Manager.",
        ),
    ],
};

static BUNDLE: Keys = Keys {
    about: "a bundle",
    keys: &[
        must(
            "for",
            Form::Text,
            "For what: a target of `gsec cert bundle --for`.",
        ),
        may("name", Form::Text, "What it is called."),
        may("dest", Form::Text, "Where it is installed: an absolute path."),
        may("owner", Form::Text, "Whose the key is."),
        may("group", Form::Text, "Who may read the key."),
        may("mode", Form::Text, "The mode of the key, as in 0640."),
        may("service", Form::Text, "The unit that is reloaded."),
        may(
            "files",
            Form::Texts,
            "The files of the target generic: fc, ch, k, ca, crl, comb, kc, ks, ts.",
        ),
        may(
            "pfx_encryption",
            Form::OneOf(&["modern", "compat"]),
            "The encryption of PKCS #12 files.",
        ),
        may(
            "port",
            PORT_NUMBER,
            "The port on which the service answers with TLS, for status and push.",
        ),
        may(
            "probe",
            PROBES,
            "The protocol in which a client asks for TLS there.",
        ),
        may(
            "old_names",
            Form::Flag,
            "Whether the names of the old guide lead to the files too (unix).",
        ),
    ],
};

static PUSH: Keys = Keys {
    about: "push",
    keys: &[
        may(
            "mode",
            Form::OneOf(&["receiver", "direct"]),
            "Who runs what on the host: receiver (the default) or direct.",
        ),
        may("user", Form::Text, "The log-in name."),
        may(
            "address",
            Form::Text,
            "Where ssh connects to; the fully qualified name if it is missing.",
        ),
        may("port", PORT_NUMBER, "The port of ssh."),
        may(
            "order",
            Form::Number(-1_000_000..=1_000_000),
            "Hosts with lower numbers are first; 0 if it is missing.",
        ),
        may(
            "ssh_config",
            Form::Path,
            "A configuration file for ssh, relative to the inventory.",
        ),
    ],
};

static APP: Keys = Keys {
    about: "an application",
    keys: &[
        must("name", Form::Text, "Its name in Configuration Manager."),
        must("host", Form::Text, "The name of its host."),
        must("kind", Form::OneOf(&kind::NAMES), "What it is."),
        may(
            "type",
            Form::OneOf(&["server", "client"]),
            "Whether others connect to it; as its kind if it is missing.",
        ),
        may(
            "release",
            RELEASES,
            "Its release, where it is not that of the host.",
        ),
        may(
            "certificate",
            Form::OneOf(&["host", "application", "none"]),
            "At which level it has its certificate; host if it is missing.",
        ),
        may(
            "command_line",
            Form::Texts,
            "The arguments that it is started with.",
        ),
        may("options", Form::Options, "Section [security] of its options."),
        may("annex", Form::Options, "Section [security] of its annex."),
        may("port", Form::Tables(&PORT), "A port on which it listens."),
        may(
            "connection",
            Form::Tables(&CONNECTION),
            "A server that it connects to.",
        ),
    ],
};

static PORT: Keys = Keys {
    about: "a port",
    keys: &[
        must(
            "id",
            Form::Text,
            "Its identifier; each server has one that is called default.",
        ),
        must("number", PORT_NUMBER, "Its number."),
        may(
            "mode",
            Form::OneOf(&["unsecured", "secured", "auto-detect"]),
            "Whether it has TLS; unsecured if it is missing.",
        ),
        may(
            "ha_sync",
            Form::Flag,
            "Whether the servers of a pair keep each other up to date over it.",
        ),
        may(
            "certificate",
            Form::OneOf(&["host", "application", "port", "none"]),
            "At which level it has its certificate.",
        ),
        may("transport", Form::Text, "Its transport parameters."),
        may(
            "probe",
            PROBES,
            "The protocol in which a client asks for TLS, where TLS does not begin at once.",
        ),
    ],
};

static CONNECTION: Keys = Keys {
    about: "a connection",
    keys: &[
        must("to", Form::Text, "The name of the server."),
        may(
            "port",
            Form::Text,
            "The identifier of its port; default if it is missing.",
        ),
        may("client_port", PORT_NUMBER, "The port from which it connects."),
        may(
            "client_address",
            Form::Text,
            "The address from which it connects.",
        ),
        may(
            "backup_port",
            PORT_NUMBER,
            "The port from which it connects to the backup.",
        ),
        may("transport", Form::Text, "Its transport parameters."),
    ],
};

static PAIR: Keys = Keys {
    about: "a redundant pair",
    keys: &[
        must("primary", Form::Text, "The name of the primary server."),
        must("backup", Form::Text, "The name of its backup."),
        must(
            "redundancy",
            Form::OneOf(&["hot-standby", "warm-standby"]),
            "How the backup takes over.",
        ),
    ],
};
