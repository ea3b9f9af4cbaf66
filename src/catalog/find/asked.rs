//! A wish as terms: what is wanted, which word names the kind of thing, and what each word counts.

use crate::catalog::understand::{Vocabulary, Wish};
use crate::search::analyse;
use crate::search::analyse::widen::{Field, Term, terms};

/// What a word counts that says next to nothing.
const LIGHT_WEIGHT: f32 = 0.08;
/// What a measure counts that no option of the shop matched: "50l" where the shop has 45 and 55.
const MEASURE_WEIGHT: f32 = 0.15;
/// What a quality counts: light boots are boots first.
const QUALITY_WEIGHT: f32 = 0.2;
/// What the words behind "for" and the like count, where those before it name the thing.
const TAIL_WEIGHT: f32 = 0.3;
/// What the act counts in "something to wash …".
const ACT_WEIGHT: f32 = 2.0;
/// Words that end the name of the thing and begin what it is for.
#[rustfmt::skip]
const CUTS: &[&str] = &[
    "for", "with", "to", "that", "which", "when", "while", "without", "so", "because", "if", "on", "in", "at", "from",
    "para", "con", "com", "sin", "sem", "cuando", "quando", "por", "für", "mit", "ohne", "zum", "avec", "sans", "pour", "per",
    "senza", "untuk", "dengan", "tanpa", "لل", "بدون",
];
/// Words that stand for a thing without naming it, or make a sentence of the wish.
#[rustfmt::skip]
const UNNAMED: &[&str] = &[
    "something", "anything", "algo", "stuff", "gear", "gift", "present", "regalo", "presente", "my", "i", "im", "keep",
    "get", "mi", "mis", "meu", "minha", "meus", "minhas", "etwas", "irgendwas", "quelque", "qualcosa", "sesuatu", "kuch",
];
/// Words of languages that name the thing first: "botas de montaña".
#[rustfmt::skip]
const NOUN_FIRST: &[&str] = &[
    "de", "un", "una", "unos", "unas", "um", "uma", "el", "los", "las", "busco", "quiero", "quero", "procuro", "tienen",
    "tem", "necesito", "preciso", "une", "des", "du", "cherche", "voudrais", "cerco", "vorrei", "di", "il", "cari", "saya",
];

/// Words for how a thing is; none of them names it.
#[rustfmt::skip]
const QUALITIES: &[&str] = &[
    "lightweight", "light", "ultralight", "warm", "warmer", "cheap", "big", "bigger", "small", "large", "long", "short", "soft",
    "strong", "thick", "thin", "bright", "fast", "sturdy", "comfortable", "breathable", "waterproof", "windproof", "insulated",
    "packable", "foldable", "quality", "dressy", "sporty", "stretchy", "durable", "simple", "professional", "outdoor",
    "family", "ligero", "ligera", "calido", "calida", "grande", "pequeno", "pequena", "leve", "quente", "comodo", "comoda",
];

/// A wish, taken apart.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is named, each with what it counts.
    pub terms: Vec<(Term, f32)>,
    /// Which of them names the kind of thing.
    pub noun: Option<usize>,
    /// Nothing but constraints: "something under 50".
    pub constraints_only: bool,
    /// In words the embedder knows.
    pub spoken: String,
    /// A word the shop has only in names of other things, and says another way: who asks for a laptop in a shop of notebooks
    /// and laptop bags means the former.
    pub replaced: Option<String>,
}

impl Asked {
    /// Takes the words of a wish apart. What became a filter counts no more: a waterproof dog coat is no answer to
    /// "waterproof jacket" because of its being waterproof.
    pub fn read(query: &str, wish: &Wish, vocabulary: &Vocabulary) -> Self {
        let spelled: Vec<String> = wish.words.split_whitespace().map(|word| spelled(word, vocabulary)).collect();
        let words: Vec<&str> = spelled.iter().map(String::as_str).collect();
        let is = |list: &[&str], word: &str| list.contains(&word.to_lowercase().as_str());
        let cut = words.iter().position(|word| is(CUTS, word)).unwrap_or(words.len());
        let (head, tail) = words.split_at_checked(cut).unwrap_or((&words, &[]));
        let unnamed = head.iter().any(|word| is(UNNAMED, word));
        let filtered = filtered(wish);
        let read = |words: &[&str]| -> Vec<Term> {
            let read = terms(&words.join(" "), Field::Goods).into_iter().map(|term| mended(term, vocabulary));
            read.filter(|term| !term.ways.iter().any(|way| way.iter().all(|t| filtered.contains(t)))).collect()
        };
        let (head_terms, tail_terms) = (read(head), read(tail));
        let named = head_terms.iter().any(|term| !term.light) && !unnamed;
        let act = !named && tail.first().is_some_and(|word| is(&["to"], word));
        let tail_weight = if named { TAIL_WEIGHT } else { 1.0 };
        let mut noun = None;
        let mut all: Vec<(Term, f32)> = Vec::new();
        for term in head_terms {
            let weight = weight(&term, vocabulary);
            let first = words.iter().any(|word| is(NOUN_FIRST, word)) && noun.is_some();
            if named && !term.light && !is_measure(&term) && !is_quality(&term) && !first {
                noun = Some(all.len());
            }
            all.push((term, weight));
        }
        let mut acts = act;
        for term in tail_terms {
            let mut weight = weight(&term, vocabulary) * tail_weight;
            if std::mem::take(&mut acts) {
                weight *= ACT_WEIGHT;
            }
            all.push((term, weight));
        }
        join(&mut all, vocabulary);
        let replaced = noun.and_then(|at| all.get_mut(at)).and_then(|(term, _)| ours_first(term, vocabulary));
        let constraints_only = all.iter().all(|(term, _)| term.light);
        let mut spoken: Vec<String> = all.iter().map(|(term, _)| spoken(term, vocabulary)).collect();
        if all.is_empty() {
            spoken = vec![query.to_owned()];
        }
        Self { terms: all, noun, constraints_only, spoken: spoken.join(" "), replaced }
    }

