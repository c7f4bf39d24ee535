//! Labelled details: «ФИО: …», «Дата: …», on lines of their own or one after another.

use super::phrases::fields as words;
use crate::read::grammar::{self, Rule, Text};
use std::ops::Range;
use std::sync::LazyLock;

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The booking's number.
    Number,
    /// The whole name.
    Name,
    /// Surname alone.
    Surname,
    /// Given name alone.
    GivenName,
    /// Patronymic alone.
    Patronymic,
    /// The appointment's date, perhaps with its time.
    Date,
    /// The appointment's time.
    Time,
    /// Telephone.
    Phone,
    /// Reason.
    Reason,
    /// A date or number that is another's: birth, issue, wished.
    Foreign,
    /// Something that we do not read.
    Other,
}

/// One label and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it announces.
    pub kind: Kind,
    /// Where the label begins.
    pub label: usize,
    /// Where the value lies; up to the next label or the end of the line.
    pub value: Range<usize>,
}

static SEPARATOR: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"^[ *_]*(?:[:=\t]|[—–-](?:[ \t]|$)|[;.](?:[ \t]*$))[ \t*_]*"));

/// A label of words that we do not know, at the beginning of a line.
static UNKNOWN: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?m)^[ *•·\d.)-]{0,6}\p{L}[\p{L} ./,-]{1,38}:(?:[ \t]|$)"));

/// «К сожалению, прийти не получится: …» says something itself.
static SAYS: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:не|нет|ли|такой|проверя\p{L}+|прошу|просим|снимите|снять|приду|прид[её]м|прийти|буду|будем|отмените|отменить|отменяю|отменяем|хочу|могу|можно|надо|нужно|пишу)\b",
    )
});

/// Finds all labelled details in the order of the text.
pub fn all(text: &Text<'_>) -> Vec<Field> {
    let mut labels: Vec<(usize, usize, Kind)> = Vec::new();
    let w = words();
    let kinds: [(&Rule, Kind); 11] = [
        (&w.foreign_date, Kind::Foreign),
        (&w.number, Kind::Number),
        (&w.name, Kind::Name),
        (&w.surname, Kind::Surname),
        (&w.given_name, Kind::GivenName),
        (&w.patronymic, Kind::Patronymic),
        (&w.date, Kind::Date),
        (&w.time, Kind::Time),
        (&w.phone, Kind::Phone),
        (&w.reason, Kind::Reason),
        (&w.other, Kind::Other),
    ];
    for (rule, kind) in kinds {
        labels.extend(
            rule.all(text).into_iter().filter_map(|range| {
                label(text, &range, kind).map(|value| (range.start, value, kind))
            }),
        );
    }
    labels.extend(
        UNKNOWN
            .find_iter(text)
            .filter(|found| !SAYS.is_match(found.as_str()))
            .map(|m| (m.start(), m.end(), Kind::Other)),
    );
    // The label that ends at a separator counts from its first word; the longest one wins.
    labels.sort_by_key(|(start, value, kind)| (*value, *kind == Kind::Other, *start, rank(*kind)));
    labels.dedup_by_key(|(_, value, _)| *value);
    labels
        .iter()
        .enumerate()
        .map(|(index, (start, value, kind))| Field {
            kind: *kind,
            label: *start,
            value: value_range(text, *value, labels.get(index + 1).map(|(next, ..)| *next)),
        })
        .map(|field| up_to_other_details(text, field))
        .collect()
}

/// «Причина: дежурство. Дата приёма 24.09.2027»: a reason ends where another detail follows.
fn up_to_other_details(text: &str, mut field: Field) -> Field {
    static DETAIL: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)[.;!][ ]+(?:отмен|прошу|просьба|сним|аннул|дата|при[её]м|запись|номер|№|тел|фио|время|с уважением|записан)",
        )
    });
    // «ФИО Петров Иван Причина болезнь»
    static LABEL: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)[ ,.;](?:причина|телефон|тел|дата|время|номер)\b"));
    if field.kind == Kind::Name
        && let Some(value) = text.get(field.value.clone())
        && let Some(next) = LABEL.find(value)
    {
        field.value.end = field.value.start + next.start();
    }
    if field.kind == Kind::Reason
        && let Some(value) = text.get(field.value.clone())
        && let Some(next) = DETAIL.find(value)
    {
        field.value.end = field.value.start + next.start();
    }
    field
}

/// «Имя» alone is the given name if a surname stands beside it.
const fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Surname | Kind::GivenName | Kind::Patronymic => 0,
        Kind::Number
        | Kind::Name
        | Kind::Date
        | Kind::Time
        | Kind::Phone
        | Kind::Reason
        | Kind::Foreign
        | Kind::Other => 1,
    }
}

