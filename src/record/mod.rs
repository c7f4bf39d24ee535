//! Step 6, record: everything that a decision causes becomes one database transaction. I/O.

mod counts;
mod fault;
mod importing;
mod letter_state;
mod outbox_state;
mod opening;
mod desk;
mod seals;
mod documents;
mod registry;
mod privacy;
mod sanctions;
mod rows;
mod waiting;
mod slots;
#[expect(
    clippy::duplicate_mod,
    reason = "record/shared is compiled once for each database, against its dialect"
)]
mod postgres;
mod sqlite;

pub use counts::Counts;
pub use desk::{
    Acted, DeskDeed, DeskLedger, DeskLetter, DeskNote, DeskSighting, LastAct, LikelyQuery,
    StaffCase, StaffJudge, StaffOrder,
};
pub use documents::{DocumentLedger, IssuedDocument};
pub use importing::{BookingImport, Clash, ImportReport, RefusedImport};
pub use opening::{MigrationReport, migrate, open, update};
pub use outbox_state::OutboxState;
pub use privacy::{
    HeldCancellation, HeldDocument, HeldOnPerson, HeldReview, PrivacyLedger, Purged,
    RETENTION_CHAIN,
};
pub use registry::{RegistryLedger, RegistryState, Telling};
pub use sanctions::{SanctionFilter, SanctionJudge, SanctionLedger, SanctionsSettled};
pub use seals::{JournalLedger, NumberedEntry, SEALS, Verified};
pub use slots::{
    PlaceAct, SlotAct, SlotFilter, SlotImport, SlotLedger, SlotReport, WaitingImport,
    WaitingRecord, WaitingReport,
};
pub use waiting::{Wait, Waits};

use crate::decide::{Case, Consequences, Decision, Facts, FactsQuery, Judgement, Note};
use crate::domain::{
    Booking, BookingId, BookingNumber, Channel, ContentHash, EmailAddress, Folder, JournalEntry,
    Keyword, LetterId, LetterState, Moment, Place, Reason,
};
use crate::failure::Failure;
use crate::intake::Listed;
use crate::reply::OutgoingLetter;
use crate::request::RequestReading;
use crate::verify::SenderEvidence;
use async_trait::async_trait;

/// A letter that was fetched, before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Where it lies, when the server received it, and its size.
    pub listed: Listed,
    /// SHA-256 of its bytes (over the cap: of its first 256 KB and its size).
    pub raw_hash: ContentHash,
}

/// What the ledger says to a [`Sighting`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenIn {
    /// The letter's id.
    pub letter: LetterId,
    /// When the server first received these bytes; kept from the first sighting for ever.
    pub received_at: Moment,
    /// Which attempt at a decision this is. From the second on it is read alone, each counted by
    /// [`Ledger::take_in_hand`] before it is made.
    pub attempts: u32,
    /// It was decided before: its filing order now names the new place, nothing else is to do.
    pub decided: bool,
}

/// A decision that was committed.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The letter.
    pub letter: LetterId,
    /// The decision with its gates.
    pub judgement: Judgement,
}

/// The outcome of deciding one letter.
pub type Outcome = (LetterId, Result<Recorded, Failure>);

/// The pure function that turns a case and its facts into a judgement, inside the transaction.
pub type Judge<'a> = &'a (dyn Fn(&Case, &Facts) -> Judgement + Send + Sync);

/// The pure function that turns a booking and an operator's command into what it causes.
pub type Act<'a> =
    &'a (dyn Fn(&Booking) -> Result<(Decision, Consequences), Failure> + Send + Sync);

/// A due letter of ours, leased to the caller until a time; its attempt is counted already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// The row's id.
    pub id: i64,
    /// The letter.
    pub letter: OutgoingLetter,
    /// `due`, `sent`, `undeliverable`, `given_up`.
    pub state: OutboxState,
    /// Attempts so far, this one included; those for which the way was closed do not count.
    pub attempts: u32,
    /// When the row was made.
    pub created_at: Moment,
    /// When it was due for the first time, by the budget or the operator's retry.
    pub not_before: Moment,
    /// Not to be sent before.
    pub due_at: Moment,
    /// When it was sent.
    pub sent_at: Option<Moment>,
    /// Code of the last failure, `smtp_451` or `network`; never the server's words.
    pub last_error: Option<String>,
    /// SHA-256 of the document when it was first issued, where it was.
    pub document_hash: Option<ContentHash>,
}

/// How an attempt to send ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The row.
    pub row: i64,
    /// The row's new state; `Due` means another try.
    pub state: OutboxState,
    /// When it may be tried again, for `Due`.
    pub due_at: Moment,
    /// Code of the failure.
    pub error: Option<String>,
    /// SHA-256 of the attached document, when one was sent.
    pub document_hash: Option<ContentHash>,
    /// Whether this letter was tried; where only the way was closed, the attempt is taken back.
    pub tried: bool,
}

