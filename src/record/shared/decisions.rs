//! Decides letters: facts, judgement and consequences in one transaction, a savepoint for each.

use super::super::dialect::{self, Connection, Db, Transaction};
use super::changes::{self, Pending};
use super::{SqlLedger, breaker, consequences, facts, filings, senders, signed, slots};
use crate::decide::{Case, Decision, Facts, Judgement, query};
use crate::domain::{Booking, EmailAddress, Moment, Reason};
use crate::failure::Failure;
use crate::record::rows::clean;
use crate::record::{Judge, Outcome, Recorded};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The outcome for the case with this index.
type Indexed = (usize, Outcome);

impl SqlLedger {
    /// Decides a batch; one by one where the batch fails as a whole. Outcomes stand in the order
    /// of the cases; letters that were decided meanwhile are left out.
    pub(super) async fn decide_all(
        &self,
        cases: &[Case],
        judge: Judge<'_>,
        now: Moment,
    ) -> Result<Vec<Outcome>, Failure> {
        let mut by_receipt: Vec<(usize, &Case)> = cases.iter().enumerate().collect();
        by_receipt.sort_by_key(|(_, case)| (case.received_at, case.letter));
        let transaction = self.begin().await?;
        let together = self.decide_in(transaction, &by_receipt, judge, now).await;
        let mut outcomes = match together {
            Ok(outcomes) => outcomes,
            Err(failure) if by_receipt.len() <= 1 => return Err(failure),
            Err(failure) => {
                tracing::warn!(
                    cause = failure.chain(),
                    letters = by_receipt.len(),
                    "a batch failed as a whole; its letters are decided one by one"
                );
                self.decide_singly(&by_receipt, judge, now).await
            }
        };
        outcomes.sort_by_key(|(index, _)| *index);
        Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
    }

    /// Each in a transaction of its own. When the database does not even begin one, the others
    /// are not tried: to wait for it once for each letter helps nobody.
    async fn decide_singly(
        &self,
        cases: &[(usize, &Case)],
        judge: Judge<'_>,
        now: Moment,
    ) -> Vec<Indexed> {
        let mut outcomes = Vec::with_capacity(cases.len());
        let mut gone = false;
        for (index, case) in cases {
            if gone {
                let failure = Failure::try_again("the database cannot be reached");
                outcomes.push((*index, (case.letter, Err(about(case, failure)))));
                continue;
            }
            let outcome = match self.begin().await {
                Ok(transaction) => {
                    let one = [(*index, *case)];
                    self.decide_in(transaction, &one, judge, now).await
                }
                Err(failure) => {
                    gone = true;
                    Err(failure)
                }
            };
            match outcome {
                Ok(outcome) => outcomes.extend(outcome),
                Err(failure) => outcomes.push((*index, (case.letter, Err(about(case, failure))))),
            }
        }
        outcomes
    }

    async fn decide_in(
        &self,
        mut transaction: Transaction,
        cases: &[(usize, &Case)],
        judge: Judge<'_>,
        now: Moment,
    ) -> Result<Vec<Indexed>, Failure> {
        let mut waiting = lock(&mut transaction, cases).await?;
        let mut outcomes = Vec::with_capacity(cases.len());
        let mut pending: Vec<Pending> = Vec::new();
        for (index, case) in cases {
            if !waiting.remove(&case.letter.0) {
                continue;
            }
            let outcome = self.decide_one(&mut transaction, case, judge, now).await?;
            let outcome = outcome.map(|(recorded, change)| {
                pending.extend(change);
                recorded
            });
            outcomes.push((*index, (case.letter, outcome)));
        }
        changes::write(&mut transaction, &pending, now).await?;
        transaction.commit().await?;
        Ok(outcomes)
    }

    /// The outer error means that the transaction cannot go on.
    async fn decide_one(
        &self,
        connection: &mut Connection,
        case: &Case,
        judge: Judge<'_>,
        now: Moment,
    ) -> Result<Result<(Recorded, Vec<Pending>), Failure>, Failure> {
        say(connection, "SAVEPOINT letter").await?;
        match self.record(connection, case, judge, now).await {
            Ok(recorded) => {
                say(connection, "RELEASE SAVEPOINT letter").await?;
                Ok(Ok(recorded))
            }
            Err(failure) => {
                say(connection, "ROLLBACK TO SAVEPOINT letter").await?;
                say(connection, "RELEASE SAVEPOINT letter").await?;
                Ok(Err(about(case, failure)))
            }
        }
    }

