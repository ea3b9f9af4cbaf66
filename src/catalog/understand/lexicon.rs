//! The small dictionaries, in English, Spanish, Portuguese, German and French; all words folded (no case, no accents).

use crate::catalog::understand::Sort;
use crate::catalog::understand::token::fold;

/// Which side a price cue bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// "under".
    Most,
    /// "over".
    Least,
}
use Side::{Least, Most};

/// Words before a price.
#[rustfmt::skip]
pub const CUES: &[(&str, Side)] = &[
    ("under", Most), ("below", Most), ("less than", Most), ("lower than", Most), ("cheaper than", Most), ("up to", Most),
    ("upto", Most), ("max", Most), ("maximum", Most), ("at most", Most), ("no more than", Most), ("not more than", Most),
    ("not over", Most), ("not above", Most), ("within", Most), ("budget", Most), ("budget of", Most), ("budget is", Most),
    ("a budget of", Most), ("my budget is", Most), ("<", Most), ("< =", Most), ("≤", Most),
    ("menos de", Most), ("menos que", Most), ("por menos de", Most), ("a menos de", Most), ("hasta", Most), ("maximo", Most),
    ("maximo de", Most), ("como maximo", Most), ("no mas de", Most), ("debajo de", Most), ("por debajo de", Most),
    ("presupuesto de", Most), ("abaixo de", Most), ("ate", Most), ("no maximo", Most), ("nao mais de", Most), ("por ate", Most),
    ("unter", Most), ("bis", Most), ("bis zu", Most), ("hochstens", Most), ("maximal", Most), ("weniger als", Most),
    ("nicht mehr als", Most), ("moins de", Most), ("a moins de", Most), ("jusqua", Most), ("jusqu a", Most), ("au plus", Most),
    ("pas plus de", Most), ("en dessous de", Most),
    ("over", Least), ("above", Least), ("more than", Least), ("at least", Least), ("from", Least), ("starting at", Least),
    ("starting from", Least), ("no less than", Least), ("not less than", Least), ("not under", Least), ("minimum", Least),
    ("min", Least), (">", Least), ("> =", Least), ("≥", Least),
    ("mas de", Least), ("encima de", Least), ("por encima de", Least), ("a partir de", Least), ("desde", Least),
    ("al menos", Least), ("como minimo", Least), ("minimo", Least), ("mais de", Least), ("mais que", Least), ("acima de", Least),
    ("pelo menos", Least), ("no minimo", Least), ("uber", Least), ("ueber", Least), ("ab", Least), ("mindestens", Least),
    ("mehr als", Least), ("plus de", Least), ("au moins", Least),
];
/// Words behind a price.
#[rustfmt::skip]
pub const AFTER: &[(&str, Side)] = &[
    ("or less", Most), ("or under", Most), ("or below", Most), ("or cheaper", Most), ("max", Most), ("maximum", Most),
    ("at most", Most), ("tops", Most), ("o menos", Most), ("ou menos", Most), ("oder weniger", Most), ("ou moins", Most),
    ("maximo", Most), ("como maximo", Most), ("no maximo", Most), ("or more", Least), ("and up", Least), ("or above", Least),
    ("minimum", Least), ("+", Least), ("o mas", Least), ("ou mais", Least), ("oder mehr", Least), ("ou plus", Least),
];
/// Words that open a range.
pub const RANGE_OPENINGS: &[(&str, ())] = &[
    ("between", ()),
    ("entre", ()),
    ("zwischen", ()),
    ("from", ()),
    ("von", ()),
    ("desde", ()),
    ("de", ()),
    ("price range", ()),
];
/// Words inside a range.
#[rustfmt::skip]
pub const RANGE_JOINS: &[(&str, ())] = &[
    ("and", ()), ("to", ()), ("-", ()), ("–", ()), ("—", ()), ("y", ()), ("e", ()), ("a", ()), ("et", ()), ("und", ()),
    ("bis", ()), ("hasta", ()), ("ate", ()), ("&", ()),
];
/// Words that make a price a rough one.
#[rustfmt::skip]
pub const AROUND: &[(&str, ())] = &[
    ("around", ()), ("about", ()), ("roughly", ()), ("approximately", ()), ("alrededor de", ()), ("cerca de", ()),
    ("por volta de", ()), ("rund", ()), ("etwa", ()), ("ungefahr", ()), ("environ", ()), ("um die", ()),
];
/// Words between a cue and its amount.
pub const AMOUNT_FILLERS: [&str; 12] =
    ["about", "around", "the", "los", "unos", "de", "of", "os", "circa", "ca", "is", ":"];
