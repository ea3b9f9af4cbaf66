//! A load test of everything after the sale, on data that is not ours: the shop of the tau-retail benchmark is put into
//! our store, what a right agent would write down is proposed and confirmed here, and the end is compared with what tau's
//! own rules make of its own data. No model takes part.
//!
//! Known to differ, and therefore not compared: tau asks for one of two reasons to cancel, we ask for none; tau has gift
//! cards with a balance, here the provider's page decides what pays. Compared apart: where a refund goes, which tau lets
//! the shopper choose and which here is always the way the money came.

pub mod attempt;
pub mod data;
pub mod facts;
pub mod load;
pub mod play;
pub mod project;
pub mod reference;
pub mod report;
pub mod task;
#[cfg(test)]
mod tests;

use crate::eval::tau_retail::attempt::Attempt;
use crate::eval::tau_retail::data::Database;
use crate::eval::tau_retail::facts::Facts;
use crate::eval::tau_retail::play::Player;
use crate::eval::tau_retail::reference::Reading;
use crate::eval::tau_retail::report::{Loaded, Report, RuleVerdict, TaskVerdict};
use crate::eval::tau_retail::task::{Action, Task};
use crate::eval::world::{Template, World};
use crate::llm::keyless::Keyless;
use crate::{checkout, payment, store};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// When the tasks are played; nothing in them depends on it.
const AT: i64 = 1_790_000_000;

