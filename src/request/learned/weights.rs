//! Weights that were learnt, read from the tables that the build script wrote.

use super::table::{Feature, STEPS, place};

/// Weights of one judgement, an octet each.
#[derive(Debug, Clone, Copy)]
pub struct Weights(pub &'static [u8]);

impl Weights {
    fn sum(self, features: &[Feature]) -> f32 {
        features.iter().map(|feature| self.one(*feature)).sum()
    }

    fn one(self, feature: Feature) -> f32 {
        let step = self.0.get(place(feature)).copied().unwrap_or_default();
        f32::from(step.cast_signed()) / STEPS
    }

    /// How far on the side of what was sought: about 1 for a sure yes, about -1 for a sure no.
    pub fn judged(self, features: &[Feature]) -> f32 {
        self.sum(features) / length(features)
    }
}

/// Weights of `N` classes: for each feature a row of them, an octet each.
#[derive(Debug, Clone, Copy)]
pub struct Rows<const N: usize>(pub &'static [u8]);

impl<const N: usize> Rows<N> {
    /// How much what has `features` is like each class: about 1 for a sure yes, -1 for a sure no.
    pub fn judged(self, features: &[Feature]) -> [f32; N] {
        let (rows, _) = self.0.as_chunks::<N>();
        let mut steps = [0_i32; N];
        for row in features.iter().filter_map(|f| rows.get(place(*f))) {
            for (sum, step) in steps.iter_mut().zip(row) {
                *sum += i32::from(step.cast_signed());
            }
        }
        let most = |sum: i32| if sum > 0 { i16::MAX } else { i16::MIN };
        let sum = |sum: i32| f32::from(i16::try_from(sum).unwrap_or(most(sum)));
        steps.map(|steps| sum(steps) / STEPS / length(features))
    }
}

/// By what a sum is divided: a longer sentence has more of everything.
fn length(features: &[Feature]) -> f32 {
    let count = u16::try_from(features.len()).unwrap_or(u16::MAX);
    f32::from(count.max(1)).sqrt()
}
