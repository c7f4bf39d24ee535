//! Brings the schema up to date, and looks whether it is.

use super::super::dialect::{Db, Pool, WAS_MIGRATED};
use crate::failure::Failure;
use crate::record::fault::of_migration;
use crate::record::opening::{MigrationReport, SchemaAge, schema_age, schema_fault};
use sqlx::migrate::Migrator;
use std::time::Duration;

/// How often migrations are tried, and the pause between: together longer than the longest of them
/// takes another program on a slow disk, and short enough for somebody who waits at a terminal.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(100);

/// Refuses a schema that is behind or ahead of the program.
pub async fn check_schema(pool: &Pool, migrations: &Migrator) -> Result<(), Failure> {
    let applied = applied(pool).await?;
    schema_fault(schema_age(&known(migrations), &applied))
}

/// Applies what is missing, each migration in a transaction of its own.
pub async fn migrate(pool: &Pool, migrations: &Migrator) -> Result<MigrationReport, Failure> {
    let known = known(migrations);
    let before = applied(pool).await?;
    let age = schema_age(&known, &before);
    if let SchemaAge::Ahead(_) = age {
        schema_fault(age)?;
    }
    run(pool, migrations, &known).await?;
    let version = known.iter().copied().max().unwrap_or(0);
    let applied = known.into_iter().filter(|v| !before.contains(v)).collect();
    Ok(MigrationReport { applied, version })
}

/// Runs the migrations. Two programs may start at once, and SQLite has no lock for it: the one that
/// stumbles over the other's work waits until that is done, and only a fault that outlasts the
/// patience is its own.
async fn run(pool: &Pool, migrations: &Migrator, known: &[i64]) -> Result<(), Failure> {
    let mut tries = 0;
    while let Err(error) = migrations.run(pool).await {
        let now = applied(pool).await;
        if now.is_ok_and(|now| schema_age(known, &now) == SchemaAge::Current) {
            break;
        }
        tries += 1;
        if tries == TRIES {
            return Err(of_migration(error));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// As [`migrate`], but refuses a database that was never migrated.
pub async fn update(pool: &Pool, migrations: &Migrator) -> Result<MigrationReport, Failure> {
    if applied(pool).await?.is_empty() {
        schema_fault(SchemaAge::Never)?;
    }
    migrate(pool, migrations).await
}

fn known(migrations: &Migrator) -> Vec<i64> {
    migrations
        .iter()
        .map(|migration| migration.version)
        .collect()
}

async fn applied(pool: &Pool) -> Result<Vec<i64>, Failure> {
    let tables: i64 = sqlx::query_scalar::<Db, i64>(WAS_MIGRATED)
        .fetch_one(pool)
        .await?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    let sql = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
    Ok(sqlx::query_scalar::<Db, i64>(sql).fetch_all(pool).await?)
}
