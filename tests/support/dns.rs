//! A DNS server on a loopback port that serves what a test tells it: a real server (hickory's),
//! real TXT records, real silence.

use hickory_server::Server;
use hickory_server::net::runtime::Time;
use hickory_server::proto::op::{Metadata, ResponseCode};
use hickory_server::proto::rr::rdata::TXT;
use hickory_server::proto::rr::{Name, RData, Record};
use hickory_server::server::{Request, RequestHandler, ResponseHandler, ResponseInfo};
use hickory_server::zone_handler::MessageResponseBuilder;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, UdpSocket};

/// Octets in one string of a TXT record.
const STRING_OCTETS: usize = 255;

/// Time to live of all records.
const TTL: u32 = 300;

/// What a name is answered with.
#[derive(Debug, Clone)]
enum Reply {
    Texts(Vec<String>),
    Code(ResponseCode),
    Nothing,
}

#[derive(Debug, Default)]
struct Zone {
    replies: HashMap<String, Reply>,
    /// For all names, whatever they would be answered with.
    everywhere: Option<Reply>,
    asked: Vec<String>,
}

/// A DNS server; it ends with the value.
pub struct DnsServer {
    address: SocketAddr,
    zone: Arc<Mutex<Zone>>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl DnsServer {
    /// A server without any record: every name is unknown.
    pub fn start() -> Self {
        let zone = Arc::new(Mutex::new(Zone::default()));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let handler = Handler(Arc::clone(&zone));
        // On a thread of its own: the test may have a runtime already.
        let address = std::thread::scope(|scope| {
            let begun = scope.spawn(|| runtime.block_on(serve(handler)));
            begun.join().unwrap()
        });
        Self {
            address,
            zone,
            runtime: Some(runtime),
        }
    }

    /// For `sender.dns`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// TXT records at a name, each cut into strings where it is long.
    pub fn serves(&self, name: &str, texts: &[&str]) {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        self.reply(name, Reply::Texts(texts));
    }

    /// The name is answered with SERVFAIL.
    pub fn fails(&self, name: &str) {
        self.reply(name, Reply::Code(ResponseCode::ServFail));
    }

    /// Questions about the name are not answered.
    pub fn is_silent_about(&self, name: &str) {
        self.reply(name, Reply::Nothing);
    }

    /// Nothing is answered any more.
    pub fn goes_down(&self) {
        self.zone.lock().unwrap().everywhere = Some(Reply::Nothing);
    }

    /// It answers again.
    pub fn comes_back(&self) {
        self.zone.lock().unwrap().everywhere = None;
    }

    /// The names that were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.zone.lock().unwrap().asked.clone()
    }

    fn reply(&self, name: &str, reply: Reply) {
        let mut zone = self.zone.lock().unwrap();
        zone.replies.insert(name.to_lowercase(), reply);
    }
}

impl Drop for DnsServer {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Serves on a free port, over UDP and, for long answers, TCP.
async fn serve(handler: Handler) -> SocketAddr {
    let mut server = Server::new(handler);
    let (udp, tcp) = loop {
        let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        // Another process may hold the same port of the other protocol.
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
            break (udp, tcp);
        }
    };
    let address = udp.local_addr().unwrap();
    server.register_socket(udp);
    server.register_listener(tcp, Duration::from_secs(5), 4_096);
    tokio::spawn(async move { server.block_until_done().await });
    address
}

struct Handler(Arc<Mutex<Zone>>);

impl Handler {
    fn reply_to(&self, name: &str) -> Reply {
        let mut zone = self.0.lock().unwrap();
        zone.asked.push(name.to_owned());
        let own = zone.replies.get(name).cloned();
        let everywhere = zone.everywhere.clone();
        everywhere
            .or(own)
            .unwrap_or(Reply::Code(ResponseCode::NXDomain))
    }
}

#[async_trait::async_trait]
impl RequestHandler for Handler {
    async fn handle_request<R: ResponseHandler, T: Time>(
        &self,
        request: &Request,
        mut response_handle: R,
    ) -> ResponseInfo {
        let asked = request.request_info().unwrap();
        let name = asked.query.name().to_string().to_lowercase();
        let mut metadata = Metadata::response_from_request(asked.metadata);
        metadata.recursion_available = true;
        let mut records = Vec::new();
        match self.reply_to(name.trim_end_matches('.')) {
            Reply::Texts(texts) => {
                let owner = Name::from_ascii(&name).unwrap();
                records.extend(texts.iter().map(|text| record(&owner, text)));
            }
            Reply::Code(code) => metadata.response_code = code,
            Reply::Nothing => std::future::pending().await,
        }
        let builder = MessageResponseBuilder::from_message_request(request);
        let none: [Record; 0] = [];
        let response = builder.build(metadata, &records, &none, &none, &none);
        response_handle.send_response(response).await.unwrap()
    }
}

fn record(owner: &Name, text: &str) -> Record {
    let strings = text
        .as_bytes()
        .chunks(STRING_OCTETS)
        .map(|chunk| String::from_utf8(chunk.to_vec()).unwrap())
        .collect();
    Record::from_rdata(owner.clone(), TTL, RData::TXT(TXT::new(strings)))
}
