//! What was shown a moment ago, and words that lean on it: "cheaper ones", "a bigger one", "the second, but in M".

use crate::catalog::understand::measure::{self, Dimension, Measure, Op};
use crate::catalog::understand::token::Table;
use crate::catalog::understand::{By, Note, Reader, Sort};
use crate::domain::id::ProductId;
use crate::domain::money::Money;
use crate::domain::product::Product;
use std::sync::LazyLock;

/// A product the shopper has before their eyes.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Which.
    pub id: ProductId,
    /// Its lowest price.
    pub price: Option<Money>,
    /// What it weighs, in grams, where the shop says so.
    pub mass: Option<f64>,
    /// How much goes into it, in millilitres.
    pub volume: Option<f64>,
    /// How long it is, or its screen, in millimetres.
    pub length: Option<f64>,
}

impl From<&Product> for Shown {
    fn from(product: &Product) -> Self {
        let of = |by| measure::by(product, by).map(f64::abs);
        let only = |dimension: Dimension, by| {
            of(by).filter(|value| {
                // An order may fall back on another dimension; here each has its own place.
                let probe = Measure { dimension, op: Op::Exact, value: *value, key: None, shown: String::new() };
                measure::meets(product, &probe) == Some(true)
            })
        };
        Self {
            id: product.id.clone(),
            price: product.price_range().map(|(low, _)| low),
            mass: of(By::Lightest),
            volume: only(Dimension::Volume, By::Biggest),
            length: only(Dimension::Length, By::Biggest),
        }
    }
}

/// What is compared, and which side is wanted.
#[derive(Clone, Copy)]
enum Than {
    Cheaper,
    Dearer,
    Lighter,
    Heavier,
    Bigger,
    Smaller,
    Longer,
    Shorter,
}
use Than::{Bigger, Cheaper, Dearer, Heavier, Lighter, Longer, Shorter, Smaller};

static THAN: LazyLock<Table<Than>> = LazyLock::new(|| {
    #[rustfmt::skip]
    const ROWS: [(Than, &[&str]); 8] = [
        (Cheaper, &["cheaper", "less expensive", "lower price", "lower priced", "cheaper ones", "cheaper one", "más barato", "más barata", "más baratos", "más baratas", "más económico", "más económica", "mais barato",
            "mais barata", "mais baratos", "mais baratas", "mais em conta", "günstiger", "günstigere", "günstigeren", "günstigeres", "billiger", "billigere", "billigeres", "moins cher", "moins chère", "moins chers", "moins chères",
            "più economico", "più economica", "meno caro", "meno cara", "più economici", "lebih murah", "yang lebih murah", "aur sasta", "aur saste", "isse sasta", "is se sasta", "thoda sasta", "ارخص", "أرخص",
            "less than the last one", "less than that", "less than this one", "for less"]),
        (Dearer, &["more expensive", "pricier", "higher priced", "better one", "más caro", "más cara", "mais caro", "mais cara", "teurer", "teurere", "teureres", "plus cher", "plus chère", "più caro", "più cara", "lebih mahal", "اغلى"]),
        (Lighter, &["lighter", "less heavy", "más ligero", "más ligera", "más liviano", "mais leve", "leichter", "leichtere", "leichteres", "plus léger", "plus légère", "più leggero", "più leggera", "lebih ringan", "aur halka", "اخف"]),
        (Heavier, &["heavier", "más pesado", "mais pesado", "schwerer", "plus lourd", "più pesante", "lebih berat"]),
        (Bigger, &["bigger", "larger", "roomier", "más grande", "más grandes", "maior", "maiores", "größer", "größere", "größeren", "größeres", "plus grand", "plus grande", "più grande", "più grandi", "lebih besar", "aur bada", "thoda bada", "اكبر"]),
        (Smaller, &["smaller", "more compact", "más pequeño", "más pequeña", "menor", "menores", "kleiner", "kleinere", "kleineren", "kleineres", "plus petit", "plus petite", "più piccolo", "più piccola", "lebih kecil", "aur chota", "اصغر"]),
        (Longer, &["longer", "más largo", "más larga", "mais longo", "mais comprido", "länger", "längere", "längeres", "plus long", "plus longue", "più lungo", "più lunga", "lebih panjang", "اطول"]),
        (Shorter, &["shorter", "más corto", "más corta", "mais curto", "kürzer", "kürzere", "plus court", "più corto", "lebih pendek", "اقصر"]),
    ];
    Table::new(ROWS.iter().flat_map(|(than, words)| words.iter().map(|word| (*word, *than))))
});

