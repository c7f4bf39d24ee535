//! Random histories of one citizen: no sanction without a shown warning, none after it was excused
//! or taken back, and deciding twice gives the same.

use super::samples::{LATE, cancelled_late, known, late_case, named, policy, with_paper, yes};
use crate::decide::samples::judge_by;
use crate::decide::{Decision, TakeBackCause, take_back};
use crate::domain::{
    BookingState, Consequence, LateWay, PastCancellation, Policy, SanctionKind, Timeliness,
};
use proptest::prelude::*;

/// What happens next in a history.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The citizen asks to cancel, too late.
    Asks,
    /// The citizen asks with a document.
    AsksWithPaper,
    /// The citizen answers «ДА» to the last question.
    Agrees,
    /// The last cancellation is excused by a document.
    Excused,
    /// The last cancellation is taken back.
    TakenBack,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop::sample::select(vec![
        Step::Asks,
        Step::Asks,
        Step::AsksWithPaper,
        Step::Agrees,
        Step::Agrees,
        Step::Agrees,
        Step::Excused,
        Step::TakenBack,
    ])
}

/// The office's memory in this test.
struct History {
    policy: Policy,
    past: Vec<PastCancellation>,
    shown: Option<Consequence>,
}

impl History {
    fn step(&mut self, step: Step) {
        match step {
            Step::Asks => self.asks(false),
            Step::AsksWithPaper => self.asks(true),
            Step::Agrees => self.agrees(),
            Step::Excused => self.recount(Timeliness::Excused),
            Step::TakenBack => self.recount(Timeliness::TakenBack),
        }
    }

    fn asks(&mut self, paper: bool) {
        let mut booking = known(0);
        booking.late.past.clone_from(&self.past);
        let case = if paper {
            with_paper(late_case())
        } else {
            late_case()
        };
        let facts = named(booking);
        let judged = judge_by(&self.policy, LATE, &case, &facts);
        assert_eq!(judged, judge_by(&self.policy, LATE, &case, &facts));
        let late = &judged.consequences.late;
        assert!(late.sanctions.is_empty() && late.counted.is_none());
        if paper {
            assert_eq!(judged.decision, Decision::UnderReview);
            return;
        }
        let question = judged.consequences.open_challenge.unwrap();
        let told = judged.consequences.letters[0].data.late.clone().unwrap();
        assert_eq!(told.consequence, question.shown);
        self.shown = question.shown;
    }

    fn agrees(&mut self) {
        let Some(shown) = self.shown.take() else {
            return;
        };
        let mut booking = known(0);
        booking.late.past.clone_from(&self.past);
        let (case, facts) = yes(shown, booking);
        let now = LATE.plus_hours(1);
        let judged = judge_by(&self.policy, now, &case, &facts);
        assert_eq!(judged, judge_by(&self.policy, now, &case, &facts));
        assert_eq!(judged.decision, Decision::Cancelled);
        for one in &judged.consequences.late.sanctions {
            let warned = match one.kind {
                SanctionKind::Fine => shown.fine_roubles,
                SanctionKind::SelfBooking => u32::from(shown.block_days),
                SanctionKind::SameService => u32::from(shown.same_service_days),
                SanctionKind::WaitingList => u32::from(shown.waiting_list_days),
            };
            assert!(one.amount <= warned, "{one:?} beyond {shown:?}");
            assert_eq!(one.policy, self.policy.version);
        }
        let counted = judged.consequences.late.counted.unwrap();
        self.past.push(PastCancellation {
            at: LATE.plus_hours(-1),
            timeliness: counted.timeliness,
        });
    }

    fn recount(&mut self, timeliness: Timeliness) {
        if let Some(last) = self.past.last_mut() {
            last.timeliness = timeliness;
        }
    }
}

proptest! {
    #[test]
    fn no_sanction_without_a_shown_warning(
        steps in prop::collection::vec(any_step(), 1..25),
        automatic in any::<bool>(),
    ) {
        let mut policy = policy(LateWay::Consent);
        policy.sanctions.automatic = automatic;
        let mut history = History { policy, past: Vec::new(), shown: None };
        for step in steps {
            history.step(step);
        }
        let standing = history.past.iter().filter(|one| one.timeliness == Timeliness::Untimely);
        let next = history.policy.sanctions.consequence(&history.past, LATE);
        prop_assert_eq!(next.number as usize, standing.count() + 1);
    }
}

/// «Восстановление, отмена организацией и сбой на нашей стороне снимают всё, что принесла отмена.»
#[test]
fn taking_back_names_the_cancellation_and_why() {
    let booking = cancelled_late(Timeliness::Untimely).booking;
    let BookingState::Cancelled(cancellation) = &booking.state else {
        panic!("cancelled");
    };
    for (cause, word) in [
        (TakeBackCause::Restored, "restored"),
        (TakeBackCause::ByOrganisation, "by_organisation"),
        (TakeBackCause::TechnicalFault, "technical_fault"),
    ] {
        let recount = take_back(booking.id, cancellation, cause).recount.unwrap();
        assert_eq!(recount.timeliness, Timeliness::TakenBack);
        assert_eq!((recount.document.as_str(), recount.why), ("12345/1", word));
    }
}
