//! WhatsApp's webhook: who is believed, what is answered, and that nothing is answered before it is kept.

use crate::world::TestShop;
use reqwest::StatusCode;
use secrecy::SecretString;
use serde_json::{Value, json};
use souk::channel::whatsapp::{Account, verify};
use souk::config::Config;
use souk::domain::conversation::Conversation;
use souk::domain::message::Message;
use souk::http::{self, Site};
use souk::llm::keyless::Keyless;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Signs for the first two accounts.
pub const SECRET: &str = "the-app-secret";
const OLD_SECRET: &str = "the-secret-before";

/// Three accounts: two of one app, one of another.
pub fn accounts(config: &mut Config) {
    let secrets = |all: &[&str]| all.iter().map(|s| SecretString::from((*s).to_owned())).collect();
    for (name, number, secret) in [
        ("main", "4001", secrets(&[SECRET, OLD_SECRET])),
        ("second", "4002", secrets(&[SECRET])),
        ("stranger", "4003", secrets(&["another-secret"])),
    ] {
        let account = Account {
            app_secret: secret,
            verify_token: "open sesame".to_owned().into(),
            phone_number_id: number.to_owned(),
            waba_id: "3001".to_owned(),
            ..Account::default()
        };
        config.whatsapp.accounts.insert(name.to_owned(), account);
    }
}

/// A body with messages of one shopper to a number.
pub fn texts(number: &str, who: &str, messages: &[(&str, &str)]) -> Value {
    let messages: Vec<Value> = messages
        .iter()
        .map(|(id, text)| {
            json!({"from": who, "from_user_id": format!("DE.U{who}"), "id": id, "timestamp": "1797238800",
                "type": "text", "text": {"body": text}})
        })
        .collect();
    change("messages", &json!({"metadata": {"phone_number_id": number}, "messages": messages}))
}

/// A body with one change.
pub fn change(field: &str, value: &Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "3001", "changes": [{"field": field, "value": value}]}]})
}

struct Gate {
    shop: TestShop,
    url: String,
    client: reqwest::Client,
}

impl Gate {
    /// The real router on a port; nobody works off what comes in.
    async fn open() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let shop = TestShop::demo_with(Keyless, accounts).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = http::router(Arc::new(Site::new(Arc::clone(&shop.app), "token".to_owned())));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let client = reqwest::Client::builder().timeout(std::time::Duration::from_secs(60)).build().unwrap();
        Self { shop, url, client }
    }

    async fn post(&self, account: &str, body: impl Into<Vec<u8>>, signature: Option<String>) -> StatusCode {
        let mut request = self.client.post(format!("{}/webhooks/whatsapp/{account}", self.url)).body(body.into());
        if let Some(signature) = signature {
            request = request.header("X-Hub-Signature-256", signature);
        }
        request.send().await.unwrap().status()
    }

    async fn signed(&self, account: &str, secret: &str, body: impl Into<Vec<u8>>) -> StatusCode {
        let body = body.into();
        let signature = verify::sign(&body, &SecretString::from(secret.to_owned()));
        self.post(account, body, Some(signature)).await
    }

    async fn metric(&self, line: &str) -> bool {
        let text = self.client.get(format!("{}/metrics", self.url)).send().await.unwrap().text().await.unwrap();
        text.lines().any(|l| l == line)
    }

    async fn talks(&self) -> Vec<Conversation> {
        talks(&self.shop).await
    }
}

/// Every talk over WhatsApp, by channel.
pub async fn talks(shop: &TestShop) -> Vec<Conversation> {
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let listed = tx.list_conversations(false, 1_000).await.unwrap();
    let mut talks: Vec<_> =
        listed.into_iter().map(|l| l.conversation).filter(|c| c.channel.starts_with("whatsapp:")).collect();
    talks.sort_by(|a, b| (&a.channel, &a.id).cmp(&(&b.channel, &b.id)));
    talks
}

/// What was written in a talk.
pub async fn written(shop: &TestShop, talk: &Conversation) -> Vec<Message> {
    shop.app.store.read(&shop.app.shop).await.unwrap().messages_after(&talk.id, 0, 10_000).await.unwrap()
}

fn words(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|m| m.body.words()).collect()
}

#[tokio::test]
async fn only_what_is_signed_is_believed() {
    let gate = Gate::open().await;
    let body = texts("4001", "491", &[("wamid.1", "hello")]).to_string();
    let right = verify::sign(body.as_bytes(), &SecretString::from(SECRET));
    assert_eq!(gate.post("main", body.clone(), None).await, 401);
    assert_eq!(gate.signed("main", "another-secret", body.clone()).await, 401);
    assert_eq!(gate.signed("stranger", SECRET, body.clone()).await, 401, "each account has its own");
    assert_eq!(gate.post("main", format!("{body} "), Some(right.clone())).await, 401);
    assert_eq!(gate.post("nobody", body.clone(), Some(right.clone())).await, 404);
    assert!(gate.talks().await.is_empty());
    assert!(gate.metric("souk_whatsapp_bodies_total{outcome=\"rejected\"} 4").await);
    assert_eq!(gate.post("main", body, Some(right)).await, 200);
    let before = texts("4001", "491", &[("wamid.2", "again")]).to_string();
    assert_eq!(gate.signed("main", OLD_SECRET, before).await, 200, "while the secret is replaced");
    let talks = gate.talks().await;
    assert_eq!(words(&written(&gate.shop, &talks[0]).await), ["hello", "again"]);
    assert!(gate.metric("souk_whatsapp_bodies_total{outcome=\"accepted\"} 2").await);
    gate.shop.finish(&[]).await;
}

