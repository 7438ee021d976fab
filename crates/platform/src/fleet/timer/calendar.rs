//! When a timer runs.

/// When.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Calendar {
    /// Every hour.
    Hourly,
    /// Every day at this hour and minute; systemd chooses them within an hour after midnight where none are given.
    Daily(Option<(u8, u8)>),
    /// On Mondays.
    Weekly,
    /// On the first of each month.
    Monthly,
    /// An expression of systemd's (systemd.time(7)).
    Expression(String),
}

/// The hour and minute where only the day is said, and the scheduler has no delay of its own: not at midnight, when everything runs.
pub(super) const USUAL: (u8, u8) = (3, 17);

impl Calendar {
    /// `hourly`, `daily`, `weekly`, `monthly`, `HH:MM`, or an expression of systemd's.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "hourly" => Self::Hourly,
            "daily" => Self::Daily(None),
            "weekly" => Self::Weekly,
            "monthly" => Self::Monthly,
            other => match time(other) {
                Some(time) => Self::Daily(Some(time)),
                None => Self::Expression(expression(other)?),
            },
        })
    }

    /// As systemd reads it.
    pub(super) fn expression(&self) -> String {
        match self {
            Self::Hourly => "hourly".into(),
            Self::Daily(None) => "daily".into(),
            Self::Daily(Some((hour, minute))) => format!("*-*-* {hour:02}:{minute:02}:00"),
            Self::Weekly => "weekly".into(),
            Self::Monthly => "monthly".into(),
            Self::Expression(text) => text.clone(),
        }
    }
}

fn time(text: &str) -> Option<(u8, u8)> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str, end: u8| {
        let is_two_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| is_two_digits && *number < end)
    };
    Some((number(hour, 24)?, number(minute, 60)?))
}

/// Only what expressions consist of: systemd says whether one is valid.
fn expression(text: &str) -> Option<String> {
    let is_fit = |character: char| character.is_ascii_alphanumeric() || " *:,./~-_+".contains(character);
    let is_expression = !text.trim().is_empty() && text.len() <= 200 && text.chars().all(is_fit);
    is_expression.then(|| text.trim().to_owned())
}
