//! Hints: what to type next. Each is a command, a flag, or a question.

use std::path::{Path, PathBuf};

use gsec_ca::authority::{
    AcceptError, AuthorityError, Deviation, FlawedRevocation, OutNames, RenewalError, RequestError,
    RevocationFlaw, SubordinateError, Warning,
};
use gsec_ca::files::{ExposedBy, Exposure, FilesError, MAX_FILE_OCTETS, read_file_within};
use gsec_ca::home::StoreError;
use gsec_ca::hostlist::{ListError, RowError, RowProblem};
use gsec_ca::policy::{LimitPlace, MissingPart, PolicyError, PolicyNotice, Refusal, every_key_type};
use gsec_deliver::bundle::BundleError as NoBundle;
use gsec_deliver::push::{CsrError, RemoteError};
use gsec_deliver::rollout::CsrRefusal;
use gsec_deliver::truststore::{TrustError, package_with};
use gsec_doctor::tls::{Behaviour, Endpoint, NoStartTls, PlainProtocol, Probe, StartTls, recognize};
use gsec_pki::contents::BundleError;
use gsec_pki::encoding::pem::{self, PemError, Slip};
pub(super) use gsec_pki::encoding::shell::quoted;
use gsec_pki::encoding::shell::{CommandLine, quoted_text};
use gsec_pki::encoding::sniff::ForeignFile;
use gsec_pki::encoding::visible::visible;
use gsec_pki::key::{ForeignKey, KeyError};
use gsec_pki::pkcs12::PfxReadError;
use gsec_pki::x509::path::Rule;
use gsec_pki::x509::{CertificateError, CertreqInfError, DistinguishedName, GeneralName, MAX_NAMES_IN_WORDS};
use gsec_report::Notice;

pub(super) const NO_CA: &str =
    "pass the CA directory with `--ca-dir`; `gsec ca init` creates one, with the name given by `--cn`";

/// The file into which what came from standard input is to be saved, for the command in a hint to read it.
const SAVED: &str = "stdin.saved";

pub(super) const BATCH_AGAIN: &str =
    "once that is fixed, type the same command again: it does only what is left";

pub(super) const BATCH_GO_ON: &str = "type the same command again: it does only what is left";

/// The name of a file for a command in a hint to write: one that nothing has yet, so that typing the command destroys neither its input nor
/// anything else.
pub(super) fn unused(stem: &str, ending: &str) -> String {
    let dot = if ending.is_empty() { "" } else { "." };
    quoted(&free(|number| format!("{stem}{number}{dot}{ending}").into()))
}

/// The same for the name that a file gets when it is moved away.
fn unused_beside(path: &Path, suffix: &str) -> String {
    quoted(&free(|number| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{suffix}{number}"));
        name.into()
    }))
}

/// The first of several names that nothing has.
fn free(name: impl Fn(String) -> PathBuf) -> PathBuf {
    let numbered = (2u32..).map(|number| name(number.to_string()));
    std::iter::once(name(String::new()))
        .chain(numbered)
        .find(|name| name.symlink_metadata().is_err())
        .unwrap_or_default()
}

/// Groups of commands that work on the CA of the call.
const ON_A_CA: [&str; 4] = ["ca", "cert", "crl", "doctor"];
/// Commands of theirs that ask no CA.
const ON_NO_CA: [&str; 2] = ["cert match", "cert fetch"];

/// A hint whose commands name the CA directory of this call, given by `--ca-dir`: typed as they stand, they would change another CA. A
/// command that names a directory already is left as it is. Commands stand in backticks.
pub(super) fn in_directory(hint: &str, directory: &CommandLine) -> String {
    let (mut done, mut rest) = (String::new(), hint);
    while let Some(start) = rest.find("`gsec ").filter(|_| !directory.as_str().is_empty()) {
        let (before, typed) = rest.split_at(start + 1);
        let Some(end) = end_of_command(typed) else { break };
        let (command, after) = typed.split_at(end);
        done.push_str(before);
        done.push_str(command);
        if works_on_a_ca(command) && !names(command, directory) {
            done.push(' ');
            done.push_str(directory.as_str());
        }
        // The closing backtick is not the beginning of another command.
        done.push('`');
        rest = &after[1..];
    }
    done + rest
}

/// Where a command ends: at the next backtick that does not stand in quotes.
fn end_of_command(typed: &str) -> Option<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    typed.char_indices().find_map(|(at, character)| {
        let escaped = std::mem::take(&mut is_escaped);
        match character {
            _ if escaped => {}
            '\\' if !is_quoted => is_escaped = true,
            '\'' => is_quoted = !is_quoted,
            '`' if !is_quoted => return Some(at),
            _ => {}
        }
        None
    })
}

