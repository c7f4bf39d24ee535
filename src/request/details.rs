//! The writer's details against the booking's.

use super::RequestReading;
use crate::domain::Booking;

/// How one detail compares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DetailMatch {
    /// The writer did not give it.
    #[default]
    NotGiven,
    /// The same.
    Equal,
    /// Nearly the same: a typing error.
    Similar,
    /// Another.
    Different,
}

/// All details.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DetailComparison {
    /// Name.
    pub name: DetailMatch,
    /// Date.
    pub date: DetailMatch,
    /// Time.
    pub time: DetailMatch,
    /// Telephone.
    pub phone: DetailMatch,
}

/// Compares.
pub fn compare(_reading: &RequestReading, _booking: &Booking) -> DetailComparison {
    DetailComparison::default()
}
