//! Letters that arrived, and where they are filed.

use super::{count, small};
use crate::domain::{
    BookingId, ContentHash, EmailAddress, Folder, LetterId, LetterState, Moment, Place, Reason,
};
use crate::failure::Failure;
use crate::record::fault::damaged;
use crate::record::{FilingOrder, LetterRecord};
use sqlx::FromRow;

/// A filing order.
#[derive(FromRow)]
pub struct FilingRow {
    letter_id: i64,
    place_folder: String,
    place_validity: i64,
    place_key: String,
    target: String,
    keywords: String,
    note: Option<String>,
    attempts: i64,
}

impl FilingRow {
    /// The order; `attempts` in the row counts the attempt that begins now.
    pub fn order(self) -> Result<FilingOrder, Failure> {
        let id = self.letter_id;
        self.read().ok_or_else(|| damaged("filings", id))
    }

    fn read(self) -> Option<FilingOrder> {
        let note = match self.note.as_deref() {
            Some(note) => Some(serde_json::from_str(note).ok()?),
            None => None,
        };
        Some(FilingOrder {
            letter: LetterId(self.letter_id),
            place: place(&self.place_folder, self.place_validity, self.place_key)?,
            to: Folder::parse(&self.target)?,
            keywords: serde_json::from_str(&self.keywords).ok()?,
            note,
            attempts: small(self.attempts.saturating_sub(1)),
        })
    }
}

fn place(folder: &str, validity: i64, key: String) -> Option<Place> {
    Some(Place {
        folder: Folder::parse(folder)?,
        validity: u32::try_from(validity).ok()?,
        key,
    })
}

/// A letter with its words.
#[derive(FromRow)]
pub struct LetterRow {
    id: i64,
    raw_hash: Vec<u8>,
    received_at: i64,
    size: i64,
    state: String,
    decision: Option<String>,
    reason: Option<String>,
    booking_id: Option<i64>,
    gates: Option<String>,
    place_folder: String,
    place_validity: i64,
    place_key: String,
    sender: Option<String>,
    subject: Option<String>,
    reading: Option<String>,
}

impl LetterRow {
    /// The letter.
    pub fn record(self) -> Result<LetterRecord, Failure> {
        let id = self.id;
        self.read().ok_or_else(|| damaged("letters", id))
    }

    fn read(self) -> Option<LetterRecord> {
        let reading = match self.reading.as_deref() {
            Some(reading) => Some(serde_json::from_str(reading).ok()?),
            None => None,
        };
        let reason = match self.reason.as_deref() {
            Some(code) => Some(Reason::parse(code)?),
            None => None,
        };
        Some(LetterRecord {
            id: LetterId(self.id),
            raw_hash: ContentHash::from_slice(&self.raw_hash)?,
            received_at: Moment::from_micros(self.received_at),
            size: count(self.size),
            state: LetterState::parse(&self.state)?,
            decision: self.decision,
            reason,
            booking: self.booking_id.map(BookingId),
            place: place(&self.place_folder, self.place_validity, self.place_key)?,
            reading,
            sender: self.sender.as_deref().and_then(EmailAddress::parse),
            subject: self.subject,
            gates: self.gates,
        })
    }
}
