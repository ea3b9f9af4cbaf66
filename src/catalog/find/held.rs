//! What finding works out again and again, held in memory: shops' vocabularies and products cut into words. Both are held by
//! their content, so that a change from anywhere is seen at once and nothing has to be told.

use crate::catalog::find::fitting::Texts;
use crate::catalog::understand::Vocabulary;
use crate::domain::id::ShopId;
use crate::domain::product::Product;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Bytes of vocabularies as stored; parsed they take about three times as much.
const VOCABULARY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Products of each of the two generations.
const TEXTS_MAX: usize = 2_000;

static VOCABULARIES: LazyLock<Mutex<Vec<Read>>> = LazyLock::new(Mutex::default);
static TEXTS: LazyLock<Mutex<Generations>> = LazyLock::new(Mutex::default);

struct Read {
    shop: ShopId,
    body: String,
    vocabulary: Arc<Vocabulary>,
}

/// A vocabulary, parsed when it is not the one that was parsed last for the shop.
pub fn vocabulary(shop: &ShopId, body: Option<String>) -> Arc<Vocabulary> {
    let Some(body) = body else { return Arc::default() };
    let mut held = VOCABULARIES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(at) = held.iter().position(|read| read.shop == *shop) {
        let read = held.remove(at);
        if read.body == body {
            let vocabulary = Arc::clone(&read.vocabulary);
            held.push(read);
            return vocabulary;
        }
    }
    drop(held);
    let vocabulary: Arc<Vocabulary> = Arc::new(serde_json::from_str(&body).unwrap_or_default());
    let mut held = VOCABULARIES.lock().unwrap_or_else(PoisonError::into_inner);
    held.retain(|read| read.shop != *shop);
    held.push(Read { shop: shop.clone(), body, vocabulary: Arc::clone(&vocabulary) });
    // The one used longest ago stands first.
    while held.len() > 1 && held.iter().map(|read| read.body.len()).sum::<usize>() > VOCABULARY_BYTES_MAX {
        held.remove(0);
    }
    vocabulary
}

#[derive(Default)]
struct Generations {
    young: HashMap<u64, Arc<Texts>>,
    old: HashMap<u64, Arc<Texts>>,
}

/// A product cut into words.
pub fn texts(product: &Product) -> Arc<Texts> {
    let key = print(product);
    let mut held = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    let known = held.young.get(&key).or_else(|| held.old.get(&key)).cloned();
    drop(held);
    let texts = known.unwrap_or_else(|| Arc::new(Texts::of(product)));
    held = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    held.young.insert(key, Arc::clone(&texts));
    if held.young.len() >= TEXTS_MAX {
        held.old = std::mem::take(&mut held.young);
    }
    texts
}

/// Over everything that is cut into words.
fn print(product: &Product) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&product.title, &product.brand, &product.category, &product.description).hash(&mut hasher);
    product.attributes.hash(&mut hasher);
    for variant in &product.variants {
        (variant.id.as_str(), &variant.barcode, &variant.mpn).hash(&mut hasher);
        variant.options.iter().for_each(|choice| choice.value.hash(&mut hasher));
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_vocabulary_is_read_anew_and_the_same_one_is_not() {
        let shop = ShopId::new("held-vocabulary");
        let body = |brand: &str| Some(format!("{{\"brands\": [\"{brand}\"]}}"));
        let first = vocabulary(&shop, body("skarn"));
        assert!(Arc::ptr_eq(&first, &vocabulary(&shop, body("skarn"))));
        assert!(!Arc::ptr_eq(&first, &vocabulary(&shop, body("other"))));
        assert!(!Arc::ptr_eq(&first, &vocabulary(&ShopId::new("held-another"), body("skarn"))));
    }
}
