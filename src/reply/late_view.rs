//! What the templates may name of late cancellations: the facts of `LateWords` in Russian words.

use super::late_words::{LateWords, SanctionWords};
use super::words::{Forms, When, Words};
use crate::domain::{Conditions, DocumentWay, LateWay, Notice, SanctionKind, Zone};
use serde::{Deserialize, Serialize};

/// Words and patterns for notices, documents and sanctions: `[late]` in `templates/words.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateVocabulary {
    days: Forms,
    calendar_days: Forms,
    roubles: Forms,
    documents: Forms,
    notice_hours: String,
    notice_days: String,
    fine: String,
    self_booking: String,
    same_service: String,
    waiting_list: String,
    until: String,
    self_booking_closed: String,
    same_service_closed: String,
    times: Forms,
}

/// «Условия отмены».
#[derive(Debug, Serialize)]
pub(super) struct ConditionsView {
    /// Whether a late cancellation is accepted with consent.
    consent: bool,
    /// Whether staff look at documents.
    documents: bool,
    /// «14 дней»; none where documents cannot follow.
    documents_days: Option<String>,
    /// «справка от врача, больничный лист».
    document_kinds: String,
    sanctions: bool,
    version: String,
}

/// What the templates may name.
#[derive(Debug, Serialize)]
pub(super) struct LateView {
    conditions: Option<ConditionsView>,
    refused: Option<When>,
    untimely: bool,
    /// «штраф 500 рублей», a line for each part; empty where nothing follows.
    consequence: Vec<String>,
    automatic: bool,
    documents_until: Option<When>,
    document_kinds: String,
    /// «2 документа»; none where there are none.
    documents: Option<String>,
    slot_released: bool,
    follow_up: bool,
    /// «запись без помощи сотрудника закрыта до …», a line for each.
    against: Vec<String>,
    /// «3 раза»; none where moves stand against nothing.
    moves: Option<String>,
    moves_until: Option<When>,
    sanctions: Vec<String>,
}

impl Words {
    /// «за 24 часа до назначенного времени»; none where no notice is asked for.
    pub(super) fn notice(&self, notice: Notice) -> Option<String> {
        let late = &self.late;
        match notice {
            Notice::Hours(0) => None,
            Notice::Hours(hours) => Some(filled(&late.notice_hours, &self.hours(hours))),
            Notice::Days(days) => {
                let days = late.calendar_days.counted(u32::from(days));
                Some(filled(&late.notice_days, &days))
            }
        }
    }

    pub(super) fn late_view(&self, late: &LateWords, zone: &Zone) -> LateView {
        let parts = late.consequence.map(|one| one.parts());
        let told = |(kind, amount): (SanctionKind, u32)| self.sanction(kind, amount);
        LateView {
            conditions: late.conditions.as_ref().map(|one| self.conditions(one)),
            refused: late.refused_at.map(|at| self.when(at, zone)),
            untimely: late.untimely,
            consequence: parts.into_iter().flatten().map(told).collect(),
            automatic: late.automatic,
            documents_until: late.documents_until.map(|at| self.when(at, zone)),
            document_kinds: late.document_kinds.join(", "),
            documents: (late.documents > 0).then(|| self.late.documents.counted(late.documents)),
            slot_released: late.slot_released,
            follow_up: late.follow_up,
            against: late
                .against
                .iter()
                .map(|one| self.against(*one, zone))
                .collect(),
            moves: (late.moves > 0).then(|| self.late.times.counted(late.moves)),
            moves_until: late.moves_until.map(|at| self.when(at, zone)),
            sanctions: late
                .sanctions
                .iter()
                .map(|one| self.sanction_until(*one, zone))
                .collect(),
        }
    }

    fn conditions(&self, conditions: &Conditions) -> ConditionsView {
        let days = conditions.documents_days;
        ConditionsView {
            consent: conditions.late == LateWay::Consent,
            documents: conditions.documents == DocumentWay::Review,
            documents_days: (days > 0).then(|| self.late.days.counted(u32::from(days))),
            document_kinds: conditions.document_kinds.join(", "),
            sanctions: conditions.sanctions,
            version: conditions.version.clone(),
        }
    }

    fn sanction(&self, kind: SanctionKind, amount: u32) -> String {
        let late = &self.late;
        let (pattern, forms) = match kind {
            SanctionKind::Fine => (&late.fine, &late.roubles),
            SanctionKind::SelfBooking => (&late.self_booking, &late.days),
            SanctionKind::SameService => (&late.same_service, &late.days),
            SanctionKind::WaitingList => (&late.waiting_list, &late.days),
        };
        filled(pattern, &forms.counted(amount))
    }

    /// What is closed, and until when.
    fn against(&self, one: SanctionWords, zone: &Zone) -> String {
        let late = &self.late;
        let pattern = match one.kind {
            SanctionKind::SameService => &late.same_service_closed,
            SanctionKind::Fine | SanctionKind::SelfBooking | SanctionKind::WaitingList => {
                &late.self_booking_closed
            }
        };
        let until = one.until.map(|until| self.when(until, zone).full);
        filled(pattern, &until.unwrap_or_default())
    }

    fn sanction_until(&self, one: SanctionWords, zone: &Zone) -> String {
        let told = self.sanction(one.kind, one.amount);
        match one.until {
            Some(until) => {
                let until = filled(&self.late.until, &self.when(until, zone).full);
                format!("{told}{until}")
            }
            None => told,
        }
    }
}

/// `pattern` with its one gap filled.
fn filled(pattern: &str, amount: &str) -> String {
    pattern.replace("{amount}", amount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Consequence, Moment};

    fn words() -> Words {
        Words::load(include_str!("../../templates/words.toml")).unwrap()
    }

    #[test]
    fn notices_take_the_right_forms() {
        let told: Vec<String> = [
            Notice::Hours(1),
            Notice::Hours(24),
            Notice::Days(1),
            Notice::Days(3),
            Notice::Days(11),
            Notice::Days(21),
        ]
        .into_iter()
        .filter_map(|notice| words().notice(notice))
        .collect();
        assert_eq!(
            told,
            [
                "за 1 час до назначенного времени",
                "за 24 часа до назначенного времени",
                "за 1 календарный день до дня записи",
                "за 3 календарных дня до дня записи",
                "за 11 календарных дней до дня записи",
                "за 21 календарный день до дня записи",
            ]
        );
        assert_eq!(words().notice(Notice::Hours(0)), None);
    }

    #[test]
    fn consequences_are_told_part_by_part_with_the_right_forms() {
        let late = LateWords {
            consequence: Some(Consequence {
                number: 6,
                fine_roubles: 1_501,
                block_days: 21,
                same_service_days: 14,
                waiting_list_days: 2,
            }),
            documents: 2,
            sanctions: vec![SanctionWords {
                kind: SanctionKind::SameService,
                amount: 14,
                until: Moment::parse_rfc3339("2027-03-26T10:00:00+03:00"),
            }],
            ..LateWords::default()
        };
        let view = words().late_view(&late, &Zone::named("Europe/Moscow").unwrap());
        assert_eq!(
            view.consequence,
            [
                "штраф: 1501 рубль",
                "запись без помощи сотрудника будет закрыта на 21 день",
                "новая запись на эту же услугу будет закрыта на 14 дней",
                "в листе ожидания вы будете стоять после других: 2 дня",
            ]
        );
        assert_eq!(view.documents.as_deref(), Some("2 документа"));
        assert!(view.sanctions.concat().contains("26 марта 2027 г., 10:00"));
    }
}
