//! Every state of an amendment against every event; its terms add up, and its goods and money move once.

use super::*;
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::Currency;
use insta::assert_snapshot;
use proptest::prelude::*;

const STATES: [AmendmentState; 4] =
    [AmendmentState::AwaitingPayment, AmendmentState::Agreed, AmendmentState::Done, AmendmentState::Void];
const KINDS: [AmendmentKind; 3] = [AmendmentKind::Change, AmendmentKind::Return, AmendmentKind::Exchange];

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn line(variant: &str, quantity: u32, unit: i64) -> QuoteLine {
    let (product, variant) = (ProductId::new("p"), VariantId::new(variant));
    QuoteLine::new(product, variant, "t".into(), String::new(), quantity, euros(unit)).unwrap()
}

fn quote(lines: Vec<QuoteLine>) -> Quote {
    let shipping = crate::domain::shop::Shipping { label: "Shipping".into(), fee: euros(490), free_from: None };
    Quote::new(lines, Currency::EUR, &shipping).unwrap()
}

/// An amendment that takes a piece of 10.00 out and puts one of `price` in.
fn amendment(kind: AmendmentKind, state: AmendmentState, price: i64) -> Amendment {
    let out = if kind == AmendmentKind::Return { vec![] } else { vec![line("b", 1, price)] };
    let terms = Terms::new(&quote(vec![line("a", 2, 1000)]), vec![line("a", 1, 1000)], out).unwrap();
    let (id, order) = (AmendmentId::new("amd_1"), OrderId::new("ord_1"));
    Amendment { id, order, kind, state, terms, created: Timestamp::UNIX_EPOCH }
}

fn payment(standing: Standing, minor: i64, news: bool, open: bool) -> AmendmentEvent {
    AmendmentEvent::Payment { standing, amount: euros(minor), news, open }
}

fn events(difference: i64) -> Vec<(&'static str, AmendmentEvent)> {
    vec![
        ("confirmed", AmendmentEvent::Confirmed),
        ("page open", payment(Standing::Open, difference, false, true)),
        ("on its way", payment(Standing::Processing, difference, false, true)),
        ("paid", payment(Standing::Paid, difference, true, true)),
        ("paid, told again", payment(Standing::Paid, difference, false, true)),
        ("a cent less", payment(Standing::Paid, difference - 1, true, true)),
        ("paid too late", payment(Standing::Paid, difference, true, false)),
        ("page dead", payment(Standing::Dead, difference, false, true)),
        ("received", AmendmentEvent::Received),
        ("refused", AmendmentEvent::Refused),
    ]
}

fn letters(change: &AmendmentChange) -> String {
    let letter = |effect: &Effect| match effect {
        Effect::Sell => 's',
        Effect::Release => 'r',
        Effect::Restock => 'k',
        Effect::BookSale(_) => 'b',
        Effect::GiveBack { of: OutOf::Sale, .. } => 'g',
        Effect::GiveBack { of: OutOf::Surplus, .. } => 'u',
        Effect::Apply => 'a',
        Effect::ClosePage | Effect::OpenPage | Effect::Tell(_) => 't',
    };
    let frozen = change.frozen.iter().map(|_| '!');
    change.effects.iter().map(letter).chain(frozen).collect()
}

