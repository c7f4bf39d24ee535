//! What citizens read.

use super::samples::{booking, by_staff, data, words, words_at};
use otmena::domain::{Notice, Reason};
use otmena::file_away::note::render_note;
use otmena::reply::templates::Templates;
use otmena::reply::{LetterData, LetterKind};
use std::collections::BTreeSet;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn each_kind_of_letter_has_its_folder_and_each_folder_its_kind() {
    let folders: BTreeSet<String> = std::fs::read_dir(root().join("templates/letters"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let kinds: BTreeSet<String> = LetterKind::ALL
        .iter()
        .map(|kind| kind.code().to_owned())
        .collect();
    assert_eq!(folders, kinds);
}

#[test]
fn every_template_file_is_part_of_the_program() {
    let source = std::fs::read_to_string(root().join("src/reply/template_files.rs")).unwrap();
    let mut found = 0;
    for folder in ["letters", "document", "notes"] {
        let mut waiting = vec![root().join("templates").join(folder)];
        while let Some(path) = waiting.pop() {
            for entry in std::fs::read_dir(path).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    waiting.push(path);
                } else if path.extension().is_some_and(|e| e == "txt" || e == "html") {
                    let name = path.strip_prefix(root().join("templates")).unwrap();
                    let quoted = format!("\"{}\"", name.display());
                    assert!(source.contains(&quoted), "{quoted} is not embedded");
                    found += 1;
                }
            }
        }
    }
    assert!(found > 30, "{found}");
}

#[test]
fn each_letter_reads_as_it_should() {
    let templates = Templates::load().unwrap();
    for kind in LetterKind::ALL {
        let said = words(&templates, kind, &data(kind));
        let shown = format!("{}\n\n{}", said.subject, said.text);
        insta::assert_snapshot!(format!("{}.txt", kind.code()), shown);
    }
}

#[test]
fn each_letter_can_be_put_into_words_with_the_fewest_facts() {
    let templates = Templates::load().unwrap();
    for kind in LetterKind::ALL {
        let mut booking = booking();
        booking.resource.clear();
        booking.notice = Notice::Hours(0);
        let data = LetterData {
            booking: Some(booking),
            ..LetterData::default()
        };
        let said = words(&templates, kind, &data);
        for text in [&said.subject, &said.text, &said.html] {
            assert!(
                !text.contains("{{") && !text.contains("{%"),
                "{}",
                kind.code()
            );
        }
        assert!(
            !said.text.contains("\n\n\n"),
            "{}\n{}",
            kind.code(),
            said.text
        );
    }
    let nothing = LetterData::default();
    let unsigned = words(&templates, LetterKind::NotUnderstood, &nothing);
    assert!(
        unsigned.text.ends_with("С уважением,\nПоликлиника № 5\n"),
        "{}",
        unsigned.text
    );
}

#[test]
fn each_letter_names_a_way_to_get_a_person() {
    let templates = Templates::load().unwrap();
    for kind in LetterKind::ALL {
        let said = words(&templates, kind, &data(kind));
        for text in [&said.text, &said.html] {
            assert!(
                text.contains("своими словами") && text.contains("прочтёт сотрудник"),
                "{}",
                kind.code()
            );
        }
    }
}

#[test]
fn text_and_html_tell_the_same_facts() {
    let templates = Templates::load().unwrap();
    for kind in LetterKind::ALL {
        let data = data(kind);
        let said = words(&templates, kind, &data);
        let zoned = |at, zone| templates.words().when(at, zone).full;
        let Some(booking) = data.booking.as_ref().or(data.choices.first()) else {
            let constant = [LetterKind::Received, LetterKind::Refused];
            assert!(constant.contains(&kind), "a letter without facts");
            continue;
        };
        let mut facts = vec![
            booking.number.clone(),
            booking.service.clone(),
            booking.organisation.clone(),
            zoned(booking.starts_at, &booking.zone),
        ];
        if data.choices.is_empty() {
            facts.extend([booking.address.clone(), booking.resource.clone()]);
        }
        for at in [data.received_at, data.cancelled_at, data.answer_until] {
            facts.extend(at.map(|at| zoned(at, &booking.zone)));
        }
        facts.extend(data.document.clone());
        facts.extend(data.masked_sender.clone());
        for fact in facts {
            assert!(said.text.contains(&fact), "{} text: {fact}", kind.code());
            assert!(said.html.contains(&fact), "{} html: {fact}", kind.code());
        }
    }
}

