//! Weights by which examples of one side are told from those of the other: squared hinge loss, by
//! dual coordinate descent (Hsieh et al. 2008).

use super::super::table::Feature;
use super::order::Order;
use super::{add, sum, zeros};

/// What is known of an example.
#[derive(Debug, Clone)]
pub struct Example {
    /// Each once.
    pub features: Vec<Feature>,
    /// It is one of those that are sought.
    pub positive: bool,
}

/// Learns from `examples`, `rounds` times; an error weighs `cost` against the size of the weights.
pub fn learnt(examples: &[Example], cost: f64, rounds: usize) -> Vec<f64> {
    let mut weights = zeros();
    let mut learning: Vec<(&Example, f64, f64)> = examples
        .iter()
        .map(|example| (example, root(example.features.len()), 0.0))
        .collect();
    let mut random = Order::new(1);
    let diagonal = 0.5 / cost;
    for _ in 0..rounds {
        random.shuffle(&mut learning);
        for (example, length, dual) in &mut learning {
            let sign = if example.positive { 1.0 } else { -1.0 };
            let margin = sign * sum(&weights, &example.features) / *length;
            let slope = margin - 1.0 + *dual * diagonal;
            let better = f64::max(*dual - slope / (1.0 + diagonal), 0.0);
            let step = (better - *dual) * sign / *length;
            *dual = better;
            if step != 0.0 {
                add(&mut weights, &example.features, step);
            }
        }
    }
    weights
}

/// Square root, by Newton's steps; 1 for nothing.
pub fn root(count: usize) -> f64 {
    let square = f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX));
    (0..30).fold(square, |root, _| 0.5 * (root + square / root))
}
