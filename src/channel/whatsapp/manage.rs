//! The business side of an account: how it stands at Meta, what is wrong with it and what to do, and setting it up.
//!
//! Everything that reads an answer is pure and beside here; this file asks, in the order in which a merchant sets things up.

pub mod cost;
pub mod finding;
pub mod forms;
pub mod greetings;
pub mod health;
pub mod number;
pub mod profile;
pub mod shape;
pub mod store_front;
pub mod token;
pub mod webhook;

#[cfg(test)]
mod tests;

use crate::channel::whatsapp::client::{Client, Error, Failure};
use crate::channel::whatsapp::manage::finding::{Finding, Report, refused};
use crate::channel::whatsapp::settings::{Account, GRAPH_URL};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// One account, looked after.
pub struct Desk<'a> {
    /// The name it has in the settings.
    pub name: &'a str,
    /// Its settings.
    pub account: &'a Account,
    /// The shop's own address.
    pub public_url: String,
    /// With the rights of the account's token.
    pub client: Client,
    /// With the rights of the app, if its id and secret are known.
    app: Option<Client>,
}

/// What may be changed on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing, and nothing is said of changes.
    Nothing,
    /// Nothing; what [`Change::Fix`] would do is told.
    Rehearse,
    /// The app is subscribed to the account, and its webhook set.
    Fix,
}

impl<'a> Desk<'a> {
    /// A desk for an account.
    pub fn new(name: &'a str, account: &'a Account, public_url: String) -> Result<Self, Error> {
        let secret = account.app_secret.iter().find(|one| !one.expose_secret().trim().is_empty());
        let app = match secret.filter(|_| !account.app_id.is_empty()) {
            None => None,
            Some(secret) => {
                let token = format!("{}|{}", account.app_id, secret.expose_secret().trim());
                Some(Client::new(&Account { access_token: token.into(), ..account.clone() })?)
            }
        };
        Ok(Self { name, account, public_url, client: Client::new(account)?, app })
    }

    /// Whether Meta itself answers, which can only call public addresses.
    pub fn is_real(&self) -> bool {
        self.account.graph_url.trim().trim_end_matches('/') == GRAPH_URL
    }

    /// Where Meta is to send what shoppers write.
    pub fn callback(&self) -> String {
        webhook::callback(&self.public_url, self.name)
    }

    /// Looks at everything, step by step. `now` tells how long a token lasts.
    pub async fn connect(&self, change: Change, now: Timestamp) -> Report {
        let mut report = Report::default();
        report.findings.extend(shape::check(self.account));
        let address = webhook::address(&self.callback(), self.is_real());
        if self.account.access_token.expose_secret().trim().is_empty() {
            // Nothing would be answered without a token; the settings say what is missing.
            report.findings.push(address);
            return report;
        }
        let (found, whole) = self.token(now).await;
        report.findings.extend(found);
        if !whole {
            return report;
        }
        report.findings.extend(self.numbers().await);
        let reachable = !address.is_bad();
        report.findings.push(address);
        let change = if reachable { change } else { Change::Nothing };
        self.hooks(change, &mut report).await;
        report.findings.push(match self.profile().await {
            Ok(profile) => profile::check(&profile),
            Err(failure) => refused("profile", &failure),
        });
        report.findings.extend(self.store_front().await);
        report
    }

    /// Whether the token opens anything, and what. False when nothing else will be answered either.
    async fn token(&self, now: Timestamp) -> (Vec<Finding>, bool) {
        let asking = self.app.as_ref().unwrap_or(&self.client);
        let input = self.account.access_token.expose_secret().trim().to_owned();
        match asking.get("debug_token", &[("input_token", &input)]).await {
            Ok(answer) => {
                let found = token::read(&answer, self.account, now);
                let whole = !found.iter().any(Finding::is_bad);
                // A token that lacks one scope of two still reads; one that is not valid reads nothing.
                let valid = token::is_valid(&answer);
                (found, whole || valid)
            }
            Err(Failure::Refused(refusal)) if self.app.is_some() && refusal.problem.code == 190 => {
                (vec![token::wrong_app(&refusal.problem.text)], true)
            }
            Err(failure @ Failure::Refused(_)) => (vec![refused("token", &failure)], true),
            Err(failure) => (vec![refused("Meta", &failure)], false),
        }
    }

    /// The number of this account with everything about it.
    async fn numbers(&self) -> Vec<Finding> {
        match self.phone_numbers().await {
            Ok(list) => number::check(&list, self.account),
            Err(failure) => vec![refused("number", &failure)],
        }
    }

