//! Letters as bytes.

use super::samples::{at, booking, by_staff, id, key, office, press, row, words};
use mail_parser::{MessageParser, MimeHeaders};
use otmena::config::EnvelopeSender;
use otmena::decide::{CancelOutlook, Likely, Note, Occasion, Outlook, Sign};
use otmena::domain::{BookingNumber, BounceTags, LetterId, Obstacle, Reason, TokenSecrets, Zone};
use otmena::file_away::note::render_note;
use otmena::reply::LetterKind;
use otmena::reply::message::Press;
use otmena::reply::templates::Templates;
use otmena::request::{Intent, RequestReading};
use std::sync::Arc;

pub fn note(reason: Reason) -> Note {
    Note {
        message_id: id("note.mfrggzdf@example.org"),
        letter: Some(LetterId(77)),
        date: at("2027-03-10T09:15:31+05:00"),
        in_reply_to: vec![id("reply-1@example.com"), id("booking-1@example.org")],
        subject: "Re: Отмена записи №12345".to_owned(),
        reason,
        reading: RequestReading {
            intent: Intent::Cancel,
            number: BookingNumber::parse("12345"),
            full_name: Some("Соколова М. А.".to_owned()),
            date: Some("2027-03-13".to_owned()),
            problems: vec![reason, Reason::PhoneAmbiguous],
            ..RequestReading::default()
        },
        received_at: at("2027-03-10T09:15:20+05:00"),
        zone: Zone::named("Asia/Yekaterinburg").unwrap(),
        deadline: Some(at("2027-03-11T14:30:00+05:00")),
        outlook: Some(Outlook {
            cancel: CancelOutlook::AsksFirst,
            refuse: Some(Obstacle::SenderUnproven),
        }),
        occasion: Occasion::Held,
    }
}

/// A booking that the note's letter may be about.
pub fn likely() -> Likely {
    Likely {
        number: "12354".to_owned(),
        name: "Соколова М. А.".to_owned(),
        starts_at: at("2027-03-13T14:30:00+05:00"),
        zone: Zone::named("Asia/Yekaterinburg").unwrap(),
        open: true,
        deadline: at("2027-03-12T14:30:00+05:00"),
        signs: vec![Sign::NumberNear, Sign::Name, Sign::Date],
        against: vec![Sign::Phone],
    }
}

/// The headers as they stand in the letter, unfolded but not decoded.
fn headers(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).unwrap();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    head.replace("\r\n ", " ").replace("\r\n", "\n")
}

#[test]
fn the_same_row_gives_the_same_bytes() {
    for kind in LetterKind::ALL {
        let first = press().render(&row(kind)).unwrap();
        assert_eq!(
            first,
            press().render(&row(kind)).unwrap(),
            "{}",
            kind.code()
        );
    }
}

#[test]
fn each_letter_carries_its_headers() {
    for kind in LetterKind::ALL {
        let letter = press().render(&row(kind)).unwrap();
        insta::assert_snapshot!(format!("{}.headers", kind.code()), headers(&letter.bytes));
    }
}

#[test]
fn each_letter_is_ascii_with_crlf_and_short_lines() {
    for kind in LetterKind::ALL {
        let letter = press().render(&row(kind)).unwrap();
        let text = String::from_utf8(letter.bytes).unwrap();
        assert!(text.is_ascii(), "{}", kind.code());
        assert!(
            !text.replace("\r\n", "").contains(['\r', '\n']),
            "{}",
            kind.code()
        );
        let longest = text.split("\r\n").map(str::len).max().unwrap();
        assert!(longest <= 998, "{}: {longest}", kind.code());
    }
}

#[test]
fn text_html_and_document_come_back_as_they_were_written() {
    let templates = Templates::load().unwrap();
    for kind in LetterKind::ALL {
        let row = row(kind);
        let letter = press().render(&row).unwrap();
        let parsed = MessageParser::default().parse(&letter.bytes).unwrap();
        let words = words(&templates, kind, &row.letter.data);
        let lf = |text: &str| text.replace("\r\n", "\n").trim_end().to_owned();
        assert_eq!(parsed.subject().unwrap(), words.subject);
        assert_eq!(lf(&parsed.body_text(0).unwrap()), lf(&words.text));
        assert_eq!(lf(&parsed.body_html(0).unwrap()), lf(&words.html));
        let files: Vec<&str> = parsed
            .attachments()
            .filter_map(|part| part.attachment_name())
            .collect();
        let event = otmena::reply::calendar::Method::of(kind, true).map(|_| "zapis.ics");
        let document = kind.has_document().then_some("otmena-12345.pdf");
        let expected: Vec<&str> = document.into_iter().chain(event).collect();
        assert_eq!(files, expected, "{}", kind.code());
        if kind.has_document() {
            let pdf = parsed.attachment(0).unwrap();
            assert_eq!(pdf.attachment_name(), Some("otmena-12345.pdf"));
            assert!(pdf.contents().starts_with(b"%PDF-"));
            let digest = ring::digest::digest(&ring::digest::SHA256, pdf.contents());
            assert_eq!(letter.document_hash.unwrap().0.as_slice(), digest.as_ref());
        }
    }
}