/// Words that go on with the constraint before.
pub const JOINS: [&str; 13] = ["or", "and", "y", "e", "o", "u", "ou", "und", "oder", "et", ",", "/", "&"];
/// Words that lengthen an exclusion.
pub const OR: [&str; 8] = ["or", "nor", "o", "ni", "ou", "nem", "oder", "noch"];
/// Words that mean nothing once what they led to is taken.
pub const ORPHANS: [&str; 20] = [
    "and", "or", "in", "but", "for", "with", "y", "e", "o", "en", "em", "para", "por", "und", "oder", "fur", "et",
    "ou", "pour", "of",
];
/// Words that announce an option's value.
#[rustfmt::skip]
pub const CONTEXTS: [&str; 25] = [
    "in", "en", "em", "size", "sizes", "sized", "talla", "tallas", "tamanho", "tam", "grosse", "gr", "taille", "medida",
    "numero", "eu", "colour", "color", "colours", "colors", "cor", "farbe", "couleur", "pointure", "schuhgrosse",
];
/// Small words between an announcement and its value.
pub const CONTEXT_FILLERS: [&str; 13] =
    ["a", "an", "the", "is", "es", "um", "uma", "una", "ein", "eine", "einer", ":", "="];
/// What an option for colours is called.
pub const COLOUR_NAMES: [&str; 7] = ["colour", "color", "colours", "colors", "farbe", "cor", "couleur"];
/// Tokens that end a clause.
pub const CLAUSE_ENDS: [&str; 10] = [",", ".", ";", "!", "?", ")", "please", "pls", "bitte", "por"];
/// Words before "large" that make it a judgement and not a size.
pub const DEGREES: [&str; 14] =
    ["is", "too", "very", "so", "quite", "how", "as", "run", "runs", "fit", "fits", "muy", "sehr", "zu"];
