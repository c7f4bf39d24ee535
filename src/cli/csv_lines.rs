//! Reads a CSV file line by line: every line is sound, or every fault is told. Pure.
//!
//! Faults name line, column and what is expected, never what stands there: it is personal data.

use crate::domain::EmailAddress;
use crate::reply::wire_address::wire_address;
use csv::StringRecord;
use std::collections::HashMap;

/// Longest text of a field, in characters.
const LONGEST: usize = 500;
/// Most faults that are told: a file with the wrong shape has one on each line.
const MOST_FAULTS: usize = 1000;
/// Most addresses of one booking.
const MOST_ADDRESSES: usize = 5;

/// The columns of a file.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    /// Those that must be there.
    pub required: &'static [&'static str],
    /// Those that may be there.
    pub optional: &'static [&'static str],
}

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

/// What `read` makes of each line of the whole file, or all faults in order.
pub fn parse<T>(
    bytes: &[u8],
    columns: Columns,
    mut read: impl FnMut(&mut Line<'_>) -> Option<T>,
) -> Result<Vec<T>, Vec<LineFault>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(bytes);
    let mut records = reader.records();
    let header = match records.next() {
        Some(Ok(header)) => Header::read(&header, columns)?,
        Some(Err(error)) => return Err(vec![unreadable(&error)]),
        None => {
            let problem = "the file is empty; expected is a header line";
            return Err(vec![whole_line(1, problem)]);
        }
    };
    let (mut values, mut faults) = (Vec::new(), Vec::new());
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
        let number = record.position().map_or(0, csv::Position::line);
        let mut line = Line {
            line: number,
            header: &header,
            record: &record,
            faults: Vec::new(),
        };
        let value = if line.has_all_fields() {
            read(&mut line)
        } else {
            None
        };
        faults.append(&mut line.faults);
        values.extend(value);
    }
    if faults.is_empty() {
        Ok(values)
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
#[derive(Debug)]
struct Header {
    places: HashMap<&'static str, usize>,
    columns: usize,
}

impl Header {
    fn read(record: &StringRecord, expected: Columns) -> Result<Self, Vec<LineFault>> {
        let known: Vec<&'static str> = expected
            .required
            .iter()
            .chain(expected.optional)
            .copied()
            .collect();
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
        for column in expected
            .required
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

/// One line on its way to a value.
#[derive(Debug)]
pub struct Line<'a> {
    line: u64,
    header: &'a Header,
    record: &'a StringRecord,
    faults: Vec<LineFault>,
}

impl Line<'_> {
    fn has_all_fields(&mut self) -> bool {
        if self.record.len() == self.header.columns {
            return true;
        }
        let problem = format!(
            "{} fields; expected are {} as in the header line (texts with a comma stand in quotes)",
            self.record.len(),
            self.header.columns
        );
        self.faults.push(whole_line(self.line, &problem));
        false
    }

    /// The line's number in the file.
    pub const fn number(&self) -> u64 {
        self.line
    }

    /// Tells a fault that only shows beside other lines.
    pub fn fault(&mut self, column: &'static str, problem: String) {
        self.faults.push(LineFault {
            line: self.line,
            column: Some(column),
            problem,
        });
    }

    /// A text that must be there.
    pub fn text(&mut self, column: &'static str) -> Option<String> {
        self.read(column, "text that is not empty", |text| {
            (!text.is_empty()).then(|| text.to_owned())
        })
    }

    /// The field of `column` as `reader` reads it; a column that is not in the file reads as empty.
    pub fn read<T>(
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

/// One to five addresses separated by `;`.
pub fn emails(field: &str) -> Option<Vec<EmailAddress>> {
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

/// E.164 or nothing; Russian numbers also in their home forms, 8 916 … and 916 ….
pub fn phone(field: &str) -> Option<Option<String>> {
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
