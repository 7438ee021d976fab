//! The stores of operating systems, as data: where an administrator's CAs lie, which program makes of them what other programs read, and
//! where that is. The layouts are those of FiloSottile/mkcert and smallstep/truststore, and of the manual pages of the tools.

use std::path::Path;

use super::files::is_absent;
use super::{Machine, TrustError};
use gsec_ca::files::FilesError;

/// What programs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    /// A file of PEM blocks.
    Bundle(&'static str),
    /// A directory with a file for each certificate.
    Folder(&'static str),
}

impl Output {
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Bundle(path) | Self::Folder(path) => path,
        }
    }
}

/// Whether the tool of a store can work below another root directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherRoot {
    /// It has options for its directories, as Debian's has.
    Directories,
    /// It has one option.
    Option(&'static str),
    /// Not: its paths are compiled into it.
    No,
}

/// How an operating system keeps the CAs that it trusts. Paths are absolute, and below another root directory where that is asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Layout {
    /// Its name, in reports.
    pub name: &'static str,
    /// Where an administrator's CAs lie.
    pub(super) anchors: &'static str,
    /// How the names of their files must end.
    pub(super) suffix: &'static str,
    /// The program that makes the outputs.
    pub(super) tool: &'static str,
    /// Its arguments after a file was added.
    pub(super) after_adding: &'static [&'static str],
    /// Its arguments after a file was taken away.
    pub(super) after_removing: &'static [&'static str],
    pub(super) other_root: OtherRoot,
    /// What programs read; the first one decides whether a CA is trusted.
    pub(super) outputs: &'static [Output],
    /// Java's store, which the same tools write.
    pub(super) java: Option<&'static str>,
    /// The directories in which the tool writes, and makes or removes links.
    pub(super) written: &'static [&'static str],
    /// Directories with certificates that are distrusted, wherever else they are.
    pub(super) distrusted: &'static [&'static str],
    /// The list in which Debian's administrators switch CAs off, and the directory of what it names.
    pub(super) switched_off: Option<(&'static str, &'static str)>,
}

/// Debian, Ubuntu, Alpine. A plain call leaves dangling links when a file is gone; `--fresh` does not.
const DEBIAN: Layout = Layout {
    name: "debian",
    anchors: "/usr/local/share/ca-certificates",
    suffix: ".crt",
    tool: "update-ca-certificates",
    after_adding: &[],
    after_removing: &["--fresh"],
    other_root: OtherRoot::Directories,
    outputs: &[Output::Bundle("/etc/ssl/certs/ca-certificates.crt")],
    java: Some("/etc/ssl/certs/java/cacerts"),
    written: &["/etc/ssl/certs"],
    distrusted: &[],
    switched_off: Some(("/etc/ca-certificates.conf", "/usr/share/ca-certificates")),
};

