//! The catalogue in the console: reports, a feed from a colleague's computer, and the way back.

use crate::http::Door;
use reqwest::header::COOKIE;
use serde_json::Value;

const FEED: &str = "handle,title,sku,price,stock\nrope,Rope <b>red</b>,ROPE,12.00,5\ncup,Cup,CUP,cheap,5\n";

#[tokio::test]
async fn a_colleague_takes_a_feed_in_and_back() {
    let door = Door::open().await;
    let app = door.shop.app.clone();
    let visitor = door.visitor().await;
    let colleague = door.colleague().await;
    for closed in ["/console/catalog", "/console/catalog/run_x", "/console/catalog/uploads/x"] {
        assert!(door.page(closed, &visitor).await.1.contains("name=\"token\""), "{closed} is for colleagues");
    }
    let (status, page) = door.page("/console/catalog", &colleague).await;
    assert_eq!(status, 200);
    assert!(
        page.contains("What was taken in") && page.contains("products.csv") && page.contains("<rect class=\"bar added")
    );
    let csrf = page.split("data-csrf=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();

    let send = |mark: &str, bytes: Vec<u8>| {
        door.post("/console/catalog/upload").header(COOKIE, &colleague).header("x-csrf", mark).body(bytes).send()
    };
    assert_eq!(send("x", FEED.into()).await.unwrap().status(), 403);
    assert_eq!(send(&csrf, Vec::new()).await.unwrap().status(), 400);
    let kept: Value = serde_json::from_str(&send(&csrf, FEED.into()).await.unwrap().text().await.unwrap()).unwrap();
    let upload = kept["page"].as_str().unwrap();
    let before = app.store.read(&app.shop).await.unwrap().catalog_size().await.unwrap();
    let (_, careful) = door.page(&format!("{upload}?name=a%3Cb%3E.csv"), &colleague).await;
    assert!(careful.contains("It would stop here") && !careful.contains("Take it in"), "{careful}");
    assert!(careful.contains("a&lt;b&gt;.csv") && !careful.contains("<b>red"), "{careful}");
    let (_, dry) = door.page(&format!("{upload}?name=a.csv&missing=keep"), &colleague).await;
    for part in ["dry run, nothing was changed", "Take it in", "line 3", "is not a price"] {
        assert!(dry.contains(part), "{part} is missing in {dry}");
    }
    assert_eq!(app.store.read(&app.shop).await.unwrap().catalog_size().await.unwrap(), before);

    let take = format!("{upload}/take");
    let fields = [("csrf", csrf.as_str()), ("name", "a.csv"), ("missing", "keep")];
    assert_eq!(door.form(&take, &colleague, &[("csrf", "x")]).await.status(), 403);
    assert_eq!(door.form("/console/catalog/uploads/..%2Fsouk.db/take", &colleague, &fields).await.status(), 404);
    let taken = door.form(&take, &colleague, &fields).await;
    let run = taken.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(app.store.read(&app.shop).await.unwrap().catalog_size().await.unwrap().0, before.0 + 1);
    assert_eq!(door.form(&take, &colleague, &fields).await.status(), 404, "it is taken in once");
    let (_, page) = door.page(&run, &colleague).await;
    assert!(page.contains("Undo this run") && page.contains("Rope &lt;b&gt;red"), "{page}");
    let undo = format!("{run}/undo");
    assert_eq!(door.form(&undo, &visitor, &[("csrf", &csrf)]).await.status(), 403);
    let undone = door.form(&undo, &colleague, &[("csrf", &csrf)]).await;
    assert!(undone.status().is_redirection());
    assert_eq!(app.store.read(&app.shop).await.unwrap().catalog_size().await.unwrap(), before);
    let again = door.form(&undo, &colleague, &[("csrf", &csrf)]).await;
    assert!(again.status() == 409 && again.text().await.unwrap().contains("a later run changed rope as well"));

    let page = send(&csrf, b"<html>sign in</html>".to_vec()).await.unwrap().text().await.unwrap();
    let page: Value = serde_json::from_str(&page).unwrap();
    let (status, page) = door.page(page["page"].as_str().unwrap(), &colleague).await;
    assert!(status == 409 && page.contains("the feed cannot be read"), "{page}");
    door.close().over();
}
