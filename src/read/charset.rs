//! Octets to text: the declared charset is a claim that is weighed against the octets.
//!
//! Valid UTF-8 wins over any label; a declared Cyrillic charset wins unless another reads far more
//! like Russian; undeclared octets are read as what reads most like Russian. mail-parser believes
//! the label, and takes undeclared octets for UTF-8 (`charset-1251-called-koi8r`,
//! `charset-undeclared-1251`).

use encoding_rs::{Encoding, IBM866, ISO_8859_5, KOI8_R, UTF_8, WINDOWS_1251, X_MAC_CYRILLIC};

/// Text, and whether some of the octets could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// The text; unreadable octets became U+FFFD.
    pub text: String,
    /// Nothing made sense of the octets.
    pub unreadable: bool,
}

/// Octets on which the guess is based.
const SAMPLE: usize = 8 * 1024;

/// Broken places behind which no text is nearly UTF-8, unless by far the most of it is sound.
const MOST_BROKEN: usize = 1_000;

/// How much better another charset must read before it overrules a declared Cyrillic one.
const OVERRULE: i64 = 400;

/// Decodes `octets`; `declared` is the charset that the letter names, `hint` one that is named
/// nearby (a raw header is most often in the charset of the body).
pub fn decode(octets: &[u8], declared: Option<&str>, hint: Option<&str>) -> Text {
    if let Some((text, _)) = by_byte_order_mark(octets) {
        return whole(text);
    }
    let label = declared.map(|name| name.trim().trim_matches(['"', '\'']).to_ascii_lowercase());
    match label.as_deref() {
        Some("utf-7" | "unicode-1-1-utf-7" | "utf7") if octets.is_ascii() => {
            return whole(super::utf7::decode(octets));
        }
        Some("utf-16" | "utf-16le" | "utf-16be" | "unicode" | "ucs-2") => {
            return utf16(octets, label.as_deref());
        }
        _ => {}
    }
    let named = label.as_deref().and_then(known);
    if octets.is_ascii() && !octets.contains(&0x1b) {
        return whole(String::from_utf8_lossy(octets).into_owned());
    }
    if let Ok(text) = std::str::from_utf8(octets) {
        return whole(text.to_owned());
    }
    if looks_like_utf16(octets) {
        return utf16(octets, None);
    }
    let hinted = hint.and_then(known);
    by_frequency(octets, named, hinted)
}

fn whole(text: String) -> Text {
    Text {
        text,
        unreadable: false,
    }
}

/// A charset by its label; names of codecs that are no charset of mail are unknown.
fn known(label: &str) -> Option<&'static Encoding> {
    let encoding = match label {
        "cp866" | "ibm866" | "866" | "dos-866" => IBM866,
        "cp1251" | "win-1251" | "win1251" | "windows1251" | "1251" | "ansi_x3.4-1251" => {
            WINDOWS_1251
        }
        "koi8" | "koi8r" | "koi-8" | "koi8-ru" => KOI8_R,
        "utf8" => UTF_8,
        other => Encoding::for_label_no_replacement(other.as_bytes())?,
    };
    (encoding.name() != "x-user-defined").then_some(encoding)
}

fn by_byte_order_mark(octets: &[u8]) -> Option<(String, &'static Encoding)> {
    let (encoding, length) = Encoding::for_bom(octets)?;
    let (text, _) = encoding.decode_without_bom_handling(octets.get(length..)?);
    Some((text.into_owned(), encoding))
}

/// Without a byte order mark RFC 2781 says big-endian; many programs write little-endian, so the
/// octet that is mostly 0x00 or 0x04 (Cyrillic) decides.
fn utf16(octets: &[u8], label: Option<&str>) -> Text {
    let count = |parity: usize| {
        octets
            .iter()
            .skip(parity)
            .step_by(2)
            .take(SAMPLE)
            .filter(|b| matches!(b, 0 | 4))
            .count()
    };
    let (even, odd) = (count(0), count(1));
    let big = match label {
        Some("utf-16le") => even > 2 * odd,
        Some("utf-16be") => odd <= 2 * even,
        _ => even >= odd,
    };
    let encoding = if big {
        encoding_rs::UTF_16BE
    } else {
        encoding_rs::UTF_16LE
    };
    let (text, torn) = encoding.decode_without_bom_handling(octets);
    Text {
        text: text.into_owned(),
        unreadable: torn,
    }
}

fn looks_like_utf16(octets: &[u8]) -> bool {
    let sample = octets.get(..SAMPLE).unwrap_or(octets);
    let zeros = sample.iter().filter(|b| **b == 0).count();
    let fours = sample.iter().filter(|b| **b == 4).count();
    sample.len() >= 8 && fours > 0 && zeros > 0 && (zeros + fours) * 3 > sample.len()
}

