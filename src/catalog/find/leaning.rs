//! Wishes that lean on what was shown: "cheaper ones", "lighter than the first", "the second, but in M".

use crate::catalog::find::asked::Asked;
use crate::catalog::find::fitting::fitting;
use crate::catalog::find::held;
use crate::catalog::understand::measure::{Dimension, Measure, Op};
use crate::catalog::understand::{Shown, Vocabulary, Wish, is_colour, is_gender, understand_after};
use crate::domain::money::Currency;
use crate::domain::product::Product;

/// Words that ask for others like the one pointed at, and not for itself.
#[rustfmt::skip]
const SIMILAR: [&str; 15] = [
    "like", "similar", "alike", "parecido", "parecida", "similares", "como", "semelhante", "parecidos", "ähnlich", "wie",
    "comme", "simile", "simili", "seperti",
];

/// Words behind the name of a thing in languages that name it first: "botas de montaña".
const OF: [&str; 5] = [" de ", " di ", " du ", " des ", " da "];

/// Words that stand for what was shown, and name nothing once that is written out.
const VAGUE: [&str; 9] = ["something", "anything", "one", "ones", "algo", "etwas", "quelque", "qualcosa", "sesuatu"];

/// A wish, and what of it came from the products shown.
#[derive(Clone)]
pub(super) struct Leaning {
    /// As it was understood.
    pub wish: Wish,
    /// The product that is meant itself, with what the wish still asks of it.
    pub itself: Option<Product>,
    /// Whether the price has to be another than that of what was shown.
    pub priced: bool,
    /// What the product is that the goods have to be cheaper or dearer than, if the wish says so.
    pub kin: Option<String>,
    /// The same wish in words that need nothing shown, to be asked again later.
    pub stands: String,
}

/// Reads a wish beside the products shown, in the order in which they were shown.
pub(super) fn read(query: &str, currency: Currency, vocabulary: &Vocabulary, shown: &[Product]) -> Leaning {
    let understood = |shown: &[Shown]| understand_after(query, currency, vocabulary, shown);
    let plain = understood(&[]);
    let mut wish =
        if shown.is_empty() { plain.clone() } else { understood(&shown.iter().map(Shown::from).collect::<Vec<_>>()) };
    if wish.leans.is_empty() {
        return Leaning { wish, itself: None, priced: false, kin: None, stands: query.to_owned() };
    }
    let named = |wish: &Wish| Some(Asked::read(query, wish, vocabulary)).filter(|asked| !asked.constraints_only);
    if let Some(asked) = named(&wish) {
        // "Cheaper tents" beside backpacks: they have nothing to do with it, but keep their places.
        let beside = |product: &Product| match fitting(&held::texts(product), &asked, vocabulary).near {
            true => Shown::from(product),
            false => Shown { id: product.id.clone(), price: None, mass: None, volume: None, length: None },
        };
        wish = understood(&shown.iter().map(beside).collect::<Vec<_>>());
    }
    let priced = (wish.at_most, wish.at_least) != (plain.at_most, plain.at_least);
    let measured: Vec<Measure> = wish.measures.iter().filter(|m| !plain.measures.contains(m)).cloned().collect();
    let similar = |word: &str| SIMILAR.contains(&word.to_lowercase().as_str());
    let others = priced || !measured.is_empty() || wish.words.split_whitespace().any(similar);
    let like = wish.like.as_ref().and_then(|id| shown.iter().find(|product| product.id == *id));
    let itself = like.filter(|_| !others).cloned();
    wish.words = wish.words.split_whitespace().filter(|word| !similar(word)).collect::<Vec<_>>().join(" ");
    let mut lead = like.map(|product| product.title.clone());
    if itself.is_none() && named(&wish).is_none() {
        // What is compared without being named is of the kind that was shown.
        lead = like.or(shown.first()).map(kind);
        wish.words = lead.clone().unwrap_or_default();
    }
    let stands = standing(query, &wish, lead, priced, &measured);
    let kin = like.or(shown.first()).filter(|_| priced).map(kind);
    Leaning { wish, itself, priced, kin, stands }
}

/// What a product is: its category, or the word its title's name ends with.
pub(super) fn kind(product: &Product) -> String {
    let category = product.category.rsplit('>').next().unwrap_or_default().trim();
    if !category.is_empty() {
        return category.to_owned();
    }
    let name = product.title.split([',', '(', '–', '|', ':']).next().unwrap_or_default();
    let name = OF
        .iter()
        .filter_map(|of| name.split_once(of))
        .map(|(name, _)| name)
        .min_by_key(|name| name.len())
        .unwrap_or(name);
    let names = |word: &&str| {
        let low = word.to_lowercase();
        low.chars().count() > 2
            && low.chars().all(|c| c.is_alphabetic() || c == '-')
            && !is_colour(&low)
            && !is_gender(&low)
    };
    let last = name.split_whitespace().rfind(names).map(str::to_owned);
    last.unwrap_or_else(|| product.title.clone())
}

/// The words that lean on nothing, and what the others came to.
fn standing(query: &str, wish: &Wish, lead: Option<String>, priced: bool, measured: &[Measure]) -> String {
    let mut words: Vec<String> = lead.into_iter().collect();
    let mut from = 0;
    for (start, end) in wish.leans.iter().copied().chain([(query.len(), query.len())]) {
        words.extend(query.get(from..start).map(str::to_owned));
        from = end;
    }
    for (word, limit) in [("under", wish.at_most), ("over", wish.at_least)] {
        words.extend(limit.filter(|_| priced).map(|limit| format!("{word} {}", limit.decimal())));
    }
    for measure in measured {
        let bound = if measure.op == Op::Most { "at most" } else { "at least" };
        let unit = match measure.dimension {
            Dimension::Mass => "g",
            Dimension::Volume => "ml",
            _ => "mm",
        };
        words.push(format!("{bound} {:.1} {unit}", measure.value));
    }
    let words = words.join(" ");
    let telling = words.split_whitespace().filter(|word| !VAGUE.contains(&word.to_lowercase().as_str()));
    telling.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::ProductId;

    #[test]
    fn what_a_product_is_stands_in_its_category_or_its_title() {
        for (category, title, expected) in [
            ("Clothing > Tops", "Ocean Blue Shirt", "Tops"),
            ("", "Ocean Blue Shirt", "Shirt"),
            ("", "Dash Quick-Dry Shirt Men", "Shirt"),
            ("", "Rain jacket, 3 layers (blue)", "jacket"),
            ("", "Botas de montaña", "Botas"),
            ("", "Regenhose blau", "Regenhose"),
            ("", "X-100", "X-100"),
        ] {
            let product = Product {
                id: ProductId::new("p"),
                title: title.to_owned(),
                brand: String::new(),
                category: category.to_owned(),
                description: String::new(),
                attributes: [].into(),
                picture: None,
                more_pictures: Vec::new(),
                url: None,
                variants: Vec::new(),
            };
            assert_eq!(kind(&product), expected, "{title}");
        }
    }
}
