//! An act of staff: decided, recorded and filed in one transaction.

use super::super::super::dialect::{self, Connection, Db};
use super::super::{SqlLedger, changes, consequences, facts, journal, late_facts, slots};
use super::{by_id, sightings};
use crate::decide::{StaffJudgement, StaffOutcome, staff_query};
use crate::domain::{Event, EventKind, LetterState, Moment, Obstacle, Place, Reason};
use crate::failure::Failure;
use crate::record::{Acted, DeskLetter, LastAct, StaffCase, StaffJudge};
use serde_json::json;

impl SqlLedger {
    /// Decides an act and writes all that it causes.
    pub(super) async fn act_in_one_transaction(
        &self,
        act: StaffCase<'_>,
        judge: StaffJudge<'_>,
        now: Moment,
    ) -> Result<Acted, Failure> {
        let mut transaction = self.begin().await?;
        let acted = self.act_in(&mut transaction, act, judge, now).await?;
        transaction.commit().await?;
        Ok(acted)
    }

    async fn act_in(
        &self,
        connection: &mut Connection,
        act: StaffCase<'_>,
        judge: StaffJudge<'_>,
        now: Moment,
    ) -> Result<Acted, Failure> {
        let letter = act.case.letter;
        sqlx::query(dialect::LOCK_LETTERS)
            .bind(dialect::set(&[letter.0]))
            .fetch_all(&mut *connection)
            .await?;
        let Some(known) = by_id(connection, letter).await? else {
            return Ok(Acted::Nothing);
        };
        if let Some(done) = done_before(connection, &act, &known, now).await? {
            return Ok(done);
        }
        let wanted = staff_query(act.case, act.command);
        let keys: Vec<String> = wanted.number_key.iter().cloned().collect();
        let mut bookings: Vec<i64> = wanted.token_bookings.iter().map(|id| id.0).collect();
        bookings.extend(slots::touched(connection, &wanted.slots.offers).await?);
        let review = late_facts::review(connection, letter).await?;
        bookings.extend(review.map(|review| review.booking.0));
        let challenges: Vec<i64> = wanted.token_challenges.iter().map(|id| id.0).collect();
        dialect::lock_bookings(connection, &keys, &bookings, &challenges).await?;
        let facts = facts::gather(connection, &wanted, self.limits.breaker, now).await?;
        let held = known.reason.unwrap_or(Reason::NoRequest);
        let Some(judgement) = judge(&facts, held) else {
            return Ok(Acted::Nothing);
        };
        let caused = &judgement.consequences;
        let change = consequences::write(connection, caused, &[], self.limits.budget, now).await?;
        write_letter(connection, &act, &judgement, now).await?;
        write_filing(connection, &act, &judgement, now).await?;
        write_desk(connection, &act, &judgement, now).await?;
        changes::write(connection, &change, now).await?;
        Ok(Acted::Done(judgement.outcome))
    }
}

/// The same drag seen again is only filed again; so is a letter that somebody is done with.
async fn done_before(
    connection: &mut Connection,
    act: &StaffCase<'_>,
    known: &DeskLetter,
    now: Moment,
) -> Result<Option<Acted>, Failure> {
    let same_drag =
        |last: &LastAct| act.dragged_to.is_some() && last.place.as_ref() == act.dragged_to;
    if known.acted.as_ref().is_some_and(same_drag) {
        file_from(connection, act, now).await?;
        return Ok(Some(Acted::Again));
    }
    if known.state == LetterState::Held {
        return Ok(None);
    }
    file_from(connection, act, now).await?;
    let Some(last) = known.acted.clone() else {
        return Ok(Some(Acted::Nothing));
    };
    if last.act == act.command.act {
        return Ok(Some(Acted::Again));
    }
    let event = Event {
        chain: format!("letter:{}", act.case.letter),
        kind: EventKind::StaffActImpossible,
        actor: act.command.actor.clone(),
        data: json!({
            "letter": act.case.letter,
            "act": act.command.act,
            "outcome": Obstacle::ActedBefore.code(),
            "first": last.act,
        }),
    };
    journal::append(connection, &[event], now).await?;
    Ok(Some(Acted::Before(last)))
}

