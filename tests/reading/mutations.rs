//! The corpus, damaged thousands of times in the same way at every run: whatever comes out, it is
//! nothing that the letter does not hold.

use super::letters;
use otmena::read::{self, Letter};
use otmena::request::{self, RequestReading};
use unicode_normalization::UnicodeNormalization;

/// Damaged copies of each letter.
const COPIES: u64 = 10;

/// Numbers that look random and are the same at every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        of.get(self.below(of.len())).unwrap()
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(most.max(1)).unwrap()).unwrap()
    }
}

/// What damage is made of, beside single octets.
const SHARDS: [&[u8]; 24] = [
    b"\r\n",
    b"\r\n\r\n",
    b"\0",
    b"=",
    b"=\r\n",
    b"--",
    b"--=_b0undary",
    b"--b1--\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Type: multipart/mixed; boundary=b1\r\n",
    b"Content-Type: multipart/alternative\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"charset=utf-16",
    b"charset=koi8-r",
    b"=?utf-8?B?",
    b"?=",
    b"<blockquote>",
    b"<s>",
    b"</div>",
    b"> ",
    b"\xE2\x80\xAE",
    b"\xD0",
    b"\xCE\xF2",
];

fn damaged(letter: &[u8], all: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = letter.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        let end = (at + dice.below(60)).min(bytes.len());
        match dice.below(7) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.extend_from_within(at..end),
            3 => drop(bytes.splice(at..at, dice.pick(&SHARDS).iter().copied())),
            4 => bytes
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|b| *b ^= 1 << dice.below(8)),
            5 => bytes.retain(|b| *b != b'\r'),
            _ => {
                let other = dice.pick(all);
                let from = dice.below(other.len());
                bytes.splice(at..end, other.iter().skip(from).take(200).copied());
            }
        }
    }
    bytes
}

/// Latin letters that look like Cyrillic ones are read as such within Russian words.
fn look(c: char) -> char {
    const LATIN: &str = "ABCEHIKMOPTXY";
    const CYRILLIC: &str = "АВСЕНІКМОРТХУ";
    let at = LATIN.chars().position(|latin| latin == c);
    at.and_then(|at| CYRILLIC.chars().nth(at)).unwrap_or(c)
}

/// Letters, digits and unreadable places, as they follow each other.
fn squeezed(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_uppercase)
        .map(look)
        .filter(|c| c.is_alphanumeric() || *c == char::REPLACEMENT_CHARACTER)
        .collect()
}

/// As [`squeezed`], without what marks of footnotes and of direction become within words.
fn legible(text: &str) -> String {
    let mark = |c: &char| matches!(c, '¹' | '²' | '³' | '⁰' | '\u{2074}'..='\u{2079}');
    let unmarked: String = text.chars().filter(|c| !mark(c)).collect();
    let squeezed = squeezed(&unmarked);
    squeezed.replace(char::REPLACEMENT_CHARACTER, "")
}

fn digits(text: &str) -> String {
    squeezed(text)
        .chars()
        .filter(char::is_ascii_digit)
        .collect()
}

/// What is understood but stands nowhere in the writer's own text or signature.
fn invented(letter: &Letter, reading: &RequestReading) -> Option<String> {
    let other = letter.other_face.as_deref().unwrap_or_default();
    let own = [
        letter.subject.as_str(),
        letter.own_words.as_str(),
        letter.signature.as_str(),
        other,
    ];
    let stands = |wanted: &str, squeeze: fn(&str) -> String| {
        let wanted = squeeze(wanted);
        own.iter().any(|text| squeeze(text).contains(&wanted))
    };
    let number = reading.number.as_ref().map(|number| number.as_str());
    // A name may be put together from labels of its own for surname, name and patronymic.
    let names = reading.full_name.iter().flat_map(|name| name.split(' '));
    let mut words = number.into_iter().chain(names);
    let unsaid = words.find(|text| !stands(text, squeezed));
    let reason = reading.reason.as_deref();
    let unsaid = unsaid.or_else(|| reason.filter(|reason| !stands(reason, legible)));
    // The trunk prefix of a telephone (8 or +7) may be left out or written either way.
    let telephone = reading
        .phone
        .as_deref()
        .and_then(|phone| phone.strip_prefix("+7"));
    let unsaid = unsaid.or_else(|| telephone.filter(|phone| !stands(phone, digits)));
    let year = reading.date.as_deref().and_then(|date| date.get(2..4));
    // A year told in words has no figures: «две тысячи двадцать седьмого».
    let in_words = stands("две тысячи", squeezed);
    let unsaid = unsaid.or_else(|| year.filter(|year| !in_words && !stands(year, digits)));
    unsaid.map(str::to_owned)
}

#[test]
fn a_damaged_letter_is_read_and_nothing_is_invented() {
    let all: Vec<Vec<u8>> = letters()
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    let mut dice = Dice(20_270_205);
    let mut acting = 0;
    for letter in &all {
        for _ in 0..COPIES {
            let bytes = damaged(letter, &all, &mut dice);
            let read = read::read(&bytes);
            let reading = request::understand(&read);
            let shown = String::from_utf8_lossy(&bytes);
            assert_eq!(invented(&read, &reading), None, "{reading:?} of\n{shown}");
            assert!(
                read.automatic.is_none() || reading.number.is_none(),
                "a program asks for something:\n{shown}"
            );
            acting += usize::from(reading.number.is_some());
        }
    }
    assert!(
        acting > all.len(),
        "only {acting} copies still ask for something"
    );
}
