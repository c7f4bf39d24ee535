//! What the writer typed, told apart from quotes, signatures and what programs add.
//!
//! Both faces come here as lines with structural marks; words are judged by shape: a date or
//! time, an author and a colon make an attribution; several labels in a row make a header block.

mod above;
mod between;
mod broken;
mod shape;

use super::clean;
use super::flowed::{Line, Mark};
use super::grammar::Text;
use super::limits;
use shape::marks;

/// The lines of one face, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sorted {
    /// The writer's own lines.
    pub own: String,
    /// Quoted and forwarded lines.
    pub quoted: String,
    /// Lines below a signature mark or in a signature's element; not the footer that a program sets there.
    pub signature: String,
    /// More own words than a person writes.
    pub overflow: bool,
}

/// What a line turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Own,
    Quoted,
    Signature,
    Dropped,
}

/// Sorts the lines of one face. `more` tells that lines beyond the limit were left aside: that
/// matters only if they may have been the writer's own.
pub fn sort(lines: &[Line], more: bool) -> Sorted {
    let mut sorter = Sorter::new(lines);
    sorter.run();
    between::give_back_labels(lines, &mut sorter.kinds);
    let mut sorted = Sorted {
        overflow: sorter.overflow || more && !sorter.cut,
        ..Sorted::default()
    };
    for (line, kind) in lines.iter().zip(sorter.kinds) {
        let (target, most) = match kind {
            Kind::Own => (&mut sorted.own, usize::MAX),
            Kind::Quoted => (&mut sorted.quoted, limits::QUOTED_CHARS),
            Kind::Signature => (&mut sorted.signature, limits::SIGNATURE_CHARS),
            Kind::Dropped => continue,
        };
        let room = most.saturating_sub(target.len());
        if room > 0 {
            target.push_str(clean::up_to(line.text.trim_end(), room));
            target.push('\n');
        }
    }
    sorted.own = sorted.own.trim_matches('\n').to_owned();
    sorted.quoted = sorted.quoted.trim_matches('\n').to_owned();
    sorted
}

/// What a line in the element of a signature is: the writer's name and telephone, or «Отправлено из …».
fn signed(text: &str) -> Kind {
    let of_program = marks().advert.is_in(text) || marks().footer.is_in(text);
    if of_program {
        Kind::Dropped
    } else {
        Kind::Signature
    }
}

struct Sorter<'a> {
    lines: &'a [Line],
    kinds: Vec<Kind>,
    cut: bool,
    /// Letters that began since, one within the other, and whose end was not told.
    within: usize,
    /// Lines of an attribution that are still to come; its quote has marks, further below.
    heading: usize,
    /// A signature or disclaimer runs until the next quote: what its lines are.
    tail: Option<Kind>,
    /// The line before was a banner that may go on.
    banner: bool,
    /// Octets of own words so far.
    own: usize,
    /// More own words than a person writes: the rest is not judged.
    overflow: bool,
}

impl<'a> Sorter<'a> {
    fn new(lines: &'a [Line]) -> Self {
        Self {
            lines,
            kinds: Vec::with_capacity(lines.len()),
            cut: false,
            within: 0,
            heading: 0,
            tail: None,
            banner: false,
            own: 0,
            overflow: false,
        }
    }

    fn run(&mut self) {
        for (at, line) in self.lines.iter().enumerate() {
            let kind = self.kind(at, line);
            self.own += if kind == Kind::Own {
                line.text.len() + 1
            } else {
                0
            };
            // Octets are at least as many as characters: a safe and cheap measure.
            let full = self.own > limits::OWN_CHARS * 2;
            self.overflow |= full;
            self.kinds.push(if full { Kind::Dropped } else { kind });
        }
    }

    fn kind(&mut self, at: usize, line: &Line) -> Kind {
        if self.cut {
            self.count_letters_within(line);
            return Kind::Quoted;
        }
        if self.overflow {
            return Kind::Dropped;
        }
        match line.mark {
            Mark::Cut => {
                self.cut = true;
                Kind::Quoted
            }
            Mark::Quoted => {
                self.cut = shape::is_groupwise_head(&line.text) && self.goes_on_unmarked(at);
                if self.kinds.last() != Some(&Kind::Quoted) {
                    self.take_attribution_above(at);
                }
                self.tail = None;
                self.banner = false;
                Kind::Quoted
            }
            Mark::Signature => signed(line.text.trim()),
            Mark::Plain if broken::is_rest(self.lines, at) => Kind::Quoted,
            Mark::Plain => self.plain(at, &line.text),
        }
    }

