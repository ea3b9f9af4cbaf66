//! What a story needs from outside: found, skipped aloud, or a failure where it was required.

/// An environment variable of the test run.
#[expect(clippy::disallowed_methods, reason = "tests have no settings file")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Says that a story is skipped; fails when `SOUK_TEST_REQUIRE` names what is missing.
pub fn skip(needs: &str, why: &str) {
    let required = variable("SOUK_TEST_REQUIRE").unwrap_or_default();
    assert!(!required.split([',', ' ']).any(|r| r == needs), "{needs} is required, but {why}");
    println!("skipped: {why}");
}
