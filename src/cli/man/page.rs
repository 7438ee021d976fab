//! The manual page of a command, from its help.

use clap::{Arg, Command};

use super::roff::{Roff, bold, escaped, italic};
use crate::cli::help;
use crate::cli::line::takes_value;

/// The version that the pages are about, and the day of its texts. A test holds them together.
const RELEASE: (&str, &str) = ("0.1.0", "2026-11-29");

/// What a CA directory holds.
const FILES: [(&str, &str); 10] = [
    (
        "./gsec-ca/",
        "The CA directory, where no other is named and the current one is none",
    ),
    (
        "ca_conf/ca_cert.pem",
        "The CA certificate; with those above it, where it is not a root",
    ),
    ("ca_conf/ca_priv_key.pem", "The CA key, for its owner alone"),
    (
        "ca_conf/gsec.toml",
        "What the CA may issue: profiles, and limits of names and keys",
    ),
    ("ca_conf/ca.conf", "The same directory for `openssl ca`"),
    (
        "ca_conf/ca.db",
        "What the CA has issued and revoked, as OpenSSL keeps it",
    ),
    ("ca_conf/ca_crl.pem", "The CRL"),
    (
        "ca_conf/audit.log",
        "Every change, each line with the digest of the line before it",
    ),
    ("ca_conf/previous/", "Former certificates and keys of the CA"),
    ("repository/", "Certificates, private keys and PFX files of hosts"),
];
/// Commands that never look into a CA directory.
const WITHOUT_CA: [&str; 4] = ["compat", "completions", "convert", "man"];

/// A manual page.
pub(super) struct Page<'a> {
    /// Its name, such as `gsec-cert-issue`.
    pub(super) name: String,
    command: &'a Command,
    /// The names of the pages that it refers to.
    see_also: Vec<String>,
}

impl<'a> Page<'a> {
    /// The pages of all commands; first that of gsec itself.
    pub(super) fn all(root: &'a Command) -> Vec<Self> {
        let mut pages = Vec::new();
        collect(root, "gsec", &[], &mut pages);
        pages
    }

    pub(super) fn render(&self) -> Vec<u8> {
        let mut page = Roff::titled(&self.name, RELEASE.1, &format!("gsec {}", RELEASE.0));
        page.section("NAME");
        let about = self
            .command
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default();
        page.paragraphs(&format!("{} - {about}", self.name));
        page.section("SYNOPSIS");
        self.synopsis(&mut page);
        page.section("DESCRIPTION");
        let long = self.command.get_long_about().map(ToString::to_string);
        let long = long.unwrap_or_else(|| about.clone());
        // Its first line is the name's already.
        let rest = long
            .strip_prefix(&about)
            .map(|rest| rest.trim_start_matches('.').trim_start());
        page.paragraphs(rest.filter(|rest| !rest.is_empty()).unwrap_or(&long));
        self.commands(&mut page);
        self.options(&mut page);
        self.texts_below(&mut page);
        let group = self.name.split('-').nth(1).unwrap_or_default();
        if !WITHOUT_CA.contains(&group) {
            page.section("FILES");
            for (path, about) in FILES {
                page.item(&italic(path), &[about.into()]);
            }
        }
        page.section("SEE ALSO");
        let references: Vec<String> = self.see_also.iter().map(|name| reference(name)).collect();
        page.raw(&references.join(", "));
        page.into_bytes()
    }

    fn synopsis(&self, page: &mut Roff) {
        let usage = self.command.clone().render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ");
        let command = self.name.replace('-', " ");
        // A command such as `to-pem` has a hyphen of its own.
        let command = self.command.get_bin_name().unwrap_or(&command);
        let rest = usage.strip_prefix(command).unwrap_or(usage);
        page.raw(&format!("{}{}", bold(command), escaped(rest)));
    }

    fn commands(&self, page: &mut Roff) {
        let mut below = below(self.command).peekable();
        if below.peek().is_none() {
            return;
        }
        page.section("COMMANDS");
        for command in below {
            let about = command.get_about().map(ToString::to_string);
            let name = format!("{}-{}", self.name, command.get_name());
            page.item(&reference(&name), &[about.unwrap_or_default()]);
        }
    }

    fn options(&self, page: &mut Roff) {
        let shown = || {
            self.command
                .get_arguments()
                .filter(|argument| !argument.is_hide_set())
        };
        let mut arguments = shown().filter(|argument| argument.is_positional()).peekable();
        if arguments.peek().is_some() {
            page.section("ARGUMENTS");
            arguments.for_each(|argument| item(page, argument));
        }
        page.section("OPTIONS");
        let is_root = self.name == "gsec";
        let own = || shown().filter(|option| !option.is_positional() && (is_root || !option.is_global_set()));
        let mut headings: Vec<Option<&str>> = Vec::new();
        for option in own() {
            if !headings.contains(&option.get_help_heading()) {
                headings.push(option.get_help_heading());
            }
        }
        for heading in headings {
            if let Some(heading) = heading {
                page.subsection(heading);
            }
            own()
                .filter(|option| option.get_help_heading() == heading)
                .for_each(|option| item(page, option));
        }
        if !is_root {
            let global = shown().filter(|option| option.is_global_set()).map(header);
            page.subsection("Global options");
            page.raw(&global.collect::<Vec<_>>().join(", "));
            page.raw(&format!("are described in {}.", reference("gsec")));
        }
    }

