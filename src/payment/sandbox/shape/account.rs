//! The `account` behind every key, and its `balance`.

use crate::payment::sandbox::shape::code;
use crate::payment::sandbox::state::State;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The id of the only account.
pub const ID: &str = "acct_test_sandbox";

/// The `account`.
pub fn object() -> Value {
    json!({
        "id": ID,
        "object": "account",
        "business_profile": null,
        "business_type": null,
        "capabilities": { "card_payments": "active", "transfers": "active" },
        "charges_enabled": true,
        "country": "DE",
        "created": 0,
        "default_currency": "eur",
        "details_submitted": true,
        "email": null,
        "metadata": {},
        "payouts_enabled": false,
        "settings": null,
        "type": "standard",
    })
}

/// The `balance`: everything is pending, because nothing is ever paid out.
pub fn balance(state: &State) -> Value {
    let mut sums = BTreeMap::<String, i64>::new();
    for movement in state.movements.iter() {
        let sum = sums.entry(code(movement.amount.currency)).or_default();
        *sum = sum.saturating_add(movement.amount.minor).saturating_sub(movement.fee);
    }
    let rows = |sum: &dyn Fn(i64) -> i64| {
        let row = |(currency, minor): (&String, &i64)| json!({ "amount": sum(*minor), "currency": currency, "source_types": { "card": sum(*minor) } });
        sums.iter().map(row).collect::<Vec<_>>()
    };
    json!({ "object": "balance", "available": rows(&|_| 0), "livemode": false, "pending": rows(&|minor| minor) })
}
