//! Seals over the journal: a chain of their own that binds the heads of all others, so that an entry
//! cut off the end of a chain, or a chain taken out whole, is seen.

use super::{ContentHash, Moment};

/// The last entry of a chain at the time of a seal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SealedHead {
    /// `booking:<id>` or `letter:<id>`.
    pub chain: String,
    /// Position of the entry in its chain.
    pub position: i64,
    /// Its hash.
    pub hash: ContentHash,
}

/// One seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Position in the chain of seals, from 1, without gaps.
    pub position: i64,
    /// When it was made.
    pub at: Moment,
    /// The newest entry of the journal that was seen.
    pub last_id: i64,
    /// How many heads it binds.
    pub heads: i64,
    /// Hash over the heads, in the order of their chains.
    pub digest: ContentHash,
    /// The hash of the seal before; zeros at position 1.
    pub previous: ContentHash,
    /// The hash of this seal.
    pub hash: ContentHash,
}

impl Seal {
    /// Seals `heads` behind `before`. The order of `heads` does not matter.
    pub fn over(heads: &[SealedHead], last_id: i64, at: Moment, before: Option<&Self>) -> Self {
        let (last, previous) = before.map_or((0, ContentHash([0; 32])), |b| (b.position, b.hash));
        let mut seal = Self {
            position: last.saturating_add(1),
            at,
            last_id,
            heads: i64::try_from(heads.len()).unwrap_or(i64::MAX),
            digest: digest(heads),
            previous,
            hash: previous,
        };
        seal.hash = seal.expected_hash();
        seal
    }

    /// The hash that this seal must have.
    pub fn expected_hash(&self) -> ContentHash {
        ContentHash::of(&[
            &self.previous.0,
            &self.position.to_be_bytes(),
            &self.at.micros().to_be_bytes(),
            &self.last_id.to_be_bytes(),
            &self.heads.to_be_bytes(),
            &self.digest.0,
        ])
    }

    /// Whether this seal is intact, follows `before` and binds exactly these heads.
    pub fn binds(&self, heads: &[SealedHead], before: Option<&Self>) -> bool {
        let (last, previous) = before.map_or((0, ContentHash([0; 32])), |b| (b.position, b.hash));
        self.position == last.saturating_add(1)
            && self.previous == previous
            && i64::try_from(heads.len()) == Ok(self.heads)
            && self.digest == digest(heads)
            && self.hash == self.expected_hash()
    }
}

fn digest(heads: &[SealedHead]) -> ContentHash {
    let mut sorted: Vec<&SealedHead> = heads.iter().collect();
    sorted.sort_unstable();
    let positions: Vec<[u8; 8]> = sorted.iter().map(|h| h.position.to_be_bytes()).collect();
    let mut parts: Vec<&[u8]> = Vec::with_capacity(sorted.len().saturating_mul(3));
    for (head, position) in sorted.iter().zip(&positions) {
        parts.extend([head.chain.as_bytes(), position, &head.hash.0]);
    }
    ContentHash::of(&parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(chain: &str, position: i64) -> SealedHead {
        SealedHead {
            chain: chain.to_owned(),
            position,
            hash: ContentHash::of(&[chain.as_bytes(), &position.to_be_bytes()]),
        }
    }

    #[test]
    fn a_seal_binds_its_heads_in_any_order_and_no_others() {
        let at = Moment::from_seconds(60);
        let heads = [head("booking:1", 3), head("letter:2", 1)];
        let turned = [head("letter:2", 1), head("booking:1", 3)];
        let first = Seal::over(&heads, 9, at, None);
        assert_eq!(first, Seal::over(&turned, 9, at, None));
        assert!(first.binds(&turned, None));
        let fewer = [head("booking:1", 3)];
        let shorter = [head("booking:1", 2), head("letter:2", 1)];
        assert!(!first.binds(&fewer, None) && !first.binds(&shorter, None));
    }

    #[test]
    fn seals_form_a_chain_of_their_own() {
        let at = Moment::from_seconds(60);
        let (one, two) = ([head("booking:1", 1)], [head("booking:1", 2)]);
        let first = Seal::over(&one, 1, at, None);
        let second = Seal::over(&two, 2, at, Some(&first));
        assert!(second.binds(&two, Some(&first)));
        assert!(!second.binds(&two, None), "the first was cut off");
        let mut later = second.clone();
        later.at = at.plus_seconds(1);
        assert!(!later.binds(&two, Some(&first)), "the time was altered");
    }
}
