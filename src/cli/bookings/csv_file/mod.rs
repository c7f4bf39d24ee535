//! Reads the file of bookings: every line is sound, or every fault is told. Pure.
//!
//! Faults name line, column and what is expected, never what stands there: it is personal data.

pub use crate::cli::csv_lines::LineFault;
use crate::cli::csv_lines::{self, Columns, Line, emails, phone};
use crate::domain::{BookingNumber, Category, Citizen, Moment, Organisation, Service, Zone};
use crate::record::BookingImport;
use std::collections::HashMap;

const ADDRESSES: &str = "one to five addresses separated by ;, no Cyrillic before the @";

const COLUMNS: Columns = Columns {
    required: &[
        "number",
        "full_name",
        "email",
        "phone",
        "service_code",
        "service",
        "category",
        "organisation",
        "address",
        "starts_at",
        "timezone",
    ],
    optional: &["resource", "citizen_id"],
};

/// Bookings of the whole file, or all its faults in order.
pub fn parse(bytes: &[u8]) -> Result<Vec<BookingImport>, Vec<LineFault>> {
    let mut lines_by_number: HashMap<String, u64> = HashMap::new();
    csv_lines::parse(bytes, COLUMNS, |line| {
        let booking = booking(line)?;
        let number = line.number();
        if let Some(first) = lines_by_number.insert(booking.number.lookup_key(), number) {
            line.fault("number", format!("the same number stands on line {first}"));
        }
        Some(booking)
    })
}

fn booking(line: &mut Line<'_>) -> Option<BookingImport> {
    let number = line.read(
        "number",
        "a booking number: letters, digits, dashes, slashes; at least one digit",
        BookingNumber::parse,
    );
    let full_name = line.text("full_name");
    let emails = line.read("email", ADDRESSES, emails);
    let phone = line.read(
        "phone",
        "a telephone number in international form such as +79161234567, or nothing",
        phone,
    );
    let service_code = line.text("service_code");
    let service = line.text("service");
    let category = line.read("category", "general, prepared or special", Category::parse);
    let organisation = line.text("organisation");
    let address = line.text("address");
    let starts_at = line.read(
        "starts_at",
        "RFC 3339 such as 2027-02-05T10:22:00+03:00",
        Moment::parse_rfc3339,
    );
    let zone = line.read("timezone", "an IANA name such as Europe/Moscow", |name| {
        Zone::named(name).ok()
    });
    let resource = line.read("resource", "text", |text| Some(text.to_owned()));
    let citizen_id = line.read("citizen_id", "text", |text| {
        Some((!text.is_empty()).then(|| text.to_owned()))
    });
    Some(BookingImport {
        number: number?,
        citizen: Citizen {
            full_name: full_name?,
            emails: emails?,
            phone: phone?,
            citizen_id: citizen_id?,
        },
        service: Service {
            code: service_code?,
            name: service?,
            category: category?,
        },
        organisation: Organisation {
            name: organisation?,
            address: address?,
            zone: zone?,
        },
        resource: resource?,
        starts_at: starts_at?,
    })
}

#[cfg(test)]
mod tests;
