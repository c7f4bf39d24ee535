//! The daily digest: what waits, what is urgent, what was done, what is missing.

use super::contents::Identity;
use super::routine::waiting;
use super::{Desk, View};
use crate::domain::{ContentHash, Folder, LetterId, LetterState, MessageId, Moment, Place, Reason};
use crate::failure::Failure;
use crate::intake::{Mailbox, Moved, Placing};
use crate::record::DeskDeed;
use crate::reply::message::{Draft, to_bytes};
use crate::reply::words::When;
use serde::Serialize;
use std::collections::BTreeMap;

/// A letter that is gone for a shorter time may only be on its way.
const MISSING_MINUTES: i64 = 5;

/// Digests of so many days before are removed by a new one.
const DAYS_KEPT: i64 = 14;

/// Lines of one list.
const MOST_LINES: usize = 20;

/// What the templates may name.
#[derive(Debug, Serialize)]
struct DigestView<'a> {
    day: String,
    count: usize,
    closing: usize,
    oldest: Option<When>,
    urgent: Vec<UrgentView>,
    reasons: Vec<ReasonView<'a>>,
    done: Vec<DoneView<'a>>,
    missing: Vec<MissingView>,
    unreached: &'a [String],
}

#[derive(Debug, Serialize)]
struct UrgentView {
    letter: String,
    deadline: When,
}

#[derive(Debug, Serialize)]
struct ReasonView<'a> {
    count: usize,
    why: &'a str,
}

#[derive(Debug, Serialize)]
struct DoneView<'a> {
    what: &'a str,
    count: usize,
}

#[derive(Debug, Serialize)]
struct MissingView {
    letter: String,
    received: When,
}

impl Desk {
    /// Writes the digest of today once its time has come; true when something was placed.
    pub(super) async fn write_digest(
        &self,
        view: &View,
        mailbox: &mut dyn Mailbox,
        now: Moment,
    ) -> Result<bool, Failure> {
        let Some(time) = self.workshop.staff.digest_time() else {
            return Ok(false);
        };
        let ledger = self.workshop.journey.ledger.as_ref();
        let local = now.in_zone(&self.workshop.journey.office.zone);
        let offset = i64::from(local.offset().seconds());
        let day = now.plus_seconds(offset).seconds().div_euclid(86_400);
        if (local.hour(), local.minute()) < time || ledger.digest_day().await? >= day {
            return Ok(false);
        }
        let missing = missing(view, now);
        let deeds = ledger.desk_deeds(now.plus_hours(-24), now).await?;
        let mut unreached = ledger.unreached_bookings(now.plus_hours(-24), now).await?;
        unreached.truncate(MOST_LINES);
        let waits = waiting(view).next().is_some();
        let nothing = !waits && missing.is_empty() && deeds.is_empty() && unreached.is_empty();
        if !nothing {
            let facts = self.digest(view, &missing, &deeds, &unreached, now);
            let moved = mailbox.place(&self.placing(day, &facts, now)?).await?;
            if moved == Moved::NotYet {
                return Ok(false);
            }
        }
        mailbox.remove(&self.earlier(day, view)).await?;
        let ids: Vec<LetterId> = missing.iter().map(|(id, _)| *id).collect();
        ledger.report_missing(&ids, now).await?;
        ledger.note_digest_day(day).await?;
        Ok(!nothing)
    }

