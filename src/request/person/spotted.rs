//! Names that stand in the text without a label: found by their shape, by known given names and
//! patronymics, and weighed by what stands around them.

use super::{collapse, inflected};
use crate::read::grammar as patterns;
use crate::request::phrases::fields as words;
use crate::request::plain;
use crate::request::signature;
use crate::request::speech::{WordList, grammar};
use std::ops::Range;
use std::sync::LazyLock;

/// How surely a name is that of the person whose booking it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Name and patronymic below the letter: perhaps somebody who is greeted.
    Weak,
    /// Stands by itself or has a patronymic.
    Mentioned,
    /// Below the closing words.
    Signed,
    /// Behind «меня зовут», «на имя», «за маму».
    Introduced,
    /// The person for whom somebody writes: behind «я сестра …», «приём мамы», before «не приедет».
    Represented,
}

/// A name in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spotted {
    /// As written, spaces collapsed.
    pub name: String,
    /// How surely it is the one that is sought.
    pub weight: Weight,
}

/// One word of what may be a name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    range: Range<usize>,
    kind: Kind,
    capital: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Initial,
    Given,
    Patronymic,
    /// «оглы», «кызы».
    Son,
    Other,
    /// A word that is no name.
    Never,
}

static WORD: LazyLock<patterns::Pattern> =
    LazyLock::new(|| patterns::regex(r"\p{L}[\p{L}\u{301}'’]*(?:-\p{L}[\p{L}\u{301}'’]*)*"));

/// All names in the text, in order.
pub fn all(text: &str) -> Vec<Spotted> {
    let pieces: Vec<Piece> = WORD
        .find_iter(text)
        .map(|word| piece(text, word.range()))
        .collect();
    let mut found = Vec::new();
    let mut from = 0;
    while from < pieces.len() {
        let rest = pieces.get(from..).unwrap_or_default();
        let length = (2..=5).rev().find(|length| {
            rest.get(..*length)
                .is_some_and(|run| adjoins(text, run) && is_name(text, run))
        });
        let run = length.and_then(|length| rest.get(..length));
        // «К врачу Орлову П. П. Гурова Н. Ф.»: the initials belong to the doctor.
        let another = run.is_some_and(|run| is_of_another(text, run));
        let spotted = run.filter(|_| !another).and_then(|run| weighed(text, run));
        let passed = another || spotted.is_some();
        from += run.filter(|_| passed).map_or(1, <[Piece]>::len);
        found.extend(spotted);
    }
    found
}

fn piece(text: &str, range: Range<usize>) -> Piece {
    let word = text.get(range.clone()).unwrap_or_default();
    let classes = grammar().classes(word);
    let known = |list: WordList| grammar().lists(&classes, list);
    let before = text.get(..range.start).unwrap_or_default();
    // «запись 778-К» ends with no initial.
    let joined = before.ends_with(|c: char| c.is_numeric() || c == '-' || c == '/');
    let single = word.chars().count() == 1;
    let capital = word.starts_with(char::is_uppercase);
    let kind = if joined {
        Kind::Never
    } else if single && capital && word != "Я" && word != "И" && word != "К" && word != "С"
        || single
            && capital
            && text
                .get(range.end..)
                .is_some_and(|rest| rest.starts_with('.'))
    {
        Kind::Initial
    } else if single || known(WordList::NoName) {
        Kind::Never
    } else if known(WordList::Son) {
        Kind::Son
    } else if known(WordList::GivenName) || capital && inflected::is_given(word) {
        Kind::Given
    } else if words()
        .patronymic_word
        .find(word)
        .is_some_and(|r| r.end == word.len())
    {
        Kind::Patronymic
    } else {
        Kind::Other
    };
    Piece {
        range,
        kind,
        capital,
    }
}

/// Only spaces between the words, or the full stop of an initial.
fn adjoins(text: &str, run: &[Piece]) -> bool {
    run.windows(2).all(|pair| {
        let [left, right] = pair else { return false };
        let gap = text.get(left.range.end..right.range.start).unwrap_or("\n");
        match gap.strip_prefix('.') {
            Some(rest) => {
                left.kind == Kind::Initial && rest.chars().all(|c| c == ' ') && rest.len() <= 2
            }
            None => !gap.is_empty() && gap.len() <= 3 && gap.chars().all(|c| c == ' '),
        }
    })
}

