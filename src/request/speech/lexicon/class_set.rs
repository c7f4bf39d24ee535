//! Sets of classes, for whole sentences and rules.

use super::{Class, Classes};

/// Which classes there are; asked for much more often than made.
#[derive(Debug, Clone, Default)]
pub struct ClassSet {
    bits: Vec<u64>,
}

impl ClassSet {
    /// The classes of several words together.
    pub fn of<'a>(words: impl Iterator<Item = &'a Classes>) -> Self {
        let mut set = Self::default();
        for classes in words {
            for class in classes.iter() {
                set.insert(class);
            }
        }
        set
    }

    /// Adds one.
    pub fn insert(&mut self, class: Class) {
        let at = usize::from(class) / 64;
        if self.bits.len() <= at {
            self.bits.resize(at + 1, 0);
        }
        if let Some(bits) = self.bits.get_mut(at) {
            *bits |= 1 << (class % 64);
        }
    }

    /// Whether it holds `class`.
    pub fn has(&self, class: Class) -> bool {
        self.bits
            .get(usize::from(class) / 64)
            .is_some_and(|bits| bits >> (class % 64) & 1 == 1)
    }

    /// Those that `other` holds too, from the lowest.
    pub fn shared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = Class> + 'a {
        let both = self
            .bits
            .iter()
            .zip(&other.bits)
            .map(|(own, other)| own & other);
        (0..).zip(both).flat_map(|(at, bits): (Class, u64)| {
            std::iter::successors(Some(bits), |bits| Some(bits & bits.wrapping_sub(1)))
                .take_while(|bits| *bits != 0)
                .map(move |bits| {
                    let lowest = u16::try_from(bits.trailing_zeros()).unwrap_or_default();
                    at * 64 + lowest
                })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_sets_share_is_found() {
        let set = |classes: &[Class]| {
            let mut set = ClassSet::default();
            classes.iter().for_each(|class| set.insert(*class));
            set
        };
        let (one, other) = (
            set(&[0, 5, 63, 64, 700]),
            set(&[5, 64, 65, 699, 700, 9_000]),
        );
        assert_eq!(one.shared(&other).collect::<Vec<_>>(), [5, 64, 700]);
        assert_eq!(other.shared(&one).collect::<Vec<_>>(), [5, 64, 700]);
        assert!(one.has(63) && !one.has(62) && !one.has(9_000));
    }
}