/// Words for one of those shown, by its place; the last is `usize::MAX`, the only one meant is 0.
#[rustfmt::skip]
static PLACES: LazyLock<Table<usize>> = LazyLock::new(|| {
    const ROWS: [(usize, &[&str]); 6] = [
        (0, &["the first", "the first one", "the 1st", "number one", "el primero", "la primera", "o primeiro", "a primeira", "der erste", "die erste", "das erste", "den ersten", "le premier", "la première", "il primo", "la prima", "yang pertama", "pehla wala", "pehli wali", "الاول"]),
        (1, &["the second", "the second one", "the 2nd", "number two", "el segundo", "la segunda", "o segundo", "a segunda", "der zweite", "die zweite", "das zweite", "den zweiten", "le deuxième", "la deuxième", "il secondo", "la seconda", "yang kedua", "doosra wala", "dusra wala", "dusri wali", "الثاني"]),
        (2, &["the third", "the third one", "the 3rd", "number three", "el tercero", "la tercera", "o terceiro", "a terceira", "der dritte", "die dritte", "das dritte", "den dritten", "le troisième", "la troisième", "il terzo", "la terza", "yang ketiga", "teesra wala", "الثالث"]),
        (3, &["the fourth", "the fourth one", "the 4th", "el cuarto", "la cuarta", "o quarto", "a quarta", "der vierte", "die vierte", "das vierte", "le quatrième", "il quarto", "yang keempat", "الرابع"]),
        (usize::MAX, &["the last one", "the last", "el último", "la última", "o último", "a última", "der letzte", "die letzte", "das letzte", "den letzten", "le dernier", "la dernière", "l'ultimo", "l'ultima", "yang terakhir", "aakhri wala", "الاخير"]),
        // The same, where one thing was shown.
        (usize::MAX - 1, &["the same", "same one", "same", "el mismo", "la misma", "lo mismo", "o mesmo", "a mesma", "das gleiche", "der gleiche", "die gleiche", "dasselbe", "dieselbe", "denselben", "la même", "le même", "lo stesso", "la stessa", "yang sama", "sama", "wahi", "same wala", "نفسه", "نفس"]),
    ];
    Table::new(ROWS.iter().flat_map(|(place, words)| words.iter().map(|word| (*word, *place))))
});
/// Words behind a comparison that point at what was shown, and words that stand for it.
#[rustfmt::skip]
static POINTING: LazyLock<Table<()>> = LazyLock::new(|| Table::of(&[
    "than that", "than this", "than these", "than those", "than that one", "than this one", "than the last one", "than the first one", "ones", "one", "than them", "que eso", "que esto", "que ese", "que esa", "que este",
    "que esta", "que esos", "do que esse", "do que este", "do que isso", "que esse", "als das", "als der", "als die", "als dieser", "als diese", "que ça", "que celui ci", "que celui là", "que celle ci", "di questo", "di questa",
    "di quello", "dari itu", "dari ini", "من هذا", "من ذلك",
]));

/// Words between a comparison and what it points at: "one than", "do que".
const THAN_WORDS: [&str; 9] = ["than", "one", "ones", "do", "que", "als", "di", "dari", "من"];
/// How many of them.
const THAN_WORDS_MAX: usize = 3;

/// The "more" of languages whose superlative is a comparative with an article.
const DEGREES: [&str; 8] = ["mas", "mais", "plus", "moins", "piu", "meno", "menos", "menor"];
/// Such articles.
const ARTICLES: [&str; 13] = ["the", "el", "la", "los", "las", "lo", "o", "a", "os", "as", "le", "il", "les"];

