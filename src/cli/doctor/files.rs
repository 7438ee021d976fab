//! Files as targets of `gsec doctor`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::target::Target;
use super::{Args, trust};
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::input;
use crate::cli::secret::InputPassword;
use crate::cli::selector::ends_like_a_file;
use crate::cli::value;
use gsec_ca::authority::{Authority, ReadRecords};
use gsec_doctor::checks::file::{
    Facts, FileContent, Judgements, Trust, diagnose, diagnose_key, has_anything, lacks_its_key, not_checked,
    writable, written_beside,
};
use gsec_doctor::checks::path::{Home, is_self_signed_host};
use gsec_doctor::checks::{Diagnosis, Examination, Expiry, Selection, TargetKind};
use gsec_doctor::facts::{User, file, home};
use gsec_env::Env;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::key::PublicKey;
use gsec_pki::pkcs12::{PfxReader, Readability};
use gsec_pki::x509::path::RevocationStatus;
use gsec_pki::x509::{Certificate, GeneralName, days_left};

/// Options for targets that are files.
#[derive(clap::Args)]
#[command(next_help_heading = "Files")]
pub(super) struct FileArgs {
    /// The private key that must match the certificates
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,

    /// The user, by name or number, who must be able to read the files
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,

    /// The thumbprint that the certificate must have, as written in a setting
    #[arg(long, value_name = "TEXT")]
    pub thumbprint: Option<String>,

    /// A program that must be able to read PFX files: openssl3, java8, windows2016 and so on; can be repeated
    #[arg(long, value_name = "PROGRAM", value_parser = value::one_of(&PfxReader::ALL, PfxReader::keyword))]
    pub read_by: Vec<PfxReader>,
}

/// The files among the targets, read.
pub(super) struct Files {
    read: Vec<(PathBuf, Result<Arc<FileContent>, Failure>)>,
    key: Option<Arc<FileContent>>,
    trust: trust::Known,
}

/// Reads all files once, for all checks.
pub(super) fn read_all(
    targets: &[Target],
    args: &Args,
    password: &InputPassword,
    global: &Global,
    env: &mut Env,
) -> Result<Files, Failure> {
    let user = args.files.user.as_deref().map(user_named).transpose()?;
    let paths: Vec<&Path> = targets.iter().filter_map(Target::path).collect();
    let read = paths
        .into_iter()
        .map(|path| (path.to_owned(), read_target(path, password, user.as_ref(), env)))
        .collect();
    let key = args
        .files
        .key
        .as_deref()
        .map(|path| contents(path, password, user.as_ref(), env))
        .transpose()?;
    Ok(Files {
        read,
        key,
        trust: trust::Known::gather(targets, args, password, global, env)?,
    })
}

fn user_named(name: &str) -> Result<User, Failure> {
    User::named(name).ok_or_else(|| {
        Failure::cannot(
            "doctor.no_such_user",
            format!("no user `{name}` in `/etc/passwd`"),
        )
        .hint("`--user` also accepts a number")
    })
}

/// Reads a target. If it is not a file and does not look like a file name, it may be a server without its port.
fn read_target(
    path: &Path,
    password: &InputPassword,
    user: Option<&User>,
    env: &mut Env,
) -> Result<Arc<FileContent>, Failure> {
    contents(path, password, user, env).map_err(|failure| match path.to_str() {
        Some(host)
            if path.symlink_metadata().is_err()
                && !ends_like_a_file(host)
                && GeneralName::parse_host(host).is_ok() =>
        {
            failure.hint(format!("is it a server? Add the port: `gsec doctor {host}:443`"))
        }
        _ => failure,
    })
}

fn contents(
    path: &Path,
    password: &InputPassword,
    user: Option<&User>,
    env: &mut Env,
) -> Result<Arc<FileContent>, Failure> {
    let bytes = input::read(path, env)?;
    let open = |password: Option<&str>| file::contents(path, &bytes, password, user);
    let read = input::opened(path, password, open, env)?;
    Ok(Arc::new(read))
}

impl Files {
    /// Those that could be read.
    pub(super) fn contents(&self) -> impl Iterator<Item = &Arc<FileContent>> {
        self.read.iter().filter_map(|(_, read)| read.as_ref().ok())
    }

    /// The local CA, if any.
    pub(super) fn trust(&self) -> Option<&Trust> {
        self.trust.whole().map(AsRef::as_ref)
    }

    /// The file of `--key`, and the public half of its key, or why that is not known.
    pub(super) fn key(&self) -> Option<(PathBuf, Result<PublicKey, String>)> {
        let content = self.key.as_ref()?;
        Some((content.path.clone(), content.comparable_key().cloned()))
    }

