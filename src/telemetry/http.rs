//! `/metrics` and `/healthz`.

use super::{Health, HealthState};
use crate::clock::Clock;
use crate::failure::Failure;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// What the pages are made from.
#[derive(Clone)]
pub struct Pages {
    /// Health of the daemon.
    pub health: Health,
    /// The metrics.
    pub metrics: PrometheusHandle,
    /// For the age of the last scan.
    pub clock: Arc<dyn Clock>,
}

/// Takes the address, so that a taken one stops the start.
///
/// # Errors
/// [`Failure::Stop`] when it cannot be taken.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(listen).await.map_err(|cause| {
        Failure::stop_because(
            format!("`http.listen` = \"{listen}\" cannot be taken"),
            "Choose a free port of this machine, or end the program that holds it",
            cause,
        )
    })
}

/// Answers until `stop` is cancelled.
///
/// # Errors
/// [`Failure::TryAgain`] when the listener breaks.
pub async fn serve(
    listener: TcpListener,
    pages: Pages,
    stop: CancellationToken,
) -> Result<(), Failure> {
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(healthz))
        .with_state(pages);
    axum::serve(listener, router)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await
        .map_err(|cause| Failure::try_again_because("the HTTP endpoint broke", cause))
}

async fn metrics(State(pages): State<Pages>) -> impl IntoResponse {
    pages.metrics.run_upkeep();
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], pages.metrics.render())
}

async fn healthz(State(pages): State<Pages>) -> impl IntoResponse {
    let state = pages.health.state(pages.clock.now());
    let status = if state.is_good() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (status, kind, body(state))
}

fn body(state: HealthState) -> String {
    let body = serde_json::json!({"status": state.code(), "seconds_since_scan": state.age()});
    format!("{body}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FixedClock;
    use crate::domain::Moment;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn ask(address: SocketAddr, page: &str) -> String {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!("GET {page} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn health_is_503_until_a_scan_is_completed_and_when_it_is_overdue() {
        let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let clock = Arc::new(FixedClock::new(Moment::from_seconds(0)));
        let pages = Pages {
            health: Health::with_limit(Moment::from_seconds(0), 60),
            metrics: PrometheusBuilder::new().build_recorder().handle(),
            clock: clock.clone(),
        };
        let stop = CancellationToken::new();
        let server = tokio::spawn(serve(listener, pages.clone(), stop.clone()));
        let answer = ask(address, "/healthz").await;
        assert!(
            answer.starts_with("HTTP/1.1 503") && answer.contains("no_scan_yet"),
            "{answer}"
        );
        pages.health.scan_completed(Moment::from_seconds(10));
        clock.set(Moment::from_seconds(40));
        let answer = ask(address, "/healthz").await;
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.contains(r#""seconds_since_scan":30"#),
            "{answer}"
        );
        clock.set(Moment::from_seconds(71));
        let answer = ask(address, "/healthz").await;
        assert!(
            answer.starts_with("HTTP/1.1 503") && answer.contains("scan_overdue"),
            "{answer}"
        );
        assert!(ask(address, "/metrics").await.starts_with("HTTP/1.1 200"));
        stop.cancel();
        server.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_taken_address_stops_the_start_and_names_the_setting() {
        let first = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let told = bind(first.local_addr().unwrap())
            .await
            .unwrap_err()
            .to_string();
        assert!(told.contains("`http.listen`"), "{told}");
    }
}
