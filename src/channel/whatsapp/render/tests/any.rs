//! Any reply at all keeps every limit, loses nothing, and takes a bounded number of bubbles.

use super::*;
use proptest::prelude::*;
use proptest::sample::select;

/// Texts that have broken renderers.
fn hostile() -> impl Strategy<Value = String> {
    let odd = vec![
        "",
        " ",
        "\n\n\n",
        "\u{200b}",
        "\u{202e}txet",
        "\u{0}\u{7}",
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈🏳️‍🌈🏳️‍🌈",
        "שלום עולם",
        "مرحبا",
        "e\u{301}\u{301}\u{301}",
        "**",
        "***a",
        "# ",
        "[x](",
        "![](https://a.example)",
        "| a |\n|---|\n| b |",
        "```",
        "&amp;",
        "<b>",
        "~~",
        "__init__",
        "\u{feff}",
        "{{1}}",
        "https://x.example/[a](b)",
        "3*4*5",
        "1.",
        "> q",
        "\u{2028}",
        "\t",
        "a\r\nb",
        "\\",
        "*",
        "_",
    ];
    let piece = prop_oneof![
        3 => select(odd).prop_map(str::to_owned),
        3 => "[a-zA-Z]{1,12}",
        1 => "\\PC{0,40}",
        1 => any::<char>().prop_map(String::from),
    ];
    let long =
        (piece.clone(), 1_usize..3_000).prop_map(|(piece, times)| piece.repeat(times).chars().take(12_000).collect());
    prop_oneof![
        6 => proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat()),
        1 => long,
    ]
}

fn address() -> impl Strategy<Value = String> {
    let known = vec![
        "https://shop.example/a",
        "http://127.0.0.1:8080/x",
        "",
        "javascript:alert(1)",
        "https://",
        "https:// x",
        "/pictures/a",
        "https://user@shop.example/",
        "https://localhost/a",
        "ftp://x.example",
    ];
    prop_oneof![
        4 => select(known).prop_map(str::to_owned),
        1 => (1_usize..2_500).prop_map(|long| format!("https://shop.example/{}", "a".repeat(long))),
        1 => hostile(),
    ]
}

fn button() -> impl Strategy<Value = Button> {
    let id = prop_oneof![
        3 => "(show|add|confirm|cancel|order|say):[a-z0-9]{1,8}",
        1 => hostile(),
        1 => (150_usize..300).prop_map(|long| format!("pick:{}", "x".repeat(long))),
    ];
    (id, hostile(), proptest::option::of(hostile())).prop_map(|(id, label, hint)| Button { id, label, hint })
}

prop_compose! {
    fn any_card()(
        id in prop_oneof![3 => "[a-z]{1,6}", 1 => hostile()],
        words in proptest::array::uniform4(hostile()),
        compare_at in proptest::option::of(hostile()),
        picture in proptest::option::of(address()),
        choices in proptest::collection::vec(button(), 0..4),
    ) -> Card {
        let [title, subtitle, price, stock] = words;
        let article = (id.len() % 4 != 0).then(|| VariantId::new(&id));
        let (product, left) = (ProductId::new(id), Left::Unknown);
        Card { product, title, subtitle, price, compare_at, stock, left, picture, choices, article }
    }
}

prop_compose! {
    fn any_summary()(
        words in proptest::array::uniform4(hostile()),
        lines in 0_usize..30,
        quantity in any::<u32>(),
        choices in proptest::collection::vec(button(), 0..4),
    ) -> Summary {
        let [title, options, unit, total] = words;
        let line = SummaryLine { title: title.clone(), options, quantity, unit, total: total.clone() };
        let totals = vec![SummaryTotal { label: title.clone(), amount: total, strong: true }];
        Summary {
            proposal: ProposalId::new("p"), title, lines: vec![line; lines], totals, choices,
            expires_at: Timestamp::UNIX_EPOCH,
        }
    }
}

