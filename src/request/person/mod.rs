//! The name of the writer, as written.

mod by_parts;
mod heard;
mod inflected;
mod lone;
mod spotted;

use super::fields::{Field, Kind};
use super::phrases::fields as words;
use super::plain;
use crate::domain::Reason;
use crate::read::grammar;
use std::sync::LazyLock;

/// Reads the name: labelled, else in a sentence that introduces it, else below the letter.
pub fn read(text: &str, fields: &[Field]) -> Result<Option<String>, Reason> {
    let labelled: Vec<String> = fields
        .iter()
        .filter(|f| f.kind == Kind::Name)
        .filter_map(|f| text.get(f.value.clone()).and_then(labelled_name))
        .collect();
    let given: Vec<String> = fields
        .iter()
        .filter(|f| f.kind == Kind::GivenName)
        .filter_map(|f| text.get(f.value.clone()).and_then(labelled_name))
        .filter(|name| name.contains(' '))
        .collect();
    if let Some(name) = by_parts::read(text, fields) {
        return Ok(Some(name));
    }
    if !labelled.is_empty() || !given.is_empty() {
        return one_of(if labelled.is_empty() { given } else { labelled });
    }
    let bare = without_others(text, fields);
    let own = without_representatives(&bare);
    let spotted = Some(spotted::all(&own))
        .filter(|names| !names.is_empty())
        .unwrap_or_else(|| spotted::all(&bare));
    let Some(best) = spotted.iter().map(|name| name.weight).max() else {
        let heard = heard::all(&bare).into_iter().next();
        return Ok(heard.or_else(|| lone::surname(&bare)));
    };
    let names = spotted.iter().filter(|name| name.weight == best);
    let chosen = match one_of(names.clone().map(|name| name.name.clone()).collect()) {
        // Of several the one counts that is heard to be the applicant's.
        Err(problem) => {
            let surest = heard::all(&bare).into_iter().next().ok_or(problem)?;
            let mut same = names.filter(|name| heard::is_part(&surest, &name.name));
            Some(same.next().ok_or(problem)?.name.clone())
        }
        Ok(chosen) => chosen,
    };
    Ok(chosen.map(|name| fullest(name, &spotted)))
}

/// The name in a subject: «Отмена записи №5, Иванова М. П.».
pub fn in_subject(subject: &str) -> Option<String> {
    let sure = |name: &spotted::Spotted| name.weight >= spotted::Weight::Mentioned;
    // «Запись 8-1408 Борщ Платон»: behind the number the name stands apart.
    static FIGURE: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(\d)[ ](\p{Lu}\p{Ll})"));
    let mut parted = subject.to_owned();
    while let Some(found) = FIGURE.captures(parted.as_str()) {
        let Some(end) = found.get(1).map(|digit| digit.end()) else {
            break;
        };
        parted.replace_range(end..=end, ",");
    }
    let names = spotted::all(&parted).into_iter().filter(sure);
    one_of(names.map(|name| name.name).collect()).ok().flatten()
}

/// The same name where it is written with more words: «Абрамов Лев Юрьевич» above «Лев Абрамов».
fn fullest(name: String, spotted: &[spotted::Spotted]) -> String {
    use super::details::{DetailMatch, compare_names};
    let length = |name: &str| {
        name.split([' ', '.'])
            .filter(|word| word.chars().count() > 1)
            .count()
    };
    let same = spotted
        .iter()
        .filter(|other| compare_names(&other.name, &name) == DetailMatch::Equal);
    let best = same.max_by_key(|other| length(&other.name));
    match best {
        Some(best) if length(&best.name) > length(&name) => best.name.clone(),
        _ => name,
    }
}

/// The text without the values of labels that hold names of others: doctors, addresses, reasons.
fn without_others(text: &str, fields: &[Field]) -> String {
    let others: Vec<_> = fields
        .iter()
        .filter(|field| {
            // «Сообщаю: …» is no label of somebody else.
            let label = text.get(field.label..field.value.start).unwrap_or_default();
            let others = field.kind == Kind::Other && words().other.is_in(label);
            others || matches!(field.kind, Kind::Reason | Kind::Foreign)
        })
        .map(|field| first_sentence(text, field))
        .chain(DOCTOR.find_iter(text).map(|doctor| doctor.range()))
        .collect();
    plain::masked(text, &others)
}

/// «К врачу Сидорову Петру Ильичу», «Доктор Сидорова П. И.»: who is visited.
static DOCTOR: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?:[Вв]рач|[Дд]октор|ВРАЧ|ДОКТОР)\p{L}{0,2}[ :]{1,2}(?:\p{Lu}\p{L}+[ ]){0,2}\p{Lu}(?:\p{L}+|\.(?:[ ]?\p{Lu}\.)?)",
    )
});

