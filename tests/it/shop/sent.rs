//! Messages that are more than words: carts, voices, pictures, places, quotes.

use crate::world::TestShop;
use insta::assert_snapshot;
use souk::domain::enclosed::{Enclosed, Media, MediaKind, Person, Sent, SentCart, SentLine};
use souk::domain::id::{MediaId, ProductId};
use souk::domain::message::{Body, Message, Said};

fn line(sku: &str, quantity: u32, price: &str) -> SentLine {
    SentLine { sku: sku.to_owned(), quantity, price: Some(price.to_owned()), currency: "EUR".to_owned() }
}

fn cart(lines: Vec<SentLine>) -> Sent {
    let cart = SentCart { catalog: "77".to_owned(), lines };
    Sent { enclosed: vec![Enclosed::Cart(cart)], ..Sent::default() }
}

async fn shows(shop: &TestShop, handle: &str) {
    let tap = Said::Tap { id: format!("show:{handle}"), label: "Details".to_owned() };
    shop.writes("Jonas", handle, tap).await;
    shop.settles_down().await;
}

fn media(what: MediaKind, mime: &str) -> Sent {
    let media = Media { id: MediaId::new("med1"), what, mime: mime.to_owned(), name: None };
    Sent { enclosed: vec![Enclosed::Media(media)], ..Sent::default() }
}

