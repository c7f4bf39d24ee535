//! What the ledger knows of telling the organisation's own schedule.

use super::Change;
use crate::domain::Moment;
use crate::failure::Failure;
use async_trait::async_trait;

/// A change that is to be told now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// The change.
    pub change: Change,
    /// How often telling it has failed.
    pub attempts: u32,
    /// Whether it waits in the backlog.
    pub(super) waited: bool,
}

/// How telling stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegistryState {
    /// Changes that were not told yet.
    pub waiting: u64,
    /// When the command last took one.
    pub last_told_at: Option<Moment>,
    /// Since when every run has failed.
    pub failing_since: Option<Moment>,
    /// Code of the last failure.
    pub last_error: Option<String>,
}

/// The registry's part of the ledger.
#[async_trait]
pub trait RegistryLedger {
    /// Takes telling into the hands of `holder` until `until`, or goes on with it; false while it is
    /// in another's.
    async fn lease_registry(
        &self,
        holder: i64,
        now: Moment,
        until: Moment,
    ) -> Result<bool, Failure>;

    /// Gives it back.
    async fn release_registry(&self, holder: i64) -> Result<(), Failure>;

    /// The change that is to be told next: one that failed and is due again, else the next of the
    /// feed. A change behind another of its booking that waits waits with it.
    async fn next_telling(&self, now: Moment) -> Result<Option<Telling>, Failure>;

    /// The command took the change.
    async fn note_told(&self, telling: &Telling, now: Moment) -> Result<(), Failure>;

    /// The command did not take it: it is due again at `due_at`.
    async fn note_untold(
        &self,
        telling: &Telling,
        error: &str,
        due_at: Moment,
        now: Moment,
    ) -> Result<(), Failure>;

    /// How telling stands.
    async fn registry_state(&self) -> Result<RegistryState, Failure>;
}
