//! Slips of the pen in the words that requests hang on: «отмпните запсь номре», «несмогу», and the
//! full stops of telegrams. A word that the grammar knows stays as it is.

use super::signs;
use super::speech::grammar;
use crate::read::grammar as patterns;
use std::sync::LazyLock;

/// Words that are known in spite of one slip. Negations and consent are none of them.
const MEANT: [&str; 17] = [
    "отмените",
    "отменить",
    "отмену",
    "отмена",
    "отменяю",
    "отменяйте",
    "аннулируйте",
    "аннулировать",
    "восстановите",
    "восстановить",
    "запись",
    "записи",
    "записью",
    "номер",
    "прошу",
    "талон",
    "пожалуйста",
];

/// Beginnings of other words that are one letter away: «отметьте», «записки», «запиши».
const OTHER_WORDS: [&str; 9] = [
    "обмен",
    "отмет",
    "отмер",
    "отмел",
    "отмеч",
    "записк",
    "запиш",
    "номин",
    "талант",
];

/// Words to which people glue their «не».
const DENIED: [&str; 26] = [
    "смогу",
    "сможем",
    "могу",
    "приду",
    "придем",
    "приеду",
    "буду",
    "надо",
    "нужно",
    "хочу",
    "отменяйте",
    "отменять",
    "отмените",
    "отменить",
    "снимайте",
    "снимать",
    "получается",
    "получится",
    "успеваю",
    "успею",
    "ждите",
    "подтверждаю",
    "нужна",
    "нужен",
    "нужны",
    "снимите",
];

/// Letters from which on a wrong letter is forgiven; in shorter words only a missing one, one too
/// many, or two exchanged.
const LONG: usize = 7;

/// Letters from which on a missing or additional one is forgiven.
const MIDDLING: usize = 6;

/// The text with the words that were meant.
pub fn mended(text: &str) -> String {
    static WORD: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(r"\p{Cyrillic}+(?:-\p{Cyrillic}+)*"));
    // «He отменяйте» in Latin letters.
    static LATIN_NOT: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(r"(?:^|[ \n,])([Hh][eE])[ ]+\p{Cyrillic}"));
    let text = &signs::mended(text);
    let mut cyrillic = text.clone();
    for found in LATIN_NOT.captures_iter(text) {
        let Some(not) = found.get(1) else { continue };
        let written = if not.as_str().starts_with('H') {
            "Не"
        } else {
            "не"
        };
        cyrillic = cyrillic.replacen(&format!("{} ", not.as_str()), &format!("{written} "), 1);
    }
    let text = cyrillic.as_str();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for word in WORD.find_iter(text) {
        let Some(meant) = meant(word.as_str()) else {
            continue;
        };
        out.push_str(text.get(from..word.start()).unwrap_or_default());
        out.push_str(&meant);
        from = word.end();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// What the word stands for, if that is another one.
fn meant(written: &str) -> Option<String> {
    let length = written.chars().count();
    if !(3..=14).contains(&length) {
        return None;
    }
    let word: String = written.to_lowercase().replace('ё', "е");
    match word.as_str() {
        "тчк" => return Some(".".to_owned()),
        "зпт" => return Some(",".to_owned()),
        _ => {}
    }
    if let Some(rest) = word.strip_prefix("не").filter(|r| DENIED.contains(r)) {
        return Some(cased(&format!("не {rest}"), written));
    }
    let known = |meant: &&str| slipped(&word, meant);
    let meant = MEANT
        .iter()
        .find(|meant| word.starts_with(first(meant)) && known(meant))?;
    let other = OTHER_WORDS.iter().any(|other| word.starts_with(other));
    (!other && !grammar().knows_at_all(&word)).then(|| cased(meant, written))
}

fn first(word: &str) -> char {
    word.chars().next().unwrap_or_default()
}

/// `word` in the letters of `like`: small, capital or with a capital first.
fn cased(word: &str, like: &str) -> String {
    let capitals = like.chars().filter(|c| c.is_uppercase()).count();
    if capitals > 1 {
        return word.to_uppercase();
    }
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if capitals == 1 => first.to_uppercase().chain(letters).collect(),
        _ => word.to_owned(),
    }
}

/// Whether `word` is `meant` with one letter missing, too many or wrong, or two exchanged; shorter
/// words are forgiven less.
fn slipped(word: &str, meant: &str) -> bool {
    // Two octets a letter.
    if word.len().abs_diff(meant.len()) > 2 || word == meant {
        return false;
    }
    let (word, meant): (Vec<char>, Vec<char>) = (word.chars().collect(), meant.chars().collect());
    let head = word.iter().zip(&meant).take_while(|(a, b)| a == b).count();
    let (rest, other) = (
        word.get(head..).unwrap_or_default(),
        meant.get(head..).unwrap_or_default(),
    );
    let enough = |least: usize| meant.len() >= least;
    match (rest, other) {
        ([_, rest @ ..], other) if word.len() > meant.len() => enough(MIDDLING) && rest == other,
        (rest, [_, other @ ..]) if word.len() < meant.len() => enough(MIDDLING) && rest == other,
        ([a, b, rest @ ..], [c, d, other @ ..]) if a == d && b == c => rest == other,
        ([_, rest @ ..], [_, other @ ..]) => enough(LONG) && rest == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn what_was_meant_is_read() {
        for (written, meant) in [
            ("отмпните пж запсь", "отмените пж запись"),
            ("ОТМНЕИТЕ ЗПИСЬ НОМРЕ 5", "ОТМЕНИТЕ ЗАПИСЬ НОМЕР 5"),
            ("Отменаа", "Отмена"),
            ("отменнить, отмеить", "отменить, отменить"),
            (
                "Несмогу, ненадо, неотменяйте",
                "Не смогу, не надо, не отменяйте",
            ),
            ("снять тчк", "снять ."),
        ] {
            assert_eq!(mended(written), meant);
        }
    }

    #[test]
    fn other_words_stay() {
        for text in [
            "отметьте запись",
            "отметить, отметите, отмерить, отмечу",
            "отменит, отмене, отменю",
            "записки, запись, записи, запиши",
            "неделя, нечего, небольшой",
            "талоны, номера, номеру, прошла, проше",
        ] {
            assert_eq!(mended(text), text);
        }
    }
}
