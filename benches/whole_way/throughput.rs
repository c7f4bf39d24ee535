//! Letters per second: the program and the bare transport, in turn, over the same servers.

use crate::bare::{Errand, carry};
use crate::figures::{Spread, rate};
use crate::program::{Office, THIS_BUILD};
use crate::samples;
use crate::scene::Scene;
use crate::sink::CountingSink;
use crate::stopwatch::tell;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// Where decided letters lie.
const PROCESSED: &str = "Обработано";

/// Letters per second.
#[derive(Debug, Serialize)]
pub struct Throughput {
    pub letters: usize,
    pub repetitions: usize,
    /// Octets of a reply and of an answer on the wire, medians.
    pub reply_octets: usize,
    pub answer_octets: usize,
    /// `otmena run --once`, from the start of the process to its end.
    pub program: Spread,
    /// The same with another build.
    pub against: Option<Spread>,
    /// The bare transport.
    pub bare: Spread,
    /// Program to bare, of each pair of runs.
    pub ratio: Spread,
}

/// A rehearsal in which every answer is looked at, then the measured runs in turn.
pub fn measure(
    scene: &mut Scene,
    letters: usize,
    repetitions: usize,
    against: Option<&Path>,
) -> Throughput {
    tell(&format!(
        "rehearsal: {letters} letters, every answer is looked at"
    ));
    let answer = rehearse(scene, letters);
    let (mut program, mut other, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    let rate = |took: Duration| rate(letters, took.as_secs_f64());
    for repetition in 1..=repetitions.max(1) {
        let ours = rate(run_program(scene, Path::new(THIS_BUILD), letters, None));
        tell(&format!(
            "run {repetition} of {repetitions}: otmena {ours:.0} letters/s"
        ));
        program.push(ours);
        if let Some(path) = against {
            let theirs = rate(run_program(scene, path, letters, None));
            tell(&format!("  other build {theirs:.0} letters/s"));
            other.push(theirs);
        }
        let floor = rate(run_bare(scene, letters, &answer));
        tell(&format!("  bare transport {floor:.0} letters/s"));
        bare.push(floor);
    }
    let ratios: Vec<f64> = program
        .iter()
        .zip(&bare)
        .map(|(ours, floor)| ours / floor)
        .collect();
    Throughput {
        letters,
        repetitions: ratios.len(),
        reply_octets: samples::reply(letters / 2, "office1").len(),
        answer_octets: answer.len(),
        program: Spread::of(&program),
        against: against.map(|_| Spread::of(&other)),
        bare: Spread::of(&bare),
        ratio: Spread::of(&ratios),
    }
}

/// One run of the program; every letter must have been answered and filed.
fn run_program(scene: &mut Scene, program: &Path, letters: usize, dump: Option<&Path>) -> Duration {
    let user = scene.fresh_user();
    scene.deliver(&user, letters);
    let sink = CountingSink::start(dump);
    let mailbox = scene.dovecot.mail_settings_toml(&user);
    let office = Office::set_up(program, scene.clear_desk(), &mailbox, sink.port, letters);
    let took = office.run_once();
    sink.assert_taken(letters);
    assert_eq!(
        scene.count(&user, PROCESSED),
        letters,
        "{}",
        office.end_of_log()
    );
    assert_eq!(scene.count(&user, "INBOX"), 0);
    took
}

fn run_bare(scene: &mut Scene, letters: usize, answer: &[u8]) -> Duration {
    let user = scene.fresh_user();
    scene.deliver(&user, letters);
    let sink = CountingSink::start(None);
    let took = carry(&Errand {
        imap_port: scene.dovecot.imap_port(),
        smtp_port: sink.port,
        user: &user,
        letters,
        answer,
        folder: PROCESSED,
    });
    sink.assert_taken(letters);
    assert_eq!(scene.count(&user, PROCESSED), letters);
    took
}

/// Looks at every answer, and gives the one of median size as it went over the wire.
fn rehearse(scene: &mut Scene, letters: usize) -> Vec<u8> {
    let folder = scene.folder_in_memory();
    run_program(scene, Path::new(THIS_BUILD), letters, Some(folder.path()));
    let mut answers: Vec<Vec<u8>> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    assert_eq!(answers.len(), letters, "answers at the sink");
    let mut recipients = BTreeSet::new();
    for answer in &answers {
        let text = String::from_utf8_lossy(answer);
        assert!(
            text.contains("\nContent-Type: application/pdf"),
            "an answer has no document"
        );
        recipients.extend(
            text.lines()
                .find_map(|line| line.strip_prefix("X-Rcpt-Args: "))
                .map(str::to_owned),
        );
    }
    assert_eq!(recipients.len(), letters, "citizens who were answered");
    answers.sort_by_key(Vec::len);
    on_the_wire(answers.get(letters / 2).unwrap())
}

/// The message without what smtp-sink wrote above it, with CRLF and doubled dots.
fn on_the_wire(dumped: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(dumped).replace("\r\n", "\n");
    // The sink's own Received header ends its preface; folded lines begin with a blank.
    let own = text
        .lines()
        .skip_while(|line| !line.starts_with("Received:"))
        .skip(1);
    let message = own.skip_while(|line| line.starts_with([' ', '\t']));
    let lines = message.map(|line| {
        if line.starts_with('.') {
            format!(".{line}")
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\r\n").into_bytes()
}
