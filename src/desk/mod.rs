//! The staff's desk inside the mailbox: «Разбор» and the folders of acts below it. A drag becomes an
//! act, decided purely and recorded in one transaction. I/O.

mod acts;
mod contents;
mod digest;
mod drags;
mod routine;

use crate::daemon::Workshop;
use crate::domain::{Folder, LetterId, LetterState, Moment, Place, StaffAct};
use crate::failure::Failure;
use crate::intake::{Lying, Mailbox, Move};
use crate::record::{DeskLetter, DeskNote, DeskSighting, Ledger};
use contents::{Identity, Item, Known};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// The folders that are looked into.
const FOLDERS: [Folder; 4] = [
    Folder::DeadLetter,
    Folder::Retry,
    Folder::CancelBooking,
    Folder::Refuse,
];

/// The desk of one mailbox; remembers what it has seen so that nothing is fetched twice.
pub(crate) struct Desk {
    workshop: Arc<Workshop>,
    /// How the folders stood when they were looked into last.
    standing: Vec<String>,
    known: Known,
    /// When letters and notes were looked for in «Обработано» in vain.
    sought: HashMap<String, Moment>,
    routine: routine::Routine,
}

/// What was found in one look.
struct View {
    items: Vec<Item>,
    notes: Vec<DeskNote>,
    /// The held letters, and those others that lie here.
    letters: BTreeMap<LetterId, DeskLetter>,
}

impl View {
    /// Where a letter lies, in «Разбор» rather than elsewhere.
    fn place_of(&self, letter: LetterId) -> Option<&Item> {
        let mut places = self
            .items
            .iter()
            .filter(|item| item.is == Identity::Letter(letter));
        let first = places.next()?;
        let is_home = |item: &&Item| item.place().folder == Folder::DeadLetter;
        Some(
            std::iter::once(first)
                .chain(places)
                .find(is_home)
                .unwrap_or(first),
        )
    }
}

impl Desk {
    /// A desk that has not been looked at yet.
    pub(crate) fn new(workshop: Arc<Workshop>) -> Self {
        Self {
            workshop,
            standing: Vec::new(),
            known: Known::default(),
            sought: HashMap::new(),
            routine: routine::Routine::default(),
        }
    }

    /// One look into the folders: carries out what staff dragged or ordered, and the daily work.
    /// True when something was done, so that there is something to file.
    ///
    /// # Errors
    /// When the mailbox or the ledger fails; what was recorded until then stands.
    pub(crate) async fn look(&mut self, mailbox: &mut dyn Mailbox) -> Result<bool, Failure> {
        let ledger = Arc::clone(&self.workshop.journey.ledger);
        let now = self.workshop.journey.clock.now();
        let standing = mailbox.standing(&FOLDERS).await?;
        let orders = ledger.staff_orders().await?;
        let routine = self.routine.is_due(now);
        // A folder of which the server tells nothing may hold anything.
        let unchanged = standing == self.standing && !standing.iter().any(String::is_empty);
        if unchanged && orders.is_empty() && !routine {
            return Ok(false);
        }
        let mut view = self.view(mailbox, ledger.as_ref()).await?;
        if self.note_sightings(&view, now).await? {
            // Only of a letter that was seen is a note expected: what lies beside it has a name now.
            self.known.forget_own();
            view = self.view(mailbox, ledger.as_ref()).await?;
            self.note_sightings(&view, now).await?;
        }
        let mut did = self.send_back(&view, mailbox).await?;
        let drags = self.drags(&view, orders, mailbox).await?;
        did |= !drags.is_empty();
        for drag in drags {
            self.carry_out(drag, &view, mailbox).await?;
        }
        did |= self.move_on(&view, mailbox).await?;
        self.remove_notes(mailbox).await?;
        if routine {
            did |= self.daily_work(&view, mailbox, now).await?;
        }
        if did {
            self.workshop.replies_due.notify_one();
        }
        // What came while this ran is found by the next look.
        self.standing = standing;
        Ok(did)
    }

    async fn view(
        &mut self,
        mailbox: &mut dyn Mailbox,
        ledger: &dyn Ledger,
    ) -> Result<View, Failure> {
        let notes = ledger.desk_notes().await?;
        let held = ledger.desk_letters().await?;
        self.remember(&held, &notes);
        let mut lying: Vec<Lying> = Vec::new();
        let mut items = Vec::new();
        for folder in FOLDERS {
            lying.extend(mailbox.lying_in(folder).await?);
        }
        let present: HashSet<&Place> = lying.iter().map(|one| &one.listed.place).collect();
        self.known.keep(&FOLDERS, &present);
        // What a program copied and will expunge counts as gone.
        lying.retain(|one| !one.deleted);
        for folder in FOLDERS {
            let here = lying.iter().filter(|one| one.listed.place.folder == folder);
            let here: Vec<Lying> = here.cloned().collect();
            let own = &self.workshop.journey.office.address;
            items.extend(
                self.known
                    .identify(here, &notes, ledger, mailbox, own)
                    .await?,
            );
        }
        let mut letters: BTreeMap<LetterId, DeskLetter> =
            held.into_iter().map(|letter| (letter.id, letter)).collect();
        for item in &items {
            let (Identity::Letter(id) | Identity::Note(_, id)) = item.is else {
                continue;
            };
            if !letters.contains_key(&id)
                && let Some(letter) = ledger.desk_letter(id).await?
            {
                letters.insert(id, letter);
            }
        }
        Ok(View {
            items,
            notes,
            letters,
        })
    }

