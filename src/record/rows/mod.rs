//! Rows of the tables and the values that they stand for; the same for both databases.

mod booking;
mod letter;
mod outgoing;
mod slot;
mod late;

pub use booking::{BookingFactsRow, BookingRow, ChallengeRow};
pub use late::{CountedRow, ReviewRow, SanctionRow};
pub use letter::{FilingRow, LetterRow};
pub use outgoing::OutgoingRow;
pub use slot::{InLineRow, OfferRow, SlotRow, WaiterRow, WaitingRow};

use super::Change;
use super::fault::damaged;
use crate::domain::{
    BookingId, BookingNumber, Channel, ContentHash, EmailAddress, JournalEntry, Moment,
};
use crate::failure::Failure;
use sqlx::FromRow;

/// PostgreSQL's text holds no NUL; nor has one any meaning in a name or subject.
pub fn clean(text: &str) -> String {
    text.replace('\0', "")
}

/// A count or size as the ledger's integer.
pub fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// An integer of the ledger as a count; negative ones do not occur.
pub fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The ledger's word for a channel.
pub const fn channel_code(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail => "mail",
        Channel::Command => "command",
        Channel::Phone => "phone",
        Channel::Visit => "visit",
        Channel::Organisation => "organisation",
    }
}

fn parse_channel(code: &str) -> Option<Channel> {
    [
        Channel::Mail,
        Channel::Command,
        Channel::Phone,
        Channel::Visit,
        Channel::Organisation,
    ]
    .into_iter()
    .find(|channel| channel_code(*channel) == code)
}

/// The addresses that a query joined with `;`.
pub fn addresses(joined: Option<&str>) -> Vec<EmailAddress> {
    joined
        .unwrap_or_default()
        .split(';')
        .filter_map(EmailAddress::parse)
        .collect()
}

/// An entry of the journal.
#[derive(FromRow)]
pub struct JournalRow {
    chain: String,
    position: i64,
    kind: String,
    actor: String,
    at: i64,
    data: String,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

impl From<JournalRow> for JournalEntry {
    /// A hash of the wrong length becomes zeros: `journal verify` then names the entry.
    fn from(row: JournalRow) -> Self {
        let hash = |bytes: &[u8]| ContentHash::from_slice(bytes).unwrap_or(ContentHash([0; 32]));
        Self {
            position: row.position,
            at: Moment::from_micros(row.at),
            previous: hash(&row.previous),
            hash: hash(&row.hash),
            chain: row.chain,
            kind: row.kind,
            actor: row.actor,
            data: row.data,
        }
    }
}

/// An entry of the change feed.
#[derive(FromRow)]
pub struct ChangeRow {
    seq: i64,
    at: i64,
    booking_id: i64,
    number: String,
    kind: String,
    state: String,
    starts_at: i64,
    channel: String,
}

impl ChangeRow {
    /// The change.
    pub fn change(self) -> Result<Change, Failure> {
        let fault = damaged("changes", self.seq);
        let (Some(number), Some(channel)) = (
            BookingNumber::parse(&self.number),
            parse_channel(&self.channel),
        ) else {
            return Err(fault);
        };
        Ok(Change {
            seq: self.seq,
            at: Moment::from_micros(self.at),
            booking: BookingId(self.booking_id),
            number,
            kind: self.kind,
            state: self.state,
            starts_at: Moment::from_micros(self.starts_at),
            channel,
        })
    }
}
