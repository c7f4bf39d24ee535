//! What stands around a reason in its sentence: that the writer is booked, before it, and what follows from it,
//! behind it.

use crate::read::grammar as patterns;
use std::sync::LazyLock;

/// «Мы записаны на завтра, но …»
static BOOKED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)^(?:[^.!?]{0,40}\b)?(?:записан\p{L}{0,2}|записал(?:а|и|ся|ась|ись)|записывал(?:ся|ась|ись))\b[^.!?]*?,?[ ](?:но|а|однако|только)[ ](?:теперь[ ]|сейчас[ ])?",
    )
});

/// «…, так что приезжать не надо»
static FOLLOWS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i),?[ ](?:так[ ]что|поэтому|посему|потому[ ](?:и[ ])?(?:отмен|прошу|не[ ]прид)|следовательно)\b.*$|,[ ](?:прийти|приехать|подойти|быть|попасть)[ ]не[ ](?:смог|мож|мог|получ)\p{L}*.*$",
    )
});

/// The reason alone; all of it, where nothing that tells one is left.
pub fn without_what_stands_around(told: &str) -> &str {
    let start = BOOKED.find(told).map_or(0, |booked| booked.end());
    let rest = told.get(start..).unwrap_or(told);
    let end = FOLLOWS.find(rest).map_or(rest.len(), |found| found.start());
    let alone = rest.get(..end).unwrap_or(rest);
    let worded = alone.chars().filter(|c| c.is_alphabetic()).count();
    if worded < LEAST_LETTERS { told } else { alone }
}

/// Letters of the shortest reason: «корь».
const LEAST_LETTERS: usize = 4;

#[cfg(test)]
mod tests {
    use super::without_what_stands_around;

    #[test]
    fn the_reason_is_left() {
        for (told, alone) in [
            (
                "Мы записаны завтра на 11:00 на массаж, но Лёвушка затемпературил, прийти не можем",
                "Лёвушка затемпературил",
            ),
            (
                "я записался на сдачу крови 9 го числа но у меня поменялась смена",
                "у меня поменялась смена",
            ),
            (
                "Газ нам уже подключили, так что 25-го к 9 утра приезжать не надо",
                "Газ нам уже подключили",
            ),
            ("записалась по ошибке", "записалась по ошибке"),
            ("заболел, но не сильно", "заболел, но не сильно"),
        ] {
            assert_eq!(without_what_stands_around(told), alone);
        }
    }
}
