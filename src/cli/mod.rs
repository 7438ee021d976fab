//! WORDS. Flags, help, hints, exit codes and questions. No ASN.1, and no files but those named on the command line.
//!
//! Every command is one file: its `Args`, whose doc comments are the help, and `run`, which resolves the arguments, reads
//! the inputs, calls what is below, and returns an `Outcome`. Only [`run`] prints.

mod ask;
mod banner;
mod ca;
mod cert;
mod color;
mod compat;
mod completions;
mod conf;
mod connection_args;
mod convert;
mod crl;
mod delivery_args;
mod doctor;
mod failure;
mod fleet;
mod global;
mod help;
mod hint;
mod host_list_args;
mod hyphens;
mod input;
mod key_args;
mod lazy;
mod line;
mod log;
mod man;
mod name_args;
mod old_scripts;
mod order_args;
mod outcome;
mod overview;
mod print;
mod progress;
mod quickstart;
mod remedy;
mod revocation;
mod secret;
mod selector;
pub mod serve;
mod session;
mod signer;
mod stdin;
mod transport;
mod trust;
mod value;
mod verbs;
pub mod watch;

use std::ffi::OsString;

use clap::{FromArgMatches, Parser, Subcommand};

use failure::Failure;
use global::Global;
use gsec_env::Env;
use lazy::Lazy;
use outcome::Outcome;

/// A private certification authority and TLS provisioning toolkit.
///
/// gsec keeps a certification authority in a directory, issues host certificates from it, and checks, shows and converts
/// certificates. `openssl ca` works in the same directory.
#[derive(Parser)]
#[command(name = "gsec", version, max_term_width = 110, after_long_help = help::ROOT)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Quickstart(Lazy<quickstart::Args>),
    #[command(subcommand)]
    Ca(ca::Command),
    #[command(subcommand)]
    Cert(cert::Command),
    #[command(subcommand)]
    Crl(crl::Command),
    #[command(subcommand)]
    Convert(convert::Command),
    #[command(subcommand)]
    Trust(trust::Command),
    #[command(subcommand)]
    Fleet(fleet::Command),
    Serve(Lazy<serve::Args>),
    Watch(Lazy<watch::Args>),
    Doctor(Lazy<doctor::Args>),
    #[command(subcommand)]
    Transport(transport::Command),
    #[command(subcommand)]
    Conf(conf::Command),
    #[command(subcommand)]
    Log(log::Command),
    #[command(subcommand)]
    Banner(banner::Command),
    #[command(subcommand)]
    Compat(compat::Command),
    Completions(Lazy<completions::Args>),
    #[command(hide = true)]
    Complete(Lazy<completions::CompleteArgs>),
    Man(Lazy<man::Args>),
}

/// Runs one call with the arguments of the process, the program's own name first, and returns its exit status.
pub fn run(arguments: Vec<OsString>, env: &mut Env) -> u8 {
    run_with(arguments, env, None)
}

/// The same in the program that has the server.
pub fn run_server(arguments: Vec<OsString>, env: &mut Env, server: &'static dyn serve::Server) -> u8 {
    run_with(arguments, env, Some(server))
}

fn run_with(arguments: Vec<OsString>, env: &mut Env, server: Option<&'static dyn serve::Server>) -> u8 {
    if let Some((script, rest)) = old_scripts::called_as(&arguments) {
        return old_scripts::run(script, rest, env);
    }
    if let [_, only] = arguments.as_slice()
        && (only == "--version" || only == "-V")
    {
        // Scripts ask this often, and building the whole command tree takes as long as starting the process.
        return print::Printer::plain(false, env).finish(Ok(Outcome::payload(
            format!("gsec {}\n", env!("CARGO_PKG_VERSION")).into_bytes(),
        )));
    }
    let arguments = hyphens::with_negative_serials(verbs::asking_for_help(arguments, command));
    let wants_json = global::asks_for_json(&arguments);
    let typed: Vec<String> = arguments
        .iter()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let plain = |env: &Env| print::Printer::plain(wants_json, env).colored_as_asked(&typed);
    if let Err(failure) = verbs::check(&arguments).and_then(|()| hyphens::check(&arguments, command)) {
        return plain(env).finish(Err(failure));
    }
    match parse(&arguments) {
        Ok(mut cli) => {
            cli.global.json |= matches!(&cli.command, Some(Command::Doctor(args)) if args.wants_json());
            let printer = print::Printer::new(&cli.global, env);
            cli.global.apply(env);
            printer.finish(match (&cli.command, server) {
                (Some(Command::Serve(_)), None) => Err(serve::hand_over("gsec serve", &arguments, env)),
                (Some(Command::Watch(_)), None) => Err(serve::hand_over("gsec watch", &arguments, env)),
                _ => dispatch(cli, env, server),
            })
        }
        Err(error) => plain(env).finish_parse(&error, &typed),
    }
}

fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let parsed = |mut tree: clap::Command| {
        let matches = tree.try_get_matches_from_mut(arguments);
        // Freeing a tree of some thousand pieces takes as long as a signature, and the process ends soon.
        std::mem::forget(tree);
        Cli::from_arg_matches_mut(&mut matches?)
    };
    // Help and errors show what other commands do, for which the tree must be whole.
    parsed(lazy::callable::<Cli>(arguments)).or_else(|_| parsed(command()))
}

/// The whole command tree, as the completions and manual pages see it.
fn command() -> clap::Command {
    lazy::whole::<Cli>()
}

fn dispatch(cli: Cli, env: &mut Env, server: Option<&'static dyn serve::Server>) -> Result<Outcome, Failure> {
    let Cli { global, command, .. } = cli;
    let mut outcome = match (command, server) {
        (Some(Command::Serve(args)), Some(server)) => serve::run(args.take(), &global, env, server)?,
        (Some(Command::Watch(args)), Some(server)) => watch::run(args.take(), &global, env, server)?,
        (command, _) => call(command, &global, env)?,
    };
    // A JSON document already contains them.
    if !global.json {
        outcome::put_first(global.doubts(), &mut outcome.warnings);
    }
    Ok(outcome)
}

fn call(command: Option<Command>, global: &Global, env: &mut Env) -> Result<Outcome, Failure> {
    match command {
        None if global.json => {
            Err(Failure::usage("missing command").hint("`gsec --help` lists the commands"))
        }
        None => Ok(overview::outcome()),
        Some(Command::Quickstart(args)) => quickstart::run(args.take(), global, env),
        Some(Command::Ca(command)) => ca::run(command, global, env),
        Some(Command::Cert(command)) => cert::run(command, global, env),
        Some(Command::Crl(command)) => crl::run(command, global, env),
        Some(Command::Convert(command)) => convert::run(command, global, env),
        Some(Command::Trust(command)) => trust::run(command, global, env),
        Some(Command::Fleet(command)) => fleet::run(command, global, env),
        Some(Command::Doctor(args)) => doctor::run(&args, global, env),
        Some(Command::Transport(command)) => transport::run(command, global, env),
        Some(Command::Conf(command)) => conf::run(command, global, env),
        Some(Command::Banner(command)) => banner::run(command, global, env),
        Some(Command::Log(command)) => log::run(command, global, env),
        Some(Command::Compat(command)) => compat::run(&command, global, env),
        Some(Command::Completions(args)) => Ok(completions::run(&args)),
        Some(Command::Complete(args)) => Ok(completions::complete(&args, global, env)),
        Some(Command::Man(args)) => man::run(&args, global),
        Some(Command::Serve(_) | Command::Watch(_)) => {
            unreachable!("it is handed over, or called where the server is")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::Command;

    use super::{Cli, command, lazy};

    #[test]
    fn command_tree_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn tree_of_a_call_has_all_that_its_words_call_and_no_other_command() {
        let commands = |command: &Command| -> Vec<String> {
            let names = command.get_subcommands().map(Command::get_name);
            names.filter(|name| *name != "help").map(str::to_owned).collect()
        };
        let options = |command: &Command| -> Vec<String> {
            command
                .get_arguments()
                .map(|option| option.get_id().to_string())
                .collect()
        };
        let mut whole = command();
        whole.build();
        let mut waiting: Vec<(Vec<&str>, &Command)> = vec![(Vec::new(), &whole)];
        while let Some((path, command)) = waiting.pop() {
            for name in command.get_visible_aliases().chain([command.get_name()]) {
                let before = path.split_last().map_or(&[][..], |(_, before)| before);
                let words = before.iter().copied().chain([name, "--lock-timeout"]);
                let mut tree = lazy::callable::<Cli>(&words.map(OsString::from).collect::<Vec<_>>());
                tree.build();
                assert!(commands(&tree).iter().all(|name| path.contains(&name.as_str())));
                let called = path
                    .iter()
                    .fold(&tree, |tree, name| tree.find_subcommand(name).expect(name));
                // The root has its version only where it is printed.
                if !path.is_empty() {
                    assert_eq!(options(called), options(command), "{path:?}");
                }
            }
            let further = command
                .get_subcommands()
                .filter(|command| command.get_name() != "help");
            waiting.extend(further.map(|command| ([&path[..], &[command.get_name()]].concat(), command)));
        }
    }
}
