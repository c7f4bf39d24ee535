//! The clause of a sentence that tells why, without «так как»: «ребёнок заболел».

use super::{Rule, Sentence, grammar};
use std::ops::Range;

/// Words that join a reason to what stands before it and are no part of it.
const JOINTS: [&str; 8] = ["но", "а", "и", "да", "теперь", "поэтому", "потому", "то"];

/// The clauses in a row that give a reason, as written.
pub fn reason(text: &str) -> Option<String> {
    if text.contains(['«', '"']) {
        // Words that somebody else said tell nothing of the writer's reason.
        return None;
    }
    let sentence = Sentence::read(text);
    let g = grammar();
    if sentence.asks && !g.polite_question.is_in(&sentence) {
        return None;
    }
    let spoken: [&Rule; 9] = [
        &g.cancel,
        &g.cancel_noun,
        &g.absent,
        &g.restore,
        &g.resend,
        &g.moving,
        &g.comes_later,
        &g.negated,
        &g.requests,
    ];
    let taken: Vec<Range<usize>> = spoken.iter().flat_map(|rule| rule.all(&sentence)).collect();
    let tells = g.class("причина")?;
    let object = g.class("запись")?;
    let mut run: Option<(Range<usize>, bool)> = None;
    for clause in clauses(&sentence) {
        let words = sentence.words().get(clause.clone())?;
        let asked = taken
            .iter()
            .any(|t| t.start < clause.end && clause.start < t.end);
        let about = words.iter().any(|word| word.classes.has(object));
        let named = words.iter().all(|word| word.figure);
        let why = words.iter().any(|word| word.classes.has(tells));
        if asked || about || named {
            if run.as_ref().is_some_and(|(_, why)| *why) {
                break;
            }
            run = None;
            continue;
        }
        run = Some(match run {
            Some((before, known)) => (before.start..clause.end, known || why),
            None => (clause, why),
        });
    }
    let (found, why) = run?;
    (why || is_story(&sentence, found.clone())).then(|| written(&sentence, found))?
}

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
    while words.len() > 1
        && sentence
            .text_of(words.start)
            .is_some_and(|word| JOINTS.contains(&word.as_str()))
    {
        words.start += 1;
    }
    // A date that goes on is cut at its full stop: it is no reason.
    while words.len() > 1
        && sentence
            .words()
            .get(words.end - 1)
            .is_some_and(|word| word.figure)
    {
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
