//! Messages as the web chat's JSON: the shape outsiders rely on.

use crate::domain::message::{Author, Body, Message, Reply};
use serde_json::{Value, json};

/// A message as one JSON object.
pub fn message(message: &Message) -> Value {
    let author = match &message.author {
        Author::Colleague { name } => Some(name.as_str()),
        _ => None,
    };
    let mut value = match &message.body {
        Body::Heard(said) => {
            let told = [said.words().to_owned()].into_iter().chain(said.extras()).filter(|line| !line.is_empty());
            body(&Reply::text(told.collect::<Vec<_>>().join("\n")))
        }
        Body::Reply(reply) => body(reply),
    };
    let client_id = matches!(message.author, Author::Shopper).then_some(&message.external_id);
    if let Some(object) = value.as_object_mut() {
        object.insert("seq".to_owned(), json!(message.seq));
        object.insert("id".to_owned(), json!(message.id));
        object.insert("client_id".to_owned(), json!(client_id));
        object.insert("at".to_owned(), json!(message.at));
        object.insert("from".to_owned(), json!(message.author.word()));
        object.insert("author".to_owned(), json!(author));
    }
    value
}

fn body(reply: &Reply) -> Value {
    json!({
        "text": reply.text,
        "cards": reply.cards,
        "choices": reply.choices,
        "summary": reply.summary,
        "payment": reply.payment,
        "link": reply.link,
        "sources": reply.sources,
        "notice": reply.notice,
    })
}
