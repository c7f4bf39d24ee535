//! The single checks. Each is a probe of its own; they run side by side, each within its time.

use super::{Finding, self_test};
use crate::cli::ledger;
use crate::cli::terminal::counted;
use crate::clock::{Clock, SystemClock};
use crate::config::{EnvelopeSender, Loaded, MailboxSettings, Security, SmtpSettings};
use crate::failure::Failure;
use crate::intake::{self, ServerFacts};
use crate::record::Counts;
use crate::reply::templates::Templates;
use crate::reply::transport;
use crate::verify::dns::Resolver;
use futures::future::join_all;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// How long a server may take to answer a probe.
const LIMIT: Duration = Duration::from_secs(20);

/// A check under way.
type Probe<'a> = Pin<Box<dyn Future<Output = Vec<Finding>> + Send + 'a>>;

/// Runs all checks, those that need letters to ourselves where `letters` says so; findings in the
/// order of this list.
pub async fn all(loaded: &Loaded, letters: bool) -> Vec<Finding> {
    let mut probes: Vec<(&'static str, Probe<'_>)> = vec![
        ("settings", Box::pin(std::future::ready(settings(loaded)))),
        ("policy", Box::pin(std::future::ready(policy(loaded)))),
        ("sender", Box::pin(std::future::ready(sender(loaded)))),
        ("templates", Box::pin(std::future::ready(templates()))),
        ("database", Box::pin(database(loaded))),
        ("mailbox", Box::pin(mailbox(loaded))),
        ("smtp", Box::pin(smtp(loaded))),
        ("dns", Box::pin(dns(loaded))),
        ("registry", Box::pin(super::registry::probe(loaded))),
    ];
    if letters {
        probes.push(("delivery", Box::pin(self_test::findings(loaded))));
    }
    let bounded = probes.into_iter().map(|(check, probe)| async move {
        match tokio::time::timeout(LIMIT, probe).await {
            Ok(findings) => findings,
            Err(_) => vec![Finding::fail(
                check,
                &Failure::try_again("no answer within 20 seconds"),
            )],
        }
    });
    join_all(bounded).await.into_iter().flatten().collect()
}

fn settings(loaded: &Loaded) -> Vec<Finding> {
    let mut findings = vec![Finding::ok("settings", "all keys known, all values sound")];
    let open = |security: Security| security == Security::None;
    let lines = [
        (
            "mailbox.security",
            matches!(&loaded.settings.mailbox, MailboxSettings::Imap(imap) if open(imap.security)),
        ),
        (
            "smtp.security",
            matches!(&loaded.settings.smtp, SmtpSettings::Smtp(server) if open(server.security)),
        ),
    ];
    for (setting, _) in lines.iter().filter(|(_, open)| *open) {
        let text = format!("`{setting}` = \"none\": nothing is encrypted on this machine");
        findings.push(Finding::warn(
            "settings",
            text,
            "Use \"tls\" where the server offers it",
        ));
    }
    if loaded.since.is_some_and(|since| since > SystemClock.now()) {
        findings.push(Finding::warn(
            "settings",
            super::SINCE_AHEAD,
            "Set it to now: `date -u +%Y-%m-%dT%H:%M:%SZ`",
        ));
    }
    if loaded
        .settings
        .http
        .listen
        .is_some_and(|address| !address.ip().is_loopback())
    {
        findings.push(Finding::warn(
            "settings",
            "`http.listen` can be reached from other machines",
            "Listen on 127.0.0.1, or let only the monitoring through",
        ));
    }
    findings
}

fn policy(loaded: &Loaded) -> Vec<Finding> {
    let policy = &loaded.policy;
    let text = format!(
        "version {}: general {}, prepared {}, special {}",
        policy.version, policy.general.notice, policy.prepared.notice, policy.special.notice
    );
    vec![Finding::ok("policy", text)]
}

