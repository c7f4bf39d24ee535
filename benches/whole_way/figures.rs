//! Medians and other figures of a list of measurements.

use serde::Serialize;

/// Smallest, middle and largest of some runs.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Spread {
    pub min: f64,
    pub median: f64,
    pub max: f64,
}

impl Spread {
    /// The spread of `values`, which must not be empty.
    pub fn of(values: &[f64]) -> Self {
        Self {
            min: quantile(values, 0.0),
            median: quantile(values, 0.5),
            max: quantile(values, 1.0),
        }
    }
}

/// The value below which the share `q` of the values lies: the nearest one that was measured; for
/// the median of an even number, the mean of the two in the middle.
pub fn quantile(values: &[f64], q: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    assert!(!sorted.is_empty(), "nothing was measured");
    let last = sorted.len() - 1;
    let at = |rank: usize| *sorted.get(rank.min(last)).unwrap();
    if (q - 0.5).abs() < f64::EPSILON {
        return f64::midpoint(at(last / 2), at(last.div_ceil(2)));
    }
    let rank = (0..=last)
        .find(|rank| (*rank + 1) as f64 >= q * sorted.len() as f64)
        .unwrap_or(last);
    at(rank)
}

/// Letters per second.
pub fn rate(letters: usize, seconds: f64) -> f64 {
    letters as f64 / seconds
}
