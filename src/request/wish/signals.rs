//! What one sentence says, and what several say together.

use super::{Objection, Wish, object, undone};
use crate::domain::Reason;
use crate::read::grammar as patterns;
use crate::request::Intent;
use crate::request::phrases::fields;
use crate::request::plain;
use crate::request::speech::{Sentence, Word, grammar};
use std::sync::LazyLock;

/// What one sentence says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signals {
    /// Asked for with a verb.
    pub cancel: bool,
    /// Named as a noun, «отмена записи».
    pub noun: bool,
    /// Told by «не смогу прийти».
    pub absent: bool,
    pub restore: bool,
    pub resend: bool,
    pub mover: bool,
    /// Restoring negated, or a mind changed: no other sentence makes it good.
    pub against: bool,
    /// Cancelling negated or withdrawn: only a wish to restore goes with it.
    pub denies: bool,
    /// Under a condition: a person decides.
    pub conditional: bool,
    /// Asked or reported: a clear request elsewhere outweighs it.
    pub hearsay: bool,
    /// «Можно ли отменить?»: a request if the letter says why.
    pub asked_politely: bool,
    /// Tells of an illness, a journey or the like.
    pub circumstance: bool,
    /// What is to be cancelled may be another thing than the booking: «отмените штраф».
    pub another: bool,
}

/// «Поставьте меня обратно на то же время» moves nothing.
static AS_BEFORE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)\b(?:то|тот|ту|той|тому|тем)[ ](?:же|самое|самый|самую)\b|\bпрежн|\bобратно\b",
    )
});

/// Reads one sentence; `text` is the sentence as written.
pub fn signals(text: &str, sentence: &Sentence) -> Signals {
    let g = grammar();
    let bare = sentence.without(&g.neutral);
    let recovering = g.restore.is_in(&bare);
    let insists = g.insists.is_in(sentence);
    let negated = g.negated.is_in(&bare) && !insists && !about_another_thing(&bare)
        || g.unwished.is_in(sentence) && !(recovering && g.withdrawn.is_in(sentence));
    let mentions = |list: &str| g.class(list).is_some_and(|c| bare.has(c));
    let names = |list: &str| g.class(list).is_some_and(|c| sentence.has(c));
    let names_cancelling = names("дело") || names("снять") || names("отмените");
    let recovers = recovering || mentions("восстановите") || !names_cancelling;
    // «Передумала отменять» goes with a wish to restore, be it in the same sentence.
    let withdrawn = g.withdrawn.is_in(&bare) && !recovering;
    let moved = if AS_BEFORE.is_match(text) && !undone::refuses(text) {
        bare.without(&g.restore)
    } else {
        bare.clone()
    };
    let mut found = Signals {
        against: negated && recovers,
        denies: negated && !recovers || withdrawn,
        mover: g.moving.is_in(&moved.without(&g.moves_nothing)),
        circumstance: g.class("обстоятельство").is_some_and(|c| sentence.has(c)),
        ..Signals::default()
    };
    let booking = !object::is_another(&bare);
    // «Нужна справка об отмене» asks for the document.
    let verb = mentions("отменить") || mentions("отмените") || mentions("снять");
    let besides = if verb {
        bare.clone()
    } else {
        bare.without(&g.resend)
    };
    found.another = !booking && g.cancel.is_in(&besides);
    let cancel = booking && (g.cancel.is_in(&besides) || g.helpless.is_in(sentence) || insists);
    let noun = booking && g.cancel_noun.is_in(&bare);
    let absent = g.absent.is_in(&bare) || is_not_needed(&bare);
    let sends = g.minds_other_business.is_in(sentence)
        && !g.class("пришлите").is_some_and(|c| sentence.has(c));
    let forgets = g.forgets_the_number.is_in(sentence);
    let another = g.another_paper.is_in(sentence) && !names_cancelling && !names("отмена");
    let resend = g.resend.is_in(sentence)
        && !sends
        && !forgets
        && !another
        && !g.office_speaks.is_in(sentence);
    if cancel || noun || absent || recovering || mentions("дело") {
        judge_manner(text, &bare, cancel, absent, &mut found);
    }
    if found.against || found.denies || found.conditional || found.hearsay || found.asked_politely {
        found.absent = absent && !(found.conditional || found.hearsay || found.against);
        return found;
    }
    // «Отмените отмену» restores; a wish to cancel beside it is another one.
    found.restore = recovering;
    found.cancel = cancel && (!recovering || g.cancel.is_in(&besides.without(&g.restore)));
    found.noun = noun && !recovering && !resend;
    found.absent = absent && !recovering && !resend;
    found.resend = resend;
    found
}