    /// The numbers of the business account, as Meta tells of them.
    pub async fn phone_numbers(&self) -> Result<Vec<Value>, Failure> {
        let path = format!("{}/phone_numbers", self.account.waba_id);
        let answer = match self.client.get(&path, &[("fields", number::FIELDS), ("limit", "100")]).await {
            // A field that this version does not know spoils the whole answer.
            Err(Failure::Refused(refusal)) if refusal.problem.code == 100 => {
                self.client.get(&path, &[("fields", number::FIELDS_LESS), ("limit", "100")]).await?
            }
            other => other?,
        };
        Ok(finding::list(&answer).to_vec())
    }

    /// Whether the app hears of the account, and where Meta sends what it hears.
    async fn hooks(&self, change: Change, report: &mut Report) {
        let path = format!("{}/subscribed_apps", self.account.waba_id);
        let subscribed = self.client.get(&path, &[]).await;
        let mut missing = false;
        match &subscribed {
            Ok(answer) => {
                let (found, absent) = webhook::subscribed(answer, self.account, &self.callback());
                missing = absent;
                report.findings.extend(found);
            }
            Err(failure) => report.findings.push(refused("subscription", failure)),
        }
        let (Some(app), app_id) = (&self.app, &self.account.app_id) else {
            let what = "the app's webhook cannot be read without app_id";
            report.findings.push(Finding::warn("webhook", what, "set app_id: it stands on top of the app's dashboard"));
            return self.subscribe_missing(missing, change, report).await;
        };
        let told = app.get(&format!("{app_id}/subscriptions"), &[]).await;
        match told {
            Ok(answer) => {
                let (found, wanted) = webhook::app(&answer, &self.callback());
                let broken = wanted.is_some();
                let at = report.findings.len();
                report.findings.extend(found);
                if let Some(fields) = wanted.filter(|_| broken && change != Change::Nothing)
                    && self.set_callback(app, &fields, change, report).await
                {
                    report.findings.truncate(at);
                    report.findings.push(Finding::ok("webhook", format!("{}, just set", self.callback())));
                }
            }
            Err(failure) => report.findings.push(refused("webhook", &failure)),
        }
        self.subscribe_missing(missing, change, report).await;
    }

    async fn subscribe_missing(&self, missing: bool, change: Change, report: &mut Report) {
        if !missing || change == Change::Nothing {
            return;
        }
        if change == Change::Fix {
            match self.subscribe().await {
                Ok(()) => {
                    report.findings.retain(|finding| finding.what != webhook::SUBSCRIPTION);
                    report.findings.push(Finding::ok(webhook::SUBSCRIPTION, "the app hears of this account, just set"));
                }
                Err(failure) => return report.findings.push(refused("subscribing", &failure)),
            }
        }
        report.changes.push(format!("subscribe the app to the business account {}", self.account.waba_id));
    }

    /// Sets the app's webhook, or says that it would. True when it was set.
    async fn set_callback(&self, app: &Client, fields: &[String], change: Change, report: &mut Report) -> bool {
        let verify = self.account.verify_token.expose_secret().trim();
        let url = self.callback();
        if verify.is_empty() {
            return false;
        }
        if change == Change::Fix {
            let body = json!({
                "object": webhook::OBJECT, "callback_url": url, "verify_token": verify, "fields": fields.join(","),
            });
            if let Err(failure) = app.post(&format!("{}/subscriptions", self.account.app_id), &body).await {
                report.findings.push(webhook::not_set(&url, &failure));
                return false;
            }
        }
        report.changes.push(format!("set the app's webhook to {url} with {} fields", fields.len()));
        change == Change::Fix
    }

    /// The app hears of the account from now on.
    pub async fn subscribe(&self) -> Result<(), Failure> {
        self.client.post(&format!("{}/subscribed_apps", self.account.waba_id), &json!({})).await.map(|_| ())
    }

    /// The app hears nothing of the account any more.
    pub async fn unsubscribe(&self) -> Result<(), Failure> {
        self.client.delete(&format!("{}/subscribed_apps", self.account.waba_id), &[]).await.map(|_| ())
    }

    /// Registers the number, which sets its second factor.
    pub async fn register(&self, pin: &str) -> Result<(), Failure> {
        let body = json!({"messaging_product": "whatsapp", "pin": pin});
        self.client.post(&format!("{}/register", self.account.phone_number_id), &body).await.map(|_| ())
    }
}
