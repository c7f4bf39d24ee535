//! What the fuzz targets do: one function for each, over the pure steps of the program.
//!
//! The steps are compiled from the program's own sources under the same names, so that their
//! private functions can be reached without doors in the program, and without building its
//! servers, database and typesetting for every sanitizer.
#![allow(
    dead_code,
    unfulfilled_lint_expectations,
    reason = "the program uses what no target reaches"
)]

#[path = "../../src/domain/mod.rs"]
pub mod domain;
#[path = "../../src/read/mod.rs"]
pub mod read;
#[path = "../../src/request/mod.rs"]
pub mod request;
pub mod verify;

use domain::{BounceTags, EmailAddress, MessageId, Moment, TokenSecrets};
use read::Letter;
use request::RequestReading;
use unicode_normalization::UnicodeNormalization;

/// Compiles the patterns, which takes longer than an input may under a sanitizer.
pub fn warm_up() {
    let letter =
        "Subject: Re: Запись\n\nОтмените запись №5 на 12.03.2027 в 14:30, тел. 8 916 123-45-67";
    read(letter.as_bytes());
    date(letter.as_bytes());
}

/// A whole letter: read and understood.
pub fn read(input: &[u8]) {
    let letter = read::read(input);
    let reading = request::understand(&letter);
    number_is_written(&letter, &reading);
    assert_eq!(read::read(input), letter, "the same bytes are read alike");
}

/// A subject line and the writer's own words below it.
pub fn request(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (subject, body) = text.split_once('\n').unwrap_or(("", &text));
    let letter = Letter {
        subject: subject.chars().take(1_000).collect(),
        own_words: body.chars().take(16_000).collect(),
        ..Letter::default()
    };
    let reading = request::understand(&letter);
    number_is_written(&letter, &reading);
}

/// The walk over HTML.
pub fn html(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (lines, _) = read::html::lines(&text);
    read::html::declared_charset(input);
    let shown: usize = lines.iter().map(|line| line.text.len()).sum();
    // A character reference is never shorter than a third of what it stands for.
    assert!(shown <= 4 * text.len(), "the walk shows what is not there");
}

/// The walk over a header block, and every reader of a single field.
pub fn headers(input: &[u8]) {
    let block = read::headers::Block::of(input);
    assert!(block.body.len() <= input.len());
    assert!(block.sound || !block.mended().is_empty());
    let tree = read::structure::Tree::of(input);
    for field in tree.root.headers.fields() {
        read::encoded_words::decode(&field.value, Some("windows-1251"));
        read::addresses::mailboxes(&field.value);
        let content = read::content::Content::parse(&field.value);
        content.text("name");
        content.parameter("charset");
    }
}

/// Dates and times in a text, with its labels.
pub fn date(input: &[u8]) {
    let text = request::plain::plain(&String::from_utf8_lossy(input));
    let when = request::when::read(&request::noted::Noted::of(&text), true);
    if let Some(date) = &when.date {
        let digits = |text: &str| text.chars().any(|c| c.is_ascii_digit());
        assert!(digits(&text), "{date} is not in a text without digits");
    }
}

/// The value of an Authentication-Results field.
pub fn authentication_results(input: &[u8]) {
    let value = String::from_utf8_lossy(input);
    if let Some(results) = verify::authentication_results::parse(&value) {
        assert!(!results.methods.iter().any(|m| m.method.is_empty()));
    }
}

/// Tokens as text, in an id and in an address: whatever is not ours is refused.
pub fn token(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let secrets = TokenSecrets::new(&[7; 32], Some(&[8; 32]));
    let at = Moment::from_seconds(1_800_000_000);
    assert!(
        secrets.verify(&text, at).is_none(),
        "nobody else makes tokens"
    );
    let letter = Letter {
        thread: MessageId::parse(&text).into_iter().collect(),
        recipients: EmailAddress::parse(&text).into_iter().collect(),
        ..Letter::default()
    };
    let (genuine, expired) = verify::token::find(&letter, &secrets, at);
    assert!(genuine.is_empty() && expired.is_empty());
}

/// A report that a letter of ours came back: its status part and, behind the first blank line with
/// `--`, the headers of the returned letter; then the same bytes as the address it came to.
pub fn delivery_report(input: &[u8]) {
    const PARTING: &[u8] = b"\n--\n";
    let cut = input.windows(PARTING.len()).position(|part| part == PARTING);
    let (status, headers) = cut.map_or((input, &[][..]), |at| {
        (&input[..at], &input[at + PARTING.len()..])
    });
    let parts = [("message/delivery-status", status), ("text/rfc822-headers", headers)];
    let report = read::delivery_report::read(parts.into_iter()).expect("a status part is a report");
    if report.outcome == read::delivery_report::DeliveryOutcome::Failed {
        let final_one = report.status.is_none_or(|code| code.starts_with('5'));
        assert!(final_one, "only what is final counts");
    }
    let secrets = TokenSecrets::new(&[7; 32], Some(&[8; 32]));
    let office = EmailAddress::parse("cancel@example.org").expect("an address");
    let recipient = EmailAddress::parse(&String::from_utf8_lossy(input));
    let row = recipient.and_then(|to| BounceTags::new(&secrets).row(&office, &to));
    assert!(row.is_none(), "nobody else makes tags");
}

/// Every letter and digit of the number stands in the writer's own text, in this order and with
/// nothing unreadable between.
fn number_is_written(letter: &Letter, reading: &RequestReading) {
    let Some(number) = &reading.number else {
        return;
    };
    let squeezed = |text: &str| -> String {
        text.nfkc()
            .flat_map(char::to_uppercase)
            .filter(|c| c.is_alphanumeric() || *c == char::REPLACEMENT_CHARACTER)
            .map(one_alphabet)
            .collect()
    };
    let number = squeezed(number.as_str());
    let other = letter.other_face.as_deref().unwrap_or_default();
    let written = [&letter.subject, &letter.own_words, other];
    assert!(
        written.iter().any(|text| squeezed(text).contains(&number)),
        "{number} was never written"
    );
}

/// A Latin letter that looks like a Cyrillic one counts as that, as it does in numbers.
fn one_alphabet(letter: char) -> char {
    const PAIRS: [(char, char); 13] = [
        ('A', 'А'), ('B', 'В'), ('C', 'С'), ('E', 'Е'), ('H', 'Н'), ('K', 'К'),
        ('M', 'М'), ('O', 'О'), ('P', 'Р'), ('T', 'Т'), ('X', 'Х'), ('Y', 'У'),
        ('I', 'І'),
    ];
    let pair = PAIRS.iter().find(|(latin, _)| *latin == letter);
    pair.map_or(letter, |(_, cyrillic)| *cyrillic)
}
