//! Sanctions: listed, imposed, lifted.

use super::super::dialect::{self, Connection, Db};
use super::late_facts::{self, sanction_columns};
use super::{SqlLedger, bookings, journal, outbox};
use crate::config::BudgetSettings;
use crate::decide::SanctionJudgement;
use crate::domain::{BookingId, Moment, Sanction};
use crate::failure::Failure;
use crate::record::rows::SanctionRow;
use crate::record::{SanctionFilter, SanctionJudge, SanctionLedger, SanctionsSettled};
use async_trait::async_trait;
use std::collections::BTreeMap;

const LIST: &str = concat!(
    sanction_columns!(),
    " WHERE ($1 IS NULL OR state = $1) ORDER BY id DESC LIMIT $2"
);
const BY_ID: &str = concat!(sanction_columns!(), " WHERE id = $1");

#[async_trait]
impl SanctionLedger for SqlLedger {
    async fn sanctions(&self, filter: &SanctionFilter) -> Result<Vec<Sanction>, Failure> {
        let rows = sqlx::query_as::<Db, SanctionRow>(LIST)
            .bind(filter.state.map(|state| state.code()))
            .bind(i64::from(filter.limit))
            .fetch_all(&mut *self.reader().await?)
            .await?;
        rows.into_iter().map(SanctionRow::sanction).collect()
    }

    async fn settle_sanctions(
        &self,
        ids: &[i64],
        judge: SanctionJudge<'_>,
        now: Moment,
    ) -> Result<Vec<SanctionsSettled>, Failure> {
        let mut transaction = self.begin().await?;
        let mut wanted = BTreeMap::new();
        for id in ids {
            if let Some(one) = by_id(&mut transaction, *id).await? {
                wanted.insert(*id, one.booking.0);
            }
        }
        let mut locked: Vec<i64> = wanted.values().copied().collect();
        locked.sort_unstable();
        locked.dedup();
        dialect::lock_bookings(&mut transaction, &[], &locked, &[]).await?;
        // Read again: another may have decided before the lock was had.
        let mut groups: BTreeMap<(i64, String), Vec<Sanction>> = BTreeMap::new();
        for id in wanted.keys() {
            if let Some(one) = by_id(&mut transaction, *id).await? {
                let key = (one.booking.0, one.document.clone());
                groups.entry(key).or_default().push(one);
            }
        }
        let mut settled = Vec::new();
        for ((booking, _), group) in groups {
            let ids = group.iter().map(|one| one.id).collect();
            let id = BookingId(booking);
            let Some(booking) = bookings::by_id(&mut transaction, id).await? else {
                continue;
            };
            let late = late_facts::of_booking(&mut transaction, &booking, now).await?;
            let judged = judge(&booking, &late, &group);
            let outcome = match judged {
                Ok(judgement) => {
                    write(&mut transaction, &judgement, self.limits.budget, now).await?;
                    Ok(())
                }
                Err(obstacle) => Err(obstacle),
            };
            settled.push((ids, outcome));
        }
        transaction.commit().await?;
        Ok(settled)
    }
}

async fn by_id(connection: &mut Connection, id: i64) -> Result<Option<Sanction>, Failure> {
    let row = sqlx::query_as::<Db, SanctionRow>(BY_ID)
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.map(SanctionRow::sanction).transpose()
}

async fn write(
    connection: &mut Connection,
    judgement: &SanctionJudgement,
    budget: BudgetSettings,
    now: Moment,
) -> Result<(), Failure> {
    for (id, state, until) in &judgement.changes {
        let sql = "UPDATE sanctions SET state = $1, decided_at = $2, until = $3 WHERE id = $4";
        sqlx::query(sql)
            .bind(state.code())
            .bind(now.micros())
            .bind(until.map(Moment::micros))
            .bind(*id)
            .execute(&mut *connection)
            .await?;
    }
    for letter in &judgement.letters {
        outbox::put(connection, letter, budget, now).await?;
    }
    journal::append(connection, &judgement.events, now).await
}
