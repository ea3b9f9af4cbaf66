//! Plurals only: fuller stemming makes a board game of a gaming keyboard.

/// Words whose plural, or whose final s, the rules get wrong.
const IRREGULAR: &[(&str, &str)] = &[
    ("atlas", "atlas"),
    ("buses", "bus"),
    ("canvas", "canvas"),
    ("canvases", "canvas"),
    ("feet", "foot"),
    ("gases", "gas"),
    ("knives", "knife"),
    ("leaves", "leaf"),
    ("lens", "lens"),
    ("lenses", "lens"),
    ("mice", "mouse"),
    ("potatoes", "potato"),
    ("scarves", "scarf"),
    ("series", "series"),
    ("shelves", "shelf"),
    ("teeth", "tooth"),
    ("tomatoes", "tomato"),
];

/// Shorter words are left alone: gas, bus, yes.
const LETTERS_MIN: usize = 4;

/// Whether a token is the singular of a word that begins otherwise.
pub fn is_irregular(token: &str) -> bool {
    IRREGULAR.iter().any(|(_, base)| *base == token)
}

/// The singular of a purely alphabetic lower-case English word; anything else comes back as it is.
pub fn singular(token: String) -> String {
    if token.len() < LETTERS_MIN || !token.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return token;
    }
    if let Some((_, base)) = IRREGULAR.iter().find(|(word, _)| *word == token) {
        return (*base).to_owned();
    }
    let long = token.len() > LETTERS_MIN;
    // Hoodie, hoodies and hoody are one thing, so all three end in y.
    if let Some(base) = token.strip_suffix("ies").or_else(|| token.strip_suffix("ie")).filter(|_| long) {
        return format!("{base}y");
    }
    if ["sses", "xes", "ches", "shes", "zzes"].iter().any(|end| token.ends_with(end)) {
        return token.strip_suffix("es").unwrap_or(&token).to_owned();
    }
    if ["ss", "us", "is"].iter().any(|end| token.ends_with(end)) {
        return token;
    }
    token.strip_suffix('s').unwrap_or(&token).to_owned()
}
