//! What comes in from a network: ids that move, people that were one, what was seen, consents, signs, files.

use crate::store::people::heard;
use crate::store::{Db, at, goods, money, now};
use souk::domain::contact::{Contact, Forgotten};
use souk::domain::conversation::{Conversation, Memory, With};
use souk::domain::enclosed::MediaKind;
use souk::domain::id::{ContactId, ConversationId, VariantId};
use souk::domain::message::{Body, Said};
use souk::domain::window::Window;
use souk::store::Tx;
use souk::store::channel_events::ChannelEvent;
use souk::store::consents::{Consent, MARKETING};
use souk::store::media::{Became, Wanted};
use souk::store::reactions::Reaction;
use std::sync::Arc;

async fn talk(db: &Db, tx: &mut Tx, contact: &ContactId, channel: &str) -> ConversationId {
    let conversation = Conversation {
        id: db.id(),
        contact: contact.clone(),
        channel: channel.to_owned(),
        alias: contact.to_string(),
        with: With::Agent,
        memory: Memory::default(),
        last_seq: 0,
        answered_seq: 0,
    };
    tx.insert_conversation(&conversation, now()).await.unwrap();
    conversation.id
}

fn consent(db: &Db, contact: &ContactId, granted: bool, ms: i64) -> Consent {
    Consent {
        id: db.id::<souk::domain::id::MediaId>().to_string(),
        contact: contact.clone(),
        purpose: MARKETING.to_owned(),
        granted,
        source: "whatsapp:main".into(),
        text: "stop".into(),
        at: at(ms),
    }
}

fn event(raw: &str) -> ChannelEvent {
    ChannelEvent { account: "main".into(), field: "calls".into(), kind: "x".into(), raw: raw.into(), at: now() }
}

fn file(db: &Db, conversation: &ConversationId, message: &souk::domain::id::MessageId) -> Wanted {
    Wanted {
        id: db.id(),
        conversation: conversation.clone(),
        message: message.clone(),
        account: "main".into(),
        outside_id: "8001".into(),
        url: None,
        what: MediaKind::Voice,
        mime: "audio/ogg".into(),
        name: None,
        sha256: None,
    }
}

pub async fn two_contacts_become_one(db: Arc<Db>) {
    let mut tx = db.tx().await;
    goods::save(&mut tx, &goods::product("tent", &["t1"]), "v1").await;
    let (old, new) = (db.contact(&mut tx).await, db.contact(&mut tx).await);
    tx.add_alias(&old, "whatsapp", "wa:1").await.unwrap();
    tx.add_alias(&new, "whatsapp", "user:A").await.unwrap();
    let line = Forgotten { at: at(5), cart: 0 };
    let told = Contact {
        name: Some("Ina".into()),
        stopped: true,
        forgotten: Some(line),
        ..tx.contact(&old).await.unwrap().unwrap()
    };
    tx.save_contact(&told, now()).await.unwrap();
    // On one account both have a talk, on another only the one who goes, on the web under a name of its own.
    let (old_main, old_second) =
        (talk(&db, &mut tx, &old, "whatsapp:main").await, talk(&db, &mut tx, &old, "whatsapp:second").await);
    let new_main = talk(&db, &mut tx, &new, "whatsapp:main").await;
    let mut order = money::order(&db, &old, "T-1");
    order.conversation = Some(old_main.clone());
    tx.insert_order(&order).await.unwrap();
    let mut second = money::order(&db, &old, "T-2");
    second.conversation = Some(old_second.clone());
    tx.insert_order(&second).await.unwrap();
    let proposal = money::proposal(&db, &old, &old_main);
    tx.propose(&proposal, now()).await.unwrap();
    tx.add_consent(&consent(&db, &old, true, 1)).await.unwrap();
    let mut cart = tx.cart(&old).await.unwrap();
    cart.set(&VariantId::new("t1"), 2).unwrap();
    tx.save_cart(&old, &cart, 0, now()).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = db.tx().await;
    tx.merge_contacts(&old, &new, now()).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.tx().await;
    assert_eq!(tx.contact(&old).await.unwrap(), None);
    let one = tx.contact(&new).await.unwrap().unwrap();
    assert_eq!((one.name.as_deref(), one.stopped, one.forgotten), (Some("Ina"), true, Some(line)));
    assert_eq!(tx.aliases_of(&new, "whatsapp").await.unwrap(), ["user:A", "wa:1"]);
    assert_eq!(tx.cart(&new).await.unwrap().lines.len(), 1, "their own cart was empty");
    assert_eq!(tx.cart(&old).await.unwrap().lines.len(), 0);
    for (id, alias) in [(&old_main, &old), (&new_main, &new), (&old_second, &new)] {
        let talk = tx.conversation(id).await.unwrap().unwrap();
        assert_eq!((&talk.contact, talk.alias.as_str()), (&new, alias.as_str()));
    }
    let orders = tx.orders_of(&new, 10).await.unwrap();
    let place = |number: &str| orders.iter().find(|o| o.number == number).unwrap().conversation.clone();
    assert_eq!((place("T-1"), place("T-2")), (Some(new_main), Some(old_second)), "news go where the talk goes on");
    assert_eq!(tx.proposal(&proposal.id).await.unwrap().unwrap().contact, new);
    assert!(!tx.may_promote(&new).await.unwrap(), "STOP was said");
    assert!(tx.merge_contacts(&old, &new, now()).await.is_err(), "there is nobody left to merge");
    drop(tx);

    // A cart with something in it stays.
    let mut tx = db.tx().await;
    let third = db.contact(&mut tx).await;
    let mut cart = tx.cart(&third).await.unwrap();
    cart.set(&VariantId::new("t1"), 5).unwrap();
    tx.save_cart(&third, &cart, 0, now()).await.unwrap();
    tx.merge_contacts(&third, &new, now()).await.unwrap();
    assert_eq!(tx.cart(&new).await.unwrap().lines[0].quantity, 2);
}

