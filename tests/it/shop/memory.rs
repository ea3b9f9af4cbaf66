//! What the shop keeps in mind about a shopper: shown and deleted on their own word, and by a colleague.

use crate::world::TestShop;
use souk::agent::memory::known;
use souk::domain::conversation::Memory;
use souk::llm::Message;
use std::sync::{Arc, Mutex};

/// Requests as a model read them.
pub type Read = Arc<Mutex<Vec<souk::llm::Request>>>;

async fn sizes(shop: &TestShop, who: &str) -> Vec<String> {
    let conversation = shop.conversation(who).await;
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let (house, contact) =
        (tx.shop().await.unwrap().unwrap(), tx.contact(&conversation.contact).await.unwrap().unwrap());
    known(&mut tx, &house, &contact).await.unwrap().sizes.into_values().flatten().collect()
}

#[tokio::test]
async fn a_shopper_sees_what_is_kept_in_mind_and_has_it_deleted() {
    let shop = TestShop::demo().await;
    shop.says("Maya", "add the Nordvik Granite Trek Boot in size 42").await;
    assert_eq!(sizes(&shop, "Maya").await, ["42"], "{}", shop.hears("Maya").await);
    shop.says("Maya", "What do you know about me?").await;
    let told = shop.replies("Maya").await.pop().unwrap();
    assert!(told.text.contains("Name: Maya") && told.text.contains("Size: 42"), "{}", told.text);
    assert_eq!(told.choices.iter().map(|b| b.label.as_str()).collect::<Vec<_>>(), ["Delete it"]);
    shop.taps("Maya", "Delete it").await;
    let reply = shop.replies("Maya").await.pop().unwrap();
    assert!(reply.text.starts_with("Deleted: ") && reply.text.contains("as the law asks"), "{}", reply.text);
    assert_eq!(shop.conversation("Maya").await.memory, Memory::default());
    assert!(sizes(&shop, "Maya").await.is_empty(), "the cart stays, but it tells nothing");
    shop.says("Maya", "¿Qué sabes de mí?").await;
    assert_eq!(shop.replies("Maya").await.pop().unwrap().text, "No recuerdo nada de ti.");
    // What happens from here on may be kept in mind again.
    shop.says("Maya", "add the Nordvik Granite Trek Boot in size 43").await;
    assert!(sizes(&shop, "Maya").await.contains(&"43".to_owned()), "{}", shop.hears("Maya").await);
    shop.says("Maya", "apague meus dados").await;
    assert!(shop.replies("Maya").await.pop().unwrap().text.starts_with("Apagado: "));
    assert!(sizes(&shop, "Maya").await.is_empty());
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn what_was_bought_is_kept_in_mind_and_the_order_outlives_it() {
    let shop = TestShop::demo().await;
    shop.says("Maya", "add the Nordvik Granite Trek Boot in size 42").await;
    shop.taps("Maya", "Checkout").await;
    shop.taps("Maya", "Confirm order").await;
    assert!(sizes(&shop, "Maya").await.is_empty(), "what is only ordered may never be paid");
    shop.pays("Maya", "4242 4242 4242 4242").await;
    assert_eq!(sizes(&shop, "Maya").await, ["42"]);
    shop.says("Maya", "what do you know about me").await;
    let number = shop.orders().await.remove(0).number;
    assert!(shop.replies("Maya").await.pop().unwrap().text.contains(&format!("Last orders: {number}")));
    shop.clock.advance(jiff::Span::new().minutes(1));
    shop.says("Maya", "forget me").await;
    assert!(sizes(&shop, "Maya").await.is_empty());
    shop.says("Maya", &number).await;
    assert!(shop.replies("Maya").await.pop().unwrap().text.contains(&number), "the order itself stays");
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn a_model_reads_the_sizes_and_nothing_from_before_they_were_deleted() {
    let read = Read::default();
    let model = crate::shop::memory::listens(&read);
    let shop = TestShop::demo_with(model, |_| ()).await;
    shop.says("Maya", "my secret hobby is chess").await;
    shop.clock.advance(jiff::Span::new().minutes(1));
    shop.says("Maya", "forget me").await;
    shop.clock.advance(jiff::Span::new().minutes(1));
    shop.says("Maya", "do you have tents").await;
    let request = read.lock().unwrap().pop().unwrap();
    let told = serde_json::to_string(&request.messages).unwrap();
    assert!(!told.contains("chess") && told.contains("do you have tents"), "{told}");
    let state = request.messages.iter().find_map(|m| if let Message::State { state } = m { Some(state) } else { None });
    assert!(state.unwrap()["known"]["sizes"].is_object());
    shop.finish(&["Maya"]).await;
}

/// A model that keeps what it reads and says that it is there.
pub fn listens(read: &Read) -> souk::llm::scripted::Scripted {
    let read = Arc::clone(read);
    souk::llm::scripted::Scripted::new().always(move |request| {
        read.lock().unwrap().push(request.clone());
        Ok(souk::llm::Answer { text: "Yes, I am here.".into(), ..Default::default() })
    })
}