    /// What there is to say of the files that were given with the targets, and are no targets themselves: the one of `--key` as if it were one,
    /// and whether others can write those of `--trust`.
    pub(super) fn beside_targets(&self, selection: &Selection, args: &Args, env: &Env) -> Diagnosis {
        let is_target = |path: &Path| self.read.iter().any(|(target, _)| target == path);
        let key = self.key.as_ref().filter(|key| !is_target(&key.path));
        let mut diagnosis = key
            .map(|key| diagnose_key(&facts_alone(key, args, env), selection))
            .unwrap_or_default();
        let trusted = args.trust.iter().filter(|path| !is_target(path));
        let writable = trusted.filter_map(|path| writable(path, file::mode_of(path)?));
        diagnosis
            .findings
            .extend(writable.filter(|finding| selection.has(finding.entry)));
        diagnosis
    }

    /// The trusted certificates, and the local CA with whether it was merely found by default.
    pub(super) fn known(&self) -> (Option<Arc<Trust>>, Option<(&Authority, bool)>) {
        self.trust.all()
    }

    /// What the records of the local CA say about the certificates in the files it issued.
    fn recorded(&self, trust: Option<&Trust>) -> Vec<(Certificate, RevocationStatus)> {
        let Some((authority, _)) = self.known().1 else {
            return Vec::new();
        };
        let between = trust.iter().flat_map(|trust| &trust.between);
        let records = ReadRecords::default();
        let asked = self
            .contents()
            .flat_map(|file| file.certificates())
            .chain(between)
            .map(|certificate| {
                (
                    certificate.clone(),
                    authority.standing_in(&records, certificate).status,
                )
            });
        asked
            .filter(|(_, status)| *status != RevocationStatus::NotChecked)
            .collect()
    }

    /// The certificates in a file that the local CA's key signed and of which it has no record.
    fn unrecorded(&self, file: &FileContent) -> Vec<(Certificate, String)> {
        let Some((authority, _)) = self.known().1 else {
            return Vec::new();
        };
        let signed = file
            .certificates()
            .filter(|certificate| authority.has_signed(certificate));
        let of_one = |certificate: &Certificate| {
            Some((
                certificate.clone(),
                authority.recorded(certificate).ok()?.why_not(certificate)?,
            ))
        };
        signed.filter_map(of_one).collect()
    }

    pub(super) fn examine(
        &self,
        path: &Path,
        selection: &Selection,
        args: &Args,
        env: &Env,
    ) -> Result<Examination, Failure> {
        let (_, read) = self
            .read
            .iter()
            .find(|(other, _)| other == path)
            .expect("every file was read");
        let file = read.as_ref().map_err(Failure::clone)?;
        if !has_anything(file) {
            let message = format!(
                "nothing in `{}` could be examined: it contains {}",
                shown(path),
                file.bundle.in_words()
            );
            return Err(Failure::cannot("doctor.nothing_examined", message));
        }
        let trust = self.trust.of(file);
        let homes = self.homes(file, args, env);
        let mut facts = Facts {
            homes,
            beside: self
                .contents()
                .filter(|other| other.path != path)
                .cloned()
                .collect(),
            recorded: self.recorded(trust.as_deref()),
            unrecorded: self.unrecorded(file),
            key: self.key.clone(),
            trust,
            local_ca: self.trust.whole().cloned(),
            is_trust_file: args.trust.iter().any(|trusted| trusted == path),
            ..facts_alone(file, args, env)
        };
        facts.right_key = lacks_its_key(&facts).and_then(|certificate| {
            let repository = facts
                .local_ca
                .as_ref()
                .and_then(|trust| trust.repository.as_deref());
            let beside = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty())
                .unwrap_or(Path::new("."));
            file::key_of(certificate, &[beside, repository.unwrap_or(beside)])
        });
        let diagnosis = diagnose(&facts, selection);
        Ok(Examination {
            target: shown(path),
            kind: TargetKind::File,
            facts: seen(file, facts.trust.as_deref())
                .into_iter()
                .chain(undetermined(&facts))
                .collect(),
            expiries: file.certificates().map(Expiry::from).collect(),
            not_checked: not_checked(&facts),
            is_unseen: false,
            summary: Some(summary(&facts)),
            diagnosis,
        })
    }

    /// What the local CA can do about the hosts' certificates in a file.
    fn homes(&self, file: &FileContent, args: &Args, env: &Env) -> Vec<(Certificate, Home)> {
        /// A file may hold thousands, of which each costs a look into the index.
        const MOST: usize = 20;
        let option = self.trust().and_then(|trust| trust.ca_option.as_ref());
        let Some((option, (authority, _))) = option.zip(self.trust.all().1) else {
            return Vec::new();
        };
        let hosts = file
            .certificates()
            .filter(|certificate| !certificate.is_authority() || is_self_signed_host(certificate))
            .take(MOST);
        hosts
            .map(|host| {
                (
                    host.clone(),
                    home(authority, option, host, args.name.as_ref(), env.clock.now()),
                )
            })
            .collect()
    }
}

