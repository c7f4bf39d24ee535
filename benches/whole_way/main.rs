//! Measures the whole way of a letter on real servers, beside the bare transport of the same mail.
//!
//! `cargo bench --bench whole_way`; docs/benchmark.md says what is measured and how to read it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that does not come about has no figure"
)]

mod support;

mod samples;
mod scene;
mod program;
mod sink;
mod bare;
mod throughput;
mod latency;
mod figures;
mod report;
mod stopwatch;

use clap::Parser;
use report::Report;
use std::path::PathBuf;

/// What stands on the command line.
#[derive(Debug, Parser)]
#[command(
    name = "whole_way",
    about = "Measures the way of a letter on real servers"
)]
struct Arguments {
    /// Letters of one run of throughput
    #[arg(long, default_value_t = 1_000)]
    letters: usize,
    /// Runs of throughput, the program and the bare transport in turn
    #[arg(long, default_value_t = 5)]
    repetitions: usize,
    /// Letters that are delivered one at a time to measure the latency; 0: none
    #[arg(long, default_value_t = 200)]
    deliveries: usize,
    /// Another build of the program, measured in turn with this one
    #[arg(long, value_name = "PATH")]
    against: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    /// Keep the folder with settings, database and logs of the last run, and name it
    #[arg(long)]
    keep: bool,
    /// What cargo adds; it changes nothing
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    let mut scene = scene::Scene::open();
    let throughput = throughput::measure(
        &mut scene,
        arguments.letters,
        arguments.repetitions,
        arguments.against.as_deref(),
    );
    let latency =
        (arguments.deliveries > 0).then(|| latency::measure(&mut scene, arguments.deliveries));
    let report = Report {
        mail_lies_in: scene.mail_lies_in(),
        throughput,
        latency,
    };
    report.print(arguments.json);
    if arguments.keep {
        scene.keep();
    }
}
