//! The one place where commands reach the database.

use crate::config::Settings;
use crate::failure::Failure;
use crate::record::{self, Ledger};
use std::sync::Arc;

/// Opens the ledger that the settings name. Makes no tables: `otmena migrate` and `otmena run` do.
pub async fn open(settings: &Settings) -> Result<Arc<dyn Ledger>, Failure> {
    record::open(&settings.database.url, settings.budget).await
}
