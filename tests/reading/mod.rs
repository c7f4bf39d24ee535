//! The corpus of `fixtures/letters`: every letter is read as its expected reading says.
