//! What speaks against a wish to cancel: words that keep the booking, objects that are no
//! booking, bodies that do not go with their subject. Fails closed.

use super::object;
use crate::read::grammar as patterns;
use crate::request::fields::{Field, Kind};
use crate::request::phrases::{fields, words};
use crate::request::plain;
use crate::request::reason;
use crate::request::sentences;
use crate::request::signature::{self, ends_as_surname, is_name};
use crate::request::speech::{Sentence, WordList, grammar, told};
use std::sync::LazyLock;

/// Whether the sentence keeps the booking, or means another one. `asked`: cancelling is asked for
/// plainly, so that «приду позже» is about later.
pub fn keeps(sentence: &Sentence, asked: bool) -> bool {
    let g = grammar();
    keeps_surely(sentence, asked)
        || g.not_a_citizen.is_in(sentence)
        || g.other_record.is_in(sentence)
        || g.other_booking.is_in(&about_keeping(sentence, asked))
        || object::is_another(sentence)
}

/// Whether the sentence says outright that the booking stays, or cancels what is known to be another
/// thing.
pub fn keeps_surely(sentence: &Sentence, asked: bool) -> bool {
    let g = grammar();
    let names_other = || g.class("чужое").is_some_and(|class| sentence.has(class));
    g.keeping.is_in(&about_keeping(sentence, asked))
        || names_other() && object::is_another(sentence)
}

/// The sentence without what only sounds like keeping: «не приду» holds «приду».
fn about_keeping(sentence: &Sentence, asked: bool) -> Sentence {
    let g = grammar();
    let mut bare = sentence
        .without(&g.stays_away)
        .without(&g.harmless_condition);
    if asked {
        bare = bare.without(&g.comes_later);
        if !g.class("число").is_some_and(|class| sentence.has(class)) {
            bare = bare.without(&g.other_kept);
        }
    }
    bare
}

/// Whether a body leaves the wish of its subject standing: nothing in it asks for something else,
/// wonders, protests or keeps the booking, and every sentence is about coming or a known reason.
pub fn leaves_standing(body: &str, details: &[Field]) -> bool {
    let unlabelled = plain::masked(body, &self::details(body, details));
    let texts = sentences::split(&unlabelled);
    !any_statement(&texts)
        && texts.iter().all(|text| {
            let sentence = Sentence::read(text);
            !keeps(&sentence, true) && is_harmless(text, &sentence)
        })
}

/// Where labelled details stand that say nothing of coming.
pub fn details(body: &str, fields: &[Field]) -> Vec<std::ops::Range<usize>> {
    fields
        .iter()
        .filter(|field| is_detail(body, field))
        .map(|field| field.label..field.value.end)
        .collect()
}

/// As [`details`], without those whose label we do not know: «Поликлиника пишет: …».
pub fn own_details(body: &str, details: &[Field]) -> Vec<std::ops::Range<usize>> {
    let known = |field: &&Field| {
        let label = body.get(field.label..field.value.start).unwrap_or_default();
        field.kind != Kind::Other || fields().other.is_in(label)
    };
    let (remarks, known): (Vec<&Field>, Vec<&Field>) = details
        .iter()
        .filter(known)
        .partition(|field| is_remark(body, field));
    let known: Vec<Field> = known.into_iter().cloned().collect();
    let mut own = self::details(body, &known);
    // «Комментарий: не отменять»: what is remarked counts, its label does not.
    own.extend(remarks.iter().map(|field| field.label..field.value.start));
    own.sort_unstable_by_key(|range| range.start);
    own
}

fn is_remark(body: &str, field: &Field) -> bool {
    let label = body.get(field.label..field.value.start).unwrap_or_default();
    field.kind == Kind::Other && fields().remark.is_in(label)
}

/// «Егоров.» below the letter.
pub fn is_surname(text: &str) -> bool {
    let word = text.trim_end_matches(['.', ',', '!']);
    let capital = word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic);
    capital && ends_as_surname(word) && !grammar().knows_at_all(word)
}

/// «Анна», be it all that the letter says.
pub fn is_given_name(text: &str) -> bool {
    let name = text.trim_end_matches(['.', ',', '!']);
    name.starts_with(char::is_uppercase) && grammar().knows(name, WordList::GivenName)
}