/// Where the value begins, if the words at `range` are a label: at the beginning of a line or
/// after a separator, and followed by a colon, an equals sign or the next cell.
fn label(text: &str, range: &Range<usize>, kind: Kind) -> Option<usize> {
    let before =
        super::plain::line_before(text, range.start).trim_end_matches([' ', '*', '_', '•', '·']);
    let first = before.is_empty()
        || before.ends_with(|c: char| ",;.|/(\t)-–—:".contains(c))
        || before
            .chars()
            .all(|c| c.is_ascii_digit() || ". )-".contains(c));
    let written = text.get(range.clone())?;
    let range = &(range.start..range.start + written.trim_end().len());
    let line = super::plain::line_after(text, range.end);
    if before.is_empty() && is_alone(text, range.end, line) && kind != Kind::Other {
        return Some(range.end);
    }
    let Some(separator) = SEPARATOR.find(line) else {
        return bare_label(text, range, kind, before, first);
    };
    let strict = separator.as_str().contains([':', '=', '\t']);
    // «…, а причина — отёк»
    let reason = kind == Kind::Reason && !separator.as_str().contains(['.', ';']);
    (reason || first && strict || before.is_empty() || strict && after_value(before))
        .then(|| range.end + separator.end())
}

/// «Номер записи», and below it «12345»: `line` is what stands behind the label on its line.
fn is_alone(text: &str, label_end: usize, line: &str) -> bool {
    let below = text.get(label_end + line.len()..).unwrap_or_default();
    let told = below.strip_prefix('\n').unwrap_or_default();
    line.trim().is_empty() && !told.trim_start_matches(' ').is_empty() && !told.starts_with('\n')
}

/// «ФИО Иванова Мария», «тел. 8 916 …»: labels that need no separator.
fn bare_label(
    text: &str,
    range: &Range<usize>,
    kind: Kind,
    before: &str,
    first: bool,
) -> Option<usize> {
    static BEHIND: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^(\.?[ ]+)(?:\p{Lu}|(\+?[\d(]))"));
    static BEHIND_REASON: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)^([ ]+)(?:[\p{L}-]{3,}|не[ ]|нет[ ]|мы[ ]|я[ ]|у[ ])")
    });
    static REASON_ALONE: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)^причина(?:[ ]отмены)?$"));
    let behind = if kind == Kind::Reason {
        &BEHIND_REASON
    } else {
        &BEHIND
    };
    let found = behind.captures(super::plain::line_after(text, range.end))?;
    let number = found.get(2).is_some();
    let words = text.get(range.clone())?.to_lowercase();
    let own = match kind {
        Kind::Phone => number && words.chars().count() > 2,
        Kind::Name => !number && words.starts_with('ф'),
        // «ПРИЧИНА ПЛОХО СЕБЯ ЧУВСТВУЮ», «…, причина личная»
        Kind::Reason => {
            let opens = before.is_empty() || before.ends_with([',', '.', ';']);
            opens && REASON_ALONE.is_match(words.as_str())
        }
        Kind::Number
        | Kind::Surname
        | Kind::GivenName
        | Kind::Patronymic
        | Kind::Date
        | Kind::Time
        | Kind::Foreign
        | Kind::Other => false,
    };
    (own && first).then(|| range.end + found.get(1).map_or(0, |m| m.end()))
}

/// Within a line a label may follow the value before without a separator: «ФИО: Иванова Дата: …».
fn after_value(before: &str) -> bool {
    before.contains(':')
}

fn value_range(text: &str, from: usize, next: Option<usize>) -> Range<usize> {
    let rest = text.get(from..).unwrap_or_default();
    let line_end = rest.find('\n').map_or(text.len(), |at| from + at);
    // «Время: 19:00 | № 618034»: the next cell of a table is another matter.
    let line = text.get(from..line_end).unwrap_or_default();
    let cell = line
        .find('|')
        .filter(|bar| line.get(..*bar).is_some_and(|cell| !cell.trim().is_empty()));
    let mut range = from..cell.map_or(line_end, |bar| from + bar);
    if text
        .get(range.clone())
        .is_some_and(|value| value.trim().is_empty())
    {
        // The value stands on the next line that has words.
        let below = text.get(line_end..).unwrap_or_default();
        let skipped = below.len() - below.trim_start().len();
        let start = line_end + skipped;
        let length = text.get(start..).unwrap_or_default().find('\n');
        if below
            .get(..skipped)
            .is_some_and(|gap| gap.matches('\n').count() <= 2)
        {
            range = start..length.map_or(text.len(), |at| start + at);
        }
    }
    if let Some(next) = next.filter(|next| range.contains(next)) {
        range.end = next;
    }
    range
}

/// The value without the marks that stand around it.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ",;/|*_\"«»<>()[]".contains(c))
        .trim_end_matches(['.', ':'])
        .trim()
}

