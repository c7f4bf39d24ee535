//! «Да», «подтверждаю»: consent is nothing but consent.

use crate::read::grammar as patterns;
use crate::request::learned;
use crate::request::signature;
use crate::request::speech::{Sentence, Word, grammar};
use std::sync::LazyLock;

/// Sentences that a consent has at most, the name below it included.
const MOST_SENTENCES: usize = 4;

/// What stands below a consent has to be heard as surely harmless as this to be a remark only.
const HARMLESS: f32 = -0.8;

/// Whether the sentences consent and say nothing else: any further word makes it another letter, but
/// for a name, or a remark below: «ДА. Кнопка не нажималась, пишу руками».
pub fn is_consent(spoken: &[&String]) -> bool {
    let Some(first) = spoken.first().filter(|_| spoken.len() <= MOST_SENTENCES) else {
        return false;
    };
    let said: Vec<Sentence> = spoken
        .iter()
        .enumerate()
        .filter(|(at, text)| {
            !signature::is_name(text) && (*at == 0 || !is_remark(text) && !owns_up(text))
        })
        .map(|(_, text)| Sentence::read(text))
        .collect();
    if signature::is_name(first) || !said.iter().all(consents) {
        return false;
    }
    let has = |list: &str| {
        grammar()
            .class(list)
            .is_some_and(|class| said.iter().any(|s| s.has(class)))
    };
    let begins = |list: &str| {
        let first = said.first().map(Sentence::words).unwrap_or_default();
        let (class, answering) = (grammar().class(list), grammar().class("отвечаю"));
        let is = |word: &Word, class: Option<_>| class.is_some_and(|c| word.classes.has(c));
        // «На ваш вопрос отвечаю: да»
        let said = first.iter().skip_while(|word| is(word, answering));
        said.take(2).any(|word| is(word, class))
    };
    // «Подтверждаю запись» keeps it; «да, отмените запись №5» is a request of its own.
    let cancelling = has("отмена") || has("отменить") || has("отмените");
    let of_cancelling = cancelling || !has("запись");
    let numbered = has("число") && !has("согласен");
    (begins("да") || begins("согласен")) && of_cancelling && !numbered
}

/// «Это была я, Игнатова Майя»: who asked for it answers.
fn owns_up(text: &str) -> bool {
    static MINE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"^(?i:да, )?(?i:это (?:был|была|были|писала?|просила?) (?:я|мы))(?:, (?P<name>[^.!?]+))?[.!]*$",
        )
    });
    MINE.captures(text).is_some_and(|found| {
        found
            .name("name")
            .is_none_or(|name| signature::is_name(name.as_str()))
    })
}

fn is_remark(text: &str) -> bool {
    let heard = learned::hear(text);
    heard.doubt < HARMLESS && heard.wish < 0.0 && !Sentence::read(text).asks
}

fn consents(sentence: &Sentence) -> bool {
    let g = grammar();
    let (agreeing, figure) = (g.class("слова-согласия"), g.class("число"));
    let known = |class: Option<_>, word: &Word| class.is_some_and(|class| word.classes.has(class));
    !sentence.asks
        && sentence.words().iter().all(|word| {
            let objects = word.denied && g.class("возражаю").is_some_and(|c| word.classes.has(c));
            (!word.denied || objects) && (known(agreeing, word) || known(figure, word))
        })
}