pub async fn ids_move_only_from_their_owner(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let (one, two) = (db.contact(&mut tx).await, db.contact(&mut tx).await);
    for alias in ["user:A", "wa:1", "tel:1"] {
        assert!(tx.add_alias(&one, "whatsapp", alias).await.unwrap());
    }
    tx.add_alias(&one, "fake", "wa:2").await.unwrap();
    let asked = |all: &[&str]| all.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>();
    let known = tx.known_by("whatsapp", &asked(&["wa:1", "user:A", "user:Z"])).await.unwrap();
    assert_eq!((known.len(), &known[0].contact, known[0].since), (1, &one, now()));
    assert_eq!(known[0].aliases.iter().cloned().collect::<Vec<_>>(), ["tel:1", "user:A", "wa:1"]);
    assert_eq!(tx.known_by("whatsapp", &asked(&["wa:2"])).await.unwrap(), []);
    let many: Vec<String> = (0..20).map(|n| format!("wa:x{n}")).chain(["wa:1".to_owned()]).collect();
    assert_eq!(tx.known_by("whatsapp", &many).await.unwrap().len(), 1);
    assert!(!tx.take_alias(&two, "whatsapp", "wa:1").await.unwrap(), "it is somebody else's");
    assert!(tx.take_alias(&one, "whatsapp", "wa:1").await.unwrap());
    assert!(tx.add_alias(&two, "whatsapp", "wa:1").await.unwrap());
    tx.set_name(&two, "Bo").await.unwrap();
    assert_eq!(tx.contact(&two).await.unwrap().unwrap().name.as_deref(), Some("Bo"));
}

pub async fn what_was_seen_is_forgotten_in_time_and_by_source(db: Arc<Db>) {
    let mut tx = db.tx().await;
    for n in 0..5 {
        tx.first_sight("whatsapp:main", &n.to_string(), at(n)).await.unwrap();
        tx.first_sight("web", &n.to_string(), at(n)).await.unwrap();
    }
    assert!(tx.has_old_seen("whatsapp:main", at(1)).await.unwrap());
    assert!(!tx.has_old_seen("whatsapp:main", at(0)).await.unwrap());
    assert_eq!(tx.forget_seen("whatsapp:main", at(4), 3).await.unwrap(), 3, "a few at a time");
    assert_eq!(tx.forget_seen("whatsapp:main", at(4), 3).await.unwrap(), 1);
    assert_eq!(tx.forget_seen("whatsapp:main", at(4), 3).await.unwrap(), 0);
    assert!(
        tx.first_sight("whatsapp:main", "0", at(9)).await.unwrap()
            && !tx.first_sight("whatsapp:main", "4", at(9)).await.unwrap()
    );
    assert!(!tx.first_sight("web", "0", at(9)).await.unwrap(), "only one source forgets");
}

