//! What the writer wants. In doubt nobody acts: a person reads the letter.

mod another;
pub mod another_number;
mod aside;
mod consent;
mod doubt;
mod given_back;
mod heard;
mod held;
mod judged;

pub mod keeping;
mod not_restored;
mod other_errand;
mod object;
mod petition;
pub mod plain_command;
mod quotation;
mod signals;
mod undermined;
mod undone;
mod whole_letter;
#[cfg(test)]
mod tests;

use super::Intent;
use super::fields::{Field, Kind};
use super::phrases::words;
use super::plain;
use super::sentences;
use super::speech::{Sentence, grammar};
use crate::domain::Reason;
use crate::read::grammar as patterns;
pub use aside::{without_circumstances, without_confirmation_asked_for};
pub use given_back::is_coming;
pub use heard::{gives_harmless_reasons, hear, is_harmless};
pub use judged::reconsidered;
pub use not_restored::keeps_from_restoring;
use signals::{Signals, signals};
use std::sync::LazyLock;
pub use undone::{leaves_restoring, undoing};

/// A wish, or why there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wish {
    /// What is asked for.
    pub intent: Intent,
    /// Why it is unclear, when it is.
    pub doubt: Option<Reason>,
    /// The words carry nothing at all: empty, or greeting and thanks only.
    pub silent: bool,
    /// What the rules hold against it.
    pub objection: Objection,
}

/// How surely something speaks against a wish.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Objection {
    /// Nothing does; what stands in the letter may still be strange.
    #[default]
    None,
    /// A phrase that about as often is harmless.
    Weak,
    /// A phrase that nearly always keeps the booking.
    Strong,
    /// Several sentences that contradict each other, or words that are hardly ever harmless.
    Grave,
    /// What no sentence can make good: another's letter, a form of another kind, a broken word.
    Final,
}

impl Wish {
    /// A person decides.
    pub const fn unclear() -> Self {
        Self::doubtful(Reason::WishUnclear)
    }

    /// A person decides, unless the sentences are heard to be harmless in spite of `objection`.
    pub const fn unclear_by(objection: Objection) -> Self {
        Self {
            objection,
            ..Self::unclear()
        }
    }

    const fn doubtful(reason: Reason) -> Self {
        Self {
            intent: Intent::None,
            doubt: Some(reason),
            silent: false,
            objection: Objection::Strong,
        }
    }

    /// Clearly asked for.
    pub const fn clear(intent: Intent) -> Self {
        Self {
            intent,
            doubt: None,
            silent: false,
            objection: Objection::None,
        }
    }
}

/// Reads the wish of the writer's own words.
pub fn of_words(text: &str, fields: &[Field]) -> Wish {
    let text = &without_reasons(text, fields);
    let all = sentences::split(text);
    let spoken: Vec<&String> = all
        .iter()
        .filter(|s| !words().courtesy.is_in(s.as_str()))
        .collect();
    if spoken.iter().all(|s| !s.chars().any(char::is_alphanumeric)) {
        return Wish {
            silent: true,
            ..Wish::default()
        };
    }
    if consent::is_consent(&spoken) {
        return Wish::clear(Intent::Consent);
    }
    let (unquoted, quoted_wish) = quotation::without_quotations(text);
    let spoken = sentences::split(&unquoted);
    if !quoted_wish && given_back::is_asked_back(&spoken, false) {
        return Wish::clear(Intent::Restore);
    }
    of_sentences(&aside::without_questions_aside(&spoken), quoted_wish)
}

/// Whether the words below a subject that tells of a cancelling ask to have the booking back: «Верните!» below
/// «Re: Запись отменена».
pub fn is_asked_back_below(subject: &str, text: &str, fields: &[Field]) -> bool {
    if !given_back::tells_of_cancelling(subject) {
        return false;
    }
    let (unquoted, quoted_wish) = quotation::without_quotations(&without_reasons(text, fields));
    !quoted_wish && given_back::is_asked_back(&sentences::split(&unquoted), true)
}

/// «Причина: просто передумала» changes no mind: a labelled reason counts only if it keeps the
/// booking or speaks of cancelling itself.
pub fn without_reasons(text: &str, fields: &[Field]) -> String {
    let g = grammar();
    let reasons: Vec<_> = fields
        .iter()
        .filter(|field| field.kind == Kind::Reason)
        .filter(|field| {
            let value = text.get(field.value.clone()).unwrap_or_default();
            let reason = Sentence::read(value);
            let of_cancelling = g.class("дело").is_some_and(|class| reason.has(class));
            let coming = g
                .contrary
                .is_in(&reason.without(&g.stays_away).without(&g.comes_later));
            let moves = g.moves_too.is_in(&reason);
            !coming && !moves && !reason.asks && (!of_cancelling || heard::is_harmless(value))
        })
        .map(|field| field.value.clone())
        .collect();
    plain::masked(text, &reasons)
}

