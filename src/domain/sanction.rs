//! Consequences of repeated late cancellations. Off unless the policy switches them on.

use super::layered::layered;
use super::{BookingId, Moment};
use serde::{Deserialize, Serialize};

/// Hours for which a moved booking counts, from the receipt of its cancellation.
pub const MOVE_COUNTS_HOURS: i64 = 24 * 30;

/// Which cancellations are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Those that came too late.
    #[default]
    Untimely,
    /// All that the citizen asked for.
    All,
}

layered! {
    /// The rules. A `…_from` names the counted cancellation, within the window, from which on a
    /// consequence follows; 0 switches it off.
    SanctionRules,
    /// What a category or service says of them.
    SanctionChange,
    {
        /// Whether there are any.
        enabled: bool = false,
        /// Whether they are in force at once; otherwise they are proposed and staff impose them.
        automatic: bool = false,
        /// Which cancellations are counted.
        count: Counted = Counted::Untimely,
        /// Days back in which they are counted.
        window_days: u16 = 183,
        /// From which one on there is a fine.
        fine_from: u16 = 2,
        /// The first fine in roubles.
        fine_first: u32 = 500,
        /// How much each further one is higher.
        fine_step: u32 = 500,
        /// The highest.
        fine_most: u32 = 2_000,
        /// From which one on the citizen cannot book by himself.
        block_from: u16 = 6,
        /// Days for the first time.
        block_first_days: u16 = 7,
        /// Days more each further time.
        block_step_days: u16 = 7,
        /// The most days.
        block_most_days: u16 = 30,
        /// From which one on the same service cannot be booked anew.
        same_service_from: u16 = 2,
        /// For how many days.
        same_service_days: u16 = 14,
        /// From which one on the citizen stands behind others in the waiting list.
        waiting_list_from: u16 = 2,
        /// For how many days.
        waiting_list_days: u16 = 30,
        /// How often a citizen may move bookings within 30 days; 0: as often as he likes.
        reschedules_per_month: u16 = 3,
    }
}

/// How a cancellation counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timeliness {
    /// It came in time.
    InTime,
    /// It came too late and nothing excuses it.
    Untimely,
    /// It came too late, and a valid reason excuses it.
    Excused,
    /// It does not stand any more: restored, or a fault of ours.
    TakenBack,
}

impl Timeliness {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::InTime, Self::Untimely, Self::Excused, Self::TakenBack];

    /// The word used in the ledger and in the journal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InTime => "in_time",
            Self::Untimely => "untimely",
            Self::Excused => "excused",
            Self::TakenBack => "taken_back",
        }
    }

    /// Reads the word used in the ledger.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// An earlier cancellation of the same citizen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastCancellation {
    /// When the request was received.
    pub at: Moment,
    /// How it counts.
    pub timeliness: Timeliness,
}

/// What follows from one cancellation; zeros where nothing does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Consequence {
    /// The which counted one it is, from 1; 0 where nothing is counted.
    pub number: u32,
    /// Fine in roubles.
    pub fine_roubles: u32,
    /// Days without booking by oneself.
    pub block_days: u16,
    /// Days without a new booking of the same service.
    pub same_service_days: u16,
    /// Days behind others in the waiting list.
    pub waiting_list_days: u16,
}

impl SanctionRules {
    /// What a cancellation received at `at` brings to a citizen with this `past`. A function of
    /// its arguments alone.
    pub fn consequence(&self, past: &[PastCancellation], at: Moment) -> Consequence {
        if !self.enabled {
            return Consequence::default();
        }
        let since = at.plus_hours(-24 * i64::from(self.window_days));
        let counts = |one: &&PastCancellation| {
            let within = one.at > since && one.at <= at;
            let counted = match one.timeliness {
                Timeliness::Untimely => true,
                Timeliness::InTime => self.count == Counted::All,
                Timeliness::Excused | Timeliness::TakenBack => false,
            };
            within && counted
        };
        let before = past.iter().filter(counts).count();
        let number = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
        let days = |from: u16, days: u16| times(from, number).map_or(0, |_| days);
        let block = |further: u32| {
            let more = u32::from(self.block_step_days).saturating_mul(further);
            let days = u32::from(self.block_first_days).saturating_add(more);
            u16::try_from(days.min(u32::from(self.block_most_days))).unwrap_or(u16::MAX)
        };
        let fine = |further: u32| {
            let more = self.fine_step.saturating_mul(further);
            self.fine_first.saturating_add(more).min(self.fine_most)
        };
        Consequence {
            number,
            fine_roubles: times(self.fine_from, number).map_or(0, fine),
            block_days: times(self.block_from, number).map_or(0, block),
            same_service_days: days(self.same_service_from, self.same_service_days),
            waiting_list_days: days(self.waiting_list_from, self.waiting_list_days),
        }
    }
}

