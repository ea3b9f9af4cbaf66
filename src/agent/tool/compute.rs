//! Works an amount, a share or a span out from facts of this turn. It takes names of facts, an operation and a count, never
//! an amount: what is not a fact cannot be reckoned with.

use crate::agent::ledger::Ledger;
use crate::agent::tool::Output;
use crate::domain::fact::{Fact, Unit, Value};
use crate::domain::money::{self, Money};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Facts in one operation.
const FACTS_MAX: usize = 20;
/// Largest count an amount is taken times.
const COUNT_MAX: u32 = 99;
/// Characters of a fact's name.
const NAME_CHARS_MAX: usize = 100;

/// What the model gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    operation: Operation,
    facts: Vec<String>,
    #[serde(default)]
    count: Option<u32>,
}

/// What is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// All together.
    Sum,
    /// How much the two lie apart.
    Difference,
    /// One fact so many times.
    Times,
    /// How many per cent the first is of the second.
    PercentOf,
    /// How many per cent the first is below the second.
    PercentLess,
    /// The thing with the lower amount.
    Cheaper,
    /// The thing with the higher amount.
    Dearer,
    /// Days from one date to the other.
    DaysBetween,
}

pub(super) fn parameters() -> serde_json::Value {
    json!({
        "type": "object",
        "properties": {
            "operation": {"type": "string", "enum": [
                "sum", "difference", "times", "percent_of", "percent_less", "cheaper", "dearer", "days_between",
            ]},
            "facts": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": FACTS_MAX},
            "count": {"type": ["integer", "null"], "minimum": 1, "maximum": COUNT_MAX},
        },
        "required": ["operation", "facts", "count"],
        "additionalProperties": false,
    })
}

/// Works it out; the result is a fact that may stand beside everything it was made from.
pub fn run(arguments: &Arguments, ledger: &mut Ledger) -> Output {
    let (facts, value) =
        match given(arguments, ledger).and_then(|facts| Ok((facts.clone(), worked(arguments, &facts)?))) {
            Ok(worked) => worked,
            Err(why) => return Output::refused(&why),
        };
    let mut called: Vec<String> = Vec::new();
    for name in facts.iter().filter_map(|f| f.called.first()) {
        if !called.contains(name) {
            called.push(name.clone());
        }
    }
    let mut output = Output::default();
    let key = serde_json::to_string(arguments).unwrap_or_default();
    let name = output.named(ledger, 'c', &key);
    output.fact(&name, "value", &called, value.clone());
    output.content = json!({"ref": name, "placeholder": format!("{{{{{name}.value}}}}"), "value": value.show()});
    output
}

fn given(arguments: &Arguments, ledger: &Ledger) -> Result<Vec<Fact>, String> {
    if arguments.facts.is_empty() || arguments.facts.len() > FACTS_MAX {
        return Err(format!("name one to {FACTS_MAX} facts"));
    }
    let mut facts = Vec::new();
    for name in &arguments.facts {
        let name: String = name.trim().trim_matches(['{', '}']).chars().take(NAME_CHARS_MAX).collect();
        let fact = ledger.find(&name).ok_or_else(|| format!("{name} is no fact of this turn"))?;
        facts.push(fact.clone());
    }
    Ok(facts)
}

fn worked(arguments: &Arguments, facts: &[Fact]) -> Result<Value, String> {
    let said = |error: money::Error| error.to_string();
    match (arguments.operation, facts) {
        (Operation::Sum, facts) => sum(facts),
        (Operation::Times, [one]) => {
            let count = arguments.count.filter(|n| (1..=COUNT_MAX).contains(n)).ok_or("give a count from 1 to 99")?;
            match &one.value {
                Value::Money(money) => money.times(count).map(Value::Money).map_err(said),
                Value::Count(n) => n.checked_mul(i64::from(count)).map(Value::Count).ok_or_else(too_large),
                _ => Err(unfit(one)),
            }
        }
        (Operation::Difference, [a, b]) => match (&a.value, &b.value) {
            (Value::Count(a), Value::Count(b)) => {
                a.checked_sub(*b).and_then(i64::checked_abs).map(Value::Count).ok_or_else(too_large)
            }
            _ => {
                let (a, b) = (amount(a)?, amount(b)?);
                let (low, high) = if a.minor < b.minor { (a, b) } else { (b, a) };
                high.minus(low).map(Value::Money).map_err(said)
            }
        },
        (Operation::PercentOf, [a, b]) => share(amount(a)?, amount(b)?).map(Value::Percent),
        (Operation::PercentLess, [a, b]) => {
            let share = share(amount(a)?, amount(b)?)?;
            (0..=10_000)
                .contains(&share)
                .then_some(Value::Percent(10_000 - share))
                .ok_or_else(|| "it is not less".to_owned())
        }
        (Operation::Cheaper | Operation::Dearer, facts) if facts.len() > 1 => extreme(arguments.operation, facts),
        (Operation::DaysBetween, [a, b]) => match (&a.value, &b.value) {
            (Value::Date(a), Value::Date(b)) => {
                let days = a.until(*b).map_err(|_| too_large())?.get_days();
                Ok(Value::Quantity { amount: i64::from(days).abs(), unit: Unit::Days })
            }
            (Value::Date(_), _) => Err(unfit(b)),
            _ => Err(unfit(a)),
        },
        _ => Err("that operation takes another number of facts".to_owned()),
    }
}

