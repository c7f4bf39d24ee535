//! A cancelled booking comes back where its slot can be had: the same for letters and operators.

use super::consequences::booking_chain;
use super::rules::Rules;
use super::slot_work::{SlotLetter, SlotWork, actor_of, data_about, words_of_choice};
use super::{BookingPlace, Case, Restoration, SlotDecision, WaitingRestoration};
use crate::domain::{Booking, Cancellation, Channel, SlotState};
use crate::reply::{LetterData, LetterKind};
use serde_json::json;

/// A restoration that nothing but the slot can stop.
pub(super) struct Wanted<'w> {
    pub(super) booking: &'w Booking,
    pub(super) cancellation: &'w Cancellation,
    pub(super) place: Option<&'w BookingPlace>,
    pub(super) channel: Channel,
    /// The letter that asked for it.
    pub(super) answers: Option<&'w Case>,
    /// The reason that was given.
    pub(super) reason: Option<String>,
}

/// Restores where the slot is free; waits where it is on offer; else proposes other times.
///
/// A sanction that the cancellation brought is taken back where `Restoration` is recorded.
pub(super) fn come_back(
    wanted: &Wanted<'_>,
    rules: &Rules<'_>,
    work: &mut SlotWork,
) -> SlotDecision {
    let booking = wanted.booking;
    let slot = wanted.place.and_then(|place| place.slot.as_ref());
    let taken_back = wanted.cancellation.channel == Channel::Organisation;
    let state = slot.map(|slot| (slot.slot.id, slot.slot.state));
    match state.filter(|_| !taken_back) {
        Some((id, SlotState::Free)) => {
            let Ok(after) = booking.clone().restore() else {
                return SlotDecision::RestoreGone;
            };
            let mut data = data_about(&after, rules);
            data.reason.clone_from(&wanted.reason);
            wanted.write(LetterKind::Restored, &after, data, rules, work);
            if wanted.answers.is_none() {
                let chain = booking_chain(booking.id);
                let kind = SlotDecision::Restored.event_kind();
                let told =
                    json!({ "slot": id, "channel": wanted.channel, "revision": after.revision });
                work.note(chain, kind, actor_of(wanted.channel), told, rules);
            }
            work.changes.restore = Some(Restoration {
                booking: booking.clone(),
                slot: id,
                waiting: None,
                channel: wanted.channel,
            });
            SlotDecision::Restored
        }
        Some((id, SlotState::Held { until })) => {
            let mut data = data_about(booking, rules);
            data.answer_until = Some(until);
            wanted.write(LetterKind::RestoreSlotOnOffer, booking, data, rules, work);
            work.changes.await_hold = Some(WaitingRestoration {
                booking: booking.id,
                slot: id,
            });
            SlotDecision::RestoreOnOffer
        }
        Some((_, SlotState::Booked { .. } | SlotState::Closed)) | None => {
            let nearest = wanted.place.map_or(&[][..], |place| &place.nearest);
            let mut data = data_about(booking, rules);
            data.choices = nearest
                .iter()
                .map(|slot| words_of_choice(slot, booking, rules))
                .collect();
            wanted.write(LetterKind::RestoreSlotGone, booking, data, rules, work);
            SlotDecision::RestoreGone
        }
    }
}

impl Wanted<'_> {
    fn write(
        &self,
        kind: LetterKind,
        booking: &Booking,
        data: LetterData,
        rules: &Rules<'_>,
        work: &mut SlotWork,
    ) {
        let letter = SlotLetter {
            kind,
            answers: self.answers,
            booking: Some(booking),
            recipients: &booking.citizen.emails,
            data,
        };
        work.write(letter, rules);
    }
}
