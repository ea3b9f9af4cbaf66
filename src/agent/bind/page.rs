//! A reply with its placeholders filled in: where each part comes from, what it cites, what it names.

use crate::agent::bind::mention::{self, Mention};
use crate::agent::bind::words::{self, MUTED, Words, begins};
use crate::agent::bind::{Problem, Segment};
use crate::agent::ledger::Ledger;
use crate::agent::literal::{Kind, Literal, unit};
use crate::domain::fact::Value;
use crate::wording::Voice;
use std::ops::Range;

/// Characters of an unknown placeholder that are told.
const UNKNOWN_CHARS_MAX: usize = 60;
/// Words that compare: beside them a difference may stand.
const COMPARING: &str = "more= less= cheaper= dearer= expensive= difference= differs= save saving apart= over= under= than= together= both= sum= total altogether= mas= menos= barat diferencia= ahorr juntos= juntas= mais= diferenca= economiz mehr= weniger= gunstiger= billiger= teurer= unterschied= differenz= spar zusammen= plus= moins= difference= econom ensemble= later= earlier= between= entre= zwischen= spater= despues= depois= apres=";
/// Words before an amount that repeat the shopper's limit.
const LIMITING: &str = "under= below= over= above= within= budget= max= maximum= up= debajo= menos= hasta= presupuesto= abaixo= ate= orcamento= unter= bis= uber= sous= moins= jusqu'a=";
/// Words of carts and orders.
const RECOUNTING: &str = "cart basket order ordered= bought= paid= line= lines= carrito cesta pedido compra carrinho encomenda warenkorb bestell panier commande achet";
/// Words between a count and what is counted.
const OF: &str = "of= von= vom= der= de= del= du= des= dos= das= di=";
/// Words before an amount in which a limit stands.
const LIMIT_WORDS: usize = 3;

/// A reply in the making.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The text as the shopper would read it.
    pub text: String,
    /// What came from placeholders, and from which.
    pub filled: Vec<(Range<usize>, String)>,
    /// Pages of ours that placeholders lead to.
    pub links: Vec<String>,
    /// Its words.
    pub words: Words,
    /// What it names.
    pub mentions: Vec<Mention>,
    sentences: Vec<Range<usize>>,
    segments: Vec<(Range<usize>, Vec<String>)>,
}

impl Page {
    /// Fills the placeholders in.
    pub fn read(segments: &[Segment], ledger: &Ledger, voice: &Voice) -> (Self, Vec<Problem>) {
        let (mut page, mut problems) = (Self::default(), Vec::new());
        for segment in segments.iter().filter(|s| !s.text.trim().is_empty()) {
            if !page.text.is_empty() && !page.text.ends_with('\n') {
                page.text.push(' ');
            }
            let start = page.text.len();
            page.fill(segment.text.trim_matches(' '), ledger, voice, &mut problems);
            page.segments.push((start..page.text.len(), segment.cites.clone()));
        }
        page.mentions = mention::mentions(&page.text, ledger.facts());
        let names: Vec<Range<usize>> = page.mentions.iter().map(|m| m.place.clone()).collect();
        page.words = Words::around(&page.text, &names);
        page.sentences = words::sentences(&page.text, &names);
        // What a title or a fact says is no word of the model's: "Scart to A/V" makes nothing a maybe.
        let mut words = std::mem::take(&mut page.words);
        for word in words.words.iter_mut().filter(|w| page.is_ours(&w.place)) {
            MUTED.clone_into(&mut word.plain);
        }
        page.words = words;
        (page, problems)
    }

