//! "What do you know about me?" and "Forget me": what the shop keeps in mind is shown in one message and deleted on the
//! shopper's own word, without a model.

use crate::agent::journal::Journal;
use crate::agent::memory::{self, Known};
use crate::agent::reflex::say::outcome;
use crate::agent::reflex::{Tap, words};
use crate::agent::tool::Output;
use crate::agent::wording::language;
use crate::agent::{Error, Outcome, Thread};
use crate::app::App;
use crate::domain::conversation::Memory;
use crate::domain::message::{Button, Reply};
use crate::llm::keyless::language::Language;
use serde_json::json;

/// English, Spanish, Portuguese: the languages these wishes are understood in.
type Phrase = [&'static str; 3];

/// The button that deletes.
pub(super) const FORGET: &str = "memory:forget";

const KNOWN: Phrase =
    ["This is what I keep in mind about you:", "Esto es lo que recuerdo de ti:", "Isto é o que guardo sobre você:"];
const NOTHING: Phrase = ["I keep nothing in mind about you.", "No recuerdo nada de ti.", "Não guardo nada sobre você."];
const NAME: Phrase = ["Name", "Nombre", "Nome"];
const LANGUAGE: Phrase = ["Language", "Idioma", "Idioma"];
const ORDERS: Phrase = ["Last orders", "Últimos pedidos", "Últimos pedidos"];
const ADDRESS: Phrase = ["Usual address", "Dirección habitual", "Endereço de sempre"];
const DELETE: Phrase = ["Delete it", "Borrarlo", "Apagar"];
const FORGOTTEN: Phrase = [
    "Deleted: your name, language, sizes, usual address and what we looked at. Your orders stay in the shop's books, as \
     the law asks; I no longer keep them in mind. A colleague can tell you more.",
    "Borrado: tu nombre, idioma, tallas, dirección habitual y lo que vimos. Tus pedidos quedan en los libros de la tienda, \
     como pide la ley; ya no los recuerdo. Un colega puede decirte más.",
    "Apagado: seu nome, idioma, tamanhos, endereço de sempre e o que vimos. Seus pedidos ficam nos livros da loja, como a \
     lei pede; já não os guardo. Um colega pode dizer mais.",
];
const COLLEAGUE: Phrase = ["Ask a colleague", "Preguntar a un colega", "Perguntar a um colega"];

const SHOW: [&[&str]; 3] = [
    &[
        "what do you know about me",
        "what do you know of me",
        "what do you remember about me",
        "what do you have on me",
        "what do you store about me",
        "what data do you have about me",
        "what data do you have on me",
        "show me my data",
        "show my data",
        "my data",
    ],
    &[
        "que sabes de mi",
        "que sabes sobre mi",
        "que sabe de mi",
        "que sabe usted de mi",
        "que saben de mi",
        "que recuerdas de mi",
        "que datos tienes de mi",
        "que datos tienes sobre mi",
        "que datos tienen de mi",
        "mis datos",
    ],
    &[
        "o que voce sabe sobre mim",
        "o que voce sabe de mim",
        "o que voces sabem sobre mim",
        "o que sabe sobre mim",
        "o que voce lembra de mim",
        "que dados voce tem sobre mim",
        "que dados voces tem sobre mim",
        "quais dados voce tem sobre mim",
        "quais dados voces tem sobre mim",
        "meus dados",
    ],
];
const DELETE_IT: [&[&str]; 3] = [
    &[
        "forget me",
        "please forget me",
        "forget about me",
        "forget everything about me",
        "forget what you know about me",
        "delete my data",
        "delete all my data",
        "please delete my data",
        "delete my data please",
        "erase my data",
        "erase all my data",
        "remove my data",
        "delete what you know about me",
    ],
    &[
        "olvidame",
        "olvidate de mi",
        "olvida todo sobre mi",
        "borra mis datos",
        "borrar mis datos",
        "borra mis datos por favor",
        "borra todos mis datos",
        "borren mis datos",
        "elimina mis datos",
        "eliminar mis datos",
        "eliminen mis datos",
    ],
    &[
        "esqueca me",
        "me esqueca",
        "esqueca de mim",
        "apague meus dados",
        "apague os meus dados",
        "apagar meus dados",
        "apague todos os meus dados",
        "exclua meus dados",
        "excluir meus dados",
        "delete meus dados",
    ],
];

/// Which of the two a message asks for, if it says nothing else.
pub(super) fn wanted(text: &str) -> Option<Tap<'static>> {
    let plain = words::plain(text);
    let among = |lists: [&[&str]; 3]| lists.iter().any(|list| list.contains(&plain.as_str()));
    if among(SHOW) {
        Some(Tap::Known)
    } else if among(DELETE_IT) {
        Some(Tap::Forget)
    } else {
        None
    }
}

