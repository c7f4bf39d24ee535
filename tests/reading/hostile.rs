//! Letters made to hurt: each is read, on a small stack, to the same short answer. Nothing here
//! is timed; a quadratic walk would show by never coming back.

use otmena::domain::Reason;
use otmena::read::{self, Letter};
use otmena::request::{self, Intent};

/// The stack of a worker of the daemon.
const STACK: usize = 2 * 1024 * 1024;

fn understood(bytes: Vec<u8>) -> (Letter, request::RequestReading) {
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            let letter = read::read(&bytes);
            let reading = request::understand(&letter);
            (letter, reading)
        })
        .unwrap()
        .join()
        .unwrap()
}

const HEAD: &str = "From: a@example.ru\r\nSubject: x\r\n";

fn too_complex(bytes: Vec<u8>) {
    let (_, reading) = understood(bytes);
    assert!(reading.problems.contains(&Reason::LetterTooComplex));
    assert_eq!(reading.intent, Intent::None);
    assert_eq!(reading.number, None);
}

#[test]
fn a_hundred_thousand_headers_are_too_complex() {
    let fields = "X-Filler: y\r\n".repeat(100_000);
    too_complex(format!("{HEAD}{fields}\r\nОтмените запись №5\r\n").into_bytes());
}

#[test]
fn fifty_thousand_parts_are_too_complex() {
    let part = "--b\r\n\r\nОтмените запись №5\r\n".repeat(50_000);
    too_complex(
        format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{part}--b--").into_bytes(),
    );
}

#[test]
fn five_thousand_nested_multiparts_are_too_complex() {
    let mut letter = HEAD.to_owned();
    for depth in 0..5_000 {
        letter.push_str(&format!(
            "Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n"
        ));
    }
    too_complex(letter.into_bytes());
}

#[test]
fn ten_thousand_nested_letters_are_too_complex() {
    for kind in ["message/rfc822", "Message / RFC822", "message/global"] {
        let nested = format!("Content-Type: {kind}\r\n\r\n").repeat(10_000);
        too_complex(format!("{HEAD}{nested}Отмените запись №5").into_bytes());
    }
    let mut digests = HEAD.to_owned();
    for depth in 0..10_000 {
        digests.push_str(&format!(
            "Content-Type: multipart/digest; boundary=b{depth}\r\n\r\n--b{depth}\r\n\r\n"
        ));
    }
    too_complex(digests.into_bytes());
}

#[test]
fn a_letter_within_a_letter_is_one_attachment() {
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(10);
    let (letter, reading) = understood(format!("{HEAD}{nested}Отмените запись №5").into_bytes());
    assert_eq!(letter.attachments.len(), 1);
    assert_eq!(reading.intent, Intent::None);
}

#[test]
fn header_fields_of_a_letter_that_is_too_heavy_are_still_read() {
    let parts = "--b\r\nX: y\r\n\r\n".repeat(50_000);
    let letter = format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}");
    let (letter, _) = understood(letter.into_bytes());
    assert_eq!(letter.sender.unwrap().as_str(), "a@example.ru");
    assert_eq!(letter.subject, "x");
    assert!(!letter.whole_body.is_empty(), "two such letters differ");
}

/// Each boundary is missing, so that a parser that looks for it goes through all that follows.
#[test]
fn thousands_of_missing_boundaries_come_to_an_end() {
    let part = "--b\r\nContent-Type: multipart/mixed; boundary=missing\r\n\r\nx\r\n";
    for times in [300, 5_000] {
        let letter = format!(
            "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}{}",
            part.repeat(times),
            "0123456789\r\n".repeat(400_000)
        );
        too_complex(letter.into_bytes());
    }
}

/// Every multipart is damaged, so that each level is split and parsed again.
#[test]
fn damage_at_every_level_comes_to_an_end() {
    let mut letter = HEAD.to_owned();
    for depth in 0..25 {
        letter.push_str(&format!(
            "Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\nx--b{depth}\r\n--b{depth}\r\n"
        ));
    }
    letter.push_str("\r\n");
    letter.push_str(&"0123456789\r\n".repeat(200_000));
    understood(letter.into_bytes());
}

#[test]
fn endless_parameters_are_too_complex() {
    let parameters = "a*=b'c'd; ".repeat(500_000);
    too_complex(format!("{HEAD}Content-Type: text/plain; {parameters}\r\n\r\nx").into_bytes());
    let folded = "a*1*=b'c'd;\r\n ".repeat(300_000);
    too_complex(format!("{HEAD}content-type: text/plain; {folded}\r\n\r\nx").into_bytes());
}

#[test]
fn a_hundred_thousand_nested_elements_hide_no_words() {
    let open = "<div>".repeat(100_000);
    let html =
        format!("{HEAD}Content-Type: text/html; charset=utf-8\r\n\r\n{open}Отмените запись №5");
    let (_, reading) = understood(html.into_bytes());
    assert_eq!(reading.intent, Intent::Cancel);
}

#[test]
fn five_megabytes_of_quotes_do_not_hide_the_answer() {
    let quotes = "> цитата\r\n".repeat(350_000);
    let text = format!(
        "{HEAD}Content-Type: text/plain; charset=utf-8\r\n\r\nОтмените запись №5\r\n{quotes}"
    );
    let (_, reading) = understood(text.into_bytes());
    assert_eq!(reading.intent, Intent::Cancel);
    assert_eq!(reading.number.unwrap().as_str(), "5");
}

#[test]
fn one_line_of_five_megabytes_is_too_complex() {
    for word in [
        "отмените №5 ",
        "12.03.2027 14:30 ",
        "ФИО: Иванова ",
        "a",
        "<",
    ] {
        let line = word.repeat(5_000_000 / word.len());
        too_complex(format!("{HEAD}\r\n{line}").into_bytes());
    }
}

#[test]
fn own_words_just_below_the_limit_are_read_whole() {
    for word in [
        "отмените №5, ",
        "12.03.2027 14:30 ",
        "ФИО: Иванова Мария ",
        "1234, ",
        "не отменяйте ",
        "8 916 123-45-67 ",
        "От: x\r\n",
        "__________\r\n",
        "Иванова Мария Петровна ",
        "« « ",
    ] {
        let text = word.repeat(14_000 / word.len());
        let (letter, _) = understood(format!("{HEAD}\r\n{text}").into_bytes());
        assert!(
            !letter.problems.contains(&Reason::LetterTooComplex),
            "{word}"
        );
    }
}

#[test]
fn endless_html_attributes_and_encoded_words_come_to_an_end() {
    let attributes = "<p ".to_owned() + &"a=b ".repeat(500_000);
    understood(format!("{HEAD}Content-Type: text/html\r\n\r\n{attributes}").into_bytes());
    let words = "=?utf-8?B?0J7Q?=".repeat(50_000);
    understood(format!("From: a@example.ru\r\nSubject: {words}\r\n\r\n").into_bytes());
    let unclosed = "<b><i>".repeat(300_000);
    too_complex(format!("{HEAD}Content-Type: text/html\r\n\r\n{unclosed}x").into_bytes());
}

#[test]
fn any_bytes_give_a_letter() {
    for bytes in [
        &b""[..],
        b"\0",
        b"\xFF\xFE\0\0",
        b"\r\n\r\n",
        b":\n:\n",
        b"Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n--\r\n----",
        b"Subject: =?utf-8?B?",
        b"From: <<<>>>,,;:(((\"",
        b"%PDF-1.7\n\xE2\xE3\xCF\xD3",
    ] {
        understood(bytes.to_vec());
    }
}
