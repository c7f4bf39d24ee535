//! A batch of letters with mixed outcomes, and how everything must be in the end, however often the
//! program was killed on the way.

use crate::support::house::{Appointment, CitizenLetter, House, citizen, letter_from};
use std::collections::{BTreeMap, BTreeSet};

const FOLDERS: [&str; 4] = ["INBOX", "Обработано", "Обработано/Автоматические", "Разбор"];

/// What must become of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fate {
    folder: &'static str,
    answer: Option<&'static str>,
    cancels: bool,
}

/// A batch of letters.
pub struct World {
    letters: Vec<(CitizenLetter, Fate, Option<String>)>,
}

const fn fate(folder: &'static str, answer: Option<&'static str>) -> Fate {
    Fate {
        folder,
        answer,
        cancels: false,
    }
}

impl World {
    /// `count` letters of the citizens from number `first` on lie in the inbox.
    pub fn of(house: &House, first: usize, count: usize) -> Self {
        let mut appointments = Vec::new();
        let mut letters = Vec::new();
        for n in first..first + count {
            let late = n % 10 == 5;
            let appointment = Appointment::new(&format!("5{n:05}"), &citizen(n));
            let appointment = if late {
                appointment.in_hours(12)
            } else {
                appointment
            };
            let (letter, fate) = letter_and_fate(n, &appointment);
            letters.push((letter, fate, Some(appointment.number.clone())));
            appointments.push(appointment);
        }
        house.imports(&appointments.iter().collect::<Vec<_>>());
        for (letter, _, _) in &letters {
            house.citizen_writes(letter);
        }
        Self { letters }
    }

    /// Nothing twice, nothing left out, nothing elsewhere.
    pub fn is_as_it_should_be(&self, house: &House) {
        self.letters_lie_where_they_should(house);
        self.one_note_lies_beside_each_dead_letter(house);
        self.cancellations_are_as_they_should_be(house);
        self.answers_are_as_they_should_be(house);
        house.journal_verifies();
        let left = "SELECT state, COUNT(*) FROM outbox WHERE state <> 'sent' GROUP BY state";
        assert_eq!(house.rows(left), []);
        let left =
            "SELECT target, COUNT(*) FROM filings WHERE CAST(done AS INTEGER) = 0 GROUP BY target";
        assert_eq!(house.rows(left), []);
    }

    fn cancellations_are_as_they_should_be(&self, house: &House) {
        let feed = house.feed();
        let journal: BTreeMap<String, i64> = house
            .rows(
                "SELECT b.number, COUNT(j.id) FROM bookings b JOIN journal j \
                 ON j.chain = 'booking:' || b.id WHERE j.kind = 'booking_cancelled' \
                 GROUP BY b.number",
            )
            .into_iter()
            .collect();
        let states: BTreeSet<String> = house
            .rows("SELECT number, cancellations FROM bookings WHERE state = 'cancelled'")
            .into_iter()
            .map(|(number, _)| number)
            .collect();
        for (_, fate, number) in &self.letters {
            let number = number.as_ref().unwrap();
            let told = feed
                .iter()
                .filter(|change| change.number == *number && change.kind == "cancelled")
                .count();
            let entries = journal.get(number).copied().unwrap_or(0);
            let expected = i64::from(fate.cancels);
            assert_eq!(
                i64::try_from(told).unwrap(),
                expected,
                "the feed about {number}: {}",
                house.log()
            );
            assert_eq!(entries, expected, "the journal about {number}");
            assert_eq!(
                states.contains(number),
                fate.cancels,
                "the state of {number}"
            );
        }
    }

    fn letters_lie_where_they_should(&self, house: &House) {
        let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for folder in FOLDERS {
            for letter in house.folder(folder) {
                places.entry(letter.message_id).or_default().push(folder);
            }
        }
        for (letter, fate, number) in &self.letters {
            let lies = places.remove(letter.message_id()).unwrap_or_default();
            assert_eq!(lies, [fate.folder], "the letter about {number:?}");
        }
    }

    fn one_note_lies_beside_each_dead_letter(&self, house: &House) {
        let mut notes: BTreeMap<String, u32> = BTreeMap::new();
        for note in house.folder("Разбор") {
            *notes.entry(note.header("In-Reply-To")).or_default() += 1;
        }
        for (letter, fate, number) in &self.letters {
            let beside = notes.get(&format!("<{}>", letter.message_id()));
            let expected = u32::from(fate.folder == "Разбор");
            assert_eq!(
                beside.copied().unwrap_or(0),
                expected,
                "notes beside the letter about {number:?}"
            );
        }
    }

    fn answers_are_as_they_should_be(&self, house: &House) {
        let answers = house.answers();
        for (letter, fate, number) in &self.letters {
            let own: Vec<_> = answers
                .iter()
                .filter(|answer| answer.in_reply_to == [letter.message_id()])
                .collect();
            let kinds: BTreeSet<_> = own.iter().map(|answer| answer.kind()).collect();
            assert_eq!(kinds, fate.answer.into_iter().collect(), "about {number:?}");
            // Sent again it is the same letter: one Message-ID, and the same bytes.
            let ids: BTreeSet<_> = own.iter().map(|answer| &answer.message_id).collect();
            let bytes: BTreeSet<_> = own.iter().map(|answer| &answer.bytes).collect();
            let expected = usize::from(fate.answer.is_some());
            assert_eq!(
                (ids.len(), bytes.len()),
                (expected, expected),
                "about {number:?}"
            );
        }
    }
}

fn letter_and_fate(n: usize, appointment: &Appointment) -> (CitizenLetter, Fate) {
    let own = || letter_from(&citizen(n));
    let stranger = || letter_from(&citizen(n + 1_000));
    match n % 10 {
        0..=3 => (
            own().asks_briefly(&appointment.number),
            Fate {
                cancels: true,
                ..fate("Обработано", Some("cancelled"))
            },
        ),
        4 => (
            own().unsigned().asks_briefly(&appointment.number),
            fate("Обработано", Some("confirm_first")),
        ),
        5 => (
            own().asks_briefly(&appointment.number),
            fate("Обработано", Some("refused_too_late")),
        ),
        6 => (
            own().asks_briefly(&format!("9{n:05}")),
            fate("Разбор", Some("not_understood")),
        ),
        7 => (
            stranger().asks_briefly(&appointment.number),
            fate("Разбор", Some("received")),
        ),
        8 => (
            own()
                .says("Отпуск", "Я в отпуске.\n")
                .with_header("Auto-Submitted: auto-replied"),
            fate("Обработано/Автоматические", None),
        ),
        _ => (
            stranger().says("Вопрос", "Где вы находитесь?\n"),
            fate("Разбор", Some("received")),
        ),
    }
}
