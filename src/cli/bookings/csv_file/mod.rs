//! Reads the file of bookings: every line is sound, or every fault is told. Pure.
//!
//! Faults name line, column and what is expected, never what stands there: it is personal data.

use crate::domain::{
    BookingNumber, Category, Citizen, EmailAddress, Moment, Organisation, Service, Zone,
};
use crate::record::BookingImport;
use crate::reply::wire_address::wire_address;
use csv::StringRecord;
use std::collections::HashMap;

/// Longest text of a field, in characters.
const LONGEST: usize = 500;
/// Most faults that are told: a file with the wrong shape has one on each line.
const MOST_FAULTS: usize = 1000;
/// Most addresses of one booking.
const MOST_ADDRESSES: usize = 5;
const ADDRESSES: &str = "one to five addresses separated by ;, no Cyrillic before the @";

const REQUIRED: [&str; 11] = [
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
];
const OPTIONAL: [&str; 2] = ["resource", "citizen_id"];

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFault {
    /// The line in the file, from 1; the header is line 1.
    pub line: u64,
    /// The column; `None` when it is about the whole line.
    pub column: Option<&'static str>,
    /// What is expected.
    pub problem: String,
}

/// Bookings of the whole file, or all its faults in order.
pub fn parse(bytes: &[u8]) -> Result<Vec<BookingImport>, Vec<LineFault>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(bytes);
    let mut records = reader.records();
    let header = match records.next() {
        Some(Ok(header)) => Header::read(&header)?,
        Some(Err(error)) => return Err(vec![unreadable(&error)]),
        None => {
            return Err(vec![whole_line(
                1,
                "the file is empty; expected is a header line",
            )]);
        }
    };
    let mut bookings = Vec::new();
    let mut faults = Vec::new();
    let mut lines_by_number: HashMap<String, u64> = HashMap::new();
    for record in records {
        if faults.len() >= MOST_FAULTS {
            faults.push(whole_line(0, "further faults are not listed"));
            break;
        }
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.push(unreadable(&error));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let mut fields = Line {
            line,
            header: &header,
            record: &record,
            faults: Vec::new(),
        };
        let booking = fields.booking();
        faults.append(&mut fields.faults);
        let Some(booking) = booking else { continue };
        match lines_by_number.insert(booking.number.lookup_key(), line) {
            Some(first) => faults.push(LineFault {
                line,
                column: Some("number"),
                problem: format!("the same number stands on line {first}"),
            }),
            None => bookings.push(booking),
        }
    }
    if faults.is_empty() {
        Ok(bookings)
    } else {
        Err(faults)
    }
}

fn whole_line(line: u64, problem: &str) -> LineFault {
    LineFault {
        line,
        column: None,
        problem: problem.to_owned(),
    }
}

fn unreadable(error: &csv::Error) -> LineFault {
    let line = error.position().map_or(0, csv::Position::line);
    whole_line(line, "not UTF-8 text; save the file as CSV in UTF-8")
}

/// Which column stands where.
struct Header {
    places: HashMap<&'static str, usize>,
    columns: usize,
}

impl Header {
    fn read(record: &StringRecord) -> Result<Self, Vec<LineFault>> {
        let known: Vec<&'static str> = REQUIRED.iter().chain(&OPTIONAL).copied().collect();
        let mut places = HashMap::new();
        let mut faults = Vec::new();
        for (place, name) in record.iter().enumerate() {
            let name = name.trim();
            match known.iter().find(|column| **column == name) {
                Some(column) => {
                    if places.insert(*column, place).is_some() {
                        let problem = "the column stands twice".to_owned();
                        faults.push(LineFault {
                            line: 1,
                            column: Some(column),
                            problem,
                        });
                    }
                }
                None => faults.push(whole_line(1, &unknown_column(place, name, &known))),
            }
        }
        for column in REQUIRED
            .iter()
            .filter(|column| !places.contains_key(**column))
        {
            let problem = "the column is missing in the header line".to_owned();
            faults.push(LineFault {
                line: 1,
                column: Some(column),
                problem,
            });
        }
        if faults.is_empty() {
            Ok(Self {
                places,
                columns: record.len(),
            })
        } else {
            Err(faults)
        }
    }
}

