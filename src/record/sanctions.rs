//! The ledger's part about sanctions.

use crate::decide::{LateFacts, SanctionJudgement, SanctionObstacle};
use crate::domain::{Booking, Sanction, SanctionState};
use crate::failure::Failure;
use async_trait::async_trait;

/// Which sanctions to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SanctionFilter {
    /// Only this state.
    pub state: Option<SanctionState>,
    /// At most so many, newest first.
    pub limit: u32,
}

/// The pure function that decides about sanctions of one cancellation of a booking.
pub type SanctionJudge<'a> = &'a (
        dyn Fn(&Booking, &LateFacts, &[Sanction]) -> Result<SanctionJudgement, SanctionObstacle>
            + Send
            + Sync
    );

/// What became of sanctions of one cancellation: their ids, and what stood against it.
pub type SanctionsSettled = (Vec<i64>, Result<(), SanctionObstacle>);

/// The sanctions' part of the ledger.
#[async_trait]
pub trait SanctionLedger {
    /// Sanctions, newest first.
    async fn sanctions(&self, filter: &SanctionFilter) -> Result<Vec<Sanction>, Failure>;

    /// Decides about these sanctions, those of one cancellation together, and records all that it
    /// causes: one transaction. Ids that are none are left out of the answer.
    async fn settle_sanctions(
        &self,
        ids: &[i64],
        judge: SanctionJudge<'_>,
        now: crate::domain::Moment,
    ) -> Result<Vec<SanctionsSettled>, Failure>;
}
