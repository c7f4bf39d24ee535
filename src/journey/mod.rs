//! The way of a letter: names the steps and runs 2 to 6.

mod case;
mod identity;
mod again;
mod reading;
mod waiting;
mod coming_back;

pub use self::again::raw_hash;
use self::case::Read;
use self::identity::without_copies;
use self::reading::{Reading, make_patterns, read_within_limits};
use crate::clock::Clock;
use crate::config::Settings;
use crate::decide::{Case, Decision, Facts, Judgement, Rules, decide, query};
use crate::domain::{ContentHash, LetterId, Moment, Place, Policy, TokenSecrets};
use crate::failure::Failure;
use crate::halting_point;
use crate::intake::RawLetter;
use crate::read::Letter;
use crate::record::{Ledger, Recorded, TakenIn, Waits};
use crate::reply::compose::Office;
use crate::verify::Verifier;
use futures::StreamExt;
use std::collections::HashMap;
use std::sync::Arc;

/// Letters read side by side.
const READERS: usize = 2;

/// Letters whose senders are verified side by side: one that waits for DNS holds up no other.
const VERIFIERS: usize = 16;

/// Everything that steps 2 to 6 need.
pub struct Journey {
    /// Where decisions are recorded.
    pub ledger: Arc<dyn Ledger>,
    /// The rules.
    pub policy: Policy,
    /// Who we are in our letters.
    pub office: Office,
    /// What senders are verified with.
    pub verifier: Verifier,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// A letter at the end of step 6.
#[derive(Debug)]
pub struct Arrival {
    /// The ledger's id.
    pub letter: LetterId,
    /// Where it was found.
    pub place: Place,
    /// What became of it.
    pub outcome: Passed,
}

/// What became of a letter on its way.
#[derive(Debug)]
pub enum Passed {
    /// It was decided before; only its filing order is new.
    Known,
    /// It was decided now.
    Decided(Box<Recorded>),
}

/// What became of letters that walked together.
#[derive(Debug, Default)]
pub struct Walk {
    /// Those that reached the end of step 6, in no fixed order.
    pub arrivals: Vec<Arrival>,
    /// Where letters lie that wait for an operator's word.
    pub waiting: Vec<Place>,
    /// One for each letter that could not be decided now; it is taken up again at the next scan.
    pub failures: Vec<Failure>,
    /// Those that wait for DNS, or behind one that does, and until when.
    pub awaiting_dns: Vec<(Place, Moment)>,
}

/// A letter that was noted in the ledger and waits to be read.
struct Waiting {
    raw: RawLetter,
    raw_hash: ContentHash,
    taken: TakenIn,
}

/// Steps 2 to 5 for `otmena explain`: nothing is recorded.
#[derive(Debug)]
pub struct Explanation {
    /// What the bytes say.
    pub letter: Letter,
    /// The case that was decided.
    pub case: Case,
    /// What the ledger knew.
    pub facts: Facts,
    /// The judgement.
    pub judgement: Judgement,
}

impl Journey {
    /// A journey by these settings, rules and secrets.
    ///
    /// # Errors
    /// When the office's identity cannot be made from them.
    pub fn new(
        settings: &Settings,
        policy: Policy,
        secrets: TokenSecrets,
        ledger: Arc<dyn Ledger>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failure> {
        let sender = &settings.sender;
        let address = &settings.smtp.from().address;
        let office = Office::new(address, sender.plus_address, secrets)?;
        let verifier = Verifier::new(sender, address.clone(), Arc::clone(&clock))?;
        Ok(Self {
            ledger,
            policy,
            office,
            verifier,
            clock,
        })
    }

    /// Takes fetched letters through steps 2 to 6. Of several copies of one letter only the one
    /// received first takes part: the others find it decided in the next pass, and get filing
    /// orders of their own.
    ///
    /// # Errors
    /// A failure of the ledger as a whole; the letters stay where they are and nothing is lost.
    pub async fn walk(&self, letters: Vec<RawLetter>) -> Result<Walk, Failure> {
        make_patterns().await;
        let (letters, sightings) = without_copies(letters);
        let taken = self.ledger.take_in(&sightings, self.clock.now()).await?;
        halting_point::reach("taken_in");
        let mut walk = Walk::default();
        let now = self.clock.now();
        let mut waits = self.ledger.waiting().await?;
        let stopped = self.stopped(&taken).await?;
        let mut together = Vec::new();
        let mut alone = Vec::new();
        for ((raw, sighting), taken) in letters.into_iter().zip(sightings).zip(taken) {
            let waiting = Waiting {
                raw,
                raw_hash: sighting.raw_hash,
                taken,
            };
            if waiting.taken.decided {
                let letter = waiting.taken.letter;
                let place = waiting.raw.listed.place;
                walk.arrivals.push(Arrival {
                    letter,
                    place,
                    outcome: Passed::Known,
                });
            } else if stopped.contains(&waiting.taken.letter) {
                walk.waiting.push(waiting.raw.listed.place);
            } else if let Some(due_at) = waits.not_before(waiting.taken.letter, now) {
                walk.awaiting_dns.push((waiting.raw.listed.place, due_at));
            } else if waiting.taken.attempts > 1 {
                alone.push(waiting);
            } else {
                together.push(waiting);
            }
        }
        let mut blameless = Vec::new();
        let decided = self
            .decide_in_turn(together, alone, &mut waits, &mut walk, &mut blameless)
            .await;
        self.take_back(&blameless).await;
        decided.map(|()| walk)
    }

    /// Those of the letters met again that wait for an operator's word.
    async fn stopped(&self, taken: &[TakenIn]) -> Result<Vec<LetterId>, Failure> {
        let again: Vec<LetterId> = taken
            .iter()
            .filter(|taken| !taken.decided && taken.attempts > 1)
            .map(|taken| taken.letter)
            .collect();
        if again.is_empty() {
            return Ok(again);
        }
        self.ledger.waiting_letters(&again).await
    }

    /// First those that walk for the first time, together; then the others, each alone and its
    /// attempt counted before. The one that may end the process comes last.
    async fn decide_in_turn(
        &self,
        together: Vec<Waiting>,
        mut alone: Vec<Waiting>,
        waits: &mut Waits,
        walk: &mut Walk,
        blameless: &mut Vec<LetterId>,
    ) -> Result<(), Failure> {
        if !together.is_empty() {
            self.decide_batch(together, waits, walk, blameless).await?;
        }
        alone.sort_by_key(|waiting| waiting.taken.attempts);
        for waiting in alone {
            let letter = waiting.taken.letter;
            self.ledger.take_in_hand(letter).await?;
            let decided = self
                .decide_batch(vec![waiting], waits, walk, blameless)
                .await;
            if decided.is_err() {
                blameless.push(letter);
            }
            decided?;
        }
        Ok(())
    }

    /// As well as can be: where the ledger is gone, an attempt too many is noted.
    async fn take_back(&self, letters: &[LetterId]) {
        if letters.is_empty() {
            return;
        }
        if let Err(failure) = self.ledger.take_back(letters).await {
            tracing::warn!(
                failure = failure.chain(),
                "attempts could not be taken back"
            );
        }
    }

    /// Steps 2 to 5 without effect.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn explain(
        &self,
        bytes: Vec<u8>,
        received_at: Moment,
    ) -> Result<Explanation, Failure> {
        make_patterns().await;
        let bytes: Arc<[u8]> = bytes.into();
        let reading = read_within_limits(Arc::clone(&bytes))
            .await
            .unwrap_or_else(Reading::failed);
        let letter = reading.letter.clone();
        let read = Read {
            letter: LetterId(0),
            raw_hash: ContentHash::of(&[&bytes]),
            received_at,
            reading,
            bytes: Some(bytes),
            seen_before: false,
        };
        let case = self.case(read).await?;
        let now = self.clock.now();
        let facts = self.ledger.facts(&query(&case), now).await?;
        let judgement = decide(&case, &facts, &self.rules(now));
        Ok(Explanation {
            letter,
            case,
            facts,
            judgement,
        })
    }

