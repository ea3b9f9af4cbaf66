//! A question in other words for the same: synonyms and trade words of other languages, beside what was written.
//! The embedder knows English only, and a shop's texts are in one language while its shoppers are not.

mod goods;
mod more;
mod service;

use crate::search::analyse::{document, fold, query, stem};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// English words a text may use (each may be several words), and words shoppers use for it; both separated by commas.
type Row = (&'static str, &'static str);

/// Words of the longest phrase in the tables.
const PHRASE_WORDS_MAX: usize = 5;
/// Letters a word needs before a typing error in it is forgiven.
const FORGIVING_LETTERS: usize = 5;
/// Letters from which two errors are forgiven.
const VERY_FORGIVING_LETTERS: usize = 8;
/// Terms of one question.
pub const TERMS_MAX: usize = 16;

/// What is being asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Things to buy.
    Goods,
    /// The shop's rules.
    Service,
}

/// One thing a question names, in all the ways it may be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Each way is one or several tokens, all of which have to be there. The first is what was written.
    pub ways: Vec<Vec<String>>,
    /// Whether it says next to nothing about what is sought: something, please, best.
    pub light: bool,
    /// Whether the tables know it.
    pub known: bool,
}

/// Words that carry little, in the languages shoppers write.
#[rustfmt::skip]
const LIGHT: &[&str] = &[
    "something", "anything", "stuff", "thing", "things", "item", "items", "product", "products", "article", "gear",
    "gift", "present", "good", "best", "nice", "great", "new", "sell", "carry", "buy", "find", "give", "keep", "make",
    "need", "help", "idea", "ideas", "go", "going", "use", "really", "very", "please", "pls", "thanks", "whats", "im",
    "ive", "id", "dont", "no", "not", "also", "now", "then", "when", "where", "who", "why", "much", "many", "should", "will",
    "have", "just", "like", "one", "ones", "right", "today", "still", "more", "other", "another", "different", "some",
    "my", "mine", "and", "take", "too", "so", "only", "see", "us", "up", "out", "every", "each", "own", "offer", "kind",
    "algo", "cosa", "cosas", "producto", "productos", "articulo", "regalo", "bueno", "buena", "mejor", "tener",
    "vender", "venden", "vendeis", "comprar", "compro", "busco", "buscar", "quisiera", "necesito", "gustaria", "hola",
    "cual", "cuales", "cuando", "donde", "cuanto", "cuanta", "quien", "puedo", "puede", "pueden", "hacen", "hace",
    "es", "son", "esta", "estan", "hay", "ustedes", "vosotros", "favor", "muy", "mas", "este", "esto", "una",
    "produto", "produtos", "coisa", "presente", "bom", "boa", "melhor", "ter", "vendem", "procuro", "queria",
    "preciso", "gostaria", "ola", "qual", "quais", "quando", "onde", "quanto", "quanta", "quem", "posso", "pode",
    "podem", "fazem", "faz", "faco", "sao", "voces", "voce", "muito", "mais", "isto", "isso", "uma", "dao", "ao", "minha",
    "first", "dar", "sobre", "nas", "mes", "policy", "policies", "question", "info", "information", "tell", "know",
    "after", "before", "accept", "possible", "allow", "allowed", "litro", "litros", "litre", "litres", "liter",
    "liters", "euro", "euros", "persona", "personas", "pessoa", "pessoas", "person", "people", "grado", "grados", "grau",
    "graus", "degree", "degrees", "recommend", "suggest", "day", "days", "trip", "tour", "tours", "everything", "all", "todo",
    "tudo", "wife", "husband", "friend", "mother", "father", "aceptan", "aceitam", "acepta", "aceita",
    "despues", "depois", "dia", "dias", "fica", "queda",
];

