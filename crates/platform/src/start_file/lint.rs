//! What is wrong with start files, each by itself and beside one another.

use super::StartKind;
use super::arguments::{Argument, Arguments, LIBRARY_PATHS, NAMES, Slip};
use super::token::{Command, Shown};
use crate::finding::{Finding, Findings, MAX_FINDINGS, Place, Rule};
use crate::text::Text;
use std::net::IpAddr;

const ARG_BLANK: Rule = Rule::error("start-arg-blank");
const ARG_DASH: Rule = Rule::error("start-arg-dash");
const ARG_VALUE: Rule = Rule::error("start-arg-value");
const DIFFERS: Rule = Rule::error("start-differs");
const ADDRESS_NAME: Rule = Rule::warning("start-address-name");
const NOT_AUTO_DETECT: Rule = Rule::warning("start-not-auto-detect");
const NO_LIBRARY_PATH: Rule = Rule::warning("start-no-library-path");
const TOO_MANY: Rule = Rule::error("start-too-many");
const NOTHING: Rule = Rule::notice("start-nothing");

/// The most commands of one file that start a server.
const MAX_STARTS: usize = 100;

/// A start file.
#[derive(Debug, Clone)]
pub struct StartFile {
    /// As it was named.
    pub name: String,
    /// What kind of file it is.
    pub kind: StartKind,
    /// Its characters.
    pub text: Text,
}

/// What the files beside it say.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Whether one of them switches TLS on.
    pub has_tls: bool,
    /// The ports of Configuration Server that are not secured, from its file.
    pub unsecured_ports: Vec<u16>,
}

/// One command of a file that starts a server.
struct Start {
    file: usize,
    arguments: Arguments,
}

/// Checks start files, each by itself and beside one another. The findings of each file, in the order of the files.
pub fn lint(files: &[StartFile], around: &Around) -> Vec<Findings> {
    let mut found: Vec<Findings> = Vec::new();
    let mut starts = Vec::new();
    let commands: Vec<Vec<Command>> = files.iter().map(|file| file.kind.commands(&file.text)).collect();
    for (number, file) in files.iter().enumerate() {
        let shown = Shown::of(&file.text, &commands[number]);
        let mut own: Vec<Start> = commands[number]
            .iter()
            .map(|command| Start {
                file: number,
                arguments: Arguments::of(command, &shown),
            })
            .filter(|start| start.arguments.is_of_platform() || starts_lca(&start.arguments))
            // One more shows that there are more.
            .take(MAX_STARTS + 1)
            .collect();
        let mut of_file = Findings::up_to(MAX_FINDINGS);
        if own.len() > MAX_STARTS {
            own.truncate(MAX_STARTS);
            let seen = format!("only the first {MAX_STARTS} commands here that start a server were checked");
            of_file.push(Finding::new(TOO_MANY, seen));
        }
        for start in &own {
            of_file.extend(slips(&start.arguments));
            of_file.extend(values(&start.arguments));
            of_file.extend(not_auto_detect(&start.arguments, around));
        }
        if own.is_empty() {
            let seen = "no command here has an argument of the platform's servers, such as -host or -port";
            of_file.push(Finding::new(NOTHING, seen));
        }
        found.push(of_file);
        starts.extend(own);
    }
    let wants_tls = around.has_tls || starts.iter().any(|start| has_transport(&start.arguments));
    for (number, file) in files.iter().enumerate() {
        let is_started = starts.iter().any(|start| start.file == number);
        if file.kind == StartKind::Shell && wants_tls && is_started {
            found[number].extend(no_library_path(&commands[number], &starts, number));
        }
    }
    differing(files, &starts, &mut found);
    for (of_file, file) in found.iter_mut().zip(files) {
        for place in of_file.iter_mut().flat_map(|finding| &mut finding.places) {
            place.file.get_or_insert_with(|| file.name.clone());
        }
        of_file.sort_by_place();
    }
    found
}

fn has_transport(arguments: &Arguments) -> bool {
    arguments
        .all
        .iter()
        .any(|argument| argument.name.starts_with("-transport"))
}

/// The local control agent, which starts the others and hands its environment on.
fn starts_lca(arguments: &Arguments) -> bool {
    arguments.program.as_deref().is_some_and(|program| {
        let name = program
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or(program)
            .to_lowercase();
        ["lca", "lca.exe"].contains(&name.as_str())
    })
}

