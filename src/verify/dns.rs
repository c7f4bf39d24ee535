//! Asks DNS for keys: a resolver of the system or of the settings, with a cache, within a time.
//! No other file of the program asks DNS. I/O.

use super::organisation;
use crate::clock::Clock;
use crate::domain::Moment;
use crate::failure::Failure;
use mail_auth::hickory_resolver::TokioResolver;
use mail_auth::hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ProtocolConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use mail_auth::hickory_resolver::net::runtime::TokioRuntimeProvider;
use mail_auth::hickory_resolver::net::{DnsError, NetError};
use mail_auth::hickory_resolver::proto::op::ResponseCode;
use mail_auth::hickory_resolver::proto::rr::{Name, RData, RecordType};
use mail_auth::hickory_resolver::system_conf::read_system_conf;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long one question to one server may take.
const QUESTION_LIMIT: Duration = Duration::from_secs(2);

/// How often a question is asked again.
const RETRIES: usize = 1;

/// How long one look-up may take, whatever the resolver does about it.
const LOOKUP_LIMIT: Duration = Duration::from_secs(6);

/// Answers that are remembered.
const CACHED_ANSWERS: u64 = 4_096;

/// Longest time that a key is remembered: one that was revoked is soon believed no more.
const LONGEST_TTL: Duration = Duration::from_secs(60 * 60);

/// Longest time that the absence of a key is remembered.
const LONGEST_NEGATIVE_TTL: Duration = Duration::from_secs(5 * 60);

/// For so many seconds an organisation whose DNS failed is not asked again: a mailbox full of its
/// letters would wait for each of them.
const TROUBLE_SECONDS: i64 = 20;

/// Most organisations in trouble that are remembered.
const MOST_TROUBLED: usize = 1_000;

/// Longest TXT record that is looked at.
const MOST_OCTETS: usize = 8 * 1024;

/// Most TXT records of one name that are looked at.
const MOST_RECORDS: usize = 10;

/// What DNS says to the name of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The TXT records of this name, each with its strings joined (RFC 6376 section 3.6.2.2).
    Records(Vec<Vec<u8>>),
    /// There is no such name, or it has no TXT record.
    Missing,
    /// No answer now: time out, SERVFAIL, no network.
    Trouble,
}

/// A resolver with its cache.
pub struct Resolver {
    inner: TokioResolver,
    clock: Arc<dyn Clock>,
    troubled: Mutex<HashMap<String, Moment>>,
}

impl Resolver {
    /// The resolver that `sender.dns` names: `system`, or an IP address and a port.
    ///
    /// # Errors
    /// [`Failure::Stop`] when the system's settings cannot be read.
    pub fn new(dns: &str, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let config = match dns.parse::<SocketAddr>() {
            Ok(own) => ResolverConfig::from_parts(None, Vec::new(), vec![server(own)]),
            Err(_) => of_the_system()?,
        };
        let inner = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            .with_options(options())
            .build()
            .map_err(|cause| unusable(&cause))?;
        Ok(Self {
            inner,
            clock,
            troubled: Mutex::default(),
        })
    }

    /// The TXT records of `name`, a domain name without its last dot.
    pub async fn txt(&self, name: &str) -> Answer {
        let Ok(asked) = Name::from_ascii(format!("{name}.")) else {
            return Answer::Missing;
        };
        let organisation = organisation::of(name).unwrap_or_else(|| name.to_owned());
        if self.is_troubled(&organisation) {
            return Answer::Trouble;
        }
        let answer = match self.lookup(asked, RecordType::TXT).await {
            Ok(records) => Answer::Records(records),
            Err(Miss::Missing) => Answer::Missing,
            Err(Miss::Trouble) => Answer::Trouble,
        };
        if answer == Answer::Trouble {
            self.note_trouble(organisation);
        }
        answer
    }

    /// Whether the resolver answers at all: the root is known to every one.
    pub async fn answers(&self) -> bool {
        !matches!(
            self.lookup(Name::root(), RecordType::NS).await,
            Err(Miss::Trouble)
        )
    }

    async fn lookup(&self, name: Name, kind: RecordType) -> Result<Vec<Vec<u8>>, Miss> {
        let asked = tokio::time::timeout(LOOKUP_LIMIT, self.inner.lookup(name, kind)).await;
        let found = asked.map_err(|_| Miss::Trouble)?.map_err(|e| miss(&e))?;
        let texts = found.answers().iter().filter_map(|record| {
            let RData::TXT(text) = &record.data else {
                return None;
            };
            Some(text.txt_data.concat())
        });
        Ok(texts
            .filter(|text: &Vec<u8>| text.len() <= MOST_OCTETS)
            .take(MOST_RECORDS)
            .collect())
    }

    fn is_troubled(&self, organisation: &str) -> bool {
        let troubled = self.troubled.lock().unwrap_or_else(PoisonError::into_inner);
        troubled
            .get(organisation)
            .is_some_and(|until| self.clock.now() < *until)
    }

    fn note_trouble(&self, organisation: String) {
        let now = self.clock.now();
        let mut troubled = self.troubled.lock().unwrap_or_else(PoisonError::into_inner);
        if troubled.len() >= MOST_TROUBLED {
            troubled.clear();
        }
        troubled.insert(organisation, now.plus_seconds(TROUBLE_SECONDS));
    }
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver").finish_non_exhaustive()
    }
}

enum Miss {
    Missing,
    Trouble,
}

/// Only an answer that says so means that there is nothing; everything else may be otherwise later.
fn miss(error: &NetError) -> Miss {
    let says_nothing =
        |code: ResponseCode| matches!(code, ResponseCode::NXDomain | ResponseCode::NoError);
    if let NetError::Dns(DnsError::NoRecordsFound(none)) = error
        && says_nothing(none.response_code)
    {
        Miss::Missing
    } else {
        Miss::Trouble
    }
}

fn server(address: SocketAddr) -> NameServerConfig {
    let connections = [ProtocolConfig::Udp, ProtocolConfig::Tcp].map(|protocol| {
        let mut connection = ConnectionConfig::new(protocol);
        connection.port = address.port();
        connection
    });
    NameServerConfig::new(address.ip(), true, connections.to_vec())
}

/// Name servers of the system; without any, the one on this machine, as the C library does.
fn of_the_system() -> Result<ResolverConfig, Failure> {
    let (config, _) = read_system_conf().map_err(|cause| unusable(&cause))?;
    let mut servers = config.name_servers().to_vec();
    if servers.is_empty() {
        servers.push(server(SocketAddr::from(([127, 0, 0, 1], 53))));
    }
    Ok(ResolverConfig::from_parts(None, Vec::new(), servers))
}

fn options() -> ResolverOpts {
    let mut options = ResolverOpts::default();
    options.timeout = QUESTION_LIMIT;
    options.attempts = RETRIES;
    options.edns0 = true;
    options.try_tcp_on_error = true;
    options.use_hosts_file = ResolveHosts::Never;
    options.cache_size = CACHED_ANSWERS;
    options.positive_max_ttl = Some(LONGEST_TTL);
    options.negative_max_ttl = Some(LONGEST_NEGATIVE_TTL);
    options
}

fn unusable(cause: &NetError) -> Failure {
    Failure::stop_because(
        "the resolver of `sender.dns` cannot be used",
        "Mend /etc/resolv.conf, name a resolver in `sender.dns`, or set `sender.dkim` = false",
        cause.to_string(),
    )
}
