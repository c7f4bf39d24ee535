//! Measures the reading of letters (steps 2 and 3) on one core, beside mail-parser alone.
//!
//! `cargo bench --bench reading`; docs/benchmark.md says what is measured and how to read it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement that does not come about has no figure"
)]

use clap::Parser;
use mail_parser::MessageParser;
use otmena::read;
use otmena::request;
use serde::Serialize;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// What stands on the command line.
#[derive(Debug, Parser)]
#[command(
    name = "reading",
    about = "Measures the reading of letters on one core"
)]
struct Arguments {
    /// Runs of each kind, in turn
    #[arg(long, default_value_t = 9)]
    repetitions: usize,
    /// How often the corpus is gone through in one run
    #[arg(long, default_value_t = 20)]
    rounds: usize,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    /// What cargo adds; it changes nothing
    #[arg(long, hide = true)]
    bench: bool,
}

/// One way of going through the corpus.
#[derive(Debug, Serialize)]
struct Measured {
    name: &'static str,
    /// Median of the runs.
    letters_per_second: f64,
    /// Median of the runs, in 10^6 octets.
    megabytes_per_second: f64,
    /// Times the time of mail-parser in the same turn: lowest, median, highest.
    times_mail_parser: [f64; 3],
}

#[derive(Debug, Serialize)]
struct Report {
    letters: usize,
    octets: usize,
    rounds: usize,
    repetitions: usize,
    measured: Vec<Measured>,
}

/// All letters of `fixtures/letters`.
fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/letters");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

type Way = (&'static str, fn(&[u8]));

const WAYS: [Way; 3] = [
    ("mail-parser", |bytes| {
        black_box(MessageParser::default().parse(black_box(bytes)));
    }),
    ("read", |bytes| {
        black_box(read::read(black_box(bytes)));
    }),
    ("read + request", |bytes| {
        let letter = read::read(black_box(bytes));
        black_box(request::understand(&letter));
    }),
];

/// Seconds for `rounds` times the corpus.
#[expect(
    clippy::disallowed_methods,
    reason = "elapsed time is what a benchmark measures"
)]
fn seconds(way: fn(&[u8]), letters: &[Vec<u8>], rounds: usize) -> f64 {
    let start = Instant::now();
    for _ in 0..rounds {
        letters.iter().for_each(|letter| way(letter));
    }
    start.elapsed().as_secs_f64()
}

/// The value below which this share of the values lies.
fn at_share(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
    *sorted.get(at).expect("at least one run")
}

fn measure(arguments: &Arguments) -> Report {
    let letters = corpus();
    let octets: usize = letters.iter().map(Vec::len).sum();
    // The first round compiles the patterns and warms the caches.
    for (_, way) in WAYS {
        seconds(way, &letters, 1);
    }
    let turns: Vec<[f64; 3]> = (0..arguments.repetitions)
        .map(|_| WAYS.map(|(_, way)| seconds(way, &letters, arguments.rounds)))
        .collect();
    let times = arguments.rounds as f64;
    let measured = WAYS
        .iter()
        .enumerate()
        .map(|(at, (name, _))| {
            let of = |turn: &[f64; 3]| *turn.get(at).expect("a time for each way");
            let time = at_share(&turns.iter().map(of).collect::<Vec<_>>(), 0.5);
            let ratios: Vec<f64> = turns.iter().map(|turn| of(turn) / turn[0]).collect();
            Measured {
                name,
                letters_per_second: letters.len() as f64 * times / time,
                megabytes_per_second: octets as f64 * times / time / 1e6,
                times_mail_parser: [0.0, 0.5, 1.0].map(|share| at_share(&ratios, share)),
            }
        })
        .collect();
    Report {
        letters: letters.len(),
        octets,
        rounds: arguments.rounds,
        repetitions: arguments.repetitions,
        measured,
    }
}

fn table(report: &Report) -> String {
    let mut text = format!(
        "{} letters, {} octets, {} rounds, {} runs in turn, one core\n\n\
         | | letters/s | MB/s | times mail-parser |\n|---|---|---|---|\n",
        report.letters, report.octets, report.rounds, report.repetitions
    );
    for measured in &report.measured {
        let [low, median, high] = measured.times_mail_parser;
        text.push_str(&format!(
            "| {} | {:.0} | {:.1} | {median:.2} [{low:.2}-{high:.2}] |\n",
            measured.name, measured.letters_per_second, measured.megabytes_per_second
        ));
    }
    text
}

fn main() {
    let arguments = Arguments::parse();
    let report = measure(&arguments);
    let text = if arguments.json {
        serde_json::to_string_pretty(&report).unwrap()
    } else {
        table(&report)
    };
    writeln!(std::io::stdout().lock(), "{text}").unwrap();
}