fn sender(loaded: &Loaded) -> Vec<Finding> {
    let sender = &loaded.settings.sender;
    let mut findings = Vec::new();
    if let Some(id) = &sender.authserv_id {
        findings.push(Finding::ok(
            "sender",
            format!("Authentication-Results of {id} are believed"),
        ));
    }
    findings.push(match (&sender.authserv_id, sender.dkim) {
        (_, true) => Finding::ok("sender", "DKIM signatures are checked here"),
        (Some(_), false) => Finding::ok(
            "sender",
            "`sender.dkim` is off: only the mail server tells who wrote",
        ),
        (None, false) => Finding::warn(
            "sender",
            "neither `sender.dkim` nor `sender.authserv_id` is set: every citizen must confirm by \
             a second letter",
            "Set `sender.dkim` = true; `sender.authserv_id` too, if your mail server writes \
             Authentication-Results and removes forged ones",
        ),
    });
    if loaded.settings.smtp.envelope() == EnvelopeSender::Verp && !sender.plus_address {
        findings.push(Finding::warn(
            "sender",
            "`smtp.envelope` is \"verp\", but `sender.plus_address` is off: bounces would reach nobody",
            "Set `smtp.envelope` = \"plain\", or `sender.plus_address` = true if the mail server \
             delivers plus-addresses",
        ));
    }
    if !sender.plus_address {
        findings.push(Finding::ok(
            "sender",
            "`sender.plus_address` is off: tokens return in In-Reply-To and References only",
        ));
    }
    findings
}

/// Whether every letter can be rendered.
fn templates() -> Vec<Finding> {
    vec![match Templates::load() {
        Ok(_) => Finding::ok("templates", "every letter and note has its words"),
        Err(failure) => Finding::fail("templates", &failure),
    }]
}

async fn database(loaded: &Loaded) -> Vec<Finding> {
    let counts = async { ledger::open(&loaded.settings).await?.counts().await };
    match counts.await {
        Ok(counts) => {
            let text = format!(
                "reachable; {}, {}, {} with staff, {} of ours due",
                counted(counts.bookings, "booking", "bookings"),
                counted(counts.letters, "letter", "letters"),
                counts.held,
                counted(counts.outbox_due, "letter", "letters"),
            );
            let mut findings = vec![Finding::ok("database", text)];
            if counts.outbox_failed > 0 {
                let failed = counted(counts.outbox_failed, "letter", "letters");
                let text = format!("{failed} of ours could not be delivered");
                findings.push(Finding::warn("database", text, "See `otmena outbox list`"));
            }
            findings.extend(waiting(&counts));
            findings
        }
        Err(failure) => vec![Finding::fail("database", &failure)],
    }
}

/// What waits for an operator's word.
fn waiting(counts: &Counts) -> Vec<Finding> {
    let mut findings = Vec::new();
    if counts.outbox_parked > 0 {
        let parked = counted(counts.outbox_parked, "answer", "answers");
        findings.push(Finding::warn(
            "budget",
            format!("{parked} parked, because one address, domain or day got too many"),
            "Find out who writes so often; `otmena outbox retry` sends an answer after all",
        ));
    }
    if counts.breaker_waiting > 0 {
        let waiting = counted(counts.breaker_waiting, "letter waits", "letters wait");
        findings.push(Finding::warn(
            "breaker",
            format!("too many cancellations came at once: {waiting} in the inbox"),
            "Look at them with `otmena letters list --state taken_in`; `otmena letters release` \
             lets them pass",
        ));
    }
    findings
}

