//! «Отмените запись. А когда можно будет записаться снова?»: what is asked of a later booking says nothing
//! about this one.

use crate::read::grammar as patterns;
use crate::request::speech::{Sentence, grammar};
use std::borrow::Cow;
use std::sync::LazyLock;

/// The sentences without questions of a later booking, where another of them asks to cancel this one.
pub fn without_questions_of_later(texts: &[String]) -> Cow<'_, [String]> {
    let g = grammar();
    let later = |text: &String| is_of_later(text);
    let asks = |text: &String| g.cancel.is_in(&Sentence::read(text)) && !is_of_later(text);
    if texts.iter().any(later) && texts.iter().any(asks) {
        Cow::Owned(
            texts
                .iter()
                .filter(|text| !is_of_later(text))
                .cloned()
                .collect(),
        )
    } else {
        Cow::Borrowed(texts)
    }
}

fn is_of_later(text: &str) -> bool {
    static QUESTION: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)^(?:[аи][ ])?(?:(?:подскажите|скажите|напишите)[ ,]+(?:пожалуйста[ ,]+)?)?(?:когда|как|где|можно|смогу|сможем)\b.*\?[ ?!]*$",
        )
    });
    static LATER: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:снова|заново|потом|позже|повторно|опять|в[ ]следующий[ ]раз|в[ ]дальнейшем)\b",
        )
    });
    static BOOKING: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(r"(?i)\b(?:(?:пере)?запис(?:аться|ываться)|прийти[ ]без[ ]записи)\b")
    });
    // «Можно ли потом записаться на эту же запись?», «когда её можно вернуть?»
    static OF_THIS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:эт(?:у|ой|от|о)|верн\p{L}+|восстан\p{L}+|отмен\p{L}+|остав\p{L}+|перен\p{L}+|сначала|сперва|прежде|если)\b",
        )
    });
    text.contains('?')
        && QUESTION.is_match(text)
        && LATER.is_match(text)
        && BOOKING.is_match(text)
        && !OF_THIS.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::without_questions_of_later;

    #[test]
    fn a_question_of_a_later_booking_falls_away_beside_a_request() {
        let left = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            without_questions_of_later(&texts).len()
        };
        for question in [
            "А когда можно будет записаться снова, есть ли места на апрель?",
            "И подскажите, можно ли потом прийти без записи?",
        ] {
            assert_eq!(left(&["Отмените запись.", question]), 1, "{question}");
            assert_eq!(left(&["Здравствуйте.", question]), 2, "{question}");
        }
        for question in [
            "А можно ли потом вернуть запись?",
            "Можно записаться на среду?",
            "А если не отменять, можно потом записаться?",
            "Когда примет врач?",
        ] {
            assert_eq!(left(&["Отмените запись.", question]), 2, "{question}");
        }
    }
}
