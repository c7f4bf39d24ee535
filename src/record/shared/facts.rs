//! The facts of a case, read in the transaction that records its decision.

use super::super::dialect::{Connection, Db};
use super::bookings::{booking_columns, booking_tables};
use super::{bounces, breaker, journal, late_facts, senders, signed, slots};
use crate::config::BreakerSettings;
use crate::decide::{
    BookingFacts, Challenge, ChallengePurpose, ChallengeState, EarlierLetter, Facts, FactsQuery,
    Review, SlotsKnown, TypedFor,
};
use crate::domain::{BookingId, ChallengeId, ContentHash, HistoryEvent, LetterId, Moment, Reason};
use crate::failure::Failure;
use crate::record::rows::{BookingFactsRow, ChallengeRow, addresses};
use crate::reply::LetterKind;

/// A booking with those of its addresses that stand on the bookings of more than five persons.
/// The index is leapt through from person to person, and only as far as the sixth, so that an
/// address on thousands of bookings costs no more than any other.
macro_rules! booking_facts_columns {
    () => {
        concat!(
            booking_columns!(),
            ", (SELECT string_agg(a.address, ';') FROM booking_addresses a \
             WHERE a.booking_id = b.id AND 5 < (\
             WITH RECURSIVE persons(person, number) AS (\
             SELECT (SELECT f.person FROM booking_addresses f WHERE f.address = a.address \
             ORDER BY f.person LIMIT 1), 1 UNION ALL \
             SELECT (SELECT o.person FROM booking_addresses o WHERE o.address = a.address \
             AND o.person > persons.person ORDER BY o.person LIMIT 1), persons.number + 1 \
             FROM persons WHERE persons.person IS NOT NULL AND persons.number < 6\
             ) SELECT count(person) FROM persons)) AS shared_addresses",
            booking_tables!()
        )
    };
}

const BY_KEY: &str = concat!(booking_facts_columns!(), " WHERE b.number_key = $1");
const BY_ID: &str = concat!(booking_facts_columns!(), " WHERE b.id = $1");

const CHALLENGE_COLUMNS_BY_ID: &str = "SELECT id, booking_id, letter_id, received_at, opened_at, \
    expires_at, state, reason, purpose, wished_at, shown FROM challenges WHERE id = $1";

/// Those opened since `$2`, and those that are open still.
const CHALLENGES_OF_BOOKING: &str = "SELECT id, booking_id, letter_id, received_at, opened_at, \
    expires_at, state, reason, purpose, wished_at, shown FROM challenges WHERE booking_id = $1 \
    AND (opened_at > $2 OR (state = 'open' AND expires_at >= $3)) ORDER BY opened_at, id";

const REPEAT_OF: &str = "SELECT id, decision, reason, received_at FROM letters \
    WHERE content_hash = $1 AND id <> $2 AND decision IS NOT NULL \
    ORDER BY received_at, id LIMIT 1";

const RECEIPT_SENT: &str = "SELECT id FROM outbox WHERE recipient = $1 AND kind = $2 \
    AND created_at > $3 AND answers IS NOT NULL LIMIT 1";

/// Looks up what the query asks for.
pub async fn gather(
    connection: &mut Connection,
    query: &FactsQuery,
    limits: BreakerSettings,
    now: Moment,
) -> Result<Facts, Failure> {
    let mut known: Vec<BookingFacts> = Vec::new();
    let named = match &query.number_key {
        Some(key) => by_key(connection, key, now).await?,
        None => None,
    };
    known.extend(named.clone());
    let mut by_token = Vec::new();
    for id in &query.token_bookings {
        by_token.extend(once(connection, &mut known, *id, now).await?);
    }
    let challenges = challenges(connection, query, &mut known, now).await?;
    let open = match &query.sender {
        Some(sender) => senders::open_bookings(connection, sender).await?,
        None => Vec::new(),
    };
    let mut senders_bookings = Vec::new();
    for id in open.iter().filter(|_| query.senders_bookings) {
        senders_bookings.extend(once(connection, &mut known, BookingId(*id), now).await?);
    }
    let senders_challenges = typed_for(connection, query, &mut known, now).await?;
    let review = reviewed(connection, query, &mut known, now).await?;
    let organisations = known
        .iter()
        .map(|facts| facts.booking.organisation.name.clone());
    let rates = breaker::rates(connection, query, limits, organisations.collect()).await?;
    let in_play = InPlay {
        challenges: &challenges,
        typed: &senders_challenges,
        others: named.iter().chain(&by_token).collect(),
    };
    let slots = slots_of(connection, query, &in_play, now).await?;
    let asked = named.as_ref().or(by_token.first());
    Ok(Facts {
        slots,
        history: history(connection, query, asked).await?,
        named,
        by_token,
        challenges,
        senders_open_bookings: open.into_iter().map(BookingId).collect(),
        senders_bookings,
        senders_challenges,
        rates,
        returned: match query.bounced_row {
            Some(row) => bounces::returned(connection, row).await?,
            None => None,
        },
        repeat_of: match &query.content_hash {
            Some(content) => repeat_of(connection, content, query.letter).await?,
            None => None,
        },
        replay_of: match &query.signed_content {
            Some(content) => signed::earlier(connection, content, query.letter).await?,
            None => Vec::new(),
        },
        receipt_sent: receipt_sent(connection, query, now).await?,
        review,
    })
}

