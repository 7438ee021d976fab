//! `gsec fleet timer`.

use std::path::{Component, Path, PathBuf};

use super::inventory_args::InventoryArgs;
use crate::cli::failure::Failure;
use crate::cli::global::{Global, shown};
use crate::cli::help::help;
use crate::cli::outcome::{CommandResult, Outcome};
use crate::cli::value;
use gsec_ca::files::{Access, FileName, OutputFile, OutputFolder, write_new_files};
use gsec_env::Env;
use gsec_pki::encoding::shell::CommandLine;
use gsec_platform::fleet::timer::{
    Account, Calendar, Order, Program, Scheduler, TimerFile, TimerName, UnitName, is_windows_path, timer,
};
use gsec_report::{FleetTimerReport, NextSteps, Notice, TimerFileFacts};
use zeroize::Zeroizing;

/// Print a timer that keeps the certificates of an inventory up to date
///
/// It calls `gsec fleet apply` every day, which changes nothing unless a certificate is near its end or the inventory has
/// changed. Without --out the files are printed. Nothing is installed: the report says how.
///
/// The CA key is used unattended: who is root on the host can sign with it. Use an intermediate CA with a path length of 0
/// and a short lifetime.
#[derive(clap::Args)]
#[command(after_long_help = help!(
"  $ gsec fleet timer --for systemd --inventory fleet.toml
  $ gsec fleet timer --for systemd --user gsec --calendar 04:30 --out .
  $ gsec fleet timer --for cron --user gsec --ca-passphrase-file /etc/gsec/passphrase"))]
pub(in crate::cli) struct Args {
    /// What runs it: systemd, cron, schtasks (Windows) or launchd (macOS)
    #[arg(long = "for", value_name = "SCHEDULER", value_parser = value::one_of(&Scheduler::ALL, Scheduler::name))]
    scheduler: Scheduler,

    #[command(flatten)]
    inventory: InventoryArgs,

    /// When: hourly, daily, weekly, monthly, HH:MM; with systemd also an expression such as `Mon *-*-* 02:00`
    #[arg(long, value_name = "WHEN", default_value = "daily", value_parser = calendar)]
    calendar: Calendar,

    /// Run as this account, to which the CA directory belongs [default: root, the system, or the crontab's owner]
    #[arg(long, value_name = "ACCOUNT", value_parser = account)]
    user: Option<Account>,

    /// File with the passphrase of the CA key, on the host that runs the timer; not read now. With systemd, an encrypted
    /// credential named ca-pass, as `systemd-creds encrypt` writes it
    #[arg(long, value_name = "FILE")]
    ca_passphrase_file: Option<PathBuf>,

    /// Unit to start when it fails (systemd)
    #[arg(long, value_name = "UNIT", value_parser = unit)]
    on_failure: Option<UnitName>,

    /// Where gsec is on the host that runs the timer [default: /usr/bin/gsec, or the usual place of the system]
    #[arg(long, value_name = "PATH", value_parser = program)]
    gsec: Option<Program>,

    /// What the timer is called
    #[arg(long, value_name = "NAME", default_value = "gsec-fleet", value_parser = name)]
    name: TimerName,

    /// Write the files to this directory; existing files are kept
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out: Option<PathBuf>,
}

fn calendar(text: &str) -> Result<Calendar, String> {
    const FORMS: &str = "must be hourly, daily, weekly, monthly, HH:MM or an expression of systemd";
    Calendar::parse(text).map_err(|error| format!("{FORMS}: {error}"))
}

fn account(text: &str) -> Result<Account, &'static str> {
    Account::parse(text).ok_or("must be the name of an account")
}

fn unit(text: &str) -> Result<UnitName, &'static str> {
    UnitName::parse(text).ok_or("must be the name of a unit, such as mail-root.service")
}

fn program(text: &str) -> Result<Program, &'static str> {
    Program::parse(text).ok_or("must be a full path of letters, digits, `.`, `_`, `-` and `+`")
}

fn name(text: &str) -> Result<TimerName, &'static str> {
    TimerName::parse(text).ok_or("must consist of letters, digits, `-` and `_`")
}

