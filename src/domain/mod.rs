//! The nouns of the office: bookings, citizens, times, rules. Pure values.

mod moment;
mod number;
mod address;
mod mail_domain;
mod booking;
mod layered;
mod policy;
mod policy_check;
mod reason;
mod letter;
mod journal;
mod token;
mod typed_code;
mod bounce_tag;
mod desk;
mod slot;
mod seal;
mod document_key;
mod document_token;
mod notice;
mod late;
mod reason_list;
mod sanction;
#[cfg(test)]
mod sanction_tests;

pub use address::EmailAddress;
pub use booking::{
    Booking, BookingId, BookingState, Cancellation, Category, Channel, Citizen, Organisation,
    Service, TransitionError, person_at,
};
pub use bounce_tag::BounceTags;
pub use desk::{Obstacle, StaffAct};
pub use document_key::{DocumentKey, PublicKey, Signed};
pub use document_token::DocumentToken;
pub use journal::{Event, EventKind, HistoryEvent, JournalEntry};
pub use late::{
    CategoryRule, Conditions, DocumentWay, LateChange, LateRules, LateWay, OwnNumbers, ReleaseSlot,
    RuleChange,
};
pub use letter::{ContentHash, Folder, Keyword, LetterId, LetterState, MessageId, Place};
pub use moment::{Moment, Zone, ZoneError};
pub use notice::Notice;
pub use number::BookingNumber;
pub use policy::{
    ChallengeRule, HelpChange, HelpRule, Policy, RestorationChange, RestorationRule,
    WaitingListChange, WaitingListRule,
};
pub use policy_check::PolicyError;
pub use reason::Reason;
pub use reason_list::{ReasonRule, find_reason, usual_reasons};
pub use sanction::{
    Consequence, Counted, MOVE_COUNTS_HOURS, PastCancellation, Sanction, SanctionChange,
    SanctionKind, SanctionRules, SanctionState, Timeliness, bars_booking, stands_back,
};
pub use seal::{Seal, SealedHead};
pub use slot::{Offer, OfferId, OfferState, Slot, SlotId, SlotState, Waiter, WaitingId, at_local};
pub use token::{ChallengeId, Purpose, Token, TokenSecrets};
pub use typed_code::{CODE_DIGITS, MOST_WRONG_CODES};
