//! Brands that were named: what is theirs comes first, and where they have nothing of the kind, that is said.

use crate::catalog::find::Item;
use crate::catalog::understand::Wish;
use crate::domain::product::Product;

/// Brings goods of the brands that were named to the front; answers the brands where there is nothing of them.
pub(super) fn first(items: &mut [Item], wish: &Wish) -> Option<String> {
    let brands = wanted(wish);
    if brands.is_empty() || !wish.codes.is_empty() {
        return None;
    }
    let others = |item: &Item| !brands.iter().any(|brand| is_of(&item.product, brand));
    items.sort_by_key(others);
    let none = items.first().is_some_and(others);
    none.then(|| brands.join("/"))
}

/// The wish without the words of its brands; nothing where no brand or nothing else was named.
pub(super) fn without(wish: &Wish) -> Option<Wish> {
    let brands = wanted(wish).join(" ").to_lowercase();
    let named: Vec<&str> = brands.split_whitespace().collect();
    let kept: Vec<&str> =
        wish.words.split_whitespace().filter(|word| !named.contains(&word.to_lowercase().as_str())).collect();
    let words = kept.join(" ");
    // A code names the thing itself, whoever made it.
    let other = wish.codes.is_empty() && !named.is_empty() && !words.is_empty() && words != wish.words;
    other.then(|| Wish { words, ..wish.clone() })
}

/// The brands that were named and not excluded.
fn wanted(wish: &Wish) -> Vec<&str> {
    wish.brands.iter().filter(|brand| !wish.not.contains(&brand.to_lowercase())).map(String::as_str).collect()
}

/// Made by the brand, or for its goods.
fn is_of(product: &Product, brand: &str) -> bool {
    let brand = brand.to_lowercase();
    product.brand.to_lowercase() == brand || product.title.to_lowercase().contains(&brand)
}
