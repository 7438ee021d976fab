//! `gsec banner write`.

use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::value;
use gsec_ca::files::{self, Access, Existing, FilesError, write_output};
use gsec_pki::x509::path::Severity;
use gsec_platform::banner::{
    Application, ApplicationError, BANNER_KEY, MIN_HEIGHT, MIN_WIDTH, Order, UrlLayout, build, build_removal,
    lint,
};
use gsec_platform::finding::Finding;
use gsec_platform::registry::{RegistryFile, WriteError};
use gsec_report::{BannerWriteReport, Notice};

/// Write a registry file that sets up the log-in banner
///
/// Import it on each computer with `regedit /S FILE`, as an administrator. The documents are tried in the
/// given order, first those of --url, then the error pages. The import replaces the documents that are
/// configured on the computer; titles, sizes and timeouts that are not given stay as they are there.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec banner write --url http://example.com/banner.htm --out banner.reg
  $ gsec banner write --url http://h/b.htm --error-url 'C:\\b.htm' -o b.reg
  $ gsec banner write --remove --out remove.reg"
))]
pub(in crate::cli) struct Args {
    /// A document to show: an address or a local file; repeatable
    #[arg(
        long,
        value_name = "URL",
        required_unless_present = "remove",
        conflicts_with = "remove"
    )]
    url: Vec<String>,

    /// A document to show if no other one can be loaded; repeatable
    #[arg(long, value_name = "URL", conflicts_with = "remove")]
    error_url: Vec<String>,

    /// For which applications: all, 13 (Outbound Contact Manager), 19 (Configuration Manager, Wizard Manager),
    /// 44 (Solution Control Interface), 51 (Interaction Routing Designer), or a name; repeatable
    #[arg(long = "for", value_name = "APPLICATION", default_value = "all", value_parser = scope)]
    scopes: Vec<Scope>,

    /// Make acceptance a condition for logging in, also if no document can be loaded
    #[arg(long, conflicts_with = "remove")]
    mandatory: bool,

    /// Whose acceptance counts: 0 of any application, 1 of the same type of application, 2 none: always ask
    #[arg(long, value_name = "MODE", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=2))]
    ack_mode: u32,

    /// Title of the banner's window
    #[arg(long, value_name = "TITLE", conflicts_with = "remove")]
    title: Option<String>,

    /// Height of the banner's window in pixels, at least 181
    #[arg(long, value_name = "PIXELS", requires = "width", conflicts_with = "remove",
          value_parser = clap::value_parser!(u32).range(i64::from(MIN_HEIGHT)..))]
    height: Option<u32>,

    /// Width of the banner's window in pixels, at least 360
    #[arg(long, value_name = "PIXELS", requires = "height", conflicts_with = "remove",
          value_parser = clap::value_parser!(u32).range(i64::from(MIN_WIDTH)..))]
    width: Option<u32>,

    /// How long to wait until a document appears, in milliseconds [default: 3000, by the applications]
    #[arg(long, value_name = "MS", conflicts_with = "remove")]
    show_timeout: Option<u32>,

    /// How long to wait until a document is complete, in milliseconds; 0: no limit [default: 2000, by the
    /// applications]
    #[arg(long, value_name = "MS", conflicts_with = "remove")]
    no_complete_timeout: Option<u32>,

    /// Have Windows replace variables such as %SystemRoot% in the documents' addresses
    #[arg(long, conflicts_with = "remove")]
    expand: bool,

    /// Where the documents of one application are: urls, in its key URLs, or flat, directly in its key
    #[arg(long, value_name = "LAYOUT", default_value = "urls", value_parser = value::one_of(&UrlLayout::ALL, UrlLayout::name))]
    url_layout: UrlLayout,

    /// Write a file that removes the banner; for all applications, together with those of single ones
    #[arg(long)]
    remove: bool,

    /// Write to this new file [default: standard output]
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,
}

/// All applications, or one type of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scope(Option<Application>);

fn scope(text: &str) -> Result<Scope, ApplicationError> {
    if text.eq_ignore_ascii_case("all") {
        return Ok(Scope(None));
    }
    Application::parse(text).map(|application| Scope(Some(application)))
}

pub(in crate::cli) fn run(args: &Args, global: &Global) -> CommandResult {
    let out = args
        .out
        .as_deref()
        .filter(|path| path.as_os_str() != "-" && !files::is_standard_output(path));
    if global.json && out.is_none() {
        return Err(Failure::usage(
            "both the registry file and the document of `--json` would go to standard output",
        )
        .hint("pass a file with `--out`"));
    }
    let mut scopes: Vec<Option<Application>> = Vec::new();
    for Scope(scope) in &args.scopes {
        if !scopes.contains(scope) {
            scopes.push(*scope);
        }
    }
    // The key for all applications has the others in it.
    scopes.sort();
    let bytes = if args.remove {
        build_removal(&scopes)
    } else {
        build(&order(args, &scopes))
    };
    let bytes = bytes.map_err(|error| of_text(&error))?;
    let notices = notices(&bytes)?;
    let Some(path) = out else {
        return Ok(Outcome {
            warnings: notices,
            ..Outcome::only_copy(bytes)
        });
    };
    write_output(path, Access::Public, &bytes, Existing::Keep).map_err(|error| match error {
        FilesError::WouldReplace(_) => {
            Failure::from(error).with_hints(vec!["choose another path for `--out`".into()])
        }
        error => error.into(),
    })?;
    let key = |scope: &Option<Application>| match scope {
        Some(application) => format!("{BANNER_KEY}\\{}", application.number()),
        None => BANNER_KEY.to_owned(),
    };
    let report = BannerWriteReport {
        file: shown(path),
        removes: args.remove,
        keys: scopes.iter().map(key).collect(),
        urls: args.url.iter().chain(&args.error_url).cloned().collect(),
    };
    Ok(Outcome::noticed(&report, notices, global))
}

fn order(args: &Args, scopes: &[Option<Application>]) -> Order {
    let urls = args.url.iter().map(|url| (url.clone(), false));
    let error_urls = args.error_url.iter().map(|url| (url.clone(), true));
    Order {
        urls: urls.chain(error_urls).collect(),
        scopes: scopes.to_vec(),
        is_mandatory: args.mandatory,
        ack_mode: args.ack_mode,
        title: args.title.clone(),
        height: args.height,
        width: args.width,
        show_timeout: args.show_timeout,
        no_complete_timeout: args.no_complete_timeout,
        expands: args.expand,
        layout: args.url_layout,
    }
}

fn of_text(error: &WriteError) -> Failure {
    Failure::usage(error.to_string()).hint("titles and addresses must be on one line")
}

/// What is wrong with the file that would be written. Errors stop it; what is said of every banner is in the report.
fn notices(bytes: &[u8]) -> Result<Vec<Notice>, Failure> {
    let found = lint(&RegistryFile::parse(bytes), None);
    if let Some(error) = found.iter().find(|found| found.is_error()) {
        let failure = Failure::usage(error.seen.clone());
        return Err(match &error.help {
            Some(help) => failure.hint(help.clone()),
            None => failure,
        });
    }
    let mut notices: Vec<Notice> = Vec::new();
    for warning in found
        .into_iter()
        .filter(|found| found.severity == Severity::Warning || found.slug == "banner-https")
    {
        let notice = notice(warning);
        if !notices.contains(&notice) {
            notices.push(notice);
        }
    }
    Ok(notices)
}

fn notice(found: Finding) -> Notice {
    Notice {
        code: found.slug.replace('-', "_"),
        message: found.seen,
        hint: found.help,
    }
}
