//! Many small worlds: shoppers say and tap what comes into their heads, the network repeats, mixes, refuses and loses
//! things, and our program dies anywhere, over jobs and over webhooks. A failure names the seed that repeats it.

use crate::shop::dying::{Dice, Mortal};
use crate::skip::variable;
use crate::whatsapp::judge::{broken_rules, judge, rank, sends};
use crate::whatsapp::phone::{Street, offers, page};
use jiff::Span;
use souk::emulator::mischief::{Misbehaviour, Next};
use souk::emulator::settings::{Delays, Settings};
use souk::emulator::shopper::say::{OrderItem, Saying};
use souk::emulator::world::Shopper;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;

const WORLDS: u64 = 16;
const STEPS: u64 = 25;
/// Jobs and webhooks of one settling.
const WORK_MAX: usize = 4_000;
const SAYINGS: [&str; 12] = [
    "do you have boot wax?",
    "a tent for two",
    "checkout",
    "yes",
    "no",
    "where is my order?",
    "what is in my cart?",
    "empty my cart",
    "thanks",
    "how long can I return things?",
    "STOP",
    "two mugs please",
];
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// A world with everybody in it.
struct Play {
    street: Street,
    people: Vec<Shopper>,
    dice: Dice,
    mortal: Mortal,
    /// The furthest each send has come.
    furthest: BTreeMap<String, usize>,
    broken: Vec<String>,
    seen: BTreeMap<&'static str, u64>,
}

impl Play {
    async fn begin(seed: u64) -> Self {
        let delays = Delays { sent: 150, delivered: 350, read: 900, review: 0 };
        let mut street = Street::with(Settings { seed, delays, ..Settings::default() }, |_| ()).await;
        street.lives(Some(Dice(seed ^ 0xd00a))).await;
        let people = vec![
            street.ana(),
            street.world.shopper("4915112345678", "Bo").unwrap(),
            street.world.username("li.climbs", "Li").unwrap(),
            street.ana().at(super::phone::SECOND),
        ];
        let (dice, mortal) = (Dice(seed), Mortal::new(seed ^ 0xdead));
        Self { street, people, dice, mortal, furthest: BTreeMap::new(), broken: Vec::new(), seen: BTreeMap::new() }
    }

    /// Somebody does something, or the network changes its mood, or time passes.
    fn step(&mut self) -> String {
        let dice = &mut self.dice;
        match dice.below(12) {
            0 | 1 => {
                let mood = mood(dice);
                let told = format!("{mood:?}");
                self.street.world.misbehave(mood);
                told
            }
            2 if dice.one_in(2) => {
                let minutes = [1, 10, 60, 60 * 25][dice.below(4) as usize];
                self.street.shop.clock.advance(Span::new().minutes(minutes));
                format!("{minutes} minutes pass")
            }
            _ => {
                let who = self.people[dice.below(4) as usize].clone();
                let saying = something(dice, &who, &self.street);
                let told = format!("{} {saying:?}", who.key());
                // What cannot be said is not said.
                if who.says(&saying).is_ok() { told } else { "nothing".into() }
            }
        }
    }

    /// Works, posts and dies; until nothing is due soon, or only for a while.
    async fn works(&mut self, most: usize) {
        for _ in 0..most {
            let posts = if self.dice.one_in(3) { self.street.world.settle().await } else { 0 };
            let now = self.street.shop.app.now();
            let until = now.checked_add(Span::new().seconds(30)).unwrap();
            let claimed = self.street.shop.app.store.claim_job("mortal", now, until).await.unwrap();
            if let Some(claimed) = claimed {
                self.mortal.attend(&mut self.street.shop, &claimed).await;
                self.street.follows().await;
            } else if posts + self.street.world.settle().await + self.street.shop.webhooks().await == 0
                && !self.street.waits_a_little().await
            {
                if self.street.shop.app.store.count_jobs().await.unwrap().running == 0 {
                    return;
                }
                self.mortal.revive(&self.street.shop).await;
            }
        }
        assert!(most < WORK_MAX, "the world does not settle down");
    }

    /// No message went back in what is known of it, and nothing broke a rule.
    async fn watches(&mut self) {
        for row in sends(&self.street).await {
            let before = self.furthest.get(&row.id).copied();
            match rank(&row.state) {
                Some(now) => {
                    assert!(before.is_none_or(|before| before <= now), "went back from {before:?}: {row:?}");
                    self.furthest.insert(row.id, now);
                }
                None => assert!(before.is_none(), "went back: {row:?}"),
            }
        }
        for broken in broken_rules(&self.street) {
            if !self.broken.contains(&broken) {
                self.broken.push(broken);
            }
        }
        let journal = self.street.world.with(|s| std::mem::take(&mut s.journal));
        for entry in journal {
            if entry.kind == "call" && entry.answer.contains("131056") && !entry.answer.contains("was told to") {
                *self.seen.entry("beyond the pair's pace").or_default() += 1;
            }
        }
        assert!(self.broken.is_empty(), "{:#?}", self.broken);
    }
}