/// A labelled value that says nothing of coming. «Новость: … Что скажете?» is no label.
fn is_detail(body: &str, field: &Field) -> bool {
    const LONGEST: usize = 80;
    let value = body.get(field.value.clone()).unwrap_or_default();
    match field.kind {
        Kind::Reason => false,
        Kind::Other => value.chars().count() <= LONGEST && !value.contains(['?', '!']),
        Kind::Number
        | Kind::Name
        | Kind::Surname
        | Kind::GivenName
        | Kind::Patronymic
        | Kind::Date
        | Kind::Time
        | Kind::Phone
        | Kind::Foreign => true,
    }
}

fn is_harmless(text: &str, sentence: &Sentence) -> bool {
    let g = grammar();
    let bare = sentence.without(&g.stays_away);
    let conditional = g
        .conditional
        .is_in(&sentence.without(&g.harmless_condition));
    if reason::bare::is_one(text) {
        return true;
    }
    // «Хорошо.» is the answer to something else.
    if g.unfit_for_subject.is_in(&bare) || conditional {
        return false;
    }
    if g.refers_to_subject.is_in(sentence) {
        return true;
    }
    if sentence.is_empty() || says_nothing(text) || is_given_name(text) {
        return true;
    }
    // What is told of the office or of the letter is no reason, even if a word of reasons is in it.
    let stays_away = g.absent.is_in(sentence);
    if g.complains.is_in(&bare) && !stays_away && !fields().reason_clause.is_in(text)
        || AGAINST_YOU.is_match(text)
    {
        return false;
    }
    let wants_back = g.class("верните").is_some_and(|class| sentence.has(class));
    if wants_back || sentence.asks || g.question.is_in(sentence) {
        return false;
    }
    stays_away
        || g.fits_subject.is_in(sentence)
        || fields().reason_clause.is_in(text)
        || told::explains(text)
}

/// Courtesy, a greeting, a name, or a name and when.
pub fn says_nothing(text: &str) -> bool {
    let worded = text.contains(char::is_alphanumeric);
    let named = || {
        is_name_with_figures(text)
            || greets_by_name(text)
            || is_surname(text)
            || signature::is_small_name(text)
    };
    !worded || words().courtesy.is_in(text) || named()
}

/// «Из-за вас»
static AGAINST_YOU: LazyLock<patterns::Pattern> =
    LazyLock::new(|| patterns::regex(r"(?i)из-за[ ](?:вас|ваш)"));

/// Whether any sentence begins as a heading and goes on as a statement.
pub fn any_statement(texts: &[String]) -> bool {
    texts.iter().any(|text| is_statement(text))
}

/// «Здравствуйте, Клиника.»
fn greets_by_name(sentence: &str) -> bool {
    static GREETING: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"^(?:Здравствуйте|Добрый день|Добрый вечер|Доброе утро),? ((?:\p{Lu}\p{Ll}+ ?){1,3})[.,!]*$",
        )
    });
    GREETING
        .captures(sentence)
        .and_then(|found| found.get(1))
        .is_some_and(|name| {
            name.as_str()
                .split_whitespace()
                .all(|word| !words().no_name.is_in(word))
        })
}

/// «Иванова Мария Петровна, 12.03.2027 14:30»: a name and when, or when alone.
fn is_name_with_figures(sentence: &str) -> bool {
    static WHEN: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:г\.\s?р|года?|г|рождения|при[её]ма?|запись|янв\p{L}*|фев\p{L}*|мар\p{L}{1,2}|апр\p{L}*|ма[йя]|ию[нл]\p{L}?|авг\p{L}*|сен\p{L}*|окт\p{L}*|ноя\p{L}*|дек\p{L}*|в|на|к|утра|дня|вечера|час\p{L}{0,2}|ч|мин\p{L}{0,3})\b",
        )
    });
    let end = sentence
        .find(|c: char| c == ',' || c.is_numeric())
        .unwrap_or(sentence.len());
    let (name, rest) = sentence.split_at_checked(end).unwrap_or((sentence, ""));
    let worded = |text: &str| {
        let told: Vec<_> = WHEN.find_iter(text).map(|found| found.range()).collect();
        plain::masked(text, &told).chars().any(char::is_alphabetic)
    };
    let surnamed = is_surname(rest.trim_matches(|c: char| !c.is_alphabetic()));
    (is_name(name) || is_surname(name) || !worded(name)) && (!worded(rest) || surnamed)
}

