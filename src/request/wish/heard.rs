//! A second opinion on a wish: the rules know phrases, the examples know how people talk. Where both
//! hear a wish to cancel, it counts; what one of them doubts, a person reads.

use super::{Objection, Wish, keeping};
use crate::domain::Reason;
use crate::read::grammar as patterns;
use crate::request::Intent;
use crate::request::fields::{self, Field, Kind};
use crate::request::learned;
use crate::request::plain;
use crate::request::sentences;
use crate::request::speech::{Sentence, grammar};
use std::sync::LazyLock;

/// A sentence that is heard to leave more doubt than this outweighs a wish that the rules found.
const DOUBTFUL: f32 = 0.3;

/// As [`DOUBTFUL`], where a sentence says outright which booking is to be cancelled, or one is a plain
/// request.
const DOUBTFUL_BESIDE: f32 = 0.72;

/// Every sentence has to be heard as surely harmless as this where the rules did not understand one.
const HARMLESS: f32 = -0.2;

/// As [`HARMLESS`], where they understood a wish or something against it, and object weakly.
const HARMLESS_IN_SPITE: f32 = -0.3;

/// As [`HARMLESS`], where they object and understood no wish, or object strongly.
const HARMLESS_IN_SPITE_OF_ALL: f32 = -0.65;

/// Added where the rules do not understand a word or two: so little tells nothing.
const TOO_SHORT: f32 = 0.7;

/// Words of a sentence that is too short to be judged by its likeness to others.
const FEW_WORDS: usize = 3;

/// Sentences of a letter that are heard; a longer one a person reads.
const MOST_SENTENCES: usize = 300;

/// What is written where the form asks why leaves less doubt than the same words elsewhere.
const GIVEN_AS_A_REASON: f32 = 0.6;

/// As [`GIVEN_AS_A_REASON`], where it speaks of cancelling itself.
const GIVEN_OF_CANCELLING: f32 = 0.3;

/// Characters of a labelled reason that is judged as one sentence.
const LONGEST_REASON: usize = 300;

/// A sentence is heard to ask for cancelling, or to say that nobody comes.
const ASKING: f32 = 0.3;

/// As [`ASKING`], where the sentence is heard as [`CLEARLY_HARMLESS`].
const ASKING_SURELY: f32 = 0.0;

/// A sentence that may tell of an absence has to be heard as surely harmless as this to count as a
/// wish.
const CLEARLY_HARMLESS: f32 = -0.8;

/// A sentence that is heard to ask as surely as this, and to leave less doubt than
/// [`PLAINLY_HARMLESS`], is a plain request: «Поэтому прошу отменить запись».
const ASKING_PLAINLY: f32 = 0.5;

/// See [`ASKING_PLAINLY`].
const PLAINLY_HARMLESS: f32 = -1.1;

/// Clauses of a sentence among which a plain request is sought.
const MOST_CLAUSES: usize = 6;

/// The other sentences may be heard as this much less harmless beside a plain request.
const BESIDE_PLAIN: f32 = 0.8;

/// As [`BESIDE_PLAIN`], where the rules object weakly.
const BESIDE_PLAIN_IN_SPITE: f32 = 0.2;

/// As [`BESIDE_PLAIN`], where they object strongly.
const BESIDE_PLAIN_IN_SPITE_OF_ALL: f32 = 0.4;

/// Words that ask for cancelling or tell of it.
const ASKING_WORDS: [&str; 11] = [
    "отмените",
    "атмените",
    "отменить",
    "отмена",
    "снимите",
    "снять",
    "снимаю",
    "снимаюсь",
    "освободите",
    "отказываюсь",
    "отбой",
];

static ANSWER: LazyLock<patterns::Pattern> =
    LazyLock::new(|| patterns::regex(r"(?i)^(?:нет|да)\b"));

/// «Пишу по поводу отмены записи», «кнопка отмены» name it only.
static ABOUT_IT: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)\b(?:по[ ]поводу|насч[её]т|относительно|касательно|кнопк\p{L}+)[ ](?:\p{L}+[ ]){0,2}отмены\b",
    )
});

