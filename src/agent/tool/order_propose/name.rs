//! From words to things: which line of an order, and which other variant of its product. Deterministic; what is not clear
//! is asked, with the choices there are.

use crate::agent::ledger::Ledger;
use crate::agent::tool::order_propose::Unclear;
use crate::catalog::understand::is_colour;
use crate::domain::cart::QuoteLine;
use crate::domain::id::VariantId;
use crate::domain::order::Order;
use crate::domain::product::{Product, Variant};
use unicode_normalization::UnicodeNormalization;

/// Characters of words that are read.
const CHARS_MAX: usize = 200;
/// Choices that are offered.
const CHOICES_MAX: usize = 6;
/// Letters a word needs to stand for another that begins with it.
const STEM_CHARS_MIN: usize = 4;
/// Words for everything.
const ALL: [&str; 14] = [
    "all",
    "everything",
    "both",
    "whole",
    "entire",
    "todo",
    "todos",
    "toda",
    "todas",
    "tudo",
    "ambos",
    "ambas",
    "completo",
    "completa",
];

/// The variant that is meant.
pub(super) enum Named {
    /// This one.
    One(VariantId),
    /// Not clear.
    Unclear(Unclear),
}

/// The lines words speak of: by ref, by id, by the words of title and options, or the only one there is.
pub(super) fn lines<'a>(
    text: &str,
    lines: &'a [QuoteLine],
    order: &Order,
    ledger: &Ledger,
) -> Result<Vec<&'a QuoteLine>, Unclear> {
    let number = &order.number;
    if lines.is_empty() {
        return Err(Unclear::because(format!("everything in order {number} is already being taken care of")));
    }
    let text: String = text.trim().chars().take(CHARS_MAX).collect();
    let id = ledger.id_of(&text).unwrap_or(&text);
    if let Some(line) = lines.iter().find(|l| l.variant.as_str() == id) {
        return Ok(vec![line]);
    }
    let said = words(&text);
    if said.iter().any(|w| ALL.contains(&w.as_str())) {
        return Ok(lines.iter().collect());
    }
    if let [only] = lines {
        return Ok(vec![only]);
    }
    let score = |line: &QuoteLine| {
        let own = words(&format!("{} {}", line.title, line.options));
        said.iter().filter(|w| own.iter().any(|o| alike(w, o))).count()
    };
    let best = lines.iter().map(score).max().unwrap_or(0);
    let found: Vec<&QuoteLine> = lines.iter().filter(|l| score(l) == best).collect();
    match found.as_slice() {
        [line] if best > 0 => Ok(vec![*line]),
        _ => {
            let asked = if best > 0 { found } else { lines.iter().collect() };
            let values = asked.iter().take(CHOICES_MAX).map(|l| called(l)).collect();
            let why = format!("which item of order {number} do you mean?");
            Err(Unclear { why, choose: Some((String::new(), values)) })
        }
    }
}

/// The variant of the line's product that words speak of. What they leave open stays as it is in the order.
pub(super) fn variant(text: &str, line: &QuoteLine, product: &Product, ledger: &Ledger) -> Named {
    let text: String = text.trim().chars().take(CHARS_MAX).collect();
    let id = ledger.id_of(&text).unwrap_or(&text);
    if let Some(variant) = product.variants.iter().find(|v| v.id.as_str() == id) {
        return Named::One(variant.id.clone());
    }
    let others: Vec<&Variant> = product.variants.iter().filter(|v| v.id != line.variant).collect();
    if others.is_empty() {
        let why = format!("{} comes in one version only, so there is nothing to change it for", product.title);
        return Named::Unclear(Unclear::because(why));
    }
    let values: Vec<String> = product.variants.iter().flat_map(values).collect();
    let coloured = values.iter().any(|v| is_colour(v));
    let said = words(&text);
    let known = |w: &&String| values.contains(w) || (coloured && is_colour(w));
    let wished: Vec<&String> = said.iter().filter(known).collect();
    if wished.is_empty() {
        return ask(format!("which {} would you like instead?", product.title), line, product, &others);
    }
    let fits = |v: &&&Variant| wished.iter().all(|w| self::values(v).contains(w));
    let fitting: Vec<&Variant> = others.iter().filter(fits).copied().collect();
    if fitting.is_empty() {
        return ask(format!("{} is not made in {text}", product.title), line, product, &others);
    }
    let near = |v: &Variant| nearness(v, line, product);
    let best = fitting.iter().map(|v| near(v)).max().unwrap_or(0);
    let nearest: Vec<&Variant> = fitting.into_iter().filter(|v| near(v) == best).collect();
    match nearest.as_slice() {
        [only] => Named::One(only.id.clone()),
        several => ask(format!("which {} would you like instead?", product.title), line, product, several),
    }
}

fn ask(why: String, line: &QuoteLine, product: &Product, among: &[&Variant]) -> Named {
    let mut stocked: Vec<&Variant> = among.iter().filter(|v| v.in_stock()).copied().collect();
    stocked.sort_by_key(|v| std::cmp::Reverse(nearness(v, line, product)));
    if stocked.is_empty() {
        return Named::Unclear(Unclear::because(format!("{} is sold out in every other version", product.title)));
    }
    let values = stocked.iter().take(CHOICES_MAX).map(|v| v.options_text()).collect();
    Named::Unclear(Unclear { why, choose: Some((product.title.clone(), values)) })
}

/// In how many options a variant is like what stands in the order.
fn nearness(variant: &Variant, line: &QuoteLine, product: &Product) -> usize {
    let had = product.variant(&line.variant);
    variant.options.iter().filter(|c| had.is_some_and(|h| h.option(&c.name) == Some(c.value.as_str()))).count()
}

fn called(line: &QuoteLine) -> String {
    if line.options.is_empty() { line.title.clone() } else { format!("{} ({})", line.title, line.options) }
}

fn values(variant: &Variant) -> Vec<String> {
    let whole = |c: &crate::domain::product::Choice| {
        let mut all = words(&c.value);
        all.push(c.value.to_lowercase());
        all
    };
    variant.options.iter().flat_map(whole).collect()
}

fn words(text: &str) -> Vec<String> {
    let folded: String =
        text.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).take(CHARS_MAX).collect::<String>().to_lowercase();
    folded
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .map(|w| w.trim_matches('.'))
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// "Lamp" and "Lamps", "jacket" and "jackets" count as one word, and so does one slip of the finger in a long one.
fn alike(one: &str, other: &str) -> bool {
    let long = |text: &str| text.chars().count() >= STEM_CHARS_MIN;
    let begins = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.chars().count() <= 2);
    one == other
        || (long(one) && long(other) && (begins(one, other) || begins(other, one)))
        || (one.chars().count() > STEM_CHARS_MIN
            && other.chars().count() > STEM_CHARS_MIN
            && strsim::osa_distance(one, other) <= 1)
}
