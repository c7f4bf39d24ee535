//! Everything that a database holds, as one text: to look for what must not be in it.

use super::subject::Subject;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

impl Subject {
    /// Every column of every row of every table; of SQLite the bytes of its files, too, so that
    /// nothing is left in free pages.
    pub async fn dump(&self) -> String {
        if self.url.starts_with("sqlite:") {
            self.dump_sqlite().await
        } else {
            self.dump_postgres().await
        }
    }

    async fn dump_sqlite(&self) -> String {
        let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
        let tables: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
                .fetch_all(&mut connection)
                .await
                .unwrap();
        assert!(tables.len() > 20, "{tables:?}");
        let mut dump = String::new();
        for table in tables {
            let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
                .bind(&table)
                .fetch_all(&mut connection)
                .await
                .unwrap();
            let row: Vec<String> = columns
                .iter()
                .map(|column| format!("quote(\"{column}\")"))
                .collect();
            let sql = format!("SELECT {} FROM \"{table}\"", row.join(" || '|' || "));
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            dump.push_str(&format!("{table}\n{}\n", rows.join("\n")));
        }
        connection.close().await.unwrap();
        let path = self.url.trim_start_matches("sqlite:");
        for file in [path.to_owned(), format!("{path}-wal")] {
            let bytes = std::fs::read(&file).unwrap_or_default();
            dump.push_str(&String::from_utf8_lossy(&bytes));
        }
        dump
    }

    async fn dump_postgres(&self) -> String {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        assert!(tables.len() > 20, "{tables:?}");
        let mut dump = String::new();
        for table in tables {
            let sql = format!("SELECT row_to_json(t)::text FROM \"{table}\" t");
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            dump.push_str(&format!("{table}\n{}\n", rows.join("\n")));
        }
        dump
    }
}