    /// Below a forwarded letter its end may be told, and then the writer goes on; not below one within another.
    fn count_letters_within(&mut self, line: &Line) {
        let text = line.text.trim();
        if line.mark != Mark::Plain {
            return;
        }
        if marks().end_line.is_in(text) {
            self.cut = self.within > 0;
            self.within = self.within.saturating_sub(1);
        } else if marks().cut_line.is_in(text) {
            self.within += 1;
        }
    }

    fn plain(&mut self, at: usize, text: &str) -> Kind {
        let text = text.trim();
        if text.is_empty() {
            self.banner = false;
            return self.tail.unwrap_or(Kind::Own);
        }
        // Quoted headers and attributions are never longer; a long line is somebody's prose.
        let most = text
            .char_indices()
            .nth(400)
            .map_or(text.len(), |(at, _)| at);
        let short = Text::of(text.get(..most).unwrap_or_default());
        if self.heading > 0 {
            self.heading -= 1;
            return Kind::Quoted;
        }
        if let Some(length) = between::attribution(self.lines, &self.kinds) {
            self.heading = length - 1;
            return Kind::Quoted;
        }
        if self.begins_old_letter(at, &short) {
            if let Some(length) = self.marked_below(at) {
                self.heading = length - 1;
                return Kind::Quoted;
            }
            self.cut = true;
            self.take_when_above(at);
            return Kind::Quoted;
        }
        if marks().disclaimer.is_in(&short) {
            self.tail = Some(Kind::Dropped);
        } else if self.tail.is_none() && shape::is_signature_mark(text) && !self.only_greeted() {
            self.tail = Some(Kind::Signature);
            return Kind::Dropped;
        }
        let advert = short.chars().count() < 200
            && (marks().advert.is_in(&short) && !marks().asking.is_in(&short)
                || marks().footer.is_in(&short));
        if advert && self.opens_signature() {
            // «--», «Отправлено из Почты», and below it the writer goes on.
            self.tail = None;
        }
        if let Some(tail) = self.tail {
            return tail;
        }
        if advert {
            return Kind::Dropped;
        }
        let goes_on = self.banner && !shape::has_label(&short) && !marks().asking.is_in(&short);
        if marks().banner.is_in(&short) || goes_on {
            // A paragraph that was broken over lines; a sentence that ends is followed by the writer's.
            let ends = text.ends_with(['.', '!', '?', ']', '*']);
            self.banner = short.chars().count() >= 60 && !ends;
            return Kind::Dropped;
        }
        self.banner = false;
        Kind::Own
    }

    /// Whether nothing but a greeting stands above: «Добрый день!», «--», and below it the letter.
    fn only_greeted(&self) -> bool {
        const TOP: usize = 6;
        if self.kinds.len() > TOP {
            return false;
        }
        let worded = |(line, _): &(&Line, &Kind)| !line.is_blank();
        let above = self.lines.iter().zip(&self.kinds).filter(worded);
        let mut own = above.filter(|(_, kind)| **kind == Kind::Own);
        own.next()
            .is_some_and(|(line, _)| marks().greeting.is_in(line.text.trim()))
            && own.next().is_none()
    }

    /// Whether the line is the first below a signature mark.
    fn opens_signature(&self) -> bool {
        let marked = |(line, kind): (&Line, &Kind)| {
            *kind == Kind::Dropped && shape::is_signature_mark(line.text.trim())
        };
        self.tail == Some(Kind::Signature)
            && self
                .lines
                .iter()
                .zip(&self.kinds)
                .next_back()
                .is_some_and(marked)
    }

    /// Whether the next line with words has no mark.
    fn goes_on_unmarked(&self, at: usize) -> bool {
        let mut below = self.lines.iter().skip(at + 1);
        below
            .find(|line| !line.is_blank())
            .is_some_and(|line| line.mark == Mark::Plain)
    }

    /// The lines of the head at `at`, if every line of the letter below it has a mark: where the marks end, the
    /// writer goes on.
    fn marked_below(&self, at: usize) -> Option<usize> {
        const LONGEST: usize = 12;
        let below = self.lines.get(at..)?;
        let marked = |line: &Line| line.mark == Mark::Quoted;
        let length = below.iter().take(LONGEST).position(marked)?;
        let blank = below.get(length.checked_sub(1)?)?.is_blank();
        let mut heads = below.iter().take(length).filter(|line| !line.is_blank());
        let headed =
            |line: &Line| shape::has_label(&*line.text) || marks().cut_line.is_in(line.text.trim());
        (blank && heads.all(headed)).then_some(length)
    }

