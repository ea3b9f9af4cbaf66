//! What people ask of goods (how heavy, which is warmer) and the properties that answer it, in three languages. A verdict
//! is only given where a figure decides.

use crate::llm::keyless::words::Words;
use serde_json::Value;
use std::collections::BTreeMap;

/// One thing asked of goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Words that ask for it.
    asked: &'static [&'static str],
    /// Words for more of it.
    more: &'static [&'static str],
    /// Words for less of it.
    less: &'static [&'static str],
    /// Properties that tell it, the best first, and whether a higher figure is more of it.
    keys: &'static [(&'static str, bool)],
}

/// More or less of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Superlative {
    measure: &'static Measure,
    most: bool,
}

/// The property that stands for the price.
const PRICE: &str = "price";
/// Digits of a figure that are read.
const DIGITS_MAX: usize = 12;

#[rustfmt::skip]
const MEASURES: &[Measure] = &[
    Measure {
        asked: &["price"], keys: &[(PRICE, true)],
        more: &["most expensive", "more expensive", "dearest", "mas caro", "mas cara", "mais caro", "mais cara"],
        less: &["cheapest", "cheaper", "lowest price", "mas barato", "mas barata", "mais barato", "mais barata"],
    },
    Measure {
        asked: &["how heavy", "weigh", "weighs", "weight", "pesa", "pesan", "pesam", "peso", "heavy"],
        keys: &[("weight", true), ("peso", true)],
        more: &["heavier", "heaviest", "mas pesado", "mas pesada", "mais pesado", "mais pesada"],
        less: &["lighter", "lightest", "mas ligero", "mas ligera", "mas liviano", "mas liviana", "mais leve"],
    },
    Measure {
        asked: &["how warm", "how cold", "temperature", "degrees", "temperatura"],
        keys: &[("comfort temperature", false), ("temperature", false), ("limit temperature", false),
            ("r-value", true), ("temperatura", false), ("fabric weight", true)],
        more: &["warmer", "warmest", "mas calido", "mas calida", "mas caliente", "mas abrigado", "mas abrigada", "mais quente"],
        less: &["cooler", "coolest", "mas fresco", "mas fresca", "mais fresco", "mais fresca"],
    },
    Measure {
        asked: &["how big", "how large", "capacity", "volume", "how many litres", "how many liters", "capacidad", "capacidade",
            "how much fits", "how many people", "cuantas personas", "quantas pessoas"],
        keys: &[("volume", true), ("capacity", true), ("persons", true), ("floor area", true), ("dimensions", true),
            ("packed size", true)],
        more: &["bigger", "biggest", "larger", "largest", "roomier", "roomiest", "mas grande", "maior"],
        less: &["smaller", "smallest", "mas pequeno", "mas pequena", "menor"],
    },
    Measure {
        asked: &["how bright", "lumens", "brightness", "brillo", "brilho"], keys: &[("brightness", true), ("lumen", true)],
        more: &["brighter", "brightest", "mas brillante", "mais brilhante"], less: &["dimmer", "dimmest"],
    },
    Measure {
        asked: &["battery last", "battery life", "run time", "bateria"], keys: &[("run time", true), ("battery", true)],
        more: &["lasts longer", "lasts longest", "longer battery", "dura mas", "dura mais"], less: &[],
    },
    Measure {
        asked: &["how waterproof", "water column"], keys: &[("water column", true)],
        more: &["more waterproof", "most waterproof", "mas impermeable", "mais impermeavel"], less: &[],
    },
    Measure {
        asked: &["how powerful", "power", "potencia"], keys: &[("power", true)],
        more: &["more powerful", "most powerful", "strongest", "mas potente", "mais potente"], less: &[],
    },
    Measure {
        asked: &["how long", "length", "largo", "comprimento"], keys: &[("length", true), ("dimensions", true)],
        more: &["longer", "longest", "mas largo", "mais comprido"], less: &["shorter", "shortest", "mas corto", "mais curto"],
    },
    Measure {
        asked: &["made of", "made from", "material", "fabric", "hecho de", "hecha de", "de que esta", "feito de", "feita de"],
        keys: &[("material", true), ("upper", true), ("fill", true), ("insulation", true)], more: &[], less: &[],
    },
    Measure {
        asked: &["how small does it pack", "pack size", "packed size", "packable", "pack down"], keys: &[("packed size", false)],
        more: &[], less: &["packs smaller", "packs smallest"],
    },
];

/// "The lightest", "which is warmer".
pub fn superlative(words: &Words) -> Option<Superlative> {
    MEASURES.iter().find_map(|measure| {
        let most = (words.has(measure.more), true);
        let least = (words.has(measure.less), false);
        [most, least].into_iter().find(|(said, _)| *said).map(|(_, most)| Superlative { measure, most })
    })
}

/// Whether a message asks for such a property.
pub fn asks(words: &Words) -> bool {
    MEASURES.iter().skip(1).any(|measure| words.has(measure.asked))
}

