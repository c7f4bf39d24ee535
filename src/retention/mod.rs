//! After its time everything that names a person goes: from the ledger, and from the mailbox. Ids,
//! hashes and the journal stay, so that what was done can still be proved. I/O.

use crate::domain::{EmailAddress, Folder, Moment, Place};
use crate::failure::Failure;
use crate::intake::{Listed, Mailbox, RawLetter};
use crate::journey::raw_hash;
use crate::read;
use crate::record::{Ledger, Purged};

/// Bookings and letters emptied in one transaction: letters of citizens wait for it meanwhile.
const AT_ONCE: u32 = 200;

/// Letters fetched at once, to be known by their bytes.
const FETCHED_AT_ONCE: usize = 50;

/// Octets fetched at once.
const OCTETS_AT_ONCE: u64 = 16 * 1024 * 1024;

/// The folders that hold letters which are done with, or with staff.
const FOLDERS: [Folder; 3] = [Folder::Processed, Folder::Automatic, Folder::DeadLetter];

/// Before which moment everything is emptied; `None` where everything is kept.
pub const fn limit(days: u32, now: Moment) -> Option<Moment> {
    if days == 0 {
        return None;
    }
    Some(now.plus_hours(-24 * days as i64))
}

/// Empties the ledger of what names a person.
///
/// # Errors
/// When the ledger fails; what was emptied until then stays so.
pub async fn empty_ledger(
    ledger: &dyn Ledger,
    before: Moment,
    now: Moment,
) -> Result<Purged, Failure> {
    let mut all = Purged::default();
    loop {
        let purged = ledger.purge(before, AT_ONCE, now).await?;
        if purged.is_nothing() {
            break;
        }
        all = all.and(purged);
    }
    if !all.is_nothing() {
        ledger.sweep().await?;
    }
    Ok(all)
}

/// Removes from the mailbox the letters whose words the ledger no longer holds, and letters of our
/// own as old: notes for staff and digests. Anything else is not ours to remove, and a letter that
/// somebody has flagged is in that person's hands.
///
/// # Errors
/// When the mailbox or the ledger fails; the rest is removed by the next purge.
pub async fn empty_mailbox(
    ledger: &dyn Ledger,
    mailbox: &mut dyn Mailbox,
    own: &EmailAddress,
    before: Moment,
) -> Result<u64, Failure> {
    let mut removed = 0_u64;
    for folder in FOLDERS {
        let old: Vec<Listed> = mailbox
            .lying_in(folder)
            .await?
            .into_iter()
            .filter(|lying| !lying.flagged && lying.listed.received_at < before)
            .map(|lying| lying.listed)
            .collect();
        for batch in batches(&old) {
            let letters = mailbox.fetch(batch).await?;
            let places = ours(ledger, &letters, own, folder).await?;
            mailbox.remove(&places).await?;
            removed = removed.saturating_add(u64::try_from(places.len()).unwrap_or(0));
        }
    }
    Ok(removed)
}

/// The places of those that are to go.
async fn ours(
    ledger: &dyn Ledger,
    letters: &[RawLetter],
    own: &EmailAddress,
    folder: Folder,
) -> Result<Vec<Place>, Failure> {
    let hashes: Vec<_> = letters.iter().map(raw_hash).collect();
    let purged = ledger.are_purged(&hashes).await?;
    let known = ledger.letters_by_bytes(&hashes).await?;
    let mut places = Vec::new();
    for ((letter, purged), known) in letters.iter().zip(purged).zip(known) {
        // A note or digest is no letter of the ledger, and lies with staff alone.
        let own_note = known.is_none()
            && folder == Folder::DeadLetter
            && read::read(&letter.bytes).sender.as_ref() == Some(own);
        if purged || own_note {
            places.push(letter.listed.place.clone());
        }
    }
    Ok(places)
}

fn batches(listed: &[Listed]) -> Vec<&[Listed]> {
    let mut cut = Vec::new();
    let mut rest = listed;
    while !rest.is_empty() {
        let mut octets = 0_u64;
        let fits = rest
            .iter()
            .take(FETCHED_AT_ONCE)
            .take_while(|letter| {
                octets = octets.saturating_add(letter.size);
                octets <= OCTETS_AT_ONCE
            })
            .count();
        let (batch, others) = rest.split_at_checked(fits.max(1)).unwrap_or((rest, &[]));
        cut.push(batch);
        rest = others;
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(size: u64) -> Listed {
        Listed {
            place: Place {
                folder: Folder::Processed,
                validity: 1,
                key: size.to_string(),
            },
            received_at: Moment::default(),
            size,
        }
    }

    #[test]
    fn batches_hold_few_letters_and_few_octets() {
        let many: Vec<Listed> = (0..120).map(listed).collect();
        let lengths: Vec<usize> = batches(&many).iter().map(|batch| batch.len()).collect();
        assert_eq!(lengths, [50, 50, 20]);
        let large = [
            listed(OCTETS_AT_ONCE + 1),
            listed(OCTETS_AT_ONCE),
            listed(1),
        ];
        let lengths: Vec<usize> = batches(&large).iter().map(|batch| batch.len()).collect();
        assert_eq!(lengths, [1, 1, 1]);
    }

    #[test]
    fn the_limit_lies_so_many_days_back_or_nowhere() {
        let now = Moment::from_seconds(100 * 86_400);
        assert_eq!(limit(90, now), Some(Moment::from_seconds(10 * 86_400)));
        assert_eq!(limit(0, now), None);
    }
}
