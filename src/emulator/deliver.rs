//! Posting webhooks to the business, and asking it for the handshake.

use crate::emulator::hook::Pending;
use crate::emulator::look::Checked;
use crate::emulator::refusal::Refusal;
use crate::emulator::state::Entry;
use crate::emulator::wire;
use crate::emulator::world::World;
use secrecy::ExposeSecret;
use std::time::Duration;
use tokio::sync::watch;

/// How often it looks for what is due. An update is posted at the second look, so that by default the call that
/// caused it is answered first.
const LOOK_EVERY: Duration = Duration::from_millis(30);
/// Posts in one go, so that a receiver that always fails cannot hold it for ever.
const POSTS_MAX: usize = 2_000;
/// Repeats of one webhook.
const DUPLICATES_MAX: u32 = 20;
/// Characters of an answer that are looked at.
const ANSWER_MAX: usize = 2_000;

/// A POST that is ready.
struct Ready {
    url: String,
    batch: Vec<Pending>,
    bytes: Vec<u8>,
    signature: String,
    duplicates: u32,
    held: bool,
}

/// Delivers until told to stop.
pub async fn run(world: World, mut stop: watch::Receiver<bool>) {
    let mut seen = 0;
    while !*stop.borrow() {
        tokio::select! {
            _ = stop.changed() => break,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let upto = std::mem::replace(
            &mut seen,
            world.with(|s| {
                s.tick();
                s.serial()
            }),
        );
        let _one = world.0.delivering.lock().await;
        world.pump(upto).await;
    }
}

impl World {
    /// Lets happen what is due and posts every webhook that is due. Answers how many POSTs that took.
    pub async fn settle(&self) -> usize {
        let _one = self.0.delivering.lock().await;
        self.pump(u64::MAX).await
    }

    pub(in crate::emulator) async fn pump(&self, upto: u64) -> usize {
        let mut posts = 0;
        while posts < POSTS_MAX {
            let Some(ready) = self.with(|s| s.tick_and_take(upto)) else { break };
            posts += 1;
            let ok = !ready.held && self.post(&ready).await;
            if ok {
                for _ in 0..ready.duplicates.min(DUPLICATES_MAX) {
                    posts += 1;
                    self.post(&ready).await;
                }
            } else {
                self.with(|s| s.try_again(ready.batch));
            }
        }
        posts
    }

    async fn post(&self, ready: &Ready) -> bool {
        let sent = self
            .0
            .http
            .post(&ready.url)
            .header("content-type", "application/json")
            .header("user-agent", "facebookexternalua")
            .header("x-hub-signature-256", &ready.signature)
            .body(ready.bytes.clone())
            .send()
            .await;
        let (status, answer, why) = match sent {
            Ok(answer) => {
                let status = answer.status().as_u16();
                let why = (status != 200).then(|| "not answered with 200: it will be repeated".to_owned());
                (status, beginning(answer).await, why)
            }
            Err(error) => (0, String::new(), Some(format!("no answer ({}): it will be repeated", kind_of(&error)))),
        };
        self.with(|s| {
            let at = s.now();
            let request = String::from_utf8_lossy(&ready.bytes).into_owned();
            s.note(Entry { seq: 0, at, kind: "webhook", title: ready.url.clone(), status, request, answer, why });
        });
        status == 200
    }

    /// The GET with a challenge that a callback must answer before it is taken.
    pub async fn handshake(&self, url: &str, verify_token: &str) -> Checked<()> {
        let challenge: String = self.with(|s| (0..3).map(|_| (s.dice.roll() % 1_000_000_000).to_string()).collect());
        let query = [("hub.mode", "subscribe"), ("hub.challenge", &challenge), ("hub.verify_token", verify_token)];
        let refused = |why: String| Refusal::new(2200, format!("Callback verification failed: {why}"));
        let full = reqwest::Url::parse_with_params(url, query).map_err(|_| refused("no valid URL".into()))?;
        let answer = self.0.http.get(full).header("user-agent", "facebookplatform/1.0").send().await;
        let answer = answer.map_err(|error| refused(format!("no answer ({})", kind_of(&error))))?;
        let status = answer.status().as_u16();
        let body = beginning(answer).await;
        if status == 200 && body == challenge {
            return Ok(());
        }
        Err(refused(format!("HTTP status {status}, and the challenge did not come back as the bare body")))
    }
}

fn kind_of(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "timed out"
    } else if error.is_connect() {
        "cannot connect"
    } else {
        "broken connection"
    }
}

async fn beginning(mut answer: reqwest::Response) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > ANSWER_MAX {
            break;
        }
    }
    bytes.truncate(ANSWER_MAX);
    String::from_utf8_lossy(&bytes).into_owned()
}

impl crate::emulator::state::State {
    fn tick_and_take(&mut self, upto: u64) -> Option<Ready> {
        self.tick();
        let (url, batch) = self.take_due(upto)?;
        let bytes = wire::bytes(&self.envelope(&batch));
        let signature = wire::signature(self.settings.app_secret.expose_secret(), &bytes);
        let (duplicates, held) = (self.mischief.duplicates, self.mischief.no_delivery);
        Some(Ready { url, batch, bytes, signature, duplicates, held })
    }
}
