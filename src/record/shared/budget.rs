//! The budgets of answers: for one mailbox, for one domain and in total, each for 24 hours, kept
//! apart for verified and unverified senders. They lie in the outbox itself, so that all daemons
//! share them and a restart forgets nothing.

use super::super::dialect::{Connection, Db};
use crate::config::BudgetSettings;
use crate::domain::Moment;
use crate::failure::Failure;
use crate::record::OutboxState;
use crate::reply::{LetterKind, OutgoingLetter};

/// Each gives the time of the answer that is the limit's last: the next one may leave a day later.
const OF_ADDRESS: &str = "SELECT not_before FROM outbox WHERE budget_address = $1 \
    AND verified = $2 AND not_before > $3 AND state <> 'given_up' \
    ORDER BY not_before DESC LIMIT 1 OFFSET $4";
const OF_DOMAIN: &str = "SELECT not_before FROM outbox WHERE budget_domain = $1 \
    AND verified = $2 AND not_before > $3 AND state <> 'given_up' \
    ORDER BY not_before DESC LIMIT 1 OFFSET $4";
const OF_ALL: &str = "SELECT not_before FROM outbox WHERE budget_domain IS NOT NULL \
    AND verified = $2 AND not_before > $3 AND state <> 'given_up' AND $1 = $1 \
    ORDER BY not_before DESC LIMIT 1 OFFSET $4";

/// The code of an answer that was parked.
pub const OVER_BUDGET: &str = "over_budget";

/// How a letter is put into the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The mailbox that is charged; `None`: none.
    pub address: Option<String>,
    /// The domain that is charged, empty for a public mail provider; `None`: no budget at all.
    pub domain: Option<String>,
    /// `due`, or `given_up` where it is parked.
    pub state: OutboxState,
    /// Why it is parked.
    pub error: Option<&'static str>,
    /// When it may be sent.
    pub due_at: Moment,
}

impl Charge {
    const fn free(now: Moment) -> Self {
        Self {
            address: None,
            domain: None,
            state: OutboxState::Due,
            error: None,
            due_at: now,
        }
    }
}

/// Charges a letter to the budgets. The confirmation of an effect comes once for each effect and is
/// always sent; a question to the address on file has a limit of its own for each booking, so it is
/// charged to the domain and to the total only, and waits there: a stranger's letters must not use
/// up what the citizen has. Any other answer over a budget is parked, for an operator to look at.
pub async fn charge(
    connection: &mut Connection,
    letter: &OutgoingLetter,
    budget: BudgetSettings,
    now: Moment,
) -> Result<Charge, Failure> {
    let mut charge = Charge::free(now);
    if letter.answers.is_none() || letter.kind == LetterKind::Cancelled {
        return Ok(charge);
    }
    let asks = letter.kind == LetterKind::ConfirmFirst;
    let mailbox = letter.recipient.mailbox();
    let domain = mailbox.organisation().unwrap_or_default();
    let (for_address, for_domain, for_all) = budget.limits(letter.verified);
    let mut wanted = vec![(OF_ALL, "", for_all)];
    if !domain.is_empty() {
        wanted.push((OF_DOMAIN, domain.as_str(), for_domain));
    }
    if !asks {
        wanted.push((OF_ADDRESS, mailbox.as_str(), for_address));
        charge.address = Some(mailbox.as_str().to_owned());
    }
    for (sql, whose, limit) in wanted {
        let last = sqlx::query_scalar::<Db, i64>(sql)
            .bind(whose)
            .bind(letter.verified)
            .bind(now.plus_hours(-24).micros())
            .bind(i64::from(limit.max(1)).saturating_sub(1))
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(last) = last {
            charge.due_at = charge.due_at.max(Moment::from_micros(last).plus_hours(24));
        }
    }
    charge.domain = Some(domain);
    let over = charge.due_at > now;
    if over && !(asks && charge.due_at <= now.plus_hours(24)) {
        charge.state = OutboxState::GivenUp;
        charge.error = Some(OVER_BUDGET);
        charge.due_at = now;
    }
    if over {
        tracing::warn!(
            letter = letter.answers.map(|id| id.0),
            kind = letter.kind.code(),
            verified = letter.verified,
            parked = charge.error.is_some(),
            "an answer is over the budget"
        );
    }
    Ok(charge)
}
