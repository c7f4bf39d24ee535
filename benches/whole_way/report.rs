//! The figures, as a table or as JSON.

use crate::figures::Spread;
use crate::latency::Latency;
use crate::throughput::Throughput;
use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;
use std::io::Write;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct Report {
    pub mail_lies_in: String,
    pub throughput: Throughput,
    pub latency: Option<Latency>,
}

impl Report {
    /// Prints to standard output.
    pub fn print(&self, json: bool) {
        let text = if json {
            serde_json::to_string_pretty(self).unwrap()
        } else {
            self.tables()
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{text}").unwrap();
    }

    fn tables(&self) -> String {
        let Throughput {
            letters,
            repetitions,
            reply_octets,
            answer_octets,
            ..
        } = self.throughput;
        let mut text = format!(
            "{letters} letters of {reply_octets} octets, answers of {answer_octets} octets, \
             {repetitions} runs in turn; mail in {}, database on disk\n{}",
            self.mail_lies_in,
            self.throughput.table()
        );
        if let Some(latency) = &self.latency {
            text.push_str(&format!(
                "\n\n{} letters one at a time, daemon in IDLE\n{}",
                latency.deliveries,
                latency.table()
            ));
        }
        text
    }
}

impl Throughput {
    fn table(&self) -> Table {
        let mut table = empty(["letters per second", "median", "lowest", "highest"]);
        let mut row = |name: &str, spread: Spread, digits: usize| {
            let Spread { min, median, max } = spread;
            let cells = [median, min, max].map(|value| format!("{value:.digits$}"));
            table.add_row(std::iter::once(name.to_owned()).chain(cells));
        };
        row("otmena run --once", self.program, 0);
        if let Some(against) = self.against {
            row("the other build", against, 0);
        }
        row("bare transport", self.bare, 0);
        row("ratio", self.ratio, 3);
        right_aligned(table)
    }
}

impl Latency {
    fn table(&self) -> Table {
        let mut table = empty(["milliseconds after delivery", "p50", "p99", ""]);
        let (answer, idle) = (self.to_answer, self.to_idle);
        for (name, p50, p99) in [
            ("answer at the sink", answer.p50, answer.p99),
            ("IDLE told a bare client", idle.p50, idle.p99),
            (
                "otmena's own part",
                answer.p50 - idle.p50,
                answer.p99 - idle.p50,
            ),
        ] {
            table.add_row([name.to_owned(), format!("{p50:.1}"), format!("{p99:.1}")]);
        }
        right_aligned(table)
    }
}

fn empty(header: [&str; 4]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_header(header.into_iter().filter(|name| !name.is_empty()));
    table
}

fn right_aligned(mut table: Table) -> Table {
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
