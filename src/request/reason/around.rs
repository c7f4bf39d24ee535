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

/// «Нет, завтра не смогу, …», «не могу прийти т.к. …»
static ABSENT_FIRST: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)^(?:(?:я|мы|нет|увы|завтра|сегодня|извините|простите|к[ ]сожалению|(?:вынужден\p{L}{0,2}[ ])?сообщ(?:ить|аю)|что|(?:в|на|к)[ ](?:это[ ]|назначенное[ ]|указанное[ ])?\p{L}+)[ ,.!]+){0,5}не[ ](?:смогу|сможем|могу|можем|получится|получается|прид(?:у|[её]м)|приед(?:у|ем))(?:[ ](?:я|мы|завтра|сегодня|прийти|придти|приехать|быть|подойти|(?:в|на|к)[ ]\p{L}+))*(?:[ ]?[,:;.—–-]+[ ]+|[ ](?:т[ .]?к\.?|так[ ]как|потому,?[ ]что|поскольку)[ ])",
    )
});

/// «… не приду», «… прийти не смогу»
static ABSENT_LAST: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)[ ,]+(?:и[ ]|поэтому[ ]|завтра[ ]|сегодня[ ]|к[ ]вам[ ])*(?:не[ ]прид(?:у|[её]м)|не[ ]приед(?:у|ем)|не[ ](?:смогу|сможем|могу|можем|получится|получается)[ ](?:завтра[ ]|к[ ]вам[ ])?(?:прийти|придти|приехать|быть|подойти|явиться|попасть)|(?:прийти|придти|приехать|быть|подойти)[ ](?:завтра[ ]|к[ ]вам[ ])?не[ ](?:смогу|сможем|могу|можем|получится|получается))(?:[ ](?:завтра|сегодня|к[ ]вам|на[ ]при[её]м|извините|простите))*[ .!]*$",
    )
});

/// The reason alone, without what tells of the booking and of the absence.
pub fn without_what_stands_around(told: &str) -> &str {
    between(
        &ABSENT_FIRST,
        &ABSENT_LAST,
        between(&BOOKED, &FOLLOWS, told),
    )
}

/// What stands behind `before` and before `behind`; all of it, where nothing that tells a reason is left.
fn between<'t>(before: &patterns::Pattern, behind: &patterns::Pattern, told: &'t str) -> &'t str {
    let start = before.find(told).map_or(0, |found| found.end());
    let rest = told.get(start..).unwrap_or(told);
    let end = behind.find(rest).map_or(rest.len(), |found| found.start());
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
            ("Нет, завтра не смогу, болею", "болею"),
            ("В субботу не смогу, дежурю", "дежурю"),
            ("Не смогу сегодня: давление", "давление"),
            (
                "не смогу прийти завтра на прием т к ребенок заболел",
                "ребенок заболел",
            ),
            ("болею прийти не смогу", "болею"),
            ("заболела не приду извините", "заболела"),
            (
                "ребёнка оставить не могу, не с кем",
                "ребёнка оставить не могу, не с кем",
            ),
            ("не могу ходить, нога", "не могу ходить, нога"),
            ("записалась по ошибке", "записалась по ошибке"),
            ("заболел, но не сильно", "заболел, но не сильно"),
        ] {
            assert_eq!(without_what_stands_around(told), alone);
        }
    }
}
