//! Which letters are the same letter: by their bytes. Pure.

use crate::domain::ContentHash;
use crate::intake::RawLetter;
use crate::record::Sighting;
use std::collections::HashSet;

/// Octets of an over-cap letter that its identity is taken from.
const IDENTITY_OCTETS: usize = 256 * 1024;

/// The letters with their identities, of equal ones only the one received first.
pub(super) fn without_copies(mut letters: Vec<RawLetter>) -> (Vec<RawLetter>, Vec<Sighting>) {
    letters.sort_by_key(|letter| letter.listed.received_at);
    let mut seen = HashSet::new();
    letters
        .into_iter()
        .filter_map(|letter| {
            let sighting = sighting(&letter);
            seen.insert(sighting.raw_hash).then_some((letter, sighting))
        })
        .unzip()
}

/// The identity of a letter's bytes.
pub fn raw_hash(raw: &RawLetter) -> ContentHash {
    sighting(raw).raw_hash
}

/// The identity of a letter: SHA-256 of its bytes; over the cap, of its beginning and its size.
fn sighting(raw: &RawLetter) -> Sighting {
    let raw_hash = if raw.over_cap {
        let beginning = raw.bytes.get(..IDENTITY_OCTETS).unwrap_or(&raw.bytes);
        ContentHash::of(&[beginning, &raw.listed.size.to_be_bytes()])
    } else {
        ContentHash::of(&[&raw.bytes])
    };
    Sighting {
        listed: raw.listed.clone(),
        raw_hash,
    }
}
