//! The states of a send: every state with every event, and news in any order.

use super::*;
use proptest::prelude::*;

/// A line for each state, a column for each event; `.` means that nothing follows.
const TABLE: &str = "
          begin    took      later   refused  lost     again   drop     sent  delivered  read  failed
queued    sending  accepted  .       .        .        .       dropped  sent  delivered  read  failed
held      .        .         .       .        .        .       dropped  .     .          .     .
sending   .        accepted  queued  failed   unknown  .       .        sent  delivered  read  failed
unknown   .        accepted  .       .        .        queued  .        sent  delivered  read  failed
accepted  .        .         .       .        .        .       .        sent  delivered  read  failed
sent      .        .         .       .        .        .       .        .     delivered  read  failed
delivered .        .         .       .        .        .       .        .     .          read  .
read      .        .         .       .        .        .       .        .     .          .     .
failed    .        .         .       .        .        .       .        .     delivered  read  .
dropped   .        .         .       .        .        .       .        .     .          .     .
";

#[test]
fn every_state_with_every_event() {
    let mut lines = TABLE.lines().filter(|line| !line.is_empty());
    let names: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    let events: Vec<String> = Event::ALL.iter().map(|e| format!("{e:?}").to_lowercase()).collect();
    assert_eq!(names, events);
    let mut seen = Vec::new();
    for line in lines {
        let mut words = line.split_whitespace();
        let state = SendState::of_word(words.next().unwrap()).unwrap();
        seen.push(state);
        for (event, expected) in Event::ALL.into_iter().zip(words.by_ref()) {
            let expected = if expected == "." { state } else { SendState::of_word(expected).unwrap() };
            assert_eq!(state.on(event), expected, "{state:?} on {event:?}");
        }
        assert_eq!(words.next(), None);
    }
    assert_eq!(seen, SendState::ALL);
}

const NEWS: [Event; 4] = [Event::Sent, Event::Delivered, Event::Read, Event::Failed];

proptest! {
    #[test]
    fn news_in_any_order_and_number_end_in_the_same_state(
        told in prop::collection::vec(0..NEWS.len(), 1..8),
        order in any::<prop::sample::Index>(),
        repeated in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        answered_after in any::<prop::sample::Index>(),
    ) {
        let told: Vec<Event> = told.into_iter().filter_map(|n| NEWS.get(n).copied()).collect();
        let mut other = told.clone();
        other.rotate_left(order.index(told.len()));
        for at in &repeated {
            other.push(*at.get(&told));
        }
        other.reverse();
        // Once the answer comes first, as it should; once in the middle of the news.
        let first = told.iter().fold(SendState::Sending.on(Event::Took), |state, event| state.on(*event));
        other.insert(answered_after.index(other.len() + 1), Event::Took);
        let second = other.iter().fold(SendState::Sending, |state, event| state.on(*event));
        prop_assert_eq!(first, second);
    }

    #[test]
    fn what_arrived_is_never_called_undelivered(told in prop::collection::vec(0..NEWS.len(), 0..8)) {
        let told: Vec<Event> = told.into_iter().filter_map(|n| NEWS.get(n).copied()).collect();
        let state = told.iter().fold(SendState::Accepted, |state, event| state.on(*event));
        let arrived = told.iter().any(|e| matches!(e, Event::Delivered | Event::Read));
        prop_assert_eq!(arrived, matches!(state, SendState::Delivered | SendState::Read));
        prop_assert_eq!(!arrived && told.contains(&Event::Failed), state == SendState::Failed);
    }
}
