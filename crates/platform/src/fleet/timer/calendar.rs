//! When a timer runs.

use super::expression::{self, CalendarError};

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
    ///
    /// # Errors
    /// [`CalendarError`] where systemd would take no such expression.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        Ok(match text.to_ascii_lowercase().as_str() {
            "hourly" => Self::Hourly,
            "daily" => Self::Daily(None),
            "weekly" => Self::Weekly,
            "monthly" => Self::Monthly,
            other => match time(other) {
                Some(time) => Self::Daily(Some(time)),
                None => {
                    expression::check(text)?;
                    Self::Expression(text.trim_matches(' ').to_owned())
                }
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
