//! Answers that are lost on the way: news decide, and without news only what bears it is sent again.

use crate::whatsapp::judge::{judge, sends};
use crate::whatsapp::phone::{Street, page};
use souk::config::Config;
use souk::domain::conversation::HandOffReason;
use souk::domain::conversation::With;
use souk::emulator::mischief::{Misbehaviour, Next};
use souk::emulator::settings::Settings;
use souk::emulator::world::Shopper;

#[tokio::test]
async fn news_decide_and_nothing_comes_twice() {
    let street = Street::open().await;
    let ana = street.ana();
    street.world.misbehave(Misbehaviour { cut_answers: 1, ..Misbehaviour::default() });
    street.says(&ana, "do you have boot wax?").await;
    street.passes(5).await;
    assert_eq!(ana.chat().iter().filter(|b| b.ours).count(), 1);
    assert_eq!(sends(&street).await[0].state, "read");
    street.ends().await;
}

#[tokio::test]
async fn without_news_words_are_sent_again_after_a_minute() {
    let street = Street::open().await;
    let ana = street.ana();
    street.world.misbehave(Misbehaviour { cut_answers: 1, delay_ms: 240_000, ..Misbehaviour::default() });
    ana.writes("do you have boot wax?").unwrap();
    street.passes(5).await;
    let ours: Vec<_> = ana.chat().into_iter().filter(|b| b.ours).collect();
    assert_eq!(ours.len(), 2);
    street.passes(5).await;
    assert_eq!(judge(&street).await.doubled, 1);
    street.ends().await;
}

/// Ana's yes is on its way to the shop.
async fn confirms(street: &Street, ana: &Shopper) {
    street.says(ana, "do you have boot wax?").await;
    street.taps(ana, "Add to cart").await;
    street.taps(ana, "Checkout").await;
    let id = ana.chat().pop().unwrap();
    let confirm = crate::whatsapp::phone::offers(&id).into_iter().find(|o| o.1 == "Confirm order").unwrap();
    ana.taps(&id.id, &confirm.0).unwrap();
    street.world.settle().await;
}

#[tokio::test]
async fn a_payment_is_never_sent_twice() {
    let street = Street::open().await;
    let ana = street.ana();
    confirms(&street, &ana).await;
    street.world.misbehave(Misbehaviour { cut_answers: 1, delay_ms: 600_000, ..Misbehaviour::default() });
    street.settles().await;
    street.passes(5).await;
    assert_eq!(ana.chat().iter().filter(|b| page(b).is_some()).count(), 1);
    let With::Colleague { hand_off } = street.talk().await.with else { panic!("nobody was told") };
    assert_eq!(hand_off.reason, HandOffReason::NotDelivered);
    // Late news still say what became of it.
    street.passes(20).await;
    assert_eq!(sends(&street).await.last().unwrap().state, "read");
    street.ends().await;
}

#[tokio::test]
async fn a_payment_that_broke_over_there_waits_for_news_before_it_is_sent_again() {
    for taken in [true, false] {
        let street = Street::open().await;
        let ana = street.ana();
        confirms(&street, &ana).await;
        // Both answer that something went wrong; the first took the message all the same.
        street.world.misbehave(match taken {
            true => Misbehaviour { lose_answers: 1, ..Misbehaviour::default() },
            false => Misbehaviour { refuse: Next::new(131_000, 1), ..Misbehaviour::default() },
        });
        street.settles().await;
        street.passes(5).await;
        assert_eq!(ana.chat().iter().filter(|b| page(b).is_some()).count(), 1, "taken: {taken}");
        assert!(matches!(street.talk().await.with, With::Agent), "nobody needs to be called: {taken}");
        street.ends().await;
    }
}

#[tokio::test]
async fn goods_the_catalogue_lacks_are_shown_in_our_own_words() {
    let catalogue = |config: &mut Config| {
        config.whatsapp.accounts.values_mut().for_each(|account| account.catalog_id = "770000000000009".to_owned());
    };
    let street = Street::with(Settings::default(), catalogue).await;
    let ana = street.ana();
    street.says(&ana, "do you have boot wax?").await;
    let ours: Vec<_> = ana.chat().into_iter().filter(|b| b.ours).collect();
    assert_eq!(ours.len(), 1, "one answer, one message");
    let refused = sends(&street).await.iter().filter(|row| row.state == "failed").count();
    assert_eq!(refused, 1, "the catalogue was tried first");
    assert!(matches!(street.talk().await.with, With::Agent), "nobody needs to be called");
    // The network did refuse something, which `ends` would not let pass.
    street.shop.over();
}

#[tokio::test]
async fn what_is_refused_for_a_moment_arrives_once() {
    for code in [131_000, 131_056, 130_429, 429] {
        let street = Street::open().await;
        let ana = street.ana();
        street.world.misbehave(Misbehaviour { refuse: Next::new(code, 3), ..Misbehaviour::default() });
        street.says(&ana, "do you have boot wax?").await;
        street.says(&ana, "thanks").await;
        assert_eq!(ana.chat().iter().filter(|b| b.ours).count(), 2, "{code}");
        assert_eq!(judge(&street).await.failed, 0);
        street.ends().await;
    }
}