pub(in crate::cli) fn run(args: &Args, global: &Global, env: &mut Env) -> CommandResult {
    let order = order(args, global, env)?;
    let files = timer(args.scheduler, &order)
        .map_err(|error| Failure::cannot("fleet.timer_unwritable", error.to_string()))?;
    let notices = vec![unattended()];
    let written = match &args.out {
        Some(directory) => write_new_files(&OutputFolder::named(directory)?, &outputs(&files))?,
        None if global.json => Vec::new(),
        None => {
            return Ok(Outcome {
                warnings: notices,
                ..Outcome::payload(printed(&files))
            });
        }
    };
    let facts = files.iter().enumerate().map(|(at, file)| TimerFileFacts {
        name: file.name.clone(),
        path: written.get(at).map(|path| shown(path)),
        content: file.text.clone(),
    });
    let report = FleetTimerReport {
        scheduler: args.scheduler.name(),
        inventory: order.inventory.clone(),
        files: facts.collect(),
        next: next(args, &written),
    };
    Ok(Outcome::noticed(&report, notices, global))
}

fn order(args: &Args, global: &Global, env: &Env) -> Result<Order, Failure> {
    expect_of_scheduler(args)?;
    let passphrase = args.ca_passphrase_file.as_deref();
    let passphrase = passphrase.map(|path| there(path, args.scheduler)).transpose()?;
    let (inventory, ca_dir, written) = match args.scheduler {
        // Its paths are those of another machine.
        Scheduler::Schtasks => {
            let directory = global.ca_dir.as_deref().map(|path| there(path, args.scheduler));
            (
                there(&args.inventory.inventory, args.scheduler)?,
                directory.transpose()?,
                Vec::new(),
            )
        }
        _ => places(args, global, env)?,
    };
    Ok(Order {
        name: args.name.clone(),
        program: args.gsec.clone().unwrap_or_else(|| usual_program(args.scheduler)),
        inventory,
        ca_dir,
        written,
        calendar: args.calendar.clone(),
        user: args.user.clone(),
        passphrase,
        on_failure: args.on_failure.clone(),
    })
}

/// What is of one scheduler alone.
fn expect_of_scheduler(args: &Args) -> Result<(), Failure> {
    let scheduler = args.scheduler.name();
    if args.on_failure.is_some() && args.scheduler != Scheduler::Systemd {
        return Err(Failure::usage("`--on-failure` is for `--for systemd` alone"));
    }
    if let Calendar::Expression(text) = &args.calendar
        && args.scheduler != Scheduler::Systemd
    {
        let words = format!("`--for {scheduler}` has no way to write the calendar `{text}`");
        return Err(
            Failure::usage(words).hint("use hourly, daily, weekly, monthly or HH:MM, or `--for systemd`")
        );
    }
    if args.inventory.inventory.as_os_str() == "-" {
        return Err(Failure::usage(
            "a timer cannot read the inventory from standard input",
        ));
    }
    let is_windows = args.scheduler == Scheduler::Schtasks;
    if args
        .user
        .as_ref()
        .is_some_and(|user| !user.is_unix() && !is_windows)
    {
        return Err(Failure::usage(format!(
            "`--for {scheduler}` has no accounts with a domain"
        )));
    }
    if let Some(program) = &args.gsec
        && is_windows_path(&program.to_string()) != is_windows
    {
        let words = format!("`--gsec {program}` is not a full path where {scheduler} runs");
        return Err(Failure::usage(words));
    }
    Ok(())
}

fn usual_program(scheduler: Scheduler) -> Program {
    let path = match scheduler {
        Scheduler::Systemd | Scheduler::Cron => "/usr/bin/gsec",
        Scheduler::Launchd => "/usr/local/bin/gsec",
        Scheduler::Schtasks => "C:\\Program Files\\gsec\\gsec.exe",
    };
    Program::parse(path).expect("a full path of plain letters")
}

/// A path on the host that runs the timer, where that need not be this one.
fn there(path: &Path, scheduler: Scheduler) -> Result<String, Failure> {
    let text = text(path)?;
    match scheduler {
        Scheduler::Schtasks if is_windows_path(text) => Ok(text.to_owned()),
        Scheduler::Schtasks => {
            let words = format!("`{}` is not a full path of Windows", shown(path));
            Err(Failure::usage(words).hint("such as `C:\\gsec\\fleet.toml`"))
        }
        _ => whole(path),
    }
}