/// The language of the phrase that was said; after a tap, that of the talk.
fn tongue(thread: &Thread) -> Language {
    let plain = thread.asked.last().map(|message| words::plain(message.body.words())).unwrap_or_default();
    let mut said = [Language::En, Language::Es, Language::Pt].into_iter().zip(SHOW.into_iter().zip(DELETE_IT));
    let found = said.find(|(_, (show, delete))| show.contains(&plain.as_str()) || delete.contains(&plain.as_str()));
    found.map_or_else(|| Language::from_tag(&language(thread).locale().to_string()), |(tongue, _)| tongue)
}

/// Everything that is kept in mind, and the button that deletes it.
pub(super) async fn show(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Outcome, Error> {
    let find = async {
        let mut tx = app.store.read(&thread.shop.id).await?;
        // The address is not part of what a turn starts from.
        let contact = tx.contact(&thread.contact.id).await?.unwrap_or_else(|| thread.contact.clone());
        Ok(memory::known(&mut tx, &thread.shop, &contact).await?)
    };
    let known = journal.look("known about the contact", find).await?;
    let tongue = tongue(thread);
    if known.is_empty() {
        return Ok(outcome(thread, Reply::text(tongue.pick(NOTHING))));
    }
    let choices = vec![Button::new(FORGET, tongue.pick(DELETE))];
    Ok(outcome(thread, Reply { choices, ..Reply::text(told(&known, tongue)) }))
}

fn told(known: &Known, tongue: Language) -> String {
    let mut lines = vec![tongue.pick(KNOWN).to_owned()];
    let mut line = |name: &str, value: &str| lines.push(format!("{name}: {value}"));
    if let Some(name) = &known.name {
        line(tongue.pick(NAME), name);
    }
    if let Some(tag) = &known.language {
        line(tongue.pick(LANGUAGE), tag);
    }
    for (name, sizes) in &known.sizes {
        line(name, &sizes.join(", "));
    }
    if !known.orders.is_empty() {
        line(tongue.pick(ORDERS), &known.orders.join(", "));
    }
    if let Some(address) = &known.address {
        line(tongue.pick(ADDRESS), address);
    }
    lines.join("\n")
}

/// Deletes it, once.
pub(super) async fn forget(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Outcome, Error> {
    if journal.recorded()?.is_none() {
        let mut tx = app.store.begin(&thread.shop.id).await?;
        memory::forget(&mut tx, &thread.shop, &thread.contact.id, app.now()).await?;
        journal.record(&mut tx, &Output::of(json!({ "forgotten": true }))).await?;
        tx.commit().await?;
    }
    let tongue = tongue(thread);
    let choices = vec![Button::new("person", tongue.pick(COLLEAGUE))];
    let reply = Reply { choices, ..Reply::text(tongue.pick(FORGOTTEN)) };
    Ok(Outcome { memory: Memory::default(), ..outcome(thread, reply) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_messages_ask_for_it() {
        for show in ["What do you know about me?", "¿Qué sabes de mí?", "O que você sabe sobre mim?", "MY DATA"] {
            assert_eq!(wanted(show), Some(Tap::Known), "{show}");
        }
        for forget in ["Forget me!", "delete my data", "Olvídame", "Borra mis datos", "Esqueça-me", "apague meus dados"]
        {
            assert_eq!(wanted(forget), Some(Tap::Forget), "{forget}");
        }
        for other in ["forget the boots", "what do you know about tents", "delete my data and the boots", "it"] {
            assert_eq!(wanted(other), None, "{other}");
        }
    }
}
