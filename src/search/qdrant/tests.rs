//! The contract on a real server, where the environment names one.

use super::*;
use crate::search::contract;

#[expect(clippy::disallowed_methods, reason = "which servers tests may use is said by the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[tokio::test]
async fn it_keeps_the_contract() {
    let required = environment("SOUK_TEST_REQUIRE").is_some_and(|list| list.split(',').any(|it| it.trim() == "qdrant"));
    let Some(url) = environment("SOUK_TEST_QDRANT_URL") else {
        assert!(!required, "SOUK_TEST_REQUIRE lists qdrant, but SOUK_TEST_QDRANT_URL is not set");
        eprintln!("skipped: SOUK_TEST_QDRANT_URL names no Qdrant server");
        return;
    };
    let settings = Settings { qdrant_url: url, qdrant_collection: "souk_contract".to_owned(), ..Settings::default() };
    let index = Qdrant::open(&settings, contract::DIMS).await.unwrap();
    contract::contract(&index).await;
    // Opening again finds everything there.
    Qdrant::open(&settings, contract::DIMS).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let settings = Settings { qdrant_url: "http://127.0.0.1:1".to_owned(), ..Settings::default() };
    assert!(matches!(Qdrant::open(&settings, 4).await.err(), Some(Error::Unavailable(_))));
    let settings = Settings { qdrant_url: "not an address".to_owned(), ..Settings::default() };
    assert!(matches!(Qdrant::open(&settings, 4).await.err(), Some(Error::Unavailable(_))));
}