#[tokio::test]
async fn the_bytes_count_and_not_what_they_mean() {
    let gate = Gate::open().await;
    let body = r#"{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"4001"},
        "messages":[{"from":"491","id":"wamid.1","timestamp":"1797238800","type":"text","text":{"body":"Gr\u00fc\u00dfe \ud83c\udf32 a\/b @"}}]}}]}]}"#;
    assert_eq!(gate.signed("main", SECRET, body).await, 200);
    assert_eq!(words(&written(&gate.shop, &gate.talks().await[0]).await), ["Grüße 🌲 a/b @"]);
    for strange in ["", "not json", "{\"object\":\"page\"}", "[]"] {
        assert_eq!(gate.signed("main", SECRET, strange).await, 200, "{strange}");
    }
    assert_eq!(gate.signed("main", SECRET, vec![0xff, 0, 0xfe]).await, 200);
    let app = &gate.shop.app;
    let kept = app.store.read(&app.shop).await.unwrap().channel_events(10).await.unwrap();
    assert_eq!(kept.len(), 5, "{kept:?}");
    gate.shop.finish(&[]).await;
}

#[tokio::test]
async fn a_batch_is_taken_in_once_and_goes_to_its_numbers() {
    let gate = Gate::open().await;
    let mut body = texts("4001", "491", &[("wamid.1", "one"), ("wamid.2", "two"), ("wamid.1", "one")]);
    let second = texts("4002", "491", &[("wamid.3", "to the other number")])["entry"][0].clone();
    let unknown = texts("4999", "491", &[("wamid.4", "to nobody")])["entry"][0].clone();
    let foreign = texts("4003", "491", &[("wamid.5", "to a number of another app")])["entry"][0].clone();
    body["entry"].as_array_mut().unwrap().extend([second, unknown, foreign]);
    for _ in 0..3 {
        assert_eq!(gate.signed("main", SECRET, body.to_string()).await, 200);
    }
    let talks = gate.talks().await;
    assert_eq!(talks.iter().map(|t| t.channel.as_str()).collect::<Vec<_>>(), ["whatsapp:main", "whatsapp:second"]);
    assert_eq!(talks[0].contact, talks[1].contact, "one person, whichever number they write to");
    assert_eq!(words(&written(&gate.shop, &talks[0]).await), ["one", "two"]);
    assert_eq!(words(&written(&gate.shop, &talks[1]).await), ["to the other number"]);
    assert!(gate.metric("souk_whatsapp_events_total{seen=\"new\"} 5").await);
    assert!(gate.metric("souk_whatsapp_events_total{seen=\"repeated\"} 13").await);
    gate.shop.finish(&[]).await;
}

#[tokio::test]
async fn three_megabytes_are_read_and_more_are_not() {
    let gate = Gate::open().await;
    let whole = |letters: usize| texts("4001", "491", &[("wamid.1", &"x".repeat(letters))]).to_string();
    let most = 3 * 1024 * 1024;
    let around = whole(0).len();
    assert_eq!(gate.signed("main", SECRET, whole(most - around)).await, 200);
    assert_eq!(gate.signed("main", SECRET, whole(most - around + 1)).await, 413);
    assert_eq!(written(&gate.shop, &gate.talks().await[0]).await[0].body.words().len(), 4_000);
    gate.shop.finish(&[]).await;
}

#[tokio::test]
async fn many_at_once_share_commits_and_lose_nothing() {
    let gate = Arc::new(Gate::open().await);
    let mut tasks = JoinSet::new();
    for n in 0..120 {
        let gate = Arc::clone(&gate);
        // Six shoppers, each message twice.
        let body = texts("4001", &format!("49{}", n % 6), &[(&format!("wamid.{}", n / 2), &n.to_string())]).to_string();
        tasks.spawn(async move { gate.signed("main", SECRET, body).await });
    }
    assert!(tasks.join_all().await.iter().all(|status| *status == 200));
    let mut found = 0;
    for talk in gate.talks().await {
        found += written(&gate.shop, &talk).await.len();
    }
    assert_eq!(found, 60);
    assert!(!gate.metric("souk_whatsapp_shared_commits_total 0").await, "no two were ever committed together");
    Arc::into_inner(gate).unwrap().shop.finish(&[]).await;
}

#[tokio::test]
async fn what_cannot_be_kept_is_sent_again() {
    let gate = Gate::open().await;
    gate.shop.app.store.close().await;
    let body = texts("4001", "491", &[("wamid.1", "hello")]).to_string();
    assert_eq!(gate.signed("main", SECRET, body.clone()).await, 503);
    let app = gate.shop.another(|_| ()).await;
    let mut tx = app.store.read(&app.shop).await.unwrap();
    assert!(
        tx.list_conversations(false, 10).await.unwrap().iter().all(|l| !l.conversation.channel.starts_with("whatsapp"))
    );
    drop(tx);
    let mut shop = gate.shop;
    shop.dies().await;
    shop.finish(&[]).await;
}

#[tokio::test]
async fn the_address_is_set_up_by_whoever_knows_the_word() {
    let gate = Gate::open().await;
    let ask = |account: &str, query: &str| {
        let request = gate.client.get(format!("{}/webhooks/whatsapp/{account}?{query}", gate.url));
        async move {
            let response = request.send().await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        }
    };
    let right = "hub.mode=subscribe&hub.challenge=11502&hub.verify_token=open%20sesame";
    assert_eq!(ask("main", right).await, (200, "11502".to_owned()));
    assert_eq!(ask("nobody", right).await.0, 404);
    assert_eq!(ask("main", &right.replace("open", "closed")).await.0, 403);
    assert_eq!(ask("main", &right.replace("subscribe", "unsubscribe")).await.0, 403);
    assert_eq!(ask("main", "").await.0, 403);
    gate.shop.finish(&[]).await;
}