    /// The rules as they stand at `now`.
    pub const fn rules(&self, now: Moment) -> Rules<'_> {
        Rules {
            policy: &self.policy,
            office: &self.office,
            now,
        }
    }

    /// Steps 2 to 4 for each letter, several side by side; in the order of the batch.
    async fn cases(&self, batch: Vec<Waiting>, walk: &mut Walk) -> Vec<Case> {
        let read: Vec<Result<Case, Failure>> = futures::stream::iter(batch)
            .map(|waiting| self.read_letter(waiting))
            .buffered(READERS)
            .map(|read| async { self.case(read?).await })
            .buffered(VERIFIERS)
            .collect()
            .await;
        let mut cases = Vec::with_capacity(read.len());
        for case in read {
            match case {
                Ok(case) => cases.push(case),
                Err(failure) => walk.failures.push(failure),
            }
        }
        cases
    }

    /// Adds the letters that failed through no fault of their own to `blameless`.
    async fn decide_batch(
        &self,
        batch: Vec<Waiting>,
        waits: &mut Waits,
        walk: &mut Walk,
        blameless: &mut Vec<LetterId>,
    ) -> Result<(), Failure> {
        let mut places: HashMap<LetterId, Place> = batch
            .iter()
            .map(|waiting| (waiting.taken.letter, waiting.raw.listed.place.clone()))
            .collect();
        let cases = self.cases(batch, walk).await;
        halting_point::reach("read");
        let now = self.clock.now();
        let (cases, postponed) = waiting::in_order(cases, waits, now);
        if !postponed.is_empty() {
            self.ledger.put_off(&postponed).await?;
        }
        for wait in postponed {
            blameless.push(wait.letter);
            let place = places.remove(&wait.letter);
            walk.awaiting_dns
                .extend(place.map(|place| (place, wait.due_at)));
        }
        let rules = self.rules(now);
        let judge = |case: &Case, facts: &Facts| {
            halting_point::reach("deciding");
            decide(case, facts, &rules)
        };
        let outcomes = self.ledger.decide(&cases, &judge, now).await?;
        halting_point::reach("decided");
        for (letter, outcome) in outcomes {
            match outcome {
                Ok(recorded) if recorded.judgement.decision == Decision::AwaitsOperator => {
                    tracing::error!(
                        letter = letter.0,
                        "too many cancellations at once: this one waits for `otmena letters release`"
                    );
                    blameless.push(letter);
                    walk.waiting.extend(places.remove(&letter));
                }
                Ok(recorded) => {
                    walk.arrivals
                        .extend(places.remove(&letter).map(|place| Arrival {
                            letter,
                            place,
                            outcome: Passed::Decided(Box::new(recorded)),
                        }));
                }
                Err(failure) => {
                    if failure.is_passing() {
                        blameless.push(letter);
                    }
                    walk.failures.push(failure);
                }
            }
        }
        Ok(())
    }
}
