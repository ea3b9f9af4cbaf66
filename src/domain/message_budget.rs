//! What messages may cost in a day: from when it is told, and what then stays behind.

/// Hundredths of the limit from which it is told and marketing stops.
pub const TOLD_FROM_PERCENT: i128 = 80;

/// What kind of message wants to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// An answer to somebody who wrote and waits.
    Answer,
    /// News that nobody is waiting for in an open conversation.
    Proactive,
    /// Anything that promotes.
    Marketing,
}

/// Whether a message may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It leaves.
    Leave,
    /// It leaves, and the merchant is told how much was spent.
    Warn,
    /// It stays, and the merchant is told.
    Stop,
}

/// Whether a message may leave when so much was spent today, in millionths like the limit. Whoever wrote is answered
/// whatever it costs: a shop that falls silent in the middle of a purchase loses more.
pub fn may_leave(spent: i64, limit: Option<i64>, wish: Wish) -> Verdict {
    let Some(limit) = limit else { return Verdict::Leave };
    let (spent, limit) = (i128::from(spent.max(0)), i128::from(limit.max(0)));
    let told = spent * 100 >= limit * TOLD_FROM_PERCENT;
    let over = spent >= limit;
    match wish {
        Wish::Marketing if told => Verdict::Stop,
        Wish::Proactive if over => Verdict::Stop,
        _ if told => Verdict::Warn,
        _ => Verdict::Leave,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marketing_stops_at_eighty_of_a_hundred_and_news_at_the_limit_and_answers_never() {
        use Verdict::{Leave, Stop, Warn};
        for (spent, answer, proactive, marketing) in [
            (0, Leave, Leave, Leave),
            (79, Leave, Leave, Leave),
            (80, Warn, Warn, Stop),
            (99, Warn, Warn, Stop),
            (100, Warn, Stop, Stop),
            (i64::MAX, Warn, Stop, Stop),
        ] {
            let verdicts = [Wish::Answer, Wish::Proactive, Wish::Marketing].map(|w| may_leave(spent, Some(100), w));
            assert_eq!(verdicts, [answer, proactive, marketing], "{spent} of 100");
        }
    }

    #[test]
    fn without_a_limit_everything_leaves_and_with_none_left_only_answers_do() {
        for wish in [Wish::Answer, Wish::Proactive, Wish::Marketing] {
            assert_eq!(may_leave(i64::MAX, None, wish), Verdict::Leave);
        }
        assert_eq!(may_leave(0, Some(0), Wish::Answer), Verdict::Warn);
        assert_eq!(may_leave(0, Some(0), Wish::Proactive), Verdict::Stop);
        assert_eq!(may_leave(i64::MAX, Some(i64::MAX), Wish::Proactive), Verdict::Stop, "nothing overflows");
    }
}
