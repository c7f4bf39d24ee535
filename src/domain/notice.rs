//! How long before an appointment a cancellation must have been received: hours, or calendar days
//! on the clocks of the place.

use super::{Moment, Zone};
use jiff::ToSpan;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// Longest notice: a year, in hours and in days.
const MOST_HOURS: u16 = 366 * 24;
const MOST_DAYS: u16 = 366;

/// A notice with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notice {
    /// So many hours before the start, to the minute.
    Hours(u16),
    /// To the end of the day that lies so many calendar days before the day of the appointment.
    Days(u16),
}

impl Default for Notice {
    fn default() -> Self {
        Self::Hours(0)
    }
}

impl Notice {
    /// Reads `24h`, `24 hours`, `3d` or `3 days`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = text.split_at_checked(end)?;
        let number: u16 = number.parse().ok()?;
        let notice = match unit.trim() {
            "h" | "hour" | "hours" => Self::Hours(number),
            "d" | "day" | "days" => Self::Days(number),
            _ => return None,
        };
        notice.is_sound().then_some(notice)
    }

    const fn is_sound(self) -> bool {
        match self {
            Self::Hours(hours) => hours <= MOST_HOURS,
            Self::Days(days) => days > 0 && days <= MOST_DAYS,
        }
    }

    /// Whether no notice is asked for at all.
    pub const fn is_none(self) -> bool {
        matches!(self, Self::Hours(0))
    }

    /// The last minute that keeps this notice for an appointment that starts at `starts_at` in
    /// `zone`; everything within it counts.
    pub fn last_minute(self, starts_at: Moment, zone: &Zone) -> Moment {
        match self {
            Self::Hours(hours) => starts_at.plus_hours(-i64::from(hours)).minute(),
            Self::Days(days) => {
                let day = starts_at.in_zone(zone).date();
                let last = day.checked_sub(i64::from(days).days()).ok();
                last.and_then(|day| zone.moment(day.at(23, 59, 0, 0)))
                    .unwrap_or_else(|| starts_at.plus_hours(-24 * i64::from(days)))
                    .minute()
            }
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours(hours) => write!(f, "{hours}h"),
            Self::Days(1) => f.write_str("1 day"),
            Self::Days(days) => write!(f, "{days} days"),
        }
    }
}

impl Serialize for Notice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads a text with its unit, or a bare number of hours.
struct NoticeVisitor;

impl Visitor<'_> for NoticeVisitor {
    type Value = Notice;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hours or calendar days such as \"24h\" or \"3 days\", or a number of hours")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Notice, E> {
        Notice::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_u64<E: de::Error>(self, hours: u64) -> Result<Notice, E> {
        u16::try_from(hours)
            .ok()
            .map(Notice::Hours)
            .filter(|notice| notice.is_sound())
            .ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(hours), &self))
    }

    fn visit_i64<E: de::Error>(self, hours: i64) -> Result<Notice, E> {
        match u64::try_from(hours) {
            Ok(hours) => self.visit_u64(hours),
            Err(_) => Err(E::invalid_value(de::Unexpected::Signed(hours), &self)),
        }
    }
}

impl<'de> Deserialize<'de> for Notice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NoticeVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The eleven zones of Russia, from west to east, with their offsets.
    const ZONES: [(&str, i64); 11] = [
        ("Europe/Kaliningrad", 2),
        ("Europe/Moscow", 3),
        ("Europe/Samara", 4),
        ("Asia/Yekaterinburg", 5),
        ("Asia/Omsk", 6),
        ("Asia/Krasnoyarsk", 7),
        ("Asia/Irkutsk", 8),
        ("Asia/Yakutsk", 9),
        ("Asia/Vladivostok", 10),
        ("Asia/Magadan", 11),
        ("Asia/Kamchatka", 12),
    ];

    fn last(notice: Notice, starts: &str, zone: &str) -> String {
        let starts = Moment::parse_rfc3339(starts).unwrap();
        let zone = Zone::named(zone).unwrap();
        let last = notice.last_minute(starts, &zone).in_zone(&zone);
        last.strftime("%Y-%m-%d %H:%M").to_string()
    }

    #[test]
    fn a_notice_is_read_with_its_unit() {
        for (text, expected) in [
            ("24h", Some(Notice::Hours(24))),
            (" 48 hours ", Some(Notice::Hours(48))),
            ("0h", Some(Notice::Hours(0))),
            ("1 day", Some(Notice::Days(1))),
            ("3d", Some(Notice::Days(3))),
            ("14 days", Some(Notice::Days(14))),
            ("24", None),
            ("h", None),
            ("0 days", None),
            ("367 days", None),
            ("9000h", None),
            ("-1h", None),
            ("3 weeks", None),
            ("", None),
        ] {
            assert_eq!(Notice::parse(text), expected, "{text}");
            if let Some(notice) = expected {
                assert_eq!(Notice::parse(&notice.to_string()), expected);
            }
        }
    }

    #[test]
    fn a_stored_or_written_number_means_hours() {
        let read = |json: &str| serde_json::from_str::<Notice>(json).ok();
        assert_eq!(read("24"), Some(Notice::Hours(24)));
        assert_eq!(read("\"3 days\""), Some(Notice::Days(3)));
        for bad in ["-1", "70000", "\"12\"", "true", "[]"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    /// «За 24 часа: к этой же минуте накануне; за 3 календарных дня: до конца третьего дня перед
    /// днём приёма, по часам организации.»
    #[test]
    fn in_each_of_the_eleven_zones_the_last_minute_is_that_of_the_local_clock() {
        for (zone, offset) in ZONES {
            let morning = format!("2027-03-12T00:30:00+{offset:02}:00");
            assert_eq!(
                last(Notice::Hours(24), &morning, zone),
                "2027-03-11 00:30",
                "{zone}"
            );
            assert_eq!(
                last(Notice::Days(3), &morning, zone),
                "2027-03-09 23:59",
                "{zone}"
            );
            let evening = format!("2027-03-12T23:30:00+{offset:02}:00");
            assert_eq!(
                last(Notice::Days(3), &evening, zone),
                "2027-03-09 23:59",
                "{zone}"
            );
            let seconds = format!("2027-03-12T14:30:45+{offset:02}:00");
            assert_eq!(
                last(Notice::Hours(72), &seconds, zone),
                "2027-03-09 14:30",
                "{zone}"
            );
        }
    }

    #[test]
    fn calendar_days_pass_over_ends_of_months_leap_days_and_years() {
        for (starts, days, expected) in [
            ("2028-03-01T10:00:00+03:00", 1, "2028-02-29 23:59"),
            ("2027-03-01T10:00:00+03:00", 1, "2027-02-28 23:59"),
            ("2027-01-01T00:00:00+03:00", 1, "2026-12-31 23:59"),
            ("2027-01-02T09:00:00+03:00", 5, "2026-12-28 23:59"),
        ] {
            assert_eq!(last(Notice::Days(days), starts, "Europe/Moscow"), expected);
        }
    }

    /// Where clocks change, hours are hours and days are days.
    #[test]
    fn a_change_of_clocks_shifts_hours_but_no_calendar_day() {
        // Berlin, 28 March 2027: 02:00 becomes 03:00.
        let start = "2027-03-28T10:00:00+02:00";
        assert_eq!(
            last(Notice::Hours(24), start, "Europe/Berlin"),
            "2027-03-27 09:00"
        );
        assert_eq!(
            last(Notice::Days(1), start, "Europe/Berlin"),
            "2027-03-27 23:59"
        );
    }
}
