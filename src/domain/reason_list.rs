//! Why citizens cancel: the office's list of reasons, found in free text.

use serde::{Deserialize, Serialize};

/// One reason of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonRule {
    /// The word for the journal: lower-case ASCII.
    pub code: String,
    /// What citizens read: «болезнь».
    pub name: String,
    /// Beginnings of words, lower case; several in one entry stand behind one another in the text.
    pub words: Vec<String>,
    /// Whether a cancellation for this reason is nobody's fault.
    #[serde(default)]
    pub valid: bool,
    /// Whether it counts as valid only with a document.
    #[serde(default)]
    pub needs_document: bool,
    /// Which documents show it, as citizens read them: «справка от врача».
    #[serde(default)]
    pub documents: Vec<String>,
}

impl ReasonRule {
    /// Whether the citizen's word alone makes a cancellation excusable.
    pub const fn excuses_by_word(&self) -> bool {
        self.valid && !self.needs_document
    }
}

/// The reason of the list that stands first in the text; `None` keeps it what it is, text. A word
/// behind «не» is denied and names no reason, unless the entry itself begins with «не».
pub fn find_reason<'a>(text: &str, list: &'a [ReasonRule]) -> Option<&'a ReasonRule> {
    let plain = text.to_lowercase().replace('ё', "е");
    let words: Vec<&str> = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    (0..words.len()).find_map(|at| {
        let from_here = words.get(at..)?;
        let denied = at
            .checked_sub(1)
            .and_then(|before| words.get(before))
            .is_some_and(|word| *word == "не");
        list.iter().find(|rule| {
            let named = |entry: &String| {
                let entry = entry.to_lowercase().replace('ё', "е");
                !denied && stands_first(&entry, from_here)
            };
            rule.words.iter().any(named)
        })
    })
}

/// Whether the words begin, one by one, with the stems of the entry.
fn stands_first(entry: &str, words: &[&str]) -> bool {
    let mut stems = entry.split_whitespace().peekable();
    stems.peek().is_some()
        && stems
            .enumerate()
            .all(|(at, stem)| words.get(at).is_some_and(|word| word.starts_with(stem)))
}

/// One line of the built-in list: code, name, beginnings of words, whether valid, documents.
type UsualReason = (
    &'static str,
    &'static str,
    &'static [&'static str],
    bool,
    &'static [&'static str],
);

const USUAL: [UsualReason; 6] = [
    (
        "illness",
        "болезнь",
        &[
            "болезн",
            "болею",
            "болеет",
            "болеем",
            "болел",
            "болит",
            "болят",
            "заболе",
            "приболе",
            "температур",
            "грипп",
            "орви",
            "ангин",
            "ковид",
            "простуд",
            "больниц",
            "больничн",
            "госпитал",
            "операци",
            "травм",
        ],
        true,
        &["справка от врача", "больничный лист"],
    ),
    (
        "business_trip",
        "командировка",
        &["командиров", "служебн поездк"],
        true,
        &["приказ о командировке", "командировочное удостоверение"],
    ),
    (
        "force_majeure",
        "чрезвычайные обстоятельства",
        &[
            "форс мажор",
            "форсмажор",
            "авари",
            "дтп",
            "пожар",
            "потоп",
            "затопи",
            "стихийн",
            "похорон",
            "смерт",
            "умер",
            "эвакуац",
            "рейс отмен",
            "рейс задерж",
            "отмен рейс",
            "задерж рейс",
        ],
        true,
        &["справка или другой документ о случившемся"],
    ),
    (
        "booking_error",
        "ошибка при записи",
        &[
            "ошибк",
            "ошибочн",
            "по ошибк",
            "перепута",
            "записал случайн",
            "случайно записал",
            "не туда",
            "дважды",
            "два раза",
        ],
        true,
        &[],
    ),
    (
        "change_of_plans",
        "смена планов",
        &[
            "смен план",
            "изменил план",
            "измени план",
            "план измени",
            "план поменя",
            "поменял план",
            "план смени",
            "передума",
            "неактуальн",
            "не актуальн",
            "не нужн",
        ],
        false,
        &[],
    ),
    ("family", "семейные обстоятельства", &["семейн"], false, &[]),
];

/// The built-in list: a valid reason needs a document where it names any.
pub fn usual_reasons() -> Vec<ReasonRule> {
    let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
    USUAL
        .iter()
        .map(|(code, name, words, valid, documents)| ReasonRule {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            words: owned(words),
            valid: *valid,
            needs_document: !documents.is_empty(),
            documents: owned(documents),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// «Причина берётся из списка организации, если она в нём есть, иначе остаётся словами.»
    #[test]
    fn reasons_are_found_in_free_words() {
        let list = usual_reasons();
        for (text, expected) in [
            ("болезнь", Some("illness")),
            ("Ребёнок заболел ветрянкой", Some("illness")),
            ("в связи с болезнью", Some("illness")),
            ("Температура 39", Some("illness")),
            ("уезжаю в командировку", Some("business_trip")),
            ("Форс-мажор, затопило квартиру", Some("force_majeure")),
            ("попал в ДТП", Some("force_majeure")),
            ("у меня изменились планы", Some("change_of_plans")),
            ("Планы поменялись", Some("change_of_plans")),
            ("больше не актуально", Some("change_of_plans")),
            ("записался по ошибке", Some("booking_error")),
            ("по семейным обстоятельствам", Some("family")),
            ("нашла более удобное время", None),
            ("не болею больше, всё прошло", None),
            ("уезжаю к бабушке", None),
            ("", None),
            ("не", None),
        ] {
            let found = find_reason(text, &list).map(|rule| rule.code.as_str());
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_stands_first_in_the_text_wins() {
        let list = usual_reasons();
        let code = |text| find_reason(text, &list).map(|rule| rule.code.as_str());
        assert_eq!(code("командировка, а потом заболел"), Some("business_trip"));
        assert_eq!(code("заболел в командировке"), Some("illness"));
    }

    #[test]
    fn a_reason_without_words_or_with_blank_ones_is_never_found() {
        let mut list = usual_reasons();
        list.truncate(1);
        list[0].words = vec![String::new(), "  ".to_owned()];
        assert!(find_reason("болезнь", &list).is_none());
    }
}
