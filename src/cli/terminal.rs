//! What may reach a terminal, and how it looks there.

use comfy_table::{ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// `text` on one line without anything that steers a terminal or turns the direction of writing:
/// subjects and names come from strangers.
pub fn plain(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
    };
    text.chars()
        .map(|c| {
            if matches!(c, '\n' | '\t' | '\r') {
                ' '
            } else {
                c
            }
        })
        .filter(|c| !steers(*c))
        .collect()
}

/// A table with this header; cells go through [`row`].
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_header(header.to_vec());
    if io::stdout().is_terminal() {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width());
    }
    table
}

/// A table of sentences: they are broken into lines whatever they are printed to.
pub fn wrapped_table(header: &[&str]) -> Table {
    let mut table = table(header);
    table
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width());
    table
}

/// Adds a row of cleaned cells.
pub fn row(table: &mut Table, cells: &[&str]) {
    table.add_row(
        cells
            .iter()
            .map(|cell| plain(cell))
            .collect::<Vec<String>>(),
    );
}

/// The table as text without blanks at the line ends.
pub fn shown(table: &Table) -> String {
    let lines: Vec<String> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    lines.join("\n")
}

/// One gate and what it said, as a line.
pub fn gate(out: &mut dyn Write, name: &str, verdict: &str) -> io::Result<()> {
    writeln!(out, "  {:<12} {}", plain(name), plain(verdict))
}

/// A number with its word: `1 letter`, `2 letters`.
pub fn counted<N: Display + PartialEq + From<u8>>(number: N, one: &str, many: &str) -> String {
    let word = if number == N::from(1) { one } else { many };
    format!("{number} {word}")
}

fn width() -> u16 {
    let columns = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok());
    let told: Option<u16> = columns;
    let on_screen = || {
        let (_, columns) = console::Term::stdout().size_checked()?;
        Some(columns)
    };
    told.or_else(on_screen)
        .filter(|columns| *columns >= 40)
        .unwrap_or(120)
}

/// `text` in red where standard error is a terminal that may be coloured.
pub fn red(text: &str) -> String {
    if io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        format!("\u{1b}[1;31m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

/// A sign of life on standard error while something takes its time; nothing without a terminal.
pub fn spinner(doing: &'static str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_message(doing);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// How far something with this many steps has come, on standard error; nothing without a terminal.
pub fn progress(doing: &'static str, steps: usize) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let steps = u64::try_from(steps).unwrap_or(u64::MAX);
    let bar = ProgressBar::new(steps).with_message(doing);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        assert_eq!(
            plain("а\u{1b}[2Jб\u{202E}в\u{0}г\u{9b}д\nе\u{FEFF}"),
            "а[2Jбвгд е"
        );
        assert_eq!(plain("Ёлка № 5 «да» 🎄"), "Ёлка № 5 «да» 🎄");
    }

    #[test]
    fn cyrillic_cells_are_aligned() {
        let mut table = table(&["A", "B"]);
        row(&mut table, &["Отмена", "x"]);
        row(&mut table, &["ab", "y"]);
        let text = shown(&table);
        let column = |line: &str, sign: char| line.chars().position(|c| c == sign);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(column(lines[1], 'x'), column(lines[2], 'y'), "{text}");
    }
}
