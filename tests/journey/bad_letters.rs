//! Letters that are broken, huge or hostile: each ends in a folder with a reason, and the next
//! letter is served; so it is when reading one of them hangs.

use crate::support::house::{Appointment, Database, House, citizen, date_now, letter_from};

on_both!(every_bad_letter_ends_in_a_folder_with_a_reason);

#[test]
fn a_letter_on_which_reading_hangs_holds_up_neither_the_next_nor_the_end() {
    let house = House::open(Database::Sqlite);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&appointment));
    house.citizen_writes(&letter_from(&citizen(2)).says("Вопрос", "Где вы находитесь?\n"));
    // The first time is for the reader's own patterns; the second letter read hangs for good.
    let told = house.path("hangs");
    let variables = [
        ("OTMENA_HALT_AT", "reading:2"),
        ("OTMENA_HALT_FILE", told.to_str().unwrap()),
    ];
    let ended = house.note(house.start(&["run", "--once"], &variables).wait());
    assert!(told.exists(), "{}", ended.log);
    assert_eq!(ended.code, 75, "{}", ended.log);
    assert_eq!(house.folder("INBOX").len(), 1, "{}", ended.log);
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.counts(), [0, 1, 0, 2]);
}

/// What is bad about it, its bytes, and the reason with which it is held.
type Bad = (&'static str, Vec<u8>, &'static str);

const PLAIN: &str = "Subject: q\r\nContent-Type: text/plain; charset=utf-8\r\n";

/// Headers that make a letter complete, and a body.
fn letter(headers: &str, body: &[u8]) -> Vec<u8> {
    let date = date_now();
    let mut bytes = format!(
        "From: stranger@other.example\r\nTo: priem@clinic.example\r\nDate: {date}\r\n\
         Message-ID: <{:016x}@other.example>\r\nMIME-Version: 1.0\r\n{headers}\r\n",
        body.len() * 31 + headers.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn without(header: &str, bytes: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = text
        .split_inclusive("\r\n")
        .filter(|line| !line.starts_with(header))
        .collect();
    lines.concat().into_bytes()
}

/// Letters that lack something.
fn incomplete() -> Vec<Bad> {
    let question = "Где вы находитесь?\r\n".as_bytes();
    let truncated = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\
                     Content-Transfer-Encoding: base64\r\n\r\n0J/RgNC+0Lj";
    let cut = "Subject: q\r\nContent-Type: multipart/mixed; boundary=b\r\n";
    vec![
        ("nothing at all", b"\r\n".to_vec(), "sender_missing"),
        ("no body", letter("Subject: \r\n", b""), "letter_empty"),
        (
            "no Message-ID",
            without("Message-ID:", letter(PLAIN, question)),
            "no_request",
        ),
        (
            "no Date",
            without("Date:", letter(PLAIN, question)),
            "no_request",
        ),
        (
            "no From",
            without("From:", letter(PLAIN, question)),
            "sender_missing",
        ),
        (
            "cut MIME",
            letter(cut, truncated.as_bytes()),
            "letter_truncated",
        ),
    ]
}

/// Letters that want to break their reader.
fn hostile() -> Vec<Bad> {
    let question = "Где вы находитесь?\r\n".as_bytes();
    let torn = "Subject: q\r\nContent-Type: text/plain; charset=utf-16le\r\n\
                Content-Transfer-Encoding: base64\r\n";
    // Halves of surrogate pairs, which no text holds (RFC 2781 section 2.2).
    let halves = data_encoding::BASE64.encode(&[0xdc, 0xd8].repeat(30)) + "\r\n";
    let nul = "Где\0 вы\0 находитесь?\0\r\n".as_bytes();
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(10_000);
    let headers = (0..100_000).fold(String::new(), |text, n| text + &format!("X-{n}: {n}\r\n"));
    let huge = "Очень длинное письмо.\r\n".repeat(50 * 1024 * 1024 / 40);
    vec![
        (
            "undecodable text",
            letter(torn, halves.as_bytes()),
            "charset_unreadable",
        ),
        ("NUL bytes", letter(PLAIN, nul), "no_request"),
        (
            "100,000 headers",
            letter(&(headers + PLAIN), question),
            "letter_too_complex",
        ),
        ("10,000 levels", letter(&nested, question), "letter_empty"),
        ("50 MB", letter(PLAIN, huge.as_bytes()), "letter_too_large"),
    ]
}

fn every_bad_letter_ends_in_a_folder_with_a_reason(database: Database) {
    let house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    let bad: Vec<Bad> = incomplete().into_iter().chain(hostile()).collect();
    for (what, bytes, reason) in &bad {
        house.arrives(bytes);
        house.runs_once();
        let held = ("held".to_owned(), Some((*reason).to_owned()));
        assert_eq!(house.last_decision(), held, "{what}");
        assert!(house.folder("INBOX").is_empty(), "{what}");
    }
    assert_eq!(house.counts(), [0, 0, 0, bad.len() * 2]);
    assert_eq!(house.letters().len(), bad.len());

    // All at once in one batch, with a good one behind them: the good one is served.
    for (_, bytes, _) in &bad {
        let mut other = b"X-Copy: 2\r\n".to_vec();
        other.extend_from_slice(bytes);
        house.arrives(&other);
    }
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&appointment));
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.answer_kinds(), ["cancelled"]);
    assert!(house.folder("INBOX").is_empty());
    assert!(!house.log().contains("panicked"), "{}", house.log());
    house.journal_verifies();
}