/// The inventory; the CA directory where it is an option of the call; and the directories that are written.
fn places(args: &Args, global: &Global, env: &Env) -> Result<(String, Option<String>, Vec<String>), Failure> {
    let inventory = args.inventory.read(env)?;
    let path = &args.inventory.inventory;
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => whole(parent)?,
        _ => whole(Path::new("."))?,
    };
    let file = path.file_name().map(Path::new).unwrap_or(path);
    let of_inventory = inventory
        .ca_dir
        .as_ref()
        .map(|directory| args.inventory.beside(directory));
    let Some(ca_dir) = global.ca_dir.clone().or(of_inventory) else {
        return Err(Failure::usage("the inventory does not name the CA directory")
            .hint("write `ca_dir = \"…\"` into it, or pass `--ca-dir`"));
    };
    let ca_dir = whole(&ca_dir)?;
    let mut written = vec![ca_dir.clone(), directory.clone()];
    if let Some(out) = &inventory.out_dir {
        written.push(whole(&args.inventory.beside(out))?);
    }
    written.dedup();
    Ok((
        text(&Path::new(&directory).join(file))?.to_owned(),
        global.ca_dir.is_some().then_some(ca_dir),
        written,
    ))
}

/// A full path without `.`, `..` and, where it exists, links: systemd takes no other.
fn whole(path: &Path) -> Result<String, Failure> {
    let whole = std::fs::canonicalize(path).or_else(|_| std::path::absolute(path).map(|path| plain(&path)));
    let whole = whole.map_err(|_| Failure::usage(format!("`{}` is not a path", shown(path))))?;
    Ok(text(&whole)?.to_owned())
}

fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => (),
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

fn text(path: &Path) -> Result<&str, Failure> {
    path.to_str()
        .ok_or_else(|| Failure::usage(format!("`{}` is not UTF-8, which a timer needs", shown(path))))
}

fn unattended() -> Notice {
    Notice {
        code: "unattended_signing".into(),
        message: "the timer signs unattended: root on its host can sign whatever the CA can".into(),
        hint: Some(
            "use an intermediate CA with a path length of 0 and a short lifetime: `gsec ca init --help` says how".into(),
        ),
    }
}

fn outputs(files: &[TimerFile]) -> Vec<OutputFile> {
    let output = |file: &TimerFile| OutputFile {
        name: FileName::new(&file.name).expect("names of timers are file names"),
        access: Access::Public,
        content: Zeroizing::new(file.bytes()),
    };
    files.iter().map(output).collect()
}

/// One file as it is; of several, each after its name.
fn printed(files: &[TimerFile]) -> Vec<u8> {
    match files {
        [file] => file.bytes(),
        files => {
            let texts: Vec<String> = files
                .iter()
                .map(|file| format!("# {}\n{}", file.name, file.text))
                .collect();
            texts.join("\n").into_bytes()
        }
    }
}

/// What installs the files that were written.
fn next(args: &Args, written: &[PathBuf]) -> NextSteps {
    let paths = || written.iter().map(PathBuf::as_path);
    let name = args.name.to_string();
    let none = NextSteps::default();
    if written.is_empty() {
        return none;
    }
    match args.scheduler {
        Scheduler::Systemd => none
            .command(&CommandLine::new("sudo cp").paths(paths()).words("/etc/systemd/system/"))
            .command(&CommandLine::new("sudo systemctl daemon-reload"))
            .command(&CommandLine::new("sudo systemctl enable --now").value(&format!("{name}.timer"))),
        Scheduler::Cron if args.user.is_some() => {
            none.command(&CommandLine::new("sudo cp").paths(paths()).words("/etc/cron.d/"))
        }
        Scheduler::Cron => none.advise("Add the line to the crontab of the account to which the CA directory belongs: crontab -e"),
        Scheduler::Launchd => none
            .command(&CommandLine::new("sudo cp").paths(paths()).words("/Library/LaunchDaemons/"))
            .command(
                &CommandLine::new("sudo launchctl bootstrap system")
                    .value(&format!("/Library/LaunchDaemons/{name}.plist")),
            ),
        Scheduler::Schtasks => none.advise(
            "On the Windows host, as an administrator: schtasks /Create /TN NAME /XML FILE, with the name and the file of this task",
        ),
    }
}
