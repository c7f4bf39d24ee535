//! The event for the citizen's calendar, read by a parser that is not ours.

use super::samples::{press, row};
use mail_parser::{MessageParser, MimeHeaders};
use otmena::record::OutboxRow;
use otmena::reply::LetterKind;
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Prints what the parser makes of each event; a fault in the file ends it with an error.
const READ: &str = r#"
import sys, json, icalendar
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
assert not calendar.errors, calendar.errors
events = list(calendar.walk("VEVENT"))
assert len(events) == 1 and not events[0].errors, events
event = events[0]
text = lambda name: str(event.get(name, ""))
print(json.dumps({
    "version": str(calendar["VERSION"]), "method": str(calendar["METHOD"]),
    "uid": text("UID"), "sequence": int(event["SEQUENCE"]), "status": text("STATUS"),
    "summary": text("SUMMARY"), "location": text("LOCATION"), "description": text("DESCRIPTION"),
    "organizer": text("ORGANIZER"), "attendees": len(event.get("ATTENDEE", [])),
    "start": event["DTSTART"].dt.isoformat(), "end": event["DTEND"].dt.isoformat(),
    "stamp": event["DTSTAMP"].dt.isoformat(),
}))
"#;

fn parsed(file: &[u8]) -> Value {
    let python = concat!(env!("CARGO_MANIFEST_DIR"), "/target/python/bin/python");
    assert!(
        Path::new(python).exists(),
        "run ./test once: it installs what tests/python-packages.txt lists"
    );
    let mut child = Command::new(python)
        .args(["-c", READ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(file).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(file));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The one attached event: its Content-Type, and its bytes.
fn attached(row: &OutboxRow) -> Option<(String, Vec<u8>)> {
    let letter = press().render(row).unwrap();
    let message = MessageParser::default().parse(&letter.bytes).unwrap();
    let mut files = message.attachments().filter(|part| {
        part.attachment_name()
            .is_some_and(|name| name.ends_with(".ics"))
    });
    let file = files.next()?;
    assert!(files.next().is_none(), "one event");
    let kind = file.content_type().unwrap();
    let method = kind.attribute("method").unwrap_or_default();
    let disposition = file.content_disposition().unwrap().ctype();
    let told = format!(
        "{}/{} {method} {disposition}",
        kind.ctype(),
        kind.subtype().unwrap()
    );
    Some((told, file.contents().to_vec()))
}

#[test]
fn an_independent_parser_reads_the_appointment() {
    let (kind, file) = attached(&row(LetterKind::Booking)).unwrap();
    assert_eq!(kind, "text/calendar PUBLISH attachment");
    insta::assert_snapshot!(
        "event.json",
        serde_json::to_string_pretty(&parsed(&file)).unwrap()
    );
}

#[test]
fn a_confirmation_takes_the_same_event_out_again() {
    let (_, booked) = attached(&row(LetterKind::Booking)).unwrap();
    let booked = parsed(&booked);
    for kind in [
        LetterKind::Cancelled,
        LetterKind::AlreadyCancelled,
        LetterKind::DocumentAgain,
    ] {
        let mut row = row(kind);
        row.letter.data.booking.as_mut().unwrap().sequence = 1;
        let (told, file) = attached(&row).unwrap();
        assert_eq!(told, "text/calendar CANCEL attachment");
        let cancelled = parsed(&file);
        assert_eq!(cancelled["uid"], booked["uid"], "{kind:?}");
        assert_eq!(cancelled["status"], "CANCELLED");
        assert!(cancelled["sequence"].as_i64() > booked["sequence"].as_i64());
        assert_eq!(cancelled["attendees"], 0);
    }
}

#[test]
fn letters_that_change_nothing_touch_no_calendar() {
    for kind in LetterKind::ALL {
        let tells = matches!(
            kind,
            LetterKind::Booking
                | LetterKind::Cancelled
                | LetterKind::AlreadyCancelled
                | LetterKind::DocumentAgain
                | LetterKind::OfferAccepted
                | LetterKind::Restored
                | LetterKind::Rebooked
                | LetterKind::CancelledByOrganisation
                | LetterKind::ReviewApproved
                | LetterKind::ReviewRejected
        );
        assert_eq!(attached(&row(kind)).is_some(), tells, "{kind:?}");
    }
    // A document that was rejected leaves the appointment, unless its time was given away.
    let mut stands = row(LetterKind::ReviewRejected);
    stands.letter.data.cancelled_at = None;
    let late = stands.letter.data.late.get_or_insert_default();
    late.refused_at = Some(stands.letter.date);
    assert!(attached(&stands).is_none());
}

#[test]
fn whatever_a_booking_is_called_the_file_stays_one_event() {
    let mut row = row(LetterKind::Booking);
    let booking = row.letter.data.booking.as_mut().unwrap();
    let evil = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:a@example.org, ; \\ \u{7} «й»";
    booking.service = evil.repeat(5);
    booking.address = evil.to_owned();
    booking.organisation = evil.to_owned();
    let (_, file) = attached(&row).unwrap();
    let event = parsed(&file);
    assert_eq!(event["attendees"], 0);
    assert!(event["summary"].as_str().unwrap().contains(", ; \\"));
}
