//! A mail server in front of Dovecot: what is submitted to it is delivered.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Takes letters by SMTP on a loopback port and hands them to the LMTP server on `lmtp_port` while
/// the client waits. LMTP (RFC 2033) differs from SMTP in its greeting, and in answering once for
/// each recipient: letters of ours have one.
pub fn start(lmtp_port: u16) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for client in listener.incoming() {
            let client = client.unwrap();
            let server = TcpStream::connect(("127.0.0.1", lmtp_port)).unwrap();
            let (answers, back) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || pass(client, server, |line| *line = greeted(line)));
            thread::spawn(move || pass(answers, back, |_| {}));
        }
    });
    port
}

fn greeted(line: &[u8]) -> Vec<u8> {
    line.strip_prefix(b"EHLO ")
        .map_or_else(|| line.to_vec(), |name| [b"LHLO ", name].concat())
}

/// Passes lines on until either side closes.
fn pass(from: TcpStream, mut to: TcpStream, change: impl Fn(&mut Vec<u8>)) {
    let mut lines = BufReader::new(from);
    let mut line = Vec::new();
    while lines
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        change(&mut line);
        if to.write_all(&line).is_err() {
            return;
        }
        line.clear();
    }
}
