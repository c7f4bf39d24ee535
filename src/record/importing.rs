//! Bookings of a file, and whether each is the one on file or another one with its number. Pure.

use crate::domain::{Booking, BookingNumber, Citizen, Moment, Organisation, Service};
use std::collections::BTreeSet;

/// A line of the bookings file, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingImport {
    /// The number.
    pub number: BookingNumber,
    /// Who booked.
    pub citizen: Citizen,
    /// What was booked.
    pub service: Service,
    /// Where.
    pub organisation: Organisation,
    /// Doctor, room or window; empty when the file does not say.
    pub resource: String,
    /// When it begins.
    pub starts_at: Moment,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Bookings that were new.
    pub created: u64,
    /// Bookings whose details changed.
    pub changed: u64,
    /// Bookings that were moved to another time.
    pub rescheduled: u64,
    /// Bookings that were as the file says.
    pub unchanged: u64,
    /// Numbers of bookings with an address that stands on the bookings of more than five persons.
    pub shared_addresses: Vec<BookingNumber>,
    /// Bookings that would have replaced somebody else's; where there are any, nothing was
    /// imported and all counts are 0.
    pub refused: Vec<RefusedImport>,
}

/// A booking of the file that has the number of another one on file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedImport {
    /// The number as the file writes it.
    pub number: BookingNumber,
    /// Why it is refused.
    pub clash: Clash,
}

/// What shows that two bookings with one lookup key are not the same booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// The number on file is written with other letters that look alike.
    WrittenDifferently,
    /// It is on file for another person: no name, address or id in common.
    AnotherPerson,
}

/// Why `import` is not the booking on file, although their numbers have the same lookup key.
pub fn clash(on_file: &Booking, import: &BookingImport) -> Option<Clash> {
    if on_file.number != import.number {
        Some(Clash::WrittenDifferently)
    } else if another_person(&on_file.citizen, &import.citizen) {
        Some(Clash::AnotherPerson)
    } else {
        None
    }
}

/// A name may change by marriage and an address at any time, but not everything at once. A person
/// whom retention has removed cannot be told from anybody.
fn another_person(before: &Citizen, after: &Citizen) -> bool {
    let same_id = before.citizen_id.is_some() && before.citizen_id == after.citizen_id;
    let address_in_common = before
        .emails
        .iter()
        .any(|email| after.emails.contains(email));
    let name = words(&before.full_name);
    !same_id && !address_in_common && !name.is_empty() && name.is_disjoint(&words(&after.full_name))
}

/// The words of a name without case, «ё» as «е»; initials say nothing.
fn words(name: &str) -> BTreeSet<String> {
    name.to_lowercase()
        .replace('ё', "е")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 1)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EmailAddress;

    fn citizen(full_name: &str, email: &str, citizen_id: Option<&str>) -> Citizen {
        Citizen {
            full_name: full_name.to_owned(),
            emails: EmailAddress::parse(email).into_iter().collect(),
            phone: None,
            citizen_id: citizen_id.map(str::to_owned),
        }
    }

    #[test]
    fn one_thing_in_common_makes_it_the_same_person() {
        let before = citizen("Семёнова Анна Петровна", "a@example.org", Some("17"));
        for same in [
            citizen("СЕМЕНОВА А. П.", "b@example.org", None),
            citizen("Орлова Анна Петровна", "b@example.org", None),
            citizen("Орлов Пётр Ильич", "a@example.org", Some("18")),
            citizen("Орлов Пётр Ильич", "b@example.org", Some("17")),
        ] {
            assert!(!another_person(&before, &same), "{}", same.full_name);
        }
        let other = citizen("Орлов Пётр Ильич", "b@example.org", Some("18"));
        assert!(another_person(&before, &other));
        assert!(!another_person(&citizen("", "", None), &other));
        let without_id = citizen("Орлов Пётр Ильич", "b@example.org", None);
        let before = citizen("Иванова Анна", "a@example.org", None);
        assert!(another_person(&before, &without_id));
    }
}
