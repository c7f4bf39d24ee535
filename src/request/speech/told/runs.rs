//! The runs of clauses of a sentence that neither ask nor name the booking.

use crate::request::signature;
use crate::request::speech::{Rule, Sentence, Word, grammar};
use std::ops::Range;

/// Clauses in a row, or what a clause says besides its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The words.
    pub words: Range<usize>,
    /// A request stands before it, with a colon or a dash between, or «поэтому» behind it.
    pub explains: bool,
    /// A request stands directly before it.
    pub behind_request: bool,
    /// It is the rest of a clause that asks.
    pub rest: bool,
}

/// Words by which what was said becomes the reason of what follows.
const THEREFORE: [&str; 12] = [
    "поэтому",
    "посему",
    "следовательно",
    "соответственно",
    "отсюда",
    "значит",
    "стало",
    "потому",
    "так",
    "вот",
    "оттого",
    "итак",
];

/// The runs of the sentence. One that holds a known reason ends where the next clause asks.
pub fn of(sentence: &Sentence) -> Vec<Run> {
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
    let mut runs: Vec<Run> = Vec::new();
    let (mut open, mut asked_before) = (false, false);
    for clause in clauses(sentence) {
        let asked = touches(&taken, &clause);
        let stays_away = touches(&absent, &clause);
        // «Ребёнок заболел и прийти не сможем», «не успеваю вернуться из Сочи».
        let silent = asked || stays_away && !has_own_matter(sentence, &clause);
        // «Жена сказала, что рано мне ещё»
        let subordinate = is_subordinate(sentence, &clause);
        if subordinate && open && !asked {
            if let Some(run) = runs.last_mut() {
                run.words.end = clause.end;
            }
            continue;
        }
        if subordinate && !silent {
            open = false;
            continue;
        }
        if silent || is_about_booking(sentence, &clause) {
            if silent {
                therefore(sentence, &clause, &mut runs);
                runs.extend(rests(sentence, &clause, &taken));
            }
            open = false;
            asked_before |= silent;
            continue;
        }
        match runs.last_mut() {
            Some(run) if open => run.words.end = clause.end,
            _ => runs.push(Run {
                explains: asked_before && is_announced(sentence, &clause),
                behind_request: asked_before,
                rest: false,
                words: clause,
            }),
        }
        open = true;
    }
    runs
}

fn touches(ranges: &[Range<usize>], clause: &Range<usize>) -> bool {
    ranges
        .iter()
        .any(|range| range.start < clause.end && clause.start < range.end)
}

/// A colon or a dash stands before the clause.
fn is_announced(sentence: &Sentence, clause: &Range<usize>) -> bool {
    let first = sentence.words().get(clause.start);
    first.is_some_and(|word| word.after_colon || word.after_dash)
}

/// «…, поэтому отмените»: what stands before is the reason.
fn therefore(sentence: &Sentence, clause: &Range<usize>, runs: &mut [Run]) {
    let word = |at: usize| sentence.text_of(clause.start + at).unwrap_or_default();
    let this = word(0) == "в" && word(1) == "связи" || word(0) == "по" && word(1) == "этой";
    if (this || THEREFORE.contains(&word(0).as_str()))
        && let Some(run) = runs.last_mut().filter(|run| run.words.end == clause.start)
    {
        run.explains = true;
    }
}

/// A known reason, or a word that no list holds: the clause says more than that nobody comes.
fn has_own_matter(sentence: &Sentence, clause: &Range<usize>) -> bool {
    const SHORTEST: usize = 4;
    let why = ["причина", "повод", "обстоятельство", "документ", "чужое"]
        .map(|list| grammar().class(list));
    let words = sentence.words().get(clause.clone()).unwrap_or_default();
    words.iter().enumerate().any(|(at, word)| {
        let written = sentence.text_of(clause.start + at).unwrap_or_default();
        let unknown = !word.listed && !word.figure && written.chars().count() >= SHORTEST;
        let capital = sentence
            .text
            .get(word.range.clone())
            .is_some_and(|w| w.starts_with(char::is_uppercase));
        let inside = at > 0 && capital;
        unknown && !inside || why.iter().flatten().any(|why| word.classes.has(*why))
    })
}

/// It names the booking, a person or figures alone.
fn is_about_booking(sentence: &Sentence, clause: &Range<usize>) -> bool {
    let g = grammar();
    let words = sentence.words().get(clause.clone()).unwrap_or_default();
    let booking = g.class("запись");
    let named = |word: &Word| booking.is_some_and(|class| word.classes.has(class));
    words.iter().any(named) || words.iter().all(|word| word.figure) || is_named(sentence, clause)
}

/// «Чтобы не занимать место», «которая назначена на среду», «что очень жаль».
fn is_subordinate(sentence: &Sentence, clause: &Range<usize>) -> bool {
    let opening = sentence.text_of(clause.start).unwrap_or_default();
    matches!(opening.as_str(), "чтобы" | "чтоб" | "что") || opening.starts_with("котор")
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

/// What a clause says before and behind its request, where nobody set a comma: «отмените запись 5
/// заболел».
fn rests(sentence: &Sentence, clause: &Range<usize>, taken: &[Range<usize>]) -> Vec<Run> {
    let covered = |at: usize| taken.iter().any(|range| range.contains(&at));
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in clause.clone().filter(|at| !covered(*at)) {
        match found.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            _ => found.push(at..at + 1),
        }
    }
    found
        .into_iter()
        .map(|words| without_details(sentence, words))
        .filter(|words| !words.is_empty() && !is_about_booking(sentence, words))
        .filter(|words| has_own_matter(sentence, words))
        .map(|words| Run {
            behind_request: words.start > clause.start,
            words,
            explains: false,
            rest: true,
        })
        .collect()
}

/// Without the number, the day and the hour at its edges.
fn without_details(sentence: &Sentence, mut words: Range<usize>) -> Range<usize> {
    let g = grammar();
    let detail = |at: usize| {
        let Some(word) = sentence.words().get(at) else {
            return true;
        };
        let is = |list: &str| g.class(list).is_some_and(|class| word.classes.has(class));
        let short = sentence
            .text_of(at)
            .is_some_and(|word| word.chars().count() <= 2 && word != "я" && word != "мы");
        let known = [
            "запись",
            "мой",
            "деньвремя",
            "деньнедели",
            "когда-то",
            "пожалуйста",
        ];
        word.figure || short || known.iter().any(|list| is(list))
    };
    while !words.is_empty() && detail(words.start) && !is_denied(sentence, words.start) {
        words.start += 1;
    }
    while !words.is_empty() && detail(words.end - 1) {
        words.end -= 1;
    }
    words
}

fn is_denied(sentence: &Sentence, at: usize) -> bool {
    sentence.words().get(at).is_some_and(|word| word.denied)
}

/// The ranges of words between commas.
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
