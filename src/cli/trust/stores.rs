//! What the three commands share: which CA, which stores, and how a store is shown.

use std::path::{Path, PathBuf};

use super::delegate::browsers_of;
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown, sudo_user};
use crate::cli::input::Source;
use crate::cli::secret::{InputPassword, SecretSource, read_secret};
use gsec_ca::authority::Authority;
use gsec_deliver::truststore::{
    Account, Anchor, Asked, Change, Journal, Machine, Passwords, Store, TrustError, find_stores,
};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::x509::{Certificate, rfc3339};
use gsec_report::{Problem, StoreState, TrustStoreFacts, TrustedCa};

/// Which stores are meant.
#[derive(clap::Args, Default)]
pub(super) struct StoreArgs {
    /// system, nss (the browsers of the user), nss:DIR, java ($JAVA_HOME), java:PATH or p11 (p11-kit) [default: system and nss]
    #[arg(long = "store", value_name = "STORE", value_parser = asked)]
    stores: Vec<Asked>,

    /// The root directory of an image or chroot; none of its programs is run
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    /// Read the password of the Java key store from a file [default: changeit]
    #[arg(long, value_name = "FILE")]
    java_password_file: Option<PathBuf>,

    /// The file with the password of the NSS database, which its tool reads
    #[arg(long, value_name = "FILE")]
    nss_password_file: Option<PathBuf>,
}

/// A store as it is typed.
fn asked(text: &str) -> Result<Asked, String> {
    let (kind, place) = match text.split_once(':') {
        Some((kind, place)) => (kind, Some(PathBuf::from(place))),
        None => (text, None),
    };
    match (kind, place) {
        (_, Some(place)) if place.as_os_str().is_empty() => Err("the path after `:` is missing".into()),
        ("system", None) => Ok(Asked::System),
        ("p11", None) => Ok(Asked::P11),
        ("nss", place) => Ok(Asked::Nss(place)),
        ("java", place) => Ok(Asked::Java(place)),
        _ => Err("it must be system, nss, nss:DIR, java, java:PATH or p11".into()),
    }
}

/// The stores of a call, and what is needed to change them.
pub(super) struct Chosen<'a> {
    pub(super) machine: Machine<'a>,
    pub(super) stores: Vec<Store>,
    pub(super) passwords: Passwords,
    /// The user for whom root acts, whose browsers are another process's matter.
    pub(super) user: Option<Account>,
    /// Whether nobody named the stores, so that one that cannot be changed stops nothing.
    pub(super) is_default: bool,
}

impl Chosen<'_> {
    /// Something about each store. The browsers of the user for whom root acts are asked by a process of that user, with these words.
    ///
    /// # Errors
    /// [`TrustError::NoDatabase`] where there is no store at all: of none nothing can be said.
    pub(super) fn each(
        &self,
        anchor: &Anchor,
        words: &[&str],
        env: &Env,
        of: impl FnMut(&Store) -> TrustStoreFacts,
    ) -> Result<Vec<TrustStoreFacts>, Failure> {
        let mut all: Vec<TrustStoreFacts> = self.stores.iter().map(of).collect();
        if let Some(user) = &self.user {
            let password = self.passwords.nss_file.as_deref();
            all.extend(browsers_of(user, words, anchor, password, env));
        }
        if all.is_empty() {
            return Err(TrustError::NoDatabase.into());
        }
        Ok(all)
    }

    /// What is needed to put a CA into a store, or to take it out.
    pub(super) fn change<'a>(
        &'a self,
        store: &'a Store,
        anchor: &'a Anchor,
        journal: Option<&'a Journal>,
    ) -> Change<'a> {
        Change {
            store,
            anchor,
            journal,
            machine: &self.machine,
            passwords: &self.passwords,
        }
    }
}