/// Whether the target of `gsec doctor` is the directory.
fn names(command: &str, directory: &CommandLine) -> bool {
    let target = command.strip_prefix("gsec doctor ");
    let path = directory.as_str().split_once(' ').map(|(_, path)| path);
    let rest = target
        .zip(path)
        .and_then(|(target, path)| target.strip_prefix(path));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Whether a command works on the CA of the call, and does not name its directory. `doctor --fix` names it as its target.
fn works_on_a_ca(command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    let [_, group, rest @ ..] = words.as_slice() else {
        return false;
    };
    let names_one = rest.contains(&"--ca-dir") || (*group == "doctor" && rest.contains(&"--fix"));
    let asks_none = rest
        .first()
        .is_some_and(|command| ON_NO_CA.contains(&format!("{group} {command}").as_str()));
    ON_A_CA.contains(group) && !names_one && !asks_none
}

/// The same for all hints of a failure about this CA, which need not be that of the call.
pub(super) fn about_ca(hints: Vec<String>, root: &Path) -> Vec<String> {
    let directory = CommandLine::new("--ca-dir").path(root);
    hints.iter().map(|hint| in_directory(hint, &directory)).collect()
}

/// What to do about a `gsec.toml` that is no policy.
fn for_policy(path: &Path, error: &PolicyError) -> Vec<String> {
    let edit = || format!("edit `{}`", path.display());
    match error {
        PolicyError::Incomplete {
            missing: MissingPart::Hosts,
            own: Some(own),
        } => vec![
            format!("restore `{}` from a backup", path.display()),
            format!(
                "is `[profile.{}]` meant to be `[profile.host]`? Correct the name; otherwise add what is missing",
                visible(own)
            ),
        ],
        PolicyError::Incomplete {
            missing: MissingPart::Hosts,
            ..
        } => vec![
            format!("restore `{}` from a backup", path.display()),
            "if it is meant to be like this: add the missing line; `[profile.host]` alone sets no limits"
                .into(),
        ],
        PolicyError::Incomplete {
            missing: MissingPart::BehindEnd,
            ..
        } => vec![
            format!("restore `{}` from a backup", path.display()),
            "if it is meant to be like this: add the line `# end of gsec.toml` at its end again".into(),
        ],
        PolicyError::Incomplete { .. } => vec![
            format!("restore `{}` from a backup", path.display()),
            "if it is meant to be like this: add the missing line at its end".into(),
        ],
        PolicyError::ProfileName {
            name,
            known,
            is_built_in: true,
            ..
        } => vec![
            format!(
                "{}: move the settings to `[profile.{known}]` if that profile is meant",
                edit()
            ),
            format!(
                "if `{}` is a profile of your own: add the section `[profile.{known}]` too, which may be empty",
                visible(name)
            ),
        ],
        PolicyError::ProfileName { .. } => vec![format!("{}: remove or rename one of the two", edit())],
        // A link, a directory, or what may not be read: doctor looks at the place, and at where a link leads.
        PolicyError::File { .. } => {
            let ca_dir = path.ancestors().nth(2).unwrap_or(path);
            vec![format!(
                "`gsec doctor {}` says what to do with it",
                quoted(ca_dir)
            )]
        }
        _ => vec![edit()],
    }
}

pub(super) fn for_authority(error: &AuthorityError) -> Vec<String> {
    if let Some(error) = error.in_directory() {
        return for_store(error);
    }
    match error {
        AuthorityError::Key {
            path,
            source: KeyError::Encrypted,
        } => {
            vec![format!(
                "give the passphrase of `{}` with `--ca-passphrase-file`, `--ca-passphrase-env` or `--ca-passphrase-stdin`",
                path.display()
            )]
        }
        AuthorityError::Key { path, source } => for_key(&path.display().to_string(), source),
        AuthorityError::KeyUnusable { .. } => {
            vec!["`gsec cert list`, `show` and `verify` still work here; issue from a new CA in a separate directory".into()]
        }
        AuthorityError::KeyMismatch {
            key_path,
            certificate_path,
            ..
        } => vec![
            format!(
                "compare `openssl pkey -in {} -pubout` with `openssl x509 -in {} -noout -pubkey`",
                quoted(key_path),
                quoted(certificate_path)
            ),
            "is one of them from a backup, or from another CA?".into(),
        ],
        AuthorityError::Certificate { path, .. } => {
            vec![format!("is there a backup of `{}`?", path.display())]
        }
        AuthorityError::PolicyFile {
            path,
            source,
        } => for_policy(path, source),
        AuthorityError::PolicyMissing { .. } => vec![
            "restore it from a backup".into(),
            "without one: `gsec ca adopt` writes one with the default rules, and shows first what it would \
             change"
                .into(),
        ],
        AuthorityError::Refused { path, source } => for_refusal(path, source),
        error if error.too_many().is_some() => {
            vec![
                "wait, or raise `max_per_hour` in the gsec.toml by which the signer decides; where that is in a directory of its own, \
                 copy the file to the CA directory too"
                    .into(),
            ]
        }
        AuthorityError::Request(error) => for_request(error),
        AuthorityError::Accept(error) => for_accept(error),
        AuthorityError::Subordinate(error) => for_subordinate(error),
        AuthorityError::CertreqInf(CertreqInfError::Algorithm(_)) => {
            vec!["`--key-type p256` is a key type that Windows makes".into()]
        }
        AuthorityError::CannotSignCrls { is_root: true, .. } => {
            vec!["`gsec ca renew` issues a CA certificate that has it, for the same key".into()]
        }
        AuthorityError::CannotSignCrls { .. } => vec![
            "`gsec ca request` writes the CSR for a CA certificate that has it; the parent CA must sign it, and gsec \
             ca accept installs the result"
                .into(),
        ],
        AuthorityError::NotARoot { .. } => vec![
            "to renew it: pass the directory of the parent CA with `--parent DIR`".into(),
            "if the parent CA is elsewhere: `gsec ca request` writes the CSR for it to sign; install the \
             result with gsec ca accept"
                .into(),
            "for a new key: make a new CA with gsec ca init and `--parent`".into(),
        ],
        AuthorityError::BoundToSerial { .. } => {
            vec![
                "`--keep-serial` gives the new certificate the same number; or re-issue for these hosts \
                 first"
                    .into(),
            ]
        }
        AuthorityError::NotInDate { .. } => vec!["is this machine's clock right? `date -u` shows it".into()],
        AuthorityError::ClockBehind { .. } => vec![
            "is this machine's clock right? `date -u` shows it".into(),
            "if the other time is wrong: `gsec crl update --allow-earlier`".into(),
        ],
        AuthorityError::RevocationsUnknown { conf, .. } => vec![
            format!(
                "restore audit.log with audit.head, or the newest ca_crl.pem, in `{}` from a backup",
                conf.display()
            ),
            "without a backup: revoke what you know to be revoked again, with gsec cert revoke and `--no-crl`; then \
             `gsec crl update --allow-incomplete`"
                .into(),
        ],
        AuthorityError::CompromisedAuthority { .. } => vec![
            "create a new CA with a new key in another directory, with gsec ca init and `--parent`, and \
             re-issue there what this CA issued"
                .into(),
        ],
        AuthorityError::KeyCompromised { .. } => {
            vec![
                "make a new key: leave out `--key` and `--keep-key`, or create a new key and CSR on the \
                 host, with gsec cert request"
                    .into(),
            ]
        }
        AuthorityError::RevokedForGood {
            is_recorded: true, ..
        } => {
            vec!["only certificateHold can be released; issue a new certificate instead".into()]
        }
        AuthorityError::RevokedForGood { ca_dir, .. } => {
            vec![format!("`gsec doctor {} --fix` corrects ca.db", quoted(ca_dir))]
        }
        AuthorityError::OwnCertificate { is_present: true, .. } => vec![
            "if its key has leaked: `gsec ca rekey`, and remove the old root from everything that trusts it"
                .into(),
            "for a new lifetime with the same key: `gsec ca renew`".into(),
        ],
        AuthorityError::OwnCertificate {
            is_present: false, ..
        } => vec!["remove it from everything that trusts it".into()],
        AuthorityError::Renewal(error) => for_renewal(error),
        AuthorityError::Deviates(Deviation::OutputDiffers { path, .. })
        | AuthorityError::NotReplaced { path, .. } => {
            vec![format!(
                "move it away: `mv -n {} {}`",
                quoted(path),
                unused_beside(path, "old")
            )]
        }
        AuthorityError::SameFile { .. } => vec!["give the single file another name, or leave it out: it is in `--out-dir` already".into()],
        AuthorityError::NameTaken { names, .. } | AuthorityError::SameNames { names, .. } => {
            vec![match names {
                OutNames::Label => "name files after the whole host name: `--out-names fqdn`".into(),
                _ => "choose another directory with `--out-dir`".into(),
            }]
        }
        AuthorityError::AfterRecord { serial, source } => {
            let mut hints = for_authority(source);
            hints.push(format!(
                "issue again: the new certificate gets another number; serial {serial} stays \
                 used, and can be revoked if it was published"
            ));
            hints
        }
        _ => Vec::new(),
    }
}

fn for_request(error: &RequestError) -> Vec<String> {
    match error {
        RequestError::Possession { .. } => {
            vec![
                "is the copy complete? `openssl req` checks it where it was made, with `-noout -verify`"
                    .into(),
            ]
        }
        RequestError::SignatureUnsupported { .. } => {
            vec!["create it again with SHA-256: `openssl req` takes `-new -sha256`".into()]
        }
        RequestError::AuthorityName { .. } => {
            vec!["create a new CSR with the host's name as its subject, with gsec cert request".into()]
        }
        RequestError::AuthorityKey { .. } => {
            vec!["make a separate key for the host, with gsec cert request".into()]
        }
        RequestError::Key(_) => vec!["make another key, with gsec cert request".into()],
        RequestError::NamesNotGiven { asked } if asked.is_empty() => {
            vec!["pass the host's name with `--host NAME`".into()]
        }
        RequestError::NamesNotGiven { asked: names } | RequestError::NamesBeyond { names }
            if names.len() > MAX_NAMES_IN_WORDS =>
        {
            vec!["pass `--accept-csr-names`, if the host has all of them".into()]
        }
        RequestError::NamesNotGiven { asked } if name_options(asked).is_empty() => {
            vec!["pass the host's name with `--host NAME`".into()]
        }
        RequestError::NamesNotGiven { asked } => vec![format!(
            "pass `{}`, or `--accept-csr-names` for all of them",
            name_options(asked)
        )],
        RequestError::NamesBeyond { names } if san_options(names).is_empty() => {
            vec!["no certificate can contain these names; `--accept-csr-names` leaves them out".into()]
        }
        RequestError::NamesBeyond { names } => {
            vec![format!(
                "if the host has these names, pass `{}`, or `--accept-csr-names` for all of them",
                san_options(names)
            )]
        }
        RequestError::NoHost { .. } => vec!["pass the host's name with `--host NAME`".into()],
    }
}

/// Names as the options that give them: the first host as `--host`.
pub(super) fn name_options(names: &[GeneralName]) -> String {
    let host = names
        .iter()
        .position(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)));
    let further: Vec<GeneralName> = names
        .iter()
        .enumerate()
        .filter(|(at, _)| Some(*at) != host)
        .map(|(_, name)| name.clone())
        .collect();
    let host = host.map(|at| format!("--host {}", quoted_text(&names[at].value())));
    host.into_iter()
        .chain(Some(san_options(&further)).filter(|options| !options.is_empty()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Subject and names of a request as the options that certify them.
pub(super) fn request_options(subject: &DistinguishedName, names: &[GeneralName]) -> CommandLine {
    let host = names.first().map(GeneralName::value);
    let parts = subject.attributes().into_iter().filter_map(|(kind, value)| {
        let option = match kind.as_str() {
            "C" => "--country",
            "ST" => "--state",
            "L" => "--locality",
            "O" => "--org",
            "OU" => "--ou",
            "CN" if Some(&value) != host.as_ref() => "--cn",
            _ => return None,
        };
        Some(CommandLine::new(option).value(&value))
    });
    let is_further = |name: &&GeneralName| {
        Some(*name) != names.iter().find(is_host)
            && !matches!(name, GeneralName::Directory(_) | GeneralName::Other { .. })
    };
    let host = names
        .iter()
        .find(is_host)
        .map(|host| CommandLine::new("--host").value(&host.value()))
        .unwrap_or_default();
    let named = names
        .iter()
        .filter(is_further)
        .fold(host, |line, name| line.words("--san").value(&name.to_string()));
    parts.fold(named, |line, part| line.then(&part))
}

fn is_host(name: &&GeneralName) -> bool {
    matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_))
}

/// Names as `--san` takes them, but for those of kinds that it does not take.
fn san_options(names: &[GeneralName]) -> String {
    let known = names
        .iter()
        .filter(|name| !matches!(name, GeneralName::Directory(_) | GeneralName::Other { .. }));
    known
        .map(|name| format!("--san {}", quoted_text(&name.to_string())))
        .collect::<Vec<_>>()
        .join(" ")
}

/// As [`for_authority`], where the CA is the one above a new one.
pub(super) fn for_parent(error: &AuthorityError) -> Vec<String> {
    match error {
        AuthorityError::Key {
            path,
            source: KeyError::Encrypted,
        } => {
            let flags =
                "`--parent-passphrase-file`, `--parent-passphrase-env` or `--parent-passphrase-stdin`";
            vec![format!(
                "give the passphrase of `{}` with {flags}",
                path.display()
            )]
        }
        error => for_authority(error),
    }
}

/// What is wrong with the request of a CA.
pub(super) fn for_subordinate_request(error: &RequestError) -> Vec<String> {
    let anew = "create a CSR with the new CA's own key, with gsec ca request in a separate directory";
    match error {
        RequestError::AuthorityName { .. } | RequestError::AuthorityKey { .. } | RequestError::Key(_) => {
            vec![anew.into()]
        }
        error => for_request(error),
    }
}

