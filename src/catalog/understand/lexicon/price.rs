//! Words around a price or a measure, in the languages shoppers write. Spelled as people spell them; the tables fold them.

use crate::catalog::understand::Sort;
use crate::catalog::understand::token::Table;
use Side::{Least, Most};
use Sort::{CheapestFirst, DearestFirst};
use std::sync::LazyLock;

/// Which side a cue bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// "under".
    Most,
    /// "over".
    Least,
}

/// Words before a bound.
pub static CUES: LazyLock<Table<Side>> = LazyLock::new(|| {
    let most = Table::new(CUES_MOST.iter().map(|words| (*words, Most)));
    most.with(CUES_LEAST.iter().map(|words| (*words, Least)))
});

#[rustfmt::skip]
const CUES_MOST: &[&str] = &[
    "under", "below", "less than", "lower than", "cheaper than", "up to", "upto", "max", "maximum", "at most", "no more than",
    "not more than", "not over", "not above", "within", "budget", "budget of", "budget is", "a budget of", "my budget is", "<",
    "< =", "≤", "maximum of", "no higher than", "not exceeding", "i can spend", "can spend", "spend up to", "beneath",
    "menos de", "menos que", "por menos de", "a menos de", "hasta", "máximo", "máximo de", "como máximo", "no más de", "debajo de",
    "por debajo de", "presupuesto de", "mi presupuesto es", "un máximo de", "que cueste menos de", "inferior a",
    "abaixo de", "até", "no máximo", "não mais de", "por até", "orçamento de", "meu orçamento é", "que custe menos de",
    "unter", "bis", "bis zu", "höchstens", "maximal", "weniger als", "nicht mehr als", "billiger als", "günstiger als", "budget von",
    "nicht über", "mein budget ist", "mein budget liegt bei",
    "moins de", "à moins de", "jusqua", "jusqu a", "jusqu'à", "au plus", "pas plus de", "en dessous de", "inférieur à", "max de",
    "budget de", "mon budget est de", "au maximum", "sous",
    "meno di", "sotto", "sotto i", "sotto gli", "fino a", "al massimo", "massimo", "non più di", "budget di", "inferiore a",
    "di bawah", "dibawah", "kurang dari", "maksimal", "maksimum", "paling mahal", "tidak lebih dari", "sampai", "hingga", "budget saya",
    "zyada se zyada", "jyada se jyada", "maximum budget", "budget hai",
    "أقل من", "تحت", "حتى", "لا يزيد عن", "بحد أقصى", "ارخص من", "أرخص من", "ميزانيتي", "بأقل من",
];
#[rustfmt::skip]
const CUES_LEAST: &[&str] = &[
    "over", "above", "more than", "at least", "from", "starting at", "starting from", "no less than", "not less than", "not under",
    "minimum", "min", ">", "> =", "≥", "minimum of", "upwards of", "higher than",
    "más de", "encima de", "por encima de", "a partir de", "desde", "al menos", "como mínimo", "mínimo", "por lo menos", "superior a",
    "mais de", "mais que", "acima de", "pelo menos", "no mínimo",
    "über", "ueber", "ab", "mindestens", "mehr als", "wenigstens", "plus de", "au moins", "à partir de", "au minimum",
    "più di", "oltre", "almeno", "sopra", "sopra i", "minimo", "a partire da",
    "lebih dari", "di atas", "diatas", "minimal", "paling sedikit", "mulai dari",
    "kam se kam", "أكثر من", "فوق", "على الأقل", "لا يقل عن", "ابتداء من", "أغلى من",
];

/// Words behind a bound. Hindi puts all of them there: "500 se kam".
pub static AFTER: LazyLock<Table<Side>> = LazyLock::new(|| {
    #[rustfmt::skip]
    let most = [
        "or less", "or under", "or below", "or cheaper", "or lighter", "or smaller", "or shorter", "max", "maximum", "at most", "tops", "at the most",
        "o menos", "ou menos", "oder weniger", "ou moins", "o meno", "máximo", "como máximo", "no máximo", "maximal", "al massimo", "massimo",
        "höchstens", "se kam", "se neeche", "se niche", "ke andar", "ke under", "tak", "se sasta", "atau kurang", "maksimal", "ke neeche",
        "أو أقل", "كحد أقصى", "maximum budget",
    ];
    #[rustfmt::skip]
    let least = [
        "or more", "and up", "or above", "or over", "or longer", "or larger", "or bigger", "minimum", "at least", "+", "o más", "ou mais",
        "oder mehr", "ou plus", "o più", "se zyada", "se jyada", "se upar", "se jada", "atau lebih", "أو أكثر", "على الأقل", "and above",
        "en adelante", "y más", "para cima",
    ];
    Table::new(most.map(|words| (words, Most))).with(least.map(|words| (words, Least)))
});

