//! INTERNALDATE (RFC 9051 section 9, `date-time`). Pure.

use crate::domain::Moment;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Reads ` 5-Feb-2027 10:22:00 +0300`; `None` for anything else.
pub(super) fn parse(text: &str) -> Option<Moment> {
    let mut parts = text.trim().split_ascii_whitespace();
    let (date, time, zone) = (parts.next()?, parts.next()?, parts.next()?);
    let mut date = date.splitn(3, '-');
    let day: i8 = date.next()?.parse().ok()?;
    let month = date.next()?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|name| *name == month)?;
    let year: i16 = date.next()?.parse().ok()?;
    let mut time = time.splitn(3, ':');
    let hour: i8 = time.next()?.parse().ok()?;
    let minute: i8 = time.next()?.parse().ok()?;
    let second: i8 = time.next()?.parse().ok()?;
    let month = i8::try_from(month + 1).ok()?;
    // RFC 9051 allows a leap second; the minute is what counts.
    let local =
        jiff::civil::DateTime::new(year, month, day, hour, minute, second.min(59), 0).ok()?;
    let utc = local.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Moment::from_seconds(utc.timestamp().as_second()).plus_minutes(-offset(zone)?))
}

/// `+0300` in minutes.
fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits = zone.get(1..)?;
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 = digits.get(2..)?.parse().ok()?;
    Some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::domain::Moment;

    #[test]
    fn parse_respects_the_offset() {
        let expected = Moment::parse_rfc3339("2027-02-05T07:22:09Z").unwrap();
        assert_eq!(parse(" 5-Feb-2027 10:22:09 +0300"), Some(expected));
        assert_eq!(parse("05-feb-2027 01:52:09 -0530"), Some(expected));
    }

    #[test]
    fn parse_refuses_what_is_no_date() {
        for text in [
            "",
            "5-Feb-2027",
            "31-Feb-2027 10:00:00 +0000",
            "5-Feb-2027 10:22:09 MSK",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
