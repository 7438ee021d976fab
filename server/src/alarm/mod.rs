//! ALARMS. What is wrong, from facts; what becomes of an alarm over time; and what is said of it to others. Pure.

mod condition;
mod doctor;
mod event;
mod expiry;
mod filter;
mod hub;
mod kind;
mod life;
mod look;
mod served;
mod settings;
mod sink;
mod values;
mod window;

pub use condition::Condition;
pub use doctor::{Parts, of_ca_directory, of_files, of_port};
pub use event::{Event, SCHEMA, ToldAlarm, What};
pub use expiry::{Ending, of_endings, step_of};
pub use filter::{filtered, filtered_event};
pub use hub::{Batch, HUB_SCHEMA, MAX_EVENTS, Numbered, Receipt};
pub use kind::{Kind, Severity};
pub use life::{Acknowledgment, Alarm, Hold, State, Step, acknowledged, advance};
pub use look::Look;
pub use served::{
    Backup, LastLine, Served, SiteHeard, Waiting, of_backup, of_last_line, of_memory, of_queues, of_server,
    of_sites,
};
pub use settings::{FILE_NAME, HubSettings, WatchSettings};
pub use sink::{MailTls, Sink, SinkKind, SyslogPlace};
pub use values::WatchError;
pub use window::Window;
