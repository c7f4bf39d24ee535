//! Dates, times, hours and names as Russian readers expect them. The words stand in
//! `templates/words.toml`.

use super::late_view::LateVocabulary;
use crate::domain::{EventKind, Moment, Reason, Zone};
use crate::failure::Failure;
use crate::request::Intent;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The words that several templates share.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    months: Vec<String>,
    patronymic_endings: Vec<String>,
    patronymic_particles: Vec<String>,
    hours: Forms,
    zones: BTreeMap<String, String>,
    /// Labels of the lines that a citizen sends.
    pub form: FormLabels,
    not_understood: BTreeMap<String, String>,
    /// Labels of the document.
    pub document: DocumentLabels,
    /// Labels of the note for staff.
    pub note: NoteLabels,
    intents: BTreeMap<String, String>,
    wishes_by_reason: BTreeMap<String, String>,
    states: BTreeMap<String, String>,
    history: BTreeMap<String, String>,
    pub(super) late: LateVocabulary,
}

/// A noun behind a number: 1 час, 2 часа, 5 часов.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Forms {
    one: String,
    few: String,
    many: String,
}

impl Forms {
    /// «21 день», «3 дня», «11 дней».
    pub(super) fn counted(&self, number: u32) -> String {
        let form = match (number % 10, number % 100) {
            (_, 11..=14) => &self.many,
            (1, _) => &self.one,
            (2..=4, _) => &self.few,
            _ => &self.many,
        };
        format!("{number} {form}")
    }
}

/// Labels of the lines that a citizen sends to cancel.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each label is named after what it stands before"
)]
pub struct FormLabels {
    pub subject: String,
    pub number: String,
    pub full_name: String,
    pub date: String,
    pub time: String,
    pub phone: String,
    pub reason: String,
}

/// Labels of the rows of the document.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each label is named after what it stands before"
)]
pub struct DocumentLabels {
    pub number: String,
    pub full_name: String,
    pub service: String,
    pub organisation: String,
    pub address: String,
    pub resource: String,
    pub starts: String,
    pub received: String,
    pub cancelled: String,
    pub document: String,
    pub notice: String,
    pub last_minute: String,
    pub decided: String,
    pub rules: String,
}

/// Labels of the note for staff.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each label is named after what it stands before"
)]
pub struct NoteLabels {
    pub letter: String,
    pub intent: String,
    pub number: String,
    pub quoted_number: String,
    pub full_name: String,
    pub date: String,
    pub time: String,
    pub phone: String,
    pub reason: String,
    pub no_subject: String,
}

/// An instant in words, on the clocks of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct When {
    /// «12 марта 2027 г.»
    pub date: String,
    /// «14:30»
    pub time: String,
    /// «12.03.2027», as citizens write it into a form.
    pub digits: String,
    /// «12 марта 2027 г., 14:30, Екатеринбург, UTC+5»
    pub full: String,
}

impl Words {
    /// Reads the words and checks that none is missing.
    ///
    /// # Errors
    /// [`Failure::Stop`] names the key: the program was built with a broken file.
    pub fn load(toml_text: &str) -> Result<Self, Failure> {
        let remedy = "this build is damaged: install the program anew";
        let words: Self = toml::from_str(toml_text)
            .map_err(|cause| Failure::stop_because("templates/words.toml", remedy, cause))?;
        let intents = [
            Intent::Cancel,
            Intent::Restore,
            Intent::Resend,
            Intent::Consent,
            Intent::Rebook,
            Intent::Join,
            Intent::Decline,
            Intent::None,
            Intent::Status,
            Intent::Help,
        ];
        let complete = words.months.len() == 12
            && words.not_understood.contains_key("other")
            && intents
                .iter()
                .all(|intent| words.intents.contains_key(intent.code()));
        if complete {
            Ok(words)
        } else {
            Err(Failure::stop(
                "templates/words.toml lacks a month, an intent or not_understood.other",
                remedy,
            ))
        }
    }

    /// An instant in words.
    pub fn when(&self, at: Moment, zone: &Zone) -> When {
        let local = at.in_zone(zone);
        let month = usize::try_from(local.month())
            .ok()
            .and_then(|month| self.months.get(month.checked_sub(1)?))
            .map_or("", String::as_str);
        let date = format!("{} {month} {} г.", local.day(), local.year());
        let time = format!("{:02}:{:02}", local.hour(), local.minute());
        let offset = offset_words(local.offset().seconds());
        let place = self
            .zones
            .get(zone.name())
            .map_or_else(|| offset.clone(), |town| format!("{town}, {offset}"));
        When {
            full: format!("{date}, {time}, {place}"),
            digits: format!(
                "{:02}.{:02}.{:04}",
                local.day(),
                local.month(),
                local.year()
            ),
            date,
            time,
        }
    }

    /// «24 часа».
    pub fn hours(&self, hours: u16) -> String {
        self.hours.counted(u32::from(hours))
    }

    /// Name and patronymic out of «Surname Name Patronymic»; `None` when the words do not look so.
    pub fn greeting(&self, full_name: &str) -> Option<String> {
        let words: Vec<&str> = full_name.split_whitespace().collect();
        let (_, called) = words.split_first()?;
        let (name, known) = match *called {
            [name, patronymic] => (name, self.is_patronymic(patronymic)),
            [name, _, particle] => {
                let particle = particle.to_lowercase();
                (name, self.patronymic_particles.contains(&particle))
            }
            _ => return None,
        };
        (known && name.chars().count() > 1).then(|| called.join(" "))
    }

    fn is_patronymic(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        self.patronymic_endings
            .iter()
            .any(|ending| word.len() > ending.len() && word.ends_with(ending.as_str()))
    }

