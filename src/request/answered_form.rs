//! An answer to our empty form, «Отмена записи № … ФИО: … Причина: …», that gives what it asks for without
//! its labels: number, day, name and telephone, one below the other or in one line, and perhaps why.

use super::learned::{self, Class};
use super::noted::Noted;
use super::speech::{Sentence, grammar};
use super::{Intent, fields, number, person, plain, sentences, wish};
use crate::read::Letter;
use crate::read::grammar as patterns;
use std::sync::LazyLock;

/// Of day, hour, name, telephone and why so many are given: a number alone may ask anything.
const LEAST_DETAILS: usize = 2;

/// Words beside the details that are heard as surely as this tell why, be they in no list.
const SURELY_WHY: f32 = 1.2;

/// Whether the letter quotes the empty form, and `body` gives a number and some of its other details, and
/// nothing else but why.
pub fn is_filled_in_without_labels(letter: &Letter, subject: &str, body: &str) -> bool {
    if body.contains('?') || !quotes_the_empty_form(letter) {
        return false;
    }
    let noted = Noted::of(body);
    let Ok(Some(number)) = number::weighed(number::read(&[&noted]), None, &noted) else {
        return false;
    };
    let name = person::read(body, &noted.fields).ok().flatten();
    let labelled = fields::labelled_reason(&noted.text, &noted.fields);
    let details = [
        labelled.is_some(),
        !noted.dates().is_empty(),
        !noted.times().is_empty(),
        name.as_deref().is_some_and(|name| name.contains(' ')),
        !noted.phones().is_empty(),
    ];
    let given = details.iter().filter(|given| **given).count();
    let rest = without_details(&noted, &[Some(number.as_str()), name.as_deref()]);
    let said = sentences::split(&rest);
    let said: Vec<_> = said
        .iter()
        .filter_map(|text| besides_details(text))
        .collect();
    // «С 10.02 на 12.02»
    let one_day = noted.dates().len() <= 1 && noted.times().len() <= 1;
    let why = |text: &String| match labelled {
        Some(reason) if reason.contains(text.as_str()) && wish::is_harmless(reason) => true,
        None if is_labelled(&noted.text, text) && wish::is_harmless(text) => true,
        _ => tells_why(text) || is_change_of_mind(text),
    };
    // A booking letter may hold the form as well: the subject has to name the cancelling, or the answer to
    // say that it tells why. «Аллергия на новокаин» alone may be for the doctor.
    let titled = wish::of_subject(subject).intent == Intent::Cancel;
    let named = subject.to_lowercase().contains("отмен");
    let of_cancelling = named || labelled.is_some() || says_why(&noted.text);
    // «Номер 48213, заболела» below a subject of cancelling
    let told = match (said.is_empty(), titled) {
        (true, _) => 0,
        (false, false) => 1,
        (false, true) => LEAST_DETAILS,
    };
    let enough = given + told >= LEAST_DETAILS;
    of_cancelling && enough && one_day && said.len() <= 1 && said.iter().all(why)
}

/// «… тел 8 916 …, причина командировка», all in one line; or the lines of the form, numbered as they stand there.
fn says_why(text: &str) -> bool {
    static WHY: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(r"(?i)\bпричина[ :—–-]{1,3}\p{L}{3}"));
    static NUMBERED: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(r"(?m)^[ ]*[1-6][.)][ ]"));
    const LINES_OF_THE_FORM: usize = 5;
    WHY.is_match(text) || NUMBERED.find_iter(text).count() == LINES_OF_THE_FORM
}

/// «Причина гололёд, боюсь идти», the label without its colon.
fn is_labelled(body: &str, told: &str) -> bool {
    static LABEL: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(r"(?i)\bпричина[ :—–-]{1,3}$"));
    let before = body.find(told).and_then(|at| body.get(..at));
    before.is_some_and(|before| LABEL.is_match(before))
}

/// «Передумал» in a form of cancelling says why.
fn is_change_of_mind(text: &str) -> bool {
    static CHANGED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(r"(?i)^(?:я[ ])?(?:передумал\p{L}?|не[ ]?актуально|больше[ ]не[ ]нужно)$")
    });
    CHANGED.is_match(text.trim_matches([' ', '.', '!']))
}

/// What is left of the body without its day, hour, telephone and the `written` details.
fn without_details(noted: &Noted<'_>, written: &[Option<&str>]) -> String {
    let days = noted.dates().iter().map(|found| found.range.clone());
    let hours = noted.times().iter().map(|found| found.range.clone());
    let phones = noted.phones().iter().map(|phone| phone.range.clone());
    let mut ranges: Vec<_> = days.chain(hours).chain(phones).collect();
    for detail in written.iter().flatten() {
        let places = noted.text.match_indices(detail);
        ranges.extend(places.map(|(at, _)| at..at + detail.len()));
    }
    ranges.sort_by_key(|range| range.start);
    plain::masked(&noted.text, &ranges)
}

/// What a sentence says besides details; «номер», «тел», «на» stand beside one.
fn besides_details(text: &str) -> Option<String> {
    static BESIDE_A_DETAIL: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:номер|запис[ьи]|тел(?:ефон)?|моб|дата|время|фио|причина|года?|ч(?:ас(?:ов|а)?)?|\p{L}{1,2})\b",
        )
    });
    static LABELS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)^(?:(?:номер|запис[ьи]|тел(?:ефон)?|моб|дата|время|фио|причина)\b[.: ]*)+",
        )
    });
    let words = text.replace(plain::MASK, " ");
    let said = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let beside: Vec<_> = BESIDE_A_DETAIL
        .find_iter(&said)
        .map(|found| found.range())
        .collect();
    let says = plain::masked(&said, &beside).contains(char::is_alphabetic);
    let labels = LABELS.find(&said).map_or(0, |found| found.end());
    let said = said.get(labels..).unwrap_or_default().to_owned();
    (says && !wish::keeping::says_nothing(&said)).then_some(said)
}

/// «Командировка», «ребёнок заболел»: a few words, one of them a reason's, and none of papers or visits.
fn tells_why(text: &str) -> bool {
    const MOST_WORDS: usize = 5;
    let g = grammar();
    let sentence = Sentence::read(text);
    let names = |list: &str| g.class(list).is_some_and(|class| sentence.has(class));
    let reason = names("причина") || sentence.words().len() == 1 && names("повод");
    let other = names("документ") || names("запись") || names("пришлите") || names("приду");
    let paid = text.to_lowercase().contains("оплат");
    let heard = learned::hear(text);
    sentence.words().len() <= MOST_WORDS
        && !sentence.asks
        && heard.rather(Class::REASON) > if reason { 0.0 } else { SURELY_WHY }
        && !other
        && !paid
}

/// The form's first line with nothing behind its sign, and a label with nothing behind it.
pub fn quotes_the_empty_form(letter: &Letter) -> bool {
    static TITLE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(r"(?im)^[> ]*отмена[ ](?:моей[ ])?записи[ ]*(?:№|N|номер)?[ _.…:]*$")
    });
    static LABEL: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(r"(?im)^[> ]*(?:ф\.?[ ]?и\.?[ ]?о\.?|причина(?:[ ]отмены)?)[ ]*:[ _.…]*$")
    });
    TITLE.is_match(letter.quoted.as_str()) && LABEL.is_match(letter.quoted.as_str())
}
