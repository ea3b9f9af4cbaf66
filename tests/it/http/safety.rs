//! What people with bad intentions try: scripts in texts, odd paths, handlers that fall over.

use crate::http::{Door, TOKEN};
use crate::world::TestShop;
use reqwest::header::CONTENT_SECURITY_POLICY;
use serde_json::json;
use souk::domain::id::ShopId;
use souk::search::{Doc, Error, Filter, Hit, Index, Kind, Lack, Made, Stamp};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

const SCRIPT: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>";

#[tokio::test]
async fn words_never_become_markup() {
    let door = Door::open().await;
    let maya = door.visitor().await;
    let app = &door.shop.app;
    // A merchant's feed and profile are data, too.
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let mut shop = tx.shop().await.unwrap().unwrap();
    shop.name = format!("Shop {SCRIPT}");
    shop.greeting = SCRIPT.to_owned();
    shop.starters = vec![format!("\" onclick=\"alert(3) {SCRIPT}")];
    tx.save_shop(&shop).await.unwrap();
    let mut wax = tx.product(&souk::domain::id::ProductId::new("nordvik-boot-wax")).await.unwrap().unwrap();
    wax.title = format!("Wax {SCRIPT}");
    let stored = souk::store::catalog::Stored { whole: String::new(), text: String::new() };
    tx.save_product(&wax, &stored, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let (page, _) = door.orders(&maya).await;
    door.writes(&maya, &json!({"text": format!("a person please {SCRIPT}")})).await;
    door.writes(&maya, &json!({"tap": "person", "label": SCRIPT})).await;
    door.messages(&maya, 8).await;
    let colleague = door.colleague().await;
    let (_, list) = door.page("/console?filter=all", &colleague).await;
    let path = list.split("href=\"").find(|t| t.starts_with("/console/conversations/")).unwrap();
    let path = path.split('"').next().unwrap().to_owned();
    for path in ["/chat", &page, "/console?filter=all", &path, &order_page(&door).await] {
        let (status, text) = door.page(path, &format!("{maya}; {colleague}")).await;
        assert_eq!(status, 200, "{path}");
        assert!(
            !text.contains("<script>alert") && !text.contains("<img src=x") && !text.contains("\" onclick="),
            "{path}"
        );
        assert!(text.contains("&lt;script&gt;"), "{path} shows nothing of it: {text}");
    }
    door.close().finish(&[]).await;
}

async fn order_page(door: &Door) -> String {
    door.order_page(&door.shop.orders().await[0])
}

#[tokio::test]
async fn every_page_has_a_policy_and_every_file_it_names() {
    let door = Door::open().await;
    let maya = door.visitor().await;
    let (pay, _) = door.orders(&maya).await;
    let colleague = door.colleague().await;
    let pages =
        ["/chat", "/chat?embed=1", "/widget-demo", &pay, &order_page(&door).await, "/console", "/nowhere", "/pay/none"];
    for path in pages {
        let response = door.get(path).header("cookie", &colleague).send().await.unwrap();
        let policy = response.headers().get(CONTENT_SECURITY_POLICY).map(|v| v.to_str().unwrap().to_owned());
        assert!(response.headers().get("x-content-type-options").is_some(), "{path}");
        let policy = policy.unwrap_or_else(|| panic!("{path} has no policy"));
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        let html = response.text().await.unwrap();
        for (before, rest) in html.match_indices(['"']).map(|(at, _)| (&html[..at], &html[at + 1..])) {
            let name = rest.split('"').next().unwrap_or_default();
            let asked = before.ends_with("src=") || before.ends_with("href=");
            if asked && name.starts_with('/') && !name.starts_with("/console") && !name.starts_with("/orders") {
                let status = door.page(name, &maya).await.0;
                assert!([200, 303, 307].contains(&status), "{path} names {name}, which answers {status}");
            }
        }
    }
    door.close().finish(&[]).await;
}

#[test]
fn no_template_has_inline_scripts_or_styles() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
    let mut pages = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".html") {
            pages += 1;
            let lower = text.to_lowercase();
            for script in lower.split("<script").skip(1) {
                assert!(script.split('>').next().unwrap().contains("src="), "{name} has an inline script");
            }
            assert!(!lower.contains("<style") && !lower.contains(" style=\""), "{name} has inline styles");
            for handler in ["onclick", "onload", "onsubmit", "onerror", "oninput", "onchange", "javascript:"] {
                assert!(!lower.contains(&format!(" {handler}")), "{name} has {handler}");
            }
        }
        if name.ends_with(".js") {
            // Reading markup to compare it is harmless, writing it is not.
            let text = text.replace("HTML === ", "").replace("HTML == ", "");
            for bad in [".innerHTML =", ".innerHTML +=", ".outerHTML", "insertAdjacentHTML", "document.write", "eval("]
            {
                assert!(!text.contains(bad), "{name} uses {bad}");
            }
        }
    }
    assert!(pages > 5);
}

