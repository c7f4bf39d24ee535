//! The ledger in SQL that both databases understand. This folder is compiled once for each of
//! them: it takes its types and the few statements that differ from the `dialect` beside it.

mod schema;
mod letters;
mod facts;
mod senders;
mod decisions;
mod consequences;
mod bookings;
mod import;
mod journal;
mod seals;
mod documents;
mod registry;
mod persons;
mod privacy;
mod changes;
mod outbox;
mod budget;
mod bounces;
mod breaker;
mod filings;
mod mailbox;
mod waits;
mod signed;
mod late;
mod late_facts;
mod sanctions;
mod desk;
mod slots;

pub(super) use schema::{check_schema, migrate, update};

use super::dialect::{self, Connection, Db, Pool, Transaction};
use crate::config::Limits;
use crate::decide::{Case, Decision, Facts, FactsQuery};
use crate::domain::{Booking, BookingId, ContentHash, JournalEntry, LetterId, Moment, Place};
use crate::failure::Failure;
use crate::record::rows::count;
use crate::record::{
    Act, Attempt, BookingFilter, BookingImport, BouncedAddress, Change, Counts, FilingOrder,
    ImportReport, Judge, Ledger, LetterFilter, LetterRecord, OutboxRow, OutboxState, Outcome,
    Sighting, TakenIn, Wait, Waits,
};
use crate::verify::SenderEvidence;
use async_trait::async_trait;
use sqlx::pool::PoolConnection;

/// The ledger in one database.
pub struct SqlLedger {
    write: Pool,
    read: Pool,
    limits: Limits,
}

impl SqlLedger {
    /// Writes through one pool and reads through the other; they may be the same.
    pub fn new(write: Pool, read: Pool, limits: Limits) -> Self {
        Self {
            write,
            read,
            limits,
        }
    }

    async fn begin(&self) -> Result<Transaction, Failure> {
        Ok(self.write.begin_with(dialect::BEGIN).await?)
    }

    async fn reader(&self) -> Result<PoolConnection<Db>, Failure> {
        Ok(self.read.acquire().await?)
    }
}

