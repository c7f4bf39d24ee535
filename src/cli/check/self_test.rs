//! Letters to ourselves: whether they come, whether a forged Authentication-Results survives, and
//! whether an address can name a folder. Only a letter shows that.

use super::Finding;
use crate::clock::{Clock, SystemClock};
use crate::config::{Loaded, MailboxName, SmtpSettings};
use crate::domain::{EmailAddress, Folder, MessageId, Place};
use crate::failure::Failure;
use crate::intake::{self, Listed, Mailbox};
use crate::read;
use crate::reply::message::{Draft, Envelope, RenderedLetter, to_bytes};
use crate::reply::templates::Wording;
use crate::reply::transport;
use crate::verify::{RelayVerdict, trusted_relay};
use memchr::memmem;
use std::collections::HashSet;
use std::time::Duration;
use tokio::time::Instant;

/// How long our letters may be under way.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait between two looks into the mailbox.
const PAUSE: Duration = Duration::from_millis(300);
/// Letters larger than this are none of ours.
const LARGEST: u64 = 32 * 1024;
/// Whose authentication the forged header claims (RFC 6761 reserves the name).
const FORGED: &str = "forged@self-test.invalid";
/// Where a letter of ours may arrive, a daemon that runs meanwhile included.
const LOOKED_INTO: [Folder; 6] = [
    Folder::Inbox,
    Folder::Automatic,
    Folder::DeadLetter,
    Folder::Retry,
    Folder::CancelBooking,
    Folder::Refuse,
];

/// What a letter is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    /// That letters to `smtp.from` come into the mailbox, and what becomes of forged results.
    Arrival,
    /// That plus-addresses are delivered.
    PlusAddress,
    /// That an address which names the dead-letter folder leads past the inbox.
    Detail,
}

/// A letter under way.
#[derive(Debug)]
struct Probe {
    question: Question,
    id: MessageId,
    to: EmailAddress,
}

/// A letter that came.
#[derive(Debug)]
struct Arrived {
    place: Place,
    bytes: Vec<u8>,
}

/// Sends the letters, looks for them, takes them out again, and tells what they showed. Nothing
/// where letters go into a folder of the disk, or where server or mailbox fail: their own checks
/// tell.
pub async fn findings(loaded: &Loaded) -> Vec<Finding> {
    let SmtpSettings::Smtp(server) = &loaded.settings.smtp else {
        return Vec::new();
    };
    match ask(loaded, &server.from).await {
        Ok(findings) => findings,
        Err(failure) => {
            tracing::debug!(error = %failure, "the self-test was cut off");
            Vec::new()
        }
    }
}

async fn ask(loaded: &Loaded, from: &MailboxName) -> Result<Vec<Finding>, Failure> {
    let facts = intake::probe(&loaded.settings.mailbox, loaded.since).await?;
    let named = facts
        .folders
        .iter()
        .find(|f| f.folder == Folder::DeadLetter);
    let folder = named.filter(|f| f.exists).map(|f| f.name.clone());
    let mut mailbox = intake::open(&loaded.settings.mailbox).await?;
    let before = places(mailbox.as_mut()).await?;
    let probes = probes(loaded, &from.address, folder.as_deref());
    let way = transport::open(&loaded.settings.smtp)?;
    let mut sent = Vec::new();
    for probe in probes {
        let letter = letter(&probe, from, loaded.settings.sender.authserv_id.as_deref())?;
        // A refused address is an answer, too.
        let taken = way.send(&letter).await.is_ok();
        sent.push((probe, taken));
    }
    let came = gather(mailbox.as_mut(), &before, &sent).await?;
    let places: Vec<Place> = came.iter().flatten().map(|one| one.place.clone()).collect();
    mailbox.remove(&places).await?;
    mailbox.close().await;
    let id = loaded.settings.sender.authserv_id.as_deref();
    let told = sent.iter().zip(&came).flat_map(|((probe, taken), came)| {
        told(probe, *taken, came.as_ref(), id, folder.as_deref())
    });
    Ok(told.collect())
}

fn probes(loaded: &Loaded, own: &EmailAddress, folder: Option<&str>) -> Vec<Probe> {
    let moment = SystemClock.now().micros();
    let probe = |question, to: EmailAddress| {
        let name = format!("self-test.{moment}.{question:?}@{}", own.domain());
        MessageId::parse(&name.to_lowercase()).map(|id| Probe { question, id, to })
    };
    let detail = |detail: &str| {
        EmailAddress::parse(&format!("{}+{detail}@{}", own.local(), own.domain()))
            .filter(|address| address.as_str().is_ascii())
    };
    let mut probes: Vec<Probe> = probe(Question::Arrival, own.clone()).into_iter().collect();
    if loaded.settings.sender.plus_address {
        let address = detail("self-test");
        probes.extend(address.and_then(|to| probe(Question::PlusAddress, to)));
    }
    let address = folder.and_then(detail);
    probes.extend(address.and_then(|to| probe(Question::Detail, to)));
    probes
}

