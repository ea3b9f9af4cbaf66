//! From the end of a turn to what the shopper sees: cards, summary and sources are made by the server from the store.

use crate::agent::clean::label;
use crate::agent::decide::Did;
use crate::agent::journal::Journal;
use crate::agent::ledger::Ledger;
use crate::agent::tool::Effect;
use crate::agent::turn::{Draft, Ending};
use crate::agent::{Error, HandOffAsked, Outcome, Thread, card, decide, earlier, safe, wording};
use crate::app::App;
use crate::catalog::understand::Vocabulary;
use crate::catalog::{find, understand};
use crate::checkout::order_link;
use crate::checkout::summary::summary;
use crate::domain::conversation::HandOffReason;
use crate::domain::id::{ProductId, ProposalId, VariantId};
use crate::domain::message::{Button, CHOICES_MAX, Card, Link, Reply, Source};
use crate::domain::product::Product;
use crate::domain::proposal::{Act, Proposal};
use crate::domain::risk::Band;

/// Makes the reply of an ended turn.
pub async fn outcome(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    mut ending: Ending,
    ledger: &Ledger,
) -> Result<Outcome, Error> {
    let mut memory = thread.conversation.memory.clone();
    let effects: Vec<&Effect> = ending.outputs.iter().filter_map(|o| o.effect.as_ref()).collect();
    let mut hand_off = effects.iter().rev().find_map(|e| match e {
        Effect::HandOff(asked) => Some(asked.clone()),
        _ => None,
    });
    let proposal = effects.iter().rev().find_map(|e| match e {
        Effect::Proposed { proposal } => Some(proposal.clone()),
        _ => None,
    });
    let searched = effects.iter().rev().find_map(|e| match e {
        Effect::Searched { arguments } => Some(arguments.clone()),
        _ => None,
    });
    let edited = effects.iter().any(|e| matches!(e, Effect::CartChanged));
    if ending.draft.is_none() && ending.hand_off.is_none() {
        ending.draft = safe::draft(&ending.outputs, ledger, &wording::language(thread));
        if ending.draft.is_none() && hand_off.is_none() && proposal.is_none() {
            hand_off = Some(HandOffAsked::of(HandOffReason::ModelFailed, thread));
        }
    }
    let wished = earlier::wished(thread, &ending.outputs);
    let asked = hand_off.or_else(|| ending.hand_off.clone());
    let calibration = journal.look("calibration", async { Ok(app.calibration.clone()) }).await?;
    let verdict = decide::decide(thread, &ending, &calibration, asked, proposal.is_some(), &mut memory);
    let hand_off = verdict.hand_off.map(|asked| asked.complete(thread, &ending));
    let mut draft = ending.draft.unwrap_or_default();
    match verdict.decision.did {
        _ if verdict.unsure => draft = unsure(thread),
        Did::AnswerAndOffer => offer(thread, &mut draft),
        // What was too doubtful to send is not sent beside the hand-off either.
        Did::HandOff if verdict.decision.band == Band::HandOff => draft = Draft::default(),
        _ => {}
    }
    let shown = products(app, thread, journal, &draft, ledger).await?;
    let cards = cards(app, thread, journal, &shown, searched.as_ref()).await?;
    if let Some(arguments) = searched {
        memory.search = Some(arguments);
        memory.wish(wished);
    }
    memory.show(&shown.iter().map(|p| p.id.clone()).collect::<Vec<_>>());
    let mut reply = Reply { text: draft.text, cards, sources: sources(&draft.sources, ledger), ..Reply::default() };
    let person = wording::language(thread).pick(wording::order::TAP_PERSON);
    let button = |text: &String| {
        let id = if *text == person { "person".to_owned() } else { format!("say:{text}") };
        Button::new(id, text.as_str())
    };
    reply.choices = draft.choices.iter().map(button).collect();
    if edited && reply.choices.is_empty() && proposal.is_none() {
        reply.choices = cart_buttons();
    }
    if let Some(to) = draft.links.first() {
        reply.link = journal.look(&format!("page {to}"), Box::pin(page(app, thread, to))).await?;
    }
    if let Some(id) = proposal {
        show_proposal(app, thread, journal, &id, &mut reply).await?;
    }
    Ok(Outcome { reply, hand_off, memory, problems: ending.problems, decision: Some(verdict.decision) })
}

