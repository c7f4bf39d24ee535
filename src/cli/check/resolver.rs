//! Asks a resolver one question, to see whether it answers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::net::UdpSocket;

/// The NS records of the root (RFC 1035 section 4.1), recursion desired: every resolver knows them.
const QUESTION: [u8; 17] = [0x6f, 0x74, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1];

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(4);

/// The resolvers of the system, as the C library finds them.
pub async fn of_the_system() -> Vec<SocketAddr> {
    let text = tokio::fs::read_to_string("/etc/resolv.conf")
        .await
        .unwrap_or_default();
    let found = named(&text);
    if found.is_empty() {
        return vec![SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 53)];
    }
    found
}

fn named(resolv_conf: &str) -> Vec<SocketAddr> {
    resolv_conf
        .lines()
        .filter_map(|line| line.trim().strip_prefix("nameserver"))
        .filter_map(|rest| rest.trim().parse::<IpAddr>().ok())
        .map(|address| SocketAddr::new(address, 53))
        .collect()
}

/// Whether anything that answers our question comes back in time.
pub async fn answers(resolver: SocketAddr) -> bool {
    let asked = async {
        let from: SocketAddr = match resolver {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        let socket = UdpSocket::bind(from).await?;
        socket.connect(resolver).await?;
        socket.send(&QUESTION).await?;
        let mut answer = [0_u8; 512];
        let length = socket.recv(&mut answer).await?;
        let is_answer =
            |octets: &[u8]| matches!(octets, [0x6f, 0x74, flags, ..] if flags & 0x80 != 0);
        std::io::Result::Ok(answer.get(..length).is_some_and(is_answer))
    };
    matches!(tokio::time::timeout(LIMIT, asked).await, Ok(Ok(true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_resolvers_are_those_of_its_file() {
        let text =
            "# comment\nsearch example.org\nnameserver 192.0.2.1\nnameserver ::1\nnameserver x\n";
        let expected: Vec<SocketAddr> = ["192.0.2.1:53", "[::1]:53"]
            .map(|a| a.parse().unwrap())
            .to_vec();
        assert_eq!(named(text), expected);
    }

    #[tokio::test]
    async fn only_an_answer_to_the_question_counts() {
        let server = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = server.local_addr().unwrap();
        let replies = tokio::spawn(async move {
            for flags in [0x81_u8, 0x01] {
                let mut question = [0_u8; 512];
                let (length, from) = server.recv_from(&mut question).await.unwrap();
                question[2] = flags;
                server.send_to(&question[..length], from).await.unwrap();
            }
        });
        assert!(answers(address).await);
        assert!(!answers(address).await);
        replies.await.unwrap();
    }
}
