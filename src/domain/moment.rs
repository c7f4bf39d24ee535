//! Instants and zones. An instant is stored as microseconds UTC; a zone is kept beside it where
//! a place matters.

use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// One minute in microseconds.
const MINUTE: i64 = 60_000_000;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    /// From microseconds UTC.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds UTC.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds UTC.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds UTC, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The beginning of the minute that holds this instant: deadlines are judged by minutes.
    pub const fn minute(self) -> Self {
        Self(self.0.div_euclid(MINUTE) * MINUTE)
    }

    /// This instant and `minutes` more (or fewer, when negative).
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes.saturating_mul(MINUTE)))
    }

    /// This instant and `seconds` more (or fewer, when negative).
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// This instant and `hours` more (or fewer, when negative).
    pub const fn plus_hours(self, hours: i64) -> Self {
        self.plus_minutes(hours.saturating_mul(60))
    }

    /// Reads RFC 3339, `2027-02-05T10:22:00+03:00`; `None` when it is something else.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let instant: Timestamp = text.trim().parse().ok()?;
        Some(Self(instant.as_microsecond()))
    }

    /// As RFC 3339 in UTC.
    pub fn to_rfc3339(self) -> String {
        self.timestamp().to_string()
    }

    /// The same instant on the clocks of `zone`.
    pub fn in_zone(self, zone: &Zone) -> Zoned {
        self.timestamp().to_zoned(zone.0.clone())
    }

    /// As jiff's timestamp; instants out of its range become the nearest one within.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }
}

/// An IANA time zone, `Europe/Moscow`, from the data base built into the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

/// The name is in no edition of the IANA data base that this program knows.
#[derive(Debug, Clone, thiserror::Error)]
#[error("unknown time zone «{0}»; expected an IANA name such as Europe/Moscow")]
pub struct ZoneError(pub String);

impl Zone {
    /// Finds a zone by its IANA name.
    ///
    /// # Errors
    /// [`ZoneError`] when no such zone is known.
    pub fn named(name: &str) -> Result<Self, ZoneError> {
        TimeZone::get(name.trim())
            .ok()
            .filter(|zone| zone.iana_name().is_some())
            .map(Self)
            .ok_or_else(|| ZoneError(name.chars().take(60).collect()))
    }

    /// The instant at which the clocks of this zone show `civil`; where they are put forward over
    /// it, the one after. `None` out of jiff's range.
    pub fn moment(&self, civil: jiff::civil::DateTime) -> Option<Moment> {
        let zoned = civil.to_zoned(self.0.clone()).ok()?;
        Some(Moment(zoned.timestamp().as_microsecond()))
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneError;
    fn try_from(name: String) -> Result<Self, ZoneError> {
        Self::named(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minute_rounds_down_also_before_1970() {
        assert_eq!(Moment::from_seconds(61).minute(), Moment::from_seconds(60));
        assert_eq!(Moment::from_seconds(-1).minute(), Moment::from_seconds(-60));
    }

    #[test]
    fn zones_are_found_by_their_iana_name_only() {
        assert_eq!(
            Zone::named("Asia/Yekaterinburg").unwrap().name(),
            "Asia/Yekaterinburg"
        );
        assert!(Zone::named("Екатеринбург").is_err());
    }
}