/// A letter to be moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilingOrder {
    /// The letter.
    pub letter: LetterId,
    /// Where it lies.
    pub place: Place,
    /// Where it belongs.
    pub to: Folder,
    /// Keywords on it.
    pub keywords: Vec<Keyword>,
    /// A note beside it.
    pub note: Option<Note>,
    /// How often it was tried before; above 0 the note may lie there already.
    pub attempts: u32,
}

/// Which bookings to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookingFilter {
    /// Only this state ([`crate::domain::BookingState::code`]).
    pub state: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// Which letters to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterFilter {
    /// Only this state.
    pub state: Option<LetterState>,
    /// Only this reason.
    pub reason: Option<Reason>,
    /// At most so many, newest first.
    pub limit: u32,
}

/// A letter as the ledger holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct LetterRecord {
    /// Its id.
    pub id: LetterId,
    /// SHA-256 of its bytes.
    pub raw_hash: ContentHash,
    /// When the server first received it.
    pub received_at: Moment,
    /// Size in octets.
    pub size: u64,
    /// How far it has come.
    pub state: LetterState,
    /// The decision's code, once there is one.
    pub decision: Option<String>,
    /// The reason with which it is held.
    pub reason: Option<Reason>,
    /// The booking that it was about.
    pub booking: Option<BookingId>,
    /// Where it was seen last.
    pub place: Place,
    /// What was read; emptied by retention.
    pub reading: Option<RequestReading>,
    /// From; emptied by retention.
    pub sender: Option<EmailAddress>,
    /// Subject; emptied by retention.
    pub subject: Option<String>,
    /// The gates, as JSON text.
    pub gates: Option<String>,
}

/// An entry of the numbered change feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Number of the change, from 1, without gaps.
    pub seq: i64,
    /// When it was recorded.
    pub at: Moment,
    /// The booking.
    pub booking: BookingId,
    /// Its number.
    pub number: BookingNumber,
    /// `imported`, `changed`, `rescheduled`, `cancelled`, `restored`, `booked`.
    pub kind: String,
    /// The booking's state afterwards, [`crate::domain::BookingState::code`].
    pub state: String,
    /// Start of the appointment afterwards.
    pub starts_at: Moment,
    /// By which way.
    pub channel: Channel,
}

/// An address on file to which a letter of ours could not be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BouncedAddress {
    /// The address.
    pub address: EmailAddress,
    /// When the last bounce was received.
    pub bounced_at: Moment,
}

/// A fault that `journal verify` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalFault {
    /// The chain.
    pub chain: String,
    /// The position at which it breaks.
    pub position: i64,
}

