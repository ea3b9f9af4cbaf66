//! Places where a test makes the process die: `SOUK_FAILPOINT=<place> souk serve`, in debug builds only. It dies there as by
//! `kill -9`: at once, with nothing tidied up. The places are named where they are, in the steps of a purchase.

use std::sync::OnceLock;

/// Dies here, if this place was named.
pub fn reach(place: &str) {
    if cfg!(debug_assertions) && named() == Some(place) {
        std::process::abort();
    }
}

#[expect(clippy::disallowed_methods, reason = "no setting of the program: it has no meaning outside its tests")]
fn named() -> Option<&'static str> {
    static NAMED: OnceLock<Option<String>> = OnceLock::new();
    NAMED.get_or_init(|| std::env::var("SOUK_FAILPOINT").ok()).as_deref()
}
