//! How each action of a step is done.

use crate::conversation::{hand_off, receive, respond};
use crate::domain::id::VariantId;
use crate::domain::message::{Button, Reply, Said};
use crate::domain::money::Money;
use crate::domain::product::Product;
use crate::eval::Error;
use crate::eval::scenario::{Act, Card, Colleague, Which};
use crate::eval::shopper::console;
use crate::eval::shopper::{Shopper, Trace};
use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::card::{PayForm, TEST_CARDS};
use crate::payment::sandbox::state::Stage;
use jiff::Span;
use std::collections::BTreeMap;

/// Longer than a lease, so that a dead worker's job is free again.
const LEASE_OVER_SECONDS: i64 = 40;
/// As the shopper sees the colleague.
const COLLEAGUE: &str = "Ada";

impl Shopper<'_> {
    pub(super) async fn act(&mut self, act: &Act<'_>) -> Result<Trace, Error> {
        let mut trace = Trace::default();
        match act {
            Act::Says(words, dies) => {
                trace.shopper_acted = true;
                self.send(Said::Text((*words).to_owned())).await?;
                if let Some(nth) = dies {
                    trace.stuck = self.die(*nth).await?;
                }
            }
            Act::Taps(name, which) => match self.find(name, *which) {
                Some(Button { id, label, .. }) => {
                    trace.shopper_acted = true;
                    let times = if *which == Which::NewestTwice { 2 } else { 1 };
                    for _ in 0..times {
                        self.send(Said::Tap { id: id.clone(), label: label.clone() }).await?;
                    }
                }
                None => trace.stuck = Some(format!("there is no button \"{name}\"; there was {}", self.labels())),
            },
            Act::Forges(id) => {
                trace.shopper_acted = true;
                self.send(Said::Tap { id: (*id).to_owned(), label: "Tap".to_owned() }).await?;
            }
            Act::Pays(card) => self.on_page(&mut trace, |sandbox, session| pay(sandbox, session, *card)),
            Act::Ends(arrives) => self.on_page(&mut trace, |sandbox, session| {
                let stage = if *arrives { sandbox.settle(session) } else { sandbox.fail(session) };
                stage.map_or_else(|| "no such page".to_owned(), stage_word)
            }),
            Act::Waits(wait) => self.world.wait(*wait).await?,
            Act::Colleague(what) => self.colleague(what, &mut trace).await?,
            Act::Stock(changes) => {
                let number = |pieces: &u32| Ok(Change::Stock(i64::from(*pieces)));
                trace.stuck = self.change(changes, number).await?;
            }
            Act::Price(changes) => {
                let text = |text: &String| Ok(Change::Price(text.clone()));
                trace.stuck = self.change(changes, text).await?;
            }
            Act::RepeatsWebhook => {
                let sent = self.world.repeat_delivery().await?;
                trace.stuck = (!sent).then(|| "the provider has sent nothing yet".to_owned());
            }
            Act::RepeatsMessage => match self.last.clone() {
                Some(inbound) => {
                    receive::receive(&self.world.app, &self.world.app.shop, inbound).await?;
                }
                None => trace.stuck = Some("nothing was written yet".to_owned()),
            },
        }
        Ok(trace)
    }

    fn find(&self, name: &str, which: Which) -> Option<Button> {
        let fits = |b: &Button| b.id == name || b.label.to_lowercase() == name.to_lowercase();
        let mut replies: Vec<&Reply> = self.spoken.iter().map(|s| &s.reply).collect();
        if which != Which::Oldest {
            replies.reverse();
        }
        replies.into_iter().find_map(|reply| button_list(reply).find(|b| fits(b)).cloned())
    }

    fn labels(&self) -> String {
        let last =
            self.spoken.last().map(|s| button_list(&s.reply).map(|b| format!("[{}]", b.label)).collect::<Vec<_>>());
        last.filter(|l| !l.is_empty()).map_or_else(|| "none".to_owned(), |l| l.join(" "))
    }

    fn on_page(&self, trace: &mut Trace, act: impl FnOnce(&Sandbox, &str) -> String) {
        let link = self.spoken.iter().rev().find_map(|s| s.reply.payment.as_ref());
        let session = link.and_then(|p| p.url.rsplit('/').next());
        match (session, &self.world.app.sandbox) {
            (Some(session), Some(sandbox)) => trace.page = Some(act(sandbox, session)),
            _ => trace.stuck = Some("no payment page was offered".to_owned()),
        }
    }

    async fn colleague(&mut self, what: &Colleague, trace: &mut Trace) -> Result<(), Error> {
        let (app, shop) = (&self.world.app, &self.world.app.shop);
        let Some(id) = &self.conversation else {
            trace.stuck = Some("there is no conversation yet".to_owned());
            return Ok(());
        };
        match what {
            Colleague::Says(words) => drop(hand_off::answer(app, shop, id, COLLEAGUE, words).await?),
            Colleague::Takes => hand_off::take(app, shop, id).await?,
            Colleague::Returns => drop(hand_off::give_back(app, shop, id).await?),
            other => trace.stuck = console::decide(self.world, other).await?,
        }
        Ok(())
    }

    /// The worker that answers the last message dies within the turn; its lease ends, and another goes on.
    async fn die(&self, nth: u32) -> Result<Option<String>, Error> {
        let app = &self.world.app;
        let Some(id) = self.conversation.clone() else { return Ok(None) };
        let until = app.after(Span::new().seconds(LEASE_OVER_SECONDS / 2));
        let Some(claimed) = app.store.claim_job("doomed", app.now(), until).await? else {
            return Ok(Some("there was no turn to die in".to_owned()));
        };
        self.world.model.die_before(nth);
        let died = tokio::select! {
            () = self.world.model.death() => true,
            ended = respond::respond(app, &claimed, &id) => {
                ended?;
                false
            }
        };
        self.world.model.die_before(0);
        self.world.clock.advance(Span::new().seconds(LEASE_OVER_SECONDS));
        app.store.free_lost_jobs(app.now()).await?;
        Ok((!died).then(|| format!("the turn ended before answer {nth}")))
    }

    async fn change<V>(
        &mut self,
        changes: &BTreeMap<VariantId, V>,
        read: impl Fn(&V) -> Result<Change, Error>,
    ) -> Result<Option<String>, Error> {
        let app = &self.world.app;
        let mut tx = app.store.begin(&app.shop).await?;
        let stored = tx.fingerprints().await?;
        for (sku, value) in changes {
            let found = tx.product_of(sku).await?;
            let Some((mut product, stored)) = found.and_then(|p| stored.get(&p.id).map(|s| (p, s))) else {
                return Ok(Some(format!("{sku} is no SKU of this shop")));
            };
            let change = read(value)?;
            if matches!(change, Change::Stock(_)) {
                self.meddled.push(sku.to_string());
            }
            if let Err(problem) = change.make(&mut product, sku) {
                return Ok(Some(problem));
            }
            tx.save_product(&product, stored, app.now()).await?;
        }
        tx.commit().await?;
        Ok(None)
    }
}

