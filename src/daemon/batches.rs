//! Which letters are fetched, decided and committed together. Pure.

use crate::intake::Listed;

/// Letters in one batch: one FETCH, one commit, one MOVE.
const BATCH_LETTERS: usize = 100;

/// Octets in one batch, by the sizes that the server told.
const BATCH_OCTETS: u64 = 16 * 1024 * 1024;

/// Cuts a list into batches that are bounded in number and in octets.
pub(super) fn batches(listed: &[Listed]) -> Vec<&[Listed]> {
    let mut rest = listed;
    let mut cut = Vec::new();
    while !rest.is_empty() {
        let mut octets = 0_u64;
        let fitting = rest
            .iter()
            .take(BATCH_LETTERS)
            .take_while(|letter| {
                octets = octets.saturating_add(letter.size);
                octets <= BATCH_OCTETS
            })
            .count();
        let (batch, tail) = rest.split_at_checked(fitting.max(1)).unwrap_or((rest, &[]));
        cut.push(batch);
        rest = tail;
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Folder, Moment, Place};

    fn letter(uid: usize, size: u64) -> Listed {
        let place = Place {
            folder: Folder::Inbox,
            validity: 1,
            key: uid.to_string(),
        };
        Listed {
            place,
            received_at: Moment::default(),
            size,
        }
    }

    #[test]
    fn batches_are_bounded_in_number_and_octets_and_lose_nothing() {
        let mut listed: Vec<_> = (0..250).map(|uid| letter(uid, 3_000)).collect();
        listed.push(letter(250, 50 * 1024 * 1024));
        listed.push(letter(251, 10));
        let cut = batches(&listed);
        let sizes: Vec<_> = cut.iter().map(|batch| batch.len()).collect();
        assert_eq!(sizes, [100, 100, 50, 1, 1]);
        assert_eq!(cut.concat(), listed);
    }
}