/// Why it could not be run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The benchmark's files.
    #[error(transparent)]
    Data(#[from] data::Error),
    /// Taking them in.
    #[error(transparent)]
    Load(#[from] load::Error),
    /// The world.
    #[error(transparent)]
    World(#[from] crate::eval::Error),
    /// The rows.
    #[error("the rows could not be read or written")]
    Store(#[from] store::Error),
    /// A step of a purchase.
    #[error("an act could not be carried out")]
    Checkout(#[from] checkout::Error),
    /// The sandbox.
    #[error("the payment sandbox did not answer")]
    Payment(#[from] payment::Error),
    /// The comparison itself.
    #[error("{0}")]
    Harness(String),
}

/// What is being done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Taking the data in.
    Loading,
    /// A task.
    Task(String),
    /// Attempts at a rule.
    Attempts(&'static str),
}

/// Plays everything; `told` hears what is being done, and how much of how much.
pub async fn run(
    database: &Database,
    tasks: &[Task],
    told: &mut (dyn FnMut(&Step, usize, usize) + Send),
) -> Result<Report, Error> {
    let (refused, after, allowed) =
        (attempt::refused(database), attempt::refused_after(database), attempt::allowed(database));
    let of = tasks.len() + refused.len() + after.len() + allowed.len();
    told(&Step::Loading, 0, of);
    let at = Timestamp::from_second(AT).map_err(|e| Error::Harness(e.to_string()))?;
    let template = Template::filled(at, async |app| Ok::<_, Error>(load::fill(app, database).await?)).await?;
    let mut report = Report { loaded: loaded(&template, database).await?, ..Report::default() };
    let mut done = 0;
    for task in tasks {
        told(&Step::Task(task.id.clone()), done, of);
        report.tasks.push(play(&template, database, task).await?);
        done += 1;
    }
    let world = open(&template).await?;
    let mut attempts = Attempts { world: &world, database, told, done, of };
    report.allowed = attempts.allowed(&allowed).await?;
    report.refused = attempts.refused(&refused).await?;
    report.refused.extend(attempts.refused_after(&after).await?);
    world.close().await;
    Ok(report)
}

async fn open(template: &Template) -> Result<World, Error> {
    Ok(World::open(template, Arc::new(Keyless)).await?)
}

/// What was taken in must read back as it stood in the file.
async fn loaded(template: &Template, database: &Database) -> Result<Loaded, Error> {
    let world = open(template).await?;
    let users: BTreeSet<String> = database.users.keys().cloned().collect();
    let mut tx = world.rows().await?;
    let mut found = Facts::default();
    for user in &users {
        let player = Player::new(&world, database, user);
        project::user(&player, &mut tx, &mut found).await?;
        if found.sold_out.is_empty() {
            found.sold_out = project::sold_out(&player, &mut tx).await?;
        }
    }
    drop(tx);
    world.close().await;
    let compared = Facts::compare(&Facts::expected(database, &users), &found);
    Ok(Loaded {
        products: database.products.len(),
        items: database.products.values().map(|p| p.variants.len()).sum(),
        users: users.len(),
        orders: database.orders.len(),
        differences: compared.state.into_iter().chain(compared.methods).collect(),
    })
}

async fn play(template: &Template, database: &Database, task: &Task) -> Result<TaskVerdict, Error> {
    let mut verdict = TaskVerdict { id: task.id.clone(), writes: task.actions.len(), ..TaskVerdict::default() };
    let Some(user) = owner(database, &task.actions)? else { return Ok(verdict) };
    let world = open(template).await?;
    let mut player = Player::new(&world, database, &user);
    player.pay_past_orders().await?;
    for action in &task.actions {
        if let Some(why) = player.act(action).await? {
            verdict.refusals.push(format!("{}: {why}", action.name()));
        }
    }
    let found = project::found(&player).await?;
    world.close().await;
    judge(&mut verdict, database, &user, &task.actions, &found);
    Ok(verdict)
}

/// Compares what was found with each reading of tau's rules, so that every known difference has its name.
fn judge(verdict: &mut TaskVerdict, database: &Database, user: &str, actions: &[Action], found: &Facts) {
    let users = BTreeSet::from([user.to_owned()]);
    let end = |actions: &[Action], reading| {
        let (mut end, mut refused) = (database.clone(), Vec::new());
        for action in actions {
            if let Err(why) = reference::apply(&mut end, user, action, reading) {
                refused.push(format!("{}: {why}", action.name()));
            }
        }
        let mut facts = Facts::expected(&end, &users);
        // Goods that come back before they ship stand on the shelf again here. In tau they vanish.
        let shelf: BTreeSet<String> = came_back(database, &end, user).intersection(&facts.sold_out).cloned().collect();
        facts.sold_out.retain(|item| !shelf.contains(item));
        (facts, refused, shelf)
    };
    let (policy, refused, shelf) = end(actions, Reading::Policy);
    let (chargeable, _, _) = end(actions, Reading::Chargeable);
    let compared = Facts::compare(&chargeable, found);
    verdict.state = compared.state;
    verdict.methods = compared.methods;
    verdict.tau_refuses = refused;
    verdict.shelf = shelf;
    verdict.small = Facts::compare(&policy, &chargeable).state;
    verdict.tool = Facts::compare(&policy, &end(actions, Reading::Tool).0).state;
    if let Some((_, short)) = actions.split_last() {
        let (short, _, _) = end(short, Reading::Chargeable);
        verdict.notices = (short != chargeable).then(|| !Facts::compare(&short, found).state.is_empty());
    }
}

/// Items that left an order of this user before it shipped.
fn came_back(before: &Database, after: &Database, user: &str) -> BTreeSet<String> {
    let mut back = BTreeSet::new();
    for (id, order) in before.orders.iter().filter(|(_, o)| o.user_id == user && o.status == "pending") {
        let Some(then) = after.orders.get(id) else { continue };
        let count = |order: &data::Order, item: &str| order.items.iter().filter(|i| i.item_id == item).count();
        let gone = order
            .items
            .iter()
            .filter(|i| then.status == "cancelled" || count(then, &i.item_id) < count(order, &i.item_id));
        back.extend(gone.map(|i| i.item_id.clone()));
    }
    back
}

/// Whose conversation a task is; all its acts must be of one user.
fn owner(database: &Database, actions: &[Action]) -> Result<Option<String>, Error> {
    let mut owners = BTreeSet::new();
    for action in actions {
        let owner = match (action, action.order()) {
            (Action::UserAddress { user_id, .. }, _) => Some(user_id.clone()),
            (_, Some(order)) => database.orders.get(order).map(|o| o.user_id.clone()),
            _ => None,
        };
        owners.insert(owner.ok_or_else(|| Error::Harness("a task is about an order that nobody has".to_owned()))?);
    }
    if owners.len() > 1 {
        return Err(Error::Harness(format!("a task is of {} users", owners.len())));
    }
    Ok(owners.pop_first())
}

struct Attempts<'a> {
    world: &'a World,
    database: &'a Database,
    told: &'a mut (dyn FnMut(&Step, usize, usize) + Send),
    done: usize,
    of: usize,
}

impl Attempts<'_> {
    fn tell(&mut self, attempt: &Attempt) {
        (self.told)(&Step::Attempts(attempt.rule), self.done, self.of);
        self.done += 1;
    }

    /// What tau refuses must be refused here. That tau does refuse it is asked of its rules, not taken from the name.
    async fn refused(&mut self, attempts: &[Attempt]) -> Result<Vec<RuleVerdict>, Error> {
        let (mut tau, mut rules) = (self.database.clone(), Vec::new());
        for attempt in attempts {
            self.tell(attempt);
            if reference::apply(&mut tau, &attempt.user, &attempt.action, Reading::Policy).is_ok() {
                return Err(Error::Harness(format!("tau allows what should test a rule: {attempt:?}")));
            }
            let refused = Player::new(self.world, self.database, &attempt.user).ask(&attempt.action).await?.is_some();
            rule(&mut rules, attempt).count(refused, || format!("not refused: {:?}", attempt.action));
        }
        Ok(rules)
    }

    /// The same, once something was done before.
    async fn refused_after(&mut self, attempts: &[Attempt]) -> Result<Vec<RuleVerdict>, Error> {
        let (mut tau, mut rules) = (self.database.clone(), Vec::new());
        for attempt in attempts {
            self.tell(attempt);
            let Some(before) = &attempt.before else { continue };
            if reference::apply(&mut tau, &attempt.user, before, Reading::Policy).is_err() {
                // Not enough on a gift card: nothing to try here.
                continue;
            }
            if reference::apply(&mut tau, &attempt.user, &attempt.action, Reading::Policy).is_ok() {
                return Err(Error::Harness(format!("tau allows what should test a rule: {attempt:?}")));
            }
            let mut player = Player::new(self.world, self.database, &attempt.user);
            let first = player.act(before).await?;
            let refused = player.ask(&attempt.action).await?.is_some();
            let right = first.is_none() && refused;
            rule(&mut rules, attempt).count(right, || format!("before: {first:?}; then: {:?}", attempt.action));
        }
        Ok(rules)
    }

    /// What tau allows must be offered here, or refusing everything would do.
    async fn allowed(&mut self, attempts: &[Attempt]) -> Result<Vec<RuleVerdict>, Error> {
        let (mut tau, mut rules) = (self.database.clone(), Vec::new());
        for attempt in attempts {
            self.tell(attempt);
            let allowed = reference::apply(&mut tau, &attempt.user, &attempt.action, Reading::Policy).is_ok();
            // The next attempt finds everything as it was.
            if let Some(order) = attempt.action.order().and_then(|id| self.database.orders.get(id)) {
                tau.orders.insert(order.order_id.clone(), order.clone());
                tau.users.extend(self.database.users.get(&order.user_id).map(|u| (u.user_id.clone(), u.clone())));
            }
            if !allowed {
                continue;
            }
            let answer = Player::new(self.world, self.database, &attempt.user).ask(&attempt.action).await?;
            let what = || format!("refused ({}): {:?}", answer.clone().unwrap_or_default(), attempt.action);
            rule(&mut rules, attempt).count(answer.is_none(), what);
        }
        Ok(rules)
    }
}

fn rule<'r>(rules: &'r mut Vec<RuleVerdict>, attempt: &Attempt) -> &'r mut RuleVerdict {
    let at = rules.iter().position(|r| r.rule == attempt.rule).unwrap_or(rules.len());
    if at == rules.len() {
        rules.push(RuleVerdict { rule: attempt.rule.to_owned(), ..RuleVerdict::default() });
    }
    rules.get_mut(at).expect("the rule was found or just added")
}
