//! The words of the lists as a tree of letters: one walk finds a word and all stems of it.

use super::Class;

/// Words and stems with their classes.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
}

/// What one letter leads to.
#[derive(Debug, Default)]
struct Node {
    next: Vec<(char, usize)>,
    /// Classes of the word that ends here.
    word: Vec<Class>,
    /// Classes of all words that begin so.
    stem: Vec<Class>,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            nodes: vec![Node::default()],
        }
    }
}

impl Tree {
    /// Adds a word; `*` at its end stands for any ending.
    pub fn learn(&mut self, written: &str, class: Class) {
        let stem = written.strip_suffix('*');
        let mut at = 0;
        for letter in stem.unwrap_or(written).chars() {
            at = self.step(at, letter).unwrap_or_else(|| {
                let new = self.nodes.len();
                self.nodes.push(Node::default());
                if let Some(node) = self.nodes.get_mut(at) {
                    node.next.push((letter, new));
                }
                new
            });
        }
        if let Some(node) = self.nodes.get_mut(at) {
            let list = if stem.is_some() {
                &mut node.stem
            } else {
                &mut node.word
            };
            list.push(class);
        }
    }

    fn step(&self, from: usize, letter: char) -> Option<usize> {
        let next = &self.nodes.get(from)?.next;
        let found = next.iter().find(|(known, _)| *known == letter)?;
        Some(found.1)
    }

    /// Calls `found` with the classes of the word and of each of its stems.
    pub fn each(&self, word: &str, mut found: impl FnMut(&[Class])) {
        let mut at = Some(0);
        for letter in word.chars() {
            at = at.and_then(|at| self.step(at, letter));
            let Some(node) = at.and_then(|at| self.nodes.get(at)) else {
                return;
            };
            if !node.stem.is_empty() {
                found(&node.stem);
            }
        }
        if let Some(node) = at.and_then(|at| self.nodes.get(at)) {
            found(&node.word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn a_word_is_found_with_its_stems() {
        let mut tree = Tree::default();
        for (class, word) in ["забол*", "заболел", "за", "запись"].iter().enumerate()
        {
            tree.learn(word, u16::try_from(class).unwrap());
        }
        let found = |word: &str| {
            let mut all = Vec::new();
            tree.each(word, |classes| all.extend_from_slice(classes));
            all
        };
        assert_eq!(found("заболел"), [0, 1]);
        assert_eq!(found("заболела"), [0]);
        assert_eq!(found("за"), [2]);
        assert!(found("зап").is_empty() && found("").is_empty());
    }
}
