//! The small dictionaries of the languages shoppers write in: English, Spanish, Portuguese, German, French, Italian, Indonesian,
//! Hindi in Latin letters and Arabic. Tokens are folded before they are compared: no case, no accents.

mod colour;
mod number;
mod price;
mod steer;

pub use colour::{COLOUR_NAMES, SIZE_WORDS, UNSURE_COLOURS, colour};
pub use number::{is_doubtful, spoken};
pub use price::{
    AFTER, AMOUNT_FILLERS, AROUND, CUES, RANGE_JOINS, RANGE_OPENINGS, SORTS, Side, currencies, is_currency, multiplier,
};
pub use steer::{
    FOR, GENDERS, IN_STOCK, NEGATION_FILLERS, NEGATIONS, NEGATIONS_BEHIND, NO_NEGATIONS, NOT_EXCLUDABLE, OR, ORDERS,
    PROPERTIES,
};

use crate::catalog::understand::measure;
use crate::catalog::understand::token::{Kind, Token, fold};
use crate::search::analyse;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that go on with the constraint before.
#[rustfmt::skip]
pub const JOINS: [&str; 20] = [
    "or", "and", "y", "e", "o", "u", "ou", "und", "oder", "et", ",", "/", "&", "dan", "atau", "aur", "ya", "و", "او", "ed",
];
/// Words that mean nothing once what they led to is taken.
#[rustfmt::skip]
pub const ORPHANS: [&str; 50] = [
    "and", "or", "in", "but", "for", "with", "y", "e", "o", "en", "em", "para", "por", "und", "oder", "fur", "et", "ou", "pour", "of",
    "ke", "liye", "untuk", "buat", "dengan", "di", "yang", "con", "com", "mit", "avec", "per", "mein", "aur", "dan", "atau", "من", "في", "و",
    "wala", "wali", "wale", "ka", "ki", "aber", "pero", "mas", "ma", "mais", "tapi",
];
/// Words that announce an option's value.
#[rustfmt::skip]
pub const CONTEXTS: [&str; 35] = [
    "in", "en", "em", "size", "sizes", "sized", "talla", "tallas", "tamanho", "tam", "grosse", "gr", "taille", "medida",
    "numero", "eu", "colour", "color", "colours", "colors", "cor", "farbe", "couleur", "pointure", "schuhgrosse", "taglia", "misura",
    "ukuran", "warna", "rang", "colore", "مقاس", "المقاس", "لون", "اللون",
];
/// Small words between an announcement and its value.
#[rustfmt::skip]
pub const CONTEXT_FILLERS: [&str; 16] =
    ["a", "an", "the", "is", "es", "um", "uma", "una", "ein", "eine", "einer", ":", "=", "un", "une", "hai"];
/// Tokens that end a clause.
#[rustfmt::skip]
pub const CLAUSE_ENDS: [&str; 20] = [
    ",", ".", ";", "!", "?", ")", "please", "pls", "bitte", "por", "،", "؟", "plz", "favor", "grazie", "merci", "danke", "chahiye", "dikhao", "dong",
];
/// Words before "large" that make it a judgement and not a size.
#[rustfmt::skip]
pub const DEGREES: [&str; 20] = [
    "is", "too", "very", "so", "quite", "how", "as", "run", "runs", "fit", "fits", "muy", "sehr", "zu", "muito", "tres", "trop", "molto", "troppo", "bahut",
];
static AMOUNT_BEGINNINGS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let cues = CUES.beginnings().chain(RANGE_OPENINGS.beginnings()).chain(AROUND.beginnings());
    cues.cloned().chain(measure::beginnings().map(str::to_owned)).collect()
});

/// Whether a limit of a price or a measure may begin at a token: most words begin none, and that has to be known quickly.
pub fn begins_amount(tokens: &[Token], at: usize) -> bool {
    let Some(token) = tokens.get(at) else { return false };
    let low = token.low.as_str();
    token.kind != Kind::Word || AMOUNT_BEGINNINGS.contains(low) || spoken(low).is_some() || is_currency(low)
}

