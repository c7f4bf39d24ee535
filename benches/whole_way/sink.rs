//! Where answers arrive: Postfix's smtp-sink, and a sink of our own that stamps the time.

use crate::stopwatch;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Servers live in sbin, which is not on everybody's path.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Postfix's smtp-sink, which counts what it takes.
pub struct CountingSink {
    child: Child,
    pub port: u16,
    last_line: Arc<Mutex<String>>,
}

impl CountingSink {
    /// Starts it; with a folder, every message is also written into a file there.
    pub fn start(folder: Option<&Path>) -> Self {
        // The port was free a moment ago; nobody else asks for it here.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut command = Command::new("smtp-sink");
        command.args(["-c", "-u", "nobody"]);
        if let Some(folder) = folder {
            command.arg("-d").arg(folder.join("letter."));
        }
        let child = command
            .args([&format!("127.0.0.1:{port}"), "100"])
            .env("PATH", PATH)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("smtp-sink must be installed: it comes with Postfix");
        let mut sink = Self {
            child,
            port,
            last_line: Arc::default(),
        };
        sink.read_counters();
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return sink;
            }
            sleep(Duration::from_millis(10));
        }
        panic!("smtp-sink does not answer");
    }

    fn read_counters(&mut self) {
        let mut counters = self.child.stdout.take().unwrap();
        let line = Arc::clone(&self.last_line);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = counters.read(&mut buffer) {
                let text = String::from_utf8_lossy(buffer.get(..read).unwrap()).into_owned();
                let mut lines = text.split(['\r', '\n']);
                if let Some(last) = lines.rfind(|line| line.contains("mesg=")) {
                    last.clone_into(&mut line.lock().unwrap());
                }
            }
        });
    }

    /// Messages that it has taken so far.
    pub fn taken(&self) -> usize {
        let line = self.last_line.lock().unwrap();
        let count = line.rsplit_once("mesg=").map(|(_, rest)| rest.trim());
        count.and_then(|count| count.parse().ok()).unwrap_or(0)
    }

    /// Waits until it says that it has taken `count`, and fails unless it stays there.
    pub fn assert_taken(&self, count: usize) {
        for _ in 0..100 {
            if self.taken() >= count {
                break;
            }
            sleep(Duration::from_millis(10));
        }
        assert_eq!(self.taken(), count, "answers at the sink");
    }
}

impl Drop for CountingSink {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Takes messages and tells who got one when.
pub struct StampingSink {
    pub port: u16,
    arrivals: Receiver<(String, Instant)>,
    seen: HashMap<String, Instant>,
}

impl StampingSink {
    /// Listens until the process ends.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, arrivals) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let tell: Sender<(String, Instant)> = tell.clone();
                // A connection that breaks is one that its client closed.
                std::thread::spawn(move || drop(converse(&stream.unwrap(), &tell)));
            }
        });
        Self {
            port,
            arrivals,
            seen: HashMap::new(),
        }
    }

    /// Waits for the message to `recipient`, and gives the moment at which its last octet came.
    pub fn arrival(&mut self, recipient: &str) -> Option<Instant> {
        let until = stopwatch::now() + Duration::from_secs(30);
        loop {
            if let Some(at) = self.seen.get(recipient) {
                return Some(*at);
            }
            let left = until.checked_duration_since(stopwatch::now())?;
            let (to, at) = self.arrivals.recv_timeout(left).ok()?;
            self.seen.insert(to, at);
        }
    }
}

/// The server's side of SMTP (RFC 5321), as far as a sender notices.
fn converse(stream: &TcpStream, tell: &Sender<(String, Instant)>) -> std::io::Result<()> {
    let mut reader = BufReader::with_capacity(256 * 1024, stream);
    let mut writer = stream;
    writer.write_all(b"220 sink ESMTP\r\n")?;
    let (mut line, mut recipient) = (Vec::new(), String::new());
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let command = String::from_utf8_lossy(&line).to_ascii_uppercase();
        let answer: &[u8] = match command.get(..4) {
            Some("EHLO") => b"250-sink\r\n250 8BITMIME\r\n",
            Some("RCPT") => {
                let address = command.split(['<', '>']).nth(1).unwrap_or("");
                recipient = address.to_ascii_lowercase();
                b"250 ok\r\n"
            }
            Some("DATA") => {
                writer.write_all(b"354 go on\r\n")?;
                while line != b".\r\n" {
                    line.clear();
                    if reader.read_until(b'\n', &mut line)? == 0 {
                        return Ok(());
                    }
                }
                // The receiver lives as long as the measurement.
                drop(tell.send((recipient.clone(), stopwatch::now())));
                b"250 taken\r\n"
            }
            Some("QUIT") => return writer.write_all(b"221 bye\r\n"),
            _ => b"250 ok\r\n",
        };
        writer.write_all(answer)?;
    }
}
