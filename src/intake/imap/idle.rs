//! Waiting for news: IDLE (RFC 2177), or NOOP now and then where it is missing.

use super::session::{Session, track};
use super::wire::{COMMAND_LIMIT, Verdict, tagged};
use crate::domain::Folder;
use crate::failure::Failure;
use crate::intake::Woken;
use async_imap::imap_proto::Response;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Longer is cut off by NAT on the way; chatmail came down from 29 minutes to 5.
const IDLE_LIMIT: Duration = Duration::from_secs(5 * 60);
/// How long the server may take to end IDLE.
const DONE_LIMIT: Duration = Duration::from_secs(15);
/// How often the server is asked where it has no IDLE.
const POLL_EVERY: Duration = Duration::from_secs(30);

/// Waits until a letter came, `limit` is over, or `stop` is cancelled.
pub(super) async fn wait(
    session: &mut Session,
    limit: Duration,
    stop: &CancellationToken,
) -> Result<Woken, Failure> {
    if stop.is_cancelled() {
        return Ok(Woken::Cancelled);
    }
    let was_selected = is_inbox_selected(session);
    session.select(Folder::Inbox).await?;
    // While another folder was selected, letters may have come unnoticed.
    if !was_selected || has_news(session) {
        return Ok(Woken::News);
    }
    let until = Instant::now() + limit.min(IDLE_LIMIT);
    if session.offers("IDLE") && !session.idle_refused {
        if let Some(woken) = idle(session, until, stop).await? {
            return Ok(woken);
        }
        session.idle_refused = true;
        tracing::warn!(
            code = "idle_refused",
            "the server refused IDLE; asking now and then"
        );
    }
    poll(session, until, stop).await
}

fn is_inbox_selected(session: &Session) -> bool {
    session
        .selected
        .as_ref()
        .is_some_and(|selected| selected.folder == Folder::Inbox)
}

fn has_news(session: &Session) -> bool {
    session
        .selected
        .as_ref()
        .is_some_and(|selected| selected.news)
}

/// `None` when the server refused IDLE.
async fn idle(
    session: &mut Session,
    until: Instant,
    stop: &CancellationToken,
) -> Result<Option<Woken>, Failure> {
    let tag = session.wire.send("IDLE").await?;
    let selected = &mut session.selected;
    // What comes before `+` counts as well.
    let refused = session
        .wire
        .continuation(&tag, |response| track(selected, response))
        .await?;
    if refused.is_some() {
        return Ok(None);
    }
    let woken = loop {
        if has_news(session) {
            break Woken::News;
        }
        let selected = &mut session.selected;
        let heard = session.wire.next(|response| {
            track(selected, response);
            tagged(response, &tag).is_some()
        });
        tokio::select! {
            biased;
            () = stop.cancelled() => break Woken::Cancelled,
            ended = heard => {
                if ended? {
                    return Err(Failure::try_again("the IMAP server ended IDLE by itself"));
                }
            }
            () = tokio::time::sleep_until(until) => break Woken::Timeout,
        }
    };
    done(session, &tag).await?;
    Ok(Some(if woken == Woken::Timeout && has_news(session) {
        Woken::News
    } else {
        woken
    }))
}

async fn done(session: &mut Session, tag: &str) -> Result<(), Failure> {
    session.wire.send_raw(b"DONE\r\n").await?;
    let selected = &mut session.selected;
    let ended = session
        .wire
        .finish(tag, DONE_LIMIT, |response: &Response<'_>| {
            track(selected, response);
        });
    let ended = tokio::time::timeout(COMMAND_LIMIT, ended)
        .await
        .map_err(|_| Failure::try_again("the IMAP server did not end IDLE in time"))??;
    if ended.verdict == Verdict::Ok {
        Ok(())
    } else {
        ended.expect_ok("IDLE").map(drop)
    }
}

async fn poll(
    session: &mut Session,
    until: Instant,
    stop: &CancellationToken,
) -> Result<Woken, Failure> {
    loop {
        let next = until.min(Instant::now() + POLL_EVERY);
        tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(Woken::Cancelled),
            () = tokio::time::sleep_until(next) => {}
        }
        session.noop().await?;
        if has_news(session) {
            return Ok(Woken::News);
        }
        if Instant::now() >= until {
            return Ok(Woken::Timeout);
        }
    }
}
