//! The forms of an account are replaced as a whole, moved by news, and never seen by another shop or account.

use crate::store::Db;
use serde_json::json;
use souk::channel::whatsapp::template::{Approved, Quality, Status};
use souk::domain::template::Category;
use std::sync::Arc;

fn form(name: &str, language: &str) -> Approved {
    let entry = json!({
        "id": 77, "name": name, "language": language, "status": "APPROVED", "category": "UTILITY",
        "quality_score": { "score": "GREEN" },
        "components": [{ "type": "BODY", "text": "Order {{number}} is paid." }],
    });
    Approved::read(&entry).unwrap()
}

pub async fn forms_are_replaced_as_a_whole_and_moved_by_news(db: Arc<Db>) {
    let there = db.add_shop("there").await;
    let mut tx = db.tx().await;
    let all = [form("order_paid", "en"), form("order_paid", "pt_BR"), form("order_sent", "en")];
    tx.replace_templates("main", &all).await.unwrap();
    tx.replace_templates("other", &all[..1]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.tx().await;
    assert_eq!(tx.templates("main").await.unwrap(), all);

    let moved = |form: &mut Approved| {
        (form.status, form.quality, form.category) = (Status::Paused, Quality::Red, Some(Category::Marketing));
        form.name = "renamed".to_owned();
    };
    assert!(tx.change_template("main", ("order_paid", "pt_BR"), moved).await.unwrap());
    assert!(!tx.change_template("main", ("order_paid", "fr"), |_| ()).await.unwrap(), "nobody knows it");
    let now = tx.templates("main").await.unwrap();
    let state = |form: &Approved| (form.name.clone(), form.status, form.quality, form.category);
    assert_eq!(state(&now[1]), ("order_paid".into(), Status::Paused, Quality::Red, Some(Category::Marketing)));
    assert_eq!(now[0], all[0], "the other language stays as it was");
    assert_eq!(tx.templates("other").await.unwrap(), all[..1]);

    tx.replace_templates("main", &all[2..]).await.unwrap();
    assert_eq!(tx.templates("main").await.unwrap(), all[2..], "what is no longer listed is gone");
    tx.commit().await.unwrap();
    let mut tx = db.store.begin(&there).await.unwrap();
    assert_eq!(tx.templates("main").await.unwrap(), []);
    assert!(!tx.change_template("main", ("order_sent", "en"), |_| ()).await.unwrap());
    tx.save_template("main", &form("order_sent", "de")).await.unwrap();
    tx.replace_templates("main", &[]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.tx().await;
    assert_eq!(tx.templates("main").await.unwrap(), all[2..], "another shop's list is another list");
}