fn for_accept(error: &AcceptError) -> Vec<String> {
    let renewal = "ask the parent CA for a certificate with the present name and key: `gsec ca request` \
         writes the CSR";
    match error {
        AcceptError::NotOurKey { .. } => {
            vec!["is it another CA's? `gsec ca request` shows what this CA requests".into()]
        }
        AcceptError::Path { findings, .. } => match findings.first().map(|finding| finding.rule) {
            Some(Rule::IssuerUnknown) => {
                vec!["pass the certificates above it with `--chain FILE`, including the root".into()]
            }
            Some(Rule::Expired | Rule::NotYetValid) => {
                vec!["is this machine's clock right? `date -u` shows it".into()]
            }
            _ => vec!["inspect each of them with gsec cert show".into()],
        },
        AcceptError::NotAnAuthority { .. } => {
            vec!["the parent CA must sign it as a CA certificate; gsec ca sign does".into()]
        }
        AcceptError::Unchecked { .. } => {
            vec![
                "have the parent CA sign with an algorithm that gsec supports, such as ECDSA with SHA-256"
                    .into(),
            ]
        }
        AcceptError::OtherName { .. }
        | AcceptError::OtherNameEncoding(_)
        | AcceptError::OtherKeyIdentifier { .. }
        | AcceptError::Bound(_) => {
            vec![renewal.into()]
        }
        AcceptError::NotPermitted(_) => {
            vec![
                "have the parent CA permit these names; or first revoke the certificates with gsec cert \
                 revoke, then accept"
                    .into(),
            ]
        }
    }
}

fn for_subordinate(error: &SubordinateError) -> Vec<String> {
    match error {
        SubordinateError::NoRoom { path_len: 0, .. } => {
            vec!["did you mean another CA, one made with `--path-len 1` or more?".into()]
        }
        SubordinateError::NoRoom { .. } => vec!["did you mean another CA, one closer to the root?".into()],
        SubordinateError::PathLength { most, .. } => vec![format!("pass `--path-len {most}` or less")],
        SubordinateError::Subtree { .. } => {
            vec!["leave it out: what the CAs above permit applies here too".into()]
        }
        SubordinateError::Name { .. } => {
            vec!["leave out `--email`; a name without an address can be given with `--cn`".into()]
        }
        SubordinateError::NoName | SubordinateError::NameTaken { .. } | SubordinateError::HostName { .. } => {
            vec!["pass another name with `--cn`".into()]
        }
        SubordinateError::NameOfHost { .. } => {
            vec!["pass another name with `--cn`, or a further part of the name such as `--org`".into()]
        }
        SubordinateError::NotBelow { subject, issuer, .. } if subject == issuer => {
            vec!["it is self-signed: renew it without `--parent`".into()]
        }
        SubordinateError::NotBelow { .. } | SubordinateError::OtherParent { .. } => {
            vec!["pass the directory of its issuing CA: `--parent DIR`".into()]
        }
        SubordinateError::KeyTaken { .. } | SubordinateError::HostKey { .. } => {
            vec!["make a key for the new CA, with gsec ca request in a separate directory".into()]
        }
    }
}

fn for_renewal(error: &RenewalError) -> Vec<String> {
    match error {
        RenewalError::NamesNotIssued { .. } | RenewalError::NoName { .. } => {
            vec!["gsec cert issue issues for the names that you give with `--host` and `--san`".into()]
        }
        RenewalError::NoProfile { .. } => {
            vec!["pass a profile with `--profile`: `--profile host` is for servers and clients".into()]
        }
        RenewalError::SeveralProfiles { profiles, .. } => {
            vec![format!(
                "pass one of them: `--profile {}`",
                profiles.first().map_or("host", String::as_str)
            )]
        }
        RenewalError::KeyKind { .. } => {
            vec!["`--keep-key` certifies the same key again; `--key-type rsa` makes another".into()]
        }
        RenewalError::Revoked { serial, reason, .. } if reason.as_deref() == Some("certificateHold") => {
            vec![format!("`gsec cert unhold {serial}` releases it")]
        }
        RenewalError::Revoked { host, .. } => vec![issue_anew(host.as_deref())],
        RenewalError::NotKept {
            host_file: Some((from, to)),
            ..
        } => {
            vec![format!(
                "the host's file contains it, too: `{}`",
                CommandLine::new("openssl x509 -in")
                    .path(from)
                    .words("-out")
                    .path(to)
            )]
        }
        RenewalError::NotKept { host, .. } => vec![issue_anew(host.as_deref())],
        RenewalError::OfAuthority { is_own: true, .. } => {
            vec!["to renew the CA's own certificate: `gsec ca renew`".into()]
        }
        RenewalError::OfAuthority { is_own: false, .. } => {
            vec!["to renew an intermediate CA's certificate: gsec ca renew with `--parent`, in the directory of that CA".into()]
        }
    }
}

/// How to get a certificate in place of one that is not renewed.
fn issue_anew(host: Option<&str>) -> String {
    match host {
        Some(host) => format!(
            "issue a new one: `{}`",
            CommandLine::new("gsec cert issue --host").value(host)
        ),
        None => "issue a new one with gsec cert issue".into(),
    }
}

fn for_refusal(path: &Path, refusal: &Refusal) -> Vec<String> {
    let file = path.display();
    let hint = match refusal {
        Refusal::Underscore { .. } => {
            format!("set `allow_underscore = true` in `{file}`, if all your clients accept underscores")
        }
        Refusal::Suffix { place, .. } if place.is_inherited() => {
            format!(
                "if the CA should issue for this host, add its domain or block to `name_suffixes` of `[profile.{}]` in `{file}`",
                place.table
            )
        }
        // The other profiles inherit it, unless they say otherwise.
        Refusal::Suffix {
            place: LimitPlace { table: profile, .. },
            ..
        }
        | Refusal::NotGranted { profile, .. }
            if profile == "host" =>
        {
            format!(
                "if the CA should issue for this host, add its domain or block to `name_suffixes` of `[profile.host]` in `{file}`"
            )
        }
        Refusal::Suffix {
            place: LimitPlace { profile, .. },
            ..
        }
        | Refusal::NotGranted { profile, .. } => {
            format!(
                "choose another `--profile`, or add its domain or block to `name_suffixes` of `[profile.{profile}]` in `{file}`"
            )
        }
        Refusal::KeyType { place, admitted, .. } if admitted.is_empty() => {
            format!(
                "list the permitted key types in `key_types` of `[profile.{}]` in `{file}`",
                place.table
            )
        }
        Refusal::KeyType { place, admitted, .. } => format!(
            "make a key with `--key-type {}`, or add this type to `key_types` of `[profile.{}]` in `{file}`",
            admitted.first().copied().unwrap_or_default(),
            place.table
        ),
        Refusal::Lifetime { max_days, .. } => format!("pass `--days {max_days}` or less"),
        Refusal::RequestNames { place, names } => {
            let options = Some(san_options(names))
                .filter(|options| names.len() <= MAX_NAMES_IN_WORDS && !options.is_empty());
            let give = options
                .map(|options| format!("pass them yourself: `{options}`; or "))
                .unwrap_or_default();
            format!(
                "{give}set `accept_csr_names = true` in `[profile.{}]` of `{file}`",
                place.profile
            )
        }
        Refusal::CommonName { .. } => "leave out `--cn`: the common name is then the host".into(),
        Refusal::AuthorityName { .. } => {
            "give the host its own subject, with `--cn` or without any subject options".into()
        }
        Refusal::AuthorityKey { .. } | Refusal::Key(_) => {
            "leave out `--key`: a key is then made for the host".into()
        }
        Refusal::KeyTooSmall { .. } => "leave out `--key`, and a key of sufficient size is made".into(),
        Refusal::Constraints { .. } => return Vec::new(),
    };
    std::iter::once(hint).chain(lifting(path, refusal)).collect()
}

/// How a profile says that a limit of `[profile.host]` does not hold for it.
fn lifting(path: &Path, refusal: &Refusal) -> Option<String> {
    let (key, place) = refusal.limit().filter(|(_, place)| place.is_inherited())?;
    let value = match key {
        "name_suffixes" => "[]".into(),
        "max_lifetime_days" => "0".into(),
        "key_types" => every_key_type(),
        // The hint before this says it already.
        _ => return None,
    };
    Some(format!(
        "if the limit should not apply to this profile, write `{key} = {value}` in `[profile.{}]` of `{}`",
        place.profile,
        path.display()
    ))
}

/// doctor finds and rewrites what is wrong with lines; a date in the future only a person can judge.
fn for_flawed_revocations(ca_dir: &Path, flawed: &[FlawedRevocation]) -> Option<String> {
    let has = |kind| flawed.iter().any(|one| one.kind == kind);
    let slugs = [
        (RevocationFlaw::Line, "index-bad-lines"),
        (RevocationFlaw::Torn, "index-torn-line"),
    ];
    let only: String = slugs
        .into_iter()
        .filter(|(kind, _)| has(*kind))
        .map(|(_, slug)| format!(" --only {slug}"))
        .collect();
    match only.is_empty() {
        false => Some(format!(
            "`gsec doctor {}{only} --fix` rewrites them",
            quoted(ca_dir)
        )),
        true if has(RevocationFlaw::Repeated) => Some(format!(
            "`gsec doctor {} --only index-duplicate-serials` says how to leave one line",
            quoted(ca_dir)
        )),
        true => Some("correct the date in ca.db, if it is wrong".into()),
    }
}

