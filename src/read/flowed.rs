//! Plain text as lines: format=flowed (RFC 3676) and quote marks.

use super::limits;

/// One line of a face.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The text without quote marks.
    pub text: String,
    /// How the structure of the letter marks it.
    pub mark: Mark,
}

impl Line {
    /// Whether nothing stands in it.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// What the structure says about a line; words are judged later.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mark {
    /// Nothing: perhaps the writer's own.
    #[default]
    Plain,
    /// Quoted by `>` or by an element that holds quotes.
    Quoted,
    /// Within an element that programs use for signatures.
    Signature,
    /// From here on everything is quoted.
    Cut,
}

/// Splits plain text into lines, and tells whether unquoted ones followed beyond the limit; `flowed` and `delsp` are the parameters of its Content-Type.
pub fn lines(text: &str, flowed: bool, delsp: bool) -> (Vec<Line>, bool) {
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Option<usize> = None;
    let mut more = false;
    for raw in text.split('\n') {
        let (depth, rest) = quote_depth(raw);
        let content = if flowed {
            rest.strip_prefix(' ').unwrap_or(rest)
        } else {
            rest
        };
        let signature = content == "-- ";
        let continues = flowed && !signature && content.ends_with(' ');
        let joined = match (open, lines.last_mut()) {
            (Some(depth_before), Some(last)) if depth_before == depth && !signature => {
                last.text.push_str(content);
                true
            }
            _ => false,
        };
        if !joined {
            if lines.len() >= limits::LINES {
                more |= depth == 0 && !content.trim().is_empty();
                continue;
            }
            lines.push(Line {
                text: content.to_owned(),
                mark: if depth > 0 { Mark::Quoted } else { Mark::Plain },
            });
        }
        open = continues.then_some(depth);
        if let (true, true, Some(last)) = (continues, delsp, lines.last_mut()) {
            last.text.pop();
        }
    }
    (lines, more)
}

/// Whether a line begins with quote marks, and what stands behind them.
pub fn unmarked(line: &str) -> (bool, &str) {
    let (depth, rest) = quote_depth(line);
    (depth > 0, rest)
}

/// The number of `>` and what follows them. Marks may have spaces between (`> > `), and the initials of who is
/// quoted before them (`АС> `).
fn quote_depth(line: &str) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = behind_initials(line).unwrap_or(line);
    rest = rest
        .strip_prefix('\t')
        .filter(|rest| rest.starts_with('>'))
        .unwrap_or(rest);
    loop {
        // Apple Mail puts U+FEFF at the head of its quotes; it is gone by now.
        let trimmed = rest
            .strip_prefix(' ')
            .filter(|r| depth == 0 || r.starts_with('>'));
        match trimmed.unwrap_or(rest).strip_prefix('>') {
            Some(after) => {
                depth += 1;
                rest = after;
            }
            None => return (depth, rest),
        }
    }
}

/// `> …` of «АС> …», as The Bat! marks quotes; «ФИО> …» is somebody's own label.
fn behind_initials(line: &str) -> Option<&str> {
    const MOST_INITIALS: usize = 3;
    let line = line.strip_prefix(' ').unwrap_or(line);
    let length = line.find('>')?;
    let (initials, rest) = line.split_at_checked(length)?;
    let count = initials.chars().count();
    let sound = (1..=MOST_INITIALS).contains(&count)
        && initials.chars().all(char::is_uppercase)
        && initials != "ФИО";
    sound.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, flowed: bool, delsp: bool) -> Vec<String> {
        lines(text, flowed, delsp)
            .0
            .into_iter()
            .map(|l| l.text)
            .collect()
    }

    #[test]
    fn flowed_lines_are_joined_unless_they_end_a_signature() {
        assert_eq!(
            texts("№ 12 \n34\n-- \nx", true, false),
            ["№ 12 34", "-- ", "x"]
        );
        assert_eq!(texts("№ 12 \n34", true, true), ["№ 1234"]);
        assert_eq!(texts("a \nb", false, false), ["a ", "b"]);
    }

    #[test]
    fn quote_marks_are_taken_off_and_remembered() {
        let (lines, _) = lines("> > a\n>b\nc", false, false);
        assert_eq!(lines.first().unwrap().mark, Mark::Quoted);
        assert_eq!(lines.get(2).unwrap().mark, Mark::Plain);
        assert_eq!(lines.get(1).unwrap().text, "b");
        for (line, quoted) in [
            ("АС> Отмените", true),
            (" К>> Отмените", true),
            ("\t> Отмените", true),
            ("ФИО> Иванова", false),
            ("Запись> 5", false),
        ] {
            assert_eq!(unmarked(line).0, quoted, "{line}");
        }
    }
}