/// The server's own question back in place of an answer that is too doubtful.
fn unsure(thread: &Thread) -> Draft {
    let language = wording::language(thread);
    let text = language.pick(wording::UNSURE);
    let choices = vec![language.pick(wording::order::TAP_PERSON)];
    Draft { text, choices, outcome: "ask_back".to_owned(), ..Draft::default() }
}

/// Offers a colleague beside an answer, unless it does so already.
fn offer(thread: &Thread, draft: &mut Draft) {
    let tap = wording::language(thread).pick(wording::order::TAP_PERSON);
    if draft.choices.len() < CHOICES_MAX && !draft.choices.contains(&tap) {
        draft.choices.push(tap);
    }
}

/// Buttons under a changed cart.
pub fn cart_buttons() -> Vec<Button> {
    vec![Button::new("checkout:start", "Checkout"), Button::new("cart:view", "View cart")]
}

/// The page a link fact leads to; an address is made here and nowhere else.
async fn page(app: &App, thread: &Thread, to: &str) -> Result<Option<Link>, Error> {
    let Some(number) = to.strip_prefix("order:") else { return Ok(None) };
    let order = app.store.read(&thread.shop.id).await?.order_by_number(&thread.contact.id, number).await?;
    let label = wording::language(thread).pick(wording::ORDER_PAGE).to_owned();
    Ok(order.and_then(|order| order_link::url(app, &order).ok()).map(|url| Link { label, url }))
}

/// A proposal as it was when its summary was made.
pub(super) async fn proposal(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    id: &ProposalId,
) -> Result<Option<Proposal>, Error> {
    let find = async { Ok(app.store.read(&thread.shop.id).await?.proposal(id).await?) };
    journal.look(&format!("proposal {id}"), find).await
}

async fn show_proposal(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    id: &ProposalId,
    reply: &mut Reply,
) -> Result<(), Error> {
    if let Some(proposal) = proposal(app, thread, journal, id).await? {
        if reply.text.is_empty() {
            let checkout = matches!(proposal.act, Act::Checkout { .. });
            let phrase = if checkout { wording::CHECK_ORDER } else { wording::order::CHECK_THIS };
            reply.text = wording::language(thread).pick(phrase);
        }
        let mut shown = summary(&proposal, &wording::language(thread));
        for line in &mut shown.lines {
            (line.title, line.options) = (label(&line.title), label(&line.options));
        }
        reply.summary = Some(shown);
        reply.choices.clear();
    }
    Ok(())
}

async fn products(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    draft: &Draft,
    ledger: &Ledger,
) -> Result<Vec<Product>, Error> {
    let ids: Vec<ProductId> =
        draft.show.iter().map(|id| ProductId::new(ledger.id_of(id).unwrap_or(id.as_str()))).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let names = ids.iter().map(ProductId::as_str).collect::<Vec<_>>().join(" ");
    let find = async { Ok(app.store.read(&thread.shop.id).await?.products(&ids).await?) };
    journal.look(&format!("products {names}"), find).await
}

/// Cards for the size and colour that were asked for.
async fn cards(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    products: &[Product],
    searched: Option<&serde_json::Value>,
) -> Result<Vec<Card>, Error> {
    let query = searched.and_then(|s| s.get("query")).and_then(|q| q.as_str()).unwrap_or_default();
    if products.is_empty() {
        return Ok(Vec::new());
    }
    // What is written down are the variants that fit; the vocabulary they were found with is as large as the catalogue.
    let find = async {
        let body = app.store.read(&thread.shop.id).await?.vocabulary().await?;
        let vocabulary: Vocabulary = body.and_then(|b| serde_json::from_str(&b).ok()).unwrap_or_default();
        let wish = understand::understand(query, thread.shop.currency, &vocabulary);
        Ok(products.iter().map(|product| find::matching(product, &wish)).collect::<Vec<Vec<VariantId>>>())
    };
    let matching = journal.look("variants that fit", find).await?;
    let voice = wording::language(thread);
    Ok(products.iter().zip(&matching).map(|(product, matching)| card::card(product, matching, &voice)).collect())
}

fn sources(names: &[String], ledger: &Ledger) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for name in names.iter().filter(|name| name.starts_with('k')) {
        let text = |field: &str| ledger.text(&format!("{name}.{field}")).map(str::to_owned);
        if let Some(title) = text("title") {
            let heading = text("heading").map(|heading| label(&heading)).unwrap_or_default();
            let source = Source { title: label(&title), heading };
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }
    sources
}
