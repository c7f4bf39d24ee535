//! Russian sentences as the grammar sees them: words in classes, and phrases as data.

mod lexicon;
mod phrase;
mod rule;
pub mod told;
mod words;

use lexicon::{Lexicon, Lists};
use phrase::Phrase;
pub use rule::Rule;
use serde::Deserialize;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;
pub use words::Word;

/// Words of one sentence that are judged; a longer one is nobody's request.
const MOST_WORDS: usize = 400;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    phrases: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the examples are for the tests")
    )]
    examples: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the examples are for the tests")
    )]
    counter_examples: Vec<String>,
}

/// Declares the grammar: one rule for each section of `phrases.toml`.
macro_rules! grammar {
    ($($rule:ident),+ $(,)?) => {
        /// The rules of `phrases.toml`, each under the name of its section.
        #[derive(Debug, Default)]
        pub struct Grammar {
            lexicon: Lexicon,
            $(pub $rule: Rule,)+
        }

        impl Grammar {
            fn rule_mut(&mut self, name: &str) -> Option<&mut Rule> {
                match name {
                    $(stringify!($rule) => Some(&mut self.$rule),)+
                    _ => None,
                }
            }


            #[cfg(test)]
            const NAMES: &[&str] = &[$(stringify!($rule)),+];
        }
    };
}

grammar!(
    courtesy_words,
    perhaps_absent,
    cancel,
    cancel_noun,
    absent,
    not_needed,
    comes_otherwise,
    restore,
    goes_with_restoring,
    resend,
    moving,
    moves_nothing,
    insists,
    begs,
    refers_to_subject,
    unwished,
    negated,
    withdrawn,
    conditional,
    harmless_condition,
    if_still_free,
    forgets_the_number,
    question,
    polite_question,
    asks_about,
    reported,
    therefore,
    first_person,
    neutral,
    changed_mind,
    keeping,
    other_booking,
    stays_away,
    comes_later,
    contrary,
    complains,
    unfit_for_subject,
    fits_subject,
    booked_day,
    absent_day,
    requests,
    not_a_citizen,
    other_record,
    other_kept,
    helpless,
    rebook,
    joins_list,
    declines,
    named_booking,
    contrast,
    comes_after_all,
    taken_back,
    disregarded,
    settled_below,
    not_meant,
    spares_another_thing,
    unsubscribes,
    orders_elsewhere,
    refuses_another_thing,
    another_record,
    absent_from_another,
    several_people,
    minds_other_business,
    another_paper,
    past_wish,
    supposes,
    conditional_without_if,
    moves_too,
    comes_differently,
    protests,
    reported_too,
    narrates,
    about_the_request,
    two_bookings,
    unsure_number,
    irony,
    form_or_draft,
    office_speaks,
    seeks_advice,
    acknowledges,
    harmless_contrast,
);

/// The grammar, built once.
#[expect(
    clippy::expect_used,
    reason = "the files are embedded at build time and a test reads them"
)]
pub fn grammar() -> &'static Grammar {
    static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
        Grammar::read(include_str!("lexicon.toml"), PHRASES).expect("the embedded grammar is sound")
    });
    &GRAMMAR
}

/// Given names, a line each.
const GIVEN_NAMES: &str = include_str!("given_names.txt");

/// What is wished, and what makes a wish doubtful.
const PHRASES: &str = concat!(
    include_str!("phrases.toml"),
    "\n",
    include_str!("doubts.toml")
);

impl Grammar {
    /// Reads word lists and phrases.
    fn read(lists: &str, phrases: &str) -> Result<Self, String> {
        let mut lists: Lists = toml::from_str(lists).map_err(|e| e.to_string())?;
        lists.add("имя", GIVEN_NAMES);
        let written: BTreeMap<String, Written> =
            toml::from_str(phrases).map_err(|e| e.to_string())?;
        let mut lexicon = Lexicon::new(&lists);
        let mut grammar = Self::default();
        for (name, rule) in &written {
            let read: Result<Vec<Phrase>, String> = rule
                .phrases
                .iter()
                .map(|phrase| Phrase::parse(phrase, &mut lexicon))
                .collect();
            let target = grammar
                .rule_mut(name)
                .ok_or_else(|| format!("no rule is called {name}"))?;
            *target = Rule::new(read?, &lexicon);
        }
        grammar.lexicon = lexicon;
        Ok(grammar)
    }

    /// The class of words called `name` in `lexicon.toml`; a word of it is what the code asks for.
    pub fn class(&self, name: &str) -> Option<lexicon::Class> {
        self.lexicon.named(name)
    }
}

/// Lists of `lexicon.toml` by which words of a name are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordList {
    GivenName,
    NoName,
    /// «оглы», «кызы».
    Son,
}

impl Grammar {
    /// Whether any list holds the word.
    pub fn knows_at_all(&self, word: &str) -> bool {
        self.lexicon.listed(&lexicon::folded(word)) != lexicon::Classes::default()
    }

    /// All that is known of a single word.
    pub fn classes(&self, word: &str) -> lexicon::Classes {
        self.lexicon.classes(&lexicon::folded(word))
    }

