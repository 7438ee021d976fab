//! Arguments of commands, described to the parser only when the command is called.
//!
//! Describing the arguments of all commands takes longer than many a command itself.

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