    fn fill(&mut self, text: &str, ledger: &Ledger, voice: &Voice, problems: &mut Vec<Problem>) {
        let unknown = |name: &str| Problem::Unknown(name.chars().take(UNKNOWN_CHARS_MAX).collect());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            self.text.push_str(before);
            let Some((name, following)) = after.split_once("}}") else {
                problems.push(unknown(after));
                return;
            };
            rest = following;
            let name = name.trim();
            match ledger.find(name).map(|fact| &fact.value) {
                // An address is opened by a button; the words that led to it end here.
                Some(Value::Link(to)) => {
                    self.links.push(to.clone());
                    let kept = self.text.trim_end_matches([' ', ':']).len();
                    self.text.truncate(kept);
                }
                Some(value) => {
                    let start = self.text.len();
                    self.text.push_str(&voice.value(value));
                    self.filled.push((start..self.text.len(), name.to_owned()));
                }
                None => problems.push(unknown(name)),
            }
        }
        self.text.push_str(rest);
    }

    /// What the part of the text at a place cites.
    pub fn cites(&self, at: usize) -> Vec<String> {
        self.segments.iter().find(|(place, _)| place.contains(&at)).map(|(_, cites)| cites.clone()).unwrap_or_default()
    }

    /// Every part with what it cites.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.segments.iter().map(|(place, cites)| (self.text.get(place.clone()).unwrap_or_default(), cites.as_slice()))
    }

    /// The thing a place stands beside.
    pub fn beside(&self, at: usize) -> Option<&Mention> {
        mention::beside(&self.sentence(at), at, &self.mentions)
    }

    /// The same, where what fills the place is itself a name: a colour is no other thing beside itself.
    pub fn beside_outside(&self, place: &Range<usize>) -> Option<&Mention> {
        let beside = self.beside(place.start)?;
        if beside.place.start >= place.end || beside.place.end <= place.start {
            return Some(beside);
        }
        let sentence = self.sentence(place.start);
        let within = |m: &&Mention| sentence.start <= m.place.start && m.place.end <= place.start;
        self.mentions.iter().rfind(within)
    }

    /// The sentence a place stands in.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        self.sentences.iter().find(|s| at < s.end).cloned().unwrap_or(0..self.text.len())
    }

    /// Whether the sentence at a place names a product or an order.
    pub fn sentence_names(&self, at: usize) -> bool {
        let sentence = self.sentence(at);
        self.mentions.iter().any(|m| sentence.start <= m.place.start && m.place.end <= sentence.end)
    }

    /// Whether a place is the server's: filled in, or a name.
    pub fn is_ours(&self, place: &Range<usize>) -> bool {
        let inside = |o: &Range<usize>| o.start <= place.start && place.end <= o.end;
        self.filled.iter().any(|(o, _)| inside(o))
            || self.mentions.iter().any(|m| !m.entities.is_empty() && inside(&m.place))
    }

    /// Whether a place is within the name of something that is sold.
    pub fn is_named(&self, place: &Range<usize>) -> bool {
        let inside = |m: &Mention| m.place.start <= place.start && place.end <= m.place.end;
        self.mentions.iter().any(|m| m.is_goods() && inside(m))
    }

    /// Whether the sentence at a place compares things.
    pub fn compares(&self, at: usize) -> bool {
        let sentence = self.sentence(at);
        self.words.words.iter().any(|w| sentence.contains(&w.place.start) && begins(COMPARING, &w.plain))
    }

    /// "450 of the lamps left": the unit of a bare count stands at the end of its clause.
    pub fn counted(&self, literal: &Literal) -> Literal {
        let mut counted = literal.clone();
        let words = &self.words.words;
        let next = words.iter().position(|w| w.place.start >= literal.place.end);
        let of = next.and_then(|n| words.get(n)).filter(|w| begins(OF, &w.plain));
        if let Some(of) = of.filter(|_| literal.kind == Kind::Figure && literal.unit.is_none()) {
            let clause = words.iter().filter(|w| w.clause == of.clause && w.place.start > of.place.start);
            counted.unit = clause.filter_map(|w| unit::of(&w.plain)).find(|class| *class == unit::Class::Left);
        }
        counted
    }

    /// Whether the sentence at a place speaks of a cart or an order, where prices may be those of another day.
    pub fn recounts(&self, at: usize) -> bool {
        let sentence = self.sentence(at);
        let said = self.words.words.iter().any(|w| sentence.contains(&w.place.start) && begins(RECOUNTING, &w.plain));
        let counted = self.text.get(sentence.clone()).is_some_and(|t| t.contains('×'));
        said || counted || self.mentions.iter().any(|m| m.is_order() && sentence.contains(&m.place.start))
    }

    /// Whether an amount is a limit ("under €150") and no price.
    pub fn limits(&self, at: usize) -> bool {
        let before = self.words.words.iter().rev().filter(|w| w.place.end <= at).take(LIMIT_WORDS);
        before.into_iter().any(|w| begins(LIMITING, &w.plain))
    }
}