impl Reader<'_> {
    /// "Cheaper ones", "lighter than that": a limit taken from what was shown; the tokens it took.
    pub(super) fn compared(&mut self, at: usize) -> usize {
        let Some((length, than)) = THAN.longest(&self.tokens, at) else { return 0 };
        // "El más barato" is the cheapest there is, and not cheaper than something.
        let before = at.checked_sub(1).map_or("", |before| self.low(before));
        if DEGREES.contains(&self.low(at))
            && ARTICLES.contains(&before)
            && POINTING.longest(&self.tokens, at + length).is_none()
        {
            return 0;
        }
        let pointing = POINTING.longest(&self.tokens, at + length).map_or(0, |(more, ())| more);
        let one = self.one_pointed_at(at + length);
        let pointing = one.as_ref().map_or(pointing, |(more, _)| pointing.max(*more));
        let shown = one.map_or_else(|| self.pointed(at + length), |(_, one)| vec![one]);
        let known = match than {
            Cheaper | Dearer => self.price_than(&shown, matches!(than, Cheaper)),
            Lighter => self.bound(&shown, Dimension::Mass, Op::Most, |s| s.mass),
            Heavier => self.bound(&shown, Dimension::Mass, Op::Least, |s| s.mass),
            Bigger => self.size(&shown, Op::Least),
            Smaller => self.size(&shown, Op::Most),
            Longer => self.bound(&shown, Dimension::Length, Op::Least, |s| s.length),
            Shorter => self.bound(&shown, Dimension::Length, Op::Most, |s| s.length),
        };
        let order = match than {
            Cheaper => {
                self.wish.sort = Some(Sort::CheapestFirst);
                true
            }
            // Without anything to compare with, "a lighter tent" still wants light tents first.
            Lighter if !known => self.order(By::Lightest),
            _ => known,
        };
        if !order {
            return 0;
        }
        if !known && (pointing > 0 || length > 2) {
            self.note(Note::NothingToCompare);
        }
        if known {
            self.lean(at, length + pointing);
        }
        self.take(at, length + pointing);
        length + pointing
    }

    /// Remembers words that mean something only beside what is shown now.
    fn lean(&mut self, at: usize, length: usize) {
        let words = self.tokens.get(at..at + length).unwrap_or_default();
        if let (Some(first), Some(last)) = (words.first(), words.last()) {
            self.wish.leans.push((first.start, last.end));
        }
    }

    /// "The second, but in M": which of those shown; the tokens it took.
    pub(super) fn place(&mut self, at: usize) -> usize {
        let Some((length, place)) = PLACES.longest(&self.tokens, at) else { return 0 };
        let Some(meant) = self.meant(place) else { return 0 };
        self.wish.like = Some(meant.id.clone());
        self.lean(at, length);
        self.take(at, length);
        length
    }

    /// The one of those shown that a place means.
    fn meant(&self, place: usize) -> Option<&Shown> {
        match place {
            usize::MAX => self.shown.last(),
            place if place == usize::MAX - 1 => self.shown.first().filter(|_| self.shown.len() == 1),
            place => self.shown.get(place),
        }
    }

    /// "Lighter *than the second*": the tokens that say so, and which it is.
    fn one_pointed_at(&self, behind: usize) -> Option<(usize, Shown)> {
        (1..=THAN_WORDS_MAX).find_map(|gap| {
            let joins = (behind..behind + gap).all(|at| THAN_WORDS.contains(&self.low(at)));
            let (length, place) = PLACES.longest(&self.tokens, behind + gap).filter(|_| joins)?;
            Some((gap + length, self.meant(place)?.clone()))
        })
    }

    fn order(&mut self, by: By) -> bool {
        self.wish.by = Some(by);
        true
    }

    /// What a comparison leans on: the one pointed at ("than the last one"), or all of them.
    fn pointed(&self, behind: usize) -> Vec<Shown> {
        let last = (behind..behind + 3)
            .any(|at| matches!(self.low(at), "last" | "ultimo" | "ultima" | "letzte" | "dernier"))
            || behind.checked_sub(2).is_some_and(|at| self.low(at) == "last");
        let one = self.shown.last().filter(|_| last);
        one.map_or_else(|| self.shown.to_vec(), |one| vec![one.clone()])
    }

    fn price_than(&mut self, shown: &[Shown], below: bool) -> bool {
        let mut prices = shown.iter().filter_map(|s| s.price).filter(|price| price.currency == self.currency);
        let Some(first) = prices.next() else { return false };
        let ends = prices.fold(first, |end, price| if (price.minor < end.minor) == below { price } else { end });
        if below {
            self.wish.at_most = Some(Money::new((ends.minor - 1).max(0), ends.currency));
            self.wish.at_least = None;
        } else {
            self.wish.at_least = Some(Money::new(ends.minor + 1, ends.currency));
            self.wish.at_most = None;
        }
        true
    }

    fn size(&mut self, shown: &[Shown], op: Op) -> bool {
        self.bound(shown, Dimension::Volume, op, |s| s.volume) || self.bound(shown, Dimension::Length, op, |s| s.length)
    }

    fn bound(&mut self, shown: &[Shown], dimension: Dimension, op: Op, of: impl Fn(&Shown) -> Option<f64>) -> bool {
        let values: Vec<f64> = shown.iter().filter_map(of).collect();
        // Smaller than the smallest, larger than the largest; a little off, so that the same is no answer.
        let (end, share) = match op {
            Op::Most => (values.iter().copied().min_by(f64::total_cmp), 0.999),
            _ => (values.iter().copied().max_by(f64::total_cmp), 1.001),
        };
        let Some(end) = end else { return false };
        let (unit, times) = match dimension {
            Dimension::Mass => ("g", 1.0),
            Dimension::Volume => ("l", 1_000.0),
            _ => ("mm", 1.0),
        };
        let shown = format!("{} {unit}", (end / times * 100.0).round() / 100.0);
        self.demand(Measure { dimension, op, value: end * share, key: None, shown });
        true
    }
}
