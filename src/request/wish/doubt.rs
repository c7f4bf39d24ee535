//! The gate behind a wish that was found: whatever in the letter speaks for another reading makes
//! it unclear. A false alarm costs an answer; a wrong cancellation costs the appointment.

use crate::read::grammar as patterns;
use crate::request::phrases::fields;
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
    let doubtful = texts.iter().zip(&read).any(|(text, sentence)| {
        // «Так как перезаписалась»: a reason that says so is none.
        let reasoned = fields().reason_clause.is_in(text.as_str());
        everywhere
            .iter()
            .chain(&odd)
            .any(|rule| rule.is_in(sentence) && !(reasoned && std::ptr::eq(*rule, &g.narrates)))
            || !asks_plainly && g.comes_differently.is_in(sentence)
            || MARKS.is_match(text.as_str())
    });
    doubtful || contradicts(&read) || is_announced(texts, &read)
}

/// Boxes of a form.
static MARKS: LazyLock<patterns::Pattern> =
    LazyLock::new(|| patterns::regex(r"(?i)\[[ xх✓v]?\]|☐|☑"));

/// «Хочу отменить, но жена говорит идти», and «Но …» as a sentence behind the request.
fn contradicts(read: &[Sentence]) -> bool {
    let g = grammar();
    let mut asked = false;
    for sentence in read {
        let bare = sentence.without(&g.harmless_contrast);
        let harmless = g.harmless_contrast.find(sentence).is_some_and(|r| r.start == 0);
        let opening = sentence.text_of(0).filter(|_| !harmless).unwrap_or_default();
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
    texts.windows(2).zip(read.iter().skip(1)).any(|(pair, said)| {
        let tells = pair.first().is_some_and(|text| TELLS.is_match(text.as_str()));
        tells && (g.cancel.is_in(said) || g.cancel_noun.is_in(said))
    })
}
