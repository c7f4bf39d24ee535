//! Our own letters when they come back: quoted under an empty reply, or whole without our headers.
//! None of them may be read as a request.

use super::samples::{by_staff, office, press, row};
use mail_parser::MessageParser;
use otmena::read::read;
use otmena::record::OutboxRow;
use otmena::reply::LetterKind;
use otmena::request::{Intent, understand};

/// A letter of each kind, and those that are worded otherwise.
fn rows() -> Vec<(String, OutboxRow)> {
    let mut rows: Vec<_> = LetterKind::ALL
        .iter()
        .map(|kind| (kind.code().to_owned(), row(*kind)))
        .collect();
    for kind in [LetterKind::Cancelled, LetterKind::AlreadyCancelled] {
        let mut row = row(kind);
        row.letter.data = by_staff(kind);
        rows.push((format!("{} by staff", kind.code()), row));
    }
    let mut ended = super::late_samples::reviews();
    for automatic in [true, false] {
        let name = "cancelled, late";
        ended.push((
            name,
            LetterKind::Cancelled,
            super::late_samples::untimely(automatic),
        ));
    }
    for (name, kind, data) in ended {
        let mut row = row(kind);
        row.letter.data = data;
        rows.push((name.to_owned(), row));
    }
    let mut late = row(LetterKind::Booking);
    late.letter.date = late.letter.data.booking.as_ref().unwrap().starts_at;
    rows.push(("booking, late".to_owned(), late));
    let mut bare = row(LetterKind::NotUnderstood);
    bare.letter.data.booking = None;
    bare.letter.data.deadline = None;
    rows.push(("not_understood without booking".to_owned(), bare));
    rows
}

struct Came {
    subject: String,
    text: String,
    html: String,
    bytes: Vec<u8>,
}

fn came(row: &OutboxRow) -> Came {
    let bytes = press().render(row).unwrap().bytes;
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    Came {
        subject: parsed.subject().unwrap().to_owned(),
        text: parsed.body_text(0).unwrap().replace('\r', ""),
        html: parsed.body_html(0).unwrap().into_owned(),
        bytes,
    }
}

fn asks_for_nothing(name: &str, bytes: &[u8]) {
    let letter = read(bytes);
    assert_eq!(letter.automatic, None, "{name}: the test proves nothing");
    let reading = understand(&letter);
    assert_eq!(
        reading.intent,
        Intent::None,
        "{name}: {:?}\n{}",
        reading.problems,
        letter.own_words
    );
}

fn message(subject: &str, content: &str) -> Vec<u8> {
    let head = format!(
        "From: maria@example.com\nTo: cancel@example.org\nSubject: {subject}\nMIME-Version: 1.0\n"
    );
    format!("{head}{content}")
        .replace('\n', "\r\n")
        .into_bytes()
}

fn plain(subject: &str, text: &str) -> Vec<u8> {
    let kind = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit";
    message(subject, &format!("{kind}\n\n{text}"))
}

fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}\n")).collect()
}

#[test]
fn an_empty_reply_that_quotes_by_marks_asks_for_nothing() {
    for (name, row) in rows() {
        let came = came(&row);
        let said = format!(
            "\n10.03.2027 10:02, Поликлиника № 5 пишет:\n{}",
            quoted(&came.text)
        );
        asks_for_nothing(&name, &plain(&format!("Re: {}", came.subject), &said));
        let bare = quoted(&came.text);
        asks_for_nothing(&name, &plain(&format!("Re: {}", came.subject), &bare));
    }
}

#[test]
fn an_empty_reply_that_quotes_in_a_block_asks_for_nothing() {
    for (name, row) in rows() {
        let came = came(&row);
        let said = format!(
            "\n\nОт: {} <{}>\nОтправлено: 10 марта 2027 г. 10:02\nКому: maria@example.com\n\
             Тема: {}\n\n{}",
            office().name,
            office().address.as_str(),
            came.subject,
            came.text
        );
        asks_for_nothing(&name, &plain(&format!("RE: {}", came.subject), &said));
    }
}

#[test]
fn an_empty_reply_that_quotes_in_html_asks_for_nothing() {
    for (name, row) in rows() {
        let came = came(&row);
        let above = "ср, 10 мар. 2027 г. в 10:02, Поликлиника № 5";
        let text = format!("{above} <cancel@example.org>:\n\n{}", quoted(&came.text));
        let html = format!(
            "<div dir=\"ltr\"><br></div><br><div class=\"gmail_quote\"><div dir=\"ltr\" \
             class=\"gmail_attr\">{above} &lt;cancel@example.org&gt;:<br></div><blockquote \
             class=\"gmail_quote\">{}</blockquote></div>",
            came.html.replace('\r', "")
        );
        let content = format!(
            "Content-Type: multipart/alternative; boundary=\"b\"\n\n--b\nContent-Type: text/plain; \
             charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n--b\nContent-Type: text/html; \
             charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{html}\n--b--\n"
        );
        asks_for_nothing(&name, &message(&format!("Re: {}", came.subject), &content));
    }
}

#[test]
fn our_own_words_without_our_headers_ask_for_nothing() {
    for (name, row) in rows() {
        let came = came(&row);
        asks_for_nothing(&name, &plain(&came.subject, &came.text));
        asks_for_nothing(&name, &plain(&format!("Fwd: {}", came.subject), &came.text));
        let whole = String::from_utf8(came.bytes).unwrap();
        let stripped: String = whole
            .split_inclusive("\r\n")
            .filter(|line| {
                !["Auto-Submitted:", "X-Otmena-Loop:"]
                    .iter()
                    .any(|ours| line.starts_with(ours))
            })
            .collect();
        assert_ne!(whole, stripped);
        asks_for_nothing(&name, stripped.as_bytes());
    }
}