pub(super) fn for_store(error: &StoreError) -> Vec<String> {
    match error {
        StoreError::Files(error) => for_files(error),
        StoreError::RevocationUnreadable { line, .. } => vec![
            format!(
                "correct line {line}: six tab-separated columns, `R`, expiry, date of revocation, serial \
                 number, `unknown`, subject"
            ),
            format!("if line {line} revokes nothing, put a `#` in front of it"),
        ],
        StoreError::NoCa { .. } => vec![NO_CA.into()],
        StoreError::CertificateLost { .. } => vec![
            "restore it from a backup; every client that trusts this CA has its certificate as well".into(),
            "`gsec doctor` says what else is missing".into(),
        ],
        StoreError::Waiting { directory, .. } => {
            vec![format!(
                "once it is signed, install the certificate: gsec ca accept, with `--ca-dir {}`",
                quoted(directory)
            )]
        }
        StoreError::CaExists(path) => {
            let root = path.parent().unwrap_or(Path::new("."));
            vec![format!(
                "inspect it with `gsec ca show --ca-dir {}`, or choose another directory with `--ca-dir`",
                quoted(root)
            )]
        }
        StoreError::SubjectTaken { .. } => {
            vec![
                "`gsec ca adopt` allows renewal; or issue for another subject, with `--ou` for example"
                    .into(),
            ]
        }
        StoreError::Locked { .. } => vec!["wait longer with `--lock-timeout SECONDS`".into()],
        StoreError::SerialDamaged { path, .. } if path.file_name().is_some_and(|name| name == "crl.num") => {
            let root = path
                .parent()
                .and_then(Path::parent)
                .filter(|root| !root.as_os_str().is_empty())
                .unwrap_or(Path::new("."));
            vec![format!(
                "`gsec doctor {} --only crl-number-damaged --fix --yes` writes the number after that of the CRL",
                quoted(root)
            )]
        }
        StoreError::SerialDamaged {
            path,
            proposed: Some(proposed),
            ..
        } => {
            vec![format!(
                "according to ca.db and the repository the next number is {proposed}: `echo {proposed} > {}`",
                quoted(path)
            )]
        }
        StoreError::ForeignChangeover { path, .. } => {
            vec![
                format!(
                    "after checking its contents: `mv -n {} {}`",
                    quoted(path),
                    unused_beside(path, "before")
                ),
                "`gsec doctor` shows whether anything was changed".into(),
            ]
        }
        StoreError::SealedChangeover(path) => {
            vec![
                "if you changed it: pass the new passphrase".into(),
                format!(
                    "if not: `mv -n {} {}`",
                    quoted(path),
                    unused_beside(path, "before")
                ),
            ]
        }
        StoreError::LockLost(_) => {
            vec!["type the same command again: nothing was changed by this one".into()]
        }
        StoreError::SerialTaken { .. } => vec!["issue again: the next number is free".into()],
        StoreError::IndexEncoding { path, encoding } => {
            vec![
                format!(
                    "convert a copy, and inspect that: `iconv -f {encoding} -t UTF-8 {0} > {0}.converted`",
                    quoted(path)
                ),
                "if it is right, replace ca.db with it".into(),
            ]
        }
        StoreError::IndexDamaged { path, .. } => {
            vec![format!("inspect its end: `tail -c 300 {}`", quoted(path))]
        }
        _ => Vec::new(),
    }
}

pub(super) fn for_files(error: &FilesError) -> Vec<String> {
    match error {
        FilesError::Io {
            action: "create a link in",
            ..
        } => vec!["where the file system has no symbolic links: `--out-names serial`".into()],
        FilesError::Io { path, source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
            for_forbidden(path)
        }
        FilesError::Io { action, path, source } => for_path(action, path, source.kind()),
        FilesError::Writable { path, mode, by } => {
            let exposure = Exposure {
                path: path.clone(),
                how: ExposedBy::Mode { mode: *mode, by },
                is_above: false,
            };
            vec![for_exposure(&exposure)]
        }
        FilesError::ForeignOwner { path, owner } => {
            let exposure = Exposure {
                path: path.clone(),
                how: ExposedBy::Owner(*owner),
                is_above: false,
            };
            vec![
                for_exposure(&exposure),
                "or move the CA directory into a directory that only its owner and root can write".into(),
            ]
        }
        FilesError::WritableNames { path, .. } => vec![
            format!(
                "`chmod go-w {}`, once you know that nobody has changed it",
                quoted(path)
            ),
            "or write plain files with new names after each renewal: `--out-names serial`".into(),
        ],
        FilesError::ForeignFolder { .. } | FilesError::ForeignNames { .. } => {
            vec!["choose a directory that you own".into()]
        }
        FilesError::OwnFolder(_) => vec!["choose another directory".into()],
        FilesError::SeveralNames(path) => {
            vec![format!("`find / -samefile {}` lists its names", quoted(path))]
        }
        FilesError::ChangedMeanwhile(_) => {
            vec!["type the same command again: nothing was changed by this one".into()]
        }
        FilesError::SymbolicLink(path) | FilesError::NotAFile(path) => match ca_of(path) {
            Some(root) => vec![format!("`gsec doctor {}` says how to restore it", quoted(root))],
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The CA directory whose file it is.
fn ca_of(path: &Path) -> Option<&Path> {
    let is_of_ca = |folder: &&Path| {
        folder
            .file_name()
            .is_some_and(|name| name == "ca_conf" || name == "repository")
    };
    let root = path.ancestors().skip(1).find(is_of_ca)?.parent()?;
    Some(match root.as_os_str().is_empty() {
        true => Path::new("."),
        false => root,
    })
}

/// What to do about a path that is not there, or is something else.
fn for_path(action: &str, path: &Path, kind: std::io::ErrorKind) -> Vec<String> {
    use std::io::ErrorKind;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let of_ca = ca_of(path);
    let hint = match (kind, of_ca) {
        (ErrorKind::NotADirectory, _) => {
            let Some(file) = path.ancestors().find(|part| part.is_file()) else {
                return Vec::new();
            };
            let what = if of_ca.is_some() {
                "a CA directory"
            } else {
                "a directory"
            };
            format!("`{}` is a file: pass {what} in its place", quoted(file))
        }
        (ErrorKind::NotFound | ErrorKind::IsADirectory, Some(root)) => format!(
            "`gsec doctor {}` says what else is missing, and how to restore it",
            quoted(root)
        ),
        (ErrorKind::NotFound, None) if action == "read" || action == "open" => match parent {
            Some(parent) if !parent.exists() => format!("the directory `{}` does not exist", quoted(parent)),
            Some(parent) => format!(
                "is the name right? `ls -l {}` shows what is there",
                quoted(parent)
            ),
            None => "is the name right? `ls -l` shows what is here".into(),
        },
        (ErrorKind::NotFound, None) if action == "write into" => {
            format!("create the directory first: `mkdir -p {}`", quoted(path))
        }
        (ErrorKind::IsADirectory, None) if path.join("ca_conf").is_dir() => format!(
            "it is a CA directory: `gsec ca show --ca-dir {0}` and `gsec doctor {0}` examine it",
            quoted(path)
        ),
        (ErrorKind::IsADirectory, None) if action == "read" || action == "open" => {
            format!("pass a file in it: `ls -l {}` shows what is there", quoted(path))
        }
        _ => return Vec::new(),
    };
    vec![hint]
}

/// Whose a file is that the operating system does not let this user have: its own, or the folder's above that can still be seen.
#[cfg(unix)]
pub(super) fn for_forbidden(path: &Path) -> Vec<String> {
    use std::os::unix::fs::MetadataExt;
    let own = std::fs::metadata("/proc/self")
        .map(|metadata| metadata.uid())
        .ok();
    let owner = path
        .ancestors()
        .find_map(|place| std::fs::symlink_metadata(place).ok())
        .map(|metadata| metadata.uid());
    let Some(owner) = owner.filter(|owner| Some(*owner) != own) else {
        return own_forbidden(path).into_iter().collect();
    };
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == owner.to_string()).then(|| name.to_owned())
    });
    match name {
        Some(name) => vec![format!(
            "it belongs to `{name}`: type the same with `sudo -u {}` in front",
            quoted_text(&name)
        )],
        None => vec![format!(
            "it belongs to user {owner}: type the same with `sudo -u '#{owner}'` in front"
        )],
    }
}

/// What gives the user the permission again that is missing on the user's own file, or on a directory above it.
#[cfg(unix)]
fn own_forbidden(path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let mut way: Vec<&Path> = path
        .ancestors()
        .filter(|part| !part.as_os_str().is_empty())
        .collect();
    way.reverse();
    way.into_iter().find_map(|part| {
        let found = part.symlink_metadata().ok().filter(|found| !found.is_symlink())?;
        let (missing, permission) = match found.is_dir() {
            true if part == path => (0o500, "u+rx"),
            true => (0o100, "u+x"),
            false => (0o400, "u+r"),
        };
        let lacks = found.permissions().mode() & missing != missing;
        lacks.then(|| format!("`chmod {permission} {}`", quoted(part)))
    })
}

#[cfg(not(unix))]
pub(super) fn for_forbidden(_path: &Path) -> Vec<String> {
    Vec::new()
}

/// What closes a place to other users.
fn for_exposure(exposure: &Exposure) -> String {
    let path = quoted(&exposure.path);
    match exposure.how {
        ExposedBy::Owner(owner) if !gsec_ca::home::runs_as_root() => {
            format!(
                "user {owner} decides what is in `{path}`: only root and that user can change this; trust it only if you trust that user"
            )
        }
        ExposedBy::Owner(_) => format!("`chown -h root {path}`, once you know that nobody has changed it"),
        ExposedBy::Mode { .. } => format!("`chmod go-w {path}`, once you know that nobody has changed it"),
        ExposedBy::Link => format!("`rm {path}`, and put the directory itself there"),
    }
}

/// What installs the receiver of a host again.
fn receiver_again(host: &str) -> String {
    let command = CommandLine::new("gsec fleet render receiver").value(host);
    format!("as root, run on the host what `{command}` prints")
}

/// What to do about a host that did not take a bundle.
pub(super) fn pushed(code: &str, host: &str) -> Option<String> {
    match code {
        "push-refused" => Some(receiver_again(host)),
        "push-no-key" => Some(format!(
            "if {host} has lost its key, revoke its certificate with `gsec cert revoke`, and push again: it makes another key then"
        )),
        _ => None,
    }
}

