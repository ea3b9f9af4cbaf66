//! What follows from each code, and bodies as they come.

use super::*;
use serde_json::json;

/// The codes of the platform's list, by what follows.
const TABLE: &[(&str, &[i64])] = &[
    ("seconds", &[1, 2, 130_429, 131_000, 131_016, 131_052, 131_053, 133_000, 133_004]),
    ("minutes", &[4, 80_007, 131_057, 132_069, 139_103, 2_494_100]),
    ("pair", &[131_056]),
    ("hours", &[131_035, 131_036, 131_048, 131_064, 133_016]),
    ("a day", &[131_049]),
    ("never", &[130_472, 130_497, 131_026, 131_050]),
    ("window", &[131_047]),
    ("other template", &[132_001, 132_015, 132_016, 139_200]),
    (
        "operator",
        &[0, 3, 10, 190, 200, 299, 368, 131_005, 131_031, 131_037, 131_042, 131_045, 132_068, 133_010, 134_011],
    ),
    (
        "fix",
        &[
            33, 100, 1_026, 2_046, 131_008, 131_009, 131_021, 131_030, 131_051, 131_055, 131_059, 131_060, 131_062,
            131_063, 132_000, 132_005, 132_007, 132_008, 132_012, 132_018, 133_005, 134_100, 135_000, 137_000, 139_004,
            139_100, 147_001, 2_388_023,
        ],
    ),
];

fn word(class: Class) -> &'static str {
    match class {
        Class::Transient { wait } if wait == SECONDS => "seconds",
        Class::Transient { .. } => "minutes",
        Class::Pair => "pair",
        Class::Wait { wait } if wait == A_DAY => "a day",
        Class::Wait { .. } => "hours",
        Class::Fix => "fix",
        Class::Never => "never",
        Class::Operator => "operator",
        Class::WindowClosed => "window",
        Class::OtherTemplate => "other template",
    }
}

#[test]
fn a_code_decides_whatever_the_status() {
    for (expected, codes) in TABLE {
        for code in *codes {
            for status in [None, Some(400), Some(403), Some(429), Some(500)] {
                assert_eq!(word(class(*code, status)), *expected, "{code} with {status:?}");
            }
        }
    }
}

#[test]
fn an_unknown_code_is_judged_by_the_status() {
    for (status, expected) in
        [(Some(400), "fix"), (Some(401), "operator"), (Some(429), "seconds"), (Some(503), "seconds"), (None, "fix")]
    {
        assert_eq!(word(class(99_999_999, status)), expected, "{status:?}");
    }
}

#[test]
fn bodies_are_read_leniently_and_numbers_left_out() {
    let read = |status, body: Value| super::read(status, Some("17"), body.to_string().as_bytes());
    let refusal = read(
        400,
        json!({"error": {"message": "(#131056) pair rate limit hit", "type": "OAuthException", "code": "131056",
            "error_data": {"details": "Too much from 4915112345678 to +5511988887777 in 60 s"}, "fbtrace_id": "Axx"}}),
    )
    .unwrap();
    assert_eq!(refusal.class, Class::Pair);
    assert_eq!(refusal.problem.code, 131_056);
    assert_eq!(refusal.problem.text, "Too much from … to +… in 60 s");
    assert_eq!((refusal.trace.as_str(), refusal.retry_after), ("Axx", Some(SignedDuration::from_secs(17))));
    let transient = read(400, json!({"error": {"code": 77_777, "is_transient": true}})).unwrap();
    assert_eq!(transient.class, Class::Transient { wait: SECONDS });
    let bare = read(403, json!({"error": {}})).unwrap();
    assert_eq!((bare.class, bare.problem.code), (Class::Operator, 403));
}

#[test]
fn what_something_in_between_says_leaves_the_fate_open() {
    for body in ["", "<html>Bad gateway</html>", "[]", "{\"error\": \"no\"}"] {
        assert_eq!(read(502, None, body.as_bytes()), None, "{body}");
        assert_eq!(read(504, None, body.as_bytes()), None, "{body}");
        assert_eq!(word(read(404, None, body.as_bytes()).unwrap().class), "fix");
        assert_eq!(word(read(429, Some("soon"), body.as_bytes()).unwrap().class), "seconds");
    }
}

#[test]
fn nothing_makes_it_panic() {
    for body in
        ["{\"error\":{\"code\":1e300}}", "{\"error\":{\"code\":null,\"error_data\":[]}}", "\u{0}", "{\"error\":{"]
    {
        let _ = read(500, Some("999999999999999999999"), body.as_bytes());
    }
    let long = json!({"error": {"code": 1, "message": "9".repeat(100_000)}}).to_string();
    assert_eq!(read(500, None, long.as_bytes()).unwrap().problem.text, "…");
}