    fn begins_old_letter(&self, at: usize, text: &Text<'_>) -> bool {
        if marks().cut_line.is_in(text) {
            return true;
        }
        let below = self.lines.get(at..).unwrap_or_default();
        if shape::is_rule(text) {
            let after = below.iter().skip(1).filter(|line| !line.is_blank());
            let header: Vec<&str> = after.take(10).map(|line| line.text.as_str()).collect();
            return shape::is_header_block(header.iter().copied())
                || shape::is_labelled_header(header.into_iter());
        }
        let block = || {
            let worded = below.iter().filter(|line| !line.is_blank());
            worded.take(10).map(|line| line.text.as_str())
        };
        if marks().from_label.is_in(text) && shape::is_header_block(block())
            || shape::is_labelled_header(below.iter().map(|line| line.text.as_str()))
            || shape::is_timed_header(below.iter().map(|line| line.text.as_str()))
            || shape::is_table_of_notes(block())
            || shape::is_copied_window(block().take(3))
        {
            return true;
        }
        let text_at = |at: usize| below.get(at).map_or("", |line| line.text.trim());
        if shape::is_who(text_at(0)) && shape::is_when(text_at(1)) {
            return true;
        }
        shape::attribution(below).is_some_and(|length| {
            let next = below.iter().skip(length).find(|line| !line.is_blank());
            next.is_none_or(|line| line.mark == Mark::Plain)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::flowed;

    fn own(text: &str) -> String {
        sort(&flowed::lines(text, false, false).0, false).own
    }

    #[test]
    fn an_attribution_over_a_quote_is_no_own_word() {
        assert_eq!(own("Да\n\n05.02.2027 10:22, Имя пишет:\n> текст"), "Да");
        assert_eq!(
            own("Да\nпт, 5 февр. 2027 г. в 10:22, Имя Фамилия\n<a@example.ru>:\n\n> текст"),
            "Да"
        );
        assert_eq!(own("> было\nмой ответ\n> ещё"), "мой ответ");
    }

    #[test]
    fn a_header_block_cuts_but_own_labels_do_not() {
        let block = "Да\n\nОт: Имя\nОтправлено: пятница\nКому: Б\nТема: В\n\nстарое";
        assert_eq!(own(block), "Да");
        let labels = "Тема: отмена\nТекст: отмените запись";
        assert_eq!(own(labels), labels);
    }

    #[test]
    fn a_naked_attribution_cuts() {
        assert_eq!(
            own("Да\n05.02.2027 10:22 пользователь \"Имя\" <\na@example.ru> написал:\nстарое"),
            "Да"
        );
    }

    #[test]
    fn a_banner_ends_with_its_sentence() {
        let banner =
            "ВНИМАНИЕ: Внешнее письмо. Не открывайте вложения от неизвестных отправителей.";
        assert_eq!(
            own(&format!("{banner}\nПрошу отменить запись")),
            "Прошу отменить запись"
        );
        let broken = "CAUTION: This email originated from outside of the organization, so do not\nopen files.";
        assert_eq!(own(&format!("{broken}\nДа")), "Да");
    }

    #[test]
    fn the_rest_of_a_broken_quoted_line_is_quoted() {
        let long = "Номер записи: 5, просим приходить за десять минут до начала приёма, номер";
        assert_eq!(own(&format!("Да\n> {long}\nзаписи 5\n> До встречи")), "Да");
        assert_eq!(
            own(&format!("> {long}.\nзаписи 5\n> До встречи")),
            "записи 5"
        );
        assert_eq!(own("> Телефон\nнет\n> Причина"), "нет");
    }

    #[test]
    fn the_writer_goes_on_below_the_end_of_the_outermost_letter() {
        const BEGIN: &str = "-------- Пересылаемое сообщение --------\n";
        const END: &str = "-------- Конец пересылаемого сообщения --------\n";
        assert_eq!(own(&format!("{BEGIN}старое\n{END}Да")), "Да");
        let nested = format!("{BEGIN}а\n{BEGIN}б\n{END}Прошу отменить\n{END}Да");
        assert_eq!(own(&nested), "Да");
        assert_eq!(own(&format!("{BEGIN}а\n{BEGIN}б\n{END}Прошу отменить")), "");
    }

    #[test]
    fn signatures_end_at_the_quote() {
        let lines = flowed::lines("Да\n-- \nИванова\n> старое\nи ещё", false, false).0;
        let sorted = sort(&lines, false);
        assert_eq!(sorted.own, "Да\nи ещё");
        assert_eq!(sorted.signature.trim(), "Иванова");
    }
}
