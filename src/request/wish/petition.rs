//! Petitions in the third person: «Гр. Сибиряк Прокопий Еремеевич просит отменить запись».

use crate::read::grammar as patterns;
use std::borrow::Cow;
use std::sync::LazyLock;

/// The sentence as its petitioner would say it: a full name with a patronymic, or a citizen by
/// rank and name, asks for itself. Neighbours, relatives and doctors do not.
pub fn first_person(text: &str) -> Cow<'_, str> {
    static PETITION: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"^(?:(?:[Гг]р\.|[Гг]ражданин(?:ка)?|[Зз]аявитель(?:ница)?|[Пп]ациент(?:ка)?|[Кк]лиент(?:ка)?|[Жж]итель(?:ница)?[ ][\p{L} ]{1,30}?|[Сс]отрудни(?:к|ца)[\p{L} ]{0,30}?|[Пп]одопечн(?:ый|ая))[ ]{1,2}\p{Lu}[\p{L}-]+[ ]\p{Lu}[\p{L}-]+(?:[ ]\p{Lu}[\p{L}-]+)?|\p{Lu}[\p{L}-]+[ ]\p{Lu}[\p{L}-]+[ ]\p{L}+(?:вич|вна|ична|инична|оглы|кызы))[\d \p{L},.()№:]{0,60}?[ ](просит|отказывается|отменяет|снимает)\b",
        )
    });
    let verb = PETITION.captures(text).and_then(|found| found.get(1));
    let Some(verb) = verb else {
        return Cow::Borrowed(text);
    };
    let own = match verb.as_str() {
        "просит" => "прошу",
        "отказывается" => "отказываюсь",
        "отменяет" => "отменяю",
        _ => "снимаю",
    };
    let before = text.get(..verb.start()).unwrap_or_default();
    let after = text.get(verb.end()..).unwrap_or_default();
    Cow::Owned(format!("{before}{own}{after}"))
}

#[cfg(test)]
mod tests {
    use super::first_person;

    #[test]
    fn a_named_citizen_asks_for_itself() {
        for text in [
            "Гр. Сибиряк Прокопий Еремеевич просит отменить запись",
            "Гражданин Петров Пётр просит отменить запись",
            "Жительница нашего села Прялкина Устинья Захаровна, 1936 г.р., просит отменить приём",
            "Вебер Анна-Мария Кирилловна просит отменить запись",
        ] {
            assert!(first_person(text).contains(" прошу "), "{text}");
        }
        for text in [
            "Моя соседка Иванова Мария Петровна просит отменить запись",
            "Врач Петров Иван Иванович просит отменить запись",
            "Муж просит отменить запись",
            "Сергей Иванов просил отменить запись",
        ] {
            assert_eq!(first_person(text), text);
        }
    }
}
