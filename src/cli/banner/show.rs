//! `gsec banner show`.

use std::path::PathBuf;

use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::input;
use crate::cli::outcome::{CommandResult, Outcome};
use gsec_env::Env;
use gsec_platform::banner::{Application, ApplicationError, Effective, Level, effective, levels, lint};
use gsec_platform::registry::RegistryFile;
use gsec_report::{BannerDocument, BannerShowReport, BannerValue, EffectiveBanner, Notice};

/// Show the settings in a registry file with the log-in banner
///
/// Shows each value with the key that it comes from: the settings for all applications, and for each type
/// of application that has a key of its own, as if only this file had been imported. A key of its own is
/// used instead of the key for all applications, as a whole.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec banner show banner.reg
  $ gsec banner show banner.reg --app 19"
))]
pub(in crate::cli) struct Args {
    /// A registry file; `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Show what this application uses: 13, 19, 44, 51 or its name
    #[arg(long, value_name = "APPLICATION", value_parser = application)]
    app: Option<Application>,
}

fn application(text: &str) -> Result<Application, ApplicationError> {
    Application::parse(text)
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let file = RegistryFile::parse(&input::read_settings(&args.file, env)?);
    let scopes = match args.app {
        Some(app) => vec![Some(app)],
        None => levels(&file),
    };
    let errors = lint(&file, None).errors();
    let notices = if errors == 0 {
        Vec::new()
    } else {
        vec![Notice {
            code: "banner_errors".into(),
            message: format!("the file has {errors} errors; what cannot be read counts as not set")
                .replace("1 errors", "1 error"),
            hint: Some(crate::cli::hint::on_input(&shown(&args.file), |file| {
                format!("`gsec banner lint {file}` shows them")
            })),
        }]
    };
    let report = BannerShowReport {
        file: shown(&args.file),
        banners: scopes
            .into_iter()
            .map(|scope| facts(effective(&file, scope)))
            .collect(),
    };
    Ok(Outcome::noticed(&report, notices, global))
}

fn facts(found: Effective) -> EffectiveBanner {
    let value = |(name, value, level): (&'static str, Option<String>, Level)| BannerValue {
        name,
        value,
        level: level_name(level),
    };
    EffectiveBanner {
        application: found.application.map(Application::number),
        names: found.application.and_then(Application::names),
        level: level_name(found.level),
        shown: found.is_shown(),
        urls: found
            .urls
            .into_iter()
            .map(|url| BannerDocument {
                number: url.name,
                url: url.url,
                error_page: url.is_error_page,
            })
            .collect(),
        values: found.values.into_iter().map(value).collect(),
    }
}

fn level_name(level: Level) -> String {
    match level {
        Level::All => "all".into(),
        Level::Application(application) => application.number().to_string(),
        Level::BuiltIn => "built-in".into(),
    }
}
