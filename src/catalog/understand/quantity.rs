//! How many somebody wants: "two of them", "3x", "I need two jackets". A pack of six is a property of the thing.

use crate::catalog::understand::Reader;
use crate::catalog::understand::lexicon;
use crate::catalog::understand::number;
use crate::catalog::understand::token::{Kind, Table};
use std::sync::LazyLock;

/// Pieces anybody orders in a chat.
const PIECES_MAX: u32 = 999;
/// Pieces that are believed of a bare number before a noun: "2 jackets", but not "90 litres".
const BARE_MAX: u32 = 20;
/// Words that say that what is counted are pieces.
#[rustfmt::skip]
static OF_THEM: LazyLock<Table<()>> = LazyLock::new(|| Table::of(&[
    "of them", "of those", "of these", "of the", "of each", "pieces of", "pieces", "pcs of", "units of", "units", "de ellos", "de ellas", "de esos", "de esas", "de estos",
    "de estas", "unidades de", "unidades", "peças de", "deles", "delas", "desses", "dessas", "davon", "stück davon", "stück", "stücke", "von denen", "de ceux là", "de ceux ci", "unités",
    "pièces de", "di questi", "di queste", "di quelli", "pezzi di", "pezzi", "buah", "biji", "potong", "piece chahiye", "pieces chahiye", "قطع", "حبات", "حبه",
]));
/// Words before a number of pieces.
#[rustfmt::skip]
static WANT: LazyLock<Table<()>> = LazyLock::new(|| Table::of(&[
    "i need", "i want", "we need", "we want", "give me", "get me", "id like", "i would like", "i ll take", "ill take", "looking for", "send me", "add", "order", "buy", "take",
    "necesito", "quiero", "quisiera", "dame", "póngame", "busco", "preciso de", "preciso", "quero", "queria", "me dá", "procuro", "ich brauche", "ich möchte", "ich will", "ich suche",
    "ich nehme", "bestelle", "jai besoin de", "j'ai besoin de", "je voudrais", "je veux", "je cherche", "je prends", "ho bisogno di", "vorrei", "voglio", "cerco", "prendo", "mi servono",
    "saya butuh", "saya mau", "mau beli", "beli", "pesan", "butuh", "mujhe", "humein", "اريد", "احتاج", "اعطني",
]));
/// What is sold by the pair, so that a pair is one.
#[rustfmt::skip]
const PAIRED: &[&str] = &[
    "shoe", "shoes", "boot", "boots", "sock", "socks", "glove", "gloves", "trousers", "pants", "jeans", "shorts", "leggings", "tights", "sandals", "sneakers", "trainers", "skis", "poles",
    "earbuds", "headphones", "earrings", "glasses", "sunglasses", "scissors", "pliers", "speakers", "mittens", "slippers", "crampons", "gaiters", "snowshoes", "zapatos", "botas", "calcetines",
    "guantes", "pantalones", "sapatos", "meias", "luvas", "schuhe", "stiefel", "socken", "handschuhe", "chaussures", "bottes", "chaussettes", "gants", "scarpe", "stivali", "calzini", "guanti",
];
#[rustfmt::skip]
static PAIR: LazyLock<Table<()>> = LazyLock::new(|| Table::of(&[
    "a pair of", "pair of", "a couple of", "un par de", "um par de", "ein paar", "une paire de", "un paio di", "sepasang",
]));

impl Reader<'_> {
    /// How many pieces; the tokens it took.
    pub(super) fn quantity(&mut self, at: usize) -> usize {
        if self.wish.quantity.is_some() {
            return 0;
        }
        if let Some((length, ())) = PAIR.longest(&self.tokens, at) {
            // German "ein paar" is "a few", and a pair of boots is one.
            let couple = self.low(at + 1) == "couple";
            let paired = (0..3).any(|n| PAIRED.contains(&self.low(at + length + n)));
            let few = self.low(at) == "ein";
            if !few && (couple || !paired) {
                self.wish.quantity = Some(2);
            }
            self.take(at, length);
            return length;
        }
        let Some(number) = number::at(&self.tokens, at) else { return 0 };
        let Ok(pieces) = number.decimal.parse::<u32>() else { return 0 };
        if !(1..=PIECES_MAX).contains(&pieces) {
            return 0;
        }
        let next = at + number.length;
        let mut length = number.length;
        let times =
            matches!(self.low(next), "x" | "×" | "*") && self.tokens.get(next + 1).is_none_or(|t| t.kind == Kind::Word);
        let told = OF_THEM.longest(&self.tokens, next);
        let wants = (1..=3).any(|back| {
            let start = at.checked_sub(back);
            start.is_some_and(|start| WANT.longest(&self.tokens, start).is_some_and(|(n, ())| start + n == at))
        });
        let noun = self
            .tokens
            .get(next)
            .is_some_and(|t| t.kind == Kind::Word && !t.glued && !t.frozen && t.low.chars().count() > 2);
        let counts = |low: &str| lexicon::is_unit(low) || lexicon::is_currency(low) || lexicon::is_function_word(low);
        let many = (2..=BARE_MAX).contains(&pieces) && noun && !counts(self.low(next)) && !self.is_pack(next);
        // A sentence may begin with how many: "2 sleeping bags". A number inside one names a model.
        let begins = at == 0 && number.figures && self.low(next).ends_with('s') | self.low(next + 1).ends_with('s');
        if times {
            length += 1;
        } else if let Some((more, ())) = told {
            length += more;
        } else if !(many && (wants || begins)) {
            return 0;
        }
        self.wish.quantity = Some(pieces);
        self.take(at, length);
        length
    }

    /// "6-pack", "3 in 1", "4 season tent": the number is a property.
    fn is_pack(&self, at: usize) -> bool {
        let low = self.low(at);
        matches!(
            low,
            "in" | "pack"
                | "packs"
                | "piece"
                | "way"
                | "ply"
                | "fold"
                | "pin"
                | "channel"
                | "button"
                | "speed"
                | "burner"
                | "seater"
        ) || self.tokens.get(at).is_some_and(|t| t.low == "-")
    }
}
