//! What killed calls left, the lock, the cache, and the settings.

use super::access::file_name;
use super::*;
use crate::checks::Finding;
use gsec_ca::policy::{PolicyError, PolicyNotice};
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::x509::path::Severity;

/// Files that OpenSSL and what is built on it cannot load, although gsec can.
pub(super) fn forms(facts: &Facts) -> Vec<Finding> {
    let of_one = |odd: &OddForm| {
        let seen = match odd.oddity {
            None => "it is DER, but its name ends in .pem: OpenSSL, nginx and curl cannot load it".to_owned(),
            Some((line, oddity)) => format!("the block at line {line}: {}", oddity.in_words()),
        };
        let words =
            Prose::new("Restore the file from a backup, or write it again: gsec convert to-pem reads ")
                .path(&odd.path)
                .words(" and prints it in the form that every program loads.");
        // Every peer gets these files, or a server loads them.
        let severity = match odd.oddity {
            Some((_, oddity)) if !oddity.is_refused_by_openssl() => Severity::Notice,
            _ => Severity::Error,
        };
        facts
            .about(&PEM_FORM, &odd.path, seen)
            .weighing(severity)
            .advise(words)
    };
    facts.odd_forms.iter().map(of_one).collect()
}

/// The CA's key in a form that some programs do not load: `openssl ca` may be one of them.
pub(super) fn key_form(facts: &Facts) -> Vec<Finding> {
    let Some((seen, severity)) = forms_in_words(&facts.key_forms) else {
        return Vec::new();
    };
    let key = &facts.paths.key;
    let out = key.with_extension("new.pem");
    let written = CommandLine::new("gsec convert key")
        .path(key)
        .words("--out")
        .path(&out);
    let words = Prose::new(
        "Write it again, compare the two with gsec cert match, and put the new one in its place: ",
    )
    .typed(&written);
    // gsec itself works with it.
    let finding = facts
        .about(&KEY_FORM, key, seen)
        .weighing(severity.max(Severity::Warning));
    vec![finding.advise(words.words("."))]
}

pub(super) fn leftovers(facts: &Facts) -> Vec<Finding> {
    let mut found = Vec::new();
    let Leftovers {
        ours,
        folders,
        openssl,
    } = &facts.leftovers;
    if !ours.is_empty() {
        let seen = format!(
            "{} of gsec's: {}",
            ours.count,
            ours.listed(|path| file_name(path))
        );
        found.push(facts.fixed(
            facts.about(&CA_LEFTOVERS, &facts.paths.root, seen),
            CaFix::RemoveLeftovers,
        ));
    }
    if !folders.is_empty() {
        let seen = format!(
            "unfinished directories, which may contain a key: {}",
            folders.listed(|path| file_name(path))
        );
        let remove = CommandLine::new("rm -r").paths(folders.named().iter().map(std::path::PathBuf::as_path));
        found.push(facts.about(&CA_LEFTOVERS, &facts.paths.root, seen).fix(remove));
    }
    if !openssl.is_empty() {
        let seen = format!(
            "{} of `openssl ca`: {}",
            openssl.count,
            openssl.listed(|path| file_name(path))
        );
        let remove = CommandLine::new("rm").paths(openssl.named().iter().map(std::path::PathBuf::as_path));
        found.push(facts.about(&CA_LEFTOVERS, &facts.paths.conf, seen).fix(remove));
    }
    if let Some(holder) = &facts.lock_holder {
        let finding = facts.about(
            &CA_LOCK_HELD,
            &facts.paths.conf.join(".lock"),
            format!("{holder} has held it for more than a second"),
        );
        let process = holder
            .split_whitespace()
            .nth(1)
            .filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        found.push(match process {
            Some(process) => finding
                .look(CommandLine::new("ps -fp").value(process))
                .advise("End the process only if it hangs."),
            None => finding.look(CommandLine::new("fuser -v").path(&facts.paths.conf.join(".lock"))),
        });
    }
    if facts.host_index_is_sound == Some(false) {
        let finding = facts.about(
            &HOST_INDEX_DAMAGED,
            &facts.paths.host_index,
            "its digests do not match its pages",
        );
        found.push(
            facts
                .fixed_automatically(finding, CaFix::RemoveHostIndex)
                .fix(CommandLine::new("rm -f").path(&facts.paths.host_index)),
        );
    }
    found
}

