//! `souk serve`: everything in one process.

use crate::cli::start::{self, Place};
use crate::cli::{BoxError, start::settings};
use souk::app::{App, assemble, secret};
use souk::checkout::reconcile;
use souk::config::Loaded;
use souk::conversation::whatsapp::template_news;
use souk::http::{self, Site, sandbox};
use souk::search::Kind;
use souk::worker;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long open requests may take to end when the program is told to stop.
const STOP_WAIT: Duration = Duration::from_secs(5);

/// A program that serves: pages, worker, sandbox.
pub struct Running {
    /// The program.
    pub app: Arc<App>,
    /// Where it listens.
    pub address: String,
    /// Opens the console.
    pub console_token: String,
    stop: watch::Sender<bool>,
    tasks: tokio::task::JoinSet<()>,
}

/// Serves until interrupted or told to end.
pub async fn serve(place: &Place) -> Result<ExitCode, BoxError> {
    let loaded = settings(place)?;
    let _lock = assemble::lock(&place.data)?;
    let bind = &loaded.config.http.bind;
    let listener =
        TcpListener::bind(bind).await.map_err(|e| format!("cannot listen on {bind}: {e}; {}", remedy(&e)))?;
    let stopped = stopped()?;
    let public_url = public_url(&loaded, &listener)?;
    let app = Arc::new(start::program(&loaded, &public_url).await?);
    let running = begin(app, listener, &loaded).await?;
    println!("{}", screen(&running).await?);
    stopped.await;
    eprintln!("Stopping…");
    running.end().await;
    Ok(ExitCode::SUCCESS)
}

/// What to do about an address that cannot be used.
pub fn remedy(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => "another program listens there; choose another with SOUK_HTTP__BIND",
        std::io::ErrorKind::PermissionDenied => "ports below 1024 need rights; choose one above with SOUK_HTTP__BIND",
        _ => "choose an address of this machine with SOUK_HTTP__BIND",
    }
}

/// Ends on Ctrl-C, and on the signal service managers and containers send.
pub fn stopped() -> Result<impl Future<Output = ()>, BoxError> {
    #[cfg(unix)]
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// The address shoppers use: the one that is set, or where the listener really listens (port 0 means any).
pub fn public_url(loaded: &Loaded, listener: &TcpListener) -> Result<String, BoxError> {
    Ok(if loaded.config.http.public_url.is_empty() { address(listener)? } else { loaded.config.public_url() })
}

/// Where this machine reaches a listener.
pub fn address(listener: &TcpListener) -> Result<String, BoxError> {
    let local = listener.local_addr()?;
    let host = if local.ip().is_unspecified() { "127.0.0.1".to_owned() } else { local.ip().to_string() };
    Ok(format!("http://{}:{}", if host.contains(':') { format!("[{host}]") } else { host }, local.port()))
}

/// Starts pages, worker and sandbox. Whoever calls this holds the data folder's lock.
pub async fn begin(app: Arc<App>, listener: TcpListener, loaded: &Loaded) -> Result<Running, BoxError> {
    let console_token = console_token(&app, &loaded.data)?;
    let address = address(&listener)?;
    start::free_left_jobs(&app, loaded).await?;
    reconcile::begin(&app, &app.shop).await?;
    template_news::begin(&app, &app.shop).await?;
    let site = Arc::new(Site::new(Arc::clone(&app), console_token.clone()));
    let (stop, stopped) = watch::channel(false);
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(worker::run(Arc::clone(&app), stopped.clone()));
    tasks.spawn(sandbox::deliver(Arc::clone(&site), address.clone(), stopped.clone()));
    let router = http::router(site);
    tasks.spawn(async move {
        let mut stopped = stopped;
        let ended = axum::serve(listener, router).with_graceful_shutdown(async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        });
        if let Err(error) = ended.await {
            tracing::error!(%error, "the pages stopped");
        }
    });
    Ok(Running { app, address, console_token, stop, tasks })
}

impl Running {
    /// Stops, and waits a moment for what is under way.
    pub async fn end(mut self) {
        let _ = self.stop.send(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(STOP_WAIT, all).await;
        self.app.store.close().await;
    }
}

/// The console's token, made on the first start and readable by the owner only.
fn console_token(app: &App, data: &Path) -> Result<String, BoxError> {
    let kept = secret::kept(&data.join("console.token"), app.ids.as_ref())?;
    Ok(kept.into_iter().next().ok_or("the console's token could not be made")?)
}

/// The one friendly screen.
async fn screen(running: &Running) -> Result<String, BoxError> {
    let app = &running.app;
    let shop = app.store.read(&app.shop).await?.shop().await?.ok_or("the shop is gone")?;
    let (products, variants) = app.store.read(&app.shop).await?.catalog_size().await?;
    let passages = app.index.count(&app.shop, Kind::Passage).await?;
    let url = &running.address;
    let change = |what: &str| format!("→ {what}");
    let rows = [
        ("model", app.model.name(), change("OPENAI_API_KEY, or SOUK_LLM__BASE_URL and SOUK_LLM__MODEL")),
        ("embedder", app.embedder.name(), change("SOUK_EMBED__MODEL and SOUK_EMBED__BASE_URL")),
        ("search", app.index.name(), change("QDRANT_URL")),
        ("payment", app.payments.name(), change("STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET")),
        ("database", app.store.name(), change("DATABASE_URL=postgres://…")),
    ];
    let wide = rows.iter().map(|(_, value, _)| value.chars().count()).max().unwrap_or(0);
    let mut text =
        format!("\n  {} is open: {products} products, {variants} variants, {passages} passages.\n\n", shop.name);
    text.push_str(&format!("  Chat      {url}/chat\n  Widget    {url}/widget-demo\n"));
    text.push_str(&format!("  Console   {url}/console?token={}\n\n", running.console_token));
    for (name, value, change) in rows {
        text.push_str(&format!("  {name:<9} {value:<wide$}  {change}\n"));
    }
    text.push_str(
        "\n  `souk doctor` shows every setting. Stop with Ctrl-C; start again and everything is still there.\n",
    );
    Ok(text)
}
