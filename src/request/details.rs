//! Whether the details in a letter are those of the booking. Pure; how much a match is worth is
//! decided elsewhere.

use super::RequestReading;
use super::phrases::fields;
use super::speech::{WordList, grammar};
use crate::domain::Booking;

/// How one detail of the letter compares with the booking.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DetailMatch {
    /// The letter does not give it.
    #[default]
    NotGiven,
    /// The same.
    Equal,
    /// Nearly the same: one slip of the pen in a long surname, or initials.
    Similar,
    /// Something else.
    Different,
}

/// The comparison of all details.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DetailComparison {
    /// Surname, name, patronymic.
    pub name: DetailMatch,
    /// Date, on the clocks of the organisation.
    pub date: DetailMatch,
    /// Time, on the clocks of the organisation.
    pub time: DetailMatch,
    /// Telephone.
    pub phone: DetailMatch,
}

impl DetailComparison {
    /// Whether anything given contradicts the booking.
    pub fn contradicts(&self) -> bool {
        [self.name, self.date, self.time, self.phone].contains(&DetailMatch::Different)
    }
}

/// Compares what the letter says with the booking.
pub fn compare(reading: &RequestReading, booking: &Booking) -> DetailComparison {
    let local = booking.starts_at.in_zone(&booking.organisation.zone);
    let date = local.date().to_string();
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    let exact = |given: Option<&str>, true_value: &str| match given {
        None => DetailMatch::NotGiven,
        Some(given) if given == true_value => DetailMatch::Equal,
        Some(_) => DetailMatch::Different,
    };
    DetailComparison {
        name: reading
            .full_name
            .as_deref()
            .map_or(DetailMatch::NotGiven, |name| {
                compare_names(name, &booking.citizen.full_name)
            }),
        date: exact(reading.date.as_deref(), &date),
        time: exact(reading.time.as_deref(), &time),
        phone: match booking.citizen.phone.as_deref() {
            Some(on_file) => exact(reading.phone.as_deref(), on_file),
            // Nothing on file to compare with.
            None => DetailMatch::NotGiven,
        },
    }
}

/// Letters of a surname in which one slip of the pen is forgiven.
const LONG_SURNAME: usize = 6;

/// Compares two names: ё = е, case, order and initials do not count; one slip in a surname of
/// six letters or more, or a missing patronymic, is similar.
pub fn compare_names(given: &str, on_file: &str) -> DetailMatch {
    let (given, on_file) = (words(given), words(on_file));
    if given.is_empty() {
        return DetailMatch::NotGiven;
    }
    if on_file.is_empty() {
        return DetailMatch::Different;
    }
    let (short, long) = if given.len() <= on_file.len() {
        (&given, &on_file)
    } else {
        (&on_file, &given)
    };
    let mut left: Vec<&String> = long.iter().collect();
    let mut result = DetailMatch::Equal;
    // Whole words first, so that an initial does not take the place of one.
    let mut order: Vec<&String> = short.iter().collect();
    order.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    for word in order {
        let best = left
            .iter()
            .enumerate()
            .filter_map(|(at, other)| word_match(word, other).map(|m| (m, at)))
            .min_by_key(|(m, _)| *m != DetailMatch::Equal);
        let Some((matched, at)) = best else {
            return DetailMatch::Different;
        };
        left.swap_remove(at);
        if matched == DetailMatch::Similar {
            result = DetailMatch::Similar;
        }
    }
    let whole_surname = short.iter().any(|word| word.chars().count() >= 2);
    if !whole_surname {
        return DetailMatch::Different;
    }
    if long.len() > short.len() && result == DetailMatch::Equal {
        // «Иванова Мария» for «Иванова Мария Петровна»; a surname alone is no name.
        return if short.len() >= 2 {
            DetailMatch::Equal
        } else {
            DetailMatch::Similar
        };
    }
    result
}

fn words(name: &str) -> Vec<String> {
    name.to_lowercase()
        .replace('ё', "е")
        .split(|c: char| !c.is_alphabetic() && c != '-' && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn word_match(a: &str, b: &str) -> Option<DetailMatch> {
    if a == b {
        return Some(DetailMatch::Equal);
    }
    let (length_a, length_b) = (a.chars().count(), b.chars().count());
    if length_a == 1 || length_b == 1 {
        return (a.chars().next() == b.chars().next()).then_some(DetailMatch::Equal);
    }
    // «Мария» and «Марина» are two persons; so are «Петровна» and «Перовна».
    let surnames = [a, b].iter().all(|word| !is_first_name(word));
    let long = length_a.min(length_b) >= LONG_SURNAME;
    (surnames && long && one_slip(a, b)).then_some(DetailMatch::Similar)
}

/// A given name or a patronymic.
fn is_first_name(word: &str) -> bool {
    grammar().knows(word, WordList::GivenName) || fields().patronymic_word.is_in(word)
}

/// One letter wrong, missing, too many, or two neighbours exchanged.
fn one_slip(a: &str, b: &str) -> bool {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let (short, long) = if a.len() <= b.len() {
        (&a, &b)
    } else {
        (&b, &a)
    };
    let head = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let rest_short = short.get(head..).unwrap_or_default();
    let rest_long = long.get(head..).unwrap_or_default();
    match long.len() - short.len() {
        0 => {
            let exchanged = matches!((rest_short, rest_long), ([p, q, r @ ..], [s, t, u @ ..]) if p == t && q == s && r == u);
            exchanged || rest_short.get(1..) == rest_long.get(1..)
        }
        1 => rest_long.get(1..) == Some(rest_short),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_people_would() {
        use DetailMatch::{Different, Equal, Similar};
        let on_file = "Семёнова Мария Петровна";
        for (given, expected) in [
            ("Семенова Мария Петровна", Equal),
            ("МАРИЯ ПЕТРОВНА СЕМЁНОВА", Equal),
            ("Семенова М.П.", Equal),
            ("Семёнова Мария", Equal),
            ("Семинова Мария Петровна", Similar),
            ("Семёнова", Similar),
            ("Семёнова Анна Петровна", Different),
            ("Иванова Мария Петровна", Different),
            ("М.П.", Different),
            ("Семёнова Марина Петровна", Different),
            ("Семёнова Мраия Петровна", Different),
            ("Семёнова Мария Перовна", Different),
        ] {
            assert_eq!(compare_names(given, on_file), expected, "{given}");
        }
    }
}
