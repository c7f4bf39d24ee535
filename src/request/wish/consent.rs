//! «Да», «подтверждаю»: consent is nothing but consent.

use super::keeping;
use crate::read::grammar::{self as patterns, Rule};
use crate::request::learned;
use crate::request::plain;
use crate::request::signature;
use crate::request::speech::{Sentence, Word, grammar};
use serde::Deserialize;
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
    let together: Vec<&str> = spoken.iter().map(|text| text.as_str()).collect();
    if BESIDE.of_coming.is_in(&*together.join(" ")) {
        return false;
    }
    let said: Vec<Sentence> = spoken
        .iter()
        .enumerate()
        .filter(|(at, text)| {
            !signature::is_name(text) && (*at == 0 || !is_signed(text) && !is_remark(text))
        })
        .map(|(_, text)| without_remarks(text))
        .filter(|text| text.contains(char::is_alphanumeric))
        .map(|text| Sentence::read(&text))
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
    // «Да, верно, 30457.»
    let confirmed = begins("да") && has("верно");
    let numbered = has("число") && !has("согласен") && !confirmed;
    let answers = begins("верно") && !has("отмените") && !has("отменить");
    let agrees = said
        .first()
        .is_some_and(|said| said.words().iter().any(agrees_by_denying));
    (begins("да") || begins("согласен") || answers || agrees) && of_cancelling && !numbered
}

/// How a remark beside a consent is worded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    remark: Rule,
    of_coming: Rule,
}

static BESIDE: LazyLock<Beside> =
    LazyLock::new(|| patterns::embedded(include_str!("consent.toml")));

/// «Подтверждаю, это была я, Игнатова Майя», «Я, Игнатова Майя, подтверждаю»: the consent alone.
fn without_remarks(text: &str) -> String {
    static NAMED: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(r"(?i)(?:^|,[ ])(?:я,[ ])?(?P<name>[^,.!?]+)"));
    let mut text = plain::masked(text, &BESIDE.remark.all(text));
    let names: Vec<_> = NAMED
        .captures_iter(&text)
        .filter_map(|found| found.name("name"))
        .filter(|name| signature::is_name(name.as_str()))
        .map(|name| name.range())
        .collect();
    text = plain::masked(&text, &names);
    text.replace(plain::MASK, " ")
}

/// «подтверждаю. Мухина»
fn is_signed(text: &str) -> bool {
    keeping::is_surname(text) || keeping::is_given_name(text)
}

fn is_remark(text: &str) -> bool {
    let heard = learned::hear(text);
    heard.doubt < HARMLESS && heard.wish < 0.0 && !Sentence::read(text).asks
}

/// «Не возражаю»: what is denied is that one minds.
fn agrees_by_denying(word: &Word) -> bool {
    let minds = grammar().class("возражаю");
    word.denied && minds.is_some_and(|class| word.classes.has(class))
}

fn consents(sentence: &Sentence) -> bool {
    let g = grammar();
    let (agreeing, figure) = (g.class("слова-согласия"), g.class("число"));
    let known = |class: Option<_>, word: &Word| class.is_some_and(|class| word.classes.has(class));
    !sentence.asks
        && sentence.words().iter().all(|word| {
            (!word.denied || agrees_by_denying(word))
                && (known(agreeing, word) || known(figure, word))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        assert_eq!(BESIDE.remark.misjudged(), None);
        assert_eq!(BESIDE.of_coming.misjudged(), None);
    }

    fn judged(text: &str) -> bool {
        let texts = crate::request::sentences::split(text);
        is_consent(&texts.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_consent_is_one_with_thanks_and_remarks_beside_it() {
        for text in [
            "Да, спасибо большое",
            "Всё верно",
            "Так точно",
            "Хорошо, подтверждаю",
            "Мой ответ да",
            "Пишу как просили: ДА",
            "вы правильно поняли, да",
            "Я, Петров Иван Сергеевич, подтверждаю отмену записи.",
            "Подтверждаю!! Сколько раз ещё писать?",
            "Да. Уже в третий раз пишу вам да.",
            "Да, это была я. Подтверждаю.",
            "не возражаю",
            "Да, я не против",
            "потверждаю отмену",
            "Да, верно, 30457.",
            "подтверждаю. Мухина",
            "Да да милая подтверждаю, спасибо что переспросили",
            "Ваше письмо получила. Подтверждаю.",
            "Да, это моя запись, подтверждаю",
            "Однозначно да",
        ] {
            assert!(judged(text), "not consent: {text}");
        }
    }

    #[test]
    fn any_other_word_makes_it_another_letter() {
        for text in [
            "Да, приду",
            "Подтверждаю запись",
            "Подтверждаю, что приду",
            "Да, но не сейчас",
            "Всё верно, буду в срок",
            "Не подтверждаю",
            "Я против",
            "Да нет",
            "Так отмените запись",
            "Да, перенесите",
        ] {
            assert!(!judged(text), "consent: {text}");
        }
    }
}
