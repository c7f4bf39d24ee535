//! A PostgreSQL of our own on loopback: one server for the test run, one database for each test.
//!
//! Statics are never dropped, so nothing here could stop the server at the end of the run. A small
//! shell stands between: it waits on a pipe that only this process holds open, and when the
//! process ends, however it ends, it stops the server and removes its folder.

use sqlx::Connection;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::OnceCell;

/// Needs no password: hashing one for each connection would cost more than most tests.
const USER: &str = "otmena";
/// For the tests of logins; its password is [`PASSWORD`].
pub const GUARDED_USER: &str = "guarded";
/// The password of [`GUARDED_USER`].
pub const PASSWORD: &str = "for-tests-only";

/// Makes the server and runs it until the pipe on its standard input ends.
const WATCHDOG: &str = r#"
"$1/initdb" --pgdata "$2/data" --username "$3" --auth=trust --encoding=UTF8 \
    --locale=C.UTF-8 --no-sync >"$2/log" 2>&1
cat "$2/settings" >>"$2/data/postgresql.conf"
cp "$2/access" "$2/data/pg_hba.conf"
"$1/postgres" -D "$2/data" >>"$2/log" 2>&1 &
server=$!
read -r _
kill -QUIT "$server"
wait "$server"
rm -rf "$2"
"#;

/// The server.
pub struct Postgres {
    port: u16,
    log: PathBuf,
    databases: AtomicU32,
    _watchdog: Child,
}

static SHARED: OnceCell<Postgres> = OnceCell::const_new();

impl Postgres {
    /// The server of this test run, started by the first test that asks for it.
    pub async fn shared() -> io::Result<&'static Self> {
        SHARED
            .get_or_try_init(|| async {
                let server = tokio::task::spawn_blocking(Self::start)
                    .await
                    .map_err(io::Error::other)??;
                server.answers().await?;
                Ok(server)
            })
            .await
    }

    /// The address of a new, empty database.
    pub async fn fresh_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let pool = sqlx::PgPool::connect(&self.url("postgres")).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&pool)
            .await
            .unwrap();
        pool.close().await;
        self.url(&name)
    }

    fn url(&self, database: &str) -> String {
        let port = self.port;
        format!("postgres://{USER}@127.0.0.1:{port}/{database}")
    }

    fn start() -> io::Result<Self> {
        let programs = programs()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = tempfile::Builder::new()
            .prefix("otmena-postgres-")
            .tempdir()?
            .keep();
        std::fs::write(folder.join("settings"), settings(port))?;
        std::fs::write(folder.join("access"), access())?;
        give_away(&folder)?;
        let watchdog = as_server_user("sh")
            .args(["-c", WATCHDOG, "watchdog"])
            .arg(&programs)
            .arg(&folder)
            .arg(USER)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self {
            port,
            log: folder.join("log"),
            databases: AtomicU32::new(0),
            _watchdog: watchdog,
        })
    }

    /// Waits until the server takes connections.
    async fn answers(&self) -> io::Result<()> {
        let url = self.url("postgres");
        for _ in 0..600 {
            // Not a pool: that would go on trying for longer than this loop.
            if let Ok(mut connection) = sqlx::PgConnection::connect(&url).await {
                let role = format!("CREATE ROLE {GUARDED_USER} LOGIN PASSWORD '{PASSWORD}'");
                let made = sqlx::query(sqlx::AssertSqlSafe(role)).execute(&mut connection);
                return made.await.map(drop).map_err(io::Error::other);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let what = format!("PostgreSQL did not start within a minute: {log}");
        Err(io::Error::other(what))
    }
}

/// The newest server of Debian's packages, else the first one in PATH.
fn programs() -> io::Result<PathBuf> {
    let complete =
        |folder: &PathBuf| folder.join("initdb").exists() && folder.join("postgres").exists();
    let packaged = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(complete)
        .max();
    let path = std::env::var_os("PATH").unwrap_or_default();
    packaged
        .or_else(|| std::env::split_paths(&path).find(complete))
        .ok_or_else(|| {
            io::Error::other("the PostgreSQL server is missing: apt-get install postgresql")
        })
}

/// PostgreSQL refuses to run as root; Debian's package brings a user for it.
fn as_server_user(program: &str) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    command.arg(program);
    command
}

fn is_root() -> bool {
    let own = std::fs::metadata("/proc/self").expect("procfs");
    std::os::unix::fs::MetadataExt::uid(&own) == 0
}

fn give_away(folder: &Path) -> io::Result<()> {
    if is_root() {
        run(Command::new("chown")
            .arg("-R")
            .arg("postgres:postgres")
            .arg(folder))?;
    }
    Ok(())
}

/// Without fsync: what these tests kill is the program, never the machine.
fn settings(port: u16) -> String {
    format!(
        "port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n\
         fsync = off\nmax_connections = 300\nshared_buffers = 32MB\n"
    )
}

fn access() -> String {
    format!(
        "host all {GUARDED_USER} 127.0.0.1/32 scram-sha-256\nhost all {USER} 127.0.0.1/32 trust\n"
    )
}

fn run(command: &mut Command) -> io::Result<()> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{:?}: {}",
        command.get_program(),
        String::from_utf8_lossy(&output.stderr)
    )))
}
