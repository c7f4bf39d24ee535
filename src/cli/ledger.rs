//! The one place where commands reach the database.

use crate::config::Settings;
use crate::domain::{BookingId, DocumentKey, Moment};
use crate::failure::Failure;
use crate::record::{self, Ledger};
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Opens the ledger that the settings name, as it is.
pub async fn open(settings: &Settings) -> Result<Arc<dyn Ledger>, Failure> {
    record::open(&settings.database.url, settings.limits()).await
}

/// Brings a database that was prepared before to this program's version. One that never was is
/// refused: `database.url` may be mistyped, and an empty ledger would answer every letter wrongly.
pub async fn open_updated(settings: &Settings) -> Result<Arc<dyn Ledger>, Failure> {
    let report = record::update(&settings.database.url).await?;
    if !report.applied.is_empty() {
        tracing::info!(
            version = report.version,
            applied = report.applied.len(),
            "the database was brought to the version of this program"
        );
    }
    open(settings).await
}

/// Prepares the database first, a new one too: for the command that fills it.
pub async fn open_migrated(settings: &Settings) -> Result<Arc<dyn Ledger>, Failure> {
    record::migrate(&settings.database.url).await?;
    open(settings).await
}

/// The key that signs documents; made when it is asked for the first time.
pub async fn document_key(ledger: &dyn Ledger, now: Moment) -> Result<DocumentKey, Failure> {
    let mut seed = [0; 32];
    SystemRandom::new().fill(&mut seed).map_err(|_| {
        Failure::stop(
            "the system gives no random numbers for the key of documents",
            "Mend the system's random number generator",
        )
    })?;
    ledger.document_key(&seed, now).await
}

/// The numbers of the bookings that lines of a list are about; each is looked up once.
pub struct Numbers(BTreeMap<BookingId, String>);

impl Numbers {
    /// Looks them up; a booking that is gone has none.
    pub async fn of(
        ledger: &dyn Ledger,
        bookings: impl Iterator<Item = Option<BookingId>>,
    ) -> Result<Self, Failure> {
        let mut known = BTreeMap::new();
        for id in bookings.flatten().collect::<BTreeSet<BookingId>>() {
            if let Some(booking) = ledger.booking_by_id(id).await? {
                known.insert(id, booking.number.as_str().to_owned());
            }
        }
        Ok(Self(known))
    }

    /// The number of a booking.
    pub fn get(&self, booking: Option<BookingId>) -> Option<&str> {
        self.0.get(&booking?).map(String::as_str)
    }
}
