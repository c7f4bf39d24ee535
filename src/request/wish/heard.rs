//! What the sentences of a letter are heard to say: the rules know phrases, the examples know how people
//! talk.

use super::{aside, keeping, object, undone};
use crate::read::grammar as patterns;
use crate::request::fields::{self, Field, Kind};
use crate::request::learned::{self, Class, Heard};
use crate::request::plain;
use crate::request::reason;
use crate::request::sentences;
use crate::request::speech::{Sentence, grammar};
use std::borrow::Cow;
use std::sync::LazyLock;

/// A sentence has to be heard as surely harmless as this to say outright which booking is to be
/// cancelled, or to tell an absence.
const HARMLESS: f32 = -0.2;

/// Sentences of a letter that are heard; a longer one a person reads.
const MOST_SENTENCES: usize = 300;

/// What is written where the form asks why leaves less doubt than the same words elsewhere.
const GIVEN_AS_A_REASON: f32 = 0.8;

/// As [`GIVEN_AS_A_REASON`], where it speaks of cancelling itself.
const GIVEN_OF_CANCELLING: f32 = 0.3;

/// A labelled reason that leaves more doubt than this is read like any sentence.
const DOUBTFUL_REASON: f32 = 0.3;

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

/// «Запишите заново» asks for another time than the one that was cancelled.
static ANEW: LazyLock<patterns::Pattern> =
    LazyLock::new(|| patterns::regex(r"(?i)\bзапи(?:шите|сать|сывайте)\b[^,.!?]*\bзаново\b"));

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

/// Doubts of a letter that are weighed: those of the sentences that leave the most.
pub const DOUBTS: usize = 2;

/// A sentence that is heard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    /// What is heard in it.
    pub heard: Heard,
    /// The rules find a request in it to move, or to book anew.
    pub asks_another_time: bool,
    /// The rules find a request in it to restore, and one to cancel beside it.
    pub asks_both: bool,
    /// As [`Self::asks_another_time`], or to cancel.
    pub asks_otherwise: bool,
    /// What it may ask to have back is a booking, or a place in the list; see [`undone::names_booking`].
    pub names_booking: bool,
    /// It tells of cancelling, or of what confirms it.
    pub names_cancelling: bool,
    /// It takes something back: «то есть не надо».
    pub refuses: bool,
    /// It is about something that goes with no wish to cancel, and not about the subject: «см. тему».
    pub strays: bool,
}

/// What the sentences of a letter are heard to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Hearing {
    /// Each sentence, in order; labelled reasons are none.
    pub sentences: Vec<Said>,
    /// The greatest doubts, also those that labelled reasons leave, the greatest first.
    pub doubts: Vec<f32>,
    /// A form is filled in.
    pub is_form: bool,
    /// How many words there are.
    pub words: usize,
    /// A sentence asks for cancelling.
    pub asks: bool,
    /// A sentence is at least more like a wish than like one that asks for nothing.
    pub hints: bool,
    /// A sentence asks for it outright, and names the booking.
    pub outright: bool,
    /// A sentence is a plain request.
    pub plainly: bool,
    /// Nothing asks, a clause is about papers, money or a call, and no other tells why, or that nobody comes.
    pub minds_other_business: bool,
}

impl Hearing {
    /// A sentence is about something that goes with no wish to cancel, and none tells why, or that nobody comes.
    pub fn strays(&self) -> bool {
        const TELLING: [Class; 3] = [Class::WISH, Class::AWAY, Class::REASON];
        let tells = |said: &Said| TELLING.iter().any(|class| said.heard.rather(*class) > 0.0);
        self.sentences.iter().any(|said| said.strays) && !self.sentences.iter().any(tells)
    }

    fn note_doubt(&mut self, doubt: f32) {
        let at = self.doubts.partition_point(|greater| *greater >= doubt);
        self.doubts.insert(at, doubt);
        self.doubts.truncate(DOUBTS);
    }

    fn note(&mut self, text: &str) {
        let heard = learned::hear(text);
        self.note_doubt(heard.doubt);
        let wished =
            heard.wish > ASKING || heard.wish > ASKING_SURELY && heard.doubt < CLEARLY_HARMLESS;
        self.asks |=
            has_asking_word(text) || wished && heard.asks() || tells_absence(text, heard.doubt);
        self.hints |= heard.asks();
        self.plainly =
            self.plainly || is_plain(&heard) || heard.doubt < HARMLESS && has_plain_clause(text);
        self.outright |= heard.doubt < HARMLESS && is_outright(text);
        let (g, sentence) = (grammar(), Sentence::read(text));
        self.words += sentence.words().len();
        let another_time = g.moving.is_in(&sentence.without(&g.moves_nothing))
            || g.rebook.is_in(&sentence)
            || ANEW.is_match(text);
        self.sentences.push(Said {
            heard,
            asks_another_time: another_time,
            asks_both: g.restore.is_in(&sentence) && g.cancel.is_in(&sentence.without(&g.restore)),
            asks_otherwise: another_time || g.cancel.is_in(&sentence),
            names_booking: undone::names_booking(text) && !object::restores_another(&sentence),
            names_cancelling: undone::names_cancelling(text),
            refuses: undone::refuses(text),
            strays: heard.strays()
                && !g.refers_to_subject.is_in(&sentence)
                && !g.absent.is_in(&sentence),
        });
    }