    /// Whether a word with these classes stands in the list.
    pub fn lists(&self, classes: &lexicon::Classes, list: WordList) -> bool {
        let name = match list {
            WordList::GivenName => "имя",
            WordList::NoName => "не-имя",
            WordList::Son => "оглы",
        };
        self.lexicon
            .named(name)
            .is_some_and(|class| classes.has(class))
    }

    /// Whether a single word stands in the list.
    pub fn knows(&self, word: &str, list: WordList) -> bool {
        self.lists(&self.classes(word), list)
    }
}

/// One sentence, its words known.
#[derive(Debug, Clone, Default)]
pub struct Sentence {
    text: String,
    words: Vec<Word>,
    /// What is known of all words together.
    known: OnceCell<lexicon::ClassSet>,
    /// It ends as a question does.
    pub asks: bool,
    /// «Пожалуйста» or the like stood in it.
    pub polite: bool,
}

impl Sentence {
    /// Reads a sentence; words of courtesy are left out.
    pub fn read(text: &str) -> Self {
        let g = grammar();
        let mut words = words::words(text, &g.lexicon);
        words.truncate(MOST_WORDS);
        let mut sentence = Self {
            text: text.to_owned(),
            words,
            asks: text.trim_end_matches([')', ' ', '"', '»']).ends_with(['?']),
            ..Self::default()
        };
        let courtesies = g.courtesy_words.all(&sentence);
        sentence.polite = !courtesies.is_empty();
        sentence.drop_words(&courtesies);
        sentence
    }

    fn drop_words(&mut self, ranges: &[Range<usize>]) {
        self.known = OnceCell::new();
        for range in ranges.iter().rev() {
            let opened = self
                .words
                .get(range.start)
                .is_some_and(|word| word.opens_clause);
            self.words.drain(range.clone());
            if let Some(next) = self.words.get_mut(range.start) {
                // Both commas belonged to the word that is gone.
                next.opens_clause = opened != next.opens_clause;
            }
        }
    }

    /// The same sentence with what `rule` covers made unknown.
    pub fn without(&self, rule: &Rule) -> Self {
        let mut rest = self.clone();
        for range in rule.all(self) {
            rest.known = OnceCell::new();
            for word in rest.words.get_mut(range).unwrap_or_default() {
                word.classes = lexicon::Classes::default();
            }
        }
        rest
    }

    /// A piece of it, as a sentence of its own.
    pub fn part(&self, words: Range<usize>) -> Self {
        Self {
            text: self.text.clone(),
            words: self.words.get(words).unwrap_or_default().to_vec(),
            ..Self::default()
        }
    }

    /// Its words up to the first `sign`, or all of them.
    pub fn words_before(&self, sign: char) -> &[Word] {
        let end = self.text.find(sign).unwrap_or(self.text.len());
        let count = self.words.partition_point(|word| word.range.start < end);
        self.words.get(..count).unwrap_or_default()
    }

    /// The words, in order.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    fn known(&self) -> &lexicon::ClassSet {
        self.known
            .get_or_init(|| lexicon::ClassSet::of(self.words.iter().map(|word| &word.classes)))
    }

    /// Whether a word of the class stands in it, denied or not.
    pub fn has(&self, class: lexicon::Class) -> bool {
        self.words.iter().any(|word| word.classes.has(class))
    }

    /// The word at `at` as written, in small letters.
    pub fn text_of(&self, at: usize) -> Option<String> {
        let range = self.words.get(at)?.range.clone();
        self.text.get(range).map(lexicon::folded)
    }

    /// A word as written.
    pub fn as_written(&self, word: &Word) -> Option<&str> {
        self.text.get(word.range.clone())
    }

    /// Nothing is said.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        let written: BTreeMap<String, Written> = toml::from_str(PHRASES).unwrap();
        let mut grammar = Grammar::read(include_str!("lexicon.toml"), PHRASES).unwrap();
        let mut wrong = Vec::new();
        for name in Grammar::NAMES {
            let rule = written
                .get(*name)
                .unwrap_or_else(|| panic!("{name} has no section"));
            assert!(
                !rule.examples.is_empty() && !rule.counter_examples.is_empty(),
                "{name}"
            );
            let judged = std::mem::take(grammar.rule_mut(name).unwrap());
            for (texts, expected) in [(&rule.examples, true), (&rule.counter_examples, false)] {
                for text in texts {
                    let sentence = if *name == "courtesy_words" {
                        let words = words::words(text, &super::grammar().lexicon);
                        Sentence {
                            words,
                            ..Sentence::default()
                        }
                    } else {
                        Sentence::read(text)
                    };
                    if judged.is_in(&sentence) != expected {
                        wrong.push(format!("{name}: {text}"));
                    }
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn a_phrase_with_an_unknown_class_is_refused() {
        let phrases = "[cancel]\nphrases = ['{такого нет}']\nexamples = []\ncounter_examples = []";
        assert!(Grammar::read("", phrases).is_err());
        let phrases = "[cancel]\nphrases = ['..']\nexamples = []\ncounter_examples = []";
        assert!(Grammar::read("", phrases).is_err());
    }
}