/// Words that lead to a gender.
pub const FOR: [&str; 4] = ["for", "para", "fur", "pour"];
/// Words that exclude.
#[rustfmt::skip]
pub const NEGATIONS: &[(&str, ())] = &[
    ("not", ()), ("no", ()), ("non", ()), ("without", ()), ("except", ()), ("excluding", ()), ("anything but", ()), ("dont", ()),
    ("sin", ()), ("sem", ()), ("nao", ()), ("ohne", ()), ("nicht", ()), ("kein", ()), ("keine", ()), ("keinen", ()),
    ("sans", ()), ("pas de", ()),
];
/// Small words between a negation and what it excludes.
#[rustfmt::skip]
pub const NEGATION_FILLERS: [&str; 21] = [
    "a", "an", "the", "any", "in", "made", "of", "from", "do", "want", "like", "wear", "need", "quiero", "quero", "de", "en", "em",
    "too", "aus", "with",
];
/// Words that are not what somebody wants to be without.
#[rustfmt::skip]
pub const NOT_EXCLUDABLE: [&str; 27] = [
    "wait", "sure", "thanks", "thank", "problem", "idea", "know", "matter", "only", "really", "available", "yet", "now", "working", "work",
    "have", "you", "i", "it", "that", "this", "is", "my", "one", "worries", "gracias", "obrigado",
];
/// Phrases about what can be bought now.
#[rustfmt::skip]
pub const IN_STOCK: &[(&str, ())] = &[
    ("in stock", ()), ("on stock", ()), ("available", ()), ("available now", ()), ("en stock", ()), ("disponible", ()),
    ("disponibles", ()), ("disponivel", ()), ("disponiveis", ()), ("em estoque", ()), ("em stock", ()), ("en existencia", ()),
    ("lieferbar", ()), ("verfugbar", ()), ("auf lager", ()), ("vorratig", ()),
];
/// Phrases about the order of prices.
#[rustfmt::skip]
pub const SORTS: &[(&str, Sort)] = &[
    ("cheap", Sort::CheapestFirst), ("cheaper", Sort::CheapestFirst), ("cheapest", Sort::CheapestFirst),
    ("inexpensive", Sort::CheapestFirst), ("affordable", Sort::CheapestFirst), ("least expensive", Sort::CheapestFirst),
    ("low cost", Sort::CheapestFirst), ("lowest price", Sort::CheapestFirst), ("not expensive", Sort::CheapestFirst),
    ("not too expensive", Sort::CheapestFirst), ("not so expensive", Sort::CheapestFirst), ("barato", Sort::CheapestFirst),
    ("barata", Sort::CheapestFirst), ("baratos", Sort::CheapestFirst), ("baratas", Sort::CheapestFirst),
    ("mas barato", Sort::CheapestFirst), ("mas barata", Sort::CheapestFirst), ("mais barato", Sort::CheapestFirst),
    ("mais barata", Sort::CheapestFirst), ("economico", Sort::CheapestFirst), ("economica", Sort::CheapestFirst),
    ("no muy caro", Sort::CheapestFirst), ("gunstig", Sort::CheapestFirst), ("gunstige", Sort::CheapestFirst),
    ("gunstiger", Sort::CheapestFirst), ("gunstigste", Sort::CheapestFirst), ("billig", Sort::CheapestFirst),
    ("billige", Sort::CheapestFirst), ("nicht zu teuer", Sort::CheapestFirst), ("pas cher", Sort::CheapestFirst),
    ("pas trop cher", Sort::CheapestFirst), ("moins cher", Sort::CheapestFirst), ("most expensive", Sort::DearestFirst),
    ("highest price", Sort::DearestFirst), ("mas caro", Sort::DearestFirst), ("mais caro", Sort::DearestFirst),
    ("teuerste", Sort::DearestFirst), ("plus cher", Sort::DearestFirst),
];
/// Words for whom something is made.
#[rustfmt::skip]
pub const GENDERS: &[(&str, &str)] = &[
    ("women", "women"), ("wife", "women"), ("girlfriend", "women"), ("husband", "men"), ("boyfriend", "men"), ("womens", "women"), ("woman", "women"), ("womans", "women"), ("ladies", "women"), ("lady", "women"),
    ("female", "women"), ("mujer", "women"), ("mujeres", "women"), ("feminino", "women"), ("feminina", "women"),
    ("mulher", "women"), ("mulheres", "women"), ("damen", "women"), ("frauen", "women"), ("femme", "women"), ("femmes", "women"),
    ("men", "men"), ("mens", "men"), ("man", "men"), ("mans", "men"), ("gents", "men"), ("male", "men"), ("hombre", "men"),
    ("hombres", "men"), ("masculino", "men"), ("masculina", "men"), ("homem", "men"), ("homens", "men"), ("herren", "men"),
    ("manner", "men"), ("homme", "men"), ("hommes", "men"), ("kids", "kids"), ("kid", "kids"), ("child", "kids"),
    ("children", "kids"), ("childrens", "kids"), ("boys", "kids"), ("girls", "kids"), ("nino", "kids"), ("ninos", "kids"),
    ("crianca", "kids"), ("criancas", "kids"), ("kinder", "kids"), ("enfant", "kids"), ("enfants", "kids"), ("unisex", "unisex"),
];
/// Other names of yes-or-no properties.
#[rustfmt::skip]
pub const PROPERTIES: &[(&str, &str)] = &[
    ("water proof", "waterproof"), ("impermeable", "waterproof"), ("impermeables", "waterproof"), ("impermeavel", "waterproof"),
    ("wasserdicht", "waterproof"), ("wasserdichte", "waterproof"), ("etanche", "waterproof"),
];
/// Words for sizes, the value's key, and whether they mean a size wherever they stand.
#[rustfmt::skip]
pub const SIZE_WORDS: &[(&str, (&str, bool))] = &[
    ("medium", ("m", true)), ("large", ("l", false)), ("small", ("s", false)), ("extra large", ("xl", true)),
    ("x large", ("xl", true)), ("extra small", ("xs", true)), ("x small", ("xs", true)), ("extra extra large", ("2 xl", true)),
    ("mediana", ("m", false)), ("mediano", ("m", false)), ("medio", ("m", false)), ("media", ("m", false)),
    ("grande", ("l", false)), ("pequena", ("s", false)), ("pequeno", ("s", false)), ("mittel", ("m", false)),
    ("gross", ("l", false)), ("klein", ("s", false)), ("moyen", ("m", false)), ("petit", ("s", false)),
];
/// Colour words that more often mean the thing.
pub const UNSURE_COLOURS: [&str; 8] = ["sand", "stone", "rose", "wine", "cream", "mint", "sable", "vino"];

