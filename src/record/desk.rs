//! What the ledger knows of the staff's desk: which dead letters were seen there, their notes, and
//! the acts of staff.

use crate::decide::{Case, Facts, StaffCommand, StaffJudgement, StaffOutcome};
use crate::domain::{
    Booking, BookingNumber, ContentHash, EmailAddress, LetterId, LetterState, MessageId, Moment,
    Place, Reason, StaffAct,
};
use crate::failure::Failure;
use crate::request::RequestReading;
use async_trait::async_trait;

/// A letter as the desk knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskLetter {
    /// Its id.
    pub id: LetterId,
    /// How far it has come.
    pub state: LetterState,
    /// The reason with which it is, or was, held.
    pub reason: Option<Reason>,
    /// When the server first received it.
    pub received_at: Moment,
    /// Size in octets.
    pub size: u64,
    /// When it was first seen in «Разбор»; only then it obeys an act folder.
    pub seen_at: Option<Moment>,
    /// Where it lies in «Разбор», when it does.
    pub place: Option<Place>,
    /// Since when it is in no folder of ours.
    pub missing_since: Option<Moment>,
    /// Whether a digest told so.
    pub reported: bool,
    /// The deadline of the nearest booking.
    pub deadline: Option<Moment>,
    /// The last act on it.
    pub acted: Option<LastAct>,
}

/// The last act of staff on a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastAct {
    /// The act.
    pub act: StaffAct,
    /// When it was recorded.
    pub at: Moment,
    /// Where the letter or its note had been dragged to; none for a command.
    pub place: Option<Place>,
}

/// A note of ours beside a dead letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskNote {
    /// Its Message-ID.
    pub message_id: MessageId,
    /// The letter that it is about.
    pub letter: LetterId,
    /// Its size in octets, once it was seen.
    pub size: Option<u64>,
    /// Where it lies in «Разбор», once it was seen.
    pub place: Option<Place>,
    /// The letter has gone on, or has another note: this one is to be removed.
    pub obsolete: bool,
}

/// A letter or note that was seen in «Разбор».
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskSighting {
    /// A dead letter.
    Letter(LetterId, Place),
    /// A note, with its size.
    Note(MessageId, Place, u64),
}

/// An act of staff, ready to be decided.
#[derive(Debug, Clone, Copy)]
pub struct StaffCase<'a> {
    /// The letter, read anew.
    pub case: &'a Case,
    /// What was ordered.
    pub command: &'a StaffCommand,
    /// Where the letter lies now.
    pub from: &'a Place,
    /// Where it or its note was dragged to; none for a command.
    pub dragged_to: Option<&'a Place>,
}

/// The pure function that decides an act; `None`: nothing would change, so nothing is recorded.
pub type StaffJudge<'a> = &'a (dyn Fn(&Facts, Reason) -> Option<StaffJudgement> + Send + Sync);

/// What became of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acted {
    /// It was recorded now.
    Done(StaffOutcome),
    /// It was recorded before; the letter is only filed again.
    Again,
    /// Somebody did something else with the letter before.
    Before(LastAct),
    /// Nothing was to be done.
    Nothing,
}

/// An order given by a command, to be carried out by the daemon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffOrder {
    /// The letter.
    pub letter: LetterId,
    /// The act and its circumstances.
    pub command: StaffCommand,
}

/// What is looked for when a letter's booking is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LikelyQuery {
    /// What was read.
    pub reading: RequestReading,
    /// From.
    pub sender: Option<EmailAddress>,
}

/// What was done at the desk, for the digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskDeed {
    /// The journal's kind of event.
    pub kind: String,
    /// The act, where there was one.
    pub act: Option<StaffAct>,
}

/// The desk's part of the ledger.
#[async_trait]
pub trait DeskLedger {
    /// The letters with these bytes, in order; `None` where there is none.
    async fn letters_by_bytes(
        &self,
        hashes: &[ContentHash],
    ) -> Result<Vec<Option<DeskLetter>>, Failure>;

    /// All held letters, oldest first.
    async fn desk_letters(&self) -> Result<Vec<DeskLetter>, Failure>;

    /// One letter of the desk.
    async fn desk_letter(&self, id: LetterId) -> Result<Option<DeskLetter>, Failure>;

    /// All notes that were ever expected in «Разбор» and not removed yet.
    async fn desk_notes(&self) -> Result<Vec<DeskNote>, Failure>;

    /// Notes what was seen in «Разбор»: one transaction. With a held letter its note is expected.
    async fn see(&self, sightings: &[DeskSighting], now: Moment) -> Result<(), Failure>;

    /// Notes that these held letters lie in no folder of ours.
    async fn miss(&self, letters: &[LetterId], now: Moment) -> Result<(), Failure>;

    /// Notes that a digest told of these missing letters; journaled once.
    async fn report_missing(&self, letters: &[LetterId], now: Moment) -> Result<(), Failure>;

    /// Forgets notes that were removed.
    async fn forget_notes(&self, notes: &[MessageId]) -> Result<(), Failure>;

    /// Decides an act on a held letter and records all that it causes: one transaction. The same
    /// drag is carried out once; what comes after another act does nothing.
    async fn act_on_letter(
        &self,
        act: StaffCase<'_>,
        judge: StaffJudge<'_>,
        now: Moment,
    ) -> Result<Acted, Failure>;

    /// Leaves an order for the daemon; false when the letter is not held.
    async fn leave_order(&self, order: &StaffOrder, now: Moment) -> Result<bool, Failure>;

    /// The orders that wait, oldest first.
    async fn staff_orders(&self) -> Result<Vec<StaffOrder>, Failure>;

    /// Counts an attempt to read a letter for an act, before it is made; gives which one it is.
    async fn begin_reading(&self, letter: LetterId) -> Result<u64, Failure>;

    /// The attempt came to its end: the program lives.
    async fn end_reading(&self, letter: LetterId) -> Result<(), Failure>;

    /// Takes an order off the list.
    async fn drop_order(&self, letter: LetterId) -> Result<(), Failure>;

    /// Bookings that a letter may be about: by number, name, telephone and address on file. At
    /// most about sixty.
    async fn likely_bookings(&self, wanted: &LikelyQuery) -> Result<Vec<Booking>, Failure>;

    /// Notes the deadline of the nearest booking where none is known.
    async fn note_deadline(&self, letter: LetterId, deadline: Moment) -> Result<(), Failure>;

    /// What was done at the desk from `from` until before `until`.
    async fn desk_deeds(&self, from: Moment, until: Moment) -> Result<Vec<DeskDeed>, Failure>;

    /// Numbers of the bookings whose address sent a letter of ours back in this time, for the
    /// digest.
    async fn unreached_bookings(&self, from: Moment, until: Moment)
    -> Result<Vec<String>, Failure>;

    /// Day (since 1970-01-01, on the staff's clocks) of the last digest; 0 before the first.
    async fn digest_day(&self) -> Result<i64, Failure>;

    /// Notes the day of the last digest.
    async fn note_digest_day(&self, day: i64) -> Result<(), Failure>;
}

/// A booking's number out of the ledger; one that is no number any more names no booking.
pub(super) fn ordered_booking(text: Option<String>) -> Option<BookingNumber> {
    text.as_deref().and_then(BookingNumber::parse)
}