/// «Больше не нужно», unless another thing than the booking is named beside it.
fn is_not_needed(sentence: &Sentence) -> bool {
    let g = grammar();
    g.not_needed.all(sentence).iter().any(|found| {
        let words = sentence.words();
        let opens = |at: &usize| words.get(*at).is_some_and(|word| word.opens_clause);
        let start = (0..=found.start).rev().find(opens).unwrap_or(0);
        let end = (found.end..words.len()).find(opens).unwrap_or(words.len());
        let clause = words.get(start..end).unwrap_or_default();
        let of = |list: &str| {
            let class = g.class(list);
            clause
                .iter()
                .any(|word| class.is_some_and(|c| word.classes.has(c)))
        };
        let booking = of("запись") || of("число") || of("услуга");
        let thing = of("чужое") || of("документ") || clause.iter().any(|word| !word.listed);
        booking || !thing
    })
}

/// «А подписку не отменяйте» denies nothing about the booking.
fn about_another_thing(sentence: &Sentence) -> bool {
    let has = |list: &str| {
        grammar()
            .class(list)
            .is_some_and(|class| sentence.has(class))
    };
    has("чужое-первым") && !has("запись") && !has("число")
}

/// How the wish is told: under a condition, as a question, in somebody else's words.
fn judge_manner(text: &str, bare: &Sentence, cancel: bool, absent: bool, found: &mut Signals) {
    let g = grammar();
    let unreasoned = unreasoned(text).without(&g.neutral);
    let mut rest = unreasoned.without(&g.harmless_condition);
    // «Верните, если время не занято»; «отмените, если …» is a condition.
    if !cancel && !absent {
        rest = rest.without(&g.if_still_free);
    }
    found.conditional = g.conditional.is_in(&rest);
    let polite = g.polite_question.is_in(bare) && !g.asks_about.is_in(&rest);
    let whether = g.class("ли").is_some_and(|c| bare.has(c));
    let questions = bare.asks || g.question.is_in(&rest);
    let begs = g.begs.is_in(bare) && polite;
    found.asked_politely = polite && whether && !bare.polite && questions && !begs;
    let asks = questions && !(polite && (bare.asks || whether || begs));
    let late = absent && !cancel && g.comes_otherwise.is_in(bare);
    found.hearsay = asks || is_reported(&unreasoned) || late;
}

/// The sentence without the clause that gives a reason: a condition there is none of the wish.
fn unreasoned(text: &str) -> Sentence {
    let clauses: Vec<_> = fields()
        .reason_clause
        .all(text)
        .into_iter()
        .map(|clause| {
            let words = text.get(clause.clone()).unwrap_or_default();
            clause.start..clause.start + words.find(',').unwrap_or(words.len())
        })
        .collect();
    let asks = text.contains('?');
    let mut sentence = Sentence::read(&plain::masked(text, &clauses));
    sentence.asks |= asks;
    sentence
}

/// Somebody else's words, unless they only explain the writer's own request before them.
fn is_reported(sentence: &Sentence) -> bool {
    let g = grammar();
    let Some(reported) = g.reported.find(sentence) else {
        return false;
    };
    let own = g.first_person.find(sentence);
    let asked = g.therefore.find(sentence);
    // «Врач сказала не приходить, поэтому отмените»: what was told is the reason.
    asked.is_none() && own.is_none_or(|own| reported.start < own.start)
}

