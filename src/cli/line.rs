//! What the words of a command line are to the command tree: for completions, and for what is said about a line that is not finished.

use clap::{Arg, Command};

/// How far a line has come.
pub(super) struct Line<'a> {
    /// The words of the command, without `gsec`.
    pub(super) path: Vec<&'a str>,
    /// The command.
    pub(super) command: &'a Command,
    /// The option whose value comes next.
    pub(super) pending: Option<&'a Arg>,
    /// How many arguments without an option there are.
    pub(super) positionals: usize,
    /// Whether `--` was typed.
    pub(super) has_ended_options: bool,
    /// Options with values, as they were typed.
    pub(super) values: Vec<(&'a Arg, String)>,
    /// Options that were typed.
    pub(super) options: Vec<&'a Arg>,
}

impl<'a> Line<'a> {
    /// Reads words, the program's own name not among them. The tree must have been built.
    pub(super) fn read(root: &'a Command, words: &[String]) -> Self {
        let mut line = Line {
            path: Vec::new(),
            command: root,
            pending: None,
            positionals: 0,
            has_ended_options: false,
            values: Vec::new(),
            options: Vec::new(),
        };
        words.iter().for_each(|word| line.take(word));
        line
    }

    fn take(&mut self, word: &str) {
        if let Some(option) = self.pending.take() {
            self.values.push((option, word.to_owned()));
        } else if self.has_ended_options || !word.starts_with('-') || word == "-" {
            self.take_argument(word);
        } else if word == "--" {
            self.has_ended_options = true;
        } else if let Some(name) = word.strip_prefix("--") {
            let (name, value) = name
                .split_once('=')
                .map_or((name, None), |(name, value)| (name, Some(value)));
            let found = self.options_of().find(|option| has_long(option, name));
            if let Some(option) = found {
                self.take_option(option, value);
            }
        } else {
            self.take_letters(&word[1..]);
        }
    }

    fn take_argument(&mut self, word: &str) {
        let command = self.command;
        let below = command
            .find_subcommand(word)
            .filter(|_| !self.has_ended_options && self.positionals == 0);
        match below {
            Some(below) => {
                self.path.push(below.get_name());
                self.command = below;
            }
            None => self.positionals += 1,
        }
    }

    fn take_option(&mut self, option: &'a Arg, value: Option<&str>) {
        self.options.push(option);
        match value {
            Some(value) => self.values.push((option, value.to_owned())),
            None if takes_value(option) => self.pending = Some(option),
            None => {}
        }
    }

    fn take_letters(&mut self, letters: &str) {
        for (at, letter) in letters.char_indices() {
            let Some(option) = self
                .options_of()
                .find(|option| option.get_short() == Some(letter))
            else {
                return;
            };
            let rest = &letters[at + letter.len_utf8()..];
            if takes_value(option) && !rest.is_empty() {
                return self.take_option(option, Some(rest));
            }
            self.take_option(option, None);
        }
    }

    /// The options that the command takes.
    pub(super) fn options_of(&self) -> impl Iterator<Item = &'a Arg> + use<'a> {
        self.command
            .get_arguments()
            .filter(|argument| !argument.is_positional())
    }

    /// The argument without an option that comes next.
    pub(super) fn next_positional(&self) -> Option<&'a Arg> {
        let last = self.command.get_positionals().last()?;
        let takes_many = last.get_num_args().is_some_and(|range| range.max_values() > 1);
        let next = self.command.get_positionals().nth(self.positionals);
        next.or(takes_many.then_some(last))
    }

    /// The first example in the help of the command.
    pub(super) fn example(&self) -> Option<String> {
        let help = self.command.get_after_long_help()?.to_string();
        let example = help.lines().find_map(|line| line.strip_prefix("  $ "))?;
        Some(example.to_owned())
    }
}

/// Whether an option is of this name.
pub(super) fn has_long(option: &Arg, name: &str) -> bool {
    option.get_long() == Some(name)
}

/// Whether an option takes a value.
pub(super) fn takes_value(option: &Arg) -> bool {
    option.get_action().takes_values()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> (Vec<String>, Option<String>, usize) {
        let mut root = crate::cli::command();
        root.build();
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        let line = Line::read(&root, &words);
        let pending = line.pending.map(|option| option.get_id().to_string());
        (
            line.path.iter().map(ToString::to_string).collect(),
            pending,
            line.positionals,
        )
    }

    #[test]
    fn words_are_commands_options_values_and_arguments() {
        for (words, path, pending, positionals) in [
            (&[][..], "", None, 0),
            (&["--ca-dir", "cert", "ca"], "ca", None, 0),
            (
                &["cert", "issue", "--key-type"],
                "cert issue",
                Some("key_type"),
                0,
            ),
            (
                &["cert", "issue", "--key-type=p256", "a", "b"],
                "cert issue",
                None,
                2,
            ),
            (&["cert", "-qy", "show", "--", "--x"], "cert show", None, 1),
            (&["convert", "to-pem", "-o"], "convert to-pem", Some("out"), 0),
            (&["convert", "to-pem", "-ofile", "-"], "convert to-pem", None, 1),
            (&["doctor", "handshake"], "doctor handshake", None, 0),
            (&["nonsense", "cert"], "", None, 2),
        ] {
            assert_eq!(
                read(words),
                (
                    path.split_whitespace().map(str::to_owned).collect(),
                    pending.map(str::to_owned),
                    positionals
                ),
                "{words:?}"
            );
        }
    }
}