#[test]
fn long_message_ids_are_not_encoded_and_many_are_cut() {
    let mut row = row(LetterKind::RefusedTooLate);
    let long = format!("{}@mail.example.com", "a".repeat(200));
    row.letter.thread = std::iter::once(id(&long))
        .chain((0..50).map(|n| id(&format!("n{n}@example.com"))))
        .collect();
    let head = headers(&press().render(&row).unwrap().bytes);
    assert!(head.contains(&format!("In-Reply-To: <{long}>\n")), "{head}");
    let references = head
        .lines()
        .find(|l| l.starts_with("References: "))
        .unwrap();
    assert_eq!(references.matches('<').count(), 20);
    assert!(references.ends_with(&format!("<n0@example.com> <{long}>")));
}

#[test]
fn the_bounce_address_names_the_row_and_cannot_be_guessed() {
    let templates = Arc::new(Templates::load().unwrap());
    let from = |envelope, secret: &[u8], row_id| {
        let mut row = row(LetterKind::RefusedTooLate);
        row.id = row_id;
        let tags = BounceTags::new(&TokenSecrets::new(secret, None));
        let press = Press::new(Arc::clone(&templates), office(), envelope, tags, key()).unwrap();
        press
            .render(&row)
            .unwrap()
            .envelope
            .from
            .as_str()
            .to_owned()
    };
    let ours = from(EnvelopeSender::Verp, &[7; 32], 42);
    assert!(
        ours.starts_with("cancel+b42-") && ours.ends_with("@example.org"),
        "{ours}"
    );
    assert_ne!(ours, from(EnvelopeSender::Verp, &[8; 32], 42));
    let check = |address: &str| address.split(['-', '@']).nth(1).unwrap().to_owned();
    assert_ne!(
        check(&ours),
        check(&from(EnvelopeSender::Verp, &[7; 32], 43))
    );
    assert_eq!(
        from(EnvelopeSender::Plain, &[7; 32], 42),
        "cancel@example.org"
    );
}

#[test]
fn a_number_from_a_file_cannot_break_out_of_a_header() {
    let mut row = row(LetterKind::Cancelled);
    let mut words = booking();
    words.number = "1\r\nBcc: x@example.net\r\n\r\n".to_owned();
    row.letter.data.booking = Some(words);
    let letter = press().render(&row).unwrap();
    assert!(!headers(&letter.bytes).contains("\nBcc:"));
}

#[test]
fn the_note_lies_in_the_thread_of_its_letter() {
    let templates = Templates::load().unwrap();
    let bytes = render_note(
        &note(Reason::DetailsDiffer),
        &[likely()],
        &templates,
        &office(),
    )
    .unwrap();
    assert_eq!(
        bytes,
        render_note(
            &note(Reason::DetailsDiffer),
            &[likely()],
            &templates,
            &office()
        )
        .unwrap()
    );
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    insta::assert_snapshot!("note.headers", headers(&bytes));
    insta::assert_snapshot!(
        "note.txt",
        format!(
            "{}\n\n{}",
            parsed.subject().unwrap(),
            parsed.body_text(0).unwrap().replace("\r\n", "\n")
        )
    );
}

#[test]
fn a_letter_that_answers_none_is_called_generated() {
    let mut row = row(LetterKind::Cancelled);
    row.letter.data = by_staff(LetterKind::Cancelled);
    row.letter.answers = None;
    row.letter.thread.clear();
    let head = headers(&press().render(&row).unwrap().bytes);
    assert!(
        head.contains("\nAuto-Submitted: auto-generated\n"),
        "{head}"
    );
}

#[test]
fn the_note_tells_of_a_wish_that_the_program_may_not_fulfil() {
    let templates = Templates::load().unwrap();
    for (reason, said) in [
        (
            Reason::NeedsPerson,
            "Просьба: такая, какую может выполнить только сотрудник",
        ),
        (
            Reason::AutomaticRequest,
            "Просьба: есть, но письмо создала программа",
        ),
        (Reason::NoRequest, "Просьба: не распознана"),
    ] {
        let mut note = note(reason);
        note.reading.intent = Intent::None;
        let bytes = render_note(&note, &[], &templates, &office()).unwrap();
        let parsed = MessageParser::default().parse(&bytes).unwrap();
        let text = parsed.body_text(0).unwrap();
        assert!(text.contains(said), "{text}");
        assert!(text.contains("Номер письма: 77"), "{text}");
    }
}

#[test]
fn a_note_recorded_without_the_number_of_its_letter_is_still_read() {
    let mut stored = serde_json::to_value(note(Reason::NoRequest)).unwrap();
    stored.as_object_mut().unwrap().remove("letter").unwrap();
    let read: Note = serde_json::from_value(stored).unwrap();
    assert_eq!(read.letter, None);
    let bytes = render_note(&read, &[], &Templates::load().unwrap(), &office()).unwrap();
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    assert!(!parsed.body_text(0).unwrap().contains("Номер письма"));
}
