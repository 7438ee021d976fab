//! Rates as people write them.

use time::Duration;

use crate::domain::limits::Rate;

/// Reads `20/1h`: a number for a time of seconds, minutes, hours or days. 0 forbids.
pub(super) fn parse(text: &str) -> Option<Rate> {
    let (burst, time) = text.split_once('/')?;
    let (count, unit) = time.split_at_checked(time.len().checked_sub(1)?)?;
    let count: i64 = number(count).filter(|count| *count > 0)?.into();
    let per = match unit {
        "s" => Duration::seconds(count),
        "m" => Duration::minutes(count),
        "h" => Duration::hours(count),
        "d" => Duration::days(count),
        _ => return None,
    };
    Some(Rate {
        burst: number(burst)?,
        per,
    })
}

/// A number of at most nine digits.
fn number(text: &str) -> Option<u32> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates() {
        let rate = |burst, per| Some(Rate { burst, per });
        assert_eq!(parse("20/1h"), rate(20, Duration::hours(1)));
        assert_eq!(parse("0/30s"), rate(0, Duration::seconds(30)));
        assert_eq!(parse("10/2d"), rate(10, Duration::days(2)));
        for text in [
            "",
            "20",
            "+1/1h",
            "1/+1h",
            "1234567890/1h",
            "/1h",
            "20/h",
            "20/1",
            "20/0h",
            "-1/1h",
            "20/1w",
            "20/1ä",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
