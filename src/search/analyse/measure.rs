//! Numbers and what they count: `17"`, `17 inch` and `17-inch` are one token, and the bare number another.

use crate::search::analyse::Piece;

/// Digits of a number; longer ones are codes.
const DIGITS_MAX: usize = 12;

/// Reads a number with its unit, a fraction, a decimal or dimensions at the start. Returns the pieces used, or nothing
/// where something else stands there.
pub fn read(rest: &[Piece], out: &mut Vec<String>) -> Option<usize> {
    // Every measure begins with a digit; most words do not.
    let begins =
        matches!(rest.first(), Some(Piece::Word(word)) if word.as_bytes().first().is_some_and(u8::is_ascii_digit));
    if !begins {
        return None;
    }
    dimensions(rest, out).or_else(|| attached(rest, out)).or_else(|| amount_and_unit(rest, out))
}

/// `18x24`, `18 x 24 x 6`: the whole and each side.
fn dimensions(rest: &[Piece], out: &mut Vec<String>) -> Option<usize> {
    let (sides, used) = match rest {
        [Piece::Word(a), Piece::Gap, Piece::Word("x"), Piece::Gap, Piece::Word(b), tail @ ..] => match tail {
            [Piece::Gap, Piece::Word("x"), Piece::Gap, Piece::Word(c), ..] if number(c).is_some() => {
                (vec![*a, *b, *c], 9)
            }
            _ => (vec![*a, *b], 5),
        },
        [Piece::Word(word), ..] => (word.split('x').collect(), 1),
        _ => return None,
    };
    let sides: Vec<String> = sides.into_iter().map(number).collect::<Option<_>>()?;
    if !(2..=3).contains(&sides.len()) {
        return None;
    }
    out.push(sides.join("x"));
    out.extend(sides);
    Some(used)
}

/// `500gb`, `3.5mm`.
fn attached(rest: &[Piece], out: &mut Vec<String>) -> Option<usize> {
    let [Piece::Word(word), ..] = rest else { return None };
    let letters = word.find(char::is_alphabetic)?;
    let (digits, name) = word.split_at_checked(letters)?;
    let (amount, unit) = (number(digits)?, unit(name)?);
    push(amount, Some(unit), out);
    Some(1)
}

fn amount_and_unit(rest: &[Piece], out: &mut Vec<String>) -> Option<usize> {
    let (amount, used) = amount(rest)?;
    let after = rest.get(used..).unwrap_or_default();
    let (unit, more) = match after {
        [Piece::Mark('"'), ..] => (Some("in"), 1),
        [Piece::Mark('\''), Piece::Mark('\''), ..] => (Some("in"), 2),
        [Piece::Mark('\''), ..] => (Some("ft"), 1),
        // "In" after a blank is nearly always the preposition: "3 in 1", "2 in stock".
        [Piece::Gap, Piece::Word("in"), ..] => (None, 0),
        [Piece::Gap | Piece::Mark('-'), Piece::Word(name), ..] => match unit(name) {
            Some(unit) => (Some(unit), 2),
            None => (None, 0),
        },
        _ => (None, 0),
    };
    let starts_compound = matches!(after, [Piece::Mark('-' | '.' | '/'), Piece::Word(_), ..]);
    if unit.is_none() && starts_compound {
        return None;
    }
    push(amount, unit, out);
    Some(used + more)
}

fn push(amount: String, unit: Option<&str>, out: &mut Vec<String>) {
    if let Some(unit) = unit {
        out.push(format!("{}{unit}", trim(&amount)));
    }
    out.push(amount);
}

/// A number, a fraction or both: `3`, `1/2`, `3 1/2`, `3-1/2`.
fn amount(rest: &[Piece]) -> Option<(String, usize)> {
    match rest {
        [Piece::Word(whole), Piece::Gap | Piece::Mark('-'), Piece::Word(a), Piece::Mark('/'), Piece::Word(b), ..]
            if fraction(a, b).is_some() =>
        {
            let whole = number(whole)?;
            (!whole.contains('p')).then_some(())?;
            Some((format!("{whole}p{}", fraction(a, b)?), 5))
        }
        [Piece::Word(a), Piece::Mark('/'), Piece::Word(b), ..] if fraction(a, b).is_some() => {
            Some((format!("0p{}", fraction(a, b)?), 3))
        }
        [Piece::Word(word), ..] => Some((number(word)?, 1)),
        _ => None,
    }
}

