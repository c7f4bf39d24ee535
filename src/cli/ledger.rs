//! The one place where commands reach the database.

use crate::config::Settings;
use crate::failure::Failure;
use crate::record::{self, Ledger};
use std::sync::Arc;

/// Opens the ledger that the settings name, as it is.
pub async fn open(settings: &Settings) -> Result<Arc<dyn Ledger>, Failure> {
    record::open(&settings.database.url, settings.budget).await
}

/// Brings the database to this program's version first: for the commands that fill it.
pub async fn open_migrated(settings: &Settings) -> Result<Arc<dyn Ledger>, Failure> {
    record::migrate(&settings.database.url).await?;
    open(settings).await
}
