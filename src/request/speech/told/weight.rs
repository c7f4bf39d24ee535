//! How surely a run of clauses tells the reason.

use super::runs::Run;
use crate::read::grammar as patterns;
use crate::request::phrases::fields;
use crate::request::signature;
use crate::request::speech::{Rule, Sentence, Word, grammar};
use std::ops::Range;
use std::sync::LazyLock;

/// How surely clauses tell the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// A noun that is none of the letter's other business.
    Bare,
    /// They are neither request nor detail nor greeting: what else would they be?
    LeftOver,
    /// Something happened to the writer or theirs.
    Story,
    /// A word that reasons are told with.
    Known,
    /// The sentence itself says that this is why.
    Explained,
}

/// The weight of a run; `among` says that its sentence stands among others.
pub fn of(sentence: &Sentence, run: &Run, among: bool) -> Option<Weight> {
    let g = grammar();
    let words = sentence.words().get(run.words.clone()).unwrap_or_default();
    let holds = |list: &str| {
        let class = g.class(list);
        let has = |word: &Word| class.is_some_and(|class| word.classes.has(class));
        words.iter().any(has)
    };
    let part = sentence.part(run.words.clone());
    let says = part.words().iter().any(|word| word.denied) || has_predicate(&part);
    let known = holds("причина") || holds("повод") && (says || !run.rest);
    if known && run.explains {
        return Some(Weight::Explained);
    }
    if known {
        return Some(Weight::Known);
    }
    if bears_name(sentence, &run.words) || is_titled(&part) {
        return None;
    }
    let kept = part.without(&g.stays_away);
    let other: [&Rule; 3] = [&g.question, &g.conditional, &g.not_a_citizen];
    let of_cancelling = !run.explains && g.class("дело").is_some_and(|class| part.has(class));
    if of_cancelling || g.keeping.is_in(&kept) || other.iter().any(|rule| rule.is_in(&part)) {
        return None;
    }
    if is_story(&part) && (says || !run.rest) {
        return Some(if run.explains {
            Weight::Explained
        } else {
            Weight::Story
        });
    }
    let unknown = part.words().iter().any(|word| !word.listed && !word.figure);
    if says && is_statement(&part, run.rest) {
        return Some(if run.explains {
            Weight::Explained
        } else {
            Weight::LeftOver
        });
    }
    if run.rest || !unknown {
        return None;
    }
    if run.explains {
        return Some(Weight::Explained);
    }
    is_bare(&part, run, among).then_some(Weight::Bare)
}

/// A person is named in full: «я Гаджиев Расул Магомедович».
fn bears_name(sentence: &Sentence, run: &Range<usize>) -> bool {
    let words = sentence.words().get(run.clone()).unwrap_or_default();
    let written = |word: &Word| sentence.text.get(word.range.clone()).unwrap_or_default();
    let capital = |word: &Word| written(word).starts_with(char::is_uppercase);
    let given = grammar().class("имя");
    words.windows(2).any(|pair| {
        let [left, right] = pair else { return false };
        let known = |word: &Word| {
            given.is_some_and(|class| word.classes.has(class))
                || fields().patronymic_word.is_in(written(word))
        };
        capital(left) && capital(right) && (known(left) || known(right))
    })
}

/// «Нгуен Ван Тхань», «Орехова Л»: each word begins with a capital, and not all are capitals.
fn is_titled(part: &Sentence) -> bool {
    let words = part.words();
    let written = |word: &Word| part.text.get(word.range.clone()).unwrap_or_default();
    let capital = |word: &Word| written(word).starts_with(char::is_uppercase);
    let small = |word: &Word| written(word).chars().any(char::is_lowercase);
    words.len() >= 2 && words.iter().all(capital) && words.iter().any(small)
}

/// More words than figures, and at least two, or one that no list holds.
fn is_statement(part: &Sentence, rest: bool) -> bool {
    let words = part.words();
    let figures = words.iter().filter(|word| word.figure).count();
    let alone = words.first().is_some_and(|word| {
        let written = part.text.get(word.range.clone()).unwrap_or_default();
        !word.listed
            && PREDICATE.is_match(&written.to_lowercase())
            && !signature::ends_as_surname(written)
    });
    let several = words.len() >= 2 && (!rest || words.iter().any(|word| !word.listed));
    (several || alone) && figures * 2 < words.len()
}