    /// Every token, for the index; those as written come first.
    pub fn tokens(&self, query: &str, wish: &Wish) -> Vec<String> {
        // A wish of constraints only is ranked by all its words.
        let written = if self.constraints_only { query } else { &wish.words };
        let mut tokens = analyse::query(written);
        tokens.extend(self.terms.iter().flat_map(|(term, _)| term.tokens().cloned()));
        let mut seen = std::collections::HashSet::new();
        tokens.retain(|token| self.replaced.as_ref() != Some(token) && seen.insert(token.clone()));
        tokens.truncate(analyse::QUERY_TOKENS_MAX);
        tokens
    }
}

/// Words that became yes-or-no filters or values of them.
fn filtered(wish: &Wish) -> Vec<String> {
    let keys = wish.attributes.iter().filter(|(_, values)| *values == &["yes"]).map(|(key, _)| key.clone());
    keys.flat_map(|key| analyse::query(&key)).collect()
}

/// A term with what it may have been meant to be, and with its other forms in the shop's languages.
fn mended(mut term: Term, vocabulary: &Vocabulary) -> Term {
    if term.light {
        return term;
    }
    let words: Vec<String> = term.ways.first().into_iter().flatten().cloned().collect();
    let [word] = words.as_slice() else { return term };
    for form in vocabulary.known().forms(word) {
        term.ways.push(vec![form]);
    }
    if !term.known
        && term.ways.len() == 1
        && let Some(meant) = vocabulary.known().meant(word)
    {
        term.ways.push(meant);
    }
    term
}

/// Neighbouring words that the shop writes as one, "head set", count for either of them.
fn join(terms: &mut [(Term, f32)], vocabulary: &Vocabulary) {
    let single = |term: &Term| match term.ways.first().map(Vec::as_slice) {
        Some([word]) if !term.light => Some(word.clone()),
        _ => None,
    };
    for at in 1..terms.len() {
        let Some([(first, _), (second, _)]) =
            terms.get_mut(at - 1..=at).and_then(|pair| <&mut [_; 2]>::try_from(pair).ok())
        else {
            continue;
        };
        let (Some(one), Some(two)) = (single(first), single(second)) else { continue };
        if let Some(joined) = vocabulary.known().joined(&one, &two) {
            first.ways.push(vec![joined.clone()]);
            second.ways.push(vec![joined]);
        }
    }
}

/// Puts the shop's own word for a thing first, where it has the written one only in names of other things; answers the
/// written one.
fn ours_first(term: &mut Term, vocabulary: &Vocabulary) -> Option<String> {
    let known = vocabulary.known();
    let [written] = term.ways.first()?.as_slice() else { return None };
    let written = Some(written.clone()).filter(|written| known.is_modifier(written))?;
    let ours = term.ways.iter().position(|way| matches!(way.as_slice(), [word] if known.names_things(word)))?;
    term.ways.swap(0, ours);
    Some(written)
}

/// A word as it is probably meant, before phrases are looked for: "sleping bag".
fn spelled(word: &str, vocabulary: &Vocabulary) -> String {
    if vocabulary.known().count(&analyse::fold(word)) > 0 {
        return word.to_owned();
    }
    let read = terms(word, Field::Goods);
    match read.as_slice() {
        [only] if !only.known && !only.light => {
            let token = only.ways.first().and_then(|way| way.first()).map(String::as_str).unwrap_or_default();
            vocabulary.known().meant(token).map_or_else(|| word.to_owned(), |meant| meant.join(" "))
        }
        _ => word.to_owned(),
    }
}

fn weight(term: &Term, vocabulary: &Vocabulary) -> f32 {
    if term.light {
        LIGHT_WEIGHT
    } else if is_measure(term) {
        MEASURE_WEIGHT
    } else if is_quality(term) {
        QUALITY_WEIGHT
    } else {
        let count = |way: &Vec<String>| way.iter().map(|t| vocabulary.known().count(t)).min().unwrap_or(0);
        vocabulary.known().weight(term.ways.iter().map(count).max().unwrap_or(0))
    }
}

fn is_quality(term: &Term) -> bool {
    let quality = |token: &String| QUALITIES.contains(&token.as_str());
    term.ways.first().is_some_and(|way| way.iter().all(quality))
}

/// "50l", "10", "35litre": a figure, perhaps with a short unit.
fn is_measure(term: &Term) -> bool {
    let figure = |token: &String| {
        let unit = token.trim_start_matches(|c: char| c.is_ascii_digit());
        unit.len() < token.len() && unit.len() <= 3
    };
    term.ways.first().is_some_and(|way| way.iter().all(figure))
}

/// The way the shop's own texts have, or the first one in English.
fn spoken(term: &Term, vocabulary: &Vocabulary) -> String {
    let ours = term.ways.iter().find(|way| way.iter().all(|t| vocabulary.known().count(t) > 0));
    ours.or_else(|| term.ways.first()).map(|way| way.join(" ")).unwrap_or_default()
}