#[test]
fn every_state_meets_every_event() {
    let mut text = String::new();
    for (title, kind, price) in [
        ("change, 5.00 dearer", AmendmentKind::Change, 1500),
        ("change, 5.00 cheaper", AmendmentKind::Change, 500),
        ("exchange, 5.00 dearer", AmendmentKind::Exchange, 1500),
        ("exchange, 5.00 cheaper", AmendmentKind::Exchange, 500),
        ("return", AmendmentKind::Return, 0),
    ] {
        text = format!("{text}{title}\n");
        for (name, event) in events(500) {
            let mut row = format!("  {name:18}");
            for state in STATES {
                let change = amendment(kind, state, price).on(&event);
                let to = if change.state == state { "." } else { change.state.word() };
                let letters = letters(&change);
                let cell = if letters.is_empty() { to.to_owned() } else { format!("{to}:{letters}") };
                row.push_str(&format!("{cell:24}"));
            }
            text = format!("{text}{}\n", row.trim_end());
        }
    }
    // Columns: awaiting payment, agreed, done, void. s sell what comes, k what goes is back on the shelf, r release,
    // b book the difference, g give it back, u give back what was too much, a apply, ! a person is told.
    assert_snapshot!(text, @r"
        change, 5.00 dearer
          confirmed         .                       .                       .                       .
          page open         .                       .                       .                       .
          on its way        .                       .                       .                       .
          paid              done:bksa               .:u                     .:u                     .:u
          paid, told again  done:bksa               .                       .                       .
          a cent less       void:ru!                .:u                     .:u                     .:u
          paid too late     void:ru                 .:u                     .:u                     .:u
          page dead         void:r                  .                       .                       .
          received          .                       done:ka                 .                       .
          refused           void:r                  void:rg                 .                       .
        change, 5.00 cheaper
          confirmed         done:ksag               .                       .                       .
          page open         .                       .                       .                       .
          on its way        .                       .                       .                       .
          paid              void:ru!                .:u                     .:u                     .:u
          paid, told again  void:ru!                .                       .                       .
          a cent less       void:ru!                .:u                     .:u                     .:u
          paid too late     void:ru                 .:u                     .:u                     .:u
          page dead         void:r                  .                       .                       .
          received          .                       done:kag                .                       .
          refused           void:r                  void:r                  .                       .
        exchange, 5.00 dearer
          confirmed         .                       .                       .                       .
          page open         .                       .                       .                       .
          on its way        .                       .                       .                       .
          paid              agreed:b                .:u                     .:u                     .:u
          paid, told again  agreed:b                .                       .                       .
          a cent less       void:ru!                .:u                     .:u                     .:u
          paid too late     void:ru                 .:u                     .:u                     .:u
          page dead         void:r                  .                       .                       .
          received          .                       done:ksa                .                       .
          refused           void:r                  void:rg                 .                       .
        exchange, 5.00 cheaper
          confirmed         agreed                  .                       .                       .
          page open         .                       .                       .                       .
          on its way        .                       .                       .                       .
          paid              void:ru!                .:u                     .:u                     .:u
          paid, told again  void:ru!                .                       .                       .
          a cent less       void:ru!                .:u                     .:u                     .:u
          paid too late     void:ru                 .:u                     .:u                     .:u
          page dead         void:r                  .                       .                       .
          received          .                       done:ksag               .                       .
          refused           void:r                  void:r                  .                       .
        return
          confirmed         agreed                  .                       .                       .
          page open         .                       .                       .                       .
          on its way        .                       .                       .                       .
          paid              void:ru!                .:u                     .:u                     .:u
          paid, told again  void:ru!                .                       .                       .
          a cent less       void:ru!                .:u                     .:u                     .:u
          paid too late     void:ru                 .:u                     .:u                     .:u
          page dead         void:r                  .                       .                       .
          received          .                       done:kag                .                       .
          refused           void:r                  void:r                  .                       .
        ");
}

proptest! {
    /// Money is paid once, goods move once, and what was taken is given back when nothing comes of it.
    #[test]
    fn whatever_happens_it_happens_once(
        kind in 0..3usize, price in prop::sample::select(vec![500i64, 1000, 1500]), steps in prop::collection::vec(0..10usize, 0..12)
    ) {
        let mut now = amendment(KINDS[kind], AmendmentState::AwaitingPayment, price);
        let difference = now.terms.difference.minor;
        let (mut known, mut paid, mut effects) = (false, 0, Vec::new());
        let first = [AmendmentEvent::Confirmed];
        // Only what costs more has a page that can be paid.
        let told = steps.iter().map(|n| events(difference.max(1)).swap_remove(*n).1);
        for event in first.into_iter().chain(told) {
            let event = match event {
                AmendmentEvent::Payment { .. } if difference <= 0 => continue,
                AmendmentEvent::Payment { standing: Standing::Paid, amount, news: true, .. } if known => {
                    payment(Standing::Paid, amount.minor, false, true)
                }
                AmendmentEvent::Payment { standing: Standing::Paid, amount, news: false, .. } if !known => {
                    payment(Standing::Paid, amount.minor, true, true)
                }
                other => other,
            };
            if let AmendmentEvent::Payment { standing: Standing::Paid, amount, news: true, .. } = &event {
                (known, paid) = (true, amount.minor);
            }
            let change = now.on(&event);
            let frozen = change.frozen.is_some();
            now.state = change.state;
            effects.extend(change.effects);
            if frozen {
                // A person settles it; nothing else is promised.
                return Ok(());
            }
        }
        let count = |effect: &Effect| effects.iter().filter(|e| *e == effect).count();
        let (sell, release, restock, apply) =
            (count(&Effect::Sell), count(&Effect::Release), count(&Effect::Restock), count(&Effect::Apply));
        let done = usize::from(now.state == AmendmentState::Done);
        prop_assert_eq!((apply, restock), (done, done), "{:?}: {:?}", now.state, effects);
        prop_assert_eq!(sell, if now.kind == AmendmentKind::Return { 0 } else { done });
        prop_assert_eq!(release, usize::from(now.state == AmendmentState::Void));
        let back: i64 = effects.iter().map(|e| if let Effect::GiveBack { amount, .. } = e { amount.minor } else { 0 }).sum();
        let kept = match now.state {
            AmendmentState::Done => difference,
            AmendmentState::Agreed => difference.max(0),
            AmendmentState::Void => 0,
            AmendmentState::AwaitingPayment => paid,
        };
        prop_assert_eq!(paid - back, kept, "{:?}: paid {}, {:?}", now.state, paid, effects);
    }

    #[test]
    fn terms_add_up_and_nothing_is_lost(
        order in prop::collection::vec((0..4u8, 1u32..5, 1i64..900), 1..5), take in 0..5usize, pieces in 1u32..5, price in 1i64..2000
    ) {
        let mut lines: Vec<QuoteLine> = Vec::new();
        for (n, quantity, unit) in order {
            let line = line(&format!("v{n}"), quantity, unit);
            if lines.iter().all(|l| l.variant != line.variant) {
                lines.push(line);
            }
        }
        let before = quote(lines.clone());
        let from = &lines[take % lines.len()];
        let quantity = pieces.min(from.quantity);
        let back = vec![line(from.variant.as_str(), quantity, from.unit.minor)];
        let mut terms = Terms::new(&before, back, vec![line("new", quantity, price)]).unwrap();
        prop_assert!(terms.adds_up());
        prop_assert_eq!(terms.quote.total.minor - before.total.minor, terms.difference.minor);
        prop_assert_eq!(terms.quote.shipping, before.shipping, "delivery stays as it was charged");
        let pieces = |quote: &Quote| quote.lines.iter().map(|l| l.quantity).sum::<u32>();
        prop_assert_eq!(pieces(&terms.quote), pieces(&before));
        terms.difference.minor += 1;
        prop_assert!(!terms.adds_up(), "a cent was slipped in");
    }
}
