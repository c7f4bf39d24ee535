//! Weights that were learnt, read from the tables that the build script wrote.

use super::table::{Feature, STEPS, place};

/// Weights of `N` classes: for each feature a row of them, an octet each.
#[derive(Debug, Clone, Copy)]
pub struct Weights<const N: usize>(pub &'static [u8]);

impl<const N: usize> Weights<N> {
    /// How much what has `features` is like each class: about 1 for a sure yes, -1 for a sure no.
    pub fn judged(self, features: &[Feature]) -> [f32; N] {
        let (rows, _) = self.0.as_chunks::<N>();
        let mut sums = [0.0; N];
        for row in features.iter().filter_map(|f| rows.get(place(*f))) {
            for (sum, step) in sums.iter_mut().zip(row) {
                *sum += f32::from(step.cast_signed());
            }
        }
        sums.map(|sum| sum / STEPS / length(features))
    }
}

/// By what a sum is divided: a longer sentence has more of everything.
fn length(features: &[Feature]) -> f32 {
    let count = u16::try_from(features.len()).unwrap_or(u16::MAX);
    f32::from(count.max(1)).sqrt()
}