    /// The sentence for a citizen whose letter was not understood.
    pub fn not_understood(&self, reason: Option<Reason>) -> &str {
        reason
            .and_then(|reason| self.not_understood.get(reason.code()))
            .or_else(|| self.not_understood.get("other"))
            .map_or("", String::as_str)
    }

    /// How a booking stands, as a sentence; by [`crate::domain::BookingState::code`].
    pub fn state(&self, code: &str) -> Option<&str> {
        self.states.get(code).map(String::as_str)
    }

    /// What happened, as a citizen reads it; `None` for what is not told to citizens.
    pub fn event(&self, kind: EventKind) -> Option<&str> {
        self.history.get(kind.code()).map(String::as_str)
    }

    /// A wish as staff read it. Where none was understood, a reason may tell more.
    pub fn wish(&self, intent: Intent, mut reasons: impl Iterator<Item = Reason>) -> &str {
        let by_reason = || reasons.find_map(|reason| self.wishes_by_reason.get(reason.code()));
        (intent == Intent::None)
            .then(by_reason)
            .flatten()
            .or_else(|| self.intents.get(intent.code()))
            .map_or("", String::as_str)
    }
}

/// `UTC+5`, `UTC+5:30`, `UTC`.
fn offset_words(seconds: i32) -> String {
    let minutes = seconds.unsigned_abs() / 60;
    let sign = match seconds {
        0 => return "UTC".to_owned(),
        s if s < 0 => '−',
        _ => '+',
    };
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words::load(include_str!("../../templates/words.toml")).unwrap()
    }

    fn full(at: &str, zone: &str) -> String {
        let at = Moment::parse_rfc3339(at).unwrap();
        words().when(at, &Zone::named(zone).unwrap()).full
    }

    #[test]
    fn an_instant_is_written_with_month_and_town() {
        assert_eq!(
            full("2027-03-12T14:30:00+05:00", "Asia/Yekaterinburg"),
            "12 марта 2027 г., 14:30, Екатеринбург, UTC+5"
        );
        assert_eq!(
            full("2027-03-12T23:59:59Z", "Asia/Kathmandu"),
            "13 марта 2027 г., 05:44, UTC+5:45"
        );
        assert_eq!(
            full("2027-01-01T00:00:00Z", "America/St_Johns"),
            "31 декабря 2026 г., 20:30, UTC−3:30"
        );
        assert_eq!(
            full("2027-01-01T00:00:00Z", "UTC"),
            "1 января 2027 г., 00:00, UTC"
        );
    }

    #[test]
    fn each_of_the_eleven_russian_zones_is_named_by_its_town() {
        let named = [
            ("Europe/Kaliningrad", ", Калининград, UTC+2"),
            ("Europe/Moscow", ", Москва, UTC+3"),
            ("Europe/Samara", ", Самара, UTC+4"),
            ("Asia/Yekaterinburg", ", Екатеринбург, UTC+5"),
            ("Asia/Omsk", ", Омск, UTC+6"),
            ("Asia/Krasnoyarsk", ", Красноярск, UTC+7"),
            ("Asia/Irkutsk", ", Иркутск, UTC+8"),
            ("Asia/Yakutsk", ", Якутск, UTC+9"),
            ("Asia/Vladivostok", ", Владивосток, UTC+10"),
            ("Asia/Magadan", ", Магадан, UTC+11"),
            ("Asia/Kamchatka", ", Петропавловск-Камчатский, UTC+12"),
        ];
        for (zone, words) in named {
            assert!(
                full("2027-03-12T09:00:00Z", zone).ends_with(words),
                "{zone}"
            );
        }
    }

    #[test]
    fn every_zone_in_the_table_is_an_iana_name() {
        for zone in words().zones.keys() {
            assert!(Zone::named(zone).is_ok(), "{zone}");
        }
    }

    #[test]
    fn hours_take_the_right_form() {
        let said: Vec<String> = [0, 1, 2, 5, 11, 21, 24, 48, 72, 112, 121]
            .into_iter()
            .map(|hours| words().hours(hours))
            .collect();
        assert_eq!(
            said.join(", "),
            "0 часов, 1 час, 2 часа, 5 часов, 11 часов, 21 час, 24 часа, 48 часов, 72 часа, \
             112 часов, 121 час"
        );
    }

    #[test]
    fn only_a_name_with_patronymic_is_greeted_by_name() {
        let words = words();
        assert_eq!(
            words.greeting("Иванова Анна Петровна").as_deref(),
            Some("Анна Петровна")
        );
        assert_eq!(
            words.greeting("Алиев Руслан Мамед-оглы").as_deref(),
            Some("Руслан Мамед-оглы")
        );
        assert_eq!(
            words.greeting("Алиев Руслан Гасан оглы").as_deref(),
            Some("Руслан Гасан оглы")
        );
        for patronymic in [
            "Ильич",
            "Лукич",
            "Кузьмич",
            "Фомич",
            "Никитич",
            "Ионыч",
            "Ильинична",
        ] {
            assert_eq!(
                words.greeting(&format!("Белых Саша {patronymic}")),
                Some(format!("Саша {patronymic}"))
            );
        }
        for name in [
            "",
            "Алиев Руслан оглы",
            "Белых Пётр Ильича",
            "Белых Пётр Ильич младший",
            "Иванов",
            "Иванов И. П.",
            "Нгуен Ван Тханг",
            "John Smith",
        ] {
            assert_eq!(words.greeting(name), None, "{name}");
        }
    }

    #[test]
    fn every_sentence_for_a_reason_belongs_to_a_known_reason() {
        let words = words();
        for code in words.wishes_by_reason.keys() {
            assert!(Reason::parse(code).is_some(), "{code}");
        }
        for code in words.not_understood.keys() {
            assert!(code == "other" || Reason::parse(code).is_some(), "{code}");
        }
    }
}
