//! From what lies where to acts: each letter's, in the order in which they are carried out.

use super::contents::{Identity, Item};
use super::{Desk, View, act_of};
use crate::decide::StaffCommand;
use crate::domain::{Folder, LetterId, LetterState, Place, StaffAct};
use crate::failure::Failure;
use crate::intake::{Lying, Mailbox};
use crate::record::StaffOrder;
use std::collections::BTreeMap;
use std::sync::Arc;

/// At most so many letters of «Обработано» are looked into for one that is missing.
const MOST_CANDIDATES: usize = 200;

/// Minutes until what was not found in «Обработано» is looked for again.
const SEEK_MINUTES: i64 = 10;

/// An act that is to be carried out.
#[derive(Debug, Clone)]
pub(super) struct Drag {
    pub(super) letter: LetterId,
    pub(super) command: StaffCommand,
    /// Where the letter lies; none when its bytes are gone.
    pub(super) from: Option<Lying>,
    /// Where it or its note was dragged to; none for a command.
    pub(super) dragged_to: Option<Place>,
}

impl Desk {
    /// All acts that staff have asked for by dragging, then those ordered by command.
    pub(super) async fn drags(
        &mut self,
        view: &View,
        orders: Vec<StaffOrder>,
        mailbox: &mut dyn Mailbox,
    ) -> Result<Vec<Drag>, Failure> {
        // A letter and its note dragged into one folder are one act.
        let mut found: BTreeMap<(StaffAct, LetterId), Vec<&Item>> = BTreeMap::new();
        let closed = self.closed(view, mailbox).await?;
        for item in view.items.iter().chain(&closed) {
            let Some(act) = act_of(item.place().folder) else {
                continue;
            };
            match &item.is {
                Identity::Letter(id) | Identity::Note(_, id) => {
                    let obeys = view.letters.get(id).is_some_and(|l| l.seen_at.is_some());
                    if obeys {
                        found.entry((act, *id)).or_default().push(item);
                    }
                }
                Identity::Own(_) | Identity::Foreign => {}
            }
        }
        let mut drags: Vec<Drag> = found
            .into_iter()
            .filter_map(|((act, letter), items)| self.drag(act, letter, &items, view))
            .collect();
        let rank = |act: StaffAct| StaffAct::ALL.iter().position(|one| *one == act);
        drags.sort_by_key(|drag| rank(drag.command.act));
        drags.extend(orders.into_iter().map(|order| Drag {
            from: view.place_of(order.letter).map(|item| item.lying.clone()),
            letter: order.letter,
            command: order.command,
            dragged_to: None,
        }));
        Ok(drags)
    }

    /// The letter itself tells more of an act than its note. A note whose letter is done, or lies
    /// nowhere, is only removed.
    fn drag(&self, act: StaffAct, letter: LetterId, items: &[&Item], view: &View) -> Option<Drag> {
        let itself = items
            .iter()
            .find(|item| item.is == Identity::Letter(letter))
            .copied();
        let (from, at) = match itself {
            Some(item) => (item.lying.clone(), item.place()),
            None => {
                let known = view.letters.get(&letter)?;
                let home = view.place_of(letter)?;
                if known.state != LetterState::Held {
                    return None;
                }
                (home.lying.clone(), items.first()?.place())
            }
        };
        Some(Drag {
            letter,
            command: StaffCommand {
                act,
                actor: self.workshop.staff_login(),
                booking: None,
                reason: None,
                words: None,
            },
            from: Some(from),
            dragged_to: Some(at.clone()),
        })
    }

    /// Held letters, or their notes, that left «Разбор» and lie in «Обработано». Only sizes are
    /// listed there; what has the size of a missing letter or note is looked into.
    async fn closed(
        &mut self,
        view: &View,
        mailbox: &mut dyn Mailbox,
    ) -> Result<Vec<Item>, Failure> {
        let mut wanted: Vec<(String, u64)> = Vec::new();
        for letter in view.letters.values() {
            let held = letter.state == LetterState::Held && letter.seen_at.is_some();
            if held && view.place_of(letter.id).is_none() {
                wanted.push((format!("letter {}", letter.id), letter.size));
            }
        }
        for note in view.notes.iter().filter(|note| !note.obsolete) {
            let here =
                |item: &Item| matches!(&item.is, Identity::Note(id, _) if *id == note.message_id);
            if let (Some(size), false) = (note.size, view.items.iter().any(here)) {
                wanted.push((note.message_id.as_str().to_owned(), size));
            }
        }
        let now = self.workshop.journey.clock.now();
        self.sought.retain(|name, last| {
            now < last.plus_minutes(SEEK_MINUTES) && wanted.iter().any(|(other, _)| other == name)
        });
        wanted.retain(|(name, _)| !self.sought.contains_key(name));
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut lying = mailbox.lying_in(Folder::Processed).await?;
        lying.retain(|one| {
            let size = one.listed.size;
            !one.deleted && wanted.iter().any(|(_, wanted)| *wanted == size)
        });
        // The newest are the likeliest.
        let surplus = lying.len().saturating_sub(MOST_CANDIDATES);
        lying.drain(..surplus);
        let workshop = Arc::clone(&self.workshop);
        let (ledger, own) = (&workshop.journey.ledger, &workshop.journey.office.address);
        let mut items = self
            .known
            .identify(lying, &view.notes, ledger.as_ref(), mailbox, own)
            .await?;
        // Another letter of the same size lies here by right.
        items.retain(|item| match &item.is {
            Identity::Letter(id) | Identity::Note(_, id) => view
                .letters
                .get(id)
                .is_some_and(|letter| letter.state == LetterState::Held),
            Identity::Own(_) | Identity::Foreign => false,
        });
        let sought = wanted.into_iter().map(|(name, _)| (name, now));
        self.sought.extend(sought);
        Ok(items)
    }
}
