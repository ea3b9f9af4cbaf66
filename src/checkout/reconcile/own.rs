//! Our own rows: refunds against the provider's, and the rules that must hold whatever happened.

use crate::checkout::reconcile::run::{Difference, Run};
use crate::checkout::{Error, refund};
use crate::domain::finding::FindingKind;
use crate::domain::refund::{Refund, RefundState};
use crate::payment;
use crate::store::audit::RULES;

/// Findings of one rule in one run.
const BROKEN_MAX: i64 = 100;
/// Kinds that are said of one of our refunds.
const OF_OURS: [FindingKind; 2] = [FindingKind::RefundMissing, FindingKind::RefundDiffers];

/// Asks the provider for one of our refunds.
pub async fn look_at_refund(run: &mut Run<'_>, row: &Refund) -> Result<(), Error> {
    let Some(intent) = &row.intent else {
        return Ok(());
    };
    if row.state == RefundState::Done && row.provider_id.is_none() {
        // Paid by hand.
        return Ok(());
    }
    let there = run.app.payments.refunds(intent).await.map_err(Error::from);
    let Some(there) = run.survive(row.id.as_str(), there)? else {
        return Ok(());
    };
    let is_this = |r: &payment::refund::Refund| match &row.provider_id {
        Some(id) => id == &r.id,
        None => r.ours.as_ref() == Some(&row.id),
    };
    if !there.iter().any(is_this) {
        run.report.compared.refunds += 1;
        let text = format!("refund {} ({}) was sent, but the payment provider does not have it", row.id, row.amount);
        let order = Some(row.order.clone());
        let missing = Difference { kind: FindingKind::RefundMissing, order, text, freezes: false };
        run.note(row.id.as_str(), missing).await?;
    }
    for one in &there {
        refund_differences(run, one).await?;
    }
    Ok(())
}

/// Holds one refund of the provider against our row; one made elsewhere becomes a row.
pub async fn refund_differences(run: &mut Run<'_>, fact: &payment::refund::Refund) -> Result<(), Error> {
    run.seen.insert(fact.id.clone());
    let mut tx = run.app.store.read(run.shop).await?;
    let known = tx.refund_by_provider(&fact.id).await?;
    let ours = match &fact.ours {
        Some(id) => tx.refund(id).await?,
        None => None,
    };
    let paid_here = match &fact.intent {
        Some(intent) => tx.checkout_by_intent(intent).await?.is_some(),
        None => false,
    };
    drop(tx);
    if known.is_none() && ours.is_none() && !paid_here {
        // Of another program on the same account.
        return Ok(());
    }
    run.report.compared.refunds += 1;
    let other = ours.as_ref().filter(|row| row.provider_id.as_ref().is_some_and(|id| id != &fact.id));
    if let Some(row) = other {
        let text = format!("{} went back a second time for refund {}: {}", fact.amount, row.id, fact.id);
        let order = Some(row.order.clone());
        run.note(&fact.id, Difference { kind: FindingKind::RefundTwice, order, text, freezes: true }).await?;
    }
    let row = if other.is_some() { known.as_ref() } else { ours.as_ref().or(known.as_ref()) };
    let mut differences = Vec::new();
    if let Some(row) = row.filter(|row| row.amount != fact.amount) {
        let text = format!("{} went back where {} was asked for: refund {}", fact.amount, row.amount, row.id);
        let order = Some(row.order.clone());
        differences.push(Difference { kind: FindingKind::RefundDiffers, order, text, freezes: true });
    } else if !run.dry {
        let before = row.map(|r| (r.state, r.provider_id.clone()));
        let told = refund::told(run.app, run.shop, fact).await;
        run.survive(&fact.id, told)?;
        let mut tx = run.app.store.read(run.shop).await?;
        let after = tx.refund_by_provider(&fact.id).await?;
        if before.is_none() && after.is_some() {
            run.report.repair("took in a refund made elsewhere", &fact.id);
        } else if after.map(|r| (r.state, r.provider_id)) != before {
            run.report.repair("moved a refund to where the provider has it", &fact.id);
        }
    } else if row.is_none() {
        run.report.repair("took in a refund made elsewhere", &fact.id);
    }
    if let Some(row) = row {
        run.say(&OF_OURS, row.id.as_str(), differences).await?;
    }
    run.say(&[FindingKind::RefundUnreadable], &fact.id, Vec::new()).await
}

/// Asks every rule; what is broken no longer is cleared.
pub async fn rules(run: &mut Run<'_>) -> Result<(), Error> {
    let started = run.app.now();
    for rule in &RULES {
        let mut tx = run.app.store.read(run.shop).await?;
        let broken = tx.broken(rule, BROKEN_MAX).await?;
        drop(tx);
        run.report.compared.rules += 1;
        let all = (broken.len() as i64) < BROKEN_MAX;
        for (about, order, count) in broken {
            let text = rule.text.replace("{about}", &about).replace("{count}", &count.to_string());
            run.note(&about, Difference { kind: rule.kind, order, text, freezes: false }).await?;
        }
        if all && !run.dry {
            let mut tx = run.app.store.begin(run.shop).await?;
            tx.clear_unseen(rule.kind, started, run.app.now()).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}