/// What a request beside it answers, «как это сделать?», or has nothing to do with: «а подписку на
/// новости не отменяйте».
static ANSWERED_BY_IT: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)^(?:(?:[аи][ ]|подскажите,?[ ])?как[ ](?:мне[ ])?(?:это[ ]сделать|быть)|(?:(?:а|но)[ ])?(?:подписку|рассылку)(?:[ ]на[ ](?:ваши[ ])?новости)?[ ]не[ ]отменяйте)[?!. ]*$",
    )
});

/// What all sentences of a letter are heard to say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hearing {
    /// Of the sentence that leaves the most doubt; `None` if nothing is said.
    doubt: Option<f32>,
    /// As `doubt`, where the rules do not find a wish.
    unaided: f32,
    /// One of them asks for cancelling.
    asks: bool,
    /// One of them asks for it outright, and names the booking.
    outright: bool,
    /// One of them is a plain request.
    plainly: bool,
}

impl Hearing {
    /// Another sentence leaves this doubt.
    fn worsen(&mut self, doubt: f32) {
        self.doubt = Some(self.doubt.map_or(doubt, |worst| worst.max(doubt)));
        self.unaided = self.unaided.max(doubt);
    }

    const fn doubtful(self) -> f32 {
        if self.plainly || self.outright {
            DOUBTFUL_BESIDE
        } else {
            DOUBTFUL
        }
    }
}

/// Hears the writer's own words without labelled details; a labelled reason leaves a doubt of its
/// own.
pub fn hear(text: &str, fields: &[Field]) -> Hearing {
    let labels = fields
        .iter()
        .filter(|field| field.kind == Kind::Reason)
        .map(|field| field.label..field.value.start);
    let mut silent = keeping::own_details(text, fields);
    silent.extend(labels);
    silent.sort_unstable_by_key(|range| range.start);
    let said = plain::masked(&super::without_reasons(text, fields), &silent);
    let mut hearing = Hearing {
        doubt: None,
        unaided: f32::NEG_INFINITY,
        asks: fields::is_form_of_cancelling(text, fields),
        outright: false,
        plainly: false,
    };
    let said = sentences::split(&said.replace(plain::MASK, " "));
    if said.len() > MOST_SENTENCES {
        hearing.doubt = Some(f32::INFINITY);
        hearing.unaided = f32::INFINITY;
        return hearing;
    }
    for reason in labelled_reasons(text, fields) {
        hearing.worsen(learned::hear(reason).doubt - GIVEN_AS_A_REASON);
    }
    let behind = said.iter().skip(1).map(Some).chain([None]);
    for (text, next) in said.iter().zip(behind) {
        // «Оставить запись? Нет, отмените»: the answer counts, not the question.
        let answered =
            text.ends_with('?') && next.is_some_and(|next| ANSWER.is_match(next.as_str()));
        // «Мне нужно отменить запись №5. Как это сделать?»: by this letter.
        let how = (hearing.outright || hearing.plainly) && ANSWERED_BY_IT.is_match(text);
        if answered || how || keeping::says_nothing(text) {
            continue;
        }
        let heard = learned::hear(text);
        hearing.worsen(heard.doubt);
        let short = text.split_whitespace().count() <= FEW_WORDS;
        let asks = heard.wish > ASKING;
        let strange = short && !asks && !keeping::leaves_standing(text, &[]);
        let unaided = heard.doubt + if strange { TOO_SHORT } else { 0.0 };
        hearing.unaided = hearing.unaided.max(unaided);
        hearing.asks |= asks
            || heard.wish > ASKING_SURELY && heard.doubt < CLEARLY_HARMLESS
            || has_asking_word(text)
            || tells_absence(text, heard.doubt);
        hearing.plainly =
            hearing.plainly || is_plain(heard) || heard.doubt < HARMLESS && has_plain_clause(text);
        hearing.outright |= heard.doubt < HARMLESS && is_outright(text);
    }
    hearing
}

const fn is_plain(heard: learned::Heard) -> bool {
    heard.wish > ASKING_PLAINLY && heard.doubt < PLAINLY_HARMLESS
}

