//! Which bubbles a reply becomes: its words with the first thing that can be tapped, and one more for each thing that
//! cannot share a bubble with it.

use crate::channel::whatsapp::limits::{
    BODY_MAX, BUTTONS_MAX, LINK_LABEL_MAX, PRODUCTS_MAX, ROWS_MAX, TEXT_MAX, is_blank, units,
};
use crate::channel::whatsapp::render::spoken::{Choice, Choices};
use crate::channel::whatsapp::render::tail::{Head, Tail, is_address, is_public, is_retailer_id};
use crate::channel::whatsapp::render::{Bubble, Situation, WORD_BUBBLES_MAX, fit, words};
use crate::domain::message::{Document, Notice, Reply};
use crate::wording::phrases::{PERSON, READ_ON, RETURNED};

/// A reply, decided upon.
pub struct Plan {
    words: String,
    /// The first gets the words.
    tails: Vec<Tail>,
}

impl Plan {
    /// Decides.
    pub fn of(reply: &Reply, situation: &Situation<'_>) -> Self {
        let Choices { tapped, named } = Choices::of(reply);
        let mut blocks = vec![opening(reply, situation)];
        let mut tails = Vec::new();
        let products = products(reply, situation);
        if let [only] = reply.cards.as_slice() {
            blocks.push(words::card(only));
        }
        blocks.extend(reply.summary.as_ref().map(words::summary));
        match products {
            Some(products) => tails.push(products),
            None if !tapped.is_empty() => tails.push(Tail::Choices(tapped, None)),
            None => {}
        }
        for (label, url) in pages(reply) {
            let shown = fit::line(label);
            if !is_address(url) {
                // What is to be paid must be payable, however odd its address is.
                blocks.push(fit::line(&format!("{shown} {url}")));
                continue;
            }
            if units(&shown) > LINK_LABEL_MAX {
                blocks.push(shown.clone());
            }
            tails.push(Tail::Page { label: shown, url: url.to_owned(), head: None });
        }
        tails.extend(reply.share.map(Tail::Share));
        blocks.push(words::sources(&reply.sources));
        blocks.push(words::named(&named, situation.voice));
        if let Some(file) = &reply.document {
            with_file(file, &mut tails, &mut blocks);
        }
        if let [only] = reply.cards.as_slice()
            && let Some(picture) = only.picture.as_deref().filter(|url| is_public(url))
        {
            with_picture(picture, &mut tails);
        }
        let mut words = words::joined(blocks);
        if reply.cards.len() > 1 && matches!(tails.first(), Some(Tail::Choices(..))) {
            words = with_lines(reply, words);
        }
        if tails.is_empty() {
            tails.push(Tail::Words);
        }
        Self { words, tails }
    }

    /// The bubbles.
    pub fn bubbles(self, situation: &Situation<'_>) -> Vec<Bubble> {
        let mut tails = self.tails.into_iter();
        let mut first = tails.next().unwrap_or(Tail::Words);
        if first == Tail::Words && is_blank(&self.words) {
            return Vec::new();
        }
        let (heads, last) = parted(&self.words, &first);
        let more = if units(&last) > first.room() { ask_for_more(&mut first, situation) } else { None };
        let last = fit::cut(&last, first.room());
        let mut bubbles: Vec<Bubble> = heads.iter().map(|words| Tail::Words.bubble(words, situation)).collect();
        bubbles.push(first.bubble(&last, situation));
        bubbles.extend(tails.chain(more).map(|tail| tail.bubble("", situation)));
        bubbles
    }
}

/// What is said first. A change of hands is told even where nobody found words for it.
fn opening(reply: &Reply, situation: &Situation<'_>) -> String {
    let said = words::said(&reply.text);
    match reply.notice {
        Some(Notice::HandOff) if is_blank(&said) => situation.voice.pick(PERSON),
        Some(Notice::Returned) if is_blank(&said) => situation.voice.pick(RETURNED),
        _ if reply.is_empty() || !is_blank(&said) => said,
        // An approved form without anything beside it: its values are what it would have said.
        _ => match &reply.template {
            Some(form) if alone(reply) => {
                let values: Vec<String> = form.values.values().map(|value| fit::line(value)).collect();
                let said = values.join("\n");
                if is_blank(&said) { form.name.clone() } else { said }
            }
            _ => said,
        },
    }
}

