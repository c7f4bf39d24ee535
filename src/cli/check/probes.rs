//! The single checks. Each is a probe of its own; they run side by side, each within its time.

use super::Finding;
use crate::cli::ledger;
use crate::config::{Loaded, MailboxSettings, Security, SmtpSettings};
use crate::failure::Failure;
use futures::future::join_all;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// How long a server may take to answer a probe.
const LIMIT: Duration = Duration::from_secs(20);

/// A check under way.
type Probe<'a> = Pin<Box<dyn Future<Output = Vec<Finding>> + Send + 'a>>;

/// Runs all checks; findings in the order of this list.
pub async fn all(loaded: &Loaded) -> Vec<Finding> {
    let probes: Vec<(&'static str, Probe<'_>)> = vec![
        ("settings", Box::pin(std::future::ready(settings(loaded)))),
        ("policy", Box::pin(std::future::ready(policy(loaded)))),
        ("sender", Box::pin(std::future::ready(sender(loaded)))),
        ("templates", Box::pin(std::future::ready(templates()))),
        ("database", Box::pin(database(loaded))),
        ("mailbox", Box::pin(mailbox(loaded))),
        ("smtp", Box::pin(smtp(loaded))),
        ("dns", Box::pin(dns(loaded))),
    ];
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
        "version {}: general {} h, prepared {} h, special {} h",
        policy.version,
        policy.general.notice_hours,
        policy.prepared.notice_hours,
        policy.special.notice_hours
    );
    vec![Finding::ok("policy", text)]
}

fn sender(loaded: &Loaded) -> Vec<Finding> {
    let sender = &loaded.settings.sender;
    let mut findings = Vec::new();
    match (&sender.authserv_id, sender.dkim) {
        (Some(id), _) => findings.push(Finding::ok("sender", format!("Authentication-Results of {id} are believed"))),
        (None, true) => findings.push(Finding::warn(
            "sender",
            "`sender.authserv_id` is not set: only our own DKIM check and our tokens count",
            "Set it if your mail server writes Authentication-Results and removes forged ones",
        )),
        (None, false) => findings.push(Finding::warn(
            "sender",
            "neither `sender.authserv_id` nor `sender.dkim`: every citizen must confirm by a second letter",
            "Switch `sender.dkim` on, or set `sender.authserv_id`",
        )),
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
    Vec::new()
}

async fn database(loaded: &Loaded) -> Vec<Finding> {
    let counted = async { ledger::open(&loaded.settings).await?.counts().await };
    match counted.await {
        Ok(counts) => {
            let text = format!(
                "reachable; {} bookings, {} letters, {} with staff, {} letters of ours due",
                counts.bookings, counts.letters, counts.held, counts.outbox_due
            );
            let mut findings = vec![Finding::ok("database", text)];
            if counts.outbox_failed > 0 {
                let text = format!(
                    "{} letters of ours could not be delivered",
                    counts.outbox_failed
                );
                findings.push(Finding::warn("database", text, "See `otmena outbox list`"));
            }
            findings
        }
        Err(failure) => vec![Finding::fail("database", &failure)],
    }
}

/// Login, capabilities, folders.
async fn mailbox(loaded: &Loaded) -> Vec<Finding> {
    let MailboxSettings::Maildir(maildir) = &loaded.settings.mailbox else {
        return Vec::new();
    };
    for part in ["new", "cur", "tmp"] {
        if let Err(cause) = tokio::fs::read_dir(maildir.path.join(part)).await {
            let failure = Failure::stop_because(
                format!("`mailbox.path` has no readable folder {part}"),
                "Name a Maildir that the user of otmena may read and write",
                cause,
            );
            return vec![Finding::fail("mailbox", &failure)];
        }
    }
    vec![Finding::ok("mailbox", "a Maildir with new, cur and tmp")]
}

/// Login, or the folder for letters.
async fn smtp(loaded: &Loaded) -> Vec<Finding> {
    let SmtpSettings::Folder(folder) = &loaded.settings.smtp else {
        return Vec::new();
    };
    match tokio::fs::metadata(&folder.path).await {
        Ok(facts) if facts.is_dir() => {
            vec![Finding::ok("smtp", "letters are written into a folder")]
        }
        Ok(_) => vec![Finding::fail(
            "smtp",
            &Failure::stop("`smtp.path` is no folder", "Name a folder"),
        )],
        Err(_) => vec![Finding::ok(
            "smtp",
            "the folder for letters will be made at the first one",
        )],
    }
}

/// Whether names can be looked up; DKIM needs it.
async fn dns(loaded: &Loaded) -> Vec<Finding> {
    let sender = &loaded.settings.sender;
    if !sender.dkim {
        return vec![Finding::ok("dns", "not needed: `sender.dkim` is off")];
    }
    let domain = loaded.settings.smtp.from().address.domain().to_owned();
    if sender.dns != "system" {
        return vec![Finding::ok(
            "dns",
            "a resolver of its own; it is asked at the first letter",
        )];
    }
    match tokio::net::lookup_host((domain.as_str(), 25)).await {
        Ok(_) => vec![Finding::ok("dns", "the system's resolver answers")],
        Err(_) => vec![Finding::warn(
            "dns",
            "the domain of `smtp.from` cannot be looked up",
            "If it is a real domain, look at /etc/resolv.conf: without DNS every citizen must confirm by a second letter",
        )],
    }
}