#[tokio::test]
async fn odd_paths_lead_nowhere() {
    let door = Door::open().await;
    let secret = door.shop.app.data.join("console.token");
    std::fs::write(&secret, TOKEN).unwrap();
    for path in [
        "/assets/..%2fCargo.toml",
        "/assets/..%2f..%2fetc%2fpasswd",
        "/assets/chat.html",
        "/assets/%00.css",
        "/assets/.css",
        "/assets/nothing.js",
        "/pictures/..%2fconsole.token",
        "/pictures/..%2f..%2fetc%2fpasswd.svg",
        "/pictures/%2e%2e%2fsouk.db.svg",
        "/pictures/.hidden.svg",
        "/pictures/..svg",
        "/pictures/nothing.svg",
        "/pictures/souk.db",
        "/assets/",
        "/pictures/",
        "/../Cargo.toml",
        "/console/conversations/%2e%2e",
    ] {
        let (status, text) = door.page(path, "").await;
        assert!(!text.contains(TOKEN) && !text.contains("root:") && !text.contains("[package]"), "{path}");
        assert!(status == 404 || path.starts_with("/console"), "{path}: {status}");
    }
    let (status, svg) = door.page("/pictures/nordvik-boot-wax.svg", "").await;
    assert!(status == 200 && svg.contains("<svg"));
    assert_eq!(door.page("/assets/chat.css", "").await.0, 200);
    door.close().finish(&[]).await;
}

/// An index that falls over when it is asked how it is.
struct Broken;

#[async_trait::async_trait]
impl Index for Broken {
    fn name(&self) -> String {
        "broken".to_owned()
    }
    async fn upsert(&self, _: &ShopId, _: Vec<Doc>) -> Result<u64, Error> {
        Ok(0)
    }
    async fn set_vectors(&self, _: &ShopId, _: &str, _: Vec<Made>) -> Result<u64, Error> {
        Ok(0)
    }
    async fn lacking(&self, _: &ShopId, _: usize) -> Result<Vec<Lack>, Error> {
        Ok(Vec::new())
    }
    async fn count_lacking(&self, _: &ShopId, _: Kind) -> Result<u64, Error> {
        Ok(0)
    }
    async fn held(&self, _: &ShopId, _: Kind) -> Result<BTreeMap<String, i64>, Error> {
        Ok(BTreeMap::new())
    }
    async fn delete(&self, _: &ShopId, _: Kind, _: &[String]) -> Result<(), Error> {
        Ok(())
    }
    async fn clear(&self, _: &ShopId) -> Result<(), Error> {
        Ok(())
    }
    async fn dense(&self, _: &ShopId, _: &[f32], _: &Filter, _: usize) -> Result<Vec<Hit>, Error> {
        Ok(Vec::new())
    }
    async fn lexical(&self, _: &ShopId, _: &[String], _: &Filter, _: usize) -> Result<Vec<Hit>, Error> {
        Ok(Vec::new())
    }
    async fn count(&self, _: &ShopId, _: Kind) -> Result<u64, Error> {
        panic!("a handler falls over, as this story wants it to")
    }
    async fn stamp(&self, _: &ShopId) -> Result<Option<Stamp>, Error> {
        Ok(None)
    }
    async fn set_stamp(&self, _: &ShopId, _: &Stamp) -> Result<(), Error> {
        Ok(())
    }
}

#[tokio::test]
async fn a_handler_that_panics_ends_one_request() {
    let shop = TestShop::demo().await;
    let app = shop.another(|app| app.index = Arc::new(Broken)).await;
    let door = Door::serve(shop, app).await;
    for _ in 0..3 {
        let (status, text) = door.page("/readyz", "").await;
        assert_eq!(status, 500);
        assert!(!text.contains("wants it to"), "a panic's words are nobody's business: {text}");
    }
    assert_eq!(door.page("/healthz", "").await.0, 200);
    assert_eq!(door.page("/chat", "").await.0, 200);
    door.close().finish(&[]).await;
}