/// What goes wrong for a while.
fn mood(dice: &mut Dice) -> Misbehaviour {
    let refusals = [131_000, 131_056, 130_429, 429];
    let failures = [131_000, 131_026, 130_472];
    let mut roll = |chances: u64| dice.one_in(chances);
    let mut mood = Misbehaviour {
        duplicates: u32::from(roll(2)),
        reorder: roll(3),
        // Longer than news are waited for.
        delay_ms: if roll(3) { 150_000 } else { 0 },
        batch: if roll(2) { 10 } else { 1 },
        statuses_first: roll(3),
        cut_answers: u32::from(roll(2)),
        ..Misbehaviour::default()
    };
    if roll(3) {
        mood.refuse = Next::new(refusals[dice.below(4) as usize], 1 + dice.below(3) as u32);
    }
    if dice.one_in(4) {
        mood.fail = Next::new(failures[dice.below(3) as usize], 1);
    }
    mood
}

fn something(dice: &mut Dice, who: &Shopper, street: &Street) -> Saying {
    let chat = who.chat();
    let here = |b: &&souk::emulator::state::Bubble| b.ours && matches!(b.status.as_str(), "delivered" | "read");
    let newest = chat.iter().rev().filter(here).take(3).find_map(page);
    if let Some(page) = newest.filter(|_| dice.one_in(2)) {
        let session = page.rsplit('/').next().unwrap();
        let _ = street.shop.app.sandbox.as_ref().unwrap().pay(session, &crate::world::form("4242 4242 4242 4242"));
        return Saying::text("paid");
    }
    match dice.below(11) {
        0..=5 => {
            // Most people know what they want.
            let recent: Vec<_> = chat.iter().rev().filter(here).take(3).collect();
            let all: Vec<(String, (String, String))> =
                recent.iter().flat_map(|b| offers(b).into_iter().map(|o| (b.id.clone(), o))).collect();
            let wanted = ["Confirm order", "Checkout", "Add to cart", "Read"];
            let wanted = wanted.iter().find_map(|label| all.iter().find(|(_, o)| o.1 == *label));
            let any = all.get(dice.below(all.len().max(1) as u64) as usize);
            match wanted.filter(|_| !dice.one_in(4)).or(any) {
                Some((message, (id, _))) => Saying::Tap { message: message.clone(), id: id.clone() },
                None => Saying::text(SAYINGS[0]),
            }
        }
        6 => Saying::file("image", "image/png", PNG),
        7 => {
            let line =
                OrderItem { sku: "NV-BOW100".into(), quantity: 1, price: Some(9.9), currency: Some("EUR".into()) };
            Saying::Order { items: vec![line], text: None }
        }
        8 => match chat.iter().rev().find(here) {
            Some(bubble) => Saying::Reaction { message: bubble.id.clone(), emoji: "👍".into() },
            None => Saying::Unsupported { what: "poll_creation".into() },
        },
        _ => Saying::text(SAYINGS[dice.below(SAYINGS.len() as u64) as usize]),
    }
}

async fn simulate(seed: u64, log: &mut Vec<String>) -> BTreeMap<&'static str, u64> {
    let mut play = Play::begin(seed).await;
    for _ in 0..STEPS {
        log.push(play.step());
        // Some things happen while others are under way.
        let most = if play.dice.one_in(3) { play.dice.below(6) as usize } else { WORK_MAX };
        play.works(most).await;
        play.watches().await;
    }
    // In the end the network calms down, and everybody writes once more: what waited may leave.
    play.street.calms_down();
    for minutes in [0, 15, 60] {
        play.street.shop.clock.advance(Span::new().minutes(minutes));
        play.street.shop.app.store.free_lost_jobs(play.street.shop.app.now()).await.unwrap();
        play.works(WORK_MAX).await;
        play.watches().await;
    }
    let judged = judge(&play.street).await;
    let mut seen = std::mem::take(&mut play.seen);
    for order in play.street.shop.orders().await {
        *seen.entry(order.state.word()).or_default() += 1;
        *seen.entry("orders").or_default() += 1;
    }
    for (what, count) in [
        ("deaths in jobs", u64::from(play.mortal.deaths)),
        ("deaths in webhooks", u64::from(play.street.deaths())),
        ("inbound", judged.inbound as u64),
        ("outbound", judged.outbound as u64),
        ("sent twice", judged.doubled as u64),
        ("failed", judged.failed as u64),
        ("unknown", judged.unknown as u64),
        ("with a colleague", judged.with_colleague as u64),
    ] {
        *seen.entry(what).or_default() += count;
    }
    play.street.shop.finish(&[]).await;
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_on_the_street_nothing_is_lost() {
    let worlds = variable("SOUK_TEST_WORLDS").and_then(|s| s.parse().ok()).unwrap_or(WORLDS);
    let only = variable("SOUK_TEST_SEED").and_then(|s| s.parse::<u64>().ok());
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in only.map_or(0..worlds, |seed| seed..seed + 1) {
        let mut log = Vec::new();
        let result = futures_util::FutureExt::catch_unwind(AssertUnwindSafe(simulate(seed, &mut log))).await;
        match result {
            Ok(one) => one.into_iter().for_each(|(what, count)| *seen.entry(what).or_default() += count),
            Err(panic) => {
                println!("seed {seed} fails; repeat it with SOUK_TEST_SEED={seed}\n{}", log.join("\n"));
                std::panic::resume_unwind(panic);
            }
        }
    }
    println!("{worlds} worlds: {seen:?}");
    if only.is_none() && worlds >= WORLDS {
        for what in ["deaths in jobs", "deaths in webhooks", "failed", "orders"] {
            assert!(seen.get(what).is_some_and(|count| *count > 0), "nothing of {what}: {seen:?}");
        }
    }
}