/// The digits behind the point of a common fraction below one.
fn fraction(a: &str, b: &str) -> Option<String> {
    let (a, b): (u32, u32) = (a.parse().ok()?, b.parse().ok()?);
    let common = matches!(b, 2 | 3 | 4 | 8 | 16 | 32 | 64) && (1..b).contains(&a);
    common.then(|| format!("{:06}", a * 1_000_000 / b).trim_end_matches('0').to_owned())
}

/// A decimal as one token of letters and digits: `3.5` and `3,5` are `3p5`, `1,000` is `1000`.
fn number(word: &str) -> Option<String> {
    let shaped = word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) && word.len() <= DIGITS_MAX;
    if !shaped {
        return None;
    }
    let (whole, decimals) = match word.rsplit_once(['.', ',']) {
        None => (word, None),
        Some(_) if word.split(',').skip(1).all(|group| group.len() == 3) && !word.contains('.') => (word, None),
        Some((whole, decimals)) => (whole, Some(decimals)),
    };
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped = groups.iter().skip(1).all(|group| group.len() == 3) && groups.iter().all(|group| !group.is_empty());
    if !grouped || whole.contains('.') || decimals.is_some_and(str::is_empty) {
        return None;
    }
    let whole = groups.concat();
    Some(match decimals {
        Some(decimals) => format!("{whole}p{decimals}"),
        None => whole,
    })
}

/// `17.0 inch` is `17in`.
fn trim(amount: &str) -> &str {
    match amount.contains('p') {
        true => amount.trim_end_matches('0').trim_end_matches('p'),
        false => amount,
    }
}

/// The short name of a unit, from its folded names in the languages shops and shoppers write.
#[rustfmt::skip]
pub fn unit(name: &str) -> Option<&'static str> {
    Some(match name {
        "in" | "inch" | "inches" | "zoll" | "pulgada" | "pulgadas" | "polegada" | "polegadas" | "pouce" | "pouces" | "pollice" | "pollici" | "بوصه" => "in",
        "ft" | "foot" | "feet" => "ft",
        "cm" | "cms" | "centimeter" | "centimeters" | "centimetre" | "centimetres" | "zentimeter" | "centimetro" | "centimetros" | "centimetri" | "سم" => "cm",
        "mm" | "millimeter" | "millimeters" | "millimetre" | "millimetres" | "milimetro" | "milimetros" | "millimetri" => "mm",
        "m" | "mtr" | "mts" | "meter" | "meters" | "metern" | "metre" | "metres" | "metro" | "metros" | "metri" | "متر" => "m",
        "km" | "kilometer" | "kilometers" | "kilometre" | "kilometres" => "km",
        "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" | "kilogramm" | "quilo" | "quilos" | "chilo" | "كيلو" | "كجم" => "kg",
        "g" | "gr" | "gram" | "grams" | "gramm" | "gramo" | "gramos" | "grama" | "gramas" | "gramme" | "grammes" | "grammi" | "grammo" | "جرام" | "غرام" => "g",
        "mg" => "mg",
        "oz" | "ounce" | "ounces" | "onza" | "onzas" => "oz",
        "lb" | "lbs" | "pound" | "pounds" | "libra" | "libras" => "lb",
        "l" | "lt" | "ltr" | "liter" | "liters" | "litern" | "litre" | "litres" | "litro" | "litros" | "litri" | "لتر" => "l",
        "ml" | "milliliter" | "milliliters" | "millilitre" | "millilitres" | "mililitros" => "ml",
        "cl" => "cl",
        "gal" | "gallon" | "gallons" | "galon" | "galones" => "gal",
        "mb" | "megabyte" | "megabytes" => "mb",
        "gb" | "gig" | "gigs" | "gigabyte" | "gigabytes" | "جيجا" | "غيغا" => "gb",
        "tb" | "terabyte" | "terabytes" => "tb",
        "w" | "watt" | "watts" => "w",
        "kw" | "kilowatt" | "kilowatts" => "kw",
        "v" | "volt" | "volts" | "voltios" => "v",
        "mah" => "mah",
        "wh" => "wh",
        "kwh" => "kwh",
        "hz" | "hertz" => "hz",
        "mhz" => "mhz",
        "ghz" => "ghz",
        "lm" | "lumen" | "lumens" | "lumenes" => "lm",
        _ => return None,
    })
}
