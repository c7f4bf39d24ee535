//! Features of a word or a sentence, as hashes.

use super::super::table::Feature;

/// Collects the hashes of features.
#[derive(Debug, Default)]
pub struct Collected(Vec<Feature>);

impl Collected {
    /// FNV-1a over the kind and the parts.
    pub fn add(&mut self, kind: u8, parts: &[&str]) {
        let mut hash: u32 = 0x811c_9dc5 ^ u32::from(kind);
        hash = hash.wrapping_mul(0x0100_0193);
        for part in parts {
            for byte in part.bytes().chain([b' ']) {
                hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
            }
        }
        // Its low bits alone are mixed badly.
        self.0.push(hash ^ hash >> 15);
    }

    /// All that was collected, nothing twice.
    pub fn once(mut self) -> Vec<Feature> {
        self.0.sort_unstable();
        self.0.dedup();
        self.0
    }
}
