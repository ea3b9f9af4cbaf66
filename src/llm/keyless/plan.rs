//! One step of a turn: read what is wanted, work through it, and either ask the next tool or reply.

mod after;
mod ask;
mod cart;
mod find;
mod foreign;
mod most;
mod order;
mod person;
mod policy;
mod variants;

use crate::llm::keyless::desk::{Desk, Stop};
use crate::llm::keyless::draft::{Draft, Outcome, fill};
use crate::llm::keyless::intent::{After, Intent, read, read_signs};
use crate::llm::keyless::language::Language;
use crate::llm::keyless::lexicon as lex;
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::point::pointing;
use crate::llm::keyless::refer::{self, Reference};
use crate::llm::keyless::split::{Piece, pieces};
use crate::llm::keyless::talk::{Asked, Talk};
use crate::llm::keyless::words::Words;
use crate::llm::{Answer, Call};

/// Things answered in one turn.
const WISHES_MAX: usize = 2;
/// Times we ask back before a colleague is called.
const ASKED_BACK_MAX: u32 = 2;

/// One thing the shopper wants, and the words it was said with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// What.
    pub intent: Intent,
    /// In these words.
    pub words: Words,
}

/// The next step, as the planner reads the message itself.
pub fn step(talk: &Talk) -> Answer {
    match foreign::voice(talk) {
        Some(voice) => work(talk, foreign::wishes(talk, wishes(talk)), |draft| foreign::reply(&voice, talk, draft)),
        None => work(talk, wishes(talk), |draft| draft),
    }
}

/// The next step towards these wishes; `spoken` has the last word on the reply.
pub fn work(talk: &Talk, wishes: Vec<Wish>, spoken: impl FnOnce(Draft) -> Draft) -> Answer {
    let mut desk = Desk::new(talk);
    let mut reply = Draft::default();
    for wish in wishes {
        match answer(&mut desk, &wish) {
            Ok(draft) => reply = if reply == Draft::default() { draft } else { reply.join(draft) },
            Err(Stop::Call(call)) => return Answer { calls: vec![call], ..Answer::default() },
            Err(Stop::Closed) if reply == Draft::default() => reply = failed(talk),
            Err(Stop::Closed) => {}
        }
    }
    let arguments = spoken(reply).into_reply(talk.language, talk.remarks).to_string();
    let id = desk.next_id();
    Answer { calls: vec![Call { id, tool: "reply".to_owned(), arguments }], ..Answer::default() }
}

fn failed(talk: &Talk) -> Draft {
    Draft::of(talk.language.pick(ph::FAILED))
        .choices([talk.language.pick(ph::TAP_COLLEAGUE).to_owned()])
        .outcome(Outcome::AskBack)
}

/// What is wanted, at most two things, the weightiest alone.
pub fn wishes(talk: &Talk) -> Vec<Wish> {
    let scene = talk.scene();
    let parts = pieces(&talk.said);
    if parts.is_empty() {
        return vec![Wish { intent: read_signs(&talk.said), words: Words::default() }];
    }
    if let Some(wish) = address_given(talk) {
        return vec![wish];
    }
    let all: Vec<Wish> =
        parts.iter().map(|piece| Wish { intent: read(piece, &scene), words: piece.words.clone() }).collect();
    let urgent = |intent: &Intent| {
        matches!(
            intent,
            Intent::Injection
                | Intent::Complaint
                | Intent::PaymentTrouble
                | Intent::Person
                | Intent::AskColleague
                | Intent::OrderChange(_)
        )
    };
    if let Some(wish) = all.iter().find(|wish| urgent(&wish.intent)) {
        return vec![wish.clone()];
    }
    if let Some(wish) = answer_to_question(talk, &all) {
        return vec![wish];
    }
    let mut merged = merge(all);
    // Courtesies beside a wish need no answer of their own.
    if merged.iter().any(|wish| !is_small_talk(&wish.intent)) {
        merged.retain(|wish| !is_small_talk(&wish.intent));
    }
    merged.dedup_by(|one, other| one.intent == other.intent);
    merged.truncate(WISHES_MAX);
    merged
}

/// The address we asked for.
fn address_given(talk: &Talk) -> Option<Wish> {
    let asked = talk.asked_about()?;
    let wanted = ph::WRITE_ADDRESS.iter().any(|mark| asked.question.contains(mark));
    let written = talk.said.chars().any(|c| c.is_ascii_digit());
    let words = Words::read(&asked.wish);
    (wanted && written).then_some(Wish { intent: Intent::OrderChange(After::Address), words })
}

fn is_small_talk(intent: &Intent) -> bool {
    matches!(intent, Intent::Greet | Intent::Thanks | Intent::Bye | Intent::No | Intent::Unclear | Intent::Abilities)
}

/// "I need a jacket. Under 100. In blue." is one search.
fn merge(all: Vec<Wish>) -> Vec<Wish> {
    let mut out: Vec<Wish> = Vec::new();
    for wish in all {
        match (out.last_mut().map(|last| &mut last.intent), &wish.intent) {
            (Some(Intent::Find(query)), Intent::Find(more) | Intent::Refine(more))
            | (Some(Intent::Refine(query)), Intent::Refine(more)) => {
                query.push(' ');
                query.push_str(more);
            }
            _ => out.push(wish),
        }
    }
    out
}

