//! Classes of words, from the lists of `lexicon.toml`: «{запись}» is every form of what a booking
//! is called.

mod class_set;
mod tree;

pub use crate::request::folded::folded;
pub use class_set::ClassSet;
use serde::Deserialize;
use smallvec::SmallVec;
use std::collections::{BTreeMap, HashMap};
use tree::Tree;

/// A class of words, or one word of a phrase.
pub type Class = u16;

/// Classes of one word that need no memory of their own.
const FEW: usize = 12;

/// The classes to which one word belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Classes(SmallVec<[Class; FEW]>);

impl Classes {
    fn add_all(&mut self, known: &[Class]) {
        for class in known {
            if !self.has(*class) {
                self.0.push(*class);
            }
        }
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Class> {
        self.0.iter().copied()
    }

    /// Whether the word belongs to `class`.
    pub fn has(&self, class: Class) -> bool {
        self.0.contains(&class)
    }
}

/// The lists as they stand in the file: a name and its words, `*` for any ending or any beginning.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Lists(pub BTreeMap<String, Vec<String>>);

impl Lists {
    /// Adds a list that stands in a file of its own.
    pub fn add(&mut self, name: &str, words: &str) {
        self.0.insert(name.to_owned(), vec![words.to_owned()]);
    }
}

/// All words that the grammar knows.
#[derive(Debug, Default)]
pub struct Lexicon {
    names: HashMap<String, Class>,
    words: Tree,
    /// Endings by which forms are told, each from its last letter to its first.
    endings: Tree,
    /// How many words each class has, one with any ending for several.
    sizes: Vec<usize>,
}

/// Words that one with any ending stands for, about.
const FORMS: usize = 4;

/// Words that a list of figures stands for: they are in most sentences.
const FIGURES: usize = 200;

impl Lexicon {
    /// Builds the classes of `lists`.
    pub fn new(lists: &Lists) -> Self {
        let mut lexicon = Self::default();
        for (name, words) in &lists.0 {
            let class = lexicon.class();
            lexicon.names.insert(name.clone(), class);
            for word in words_of(lists, words) {
                lexicon.learn(word, class);
            }
        }
        lexicon
    }

    /// The class called `name`.
    pub fn named(&self, name: &str) -> Option<Class> {
        self.names.get(name).copied()
    }

    /// The class of one word of a phrase; `*` at its end stands for any ending.
    pub fn word(&mut self, word: &str) -> Class {
        let name = format!("={word}");
        if let Some(known) = self.named(&name) {
            return known;
        }
        let class = self.class();
        self.names.insert(name, class);
        self.learn(word, class);
        class
    }

    fn class(&mut self) -> Class {
        let class = self.sizes.len();
        self.sizes.push(0);
        #[expect(
            clippy::expect_used,
            reason = "the grammar is embedded, and every test reads it"
        )]
        Class::try_from(class).expect("the grammar has fewer classes")
    }

    /// How many words belong to `class`, about.
    pub fn size(&self, class: Class) -> usize {
        self.sizes.get(usize::from(class)).copied().unwrap_or(0)
    }

    fn learn(&mut self, word: &str, class: Class) {
        let words = match word {
            "#" => FIGURES,
            word if word.contains('*') => FORMS,
            _ => 1,
        };
        if let Some(size) = self.sizes.get_mut(usize::from(class)) {
            *size += words;
        }
        match word.strip_prefix('*') {
            Some(ending) => {
                let reversed: String = folded(ending).chars().rev().chain(['*']).collect();
                self.endings.learn(&reversed, class);
            }
            None => self.words.learn(&folded(word), class),
        }
    }

    /// The classes of `word`, which is [`folded`].
    pub fn classes(&self, word: &str) -> Classes {
        let mut classes = self.listed(word);
        let reversed: String = word.chars().rev().collect();
        self.endings.each(&reversed, |known| classes.add_all(known));
        classes
    }

    /// The classes of the lists that name `word`, which is [`folded`]; its ending tells none.
    pub fn listed(&self, word: &str) -> Classes {
        let mut classes = Classes::default();
        self.words.each(word, |known| classes.add_all(known));
        classes
    }
}

/// The words of a list; «{имя}» stands for those of another list, which names no third.
fn words_of<'a>(lists: &'a Lists, written: &'a [String]) -> Vec<&'a str> {
    let plain = |lines: &'a [String]| lines.iter().flat_map(|line| line.split_whitespace());
    plain(written)
        .flat_map(|word| {
            let name = word.strip_prefix('{').and_then(|w| w.strip_suffix('}'));
            let other = name.and_then(|name| lists.0.get(name));
            other.map_or_else(|| vec![word], |lines| plain(lines).collect())
        })
        .collect()
}
