//! What a product says of its measures, held against what somebody wants.

use crate::catalog::understand::By;
use crate::catalog::understand::measure::{Dimension, Measure, key, stored, unit};
use crate::catalog::understand::token::{Kind, Token, tokens};
use crate::domain::product::{Product, Variant};

/// Attributes of a product that are looked at.
const ATTRIBUTES_MAX: usize = 80;
/// Characters of a name or value that are read.
const CHARS_MAX: usize = 200;
/// Words in the names of attributes that measure something else than the thing itself.
const FOREIGN: [&str; 12] = [
    "load",
    "package",
    "packaging",
    "shipping",
    "max weight",
    "user",
    "rider",
    "belastung",
    "versand",
    "carga",
    "temperature",
    "box",
];

/// A value of a product.
struct Said {
    /// In the unit of the dimension that was looked for.
    value: f64,
    /// Of what, where the attribute's name tells.
    key: Option<&'static str>,
    /// Whether it is said of the thing as such, not of one of its parts: in the title or as an option.
    plain: bool,
}

/// Whether a product meets a measure: one of its attributes, its title or any of its variants. `None` when it says nothing
/// of it, which is no reason to leave it out, but one to show it later.
pub fn meets(product: &Product, measure: &Measure) -> Option<bool> {
    let mut said = of_product(product, measure.dimension);
    product.variants.iter().for_each(|variant| of_variant(variant, measure.dimension, &mut said));
    judge(&said, measure)
}

/// Whether one variant meets a measure: by its own options where they speak of it, else by what the product says.
pub fn variant_meets(product: &Product, variant: &Variant, measure: &Measure) -> Option<bool> {
    let mut own = Vec::new();
    of_variant(variant, measure.dimension, &mut own);
    judge(&own, measure).or_else(|| judge(&of_product(product, measure.dimension), measure))
}

/// What a product is ordered by: less comes first. `None` when it says nothing of it.
pub fn by(product: &Product, by: By) -> Option<f64> {
    let (dimensions, key, up): (&[Dimension], Option<&str>, bool) = match by {
        By::Lightest => (&[Dimension::Mass], None, true),
        By::Heaviest => (&[Dimension::Mass], None, false),
        By::Biggest => (&[Dimension::Volume, Dimension::Length], None, false),
        By::Smallest => (&[Dimension::Volume, Dimension::Length], None, true),
        By::Longest => (&[Dimension::Length], Some("length"), false),
        By::Shortest => (&[Dimension::Length], Some("length"), true),
        By::Newest | By::BestRated | By::MostPopular => return None,
    };
    let value = dimensions.iter().find_map(|dimension| {
        let mut said = of_product(product, *dimension);
        product.variants.iter().for_each(|variant| of_variant(variant, *dimension, &mut said));
        let fits = |s: &&Said| key.is_none_or(|key| s.key == Some(key) || s.key.is_none());
        let values = said.iter().filter(fits).map(|s| s.value);
        if up { values.min_by(f64::total_cmp) } else { values.max_by(f64::total_cmp) }
    })?;
    Some(if up { value } else { -value })
}

fn judge(said: &[Said], measure: &Measure) -> Option<bool> {
    let any = |values: &[&Said]| values.iter().any(|s| measure.allows(s.value));
    if let Some(key) = measure.key.as_deref() {
        let keyed: Vec<&Said> = said.iter().filter(|s| s.key == Some(key)).collect();
        let open: Vec<&Said> = said.iter().filter(|s| s.key.is_none()).collect();
        return match (keyed.is_empty(), open.is_empty()) {
            (false, _) => Some(any(&keyed)),
            (true, false) => Some(any(&open)),
            (true, true) => None,
        };
    }
    let all: Vec<&Said> = said.iter().collect();
    if any(&all) {
        return Some(true);
    }
    // Its width says nothing about the 17 inches of a screen: only what is said of the thing as such may refuse.
    let telling = |s: &&&Said| s.plain || s.key.is_none() || measure.dimension != Dimension::Length;
    (all.iter().filter(telling).count() > 0).then_some(false)
}

fn of_product(product: &Product, dimension: Dimension) -> Vec<Said> {
    let mut said = Vec::new();
    for (name, value) in product.attributes.iter().take(ATTRIBUTES_MAX) {
        of_pair(name, value, dimension, false, &mut said);
    }
    let title = cut(&product.title);
    collect(&title, dimension, None, true, &mut said);
    said
}

fn of_variant(variant: &Variant, dimension: Dimension, said: &mut Vec<Said>) {
    for choice in &variant.options {
        of_pair(&choice.name, &choice.value, dimension, true, said);
    }
}

/// `weight: 1.2 kg`, `weight (kg): 1.2`, `weight_g: 850`.
fn of_pair(name: &str, value: &str, dimension: Dimension, plain: bool, said: &mut Vec<Said>) {
    // Most values measure nothing.
    if !value.contains(|c: char| c.is_numeric()) {
        return;
    }
    let name = cut(name);
    if FOREIGN.iter().any(|word| name.iter().any(|t| t.low == *word)) {
        return;
    }
    let key = key::of_attribute(&name, dimension);
    let value = cut(value);
    let before = said.len();
    collect(&value, dimension, key, plain, said);
    if said.len() > before {
        return;
    }
    let of_name = name.iter().skip(1).find_map(|t| unit(&t.low)).filter(|(of, _)| *of == dimension);
    if let (Some((_, times)), [number]) = (of_name, value.as_slice())
        && number.kind == Kind::Number
        && let Ok(amount) = number.low.parse::<f64>()
    {
        said.push(Said { value: amount * times, key, plain });
    }
}

fn collect(tokens: &[Token], dimension: Dimension, key: Option<&'static str>, plain: bool, said: &mut Vec<Said>) {
    let mut at = 0;
    while at < tokens.len() {
        let Some(reading) = stored(tokens, at) else {
            at += 1;
            continue;
        };
        at += reading.length;
        if reading.dimension == dimension {
            let key = key::behind(tokens, at, dimension).map(|(_, key)| key).or(key);
            said.push(Said { value: reading.value, key, plain });
        }
    }
}

fn cut(text: &str) -> Vec<Token> {
    let end = text.char_indices().nth(CHARS_MAX).map_or(text.len(), |(at, _)| at);
    tokens(text.get(..end).unwrap_or_default())
}
