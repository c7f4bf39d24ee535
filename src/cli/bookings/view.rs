//! A booking as JSON.

use crate::cli::times;
use crate::domain::{Booking, BookingState, EmailAddress};
use crate::record::BouncedAddress;
use serde_json::{Value, json};

/// The addresses to which letters of ours could not be delivered, and since when.
pub fn undeliverable(bounced: &[BouncedAddress]) -> Value {
    let list: Vec<Value> = bounced
        .iter()
        .map(|one| json!({ "email": one.address.as_str(), "since": times::utc(one.bounced_at) }))
        .collect();
    Value::Array(list)
}

/// The booking for programs; times in RFC 3339 on the clocks of the organisation.
pub fn as_json(booking: &Booking) -> Value {
    let zone = &booking.organisation.zone;
    let cancellation = match &booking.state {
        BookingState::Cancelled(cancellation) => json!({
            "received_at": times::rfc3339(cancellation.received_at, zone),
            "cancelled_at": times::rfc3339(cancellation.cancelled_at, zone),
            "document": cancellation.document,
            "letter": cancellation.letter.map(|id| id.0),
            "channel": cancellation.channel,
        }),
        BookingState::Scheduled
        | BookingState::AwaitingConfirmation
        | BookingState::Completed
        | BookingState::NoShow => Value::Null,
    };
    let emails: Vec<&str> = booking
        .citizen
        .emails
        .iter()
        .map(EmailAddress::as_str)
        .collect();
    json!({
        "number": booking.number.as_str(),
        "id": booking.id.0,
        "state": booking.state.code(),
        "starts_at": times::rfc3339(booking.starts_at, zone),
        "timezone": zone.name(),
        "service_code": booking.service.code,
        "service": booking.service.name,
        "category": booking.service.category.code(),
        "organisation": booking.organisation.name,
        "address": booking.organisation.address,
        "resource": booking.resource,
        "full_name": booking.citizen.full_name,
        "emails": emails,
        "phone": booking.citizen.phone,
        "citizen_id": booking.citizen.citizen_id,
        "revision": booking.revision,
        "cancellation": cancellation,
    })
}
