//! `gsec cert request`.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown, sudo_user};
use crate::cli::help::help;
use crate::cli::hint;
use crate::cli::key_args::KeyArgs;
use crate::cli::order_args::{HostArgs, HostSubjectArgs, TypedNames};
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::secret::{NewPasswordArgs, expect_one_stdin};
use crate::cli::value::{self, RequestFormat};
use gsec_ca::authority::{Authority, AuthorityError, RequestDraft, RequestKey, Warning};
use gsec_ca::files::{
    Access, FileName, FilesError, OutputFile, OutputFolder, check_writable, read_file, write_new_files,
};
use gsec_env::Env;
use gsec_pki::encoding::hex::{Separator, encode};
use gsec_pki::encoding::shell::{CommandLine, Prose};
use gsec_pki::key::{KeyDocument, KeyError, KeyFormat, PrivateKey, Signer, decode_private_key};
use gsec_pki::x509::GeneralName;
use gsec_report::{NextSteps, RequestFiles, RequestReport};

/// Create a private key and a CSR on the host; no CA is needed
///
/// Writes `<host>_priv_key.pem` and `<host>_req.pem`, and replaces nothing. A command that was interrupted
/// between the two can be repeated: it keeps the key it has made. Take the CSR to the CA, where `gsec cert
/// sign` signs it; the key stays. For Windows, `--format certreq-inf` writes the input for `certreq -new`,
/// which makes both.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec cert request db1.example.com
  $ gsec cert request --host db1.example.com --san ip:10.0.0.5 --key-type p256 --out-dir out
  $ gsec cert request --host db1.example.com --key key.pem --stdout
  $ gsec cert request --host gui7.example.com --format certreq-inf"
))]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    typed: TypedNames,

    #[command(flatten)]
    names: HostArgs,

    #[command(flatten)]
    subject: HostSubjectArgs,

    #[command(flatten)]
    key: KeyArgs,

    /// Private key format: pkcs8, or pkcs1 (`BEGIN RSA PRIVATE KEY`; `BEGIN EC PRIVATE KEY` for curves)
    #[arg(
        long,
        value_name = "FORM",
        default_value = "pkcs8",
        conflicts_with = "key",
        value_parser = value::one_of(&KeyFormat::ALL, KeyFormat::name),
        help_heading = "Output"
    )]
    key_format: KeyFormat,

    /// What to write: pem, or certreq-inf for Windows, which makes the key itself
    #[arg(long, value_name = "FORM", default_value = "pem", help_heading = "Output")]
    format: RequestFormat,

    /// Write to this directory [default: the current directory]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out_dir: Option<PathBuf>,

    /// Print the CSR on stdout, where no key is made
    #[arg(long, conflicts_with_all = ["json", "out_dir"], help_heading = "Output")]
    stdout: bool,

    #[command(flatten)]
    new_password: NewPasswordArgs,

    /// Show what would be created, and create nothing
    #[arg(long, help_heading = "Output")]
    dry_run: bool,
}

pub(in crate::cli) fn run(mut args: Args, global: &Global, env: &mut Env) -> CommandResult {
    let [password, key] = args.key.stdin_sources();
    expect_one_stdin(&[args.new_password.source(), password, key])?;
    expect_key_to_be_written(&args)?;
    let new_password = args.new_password.read(args.key_format, env)?;
    let host = args.names.take_host(&args.typed, env)?;
    let mut key = request_key(&args, env)?;
    let draft = RequestDraft::of(
        &key,
        &host,
        args.names.further_names(),
        args.subject.parts.attributes(),
        args.subject.cn.take(),
    )?;
    let folder = args.out_dir.as_deref().unwrap_or(Path::new("."));
    let mut names = Names::of(&host, &key)?;
    let paths = names.paths(args.out_dir.as_deref().unwrap_or(Path::new("")));
    let begun = if args.stdout {
        None
    } else {
        begun(
            &output_folder(folder, global, env)?,
            &paths,
            &draft,
            &key,
            new_password.as_ref(),
        )?
    };
    // Until this call has ended, no other call goes on with its key.
    let _in_flight = OutputFolder::named(folder).ok().map(|folder| folder.begin());
    let leftover = begun.map(|Begun { key: made, leftover }| {
        (key, names.private_key) = (RequestKey::Given(made), None);
        leftover
    });
    if let RequestKey::Given(key) = &key {
        expect_certifiable(&draft, key, global, env)?;
    }
    let mut warnings = draft.warnings.clone();
    if !args.stdout {
        let into = output_folder(folder, global, env)?;
        expect_room(&into, &paths, leftover.is_some())?;
        warnings.extend(
            paths
                .private_key
                .as_ref()
                .and(into.acts_for())
                .map(|owner| Warning::WrittenFor {
                    path: folder.to_owned(),
                    owner,
                }),
        );
    }
    let mut report = planned(&draft, &key, paths, new_password.is_some(), global, env);
    report.key_was_there = leftover.is_some();
    if args.dry_run {
        return Ok(Outcome::report(&report, &warnings, global));
    }
    let made = draft.make(&key)?;
    if args.stdout {
        return Ok(Outcome::only_copy(made.content).with_warnings(&draft.warnings));
    }
    let mut files = Vec::new();
    if let (Some(key), Some(name)) = (&made.new_key, names.private_key) {
        let content = key_file_content(key, args.key_format, new_password.as_ref(), env)
            .map_err(AuthorityError::from)?;
        files.push(OutputFile {
            name,
            access: Access::Secret,
            content,
        });
    }
    files.push(OutputFile {
        name: names.request,
        access: Access::Public,
        content: Zeroizing::new(made.content),
    });
    write_new_files(&output_folder(folder, global, env)?, &files)?;
    if let Some(leftover) = leftover {
        // Nothing asks for it any more; where it cannot go, it does no harm.
        let _ = std::fs::remove_file(leftover);
    }
    report.dry_run = false;
    report.public_key_sha256 = made.public_key.map(|key| encode(&key.pin(), Separator::None));
    Ok(Outcome::report(&report, &warnings, global))
}

