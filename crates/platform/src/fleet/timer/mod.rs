//! A timer that calls `gsec fleet apply`, in the form of the scheduler that runs it. Pure: paths are data that were looked at before.

mod calendar;
mod cron;
mod expression;
mod launchd;
mod quote;
mod schtasks;
mod systemd;

#[cfg(test)]
mod tests;

pub use calendar::Calendar;
pub use expression::CalendarError;
pub use quote::{Account, Program, TimerName, UnitName, Unwritable, is_windows_path};

/// What runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduler {
    /// A service and a timer of systemd.
    Systemd,
    /// A line for cron.
    Cron,
    /// A task of Windows, as XML.
    Schtasks,
    /// A property list of launchd.
    Launchd,
}

impl Scheduler {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Systemd, Self::Cron, Self::Schtasks, Self::Launchd];

    /// Its name in arguments, text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Systemd => "systemd",
            Self::Cron => "cron",
            Self::Schtasks => "schtasks",
            Self::Launchd => "launchd",
        }
    }
}

/// What is called, when, and as whom.
#[derive(Debug, Clone)]
pub struct Order {
    /// What the timer is called.
    pub name: TimerName,
    /// The program.
    pub program: Program,
    /// The inventory: a full path.
    pub inventory: String,
    /// The CA directory, where the inventory does not name it: a full path.
    pub ca_dir: Option<String>,
    /// What is written: full paths of directories.
    pub written: Vec<String>,
    /// When.
    pub calendar: Calendar,
    /// As whom; the usual account of the scheduler where nothing is said.
    pub user: Option<Account>,
    /// The file with the passphrase of the CA key; for systemd, an encrypted credential.
    pub passphrase: Option<String>,
    /// A unit of systemd that is started when it fails.
    pub on_failure: Option<UnitName>,
}

impl Order {
    /// The arguments of the program; `passphrase` is how its file is called there.
    fn arguments<'a>(&'a self, passphrase: Option<&'a str>) -> Vec<Argument<'a>> {
        let mut arguments: Vec<Argument<'a>> = ["fleet", "apply", "--inventory"].map(Argument::Own).into();
        arguments.push(Argument::Value(&self.inventory));
        if let Some(directory) = &self.ca_dir {
            arguments.extend([Argument::Own("--ca-dir"), Argument::Value(directory)]);
        }
        arguments.extend(["--no-input", "--yes", "--quiet"].map(Argument::Own));
        if let Some(file) = passphrase {
            arguments.extend([Argument::Own("--ca-passphrase-file"), Argument::Value(file)]);
        }
        arguments
    }
}

/// An argument: one of gsec's own words, or a value, which is quoted.
#[derive(Debug, Clone, Copy)]
enum Argument<'a> {
    Own(&'static str),
    Value(&'a str),
}

/// A file for the scheduler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimerFile {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Whether it is written in UTF-16 with a byte order mark.
    pub is_utf16: bool,
}

impl TimerFile {
    fn new(name: String, text: String) -> Self {
        Self {
            name,
            text,
            is_utf16: false,
        }
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        match self.is_utf16 {
            true => format!("\u{FEFF}{}", self.text)
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
            false => self.text.clone().into_bytes(),
        }
    }
}

/// The files of a timer.
///
/// # Errors
/// [`Unwritable`], where the form has no way to write a value.
pub fn timer(scheduler: Scheduler, order: &Order) -> Result<Vec<TimerFile>, Unwritable> {
    match scheduler {
        Scheduler::Systemd => systemd::units(order),
        Scheduler::Cron => cron::line(order).map(|file| vec![file]),
        Scheduler::Schtasks => schtasks::task(order).map(|file| vec![file]),
        Scheduler::Launchd => launchd::property_list(order).map(|file| vec![file]),
    }
}