/// A header may be missing, and then the "name" is personal data: it is repeated only when it looks
/// like the name of a column.
fn unknown_column(place: usize, name: &str, known: &[&str]) -> String {
    let place = place + 1;
    if let Some(near) = crate::config::nearest(name, known) {
        return format!("column {place} is unknown; did you mean {near}?");
    }
    let like_a_column =
        name.len() <= 30 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if like_a_column && !name.is_empty() {
        return format!("column {place} ({name}) is unknown");
    }
    format!("column {place} is unknown; line 1 must be the header line")
}

/// One line on its way to a booking.
struct Line<'a> {
    line: u64,
    header: &'a Header,
    record: &'a StringRecord,
    faults: Vec<LineFault>,
}

impl Line<'_> {
    fn booking(&mut self) -> Option<BookingImport> {
        if self.record.len() != self.header.columns {
            let problem = format!(
                "{} fields; expected are {} as in the header line (texts with a comma stand in quotes)",
                self.record.len(),
                self.header.columns
            );
            self.faults.push(whole_line(self.line, &problem));
            return None;
        }
        let number = self.read(
            "number",
            "a booking number: letters, digits, dashes, slashes; at least one digit",
            BookingNumber::parse,
        );
        let full_name = self.text("full_name");
        let emails = self.read("email", ADDRESSES, emails);
        let phone = self.read(
            "phone",
            "a telephone number in international form such as +79161234567, or nothing",
            phone,
        );
        let service_code = self.text("service_code");
        let service = self.text("service");
        let category = self.read("category", "general, prepared or special", Category::parse);
        let organisation = self.text("organisation");
        let address = self.text("address");
        let starts_at = self.read(
            "starts_at",
            "RFC 3339 such as 2027-02-05T10:22:00+03:00",
            Moment::parse_rfc3339,
        );
        let zone = self.read("timezone", "an IANA name such as Europe/Moscow", |name| {
            Zone::named(name).ok()
        });
        let resource = self.read("resource", "text", |text| Some(text.to_owned()));
        let citizen_id = self.read("citizen_id", "text", |text| {
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

    /// A text that must be there.
    fn text(&mut self, column: &'static str) -> Option<String> {
        self.read(column, "text that is not empty", |text| {
            (!text.is_empty()).then(|| text.to_owned())
        })
    }

    /// The field of `column` as `reader` reads it; a column that is not in the file reads as empty.
    fn read<T>(
        &mut self,
        column: &'static str,
        expected: &str,
        reader: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let place = self.header.places.get(column);
        let field = place
            .and_then(|place| self.record.get(*place))
            .unwrap_or("")
            .trim();
        let problem = if field.chars().any(char::is_control) {
            "control characters or line breaks are not allowed".to_owned()
        } else if field.chars().count() > LONGEST {
            format!("longer than {LONGEST} characters")
        } else {
            match reader(field) {
                Some(value) => return Some(value),
                None => format!("expected is {expected}"),
            }
        };
        self.faults.push(LineFault {
            line: self.line,
            column: Some(column),
            problem,
        });
        None
    }
}

fn emails(field: &str) -> Option<Vec<EmailAddress>> {
    let mut addresses = Vec::new();
    for part in field
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let address = EmailAddress::parse(part)?;
        // What no letter can be sent to.
        wire_address(&address)?;
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    (1..=MOST_ADDRESSES)
        .contains(&addresses.len())
        .then_some(addresses)
}

/// E.164; Russian numbers also in their home forms, 8 916 … and 916 ….
fn phone(field: &str) -> Option<Option<String>> {
    if field.is_empty() {
        return Some(None);
    }
    let (international, rest) = match field.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, field),
    };
    let digits: String = rest
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{A0}' | '-' | '(' | ')' | '.'))
        .collect();
    if !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let in_russia = |ten: &str| Some(Some(format!("+7{ten}")));
    match (international, digits.len()) {
        (true, 8..=15) if !digits.starts_with('0') => Some(Some(format!("+{digits}"))),
        (false, 11) => digits
            .strip_prefix('8')
            .or_else(|| digits.strip_prefix('7'))
            .and_then(in_russia),
        (false, 10) if digits.starts_with('9') => in_russia(&digits),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