/// Whether a reply is nothing but its approved form.
fn alone(reply: &Reply) -> bool {
    let bare = Reply { template: None, text: String::new(), ..reply.clone() };
    bare == Reply::default()
}

fn pages(reply: &Reply) -> impl Iterator<Item = (&str, &str)> {
    let payment = reply.payment.iter().map(|page| (page.label.as_str(), page.url.as_str()));
    payment.chain(reply.link.iter().map(|link| (link.label.as_str(), link.url.as_str())))
}

/// Goods of the catalogue, shown by the network itself, where nothing else wants to be tapped.
fn products(reply: &Reply, situation: &Situation<'_>) -> Option<Tail> {
    let catalog = situation.catalog.filter(|id| !is_blank(id))?;
    let else_to_tap = !reply.choices.is_empty()
        || reply.summary.is_some()
        || reply.payment.is_some()
        || reply.link.is_some()
        || reply.share.is_some()
        || reply.document.is_some();
    let articles = reply.cards.iter().map(|card| Some(card.article.as_ref()?.to_string()));
    let ids: Vec<String> = articles.collect::<Option<_>>()?;
    let known = !ids.is_empty() && ids.iter().all(|id| is_retailer_id(id));
    let distinct = ids.iter().collect::<std::collections::BTreeSet<_>>().len() == ids.len();
    let fits = ids.len() <= PRODUCTS_MAX;
    (known && distinct && fits && !else_to_tap).then(|| Tail::Products { catalog: catalog.to_owned(), ids })
}

/// A file above the words if there is room, else by itself; one that the network cannot fetch is a page to open.
fn with_file(file: &Document, tails: &mut Vec<Tail>, blocks: &mut Vec<String>) {
    if is_public(&file.url) {
        match tails.first_mut().and_then(Tail::head) {
            Some(head) => *head = Some(Head::File(file.clone())),
            None => tails.push(Tail::File(Head::File(file.clone()))),
        }
    } else {
        blocks.push(fit::line(&file.name));
        if is_address(&file.url) {
            tails.push(Tail::Page { label: fit::line(&file.name), url: file.url.clone(), head: None });
        }
    }
}

/// A picture decorates: it never costs a bubble.
fn with_picture(url: &str, tails: &mut Vec<Tail>) {
    if tails.is_empty() {
        tails.push(Tail::File(Head::Picture(url.to_owned())));
    } else if let Some(head) = tails.first_mut().and_then(Tail::head) {
        head.get_or_insert_with(|| Head::Picture(url.to_owned()));
    }
}

/// Each product in a line of its own, if that costs no further bubble: the rows of a list are hidden until it is opened.
fn with_lines(reply: &Reply, words: String) -> String {
    let lines = reply.cards.iter().enumerate().map(|(at, card)| words::card_line(at + 1, card));
    let longer = words::joined(vec![words.clone(), lines.collect::<Vec<_>>().join("\n")]);
    if units(&longer) <= BODY_MAX { longer } else { words }
}

/// The words that need bubbles of their own, and what is left for the tail.
fn parted(text: &str, tail: &Tail) -> (Vec<String>, String) {
    let (mut heads, mut rest) = (Vec::new(), text);
    while units(rest) > tail.room() && heads.len() + 1 < WORD_BUBBLES_MAX {
        let left = units(rest);
        // The rest has to fit beside the tail; short of that, a bubble is filled.
        let (min, max) = if left <= TEXT_MAX { (left - tail.room(), left - 1) } else { (TEXT_MAX / 2, TEXT_MAX) };
        let (head, after) = fit::part(rest, min, max);
        if !is_blank(head) {
            heads.push(head.to_owned());
        }
        rest = after;
    }
    (heads, rest.to_owned())
}

/// A button that asks for the rest: among the others if there is room, else as a tail of its own.
fn ask_for_more(tail: &mut Tail, situation: &Situation<'_>) -> Option<Tail> {
    let label = situation.voice.pick(READ_ON);
    let more = Choice { id: format!("say:{label}"), label, hint: String::new(), product: false };
    match tail {
        Tail::Words => *tail = Tail::Choices(vec![more], None),
        // A list has no room for what stands above buttons.
        Tail::Choices(choices, head) if choices.len() < if head.is_some() { BUTTONS_MAX } else { ROWS_MAX } => {
            choices.push(more);
        }
        _ => return Some(Tail::Choices(vec![more], None)),
    }
    None
}
