//! Words that steer: cheap, in stock, without, for women, waterproof.

use crate::catalog::understand::lexicon;
use crate::catalog::understand::token::Kind;
use crate::catalog::understand::token::fold;
use crate::catalog::understand::{By, EXCLUDED_MAX, Note, Reader};

/// Small words a negation may reach over: "not made of".
const FILLERS_MAX: usize = 4;
/// Announcing words that do not tell the Portuguese "no" from the English one.
const NOT_CONTEXTS: [&str; 6] = ["in", "color", "colour", "colors", "colours", "size"];

impl Reader<'_> {
    pub(super) fn sort(&mut self, at: usize) -> usize {
        let by = lexicon::ORDERS.longest(&self.tokens, at);
        let price = lexicon::SORTS.longest(&self.tokens, at);
        match (by, price) {
            (Some((length, by)), price) if price.is_none_or(|(other, _)| other <= length) => {
                self.wish.by = Some(by);
                if matches!(by, By::Newest | By::BestRated | By::MostPopular) {
                    self.note(Note::CannotOrder(by));
                }
                self.take(at, length);
                length
            }
            (_, Some((length, sort))) => {
                self.wish.sort = Some(sort);
                self.take(at, length);
                length
            }
            _ => 0,
        }
    }

    pub(super) fn stock(&mut self, at: usize) -> usize {
        let Some((length, ())) = lexicon::IN_STOCK.longest(&self.tokens, at) else { return 0 };
        self.wish.in_stock = true;
        self.take(at, length);
        length
    }

    /// "without leather", "not blue or red", "leather nahi". What it excludes is taken out of what was chosen before.
    pub(super) fn negation(&mut self, at: usize) -> usize {
        if let Some((length, ())) = lexicon::NO_NEGATIONS.longest(&self.tokens, at) {
            return length;
        }
        if let Some(length) = self.negated_behind(at) {
            return length;
        }
        let Some((length, ())) = lexicon::NEGATIONS.longest(&self.tokens, at) else { return 0 };
        let mut target = at + length;
        // "non-stick" is one word, whatever stick means.
        if self.tokens.get(target).is_some_and(|t| t.low == "-" && t.glued) {
            return length + 2;
        }
        // In Portuguese "no" is "in the": "no tamanho M".
        if lexicon::CONTEXTS.iter().any(|c| !NOT_CONTEXTS.contains(c) && *c == self.low(target)) && self.low(at) == "no"
        {
            return 0;
        }
        for _ in 0..FILLERS_MAX {
            // Portuguese "lã" folds to an article; what nothing follows is what is meant.
            let leads = self.tokens.get(target + 1).is_some_and(|t| t.kind == Kind::Word);
            target += usize::from(leads && lexicon::NEGATION_FILLERS.contains(&self.low(target)));
        }
        if lexicon::NOT_EXCLUDABLE.contains(&self.low(target)) {
            return target + 1 - at;
        }
        let mut end = at;
        while let Some(length) = self.excludable(target) {
            self.exclude(target, length);
            end = target + length;
            let Some(next) = self.excluded_too(end) else { break };
            target = next;
        }
        self.take(at, end - at);
        end - at
    }

    /// Hindi excludes behind the word: "leather nahi", "leather ke bina".
    fn negated_behind(&mut self, at: usize) -> Option<usize> {
        let length = self.excludable(at)?;
        let (negation, ()) = lexicon::NEGATIONS_BEHIND.longest(&self.tokens, at + length)?;
        if lexicon::NOT_EXCLUDABLE.contains(&self.low(at)) {
            return None;
        }
        self.exclude(at, length);
        self.take(at, length + negation);
        Some(length + negation)
    }

    /// How many tokens at a place can be excluded as one: a word, or a whole brand.
    fn excludable(&self, at: usize) -> Option<usize> {
        let token = self.tokens.get(at).filter(|t| t.kind == Kind::Word)?;
        let brand = self.vocabulary.brand_at(&self.tokens, at).map(|(length, _)| length);
        brand.or_else(|| (!token.frozen).then_some(1))
    }

    /// Where the next excluded word stands: behind "or", or behind a comma that an "or" follows.
    fn excluded_too(&self, end: usize) -> Option<usize> {
        let joined = if lexicon::OR.contains(&self.low(end)) {
            end + 1
        } else {
            let listed = self.low(end) == "," && self.excludable(end + 1).is_some();
            let closes = lexicon::OR.contains(&self.low(end + 2))
                || (self.low(end + 2) == "," && lexicon::OR.contains(&self.low(end + 4)));
            (listed && closes).then_some(end + 1)?
        };
        Some(joined + usize::from(lexicon::NEGATION_FILLERS.contains(&self.low(joined))))
    }

    fn exclude(&mut self, at: usize, length: usize) {
        let word = (at..at + length).map(|at| self.low(at)).collect::<Vec<_>>().join(" ");
        self.wish.brands.retain(|brand| fold(brand) != word);
        let mut words = vec![word.clone()];
        if let Some(colour) = lexicon::colour(&word) {
            words.extend(self.vocabulary.colour(colour).iter().map(|entry| entry.value.to_lowercase()));
        }
        for values in self.wish.options.values_mut() {
            values.retain(|value| !words.contains(&value.to_lowercase()));
        }
        self.wish.options.retain(|_, values| !values.is_empty());
        for word in words {
            if self.wish.not.len() < EXCLUDED_MAX && !self.wish.not.contains(&word) {
                self.wish.not.push(word);
            }
        }
    }

    /// "for women", "men's". What is made for everybody is for them too.
    pub(super) fn gender(&mut self, at: usize) -> usize {
        let Some((length, gender)) = lexicon::GENDERS.longest(&self.tokens, at) else { return 0 };
        if !self.vocabulary.has_gender(gender) {
            return 0;
        }
        let leads = at.checked_sub(1).filter(|before| lexicon::FOR.contains(&self.low(*before)));
        let start = leads.unwrap_or(at);
        let joined = self.joins("gender", start, at + length);
        let values = self.wish.attributes.entry("gender".to_owned()).or_default();
        if !joined {
            values.clear();
        }
        let everybody = matches!(gender, "women" | "men") && self.vocabulary.has_gender("unisex");
        for gender in [Some(gender), everybody.then_some("unisex")].into_iter().flatten() {
            if !values.iter().any(|v| v == gender) {
                values.push(gender.to_owned());
            }
        }
        self.take(start, at - start);
        self.take_value(at, length);
        length
    }

    /// "waterproof" where the shop says yes or no to it; the search keeps the word.
    pub(super) fn yes_no(&mut self, at: usize) -> usize {
        let Some((length, key)) = self.vocabulary.yes_no_at(&self.tokens, at) else { return 0 };
        self.wish.attributes.insert(key, vec!["yes".to_owned()]);
        length
    }
}
