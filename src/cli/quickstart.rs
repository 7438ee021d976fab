//! `gsec quickstart`.

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::delivery_args::OutDirArgs;
use super::failure::Failure;
use super::global::{Global, digits, shown};
use super::help::help;
use super::hint;
use super::order_args::{HostArgs, TypedNames};
use super::outcome::{CommandResult, Outcome};
use super::secret::CaPassphraseArgs;
use super::trust::{Trusting, root_of, trusting};
use gsec_ca::authority::{
    Authority, AuthorityError, Delivery, FoundHost, HostKey, HostOrder, NewAuthority, Once, OutFiles,
    PfxOrder, Restored,
};
use gsec_ca::files::check_writable;
use gsec_ca::home::{CaDir, HostFile, StoreError};
use gsec_ca::policy::{CertifiedKey, Content, Policy, Surroundings, decide};
use gsec_deliver::truststore::Anchor;
use gsec_env::Env;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::shell::CommandLine;
use gsec_pki::key::{KeyAlgorithm, KeyFormat, RsaBits};
use gsec_pki::pkcs12::PfxEncryption;
use gsec_pki::x509::{
    AttributeKind, DistinguishedName, GeneralName, IssueError, Lifetime, NameAttribute, NameParts, Validity,
};
use gsec_report::{IssueFiles, NextSteps, Notice, QuickstartReport, StoreState};

/// The profile of what is issued.
const PROFILE: &str = "host";

/// Create a CA and a first host certificate, and verify it
///
/// Creates a CA in ./gsec-ca if there is none, issues a certificate for the host with the defaults, and
/// verifies chain and name. If the host already has a valid certificate with these names, nothing is changed.
/// With `--trust`, the programs of this machine trust the CA too.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec quickstart db1.example.com
  $ gsec quickstart db1.example.com --trust --yes
  $ gsec quickstart db1.example.com 10.0.0.5 --out-dir .
  $ gsec quickstart db1.example.com --json"
))]
pub(super) struct Args {
    #[command(flatten)]
    typed: TypedNames,

    #[command(flatten)]
    names: HostArgs,

    #[command(flatten)]
    out: OutDirArgs,

    /// Make the programs of this machine trust the CA, as `gsec trust install` does; asks, or needs --yes
    #[arg(long)]
    trust: bool,

    #[command(flatten)]
    ca_passphrase: CaPassphraseArgs,
}

/// The host, and its further names.
struct Names {
    host: GeneralName,
    further: Vec<GeneralName>,
}

impl Names {
    fn all(&self) -> Vec<GeneralName> {
        std::iter::once(&self.host)
            .chain(&self.further)
            .cloned()
            .collect()
    }

    fn order(&self, key: HostKey) -> HostOrder {
        HostOrder {
            further_names: self.further.clone(),
            ..HostOrder::new(Some(self.host.clone()), key, PROFILE)
        }
    }

    /// The valid certificate of the host that has all of them.
    fn find(&self, authority: &Authority, now: OffsetDateTime) -> Result<Option<FoundHost>, AuthorityError> {
        let has_all = |found: &FoundHost| {
            let names = found.certificate.subject_alternative_names().unwrap_or_default();
            let has = |name: &GeneralName| {
                let is_same = |other: &GeneralName| other.to_string().eq_ignore_ascii_case(&name.to_string());
                names.iter().any(is_same)
            };
            self.further.iter().all(has)
        };
        Ok(authority.find_valid(&self.host, now)?.filter(has_all))
    }
}