/// Whether letters may follow a number without a space and still be words: `28L`, `150eur`, `2xl`, `2p`.
pub fn follows_number(low: &str) -> bool {
    is_unit(low) || is_currency(low) || matches!(low, "xl" | "xs" | "x")
}

/// Whether a word stands before a number without a space and is still a word of its own: Arabic "and".
pub fn precedes_number(low: &str) -> bool {
    low == "و" || low == "x"
}

/// Whether a word behind a number says that it counts or measures something.
#[rustfmt::skip]
pub fn is_unit(low: &str) -> bool {
    const UNITS: [&str; 71] = [
        "ml", "cl", "kg", "g", "gr", "mg", "lb", "lbs", "oz", "mm", "cm", "m", "km", "inch", "inches", "zoll", "pulgadas", "ft",
        "foot", "feet", "c", "f", "degrees", "degree", "grad", "grados", "graus", "w", "watt", "watts", "wh", "kwh", "mah", "ah",
        "v", "volt", "volts", "lm", "lumen", "lumens", "hz", "ghz", "mhz", "gb", "tb", "mb", "mp", "px", "megapixel", "megapixels",
        "h", "hr", "min", "minutes", "sec", "seconds", "x", "percent", "pack", "pcs", "piece", "denier", "fill", "k", "d", "atm",
        "db", "bar", "gsm", "den", "cores",
    ];
    const COUNTED: [&str; 39] = [
        "gram", "gramm", "gramo", "grama", "pound", "meter", "metre", "metro", "hour", "hora", "stunde", "day", "dia", "tage", "tag",
        "week", "semana", "woche", "month", "mes", "mese", "monat", "year", "ano", "jahr", "night", "nacht", "noche", "layer",
        "season", "pocket", "item", "product", "pair", "stuck", "port", "lug", "star", "kilo",
    ];
    UNITS.contains(&low)
        || (low != "in" && analyse::unit(low).is_some())
        || COUNTED.iter().any(|unit| low.strip_prefix(unit).is_some_and(|end| matches!(end, "" | "s" | "e" | "n" | "en")))
        || matches!(canonical(low), "person" | "l")
}

/// One spelling of units, persons and number words: `people` → `person`, `litres` → `l`, `two` → `2`.
pub fn canonical(low: &str) -> &str {
    match low {
        "person" | "persons" | "people" | "p" | "persona" | "personas" | "pessoa" | "pessoas" | "personen"
        | "personne" | "personnes" | "persone" | "orang" | "log" | "logon" | "man" => "person",
        "l" | "litre" | "litres" | "liter" | "liters" | "litro" | "litros" | "litri" | "litern" => "l",
        "metres" | "meters" | "metre" | "meter" | "metros" => "m",
        "grams" | "gram" | "gramm" | "gr" => "g",
        "centimetres" | "centimeters" => "cm",
        "one" => "1",
        "two" | "dos" | "dois" | "duas" | "zwei" | "deux" => "2",
        "three" | "tres" | "drei" | "trois" => "3",
        "four" | "cuatro" | "quatro" | "vier" | "quatre" => "4",
        "five" | "cinco" | "funf" | "cinq" => "5",
        "six" | "seis" | "sechs" => "6",
        "xxl" => "2 xl",
        "xxxl" => "3 xl",
        other => other,
    }
}

/// Whether a word behind a small number leaves it a price: "under 9 in blue", "under 5 please".
#[rustfmt::skip]
pub fn is_function_word(low: &str) -> bool {
    const FUNCTION: [&str; 17] = [
        "please", "pls", "if", "but", "for", "with", "without", "not", "no", "each", "only", "to", "max", "maximum", "tops",
        "delivered", "including",
    ];
    JOINS.contains(&low) || CONTEXTS.contains(&low) || FUNCTION.contains(&low) || low.chars().count() == 1
}

/// A name as it is compared.
pub fn plain(name: &str) -> String {
    fold(name)
}