pub async fn the_newest_consent_counts(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let contact = db.contact(&mut tx).await;
    assert!(!tx.may_promote(&contact).await.unwrap(), "nobody was asked");
    tx.add_consent(&consent(&db, &contact, true, 10)).await.unwrap();
    assert!(tx.may_promote(&contact).await.unwrap());
    tx.add_consent(&consent(&db, &contact, false, 5)).await.unwrap();
    assert!(tx.may_promote(&contact).await.unwrap(), "an older no that comes late");
    tx.add_consent(&consent(&db, &contact, false, 10)).await.unwrap();
    assert!(!tx.may_promote(&contact).await.unwrap(), "in doubt it is no");
    tx.add_consent(&consent(&db, &contact, true, 11)).await.unwrap();
    assert!(tx.may_promote(&contact).await.unwrap());
    let stopped = Contact { stopped: true, ..tx.contact(&contact).await.unwrap().unwrap() };
    tx.save_contact(&stopped, now()).await.unwrap();
    assert!(!tx.may_promote(&contact).await.unwrap());
    let all = tx.consents(Some(&contact), 9).await.unwrap();
    assert_eq!(all.iter().map(|c| (c.granted, c.at)).collect::<Vec<_>>()[0], (true, at(11)), "the newest first");
    assert_eq!((all.len(), tx.consents(None, 2).await.unwrap().len()), (4, 2));
}

pub async fn words_signs_and_files_of_a_talk(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let (_, id) = db.conversation(&mut tx).await;
    let message = tx.append(heard(&db, &id, "one")).await.unwrap();
    let outside = message.external_id.clone().unwrap();
    assert_eq!(tx.message_by_outside(&id, &outside).await.unwrap().map(|m| m.id), Some(message.id.clone()));
    let (_, elsewhere) = db.conversation(&mut tx).await;
    assert_eq!(tx.message_by_outside(&elsewhere, &outside).await.unwrap(), None);
    let words = Body::Heard(Said::Text("uno \\u0000 ¿?".into()));
    tx.rewrite(&message.id, &words).await.unwrap();
    assert_eq!(tx.message(&message.id).await.unwrap().unwrap().body, words);
    let put = |emoji: &str, ms: i64| Reaction {
        conversation: id.clone(),
        outside_id: outside.clone(),
        message: Some(message.id.clone()),
        who: "shopper".into(),
        emoji: emoji.into(),
        at: at(ms),
    };
    tx.react(&put("👍", 1)).await.unwrap();
    tx.react(&put("❤", 3)).await.unwrap();
    tx.react(&put("", 2)).await.unwrap();
    assert_eq!(tx.reactions(&id, 10).await.unwrap(), [(outside.clone(), Some(message.id.clone()), "❤".to_owned())]);
    tx.react(&put("", 4)).await.unwrap();
    assert_eq!(tx.reactions(&id, 10).await.unwrap(), []);
    let wanted = file(&db, &id, &message.id);
    tx.want_media(&wanted, now()).await.unwrap();
    assert_eq!(tx.media_of(&message.id).await.unwrap(), [(wanted.id.clone(), "wanted".to_owned())]);
    assert_eq!(tx.wanted_media(&wanted.id).await.unwrap(), Some(wanted.clone()));
    assert_eq!(tx.kept_media(&wanted.id).await.unwrap(), None);
    tx.refuse_media_of(&message.id, "taken back").await.unwrap();
    assert_eq!(tx.media_of(&message.id).await.unwrap(), [(wanted.id.clone(), "refused".to_owned())]);
    assert_eq!(tx.wanted_media(&wanted.id).await.unwrap(), None, "what was taken back is not fetched");
    let kept = file(&db, &id, &message.id);
    tx.want_media(&kept, now()).await.unwrap();
    tx.set_media(&kept.id, &Became::Kept { bytes: 9 }).await.unwrap();
    tx.set_media(&kept.id, &Became::Failed("late".into())).await.unwrap();
    assert_eq!(tx.kept_media(&kept.id).await.unwrap(), Some(kept.mime), "it ends once");
    tx.take_back(&message.id).await.unwrap();
    assert_eq!(tx.message(&message.id).await.unwrap(), None);
    assert_eq!(tx.append(heard(&db, &id, "two")).await.unwrap().seq, 2, "its number stays empty");
}

pub async fn what_nobody_understands_is_kept_once(db: Arc<Db>) {
    let mut tx = db.tx().await;
    assert!(tx.keep_channel_event(&event("{}")).await.unwrap());
    assert!(!tx.keep_channel_event(&event("{}")).await.unwrap());
    let long = "é".repeat(100_000);
    assert!(tx.keep_channel_event(&event(&long)).await.unwrap());
    assert!(tx.keep_channel_event(&event(&format!("{long}e"))).await.unwrap(), "they differ after the cut");
    assert!(tx.keep_channel_event(&event("nul\0")).await.unwrap());
    let kept = tx.channel_events(10).await.unwrap();
    assert_eq!(kept.len(), 4);
    assert!(kept.iter().all(|e| e.raw.len() <= 64 * 1024 && !e.raw.contains('\0')));
}

