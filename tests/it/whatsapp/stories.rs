//! Whole purchases on a phone, from the first question to the thank-you.

use crate::whatsapp::phone::{Street, form, offers, page, words};
use insta::assert_snapshot;
use serde_json::json;
use souk::conversation::{hand_off, say};
use souk::domain::message::{Author, Reply};
use souk::domain::order::OrderState;
use souk::domain::template::{Category, Template};
use souk::emulator::settings::{Item, Settings};
use souk::emulator::shopper::say::{OrderItem, Saying};

const GOOD_CARD: &str = "4242 4242 4242 4242";

impl Street {
    /// The shop itself has something to say to whoever it talks with.
    async fn tells(&self, reply: Reply) {
        let app = &self.shop.app;
        let talk = self.talk().await;
        let mut tx = app.store.begin(&app.shop).await.unwrap();
        say(app, &mut tx, &talk.id, Author::Shop, reply).await.unwrap();
        tx.commit().await.unwrap();
        self.settles().await;
    }
}

#[tokio::test]
async fn a_whole_purchase_on_the_phone() {
    let street = Street::open().await;
    let ana = street.ana();
    street.says(&ana, "what tents do you have?").await;
    assert_snapshot!(street.hears(&ana), @r#"
        shopper text: what tents do you have?
        shop list: I would look at Plume 1 Ultralight Tent first.

        1. *Plume 1 Ultralight Tent* · €389.00 · 3 left
        2. *Lofn 3 Tent* · €549.00 · in stock
        3. *Weekend Dome 2 Tent* · €149.90 · in stock
        4. *Lofn 2 Tent* · €449.00 ~€499.00~ · in stock
        5. *Plume 2 Ultralight Tent* · €499.00 ~€579.00~ · 2 left
            [Plume 1 Ultralight Tent] [Lofn 3 Tent] [Weekend Dome 2 Tent] [Lofn 2 Tent] [Plume 2 Ultralight Tent] [Compare the first two] [Something cheaper] [Show more]
        "#);
    let list = ana.chat().into_iter().rev().find(|b| b.body["type"] == "list").expect("a list of products");
    let (row, _) = offers(&list).into_iter().find(|o| o.1.contains("Tent")).unwrap();
    ana.taps(&list.id, &row).unwrap();
    street.settles().await;
    assert_snapshot!(street.hears(&ana), @r#"
        shopper list_reply: Plume 1 Ultralight Tent
        shop button: A featherweight shelter for long-distance walkers: one pole, six pegs, pitched in four minutes. Up to 1.88 m tall you lie without touching the cloth. In still, humid nights expect some condensation. Do not leave it standing in winter storms, and use a groundsheet on gravel.

        floor area: 2.1 m² · packed size: 36 x 12 cm · persons: 1 · poles: aluminium · season: three seasons · water column: fly 2,000 mm, floor 3,000 mm · waterproof: yes · weight: 940 g

        *Plume 1 Ultralight Tent*
        Kestrel Works · waterproof · 940 g
        €389.00 · 3 left
            [Add to cart]
        "#);
    street.taps(&ana, "Add to cart").await;
    street.taps(&ana, "Checkout").await;
    street.taps(&ana, "Confirm order").await;
    street.pays(&ana, GOOD_CARD).await;
    assert!(words(ana.chat().last().unwrap()).starts_with("Paid, thank you"), "{}", street.hears(&ana));
    assert_eq!(street.shop.orders().await[0].state, OrderState::Paid);
    street.ends().await;
}

#[tokio::test]
async fn a_known_thing_is_bought_with_taps() {
    let street = Street::open().await;
    let ana = street.ana();
    street.says(&ana, "do you have boot wax?").await;
    assert_snapshot!(street.hears(&ana), @r#"
        shopper text: do you have boot wax?
        shop button: This one fits: Boot Wax 100 ml.

        *Boot Wax 100 ml*
        Nordvik · 100 ml
        €9.90 · in stock
            [Details] [Add to cart]
        "#);
    street.taps(&ana, "Add to cart").await;
    street.taps(&ana, "Checkout").await;
    street.taps(&ana, "Confirm order").await;
    assert!(ana.chat().iter().any(|b| page(b).is_some()));
    street.pays(&ana, GOOD_CARD).await;
    assert_snapshot!(street.hears(&ana), @r#"
        shopper button_reply: Add to cart
        shop button: Added: 1 × Boot Wax 100 ml. Your cart comes to €14.80 with delivery.
            [Checkout] [View cart]
        shopper button_reply: Checkout
        shop button: Here is your order. Please check it:

        *Your order*
        1 × Boot Wax 100 ml: €9.90
        Subtotal: €9.90
        Standard shipping: €4.90
        *Total: €14.80*
            [Confirm order] [Cancel]
        shopper button_reply: Confirm order
        shop cta_url: Order FJ-1042 is reserved for you. Please pay here to complete it.
            (Pay €14.80)
        shop cta_url: Paid, thank you! Order FJ-1042 (€14.80) is confirmed. We are packing it now.

        You can also write: Order status
            (See order)
        "#);
    assert_eq!(street.shop.orders().await[0].state, OrderState::Paid);
    assert!(ana.chat().iter().filter(|b| b.ours).all(|b| b.status == "read"));
    street.ends().await;
}

#[tokio::test]
async fn a_cart_of_the_network_becomes_an_order() {
    let item = |sku: &str, price: &str| Item {
        sku: sku.into(),
        name: sku.into(),
        price: price.into(),
        currency: "EUR".into(),
        picture: None,
    };
    let catalogue = vec![item("NV-BOW100", "9.90"), item("SK-DRRJW-M-BLU", "69.90")];
    let settings = Settings { catalogue, ..Settings::default() };
    let catalog = settings.catalog_id.clone();
    let street = Street::with(settings, |config| {
        for account in config.whatsapp.accounts.values_mut() {
            account.catalog_id.clone_from(&catalog);
        }
    })
    .await;
    let ana = street.ana();
    let line = |sku: &str, quantity| OrderItem { sku: sku.into(), quantity, price: None, currency: None };
    let items = vec![line("NV-BOW100", 2), line("SK-DRRJW-M-BLU", 1)];
    ana.says(&Saying::Order { items, text: Some("please hurry".into()) }).unwrap();
    street.settles().await;
    assert_snapshot!(street.hears(&ana), @r#"
        shopper order: please hurry
        shop button: Drizzle Rain Jacket Women (M / Blue) costs €79.90 now (you saw €69.90).
        I can't pass a note on with an order. If it matters, ask for a colleague.
        Here is your order. Please check it:

        *Your order*
        2 × Boot Wax 100 ml (€9.90): €19.80
        1 × Drizzle Rain Jacket Women (M / Blue): €79.90
        Subtotal: €99.70
        Standard shipping: free
        *Total: €99.70*
            [Confirm order] [Cancel]
        "#);
    street.taps(&ana, "Confirm order").await;
    street.pays(&ana, GOOD_CARD).await;
    assert_eq!(street.shop.orders().await[0].state, OrderState::Paid);
    ana.says(&Saying::AskProduct { sku: "SK-DRRJW-M-BLU".into(), body: "is it warm?".into() }).unwrap();
    street.settles().await;
    assert_snapshot!(street.hears(&ana), @r#"
        shopper button_reply: Confirm order
        shop cta_url: Order FJ-1042 is reserved for you. Please pay here to complete it.
            (Pay €99.70)
        shop cta_url: Paid, thank you! Order FJ-1042 (€99.70) is confirmed. We are packing it now.

        You can also write: Order status
            (See order)
        shopper text: is it warm?
        shop button: Drizzle Rain Jacket Women: There are no underarm zips, so hard climbing gets warm.

        *Drizzle Rain Jacket Women*
        Skarn · women · waterproof
        €79.90 · in stock
            [Details] [Choose & add] [Add it to my cart]
        "#);
    street.ends().await;
}

#[tokio::test]
async fn a_username_is_enough_to_buy() {
    let street = Street::open().await;
    let li = street.world.username("li.climbs", "Li").unwrap();
    street.says(&li, "do you have boot wax?").await;
    street.taps(&li, "Add to cart").await;
    street.taps(&li, "Checkout").await;
    street.taps(&li, "Confirm order").await;
    street.pays(&li, GOOD_CARD).await;
    assert_eq!(street.shop.orders().await[0].state, OrderState::Paid);
    assert!(words(li.chat().last().unwrap()).starts_with("Paid, thank you"), "{}", street.hears(&li));
    let calls = street.world.journal();
    let mut asked = calls.iter().filter(|e| e.kind == "call" && e.request.contains("biz_opaque_callback_data"));
    assert!(
        asked.clone().count() > 3 && asked.clone().all(|e| e.request.contains("\"recipient\":")),
        "{:?}",
        asked.next_back()
    );
    street.ends().await;
}

#[tokio::test]
async fn a_new_number_keeps_the_orders() {
    let street = Street::open().await;
    let ana = street.ana();
    street.says(&ana, "do you have boot wax?").await;
    street.taps(&ana, "Add to cart").await;
    street.taps(&ana, "Checkout").await;
    street.taps(&ana, "Confirm order").await;
    street.pays(&ana, GOOD_CARD).await;
    let number = street.shop.orders().await[0].number.clone();
    ana.moves(Some("5521977776666")).unwrap();
    street.settles().await;
    street.says(&ana, "where is my order?").await;
    let last = words(ana.chat().last().unwrap());
    assert!(last.contains(&number), "{last}");
    // Somebody else gets the number that was left, and nothing of hers.
    let bo = street.world.shopper("5511988887777", "Bo").unwrap();
    street.says(&bo, "where is my order?").await;
    assert!(!words(bo.chat().last().unwrap()).contains(&number));
    street.ends().await;
}

#[tokio::test]
async fn two_accounts_of_one_shop_keep_their_talks_apart() {
    let street = Street::open().await;
    let ana = street.ana();
    let other = ana.at(super::phone::SECOND);
    street.says(&ana, "do you have boot wax?").await;
    street.says(&other, "do you have sun cream?").await;
    let channels: Vec<String> =
        crate::http::whatsapp::talks(&street.shop).await.into_iter().map(|t| t.channel).collect();
    assert_eq!(channels, ["whatsapp:main", "whatsapp:second"]);
    assert_eq!(ana.chat().iter().filter(|b| b.ours).count(), 1);
    assert_eq!(other.chat().iter().filter(|b| b.ours).count(), 1);
    assert!(
        words(other.chat().last().unwrap()).to_lowercase().contains("sun"),
        "{}",
        words(other.chat().last().unwrap())
    );
    street.taps(&ana, "Add to cart").await;
    assert_eq!(other.chat().len(), 2);
    street.ends().await;
}

#[tokio::test]
async fn a_closed_window_lets_through_what_is_approved_and_announces_the_rest() {
    let street = Street::open().await;
    let ana = street.ana();
    let left = json!([{"type": "BODY", "text": "Order {{number}} has left us.",
        "example": {"body_text_named_params": [{"param_name": "number", "example": "FJ-1"}]}}]);
    let waiting = json!([{"type": "BODY", "text": "There is an answer for you."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Read"}]}]);
    street.approves(&[form("order_sent", "UTILITY", &left), form("reply_waiting", "UTILITY", &waiting)]).await;
    street.says(&ana, "do you have boot wax?").await;
    street.passes(60 * 26).await;
    let template = Template {
        name: "order_sent".into(),
        language: "en".into(),
        category: Category::Utility,
        values: [("number".to_owned(), "FJ-9".to_owned())].into(),
    };
    street.tells(Reply { template: Some(template), ..Reply::text("Your order FJ-9 is on its way.") }).await;
    assert_eq!(words(ana.chat().last().unwrap()), "Order FJ-9 has left us.");
    street.hears(&ana);
    street.tells(Reply::text("The boots you asked about are back.")).await;
    street.tells(Reply::text("In both colours.")).await;
    assert_snapshot!(street.hears(&ana), @r#"
        shop template: There is an answer for you.
            [Read]
        "#);
    street.taps(&ana, "Read").await;
    assert_snapshot!(street.hears(&ana), @r#"
        shopper button: Read
        shop text: The boots you asked about are back.
        shop text: In both colours.
        "#);
    street.ends().await;
}

#[tokio::test]
async fn the_owners_phone_silences_the_agent_until_the_talk_is_given_back() {
    let street = Street::open().await;
    let ana = street.ana();
    street.says(&ana, "do you have boot wax?").await;
    street.hears(&ana);
    ana.hears_staff("I am looking it up myself").unwrap();
    street.settles().await;
    street.says(&ana, "thank you, and sun cream?").await;
    assert_snapshot!(street.hears(&ana), @r#"
        shop text: I am looking it up myself
        shopper text: thank you, and sun cream?
        "#);
    assert!(street.talk().await.with.is_colleague());
    let talk = street.talk().await;
    hand_off::give_back(&street.shop.app, &street.shop.app.shop, &talk.id).await.unwrap();
    street.settles().await;
    assert_eq!(street.hears(&ana).trim(), "", "nobody pays for being told who answers");
    street.says(&ana, "do you have sun cream?").await;
    // Nobody answered what she wrote meanwhile: both are answered now, in one message.
    assert_snapshot!(street.hears(&ana), @r#"
        shopper text: do you have sun cream?
        shop button: I could not find that in our texts. Shall I ask a colleague?

        We don't carry that. The nearest we have is Wide Brim Sun Hat.

        *Wide Brim Sun Hat*
        Skarn · unisex · 85 g
        €34.90 · in stock
            [Details] [Choose & add] [Ask a colleague]
        "#);
    let (app, shop) = (&street.shop.app, &street.shop.app.shop);
    hand_off::answer(app, shop, &talk.id, "Jo", "I found the sun cream after all.").await.unwrap();
    street.settles().await;
    assert_eq!(street.hears(&ana).trim(), "shop text: I found the sun cream after all.", "one answer, one message");
    street.ends().await;
}