/// Colours: English name, other words for it.
#[rustfmt::skip]
const COLOURS: [(&str, &[&str]); 19] = [
    ("blue", &["azul", "azules", "azuis", "blau", "blaue", "blauen", "blauer", "blaues", "bleu", "bleue"]),
    ("red", &["rojo", "roja", "vermelho", "vermelha", "rot", "rote", "roten", "roter", "rotes", "rouge"]),
    ("green", &["verde", "verdes", "grun", "grune", "grunen", "gruner", "grunes", "vert", "verte"]),
    ("black", &["negro", "negra", "preto", "preta", "schwarz", "schwarze", "schwarzen", "schwarzer", "noir", "noire"]),
    ("white", &["blanco", "blanca", "branco", "branca", "weiss", "weisse", "weissen", "weisser", "blanc", "blanche"]),
    ("yellow", &["amarillo", "amarilla", "amarelo", "amarela", "gelb", "gelbe", "gelben", "gelber", "jaune"]),
    ("grey", &["gray", "gris", "cinza", "grau", "graue", "grauen", "grauer"]),
    ("brown", &["marron", "marrom", "castanho", "braun", "braune", "braunen", "brun"]),
    ("orange", &["naranja", "laranja"]),
    ("pink", &["rosa", "rose"]),
    ("purple", &["violet", "morado", "roxo", "lila", "violett"]),
    ("navy", &["marineblau", "dunkelblau", "marinho", "marino"]),
    ("teal", &["petrol", "turquoise", "turquesa", "turkis"]),
    ("sand", &["arena", "areia", "sable"]),
    ("beige", &["bege"]),
    ("olive", &["oliva", "oliv"]),
    ("gold", &["dorado", "dourado", "golden"]),
    ("silver", &["plateado", "prateado", "silber", "argente"]),
    ("khaki", &["caqui"]),
];

/// The English name of a colour word.
pub fn colour(low: &str) -> Option<&'static str> {
    COLOURS.iter().find(|(name, others)| *name == low || others.contains(&low)).map(|(name, _)| *name)
}

/// Currency codes that a sign or word may stand for.
pub fn currencies(low: &str) -> Option<&'static [&'static str]> {
    Some(match low {
        "€" | "eur" | "euro" | "euros" => &["EUR"],
        "$" => &["USD", "CAD", "AUD", "NZD", "MXN", "ARS", "CLP", "COP", "SGD", "HKD"],
        "usd" | "dollar" | "dollars" | "bucks" | "dolares" => &["USD", "CAD", "AUD", "NZD"],
        "£" | "gbp" | "pound" | "quid" => &["GBP"],
        "¥" | "jpy" | "yen" => &["JPY"],
        "₹" | "inr" | "rupees" => &["INR"],
        "brl" | "reais" => &["BRL"],
        "pesos" | "mxn" => &["MXN", "ARS", "CLP", "COP"],
        "chf" | "francs" | "franken" => &["CHF"],
        _ => return None,
    })
}

/// Whether a word stands for a currency.
pub fn is_currency(low: &str) -> bool {
    currencies(low).is_some() || low == "r"
}

/// Whether letters may follow a number without a space and still be words: `28L`, `150eur`, `2xl`, `2p`.
pub fn follows_number(low: &str) -> bool {
    is_unit(low) || is_currency(low) || matches!(low, "xl" | "xs" | "x")
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
        || COUNTED.iter().any(|unit| low.strip_prefix(unit).is_some_and(|end| matches!(end, "" | "s" | "e" | "n" | "en")))
        || matches!(canonical(low), "person" | "l")
}

/// One spelling of units, persons and number words: `people` → `person`, `litres` → `l`, `two` → `2`.
pub fn canonical(low: &str) -> &str {
    match low {
        "person" | "persons" | "people" | "p" | "persona" | "personas" | "pessoa" | "pessoas" | "personen"
        | "personne" | "personnes" | "man" => "person",
        "l" | "litre" | "litres" | "liter" | "liters" | "litro" | "litros" => "l",
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
