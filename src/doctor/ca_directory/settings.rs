//! What killed calls left, the lock, the cache, and the settings.

use super::access::file_name;
use super::remedy::words;
use super::*;
use crate::doctor::Finding;
use crate::encoding::shell::{quoted, quoted_text};

pub(super) fn leftovers(facts: &Facts) -> Vec<Finding> {
    let mut found = Vec::new();
    let Leftovers { ours, folders, openssl } = &facts.leftovers;
    if !ours.is_empty() {
        let seen = format!("{} of gsec's: {}", ours.count, ours.listed(|path| file_name(path)));
        found.push(facts.fixed(facts.about(&CA_LEFTOVERS, &facts.paths.root, seen), CaMend::RemoveLeftovers));
    }
    if !folders.is_empty() {
        let seen = format!("unfinished folders, which may hold a key: {}", folders.listed(|path| file_name(path)));
        let remove = format!("rm -r {}", words(folders.named().iter().map(std::path::PathBuf::as_path)));
        found.push(facts.about(&CA_LEFTOVERS, &facts.paths.root, seen).remedy(remove));
    }
    if !openssl.is_empty() {
        let seen = format!("{} of `openssl ca`: {}", openssl.count, openssl.listed(|path| file_name(path)));
        let remove = format!("rm {}", words(openssl.named().iter().map(std::path::PathBuf::as_path)));
        found.push(facts.about(&CA_LEFTOVERS, &facts.paths.conf, seen).remedy(remove));
    }
    if let Some(holder) = &facts.lock_holder {
        let finding = facts.about(&CA_LOCK_HELD, &facts.paths.conf.join(".lock"), format!("{holder} has held it for a second and more"));
        let process = holder.split_whitespace().nth(1).filter(|word| word.bytes().all(|octet| octet.is_ascii_digit()));
        found.push(match process {
            Some(process) => finding.remedy(format!("ps -fp {process}")).remedy(format!("kill {process}")),
            None => finding.remedy(format!("fuser -v {}", quoted(&facts.paths.conf.join(".lock")))),
        });
    }
    if facts.host_index_is_sound == Some(false) {
        let finding = facts.about(&HOST_INDEX_DAMAGED, &facts.paths.host_index, "its digests do not fit its pages");
        found.push(facts.mended(finding, CaMend::RemoveHostIndex).remedy(format!("rm -f {}", quoted(&facts.paths.host_index))));
    }
    found
}

pub(super) fn settings(facts: &Facts) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(problem) = &facts.policy_problem {
        let finding = facts.about(&POLICY_DAMAGED, &facts.paths.policy, problem);
        found.push(finding.remedy(format!("${{EDITOR:-vi}} {}", quoted(&facts.paths.policy))));
    }
    let path = &facts.paths.openssl_configuration;
    match &facts.openssl_configuration {
        Part::Missing if facts.is_adopted => {
            found.push(facts.fixed(facts.about(&OPENSSL_CONFIGURATION_MISSING, path, "it is not there"), CaMend::WriteConfiguration));
        }
        Part::Read(settings) => found.extend(settings.iter().map(|setting| {
            let seen = format!("`{} = {}`, and this CA's own is `{}`", setting.name, setting.value, setting.expected);
            // `|` stands in no path that gsec writes there.
            let script = format!("s|^\\([[:space:]]*{}[[:space:]]*=\\).*|\\1 {}|", setting.name, setting.expected);
            facts.about(&OPENSSL_CONFIGURATION_ELSEWHERE, path, seen).remedy(format!("sed -i.bak {} {}", quoted_text(&script), quoted(path)))
        })),
        _ => {}
    }
    found
}
