//! A task of Windows, as XML: the options of schtasks.exe have no way to write every path, and none for a task that was missed.

use super::calendar::USUAL;
use super::quote::XmlText;
use super::{Argument, Calendar, Order, TimerFile, Unwritable};
use crate::fleet::arguments::windows_argument;

/// The account of the system, by its identifier, which is the same in every language.
const SYSTEM: &str = "S-1-5-18";

pub(super) fn task(order: &Order) -> Result<TimerFile, Unwritable> {
    let mut words = Vec::new();
    for argument in order.arguments(order.passphrase.as_deref()) {
        words.push(match argument {
            Argument::Own(word) => word.to_owned(),
            Argument::Value(text) => XmlText::new(&windows_argument(expect_not_replaced(text)?))?.to_string(),
        });
    }
    let principal = match &order.user {
        Some(user) => format!("<UserId>{user}</UserId>\n      <LogonType>S4U</LogonType>"),
        None => format!("<UserId>{SYSTEM}</UserId>"),
    };
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Certificates of the fleet. Made by gsec fleet timer.</Description>
  </RegistrationInfo>
  <Triggers>
{trigger}
  </Triggers>
  <Principals>
    <Principal id="Author">
      {principal}
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
    </Exec>
  </Actions>
</Task>
"#,
        trigger = trigger(&order.calendar)?,
        program = order.program,
        arguments = words.join(" "),
    );
    Ok(TimerFile {
        name: format!("{}.xml", order.name),
        text: text.replace('\n', "\r\n"),
        is_utf16: true,
    })
}

fn expect_not_replaced(text: &str) -> Result<&str, Unwritable> {
    match text.contains('%') || text.contains("$(") {
        true => Err(Unwritable::Replaced(text.to_owned())),
        false => Ok(text),
    }
}

fn trigger(calendar: &Calendar) -> Result<String, Unwritable> {
    let (hour, minute) = match calendar {
        Calendar::Daily(Some(time)) => *time,
        _ => USUAL,
    };
    let start = format!("<StartBoundary>2026-01-01T{hour:02}:{minute:02}:00</StartBoundary>");
    let common =
        format!("      {start}\n      <Enabled>true</Enabled>\n      <RandomDelay>PT1H</RandomDelay>\n");
    let schedule = match calendar {
        Calendar::Hourly => {
            let repetition = "      <Repetition>\n        <Interval>PT1H</Interval>\n      </Repetition>\n";
            return Ok(format!(
                "    <TimeTrigger>\n{repetition}{common}    </TimeTrigger>"
            ));
        }
        Calendar::Daily(_) => "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>",
        Calendar::Weekly => {
            "<ScheduleByWeek><WeeksInterval>1</WeeksInterval><DaysOfWeek><Monday /></DaysOfWeek></ScheduleByWeek>"
        }
        Calendar::Monthly => {
            "<ScheduleByMonth><DaysOfMonth><Day>1</Day></DaysOfMonth><Months><January /><February /><March /><April /><May /><June />\
             <July /><August /><September /><October /><November /><December /></Months></ScheduleByMonth>"
        }
        Calendar::Expression(text) => return Err(Unwritable::Calendar(text.clone())),
    };
    Ok(format!(
        "    <CalendarTrigger>\n{common}      {schedule}\n    </CalendarTrigger>"
    ))
}
