//! How the weights of features are stored: one octet each, found by a hash (Weinberger et al. 2009).

/// A feature: the hash of its kind and its text.
pub type Feature = u32;

/// Bits of a hash that choose a weight.
const BITS: u32 = 20;

/// Weights of one judgement.
pub const SIZE: usize = 1 << BITS;

/// Steps of a weight that make one.
pub const STEPS: f32 = 32.0;

/// Where the weight of a feature stands, below [`SIZE`].
pub const fn place(feature: Feature) -> usize {
    (feature & ((1 << BITS) - 1)) as usize
}
