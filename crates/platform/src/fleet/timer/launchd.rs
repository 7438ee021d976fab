//! A property list of launchd, which starts no second call while one runs, and makes up for a time at which the machine slept.

use super::calendar::USUAL;
use super::quote::XmlText;
use super::{Argument, Calendar, Order, TimerFile, Unwritable};

pub(super) fn property_list(order: &Order) -> Result<TimerFile, Unwritable> {
    let mut words = vec![order.program.to_string()];
    for argument in order.arguments(order.passphrase.as_deref()) {
        words.push(match argument {
            Argument::Own(word) => word.to_owned(),
            Argument::Value(text) => XmlText::new(text)?.to_string(),
        });
    }
    let arguments: String = words
        .iter()
        .map(|word| format!("\t\t<string>{word}</string>\n"))
        .collect();
    let when: String = when(&order.calendar)?
        .iter()
        .map(|(key, number)| format!("\t\t<key>{key}</key>\n\t\t<integer>{number}</integer>\n"))
        .collect();
    let user = order.user.as_ref().map_or(String::new(), |user| {
        format!("\t<key>UserName</key>\n\t<string>{user}</string>\n")
    });
    // 63 is 0077: property lists have no octal numbers.
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n\t<key>Label</key>\n\t<string>{name}</string>\n\
         \t<key>ProgramArguments</key>\n\t<array>\n{arguments}\t</array>\n\
         \t<key>StartCalendarInterval</key>\n\t<dict>\n{when}\t</dict>\n{user}\
         \t<key>Umask</key>\n\t<integer>63</integer>\n\
         \t<key>HardResourceLimits</key>\n\t<dict>\n\t\t<key>Core</key>\n\t\t<integer>0</integer>\n\t</dict>\n\
         \t<key>ProcessType</key>\n\t<string>Background</string>\n</dict>\n</plist>\n",
        name = order.name
    );
    Ok(TimerFile::new(format!("{}.plist", order.name), text))
}

fn when(calendar: &Calendar) -> Result<Vec<(&'static str, u8)>, Unwritable> {
    let (hour, minute) = USUAL;
    let usual = vec![("Hour", hour), ("Minute", minute)];
    Ok(match calendar {
        Calendar::Hourly => vec![("Minute", minute)],
        Calendar::Daily(None) => usual,
        Calendar::Daily(Some((hour, minute))) => vec![("Hour", *hour), ("Minute", *minute)],
        Calendar::Weekly => [vec![("Weekday", 1)], usual].concat(),
        Calendar::Monthly => [vec![("Day", 1)], usual].concat(),
        Calendar::Expression(text) => return Err(Unwritable::Calendar(text.clone())),
    })
}
