//! Free words: what a model says without a fact in it may be made of harmless words only, or of the words of what was read
//! in this turn. A list of what may be said closes the class of lies; a list of lies would only close those that are on it.

mod disguise;
mod table;

use crate::agent::bind::page::Page;
use crate::agent::bind::words::{Words, has};
use crate::agent::bind::{Evidence, Freedom, Problem, recall, standing};
use crate::agent::literal::{self, Kind};
use crate::domain::fact::Value;
use std::collections::BTreeSet;
use std::ops::Range;
use table::{Group, TABLES, Table};

/// Words a problem names.
const NAMED_MAX: usize = 6;
/// Words of the shopper, beyond the harmless ones, that a sentence may say back.
const ECHO_MAX: usize = 3;
/// Letters two forms of a word have in common.
const COMMON_CHARS_MIN: usize = 4;
/// Letters by which two forms of a word may differ at the end.
const ENDING_CHARS_MAX: usize = 3;
/// Share of words no table knows, in per cent, from which a text is in a language that cannot be checked.
const FOREIGN_PERCENT: usize = 60;
/// Words at the beginning of a sentence, one of which makes a question one that asks.
const OPENER_WITHIN: usize = 2;
/// Such words.
const OPENERS: &str = "would shall do does should may can could want what which how who where when need \
    quieres quiere quieren te le deseas prefieres que cual cuales cuanto cuantos como donde cuando puedo puedes necesitas busco pido \
    quer gostaria voce prefere qual quais quanto onde posso pode precisa peco \
    mochten mochtest soll sollen darf wollen willst brauchen welche welcher welches was wie wo wann wer kann konnen \
    voulez veux souhaitez preferez quel quelle quels quelles combien comment ou puis peux pouvez dois";
/// Words of a sentence that tell what was done or how things stand now.
const PERFECT: &str = "has have had was were been i've we've it's i'm ha han he hemos fue fueron quedo foi foram ja ya wurde wurden habe haben hat ist bereits \
    a ont ete avons ai avez is are esta estan estao est sont";
/// Words that make a statement of what may be.
const GENERAL: &str = "if once when as until after before within can could may might must should will unless si cuando puede puedes puedo podemos hasta dentro despues se quando pode podem ate dentro \
    depois apos wenn sobald kann konnen konnen nachdem bis innerhalb falls muss mussen werden wird quand lorsque peut pouvez apres avant sous dans";

/// The names and words a reply may use, once for each reply.
struct Grounds {
    told: BTreeSet<String>,
    echo: BTreeSet<String>,
}

/// What of a model's own words rests on nothing.
pub(super) fn unfounded(page: &Page, evidence: &Evidence<'_>) -> Vec<Problem> {
    if evidence.freedom == Freedom::House {
        return Vec::new();
    }
    if let Some(hidden) = disguise::find(&page.text, &|place| page.is_ours(place)) {
        return vec![Problem::Disguised(hidden)];
    }
    if evidence.freedom == Freedom::Checked {
        return Vec::new();
    }
    let grounds = Grounds::of(evidence);
    let figures: Vec<Range<usize>> = literal::find(&page.text).into_iter().map(|l| l.place).collect();
    let (mut strange, mut all, mut unknown): (Vec<String>, usize, usize) = (Vec::new(), 0, 0);
    let last = page.words.words.last().map_or(0, |w| w.sentence);
    for sentence in 0..=last {
        let own: Vec<usize> = page
            .words
            .words
            .iter()
            .enumerate()
            .filter(|(_, w)| w.sentence == sentence && !page.is_ours(&w.place))
            .filter(|(_, w)| !figures.iter().any(|f| f.start <= w.place.start && w.place.end <= f.end))
            .map(|(n, _)| n)
            .collect();
        all += own.len();
        // The language in which the fewest words are strange is the one that is spoken.
        let spoken = TABLES.iter().map(|table| Reader { table, page, evidence, grounds: &grounds }.strange(&own));
        let Some(fewest) = spoken.min_by_key(|(strange, _)| strange.len()) else { continue };
        unknown += fewest.1;
        strange.extend(
            fewest
                .0
                .into_iter()
                .filter_map(|n| page.text.get(page.words.words.get(n)?.place.clone()))
                .map(str::to_owned),
        );
    }
    if strange.is_empty() {
        return Vec::new();
    }
    if unknown * 100 >= all.max(1) * FOREIGN_PERCENT {
        return vec![Problem::Language];
    }
    strange.dedup();
    strange.truncate(NAMED_MAX);
    vec![Problem::Free(strange.join(", "))]
}

/// A sentence read in one language.
struct Reader<'a> {
    table: &'a Table,
    page: &'a Page,
    evidence: &'a Evidence<'a>,
    grounds: &'a Grounds,
}

