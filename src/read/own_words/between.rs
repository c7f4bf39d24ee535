//! Answers that are typed between the lines of the old letter.

use super::Kind;
use super::shape::{self, marks};
use crate::read::flowed::{Line, Mark};

/// Lines of a letter among which an attribution over such answers is looked for.
const TOP: usize = 12;

/// Lines below the attribution within which its quote begins.
const GREETING: usize = 30;

/// Lines that are typed between an attribution and its quote; more are an old letter's.
const MOST_ANSWERS: usize = 4;

/// The lines of an attribution at the end of what was `judged`, if the first own words of the
/// letter stand between it and its marked quote: «… пишет:», «Добрый день, отвечаю:», «> …».
///
/// With own words above it, or another attribution directly over the marks, whatever follows may
/// be an old letter without marks.
pub fn attribution(lines: &[Line], judged: &[Kind]) -> Option<usize> {
    let at = judged.len();
    let own = |(line, kind): (&Line, &Kind)| *kind == Kind::Own && !line.is_blank();
    if at > TOP || lines.iter().zip(judged).any(own) {
        return None;
    }
    let below = lines.get(at..)?;
    let length = shape::attribution(below)?;
    let (mut last, mut answers) = (None, 0);
    for line in below.iter().skip(length).take(GREETING) {
        match (line.mark, last) {
            (Mark::Plain, _) if line.is_blank() => {}
            (Mark::Plain, _) => {
                last = Some(line);
                answers += 1;
            }
            (Mark::Quoted, Some(last)) => {
                let own = answers <= MOST_ANSWERS && !shape::is_attribution(&last.text);
                return own.then_some(length);
            }
            (Mark::Quoted | Mark::Cut | Mark::Signature, _) => return None,
        }
    }
    None
}

/// A quoted «Телефон:» directly above an own line is what that line answers; a line that asks for
/// something or names a number answers nothing.
pub fn give_back_labels(lines: &[Line], kinds: &mut [Kind]) {
    let mut answered = false;
    for (line, kind) in lines.iter().zip(kinds).rev() {
        if answered && *kind == Kind::Quoted && marks().asked_label.is_in(line.text.trim()) {
            *kind = Kind::Own;
            answered = false;
        } else {
            answered = *kind == Kind::Own && !line.is_blank() && !marks().asking.is_in(&*line.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sort;
    use crate::read::flowed;

    fn own(text: &str) -> String {
        sort(&flowed::lines(text, false, false).0, false).own
    }

    const ATTRIBUTION: &str = "03.05.2027 09:02, Имя пишет:\n";

    #[test]
    fn an_answer_directly_below_the_attribution_is_kept() {
        let answer =
            format!("{ATTRIBUTION}Отменяю, спасибо.\n\n> Вы записаны\n> Отмена: ответом\nИмя");
        assert_eq!(own(&answer), "Отменяю, спасибо.\n\nИмя");
        let broken = "пт, 5 февр. 2027 г. в 10:22, Имя\n<a@example.ru>:\nДа\n> текст";
        assert_eq!(own(broken), "Да");
    }

    #[test]
    fn an_old_letter_without_marks_is_no_answer() {
        for old in [
            "Вы записаны.\nДо встречи",
            "Вы записаны.\n\n02.05.2027 08:00, Имя писала:\n> прошу отменить",
        ] {
            assert_eq!(own(&format!("{ATTRIBUTION}{old}")), "");
        }
        let long = format!("{ATTRIBUTION}а\nб\nв\nг\nПётр\n> Вы записаны");
        assert_eq!(own(&long), "");
        let above = format!("Да\n{ATTRIBUTION}Вы записаны.\n> прошу отменить");
        assert_eq!(own(&above), "Да");
    }

    #[test]
    fn what_is_asked_in_a_quoted_line_stands_over_its_answer() {
        let form = ">Отмена записи № 5\n>ФИО:\nИванова Мария\n>Телефон:\n>Причина отмены:\nболею";
        assert_eq!(own(form), "ФИО:\nИванова Мария\nПричина отмены:\nболею");
        assert_eq!(own("> Телефон:\nОтмените № 5"), "Отмените № 5");
        assert_eq!(own("> Причина:\n\nне надо"), "не надо");
        assert_eq!(own("нет\n> Отменить запись:\n> ФИО:"), "нет");
    }
}
