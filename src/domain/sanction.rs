//! Consequences of repeated late cancellations. Off unless the policy switches them on.

use super::{BookingId, Moment};
use serde::{Deserialize, Serialize};

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

/// The rules. A `…_from` names the counted cancellation, within the window, from which on a
/// consequence follows; 0 switches it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SanctionRules {
    /// Whether there are any.
    pub enabled: bool,
    /// Whether they are in force at once; otherwise they are proposed and staff impose them.
    pub automatic: bool,
    /// Which cancellations are counted.
    pub count: Counted,
    /// Days back in which they are counted.
    pub window_days: u16,
    /// From which one on there is a fine.
    pub fine_from: u16,
    /// The first fine in roubles.
    pub fine_first: u32,
    /// How much each further one is higher.
    pub fine_step: u32,
    /// The highest.
    pub fine_most: u32,
    /// From which one on the citizen cannot book by himself.
    pub block_from: u16,
    /// Days for the first time.
    pub block_first_days: u16,
    /// Days more each further time.
    pub block_step_days: u16,
    /// The most days.
    pub block_most_days: u16,
    /// From which one on the same service cannot be booked anew.
    pub same_service_from: u16,
    /// For how many days.
    pub same_service_days: u16,
    /// From which one on the citizen stands behind others in the waiting list.
    pub waiting_list_from: u16,
    /// For how many days.
    pub waiting_list_days: u16,
    /// How often a citizen may move bookings within 30 days; 0: as often as he likes.
    pub reschedules_per_month: u16,
}

impl Default for SanctionRules {
    fn default() -> Self {
        Self {
            enabled: false,
            automatic: false,
            count: Counted::Untimely,
            window_days: 183,
            fine_from: 2,
            fine_first: 500,
            fine_step: 500,
            fine_most: 2_000,
            block_from: 6,
            block_first_days: 7,
            block_step_days: 7,
            block_most_days: 30,
            same_service_from: 2,
            same_service_days: 14,
            waiting_list_from: 2,
            waiting_list_days: 30,
            reschedules_per_month: 3,
        }
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

    /// Whether a citizen who moved bookings `moved` times within 30 days may move one more.
    pub const fn may_reschedule(&self, moved: u32) -> bool {
        let limit = self.reschedules_per_month as u32;
        !self.enabled || limit == 0 || moved < limit
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