enum Change {
    Stock(i64),
    Price(String),
}

impl Change {
    fn make(self, product: &mut Product, sku: &VariantId) -> Result<(), String> {
        let Some(variant) = product.variants.iter_mut().find(|v| &v.id == sku) else {
            return Err(format!("{sku} is no variant of {}", product.id));
        };
        match self {
            Self::Stock(pieces) => variant.stock = Some(pieces),
            Self::Price(text) => {
                variant.price = Money::parse(&text, variant.price.currency).map_err(|e| e.to_string())?;
            }
        }
        Ok(())
    }
}

/// Everything that can be tapped in a reply.
pub(in crate::eval) fn button_list(reply: &Reply) -> impl Iterator<Item = &Button> {
    let summary = reply.summary.iter().flat_map(|s| &s.choices);
    reply.choices.iter().chain(reply.cards.iter().flat_map(|c| &c.choices)).chain(summary)
}

fn pay(sandbox: &Sandbox, session: &str, card: Card) -> String {
    let number = |nth: usize| TEST_CARDS.get(nth).map(|(number, _)| (*number).to_owned()).unwrap_or_default();
    let form = PayForm {
        email: "ada@example.com".to_owned(),
        name: "Ada Byron".to_owned(),
        line1: "Lindenweg 3".to_owned(),
        postal_code: "79098".to_owned(),
        city: "Freiburg".to_owned(),
        country: "DE".to_owned(),
        number: number(match card {
            Card::Good => 0,
            Card::Declined => 1,
            Card::NoFunds => 2,
            Card::Expired => 3,
            Card::WrongCode => 4,
            Card::Pending => 5,
        }),
        expiry: "12/34".to_owned(),
        cvc: "123".to_owned(),
    };
    match sandbox.pay(session, &form) {
        Ok(stage) => stage_word(stage),
        Err(error) => error.message,
    }
}

fn stage_word(stage: Stage) -> String {
    match stage {
        Stage::Open => "open",
        Stage::Paid => "paid",
        Stage::Pending => "pending",
        Stage::Failed => "failed",
        Stage::Expired => "expired",
    }
    .to_owned()
}
