//! Of what a measure is: of the length, of the screen, of the memory; in a sentence and in the names of attributes.

use crate::catalog::understand::lexicon::Side;
use crate::catalog::understand::lexicon::Side::{Least, Most};
use crate::catalog::understand::measure::Dimension;
use crate::catalog::understand::token::{Table, Token};
use Dimension::{Length, Mass, Storage, Volume};
use std::sync::LazyLock;

/// A key, its dimension, and the words for it in sentences and attributes.
type Row = (&'static str, Dimension, &'static [&'static str]);

#[rustfmt::skip]
const KEYS: &[Row] = &[
    ("length", Length, &["length", "long", "in length", "lang", "länge", "largo", "larga", "de largo", "longitud", "comprimento", "de comprimento", "longo", "longueur", "de long", "lungo", "lunghezza", "di lunghezza", "panjang", "lamba", "lambi", "طول"]),
    ("width", Length, &["width", "wide", "in width", "breit", "breite", "ancho", "de ancho", "anchura", "largura", "de largura", "largeur", "de large", "larghezza", "lebar", "chauda", "عرض"]),
    ("height", Length, &["height", "high", "tall", "in height", "hoch", "höhe", "alto", "de alto", "altura", "de altura", "hauteur", "de haut", "altezza", "tinggi", "uncha", "ارتفاع"]),
    ("depth", Length, &["depth", "deep", "tief", "tiefe", "profundidad", "profundidade", "profondeur", "profondità"]),
    ("thickness", Length, &["thickness", "thick", "dick", "dicke", "grosor", "espessura", "épaisseur", "spessore"]),
    ("diameter", Length, &["diameter", "in diameter", "durchmesser", "diámetro", "diâmetro", "diamètre", "diametro"]),
    ("screen", Length, &["screen", "screen size", "display", "display diagonal", "monitor", "bildschirm", "pantalla", "tela", "écran", "schermo", "layar", "diagonal"]),
    ("ram", Storage, &["ram", "memory", "internal memory", "arbeitsspeicher", "memoria ram", "memória ram", "mémoire vive", "mémoire"]),
    ("storage", Storage, &["storage", "ssd", "hdd", "hard drive", "hard disk", "disk", "storage capacity", "total storage capacity", "almacenamiento", "armazenamento", "speicherplatz", "festplatte", "stockage", "disque", "archiviazione", "penyimpanan"]),
    ("weight", Mass, &["weight", "heavy", "in weight", "gewicht", "schwer", "peso", "de peso", "poids", "berat", "wazan", "وزن", "net weight", "item weight"]),
    ("volume", Volume, &["volume", "capacity", "volumen", "capacidad", "capacidade", "fassungsvermögen", "contenance", "capacité", "capacità", "kapasitas", "سعه"]),
];

/// Words that compare, before a measure: "longer than 2 m".
#[rustfmt::skip]
const COMPARISONS: &[(&str, Side, Option<&str>)] = &[
    ("longer than", Least, Some("length")), ("shorter than", Most, Some("length")), ("wider than", Least, Some("width")), ("narrower than", Most, Some("width")),
    ("taller than", Least, Some("height")), ("higher than", Least, Some("height")), ("thinner than", Most, Some("thickness")), ("thicker than", Least, Some("thickness")),
    ("lighter than", Most, None), ("heavier than", Least, None), ("bigger than", Least, None), ("larger than", Least, None), ("smaller than", Most, None),
    ("más largo que", Least, Some("length")), ("más ligero que", Most, None), ("más ligera que", Most, None), ("que pese menos de", Most, None),
    ("más grande que", Least, None), ("más pequeño que", Most, None), ("más de", Least, None), ("mais leve que", Most, None), ("mais leve do que", Most, None), ("maior que", Least, None),
    ("menor que", Most, None), ("que pese menos de", Most, None), ("leichter als", Most, None), ("schwerer als", Least, None), ("länger als", Least, Some("length")),
    ("kürzer als", Most, Some("length")), ("größer als", Least, None), ("kleiner als", Most, None), ("plus léger que", Most, None), ("plus long que", Least, Some("length")),
    ("plus grand que", Least, None), ("plus petit que", Most, None), ("più leggero di", Most, None), ("più lungo di", Least, Some("length")), ("più grande di", Least, None),
    ("più piccolo di", Most, None), ("lebih ringan dari", Most, None), ("lebih besar dari", Least, None), ("lebih panjang dari", Least, Some("length")), ("weighing less than", Most, None),
    ("weighs less than", Most, None), ("that weighs under", Most, None), ("أخف من", Most, None), ("أكبر من", Least, None), ("أصغر من", Most, None),
];

/// Words that turn a comparison round.
const DENIALS: [&str; 8] = ["not", "no", "nicht", "pas", "non", "nao", "tidak", "bukan"];

static BY_WORD: LazyLock<Table<(&'static str, Dimension)>> = LazyLock::new(|| {
    Table::new(KEYS.iter().flat_map(|(key, dimension, words)| words.iter().map(|word| (*word, (*key, *dimension)))))
});
static BY_COMPARISON: LazyLock<Table<(Side, Option<&'static str>)>> =
    LazyLock::new(|| Table::new(COMPARISONS.iter().map(|(words, side, key)| (*words, (*side, *key)))));

/// The word for what is measured that stands behind it: "2 m long".
pub fn behind(tokens: &[Token], at: usize, dimension: Dimension) -> Option<(usize, &'static str)> {
    let (length, (key, of)) = BY_WORD.longest(tokens, at)?;
    // "17 inch monitor": the word is the thing as well, and the search needs it.
    (of == dimension).then_some((if is_thing(key) { 0 } else { length }, key))
}

/// The word that stands before it: "length 2 m".
pub fn before(tokens: &[Token], at: usize, dimension: Dimension) -> Option<&'static str> {
    let (_, (key, of)) = BY_WORD.longest(tokens, at.checked_sub(1)?)?;
    (of == dimension).then_some(key)
}

fn is_thing(key: &str) -> bool {
    matches!(key, "screen" | "ram" | "storage")
}

/// A comparison before a measure; "not longer than" is the other side of "longer than".
pub fn comparison(tokens: &[Token], at: usize) -> Option<(usize, Side, Option<&'static str>)> {
    let denied = usize::from(tokens.get(at).is_some_and(|t| DENIALS.contains(&t.low.as_str())));
    let (length, (side, key)) = BY_COMPARISON.longest(tokens, at + denied)?;
    let side = match (denied, side) {
        (0, side) => side,
        (_, Most) => Least,
        (_, Least) => Most,
    };
    Some((denied + length, side, key))
}

/// The first words of comparisons.
pub fn beginnings() -> impl Iterator<Item = &'static str> {
    BY_COMPARISON.beginnings().map(String::as_str).chain(DENIALS)
}

/// The key an attribute's folded name speaks of.
pub fn of_attribute(name: &[Token], dimension: Dimension) -> Option<&'static str> {
    (0..name.len()).find_map(|at| {
        let (_, (key, of)) = BY_WORD.longest(name, at)?;
        (of == dimension).then_some(key)
    })
}
