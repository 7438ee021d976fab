//! Who else can read and write, and whether there is room to write.

use super::*;
use crate::doctor::{Entry, Finding, Mend};
use crate::encoding::shell::CommandLine;
use crate::x509::path::Severity;

/// A CRL of a hundred thousand revocations, or ten thousand certificates, need this much.
const MIN_FREE_OCTETS: u64 = 64 * 1024 * 1024;
const MIN_FREE_FILES: u64 = 1000;

pub(super) fn places(facts: &Facts) -> Vec<Finding> {
    let mut found: Vec<Finding> = facts.places.iter().filter_map(|place| finding_of(facts, place)).collect();
    found.extend(owners(facts));
    found
}

fn finding_of(facts: &Facts, place: &Place) -> Option<Finding> {
    let entry_and_severity = |entry: &'static Entry| (entry, entry.severity);
    let (entry, severity) = match (place.fault()?, place.role) {
        (PlaceFault::Irregular, _) => return Some(irregular(facts, place)),
        (PlaceFault::WritableByAll, _) => entry_and_severity(&CA_WRITABLE),
        (PlaceFault::WritableByGroup, _) => (&CA_WRITABLE, Severity::Notice),
        (PlaceFault::Open, _) => entry_and_severity(&CA_FOLDER_OPEN),
        (PlaceFault::Readable, Role::CaKey) => entry_and_severity(&CA_KEY_READABLE),
        (PlaceFault::Readable, _) => entry_and_severity(&CA_FILE_READABLE),
    };
    let mode = place.tightened();
    let finding = facts.about(entry, &place.path, format!("its mode is {:04o}, and {mode:04o} is enough", place.mode)).weighing(severity);
    Some(
        finding
            .fix(CommandLine::new("chmod").value(&format!("{mode:o}")).path(&place.path))
            .mended_by(Mend::SetMode { path: place.path.clone(), mode }),
    )
}

fn irregular(facts: &Facts, place: &Place) -> Finding {
    let path = &place.path;
    let before = || CommandLine::new("mv -n").path(path).path(&before(path));
    let about = |seen| facts.about(&CA_FILE_IRREGULAR, &place.path, seen);
    match (place.file_type, place.role) {
        (FileType::SymbolicLink, Role::Folder) => {
            let fix = CommandLine::new("real=$(readlink -f").path(path).glued(") && rm").path(path).words("&& mv \"$real\"").path(path);
            about("it is a symbolic link, and a folder is wanted").fix(fix)
        }
        (FileType::SymbolicLink, _) => about("it is a symbolic link, and a regular file is wanted").fix(copied_from_link(path)),
        (_, Role::Folder) => about("it is no folder").fix(before().words("&& mkdir -m 700").path(path)),
        _ => about("it is no regular file").fix(before()),
    }
}

/// The file that a link leads to takes the link's place.
fn copied_from_link(link: &std::path::Path) -> CommandLine {
    CommandLine::new("cp -p --remove-destination \"$(readlink -f").path(link).glued(")\"").path(link)
}

/// Where something is put that stands in the way.
fn before(path: &std::path::Path) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".before");
    name.into()
}

/// What does not belong to whom the CA directory belongs: root's files are safe, but nobody else can write them.
fn owners(facts: &Facts) -> Option<Finding> {
    let root_owner = facts.places.iter().find(|place| place.path == facts.paths.root)?.owner;
    let foreign: Several<&Place> = facts.places.iter().filter(|place| place.owner != root_owner).collect();
    let mut paths: Several<&std::path::Path> = foreign.named().iter().map(|place| place.path.as_path()).collect();
    if let Some(repository) = facts.repository.read() {
        repository.foreign.first.iter().for_each(|path| paths.add(path.as_path()));
        paths.count += repository.foreign.count - repository.foreign.first.len() as u64;
    }
    if paths.is_empty() {
        return None;
    }
    let is_dangerous = foreign.first.iter().any(|place| place.role == Role::Folder && place.owner != 0);
    let seen = format!("the CA directory belongs to user {root_owner}, and {} not", paths.listed(|path| format!("`{}`", path.display())));
    let command = CommandLine::new("chown -h --reference=").glued_path(&facts.paths.root).paths(paths.named().iter().copied());
    let severity = if is_dangerous { Severity::Error } else { Severity::Warning };
    Some(facts.about(&CA_OWNER_DIFFERS, &facts.paths.root, seen).weighing(severity).fix(command))
}

