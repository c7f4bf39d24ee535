//! Letters of ours.

use super::small;
use crate::domain::{BookingId, ContentHash, EmailAddress, LetterId, MessageId, Moment};
use crate::failure::Failure;
use crate::record::fault::damaged;
use crate::record::{OutboxRow, OutboxState};
use crate::reply::{LetterKind, OutgoingLetter};
use sqlx::FromRow;

/// A row of the outbox.
#[derive(FromRow)]
pub struct OutgoingRow {
    id: i64,
    kind: String,
    answers: Option<i64>,
    booking_id: Option<i64>,
    recipient: String,
    message_id: String,
    thread: String,
    reply_to: Option<String>,
    date: i64,
    verified: bool,
    data: String,
    state: String,
    attempts: i64,
    created_at: i64,
    not_before: i64,
    due_at: i64,
    sent_at: Option<i64>,
    last_error: Option<String>,
    document_hash: Option<Vec<u8>>,
}

impl OutgoingRow {
    /// The row with its letter.
    pub fn row(self) -> Result<OutboxRow, Failure> {
        let id = self.id;
        self.read().ok_or_else(|| damaged("outbox", id))
    }

    fn read(self) -> Option<OutboxRow> {
        let thread: Vec<MessageId> = serde_json::from_str(&self.thread).ok()?;
        let reply_to = match self.reply_to.as_deref() {
            Some(address) => Some(EmailAddress::parse(address)?),
            None => None,
        };
        Some(OutboxRow {
            id: self.id,
            letter: OutgoingLetter {
                kind: LetterKind::parse(&self.kind)?,
                answers: self.answers.map(LetterId),
                booking: self.booking_id.map(BookingId),
                recipient: EmailAddress::parse(&self.recipient)?,
                message_id: MessageId::parse(&self.message_id)?,
                thread,
                reply_to,
                date: Moment::from_micros(self.date),
                verified: self.verified,
                data: serde_json::from_str(&self.data).ok()?,
            },
            state: OutboxState::parse(&self.state)?,
            attempts: small(self.attempts),
            created_at: Moment::from_micros(self.created_at),
            not_before: Moment::from_micros(self.not_before),
            due_at: Moment::from_micros(self.due_at),
            sent_at: self.sent_at.map(Moment::from_micros),
            last_error: self.last_error,
            document_hash: self
                .document_hash
                .as_deref()
                .and_then(ContentHash::from_slice),
        })
    }
}
