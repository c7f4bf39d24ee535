//! Until when a booking can be cancelled. Judged by minutes, by the server's clock.

use crate::domain::{Booking, Moment, Policy};

/// The last minute in which the booking can be cancelled: by the notice of its service, or of its
/// category, on the organisation's clocks. Everything received within this minute counts.
pub fn last_minute(booking: &Booking, policy: &Policy) -> Moment {
    let notice = policy.rule_for(&booking.service).notice;
    notice.last_minute(booking.starts_at, &booking.organisation.zone)
}

/// Whether a letter received at `received_at` came in time.
pub fn in_time(booking: &Booking, policy: &Policy, received_at: Moment) -> bool {
    received_at.minute() <= last_minute(booking, policy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::samples::booking;
    use crate::domain::{Category, Notice, RuleChange, Zone};

    #[test]
    fn notice_is_24_48_and_72_hours_by_category() {
        let policy = Policy::default();
        for (category, hours) in [
            (Category::General, 24),
            (Category::Prepared, 48),
            (Category::Special, 72),
        ] {
            let mut booking = booking();
            booking.service.category = category;
            let last = booking.starts_at.plus_hours(-hours);
            assert_eq!(last_minute(&booking, &policy), last);
            assert!(in_time(&booking, &policy, last.plus_seconds(59)));
            assert!(!in_time(&booking, &policy, last.plus_seconds(60)));
        }
    }

    /// «Услуга может иметь свой срок; календарные дни считаются по часам организации.»
    #[test]
    fn a_service_may_have_a_notice_of_its_own_in_calendar_days_of_its_place() {
        let mut policy = Policy::default();
        let own = RuleChange {
            notice: Some(Notice::Days(3)),
            ..RuleChange::default()
        };
        policy.service.insert("therapist".to_owned(), own);
        let mut booking = booking();
        for (zone, last) in [
            ("Europe/Kaliningrad", "2027-02-08T21:59:00Z"),
            ("Europe/Moscow", "2027-02-08T20:59:00Z"),
            ("Asia/Kamchatka", "2027-02-08T11:59:00Z"),
        ] {
            booking.organisation.zone = Zone::named(zone).unwrap();
            let last = Moment::parse_rfc3339(last).unwrap();
            assert_eq!(last_minute(&booking, &policy), last, "{zone}");
            assert!(in_time(&booking, &policy, last.plus_seconds(59)));
            assert!(!in_time(&booking, &policy, last.plus_seconds(60)));
        }
    }
}