/// The directory for the files, by the rule of all that `cert issue` writes: root may write a key for the owner of the CA at hand; where there is
/// none, for the user who typed sudo.
fn output_folder(path: &Path, global: &Global, env: &Env) -> Result<OutputFolder, Failure> {
    Ok(match global.existing_directory(env) {
        Ok(directory) => directory.output_folder(path)?,
        Err(_) => OutputFolder::for_user(sudo_user(env), path)?,
    })
}

/// Refuses what says how a key is to be written where none is.
fn expect_key_to_be_written(args: &Args) -> Result<(), Failure> {
    let (is_inf, is_given) = (args.format == RequestFormat::CertreqInf, args.key.key.is_some());
    if is_inf && is_given {
        return Err(Failure::usage(
            "`--key` cannot be used with a certreq file: Windows makes the key itself",
        )
        .hint("leave out `--key`, or `--format certreq-inf`"));
    }
    if args.stdout && !is_inf && !is_given {
        let said = "`--stdout` prints only the CSR, and the new key would be lost";
        return Err(
            Failure::usage(said).hint("pass a key with `--key FILE`, or a directory with `--out-dir DIR`")
        );
    }
    if (is_inf || is_given) && args.new_password.source().is_some() {
        return Err(Failure::usage("a new password is given, but no key is written")
            .hint("leave out the new password"));
    }
    Ok(())
}

/// With a local CA, rejects the CA's own key and name, and a key that it knows as compromised. A directory whose CA cannot
/// be opened is ignored.
fn expect_certifiable(
    draft: &RequestDraft,
    key: &PrivateKey,
    global: &Global,
    env: &Env,
) -> Result<(), Failure> {
    let Ok(directory) = global.existing_directory(env) else {
        return Ok(());
    };
    let Ok(authority) = Authority::open(directory) else {
        return Ok(());
    };
    authority.expect_host(&draft.subject, key.public_key())?;
    match authority.compromise_of(key.public_key())? {
        Some(compromised) => Err(AuthorityError::KeyCompromised {
            serial: compromised.serial,
            reason: compromised.reason,
        }
        .into()),
        None => Ok(()),
    }
}

fn request_key(args: &Args, env: &mut Env) -> Result<RequestKey, Failure> {
    let algorithm = args.key.kind.algorithm()?;
    match (args.format, args.key.given(env)?) {
        (RequestFormat::Pem, Some(key)) => Ok(RequestKey::Given(Box::new(key))),
        (RequestFormat::Pem, None) => Ok(RequestKey::New(algorithm)),
        (RequestFormat::CertreqInf, _) => Ok(RequestKey::OfWindows(algorithm)),
    }
}

/// Names of the files that are written.
struct Names {
    private_key: Option<FileName>,
    request: FileName,
}

impl Names {
    fn of(host: &GeneralName, key: &RequestKey) -> Result<Self, Failure> {
        let name = |ending| {
            let name = FileName::without_serial(&FileName::host_part(host), ending);
            name.ok_or_else(|| {
                Failure::cannot("x509.name", format!("cannot derive a file name from `{host}`"))
            })
        };
        let (is_new, is_inf) = (
            matches!(key, RequestKey::New(_)),
            matches!(key, RequestKey::OfWindows(_)),
        );
        let private_key = is_new.then(|| name("priv_key.pem")).transpose()?;
        Ok(Self {
            private_key,
            request: name(if is_inf { "req.inf" } else { "req.pem" })?,
        })
    }

    fn paths(&self, folder: &Path) -> RequestFiles {
        let path = |name: &FileName| shown(&folder.join(name.as_str()));
        RequestFiles {
            private_key: self.private_key.as_ref().map(path),
            request: path(&self.request),
        }
    }
}

/// What the same call has done that was cut off after it had written the key, and before it gave the request its name.
struct Begun {
    key: Box<PrivateKey>,
    /// The CSR without its file name: it proves that an interrupted command made the key.
    leftover: PathBuf,
}