/// The properties of a product that answer "how heavy is it?".
pub fn answering<'a>(words: &Words, attributes: &'a BTreeMap<String, Value>) -> Vec<(&'a String, &'a Value)> {
    let measure = MEASURES.iter().skip(1).find(|m| words.has(m.asked) || words.has(m.more) || words.has(m.less));
    let keys = measure.map_or(&[][..], |m| m.keys);
    // The property of that very name, or else those that end with it: "fabric weight" is not the weight.
    let own = |name: &str| attributes.iter().find(|(key, _)| key.to_lowercase() == name);
    let exact: Vec<_> = keys.iter().filter_map(|(name, _)| own(name)).collect();
    if exact.is_empty() {
        let ends = |key: &&String| keys.iter().any(|(name, _)| key.to_lowercase().ends_with(name));
        return attributes.iter().filter(|(key, _)| ends(key)).take(1).collect();
    }
    exact
}

/// What is to be ranked: properties, and the price as digits.
pub struct Candidate<'a> {
    /// Its properties.
    pub attributes: &'a BTreeMap<String, Value>,
    /// Its price as written.
    pub price: &'a str,
}

impl Superlative {
    /// The property that decides, and the places of the candidates, the winner first; only those that have a figure.
    pub fn rank(&self, candidates: &[Candidate<'_>]) -> Option<(String, Vec<usize>)> {
        self.measure.keys.iter().find_map(|(key, higher)| {
            let mut figures: Vec<(usize, f64)> = candidates
                .iter()
                .enumerate()
                .filter_map(|(at, candidate)| Some((at, candidate.figure(key)?)))
                .collect();
            figures.sort_by(|a, b| a.1.total_cmp(&b.1));
            if self.most == *higher {
                figures.reverse();
            }
            let (first, second) = (figures.first()?.1, figures.get(1)?.1);
            (first != second).then(|| ((*key).to_owned(), figures.into_iter().map(|(at, _)| at).collect()))
        })
    }

    /// Whether a search can bound it: weights, volumes and lengths.
    pub fn is_bounded(&self) -> bool {
        self.measure.keys.iter().any(|(key, _)| ["weight", "volume", "length"].contains(key))
    }

    /// Whether it is about the price.
    pub fn is_price(&self) -> bool {
        self.measure.keys.iter().any(|(key, _)| *key == PRICE)
    }
}

impl Candidate<'_> {
    fn figure(&self, key: &str) -> Option<f64> {
        if key == PRICE {
            let digits: String = self.price.chars().filter(char::is_ascii_digit).take(DIGITS_MAX).collect();
            return digits.parse().ok();
        }
        figure(self.attributes.get(key)?.as_str()?)
    }
}

/// The first figure of a value, kilograms and litres in the small unit: `1.2 kg` → 1200.
fn figure(value: &str) -> Option<f64> {
    let value = value.replace(['−', '–'], "-");
    let start = value.find(|c: char| c.is_ascii_digit())?;
    let (before, rest) = value.split_at_checked(start)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
    let (number, unit) = rest.split_at_checked(end)?;
    let number: f64 = number.replace(',', "").trim_end_matches('.').parse().ok()?;
    let scale = if unit.trim_start().starts_with("kg") { 1000.0 } else { 1.0 };
    let below = before.ends_with('-') && !before.trim_end_matches('-').ends_with(char::is_alphanumeric);
    Some(number * scale * if below { -1.0 } else { 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn attributes(key: &str, value: &str) -> BTreeMap<String, Value> {
        [(key.to_owned(), json!(value))].into()
    }

    #[test]
    fn figures_are_read_as_people_read_them() {
        for (value, number) in [
            ("365 g", Some(365.0)),
            ("1.2 kg", Some(1200.0)),
            ("2,350 g", Some(2350.0)),
            ("down to -10 °C", Some(-10.0)),
            ("recycled nylon", None),
        ] {
            assert_eq!(figure(value), number, "{value}");
        }
    }

    #[test]
    fn a_figure_decides_and_without_one_nothing_does() {
        let (cold, warm) = (attributes("comfort temperature", "4 °C"), attributes("comfort temperature", "-20 °C"));
        let two = |a, b| vec![Candidate { attributes: a, price: "" }, Candidate { attributes: b, price: "" }];
        let warmer = superlative(&Words::read("which one is warmer?")).unwrap();
        assert_eq!(warmer.rank(&two(&cold, &warm)), Some(("comfort temperature".to_owned(), vec![1, 0])));
        assert_eq!(warmer.rank(&two(&cold, &cold)), None);
        let lighter = superlative(&Words::read("¿cuál es la más ligera?")).unwrap();
        assert_eq!(lighter.rank(&two(&cold, &warm)), None);
        assert_eq!(superlative(&Words::read("which one is nicer?")), None);
    }
}
