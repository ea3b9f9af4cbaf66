//! A postal address as people write it in a chat: lines or commas, name first, country last, most of it optional.

use crate::llm::keyless::words::CHARS_MAX;
use serde_json::{Value, json};

/// Parts of an address.
const PARTS_MAX: usize = 8;
/// Words between the wish and the address.
const BEFORE: [&str; 6] = [": ", " to ", " a la ", " a ", " para ", " is "];

/// The address in a message, or nothing when too little of one is there.
pub fn read(said: &str) -> Option<Value> {
    let text: String = said.chars().take(CHARS_MAX).collect();
    let looks = |text: &str| text.contains([',', '\n', ';']) && text.chars().any(|c| c.is_ascii_digit());
    // "Change the address of FJ-1042 to …": only what follows is the address.
    let lower = text.to_lowercase();
    let wish = lower.contains("address") || lower.contains("direcci") || lower.contains("endere");
    let mut from = text.as_str();
    if wish {
        from = BEFORE.iter().find_map(|before| {
            let rest = text.split_once(before)?.1;
            looks(rest).then_some(rest)
        })?;
    }
    if !looks(from) {
        return None;
    }
    let tidy = |part: &str| part.trim().trim_end_matches(['.', '!']).to_owned();
    let mut parts: Vec<String> =
        from.split([',', '\n', ';']).map(tidy).filter(|part| !part.is_empty()).take(PARTS_MAX).collect();
    let figures = |text: &str| text.chars().any(|c| c.is_ascii_digit());
    let code_before = parts.iter().rev().nth(1).is_some_and(|part| !part.chars().any(char::is_alphabetic));
    let country = match parts.last() {
        Some(last) if parts.len() >= 3 && !figures(last) && !code_before => parts.pop(),
        _ => None,
    };
    let mut town = parts.pop()?;
    if code_before && country.is_none() && !figures(&town) {
        town = format!("{} {town}", parts.pop()?);
    }
    let (code, city): (Vec<&str>, Vec<&str>) = town.split_whitespace().partition(|word| figures(word));
    let name = match parts.as_slice() {
        [first, second, ..] if !figures(first) && figures(second) => Some(parts.remove(0)),
        _ => None,
    };
    let street = parts.join(", ");
    if street.is_empty() || city.is_empty() {
        return None;
    }
    Some(json!({
        "name": name, "line1": street, "postal_code": code.join(" "), "city": city.join(" "), "region": null,
        "country": country,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(said: &str) -> Option<String> {
        let value = read(said)?;
        let text = |field: &str| value[field].as_str().unwrap_or("-").to_owned();
        Some(["name", "line1", "postal_code", "city", "country"].map(text).join(" | "))
    }

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (said, read) in [
            ("Lindenweg 5, 79098 Freiburg", Some("- | Lindenweg 5 | 79098 | Freiburg | -")),
            (
                "Ada Byron\nLindenweg 5\n79098 Freiburg\nGermany",
                Some("Ada Byron | Lindenweg 5 | 79098 | Freiburg | Germany"),
            ),
            (
                "change the address of FJ-1042 to Lindenweg 5, 79098 Freiburg",
                Some("- | Lindenweg 5 | 79098 | Freiburg | -"),
            ),
            (
                "cambia la dirección del pedido FJ-1042 a Calle Mayor 5, 28001 Madrid, España",
                Some("- | Calle Mayor 5 | 28001 | Madrid | España"),
            ),
            ("Rua Augusta 10, 1100, Lisboa", Some("- | Rua Augusta 10 | 1100 | Lisboa | -")),
            ("221B Baker Street, London NW1 6XE, UK", Some("- | 221B Baker Street | NW1 6XE | London | UK")),
            ("change the address of order FJ-1042", None),
            ("Lindenweg", None),
            ("", None),
        ] {
            assert_eq!(line(said).as_deref(), read, "{said}");
        }
    }
}