pub(super) fn run(mut args: Args, global: &Global, env: &mut Env) -> CommandResult {
    let host = args.names.take_host(&args.typed, env)?;
    let further = args.names.further_names();
    let (names, args) = (Names { host, further }, &args);
    if let Some(folder) = &args.out.out_dir {
        // Before there is a CA for nothing.
        global.new_directory(env).expect_outside(folder)?;
        check_writable(folder)?;
    }
    let trusting = args.trust.then(|| trusting(global, env)).transpose()?;
    let (authority, ca_created) = open_or_create(&names, global, env)?;
    let found = match names.find(&authority, env.clock.now())? {
        Some(found) => Once::Present(found),
        None => issue(&authority, &names, args, global, env)?,
    };
    let (certificate, files, warnings, head, restored) = match found {
        Once::Present(found) => {
            let restored = deliver(&authority, &names, args, &found, global, env)?;
            let files = match &restored {
                Some(restored) => super::cert::issue_files(&restored.files),
                None => super::cert::issue_files(&found.files),
            };
            let restored = restored.unwrap_or_default();
            let head = (!restored.written.is_empty()).then_some(restored.audit_head);
            (found.certificate, files, Vec::new(), head, restored.written)
        }
        Once::Issued(issued) => (
            issued.certificate,
            super::cert::issue_files(&issued.files),
            issued.warnings,
            Some(issued.audit_head),
            Vec::new(),
        ),
    };
    let anchor = || Anchor::of(root_of(&authority));
    // What was made is told of, whatever becomes of this.
    let (trust, lacking) = match trusting.map(|trusting| trusting.install(&anchor(), global, env)) {
        None => (None, None),
        Some(Ok(stores)) => {
            let lacking = stores.as_deref().and_then(Trusting::failure);
            (stores, lacking)
        }
        Some(Err(failure)) => (None, Some(failure)),
    };
    let verified = super::cert::verified(&authority, &certificate, &names.host, env.clock.now());
    let report = QuickstartReport {
        changed: head.is_some()
            || trust
                .iter()
                .flatten()
                .any(|store| store.state == StoreState::Installed),
        restored: restored.iter().map(|path| shown(path)).collect(),
        audit_head: head.flatten().as_ref().map(digits),
        ca_dir: shown(authority.directory().root()),
        ca_created,
        ca_certificate: shown(&authority.directory().ca_certificate()),
        ca_private_key: shown(&authority.directory().ca_key()),
        ca_key_encrypted: authority.key_is_encrypted().ok(),
        certificate: (&certificate).into(),
        verified,
        next: next(
            &authority,
            &files,
            &names.host,
            env.clock.now(),
            trust.is_some(),
            global,
        ),
        files,
        trust,
    };
    let mut notices: Vec<Notice> = warnings.iter().map(hint::notice).collect();
    // Without a store that failed, the document has it nowhere else.
    if let (true, None, Some(failure)) = (global.json, &report.trust, &lacking) {
        let problem = &failure.problem;
        let causes = problem.caused_by.iter().map(|cause| format!(": {cause}"));
        notices.push(Notice {
            code: problem.code.clone(),
            message: problem.message.clone() + &causes.collect::<String>(),
            hint: problem.hints.first().cloned(),
        });
    }
    let outcome = Outcome::noticed(&report, notices, global).answering(verified);
    Ok(if lacking.is_some() {
        outcome.lacking(lacking)
    } else {
        outcome
    })
}

