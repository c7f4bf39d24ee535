//! What the writer wants. In doubt nobody acts: a person reads the letter.

use super::Intent;
use super::keeping;
use super::phrases::{fields, words};
use super::plain;
use super::sentences;
use crate::domain::Reason;
use crate::read::grammar;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A wish, or why there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wish {
    /// What is asked for.
    pub intent: Intent,
    /// Why it is unclear, when it is.
    pub doubt: Option<Reason>,
    /// The words carry nothing at all: empty, or greeting and thanks only.
    pub silent: bool,
}

impl Wish {
    /// A person decides.
    pub const fn unclear() -> Self {
        Self {
            intent: Intent::None,
            doubt: Some(Reason::WishUnclear),
            silent: false,
        }
    }
}

/// What one sentence says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Signals {
    /// Asked for with a verb.
    cancel: bool,
    /// Named as a noun, or told by «не смогу прийти».
    cancel_weak: bool,
    restore: bool,
    resend: bool,
    mover: bool,
    /// Withdrawn, or restoring negated: no other sentence makes it good.
    against: bool,
    /// Cancelling negated: only a wish to restore goes with it.
    denies: bool,
    /// Under a condition: a person decides.
    conditional: bool,
    /// Asked or reported: a clear request elsewhere outweighs it.
    hearsay: bool,
}

/// Reads the wish of the writer's own words.
pub fn of_words(text: &str) -> Wish {
    let all = sentences::split(text);
    let spoken: Vec<&String> = all.iter().filter(|s| !words().courtesy.is_in(s)).collect();
    if spoken.iter().all(|s| !s.chars().any(char::is_alphanumeric)) {
        return Wish {
            silent: true,
            ..Wish::default()
        };
    }
    if is_consent(&spoken) {
        return Wish {
            intent: Intent::Consent,
            ..Wish::default()
        };
    }
    let (unquoted, quoted_wish) = without_quotations(text);
    let mut sum = Signals::default();
    let mut changed = false;
    for sentence in sentences::split(&unquoted) {
        let found = signals(&sentence);
        // «Передумала, отмените» asks; «отмените… передумала» asks no more.
        changed = changes_mind(&sentence) || changed && !found.cancel;
        sum = sum.with(found);
    }
    sum.against |= changed && !sum.restore;
    sum.hearsay |= quoted_wish;
    // «Не смогу прийти» and «приду» in one letter: a person decides.
    sum.hearsay |= sum.cancel_weak && !sum.cancel && speaks_against(&unquoted);
    let wish = sum.verdict();
    if wish.intent == Intent::Cancel && keeping::keeps(&unquoted) {
        return Wish::unclear();
    }
    wish
}

/// Reads the wish of a subject.
pub fn of_subject(subject: &str) -> Wish {
    let bare = words().reply_prefix.find(subject).map_or(subject, |found| {
        subject.get(found.end..).unwrap_or_default()
    });
    let mut sum = Signals::default();
    for sentence in sentences::split(bare) {
        sum = sum.with(signals(&sentence));
    }
    let wish = sum.verdict();
    if wish.intent == Intent::Cancel && keeping::keeps(bare) {
        return Wish::unclear();
    }
    Wish {
        silent: !bare.chars().any(char::is_alphanumeric),
        ..wish
    }
}

/// Whether the words speak against a wish that only the subject tells.
pub fn speaks_against(text: &str) -> bool {
    sentences::split(text)
        .iter()
        .any(|sentence| words().contrary.is_in(sentence))
}

/// Whether the subject is that of an earlier letter.
pub fn is_inherited(subject: &str) -> bool {
    words().reply_prefix.is_in(subject)
}

/// Consent is nothing but consent: any further word makes it another letter.
fn is_consent(spoken: &[&String]) -> bool {
    let few = (1..=3).contains(&spoken.len());
    few && spoken
        .iter()
        .all(|sentence| words().consent.is_in(sentence) || keeping::is_name(sentence))
        && spoken
            .first()
            .is_some_and(|sentence| words().consent.is_in(sentence))
}

