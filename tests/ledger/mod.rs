//! One contract for both databases.
#![expect(
    clippy::indexing_slicing,
    reason = "a test says what it expects by failing"
)]

/// Runs each function as a test of its own on SQLite and on PostgreSQL.
macro_rules! contract {
    ($($name:ident)*) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    super::$name($crate::ledger::subject::Subject::on_sqlite().await).await;
                }
            )*
        }
        mod on_postgres {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    super::$name($crate::ledger::subject::Subject::on_postgres().await).await;
                }
            )*
        }
    };
}

mod subject;

mod taking_in;
mod walking;
mod deciding;
mod late;
mod barred;
mod two_daemons;
mod sending;
mod replying;
mod filing;
mod importing;
mod slots;
mod coming_back;
mod office;
mod histories;
mod journal;
mod registry;
mod retention;
mod dump;
mod seals;
mod opening;
mod migrations;
