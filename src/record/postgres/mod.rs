//! The ledger in a PostgreSQL database: rows are locked, always in the order letters, bookings,
//! change counter, and by id within each.

mod dialect;
#[path = "../shared/mod.rs"]
mod shared;

use super::MigrationReport;
use crate::config::Limits;
use crate::failure::Failure;
use dialect::Pool;
use shared::SqlLedger;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};
use std::time::Duration;

/// The schema, built into the program.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations/postgres");

/// How long a caller waits for a connection, an unreachable server included.
const CONNECT_WAIT: Duration = Duration::from_secs(10);
const CONNECTIONS: u32 = 8;

/// Opens the database; its schema must fit this program.
pub(super) async fn open(url: &str, limits: Limits) -> Result<SqlLedger, Failure> {
    let pool = pool(CONNECTIONS, url).await?;
    shared::check_schema(&pool, &MIGRATIONS).await?;
    Ok(SqlLedger::new(pool.clone(), pool, limits))
}

/// Applies what is missing, under an advisory lock of sqlx.
pub(super) async fn migrate(url: &str) -> Result<MigrationReport, Failure> {
    let pool = pool(1, url).await?;
    let report = shared::migrate(&pool, &MIGRATIONS).await;
    pool.close().await;
    report
}

/// Applies what is missing to a database that was prepared before.
pub(super) async fn update(url: &str) -> Result<MigrationReport, Failure> {
    let pool = pool(1, url).await?;
    let report = shared::update(&pool, &MIGRATIONS).await;
    pool.close().await;
    report
}

async fn pool(connections: u32, url: &str) -> Result<Pool, Failure> {
    let options: PgConnectOptions = url.parse()?;
    let options = options
        .application_name("otmena")
        .statement_cache_capacity(200)
        // A dead peer must not hold rows for ever, nor a wait for its rows stop the daemon.
        .options([
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "60s"),
        ])
        .disable_statement_logging();
    greet(&options).await?;
    Ok(PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(CONNECT_WAIT)
        .connect_with(options)
        .await?)
}

/// Connects once without the pool, which would keep trying and then only say that it had waited.
async fn greet(options: &PgConnectOptions) -> Result<(), Failure> {
    let connection = tokio::time::timeout(CONNECT_WAIT, options.connect())
        .await
        .map_err(|cause| {
            Failure::try_again_because(
                "the database server of database.url is silent; check its host and port",
                cause,
            )
        })??;
    connection.close().await?;
    Ok(())
}
