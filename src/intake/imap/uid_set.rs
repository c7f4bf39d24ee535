//! UIDs as IMAP sequence sets, `1:3,7`. Pure.

use std::ops::RangeInclusive;

/// The shortest set that holds exactly `uids`; empty for none.
pub(crate) fn compact(uids: &[u32]) -> String {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut ranges: Vec<RangeInclusive<u32>> = Vec::new();
    for uid in sorted {
        match ranges.last_mut() {
            Some(last) if last.end().checked_add(1) == Some(uid) => *last = *last.start()..=uid,
            _ => ranges.push(uid..=uid),
        }
    }
    let texts: Vec<String> = ranges
        .iter()
        .map(|range| {
            if range.start() == range.end() {
                range.start().to_string()
            } else {
                format!("{}:{}", range.start(), range.end())
            }
        })
        .collect();
    texts.join(",")
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn compact_joins_neighbours_and_drops_repeats() {
        assert_eq!(compact(&[]), "");
        assert_eq!(compact(&[7, 1, 3, 2, 2]), "1:3,7");
        assert_eq!(compact(&[u32::MAX, u32::MAX - 1]), "4294967294:4294967295");
    }
}