/// Blanks out quotations of several words behind a word of reporting; tells whether one held a
/// wish.
fn without_quotations(text: &str) -> (String, bool) {
    static QUOTATION: LazyLock<Regex> = LazyLock::new(|| {
        grammar::regex(r"«[^»]{3,600}»|“[^”]{3,600}”|„[^“”]{3,600}[“”]|\x22[^\x22]{3,600}\x22")
    });
    static SPEECH: LazyLock<Regex> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)(?:пиш|писа|отправл|сообщ|сказа|говор|пришл|письм|смс|sms|текст|указа|слов|прос|ответ|цитат|надпис|кнопк|раздел|уведомл|получил|читаю|прочит|фраз)[^«“„\x22\n]{0,60}$",
        )
    });
    let mut wish = false;
    let ranges: Vec<Range<usize>> = QUOTATION
        .find_iter(text)
        .filter(|found| found.as_str().contains(' '))
        .filter(|found| {
            SPEECH.is_match(
                text.get(..found.start())
                    .unwrap_or_default()
                    .rsplit('\n')
                    .next()
                    .unwrap_or_default(),
            )
        })
        .map(|found| {
            let inner = found.as_str();
            let w = words();
            wish |= w.cancel.is_in(inner) || w.cancel_noun.is_in(inner) || w.restore.is_in(inner);
            found.range()
        })
        .collect();
    (plain::masked(text, &ranges), wish)
}

fn signals(sentence: &str) -> Signals {
    let w = words();
    let bare = plain::masked(sentence, &w.neutral.all(sentence));
    let bare = plain::masked(&bare, &foreign_objects(&bare));
    let lower = sentence.to_lowercase();
    let wishes = lower.contains("отменить")
        || w.cancel.is_in(&bare)
        || w.cancel_noun.is_in(sentence)
        || w.cannot_come.is_in(sentence)
        || w.restore.is_in(&bare);
    let negated = w.negated.is_in(sentence);
    let names_cancelling = ["отмен", "аннул", "снима", "удал"]
        .iter()
        .any(|w| lower.contains(w));
    let recovers = lower.contains("восстан") || !names_cancelling;
    let mut found = Signals {
        against: negated && recovers || w.withdrawn.is_in(&bare),
        denies: negated && !recovers,
        mover: w.r#move.is_in(&bare),
        ..Signals::default()
    };
    let resend = w.resend.is_in(sentence);
    let unreasoned = plain::masked(&bare, &fields().reason_clause.all(&bare));
    let polite = plain::masked(&unreasoned, &w.polite.all(&unreasoned));
    let verb = w.cancel.is_in(&bare);
    let noun = w.cancel_noun.is_in(&bare);
    let absent = w.cannot_come.is_in(&bare);
    let restore = w.restore.is_in(&bare);
    if wishes || verb {
        found.conditional = w.conditional.is_in(&polite);
        let asks =
            sentence.trim_end_matches([')', ' ', '"']).ends_with('?') && !w.polite.is_in(sentence);
        let late = absent && !verb && w.comes_otherwise.is_in(sentence);
        found.hearsay = asks || w.question.is_in(&polite) || is_reported(&unreasoned) || late;
    }
    if found.against || found.denies || found.conditional || found.hearsay {
        return found;
    }
    // «Отмените отмену» restores; a wish to cancel beside it is another one.
    let beside = plain::masked(&bare, &w.restore.all(&bare));
    found.restore = restore;
    found.cancel = w.cancel.is_in(&beside);
    found.cancel_weak = (noun || absent) && !restore && !resend;
    found.resend = resend;
    found
}

/// Whether the sentence ends otherwise than it began.
fn changes_mind(sentence: &str) -> bool {
    let w = words();
    let bare = plain::masked(sentence, &w.neutral.all(sentence));
    let Some(changed) = w.changed_mind.all(&bare).pop() else {
        return false;
    };
    let asked = w.cancel.all(&bare).pop();
    asked.is_none_or(|asked| asked.end <= changed.end)
}

/// Somebody else's words, unless they only explain the writer's own request before them.
fn is_reported(sentence: &str) -> bool {
    let w = words();
    let Some(reported) = w.reported.find(sentence) else {
        return false;
    };
    w.first_person
        .find(sentence)
        .is_none_or(|own| reported.start < own.start)
}

/// «Отмените штраф»: another thing than a booking is to be cancelled.
fn foreign_objects(sentence: &str) -> Vec<Range<usize>> {
    static BOOKING: LazyLock<Regex> =
        LazyLock::new(|| grammar::regex(r"(?i)(?:^|[^\p{L}])(?:запис|при[её]м|визит|талон|брон)"));
    let mut found = words().foreign_object.all(sentence);
    found.retain(|range| {
        let words = sentence.get(range.clone()).unwrap_or_default();
        words.to_lowercase().contains("учетн") || !BOOKING.is_match(words)
    });
    found
}

