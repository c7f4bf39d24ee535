//! The breaker: too many cancellations at once look like an attack, and wait for an operator's word.

use super::consequences::Outcome;
use super::rules::Trail;
use super::{CancellationRates, Decision, Facts};

/// Stops a cancellation, or a review that takes a booking out of the schedule, where the rate is over
/// the limit. What an operator or staff cancel does not come this way.
pub(super) fn settle<'a>(outcome: Outcome<'a>, facts: &'a Facts, trail: &mut Trail) -> Outcome<'a> {
    let Some(booking) = outcome.booking.filter(|_| {
        matches!(
            outcome.decision,
            Decision::Cancelled | Decision::UnderReview
        )
    }) else {
        return outcome;
    };
    let Some(scope) = full(&facts.rates, &booking.booking.organisation.name) else {
        return outcome;
    };
    trail.note(
        "breaker",
        format!("stopped: too many cancellations of one {scope}"),
    );
    Outcome::about(Decision::AwaitsOperator, booking, true)
}

/// The scope whose limit is reached.
fn full(rates: &CancellationRates, organisation: &str) -> Option<&'static str> {
    if rates.limit == 0 || rates.released {
        return None;
    }
    let of_organisation = rates
        .by_organisation
        .iter()
        .find(|(name, _)| name == organisation)
        .map_or(0, |(_, count)| *count);
    if of_organisation >= rates.limit {
        Some("organisation")
    } else {
        (rates.by_domain >= rates.limit).then_some("sending domain")
    }
}