/// The text without «Секретарь Рябова Т. Н.»: who signs for a chief or a charge has no booking, where
/// another is named.
fn without_representatives(text: &str) -> String {
    static SIGNED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?im)^[ ]*(?:секретарь|помощник|помощница|делопроизводитель|(?:социальный[ ]|соц\.?[ ]?)работник|сиделка|исп\.|исполнитель)\b[^\n]{0,60}(?:\n[^\n\d]{3,60}$)?",
        )
    });
    let signed: Vec<_> = SIGNED.find_iter(text).map(|found| found.range()).collect();
    plain::masked(text, &signed)
}

/// The same name may stand twice; different names leave none.
fn one_of(names: Vec<String>) -> Result<Option<String>, Reason> {
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        let same = |other: &String| {
            super::details::compare_names(&name, other) == super::details::DetailMatch::Equal
        };
        if !distinct.iter().any(same) {
            distinct.push(name);
        }
    }
    match distinct.as_slice() {
        [one] => Ok(Some(one.clone())),
        [] => Ok(None),
        _ => Err(Reason::NameAmbiguous),
    }
}

/// «Носков Павел Романович инвалид» without what follows the patronymic.
fn without_remark(name: &str) -> &str {
    static WHOLE: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^\p{Lu}\p{L}+[ ]\p{Lu}\p{L}+[ ](\p{Lu}\p{L}+)[ ]"));
    static SON: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)[ ](?:оглы|оглу|углы|кызы|гызы|улы|уулу)\b"));
    WHOLE
        .captures(name)
        .filter(|_| !SON.is_match(name))
        .and_then(|found| found.get(1))
        .filter(|third| words().patronymic_word.is_in(third.as_str()))
        .and_then(|third| name.get(..third.end()))
        .unwrap_or(name)
}

/// «Гафуров Рустам. Дата записи …»: behind a full stop another detail follows, not an initial or a
/// shortened name.
fn up_to_its_end(name: &str) -> &str {
    static DETAIL: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\p{L}{4}(\.)[ ](?:дата|записан|запись|тел|моб|время|при[её]м|причин|номер|отмен|прошу|просим|талон)",
        )
    });
    let end = DETAIL.captures(name).and_then(|found| found.get(1));
    end.and_then(|end| name.get(..end.start())).unwrap_or(name)
}

/// The name of the person whose booking it is, where that of a relative stands before it.
fn without_relation(value: &str) -> &str {
    // «Мама Асадова Гульнара, ребёнок Асадов Амир»
    static CHILD: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^[ ]*(?:мама|мать|папа|отец|бабушка|дедушка|опекун|законный[ ]представитель|заявитель)\b[^,;(\n]{3,60}[,;(][ ]*(?:реб[её]нок|сын|дочь|пациент\p{L}?)[ ]*[:—–-]?[ ]+",
        )
    });
    let value = CHILD
        .find(value)
        .and_then(|found| value.get(found.end()..))
        .filter(|child| child.starts_with(char::is_uppercase))
        .unwrap_or(value);
    // «За мужа, Рябинин Виктор»
    match value.split_once(", ") {
        Some((relation, name))
            if relation.trim_start().starts_with(['з', 'З'])
                && relation.trim().to_lowercase().starts_with("за ")
                && name.starts_with(char::is_uppercase) =>
        {
            name
        }
        _ => value,
    }
}

/// The value of a label: words of letters up to the first digit, bracket or comma.
fn labelled_name(value: &str) -> Option<String> {
    let value = without_relation(value);
    let value = value.trim_start_matches(|c: char| c.is_whitespace() || "*_«\"-–—:".contains(c));
    // «ИП Садыкова Гульнара»
    let value = value.strip_prefix("ИП ").unwrap_or(value);
    let end = value
        .find(|c: char| !(c.is_alphabetic() || c.is_whitespace() || ".-–'’".contains(c)))
        .unwrap_or(value.len());
    let piece = value.get(..end)?;
    let before_break = piece.split(['\n', '\t']).next()?.replace('–', "-");
    let name = up_to_its_end(&collapse(&before_break)).to_owned();
    let name = name.trim_end_matches([' ', '-']);
    let initials = name.ends_with('.')
        && name
            .chars()
            .rev()
            .nth(2)
            .is_none_or(|c| c == '.' || c == ' ');
    // «Клочкова Светлана Юр.»
    let shortened = name.matches(' ').count() >= 2
        && name
            .rsplit(' ')
            .next()
            .is_some_and(|last| last.chars().count() <= 4);
    let name = if initials || shortened {
        name
    } else {
        name.trim_end_matches('.')
    };
    // «Аникина С. Ю. кошка Буся»
    static INITIALS: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^\p{Lu}\p{L}+[ ]\p{Lu}\.[ ]?\p{Lu}\."));
    let name = without_remark(name.trim());
    let name = INITIALS
        .find(name)
        .filter(|found| {
            name.get(found.end()..)
                .is_some_and(|rest| rest.starts_with(' '))
        })
        .map_or(name, |found| found.as_str());
    let count = name.split_whitespace().count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let doctor = words()
        .other
        .is_in(name.split_whitespace().next().unwrap_or_default());
    // Only initials and short forms, «Анаст.», end with a full stop; «clinic.example» is no name.
    static HOST: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"\p{L}{3,}\.[a-z]{2,}"));
    let sound = !doctor && !value.contains(plain::BROKEN) && !HOST.is_match(name);
    ((1..=6).contains(&count) && letters >= 3 && sound).then(|| name.to_owned())
}

