//! Slots, the waiting list and offers: the ledger's part, as a trait of its own.

use crate::decide::{BookingPlace, Consequences, Decision, SlotFacts};
use crate::domain::{Booking, Citizen, Moment, Slot, SlotId, WaitingId, Zone};
use crate::failure::Failure;
use async_trait::async_trait;

/// A line of the slots file, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotImport {
    /// Who gives it.
    pub organisation: String,
    /// Doctor, room or window; empty when the file does not say.
    pub resource: String,
    /// For which service.
    pub service_code: String,
    /// Its start.
    pub starts_at: Moment,
    /// The zone whose clocks hang there.
    pub zone: Zone,
}

/// What an import of slots did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlotReport {
    /// Slots that were new; they are free.
    pub created: u64,
    /// Slots that were there, free or not.
    pub unchanged: u64,
    /// Services at organisations that no booking names: nobody can be offered their slots yet.
    pub unknown_services: Vec<(String, String)>,
}

/// Which slots to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlotFilter {
    /// Only this service.
    pub service_code: Option<String>,
    /// Only those that begin at this instant or later.
    pub from: Option<Moment>,
    /// At most so many.
    pub limit: u32,
}

/// A line of the file of the waiting list, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingImport {
    /// Who waits.
    pub citizen: Citizen,
    /// For which service.
    pub service_code: String,
    /// At which organisation.
    pub organisation: String,
    /// Earliest start on the clocks of the place, `YYYY-MM-DDTHH:MM`; empty for any.
    pub wanted_from: String,
    /// Latest start there; `9999` for any.
    pub wanted_until: String,
    /// Since when.
    pub joined_at: Moment,
}

/// What an import of the waiting list did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaitingReport {
    /// Entries that were new, with the ids of all that wait.
    pub created: u64,
    /// Entries whose person or window changed.
    pub changed: u64,
    /// Entries that were as the file says.
    pub unchanged: u64,
}

/// An entry of the waiting list as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingRecord {
    /// The entry.
    pub id: WaitingId,
    /// `waiting`, `offered`, `served`, `removed`.
    pub state: String,
    /// Who waits; empty once retention has removed the person.
    pub citizen: Citizen,
    /// For which service.
    pub service_code: String,
    /// At which organisation.
    pub organisation: String,
    /// Earliest start on the clocks of the place; empty for any.
    pub wanted_from: String,
    /// Latest start there; `9999` for any.
    pub wanted_until: String,
    /// Since when.
    pub joined_at: Moment,
    /// Above 0 before the others, below 0 behind them.
    pub priority: i64,
}

/// The pure function that says what is due about a slot; `None` where nothing is.
pub type SlotAct<'a> = &'a (dyn Fn(&SlotFacts) -> Option<(Decision, Consequences)> + Send + Sync);

/// The pure function that turns a booking, its time and an operator's command into what it causes.
pub type PlaceAct<'a> = &'a (
        dyn Fn(&Booking, Option<&BookingPlace>) -> Result<(Decision, Consequences), Failure>
            + Send
            + Sync
    );

/// The part of the ledger that is about times.
#[async_trait]
pub trait SlotLedger {
    /// Imports slots, all or nothing. The file is a schedule: as many slots of one time are there
    /// afterwards as it has lines for it, those that are booked included.
    async fn import_slots(&self, slots: &[SlotImport], now: Moment) -> Result<SlotReport, Failure>;

    /// Slots by their start.
    async fn slots(&self, filter: &SlotFilter) -> Result<Vec<Slot>, Failure>;

    /// Imports entries of the waiting list, all or nothing. An entry is known by person, service,
    /// organisation and `joined_at`; its place is kept.
    async fn import_waiting(
        &self,
        entries: &[WaitingImport],
        now: Moment,
    ) -> Result<WaitingReport, Failure>;

    /// The waiting list in its order; all states where `state` is `None`.
    async fn waiting_list(
        &self,
        state: Option<&str>,
        limit: u32,
    ) -> Result<Vec<WaitingRecord>, Failure>;

    /// Takes an entry off the list; false where nobody waits under this id. An open offer stays.
    async fn remove_waiting(&self, id: WaitingId, now: Moment) -> Result<bool, Failure>;

    /// Slots on offer whose hold ended before `read_until`.
    async fn offers_run_out(&self, read_until: Moment, limit: u32) -> Result<Vec<SlotId>, Failure>;

    /// Free slots behind `after` for whose service somebody waits.
    async fn free_slots_wanted(
        &self,
        after: SlotId,
        now: Moment,
        limit: u32,
    ) -> Result<Vec<SlotId>, Failure>;

    /// Does what is due about one slot, all of it in one transaction; false where nothing was.
    async fn act_on_slot(
        &self,
        slot: SlotId,
        act: SlotAct<'_>,
        now: Moment,
    ) -> Result<bool, Failure>;

    /// As [`super::Ledger::act_on_booking`], with what is known of the booking's time.
    async fn act_on_place(
        &self,
        number_key: &str,
        act: PlaceAct<'_>,
        now: Moment,
    ) -> Result<Option<Decision>, Failure>;

    /// Open bookings of a service that begin from `from` until before `until`, by their start.
    async fn open_bookings(
        &self,
        service_code: &str,
        from: Moment,
        until: Moment,
    ) -> Result<Vec<Booking>, Failure>;
}