fn has_predicate(part: &Sentence) -> bool {
    (0..part.words().len()).any(|at| {
        let word = part.text_of(at).unwrap_or_default();
        PREDICATE.is_match(&word)
    })
}

/// Endings of what is said of somebody: «угнали», «сдаю», «отпустила», «нет».
static PREDICATE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)^(?:[а-я-]{2,}(?:л|ла|ло|ли|лся|лась|лось|лись|ет|ит|ут|ют|ат|ят|ем|им|[аяуеоёлрнвмбпшжч]ю|усь|юсь|ется|ится|ются|утся|ятся)|(?:по|у|при|за|пере|вы|до|в|от)?(?:еду|иду|йду|лечу|везу|лежу|вожу|хожу|живу|бегу|ищу|рожу|болит)|нет|нету|нельзя|некому|некогда|нечем|негде|незачем|невозможно|рано|поздно|далеко|дорого|плохо|тяжело|трудно|больно|оказал[а-я]+|[а-я]{3,}(?:ен|ена|ено|ены|ат|ыт|ыта|ыто|ыты)|мертв[а]?|здоров[а-я]*|жив)$",
    )
});

/// «У нас прорвало кран», «муж договорился с другими»: somebody of the writer's, and a few words.
fn is_story(part: &Sentence) -> bool {
    const WORDS: usize = 2;
    let people = ["я", "мне", "родня", "у"].map(|list| grammar().class(list));
    let words = part.words();
    let named = words.iter().any(|word| word.figure);
    let who = words.iter().any(|word| {
        people
            .iter()
            .flatten()
            .any(|class| word.classes.has(*class))
    });
    let unknown = words.iter().any(|word| !word.listed);
    (words.len() > WORDS || words.len() == WORDS && unknown) && !named && who
}

/// Whom the booking is with, half an hour, or the beginning of an address.
static DETAIL: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)^(?:терапевт|педиатр|хирург|ортопед|окулист|офтальмолог|невролог|лор|отоларинголог|гинеколог|уролог|кардиолог|эндокринолог|дерматолог|стоматолог|ортодонт|логопед|психиатр|психолог|нарколог|гастроэнтеролог|онколог|травматолог|аллерголог|нотариус|половина|улица|проспект)\p{L}?$",
    )
});

/// «Мигрень» behind the request, «Сенокос.» between other sentences; a job below a name is none.
fn is_bare(part: &Sentence, run: &Run, among: bool) -> bool {
    const MOST_WORDS: usize = 4;
    let words = part.words();
    let written = |word: &Word| part.text.get(word.range.clone()).unwrap_or_default();
    let cyrillic = |word: &Word| {
        let word = written(word);
        word.chars()
            .all(|c| matches!(c, '\u{400}'..='\u{4FF}' | '-'))
    };
    let letters = words.iter().all(|word| !word.figure && cyrillic(word));
    // «В восемь тридцать», «плановый»
    let noun = words.first().is_some_and(|word| {
        let word = written(word).to_lowercase();
        word.chars().count() > 3
            && !["ый", "ий", "ой", "ая", "ую", "ите", "йте", "ьте"]
                .iter()
                .any(|e| word.ends_with(e))
            || words.len() > 1 && word.chars().count() > 3
    });
    let capital = |word: &Word| written(word).starts_with(char::is_uppercase);
    // «Ортопед, 25.02», «половина третьего», «ул. Садовая, д. 14»
    let detail = words
        .first()
        .is_some_and(|word| DETAIL.is_match(written(word)));
    let shout = words
        .iter()
        .all(|word| written(word).chars().all(|c| !c.is_lowercase()));
    // «Гужова», «Мария Сац»
    let name_like = words.iter().skip(1).any(capital) && !shout
        || words.len() == 1
            && words
                .iter()
                .all(|word| capital(word) && signature::ends_as_surname(written(word)));
    letters
        && noun
        && !detail
        && words.len() <= MOST_WORDS
        && !name_like
        && (run.behind_request || among)
}
