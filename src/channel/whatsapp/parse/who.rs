//! Who is meant: the ids in a message, and the card that goes with them.

use crate::channel::whatsapp::event::Sender;
use crate::channel::whatsapp::parse::json::Fields;
use crate::domain::identity::{Ids, is_parent_id, is_user_id};

/// Letters of a name that are kept.
const NAME_CHARS_MAX: usize = 100;
/// Letters of an id of a person; the network's own limit is 128 after the country.
const ID_CHARS_MAX: usize = 140;
/// Cards of one change that are looked at.
const CARDS_MAX: usize = 5_000;

/// The cards of a change.
pub(super) struct People(Vec<Sender>);

impl People {
    /// Reads them.
    pub(super) fn read(value: &Fields<'_>) -> Self {
        Self(value.nodes("contacts").into_iter().take(CARDS_MAX).map(|card| sender(&card.fields())).collect())
    }

    /// Who wrote a message.
    pub(super) fn sender(&self, message: &Fields<'_>) -> Sender {
        self.complete(ids(message, "from", "from_user_id", "from_parent_user_id"))
    }

    /// To whom a colleague wrote.
    pub(super) fn receiver(&self, message: &Fields<'_>) -> Sender {
        self.complete(ids(message, "to", "to_user_id", "to_parent_user_id"))
    }

    /// Who is named by these fields.
    pub(super) fn named(&self, one: &Fields<'_>) -> Sender {
        self.complete(ids(one, "wa_id", "user_id", "parent_user_id"))
    }

    // A card belongs to a message that shares an id with it, wherever in the list it stands. A message that names nobody
    // belongs to the only card there is.
    fn complete(&self, ids: Ids) -> Sender {
        let card = if ids == Ids::default() {
            let only = self.0.first().filter(|_| self.0.len() == 1);
            return only.cloned().unwrap_or_default();
        } else {
            self.0.iter().find(|card| card.ids.meets(&ids))
        };
        let Some(card) = card else {
            return Sender { ids, ..Sender::default() };
        };
        Sender {
            ids: Ids {
                user: ids.user.or_else(|| card.ids.user.clone()),
                wa: ids.wa.or_else(|| card.ids.wa.clone()),
                parent: ids.parent.or_else(|| card.ids.parent.clone()),
            },
            name: card.name.clone(),
            username: card.username.clone(),
        }
    }
}

/// A card.
fn sender(card: &Fields<'_>) -> Sender {
    let profile = card.inner("profile");
    let clean = |field: &str| {
        let text = profile.short(field, NAME_CHARS_MAX)?;
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        Some(text.trim().to_owned()).filter(|t| !t.is_empty())
    };
    Sender { ids: ids(card, "wa_id", "user_id", "parent_user_id"), name: clean("name"), username: clean("username") }
}

/// Ids of a person. A number's place may hold another kind of id; what it is shows in its form.
pub(super) fn ids(fields: &Fields<'_>, number: &str, user: &str, parent: &str) -> Ids {
    let mut ids = Ids { user: person(fields, user), wa: None, parent: person(fields, parent) };
    if let Some(id) = person(fields, number) {
        if is_parent_id(&id) {
            ids.parent.get_or_insert(id);
        } else if is_user_id(&id) {
            ids.user.get_or_insert(id);
        } else {
            let digits: String = id.chars().filter(char::is_ascii_digit).collect();
            ids.wa = Some(digits).filter(|d| !d.is_empty());
        }
    }
    // The same the other way round: a parent's id in a user's place.
    if ids.user.as_deref().is_some_and(is_parent_id) {
        let misplaced = ids.user.take();
        ids.parent = ids.parent.or(misplaced);
    }
    ids
}

fn person(fields: &Fields<'_>, name: &str) -> Option<String> {
    let id = fields.text(name)?.trim().to_owned();
    (id.chars().count() <= ID_CHARS_MAX).then_some(id)
}