impl StoreArgs {
    /// Finds the stores; nothing is changed.
    pub(super) fn choose<'a>(&self, env: &'a Env) -> Result<Chosen<'a>, Failure> {
        self.expect_possible()?;
        let invoking = sudo_user(env)
            .filter(|user| *user != 0 && gsec_ca::home::runs_as_root() && self.root.is_none())
            .and_then(Account::with_number);
        let user = invoking.clone().unwrap_or_else(|| Account::running(home(env)));
        let machine = Machine::new(
            self.root.as_deref(),
            user,
            (env.variable)("JAVA_HOME"),
            env.programs.as_ref(),
        )?;
        let stores = find_stores(&self.stores, &machine)?;
        let asks_for_browsers = self.stores.is_empty() || self.stores.contains(&Asked::Nss(None));
        Ok(Chosen {
            stores,
            passwords: self.passwords(env)?,
            user: invoking.filter(|_| asks_for_browsers),
            is_default: self.stores.is_empty(),
            machine,
        })
    }

    fn expect_possible(&self) -> Result<(), Failure> {
        let is_system = |asked: &Asked| *asked == Asked::System;
        if self.root.is_some() && !self.stores.iter().all(is_system) {
            return Err(Failure::usage("`--root` is about the store of the system alone")
                .hint("name a key store or a database below the directory without `--root`: `--store java:PATH`, `--store nss:DIR`"));
        }
        let of = |is_meant: fn(&Asked) -> bool| self.stores.iter().any(is_meant);
        if self.java_password_file.is_some() && !of(|asked| matches!(asked, Asked::Java(_))) {
            return Err(
                Failure::usage("`--java-password-file` is for a Java key store, but none is named")
                    .hint("name it: `--store java`, `--store java:PATH`"),
            );
        }
        let has_nss =
            (self.stores.is_empty() && self.root.is_none()) || of(|asked| matches!(asked, Asked::Nss(_)));
        if self.nss_password_file.is_some() && !has_nss {
            return Err(
                Failure::usage("`--nss-password-file` is for an NSS database, but none is named")
                    .hint("name it: `--store nss`, `--store nss:DIR`"),
            );
        }
        Ok(())
    }

    fn passwords(&self, env: &Env) -> Result<Passwords, Failure> {
        let java = self.java_password_file.as_deref().map(SecretSource::File);
        let nss_file = self.nss_password_file.as_deref().map(|path| {
            path.canonicalize()
                .map_err(|source| gsec_ca::files::FilesError::io("read", path)(source))
        });
        Ok(Passwords {
            java: java.map(|source| read_secret(&source, env)).transpose()?,
            nss_file: nss_file.transpose()?,
        })
    }

    /// Another root directory, as reports show it.
    pub(super) fn shown_root(&self) -> Option<String> {
        self.root.as_deref().map(shown)
    }

    /// The options that name the stores again.
    pub(super) fn words(&self) -> CommandLine {
        self.stores.iter().fold(CommandLine::default(), |line, asked| {
            let line = line.words("--store");
            match asked {
                Asked::System => line.words("system"),
                Asked::P11 => line.words("p11"),
                Asked::Nss(None) => line.words("nss"),
                Asked::Java(None) => line.words("java"),
                Asked::Nss(Some(place)) => line.words("nss:").glued_path(place),
                Asked::Java(Some(place)) => line.words("java:").glued_path(place),
            }
        })
    }
}

/// Before anything is looked at: where an earlier command was killed in the middle of a store, the store is what it was before that.
pub(super) fn repair(
    chosen: &Chosen<'_>,
    anchor: &Anchor,
    global: &Global,
    env: &Env,
) -> Result<(), Failure> {
    let is_there = journal_place(env).is_some_and(|place| place.is_dir());
    if !is_there || chosen.machine.has_other_root() {
        return Ok(());
    }
    if let Some(journal) = journal(chosen, global, env)? {
        for store in &chosen.stores {
            chosen.change(store, anchor, Some(&journal)).repair()?;
        }
    }
    Ok(())
}

fn journal_place(env: &Env) -> Option<PathBuf> {
    let state = (env.variable)("XDG_STATE_HOME").map(PathBuf::from);
    Journal::place(state, home(env).as_deref())
}

