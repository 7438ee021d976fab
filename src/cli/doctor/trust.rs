//! What certificates are checked against: `--trust`, or the CA of a directory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Args;
use super::target::Target;
use crate::cli::failure::Failure;
use crate::cli::global::Global;
use crate::cli::input;
use crate::cli::secret::InputPassword;
use gsec_ca::authority::Authority;
use gsec_ca::home::CaDir;
use gsec_doctor::checks::file::{FileContent, Trust};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::Certificate;

/// What is trusted, and whether the user said so.
pub(super) struct Known {
    trust: Option<Arc<Trust>>,
    /// The local CA, if it is trusted.
    authority: Option<Authority>,
    /// Whether the CA directory only happened to be found: then it is the measure of what it issued, and of nothing else.
    is_found: bool,
}

impl Known {
    pub(super) fn gather(
        targets: &[Target],
        args: &Args,
        password: &InputPassword,
        global: &Global,
        env: &mut Env,
    ) -> Result<Self, Failure> {
        // To open a CA finishes what a killed call left there, which is for the examination of the directory to tell.
        let is_asked = targets
            .iter()
            .any(|target| !matches!(target, Target::CaDirectory(_)));
        let own = match is_asked {
            true => own_directory(targets, global, env)?,
            false => None,
        };
        let (own, is_found) = match own {
            Some((directory, option, is_found)) => {
                let authority = match Authority::open(directory) {
                    // Where it is a target itself, its findings say why.
                    Err(error) if is_named_alone(targets, global) => return Err(error.into()),
                    opened => opened.ok(),
                };
                authority
                    .iter()
                    .for_each(|authority| global.doubts_about(authority));
                (authority.map(|authority| (authority, option)), is_found)
            }
            None => (None, false),
        };
        let now = env.clock.now();
        let mut trust = own
            .as_ref()
            .map(|(authority, option)| of_authority(authority, option.clone(), now))
            .unwrap_or_default();
        let mut authority = own.map(|(authority, _)| authority);
        if args.trust.is_empty() {
            return Ok(Self {
                trust: trust.ca_option.is_some().then(|| Arc::new(trust)),
                authority,
                is_found,
            });
        }
        let mut anchors = Vec::new();
        for path in &args.trust {
            anchors.extend(input::certificates(path, password, env)?);
        }
        // The directory is still who can issue, where it is the CA that is trusted.
        if !trust
            .own
            .iter()
            .chain(&trust.anchors)
            .any(|own| anchors.contains(own))
        {
            (trust, authority) = (Trust::default(), None);
        }
        Ok(Self {
            trust: Some(Arc::new(Trust { anchors, ..trust })),
            authority,
            is_found: false,
        })
    }

    /// The trusted certificates, and the local CA with whether it was merely found by default.
    pub(super) fn all(&self) -> (Option<Arc<Trust>>, Option<(&Authority, bool)>) {
        (
            self.trust.clone(),
            self.authority
                .as_ref()
                .map(|authority| (authority, self.is_found)),
        )
    }

    /// What is trusted, whatever is in question.
    pub(super) fn whole(&self) -> Option<&Arc<Trust>> {
        self.trust.as_ref()
    }

    /// CAs that the local CA signed, if they issued certificates in the file and the file lacks theirs.
    /// Those that are revoked are beside them.
    fn subordinates_for(
        &self,
        file: &FileContent,
        trust: &Trust,
    ) -> (Vec<(Certificate, PathBuf)>, Vec<Certificate>) {
        let Some(authority) = &self.authority else {
            return Default::default();
        };
        let known = || {
            file.certificates()
                .chain(&trust.own)
                .chain(&trust.anchors)
                .chain(&trust.between)
        };
        let is_open = |certificate: &&Certificate| {
            !certificate.is_self_issued() && !known().any(|known| certificate.may_be_issued_by(known))
        };
        let of_one = |certificate: &Certificate| {
            let revoked = authority.revoked_subordinates_named(certificate.issuer());
            (authority.subordinates_named(certificate.issuer()), revoked)
        };
        file.certificates().find(is_open).map(of_one).unwrap_or_default()
    }

    /// What is trusted where this file is in question.
    pub(super) fn of(&self, file: &FileContent) -> Option<Arc<Trust>> {
        let trust = self.trust.as_ref()?;
        let (below, revoked) = self.subordinates_for(file, trust);
        if !below.is_empty() || !revoked.is_empty() {
            let mut trust = Trust::clone(trust);
            trust.between.extend(
                below
                    .iter()
                    .map(|(certificate, _)| certificate)
                    .chain(&revoked)
                    .cloned(),
            );
            trust.subordinates = below;
            return Some(Arc::new(trust));
        }
        let names: Vec<_> = trust
            .own
            .iter()
            .chain(&trust.anchors)
            .chain(&trust.between)
            .map(Certificate::subject)
            .collect();
        let is_issued_locally = || {
            file.certificates()
                .any(|certificate| names.contains(&certificate.issuer()))
                || file.bundle.crls.iter().any(|crl| names.contains(&crl.issuer()))
        };
        (!self.is_found || is_issued_locally()).then(|| trust.clone())
    }
}

/// The CA directory among the targets, or the default one; the option that names it; whether it was merely found by default.
fn own_directory(
    targets: &[Target],
    global: &Global,
    env: &Env,
) -> Result<Option<(CaDir, CommandLine, bool)>, Failure> {
    let named = |path: &Path| (CaDir::at(path), CommandLine::new("--ca-dir").path(path), false);
    let among = targets.iter().find_map(|target| {
        if let Target::CaDirectory(path) = target {
            Some(named(path))
        } else {
            None
        }
    });
    if among.is_some() {
        return Ok(among);
    }
    let is_named = global.names_directory(env);
    match global.existing_directory(env) {
        Ok(existing) => Ok(Some((existing, global.directory_words(), !is_named))),
        Err(failure) if is_named_alone(targets, global) => Err(failure),
        Err(failure) => {
            global.doubt(&failure);
            Ok(None)
        }
    }
}

/// Whether `--ca-dir` names a directory that is not examined: then it must be one that can be used.
fn is_named_alone(targets: &[Target], global: &Global) -> bool {
    let is_directory = |target: &Target| matches!(target, Target::CaDirectory(_));
    global.ca_dir.is_some() && !targets.iter().any(is_directory)
}

fn of_authority(authority: &Authority, option: CommandLine, now: time::OffsetDateTime) -> Trust {
    let (anchors, between) = authority.anchors();
    let directory = authority.directory();
    Trust {
        anchors,
        between,
        crls: authority
            .kept_crls()
            .into_iter()
            .filter(|crl| crl.next_update().is_none_or(|due| due > now))
            .collect(),
        subordinates: Vec::new(),
        own: authority.trusted().cloned().collect(),
        ca_option: Some(option),
        repository: Some(directory.repository()),
        ca_certificate: Some(directory.ca_certificate()),
        doubts_clock: authority.is_clock_doubtful(now),
    }
}
