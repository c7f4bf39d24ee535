//! A house that checks signatures itself, and the mail providers of its citizens.

use crate::support::dkim::{Key, Signing};
use crate::support::dns::DnsServer;
use crate::support::house::{Appointment, CitizenLetter, Database, House, Person, citizen};

/// A house, its DNS, and the key with which every provider signs.
pub struct Post {
    pub house: House,
    pub dns: DnsServer,
    pub key: Key,
}

impl Post {
    /// A house that believes signatures only.
    pub fn open(database: Database) -> Self {
        let dns = DnsServer::start();
        let mut house = House::open(database);
        house.set("sender", "dkim", true);
        house.set("sender", "dns", dns.address());
        house.unset("sender", "authserv_id");
        Self {
            house,
            dns,
            key: Key::ed25519(),
        }
    }

    /// The booking 104512 of citizen 1, whose provider publishes its key.
    pub fn with_booking(database: Database) -> (Self, Appointment) {
        let post = Self::open(database);
        let appointment = Appointment::new("104512", &citizen(1));
        post.house.imports(&[&appointment]);
        post.publishes(&citizen(1));
        (post, appointment)
    }

    /// The provider of this person publishes the key.
    pub fn publishes(&self, person: &Person) {
        self.dns.serves(&key_name(person), &[&self.key.record()]);
    }

    /// The letter as the writer's provider sends it.
    pub fn signed(&self, writer: &Person, letter: &CitizenLetter) -> Vec<u8> {
        let bytes = letter.clone().unsigned().bytes(self.house.office());
        Signing::by(domain(writer)).sign(&self.key, &bytes)
    }

    /// A signed letter arrives.
    pub fn writes(&self, writer: &Person, letter: &CitizenLetter) {
        self.house.arrives(&self.signed(writer, letter));
    }

    /// What `otmena explain` says about these bytes, received now.
    pub fn explains(&self, bytes: &[u8]) -> String {
        let file = self.house.path("explained.eml");
        std::fs::write(&file, bytes).unwrap();
        self.house.tells(&["explain", file.to_str().unwrap()])
    }
}

pub fn domain(person: &Person) -> &str {
    person.email.split_once('@').unwrap().1
}

pub fn key_name(person: &Person) -> String {
    format!("mail._domainkey.{}", domain(person))
}

/// The value of a line of `otmena explain`.
pub fn line<'a>(told: &'a str, name: &str) -> &'a str {
    told.lines()
        .find_map(|line| line.trim_start().strip_prefix(name)?.strip_prefix(' '))
        .unwrap_or_else(|| panic!("no line {name} in {told}"))
        .trim()
}
