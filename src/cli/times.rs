//! Times as operators read them, and as programs do.

use crate::domain::{Moment, Zone};

/// `2027-02-05 10:22 Europe/Moscow`.
pub fn local(moment: Moment, zone: &Zone) -> String {
    let zoned = moment.in_zone(zone);
    format!("{} {}", zoned.strftime("%Y-%m-%d %H:%M"), zone.name())
}

/// `2027-02-05 10:22:31` on the clocks of `zone`.
pub fn to_the_second(moment: Moment, zone: &Zone) -> String {
    moment
        .in_zone(zone)
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}

/// `2027-02-05 07:22 UTC`.
pub fn utc(moment: Moment) -> String {
    moment
        .timestamp()
        .strftime("%Y-%m-%d %H:%M UTC")
        .to_string()
}

/// RFC 3339 with the offset of `zone`, for JSON.
pub fn rfc3339(moment: Moment, zone: &Zone) -> String {
    moment
        .in_zone(zone)
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

/// A value of the command line in RFC 3339.
///
/// # Errors
/// What is expected.
pub fn parse(text: &str) -> Result<Moment, String> {
    Moment::parse_rfc3339(text)
        .ok_or_else(|| "expected RFC 3339 such as 2027-02-05T10:22:00+03:00".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_on_the_clocks_of_the_place() {
        let zone = Zone::named("Asia/Yekaterinburg").unwrap();
        let moment = Moment::parse_rfc3339("2027-02-05T05:22:31Z").unwrap();
        assert_eq!(local(moment, &zone), "2027-02-05 10:22 Asia/Yekaterinburg");
        assert_eq!(rfc3339(moment, &zone), "2027-02-05T10:22:31+05:00");
        assert_eq!(utc(moment), "2027-02-05 05:22 UTC");
    }
}