    /// Examples, exit codes and environment, as they are below the options in the help.
    fn texts_below(&self, page: &mut Roff) {
        let examples = examples(self.command);
        if !examples.is_empty() {
            page.section("EXAMPLES");
            page.verbatim(examples.iter().map(String::as_str));
        }
        let own = self.command.get_after_long_help().map(ToString::to_string);
        let own = own.as_deref().unwrap_or(help::ROOT);
        for (title, heading) in [("EXIT CODES", "EXIT STATUS"), ("ENVIRONMENT", "ENVIRONMENT")] {
            let lines = lines_of(own, title).or_else(|| lines_of(help::ROOT, title));
            page.section(heading);
            for line in lines.unwrap_or_default() {
                let (term, about) = line.trim().split_once("  ").unwrap_or((line, ""));
                page.item(&bold(term), &[about.trim().to_owned()]);
            }
        }
    }
}

fn collect<'a>(command: &'a Command, name: &str, above: &[String], pages: &mut Vec<Page<'a>>) {
    let beside = |command: &'a Command, name: &str| -> Vec<String> {
        below(command)
            .map(|below| format!("{name}-{}", below.get_name()))
            .collect()
    };
    let own = beside(command, name);
    let others = above.iter().chain(&own).filter(|other| *other != name);
    pages.push(Page {
        name: name.to_owned(),
        command,
        see_also: others.cloned().collect(),
    });
    for (below, below_name) in below(command).zip(&own) {
        let above: Vec<String> = match name {
            "gsec" => std::iter::once(name.to_owned()).collect(),
            name => ["gsec".to_owned(), name.to_owned()]
                .into_iter()
                .chain(own.clone())
                .collect(),
        };
        collect(below, below_name, &above, pages);
    }
}

/// The commands below one that have a page.
fn below(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|command| command.get_name() != "help" && !command.is_hide_set())
}

/// The examples of a command; of a group the first one of each of its commands.
fn examples(command: &Command) -> Vec<String> {
    let own = |command: &Command| {
        let help = command
            .get_after_long_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let lines = lines_of(&help, "EXAMPLES").unwrap_or_default().into_iter();
        lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    let examples = own(command);
    match examples.is_empty() {
        true => below(command)
            .filter_map(|command| own(command).into_iter().next())
            .collect(),
        false => examples,
    }
}

/// The lines under a title in the text below the options.
fn lines_of<'a>(text: &'a str, title: &str) -> Option<Vec<&'a str>> {
    let sections = text.split("\n\n");
    let section = sections.map(|section| section.split_once('\n').unwrap_or((section, "")));
    let (_, lines) = section.into_iter().find(|(found, _)| *found == title)?;
    Some(lines.lines().collect())
}

/// A reference to another page.
fn reference(name: &str) -> String {
    format!("{}(1)", bold(name))
}

fn item(page: &mut Roff, argument: &Arg) {
    let help = argument.get_long_help().or(argument.get_help());
    let mut about: Vec<String> = help
        .map(ToString::to_string)
        .unwrap_or_default()
        .split("\n\n")
        .map(str::to_owned)
        .collect();
    if takes_value(argument) {
        let values = argument.get_possible_values();
        let named: Vec<&str> = values
            .iter()
            .filter(|value| !value.is_hide_set())
            .map(clap::builder::PossibleValue::get_name)
            .collect();
        if !named.is_empty() && !argument.is_hide_possible_values_set() {
            about.push(format!("Possible values: {}.", named.join(", ")));
        }
        let default: Vec<_> = argument
            .get_default_values()
            .iter()
            .map(|value| value.to_string_lossy())
            .collect();
        if !default.is_empty() && !argument.is_hide_default_value_set() {
            about.push(format!("Default: {}.", default.join(", ")));
        }
    }
    page.item(&header(argument), &about);
}

/// An option with its value, or an argument.
fn header(argument: &Arg) -> String {
    let values = argument.get_value_names().unwrap_or_default();
    let values: Vec<String> = values.iter().map(|name| italic(name)).collect();
    if argument.is_positional() {
        return values.join(" ");
    }
    let short = argument.get_short().map(|letter| bold(&format!("-{letter}")));
    let long = argument.get_long().map(|long| bold(&format!("--{long}")));
    let names: Vec<String> = short.into_iter().chain(long).collect();
    let value = values.join(" ");
    match takes_value(argument) && !value.is_empty() {
        true => format!("{} {value}", names.join(", ")),
        false => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn pages_have_the_day_of_this_version() {
        assert_eq!(
            super::RELEASE.0,
            env!("CARGO_PKG_VERSION"),
            "a new version: its day, please, in RELEASE"
        );
    }
}