/// The form of our booking letter filled in without its first line: «ФИО: …», «Причина отмены: …».
pub fn is_form_of_cancelling(text: &str, fields: &[Field]) -> bool {
    let of_cancelling = |field: &Field| {
        let label = text.get(field.label..field.value.start).unwrap_or_default();
        label.to_lowercase().contains("отмен")
    };
    let reason = |field: &Field| field.kind == Kind::Reason && of_cancelling(field);
    let name = |field: &Field| field.kind == Kind::Name;
    let told = |is: &dyn Fn(&Field) -> bool| fields.iter().any(|f| is(f) && is_told(text, f));
    told(&reason) && told(&name)
}

/// A form filled in that asks why: it cancels if it was the form of cancelling that was sent out.
pub fn is_filled_in(text: &str, fields: &[Field]) -> bool {
    let of_coming = |field: &Field| {
        let label = text.get(field.label..field.value.start).unwrap_or_default();
        let label = label.to_lowercase();
        ["обращ", "визит", "посещ", "прием", "приём"]
            .iter()
            .any(|word| label.contains(word))
    };
    let any = |is: &dyn Fn(&Field) -> bool| fields.iter().any(is);
    any(&|f| f.kind == Kind::Reason && !of_coming(f) && is_told(text, f))
        && any(&|f| f.kind == Kind::Name && is_told(text, f))
        && any(&|f| matches!(f.kind, Kind::Number | Kind::Date) && !f.value.is_empty())
}

/// Whether the labelled details tell which booking is meant: two of number, name and day.
pub fn names_the_booking(fields: &[Field]) -> bool {
    let told = |kind| fields.iter().any(|f| f.kind == kind && !f.value.is_empty());
    let kinds = [Kind::Number, Kind::Name, Kind::Date].into_iter();
    kinds.filter(|kind| told(*kind)).count() > 1
}

/// What stands behind the first label that asks why, if it says anything.
pub fn labelled_reason<'t>(text: &'t str, fields: &[Field]) -> Option<&'t str> {
    let reason = |field: &&Field| field.kind == Kind::Reason && is_told(text, field);
    text.get(fields.iter().find(reason)?.value.clone())
}

fn is_told(text: &str, field: &Field) -> bool {
    let value = text.get(field.value.clone()).unwrap_or_default();
    value.chars().filter(|c| c.is_alphabetic()).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(Kind, String)> {
        all(&Text::of(text))
            .into_iter()
            .map(|f| (f.kind, trimmed(text.get(f.value).unwrap()).to_owned()))
            .collect()
    }

    #[test]
    fn labelled_lines_are_found() {
        let text =
            "Номер записи: 12345\nФИО: Иванова Мария\nДата рождения: 1.2.1980\nДата: 12.03.2027";
        assert_eq!(
            values(text),
            [
                (Kind::Number, "12345".to_owned()),
                (Kind::Name, "Иванова Мария".to_owned()),
                (Kind::Foreign, "1.2.1980".to_owned()),
                (Kind::Date, "12.03.2027".to_owned()),
            ]
        );
    }

    #[test]
    fn several_labels_on_one_line_and_a_value_on_the_next_are_found() {
        let found = values("ФИО: Иванова М. П., тел.: 5, Причина:\nболезнь");
        assert_eq!(found.first().unwrap().1, "Иванова М. П");
        assert_eq!(found.get(1).unwrap(), &(Kind::Phone, "5".to_owned()));
        assert_eq!(found.get(2).unwrap(), &(Kind::Reason, "болезнь".to_owned()));
    }

    #[test]
    fn labels_on_lines_of_their_own_need_no_separator() {
        assert_eq!(
            values("Номер записи\n2027-77-4018\nФИО\nСлепнев Павел\nПричина\nне прошёл техосмотр"),
            [
                (Kind::Number, "2027-77-4018".to_owned()),
                (Kind::Name, "Слепнев Павел".to_owned()),
                (Kind::Reason, "не прошёл техосмотр".to_owned()),
            ]
        );
        assert!(values("Номер записи\n\nпозвоните мне").is_empty());
    }

    #[test]
    fn the_form_without_its_first_line_is_known_by_its_reason_and_name() {
        let is_form = |text: &str| is_form_of_cancelling(text, &all(&Text::of(text)));
        assert!(is_form(
            "ФИО: Иванова Мария\nТелефон: 5\nПричина отмены: болезнь"
        ));
        for text in [
            "ФИО:\nТелефон:\nПричина отмены:",
            "ФИО: Иванова Мария\nПричина: болезнь",
            "Причина отмены: болезнь",
        ] {
            assert!(!is_form(text), "{text}");
        }
        let is_filled = |text: &str| is_filled_in(text, &all(&Text::of(text)));
        assert!(is_filled(
            "ФИО: Иванова Мария\nНомер: 12/905\nПричина: болезнь"
        ));
        assert!(!is_filled("ФИО: Иванова Мария\nНомер: 12/905\nПричина:"));
    }
}
