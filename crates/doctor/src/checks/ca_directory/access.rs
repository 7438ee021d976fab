//! Who else can read and write, and whether there is room to write.

use super::remedy::FROM_BACKUP;
use super::*;
use crate::checks::{AutoFix, Entry, Finding};
use gsec_pki::encoding::sample::Sample;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::path::Severity;

/// A CRL of a hundred thousand revocations, or ten thousand certificates, need this much.
const MIN_FREE_BYTES: u64 = 64 * 1024 * 1024;
const MIN_FREE_FILES: u64 = 1000;

pub(super) fn places(facts: &Facts) -> Vec<Finding> {
    let mut found: Vec<Finding> = facts
        .places
        .iter()
        .filter_map(|place| finding_of(facts, place))
        .collect();
    found.extend(owners(facts));
    found
}

fn finding_of(facts: &Facts, place: &Place) -> Option<Finding> {
    let entry_and_severity = |entry: &'static Entry| (entry, entry.severity);
    let (entry, severity) = match (place.fault()?, place.role) {
        (PlaceFault::Irregular, _) => return Some(irregular(facts, place)),
        (PlaceFault::WritableByAll, _) => entry_and_severity(&CA_WRITABLE),
        (PlaceFault::WritableByGroup, _)
            if facts.exposures.iter().any(|exposed| exposed.path == place.path) =>
        {
            entry_and_severity(&CA_WRITABLE)
        }
        (PlaceFault::WritableByGroup, _) => (&CA_WRITABLE, Severity::Notice),
        (PlaceFault::Open, _) => entry_and_severity(&CA_FOLDER_OPEN),
        (PlaceFault::Readable, Role::CaKey) => entry_and_severity(&CA_KEY_READABLE),
        (PlaceFault::Readable, _) => entry_and_severity(&CA_FILE_READABLE),
    };
    let mode = place.tightened();
    let finding = facts
        .about(
            entry,
            &place.path,
            format!("its mode is {:04o}, and {mode:04o} is enough", place.mode),
        )
        .weighing(severity);
    Some(
        finding
            .fix(
                CommandLine::new("chmod")
                    .value(&format!("{mode:o}"))
                    .path(&place.path),
            )
            .fixed_by(AutoFix::SetMode {
                path: place.path.clone(),
                mode,
            }),
    )
}

/// Nothing of the CA is only moved away: without its policy, its log or its records a CA permits more than with them.
fn irregular(facts: &Facts, place: &Place) -> Finding {
    const FOLDER: &str = "If you made the link, put the directory itself in its place. Otherwise restore the \
         directory from a backup.";
    const FILE: &str = "Restore the file from a backup, in place of what is there now.";
    const LINK: &str =
        "Restore the file from a backup, in place of the link, and do not copy what the link points to.";
    let path = &place.path;
    let kind = if place.role == Role::Folder {
        "a directory"
    } else {
        "a regular file"
    };
    let about = |seen: String| facts.about(&CA_FILE_IRREGULAR, path, seen);
    let Some(link) = &place.link else {
        let finding = about(format!("it is not {kind}"));
        // It holds nothing, and is made again.
        let is_lock = path.file_name().is_some_and(|name| name == ".lock");
        return if is_lock {
            finding.fix(CommandLine::new("mv -n").path(path).path(&before(path)))
        } else {
            finding.advise(FILE)
        };
    };
    let finding = about(format!(
        "it is a symbolic link to `{}`, {}; it must be {kind}",
        link.says.display(),
        link.hands
    ));
    match &link.trusted_file {
        _ if place.role == Role::Folder => finding.advise(FOLDER),
        // The content stays what it is.
        Some(file) => finding.fix(
            CommandLine::new("cp -p --remove-destination")
                .path(file)
                .path(path),
        ),
        None => finding.advise(LINK),
    }
}

/// The path to which a file is moved if it is in the way.
pub(super) fn before(path: &std::path::Path) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".before");
    name.into()
}

