//! Settings from files and the environment, and what is said of wrong ones.

use super::*;

fn with(environment: &[(&str, &str)]) -> Result<Loaded, Error> {
    let pairs = environment.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
    load(Path::new("nowhere"), None, pairs)
}

#[test]
fn the_documented_defaults_are_the_defaults() {
    let documented = serde_json::to_value(with(&[]).unwrap().config).unwrap();
    let mut built_in = Config::default();
    built_in.llm.model = "gpt-4.1-mini".to_owned();
    built_in.search.qdrant_collection = "souk".to_owned();
    assert_eq!(documented, serde_json::to_value(built_in).unwrap());
}

#[test]
fn our_own_names_win_and_digits_may_be_a_secret() {
    let loaded = with(&[
        ("SOUK_LLM__API_KEY", "12345"),
        ("OPENAI_API_KEY", "from elsewhere"),
        ("SOUK_DATA", "x"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_a, whsec_b"),
        ("SOUK_WORKER__LANES", "2"),
    ])
    .unwrap();
    assert_eq!(loaded.config.llm.api_key.expose_secret(), "12345");
    assert_eq!(loaded.config.stripe.webhook_secrets.len(), 2);
    assert_eq!(loaded.config.worker.lanes, 2);
    let key = loaded.effective().into_iter().find(|e| e.key == "llm.api_key").unwrap();
    assert_eq!((key.value.as_str(), key.origin.as_str()), ("••••••", "environment variable SOUK_LLM__API_KEY"));
    let bind = loaded.effective().into_iter().find(|e| e.key == "http.bind").unwrap();
    assert_eq!(bind.origin, "default");
}

#[test]
fn mistakes_are_named() {
    let said = |environment: &[(&str, &str)]| with(environment).map(|_| ()).unwrap_err().to_string();
    assert!(said(&[("SOUK_HTTP__BNID", "x")]).contains("bnid"));
    assert!(said(&[("SOUK_HTTP__BIND", "8080")]).contains("127.0.0.1:8080"));
    assert!(said(&[("SOUK_STRIPE__PAGE_MINUTES", "5")]).contains("30 to 1440"));
    assert!(said(&[("SOUK_WORKER__LANES", "many")]).contains("lanes"));
}
