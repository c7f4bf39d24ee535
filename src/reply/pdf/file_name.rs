//! The name of the attached file: ASCII, because Cyrillic names break in several mail programs.

/// `otmena-12345.pdf`: the number in `A-Z0-9-`, Cyrillic letters transliterated.
pub fn file_name(number: &str) -> String {
    let mut clean = String::new();
    for c in number.to_uppercase().chars().take(60) {
        match c {
            'A'..='Z' | '0'..='9' => clean.push(c),
            _ => match transliterated(c) {
                Some(letters) => clean.push_str(letters),
                None if clean.ends_with('-') => {}
                None => clean.push('-'),
            },
        }
    }
    match clean.trim_matches('-') {
        "" => "otmena.pdf".to_owned(),
        clean => format!("otmena-{clean}.pdf"),
    }
}

/// A Cyrillic capital in Latin letters; empty for the silent ones.
const fn transliterated(c: char) -> Option<&'static str> {
    Some(match c {
        'А' => "A",
        'Б' => "B",
        'В' => "V",
        'Г' => "G",
        'Д' => "D",
        'Е' | 'Ё' | 'Э' => "E",
        'Ж' => "ZH",
        'З' => "Z",
        'И' | 'І' => "I",
        'Й' | 'Ы' => "Y",
        'К' => "K",
        'Л' => "L",
        'М' => "M",
        'Н' => "N",
        'О' => "O",
        'П' => "P",
        'Р' => "R",
        'С' => "S",
        'Т' => "T",
        'У' => "U",
        'Ф' => "F",
        'Х' => "KH",
        'Ц' => "TS",
        'Ч' => "CH",
        'Ш' => "SH",
        'Щ' => "SHCH",
        'Ю' => "YU",
        'Я' => "YA",
        'Ъ' | 'Ь' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_holds_nothing_but_ascii_letters_digits_and_dashes() {
        let named = [
            ("12345", "otmena-12345.pdf"),
            ("А-17/2027", "otmena-A-17-2027.pdf"),
            ("щука-5", "otmena-SHCHUKA-5.pdf"),
            ("../..\\", "otmena.pdf"),
            ("7\r\nX: y", "otmena-7-X-Y.pdf"),
        ];
        for (number, expected) in named {
            assert_eq!(file_name(number), expected);
        }
    }
}