fn slips(arguments: &Arguments) -> Vec<Finding> {
    let of_slip = |(kind, name, place): &(Slip, &'static str, Place)| slip(*kind, name).at(place.clone());
    arguments.slips.iter().map(of_slip).collect()
}

/// What is wrong with something that looks like an argument and is none.
pub(super) fn slip(kind: Slip, name: &str) -> Finding {
    match kind {
        Slip::Blank => Finding::new(
            ARG_BLANK,
            format!("the blank after `-` keeps the server from reading `{name}`"),
        )
        .help(format!("write `{name}` as one word")),
        Slip::Dash => Finding::new(
            ARG_DASH,
            format!("this is not the `-` of the keyboard, so the server ignores `{name}`"),
        )
        .help(format!("type `{name}` again")),
    }
}

fn values(arguments: &Arguments) -> Vec<Finding> {
    arguments.all.iter().filter_map(value).collect()
}

fn value(argument: &Argument) -> Option<Finding> {
    let found = problem(
        argument.name,
        argument.value.as_deref(),
        argument.is_missing,
        || argument.shown(),
    )?;
    Some(found.at(argument.place.clone()))
}

/// What is wrong with the value of an argument.
pub(super) fn problem(
    name: &str,
    value: Option<&str>,
    is_missing: bool,
    shown: impl Fn() -> String,
) -> Option<Finding> {
    if is_missing {
        return Some(Finding::new(ARG_VALUE, format!("`{name}` has no value")));
    }
    let value = value?;
    match name {
        "-port" | "-transport-port" if crate::text::port(value).is_none() => {
            let seen = format!("{} is not a port from 1 to 65535", shown());
            Some(Finding::new(ARG_VALUE, seen))
        }
        "-transport-address" if value.parse::<IpAddr>().is_err() => {
            let seen = format!(
                "{} is not an IP address, which is what `{name}` is documented to take",
                shown()
            );
            Some(Finding::new(ADDRESS_NAME, seen))
        }
        _ => None,
    }
}

/// Configuration Server's secured port checks first whether security is set; its other port never does.
fn not_auto_detect(arguments: &Arguments, around: &Around) -> Option<Finding> {
    let argument = arguments.last("-port")?;
    let port = crate::text::port(argument.value.as_deref()?)?;
    let is_secured = around.has_tls || has_transport(arguments);
    if !is_secured || !around.unsecured_ports.contains(&port) {
        return None;
    }
    let seen = format!("security is set, and port {port} of Configuration Server is not secured");
    let help = "use the number of its Auto Detect port here, and in the client's Connections";
    Some(
        Finding::new(NOT_AUTO_DETECT, seen)
            .at(argument.place.clone())
            .help(help),
    )
}

fn no_library_path(commands: &[Command], starts: &[Start], number: usize) -> Option<Finding> {
    let sets = |word: &str| {
        LIBRARY_PATHS
            .iter()
            .any(|name| word == *name || word.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))
    };
    let is_set = |command: &Command| {
        let words = &command.0;
        let is_assignment = words
            .iter()
            .any(|word| word.text.contains('=') && sets(&word.text));
        // The C shell has no `=`: setenv NAME VALUE.
        let is_setenv =
            matches!(words.as_slice(), [first, name, ..] if first.text == "setenv" && sets(&name.text));
        is_assignment || is_setenv
    };
    if commands.iter().any(is_set) {
        return None;
    }
    let start = starts.iter().find(|start| start.file == number)?;
    let seen = match starts_lca(&start.arguments) {
        true => {
            "TLS is in use, and the local control agent starts without the path of the security libraries"
        }
        false => "TLS is in use, and no variable here says where the security libraries are",
    };
    let help = "set LD_LIBRARY_PATH (LIBPATH on AIX, SHLIB_PATH on HP-UX for 32 bits), also in the start file of the local \
                control agent (LCA), and restart it";
    let finding = Finding::new(NO_LIBRARY_PATH, seen).help(help);
    Some(match start.arguments.all.first() {
        Some(argument) => finding.at(argument.place.clone()),
        None => finding,
    })
}

/// Where an application is started with one of the arguments.
struct Group<'a> {
    /// Its name; `None` where no place says it.
    app: Option<&'a str>,
    places: Vec<(usize, &'a Argument)>,
}

/// The places of an argument, one group for each application. A place that does not name its application may be of any.
fn groups<'a>(starts: &'a [Start], name: &str) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for start in starts {
        let argument = start.arguments.last(name);
        let Some(argument) = argument.filter(|argument| argument.value.is_some()) else {
            continue;
        };
        let app = start
            .arguments
            .last("-app")
            .and_then(|argument| argument.value.as_deref());
        let is_same = |group: &&mut Group<'a>| group.app.is_none() || app.is_none() || group.app == app;
        match groups.iter_mut().find(is_same) {
            Some(group) => {
                group.app = group.app.or(app);
                group.places.push((start.file, argument));
            }
            None => groups.push(Group {
                app,
                places: vec![(start.file, argument)],
            }),
        }
    }
    groups
}

/// The same application started in two places with other values.
fn differing(files: &[StartFile], starts: &[Start], found: &mut [Findings]) {
    for name in NAMES.into_iter().filter(|name| *name != "-app") {
        for Group { places, .. } in groups(starts, name) {
            let (first, argument) = places[0];
            if places.iter().all(|(_, other)| other.value == argument.value) {
                continue;
            }
            let values: Vec<String> = places.iter().map(|(_, argument)| argument.shown()).collect();
            let seen = format!("`{name}` differs: {}", values.join(", "));
            let all = places
                .iter()
                .map(|(file, argument)| argument.place.clone().in_file(&files[*file].name));
            let finding = all.fold(Finding::new(DIFFERS, seen), Finding::at);
            found[first]
                .push(finding.help("the same application must be started with the same value everywhere"));
        }
    }
}
