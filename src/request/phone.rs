//! Telephone numbers of Russia (+7, national numbers of ten digits).

use super::fields::{Field, Kind};
use super::phrases::fields as words;
use crate::domain::Reason;
use crate::read::grammar::{self, Text};
use std::ops::Range;
use std::sync::LazyLock;

/// A number as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Where.
    pub range: Range<usize>,
    /// E.164.
    pub e164: String,
}

/// Digits of a national number.
const FEWEST_DIGITS: usize = 10;

static CANDIDATE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?:(?:\(\+?[78]\)|(?:\+[ ]?)?[78])[ \u{2010}-\u{2015}\-._/]{0,3})?(?:[(\[][ ]?\d{2,3}-\d{2,3}[ ]?[)\]]|(?:[(\[][ ]?)?\d{3,5}(?:[ ]?[)\]])?)(?:[ \u{2010}-\u{2015}\-._/]{0,3}\d){5,7}|[78](?:[ \-]\d{1,3}){5,10}",
    )
});

static LABEL: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)(?:тел|моб|сот|phone|номер\w* телефон|звон|связ|whatsapp|viber|контакт|\bт\.)[\p{L}.]*[^\n\d]{0,25}$",
    )
});

static FAX: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?i)\bфакс[^\d\n]{0,8}$"));

/// «Мой новый номер 912…»: ten digits that begin with 9 are a mobile telephone.
static MINE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(r"(?i)\bмой[ ](?:\p{L}+[ ])?номер[ :—–-]*$|\bномер[ ]мой[ ]*[:—–-]?[ ]*$")
});

/// «ИНН:» on the line above.
static NAMED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)(?::|\b(?:инн|снилс|полис\p{L}*|омс|номер\p{L}*|код\p{L}*|сч[её]т\p{L}*|карт\p{L}*)|№)$",
    )
});

/// «Позвоните. Лицевой счёт 4410023817»
static ACCOUNT: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:инн|снилс|полис\p{L}*|омс|сч[её]т\p{L}*|карт[аыуе]|договор\p{L}*)[ :№]*$",
    )
});

static NAMED_BELOW: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?i)^(?:инн|снилс|полис|омс)\b"));

/// All numbers in the text. Ten digits without the leading 8 or +7 count only after a label or
/// with the area code in brackets.
pub fn all(text: &Text<'_>) -> Vec<Phone> {
    let mut found = Vec::new();
    if text.bytes().filter(u8::is_ascii_digit).count() < FEWEST_DIGITS {
        return found;
    }
    let mut from = 0;
    while let Some(candidate) = CANDIDATE.find_at(text, from) {
        match phone(text, candidate.range()) {
            Some(phone) => {
                from = candidate.end();
                found.push(phone);
            }
            // «№ 213344 89161234567»: the telephone may begin at the next group of digits.
            None => from = next_group(text, candidate.range()),
        }
    }
    found
}

/// Where the group of digits behind the first one of `range` begins.
fn next_group(text: &str, range: Range<usize>) -> usize {
    let candidate = text.get(range.clone()).unwrap_or_default();
    let first = candidate.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let rest = candidate.get(first..).unwrap_or_default();
    let gap = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    (range.start + first + gap).max(range.start + 1)
}

fn phone(text: &str, range: Range<usize>) -> Option<Phone> {
    let before = text.get(..range.start)?.chars().next_back();
    let after = text.get(range.end..)?;
    let joined =
        |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '+' | '_' | '№' | '#' | '~');
    if before.is_some_and(joined)
        || after.starts_with(|c: char| c.is_alphanumeric() || c == '@' || c == '_')
    {
        return None;
    }
    let written = text.get(range.clone())?;
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let national = match digits.len() {
        11 if digits.starts_with(['7', '8']) => digits.get(1..)?,
        // «8-902-33-44-55»: a figure is missing.
        10 if written.starts_with("8-") || written.starts_with("8 ") => return None,
        10 => {
            let line = super::plain::line_before(text, range.start);
            let mine = digits.starts_with('9') && MINE.is_match(line);
            // A line of its own: «9161234567».
            let below = after.lines().next().unwrap_or_default().trim();
            let above = text.get(..range.start)?.trim_end();
            let alone = line.trim().is_empty()
                && matches!(below, "" | "." | ",")
                && !NAMED.is_match(above)
                && !NAMED_BELOW.is_match(after.trim_start());
            let mobile = alone && digits.starts_with('9') && written == digits;
            let labelled = LABEL.is_match(line) || line.trim_end().ends_with("+7");
            let labelled = labelled || mine || mobile;
            if ACCOUNT.is_match(line) || !labelled && !written.starts_with('(') {
                return None;
            }
            digits.as_str()
        }
        _ => return None,
    };
    // Numbering zones of Russia begin with 3, 4, 8 and 9.
    national.starts_with(['3', '4', '8', '9']).then(|| Phone {
        range,
        e164: format!("+7{national}"),
    })
}

