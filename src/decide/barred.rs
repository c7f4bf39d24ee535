//! What keeps a citizen from a new time by her own wish: sanctions in force, and too many moves.

use super::{BookingFacts, BookingPlace, Rules};
use crate::domain::{
    Booking, BookingState, Channel, MOVE_COUNTS_HOURS, Moment, Sanction, bars_booking,
};
use crate::reply::{LetterData, SanctionWords};

/// What stands against her.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Against {
    sanctions: Vec<SanctionWords>,
    /// How many moves there were, and from when on one more is possible.
    moves: Option<(u32, Moment)>,
}

impl Against {
    pub(super) const fn is_something(&self) -> bool {
        !self.sanctions.is_empty() || self.moves.is_some()
    }

    /// Puts it into the facts of a letter.
    pub(super) fn tell(self, data: &mut LetterData) {
        if let Some(late) = &mut data.late {
            late.against = self.sanctions;
            late.moves = self.moves.map_or(0, |(moves, _)| moves);
            late.moves_until = self.moves.map(|(_, until)| until);
        }
    }
}

/// Whether another time is owed to her: the organisation cancelled, or she asked in time for her
/// booking back and its time was somebody else's. Nothing stands against that.
pub(super) fn is_owed(booking: &Booking, place: Option<&BookingPlace>) -> bool {
    let by_organisation = matches!(
        &booking.state,
        BookingState::Cancelled(one) if one.channel == Channel::Organisation
    );
    by_organisation || place.is_some_and(|place| place.came_back_in_vain)
}

/// What stands against a new time instead of this booking.
pub(super) fn against(
    facts: &BookingFacts,
    place: Option<&BookingPlace>,
    rules: &Rules<'_>,
) -> Against {
    let booking = &facts.booking;
    let sanctions = rules.policy.sanction_rules(&booking.service);
    if !sanctions.enabled || is_owed(booking, place) {
        return Against::default();
    }
    let words = |one: &Sanction| SanctionWords {
        kind: one.kind,
        amount: one.amount,
        until: one.until,
    };
    let in_force = bars_booking(&facts.late.sanctions, &booking.service.code, rules.now);
    let moves = place.map_or(&[][..], |place| place.moved.as_slice());
    Against {
        sanctions: in_force.map(words).collect(),
        moves: spent(moves, sanctions.reschedules_per_month),
    }
}

/// The moves, where the rules allow no further one, and the end of the one whose place it takes.
fn spent(moves: &[Moment], most: u16) -> Option<(u32, Moment)> {
    if most == 0 {
        return None;
    }
    let first_to_end = moves.len().checked_sub(usize::from(most))?;
    let until = moves.get(first_to_end)?.plus_hours(MOVE_COUNTS_HOURS);
    Some((u32::try_from(moves.len()).unwrap_or(u32::MAX), until))
}