#[test]
fn html_escapes_what_others_wrote_and_loads_nothing() {
    let templates = Templates::load().unwrap();
    for kind in LetterKind::ALL {
        let mut data = data(kind);
        let evil = "<img src=https://example.net/x onerror=alert(1)>\"'&";
        for booking in data.booking.iter_mut().chain(&mut data.choices) {
            booking.full_name = evil.to_owned();
            booking.address = evil.to_owned();
            booking.number = "1<b>2".to_owned();
        }
        data.reason = Some(evil.to_owned());
        data.masked_sender = Some(evil.to_owned());
        let html = words(&templates, kind, &data).html;
        assert!(
            !html.contains("<img") && !html.contains("1<b>2"),
            "{}",
            kind.code()
        );
        for remote in ["src=", "url(", "@import", "<link", "<script"] {
            let plain = html.replace("src=https://example.net/x onerror", "");
            assert!(!plain.contains(remote), "{}: {remote}", kind.code());
        }
    }
}

#[test]
fn no_subject_holds_the_words_of_a_request() {
    let templates = Templates::load().unwrap();
    for kind in LetterKind::ALL {
        let subject = words(&templates, kind, &data(kind)).subject;
        let lower = subject.to_lowercase();
        for words in ["отмена", "отмените", "отменить", "восстан", "подтверждаю"]
        {
            assert!(!lower.contains(words), "{subject}");
        }
        let named = subject.contains("№ 12345");
        assert_eq!(named, data(kind).booking.is_some(), "{subject}");
    }
}

#[test]
fn the_booking_letter_opens_a_ready_reply() {
    let templates = Templates::load().unwrap();
    let html = words(&templates, LetterKind::Booking, &data(LetterKind::Booking)).html;
    let (_, rest) = html
        .split_once("class=\"button\" href=\"mailto:cancel%2Bmfrggzdfmy@example.org?")
        .unwrap();
    let (query, _) = rest.split_once('"').unwrap();
    let query = query.replace("&amp;", "&");
    let (subject, body) = query.split_once('&').unwrap();
    assert_eq!(decoded(subject), "subject=Отмена записи №12345");
    assert_eq!(
        decoded(body),
        "body=Номер записи: 12345\r\nФИО: Соколова Мария Андреевна\r\nДата: 12.03.2027\r\n\
         Время: 14:30\r\nТелефон (по желанию):\r\nПричина (по желанию):"
    );
}

fn decoded(text: &str) -> String {
    let mut octets = Vec::new();
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        if octet == b'%' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            let hex = std::str::from_utf8(&hex).unwrap();
            octets.push(u8::from_str_radix(hex, 16).unwrap());
        } else {
            octets.push(octet);
        }
    }
    String::from_utf8(octets).unwrap()
}

#[test]
fn every_reason_gives_a_note_for_staff() {
    let templates = Templates::load().unwrap();
    for reason in Reason::ALL {
        let bytes = render_note(
            &super::message::note(*reason),
            &[],
            &templates,
            &super::samples::office(),
        );
        let letter = bytes.unwrap();
        let parsed = mail_parser::MessageParser::default()
            .parse(&letter)
            .unwrap();
        let text = parsed.body_text(0).unwrap();
        assert!(
            text.contains(&templates.reason(*reason).unwrap().why),
            "{}",
            reason.code()
        );
        assert!(text.contains(reason.code()));
    }
}

#[test]
fn each_letter_is_signed_by_the_organisation() {
    let templates = Templates::load().unwrap();
    for kind in LetterKind::ALL {
        let said = words(&templates, kind, &data(kind));
        // A letter that is about no booking is signed by the office that sends it.
        let about = data(kind);
        let name = match about.booking.as_ref().or(about.choices.first()) {
            Some(_) => "Городская поликлиника № 5",
            None => "Поликлиника № 5",
        };
        let end = format!("С уважением,\n{name}\n");
        assert!(said.text.ends_with(&end), "{}", said.text);
        let end = format!("С уважением,<br>\n{name}</p>");
        assert!(said.html.contains(&end), "{}", kind.code());
    }
}

