//! The appointment for the citizen's calendar (iCalendar, RFC 5545; methods of RFC 5546). Pure.
//!
//! It goes out as an attached file. As a third alternative beside text and HTML, Outlook would show a
//! meeting instead of the letter, and Apple Mail would put it in of its own accord. There is no
//! ATTENDEE, so that no program offers to accept and none sends a reply. Times are UTC: no VTIMEZONE is
//! needed, and every program shows them on its own clocks.

use super::{BookingWords, LetterKind};
use crate::domain::{BookingNumber, ContentHash, EmailAddress, Moment};

/// Name of the attached file: ASCII, known to every calendar by its ending.
pub const FILE_NAME: &str = "zapis.ics";

/// Octets of a line without its end (RFC 5545 section 3.1).
const LINE: usize = 75;

/// What a calendar does with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Puts it in, or renews it.
    Publish,
    /// Takes it out.
    Cancel,
}

impl Method {
    /// The word of RFC 5546.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Cancel => "CANCEL",
        }
    }

    /// What letters of a kind do to the calendar; most do nothing. `cancelled` is whether the
    /// booking is cancelled once the letter is written.
    pub const fn of(kind: LetterKind, cancelled: bool) -> Option<Self> {
        match kind {
            // A time that was given away on request is gone although the document did not do.
            LetterKind::ReviewRejected if cancelled => Some(Self::Cancel),
            LetterKind::Booking
            | LetterKind::OfferAccepted
            | LetterKind::Restored
            | LetterKind::Rebooked => Some(Self::Publish),
            LetterKind::Cancelled
            | LetterKind::AlreadyCancelled
            | LetterKind::DocumentAgain
            | LetterKind::CancelledByOrganisation
            | LetterKind::ReviewApproved => Some(Self::Cancel),
            LetterKind::RefusedTooLate
            | LetterKind::ConfirmFirst
            | LetterKind::CheckDetails
            | LetterKind::IsItThisOne
            | LetterKind::WhichOne
            | LetterKind::NotUnderstood
            | LetterKind::Received
            | LetterKind::Refused
            | LetterKind::Status
            | LetterKind::CaseOpened
            | LetterKind::Offer
            | LetterKind::OfferDeclined
            | LetterKind::OfferGone
            | LetterKind::RestoreConfirm
            | LetterKind::RestoreSlotOnOffer
            | LetterKind::RestoreSlotGone
            | LetterKind::RestoreTooLate
            | LetterKind::RebookChoices
            | LetterKind::RebookConfirm
            | LetterKind::RebookBarred
            | LetterKind::WaitingListJoined
            | LetterKind::LateConsent
            | LetterKind::UnderReview
            | LetterKind::DocumentsReceived
            | LetterKind::ReviewRejected
            | LetterKind::SanctionImposed
            | LetterKind::SanctionLifted => None,
        }
    }
}