/// Reads the wish of a subject.
pub fn of_subject(subject: &str) -> Wish {
    let bare = words().reply_prefix.find(subject).map_or(subject, |found| {
        subject.get(found.end..).unwrap_or_default()
    });
    Wish {
        silent: !bare.chars().any(char::is_alphanumeric),
        ..of_sentences(&sentences::split(bare), false)
    }
}

/// Whether a sentence asks to have a booking back.
pub fn asks_back(text: &str) -> bool {
    let (g, said) = (grammar(), Sentence::read(text));
    g.restore.is_in(&said) || g.class("верните").is_some_and(|class| said.has(class))
}

/// Whether any sentence asks to cancel.
pub fn asks_to_cancel(text: &str) -> bool {
    sentences::split(text).iter().any(|text| asks(text))
}

fn asks(sentence: &str) -> bool {
    grammar().cancel.is_in(&Sentence::read(sentence))
}

/// Whether a subject typed afresh asks for cancelling.
pub fn asks_afresh(subject: &str) -> bool {
    !is_inherited(subject) && of_subject(subject).intent == Intent::Cancel
}

/// «Вчера просил отменить …»
static ASKED_BEFORE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(r"(?i)\bпросил[аи]?[ ](?:вас[ ])?(?:отменить|снять|аннулировать)\b")
});

/// «Хочу отменить, передумала», «отмените, потому что передумала»: the change is why.
static WANTS_SINCE_CHANGED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    const OPENING: &str =
        r"(?:(?:здравствуйте|добрый[ ]день|пожалуйста|прошу|просим|я|мы)[ ,.!]+){0,3}";
    const BOOKING: &str = r"(?:[ ,]+(?:меня|нас|мою|мой|нашу|запись|при[её]м|визит|с[ ]записи|пожалуйста|№|номер|[\d~]+))*[ ,—–-]+";
    const CHANGED: &str = r"(?:я[ ]|мы[ ])?передумал[аи]?[ .!)]*$";
    const JOINT: &str = r"(?:потому,?[ ]что|так[ ]как|т[. ]?к\.?|поскольку)[ ](?:просто[ ])?";
    patterns::regex(&format!(
        r"(?i)^{OPENING}(?:(?:хочу|хотим)[ ](?:отменить|снять){BOOKING}(?:{JOINT})?|(?:отмен(?:ите|ить|яю|яем)|снимите){BOOKING}{JOINT}){CHANGED}"
    ))
});

fn of_sentences(texts: &[String], quoted_wish: bool) -> Wish {
    let texts: &[String] = &texts
        .iter()
        .map(|text| petition::first_person(text).into_owned())
        .collect::<Vec<_>>();
    let read: Vec<Sentence> = texts.iter().map(|text| Sentence::read(text)).collect();
    let mut sum = Signals::default();
    let mut changed = false;
    let mut kept_by_answer = false;
    let mut asked_just_now = false;
    let restores = read.iter().any(|said| grammar().restore.is_in(said));
    for (text, sentence) in texts.iter().zip(&read) {
        let mut found = signals(text, sentence);
        // «Вчера просил отменить, прошу восстановить»: what was asked before is told.
        if restores && ASKED_BEFORE.is_match(text.as_str()) {
            (found.cancel, found.hearsay) = (false, false);
        }
        kept_by_answer =
            sentence.asks && keeping::keeps(sentence, true) || kept_by_answer && !found.cancel;
        // «Передумала, отмените» asks; «отмените… передумала» asks no more; «Отмените. Передумала.» says why.
        let explains = asked_just_now && signals::only_tells_of_a_change(sentence)
            || WANTS_SINCE_CHANGED.is_match(text.as_str());
        changed = signals::changes_mind(sentence, sum) && !explains || changed && !found.cancel;
        asked_just_now = found.cancel;
        sum = sum.with(found);
    }
    sum.against |= changed && !sum.restore;
    sum.hearsay |= quoted_wish;
    // «Можно ли отменить?» asks; with «не смогу прийти» or a reason beside it, it is a request.
    let supported = sum.absent || sum.circumstance;
    if sum.asked_politely && supported {
        sum.cancel = true;
    } else {
        sum.hearsay |= sum.asked_politely;
    }
    let asked = sum.cancel || sum.noun && !sum.absent;
    // «Оставить? Нет, отмените»: the answer counts, not the question.
    let kept = read.iter().any(|s| !s.asks && keeping::keeps(s, asked))
        || kept_by_answer
        || keeping::any_statement(texts);
    // «Не смогу прийти» and «приду» in one letter: a person decides.
    sum.hearsay |= sum.absent && !sum.cancel && (kept || signals::another_day(&read));
    let wish = sum.verdict();
    let other = wish.intent == Intent::Restore && read.iter().any(object::restores_another);
    if wish.intent == Intent::Cancel && kept {
        let surely = kept_by_answer || read.iter().any(|s| keeping::keeps_surely(s, asked));
        return Wish::unclear_by(if surely {
            Objection::Strong
        } else {
            Objection::Weak
        });
    }
    if other { Wish::unclear() } else { wish }
}

