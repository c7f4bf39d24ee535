//! Which bookings a dead letter may be about: for the staff's note, never for a decision.

use super::last_minute;
use crate::domain::{Booking, EmailAddress, Moment, Policy, Zone};
use crate::request::RequestReading;
use crate::request::details::{DetailMatch, compare};
use std::cmp::Reverse;

/// At most so many are shown.
const SHOWN: usize = 3;

/// A booking below this weight is a stranger's.
const LEAST_WEIGHT: i32 = 3;

/// Longer numbers have too many neighbours to look them all up.
const LONGEST_NUMBER: usize = 16;

/// What speaks for a booking, or against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// The number.
    Number,
    /// One slip of the pen away from the number.
    NumberNear,
    /// The name.
    Name,
    /// Nearly the name.
    NameNear,
    /// The telephone.
    Phone,
    /// The sender's address.
    Address,
    /// The date.
    Date,
    /// The time.
    Time,
}

impl Sign {
    /// The word used in `templates/notes/acts.toml`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::NumberNear => "number_near",
            Self::Name => "name",
            Self::NameNear => "name_near",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Date => "date",
            Self::Time => "time",
        }
    }

    const fn weight(self) -> i32 {
        match self {
            Self::Number => 5,
            Self::Address => 4,
            Self::NumberNear | Self::Name | Self::Phone => 3,
            Self::NameNear | Self::Date => 2,
            Self::Time => 1,
        }
    }
}

/// A booking that the letter may be about, with no more of its citizen than is needed to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likely {
    /// Its number.
    pub number: String,
    /// Surname and initials.
    pub name: String,
    /// Its start.
    pub starts_at: Moment,
    /// The zone of its place.
    pub zone: Zone,
    /// Whether it can still be cancelled.
    pub open: bool,
    /// The last minute in which it can be cancelled by letter.
    pub deadline: Moment,
    /// What speaks for it.
    pub signs: Vec<Sign>,
    /// What speaks against it.
    pub against: Vec<Sign>,
}

/// The most likely of `bookings`, the best first.
pub fn likely(
    reading: &RequestReading,
    sender: Option<&EmailAddress>,
    bookings: &[Booking],
    policy: &Policy,
) -> Vec<Likely> {
    let mut weighed: Vec<(i32, Likely)> = bookings
        .iter()
        .map(|booking| weigh(reading, sender, booking, policy))
        .filter(|(weight, _)| *weight >= LEAST_WEIGHT)
        .collect();
    weighed.sort_by_key(|(weight, likely)| (Reverse(*weight), likely.number.clone()));
    weighed.truncate(SHOWN);
    weighed.into_iter().map(|(_, likely)| likely).collect()
}

fn weigh(
    reading: &RequestReading,
    sender: Option<&EmailAddress>,
    booking: &Booking,
    policy: &Policy,
) -> (i32, Likely) {
    let (mut signs, mut against) = (Vec::new(), Vec::new());
    let numbers = [&reading.number, &reading.quoted_number];
    let key = booking.number.lookup_key();
    let given: Vec<String> = numbers
        .into_iter()
        .flatten()
        .map(|n| n.lookup_key())
        .collect();
    if given.contains(&key) {
        signs.push(Sign::Number);
    } else if given.iter().any(|given| neighbours(given).contains(&key)) {
        signs.push(Sign::NumberNear);
    } else if !given.is_empty() {
        against.push(Sign::Number);
    }
    let details = compare(reading, booking);
    for (detail, equal, near) in [
        (details.name, Sign::Name, Sign::NameNear),
        (details.phone, Sign::Phone, Sign::Phone),
        (details.date, Sign::Date, Sign::Date),
        (details.time, Sign::Time, Sign::Time),
    ] {
        match detail {
            DetailMatch::Equal => signs.push(equal),
            DetailMatch::Similar => signs.push(near),
            DetailMatch::Different => against.push(equal),
            DetailMatch::NotGiven => {}
        }
    }
    if sender.is_some_and(|sender| booking.has_on_file(sender)) {
        signs.push(Sign::Address);
    }
    let weight: i32 = signs.iter().map(|sign| sign.weight()).sum();
    let minus: i32 = against.iter().map(|sign| sign.weight()).sum();
    let likely = Likely {
        number: booking.number.as_str().to_owned(),
        name: short_name(&booking.citizen.full_name),
        starts_at: booking.starts_at,
        zone: booking.organisation.zone.clone(),
        open: booking.is_open(),
        deadline: last_minute(booking, policy),
        signs,
        against,
    };
    (weight * 2 - minus, likely)
}

/// «Смирнова А. П.»
fn short_name(full_name: &str) -> String {
    let mut words = full_name.split_whitespace();
    let mut short = words.next().unwrap_or("").to_owned();
    for word in words.take(2) {
        short.extend(word.chars().next().map(|initial| format!(" {initial}.")));
    }
    short
}

/// The lookup keys one slip of the pen away: a digit more, fewer, another, or two exchanged.
pub fn neighbours(key: &str) -> Vec<String> {
    let signs: Vec<char> = key.chars().collect();
    if signs.is_empty() || signs.len() > LONGEST_NUMBER {
        return Vec::new();
    }
    let mut found = Vec::new();
    for at in 0..=signs.len() {
        let (head, tail) = signs.split_at_checked(at).unwrap_or((&signs, &[]));
        let joined = |middle: &[char], rest: &[char]| -> String {
            head.iter().chain(middle).chain(rest).collect()
        };
        found.extend(('0'..='9').map(|digit| joined(&[digit], tail)));
        if let [first, rest @ ..] = tail {
            found.push(joined(&[], rest));
            let others = ('0'..='9').filter(|digit| digit != first);
            found.extend(others.map(|digit| joined(&[digit], rest)));
            if let [second, rest @ ..] = rest {
                found.push(joined(&[*second, *first], rest));
            }
        }
    }
    found.retain(|other| other != key && !other.is_empty());
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::samples::booking;

    #[test]
    fn neighbours_are_one_slip_away() {
        let near = neighbours("123");
        for other in ["12", "13", "23", "1234", "0123", "124", "132", "213"] {
            assert!(near.contains(&other.to_owned()), "{other}");
        }
        for other in ["123", "1", "321", "125 4"] {
            assert!(!near.contains(&other.to_owned()), "{other}");
        }
        assert!(neighbours(&"9".repeat(40)).is_empty());
    }

    #[test]
    fn likely_bookings_have_signs_and_strangers_are_left_out() {
        let policy = Policy::default();
        let known = booking();
        let reading = RequestReading {
            full_name: Some(known.citizen.full_name.clone()),
            date: Some("2001-01-01".to_owned()),
            ..RequestReading::default()
        };
        let found = likely(&reading, None, std::slice::from_ref(&known), &policy);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].signs, [Sign::Name]);
        assert_eq!(found[0].against, [Sign::Date]);
        assert!(!found[0].name.contains(&known.citizen.full_name));
        let nothing = RequestReading::default();
        assert!(likely(&nothing, None, &[known], &policy).is_empty());
    }

    #[test]
    fn short_name_keeps_the_surname_and_initials() {
        assert_eq!(short_name("Смирнова Анна Павловна"), "Смирнова А. П.");
        assert_eq!(short_name("Ли"), "Ли");
        assert_eq!(short_name(""), "");
    }
}