/// What a question names. What no table knows stands for itself.
pub fn terms(text: &str, field: Field) -> Vec<Term> {
    let folded = fold::fold(text, crate::search::analyse::QUERY_CHARS_MAX);
    let folded = folded.replace('\'', "");
    let cut = |c: char| !c.is_alphanumeric() && c != '-';
    let words: Vec<&str> = folded.split(cut).map(|w| w.trim_matches('-')).filter(|w| !w.is_empty()).collect();
    let mut found: Vec<Term> = Vec::new();
    let mut left: Vec<&str> = Vec::new();
    let mut rest = words.as_slice();
    while let Some((first, tail)) = rest.split_first() {
        if found.len() >= TERMS_MAX {
            break;
        }
        let longest = all(field).longest.get(*first).copied().unwrap_or(1);
        let taken = (1..=longest.min(rest.len())).rev().find_map(|length| {
            let phrase = rest.get(..length)?.join(" ");
            let ways = ways(&phrase, field);
            (!ways.is_empty()).then_some((length, phrase, ways))
        });
        match taken {
            Some((length, phrase, mut ways)) => {
                speak(&mut left, &mut found);
                let light = LIGHT.contains(&phrase.as_str());
                ways.insert(0, query(&phrase));
                ways.retain(|way| !way.is_empty());
                push(&mut found, Term { ways, light, known: true });
                rest = rest.get(length..).unwrap_or_default();
            }
            None => {
                left.push(first);
                rest = tail;
            }
        }
    }
    speak(&mut left, &mut found);
    found.truncate(TERMS_MAX);
    found
}

/// An unknown word as one of the tables' words with a typing error: "retrun", "garanty".
pub fn mend(word: &str, field: Field) -> Option<Term> {
    let letters = word.chars().count();
    if letters < FORGIVING_LETTERS || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let allowed = if letters >= VERY_FORGIVING_LETTERS { 2 } else { 1 };
    let (table, _) = tables(field);
    let near = table
        .iter()
        .flat_map(|(own, other)| own.split(", ").chain(other.split(", ")))
        .filter(|known| known.chars().next() == word.chars().next() && known.len().abs_diff(word.len()) <= allowed)
        .filter(|known| known.len() >= FORGIVING_LETTERS && strsim::osa_distance(known, word) <= allowed)
        .min_by_key(|known| strsim::osa_distance(known, word))?;
    let mut ways = ways(near, field);
    ways.insert(0, query(near));
    Some(Term { ways, light: false, known: true })
}

/// Words no table knows, as the analyser cuts them.
fn speak(left: &mut Vec<&str>, found: &mut Vec<Term>) {
    let text = left.join(" ");
    // Neighbours squashed in case they are one code are for the index; here they would be words nobody knows.
    let cut: HashSet<String> = document(&text).into_iter().collect();
    for token in query(&text).into_iter().filter(|token| cut.contains(token)) {
        // The analyser falls back to stop words when there is nothing else; here they say nothing.
        let light = LIGHT.contains(&token.as_str()) || crate::search::analyse::stop::is_stop(&token);
        push(found, Term { ways: vec![vec![token]], light, known: false });
    }
    left.clear();
}

fn push(found: &mut Vec<Term>, term: Term) {
    if !found.iter().any(|known| known.ways == term.ways) {
        found.push(term);
    }
}

/// Words for the same, and needs.
fn tables(field: Field) -> (&'static [Row], &'static [Row]) {
    match field {
        Field::Goods => (goods::GOODS, goods::NEEDS),
        Field::Service => (service::SERVICE, &[]),
    }
}

/// The place of a row, and its English ways.
type Meant = (usize, Vec<Vec<String>>);

/// The tables, to be looked up in.
#[derive(Default)]
struct Ways {
    /// A phrase and the English ways of every row that has it, by the place of the row.
    rows: HashMap<String, Vec<Meant>>,
    /// How many words the longest phrase has that begins with a word.
    longest: HashMap<String, usize>,
}

static GOODS_WAYS: LazyLock<Ways> = LazyLock::new(|| index(Field::Goods, more::MORE));
static SERVICE_WAYS: LazyLock<Ways> = LazyLock::new(|| index(Field::Service, &[]));

