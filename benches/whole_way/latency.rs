//! From the mail server's «250» to a delivery until the last octet of the answer.

use crate::bare::BareImap;
use crate::figures::quantile;
use crate::program::{Office, THIS_BUILD};
use crate::samples;
use crate::scene::Scene;
use crate::sink::StampingSink;
use crate::stopwatch::{now, tell};
use serde::Serialize;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// Between two deliveries, so that the daemon waits in IDLE again.
const PAUSE: Duration = Duration::from_millis(80);

/// Milliseconds.
#[derive(Debug, Serialize)]
pub struct Latency {
    pub deliveries: usize,
    pub to_answer: Quantiles,
    /// Until a bare client in IDLE is told of the letter: the server's own part.
    pub to_idle: Quantiles,
}

/// Milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Quantiles {
    pub p50: f64,
    pub p99: f64,
}

impl Quantiles {
    fn of(milliseconds: &[f64]) -> Self {
        Self {
            p50: quantile(milliseconds, 0.5),
            p99: quantile(milliseconds, 0.99),
        }
    }
}

/// Delivers letters one at a time to the daemon, and a quarter as many to a bare client.
pub fn measure(scene: &mut Scene, deliveries: usize) -> Latency {
    let to_idle = bare_idle(scene, deliveries.div_ceil(4));
    let to_answer = daemon(scene, deliveries);
    Latency {
        deliveries,
        to_answer: Quantiles::of(&to_answer),
        to_idle: Quantiles::of(&to_idle),
    }
}

fn daemon(scene: &mut Scene, deliveries: usize) -> Vec<f64> {
    let user = scene.fresh_user();
    let mut sink = StampingSink::start();
    let mailbox = scene.dovecot.mail_settings_toml(&user);
    // One more booking than is measured: the first answer says that the daemon is ready.
    let office = Office::set_up(
        Path::new(THIS_BUILD),
        scene.clear_desk(),
        &mailbox,
        sink.port,
        deliveries + 1,
    );
    let daemon = office.start();
    let mut milliseconds = Vec::with_capacity(deliveries);
    for index in 0..=deliveries {
        scene
            .dovecot
            .deliver_lmtp(&user, &samples::reply(index, &user));
        let delivered = now();
        let Some(arrived) = sink.arrival(&samples::recipient(index)) else {
            panic!("letter {index} got no answer\n{}", office.end_of_log());
        };
        if index > 0 {
            milliseconds.push((arrived - delivered).as_secs_f64() * 1_000.0);
        }
        if index % 25 == 0 {
            tell(&format!("latency: {index} of {deliveries}"));
        }
        sleep(PAUSE);
    }
    drop(daemon);
    milliseconds
}

/// What the server alone takes: a client that does nothing but wait in IDLE.
fn bare_idle(scene: &mut Scene, deliveries: usize) -> Vec<f64> {
    tell(&format!("latency of IDLE alone: {deliveries} letters"));
    let user = scene.fresh_user();
    let mut client = BareImap::login(scene.dovecot.imap_port(), &user);
    client.command("SELECT INBOX");
    let mut milliseconds = Vec::with_capacity(deliveries);
    for index in 0..deliveries {
        client.begin_idle();
        sleep(PAUSE);
        scene
            .dovecot
            .deliver_lmtp(&user, &samples::reply(index, &user));
        let delivered = now();
        client.await_word("EXISTS");
        milliseconds.push(delivered.elapsed().as_secs_f64() * 1_000.0);
        client.end_idle();
    }
    milliseconds
}
