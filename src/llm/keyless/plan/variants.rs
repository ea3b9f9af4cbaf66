//! Sizes, colours and stock of one product, in whichever language they were asked for.

use crate::llm::keyless::desk::Desk;
use crate::llm::keyless::draft::{Draft, fill};
use crate::llm::keyless::lexicon as lex;
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::results::{Product, Variant};
use crate::llm::keyless::words::Words;

/// Variants of one product that are looked at.
const VARIANTS_MAX: usize = 200;
/// Variants offered to tap.
const OFFERED_MAX: usize = 5;
/// Colours under their English name, with the words for them.
const COLOURS: &[(&str, &[&str])] = &[
    ("black", &["black", "negro", "negra", "preto", "preta"]),
    ("white", &["white", "blanco", "blanca", "branco", "branca"]),
    ("blue", &["blue", "azul"]),
    ("red", &["red", "rojo", "roja", "vermelho", "vermelha"]),
    ("green", &["green", "verde"]),
    ("grey", &["grey", "gray", "gris", "cinza"]),
    ("yellow", &["yellow", "amarillo", "amarilla", "amarelo", "amarela"]),
    ("orange", &["orange", "naranja", "laranja"]),
    ("pink", &["pink", "rosa"]),
    ("purple", &["purple", "morado", "morada", "roxo", "roxa"]),
    ("brown", &["brown", "marron", "marrom"]),
    ("beige", &["beige", "bege"]),
    ("navy", &["navy"]),
];
/// Sizes under their letter, with the words for them.
const SIZES: &[(&str, &[&str])] = &[
    ("xxs", &["xxs"]),
    ("xs", &["xs"]),
    ("s", &["s", "small", "pequeno", "pequena"]),
    ("m", &["m", "medium", "mediano", "mediana"]),
    ("l", &["l", "large"]),
    ("xl", &["xl"]),
    ("xxl", &["xxl", "2xl"]),
    ("xxxl", &["xxxl", "3xl"]),
];
/// Words that ask for a size or a colour rather than mention one.
const ASKING: &[&str] = &["in", "en", "em", "size", "talla", "tamanho", "come"];

/// Words for colour.
const COLOUR_WORDS: &[&str] = &["color", "colors", "colour", "colours", "colores", "cor", "cores"];

/// What can be said about the variants asked for, if any are.
pub fn answer(product: &Product, words: &Words, desk: &Desk) -> Option<Draft> {
    let language = desk.talk.language;
    let asked = asked(product, words);
    let blanks = [("[a]", product.name.as_str()), ("[what]", asked.written.as_str())];
    if !asked.known.is_empty() {
        let matching: Vec<&Variant> = variants(product).filter(|variant| has_all(variant, &asked.known)).collect();
        let free: Vec<&&Variant> = matching.iter().filter(|variant| in_stock(variant)).collect();
        if !free.is_empty() {
            // The only variant left is named as the shop names it; several are still to be told apart.
            let add = match free.as_slice() {
                [only] => only.options.as_str(),
                _ => asked.written.as_str(),
            };
            let tap = fill(language, ph::TAP_ADD_IN, &[("[what]", add)]);
            return Some(Draft::of(fill(language, ph::AVAILABLE, &blanks)).choices([tap]));
        }
        if matching.is_empty()
            && let Some(field) = missing_field(product, words)
        {
            let blanks = [blanks.as_slice(), &[("[field]", field.as_str())]].concat();
            return Some(Draft::of(fill(language, ph::ONLY_IN, &blanks)).choices(taps(product, desk)));
        }
        let phrase = if matching.is_empty() { ph::NOT_MADE_IN } else { ph::SOLD_OUT };
        return Some(Draft::of(fill(language, phrase, &blanks)).choices(taps(product, desk)));
    }
    if words.has(lex::STOCK) {
        let phrase = if variants(product).any(in_stock) { ph::IN_STOCK } else { ph::SOLD_OUT_ALL };
        return Some(Draft::of(fill(language, phrase, &blanks)).choices([language.pick(ph::TAP_ADD).to_owned()]));
    }
    if words.has(lex::OPTIONS) {
        if !variants(product).any(in_stock) {
            return Some(Draft::of(fill(language, ph::SOLD_OUT_ALL, &blanks)));
        }
        let Some(field) = asked_field(product, words) else {
            return Some(Draft::of(fill(language, ph::COMES_IN_ONE, &blanks)).choices(taps(product, desk)));
        };
        let blanks = [blanks.as_slice(), &[("[field]", field.as_str())]].concat();
        return Some(Draft::of(fill(language, ph::COMES_IN, &blanks)).choices(taps(product, desk)));
    }
    let missing = asked.missing && words.has_exactly(ASKING);
    missing.then(|| match missing_field(product, words) {
        Some(field) => {
            let blanks = [blanks.as_slice(), &[("[field]", field.as_str())]].concat();
            Draft::of(fill(language, ph::ONLY_IN, &blanks)).choices(taps(product, desk))
        }
        None => Draft::of(fill(language, ph::NOT_MADE_IN, &blanks)).choices(taps(product, desk)),
    })
}

