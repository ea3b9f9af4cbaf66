//! An attempt to be paid against everything the provider may say, in any order.

use super::*;
use crate::domain::money::Currency;
use insta::assert_snapshot;
use proptest::prelude::*;

const STATES: [CheckoutState; 5] =
    [CheckoutState::Requested, CheckoutState::Open, CheckoutState::Pending, CheckoutState::Paid, CheckoutState::Closed];
const STANDINGS: [Standing; 4] = [Standing::Open, Standing::Processing, Standing::Paid, Standing::Dead];

fn attempt(state: CheckoutState) -> Checkout {
    Checkout {
        id: CheckoutId::new("chk_1"),
        order: OrderId::new("ord_1"),
        amendment: None,
        place: 1,
        amount: Money::new(500, Currency::EUR),
        state,
        session: Some("cs_1".into()),
        intent: None,
        url: None,
        expires_at: Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn every_state_meets_every_word_of_the_provider() {
    let mut text = String::new();
    for state in STATES {
        let mut row = format!("{:10}", state.word());
        for standing in STANDINGS {
            row.push_str(&format!("{:24}", format!("{standing:?} → {}", attempt(state).after(standing).word())));
        }
        text = format!("{text}{}\n", row.trim_end());
    }
    assert_snapshot!(text, @r"
        requested Open → requested        Processing → pending    Paid → paid             Dead → closed
        open      Open → open             Processing → pending    Paid → paid             Dead → closed
        pending   Open → pending          Processing → pending    Paid → paid             Dead → closed
        paid      Open → paid             Processing → paid       Paid → paid             Dead → paid
        closed    Open → closed           Processing → closed     Paid → paid             Dead → closed
        ");
}

proptest! {
    #[test]
    fn the_end_depends_on_what_was_said_and_not_on_when(said in prop::collection::vec(0..4usize, 1..10)) {
        let mut now = attempt(CheckoutState::Open);
        for n in &said {
            now.state = now.after(STANDINGS[*n]);
            prop_assert_eq!(now.after(STANDINGS[*n]), now.state, "the same word twice");
        }
        let heard = |standing| said.iter().any(|n| STANDINGS[*n] == standing);
        let expected = match () {
            () if heard(Standing::Paid) => CheckoutState::Paid,
            () if heard(Standing::Dead) => CheckoutState::Closed,
            () if heard(Standing::Processing) => CheckoutState::Pending,
            () => CheckoutState::Open,
        };
        prop_assert_eq!(now.state, expected);
    }
}