#[tokio::test]
async fn a_cart_from_the_networks_catalogue_is_taken_over_at_our_prices() {
    let shop = TestShop::demo().await;
    let wished =
        vec![line("SK-DRRJW-M-BLU", 2, "69.9"), line("SK-DRRJW-L-YEL", 3, "79.90"), line("NEVER-SOLD", 1, "5")];
    shop.sends("Maya", cart(wished)).await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: 
            <cart: 2 × SK-DRRJW-M-BLU, 3 × SK-DRRJW-L-YEL, 1 × NEVER-SOLD>
        agent: Drizzle Rain Jacket Women (M / Blue) costs €79.90 now (you saw €69.90).
            Only 1 of Drizzle Rain Jacket Women (L / Yellow) in stock, so I took 1.
            I left out NEVER-SOLD: it is not sold here any more.
            Here is your order. Please check it:
            = 2 × Drizzle Rain Jacket Women (M / Blue): €159.80
            = 1 × Drizzle Rain Jacket Women (L / Yellow): €79.90
            = Subtotal: €239.70
            = Standard shipping: free
            = Total: €239.70
            [Confirm order] [Cancel]
        ");
    shop.taps("Maya", "Confirm order").await;
    let order = shop.orders().await.pop().unwrap();
    assert_eq!(order.quote.subtotal.minor, 3 * 7_990, "two and one at our price, whatever the device said");
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn a_second_cart_replaces_the_first_and_says_what_went() {
    let shop = TestShop::demo().await;
    shop.sends("Maya", cart(vec![line("SK-DRRJW-M-BLU", 1, "79.90"), line("SK-DRRJW-M-YEL", 1, "79.90")])).await;
    shop.hears("Maya").await;
    let mut second = cart(vec![line("SK-DRRJW-M-YEL", 2, "79.90")]);
    second.text = "please wrap it as a gift".to_owned();
    shop.sends("Maya", second).await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: please wrap it as a gift
            <cart: 2 × SK-DRRJW-M-YEL>
        agent: No longer in your cart: Drizzle Rain Jacket Women (M / Blue).
            I can't pass a note on with an order. If it matters, ask for a colleague.
            Here is your order. Please check it:
            = 2 × Drizzle Rain Jacket Women (M / Yellow): €159.80
            = Subtotal: €159.80
            = Standard shipping: free
            = Total: €159.80
            [Confirm order] [Cancel]
        ");
    shop.sends("Maya", cart(vec![line("GONE-1", 1, "1"), line("GONE-2", 1, "1")])).await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: 
            <cart: 1 × GONE-1, 1 × GONE-2>
        agent: I left out GONE-1: it is not sold here any more.
            I left out GONE-2: it is not sold here any more.
        ");
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn what_cannot_be_read_is_asked_for_in_words_and_never_twice_a_message() {
    let shop = TestShop::demo().await;
    shop.sends("Maya", Sent::default()).await;
    shop.sends("Maya", media(MediaKind::Voice, "audio/ogg; codecs=opus")).await;
    shop.sends("Maya", media(MediaKind::Image, "image/jpeg")).await;
    let place = Enclosed::Place {
        latitude: "52.52".to_owned(),
        longitude: "13.40".to_owned(),
        name: Some("Home".to_owned()),
        address: None,
    };
    shop.sends("Maya", Sent { enclosed: vec![place], ..Sent::default() }).await;
    let people = vec![Person { name: "Jonas".to_owned(), phones: vec!["+491701".to_owned()] }];
    shop.sends("Maya", Sent { enclosed: vec![Enclosed::People { people }], ..Sent::default() }).await;
    let poll = Enclosed::Unreadable { what: "poll_creation".to_owned() };
    shop.sends("Maya", Sent { enclosed: vec![poll], ..Sent::default() }).await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: 
        agent: Hello! What are you looking for?
        shopper: 
            <voice message>
        agent: I can't listen to voice messages here. Please write to me what you would like.
        shopper: 
            <picture>
        agent: I can't look at pictures or files here. Please tell me in words what you are looking for.
        shopper: 
            <place: Home>
        agent: Thank you. For a delivery I need the address in words: street and number, postcode and town.
        shopper: 
            <contact: Jonas>
        agent: Thank you. What would you like me to do?
        shopper: 
            <cannot be read: poll_creation>
        agent: I can't read this kind of message here. Please write it in words.
        ");
    let form = Enclosed::Form { name: "flow".to_owned(), answers: "{}".to_owned() };
    shop.sends("Jonas", Sent { enclosed: vec![form], ..Sent::default() }).await;
    assert!(shop.hears("Jonas").await.contains("a colleague answers from here"));
    shop.finish(&["Maya", "Jonas"]).await;
}

#[tokio::test]
async fn words_beside_a_picture_are_answered_like_words() {
    let shop = TestShop::demo().await;
    let mut sent = media(MediaKind::Image, "image/jpeg");
    sent.text = "How long does delivery take?".to_owned();
    shop.sends("Maya", sent).await;
    let heard = shop.hears("Maya").await;
    assert!(heard.contains("<picture>") && heard.contains("working days"), "{heard}");
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn a_question_from_a_products_page_or_about_a_quoted_card_is_about_that_product() {
    let shop = TestShop::demo().await;
    let asked = Sent { about: Some("SK-DRRJW-M-BLU".to_owned()), ..Sent::of_words("is it in stock in L?") };
    shop.sends("Maya", asked).await;
    let heard = shop.hears("Maya").await;
    assert!(heard.contains("Drizzle Rain Jacket Women"), "{heard}");
    shows(&shop, "skarn-drizzle-rain-jacket-men").await;
    let card = |m: &Message| matches!(&m.body, Body::Reply(r) if r.cards.len() == 1);
    let id = shop.messages("Jonas").await.into_iter().rev().find(card).unwrap().id;
    shows(&shop, "skarn-drizzle-rain-jacket-women").await;
    shop.sends("Jonas", Sent { answers: Some(id), ..Sent::of_words("how much is it?") }).await;
    let about = shop.conversation("Jonas").await.memory.about;
    assert_eq!(about, Some(ProductId::new("skarn-drizzle-rain-jacket-men")));
    shop.finish(&["Maya", "Jonas"]).await;
}

#[tokio::test]
async fn stop_is_confirmed_once() {
    let shop = TestShop::demo().await;
    shop.says("Maya", "STOP").await;
    assert!(shop.hears("Maya").await.contains("You will not get any messages"));
    shop.says("Maya", "STOP").await;
    assert_eq!(shop.hears("Maya").await.trim(), "shopper: STOP", "nothing more is said");
    // Whoever was told that nothing more comes is owed no answer to the same word.
    shop.finish(&[]).await;
}