pub async fn what_came_in_stays_in_its_shop(db: Arc<Db>) {
    let there = db.add_shop("there").await;
    let mut tx = db.tx().await;
    let (contact, id) = db.conversation(&mut tx).await;
    let other = db.contact(&mut tx).await;
    tx.add_alias(&contact, "whatsapp", "wa:1").await.unwrap();
    let message = tx.append(heard(&db, &id, "secret")).await.unwrap();
    let outside = message.external_id.clone().unwrap();
    tx.first_sight("whatsapp:main", "1", at(0)).await.unwrap();
    tx.add_consent(&consent(&db, &contact, true, 1)).await.unwrap();
    tx.keep_channel_event(&event("{}")).await.unwrap();
    let sign = Reaction {
        conversation: id.clone(),
        outside_id: outside.clone(),
        message: None,
        who: "shopper".into(),
        emoji: "👍".into(),
        at: now(),
    };
    tx.react(&sign).await.unwrap();
    let medium = file(&db, &id, &message.id);
    tx.want_media(&medium, now()).await.unwrap();
    tx.set_window(&id, &Window { heard_at: Some(now()), ..Window::default() }, Some("w")).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = db.store.begin(&there).await.unwrap();
    assert_eq!(tx.known_by("whatsapp", &["wa:1".to_owned()]).await.unwrap(), []);
    assert_eq!(tx.aliases_of(&contact, "whatsapp").await.unwrap(), Vec::<String>::new());
    assert!(!tx.take_alias(&contact, "whatsapp", "wa:1").await.unwrap());
    tx.set_name(&contact, "stolen").await.unwrap();
    assert!(tx.merge_contacts(&contact, &other, now()).await.is_err());
    assert_eq!(tx.message_by_outside(&id, &outside).await.unwrap(), None);
    tx.rewrite(&message.id, &Body::Heard(Said::Text("stolen".into()))).await.unwrap();
    tx.take_back(&message.id).await.unwrap();
    assert!(!tx.has_old_seen("whatsapp:main", at(9)).await.unwrap());
    assert_eq!(tx.forget_seen("whatsapp:main", at(9), 9).await.unwrap(), 0);
    assert!(!tx.may_promote(&contact).await.unwrap());
    assert_eq!(tx.channel_events(9).await.unwrap(), []);
    assert!(tx.keep_channel_event(&event("{}")).await.unwrap());
    assert_eq!(tx.reactions(&id, 9).await.unwrap(), []);
    assert_eq!(tx.media_of(&message.id).await.unwrap(), []);
    assert_eq!(tx.wanted_media(&medium.id).await.unwrap(), None);
    assert_eq!(tx.kept_media(&medium.id).await.unwrap(), None);
    tx.set_media(&medium.id, &Became::Refused("stolen".into())).await.unwrap();
    assert_eq!(tx.consents(None, 9).await.unwrap(), []);
    assert_eq!(tx.consents(Some(&contact), 9).await.unwrap(), []);
    tx.refuse_media_of(&message.id, "stolen").await.unwrap();
    assert_eq!(tx.window(&id).await.unwrap(), (Window::default(), None));
    tx.commit().await.unwrap();
    for foreign in 0..3 {
        let mut tx = db.store.begin(&there).await.unwrap();
        let refused = match foreign {
            0 => tx.add_consent(&consent(&db, &contact, true, 1)).await.is_err(),
            1 => tx.react(&sign).await.is_err(),
            _ => tx.want_media(&file(&db, &id, &message.id), now()).await.is_err(),
        };
        assert!(refused, "a row of another shop was written to: {foreign}");
    }

    let mut tx = db.tx().await;
    assert_eq!(tx.contact(&contact).await.unwrap().unwrap().name, None);
    assert_eq!(tx.message(&message.id).await.unwrap().unwrap().body, message.body);
    assert_eq!(tx.media_of(&message.id).await.unwrap()[0].1, "wanted");
    assert!(tx.may_promote(&contact).await.unwrap() && tx.has_old_seen("whatsapp:main", at(9)).await.unwrap());
    assert_eq!(tx.window(&id).await.unwrap().1.as_deref(), Some("w"));
}
