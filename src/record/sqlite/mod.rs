//! The ledger in an SQLite file: one writer, as many readers as wanted.

mod dialect;
#[path = "../shared/mod.rs"]
mod shared;

use super::MigrationReport;
use crate::config::Limits;
use crate::failure::Failure;
use dialect::Pool;
use shared::SqlLedger;
use sqlx::ConnectOptions;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

/// The schema, built into the program.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations/sqlite");

/// How long a statement waits for another program's lock.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// How long a caller waits for the one writing connection.
const TURN_WAIT: Duration = Duration::from_secs(30);
const READERS: u32 = 4;

/// Opens the file; it must exist and fit this program.
pub(super) async fn open(url: &str, limits: Limits) -> Result<SqlLedger, Failure> {
    let options = existing(url)?;
    let write = pool(1, options.clone()).await?;
    shared::check_schema(&write, &MIGRATIONS).await?;
    let read = pool(READERS, options.pragma("query_only", "true")).await?;
    Ok(SqlLedger::new(write, read, limits))
}

/// Creates the file where it is missing, readable by its owner alone, and applies what is missing.
pub(super) async fn migrate(url: &str) -> Result<MigrationReport, Failure> {
    let options = options(url)?;
    create(options.get_filename())?;
    let pool = pool(1, options).await?;
    let report = shared::migrate(&pool, &MIGRATIONS).await;
    pool.close().await;
    report
}

/// Applies what is missing to a file that was prepared before.
pub(super) async fn update(url: &str) -> Result<MigrationReport, Failure> {
    let pool = pool(1, existing(url)?).await?;
    let report = shared::update(&pool, &MIGRATIONS).await;
    pool.close().await;
    report
}

fn existing(url: &str) -> Result<SqliteConnectOptions, Failure> {
    let options = options(url)?;
    if options.get_filename().exists() {
        return Ok(options);
    }
    Err(Failure::stop(
        "the database file of database.url does not exist",
        "run `otmena migrate`, or correct database.url",
    ))
}

fn options(url: &str) -> Result<SqliteConnectOptions, Failure> {
    let options: SqliteConnectOptions = url.parse()?;
    Ok(options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What retention deletes must not be found in the free pages of the file.
        .pragma("secure_delete", "ON")
        .busy_timeout(LOCK_WAIT)
        .create_if_missing(false)
        .statement_cache_capacity(200)
        .disable_statement_logging())
}

async fn pool(connections: u32, options: SqliteConnectOptions) -> Result<Pool, Failure> {
    Ok(SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(TURN_WAIT)
        .test_before_acquire(false)
        .connect_with(options)
        .await?)
}

/// The file holds personal data: nobody but its owner may read it.
fn create(file: &Path) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop).map_err(|cause| {
        Failure::stop_because(
            "the database file of database.url cannot be created",
            "create its folder and make it writable, or correct database.url",
            cause,
        )
    })
}
