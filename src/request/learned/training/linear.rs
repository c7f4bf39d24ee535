//! Weights by which the examples of a class are told from all others: squared hinge loss, by dual
//! coordinate descent (Hsieh et al. 2008). Several classes are learnt at once, with one walk through
//! the features of an example for all of them.

use super::super::table::{Feature, SIZE, place};
use super::order::Order;

/// What is known of an example of `N` classes.
#[derive(Debug, Clone)]
pub struct Example<const N: usize> {
    /// Each once.
    pub features: Vec<Feature>,
    /// For each class 1 if it is one of it, -1 if not, 0 if nobody knows.
    pub sides: [f32; N],
}

struct Learning<'a, const N: usize> {
    example: &'a Example<N>,
    length: f32,
    duals: [f32; N],
}

/// Learns from `examples`, `rounds` times; an error weighs `cost` against the size of the weights.
pub fn learnt<const N: usize>(examples: &[Example<N>], cost: f32, rounds: usize) -> Vec<[f32; N]> {
    let mut weights = vec![[0.0; N]; SIZE];
    let mut learning: Vec<Learning<'_, N>> = examples
        .iter()
        .map(|example| Learning {
            example,
            length: length(&example.features),
            duals: [0.0; N],
        })
        .collect();
    let mut random = Order::new(1);
    for _ in 0..rounds {
        random.shuffle(&mut learning);
        for one in &mut learning {
            let steps = one.steps(&sums(&weights, &one.example.features), 0.5 / cost);
            if steps.iter().any(|step| *step != 0.0) {
                add(&mut weights, &one.example.features, &steps);
            }
        }
    }
    weights
}

impl<const N: usize> Learning<'_, N> {
    /// How far each weight of this example has to move, where `sums` are those it has now.
    fn steps(&mut self, sums: &[f32; N], diagonal: f32) -> [f32; N] {
        let mut steps = *sums;
        let known = self.example.sides.iter().zip(&mut self.duals);
        for (step, (side, dual)) in steps.iter_mut().zip(known) {
            let slope = side * *step / self.length - 1.0 + *dual * diagonal;
            let better = f32::max(*dual - slope / (1.0 + diagonal), 0.0);
            *step = (better - *dual) * side / self.length;
            if *side != 0.0 {
                *dual = better;
            }
        }
        steps
    }
}

/// The sums of the weights of `features`.
pub fn sums<const N: usize>(weights: &[[f32; N]], features: &[Feature]) -> [f32; N] {
    let mut sums = [0.0; N];
    for row in features.iter().filter_map(|f| weights.get(place(*f))) {
        for (sum, weight) in sums.iter_mut().zip(row) {
            *sum += weight;
        }
    }
    sums
}

fn add<const N: usize>(weights: &mut [[f32; N]], features: &[Feature], steps: &[f32; N]) {
    for feature in features {
        if let Some(row) = weights.get_mut(place(*feature)) {
            for (weight, step) in row.iter_mut().zip(steps) {
                *weight += step;
            }
        }
    }
}

/// By what the sums of an example are divided, since a longer one has more of everything: the square
/// root of how many features it has, by Newton's steps; 1 for none.
#[expect(clippy::cast_possible_truncation, reason = "so exact it need not be")]
fn length(features: &[Feature]) -> f32 {
    let square = f64::from(u32::try_from(features.len().max(1)).unwrap_or(u32::MAX));
    (0..30).fold(square, |root, _| 0.5 * (root + square / root)) as f32
}