/// Login, capabilities, folders, and how many letters lie there.
async fn mailbox(loaded: &Loaded) -> Vec<Finding> {
    let facts = match intake::probe(&loaded.settings.mailbox, loaded.since).await {
        Ok(facts) => facts,
        Err(failure) => return vec![Finding::fail("mailbox", &failure)],
    };
    let mut findings = vec![letters_there(&facts, loaded).await];
    let imap = matches!(loaded.settings.mailbox, MailboxSettings::Imap(_));
    if imap && !facts.offers("IDLE") {
        findings.push(Finding::warn(
            "mailbox",
            "the server has no IDLE: the mailbox is asked again and again",
            "Answers come a little later; nothing else is to be done",
        ));
    }
    if imap && !facts.keywords {
        findings.push(Finding::warn(
            "mailbox",
            "the server keeps no keywords: dead letters carry no tags",
            "Staff read the note beside each letter instead",
        ));
    }
    let missing = facts.folders.iter().filter(|folder| !folder.exists).count();
    if missing > 0 {
        let text = format!("not there yet: {missing} of our folders; `run` makes them");
        findings.push(Finding::ok("mailbox", text));
    }
    findings
}

/// How many letters lie there, and whether the first start would stop because of them.
async fn letters_there(facts: &ServerFacts, loaded: &Loaded) -> Finding {
    let letters = counted(facts.letters, "letter", "letters");
    let before = facts.before;
    if loaded.since.is_some() {
        let text = format!(
            "reachable; {letters} in the inbox, {before} from before `mailbox.since` are left alone"
        );
        return Finding::ok("mailbox", text);
    }
    let counts = async { ledger::open(&loaded.settings).await?.counts().await };
    let first_start = counts.await.is_ok_and(|counts| counts.letters == 0);
    if facts.letters > 0 && first_start {
        let text = format!(
            "reachable; {letters} in the inbox, none handled yet, and `mailbox.since` is not set"
        );
        let remedy =
            "Set it to the moment from which letters are meant for otmena; `run` stops before";
        return Finding::warn("mailbox", text, remedy);
    }
    Finding::ok("mailbox", format!("reachable; {letters} in the inbox"))
}

/// Connection, TLS, login, and whether the server takes letters from and to our address; or the
/// folder for letters.
async fn smtp(loaded: &Loaded) -> Vec<Finding> {
    let taken = match transport::probe(&loaded.settings.smtp).await {
        Ok(taken) => taken,
        Err(failure) => return vec![Finding::fail("smtp", &failure)],
    };
    let login = match &loaded.settings.smtp {
        SmtpSettings::Folder(_) => {
            return vec![Finding::ok("smtp", "letters are written into a folder")];
        }
        SmtpSettings::Smtp(server) if server.username.is_some() => "login taken",
        SmtpSettings::Smtp(_) => "no login is configured",
    };
    let text = format!("reachable, {login}; letters from and to `smtp.from` are taken");
    let mut findings = vec![Finding::ok("smtp", text)];
    if loaded.settings.sender.plus_address {
        findings.push(plus_address(taken.plus_address));
    }
    findings
}

fn plus_address(taken: bool) -> Finding {
    if taken {
        return Finding::ok("smtp", "a plus-address of ours is taken");
    }
    Finding::warn(
        "smtp",
        "`sender.plus_address` is set, but the server refuses a plus-address of ours",
        "Switch plus-addresses on in the mail server, or set `sender.plus_address` = false and \
         `smtp.envelope` = \"plain\"",
    )
}

/// Whether a resolver answers; our own DKIM check needs one.
async fn dns(loaded: &Loaded) -> Vec<Finding> {
    let sender = &loaded.settings.sender;
    if !sender.dkim {
        return vec![Finding::ok("dns", "not needed: `sender.dkim` is off")];
    }
    let resolver = match Resolver::new(&sender.dns, Arc::new(SystemClock)) {
        Ok(resolver) => resolver,
        Err(failure) => return vec![Finding::fail("dns", &failure)],
    };
    if resolver.answers().await {
        return vec![Finding::ok("dns", "the resolver of `sender.dns` answers")];
    }
    vec![Finding::warn(
        "dns",
        "no resolver answers",
        "Mend `sender.dns` or /etc/resolv.conf: without DNS no signature is believed, and letters wait two hours",
    )]
}