/// The journal of this machine or user; none below another root directory, or where only another user's process changes anything.
pub(super) fn journal(chosen: &Chosen<'_>, global: &Global, env: &Env) -> Result<Option<Journal>, Failure> {
    if chosen.machine.has_other_root() || chosen.stores.is_empty() {
        return Ok(None);
    }
    let place = journal_place(env).ok_or_else(|| {
        Failure::cannot(
            "trust-no-home",
            "this user has no home directory, where copies of stores are kept",
        )
        .hint("set HOME or XDG_STATE_HOME to a directory of the user")
    })?;
    Ok(Some(Journal::open(&place, global.lock_timeout())?))
}

fn home(env: &Env) -> Option<PathBuf> {
    (env.variable)("HOME")
        .map(PathBuf::from)
        .filter(|home| home.is_absolute())
}

/// The certificate of a file that is named, or the root of the CA directory.
pub(super) fn anchor(file: Option<&Path>, global: &Global, env: &mut Env) -> Result<Anchor, Failure> {
    match file {
        Some(file) => of_file(file, env),
        None => Ok(Anchor::of(root_of(&global.open_authority(env)?))),
    }
}

/// As [`anchor`], where a SHA-256 in the place of the file is enough: the file may be gone.
pub(super) fn named_or_known(file: Option<&Path>, global: &Global, env: &mut Env) -> Result<Anchor, Failure> {
    let digits = file
        .and_then(Path::to_str)
        .filter(|text| !Path::new(text).exists());
    match digits.and_then(|text| Anchor::of_thumbprint(text).ok()) {
        Some(known) => Ok(known),
        None => anchor(file, global, env),
    }
}

/// The root that leads to what a CA issues, which is what programs must trust.
pub(in crate::cli) fn root_of(authority: &Authority) -> Certificate {
    let root = authority
        .trusted()
        .find(|certificate| certificate.is_self_issued());
    root.unwrap_or(authority.certificate()).clone()
}

fn of_file(file: &Path, env: &mut Env) -> Result<Anchor, Failure> {
    let failed = |error: TrustError| {
        let path = if file.as_os_str() == "-" {
            "standard input".to_owned()
        } else {
            shown(file)
        };
        let hints = crate::cli::hint::for_trust(&error);
        Failure::cannot(error.code(), format!("cannot use `{path}`"))
            .because(error.to_string())
            .with_hints(hints)
    };
    let source = Source::read(file, env)?;
    // Before anybody is asked for the password of a key that does not belong here.
    if source.has_private_key_block() {
        return Err(failed(TrustError::PrivateKey));
    }
    let bundle = source.bundle(&InputPassword::none(), env)?;
    Anchor::of_file(&bundle).map_err(failed)
}

/// The CA in a report.
pub(super) fn ca(anchor: &Anchor) -> TrustedCa {
    let certificate = anchor.certificate();
    TrustedCa {
        subject: certificate.map(|found| found.subject().to_string()),
        not_after: certificate.map(|found| rfc3339(found.not_after())),
        thumbprint_sha256: anchor.digits(),
    }
}

/// A store in a report.
pub(super) fn facts(store: &Store, state: StoreState) -> TrustStoreFacts {
    TrustStoreFacts {
        kind: store.kind().name().into(),
        layout: store.layout().map(str::to_owned),
        path: shown(store.path()),
        user: None,
        state,
        restored: None,
        places: Vec::new(),
        distrusted_by: None,
        run_inside: None,
        error: None,
    }
}

/// A store in which something failed.
pub(super) fn failed(store: &Store, state: StoreState, error: &TrustError) -> TrustStoreFacts {
    TrustStoreFacts {
        error: Some(problem(error)),
        ..facts(store, state)
    }
}

fn problem(error: &TrustError) -> Problem {
    Failure::from(error).problem
}

/// The first failure among stores, as the end of the command.
pub(super) fn failure_of(stores: &[TrustStoreFacts]) -> Option<Failure> {
    let is_failed = |store: &&TrustStoreFacts| store.state == StoreState::Failed;
    let problem = stores.iter().find(is_failed)?.error.clone()?;
    let failure = Failure::cannot(&problem.code, "");
    Some(Failure { problem, ..failure })
}
