//! A line for cron.

use super::calendar::USUAL;
use super::quote::CronCommand;
use super::{Argument, Calendar, Order, TimerFile, Unwritable};

/// One line, of a file in `/etc/cron.d` if there is an account in it, else of an account's crontab. `flock -n` does nothing while the last call runs.
pub(super) fn line(order: &Order) -> Result<TimerFile, Unwritable> {
    let when = when(&order.calendar)?;
    let mut command = CronCommand::new("flock -n")
        .value(&order.inventory)?
        .words(&order.program.to_string());
    for argument in order.arguments(order.passphrase.as_deref()) {
        command = match argument {
            Argument::Own(word) => command.words(word),
            Argument::Value(text) => command.value(text)?,
        };
    }
    let user = order
        .user
        .as_ref()
        .map_or(String::new(), |user| format!(" {user}"));
    Ok(TimerFile::new(
        order.name.to_string(),
        format!("{when}{user} {command}\n"),
    ))
}

fn when(calendar: &Calendar) -> Result<String, Unwritable> {
    let (hour, minute) = USUAL;
    Ok(match calendar {
        Calendar::Hourly => format!("{minute} * * * *"),
        Calendar::Daily(time) => {
            let (hour, minute) = time.unwrap_or(USUAL);
            format!("{minute} {hour} * * *")
        }
        Calendar::Weekly => format!("{minute} {hour} * * 1"),
        Calendar::Monthly => format!("{minute} {hour} 1 * *"),
        Calendar::Expression(text) => return Err(Unwritable::Calendar(text.clone())),
    })
}
