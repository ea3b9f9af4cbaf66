//! From the end of a turn to what the shopper sees: cards, summary and sources are made by the server from the store.

use crate::agent::ledger::Ledger;
use crate::agent::tool::{Effect, Output};
use crate::agent::turn::{Draft, Ending};
use crate::agent::{Error, HandOffAsked, Outcome, Thread, card, decide, summary_of, wording};
use crate::app::App;
use crate::catalog::understand::Vocabulary;
use crate::catalog::{find, understand};
use crate::checkout::summary::summary;
use crate::domain::conversation::HandOffReason;
use crate::domain::id::{ProductId, ProposalId, VariantId};
use crate::domain::message::{Button, Card, Reply, Source};
use crate::domain::product::Product;
use crate::domain::proposal::Act;

/// Products a safe reply shows.
const SAFE_CARDS: usize = 3;

/// Makes the reply of an ended turn.
pub async fn outcome(app: &App, thread: &Thread, mut ending: Ending, ledger: &Ledger) -> Result<Outcome, Error> {
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
        let found = found_products(&ending.outputs);
        ending.draft = decide::safe_draft(!found.is_empty(), &wording::language(thread))
            .map(|draft| Draft { show: found, ..draft });
        if ending.draft.is_none() && hand_off.is_none() && proposal.is_none() {
            hand_off = Some(HandOffAsked {
                reason: HandOffReason::ModelFailed,
                summary: summary_of(&thread.asked),
                tried: vec!["Nothing the model wrote could be checked.".to_owned()],
            });
        }
    }
    let decided = decide::hand_off(&ending, &mut memory, &summary_of(&thread.asked));
    let hand_off = hand_off.or(decided);
    let draft = ending.draft.unwrap_or_default();
    let shown = products(app, thread, &draft, ledger).await?;
    let cards = cards(app, thread, &shown, searched.as_ref()).await?;
    if let Some(arguments) = searched {
        memory.search = Some(arguments);
    }
    memory.show(&shown.iter().map(|p| p.id.clone()).collect::<Vec<_>>());
    let mut reply = Reply { text: draft.text, cards, sources: sources(&draft.sources, ledger), ..Reply::default() };
    reply.choices = draft.choices.iter().map(|text| Button::new(format!("say:{text}"), text.as_str())).collect();
    if edited && reply.choices.is_empty() && proposal.is_none() {
        reply.choices = cart_buttons();
    }
    if let Some(id) = proposal {
        show_proposal(app, thread, &id, &mut reply).await?;
    }
    Ok(Outcome { reply, hand_off, memory, problems: ending.problems })
}

/// Buttons under a changed cart.
pub fn cart_buttons() -> Vec<Button> {
    vec![Button::new("checkout:start", "Checkout"), Button::new("cart:view", "View cart")]
}

async fn show_proposal(app: &App, thread: &Thread, id: &ProposalId, reply: &mut Reply) -> Result<(), Error> {
    if let Some(proposal) = app.store.read(&thread.shop.id).await?.proposal(id).await? {
        if reply.text.is_empty() {
            let checkout = matches!(proposal.act, Act::Checkout { .. });
            let phrase = if checkout { wording::CHECK_ORDER } else { wording::order::CHECK_THIS };
            reply.text = wording::language(thread).pick(phrase);
        }
        reply.summary = Some(summary(&proposal, &wording::language(thread)));
        reply.choices.clear();
    }
    Ok(())
}

async fn products(app: &App, thread: &Thread, draft: &Draft, ledger: &Ledger) -> Result<Vec<Product>, Error> {
    let ids: Vec<ProductId> =
        draft.show.iter().map(|id| ProductId::new(ledger.id_of(id).unwrap_or(id.as_str()))).collect();
    Ok(app.store.read(&thread.shop.id).await?.products(&ids).await?)
}

/// Cards for the size and colour that were asked for.
async fn cards(
    app: &App,
    thread: &Thread,
    products: &[Product],
    searched: Option<&serde_json::Value>,
) -> Result<Vec<Card>, Error> {
    let query = searched.and_then(|s| s.get("query")).and_then(|q| q.as_str()).unwrap_or_default();
    let body = app.store.read(&thread.shop.id).await?.vocabulary().await?;
    let vocabulary: Vocabulary = body.and_then(|b| serde_json::from_str(&b).ok()).unwrap_or_default();
    let wish = understand::understand(query, thread.shop.currency, &vocabulary);
    let voice = wording::language(thread);
    Ok(products
        .iter()
        .map(|product| {
            let matching: Vec<VariantId> = find::matching(product, &wish);
            card::card(product, &matching, &voice)
        })
        .collect())
}

fn sources(names: &[String], ledger: &Ledger) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for name in names.iter().filter(|name| name.starts_with('k')) {
        let text = |field: &str| ledger.text(&format!("{name}.{field}")).map(str::to_owned);
        if let Some(title) = text("title") {
            let source = Source { title, heading: text("heading").unwrap_or_default() };
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }
    sources
}

fn found_products(outputs: &[Output]) -> Vec<String> {
    let named = outputs.iter().rev().find(|o| o.named.iter().any(|(letter, _)| *letter == 'p'));
    let ids = named.map(|o| o.named.iter().filter(|(letter, _)| *letter == 'p').map(|(_, id)| id.clone()));
    ids.map(|ids| ids.take(SAFE_CARDS).collect()).unwrap_or_default()
}