/// The database. SQLite and PostgreSQL keep the same contract; one suite of tests holds both to it.
///
/// A locked or unreachable database is [`Failure::TryAgain`]; a database that is newer than the
/// program or damaged is [`Failure::Stop`].
#[async_trait]
pub trait Ledger:
    DeskLedger
    + SlotLedger
    + JournalLedger
    + DocumentLedger
    + RegistryLedger
    + PrivacyLedger
    + SanctionLedger
    + Send
    + Sync
{
    /// Notes which mailbox this ledger serves, at first use; a ledger of another mailbox is refused
    /// with [`Failure::Stop`], because filing orders name places in one mailbox only. `identity`
    /// is the hash of the mailbox's host, user and folder.
    async fn claim_mailbox(&self, identity: &ContentHash) -> Result<(), Failure>;

    /// Notes letters before they are read: one transaction, one answer for each, in order.
    /// The same bytes give the same letter; its first receipt time is kept. A letter that was
    /// decided gets a fresh filing order with the new place.
    async fn take_in(&self, letters: &[Sighting], now: Moment) -> Result<Vec<TakenIn>, Failure>;

    /// Counts an attempt at this one letter before it is made: the letters beside it are not to
    /// blame when the process ends.
    async fn take_in_hand(&self, letter: LetterId) -> Result<(), Failure>;

    /// Decides letters: reads the facts, asks `judge`, writes all consequences, in one
    /// transaction with a savepoint for each. Where the batch fails as a whole, each is tried in
    /// a transaction of its own; then the outcome of each stands for itself. Letters that were
    /// decided meanwhile are left out. Answers over the budget get a later due time. Where `judge`
    /// panics the letter's outcome is [`Failure::HoldForStaff`]; a passing failure says nothing
    /// about the letter.
    async fn decide(
        &self,
        cases: &[Case],
        judge: Judge<'_>,
        now: Moment,
    ) -> Result<Vec<Outcome>, Failure>;

    /// Takes one attempt back from those of these letters that are still undecided: a fault of
    /// the database or the network is not the letter's.
    async fn take_back(&self, letters: &[LetterId]) -> Result<(), Failure>;

    /// Letters without a decision that wait for DNS.
    async fn waiting(&self) -> Result<Waits, Failure>;

    /// Notes that these wait: one transaction.
    async fn put_off(&self, waits: &[Wait]) -> Result<(), Failure>;

    /// What spoke for the sender of a letter when it was decided before: it is used for ever after.
    async fn evidence(&self, letter: LetterId) -> Result<Option<SenderEvidence>, Failure>;

    /// The facts for a case without any effect: for `otmena explain`.
    async fn facts(&self, query: &FactsQuery, now: Moment) -> Result<Facts, Failure>;

    /// Leases due letters of ours until `leased_until` and counts the attempt. A row whose lease
    /// has run out is due again.
    async fn lease_letters(
        &self,
        now: Moment,
        leased_until: Moment,
        limit: u32,
    ) -> Result<Vec<OutboxRow>, Failure>;

    /// Notes how attempts ended: one transaction. The first hash of a document is journaled; when
    /// the last answer to a letter is sent, the letter becomes `answered` (or stays `held`).
    async fn settle_letters(&self, attempts: &[Attempt], now: Moment) -> Result<(), Failure>;

    /// When the next letter of ours is due.
    async fn next_letter_due(&self) -> Result<Option<Moment>, Failure>;

    /// Leases filing orders that are due for 20 seconds, oldest first; counts the attempt.
    async fn due_filings(&self, now: Moment, limit: u32) -> Result<Vec<FilingOrder>, Failure>;

    /// Notes that these letters were moved from these places into their folders: one transaction.
    /// Letters become `filed`, held ones stay `held`. An order that names another place by now
    /// stays open: it is about another copy.
    async fn settle_filings(&self, done: &[(LetterId, Place)], now: Moment) -> Result<(), Failure>;

    /// Notes that these could not be moved now and are due again at `due_at`; ends their lease.
    async fn postpone_filings(&self, letters: &[LetterId], due_at: Moment) -> Result<(), Failure>;

    /// Imports bookings, all or nothing. A second import changes details, never the state; a
    /// changed start is a reschedule by the organisation. Where a number on file belongs to
    /// another booking, the report names it and nothing is imported.
    async fn import_bookings(
        &self,
        bookings: &[BookingImport],
        now: Moment,
    ) -> Result<ImportReport, Failure>;

    /// A booking by its lookup key.
    async fn booking(&self, number_key: &str) -> Result<Option<Booking>, Failure>;

    /// A booking by its id.
    async fn booking_by_id(&self, id: BookingId) -> Result<Option<Booking>, Failure>;

    /// Bookings by start.
    async fn bookings(&self, filter: &BookingFilter) -> Result<Vec<Booking>, Failure>;

    /// Acts on one booking by an operator's command: reads it, asks `act` (pure), and records the
    /// consequences in the same transaction. `None` when there is no such booking.
    async fn act_on_booking(
        &self,
        number_key: &str,
        act: Act<'_>,
        now: Moment,
    ) -> Result<Option<Decision>, Failure>;

    /// Changes behind `after`, in order.
    async fn changes(&self, after: i64, limit: u32) -> Result<Vec<Change>, Failure>;

    /// Letters, newest first.
    async fn letters(&self, filter: &LetterFilter) -> Result<Vec<LetterRecord>, Failure>;

    /// One letter.
    async fn letter(&self, id: LetterId) -> Result<Option<LetterRecord>, Failure>;

    /// Rows of the outbox, newest first; all states where `state` is `None`.
    async fn outbox(
        &self,
        state: Option<OutboxState>,
        limit: u32,
    ) -> Result<Vec<OutboxRow>, Failure>;

    /// Makes rows due at once that are due later, undeliverable or given up; all of these where
    /// `ids` is empty. Gives their number.
    async fn retry_outbox(&self, ids: &[i64], now: Moment) -> Result<u64, Failure>;

    /// The journal of a chain, `booking:<id>` or `letter:<id>`.
    async fn journal(&self, chain: &str) -> Result<Vec<JournalEntry>, Failure>;

    /// The addresses on file of a booking to which letters of ours could not be delivered.
    async fn bounced_addresses(&self, booking: BookingId) -> Result<Vec<BouncedAddress>, Failure>;

    /// Which of these letters wait for an operator's word, because too many cancellations came at
    /// once.
    async fn waiting_letters(&self, letters: &[LetterId]) -> Result<Vec<LetterId>, Failure>;

    /// Lets all letters pass that wait so: the next scan decides them, by their first receipt.
    /// Gives their number.
    async fn release_breaker(&self, now: Moment) -> Result<u64, Failure>;

    /// Counts for `check` and metrics.
    async fn counts(&self) -> Result<Counts, Failure>;
}
