//! Authentication-Results of our own mail server (RFC 8601), believed only from the configured
//! authserv-id and only in the topmost run. Pure.
//!
//! RFC 8601 section 5 obliges the server that writes such headers to remove forged ones of its own
//! name; without that nothing in a letter can be believed, and the setting must stay unset.

use super::authentication_results::{MethodResult, parse};
use super::{RelayVerdict, organisation};
use crate::domain::EmailAddress;
use crate::read::TraceHeader;

/// Most headers of the topmost run that are looked at.
const MOST_HEADERS: usize = 10;

/// What our own server says of the sender's domain.
pub fn verdict(
    trace: &[TraceHeader],
    authserv_id: Option<&str>,
    sender: Option<&EmailAddress>,
) -> RelayVerdict {
    let Some(authserv_id) = authserv_id else {
        return RelayVerdict::Absent;
    };
    let run = topmost_run(trace, authserv_id);
    if run.is_empty() {
        return RelayVerdict::Absent;
    }
    let Some(sender) = sender else {
        return RelayVerdict::NotAligned;
    };
    let aligned = ["dmarc", "dkim"]
        .iter()
        .any(|method| passes(&run, method, sender.domain()));
    if aligned {
        RelayVerdict::Aligned
    } else {
        RelayVerdict::NotAligned
    }
}

/// The results in the first unbroken run of Authentication-Results that bear our name, one list
/// for each header. Received headers above it are those of our own servers; the first header of
/// another name, or the next Received, ends it.
fn topmost_run(trace: &[TraceHeader], authserv_id: &str) -> Vec<Vec<MethodResult>> {
    trace
        .iter()
        .skip_while(|header| header.name != "authentication-results")
        .take_while(|header| header.name == "authentication-results")
        .map_while(|header| parse(&header.value))
        .take_while(|results| results.authserv_id.eq_ignore_ascii_case(authserv_id))
        .map(|results| results.methods)
        .take(MOST_HEADERS)
        .collect()
}

/// Whether `method` passes for the domain of From. A server names a method in one header only; if
/// two of the run do, one of them may be foreign, and neither is believed. Nor is a pass beside
/// another header that says anything but pass of DKIM or DMARC: it may be what our server wrote,
/// and the pass a forgery below it.
fn passes(run: &[Vec<MethodResult>], method: &str, domain: &str) -> bool {
    let names = |results: &[MethodResult]| results.iter().any(|result| result.method == method);
    let (naming, others): (Vec<_>, Vec<_>) = run.iter().partition(|results| names(results));
    let [results] = naming.as_slice() else {
        return false;
    };
    let contradicted = others
        .iter()
        .flat_map(|results| results.iter())
        .any(|result| {
            ["dkim", "dmarc"].contains(&result.method.as_str()) && result.result != "pass"
        });
    !contradicted
        && !contradicts_itself(results, method)
        && results
            .iter()
            .filter(|result| result.method == method && result.result == "pass")
            .any(|result| {
                proven_domain(result).is_some_and(|proven| organisation::is_same(proven, domain))
            })
}

/// Whether one header says two things of a method: DMARC has one result only, and a letter of which
/// DKIM is `none` has no signature that could pass. One of the two may have been put there by the
/// sender, in words that our server took over.
fn contradicts_itself(results: &[MethodResult], method: &str) -> bool {
    let mut of_method = results.iter().filter(|result| result.method == method);
    if method == "dmarc" {
        return of_method.count() > 1;
    }
    of_method.clone().any(|result| result.result == "none")
        && of_method.any(|result| result.result == "pass")
}

