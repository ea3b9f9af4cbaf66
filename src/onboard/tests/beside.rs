//! Wishes that lean on what was shown, brands and counts that were named, and what was left out, said as the shopper speaks.

use super::House;
use crate::catalog::find::{Found, Search, Sort, find};
use crate::domain::id::ProductId;
use crate::domain::message::Body;
use crate::domain::product::Product;

const LOFN_2: &str = "nordvik-lofn-2-tent";
const PLUME_1: &str = "kestrel-works-plume-1-tent";
const PLUME_2: &str = "kestrel-works-plume-2-tent";

impl House {
    async fn beside(&self, shown: &[&str], query: &str) -> Found {
        let shown = shown.iter().map(|id| ProductId::new(*id)).collect();
        find(&self.app, &self.shop, &Search { shown, ..Search::of(query, 10) }).await.unwrap()
    }
}

fn ids(found: &Found) -> Vec<&str> {
    found.items.iter().map(|item| item.product.id.as_str()).collect()
}

fn grams(product: &Product) -> u32 {
    let digits: String = product.attributes["weight"].chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

#[tokio::test]
async fn what_was_shown_is_what_others_are_compared_with() {
    let house = House::open().await;
    let tents = [LOFN_2, PLUME_2];
    for query in ["cheaper ones", "tents cheaper than the first", "günstiger als das erste", "más baratos"] {
        let found = house.beside(&tents, query).await;
        let all = found.items.iter().all(|item| {
            item.product.category == "Tents" && item.product.price_range().is_some_and(|(low, _)| low.minor < 44_900)
        });
        assert!(all && found.relevant && !found.items.is_empty(), "{query}: {:?}", ids(&found));
    }
    for query in ["something lighter than the first", "a tent lighter than the first one", "leichter als das erste"] {
        let found = house.beside(&[LOFN_2, PLUME_1], query).await;
        let all = found.items.iter().all(|item| grams(&item.product) < 2_350);
        assert!(all && ids(&found).contains(&PLUME_2), "{query}: {:?}", ids(&found));
    }
    let lightest = house.beside(&[LOFN_2, PLUME_2], "lighter ones").await;
    assert_eq!(ids(&lightest), [PLUME_1]);
    // Asked again beside other products, what was meant stays what it was.
    let later = house.beside(&[PLUME_1], &lightest.stands).await;
    assert_eq!(ids(&later), [PLUME_1], "{}", lightest.stands);
}

#[tokio::test]
async fn who_compares_with_nothing_of_the_kind_compares_with_nothing() {
    let house = House::open().await;
    let lamps = house.beside(&[], "headlamp").await;
    let dearest = lamps.items.iter().map(|item| item.product.price_range().unwrap().0.minor).max();
    let found = house.beside(&[PLUME_1, "lumo-pebble-headlamp"], "cheaper headlamps").await;
    assert!(ids(&found).is_empty() || found.wish.at_most.is_some_and(|m| m.minor < 2_490), "{:?}", found.wish);
    let found = house.beside(&[LOFN_2, PLUME_2], "cheaper headlamps").await;
    assert_eq!(found.wish.at_most, None, "tents are no measure of lamps, {dearest:?}");
    assert!(found.items.iter().any(|item| item.product.id.as_str() == "lumo-pebble-headlamp"));
    let named = Search { shown: vec![ProductId::new(PLUME_1)], ..Search::of("tent", 5) };
    let named = Search { cheaper_than: Some(ProductId::new(LOFN_2)), sort: Sort::PriceLow, ..named };
    let found = find(&house.app, &house.shop, &named).await.unwrap();
    assert_eq!(found.wish.at_most.map(|m| m.minor), Some(44_899));
}

#[tokio::test]
async fn one_that_was_shown_is_meant_itself() {
    let house = House::open().await;
    let jackets = house.beside(&[], "rain jacket for men").await;
    let shown: Vec<&str> = ids(&jackets).into_iter().take(2).collect();
    for query in ["the second, but in M", "la segunda, pero en M", "das zweite in M"] {
        let found = house.beside(&shown, query).await;
        assert_eq!((ids(&found), found.relaxed.len()), (vec![shown[1]], 0), "{query}");
        let item = &found.items[0];
        let sizes: Vec<&str> = item.matching.iter().filter_map(|id| item.product.variant(id)?.option("Size")).collect();
        assert!(!sizes.is_empty() && sizes.iter().all(|size| *size == "M"), "{query}: {sizes:?}");
    }
    let unmade = house.beside(&shown, "the first, but in size 52").await;
    assert!(unmade.relaxed.is_empty() || ids(&unmade) == [shown[0]], "{:?}", unmade.relaxed);
    let others = house.beside(&shown, "something like the second, but cheaper").await;
    assert!(!ids(&others).contains(&shown[1]), "{:?}", ids(&others));
}

#[tokio::test]
async fn a_brand_that_was_named_comes_first_or_is_missed_by_name() {
    let house = House::open().await;
    let found = house.beside(&[], "cheapest Nordvik tent").await;
    assert_eq!((ids(&found)[0], found.relaxed.len()), (LOFN_2, 0));
    let found = house.beside(&[], "Lumo tent").await;
    assert_eq!(found.relaxed, ["Lumo"]);
    assert_eq!(found.items[0].product.category, "Tents");
    let found = house.beside(&[], "cheapest tent, not Skarn").await;
    assert_eq!((ids(&found)[0], found.relaxed.len()), (PLUME_1, 0));
}

#[tokio::test]
async fn the_planner_goes_on_from_what_was_shown() {
    let house = House::open().await;
    let mut talk = house.talk("con_stranger").await;
    let first = talk.say("tent for two people").await.cards.remove(0);
    let lighter = talk.say("something lighter than the first").await;
    let mut tx = house.app.store.read(&house.shop.id).await.unwrap();
    let than = grams(&tx.product(&first.product).await.unwrap().unwrap());
    let shown: Vec<ProductId> = lighter.cards.iter().map(|card| card.product.clone()).collect();
    let weights: Vec<u32> = tx.products(&shown).await.unwrap().iter().map(grams).collect();
    assert!(!weights.is_empty() && weights.iter().all(|grams| *grams < than), "{} {weights:?}", lighter.text);
    drop(tx);
    let query = talk.conversation.memory.search.as_ref().unwrap()["query"].to_string();
    assert!(query.contains("at most") && !query.contains("lighter"), "{query}");
}

#[tokio::test]
async fn how_many_were_wanted_is_known_when_one_is_chosen() {
    let house = House::open().await;
    let mut talk = house.talk("con_stranger").await;
    talk.say("I need two rain jackets for men in M").await;
    let mut said = talk.heard("add the first one").await;
    if said.contains("Colour?") {
        let choice = talk.history.iter().rev().find_map(|m| match &m.body {
            Body::Reply(reply) => reply.choices.first().map(|b| b.label.clone()),
            Body::Heard(_) => None,
        });
        said = talk.heard(&choice.unwrap()).await;
    }
    assert!(said.starts_with("In your cart"), "{said}");
    let cart = talk.heard("my cart").await;
    assert!(cart.contains("2 × "), "{cart}");
    talk.say("add the second one in M navy").await;
    let cart = talk.heard("my cart").await;
    assert!(cart.matches("2 × ").count() == 1, "what was counted once is not counted again: {cart}");
}

#[tokio::test]
async fn what_was_left_out_is_said_in_the_shoppers_language() {
    let house = House::open().await;
    for (n, (wish, said)) in [
        ("I am looking for a rain jacket under 10 euros", "the price limit"),
        ("busco una chaqueta impermeable por menos de 10 euros", "el límite de precio"),
        ("procuro uma jaqueta impermeável por menos de 10 euros", "o limite de preço"),
        ("ich suche eine Regenjacke für unter 10 Euro", "die Preisgrenze"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut talk = house.talk(&format!("con_{n}")).await;
        let reply = talk.say(wish).await;
        assert!(reply.text.contains(said) && !reply.cards.is_empty(), "{wish}: {} {:?}", reply.text, reply.cards);
    }
}