pub(super) fn settings(facts: &Facts) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(sign) = facts.lost_policy {
        let finding = facts.about(
            &POLICY_MISSING,
            &facts.paths.policy,
            format!("it is missing, and {sign} shows that it existed"),
        );
        let adopt = Prose::new(
            "If there is none, this command writes one with the default rules, and shows first what it would \
             change: ",
        );
        found.push(
            finding
                .advise("Restore it from a backup.")
                .advise(adopt.typed(&facts.gsec("ca adopt"))),
        );
    }
    if let Some(problem) = &facts.policy_problem {
        let finding = facts.about(&POLICY_DAMAGED, &facts.paths.policy, problem.to_string());
        found.push(finding.advise(to_correct(problem)));
    }
    found.extend(policy_notices(facts));
    let path = &facts.paths.openssl_configuration;
    match &facts.openssl_configuration {
        Part::Missing if facts.is_adopted => {
            found.push(facts.fixed(
                facts.about(&OPENSSL_CONFIGURATION_MISSING, path, "it does not exist"),
                CaFix::WriteConfiguration,
            ));
        }
        Part::Read(settings) => found.extend(settings.iter().map(|setting| {
            let seen = format!(
                "`{} = {}`, but this CA's own is `{}`",
                setting.name, setting.value, setting.expected
            );
            // The paths gsec writes there do not contain `|`.
            let script = format!(
                "s|^\\([[:space:]]*{}[[:space:]]*=\\).*|\\1 {}|",
                setting.name, setting.expected
            );
            let entry = if setting.name == "copy_extensions" {
                &OPENSSL_COPIES_EXTENSIONS
            } else {
                &OPENSSL_CONFIGURATION_ELSEWHERE
            };
            facts
                .about(entry, path, seen)
                .fix(CommandLine::new("sed -i.bak").value(&script).path(path))
        })),
        Part::Unreadable(problem) => {
            const ADVICE: &str =
                "Restore it from a backup; or move it away, and gsec doctor with --fix re-creates it.";
            found.push(
                facts
                    .about(&OPENSSL_CONFIGURATION_MISSING, path, problem)
                    .weighing(Severity::Warning)
                    .advise(ADVICE),
            );
        }
        _ => {}
    }
    found
}

/// What corrects a `gsec.toml` that is no policy.
fn to_correct(problem: &PolicyError) -> &'static str {
    match problem {
        PolicyError::File { .. } => "Restore it from a backup.",
        PolicyError::Incomplete { own: Some(_), .. } => {
            "Restore it from a backup. If a section has the name of another profile by mistake, correct the name in \
             an editor; otherwise add what is missing."
        }
        PolicyError::Incomplete { own: None, .. } => {
            "Restore it from a backup. If it is meant to be like this, add what is missing in an editor."
        }
        PolicyError::ProfileName {
            is_built_in: true, ..
        } => {
            "In an editor, move the settings to the section of the profile that is meant; or, if it is a profile of \
             your own, add a section for the built-in one too, which may be empty."
        }
        PolicyError::ProfileName { .. } => "Remove or rename one of the two sections in an editor.",
        _ => "Correct this line in an editor.",
    }
}

