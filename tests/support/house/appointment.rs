//! Invented persons and their appointments, dated from the present moment.

use jiff::{SignedDuration, Timestamp};
use otmena::clock::{Clock, SystemClock};

/// A citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Surname, name, patronymic.
    pub name: String,
    /// Address.
    pub email: String,
    /// Telephone as people write it.
    pub phone: String,
}

/// Citizen number `n` of many; no two share a name, an address or a telephone.
pub fn citizen(n: usize) -> Person {
    let surnames = ["Смирнова", "Белова", "Гаврилова", "Тихонова", "Зайцева"];
    let names = ["Анна", "Мария", "Вера", "Дарья", "Ольга"];
    let fathers = [
        "Павловна",
        "Сергеевна",
        "Андреевна",
        "Игоревна",
        "Ильинична",
    ];
    let pick = |list: [&'static str; 5], at: usize| *list.get(at % 5).unwrap();
    Person {
        name: format!(
            "{} {} {}",
            pick(surnames, n),
            pick(names, n / 5),
            pick(fathers, n / 25)
        ),
        email: format!("citizen.{n}@pochta-{n}.example"),
        phone: format!(
            "+7 900 {:03}-{:02}-{:02}",
            100 + n / 100,
            n / 10 % 100,
            n % 100
        ),
    }
}

/// A citizen's booking.
#[derive(Debug, Clone)]
pub struct Appointment {
    /// Its number.
    pub number: String,
    /// Whose it is.
    pub person: Person,
    /// More addresses on file.
    pub more_emails: Vec<String>,
    /// `general`, `prepared` or `special`.
    pub category: &'static str,
    /// When it begins.
    pub starts_at: Timestamp,
    /// The organisation's id of the person.
    pub citizen_id: Option<&'static str>,
}

impl Appointment {
    /// A visit to a doctor in thirty days.
    pub fn new(number: &str, person: &Person) -> Self {
        Self {
            number: number.to_owned(),
            person: person.clone(),
            more_emails: Vec::new(),
            category: "general",
            starts_at: whole_minute(now()) + SignedDuration::from_hours(24 * 30),
            citizen_id: None,
        }
    }

    /// Of a person whom the organisation knows by this id.
    pub fn of_citizen(mut self, id: &'static str) -> Self {
        self.citizen_id = Some(id);
        self
    }

    /// In this category.
    pub fn in_category(mut self, category: &'static str) -> Self {
        self.category = category;
        self
    }

    /// So many hours from now.
    pub fn in_hours(mut self, hours: i64) -> Self {
        self.starts_at = whole_minute(now()) + SignedDuration::from_hours(hours);
        self
    }

    /// `05.02.2027 10:40`, on the clocks of the organisation.
    pub fn local_start(&self) -> String {
        self.starts_at
            .to_zoned(jiff::tz::TimeZone::get("Europe/Moscow").unwrap())
            .strftime("%d.%m.%Y %H:%M")
            .to_string()
    }

    /// A line of the file for import.
    pub fn csv(&self) -> String {
        let mut emails = vec![self.person.email.clone()];
        emails.extend(self.more_emails.iter().cloned());
        let phone: String = self
            .person
            .phone
            .chars()
            .filter(|c| !matches!(c, ' ' | '-'))
            .collect();
        format!(
            "{},{},{},{phone},B01.047,Приём врача-терапевта,{},Поликлиника № 3,\
             \"г. Москва, ул. Садовая, д. 5\",{},Europe/Moscow,каб. {},{}",
            self.number,
            self.person.name,
            emails.join(";"),
            self.category,
            self.starts_at,
            self.number,
            self.citizen_id.unwrap_or_default()
        )
    }
}

/// The header line of the file for import.
pub const CSV_HEADER: &str = "number,full_name,email,phone,service_code,service,category,\
                              organisation,address,starts_at,timezone,resource,citizen_id";

/// The present moment.
pub fn now() -> Timestamp {
    Timestamp::from_microsecond(SystemClock.now().micros()).unwrap()
}

/// `hours` before now as IMAP writes an internal date.
pub fn internal_date(hours: i64) -> String {
    (now() - SignedDuration::from_hours(hours))
        .to_zoned(jiff::tz::TimeZone::UTC)
        .strftime("%d-%b-%Y %H:%M:%S +0000")
        .to_string()
}

fn whole_minute(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(60) * 60).unwrap()
}