/// What to do about a host that sent no CSR.
pub(super) fn csr(error: &CsrError, host: &str) -> Option<String> {
    Some(match error {
        CsrError::Remote(error) => return push(error),
        CsrError::EarlierReceiver | CsrError::Refused(_) => receiver_again(host),
        CsrError::NoOpenssl => format!(
            "install openssl on {host} (its package has this name on Debian, Red Hat and Alpine), or let the CA make its key with `key = \"ca\"` in the inventory"
        ),
        CsrError::Failed(_) => {
            format!("type `openssl genpkey -algorithm RSA` on {host}: does openssl work there?")
        }
        CsrError::NotACsr(_) => format!("look at {host} before you push again: something else answers there"),
    })
}

/// What to do about a CSR of a host that is not signed.
pub(super) fn csr_refusal(refusal: &CsrRefusal, host: &str) -> Vec<String> {
    let another = || {
        vec![format!(
            "ask who has put the key there; once the directory .request of the bundle on {host} is removed, the next push makes another key"
        )]
    };
    match refusal {
        CsrRefusal::KeyKind { .. } => vec![receiver_again(host)],
        CsrRefusal::KeyOfAnother { .. } | CsrRefusal::KeyAtCa => another(),
        CsrRefusal::Authority(AuthorityError::KeyCompromised { .. }) => another(),
        CsrRefusal::Authority(AuthorityError::Request(_)) => vec![format!(
            "look at {host} before you push again: the CSR is not one that gsec's script has made"
        )],
        CsrRefusal::Authority(error) => for_authority(error),
    }
}

/// What to do about a host to which nothing can be pushed.
pub(super) fn push(error: &RemoteError) -> Option<String> {
    Some(match error {
        RemoteError::NoSsh => {
            "install OpenSSH's client; on Debian it is in the package openssh-client".into()
        }
        RemoteError::HostKeyUnknown(host) => format!(
            "`ssh-keyscan {host}` shows its keys; compare them with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` typed on the host itself, and only then add them to ~/.ssh/known_hosts"
        ),
        RemoteError::HostKeyChanged(host) => format!(
            "ask who looks after {host} whether its key was changed; only then `ssh-keygen -R {host}` removes the old one"
        ),
        RemoteError::Authentication { host, .. } => format!(
            "a key must let you in without a password: `ssh -o BatchMode=yes {host}` tries it, and `gsec fleet render receiver` prints the line for authorized_keys"
        ),
        RemoteError::NothingThere { .. } => {
            "`gsec fleet render receiver` prints the script that root runs once on the host".into()
        }
        RemoteError::Program(_) | RemoteError::Unreachable { .. } => return None,
    })
}

/// What to type about a trust store.
pub(super) fn for_trust(error: &TrustError) -> Vec<String> {
    match error {
        TrustError::NotCa { .. } => {
            vec!["name the certificate of the CA, which issued the certificates of the hosts".into()]
        }
        TrustError::Expired { .. } => vec!["`gsec ca renew` makes a new certificate for a CA of gsec's".into()],
        TrustError::PrivateKey => {
            vec!["a private key stays where it is: name a file that has the certificate of the CA only".into()]
        }
        TrustError::Several(_) => vec!["put the one that is meant into a file of its own".into()],
        TrustError::NoSystemStore { .. } => {
            vec!["install the package of the system's CAs: `ca-certificates` on most systems".into()]
        }
        TrustError::NoDatabase => vec![
            "browsers make a database when they are started for the first time; name another one with `--store nss:DIR`"
                .into(),
        ],
        TrustError::OfTheSystem(_) => vec!["`--store system` changes it too".into()],
        TrustError::NoProgram { program, .. } => package_with(program)
            .map(|package| format!("it is in the package {package}"))
            .into_iter()
            .collect(),
        TrustError::NeedsRoot(_) => vec![
            "run it as root, for example with sudo: the browsers of the user of sudo are included".into(),
            "`--store nss` changes the browsers of this user alone".into(),
        ],
        TrustError::Password(path) if path.is_dir() => vec!["`--nss-password-file FILE` gives it".into()],
        TrustError::Password(_) => vec!["`--java-password-file FILE` gives it".into()],
        TrustError::Distrusted { .. } => {
            vec!["the administrator or the user of this machine decided so: undo that first".into()]
        }
        TrustError::Occupied { .. } => {
            vec!["look at what it is: gsec leaves it as it is; the CA can be put in when it is gone".into()]
        }
        TrustError::NotPutBack { .. } => {
            vec!["when the cause is gone, for example a full disk, the same command makes the store whole again".into()]
        }
        TrustError::Busy => vec!["wait longer with `--lock-timeout SECONDS`".into()],
        TrustError::Exposed(FilesError::ForeignOwner { path, owner }) => for_exposed(path, ExposedBy::Owner(*owner)),
        TrustError::Exposed(FilesError::Writable { path, mode, by }) => {
            for_exposed(path, ExposedBy::Mode { mode: *mode, by })
        }
        TrustError::Files(error) | TrustError::Exposed(error) => for_files(error),
        TrustError::StillTrusted { .. } => {
            vec!["`gsec trust status` with `-v` shows where it still comes from".into()]
        }
        _ => Vec::new(),
    }
}

fn for_exposed(path: &Path, how: ExposedBy) -> Vec<String> {
    vec![for_exposure(&Exposure {
        path: path.to_owned(),
        how,
        is_above: false,
    })]
}

pub(super) fn for_list(path: &str, error: &ListError) -> Vec<String> {
    match error {
        ListError::Empty | ListError::NoHostColumn { .. } | ListError::UnknownColumn { line: 1, .. } => {
            vec!["begin a CSV list with the line `host`, or `host,san,days`".into()]
        }
        ListError::NotUtf8 {
            looks_like_utf16: true,
            ..
        } => vec![on_input(path, |typed| {
            format!("`iconv -f UTF-16 -t UTF-8 {typed} > {}`", unused("new", "csv"))
        })],
        ListError::TooManyRows { .. } => vec![on_input(path, |typed| {
            let folder = unused("parts", "");
            format!("split it: `mkdir {folder} && split -l 500000 {typed} {folder}/`")
        })],
        _ => Vec::new(),
    }
}

pub(super) fn for_row(error: &RowError) -> Vec<String> {
    match &error.problem {
        RowProblem::Repeated { .. } => {
            vec!["leave out one of the two; put further names of one host in the column `san`".into()]
        }
        RowProblem::CellCount { .. } => {
            vec!["is a cell missing, or does one contain the separator? Then put it in quotes".into()]
        }
        RowProblem::TwoEnds { .. } => vec!["leave one of the two empty".into()],
        _ => Vec::new(),
    }
}

/// How to give the password of a file that is read.
const GIVE_PASSWORD: &str =
    "pass its password with `--password-file`, `--password-env` or `--password-stdin`";
const OTHER_PASSWORD: &str = "check for a trailing space, and that the password belongs to this file";

pub(super) fn for_bundle(path: &str, error: &BundleError, password_given: bool) -> Vec<String> {
    match error {
        _ if error.wants_password() && !password_given => vec![GIVE_PASSWORD.into()],
        _ if error.wants_password() => vec![OTHER_PASSWORD.into()],
        BundleError::Key { source, .. } => for_key(path, source),
        BundleError::Pfx(PfxReadError::Key(source)) => for_key(path, source),
        BundleError::Foreign(foreign) => for_foreign_input(path, *foreign),
        BundleError::Pem(error) => all_on_secret_input(path, |typed| for_pem(typed, error)),
        BundleError::Certificate { source, .. } => for_certificate(path, source),
        BundleError::Pfx(PfxReadError::SecondPassword { .. }) => {
            vec![on_input(path, |typed| {
                let out = unused("new", "pem");
                format!("`openssl pkcs12 -twopass -in {typed} -out {out}` asks for both passwords")
            })]
        }
        BundleError::Pfx(PfxReadError::Protection { .. }) => {
            vec![on_input(path, |typed| {
                let (pem, pfx) = (unused("new", "pem"), unused("new", "pfx"));
                format!(
                    "another program may read it: `openssl pkcs12 -legacy -in {typed} -out {pem}`, then `gsec convert to-pfx --cert {pem} --out {pfx}`"
                )
            })]
        }
        _ => Vec::new(),
    }
}

/// A bundle that was not made.
pub(super) fn for_no_bundle(error: &NoBundle) -> Vec<String> {
    let hint = match error {
        NoBundle::NotFound(_) => {
            "`gsec cert list` shows the serial numbers; `gsec doctor` finds what is lost"
        }
        NoBundle::NoKey { .. } => {
            "pass `--no-key`: the key stays where it was made, and the bundle has the certificates"
        }
        NoBundle::Expired { .. } => "`gsec cert renew` issues its successor",
        NoBundle::Revoked { .. } => "issue another certificate for the host with `gsec cert issue`",
        NoBundle::NameUnsafe { what: "the name", .. } => "choose another one with `--name`",
        NoBundle::Exists(_) => {
            "choose another path with `--out`, or pass `--force` to replace the bundle that is there"
        }
        NoBundle::NotABundle { .. } => "choose another path with `--out`: only a bundle is replaced",
        NoBundle::NeedsGroup(_) => "pass the group of all applications that read the key with `--group`",
        NoBundle::KeyMode(_) => "pass 0600, or 0640 with a group that may read it",
        _ => return Vec::new(),
    };
    vec![hint.to_owned()]
}

