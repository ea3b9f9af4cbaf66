//! One true reply and what becomes of it when one thing in it is made false.

use crate::agent::card;
use crate::agent::known;
use crate::agent::ledger::Ledger;
use crate::agent::tool::Output;
use crate::domain::fact::{Fact, Value};
use crate::domain::order::{Order, OrderState};
use crate::domain::product::{Product, Variant};
use crate::domain::shop::Shop;
use crate::eval::mutation::Kind;
use crate::eval::mutation::shape::{self, Shape};
use crate::eval::mutation::spell;
use jiff::Span;
use std::collections::BTreeMap;

/// A little generator of its own: the same seed makes the same table on every machine.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(n.max(1)).unwrap_or(1)).unwrap_or_default()
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}

/// What one reply is about.
#[derive(Debug)]
pub struct About<'a> {
    /// A product, and another of the same shop.
    pub goods: (&'a Product, &'a Product),
    /// An order of the shopper.
    pub order: &'a Order,
    /// Somebody else's.
    pub other: &'a Order,
    /// How figures are spelled.
    pub habit: usize,
}

type Slots = BTreeMap<&'static str, String>;

impl About<'_> {
    /// The facts that the tools would have told.
    pub fn facts(&self, shop: &Shop) -> (Ledger, Vec<Fact>) {
        let (mut ledger, mut output) = (Ledger::default(), Output::default());
        for product in [self.goods.0, self.goods.1] {
            let name = output.named(&mut ledger, 'p', product.id.as_str());
            let all: Vec<_> = product.variants.iter().map(|v| v.id.clone()).collect();
            card::item(&mut output, &name, product, &all);
            known::variants(&mut output, &mut ledger, product);
        }
        let name = output.named(&mut ledger, 'o', self.order.id.as_str());
        known::order(&mut output, &name, self.order, shop);
        for line in &self.order.quote.lines {
            known::line(&mut output, &mut ledger, line);
        }
        for (name, title, text) in shape::PASSAGES {
            output.fact(name, "title", &[title.to_owned()], Value::Name(title.to_owned()));
            output.fact(name, "text", &[title.to_owned()], Value::Text(text.to_owned()));
        }
        ledger.absorb(&output.facts);
        (ledger, output.facts)
    }

    /// What the shape's slots are filled with; `None` when this sample has nothing for one of them.
    pub fn slots(&self, shape: &Shape, dice: &mut Dice) -> Option<Slots> {
        let language = shape.language;
        let money = |m| spell::money(m, language, self.habit);
        let (a, b) = self.goods;
        let mut slots = Slots::new();
        let wants = |slot: &str| shape.text.contains(slot);
        slots.insert("[a]", a.title.clone());
        slots.insert("[b]", b.title.clone());
        if a.title == b.title || a.title.contains(&b.title) || b.title.contains(&a.title) {
            return None;
        }
        slots.insert("[pa]", money(shown(a)?.price));
        slots.insert("[pb]", money(shown(b)?.price));
        if wants("[pv]") {
            let variant = dice.pick(&a.variants).filter(|v| a.variants.len() > 1 && !v.options_text().is_empty())?;
            slots.insert("[ao]", variant.options_text());
            slots.insert("[pv]", money(variant.price));
        }
        let stock = shape::STOCK.get(language)?;
        slots.insert("[stock]", stock.get(usize::from(!a.in_stock())).copied()?.to_owned());
        slots.insert("[n]", self.order.number.clone());
        slots.insert("[total]", money(self.order.quote.total));
        slots.insert("[status]", shape::STATUS.get(language)?.get(standing(self.order)?).copied()?.to_owned());
        slots.insert(
            "[placed]",
            spell::date(self.order.times.placed.to_zoned(jiff::tz::TimeZone::UTC).date(), language, self.habit),
        );
        Some(slots)
    }

    /// The sentence made false in one way; `None` when that way does not fit it.
    pub fn mutated(&self, kind: Kind, shape: &Shape, given: &Slots, part: usize, dice: &mut Dice) -> Option<String> {
        let has = |slot: &str| shape.text.contains(slot);
        let language = shape.language;
        let money = |m| spell::money(m, language, self.habit);
        let mut slots = given.clone();
        let mut put = |slot: &'static str, text: String| {
            let changed = slots.get(slot).is_some_and(|old| *old != text);
            slots.insert(slot, text);
            changed
        };
        let told = |lies: &[&[&str]], dice: &mut Dice| -> Option<String> {
            let lies: Vec<&&str> = lies.get(language)?.iter().skip(part).step_by(2).collect();
            dice.pick(&lies).map(|lie| format!(" {lie}"))
        };
        let mut tail = None;
        let fits = match kind {
            Kind::Digit => {
                let figures = ["[pa]", "[pb]", "[pv]", "[total]", "[placed]"];
                let there: Vec<&'static str> = figures.into_iter().filter(|slot| has(slot)).collect();
                let slot = *dice.pick(&there)?;
                let text = other_digit(given.get(slot)?, dice)?;
                put(slot, text)
            }
            Kind::Swapped => {
                let (a, b) = (shown(self.goods.0)?.price, shown(self.goods.1)?.price);
                has("[pa]") && has("[pb]") && a != b && put("[pa]", money(b)) && put("[pb]", money(a))
            }
            Kind::Variant => {
                let slot = if has("[pv]") { "[pv]" } else { "[pa]" };
                let prices: Vec<_> = self.goods.0.variants.iter().map(|v| money(v.price)).collect();
                let text = dice.pick(&prices)?.clone();
                has(slot) && put(slot, text)
            }
            Kind::Total => {
                let lines: Vec<_> =
                    self.order.quote.lines.iter().map(|l| l.total).chain([self.other.quote.total]).collect();
                let total = *dice.pick(&lines)?;
                has("[total]") && put("[total]", money(total))
            }
            Kind::Date => {
                let days = i64::try_from(dice.below(40)).ok()? + 1;
                let day = self.order.times.placed.to_zoned(jiff::tz::TimeZone::UTC).date();
                let day = day.checked_add(Span::new().days(if dice.below(2) == 0 { days } else { -days })).ok()?;
                has("[placed]") && put("[placed]", spell::date(day, language, self.habit))
            }
            Kind::Status => {
                let other = dice.below(4);
                let text = shape::STATUS.get(language)?.get(other).copied()?.to_owned();
                // A delivered order was paid as well.
                has("[status]") && !(other == 0 && standing(self.order)? < 3) && put("[status]", text)
            }
            Kind::Stock => {
                let text = shape::STOCK.get(language)?.get(usize::from(self.goods.0.in_stock())).copied()?.to_owned();
                has("[stock]") && put("[stock]", text)
            }
            Kind::Link => {
                let links: Vec<&&str> = shape::LINKS.iter().skip(part).step_by(2).collect();
                tail = dice.pick(&links).map(|link| format!(" {link}"));
                true
            }
            Kind::OtherOrder => has("[n]") && put("[n]", self.other.number.clone()),
            Kind::Percent => {
                let percent = (dice.below(80) + 5).to_string();
                tail = told(&shape::PERCENTS, dice).map(|lie| lie.replace("[%]", &percent));
                true
            }
            Kind::Discount => {
                tail = told(&shape::DISCOUNTS, dice);
                true
            }
            Kind::Deed => {
                tail = told(&shape::DEEDS, dice);
                true
            }
            Kind::FreeShipping => {
                tail = told(&shape::FREE_SHIPPING, dice);
                !has("[n]") || self.order.quote.shipping.minor > 0
            }
            Kind::Arrival => {
                tail = told(&shape::ARRIVALS, dice);
                true
            }
            Kind::Refund => {
                tail = told(&shape::REFUNDS, dice);
                true
            }
        };
        let told_in_words = tail.is_some();
        let text = fill(shape.text, &slots) + tail.unwrap_or_default().replace("[n]", &self.order.number).as_str();
        (fits && (told_in_words || !kind.is_told())).then_some(text)
    }
}

/// The variant whose price stands on the card.
fn shown(product: &Product) -> Option<&Variant> {
    product.variants.iter().min_by_key(|v| (!v.in_stock(), v.price.minor))
}

fn standing(order: &Order) -> Option<usize> {
    Some(match (order.state, order.times.delivered) {
        (OrderState::Paid, _) => 0,
        (OrderState::Fulfilled, None) => 1,
        (OrderState::Fulfilled, Some(_)) => 2,
        (OrderState::Cancelled, _) => 3,
        _ => return None,
    })
}

/// The sentence with its slots filled in.
pub fn fill(text: &str, slots: &Slots) -> String {
    slots.iter().fold(text.to_owned(), |text, (slot, with)| text.replace(slot, with))
}

fn other_digit(text: &str, dice: &mut Dice) -> Option<String> {
    let places: Vec<usize> = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = *dice.pick(&places)?;
    let old = text.get(at..=at)?.parse::<usize>().ok()?;
    let new = (old + 1 + dice.below(9)) % 10;
    Some(format!("{}{new}{}", text.get(..at)?, text.get(at + 1..)?))
}