/// Whether the words together have the shape of a name.
fn is_name(text: &str, run: &[Piece]) -> bool {
    let kinds: Vec<Kind> = run.iter().map(|piece| piece.kind).collect();
    let capitals = run
        .iter()
        .all(|piece| piece.capital || piece.kind == Kind::Son);
    let lower = run.iter().all(|piece| !piece.capital);
    let family = |kind: &Kind| matches!(kind, Kind::Other | Kind::Given | Kind::Patronymic);
    match kinds.as_slice() {
        [a, b, Kind::Patronymic] | [a, Kind::Patronymic, b] => {
            let given = [a, b].contains(&&Kind::Given);
            family(a) && family(b) && (capitals || lower && given)
        }
        [a, b, c, Kind::Son] => [a, b, c].iter().all(|k| family(k)) && capitals,
        [a, b, c, Kind::Patronymic] => {
            // «В РЕЙС МОХОВ СТЕПАН ИЛЬИЧ» names a man of three words.
            let given = [a, b, c].iter().filter(|k| **k == &Kind::Given).count();
            [a, b, c].iter().all(|k| family(k)) && given >= 2 && capitals
        }
        [a, Kind::Initial, Kind::Initial] | [Kind::Initial, Kind::Initial, a] => {
            family(a) && capitals
        }
        [a, Kind::Initial] | [Kind::Initial, a] => *a == Kind::Other && capitals,
        [Kind::Given, Kind::Given | Kind::Other] | [Kind::Other, Kind::Given] => {
            capitals || lower || is_half_capital(text, run)
        }
        [Kind::Other, Kind::Other, Kind::Other] => capitals && is_foreign_name(text, run),
        [Kind::Given, Kind::Patronymic] | [Kind::Other, Kind::Other] => capitals,
        _ => false,
    }
}

/// «дима Ковыляев»: the surname is told by its capital and its ending.
fn is_half_capital(text: &str, run: &[Piece]) -> bool {
    let surname = |piece: &Piece| {
        let word = text.get(piece.range.clone()).unwrap_or_default();
        piece.kind == Kind::Other
            && piece.capital
            && signature::ends_as_surname(word)
            && !grammar().knows_at_all(word)
    };
    run.iter().any(surname)
}

/// «Хо Тхи Лан»: three short words that no list holds.
fn is_foreign_name(text: &str, run: &[Piece]) -> bool {
    const LONGEST: usize = 7;
    run.iter().all(|piece| {
        let word = text.get(piece.range.clone()).unwrap_or_default();
        let small = word.chars().skip(1).all(char::is_lowercase);
        small && word.chars().count() <= LONGEST && !grammar().knows_at_all(word)
    })
}

/// A doctor, an office or somebody who is greeted; not «по поручению директора …».
fn is_of_another(text: &str, run: &[Piece]) -> bool {
    static ON_BEHALF: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)(?:поручению|от[ ]имени|записан\p{L}*|просьбе|снять|снимите|исключить|отменить[ ]запись|отмените[ ]запись)[ ](?:[\p{L}-]+[ ]){0,3}(?:директора?|начальника?|заведующ\p{L}+|инспектора|секретаря|помощника|специалиста)[ ]$",
        )
    });
    let start = run.first().map_or(0, |piece| piece.range.start);
    let before = plain::line_before(text, start);
    words().no_person.is_in(before) && !ON_BEHALF.is_match(before) && !IN_BRACKETS.is_match(before)
}

/// The name with its weight, if what stands around it allows one.
fn weighed(text: &str, run: &[Piece]) -> Option<Spotted> {
    let (start, end) = (run.first()?.range.start, run.last()?.range.end);
    let initial_last = run.last()?.kind == Kind::Initial;
    let after = text.get(end..).unwrap_or_default();
    let end = if initial_last && after.starts_with('.') {
        end + 1
    } else {
        end
    };
    let before = plain::line_before(text, start);
    let kinds: Vec<Kind> = run.iter().map(|piece| piece.kind).collect();
    let patronymic = kinds
        .iter()
        .any(|k| matches!(k, Kind::Patronymic | Kind::Son));
    let two_initials = kinds.iter().filter(|k| **k == Kind::Initial).count() == 2;
    let capitals = run.iter().any(|piece| piece.capital);
    let apart = stands_apart(before, plain::behind(text, end));
    let introduced = !before.trim().is_empty() && words().name_opening.is_in(before);
    let signed = is_signed(text, start, before);
    let foreign = kinds.as_slice() == [Kind::Other, Kind::Other, Kind::Other];
    if foreign && !apart {
        return None;
    }
    let sure_surname = run.len() == 2 && kinds.contains(&Kind::Given) && is_half_capital(text, run);
    let unknown = kinds.as_slice() == [Kind::Other, Kind::Other];
    // «… в Новый Уренгой»
    static WHERE: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(r"(?i)\b(?:в|во|из|на|до|под)[ ]$"));
    let somebody = || apart && is_surname_with_name(text, run) && !WHERE.is_match(before);
    let represented = is_represented(text, before, run);
    if unknown && !represented && !somebody() {
        return None;
    }
    let weight = if represented {
        Weight::Represented
    } else if introduced && run.len() >= 2 {
        Weight::Introduced
    } else if run.len() == 2 && patronymic {
        (apart && (signed || text.get(..start)?.contains('\n'))).then_some(Weight::Weak)?
    } else if signed && apart {
        Weight::Signed
    } else if run.len() >= 3 && (patronymic || two_initials && capitals)
        || apart && (capitals || run.len() == 2)
        || sure_surname
    {
        Weight::Mentioned
    } else {
        return None;
    };
    let written = text.get(start..end)?;
    // «P.S. Пока»
    if written.starts_with(['P', 'p']) && written.contains(['S', 's']) && run.len() > 2 {
        return None;
    }
    Some(Spotted {
        name: collapse(written),
        weight,
    })
}

