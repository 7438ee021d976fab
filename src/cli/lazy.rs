//! Arguments of commands, described to the parser only when the command is called.
//!
//! Describing the arguments of all commands takes longer than many a command itself.

use std::ffi::OsString;
use std::iter::once;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{ArgMatches, Args, Command, FromArgMatches};

/// Whether the tree is built whole: help lists what the arguments of each command begin with. The derived code of a command tree takes
/// no argument that could say so.
static IS_WHOLE: AtomicBool = AtomicBool::new(false);

/// The arguments of one command.
pub(super) struct Lazy<T>(Box<T>);

impl<T> Lazy<T> {
    pub(super) fn take(self) -> T {
        *self.0
    }
}

impl<T> std::ops::Deref for Lazy<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Args> Args for Lazy<T> {
    fn augment_args(command: Command) -> Command {
        if IS_WHOLE.load(Ordering::Relaxed) {
            T::augment_args(command)
        } else {
            command.defer(T::augment_args)
        }
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args_for_update(command)
    }
}

impl<T: Args> FromArgMatches for Lazy<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        T::from_arg_matches(matches).map(|args| Self(Box::new(args)))
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        T::from_arg_matches_mut(matches).map(|args| Self(Box::new(args)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// The tree of `C` with everything that help, completions and manual pages show.
pub(super) fn whole<C: clap::CommandFactory>() -> Command {
    IS_WHOLE.store(true, Ordering::Relaxed);
    C::command()
}

/// The tree of `C` with those commands only that one of the words can call.
///
/// The parser copies every global option into each command that there is, which takes a tenth of issuing a certificate.
pub(super) fn callable<C: clap::CommandFactory>(words: &[OsString]) -> Command {
    only_named(&C::command(), words)
}

/// The same group of commands; how help and errors look is lost.
fn only_named(group: &Command, words: &[OsString]) -> Command {
    let is_named = |command: &&Command| {
        let mut names = once(command.get_name()).chain(command.get_all_aliases());
        names.any(|name| words.iter().any(|word| word == name))
    };
    let called = group.get_subcommands().filter(is_named);
    Command::new(group.get_name().to_owned())
        .args(group.get_arguments().cloned())
        .groups(group.get_groups().cloned())
        .subcommand_required(group.is_subcommand_required_set())
        .arg_required_else_help(group.is_arg_required_else_help_set())
        .subcommands(called.map(|command| match command.is_subcommand_required_set() {
            true => only_named(command, words),
            false => command.clone(),
        }))
}