/// How many times a consequence that begins with the counted cancellation `from` came before
/// number `number`; `None` where it has not begun.
fn times(from: u16, number: u32) -> Option<u32> {
    if from == 0 {
        return None;
    }
    number.checked_sub(u32::from(from))
}

impl Consequence {
    /// Whether nothing follows.
    pub const fn is_nothing(&self) -> bool {
        self.fine_roubles == 0
            && self.block_days == 0
            && self.same_service_days == 0
            && self.waiting_list_days == 0
    }

    /// No part more than `shown`: what a letter did not name before does not follow.
    pub fn within(self, shown: &Self) -> Self {
        Self {
            number: self.number,
            fine_roubles: self.fine_roubles.min(shown.fine_roubles),
            block_days: self.block_days.min(shown.block_days),
            same_service_days: self.same_service_days.min(shown.same_service_days),
            waiting_list_days: self.waiting_list_days.min(shown.waiting_list_days),
        }
    }

    /// Its parts: each kind with roubles or days; none that is nothing.
    pub fn parts(&self) -> Vec<(SanctionKind, u32)> {
        [
            (SanctionKind::Fine, self.fine_roubles),
            (SanctionKind::SelfBooking, u32::from(self.block_days)),
            (SanctionKind::SameService, u32::from(self.same_service_days)),
            (SanctionKind::WaitingList, u32::from(self.waiting_list_days)),
        ]
        .into_iter()
        .filter(|(_, amount)| *amount > 0)
        .collect()
    }
}

/// The kinds of sanctions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SanctionKind {
    /// A fine; its amount is in roubles.
    Fine,
    /// No booking by oneself; in days.
    SelfBooking,
    /// No new booking of the same service; in days.
    SameService,
    /// Behind others in the waiting list; in days.
    WaitingList,
}

impl SanctionKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [
        Self::Fine,
        Self::SelfBooking,
        Self::SameService,
        Self::WaitingList,
    ];

    /// The word used in the ledger, in lists and in the journal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::SelfBooking => "self_booking",
            Self::SameService => "same_service",
            Self::WaitingList => "waiting_list",
        }
    }

    /// Reads the word used in the ledger.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// How far a sanction has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SanctionState {
    /// Proposed by the daemon; staff decide.
    Proposed,
    /// In force.
    Imposed,
    /// Lifted, or never imposed.
    Lifted,
}

impl SanctionState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Proposed, Self::Imposed, Self::Lifted];

    /// The word used in the ledger, in lists and in the journal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Imposed => "imposed",
            Self::Lifted => "lifted",
        }
    }

    /// Reads the word used in the ledger.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A sanction as the ledger holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sanction {
    /// The ledger's id.
    pub id: i64,
    /// The booking whose cancellation brought it.
    pub booking: BookingId,
    /// Code of the service of that booking.
    pub service_code: String,
    /// The number of that cancellation's document.
    pub document: String,
    /// Its kind.
    pub kind: SanctionKind,
    /// Roubles or days.
    pub amount: u32,
    /// How far it has come.
    pub state: SanctionState,
    /// Version of the rules that brought it.
    pub policy: String,
    /// When it was proposed, or imposed by the policy.
    pub proposed_at: Moment,
    /// When it was imposed or lifted last.
    pub decided_at: Option<Moment>,
    /// Until when it holds, where it holds for days and was imposed.
    pub until: Option<Moment>,
}

impl Sanction {
    /// Whether it is in force at `now`. A fine is until it is lifted.
    pub fn is_in_force(&self, now: Moment) -> bool {
        self.state == SanctionState::Imposed && self.until.is_none_or(|until| now <= until)
    }

    /// Until when it would hold if it were imposed at `now`.
    pub fn until_if_imposed(&self, now: Moment) -> Option<Moment> {
        (self.kind != SanctionKind::Fine).then(|| now.plus_hours(24 * i64::from(self.amount)))
    }
}

/// What keeps a citizen with these sanctions from booking this service by himself at `now`.
pub fn bars_booking<'a>(
    sanctions: &'a [Sanction],
    service_code: &'a str,
    now: Moment,
) -> impl Iterator<Item = &'a Sanction> {
    sanctions.iter().filter(move |one| {
        let concerns = match one.kind {
            SanctionKind::SelfBooking => true,
            SanctionKind::SameService => one.service_code == service_code,
            SanctionKind::Fine | SanctionKind::WaitingList => false,
        };
        concerns && one.is_in_force(now)
    })
}

/// Whether a citizen with these sanctions stands behind others in the waiting list at `now`.
pub fn stands_back(sanctions: &[Sanction], now: Moment) -> bool {
    sanctions
        .iter()
        .any(|one| one.kind == SanctionKind::WaitingList && one.is_in_force(now))
}