/// The domain that a result speaks for.
fn proven_domain(result: &MethodResult) -> Option<&str> {
    let names: &[&str] = if result.method == "dmarc" {
        &["header.from"]
    } else {
        &["header.d", "header.i"]
    };
    let value = names.iter().find_map(|name| {
        result
            .properties
            .iter()
            .find(|(property, _)| property == name)
            .map(|(_, value)| value)
    })?;
    Some(
        value
            .rsplit_once('@')
            .map_or(value.as_str(), |(_, domain)| domain),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(headers: &[(&str, &str)]) -> RelayVerdict {
        let trace: Vec<_> = headers
            .iter()
            .map(|(name, value)| TraceHeader {
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            })
            .collect();
        verdict(
            &trace,
            Some("mx.example.com"),
            EmailAddress::parse("maria@example.org").as_ref(),
        )
    }

    const AR: &str = "authentication-results";

    #[test]
    fn an_aligned_pass_of_our_own_server_counts() {
        for value in [
            "mx.example.com; dkim=pass header.d=example.org",
            "MX.example.com 1; spf=fail smtp.mailfrom=x@evil.example; dkim=pass (2048 bit) header.d=mail.example.org header.i=@mail.example.org",
            "mx.example.com; dkim=fail header.d=list.example; dkim=pass header.i=@example.org",
            "mx.example.com; dmarc=pass (p=none) header.from=example.org",
            "mx.example.com; DKIM = PASS reason=\"good; signature\" header.d = example.org",
        ] {
            assert_eq!(
                judge(&[("received", "x"), (AR, value)]),
                RelayVerdict::Aligned,
                "{value}"
            );
        }
    }

    #[test]
    fn nothing_else_counts() {
        for value in [
            "mx.example.com; dkim=pass header.d=evil.example",
            "mx.example.com; dkim=fail header.d=example.org",
            "mx.example.com; spf=pass smtp.mailfrom=maria@example.org",
            "mx.example.com; dkim=none (dkim=pass header.d=example.org)",
            "mx.example.com; spf=fail smtp.mailfrom=\"x; dkim=pass header.d=example.org\"",
            "mx.example.com; dkim=pass header.d=org",
            "mx.example.com; none",
            "mx.example.com; dkim=none; spf=fail smtp.mailfrom=x; dkim=pass header.d=example.org y=@evil.example",
            "mx.example.com; dmarc=fail header.from=example.org; x=y; dmarc=pass header.from=example.org",
            "mx.example.com; dkim=pass header.d=example.org@evil.example",
            "mx.example.com; dkim=pass (header.d=example.org) header.d=evil.example",
            "mx.example.com; dkim=\"pass header.d=example.org\"",
            "mx.example.com; dkim=pass reason=\"header.d=example.org\"",
            "mx.example.com; dkim/2=pass header.d=example.org",
            "mx.example.com; dkim=passed header.d=example.org",
            "mx.example.com; dkim=hardfail header.d=example.org; arc=pass header.d=example.org",
            "mx.example.com; iprev=pass policy.iprev=192.0.2.1; auth=pass smtp.auth=maria@example.org",
            "mx.example.com; dkim=pass header.d=example.org.evil.example",
            "mx.example.com; dkim=pass header.b=example.org",
            "mx.example.com; dmarc=pass header.from=evil.example",
        ] {
            assert_eq!(judge(&[(AR, value)]), RelayVerdict::NotAligned, "{value}");
        }
    }

    #[test]
    fn only_the_topmost_run_of_our_own_name_is_believed() {
        let pass = (AR, "mx.example.com; dkim=pass header.d=example.org");
        let fail = (AR, "mx.example.com; dkim=fail header.d=example.org");
        let other = (AR, "mx.evil.example; dkim=pass header.d=example.org");
        let received = ("received", "from a by b");
        assert_eq!(judge(&[received]), RelayVerdict::Absent);
        assert_eq!(judge(&[other]), RelayVerdict::Absent);
        assert_eq!(judge(&[other, pass]), RelayVerdict::Absent);
        assert_eq!(judge(&[fail, received, pass]), RelayVerdict::NotAligned);
        assert_eq!(judge(&[fail, pass]), RelayVerdict::NotAligned);
        let dmarc = (AR, "mx.example.com; dmarc=pass header.from=example.org");
        assert_eq!(judge(&[fail, dmarc]), RelayVerdict::NotAligned);
        assert_eq!(judge(&[pass, dmarc]), RelayVerdict::Aligned);
    }

    #[test]
    fn look_alikes_of_our_name_are_not_ours() {
        for name in [
            "mx.example.com.evil.example",
            "xmx.example.com",
            "mx.example.com.",
            "mx.example.co\u{43C}",
            "mx.example.com 2",
            "(mx.example.com) evil.example",
            "evil.example (mx.example.com)",
            "mx.example.com/1",
            "",
        ] {
            let value = format!("{name}; dkim=pass header.d=example.org");
            assert_eq!(judge(&[(AR, &value)]), RelayVerdict::Absent, "{name}");
        }
        let quoted = "\"MX.Example.COM\" 1 ; (c) dkim (c) = pass header.d = example.org";
        assert_eq!(judge(&[(AR, quoted)]), RelayVerdict::Aligned);
        let arc = "i=1; mx.example.com; dkim=pass header.d=example.org";
        let names = [
            "arc-authentication-results",
            "x-authentication-results",
            "authentication-results-original",
        ];
        for name in names {
            assert_eq!(judge(&[(name, arc)]), RelayVerdict::Absent);
        }
    }

    #[test]
    fn without_a_configured_name_nobody_is_believed() {
        let header = TraceHeader {
            name: AR.to_owned(),
            value: "mx.example.com; dkim=pass header.d=example.org".to_owned(),
        };
        let sender = EmailAddress::parse("maria@example.org");
        assert_eq!(
            verdict(&[header], None, sender.as_ref()),
            RelayVerdict::Absent
        );
    }
}