impl Reader<'_> {
    /// The words that may not be said, and how many no table and no source knows.
    fn strange(&self, own: &[usize]) -> (Vec<usize>, usize) {
        let (mut strange, mut unknown, mut echoed) = (Vec::new(), 0, 0);
        for n in own {
            let Some(word) = self.page.words.words.get(*n) else { continue };
            let parts = || word.plain.split(['\'', '’']).filter(|p| !p.is_empty());
            let groups: Vec<Group> = match self.table.groups(&word.plain) {
                found if !found.is_empty() => found,
                _ => parts().flat_map(|part| self.table.groups(part)).collect(),
            };
            let risky: Vec<Group> = groups.iter().copied().filter(|g| *g != Group::Free).collect();
            let known = self.table.knows(&word.plain) || parts().all(|part| self.table.knows(part));
            if !risky.is_empty() {
                if !risky.iter().any(|group| self.licensed(*group, *n)) {
                    strange.push(*n);
                }
                continue;
            }
            if known || word.plain.chars().all(char::is_numeric) {
                continue;
            }
            let risky_elsewhere = TABLES.iter().any(|t| t.groups(&word.plain).iter().any(|g| *g != Group::Free));
            if self.grounds.tells(&word.plain) && (!risky_elsewhere || self.cited(Group::Talk, *n)) {
                continue;
            }
            if !risky_elsewhere && echoed < ECHO_MAX && alike(&self.grounds.echo, &word.plain) {
                echoed += 1;
                continue;
            }
            unknown += 1;
            strange.push(*n);
        }
        (strange, unknown)
    }

    /// Whether the sentence around a word rests on something that lets it say such a word; whether it says it truly is
    /// for the other checks.
    fn licensed(&self, group: Group, n: usize) -> bool {
        let words = &self.page.words;
        let Some(word) = words.words.get(n) else { return false };
        let at = word.place.start;
        if group == Group::Never {
            return words.negated(n);
        }
        let asks = words.asks(word.sentence)
            && words.sentence(word.sentence).take(OPENER_WITHIN).any(|w| has(OPENERS, &w.plain));
        if asks || words.negated(n) || self.cited(group, n) {
            return true;
        }
        let facts = self.evidence.ledger.facts();
        let any = |letter: char| facts.iter().any(|f| f.entity.starts_with(letter));
        let acted = |acts: &[&str]| self.evidence.acts.iter().any(|act| acts.contains(act));
        let goods = || self.page.beside(at).is_some_and(super::mention::Mention::is_goods);
        match group {
            Group::Price => self.money(at),
            Group::Stock => goods(),
            Group::State => standing::judges(self.page, n),
            Group::Talk => any('o') || facts.iter().any(|f| f.entity == "cart") || acted(&["proposed", "placed"]),
            Group::Promise => self.page.beside(at).is_some_and(|m| !m.entities.is_empty()) || acted(&["proposed"]),
            Group::Cart => acted(&["cart"]),
            Group::HandOff => acted(&["hand_off"]),
            Group::Deed => {
                self.evidence.acts.iter().any(|act| !["proposed", "hand_off", "cart"].contains(act))
                    || standing::judges(self.page, n)
            }
            Group::Free | Group::Never => false,
        }
    }

    /// Whether the sentence has an amount that was held against the facts.
    fn money(&self, at: usize) -> bool {
        let sentence = self.page.sentence(at);
        let found = self.page.text.get(sentence).map(literal::find).unwrap_or_default();
        found.iter().any(|l| l.kind == Kind::Money)
    }

    /// Whether a passage that is cited here has the word, and the sentence tells a rule and no deed.
    fn cited(&self, group: Group, n: usize) -> bool {
        let words = &self.page.words;
        let Some(word) = words.words.get(n) else { return false };
        let cites = self.page.cites(word.place.start);
        let cites: Vec<&String> = cites.iter().filter(|c| c.starts_with('k')).collect();
        if cites.is_empty() {
            return false;
        }
        let has_any = |table: &str| words.sentence(word.sentence).any(|w| has(table, &w.plain));
        let told = matches!(group, Group::State | Group::Deed | Group::Cart | Group::HandOff);
        if told && has_any(PERFECT) && !has_any(GENERAL) {
            return false;
        }
        let text = cites.iter().map(|c| recall::whole(self.evidence.ledger, c)).collect::<Vec<_>>().join("\n");
        let held = Words::read(&text);
        let (said, theirs) = (recall::language(words), recall::language(&held));
        // In another language the words cannot be compared; what is promised there is for the table of promises.
        let same = said.is_none() || theirs.is_none() || said == theirs;
        !same || alike(&held.words.iter().map(|w| w.plain.clone()).collect(), &word.plain)
    }
}

impl Grounds {
    fn of(evidence: &Evidence<'_>) -> Self {
        let mut told = BTreeSet::new();
        let mut take = |text: &str| told.extend(Words::read(text).words.into_iter().map(|w| w.plain));
        for fact in evidence.ledger.facts() {
            fact.called.iter().for_each(|called| take(called));
            match &fact.value {
                Value::Text(text) | Value::Name(text) => take(text),
                _ => {}
            }
            // The name of a property may be said: "waterproof", "comfort temperature".
            take(&fact.field.replace(['.', '_'], " "));
        }
        evidence.house.iter().for_each(|name| take(name));
        let echo = evidence.echo.iter().flat_map(|said| Words::read(said).words).map(|w| w.plain).collect();
        Self { told, echo }
    }

    fn tells(&self, word: &str) -> bool {
        alike(&self.told, word)
    }
}

/// Whether a word, or another form of it, is among these.
fn alike(known: &BTreeSet<String>, word: &str) -> bool {
    if known.contains(word)
        || known.contains(&format!("{word}s"))
        || word.strip_suffix('s').is_some_and(|w| known.contains(w))
    {
        return true;
    }
    let start: String = word.chars().take(COMMON_CHARS_MIN).collect();
    if start.chars().count() < COMMON_CHARS_MIN {
        return false;
    }
    let length = word.chars().count();
    known.range(start.clone()..).take_while(|k| k.starts_with(&start)).any(|k| {
        let common = k.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
        common + ENDING_CHARS_MAX >= length.max(k.chars().count())
    })
}