/// Words that open a range.
#[rustfmt::skip]
pub static RANGE_OPENINGS: LazyLock<Table<()>> = LazyLock::new(|| Table::of(&[
    "between", "entre", "zwischen", "from", "von", "desde", "de", "price range", "tra", "fra", "da", "antara", "dari", "بين", "من",
    "somewhere between", "anywhere from",
]));
/// Words inside a range.
#[rustfmt::skip]
pub static RANGE_JOINS: LazyLock<Table<()>> = LazyLock::new(|| Table::of(&[
    "and", "to", "-", "–", "—", "y", "e", "a", "à", "et", "und", "bis", "hasta", "até", "&", "dan", "sampai", "hingga", "se", "aur", "و",
    "الى", "إلى", "till", "until", "through", "s d",
]));
/// Words that make an amount a rough one.
#[rustfmt::skip]
pub static AROUND: LazyLock<Table<()>> = LazyLock::new(|| Table::of(&[
    "around", "about", "roughly", "approximately", "approx", "circa", "ca", "somewhere around", "close to", "alrededor de", "cerca de", "más o menos",
    "unos", "por volta de", "em torno de", "mais ou menos", "rund", "etwa", "ungefähr", "environ", "um die", "so um die", "dans les", "autour de",
    "intorno a", "intorno ai", "sui", "sekitar", "kira kira", "kurang lebih", "lagbhag", "karib", "qareeb", "حوالي", "تقريبا", "~", "≈",
]));
/// Words between a cue and its amount.
#[rustfmt::skip]
pub const AMOUNT_FILLERS: [&str; 20] = [
    "about", "around", "the", "los", "unos", "de", "of", "os", "circa", "ca", "is", ":", "i", "gli", "les", "sekitar", "di", "to", "ist", "es",
];

/// Phrases about the order of prices.
pub static SORTS: LazyLock<Table<Sort>> = LazyLock::new(|| {
    #[rustfmt::skip]
    let cheap = [
        "cheap", "cheaper", "cheapest", "inexpensive", "affordable", "least expensive", "low cost", "lowest price", "not expensive", "budget",
        "not too expensive", "not so expensive", "low priced", "best price", "on a budget", "budget friendly", "wallet friendly", "less expensive",
        "barato", "barata", "baratos", "baratas", "más barato", "más barata", "más baratos", "más baratas", "mais barato", "mais barata",
        "mais baratos", "mais baratas", "económico", "económica", "económicos", "económicas", "no muy caro", "no muy cara", "não muito caro",
        "em conta", "günstig", "günstige", "günstigen", "günstiger", "günstigste", "günstigsten", "günstiges", "billig", "billige", "billigen",
        "billiges", "billigste", "billigsten", "nicht zu teuer", "nicht so teuer", "preiswert", "preiswerte", "pas cher", "pas chère", "pas chères",
        "pas chers", "pas trop cher", "pas trop chère", "moins cher", "moins chère", "le moins cher", "la moins chère", "bon marché", "économique",
        "economico", "economica", "economici", "economiche", "a buon mercato", "meno caro", "meno cara", "più economico", "più economica",
        "poco costoso", "poco costosa", "non troppo caro", "non troppo cara", "murah", "paling murah", "termurah", "lebih murah", "yang murah",
        "tidak mahal", "sasta", "saste", "sasti", "sabse sasta", "sabse sasti", "sabse saste", "kam daam", "kam keemat", "رخيص", "رخيصه", "الأرخص",
        "أرخص", "اقتصادي", "غير غالي", "مش غالي",
    ];
    #[rustfmt::skip]
    let dear = [
        "most expensive", "highest price", "dearest", "premium", "high end", "luxury", "top of the range", "más caro", "más cara", "mais caro",
        "mais cara", "de gama alta", "de lujo", "de luxo", "teuerste", "teuersten", "hochwertigste", "plus cher", "le plus cher", "haut de gamme",
        "de luxe", "più caro", "più costoso", "di lusso", "di fascia alta", "termahal", "paling mewah", "sabse mehenga", "sabse mehnga", "الأغلى", "فاخر",
    ];
    Table::new(cheap.map(|words| (words, CheapestFirst))).with(dear.map(|words| (words, DearestFirst)))
});

/// Currency codes that a sign or word may stand for.
#[rustfmt::skip]
pub fn currencies(low: &str) -> Option<&'static [&'static str]> {
    Some(match low {
        "€" | "eur" | "euro" | "euros" | "eur's" | "يورو" => &["EUR"],
        "$" => &["USD", "CAD", "AUD", "NZD", "MXN", "ARS", "CLP", "COP", "SGD", "HKD"],
        "usd" | "dollar" | "dollars" | "buck" | "bucks" | "dolares" | "dolar" | "dollari" | "دولار" => &["USD", "CAD", "AUD", "NZD"],
        "£" | "gbp" | "pound" | "quid" => &["GBP"],
        "¥" | "jpy" | "yen" => &["JPY"],
        "₹" | "inr" | "rs" | "rupee" | "rupees" | "rupaye" | "rupay" | "rupiya" | "rupaiye" => &["INR"],
        "idr" | "rp" | "rupiah" => &["IDR"],
        "brl" | "reais" => &["BRL"],
        "pesos" | "peso" | "mxn" => &["MXN", "ARS", "CLP", "COP", "PHP"],
        "chf" | "francs" | "franken" => &["CHF"],
        "aed" | "dirham" | "dirhams" | "درهم" => &["AED", "MAD"],
        "sar" | "riyal" | "riyals" | "ريال" => &["SAR", "QAR", "OMR"],
        "egp" | "جنيه" => &["EGP"],
        "pln" | "zl" => &["PLN"],
        "sek" | "dkk" | "nok" | "kr" => &["SEK", "DKK", "NOK"],
        _ => return None,
    })
}

/// Whether a word stands for a currency.
pub fn is_currency(low: &str) -> bool {
    currencies(low).is_some() || low == "r"
}

/// By how much a word behind a number multiplies it: "500 ribu", "2k".
pub fn multiplier(low: &str) -> Option<i64> {
    match low {
        "k" | "mil" | "ribu" | "rb" | "tausend" | "thousand" | "mille" | "hazaar" | "hazar" | "الف" => Some(1_000),
        "lakh" => Some(100_000),
        "juta" | "jt" => Some(1_000_000),
        _ => None,
    }
}
