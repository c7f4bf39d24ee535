//! What the ledger knows of documents: the key that signs them, and what was issued.

use crate::domain::{BookingId, ContentHash, DocumentKey, Event, Moment};
use crate::failure::Failure;
use async_trait::async_trait;

/// A document as it was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IssuedDocument {
    /// SHA-256 of its bytes.
    pub hash: ContentHash,
    /// When these bytes were first sent.
    pub first_sent_at: Moment,
}

/// The documents' part of the ledger.
#[async_trait]
pub trait DocumentLedger {
    /// The key that signs documents. Where there is none yet, the one of `seed` is kept for ever;
    /// of two programs that start at once the first gives the seed.
    async fn document_key(&self, seed: &[u8; 32], now: Moment) -> Result<DocumentKey, Failure>;

    /// The key, if there is one.
    async fn kept_document_key(&self) -> Result<Option<DocumentKey>, Failure>;

    /// What was issued under this number, the first rendering first.
    async fn issued(&self, number: &str) -> Result<Vec<IssuedDocument>, Failure>;

    /// Whether, and when, exactly these bytes were issued.
    async fn issued_bytes(&self, hash: &ContentHash) -> Result<Option<Moment>, Failure>;

    /// Notes that a document was given out by `event`; a rendering that is new is journaled as
    /// issued, too: one transaction.
    async fn give_out(
        &self,
        booking: BookingId,
        number: &str,
        hash: &ContentHash,
        event: &Event,
        now: Moment,
    ) -> Result<(), Failure>;
}
