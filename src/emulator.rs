//! A little WhatsApp: a fake of Meta's Cloud API with people, chats, time and moods. It is a fake and says so: nothing
//! leaves this machine but webhooks to the address it is given. It states Meta's rules anew and uses nothing of our
//! adapter, because it is that adapter's judge.
//!
//! It keeps everything in memory, within the limits named in `state`, `media` and `hook`.

pub mod business;
pub mod check;
pub mod control;
pub mod deliver;
pub mod graph;
pub mod happen;
pub mod hook;
pub mod look;
pub mod media;
pub mod mischief;
pub mod multipart;
pub mod page;
pub mod price;
pub mod refusal;
pub mod send;
pub mod settings;
pub mod shopper;
pub mod state;
pub mod template;
pub mod throttle;
pub mod wire;
pub mod world;

#[cfg(test)]
mod tests;

use crate::clock::{Clock, Ids};
use crate::emulator::settings::Settings;
use crate::emulator::world::World;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long open requests may take to end.
const STOP_WAIT: Duration = Duration::from_secs(2);

/// Why the emulator cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is taken or not this machine's.
    #[error("the WhatsApp emulator cannot listen on {0}; choose another address: {1}")]
    Listen(String, #[source] std::io::Error),
    /// No HTTP client.
    #[error("the WhatsApp emulator cannot make an HTTP client: {0}")]
    Client(#[source] reqwest::Error),
    /// Nothing to send from.
    #[error("the WhatsApp emulator needs at least one number in its settings")]
    NoNumber,
}

/// Starts little worlds.
pub struct Emulator;

/// A world that listens and delivers.
pub struct Running {
    /// Where it listens: `http://127.0.0.1:…`, for the adapter's base address and for a browser.
    pub address: String,
    world: World,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Emulator {
    /// Listens on any free port of this machine.
    pub async fn start(settings: Settings, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Result<Running, Error> {
        Self::start_on("127.0.0.1:0", settings, clock, ids).await
    }

    /// Listens on an address.
    pub async fn start_on(
        bind: &str,
        settings: Settings,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Running, Error> {
        let world = World::new(settings, clock, ids)?;
        let failed = |error| Error::Listen(bind.to_owned(), error);
        let listener = TcpListener::bind(bind).await.map_err(failed)?;
        let address = format!("http://{}", listener.local_addr().map_err(failed)?);
        world.with(|s| s.settings.public_url.clone_from(&address));
        let router = Self::router(&world).into_make_service_with_connect_info::<SocketAddr>();
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(deliver::run(world.clone(), stopped.clone()));
        tasks.spawn(async move {
            let mut stopped = stopped;
            let served = axum::serve(listener, router).with_graceful_shutdown(async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            });
            if let Err(error) = served.await {
                tracing::error!(%error, "the WhatsApp emulator stopped");
            }
        });
        Ok(Running { address, world, stop, tasks })
    }

    /// Its pages and the Graph API, for whoever listens by themselves. Webhooks go out only with [`World::settle`] or
    /// [`deliver::run`], and the page's orders are taken only with `into_make_service_with_connect_info::<SocketAddr>()`.
    pub fn router(world: &World) -> Router {
        Router::new()
            .route("/", get(page::index))
            .route("/emulator/assets/{file}", get(page::asset))
            .route("/emulator/state", get(control::state))
            .route("/emulator/control", post(control::control).layer(DefaultBodyLimit::max(control::BODY_MAX)))
            .route("/emulator/file/{id}", get(control::file))
            .route("/emulator/media/{token}", get(control::media))
            .fallback(graph::answer)
            .with_state(world.clone())
    }
}

impl Running {
    /// The handle for tests: play shoppers, misbehave, look at what was sent.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Posts every webhook that is due. Answers how many POSTs that took.
    pub async fn settle(&self) -> usize {
        self.world.settle().await
    }

    /// Stops, and waits a moment for what is under way.
    pub async fn shutdown(mut self) {
        let _ = self.stop.send(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(STOP_WAIT, all).await;
    }
}
