//! Which of several days or hours is heard to be the appointment's, by its likeness to the examples.

use super::{Found, Weight};
use crate::request::learned::Figure;

/// One is chosen if it is as much like the appointment's as this,
const SURE: f32 = 0.2;

/// and no other is as much like it as this.
const RIVAL: f32 = -0.3;

/// What it counts against one that the rules find to be of something else.
const OF_ANOTHER: f32 = 0.8;

/// The one value that is heard to be the appointment's; `None` if none is, or several are. What is
/// incomplete may be the one: `Some(None)`.
pub fn chosen<T: PartialEq + Copy>(
    found: &[(Weight, Found<T>)],
    figures: &[Figure],
    weight: impl Fn(&Figure) -> f32,
) -> Option<Option<T>> {
    let of = |found: &Found<T>| {
        let within = |figure: &&Figure| {
            figure.range.start < found.range.end && found.range.start < figure.range.end
        };
        let weights = figures.iter().filter(within).map(&weight);
        weights.fold(f32::NEG_INFINITY, f32::max)
    };
    let weighed = |(rules, found): &(Weight, Found<T>)| {
        let against = if *rules == Weight::Never {
            OF_ANOTHER
        } else {
            0.0
        };
        (of(found) - against, found.value)
    };
    let mut heard: Vec<(f32, Option<T>)> = found.iter().map(weighed).collect();
    heard.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut heard = heard.into_iter().filter(|(weight, _)| *weight > RIVAL);
    let (_, best) = heard.next().filter(|(weight, _)| *weight > SURE)?;
    // «5 марта», and below it «05.03.2027»
    let others: Vec<T> = heard.filter_map(|(_, value)| value).collect();
    match best {
        Some(value) => others.iter().all(|other| *other == value).then_some(best),
        None => others.is_empty().then_some(None),
    }
}
