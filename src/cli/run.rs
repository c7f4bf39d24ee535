//! `otmena run`: the daemon, with its signals, its pages and its word to systemd.

use super::check::SINCE_AHEAD;
use super::{Exit, Problem, SettingsFile, ledger, start_log};
use crate::clock::{Clock, SystemClock};
use crate::config::{self, Loaded};
use crate::daemon::{self, Finish, Workshop};
use crate::failure::Failure;
use crate::record::Ledger;
use crate::telemetry::{Health, http, metrics, systemd};
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::filter::LevelFilter;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    settings: SettingsFile,
    /// Handle all that lies in the mailbox, send all that is due, file everything, and end: 0, or
    /// 75 when something could not be finished
    #[arg(long)]
    once: bool,
}

pub async fn run(arguments: &Arguments) -> Result<Exit, Problem> {
    let loaded = config::load(&arguments.settings.config)?;
    start_log(loaded.settings.log.format, LevelFilter::INFO)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let health = Health::new(clock.now());
    let stop = CancellationToken::new();
    // Telemetry lives longer than the work: it tells of the end, too.
    let aside = CancellationToken::new();
    cancel_on_signals(&stop)?;
    let mut beside = tokio::task::JoinSet::new();
    // One pass is over before anybody asks, and a daemon may hold the port.
    let listen = loaded.settings.http.listen.filter(|_| !arguments.once);
    if let Some(listen) = listen {
        let listener = http::bind(listen).await?;
        let pages = http::Pages {
            health: health.clone(),
            metrics: metrics::start()?,
            clock: clock.clone(),
        };
        let aside = aside.clone();
        beside.spawn(async move {
            if let Err(failure) = http::serve(listener, pages, aside).await {
                tracing::error!(code = "http_broke", "{}", failure.chain());
            }
        });
    }
    beside.spawn(systemd::watchdog(
        health.clone(),
        clock.clone(),
        aside.clone(),
    ));
    let ledger = ledger::open_updated(&loaded.settings).await?;
    if loaded.since.is_some_and(|since| since > clock.now()) {
        tracing::warn!(code = "since_ahead", "{SINCE_AHEAD}");
    }
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        once = arguments.once,
        "start"
    );
    let ended = serve(loaded, ledger, clock, health, &stop, arguments.once).await;
    systemd::stopping();
    aside.cancel();
    beside.join_all().await;
    let exit = ended?;
    tracing::info!(exit = exit.code(), "end");
    Ok(exit)
}

async fn serve(
    loaded: Loaded,
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    health: Health,
    stop: &CancellationToken,
    once: bool,
) -> Result<Exit, Failure> {
    let key = ledger::document_key(ledger.as_ref(), clock.now()).await?;
    let workshop = Arc::new(Workshop::new(loaded, ledger, clock, health, key)?);
    let finish = if once {
        Box::pin(daemon::run_once(&workshop, stop)).await?
    } else {
        Box::pin(daemon::run(&workshop, stop)).await?
    };
    Ok(match finish {
        Finish::Done => Exit::Done,
        Finish::SomethingLeft => Exit::Later,
    })
}

/// SIGTERM and SIGINT let the letter in hand be finished; a second one is not needed and changes
/// nothing.
fn cancel_on_signals(stop: &CancellationToken) -> Result<(), Failure> {
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let mut signal = signal(kind).map_err(|cause| {
            Failure::stop_because("signals cannot be waited for", "Report this", cause)
        })?;
        let stop = stop.clone();
        tokio::spawn(async move {
            while signal.recv().await.is_some() {
                systemd::stopping();
                stop.cancel();
            }
        });
    }
    Ok(())
}
