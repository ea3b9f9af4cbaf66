//! Sizes, colours and other options of the shop, recognised in a sentence.

use crate::catalog::understand::Reader;
use crate::catalog::understand::lexicon;
use crate::catalog::understand::token::Kind;
use crate::catalog::understand::vocabulary::Entry;

/// Bare numbers from here on may be a size at the end of a sentence: "hiking boots 42".
const BARE_SIZE_MIN: u32 = 35;

/// What a value looks like, which decides how much it takes to believe that it is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// S, M, L.
    Letter,
    /// 42.
    Number,
    /// XL, 2 person, 55 L, S/M: says what it is.
    Clear,
    /// Regular, Long: a word that may mean something else.
    Plain,
}

impl Reader<'_> {
    /// An option's value; the tokens it took.
    pub(super) fn option(&mut self, at: usize) -> usize {
        // "size M": the name alone says nothing yet.
        let known = self.own_value(at);
        let known = if known > 0 { known } else { self.size_word(at) };
        let known = if known > 0 { known } else { self.colour(at) };
        if known > 0 { known } else { self.persons(at) }
    }

    fn own_value(&mut self, at: usize) -> usize {
        let Some((length, key, entry)) = self.vocabulary.value_at(&self.tokens, at) else { return 0 };
        if lexicon::colour(&key).is_some() && lexicon::COLOUR_NAMES.contains(&lexicon::plain(&entry.name).as_str()) {
            return 0;
        }
        let context = self.context(at);
        let named = context < at || self.vocabulary.is_name(self.low(at + length));
        let joined = self.follows_value(at);
        let ends = self.ends_clause(at + length);
        let meant = match shape(&key) {
            Shape::Clear => true,
            Shape::Letter if self.hyphened(at) || (context == at && self.measures(at)) => false,
            Shape::Letter => context < at || (self.tokens.get(at).is_some_and(|t| t.upper) && (ends || joined)),
            Shape::Number if self.below_zero(at) => false,
            Shape::Number if lexicon::is_unit(self.low(at + length)) && !ends => false,
            Shape::Number => context < at || joined || (ends && key.parse().is_ok_and(|n: u32| n >= BARE_SIZE_MIN)),
            Shape::Plain => named || joined || lexicon::COLOUR_NAMES.contains(&lexicon::plain(&entry.name).as_str()),
        };
        if !meant {
            return 0;
        }
        let after = usize::from(context == at && named && shape(&key) == Shape::Plain);
        self.choose(context, at, length + after, vec![entry])
    }

    /// "medium", "extra large", "talla mediana".
    fn size_word(&mut self, at: usize) -> usize {
        let Some((length, (key, safe))) = lexicon::SIZE_WORDS.longest(&self.tokens, at) else { return 0 };
        let Some(entry) = self.vocabulary.value(key).cloned() else { return 0 };
        let context = self.context(at);
        let before = at.checked_sub(1).map_or("", |before| self.low(before));
        let follows_read = at.checked_sub(1).is_some_and(|before| self.used.get(before).copied().unwrap_or(false));
        let ends = self.ends_clause(at + length) && !lexicon::DEGREES.contains(&before);
        if !safe && context == at && !follows_read && !ends {
            return 0;
        }
        self.choose(context, at, length, vec![entry])
    }

    fn colour(&mut self, at: usize) -> usize {
        let Some(colour) = lexicon::colour(self.low(at)) else { return 0 };
        let entries: Vec<Entry> = self.vocabulary.colour(colour).into_iter().cloned().collect();
        let context = self.context(at);
        let unsure = lexicon::UNSURE_COLOURS.contains(&self.low(at));
        let meant = !unsure || context < at || self.ends_clause(at + 1) || self.follows_value(at);
        if entries.is_empty() || !meant {
            return 0;
        }
        self.choose(context, at, 1, entries)
    }

    /// "for two people" where the shop keeps persons as an attribute.
    fn persons(&mut self, at: usize) -> usize {
        let number = lexicon::canonical(self.low(at)).to_owned();
        let next = if self.low(at + 1) == "-" { at + 2 } else { at + 1 };
        // "A tent for 3": a bare number behind "for" counts people where the shop counts them.
        let before = at.checked_sub(1).map_or("", |before| self.low(before));
        if at > 1 && lexicon::FOR.contains(&before) && self.ends_clause(at + 1) && self.vocabulary.has_persons(&number)
        {
            self.wish.attributes.insert("persons".to_owned(), vec![number]);
            self.take(at - 1, 2);
            return 1;
        }
        if lexicon::canonical(self.low(next)) != "person" || !self.vocabulary.has_persons(&number) {
            return 0;
        }
        self.wish.attributes.insert("persons".to_owned(), vec![number]);
        let length = next + 1 - at;
        self.take_value(at, length);
        length
    }

    /// Writes a choice down; `context` is where the words that lead to it begin.
    fn choose(&mut self, context: usize, at: usize, length: usize, entries: Vec<Entry>) -> usize {
        let Some(name) = entries.first().map(|e| e.name.clone()) else { return 0 };
        let joined = self.joins(&name, context, at + length);
        let values = self.wish.options.entry(name).or_default();
        if !joined {
            values.clear();
        }
        for entry in entries {
            if !values.contains(&entry.value) {
                values.push(entry.value);
            }
        }
        self.take(context, at - context);
        self.take_value(at, length);
        length
    }

    /// Where the words that announce a value begin ("in a", "size is"); `at` itself when there are none.
    fn context(&self, at: usize) -> usize {
        let mut start = at;
        let mut back = at;
        for _ in 0..4 {
            let Some(before) = back.checked_sub(1) else { break };
            let low = self.low(before);
            if self.used.get(before).copied().unwrap_or(false) || self.tokens.get(before).is_none_or(|t| t.frozen) {
                break;
            }
            if lexicon::CONTEXTS.contains(&low) || self.vocabulary.is_name(low) {
                start = before;
            } else if !lexicon::CONTEXT_FILLERS.contains(&low) {
                break;
            }
            back = before;
        }
        // In Portuguese "no tamanho" and "na cor" are "in the size" and "in the colour".
        let article = start.checked_sub(1).filter(|before| start < at && matches!(self.low(*before), "no" | "na"));
        article.unwrap_or(start)
    }

    /// Whether only joining words stand between here and a value just read: "M or L".
    fn follows_value(&self, at: usize) -> bool {
        self.mentions.values().any(|mention| {
            let between = self.tokens.get(mention.end..at).unwrap_or_default();
            mention.end < at && between.iter().all(|t| lexicon::JOINS.contains(&t.low.as_str()))
        })
    }

    /// Whether a letter is the unit of a number nobody took: "35 L".
    fn measures(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let number = self.tokens.get(before).is_some_and(|t| t.kind == Kind::Number);
        number && !self.used.get(before).copied().unwrap_or(false)
    }

    /// "-40" is a temperature; "40-42" are two sizes.
    fn below_zero(&self, at: usize) -> bool {
        let sign = at.checked_sub(1).filter(|sign| matches!(self.low(*sign), "-" | "−" | "–" | "minus" | "menos"));
        let number = |at: usize| self.tokens.get(at).is_some_and(|t| t.kind == Kind::Number);
        sign.is_some_and(|sign| !sign.checked_sub(1).is_some_and(number))
    }

    fn ends_clause(&self, at: usize) -> bool {
        let Some(next) = self.tokens.get(at) else { return true };
        let low = next.low.as_str();
        lexicon::CLAUSE_ENDS.contains(&low)
            && !(low == "," && next.glued && self.tokens.get(at + 1).is_some_and(|t| t.glued))
    }

    /// Whether a hyphen or an ampersand makes a letter part of a longer name: "M-100", "H&M".
    fn hyphened(&self, at: usize) -> bool {
        let sign = |low: &str| matches!(low, "-" | "&" | "." | "_");
        let before =
            at.checked_sub(1).is_some_and(|b| sign(self.low(b))) && self.tokens.get(at).is_some_and(|t| t.glued);
        let behind = self.tokens.get(at + 1).is_some_and(|t| t.glued && sign(&t.low))
            && self.tokens.get(at + 2).is_some_and(|t| t.glued && t.kind != Kind::Symbol);
        before || behind
    }
}

fn shape(key: &str) -> Shape {
    let digits = key.chars().any(|c| c.is_ascii_digit());
    if key.parse::<f64>().is_ok() {
        Shape::Number
    } else if key.chars().count() == 1 {
        Shape::Letter
    } else if digits || matches!(key, "xs" | "xl" | "xxs") || key.contains(" / ") {
        Shape::Clear
    } else {
        Shape::Plain
    }
}