/// «Запись прошу отменить, новую сделаю сам»: one of the first clauses asks, and nothing else.
fn has_plain_clause(text: &str) -> bool {
    static TURNS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:если|когда|как[ ]только|пока|или|либо|но|хотя|однако|впрочем|только|ту|иначе|оформ\p{L}+|вместо)\b",
        )
    });
    let mut clauses = text.split(',').take(MOST_CLAUSES);
    text.contains(',')
        && !TURNS.is_match(text)
        && clauses.any(|clause| has_asking_word(clause) && is_plain(learned::hear(clause)))
}

/// The values of labels that ask why.
fn labelled_reasons<'t>(text: &'t str, fields: &[Field]) -> impl Iterator<Item = &'t str> {
    let reasons = fields.iter().filter(|field| field.kind == Kind::Reason);
    reasons
        .filter_map(move |field| text.get(field.value.clone()))
        .filter(|value| value.contains(char::is_alphabetic))
}

/// Whether a labelled reason that speaks of cancelling, «врач отменил операцию», is heard to leave no
/// more doubt than a sentence may; [`hear`] judges it once more, with the rest of the letter.
pub fn is_harmless(reason: &str) -> bool {
    let doubt = || learned::hear(reason).doubt - GIVEN_OF_CANCELLING;
    reason.chars().count() <= LONGEST_REASON && doubt() < DOUBTFUL
}

/// «Не приду», and where it is heard clearly «не смогу» and the like.
fn tells_absence(text: &str, doubt: f32) -> bool {
    if doubt >= HARMLESS {
        return false;
    }
    let (g, sentence) = (grammar(), Sentence::read(text));
    g.absent.is_in(&sentence) || doubt < CLEARLY_HARMLESS && g.perhaps_absent.is_in(&sentence)
}

fn has_asking_word(text: &str) -> bool {
    let g = grammar();
    let classes = ASKING_WORDS.map(|name| g.class(name));
    let sentence = Sentence::read(text);
    // «Документ об отмене получил» asks for nothing.
    let names = |list| g.class(list).is_some_and(|class| sentence.has(class));
    let thanks = names("получил") && names("документ");
    let mentions = ABOUT_IT.is_match(text);
    !thanks
        && !mentions
        && sentence.words().iter().any(|word| {
            let asks = |class: &Option<_>| class.is_some_and(|class| word.classes.has(class));
            !word.denied && classes.iter().any(asks)
        })
}

/// «Отмените запись №5»: the rules find the request, and a number.
fn is_outright(text: &str) -> bool {
    let g = grammar();
    let sentence = Sentence::read(text);
    g.cancel.is_in(&sentence) && sentence.words().iter().any(|word| word.figure)
}

/// `wish`, reconsidered by what is heard; `titled`: a subject typed afresh asks for cancelling.
pub fn reconsidered(wish: Wish, hearing: Hearing, titled: bool) -> Wish {
    let Some(doubt) = hearing.doubt else {
        return wish;
    };
    match (wish.intent, wish.doubt) {
        (Intent::Cancel, _) if doubt > hearing.doubtful() => Wish::unclear(),
        (Intent::None, None | Some(Reason::WishUnclear | Reason::NeedsPerson)) => {
            let (harmless, beside) = match wish.objection {
                Objection::None => (HARMLESS, BESIDE_PLAIN),
                Objection::Weak if wish.doubt.is_some() => {
                    (HARMLESS_IN_SPITE, BESIDE_PLAIN_IN_SPITE)
                }
                Objection::Weak | Objection::Strong => {
                    (HARMLESS_IN_SPITE_OF_ALL, BESIDE_PLAIN_IN_SPITE_OF_ALL)
                }
                Objection::Final => return wish,
            };
            let beside = if hearing.plainly { beside } else { 0.0 };
            if hearing.unaided < harmless + beside && (titled || hearing.asks) {
                Wish::clear(Intent::Cancel)
            } else {
                wish
            }
        }
        _ => wish,
    }
}