/// «Это мать Полуэктова Евгения», «пишу по просьбе Клепиковой Александры».
fn is_represented(text: &str, before: &str, run: &[Piece]) -> bool {
    static RELATED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:сестра|брат|жена|супруга?|муж|мать|мама|отец|папа|сын|дочь|дочка|сноха|невестка|зять|внучка|внук|племянниц?а?к?|бабушка|дедушка|соседка?|опекун|представитель|сиделка|по[ ]просьбе|запись)[ ](?:гражданк?и?н?а?|пациентк?а?и?|больно\p{L}+)?[ ]?$",
        )
    });
    let oblique = |piece: &Piece| {
        let word = text.get(piece.range.clone()).unwrap_or_default();
        piece.kind == Kind::Given && inflected::is_given(word)
    };
    static OF_THEM: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:мамы|матери|маму|отца|папы|сына|дочери|дочки|дочь|мужа|супруга|жены|жену|супруги|бабушки|бабушку|дедушки|брата|сестры|сестру|внука|внучки|внучку|т[её]ти|дяди|т[её]щи|тестя|свекрови|реб[её]нка|соседки|соседа|сотрудни(?:ка|цы|цу|к)|работника|коллеги|начальника|руководителя|директора?|клиента|клиентки|доверителя)[ ]?[ ,(:—–-]{1,3}$",
        )
    });
    static ABSENT: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)^[^.!?\n]{0,50}\b(?:не[ ](?:сможет|прид[её]т|приедет|явится|будет)|отказывается)\b",
        )
    });
    let behind = plain::behind(text, run.last().map_or(0, |piece| piece.range.end));
    // «Дочь, Ершова Татьяна» below the letter signs it.
    let signs = before.trim_start().starts_with("Дочь");
    let of_them = !signs && OF_THEM.is_match(before);
    let related = || RELATED.is_match(before) || of_them;
    // «Запись моего сына, Сафарова Эмиля»: be the name in no list.
    static OBLIQUE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(r"(?i)(?:[оеё]в|ин|ын)(?:а|у|ой)$|(?:ск|ц)(?:ого|ую|ой)$")
    });
    let surname = |piece: &Piece| {
        let word = text.get(piece.range.clone()).unwrap_or_default();
        OBLIQUE.is_match(word) && !grammar().knows_at_all(word)
    };
    let two = run.len() == 2 && run.iter().all(|piece| piece.capital) && run.iter().any(surname);
    run.len() >= 2 && run.iter().any(oblique) && related()
        || two && of_them
        || run.len() >= 3 && (of_them || ABSENT.is_match(behind))
        || run
            .iter()
            .any(|piece| matches!(piece.kind, Kind::Given | Kind::Patronymic))
            && IN_BRACKETS.is_match(before)
}

/// «Запись ДП-20855 (Комарова Есения Павловна)»: who is named there has the booking.
static IN_BRACKETS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)\b(?:запис|талон|брон|при[её]м)\p{L}*[ ][^.!?()\n]{0,50}\((?:(?:генеральный[ ]|главный[ ])?(?:директор|бухгалтер|начальник|руководитель)[ ])?$",
    )
});

/// «Гужова Мелисса» alone on its line or between commas: the ending of a surname, and no word
/// that the grammar knows.
fn is_surname_with_name(text: &str, run: &[Piece]) -> bool {
    let words: Vec<&str> = run
        .iter()
        .filter_map(|p| text.get(p.range.clone()))
        .collect();
    words.iter().any(|word| signature::ends_as_surname(word))
        && words
            .iter()
            .all(|word| !grammar().knows_at_all(word) && word.chars().count() > 2)
}

/// No word stands directly beside it: it is a line, a sentence or a piece between commas.
fn stands_apart(before: &str, after: &str) -> bool {
    let edge =
        |c: char| !c.is_alphanumeric() && c != ' ' && c != '-' && c != '№' && c != '@' && c != '<';
    let opens = before
        .trim_end_matches(' ')
        .chars()
        .next_back()
        .is_none_or(edge);
    let closes = after
        .trim_start_matches([' ', '*'])
        .chars()
        .next()
        .is_none_or(|c| edge(c) || c.is_numeric());
    let last = after.trim().is_empty();
    opens && closes || last && !before.trim_end().ends_with(char::is_numeric)
}

/// Whether the closing words of the letter stand before it, on its line or above.
fn is_signed(text: &str, start: usize, before: &str) -> bool {
    if words().sign_off.is_in(before.trim_start()) {
        return true;
    }
    let above = text.get(..start).unwrap_or_default();
    let lines = above
        .lines()
        .rev()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    lines.take(3).any(|line| words().sign_off.is_in(line))
}