/// The bookings whose times may change hands.
struct InPlay<'a> {
    challenges: &'a [(Challenge, BookingFacts)],
    typed: &'a [TypedFor],
    others: Vec<&'a BookingFacts>,
}

async fn slots_of(
    connection: &mut Connection,
    query: &FactsQuery,
    in_play: &InPlay<'_>,
    now: Moment,
) -> Result<SlotsKnown, Failure> {
    let wanted = slots::Wanted {
        query: &query.slots,
        sender: query.sender.as_ref(),
        now,
    };
    let asked = in_play.challenges.iter();
    let asked = asked.map(|(one, facts)| (facts, one.wished_at));
    let typed = in_play.typed.iter();
    let typed = typed.map(|one| (&one.booking, one.challenge.wished_at));
    let others = in_play.others.iter().map(|facts| (*facts, None));
    let bookings: Vec<(&BookingFacts, Option<Moment>)> = asked.chain(typed).chain(others).collect();
    slots::gather(connection, &wanted, &bookings).await
}

/// The review of the letter's documents with its booking, where the query asks for it.
async fn reviewed(
    connection: &mut Connection,
    query: &FactsQuery,
    known: &mut Vec<BookingFacts>,
    now: Moment,
) -> Result<Option<(Review, BookingFacts)>, Failure> {
    if !query.review {
        return Ok(None);
    }
    let Some(review) = late_facts::review(connection, query.letter).await? else {
        return Ok(None);
    };
    let booking = once(connection, known, review.booking, now).await?;
    Ok(booking.map(|booking| (review, booking)))
}

/// The challenges of the tokens with their bookings.
async fn challenges(
    connection: &mut Connection,
    query: &FactsQuery,
    known: &mut Vec<BookingFacts>,
    now: Moment,
) -> Result<Vec<(Challenge, BookingFacts)>, Failure> {
    let mut found = Vec::new();
    for id in &query.token_challenges {
        if let Some(challenge) = challenge(connection, *id).await?
            && let Some(booking) = once(connection, known, challenge.booking, now).await?
        {
            found.push((challenge, booking));
        }
    }
    Ok(found)
}

/// What happened to the booking that is asked about.
async fn history(
    connection: &mut Connection,
    query: &FactsQuery,
    asked: Option<&BookingFacts>,
) -> Result<Vec<HistoryEvent>, Failure> {
    match asked.filter(|_| query.history) {
        Some(facts) => journal::history(connection, facts.booking.id).await,
        None => Ok(Vec::new()),
    }
}

/// The challenges whose code the sender may have typed.
async fn typed_for(
    connection: &mut Connection,
    query: &FactsQuery,
    known: &mut Vec<BookingFacts>,
    now: Moment,
) -> Result<Vec<TypedFor>, Failure> {
    let mut found = Vec::new();
    let Some(sender) = query.sender.as_ref().filter(|_| query.senders_challenges) else {
        return Ok(found);
    };
    for row in senders::open_challenges(connection, sender, query.received_at).await? {
        let challenge = row.challenge()?;
        let wrong = senders::wrong_codes(connection, challenge.id, sender).await?;
        if let Some(booking) = once(connection, known, challenge.booking, now).await? {
            found.push(TypedFor {
                challenge,
                booking,
                wrong,
            });
        }
    }
    Ok(found)
}

