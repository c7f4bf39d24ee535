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
        let count = u16::try_from(features.len()).unwrap_or(u16::MAX);
        self.sum(features) / f32::from(count.max(1)).sqrt()
    }
}