/// Whether the sentence ends otherwise than it began, or than those before it, `so_far`.
pub fn changes_mind(sentence: &Sentence, so_far: Signals) -> bool {
    let g = grammar();
    let bare = sentence.without(&g.neutral);
    let Some(changed) = g.changed_mind.find_last(&bare) else {
        return false;
    };
    // «Отменяем запись: передумали» says why.
    let announced = bare.words().get(changed.start);
    if announced.is_some_and(|word| word.after_colon) && g.cancel.is_in(&bare) {
        return false;
    }
    let plans = bare.without(&g.stays_away);
    // «Не приду, передумала»: that is what was changed.
    if (g.absent.is_in(&bare) || so_far.absent && !so_far.cancel) && !g.keeping.is_in(&plans) {
        return false;
    }
    let asked = g.cancel.find_last(&bare);
    asked.is_none_or(|asked| asked.end <= changed.end)
}

/// «Передумала.», «Я передумал.»: behind a request, that is why.
pub fn only_tells_of_a_change(sentence: &Sentence) -> bool {
    let of_it = |(at, word): (usize, &Word)| {
        let written = sentence.text_of(at).unwrap_or_default();
        !word.denied && (written.starts_with("передумал") || matches!(&*written, "я" | "мы"))
    };
    !sentence.asks && sentence.words().iter().enumerate().all(of_it)
}

/// «Не смогу в понедельник, запись на вторник»: another day than the booking's.
pub fn another_day(sentences: &[Sentence]) -> bool {
    let g = grammar();
    let day = |rule| {
        sentences.iter().find_map(|sentence| {
            let found: std::ops::Range<usize> = crate::request::speech::Rule::find(rule, sentence)?;
            sentence.text_of(found.end.checked_sub(1)?)
        })
    };
    let stem = |word: String| word.chars().take(3).collect::<String>();
    match (day(&g.absent_day), day(&g.booked_day)) {
        (Some(absent), Some(booked)) => stem(absent) != stem(booked),
        _ => false,
    }
}

impl Signals {
    /// Both together.
    pub const fn with(self, other: Self) -> Self {
        Self {
            cancel: self.cancel || other.cancel,
            noun: self.noun || other.noun,
            absent: self.absent || other.absent,
            restore: self.restore || other.restore,
            resend: self.resend || other.resend,
            mover: self.mover || other.mover,
            against: self.against || other.against,
            denies: self.denies || other.denies,
            conditional: self.conditional || other.conditional,
            hearsay: self.hearsay || other.hearsay,
            asked_politely: self.asked_politely || other.asked_politely,
            circumstance: self.circumstance || other.circumstance,
            another: self.another || other.another,
        }
    }

    /// What all sentences together ask for.
    pub const fn verdict(self) -> Wish {
        if self.against || self.conditional || self.denies && !self.restore {
            return Wish::doubtful(Reason::WishUnclear);
        }
        if self.mover {
            return Wish::doubtful(Reason::NeedsPerson);
        }
        // «Вы отменили мою запись, пришлите документ» tells of cancelling, and asks for its document.
        let other = self.noun || self.absent || self.restore;
        if self.hearsay && !self.cancel && (other || !self.resend) {
            return Wish::doubtful(Reason::WishUnclear);
        }
        match (self.cancel, self.noun || self.absent, self.restore) {
            (true, _, true) => Wish::doubtful(Reason::WishUnclear),
            (true, _, false) | (false, true, false) => Wish::clear(Intent::Cancel),
            (false, _, true) => Wish::clear(Intent::Restore),
            (false, false, false) if self.resend => Wish::clear(Intent::Resend),
            (false, false, false) if self.another => Wish {
                objection: Objection::Strong,
                ..Wish::clear(Intent::None)
            },
            (false, false, false) => Wish::clear(Intent::None),
        }
    }
}
