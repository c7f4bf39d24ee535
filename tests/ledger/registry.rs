//! The organisation's own schedule is told of each change at least once and for each booking in order,
//! by real scripts that fail, hang and crash.

use super::subject::{NOW, Subject, cancelling};
use otmena::clock::FixedClock;
use otmena::record::RegistryState;
use otmena::registry::{TellCommand, Told, tell_due};
use std::path::PathBuf;
use std::time::Duration;

contract! {
    each_change_is_told_once_and_in_order
    a_change_that_is_not_taken_holds_up_its_own_booking_alone
    a_command_that_never_works_is_not_run_for_every_change
    a_command_that_hangs_is_ended_and_run_again_later
    a_crash_before_the_end_is_noted_tells_the_change_again
    only_one_daemon_tells_at_a_time
}

/// A script of the organisation, and what it was told.
struct Schedule {
    folder: tempfile::TempDir,
}

impl Schedule {
    /// Keeps each line that it is told, unless `script` ends it before.
    fn with(script: &str) -> Self {
        let schedule = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        schedule.becomes(script);
        schedule
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn becomes(&self, script: &str) {
        let told = self.path("told").display().to_string();
        let whole = format!("line=$(cat)\n{script}\nprintf '%s\\n' \"$line\" >> {told}\n");
        std::fs::write(self.path("tell.sh"), whole).unwrap();
    }

    fn command(&self) -> TellCommand {
        let script = self.path("tell.sh").display().to_string();
        TellCommand::new(&["/bin/sh".to_owned(), script]).unwrap()
    }

    /// The number of each change that it took, with the number of its booking.
    fn told(&self) -> Vec<(i64, String)> {
        let text = std::fs::read_to_string(self.path("told")).unwrap_or_default();
        text.lines()
            .map(|line| {
                let change: serde_json::Value = serde_json::from_str(line).unwrap();
                let number = change["number"].as_str().unwrap().to_owned();
                (change["seq"].as_i64().unwrap(), number)
            })
            .collect()
    }
}

async fn tell_at(subject: &Subject, command: &TellCommand, minutes: i64) -> Told {
    let clock = FixedClock::new(NOW.plus_minutes(minutes));
    let ledger = subject.ledger.as_ref();
    tell_due(command, 7, ledger, &clock, &|| false)
        .await
        .unwrap()
}

async fn state(subject: &Subject) -> RegistryState {
    subject.ledger.registry_state().await.unwrap()
}

fn pairs(told: &[(i64, &str)]) -> Vec<(i64, String)> {
    told.iter()
        .map(|(seq, number)| (*seq, (*number).to_owned()))
        .collect()
}

async fn each_change_is_told_once_and_in_order(subject: Subject) {
    let schedule = Schedule::with("");
    assert_eq!(
        tell_at(&subject, &schedule.command(), 0).await,
        Told::default()
    );
    subject.import(&["A-1", "A-2"]).await;
    let case = subject.letter(1, "A-1").await;
    subject.decide(&[case], &cancelling).await;
    assert_eq!(state(&subject).await.waiting, 3);
    let told = tell_at(&subject, &schedule.command(), 1).await;
    assert_eq!((told.told, told.failed), (3, 0));
    let expected = pairs(&[(1, "A-1"), (2, "A-2"), (3, "A-1")]);
    assert_eq!(schedule.told(), expected);
    tell_at(&subject, &schedule.command(), 2).await;
    assert_eq!(schedule.told(), expected, "nothing is told twice");
    let now = state(&subject).await;
    assert_eq!((now.waiting, now.failing_since), (0, None));
    assert_eq!(now.last_told_at, Some(NOW.plus_minutes(1)));
}

async fn a_change_that_is_not_taken_holds_up_its_own_booking_alone(subject: Subject) {
    let schedule = Schedule::with("case $line in *'\"number\":\"A-1\"'*) exit 4;; esac");
    subject.import(&["A-1", "A-2"]).await;
    let cases = [
        subject.letter(1, "A-1").await,
        subject.letter(2, "A-2").await,
    ];
    subject.decide(&cases, &cancelling).await;
    let told = tell_at(&subject, &schedule.command(), 0).await;
    assert_eq!((told.told, told.failed), (2, 1), "the second waits behind");
    assert_eq!(schedule.told(), pairs(&[(2, "A-2"), (4, "A-2")]));
    let now = state(&subject).await;
    assert_eq!(now.waiting, 2);
    // What worked since has ended the failing; the change itself still waits.
    assert_eq!(now.last_error, None);
    assert_eq!(
        tell_at(&subject, &schedule.command(), 0).await.failed,
        0,
        "not due"
    );
    assert_eq!(tell_at(&subject, &schedule.command(), 1).await.failed, 1);
    let now = state(&subject).await;
    assert_eq!(now.last_error.as_deref(), Some("exit_4"));
    assert_eq!(now.failing_since, Some(NOW.plus_minutes(1)));
    schedule.becomes("");
    let told = tell_at(&subject, &schedule.command(), 2).await;
    assert_eq!((told.told, told.failed), (2, 0));
    let expected = pairs(&[(2, "A-2"), (4, "A-2"), (1, "A-1"), (3, "A-1")]);
    assert_eq!(schedule.told(), expected);
    assert_eq!(state(&subject).await.waiting, 0);
}

async fn a_command_that_never_works_is_not_run_for_every_change(subject: Subject) {
    let schedule = Schedule::with("exit 1");
    subject.import(&["A-1", "A-2", "A-3", "A-4", "A-5"]).await;
    let told = tell_at(&subject, &schedule.command(), 0).await;
    assert_eq!((told.told, told.failed), (0, 3));
    assert_eq!(state(&subject).await.waiting, 5);
    let missing = TellCommand::new(&["/no/such/program".to_owned()]).unwrap();
    tell_at(&subject, &missing, 60).await;
    let now = state(&subject).await;
    assert_eq!(now.last_error.as_deref(), Some("not_started"));
    assert_eq!(now.failing_since, Some(NOW), "since the first of them");
    schedule.becomes("");
    for minutes in [600, 601] {
        tell_at(&subject, &schedule.command(), minutes).await;
    }
    assert_eq!(state(&subject).await.waiting, 0);
    let mut seqs: Vec<i64> = schedule.told().iter().map(|(seq, _)| *seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, [1, 2, 3, 4, 5]);
}

async fn a_command_that_hangs_is_ended_and_run_again_later(subject: Subject) {
    let schedule = Schedule::with("sleep 600");
    subject.import(&["A-1"]).await;
    let hanging = schedule.command().within(Duration::from_millis(200));
    assert_eq!(tell_at(&subject, &hanging, 0).await.failed, 1);
    assert_eq!(state(&subject).await.last_error.as_deref(), Some("timeout"));
    schedule.becomes("");
    assert_eq!(tell_at(&subject, &schedule.command(), 1).await.told, 1);
    assert_eq!(schedule.told(), pairs(&[(1, "A-1")]));
}

async fn a_crash_before_the_end_is_noted_tells_the_change_again(subject: Subject) {
    let schedule = Schedule::with("");
    subject.import(&["A-1"]).await;
    let telling = subject.ledger.next_telling(NOW).await.unwrap().unwrap();
    let line = otmena::registry::as_json(&telling.change).to_string();
    schedule.command().run(&line).await.unwrap();
    // The process ends here; another one goes on.
    assert_eq!(tell_at(&subject, &schedule.command(), 1).await.told, 1);
    assert_eq!(schedule.told(), pairs(&[(1, "A-1"), (1, "A-1")]));
}

async fn only_one_daemon_tells_at_a_time(subject: Subject) {
    subject.import(&["A-1"]).await;
    let other = subject.second_daemon().await;
    let until = NOW.plus_minutes(2);
    assert!(other.lease_registry(1, NOW, until).await.unwrap());
    let schedule = Schedule::with("");
    assert!(tell_at(&subject, &schedule.command(), 1).await.elsewhere);
    assert!(schedule.told().is_empty());
    assert!(
        other
            .lease_registry(1, NOW.plus_minutes(1), until)
            .await
            .unwrap()
    );
    // Its lease has run out: it crashed.
    let told = tell_at(&subject, &schedule.command(), 3).await;
    assert_eq!((told.told, told.elsewhere), (1, false));
    let later = NOW.plus_minutes(3);
    let given_back = other.lease_registry(1, later, later.plus_minutes(2)).await;
    assert!(given_back.unwrap(), "it is free again");
}