pub(super) fn for_certificate(path: &str, error: &CertificateError) -> Vec<String> {
    match error {
        CertificateError::Foreign(foreign) => for_foreign_input(path, *foreign),
        CertificateError::Pem(error) => all_on_secret_input(path, |typed| for_pem(typed, error)),
        CertificateError::Trailing(bytes) => all_on_secret_input(path, |typed| for_trailing(typed, *bytes)),
        CertificateError::NoRequest { .. } => vec!["gsec cert request makes a key and a request".into()],
        _ => Vec::new(),
    }
}

/// What turns a text into PEM that every program reads.
fn for_pem(path: &str, error: &PemError) -> Vec<String> {
    let PemError::Line { slip, .. } = error else {
        return Vec::new();
    };
    let (out, certificates) = (unused("new", "pem"), unused("certs", "pem"));
    let command = match slip {
        Slip::Glued | Slip::OneLine => {
            format!(r"sed -E 's/-----(BEGIN|END) [A-Z0-9 ]+-----/\n&\n/g' {path} > {out}")
        }
        Slip::CarriageReturns => format!(r"tr '\r' '\n' < {path} > {out}"),
        // The texts of JSON, of environment files and of programs, whole or a line each: only the blocks of them are taken.
        Slip::LiteralNewlines => format!(
            r#"sed -zE 's/\\+r//g; s/\\+n/\n/g; s,\\+/,/,g; s/(-----END [A-Z0-9 ]+-----)/\1\n/g; s/[^\n]*(-----BEGIN)/\n\1/g' {path} | sed -nE '/^-----BEGIN/,/^-----END/{{/^["[:space:]\\+;,)]+$/d; s/["\\]//g; s/^[[:space:]]+//; p}}' > {out}"#
        ),
        Slip::Invisible('\0') => format!("tr -d '\\000' < {path} > {out}"),
        // In a mail that was quoted and in HTML every line has marks around it, which base64 never has.
        Slip::Surrounded => {
            format!(
                r"LC_ALL=C sed -E 's,^ *([>|*;] ?)+,,; s,<[^<>]*>,,g; s,^.*--+ *(BEGIN|END)[^A-Z0-9+/=]+([A-Z0-9 ]*[A-Z0-9]).*$,-----\U\1 \2-----,I' {path} > {out}"
            )
        }
        Slip::Dashes(_) | Slip::HyphenCount | Slip::Case | Slip::Invisible(_) => {
            format!(
                r"LC_ALL=C sed -E 's,^[^A-Z0-9#]*(BEGIN|END)[^A-Z0-9+/=]+([A-Z0-9 ]*(CERTIFICATE|KEY|REQUEST|CRL|PARAMETERS|PKCS7|PKCS12|CMS))[^A-Z0-9]*$,-----\U\1 \2-----,I' {path} > {out}"
            )
        }
        // What is wanted of it are the certificates.
        Slip::WrongLabel {
            label,
            meant: "PKCS7",
            ..
        } => {
            format!(
                "sed {} {path} | openssl pkcs7 -print_certs -out {certificates}",
                quoted_text(&format!("s/ {}-----/ PKCS7-----/", pattern(label)))
            )
        }
        Slip::Label { label, meant } | Slip::WrongLabel { label, meant, .. } => {
            format!(
                "sed {} {path} > {out}",
                quoted_text(&format!("s/ {}-----/ {meant}-----/", pattern(label)))
            )
        }
        Slip::Keyword(_) => {
            return vec![
                "a block is `-----BEGIN CERTIFICATE-----`, its lines, and `-----END CERTIFICATE-----`".into(),
            ];
        }
        Slip::NoBegin | Slip::NoEnd | Slip::LooseContent => return vec!["is the copy complete?".into()],
        Slip::Binary => {
            return vec![
            "was a file in DER appended to one in PEM? `gsec convert to-pem` makes PEM of it; then join them"
                .into(),
        ];
        }
    };
    vec![format!("`{command}`")]
}

/// Escapes text for use as a literal pattern.
fn pattern(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() || character == ' ' {
                character
            } else {
                '.'
            }
        })
        .collect()
}

/// What takes DER apart that has something after it.
fn for_trailing(path: &str, bytes: usize) -> Vec<String> {
    let (first, second) = (unused("first", "der"), unused("second", "der"));
    vec![format!(
        "the first of them: `head -c -{bytes} {path} > {first}`; what follows: `tail -c {bytes} {path} > {second}`"
    )]
}

/// What to type when a server presents no certificates. A command that has no options for connections names the one that has.
pub(super) fn for_probe(probe: &Probe, has_options: bool) -> Vec<String> {
    let target = &probe.target;
    let with = |option: &str| match has_options {
        true => format!("`{option}`"),
        false => format!(
            "`gsec cert fetch {} {option}{}`",
            quoted_text(&target.to_string()),
            starttls_words(probe.starttls)
        ),
    };
    let (host, port) = (quoted_text(&target.host), target.port);
    match &probe.behaviour {
        Behaviour::Refused => vec![format!(
            "is the server running, and on this port? There: `ss -tlnp 'sport = :{port}'`"
        )],
        Behaviour::TimedOut => vec![format!(
            "is the address right? `getent hosts {host}`; for a longer timeout: {}",
            with("--timeout 20s")
        )],
        Behaviour::Unreachable { .. } => vec![format!("is there a route? `ip route get {host}`")],
        Behaviour::Unresolved { .. } => {
            vec![format!(
                "`getent hosts {host}` asks the same resolver; or give the server's address{}, with `--server-name {host}`",
                match has_options {
                    true => "",
                    false => " to `gsec cert fetch`",
                }
            )]
        }
        Behaviour::ResolutionForbidden => vec![format!(
            "give the address, and the name with `--server-name {host}`"
        )],
        Behaviour::SourceUnusable { .. } => {
            vec!["`ip address` lists the addresses of this machine; leave out the port of `--bind`, or choose another".into()]
        }
        Behaviour::PlainText { said } | Behaviour::Garbage { said } => {
            for_plain_protocol(recognize(said), target, &with)
        }
        Behaviour::NoStartTls { reason, .. } => for_no_starttls(reason, probe, &with),
        Behaviour::Closes => vec![
            "its log may say why; does it speak TLS on this port, and does it accept \
             connections from this address?"
                .into(),
        ],
        Behaviour::Silent => vec![format!(
            "does it speak TLS on this port, or does it wait for something else? For a longer timeout: {}",
            with("--timeout 20s")
        )],
        Behaviour::ProxyRefused { .. } => vec!["does the proxy allow CONNECT to this port?".into()],
        Behaviour::Tls | Behaviour::TlsAndPlainText if probe.server_name.is_none() => {
            vec![match has_options {
                true => "pass the host name with `--server-name NAME`".into(),
                false => "`gsec cert fetch` passes the host name with `--server-name NAME`".into(),
            }]
        }
        Behaviour::Tls | Behaviour::TlsAndPlainText => {
            vec![format!(
                "its log may say more; without the server name: {}",
                with("--no-sni")
            )]
        }
    }
}

/// ` --starttls smtp`, where it was asked for.
pub(super) fn starttls_words(protocol: Option<StartTls>) -> String {
    protocol.map_or_else(String::new, |protocol| format!(" --starttls {}", protocol.name()))
}

/// What to type where TLS was not started in a protocol that begins in plain text.
fn for_no_starttls(reason: &NoStartTls, probe: &Probe, with: &dyn Fn(&str) -> String) -> Vec<String> {
    match reason {
        NoStartTls::TlsAtOnce => vec!["leave out `--starttls`".into()],
        NoStartTls::OtherProtocol { said } => {
            let spoken = recognize(said).and_then(|spoken| spoken.start_tls());
            vec![spoken.map_or_else(
                || "is the port right, and the protocol?".into(),
                |spoken| format!("it may be {}: `--starttls {}`", spoken.title(), spoken.name()),
            )]
        }
        NoStartTls::TimedOut { .. } => vec![format!("for a longer timeout: {}", with("--timeout 20s"))],
        _ => vec![format!(
            "its log may say more; `gsec doctor {}{}` says what may help",
            quoted_text(&probe.target.to_string()),
            starttls_words(probe.starttls)
        )],
    }
}

fn for_plain_protocol(
    protocol: Option<PlainProtocol>,
    target: &Endpoint,
    with: &dyn Fn(&str) -> String,
) -> Vec<String> {
    if let Some(protocol) = protocol.and_then(|protocol| protocol.start_tls()) {
        return vec![format!(
            "in this protocol the client starts TLS: {}",
            with(&format!("--starttls {}", protocol.name()))
        )];
    }
    match protocol {
        Some(PlainProtocol {
            starttls: Some(name), ..
        }) => {
            vec![format!(
                "in this protocol the client starts TLS: `openssl s_client -starttls {name} -connect {}`",
                quoted_text(&target.to_string())
            )]
        }
        Some(PlainProtocol {
            name,
            tls_port: Some(port),
            ..
        }) => vec![format!("{name} with TLS is usually on port {port}")],
        _ => vec!["is the port right, and is TLS enabled on it?".into()],
    }
}

/// A hint about a file that was read, with its name to be typed again. What came from standard input must be saved into a file first.
pub(super) fn on_input(path: &str, hint: impl FnOnce(&str) -> String) -> String {
    if path != "-" {
        return hint(&quoted(Path::new(path)));
    }
    let hint = hint(SAVED);
    if hint.contains(SAVED) {
        format!("{hint}; first save the standard input as `{SAVED}`")
    } else {
        hint
    }
}

/// The same for several hints about a file in which a private key may be: what their commands write, only its owner can read.
fn all_on_secret_input(path: &str, hints: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let count = hints(SAVED).len();
    let may_hold_key = may_hold_key(path);
    (0..count)
        .map(|number| {
            let hint = on_input(path, |typed| hints(typed).swap_remove(number));
            if may_hold_key { privately(&hint) } else { hint }
        })
        .collect()
}

