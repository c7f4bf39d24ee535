//! Who stands behind an address: the mailbox, with rewritten senders undone, and the organisation of
//! its domain, unless that is a provider where anybody can have an address.

use super::EmailAddress;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static PUBLIC_PROVIDERS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    include_str!("public_providers.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});

impl EmailAddress {
    /// The mailbox that the address leads to: a sender rewritten for forwarding (SRS0, SRS1) or for
    /// bounces (BATV) becomes the one that was rewritten, and a detail behind `+` is left out.
    pub fn mailbox(&self) -> Self {
        let mut address = self.clone();
        // SRS1 wraps SRS0, which may wrap BATV; no chain is longer.
        for _ in 0..4 {
            match unwrapped(&address) {
                Some(inner) if inner != address => address = inner,
                Some(_) | None => break,
            }
        }
        let bare = address
            .local()
            .split_once('+')
            .filter(|(local, _)| !local.is_empty())
            .and_then(|(local, _)| Self::parse(&format!("{local}@{}", address.domain())));
        bare.unwrap_or(address)
    }

    /// The organisational domain (public suffix list) that answers for the address; `None` for a
    /// public mail provider and for what is no registered domain.
    pub fn organisation(&self) -> Option<String> {
        let domain = self.domain().trim_end_matches('.');
        let organisation = psl::domain_str(domain)?;
        let public = PUBLIC_PROVIDERS.contains(organisation) || PUBLIC_PROVIDERS.contains(domain);
        (!public).then(|| organisation.to_owned())
    }
}

/// One layer of rewriting taken off.
fn unwrapped(address: &EmailAddress) -> Option<EmailAddress> {
    let local = address.local();
    let mut parts = local.splitn(2, ['=', '+', '-']);
    let (head, rest) = (parts.next()?, parts.next()?);
    let parsed = |local: &str, domain: &str| EmailAddress::parse(&format!("{local}@{domain}"));
    match head {
        // `prvs=tag=local` (BATV).
        "prvs" => {
            let (_, local) = rest.split_once(['=', '/'])?;
            parsed(local, address.domain())
        }
        // `SRS0=hash=time=domain=local`
        "srs0" => {
            let mut fields = rest.splitn(4, '=');
            let (_, _, domain, local) = (
                fields.next()?,
                fields.next()?,
                fields.next()?,
                fields.next()?,
            );
            parsed(local, domain)
        }
        // `SRS1=hash=forwarder==hash=time=domain=local`
        "srs1" => {
            let (_, inner) = rest.split_once("==").or_else(|| rest.split_once("=+"))?;
            parsed(&format!("srs0={inner}"), address.domain())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    #[test]
    fn rewritten_senders_and_details_lead_to_one_mailbox() {
        for rewritten in [
            "anna@example.org",
            "Anna+2027@example.org",
            "prvs=0123abcd=anna@example.org",
            "SRS0=hHh4=TT=example.org=anna@forwarder.example",
            "SRS0+hHh4=TT=example.org=anna@forwarder.example",
            "SRS1=XxX=forwarder.example==hHh4=TT=example.org=anna@second.example",
            "SRS0=hHh4=TT=example.org=prvs=0123abcd=anna@forwarder.example",
        ] {
            let mailbox = address(rewritten).mailbox();
            assert_eq!(mailbox.as_str(), "anna@example.org", "{rewritten}");
        }
        for own in [
            "srs0@example.org",
            "prvs=1@example.org",
            "+x@example.org",
            "a-b=c@example.org",
        ] {
            assert_eq!(address(own).mailbox().as_str(), own);
        }
    }

    #[test]
    fn a_domain_answers_for_its_addresses_unless_anybody_can_have_one() {
        let organisation = |text: &str| address(text).organisation();
        assert_eq!(organisation("a@mail.firma.ru").as_deref(), Some("firma.ru"));
        assert_eq!(
            organisation("a@example.co.uk").as_deref(),
            Some("example.co.uk")
        );
        for public in ["a@mail.ru", "a@gmail.com", "a@yandex.ru", "a@ya.ru"] {
            assert_eq!(organisation(public), None, "{public}");
        }
    }
}
