//! What commands need that act by the rules: the ledger, the rules, and who we are in our letters.

use super::ledger;
use crate::clock::{Clock, SystemClock};
use crate::config::Loaded;
use crate::decide::{BookingPlace, Consequences, Decision, Rules, SlotFacts, due};
use crate::domain::{Booking, BookingNumber, Moment, Policy, SlotId};
use crate::failure::Failure;
use crate::record::Ledger;
use crate::reply::compose::Office;
use std::sync::Arc;

/// Slots that are looked at with one question to the database.
const PAGE: u32 = 200;

/// What a booking and an act come to.
pub type Judged = Result<(Decision, Consequences), Failure>;

/// An act on a booking, with what is known of its time.
pub type BookingAct<'a> =
    &'a (dyn Fn(&Booking, Option<&BookingPlace>, &Rules<'_>) -> Judged + Send + Sync);

/// What commands need that act by the rules.
pub struct Acting {
    /// The ledger.
    pub ledger: Arc<dyn Ledger>,
    policy: Policy,
    office: Office,
}

impl Acting {
    /// Opens the ledger as it is.
    pub async fn open(loaded: Loaded) -> Result<Self, Failure> {
        let ledger = ledger::open(&loaded.settings).await?;
        Self::with(ledger, loaded)
    }

    /// Prepares the ledger first: for a command that fills it.
    pub async fn open_migrated(loaded: Loaded) -> Result<Self, Failure> {
        let ledger = ledger::open_migrated(&loaded.settings).await?;
        Self::with(ledger, loaded)
    }

    fn with(ledger: Arc<dyn Ledger>, loaded: Loaded) -> Result<Self, Failure> {
        let settings = &loaded.settings;
        let office = Office::new(
            &settings.smtp.from().address,
            settings.sender.plus_address,
            loaded.secrets,
        )?;
        Ok(Self {
            ledger,
            policy: loaded.policy,
            office,
        })
    }

    const fn rules(&self, now: Moment) -> Rules<'_> {
        Rules {
            policy: &self.policy,
            office: &self.office,
            now,
        }
    }

    /// Does one act on one booking now; `None` when there is no such booking.
    pub async fn act(
        &self,
        number: &BookingNumber,
        act: BookingAct<'_>,
    ) -> Result<Option<Decision>, Failure> {
        let now = SystemClock.now();
        let rules = self.rules(now);
        let judge = |booking: &Booking, place: Option<&BookingPlace>| act(booking, place, &rules);
        self.ledger
            .act_on_place(&number.lookup_key(), &judge, now)
            .await
    }

    /// Offers free slots to those who wait for them; gives the number of offers.
    pub async fn offer_free_slots(&self) -> Result<u64, Failure> {
        let now = SystemClock.now();
        let rules = self.rules(now);
        // An offer that is open is the daemon's to end, behind the letters that answer it.
        let act = |slot: &SlotFacts| due(slot, Moment::from_micros(i64::MIN), &rules);
        let (mut offered, mut after) = (0_u64, SlotId(0));
        loop {
            let page = self.ledger.free_slots_wanted(after, now, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(offered);
            };
            after = *last;
            for slot in page {
                offered += u64::from(self.ledger.act_on_slot(slot, &act, now).await?);
            }
        }
    }
}
