//! Letters that wait for DNS, and the order that they keep. Pure.

use crate::decide::Case;
use crate::domain::{BookingNumber, ContentHash, LetterId, Moment};

/// Minutes after the first try during which a letter waits for DNS; then it is decided as if it
/// were not signed.
const WAIT_MINUTES: i64 = 120;

/// Minutes between two tries at most.
const LONGEST_PAUSE_MINUTES: i64 = 16;

/// Minutes after which a letter holds no later one up any more: it has left the mailbox undecided.
const FORGOTTEN_MINUTES: i64 = WAIT_MINUTES + 60;

/// A letter that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The letter.
    pub letter: LetterId,
    /// When the server received it.
    pub received_at: Moment,
    /// When it was put off for the first time.
    pub since: Moment,
    /// Not to be tried before.
    pub due_at: Moment,
    /// How often it was put off.
    pub attempts: u32,
    /// SHA-256 of From.
    pub sender: ContentHash,
    /// Lookup key of the number that it names.
    pub number_key: Option<String>,
}

/// The letters that wait, in no fixed order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waits(Vec<Wait>);

impl Waits {
    /// Those that the ledger knows.
    pub const fn new(waits: Vec<Wait>) -> Self {
        Self(waits)
    }

    /// When this letter may be tried again; `None` when it may be now.
    pub fn not_before(&self, letter: LetterId, now: Moment) -> Option<Moment> {
        let wait = self.0.iter().find(|wait| wait.letter == letter)?;
        (now < wait.due_at).then_some(wait.due_at)
    }

    /// Whether the time for waiting is over: what cannot be known by then is not known.
    pub fn is_over(&self, letter: LetterId, now: Moment) -> bool {
        let wait = self.0.iter().find(|wait| wait.letter == letter);
        wait.is_some_and(|wait| now >= wait.since.plus_minutes(WAIT_MINUTES))
    }

    /// The earlier letter of the same sender that still waits and may be about the same booking:
    /// letters about one booking are decided in order of receipt.
    pub fn ahead_of(&self, case: &Case, now: Moment) -> Option<&Wait> {
        let sender = sender_of(case);
        let number = number_of(case);
        self.0.iter().find(|wait| {
            let earlier = (wait.received_at, wait.letter) < (case.received_at, case.letter);
            let same_booking = match (&wait.number_key, &number) {
                (Some(one), Some(other)) => one == other,
                (None, _) | (_, None) => true,
            };
            let present = now < wait.since.plus_minutes(FORGOTTEN_MINUTES);
            earlier && present && wait.sender == sender && same_booking
        })
    }

    /// Puts a letter off: for a minute, and for twice as long each time, but not beyond the end
    /// of its time.
    pub fn put_off(&mut self, case: &Case, now: Moment) -> Wait {
        let before = self.0.iter().position(|wait| wait.letter == case.letter);
        let before = before.map(|at| self.0.swap_remove(at));
        let since = before.as_ref().map_or(now, |wait| wait.since);
        let attempts = before.map_or(1, |wait| wait.attempts.saturating_add(1));
        let pause = 1_i64
            .checked_shl(attempts.saturating_sub(1))
            .filter(|minutes| (1..LONGEST_PAUSE_MINUTES).contains(minutes))
            .unwrap_or(LONGEST_PAUSE_MINUTES);
        let end = since.plus_minutes(WAIT_MINUTES);
        let next = now.plus_minutes(pause);
        let wait = Wait {
            letter: case.letter,
            received_at: case.received_at,
            since,
            due_at: if now < end { next.min(end) } else { next },
            attempts,
            sender: sender_of(case),
            number_key: number_of(case),
        };
        self.0.push(wait.clone());
        wait
    }

    /// The letter is decided now: it holds nobody up.
    pub fn leave(&mut self, letter: LetterId) {
        self.0.retain(|wait| wait.letter != letter);
    }
}

fn sender_of(case: &Case) -> ContentHash {
    let sender = case.sender.as_ref().map_or("", |sender| sender.as_str());
    ContentHash::of(&[b"sender", sender.as_bytes()])
}

fn number_of(case: &Case) -> Option<String> {
    let number = case.reading.number.as_ref();
    number.map(BookingNumber::lookup_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EmailAddress;
    use crate::request::RequestReading;
    use crate::verify::SenderEvidence;

    const NOW: Moment = Moment::from_seconds(1_801_472_400);

    fn case(letter: i64, sender: &str, number: Option<&str>) -> Case {
        Case {
            letter: LetterId(letter),
            raw_hash: ContentHash::of(&[&letter.to_be_bytes()]),
            content_hash: None,
            received_at: NOW.plus_seconds(letter),
            sender: EmailAddress::parse(sender),
            message_id: None,
            thread: Vec::new(),
            subject: String::new(),
            is_ours: false,
            automatic: None,
            bounce: None,
            reading: RequestReading {
                number: number.and_then(BookingNumber::parse),
                ..RequestReading::default()
            },
            evidence: SenderEvidence::default(),
            unreadable: None,
            attachments: Vec::new(),
        }
    }

    #[test]
    fn a_letter_is_tried_ever_less_often_and_two_hours_long() {
        let mut waits = Waits::default();
        let letter = case(1, "a@example.org", None);
        let mut now = NOW;
        let mut pauses = Vec::new();
        while !waits.is_over(letter.letter, now) {
            let wait = waits.put_off(&letter, now);
            assert_eq!(
                (wait.since, waits.not_before(letter.letter, now)),
                (NOW, Some(wait.due_at))
            );
            pauses.push((wait.due_at.seconds() - now.seconds()) / 60);
            now = wait.due_at;
            assert_eq!(waits.not_before(letter.letter, now), None);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 16, 16, 16, 16, 16, 9]);
        assert_eq!(now, NOW.plus_hours(2));
    }

    #[test]
    fn only_a_later_letter_of_the_same_sender_about_the_same_booking_waits_behind_it() {
        let mut waits = Waits::default();
        waits.put_off(&case(5, "a@example.org", Some("A-1")), NOW);
        let behind = |one: &Case| waits.ahead_of(one, NOW).is_some();
        assert!(behind(&case(6, "a@example.org", Some("А-1"))));
        assert!(behind(&case(6, "a@example.org", None)));
        assert!(!behind(&case(6, "a@example.org", Some("A-2"))));
        assert!(!behind(&case(6, "b@example.org", Some("A-1"))));
        assert!(!behind(&case(4, "a@example.org", Some("A-1"))));
        assert!(!behind(&case(5, "a@example.org", Some("A-1"))));
        let later = NOW.plus_hours(3);
        assert!(
            waits
                .ahead_of(&case(6, "a@example.org", None), later)
                .is_none()
        );
        waits.leave(LetterId(5));
        assert!(
            waits
                .ahead_of(&case(6, "a@example.org", None), NOW)
                .is_none()
        );
    }
}