prop_compose! {
    fn any_reply()(
        text in hostile(),
        cards in proptest::collection::vec(any_card(), 0..13),
        choices in proptest::collection::vec(button(), 0..14),
        summary in proptest::option::weighted(0.3, any_summary()),
        payment in proptest::option::weighted(0.3, (hostile(), address())),
        link in proptest::option::weighted(0.3, (hostile(), address())),
        document in proptest::option::weighted(0.3, (hostile(), address())),
        source in proptest::option::weighted(0.3, (hostile(), hostile())),
        share in proptest::option::weighted(0.2, select(vec![Share::Location, Share::Phone])),
        notice in proptest::option::weighted(0.2, select(vec![Notice::HandOff, Notice::Returned])),
    ) -> Reply {
        Reply {
            text, cards, choices, summary, share, notice,
            payment: payment.map(|(label, url)| PaymentRequest { label, url, ..super::payment() }),
            link: link.map(|(label, url)| Link { label, url }),
            document: document.map(|(name, url)| Document { name, url }),
            sources: source.map(|(title, heading)| Source { title, heading }).into_iter().collect(),
            template: None,
        }
    }
}

/// Every text in a body.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|one| strings(one, found)),
        Value::Object(all) => all.values().for_each(|one| strings(one, found)),
        _ => {}
    }
}

fn said(bubbles: &[Bubble]) -> (Vec<String>, String) {
    let mut all = Vec::new();
    bubbles.iter().for_each(|bubble| strings(&bubble.body, &mut all));
    let joined = all.join("\n");
    (all, joined)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_reply_keeps_the_limits_and_the_bound(reply in any_reply(), catalog in any::<bool>()) {
        let voice = voice();
        let catalog = catalog.then_some("770");
        let situation = Situation { catalog, quote: Some("wamid.1"), voice: &voice, now: Timestamp::UNIX_EPOCH };
        let bubbles = render(&reply, &situation);
        prop_assert!(bubbles.len() <= BUBBLES_MAX, "{} bubbles", bubbles.len());
        for bubble in &bubbles {
            if let Err(breach) = check(&bubble.body) {
                prop_assert!(false, "{breach}: {}", bubble.body);
            }
        }
        let shows = !crate::channel::whatsapp::limits::is_blank(&reply.text) || !reply.cards.is_empty();
        prop_assert!(!shows || !bubbles.is_empty(), "nothing is left of it");
        let same = render(&reply, &situation);
        prop_assert_eq!(bubbles, same);
    }

    #[test]
    fn nothing_is_lost(
        words in proptest::collection::vec("[a-z]{2,9}[.]?", 1..1_500),
        ids in proptest::collection::btree_set("[a-z]{3}", 0..14),
        cards in proptest::collection::btree_set("[a-z]{4}", 0..10),
        extras in any::<[bool; 4]>(),
    ) {
        let choices: Vec<Button> = ids.iter().map(|id| Button::new(format!("order:{id}"), format!("Label {id}"))).collect();
        let [pay, paged, filed, confirmed] = extras;
        let reply = Reply {
            choices,
            cards: cards.iter().map(|id| card(id, &format!("Title {id}"))).collect(),
            payment: pay.then(payment),
            link: paged.then(link),
            document: filed.then(|| Document { name: "r.pdf".into(), url: "https://shop.example/r.pdf".into() }),
            summary: confirmed.then(summary),
            ..Reply::text(words.join(" "))
        };
        let bubbles = with(&reply, None);
        let (all, joined) = said(&bubbles);
        let spaced = format!(" {} ", joined.replace('\n', " "));
        for word in &words {
            prop_assert!(spaced.contains(&format!(" {word} ")), "{word} is lost");
        }
        for id in &ids {
            let tapped = all.iter().filter(|text| **text == format!("order:{id}")).count();
            let typed = typed(&reply, &format!("Label {id}")).map(|button| button.id);
            prop_assert_eq!(typed, Some(format!("order:{id}")));
            prop_assert!(tapped == 1 || (tapped == 0 && joined.contains(&format!("Label {id}"))), "{id}: {tapped}");
        }
        for id in &cards {
            prop_assert!(joined.contains(&format!("Title {id}")) , "{id} is lost");
        }
        for (there, what) in [(pay, "pay.example/s1"), (paged, "shop.example/orders/x"), (filed, "r.pdf"), (confirmed, "confirm:p1")] {
            prop_assert!(!there || joined.contains(what), "{what} is lost");
        }
    }

    #[test]
    fn any_words_typed_are_bearable(reply in any_reply(), words in hostile()) {
        let _ = typed(&reply, &words);
    }
}
