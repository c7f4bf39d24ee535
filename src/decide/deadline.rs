//! Until when a booking can be cancelled. Judged by minutes, by the server's clock.

use crate::domain::{Booking, Moment, Policy};

/// The last minute in which the booking can be cancelled: the start less the notice that the
/// category needs. Everything received within this minute counts.
pub fn last_minute(booking: &Booking, policy: &Policy) -> Moment {
    let notice = policy.rule(booking.service.category).notice_hours;
    booking.starts_at.plus_hours(-i64::from(notice)).minute()
}

/// Whether a letter received at `received_at` came in time.
pub fn in_time(booking: &Booking, policy: &Policy, received_at: Moment) -> bool {
    received_at.minute() <= last_minute(booking, policy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::samples::booking;
    use crate::domain::Category;

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
}