/// «Причина: вылетаю. Бронзов Лев» names the writer behind the reason.
fn first_sentence(text: &str, field: &Field) -> std::ops::Range<usize> {
    let value = field.value.clone();
    let words = text.get(value.clone()).unwrap_or_default();
    let marks = words.find(['.', '!', '?']).into_iter();
    // «Причина: лень)) Валеев Рустам»
    let end = marks.chain(words.find("))")).min().unwrap_or(words.len());
    let doctor = |end: usize| {
        let short = |name: &str| name.trim().chars().count() < 12;
        field.kind == Kind::Other && words.get(..end).is_some_and(short)
    };
    // «Врач: Иванов И. И.» ends no sentence at its first full stop.
    if doctor(end) {
        value
    } else {
        value.start..value.start + end
    }
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::fields;
    use super::*;

    fn name(text: &str) -> Option<String> {
        let text = plain::plain(text);
        read(&text, &fields::all(&crate::read::grammar::Text::of(&text))).unwrap()
    }

    #[test]
    fn labelled_names_are_read_as_written() {
        for (text, expected) in [
            ("ФИО: Иванова Мария Петровна", "Иванова Мария Петровна"),
            ("Ф.И.О.: Иванова М.П.", "Иванова М.П."),
            (
                "фио: иванова мария петровна, тел. 5",
                "иванова мария петровна",
            ),
            ("ФИО: ИВАНОВА МАРИЯ\nДата: 1", "ИВАНОВА МАРИЯ"),
            (
                "Пациент: Алиев Руслан Магомед оглы",
                "Алиев Руслан Магомед оглы",
            ),
            (
                "Фамилия: Иванова\nИмя: Мария\nОтчество: Петровна",
                "Иванова Мария Петровна",
            ),
            ("ФИО:\nПетров-Водкин Иван", "Петров-Водкин Иван"),
            ("ФИО\tИванова Мария Петровна", "Иванова Мария Петровна"),
            (
                "ФИО: Иванова Мария Петровна Дата: 12.03.2027",
                "Иванова Мария Петровна",
            ),
            ("ФИО: Иванов Пётр Ильич инвалид 2 гр", "Иванов Пётр Ильич"),
            ("ФИО: за мужа, Иванов Пётр", "Иванов Пётр"),
            ("ФИО: ИП Садыкова Гульнара", "Садыкова Гульнара"),
            (
                "ФИО: мама Асадова Гульнара, ребёнок Асадов Амир",
                "Асадов Амир",
            ),
            ("ФИО Гафуров Рустам. Дата записи 5 мая", "Гафуров Рустам"),
            ("ФИО Клочкова Анаст. Юр.", "Клочкова Анаст. Юр."),
            ("ФИО: Асадова Гульнара (сын Амир)", "Асадова Гульнара"),
        ] {
            assert_eq!(name(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_hostile_list_of_relations_is_no_deep_call() {
        let text = format!("ФИО: {}", "За а, ".repeat(100_000));
        assert!(labelled_name(&text).is_some());
    }

    #[test]
    fn names_in_sentences_and_below_the_letter_are_read() {
        for (text, expected) in [
            (
                "Меня зовут Иванова Мария Петровна. Отмените запись",
                "Иванова Мария Петровна",
            ),
            (
                "Я, Иванов Иван Иванович, прошу отменить",
                "Иванов Иван Иванович",
            ),
            (
                "Отмените запись.\nС уважением,\nИванова Мария",
                "Иванова Мария",
            ),
            ("Отмените запись. Иванова М.П.", "Иванова М.П."),
            (
                "Отмените запись к врачу Петрову Ивану Сергеевичу на имя Ивановой Марии Петровны",
                "Ивановой Марии Петровны",
            ),
            (
                "Просим отменить запись Жарова Егора.\nС уважением, мама, Ульяна Жарова",
                "Жарова Егора",
            ),
            (
                "Отмените приём мамы (Фокина Лидия Петровна).\nНаталья Фокина",
                "Фокина Лидия Петровна",
            ),
            (
                "Приём, на который записан наш директор Клюев Артур Ильич\nМарина Зотова",
                "Клюев Артур Ильич",
            ),
            (
                "Пётр Ильич Рябцев приехать не сможет.\nС уважением,\nВера Сизова",
                "Пётр Ильич Рябцев",
            ),
            (
                "Это мать Иванова Петра. Отмените. Мой телефон там же, Иванова Ирина",
                "Иванова Петра",
            ),
        ] {
            assert_eq!(name(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "Отмените запись к врачу Петрову Ивану Сергеевичу",
            "Уважаемая Анна Сергеевна! Отмените запись",
            "Отмените, уезжаю в Новый Уренгой",
        ] {
            assert_eq!(name(text), None, "{text}");
        }
    }
}
