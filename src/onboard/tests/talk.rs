//! Whole turns with the keyless planner over the demo shop.

use super::House;
use crate::domain::message::Body;

#[tokio::test]
async fn something_cheaper_stays_the_same_kind_of_thing() {
    let house = House::open().await;
    let mut talk = house.talk("con_stranger").await;
    talk.say("waterproof jacket under 150 in M").await;
    let cheaper = talk.say("cheaper?").await;
    assert!(!cheaper.cards.is_empty());
    assert!(cheaper.cards.iter().all(|card| card.title.contains("Jacket")), "{:?}", cheaper.cards);
    let none = talk.say("anything cheaper?").await;
    assert!(none.text.starts_with("Nothing of this kind is cheaper"), "{}", none.text);
    assert_eq!(none.cards.len(), 1);
}

#[tokio::test]
async fn the_count_and_the_earlier_size_survive_our_questions() {
    let house = House::open().await;
    let mut talk = house.talk("con_stranger").await;
    talk.say("rain jacket for men").await;
    assert!(talk.say("two of the first one").await.text.contains("Size?"));
    assert!(talk.say("in M").await.text.contains("Colour?"));
    let colour = talk.history.iter().rev().find_map(|m| match &m.body {
        Body::Reply(reply) => reply.choices.first().map(|b| b.label.clone()),
        Body::Heard(_) => None,
    });
    let added = talk.heard(&colour.unwrap()).await;
    assert!(added.starts_with("In your cart"), "{added}");
    let cart = talk.heard("my cart").await;
    assert!(cart.contains("2 × ") && cart.contains("(M / "), "{cart}");
    assert!(talk.heard("make it 3").await.contains("3 × "));
    assert!(talk.heard("remove it").await.starts_with("Taken out of your cart"));
}

#[tokio::test]
async fn a_size_and_colour_of_the_search_are_not_asked_for_again() {
    let house = House::open().await;
    let mut talk = house.talk("con_stranger").await;
    let found = talk.say("rain jacket in M blue").await;
    assert!(found.cards.first().unwrap().subtitle.starts_with("M / Blue"), "{:?}", found.cards.first());
    let added = talk.heard("add the first one").await;
    assert!(added.contains("(M / Blue)"), "{added}");
    let refused = talk.heard("add the second one in pink").await;
    assert!(refused.contains("not made in pink"), "{refused}");
}

#[tokio::test]
async fn a_figure_decides_which_is_lighter_and_what_was_shown_keeps_its_places() {
    let house = House::open().await;
    let mut talk = house.talk("con_stranger").await;
    let found = talk.say("tent for two people").await;
    let lighter = talk.say("which one is lighter?").await;
    assert!(lighter.text.contains("(weight "), "{}", lighter.text);
    let second = talk.say("how heavy is the second one?").await;
    assert!(second.text.starts_with(&found.cards.get(1).unwrap().title), "{}", second.text);
    assert!(talk.say("the lightest one").await.text.contains("(weight "));
    let pink = talk.heard("do you have it in pink?").await;
    assert!(pink.contains("not in pink"), "{pink}");
}

#[tokio::test]
async fn rules_are_quoted_with_what_holds_only_now_and_in_three_languages() {
    let house = House::open().await;
    let mut talk = house.talk("con_stranger").await;
    let returns = talk.heard("can I return things after 30 days?").await;
    assert!(returns.contains("30 days") && returns.contains("31 January 2027"), "{returns}");
    let spanish = talk.heard("¿cuánto tarda el envío?").await;
    assert!(spanish.starts_with("Nuestros textos están en inglés") && spanish.contains("2 to 4"), "{spanish}");
    let portuguese = talk.heard("quais são as formas de pagamento?").await;
    assert!(portuguese.starts_with("Nossos textos estão em inglês"), "{portuguese}");
    assert!(talk.heard("una persona por favor").await.starts_with("Claro, llamo a un colega"));
    assert!(talk.heard("what is your phone number?").await.contains("+49 761"));
    assert!(talk.heard("who is your ceo?").await.contains("could not find that"));
}

#[tokio::test]
async fn what_is_not_carried_is_said_and_nothing_far_is_offered() {
    let house = House::open().await;
    let mut talk = house.talk("con_stranger").await;
    for wish in ["do you sell surfboards?", "I need a guitar", "car tyres"] {
        let answer = talk.say(wish).await;
        assert!(answer.text.starts_with("We don't carry that"), "{wish}: {}", answer.text);
        assert!(answer.cards.is_empty(), "{wish}: {:?}", answer.cards);
    }
    // Titles with figures in them may be offered for tapping before any tool is called.
    talk.say("tent for two people").await;
    let which = talk.say("add it").await;
    assert!(which.text.starts_with("Which one") && which.choices.len() > 1, "{which:?}");
}