/// «Отмена записи №5 недопустима», «Отменить запись №5 хочет муж»: a heading that goes on as a
/// statement is no request.
fn is_statement(sentence: &str) -> bool {
    static HEADING: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)^[^\p{L}]*(?:отмена|отмену|отменить|отменять)(?:\s+(?:мо\p{L}+|наш\p{L}+|сво\p{L}+|эт\p{L}+))?(?:\s+(?:запис\p{L}+|при[её]м\p{L}*|визит\p{L}*|талон\p{L}*|брон\p{L}+))?(?:\s*(?:№|n|no|#|номер|ном\.?)?\s*(?:\p{L}{1,4}\s*[–—-]\s*)?[\w/–—-]*\d[\w/–—-]*)?",
        )
    });
    let Some(heading) = HEADING.find(sentence) else {
        return false;
    };
    let rest = sentence
        .get(heading.end()..)
        .unwrap_or_default()
        .trim_matches(|c: char| !c.is_alphanumeric());
    let word = rest.split_whitespace().next().unwrap_or_default();
    let name = word.chars().next().is_some_and(char::is_uppercase)
        && (word.chars().nth(1).is_some_and(char::is_lowercase) || is_name(rest));
    let figure = word.chars().next().is_none_or(char::is_numeric)
        || sentence
            .get(heading.end()..)
            .is_some_and(|rest| rest.trim_start().starts_with('('));
    let plain_end = figure || name || words().heading_goes_on.is_in(rest);
    let (g, goes_on) = (grammar(), Sentence::read(rest));
    let told = g.absent.is_in(&goes_on) || g.cancel.is_in(&goes_on);
    let circumstance = g.class("обстоятельство").is_some_and(|class| {
        goes_on
            .words()
            .first()
            .is_some_and(|w| w.classes.has(class))
    });
    !plain_end && !told && !circumstance && !fields().reason_clause.is_in(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keeping(text: &str) -> bool {
        let texts = sentences::split(&plain::plain(text));
        any_statement(&texts) || texts.iter().any(|t| keeps(&Sentence::read(t), true))
    }

    #[test]
    fn words_that_keep_are_seen_and_reasons_are_not() {
        for text in [
            "Запись №5 оставьте, а вторую отмените",
            "Отмените другую.",
            "запись №5 в силе",
            "запись №5 остаётся",
            "отменить запись моего мужа, моя №5",
            "Отмена записи. Не надо!",
            "отменить не получится, приду",
            "прошу отозвать",
            "произошла по ошибке",
            "это ошибка",
            "но теперь смогу прийти",
            "Нет",
            "шучу",
            "отменить штраф по записи №5",
            "Отмените смс рассылку. Запись №5",
            "Прошу отменить анализ крови",
            "Отменить. Стоп",
            "Отмените… хотя погодите",
            "Отмените первую запись",
            "все, кроме записи №5",
            "отмените, но мою оставьте",
            "сохраните запись",
            "запись мне нужна",
            "Отбой",
            "Отмените не мою запись",
            "Жду приёма",
            "отмените не эту",
            "пусть остаётся",
            "отмените приём брата, мой №5",
            "я выздоровела и приду",
            "Мы приедем",
            "запись нужна",
        ] {
            assert!(keeping(text), "{text}");
        }
        for text in [
            "Отмените, пожалуйста, запись №5",
            "Не приду.",
            "Прийти не смогу",
            "На приёме не буду",
            "Записалась по ошибке, отмените",
            "буду благодарна",
            "отмените мою запись на УЗИ",
            "Прошу отменить запись моего ребёнка №5",
            "Отмените, заболел ребёнок",
            "мы не приедем",
            "Моя запись №5, прошу отменить",
            "Отмените запись, больше не нужна",
        ] {
            assert!(!keeping(text), "{text}");
        }
    }

    #[test]
    fn a_body_goes_with_its_subject_or_does_not() {
        for body in [
            "",
            "Спасибо!",
            "заболел ребёнок",
            "Уезжаю в командировку.",
            "я не смогу прийти",
            "Иванова Мария Петровна",
            "Здравствуйте!\nЗаболела.\nС уважением, Иванова Мария",
        ] {
            assert!(leaves_standing(&plain::plain(body), &[]), "{body}");
        }
        for body in [
            "Нет",
            "Оставьте как есть",
            "Жду подтверждения времени",
            "Это спам? Кто вам дал мой адрес?",
            "Расскажите, какие условия",
            "Я передумала",
            "Уезжаю в командировку? Нет, приду",
            "Приём в пятницу подходит",
            "не актуально это",
            "Звонила вам вчера",
            "Заболел ребёнок, но приду",
            "Неправда",
            "Верните деньги",
        ] {
            assert!(!leaves_standing(&plain::plain(body), &[]), "{body}");
        }
    }
}
