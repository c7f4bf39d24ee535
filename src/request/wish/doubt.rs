//! The gate behind a wish that was found: whatever in the letter speaks for another reading makes
//! it unclear. A false alarm costs an answer; a wrong cancellation costs the appointment.

use crate::read::grammar as patterns;
use crate::request::phrases::fields;
use crate::request::sentences;
use crate::request::speech::{Rule, Sentence, grammar};
use std::sync::LazyLock;

/// Whether the sentences, all of one letter, leave a doubt about its wish to cancel.
pub fn about_cancelling(texts: &[String]) -> bool {
    let g = grammar();
    let read: Vec<Sentence> = texts.iter().map(|text| Sentence::read(text)).collect();
    let everywhere: [&Rule; 13] = [
        &g.comes_after_all,
        &g.taken_back,
        &g.past_wish,
        &g.supposes,
        &g.conditional_without_if,
        &g.moves_too,
        &g.protests,
        &g.reported_too,
        &g.narrates,
        &g.about_the_request,
        &g.two_bookings,
        &g.unsure_number,
        &g.irony,
    ];
    let odd: [&Rule; 3] = [&g.form_or_draft, &g.office_speaks, &g.seeks_advice];
    let asks_plainly = read.iter().any(|sentence| g.cancel.is_in(sentence));
    let commands = read.iter().any(|sentence| {
        g.class("отмените").is_some_and(|class| {
            sentence
                .words()
                .first()
                .is_some_and(|w| w.classes.has(class))
        })
    });
    let doubtful = texts.iter().zip(&read).any(|(text, sentence)| {
        // «Так как перезаписалась»: a reason that says so is none.
        let reasoned = fields().reason_clause.is_in(text.as_str());
        // «Хотела через сайт, но кнопка не работает. Отмените вы»: the command counts.
        let past = asks_plainly && !g.cancel.is_in(&sentence.without(&g.past_wish));
        everywhere
            .iter()
            .chain(&odd)
            .filter(|rule| !(reasoned && std::ptr::eq(**rule, &raw const g.narrates)))
            .filter(|rule| !(commands && past && std::ptr::eq(**rule, &raw const g.past_wish)))
            .any(|rule| rule.is_in(sentence))
            || !asks_plainly && g.comes_differently.is_in(sentence)
            || MARKS.is_match(text.as_str())
    });
    doubtful || contradicts(&read) || is_announced(texts, &read) || names_another(&read)
}

/// A request below a line of signs, or behind a bar: a letter that was copied in.
pub fn is_copied(body: &str) -> bool {
    static PARTING: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(r"(?im)^[ ]*(?:[=_*#~+-]{5,}[ ]*$|\|)"));
    let g = grammar();
    let below = PARTING.find(body).and_then(|line| body.get(line.end()..));
    below.is_some_and(|text| {
        sentences::split(text).iter().any(|text| {
            let said = Sentence::read(text);
            g.cancel.is_in(&said) || g.cancel_noun.is_in(&said)
        })
    })
}

/// «Новая дата: …», «Причина: перенос»: the form asks for another day.
pub fn names_a_new_day(body: &str) -> bool {
    static NEW: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?im)^[ ]*(?:нов(?:ая|ое|ый)|другая|другое|удобн(?:ая|ое|ый)|желаемое)[ ](?:дата|время|день)|^[ ]*причина[^:\n]{0,20}:[ ]*перенос(?:[ ]*[.!]?[ ]*$|[ ](?:записи|при[её]ма|визита|даты|времени|на)\b)|перенести[ ]на[ ]*:",
        )
    });
    NEW.is_match(body)
}

/// «Запись к хирургу №5. Запись к терапевту отмените»: the number stands beside another booking
/// than the wish.
fn names_another(read: &[Sentence]) -> bool {
    let g = grammar();
    let figure = |sentence: &Sentence| g.class("число").is_some_and(|class| sentence.has(class));
    let wished = read.iter().any(|sentence| {
        !figure(sentence)
            && g.named_booking.is_in(sentence)
            && (g.cancel.is_in(sentence) || g.absent.is_in(sentence))
    });
    wished
        && read
            .iter()
            .any(|sentence| figure(sentence) && g.class("запись").is_some_and(|c| sentence.has(c)))
}

/// Whether the sentences leave a doubt about a wish to restore.
pub fn about_restoring(texts: &[String]) -> bool {
    let g = grammar();
    let rules: [&Rule; 5] = [
        &g.office_speaks,
        &g.conditional_without_if,
        &g.seeks_advice,
        &g.form_or_draft,
        &g.unsure_number,
    ];
    texts.iter().any(|text| {
        let sentence = Sentence::read(text);
        rules.iter().any(|rule| rule.is_in(&sentence)) || MARKS.is_match(text.as_str())
    })
}

/// Boxes of a form, a «не» that a line or an exclamation mark parted from its verb, spaced letters.
static MARKS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)\[[ xхv]?\]|(?:^|[ ,])не[ !.…:,-]*$|(?:^|[ ])не[ ]?[,!.…]|(?:^|[ ])(?:\p{L}[ ]){3,}\p{L}(?:[ .!?]|$)",
    )
});

/// «Хочу отменить, но жена говорит идти», and «Но …» as a sentence behind the request.
fn contradicts(read: &[Sentence]) -> bool {
    let g = grammar();
    let mut asked = false;
    for sentence in read {
        let bare = sentence.without(&g.harmless_contrast);
        let harmless = g
            .harmless_contrast
            .find(sentence)
            .is_some_and(|r| r.start == 0);
        let opening = sentence
            .text_of(0)
            .filter(|_| !harmless)
            .unwrap_or_default();
        let turns = matches!(
            opening.as_str(),
            "но" | "однако" | "хотя" | "или" | "впрочем" | "зато"
        );
        let asks = g.cancel.is_in(sentence) || g.absent.is_in(sentence);
        if asked && turns && !asks || g.contrast.is_in(&bare) {
            return true;
        }
        asked |= asks || g.cancel_noun.is_in(sentence);
    }
    false
}

/// «Мне написали:» — and on the next line the words of somebody else.
fn is_announced(texts: &[String], read: &[Sentence]) -> bool {
    static TELLS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:пиш|писа|напис|присл|пришл|прише|получ|отправ|следующ|смс|sms|сообщен|письм|сказа|говор|ниже|текст|цитат|так|правильн|образец|пример|надо|нужно|читаю)[^.!?]{0,60}[:?]\s*$",
        )
    });
    let g = grammar();
    texts
        .windows(2)
        .zip(read.iter().skip(1))
        .any(|(pair, said)| {
            let tells = pair
                .first()
                .is_some_and(|text| TELLS.is_match(text.as_str()));
            tells && (g.cancel.is_in(said) || g.cancel_noun.is_in(said))
        })
}