async fn write_letter(
    connection: &mut Connection,
    act: &StaffCase<'_>,
    judgement: &StaffJudgement,
    now: Moment,
) -> Result<(), Failure> {
    let reason = match &judgement.outcome {
        StaffOutcome::Impossible(_) => return Ok(()),
        StaffOutcome::Retried(decision) => decision.reason(),
        StaffOutcome::Cancelled(_)
        | StaffOutcome::Refused
        | StaffOutcome::Approved
        | StaffOutcome::Rejected
        | StaffOutcome::Closed => None,
    };
    let json = |error: serde_json::Error| {
        Failure::try_again_because("a decision could not be written as JSON", error)
    };
    let gates = (!judgement.gates.is_empty())
        .then(|| serde_json::to_string(&judgement.gates))
        .transpose()
        .map_err(json)?;
    let sql = "UPDATE letters SET state = $1, decision = $2, reason = $3, \
               booking_id = COALESCE($4, booking_id), gates = COALESCE($5, gates), \
               content_hash = COALESCE($6, content_hash), decided_at = $7 WHERE id = $8";
    sqlx::query(sql)
        .bind(judgement.consequences.letter_state.code())
        .bind(judgement.outcome.code())
        .bind(reason.map(|reason| reason.code()))
        .bind(judgement.consequences.booking.map(|id| id.0))
        .bind(gates)
        .bind(act.case.content_hash.map(|hash| hash.0.to_vec()))
        .bind(now.micros())
        .bind(act.case.letter.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE letter_words SET reading = $1 WHERE letter_id = $2")
        .bind(serde_json::to_string(&act.case.reading).map_err(json)?)
        .bind(act.case.letter.0)
        .execute(connection)
        .await?;
    Ok(())
}

async fn write_filing(
    connection: &mut Connection,
    act: &StaffCase<'_>,
    judgement: &StaffJudgement,
    now: Moment,
) -> Result<(), Failure> {
    let json = |error: serde_json::Error| {
        Failure::try_again_because("a filing order could not be written as JSON", error)
    };
    let filing = &judgement.consequences.filing;
    let note = filing.note.as_ref().map(serde_json::to_string);
    let sql = "UPDATE filings SET target = $1, keywords = $2, note = $3, attempts = 0 \
               WHERE letter_id = $4";
    sqlx::query(sql)
        .bind(filing.to.code())
        .bind(serde_json::to_string(&filing.keywords).map_err(json)?)
        .bind(note.transpose().map_err(json)?)
        .bind(act.case.letter.0)
        .execute(&mut *connection)
        .await?;
    file_from(connection, act, now).await
}

/// Orders that the letter is moved from where it lies now.
async fn file_from(
    connection: &mut Connection,
    act: &StaffCase<'_>,
    now: Moment,
) -> Result<(), Failure> {
    let sql = "UPDATE filings SET place_folder = $1, place_validity = $2, place_key = $3, \
               due_at = $4, leased_until = 0, done = FALSE WHERE letter_id = $5";
    bind_place(sqlx::query(sql), act.from)
        .bind(now.micros())
        .bind(act.case.letter.0)
        .execute(&mut *connection)
        .await?;
    let sql = "UPDATE letters SET place_folder = $1, place_validity = $2, place_key = $3 \
               WHERE id = $4";
    bind_place(sqlx::query(sql), act.from)
        .bind(act.case.letter.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// A statement that waits for its parameters.
type Statement<'q> = sqlx::query::Query<'q, Db, <Db as sqlx::Database>::Arguments>;

fn bind_place<'q>(statement: Statement<'q>, place: &'q Place) -> Statement<'q> {
    statement
        .bind(place.folder.code())
        .bind(i64::from(place.validity))
        .bind(&place.key)
}

/// The act with its place, so that the same drag is known again; and all earlier notes become
/// obsolete.
async fn write_desk(
    connection: &mut Connection,
    act: &StaffCase<'_>,
    judgement: &StaffJudgement,
    now: Moment,
) -> Result<(), Failure> {
    let letter = act.case.letter;
    let sql = "INSERT INTO desk (letter_id, act, outcome, actor, acted_at, act_folder, \
               act_validity, act_key) VALUES ($1,$2,$3,$4,$5,$6,$7,$8) \
               ON CONFLICT (letter_id) DO UPDATE SET act = excluded.act, \
               outcome = excluded.outcome, actor = excluded.actor, acted_at = excluded.acted_at, \
               act_folder = excluded.act_folder, act_validity = excluded.act_validity, \
               act_key = excluded.act_key, missing_since = NULL";
    sqlx::query(sql)
        .bind(letter.0)
        .bind(act.command.act.code())
        .bind(judgement.outcome.code())
        .bind(&act.command.actor)
        .bind(now.micros())
        .bind(act.dragged_to.map(|place| place.folder.code()))
        .bind(act.dragged_to.map(|place| i64::from(place.validity)))
        .bind(act.dragged_to.map(|place| place.key.as_str()))
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE desk_notes SET obsolete = TRUE WHERE letter_id = $1")
        .bind(letter.0)
        .execute(&mut *connection)
        .await?;
    if let Some(note) = &judgement.consequences.filing.note {
        sightings::expect_note(connection, letter, &note.message_id).await?;
    }
    sqlx::query("DELETE FROM desk_orders WHERE letter_id = $1")
        .bind(letter.0)
        .execute(connection)
        .await?;
    Ok(())
}
