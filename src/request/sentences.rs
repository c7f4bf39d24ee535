//! Sentences: a wish and the words that turn it round stand in one of them.

use crate::read::grammar;
use std::sync::LazyLock;

/// A plain-text line at least this long was broken by a program, not by the writer.
const BROKEN_AT: usize = 52;

static END: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"[.!?…]+[)\x22»]*(?:\s+|$)|;\s"));

/// Words whose full stop ends no sentence.
static SHORT: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)(?:\b(?:г|гг|ул|тел|каб|им|др|ч|мин|руб|доб|т\.\s?к|т\.\s?е|т|к|стр|д|кв|корп|см|п|ст|исх|вх|моб|сот|нач|зам|ген|гл|инж|зав|спец|лич|сем|уваж|обл|гор|пос|дер|мкр|уч|н|ном|no|n|\p{L})\.|№\s?\.)$",
    )
});

/// The sentences of a text, lines that a program broke joined again.
pub fn split(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    for paragraph in joined(text) {
        let mut from = 0;
        for end in END.find_iter(&paragraph) {
            let piece = paragraph.get(from..end.end()).unwrap_or_default();
            let bare = piece.trim_end().trim_end_matches(')');
            if SHORT.is_match(bare) && bare.ends_with('.') && !ends_at_hour(&paragraph, end.range())
            {
                continue;
            }
            push(&mut sentences, piece);
            from = end.end();
        }
        push(&mut sentences, paragraph.get(from..).unwrap_or_default());
    }
    sentences
}

/// «В 13 ч. Отмена!»: no name of a place follows the hour, as it follows «г.».
fn ends_at_hour(text: &str, end: std::ops::Range<usize>) -> bool {
    let before = text.get(..end.start).unwrap_or_default();
    let hour = [" ч", " мин", " час", "0ч"]
        .iter()
        .any(|unit| before.ends_with(unit));
    let after = text.get(end.end..).unwrap_or_default();
    hour && after.starts_with(char::is_uppercase)
}

fn push(sentences: &mut Vec<String>, piece: &str) {
    let piece = piece.trim();
    if !piece.is_empty() {
        sentences.push(piece.to_owned());
    }
}

/// «ПРИЧИНА БОЛЕЗНЬ»: a label without its colon begins a line.
static LABEL: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"^(?:Причина|ПРИЧИНА|ФИО|Ф\.И\.О|Тел|ТЕЛ|Телефон|ТЕЛЕФОН)\b"));

/// Lines, joined where the line before is long and this one goes on.
pub fn joined(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let trimmed = line.trim();
        let label = trimmed
            .split(':')
            .next()
            .is_some_and(|l| l.chars().count() < 30 && trimmed.contains(':'))
            || LABEL.is_match(trimmed);
        match lines.last_mut() {
            Some(last) if open && !trimmed.is_empty() && !label => {
                last.push(' ');
                last.push_str(trimmed);
            }
            _ => lines.push(trimmed.to_owned()),
        }
        let ended = trimmed.ends_with(['.', '!', '?', ';', ':']);
        open = !ended && line.chars().count() >= BROKEN_AT;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn abbreviations_end_no_sentence() {
        assert_eq!(
            split("Иванов И. И. просит. Запись на 12 марта 2027 г. в 14.30! Да"),
            [
                "Иванов И. И. просит.",
                "Запись на 12 марта 2027 г. в 14.30!",
                "Да"
            ]
        );
    }

    #[test]
    fn lines_broken_by_a_program_are_joined() {
        let text = "Здравствуйте, я хочу попросить вас ни в коем случае не\nотменять запись";
        assert_eq!(split(text).len(), 1);
    }
}
