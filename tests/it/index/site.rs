//! A site that is asked by itself: only pages that changed are read, cut and given to the embedder.

use crate::index::World;
use crate::site::Site;
use souk::catalog::sources::{self, Outcome};
use souk::worker;

#[tokio::test]
async fn a_site_that_is_as_it_was_costs_no_vector_and_says_so() {
    let World { shop, embedder, .. } = World::open().await;
    let site = Site::start().await;
    let exchange = |app: &mut souk::app::App| {
        (app.fetcher, app.embedder) = (site.fetcher(), embedder.clone());
    };
    let app = shop.another(exchange).await;
    let page = |word: &str| {
        format!("<html><main><h1>{word}</h1><p>Something about {word} that nobody else says.</p></main></html>")
    };
    site.map("/sitemap.xml", &["/a", "/b"]).put("/a", page("quokka")).put("/b", page("wombat"));
    let source = sources::add(&app, &app.shop, &site.url(""), "texts", 60).await.unwrap();
    let step = async || {
        let outcome = sources::fetch(&app, &app.shop, &source.id).await.unwrap();
        worker::drain(&app, 1_000).await;
        (outcome, embedder.taken())
    };
    let (Outcome::Texts(first), vectors) = step().await else { panic!("pages") };
    assert_eq!((first.added.len(), vectors), (2, 2), "{first:?}");
    site.asked();
    assert_eq!(step().await, (Outcome::Same, 0));
    let pages: Vec<(String, u16)> = site.asked().into_iter().filter(|(path, _)| path.len() == 2).collect();
    assert_eq!(pages, [("/a".to_owned(), 304), ("/b".to_owned(), 304)]);
    site.put("/b", page("numbat"));
    let (Outcome::Texts(changed), vectors) = step().await else { panic!("a page") };
    assert_eq!((changed.changed.len(), changed.unchanged, vectors), (1, 1, 1), "{changed:?}");
    // A site that is away, or shows a login instead of its map, takes nothing away.
    let told = async || app.store.read(&app.shop).await.unwrap().all_passages().await.unwrap().len();
    let before = told().await;
    site.fail("/sitemap.xml", 503);
    assert!(matches!(step().await.0, Outcome::Failed(problem) if problem.contains("its server fails (503)")));
    site.put("/sitemap.xml", "<html><form><input type=password></form></html>");
    let (Outcome::Texts(kept), vectors) = step().await else { panic!("a report") };
    assert_eq!((kept.removed.len(), kept.rejected.len(), vectors, told().await), (0, 1, 0, before), "{kept:?}");
    shop.over();
}