/// A file, and what was asked of it, with nothing beside it.
fn facts_alone(file: &Arc<FileContent>, args: &Args, env: &Env) -> Facts {
    Facts {
        file: file.clone(),
        homes: Vec::new(),
        beside: Vec::new(),
        recorded: Vec::new(),
        unrecorded: Vec::new(),
        key: None,
        right_key: None,
        trust: None,
        local_ca: None,
        is_trust_file: false,
        user_is_asked: args.files.user.is_some(),
        now: env.clock.now(),
        expires_within: args.expires_within,
        purpose: args.purpose(),
        name: args.name.clone(),
        thumbprint: args.files.thumbprint.clone(),
        written: written_beside(file)
            .into_iter()
            .filter(|path| path.symlink_metadata().is_ok())
            .collect(),
        readers: args.files.read_by.clone(),
        judgements: Judgements::default(),
        password_option: password_option(args, "--password-file", "--password-env"),
        pfx_password_option: password_option(args, "--pfx-password-file", "--pfx-password-env"),
    }
}

/// How the password was given, so that a command that is to be typed gives it in the same way.
fn password_option(args: &Args, of_file: &'static str, of_variable: &'static str) -> CommandLine {
    let file = args
        .password
        .password_file
        .as_ref()
        .map(|path| CommandLine::new(of_file).path(path));
    let variable = args
        .password
        .password_env
        .as_ref()
        .map(|name| CommandLine::new(of_variable).value(name));
    file.or(variable).unwrap_or_default()
}

/// A healthy file in one line: what is in it, how long it is valid, and what trusts it.
fn summary(facts: &Facts) -> String {
    let file = &facts.file;
    let ends = file.certificates().map(Certificate::not_after).min();
    let days = ends.map(|end| format!("{} days left", days_left(end, facts.now)));
    let trusted = facts
        .trusted_by()
        .map(|anchor| format!("trusted by `{}`", anchor.subject()));
    let parts: Vec<String> = std::iter::once(contents_in_words(file))
        .chain(days)
        .chain(trusted)
        .collect();
    parts.join(", ")
}

fn contents_in_words(file: &FileContent) -> String {
    let words = file.bundle.in_words();
    if file.is_locked {
        format!("{words}, an encrypted private key")
    } else {
        words
    }
}

/// What the CA at hand cannot say of the first of its certificates in a file that it cannot judge.
fn undetermined(facts: &Facts) -> Option<(&'static str, String)> {
    let is_in_file = |certificate: &Certificate| facts.file.certificates().any(|own| own == certificate);
    facts
        .recorded
        .iter()
        .find_map(|(certificate, status)| match status {
            RevocationStatus::Undetermined { why } if is_in_file(certificate) => {
                Some(("revocation", format!("undetermined: {why}")))
            }
            _ => None,
        })
}

/// What is worth showing of a file.
fn seen(file: &FileContent, trust: Option<&Trust>) -> Vec<(&'static str, String)> {
    let mut facts = vec![("contents", contents_in_words(file))];
    if let Some(access) = &file.access {
        facts.push(("mode", format!("{:03o}", access.mode)));
    }
    if let Some(first) = file.certificates().next() {
        facts.push(("sha1", encode(&first.thumbprints().sha1, Separator::None)));
        let names = first.subject_alternative_names().unwrap_or_default();
        facts.push(("names", GeneralName::in_words(names)));
    }
    if let Some(pfx) = &file.bundle.pfx {
        let refusing = pfx
            .readers
            .iter()
            .filter(|(_, readability)| matches!(readability, Readability::No(_)))
            .map(|(reader, _)| reader.name());
        facts.push(("not read by", refusing.collect::<Vec<_>>().join(", ")));
    }
    let trusted = |trust: &Trust| {
        trust
            .anchors
            .iter()
            .map(|anchor| anchor.subject().to_string())
            .collect::<Vec<_>>()
            .join("; ")
    };
    facts.push((
        "trusted",
        trust.map_or_else(|| "no certificate is trusted".into(), trusted),
    ));
    facts.retain(|(_, value)| !value.is_empty());
    facts
}