fn by_frequency(
    octets: &[u8],
    named: Option<&'static Encoding>,
    hinted: Option<&'static Encoding>,
) -> Text {
    let sample = octets.get(..SAMPLE).unwrap_or(octets);
    if let Some(text) = nearly_utf8(octets, named) {
        return text;
    }
    let trusted = named
        .or(hinted)
        .filter(|e| ![UTF_8, encoding_rs::WINDOWS_1252, encoding_rs::UTF_16LE].contains(e));
    let mut best: Option<(i64, &'static Encoding)> =
        trusted.map(|e| (russian(e, sample).saturating_add(OVERRULE), e));
    for encoding in [WINDOWS_1251, KOI8_R, ISO_8859_5, IBM866, X_MAC_CYRILLIC] {
        let score = russian(encoding, sample);
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, encoding));
        }
    }
    let (score, encoding) = best.unwrap_or((0, WINDOWS_1251));
    if score <= 0 && trusted.is_none() {
        let western = named.unwrap_or(UTF_8);
        let (text, torn) = western.decode_without_bom_handling(octets);
        return Text {
            text: text.into_owned(),
            unreadable: torn || named.is_none(),
        };
    }
    let (text, torn) = encoding.decode_without_bom_handling(octets);
    Text {
        text: text.into_owned(),
        unreadable: torn,
    }
}

/// UTF-8 with a few broken places: torn at the end, cut mid-character, or with a stray octet.
fn nearly_utf8(octets: &[u8], named: Option<&'static Encoding>) -> Option<Text> {
    let (mut sound, mut broken) = (0_usize, 0_usize);
    let tolerance = if named == Some(UTF_8) { 4 } else { 10 };
    for chunk in octets.utf8_chunks() {
        sound += chunk.valid().bytes().filter(|b| *b >= 0x80).count();
        broken += usize::from(!chunk.invalid().is_empty());
        // Megabytes of noise are known by their beginning.
        if broken > MOST_BROKEN && broken * tolerance >= sound {
            return None;
        }
    }
    (sound > 0 && broken * tolerance < sound)
        .then(|| whole(String::from_utf8_lossy(octets).into_owned()))
}

/// How much the octets read like Russian in this charset: per thousand characters that are not
/// ASCII. Wrong charsets give rare letters, capitals within words, and signs.
fn russian(encoding: &'static Encoding, sample: &[u8]) -> i64 {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let (mut sum, mut count) = (0_i64, 0_i64);
    let mut before = ' ';
    for c in text.chars() {
        if !c.is_ascii() {
            sum += weight(c, before);
            count += 1;
        }
        before = c;
    }
    if count == 0 { 0 } else { sum * 100 / count }
}

fn weight(c: char, before: char) -> i64 {
    let lower = c.to_lowercase().next().unwrap_or(c);
    let frequency = match lower {
        'о' => 110,
        'е' => 85,
        'а' => 80,
        'и' => 74,
        'н' => 67,
        'т' => 63,
        'с' => 55,
        'р' => 47,
        'в' => 45,
        'л' => 44,
        'к' => 35,
        'м' => 32,
        'д' => 30,
        'п' => 28,
        'у' => 26,
        'я' => 20,
        'ы' | 'ь' => 18,
        'г' | 'з' | 'б' => 17,
        'ч' => 15,
        'й' => 12,
        'х' => 10,
        'ж' => 9,
        'ш' | 'ю' => 7,
        'ц' => 5,
        'щ' | 'э' | 'ф' => 3,
        'ъ' | 'ё' => 0,
        '№' | '«' | '»' | '—' | '–' | '…' | '\u{A0}' => return 20,
        _ => return -120,
    };
    if c.is_lowercase() {
        frequency
    } else if before.is_alphabetic() && before.is_lowercase() {
        -100
    } else if before.is_uppercase() {
        frequency * 7 / 10
    } else {
        frequency * 8 / 10
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASE: &str = "Прошу отменить запись на приём";

    #[test]
    fn undeclared_cyrillic_octets_are_read_by_frequency() {
        for encoding in [WINDOWS_1251, KOI8_R, ISO_8859_5, IBM866] {
            for phrase in [PHRASE, "Отмена записи", "ОТМЕНА ЗАПИСИ", "Иванова Мария"]
            {
                let (octets, _, _) = encoding.encode(phrase);
                assert_eq!(
                    decode(&octets, None, None).text,
                    phrase,
                    "{}",
                    encoding.name()
                );
            }
        }
    }

    #[test]
    fn valid_utf8_wins_over_any_label_and_wrong_labels_are_overruled() {
        assert_eq!(decode(PHRASE.as_bytes(), Some("koi8-r"), None).text, PHRASE);
        let (octets, _, _) = WINDOWS_1251.encode(PHRASE);
        for label in ["koi8-r", "iso-8859-1", "us-ascii", "utf-8", "x-unknown"] {
            assert_eq!(decode(&octets, Some(label), None).text, PHRASE, "{label}");
        }
    }

    #[test]
    fn a_utf8_text_cut_in_a_character_keeps_the_rest() {
        let cut = PHRASE.as_bytes().get(..7).unwrap();
        assert_eq!(decode(cut, Some("utf-8"), None).text, "Про\u{FFFD}");
    }

    #[test]
    fn utf16_is_read_in_both_orders() {
        let little: Vec<u8> = PHRASE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = PHRASE.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&little, Some("utf-16"), None).text, PHRASE);
        assert_eq!(decode(&big, Some("utf-16"), None).text, PHRASE);
    }
}
