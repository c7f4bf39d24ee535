//! The rules of sanctions, each with its sentence.

use super::sanction::{Counted, bars_booking, stands_back};
use super::{
    BookingId, Consequence, Moment, PastCancellation, Sanction, SanctionKind, SanctionRules,
    SanctionState, Timeliness,
};
use proptest::prelude::*;

const NOW: Moment = Moment::from_seconds(1_801_472_400);

fn rules() -> SanctionRules {
    SanctionRules {
        enabled: true,
        ..SanctionRules::default()
    }
}

fn past(untimely: usize) -> Vec<PastCancellation> {
    vec![
        PastCancellation {
            at: NOW.plus_hours(-24),
            timeliness: Timeliness::Untimely,
        };
        untimely
    ]
}

/// «Санкции выключены, пока правила организации их не включили.»
#[test]
fn sanctions_are_off_unless_the_policy_switches_them_on() {
    let off = SanctionRules::default();
    assert!(!off.enabled && !off.automatic);
    assert_eq!(off.consequence(&past(20), NOW), Consequence::default());
}

/// «За повторную отмену без уважительной причины: от 500 до 2000 рублей, чем чаще, тем больше.
/// Больше пяти за полгода: самому записаться нельзя 7–30 дней, чем чаще, тем дольше. Ту же услугу
/// нельзя взять 14 дней.»
#[test]
fn consequences_rise_with_repetition() {
    for (before, fine, block, same_service, waiting) in [
        (0, 0, 0, 0, 0),
        (1, 500, 0, 14, 30),
        (2, 1_000, 0, 14, 30),
        (3, 1_500, 0, 14, 30),
        (4, 2_000, 0, 14, 30),
        (5, 2_000, 7, 14, 30),
        (6, 2_000, 14, 14, 30),
        (7, 2_000, 21, 14, 30),
        (8, 2_000, 28, 14, 30),
        (9, 2_000, 30, 14, 30),
        (40, 2_000, 30, 14, 30),
    ] {
        let found = rules().consequence(&past(before), NOW);
        let expected = Consequence {
            number: u32::try_from(before).unwrap() + 1,
            fine_roubles: fine,
            block_days: block,
            same_service_days: same_service,
            waiting_list_days: waiting,
        };
        assert_eq!(found, expected, "{before} before");
    }
}

/// «Считаются только несвоевременные отмены за полгода; правила могут считать все.»
#[test]
fn only_untimely_ones_within_the_window_count_unless_widened() {
    let at = |hours: i64, timeliness| PastCancellation {
        at: NOW.plus_hours(hours),
        timeliness,
    };
    let mixed = [
        at(-1, Timeliness::InTime),
        at(-2, Timeliness::Excused),
        at(-3, Timeliness::TakenBack),
        at(-24 * 183, Timeliness::Untimely),
        at(1, Timeliness::Untimely),
        at(-24 * 182, Timeliness::Untimely),
    ];
    assert_eq!(rules().consequence(&mixed, NOW).number, 2);
    let all = SanctionRules {
        count: Counted::All,
        ..rules()
    };
    assert_eq!(all.consequence(&mixed, NOW).number, 3);
}

/// «Ноль выключает одно последствие.»
#[test]
fn each_consequence_can_be_switched_off() {
    let none = SanctionRules {
        fine_from: 0,
        block_from: 0,
        same_service_from: 0,
        waiting_list_from: 0,
        ..rules()
    };
    assert!(none.consequence(&past(9), NOW).is_nothing());
}

fn sanction(kind: SanctionKind, state: SanctionState) -> Sanction {
    Sanction {
        id: 1,
        booking: BookingId(1),
        service_code: "B01".to_owned(),
        document: "1/1".to_owned(),
        kind,
        amount: 14,
        state,
        policy: "v".to_owned(),
        proposed_at: NOW,
        decided_at: Some(NOW),
        until: (kind != SanctionKind::Fine).then(|| NOW.plus_hours(24 * 14)),
    }
}

/// «Мешает записаться только то, что назначено и ещё действует.»
#[test]
fn only_what_is_imposed_and_holds_keeps_from_booking() {
    use SanctionKind::{Fine, SameService, SelfBooking, WaitingList};
    use SanctionState::{Imposed, Lifted, Proposed};
    for (kind, state, service, later_days, barred) in [
        (SelfBooking, Imposed, "other", 0, true),
        (SelfBooking, Imposed, "other", 14, true),
        (SelfBooking, Imposed, "other", 15, false),
        (SelfBooking, Proposed, "other", 0, false),
        (SelfBooking, Lifted, "other", 0, false),
        (SameService, Imposed, "B01", 0, true),
        (SameService, Imposed, "other", 0, false),
        (Fine, Imposed, "B01", 0, false),
        (WaitingList, Imposed, "B01", 0, false),
    ] {
        let list = [sanction(kind, state)];
        let now = NOW.plus_hours(24 * later_days);
        assert_eq!(bars_booking(&list, service, now).count() > 0, barred);
    }
    assert!(stands_back(&[sanction(WaitingList, Imposed)], NOW));
    assert!(!stands_back(&[sanction(WaitingList, Proposed)], NOW));
    assert!(!stands_back(&[sanction(Fine, Imposed)], NOW));
}

prop_compose! {
    fn any_past()(list in prop::collection::vec((-9_000_i64..100, 0_usize..4), 0..20))
        -> Vec<PastCancellation> {
        list.into_iter().map(|(hours, which)| PastCancellation {
            at: NOW.plus_hours(hours),
            timeliness: Timeliness::ALL[which],
        }).collect()
    }
}

proptest! {
    /// «Не больше, чем было показано; и дважды посчитать — то же самое.»
    #[test]
    fn nothing_goes_beyond_what_was_shown(before in any_past(), more in any_past()) {
        let shown = rules().consequence(&before, NOW);
        let later: Vec<_> = before.iter().chain(&more).copied().collect();
        let applied = rules().consequence(&later, NOW).within(&shown);
        prop_assert!(applied.fine_roubles <= shown.fine_roubles);
        prop_assert!(applied.block_days <= shown.block_days);
        prop_assert!(applied.same_service_days <= shown.same_service_days);
        prop_assert!(applied.waiting_list_days <= shown.waiting_list_days);
        prop_assert_eq!(shown, rules().consequence(&before, NOW));
        prop_assert!(shown.fine_roubles <= 2_000 && shown.block_days <= 30);
    }

    /// «В каком порядке пришли прежние отмены, не важно.»
    #[test]
    fn the_order_of_the_past_does_not_matter(before in any_past()) {
        let mut turned = before.clone();
        turned.reverse();
        prop_assert_eq!(rules().consequence(&before, NOW), rules().consequence(&turned, NOW));
    }
}
