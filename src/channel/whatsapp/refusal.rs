//! Why Meta did not do what was asked, and what follows from it: one table for answers of the API and for failed statuses.

use crate::domain::send::Problem;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;

#[cfg(test)]
mod tests;

/// Characters of a problem's text that are kept.
const TEXT_CHARS_MAX: usize = 300;
/// Characters of Meta's name of a call that are kept.
const TRACE_CHARS_MAX: usize = 64;
/// Digits in a row that may be a phone number, which is not kept.
const NUMBER_DIGITS: usize = 7;
/// Longest wait that an answer may ask for.
const RETRY_AFTER_SECONDS_MAX: u64 = 3_600;

const SECONDS: SignedDuration = SignedDuration::from_secs(2);
const MINUTES: SignedDuration = SignedDuration::from_mins(1);
const HOURS: SignedDuration = SignedDuration::from_hours(1);
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// What follows from a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The same again, after this long at first and longer each time.
    Transient {
        /// The first wait.
        wait: SignedDuration,
    },
    /// Too much to one shopper at once: the same again after 4^n seconds.
    Pair,
    /// Something outside has to change first: the same again, after hours.
    Wait {
        /// The first wait.
        wait: SignedDuration,
    },
    /// The message itself is wrong: the same again would fail again.
    Fix,
    /// Not to this shopper.
    Never,
    /// The account does not work until somebody takes care of it.
    Operator,
    /// The window is closed, whatever we count: only an approved template may leave.
    WindowClosed,
    /// This template may not be used.
    OtherTemplate,
}

/// A refusal, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What to tell.
    pub problem: Problem,
    /// What follows.
    pub class: Class,
    /// How long the answer asks to wait.
    pub retry_after: Option<SignedDuration>,
    /// Meta's name of the call, for its support.
    pub trace: String,
}

/// The code of "the shopper does not want promotions".
pub const NO_MARKETING: i64 = 131_050;

/// Whether a code says that something broke on the network's side, perhaps after the message was taken.
pub fn is_fault(code: i64) -> bool {
    matches!(code, 1 | 2 | 131_000 | 131_016)
}

/// What follows from a code; where it is unknown, from the HTTP status, which a failed status does not have.
pub fn class(code: i64, status: Option<u16>) -> Class {
    use Class::{Fix, Never, Operator, OtherTemplate, Pair, Transient, Wait, WindowClosed};
    match code {
        1 | 2 | 131_000 | 131_016 | 133_000 | 133_004 | 130_429 => Transient { wait: SECONDS },
        // Fetching a file failed; whoever keeps it may have been away.
        131_052 | 131_053 => Transient { wait: SECONDS },
        4 | 17 | 80_007 | 131_057 | 132_069 | 139_103 | 2_494_100 => Transient { wait: MINUTES },
        131_056 => Pair,
        131_035 | 131_036 | 131_048 | 131_064 | 133_006 | 133_008 | 133_009 | 133_015 | 133_016 => Wait { wait: HOURS },
        131_049 => Wait { wait: A_DAY },
        130_472 | 130_497 | 131_026 | NO_MARKETING => Never,
        131_047 => WindowClosed,
        132_001 | 132_015 | 132_016 | 139_200 => OtherTemplate,
        0
        | 3
        | 10
        | 190
        | 200..=299
        | 368
        | 131_005
        | 131_031
        | 131_037
        | 131_042
        | 131_044
        | 131_045
        | 132_068
        | 133_010
        | 134_011 => Operator,
        33
        | 100
        | 1_026
        | 2_040
        | 2_046
        | 2_047
        | 131_008
        | 131_009
        | 131_021
        | 131_030
        | 131_051
        | 131_055
        | 131_059
        | 131_060
        | 131_062
        | 131_063
        | 132_000
        | 132_005
        | 132_007
        | 132_008
        | 132_012
        | 132_018
        | 133_005
        | 134_100..=134_103
        | 135_000
        | 137_000
        | 139_000..=139_004
        | 139_100..=139_102
        | 147_001..=147_004
        | 2_388_000..=2_388_999 => Fix,
        _ => match status {
            Some(401 | 403) => Operator,
            Some(408 | 425 | 429 | 500..) => Transient { wait: SECONDS },
            _ => Fix,
        },
    }
}

/// Reads the body of an answer that is no success; `None` when it says nothing that can be understood, and then nobody
/// knows what became of the call.
pub fn read(status: u16, retry_after: Option<&str>, body: &[u8]) -> Option<Refusal> {
    #[derive(Deserialize)]
    struct Body {
        error: Value,
    }
    let error = serde_json::from_slice::<Body>(body).ok().map(|body| body.error).filter(Value::is_object);
    let Some(error) = error else {
        // Something in between answered. It may have passed the call on before it gave up, unless it says that it did not.
        return matches!(status, 400..=499).then(|| Refusal {
            problem: Problem { code: i64::from(status), text: format!("HTTP status {status}") },
            class: class(i64::MIN, Some(status)),
            retry_after: seconds(retry_after),
            trace: String::new(),
        });
    };
    let code = number(error.get("code")).unwrap_or(i64::MIN);
    let mut class = class(code, Some(status));
    let is_transient = error.get("is_transient").and_then(Value::as_bool).unwrap_or(false);
    if is_transient && class == Class::Fix {
        class = Class::Transient { wait: SECONDS };
    }
    let trace = text(error.get("fbtrace_id"));
    Some(Refusal {
        problem: problem(&error).unwrap_or_else(|| Problem { code: i64::from(status), text: String::new() }),
        class,
        retry_after: seconds(retry_after),
        trace: trace.chars().filter(char::is_ascii_graphic).take(TRACE_CHARS_MAX).collect(),
    })
}

/// The problem that an error object names, in an answer or in a status; numbers that may be a phone's are left out.
pub fn problem(error: &Value) -> Option<Problem> {
    let code = number(error.get("code"))?;
    let details = text(error.get("error_data").and_then(|data| data.get("details")));
    let words = [details, text(error.get("message")), text(error.get("title"))];
    let words = words.into_iter().find(|words| !words.is_empty()).unwrap_or_default();
    Some(Problem { code, text: without_numbers(&words) })
}

fn number(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

fn without_numbers(text: &str) -> String {
    let (mut kept, mut digits) = (String::new(), String::new());
    let put_down = |digits: &mut String, kept: &mut String| {
        if digits.len() < NUMBER_DIGITS {
            kept.push_str(digits);
        } else {
            kept.push('…');
        }
        digits.clear();
    };
    for c in text.chars().take(TEXT_CHARS_MAX) {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            put_down(&mut digits, &mut kept);
            kept.push(if c.is_control() { ' ' } else { c });
        }
    }
    put_down(&mut digits, &mut kept);
    kept
}

fn seconds(header: Option<&str>) -> Option<SignedDuration> {
    let seconds: u64 = header?.trim().parse().ok()?;
    i64::try_from(seconds.min(RETRY_AFTER_SECONDS_MAX)).ok().map(SignedDuration::from_secs)
}
