//! The way of a letter: names the steps and runs 2 to 6.

mod again;
mod reading;
mod coming_back;

pub use self::again::raw_hash;
use self::reading::{Reading, make_patterns, read_within_limits};
use crate::clock::Clock;
use crate::config::Settings;
use crate::decide::{Case, Decision, Facts, Judgement, Rules, decide, query};
use crate::domain::{ContentHash, LetterId, Moment, Place, Policy, Reason, TokenSecrets};
use crate::failure::Failure;
use crate::halting_point;
use crate::intake::RawLetter;
use crate::read::Letter;
use crate::record::{Ledger, Recorded, Sighting, TakenIn};
use crate::reply::compose::Office;
use crate::verify::Verifier;
use futures::StreamExt;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Octets of an over-cap letter that its identity is taken from.
const IDENTITY_OCTETS: usize = 256 * 1024;

/// Letters read side by side.
const READERS: usize = 2;

/// After so many tries without a decision a letter goes to staff unread: each ended with the end
/// of the process, a panic, or the end of the time for reading, and the letter may be the cause. A
/// passing fault is no try.
const MOST_ATTEMPTS: u32 = 5;

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
        let verifier = Verifier {
            authserv_id: sender.authserv_id.clone(),
        };
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
            } else if waiting.taken.attempts > 1 {
                alone.push(waiting);
            } else {
                together.push(waiting);
            }
        }
        let mut blameless = Vec::new();
        let decided = self
            .decide_in_turn(together, alone, &mut walk, &mut blameless)
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
        walk: &mut Walk,
        blameless: &mut Vec<LetterId>,
    ) -> Result<(), Failure> {
        if !together.is_empty() {
            self.decide_batch(together, walk, blameless).await?;
        }
        alone.sort_by_key(|waiting| waiting.taken.attempts);
        for waiting in alone {
            let letter = waiting.taken.letter;
            self.ledger.take_in_hand(letter).await?;
            let decided = self.decide_batch(vec![waiting], walk, blameless).await;
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
        let raw_hash = ContentHash::of(&[&bytes]);
        let reading = read_within_limits(bytes)
            .await
            .unwrap_or_else(Reading::failed);
        let letter = reading.letter.clone();
        let case = self.case(LetterId(0), raw_hash, received_at, reading);
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

    /// Adds the letters that failed through no fault of their own to `blameless`.
    async fn decide_batch(
        &self,
        batch: Vec<Waiting>,
        walk: &mut Walk,
        blameless: &mut Vec<LetterId>,
    ) -> Result<(), Failure> {
        let mut places: HashMap<LetterId, Place> = batch
            .iter()
            .map(|waiting| (waiting.taken.letter, waiting.raw.listed.place.clone()))
            .collect();
        let read: Vec<Result<Case, Failure>> = futures::stream::iter(batch)
            .map(|waiting| self.read_case(waiting))
            .buffered(READERS)
            .collect()
            .await;
        let mut cases = Vec::with_capacity(read.len());
        for case in read {
            match case {
                Ok(case) => cases.push(case),
                Err(failure) => walk.failures.push(failure),
            }
        }
        halting_point::reach("read");
        let now = self.clock.now();
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

    async fn read_case(&self, waiting: Waiting) -> Result<Case, Failure> {
        let Waiting {
            raw,
            raw_hash,
            taken,
        } = waiting;
        let reading = if taken.attempts > MOST_ATTEMPTS {
            Reading::failed()
        } else {
            let Some(mut reading) = read_within_limits(raw.bytes).await else {
                return Err(Failure::try_again("reading a letter took too long"));
            };
            if raw.over_cap {
                reading.unreadable = Some(Reason::LetterTooLarge);
            }
            reading
        };
        Ok(self.case(taken.letter, raw_hash, taken.received_at, reading))
    }

    /// Step 4, and everything that deciding needs in one value.
    fn case(
        &self,
        letter: LetterId,
        raw_hash: ContentHash,
        received_at: Moment,
        reading: Reading,
    ) -> Case {
        let evidence = self
            .verifier
            .verify(&reading.letter, &self.office.secrets, received_at);
        let is_ours = coming_back::is_ours(&reading.letter, &self.office);
        let automatic = coming_back::automatic(&reading.letter);
        let bounce = coming_back::bounce(&reading.letter, &self.office);
        Case {
            letter,
            raw_hash,
            content_hash: reading.content_hash,
            received_at,
            sender: reading.letter.sender,
            message_id: reading.letter.message_id,
            thread: reading.letter.thread,
            subject: reading.letter.subject,
            is_ours,
            automatic,
            bounce,
            reading: reading.request,
            evidence,
            unreadable: reading.unreadable,
        }
    }
}

/// The letters with their identities, of equal ones only the one received first.
fn without_copies(mut letters: Vec<RawLetter>) -> (Vec<RawLetter>, Vec<Sighting>) {
    letters.sort_by_key(|letter| letter.listed.received_at);
    let mut seen = HashSet::new();
    letters
        .into_iter()
        .filter_map(|letter| {
            let sighting = sighting(&letter);
            seen.insert(sighting.raw_hash).then_some((letter, sighting))
        })
        .unzip()
}

/// The identity of a letter: SHA-256 of its bytes; over the cap, of its beginning and its size.
fn sighting(raw: &RawLetter) -> Sighting {
    let raw_hash = if raw.over_cap {
        let beginning = raw.bytes.get(..IDENTITY_OCTETS).unwrap_or(&raw.bytes);
        ContentHash::of(&[beginning, &raw.listed.size.to_be_bytes()])
    } else {
        ContentHash::of(&[&raw.bytes])
    };
    Sighting {
        listed: raw.listed.clone(),
        raw_hash,
    }
}
