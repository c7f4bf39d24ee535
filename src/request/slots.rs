//! Wishes about free times: a new time, a place in the waiting list, no to an offer.

use super::Intent;
use super::phrases::words;
use super::sentences;
use super::signature;
use super::speech::{Rule, Sentence, grammar};
use super::wish::{self, Wish};
use crate::domain::Reason;

/// Sentences that a refusal has at most, the name below it included.
const MOST_SENTENCES: usize = 4;

/// The wish of subject and body where nothing else is wished: `so_far` is what was read before. A
/// letter that another rule finds doubtful stays so, unless the doubt is only that a program cannot
/// give another time.
pub fn wish(subject: &str, body: &str, so_far: Wish) -> Wish {
    if so_far.intent != Intent::None {
        return so_far;
    }
    let spoken = spoken(body);
    if declines(&spoken) {
        return Wish::clear(Intent::Decline);
    }
    if !matches!(so_far.doubt, None | Some(Reason::NeedsPerson)) {
        return so_far;
    }
    let fresh = !wish::is_inherited(subject);
    let titles: Vec<String> = sentences::split(subject)
        .into_iter()
        .filter(|_| fresh)
        .collect();
    let g = grammar();
    let asks = |rule: &Rule| {
        spoken
            .iter()
            .chain(&titles)
            .any(|text| is_asked(rule, text))
    };
    if asks(&g.joins_list) {
        Wish::clear(Intent::Join)
    } else if asks(&g.rebook) {
        Wish::clear(Intent::Rebook)
    } else {
        so_far
    }
}

fn is_asked(rule: &Rule, text: &str) -> bool {
    let sentence = Sentence::read(text);
    !sentence.asks && !grammar().conditional.is_in(&sentence) && rule.is_in(&sentence)
}

fn spoken(body: &str) -> Vec<String> {
    let mut all = sentences::split(body);
    all.retain(|text| !words().courtesy.is_in(text) && text.chars().any(char::is_alphanumeric));
    all
}

/// A refusal is nothing but a refusal: any further sentence makes it a letter for a person.
fn declines(spoken: &[String]) -> bool {
    if spoken.is_empty() || spoken.len() > MOST_SENTENCES {
        return false;
    }
    let said = spoken.iter().filter(|text| !signature::is_name(text));
    let mut any = false;
    for text in said {
        any = true;
        let sentence = Sentence::read(text);
        if sentence.asks || !grammar().declines.is_in(&sentence) {
            return false;
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use crate::read::read;
    use crate::request::{Intent, RequestReading, understand};

    fn reading(subject: &str, body: &str) -> RequestReading {
        let text = format!(
            "From: a@example.org\r\nSubject: {subject}\r\nContent-Type: text/plain; \
             charset=utf-8\r\n\r\n{}",
            body.replace('\n', "\r\n")
        );
        understand(&read(text.as_bytes()))
    }

    #[test]
    fn the_form_asks_for_a_new_time() {
        let form =
            "Номер записи: 12345\nФИО: Иванова Мария Петровна\nДата: 12.03.2027\nВремя: 14:30";
        for (subject, body) in [
            ("Повторная запись №12345", form),
            (
                "",
                "Повторная запись №12345\nДата: 12.03.2027\nВремя: 14:30",
            ),
            ("Повторная запись №12345", "Дата: 12.03.2027\nВремя: 14:30"),
        ] {
            let reading = reading(subject, body);
            assert_eq!(
                reading.intent,
                Intent::Rebook,
                "{subject} {body} {reading:?}"
            );
            assert_eq!(
                reading.number.map(|n| n.to_string()).as_deref(),
                Some("12345")
            );
            assert_eq!(reading.date.as_deref(), Some("2027-03-12"));
            assert_eq!(reading.time.as_deref(), Some("14:30"));
            assert_eq!(reading.problems, []);
        }
    }

    #[test]
    fn the_waiting_list_is_asked_for() {
        for (subject, body) in [
            ("Лист ожидания по записи №12345", ""),
            ("Re: ваше письмо", "В лист ожидания"),
            (
                "",
                "Поставьте меня, пожалуйста, в лист ожидания, запись №12345",
            ),
        ] {
            let reading = reading(subject, body);
            assert_eq!(reading.intent, Intent::Join, "{subject} {body} {reading:?}");
        }
    }

    #[test]
    fn no_is_no_and_nothing_else() {
        for body in [
            "Нет",
            "Нет, спасибо.",
            "Не согласна.\nИванова Мария",
            "Мне не подходит.",
        ] {
            assert_eq!(reading("Re: время", body).intent, Intent::Decline, "{body}");
        }
        for body in [
            "Нет, я приду",
            "Не подходит. Есть ли другое время?",
            "Нет возможности позвонить, перезвоните",
            "Нет, это был не я, ничего не отменяйте!",
        ] {
            assert_ne!(reading("Re: время", body).intent, Intent::Decline, "{body}");
        }
    }

    #[test]
    fn agreement_is_consent_as_ever() {
        for body in ["Согласен", "Согласна", "ДА", "Да, согласна.\nИванова Мария"]
        {
            assert_eq!(reading("Re: время", body).intent, Intent::Consent, "{body}");
        }
    }

    #[test]
    fn other_wishes_and_doubts_stay_what_they_are() {
        assert_eq!(
            reading("Повторная запись №5", "Отмените запись №5").intent,
            Intent::Cancel
        );
        let asked = reading("", "Возможна ли повторная запись №5?");
        assert_eq!(asked.intent, Intent::None);
        assert_eq!(
            reading("Re: Повторная запись №5", "Спасибо!").intent,
            Intent::None
        );
    }
}