/// Every phrase of the tables with what it stands for: a question looks up many and no row should be read for nothing.
fn index(field: Field, more: &[Row]) -> Ways {
    let mut all = Ways::default();
    let (table, needs) = tables(field);
    let both = table.iter().map(|(own, other)| (own, vec![own, other]));
    let rows = both.chain(needs.iter().chain(more).map(|(own, other)| (own, vec![other])));
    for (at, (own, lists)) in rows.enumerate() {
        let ways: Vec<Vec<String>> = own.split(", ").map(query).collect();
        for phrase in lists.into_iter().flat_map(|list| list.split(", ")) {
            let phrase = fold::fold(phrase, crate::search::analyse::QUERY_CHARS_MAX).replace('\'', "");
            let words = phrase.split([' ', '-']).count().min(PHRASE_WORDS_MAX);
            let first = phrase.split(' ').next().unwrap_or_default().to_owned();
            let longest = all.longest.entry(first).or_insert(words);
            *longest = words.max(*longest);
            let rows = all.rows.entry(phrase).or_default();
            if rows.last().is_none_or(|(last, _)| *last != at) {
                rows.push((at, ways.clone()));
            }
        }
    }
    all
}

fn all(field: Field) -> &'static Ways {
    match field {
        Field::Goods => &GOODS_WAYS,
        Field::Service => &SERVICE_WAYS,
    }
}

/// The English ways to write a word or phrase, other than itself.
fn ways(phrase: &str, field: Field) -> Vec<Vec<String>> {
    let all = &all(field).rows;
    let singular = stem::singular(phrase.to_owned());
    let other = Some(singular.as_str()).filter(|other| *other != phrase);
    let mut rows: Vec<&(usize, Vec<Vec<String>>)> =
        [Some(phrase), other].into_iter().flatten().filter_map(|phrase| all.get(phrase)).flatten().collect();
    rows.sort_by_key(|(at, _)| *at);
    let mut out: Vec<Vec<String>> = Vec::new();
    for way in rows.into_iter().flat_map(|(_, ways)| ways) {
        if !way.is_empty() && !out.contains(way) {
            out.push(way.clone());
        }
    }
    out
}

impl Term {
    /// Every token of every way, for the index.
    pub fn tokens(&self) -> impl Iterator<Item = &String> {
        self.ways.iter().flatten()
    }

    /// Whether one of the ways is there.
    pub fn is_in(&self, has: impl Fn(&str) -> bool) -> bool {
        self.ways.iter().any(|way| way.iter().all(|token| has(token)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(text: &str, field: Field) -> Vec<String> {
        let term = |t: &Term| t.ways.iter().map(|way| way.join("+")).collect::<Vec<_>>().join("|");
        terms(text, field).iter().filter(|t| !t.light).map(term).collect()
    }

    #[test]
    fn other_words_for_the_same_are_known() {
        assert_eq!(said("saco de dormir", Field::Goods), ["saco+dormir|sleeping+bag"]);
        assert_eq!(mend("retrun", Field::Service).map(|t| t.ways[0].clone()), Some(vec!["return".to_owned()]));
        assert_eq!(mend("guitar", Field::Service), None);
        assert_eq!(said("gift for a surfer", Field::Goods), ["surfer"]);
        assert_eq!(said("regenjacken", Field::Goods), ["regenjacken|rain+jacket"]);
        assert_eq!(said("sac à dos", Field::Goods)[0].split('|').nth(1), Some("backpack"));
        assert!(said("حقيبة ظهر", Field::Goods)[0].contains("backpack"));
        assert!(said("¿cuánto tarda el envío?", Field::Service).iter().any(|t| t.contains("delivery")));
    }

    #[test]
    fn the_tables_are_folded() {
        for (own, other) in goods::GOODS.iter().chain(goods::NEEDS).chain(service::SERVICE) {
            for word in own.split(", ").chain(other.split(", ")) {
                assert_eq!(word, fold::fold(word, 100).trim(), "{word}");
                assert!(word.split(' ').count() <= PHRASE_WORDS_MAX, "{word}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in ".{0,300}") {
            for field in [Field::Goods, Field::Service] {
                prop_assert!(terms(&text, field).len() <= TERMS_MAX);
            }
        }
    }
}
