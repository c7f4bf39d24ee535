//! One spelling for one word.

/// Small letters, «ё» as «е».
pub fn folded(word: &str) -> String {
    let small = word.chars().flat_map(char::to_lowercase);
    small.map(|c| if c == 'ё' { 'е' } else { c }).collect()
}
