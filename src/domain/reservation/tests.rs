//! Goods set aside are sold or put back, once.

use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn the_first_event_decides_and_nothing_undoes_it(sells in prop::collection::vec(any::<bool>(), 1..8)) {
        let event = |sell| if sell { ReservationEvent::Sell } else { ReservationEvent::Release };
        let (mut state, mut moved) = (ReservationState::Held, 0);
        for sell in &sells {
            if let Some(next) = state.on(event(*sell)) {
                (state, moved) = (next, moved + 1);
                prop_assert_eq!(next, event(*sell).target());
            }
        }
        prop_assert_eq!((state, moved), (event(sells[0]).target(), 1));
    }
}

#[test]
fn what_is_returned_moves_no_more_and_holders_never_share_a_name() {
    for event in [ReservationEvent::Sell, ReservationEvent::Release] {
        assert_eq!(ReservationState::Returned.on(event), None);
    }
    let (order, amendment) = (OrderId::new("x"), AmendmentId::new("y"));
    let holders = [
        Holder::Order(order.clone()),
        Holder::CalledOff(order),
        Holder::Amendment(amendment.clone()),
        Holder::Back(amendment),
    ];
    let names: std::collections::BTreeSet<String> = holders.iter().map(Holder::word).collect();
    assert_eq!(names.len(), holders.len());
}
