//! Something happened to a template: what we know of it is moved, and what we do not know is asked for.

use crate::app::App;
use crate::channel::whatsapp::event::{TemplateChange, TemplateNews};
use crate::channel::whatsapp::manage::Desk;
use crate::channel::whatsapp::manage::forms::Listed;
use crate::channel::whatsapp::template::{Approved, Quality, Status};
use crate::conversation::Error;
use crate::domain::id::ShopId;
use crate::domain::job::Job;
use crate::domain::template::Category;
use crate::store::{self, Tx};

/// Takes in that a template was approved, paused, put into another category or changed.
pub async fn template_news(app: &App, tx: &mut Tx, account: &str, news: &TemplateNews) -> Result<(), store::Error> {
    let known = tx.change_template(account, (&news.name, &news.language), |form| change(form, &news.what)).await?;
    // Its words are not in the news, nor is anything of one that was made elsewhere.
    if !known || news.what == TemplateChange::Components {
        app.enqueue(tx, &Job::SyncTemplates { account: account.to_owned() }).await?;
    }
    Ok(())
}

fn change(form: &mut Approved, what: &TemplateChange) {
    let known = |word: &Option<String>| word.as_deref().and_then(Category::of_word);
    match what {
        TemplateChange::Status { event, category, .. } => {
            // Shoppers' dislike is announced before anything follows from it.
            if !event.eq_ignore_ascii_case("FLAGGED") {
                form.status = Status::of_word(event);
            }
            form.category = known(category).or(form.category);
        }
        TemplateChange::Quality { now, .. } => form.quality = Quality::of_word(now),
        TemplateChange::Category { now, .. } => form.category = known(now).or(form.category),
        TemplateChange::Components => {}
    }
}

/// Reads an account's whole list of templates, and keeps it.
pub async fn sync(app: &App, shop: &ShopId, account: &str) -> Result<(), Error> {
    // An account taken out of the settings has nothing to ask.
    let Some(settings) = app.config.whatsapp.accounts.get(account) else { return Ok(()) };
    let desk = Desk::new(account, settings, app.public_url.clone()).map_err(|error| Error::Network(error.into()))?;
    let listed = desk.forms().await.map_err(|failure| Error::Network(failure.into()))?;
    keep(app, shop, account, &listed).await?;
    Ok(())
}

/// Keeps an account's whole list of templates.
pub async fn keep(app: &App, shop: &ShopId, account: &str, all: &[Listed]) -> Result<Vec<Approved>, store::Error> {
    let forms: Vec<Approved> = all.iter().map(|listed| listed.form.clone()).collect();
    let mut tx = app.store.begin(shop).await?;
    tx.replace_templates(account, &forms).await?;
    tx.commit().await?;
    Ok(forms)
}

/// Has every account's list read: news may have been missed while nobody listened.
pub async fn begin(app: &App, shop: &ShopId) -> Result<(), store::Error> {
    let mut tx = app.store.begin(shop).await?;
    for account in app.config.whatsapp.accounts.keys() {
        app.enqueue(&mut tx, &Job::SyncTemplates { account: account.clone() }).await?;
    }
    tx.commit().await
}