    /// How surely the sentence that asks most for cancelling does so; of a letter that says nothing, not at
    /// all.
    pub fn most_wish(&self) -> f32 {
        let wishes = self.sentences.iter().map(|said| said.heard.wish);
        wishes.fold(f32::NEG_INFINITY, f32::max)
    }

    /// How much the sentence that is most like `class` is like it; `None` if nothing is said.
    pub fn most_like(&self, class: Class) -> Option<f32> {
        let like = self.sentences.iter().map(|said| said.heard.like(class));
        like.reduce(f32::max)
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
        sentences: Vec::new(),
        doubts: Vec::new(),
        words: 0,
        is_form: fields::is_filled_in(text, fields),
        asks: fields::is_form_of_cancelling(text, fields),
        hints: false,
        outright: false,
        plainly: false,
        minds_other_business: false,
    };
    let said = sentences::split(&said.replace(plain::MASK, " "));
    let said = aside::without_questions_aside(&said);
    if said.len() > MOST_SENTENCES {
        hearing.note_doubt(f32::INFINITY);
        return hearing;
    }
    for reason in labelled_reasons(text, fields) {
        hearing.note_doubt(learned::hear(reason).doubt - GIVEN_AS_A_REASON);
    }
    let behind = said.iter().skip(1).map(Some).chain([None]);
    for (text, next) in said.iter().zip(behind) {
        // «Оставить запись? Нет, отмените»: the answer counts, not the question.
        let answered =
            text.ends_with('?') && next.is_some_and(|next| ANSWER.is_match(next.as_str()));
        // «Мне нужно отменить запись №5. Как это сделать?»: by this letter.
        let how = (hearing.outright || hearing.plainly) && ANSWERED_BY_IT.is_match(text);
        let silent = keeping::says_nothing(text) || forgets_the_number(text);
        if !(answered || how || silent || reason::bare::is_one(text)) {
            hearing.note(&without_a_forgotten_number(text));
        }
    }
    hearing.minds_other_business = !hearing.asks && minds_other_business(&said);
    hearing
}

fn minds_other_business(texts: &[String]) -> bool {
    let g = grammar();
    let minds = |text: &&str| {
        let sentence = Sentence::read(text);
        let elsewhere = sentence.without(&g.comes_later).without(&g.stays_away);
        g.minds_other_business.is_in(&elsewhere) || g.comes_after_all.is_in(&elsewhere)
    };
    // «Заболела, справку прилагаю» tells why in a clause of its own.
    let said = texts.iter().filter(|text| !keeping::says_nothing(text));
    let clauses = said.flat_map(|text| text.split(','));
    let (other, own): (Vec<&str>, Vec<&str>) = clauses.partition(minds);
    let tells = |text: &&str| {
        let heard = learned::hear(text);
        let like = |class| heard.rather(class) > 0.0;
        !keeping::says_nothing(text)
            && (like(Class::WISH) || like(Class::AWAY) || like(Class::REASON))
    };
    !other.is_empty() && !own.iter().any(tells)
}

/// «Номер не помню»: a detail that is not given is no wish.
fn forgets_the_number(text: &str) -> bool {
    const MOST_WORDS: usize = 5;
    let sentence = Sentence::read(text);
    sentence.words().len() <= MOST_WORDS && grammar().forgets_the_number.is_in(&sentence)
}

/// «Прошу отменить запись, номера не помню, письмо удалила» without what says nothing of the wish.
fn without_a_forgotten_number(text: &str) -> Cow<'_, str> {
    static LOST: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)^[ ]*(?:ваше[ ])?письм[оа][ ](?:я[ ])?(?:удалил|потерял|ст[её]р)\p{L}{0,3}[ .!]*$",
        )
    });
    let clauses: Vec<&str> = text.split(',').take(MOST_CLAUSES).collect();
    let last = clauses.len() == MOST_CLAUSES;
    if clauses.len() < 2 || last || !clauses.iter().any(|clause| forgets_the_number(clause)) {
        return Cow::Borrowed(text);
    }
    let said = |clause: &&&str| !forgets_the_number(clause) && !LOST.is_match(**clause);
    let kept: Vec<&str> = clauses.iter().filter(said).copied().collect();
    Cow::Owned(kept.join(","))
}

const fn is_plain(heard: &Heard) -> bool {
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
        && clauses.any(|clause| has_asking_word(clause) && is_plain(&learned::hear(clause)))
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
    reason.chars().count() <= LONGEST_REASON && doubt() < DOUBTFUL_REASON
}

/// Whether all labelled reasons are heard to be harmless.
pub fn gives_harmless_reasons(text: &str, fields: &[Field]) -> bool {
    labelled_reasons(text, fields).all(is_harmless)
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
