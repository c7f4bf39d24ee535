//! Steps 2 and 3 within their limits: a letter that panics or hangs is set aside.

use crate::domain::{ContentHash, Reason};
use crate::halting_point;
use crate::read::{Letter, attachments, content_hash, read};
use crate::request::{RequestReading, understand};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

/// Longest time that reading one letter may take; it needs milliseconds.
const READING_LIMIT: Duration = Duration::from_secs(30);

/// What reading gave: steps 2 and 3.
pub(super) struct Reading {
    pub(super) letter: Letter,
    pub(super) request: RequestReading,
    pub(super) content_hash: Option<ContentHash>,
    pub(super) unreadable: Option<Reason>,
}

impl Reading {
    /// What is left of a letter that cannot be read.
    pub(super) fn failed() -> Self {
        Self {
            letter: Letter::default(),
            request: RequestReading::default(),
            content_hash: None,
            unreadable: Some(Reason::LetterUnreadable),
        }
    }
}

/// Makes the patterns of the reader, once: no attempt at a letter is counted meanwhile.
pub(super) async fn make_patterns() {
    static MADE: OnceCell<()> = OnceCell::const_new();
    let sample = "Subject: 1\r\n\r\nОтмена записи №1\r\n01.02.2027 10:40\r\n> 1\r\n";
    MADE.get_or_init(|| async { drop(read_apart(sample.as_bytes().into()).await) })
        .await;
}

/// Steps 2 and 3 within their time; `None` when it is over.
pub(super) async fn read_within_limits(bytes: Arc<[u8]>) -> Option<Reading> {
    tokio::time::timeout(READING_LIMIT, read_apart(bytes))
        .await
        .ok()
}

/// Steps 2 and 3 on a thread of their own: a letter on which they panic is set aside.
async fn read_apart(bytes: Arc<[u8]>) -> Reading {
    let task = tokio::task::spawn_blocking(move || {
        halting_point::reach("reading");
        let mut letter = read(&bytes);
        // Only a person's papers are worth the work of decoding them once more.
        if letter.automatic.is_none() && !letter.attachments.is_empty() {
            letter.attachments = attachments(&bytes);
        }
        let request = understand(&letter);
        let content_hash = content_hash(&letter);
        Reading {
            letter,
            request,
            content_hash,
            unreadable: None,
        }
    });
    task.await.unwrap_or_else(|_| Reading::failed())
}