/// Files that do not belong to the owner of the CA directory. Files of root are safe, but no other user can write them.
fn owners(facts: &Facts) -> Option<Finding> {
    let root_owner = facts
        .places
        .iter()
        .find(|place| place.path == facts.paths.root)?
        .owner;
    let foreign: Sample<&Place> = facts
        .places
        .iter()
        .filter(|place| place.owner != root_owner)
        .collect();
    let mut paths: Sample<&std::path::Path> =
        foreign.named().iter().map(|place| place.path.as_path()).collect();
    if let Some(repository) = facts.repository.read() {
        repository
            .foreign
            .first
            .iter()
            .for_each(|path| paths.add(path.as_path()));
        paths.count += repository.foreign.count - repository.foreign.first.len() as u64;
    }
    if paths.is_empty() {
        return None;
    }
    let is_exposed = facts
        .exposures
        .iter()
        .any(|exposed| !exposed.is_above && matches!(exposed.how, Exposed::Owner(_)));
    let is_dangerous = is_exposed
        || foreign
            .first
            .iter()
            .any(|place| place.role == Role::Folder && place.owner != 0);
    let seen = format!(
        "the CA directory belongs to user {root_owner}, but {} does not",
        paths.listed(|path| format!("`{}`", path.display()))
    );
    let command = CommandLine::new("chown -h --reference=")
        .glued_path(&facts.paths.root)
        .paths(paths.named().iter().copied());
    let severity = if is_dangerous {
        Severity::Error
    } else {
        Severity::Warning
    };
    Some(
        facts
            .about(&CA_OWNER_DIFFERS, &facts.paths.root, seen)
            .weighing(severity)
            .fix(command),
    )
}

pub(super) fn repository(facts: &Facts) -> Vec<Finding> {
    let path = &facts.paths.repository;
    let repository = match &facts.repository {
        Part::Missing => {
            let finding = facts.about(&CA_FOLDER_MISSING, path, "it does not exist");
            // An empty one hides that certificates are lost, by which compromised keys and the names of CAs below are known.
            let has_records = !matches!(&facts.index, Part::Read(index) if index.records == 0);
            return vec![if has_records {
                finding.advise(FROM_BACKUP)
            } else {
                finding.fix(CommandLine::new("mkdir -m 700").path(path))
            }];
        }
        Part::Unreadable(problem) => {
            return vec![
                facts
                    .about(&CA_FOLDER_MISSING, path, problem)
                    .fix(CommandLine::new("chmod u+rwx").path(path)),
            ];
        }
        Part::Irregular | Part::Forbidden => return Vec::new(),
        Part::Read(repository) => repository,
    };
    let mut found = Vec::new();
    for (places, entry, right) in [
        (&repository.readable, &HOST_KEYS_READABLE, "go-rwx"),
        (&repository.writable, &CA_WRITABLE, "go-w"),
    ] {
        if places.is_empty() {
            continue;
        }
        let seen = format!(
            "{} files accessible to others: {}",
            places.count,
            places.listed(|path| file_name(path))
        );
        let command = if places.unnamed() == 0 {
            CommandLine::new("chmod")
                .words(right)
                .paths(places.named().iter().map(std::path::PathBuf::as_path))
        } else {
            let kind = if right == "go-w" {
                ""
            } else {
                r"\( -name '*_priv_key.pem' -o -name '*.pfx' \)"
            };
            CommandLine::new("find")
                .path(path)
                .words("-type f")
                .words(kind)
                .words("-exec chmod")
                .words(right)
                .words("{} +")
        };
        found.push(
            facts
                .fixed_automatically(facts.about(entry, path, seen), CaFix::TightenRepository)
                .fix(command),
        );
    }
    if !repository.irregular.is_empty() {
        let seen = format!(
            "symbolic links or other things that are not files: {}",
            repository.irregular.listed(|path| file_name(path))
        );
        let finding = facts.about(&CA_FILE_IRREGULAR, path, seen);
        let mut aside = path.as_os_str().to_owned();
        aside.push(".aside");
        let aside = std::path::PathBuf::from(aside);
        let named = repository
            .irregular
            .named()
            .iter()
            .map(std::path::PathBuf::as_path);
        found.push(
            finding.fix(
                CommandLine::new("mkdir -p -m 700")
                    .path(&aside)
                    .words("&& mv -n")
                    .paths(named)
                    .path(&aside),
            ),
        );
    }
    found
}

