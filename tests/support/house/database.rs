//! The database of a house: SQLite or PostgreSQL, and what tests do to it behind its back.

use crate::support::postgres::Postgres;
use sqlx::{AssertSqlSafe, PgPool, SqlitePool};
use std::future::Future;
use std::path::Path;

/// Which database a journey is taken on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file.
    Sqlite,
    /// A database of the test run's server.
    Postgres,
}

impl Database {
    /// The address of a new, empty database.
    pub fn fresh(self, folder: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite:{}", folder.join("otmena.db").display()),
            Self::Postgres => {
                wait_for(async { Postgres::shared().await.unwrap().fresh_database().await })
            }
        }
    }
}

/// Runs a future to its end on a small runtime of its own.
pub fn wait_for<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

async fn open(url: &str) -> Pool {
    if url.starts_with("sqlite:") {
        Pool::Sqlite(SqlitePool::connect(url).await.unwrap())
    } else {
        Pool::Postgres(PgPool::connect(url).await.unwrap())
    }
}

/// Runs SQL statements that give nothing.
pub fn execute(url: &str, sql: &str) {
    wait_for(async {
        let sql = AssertSqlSafe(sql.to_owned());
        match open(url).await {
            Pool::Sqlite(pool) => {
                sqlx::raw_sql(sql).execute(&pool).await.unwrap();
                pool.close().await;
            }
            Pool::Postgres(pool) => {
                sqlx::raw_sql(sql).execute(&pool).await.unwrap();
                pool.close().await;
            }
        }
    });
}

/// Rows of a text and a number.
pub fn rows(url: &str, sql: &str) -> Vec<(String, i64)> {
    wait_for(async {
        let sql = AssertSqlSafe(sql.to_owned());
        match open(url).await {
            Pool::Sqlite(pool) => sqlx::query_as(sql).fetch_all(&pool).await.unwrap(),
            Pool::Postgres(pool) => sqlx::query_as(sql).fetch_all(&pool).await.unwrap(),
        }
    })
}

/// Holds the write lock of the whole database while `meanwhile` runs.
pub fn while_locked<T>(url: &str, meanwhile: impl FnOnce() -> T) -> T {
    wait_for(async {
        match open(url).await {
            Pool::Sqlite(pool) => {
                let locked = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
                let result = meanwhile();
                locked.rollback().await.unwrap();
                result
            }
            Pool::Postgres(pool) => {
                let mut locked = pool.begin().await.unwrap();
                sqlx::raw_sql("LOCK TABLE letters IN ACCESS EXCLUSIVE MODE")
                    .execute(&mut *locked)
                    .await
                    .unwrap();
                let result = meanwhile();
                locked.rollback().await.unwrap();
                result
            }
        }
    })
}
