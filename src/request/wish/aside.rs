//! «Отмените запись. А когда можно будет записаться снова?», «… До скольки вы работаете?»: what is asked beside a
//! plain request says nothing about this booking; nor does what is told of how it was made.

use crate::read::grammar::{self, Rule};
use crate::request::plain;
use crate::request::speech::{self, Sentence};
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::LazyLock;

/// How they are worded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asides {
    of_later: Rule,
    of_other_matters: Rule,
    of_this: Rule,
    of_coming: Rule,
    of_the_confirmation: Rule,
    of_a_mistaken_booking: Rule,
    of_another_event: Rule,
}

static ASIDES: LazyLock<Asides> = LazyLock::new(|| grammar::embedded(include_str!("asides.toml")));

/// The sentences without questions aside, where another of them asks to cancel this booking.
pub fn without_questions_aside(texts: &[String]) -> Cow<'_, [String]> {
    if !texts.iter().any(|text| is_question(text)) {
        return Cow::Borrowed(texts);
    }
    let parted: Vec<&str> = texts.iter().flat_map(|text| parts(text)).collect();
    // «Анализы не готовы? Тогда отмените»
    static THEN: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)^(?:ну[ ]|а[ ]|и[ ])?(?:тогда|в[ ]таком[ ]случае|раз[ ]так|если)\b")
    });
    let depends = parted.iter().any(|text| THEN.is_match(*text));
    let asked = parted.iter().any(|text| asks(text));
    if depends || !asked || !parted.iter().any(|text| is_aside(text)) {
        return Cow::Borrowed(texts);
    }
    let kept = parted.into_iter().filter(|text| !is_aside(text));
    Cow::Owned(kept.map(str::to_owned).collect())
}

/// The text, of a form of cancelling that is filled in, without the lines that wait for its confirmation.
pub fn without_confirmation_asked_for(text: &str, form: bool) -> Cow<'_, str> {
    if !form {
        return Cow::Borrowed(text);
    }
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        (line.trim_end(), start)
    });
    let asking = lines.filter(|(line, _)| ASIDES.of_the_confirmation.is_all_of(line.trim_start()));
    let asking: Vec<_> = asking
        .map(|(line, start)| start..start + line.len())
        .collect();
    Cow::Owned(plain::masked(text, &asking))
}

/// The text without what it tells of a booking that was made by mistake, and, if it `cancels`, of another event that
/// was moved: by themselves these words sound like a wish to keep or to move.
pub fn without_circumstances(text: &str, cancels: bool) -> String {
    let mut told = ASIDES.of_a_mistaken_booking.all(text);
    if cancels {
        told.extend(ASIDES.of_another_event.all(text));
    }
    told.sort_unstable_by_key(|range| range.start);
    plain::masked(text, &told)
}

fn asks(text: &str) -> bool {
    !is_question(text) && speech::grammar().cancel.is_in(&Sentence::read(text))
}

/// «Есть ли у вас окулист?», and «скажите, есть ли …», «… и скажите, до скольки вы работаете» without its sign.
fn is_question(text: &str) -> bool {
    static TOLD_TO_ANSWER: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)(?:^(?:[аи][ ])?|[ ][аи][ ])(?:под)?скажите\b.*\b(?:ли|до[ ]скольки|когда|где|как|сколько)\b",
        )
    });
    text.trim_end_matches(['?', '!', ' ', ')']).len() < text.len() && text.contains('?')
        || TOLD_TO_ANSWER.is_match(text)
}

fn is_aside(text: &str) -> bool {
    let of_other_matters = || ASIDES.of_other_matters.is_in(text) && !ASIDES.of_coming.is_in(text);
    is_question(text)
        && !ASIDES.of_this.is_in(text)
        && (ASIDES.of_later.is_in(text) || of_other_matters())
}

/// «Отмените, а как потом записаться снова?»: the request, and the question behind its comma.
fn parts(text: &str) -> Vec<&str> {
    static TURNS: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i),?[ ](?:а|и)[ ](?:(?:под)?скажите|как|где|когда|сколько|до|есть)\b")
    });
    if !is_question(text) {
        return vec![text];
    }
    let parted = TURNS.find(text).and_then(|turn| {
        let (request, rest) = text.split_at_checked(turn.start())?;
        let question = rest.trim_start_matches([',', ' ']);
        (asks(request) && is_aside(question)).then_some([request, question])
    });
    parted.map_or_else(|| vec![text], |parts| parts.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        for rule in [
            &ASIDES.of_later,
            &ASIDES.of_other_matters,
            &ASIDES.of_this,
            &ASIDES.of_coming,
            &ASIDES.of_a_mistaken_booking,
            &ASIDES.of_another_event,
        ] {
            assert_eq!(rule.misjudged(), None);
        }
        let rule = &ASIDES.of_the_confirmation;
        let whole = |text: &&String| rule.is_all_of(text.as_str());
        assert_eq!(rule.examples.iter().find(|text| !whole(text)), None);
        assert_eq!(rule.counter_examples.iter().find(whole), None);
    }

    fn left(texts: &[&str]) -> Vec<String> {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        without_questions_aside(&texts).into_owned()
    }

    #[test]
    fn a_question_aside_falls_away_beside_a_request() {
        for question in [
            "А когда можно будет записаться снова, есть ли места на апрель?",
            "И подскажите, можно ли потом прийти без записи?",
            "Есть ли у вас окулист?",
            "И скажите пожалуйста есть ли у вас гинеколог по субботам",
            "Госпошлину вернут?",
        ] {
            assert_eq!(left(&["Отмените запись.", question]).len(), 1, "{question}");
            assert_eq!(left(&["Здравствуйте.", question]).len(), 2, "{question}");
        }
        assert_eq!(
            left(&["Отмените, а как потом записаться снова?"]),
            ["Отмените"]
        );
        assert_eq!(
            left(&["Отмените пожалуйста и скажите до скольки вы работаете"]),
            ["Отмените пожалуйста"]
        );
    }

    #[test]
    fn a_question_of_this_booking_stays() {
        for question in [
            "А можно ли потом вернуть запись?",
            "Можно записаться на среду?",
            "А если не отменять, можно потом записаться?",
            "Когда примет врач?",
            "А сколько стоит перенести?",
            "Может, лучше прийти позже?",
            "Деньги вернёте, если не отменять?",
            "Анализы не готовы?",
        ] {
            assert_eq!(left(&["Отмените запись.", question]).len(), 2, "{question}");
        }
    }
}
