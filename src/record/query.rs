//! What must be looked up before a case can be decided. Pure.

use crate::decide::{Case, FactsQuery};
use crate::domain::{BookingId, ChallengeId, Purpose};

/// The look-ups that a case needs: by the number that its writer gave, by our tokens, by From, and
/// by its content. A number that is only quoted is not looked up: it counts only together with a
/// token, and the token names the booking.
pub fn facts_query(case: &Case) -> FactsQuery {
    let subjects = |purpose: Purpose| {
        let mut seen = Vec::new();
        for token in &case.evidence.tokens {
            if token.purpose == purpose && !seen.contains(&token.subject) {
                seen.push(token.subject);
            }
        }
        seen
    };
    FactsQuery {
        number_key: case.reading.number.as_ref().map(|n| n.lookup_key()),
        token_bookings: subjects(Purpose::Booking)
            .into_iter()
            .map(BookingId)
            .collect(),
        token_challenges: subjects(Purpose::Challenge)
            .into_iter()
            .map(ChallengeId)
            .collect(),
        sender: case.sender.clone(),
        content_hash: case.content_hash,
        letter: case.letter,
    }
}
