//! What lies in the folders of staff: dead letters, notes of ours, and what does not belong there.

use crate::domain::{EmailAddress, Folder, LetterId, MessageId, Place};
use crate::failure::Failure;
use crate::intake::{Lying, Mailbox, RawLetter};
use crate::journey::raw_hash;
use crate::record::{DeskNote, Ledger};
use std::collections::{HashMap, HashSet};

/// Letters fetched at once to find out what they are.
const FETCHED_AT_ONCE: usize = 50;

/// Octets fetched at once.
const OCTETS_AT_ONCE: u64 = 16 * 1024 * 1024;

/// Octets of a letter in which its Message-ID is looked for.
const HEADER_OCTETS: usize = 64 * 1024;

/// What a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Identity {
    /// A letter of the ledger.
    Letter(LetterId),
    /// A note of ours about a letter.
    Note(MessageId, LetterId),
    /// A letter from our own address, such as a digest, with its Message-ID.
    Own(Option<MessageId>),
    /// Anything else.
    Foreign,
}

/// A message with what it is.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) lying: Lying,
    pub(super) is: Identity,
}

impl Item {
    pub(super) const fn place(&self) -> &Place {
        &self.lying.listed.place
    }
}

/// What is known of places, so that nothing is fetched twice.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<Place, Identity>);

impl Known {
    /// Notes what a place holds.
    pub(super) fn insert(&mut self, place: Place, is: Identity) {
        self.0.insert(place, is);
    }

    /// Forgets everything of these folders but these places.
    pub(super) fn keep(&mut self, folders: &[Folder], present: &HashSet<&Place>) {
        self.0
            .retain(|place, _| !folders.contains(&place.folder) || present.contains(place));
    }

    /// Forgets what seemed to be letters of our own without a meaning here.
    pub(super) fn forget_own(&mut self) {
        self.0.retain(|_, is| !matches!(is, Identity::Own(_)));
    }

    /// Where these notes lie.
    pub(super) fn places_of(&self, notes: &[DeskNote]) -> Vec<Place> {
        let mut places: Vec<Place> = self
            .0
            .iter()
            .filter(|(_, is)| match is {
                Identity::Note(id, _) => notes.iter().any(|note| note.message_id == *id),
                Identity::Letter(_) | Identity::Own(_) | Identity::Foreign => false,
            })
            .map(|(place, _)| place.clone())
            .collect();
        places.sort();
        places
    }

    /// Says what each of these messages is; fetches those that are new.
    pub(super) async fn identify(
        &mut self,
        lying: Vec<Lying>,
        notes: &[DeskNote],
        ledger: &dyn Ledger,
        mailbox: &mut dyn Mailbox,
        own: &EmailAddress,
    ) -> Result<Vec<Item>, Failure> {
        let unknown: Vec<&Lying> = lying
            .iter()
            .filter(|one| !self.0.contains_key(&one.listed.place))
            .collect();
        for batch in batches(&unknown) {
            let wanted: Vec<_> = batch.iter().map(|one| one.listed.clone()).collect();
            let raw = mailbox.fetch(&wanted).await?;
            self.learn(&raw, notes, ledger, own).await?;
        }
        Ok(lying
            .into_iter()
            .filter_map(|lying| {
                let is = self.0.get(&lying.listed.place)?.clone();
                Some(Item { lying, is })
            })
            .collect())
    }

    async fn learn(
        &mut self,
        letters: &[RawLetter],
        notes: &[DeskNote],
        ledger: &dyn Ledger,
        own: &EmailAddress,
    ) -> Result<(), Failure> {
        let hashes: Vec<_> = letters.iter().map(raw_hash).collect();
        let found = ledger.letters_by_bytes(&hashes).await?;
        for (raw, letter) in letters.iter().zip(found) {
            let is = letter.map_or_else(
                || other(&raw.bytes, notes, own),
                |letter| Identity::Letter(letter.id),
            );
            self.0.insert(raw.listed.place.clone(), is);
        }
        Ok(())
    }
}

fn other(bytes: &[u8], notes: &[DeskNote], own: &EmailAddress) -> Identity {
    let id = header(bytes, "message-id").and_then(|text| MessageId::parse(&text));
    let note = notes
        .iter()
        .find(|note| id.as_ref() == Some(&note.message_id));
    if let Some(note) = note {
        return Identity::Note(note.message_id.clone(), note.letter);
    }
    let from = header(bytes, "from").unwrap_or_default().to_lowercase();
    if from.contains(own.as_str()) {
        Identity::Own(id)
    } else {
        Identity::Foreign
    }
}

fn batches<'a>(lying: &[&'a Lying]) -> Vec<Vec<&'a Lying>> {
    let mut cut: Vec<Vec<&Lying>> = Vec::new();
    let mut octets = 0_u64;
    for one in lying {
        octets = octets.saturating_add(one.listed.size);
        match cut.last_mut() {
            Some(batch) if batch.len() < FETCHED_AT_ONCE && octets <= OCTETS_AT_ONCE => {
                batch.push(one);
            }
            _ => {
                cut.push(vec![one]);
                octets = one.listed.size;
            }
        }
    }
    cut
}

/// A header of a letter, on its own line or the one folded behind it.
fn header(bytes: &[u8], wanted: &str) -> Option<String> {
    let head = bytes.get(..HEADER_OCTETS).unwrap_or(bytes);
    let mut lines = head.split(|octet| *octet == b'\n');
    while let Some(line) = lines.next() {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end();
        if line.is_empty() {
            return None;
        }
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if name.eq_ignore_ascii_case(wanted) {
            let folded = lines
                .next()
                .map(String::from_utf8_lossy)
                .unwrap_or_default();
            let folded = if folded.starts_with([' ', '\t']) {
                folded.trim()
            } else {
                ""
            };
            return Some(format!("{} {folded}", value.trim()).trim().to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn header_is_found_on_its_line_or_folded_and_only_in_the_head() {
        let id = |text: &str| header(text.as_bytes(), "message-id");
        let expected = Some("<a.1@example.org>".to_owned());
        assert_eq!(
            id("From: x\r\nMESSAGE-ID: <a.1@example.org>\r\nTo: y\r\n\r\n"),
            expected
        );
        assert_eq!(id("Message-ID:\r\n <a.1@example.org>\r\n\r\n"), expected);
        assert_eq!(id("From: x\r\n\r\nMessage-ID: <a.1@example.org>\r\n"), None);
        assert_eq!(id(""), None);
    }
}