/// The last part of a path, for lists of files in one folder.
pub(super) fn file_name(path: &std::path::Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

pub(super) fn permitted(facts: &Facts) -> Vec<Finding> {
    let Some((_, owner)) = facts.forbidden.first() else {
        return Vec::new();
    };
    let paths: Sample<&std::path::Path> = facts.forbidden.iter().map(|(path, _)| path.as_path()).collect();
    let sudo = CommandLine::new("sudo");
    let sudo = if *owner == 0 {
        sudo
    } else {
        sudo.words("-u").value(&format!("#{owner}"))
    };
    let seen = paths.listed(|path| format!("`{}`", path.display()));
    vec![
        facts
            .about(&CA_NOT_PERMITTED, &facts.paths.root, seen)
            .look(sudo.words("gsec doctor").path(&facts.paths.root)),
    ]
}

pub(super) fn owner(facts: &Facts) -> Vec<Finding> {
    let Some(owner) = facts.other_owner else {
        return Vec::new();
    };
    let seen = format!("it belongs to user {owner}, who can change everything in it");
    let advice = "Trust this CA only if you trust that user as your CA. gsec uses it only when it is \
         selected explicitly.";
    vec![
        facts
            .about(&CA_OF_ANOTHER_USER, &facts.paths.root, seen)
            .advise(advice),
    ]
}

pub(super) fn parents(facts: &Facts) -> Vec<Finding> {
    let found = facts.exposures.iter().filter(|exposed| exposed.is_above).map(
        |ExposedPlace { path, how, .. }| {
            let (seen, command) = match how {
                Exposed::Owner(owner) => (
                    format!("it belongs to user {owner}, who can replace this CA with another one"),
                    None,
                ),
                Exposed::Writable {
                    mode,
                    by,
                    is_roots: true,
                } if mode & 0o002 != 0 => (
                    format!("{by} can write to it (mode {mode:04o}), and it has no sticky bit"),
                    Some(CommandLine::new("chmod +t").path(path)),
                ),
                Exposed::Writable { mode, by, .. } => (
                    format!("{by} can write to it (mode {mode:04o})"),
                    Some(CommandLine::new("chmod go-w").path(path)),
                ),
            };
            let finding = facts.about(&CA_PARENT_WRITABLE, path, seen);
            match command {
            Some(command) => finding.fix(command),
            // What stands there may be a link, which to move changes nothing.
            None => finding.advise(
                "Find out what that user has put there. Then move the CA directory itself, not a link to it, \
                 to a place where only you and root can write.",
            ),
        }
        },
    );
    found.collect()
}

pub(super) fn disk(facts: &Facts) -> Vec<Finding> {
    let Some(disk) = facts.disk else { return Vec::new() };
    let path = &facts.paths.root;
    let look = CommandLine::new("df -h").path(path).glued("; df -i").path(path);
    if disk.is_read_only {
        return vec![
            facts
                .about(&CA_DISK_READ_ONLY, path, "its file system is mounted read-only")
                .look(CommandLine::new("findmnt -T").path(path)),
        ];
    }
    if disk.free_bytes < MIN_FREE_BYTES {
        let seen = format!(
            "{} KiB are left, and the minimum is {}",
            disk.free_bytes / 1024,
            MIN_FREE_BYTES / 1024
        );
        return vec![facts.about(&CA_DISK_FULL, path, seen).look(look)];
    }
    match disk.free_files {
        Some(files) if files < MIN_FREE_FILES => {
            vec![
                facts
                    .about(
                        &CA_DISK_FULL,
                        path,
                        format!("{files} more files can be created, and the minimum is {MIN_FREE_FILES}"),
                    )
                    .look(look),
            ]
        }
        _ => Vec::new(),
    }
}

pub(super) fn marks(facts: &Facts) -> Vec<Finding> {
    let marked = |paths: &[std::path::PathBuf], seen: &str, without: &'static str| {
        let found = paths.iter().map(|path| {
            facts
                .about(&CA_FIXED, path, seen)
                .look(CommandLine::new("lsattr -d").path(path))
                .fix(CommandLine::new(without).path(path))
        });
        found.collect::<Vec<_>>()
    };
    let immutable = marked(
        &facts.immutable,
        "it is marked immutable (`chattr +i`)",
        "chattr -i",
    );
    let append_only = marked(
        &facts.append_only,
        "it is marked append-only (`chattr +a`)",
        "chattr -a",
    );
    immutable.into_iter().chain(append_only).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{each, findings, fixes, sample};
    use super::*;
    use crate::checks::tests::help_of;
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};

    fn with_mode(facts: &mut Facts, role: Role, mode: u32) {
        facts.place_mut(role).mode = mode;
    }

    #[test]
    fn what_others_can_read_or_write() {
        each(&[
            (
                "the CA key is readable by its group",
                |facts| with_mode(facts, Role::CaKey, 0o440),
                &[(
                    "ca-key-readable-by-others",
                    Warning,
                    "ca_priv_key.pem: its mode is 0440, and 0400 is enough",
                )],
            ),
            (
                "the CA key is writable by its group",
                |facts| with_mode(facts, Role::CaKey, 0o420),
                &[(
                    "ca-writable-by-others",
                    Error,
                    "its mode is 0420, and 0400 is enough",
                )],
            ),
            (
                "the directory is writable by everyone",
                |facts| with_mode(facts, Role::Root, 0o777),
                &[(
                    "ca-writable-by-others",
                    Error,
                    "/srv/ca: its mode is 0777, and 0755 is enough",
                )],
            ),
            (
                "ca_conf is writable by its group, in which nobody else is",
                |facts| with_mode(facts, Role::Folder, 0o770),
                &[(
                    "ca-writable-by-others",
                    Notice,
                    "ca_conf: its mode is 0770, and 0700 is enough",
                )],
            ),
            (
                "ca_conf is writable by its group, in which others are",
                |facts| {
                    with_mode(facts, Role::Folder, 0o770);
                    facts.exposures = vec![exposed(
                        "/srv/ca/ca_conf",
                        Exposed::Writable {
                            mode: 0o770,
                            by: "its group",
                            is_roots: true,
                        },
                        false,
                    )];
                },
                &[("ca-writable-by-others", Error, "ca_conf")],
            ),
            (
                "ca_conf is open to everyone",
                |facts| with_mode(facts, Role::Folder, 0o755),
                &[(
                    "ca-folder-open",
                    Notice,
                    "ca_conf: its mode is 0755, and 0700 is enough",
                )],
            ),
            (
                "ca.db is readable by everyone, who can reach it",
                |facts| {
                    let place = facts.place_mut(Role::Private);
                    (place.mode, place.folder_mode) = (0o644, 0o755);
                },
                &[(
                    "ca-file-readable-by-others",
                    Notice,
                    "ca.db: its mode is 0644, and 0600 is enough",
                )],
            ),
            (
                "ca.db is readable by everyone, and nobody can reach it",
                |facts| with_mode(facts, Role::Private, 0o644),
                &[],
            ),
        ]);
    }

    #[test]
    fn modes_are_tightened_by_fix() {
        let found = findings(|facts| with_mode(facts, Role::CaKey, 0o644));
        assert_eq!(
            found[0].auto_fix,
            Some(AutoFix::SetMode {
                path: "/srv/ca/ca_conf/ca_priv_key.pem".into(),
                mode: 0o400,
            })
        );
        assert_eq!(
            help_of(&found[0]),
            "fix: chmod 400 /srv/ca/ca_conf/ca_priv_key.pem"
        );
    }

    fn link(facts: &mut Facts, role: Role, trusted_file: Option<&str>) {
        let place = facts.place_mut(role);
        place.file_type = FileType::SymbolicLink;
        place.link = Some(Link {
            says: "/elsewhere".into(),
            trusted_file: trusted_file.map(Into::into),
            hands: "which belongs to user 7".into(),
        });
    }

    #[test]
    fn what_is_no_file_and_no_folder() {
        each(&[
            (
                "the key is a link",
                |facts| link(facts, Role::CaKey, None),
                &[(
                    "ca-file-irregular",
                    Error,
                    "a symbolic link to `/elsewhere`, which belongs to user 7; it must be a regular file",
                )],
            ),
            (
                "ca_conf is a link",
                |facts| link(facts, Role::Folder, None),
                &[("ca-file-irregular", Error, "it must be a directory")],
            ),
            (
                "ca.db is a pipe",
                |facts| facts.place_mut(Role::Private).file_type = FileType::Other,
                &[("ca-file-irregular", Error, "ca.db: it is not a regular file")],
            ),
        ]);
    }

    #[test]
    fn only_what_is_trusted_is_copied_in_place_of_a_link() {
        let trusted = findings(|facts| link(facts, Role::Private, Some("/elsewhere")));
        assert_eq!(
            help_of(&trusted[0]),
            "fix: cp -p --remove-destination /elsewhere /srv/ca/ca_conf/ca.db"
        );
        let others = findings(|facts| link(facts, Role::Private, None));
        assert!(help_of(&others[0]).contains("do not copy what the link points to"));
        let folder = findings(|facts| link(facts, Role::Folder, Some("/elsewhere")));
        assert!(help_of(&folder[0]).starts_with("advice: If you made the link"));
    }

    #[test]
    fn files_of_another_owner() {
        each(&[
            (
                "ca.db is root's in a user's directory",
                |facts| {
                    facts.places.iter_mut().for_each(|place| place.owner = 1000);
                    facts.place_mut(Role::Private).owner = 0;
                },
                &[(
                    "ca-owner-differs",
                    Warning,
                    "belongs to user 1000, but `/srv/ca/ca_conf/ca.db` does not",
                )],
            ),
            (
                "ca_conf is a third user's",
                |facts| facts.place_mut(Role::Folder).owner = 7,
                &[("ca-owner-differs", Error, "`/srv/ca/ca_conf`")],
            ),
            (
                "a file is a third user's, who can exchange the CA",
                |facts| {
                    facts.place_mut(Role::Private).owner = 7;
                    facts.exposures = vec![exposed("/srv/ca/ca_conf/ca.db", Exposed::Owner(7), false)];
                },
                &[("ca-owner-differs", Error, "`/srv/ca/ca_conf/ca.db`")],
            ),
            (
                "a key in the repository is a third user's",
                |facts| facts.repository_mut().foreign = sample(["/srv/ca/repository/a_priv_key.pem".into()]),
                &[("ca-owner-differs", Warning, "`/srv/ca/repository/a_priv_key.pem`")],
            ),
            (
                "the directory is another user's",
                |facts| facts.other_owner = Some(1000),
                &[("ca-of-another-user", Warning, "/srv/ca: it belongs to user 1000")],
            ),
            (
                "this user may not read two files",
                |facts| {
                    facts.forbidden = vec![("/srv/ca/ca_conf".into(), 1000), ("/srv/ca/repository".into(), 0)]
                },
                &[(
                    "ca-not-permitted",
                    Error,
                    "`/srv/ca/ca_conf`, `/srv/ca/repository`",
                )],
            ),
        ]);
        let found = findings(|facts| facts.forbidden = vec![("/srv/ca/ca_conf".into(), 1000)]);
        assert_eq!(help_of(&found[0]), "look: sudo -u '#1000' gsec doctor /srv/ca");
    }

    fn exposed(path: &str, how: Exposed, is_above: bool) -> ExposedPlace {
        ExposedPlace {
            path: path.into(),
            how,
            is_above,
        }
    }

    fn writable(mode: u32, is_roots: bool) -> Exposed {
        Exposed::Writable {
            mode,
            by: "everyone",
            is_roots,
        }
    }

    #[test]
    fn folders_above_the_directory() {
        each(&[
            (
                "one is another user's",
                |facts| facts.exposures = vec![exposed("/srv", Exposed::Owner(7), true)],
                &[("ca-parent-writable", Error, "/srv: it belongs to user 7")],
            ),
            (
                "one is writable by everyone",
                |facts| facts.exposures = vec![exposed("/srv", writable(0o777, false), true)],
                &[(
                    "ca-parent-writable",
                    Error,
                    "/srv: everyone can write to it (mode 0777)",
                )],
            ),
            (
                "one is root's, and only the sticky bit is missing",
                |facts| facts.exposures = vec![exposed("/srv", writable(0o777, true), true)],
                &[("ca-parent-writable", Error, "and it has no sticky bit")],
            ),
            (
                "what is exposed is not above it",
                |facts| facts.exposures = vec![exposed("/srv/ca", writable(0o777, true), false)],
                &[],
            ),
        ]);
        let help = |how| help_of(&findings(|facts| facts.exposures = vec![exposed("/srv", how, true)])[0]);
        assert_eq!(help(writable(0o777, true)), "fix: chmod +t /srv");
        assert_eq!(help(writable(0o770, true)), "fix: chmod go-w /srv");
        assert_eq!(help(writable(0o777, false)), "fix: chmod go-w /srv");
    }

    #[test]
    fn repository_that_is_open_or_not_there() {
        each(&[
            (
                "it is gone",
                |facts| facts.repository = Part::Missing,
                &[(
                    "ca-folder-missing",
                    Error,
                    "/srv/ca/repository: it does not exist",
                )],
            ),
            (
                "it cannot be listed",
                |facts| facts.repository = Part::Unreadable("permission denied".into()),
                &[("ca-folder-missing", Error, "permission denied")],
            ),
            (
                "keys of hosts are readable",
                |facts| facts.repository_mut().readable = sample(["/srv/ca/repository/a.pfx".into()]),
                &[(
                    "host-keys-readable-by-others",
                    Warning,
                    "1 files accessible to others: a.pfx",
                )],
            ),
            (
                "certificates are writable",
                |facts| facts.repository_mut().writable = sample(["/srv/ca/repository/01.pem".into()]),
                &[(
                    "ca-writable-by-others",
                    Error,
                    "1 files accessible to others: 01.pem",
                )],
            ),
            (
                "a file is a link",
                |facts| facts.repository_mut().irregular = sample(["/srv/ca/repository/01.pem".into()]),
                &[("ca-file-irregular", Error, "not files: 01.pem")],
            ),
        ]);
        assert_eq!(
            fixes(|facts| facts.repository_mut().readable = sample(["/srv/ca/repository/a.pfx".into()])),
            [Some(CaFix::TightenRepository)]
        );
    }

    #[test]
    fn empty_repository_is_made_only_where_nothing_was_issued() {
        let gone = |records: u64| {
            help_of(
                &findings(|facts| {
                    facts.repository = Part::Missing;
                    facts.index_mut().records = records;
                })[0],
            )
        };
        assert_eq!(gone(0), "fix: mkdir -m 700 /srv/ca/repository");
        assert_eq!(gone(1), format!("advice: {FROM_BACKUP}"));
    }

    #[test]
    fn marks_that_bind_root_too() {
        let told = |change: fn(&mut Facts)| {
            let found = findings(change);
            assert_eq!(found.len(), 1);
            (found[0].entry.slug, help_of(&found[0]))
        };
        let (slug, help) = told(|facts| facts.immutable = vec!["/srv/ca/x".into()]);
        assert!(
            slug == "ca-cannot-be-changed" && help.contains("chattr -i /srv/ca/x"),
            "{help}"
        );
        let (_, help) = told(|facts| facts.append_only = vec!["/srv/ca/x".into()]);
        assert!(help.contains("chattr -a /srv/ca/x"), "{help}");
    }

    #[test]
    fn disk_without_room() {
        fn with_disk(facts: &mut Facts, free_bytes: u64, free_files: Option<u64>) {
            facts.disk = Some(Disk {
                free_bytes,
                free_files,
                is_read_only: false,
            });
        }
        each(&[
            (
                "it is read-only",
                |facts| facts.disk.iter_mut().for_each(|disk| disk.is_read_only = true),
                &[("ca-disk-read-only", Warning, "mounted read-only")],
            ),
            (
                "a byte less than 64 MiB is left",
                |facts| with_disk(facts, MIN_FREE_BYTES - 1, None),
                &[(
                    "ca-disk-full",
                    Warning,
                    "65535 KiB are left, and the minimum is 65536",
                )],
            ),
            (
                "64 MiB are left",
                |facts| with_disk(facts, MIN_FREE_BYTES, None),
                &[],
            ),
            (
                "999 more files can be created",
                |facts| with_disk(facts, 1 << 40, Some(999)),
                &[("ca-disk-full", Warning, "999 more files")],
            ),
            (
                "1000 more files can be created",
                |facts| with_disk(facts, 1 << 40, Some(1000)),
                &[],
            ),
            ("the system does not tell", |facts| facts.disk = None, &[]),
        ]);
    }
}
