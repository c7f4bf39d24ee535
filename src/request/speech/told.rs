//! The clause of a sentence that tells why, without «так как»: «ребёнок заболел».

use super::{Rule, Sentence, Word, grammar};
use crate::read::grammar as patterns;
use crate::request::phrases::{fields, words};
use crate::request::signature;
use std::ops::Range;
use std::sync::LazyLock;

/// Words that join a reason to what stands before it and are no part of it.
const JOINTS: [&str; 8] = ["но", "а", "и", "да", "теперь", "поэтому", "потому", "то"];

/// How surely clauses tell the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// They are neither request nor detail nor greeting: what else would they be?
    LeftOver,
    /// Something happened to the writer or theirs.
    Story,
    /// A word that reasons are told with.
    Known,
}

/// The clauses of all sentences that give the reason most surely, as written.
pub fn reason<'t>(sentences: impl Iterator<Item = &'t str>) -> Option<String> {
    let mut best: Option<(Weight, String)> = None;
    for text in sentences {
        for (weight, told) in candidates(text) {
            if best.as_ref().is_none_or(|(known, _)| *known < weight) {
                best = Some((weight, told));
            }
        }
    }
    best.map(|(_, told)| told)
}

/// Where the clause begins that goes on at `at`, if it is one of telling: «вызывают в школу из-за
/// дочки».
pub fn begun(text: &str, at: usize) -> Option<usize> {
    let head = text.get(..at)?;
    let from = head
        .rfind([',', ';', ':', '—', '–', '('])
        .map_or(0, |mark| {
            mark + head
                .get(mark..)
                .and_then(|t| t.chars().next())
                .map_or(1, char::len_utf8)
        });
    let clause = head.get(from..)?;
    let (_, told) = candidates(clause.trim()).pop()?;
    let start = from + clause.find(&told)?;
    let whole = clause.trim().ends_with(&told) && told.split_whitespace().count() > 1;
    whole.then_some(start)
}

/// All runs of clauses that may be a reason.
fn candidates(text: &str) -> Vec<(Weight, String)> {
    let mut found = Vec::new();
    // Words that somebody else said tell nothing of the writer's reason.
    if text.contains(['«', '"']) || signature::is_name(text) || words().courtesy.is_in(text) {
        return found;
    }
    let sentence = Sentence::read(text);
    let g = grammar();
    if sentence.asks && !g.polite_question.is_in(&sentence) {
        return found;
    }
    for run in runs(&sentence) {
        let known = g.class("причина").is_some_and(|class| {
            let words = sentence.words().get(run.clone()).unwrap_or_default();
            words.iter().any(|word| word.classes.has(class))
        });
        let weight = if known {
            Weight::Known
        } else if bears_name(&sentence, &run) {
            continue;
        } else if is_story(&sentence, run.clone()) {
            Weight::Story
        } else if is_left_over(&sentence, run.clone()) {
            Weight::LeftOver
        } else {
            continue;
        };
        found.extend(written(&sentence, run).map(|told| (weight, told)));
    }
    found
}

/// The runs of clauses that neither ask nor name the booking. One that holds a known reason ends
/// where the next clause asks.
fn runs(sentence: &Sentence) -> Vec<Range<usize>> {
    let g = grammar();
    let spoken: [&Rule; 8] = [
        &g.cancel,
        &g.cancel_noun,
        &g.restore,
        &g.resend,
        &g.moving,
        &g.comes_later,
        &g.negated,
        &g.requests,
    ];
    let taken: Vec<Range<usize>> = spoken.iter().flat_map(|rule| rule.all(sentence)).collect();
    let absent = g.absent.all(sentence);
    let (object, why) = (g.class("запись"), g.class("причина"));
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for clause in clauses(sentence) {
        let words = sentence.words().get(clause.clone()).unwrap_or_default();
        let asked = taken
            .iter()
            .any(|t| t.start < clause.end && clause.start < t.end);
        // «Ребёнок заболел и прийти не сможем», «не успеваю с учёбы».
        let stays_away = absent
            .iter()
            .any(|t| t.start < clause.end && clause.start < t.end);
        let tells = |word: &Word| why.is_some_and(|why| word.classes.has(why));
        let asked = asked || stays_away && !words.iter().any(tells);
        let about = |word: &Word| object.is_some_and(|object| word.classes.has(object));
        let named = words.iter().all(|word| word.figure) || is_named(sentence, &clause);
        if asked || named || words.iter().any(about) {
            open = false;
            continue;
        }
        match runs.last_mut() {
            Some(run) if open => run.end = clause.end,
            _ => runs.push(clause),
        }
        open = true;
    }
    runs
}

