//! Quoted lines that were too long for a program: it broke them and set no mark before the rest.

use crate::read::flowed::{Line, Mark};
use crate::read::grammar;
use std::sync::LazyLock;

/// The narrowest width at which programs break lines, with the marks.
const WIDTH: usize = 60;

/// A line of this width was broken in the middle of a name, too.
const FULL: usize = 66;

/// Lines over which the rest of one goes.
const MOST: usize = 3;

/// Whether the line at `at` is the rest of a quoted one: the lines from there up to the next quoted one go on
/// where the quoted line above breaks off.
pub fn is_rest(lines: &[Line], at: usize) -> bool {
    let plain = |at: usize| {
        lines
            .get(at)
            .filter(|line| line.mark == Mark::Plain && !line.is_blank())
    };
    let mut first = at;
    while first > 0 && at - first < MOST && plain(first - 1).is_some() {
        first -= 1;
    }
    let run = (first..).map_while(plain).take(MOST + 1).count();
    let quoted = |at: usize| lines.get(at).filter(|line| line.mark == Mark::Quoted);
    let (Some(above), Some(_)) = (first.checked_sub(1).and_then(quoted), quoted(first + run))
    else {
        return false;
    };
    if plain(at).is_none() || run > MOST {
        return false;
    }
    let rest = lines.get(first..first + run).unwrap_or_default();
    let mut before = std::iter::once(above).chain(rest);
    rest.iter().all(|line| {
        before
            .next()
            .is_some_and(|before| breaks_off(&before.text, &line.text))
    })
}

/// Whether `line` had no room for the first word of `rest`, and ends in the middle of a sentence.
fn breaks_off(line: &str, rest: &str) -> bool {
    static ABBREVIATED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?:^|[\s.])(?:\p{Lu}|г|ул|д|им|стр|корп|тел|каб|тыс|руб|кв|пос|пр|т)\.$")
    });
    const MARK: usize = 2;
    let line = line.trim_end();
    let width = line.chars().count() + MARK;
    let word = rest.split_whitespace().next().unwrap_or_default();
    let no_room = width + 1 + word.chars().count() > WIDTH;
    let goes_on =
        |c: char| c.is_alphanumeric() || matches!(c, ',' | '«' | '(' | '№' | '-' | '—' | '–');
    let announces = width >= FULL && line.ends_with(':');
    let open = line.ends_with(goes_on) || announces || ABBREVIATED.is_match(line);
    let begins_within = rest.starts_with(|c: char| c.is_lowercase() || c.is_numeric() || c == '№');
    no_room && open && (begins_within || width >= FULL && rest.starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::flowed;

    fn rests(text: &str) -> Vec<String> {
        let lines = flowed::lines(text, false, false).0;
        let rest = |at: &usize| is_rest(&lines, *at);
        let all = (0..lines.len()).filter(rest);
        all.filter_map(|at| Some(lines.get(at)?.text.clone()))
            .collect()
    }

    #[test]
    fn what_a_program_broke_off_is_found() {
        let one = "> Здравствуйте. Я записана на 12.03.2027 в 14:30 к терапевту Петровой А.\nС., но прийти не смогу. Прошу отменить запись №48213.\n> Мария";
        assert_eq!(rests(one).len(), 1);
        let two = "> > Ваша запись №48213 отменена по вашей просьбе. Если это ошибка,\nотправьте нам в ответ на это письмо слова: прошу восстановить\nзапись №48213.\n> До свидания";
        assert_eq!(rests(two).len(), 2);
    }

    #[test]
    fn an_answer_between_the_lines_is_no_rest() {
        for text in [
            "> Номер записи: 5, просим приходить за десять минут до начала приёма.\nзаписи 5\n> До встречи",
            "> Телефон\nнет\n> Причина",
            "> Вы придёте на приём к терапевту 12 марта?\nНет\n> До встречи",
            "> Номер записи: 5, просим приходить за десять минут до начала приёма, номер\n\nзаписи 5\n> До встречи",
        ] {
            assert_eq!(rests(text), Vec::<String>::new(), "{text}");
        }
    }
}
