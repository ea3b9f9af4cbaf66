//! Every state of a refund against every event, and that money which goes back is never more than what came.

use super::*;
use crate::domain::money::Currency;
use insta::assert_snapshot;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn refund(state: RefundState, of: OutOf) -> Refund {
    let details = Details {
        of,
        why: "a test".into(),
        asked_by: AskedBy::Shopper,
        decided_by: None,
        lines: vec![],
        failure: None,
    };
    Refund {
        id: RefundId::new("ref_1"),
        order: OrderId::new("ord_1"),
        amount: euros(500),
        state,
        details,
        intent: Some("pi_1".into()),
        provider_id: None,
        first_sent: None,
        created: Timestamp::UNIX_EPOCH,
    }
}

fn events() -> Vec<(&'static str, RefundEvent)> {
    let told = |standing, first| RefundEvent::Told { standing, first };
    vec![
        ("agreed", RefundEvent::Approved),
        ("declined", RefundEvent::Declined),
        ("paid by hand", RefundEvent::PaidByHand),
        ("refused", RefundEvent::Refused),
        ("on its way", told(Standing::OnItsWay, true)),
        ("on its way, known", told(Standing::OnItsWay, false)),
        ("there", told(Standing::Done, true)),
        ("there, known", told(Standing::Done, false)),
        ("came back", told(Standing::Failed, true)),
        ("came back, known", told(Standing::Failed, false)),
    ]
}

#[test]
fn every_state_meets_every_event() {
    let mut text = format!("{:18}", "");
    for state in RefundState::ALL {
        text.push_str(&format!("{:28}", state.word()));
    }
    for (name, event) in events() {
        text = format!("{}\n{name:18}", text.trim_end());
        for state in RefundState::ALL {
            let change = refund(state, OutOf::Sale).on(&event);
            let mut cell = if change.state == state { ".".to_owned() } else { change.state.word().to_owned() };
            let booked: Vec<_> = change.book.iter().map(|kind| kind.word()).collect();
            if !booked.is_empty() {
                cell = format!("{cell}: {}", booked.join(", "));
            }
            text.push_str(&format!("{cell:28}"));
        }
    }
    assert_snapshot!(text.trim_end(), @r"
                          waiting                     queued                      sent                        done                        failed                      declined
        agreed            queued: credit              .                           .                           .                           .                           .
        declined          declined                    .                           .                           .                           .                           .
        paid by hand      done: credit, refund        .                           .                           .                           .                           .
        refused           .                           failed                      .                           .                           .                           .
        on its way        .                           sent: credit, refund        .: credit, refund           .                           sent: credit, refund        .
        on its way, known .                           sent: credit, refund        .: credit, refund           .                           .                           .
        there             .                           done: credit, refund        done: credit, refund        .                           done: credit, refund        .
        there, known      .                           done: credit, refund        done: credit, refund        .                           .                           .
        came back         .                           failed: credit              failed: refund_returned     failed: refund_returned     .                           .
        came back, known  .                           failed: credit              failed: refund_returned     failed: refund_returned     .                           .
        ");
}

#[test]
fn what_no_payment_covers_is_never_sent_by_itself() {
    let by_hand = Refund { intent: None, ..refund(RefundState::Waiting, OutOf::Sale) };
    assert_eq!(by_hand.on(&RefundEvent::Approved).state, RefundState::Waiting);
    assert_eq!(by_hand.on(&RefundEvent::PaidByHand).state, RefundState::Done);
}

proptest! {
    /// Whatever is told, how often and in whatever order: the ledger has the money out exactly while the refund is on its
    /// way or there, and a sale is taken back at most once, and only out of a sale.
    #[test]
    fn the_ledger_says_what_the_refund_says(
        steps in prop::collection::vec(0..10usize, 1..14), surplus in any::<bool>(), waits in any::<bool>()
    ) {
        let of = if surplus { OutOf::Surplus } else { OutOf::Sale };
        let mut now = refund(if waits { RefundState::Waiting } else { RefundState::Queued }, of);
        let mut booked: BTreeSet<EntryKind> = BTreeSet::new();
        if !waits && !surplus {
            booked.insert(EntryKind::Credit);
        }
        for n in steps {
            let (name, event) = events().swap_remove(n);
            // The provider's first word is its first word only once.
            if matches!(event, RefundEvent::Told { first, .. } if first == now.provider_id.is_some()) {
                continue;
            }
            // It knows nothing of a refund that was never asked for.
            if matches!((&event, now.state), (RefundEvent::Told { .. }, RefundState::Waiting | RefundState::Declined)) {
                continue;
            }
            if matches!(event, RefundEvent::Told { .. }) {
                now.provider_id = Some("re_1".into());
            }
            let change = now.on(&event);
            now.state = change.state;
            booked.extend(change.book);
            let again = now.on(&match event {
                RefundEvent::Told { standing, .. } => RefundEvent::Told { standing, first: false },
                other => other,
            });
            prop_assert_eq!(again.state, now.state, "{} twice", name);
            prop_assert!(again.book.iter().all(|kind| booked.contains(kind)), "{} twice books more", name);
            let out = booked.contains(&EntryKind::Refund) && !booked.contains(&EntryKind::RefundReturned);
            prop_assert_eq!(out, matches!(now.state, RefundState::Sent | RefundState::Done), "{} → {:?}", name, now.state);
            prop_assert!(!surplus || !booked.contains(&EntryKind::Credit), "a surplus is no sale");
            let credited = booked.contains(&EntryKind::Credit);
            prop_assert!(surplus || credited || !now.state.counts(), "money goes back, and the sale stands");
        }
    }

    #[test]
    fn an_amount_is_spread_over_what_is_left_latest_first(
        amount in 1i64..3000, sources in prop::collection::vec((any::<bool>(), 0i64..1000), 0..6)
    ) {
        let source = |(n, (named, left)): (usize, &(bool, i64))| {
            Source { intent: named.then(|| format!("pi_{n}")), left: euros(*left) }
        };
        let sources: Vec<Source> = sources.iter().enumerate().map(source).collect();
        let parts = spread(euros(amount), &sources).unwrap();
        prop_assert_eq!(parts.iter().map(|(_, part)| part.minor).sum::<i64>(), amount);
        let of = |intent: &Option<String>| parts.iter().find(|(name, _)| name == intent).map_or(0, |(_, part)| part.minor);
        let mut rest = amount;
        for source in sources.iter().rev().filter(|s| s.intent.is_some()) {
            prop_assert_eq!(of(&source.intent), rest.min(source.left.minor));
            rest -= of(&source.intent);
        }
        prop_assert_eq!(of(&None), rest, "what no payment covers is for a person");
    }
}
