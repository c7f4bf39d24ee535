//! How much of everything the ledger holds.

/// How many of each, for `check`, metrics and the first start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Bookings.
    pub bookings: u64,
    /// Letters ever taken in.
    pub letters: u64,
    /// Letters with staff.
    pub held: u64,
    /// Letters of ours that are due.
    pub outbox_due: u64,
    /// Letters of ours that could not be delivered.
    pub outbox_failed: u64,
    /// Answers that were parked because they are over a budget.
    pub outbox_parked: u64,
    /// Letters that wait for an operator's word because too many cancellations came at once.
    pub breaker_waiting: u64,
    /// Filing orders that are due.
    pub filings_due: u64,
}