/// A letter that a daemon which runs meanwhile knows for one of ours.
fn letter(
    probe: &Probe,
    from: &MailboxName,
    authserv_id: Option<&str>,
) -> Result<RenderedLetter, Failure> {
    let text = "A letter of `otmena check` to itself. It may be deleted.\n";
    let message = to_bytes(Draft {
        from,
        to: &from.address,
        reply_to: None,
        date: SystemClock.now(),
        message_id: &probe.id,
        thread: &[],
        auto_submitted: "auto-generated",
        wording: Wording {
            subject: "otmena check".to_owned(),
            text: text.to_owned(),
            html: format!("<p>{text}</p>"),
        },
        document: None,
        event: None,
    })?;
    let forged = authserv_id.map_or_else(String::new, |id| {
        let domain = FORGED.rsplit_once('@').map_or("", |(_, domain)| domain);
        format!("Authentication-Results: {id};\r\n dkim=pass header.d={domain}\r\n")
    });
    Ok(RenderedLetter {
        row: 0,
        message_id: probe.id.clone(),
        envelope: Envelope {
            from: from.address.clone(),
            to: probe.to.clone(),
        },
        bytes: [forged.into_bytes(), message].concat(),
        document_hash: None,
    })
}

async fn places(mailbox: &mut dyn Mailbox) -> Result<HashSet<Place>, Failure> {
    let mut places = HashSet::new();
    for folder in LOOKED_INTO {
        let lying = mailbox.lying_in(folder).await?;
        places.extend(lying.into_iter().map(|one| one.listed.place));
    }
    Ok(places)
}

/// Looks until all letters that were taken have come, or patience ends.
async fn gather(
    mailbox: &mut dyn Mailbox,
    before: &HashSet<Place>,
    sent: &[(Probe, bool)],
) -> Result<Vec<Option<Arrived>>, Failure> {
    let until = Instant::now() + PATIENCE;
    let mut seen = before.clone();
    let mut came: Vec<Option<Arrived>> = sent.iter().map(|_| None).collect();
    loop {
        for folder in LOOKED_INTO {
            let lying = mailbox.lying_in(folder).await?;
            let new: Vec<Listed> = lying
                .into_iter()
                .map(|one| one.listed)
                .filter(|one| one.size <= LARGEST && seen.insert(one.place.clone()))
                .collect();
            if new.is_empty() {
                continue;
            }
            for raw in mailbox.fetch(&new).await? {
                let ours = |(probe, _): &(Probe, bool)| {
                    memmem::find(&raw.bytes, probe.id.as_str().as_bytes()).is_some()
                };
                let slot = sent.iter().position(ours).and_then(|at| came.get_mut(at));
                if let Some(slot) = slot {
                    *slot = Some(Arrived {
                        place: raw.listed.place,
                        bytes: raw.bytes,
                    });
                }
            }
        }
        let missing = sent
            .iter()
            .zip(&came)
            .any(|((_, taken), came)| *taken && came.is_none());
        if !missing || Instant::now() >= until {
            return Ok(came);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What a letter showed. That an address is refused is told by the check of the server itself.
fn told(
    probe: &Probe,
    taken: bool,
    came: Option<&Arrived>,
    authserv_id: Option<&str>,
    folder: Option<&str>,
) -> Vec<Finding> {
    match probe.question {
        Question::Arrival => {
            let Some(came) = came else {
                return vec![not_come(taken)];
            };
            let here = Finding::ok("delivery", "a letter to `smtp.from` came into the mailbox");
            let forged = authserv_id.map(|id| forged_results(&came.bytes, id));
            std::iter::once(here).chain(forged).collect()
        }
        Question::PlusAddress if came.is_some() => {
            let text = "a letter to a plus-address of ours came into the mailbox";
            vec![Finding::ok("delivery", text)]
        }
        Question::PlusAddress => vec![Finding::warn(
            "delivery",
            "`sender.plus_address` is set, but a letter to a plus-address did not come",
            "Switch plus-addresses on in the mail server, or set `sender.plus_address` = false and \
             `smtp.envelope` = \"plain\"",
        )],
        Question::Detail => vec![detail_delivery(came, folder.unwrap_or_default())],
    }
}

fn not_come(taken: bool) -> Finding {
    let text = if taken {
        "a letter to `smtp.from` did not come into the mailbox within 10 seconds"
    } else {
        "a letter to `smtp.from` was not taken"
    };
    Finding::warn(
        "delivery",
        text,
        "See that `smtp.from` is an address of this mailbox; answers of citizens go there",
    )
}

/// A server that neither writes such headers nor removes foreign ones makes every forgery good.
fn forged_results(bytes: &[u8], authserv_id: &str) -> Finding {
    let letter = read::read(bytes);
    let forged = EmailAddress::parse(FORGED);
    let verdict = trusted_relay::verdict(&letter.trace, Some(authserv_id), forged.as_ref());
    if verdict == RelayVerdict::Aligned {
        let failure = Failure::stop(
            "the mail server lets a forged Authentication-Results through: whoever writes one is \
             believed",
            "Make the server remove foreign headers that bear the name in `sender.authserv_id` \
             (RFC 8601 section 5), or leave `sender.authserv_id` out",
        );
        return Finding::fail("delivery", &failure);
    }
    Finding::ok(
        "delivery",
        "a forged Authentication-Results is not believed",
    )
}

/// Letters that come so are read like any other; but staff see them where they expect their own.
fn detail_delivery(came: Option<&Arrived>, folder: &str) -> Finding {
    if came.is_some_and(|came| came.place.folder == Folder::DeadLetter) {
        return Finding::warn(
            "delivery",
            format!(
                "the mail server delivers letters to …+{folder}@… straight into that folder; \
                 otmena takes them back into the inbox"
            ),
            "Switch it off (Dovecot: lmtp_save_to_detail_mailbox = no)",
        );
    }
    Finding::ok(
        "delivery",
        "no address leads past the inbox into our folders",
    )
}