/// The clause is a person's name.
fn is_named(sentence: &Sentence, clause: &Range<usize>) -> bool {
    let words = sentence.words().get(clause.clone()).unwrap_or_default();
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return true;
    };
    let text = sentence.text.get(first.range.start..last.range.end);
    let given = grammar().class("имя");
    let named = words
        .iter()
        .any(|word| given.is_some_and(|class| word.classes.has(class)));
    text.is_some_and(|text| signature::is_name(text) || named && words.len() <= 3)
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

/// A statement of at least two words that nothing else explains.
fn is_left_over(sentence: &Sentence, found: Range<usize>) -> bool {
    let g = grammar();
    let words = sentence.words().get(found.clone()).unwrap_or_default();
    let other: [&Rule; 6] = [
        &g.keeping,
        &g.question,
        &g.conditional,
        &g.neutral,
        &g.reported,
        &g.not_a_citizen,
    ];
    let says = words.iter().any(|word| word.denied)
        || found.clone().any(|at| {
            let word = sentence.text_of(at).unwrap_or_default();
            PREDICATE.is_match(&word)
        });
    let figures = words.iter().filter(|word| word.figure).count();
    words.len() >= 2
        && says
        && figures * 2 < words.len()
        && !other.iter().any(|rule| rule.is_in(sentence))
}

/// Endings of what is said of somebody: «угнали», «сдаю», «отпустила», «нет».
static PREDICATE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)^(?:[а-я-]{2,}(?:л|ла|ло|ли|лся|лась|лось|лись|ет|ит|ут|ют|ат|ят|ем|им|ю|усь|юсь|ется|ится|ются|утся|ятся)|нет|нету|нельзя|оказал[а-я]+|[а-я]{3,}(?:ен|ена|ено|ены))$",
    )
});

/// «У нас прорвало кран», «муж договорился с другими»: somebody of the writer's, and a few words.
fn is_story(sentence: &Sentence, found: Range<usize>) -> bool {
    const WORDS: usize = 3;
    let people = ["я", "мне", "родня", "у"].map(|list| grammar().class(list));
    let words = sentence.words().get(found).unwrap_or_default();
    let named = words.iter().any(|word| word.figure);
    let who = words.iter().any(|word| {
        people
            .iter()
            .flatten()
            .any(|class| word.classes.has(*class))
    });
    let kept = grammar().keeping.is_in(sentence) || grammar().question.is_in(sentence);
    words.len() >= WORDS && !named && who && !kept
}

/// The ranges of words between commas, and before «но», «потому».
fn clauses(sentence: &Sentence) -> Vec<Range<usize>> {
    let words = sentence.words();
    let mut found = Vec::new();
    let mut from = 0;
    for at in 1..=words.len() {
        let opens = words.get(at).is_none_or(|word| word.opens_clause);
        if opens {
            found.push(from..at);
            from = at;
        }
    }
    found
}

fn written(sentence: &Sentence, mut words: Range<usize>) -> Option<String> {
    let small = |at: usize| {
        let range = sentence.words().get(at)?.range.clone();
        sentence.text.get(range)
    };
    // «ТО» is an inspection.
    while words.len() > 1
        && small(words.start)
            .is_some_and(|word| JOINTS.contains(&word.to_lowercase().as_str()) && word != "ТО")
    {
        words.start += 1;
    }
    // A telephone or a date before it, and a date behind «на» or «в», is no part of it.
    let figure = |at: usize| sentence.words().get(at).is_some_and(|word| word.figure);
    if figure(words.start) && figure(words.start + 1) {
        while words.len() > 1 && figure(words.start) {
            words.start += 1;
        }
    }
    while words.len() > 1 && figure(words.end - 1) {
        let before = words.end.checked_sub(2).and_then(|at| sentence.text_of(at));
        if before.is_some_and(|word| word.chars().count() > 2) && !figure(words.end - 2) {
            break;
        }
        words.end -= 1;
    }
    let first = sentence.words().get(words.start)?.clone();
    let last = sentence.words().get(words.end.checked_sub(1)?)?.range.end;
    // «Не успею» begins with its «не».
    let mut start = first.range.start;
    let before = sentence.text.get(..start)?.trim_end();
    if first.denied && before.to_lowercase().ends_with("не") {
        start = before.len() - "не".len();
    }
    sentence.text.get(start..last).map(str::to_owned)
}