/// Exactly one number, or the one that the form asks for, or the one above the closing words: below
/// them stand those of an office.
pub fn read_above_closing(
    text: &str,
    fields: &[Field],
    phones: &[Phone],
) -> Result<Option<String>, Reason> {
    let read = read(phones);
    if read.is_ok() {
        return read;
    }
    // «Моб.: …; тел./факс: …»
    let spoken = |phone: &&Phone| !FAX.is_match(super::plain::line_before(text, phone.range.start));
    let spoken: Vec<Phone> = phones.iter().filter(spoken).cloned().collect();
    if let Ok(Some(phone)) = self::read(&spoken) {
        return Ok(Some(phone));
    }
    // «Телефон: …» of the form, «тел. …» of the firm below it.
    let asked = |field: &&Field| {
        let label = text.get(field.label..field.value.start).unwrap_or_default();
        field.kind == Kind::Phone && label.to_lowercase().starts_with("телефон")
    };
    let mut asked = fields.iter().filter(asked);
    if let (Some(field), None) = (asked.next(), asked.next()) {
        let within = |phone: &&Phone| {
            field.value.start <= phone.range.start && phone.range.end <= field.value.end
        };
        let told: Vec<Phone> = phones.iter().filter(within).cloned().collect();
        if let Ok(Some(phone)) = self::read(&told) {
            return Ok(Some(phone));
        }
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if words().sign_off.is_in(line.trim_start()) {
            let above = phones.partition_point(|phone| phone.range.end <= at);
            return match self::read(phones.get(..above).unwrap_or_default()) {
                Ok(Some(phone)) => Ok(Some(phone)),
                Ok(None) | Err(_) => read,
            };
        }
        at += line.len();
    }
    read
}

/// Exactly one number, or the reason why none is chosen.
pub fn read(phones: &[Phone]) -> Result<Option<String>, Reason> {
    let mut found: Vec<&str> = phones.iter().map(|phone| phone.e164.as_str()).collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some((*one).to_owned())),
        _ => Err(Reason::PhoneAmbiguous),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<String>, Reason> {
        super::read(&all(&Text::of(text)))
    }

    #[test]
    fn of_several_the_one_counts_that_the_form_asks_for() {
        for (text, expected) in [
            (
                "Телефон: 8 916 000-21-34\nтел. (342) 000-56-18",
                Some("+79160002134"),
            ),
            (
                "Мой номер 8 916 000-21-34\nС уважением, Иванова\nтел. (342) 000-56-18",
                Some("+79160002134"),
            ),
            ("8 916 000-21-34 или 8 916 000-21-35", None),
        ] {
            let text = Text::of(text);
            let fields = crate::request::fields::all(&text);
            let read = read_above_closing(&text, &fields, &all(&text));
            assert_eq!(read.ok().flatten().as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn russian_numbers_become_e164() {
        for text in [
            "+7 916 123-45-67",
            "8(916)123-45-67",
            "89161234567",
            "тел. 916 123 45 67",
            "+7 (916) 123 45 67 доб. 12",
            "8-916-123-45-67.",
            "Телефон: 7 916 1234567",
            "Иванова\n9161234567",
        ] {
            assert_eq!(read(text), Ok(Some("+79161234567".to_owned())), "{text}");
        }
        assert_eq!(read("8 800 555-35-35"), Ok(Some("+78005553535".to_owned())));
    }

    #[test]
    fn other_digits_are_no_telephone() {
        for text in [
            "№ 1234567890",
            "4510 123456",
            "+375 29 123-45-67",
            "12.03.2027 14:30",
            "123-456-789 01",
            "через личный кабинет. Лицевой счёт 4410023817",
            "тел. не помню, лицевой счёт 4410023817",
        ] {
            assert_eq!(read(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn two_numbers_are_ambiguous() {
        assert!(read("89161234567, 89161234568").is_err());
    }
}