/// The file: one event. The same data give the same bytes.
///
/// SEQUENCE is how often the booking was changed; it only grows, and a cancellation is a change, so
/// that a calendar never takes an older letter for a newer one. The length of the appointment is not
/// known: half an hour is shown, and the free time behind it is the citizen's.
pub fn event(
    method: Method,
    booking: &BookingWords,
    office: &EmailAddress,
    written_at: Moment,
) -> String {
    let starts = utc(booking.starts_at);
    let ends = utc(booking.starts_at.plus_minutes(30));
    let place = [booking.address.trim(), booking.resource.trim()];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    let status = match method {
        Method::Publish => "CONFIRMED",
        Method::Cancel => "CANCELLED",
    };
    let transparency = match method {
        Method::Publish => "OPAQUE",
        Method::Cancel => "TRANSPARENT",
    };
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//otmena//RU".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        format!("METHOD:{}", method.code()),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", uid(booking, office)),
        format!("SEQUENCE:{}", booking.sequence),
        format!("DTSTAMP:{}", utc(written_at)),
        format!("DTSTART:{starts}"),
        format!("DTEND:{ends}"),
        format!("SUMMARY:{}", text(&booking.service)),
        format!("LOCATION:{}", text(&place.join(", "))),
        format!(
            "DESCRIPTION:{}",
            text(&format!("{}\n№ {}", booking.organisation, booking.number))
        ),
        format!("ORGANIZER:mailto:{}", address(office)),
        format!("STATUS:{status}"),
        format!("TRANSP:{transparency}"),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

/// The same for all letters about a booking of this office, and for no other booking anywhere.
fn uid(booking: &BookingWords, office: &EmailAddress) -> String {
    let key = BookingNumber::parse(&booking.number)
        .map_or_else(|| booking.number.clone(), |number| number.lookup_key());
    let hash = ContentHash::of(&[b"event", office.as_str().as_bytes(), key.as_bytes()]).to_hex();
    let head: String = hash.chars().take(32).collect();
    format!("{head}@otmena")
}

/// `20270312T093000Z`.
fn utc(at: Moment) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A value of the kind TEXT (RFC 5545 section 3.3.11). Control characters have no place in one.
fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Only what needs no escaping in a URI; a domain in other letters stands as it is in few programs.
fn address(address: &EmailAddress) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@.-_+".contains(c);
    address.as_str().chars().filter(|c| plain(*c)).collect()
}

/// A line with its end, folded at 75 octets between two characters.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len().saturating_add(8));
    let mut room = LINE;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        room = room.saturating_sub(c.len_utf8());
        out.push(c);
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Zone;

    fn booking() -> BookingWords {
        BookingWords {
            number: "А-17".to_owned(),
            full_name: "Соколова Мария Андреевна".to_owned(),
            service: "Приём: терапевт, первичный; взрослые".to_owned(),
            organisation: "Поликлиника\\5".to_owned(),
            address: "Екатеринбург, ул. Первого Всероссийского Съезда Советов, д. 7\r\nX-EVIL:1"
                .to_owned(),
            resource: "каб. 214".to_owned(),
            starts_at: Moment::parse_rfc3339("2027-03-12T14:30:00+05:00").unwrap(),
            zone: Zone::named("Asia/Yekaterinburg").unwrap(),
            notice: crate::domain::Notice::Hours(24),
            sequence: 2,
        }
    }

    fn made(method: Method) -> String {
        let office = EmailAddress::parse("cancel@example.org").unwrap();
        event(
            method,
            &booking(),
            &office,
            Moment::from_seconds(1_800_000_000),
        )
    }

    #[test]
    fn lines_are_folded_escaped_and_none_can_be_added() {
        let made = made(Method::Publish);
        assert!(made.split("\r\n").all(|line| line.len() <= LINE), "{made}");
        let unfolded = made.replace("\r\n ", "");
        for line in [
            "METHOD:PUBLISH",
            "SEQUENCE:2",
            "DTSTART:20270312T093000Z",
            "SUMMARY:Приём: терапевт\\, первичный\\; взрослые",
            "DESCRIPTION:Поликлиника\\\\5\\n№ А-17",
            "ORGANIZER:mailto:cancel@example.org",
        ] {
            assert!(
                unfolded.split("\r\n").any(|l| l == line),
                "{line}\n{unfolded}"
            );
        }
        assert!(!unfolded.split("\r\n").any(|l| l.starts_with("X-EVIL")));
        assert!(
            !made.contains("Соколова") && !made.contains("ATTENDEE"),
            "{made}"
        );
    }

    #[test]
    fn a_cancellation_is_about_the_same_event() {
        let uid = |text: &str| {
            text.split("\r\n")
                .find(|line| line.starts_with("UID:"))
                .map(str::to_owned)
        };
        let (put, taken) = (made(Method::Publish), made(Method::Cancel));
        assert_eq!(uid(&put), uid(&taken));
        assert!(taken.contains("METHOD:CANCEL\r\n") && taken.contains("STATUS:CANCELLED\r\n"));
    }
}