    /// What the ledger saw before need not be fetched again.
    fn remember(&mut self, held: &[DeskLetter], notes: &[DeskNote]) {
        if !self.standing.is_empty() {
            return;
        }
        for letter in held {
            if let Some(place) = &letter.place {
                self.known
                    .insert(place.clone(), Identity::Letter(letter.id));
            }
        }
        for note in notes {
            if let Some(place) = &note.place {
                let is = Identity::Note(note.message_id.clone(), note.letter);
                self.known.insert(place.clone(), is);
            }
        }
    }

    /// Tells the ledger what lies in «Разбор», and which held letters lie nowhere. True when letters
    /// were seen that had not been seen there before.
    async fn note_sightings(&self, view: &View, now: Moment) -> Result<bool, Failure> {
        let ledger = self.workshop.journey.ledger.as_ref();
        let mut seen = Vec::new();
        for item in &view.items {
            let place = item.place();
            if place.folder != Folder::DeadLetter {
                continue;
            }
            match &item.is {
                Identity::Letter(id) => {
                    let known = view.letters.get(id);
                    if known.is_some_and(|letter| letter.place.as_ref() != Some(place)) {
                        seen.push(DeskSighting::Letter(*id, place.clone()));
                    }
                }
                Identity::Note(id, _) => {
                    let known = view.notes.iter().find(|note| note.message_id == *id);
                    if known.is_some_and(|note| {
                        note.place.as_ref() != Some(place) || note.size.is_none()
                    }) {
                        let size = item.lying.listed.size;
                        seen.push(DeskSighting::Note(id.clone(), place.clone(), size));
                    }
                }
                Identity::Own(_) | Identity::Foreign => {}
            }
        }
        let letters = |one: &DeskSighting| matches!(one, DeskSighting::Letter(..));
        let new = seen.iter().any(letters);
        if !seen.is_empty() {
            ledger.see(&seen, now).await?;
        }
        let missing: Vec<LetterId> = view
            .letters
            .values()
            .filter(|letter| letter.state == LetterState::Held && letter.seen_at.is_some())
            .filter(|letter| letter.missing_since.is_none() && view.place_of(letter.id).is_none())
            .map(|letter| letter.id)
            .collect();
        if !missing.is_empty() {
            ledger.miss(&missing, now).await?;
        }
        Ok(new)
    }

    /// An act folder obeys only what was seen in «Разбор». Anything else there, and in «Разбор» what
    /// the ledger has never heard of (mail servers may deliver plus-addresses into folders), goes
    /// the way of every letter, from the inbox.
    async fn send_back(&self, view: &View, mailbox: &mut dyn Mailbox) -> Result<bool, Failure> {
        let is_foreign = |item: &&Item| {
            let at_home = item.place().folder == Folder::DeadLetter;
            match &item.is {
                Identity::Letter(id) => {
                    let known = view.letters.get(id);
                    let never_dead = known.is_none_or(|known| known.seen_at.is_none());
                    // A letter that was decided without staff and somebody put among the dead.
                    let stray = known.is_some_and(|known| {
                        known.state != LetterState::Held && known.acted.is_none()
                    });
                    stray || (never_dead && !at_home)
                }
                Identity::Note(..) => false,
                Identity::Own(_) => !at_home,
                Identity::Foreign => true,
            }
        };
        let moves: Vec<Move> = view
            .items
            .iter()
            .filter(is_foreign)
            .map(|item| Move {
                from: item.place().clone(),
                to: Folder::Inbox,
                keywords: Vec::new(),
            })
            .collect();
        if moves.is_empty() {
            return Ok(false);
        }
        tracing::warn!(
            letters = moves.len(),
            "letters that were never dead letters lay in the folders of staff: back to the inbox"
        );
        mailbox.file_away(&moves).await?;
        Ok(true)
    }

    /// A letter that is decided does not lie in «Разбор»: somebody copied it.
    async fn move_on(&self, view: &View, mailbox: &mut dyn Mailbox) -> Result<bool, Failure> {
        let moves: Vec<Move> =
            view.items
                .iter()
                .filter(|item| item.place().folder == Folder::DeadLetter)
                .filter(|item| match &item.is {
                    Identity::Letter(id) => view.letters.get(id).is_some_and(|known| {
                        known.state != LetterState::Held && known.acted.is_some()
                    }),
                    Identity::Note(..) | Identity::Own(_) | Identity::Foreign => false,
                })
                .map(|item| Move {
                    from: item.place().clone(),
                    to: Folder::Processed,
                    keywords: Vec::new(),
                })
                .collect();
        if moves.is_empty() {
            return Ok(false);
        }
        mailbox.file_away(&moves).await?;
        Ok(true)
    }

    /// Notes of letters that have gone on are removed, wherever in our folders they lie.
    async fn remove_notes(&mut self, mailbox: &mut dyn Mailbox) -> Result<(), Failure> {
        let ledger = Arc::clone(&self.workshop.journey.ledger);
        let obsolete: Vec<DeskNote> = ledger
            .desk_notes()
            .await?
            .into_iter()
            .filter(|note| note.obsolete)
            .collect();
        if obsolete.is_empty() {
            return Ok(());
        }
        let places = self.known.places_of(&obsolete);
        mailbox.remove(&places).await?;
        let gone: Vec<_> = obsolete.into_iter().map(|note| note.message_id).collect();
        ledger.forget_notes(&gone).await
    }
}

/// The act that a folder stands for.
fn act_of(folder: Folder) -> Option<StaffAct> {
    StaffAct::ALL.into_iter().find(|act| act.folder() == folder)
}
