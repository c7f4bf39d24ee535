//! The sample bookings and letters, built in.

use crate::failure::Failure;

/// The bookings, in the form of an import.
pub(super) const BOOKINGS: &str = include_str!("../../fixtures/demo/bookings.csv");

/// What is expected of each letter.
pub(super) const EXPECTED: &str = include_str!("../../fixtures/demo/expected.json");

macro_rules! letters {
    ($($file:literal,)*) => {
        &[$(($file, include_bytes!(concat!("../../fixtures/demo/letters/", $file)).as_slice()),)*]
    };
}

const LETTERS: &[(&str, &[u8])] = letters![
    "01-exact-template.eml",
    "02-html-only.eml",
    "03-reply-with-booking-letter-quoted.eml",
    "04-koi8-r.eml",
    "05-last-minute-in-vladivostok.eml",
    "06-one-minute-too-late.eml",
    "07-cancelled-before.eml",
    "08-unknown-number.eml",
    "09-two-numbers.eml",
    "10-out-of-office.eml",
    "11-stranger-who-knows-the-number.eml",
    "12-address-on-file-but-unsigned.eml",
    "13-no-request.eml",
];

/// The bytes of a sample letter.
pub(super) fn letter(file: &str) -> Result<&'static [u8], Failure> {
    LETTERS
        .iter()
        .find(|(name, _)| *name == file)
        .map(|(_, bytes)| *bytes)
        .ok_or_else(|| {
            Failure::stop(
                format!("the demo has no letter {file}"),
                "Name it in samples.rs",
            )
        })
}