fn open_or_create(names: &Names, global: &Global, env: &mut Env) -> Result<(Authority, bool), Failure> {
    let directory = global.new_directory(env);
    match global.existing_directory(env) {
        Ok(existing) => return Ok((Authority::open(existing)?, false)),
        Err(failure) if failure.problem.code == crate::cli::global::FOREIGN_CA => return Err(failure),
        Err(_) => {}
    }
    expect_issuable(names, &directory, env.clock.now())?;
    let order = super::ca::init_order(
        std::iter::once(ca_name(env)),
        KeyAlgorithm::Rsa(RsaBits::default()),
    );
    let planned = NewAuthority::plan(directory.clone(), order, env.clock.now());
    let created = planned.and_then(|new| new.create(None, &mut global.session("quickstart", env)));
    match created {
        Ok(_) => Ok((Authority::open(directory)?, true)),
        // Another call was quicker, and a CA appears whole; what else may be in its place, opening it says.
        Err(AuthorityError::Store(error @ StoreError::CaExists(_))) => match Authority::open(directory) {
            Ok(authority) => Ok((authority, false)),
            Err(_) => Err(AuthorityError::Store(error).into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// Refuses a host that a new CA's policy would refuse, before there is a CA for nothing.
fn expect_issuable(names: &Names, directory: &CaDir, now: OffsetDateTime) -> Result<(), Failure> {
    let policy = Policy::built_in();
    let profile = policy.profile(PROFILE)?;
    let validity = Lifetime::days(profile.default_days())
        .end(now)
        .and_then(|end| Validity::new(now, end))
        .map_err(AuthorityError::from)?;
    let subject = DistinguishedName::build(&NameParts::default())
        .map_err(|error| AuthorityError::from(IssueError::from(error)))?;
    let key = CertifiedKey::New(KeyAlgorithm::Rsa(RsaBits::default()));
    let content = Content {
        profile,
        names: names.all(),
        subject,
        validity,
        key,
    };
    let refused = |source| AuthorityError::Refused {
        path: directory.policy(),
        source: Box::new(source),
    };
    Ok(decide(&policy, content, &Surroundings::default(), now)
        .map(|_| ())
        .map_err(refused)?)
}

/// A name that no other quickstart has: two CAs of one name and different keys are hard to tell apart when things fail.
fn ca_name(env: &mut Env) -> NameAttribute {
    let mut bytes = [0; 4];
    env.random.fill(&mut bytes);
    let name = format!("Private CA {}", encode(&bytes, Separator::None));
    NameAttribute::parse(AttributeKind::CommonName, &name).expect("a sound name")
}

/// Issues, unless another call has done so since this one looked.
fn issue(
    authority: &Authority,
    names: &Names,
    args: &Args,
    global: &Global,
    env: &mut Env,
) -> Result<Once<FoundHost>, Failure> {
    let key = HostKey::Generate(KeyAlgorithm::Rsa(RsaBits::default()));
    let plan = authority.plan_host(names.order(key), env.clock.now())?;
    let unlocked = args.ca_passphrase.unlock(authority, env)?;
    let delivery = delivery(args, true);
    let ready = authority.ready_host(plan, &delivery)?;
    let now = env.clock.now();
    let session = &mut global.session("quickstart", env);
    Ok(
        authority.issue_once(&ready, &unlocked, &delivery, session, &mut |_| {
            names.find(authority, now)
        })?,
    )
}

/// Which files are written, and where.
fn delivery(args: &Args, has_pfx: bool) -> Delivery {
    let pfx = || PfxOrder {
        password: Zeroizing::new(String::new()),
        encryption: PfxEncryption::Modern,
    };
    Delivery {
        pfx: has_pfx.then(pfx),
        key_format: KeyFormat::Pkcs8,
        out_dir: args.out.out_dir.clone(),
        out_names: args.out.out_names,
        out_files: OutFiles::default(),
        keep_key: true,
    }
}

/// Writes the files of the certificate that the host has to the directory for output, if there is one to write to.
fn deliver(
    authority: &Authority,
    names: &Names,
    args: &Args,
    found: &FoundHost,
    global: &Global,
    env: &mut Env,
) -> Result<Option<Restored>, Failure> {
    if args.out.out_dir.is_none() {
        return Ok(None);
    }
    let key = match found.files.kept(HostFile::Key) {
        Some(_) => HostKey::Generate(KeyAlgorithm::Rsa(RsaBits::default())),
        None => HostKey::Certified(Box::new(found.certificate.public_key().clone())),
    };
    let plan = authority.plan_host(names.order(key), env.clock.now())?;
    let delivery = delivery(args, found.files.kept(HostFile::Pfx).is_some());
    let session = &mut global.session("cert.restore", env);
    Ok(Some(authority.deliver_present(
        found.certificate.clone(),
        &plan,
        &delivery,
        session,
    )?))
}

fn next(
    authority: &Authority,
    files: &IssueFiles,
    host: &GeneralName,
    now: OffsetDateTime,
    is_trusted: bool,
    global: &Global,
) -> NextSteps {
    let directory = authority.directory();
    let mut steps = NextSteps::default();
    if let (Some(certificate), Some(key)) = (&files.host_certificate, &files.private_key) {
        // s_server sends of the file of -cert the first certificate alone.
        let chain = match (
            authority.intermediates().is_empty(),
            authority.changeover(now).is_empty(),
        ) {
            (false, _) => CommandLine::new("-cert_chain").path(&directory.ca_certificate()),
            (true, false) => CommandLine::new("-cert_chain").path(certificate.as_ref()),
            (true, true) => CommandLine::default(),
        };
        let serve = CommandLine::new("openssl s_server -accept 4433 -cert")
            .path(certificate.as_ref())
            .words("-key")
            .path(key.as_ref());
        let look = CommandLine::new("gsec doctor localhost:4433 --name").value(&host.value());
        steps = steps
            .command(&serve.then(&chain))
            .command(&look.then(&global.directory_words()));
    }
    let trust = if is_trusted {
        "gsec trust status"
    } else {
        "gsec trust install"
    };
    steps
        .command(&CommandLine::new(trust).then(&global.directory_words()))
        .command(&CommandLine::new("gsec cert show").path(&directory.ca_certificate()))
        .command(&CommandLine::new("gsec cert issue --help"))
}