impl Signals {
    const fn with(self, other: Self) -> Self {
        Self {
            cancel: self.cancel || other.cancel,
            cancel_weak: self.cancel_weak || other.cancel_weak,
            restore: self.restore || other.restore,
            resend: self.resend || other.resend,
            mover: self.mover || other.mover,
            against: self.against || other.against,
            denies: self.denies || other.denies,
            conditional: self.conditional || other.conditional,
            hearsay: self.hearsay || other.hearsay,
        }
    }

    fn verdict(self) -> Wish {
        let unclear = |reason| Wish {
            intent: Intent::None,
            doubt: Some(reason),
            silent: false,
        };
        let clear = |intent| Wish {
            intent,
            doubt: None,
            silent: false,
        };
        if self.against || self.conditional || self.denies && !self.restore {
            return unclear(Reason::WishUnclear);
        }
        if self.mover {
            return unclear(Reason::NeedsPerson);
        }
        if self.hearsay && !self.cancel {
            return unclear(Reason::WishUnclear);
        }
        match (self.cancel, self.cancel_weak, self.restore) {
            (true, _, true) => unclear(Reason::WishUnclear),
            (true, _, false) | (false, true, false) => clear(Intent::Cancel),
            (false, _, true) => clear(Intent::Restore),
            (false, false, false) if self.resend => clear(Intent::Resend),
            (false, false, false) => clear(Intent::None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intent(text: &str) -> Intent {
        of_words(&plain::plain(text)).intent
    }

    #[test]
    fn requests_to_cancel_are_understood() {
        for text in [
            "Отмените, пожалуйста, запись №1.",
            "Здравствуйте! Прошу отменить мою запись, так как заболел ребёнок. Спасибо!",
            "Хочу отменить запись",
            "снимите меня с записи",
            "Не смогу прийти на приём.",
            "Отмена записи №5",
            "Если можно, отмените запись",
            "Не могли бы вы отменить мою запись?",
            "Не смогу прийти, отмените запись пожалуйста",
            "Не могу отменить запись через портал. Отмените, пожалуйста.",
            "Мне сказали писать сюда. Прошу отменить запись №5.",
            "Oтмените зaпись",
            "отмените запись и пришлите подтверждение",
            "Прошу отменить запись. О результате сообщите.",
            "ОТМЕНИТЕ ЗАПИСЬ",
        ] {
            assert_eq!(intent(text), Intent::Cancel, "{text}");
        }
    }

    #[test]
    fn restoring_and_resending_are_understood() {
        for text in [
            "Восстановите запись №5",
            "Восстановление записи №5",
            "Отменил по ошибке, верните запись",
            "отмените отмену",
        ] {
            assert_eq!(intent(text), Intent::Restore, "{text}");
        }
        for text in [
            "Пришлите подтверждение отмены",
            "Подтверждение отмены №5",
            "Не получил документ об отмене, вышлите ещё раз",
        ] {
            assert_eq!(intent(text), Intent::Resend, "{text}");
        }
    }

    #[test]
    fn what_is_negated_conditional_asked_or_reported_is_no_wish() {
        for text in [
            "Не отменяйте запись №5",
            "Прошу не отменять мою запись",
            "Отменять не нужно",
            "Отмените запись №5. Хотя нет, я передумала",
            "Если я не отвечу до вечера, отмените запись",
            "Как отменить запись №5?",
            "Можно ли отменить запись №5?",
            "Почему вы отменили мою запись?",
            "Мне написали: «Отмените запись №5». Что это значит?",
            "Врач просил отменить запись",
            "Перенесите запись на другой день",
            "Отмените запись или перенесите на пятницу",
            "Не смогу прийти, можно перенести?",
            "Я опоздаю, не смогу прийти вовремя",
            "Моя запись отменена?",
            "Спасибо!",
            "Подтверждаю, что приду",
            "Я отменила запись вчера",
            "Получила письмо об отмене записи №5",
        ] {
            assert_eq!(intent(text), Intent::None, "{text}");
        }
    }

    #[test]
    fn consent_is_nothing_but_consent() {
        for text in [
            "Да",
            "ДА!",
            "Здравствуйте! Да, подтверждаю. Спасибо",
            "Подтверждаю отмену записи №5",
            "Да.\nИванова Мария",
        ] {
            assert_eq!(intent(text), Intent::Consent, "{text}");
        }
        for text in ["Да, но не сейчас", "Нет", "Подтверждаю запись"]
        {
            assert_eq!(intent(text), Intent::None, "{text}");
        }
    }
}