/// Whether a size or a colour is named at all.
pub fn names_option(words: &Words) -> bool {
    !options_said(words).is_empty()
}

/// The sizes and colours named, as a search understands them.
pub fn options_said(words: &Words) -> String {
    let mut said = String::new();
    let mut before = "";
    for word in &words.list {
        let name = own_name(&word.plain);
        let is = |kind: &[(&str, &[&str])]| kind.iter().any(|(own, _)| *own == name);
        let figure = ASKING.contains(&before) && word.plain.chars().all(|c| c.is_ascii_digit());
        let letter = word.plain.chars().count() == 1 && !ASKING.contains(&before);
        if (is(COLOURS) || (is(SIZES) && !letter) || figure) && !lex::FILLER.contains(&word.plain.as_str()) {
            said.push_str(" in ");
            said.push_str(&word.written);
        }
        before = word.plain.as_str();
    }
    said.trim().to_owned()
}

/// The values of the option that holds colours, or sizes.
fn field_of(product: &Product, kind: &[(&str, &[&str])]) -> Option<String> {
    let has = |values: &Vec<String>| {
        values
            .iter()
            .any(|value| Words::read(value).plains().any(|word| kind.iter().any(|(own, _)| *own == own_name(word))))
    };
    let found = product.options.iter().find(|(_, values)| has(values));
    found.map(|(name, _)| format!("option_{}", name.to_lowercase()))
}

/// The option a question is about: colours when it says so, otherwise the first the product has.
fn asked_field(product: &Product, words: &Words) -> Option<String> {
    let colours = words.has_exactly(COLOUR_WORDS);
    let found = if colours { field_of(product, COLOURS) } else { None };
    let sizes = || {
        product
            .options
            .keys()
            .find(|name| Some(format!("option_{}", name.to_lowercase())) != field_of(product, COLOURS))
    };
    found.or_else(|| if colours { None } else { sizes().map(|name| format!("option_{}", name.to_lowercase())) })
}

/// The option whose value was named and is not made.
fn missing_field(product: &Product, words: &Words) -> Option<String> {
    let kinds = [COLOURS, SIZES];
    let named = |kind: &[(&str, &[&str])]| {
        words.plains().any(|word| kind.iter().any(|(own, _)| *own == own_name(word)) && word.chars().count() > 1)
    };
    kinds.into_iter().find(|kind| named(kind)).and_then(|kind| field_of(product, kind))
}

/// Options a message names.
struct Asked {
    /// Those some variant has, under their own name.
    known: Vec<String>,
    /// Whether one is named that no variant has, although the product does come in others of its kind.
    missing: bool,
    /// As the shopper wrote them.
    written: String,
}

fn asked(product: &Product, words: &Words) -> Asked {
    let options: Vec<String> = variants(product).flat_map(options_of).collect();
    let kinds = [COLOURS, SIZES].map(|kind| options.iter().any(|option| kind.iter().any(|(name, _)| name == option)));
    let [has_colours, has_sizes] = kinds;
    let mut asked = Asked { known: Vec::new(), missing: false, written: String::new() };
    for word in &words.list {
        let name = own_name(&word.plain);
        let is = |kind: &[(&str, &[&str])]| kind.iter().any(|(own, _)| *own == name);
        let known = options.contains(&name) && !lex::SMALL.contains(&word.plain.as_str());
        let missing = !known && ((has_colours && is(COLOURS)) || (has_sizes && is(SIZES)));
        if known || missing {
            asked.written.push_str(if asked.written.is_empty() { "" } else { " " });
            asked.written.push_str(&word.written);
            asked.missing |= missing;
        }
        if known {
            asked.known.push(name);
        }
    }
    if asked.missing && !asked.known.is_empty() {
        // "In M and pink": the whole wish is missing, so no variant may match it.
        asked.known.push(String::new());
    }
    asked
}

fn variants(product: &Product) -> impl Iterator<Item = &Variant> {
    product.variants.iter().take(VARIANTS_MAX)
}

fn in_stock(variant: &Variant) -> bool {
    variant.stock != "sold out"
}

fn has_all(variant: &Variant, names: &[String]) -> bool {
    let options = options_of(variant);
    names.iter().all(|name| options.contains(name))
}

fn options_of(variant: &Variant) -> Vec<String> {
    Words::read(&variant.options).plains().map(own_name).collect()
}

/// `azul` and `blue` are one colour, `medium` and `m` one size.
pub fn own_name(plain: &str) -> String {
    let known = COLOURS.iter().chain(SIZES).find(|(_, words)| words.contains(&plain));
    known.map_or(plain, |(name, _)| name).to_owned()
}

fn taps(product: &Product, desk: &Desk) -> Vec<String> {
    let free = variants(product).filter(|variant| in_stock(variant) && !variant.options.is_empty()).take(OFFERED_MAX);
    free.map(|variant| fill(desk.talk.language, ph::TAP_ADD_IN, &[("[what]", &variant.options)])).collect()
}