/// `wish`, unless anything in the letter, its own words or a subject typed afresh, leaves a doubt.
pub fn beyond_doubt(wish: Wish, subject: &str, body: &str, fields: &[Field]) -> Wish {
    let unclear = wish.intent == Intent::None && wish.objection < Objection::Final;
    if !unclear && !matches!(wish.intent, Intent::Cancel | Intent::Restore) {
        return wish;
    }
    let told = without_reasons(body, fields);
    let mut said = sentences::split(&plain::masked(&told, &keeping::own_details(body, fields)));
    let mut titles = match is_inherited(subject) {
        true => Vec::new(),
        false => sentences::split(subject),
    };
    if wish.intent == Intent::Restore {
        for text in said.iter_mut().chain(&mut titles) {
            *text = given_back::beside_the_request(text);
        }
    }
    let mut texts = aside::without_questions_aside(&said).into_owned();
    let own = doubt::about_cancelling(&texts);
    let names_another = another::names_another(&texts);
    let asked = texts.iter().any(|text| asks(text));
    let visits = doubt::describes_a_visit(body) && !asked;
    texts.extend(titles);
    let objection = if wish.intent == Intent::Restore {
        doubt::about_restoring(&texts)
    } else if doubt::settles_below(body)
        || doubt::is_copied(body)
        || doubt::names_a_new_day(body)
        || visits
        || names_another
    {
        Objection::Final
    } else {
        match doubt::about_cancelling(&texts) {
            // A subject is not heard: what it holds against the wish stands.
            both if both > own => Objection::Final,
            both => both,
        }
    };
    let asked = asked || wish.intent == Intent::Restore || asks_afresh(subject);
    let back = said.iter().any(|text| asks_back(text));
    let undermined = if wish.intent == Intent::Restore || wish.intent == Intent::None && back {
        undermined::restoring(&told)
    } else {
        undermined::cancelling(&told) || undermined::gives_no_reason(body, fields)
    };
    let held = held::is_held(&said, asked)
        || another_number::asks_for_a_part(body)
        || other_errand::is_run(&sentences::split(&told))
        || undermined
        || wish.intent == Intent::Cancel && given_back::revokes(subject)
        || !back && held::keeps_from_cancelling(&said);
    let objection = match held {
        true => Objection::Final,
        false => objection.max(wish.objection),
    };
    if unclear || objection == Objection::None {
        Wish { objection, ..wish }
    } else {
        Wish::unclear_by(objection)
    }
}

/// Whether the words speak against a wish that only the subject tells.
pub fn speaks_against(text: &str) -> bool {
    let g = grammar();
    sentences::split(text).iter().any(|text| {
        g.contrary
            .is_in(&Sentence::read(text).without(&g.stays_away))
    })
}

/// Whether the words only answer somebody: «Понятно, спасибо» below a subject of cancelling.
pub fn only_acknowledges(text: &str) -> bool {
    let g = grammar();
    let answers = |text: &&String| g.acknowledges.is_in(&Sentence::read(text));
    let said = sentences::split(text);
    let mut said = said
        .iter()
        .filter(|text| !keeping::says_nothing(text))
        .peekable();
    said.peek().is_some() && said.all(|text| answers(&text))
}

/// Whether the subject is that of an earlier letter.
pub fn is_inherited(subject: &str) -> bool {
    words().reply_prefix.is_in(subject)
}
