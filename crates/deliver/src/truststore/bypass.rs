//! Programs that do not look into the store of the system, as far as they are on this machine.

use std::fs;
use std::path::{Path, PathBuf};

use super::Machine;

/// A program, or a kind of programs, with CAs of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bypass {
    /// What it is.
    pub program: &'static str,
    /// Where it was found.
    pub place: PathBuf,
    /// How it is told of a CA.
    pub remedy: &'static str,
}

/// A kind of programs, how it is found, and how it is told of a CA.
struct Known {
    program: &'static str,
    remedy: &'static str,
    find: fn(&Machine<'_>) -> Option<PathBuf>,
}

const KNOWN: [Known; 7] = [
    Known {
        program: "Python with certifi (requests, pip, httpx)",
        remedy: "set REQUESTS_CA_BUNDLE and SSL_CERT_FILE to the bundle of the system",
        find: certifi,
    },
    Known {
        program: "Node.js",
        remedy: "set NODE_EXTRA_CA_CERTS to the file of the CA, or start it with --use-system-ca (version 22.15 or later)",
        find: |machine| program(machine, "node"),
    },
    Known {
        program: "Java with a key store of its own",
        remedy: "`gsec trust install --store java:PATH`",
        find: java,
    },
    Known {
        program: "Firefox",
        remedy: "`gsec trust install --store nss`, as the user whose profile it is",
        find: firefox,
    },
    Known {
        program: "programs from snap",
        remedy: "they see no file of the system: each is told of the CA by its own settings",
        find: |machine| folder_with_entries(machine, &["/snap"]),
    },
    Known {
        program: "programs from flatpak",
        remedy: "they see the store of the system only through p11-kit-server: each may need its own settings",
        find: |machine| folder_with_entries(machine, &["/var/lib/flatpak/app"]),
    },
    Known {
        program: "containers",
        remedy: "each image has a store of its own: `gsec trust install --root DIR` in its build, or mount the file of the CA and name it with SSL_CERT_FILE",
        find: containers,
    },
];

/// What was found of them.
pub fn bypassing(machine: &Machine<'_>) -> Vec<Bypass> {
    let found = KNOWN.iter().filter_map(|known| {
        Some(Bypass {
            program: known.program,
            place: (known.find)(machine)?,
            remedy: known.remedy,
        })
    });
    found.collect()
}

/// A program of the machine; below another root directory none of this one.
fn program(machine: &Machine<'_>, name: &str) -> Option<PathBuf> {
    if !machine.has_other_root() {
        return machine.programs.find(name);
    }
    let mut places = ["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin"]
        .into_iter()
        .map(|folder| machine.below_root(folder).join(name));
    places.find(|path| path.is_file())
}

/// A copy of certifi that is not Debian's, which reads the bundle of the system.
fn certifi(machine: &Machine<'_>) -> Option<PathBuf> {
    let home = machine.user.home.as_deref().filter(|_| !machine.has_other_root());
    let home = home.map(|home| home.join(".local/lib"));
    let places = [
        Some(machine.below_root("/usr/local/lib")),
        Some(machine.below_root("/usr/lib")),
        Some(machine.below_root("/usr/lib64")),
        home,
    ];
    let pythons = places
        .into_iter()
        .flatten()
        .flat_map(|folder| below(&folder, "python3"));
    pythons
        .flat_map(|python| {
            ["site-packages", "dist-packages"]
                .map(|packages| python.join(packages).join("certifi/cacert.pem"))
        })
        .find(|path| path.is_file() && !path.is_symlink())
}

fn java(machine: &Machine<'_>) -> Option<PathBuf> {
    let of_home = machine.java_home().filter(|_| !machine.has_other_root());
    let of_home = of_home.map(Path::to_owned);
    let javas = of_home
        .into_iter()
        .chain(below(&machine.below_root("/usr/lib/jvm"), ""));
    javas
        .flat_map(|java| ["lib/security/cacerts", "jre/lib/security/cacerts"].map(|place| java.join(place)))
        // A link of an image means a path of the image.
        .filter(|path| !(machine.has_other_root() && path.is_symlink()))
        .filter_map(|path| path.canonicalize().ok())
        .find(|path| path.is_file() && !super::Layout::has_java(path))
}

fn firefox(machine: &Machine<'_>) -> Option<PathBuf> {
    let places = [
        "/usr/lib/firefox",
        "/usr/lib/firefox-esr",
        "/usr/lib64/firefox",
        "/snap/firefox",
    ];
    let installed = places
        .iter()
        .map(|place| machine.below_root(place))
        .find(|path| path.is_dir());
    installed.or_else(|| program(machine, "firefox"))
}

fn containers(machine: &Machine<'_>) -> Option<PathBuf> {
    ["docker", "podman", "containerd", "nerdctl"]
        .into_iter()
        .find_map(|name| program(machine, name))
}

fn folder_with_entries(machine: &Machine<'_>, places: &[&str]) -> Option<PathBuf> {
    let folders = places.iter().map(|place| machine.below_root(place));
    folders
        .into_iter()
        .find(|folder| fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()))
}

/// The directories in a directory whose names begin with this, by name.
fn below(folder: &Path, start: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(start))
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}