/// Reads a booking unless it is among the `known` ones already.
async fn once(
    connection: &mut Connection,
    known: &mut Vec<BookingFacts>,
    id: BookingId,
    now: Moment,
) -> Result<Option<BookingFacts>, Failure> {
    if let Some(facts) = known.iter().find(|facts| facts.booking.id == id) {
        return Ok(Some(facts.clone()));
    }
    let row = sqlx::query_as::<Db, BookingFactsRow>(BY_ID)
        .bind(id.0)
        .fetch_optional(&mut *connection)
        .await?;
    let facts = with_challenges(connection, row, now).await?;
    known.extend(facts.clone());
    Ok(facts)
}

async fn by_key(
    connection: &mut Connection,
    key: &str,
    now: Moment,
) -> Result<Option<BookingFacts>, Failure> {
    let row = sqlx::query_as::<Db, BookingFactsRow>(BY_KEY)
        .bind(key)
        .fetch_optional(&mut *connection)
        .await?;
    with_challenges(connection, row, now).await
}

async fn with_challenges(
    connection: &mut Connection,
    row: Option<BookingFactsRow>,
    now: Moment,
) -> Result<Option<BookingFacts>, Failure> {
    let Some(row) = row else {
        return Ok(None);
    };
    let shared_addresses = addresses(row.shared_addresses.as_deref());
    let booking = row.booking.booking()?;
    let day_ago = now.plus_hours(-24);
    let challenges = sqlx::query_as::<Db, ChallengeRow>(CHALLENGES_OF_BOOKING)
        .bind(booking.id.0)
        .bind(day_ago.micros())
        .bind(now.micros())
        .fetch_all(&mut *connection)
        .await?
        .into_iter()
        .map(ChallengeRow::challenge)
        .collect::<Result<Vec<Challenge>, Failure>>()?;
    let late = late_facts::of_booking(connection, &booking, now).await?;
    let is_open = |c: &&Challenge| {
        let asks_to_cancel = c.purpose == ChallengePurpose::Cancel;
        asks_to_cancel && c.state == ChallengeState::Open && c.expires_at >= now
    };
    Ok(Some(BookingFacts {
        booking,
        shared_addresses,
        open_challenge: challenges.iter().rev().find(is_open).cloned(),
        recent_challenges: challenges
            .iter()
            .map(|challenge| challenge.opened_at)
            .filter(|opened_at| *opened_at > day_ago)
            .collect(),
        late,
    }))
}

async fn challenge(
    connection: &mut Connection,
    id: ChallengeId,
) -> Result<Option<Challenge>, Failure> {
    let row = sqlx::query_as::<Db, ChallengeRow>(CHALLENGE_COLUMNS_BY_ID)
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.map(ChallengeRow::challenge).transpose()
}

async fn receipt_sent(
    connection: &mut Connection,
    query: &FactsQuery,
    now: Moment,
) -> Result<bool, Failure> {
    let Some(sender) = &query.receipt_to else {
        return Ok(false);
    };
    let row = sqlx::query_scalar::<Db, i64>(RECEIPT_SENT)
        .bind(sender.as_str())
        .bind(LetterKind::Received.code())
        .bind(now.plus_hours(-24).micros())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

async fn repeat_of(
    connection: &mut Connection,
    content: &ContentHash,
    letter: LetterId,
) -> Result<Option<EarlierLetter>, Failure> {
    let row = sqlx::query_as::<Db, (i64, String, Option<String>, i64)>(REPEAT_OF)
        .bind(content.0.as_slice())
        .bind(letter.0)
        .fetch_optional(connection)
        .await?;
    Ok(
        row.map(|(id, decision, reason, received_at)| EarlierLetter {
            letter: LetterId(id),
            decision,
            reason: reason.as_deref().and_then(Reason::parse),
            received_at: Moment::from_micros(received_at),
        }),
    )
}

/// Whether an address of the booking stands on the bookings of more than five persons.
pub async fn has_shared_address(connection: &mut Connection, key: &str) -> Result<bool, Failure> {
    let row = sqlx::query_as::<Db, BookingFactsRow>(BY_KEY)
        .bind(key)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some_and(|row| row.shared_addresses.is_some()))
}
