//! What a variant costs at a moment: price, former price, sale.

use crate::catalog::feed::cell;
use crate::catalog::feed::cell::Place;
use crate::catalog::feed::date::moment;
use crate::catalog::feed::note::{Kind, Notes, Saying};
use crate::catalog::feed::price;
use crate::catalog::feed::price::Marks;
use crate::catalog::feed::row::Row;
use crate::domain::money::{Currency, Money};
use crate::domain::sale::Sale;
use jiff::Timestamp;

static NO_SALE: Saying = Saying {
    kind: Kind::Answers,
    one: "variant has a sale price that is not below its price",
    many: "variants have a sale price that is not below their price",
    then: "it was left out",
};
static OVER: Saying = Saying {
    kind: Kind::Answers,
    one: "variant has a sale that is over already",
    many: "variants have a sale that is over already",
    then: "the regular price holds",
};
/// What all prices of a file have in common.
pub struct Pricing {
    /// The shop's.
    pub currency: Currency,
    /// The moment whose prices are wanted.
    pub now: Timestamp,
    /// How the file parts decimals.
    pub marks: Marks,
    /// Whether a variant may go without an SKU.
    pub coin: bool,
}

impl Pricing {
    /// The price of the moment, the former price beside it, and the sale that will change them.
    pub fn at(
        &self,
        regular: Money,
        row: &Row<'_>,
        place: &Place<'_>,
        notes: &mut Notes,
    ) -> (Money, Option<Money>, Option<Sale>) {
        let Some(sale) = self.sale(regular, row, place, notes) else {
            return (regular, self.compare_at(regular, row.compare_at, place, notes), None);
        };
        if sale.until.is_some_and(|until| until <= self.now) {
            notes.say(&OVER, place.line, place.what);
        }
        let (price, former) = sale.at(self.now);
        let former = former.or_else(|| self.compare_at(price, row.compare_at, place, notes));
        (price, former, sale.next_turn(self.now).is_some().then_some(sale))
    }

    /// A sale that cannot be read is left out: the regular price is what the merchant asks in any case.
    fn sale(&self, regular: Money, row: &Row<'_>, place: &Place<'_>, notes: &mut Notes) -> Option<Sale> {
        if row.sale_price.trim().is_empty() {
            return None;
        }
        let reduced = match price::price(row.sale_price, "sale_price", self.currency, self.marks, place.line, notes) {
            Ok(reduced) => reduced,
            Err(complaint) => {
                let text = format!("sale_price: {}; left out ({})", complaint.reason, complaint.remedy);
                notes.warn(place.line, place.what, text);
                return None;
            }
        };
        if reduced.minor >= regular.minor {
            // The same price twice is how some exports write "not reduced".
            if reduced.minor > regular.minor {
                notes.say(&NO_SALE, place.line, place.what);
            }
            return None;
        }
        let dates = [(row.sale_from, false), (row.sale_until, true)].map(|(raw, end)| (raw, moment(raw, end)));
        if let Some((raw, _)) = dates.iter().find(|(raw, moment)| !raw.trim().is_empty() && moment.is_none()) {
            let text =
                format!("\"{}\" is not a date such as 2026-11-25; the sale was left out", cell::quote(raw.trim()));
            notes.warn(place.line, place.what, text);
            return None;
        }
        let [(_, from), (_, until)] = dates;
        if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            notes.warn(place.line, place.what, "the sale ends before it begins; it was left out");
            return None;
        }
        Some(Sale { regular, reduced, from, until })
    }

    /// The former price; one that cannot be read or is not above the price is left out, since it only decorates.
    fn compare_at(&self, price: Money, raw: &str, place: &Place<'_>, notes: &mut Notes) -> Option<Money> {
        if raw.trim().is_empty() {
            return None;
        }
        match price::price(raw, "compare_at_price", self.currency, self.marks, place.line, notes) {
            Ok(former) if former.minor > price.minor => Some(former),
            // A former price equal to the price, or none, is what many exports write for "not reduced".
            Ok(former) if former.minor == price.minor || former.minor == 0 => None,
            Ok(former) => {
                let text =
                    format!("compare_at_price {} is below the price {}; left out", former.decimal(), price.decimal());
                notes.warn(place.line, place.what, text);
                None
            }
            Err(complaint) => {
                let text = format!("compare_at_price: {}; left out ({})", complaint.reason, complaint.remedy);
                notes.warn(place.line, place.what, text);
                None
            }
        }
    }
}