/// Finds out whether the same call was begun before: its key is there, and in the same folder just this request, made with it, waits for its
/// name. A key that was there for any other reason is not touched.
fn begun(
    folder: &OutputFolder,
    paths: &RequestFiles,
    draft: &RequestDraft,
    wanted: &RequestKey,
    new_password: Option<&Zeroizing<String>>,
) -> Result<Option<Begun>, Failure> {
    let Some(path) = paths.private_key.as_ref().map(Path::new) else {
        return Ok(None);
    };
    let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    if !is_file || Path::new(&paths.request).symlink_metadata().is_ok() {
        return Ok(None);
    }
    let unnamed = folder.left_unnamed();
    if unnamed.is_empty() {
        return Ok(None);
    }
    let Ok(key) = decode_private_key(&read_file(path)?, new_password.map(|password| password.as_str()))
    else {
        return Ok(None);
    };
    let key = RequestKey::Given(Box::new(key));
    let is_as_wanted = key.algorithm() == wanted.algorithm();
    let RequestKey::Given(key) = key else {
        return Ok(None);
    };
    let leftover = unnamed
        .into_iter()
        .find(|(_, content)| is_as_wanted && draft.is_made_with(key.public_key(), content));
    // In this order: a living call that made these files is still there, and takes its key back if it fails.
    Ok(leftover
        .filter(|_| folder.is_quiet())
        .map(|(leftover, _)| Begun { key, leftover }))
}

/// Finds out before a key is made whether its file can be written. A key of the same call that was cut off stays.
fn expect_room(folder: &OutputFolder, paths: &RequestFiles, is_begun: bool) -> Result<(), Failure> {
    check_writable(folder.path())?;
    if paths.private_key.is_some() {
        folder.expect_for_secrets()?;
    }
    let taken = paths
        .private_key
        .iter()
        .filter(|_| !is_begun)
        .chain([&paths.request])
        .map(PathBuf::from)
        .find(|path| path.symlink_metadata().is_ok());
    taken.map_or(Ok(()), |path| {
        let is_key = paths
            .private_key
            .as_deref()
            .is_some_and(|key| path == Path::new(key));
        let hint = match is_key {
            true => "choose another directory with `--out-dir DIR`; or use the existing key with `--key`",
            false => "choose another directory with `--out-dir DIR`, or move the existing CSR away",
        };
        Err(Failure::from(FilesError::WouldReplace(path)).hint(hint))
    })
}

fn key_file_content(
    key: &PrivateKey,
    format: KeyFormat,
    new_password: Option<&Zeroizing<String>>,
    env: &mut Env,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let document = KeyDocument::from(key);
    let pem = match new_password {
        Some(password) => document.to_encrypted_pem(password, &mut |out| env.random.fill(out))?,
        None => document.to_pem(format)?,
    };
    Ok(Zeroizing::new(pem.as_bytes().to_vec()))
}

fn planned(
    draft: &RequestDraft,
    key: &RequestKey,
    files: RequestFiles,
    is_encrypted: bool,
    global: &Global,
    env: &Env,
) -> RequestReport {
    RequestReport {
        dry_run: true,
        format: if matches!(key, RequestKey::OfWindows(_)) {
            "certreq-inf"
        } else {
            "pem"
        },
        subject: draft.subject.to_string(),
        names: draft.names.iter().map(ToString::to_string).collect(),
        key_type: key.type_name(),
        key_bits: key.bits(),
        key_encrypted: files.private_key.is_some().then_some(is_encrypted),
        public_key_sha256: None,
        key_was_there: false,
        next: next(draft, key, &files, is_encrypted, global, env),
        files,
    }
}

/// The next steps: on Windows first on the host, then on the CA, then on the host again. A local CA signs itself.
fn next(
    draft: &RequestDraft,
    key: &RequestKey,
    files: &RequestFiles,
    is_encrypted: bool,
    global: &Global,
    env: &Env,
) -> NextSteps {
    let options = hint::request_options(&draft.subject, &draft.names);
    if matches!(key, RequestKey::OfWindows(_)) {
        let request = files.request.replace(".inf", ".pem");
        return NextSteps::default()
            .advise(
                Prose::new("On Windows, make the key and the CSR: certreq -new ")
                    .path(files.request.as_ref())
                    .words(" ")
                    .path(request.as_ref()),
            )
            .advise(
                Prose::new("Where the CA is: gsec cert sign ")
                    .path(request.as_ref())
                    .words(" ")
                    .typed(&options),
            )
            .advise("On Windows, install the certificate: certreq -accept and its file.");
    }
    let request = Path::new(&files.request);
    let next = match global
        .existing_directory(env)
        .ok()
        .filter(|directory| Authority::open(directory.clone()).is_ok())
    {
        Some(_) => NextSteps::default().command(
            &CommandLine::new("gsec cert sign")
                .path(request)
                .then(&options)
                .then(&global.directory_words()),
        ),
        None => NextSteps::default().advise(
            Prose::new("Where the CA is: gsec cert sign ")
                .path(request)
                .words(" ")
                .typed(&options),
        ),
    };
    match is_encrypted {
        true => next.advise("The program that serves with the key needs its passphrase."),
        false => next,
    }
}