    fn digest<'a>(
        &'a self,
        view: &View,
        missing: &[(LetterId, Moment)],
        deeds: &[DeskDeed],
        unreached: &'a [String],
        now: Moment,
    ) -> DigestView<'a> {
        let templates = &self.workshop.templates;
        let zone = &self.workshop.journey.office.zone;
        let when = |at: Moment| templates.words().when(at, zone);
        let mut closing: Vec<(Moment, LetterId)> = waiting(view)
            .filter(|(letter, _)| self.is_urgent(letter, now))
            .filter_map(|(letter, _)| Some((letter.deadline?, letter.id)))
            .collect();
        closing.sort_unstable();
        let oldest = waiting(view).map(|(letter, _)| letter.received_at).min();
        DigestView {
            day: when(now).date,
            count: waiting(view).count(),
            closing: closing.len(),
            oldest: oldest.map(when),
            urgent: closing
                .iter()
                .take(MOST_LINES)
                .map(|(deadline, letter)| UrgentView {
                    letter: letter.to_string(),
                    deadline: when(*deadline),
                })
                .collect(),
            reasons: self.by_reason(view),
            done: self.done(deeds),
            missing: missing
                .iter()
                .take(MOST_LINES)
                .map(|(letter, received)| MissingView {
                    letter: letter.to_string(),
                    received: when(*received),
                })
                .collect(),
            unreached,
        }
    }

    fn by_reason(&self, view: &View) -> Vec<ReasonView<'_>> {
        let mut counts: BTreeMap<Reason, usize> = BTreeMap::new();
        for reason in waiting(view).filter_map(|(letter, _)| letter.reason) {
            *counts.entry(reason).or_default() += 1;
        }
        let mut lines: Vec<ReasonView<'_>> = counts
            .into_iter()
            .filter_map(|(reason, count)| {
                let why = &self.workshop.templates.reason(reason)?.why;
                Some(ReasonView { count, why })
            })
            .collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.count));
        lines
    }

    fn done(&self, deeds: &[DeskDeed]) -> Vec<DoneView<'_>> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for deed in deeds {
            let code = match (deed.kind.as_str(), deed.act) {
                ("staff_acted", Some(act)) => act.code(),
                ("staff_act_impossible", _) => "impossible",
                ("letter_released", _) => "released",
                _ => continue,
            };
            *counts.entry(code).or_default() += 1;
        }
        let words = self.workshop.templates.acts();
        counts
            .into_iter()
            .map(|(code, count)| DoneView {
                what: words.done(code),
                count,
            })
            .collect()
    }

    fn digest_id(&self, day: i64) -> MessageId {
        let office = &self.workshop.journey.office;
        let address = office.address.as_str();
        let unique = ContentHash::of(&[b"digest", address.as_bytes(), &day.to_be_bytes()]);
        office.own_message_id("digest", &unique)
    }

    fn placing(&self, day: i64, facts: &DigestView<'_>, now: Moment) -> Result<Placing, Failure> {
        let workshop = &self.workshop;
        let message_id = self.digest_id(day);
        let bytes = to_bytes(Draft {
            from: &workshop.from,
            to: &workshop.from.address,
            reply_to: None,
            date: now,
            message_id: &message_id,
            thread: &[],
            auto_submitted: "auto-generated",
            wording: workshop.templates.fill_folder("notes/digest", facts)?,
            document: None,
            event: None,
        })?;
        Ok(Placing {
            folder: Folder::DeadLetter,
            message_id,
            bytes,
            keywords: Vec::new(),
            maybe_there: true,
        })
    }

    /// Where digests of earlier days lie.
    fn earlier(&self, day: i64, view: &View) -> Vec<Place> {
        let ids: Vec<MessageId> = (1..=DAYS_KEPT)
            .map(|days| self.digest_id(day.saturating_sub(days)))
            .collect();
        view.items
            .iter()
            .filter(|item| item.place().folder == Folder::DeadLetter)
            .filter(|item| match &item.is {
                Identity::Own(Some(id)) => ids.contains(id),
                Identity::Own(None)
                | Identity::Foreign
                | Identity::Letter(_)
                | Identity::Note(..) => false,
            })
            .map(|item| item.place().clone())
            .collect()
    }
}

/// Held letters that have been in no folder for a while and were not reported yet.
fn missing(view: &View, now: Moment) -> Vec<(LetterId, Moment)> {
    view.letters
        .values()
        .filter(|letter| letter.state == LetterState::Held && !letter.reported)
        .filter(|letter| {
            letter
                .missing_since
                .is_some_and(|since| now >= since.plus_minutes(MISSING_MINUTES))
        })
        .filter(|letter| view.place_of(letter.id).is_none())
        .map(|letter| (letter.id, letter.received_at))
        .collect()
}
