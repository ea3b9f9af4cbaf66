//! Bursts, the long run, and a memory that does not grow without end.

use super::*;

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_790_000_000_000 + ms).unwrap()
}

#[test]
fn one_shopper_gets_45_at_once_and_then_one_in_six_seconds() {
    let pace = Pace::new(1_000);
    // A little apart, so that the number's own limit does not count.
    for n in 0..45 {
        assert_eq!(pace.ask("a", at(n * 2)), None, "{n}");
    }
    let Some(Wait::Shopper(wait)) = pace.ask("a", at(90)) else { panic!("no wait for the 46th") };
    assert!(wait > SignedDuration::from_millis(5_800) && wait <= PAIR_EVERY, "{wait:?}");
    assert_eq!(pace.ask("b", at(90)), None, "somebody else does not wait");
    assert_eq!(pace.ask("a", at(90 + i64::try_from(wait.as_millis()).unwrap() + 1)), None);
    assert!(pace.ask("a", at(6_100)).is_some());
}

#[test]
fn in_the_long_run_one_shopper_gets_ten_a_minute() {
    let pace = Pace::new(80);
    let sent = (0..3_600_000 / 100).filter(|n| pace.ask("a", at(n * 100)).is_none()).count();
    assert!((600..=646).contains(&sent), "{sent} in an hour");
}

#[test]
fn a_number_keeps_to_its_messages_a_second() {
    for per_second in [1, 80, 1_000] {
        let pace = Pace::new(per_second);
        let mut sent = 0;
        for ms in 0..10_000 {
            for shopper in 0..3 {
                sent += u32::from(pace.ask(&format!("{ms}/{shopper}"), at(ms)).is_none());
            }
        }
        let most = per_second * 10 + (per_second / 4).max(1);
        assert!(sent <= most && sent >= (per_second * 10).saturating_sub(1), "{sent} of {most} at {per_second}");
    }
}

#[test]
fn asking_in_vain_costs_nothing() {
    let pace = Pace::new(1);
    assert_eq!(pace.ask("a", at(0)), None);
    for n in 0..100 {
        assert!(pace.ask("b", at(n)).is_some());
    }
    assert_eq!(pace.ask("b", at(1_000)), None, "a second later there is room");
}

#[test]
fn who_is_remembered_is_bounded() {
    let mut state = State::default();
    for n in 0..PAIRS_MAX + 10 {
        let owes = at(6_000 + i64::try_from(n).unwrap());
        state.remember(&n.to_string(), owes, at(0));
    }
    assert!(state.pairs.len() <= PAIRS_MAX && state.pairs.len() >= PAIRS_MAX / 2, "{}", state.pairs.len());
    assert!(state.pairs.contains_key(&(PAIRS_MAX + 9).to_string()), "the newest is remembered");
}
