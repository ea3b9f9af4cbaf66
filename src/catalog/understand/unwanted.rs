//! Whether a product is, or is made of, what somebody does not want.

use crate::domain::product::Product;
use crate::search::analyse;
use crate::search::analyse::widen::{Field, terms};
use std::collections::HashSet;

/// Words that turn the one before or behind them into its opposite: "leather-free", "faux leather".
const FREE: [&str; 4] = ["free", "frei", "libre", "livre"];
const FAUX: [&str; 10] = ["non", "no", "not", "without", "faux", "fake", "vegan", "imitation", "sin", "ohne"];

/// Whether one of the excluded words names the product, its brand, its category or one of its properties. Its description
/// is not read: it may tell "without leather". What its variants come in is looked at one by one.
pub fn is_unwanted(product: &Product, not: &[String]) -> bool {
    if not.is_empty() {
        return false;
    }
    let mut texts = vec![product.title.as_str(), product.category.as_str()];
    for (key, value) in product.attributes.iter().filter(|(_, value)| *value != "no") {
        texts.push(if value == "yes" { key } else { value });
    }
    let said: Vec<HashSet<String>> = texts.into_iter().map(named).collect();
    // A brand is meant only as a whole: Black Crag is no black.
    let brand = analyse::document(&product.brand);
    not.iter().any(|word| {
        let has = |way: &Vec<String>| said.iter().any(|words| way.iter().all(|token| words.contains(token)));
        let is_brand = |way: &Vec<String>| !brand.is_empty() && brand.iter().all(|token| way.contains(token));
        ways(word).iter().any(|way| has(way) || is_brand(way))
    })
}

/// Whether the description tells one of the excluded words, in a sentence that denies nothing: such a product may be what is
/// not wanted, or only go well with it, so it comes after the others.
pub fn is_doubtful(product: &Product, not: &[String]) -> bool {
    let denies =
        |tokens: &[String]| tokens.iter().any(|token| FREE.contains(&token.as_str()) || FAUX.contains(&token.as_str()));
    let ways: Vec<Vec<String>> = not.iter().flat_map(|word| ways(word)).collect();
    let says = |said: &[String]| ways.iter().any(|way| way.iter().all(|token| said.contains(token)));
    let mut sentences = product.description.split(['.', '!', '?', ';', '\n']).map(analyse::document);
    sentences.any(|said| !denies(&said) && says(&said))
}

/// Several ways to say it, of which all words of one have to stand in one place: "cuero" is leather.
fn ways(word: &str) -> Vec<Vec<String>> {
    let said_otherwise = terms(word, Field::Goods).into_iter().filter(|term| term.known).flat_map(|term| term.ways);
    std::iter::once(analyse::query(word)).chain(said_otherwise).filter(|way| !way.is_empty()).collect()
}

/// The words a text names, without those it says the thing is free of.
fn named(text: &str) -> HashSet<String> {
    let tokens = analyse::document(text);
    let is =
        |list: &[&str], at: Option<usize>| at.and_then(|at| tokens.get(at)).is_some_and(|t| list.contains(&t.as_str()));
    let kept =
        tokens.iter().enumerate().filter(|(at, _)| !is(&FREE, at.checked_add(1)) && !is(&FAUX, at.checked_sub(1)));
    kept.map(|(_, token)| token.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::ProductId;

    fn boot(title: &str, material: &str) -> Product {
        Product {
            id: ProductId::new("b"),
            title: title.to_owned(),
            brand: "Black Crag".to_owned(),
            category: "Boots".to_owned(),
            description: "Made without wool".to_owned(),
            attributes: [("material".to_owned(), material.to_owned())].into(),
            picture: None,
            more_pictures: Vec::new(),
            url: None,
            variants: Vec::new(),
        }
    }

    #[test]
    fn what_is_not_wanted_is_left_out_and_nothing_else() {
        let not = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let leather = boot("Trail boot", "leather");
        for words in [&["leather"][..], &["cuero"], &["suede", "leather"], &["boots"], &["black crag"]] {
            assert!(is_unwanted(&leather, &not(words)), "{words:?}");
        }
        for words in [&[][..], &["wool"], &["suede"], &["black"], &["crag trail"]] {
            assert!(!is_unwanted(&leather, &not(words)), "{words:?}");
        }
        assert!(!is_unwanted(&boot("Leather-free boot", "cork"), &not(&["leather"])));
        assert!(!is_unwanted(&boot("Vegan leather boot", "polyester"), &not(&["leather"])));
        let told = |description: &str| Product { description: description.to_owned(), ..boot("Boot", "") };
        assert!(is_doubtful(&told("Warm. Uppers of soft leather."), &not(&["leather"])));
        assert!(is_doubtful(&told("Uppers of soft leather."), &not(&["cuero"])));
        for text in ["Made without leather.", "A vegan boot: no leather.", "Uppers of cork."] {
            assert!(!is_doubtful(&told(text), &not(&["leather"])), "{text}");
        }
    }
}