/// Red Hat Enterprise Linux, Fedora and their kin.
const RED_HAT: Layout = Layout {
    name: "redhat",
    anchors: "/etc/pki/ca-trust/source/anchors",
    suffix: ".pem",
    tool: "update-ca-trust",
    after_adding: &["extract"],
    after_removing: &["extract"],
    other_root: OtherRoot::No,
    outputs: &[
        Output::Bundle("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
        Output::Bundle("/etc/pki/tls/certs/ca-bundle.crt"),
    ],
    java: Some("/etc/pki/ca-trust/extracted/java/cacerts"),
    written: &["/etc/pki/ca-trust/extracted"],
    distrusted: &[
        "/etc/pki/ca-trust/source/blocklist",
        "/etc/pki/ca-trust/source/blacklist",
    ],
    switched_off: None,
};

/// SUSE Linux Enterprise, openSUSE.
const SUSE: Layout = Layout {
    name: "suse",
    anchors: "/etc/pki/trust/anchors",
    suffix: ".pem",
    tool: "update-ca-certificates",
    after_adding: &[],
    after_removing: &[],
    other_root: OtherRoot::No,
    outputs: &[
        Output::Bundle("/var/lib/ca-certificates/ca-bundle.pem"),
        Output::Bundle("/etc/ssl/ca-bundle.pem"),
    ],
    java: Some("/var/lib/ca-certificates/java-cacerts"),
    written: &["/var/lib/ca-certificates"],
    distrusted: &["/etc/pki/trust/blocklist", "/etc/pki/trust/blacklist"],
    switched_off: None,
};

/// Arch Linux and its kin.
const ARCH: Layout = Layout {
    name: "arch",
    anchors: "/etc/ca-certificates/trust-source/anchors",
    suffix: ".crt",
    tool: "trust",
    after_adding: &["extract-compat"],
    after_removing: &["extract-compat"],
    other_root: OtherRoot::No,
    outputs: &[
        Output::Bundle("/etc/ca-certificates/extracted/tls-ca-bundle.pem"),
        Output::Bundle("/etc/ssl/certs/ca-certificates.crt"),
    ],
    java: Some("/etc/ca-certificates/extracted/java-cacerts.jks"),
    written: &["/etc/ca-certificates/extracted", "/etc/ssl/certs"],
    distrusted: &[
        "/etc/ca-certificates/trust-source/blocklist",
        "/etc/ca-certificates/trust-source/blacklist",
    ],
    switched_off: None,
};

/// FreeBSD from 12.2 on.
const FREEBSD: Layout = Layout {
    name: "freebsd",
    anchors: "/usr/local/etc/ssl/certs",
    suffix: ".crt",
    tool: "certctl",
    after_adding: &["rehash"],
    after_removing: &["rehash"],
    other_root: OtherRoot::Option("-D"),
    outputs: &[
        Output::Folder("/etc/ssl/certs"),
        Output::Bundle("/etc/ssl/cert.pem"),
    ],
    java: None,
    written: &["/etc/ssl/certs"],
    distrusted: &["/usr/local/etc/ssl/blacklisted", "/usr/local/etc/ssl/untrusted"],
    switched_off: None,
};

/// In the order in which they are looked for: Arch has the directory of Debian's outputs too, and SUSE its tool.
const LAYOUTS: [&Layout; 5] = [&RED_HAT, &ARCH, &SUSE, &DEBIAN, &FREEBSD];

impl Layout {
    /// The layout of a machine, or of what is below another root directory: by its directory of anchors, and on this machine by the tool
    /// too.
    ///
    /// # Errors
    /// [`TrustError::Files`] where none is seen, and the directory of one cannot be looked for.
    pub(super) fn of(machine: &Machine<'_>) -> Result<Option<&'static Self>, TrustError> {
        let (mut there, mut unseen) = (Vec::new(), None);
        for layout in LAYOUTS {
            let folder = machine.below_root(layout.anchors);
            match folder.metadata() {
                Ok(found) if found.is_dir() => there.push(layout),
                Ok(_) => {}
                Err(error) if is_absent(&error) => {}
                Err(error) => {
                    unseen.get_or_insert(FilesError::io("read", &folder)(error));
                }
            }
        }
        let has_tool = |layout: &&&Self| machine.programs.find(layout.tool).is_some();
        let with_tool = there.iter().find(has_tool).filter(|_| !machine.has_other_root());
        match (with_tool.or(there.first()), unseen) {
            (Some(found), _) => Ok(Some(*found)),
            (None, Some(unseen)) => Err(unseen.into()),
            (None, None) => Ok(None),
        }
    }

    /// Whether a path is Java's store that a tool of some system writes.
    pub(super) fn has_java(path: &Path) -> bool {
        LAYOUTS
            .iter()
            .filter_map(|layout| layout.java)
            .chain(["/etc/pki/java/cacerts", "/etc/ca-certificates/extracted/cadir"])
            .any(|known| path == Path::new(known))
    }
}

/// The package that has a program, for each family of systems.
pub fn package_with(program: &str) -> Option<&'static str> {
    Some(match program {
        "certutil" => {
            "libnss3-tools (Debian), nss-tools (Red Hat, Alpine), mozilla-nss-tools (SUSE), nss (Arch, FreeBSD)"
        }
        "keytool" => "default-jre-headless (Debian), or the Java runtime that has the store",
        "update-ca-certificates" => "ca-certificates",
        "update-ca-trust" => "ca-certificates (Red Hat), ca-certificates-utils (Arch)",
        "trust" => "p11-kit (Debian, Arch, FreeBSD), p11-kit-trust (Red Hat), p11-kit-tools (SUSE)",
        "certctl" => "the base system of FreeBSD",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use gsec_env::FakePrograms;

    fn root_with(folders: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a directory");
        for folder in folders {
            std::fs::create_dir_all(root.path().join(folder.trim_start_matches('/'))).expect("a directory");
        }
        root
    }

    #[test]
    fn a_system_is_known_by_its_directory_of_anchors() {
        for layout in LAYOUTS {
            let root = root_with(&[layout.anchors, "/etc/ssl/certs"]);
            let programs = FakePrograms::default();
            let machine = Machine::for_tests(root.path(), &programs);
            let found = Layout::of(&machine).expect("an answer");
            assert_eq!(found.map(|found| found.name), Some(layout.name));
        }
        let root = root_with(&["/etc/ssl/certs", "/usr/share/ca-certificates"]);
        let programs = FakePrograms::default();
        let none = Layout::of(&Machine::for_tests(root.path(), &programs));
        assert_eq!(none.expect("an answer"), None);
    }

    #[test]
    fn a_layout_says_what_is_run_after_each_change_and_what_programs_read() {
        for layout in LAYOUTS {
            assert!(package_with(layout.tool).is_some(), "{}", layout.tool);
            assert!(
                !layout.outputs.is_empty() && layout.anchors.starts_with('/'),
                "{}",
                layout.name
            );
            assert!([".crt", ".pem"].contains(&layout.suffix), "{}", layout.name);
        }
        assert_eq!(DEBIAN.after_removing, ["--fresh"]);
    }
}
