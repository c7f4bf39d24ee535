//! Words that the writer quotes in a sentence: «нажмите „Отменить“».

use crate::read::grammar as patterns;
use crate::request::plain;
use crate::request::speech::{Sentence, grammar};
use std::ops::Range;
use std::sync::LazyLock;

/// Blanks out quotations of several words behind a word of reporting; tells whether one held a
/// wish.
pub fn without_quotations(text: &str) -> (String, bool) {
    static QUOTATION: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(r"«[^»]{3,600}»|“[^”]{3,600}”|„[^“”]{3,600}[“”]|\x22[^\x22]{3,600}\x22")
    });
    static SPEECH: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)(?:пиш|писа|отправ|присл|нажа|напечата|набра|послал|пример|образец|шаблон|сообщ|сказа|говор|пришл|письм|смс|sms|текст|указа|слов|прос|ответ|цитат|надпис|кнопк|раздел|уведомл|получил|читаю|прочит|фраз)[^«“„\x22\n]{0,60}$",
        )
    });
    let mut wish = false;
    let ranges: Vec<Range<usize>> = QUOTATION
        .find_iter(text)
        .filter(|found| found.as_str().contains(' '))
        .filter(|found| {
            SPEECH.is_match(
                text.get(..found.start())
                    .unwrap_or_default()
                    .rsplit('\n')
                    .next()
                    .unwrap_or_default(),
            )
        })
        .map(|found| {
            let inner = found.as_str();
            let (g, said) = (grammar(), Sentence::read(inner));
            wish |= g.cancel.is_in(&said) || g.cancel_noun.is_in(&said) || g.restore.is_in(&said);
            found.range()
        })
        .collect();
    (plain::masked(text, &ranges), wish)
}