/// An answer to our own question: "M" after "which size?", a title after "which one?".
fn answer_to_question(talk: &Talk, all: &[Wish]) -> Option<Wish> {
    let asked = talk.asked_about()?;
    let [only] = all else { return None };
    let answers = matches!(
        only.intent,
        Intent::Find(_) | Intent::Refine(_) | Intent::Unclear | Intent::Details | Intent::Ask(_) | Intent::Question(_)
    );
    // A question of their own is no answer to ours.
    let asks = only.words.starts(lex::QUESTION) && only.words.len() > 1;
    let seeks = only.words.starts(lex::SEEKING);
    if !answers || asks || seeks || only.words.len() > 8 {
        return None;
    }
    // "Tent" after "which of these sleeping bags?" is the next search.
    let elsewhere = || {
        let named = refer::products(&only.words, &pointing(&only.words, false), &talk.state);
        matches!(only.intent, Intent::Find(_)) && !matches!(named, Reference::These(_))
    };
    let Asked { wish, answers, option, .. } = asked;
    let mut words = Words::read(&format!("{wish} {}", answers.join(" ")));
    let first = pieces(&wish).iter().map(|piece| read(piece, &talk.scene())).find(|intent| !is_small_talk(intent))?;
    let intent = match first {
        Intent::CartAdd { buy } => Intent::CartAdd { buy },
        Intent::OrderChange(kind) => {
            // "Which one instead?" is answered with what is wanted in its place.
            if let (true, [items @ .., to]) = (option, answers.as_slice()) {
                words = Words::read(&format!("{wish} {} for {to}", items.join(" ")));
            }
            Intent::OrderChange(kind)
        }
        _ if option => Intent::CartAdd { buy: false },
        Intent::Details | Intent::Price | Intent::Compare | Intent::Ask(_) if elsewhere() => return None,
        Intent::Details | Intent::Price | Intent::Compare | Intent::CartRemove | Intent::CartSet => first,
        Intent::Ask(_) => Intent::Ask(words.written()),
        _ => return None,
    };
    Some(Wish { intent, words })
}

fn answer(desk: &mut Desk, wish: &Wish) -> Result<Draft, Stop> {
    let words = &wish.words;
    match &wish.intent {
        Intent::Find(query) => find::find(desk, query, words),
        Intent::Refine(more) => find::refine(desk, more),
        Intent::Cheaper(more) => find::cheaper(desk, more, words),
        Intent::Cheapest(more) => find::sorted(desk, more, "price_low"),
        Intent::Dearest(more) => find::sorted(desk, more, "price_high"),
        Intent::Most => most::of_shown(desk, words),
        Intent::MoreOf => most::of_search(desk, words),
        Intent::More => find::more(desk),
        Intent::Details => ask::details(desk, words),
        Intent::Price => ask::price(desk, words),
        Intent::Ask(question) => ask::question(desk, words, question),
        Intent::Compare => ask::compare(desk, words),
        Intent::Policy(question) => policy::policy(desk, question, words),
        Intent::Question(question) => policy::question(desk, question, words),
        Intent::CartView => cart::view(desk),
        Intent::CartAdd { buy } => cart::add(desk, words, *buy),
        Intent::CartSet => cart::set(desk, words),
        Intent::CartRemove => cart::remove(desk, words),
        Intent::CartClear => cart::clear(desk),
        Intent::Checkout => cart::checkout(desk),
        Intent::OrderStatus(number) => order::status(desk, number.as_deref()),
        Intent::OrderChange(kind) => after::wished(desk, *kind, words),
        Intent::Person => person::asked_for(desk),
        Intent::AskColleague => person::not_known(desk),
        Intent::Complaint => person::complaint(desk, "complaint"),
        Intent::PaymentTrouble => person::complaint(desk, "payment"),
        Intent::Haggle(question) => policy::haggle(desk, question),
        Intent::Unclear => unclear(desk),
        small => Ok(small_talk(small, desk.talk)),
    }
}

fn small_talk(intent: &Intent, talk: &Talk) -> Draft {
    let language = talk.language;
    let starters = || [ph::TAP_SHIPPING, ph::TAP_RETURNS, ph::TAP_ORDER].map(|tap| language.pick(tap).to_owned());
    match intent {
        Intent::Greet => {
            let shop = crate::llm::keyless::say::quiet(&talk.state.shop.name, 60);
            Draft::of(hello(language, &shop)).choices(starters())
        }
        Intent::Abilities => Draft::of(language.pick(ph::ABILITIES)).choices(starters()),
        Intent::Thanks => Draft::of(language.pick(ph::WELCOME)),
        Intent::Bye => Draft::of(language.pick(ph::BYE)),
        Intent::OffTopic => Draft::of(language.pick(ph::OFF_TOPIC)).choices(starters()).outcome(Outcome::Refuse),
        Intent::Injection => Draft::of(language.pick(ph::NO_NEW_RULES)).outcome(Outcome::Refuse),
        _ => Draft::of(language.pick(ph::ALL_RIGHT)),
    }
}

fn hello(language: Language, shop: &str) -> String {
    let named = if shop.is_empty() { language.pick(["our shop", "la tienda", "loja"]) } else { shop };
    fill(language, ph::HELLO, &[("[shop]", named)])
}

/// Asked back once or twice; then a person looks at it.
fn unclear(desk: &mut Desk) -> Result<Draft, Stop> {
    let talk = desk.talk;
    if talk.state.asked_back >= ASKED_BACK_MAX {
        return person::not_known(desk);
    }
    let taps = [ph::TAP_SHIPPING, ph::TAP_RETURNS, ph::TAP_ORDER, ph::TAP_COLLEAGUE];
    Ok(Draft::of(talk.language.pick(ph::NOT_UNDERSTOOD))
        .choices(taps.map(|tap| talk.language.pick(tap).to_owned()))
        .outcome(Outcome::AskBack))
}

/// A piece made of words alone.
fn piece(words: &Words) -> Piece {
    Piece { words: words.clone(), question: false }
}