    async fn record(
        &self,
        connection: &mut Connection,
        case: &Case,
        judge: Judge<'_>,
        now: Moment,
    ) -> Result<(Recorded, Vec<Pending>), Failure> {
        let facts = facts::gather(connection, &query(case), self.limits.breaker, now).await?;
        let judgement = ask(case, &facts, judge)?;
        if let (Decision::AwaitsOperator, Some(booking)) =
            (&judgement.decision, judgement.consequences.booking)
        {
            breaker::stop(connection, case, booking, now).await?;
            let letter = case.letter;
            return Ok((Recorded { letter, judgement }, Vec::new()));
        }
        write_letter(connection, case, &judgement, now).await?;
        let known = bookings_of(&facts);
        let consequences = &judgement.consequences;
        let change =
            consequences::write(connection, consequences, &known, self.limits.budget, now).await?;
        senders::count_wrong_codes(connection, &consequences.wrong_codes, case).await?;
        filings::order(connection, case.letter, &consequences.filing, now).await?;
        let recorded = Recorded {
            letter: case.letter,
            judgement,
        };
        Ok((recorded, change))
    }
}

/// Locks the letters that still wait, then all bookings that the batch may touch, by id.
async fn lock(
    connection: &mut Connection,
    cases: &[(usize, &Case)],
) -> Result<BTreeSet<i64>, Failure> {
    let letters: Vec<i64> = cases.iter().map(|(_, case)| case.letter.0).collect();
    let waiting = sqlx::query_scalar::<Db, i64>(dialect::LOCK_UNDECIDED)
        .bind(dialect::set(&letters))
        .fetch_all(&mut *connection)
        .await?;
    let (mut keys, mut bookings, mut challenges) = (Vec::new(), Vec::new(), Vec::new());
    for (_, case) in cases {
        let wanted = query(case);
        keys.extend(wanted.number_key);
        bookings.extend(wanted.token_bookings.iter().map(|id| id.0));
        challenges.extend(wanted.token_challenges.iter().map(|id| id.0));
        bookings.extend(senders::touched(connection, case).await?);
        bookings.extend(slots::touched(connection, &wanted.slots.offers).await?);
    }
    dialect::lock_bookings(connection, &keys, &bookings, &challenges).await?;
    Ok(waiting.into_iter().collect())
}

/// A fault in the rules must cost one letter, not the daemon; unlike a fault of the database it
/// comes back with the letter, so that a person must look in the end.
fn ask(case: &Case, facts: &Facts, judge: Judge<'_>) -> Result<Judgement, Failure> {
    catch_unwind(AssertUnwindSafe(|| judge(case, facts))).map_err(|_| {
        tracing::error!(
            letter = case.letter.0,
            "the rules failed inside the program"
        );
        Failure::HoldForStaff {
            reason: Reason::LetterUnreadable,
        }
    })
}

/// Names the letter, so that the log tells which one failed.
fn about(case: &Case, failure: Failure) -> Failure {
    match failure {
        Failure::TryAgain { what, cause } => Failure::TryAgain {
            what: format!("letter {}: {what}", case.letter),
            cause,
        },
        Failure::HoldForStaff { .. } | Failure::Stop { .. } => failure,
    }
}

fn bookings_of(facts: &Facts) -> Vec<&Booking> {
    let by_challenge = facts.challenges.iter().map(|(_, booking)| booking);
    let by_code = facts.senders_challenges.iter().map(|typed| &typed.booking);
    facts
        .named
        .iter()
        .chain(&facts.by_token)
        .chain(by_challenge)
        .chain(by_code)
        .map(|facts| &facts.booking)
        .collect()
}

async fn write_letter(
    connection: &mut Connection,
    case: &Case,
    judgement: &Judgement,
    now: Moment,
) -> Result<(), Failure> {
    let json = |error: serde_json::Error| {
        Failure::try_again_because("a decision could not be written as JSON", error)
    };
    let sql = "UPDATE letters SET state = $1, content_hash = $2, decision = $3, reason = $4, \
               booking_id = $5, gates = $6, decided_at = $7 WHERE id = $8";
    sqlx::query(sql)
        .bind(judgement.consequences.letter_state.code())
        .bind(case.content_hash.map(|hash| hash.0.to_vec()))
        .bind(judgement.decision.code())
        .bind(judgement.decision.reason().map(|reason| reason.code()))
        .bind(judgement.consequences.booking.map(|id| id.0))
        .bind(serde_json::to_string(&judgement.gates).map_err(json)?)
        .bind(now.micros())
        .bind(case.letter.0)
        .execute(&mut *connection)
        .await?;
    let sql = "INSERT INTO letter_words (letter_id, sender, subject, reading, evidence) \
               VALUES ($1, $2, $3, $4, $5)";
    sqlx::query(sql)
        .bind(case.letter.0)
        .bind(case.sender.as_ref().map(EmailAddress::as_str))
        .bind(clean(&case.subject))
        .bind(serde_json::to_string(&case.reading).map_err(json)?)
        .bind(serde_json::to_string(&case.evidence).map_err(json)?)
        .execute(&mut *connection)
        .await?;
    match (case.evidence.content, judgement.consequences.booking) {
        (Some(content), Some(booking)) => {
            signed::note(connection, &content, booking, case.letter, now).await
        }
        (None, _) | (_, None) => Ok(()),
    }
}

async fn say(connection: &mut Connection, sql: &'static str) -> Result<(), Failure> {
    sqlx::query::<Db>(sql).execute(connection).await?;
    Ok(())
}