pub(super) fn repository(facts: &Facts) -> Vec<Finding> {
    let path = &facts.paths.repository;
    let repository = match &facts.repository {
        Part::Missing => return vec![facts.about(&CA_FOLDER_MISSING, path, "it is not there").fix(CommandLine::new("mkdir -m 700").path(path))],
        Part::Unreadable(problem) => return vec![facts.about(&CA_FOLDER_MISSING, path, problem).fix(CommandLine::new("chmod u+rwx").path(path))],
        Part::Irregular | Part::Forbidden => return Vec::new(),
        Part::Read(repository) => repository,
    };
    let mut found = Vec::new();
    for (places, entry, right) in [(&repository.readable, &HOST_KEYS_READABLE, "go-rwx"), (&repository.writable, &CA_WRITABLE, "go-w")] {
        if places.is_empty() {
            continue;
        }
        let seen = format!("{} files, which others can reach: {}", places.count, places.listed(|path| file_name(path)));
        let command = if places.unnamed() == 0 {
            CommandLine::new("chmod").words(right).paths(places.named().iter().map(std::path::PathBuf::as_path))
        } else {
            let kind = if right == "go-w" { "" } else { r"\( -name '*_priv_key.pem' -o -name '*.pfx' \)" };
            CommandLine::new("find").path(path).words("-type f").words(kind).words("-exec chmod").words(right).words("{} +")
        };
        found.push(facts.mended(facts.about(entry, path, seen), CaMend::TightenRepository).fix(command));
    }
    if !repository.irregular.is_empty() {
        let seen = format!("symbolic links or other things that are no files: {}", repository.irregular.listed(|path| file_name(path)));
        let finding = facts.about(&CA_FILE_IRREGULAR, path, seen);
        found.push(repository.irregular.named().iter().fold(finding, |finding, link| finding.fix(copied_from_link(link))));
    }
    found
}

/// The last part of a path, for lists of files in one folder.
pub(super) fn file_name(path: &std::path::Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

pub(super) fn permitted(facts: &Facts) -> Vec<Finding> {
    let Some((_, owner)) = facts.forbidden.first() else { return Vec::new() };
    let paths: Several<&std::path::Path> = facts.forbidden.iter().map(|(path, _)| path.as_path()).collect();
    let sudo = CommandLine::new("sudo");
    let sudo = if *owner == 0 { sudo } else { sudo.words("-u").value(&format!("#{owner}")) };
    let seen = paths.listed(|path| format!("`{}`", path.display()));
    vec![facts.about(&CA_NOT_PERMITTED, &facts.paths.root, seen).look(sudo.words("gsec doctor").path(&facts.paths.root))]
}

pub(super) fn parents(facts: &Facts) -> Vec<Finding> {
    let found = facts.open_parents.iter().map(|path| {
        let finding = facts.about(&CA_PARENT_WRITABLE, path, "everybody can write in it, and it has no sticky bit");
        finding.fix(CommandLine::new("chmod +t").path(path))
    });
    found.collect()
}

pub(super) fn disk(facts: &Facts) -> Vec<Finding> {
    let Some(disk) = facts.disk else { return Vec::new() };
    let path = &facts.paths.root;
    let look = CommandLine::new("df -h").path(path).glued("; df -i").path(path);
    if disk.is_read_only {
        return vec![facts.about(&CA_DISK_READ_ONLY, path, "its file system is mounted read-only").look(CommandLine::new("findmnt -T").path(path))];
    }
    if disk.free_octets < MIN_FREE_OCTETS {
        let seen = format!("{} KiB can still be written, and {} are little", disk.free_octets / 1024, MIN_FREE_OCTETS / 1024);
        return vec![facts.about(&CA_DISK_FULL, path, seen).look(look)];
    }
    match disk.free_files {
        Some(files) if files < MIN_FREE_FILES => {
            vec![facts.about(&CA_DISK_FULL, path, format!("{files} files can still be made, and {MIN_FREE_FILES} are few")).look(look)]
        }
        _ => Vec::new(),
    }
}