#[async_trait]
impl Ledger for SqlLedger {
    async fn claim_mailbox(&self, identity: &ContentHash) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        mailbox::claim(&mut transaction, identity).await?;
        Ok(transaction.commit().await?)
    }

    async fn take_in(&self, letters: &[Sighting], now: Moment) -> Result<Vec<TakenIn>, Failure> {
        let mut transaction = self.begin().await?;
        let taken = letters::take_in(&mut transaction, letters, now).await?;
        transaction.commit().await?;
        Ok(taken)
    }

    async fn take_in_hand(&self, letter: LetterId) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        letters::take_in_hand(&mut transaction, letter).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn decide(
        &self,
        cases: &[Case],
        judge: Judge<'_>,
        now: Moment,
    ) -> Result<Vec<Outcome>, Failure> {
        if cases.is_empty() {
            return Ok(Vec::new());
        }
        self.decide_all(cases, judge, now).await
    }

    async fn take_back(&self, letters: &[LetterId]) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        letters::take_back(&mut transaction, letters).await?;
        Ok(transaction.commit().await?)
    }

    async fn waiting(&self) -> Result<Waits, Failure> {
        let waits = waits::waiting(&mut *self.reader().await?).await?;
        Ok(Waits::new(waits))
    }

    async fn put_off(&self, waits: &[Wait]) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        waits::put_off(&mut transaction, waits).await?;
        Ok(transaction.commit().await?)
    }

    async fn evidence(&self, letter: LetterId) -> Result<Option<SenderEvidence>, Failure> {
        waits::evidence(&mut *self.reader().await?, letter).await
    }

    async fn facts(&self, query: &FactsQuery, now: Moment) -> Result<Facts, Failure> {
        facts::gather(&mut *self.reader().await?, query, self.limits.breaker, now).await
    }

    async fn lease_letters(
        &self,
        now: Moment,
        leased_until: Moment,
        limit: u32,
    ) -> Result<Vec<OutboxRow>, Failure> {
        let mut transaction = self.begin().await?;
        let rows = outbox::lease(&mut transaction, now, leased_until, limit).await?;
        transaction.commit().await?;
        Ok(rows)
    }

    async fn settle_letters(&self, attempts: &[Attempt], now: Moment) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        outbox::settle(&mut transaction, attempts, now).await?;
        Ok(transaction.commit().await?)
    }

    async fn next_letter_due(&self) -> Result<Option<Moment>, Failure> {
        outbox::next_due(&mut *self.reader().await?).await
    }

    async fn due_filings(&self, now: Moment, limit: u32) -> Result<Vec<FilingOrder>, Failure> {
        let mut transaction = self.begin().await?;
        let orders = filings::due(&mut transaction, now, limit).await?;
        transaction.commit().await?;
        Ok(orders)
    }

    async fn settle_filings(
        &self,
        done: &[(LetterId, Place)],
        _now: Moment,
    ) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        filings::settle(&mut transaction, done).await?;
        Ok(transaction.commit().await?)
    }

    async fn postpone_filings(&self, letters: &[LetterId], due_at: Moment) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        filings::postpone(&mut transaction, letters, due_at).await?;
        Ok(transaction.commit().await?)
    }

    async fn import_bookings(
        &self,
        bookings: &[BookingImport],
        now: Moment,
    ) -> Result<ImportReport, Failure> {
        let mut transaction = self.begin().await?;
        let (report, pending) = import::import(&mut transaction, bookings, now).await?;
        if !report.refused.is_empty() {
            transaction.rollback().await?;
            return Ok(report);
        }
        changes::write(&mut transaction, &pending, now).await?;
        transaction.commit().await?;
        Ok(report)
    }

    async fn booking(&self, number_key: &str) -> Result<Option<Booking>, Failure> {
        bookings::by_key(&mut *self.reader().await?, number_key).await
    }

    async fn booking_by_id(&self, id: BookingId) -> Result<Option<Booking>, Failure> {
        bookings::by_id(&mut *self.reader().await?, id).await
    }

    async fn bookings(&self, filter: &BookingFilter) -> Result<Vec<Booking>, Failure> {
        bookings::list(&mut *self.reader().await?, filter).await
    }

    async fn act_on_booking(
        &self,
        number_key: &str,
        act: Act<'_>,
        now: Moment,
    ) -> Result<Option<Decision>, Failure> {
        let mut transaction = self.begin().await?;
        let connection: &mut Connection = &mut transaction;
        dialect::lock_bookings(connection, &[number_key.to_owned()], &[], &[]).await?;
        let Some(booking) = bookings::by_key(connection, number_key).await? else {
            return Ok(None);
        };
        let (decision, caused) = act(&booking)?;
        let change =
            consequences::write(connection, &caused, &[&booking], self.limits.budget, now).await?;
        changes::write(connection, &change, now).await?;
        transaction.commit().await?;
        Ok(Some(decision))
    }

    async fn changes(&self, after: i64, limit: u32) -> Result<Vec<Change>, Failure> {
        changes::read(&mut *self.reader().await?, after, limit).await
    }

    async fn letters(&self, filter: &LetterFilter) -> Result<Vec<LetterRecord>, Failure> {
        letters::list(&mut *self.reader().await?, filter).await
    }

    async fn letter(&self, id: LetterId) -> Result<Option<LetterRecord>, Failure> {
        letters::by_id(&mut *self.reader().await?, id).await
    }

    async fn outbox(
        &self,
        state: Option<OutboxState>,
        limit: u32,
    ) -> Result<Vec<OutboxRow>, Failure> {
        outbox::list(&mut *self.reader().await?, state, limit).await
    }

    async fn retry_outbox(&self, ids: &[i64], now: Moment) -> Result<u64, Failure> {
        let mut transaction = self.begin().await?;
        let number = outbox::retry(&mut transaction, ids, now).await?;
        transaction.commit().await?;
        Ok(number)
    }

    async fn journal(&self, chain: &str) -> Result<Vec<JournalEntry>, Failure> {
        journal::read(&mut *self.reader().await?, chain).await
    }

    async fn bounced_addresses(&self, booking: BookingId) -> Result<Vec<BouncedAddress>, Failure> {
        bounces::of_booking(&mut *self.reader().await?, booking).await
    }

    async fn waiting_letters(&self, letters: &[LetterId]) -> Result<Vec<LetterId>, Failure> {
        breaker::waiting(&mut *self.reader().await?, letters).await
    }

    async fn release_breaker(&self, now: Moment) -> Result<u64, Failure> {
        let mut transaction = self.begin().await?;
        let number = breaker::release(&mut transaction, now).await?;
        transaction.commit().await?;
        Ok(number)
    }

    async fn counts(&self) -> Result<Counts, Failure> {
        let sql = "SELECT (SELECT count(*) FROM bookings), (SELECT count(*) FROM letters), \
            (SELECT count(*) FROM letters WHERE state = 'held'), \
            (SELECT count(*) FROM outbox WHERE state = 'due'), \
            (SELECT count(*) FROM outbox WHERE state IN ('undeliverable', 'given_up')), \
            (SELECT count(*) FROM filings WHERE NOT done), \
            (SELECT count(*) FROM outbox WHERE state = 'given_up' AND last_error = 'over_budget'), \
            (SELECT count(*) FROM waiting_letters WHERE released_at IS NULL)";
        let (bookings, letters, held, due, failed, filings, parked, waiting) =
            sqlx::query_as::<Db, (i64, i64, i64, i64, i64, i64, i64, i64)>(sql)
                .fetch_one(&mut *self.reader().await?)
                .await?;
        Ok(Counts {
            bookings: count(bookings),
            letters: count(letters),
            held: count(held),
            outbox_due: count(due),
            outbox_failed: count(failed),
            filings_due: count(filings),
            outbox_parked: count(parked),
            breaker_waiting: count(waiting),
        })
    }
}
