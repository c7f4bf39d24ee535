//! Which tokens of a sentence are inside what is sought: the best way through all of them (Viterbi),
//! since one word alone seldom is a reason.

/// The most likely marking for `scores`, what it weighs that each token is inside. To stay where the
/// last token was weighs `staying`; to go in or out weighs as much against.
pub fn best(scores: &[f32], staying: f32) -> Vec<bool> {
    let Some((first, rest)) = scores.split_first() else {
        return Vec::new();
    };
    let (mut outside, mut inside) = (0.0, *first);
    let mut ways: Vec<(bool, bool)> = Vec::with_capacity(scores.len());
    for score in rest {
        // Whether the way outside, and that inside, comes from inside.
        let way = (
            inside - staying > outside + staying,
            inside + staying > outside - staying,
        );
        ways.push(way);
        let out = f32::max(outside + staying, inside - staying);
        inside = f32::max(inside + staying, outside - staying) + score;
        outside = out;
    }
    let mut here = inside > outside;
    let mut marks = vec![here];
    for (outside_from, inside_from) in ways.into_iter().rev() {
        here = if here { inside_from } else { outside_from };
        marks.push(here);
    }
    marks.reverse();
    marks
}

#[cfg(test)]
mod tests {
    use super::best;

    #[test]
    fn a_word_follows_its_neighbours_unless_it_is_sure() {
        assert_eq!(best(&[], 0.5), Vec::<bool>::new());
        assert_eq!(
            best(&[-1.0, 2.0, -0.2, 2.0, -2.0], 0.5),
            [false, true, true, true, false]
        );
        assert_eq!(best(&[-1.0, 0.5, -1.0], 0.5), [false, false, false]);
        assert_eq!(best(&[-1.0, 0.5, -1.0], 0.1), [false, true, false]);
        assert_eq!(best(&[0.4], 0.5), [true]);
    }
}
