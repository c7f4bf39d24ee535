//! Signs that a program made of others: «&#8470;» and the «?» of KOI8-R for «№», and the underscores of a line
//! on which a form is filled in.

use crate::read::grammar;
use std::ops::Range;
use std::sync::LazyLock;

/// «Прошу отменить запись ? 61902»; with a space before it, it asks nothing.
static NUMBER_SIGN: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)(?:^|[.!\n][ ]?)(?:(?:здравствуйте|добрый[ ]день)[!., ]{1,2})?(?:прошу|просим|отмените|отмена|снимите|восстановите|восстановление)\b[^?.!\n]{0,60}\b(?:запис\p{L}{1,3}|при[её]м\p{L}{0,2}|талон\p{L}{0,2}|номер)[ ](?P<sign>[?])[ ]?\d",
    )
});

/// «Телефон: __8 916 123-45-67__», «Причина: ______»; not «№ 48__», of which the end is missing.
static BLANK_LINE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(r"(?m)(?:^|[: ])(?P<before>_{2,})(?:[^_\n]{1,80}(?P<behind>_{2,})[ ]*$)?")
});

/// «Запись *48213*»: how a program writes bold letters in plain text.
static BOLD: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?:^|[\s(«№:])(?P<before>[*_])(?:[^\s*_]|[^\s*_][^*_\n]{0,80}[^\s*_])(?P<behind>[*_])",
    )
});

/// «Запись48213»
static GLUED: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?i)\b(?:запис[ьи]|записью|номер|талон|брон[ьи])(\d{3})"));

/// The text with the signs that were meant, and without the underscores.
pub fn mended(text: &str) -> String {
    let text = text.replace("&#8470;", "№").replace("&numero;", "№");
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    if text.contains(" ?") {
        let signs = NUMBER_SIGN.captures_iter(text.as_str());
        let signs = signs.filter_map(|found| found.name("sign").map(|sign| sign.range()));
        found.extend(signs.map(|range| (range, "№".to_owned())));
    }
    if text.contains("__") {
        for line in BLANK_LINE.captures_iter(text.as_str()) {
            let edges = ["before", "behind"].map(|name| line.name(name).map(|edge| edge.range()));
            found.extend(edges.into_iter().flatten().map(|range| {
                let blank = " ".repeat(range.len());
                (range, blank)
            }));
        }
    }
    for bold in BOLD.captures_iter(text.as_str()) {
        let signs = ["before", "behind"].map(|name| bold.name(name).map(|sign| sign.range()));
        let end = bold.get(0).map_or(0, |bold| bold.end());
        let behind = text.get(end..).and_then(|text| text.chars().next());
        if !behind.is_some_and(char::is_alphanumeric) {
            found.extend(
                signs
                    .into_iter()
                    .flatten()
                    .map(|sign| (sign, String::new())),
            );
        }
    }
    let glued = GLUED.captures_iter(text.as_str());
    found.extend(glued.filter_map(|glued| {
        let figures = glued.get(1)?.start();
        Some((figures..figures, " ".to_owned()))
    }));
    found.sort_by_key(|(range, _)| range.start);
    let mut mended = String::with_capacity(text.len());
    let mut at = 0;
    for (range, meant) in found {
        mended.push_str(text.get(at..range.start).unwrap_or_default());
        mended.push_str(&meant);
        at = range.end;
    }
    mended.push_str(text.get(at..).unwrap_or_default());
    mended
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn signs_of_programs_are_read_as_they_were_meant() {
        for (text, meant) in [
            (
                "Прошу отменить запись ? 61902",
                "Прошу отменить запись № 61902",
            ),
            ("отмените запись48213", "отмените запись 48213"),
            ("Запись *48213*, № *5*", "Запись 48213, № 5"),
            ("*Номер:* *48213*", "Номер: 48213"),
            ("№*48*213", "№*48*213"),
            ("№***213, 4821*", "№***213, 4821*"),
            ("запись &#8470; 5", "запись № 5"),
            ("Телефон: __8 916__", "Телефон:   8 916  "),
            ("Причина: ____", "Причина:     "),
        ] {
            assert_eq!(mended(text), meant);
        }
        for text in [
            "Прошу ответить, отменили ли запись? 61902",
            "Вы отменили мою запись ? 61902",
            "№ 48__",
            "a_b",
        ] {
            assert_eq!(mended(text), text);
        }
    }
}