#[test]
fn a_cancellation_by_staff_claims_no_letter_of_the_citizen() {
    let templates = Templates::load().unwrap();
    for kind in [LetterKind::Cancelled, LetterKind::AlreadyCancelled] {
        let said = words(&templates, kind, &by_staff(kind));
        insta::assert_snapshot!(
            format!("{}.by_staff.txt", kind.code()),
            format!("{}\n\n{}", said.subject, said.text)
        );
        for text in [&said.text, &said.html] {
            for false_claim in ["просили", "росьб", "получен", "вовремя", "предупредили"]
            {
                assert!(!text.contains(false_claim), "{false_claim}\n{text}");
            }
        }
    }
}

#[test]
fn only_a_letter_received_in_time_is_said_to_have_come_in_time() {
    let templates = Templates::load().unwrap();
    let mut data = data(LetterKind::Cancelled);
    let mut claims = |received_at: &str, deadline: Option<&str>| {
        data.received_at = Some(super::samples::at(received_at));
        data.deadline = deadline.map(super::samples::at);
        let said = words(&templates, LetterKind::Cancelled, &data);
        let claimed = said.text.contains("вовремя");
        assert_eq!(claimed, said.html.contains("вовремя"));
        claimed
    };
    let deadline = Some("2027-03-11T14:30:00+05:00");
    assert!(claims("2027-03-11T14:30:59+05:00", deadline));
    assert!(!claims("2027-03-11T14:31:00+05:00", deadline));
    assert!(!claims("2027-03-10T09:15:20+05:00", None));
}

#[test]
fn a_booking_letter_after_the_deadline_offers_no_cancelling() {
    let templates = Templates::load().unwrap();
    let data = data(LetterKind::Booking);
    let last = words_at(
        &templates,
        LetterKind::Booking,
        &data,
        "2027-03-11T14:30:59+05:00",
    );
    assert!(last.html.contains("mailto:") && last.text.contains("не позднее"));
    let late = words_at(
        &templates,
        LetterKind::Booking,
        &data,
        "2027-03-11T14:31:00+05:00",
    );
    insta::assert_snapshot!(
        "booking.late.txt",
        format!("{}\n\n{}", late.subject, late.text)
    );
    for text in [&late.text, &late.html] {
        for offer in ["mailto:", "не позднее", "В теме", "class=\"button\""] {
            assert!(!text.contains(offer), "{offer}\n{text}");
        }
        assert!(text.contains("письмом уже нельзя"), "{text}");
        assert!(text.contains("своими словами"), "{text}");
    }
}

#[test]
fn a_letter_not_understood_names_no_last_minute_that_has_passed() {
    let templates = Templates::load().unwrap();
    let kind = LetterKind::NotUnderstood;
    let names = |date: &str| {
        let said = words_at(&templates, kind, &data(kind), date);
        let named = said.text.contains("Последняя минута");
        assert_eq!(named, said.html.contains("Последняя минута"));
        named
    };
    assert!(names("2027-03-11T14:30:59+05:00"));
    assert!(!names("2027-03-11T14:31:00+05:00"));
}

#[test]
fn no_citizen_is_asked_to_type_a_token() {
    let templates = Templates::load().unwrap();
    for kind in LetterKind::ALL {
        let said = words(&templates, kind, &data(kind));
        assert!(!said.text.contains("mfrggzdfmy"), "{}", said.text);
        let shown = said.html.replace("mailto:cancel%2Bmfrggzdfmy@", "");
        assert!(!shown.contains("mfrggzdfmy"), "{}", kind.code());
    }
    let said = words(&templates, LetterKind::Booking, &data(LetterKind::Booking));
    assert!(said.text.contains("напишите на cancel@example.org."));
    assert!(said.text.contains("«Отмена записи №12345»"));
    assert!(said.html.contains(">cancel@example.org</a>"));
}
