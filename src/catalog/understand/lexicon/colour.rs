//! Colour words and size words.

use crate::catalog::understand::token::{Table, fold};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What an option for colours is called.
#[rustfmt::skip]
pub const COLOUR_NAMES: [&str; 10] = ["colour", "color", "colours", "colors", "farbe", "cor", "couleur", "colore", "warna", "اللون"];
/// Colour words that more often mean the thing.
pub const UNSURE_COLOURS: [&str; 9] = ["sand", "stone", "rose", "wine", "cream", "mint", "sable", "vino", "panna"];

/// Colours: English name, other words for it.
#[rustfmt::skip]
const COLOURS: [(&str, &[&str]); 21] = [
    ("blue", &["azul", "azules", "azuis", "blau", "blaue", "blauen", "blauer", "blaues", "blauem", "bleu", "bleue", "bleus", "bleues", "blu", "azzurro", "azzurra", "biru", "neela", "neeli", "neele", "nila", "nili", "أزرق", "زرقاء", "ازرق"]),
    ("red", &["rojo", "roja", "rojos", "rojas", "vermelho", "vermelha", "vermelhos", "vermelhas", "rot", "rote", "roten", "roter", "rotes", "rotem", "rouge", "rouges", "rosso", "rossa", "rossi", "rosse", "merah", "laal", "lal", "أحمر", "حمراء"]),
    ("green", &["verde", "verdes", "verdi", "grun", "grune", "grunen", "gruner", "grunes", "vert", "verte", "verts", "vertes", "hijau", "hara", "أخضر", "خضراء"]),
    ("black", &["negro", "negra", "negros", "negras", "preto", "preta", "pretos", "pretas", "schwarz", "schwarze", "schwarzen", "schwarzer", "schwarzes", "schwarzem", "noir", "noire", "noirs", "noires", "nero", "nera", "neri", "nere", "hitam", "kala", "kali", "kaale", "kaala", "kaali", "أسود", "سوداء"]),
    ("white", &["blanco", "blanca", "blancos", "blancas", "branco", "branca", "brancos", "brancas", "weiss", "weisse", "weissen", "weisser", "weisses", "blanc", "blanche", "blancs", "blanches", "bianco", "bianca", "bianchi", "bianche", "putih", "safed", "safaid", "أبيض", "بيضاء"]),
    ("yellow", &["amarillo", "amarilla", "amarillos", "amarillas", "amarelo", "amarela", "amarelos", "amarelas", "gelb", "gelbe", "gelben", "gelber", "gelbes", "jaune", "jaunes", "giallo", "gialla", "gialli", "gialle", "kuning", "peela", "peeli", "أصفر", "صفراء"]),
    ("grey", &["gray", "gris", "grises", "cinza", "cinzento", "grau", "graue", "grauen", "grauer", "graues", "grise", "grigio", "grigia", "grigi", "abu", "رمادي", "رماديه"]),
    ("brown", &["marron", "marrones", "marrom", "castanho", "castanha", "braun", "braune", "braunen", "brauner", "braunes", "brun", "brune", "marrone", "coklat", "cokelat", "bhura", "bhure", "بني", "بنيه"]),
    ("orange", &["naranja", "naranjas", "laranja", "arancione", "oranye", "jingga", "برتقالي"]),
    ("pink", &["rosa", "rose", "rosado", "rosada", "gulabi", "وردي", "زهري"]),
    ("purple", &["violet", "violeta", "morado", "morada", "roxo", "roxa", "lila", "violett", "viola", "ungu", "baingani", "jamuni", "بنفسجي"]),
    ("navy", &["marineblau", "dunkelblau", "marinho", "marino", "كحلي"]),
    ("teal", &["petrol", "turquoise", "turquesa", "turkis", "turchese"]),
    ("sand", &["arena", "areia", "sable", "sabbia"]),
    ("beige", &["bege", "krem"]),
    ("olive", &["oliva", "oliv"]),
    ("gold", &["dorado", "dorada", "dourado", "dourada", "golden", "oro", "dore", "doree", "emas", "sunehra", "ذهبي"]),
    ("silver", &["plateado", "plateada", "prateado", "prateada", "silber", "silberne", "silbernen", "argente", "argent", "argento", "perak", "chandi", "فضي"]),
    ("khaki", &["caqui", "kaki", "كاكي"]),
    ("burgundy", &["bordeaux", "bordo", "burdeos", "bordò", "maroon", "vinho"]),
    ("ivory", &["marfil", "marfim", "elfenbein", "ivoire", "avorio"]),
];

static BY_WORD: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let rows = COLOURS.iter().flat_map(|(name, others)| {
        std::iter::once((fold(name), *name)).chain(others.iter().map(|word| (fold(word), *name)))
    });
    rows.collect()
});

/// The English name of a colour word.
pub fn colour(low: &str) -> Option<&'static str> {
    // Arabic joins its article to the word.
    BY_WORD.get(low).or_else(|| BY_WORD.get(low.strip_prefix("ال")?)).copied()
}

/// Words for sizes, the value's key, and whether they mean a size wherever they stand.
pub static SIZE_WORDS: LazyLock<Table<(&'static str, bool)>> = LazyLock::new(|| {
    #[rustfmt::skip]
    const ROWS: [(&str, &str, bool); 41] = [
        ("medium", "m", true), ("large", "l", false), ("small", "s", false), ("extra large", "xl", true), ("x large", "xl", true),
        ("extra small", "xs", true), ("x small", "xs", true), ("extra extra large", "2 xl", true), ("double xl", "2 xl", true),
        ("mediana", "m", false), ("mediano", "m", false), ("medio", "m", false), ("media", "m", false), ("médio", "m", false), ("média", "m", false),
        ("grande", "l", false), ("pequeña", "s", false), ("pequeño", "s", false), ("pequeno", "s", false), ("chica", "s", false), ("chico", "s", false),
        ("extra grande", "xl", true), ("muy grande", "xl", false), ("mittel", "m", false), ("groß", "l", false), ("klein", "s", false), ("mittlere", "m", false),
        ("moyen", "m", false), ("moyenne", "m", false), ("petit", "s", false), ("petite", "s", false), ("très grand", "xl", true), ("piccolo", "s", false),
        ("piccola", "s", false), ("sedang", "m", false), ("besar", "l", false), ("kecil", "s", false), ("bada", "l", false), ("chota", "s", false),
        ("متوسط", "m", false), ("كبير", "l", false),
    ];
    Table::new(ROWS.iter().map(|(words, key, safe)| (*words, (*key, *safe))))
});