/// Whether a private key may be in a file that gsec cannot read: all that has no text, or whose text names one.
fn may_hold_key(path: &str) -> bool {
    let Ok(bytes) = read_file_within(Path::new(path), MAX_FILE_OCTETS) else {
        return true;
    };
    let text = String::from_utf8_lossy(&bytes).to_ascii_uppercase();
    !text.contains("BEGIN") || text.contains("PRIV")
}

/// The hint, with each command in it that writes a file doing so for the file's owner alone. OpenSSL's `-out` and `ssh-keygen` do that
/// themselves where the file is a private key.
fn privately(hint: &str) -> String {
    const WRITING: [&str; 4] = ["keytool -importkeystore", "unzip ", "mkdir ", "gpg --output"];
    let writes = |command: &str| {
        let is_redirected = command
            .rsplit_once(" > ")
            .is_some_and(|(_, file)| !file.contains(['\'', '"', '|']));
        is_redirected || WRITING.iter().any(|start| command.starts_with(start))
    };
    let parts = hint.split('`').enumerate();
    let parts = parts.map(|(place, part)| match place % 2 == 1 && writes(part) {
        true => format!("(umask 077; {part})"),
        false => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

/// [`for_foreign`] of a file that was read.
fn for_foreign_input(path: &str, foreign: ForeignFile) -> Vec<String> {
    // OpenSSL skips a block that is indented, or that has a mark before it.
    let is_odd = || {
        let bytes = read_file_within(Path::new(path), MAX_FILE_OCTETS).unwrap_or_default();
        pem::decode_all(&bytes).is_ok_and(|blocks| pem::oddities(&blocks).next().is_some())
    };
    if foreign == ForeignFile::Pkcs7 && is_odd() {
        let certificates = unused("certs", "pem");
        return vec![on_input(path, |typed| {
            format!(
                r"`LC_ALL=C sed -E 's/^(\xEF\xBB\xBF|[[:space:]])+//; /^$/d; /^[A-Za-z-]+: /d' {typed} | openssl pkcs7 -print_certs -out {certificates}`"
            )
        })];
    }
    all_on_secret_input(path, |typed| vec![for_foreign(foreign, typed)])
}

/// What makes a file of this kind UTF-8, where it is in UTF-16.
pub(super) fn for_utf16(path: &str, bytes: &[u8], ending: &str) -> Option<String> {
    let from = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "UTF-16",
        [_, 0, ..] => "UTF-16LE",
        [0, _, ..] => "UTF-16BE",
        _ => return None,
    };
    Some(on_input(path, |typed| {
        format!("`iconv -f {from} -t UTF-8 {typed} > {}`", unused("new", ending))
    }))
}

/// The command that turns another program's file into one that gsec reads.
fn for_foreign(foreign: ForeignFile, path: &str) -> String {
    let [pem, der, p12, certificates, any, folder] = [
        ("new", "pem"),
        ("new", "der"),
        ("new", "p12"),
        ("certs", "pem"),
        ("new", "out"),
        ("new", ""),
    ]
    .map(|(stem, ending)| unused(stem, ending));
    match foreign {
        ForeignFile::Pkcs7 => format!("`openssl pkcs7 -print_certs -in {path} -out {certificates}`"),
        ForeignFile::Pkcs7Der => {
            format!("`openssl pkcs7 -print_certs -inform DER -in {path} -out {certificates}`")
        }
        ForeignFile::JavaKeyStore => format!(
            "`keytool -importkeystore -srckeystore {path} -destkeystore {p12} -deststoretype PKCS12`"
        ),
        ForeignFile::Cms => {
            format!(
                r"`sed -E 's/-----(BEGIN|END) [A-Z ]+-----/-----\1 PKCS7-----/' {path} | openssl pkcs7 -print_certs -out {certificates}`"
            )
        }
        ForeignFile::Jceks => {
            format!(
                "`keytool -importkeystore -srckeystore {path} -srcstoretype JCEKS -destkeystore {p12} -deststoretype PKCS12`"
            )
        }
        ForeignFile::Putty => format!("`puttygen {path} -O private-openssh -o {pem}`"),
        ForeignFile::Pvk => format!("`openssl rsa -inform PVK -in {path} -out {pem}`"),
        ForeignFile::Utf16Le => format!("`iconv -f UTF-16LE -t UTF-8 {path} > {}`", same_kind(path)),
        ForeignFile::Utf16Be => format!("`iconv -f UTF-16BE -t UTF-8 {path} > {}`", same_kind(path)),
        ForeignFile::Utf16 => format!("`iconv -f UTF-16 -t UTF-8 {path} > {}`", same_kind(path)),
        ForeignFile::BareBase64 => format!("`tr -d '[:space:]' < {path} | base64 -d > {der}`"),
        ForeignFile::HexDigits => {
            format!("`xxd -r -p {path} > {der}`, if it is a whole file and not just a number")
        }
        ForeignFile::XxdDump => format!("`xxd -r {path} > {der}`"),
        ForeignFile::HexDump => format!("`sed 's/|.*//; s/^[0-9a-f]*//' {path} | xxd -r -p > {der}`"),
        // One text may hold several, each with padding of its own. A private key may be among them.
        ForeignFile::EncodedPem => format!(
            r#"`sed -zE ':a; s,([A-Za-z0-9+/]{{40}})\n[ \t]+([A-Za-z0-9+/]+=*)[ \t]*(\n|$),\1\2\3,; ta' {path} | grep -oE 'LS0tLS1CRUdJTi[A-Za-z0-9+/]+=*' | while read -r part; do echo "$part" | base64 -d; echo; done > {pem}`"#
        ),
        ForeignFile::Base64OfPem => format!("`tr -d '[:space:]' < {path} | base64 -d > {pem}`"),
        ForeignFile::Gzip => format!("`gzip -dc < {path} > {any}`, then use `{any}`"),
        ForeignFile::Bzip2 => format!("`bzip2 -dc < {path} > {any}`, then use `{any}`"),
        ForeignFile::Xz => format!("`xz -dc < {path} > {any}`, then use `{any}`"),
        ForeignFile::Zstandard => format!("`zstd -dc < {path} > {any}`, then use `{any}`"),
        ForeignFile::Zip => format!("`unzip {path} -d {folder}`, then use the right file in it"),
        ForeignFile::Tar => {
            format!("`mkdir {folder} && tar -xf {path} -C {folder}`, then use the right file in it")
        }
        ForeignFile::SshPublicKey => format!(
            "it contains no certificate, and TLS cannot use it; the public key of RSA and ECDSA in PEM: `ssh-keygen -e -m PKCS8 -f {path} > {pem}`"
        ),
        ForeignFile::Ssh2PublicKey => format!(
            "it contains no certificate, and TLS cannot use it; the public key of RSA and ECDSA in PEM: `ssh-keygen -i -f {path} > {any} && ssh-keygen -e -m PKCS8 -f {any} > {pem}`"
        ),
        ForeignFile::Pgp => format!(
            "TLS cannot use PGP keys; `gpg --show-keys {path}` shows the owner. Request an X.509 certificate in PEM"
        ),
        ForeignFile::PgpMessage => format!("to decrypt it: `gpg --output {any} --decrypt {path}`"),
        ForeignFile::Sqlite => {
            "is it the cert9.db of NSS (Firefox, Chrome)? certutil -L -d with sql: and its directory lists the contents, and with -n NAME -a extracts a certificate".into()
        }
        ForeignFile::Html => {
            "a server answered with a page instead of the file: open it in a browser; often it requests a login, or says that there is no such file"
                .into()
        }
        ForeignFile::OpenSslText => {
            "the certificate is between BEGIN and END: openssl prints it unless -noout is given".into()
        }
    }
}

/// An unused name for a file that has the same content otherwise written: the ending stays, where it is that of a text.
fn same_kind(path: &str) -> String {
    const TEXTS: [&str; 11] = [
        "cer", "cfg", "conf", "crl", "crt", "csr", "csv", "json", "key", "toml", "txt",
    ];
    let ending = Path::new(path.trim_matches('\''))
        .extension()
        .and_then(|ending| ending.to_str());
    unused(
        "new",
        ending.filter(|ending| TEXTS.contains(ending)).unwrap_or("pem"),
    )
}

pub(super) fn for_key(path: &str, error: &KeyError) -> Vec<String> {
    all_on_secret_input(path, |typed| for_typed_key(typed, error))
}

fn for_typed_key(path: &str, error: &KeyError) -> Vec<String> {
    let pem = unused("new", "pem");
    match error {
        KeyError::Encrypted => vec![GIVE_PASSWORD.into()],
        KeyError::Foreign(ForeignKey::OpenSsh) => vec![format!(
            "`install -m 600 {path} {pem} && ssh-keygen -p -m PKCS8 -f {pem}`"
        )],
        KeyError::Foreign(ForeignKey::ExplicitCurve) => vec![format!(
            "`openssl pkey -in {path} -ec_param_enc named_curve -out {pem}`"
        )],
        KeyError::Foreign(ForeignKey::Dsa) => vec![format!("`openssl pkcs8 -topk8 -in {path} -out {pem}`")],
        KeyError::Foreign(ForeignKey::File(foreign)) => vec![for_foreign(*foreign, path)],
        KeyError::SeveralKeys { .. } => {
            vec![format!(
                "split it: `gsec convert to-pem {path} --out-dir {}`",
                unused("parts", "")
            )]
        }
        KeyError::EncryptionUnsupported { .. } => {
            vec![format!(
                "convert it: `openssl pkcs8 -topk8 -provider legacy -provider default -in {path} -out {pem}`"
            )]
        }
        KeyError::WrongPassword => vec![OTHER_PASSWORD.into()],
        KeyError::Pem(error) => for_pem(path, error),
        _ => Vec::new(),
    }
}

/// A warning as it is printed.
pub(super) fn notice(warning: &Warning) -> Notice {
    Notice {
        code: warning.code().into(),
        message: warning.to_string(),
        hint: for_warning(warning),
    }
}

pub(super) fn for_warning(warning: &Warning) -> Option<String> {
    match warning {
        Warning::KeyReadable(loose) => Some(format!("`chmod 400 {}`", quoted(&loose.path))),
        Warning::Exposed(exposure) => Some(for_exposure(exposure)),
        Warning::WrittenFor { owner, .. } => {
            Some(format!("run it as that user, with `sudo -u '#{owner}'` in front"))
        }
        Warning::ActsFor(owner) => Some(format!("run it as that user, with `sudo -u '#{owner}'` in front")),
        Warning::SignerSigns(_) => None,
        Warning::SignerPolicy(_) => {
            Some("copy the signer's over it: what the signer refuses is not issued".into())
        }
        Warning::ForeignChangeover(_)
        | Warning::FormerKeyLeftOut { .. }
        | Warning::KeyNotRead(_)
        | Warning::RecordsLost(_)
        | Warning::AuditLogLost(_) => Some("`gsec doctor` says more".into()),
        Warning::PolicyDamaged(_) => Some("`gsec doctor` says more".into()),
        Warning::DefaultCrlLifetime { .. } => {
            Some("`gsec crl update --days` makes one with another lifetime".into())
        }
        Warning::SealedChangeover(_) => Some(
            "the command that changed the passphrase, typed again, finishes it; `gsec doctor` says more"
                .into(),
        ),
        Warning::IssuedOutlive { .. } | Warning::AuthorityEndsSoon { .. } => Some(
            "ask the parent CA for a certificate with a later expiry date, and accept that one too".into(),
        ),
        Warning::LifetimeCut { .. } | Warning::DefaultLifetimeCut { .. } => None,
        Warning::HandedKeyReadable { path } => Some(format!("`chmod o-r {}`", quoted(path))),
        Warning::PfxNotOpened { path } => Some(format!(
            "pass its password with `--pfx-password-file`, or move it away to have it written again: `mv -n {} \
             {}`",
            quoted(path),
            unused_beside(path, "old")
        )),
        Warning::CommonNameLeftOut { .. } => {
            Some("pass a shorter one with `--cn`, if such clients matter".into())
        }
        Warning::AddressLeftOut { .. } => {
            Some("pass another common name with `--cn`, if you need one".into())
        }
        Warning::CommonNameDiffers { .. } => {
            Some("leave out `--cn`, unless something needs this name".into())
        }
        Warning::NotQualified { .. } => {
            Some("use the name that other machines use, such as `db1.example.com`".into())
        }
        Warning::WideWildcard { .. } => Some(
            "name the hosts one by one, or put them below a domain of two labels, as in `*.site.example`"
                .into(),
        ),
        Warning::PssOnly => {
            Some("a plain RSA key (rsaEncryption) is supported everywhere, and can sign with PSS too".into())
        }
        Warning::Ed25519 => Some("`--key-type p256` is supported everywhere".into()),
        Warning::LongServerLifetime => Some("`--days 825` or less".into()),
        Warning::RequestDigest { .. } => None,
        Warning::AuthorityNotGranted => {
            Some("if it is for an intermediate CA: gsec ca sign makes one".into())
        }
        Warning::TornLine(_) => None,
        Warning::SerialBehind { .. } => Some(
            "was the directory restored from a backup? Then certificates issued since are not in ca.db"
                .into(),
        ),
        Warning::KeySizeRoundedUp { .. } => None,
        Warning::NameFromSubject { .. } => {
            Some("if clients use other names, issue with gsec cert issue, and pass them with `--san`".into())
        }
        Warning::CompromisedKeyUnknown { .. } => {
            Some("restore their certificates in the repository from a backup".into())
        }
        Warning::KeyElsewhere { .. } => Some("`--keep-key` certifies the same key again".into()),
        Warning::PasswordNotForJava => {
            Some("use only ASCII letters, digits and symbols, if Java must read it".into())
        }
        Warning::KeyUsageAdded | Warning::SignatureChanged { .. } | Warning::ExtensionLeftOut(_) => None,
        Warning::SerialKept(_) => {
            Some("renew again without `--keep-serial` once no certificate references the number".into())
        }
        Warning::NotRead(_) => {
            Some("was the directory restored from a backup? `gsec cert list` shows the records".into())
        }
        Warning::PurposeExcluded { .. } => Some(
            "the parent CA must issue a CA certificate without this limit, or with this purpose too".into(),
        ),
        Warning::NoCrlSign | Warning::OtherName { .. } | Warning::OnPath { .. } => None,
        Warning::MovesUnder { .. } => Some(
            "is it the same parent CA? Clients need the new root before the certificate is exchanged".into(),
        ),
        Warning::Policy(PolicyNotice::NearBuiltIn { name, known, .. }) => Some(format!(
            "is `{}` meant to be `{known}`? Correct the name; if not, add the section `[profile.{known}]`, which may be empty",
            visible(name)
        )),
        Warning::Policy(_) => Some(
            "write `default_access = true` or `default_access = false` in `[security]`, and nothing else"
                .into(),
        ),
        Warning::AuthorityNotAsked => {
            Some("was it intended for gsec cert sign? Then revoke what was issued".into())
        }
        Warning::Unidentified(_) => {
            Some("re-issue for these hosts before their clients get both roots".into())
        }
        Warning::ClockBehind { .. } | Warning::LongAgo { .. } => {
            Some("is this machine's clock right? `date -u` shows it".into())
        }
        Warning::FlawedRevocations { ca_dir, first, .. } => for_flawed_revocations(ca_dir, first),
        Warning::UnreadableLines { ca_dir, .. } => Some(format!(
            "`gsec doctor {} --only index-bad-lines` says how to fix each of them",
            quoted(ca_dir)
        )),
        Warning::SameKey { serials } => {
            let serials: Vec<String> = serials.iter().map(ToString::to_string).collect();
            Some(format!(
                "revoke them too: `gsec cert revoke --serial {} --reason keyCompromise`",
                serials.join(" ")
            ))
        }
        Warning::KeptInCrl { ca_dir, .. } => Some(format!(
            "`gsec doctor {} --fix` records and revokes them in ca.db again",
            quoted(ca_dir)
        )),
        Warning::RevocationsUnknown { .. } => {
            Some("revoke what you know to be revoked, if it is not in `gsec crl show`".into())
        }
        Warning::RevocationUndetermined { .. } | Warning::SameKeyUnknown { .. } => {
            Some("`gsec doctor` says more".into())
        }
        Warning::PresentNotPermitted { .. } => {
            Some("give `--profile`, `--cn` and `--san` as the certificate should have them".into())
        }
        Warning::FormerCrlMissing { .. } => Some("`gsec doctor` says how to fix it".into()),
        Warning::ServedByFormerPassphrase => {
            Some("stop it, and start it again with the new passphrase: `--ca-passphrase-file`".into())
        }
        Warning::FormerCrlAddress(_) => Some(
            "the present key goes on signing its own CRL, in `ca_conf/previous/`: copy it to where you can tell programs to look".into(),
        ),
        Warning::PolicyMissing(_) => Some(
            "restore it from a backup; without one, `gsec ca adopt` writes one with the default rules".into(),
        ),
        Warning::NotAdopted => Some("`gsec ca adopt` lists its weaknesses and adds what is missing".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_in_hints_name_the_directory_of_the_call() {
        let directory = CommandLine::new("--ca-dir").path(Path::new("my ca"));
        for (hint, wanted) in [
            ("`gsec ca rekey`", "`gsec ca rekey --ca-dir 'my ca'`"),
            (
                "a: `gsec crl update`, b: `gsec doctor`.",
                "a: `gsec crl update --ca-dir 'my ca'`, b: `gsec doctor --ca-dir 'my ca'`.",
            ),
            (
                "`gsec cert show 'a`b'\\''c'` shows it",
                "`gsec cert show 'a`b'\\''c' --ca-dir 'my ca'` shows it",
            ),
            ("`gsec ca show --ca-dir other`", "`gsec ca show --ca-dir other`"),
            ("`gsec doctor other --fix`", "`gsec doctor other --fix`"),
            (
                "`gsec doctor 'my ca'` says more",
                "`gsec doctor 'my ca'` says more",
            ),
            (
                "`gsec doctor a.pem --only key-weak`",
                "`gsec doctor a.pem --only key-weak --ca-dir 'my ca'`",
            ),
            (
                "`gsec convert key a.pem`, `--key`, gsec ca sign",
                "`gsec convert key a.pem`, `--key`, gsec ca sign",
            ),
            ("an open `gsec ca show", "an open `gsec ca show"),
        ] {
            assert_eq!(in_directory(hint, &directory), wanted);
            assert_eq!(in_directory(wanted, &directory), wanted, "twice");
            assert_eq!(
                in_directory(hint, &CommandLine::default()),
                hint,
                "no directory was given"
            );
        }
    }

    #[test]
    fn paths_can_be_typed_as_they_stand() {
        assert_eq!(quoted(Path::new("gsec-ca/ca_conf")), "gsec-ca/ca_conf");
        assert_eq!(quoted(Path::new("a b")), "'a b'");
        assert_eq!(quoted(Path::new("it's")), "'it'\\''s'");
        assert_eq!(quoted(Path::new("-rf")), "./-rf");
        assert_eq!(quoted(Path::new("$(reboot)")), "'$(reboot)'");
    }
}