/// One finding for each inherited key, with the profiles that inherit it, one for each name of a profile that is near a built-in one, and one
/// for each odd key of `[security]`.
fn policy_notices(facts: &Facts) -> Vec<Finding> {
    const TO_LIFT: &str = "Nothing, if the limit should apply to these profiles too. Otherwise write the \
         named setting in the table of the profile to lift it.";
    const TO_NAME: &str = "Correct the name if the built-in profile is meant. If not, add a section for the built-in profile too, \
         which may be empty.";
    const TO_STATE: &str =
        "Write default_access = true or default_access = false in [security], and remove the old key.";
    let path = &facts.paths.policy;
    let mut inherited: Vec<(&str, usize, &str, Vec<&str>)> = Vec::new();
    let mut found = Vec::new();
    for notice in &facts.policy_notices {
        match notice {
            PolicyNotice::Inherited {
                profile,
                key,
                line,
                lifted_by,
            } => match inherited.iter_mut().find(|(known, ..)| known == key) {
                Some((.., profiles)) => profiles.push(profile),
                None => inherited.push((key, *line, lifted_by, vec![profile])),
            },
            PolicyNotice::NearBuiltIn { .. } => found.push(
                facts
                    .about(&POLICY_NAME_UNCLEAR, path, notice.to_string())
                    .advise(TO_NAME),
            ),
            other => found.push(
                facts
                    .about(&POLICY_ACCESS_UNCLEAR, path, other.to_string())
                    .advise(TO_STATE),
            ),
        }
    }
    found.extend(inherited.into_iter().map(|(key, line, lifted_by, profiles)| {
        let seen =
            format!("`{key}` of `[profile.host]`, line {line}, also limits {}; `{lifted_by}` in a profile lifts it there", profiles.join(", "));
        facts.about(&POLICY_LIMIT_INHERITED, path, seen).advise(TO_LIFT)
    }));
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::{each, findings, fixes, sample};
    use super::*;
    use crate::checks::tests::help_of;
    use gsec_pki::encoding::pem::Oddity;
    use gsec_pki::key::KeyForm;
    use gsec_pki::x509::path::Severity::{Error, Notice, Warning};

    fn odd(oddity: Option<(usize, Oddity)>) -> Vec<OddForm> {
        vec![OddForm {
            path: "/srv/ca/ca_conf/ca_cert.pem".into(),
            oddity,
        }]
    }

    #[test]
    fn file_that_only_gsec_reads() {
        each(&[
            (
                "DER under a name of PEM",
                |facts| facts.odd_forms = odd(None),
                &[("pem-form", Error, "ca_cert.pem: it is DER")],
            ),
            (
                "a block that OpenSSL does not read",
                |facts| facts.odd_forms = odd(Some((3, Oddity::Indented))),
                &[(
                    "pem-form",
                    Error,
                    "the block at line 3: its BEGIN line is indented",
                )],
            ),
        ]);
        let accepted = Oddity::ALL
            .into_iter()
            .find(|oddity| !oddity.is_refused_by_openssl());
        let found = findings(|facts| facts.odd_forms = odd(Some((3, accepted.expect("one")))));
        assert_eq!(found[0].severity, Notice, "a block that OpenSSL reads");
    }

    #[test]
    fn key_that_openssl_or_others_do_not_load() {
        each(&[
            (
                "PKCS #8 version 2",
                |facts| facts.key_forms = vec![KeyForm::Version2],
                &[("key-form", Warning, "ca_priv_key.pem: it is PKCS #8 version 2")],
            ),
            (
                "without its public half",
                |facts| facts.key_forms = vec![KeyForm::WithoutPublicHalf],
                &[("key-form", Notice, "ca_priv_key.pem: it lacks its public half")],
            ),
        ]);
        let found = findings(|facts| facts.key_forms = vec![KeyForm::Version2]);
        assert!(
            !help_of(&found[0]).contains("fix:"),
            "the CA's key is not replaced by a command"
        );
    }

    #[test]
    fn what_killed_commands_left() {
        each(&[
            (
                "files of gsec's",
                |facts| facts.leftovers.ours = sample(["/srv/ca/ca_conf/.tmp1".into()]),
                &[("ca-leftovers", Notice, "/srv/ca: 1 of gsec's: .tmp1")],
            ),
            (
                "an unfinished directory",
                |facts| facts.leftovers.folders = sample(["/srv/ca/ca_conf/.rekey.new".into()]),
                &[("ca-leftovers", Notice, "which may contain a key: .rekey.new")],
            ),
            (
                "files of openssl's",
                |facts| facts.leftovers.openssl = sample(["/srv/ca/ca_conf/ca.db.new".into()]),
                &[("ca-leftovers", Notice, "ca_conf: 1 of `openssl ca`: ca.db.new")],
            ),
        ]);
        assert_eq!(
            fixes(|facts| facts.leftovers.ours = sample(["/srv/ca/x".into()])),
            [Some(CaFix::RemoveLeftovers)]
        );
        assert_eq!(
            fixes(|facts| facts.leftovers.folders = sample(["/srv/ca/x".into()])),
            [None],
            "it may hold a key"
        );
    }

    #[test]
    fn lock_and_cache() {
        each(&[
            (
                "a process holds the lock",
                |facts| facts.lock_holder = Some("process 4711 (gsec)".into()),
                &[(
                    "ca-lock-held",
                    Warning,
                    "ca_conf/.lock: process 4711 (gsec) has held it",
                )],
            ),
            (
                "the index of hosts is damaged",
                |facts| facts.host_index_is_sound = Some(false),
                &[("host-index-damaged", Notice, ".hosts.idx")],
            ),
            (
                "there is no index of hosts",
                |facts| facts.host_index_is_sound = None,
                &[],
            ),
        ]);
        let held = |holder: &str| help_of(&findings(|facts| facts.lock_holder = Some(holder.into()))[0]);
        assert!(held("process 4711 (gsec)").starts_with("look: ps -fp 4711"));
        assert!(held("another process").starts_with("look: fuser -v /srv/ca/ca_conf/.lock"));
        assert_eq!(
            fixes(|facts| facts.host_index_is_sound = Some(false)),
            [Some(CaFix::RemoveHostIndex)]
        );
    }

    fn unreadable() -> PolicyError {
        PolicyError::Unreadable {
            line: 3,
            problem: "no such key".into(),
        }
    }

    fn inherited(profile: &str) -> PolicyNotice {
        PolicyNotice::Inherited {
            profile: profile.into(),
            key: "max-days",
            line: 12,
            lifted_by: "max-days = 825".into(),
        }
    }

    #[test]
    fn gsec_toml_that_is_gone_damaged_or_unclear() {
        each(&[
            (
                "it was lost",
                |facts| facts.lost_policy = Some("the audit log"),
                &[(
                    "policy-missing",
                    Error,
                    "gsec.toml: it is missing, and the audit log shows that it existed",
                )],
            ),
            (
                "it does not read",
                |facts| facts.policy_problem = Some(unreadable()),
                &[("policy-damaged", Error, "line 3: no such key")],
            ),
            (
                "two profiles inherit a limit",
                |facts| facts.policy_notices = vec![inherited("tls-client"), inherited("tls-server")],
                &[(
                    "profile-limit-inherited",
                    Notice,
                    "line 12, also limits tls-client, tls-server",
                )],
            ),
        ]);
        for unclear in [
            PolicyNotice::SectionAlone { line: 3 },
            PolicyNotice::OldAccessKey { line: 3, value: 1 },
        ] {
            let found = findings(|facts| facts.policy_notices = vec![unclear]);
            crate::checks::tests::assert_found(
                "[security] does not say who has access",
                &found,
                &[("default-access-unclear", Notice, "gsec.toml: line 3: ")],
            );
        }
    }

    #[test]
    fn a_profile_whose_name_is_near_a_built_in_one() {
        let near = PolicyNotice::NearBuiltIn {
            line: 3,
            name: "ui".into(),
            known: "gui".into(),
        };
        let found = findings(|facts| facts.policy_notices = vec![near]);
        crate::checks::tests::assert_found(
            "near",
            &found,
            &[(
                "profile-name-unclear",
                Warning,
                "line 3: profile `ui` is not the built-in profile `gui`",
            )],
        );
    }

    fn setting(name: &str, value: &str) -> Part<Vec<Setting>> {
        Part::Read(vec![Setting {
            name: name.into(),
            value: value.into(),
            expected: "ca_conf/ca.db".into(),
        }])
    }

    #[test]
    fn ca_conf_that_openssl_cannot_use_or_should_not() {
        each(&[
            (
                "it is gone",
                |facts| facts.openssl_configuration = Part::Missing,
                &[(
                    "openssl-configuration-missing",
                    Notice,
                    "ca.conf: it does not exist",
                )],
            ),
            (
                "it is gone from a directory of the old scripts",
                |facts| (facts.openssl_configuration, facts.is_adopted) = (Part::Missing, false),
                &[],
            ),
            (
                "it was cut off",
                |facts| {
                    facts.openssl_configuration = Part::Unreadable("the setting `policy` is missing".into())
                },
                &[(
                    "openssl-configuration-missing",
                    Warning,
                    "the setting `policy` is missing",
                )],
            ),
            (
                "it leads to another CA",
                |facts| facts.openssl_configuration = setting("database", "/srv/old/ca.db"),
                &[(
                    "openssl-configuration-elsewhere",
                    Warning,
                    "`database = /srv/old/ca.db`, but this CA's own is `ca_conf/ca.db`",
                )],
            ),
            (
                "it copies what a CSR asks for",
                |facts| facts.openssl_configuration = setting("copy_extensions", "copyall"),
                &[(
                    "openssl-copies-extensions",
                    Warning,
                    "`copy_extensions = copyall`",
                )],
            ),
        ]);
        assert_eq!(
            fixes(|facts| facts.openssl_configuration = Part::Missing),
            [Some(CaFix::WriteConfiguration)]
        );
    }
}