fn sum(facts: &[Fact]) -> Result<Value, String> {
    if let Some(Value::Count(_)) = facts.first().map(|f| &f.value) {
        let counts = facts.iter().map(|f| if let Value::Count(n) = f.value { Ok(n) } else { Err(unfit(f)) });
        let mut total: i64 = 0;
        for count in counts {
            total = total.checked_add(count?).ok_or_else(too_large)?;
        }
        return Ok(Value::Count(total));
    }
    let amounts = facts.iter().map(amount).collect::<Result<Vec<_>, _>>()?;
    let currency = amounts.first().map(|m| m.currency).ok_or_else(too_large)?;
    money::sum(amounts, currency).map(Value::Money).map_err(|e| e.to_string())
}

fn amount(fact: &Fact) -> Result<Money, String> {
    match fact.value {
        Value::Money(money) => Ok(money),
        _ => Err(unfit(fact)),
    }
}

/// In hundredths of a per cent, rounded half up.
fn share(part: Money, whole: Money) -> Result<i64, String> {
    if part.currency != whole.currency {
        return Err(money::Error::Mixed(part.currency, whole.currency).to_string());
    }
    if whole.minor <= 0 || part.minor < 0 {
        return Err("that is no share".to_owned());
    }
    let (part, whole) = (i128::from(part.minor), i128::from(whole.minor));
    i64::try_from((part * 20_000 + whole) / (2 * whole)).map_err(|_| too_large())
}

fn extreme(operation: Operation, facts: &[Fact]) -> Result<Value, String> {
    let mut best: Option<(&Fact, Money)> = None;
    for fact in facts {
        let money = amount(fact)?;
        let better = |known: Money| match operation {
            Operation::Cheaper => money.minor < known.minor,
            _ => money.minor > known.minor,
        };
        match best {
            Some((_, known)) if known.currency != money.currency => {
                return Err(money::Error::Mixed(known.currency, money.currency).to_string());
            }
            Some((known, amount)) if amount.minor == money.minor && known.entity != fact.entity => {
                return Err("both cost the same".to_owned());
            }
            Some((_, known)) if !better(known) => {}
            _ => best = Some((fact, money)),
        }
    }
    let name = best.and_then(|(fact, _)| fact.called.last().cloned());
    name.map(Value::Name).ok_or_else(|| "what the amounts belong to has no name".to_owned())
}

fn unfit(fact: &Fact) -> String {
    format!("{} cannot be reckoned with here", fact.name())
}

fn too_large() -> String {
    "that is out of range".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Status;
    use crate::domain::money::Currency;
    use jiff::civil::date;

    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        let dollars = Money::new(1_000, Currency::parse("USD").unwrap());
        let facts = [
            ("p1", "Boot", "price", Value::Money(Money::new(21_990, Currency::EUR))),
            ("p1", "Boot", "stock", Value::Status(Status::InStock)),
            ("p2", "Wax", "price", Value::Money(Money::new(990, Currency::EUR))),
            ("p3", "Cap", "price", Value::Money(dollars)),
            ("p4", "Gold", "price", Value::Money(Money::new(i64::MAX, Currency::EUR))),
            ("o1", "FJ-1", "placed", Value::Date(date(2026, 12, 1))),
            ("o1", "FJ-1", "shipped", Value::Date(date(2026, 12, 11))),
        ];
        ledger.absorb(&facts.map(|(entity, name, field, value)| Fact {
            entity: entity.into(),
            field: field.into(),
            called: vec![name.into()],
            value,
        }));
        ledger
    }

    fn told(operation: &str, facts: &[&str], count: Option<u32>) -> String {
        let arguments = json!({"operation": operation, "facts": facts, "count": count});
        let output = run(&serde_json::from_value(arguments).unwrap(), &mut ledger());
        match output.facts.first() {
            Some(fact) => format!("{} {} {}", fact.name(), fact.called.join("+"), fact.value.show()),
            None => output.content["refused"].as_str().unwrap_or_default().to_owned(),
        }
    }

    #[test]
    fn amounts_are_worked_out_from_facts_alone() {
        assert_eq!(told("sum", &["p1.price", "p2.price"], None), "c1.value Boot+Wax €229.80");
        assert_eq!(
            told("difference", &["p2.price", "p1.price"], None),
            "c1.value Boot+Wax €210.00".replace("Boot+Wax", "Wax+Boot")
        );
        assert_eq!(told("times", &["{{p2.price}}"], Some(3)), "c1.value Wax €29.70");
        assert_eq!(told("percent_less", &["p2.price", "p1.price"], None), "c1.value Wax+Boot 95.5%");
        assert_eq!(told("cheaper", &["p1.price", "p2.price"], None), "c1.value Boot+Wax Wax");
        assert_eq!(told("days_between", &["o1.placed", "o1.shipped"], None), "c1.value FJ-1 10 days");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (operation, facts, count) in [
            ("sum", &["p1.price", "p3.price"][..], None),
            ("sum", &["p1.price", "p4.price"], None),
            ("times", &["p4.price"], Some(99)),
            ("times", &["p1.price"], Some(100)),
            ("times", &["p1.price"], None),
            ("sum", &["p1.cost"], None),
            ("difference", &["p1.price"], None),
            ("difference", &["p1.price", "p1.stock"], None),
            ("days_between", &["p1.price", "o1.shipped"], None),
            ("percent_of", &["p1.price", "p3.price"], None),
        ] {
            let said = told(operation, facts, count);
            assert!(!said.starts_with("c1") && !said.is_empty(), "{operation} {facts:?}: {said}");
        }
    }
}
