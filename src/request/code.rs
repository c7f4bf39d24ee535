//! The code of a confirmation letter, typed by a person: six digits behind «код», or alone.

use super::Intent;
use super::fields::Field;
use super::plain;
use super::wish::{self, Wish};
use crate::domain::CODE_DIGITS;
use crate::read::grammar;
use std::ops::Range;
use std::sync::LazyLock;

/// «Код: 482-193», «код подтверждения 482193».
static LABELLED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)(?:^|[^\p{L}])(код(?:ом|а|у)?(?:[ ]+подтверждени[яе])?[ ]*[:№=—–-]?[ ]*(\d[\d -]{4,12}\d))",
    )
});

/// A line that is a code and nothing else.
static ALONE: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?m)^[ ]*(\d{3}[ -]?\d{3})[ .!]*$"));

/// The subject of a letter of ours that asks for a code.
static ASKED_FOR: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?i)\bподтвердите\b"));

/// «Номер записи:», and the figures in the next line.
static NUMBER_ABOVE: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?i)(?:\bномер(?:[ ]\p{L}+)?|№)[ ]*:?[ ]*\n[ ]*$"));

/// The one code in the writer's own words, and the words without it: it is no booking's number.
/// Digits alone are a code only where neither the subject nor, unless a code is asked for, the words ask to
/// cancel, and no label asks for a number above them: there they are the number.
pub fn taken_out(subject: &str, body: String) -> (Option<String>, String) {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut codes: Vec<String> = Vec::new();
    let mut note = |whole: Range<usize>, digits: &str| {
        let code: String = digits.chars().filter(char::is_ascii_digit).collect();
        if code.len() == CODE_DIGITS {
            let rest = body.get(whole.end..).unwrap_or_default();
            let marks = rest.len() - rest.trim_start_matches([' ', '.', ',', '!']).len();
            ranges.push(whole.start..whole.end + marks);
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
    };
    for found in LABELLED.captures_iter(&body) {
        if let (Some(whole), Some(digits)) = (found.get(1), found.get(2)) {
            note(whole.range(), digits.as_str());
        }
    }
    let titled = !wish::is_inherited(subject) && wish::of_subject(subject).intent != Intent::None;
    let asked = || ASKED_FOR.is_match(subject) || !asks_to_cancel(&body);
    if !titled && ALONE.is_match(&body) && asked() {
        for digits in ALONE.captures_iter(&body).filter_map(|found| found.get(1)) {
            let above = body.get(..digits.start()).unwrap_or_default();
            if !NUMBER_ABOVE.is_match(above) {
                note(digits.range(), digits.as_str());
            }
        }
    }
    match codes.as_slice() {
        [] => (None, body),
        [only] => (Some(only.clone()), without(&body, &ranges)),
        // Two codes: none is believed, and neither is a number.
        _ => (None, without(&body, &ranges)),
    }
}

fn asks_to_cancel(body: &str) -> bool {
    let intent = wish::of_words(body, &[]).intent;
    matches!(intent, Intent::Cancel | Intent::Restore)
}

/// The text with spaces in place of the codes.
fn without(text: &str, ranges: &[Range<usize>]) -> String {
    plain::masked(text, ranges).replace(plain::MASK, " ")
}

/// The wish of words that held a code: a code with nothing beside it is consent.
pub fn consents(wish: Wish, coded: bool, rest: &str, fields: &[Field]) -> Intent {
    let alone = coded && wish.intent == Intent::None && wish.doubt.is_none();
    if alone && wish::of_words(rest, fields).silent {
        Intent::Consent
    } else {
        wish.intent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;
    use crate::request::understand;

    fn reading(subject: &str, body: &str) -> crate::request::RequestReading {
        let text = format!(
            "From: a@example.org\r\nSubject: {subject}\r\nContent-Type: text/plain; \
             charset=utf-8\r\n\r\n{}",
            body.replace('\n', "\r\n")
        );
        understand(&read(text.as_bytes()))
    }

    #[test]
    fn a_typed_code_is_consent() {
        for (subject, body) in [
            ("", "482-193"),
            ("", "Код: 482193"),
            ("код", "Здравствуйте!\n482 193\nСпасибо"),
            (
                "Re: Подтвердите, пожалуйста: запись № 12345",
                "Код подтверждения 482-193",
            ),
            ("", "ДА, код 482-193"),
            ("", "Да.\nКод 482-193.\nИванова Мария"),
        ] {
            let reading = reading(subject, body);
            assert_eq!(reading.code.as_deref(), Some("482193"), "{body}");
            assert_eq!(reading.intent, Intent::Consent, "{body}");
            assert!(
                reading.number.is_none_or(|n| n.as_str() == "12345"),
                "{body}"
            );
        }
    }

    #[test]
    fn a_code_beside_other_words_is_no_consent() {
        for body in [
            "Не подтверждаю, код 482-193",
            "Что это за код 482-193?",
            "Это был не я. Код 482-193",
            "Код 482-193 и код 111-222",
            "Код 4821",
        ] {
            let reading = reading("", body);
            assert_ne!(reading.intent, Intent::Consent, "{reading:?}");
        }
    }

    #[test]
    fn six_digits_below_a_request_to_cancel_are_the_number() {
        for (subject, body) in [
            ("Отмена записи", "482193"),
            ("Re: Вы записаны на приём", "Отмените запись\n482193"),
            ("", "Прошу отменить.\nНомер записи:\n482193"),
        ] {
            let reading = reading(subject, body);
            assert_eq!(reading.code, None, "{body}");
            let number = reading.number.map(|number| number.as_str().to_owned());
            assert_eq!(number.as_deref(), Some("482193"), "{body}");
        }
        let confirmed = reading(
            "Re: Подтвердите, пожалуйста: запись № 5",
            "Да, отмените\n482-193",
        );
        assert_eq!(confirmed.code.as_deref(), Some("482193"));
    }
}
