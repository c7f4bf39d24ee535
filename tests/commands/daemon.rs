//! The daemon as the service manager and the monitoring see it.

use super::bookings::BOOKINGS;
use super::office::{Office, Told};
use otmena::privacy;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Tries of a tenth of a second each before a test gives up waiting: a guard against hanging.
const TRIES: u32 = 600;

/// A running daemon; ended with the test, whatever happens.
struct Daemon(Option<Child>);

impl Daemon {
    fn start(office: &Office, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let config = office.path("otmena.toml");
        let mut command = office.command(arguments, variables);
        command
            .env("OTMENA_CONFIG", config)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self(Some(command.spawn().unwrap()))
    }

    /// Ends it as the service manager does.
    fn terminate(mut self) -> Told {
        let child = self.0.take().unwrap();
        let sent = Command::new("kill")
            .args(["-TERM", &child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        Told::by(child.wait_with_output().unwrap())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

/// The answer of a page, or nothing while nobody listens.
fn page(address: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

fn page_once(address: SocketAddr, path: &str, begins: &str) -> String {
    for _ in 0..TRIES {
        if let Some(answer) = page(address, path).filter(|answer| answer.starts_with(begins)) {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!(
        "{path} never began with {begins}: {:?}",
        page(address, path)
    );
}

fn office_with_pages() -> (Office, SocketAddr) {
    let office = Office::new();
    let address = free_address();
    office.writes_settings(&format!(
        "[http]\nlisten = \"{address}\"\n[log]\nformat = \"json\"\n"
    ));
    assert_eq!(office.otmena(&["migrate"]).code, 0);
    (office, address)
}

#[test]
fn a_running_daemon_is_healthy_after_its_first_scan_and_ends_with_0_on_sigterm() {
    let (office, address) = office_with_pages();
    let daemon = Daemon::start(&office, &["run"], &[]);
    let health = page_once(address, "/healthz", "HTTP/1.1 200");
    assert!(health.contains(r#""status":"ok""#), "{health}");
    let metrics = page_once(address, "/metrics", "HTTP/1.1 200");
    for name in [
        "otmena_last_scan_timestamp_seconds ",
        "otmena_letters_taken_in_total ",
        "otmena_build_info{",
    ] {
        assert!(metrics.contains(name), "{name} is not in {metrics}");
    }
    let told = daemon.terminate();
    assert_eq!(told.code, 0, "{}", told.err);
    for line in told.err.lines() {
        let entry: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(
            entry["level"].is_string() && entry["timestamp"].is_string(),
            "{line}"
        );
    }
    assert_eq!(privacy::leaks(&told.err), [], "{}", told.err);
}

#[test]
fn the_metrics_count_answers_filed_letters_and_the_delay() {
    let office = Office::new();
    let address = free_address();
    office.writes_settings(&format!("[http]\nlisten = \"{address}\"\n"));
    office.write("bookings.csv", BOOKINGS);
    let told = office.otmena(&["bookings", "import", "bookings.csv"]);
    assert_eq!(told.code, 0, "{}", told.err);
    let letter = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/demo/letters/01-exact-template.eml");
    let variables = [("OTMENA_MAILBOX__SINCE", "2020-01-01T00:00:00Z")];
    let daemon = Daemon::start(&office, &["run"], &variables);
    let begun = page_once(address, "/metrics", "HTTP/1.1 200");
    assert!(
        begun.contains("otmena_answers_total{outcome=\"given_up\"} 0"),
        "{begun}"
    );
    let place = office.path("mail/new/1800000000.1.host");
    std::fs::copy(letter, place).unwrap();
    let expected = [
        "otmena_answers_total{outcome=\"sent\"} 1",
        "otmena_letters_filed_total{folder=\"processed\"} 1",
        "otmena_answer_delay_seconds_count 1",
    ];
    let told_all = (0..TRIES).any(|_| {
        let metrics = page_once(address, "/metrics", "HTTP/1.1 200");
        let all = expected.iter().all(|line| metrics.contains(line));
        if !all {
            std::thread::sleep(Duration::from_millis(100));
        }
        all
    });
    assert!(told_all, "{:?}", page(address, "/metrics"));
    let told = daemon.terminate();
    assert_eq!(told.code, 0, "{}", told.err);
}

#[test]
fn systemd_hears_ready_then_the_watchdog_then_stopping() {
    let (office, _) = office_with_pages();
    let socket = office.path("notify");
    let listener = UnixDatagram::bind(&socket).unwrap();
    listener
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let hears = |expected: &str| {
        let mut octets = [0_u8; 4096];
        loop {
            let length = listener.recv(&mut octets).unwrap();
            let told = String::from_utf8_lossy(&octets[..length]).into_owned();
            if told.lines().any(|line| line == expected) {
                return;
            }
        }
    };
    let socket = socket.to_string_lossy();
    let variables = [("NOTIFY_SOCKET", &*socket), ("WATCHDOG_USEC", "300000")];
    let daemon = Daemon::start(&office, &["run"], &variables);
    hears("READY=1");
    hears("WATCHDOG=1");
    let told = daemon.terminate();
    assert_eq!(told.code, 0, "{}", told.err);
    hears("STOPPING=1");
}

#[test]
fn a_port_that_is_taken_stops_the_start() {
    let (office, address) = office_with_pages();
    let _taken = TcpListener::bind(address).unwrap();
    office
        .otmena(&["run"])
        .refuses(78, &["`http.listen`", "cannot be taken"]);
}

#[test]
fn run_once_on_an_empty_mailbox_ends_with_0() {
    let office = Office::new();
    assert_eq!(office.otmena(&["migrate"]).code, 0);
    let told = office.otmena(&["run", "--once"]);
    assert_eq!(told.code, 0, "{}", told.err);
}

#[test]
fn the_log_holds_no_personal_data_at_its_loudest() {
    let office = Office::new();
    office.write("bookings.csv", BOOKINGS);
    assert_eq!(
        office.otmena(&["bookings", "import", "bookings.csv"]).code,
        0
    );
    let letters = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/letters");
    let mut delivered = 0;
    for (seconds, letter) in (1_800_000_000..).zip(std::fs::read_dir(letters).unwrap()) {
        let place = office
            .path("mail/new")
            .join(format!("{seconds}.{delivered}.host"));
        std::fs::copy(letter.unwrap().path(), place).unwrap();
        delivered += 1;
    }
    assert!(delivered > 5, "{delivered} letters");
    let config = office.path("otmena.toml");
    let config = config.to_string_lossy();
    let variables = [
        ("OTMENA_CONFIG", &*config),
        ("OTMENA_MAILBOX__SINCE", "2020-01-01T00:00:00Z"),
        ("RUST_LOG", "trace"),
    ];
    let told = office.otmena_with(&["run", "--once"], &variables);
    assert_eq!(told.code, 0, "{}", told.err);
    let handled = office.otmena(&["letters", "list", "--json"]);
    assert_eq!(
        handled.json().as_array().map(Vec::len),
        Some(delivered),
        "{}",
        handled.out
    );
    assert!(!told.err.is_empty(), "nothing was logged at trace");
    assert_eq!(privacy::leaks(&told.err), [], "{}", told.err);
    assert!(
        !told.err.contains('…'),
        "something had to be masked: {}",
        told.err
    );
}
