//! Words that claim something was done. A claim needs the act of this turn that makes it true, or an order that stands so.

use crate::agent::bind::Evidence;

/// What makes a claim true.
enum Needs {
    /// Nothing can: no turn of the agent does this.
    Nothing,
    /// This act in this turn.
    Act(&'static str),
    /// An order of this turn's facts whose status begins with one of these.
    Status(&'static [&'static str]),
}

use Needs::{Act, Nothing, Status};

const CANCELLED: Needs = Status(&["cancelled", "refunded"]);
const REFUNDED: Needs = Status(&["refunded"]);
const PAID: Needs = Status(&["paid", "on its way", "delivered"]);
const SENT: Needs = Status(&["on its way", "delivered"]);

const CLAIMS: [(&str, Needs); 52] = [
    ("i have cancelled", Nothing),
    ("i've cancelled", Nothing),
    ("i cancelled", Nothing),
    ("i have canceled", Nothing),
    ("i've canceled", Nothing),
    ("i canceled", Nothing),
    ("i have refunded", Nothing),
    ("i've refunded", Nothing),
    ("i refunded", Nothing),
    ("i have changed your", Nothing),
    ("i've changed your", Nothing),
    ("i changed your", Nothing),
    ("i have applied", Nothing),
    ("i've applied", Nothing),
    ("i have reduced", Nothing),
    ("i've reduced", Nothing),
    ("i have confirmed", Nothing),
    ("i've confirmed", Nothing),
    ("half price", Nothing),
    ("half the price", Nothing),
    ("he cancelado", Nothing),
    ("he reembolsado", Nothing),
    ("cancelei", Nothing),
    ("reembolsei", Nothing),
    ("order has been cancelled", CANCELLED),
    ("order has been canceled", CANCELLED),
    ("order is cancelled", CANCELLED),
    ("has been refunded", REFUNDED),
    ("payment went through", PAID),
    ("payment has been received", PAID),
    ("payment was received", PAID),
    ("we have received your payment", PAID),
    ("your order is on its way", SENT),
    ("your order has been shipped", SENT),
    ("your order has shipped", SENT),
    ("your order has been delivered", Status(&["delivered"])),
    ("i have ordered", Act("placed")),
    ("i've ordered", Act("placed")),
    ("order has been placed", Act("placed")),
    ("order is placed", Act("placed")),
    ("order is confirmed", PAID),
    ("order is paid", PAID),
    ("placed and paid", PAID),
    ("ships today", Nothing),
    ("pedido est\u{e1} confirmado", PAID),
    ("pedido est\u{e1} pagado", PAID),
    ("pedido foi confirmado", PAID),
    ("i've placed", Act("placed")),
    ("i have placed", Act("placed")),
    ("i have added", Act("cart")),
    ("i've added", Act("cart")),
    ("i added", Act("cart")),
];

/// The claims in a text that nothing bears out.
pub(super) fn untrue(text: &str, evidence: &Evidence<'_>) -> Vec<&'static str> {
    let lower = text.to_lowercase().replace('’', "'");
    let stands = |wanted: &[&str]| {
        let statuses = evidence.ledger.facts().iter().filter(|f| f.entity.starts_with('o') && f.field == "status");
        let mut texts = statuses.filter_map(|f| f.value.words());
        texts.any(|status| wanted.iter().any(|w| status.starts_with(w)))
    };
    let holds = |needs: &Needs| match needs {
        Nothing => false,
        Act(act) => evidence.acts.contains(act),
        Status(wanted) => stands(wanted),
    };
    CLAIMS.iter().filter(|(claim, needs)| lower.contains(claim) && !holds(needs)).map(|(claim, _)| *claim).collect()
}
